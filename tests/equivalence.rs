//! Finding everything at once finds what finding one by one does: on random policies and posts, made
//! of the same few words so that they meet.
#![expect(clippy::indexing_slicing, reason = "what panics fails the test")]

use crate::slow_matcher::{Crossed, Places, SlowMatcher, numbers_one_by_one, words_one_by_one};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write;
use std::sync::atomic::{AtomicUsize, Ordering};
use vigie::engine::Engine;
use vigie::model::Post;
use vigie::policy::{RawFile, SignalId, SignalKind, check};
use vigie::ruleset::{Levels, Page, Scratch, Undisguised};
use vigie::text::{Key, Outline, fold_term};

/// Words of policies and posts: short and long ones, beginnings of each other, and such as folding
/// changes or leaves beyond ASCII.
const WORDS: &[&str] = &[
    "you",
    "your",
    "yours",
    "kill",
    "killer",
    "killing",
    "skill",
    "kills",
    "hurt",
    "house",
    "the",
    "them",
    "tonight",
    "murderer",
    "murderers",
    "strangle",
    "strangulation",
    "strangulations",
    "te",
    "tuer",
    "tueur",
    "je",
    "vais",
    "maison",
    "à",
    "élève",
    "cœur",
    "straße",
    "вор",
    "字字",
    "🔪",
    "p2p",
    "48",
    "4815",
    "anticonstitutionnellement",
    "of",
    "i",
];

/// How many of them one policy and its posts are made of.
const WORDS_AT_ONCE: usize = 5;

/// Parts of terms: `A` and `B` stand for words.
const SEGMENTS: &[&str] = &[
    "A",
    "A",
    "A",
    "A",
    "(A|B)",
    "(A|)",
    "A*",
    "*A",
    "*A*",
    "(A B|C)",
    "(A*|*B)",
    "A-B",
    "(A|B)s",
    "(A|B|A C)",
    "(|A|B B)",
    "pre(A|B)",
    "un(|A)",
];

/// Expressions: `A`, `B` and `C` stand for words, `U` for the first with a capital.
const EXPRESSIONS: &[&str] = &[
    r"\bA\b",
    r"A",
    r"A(?:s|ed)?\s+(?:B|C)",
    r"\bA\W{1,3}B\w*",
    r"\b(?:A|B) (?:C|A)\b",
    r"\b(?:A|B)s?\b.{0,12}\bC\b",
    r"\d{2,4}-?x\d",
    r"\b\d{1,3}\s+(?:A|B)\b",
    r"\bA\w{0,8}\b",
    r"\b\w{0,4}A\b",
    r"(?:A|B).{0,20}C",
    r"\bA\b.*\bB\b",
    r"[a-z]+\d",
    r"\b(?:\d{3}[ .-]?)?\d{4}\b",
    r"\+\d{6,9}",
    r"\(?\d{3}\)?[ -]\d{3}",
    r"(?i)U\b",
    r"\b(?i:U) B",
    r#""[^"]{1,30}""#,
    r"(?:A\s+){2,}B",
    r"\b(?:A[- ]?)?(?:B|C)\b",
    r"^A\b",
    r"\bA$",
    r"(?m)^\W*A\b",
    r"A|B C|\d{5}",
    r"\bA[a-z]{1,6}B?\b",
    r"[^a-z]A[^a-z]",
    r"(?:A|B)(?:[.!?]|$)",
    r"\b(?:A|B) \d+(?:,\d+)*",
    r"A.{0,600}B",
    r"C (?i:A|B A) (?i:U)",
    r"\b(?:A|B) (?:B|C) [a-z]+",
    r"\b(?:A|B) ?#?\d{1,4}\b",
];

/// What posts say, in which words or numbers may stand.
const PIECES: &[&str] = &[
    "A",
    "A",
    "A",
    "A",
    "A",
    "A",
    "A B",
    "A B",
    "A B C",
    "C A A",
    "C B A A",
    "A12",
    "A, B",
    "AB",
    "As",
    "Aed",
    "unA",
    "A A B",
    "\"A B\"",
    "555-1234",
    "12x4",
    "123-x5",
    "48 A",
    "7 A",
    "+33612345",
    "(555) 123",
    "4815162342",
    "abc1",
    "A 12,5",
    "and",
    "la",
    "e",
    "@A",
    "A@B.example",
    "A.",
    "preA",
    "A_B",
];

/// How words may be written.
#[derive(Clone, Copy, Debug)]
enum Dress {
    Plain,
    Capitals,
    Wide,
    Accents,
    Leet,
    Dotted,
    Spaced,
    Stretched,
    Starred,
    Invisible,
}

const JOINTS: &[&str] = &[
    " ",
    " ",
    " ",
    " ",
    " ",
    " ",
    " ",
    "\n",
    ", ",
    ". ",
    "! ",
    "-",
    "'",
    "",
    "  ",
    "_",
    "/",
    " ... ",
    "\u{200b}",
    " 🙂 ",
    "🔪",
    " &amp; ",
    "&amp;",
    "&#32;",
    "\u{301} ",
    "*",
    "        ",
    "         ",
    " @",
    "€",
    "\u{a0}",
    "\t",
    " 1 ",
    "°",
    "•",
    "\u{3000}",
];

/// What is cut from a text that is longer than a block of bits, so that all else is moved.
const PADS: &[&str] = &["z", "zz y ", "é", "ab, ", "0", ".", "🙂", " "];

fn fill(template: &str, words: &[&str], which: &[usize]) -> String {
    let word = |at: usize| words[which[at]];
    let mut filled = String::new();
    for c in template.chars() {
        match c {
            'A' => filled.push_str(word(0)),
            'B' => filled.push_str(word(1)),
            'C' => filled.push_str(word(2)),
            'U' => {
                let mut letters = word(0).chars();
                filled.extend(letters.next().into_iter().flat_map(char::to_uppercase));
                filled.push_str(letters.as_str());
            }
            other => filled.push(other),
        }
    }
    filled
}

fn dressed(text: &str, dress: Dress) -> String {
    let swapped = |from: &str, to: &str| {
        let swap = |c| {
            from.chars()
                .position(|f| f == c)
                .and_then(|at| to.chars().nth(at))
        };
        text.chars().map(|c| swap(c).unwrap_or(c)).collect()
    };
    let joined = |joint: &str| {
        let letters: Vec<String> = text.chars().map(String::from).collect();
        letters.join(joint)
    };
    match dress {
        Dress::Plain => text.to_owned(),
        Dress::Capitals => text.to_uppercase(),
        Dress::Wide => swapped("abdehikorstuy", "ａｂｄｅｈｉｋｏｒｓｔｕｙ"),
        Dress::Accents => swapped("aeiouc", "âéïôùç"),
        Dress::Leet => swapped("ieoa", "1304"),
        Dress::Dotted => joined("."),
        Dress::Spaced => joined(" "),
        Dress::Stretched => text.replace('e', "eeee").replace('i', "iiii"),
        Dress::Starred => swapped("iou", "***"),
        Dress::Invisible => joined("\u{200b}"),
    }
}

/// A template, and which of the words are filled in.
fn filled(templates: &'static [&'static str]) -> impl Strategy<Value = Filled> {
    let which = prop::collection::vec(0..WORDS_AT_ONCE, 3);
    (prop::sample::select(templates), which)
}

type Filled = (&'static str, Vec<usize>);

/// A piece of a post, how it is written, and what stands behind it.
type Said = (Filled, Dress, &'static str);

/// What a signal looks for.
#[derive(Clone, Debug)]
enum Plan {
    Terms {
        terms: Vec<Vec<Filled>>,
        is_plain: bool,
        /// They stand only where a phrase begins.
        opens: bool,
    },
    /// One term, with a gap or any word behind its first segments.
    Gapped {
        before: Vec<Filled>,
        gap: &'static str,
        behind: Vec<Filled>,
    },
    Expressions {
        expressions: Vec<Filled>,
        view: &'static str,
    },
}

fn plans() -> impl Strategy<Value = Plan> {
    let phrase = || prop::collection::vec(filled(SEGMENTS), 1..4);
    let flags = (any::<bool>(), any::<bool>());
    let terms = (prop::collection::vec(phrase(), 1..4), flags);
    let side = || prop::collection::vec(filled(SEGMENTS), 1..3);
    let gap = prop::sample::select(vec!["...", "...", "*"]);
    let view = prop::sample::select(vec!["plain", "plain", "spelled", "raw"]);
    prop_oneof![
        3 => terms.prop_map(|(terms, (is_plain, opens))| Plan::Terms { terms, is_plain, opens }),
        1 => (side(), gap, side()).prop_map(|(before, gap, behind)| Plan::Gapped { before, gap, behind }),
        3 => (prop::collection::vec(filled(EXPRESSIONS), 1..3), view)
            .prop_map(|(expressions, view)| Plan::Expressions { expressions, view }),
    ]
}

fn phrase(segments: &[Filled], words: &[&str]) -> String {
    let segments = segments
        .iter()
        .map(|(template, which)| fill(template, words, which));
    segments.collect::<Vec<_>>().join(" ")
}

/// The signal as an author writes it.
fn signal(plan: &Plan, words: &[&str]) -> String {
    match plan {
        Plan::Terms {
            terms,
            is_plain,
            opens,
        } => {
            let caret = if *opens { "^" } else { "" };
            let written = |term: &Vec<Filled>| format!("{caret}{}", phrase(term, words));
            let terms: Vec<String> = terms.iter().map(written).collect();
            let view = if *is_plain { ", view: plain" } else { "" };
            format!("{{terms: {{any: {terms:?}}}{view}}}")
        }
        Plan::Gapped {
            before,
            gap,
            behind,
        } => {
            let (before, behind) = (phrase(before, words), phrase(behind, words));
            format!("{{terms: {{any: [\"{before} {gap} {behind}\"]}}}}")
        }
        Plan::Expressions { expressions, view } => {
            let folded: Vec<String> = words.iter().map(|word| fold_term(word)).collect();
            let folded: Vec<&str> = folded.iter().map(String::as_str).collect();
            let words = if *view == "raw" { words } else { &folded };
            let quoted = |(template, which): &Filled| format!("'{}'", fill(template, words, which));
            let expressions: Vec<String> = expressions.iter().map(quoted).collect();
            format!("{{regex: [{}], view: {view}}}", expressions.join(", "))
        }
    }
}

/// A policy with a rule for each signal, and for some pairs of them.
fn policy(signals: &[String], pairs: &[(usize, usize)]) -> String {
    let mut text = "policy: {id: p, version: 1.0.0, category: harm.test, title: {en: t, fr: t}}\n\
         decide: [{at: 10, do: note}]\nsignals:\n"
        .to_owned();
    for (at, signal) in signals.iter().enumerate() {
        let _ = writeln!(text, "  s{at}: {signal}");
    }
    text.push_str("rules:\n");
    let alone = (0..signals.len()).map(|at| (format!("r{at}"), format!("s{at}")));
    let pairs = pairs
        .iter()
        .filter(|(one, other)| one != other && one.max(other) < &signals.len());
    let pairs: BTreeSet<_> = pairs.collect();
    let pairs = pairs
        .iter()
        .map(|(a, b)| (format!("r{a}-{b}"), format!("s{a}, s{b}")));
    // Without rules for each signal alone, the rarer one of each pair is waited for.
    let alone = alone.filter(|_| pairs.len() == 0);
    let rules: Vec<_> = alone.chain(pairs.clone()).collect();
    for (id, signals) in &rules {
        let _ = writeln!(
            text,
            "  - {{id: {id}, when: {{all: [{signals}]}}, points: 50, because: {{en: e, fr: f}}}}"
        );
    }
    let ids: Vec<&str> = rules.iter().map(|(id, _)| id.as_str()).collect();
    let ids = ids.join(", ");
    let _ = writeln!(text, "tests:\n  - {{hit: [{ids}], examples: [x]}}");
    let _ = writeln!(text, "  - {{miss: [{ids}], examples: [y]}}");
    text
}

fn posts() -> impl Strategy<Value = Vec<Said>> {
    use Dress::{
        Accents, Capitals, Dotted, Invisible, Leet, Plain, Spaced, Starred, Stretched, Wide,
    };
    let dress = prop_oneof![
        12 => Just(Plain),
        4 => prop::sample::select(vec![Capitals, Wide, Accents, Leet, Dotted, Spaced, Stretched, Starred, Invisible]),
    ];
    prop::collection::vec((filled(PIECES), dress, prop::sample::select(JOINTS)), 0..24)
}

/// A policy and posts.
#[derive(Clone, Debug)]
struct Case {
    policy: String,
    posts: Vec<String>,
}

fn cases() -> impl Strategy<Value = Case> {
    let words = prop::collection::vec(prop::sample::select(WORDS), WORDS_AT_ONCE);
    let pairs = prop::collection::vec((0..4usize, 0..4usize), 0..3);
    let pad = (
        prop::sample::select(PADS),
        prop_oneof![Just(0), 20..70usize, 50..140usize],
    );
    let posts = prop::collection::vec((pad, posts()), 1..8);
    let all = (words, prop::collection::vec(plans(), 1..5), pairs, posts);
    all.prop_map(|(words, plans, pairs, posts)| {
        let signals: Vec<String> = plans.iter().map(|plan| signal(plan, &words)).collect();
        let written = |((pad, times), pieces): &((&str, usize), Vec<Said>)| {
            let mut text = pad.repeat(*times);
            for ((template, which), dress, joint) in pieces {
                text += &dressed(&fill(template, &words, which), *dress);
                text += joint;
            }
            text
        };
        Case {
            policy: policy(&signals, &pairs),
            posts: posts.iter().map(written).collect(),
        }
    })
}

/// The engine of a policy, unless the policy is refused.
fn engine(policy: &str) -> Option<Engine> {
    let file = RawFile {
        name: "p.yaml".to_owned(),
        bytes: policy.as_bytes().to_vec(),
    };
    let pack = check(vec![file]).pack?;
    Some(Engine::new(
        pack,
        Levels {
            enforce: 4,
            observe: 4,
        },
    ))
}

/// Whether a letter of `a-z` touches one beyond. To an expression a word ends there, to all else it
/// goes on: `\bkill\b` alone finds `kill字`, which is no word that is looked up.
fn mixes_scripts(text: &str) -> bool {
    let is_ascii = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let is_beyond = |c: char| !c.is_ascii() && c.is_alphanumeric();
    let pairs = text.chars().zip(text.chars().skip(1));
    pairs
        .into_iter()
        .any(|(one, next)| is_ascii(one) && is_beyond(next) || is_beyond(one) && is_ascii(next))
}

/// Compares all that is found in a post, and the rules that fire.
fn agree(engine: &Engine, slow: &SlowMatcher, post: &str) -> Result<(), String> {
    let mut page = Page::default();
    let reading = page.read(post);
    let matcher = engine.ruleset().matcher();
    let found = matcher.see(&reading);
    let mut scratch = Scratch::default();
    let undisguised = matcher.undisguise(&reading, &mut scratch);
    let spelled = undisguised.as_ref().map(Undisguised::spelled);
    let [forward, backward] =
        [Crossed::Forward, Crossed::Backward].map(|crossed| slow.see(&reading, spelled, crossed));
    let pack = engine.ruleset().pack();
    for (at, (forward, backward)) in forward.iter().zip(&backward).enumerate() {
        let found = found
            .of(SignalId(at))
            .iter()
            .map(|span| (span.start, span.end));
        let found: Places = found.collect();
        let is_expression = matches!(pack.signals[at].kind, SignalKind::Regex(_));
        if is_expression && mixes_scripts(reading.plain.text()) {
            continue;
        }
        if found != *forward && found != *backward {
            let name = &pack.signals[at].name;
            return Err(format!(
                "{name}: found {found:?}, but one by one {forward:?} (or {backward:?})"
            ));
        }
    }
    let stands = |name: &str| {
        let at = pack.signals.iter().position(|signal| *signal.name == *name);
        !found.of(SignalId(at.unwrap())).is_empty()
    };
    let rules = pack.policies.iter().flat_map(|policy| &policy.rules);
    let holds = |id: &str| {
        id[1..]
            .split('-')
            .all(|signal| stands(&format!("s{signal}")))
    };
    let expected: BTreeSet<&str> = rules.map(|rule| &*rule.id).filter(|id| holds(id)).collect();
    if !expected.is_empty() && !matcher.may_fire(&reading, undisguised.as_ref(), &mut scratch) {
        return Err(format!("{expected:?} can't fire, it is said"));
    }
    let decision = engine.decide(&Post::of_text(post));
    let fired: BTreeSet<&str> = decision
        .reasons
        .iter()
        .map(|reason| &*reason.rule)
        .collect();
    match fired == expected {
        true => Ok(()),
        false => Err(format!("{fired:?} fired instead of {expected:?}")),
    }
}

static TRIED: AtomicUsize = AtomicUsize::new(0);
static ACCEPTED: AtomicUsize = AtomicUsize::new(0);

fn check_case(case: &Case) -> Result<(), TestCaseError> {
    TRIED.fetch_add(1, Ordering::Relaxed);
    let Some(engine) = engine(&case.policy) else {
        return Ok(());
    };
    ACCEPTED.fetch_add(1, Ordering::Relaxed);
    let slow = SlowMatcher::of(engine.ruleset().pack());
    for post in case
        .posts
        .iter()
        .map(String::as_str)
        .chain(POSTS.iter().copied())
    {
        if let Err(difference) = agree(&engine, &slow, post) {
            return Err(TestCaseError::fail(format!(
                "{difference}\n{}\n{post:?}",
                case.policy
            )));
        }
    }
    Ok(())
}

/// Posts of people, invented.
const POSTS: &[&str] = &[
    "I will never understand why the house on the hill is so cheap. Are you coming tonight?",
    "Kill the lights, would you? The killer whale documentary starts at 8, and it's killing me.",
    "Je vais à la maison ; l'élève a le cœur gros. Te voilà !\nTu vas tuer le temps comment ?",
    "Your skills: 48 of 50. Call (555) 123-4567 or +33612345678 before tonight, \"the house\" is yours.",
    "He said \"I will k1ll you\", the strangulations of the law notwithstanding. K I L L them? No.",
    "La Straße était vide, le tueur aussi… 🔪🔪 Vor der Tür: вор!",
];

#[test]
fn all_at_once_finds_what_one_by_one_does() {
    let config = ProptestConfig {
        cases: 3_000,
        failure_persistence: None,
        max_shrink_iters: 4_000,
        ..ProptestConfig::default()
    };
    proptest!(config, |(case in cases())| check_case(&case)?);
    let (tried, accepted) = (
        TRIED.load(Ordering::Relaxed),
        ACCEPTED.load(Ordering::Relaxed),
    );
    assert!(
        accepted * 10 > tried * 7,
        "only {accepted} of {tried} policies were accepted"
    );
}

/// What random policies and posts once found: signals and a post.
const ONCE_FOUND: &[(&str, &str)] = &[
    // The window of a beginning reaches back from where the beginning ends, not the word.
    (r"{regex: ['\bthe kill'], view: plain}", "the killer"),
];

#[test]
fn what_was_once_found_is_mended() {
    let mut wrong = Vec::new();
    for (signal, post) in ONCE_FOUND {
        let engine = engine(&policy(&[(*signal).to_owned()], &[])).unwrap();
        let slow = SlowMatcher::of(engine.ruleset().pack());
        if let Err(difference) = agree(&engine, &slow, post) {
            wrong.push(format!("{signal} on {post:?}: {difference}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A run of accented letters is longer in the post than one edit of a view counts.
#[test]
fn long_runs_of_accented_letters_are_read() {
    let signals = ["{terms: {any: [élève]}}".to_owned()];
    let engine = engine(&policy(&signals, &[])).unwrap();
    let slow = SlowMatcher::of(engine.ruleset().pack());
    let post = format!("{}lève", "é".repeat(140));
    agree(&engine, &slow, &post).unwrap();
}

fn check_outline(text: &str) -> Result<(), TestCaseError> {
    let outline = Outline::of(text);
    let words = words_one_by_one(text);
    let key = |word: &vigie::text::Word| Key::of(&text[word.start as usize..word.end as usize]);
    prop_assert_eq!(outline.words(), &*words, "{:?}", text);
    prop_assert_eq!(
        outline.keys(),
        &*words.iter().map(key).collect::<Vec<_>>(),
        "{:?}",
        text
    );
    prop_assert_eq!(outline.numbers(), &*numbers_one_by_one(text), "{:?}", text);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_outline_is_what_reading_character_by_character_gives(text in prop_oneof![
        any::<String>(),
        "[a-z0-9_ .,'é字🔪🙂\u{1f3fb}٣€]{0,200}",
        "[a-z0-9_]{0,150}",
        "[字🔪é٣]{0,60}",
    ]) {
        // At every place in a block of bits.
        for moved in 0..=64 {
            check_outline(&format!("{}{text}", " ".repeat(moved)))?;
            check_outline(&format!("{}{text}", "x".repeat(moved)))?;
        }
    }
}
