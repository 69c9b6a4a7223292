//! Telephone numbers, in the many ways people write them.

use super::around::{
    byte_at, byte_before, char_after, glued_before, says, window_after, window_before, words_after,
    words_before,
};
use super::digits::{Group, groups};
use super::phone_plans::{PLANS, Plan, is_assigned, is_international};
use super::{Arguments, Detector, Example, Finder, Input, Parameter, Takes, Trigger};
use std::ops::Range;

pub(super) static DETECTOR: Detector = Detector {
    name: "phone_number",
    summary: "Telephone numbers",
    docs: "\
Finds telephone numbers with spaces, dots, hyphens, slashes and brackets between their digits, and
takes an extension in (`ext 12`, `x12`, `poste 12`):

- with `+`, `00` or `011` and a country that exists, of any country, also with the needless zero:
  `+33 (0)6 39 98 12 34`;
- as dialled inside one of `countries`, when the number plan of that country has assigned the range
  or keeps it for fiction: `06.39.98.12.34`, `(514) 555-0199`, `07700 900123`, `02/512.34.56`;
- with an area code in brackets, `(37) 788-063`, and `555-0199`;
- seven digits or more right after or before a word that announces a telephone, whatever the country:
  `phone`, `call`, `tel`, `mobile`, `fax`, `portable`, `joindre`, `appelle` …

Not found: dates, times, years, IP addresses, prices, decimals, card and account numbers, ISBN and
other long codes, numbers glued to letters, and numbers that the word before them calls something else
(order, invoice, bug, ISBN, SIRET …).

Limits: ten digits in one piece that happen to fit a plan are found, whatever they are; local numbers
without a word nearby, short numbers (`3949`, `911`) and vanity numbers (`1-800-EXAMPLE`) are not;
numbers spelled in words are not.

Sources: ITU-T E.164 and E.123, the metadata of libphonenumber, ARCEP decision 2018-0881 (fiction
ranges of France), Ofcom's numbers for drama, NANPA's 555-0100 to 555-0199.",
    parameters: &[Parameter {
        name: "countries",
        takes: Takes::SomeOf(&["be", "ca", "ch", "fr", "gb", "us"]),
        docs: "Whose national numbers to find. Default: all. Numbers with a country code are always found.",
    }],
    examples: &[
        Example { text: "call her: 06.39.98.12.34", finds: &["06.39.98.12.34"], with: "" },
        Example { text: "son num 0639981234 !!", finds: &["0639981234"], with: "" },
        Example { text: "(514) 555-0199 ou 514 555 0199 ext 12", finds: &["(514) 555-0199", "514 555 0199 ext 12"], with: "" },
        Example { text: "+33 (0)6 39 98 12 34, 0033639981234", finds: &["+33 (0)6 39 98 12 34", "0033639981234"], with: "" },
        Example { text: "ring 07700 900123 or 020 7946 0123", finds: &["07700 900123", "020 7946 0123"], with: "" },
        Example { text: "à Genève 022 379 01 23, à Liège 04/223.45.67", finds: &["022 379 01 23", "04/223.45.67"], with: "" },
        Example { text: "it was 555-0142 back then", finds: &["555-0142"], with: "" },
        Example { text: "phone: 358 0594", finds: &["358 0594"], with: "" },
        Example { text: "0 6 3 9 9 8 1 2 3 4", finds: &["0 6 3 9 9 8 1 2 3 4"], with: "" },
        Example { text: "born 1985-11-18 22:50:23, 12/05/1998, 2010-2015", finds: &[], with: "" },
        Example { text: "ip 192.168.100.200, 48.856614, 2.352222", finds: &[], with: "" },
        Example { text: "commande 0639981234, order #5145550199, €1 234 567", finds: &[], with: "" },
        Example { text: "4111 1111 1111 1111, ISBN 0-306-40615-2, 1735689600", finds: &[], with: "" },
        Example { text: "06 39 98 12 34", finds: &[], with: "countries=us,ca" },
    ],
    trigger: Trigger::Digit,
    build: |arguments| Box::new(PhoneNumbers { plans: chosen(arguments) }),
};

/// Digits of the longest number: E.164 allows 15, the prefix to leave a country has up to three.
const DIGITS_MAX: usize = 18;

/// Groups of one number: each digit alone, and a country code before them.
const GROUPS_MAX: usize = 12;

/// Bytes before or after a number in which a word announces it. Shorter than a clause: a phone is
/// named right where it is given.
const ANNOUNCED_BYTES_MAX: usize = 26;

/// Bytes before a number in which a word says it is something else: `order number: `.
const SUBJECT_BYTES_MAX: usize = 16;

/// What may stand between two groups of one number.
const JOINTS: &[&str] = &[
    " ", "-", ".", "/", "_", "*", "~", "  ", " - ", " . ", " / ", ")", ") ", " (", "(", ")-", ")/",
    "-(", ".(", ").",
];

/// Words that announce a telephone number.
const PHONE_WORDS: &[&str] = &[
    "answer",
    "answering",
    "appel",
    "appelez",
    "appelle",
    "appeler",
    "call",
    "called",
    "caller",
    "calling",
    "calls",
    "cell",
    "cellphone",
    "contact",
    "desk",
    "dial",
    "fax",
    "fixe",
    "gsm",
    "her number",
    "his number",
    "hotline",
    "joignable",
    "joindre",
    "ligne",
    "message",
    "messages",
    "mobile",
    "my number",
    "natel",
    "son numero",
    "son num",
    "mon numero",
    "phone",
    "phones",
    "portable",
    "rappeler",
    "rappelle",
    "reach",
    "registered",
    "ring",
    "sms",
    "tel",
    "telegram",
    "telephone",
    "telephoner",
    "text",
    "texto",
    "voicemail",
    "whatsapp",
    "your number",
];

/// Words that name the number before them.
const WORDS_AFTER: &[&str] = &[
    "cell", "fax", "fixe", "gsm", "home", "mobile", "natel", "office", "phone", "portable", "work",
];

/// Words before a number that say it is something else.
const OTHER_NUMBERS: &[&str] = &[
    "account",
    "bug",
    "card",
    "carte",
    "colis",
    "commande",
    "compte",
    "dossier",
    "ean",
    "facture",
    "iban",
    "id",
    "imei",
    "invoice",
    "isbn",
    "issn",
    "issue",
    "license",
    "licence",
    "nas",
    "nir",
    "order",
    "passeport",
    "passport",
    "permis",
    "pid",
    "ref",
    "reference",
    "secu",
    "serial",
    "siren",
    "siret",
    "social",
    "ssn",
    "suivi",
    "ticket",
    "tracking",
    "uid",
    "version",
];

fn chosen(arguments: &Arguments) -> Vec<&'static Plan> {
    PLANS
        .iter()
        .filter(|plan| arguments.allows("countries", plan.country))
        .collect()
}

#[derive(Debug)]
struct PhoneNumbers {
    plans: Vec<&'static Plan>,
}

impl Finder for PhoneNumbers {
    fn find(&self, input: Input<'_>, found: &mut Vec<Range<usize>>) {
        let text = input.plain.text();
        let groups = groups(text);
        let mut free_from = 0;
        for index in 0..groups.len() {
            let Some(chain) = Chain::starting(text, groups.get(index..).unwrap_or(&[])) else {
                continue;
            };
            if chain.start < free_from || !chain.starts_alone(free_from) {
                continue;
            }
            let longest_first = (1..=chain.groups.len()).rev();
            let numbers = longest_first.filter_map(|count| chain.candidate(count));
            let end = numbers
                .filter(|number| self.takes(number))
                .map(|number| number.span.end)
                .next();
            if let Some(end) = end {
                free_from = with_extension(text, end);
                found.push(chain.start..free_from);
            }
        }
    }
}

/// Groups of digits that may be read as one number, and the sign or bracket before them.
#[derive(Debug)]
struct Chain<'t> {
    text: &'t str,
    groups: &'t [Group],
    start: usize,
    lead: Lead,
}

/// What stands right before the first digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    Nothing,
    Plus,
    Bracket,
}

/// The first groups of a chain, read as one number.
#[derive(Debug)]
struct Candidate<'t> {
    text: &'t str,
    groups: &'t [Group],
    /// Whether further groups of the chain follow.
    cut: bool,
    span: Range<usize>,
    lead: Lead,
    digits: String,
}

impl<'t> Chain<'t> {
    /// The chain that starts with the first of `groups`.
    fn starting(text: &'t str, groups: &'t [Group]) -> Option<Self> {
        let first = groups.first()?;
        let mut digits = 0;
        let mut last: Option<&Group> = None;
        let count = groups.iter().take(GROUPS_MAX).take_while(|group| {
            digits += group.len();
            let joined = last.is_none_or(|last| {
                group.start - last.end <= 3
                    && text
                        .get(last.end..group.start)
                        .is_some_and(|joint| JOINTS.contains(&joint))
            });
            last = Some(group);
            joined && digits <= DIGITS_MAX
        });
        let groups = groups.get(..count.count())?;
        let before = |back: usize| {
            first
                .start
                .checked_sub(back)
                .map_or(0, |at| byte_at(text, at))
        };
        let (lead, lead_bytes) = match (before(2), before(1)) {
            (b'+', b' ') => (Lead::Plus, 2),
            (b'(', b'+') => (Lead::Plus, 2),
            (_, b'+') => (Lead::Plus, 1),
            (_, b'(') => (Lead::Bracket, 1),
            _ => (Lead::Nothing, 0),
        };
        let start = first.start - lead_bytes;
        let enough = groups.iter().map(|group| group.len()).sum::<usize>() >= 7;
        enough.then_some(Self {
            text,
            groups,
            start,
            lead,
        })
    }

    /// Whether nothing before the chain makes it part of something longer. `free_from` is where the
    /// number before it ends.
    fn starts_alone(&self, free_from: usize) -> bool {
        let (text, start) = (self.text, self.start);
        let further_back = |back: usize| start.checked_sub(back).map_or(0, |at| byte_at(text, at));
        let after_number = free_from > 0 && start - free_from <= 2;
        match byte_before(text, start) {
            b'/' | b'-' | b'.' | b',' if after_number => true,
            b'/' => matches!(further_back(2), b' ' | b':'),
            b'-' if self.groups.len() == 1 => false,
            b'-' | b'.' | b',' => !further_back(2).is_ascii_alphanumeric(),
            b'$' | b'#' | b'=' | b'@' | b'&' | b'%' | b'*' | b'+' | b'_' | b'^' | b'<' | b'\\' => {
                false
            }
            b' ' => {
                let after_digit = further_back(2).is_ascii_digit();
                let symbol = window_before(text, start - 1, 3).ends_with(['€', '£', '$', '#', '°']);
                !symbol
                    && (!after_digit
                        || after_number
                        || self.lead != Lead::Nothing
                        || self.follows_code())
            }
            _ => {
                !glued_before(text, start)
                    && !window_before(text, start, 3).ends_with(['€', '£', '°'])
            }
        }
    }

    /// Whether five digits stand right before: a postal code, which ends an address.
    fn follows_code(&self) -> bool {
        let before = window_before(self.text, self.start - 1, 6);
        let code = before
            .rsplit(|c: char| !c.is_ascii_digit())
            .next()
            .unwrap_or("");
        code.len() == 5
    }

    /// The number made of the first `count` groups, unless it can't be one.
    fn candidate(&self, count: usize) -> Option<Candidate<'t>> {
        let (groups, rest) = self.groups.split_at_checked(count)?;
        let count_digits = |groups: &[Group]| groups.iter().map(|group| group.len()).sum::<usize>();
        if count_digits(groups) < 7 {
            return None;
        }
        let end = groups.last()?.end;
        let digits: String = groups
            .iter()
            .filter_map(|g| self.text.get(g.start..g.end))
            .collect();
        let candidate = Candidate {
            text: self.text,
            groups,
            cut: count < self.groups.len(),
            span: self.start..end,
            lead: self.lead,
            digits,
        };
        candidate
            .ends_alone(count_digits(rest))
            .then_some(candidate)
    }
}

impl Candidate<'_> {
    fn joint(&self, index: usize) -> &str {
        let ends = self.groups.get(index).zip(self.groups.get(index + 1));
        ends.and_then(|(a, b)| self.text.get(a.end..b.start))
            .unwrap_or("")
    }

    fn joints(&self) -> impl Iterator<Item = &str> {
        (0..self.groups.len().saturating_sub(1)).map(|index| self.joint(index))
    }

    fn lengths(&self) -> Vec<usize> {
        self.groups.iter().map(|group| group.len()).collect()
    }

    /// Whether one separator joins the groups, the one after the area code excepted.
    fn evenly_joined(&self) -> bool {
        let mut after_area = self.joints().skip(1);
        let first = after_area.next();
        after_area.all(|joint| Some(joint) == first)
    }

    /// Whether what follows leaves the number whole. `rest` digits of the chain follow.
    fn ends_alone(&self, rest: usize) -> bool {
        let (text, end) = (self.text, self.span.end);
        let next = byte_at(text, end + 1);
        match char_after(text, end) {
            None => true,
            Some('x') => next.is_ascii_digit() || next == b' ',
            Some('-') => !next.is_ascii_digit(),
            Some('/') => !next.is_ascii_alphanumeric() || rest >= 7,
            Some('.') if self.groups.len() == 1 => !next.is_ascii_alphanumeric(),
            Some('.' | ',' | ':') => !next.is_ascii_digit(),
            Some('%' | '€' | '£' | '$' | '°' | '_' | '=' | '@') => false,
            Some(' ') if next.is_ascii_digit() => {
                let alike = self.groups.len() > 1 && byte_at(text, end + 3) == b' ' && rest < 7;
                !alike
            }
            Some(' ') => !text
                .get(end + 1..)
                .is_some_and(|t| t.starts_with(['€', '£', '$', '%'])),
            Some(c) => !c.is_alphanumeric(),
        }
    }

    /// Whether the first three groups are a date, or two are years.
    fn is_date(&self) -> bool {
        let number = |index: usize| -> Option<u32> {
            let group = self.groups.get(index)?;
            self.text
                .get(group.start..group.end)
                .filter(|d| d.len() <= 4)?
                .parse()
                .ok()
        };
        let is_year = |n: Option<u32>| n.is_some_and(|n| (1900..=2099).contains(&n));
        let is_day = |n: Option<u32>| n.is_some_and(|n| (1..=31).contains(&n));
        let (a, b, c) = (number(0), number(1), number(2));
        let dated = is_day(b) && (is_year(a) && is_day(c) || is_day(a) && is_year(c));
        let years = is_year(a) && is_year(b) && self.groups.len() == 2;
        dated && self.joint(0) == self.joint(1) || years
    }

    /// Whether it is all the digits in order, in one piece or each alone.
    fn is_counting(&self) -> bool {
        matches!(self.digits.as_str(), "0123456789" | "1234567890")
            && matches!(self.groups.len(), 1 | 10)
    }

    /// Whether four groups with dots are an IPv4 address.
    fn is_ipv4(&self) -> bool {
        let span = self.groups.first().zip(self.groups.last());
        let text = span.and_then(|(first, last)| self.text.get(first.start..last.end));
        text.is_some_and(|text| text.parse::<std::net::Ipv4Addr>().is_ok())
    }

    /// Whether the area code stands in brackets, in front: `(37) 788-063`.
    fn has_bracketed_area(&self) -> bool {
        let area = self.groups.first().map_or(0, |group| group.len());
        self.lead == Lead::Bracket
            && (2..=5).contains(&area)
            && self.joint(0).starts_with(')')
            && (2..=5).contains(&self.groups.len())
            && (7..=12).contains(&self.digits.len())
            && !self.cut
    }

    /// Whether a word right before or after announces a telephone.
    fn is_announced(&self) -> bool {
        let before = words_before(self.text, self.span.start, ANNOUNCED_BYTES_MAX);
        let after = words_after(self.text, self.span.end, 12);
        let after = after.split(['\n', '.', ',', ';']).next().unwrap_or("");
        let plain = self
            .joints()
            .all(|joint| matches!(joint, " " | "-" | "." | ") "));
        (7..=15).contains(&self.digits.len())
            && plain
            && self.groups.len() <= 6
            && !self.cut
            && self.lengths() != [3, 2, 4]
            && !says(before, OTHER_NUMBERS)
            && (says(before, PHONE_WORDS) || says(after, WORDS_AFTER))
    }

    /// Whether it is `555-01xx`, the local numbers that films use.
    fn is_local_fiction(&self) -> bool {
        self.digits.starts_with("55501") && self.lengths() == [3, 4] && self.joint(0) == "-"
    }
}

impl PhoneNumbers {
    fn takes(&self, number: &Candidate<'_>) -> bool {
        let subject = words_before(number.text, number.span.start, SUBJECT_BYTES_MAX);
        if number.is_counting()
            || number.is_date()
            || number.is_ipv4()
            || says(subject, OTHER_NUMBERS)
        {
            return false;
        }
        if number.lead == Lead::Plus {
            return is_international(&number.digits);
        }
        let abroad = number
            .digits
            .strip_prefix("00")
            .or(number.digits.strip_prefix("011"));
        abroad.is_some_and(|digits| digits.len() >= 9 && is_assigned(digits))
            || self.is_national(number)
            || self.is_plusless(number)
            || number.is_local_fiction()
            || number.has_bracketed_area()
            || number.is_announced()
    }

    /// Whether it is `33 6 39 98 12 34`: the country code of a plan without its `+`, in groups.
    fn is_plusless(&self, number: &Candidate<'_>) -> bool {
        let code = number
            .groups
            .first()
            .and_then(|g| number.text.get(g.start..g.end))
            .unwrap_or("");
        number.groups.len() > 2
            && number.digits.len() >= 11
            && self.plans.iter().any(|plan| plan.code == code)
            && is_assigned(&number.digits)
    }

    fn is_national(&self, number: &Candidate<'_>) -> bool {
        if !(9..=11).contains(&number.digits.len()) || !number.evenly_joined() {
            return false;
        }
        let lengths = number.lengths();
        let hyphened = number.lead == Lead::Bracket
            || number.groups.len() > 2 && number.joints().all(|joint| matches!(joint, "-" | "."));
        self.plans
            .iter()
            .any(|plan| plan.takes(&number.digits, &lengths, hyphened))
    }
}

/// Takes an extension after a number in: `ext. 12`, `x12`, `poste 12`.
fn with_extension(text: &str, end: usize) -> usize {
    const EXTENSION_DIGITS_MAX: usize = 6;
    let rest = window_after(text, end, 24);
    let after_space = rest.trim_start_matches([' ', ',']);
    let marks = ["extension", "ext.", "ext", "poste", "x", "#"];
    let Some(after) = marks.iter().find_map(|mark| after_space.strip_prefix(mark)) else {
        return end;
    };
    let after = after.strip_prefix([' ', ':']).unwrap_or(after);
    let digits = after.bytes().take_while(u8::is_ascii_digit).count();
    let glued = after
        .get(digits..)
        .is_some_and(|t| t.starts_with(char::is_alphanumeric));
    if digits == 0 || digits > EXTENSION_DIGITS_MAX || glued {
        return end;
    }
    end + (rest.len() - after.len()) + digits
}
