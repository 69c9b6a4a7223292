//! What judging costs, step by step: folding, finding words, matching, deciding, compiling; with the
//! shipped pack and with ten thousand made-up rules. Beside other engines: `benches/peers`.

#![allow(
    dead_code,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::needless_pass_by_value,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    clippy::wildcard_enum_match_arm,
    reason = "criterion's macros, another package's module with that package's lints, and a bench \
              stops where something is wrong"
)]

#[path = "peers/src/generate.rs"]
mod generate;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use generate::policies::{View, policies};
use generate::vocabulary::Vocabulary;
use generate::writing;
use std::hint::black_box;
use vigie::engine::Engine;
use vigie::model::{EvidenceKey, Post};
use vigie::policy::{RawFile, check, shipped};
use vigie::registry::{Alias, AliasKind, Registry, RegistryKey};
use vigie::ruleset::{Levels, Page, Scratch};
use vigie::text::{Folded, Outline, fold};

const SEED: u64 = 7;
const POSTS: usize = 500;
const RULES: usize = 10_000;

fn posts() -> Vec<String> {
    let vocabulary = Vocabulary::invented(SEED);
    let rules = generate::rules(&vocabulary, RULES, SEED);
    let written = writing::posts(&vocabulary, &rules, POSTS, SEED);
    written.into_iter().map(|post| post.text).collect()
}

fn made_up() -> Vec<RawFile> {
    let rules = generate::rules(&Vocabulary::invented(SEED), RULES, SEED);
    let files = policies(&rules, View::Default).into_iter();
    let file = |(name, text): (String, String)| RawFile {
        name,
        bytes: text.into_bytes(),
    };
    files.map(file).collect()
}

fn engine(files: Vec<RawFile>) -> Engine {
    let pack = check(files).pack.expect("a pack without errors");
    Engine::new(pack, Levels::default())
}

fn reading(c: &mut Criterion) {
    let posts = posts();
    let bytes: usize = posts.iter().map(String::len).sum();
    let mut group = c.benchmark_group("read");
    group.throughput(Throughput::Bytes(bytes as u64));
    let mut view = Folded::default();
    group.bench_function("fold", |b| {
        b.iter(|| posts.iter().for_each(|post| view.fold(black_box(post))));
    });
    let folded: Vec<String> = posts
        .iter()
        .map(|post| fold(post).text().to_owned())
        .collect();
    let mut outline = Outline::default();
    group.bench_function("outline", |b| {
        b.iter(|| folded.iter().for_each(|text| outline.draw(black_box(text))));
    });
    group.finish();
}

fn judging(c: &mut Criterion) {
    let posts = posts();
    let bytes: usize = posts.iter().map(String::len).sum();
    for (name, files) in [("shipped", shipped()), ("10000", made_up())] {
        let engine = engine(files);
        let matcher = engine.ruleset().matcher();
        let mut group = c.benchmark_group(name);
        group.throughput(Throughput::Bytes(bytes as u64));
        let (mut page, mut scratch) = (Page::default(), Scratch::default());
        group.bench_function("match", |b| {
            b.iter(|| {
                for post in &posts {
                    let reading = page.read(post);
                    let undisguised = matcher.undisguise(&reading, &mut scratch);
                    black_box(matcher.may_fire(&reading, undisguised.as_ref(), &mut scratch));
                }
            });
        });
        group.bench_function("find everything", |b| {
            b.iter(|| {
                for post in &posts {
                    black_box(matcher.see(&page.read(post)));
                }
            });
        });
        group.bench_function("evaluate", |b| {
            b.iter(|| {
                for post in &posts {
                    black_box(engine.decide(&Post::of_text(post.as_str())));
                }
            });
        });
        group.finish();
    }
}

/// A thousand invented people, each with a name, an account, a telephone and an address, none of whom
/// the posts name.
fn registry() -> Registry {
    let key = EvidenceKey {
        name: "bench".to_owned(),
        secret: vec![7; 16],
    };
    let key = RegistryKey::new(&key).expect("a long secret");
    let mut entries = Vec::new();
    for person in 0..1_000 {
        let target = format!("p{person}");
        let known = [
            (AliasKind::Name, format!("Given{person} Family{person}")),
            (AliasKind::Handle, format!("@handle{person}")),
            (AliasKind::Phone, format!("06 39 98 {person:04}")),
            (
                AliasKind::Address,
                format!("{person} rue Imaginaire{person}"),
            ),
        ];
        for (kind, written) in known {
            let alias = Alias {
                kind,
                written: &written,
                country: Some("fr"),
            };
            entries.push(key.entry(&target, &alias).expect("an alias"));
        }
    }
    Registry::new(&key, &entries)
}

fn protecting(c: &mut Criterion) {
    let posts = posts();
    let bytes: usize = posts.iter().map(String::len).sum();
    let folded: Vec<(String, Outline)> = posts
        .iter()
        .map(|post| fold(post).text().to_owned())
        .map(|text| (text.clone(), Outline::of(&text)))
        .collect();
    let registry = registry();
    let mut group = c.benchmark_group("registry");
    group.throughput(Throughput::Bytes(bytes as u64));
    group.bench_function("find", |b| {
        b.iter(|| {
            for (text, outline) in &folded {
                black_box(registry.find(text, outline));
            }
        });
    });
    group.finish();
}

fn compiling(c: &mut Criterion) {
    let mut group = c.benchmark_group("compile");
    group.sample_size(10);
    for (name, files) in [("shipped", shipped()), ("10000", made_up())] {
        group.bench_function(name, |b| {
            b.iter_batched(|| files.clone(), engine, BatchSize::PerIteration);
        });
    }
    group.finish();
}

criterion_group!(benches, reading, judging, protecting, compiling);
criterion_main!(benches);
