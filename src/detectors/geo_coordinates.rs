//! Places given as coordinates.

use super::around::{
    byte_at, char_after, char_before, glued_after, glued_before, in_capitals, said_before,
};
use super::{Arguments, Detector, Example, Finder, Input, Trigger};
use std::ops::Range;

pub(super) static DETECTOR: Detector = Detector {
    name: "geo_coordinates",
    summary: "Latitude and longitude, plus codes",
    docs: "\
Finds a latitude and a longitude together:

- decimal degrees with four decimals or more, three after a word such as `gps`, `lat`, `coordinates`,
  `position`, or inside a map link (`@48.8566,2.3522,15z`, `#map=15/48.856/2.352`, `geo:48.85,2.35`);
  two after `lat` and `lon` labels. French decimal commas count where a space or semicolon parts the
  two numbers;
- degrees with minutes, and seconds: `48°51'24\"N 2°21'07\"E`, with `O` for *ouest*;
- full plus codes (`8FW4V75V+8Q`), and short ones in capitals before a place name (`V75V+8Q Paris`).

Not found: a single coordinate, numbers out of range, prices, versions, IP addresses, times.

Limits: two measures with four decimals each look like coordinates; what3words, UTM, MGRS and geohash
are not read.

Sources: ISO 6709, RFC 5870 (`geo:`), Open Location Code specification.",
    parameters: &[],
    examples: &[
        Example { text: "she's at 48.85661, 2.35222 now", finds: &["48.85661, 2.35222"], with: "" },
        Example { text: "il dort à 48°51'24\"N 2°21'07\"E", finds: &["48°51'24\"N 2°21'07\"E"], with: "" },
        Example { text: "lat: 45.50 lon: -73.57", finds: &["45.50 lon: -73.57"], with: "" },
        Example { text: "GPS 45.501,-73.567", finds: &["45.501,-73.567"], with: "" },
        Example { text: "coord 48,8566 ; 2,3522", finds: &["48,8566 ; 2,3522"], with: "" },
        Example { text: "https://maps.example/@48.8566,2.3522,15z", finds: &["48.8566,2.3522"], with: "" },
        Example { text: "40.7128° N, 74.0060° W", finds: &["40.7128° N, 74.0060° W"], with: "" },
        Example { text: "48°51.4'N, 2°21.1'O", finds: &["48°51.4'N, 2°21.1'O"], with: "" },
        Example { text: "8FW4V75V+8Q ou V75V+8Q Paris", finds: &["8FW4V75V+8Q", "V75V+8Q"], with: "" },
        Example { text: "12.50, 13.40 et 1.234, 5.678", finds: &[], with: "" },
        Example { text: "148.8566, 2.3522 is no place, 192.0.2.44, 20° C", finds: &[], with: "" },
        Example { text: "version 10.1234 2024.12345.1", finds: &[], with: "" },
    ],
    trigger: Trigger::Digit,
    build: |_: &Arguments| Box::new(GeoCoordinates),
};

/// Words before a pair that make three decimals enough.
const PLACE_WORDS: &[&str] = &[
    "coord",
    "coordinates",
    "coordonnees",
    "coords",
    "geo",
    "geolocalisation",
    "geolocation",
    "gps",
    "lat",
    "latitude",
    "ll",
    "localisation",
    "location",
    "map",
    "maps",
    "position",
];

/// Decimals past which more say nothing: a digit more is a tenth of a millimetre.
const DECIMALS_MAX: usize = 16;

#[derive(Debug)]
struct GeoCoordinates;

impl Finder for GeoCoordinates {
    fn find(&self, input: Input<'_>, found: &mut Vec<Range<usize>>) {
        let text = input.plain.text();
        let has_plus = text.contains('+');
        let mut at = 0;
        while at < text.len() {
            let byte = byte_at(text, at);
            let may_start = byte.is_ascii_digit() || has_plus && byte.is_ascii_lowercase();
            let starts = may_start && !glued_before(text, at);
            let end = starts
                .then(|| pair(text, at).or_else(|| plus_code(input, at)))
                .flatten();
            match end {
                Some(end) => {
                    let signed = byte_at(text, at.wrapping_sub(1)) == b'-';
                    found.push(at - usize::from(signed && byte.is_ascii_digit())..end);
                    at = end;
                }
                None => at += 1,
            }
        }
    }
}

/// One coordinate as written.
#[derive(Clone, Copy, Debug)]
struct Coordinate {
    end: usize,
    degrees: f64,
    decimals: usize,
    comma: bool,
    sexagesimal: bool,
    side: Option<u8>,
}

/// The end of the latitude and longitude that start at `at`.
fn pair(text: &str, at: usize) -> Option<usize> {
    let alone = !char_before(text, at).is_some_and(|c| matches!(c, '.' | ',' | '$' | '+'));
    let latitude = coordinate(text, at).filter(|_| alone)?;
    let (next, labelled) = between(text, latitude.end)?;
    let next = next + usize::from(matches!(byte_at(text, next), b'-' | b'+'));
    let longitude = coordinate(text, next)?;
    let further = matches!(byte_at(text, longitude.end), b'.' | b'%')
        && !text
            .get(longitude.end + 1..)
            .is_none_or(|t| t.starts_with([' ', '\n']) || t.is_empty());
    if further || glued_after(text, longitude.end) || latitude.comma != longitude.comma {
        return None;
    }
    let in_range = latitude.degrees <= 90.0 && longitude.degrees <= 180.0;
    (in_range && is_precise(text, at, (&latitude, &longitude), labelled)).then_some(longitude.end)
}

/// Whether two numbers are too precise, or too clearly named, to be anything but a place.
fn is_precise(text: &str, at: usize, pair: (&Coordinate, &Coordinate), labelled: bool) -> bool {
    let (latitude, longitude) = pair;
    if latitude.sexagesimal || longitude.sexagesimal {
        return latitude.sexagesimal && longitude.sexagesimal;
    }
    let sides = latitude.side.is_some_and(|s| b"ns".contains(&s))
        && longitude.side.is_some_and(|s| b"ewo".contains(&s));
    let decimals = latitude.decimals.min(longitude.decimals);
    let before = text.get(..at).unwrap_or("");
    let geo_link = before.ends_with("geo:");
    let in_link = geo_link || before.ends_with(['@', '=']) || byte_at(text, latitude.end) == b'/';
    let named = || said_before(text, &(at..at), PLACE_WORDS);
    match decimals {
        4.. => true,
        3 => sides || in_link || labelled || named(),
        2 => sides || labelled || geo_link,
        _ => false,
    }
}

/// What stands between the two: where the second starts, and whether a label names it.
fn between(text: &str, at: usize) -> Option<(usize, bool)> {
    /// Bytes between two coordinates: `, longitude = `.
    const BYTES_MAX: usize = 20;
    let rest = text.get(at..)?;
    let joint = rest
        .char_indices()
        .take_while(|(i, c)| *i < BYTES_MAX && !c.is_ascii_digit() && *c != '-');
    let joint = joint.map(|(i, c)| i + c.len_utf8()).last().unwrap_or(0);
    let words = rest.get(..joint)?;
    let label = words.trim_matches(|c: char| !c.is_alphabetic());
    let labelled = matches!(
        label,
        "lon" | "lng" | "long" | "longitude" | "and lon" | "and longitude" | "et longitude"
    );
    let plain = words.trim_matches(' ');
    let joined = matches!(plain, "," | ";" | "/" | "|" | ", and") || plain.is_empty() && joint > 0;
    (labelled || joined).then_some((at + joint, labelled))
}

/// The coordinate whose digits start at `at`.
fn coordinate(text: &str, at: usize) -> Option<Coordinate> {
    let (whole, mut end) = digits(text, at, 3)?;
    let mut read = Coordinate {
        end,
        degrees: whole,
        decimals: 0,
        comma: false,
        sexagesimal: false,
        side: None,
    };
    if matches!(byte_at(text, end), b'.' | b',')
        && let Some((fraction, after)) = digits(text, end + 1, DECIMALS_MAX)
    {
        read.comma = byte_at(text, end) == b',';
        read.decimals = after - end - 1;
        read.degrees += fraction / 10_f64.powi(i32::try_from(read.decimals).ok()?);
        end = after;
    }
    let degree = char_after(text, end).filter(|c| matches!(c, '°' | 'º' | '˚'));
    if let Some(degree) = degree {
        end += degree.len_utf8();
        (read.sexagesimal, end) = minutes_and_seconds(text, end);
    }
    (read.side, read.end) = side(text, end, degree.is_some());
    Some(read)
}

/// Minutes and seconds after a degree sign: whether there are any, and where they end.
fn minutes_and_seconds(text: &str, at: usize) -> (bool, usize) {
    let mut end = at;
    for marks in [['\'', '′', '’'], ['"', '″', '”']] {
        let from = end + usize::from(byte_at(text, end) == b' ');
        let value = digits(text, from, 2).filter(|(value, _)| *value < 60.0);
        let Some((_, mut after)) = value else {
            break;
        };
        if matches!(byte_at(text, after), b'.' | b',')
            && let Some((_, fraction)) = digits(text, after + 1, DECIMALS_MAX)
        {
            after = fraction;
        }
        let rest = text.get(after..).unwrap_or("");
        let Some(mark) = rest
            .chars()
            .next()
            .filter(|c| marks.contains(c) || *c == '\'')
        else {
            break;
        };
        end = after + mark.len_utf8();
        // Seconds are also written with two single marks.
        end += usize::from(marks.contains(&'"') && mark == '\'' && byte_at(text, end) == b'\'');
    }
    (end > at, end)
}

/// The letter of the side after a coordinate: without a degree sign it must touch no other letter.
fn side(text: &str, at: usize, degree: bool) -> (Option<u8>, usize) {
    let from = at + usize::from(byte_at(text, at) == b' ');
    let letter = byte_at(text, from);
    let alone = !char_after(text, from + 1).is_some_and(char::is_alphabetic);
    let is_side = b"nsewo".contains(&letter) && alone && (degree || from == at || letter != b'o');
    if is_side {
        (Some(letter), from + 1)
    } else {
        (None, at)
    }
}

/// Up to `count_max` digits at `at`, as a number, and where they end. More digits: none.
fn digits(text: &str, at: usize, count_max: usize) -> Option<(f64, usize)> {
    let bytes = text.as_bytes().iter().skip(at).take(count_max + 1);
    let count = bytes.take_while(|byte| byte.is_ascii_digit()).count();
    let value = text.get(at..at + count)?.parse().ok()?;
    (count <= count_max).then_some((value, at + count))
}

/// The end of the plus code that starts at `at`: eight places, `+`, two or three; or four in capitals.
fn plus_code(input: Input<'_>, at: usize) -> Option<usize> {
    let text = input.plain.text();
    let places = |from: usize, max: usize| {
        let bytes = text.as_bytes().iter().skip(from).take(max);
        bytes
            .take_while(|byte| b"23456789cfghjmpqrvwx".contains(byte))
            .count()
    };
    let area = places(at, 9);
    let plus = at + area;
    let place = places(plus + 1, 4);
    let end = plus + 1 + place;
    if byte_at(text, plus) != b'+' || !(2..=3).contains(&place) || glued_after(text, end) {
        return None;
    }
    let has_digit = text.get(at..end)?.bytes().any(|byte| byte.is_ascii_digit());
    let has_letter = text
        .get(at..end)?
        .bytes()
        .any(|byte| byte.is_ascii_alphabetic());
    let named = text
        .get(end..)?
        .trim_start_matches([',', ' '])
        .starts_with(char::is_alphabetic);
    let short = area == 4 && in_capitals(input, &(at..end)) && named;
    (has_digit && has_letter && (area == 8 || short)).then_some(end)
}
