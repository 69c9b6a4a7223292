//! Engines of one size against each other: compiled, checked for agreement, timed in turn.

use crate::engines::{Built, Contender, Engine, Input, Memory, REFERENCE};
use crate::generate::{Kind, Language};
use crate::memory::{heap_in_use, held_by};
use crate::posts::Text;
use std::time::{Duration, Instant};

/// Posts after compiling that are told apart from the steady state.
pub const FIRST_POSTS: usize = 3_000;

/// What one round of one engine may take: slow engines are given fewer posts.
const ROUND: Duration = Duration::from_millis(500);
/// What the first pass may take.
const FIRST_PASS: Duration = Duration::from_millis(1_500);
/// What comparing hits may take.
const COMPARING: Duration = Duration::from_secs(5);
/// Engines that compile faster than this are compiled several times.
const COMPILED_AGAIN: Duration = Duration::from_secs(2);
const COMPILED_TIMES_MAX: usize = 3;
/// No fewer posts than this are timed.
const SAMPLE_MIN: usize = 50;

/// What was measured of one engine at one size.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub engine: &'static str,
    pub rules: usize,
    /// Why nothing else is known.
    pub skipped: Option<String>,
    /// What was wrong although it ran.
    pub trouble: Option<String>,
    pub posts: usize,
    pub ns_per_post: f64,
    pub ns_per_post_min: f64,
    pub ns_per_byte: f64,
    pub compile_s: f64,
    pub bytes: u64,
    pub bytes_from: &'static str,
    /// Of the whole C heap, once the first pass is over.
    pub heap_after_first_pass: Option<u64>,
    pub first_pass_ns_per_post: f64,
    pub first_pass_posts: usize,
    pub first3000_ns_per_post: Option<f64>,
    pub steady3000_ns_per_post: Option<f64>,
    pub english_ns_per_byte: Option<f64>,
    pub french_ns_per_byte: Option<f64>,
    pub agreement: Agreement,
}

/// How an engine's hits compare with the reference's.
#[derive(Clone, Debug, Default)]
pub struct Agreement {
    pub compared: usize,
    /// Posts of plain ASCII with other hits.
    pub differ_ascii: usize,
    /// Other posts with other hits: what a letter is outside of ASCII is a matter of opinion.
    pub differ_other: usize,
    /// Whether a difference is a mistake.
    pub counts: bool,
}

impl Row {
    /// Whether it found other rules than it should.
    pub fn is_wrong(&self) -> bool {
        self.agreement.counts && self.agreement.differ_ascii > 0 && self.trouble.is_none()
    }
}

/// What the policies find in the posts.
#[derive(Clone, Copy, Debug, Default)]
pub struct Hits {
    pub share_of_posts: f64,
    pub per_hit_post: f64,
}

/// An engine that runs, and what is known of it.
pub struct Contestant {
    contender: &'static Contender,
    pub engine: Box<dyn Engine>,
    pub row: Row,
    sample: usize,
    rounds: Vec<Round>,
}

/// Nanoseconds per post, and per byte, of one round.
#[derive(Clone, Copy, Debug)]
struct Round {
    post: f64,
    byte: f64,
    first_posts: f64,
    english_byte: f64,
    french_byte: f64,
}

/// Compiles an engine, and runs it over posts that it has never seen.
pub fn enter(
    contender: &'static Contender,
    input: &Input,
    texts: &[Text],
) -> Result<Contestant, String> {
    let begun = Instant::now();
    let mut compile = Vec::new();
    let mut first_pass = Vec::new();
    let mut first_posts = Vec::new();
    loop {
        let heap_before = heap_in_use();
        let start = Instant::now();
        let (built, held) = held_by(|| (contender.build)(input));
        let compiled = start.elapsed();
        let Built { mut engine, memory } = built?;
        let heap = || Some(heap_in_use()?.saturating_sub(heap_before?));
        let bytes = match memory {
            Memory::Allocator => held,
            Memory::Own(bytes) => bytes,
            Memory::Malloc => heap().unwrap_or_default(),
        };
        let pass = first_look(&mut *engine, texts);
        compile.push(compiled.as_secs_f64());
        first_pass.push(pass.total.as_nanos() as f64 / pass.posts.max(1) as f64);
        first_posts.extend(pass.first_posts);
        let spent = begun.elapsed();
        let again = compile.len() < COMPILED_TIMES_MAX && spent < COMPILED_AGAIN;
        if again {
            continue;
        }
        let first_pass_ns_per_post = median(&mut first_pass);
        let row = Row {
            engine: contender.name,
            rules: input.rules.len(),
            compile_s: median(&mut compile),
            bytes,
            bytes_from: memory.source(),
            heap_after_first_pass: heap(),
            first_pass_ns_per_post,
            first_pass_posts: pass.posts,
            first3000_ns_per_post: (!first_posts.is_empty()).then(|| median(&mut first_posts)),
            ..Row::default()
        };
        let fits = ROUND.as_nanos() as f64 / first_pass_ns_per_post.max(1.0);
        let fits = match contender.cold_row {
            // Warm is faster than cold, and over as many posts no less honest.
            Some(_) => pass.posts,
            None => fits as usize,
        };
        let sample = fits.max(SAMPLE_MIN).min(texts.len());
        return Ok(Contestant {
            contender,
            engine,
            row,
            sample,
            rounds: Vec::new(),
        });
    }
}

/// The first pass over posts.
struct FirstLook {
    total: Duration,
    posts: usize,
    /// Nanoseconds per post of the first ones, when there were so many.
    first_posts: Option<f64>,
}

fn first_look(engine: &mut dyn Engine, texts: &[Text]) -> FirstLook {
    let mut hits = Vec::new();
    let mut look = FirstLook {
        total: Duration::ZERO,
        posts: 0,
        first_posts: None,
    };
    // Eight at a time, so that looking at the clock costs nothing.
    let start = Instant::now();
    for texts in texts.chunks(8) {
        for text in texts {
            engine.judge(text, &mut hits);
        }
        look.posts += texts.len();
        look.total = start.elapsed();
        if look.posts == FIRST_POSTS {
            look.first_posts = Some(look.total.as_nanos() as f64 / FIRST_POSTS as f64);
        }
        if look.total > FIRST_PASS {
            break;
        }
    }
    look
}

/// What the reference finds, post by post.
pub fn expected(input: &Input, texts: &[Text]) -> Result<(Vec<Vec<u32>>, Hits), String> {
    let mut engine = REFERENCE(input)?.engine;
    let all: Vec<Vec<u32>> = texts
        .iter()
        .map(|text| sorted(&mut *engine, text))
        .collect();
    let hit = all.iter().filter(|hits| !hits.is_empty()).count();
    let sum: usize = all.iter().map(Vec::len).sum();
    let hits = Hits {
        share_of_posts: hit as f64 / all.len().max(1) as f64,
        per_hit_post: sum as f64 / hit.max(1) as f64,
    };
    Ok((all, hits))
}

fn sorted(engine: &mut dyn Engine, text: &Text) -> Vec<u32> {
    let mut hits = Vec::new();
    engine.hits(text, &mut hits);
    hits.sort_unstable();
    hits
}

impl Contestant {
    /// Compares what it finds with what it should.
    pub fn compare(&mut self, input: &Input, texts: &[Text], expected: &[Vec<u32>]) {
        let start = Instant::now();
        let agreement = &mut self.row.agreement;
        agreement.counts = self.contender.agrees;
        for (text, expected) in texts.iter().zip(expected) {
            if start.elapsed() > COMPARING {
                break;
            }
            let found = sorted(&mut *self.engine, text);
            let asked = |rule: &&u32| {
                !self.contender.text_only || input.rules[**rule as usize].kind != Kind::Numeric
            };
            agreement.compared += 1;
            if !found.iter().eq(expected.iter().filter(asked)) {
                match text.is_ascii() {
                    true => agreement.differ_ascii += 1,
                    false => agreement.differ_other += 1,
                }
            }
        }
    }

    /// One round over its share of the posts.
    pub fn round(&mut self, texts: &[Text]) {
        let texts = &texts[..self.sample];
        let (first, rest) = texts.split_at(texts.len().min(FIRST_POSTS));
        let first = self.pass(first.iter());
        let rest = self.pass(rest.iter());
        let mut of = |language| {
            let texts = texts.iter().filter(|text| text.language == language);
            let Pass { ns, bytes, .. } = self.pass(texts);
            ns / bytes
        };
        let (english_byte, french_byte) = (of(Language::English), of(Language::French));
        self.rounds.push(Round {
            post: (first.ns + rest.ns) / (first.posts + rest.posts),
            byte: (first.ns + rest.ns) / (first.bytes + rest.bytes),
            first_posts: first.ns / first.posts,
            english_byte,
            french_byte,
        });
    }

    fn pass<'t>(&mut self, texts: impl Iterator<Item = &'t Text>) -> Pass {
        let mut hits = Vec::new();
        let (mut posts, mut bytes) = (0, 0);
        let start = Instant::now();
        for text in texts {
            posts += 1;
            bytes += text.raw.len();
            self.engine.judge(text, &mut hits);
        }
        Pass {
            ns: start.elapsed().as_nanos() as f64,
            posts: posts as f64,
            bytes: bytes as f64,
        }
    }

    /// What was measured: the row of the engine, and of the first pass when that is one of its own.
    pub fn rows(&mut self) -> Vec<Row> {
        let of = |value: fn(&Round) -> f64| {
            median(&mut self.rounds.iter().map(value).collect::<Vec<_>>())
        };
        let row = Row {
            trouble: self.engine.trouble(),
            posts: self.sample,
            ns_per_post: of(|round| round.post),
            ns_per_post_min: self
                .rounds
                .iter()
                .map(|r| r.post)
                .fold(f64::INFINITY, f64::min),
            ns_per_byte: of(|round| round.byte),
            steady3000_ns_per_post: (self.sample >= FIRST_POSTS).then(|| of(|r| r.first_posts)),
            english_ns_per_byte: Some(of(|r| r.english_byte)).filter(|ns| ns.is_finite()),
            french_ns_per_byte: Some(of(|r| r.french_byte)).filter(|ns| ns.is_finite()),
            ..self.row.clone()
        };
        let cold = self.contender.cold_row.map(|name| Row {
            engine: name,
            posts: row.first_pass_posts,
            ns_per_post: row.first_pass_ns_per_post,
            ns_per_post_min: row.first_pass_ns_per_post,
            ns_per_byte: row.ns_per_byte * row.first_pass_ns_per_post / row.ns_per_post,
            english_ns_per_byte: None,
            french_ns_per_byte: None,
            steady3000_ns_per_post: None,
            ..row.clone()
        });
        cold.into_iter().chain([row]).collect()
    }
}

/// What a pass took.
struct Pass {
    ns: f64,
    posts: f64,
    bytes: f64,
}

/// The middle one.
pub fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or_default()
}
