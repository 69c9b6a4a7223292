//! Characters written as escapes: HTML character references and %-escapes.
//!
//! Each is decoded once: `&amp;lt;` shows `&lt;`. What isn't a whole, valid escape is text. Control
//! characters are decoded to a space.

/// The character that an escape at the start of `text` stands for, and the escape's length.
pub(super) fn escape(text: &str) -> Option<(char, usize)> {
    let (c, bytes) = match text.as_bytes().first()? {
        b'%' => percent(text.as_bytes())?,
        b'&' => reference(text.as_bytes())?,
        _ => return None,
    };
    Some((if c.is_control() { ' ' } else { c }, bytes))
}

/// `%C3%A9`: as many escaped bytes as make one character of UTF-8.
fn percent(text: &[u8]) -> Option<(char, usize)> {
    let mut utf8 = [0; 4];
    for (at, escaped) in text.chunks_exact(3).take(utf8.len()).enumerate() {
        *utf8.get_mut(at)? = escaped_byte(escaped)?;
        let seen = utf8.get(..=at)?;
        match std::str::from_utf8(seen) {
            Ok(one) => return one.chars().next().map(|c| (c, 3 * seen.len())),
            Err(wrong) if wrong.error_len().is_some() => return None,
            Err(_) => {}
        }
    }
    None
}

fn escaped_byte(escaped: &[u8]) -> Option<u8> {
    let [b'%', high, low] = *escaped else {
        return None;
    };
    let value = |digit: u8| char::from(digit).to_digit(16);
    u8::try_from(value(high)? * 16 + value(low)?).ok()
}

/// `&eacute;`, `&#233;`, `&#xE9;`. As in browsers, numbers may lack the semicolon.
fn reference(text: &[u8]) -> Option<(char, usize)> {
    match text {
        [b'&', b'#', b'x' | b'X', digits @ ..] => number(digits, 16).map(|(c, n)| (c, n + 3)),
        [b'&', b'#', digits @ ..] => number(digits, 10).map(|(c, n)| (c, n + 2)),
        [b'&', name @ ..] => named(name).map(|(c, n)| (c, n + 1)),
        _ => None,
    }
}

/// More digits than any character needs; leading zeros beyond them aren't an escape.
const DIGITS_MAX: usize = 10;

fn number(text: &[u8], radix: u32) -> Option<(char, usize)> {
    let is_digit = |b: &&u8| char::from(**b).is_digit(radix);
    let count = text
        .iter()
        .take(DIGITS_MAX + 1)
        .take_while(is_digit)
        .count();
    let digits = text.get(..count).filter(|_| count <= DIGITS_MAX)?;
    let code_point = u32::from_str_radix(std::str::from_utf8(digits).ok()?, radix).ok()?;
    let semicolon = usize::from(text.get(count) == Some(&b';'));
    character(code_point).map(|c| (c, count + semicolon))
}

/// The character of a reference. 128 to 159 mean Windows-1252, as HTML has it.
fn character(code_point: u32) -> Option<char> {
    const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";
    match code_point {
        0 => None,
        128..=159 => WINDOWS.chars().nth((code_point - 128) as usize),
        other => char::from_u32(other),
    }
}

/// `text` is what stands behind `&`. Case is folded later anyway, so names are read without it.
fn named(text: &[u8]) -> Option<(char, usize)> {
    const NAME_BYTES_MAX: usize = 6;
    let length = text
        .iter()
        .take(NAME_BYTES_MAX + 1)
        .position(|b| *b == b';')?;
    let mut lower = [0; NAME_BYTES_MAX];
    let name = lower.get_mut(..length)?;
    name.copy_from_slice(text.get(..length)?);
    name.make_ascii_lowercase();
    let found = NAMED
        .binary_search_by(|(known, _)| known.as_bytes().cmp(name))
        .ok()?;
    NAMED.get(found).map(|(_, c)| (*c, length + 1))
}

/// The names that occur in posts, sorted. Others stay as they are.
static NAMED: &[(&str, char)] = &[
    ("aacute", 'á'),
    ("acirc", 'â'),
    ("aelig", 'æ'),
    ("agrave", 'à'),
    ("amp", '&'),
    ("apos", '\''),
    ("aring", 'å'),
    ("ast", '*'),
    ("atilde", 'ã'),
    ("auml", 'ä'),
    ("bdquo", '„'),
    ("bull", '•'),
    ("ccedil", 'ç'),
    ("cent", '¢'),
    ("comma", ','),
    ("commat", '@'),
    ("copy", '©'),
    ("deg", '°'),
    ("dollar", '$'),
    ("eacute", 'é'),
    ("ecirc", 'ê'),
    ("egrave", 'è'),
    ("emsp", '\u{2003}'),
    ("ensp", '\u{2002}'),
    ("euml", 'ë'),
    ("euro", '€'),
    ("excl", '!'),
    ("frac12", '½'),
    ("frac14", '¼'),
    ("frac34", '¾'),
    ("gt", '>'),
    ("hellip", '…'),
    ("hyphen", '‐'),
    ("iacute", 'í'),
    ("icirc", 'î'),
    ("iexcl", '¡'),
    ("igrave", 'ì'),
    ("iquest", '¿'),
    ("iuml", 'ï'),
    ("laquo", '«'),
    ("ldquo", '“'),
    ("lowbar", '_'),
    ("lrm", '\u{200e}'),
    ("lsaquo", '‹'),
    ("lsquo", '‘'),
    ("lt", '<'),
    ("mdash", '—'),
    ("middot", '·'),
    ("minus", '−'),
    ("nbsp", '\u{a0}'),
    ("ndash", '–'),
    ("ntilde", 'ñ'),
    ("num", '#'),
    ("oacute", 'ó'),
    ("ocirc", 'ô'),
    ("oelig", 'œ'),
    ("ograve", 'ò'),
    ("ordf", 'ª'),
    ("ordm", 'º'),
    ("oslash", 'ø'),
    ("otilde", 'õ'),
    ("ouml", 'ö'),
    ("percnt", '%'),
    ("period", '.'),
    ("plus", '+'),
    ("pound", '£'),
    ("prime", '′'),
    ("quest", '?'),
    ("quot", '"'),
    ("raquo", '»'),
    ("rdquo", '”'),
    ("reg", '®'),
    ("rlm", '\u{200f}'),
    ("rsaquo", '›'),
    ("rsquo", '’'),
    ("sbquo", '‚'),
    ("shy", '\u{ad}'),
    ("sol", '/'),
    ("sup2", '²'),
    ("sup3", '³'),
    ("szlig", 'ß'),
    ("thinsp", '\u{2009}'),
    ("times", '×'),
    ("uacute", 'ú'),
    ("ucirc", 'û'),
    ("ugrave", 'ù'),
    ("uuml", 'ü'),
    ("yacute", 'ý'),
    ("yuml", 'ÿ'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
];

#[cfg(test)]
mod tests {
    #[test]
    fn names_are_sorted_and_short() {
        assert!(super::NAMED.is_sorted_by_key(|(name, _)| *name));
        assert!(super::NAMED.iter().all(|(name, _)| name.len() <= 6));
    }
}
