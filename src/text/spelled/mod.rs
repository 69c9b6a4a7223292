//! The `spelled` view: what people do to hide a word is undone, where the text looks disguised.
//!
//! A disguise is undone into a word of the [`Lexicon`] (the words that policies look for) or not at
//! all, so ordinary words, numbers, prices and versions stay:
//!
//! - Digits and symbols for letters, `k1ll`, `h@te`, `7u3r`: between letters, or before three and
//!   more; elsewhere (`4ll`, `70`) only beside such a word.
//! - Letters hidden, `f*ck`, `k##l`, `t_er`, `f-ck`: the first shown but behind an elision,
//!   `j'*i`, at most three hidden and at least half shown; `-` and `.` hide one vowel of a word that shows none. One star at the end,
//!   `yo*`, may be a footnote's: it counts before an apostrophe, beside a disguised word, or behind
//!   two words with hidden letters.
//! - Letters parted, `ki.ll`, `tu-er`: not where all parts are words, `me.et`; never by a space
//!   alone, `k ill`.
//! - Words tied by `_`, `kill_all`, `_kill_`: where all parts are words.
//! - Letters stretched, `kiiiill`: a run of three or more.
//! - Letters spelled out, `k i l l`, `k.i.l.l y.o.u`: three or more, most of them in words. Where
//!   signs part the letters, spaces and apostrophes part the words.
//! - Words joined, `iwillkillyou`: nine letters, three or four words, all in the lexicon; of
//!   eighteen letters and more, most of which make words, the likeliest.
//! - Letters swapped, `poeple`, `klil`: inside words of four letters or more.
//!
//! Everything else is as in `plain`. INVARIANT: a word of the lexicon that stands as such between
//! spaces is never changed.

mod choose;
mod lexicon;
mod segment;
mod signs;
mod suspects;
mod swap;
mod token;

pub use lexicon::Lexicon;
pub use suspects::Memory;

use super::outline::Outline;
use super::view::{ATOM_BYTES_MAX, Folded, Writer};
use super::words::Word;
use crate::limits::SPELLED_RUN_LETTERS_MAX;
use choose::choose;
use lexicon::Slot;
use segment::{
    JOINED_LETTERS_MIN, read_joined, read_sentence, read_spelled_out, slot_of_letter, spelled_out,
};
use signs::{Sign, is_glue, is_joint, sign};
use std::borrow::Cow;
use std::ops::Range;
use swap::{SWAPPED_LETTERS_MIN, read_swapped};
use token::Strength;

/// The `spelled` view of a post, where it differs from `plain`.
#[derive(Clone, Debug)]
pub struct Spelled {
    /// The text with disguises undone, and the way back to the post.
    pub folded: Folded,
    /// Spans of that text that differ from `plain`, in order. What touches none of them was
    /// found in `plain` already.
    pub altered: Vec<Range<usize>>,
}

/// Undoes the disguises of a post, given its `plain` view and the outline of it. `None` where
/// nothing looks disguised, which is nearly always: then only the outline is looked at.
#[must_use]
pub fn spell(
    plain: &Folded,
    outline: &Outline,
    lexicon: &Lexicon,
    memory: &mut Memory,
) -> Option<Spelled> {
    if lexicon.is_empty() {
        return None;
    }
    suspects::find(plain.text(), outline, lexicon, memory);
    if memory.suspects.is_empty() {
        return None;
    }
    let suspects = memory.suspects.iter().copied();
    spell_suspects(plain, outline.words(), suspects, lexicon)
}

/// Undoes the disguises among some of the words, given by number, in order.
fn spell_suspects(
    plain: &Folded,
    words: &[Word],
    suspects: impl Iterator<Item = usize>,
    lexicon: &Lexicon,
) -> Option<Spelled> {
    let mut reader = Reader {
        text: plain.text(),
        lexicon,
        readings: Vec::new(),
        pending: Vec::new(),
        beside_strong: false,
        starred: 0,
        read_up_to: 0,
    };
    let mut suspects = suspects.peekable();
    let mut unread = 0;
    while let Some(suspect) = suspects.next() {
        if suspect < unread {
            continue;
        }
        // Numbers before it may be read like it: `1 4m`.
        let number = |word: &&Word| is_number(plain.text(), **word);
        let before = words.get(unread..suspect).unwrap_or_default();
        let mut next = suspect - before.iter().rev().take_while(number).count();
        reader.ordinary();
        loop {
            let rest = words.get(next..).unwrap_or_default();
            let Some(first) = rest.first() else { break };
            while suspects.next_if(|suspect| *suspect < next).is_some() {}
            if next > suspect && suspects.peek() != Some(&next) && !is_number(plain.text(), *first)
            {
                break;
            }
            let taken = reader.read(first.start as usize..first.end as usize, rest);
            next += taken.max(1);
        }
        unread = next;
    }
    choose(plain.text(), &mut reader.readings, lexicon);
    (!reader.readings.is_empty()).then(|| written(plain, &reader.readings))
}

fn is_number(text: &str, word: Word) -> bool {
    let first = text.as_bytes().get(word.start as usize);
    first.is_some_and(u8::is_ascii_digit)
}

/// What a piece of the plain text is read as: letters, each with its source.
#[derive(Clone, Debug)]
struct Reading {
    span: Range<usize>,
    letters: Vec<(u8, Range<usize>)>,
    /// Other words that it may be, commonest first, each of as many letters.
    others: Vec<Vec<u8>>,
}

impl Reading {
    /// What is read, where no other word may be meant.
    fn of(span: Range<usize>, letters: Vec<(u8, Range<usize>)>) -> Self {
        Self {
            span,
            letters,
            others: Vec::new(),
        }
    }

    /// One of the words that it may be; 0 is the commonest.
    fn option(&self, number: usize) -> Cow<'_, [u8]> {
        let other = number.checked_sub(1).and_then(|at| self.others.get(at));
        match other {
            Some(other) => Cow::Borrowed(other),
            None => self.letters.iter().map(|(letter, _)| *letter).collect(),
        }
    }

    /// Settles for one of them.
    fn take(&mut self, number: usize) {
        let Some(other) = number.checked_sub(1).and_then(|at| self.others.get(at)) else {
            return;
        };
        for ((letter, _), chosen) in self.letters.iter_mut().zip(other) {
            *letter = *chosen;
        }
    }

    /// This reading without the `_` of its word, which would tie it to them.
    fn freed(mut self, word: &Range<usize>) -> Self {
        let before = word.start..self.span.start;
        let behind = self.span.end..word.end;
        if before.len() + behind.len() > 0 {
            self.others.clear();
        }
        if !before.is_empty() {
            self.span.start = before.start;
            self.letters.insert(0, (b' ', before));
        }
        if !behind.is_empty() {
            self.span.end = behind.end;
            self.letters.push((b' ', behind));
        }
        self
    }
}

/// Goes along the words of a text and collects what is disguised.
#[derive(Debug)]
struct Reader<'a> {
    text: &'a str,
    lexicon: &'a Lexicon,
    /// In order, not overlapping.
    readings: Vec<Reading>,
    /// Weak readings right before here: a strong one confirms them.
    pending: Vec<Reading>,
    /// Whether the token before was disguised by digits or symbols.
    beside_strong: bool,
    /// How many words had letters hidden by stars.
    starred: usize,
    /// Where the last token ends: its symbols aren't the next one's.
    read_up_to: usize,
}

/// The most words that are tried as one token.
const GLUED_WORDS_MAX: usize = 8;

/// The most bytes between two of them.
const GLUE_BYTES_MAX: usize = 6;

/// Words with hidden letters from which on a star at the end of a word hides one too.
const STARRED_MIN: usize = 2;

/// The most weak tokens in a row that a strong one behind them confirms.
const PENDING_MAX: usize = 16;

impl Reader<'_> {
    /// Reads what stands at the first of `words`, and answers how many of them it took.
    fn read(&mut self, first: Range<usize>, words: &[Word]) -> usize {
        if self.begins_spelled_out(&first)
            && let Some(units) = spelled_out(self.text, first.start)
        {
            self.ordinary();
            let end = units.last().map_or(first.end, |unit| unit.span.end);
            self.readings
                .extend(read_spelled_out(self.text, &units, self.lexicon));
            self.read_up_to = end;
            return words.partition_point(|w| (w.end as usize) <= end);
        }
        if self.stands_plain(&first) {
            self.undisguised(first);
            return 1;
        }
        let (found, taken) = match self.together(&first, words) {
            Some((found, taken)) => (Some(found), taken),
            None => (self.token(&first), 1),
        };
        match found {
            Some((reading, strength)) => self.disguised(reading, strength),
            None => self.undisguised(first),
        }
        taken
    }

    /// Whether the word is one letter, or begins with one and `_`.
    fn begins_spelled_out(&self, word: &Range<usize>) -> bool {
        word.len() == 1 || self.text.as_bytes().get(word.start + 1) == Some(&b'_')
    }

    /// Whether a word of letters stands between spaces, points and the like: nearly all do, and
    /// need no look at what is around them.
    fn stands_plain(&self, word: &Range<usize>) -> bool {
        let text = self.text.as_bytes();
        let before = word.start.checked_sub(1).and_then(|at| text.get(at));
        let mut behind = text.get(word.end..).unwrap_or_default().iter();
        let is_blank = |b: Option<&u8>| matches!(b, None | Some(b' ' | b'\n'));
        let (first, second) = (behind.next(), behind.next());
        let ends = is_blank(first)
            || matches!(first, Some(b',' | b'\''))
            || matches!(first, Some(b'.' | b'?')) && is_blank(second);
        ends && (is_blank(before) || before == Some(&b'\'')) && looks_plain(self.text, word)
    }

    /// What the words from the first on that symbols tie together are read as, and how many of
    /// them: all, or those before a hyphen or point, `f*cking-well`.
    fn together(
        &self,
        first: &Range<usize>,
        words: &[Word],
    ) -> Option<((Reading, Strength), usize)> {
        let ends = self.ends_of_tied(first, words);
        let count = ends.len();
        let parted = |end: usize| {
            let (tied, behind) = self.text.split_at_checked(end).unwrap_or_default();
            let tied = tied.get(first.start..).unwrap_or_default();
            behind.starts_with(['-', '.']) && tied.contains(|c| is_glue(c) && !is_joint(c))
        };
        let ends = ends.into_iter().enumerate().rev();
        ends.filter(|(at, end)| at + 1 == count || parted(*end))
            .find_map(|(at, end)| Some((self.token(&(first.start..end))?, at + 2)))
    }

    /// Where the words end that symbols tie to the first.
    fn ends_of_tied(&self, first: &Range<usize>, words: &[Word]) -> Vec<usize> {
        let mut ends = Vec::new();
        let mut end = first.end;
        for next in words.iter().take(GLUED_WORDS_MAX).skip(1) {
            let between = self.text.get(end..next.start as usize).unwrap_or_default();
            let contracts = between == "*'" && is_contraction(self.text, next);
            if contracts || between.len() > GLUE_BYTES_MAX || !between.chars().all(is_glue) {
                break;
            }
            end = next.end as usize;
            ends.push(end);
        }
        ends
    }

    /// What the token at `span` is read as, with the symbols around it or without.
    fn token(&self, span: &Range<usize>) -> Option<(Reading, Strength)> {
        let token = self.text.get(span.clone())?;
        let start = span.end - token.trim_start_matches('_').len();
        let bare = start..start + token.trim_matches('_').len();
        let dressed = self.dressed(&bare);
        let read = |span: &Range<usize>| match looks_plain(self.text, span) {
            true => None,
            false => token::read(self.text, span.clone(), self.lexicon),
        };
        let found = read(&dressed).or_else(|| read(&bare).filter(|_| bare != dressed));
        found.map(|(reading, strength)| (reading.freed(span), strength))
    }

    /// `kill_all`: words of the lexicon that are one word for the `_` between or around them.
    fn underscored(&self, span: &Range<usize>) -> Option<Reading> {
        let word = self
            .text
            .get(span.clone())
            .filter(|word| word.contains('_'))?;
        let parts = || word.split('_').filter(|part| !part.is_empty());
        let known = parts().all(|part| self.lexicon.contains(part.as_bytes()));
        (known && parts().any(|part| part.len() >= 3)).then(|| {
            let bytes = word.bytes().map(|b| if b == b'_' { b' ' } else { b });
            let letters = bytes
                .zip(span.clone())
                .map(|(b, at)| (b, at..at + 1))
                .collect();
            Reading::of(span.clone(), letters)
        })
    }

    /// The token with the symbols before and behind it that may be letters, `$lut` and `a$$`, or
    /// hide some, `fu**`.
    fn dressed(&self, bare: &Range<usize>) -> Range<usize> {
        const SYMBOLS_MAX: usize = 3;
        let before = self
            .text
            .get(self.read_up_to..bare.start)
            .unwrap_or_default();
        let behind = self.text.get(bare.end..).unwrap_or_default();
        let is_symbol = |c: &char| matches!(sign(*c), Sign::Symbol(_));
        let width = |symbols: &mut dyn Iterator<Item = char>| -> usize {
            symbols.take(SYMBOLS_MAX).map(char::len_utf8).sum()
        };
        let leading = width(&mut before.chars().rev().take_while(is_symbol));
        let trailing = width(&mut behind.chars().take_while(|c| is_symbol(c) && *c != '!'));
        let stars = width(&mut behind.chars().take_while(|c| *c == '*'));
        let elided = usize::from(before.ends_with("'*"));
        let emphasis = elided == 0 && before.ends_with('*');
        let explained = !self.beside_strong && self.starred < STARRED_MIN;
        let note = stars == 1
            && !behind.starts_with("*'")
            && (bare.len() < 2 || explained && self.is_known(bare));
        let hidden = if note || emphasis { 0 } else { stars };
        bare.start - leading.max(elided)..bare.end + trailing.max(hidden)
    }

    fn is_known(&self, span: &Range<usize>) -> bool {
        let word = self.text.get(span.clone()).unwrap_or_default();
        self.lexicon.contains(word.as_bytes())
    }

    /// A word that is no token in disguise by itself.
    fn undisguised(&mut self, span: Range<usize>) {
        self.ordinary();
        self.readings.extend(self.underscored(&span));
        let Some(word) = self.text.get(span.clone()) else {
            return;
        };
        if word.len() < SWAPPED_LETTERS_MIN
            || !word.bytes().all(|b| b.is_ascii_lowercase())
            || self.lexicon.contains(word.as_bytes())
        {
            return;
        }
        let found = read_swapped(self.text, span.clone(), self.lexicon);
        self.readings.extend(found.or_else(|| self.joined(span)));
    }

    /// `iwillkillyou`, and what follows a contraction in `i'mgoingtokillyou`.
    fn joined(&self, span: Range<usize>) -> Option<Reading> {
        let readable = JOINED_LETTERS_MIN..=SPELLED_RUN_LETTERS_MAX;
        let word = self
            .text
            .get(span.clone())
            .filter(|w| readable.contains(&w.len()))?;
        let slots: Vec<Slot> = word.bytes().zip(span.clone()).map(slot_of_letter).collect();
        let read = |from: usize| read_joined(self.text, slots.get(from..)?, self.lexicon);
        let sentence = || read_sentence(self.text, &slots, self.lexicon);
        read(0).or_else(sentence).or_else(|| {
            let contracts = self.text.get(..span.start)?.ends_with('\'');
            let fitting = contracted(word).filter(|_| contracts);
            let mut reading = fitting.map(|rest| word.len() - rest.len()).find_map(read)?;
            reading
                .letters
                .insert(0, (b' ', reading.span.start..reading.span.start));
            Some(reading)
        })
    }

    fn ordinary(&mut self) {
        self.pending.clear();
        self.beside_strong = false;
    }

    fn disguised(&mut self, reading: Reading, strength: Strength) {
        self.read_up_to = reading.span.end;
        let token = self.text.get(reading.span.clone()).unwrap_or_default();
        let is_starred = token.contains('*');
        let stands = match strength {
            Strength::Strong => true,
            Strength::Noted => self.starred >= STARRED_MIN,
            Strength::Weak => false,
        };
        self.starred += usize::from(is_starred && stands);
        if stands {
            self.readings.append(&mut self.pending);
            self.beside_strong = true;
        }
        if self.beside_strong {
            self.readings.push(reading);
        } else if self.pending.len() < PENDING_MAX {
            self.pending.push(reading);
        }
    }
}

/// What English contractions leave behind their apostrophe.
const CONTRACTED: &[&str] = &["d", "ll", "m", "re", "s", "t", "ve"];

/// Whether a word is what a contraction leaves: of `le*'s` it is `s`.
fn is_contraction(text: &str, word: &Word) -> bool {
    let word = text.get(word.start as usize..word.end as usize);
    word.is_some_and(|word| CONTRACTED.contains(&word))
}

/// What stands behind the letters that contractions leave: of `mgoing` it is `going`.
fn contracted(word: &str) -> impl Iterator<Item = &str> {
    CONTRACTED.iter().filter_map(|c| word.strip_prefix(*c))
}

/// Whether a token is made of letters without a run of three.
fn looks_plain(text: &str, span: &Range<usize>) -> bool {
    let token = text.get(span.clone()).unwrap_or_default().as_bytes();
    token.iter().all(u8::is_ascii_lowercase)
        && !token
            .windows(3)
            .any(|three| matches!(three, [a, b, c] if a == b && b == c))
}

/// The bytes of the post that a letter stands for. Of a letter stretched over hundreds, the first
/// ones: what no atom of a view can count is left out.
fn source_in_post(plain: &Folded, source: &Range<usize>) -> Range<usize> {
    let mut source = source.clone();
    loop {
        let post = plain.in_post(source.clone());
        let half = plain
            .text()
            .floor_char_boundary(source.start + source.len() / 2);
        if post.len() <= ATOM_BYTES_MAX || half == source.start {
            return post;
        }
        source.end = half;
    }
}

/// The plain view with the readings in it.
fn written(plain: &Folded, readings: &[Reading]) -> Spelled {
    let mut view = Writer::reusing(&mut Folded::default(), plain.text().len());
    let mut altered = Vec::with_capacity(readings.len());
    let mut at = 0;
    for reading in readings {
        view.copy_from(plain, at..reading.span.start);
        let start = view.len();
        for (letter, source) in &reading.letters {
            let letter = char::from(*letter);
            view.put_from(
                letter.encode_utf8(&mut [0; 4]),
                source_in_post(plain, source),
            );
        }
        altered.push(start..view.len());
        at = reading.span.end;
    }
    view.copy_from(plain, at..plain.text().len());
    Spelled {
        folded: view.finish(),
        altered,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::fold;
    use proptest::prelude::*;

    const WORDS: &str = "i will kill you all a to die tuer te je vais tu on ils they we mort adresse \
        hate people women so is the and house where live me et good see there slut burn down";

    /// Words, pieces of words, and what stands between them in disguises.
    fn disguised() -> impl Strategy<Value = String> {
        let words = WORDS
            .split_whitespace()
            .map(str::to_owned)
            .collect::<Vec<_>>();
        let piece = prop_oneof![
            4 => prop::sample::select(words),
            2 => "[a-z]{1,12}",
            1 => "[0-9]{1,3}",
            3 => prop::sample::select(vec![" ", " ", " ", "", "-", ".", "_", "*", "**", "!", "$",
                "@", "+", "'", ". ", " 1 ", "k1ll", "poeple", "🔪", "é", "…", "\n", "#", "...", "--", "3.5"])
                .prop_map(str::to_owned),
        ];
        prop::collection::vec(piece, 1..40).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        /// Reading the suspects alone is reading every word.
        #[test]
        fn nothing_disguised_is_no_suspect(post in disguised()) {
            let lexicon = Lexicon::with_beginnings(
                WORDS.split_whitespace().map(|word| (word, word == "slut")),
            );
            let plain = fold(&post);
            let outline = Outline::of(plain.text());
            let words = outline.words();
            let told = |spelled: Option<Spelled>| {
                spelled.map(|spelled| (spelled.folded.text().to_owned(), spelled.altered))
            };
            let all = spell_suspects(&plain, words, 0..words.len(), &lexicon);
            let mut memory = Memory::default();
            // The second time, it remembers.
            for _ in 0..2 {
                let some = spell(&plain, &outline, &lexicon, &mut memory);
                prop_assert_eq!(told(some), told(all.clone()), "{}", post);
            }
        }
    }
}
