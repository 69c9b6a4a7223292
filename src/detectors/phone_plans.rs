//! Which digits are a telephone number, by country. The number plans are the library's; what it
//! can't know is here: the ranges that regulators keep for fiction, and how people group digits.

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region};

/// The national numbers of one country.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) country: &'static str,
    /// Its calling code.
    pub(super) code: &'static str,
    pub(super) region: Region,
    /// How many digits a national number has, trunk prefix included.
    digits: &'static [u32],
    /// What national numbers start with.
    trunk: Trunk,
    /// Ranges kept for fiction, assigned to nobody and so unknown to the library.
    fiction: &'static [&'static str],
}

/// What a national number starts with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trunk {
    /// `0`.
    Zero,
    /// An area code, with or without `1` before it.
    NorthAmerica,
}

pub(super) const PLANS: &[Plan] = &[
    Plan {
        country: "be",
        code: "32",
        region: Region::BE,
        digits: &[9, 10],
        trunk: Trunk::Zero,
        fiction: &[],
    },
    Plan {
        country: "ca",
        code: "1",
        region: Region::CA,
        digits: &[10, 11],
        trunk: Trunk::NorthAmerica,
        fiction: &[],
    },
    Plan {
        country: "ch",
        code: "41",
        region: Region::CH,
        digits: &[10],
        trunk: Trunk::Zero,
        fiction: &[],
    },
    Plan {
        country: "fr",
        code: "33",
        region: Region::FR,
        digits: &[10],
        trunk: Trunk::Zero,
        fiction: &["019900", "026191", "035301", "046571", "053649", "063998"],
    },
    Plan {
        country: "gb",
        code: "44",
        region: Region::GB,
        digits: &[10, 11],
        trunk: Trunk::Zero,
        fiction: &[
            "0113496", "0114496", "0115496", "0116496", "0117496", "0118496", "0121496", "0131496",
            "0141496", "0151496", "01632", "0161496", "01914980", "02079460", "02890180",
            "02920180", "03069990", "07700900", "08081570", "09098790",
        ],
    },
    Plan {
        country: "us",
        code: "1",
        region: Region::US,
        digits: &[10, 11],
        trunk: Trunk::NorthAmerica,
        fiction: &[],
    },
];

impl Plan {
    /// Whether these digits, in groups of these lengths, are a number of this country.
    pub(super) fn takes(&self, digits: &str, lengths: &[usize], hyphened: bool) -> bool {
        let count = u32::try_from(digits.len()).unwrap_or(u32::MAX);
        if !self.digits.contains(&count) {
            return false;
        }
        match self.trunk {
            Trunk::Zero => {
                let single = lengths.iter().all(|length| *length == 1);
                digits.starts_with('0')
                    && (single || lengths.first().is_some_and(|first| *first >= 2))
                    && (self.is_fiction(digits) || self.assigns(digits))
            }
            Trunk::NorthAmerica => {
                let own = digits
                    .strip_prefix('1')
                    .filter(|_| count == 11)
                    .unwrap_or(digits);
                own.len() == 10
                    && is_grouped_as_in_north_america(lengths)
                    && has_north_american_form(own)
                    && (hyphened || self.assigns(own))
            }
        }
    }

    fn is_fiction(&self, digits: &str) -> bool {
        let count = u32::try_from(digits.len()).unwrap_or(u32::MAX);
        self.digits.contains(&count) && self.fiction.iter().any(|range| digits.starts_with(range))
    }

    fn assigns(&self, digits: &str) -> bool {
        PHONE_NUMBER_UTIL
            .parse(digits, Some(self.region))
            .is_ok_and(|number| PHONE_NUMBER_UTIL.is_valid_number_for_region(&number, self.region))
    }
}

/// Whether area code and exchange both start with 2 to 9.
fn has_north_american_form(digits: &str) -> bool {
    let first = |at: usize| {
        digits
            .as_bytes()
            .get(at)
            .is_some_and(|byte| (b'2'..=b'9').contains(byte))
    };
    first(0) && first(3)
}

fn is_grouped_as_in_north_america(lengths: &[usize]) -> bool {
    const GROUPINGS: [&[usize]; 8] = [
        &[10],
        &[11],
        &[3, 3, 4],
        &[3, 7],
        &[6, 4],
        &[1, 3, 3, 4],
        &[4, 3, 4],
        &[3, 3, 2, 2],
    ];
    let single = lengths.iter().all(|length| *length == 1);
    single || GROUPINGS.contains(&lengths)
}

/// Whether digits after `+` can be dialled: a country that exists, and a length it uses.
pub(super) fn is_international(digits: &str) -> bool {
    PHONE_NUMBER_UTIL
        .parse(format!("+{digits}"), None)
        .is_ok_and(|number| PHONE_NUMBER_UTIL.is_possible_number(&number))
}

/// Whether digits after `00` or `011` are a number of the country they name, or fiction.
pub(super) fn is_assigned(digits: &str) -> bool {
    let fiction = |plan: &Plan| {
        let national = digits
            .strip_prefix(plan.code)
            .map(|rest| format!("0{rest}"));
        national.is_some_and(|national| plan.is_fiction(&national))
    };
    PLANS.iter().any(fiction)
        || PHONE_NUMBER_UTIL
            .parse(format!("+{digits}"), None)
            .is_ok_and(|number| PHONE_NUMBER_UTIL.is_valid_number(&number))
}
