//! The words that policies look for, as a tree of letters that can be walked with doubts.

use super::signs::{Sign, sign};
use super::swap::swaps;
use crate::limits::{SPELLED_STEPS_MAX, SPELLED_WORD_LETTERS_MAX};
use crate::text::frequency::word_frequency;
use crate::text::key::{Filter, Key};
use std::cmp::Reverse;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};

/// The words that disguises are undone into: those of policies' terms, folded. Of several readings
/// of a disguise the word that came most often wins, for `to*s` is nearly always `tous`; of words
/// that came equally often, the first.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    /// INVARIANT: children of a node are neighbours, sorted by letter. Node 0 is the root.
    nodes: Vec<Node>,
    words: usize,
    longest: usize,
    /// Words that follow one another in a phrase, by the key of both.
    follows: Filter,
    /// The words with two letters swapped.
    pub(super) swapped: Filter,
    endings: Endings,
    /// No two lexicons that were made have the same.
    pub(super) number: u64,
}

/// How many lexicons were made.
static LEXICONS: AtomicU64 = AtomicU64::new(0);

#[derive(Clone, Copy, Debug)]
struct Node {
    /// The letters of its children, as bits, and [`OPEN`].
    letters: u32,
    first_child: u32,
    /// Place of the word that ends here: 0 for the one that comes most often.
    rank: u32,
}

/// What two words that follow one another say: two pairs say more than one, of whatever words.
const PAIR: u32 = 16;

/// Of a million words of ordinary text, so many are a word that follows anything: `with`, `all`.
const FOLLOWS_ANYTHING: u64 = 1_000;

/// Beside the letters of a node's children: a word may go on from here as it likes, `kill*`.
const OPEN: u32 = 1 << 31;

/// Letters by which a word may go on behind its known beginning.
const ENDING_LETTERS_MAX: usize = 8;

/// No word ends here.
const NO_WORD: u32 = u32::MAX;

impl Lexicon {
    /// A lexicon of folded words. What isn't made of `a` to `z` is left out, and so is what is
    /// longer than [`SPELLED_WORD_LETTERS_MAX`]: disguises are undone into other words only.
    pub fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        Self::with_beginnings(words.map(|word| (word, false)))
    }

    /// A lexicon of words, and of beginnings (`true`) that words may go on from: `kill*`.
    pub fn with_beginnings<'a>(words: impl Iterator<Item = (&'a str, bool)>) -> Self {
        let readable = |(word, _): &(&str, bool)| {
            (1..=SPELLED_WORD_LETTERS_MAX).contains(&word.len())
                && word.bytes().all(|b| b.is_ascii_lowercase())
        };
        // How often each word comes, where it came first, and whether it is a beginning.
        let mut known: HashMap<&str, (Reverse<usize>, usize, bool)> = HashMap::new();
        for (place, (word, open)) in words.filter(readable).enumerate() {
            let entry = known.entry(word).or_insert((Reverse(0), place, false));
            entry.0.0 += 1;
            entry.2 |= open;
        }
        let mut common: Vec<_> = known.into_iter().collect();
        common.sort_unstable_by_key(|(_, commonness)| *commonness);
        let ranked = common.into_iter().zip(0..);
        let mut sorted: Vec<(&str, (u32, bool))> = ranked
            .map(|((word, (_, _, open)), rank)| (word, (rank, open)))
            .collect();
        sorted.sort_unstable();
        let letters = |(word, (_, open)): &(&str, (u32, bool))| {
            word.len() + if *open { ENDING_LETTERS_MAX } else { 0 }
        };
        let longest = sorted.iter().map(letters).max().unwrap_or(0);
        let swapped: Vec<Key> = sorted.iter().flat_map(|(word, _)| swaps(word)).collect();
        Self {
            nodes: grow(&sorted),
            words: sorted.len(),
            longest,
            follows: Filter::default(),
            swapped: Filter::of(swapped.into_iter()),
            endings: Endings::of(&sorted),
            number: LEXICONS.fetch_add(1, Ordering::Relaxed) + 1,
        }
    }

    /// The same lexicon, which also knows words that follow one another in a phrase: they tell which
    /// of several words a disguise stands for. `each` calls what it is given with every two.
    #[must_use]
    pub fn with_pairs(mut self, each: impl FnOnce(&mut dyn FnMut(Key, Key))) -> Self {
        let mut pairs: Vec<Key> = Vec::new();
        each(&mut |one, next| pairs.push(one.with(next)));
        pairs.sort_unstable();
        pairs.dedup();
        self.follows = Filter::of(pairs.into_iter());
        self
    }

    /// How much it says that these words follow one another: 0 unless they do in a phrase; less of the
    /// commonest words, which follow anything. About one pair in a hundred is wrongly said to be in a
    /// phrase.
    pub(super) fn follows(&self, one: &[u8], next: &[u8]) -> u32 {
        let key = |word: &[u8]| Key::at(word, 0, word.len());
        let none = one.is_empty() || next.is_empty();
        if none || !self.follows.lets_through(key(one).with(key(next))) {
            return 0;
        }
        let says_little = |word: &[u8]| {
            str::from_utf8(word).is_ok_and(|word| word_frequency(word) >= FOLLOWS_ANYTHING)
        };
        PAIR - u32::from(says_little(one)) - u32::from(says_little(next))
    }

    /// Whether letters may end with a word of three letters or more that isn't all of them. `false`
    /// is sure.
    #[inline]
    pub(super) fn may_end(&self, letters: &[u8]) -> bool {
        self.endings.may_end(letters)
    }

    /// Whether it knows no word.
    pub(super) fn is_empty(&self) -> bool {
        self.longest == 0
    }

    /// How many words it knows.
    pub(super) fn words(&self) -> usize {
        self.words
    }

    /// Letters of the longest word.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Whether this is a word of the lexicon.
    pub(super) fn contains(&self, word: &[u8]) -> bool {
        let mut node = 0;
        for letter in word {
            if self.is_open(node) {
                return true;
            }
            let Some(below) = self.child(node, *letter) else {
                return false;
            };
            node = below;
        }
        self.rank(node).is_some()
    }

    /// Whether a token may be read as a word, each sign for one letter and joints for none. `false` is
    /// sure.
    pub(super) fn may_read(&self, token: &[u8]) -> bool {
        let mut steps = SPELLED_STEPS_MAX;
        self.may_read_from(0, token, &mut steps)
    }

    /// Recursion is as deep as a word.
    fn may_read_from(&self, node: u32, token: &[u8], steps: &mut u32) -> bool {
        let [first, rest @ ..] = token else {
            return self.rank(node).is_some();
        };
        let Some(left) = steps.checked_sub(1) else {
            return true;
        };
        *steps = left;
        let letters = match sign(char::from(*first)) {
            Sign::Letter(letters) | Sign::Digit(letters) | Sign::Symbol(letters) => letters,
            Sign::Joint => return self.may_read_from(node, rest, steps),
            Sign::Star | Sign::Other => return true,
        };
        self.is_open(node)
            || self
                .children(node, letters)
                .any(|(below, _)| self.may_read_from(below, rest, steps))
    }

    /// Where words of the lexicon end that stand at the start of `letters`, as bits: bit 3 for a
    /// word of three letters.
    pub(super) fn ends(&self, letters: &[u8]) -> u64 {
        let mut ends = 0;
        let mut node = 0;
        for (at, letter) in letters.iter().enumerate().take(62) {
            let Some(below) = self.child(node, *letter) else {
                break;
            };
            node = below;
            ends |= u64::from(self.rank(node).is_some()) << (at + 1);
            if self.is_open(node) {
                ends |= ((2 << ENDING_LETTERS_MAX) - 1) << (at + 1);
            }
        }
        ends
    }

    /// Whether words may go on from this node as they like.
    fn is_open(&self, node: u32) -> bool {
        self.nodes
            .get(node as usize)
            .is_some_and(|n| n.letters & OPEN != 0)
    }

    /// The node below `node` by this letter. 0 is the root.
    pub(super) fn child(&self, node: u32, letter: u8) -> Option<u32> {
        let parent = self.nodes.get(node as usize)?;
        let bit = letter_bit(letter);
        let before = parent.letters & bit.wrapping_sub(1);
        (parent.letters & bit != 0).then(|| parent.first_child + before.count_ones())
    }

    /// The rank of the word that ends at this node.
    pub(super) fn rank(&self, node: u32) -> Option<u32> {
        self.nodes
            .get(node as usize)
            .map(|n| n.rank)
            .filter(|rank| *rank != NO_WORD)
    }

    /// The nodes below `node` with their letters, of those that `wanted` has.
    fn children(&self, node: u32, wanted: u32) -> impl Iterator<Item = (u32, u8)> {
        let parent = self.nodes.get(node as usize);
        let (letters, first) = parent.map_or((0, 0), |n| (n.letters, n.first_child));
        let mut left = letters & wanted & !OPEN;
        std::iter::from_fn(move || {
            let at = left.trailing_zeros();
            left &= left.checked_sub(1)?;
            let before = letters & ((1_u32 << at) - 1);
            Some((first + before.count_ones(), b'a' + at as u8))
        })
    }
}

/// What the words of a lexicon end letters with, at first sight: small enough to be at hand always.
#[derive(Clone, Debug, Default)]
struct Endings {
    /// Words of three letters or more; of long ones the last letters.
    words: Filter,
    /// How words begin that go on as they like: at most four letters, and as bits how many.
    open: Filter,
    open_lengths: u32,
}

/// Letters of a word that its key holds.
const KEY_LETTERS: usize = 8;

/// Letters by which the beginning of a word is known.
const OPEN_LETTERS: usize = 4;

impl Endings {
    fn of(words: &[(&str, (u32, bool))]) -> Self {
        let last = |word: &&str| word.len() - word.len().min(KEY_LETTERS);
        let ends = words.iter().map(|(word, _)| *word);
        let ends: Vec<Key> = ends
            .filter(|word| word.len() >= 3)
            .map(|word| Key::at(word.as_bytes(), last(&word), word.len()))
            .collect();
        let opens = words.iter().filter(|(_, (_, open))| *open);
        let mut open_lengths = 0;
        let mut open: Vec<Key> = Vec::new();
        for (word, _) in opens {
            let letters = word.len().min(OPEN_LETTERS);
            open_lengths |= 1 << letters;
            open.push(Key::at(word.as_bytes(), 0, letters));
        }
        open.dedup();
        Self {
            words: Filter::of(ends.into_iter()),
            open: Filter::of(open.into_iter()),
            open_lengths,
        }
    }

    #[inline]
    fn may_end(&self, letters: &[u8]) -> bool {
        // PERF: all are asked, so that nothing is a branch.
        let passes = |all, key: Key| all | self.words.passes(key.hash());
        let closed = Key::endings(letters).map_or(1, |keys| keys.into_iter().fold(0, passes));
        closed == 1 || self.open_lengths != 0 && self.may_end_open(letters)
    }

    /// Whether a word that goes on as it likes may begin behind the first letter.
    fn may_end_open(&self, letters: &[u8]) -> bool {
        (1..letters.len()).any(|start| {
            let counts =
                (1..=OPEN_LETTERS.min(letters.len() - start)).zip(Key::starts(letters, start));
            let mut known = counts.filter(|(count, _)| self.open_lengths >> count & 1 == 1);
            known.any(|(_, key)| self.open.lets_through(key))
        })
    }
}

/// The tree of sorted words, level by level, so that the children of a node are neighbours.
fn grow(sorted: &[(&str, (u32, bool))]) -> Vec<Node> {
    let mut nodes = Vec::new();
    // For each node the words that begin with its letters, and how many letters those are.
    let mut waiting = VecDeque::from([(sorted, 0)]);
    while let Some((words, depth)) = waiting.pop_front() {
        let mut node = Node {
            letters: 0,
            first_child: 0,
            rank: NO_WORD,
        };
        // Behind this node stand those that wait already.
        node.first_child = (nodes.len() + 1 + waiting.len()) as u32;
        let letter = |(word, _): &(&str, (u32, bool))| word.as_bytes().get(depth).copied();
        for below in words.chunk_by(|a, b| letter(a) == letter(b)) {
            match below.first().map(|word| (letter(word), word.1)) {
                Some((Some(letter), _)) => {
                    node.letters |= letter_bit(letter);
                    waiting.push_back((below, depth + 1));
                }
                Some((None, (rank, open))) => {
                    node.rank = rank;
                    node.letters |= if open { OPEN } else { 0 };
                }
                None => {}
            }
        }
        nodes.push(node);
    }
    nodes
}

/// One place of a disguised word: the letters it may be, and the bytes of the plain view it takes.
#[derive(Clone, Debug)]
pub(super) struct Slot {
    /// Bit 0 is `a`.
    pub letters: u32,
    /// Whether the letter is written as such.
    pub shown: bool,
    pub span: Range<usize>,
    /// Whether it may be no letter at all.
    pub optional: bool,
}

/// The bit of a letter from `a` to `z`.
pub(super) const fn letter_bit(letter: u8) -> u32 {
    match letter {
        b'a'..=b'z' => 1 << (letter - b'a'),
        _ => 0,
    }
}

/// A word of the lexicon found in slots.
#[derive(Debug)]
pub(super) struct Found<'a> {
    /// Its letters, and the slot each stands in.
    pub letters: &'a [(u8, usize)],
    /// How many of its letters the lexicon knows; the others are an ending.
    pub known: usize,
    /// How many slots it takes, skipped ones included.
    pub slots: usize,
    pub skipped: usize,
    pub rank: u32,
}

/// Walks the lexicon along slots and reports every word on the way, at most
/// [`SPELLED_STEPS_MAX`] steps long.
pub(super) fn walk(lexicon: &Lexicon, slots: &[Slot], report: &mut dyn FnMut(Found<'_>)) {
    let steps = SPELLED_STEPS_MAX;
    Walk {
        lexicon,
        slots,
        report,
        letters: Vec::with_capacity(SPELLED_WORD_LETTERS_MAX),
        skipped: 0,
        steps,
    }
    .from(0, 0);
}

struct Walk<'a> {
    lexicon: &'a Lexicon,
    slots: &'a [Slot],
    report: &'a mut dyn FnMut(Found<'_>),
    letters: Vec<(u8, usize)>,
    skipped: usize,
    steps: u32,
}

impl Walk<'_> {
    /// Recursion is as deep as a word with its optional slots: [`SPELLED_WORD_LETTERS_MAX`] twice.
    fn from(&mut self, slot: usize, node: u32) {
        let Some(steps) = self.steps.checked_sub(1) else {
            return;
        };
        self.steps = steps;
        if let Some(rank) = self.lexicon.rank(node) {
            self.report(slot, self.letters.len(), rank);
            if self.lexicon.is_open(node) {
                self.endings(slot, rank);
            }
        }
        let Some(here) = self.slots.get(slot) else {
            return;
        };
        let lexicon = self.lexicon;
        for (below, letter) in lexicon.children(node, here.letters) {
            self.letters.push((letter, slot));
            self.from(slot + 1, below);
            self.letters.pop();
        }
        if here.optional {
            self.skipped += 1;
            self.from(slot + 1, node);
            self.skipped -= 1;
        }
    }

    fn report(&mut self, slots: usize, known: usize, rank: u32) {
        (self.report)(Found {
            letters: &self.letters,
            known,
            slots,
            skipped: self.skipped,
            rank,
        });
    }

    /// Reports a known beginning with each ending that is written behind it: an ending is never
    /// guessed, so hidden letters stop it.
    fn endings(&mut self, slot: usize, rank: u32) {
        let known = self.letters.len();
        let behind = self.slots.get(slot..).unwrap_or_default();
        for (more, here) in behind.iter().take(ENDING_LETTERS_MAX).enumerate() {
            let letter = here.letters.trailing_zeros() as u8;
            if here.letters.count_ones() > 4 || here.optional || letter >= 26 {
                break;
            }
            self.letters.push((b'a' + letter, slot + more));
            self.report(slot + more + 1, known, rank);
        }
        self.letters.truncate(known);
    }
}
