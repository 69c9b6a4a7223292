//! All rules in one `RegexSet`.

use super::{Built, Engine, Input, Memory, Text, in_words};
use regex::bytes::{RegexSet, RegexSetBuilder};

/// What the lazy automaton may hold before it starts anew.
const AUTOMATON_BYTES_MAX: usize = 64 << 20;
/// What the program may hold.
const PROGRAM_BYTES_MAX: usize = 1 << 30;

struct Set(RegexSet);

pub(super) fn build(input: &Input) -> Result<Built, String> {
    let set = set(input.rules.iter().map(|rule| rule.pattern.as_str()))?;
    Ok(Built {
        engine: Box::new(Set(set)),
        memory: Memory::Allocator,
    })
}

pub(super) fn set<'p>(patterns: impl Iterator<Item = &'p str>) -> Result<RegexSet, String> {
    RegexSetBuilder::new(patterns)
        .unicode(false)
        .dfa_size_limit(AUTOMATON_BYTES_MAX)
        .size_limit(PROGRAM_BYTES_MAX)
        .build()
        .map_err(in_words)
}

impl Engine for Set {
    fn hits(&mut self, text: &Text, hits: &mut Vec<u32>) {
        let matches = self.0.matches(text.folded.as_bytes());
        hits.extend(matches.iter().map(|at| at as u32));
    }
}
