//! What authors may write, and what hostile files may try.

use super::*;
use crate::diagnostics::Code;
use proptest::prelude::*;

/// What was read, each value with its bytes; or the first mistake.
fn read(text: &str) -> (Option<Node>, Vec<Diagnostic>) {
    let name = "test.yaml".to_owned();
    let text = text.to_owned();
    let mut problems = Vec::new();
    let node = parse(&Arc::new(Source { name, text }), &mut problems);
    (node, problems)
}

/// The value at `a` of a map: how it reads, whether plainly, and what its bytes are.
fn at_a(text: &str) -> (String, bool, &str) {
    let (node, problems) = read(text);
    assert_eq!(problems, [], "{text}");
    let Some(Content::Map(pairs)) = node.map(|node| node.value) else {
        panic!("{text} is no map");
    };
    let (_, node) = pairs.into_iter().next_back().unwrap();
    let written = text.get(node.span).unwrap();
    match node.value {
        Content::Null => ("(null)".to_owned(), true, written),
        Content::Scalar { text, plain } => (text, plain, written),
        Content::List(items) => (format!("{} items", items.len()), true, written),
        Content::Map(pairs) => (format!("{} pairs", pairs.len()), true, written),
    }
}

#[test]
fn values_are_read_as_meant_with_their_bytes() {
    for (text, reads, plain, written) in [
        ("a: 012", "012", true, "012"),
        ("a: 1e3 # é", "1e3", true, "1e3"),
        ("é: 0x1F", "0x1F", true, "0x1F"),
        ("a: .inf", ".inf", true, ".inf"),
        ("a: 1e999", "1e999", true, "1e999"),
        (
            "a: 99999999999999999999999",
            "99999999999999999999999",
            true,
            "99999999999999999999999",
        ),
        ("a: -5", "-5", true, "-5"),
        ("a: no", "no", true, "no"),
        ("a: True", "True", true, "True"),
        ("a: 'true'", "true", false, "'true'"),
        ("a: \"\\u00e9\\n\"", "é\n", false, "\"\\u00e9\\n\""),
        ("a: ''", "", false, "''"),
        ("a:", "(null)", true, ""),
        ("a: ~", "(null)", true, "~"),
        ("a: NULL", "(null)", true, "NULL"),
        ("a: !!str é", "é", true, "é"),
        ("a: é\n  b", "é b", true, "é\n  b"),
        ("a: |\n  é\n  b\n", "é\nb", false, "é\n  b"),
        ("a: |\r\n  é\r\n  b\r\n", "é\nb", false, "é\r\n  b"),
        ("a: >-\n  é\n  b\n\n", "é b", false, "é\n  b"),
        ("a: |+2 # why\n  é\n\n", "é", false, "é"),
        ("a: |\n\n  \"é\"\n", "\n\"é\"", false, "\"é\""),
        ("a: >\n  true\n", "true", false, "true"),
        ("a: # not |\n  é", "é", true, "é"),
        ("a: [é, b]", "2 items", true, "[é, b]"),
        (
            "a: [é, # ]\n b,\n # ]\n]",
            "2 items",
            true,
            "[é, # ]\n b,\n # ]\n]",
        ),
        ("a: []", "0 items", true, "[]"),
        ("a: {\n}", "0 pairs", true, "{\n}"),
        ("a: {é: [b], c: }", "2 pairs", true, "{é: [b], c: }"),
        (
            "a:\r\n  - é\r\n  - [b]\r\n# c",
            "2 items",
            true,
            "- é\r\n  - [b]",
        ),
        ("a:\n  é: 1\n  é: 2\n", "2 pairs", true, "é: 1\n  é: 2"),
        (
            "a: {<<: {b: c}, <<: d}",
            "2 pairs",
            true,
            "{<<: {b: c}, <<: d}",
        ),
        ("é: &x [b, c]\na: *x", "2 items", true, "*x"),
        ("é: &x 012\na: *x", "012", true, "*x"),
        ("é: &x |\n  b\na: *x", "b", false, "*x"),
    ] {
        assert_eq!(at_a(text), (reads.to_owned(), plain, written), "{text}");
    }
}

#[test]
fn parts_of_an_alias_are_shown_where_they_were_written() {
    let text = "é: &x [[b], 'c']\na: [*x, d]";
    let (node, _) = read(text);
    let mut seen = Vec::new();
    leaves(&node.unwrap(), &mut seen);
    let seen: Vec<_> = seen
        .into_iter()
        .map(|span| text.get(span).unwrap())
        .collect();
    assert_eq!(seen, ["é", "b", "'c'", "a", "b", "'c'", "d"]);
}

fn leaves(node: &Node, spans: &mut Vec<Range<usize>>) {
    match &node.value {
        Content::Null | Content::Scalar { .. } => spans.push(node.span.clone()),
        Content::List(items) => items.iter().for_each(|item| leaves(item, spans)),
        Content::Map(pairs) => pairs.iter().for_each(|(key, value)| {
            leaves(key, spans);
            leaves(value, spans);
        }),
    }
}

#[test]
fn mistakes_are_told_where_they_are() {
    for (text, code, written) in [
        ("é: [!, b]", Code::YamlTag, "!"),
        ("é: &x !b c", Code::YamlTag, "!b"),
        ("é: !b &x c", Code::YamlTag, "!b"),
        ("é: !!int 5", Code::YamlTag, "!!int"),
        ("é: !!int b", Code::YamlTag, "!!int"),
        ("é: !!bool oui", Code::YamlTag, "!!bool"),
        ("é: !!binary aGVq", Code::YamlTag, "!!binary"),
        ("é: !!map [b]", Code::YamlTag, "!!map"),
        ("é: !!! b", Code::YamlTag, "!!!"),
        ("é: !b!c d", Code::YamlTag, "!b!c"),
        ("é: !b\n  c: d", Code::YamlTag, "!b"),
        ("é: *b\n", Code::UnknownAlias, "*b"),
        ("*b : é", Code::UnknownAlias, "*b"),
        ("é: &b [*b]", Code::UnknownAlias, "*b"),
        ("é: b\n---\nc: d", Code::SeveralDocuments, "---"),
        ("é: b\n--- # c\n", Code::SeveralDocuments, "---"),
        ("é: b\n...\nc: d", Code::SeveralDocuments, ""),
        ("# é\n---\nb: c\n...\nd: e", Code::SeveralDocuments, ""),
        ("é:\n\tb: c", Code::Tab, "\t"),
        ("é: [b,\nc: d\n", Code::BadYaml, "["),
        ("é: b: c", Code::BadYaml, ":"),
        ("é: \"b", Code::BadYaml, "\""),
    ] {
        let (_, problems) = read(text);
        let problem = problems.first().expect(text);
        let found = (problem.code, text.get(problem.span.clone()).unwrap());
        assert_eq!(found, (code, written), "{text}");
        assert_eq!(problems.len(), 1, "{text}");
    }
}

/// Nested once more each: a chain of aliases.
fn chain(length: usize) -> String {
    let link = |n: usize| format!("- &a{} [*a{n}]\n", n + 1);
    "- &a0 [x]\n".to_owned() + &(0..length).map(link).collect::<String>()
}

#[test]
fn what_could_exhaust_anything_is_refused() {
    let bomb = (1..9).fold("- &a0 [x, x]\n".to_owned(), |text, n| {
        let more = format!("*a{}, ", n - 1).repeat(10);
        text + &format!("- &a{n} [{more}]\n")
    });
    let copies = "- *a\n".repeat(100_000);
    let long_text = format!("- &a \"{}é\"\n{copies}", "x".repeat(1_000));
    let block = (0..10_000).fold(String::new(), |text, _| text + "- ");
    for (name, text, code) in [
        ("brackets", "[".repeat(100_000), Code::TooDeep),
        ("braces", "{a: ".repeat(100_000), Code::TooDeep),
        ("dashes", block, Code::TooDeep),
        ("keys", "? ".repeat(100_000), Code::TooDeep),
        ("chain", chain(1_000), Code::TooDeep),
        ("bomb", bomb, Code::TooManyNodes),
        ("long text", long_text, Code::TooManyNodes),
    ] {
        let (node, problems) = read(&text);
        assert!(node.is_none(), "{name}");
        let codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
        assert_eq!(codes, [code], "{name}");
    }
}

#[test]
fn what_is_within_bounds_is_read() {
    let gap = " \n".repeat(1_000_000);
    let copies = "- *a\n".repeat(1_000);
    let blocks =
        (0..POLICY_DEPTH_MAX - 1).fold(String::new(), |text, n| text + &" ".repeat(n) + "a:\n");
    for (name, text) in [
        (
            "brackets",
            "[".repeat(POLICY_DEPTH_MAX) + &"]".repeat(POLICY_DEPTH_MAX),
        ),
        ("blocks", blocks),
        ("chain", chain(POLICY_DEPTH_MAX - 2)),
        ("one text shared often", format!("- &a é\n{copies}")),
        // Looked at once, not once for each alias.
        (
            "a gap after a shared block",
            format!("- &a |\n  é\n{gap}\n{copies}"),
        ),
        (
            "a gap before a shared text",
            format!("- &a\n{gap} é\n{copies}"),
        ),
        (
            "a gap in a shared list",
            format!("- &a [é,\n{gap}]\n{copies}"),
        ),
    ] {
        let (node, problems) = read(&text);
        assert_eq!(problems.first(), None, "{name}");
        assert!(node.is_some(), "{name}");
    }
}

proptest! {
    /// Whatever is written, nothing panics, and every place is one of the file.
    #[test]
    fn every_place_is_in_the_file(
        pieces in prop::collection::vec(
            prop::sample::select(vec![
                "a", "é", "😀", "012", "true", "~", "-", "- ", ": ", "? ", "[", "]", "{", "}", ", ",
                "\n", "\n  ", "\r\n", "\t", " #", "\"", "'", "|\n  ", ">-\n ", "&x ", "*x", "!", "!b ",
                "!!int ", "---\n", "...", "%", "<<", "\\", "\u{feff}", "\u{0}",
            ]),
            0..24,
        )
    ) {
        let text = pieces.concat();
        let (node, problems) = read(&text);
        for problem in problems {
            prop_assert!(text.get(problem.span.clone()).is_some(), "{problem:?}");
        }
        let mut spans = Vec::new();
        node.iter().for_each(|node| leaves(node, &mut spans));
        for span in spans {
            prop_assert!(text.get(span).is_some());
        }
    }
}
