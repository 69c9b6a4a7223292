//! IP addresses: the shortest detector, and the model for the others.

use super::{Arguments, Detector, Example, Finder, Input, Trigger};
use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

pub(super) static DETECTOR: Detector = Detector {
    name: "ip_address",
    summary: "IPv4 and IPv6 addresses",
    docs: "Dotted IPv4 and every IPv6 form of RFC 4291 (`::1`, `2001:db8::7`, `::ffff:192.0.2.1`), \
           with an optional prefix length. Version numbers (`1.2.3`), times (`12:30:05`) and clock \
           ranges are not addresses.",
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
            text: "version 1.2.3 sortie à 12:30:05",
            finds: &[],
            with: "",
        },
        Example {
            text: "999.1.1.1 is nowhere",
            finds: &[],
            with: "",
        },
    ],
    trigger: Trigger::Always,
    build: |_: &Arguments| Box::new(IpAddresses),
};

#[derive(Debug)]
struct IpAddresses;

impl Finder for IpAddresses {
    fn find(&self, input: Input<'_>, found: &mut Vec<Range<usize>>) {
        let text = input.plain.text();
        let mut at = 0;
        for piece in text.split_inclusive(|c: char| !matches!(c, '0'..='9' | 'a'..='f' | '.' | ':'))
        {
            let run = piece.trim_end_matches(|c: char| !matches!(c, '0'..='9' | 'a'..='f' | ':'));
            let run_at = at;
            at += piece.len();
            let is_address = match run.contains(':') {
                true => run.parse::<Ipv6Addr>().is_ok() && run.len() > 2,
                false => run.parse::<Ipv4Addr>().is_ok(),
            };
            if is_address {
                found.push(run_at..run_at + run.len());
            }
        }
    }
}
