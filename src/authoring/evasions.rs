//! What people do to a text so that it passes: each a small function, applied by machine to every
//! example that must hit. The list is closed and the results are the same every time.

/// How much of a text an evasion touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everything: what typography and Unicode allow. The `plain` view must undo it.
    Text,
    /// One word at a time, of those that `terms` of the `spelled` view found, of four letters or
    /// more: numbers and addresses don't survive it, for people neither.
    Words,
}

/// One way to disguise a text.
#[derive(Debug)]
pub struct Evasion {
    /// Its name in reports.
    pub name: &'static str,
    /// What it does, in one line.
    pub docs: &'static str,
    /// How much of a text it touches.
    pub reach: Reach,
    /// Does it, to a text or to a word. What it can't disguise it gives back as it was.
    pub disguise: fn(&str) -> String,
}

/// Every evasion: those of texts first, then those of words, each group by name.
pub static EVASIONS: &[Evasion] = &[
    of_text("accents-added", "é for e, î for i", accents_added),
    of_text("accents-dropped", "e for é, c for ç", accents_dropped),
    of_text("capitals", "everything in capitals", str::to_uppercase),
    of_text("cyrillic", "Cyrillic letters that look the same", cyrillic),
    of_text("full-width", "full-width letters and digits", full_width),
    of_text("greek", "Greek letters that look the same", greek),
    of_text("html-entities", "letters as `&#97;`", html_entities),
    of_text(
        "mathematical",
        "bold letters and digits of mathematics",
        mathematical,
    ),
    of_text("percent-escapes", "letters as `%61`", percent_escapes),
    of_text("soft-hyphens", "soft hyphens inside words", soft_hyphens),
    of_text(
        "struck-through",
        "a combining stroke over every letter",
        struck_through,
    ),
    of_text("zero-width", "zero-width spaces inside words", zero_width),
    of_words("dotted", "`k.i.l.l`", dotted),
    of_words("hyphenated", "`k-i-l-l`", hyphenated),
    of_words("leet", "`k1ll`", leet),
    of_words("spaced", "`k i l l`", spaced),
    of_words("starred", "a vowel as `*`", starred),
    of_words("stretched", "a vowel five times", stretched),
    of_words("underscored", "`k_i_l_l`", underscored),
];

/// What garbles a text more than it hides a word: tried on posts that mean no harm, for which
/// nobody need read them.
pub static GARBLINGS: &[Evasion] = &[
    of_words("letters-swapped", "`klil`", letters_swapped),
    of_text("spaces-dropped", "`killthem`", spaces_dropped),
];

const fn of_text(name: &'static str, docs: &'static str, disguise: fn(&str) -> String) -> Evasion {
    Evasion {
        name,
        docs,
        reach: Reach::Text,
        disguise,
    }
}

const fn of_words(name: &'static str, docs: &'static str, disguise: fn(&str) -> String) -> Evasion {
    Evasion {
        name,
        docs,
        reach: Reach::Words,
        disguise,
    }
}

/// Letters with a look-alike, and the look-alikes.
type Pairs = &'static [(&'static str, &'static str)];

/// Replaces each letter of the first texts by the one at the same place of the second.
fn swapped(text: &str, pairs: Pairs) -> String {
    let other = |c: char| {
        pairs.iter().find_map(|(from, to)| {
            let at = from.chars().position(|f| f == c)?;
            to.chars().nth(at)
        })
    };
    text.chars().map(|c| other(c).unwrap_or(c)).collect()
}

fn accents_added(text: &str) -> String {
    swapped(text, &[("aeiou", "áéîöù"), ("AEIOU", "ÁÉÎÖÙ")])
}

fn accents_dropped(text: &str) -> String {
    const PAIRS: Pairs = &[
        ("àâäéèêëîïôöùûüÿç", "aaaeeeeiioouuuyc"),
        ("ÀÂÄÉÈÊËÎÏÔÖÙÛÜŸÇ", "AAAEEEEIIOOUUUYC"),
    ];
    swapped(text, PAIRS)
        .replace('œ', "oe")
        .replace('Œ', "OE")
        .replace('æ', "ae")
}

fn cyrillic(text: &str) -> String {
    const PAIRS: Pairs = &[
        ("aceijopsxy", "асеіјорѕху"),
        ("ABCEHIJKMOPSTX", "АВСЕНІЈКМОРЅТХ"),
    ];
    swapped(text, PAIRS)
}

fn greek(text: &str) -> String {
    swapped(
        text,
        &[("aiouv", "αιουν"), ("ABEHIKMNOPTXYZ", "ΑΒΕΗΙΚΜΝΟΡΤΧΥΖ")],
    )
}

fn full_width(text: &str) -> String {
    let wide = |c: char| match c {
        '!'..='~' => char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c),
        _ => c,
    };
    text.chars().map(wide).collect()
}

fn mathematical(text: &str) -> String {
    let from = |c: char, first: char, bold: u32| {
        char::from_u32(bold + u32::from(c) - u32::from(first)).unwrap_or(c)
    };
    let bold = |c: char| match c {
        'A'..='Z' => from(c, 'A', 0x1D400),
        'a'..='z' => from(c, 'a', 0x1D41A),
        '0'..='9' => from(c, '0', 0x1D7CE),
        _ => c,
    };
    text.chars().map(bold).collect()
}

/// Puts `mark` between every two letters.
fn parted(text: &str, mark: &str) -> String {
    let mut parted = String::new();
    let mut after_letter = false;
    for c in text.chars() {
        if after_letter && c.is_alphabetic() {
            parted.push_str(mark);
        }
        after_letter = c.is_alphabetic();
        parted.push(c);
    }
    parted
}

fn soft_hyphens(text: &str) -> String {
    parted(text, "\u{ad}")
}

fn zero_width(text: &str) -> String {
    parted(text, "\u{200b}")
}

fn dotted(word: &str) -> String {
    parted(word, ".")
}

fn hyphenated(word: &str) -> String {
    parted(word, "-")
}

fn spaced(word: &str) -> String {
    parted(word, " ")
}

fn underscored(word: &str) -> String {
    parted(word, "_")
}

fn struck_through(text: &str) -> String {
    let struck = |c: char| [Some(c), c.is_alphabetic().then_some('\u{336}')];
    text.chars().flat_map(struck).flatten().collect()
}

fn html_entities(text: &str) -> String {
    escaped(text, |letter| format!("&#{};", u32::from(letter)))
}

fn percent_escapes(text: &str) -> String {
    escaped(text, |letter| format!("%{:02X}", u32::from(letter)))
}

/// Writes ASCII letters as escapes.
fn escaped(text: &str, escape: fn(char) -> String) -> String {
    let piece = |c: char| match c.is_ascii_alphabetic() {
        true => escape(c),
        false => c.to_string(),
    };
    text.chars().map(piece).collect()
}

/// Every second letter inside the word that has one becomes a digit: readers still read the word.
fn leet(word: &str) -> String {
    let last = word.chars().count().saturating_sub(1);
    let mut turn = false;
    let digit = |(at, c): (usize, char)| {
        let digit = match c.to_ascii_lowercase() {
            'a' => '4',
            'e' => '3',
            'i' => '1',
            'o' => '0',
            's' => '5',
            't' => '7',
            _ => return c,
        };
        turn = !turn && (1..last).contains(&at);
        if turn { digit } else { c }
    };
    word.chars().enumerate().map(digit).collect()
}

/// The vowel that a disguise works on: the first one inside the word.
fn inner_vowel(word: &str) -> Option<(usize, char)> {
    let last = word.chars().count().saturating_sub(1);
    word.char_indices()
        .enumerate()
        .filter(|(nth, _)| (1..last).contains(nth))
        .map(|(_, place)| place)
        .find(|(_, c)| matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y'))
}

/// The first two letters inside the word that differ change places.
fn letters_swapped(word: &str) -> String {
    let mut letters: Vec<char> = word.chars().collect();
    let last = letters.len().saturating_sub(1);
    let pair = (1..last.saturating_sub(1)).find(|at| letters.get(*at) != letters.get(at + 1));
    if let Some(at) = pair {
        letters.swap(at, at + 1);
    }
    letters.into_iter().collect()
}

fn spaces_dropped(text: &str) -> String {
    text.replace(' ', "")
}

fn starred(word: &str) -> String {
    with_inner_vowel(word, |_| "*".to_owned())
}

fn stretched(word: &str) -> String {
    with_inner_vowel(word, |vowel| vowel.to_string().repeat(5))
}

fn with_inner_vowel(word: &str, write: impl Fn(char) -> String) -> String {
    match inner_vowel(word) {
        Some((at, vowel)) => {
            let (before, after) = word.split_at_checked(at).unwrap_or((word, ""));
            let after = after.get(vowel.len_utf8()..).unwrap_or_default();
            format!("{before}{}{after}", write(vowel))
        }
        None => word.to_owned(),
    }
}
