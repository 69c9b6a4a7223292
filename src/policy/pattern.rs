//! Regular expressions: what an author writes, checked, with the literals it can't do without.

use super::pack::View;
use crate::limits::{REGEX_BYTES_MAX, REGEX_PROGRAM_BYTES_MAX};
use crate::text::fold_term;
use regex_syntax::ast::{self, Ast};
use regex_syntax::hir::literal::{Extractor, Literal, Seq};
use regex_syntax::hir::{Hir, HirKind};
use std::ops::Range;

/// A checked regular expression.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As written.
    pub text: String,
    /// Texts of which every match holds at least one. Empty: nothing is required.
    pub required: Vec<Vec<u8>>,
    /// Compiled. Folded views are read byte by byte, with ASCII classes and boundaries: after
    /// folding these are right for French too, and never slow.
    pub regex: regex::bytes::Regex,
}

/// Why an expression can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PatternMistake {
    /// It can't be read; bytes of the pattern, and why.
    Malformed(Range<usize>, String),
    /// It matches the empty text.
    MatchesEmpty,
    /// It is too long, or compiles to too much.
    TooBig,
    /// Bytes of the pattern that the view never holds, and what would.
    NeverMatches(Range<usize>, String),
}

/// Checks an expression.
pub(super) fn parse(text: &str, view: View) -> Result<Pattern, PatternMistake> {
    if text.len() > REGEX_BYTES_MAX {
        return Err(PatternMistake::TooBig);
    }
    let ast = ast::parse::Parser::new().parse(text).map_err(|error| {
        let span = error.span();
        let why = error.kind().to_string();
        PatternMistake::Malformed(span.start.offset..span.end.offset, why)
    })?;
    if view != View::Raw
        && let Some((span, folded)) = unfolded_literal(&ast)
    {
        return Err(PatternMistake::NeverMatches(span, folded));
    }
    let unicode = view == View::Raw;
    let hir = regex_syntax::ParserBuilder::new()
        .unicode(unicode)
        .utf8(false)
        .build()
        .parse(text);
    let hir = hir.map_err(|error| PatternMistake::Malformed(0..text.len(), first_line(&error)))?;
    if hir.properties().minimum_len().unwrap_or(0) == 0 {
        return Err(PatternMistake::MatchesEmpty);
    }
    let mut builder = regex::bytes::RegexBuilder::new(text);
    builder.unicode(unicode).size_limit(REGEX_PROGRAM_BYTES_MAX);
    let Ok(regex) = builder.build() else {
        return Err(PatternMistake::TooBig);
    };
    Ok(Pattern {
        text: text.to_owned(),
        required: required_literals(&hir),
        regex,
    })
}

/// The last line of a translation error says what is wrong; the others draw the pattern.
fn first_line(error: &regex_syntax::Error) -> String {
    let drawn = error.to_string();
    let said = drawn.lines().last().unwrap_or_default();
    said.trim_start_matches("error: ").to_owned()
}

/// The first literal that folding would have changed, and its folded form.
fn unfolded_literal(ast: &Ast) -> Option<(Range<usize>, String)> {
    struct Finder {
        found: Option<(Range<usize>, String)>,
        ignores_case: bool,
    }
    impl ast::Visitor for Finder {
        type Output = Option<(Range<usize>, String)>;
        type Err = std::convert::Infallible;

        fn finish(self) -> Result<Self::Output, Self::Err> {
            Ok(self.found)
        }

        fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
            if let Ast::Flags(flags) = ast {
                let set = flags.flags.flag_state(ast::Flag::CaseInsensitive);
                self.ignores_case |= set == Some(true);
            }
            if let Ast::Literal(literal) = ast {
                let folded = fold_term(&literal.c.to_string());
                let same = folded.chars().eq([literal.c])
                    || (self.ignores_case && folded.chars().eq(literal.c.to_lowercase()));
                if !same && self.found.is_none() {
                    let span = literal.span.start.offset..literal.span.end.offset;
                    self.found = Some((span, folded));
                }
            }
            Ok(())
        }
    }
    let finder = Finder {
        found: None,
        ignores_case: false,
    };
    ast::visit(ast, finder).ok().flatten()
}

/// Literals shorter than this are in most posts, so looking for them first gains nothing.
const LITERAL_BYTES_MIN: usize = 2;

/// A set of literals of which every match holds one: the best that any part of a concatenation
/// requires. Longer and fewer is better.
fn required_literals(hir: &Hir) -> Vec<Vec<u8>> {
    let mut best: Vec<Vec<u8>> = Vec::new();
    consider(&mut best, finite(hir));
    if let HirKind::Concat(parts) = hir.kind() {
        // Runs of neighbouring parts that stand for finitely many texts.
        for part in parts {
            consider(&mut best, finite(part));
            if let HirKind::Repetition(repetition) = part.kind()
                && repetition.min > 0
            {
                consider(&mut best, Some(required_literals(&repetition.sub)));
            }
            if let HirKind::Capture(_) | HirKind::Alternation(_) = part.kind() {
                consider(&mut best, Some(required_literals(part)));
            }
        }
    }
    if let HirKind::Capture(capture) = hir.kind() {
        consider(&mut best, Some(required_literals(&capture.sub)));
    }
    if let HirKind::Alternation(parts) = hir.kind() {
        let each: Vec<_> = parts.iter().map(required_literals).collect();
        if each.iter().all(|literals| !literals.is_empty()) {
            consider(&mut best, Some(each.into_iter().flatten().collect()));
        }
    }
    best
}

fn consider(best: &mut Vec<Vec<u8>>, literals: Option<Vec<Vec<u8>>>) {
    let shortest = |set: &[Vec<u8>]| set.iter().map(Vec::len).min().unwrap_or(0);
    let Some(literals) = literals else { return };
    let usable = shortest(&literals) >= LITERAL_BYTES_MIN;
    if usable && (best.is_empty() || shortest(&literals) > shortest(best)) {
        *best = literals;
    }
}

/// The prefixes of a part, as texts that every match of it begins with.
fn finite(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    let mut extractor = Extractor::new();
    extractor.limit_total(64).limit_class(8).limit_repeat(4);
    let prefixes: Seq = extractor.extract(hir);
    let literals = prefixes.literals()?;
    Some(
        literals
            .iter()
            .map(Literal::as_bytes)
            .map(<[u8]>::to_vec)
            .collect(),
    )
}
