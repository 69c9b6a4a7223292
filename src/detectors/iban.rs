//! International bank account numbers.

use super::around::{byte_at, glued_after, glued_before};
use super::{Arguments, Detector, Example, Finder, Input, Trigger};
use std::ops::Range;

pub(super) static DETECTOR: Detector = Detector {
    name: "iban",
    summary: "International bank account numbers (IBAN)",
    docs: "\
Finds an IBAN of any country of the registry: country, two check digits, and the country's own account
number with digits and letters where that country has them; the whole number must leave 1 modulo 97.
Capitals or small letters; single spaces, hyphens or dots anywhere, as on bank papers.

Not found: a number with one wrong character, of another length, or glued to further letters or
digits; domestic account numbers (French RIB, British sort codes).

Limits: one string in 97 of the right shape passes by chance; the shape is rare enough outside banking.

Sources: ISO 13616, the SWIFT IBAN registry, ISO 7064 (mod 97-10).",
    parameters: &[],
    examples: &[
        Example { text: "IBAN FR76 3000 6000 0112 3456 7890 189 merci", finds: &["FR76 3000 6000 0112 3456 7890 189"], with: "" },
        Example { text: "pay to gb82west12345698765432.", finds: &["gb82west12345698765432"], with: "" },
        Example { text: "compte: BE68-5390-0754-7034", finds: &["BE68-5390-0754-7034"], with: "" },
        Example { text: "CH93 0076 2011 6238 5295 7, DE89370400440532013000", finds: &["CH93 0076 2011 6238 5295 7", "DE89370400440532013000"], with: "" },
        Example { text: "FR76 3000 6000 0112 3456 7890 188", finds: &[], with: "" },
        Example { text: "GB82 WEST 1234 5698 7654 3", finds: &[], with: "" },
        Example { text: "commande DE89 pour 3704 personnes", finds: &[], with: "" },
    ],
    trigger: Trigger::Digit,
    build: |_: &Arguments| Box::new(Ibans),
};

#[derive(Debug)]
struct Ibans;

impl Finder for Ibans {
    fn find(&self, input: Input<'_>, found: &mut Vec<Range<usize>>) {
        let text = input.plain.text();
        let mut free_from = 0;
        for (at, byte) in text.bytes().enumerate() {
            if at < free_from || !byte.is_ascii_lowercase() {
                continue;
            }
            if let Some(end) = iban(text, at) {
                found.push(at..end);
                free_from = end;
            }
        }
    }
}

/// The end of the IBAN that starts at `at`.
fn iban(text: &str, at: usize) -> Option<usize> {
    let checked = byte_at(text, at + 2).is_ascii_digit() || byte_at(text, at + 3).is_ascii_digit();
    if !checked || glued_before(text, at) {
        return None;
    }
    let country = text.get(at..at + 2)?;
    let index = ACCOUNTS
        .binary_search_by_key(&country, |(name, _)| name)
        .ok()?;
    let (_, account) = ACCOUNTS.get(index)?;
    let mut end = at + 2;
    let mut rest_mod_97 = 0;
    for (place, kind) in Kinds::of("2n").chain(Kinds::of(account)).enumerate() {
        end += usize::from(matches!(byte_at(text, end), b' ' | b'-' | b'.'));
        let byte = byte_at(text, end);
        if !kind.takes(byte) {
            return None;
        }
        end += 1;
        // The check digits are read last, after the country.
        if place >= 2 {
            rest_mod_97 = append_mod_97(rest_mod_97, byte);
        }
    }
    let check = text
        .get(at..end)?
        .bytes()
        .filter(u8::is_ascii_alphanumeric)
        .take(4);
    let rest_mod_97 = check.fold(rest_mod_97, append_mod_97);
    (rest_mod_97 == 1 && !glued_after(text, end)).then_some(end)
}

/// The remainder after one more digit, or a letter as the two digits 10 to 35.
fn append_mod_97(rest: u32, byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
        _ => (rest * 100 + u32::from(byte.to_ascii_lowercase() - b'a') + 10) % 97,
    }
}

/// What one place of an account number takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Digit,
    Letter,
    Either,
}

impl Kind {
    fn takes(self, byte: u8) -> bool {
        match self {
            Self::Digit => byte.is_ascii_digit(),
            Self::Letter => byte.is_ascii_lowercase(),
            Self::Either => byte.is_ascii_digit() || byte.is_ascii_lowercase(),
        }
    }
}

/// The places of a registry structure such as `5n11c2n`.
struct Kinds;

impl Kinds {
    fn of(structure: &str) -> impl Iterator<Item = Kind> {
        structure.split_inclusive(['n', 'a', 'c']).flat_map(|part| {
            let (count, kind) = part.split_at_checked(part.len() - 1).unwrap_or(("0", ""));
            let kind = match kind {
                "n" => Kind::Digit,
                "a" => Kind::Letter,
                _ => Kind::Either,
            };
            std::iter::repeat_n(kind, count.parse().unwrap_or(0))
        })
    }
}

/// Each country's account number after the check digits: `n` digits, `a` letters, `c` either.
const ACCOUNTS: &[(&str, &str)] = &[
    ("ad", "8n12c"),
    ("ae", "19n"),
    ("al", "8n16c"),
    ("at", "16n"),
    ("az", "4a20c"),
    ("ba", "16n"),
    ("be", "12n"),
    ("bg", "4a6n8c"),
    ("bh", "4a14c"),
    ("bi", "23n"),
    ("br", "23n1a1c"),
    ("by", "4c4n16c"),
    ("ch", "5n12c"),
    ("cr", "18n"),
    ("cy", "8n16c"),
    ("cz", "20n"),
    ("de", "18n"),
    ("dj", "23n"),
    ("dk", "14n"),
    ("do", "4c20n"),
    ("ee", "16n"),
    ("eg", "25n"),
    ("es", "20n"),
    ("fi", "14n"),
    ("fk", "2a12n"),
    ("fo", "14n"),
    ("fr", "10n11c2n"),
    ("gb", "4a14n"),
    ("ge", "2a16n"),
    ("gi", "4a15c"),
    ("gl", "14n"),
    ("gr", "7n16c"),
    ("gt", "24c"),
    ("hn", "4a20n"),
    ("hr", "17n"),
    ("hu", "24n"),
    ("ie", "4a14n"),
    ("il", "19n"),
    ("iq", "4a15n"),
    ("is", "22n"),
    ("it", "1a10n12c"),
    ("jo", "4a4n18c"),
    ("kw", "4a22c"),
    ("kz", "3n13c"),
    ("lb", "4n20c"),
    ("lc", "4a24c"),
    ("li", "5n12c"),
    ("lt", "16n"),
    ("lu", "3n13c"),
    ("lv", "4a13c"),
    ("ly", "21n"),
    ("mc", "10n11c2n"),
    ("md", "20c"),
    ("me", "18n"),
    ("mk", "3n10c2n"),
    ("mn", "16n"),
    ("mr", "23n"),
    ("mt", "4a5n18c"),
    ("mu", "4a19n3a"),
    ("ni", "4a20n"),
    ("nl", "4a10n"),
    ("no", "11n"),
    ("om", "3n16c"),
    ("pk", "4a16c"),
    ("pl", "24n"),
    ("ps", "4a21c"),
    ("pt", "21n"),
    ("qa", "4a21c"),
    ("ro", "4a16c"),
    ("rs", "18n"),
    ("ru", "14n15c"),
    ("sa", "2n18c"),
    ("sc", "4a20n3a"),
    ("sd", "14n"),
    ("se", "20n"),
    ("si", "15n"),
    ("sk", "20n"),
    ("sm", "1a10n12c"),
    ("so", "19n"),
    ("st", "21n"),
    ("sv", "4a20n"),
    ("tl", "19n"),
    ("tn", "20n"),
    ("tr", "6n16c"),
    ("ua", "6n19c"),
    ("va", "18n"),
    ("vg", "4a16n"),
    ("xk", "16n"),
    ("ye", "4a4n18c"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_are_sorted_and_as_long_as_the_registry_allows() {
        assert!(ACCOUNTS.is_sorted());
        for (country, account) in ACCOUNTS {
            let length = 4 + Kinds::of(account).count();
            assert!((15..=34).contains(&length), "{country} {length}");
        }
    }
}
