//! Embeds the shipped pack (every `rules/**/*.yaml`, so that a new policy costs one file) and the
//! fold table of the `plain` view.
#![expect(
    clippy::disallowed_methods,
    reason = "a build script learns its folders from the environment and writes files"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};
use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::{canonical_combining_class, is_combining_mark};
use unicode_security::skeleton;

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=rules");
    fs::write(out.join("fold_table.rs"), fold_table())?;
    fs::write(out.join("pack.rs"), pack(&root.join("rules"))?)
}

/// A Rust expression: the pack's files as `(path below rules/, text)`, sorted by path.
fn pack(rules: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    yaml_files(rules, &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for file in files {
        let name = file
            .strip_prefix(rules)
            .unwrap_or(&file)
            .to_string_lossy()
            .replace('\\', "/");
        let path = file.to_string_lossy();
        let _ = writeln!(code, "    ({name:?}, include_str!({path:?})),");
    }
    code.push(']');
    Ok(code)
}

fn yaml_files(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            yaml_files(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "yaml") {
            found.push(path);
        }
    }
    Ok(())
}

// ---------------------------------------------------------------------------------------------
// The fold table: what each non-ASCII code point becomes in the `plain` view.
// INVARIANT: a folding folds to itself, and both cases of a letter fold alike.

/// Code points of one page of the table.
const PAGE: usize = 128;

/// Bytes that one code point may become. A few Arabic ligatures stand for whole sentences; they
/// stay themselves, so that a text can't grow without bound.
const FOLDING_BYTES_MAX: usize = 12;

/// Cells below 128 are ASCII characters, but for these; cells from 128 number the `PIECES`.
const SAME: u16 = 0;
const DROPPED: u16 = 1;
const MARK: u16 = 2;
const FIRST_PIECE: u16 = 128;

/// What typography and look-alikes become where Unicode's own tables say otherwise or nothing.
/// Every character of the left becomes the whole of the right.
const ANY_OF: &[(&str, &str)] = &[
    ("‘’‚‛′‵ʹʻʼʽʾʿˈ´‹›❛❜❮❯՚᾽᾿", "'"),
    ("“”„‟«»″‶〝〞〟❝❞", "\""),
    ("‐‑‒–—―−⁃⸗⸺⸻֊᠆", "-"),
    ("⁄∕", "/"),
    ("\u{2800}", " "),
    ("\u{fff9}\u{fffa}\u{fffb}", ""),
    ("æᴁ", "ae"),
    ("œɶ", "oe"),
    ("ß", "ss"),
    ("℮əɛ", "e"),
    ("ɔ", "o"),
    ("ŋ", "n"),
    ("μ", "u"),
    ("ς", "o"),
    ("ĸ", "k"),
    ("×", "x"),
    ("þ", "þ"),
    ("™", "™"),
    ("℠", "℠"),
];

/// Letters drawn as small capitals or without a dot, each with its plain letter.
const ONE_BY_ONE: (&str, &str) = ("ıȷᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘꞯʀꜱᴛᴜᴠᴡʏᴢ", "ijabcdefghijklmnopqrstuvwyz");

/// Rows of letters or digits in circles and squares that have no compatibility form.
const ROWS: &[(u32, u32, char)] = &[
    (0x249c, 0x24b5, 'a'),
    (0x24f5, 0x24fd, '1'),
    (0x24ff, 0x24ff, '0'),
    (0x2776, 0x277e, '1'),
    (0x2780, 0x2788, '1'),
    (0x278a, 0x2792, '1'),
    (0x1f10b, 0x1f10b, '0'),
    (0x1f10c, 0x1f10c, '0'),
    (0x1f110, 0x1f129, 'a'),
    (0x1f150, 0x1f169, 'a'),
    (0x1f170, 0x1f189, 'a'),
];

/// The zero of each script's decimal digits (those with a compatibility form need none).
const ZEROS: &[u32] = &[
    0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6,
    0xe50, 0xed0, 0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50,
    0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x104a0,
    0x10d30, 0x11066, 0x110f0, 0x11136, 0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0,
    0x11730, 0x118e0, 0x11950, 0x11c50, 0x11d50, 0x11da0, 0x16a60, 0x16ac0, 0x16b50, 0x1e140,
    0x1e2f0, 0x1e950,
];

/// Code points that fold to themselves and needn't be looked at: ideographs, Hangul syllables
/// (their parts would triple the text) and what is unassigned or private.
const UNTOUCHED: &[(u32, u32)] = &[
    (0x3400, 0x9fff),
    (0xac00, 0xd7a3),
    (0xe000, 0xf8ff),
    (0x17000, 0x1b2ff),
    (0x20000, 0x2f7ff),
    (0x2fa20, 0xdffff),
    (0xe1000, 0x10_ffff),
];

/// Scripts whose letters nobody takes for Latin ones in a running text, whatever their outline:
/// those written from the right, and ideographs with kana.
const NEVER_CONFUSED: &[(u32, u32)] = &[
    (0x590, 0x8ff),
    (0x2e80, 0xa4cf),
    (0xac00, 0xd7ff),
    (0xf900, 0xfeff),
    (0x10800, 0x10fff),
    (0x1e800, 0x1efff),
    (0x20000, 0x10_ffff),
];

fn within(ranges: &[(u32, u32)], c: char) -> bool {
    ranges
        .iter()
        .any(|(first, last)| (*first..=*last).contains(&u32::from(c)))
}

/// Rust items: `PAGES` (page of a code point), `CELLS` (pages end to end), `PIECES`, `PIECE_ENDS`.
fn fold_table() -> String {
    let mut pieces: Vec<String> = Vec::new();
    let mut number_of: BTreeMap<String, u16> = BTreeMap::new();
    let mut cells: Vec<u16> = vec![SAME; PAGE];
    let mut page_of: BTreeMap<Vec<u16>, usize> = BTreeMap::from([(vec![SAME; PAGE], 0)]);
    let mut pages: Vec<usize> = Vec::new();
    for first in (0..0xe1000).step_by(PAGE) {
        let page: Vec<u16> = (first..first + PAGE as u32)
            .map(|c| {
                cell(c, |text| {
                    *number_of.entry(text.clone()).or_insert_with(|| {
                        pieces.push(text);
                        FIRST_PIECE + (pieces.len() - 1) as u16
                    })
                })
            })
            .collect();
        let number = page_of.len();
        pages.push(*page_of.entry(page.clone()).or_insert_with(|| {
            cells.extend(page);
            number
        }));
    }
    let ends: Vec<usize> = pieces
        .iter()
        .scan(0, |end, piece| {
            *end += piece.len();
            Some(*end)
        })
        .collect();
    let (page_count, cell_count, piece_count) = (pages.len(), cells.len(), pieces.len());
    let pieces = pieces.concat();
    format!(
        "pub(super) static PAGES: [u16; {page_count}] = {pages:?};\n\
         pub(super) static CELLS: [u16; {cell_count}] = {cells:?};\n\
         pub(super) static PIECES: &str = {pieces:?};\n\
         pub(super) static PIECE_ENDS: [u16; {piece_count}] = {ends:?};\n"
    )
}

/// The cell of a code point; `number` names a text that is no single ASCII character.
fn cell(code_point: u32, mut number: impl FnMut(String) -> u16) -> u16 {
    let Some(c) = char::from_u32(code_point).filter(|c| !c.is_ascii() && !within(UNTOUCHED, *c))
    else {
        return SAME;
    };
    let folding = if is_stripped(c) {
        String::new()
    } else {
        folding(c)
    };
    match folding.as_bytes() {
        [] if is_combining_mark(c) => MARK,
        [] => DROPPED,
        [ascii] => u16::from(*ascii),
        long if long.len() > FOLDING_BYTES_MAX => SAME,
        _ if folding.chars().eq([c]) => SAME,
        _ => number(folding),
    }
}

/// What one code point becomes: followed step by step until nothing changes.
fn folding(c: char) -> String {
    if c.is_ascii() {
        return c.to_ascii_lowercase().to_string();
    }
    if let Some(chosen) = chosen(c) {
        return chosen;
    }
    if is_stripped(c) {
        return String::new();
    }
    if c.is_whitespace() || c.is_control() {
        let breaks = matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
        return if breaks { "\n" } else { " " }.to_owned();
    }
    if let Some(letter) = capital_look_alike(c) {
        return letter.to_string();
    }
    let parts: String = [c].into_iter().nfkd().collect();
    if parts.starts_with(' ') {
        return c.to_string(); // a spacing accent, such as U+00A8
    }
    let lower: String = parts.chars().flat_map(char::to_lowercase).collect();
    if !lower.chars().eq([c]) {
        let whole: String = lower.chars().map(folding).collect();
        // `27½` is read 27 1/2, never 271/2.
        return if parts.contains('\u{2044}') {
            format!(" {whole}")
        } else {
            whole
        };
    }
    digit(c).or_else(|| look_alike(c)).unwrap_or(c).to_string()
}

/// Combining marks but for the vowels of Indic scripts, and whatever draws nothing.
fn is_stripped(c: char) -> bool {
    let mark = is_combining_mark(c) && (canonical_combining_class(c) != 0 || !c.is_alphabetic());
    mark || skeleton(c.encode_utf8(&mut [0; 4])).next().is_none()
}

/// What the tables above say.
fn chosen(c: char) -> Option<String> {
    if let Some((_, to)) = ANY_OF.iter().find(|(from, _)| from.contains(c)) {
        return Some((*to).to_owned());
    }
    let (drawn, letters) = ONE_BY_ONE;
    let one = drawn
        .chars()
        .zip(letters.chars())
        .find(|(from, _)| *from == c)
        .map(|(_, to)| to);
    let in_row = || {
        let (first, _, to) = ROWS
            .iter()
            .find(|(a, z, _)| (*a..=*z).contains(&u32::from(c)))?;
        char::from_u32(u32::from(*to) + u32::from(c) - first)
    };
    one.or_else(in_row).map(String::from)
}

fn digit(c: char) -> Option<char> {
    let value = |zero: &u32| u32::from(c).checked_sub(*zero).filter(|v| *v < 10);
    ZEROS
        .iter()
        .find_map(value)
        .and_then(|value| char::from_digit(value, 10))
}

/// The ASCII letter that a capital is drawn as exactly. Greek `Μ` is read m and `Υ` y, though their
/// small letters look like u: what readers see is what a disguise is made of.
fn capital_look_alike(c: char) -> Option<char> {
    let mut bytes = [0; 4];
    let mut drawn = skeleton(c.encode_utf8(&mut bytes));
    match (drawn.next(), drawn.next()) {
        (Some('l'), None) if c.is_uppercase() => Some('i'),
        (Some(letter @ 'A'..='Z'), None) if c.is_uppercase() => Some(letter.to_ascii_lowercase()),
        _ => None,
    }
}

/// The ASCII letter that UTS #39 confuses with this lower-case letter or with its capital. A
/// perfect likeness of either case wins over one that has a stroke or hook left over.
fn look_alike(c: char) -> Option<char> {
    if !c.is_alphabetic() || within(NEVER_CONFUSED, c) {
        return None;
    }
    let upper = c.to_uppercase().next().unwrap_or(c);
    let letter = |of: char, marks: bool| {
        let drawn: String = skeleton(of.encode_utf8(&mut [0; 4]))
            .filter(|d| !(marks && is_combining_mark(*d)))
            .collect();
        match (drawn.as_str(), of == c) {
            ("rn", _) => Some('m'),
            // UTS #39 draws the capital I as l.
            ("l", false) => Some('i'),
            (one, _) => one
                .to_ascii_lowercase()
                .parse()
                .ok()
                .filter(char::is_ascii_lowercase),
        }
    };
    [(c, false), (upper, false), (c, true), (upper, true)]
        .into_iter()
        .find_map(|(of, marks)| letter(of, marks))
}
