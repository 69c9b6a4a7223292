//! The tests of a policy: expectations and their examples, and stories.

use super::{action, items, stories};
use crate::diagnostics::Code;
use crate::limits::POINTS_MAX;
use crate::model::Language;
use crate::policy::reader::{Fields, Reader};
use crate::policy::shape::{self, Shape};
use crate::policy::written::ladders::Story;
use crate::policy::written::{Example, Expect, Items, Test};
use crate::policy::yaml::{Content, Node};

enum Either {
    Examples(Test),
    Story(Story),
}

/// `tests`: examples and stories apart.
pub(super) fn tests(reader: &mut Reader<'_>, fields: &Fields<'_>) -> (Items<Test>, Items<Story>) {
    let all = items(
        reader,
        fields,
        "tests",
        |reader, node| match stories::is_story(node) {
            true => stories::story(reader, node).map(Either::Story),
            false => test(reader, node).map(Either::Examples),
        },
    );
    let whole = all.whole;
    let (mut tests, mut stories) = (Vec::new(), Vec::new());
    for item in all.items {
        match item {
            Either::Examples(test) => tests.push(test),
            Either::Story(story) => stories.push(story),
        }
    }
    let stories = Items {
        items: stories,
        whole,
    };
    (
        Items {
            items: tests,
            whole,
        },
        stories,
    )
}

fn test(reader: &mut Reader<'_>, node: &Node) -> Option<Test> {
    let fields = reader.fields(node, &shape::TEST)?;
    let mut examples = fields
        .get("examples")
        .map(|node| examples(reader, node))
        .unwrap_or_default();
    let pairs = pairs(reader, &fields, &mut examples);
    if ["examples", "pairs"].iter().all(|key| absent(&fields, key)) {
        let message = "this test lacks `examples`, or `pairs`";
        reader.report(Code::MissingKey, &node.span, message).help =
            Some("`examples`: the posts, in a list or by language".to_owned());
        return None;
    }
    let expect = if let Some(node) = fields.get("hit") {
        Expect::Hit(reader.names(node))
    } else if let Some(node) = fields.get("miss") {
        Expect::Miss(reader.names(node))
    } else {
        below(reader, fields.get("below")?)?
    };
    Some(Test {
        expect,
        examples,
        pairs,
    })
}

fn absent(fields: &Fields<'_>, key: &str) -> bool {
    fields.get(key).is_none() && !fields.probably_has(key)
}

/// Puts both posts of each pair behind the other examples, and tells their places.
fn pairs(
    reader: &mut Reader<'_>,
    fields: &Fields<'_>,
    examples: &mut Vec<Example>,
) -> Vec<[usize; 2]> {
    let both = items(reader, fields, "pairs", |reader, node| {
        let fields = reader.fields(node, &shape::PAIR)?;
        let mut of = |language: Language| {
            let node = fields.get(language.code())?;
            example(reader, node, Some(language))
        };
        let (en, fr) = (of(Language::En), of(Language::Fr));
        Some([en?, fr?])
    });
    let mut pairs = Vec::new();
    for both in both.items {
        pairs.push([examples.len(), examples.len() + 1]);
        examples.extend(both);
    }
    pairs
}

fn below(reader: &mut Reader<'_>, node: &Node) -> Option<Expect> {
    match &node.value {
        Content::Scalar { text, .. } if !text.starts_with(|c: char| c.is_ascii_digit()) => {
            action(reader, node).map(|action| Expect::BelowAction(action.value))
        }
        Content::Null | Content::Scalar { .. } | Content::List(_) | Content::Map(_) => reader
            .integer(node, 1, POINTS_MAX)
            .map(|points| Expect::BelowPoints(points.value)),
    }
}

fn examples(reader: &mut Reader<'_>, node: &Node) -> Vec<Example> {
    if !matches!(node.value, Content::Map(_)) {
        let nodes = reader.list(node);
        return nodes
            .iter()
            .filter_map(|node| example(reader, node, None))
            .collect();
    }
    let Some(fields) = reader.fields(node, &shape::EXAMPLES) else {
        return Vec::new();
    };
    let mut examples = Vec::new();
    for language in Language::ALL {
        let nodes = fields
            .get(language.code())
            .map_or(&[][..], |node| reader.list(node));
        examples.extend(
            nodes
                .iter()
                .filter_map(|node| example(reader, node, Some(language))),
        );
    }
    examples
}

fn example(reader: &mut Reader<'_>, node: &Node, group: Option<Language>) -> Option<Example> {
    let span = node.span.clone();
    let plain = |text| Example {
        span: span.clone(),
        text,
        group,
        target: None,
        lang: None,
        attrs: Vec::new(),
        evade: true,
    };
    if !matches!(node.value, Content::Map(_)) {
        return reader.text(node).map(|text| plain(text.value));
    }
    let shape: &Shape = &shape::EXAMPLE;
    let fields = reader.fields(node, shape)?;
    let text = fields.get("text").and_then(|node| reader.text(node));
    let target = fields.get("target").and_then(|node| reader.text(node));
    let lang = fields
        .get("lang")
        .and_then(|node| reader.word(node, &["en", "fr"]));
    let evade = fields
        .get("evade")
        .and_then(|node| reader.flag(node))
        .unwrap_or(true);
    let mut attrs = Vec::new();
    if let Some(node) = fields.get("attrs") {
        for (name, node) in reader.named(node) {
            attrs.extend(reader.text(node).map(|text| (name.value, text.value)));
        }
    }
    Some(Example {
        target: target.map(|text| text.value),
        lang: lang.and_then(Language::of_tag),
        attrs,
        evade,
        ..plain(text?.value)
    })
}
