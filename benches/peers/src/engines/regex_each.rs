//! One `regex` for each rule, tried one after another.

use super::{Built, Engine, Input, Memory, Text, in_words};
use regex::bytes::{Regex, RegexBuilder};

struct Each(Vec<Regex>);

pub(super) fn build(input: &Input) -> Result<Built, String> {
    let all = input.rules.iter().map(|rule| regex(&rule.pattern));
    Ok(Built {
        engine: Box::new(Each(all.collect::<Result<_, _>>()?)),
        memory: Memory::Allocator,
    })
}

/// Bytes and ASCII classes: the text is folded.
pub(super) fn regex(pattern: &str) -> Result<Regex, String> {
    RegexBuilder::new(pattern)
        .unicode(false)
        .build()
        .map_err(in_words)
}

impl Engine for Each {
    fn hits(&mut self, text: &Text, hits: &mut Vec<u32>) {
        let text = text.folded.as_bytes();
        let all = self.0.iter().enumerate();
        hits.extend(
            all.filter(|(_, regex)| regex.is_match(text))
                .map(|(at, _)| at as u32),
        );
    }
}
