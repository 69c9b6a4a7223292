//! The digits that one telephone number is written with: abroad, at home, and between.

use super::phone_plans::{PLANS, Plan};
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumber, PhoneNumberFormat, Region};

/// Why a text is no telephone number that could be known again. Holds no digit of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PhoneError {
    /// No country has such a number.
    #[error("is no telephone number")]
    NoNumber,
    /// It is written as inside a country, and nobody said which.
    #[error("needs its country: write it with `+` and the country's code, or name the country")]
    Countryless,
    /// The country is none whose national numbers are known.
    #[error("is of a country whose national numbers are not known: write it with `+`")]
    UnknownCountry,
}

/// The digits of a telephone number in each way that people write it, each once, the international
/// one (E.164, without `+`) first: `33639981234`, `0639981234`, and `330639981234` for
/// `+33 (0)6 …`. What leaves a country (`00`, `011`) is not part of them.
///
/// `country` is one of the detector's, in lower case; without it, a national number is taken as
/// that of the only country whose plan has it.
///
/// # Errors
/// It is no number, or nobody knows of which country.
pub fn phone_forms(written: &str, country: Option<&str>) -> Result<Vec<String>, PhoneError> {
    let number = match country {
        Some(country) => {
            let known = |plan: &&Plan| plan.country == country;
            let plan = PLANS.iter().find(known).ok_or(PhoneError::UnknownCountry)?;
            parsed(written, Some(plan.region)).ok_or(PhoneError::NoNumber)?
        }
        None => without_country(written)?,
    };
    let formatted = |format| digits(&PHONE_NUMBER_UTIL.format(&number, format));
    let abroad = formatted(PhoneNumberFormat::E164);
    let home = formatted(PhoneNumberFormat::National);
    let between = format!("{}{home}", number.country_code);
    let mut forms = vec![abroad];
    for form in [home, between] {
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    Ok(forms)
}

/// The number, when it says its country itself or only one country has it.
fn without_country(written: &str) -> Result<PhoneNumber, PhoneError> {
    let all = digits(written);
    let abroad = match written.trim_start().starts_with(['+', '＋']) {
        true => Some(all.as_str()),
        false => all.strip_prefix("00").or(all.strip_prefix("011")),
    };
    if let Some(abroad) = abroad {
        return parsed(&format!("+{abroad}"), None).ok_or(PhoneError::NoNumber);
    }
    let takes = |plan: &&Plan| plan.takes(&all, &[all.len()], true);
    let of_plan = |plan: &Plan| parsed(&all, Some(plan.region));
    let mut numbers = PLANS.iter().filter(takes).filter_map(of_plan);
    let first = numbers.next().ok_or(PhoneError::Countryless)?;
    let code = |number: &PhoneNumber| (number.country_code, number.national_number);
    match numbers.all(|other| code(&other) == code(&first)) {
        true => Ok(first),
        false => Err(PhoneError::Countryless),
    }
}

fn parsed(written: &str, region: Option<Region>) -> Option<PhoneNumber> {
    let number = PHONE_NUMBER_UTIL.parse(written, region).ok()?;
    PHONE_NUMBER_UTIL
        .is_possible_number(&number)
        .then_some(number)
}

fn digits(written: &str) -> String {
    written
        .chars()
        .filter_map(|c| c.to_digit(10))
        .filter_map(|digit| char::from_digit(digit, 10))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{PhoneError, phone_forms};

    #[test]
    fn one_number_has_one_set_of_forms() {
        let french = ["33639981234", "0639981234", "330639981234"];
        let american = ["15145550199", "5145550199"];
        let british = ["447700900123", "07700900123", "4407700900123"];
        let cases: &[(&str, Option<&str>, &[&str])] = &[
            ("06 39 98 12 34", None, &french),
            ("06.39.98.12.34", Some("fr"), &french),
            ("+33 (0)6 39 98 12 34", None, &french),
            ("0033 6 39 98 12 34", None, &french),
            ("(514) 555-0199", None, &american),
            ("1-514-555-0199", Some("ca"), &american),
            ("+1 514 555 0199", None, &american),
            ("07700 900123", Some("gb"), &british),
            ("+44 (0)7700 900 123", None, &british),
        ];
        for (written, country, forms) in cases {
            assert_eq!(phone_forms(written, *country).unwrap(), *forms, "{written}");
        }
    }

    #[test]
    fn what_is_no_number_is_told() {
        let cases = [
            ("12", Some("fr"), PhoneError::NoNumber),
            ("", None, PhoneError::Countryless),
            ("+33", None, PhoneError::NoNumber),
            ("555-0142", None, PhoneError::Countryless),
            ("0151 2345678", Some("de"), PhoneError::UnknownCountry),
        ];
        for (written, country, wrong) in cases {
            assert_eq!(phone_forms(written, country), Err(wrong), "{written}");
        }
    }
}
