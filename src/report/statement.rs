//! Statements of reasons in prose: what happened and why, without a word that names anybody.

use super::Day;
use super::words::Speech;
use crate::model::{Action, Case, Decision, Language, SubjectKind, Timestamp};
use crate::wire::{FACTS_CHARS_MAX, Measures, Statement};
use std::fmt::Write as _;

/// What a statement is about.
#[derive(Clone, Debug)]
pub enum Occasion {
    /// A subject on a rung.
    Case(Box<Case>),
    /// A post.
    Decision(Box<Decision>),
}

impl Occasion {
    /// The measure that goes with what is advised; none where that restricts nobody.
    #[must_use]
    pub fn measures(&self) -> Measures {
        let mut measures = Measures::default();
        match self {
            Self::Decision(decision) => {
                measures.visibility = match decision.action {
                    Action::Hold => Some("DECISION_VISIBILITY_CONTENT_DISABLED".to_owned()),
                    Action::Remove => Some("DECISION_VISIBILITY_CONTENT_REMOVED".to_owned()),
                    Action::Allow | Action::Note | Action::Review => None,
                };
            }
            Self::Case(case) => match (case.subject.kind, case.rung.as_deref()) {
                (SubjectKind::Author, Some("restrict")) => {
                    measures.provision = Some("DECISION_PROVISION_PARTIAL_SUSPENSION".to_owned());
                }
                (SubjectKind::Author, Some("suspend")) => {
                    measures.account = Some("DECISION_ACCOUNT_SUSPENDED".to_owned());
                }
                (SubjectKind::Thread, Some("slow" | "lock")) => {
                    let restricted = "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED";
                    measures.visibility = Some(restricted.to_owned());
                }
                (SubjectKind::Community, Some("deplatform")) => {
                    measures.provision = Some("DECISION_PROVISION_TOTAL_TERMINATION".to_owned());
                }
                _ => {}
            },
        }
        measures
    }

    /// The day it is about, in event time.
    #[must_use]
    pub fn day(&self) -> Option<String> {
        let at = match self {
            Self::Case(case) => Some(case.since),
            Self::Decision(decision) => instant(decision),
        };
        Some(super::words::civil(at?).date().to_string())
    }

    /// How far machines decided. What a case advises is signed by people before anybody acts, so
    /// people decide. For a post the engine advises by thresholds that people set, and the platform
    /// acts on that: in part automated. A platform that lets nobody look says otherwise.
    #[must_use]
    pub const fn automated(&self) -> &'static str {
        match self {
            Self::Case(_) => "AUTOMATED_DECISION_NOT_AUTOMATED",
            Self::Decision(_) => "AUTOMATED_DECISION_PARTIALLY",
        }
    }

    /// What happened: kinds, counts and days, from the reasons that policies give.
    #[must_use]
    pub fn facts(&self, language: Language) -> String {
        let s = Speech(language);
        match self {
            Self::Case(case) => case_facts(case, s),
            Self::Decision(decision) => decision_facts(decision, s),
        }
    }

    /// Why it falls short of the platform's terms, from the same reasons.
    #[must_use]
    pub fn explanation(&self, language: Language) -> String {
        let s = Speech(language);
        let reasons: Vec<String> = match self {
            Self::Decision(decision) => decision
                .reasons
                .iter()
                .map(|reason| s.of(&reason.because))
                .collect(),
            Self::Case(case) => {
                let met = case.findings.iter().filter(|finding| finding.met);
                let met: Vec<String> = met.map(|finding| s.of(&finding.say)).collect();
                let latest = case.history.last().map(|step| s.of(&step.because));
                latest.into_iter().chain(met).collect()
            }
        };
        reasons.join(" ")
    }

    /// Ids that must not stand in a statement: it holds no personal data.
    #[must_use]
    pub fn ids(&self) -> Vec<&str> {
        match self {
            Self::Decision(decision) => {
                let targets = decision.targets.iter().map(String::as_str);
                targets.chain([decision.post.as_str()]).collect()
            }
            Self::Case(case) => {
                let steps = case.history.iter().map(|step| &step.evidence);
                let findings = case.findings.iter().map(|finding| &finding.evidence);
                let posts = steps.chain(findings).flatten().map(|post| &**post);
                posts.chain([&*case.subject.id]).collect()
            }
        }
    }
}

fn instant(decision: &Decision) -> Option<Timestamp> {
    Timestamp::parse(decision.at.as_deref()?)
}

fn decision_facts(decision: &Decision, s: Speech) -> String {
    let mut facts = match instant(decision).map(|at| s.day(Day::of(at))) {
        Some(day) => s.say(
            &format!("A text published on {day} was judged by written rules."),
            &format!("Un texte publié le {day} a été jugé selon des règles écrites."),
        ),
        None => s.say(
            "A text was judged by written rules.",
            "Un texte a été jugé selon des règles écrites.",
        ),
    };
    for reason in &decision.reasons {
        let _ = write!(facts, " {}", s.of(&reason.because));
    }
    let points = decision.categories.iter().map(|(category, points)| {
        let name = s.category(category);
        s.say(&format!("{name}: {points}"), &format!("{name} : {points}"))
    });
    let points = points.collect::<Vec<_>>().join(", ");
    let action = s.action(decision.action).to_lowercase();
    let policy = &decision.policy;
    facts += &s.say(
        &format!(
            " Points of 100, which are weights of rules and not a probability: {points}. \
             Advised by the rules: {action}. Policies: {policy}."
        ),
        &format!(
            " Points sur 100, qui sont des poids de règles et non une probabilité : {points}. \
             Mesure conseillée par les règles : {action}. Politiques : {policy}."
        ),
    );
    cut(facts)
}

fn case_facts(case: &Case, s: Speech) -> String {
    let subject = match case.subject.kind {
        SubjectKind::Author => s.say("The posts of an account", "Les messages d'un compte"),
        SubjectKind::Thread => s.say("The posts of a thread", "Les messages d'un fil"),
        SubjectKind::Community => {
            s.say("The posts of a community", "Les messages d'une communauté")
        }
        SubjectKind::Target => s.say(
            "The posts aimed at a person",
            "Les messages visant une personne",
        ),
    };
    let mut facts = s.say(
        &format!("{subject} were judged by written rules, and what these found was counted over time."),
        &format!("{subject} ont été jugés selon des règles écrites, et ce qu'elles ont trouvé a été compté dans le temps."),
    );
    let findings = case.findings.iter().map(|finding| {
        let say = s.of(&finding.say);
        match finding.met {
            true => s.say(&format!(" Met: {say}"), &format!(" Établi : {say}")),
            false => s.say(&format!(" Not met: {say}"), &format!(" Non établi : {say}")),
        }
    });
    let findings: String = findings.collect();
    // The latest steps count most: earlier ones are left out when they don't fit.
    let mut steps = String::new();
    let room = FACTS_CHARS_MAX.saturating_sub(facts.chars().count() + findings.chars().count());
    for step in case.history.iter().rev() {
        let (day, because) = (s.day(Day::of(step.at)), s.of(&step.because));
        let told = s.say(
            &format!(" {day}: {because}"),
            &format!(" {day} : {because}"),
        );
        if steps.chars().count() + told.chars().count() > room {
            break;
        }
        steps.insert_str(0, &told);
    }
    facts += &steps;
    facts += &findings;
    cut(facts)
}

fn cut(text: String) -> String {
    match text.char_indices().nth(FACTS_CHARS_MAX - 1) {
        Some((at, _)) if text.chars().nth(FACTS_CHARS_MAX).is_some() => {
            text.get(..at).unwrap_or_default().to_owned() + "…"
        }
        _ => text,
    }
}

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
