//! What an engineer builds by hand: an Aho-Corasick automaton over a text that each rule requires,
//! then the rule itself: words and phrases right where that text stands, expressions anywhere. Rules that require no text share one set, tried on
//! posts with a digit.

use super::regex_each::regex;
use super::regex_set::set;
use super::{Built, Engine, Input, Memory, Text, in_words};
use crate::generate::{Kind, Rule, unaccented};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex::bytes::{Regex, RegexSet};
use std::collections::HashMap;
use std::ops::Range;

struct AcConfirm {
    automaton: AhoCorasick,
    /// The rules that require each literal.
    rules_of: Vec<Vec<u32>>,
    confirm: Vec<Confirm>,
    /// In which post each rule was settled last.
    settled: Vec<u32>,
    post: u32,
    without_literal: RegexSet,
    rules_without_literal: Vec<u32>,
}

/// What remains to be seen once a literal stands there.
enum Confirm {
    /// That it is a whole word.
    Word,
    /// That it is a whole word, with these before and behind it.
    Phrase {
        before: Box<[String]>,
        behind: Box<[String]>,
    },
    /// The expression.
    Expression(Regex),
}

pub(super) fn build(input: &Input) -> Result<Built, String> {
    let mut literals: Vec<&str> = Vec::new();
    let mut number_of: HashMap<&str, usize> = HashMap::new();
    let mut rules_of: Vec<Vec<u32>> = Vec::new();
    let mut rules_without_literal = Vec::new();
    for (at, rule) in input.rules.iter().enumerate() {
        if rule.required.is_empty() {
            rules_without_literal.push(at as u32);
        }
        for literal in &rule.required {
            let number = *number_of.entry(literal).or_insert_with(|| {
                literals.push(literal);
                rules_of.push(Vec::new());
                literals.len() - 1
            });
            rules_of[number].push(at as u32);
        }
    }
    let automaton = AhoCorasick::builder()
        .kind(Some(AhoCorasickKind::DFA))
        .build(&literals)
        .map_err(in_words)?;
    let confirm = input.rules.iter().map(confirm).collect::<Result<_, _>>()?;
    let patterns = rules_without_literal
        .iter()
        .map(|at| input.rules[*at as usize].pattern.as_str());
    Ok(Built {
        engine: Box::new(AcConfirm {
            automaton,
            rules_of,
            confirm,
            settled: vec![0; input.rules.len()],
            post: 0,
            without_literal: set(patterns)?,
            rules_without_literal,
        }),
        memory: Memory::Allocator,
    })
}

fn confirm(rule: &Rule) -> Result<Confirm, String> {
    Ok(match rule.kind {
        Kind::Word => Confirm::Word,
        Kind::Phrase => phrase(rule),
        Kind::Expression | Kind::Numeric => Confirm::Expression(regex(&rule.pattern)?),
    })
}

/// What stands around the word that is looked for. If it stands there twice, the first one is it:
/// where the phrase stands, that one was found too.
fn phrase(rule: &Rule) -> Confirm {
    let folded = unaccented(&rule.example);
    let words: Vec<String> = folded.split(' ').map(str::to_owned).collect();
    let sought = rule.required.first();
    let at = words.iter().position(|word| Some(word) == sought);
    let (before, from) = words.split_at(at.unwrap_or_default());
    Confirm::Phrase {
        before: before.into(),
        behind: from.iter().skip(1).cloned().collect(),
    }
}

/// Whether these words stand before and behind a place, parted as a phrase's words are.
fn stands_between(text: &[u8], place: Range<usize>, before: &[String], behind: &[String]) -> bool {
    let (mut left, mut right) = (&text[..place.start], &text[place.end..]);
    for word in behind {
        let parted = right.iter().take_while(|byte| parts_words(**byte)).count();
        match right[parted..].strip_prefix(word.as_bytes()) {
            Some(rest) if parted > 0 => right = rest,
            _ => return false,
        }
    }
    for word in before.iter().rev() {
        let parted = left.iter().rev().take_while(|b| parts_words(**b)).count();
        match left[..left.len() - parted].strip_suffix(word.as_bytes()) {
            Some(rest) if parted > 0 => left = rest,
            _ => return false,
        }
    }
    is_whole_word(text, left.len(), text.len() - right.len())
}

/// Whether a byte may stand between the words of a phrase: what the expressions say too.
fn parts_words(byte: u8) -> bool {
    byte.is_ascii_whitespace() || b"\x0b'\"*~`/&+#@^-".contains(&byte)
}

/// Whether no letter, digit or `_` stands right before or behind a place.
fn is_whole_word(text: &[u8], start: usize, end: usize) -> bool {
    let is_word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    let before = start.checked_sub(1).and_then(|at| text.get(at));
    !is_word(before) && !is_word(text.get(end))
}

impl Engine for AcConfirm {
    fn hits(&mut self, text: &Text, hits: &mut Vec<u32>) {
        let text = text.folded.as_bytes();
        self.post += 1;
        for found in self.automaton.find_overlapping_iter(text) {
            for rule in &self.rules_of[found.pattern().as_usize()] {
                let settled = &mut self.settled[*rule as usize];
                if *settled == self.post {
                    continue;
                }
                let place = found.range();
                let hit = match &self.confirm[*rule as usize] {
                    Confirm::Word => is_whole_word(text, place.start, place.end),
                    Confirm::Phrase { before, behind } => {
                        stands_between(text, place, before, behind)
                    }
                    // Wherever it matches: its other places need not be tried.
                    Confirm::Expression(regex) => {
                        *settled = self.post;
                        regex.is_match(text)
                    }
                };
                if hit {
                    *settled = self.post;
                    hits.push(*rule);
                }
            }
        }
        let tried = !self.rules_without_literal.is_empty() && text.iter().any(u8::is_ascii_digit);
        if tried {
            let matches = self.without_literal.matches(text);
            hits.extend(matches.iter().map(|at| self.rules_without_literal[at]));
        }
    }
}
