//! IP addresses, also when their dots are bracketed.

use super::around::{byte_at, byte_before, char_after, char_before, said_near, word_before};
use super::{Arguments, Detector, Example, Finder, Input, Trigger};
use std::net::Ipv6Addr;
use std::ops::Range;

pub(super) static DETECTOR: Detector = Detector {
    name: "ip_address",
    summary: "IPv4 and IPv6 addresses",
    docs: "\
Finds dotted IPv4 addresses and every IPv6 form of RFC 4291 (`2001:db8::7`, `::1`,
`::ffff:192.0.2.1`), also with the dots in brackets (`192[.]0[.]2[.]44`), as security people pass
them on. The span is the address alone: brackets, port, zone and prefix length stay outside.

Not found:

- numbers out of range (`999.1.1.1`), with leading zeroes, or of five parts;
- versions: after `v`, `version`, `release`, `firmware`, a name and a hyphen or slash
  (`linux-2.6.1.4`, `agent/1.5.0.4`), or before a hyphen; and, unless the text speaks of hosts,
  addresses and networks, any four parts that are all below 20 (`1.5.0.4`);
- clock times, MAC addresses, `name::name` of programming languages, and `::` alone.

Limits: a version with a large part and no word before it looks like an address, and so do section
numbers. Private and reserved addresses are found too: they say where somebody's machine stands.

Sources: RFC 791, RFC 4291 section 2.2, RFC 5952.",
    parameters: &[],
    examples: &[
        Example {
            text: "his ip is 192.0.2.44, ddos him",
            finds: &["192.0.2.44"],
            with: "",
        },
        Example {
            text: "elle est sur 2001:db8::7f",
            finds: &["2001:db8::7f"],
            with: "",
        },
        Example {
            text: "his ip: 192.0.2.44.",
            finds: &["192.0.2.44"],
            with: "",
        },
        Example {
            text: "[2001:DB8::7]:8080 et 192.0.2.44:22",
            finds: &["2001:DB8::7", "192.0.2.44"],
            with: "",
        },
        Example {
            text: "sa box : 192[.]0[.]2[.]44",
            finds: &["192[.]0[.]2[.]44"],
            with: "",
        },
        Example {
            text: "route 198.51.100.0/24 par ::ffff:192.0.2.1",
            finds: &["198.51.100.0", "::ffff:192.0.2.1"],
            with: "",
        },
        Example {
            text: "l'adresse IP 1.2.3.4",
            finds: &["1.2.3.4"],
            with: "",
        },
        Example {
            text: "version 1.2.3 sortie à 12:30:05",
            finds: &[],
            with: "",
        },
        Example {
            text: "firmware 10.20.30.40, v10.20.30.40, mozilla/100.20.30.40",
            finds: &[],
            with: "",
        },
        Example {
            text: "mise à jour 1.5.0.4 de l'outil",
            finds: &[],
            with: "",
        },
        Example {
            text: "999.1.1.1 is nowhere",
            finds: &[],
            with: "",
        },
        Example {
            text: "std::cout, 1.3.6.1.4.1, aa:bb:cc:dd:ee:ff",
            finds: &[],
            with: "",
        },
    ],
    trigger: Trigger::Digit,
    build: |_: &Arguments| Box::new(IpAddresses),
};

/// Bytes of the longest IPv6 address as text: eight groups, the last two dotted.
const IPV6_BYTES_MAX: usize = 45;

/// Words before a dotted number that make it a version.
const VERSION_WORDS: &[&str] = &[
    "article", "build", "chapitre", "chapter", "firmware", "kernel", "noyau", "r", "rel",
    "release", "rev", "revision", "section", "v", "ver", "version", "versions",
];

/// Words that make small numbers an address all the same.
const HOST_WORDS: &[&str] = &[
    "address",
    "addresses",
    "addr",
    "adresse",
    "adresses",
    "connect",
    "connecte",
    "dns",
    "gateway",
    "host",
    "ip",
    "ips",
    "ipv4",
    "mask",
    "nameserver",
    "netmask",
    "passerelle",
    "ping",
    "resolver",
    "route",
    "router",
    "routeur",
    "server",
    "serveur",
    "ssh",
    "subnet",
];

#[derive(Debug)]
struct IpAddresses;

impl Finder for IpAddresses {
    fn find(&self, input: Input<'_>, found: &mut Vec<Range<usize>>) {
        let text = input.plain.text();
        let mut at = 0;
        while at < text.len() {
            let byte = byte_at(text, at);
            let label_colon = byte == b':' && byte_at(text, at + 1) != b':';
            if !byte.is_ascii_hexdigit() && byte != b':' || label_colon {
                at += 1;
                continue;
            }
            let run_end = run_end(text, at);
            let run_starts =
                !char_before(text, at).is_some_and(|c| c.is_alphanumeric() || c == '_');
            match ipv6(text, at, run_end).filter(|_| run_starts) {
                Some(end) => {
                    found.push(at..end);
                    at = end;
                }
                None => at = ipv4_in(text, at..run_end, found),
            }
        }
    }
}

/// Where the hexadecimal digits, colons and dots that start at `at` end.
fn run_end(text: &str, at: usize) -> usize {
    let in_run = |byte: &u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    at + text
        .as_bytes()
        .iter()
        .skip(at)
        .take_while(|byte| in_run(byte))
        .count()
}

/// Finds the IPv4 addresses that start in `run`, and says where to read on.
fn ipv4_in(text: &str, run: Range<usize>, found: &mut Vec<Range<usize>>) -> usize {
    let mut at = run.start;
    while at < run.end {
        if !byte_at(text, at).is_ascii_digit() {
            at += 1;
            continue;
        }
        match ipv4(text, at) {
            Some(end) => {
                found.push(at..end);
                at = end;
            }
            None => at += digits(text, at),
        }
    }
    at
}

/// The end of the IPv6 address that starts at `at`, in a run that ends at `run_end`.
fn ipv6(text: &str, at: usize, run_end: usize) -> Option<usize> {
    let run = text
        .get(at..run_end)
        .filter(|run| run.len() <= IPV6_BYTES_MAX + 2)?;
    let run = run.trim_end_matches('.');
    let run = if run.ends_with("::") {
        run
    } else {
        run.trim_end_matches(':')
    };
    run.parse::<Ipv6Addr>().ok()?;
    let end = at + run.len();
    let open = !char_after(text, end).is_some_and(|c| c.is_alphanumeric() || c == '_');
    let network = run == "::" && byte_at(text, end) == b'/' && digits(text, end + 1) > 0;
    let has_digit = run.bytes().any(|byte| byte.is_ascii_digit());
    let longest = run.split(':').map(str::len).max().unwrap_or(0);
    let groups = run.split(':').filter(|group| !group.is_empty()).count();
    let credible = run.starts_with("::") || longest >= 3 || groups >= 3 && run.contains("::");
    (open && (network || has_digit && credible)).then_some(end)
}

/// The end of the IPv4 address that starts at `at`.
fn ipv4(text: &str, at: usize) -> Option<usize> {
    let mut end = at;
    let mut largest = 0;
    for part in 0..4 {
        if part > 0 {
            end += dot(text, end)?;
        }
        let count = digits(text, end);
        let octet = text
            .get(end..end + count)
            .filter(|octet| *octet == "0" || !octet.starts_with('0'))?;
        largest = largest.max(octet.parse::<u8>().ok()?);
        end += count;
    }
    let glued = char_after(text, end).is_some_and(|c| c.is_alphanumeric() || c == '_');
    let five_parts = dot(text, end).is_some_and(|dot| digits(text, end + dot) > 0);
    let whole = !glued && !five_parts && starts_alone(text, at);
    (whole && !is_version(text, at..end, largest)).then_some(end)
}

/// Whether nothing before `at` makes the number part of a longer word, path or version.
fn starts_alone(text: &str, at: usize) -> bool {
    let before = char_before(text, at.saturating_sub(1));
    match char_before(text, at) {
        Some('/') => !before.is_some_and(char::is_alphanumeric),
        Some('-') => !before.is_some_and(char::is_alphabetic),
        Some(c) => !c.is_alphanumeric() && !matches!(c, '_' | '.'),
        None => true,
    }
}

/// Whether these four parts are rather a version than an address.
fn is_version(text: &str, span: Range<usize>, largest: u8) -> bool {
    let hyphened = byte_at(text, span.end) == b'-'
        && !byte_at(text, span.end + 1).is_ascii_digit()
        && byte_at(text, span.end + 1) != b' ';
    let before = word_before(text, span.start);
    let small = largest < 20
        && byte_at(text, span.end) != b':'
        && byte_at(text, span.end) != b'/'
        && byte_before(text, span.start) != b'/'
        && !said_near(text, &span, HOST_WORDS);
    VERSION_WORDS.contains(&before) || hyphened || small && !is_well_known(text, &span)
}

/// Addresses that everybody knows count wherever they stand: public resolvers, this machine, the
/// router at home.
fn is_well_known(text: &str, span: &Range<usize>) -> bool {
    const NETWORKS: [&str; 4] = ["0.0.0.", "10.0.0.", "127.0.0.", "127.0.1."];
    let address = text.get(span.clone()).unwrap_or("");
    matches!(
        address,
        "1.0.0.1" | "1.1.1.1" | "8.8.4.4" | "8.8.8.8" | "9.9.9.9"
    ) || NETWORKS.iter().any(|network| address.starts_with(network))
}

/// How many digits stand at `at`.
fn digits(text: &str, at: usize) -> usize {
    text.as_bytes()
        .iter()
        .skip(at)
        .take(4)
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

/// How many bytes the dot at `at` takes, plain or in brackets.
fn dot(text: &str, at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    ["[.]", "(.)", "[dot]", "(dot)", "."]
        .iter()
        .find(|dot| rest.starts_with(**dot))
        .map(|d| d.len())
}
