//! What holds for any bytes at each way in. Fuzz targets call it with what they come up with, the
//! tests with what they once found (`fuzz/regressions`).
#![allow(
    dead_code,
    clippy::allow_attributes,
    reason = "each target calls one of them, the tests all"
)]

use std::io::Write;
use std::sync::LazyLock;
use tempfile::NamedTempFile;
use vigie::engine::Engine;
use vigie::ingest::{Chunk, Dump, FORMATS, open};
use vigie::model::Post;
use vigie::policy::{RawFile, check, shipped};
use vigie::ruleset::Levels;
use vigie::wire::{event_from_json, post_from_json, write_decision};

static SHIPPED: LazyLock<Engine> = LazyLock::new(|| {
    let pack = check(shipped()).pack.expect("the shipped pack is sound");
    let levels = Levels {
        enforce: 4,
        observe: 4,
    };
    Engine::new(pack, levels)
});

/// Every text gets a decision; its evidence stands in the text, its ledger sums, its JSON is JSON.
pub(crate) fn decision(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let decision = SHIPPED.decide_with_signals(&Post::of_text(&*text));
    for evidence in &decision.evidence {
        assert!(
            text.get(evidence.span.clone()).is_some(),
            "evidence stands in the text"
        );
    }
    for (category, points) in &decision.categories {
        let lines = decision
            .ledger
            .iter()
            .filter(|line| line.category == *category);
        let sum: i64 = lines.map(|line| i64::from(line.points)).sum();
        assert_eq!(
            sum,
            i64::from(*points),
            "the ledger of a category sums to its points"
        );
    }
    let mut json = Vec::new();
    write_decision(&decision, &mut json);
    std::str::from_utf8(&json).expect("a decision is text");
}

/// A line is a post, an event, or told what is wrong with it, in words that don't quote it.
pub(crate) fn post(bytes: &[u8]) {
    let Ok(line) = std::str::from_utf8(bytes) else {
        return;
    };
    match post_from_json(line) {
        Ok(post) => {
            let _ = SHIPPED.decide(&post);
        }
        Err(error) => assert!(error.what.len() < 200, "what is wrong is told in few words"),
    }
    let _ = event_from_json(line);
}

/// Policies are sound, or what is wrong with them is told at a place that exists.
pub(crate) fn policies(bytes: &[u8]) {
    let file = RawFile {
        name: "fuzz.yaml".to_owned(),
        bytes: bytes.to_vec(),
    };
    let checked = check(vec![file]);
    assert!(
        checked.pack.is_some() || !checked.diagnostics.is_empty(),
        "a pack that is refused is told why"
    );
    if let Some(pack) = checked.pack {
        let engine = Engine::new(pack, Levels::default());
        let _ = engine.decide(&Post::of_text("We know where you live, 27 rue des Lilas."));
    }
}

/// The first byte names a format, or none: then it is sniffed. What follows is a dump in it.
pub(crate) fn dump(bytes: &[u8]) {
    let Some((first, bytes)) = bytes.split_first() else {
        return;
    };
    let format = FORMATS
        .get(usize::from(*first) % (FORMATS.len() + 1))
        .copied();
    let mut file = NamedTempFile::new().expect("a temporary file can be made");
    file.write_all(bytes)
        .expect("a temporary file can be written");
    let Ok(source) = open(file.path()) else {
        return;
    };
    let Ok(mut dump) = Dump::read(source, format) else {
        return;
    };
    let mut chunk = Chunk::default();
    while let Ok(true) = dump.records.next(&mut chunk) {
        chunk.posts().for_each(drop);
    }
    chunk.posts().for_each(drop);
}
