//! Payment card numbers.

use super::around::{
    byte_at, byte_before, glued_after, glued_before, said_near, says, words_before,
};
use super::digits::{Number, groups, luhn, readings};
use super::{Arguments, Detector, Example, Finder, Input, Trigger};
use crate::limits::NUMBER_DIGITS_MAX;
use std::ops::Range;

pub(super) static DETECTOR: Detector = Detector {
    name: "payment_card",
    summary: "Payment card numbers",
    docs: "\
Finds numbers of 13 to 19 digits that carry the check digit of payment cards (Luhn) and start like a
card of Visa, Mastercard, American Express, Discover, Diners Club, JCB, Maestro or UnionPay, at a
length that network issues: in one piece, or in the groups printed on cards (4-4-4-4, 4-6-5, 4-6-4)
with spaces or hyphens. UATP, twelve-digit and rare ranges count only near a word such as `card` or `carte`.

Not found: one digit repeated, numbers glued to letters, decimals, groups that no card prints, and
numbers that the word before them calls something else (order, parcel, invoice, IMEI, ISBN, SIRET …).

Limits: one number in ten passes the check by chance, so a long reference that starts like a card
may be found; a number split over lines is not.

Sources: ISO/IEC 7812-1; the networks' published issuer ranges.",
    parameters: &[],
    examples: &[
        Example { text: "card 4111 1111 1111 1111 exp 12/29", finds: &["4111 1111 1111 1111"], with: "" },
        Example { text: "sa carte : 5555-5555-5555-4444", finds: &["5555-5555-5555-4444"], with: "" },
        Example { text: "amex 3782 822463 10005, cvv 1234", finds: &["3782 822463 10005"], with: "" },
        Example { text: "6011000990139424", finds: &["6011000990139424"], with: "" },
        Example { text: "4111 1111 1111 1112 et 0000 0000 0000 0000", finds: &[], with: "" },
        Example { text: "order 4111111111111111, colis n° 4111111111111111", finds: &[], with: "" },
        Example { text: "41 11 11 11 11 11 11 11", finds: &[], with: "" },
        Example { text: "1735689600000 et 4.4111111111111111", finds: &[], with: "" },
    ],
    trigger: Trigger::Digit,
    build: |_: &Arguments| Box::new(PaymentCards),
};

/// Words before a number that say it is something else.
const OTHER_NUMBERS: &[&str] = &[
    "colis",
    "commande",
    "dossier",
    "ean",
    "facture",
    "imei",
    "invoice",
    "isbn",
    "order",
    "parcel",
    "ref",
    "reference",
    "serial",
    "serie",
    "siret",
    "suivi",
    "ticket",
    "tracking",
    "transaction",
];

/// Groups that a card prints at most.
const GROUPS_MAX: usize = 5;

const CARD_WORDS: &[&str] = &[
    "amex",
    "card",
    "cards",
    "carte",
    "cartes",
    "cb",
    "credit",
    "cvc",
    "cvv",
    "debit",
    "maestro",
    "mastercard",
    "uatp",
    "visa",
];

#[derive(Debug)]
struct PaymentCards;

impl Finder for PaymentCards {
    fn find(&self, input: Input<'_>, found: &mut Vec<Range<usize>>) {
        let text = input.plain.text();
        let groups = groups(text);
        let mut free_from = 0;
        for (index, group) in groups.iter().enumerate() {
            if group.start < free_from {
                continue;
            }
            let rest = groups.get(index..).unwrap_or(&[]);
            let card = readings(text, rest, b" -", NUMBER_DIGITS_MAX)
                .take(GROUPS_MAX)
                .filter(|number| is_card(text, number))
                .last();
            if let Some(card) = card {
                free_from = card.span().end;
                found.push(card.span());
            }
        }
    }
}

fn is_card(text: &str, number: &Number<'_>) -> bool {
    if number.digits < 12
        || !is_printed_so(text, number)
        || !luhn(number.value)
        || is_one_digit(number)
    {
        return false;
    }
    let span = number.span();
    match network(number) {
        Network::None => false,
        Network::Rare => stands_alone(text, &span) && said_near(text, &span, CARD_WORDS),
        Network::Common => stands_alone(text, &span) && !is_something_else(text, span.start),
    }
}

/// Whether the words right before call the number something else, and not a card.
fn is_something_else(text: &str, at: usize) -> bool {
    /// `commande n° ` and a word more.
    const SUBJECT_BYTES_MAX: usize = 20;
    let before = words_before(text, at, SUBJECT_BYTES_MAX);
    says(before, OTHER_NUMBERS) && !says(before, CARD_WORDS)
}

/// Whether the groups are those a card prints, with one kind of separator.
fn is_printed_so(text: &str, number: &Number<'_>) -> bool {
    const PRINTED: [&[usize]; 7] = [
        &[4, 4, 4, 4],
        &[4, 6, 5],
        &[4, 6, 4],
        &[4, 4, 4, 4, 3],
        &[4, 4, 4, 1],
        &[4, 4, 5],
        &[6, 13],
    ];
    number.groups.len() == 1
        || PRINTED.iter().any(|lengths| number.is_grouped(lengths)) && number.joint(text).is_some()
}

fn is_one_digit(number: &Number<'_>) -> bool {
    let ones = (10_u64.pow(number.digits - 1) - 1) / 9 * 10 + 1;
    number.value.is_multiple_of(ones)
}

fn stands_alone(text: &str, span: &Range<usize>) -> bool {
    let before = byte_before(text, span.start);
    let decimal =
        matches!(before, b'.' | b',') && byte_before(text, span.start - 1).is_ascii_digit();
    let further = matches!(byte_at(text, span.end), b'.' | b',' | b'-')
        && byte_at(text, span.end + 1).is_ascii_alphanumeric();
    !decimal
        && !further
        && !matches!(before, b'-' | b'+' | b'/' | b'=')
        && !glued_before(text, span.start)
        && !glued_after(text, span.end)
}

/// How common cards that start like this are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Network {
    None,
    Rare,
    Common,
}

fn network(number: &Number<'_>) -> Network {
    let common = match (number.digits, number.head(4)) {
        (13 | 16 | 19, 4000..=4999)
        | (16, 5100..=5599 | 2221..=2720)
        | (15, 3400..=3499 | 3700..=3799 | 1800 | 2131)
        | (16..=19, 6011 | 6440..=6599 | 3528..=3589 | 6200..=6299)
        | (14, 3000..=3059 | 3095 | 3600..=3699 | 3800..=3999) => true,
        (13..=19, head) => matches!(head, 5018 | 5020 | 5038 | 5893 | 6304 | 6759 | 6761..=6763),
        _ => false,
    };
    let rare = match (number.digits, number.head(2)) {
        (15, head) => (10..=19).contains(&head),
        (_, head) => matches!(head, 35 | 50 | 56..=69),
    };
    match (common, rare) {
        (true, _) => Network::Common,
        (false, true) => Network::Rare,
        (false, false) => Network::None,
    }
}
