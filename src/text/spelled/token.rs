//! Disguises inside one token: `k1ll`, `f*ck`, `kiiill`, `tu.er`.

use super::lexicon::{Found, Lexicon, Slot, walk};
use super::signs::{ANY, Sign, VOWELS, sign};
use super::{CONTRACTED, Reading};
use crate::limits::{SPELLED_OPTIONS_MAX, SPELLED_WORD_LETTERS_MAX};
use std::ops::Range;

/// How sure a reading is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Strength {
    /// It stands on its own.
    Strong,
    /// Ordinary text has tokens like this (`4`, `27`, `4th`): it counts beside a strong one only.
    Weak,
    /// Its last letter is hidden by a star, unless a footnote explains the word: it counts beside a
    /// strong one, or where other words have hidden letters too.
    Noted,
}

/// Reads the token that stands at `span` of the plain text.
pub(super) fn read(
    text: &str,
    span: Range<usize>,
    lexicon: &Lexicon,
) -> Option<(Reading, Strength)> {
    let letters = text.get(span.clone())?.as_bytes();
    if reads_one_to_one(letters) && !lexicon.may_read(letters) || lexicon.contains(letters) {
        return None;
    }
    let token = Token::new(text, span, lexicon)?;
    let (reading, mode) = token.modes().into_iter().flatten().find_map(|mode| {
        let reading = token.best(&token.slots(mode)?, lexicon)?;
        token
            .allows(&reading, mode, text, lexicon)
            .then_some((reading, mode))
    })?;
    let strength = match token.may_be_noted(text) {
        true => Strength::Noted,
        false => token.strength(&reading, mode)?,
    };
    Some((reading, strength))
}

/// Whether each sign of a token stands for one letter and joints for none, however it is read: no
/// letter is hidden or stretched.
///
/// PERF: nearly all tokens are so, `2nd`, `mp3` and `@someone`, and nearly none is a word.
fn reads_one_to_one(token: &[u8]) -> bool {
    let (mut shown, mut joints, mut hiding, mut vowel) = (0, 0, 0, false);
    for byte in token {
        match sign(char::from(*byte)) {
            _ if !byte.is_ascii() => return false,
            Sign::Letter(letter) => {
                shown += 1;
                vowel |= letter & VOWELS != 0;
            }
            Sign::Digit(_) | Sign::Symbol(_) => {}
            Sign::Joint => {
                joints += 1;
                hiding += usize::from(*byte == b'_');
            }
            Sign::Star | Sign::Other => return false,
        }
    }
    let may_hide = joints > 0 && shown >= 3 && (hiding == joints || joints == 1 && !vowel);
    let stretched =
        |three: &[u8]| matches!(three, [a, b, c] if a == b && b == c && a.is_ascii_lowercase());
    !may_hide && !token.windows(3).any(stretched)
}

/// What stars and joints stand for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    /// Stars hide letters, joints nothing.
    Stars,
    /// Both hide a letter each.
    All,
    /// Neither stands for anything.
    None,
}

/// A run of one character.
#[derive(Clone, Debug)]
struct Run {
    sign: Sign,
    c: char,
    count: usize,
    span: Range<usize>,
}

/// A token, taken apart.
struct Token {
    span: Range<usize>,
    runs: Vec<Run>,
    stretched: bool,
    /// Whether an apostrophe stands right before it.
    elided: bool,
    /// Whether that is one of an English contraction: `i'*l`, not `s'*l`.
    contracts: bool,
}

impl Token {
    /// `None` where nothing looks disguised, or the token is longer than any word.
    fn new(text: &str, span: Range<usize>, lexicon: &Lexicon) -> Option<Self> {
        let text_of_token = text.get(span.clone())?;
        // PERF: most tokens with a symbol in them are links, paths and versions.
        if text_of_token.chars().any(|c| sign(c) == Sign::Other) {
            return None;
        }
        let mut runs: Vec<Run> = Vec::with_capacity(text_of_token.len());
        let runs_max = lexicon.longest() * 2;
        for (at, c) in text_of_token.char_indices() {
            let start = span.start + at;
            let end = start + c.len_utf8();
            match runs.last_mut() {
                Some(run) if run.c == c => {
                    run.count += 1;
                    run.span.end = end;
                }
                _ => runs.push(Run {
                    sign: sign(c),
                    c,
                    count: 1,
                    span: start..end,
                }),
            }
            if runs.len() > runs_max {
                return None;
            }
        }
        let stretched = runs
            .iter()
            .any(|r| r.count >= 3 && matches!(r.sign, Sign::Letter(_)));
        let plain = runs.iter().all(|r| matches!(r.sign, Sign::Letter(_)));
        if !stretched && plain {
            return None;
        }
        let before = text.get(..span.start)?;
        Some(Self {
            elided: before.ends_with('\''),
            contracts: before.strip_suffix('\'').is_some_and(|word| !elides(word)),
            span,
            runs,
            stretched,
        })
    }

    /// Whether it ends with one star, as what a footnote explains does.
    fn may_be_noted(&self, text: &str) -> bool {
        let one_star = |run: &Run| run.c == '*' && run.count == 1;
        let behind = text.get(self.span.end..).unwrap_or_default();
        self.runs.last().is_some_and(one_star) && !behind.starts_with('\'')
    }

    fn has(&self, wanted: Sign) -> bool {
        self.runs.iter().any(|r| r.sign == wanted)
    }

    /// How this token may be read, best first.
    fn modes(&self) -> [Option<Mode>; 3] {
        let (stars, joints) = (self.has(Sign::Star), self.has(Sign::Joint));
        [
            stars.then_some(Mode::Stars),
            Some(Mode::None),
            (joints && !self.stretched && self.joints_may_hide()).then_some(Mode::All),
        ]
    }

    /// `_` may hide a letter as `*` does. `-` and `.` have other uses: they hide one vowel of a
    /// word that shows none, as in `f-ck`.
    fn joints_may_hide(&self) -> bool {
        let joints = || self.runs.iter().filter(|r| r.sign == Sign::Joint);
        let shown = || {
            self.runs
                .iter()
                .filter(|r| matches!(r.sign, Sign::Letter(_)))
        };
        let no_vowel = |r: &Run| matches!(r.sign, Sign::Letter(bit) if bit & VOWELS == 0);
        let one = joints().map(|r| r.count).sum::<usize>() == 1;
        shown().map(|r| r.count).sum::<usize>() >= 3
            && (joints().all(|r| r.c == '_') || one && shown().all(no_vowel))
    }

    /// The places of the word that this token may be.
    fn slots(&self, mode: Mode) -> Option<Vec<Slot>> {
        let mut slots: Vec<Slot> = Vec::with_capacity(self.runs.len() * 2);
        let (mut shown, mut hidden) = (0, 0);
        for run in &self.runs {
            let (letters, hides) = match (run.sign, mode) {
                (Sign::Letter(bits) | Sign::Digit(bits) | Sign::Symbol(bits), _) => (bits, false),
                (Sign::Star, Mode::Stars | Mode::All) | (Sign::Joint, Mode::All) => {
                    let all = if run.c == '-' || run.c == '.' {
                        VOWELS
                    } else {
                        ANY
                    };
                    (all, true)
                }
                (Sign::Star, Mode::None) | (Sign::Joint, Mode::Stars | Mode::None) => continue,
                (Sign::Other, _) => return None,
            };
            let squeezes = self.stretched && matches!(run.sign, Sign::Letter(_));
            if slots.len() + run.count.min(3) > SPELLED_WORD_LETTERS_MAX * 2 {
                return None;
            }
            match squeezes && run.count >= 2 {
                true => slots.extend(squeezed(run, letters)),
                false if run.count > SPELLED_WORD_LETTERS_MAX => return None,
                false => slots.extend(each(run, letters)),
            }
            *(if hides { &mut hidden } else { &mut shown }) += run.count;
        }
        let first_shown = self.elided || matches!(self.runs.first()?.sign, Sign::Letter(_));
        (hidden == 0 || hidden <= 3 && hidden <= shown && first_shown).then_some(slots)
    }

    /// The reading that leaves the fewest letters out; of several the commonest word, with the
    /// others beside it where letters are hidden.
    fn best(&self, slots: &[Slot], lexicon: &Lexicon) -> Option<Reading> {
        let hides = slots.iter().any(|slot| slot.letters == ANY);
        let most = if hides { SPELLED_OPTIONS_MAX } else { 1 };
        let mut options: Vec<(Cost, Letters)> = Vec::new();
        walk(lexicon, slots, &mut |found| {
            let cost = self.cost(&found);
            let place = options.partition_point(|(other, _)| *other <= cost);
            if found.slots == slots.len() && place < most {
                options.insert(place, (cost, found.letters.to_vec()));
                options.truncate(most);
            }
        });
        let mut options = options.into_iter();
        let ((cost, _), letters) = options.next()?;
        let places = |word: &Letters| word.iter().map(|(_, slot)| *slot).collect::<Vec<_>>();
        let same_places = places(&letters);
        let others = options
            .filter(|((other, _), word)| *other == cost && places(word) == same_places)
            .map(|(_, word)| word.into_iter().map(|(letter, _)| letter).collect());
        let others = others.collect();
        let letters = with_sources(&letters, slots)?;
        Some(Reading {
            others,
            ..Reading::of(self.span.clone(), letters)
        })
    }

    /// What speaks against a word: letters left out, forms that are unusual here; then its rarity.
    fn cost(&self, found: &Found<'_>) -> Cost {
        // Alone, `1` is I: only elisions leave the l.
        let elided =
            matches!(found.letters, [(letter, _)] if !matches!(letter, b'a' | b'i' | b'y'));
        let contracted = || {
            let letters = found.letters.iter().map(|(letter, _)| *letter);
            CONTRACTED.iter().any(|end| letters.clone().eq(end.bytes()))
        };
        let unusual = self.contracts && !contracted();
        ((found.skipped, elided, unusual), found.rank)
    }

    /// Whether leaving out stars and joints is a fair reading.
    fn allows(&self, reading: &Reading, mode: Mode, text: &str, lexicon: &Lexicon) -> bool {
        let left_out = match mode {
            Mode::Stars => self.has(Sign::Joint),
            Mode::All => false,
            Mode::None => self.has(Sign::Star) || self.has(Sign::Joint),
        };
        if !left_out {
            return reading.letters.len() >= 2 || !self.stretched;
        }
        // Where every part is a word, a space is missing: `me.et`.
        let token = text.get(self.span.clone()).unwrap_or_default();
        let mut parts = token.split(|c| matches!(sign(c), Sign::Star | Sign::Joint));
        reading.letters.len() >= 4
            && parts.any(|p| !p.is_empty() && !lexicon.contains(p.as_bytes()))
    }

    /// How sure the reading is; `None` where it is too short to be anything.
    fn strength(&self, reading: &Reading, mode: Mode) -> Option<Strength> {
        let drawn = |r: &&Run| matches!(r.sign, Sign::Digit(_) | Sign::Symbol(_));
        let letter = |r: &&Run| matches!(r.sign, Sign::Letter(_));
        if !self.runs.iter().any(|r| drawn(&r)) {
            return Some(Strength::Strong);
        }
        let first = self.runs.iter().position(|r| letter(&r));
        let last = self.runs.iter().rposition(|r| letter(&r));
        let inside = first
            .zip(last)
            .and_then(|(first, last)| self.runs.get(first..last));
        let sandwich = inside.is_some_and(|runs| runs.iter().any(|r| drawn(&r)));
        let shown: usize = self.runs.iter().filter(letter).map(|r| r.count).sum();
        let handle = self.runs.first().is_some_and(|r| r.c == '@');
        let leads = first == Some(1) && shown >= 3 && !handle;
        match reading.letters.len() >= 3 && (sandwich || leads) {
            true => Some(Strength::Strong),
            false if mode == Mode::None && !self.has(Sign::Joint) => Some(Strength::Weak),
            false => None,
        }
    }
}

/// What speaks against a reading, the graver things first, and its rank among words.
type Cost = ((usize, bool, bool), u32);

/// Letters, each with the slot it stands in.
type Letters = Vec<(u8, usize)>;

/// Letters with what each of them stands for in the text: up to the slot of the next one.
fn with_sources(letters: &Letters, slots: &[Slot]) -> Option<Vec<(u8, Range<usize>)>> {
    let nexts = letters.iter().skip(1).map(|(_, slot)| *slot);
    let nexts = nexts.chain([slots.len()]);
    let source = |slot: usize, next: usize| {
        let end = slots.get(next.checked_sub(1)?)?.span.end;
        Some(slots.get(slot)?.span.start..end)
    };
    let sources = letters.iter().zip(nexts);
    let sources = sources.map(|((letter, slot), next)| Some((*letter, source(*slot, next)?)));
    sources.collect()
}

/// Whether French leaves a vowel out behind this text: `j'`, `qu'`.
fn elides(text: &str) -> bool {
    let word = text.rsplit(|c: char| !c.is_alphanumeric()).next();
    matches!(
        word,
        Some("c" | "d" | "j" | "l" | "m" | "n" | "qu" | "s" | "t")
    )
}

/// One place for each character of a run.
fn each(run: &Run, letters: u32) -> impl Iterator<Item = Slot> {
    let width = run.c.len_utf8();
    let starts = run.span.clone().step_by(width);
    let shown = matches!(run.sign, Sign::Letter(_));
    starts.map(move |start| Slot {
        letters,
        shown,
        span: start..start + width,
        optional: false,
    })
}

/// A stretched run: one letter or two.
fn squeezed(run: &Run, letters: u32) -> [Slot; 2] {
    let middle = run.span.start + run.c.len_utf8();
    [
        Slot {
            letters,
            shown: true,
            span: run.span.start..middle,
            optional: false,
        },
        Slot {
            letters,
            shown: true,
            span: middle..run.span.end,
            optional: true,
        },
    ]
}
