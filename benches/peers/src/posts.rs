//! Posts as engines get them.

use crate::generate::vocabulary::{common, language_of};
use crate::generate::{Language, writing::Written};
use rand::SeedableRng;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::fs;
use std::path::Path;

/// A post: as written for Vigie, folded beforehand for its peers.
#[derive(Debug)]
pub struct Text {
    pub raw: String,
    pub folded: String,
    pub language: Language,
}

impl Text {
    pub fn new(Written { text, language }: Written) -> Self {
        let folded = vigie::text::fold(&text).text().to_owned();
        Self {
            raw: text,
            folded,
            language,
        }
    }

    /// Whether letters are bytes in it: only then must all engines agree on where words end.
    pub fn is_ascii(&self) -> bool {
        self.folded.is_ascii()
    }
}

/// At most `count` posts of a file, shuffled: NDJSON with a field `text`, or one post a line.
pub fn read(path: &Path, count: usize, seed: u64) -> Result<Vec<Written>, String> {
    let shown = path.display();
    let bytes = fs::read(path).map_err(|error| format!("{shown}: {error}"))?;
    let lines = String::from_utf8_lossy(&bytes);
    let mut texts: Vec<String> = lines
        .lines()
        .filter_map(text_of)
        .filter(|text| !text.trim().is_empty())
        .collect();
    if texts.is_empty() {
        return Err(format!("{shown}: no posts in it"));
    }
    texts.shuffle(&mut ChaCha8Rng::seed_from_u64(seed));
    texts.truncate(count);
    let common = common();
    Ok(texts
        .into_iter()
        .map(|text| Written {
            language: language_of(&text, &common),
            text,
        })
        .collect())
}

fn text_of(line: &str) -> Option<String> {
    if !line.starts_with('{') {
        return Some(line.to_owned());
    }
    let record: serde_json::Value = serde_json::from_str(line).ok()?;
    Some(record.get("text")?.as_str()?.to_owned())
}
