//! `vigie log`

use super::options::Format;
use super::terminal::{ERROR, grouped, say};
use super::{Ending, Failure};
use crate::store::{Proof, verify_log};
use clap::{Args, Subcommand};
use std::io::Write;
use std::path::PathBuf;

/// Prove the decision log of a sidecar
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie log verify vigie-state")]
pub(super) struct Log {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Verify(Verify),
}

impl Log {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        match &self.command {
            Command::Verify(verify) => verify.run(out),
        }
    }
}

/// Prove that a decision log is as it was written, and that telling it again gives the same ladders
///
/// Exits 1 and names file and line where it breaks: a byte was changed, lines were removed, swapped or
/// added, its end is missing, something is erased or gone that no erasure or pruning accounts for.
/// The sidecar may go on meanwhile. `docs/reference/decision-log.md` says how to do the same without
/// this program.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie log verify vigie-state --format json")]
struct Verify {
    /// The folder of the state, that of a log, or one of its files
    #[arg(value_name = "DIR|FILE")]
    path: PathBuf,
    /// How to print
    #[arg(long, default_value = "text")]
    format: Format,
}

impl Verify {
    fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        let proof = verify_log(&self.path)?;
        match self.format {
            Format::Text => tell(&proof, out)?,
            Format::Json => writeln!(out, "{}", json(&proof))?,
        }
        let Some(broken) = &proof.broken else {
            return Ok(Ending::Fine);
        };
        let (file, line, what) = (broken.file.display(), broken.line, &broken.what);
        say(&format!(
            "{ERROR}broken:{ERROR:#} `{file}`, line {line}: {what}"
        ));
        Ok(Ending::Findings)
    }
}

fn tell(proof: &Proof, out: &mut dyn Write) -> Result<(), Failure> {
    let shown = |number: u64| grouped(usize::try_from(number).unwrap_or(usize::MAX));
    let (whole, erased) = (shown(proof.whole), shown(proof.erased));
    let pruned = shown(proof.pruned);
    writeln!(
        out,
        "lines: {whole} whole, {erased} erased, {pruned} pruned"
    )?;
    writeln!(out, "told again: {}", shown(proof.replayed))?;
    if proof.broken.is_some() {
        return Ok(());
    }
    writeln!(
        out,
        "last line: {}, chain {}",
        shown(proof.last),
        proof.chain
    )?;
    match proof.acknowledged {
        Some(line) => writeln!(out, "acknowledged until line {}", shown(line))?,
        None => writeln!(
            out,
            "no head: nothing says whether lines are missing at the end"
        )?,
    }
    if proof.unfinished_bytes > 0 {
        let bytes = shown(proof.unfinished_bytes);
        writeln!(
            out,
            "at the end, {bytes} bytes that were never acknowledged"
        )?;
    }
    Ok(())
}

fn json(proof: &Proof) -> serde_json::Value {
    let broken = proof.broken.as_ref().map(
        |broken| serde_json::json!({"file": broken.file, "line": broken.line, "what": broken.what}),
    );
    serde_json::json!({
        "files": proof.files,
        "whole": proof.whole,
        "erased": proof.erased,
        "pruned": proof.pruned,
        "replayed": proof.replayed,
        "last": proof.last,
        "chain": proof.chain,
        "acknowledged": proof.acknowledged,
        "unfinished_bytes": proof.unfinished_bytes,
        "broken": broken,
    })
}
