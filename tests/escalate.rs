//! State over time: what ladders make of hits, in whatever order they are told.

use proptest::prelude::*;
use std::sync::Arc;
use vigie::escalate::{Bounds, Event, Posted, State};
use vigie::model::{Bilingual, Case, Comparison, Outcome, Span, SubjectKind, Timestamp};
use vigie::policy::{
    Counted, Escalation, FindingOf, HitKind, HitOf, KindId, Kinds, Ladder, LadderId, Leave,
    Measure, MeasureBy, MeasureId, Requirement, Rung,
};

pub(crate) const LEAK: KindId = KindId(0);
pub(crate) const THREAT: KindId = KindId(1);
pub(crate) const IN_DANGER: KindId = KindId(2);

fn say(text: &str) -> Bilingual {
    Bilingual {
        en: text.to_owned(),
        fr: text.to_owned(),
    }
}

pub(crate) fn kinds(of: &[KindId]) -> Kinds {
    of.iter().copied().collect()
}

fn at_least(measure: usize, count: u32) -> Requirement {
    let comparison = Comparison::parse(&format!(">= {count}")).unwrap();
    Requirement::Measure(MeasureId(measure), comparison)
}

fn rung(name: &str, enter: Requirement, quiet: Option<u32>) -> Rung {
    Rung {
        name: name.into(),
        enter: Some(enter),
        findings: Vec::new(),
        leave: Leave {
            quiet: quiet.map(|days| Span::hours(24 * days)),
            by_person: quiet.is_none(),
        },
        action: "look".into(),
        say: say(name),
        signed_by: 0,
    }
}

fn ladder(name: &str, subject: SubjectKind, answered: Option<u32>, rungs: Vec<Rung>) -> Ladder {
    Ladder {
        name: name.into(),
        policy: "p".into(),
        title: say(name),
        subject,
        answered_within: answered.map(Span::hours),
        rungs,
    }
}

/// Targets: `watch` on any hit, `danger` when two people threaten after a leak. Communities:
/// `concern` when two people do it, `failing` with a target in danger, an escalation and two posts
/// that wait for an answer.
pub(crate) fn escalation() -> Arc<Escalation> {
    Arc::new(Escalation {
        kinds: hit_kinds(),
        measures: measures(),
        ladders: ladders(),
    })
}

fn hit_kinds() -> Vec<HitKind> {
    let kind = |name: &str, of| HitKind {
        name: name.into(),
        policy: "p".into(),
        of,
        from_thread: (name == "threat").then_some(Span::hours(24)),
    };
    let decision = || HitOf::Decision {
        categories: vec!["c".into()],
        rules: Vec::new(),
        points: 50,
        action: Default::default(),
    };
    vec![
        kind("leak", decision()),
        kind("threat", decision()),
        kind(
            "in_danger",
            HitOf::Rung {
                ladder: LadderId(0),
                rung: 1,
            },
        ),
    ]
}

fn measures() -> Vec<Measure> {
    let measure = |name: &str, by| Measure {
        name: name.into(),
        policy: "p".into(),
        say: say(name),
        by,
    };
    let both = kinds(&[LEAK, THREAT]);
    let (day, days) = (Span::hours(24), |days: u32| Span::hours(24 * days));
    let count = |of, count, within| MeasureBy::Count { of, count, within };
    vec![
        measure("posts", count(both, Counted::Posts, days(7))),
        measure("authors", count(both, Counted::Authors, days(7))),
        measure(
            "targets_in_danger",
            count(kinds(&[IN_DANGER]), Counted::Targets, days(14)),
        ),
        measure(
            "surge",
            MeasureBy::Trend {
                of: kinds(&[THREAT]),
                count: Counted::Hits,
                within: days(2),
                against: days(14),
                factor: 3.0,
                floor: 2,
                holds: days(7),
            },
        ),
        measure(
            "unanswered",
            MeasureBy::Unanswered {
                of: both,
                after: day,
                within: days(14),
            },
        ),
        measure(
            "leak_then_threat",
            MeasureBy::Sequence {
                first: kinds(&[LEAK]),
                then: kinds(&[THREAT]),
                within: days(3),
                authors: 2,
                holds: days(3),
            },
        ),
    ]
}

fn ladders() -> Vec<Ladder> {
    let found = |id: &str, when| FindingOf {
        id: id.into(),
        when,
        say: say(id),
    };
    let mut failing = rung("failing", at_least(1, 2), Some(7));
    failing.findings = vec![
        found("specific", at_least(2, 1)),
        found("escalating", at_least(3, 1)),
        found("unanswered", at_least(4, 2)),
    ];
    vec![
        ladder(
            "target",
            SubjectKind::Target,
            None,
            vec![
                rung("watch", at_least(0, 1), Some(10)),
                rung("danger", at_least(5, 1), None),
            ],
        ),
        ladder(
            "community",
            SubjectKind::Community,
            Some(24),
            vec![rung("concern", at_least(1, 2), Some(7)), failing],
        ),
    ]
}

/// One line of a story: hours after the beginning, and what happens.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    Post(
        u32,
        &'static str,
        u64,
        &'static [KindId],
        &'static str,
        &'static str,
    ),
    Outcome(u32, &'static str, Outcome),
    Deleted(u32, &'static str),
    Closed(u32, &'static str),
}
pub(crate) use Told::{Closed, Deleted, Outcome as Answer, Post};

pub(crate) fn hour(hours: u32) -> Timestamp {
    Timestamp::parse("2026-03-01T00:00:00Z")
        .unwrap()
        .after(Span::hours(hours))
}

fn tell(state: &mut State, story: &[Told]) {
    for told in story {
        let targets: Vec<String>;
        let event = match told {
            Post(at, post, revision, of, author, target) => {
                targets = Some(*target)
                    .filter(|id| !id.is_empty())
                    .map(str::to_owned)
                    .into_iter()
                    .collect();
                Event::Posted(Posted {
                    post,
                    revision: *revision,
                    at: hour(*at),
                    kinds: kinds(of),
                    author: Some(author),
                    thread: Some("thread"),
                    community: Some("forum"),
                    targets: &targets,
                })
            }
            Answer(at, post, outcome) => Event::Answered {
                post,
                outcome: *outcome,
                at: hour(*at),
            },
            Deleted(at, post) => Event::Deleted {
                post,
                at: hour(*at),
            },
            Closed(at, id) => Event::Closed {
                kind: SubjectKind::Target,
                id,
                at: hour(*at),
            },
        };
        state.apply(event);
    }
}

pub(crate) fn cases(story: &[Told], until: u32) -> Vec<Case> {
    let mut state = State::new(escalation(), Bounds::default(), 7);
    tell(&mut state, story);
    state.advance(hour(until));
    state.cases()
}

/// `target/mara danger: +watch 0h, +danger 20h`
pub(crate) fn drawn(cases: &[Case]) -> Vec<String> {
    let hours = |at: Timestamp| at.since(hour(0)).millis() / 3_600_000;
    let case = |case: &Case| {
        let steps: Vec<String> = case
            .history
            .iter()
            .map(|step| {
                let sign = if step.up { '+' } else { '-' };
                format!(
                    "{sign}{} {}h",
                    step.rung.as_deref().unwrap_or("none"),
                    hours(step.at)
                )
            })
            .collect();
        format!("{}: {}", case.subject, steps.join(", "))
    };
    cases.iter().map(case).collect()
}

pub(crate) const LEAKED_THEN_THREATENED: &[Told] = &[
    Post(0, "p1", 0, &[LEAK], "ann", "mara"),
    Post(4, "p2", 0, &[THREAT], "bob", "mara"),
    Post(20, "p3", 0, &[THREAT], "cid", "mara"),
    Post(50, "p4", 0, &[THREAT], "dan", "mara"),
];

/// What it is about, the story, until when (hours), and the steps of each case.
type StoryLine = (&'static str, &'static [Told], u32, &'static [&'static str]);

static STORIES: &[StoryLine] = &[
    (
        "a leak, then two who threaten, and nobody answers",
        LEAKED_THEN_THREATENED,
        60,
        &[
            "target/mara: +watch 0h, +danger 20h",
            "community/forum: +concern 4h, +failing 50h",
        ],
    ),
    (
        "threats that name nobody are aimed at whom the thread is about",
        &[
            Post(0, "p1", 0, &[LEAK], "ann", "mara"),
            Post(4, "p2", 0, &[THREAT], "bob", ""),
            Post(20, "p3", 0, &[THREAT], "cid", ""),
        ],
        20,
        &[
            "target/mara: +watch 0h, +danger 20h",
            "community/forum: +concern 4h",
        ],
    ),
    (
        "where two people were meant, it is neither",
        &[
            Post(0, "p1", 0, &[LEAK], "ann", "mara"),
            Post(1, "p2", 0, &[LEAK], "ann", "lou"),
            Post(4, "p3", 0, &[THREAT], "bob", ""),
            Post(20, "p4", 0, &[THREAT], "cid", ""),
        ],
        20,
        &[
            "target/lou: +watch 1h",
            "target/mara: +watch 0h",
            "community/forum: +concern 4h",
        ],
    ),
    (
        "whom a thread was about a day ago it needn't be about now",
        &[
            Post(0, "p1", 0, &[LEAK], "ann", "mara"),
            Post(24, "p2", 0, &[THREAT], "bob", ""),
            Post(26, "p3", 0, &[THREAT], "cid", ""),
        ],
        26,
        &["target/mara: +watch 0h", "community/forum: +concern 24h"],
    ),
    (
        "one furious person is no campaign",
        &[
            Post(0, "p1", 0, &[LEAK], "ann", "mara"),
            Post(1, "p2", 0, &[THREAT], "ann", "mara"),
            Post(2, "p3", 0, &[THREAT], "ann", "mara"),
            Post(3, "p4", 0, &[THREAT], "ann", "mara"),
        ],
        60,
        &["target/mara: +watch 0h"],
    ),
    (
        "threats before the leak are not what followed it",
        &[
            Post(0, "p1", 0, &[THREAT], "ann", ""),
            Post(1, "p2", 0, &[THREAT], "bob", "mara"),
            Post(2, "p3", 0, &[THREAT], "cid", "mara"),
            Post(3, "p4", 0, &[LEAK], "dan", "mara"),
        ],
        10,
        &["target/mara: +watch 1h", "community/forum: +concern 1h"],
    ),
    (
        "quiet steps down; danger waits for a person",
        &[
            Post(0, "p1", 0, &[LEAK], "ann", "lou"),
            Post(0, "q1", 0, &[LEAK], "ann", "mara"),
            Post(1, "q2", 0, &[THREAT], "bob", "mara"),
            Post(2, "q3", 0, &[THREAT], "cid", "mara"),
            Closed(900, "mara"),
        ],
        1_000,
        &[
            "target/lou: +watch 0h, -none 240h",
            "target/mara: +watch 0h, +danger 2h, -none 900h",
            "community/forum: +concern 1h, -none 170h",
        ],
    ),
    (
        "answered within hours, a community steps down at once",
        &[
            Post(0, "p1", 0, &[THREAT], "ann", ""),
            Post(1, "p2", 0, &[THREAT], "bob", ""),
            Answer(3, "p1", Outcome::Enforced),
            Answer(4, "p2", Outcome::Enforced),
        ],
        20,
        &["community/forum: +concern 1h, -none 4h"],
    ),
    (
        "answered days later, it doesn't",
        &[
            Post(0, "p1", 0, &[THREAT], "ann", ""),
            Post(1, "p2", 0, &[THREAT], "bob", ""),
            Answer(50, "p1", Outcome::Enforced),
            Answer(51, "p2", Outcome::Enforced),
        ],
        60,
        &["community/forum: +concern 1h"],
    ),
    (
        "what is dismissed, overturned, deleted or edited away never was",
        &[
            Post(0, "p1", 0, &[LEAK], "ann", "mara"),
            Post(1, "p2", 0, &[LEAK], "bob", "lou"),
            Post(2, "p3", 0, &[THREAT], "cid", "zoe"),
            Post(3, "p4", 0, &[THREAT], "dan", "kim"),
            Answer(9, "p1", Outcome::Dismissed),
            Answer(8, "p2", Outcome::Enforced),
            Answer(9, "p2", Outcome::Appealed),
            Answer(10, "p2", Outcome::Overturned),
            Deleted(10, "p3"),
            Post(11, "p4", 2, &[], "dan", "kim"),
        ],
        20,
        &[],
    ),
];

#[test]
fn stories_lead_where_they_should() {
    for (name, story, until, expected) in STORIES {
        assert_eq!(drawn(&cases(story, *until)), *expected, "{name}");
    }
}

#[test]
fn a_case_says_what_it_rests_on() {
    let cases = cases(LEAKED_THEN_THREATENED, 60);
    let [target, community] = cases.as_slice() else {
        panic!("two cases: {cases:?}")
    };
    let danger = target.history.last().unwrap();
    assert_eq!(
        danger.evidence.iter().map(|id| &**id).collect::<Vec<_>>(),
        ["p1", "p2", "p3"]
    );
    assert!(
        danger.because.en.contains("leak_then_threat: 1"),
        "{}",
        danger.because.en
    );
    let met: Vec<_> = community
        .findings
        .iter()
        .map(|of| (&*of.id, of.met))
        .collect();
    let all = [
        ("specific", true),
        ("escalating", true),
        ("unanswered", true),
    ];
    assert_eq!(met, all);
}

#[test]
fn findings_count_everybody_who_was_brought_into_danger_since_they_were_met() {
    let mut story = LEAKED_THEN_THREATENED.to_vec();
    story.extend([
        Post(52, "q1", 0, &[LEAK], "ann", "lou"),
        Post(53, "q2", 0, &[THREAT], "bob", "lou"),
        Post(54, "q3", 0, &[THREAT], "cid", "lou"),
    ]);
    let cases = cases(&story, 60);
    let community = cases.last().unwrap();
    let specific = community.findings.first().unwrap();
    assert_eq!((&*specific.id, specific.at), ("specific", hour(54)));
    assert_eq!(specific.numbers.first().unwrap().value, 2);
}

/// A line of a made-up story.
pub(crate) fn happening() -> impl Strategy<Value = Told> {
    let post = prop::sample::select(vec!["p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"]);
    let of: Vec<&'static [KindId]> = vec![&[], &[LEAK], &[THREAT], &[LEAK, THREAT]];
    let author = prop::sample::select(vec!["ann", "bob", "cid"]);
    let target = prop::sample::select(vec!["", "mara", "lou"]);
    let posted = (
        0..60_u32,
        post.clone(),
        0..3_u64,
        prop::sample::select(of),
        author,
        target.clone(),
    )
        .prop_map(|(at, post, revision, of, author, target)| {
            Post(at, post, revision, of, author, target)
        });
    let outcome = prop::sample::select(Outcome::ALL.to_vec());
    prop_oneof![
        8 => posted,
        2 => (0..60_u32, post.clone(), outcome).prop_map(|(at, post, outcome)| Answer(at, post, outcome)),
        1 => (0..60_u32, post).prop_map(|(at, post)| Deleted(at, post)),
        1 => (0..60_u32, target).prop_map(|(at, id)| Closed(at, id)),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn the_order_and_number_of_deliveries_make_no_difference(
        (story, shuffled) in prop::collection::vec(happening(), 1..30)
            .prop_flat_map(|story| {
                let thrice: Vec<Told> = [story.clone(), story.clone(), story.clone()].concat();
                (Just(story), Just(thrice).prop_shuffle())
            }),
    ) {
        let in_order = cases(&story, 70);
        let out_of_order = cases(&shuffled, 70);
        prop_assert_eq!(in_order, out_of_order);
    }
}

#[test]
fn what_nothing_looks_back_to_is_forgotten_and_what_stands_is_not() {
    let mut state = State::new(escalation(), Bounds::default(), 7);
    tell(&mut state, LEAKED_THEN_THREATENED);
    for post in 0..60_000_u32 {
        let (id, other) = (format!("x{post}"), format!("y{post}"));
        state.apply(Event::Posted(Posted {
            post: &id,
            revision: 0,
            at: hour(24 * 365 + post),
            kinds: kinds(&[THREAT]),
            author: Some(&other),
            thread: Some(&id),
            community: Some(&other),
            targets: &[],
        }));
    }
    // Three subjects a post: all but those of the last weeks are gone.
    assert!(state.subjects() < 60_000, "{}", state.subjects());
    let mara = |state: &mut State| drawn(&state.cases_of(SubjectKind::Target, "mara"));
    assert_eq!(mara(&mut state), ["target/mara: +watch 0h, +danger 20h"]);
    // Years later, a threat turns out to be none: nobody but the other one threatened by then.
    tell(&mut state, &[Answer(80_000, "p2", Outcome::Overturned)]);
    assert_eq!(mara(&mut state), ["target/mara: +watch 0h, +danger 50h"]);
}

fn threat_at_nobody<'e>(post: &'e str, author: &'e str, at: Timestamp) -> Event<'e> {
    Event::Posted(Posted {
        post,
        revision: 0,
        at,
        kinds: kinds(&[THREAT]),
        author: Some(author),
        thread: None,
        community: None,
        targets: &[],
    })
}

#[test]
fn when_there_is_no_room_those_go_that_stand_on_no_rung() {
    let bounds = Bounds {
        subjects: 20_000,
        ..Bounds::default()
    };
    let mut state = State::new(escalation(), bounds, 7);
    tell(&mut state, LEAKED_THEN_THREATENED);
    for post in 0..60_000_u32 {
        let id = format!("x{post}");
        state.apply(threat_at_nobody(&id, &id, hour(60)));
    }
    assert!(state.subjects() <= 20_000, "{}", state.subjects());
    assert!(state.dropped() > 20_000, "{}", state.dropped());
    let mara = drawn(&state.cases_of(SubjectKind::Target, "mara"));
    assert_eq!(mara, ["target/mara: +watch 0h, +danger 20h"]);
}

#[test]
fn when_there_is_no_room_for_posts_the_oldest_go_and_what_they_led_to_stays() {
    let bounds = Bounds {
        subjects: 5_000,
        ..Bounds::default()
    };
    let mut state = State::new(escalation(), bounds, 7);
    tell(&mut state, LEAKED_THEN_THREATENED);
    for post in 0..30_000_u32 {
        let (id, few) = (format!("x{post}"), format!("u{}", post % 100));
        state.apply(threat_at_nobody(&id, &few, hour(60 + post / 1_000)));
        assert!(state.posts() <= 5_000, "{}", state.posts());
    }
    assert!(state.dropped_posts() > 20_000, "{}", state.dropped_posts());
    let mara = drawn(&state.cases_of(SubjectKind::Target, "mara"));
    assert_eq!(mara, ["target/mara: +watch 0h, +danger 20h"]);
}
