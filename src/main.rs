//! Arguments in, exit code out.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "the shell"
)]

use std::io::BufRead;
use std::process::ExitCode;
use vigie::diagnostics::to_text;
use vigie::engine::Engine;
use vigie::policy::{RawFile, check, shipped};
use vigie::wire::{decision_json, post_from_json};

fn main() -> ExitCode {
    let mut args = std::env::args().skip(1);
    let command = args.next().unwrap_or_default();
    let files: Vec<String> = args.collect();
    let raw: Vec<RawFile> = match command.as_str() {
        "check" => files
            .iter()
            .map(|name| RawFile {
                name: name.clone(),
                bytes: std::fs::read(name).unwrap_or_default(),
            })
            .collect(),
        _ => shipped(),
    };
    let checked = check(raw);
    for diagnostic in &checked.diagnostics {
        eprintln!("{}\n", to_text(diagnostic, false));
    }
    let Some(pack) = checked.pack else {
        return ExitCode::from(1);
    };
    let engine = Engine::new(pack, vigie::ruleset::Levels::default());
    if command == "scan" {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            if let Ok(post) = post_from_json(&line) {
                println!("{}", decision_json(&engine.decide_with_signals(&post)));
            }
        }
    }
    ExitCode::SUCCESS
}
