//! The page: what stands at its head, and the templates that print the rest.

use super::cases::{Advised, Section, advised, sections};
use super::days::{Days, days};
use super::measured::{
    CategoryLine, DumpLine, PolicyLine, categories, dumps, policies, read, shadow,
};
use super::words::Speech;
use super::{Audit, Day};
use crate::model::{Language, SubjectKind};
use askama::Template;

/// The content of `report.html`: one page in one language that needs nothing else.
#[must_use]
pub fn html(audit: &Audit<'_>, language: Language) -> String {
    // Every part of the page prints itself into memory, which can't fail.
    Page::of(audit, Speech(language))
        .render()
        .unwrap_or_default()
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page {
    s: Speech,
    title: String,
    lead: Vec<String>,
    facts: Vec<(String, String)>,
    advised: Vec<Advised>,
    advised_more: Option<String>,
    sections: Vec<Section>,
    days: Option<Days>,
    actions: Vec<String>,
    categories: Vec<CategoryLine>,
    shadow: Vec<(String, String)>,
    dumps: Vec<DumpLine>,
    read: Vec<String>,
    policies: Vec<PolicyLine>,
    digest: String,
    engine: String,
    has_words: bool,
}

impl Page {
    fn of(audit: &Audit<'_>, s: Speech) -> Self {
        let (advised, more) = advised(audit, s);
        let (actions, categories) = categories(audit, s);
        Self {
            s,
            title: title(audit, s),
            lead: lead(audit, s),
            facts: facts(audit, s),
            advised,
            advised_more: (more > 0).then(|| {
                let more = s.number(more as u64);
                s.say(
                    &format!("{more} further recommendations stand with their cases."),
                    &format!("{more} autres recommandations figurent avec leurs cas."),
                )
            }),
            sections: sections(audit, s),
            days: days(audit, s),
            actions,
            categories,
            shadow: shadow(audit, s),
            dumps: dumps(audit, s),
            read: read(audit, s),
            policies: policies(audit, s),
            digest: audit.digest.to_owned(),
            engine: audit.engine.to_owned(),
            has_words: audit.cited.values().any(|post| post.words.is_some()),
        }
    }
}

fn title(audit: &Audit<'_>, s: Speech) -> String {
    match (audit.first.map(Day::of), audit.last.map(Day::of)) {
        (Some(first), Some(last)) if first == last => {
            let day = s.day(first);
            s.say(
                &format!("What was found on {day}"),
                &format!("Ce qui a été trouvé le {day}"),
            )
        }
        (Some(first), Some(last)) => {
            let (first, last) = (s.day(first), s.day(last));
            s.say(
                &format!("What was found from {first} to {last}"),
                &format!("Ce qui a été trouvé du {first} au {last}"),
            )
        }
        _ => s.say("What was found", "Ce qui a été trouvé"),
    }
}

/// Posts that something is advised for.
fn found(audit: &Audit<'_>) -> u64 {
    audit.actions.iter().skip(1).sum()
}

/// The page in a few sentences.
fn lead(audit: &Audit<'_>, s: Speech) -> Vec<String> {
    let found = found(audit);
    let share = s.share(found, audit.posts);
    let (posts, found) = (s.posts(audit.posts), s.number(found));
    let judged = s.say(
        &format!("{posts} were read and judged by written rules; {found} of them ({share}) call for something: at least a note, at most removal."),
        &format!("{posts} ont été lus et jugés selon des règles écrites ; {found} d'entre eux ({share}) appellent quelque chose : au moins une note, au plus un retrait."),
    );
    let kinds = SubjectKind::ALL.into_iter().rev();
    let kinds = kinds.map(|kind| (kind, audit.cases.standing(kind)));
    let standing: Vec<String> = kinds
        .filter(|(_, number)| *number > 0)
        .map(|(kind, number)| s.count_of(kind, number))
        .collect();
    let standing = match standing.as_slice() {
        [] => s.say(
            "Nobody and nothing stands on a rung at the end.",
            "À la fin, personne ni rien ne se trouve sur un palier.",
        ),
        _ => {
            let standing = s.list(&standing);
            s.say(
                &format!("At the end, these stand on a rung: {standing}."),
                &format!("À la fin se trouvent sur un palier : {standing}."),
            )
        }
    };
    vec![
        format!("{judged} {standing}"),
        s.say(
            "Nothing has been decided by this page. It recommends, and says why; people decide.",
            "Cette page ne décide de rien. Elle recommande et dit pourquoi ; la décision revient à des personnes.",
        ),
    ]
}

/// Numbers at the head of the page.
fn facts(audit: &Audit<'_>, s: Speech) -> Vec<(String, String)> {
    let facts = [
        (audit.posts, s.say("posts judged", "messages jugés")),
        (
            found(audit),
            s.say("at note or above", "à noter ou davantage"),
        ),
        (
            audit.cases.standing(SubjectKind::Target),
            s.say(
                "people aimed at, on a rung",
                "personnes visées, sur un palier",
            ),
        ),
        (
            audit.cases.open(),
            s.say("recommendations", "recommandations"),
        ),
    ];
    facts
        .into_iter()
        .map(|(number, label)| (s.number(number), label))
        .collect()
}
