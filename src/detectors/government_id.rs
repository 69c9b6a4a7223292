//! Numbers by which a state knows a person.

use super::around::{byte_at, byte_before, glued_after, glued_before, in_capitals, said_near};
use super::digits::{Group, Number, ean13, groups, luhn, readings};
use super::{Arguments, Detector, Example, Finder, Input, Parameter, Takes, Trigger};
use std::ops::Range;

pub(super) static DETECTOR: Detector = Detector {
    name: "government_id",
    summary: "National identity and social security numbers",
    docs: "\
Finds, by `kinds`:

| kind | what | how it is told from other numbers |
|---|---|---|
| `avs` | Switzerland, AHV/AVS number | 13 digits from 756, EAN-13 check |
| `itin` | United States, taxpayer number | like `ssn`, from 900 on, with the groups the IRS issues |
| `nino` | United Kingdom, national insurance | two letters HMRC issues, six digits, A to D |
| `nir` | France, NIR (`numéro de sécu`) | 15 digits with sex, month, department (2A, 2B too) and key |
| `nrn` | Belgium, national register | 11 digits with birth date and check modulo 97 |
| `sin` | Canada, SIN/NAS | nine digits, Luhn check |
| `ssn` | United States, social security | 3-2-4 digits; no 000, 666, 9xx, 00, 0000 |

A number that carries a check and a form of its own (`nir`, `avs`, `nrn` with its dots, `sin` with
hyphens) or an unmistakable form (`ssn` in three groups, `nino` in capitals and pairs) is found wherever it
stands. Others need a word nearby that names them (`SSN`, `NAS`, `sécu`, `NISS` …): nine digits in
one piece, a `sin` with spaces (a French SIREN looks the same), a `nir` without its key.

Not found: well-known specimen numbers (078-05-1120, 219-09-9999), passports, driving licences,
health numbers.

Limits: a number that only imitates the form, as in a leaflet, is found: nobody can tell.

Sources: SSA publication on randomization (2011), IRS on ITIN ranges, HMRC manual NIM39110, INSEE
on the NIR, Belgian royal decree of 3 April 1984, Swiss CCO on the AHVN13, Service Canada.",
    parameters: &[Parameter {
        name: "kinds",
        takes: Takes::SomeOf(&["avs", "itin", "nino", "nir", "nrn", "sin", "ssn"]),
        docs: "Which numbers to find. Default: all.",
    }],
    examples: &[
        Example { text: "her SSN is 123-45-6789", finds: &["123-45-6789"], with: "" },
        Example { text: "ssn 123456789, ITIN 912-70-1234", finds: &["123456789", "912-70-1234"], with: "" },
        Example { text: "mon NAS: 130 692 544", finds: &["130 692 544"], with: "" },
        Example { text: "SIN 130-692-544", finds: &["130-692-544"], with: "" },
        Example { text: "numéro : 1 85 05 78 006 084 91", finds: &["1 85 05 78 006 084 91"], with: "" },
        Example { text: "née en Corse, 2 55 08 2A 123 001 16", finds: &["2 55 08 2A 123 001 16"], with: "" },
        Example { text: "NI number QQ 12 34 56 C, really JG 12 34 56 C", finds: &["JG 12 34 56 C"], with: "" },
        Example { text: "registre national 85.07.30-033.28", finds: &["85.07.30-033.28"], with: "" },
        Example { text: "son AVS 756.9217.0769.85", finds: &["756.9217.0769.85"], with: "" },
        Example { text: "000-12-3456, 666-12-3456, 123-00-4567, 078-05-1120", finds: &[], with: "" },
        Example { text: "130 692 544 euros, order 130692544", finds: &[], with: "" },
        Example { text: "1 85 05 78 006 084 92 et 756.9217.0769.84", finds: &[], with: "" },
        Example { text: "her SSN is 123-45-6789", finds: &[], with: "kinds=nir,sin" },
    ],
    trigger: Trigger::Digit,
    build: |arguments| Box::new(GovernmentIds { kinds: chosen(arguments) }),
};

/// Digits of the longest number, the NIR.
const DIGITS_MAX: u32 = 15;

/// Groups that the NIR is written in, the most of all.
const GROUPS_MAX: usize = 7;

/// A kind of number: its name in `kinds`, whether a reading is one, and the words that name it.
#[derive(Debug)]
struct Kind {
    name: &'static str,
    read: fn(&Reading<'_>) -> bool,
    words: &'static [&'static str],
}

/// A number in its text.
#[derive(Debug)]
struct Reading<'t> {
    text: &'t str,
    number: Number<'t>,
    words: &'static [&'static str],
}

impl Reading<'_> {
    fn joint(&self) -> Option<u8> {
        self.number.joint(self.text)
    }

    /// Whether a word nearby names this kind of number.
    fn named(&self) -> bool {
        said_near(self.text, &self.number.span(), self.words)
    }
}

/// Kinds that are digits alone, the longest first.
const KINDS: &[Kind] = &[
    Kind {
        name: "nir",
        read: is_nir,
        words: NIR_WORDS,
    },
    Kind {
        name: "avs",
        read: is_avs,
        words: &[
            "ahv",
            "avs",
            "assurance sociale",
            "securite sociale",
            "social security",
        ],
    },
    Kind {
        name: "nrn",
        read: is_nrn,
        words: &[
            "insz",
            "national number",
            "national register",
            "niss",
            "nrn",
            "numero national",
            "registre national",
            "rijksregister",
            "rijksregisternummer",
            "rrn",
        ],
    },
    Kind {
        name: "ssn",
        read: is_ssn,
        words: &["social", "social security", "ss", "ssn", "socials"],
    },
    Kind {
        name: "itin",
        read: is_itin,
        words: &["itin", "tax id", "taxpayer", "tin"],
    },
    Kind {
        name: "sin",
        read: is_sin,
        words: &[
            "assurance sociale",
            "nas",
            "sin",
            "sin number",
            "social insurance",
        ],
    },
];

const NIR_WORDS: &[&str] = &[
    "carte vitale",
    "insee",
    "nir",
    "secu",
    "securite sociale",
    "social security",
    "vitale",
];

fn chosen(arguments: &Arguments) -> Vec<&'static str> {
    let names = KINDS.iter().map(|kind| kind.name).chain(["nino"]);
    names
        .filter(|name| arguments.allows("kinds", name))
        .collect()
}

#[derive(Debug)]
struct GovernmentIds {
    kinds: Vec<&'static str>,
}

impl Finder for GovernmentIds {
    fn find(&self, input: Input<'_>, found: &mut Vec<Range<usize>>) {
        let text = input.plain.text();
        let groups = groups(text);
        let mut free_from = 0;
        for (index, group) in groups.iter().enumerate() {
            if group.start < free_from {
                continue;
            }
            let rest = groups.get(index..).unwrap_or(&[]);
            let span = self
                .digits_only(text, rest)
                .or_else(|| self.with_letters(input, group.start));
            if let Some(span) = span.filter(|span| span.start >= free_from) {
                free_from = span.end;
                found.push(span);
            }
        }
    }
}

impl GovernmentIds {
    /// A number of digits alone that starts with the first of `groups`.
    fn digits_only(&self, text: &str, groups: &[Group]) -> Option<Range<usize>> {
        let starts = groups
            .first()
            .is_some_and(|group| starts_alone(text, group.start));
        if !starts {
            return None;
        }
        let numbers = readings(text, groups, b" -.", DIGITS_MAX).take(GROUPS_MAX);
        let known =
            numbers.filter(|number| number.digits >= 9 && ends_alone(text, number.span().end));
        known
            .filter(|number| self.kind(text, *number))
            .last()
            .map(|number| number.span())
    }

    fn kind(&self, text: &str, number: Number<'_>) -> bool {
        KINDS
            .iter()
            .filter(|kind| self.kinds.contains(&kind.name))
            .any(|kind| {
                let reading = Reading {
                    text,
                    number,
                    words: kind.words,
                };
                (kind.read)(&reading)
            })
    }

    /// A Corsican NIR or a British number whose first digits are at `at`.
    fn with_letters(&self, input: Input<'_>, at: usize) -> Option<Range<usize>> {
        let wants = |name| self.kinds.contains(&name);
        let nino = || nino(input, at).filter(|_| wants("nino"));
        nino().or_else(|| corsican_nir(input.plain.text(), at).filter(|_| wants("nir")))
    }
}

/// Whether nothing before `at` makes the number part of a longer one.
fn starts_alone(text: &str, at: usize) -> bool {
    !glued_before(text, at)
        && !matches!(
            byte_before(text, at),
            b'-' | b'.' | b'+' | b'/' | b'$' | b','
        )
}

fn ends_alone(text: &str, end: usize) -> bool {
    let further = matches!(byte_at(text, end), b'-' | b'.' | b'/' | b',')
        && byte_at(text, end + 1).is_ascii_alphanumeric();
    !further && !glued_after(text, end)
}

/// Whether a reading is written 3-2-4 with one separator, or in one piece under its name.
fn is_in_us_groups(reading: &Reading<'_>) -> bool {
    match reading.number.groups.len() {
        3 => reading.number.is_grouped(&[3, 2, 4]) && reading.joint().is_some(),
        1 | 2 => reading.joint() != Some(b'.') && reading.named(),
        _ => false,
    }
}

fn is_ssn(reading: &Reading<'_>) -> bool {
    const SPECIMENS: [u64; 2] = [78_051_120, 219_099_999];
    let number = &reading.number;
    let area = number.head(3);
    number.digits == 9
        && !matches!(area, 0 | 666 | 900..)
        && number.part(3, 2) > 0
        && number.part(5, 4) > 0
        && !SPECIMENS.contains(&number.value)
        && is_in_us_groups(reading)
}

fn is_itin(reading: &Reading<'_>) -> bool {
    let number = &reading.number;
    let group = number.part(3, 2);
    number.digits == 9
        && number.head(1) == 9
        && is_in_us_groups(reading)
        && matches!(group, 50..=65 | 70..=88 | 90..=92 | 94..=99)
}

fn is_sin(reading: &Reading<'_>) -> bool {
    let number = &reading.number;
    let hyphened = number.is_grouped(&[3, 3, 3]) && reading.joint() == Some(b'-');
    let plain =
        number.groups.len() == 1 || number.is_grouped(&[3, 3, 3]) && reading.joint().is_some();
    number.digits == 9
        && !matches!(number.head(1), 0 | 8)
        && luhn(number.value)
        && (hyphened || plain && reading.named())
}

fn is_avs(reading: &Reading<'_>) -> bool {
    let number = &reading.number;
    let written = number.groups.len() == 1 || number.is_grouped(&[3, 4, 4, 2]);
    number.digits == 13 && number.head(3) == 756 && written && ean13(number.value)
}

fn is_nrn(reading: &Reading<'_>) -> bool {
    let number = &reading.number;
    // Months of people whose sex was unknown, or with a provisional number, are raised by 20 or 40.
    let month = number.part(2, 2) % 20;
    let (body, check) = (number.head(9), number.value % 100);
    let checked = 97 - body % 97 == check || 97 - (2_000_000_000 + body) % 97 == check;
    let own_form = number.is_grouped(&[2, 2, 2, 3, 2]) && !is_evenly_joined(reading);
    number.digits == 11
        && number.part(2, 2) <= 52
        && month <= 12
        && number.part(4, 2) <= 31
        && checked
        && (own_form || reading.named())
}

/// Whether one separator joins all groups: `85.07.30-033.28` has two kinds.
fn is_evenly_joined(reading: &Reading<'_>) -> bool {
    reading.joint().is_some()
}

fn is_nir(reading: &Reading<'_>) -> bool {
    let number = &reading.number;
    match number.digits {
        15 => is_nir_body(number.head(13)) && 97 - number.head(13) % 97 == number.value % 100,
        13 => is_nir_body(number.value) && reading.named(),
        _ => false,
    }
}

/// Sex, year, month and department of the 13 digits before the key.
fn is_nir_body(body: u64) -> bool {
    let sex = body / 1_000_000_000_000;
    let month = body / 100_000_000 % 100;
    let department = body / 1_000_000 % 100;
    matches!(sex, 1..=4 | 7 | 8) && matches!(month, 1..=12 | 20..=42 | 50..=99) && department > 0
}

/// A NIR of Corsica, whose department is `2A` or `2B`.
fn corsican_nir(text: &str, at: usize) -> Option<Range<usize>> {
    /// Characters of a NIR with its key, and with a separator after each group.
    const CHARACTERS: usize = 15;
    const BYTES_MAX: usize = CHARACTERS + 6;
    if !starts_alone(text, at) {
        return None;
    }
    let mut body = 0;
    let mut read = 0;
    let mut end = at;
    let mut corsica = 0;
    for byte in text.bytes().skip(at).take(BYTES_MAX) {
        match byte {
            b'0'..=b'9' => body = body * 10 + u64::from(byte - b'0'),
            // INSEE: the key is computed with 19 for 2A and 18 for 2B.
            b'a' | b'b' if read == 6 && body % 10 == 2 => {
                corsica = if byte == b'a' { 19 } else { 18 };
                body = body / 10 * 100 + corsica;
            }
            b' ' | b'-' | b'.' => {
                end += 1;
                continue;
            }
            _ => break,
        }
        read += 1;
        end += 1;
        if read == CHARACTERS {
            break;
        }
    }
    let key = body % 100;
    let body = body / 100;
    let whole = read == CHARACTERS && corsica > 0 && ends_alone(text, end);
    (whole && is_nir_body(body) && 97 - body % 97 == key).then_some(at..end)
}

/// A British national insurance number whose first digits are at `at`.
fn nino(input: Input<'_>, at: usize) -> Option<Range<usize>> {
    let text = input.plain.text();
    let spaced = usize::from(byte_before(text, at) == b' ');
    let start = at.checked_sub(2 + spaced)?;
    let prefix = text.get(start..at - spaced)?;
    let mut end = at;
    for pair in 0..3 {
        end += usize::from(pair > 0 && byte_at(text, end) == b' ');
        let digits = text.get(end..end + 2)?;
        digits
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then_some(())?;
        end += 2;
    }
    end += usize::from(byte_at(text, end) == b' ');
    let suffix = matches!(byte_at(text, end), b'a'..=b'd');
    end += 1;
    let whole =
        suffix && is_nino_prefix(prefix) && starts_alone(text, start) && ends_alone(text, end);
    let named = said_near(text, &(start..end), &["insurance", "ni", "nino"]);
    let written = end - start == 13 && in_capitals(input, &(start..end));
    (whole && (written || named)).then_some(start..end)
}

/// Whether HMRC issues this prefix.
fn is_nino_prefix(prefix: &str) -> bool {
    let mut letters = prefix.bytes();
    let first = letters
        .next()
        .is_some_and(|b| b.is_ascii_lowercase() && !b"dfiquv".contains(&b));
    let second = letters
        .next()
        .is_some_and(|b| b.is_ascii_lowercase() && !b"dfiquvo".contains(&b));
    first && second && !matches!(prefix, "bg" | "gb" | "kn" | "nk" | "nt" | "tn" | "zz")
}
