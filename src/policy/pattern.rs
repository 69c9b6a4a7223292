//! Regular expressions: what an author writes, checked, with the literals it can't do without.

mod reach;

pub use reach::{Reach, Required};

use super::pack::View;
use crate::limits::{REGEX_BYTES_MAX, REGEX_PROGRAM_BYTES_MAX};
use crate::text::{Key, fold_term};
use regex_automata::nfa::thompson::{self, NFA, WhichCaptures};
use regex_syntax::ast::{self, Ast};
use std::ops::Range;

/// A checked regular expression.
#[derive(Clone, Debug)]
pub struct Pattern {
    /// As written.
    pub text: String,
    /// Where it can match at all.
    pub reach: Reach,
    /// Where it reads posts as received: words of which one stands in the plain view of every post
    /// that it matches; none: nobody knows.
    pub plain_words: Vec<Key>,
    /// Bytes of its longest match, if there is one.
    pub longest: Option<usize>,
    /// Whether it reads letters of all scripts. Folded views are read byte by byte, with ASCII
    /// classes and boundaries: after folding these are right for French too, and never slow.
    pub unicode: bool,
    /// Compiled to states, which are small; who needs an automaton makes it of the text.
    pub states: NFA,
}

/// Why an expression can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PatternMistake {
    /// It can't be read.
    Malformed {
        /// Bytes of the pattern.
        at: Range<usize>,
        /// Why.
        why: String,
        /// What to do.
        help: &'static str,
    },
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
        let (why, help) = in_words(error.kind());
        let at = span.start.offset..span.end.offset;
        PatternMistake::Malformed { at, why, help }
    })?;
    if view != View::Raw
        && let Some((span, folded)) = unfolded_literal(text, &ast)
    {
        return Err(PatternMistake::NeverMatches(span, folded));
    }
    let unicode = view == View::Raw;
    let hir = regex_syntax::ParserBuilder::new()
        .unicode(unicode)
        .utf8(false)
        .build()
        .parse(text);
    let hir = hir.map_err(|error| translation_mistake(text, view, &error))?;
    if hir.properties().minimum_len().unwrap_or(0) == 0 {
        return Err(PatternMistake::MatchesEmpty);
    }
    let limits = thompson::Config::new().nfa_size_limit(Some(REGEX_PROGRAM_BYTES_MAX));
    let limits = limits.which_captures(WhichCaptures::Implicit);
    let states = thompson::Compiler::new()
        .configure(limits)
        .build_from_hir(&hir);
    let Ok(states) = states else {
        return Err(PatternMistake::TooBig);
    };
    let reach = match view {
        View::Raw => reach::of_raw(&hir),
        View::Plain | View::Spelled => reach::of_folded(&hir),
    };
    let plain_words = match view {
        View::Raw => reach::plain_words(&hir),
        View::Plain | View::Spelled => Vec::new(),
    };
    Ok(Pattern {
        text: text.to_owned(),
        reach,
        plain_words,
        longest: hir.properties().maximum_len(),
        unicode,
        states,
    })
}

const SYNTAX: &str = "the syntax is that of RE2: no look-around, no back-references";

/// Why an expression can't be read, and what to do, for the mistakes that people make.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the parser's enum has many kinds that no author meets, and grows"
)]
fn in_words(kind: &ast::ErrorKind) -> (String, &'static str) {
    use ast::ErrorKind as E;
    let (why, help) = match kind {
        E::GroupUnclosed => (
            "this `(` is never closed",
            "close it, or write `\\(` for the mark itself",
        ),
        E::GroupUnopened => (
            "this `)` closes nothing",
            "drop it, or write `\\)` for the mark itself",
        ),
        E::ClassUnclosed => (
            "this `[` is never closed",
            "close it, or write `\\[` for the mark itself",
        ),
        E::ClassRangeInvalid => ("this range runs backwards", "write the lower end first"),
        E::RepetitionMissing => (
            "nothing stands before this repetition",
            "write `\\*`, `\\+` or `\\?` for the mark itself",
        ),
        E::UnsupportedLookAround => (
            "it looks around itself",
            "say what stands nearby with `near` or `except`",
        ),
        E::UnsupportedBackreference => (
            "it refers back to a group",
            "no expression can; write the alternatives out",
        ),
        other => return (other.to_string(), SYNTAX),
    };
    (why.to_owned(), help)
}

/// What reads well but means nothing here. Folded views are read byte by byte, so a class of
/// letters beyond ASCII can't stand there.
fn translation_mistake(text: &str, view: View, error: &regex_syntax::Error) -> PatternMistake {
    let regex_syntax::Error::Translate(error) = error else {
        let (at, why) = (0..text.len(), last_line(error));
        return PatternMistake::Malformed {
            at,
            why,
            help: SYNTAX,
        };
    };
    let span = error.span();
    let at = span.start.offset..span.end.offset;
    let (why, help) = match view {
        View::Raw => (error.kind().to_string(), SYNTAX),
        View::Plain | View::Spelled => (
            "it asks for letters beyond a-z".to_owned(),
            "posts are folded to a-z and 0-9: write `[a-z]` or `\\w`, or add `view: raw`",
        ),
    };
    PatternMistake::Malformed { at, why, help }
}

/// The last line of an error says what is wrong; the others draw the pattern.
fn last_line(error: &regex_syntax::Error) -> String {
    let drawn = error.to_string();
    let said = drawn.lines().last().unwrap_or_default();
    said.trim_start_matches("error: ").to_owned()
}

/// Looks for literals that folding would have changed.
struct Finder<'t> {
    text: &'t str,
    /// The run, its folded form, and whether folding changed it.
    run: Option<(Range<usize>, String, bool)>,
    found: Option<(Range<usize>, String)>,
    ignores_case: bool,
}
impl Finder<'_> {
    /// A class that holds nothing but capitals.
    fn capitals(&mut self, class: &ast::ClassBracketed) {
        let written = self
            .text
            .get(class.span.start.offset..class.span.end.offset);
        let inner = written.and_then(|w| w.strip_prefix('[')?.strip_suffix(']'));
        let only = |inner: &str| inner.chars().all(|c| c.is_ascii_uppercase() || c == '-');
        if let Some(inner) = inner.filter(|inner| !self.ignores_case && only(inner)) {
            self.end_run();
            let span = class.span.start.offset..class.span.end.offset;
            let folded = format!("[{}]", inner.to_lowercase());
            self.found.get_or_insert((span, folded));
        }
    }

    fn end_run(&mut self) {
        if let Some((span, folded, true)) = self.run.take() {
            self.found.get_or_insert((span, folded));
        }
    }
}
impl ast::Visitor for Finder<'_> {
    type Output = Option<(Range<usize>, String)>;
    type Err = std::convert::Infallible;

    fn finish(mut self) -> Result<Self::Output, Self::Err> {
        self.end_run();
        Ok(self.found)
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        let mut flags = None;
        if let Ast::Flags(set) = ast {
            flags = Some(&set.flags);
        } else if let Ast::Group(group) = ast {
            flags = group.flags();
        }
        let set = flags.and_then(|flags| flags.flag_state(ast::Flag::CaseInsensitive));
        self.ignores_case |= set == Some(true);
        if let Ast::ClassBracketed(class) = ast {
            self.capitals(class);
        }
        let Ast::Literal(literal) = ast else {
            return Ok(());
        };
        let folded = fold_term(&literal.c.to_string());
        let same = folded.chars().eq([literal.c])
            || (self.ignores_case && folded.chars().eq(literal.c.to_lowercase()));
        let span = literal.span.start.offset..literal.span.end.offset;
        match &mut self.run {
            Some((run, text, changed)) if run.end == span.start => {
                run.end = span.end;
                text.push_str(&folded);
                *changed |= !same;
            }
            Some(_) | None => {
                self.end_run();
                self.run = Some((span, folded, !same));
            }
        }
        Ok(())
    }
}

/// The first run of literals that folding would have changed, and its folded form.
fn unfolded_literal(text: &str, ast: &Ast) -> Option<(Range<usize>, String)> {
    let finder = Finder {
        text,
        run: None,
        found: None,
        ignores_case: false,
    };
    ast::visit(ast, finder).ok().flatten()
}

/// Where an expression begins or ends with `.*` or the like.
pub(super) fn wide_edges(text: &str) -> Vec<Range<usize>> {
    let parsed = ast::parse::Parser::new().parse(text);
    let Ok(Ast::Concat(concat)) = &parsed else {
        return Vec::new();
    };
    let wide = |ast: Option<&Ast>| match ast {
        Some(Ast::Repetition(repetition)) if matches!(*repetition.ast, Ast::Dot(_)) => {
            let bounded = matches!(
                repetition.op.kind,
                ast::RepetitionKind::ZeroOrOne | ast::RepetitionKind::Range(_)
            );
            let span = repetition.span;
            (!bounded).then_some(span.start.offset..span.end.offset)
        }
        Some(_) | None => None,
    };
    let parts = &concat.asts;
    [wide(parts.first()), wide(parts.last())]
        .into_iter()
        .flatten()
        .collect()
}
