//! What an expression that reads posts as received requires of their plain view.

use crate::text::{Key, fold_term, word_frequency};
use regex_syntax::hir::{Class, Hir, HirKind};

/// Words that are told one by one.
const WORDS_MAX: usize = 256;

/// Words per million from which on it is dearer to look around each of them than to look for the
/// parts of an expression everywhere.
const COMMON: u64 = 2_000;

/// Members of a class that may fold to one letter: both cases, and what is drawn like them.
const CLASS_MAX: usize = 8;

/// Words of which one stands, in the plain view, inside every match of an expression; none: nobody
/// knows, or they are too common.
///
/// They are read off a part with a blank on both sides: no reference or escape of the post reaches
/// over blanks, so whatever folding does around it, the word stays one.
pub(in crate::policy::pattern) fn plain_words(hir: &Hir) -> Vec<Key> {
    let HirKind::Concat(parts) = hir.kind() else {
        return Vec::new();
    };
    let between_blanks = parts.windows(3).filter_map(|three| match three {
        [before, part, behind]
            if is_blank(before.kind(), true) && is_blank(behind.kind(), false) =>
        {
            folded(part)
        }
        _ => None,
    });
    let each = between_blanks.filter_map(|texts| rarest_of(&texts));
    let rarest = each.min_by_key(|(cost, _)| *cost);
    let (_, words) = rarest
        .filter(|(cost, _)| *cost <= COMMON)
        .unwrap_or_default();
    words.iter().map(|word| Key::of(word)).collect()
}

/// Of each text the rarest word, and how many of a million words of ordinary text are one of them.
fn rarest_of(texts: &[String]) -> Option<(u64, Vec<String>)> {
    let rarest = |text: &String| {
        let words = text.split(' ').filter(|word| is_word(word));
        words
            .min_by_key(|word| word_frequency(word))
            .map(str::to_owned)
    };
    let words: Vec<String> = texts.iter().map(rarest).collect::<Option<_>>()?;
    let cost = words.iter().map(|word| word_frequency(word)).sum();
    Some((cost, words))
}

/// Whether a part ends, or begins, with a blank.
fn is_blank(kind: &HirKind, ends: bool) -> bool {
    let HirKind::Literal(literal) = kind else {
        return false;
    };
    let byte = if ends {
        literal.0.last()
    } else {
        literal.0.first()
    };
    byte == Some(&b' ')
}

fn is_word(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase())
}

/// What a part stands for once it is folded, where that is little.
fn folded(hir: &Hir) -> Option<Vec<String>> {
    let all = match hir.kind() {
        HirKind::Empty => vec![String::new()],
        HirKind::Literal(literal) => vec![fold_term(std::str::from_utf8(&literal.0).ok()?)],
        HirKind::Class(Class::Unicode(class)) => {
            let members = class.iter().flat_map(|range| range.start()..=range.end());
            let mut letters: Vec<String> = members
                .take(CLASS_MAX + 1)
                .map(|c| fold_term(c.encode_utf8(&mut [0; 4])))
                .collect();
            let few = letters.len() <= CLASS_MAX;
            letters.dedup();
            if !few || letters.len() > 1 {
                return None;
            }
            letters
        }
        HirKind::Capture(capture) => folded(&capture.sub)?,
        HirKind::Concat(parts) => parts.iter().try_fold(vec![String::new()], |words, part| {
            let behind = folded(part)?;
            let fits = words.len() * behind.len() <= WORDS_MAX;
            let longer = |word: &String| {
                let word = word.clone();
                behind.iter().map(move |more| format!("{word}{more}"))
            };
            fits.then(|| words.iter().flat_map(longer).collect())
        })?,
        HirKind::Alternation(parts) => {
            let each: Option<Vec<_>> = parts.iter().map(folded).collect();
            each?.into_iter().flatten().collect()
        }
        HirKind::Class(Class::Bytes(_)) | HirKind::Look(_) | HirKind::Repetition(_) => return None,
    };
    (all.len() <= WORDS_MAX).then_some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words_of(expression: &str) -> Vec<Key> {
        plain_words(&regex_syntax::parse(expression).unwrap())
    }

    #[test]
    fn words_between_blanks_are_required_whatever_their_case() {
        let named = r"\b(?i:i will|i'll) (?i:kill|égorger) [A-Z]\w+";
        assert_eq!(words_of(named), ["kill", "egorger"].map(Key::of));
        let phrases = r"\b(?i:i will) (?i:beat up|faire la peau à) [A-Z]\w+";
        assert_eq!(words_of(phrases), ["beat", "peau"].map(Key::of));
    }

    #[test]
    fn what_may_touch_something_else_is_not() {
        for expression in [
            r"\b(?i:kill) [A-Z]\w+",
            r"i will (?i:kill)\W[A-Z]",
            r"a [a-z]+ b",
        ] {
            assert!(words_of(expression).is_empty(), "{expression}");
        }
    }
}
