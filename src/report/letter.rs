//! A statement of reasons as a letter to whom it concerns.

use super::Day;
use super::words::Speech;
use crate::model::{Language, Timestamp};
use crate::wire::Statement;
use std::fmt::Write as _;

/// What was done, in words.
static DONE: &[(&str, &str, &str)] = &[
    (
        "DECISION_ACCOUNT_SUSPENDED",
        "The account is suspended.",
        "Le compte est suspendu.",
    ),
    (
        "DECISION_ACCOUNT_TERMINATED",
        "The account is terminated.",
        "Le compte est supprimé.",
    ),
    (
        "DECISION_PROVISION_PARTIAL_SUSPENSION",
        "Part of the service is suspended.",
        "Une partie du service est suspendue.",
    ),
    (
        "DECISION_PROVISION_PARTIAL_TERMINATION",
        "Part of the service is ended.",
        "Il est mis fin à une partie du service.",
    ),
    (
        "DECISION_PROVISION_TOTAL_SUSPENSION",
        "The service is suspended.",
        "Le service est suspendu.",
    ),
    (
        "DECISION_PROVISION_TOTAL_TERMINATION",
        "The service is ended.",
        "Il est mis fin au service.",
    ),
    (
        "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED",
        "The content is restricted by age.",
        "Le contenu est réservé selon l'âge.",
    ),
    (
        "DECISION_VISIBILITY_CONTENT_DEMOTED",
        "The content is shown less.",
        "Le contenu est rétrogradé.",
    ),
    (
        "DECISION_VISIBILITY_CONTENT_DISABLED",
        "Access to the content is disabled.",
        "L'accès au contenu est désactivé.",
    ),
    (
        "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED",
        "Answers and reactions to the content are restricted.",
        "Les réponses et réactions au contenu sont restreintes.",
    ),
    (
        "DECISION_VISIBILITY_CONTENT_LABELLED",
        "The content is labelled.",
        "Le contenu porte une mention.",
    ),
    (
        "DECISION_VISIBILITY_CONTENT_REMOVED",
        "The content is removed.",
        "Le contenu est retiré.",
    ),
];

/// The statement as a letter to whom it concerns: what Article 17(3) asks for, and how to object.
/// `contact` says where complaints go.
#[must_use]
pub fn letter(statement: &Statement, contact: &str, language: Language) -> String {
    let s = Speech(language);
    let parts = [
        (
            s.say("1. What was done", "1. Ce qui a été fait"),
            done(statement, s),
        ),
        (
            s.say("2. The facts", "2. Les faits"),
            format!("{}\n{}", statement.facts, source(statement, s)),
        ),
        (
            s.say("3. Automated means", "3. Moyens automatisés"),
            automated(statement, s),
        ),
        (
            s.say("4. The ground", "4. Le fondement"),
            ground(statement, s),
        ),
        (
            s.say("5. What you can do", "5. Vos recours"),
            redress(contact, s),
        ),
    ];
    let head = s.say("Statement of reasons", "Exposé des motifs");
    let reference = s.say("Reference:", "Référence :");
    let mut letter = format!("{head}\n{reference} {}\n", statement.puid);
    for (title, text) in parts {
        let _ = write!(letter, "\n{title}\n{text}\n");
    }
    letter
}

fn done(statement: &Statement, s: Speech) -> String {
    let measures = &statement.measures;
    let codes = [&measures.visibility, &measures.account, &measures.provision];
    let mut lines: Vec<String> = codes
        .into_iter()
        .flatten()
        .filter_map(|code| DONE.iter().find(|(name, _, _)| name == code))
        .map(|(_, en, fr)| s.say(en, fr))
        .collect();
    let from = day(&statement.application_date, s);
    lines.push(match statement.until.as_ref().map(|until| day(until, s)) {
        Some(until) => s.say(
            &format!("From {from} until {until}."),
            &format!("Du {from} au {until}."),
        ),
        None => s.say(
            &format!("From {from}, without an end that is set."),
            &format!("À partir du {from}, sans terme fixé."),
        ),
    });
    if !statement.territory.is_empty() {
        let codes = statement.territory.join(", ");
        lines.push(s.say(
            &format!("It holds in: {codes}."),
            &format!("La mesure vaut dans : {codes}."),
        ));
    }
    lines.join(" ")
}

/// A day as people write it.
fn day(written: &str, s: Speech) -> String {
    match Timestamp::parse(&format!("{written}T00:00:00Z")) {
        Some(at) => s.day(Day::of(at)),
        None => written.to_owned(),
    }
}

fn source(statement: &Statement, s: Speech) -> String {
    match statement.source.as_str() {
        "SOURCE_ARTICLE_16" => s.say(
            "We looked at it after a notice under Article 16 of the Digital Services Act.",
            "Nous l'avons examiné à la suite d'une notification au titre de l'article 16 du règlement sur les services numériques.",
        ),
        "SOURCE_TRUSTED_FLAGGER" => s.say(
            "We looked at it after a notice by a trusted flagger.",
            "Nous l'avons examiné à la suite d'une notification d'un signaleur de confiance.",
        ),
        "SOURCE_VOLUNTARY" => s.say(
            "We looked at it of our own initiative.",
            "Nous l'avons examiné de notre propre initiative.",
        ),
        _ => s.say(
            "We looked at it after we were told of it.",
            "Nous l'avons examiné à la suite d'un signalement.",
        ),
    }
}

fn automated(statement: &Statement, s: Speech) -> String {
    let detected = s.say(
        "It was found automatically, by written rules.",
        "La détection est automatique, par des règles écrites.",
    );
    let decided = match statement.automated_decision.as_str() {
        "AUTOMATED_DECISION_FULLY" => s.say(
            "The measure was taken automatically, without a person looking.",
            "La mesure a été prise automatiquement, sans examen par une personne.",
        ),
        "AUTOMATED_DECISION_NOT_AUTOMATED" => s.say(
            "The measure was decided by people.",
            "La mesure a été décidée par des personnes.",
        ),
        _ => s.say(
            "The measure was decided in part automatically: rules advised it, people answer for it.",
            "La décision est en partie automatisée : des règles l'ont conseillée, des personnes en répondent.",
        ),
    };
    format!("{detected} {decided}")
}

fn ground(statement: &Statement, s: Speech) -> String {
    let kind = match statement.ground.is_law {
        true => s.say("The content is illegal:", "Le contenu est illicite :"),
        false => s.say(
            "The content is not compatible with our terms:",
            "Le contenu est incompatible avec nos conditions d'utilisation :",
        ),
    };
    format!(
        "{kind} {}\n{}",
        statement.ground.reference, statement.ground.explanation
    )
}

fn redress(contact: &str, s: Speech) -> String {
    s.say(
        &format!(
            "- Complain to us, free of charge, for at least six months (Article 20): {contact}\n\
             - Turn to a certified out-of-court dispute settlement body of your choice (Article 21).\n\
             - Go to court at any time."
        ),
        &format!(
            "- Introduire une réclamation auprès de nous, sans frais, pendant au moins six mois (article 20) : {contact}\n\
             - Saisir un organe certifié de règlement extrajudiciaire des litiges de votre choix (article 21).\n\
             - Saisir la justice à tout moment."
        ),
    )
}
