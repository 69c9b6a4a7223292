//! Invented stories, told to the engine with the shipped policies: where each must lead, however it
//! is delivered. The stories are the files in `tests/scenarios/`.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use vigie::engine::Engine;
use vigie::escalate::{Bounds, Event, Posted, State, hits_of};
use vigie::evaluate::{Wishes, evaluate};
use vigie::model::{EvidenceKey, Outcome, Post, Span, SubjectKind, Timestamp, duration_seconds};
use vigie::policy::{Kinds, check, shipped};
use vigie::registry::{Alias, AliasKind, Registry, RegistryKey};
use vigie::ruleset::Levels;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Story {
    story: String,
    lang: Option<String>,
    community: String,
    /// Protected people: what each is known under.
    #[serde(default)]
    registry: BTreeMap<String, Vec<Known>>,
    /// On which rung each subject stands in the end: `none`, or one of several.
    expect: BTreeMap<String, OneOrMore>,
    /// The highest rung that each subject reached.
    #[serde(default)]
    ever: BTreeMap<String, OneOrMore>,
    posts: Vec<Line>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    kind: String,
    written: String,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    fn has(&self, rung: &str) -> bool {
        match self {
            Self::One(one) => one == rung,
            Self::More(more) => more.iter().any(|one| one == rung),
        }
    }
}

/// Something that happens; with `repeat`, several times.
#[derive(Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Line {
    at: String,
    every: String,
    repeat: usize,
    author: String,
    thread: String,
    /// Unless told, the story's.
    community: String,
    targets: Vec<String>,
    reply_to_author: Option<String>,
    revision: u64,
    id: String,
    text: String,
    texts: Vec<String>,
    outcome: String,
    deleted: String,
    closed: String,
    post: String,
}

/// What is told to the state.
#[derive(Clone)]
enum Told {
    Posted {
        post: String,
        revision: u64,
        community: String,
        at: Timestamp,
        kinds: Kinds,
        author: String,
        thread: String,
        targets: Vec<String>,
    },
    Answered(String, Outcome, Timestamp),
    Deleted(String, Timestamp),
    Closed(SubjectKind, String, Timestamp),
}

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let pack = check(shipped()).pack.unwrap();
    Engine::new(pack, Levels::default())
});

/// `14d2h` after the story begins, or an instant in RFC 3339.
fn instant(written: &str) -> Timestamp {
    let begin = Timestamp::parse("2026-03-01T00:00:00Z").unwrap();
    Timestamp::parse(written).unwrap_or_else(|| begin.after(offset(written)))
}

/// `14d2h`
fn offset(written: &str) -> Span {
    let pieces = written.split_inclusive(|c: char| c.is_ascii_alphabetic());
    Span::from_seconds(pieces.map(|piece| duration_seconds(piece).unwrap()).sum())
}

/// `u{n}` and `u{n%40}`
fn numbered(written: &str, n: usize) -> String {
    let Some((before, rest)) = written.split_once("{n") else {
        return written.to_owned();
    };
    let (modulo, after) = rest.split_once('}').unwrap();
    let n = match modulo.strip_prefix('%') {
        Some(modulo) => n % modulo.parse::<usize>().unwrap(),
        None => n,
    };
    format!("{before}{n}{after}")
}

impl Story {
    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap();
        serde_yaml::from_str(&text).unwrap_or_else(|wrong| panic!("{}: {wrong}", path.display()))
    }

    fn told(&self) -> Vec<Told> {
        let registered = self.registered();
        let mut told = Vec::new();
        for line in &self.posts {
            let mut at = instant(&line.at);
            for n in 0..line.repeat.max(1) {
                told.push(self.one(line, n, (at, told.len()), registered.as_ref()));
                at = at.after(offset(&line.every));
            }
        }
        told
    }

    /// Who of the registry stands in posts.
    fn registered(&self) -> Option<Registry> {
        let secret = vec![7; 16];
        let name = "k1".to_owned();
        let key = RegistryKey::new(&EvidenceKey { name, secret }).unwrap();
        let entry = |target: &str, known: &Known| {
            let alias = Alias {
                kind: AliasKind::named(&known.kind).unwrap(),
                written: &known.written,
                country: None,
            };
            key.entry(target, &alias).unwrap()
        };
        let people = self.registry.iter();
        let entries: Vec<_> = people
            .flat_map(|(target, all)| all.iter().map(|known| entry(target, known)))
            .collect();
        (!entries.is_empty()).then(|| Registry::new(&key, &entries))
    }

    fn one(
        &self,
        line: &Line,
        n: usize,
        (at, number): (Timestamp, usize),
        registry: Option<&Registry>,
    ) -> Told {
        if !line.outcome.is_empty() {
            return Told::Answered(
                line.post.clone(),
                Outcome::named(&line.outcome).unwrap(),
                at,
            );
        }
        if !line.deleted.is_empty() {
            return Told::Deleted(line.deleted.clone(), at);
        }
        if let Some((kind, id)) = line.closed.split_once('/') {
            return Told::Closed(SubjectKind::named(kind).unwrap(), id.to_owned(), at);
        }
        let text = line
            .texts
            .get(n % line.texts.len().max(1))
            .unwrap_or(&line.text);
        let post = Post {
            id: match line.id.as_str() {
                "" => format!("n{number}").into(),
                id => id.into(),
            },
            text: text.as_str().into(),
            author: Some(numbered(&line.author, n).into()),
            targets: line
                .targets
                .iter()
                .map(|target| target.as_str().into())
                .collect(),
            reply_to_author: line.reply_to_author.as_deref().map(Into::into),
            lang: self
                .lang
                .as_deref()
                .filter(|_| line.texts.is_empty())
                .map(Into::into),
            ..Post::default()
        };
        let wishes = Wishes {
            registry,
            ..Wishes::default()
        };
        let decision = evaluate(ENGINE.ruleset(), &post, wishes);
        Told::Posted {
            kinds: hits_of(&ENGINE.ruleset().pack().escalation, &decision),
            post: post.id.into_owned(),
            revision: line.revision,
            community: match line.community.as_str() {
                "" => self.community.clone(),
                other => other.to_owned(),
            },
            at,
            author: numbered(&line.author, n),
            thread: numbered(&line.thread, n),
            targets: decision.targets,
        }
    }

    /// The last and the highest rung of each subject after all was told, in this order.
    fn rungs(&self, told: &[Told]) -> BTreeMap<String, (String, String)> {
        let escalation = Arc::clone(&ENGINE.ruleset().pack().escalation);
        let mut state = State::new(escalation, Bounds::default(), 1);
        for told in told {
            tell(&mut state, told);
        }
        let end = state.now();
        state.advance(end);
        let none = || "none".to_owned();
        let name = |rung: &Option<Arc<str>>| rung.as_ref().map_or_else(none, ToString::to_string);
        let rungs = state.cases().into_iter().map(|case| {
            let height = |rung: &Option<Arc<str>>| {
                let ladders = ENGINE.ruleset().pack().escalation.ladders.iter();
                let mut ladder = ladders.filter(|ladder| ladder.name == case.ladder);
                let rungs = &ladder.next().unwrap().rungs;
                rungs.iter().position(|of| Some(&of.name) == rung.as_ref())
            };
            let ever = case
                .history
                .iter()
                .map(|step| &step.rung)
                .max_by_key(|rung| height(rung));
            let ever = ever.map_or_else(none, name);
            (case.subject.to_string(), (name(&case.rung), ever))
        });
        rungs.collect()
    }
}

fn tell(state: &mut State, told: &Told) {
    state.apply(match told {
        Told::Posted {
            post,
            revision,
            community,
            at,
            kinds,
            author,
            thread,
            targets,
        } => Event::Posted(Posted {
            post,
            revision: *revision,
            at: *at,
            kinds: *kinds,
            author: Some(author),
            thread: Some(thread).filter(|id| !id.is_empty()).map(String::as_str),
            community: Some(community),
            targets,
        }),
        Told::Answered(post, outcome, at) => Event::Answered {
            post,
            outcome: *outcome,
            at: *at,
        },
        Told::Deleted(post, at) => Event::Deleted { post, at: *at },
        Told::Closed(kind, id, at) => Event::Closed {
            kind: *kind,
            id,
            at: *at,
        },
    });
}

fn stories() -> Vec<(String, Story)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let entries = fs::read_dir(folder).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_stem().unwrap().to_string_lossy().into_owned();
    paths
        .iter()
        .map(|path| (name(path), Story::read(path)))
        .collect()
}

#[test]
fn every_story_leads_where_it_should() {
    let mut wrong = Vec::new();
    for (name, story) in stories() {
        let rungs = story.rungs(&story.told());
        let none = ("none".to_owned(), "none".to_owned());
        for (subject, expected) in &story.expect {
            let (last, _) = rungs.get(subject).unwrap_or(&none);
            if !expected.has(last) {
                wrong.push(format!(
                    "{name}: {subject} stands on {last}. {}",
                    story.story
                ));
            }
        }
        for (subject, expected) in &story.ever {
            let (_, ever) = rungs.get(subject).unwrap_or(&none);
            if !expected.has(ever) {
                wrong.push(format!("{name}: {subject} reached {ever}. {}", story.story));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn delivered_three_times_and_backwards_it_leads_to_the_same() {
    for (name, story) in stories() {
        let told = story.told();
        let backwards: Vec<Told> = told.iter().rev().cloned().collect();
        let thrice = [backwards.clone(), told.clone(), backwards].concat();
        assert_eq!(story.rungs(&thrice), story.rungs(&told), "{name}");
    }
}
