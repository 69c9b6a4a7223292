//! What a character may stand for in a disguised word.

use super::lexicon::letter_bit;

/// The part a character plays in a disguised word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// The letter it is, as its bit.
    Letter(u32),
    /// A digit, and the letters it is drawn like.
    Digit(u32),
    /// A symbol, and the letters it is drawn like.
    Symbol(u32),
    /// It hides a letter: `f*ck`, `k##l`.
    Star,
    /// It parts letters or hides one: `ki.ll`, `tu-er`, `t_er`.
    Joint,
    /// It ends a disguise.
    Other,
}

/// The signs of ASCII.
const ASCII: [Sign; 128] = {
    let mut signs = [Sign::Other; 128];
    let mut byte = 0_u8;
    let mut left: &mut [Sign] = &mut signs;
    while let [first, rest @ ..] = left {
        *first = sign_of(byte as char);
        byte += 1;
        left = rest;
    }
    signs
};

/// The sign of a character of a folded text.
#[inline]
pub(super) fn sign(c: char) -> Sign {
    // PERF: nearly all are ASCII.
    match ASCII.get(c as usize) {
        Some(sign) => *sign,
        None => sign_of(c),
    }
}

const fn sign_of(c: char) -> Sign {
    match c {
        'a'..='z' => Sign::Letter(letter_bit(c as u8)),
        '0' => Sign::Digit(any_of(b"o")),
        '1' => Sign::Digit(any_of(b"il")),
        '2' => Sign::Digit(any_of(b"z")),
        '3' => Sign::Digit(any_of(b"e")),
        '4' => Sign::Digit(any_of(b"a")),
        '5' => Sign::Digit(any_of(b"s")),
        '6' => Sign::Digit(any_of(b"bg")),
        '7' => Sign::Digit(any_of(b"t")),
        '8' => Sign::Digit(any_of(b"b")),
        '9' => Sign::Digit(any_of(b"g")),
        '@' => Sign::Symbol(any_of(b"a")),
        '$' | '§' => Sign::Symbol(any_of(b"s")),
        '!' | '|' | '¡' => Sign::Symbol(any_of(b"il")),
        '+' => Sign::Symbol(any_of(b"t")),
        '€' => Sign::Symbol(any_of(b"e")),
        '£' => Sign::Symbol(any_of(b"el")),
        '¢' => Sign::Symbol(any_of(b"c")),
        '¥' => Sign::Symbol(any_of(b"y")),
        '*' | '#' => Sign::Star,
        '-' | '.' | '_' => Sign::Joint,
        _ => Sign::Other,
    }
}

const fn any_of(letters: &[u8]) -> u32 {
    match letters {
        [] => 0,
        [letter, rest @ ..] => letter_bit(*letter) | any_of(rest),
    }
}

/// Any letter.
pub(super) const ANY: u32 = (1 << 26) - 1;

/// The vowels, as bits.
pub(super) const VOWELS: u32 = any_of(b"aeiouy");

/// Whether a character between two words ties them into one token.
pub(super) fn is_glue(c: char) -> bool {
    matches!(sign(c), Sign::Symbol(_) | Sign::Star | Sign::Joint)
}

/// Whether a character ties two words in ordinary text, too: `peut-on`, `example.org`.
pub(super) fn is_joint(c: char) -> bool {
    sign(c) == Sign::Joint
}

/// Whether a character may stand between the single letters of a spelled-out word.
pub(super) fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '.' | '-' | '_' | '*' | ',' | '~' | '/' | '+' | '|' | '·' | '•'
    )
}
