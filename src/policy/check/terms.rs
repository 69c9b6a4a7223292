//! Terms: what is looked for once they are folded, and what is wrong with them.

use super::{Document, report};
use crate::diagnostics::{Code, Diagnostic};
use crate::limits::{PHRASES_MAX, TERM_EXPANSION_MAX};
use crate::model::Language;
use crate::policy::pack::SignalKind;
use crate::policy::term::{self, Term, TermMistake};
use crate::policy::written::{Name, TermList};
use rustc_hash::FxHashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::Arc;

type Problems = Vec<Diagnostic>;

/// The first character nobody can see. What joins two emoji into one is seen.
fn hidden(text: &str) -> Option<(usize, char)> {
    let joins = |at: usize| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_some_and(|c| !c.is_ascii() && !c.is_alphanumeric())
    };
    text.char_indices().find(|(at, c)| match c {
        '\u{200d}' => !joins(*at),
        c => matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'),
    })
}

/// Whether a text holds a character nobody can see; says so.
pub(super) fn report_hidden(document: &Document, name: &Name, problems: &mut Problems) -> bool {
    let Some((at, character)) = hidden(&name.value) else {
        return false;
    };
    let span = inside(document, name, at..at + character.len_utf8());
    let message = format!(
        "an invisible character (U+{:04X}) stands here",
        u32::from(character)
    );
    report(problems, document, Code::HiddenCharacter, &span, message).help =
        Some("delete it; posts are matched as if they held none".to_owned());
    true
}

/// Bytes of the file for bytes of a scalar, when the scalar is written as it reads: plain, quoted
/// without escapes, or a line of a block. The whole scalar otherwise.
pub(super) fn inside(document: &Document, name: &Name, inner: Range<usize>) -> Range<usize> {
    let text = &document.source.text;
    let written = text.get(name.span.clone()).unwrap_or_default();
    let start = match written.strip_prefix(['"', '\'']) {
        Some(quoted) if quoted.get(..name.value.len()) == Some(&name.value) => Some(1),
        None if written == name.value => Some(0),
        Some(_) | None => start_in_block(written, &name.value, &inner),
    };
    match start {
        Some(start) => {
            let start = name.span.start + start;
            start + inner.start..start + inner.end
        }
        None => name.span.clone(),
    }
}

/// Where a block's text would begin, if the line that `inner` stands on were all of it.
fn start_in_block(written: &str, text: &str, inner: &Range<usize>) -> Option<usize> {
    let (header, body) = written.split_once('\n')?;
    if !header.starts_with(['|', '>']) {
        return None;
    }
    let before = text.get(..inner.start)?;
    let (line_start, lines) = match before.rfind('\n') {
        Some(at) => (at + 1, before.matches('\n').count()),
        None => (0, 0),
    };
    let line = text.get(line_start..)?.lines().next()?;
    let written_line = body.lines().nth(lines)?;
    let indentation = written_line.strip_suffix(line)?;
    let skipped: usize = body.split_inclusive('\n').take(lines).map(str::len).sum();
    // Counted so that adding `inner` gives the place: what stands before the line is taken off.
    (header.len() + 1 + skipped + indentation.len()).checked_sub(line_start)
}

/// The terms of all lists.
pub(super) fn terms(
    document: &Document,
    (span, lists): (&Range<usize>, &[TermList]),
    room: &mut usize,
    problems: &mut Problems,
) -> Option<SignalKind> {
    let mut terms_read: Vec<Arc<Term>> = Vec::new();
    let mut seen = Seen::default();
    let mut whole = true;
    for (language, terms) in lists {
        for name in terms {
            if report_hidden(document, name, problems) {
                whole = false;
                continue;
            }
            match term::parse(&name.value) {
                Ok(term) if term.readings() > *room => {
                    too_many_together(document, name, problems);
                    return None;
                }
                Ok(term) => {
                    *room -= term.readings();
                    duplicates(document, name, (&term, *language), &mut seen, problems);
                    terms_read.push(Arc::new(term));
                }
                Err(mistake) => {
                    whole = false;
                    term_mistake(document, name, &mistake, problems);
                }
            }
        }
    }
    missing_twin(document, span, lists, problems);
    whole.then_some(SignalKind::Terms(terms_read))
}

fn too_many_together(document: &Document, name: &Name, problems: &mut Problems) {
    let message = format!("from here on, the terms stand for more than {PHRASES_MAX} phrases");
    report(
        problems,
        document,
        Code::TooManyAlternatives,
        &name.span,
        message,
    )
    .help = Some("use `near` over short signals instead of alternatives".to_owned());
}

/// Where each reading was written first in each list.
type Seen = FxHashMap<(u64, Option<Language>), Range<usize>>;

/// A term all of whose readings stand in the same list already. The same words in both languages
/// are no mistake: each list stays whole for its readers.
fn duplicates(
    document: &Document,
    name: &Name,
    (term, language): (&Term, Option<Language>),
    seen: &mut Seen,
    problems: &mut Problems,
) {
    let mut first = None;
    let mut is_new = false;
    term.each_reading(&mut |reading| match seen.entry((reading, language)) {
        Entry::Occupied(known) => {
            first.get_or_insert_with(|| known.get().clone());
        }
        Entry::Vacant(place) => {
            place.insert(name.span.clone());
            is_new = true;
        }
    });
    if let Some(first) = first.filter(|_| !is_new) {
        let message = format!("`{}` is already in this list", name.value);
        report(problems, document, Code::DuplicateTerm, &name.span, message).related =
            Some((first, "the same words".to_owned()));
    }
}

fn missing_twin(
    document: &Document,
    span: &Range<usize>,
    lists: &[TermList],
    problems: &mut Problems,
) {
    let has = |language| lists.iter().any(|(l, _)| *l == language);
    if has(None) {
        return;
    }
    for language in Language::ALL {
        if !has(Some(language)) {
            let message = format!("these words have no `{}` list", language.code());
            report(problems, document, Code::MissingTwin, span, message).help = Some(
                "add one; words that are the same in both languages belong under `any`".to_owned(),
            );
        }
    }
}

fn term_mistake(document: &Document, name: &Name, mistake: &TermMistake, problems: &mut Problems) {
    let written = &name.value;
    let (code, message, help) = match mistake {
        TermMistake::WithoutWords => {
            let message = format!("`{written}` has no word to look for");
            (
                Code::TermWithoutWords,
                message,
                "punctuation alone is for `regex`".to_owned(),
            )
        }
        TermMistake::TooManyAlternatives(count) => {
            let message = format!("this term stands for {count} phrases");
            let help = format!("one term stands for at most {TERM_EXPANSION_MAX}; use `near`");
            (Code::TooManyAlternatives, message, help)
        }
        TermMistake::Malformed { why, help } => {
            let message = format!("`{written}` can't be read as a term: {why}");
            (Code::BadTerm, message, (*help).to_owned())
        }
    };
    report(problems, document, code, &name.span, message).help = Some(help);
}
