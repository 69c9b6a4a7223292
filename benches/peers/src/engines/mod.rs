//! Vigie and its peers behind one trait.

mod ac_confirm;
#[cfg(feature = "hyperscan")]
mod hyperscan;
#[cfg(feature = "re2")]
mod re2;
mod regex_each;
mod regex_set;
mod vigie;
#[cfg(feature = "yara-x")]
mod yara;

use crate::generate::Rule;
use crate::posts::Text;
use std::hint::black_box;

/// Something that knows which rules hit a post.
pub trait Engine {
    /// The rules that hit, in any order, each once.
    fn hits(&mut self, text: &Text, hits: &mut Vec<u32>);

    /// What is timed.
    fn judge(&mut self, text: &Text, hits: &mut Vec<u32>) {
        hits.clear();
        self.hits(text, hits);
        black_box(&hits);
    }

    /// What was wrong with the last texts, if anything.
    fn trouble(&self) -> Option<String> {
        None
    }
}

/// What engines are compiled from.
#[derive(Debug)]
pub struct Input {
    pub rules: Vec<Rule>,
    /// Policies whose terms read what peers read: name and YAML.
    pub plain: Vec<(String, String)>,
    /// Policies whose terms read the default view.
    pub spelled: Vec<(String, String)>,
}

/// An engine ready to run.
pub struct Built {
    pub engine: Box<dyn Engine>,
    pub memory: Memory,
}

/// Where the size of a compiled engine is known from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Memory {
    /// Bytes that Rust's allocator gave and did not get back.
    Allocator,
    /// Bytes that the engine itself tells.
    Own(u64),
    /// The difference of what the C heap holds.
    Malloc,
}

impl Memory {
    pub fn source(self) -> &'static str {
        match self {
            Self::Allocator => "allocator",
            Self::Own(_) => "engine",
            Self::Malloc => "malloc",
        }
    }
}

/// An engine that takes part.
pub struct Contender {
    pub name: &'static str,
    /// With more rules it takes many minutes: only the patient try.
    pub rules_max: usize,
    pub build: fn(&Input) -> Result<Built, String>,
    /// Whether its hits are the same as the others' by design.
    pub agrees: bool,
    /// Whether it is spared the shapes of numbers.
    pub text_only: bool,
    /// Whether the first pass over new text is a row of its own.
    pub cold_row: Option<&'static str>,
}

const fn contender(name: &'static str, rules_max: usize, build: Build) -> Contender {
    Contender {
        name,
        rules_max,
        build,
        agrees: true,
        text_only: false,
        cold_row: None,
    }
}

type Build = fn(&Input) -> Result<Built, String>;

/// The engine that the others' hits are compared with.
pub const REFERENCE: Build = ac_confirm::build;

/// All engines, in the order of the report.
pub const ALL: &[Contender] = &[
    contender("vigie", usize::MAX, vigie::plain),
    Contender {
        agrees: false,
        ..contender("vigie-spelled", usize::MAX, vigie::spelled)
    },
    #[cfg(feature = "hyperscan")]
    contender("hyperscan", 20_000, hyperscan::all),
    #[cfg(feature = "hyperscan")]
    Contender {
        text_only: true,
        ..contender("hyperscan-text", 20_000, hyperscan::text)
    },
    contender("ac-dfa", usize::MAX, ac_confirm::build),
    #[cfg(feature = "re2")]
    Contender {
        cold_row: Some("re2-set-cold"),
        ..contender("re2-set", usize::MAX, re2::build)
    },
    #[cfg(feature = "yara-x")]
    contender("yara-x", 10_000, yara::build),
    contender("regexset", 10_000, regex_set::build),
    contender("regex", 10_000, regex_each::build),
];

/// Peers that this build left out.
pub const LEFT_OUT: &[&str] = &[
    #[cfg(not(feature = "hyperscan"))]
    "hyperscan",
    #[cfg(not(feature = "re2"))]
    "re2-set",
    #[cfg(not(feature = "yara-x"))]
    "yara-x",
];

fn in_words(error: impl std::fmt::Display) -> String {
    error.to_string()
}
