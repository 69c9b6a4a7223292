//! The sidecar under load: beside an echo of the same bodies, in one run, on this machine only.
//!
//! The server has the first processor, the load the others. Everything is bounded in count and time.

mod drive;
mod echo;
mod http;
mod options;
mod posts;
mod process;
mod report;
mod scenarios;

use clap::Parser;
use options::{Command, Options};
use std::process::ExitCode;

fn main() -> ExitCode {
    let options = Options::parse();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(run(&options)),
        Err(error) => Err(error.to_string()),
    };
    match ended {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(error) => {
            eprintln!("load: {error}");
            ExitCode::from(2)
        }
    }
}

/// Whether every bar holds.
async fn run(options: &Options) -> Result<bool, String> {
    if let Some(Command::Echo { listen }) = &options.command {
        return echo::serve(listen).await.map(|()| true);
    }
    process::keep_off()?;
    let field = scenarios::Field::prepare(&options.measuring)?;
    let mut holds = true;
    for scenario in options.measuring.wanted() {
        let findings = scenarios::run(scenario, &field).await?;
        for finding in &findings {
            holds &= finding.holds();
            report::show(finding, options.measuring.json);
        }
    }
    Ok(holds)
}
