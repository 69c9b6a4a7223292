//! An example as a post, and its disguises.

use super::evasions::{Evasion, Reach};
use crate::model::{Attribute, Post};
use crate::policy::{Condition, Example, Pack, SignalId, SignalKind, View};
use crate::ruleset::{Page, Ruleset};
use std::collections::BTreeSet;
use std::ops::Range;

/// Letters of the shortest word that is disguised by its spelling: shorter ones can't be read any
/// more, or are other words.
const WORD_LETTERS_MIN: usize = 4;

/// The post that an example stands for.
pub(super) fn post<'e>(example: &'e Example, text: &'e str) -> Post<'e> {
    Post {
        text: text.into(),
        targets: example.target.iter().map(|id| id.as_str().into()).collect(),
        lang: example.lang.map(|language| language.code().into()),
        attrs: example
            .attrs
            .iter()
            .map(|(name, value)| (name.clone(), attribute(value)))
            .collect(),
        ..Post::default()
    }
}

/// YAML gave a text; forums send flags and numbers.
fn attribute(written: &str) -> Attribute {
    match (written, written.parse::<f64>()) {
        ("true", _) => Attribute::Flag(true),
        ("false", _) => Attribute::Flag(false),
        (_, Ok(number)) if number.is_finite() => Attribute::Number(number),
        (_, Ok(_) | Err(_)) => Attribute::Text(written.to_owned()),
    }
}

/// What of a text may be disguised, and how.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// Read as received: a disguise changes the thing itself.
    raw: Vec<Range<usize>>,
    /// Words found by `terms` of the `spelled` view, outside of everything else.
    words: Vec<Range<usize>>,
}

impl Places {
    /// What the signals that a condition looks for found in a text.
    pub(super) fn find(ruleset: &Ruleset, conditions: &[&Condition], text: &str) -> Self {
        let mut page = Page::default();
        let reading = page.read(text);
        let spans = ruleset.matcher().see(&reading);
        let (mut raw, mut terms, mut forms) = (Vec::new(), Vec::new(), Vec::new());
        for id in leaves(ruleset.pack(), conditions) {
            let Some(signal) = ruleset.pack().signals.get(id.0) else {
                continue;
            };
            let found = spans.of(id).iter().cloned();
            match (&signal.kind, signal.view) {
                (_, View::Raw) => raw.extend(found),
                (SignalKind::Terms(_), View::Spelled) => terms.extend(found),
                (_, View::Plain | View::Spelled) => forms.extend(found),
            }
        }
        let touches = |word: &Range<usize>, spans: &[Range<usize>]| {
            spans
                .iter()
                .any(|span| span.start < word.end && word.start < span.end)
        };
        let words = reading.outline.words().iter().map(|word| {
            reading
                .plain
                .in_post(word.start as usize..word.end as usize)
        });
        let words = words
            .filter(|word| touches(word, &terms) && !touches(word, &forms) && !touches(word, &raw))
            .filter(|word| text.get(word.clone()).is_some_and(is_disguisable))
            .collect();
        Self { raw, words }
    }

    /// The text in this disguise: one whole text, or one for each word, since people disguise the
    /// word they fear for and no other. What the disguise doesn't change is left out.
    pub(super) fn disguises(&self, evasion: &Evasion, text: &str) -> Vec<String> {
        let disguise = evasion.disguise;
        let mut disguised = match evasion.reach {
            Reach::Text => vec![rewrite(text, &self.raw, str::to_owned, disguise)],
            Reach::Words => {
                let words = self.words.iter().map(std::slice::from_ref);
                words
                    .map(|word| rewrite(text, word, disguise, str::to_owned))
                    .collect()
            }
        };
        disguised.retain(|disguised| disguised != text);
        disguised
    }
}

/// Rewrites what stands inside of `places` in one way, what stands outside in another.
fn rewrite(
    text: &str,
    places: &[Range<usize>],
    inside: fn(&str) -> String,
    outside: fn(&str) -> String,
) -> String {
    let mut places: Vec<&Range<usize>> = places.iter().collect();
    places.sort_by_key(|place| (place.start, place.end));
    let mut written = String::new();
    let mut done = 0;
    for place in places {
        let start = place.start.max(done);
        written.push_str(&outside(text.get(done..start).unwrap_or_default()));
        written.push_str(&inside(text.get(start..place.end).unwrap_or_default()));
        done = place.end.max(done);
    }
    written.push_str(&outside(text.get(done..).unwrap_or_default()));
    written
}

/// Whether a word is still read when its spelling is disguised.
pub(super) fn is_disguisable(word: &str) -> bool {
    word.chars().all(char::is_alphabetic) && word.chars().count() >= WORD_LETTERS_MIN
}

/// The signals that stand in the text itself, below those that conditions name.
fn leaves(pack: &Pack, conditions: &[&Condition]) -> BTreeSet<SignalId> {
    let mut open = Vec::new();
    for condition in conditions {
        condition.signals(&mut |id| open.push(id));
    }
    let mut seen = BTreeSet::new();
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        match pack.signals.get(id.0).map(|signal| &signal.kind) {
            Some(SignalKind::AnyOf(of)) => open.extend(of),
            Some(SignalKind::Near(near)) => open.extend(&near.of),
            Some(SignalKind::Terms(_) | SignalKind::Regex(_) | SignalKind::Detect(..)) | None => {}
        }
    }
    seen
}
