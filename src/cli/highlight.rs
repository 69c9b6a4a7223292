//! A post's text for a terminal: what the evidence speaks of stands out, and nothing in the text can
//! command the terminal.

use super::terminal::{ASIDE, MARKED};
use crate::authoring::visible;
use crate::model::Evidence;
use std::fmt::Write as _;
use std::ops::Range;

/// Characters shown on each side of a marked place; what is farther away is left out.
const CONTEXT_CHARS: usize = 240;

/// The text, characters that can't be seen made visible, with the places of the evidence marked:
/// coloured, or between `[` and `]`. Each is followed by the names of its signals.
pub(super) fn marked(text: &str, evidence: &[Evidence], coloured: bool) -> String {
    let mut shown = String::new();
    let mut done = 0;
    let regions = regions(evidence);
    for (at, region) in regions.iter().enumerate() {
        let between = text.get(done..region.start).unwrap_or_default();
        shown.push_str(&shortened(between, at > 0, true));
        let words = visible(text.get(region.clone()).unwrap_or_default());
        let names = names(evidence, region);
        let _ = match coloured {
            true => write!(shown, "{MARKED}{words}{MARKED:#}{ASIDE}⟨{names}⟩{ASIDE:#}"),
            false => write!(shown, "[{words}]⟨{names}⟩"),
        };
        done = region.end;
    }
    let rest = text.get(done..).unwrap_or_default();
    shown.push_str(&shortened(rest, !regions.is_empty(), false));
    shown
}

/// The places of the evidence; those that overlap are one.
fn regions(evidence: &[Evidence]) -> Vec<Range<usize>> {
    let mut spans: Vec<Range<usize>> = evidence.iter().map(|piece| piece.span.clone()).collect();
    spans.sort_by_key(|span| (span.start, span.end));
    let mut regions: Vec<Range<usize>> = Vec::new();
    for span in spans {
        match regions.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            Some(_) | None => regions.push(span),
        }
    }
    regions
}

fn names(evidence: &[Evidence], region: &Range<usize>) -> String {
    let mut names: Vec<&str> = Vec::new();
    for piece in evidence {
        let is_inside = region.start <= piece.span.start && piece.span.end <= region.end;
        if is_inside && !names.contains(&&*piece.signal) {
            names.push(&piece.signal);
        }
    }
    names.join(", ")
}

/// A piece without marks: near marked places as it is, the far part left out.
fn shortened(piece: &str, after_mark: bool, before_mark: bool) -> String {
    let head = if after_mark || !before_mark {
        CONTEXT_CHARS
    } else {
        0
    };
    let tail = if before_mark { CONTEXT_CHARS } else { 0 };
    let characters = piece.chars().count();
    if characters <= 2 * CONTEXT_CHARS {
        return visible(piece);
    }
    let first: String = piece.chars().take(head).collect();
    let last: String = piece.chars().skip(characters - tail).collect();
    let left_out = characters - head - tail;
    let (first, last) = (visible(&first), visible(&last));
    format!("{first}{ASIDE}… {left_out} characters …{ASIDE:#}{last}")
}
