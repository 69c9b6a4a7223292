//! YARA-X: one YARA rule for each rule, whole words as text, the others as expressions.

use super::{Built, Engine, Input, Memory, Text, in_words};
use crate::generate::policies::place_of;
use crate::generate::{Kind, Rule};
use std::fmt::Write;
use yara_x::{Compiler, Scanner};

struct Yara {
    scanner: Scanner<'static>,
    failed: Option<String>,
}

pub(super) fn build(input: &Input) -> Result<Built, String> {
    let mut compiler = Compiler::new();
    let mut source = String::new();
    for (at, rule) in input.rules.iter().enumerate() {
        let sought = sought(rule);
        // Writing to a string can't fail.
        let _ = writeln!(
            source,
            "rule r{at} {{ strings: $a = {sought} condition: $a }}"
        );
    }
    compiler.add_source(source.as_str()).map_err(in_words)?;
    // A scanner borrows its rules. They stay until the process ends: it compiles a few times only.
    let rules = Box::leak(Box::new(compiler.build()));
    let mut scanner = Scanner::new(rules);
    // Whether a rule hits is all that is asked.
    scanner.max_matches_per_pattern(1);
    Ok(Built {
        engine: Box::new(Yara {
            scanner,
            failed: None,
        }),
        memory: Memory::Allocator,
    })
}

fn sought(rule: &Rule) -> String {
    match rule.kind {
        Kind::Word => format!("\"{}\" fullword", rule.pattern.replace(r"\b", "")),
        Kind::Phrase | Kind::Expression | Kind::Numeric => {
            format!("/{}/", rule.pattern.replace('/', r"\/"))
        }
    }
}

impl Engine for Yara {
    fn hits(&mut self, text: &Text, hits: &mut Vec<u32>) {
        match self.scanner.scan(text.folded.as_bytes()) {
            Ok(results) => {
                let matching = results.matching_rules();
                hits.extend(matching.filter_map(|rule| place_of(rule.identifier())));
            }
            Err(error) => self.failed = Some(error.to_string()),
        }
    }

    fn trouble(&self) -> Option<String> {
        self.failed.clone()
    }
}
