//! Reference pages, written from the tables that the program itself uses.

use crate::detectors::{DETECTORS, Detector, Parameter, Takes as ParameterTakes};
use crate::policy::shape::{FILE, Key, Shape, Takes};
use std::fmt::Write as _;

/// Words of a closed set that fit in a table; longer sets stand below it.
const WORDS_IN_TABLE_MAX: usize = 12;

/// The page of the policy language's keys.
#[must_use]
pub fn policy_language_keys() -> String {
    let mut shapes = Vec::new();
    collect(&FILE, &mut shapes);
    let mut page = String::from(
        "# Policy language: keys\n\n\
         Every key that a policy may have. The set is closed: anything else is an error with line, \
         column and a suggestion.\n",
    );
    for shape in shapes {
        section(shape, &mut page);
    }
    page
}

/// A shape and those below it, each once, in the order they are met.
fn collect(shape: &'static Shape, shapes: &mut Vec<&'static Shape>) {
    if shapes.iter().any(|known| std::ptr::eq(*known, shape)) {
        return;
    }
    shapes.push(shape);
    for key in shape.keys {
        collect_below(&key.takes, shapes);
    }
}

fn collect_below(takes: &'static Takes, shapes: &mut Vec<&'static Shape>) {
    match takes {
        Takes::Map(shape) => collect(shape, shapes),
        Takes::List(item) | Takes::OneOrMore(item) | Takes::Named(item) => {
            collect_below(item, shapes);
        }
        Takes::Either(forms) => forms.iter().for_each(|form| collect_below(form, shapes)),
        Takes::Text
        | Takes::Name
        | Takes::Flag
        | Takes::Integer(..)
        | Takes::Word(_)
        | Takes::Comparison
        | Takes::Percentage
        | Takes::Decimal(..)
        | Takes::Duration
        | Takes::Bilingual => {}
    }
}

fn section(shape: &Shape, page: &mut String) {
    let (name, docs) = (shape.name, shape.docs);
    let _ = writeln!(page, "\n## {name}\n\n{docs}\n");
    if !shape.one_of.is_empty() {
        let names: Vec<String> = shape
            .one_of
            .iter()
            .map(|name| format!("`{name}`"))
            .collect();
        let _ = writeln!(page, "Exactly one of {}.\n", names.join(", "));
    }
    page.push_str("| key | value | |\n|---|---|---|\n");
    for key in shape.keys {
        let must = if key.required { " (required)" } else { "" };
        let (name, value, docs) = (key.name, told(key, &key.takes), cell(key.docs));
        let _ = writeln!(page, "| `{name}`{must} | {value} | {docs} |");
    }
    for key in shape.keys {
        if let Some(words) = long_words(&key.takes) {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            let _ = writeln!(page, "\n### {}\n\n{}.", key.name, words.join(", "));
        }
    }
}

/// A text inside a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

fn long_words(takes: &Takes) -> Option<&'static [&'static str]> {
    match takes {
        Takes::Word(words) if words.len() > WORDS_IN_TABLE_MAX => Some(words),
        Takes::OneOrMore(item) | Takes::List(item) => long_words(item),
        Takes::Text
        | Takes::Name
        | Takes::Flag
        | Takes::Integer(..)
        | Takes::Word(_)
        | Takes::Comparison
        | Takes::Percentage
        | Takes::Decimal(..)
        | Takes::Duration
        | Takes::Bilingual
        | Takes::Map(_)
        | Takes::Named(_)
        | Takes::Either(_) => None,
    }
}

/// What a value is, in words.
fn told(key: &Key, takes: &Takes) -> String {
    match takes {
        Takes::Text => "a text".to_owned(),
        Takes::Name => "a name".to_owned(),
        Takes::Flag => "`true` or `false`".to_owned(),
        Takes::Integer(low, high) => format!("a whole number, {low} to {high}"),
        Takes::Word(words) if words.len() > WORDS_IN_TABLE_MAX => {
            format!("one of [these words](#{})", key.name)
        }
        Takes::Word(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            words.join(" or ")
        }
        Takes::Comparison => "a comparison: `\"< 2d\"`, `\">= 3\"`, `true`".to_owned(),
        Takes::Percentage => "a percentage: `20%`".to_owned(),
        Takes::Decimal(low, high) => format!("a number, {low} to {high}"),
        Takes::Duration => "a duration: `90s`, `5m`, `36h`, `2d`, `1w`".to_owned(),
        Takes::Bilingual => "`{en: a text, fr: a text}`".to_owned(),
        Takes::List(item) => format!("a list; of each: {}", told(key, item)),
        Takes::OneOrMore(item) => format!("{}, or a list of them", told(key, item)),
        Takes::Map(shape) => format!("[{}](#{})", shape.name, shape.name.replace(' ', "-")),
        Takes::Named(item) => format!("names, each with {}", told(key, item)),
        Takes::Either(forms) => {
            let forms: Vec<String> = forms.iter().map(|form| told(key, form)).collect();
            forms.join(", or ")
        }
    }
}

/// The page of the detectors.
#[must_use]
pub fn detectors() -> String {
    let mut page = String::from(
        "# Detectors\n\n\
         Things that have a form rather than a word. A signal uses one with `detect: NAME`, or with \
         `detect: {NAME: {PARAMETER: …}}`. The examples on this page are run as tests.\n\n",
    );
    for detector in DETECTORS {
        let (name, summary) = (detector.name, detector.summary);
        let _ = writeln!(page, "- [`{name}`](#{name}): {summary}");
    }
    for detector in DETECTORS {
        one_detector(detector, &mut page);
    }
    page
}

fn one_detector(detector: &Detector, page: &mut String) {
    let _ = writeln!(page, "\n## {}\n\n{}", detector.name, detector.docs.trim());
    if !detector.parameters.is_empty() {
        page.push_str("\n| parameter | value | |\n|---|---|---|\n");
    }
    for Parameter { name, takes, docs } in detector.parameters {
        let value = match takes {
            ParameterTakes::SomeOf(words) => {
                let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
                format!("some of {}", words.join(", "))
            }
            ParameterTakes::Flag(default) => format!("`true` or `false`; unless told, `{default}`"),
        };
        let _ = writeln!(page, "| `{name}` | {value} | {} |", cell(docs));
    }
    page.push_str("\n| post | found |\n|---|---|\n");
    for example in detector.examples {
        let found: Vec<String> = example.finds.iter().map(|it| code(it)).collect();
        let found = match found.is_empty() {
            true => "nothing".to_owned(),
            false => found.join(", "),
        };
        let with = match example.with {
            "" => String::new(),
            with => format!(" (with {})", code(with)),
        };
        let _ = writeln!(page, "| {} | {found}{with} |", code(example.text));
    }
}

/// A text as code inside a table.
fn code(text: &str) -> String {
    let text = cell(&super::visible_line(text));
    match text.contains('`') {
        true => format!("`` {text} ``"),
        false => format!("`{text}`"),
    }
}
