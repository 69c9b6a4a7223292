//! What holds for whatever stands in a policy file.

use proptest::prelude::*;
use std::time::Duration;
use vigie::diagnostics::{Diagnostic, Severity, to_json, to_text};
use vigie::limits::{POLICY_BYTES_MAX, POLICY_DEPTH_MAX};
use vigie::policy::{Checked, RawFile, check};

/// A policy in which every key stands at least once.
const EVERYTHING: &str = include_str!("policies/everything.yaml");

fn file(name: &str, bytes: impl Into<Vec<u8>>) -> RawFile {
    RawFile {
        name: name.to_owned(),
        bytes: bytes.into(),
    }
}

/// Checks, and looks at what must hold of any answer.
fn checked(files: Vec<RawFile>) -> Checked {
    let checked = check(files);
    let errors = checked.count(Severity::Error);
    assert!(errors == 0 || checked.pack.is_none());
    assert!(errors > 0 || checked.pack.is_some());
    for diagnostic in &checked.diagnostics {
        let text = &diagnostic.source.text;
        assert!(
            text.get(diagnostic.span.clone()).is_some(),
            "{diagnostic:?}"
        );
        if let Some((span, _)) = &diagnostic.related {
            assert!(text.get(span.clone()).is_some(), "{diagnostic:?}");
        }
        assert!(!to_text(diagnostic, true).is_empty());
        assert!(to_json(diagnostic).is_object());
    }
    checked
}

/// What is said, in the order it is said.
fn said(diagnostics: &[Diagnostic]) -> Vec<String> {
    diagnostics.iter().map(|d| to_text(d, false)).collect()
}

/// One way in which a file goes wrong.
#[derive(Clone, Debug)]
enum Slip {
    Delete(usize),
    Double(usize),
    Swap(usize, usize),
    Indent(usize, &'static str),
    Cut(usize),
    Insert(usize, String),
    Remove(usize, usize),
}

fn slip() -> impl Strategy<Value = Slip> {
    let at = 0..5_000_usize;
    prop_oneof![
        at.clone().prop_map(Slip::Delete),
        at.clone().prop_map(Slip::Double),
        (at.clone(), at.clone()).prop_map(|(a, b)| Slip::Swap(a, b)),
        (
            at.clone(),
            prop::sample::select(&["\t", " ", "  ", "- "][..])
        )
            .prop_map(|(line, with)| Slip::Indent(line, with)),
        at.clone().prop_map(Slip::Cut),
        (at.clone(), marks()).prop_map(|(at, text)| Slip::Insert(at, text)),
        (at, 1..20_usize).prop_map(|(at, length)| Slip::Remove(at, length)),
    ]
}

/// Pieces that mean something to YAML, to terms, to expressions or to a terminal.
fn marks() -> impl Strategy<Value = String> {
    let known = prop::sample::select(
        &[
            "'",
            "\"",
            "[",
            "]",
            "{",
            "}",
            ": ",
            "- ",
            "#",
            "&a ",
            "*a",
            "!t ",
            "|\n",
            ">\n",
            "<<: ",
            "---\n",
            "...\n",
            "\r",
            "\r\n",
            "%",
            "@",
            "`",
            "~",
            "(",
            "|",
            ")",
            "*",
            "...",
            "\\",
            "\u{feff}",
            "\u{200b}",
            "\u{202e}",
            "\u{1b}[2J",
            "\0",
            "é",
            "👪",
            "null",
            "-1",
            "1e9",
            "99999999999999999999",
            "target",
            "policy: ",
            "any: ",
            "(?i)",
            "[^a]",
        ][..],
    );
    prop_oneof![known.prop_map(str::to_owned), "\\PC{0,6}"]
}

fn slipped(text: &str, slips: &[Slip]) -> String {
    let mut text = text.to_owned();
    for slip in slips {
        let mut lines: Vec<String> = text.split_inclusive('\n').map(str::to_owned).collect();
        let count = lines.len().max(1);
        let boundary = |at: usize| text.floor_char_boundary(at % (text.len() + 1));
        match slip {
            _ if lines.is_empty() => {}
            Slip::Delete(line) => {
                lines.remove(line % count);
                text = lines.concat();
            }
            Slip::Double(line) => {
                let line = line % count;
                lines.insert(line, lines.get(line).cloned().unwrap_or_default());
                text = lines.concat();
            }
            Slip::Swap(a, b) => {
                lines.swap(a % count, b % count);
                text = lines.concat();
            }
            Slip::Indent(line, with) => {
                lines.get_mut(line % count).unwrap().insert_str(0, with);
                text = lines.concat();
            }
            Slip::Cut(at) => text.truncate(boundary(*at)),
            Slip::Insert(at, what) => text.insert_str(boundary(*at), what),
            Slip::Remove(at, length) => {
                let start = boundary(*at);
                let end = text.floor_char_boundary((start + length).min(text.len()));
                text.replace_range(start..end.max(start), "");
            }
        }
    }
    text
}

fn config(cases: u32) -> ProptestConfig {
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config(300))]

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        checked(vec![file("a.yaml", bytes)]);
    }

    #[test]
    fn any_text_is_answered(text in "\\PC{0,200}") {
        checked(vec![file("a.yaml", text)]);
    }

    #[test]
    fn any_marks_are_answered(pieces in prop::collection::vec(marks(), 0..40)) {
        checked(vec![file("a.yaml", pieces.concat())]);
    }

    #[test]
    fn slips_are_answered(slips in prop::collection::vec(slip(), 1..6)) {
        let text = slipped(EVERYTHING, &slips);
        checked(vec![file("a.yaml", text)]);
    }

    #[test]
    fn order_of_files_and_line_endings_change_nothing(
        slips in prop::collection::vec(slip(), 0..3),
    ) {
        let text = slipped(EVERYTHING, &slips).replace('\r', "");
        let other = EVERYTHING.replace("everything", "lender").replace("threats.", "others.");
        let files = vec![file("a.yaml", text.clone()), file("b.yaml", other.clone())];
        let there = checked(files.clone());
        let back = checked(files.into_iter().rev().collect());
        prop_assert_eq!(said(&there.diagnostics), said(&back.diagnostics));
        let digest = |checked: &Checked| checked.pack.as_ref().map(|pack| pack.digest.clone());
        prop_assert_eq!(digest(&there), digest(&back));
        let files = [("a.yaml", text), ("b.yaml", other)];
        let windows = files.map(|(name, text)| file(name, text.replace('\n', "\r\n")));
        let windows = checked(windows.to_vec());
        prop_assert_eq!(digest(&there), digest(&windows));
        let brief = |checked: &Checked| -> Vec<_> {
            let each = |d: &Diagnostic| (d.code, d.position(), d.message.clone(), d.help.clone());
            checked.diagnostics.iter().map(each).collect()
        };
        prop_assert_eq!(brief(&there), brief(&windows));
    }
}

#[test]
fn a_policy_cut_anywhere_is_answered() {
    for end in (0..EVERYTHING.len()).step_by(3) {
        if let Some(text) = EVERYTHING.get(..end) {
            checked(vec![file("a.yaml", text)]);
        }
    }
}

#[test]
fn the_policy_with_everything_is_fine() {
    let checked = checked(vec![file("a.yaml", EVERYTHING)]);
    assert!(
        checked.diagnostics.is_empty(),
        "{}",
        said(&checked.diagnostics).join("\n")
    );
}

/// A file that would be slow or deep, and the code it must be refused with (none: it is fine).
type Bomb = (&'static str, String, Option<&'static str>);

const HEAD: &str = "policy: {id: big, version: 1.0.0, category: c, title: {en: Big, fr: Grand}}\n";

/// Many lines of the same form, each with its number.
fn lines(count: usize, line: impl Fn(usize) -> String) -> String {
    (0..count).map(|number| line(number) + "\n").collect()
}

fn yaml_bombs() -> Vec<Bomb> {
    let laughs = lines(12, |level| match level {
        0 => "a0: &a0 [ha, ha, ha, ha, ha, ha, ha, ha, ha, ha]".to_owned(),
        _ => {
            let names = vec![format!("*a{}", level - 1); 10].join(", ");
            format!("a{level}: &a{level} [{names}]")
        }
    });
    let text = "x".repeat(1 << 20);
    let long = format!("a: &a \"{text}\"\nb: [{}]\n", "*a, ".repeat(10_000));
    let anchors: String = (0..40).map(|level| format!("&a{level} [")).collect();
    let nested = format!("{anchors}x{}", "]".repeat(40));
    let deep = lines(3_000, |depth| format!("{}a:", " ".repeat(depth)));
    let key = "k".repeat(POLICY_BYTES_MAX - 10) + ": 1";
    let value = format!("policy: {}", "k ".repeat(1 << 21));
    vec![
        ("billion laughs", laughs, Some("too-many-nodes")),
        ("long text many times", long, Some("too-many-nodes")),
        ("nested anchors", nested, Some("wrong-type")),
        ("brackets", "[".repeat(100_000), Some("too-deep")),
        ("braces", "{a: ".repeat(100_000), Some("too-deep")),
        ("dashes", "- ".repeat(100_000), Some("too-deep")),
        ("deep block", deep, Some("too-deep")),
        ("long key", key, Some("bad-yaml")),
        ("long text", value, Some("wrong-type")),
        (
            "many keys",
            lines(200_000, |n| format!("k{n}: 1")),
            Some("unknown-key"),
        ),
        ("too big", " ".repeat(50 << 20), Some("file-too-big")),
    ]
}

fn policy_bombs() -> Vec<Bomb> {
    let words = format!("{HEAD}signals:\n  words:\n    terms:\n      any:\n");
    let terms = words.clone() + &lines(250_000, |n| format!("        - w{n} and more"));
    let groups = "(a|b)".repeat(12);
    let wide = words + &lines(20_000, |n| format!("        - \"w{n} {groups}\""));
    let same = "same, ".repeat(50_000);
    let same = format!("{HEAD}signals: {{words: {{terms: {{any: [{same}]}}}}}}\n");
    let regexes = format!("{HEAD}signals:\n  words:\n    regex:\n");
    let regexes = regexes + &lines(5_000, |n| format!("      - word{n} (more|less)"));
    let chain = lines(50_000, |n| format!("  s{n}: {{any_of: [s{}]}}", n + 1));
    let chain = format!("{HEAD}signals:\n{chain}  s50000: {{terms: {{any: [end]}}}}\n");
    let circle = chain.replace("{terms: {any: [end]}}", "{any_of: [s0]}");
    let unknown = chain.replace("any_of: [s", "any_of: [t");
    let rules = lines(10_000, |n| {
        let because = "because: {en: A, fr: B}";
        format!("  - {{id: r{n}, when: {{any: [any]}}, points: 1, {because}}}")
    });
    let tests = lines(10_000, |n| {
        format!("  - {{hit: r{n}, examples: [any]}}\n  - {{miss: r{n}, examples: [none]}}")
    });
    let rules = format!(
        "{HEAD}signals: {{any: {{terms: {{any: [any]}}}}}}\nrules:\n{rules}\
         decide: [{{at: 1, do: note}}]\ntests:\n{tests}"
    );
    vec![
        ("many terms", terms, None),
        ("many alternatives", wide, Some("too-many-alternatives")),
        ("one term many times", same, None),
        ("many expressions", regexes, None),
        ("long chain", chain, None),
        ("long circle", circle, Some("cyclic-signals")),
        ("many unknown names", unknown, Some("unknown-signal")),
        ("many rules", rules, None),
    ]
}

#[test]
fn nothing_is_slow_or_deep() {
    const { assert!(POLICY_DEPTH_MAX < 100) };
    for (name, text, code) in yaml_bombs().into_iter().chain(policy_bombs()) {
        let start = cpu_time::ThreadTime::now();
        let checked = check(vec![file("a.yaml", text)]);
        said(&checked.diagnostics);
        let took = start.elapsed();
        let found = checked.diagnostics.iter().map(|d| d.code.name());
        let found: std::collections::BTreeSet<_> = found.collect();
        println!("{name}: {took:?} {found:?}");
        match code {
            Some(code) => assert!(found.contains(code), "{name}: {found:?}"),
            None => assert!(checked.pack.is_some(), "{name}: {found:?}"),
        }
        assert!(took < Duration::from_secs(20), "{name} took {took:?}");
    }
}
