//! Licence plates of vehicles.

use super::around::{
    byte_at, byte_before, glued_after, glued_before, in_capitals, says, words_after, words_before,
};
use super::{Arguments, Detector, Example, Finder, Input, Parameter, Takes, Trigger};
use crate::limits::CONTEXT_BYTES_MAX;
use std::cell::LazyCell;
use std::ops::Range;

pub(super) static DETECTOR: Detector = Detector {
    name: "license_plate",
    summary: "Licence plates of vehicles",
    docs: "\
Finds plates, by `countries`:

| country | form | found without a word nearby |
|---|---|---|
| `be` | `1-ABC-123`; `ABC-123` | the first, with hyphens |
| `ca` | five to eight letters and digits | never |
| `ch` | canton and up to six digits, `GE 123456` | in capitals, with six digits: five are a postal code |
| `fr` | `AB-123-CD`; before 2009 `1234 AB 75` | the first, with hyphens or in capitals |
| `gb` | `AB12 CDE`; older `A123 BCD`, `ABC 123D` | the first, in capitals |
| `us` | five to eight letters and digits | never |

A word nearby is `plate`, `plaque`, `immatriculation`, `number plate`, `registration`, `reg`,
`licence` or `license` (but not `driver's licence`). With one, small letters and missing separators are
accepted too. Letters that a country never issues rule a plate out (`I`, `O`, `U` in France; `I` and
`Q` in Britain), and so do British ages that do not exist.

Not found: plates of other countries, diplomatic and military plates, vanity plates without digits.

Limits: a part number that looks exactly like a plate is found.

Sources: French order (arrêté) of 9 February 2009 on vehicle registration (SIV), DVLA INF104, Belgian DIV,
Swiss VZV (RS 741.51).",
    parameters: &[Parameter {
        name: "countries",
        takes: Takes::SomeOf(&["be", "ca", "ch", "fr", "gb", "us"]),
        docs: "Whose plates to find. Default: all.",
    }],
    examples: &[
        Example { text: "sa voiture : AB-123-CD, une bleue", finds: &["AB-123-CD"], with: "" },
        Example { text: "plaque ab123cd, ou 1234 ab 75 avant", finds: &["ab123cd", "1234 ab 75"], with: "" },
        Example { text: "garée rue haute, GE 123456", finds: &["GE 123456"], with: "" },
        Example { text: "she drives AB12 CDE", finds: &["AB12 CDE"], with: "" },
        Example { text: "her license plate is 7ABC123", finds: &["7ABC123"], with: "" },
        Example { text: "immatriculation A12 BCD, 1-ABC-123 en Belgique", finds: &["A12 BCD", "1-ABC-123"], with: "" },
        Example { text: "la référence ab 123 cd, GE 12, chapitre AB 12", finds: &[], with: "" },
        Example { text: "AB99 CDE and AI-123-CD are no plates", finds: &[], with: "countries=gb,fr,be,ch" },
        Example { text: "driver's license D1234567", finds: &[], with: "" },
        Example { text: "she drives AB12 CDE", finds: &[], with: "countries=fr,be" },
    ],
    trigger: Trigger::Digit,
    build: |arguments| Box::new(LicensePlates { forms: chosen(arguments) }),
};

/// A form of plates.
#[derive(Debug)]
struct Form {
    country: &'static str,
    /// Its runs, each with the fewest and the most places. Empty: as each state draws it.
    shape: &'static [(Place, usize, usize)],
    /// Whether this writing is a plate although no word says so.
    alone: fn(&Writing) -> bool,
    /// What else must hold of the letters and digits, separators left out.
    issued: fn(&str) -> bool,
}

/// What a run of a form is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Letters,
    Digits,
    /// A French department: two digits, three overseas, or `2a`, `2b`.
    Department,
}

use Place::{Department, Digits, Letters};

const FORMS: &[Form] = &[
    Form {
        country: "fr",
        shape: &[(Letters, 2, 2), (Digits, 3, 3), (Letters, 2, 2)],
        alone: |w| w.joints.0 == w.joints.1 && (w.hyphened() || w.capitals && w.separated()),
        issued: |plate| {
            !plate.contains(['i', 'o', 'u']) && !plate.starts_with("ss") && !plate.ends_with("ss")
        },
    },
    Form {
        country: "gb",
        shape: &[(Letters, 2, 2), (Digits, 2, 2), (Letters, 3, 3)],
        alone: |w| w.capitals && w.joints.0 == 0,
        issued: is_british,
    },
    Form {
        country: "be",
        shape: &[(Digits, 1, 1), (Letters, 3, 3), (Digits, 3, 3)],
        alone: Writing::hyphened,
        issued: |_| true,
    },
    Form {
        country: "ch",
        shape: &[(Letters, 2, 2), (Digits, 6, 6)],
        alone: |w| w.capitals && w.separated(),
        issued: is_canton,
    },
    Form {
        country: "ch",
        shape: &[(Letters, 2, 2), (Digits, 1, 5)],
        alone: |_| false,
        issued: is_canton,
    },
    Form {
        country: "fr",
        shape: &[(Digits, 1, 4), (Letters, 2, 3), (Department, 2, 3)],
        alone: |_| false,
        issued: |plate| !plate.contains(['i', 'o']),
    },
    Form {
        country: "be",
        shape: &[(Letters, 3, 3), (Digits, 3, 3)],
        alone: |_| false,
        issued: |_| true,
    },
    Form {
        country: "gb",
        shape: &[(Letters, 1, 1), (Digits, 1, 3), (Letters, 3, 3)],
        alone: |_| false,
        issued: |plate| !plate.starts_with(['i', 'o', 'u', 'z']),
    },
    Form {
        country: "gb",
        shape: &[(Letters, 3, 3), (Digits, 1, 3), (Letters, 1, 1)],
        alone: |_| false,
        issued: |plate| !plate.ends_with(['i', 'o', 'u', 'z']),
    },
    Form {
        country: "us",
        shape: &[],
        alone: |_| false,
        issued: |_| true,
    },
    Form {
        country: "ca",
        shape: &[],
        alone: |_| false,
        issued: |_| true,
    },
];

/// Words that say a plate follows, or went before.
const PLATE_WORDS: &[&str] = &[
    "immat",
    "immatricule",
    "immatriculee",
    "immatriculation",
    "license plate",
    "licence plate",
    "licence",
    "license",
    "number plate",
    "plaque",
    "plaques",
    "plate",
    "plates",
    "reg",
    "registration",
];

/// Words that say it is something else.
const OTHER_WORDS: &[&str] = &[
    "driver's", "drivers", "driver", "driving", "fishing", "software", "medical", "permis",
    "product",
];

fn chosen(arguments: &Arguments) -> Vec<&'static Form> {
    FORMS
        .iter()
        .filter(|form| arguments.allows("countries", form.country))
        .collect()
}

#[derive(Debug)]
struct LicensePlates {
    forms: Vec<&'static Form>,
}

impl Finder for LicensePlates {
    fn find(&self, input: Input<'_>, found: &mut Vec<Range<usize>>) {
        let text = input.plain.text();
        let mut free_from = 0;
        for (at, byte) in text.bytes().enumerate() {
            let starts = at >= free_from
                && byte.is_ascii_alphanumeric()
                && text
                    .bytes()
                    .skip(at)
                    .take(5)
                    .any(|byte| byte.is_ascii_digit())
                && starts_alone(text, at);
            if let Some(span) = starts.then(|| self.plate(input, at)).flatten() {
                free_from = span.end;
                found.push(span);
            }
        }
    }
}

impl LicensePlates {
    /// The plate that starts at `at`.
    fn plate(&self, input: Input<'_>, at: usize) -> Option<Range<usize>> {
        let text = input.plain.text();
        let before = LazyCell::new(|| Named::before(text, at));
        self.forms.iter().find_map(|form| {
            let mut writing = read(text, at, form)?;
            let span = at..writing.end;
            let letters = text
                .get(span.clone())?
                .chars()
                .filter(|c| c.is_alphanumeric());
            if !ends_alone(text, span.end) || !(form.issued)(&letters.collect::<String>()) {
                return None;
            }
            writing.capitals = in_capitals(input, &span);
            // `plate for 100 people`: two runs parted by a space need capitals, word or not.
            let formed = form.shape.len() > 2
                || !writing.separated()
                || writing.hyphened()
                || writing.capitals;
            ((form.alone)(&writing) || formed && before.with_after(text, span.end)).then_some(span)
        })
    }
}

/// How a form is written.
#[derive(Clone, Copy, Debug)]
struct Writing {
    end: usize,
    /// The bytes between its runs, 0 for none.
    joints: (u8, u8),
    runs: usize,
    capitals: bool,
}

impl Writing {
    fn separated(&self) -> bool {
        self.joints.0 != 0 || self.joints.1 != 0
    }

    /// Whether hyphens part all runs.
    fn hyphened(&self) -> bool {
        self.joints.0 == b'-' && (self.runs < 3 || self.joints.1 == b'-')
    }
}

fn read(text: &str, at: usize, form: &Form) -> Option<Writing> {
    if form.shape.is_empty() {
        return american(text, at);
    }
    let mut writing = Writing {
        end: at,
        joints: (0, 0),
        runs: form.shape.len(),
        capitals: false,
    };
    for (index, (place, count_min, count_max)) in form.shape.iter().enumerate() {
        let joint = byte_at(text, writing.end);
        if index > 0 && matches!(joint, b' ' | b'-' | b'.') {
            writing.end += 1;
            match index {
                1 => writing.joints.0 = joint,
                _ => writing.joints.1 = joint,
            }
        }
        let bytes = || text.bytes().skip(writing.end).take(*count_max);
        let count = match place {
            Letters => bytes().take_while(u8::is_ascii_lowercase).count(),
            Digits => bytes().take_while(u8::is_ascii_digit).count(),
            Department => department(text, writing.end),
        };
        (count >= *count_min).then_some(())?;
        writing.end += count;
    }
    Some(writing)
}

/// How many bytes the French department at `at` takes.
fn department(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    let digits = rest.bytes().take_while(u8::is_ascii_digit).take(3).count();
    let number: u32 = rest.get(..digits).and_then(|d| d.parse().ok()).unwrap_or(0);
    match digits {
        1 if rest.starts_with("2a") || rest.starts_with("2b") => 2,
        2 if (1..=95).contains(&number) => 2,
        3 if (971..=976).contains(&number) => 3,
        _ => 0,
    }
}

/// Five to eight letters and digits, at least two of each or six of one kind with the other, in at
/// most two pieces.
fn american(text: &str, at: usize) -> Option<Writing> {
    const PLACES_MAX: usize = 9;
    let piece = |from: usize| {
        text.bytes()
            .skip(from)
            .take(PLACES_MAX)
            .take_while(u8::is_ascii_alphanumeric)
            .count()
    };
    let first = piece(at);
    let joint = byte_at(text, at + first);
    let second = if matches!(joint, b' ' | b'-') {
        piece(at + first + 1)
    } else {
        0
    };
    let with_digits = |from: usize, count: usize| {
        text.get(from..from + count)
            .is_some_and(|piece| piece.contains(|c: char| c.is_ascii_digit()))
    };
    let both = at + first + 1 + second;
    let joined = (1..=7).contains(&second)
        && (5..=8).contains(&(first + second))
        && (joint == b'-'
            || with_digits(at, first) != with_digits(at + first + 1, second)
            || second <= 4);
    let end = if joined && is_mixed(text, at..both) {
        both
    } else {
        at + first
    };
    let single = (5..=8).contains(&first) && end == at + first;
    let whole = (end == both && second > 0 || single) && is_mixed(text, at..end);
    let joint = if single { 0 } else { joint };
    whole.then_some(Writing {
        end,
        joints: (joint, 0),
        runs: 2,
        capitals: false,
    })
}

/// Whether a plate has two digits or more, and a letter or more.
fn is_mixed(text: &str, span: Range<usize>) -> bool {
    let plate = text.get(span).unwrap_or("");
    let digits = plate.bytes().filter(u8::is_ascii_digit).count();
    let letters = plate.bytes().filter(u8::is_ascii_lowercase).count();
    digits >= 2 && (2..=4).contains(&letters)
}

/// Whether the United Kingdom issued these letters and this age.
fn is_british(plate: &str) -> bool {
    let (area, rest) = plate.split_at_checked(2).unwrap_or(("", ""));
    let (age, random) = rest.split_at_checked(2).unwrap_or(("", ""));
    let age: u32 = age.parse().unwrap_or(0);
    !area.starts_with(['i', 'j', 'q', 't', 'u', 'x', 'z'])
        && !area.ends_with(['i', 'q', 'z'])
        && !random.contains(['i', 'q'])
        && (matches!(age, 2..=29) || matches!(age, 51..=79))
}

fn is_canton(plate: &str) -> bool {
    const CANTONS: [&str; 26] = [
        "ag", "ai", "ar", "be", "bl", "bs", "fr", "ge", "gl", "gr", "ju", "lu", "ne", "nw", "ow",
        "sg", "sh", "so", "sz", "tg", "ti", "ur", "vd", "vs", "zg", "zh",
    ];
    CANTONS.iter().any(|canton| plate.starts_with(canton))
        && !plate.get(2..).unwrap_or("0").starts_with('0')
}

/// What the words before a plate say of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Plate,
    SomethingElse,
    Nothing,
}

impl Named {
    fn before(text: &str, at: usize) -> Self {
        let words = words_before(text, at, CONTEXT_BYTES_MAX);
        match (says(words, OTHER_WORDS), says(words, PLATE_WORDS)) {
            (true, _) => Self::SomethingElse,
            (false, true) => Self::Plate,
            (false, false) => Self::Nothing,
        }
    }

    /// Whether a word before, or one after `end`, says that this is a plate.
    fn with_after(self, text: &str, end: usize) -> bool {
        match self {
            Self::Plate => true,
            Self::SomethingElse => false,
            Self::Nothing => {
                let words = words_after(text, end, CONTEXT_BYTES_MAX / 2);
                says(words, &["plate", "plates", "plaque"])
            }
        }
    }
}

fn starts_alone(text: &str, at: usize) -> bool {
    !glued_before(text, at)
        && !matches!(
            byte_before(text, at),
            b'-' | b'.' | b'/' | b'+' | b'@' | b'='
        )
}

fn ends_alone(text: &str, end: usize) -> bool {
    let further = matches!(byte_at(text, end), b'-' | b'.' | b'/')
        && byte_at(text, end + 1).is_ascii_alphanumeric();
    !further && !glued_after(text, end)
}
