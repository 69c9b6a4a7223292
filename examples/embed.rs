//! Vigie inside another program: `cargo run --example embed`.

#![expect(clippy::print_stdout, reason = "an example shows what it does")]

use std::error::Error;
use vigie::engine::Engine;
use vigie::model::{Action, Post};
use vigie::policy::{check, shipped};
use vigie::ruleset::Levels;

fn main() -> Result<(), Box<dyn Error>> {
    // Any folder of policies will do; these came with the library.
    let checked = check(shipped());
    let pack = checked.pack.ok_or("the policies hold mistakes")?;
    let engine = Engine::new(pack, Levels::default());

    for text in [
        "We know where you live.",
        "The mayor lives at city hall, they say.",
    ] {
        let decision = engine.decide(&Post::of_text(text));
        let why: Vec<&str> = decision
            .reasons
            .iter()
            .map(|reason| reason.because.en.as_str())
            .collect();
        let shown = if decision.action < Action::Hold {
            "shown"
        } else {
            "kept back"
        };
        println!("{} ({shown}) {}", decision.action, why.join(" "));
    }
    Ok(())
}
