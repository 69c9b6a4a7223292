//! Rules as policies: YAML, as an author writes it.

use super::{Kind, Rule};
use std::fmt::Write;

/// Rules of one file: well below the limits on its bytes and nodes.
const RULES_PER_FILE: usize = 5_000;

/// Which view the terms read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// What peers read too: folded text.
    Plain,
    /// What terms read by default: disguises are undone as well.
    Default,
}

/// The files of a pack, by name. Rule `r7` stands for the rule at place 7.
pub fn policies(rules: &[Rule], view: View) -> Vec<(String, String)> {
    rules
        .chunks(RULES_PER_FILE)
        .enumerate()
        .map(|(number, chunk)| {
            let name = format!("peers-{number:03}");
            let text = policy(&name, number * RULES_PER_FILE, chunk, view);
            (format!("{name}.yaml"), text)
        })
        .collect()
}

/// The place of the rule that an id names.
pub fn place_of(id: &str) -> Option<u32> {
    id.strip_prefix('r')?.parse().ok()
}

fn policy(name: &str, first: usize, rules: &[Rule], view: View) -> String {
    let mut text = format!(
        "policy:\n  id: {name}\n  version: 1.0.0\n  category: peers.rules\n  \
         title: {{en: \"Generated rules\", fr: \"Règles engendrées\"}}\n\nsignals:\n"
    );
    let view = match view {
        View::Plain => ", view: plain",
        View::Default => "",
    };
    // Writing to a string can't fail.
    for (at, rule) in rules.iter().enumerate() {
        let at = first + at;
        let written = &rule.written;
        let _ = match rule.kind {
            Kind::Word | Kind::Phrase => {
                writeln!(text, "  s{at}: {{terms: {{any: [\"{written}\"]}}{view}}}")
            }
            Kind::Expression | Kind::Numeric => {
                writeln!(text, "  s{at}: {{regex: '{written}', view: plain}}")
            }
        };
    }
    text.push_str("\nrules:\n");
    for at in first..first + rules.len() {
        let _ = writeln!(
            text,
            "  - {{id: r{at}, level: 1, when: {{all: [s{at}]}}, points: 40, because: \
             {{en: \"Holds what rule {at} looks for.\", fr: \"Contient ce que cherche la règle {at}.\"}}}}"
        );
    }
    text.push_str("\ndecide:\n  - {at: 30, do: review}\n  - {at: 80, do: hold}\n\ntests:\n");
    text.push_str("  - {miss: \"*\", examples: [\"Thank you\", \"Merci bien\"]}\n");
    for (at, rule) in rules.iter().enumerate() {
        let (at, example) = (first + at, &rule.example);
        let _ = writeln!(text, "  - {{hit: r{at}, examples: [\"{example}\"]}}");
    }
    text
}
