//! Terms of a pack: each is found by its rarest word, and verified around it.

use super::extent::Extent;
use super::index::Builder;
use super::passage::Passage;
use super::prospects::Looking;
use crate::policy::{Piece, Signal, SignalId, Slot, Term, View};
use crate::text::{Key, word_frequency, words_that_begin_frequency};
use aho_corasick::{AhoCorasick, AhoCorasickKind};
use std::ops::Range;
use std::sync::Arc;

/// The terms that a pack uses.
#[derive(Debug, Default)]
pub(super) struct Terms {
    all: Vec<Entry>,
    /// Terms that hold no whole word or beginning of one are found by a part of one.
    parts: Option<AhoCorasick>,
    candidate_of_part: Vec<Candidate>,
    /// From which extent on one of those is looked for.
    parts_from: Extent,
}

#[derive(Debug)]
struct Entry {
    signal: SignalId,
    view: View,
    term: Arc<Term>,
    /// From which extent on it is looked for.
    extent: Extent,
    /// Whether disguises are undone into its words.
    lends: bool,
}

/// A term, and which of its pieces was seen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    entry: u32,
    /// Of the term, so that most candidates are judged without a look at it.
    signal: u32,
    view: View,
    /// From which extent on the term is looked for.
    extent: Extent,
    /// Whether the piece is the whole term, in one reading.
    whole: bool,
    slot: u16,
    option: u16,
    piece: u16,
    /// Bits of the words that may stand right before and right behind the piece.
    before: u64,
    behind: u64,
}

/// Patterns up to which an automaton of them all is small.
const PARTS_DFA_MAX: usize = 2_000;

impl Terms {
    /// Adds the terms of a signal, looked for from an extent on. `lends`: disguises may be undone
    /// into their words.
    pub(super) fn add(
        &mut self,
        (id, signal): (SignalId, &Signal),
        (extent, lends): (Extent, bool),
        terms: &[Arc<Term>],
    ) {
        self.all.extend(terms.iter().map(|term| Entry {
            signal: id,
            view: signal.view,
            term: Arc::clone(term),
            extent,
            lends,
        }));
    }

    /// Adds each term to the index, by its rarest words.
    pub(super) fn build<T>(&mut self, index: &mut Builder<T>, posting: fn(Candidate) -> T) {
        let mut parts: Vec<String> = Vec::new();
        for (number, entry) in self.all.iter().enumerate() {
            let Entry { term, extent, .. } = entry;
            let at = |place: PlaceInTerm| Candidate {
                entry: number as u32,
                signal: entry.signal.0 as u32,
                view: entry.view,
                extent: *extent,
                ..candidate(term, place)
            };
            let whole = cheapest(term, cost);
            for place in whole.iter().flatten() {
                let candidate = at(*place);
                if let Some((first, second, candidate)) = candidate.with_neighbour(term) {
                    index.pair(first, second, *extent, posting(candidate));
                    continue;
                }
                match candidate.piece(term) {
                    Some(Piece::Word(word)) => index.word(word.key(), *extent, posting(candidate)),
                    Some(Piece::Prefix(letters)) => {
                        index.beginning(letters, *extent, posting(candidate));
                    }
                    _ => {}
                }
            }
            if whole.is_none() {
                let letters =
                    |piece: &Piece| piece.letters().map(|letters| 64 - letters.len() as u64);
                for place in cheapest(term, letters).iter().flatten() {
                    let candidate = at(*place);
                    let part = candidate.piece(term).and_then(Piece::letters);
                    parts.push(part.unwrap_or_default().to_owned());
                    self.candidate_of_part.push(candidate);
                    self.parts_from = self.parts_from.min(*extent);
                }
            }
        }
        let kind = (parts.len() <= PARTS_DFA_MAX).then_some(AhoCorasickKind::DFA);
        let automaton = AhoCorasick::builder().kind(kind).build(&parts);
        self.parts = automaton.ok().filter(|_| !parts.is_empty());
    }

    /// The words that terms of the view `spelled` look for; `true` for beginnings of words.
    pub(super) fn spelled_words(&self) -> impl Iterator<Item = (&str, bool)> {
        let lends = |entry: &&Entry| entry.lends && entry.view == View::Spelled;
        let spelled = self.all.iter().filter(lends);
        spelled
            .flat_map(|entry| entry.term.pieces())
            .filter_map(|piece| match piece {
                Piece::Word(word) => Some((&**word, false)),
                Piece::Prefix(word) => Some((&**word, true)),
                Piece::Suffix(_) | Piece::Infix(_) | Piece::AnyWord | Piece::Gap => None,
            })
    }

    /// Calls `see` with words that follow one another in terms of the view `spelled`.
    pub(super) fn each_spelled_pair(&self, see: &mut dyn FnMut(Key, Key)) {
        let lends = |entry: &&Entry| entry.lends && entry.view == View::Spelled;
        for entry in self.all.iter().filter(lends) {
            entry.term.each_pair(see);
        }
    }

    /// Calls `see` with every term that is found by a part of a word, if any of an extent is, until
    /// it answers `true`.
    pub(super) fn by_parts(
        &self,
        passage: Passage<'_>,
        extent: Extent,
        mut see: impl FnMut(usize, &Candidate) -> bool,
    ) -> bool {
        let Some(parts) = self.parts.as_ref().filter(|_| self.parts_from <= extent) else {
            return false;
        };
        parts.find_overlapping_iter(passage.text).any(|hit| {
            let at = passage
                .words
                .partition_point(|word| word.end as usize <= hit.start());
            let candidate = self.candidate_of_part.get(hit.pattern().as_usize());
            candidate.is_some_and(|candidate| see(at, candidate))
        })
    }

    /// Whether a term that may make a rule fire stands at a word.
    pub(super) fn opens_gate(&self, passage: Passage<'_>, at: usize, found: &Candidate) -> bool {
        if !found.may_stand(Extent::Gate, passage, at) {
            return false;
        }
        // What is looked up by a word of at most eight letters needs no second look.
        if found.whole && passage.keys.get(at).is_some_and(|key| key.is_exact()) {
            return true;
        }
        let mut opens = false;
        self.verify(passage, at, found, Looking::GATE, &mut |_, _| opens = true);
        opens
    }

    /// Tells every span of a term around a word, if it is looked for.
    pub(super) fn verify(
        &self,
        passage: Passage<'_>,
        at: usize,
        found: &Candidate,
        looking: Looking<'_>,
        tell: &mut dyn FnMut(SignalId, Range<usize>),
    ) {
        if !found.fits(passage, at) {
            return;
        }
        let signal = found.signal();
        if !looking.is_for(signal, found.view) {
            return;
        }
        let Some(entry) = self.all.get(found.entry as usize) else {
            return;
        };
        let Some((slots_before, option, slots_behind)) = found.split(&entry.term) else {
            return;
        };
        let Some((before, from)) = option.split_at_checked(usize::from(found.piece)) else {
            return;
        };
        passage.forward(at, false, from, slots_behind, &mut |last| {
            passage.backward(at, true, slots_before, before, &mut |first| {
                let stands = !entry.term.opens || passage.opens(first);
                if let Some(span) = passage.span(first, last).filter(|_| stands) {
                    tell(signal, span);
                }
            });
        });
    }
}

impl Candidate {
    pub(super) fn signal(&self) -> SignalId {
        SignalId(self.signal as usize)
    }

    /// Whether an extent holds it and the words around are among those that may stand there.
    pub(super) fn may_stand(&self, extent: Extent, passage: Passage<'_>, at: usize) -> bool {
        self.extent <= extent && self.fits(passage, at)
    }

    fn piece<'t>(&self, term: &'t Term) -> Option<&'t Piece> {
        let slot = term.slots.get(usize::from(self.slot))?;
        let option = slot.options.get(usize::from(self.option))?;
        option.get(usize::from(self.piece))
    }

    /// Two neighbouring words of its option, one of them its piece, and itself at the first of them.
    fn with_neighbour(self, term: &Term) -> Option<(Key, Key, Self)> {
        let (_, option, _) = self.split(term)?;
        let word = |at: usize| match option.get(at)? {
            Piece::Word(word) => Some(word.key()),
            Piece::Prefix(_) | Piece::Suffix(_) | Piece::Infix(_) | Piece::AnyWord | Piece::Gap => {
                None
            }
        };
        let at = |first: usize| {
            let place = (usize::from(self.slot), usize::from(self.option), first);
            let there = candidate(term, place);
            Some((
                word(first)?,
                word(first + 1)?,
                Self {
                    piece: there.piece,
                    before: there.before,
                    behind: there.behind,
                    ..self
                },
            ))
        };
        let piece = usize::from(self.piece);
        at(piece).or_else(|| at(piece.checked_sub(1)?))
    }

    /// The slots before its option, the option, and the slots behind.
    fn split<'t>(&self, term: &'t Term) -> Option<(&'t [Slot], &'t [Piece], &'t [Slot])> {
        let (before, from) = term.slots.split_at_checked(usize::from(self.slot))?;
        let (slot, behind) = from.split_first()?;
        let option = slot.options.get(usize::from(self.option))?;
        Some((before, option, behind))
    }

    /// Whether the words around are among those that may stand there.
    fn fits(&self, passage: Passage<'_>, at: usize) -> bool {
        let allows = |bits: u64, at: Option<usize>| bits == ANY || bits & passage.bit(at) != 0;
        allows(self.behind, Some(at + 1)) && allows(self.before, at.checked_sub(1))
    }
}

/// Any word may stand there, or none.
const ANY: u64 = u64::MAX;

/// A place in a term: slot, option, piece.
type PlaceInTerm = (usize, usize, usize);

/// Of a million words of ordinary text, so many are what the piece asks for; none where it can't be
/// looked up.
fn cost(piece: &Piece) -> Option<u64> {
    match piece {
        Piece::Word(word) => Some(word_frequency(word)),
        Piece::Prefix(letters) => Some(words_that_begin_frequency(letters)),
        Piece::Suffix(_) | Piece::Infix(_) | Piece::AnyWord | Piece::Gap => None,
    }
}

/// How often a term's rarest words stand in a million words of ordinary text.
pub(super) fn term_cost(term: &Term) -> u64 {
    let of_slot = |slot: &Slot| {
        let options = slot.options.iter();
        let cheapest = options.map(|option| option.iter().filter_map(cost).min());
        cheapest.sum::<Option<u64>>()
    };
    let costs = term.slots.iter().filter_map(of_slot);
    costs.min().unwrap_or(PART_COST)
}

/// What it costs to look for a part of a word.
const PART_COST: u64 = 20_000;

/// The slot whose options are cheapest to look for: of each option the cheapest piece.
fn cheapest(term: &Term, cost: impl Fn(&Piece) -> Option<u64>) -> Option<Vec<PlaceInTerm>> {
    let of_slot = |(at, slot): (usize, &Slot)| {
        let mut sum = 0;
        let mut places = Vec::with_capacity(slot.options.len());
        for (number, option) in slot.options.iter().enumerate() {
            let costs = option.iter().enumerate();
            let costs = costs.filter_map(|(piece, asked)| Some((cost(asked)?, piece)));
            let (least, piece) = costs.min()?;
            sum += least;
            places.push((at, number, piece));
        }
        Some((sum, places))
    };
    let slots = term.slots.iter().enumerate().filter_map(of_slot);
    slots.min_by_key(|(sum, _)| *sum).map(|(_, places)| places)
}

fn candidate(term: &Term, (slot, option, piece): PlaceInTerm) -> Candidate {
    let mut candidate = Candidate {
        entry: 0,
        signal: 0,
        view: View::Plain,
        extent: Extent::All,
        whole: false,
        slot: slot as u16,
        option: option as u16,
        piece: piece as u16,
        before: ANY,
        behind: ANY,
    };
    if let Some((slots_before, pieces, slots_behind)) = candidate.split(term)
        && let Some((before, from)) = pieces.split_at_checked(piece)
    {
        let behind = from.get(1..).unwrap_or_default();
        let alone = slots_before.is_empty() && slots_behind.is_empty() && pieces.len() == 1;
        candidate.whole = alone && !term.opens && matches!(from.first(), Some(Piece::Word(_)));
        candidate.before = neighbours(before.last(), slots_before.iter().rev(), <[Piece]>::last);
        candidate.behind = neighbours(behind.first(), slots_behind.iter(), <[Piece]>::first);
    }
    candidate
}

/// The bits of the words that may stand beside a piece: its neighbour in the option, else the edges
/// of the slots from there on.
fn neighbours<'s>(
    neighbour: Option<&Piece>,
    slots: impl Iterator<Item = &'s Slot>,
    edge: fn(&[Piece]) -> Option<&Piece>,
) -> u64 {
    let bit = |piece: &Piece| match piece {
        Piece::Word(word) => word.key().bit(),
        Piece::Prefix(_) | Piece::Suffix(_) | Piece::Infix(_) | Piece::AnyWord | Piece::Gap => ANY,
    };
    if let Some(piece) = neighbour {
        return bit(piece);
    }
    let mut bits = 0;
    for slot in slots {
        let edges = slot.options.iter().filter_map(|option| edge(option));
        bits |= edges.map(bit).fold(0, |all, bit| all | bit);
        if slot.options.iter().all(|option| !option.is_empty()) {
            return bits;
        }
    }
    // Nothing need stand there.
    ANY
}
