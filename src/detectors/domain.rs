//! Host names as people write them, `example.org` as well as `example [dot] org`.

use super::around::byte_at;

/// Labels read of one host name. Names that people pass on have two to five.
const LABELS_MAX: usize = 12;

/// Which dots count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dots {
    /// `.`, `[.]`, `(dot)` and the like.
    Bracketed,
    /// Also ` dot ` and ` point ` as bare words.
    Words,
}

/// What the last label of a host says about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Ending {
    /// Letters that are no ending this file knows.
    Unknown,
    /// A country's or generic ending that is also a file's ending: `main.rs`, `notes.md`.
    File,
    /// An ending that is also a word: a full stop without its space looks the same.
    Word,
    /// An ending that is nothing else.
    Sure,
}

/// A host name in the text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Host {
    /// One past its last byte.
    pub(super) end: usize,
    /// Where the last label starts.
    pub(super) last_label: usize,
    pub(super) labels: usize,
    pub(super) ending: Ending,
    /// Whether a dot was spelled or bracketed: nobody does that by accident.
    pub(super) disguised: bool,
}

/// The host name that starts at `at`, and how far the text was read. Labels after the last known
/// ending are left out: in `example.org.Then` they are the next sentence.
pub(super) fn host(text: &str, at: usize, dots: Dots) -> (Option<Host>, usize) {
    let mut best: Option<Host> = None;
    let mut disguised = false;
    let mut label_at = at;
    let mut read = at;
    for labels in 1..=LABELS_MAX {
        let end = label_end(text, label_at);
        let label = text.get(label_at..end).unwrap_or("");
        if label.is_empty() {
            break;
        }
        read = end;
        if labels > 1 && is_ending(label) {
            let ending = ending(label);
            if best.is_none_or(|b| ending > Ending::Unknown || b.ending == Ending::Unknown) {
                best = Some(Host {
                    end,
                    last_label: label_at,
                    labels,
                    ending,
                    disguised,
                });
            }
        }
        let Some((next, spelled)) = dot(text, end, dots) else {
            break;
        };
        disguised |= spelled;
        label_at = next;
    }
    (best, read)
}

/// Where the label that starts at `at` ends: letters, digits and inner hyphens.
fn label_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    if rest.starts_with('-') {
        return at;
    }
    let label = rest
        .find(|c: char| !c.is_alphanumeric() && c != '-')
        .unwrap_or(rest.len());
    at + rest
        .get(..label)
        .map_or(0, |label| label.trim_end_matches('-').len())
}

/// The dot at `at`, however written: where it ends, and whether it is disguised.
fn dot(text: &str, at: usize, dots: Dots) -> Option<(usize, bool)> {
    const BRACKETED: [&str; 9] = [
        "[.]", "(.)", "{.}", "[dot]", "(dot)", "{dot}", "[point]", "(point)", "{point}",
    ];
    if byte_at(text, at) == b'.' {
        return Some((at + 1, false));
    }
    let rest = text.get(at..)?;
    let spaced = rest.strip_prefix(' ').unwrap_or(rest);
    let after = BRACKETED.iter().find_map(|dot| spaced.strip_prefix(dot));
    if let Some(after) = after {
        let after = after.strip_prefix(' ').unwrap_or(after);
        return Some((text.len() - after.len(), true));
    }
    let word = [" dot ", " point "]
        .iter()
        .find_map(|dot| rest.strip_prefix(dot));
    word.filter(|_| dots == Dots::Words)
        .map(|after| (text.len() - after.len(), true))
}

/// Whether a host may end in this label.
fn is_ending(label: &str) -> bool {
    let letters = (2..=24).contains(&label.len()) && label.chars().all(char::is_alphabetic);
    letters || label.starts_with("xn--")
}

fn ending(label: &str) -> Ending {
    let known = |list: &[&str]| list.binary_search(&label).is_ok();
    match () {
        () if known(SURE) => Ending::Sure,
        () if known(WORDS) => Ending::Word,
        () if known(FILES) => Ending::File,
        () => Ending::Unknown,
    }
}

/// Endings that are neither words nor file endings, of the countries and registries that English
/// and French posts link to.
const SURE: &[&str] = &[
    "ac", "ae", "aero", "agency", "ar", "asia", "auction", "az", "bg", "biz", "bj", "blog",
    "boutique", "br", "bzh", "cat", "cf", "cg", "ch", "chat", "ci", "city", "cl", "cloud", "cn",
    "co", "com", "coop", "corsica", "cr", "cy", "cz", "dev", "dk", "dz", "ec", "edu", "ee", "eg",
    "email", "eu", "example", "fi", "fm", "fr", "fyi", "ga", "ge", "gf", "gg", "gl", "gov", "gp",
    "gq", "gr", "gs", "gt", "hk", "host", "hr", "hu", "icu", "ie", "im", "info", "int", "io", "ir",
    "ist", "jobs", "jp", "ke", "kr", "kz", "lb", "lgbt", "li", "link", "lk", "llc", "lol", "lt",
    "ltd", "lu", "lv", "lyon", "mc", "mg", "mil", "mk", "mobi", "mq", "mt", "museum", "mx", "nc",
    "net", "network", "ng", "nl", "np", "nz", "onion", "org", "paris", "pe", "pf", "ph", "photos",
    "pk", "porn", "pt", "pub", "quebec", "ro", "ru", "sarl", "scot", "sg", "sk", "sn", "social",
    "su", "swiss", "tech", "test", "th", "tk", "tn", "tr", "tv", "tw", "tz", "ua", "ug", "uk",
    "uy", "uz", "ve", "video", "vip", "vn", "wales", "website", "wiki", "wtf", "xxx", "xyz", "za",
];

/// Endings that are words of English or French (unaccented: `ca` is also `ça`).
const WORDS: &[&str] = &[
    "ai", "al", "am", "an", "app", "art", "as", "at", "au", "ba", "bar", "be", "best", "bet", "bo",
    "by", "ca", "cafe", "cd", "center", "church", "click", "club", "cool", "cv", "day", "de",
    "diy", "do", "es", "et", "events", "fail", "family", "fans", "fit", "free", "fun", "game",
    "games", "gift", "gives", "group", "guru", "help", "hm", "house", "ht", "id", "il", "in", "is",
    "it", "je", "la", "law", "life", "live", "love", "ly", "ma", "map", "me", "media", "men", "mn",
    "mom", "ms", "mu", "my", "name", "ne", "news", "ninja", "no", "now", "one", "online", "page",
    "party", "pics", "pink", "pizza", "place", "plus", "pm", "press", "pro", "qa", "re", "red",
    "report", "rest", "review", "rip", "rocks", "run", "sa", "sale", "school", "se", "sex", "shop",
    "show", "si", "site", "space", "st", "store", "studio", "style", "support", "team", "to",
    "today", "top", "town", "us", "va", "vote", "watch", "win", "work", "works", "world", "ws",
    "you", "zone",
];

/// Endings of countries and registries that files share.
const FILES: &[&str] = &[
    "bz", "cc", "gd", "md", "ml", "mov", "pl", "ps", "py", "rs", "sh", "so", "vu", "zip",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_and_apart() {
        for list in [SURE, WORDS, FILES] {
            assert!(list.is_sorted(), "{:?}", list);
        }
        for label in SURE {
            assert!(!WORDS.contains(label) && !FILES.contains(label), "{label}");
        }
    }

    #[test]
    fn a_host_ends_at_its_last_known_ending() {
        let cases = [
            ("example.org", Some("example.org"), "plain"),
            (
                "example.org.Then he",
                Some("example.org"),
                "the next sentence glued on",
            ),
            (
                "a.example.co.uk/x",
                Some("a.example.co.uk"),
                "two-part ending",
            ),
            ("example[.]org", Some("example[.]org"), "brackets"),
            (
                "exemple (point) fr",
                Some("exemple (point) fr"),
                "spaced brackets",
            ),
            ("example dot org", None, "bare words only when asked for"),
            (
                "étoile.example",
                Some("étoile.example"),
                "letters of any script",
            ),
            ("version.1.2", None, "no letters at the end"),
            ("-example.org", None, "no leading hyphen"),
        ];
        for (text, expected, why) in cases {
            let end = host(text, 0, Dots::Bracketed)
                .0
                .and_then(|h| text.get(..h.end));
            assert_eq!(end, expected, "{why}");
        }
        assert!(host("example dot org", 0, Dots::Words).0.is_some());
    }
}
