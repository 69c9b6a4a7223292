//! Links, also when they are broken on purpose.

use super::around::{byte_at, char_after, char_before, window_after, window_before};
use super::domain::{Dots, Ending, Host, host};
use super::{Arguments, Detector, Example, Finder, Input, Trigger};
use crate::limits::URL_BYTES_MAX;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

pub(super) static DETECTOR: Detector = Detector {
    name: "url",
    summary: "Links and bare host names",
    docs: "\
Finds links with their path:

- after `http://`, `https://`, `ftp://`, `ws://`, `wss://` and the broken `hxxp://`, `h**p://`: a host
  with a dot, an IPv4 address, or an IPv6 address in brackets;
- from `www.` on;
- bare hosts (`example.org`, `example.org/path`) that end in a known country or generic ending;
- all of these with dots in brackets: `example[.]org`, `example(dot)org`.

The span ends before the punctuation that closes the sentence, and before a closing bracket that the
link did not open.

Not found: e-mail addresses; file names (`notes.txt`, and `main.rs`, `readme.md` whose ending is also
a country's); a full stop without its space (`it was done.it rained`, `c'est fini.de toute façon`).
That is why a bare host of two labels whose ending is also a word (`example.it`, `example.me`) counts
only where a path follows or the line or clause ends; and one with a file's ending only before a path.

Limits: new generic endings are known only after a scheme or `www.`; hosts without a dot (`localhost`)
are left out; bare IP addresses are `ip_address`.

Sources: RFC 3986; the root zone of IANA, cut to the endings English and French posts link to.",
    parameters: &[],
    examples: &[
        Example { text: "see https://example.org/a_(b)?q=1#c.", finds: &["https://example.org/a_(b)?q=1#c"], with: "" },
        Example { text: "(voir www.exemple.fr/é, merci)", finds: &["www.exemple.fr/é"], with: "" },
        Example { text: "go to example.org or forum.example.it", finds: &["example.org", "forum.example.it"], with: "" },
        Example { text: "hxxps://example[.]org/x et example[.]com", finds: &["hxxps://example[.]org/x", "example[.]com"], with: "" },
        Example { text: "http://192.0.2.7:8080/x http://[2001:db8::7]/y", finds: &["http://192.0.2.7:8080/x", "http://[2001:db8::7]/y"], with: "" },
        Example { text: "regarde exemple.ca/photos", finds: &["exemple.ca/photos"], with: "" },
        Example { text: "c'est fini.ca va mieux, it was done.it rained", finds: &[], with: "" },
        Example { text: "notes.txt main.rs jdoe@example.org etc.and http://localhost", finds: &[], with: "" },
        Example { text: "C'est tout.Fr.", finds: &[], with: "" },
    ],
    trigger: Trigger::Always,
    build: |_: &Arguments| Box::new(Urls),
};

const SCHEMES: &[&str] = &[
    "ftp", "ftps", "h**p", "h**ps", "http", "https", "hxxp", "hxxps", "ws", "wss",
];

/// Bytes of the longest IPv4 address as text, and a full stop.
const IPV4_BYTES_MAX: usize = 16;

/// Bytes of the longest IPv6 address as text.
const IPV6_BYTES_MAX: usize = 45;

#[derive(Debug)]
struct Urls;

impl Finder for Urls {
    fn find(&self, input: Input<'_>, found: &mut Vec<Range<usize>>) {
        let text = input.plain.text();
        let mut label = None;
        let mut free_from = 0;
        for (at, byte) in text.bytes().chain([0]).enumerate() {
            if byte.is_ascii_alphanumeric() || byte == b'-' || !byte.is_ascii() {
                label.get_or_insert(at);
                continue;
            }
            let Some(start) = label.take().filter(|_| leads_on(text, at, byte)) else {
                continue;
            };
            let start = label_start(text, start..at);
            if start < free_from || start == at {
                continue;
            }
            let (end, read) = link(input, start);
            if let Some(end) = end {
                found.push(start..end);
            }
            free_from = end.unwrap_or(read).max(at);
        }
    }
}

/// Whether the byte at `at`, after a label, is a dot or the end of a scheme.
fn leads_on(text: &str, at: usize, byte: u8) -> bool {
    let next = byte_at(text, at + 1);
    match byte {
        b'.' => next.is_ascii_alphanumeric() || !next.is_ascii(),
        b':' => next == b'/',
        b'*' => next == b'*',
        b'[' | b'(' | b'{' => matches!(next, b'.' | b'd' | b'p'),
        b' ' => matches!(next, b'[' | b'(' | b'{'),
        _ => false,
    }
}

/// Where the letters, digits and hyphens at the end of `run` start: bytes of other scripts' signs
/// and of pictures may stand before them.
fn label_start(text: &str, run: Range<usize>) -> usize {
    let label = text.get(run.clone()).unwrap_or("");
    let label = label
        .rsplit(|c: char| !c.is_alphanumeric() && c != '-')
        .next()
        .unwrap_or("");
    run.end - label.trim_start_matches('-').len()
}

/// The end of the link that starts with the label at `at`, and how far the text was read.
fn link(input: Input<'_>, at: usize) -> (Option<usize>, usize) {
    let text = input.plain.text();
    let may_be_scheme = matches!(byte_at(text, at), b'f' | b'h' | b'w');
    if let Some(authority) = may_be_scheme.then(|| scheme(text, at)).flatten() {
        return (
            authority_end(text, authority).map(|end| tail(text, at, end)),
            authority,
        );
    }
    let (host, read) = host(text, at, Dots::Bracketed);
    let before = window_before(text, at, 5).trim_end_matches(' ');
    let spelled_mail = before.ends_with("(at)") || before.ends_with("[at]");
    let alone = !spelled_mail
        && !char_before(text, at).is_some_and(|c| {
            c.is_alphanumeric() || matches!(c, '@' | '_' | '.' | '-' | '/' | '\\' | '=')
        });
    let end = host
        .filter(|h| alone && is_link(input, at, h))
        .map(|h| tail(text, at, h.end));
    (end, read)
}

/// Where the authority starts, if a scheme of ours stands at `at`.
fn scheme(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let glued = char_before(text, at).is_some_and(char::is_alphanumeric);
    let scheme = SCHEMES
        .iter()
        .find(|s| rest.strip_prefix(**s).is_some_and(|r| r.starts_with("://")))?;
    (!glued).then_some(at + scheme.len() + "://".len())
}

/// The end of the authority at `at`: a host with a dot, or an address.
fn authority_end(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    if let Some(inner) = rest.strip_prefix('[') {
        let inner = window_after(inner, 0, IPV6_BYTES_MAX + 1);
        let address = inner.get(..inner.find(']')?)?;
        return address
            .parse::<Ipv6Addr>()
            .is_ok()
            .then_some(at + address.len() + 2);
    }
    let word = rest
        .find(|c: char| c.is_whitespace() || matches!(c, '/' | '?' | '#'))
        .unwrap_or(rest.len());
    let word = word.min(URL_BYTES_MAX);
    let host_at = rest
        .get(..word)
        .and_then(|word| word.rfind('@'))
        .map_or(at, |user| at + user + 1);
    ipv4_end(text, host_at).or_else(|| host(text, host_at, Dots::Bracketed).0.map(|host| host.end))
}

/// The end of the IPv4 address at `at`.
fn ipv4_end(text: &str, at: usize) -> Option<usize> {
    let address = window_after(text, at, IPV4_BYTES_MAX);
    let address = address
        .split(|c: char| !c.is_ascii_digit() && c != '.')
        .next()?;
    let address = address.trim_end_matches('.');
    address
        .parse::<Ipv4Addr>()
        .is_ok()
        .then_some(at + address.len())
}

/// Whether a host without a scheme is meant as a link.
fn is_link(input: Input<'_>, at: usize, host: &Host) -> bool {
    let text = input.plain.text();
    let next = char_after(text, host.end);
    if next == Some('@') || next.is_some_and(char::is_alphanumeric) || starts_sentence(input, host)
    {
        return false;
    }
    if text.get(at..).is_some_and(|rest| rest.starts_with("www.")) {
        return host.labels > 2;
    }
    let path = next == Some('/') && byte_at(text, host.end + 1) > b' ';
    let closed = match text.get(host.end..).unwrap_or("").strip_prefix(' ') {
        Some(rest) => !rest.starts_with(char::is_alphanumeric),
        None => true,
    };
    match host.ending {
        Ending::Sure => true,
        Ending::Word => path || closed || host.labels > 2 || host.disguised,
        Ending::File => path || host.disguised,
        Ending::Unknown => false,
    }
}

/// Whether the last label is the first word of a sentence whose space was forgotten: one capital,
/// then small letters.
fn starts_sentence(input: Input<'_>, host: &Host) -> bool {
    let label = input.plain.in_post(host.last_label..host.end);
    let label = input.post.get(label).unwrap_or("");
    label.starts_with(char::is_uppercase) && label.contains(char::is_lowercase)
}

/// Takes port, path, query and fragment in, and leaves closing punctuation out.
fn tail(text: &str, start: usize, host_end: usize) -> usize {
    let rest = text.get(host_end..).unwrap_or("");
    let port = rest.strip_prefix(':').map_or(0, |port| {
        let digits = port.bytes().take_while(u8::is_ascii_digit).take(5).count();
        if digits > 0 { digits + 1 } else { 0 }
    });
    let path_at = host_end + port;
    if !matches!(byte_at(text, path_at), b'/' | b'?' | b'#') {
        return path_at;
    }
    let ends = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '{' | '}' | '|' | '\\' | '^')
    };
    let path = text.get(path_at..).unwrap_or("");
    let length = path
        .char_indices()
        .take_while(|(i, c)| !ends(*c) && path_at + i + c.len_utf8() - start <= URL_BYTES_MAX)
        .map(|(i, c)| i + c.len_utf8())
        .last()
        .unwrap_or(0);
    path_at + closed_length(path.get(..length).unwrap_or(""))
}

/// The length of `path` without the punctuation that belongs to the sentence around it.
fn closed_length(path: &str) -> usize {
    let count = |c: char| path.matches(c).count();
    let mut unopened = [
        (')', count(')').saturating_sub(count('('))),
        (']', count(']').saturating_sub(count('['))),
    ];
    let mut kept = path;
    while let Some(last) = kept.chars().next_back() {
        let bracket = unopened
            .iter_mut()
            .find(|(bracket, left)| *bracket == last && *left > 0);
        match bracket {
            Some((_, left)) => *left -= 1,
            None if matches!(
                last,
                '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~'
            ) => {}
            None => break,
        }
        kept = kept.strip_suffix(last).unwrap_or("");
    }
    kept.len()
}
