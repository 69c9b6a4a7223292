//! Vigie, whole: the raw text is folded, matched, judged by rules, and a decision is made.

use super::{Built, Engine, Input, Memory, Text};
use crate::generate::policies::place_of;
use std::hint::black_box;
use vigie::diagnostics::Severity;
use vigie::model::{Decision, Post};
use vigie::policy::{RawFile, check};
use vigie::ruleset::Levels;

struct Vigie(vigie::engine::Engine);

pub(super) fn plain(input: &Input) -> Result<Built, String> {
    build(&input.plain)
}

pub(super) fn spelled(input: &Input) -> Result<Built, String> {
    build(&input.spelled)
}

fn build(policies: &[(String, String)]) -> Result<Built, String> {
    let files = policies.iter().map(|(name, text)| RawFile {
        name: name.clone(),
        bytes: text.clone().into_bytes(),
    });
    let checked = check(files.collect());
    let Some(pack) = checked.pack else {
        let errors = checked.diagnostics.iter();
        let first = errors
            .filter(|d| d.code.severity() == Severity::Error)
            .map(|d| format!("{}: {}", d.source.name, d.message))
            .next();
        return Err(first.unwrap_or_else(|| "no pack".to_owned()));
    };
    let engine = vigie::engine::Engine::new(pack, Levels::default());
    Ok(Built {
        engine: Box::new(Vigie(engine)),
        memory: Memory::Allocator,
    })
}

impl Vigie {
    fn decide(&self, text: &Text) -> Decision {
        self.0.decide(&Post::of_text(text.raw.as_str()))
    }
}

impl Engine for Vigie {
    fn hits(&mut self, text: &Text, hits: &mut Vec<u32>) {
        let decision = self.decide(text);
        hits.extend(
            decision
                .reasons
                .iter()
                .filter_map(|reason| place_of(&reason.rule)),
        );
    }

    fn judge(&mut self, text: &Text, _hits: &mut Vec<u32>) {
        black_box(self.decide(text));
    }
}
