//! Runs the stories that ladders are tested with.

use crate::diagnostics::{Code, Diagnostic};
use crate::engine::Engine;
use crate::escalate::{Bounds, Event, Posted, State, hits_of};
use crate::model::{Case, Finding, Post, Subject, Timestamp};
use crate::policy::{Escalation, Expectation, Happening, Kinds, Ladder, Policy, Timeline, What};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// What one story gave.
#[derive(Debug)]
pub struct StoryResult {
    /// Line of the story in the policy's file, from 1.
    pub line: usize,
    /// Column of it, in characters, from 1.
    pub column: usize,
    /// What it tells.
    pub name: String,
    /// How many events it has, repeated ones written out.
    pub events: usize,
    /// How many expectations it has.
    pub expectations: usize,
    /// Those that were not met.
    pub failed: Vec<Unmet>,
}

/// An expectation that was not met.
#[derive(Debug)]
pub struct Unmet {
    /// Line of the expectation in the policy's file, from 1.
    pub line: usize,
    /// Column of it, in characters, from 1.
    pub column: usize,
    /// What was expected: ``target/t1 stands on `danger` ``.
    pub expected: String,
    /// What happened.
    pub happened: String,
}

/// When every story begins. Nothing depends on it.
const BEGINNING: i64 = 1_767_225_600_000;

/// Whether a story is about a ladder whose name holds a text.
pub(super) fn is_about(story: &Timeline, ladders: &[Ladder], part: &str) -> bool {
    story.expect.iter().any(|expect| {
        let ladder = ladders.get(expect.ladder.0);
        ladder.is_some_and(|ladder| ladder.name.contains(part))
    })
}

/// Tells one story to an engine and to state of its own.
pub(super) fn run(engine: &Engine, policy: &Policy, story: &Timeline) -> StoryResult {
    let escalation = &engine.ruleset().pack().escalation;
    let mut teller = Teller {
        engine,
        escalation,
        state: State::new(Arc::clone(escalation), Bounds::default(), 0),
        begins: Timestamp::from_millis(BEGINNING).unwrap_or_default(),
        edits: BTreeMap::new(),
        highest: vec![None; story.expect.len()],
    };
    let mut waiting: Vec<(usize, &Expectation)> = story.expect.iter().enumerate().collect();
    let end = story.events.last().map(|event| event.at);
    waiting.sort_by_key(|(_, expect)| (expect.ever, expect.at.or(end)));
    let mut waiting = waiting.into_iter().peekable();
    let mut failed: Vec<(usize, Unmet)> = Vec::new();
    for event in &story.events {
        let is_before = |(_, expect): &(usize, &Expectation)| {
            !expect.ever && expect.at.is_some_and(|at| at < event.at)
        };
        while let Some((at, expect)) = waiting.next_if(is_before) {
            failed.extend(teller.look(policy, at, expect).map(|unmet| (at, unmet)));
        }
        teller.tell(event);
        teller.climb(&story.expect);
    }
    for (at, expect) in waiting {
        failed.extend(teller.look(policy, at, expect).map(|unmet| (at, unmet)));
    }
    failed.sort_by_key(|(at, _)| *at);
    let (line, column) = position(policy, &story.span);
    StoryResult {
        line,
        column,
        name: story.name.clone(),
        events: story.events.len(),
        expectations: story.expect.len(),
        failed: failed.into_iter().map(|(_, unmet)| unmet).collect(),
    }
}

fn position(policy: &Policy, span: &Range<usize>) -> (usize, usize) {
    Diagnostic::new(Code::NoReachingStory, &policy.source, span.clone(), "").position()
}

struct Teller<'t> {
    engine: &'t Engine,
    escalation: &'t Escalation,
    state: State,
    begins: Timestamp,
    /// How often each post was posted: what is told again is an edit.
    edits: BTreeMap<String, u64>,
    /// The highest rung that each expectation's subject reached so far, from 1.
    highest: Vec<Option<usize>>,
}

impl Teller<'_> {
    fn tell(&mut self, happening: &Happening) {
        let at = self.begins.after(happening.at);
        match &happening.what {
            What::Posted {
                post,
                hits,
                text,
                author,
                thread,
                community,
                targets,
            } => {
                let judged = text.as_ref().map(|text| self.judge(text, targets));
                let (kinds, targets) = judged.unwrap_or_else(|| (*hits, targets.clone()));
                let next = self.edits.entry(post.clone()).or_default();
                let revision = *next;
                *next += 1;
                self.state.apply(Event::Posted(Posted {
                    post,
                    revision,
                    at,
                    kinds,
                    author: author.as_deref(),
                    thread: thread.as_deref(),
                    community: community.as_deref(),
                    targets: &targets,
                }));
            }
            What::Answered(post, outcome) => {
                let outcome = *outcome;
                self.state.apply(Event::Answered { post, outcome, at });
            }
            What::Deleted(post) => {
                self.state.apply(Event::Deleted { post, at });
            }
            What::Closed(kind, id) => {
                let kind = *kind;
                self.state.apply(Event::Closed { kind, id, at });
            }
        }
    }

    /// What hits a text is, and against whom.
    fn judge(&self, text: &str, targets: &[String]) -> (Kinds, Vec<String>) {
        let decision = self.engine.decide(&Post {
            text: text.into(),
            targets: targets.iter().map(|id| id.as_str().into()).collect(),
            ..Post::default()
        });
        (hits_of(self.escalation, &decision), decision.targets)
    }

    /// Notes how high those stand of whom it is asked how high they ever stood.
    fn climb(&mut self, expect: &[Expectation]) {
        for (at, expect) in expect.iter().enumerate().filter(|(_, it)| it.ever) {
            let rung = self.case(expect).and_then(|case| self.rung(expect, &case));
            if let Some(highest) = self.highest.get_mut(at) {
                *highest = (*highest).max(rung);
            }
        }
    }

    fn ladder(&self, expect: &Expectation) -> Option<&Ladder> {
        self.escalation.ladders.get(expect.ladder.0)
    }

    fn case(&mut self, expect: &Expectation) -> Option<Case> {
        let ladder = self.ladder(expect)?;
        let (kind, name) = (ladder.subject, Arc::clone(&ladder.name));
        let cases = self.state.cases_of(kind, &expect.subject);
        cases.into_iter().find(|case| case.ladder == name)
    }

    /// The rung of a case, from 0.
    fn rung(&self, expect: &Expectation, case: &Case) -> Option<usize> {
        let rungs = &self.ladder(expect)?.rungs;
        let name = case.rung.as_ref()?;
        rungs.iter().position(|rung| rung.name == *name)
    }

    /// Whether an expectation is met now.
    fn look(&mut self, policy: &Policy, at: usize, expect: &Expectation) -> Option<Unmet> {
        let now = expect.at.map(|at| self.begins.after(at));
        self.state
            .advance(now.unwrap_or_default().max(self.state.now()));
        let case = self.case(expect);
        let ladder = self.ladder(expect)?;
        let stands = match expect.ever {
            true => self.highest.get(at).copied().flatten(),
            false => case.as_ref().and_then(|case| self.rung(expect, case)),
        };
        let findings = case.as_ref().map_or(&[][..], |case| &case.findings);
        let met: Vec<&str> = findings
            .iter()
            .filter(|finding| finding.met)
            .map(|finding| &*finding.id)
            .collect();
        let wanted = expect.findings.as_ref().map(|ids| {
            let mut wanted: Vec<&str> = ids.iter().map(|id| &**id).collect();
            wanted.sort_unstable();
            wanted
        });
        let mut sorted = met.clone();
        sorted.sort_unstable();
        let as_found = wanted.as_ref().is_none_or(|wanted| *wanted == sorted);
        if stands == expect.rung && as_found {
            return None;
        }
        let subject = Subject {
            kind: ladder.subject,
            id: expect.subject.as_str().into(),
        };
        let (line, column) = position(policy, &expect.span);
        Some(Unmet {
            line,
            column,
            expected: expected(expect, ladder, &subject),
            happened: happened(stands, ladder, case.as_ref(), self.begins),
        })
    }
}

fn on_rung(rung: Option<usize>, ladder: &Ladder) -> String {
    match rung.and_then(|rung| ladder.rungs.get(rung)) {
        Some(rung) => format!("`{}`", rung.name),
        None => "no rung".to_owned(),
    }
}

fn expected(expect: &Expectation, ladder: &Ladder, subject: &Subject) -> String {
    let rung = on_rung(expect.rung, ladder);
    let mut told = match expect.at {
        _ if expect.ever => format!("{subject} reaches {rung} at most"),
        Some(at) => format!("{subject} stands on {rung} after {at}"),
        None => format!("{subject} stands on {rung} at the end"),
    };
    if let Some(findings) = &expect.findings {
        told.push_str(&format!(" with {}", findings.join(", ")));
    }
    told
}

/// Where the subject stands, and the numbers that led there or that are lacking.
fn happened(
    stands: Option<usize>,
    ladder: &Ladder,
    case: Option<&Case>,
    begins: Timestamp,
) -> String {
    let mut told = on_rung(stands, ladder);
    let Some(case) = case else { return told };
    if let Some(step) = case.history.last() {
        let at = step.at.since(begins);
        let numbers = step.numbers.iter();
        let numbers: Vec<String> = numbers
            .map(|number| format!("{} {} (asked {})", number.name, number.value, number.asked))
            .collect();
        let because = match numbers.is_empty() {
            true => step.because.en.trim_end_matches('.').to_lowercase(),
            false => numbers.join(", "),
        };
        told.push_str(&format!(", since {at}: {because}"));
    }
    for (heading, met) in [("met", true), ("not met", false)] {
        let of = case.findings.iter().filter(|finding| finding.met == met);
        let of: Vec<String> = of.map(finding_told).collect();
        if !of.is_empty() {
            told.push_str(&format!("; {heading}: {}", of.join(", ")));
        }
    }
    told
}

fn finding_told(finding: &Finding) -> String {
    let numbers = finding.numbers.iter();
    let numbers: Vec<String> = numbers
        .map(|number| format!("{} {}", number.name, number.value))
        .collect();
    format!("{} ({})", finding.id, numbers.join(", "))
}
