//! The words that policies look for, as a tree of letters that can be walked with doubts.

use crate::limits::{SPELLED_STEPS_MAX, SPELLED_WORD_LETTERS_MAX};
use std::collections::HashMap;
use std::ops::Range;

/// The words that disguises are undone into: those of policies' terms, folded. Of several readings
/// of a disguise the word that came first wins.
#[derive(Clone, Debug, Default)]
pub struct Lexicon {
    /// INVARIANT: children of a node are neighbours, sorted by letter. Node 0 is the root.
    nodes: Vec<Node>,
    longest: usize,
}

#[derive(Clone, Copy, Debug)]
struct Node {
    letter: u8,
    children: u8,
    first_child: u32,
    /// Place of the word that ends here, in the order given.
    rank: u32,
}

/// No word ends here.
const NO_WORD: u32 = u32::MAX;

impl Lexicon {
    /// A lexicon of folded words. What isn't made of `a` to `z` is left out, and so is what is
    /// longer than [`SPELLED_WORD_LETTERS_MAX`]: disguises are undone into other words only.
    pub fn new<'a>(words: impl Iterator<Item = &'a str>) -> Self {
        let readable = |word: &&str| {
            (1..=SPELLED_WORD_LETTERS_MAX).contains(&word.len())
                && word.bytes().all(|b| b.is_ascii_lowercase())
        };
        let mut ranks: HashMap<&str, u32> = HashMap::new();
        for word in words.filter(readable) {
            let next = ranks.len() as u32;
            ranks.entry(word).or_insert(next);
        }
        let mut sorted: Vec<(&str, u32)> = ranks.into_iter().collect();
        sorted.sort_unstable();
        let longest = sorted.iter().map(|(word, _)| word.len()).max().unwrap_or(0);
        Self {
            nodes: grow(&sorted),
            longest,
        }
    }

    /// Letters of the longest word.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Whether this is a word of the lexicon.
    pub(super) fn contains(&self, word: &[u8]) -> bool {
        let end = word
            .iter()
            .try_fold(0, |node, letter| self.child(node, *letter));
        end.is_some_and(|node| self.rank(node).is_some())
    }

    /// The node below `node` by this letter. 0 is the root.
    pub(super) fn child(&self, node: u32, letter: u8) -> Option<u32> {
        self.children(node)
            .find(|(_, below)| *below == letter)
            .map(|(number, _)| number)
    }

    /// The rank of the word that ends at this node.
    pub(super) fn rank(&self, node: u32) -> Option<u32> {
        self.nodes
            .get(node as usize)
            .map(|n| n.rank)
            .filter(|rank| *rank != NO_WORD)
    }

    fn children(&self, node: u32) -> impl Iterator<Item = (u32, u8)> {
        let parent = self.nodes.get(node as usize);
        let (first, count) = parent.map_or((0, 0), |n| (n.first_child, u32::from(n.children)));
        let below = self
            .nodes
            .get(first as usize..(first + count) as usize)
            .unwrap_or_default();
        (first..).zip(below.iter().map(|n| n.letter))
    }
}

/// The tree of sorted words, level by level, so that the children of a node are neighbours.
fn grow(sorted: &[(&str, u32)]) -> Vec<Node> {
    let mut nodes = vec![Node {
        letter: 0,
        children: 0,
        first_child: 0,
        rank: NO_WORD,
    }];
    // For each node the words that begin with its letters.
    let mut words_of = Vec::from([Range {
        start: 0,
        end: sorted.len(),
    }]);
    let mut depth_of = vec![0];
    let mut number = 0;
    while let (Some(words), Some(depth)) =
        (words_of.get(number).cloned(), depth_of.get(number).copied())
    {
        let first_child = nodes.len() as u32;
        let mut rank = NO_WORD;
        for at in words {
            let Some((word, word_rank)) = sorted.get(at) else {
                break;
            };
            let Some(letter) = word.as_bytes().get(depth).copied() else {
                rank = *word_rank;
                continue;
            };
            let newest = nodes.get(first_child as usize..).and_then(|n| n.last());
            if newest.is_some_and(|n| n.letter == letter) {
                if let Some(range) = words_of.last_mut() {
                    range.end = at + 1;
                }
            } else {
                nodes.push(Node {
                    letter,
                    children: 0,
                    first_child: 0,
                    rank: NO_WORD,
                });
                words_of.push(at..at + 1);
                depth_of.push(depth + 1);
            }
        }
        let children = (nodes.len() as u32 - first_child) as u8;
        if let Some(node) = nodes.get_mut(number) {
            *node = Node {
                children,
                first_child,
                rank,
                ..*node
            };
        }
        number += 1;
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
pub(super) fn letter_bit(letter: u8) -> u32 {
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
        letters: Vec::new(),
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
            let (letters, skipped) = (self.letters.as_slice(), self.skipped);
            (self.report)(Found {
                letters,
                slots: slot,
                skipped,
                rank,
            });
        }
        let Some(here) = self.slots.get(slot) else {
            return;
        };
        let lexicon = self.lexicon;
        for (below, letter) in lexicon.children(node) {
            if here.letters & letter_bit(letter) != 0 {
                self.letters.push((letter, slot));
                self.from(slot + 1, below);
                self.letters.pop();
            }
        }
        if here.optional {
            self.skipped += 1;
            self.from(slot + 1, node);
            self.skipped -= 1;
        }
    }
}
