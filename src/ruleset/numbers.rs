//! Expressions whose matches begin at a number, or shortly before one: tried only there, all at once.

use crate::limits::NUMBER_AUTOMATON_BYTES_MAX;
use crate::policy::Pattern;
use regex_automata::dfa::{Automaton, StartKind, dense};
use regex_automata::nfa::thompson;
use regex_automata::util::{start, syntax};
use regex_automata::{Anchored, Input, MatchKind};
use std::ops::RangeInclusive;

/// The expressions, by how far before the first digit a match begins.
#[derive(Debug, Default)]
pub(super) struct Numbers {
    by_offset: Vec<(usize, Tried)>,
}

/// Expressions that are tried at the same places.
#[derive(Debug)]
struct Tried {
    expressions: Vec<u32>,
    /// Says in one walk which of them match from a place on. None where it would be too big: then
    /// each of them is tried.
    together: Option<dense::DFA<Vec<u32>>>,
    /// The bytes with which one of them may begin, as bits.
    first: [u64; 4],
}

impl Numbers {
    pub(super) fn new(all: &[(u32, RangeInclusive<usize>, &Pattern)]) -> Self {
        let last = all.iter().map(|(_, offsets, _)| *offsets.end()).max();
        let mut by_offset = Vec::new();
        for offset in 0..=last.unwrap_or(0) {
            let here = all
                .iter()
                .filter(|(_, offsets, _)| offsets.contains(&offset));
            let (expressions, texts): (Vec<u32>, Vec<&str>) = here
                .map(|(expression, _, pattern)| (*expression, pattern.text.as_str()))
                .unzip();
            let mut tried = Vec::new();
            try_together(&expressions, &texts, &mut tried);
            by_offset.extend(tried.into_iter().map(|tried| (offset, tried)));
        }
        Self { by_offset }
    }

    /// Tells which expressions may match from which place on, given where numbers begin.
    pub(super) fn find(&self, text: &[u8], numbers: &[u32], found: &mut impl FnMut(u32, usize)) {
        for number in numbers {
            for (offset, tried) in &self.by_offset {
                if let Some(start) = (*number as usize).checked_sub(*offset) {
                    tried.at(text, start, &mut |expression| found(expression, start));
                }
            }
        }
    }
}

/// As few automata for all of them as their size allows.
fn try_together(expressions: &[u32], texts: &[&str], all: &mut Vec<Tried>) {
    if expressions.is_empty() {
        return;
    }
    let together = automaton(texts);
    if together.is_none() && texts.len() > 1 {
        let half = texts.len() / 2;
        let ((a, b), (c, d)) = (expressions.split_at(half), texts.split_at(half));
        try_together(a, c, all);
        try_together(b, d, all);
        return;
    }
    all.push(Tried {
        expressions: expressions.to_vec(),
        first: together.as_ref().map_or([u64::MAX; 4], first_bytes),
        together,
    });
}

/// The bytes with which a match of an automaton may begin, whatever stands before.
fn first_bytes(dfa: &dense::DFA<Vec<u32>>) -> [u64; 4] {
    let before = [None, Some(b'a'), Some(b' '), Some(b'\n'), Some(b'\r')];
    let configs = before.map(|byte| {
        start::Config::new()
            .anchored(Anchored::Yes)
            .look_behind(byte)
    });
    let states = || {
        configs
            .iter()
            .filter_map(|config| dfa.start_state(config).ok())
    };
    let mut first = [0; 4];
    for byte in 0..=u8::MAX {
        let mut goes_on = states().map(|state| !dfa.is_dead_state(dfa.next_state(state, byte)));
        if let Some(bits) = first.get_mut(usize::from(byte) / 64) {
            *bits |= u64::from(goes_on.any(|goes_on| goes_on)) << (byte % 64);
        }
    }
    first
}

impl Tried {
    /// Whether one of them may begin with what stands at `start`.
    fn may_begin(&self, text: &[u8], start: usize) -> bool {
        let byte = text.get(start).copied().unwrap_or_default();
        let bits = self.first.get(usize::from(byte) / 64);
        bits.is_some_and(|bits| bits >> (byte % 64) & 1 == 1)
    }

    /// Tells which expressions match from `start` on.
    fn at(&self, text: &[u8], start: usize, found: &mut impl FnMut(u32)) {
        if !self.may_begin(text, start) {
            return;
        }
        let Some(dfa) = &self.together else {
            self.expressions
                .iter()
                .for_each(|expression| found(*expression));
            return;
        };
        let input = Input::new(text).range(start..).anchored(Anchored::Yes);
        let Ok(mut state) = dfa.start_state_forward(&input) else {
            return;
        };
        let mut matched = |state| {
            for at in 0..dfa.match_len(state) {
                let pattern = dfa.match_pattern(state, at).as_usize();
                if let Some(expression) = self.expressions.get(pattern) {
                    found(*expression);
                }
            }
        };
        for byte in text.get(start..).unwrap_or_default() {
            state = dfa.next_state(state, *byte);
            if dfa.is_special_state(state) {
                if dfa.is_match_state(state) {
                    matched(state);
                } else if dfa.is_dead_state(state) || dfa.is_quit_state(state) {
                    return;
                }
            }
        }
        let state = dfa.next_eoi_state(state);
        if dfa.is_match_state(state) {
            matched(state);
        }
    }
}

/// One table for all of them.
fn automaton(texts: &[&str]) -> Option<dense::DFA<Vec<u32>>> {
    let config = dense::Config::new()
        .match_kind(MatchKind::All)
        .start_kind(StartKind::Anchored)
        .accelerate(false)
        .dfa_size_limit(Some(NUMBER_AUTOMATON_BYTES_MAX))
        .determinize_size_limit(Some(4 * NUMBER_AUTOMATON_BYTES_MAX));
    dense::Builder::new()
        .configure(config)
        .syntax(syntax::Config::new().unicode(false).utf8(false))
        .thompson(thompson::Config::new().utf8(false))
        .build_many(texts)
        .ok()
}
