//! Regular expressions of a pack: each is tried only where it can match.
//!
//! Whatever an expression requires (words, numbers, parts of words) is looked for together with
//! that of all others; each find opens a window of the text as wide as the longest match, and the
//! expression is run over its windows, joined where they overlap. So every byte is read at most once
//! by an expression, and what it finds is what it would find in the whole text.

use super::beside::{Beside, States};
use super::extent::{ByExtent, Extent};
use super::index::Builder;
use super::numbers::Numbers;
use super::passage::Passage;
use super::prospects::Looking;
use crate::limits::BACKTRACK_BYTES_MAX;
use crate::policy::{Pattern, Reach, SignalId, View};
use crate::text::Key;
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use regex_automata::nfa::thompson::backtrack::{BoundedBacktracker, Cache};
use regex_automata::util::syntax;
use regex_automata::{Anchored, Input, MatchKind, PatternSet, meta};
use std::num::NonZeroU32;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

/// The expressions of a pack that read one kind of text.
#[derive(Debug, Default)]
pub(super) struct Expressions {
    all: Vec<Entry>,
    numbers: Numbers,
    /// Texts that expressions require.
    parts: ByExtent<Parts>,
    /// Expressions that require nothing, tried together: one pass says which of them match.
    anywhere: Option<meta::Regex>,
    owner_anywhere: Vec<u32>,
    /// Whether one of those without words may make a rule fire.
    gate_without_words: bool,
}

/// Texts that expressions require, and whose they are.
#[derive(Debug, Default)]
struct Parts {
    /// Tells whether one of them stands in a text.
    any: Option<AhoCorasick>,
    /// Tells all that do.
    every: Option<AhoCorasick>,
    owners: Vec<u32>,
}

impl Parts {
    fn new<'e>(all: impl Iterator<Item = (u32, &'e [Vec<u8>])>) -> Self {
        let (mut texts, mut owners) = (Vec::new(), Vec::new());
        for (owner, of) in all {
            texts.extend(of);
            owners.extend(of.iter().map(|_| owner));
        }
        let kind = (texts.len() <= PARTS_DFA_MAX).then_some(AhoCorasickKind::DFA);
        let automaton = |matches| {
            let mut builder = AhoCorasick::builder();
            let built = builder.kind(kind).match_kind(matches).build(&texts);
            built.ok().filter(|_| !texts.is_empty())
        };
        Self {
            // PERF: of few texts vectors find the leftmost, but not all that overlap.
            any: automaton(aho_corasick::MatchKind::LeftmostFirst),
            every: automaton(aho_corasick::MatchKind::Standard),
            owners,
        }
    }

    fn find(&self, text: &[u8], found: &mut impl FnMut(u32, Range<usize>)) {
        let (Some(any), Some(every)) = (&self.any, &self.every) else {
            return;
        };
        if !any.is_match(text) {
            return;
        }
        for hit in every.find_overlapping_iter(text) {
            if let Some(owner) = self.owners.get(hit.pattern().as_usize()) {
                found(*owner, hit.range());
            }
        }
    }
}

/// Texts up to which an automaton of them all is small.
const PARTS_DFA_MAX: usize = 1_000;

#[derive(Debug)]
struct Entry {
    signal: SignalId,
    view: View,
    /// From which extent on it is looked for.
    extent: Extent,
    pattern: Pattern,
    /// Whether every match begins with what is looked for.
    anchored: bool,
    /// For short windows: small, without anything to build first.
    short: BoundedBacktracker,
    /// For long texts; made when the first one needs it.
    long: OnceLock<Option<meta::Regex>>,
}

/// An expression that is looked for where a word stands.
#[derive(Clone, Debug)]
pub(super) struct Sought {
    expression: u32,
    /// From which extent on.
    extent: Extent,
    reach: Reached,
    /// Bytes of the word that it requires: all, or those that the word begins with.
    bytes: Option<NonZeroU32>,
    /// What must stand beside them.
    beside: Beside,
    /// Other words, of which one must stand in the text, unless there are none.
    also: Arc<[Key]>,
}

/// How far matches reach around what is looked for.
#[derive(Clone, Copy, Debug)]
struct Reached {
    /// Bytes of the longest match; none: it may be the whole text.
    longest: Option<NonZeroU32>,
    /// Whether every match begins with what is looked for.
    anchored: bool,
}

impl Reached {
    /// The window around what an expression requires, in a text of so many bytes.
    fn window(self, expression: u32, around: Range<usize>, bytes: usize) -> Window {
        let longest = self.longest.map_or(bytes, |longest| longest.get() as usize);
        let start = match self.anchored {
            true => around.start,
            false => around.end.saturating_sub(longest),
        };
        Window {
            expression,
            start: start as u32,
            end: around.start.saturating_add(longest).min(bytes) as u32,
            anchored: self.anchored,
        }
    }
}

/// An expression that reads posts as received, and matches around a word of the plain view only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Received {
    expression: u32,
    /// From which extent on.
    extent: Extent,
}

impl Received {
    pub(super) fn extent(self) -> Extent {
        self.extent
    }
}

/// Where an expression may match.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Window {
    expression: u32,
    start: u32,
    end: u32,
    /// Whether a match begins right at the start, or not at all.
    anchored: bool,
}

/// What running expressions needs beside them: used again and again.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    windows: Vec<Window>,
    /// With how many windows they are joined: a text made for it opens very many.
    crowded: usize,
    cache: Option<Cache>,
}

/// With so many windows it is worth looking for those that overlap.
const CROWDED: usize = 4_096;

impl Scratch {
    pub(super) fn clear(&mut self) {
        self.windows.clear();
        self.crowded = CROWDED;
    }

    fn open(&mut self, window: Window) {
        self.windows.push(window);
        if self.windows.len() > self.crowded {
            self.join();
            self.crowded = CROWDED.max(2 * self.windows.len());
        }
    }

    /// Sorts the windows, and joins those of one expression that overlap.
    fn join(&mut self) {
        self.windows.sort_unstable();
        self.windows.dedup_by(|next, window| {
            let overlaps = next.start <= window.end && !window.anchored || next == window;
            let joins = next.expression == window.expression && overlaps;
            if joins {
                window.end = window.end.max(next.end);
            }
            joins
        });
    }
}

impl Expressions {
    pub(super) fn add(&mut self, signal: SignalId, view: View, extent: Extent, pattern: &Pattern) {
        // What was compiled for the check can be run.
        let Ok(short) = BoundedBacktracker::builder().build_from_nfa(pattern.states.clone()) else {
            return;
        };
        let anchored = match &pattern.reach {
            Reach::Words { found_by, .. } => found_by.iter().all(|word| word.at_start),
            Reach::Number(_) => true,
            Reach::Parts(_) | Reach::Anywhere => false,
        };
        self.all.push(Entry {
            anchored,
            signal,
            view,
            extent,
            pattern: pattern.clone(),
            short,
            long: OnceLock::new(),
        });
    }

    /// Whether some that require no word may make a rule fire.
    pub(super) fn opens_gate_without_words(&self) -> bool {
        self.gate_without_words
    }

    /// Prepares the ways to the expressions: words go into the index, the others stay here.
    pub(super) fn build<T>(&mut self, index: &mut Builder<T>, posting: fn(Sought) -> T) {
        let mut anywhere: Vec<&str> = Vec::new();
        let mut numbers = Vec::new();
        for (at, entry) in self.all.iter().enumerate() {
            let at = at as u32;
            match &entry.pattern.reach {
                Reach::Words { found_by, also } => {
                    let also: Arc<[Key]> = also.as_slice().into();
                    let states = States::new(&entry.pattern.states);
                    for word in found_by {
                        let letters = word.letters.as_bytes();
                        let bytes = NonZeroU32::new(letters.len() as u32);
                        let sought = posting(Sought {
                            expression: at,
                            extent: entry.extent,
                            reach: entry.reached(),
                            bytes: bytes.filter(|_| word.goes_on),
                            beside: states.beside(letters, entry.anchored),
                            also: Arc::clone(&also),
                        });
                        match word.goes_on {
                            true => index.beginning(&word.letters, entry.extent, sought),
                            false => index.word(word.key(), entry.extent, sought),
                        }
                    }
                    continue;
                }
                Reach::Number(offsets) => numbers.push((at, offsets.clone(), &entry.pattern)),
                Reach::Parts(_) => {}
                Reach::Anywhere => {
                    anywhere.push(&entry.pattern.text);
                    self.owner_anywhere.push(at);
                }
            }
            self.gate_without_words |= entry.extent == Extent::Gate;
        }
        self.parts = ByExtent::new(|extent| Parts::new(self.parts_of(extent)));
        let unicode = self.all.iter().any(|entry| entry.pattern.unicode);
        self.anywhere = automaton(&anywhere, unicode).filter(|_| !anywhere.is_empty());
        self.numbers = Numbers::new(&numbers);
    }

    /// The texts that expressions of an extent require which no word says where to look for.
    fn parts_of(&self, extent: Extent) -> impl Iterator<Item = (u32, &[Vec<u8>])> {
        let entries = (0..).zip(&self.all);
        let wanted = entries.filter(move |(_, entry)| {
            entry.extent <= extent && entry.pattern.plain_words.is_empty()
        });
        wanted.filter_map(|(at, entry)| match &entry.pattern.reach {
            Reach::Parts(texts) => Some((at, texts.as_slice())),
            Reach::Words { .. } | Reach::Number(_) | Reach::Anywhere => None,
        })
    }

    /// Tells words of the plain view of which one stands inside every match of those expressions that
    /// read posts as received, as far as they have such, and whose they are.
    pub(super) fn plain_words(&self, tell: &mut dyn FnMut(Key, Received)) {
        for (at, entry) in (0..).zip(&self.all) {
            for word in &entry.pattern.plain_words {
                let received = Received {
                    expression: at,
                    extent: entry.extent,
                };
                tell(*word, received);
            }
        }
    }

    /// Notes every place where expressions of an extent may match that no word says where to look for.
    pub(super) fn note_others(
        &self,
        text: &str,
        numbers: &[u32],
        extent: Extent,
        scratch: &mut Scratch,
    ) {
        let bytes = text.as_bytes();
        self.numbers.find(bytes, numbers, &mut |expression, start| {
            self.note(expression, start..start, scratch, bytes.len());
        });
        self.parts.of(extent).find(bytes, &mut |expression, part| {
            self.note(expression, part, scratch, bytes.len());
        });
        self.note_anywhere(bytes, scratch);
    }

    /// Expressions that require nothing, and match somewhere.
    fn note_anywhere(&self, bytes: &[u8], scratch: &mut Scratch) {
        let Some(anywhere) = &self.anywhere else {
            return;
        };
        let whole = |owner: &u32| Window {
            expression: *owner,
            start: 0,
            end: bytes.len() as u32,
            anchored: false,
        };
        let mut matching = PatternSet::new(self.owner_anywhere.len());
        anywhere.which_overlapping_matches(&Input::new(bytes), &mut matching);
        let owners = matching
            .iter()
            .filter_map(|p| self.owner_anywhere.get(p.as_usize()));
        owners.for_each(|owner| scratch.open(whole(owner)));
    }

    /// Opens a window around a word that an expression of an extent requires, if the others stand as
    /// well.
    pub(super) fn note_word(
        &self,
        sought: &Sought,
        extent: Extent,
        passage: Passage<'_>,
        at: usize,
        scratch: &mut Scratch,
    ) {
        if sought.extent > extent {
            return;
        }
        let Some(mut word) = passage.span(at, at) else {
            return;
        };
        // A match may end where the beginning of a word does.
        let bytes = sought.bytes.map(|bytes| bytes.get() as usize);
        word.end = word.start + bytes.unwrap_or(word.len());
        let text = passage.text.as_bytes();
        let others_stand = || {
            let mut also = sought.also.iter();
            sought.also.is_empty() || also.any(|key| passage.keys.contains(key))
        };
        if sought.beside.fits(text, word.start, word.end) && others_stand() {
            scratch.open(sought.reach.window(sought.expression, word, text.len()));
        }
    }

    /// Opens a window of a post as received, of so many bytes, around a word of it, if the expression
    /// is of an extent.
    pub(super) fn note_received(
        &self,
        received: &Received,
        extent: Extent,
        word: Range<usize>,
        scratch: &mut Scratch,
        bytes: usize,
    ) {
        if received.extent <= extent {
            self.note(received.expression, word, scratch, bytes);
        }
    }

    /// Opens a window around what an expression requires, in a text of so many bytes.
    fn note(&self, expression: u32, around: Range<usize>, scratch: &mut Scratch, bytes: usize) {
        let Some(entry) = self.all.get(expression as usize) else {
            return;
        };
        scratch.open(entry.reached().window(expression, around, bytes));
    }

    /// Tells the signals of expressions that may match at the places noted.
    pub(super) fn noted(&self, scratch: &Scratch, tell: &mut impl FnMut(SignalId)) {
        let entries = scratch
            .windows
            .iter()
            .map(|window| window.expression as usize);
        let entries = entries.filter_map(|at| self.all.get(at));
        entries.for_each(|entry| tell(entry.signal));
    }

    /// Whether an expression that may make a rule fire matches at one of the places noted.
    pub(super) fn opens_gate(&self, text: &str, scratch: &mut Scratch) -> bool {
        let mut opens = false;
        self.run(text, Looking::GATE, Extent::Gate, scratch, &mut |_, _| {
            opens = true;
        });
        opens
    }

    /// Tells every match at the places noted, of expressions that are looked for.
    pub(super) fn matches(
        &self,
        text: &str,
        looking: Looking<'_>,
        scratch: &mut Scratch,
        tell: &mut dyn FnMut(SignalId, Range<usize>),
    ) {
        self.run(text, looking, Extent::All, scratch, tell);
    }

    fn run(
        &self,
        text: &str,
        looking: Looking<'_>,
        extent: Extent,
        scratch: &mut Scratch,
        tell: &mut dyn FnMut(SignalId, Range<usize>),
    ) {
        scratch.join();
        let Scratch { windows, cache, .. } = scratch;
        // Matches of one expression don't overlap: where its last one ends.
        let (mut last, mut ends) = (u32::MAX, 0);
        for window in windows {
            let Some(entry) = self.all.get(window.expression as usize) else {
                continue;
            };
            if !looking.is_for(entry.signal, entry.view) || entry.extent > extent {
                continue;
            }
            if window.expression != last {
                (last, ends) = (window.expression, 0);
            }
            let mut told = false;
            entry.each_match(text, *window, ends, cache, &mut |span| {
                told = true;
                ends = span.end;
                tell(entry.signal, on_boundaries(text, span));
            });
            if told && extent == Extent::Gate {
                return;
            }
        }
    }
}

impl Entry {
    fn reached(&self) -> Reached {
        let longest = self
            .pattern
            .longest
            .and_then(|longest| u32::try_from(longest).ok());
        Reached {
            longest: longest.and_then(NonZeroU32::new),
            anchored: self.anchored,
        }
    }

    /// Tells the matches within a window, one behind the other, from `from` on.
    fn each_match(
        &self,
        text: &str,
        window: Window,
        from: usize,
        cache: &mut Option<Cache>,
        tell: &mut dyn FnMut(Range<usize>),
    ) {
        let (mut start, end) = (window.start as usize, window.end as usize);
        if window.anchored {
            let input = Input::new(text).range(start..end).anchored(Anchored::Yes);
            let found = if start < from {
                None
            } else {
                self.first_match(&input, cache)
            };
            found.into_iter().for_each(tell);
            return;
        }
        start = start.max(from);
        while start < end {
            let Some(span) = self.first_match(&Input::new(text).range(start..end), cache) else {
                return;
            };
            // No expression matches the empty text.
            start = span.end.max(start + 1);
            tell(span);
        }
    }

    fn first_match(&self, input: &Input<'_>, cache: &mut Option<Cache>) -> Option<Range<usize>> {
        let span = input.get_span();
        if span.len() <= BACKTRACK_BYTES_MAX && span.len() < self.short.max_haystack_len() {
            let cache = cache.get_or_insert_with(|| self.short.create_cache());
            if let Ok(found) = self.short.try_find(cache, input.clone()) {
                return found.map(|found| found.range());
            }
        }
        let long = self
            .long
            .get_or_init(|| automaton(&[&self.pattern.text], self.pattern.unicode));
        long.as_ref()?.search(input).map(|found| found.range())
    }
}

/// An automaton of several expressions. It grows while it is used, up to a bound of its own.
fn automaton(texts: &[&str], unicode: bool) -> Option<meta::Regex> {
    let kind = if texts.len() > 1 {
        MatchKind::All
    } else {
        MatchKind::LeftmostFirst
    };
    meta::Regex::builder()
        .configure(meta::Config::new().match_kind(kind).utf8_empty(false))
        .syntax(syntax::Config::new().unicode(unicode).utf8(false))
        .build_many(texts)
        .ok()
}

/// An expression that reads bytes may stop inside a character: evidence never does.
fn on_boundaries(text: &str, span: Range<usize>) -> Range<usize> {
    text.floor_char_boundary(span.start)..text.ceil_char_boundary(span.end)
}
