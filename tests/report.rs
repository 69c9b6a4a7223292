//! The page of an audit, from an invented story: two people are hunted on one board. The pages are
//! left in the tests' folder, to be looked at.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use vigie::model::{
    Action, Bilingual, Case, Finding, Language, Number, Recommendation, Step, Subject, SubjectKind,
    Timestamp,
};
use vigie::policy::{
    Counted, Escalation, FindingOf, Kinds, Ladder, Leave, Measure, MeasureBy, Requirement, Rung,
    check, shipped,
};
use vigie::report::{Audit, Cases, Cited, Day, Dump, JudgedBy, html, summary_json};

const HOSTILE: &str = "</script><img src=x onerror=alert(1)>\u{202e}\u{0}&\"'";

fn said(en: &str, fr: &str) -> Bilingual {
    Bilingual {
        en: en.to_owned(),
        fr: fr.to_owned(),
    }
}

fn at(written: &str) -> Timestamp {
    Timestamp::parse(written).unwrap()
}

fn posts(range: std::ops::Range<u32>) -> Vec<Arc<str>> {
    range.map(|post| format!("p{post}").into()).collect()
}

fn rung(name: &str, findings: Vec<FindingOf>) -> Rung {
    Rung {
        name: name.into(),
        enter: None,
        findings,
        leave: Leave {
            quiet: None,
            by_person: true,
        },
        action: "look".into(),
        say: said("Look.", "Regarder."),
        signed_by: 1,
    }
}

fn ladder(name: &str, title: Bilingual, subject: SubjectKind, rungs: Vec<Rung>) -> Ladder {
    Ladder {
        name: name.into(),
        policy: "escalation".into(),
        title,
        subject,
        answered_within: None,
        rungs,
    }
}

const FINDINGS: [(&str, &str, &str); 5] = [
    (
        "targeted",
        "Threats name or answer one particular person.",
        "Des menaces nomment une personne précise ou lui répondent.",
    ),
    (
        "escalating",
        "They rose sharply within 48 hours.",
        "Elles ont fortement augmenté en 48 heures.",
    ),
    (
        "leak_then_threat",
        "Somebody's whereabouts were published, and then that person was threatened.",
        "On a révélé où se trouve une personne, puis on l'a menacée.",
    ),
    (
        "many_authors",
        "Many accounts took part.",
        "De nombreux comptes y ont pris part.",
    ),
    (
        "unanswered",
        "The community did not act on it in time.",
        "La communauté n'a pas agi à temps.",
    ),
];

fn escalation() -> Escalation {
    let asked = FINDINGS.map(|(id, en, fr)| FindingOf {
        id: id.into(),
        when: Requirement::All(Vec::new()),
        say: said(en, fr),
    });
    let threats = Measure {
        name: "threats_48h".into(),
        policy: "escalation".into(),
        say: said("threats in 48 hours", "menaces en 48 heures"),
        by: MeasureBy::Count {
            of: Kinds::default(),
            count: Counted::Posts,
            within: vigie::model::Span::hours(48),
        },
    };
    let plain = |name| rung(name, Vec::new());
    Escalation {
        kinds: Vec::new(),
        measures: vec![threats],
        ladders: vec![
            ladder(
                "target-danger",
                said("Danger to a person", "Danger pour une personne"),
                SubjectKind::Target,
                vec![plain("watch"), plain("campaign"), plain("danger")],
            ),
            ladder(
                "community-danger",
                said(
                    "A community as a danger to people",
                    "Une communauté dangereuse pour autrui",
                ),
                SubjectKind::Community,
                vec![
                    plain("concern"),
                    plain("failing"),
                    rung("deplatform", asked.into()),
                ],
            ),
        ],
    }
}

fn number(name: &str, value: u64, asked: &str, held: bool) -> Number {
    Number {
        name: name.into(),
        value,
        asked: asked.into(),
        held,
    }
}

fn step(
    rung: Option<&str>,
    when: &str,
    up: bool,
    because: Bilingual,
    rests_on: Vec<Arc<str>>,
) -> Step {
    Step {
        rung: rung.map(Into::into),
        at: at(when),
        up,
        because,
        numbers: vec![number("threats_48h", rests_on.len() as u64, ">= 3", up)],
        evidence: rests_on,
    }
}

fn community() -> Case {
    let findings = FINDINGS
        .iter()
        .zip(0_u32..)
        .map(|((id, en, fr), place)| Finding {
            id: (*id).into(),
            met: *id != "unanswered",
            say: said(en, fr),
            numbers: match *id {
                "unanswered" => vec![number("unanswered_posts", 2, ">= 5", false)],
                _ => vec![number("threats_48h", 31, ">= 12", true)],
            },
            evidence: match *id {
                "unanswered" => posts(40..42),
                _ => posts(10 + place * 5..10 + place * 5 + 17),
            },
            at: at("2026-03-09T21:40:00Z"),
        });
    Case {
        subject: Subject {
            kind: SubjectKind::Community,
            id: "board.example".into(),
        },
        ladder: "community-danger".into(),
        rung: Some("failing".into()),
        height: 2,
        since: at("2026-03-09T21:40:00Z"),
        history: vec![
            step(
                Some("concern"),
                "2026-03-08T19:12:00Z",
                true,
                said(
                    "9 accounts threatened 2 people within 48 hours.",
                    "9 comptes ont menacé 2 personnes en 48 heures.",
                ),
                posts(10..19),
            ),
            step(
                Some("failing"),
                "2026-03-09T21:40:00Z",
                true,
                said(
                    "Threats rose from 2 to 31 in 48 hours, and a person's whereabouts were followed by threats.",
                    "Les menaces sont passées de 2 à 31 en 48 heures, et la révélation d'un lieu a été suivie de menaces.",
                ),
                posts(10..41),
            ),
        ],
        forgotten: 0,
        findings: findings.collect(),
        recommendation: Some(Recommendation {
            action: "write_to_operator".into(),
            say: said(
                "Write to the operator, name the posts, and ask for an answer within 24 hours.",
                "Écrire à l'exploitant en citant les messages et demander une réponse sous 24 heures.",
            ),
            signed_by: 1,
        }),
        steps_down: Some(said(
            "14 days without a new threat, or the operator acting on the posts within 24 hours.",
            "14 jours sans nouvelle menace, ou une action de l'exploitant sous 24 heures.",
        )),
    }
}

fn hunted(id: &str, height: usize) -> Case {
    let steps = [
        step(
            Some("watch"),
            "2026-03-07T10:05:00Z",
            true,
            said(
                "3 posts in 24 hours are aimed at this person.",
                "3 messages visent cette personne en 24 heures.",
            ),
            posts(10..13),
        ),
        step(
            Some("campaign"),
            "2026-03-08T18:00:00Z",
            true,
            said("7 accounts within 24 hours.", "7 comptes en 24 heures."),
            posts(13..22),
        ),
        step(
            Some("danger"),
            "2026-03-09T20:30:00Z",
            true,
            said(
                "Whereabouts were published; threats by 4 accounts followed within 72 hours.",
                "Un lieu a été révélé ; des menaces de 4 comptes ont suivi en 72 heures.",
            ),
            posts(22..30),
        ),
    ];
    let steps: Vec<Step> = steps.into_iter().take(height).collect();
    let last = steps.last().unwrap();
    Case {
        subject: Subject {
            kind: SubjectKind::Target,
            id: id.into(),
        },
        ladder: "target-danger".into(),
        rung: last.rung.clone(),
        height,
        since: last.at,
        history: steps.clone(),
        forgotten: 0,
        findings: Vec::new(),
        recommendation: Some(Recommendation {
            action: "contact".into(),
            say: match height {
                3 => said(
                    "Contact this person and, if they wish, the police, now.",
                    "Prendre contact avec cette personne et, si elle le souhaite, avec la police, sans attendre.",
                ),
                _ => said(
                    "Look at these posts today.",
                    "Examiner ces messages aujourd'hui.",
                ),
            },
            signed_by: if height == 3 { 2 } else { 1 },
        }),
        steps_down: Some(match height {
            3 => said(
                "Only a person closes this.",
                "Seule une personne peut clore ce cas.",
            ),
            _ => said("14 quiet days.", "14 jours de calme."),
        }),
    }
}

fn left(id: &str) -> Case {
    let mut case = hunted(id, 1);
    case.history.push(step(
        None,
        "2026-03-12T10:05:00Z",
        false,
        said("Quiet for 4 days.", "4 jours de calme."),
        Vec::new(),
    ));
    Case {
        rung: None,
        height: 0,
        since: at("2026-03-12T10:05:00Z"),
        recommendation: None,
        steps_down: None,
        ..case
    }
}

fn cases() -> Cases {
    let mut cases = vec![hunted("rowan_k", 3), community(), hunted(HOSTILE, 2)];
    cases.extend((0..40).map(|number| left(&format!("u{number:02}"))));
    cases.into_iter().collect()
}

/// Each post some hours after the one before.
fn cited(words: bool) -> BTreeMap<Arc<str>, Cited> {
    let begin = at("2026-03-07T08:00:00Z").millis();
    let post = |number: u32| Cited {
        author: Some("u1".into()),
        targets: vec!["u9".into()],
        at: Timestamp::from_millis(begin + i64::from(number - 10) * 7_400_000),
        action: Action::Hold,
        categories: vec!["violence.threats".into()],
        words: words.then(|| format!("Quoted {number} {HOSTILE}")),
    };
    (10..50)
        .map(|number| (format!("p{number}").into(), post(number)))
        .collect()
}

fn audit<'a>(cases: &'a Cases, escalation: &'a Escalation) -> Audit<'a> {
    let pack = check(shipped()).pack.unwrap();
    let first = Day::of(at("2026-03-01T00:00:00Z"));
    let threats = [0, 0, 2, 1, 0, 3, 7, 18, 31, 22, 9, 4, 2, 1];
    let leaks = [0, 0, 0, 0, 1, 0, 1, 3, 2, 1, 0, 0, 0, 0];
    let per_day = |numbers: [u64; 14], category: &'static str| {
        let days = (0..).map(move |day| Day(first.0 + day));
        let found = days.zip(numbers).filter(|(_, number)| *number > 0);
        found.map(move |(day, number)| ((day, Arc::from(category)), number))
    };
    Audit {
        dumps: vec![
            Dump {
                name: "board-2026-03.ndjson.zst",
                format: "ndjson",
                records: 12_434,
                bad: 3,
            },
            Dump {
                name: HOSTILE,
                format: "csv",
                records: 12,
                bad: 0,
            },
        ],
        posts: 12_443,
        untimed: 12,
        misdated: 0,
        deleted: 41,
        cut: 0,
        outcomes: 0,
        first: Some(first.begins()),
        last: Some(at("2026-03-14T23:10:00Z")),
        actions: [12_321, 20, 61, 38, 3],
        posts_per_day: (0..14)
            .map(|day| (Day(first.0 + day), 700 + (day as u64 * 377) % 400))
            .collect(),
        found_per_day: per_day(threats, "violence.threats")
            .chain(per_day(leaks, "harassment.doxxing"))
            .collect(),
        categories: [
            ("violence.threats".into(), [0, 14, 52, 32, 2]),
            ("harassment.doxxing".into(), [0, 1, 2, 4, 1]),
            (Arc::from(HOSTILE), [0, 1, 0, 0, 0]),
        ]
        .into(),
        shadow: [("threats.new".into(), [40, 1, 2, 0, 0])].into(),
        cases,
        cited: cited(false),
        policies: JudgedBy::all(&pack),
        escalation,
        digest: "sha256:9f2c5d1e7a3b48860c1d2e3f4a5b6c7d8e9f00112233445566778899aabbccdd",
        engine: "0.1.0",
    }
}

#[test]
fn the_page_is_made_in_both_languages() {
    let (cases, escalation) = (cases(), escalation());
    let audit = audit(&cases, &escalation);
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join("report");
    std::fs::create_dir_all(&folder).unwrap();
    let expected = [
        (
            Language::En,
            [
                "4 of 5 findings are met. Not met: The community did not act on it in time.",
                "12,443\u{a0}posts",
                "from 1\u{a0}March 2026 to 14\u{a0}March 2026",
                "17 less serious cases are not shown here",
            ],
        ),
        (
            Language::Fr,
            [
                "4 constats sur 5 sont établis. Non établi\u{a0}: La communauté n’a pas agi à temps.",
                "12\u{202f}443\u{a0}messages",
                "du 1er\u{a0}mars 2026 au 14\u{a0}mars 2026",
                "17 cas moins graves ne figurent pas ici",
            ],
        ),
    ];
    for (language, phrases) in expected {
        let page = html(&audit, language);
        std::fs::write(folder.join(format!("{}.html", language.code())), &page).unwrap();
        assert_eq!(
            page,
            html(&audit, language),
            "the same audit, the same bytes"
        );
        assert!(page.contains(&format!("<html lang=\"{}\">", language.code())));
        for phrase in phrases {
            assert!(page.contains(phrase), "{phrase}");
        }
        assert_eq!(broken_links(&page), Vec::<String>::new());
        for banned in [
            "<script", "<img", "http:", "https:", "\u{202e}", "\u{0}", "Quoted ",
        ] {
            assert!(!page.contains(banned), "{banned:?}");
        }
    }
}

/// Links and labels that lead nowhere, and ids that stand twice.
fn broken_links(page: &str) -> Vec<String> {
    let after = |start: &'static str| {
        let parts = page.split(start).skip(1);
        parts.map(|part| part.split('"').next().unwrap().to_owned())
    };
    let mut ids = BTreeSet::new();
    let mut broken: Vec<String> = after(" id=\"")
        .filter(|id| !ids.insert(id.clone()))
        .collect();
    let labels: Vec<String> = after("aria-labelledby=\"")
        .flat_map(|labels| labels.split(' ').map(str::to_owned).collect::<Vec<_>>())
        .collect();
    broken.extend(
        after("href=\"#")
            .chain(labels)
            .filter(|id| !ids.contains(id)),
    );
    broken
}

#[test]
fn words_stand_on_the_page_only_when_they_are_handed_in() {
    let (cases, escalation) = (cases(), escalation());
    let mut audit = audit(&cases, &escalation);
    audit.cited = cited(true);
    let page = html(&audit, Language::En);
    let folded = page.split("<details class=\"words\">").skip(1);
    let folded: usize = folded
        .map(|part| {
            part.split("</details>")
                .next()
                .unwrap()
                .matches("Quoted ")
                .count()
        })
        .sum();
    assert!(folded > 0);
    assert_eq!(folded, page.matches("Quoted ").count());
    assert!(!page.contains("<img"));
}

#[test]
fn an_audit_that_found_nothing_has_a_page_too() {
    let escalation = escalation();
    let cases = Cases::default();
    let mut audit = audit(&cases, &escalation);
    audit.actions = [12_443, 0, 0, 0, 0];
    audit.found_per_day.clear();
    audit.categories.clear();
    let page = html(&audit, Language::Fr);
    assert!(page.contains("personne ni rien ne se trouve sur un palier"));
    audit.posts_per_day.clear();
    audit.first = None;
    assert!(html(&audit, Language::En).contains("<h1>What was found</h1>"));
}

#[test]
fn the_summary_is_sorted_and_counts_cases_by_rung() {
    let (cases, escalation) = (cases(), escalation());
    let summary = summary_json(&audit(&cases, &escalation));
    let read: serde_json::Value = serde_json::from_str(&summary).unwrap();
    let keys: Vec<&String> = read.as_object().unwrap().keys().collect();
    assert!(keys.is_sorted(), "{keys:?}");
    assert_eq!(read["posts"]["judged"], 12_443);
    assert_eq!(read["actions"]["hold"], 38);
    assert_eq!(read["categories"]["violence.threats"]["review"], 52);
    let of = |rung: &str| {
        let cases = read["cases"].as_array().unwrap().iter();
        cases
            .filter(|line| line["rung"] == rung)
            .map(|line| line["subjects"].as_u64().unwrap())
            .sum::<u64>()
    };
    assert_eq!((of("danger"), of("failing"), of("none")), (1, 1, 40));
}
