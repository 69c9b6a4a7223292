//! E-mail addresses, also when their `@` and dots are spelled out.

use super::around::{byte_at, byte_before, char_before, window_before};
use super::domain::{Dots, Ending, Host, host};
use super::{Arguments, Detector, Example, Finder, Input, Trigger};
use std::ops::Range;

pub(super) static DETECTOR: Detector = Detector {
    name: "email_address",
    summary: "E-mail addresses, also spelled out",
    docs: "\
Finds `name@example.org` (RFC 5322 without quoted names and comments, any script before and after
the `@`), and the ways people write it past a filter:

- `name [at] example [dot] org`, `name(at)example.org`, `name{at}example.org`;
- `nom arobase exemple point fr`, `nom (arobase) exemple.fr`;
- `name at example dot org`, where a known ending follows a spelled dot.

A spelled `@` needs a host that ends in a known country or generic ending; ` at ` as a bare word also
needs a dot that is spelled or bracketed, and a name that is not an everyday word (`me at example
dot com` is a place).

Not found: `@handles` and `@user@instance.example` (see `handle`), `user@host` without a dot,
`git@` remotes, and credentials inside links (`https://user:word@example.org`, see `url`).

Limits: a spelled address whose name is an everyday word (`look at example dot com`) is missed, and
so is one whose ending is spelled letter by letter.

Sources: RFC 5321 section 4.1.2, RFC 5322 section 3.4.1, RFC 6531.",
    parameters: &[],
    examples: &[
        Example { text: "write to Jo.Doe+x@mail.example.org.", finds: &["Jo.Doe+x@mail.example.org"], with: "" },
        Example { text: "son mail c'est jeanne-d@exemple.fr !", finds: &["jeanne-d@exemple.fr"], with: "" },
        Example { text: "jdoe at example dot org", finds: &["jdoe at example dot org"], with: "" },
        Example { text: "jdoe [at] mail [dot] example [dot] org", finds: &["jdoe [at] mail [dot] example [dot] org"], with: "" },
        Example { text: "jdoe(at)example.org", finds: &["jdoe(at)example.org"], with: "" },
        Example { text: "écris à jdoe arobase exemple point fr", finds: &["jdoe arobase exemple point fr"], with: "" },
        Example { text: "jane dot doe at example dot org", finds: &["jane dot doe at example dot org"], with: "" },
        Example { text: "j.doe @ example.org", finds: &["j.doe @ example.org"], with: "" },
        Example { text: "meet me at example dot something is wrong", finds: &[], with: "" },
        Example { text: "look at example.org, elle est à exemple point barre", finds: &[], with: "" },
        Example { text: "@user@instance.example and @jdoe, 5 @ 3.50", finds: &[], with: "" },
        Example { text: "git@example.org:tools.git", finds: &[], with: "" },
    ],
    trigger: Trigger::Always,
    build: |_: &Arguments| Box::new(EmailAddresses),
};

/// Bytes of the part before the `@` (RFC 5321).
const NAME_BYTES_MAX: usize = 64;

/// Names joined by spelled dots before a spelled `@`.
const SPELLED_NAMES_MAX: usize = 4;

/// Words before ` at ` that are no name.
const EVERYDAY: &[&str] = &[
    "am",
    "and",
    "are",
    "arrive",
    "arrived",
    "available",
    "be",
    "been",
    "found",
    "from",
    "go",
    "good",
    "happened",
    "he",
    "her",
    "here",
    "him",
    "hosted",
    "is",
    "it",
    "live",
    "lives",
    "located",
    "look",
    "looking",
    "me",
    "meet",
    "met",
    "not",
    "now",
    "online",
    "or",
    "out",
    "page",
    "people",
    "post",
    "posted",
    "see",
    "she",
    "sit",
    "site",
    "sleep",
    "sleeps",
    "start",
    "started",
    "starts",
    "stay",
    "stayed",
    "stop",
    "that",
    "them",
    "there",
    "they",
    "this",
    "up",
    "us",
    "wait",
    "waiting",
    "was",
    "website",
    "were",
    "work",
    "works",
    "you",
];

#[derive(Debug)]
struct EmailAddresses;

impl Finder for EmailAddresses {
    fn find(&self, input: Input<'_>, found: &mut Vec<Range<usize>>) {
        let text = input.plain.text();
        let mut free_from = 0;
        for (at, byte) in text.bytes().enumerate() {
            let may_be_sign = match byte {
                b'@' | b'(' | b'[' | b'{' | b'<' => true,
                b'a' => byte_before(text, at) == b' ',
                _ => false,
            };
            if at < free_from || !may_be_sign {
                continue;
            }
            let Some(sign) = at_sign(text, at) else {
                continue;
            };
            if let Some(span) = address(text, &sign, free_from) {
                free_from = span.end;
                found.push(span);
            }
        }
    }
}

/// How an `@` is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    /// `@`, with nothing around it.
    Sign,
    /// ` @ `.
    Spaced,
    /// `(at)`, `[at]`, `(a)`, or a word that means nothing else: `arobase`.
    Unmistakable,
    /// ` at `.
    Word,
}

/// An `@` in the text: its bytes with the spaces around them.
#[derive(Debug)]
struct AtSign {
    span: Range<usize>,
    spelling: Spelling,
}

/// The `@` that starts at `at`, however written.
fn at_sign(text: &str, at: usize) -> Option<AtSign> {
    const BRACKETED: [&str; 10] = [
        "(at)",
        "[at]",
        "{at}",
        "<at>",
        "(a)",
        "[a]",
        "(@)",
        "[@]",
        "(arobase)",
        "[arobase]",
    ];
    let rest = text.get(at..)?;
    let spaced_before = byte_before(text, at) == b' ';
    let word = |word: &str| {
        spaced_before && rest.starts_with(word) && byte_at(text, at + word.len()) == b' '
    };
    let (bytes, spelling) = if let Some(sign) = BRACKETED.iter().find(|s| rest.starts_with(**s)) {
        (sign.len(), Spelling::Unmistakable)
    } else if rest.starts_with('@') {
        (
            1,
            if spaced_before {
                Spelling::Spaced
            } else {
                Spelling::Sign
            },
        )
    } else if let Some(word) = ["arobase", "arobas"].iter().find(|w| word(w)) {
        (word.len(), Spelling::Unmistakable)
    } else if word("at") {
        (2, Spelling::Word)
    } else {
        return None;
    };
    if spelling == Spelling::Sign {
        return Some(AtSign {
            span: at..at + 1,
            spelling,
        });
    }
    let start = at - usize::from(spaced_before);
    let end = at + bytes;
    Some(AtSign {
        span: start..end + usize::from(byte_at(text, end) == b' '),
        spelling,
    })
}

/// The address around an `@`, if there is one that starts at `free_from` or later.
fn address(text: &str, sign: &AtSign, free_from: usize) -> Option<Range<usize>> {
    let dots = if sign.spelling == Spelling::Sign {
        Dots::Bracketed
    } else {
        Dots::Words
    };
    let start = name_start(text, sign.span.start)?;
    let host = host(text, sign.span.end, dots).0?;
    let name = text.get(start..sign.span.start)?;
    let credible = match sign.spelling {
        Spelling::Sign => true,
        Spelling::Unmistakable => host.ending != Ending::Unknown,
        Spelling::Spaced => {
            host.ending != Ending::Unknown
                && (host.disguised
                    || name.contains(['.', '_', '-'])
                    || name.ends_with(|c: char| c.is_ascii_digit()))
        }
        Spelling::Word => {
            let spelled = text.get(sign.span.end..host.end).unwrap_or("");
            // `at some point` is prose: between English words only `dot` is a dot.
            let ending = host.ending >= Ending::Word && spelled.contains("dot");
            host.disguised && ending && !EVERYDAY.contains(&name)
        }
    };
    if !credible || is_elsewhere(text, start, name, &host) {
        return None;
    }
    let start = match sign.spelling {
        Spelling::Sign => start,
        Spelling::Spaced | Spelling::Unmistakable | Spelling::Word => spelled_start(text, start),
    };
    (start >= free_from).then_some(start..host.end)
}

/// Where the name that ends at `end` starts.
fn name_start(text: &str, end: usize) -> Option<usize> {
    let window = window_before(text, end, NAME_BYTES_MAX);
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '%' | '+' | '-');
    let name = window.rsplit(|c| !in_name(c)).next()?;
    let name = name.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '_');
    let has_letter = name.chars().any(char::is_alphanumeric);
    (has_letter && !name.ends_with('.')).then(|| end - name.len())
}

/// Takes names joined by spelled dots in: `jane dot doe`.
fn spelled_start(text: &str, start: usize) -> usize {
    let mut start = start;
    for _ in 0..SPELLED_NAMES_MAX {
        let before = text.get(..start).unwrap_or("");
        let dot = [
            " dot ", " point ", "[dot]", "(dot)", " [dot] ", " (dot) ", "[.]",
        ]
        .iter()
        .rev()
        .find(|dot| before.ends_with(**dot));
        let Some(name) = dot.and_then(|dot| name_start(text, start - dot.len())) else {
            break;
        };
        start = name;
    }
    start
}

/// Whether the name belongs to something else: a handle of a federated network, a remote, a link.
fn is_elsewhere(text: &str, start: usize, name: &str, host: &Host) -> bool {
    let before = char_before(text, start);
    let remote = name == "git" && byte_at(text, host.end) == b':';
    let word_end = window_before(text, start, NAME_BYTES_MAX);
    let word = word_end.rsplit(char::is_whitespace).next().unwrap_or("");
    let in_link = word
        .rsplit_once("://")
        .is_some_and(|(_, rest)| !rest.contains('/'));
    before == Some('@') || remote || in_link
}
