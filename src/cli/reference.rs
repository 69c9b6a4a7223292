//! The reference page of the command line, from the help texts.

use super::Arguments;
use clap::CommandFactory;
use std::fmt::Write as _;

/// Columns of the page's help texts, whatever the terminal.
const COLUMNS: usize = 100;

/// The page.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Command line\n\n\
         Data goes to stdout, words go to stderr. Exit codes: 0 fine; 1 findings (policies with \
         errors, failed tests, lines that could not be read); 2 wrong usage or trouble with files. \
         A reader that stops reading is no trouble.\n",
    );
    let mut program = Arguments::command().term_width(COLUMNS);
    program.build();
    add(&program, "vigie", &mut page);
    page
}

fn add(command: &clap::Command, name: &str, page: &mut String) {
    let help = command.clone().term_width(COLUMNS).render_long_help();
    let lines: Vec<String> = help
        .to_string()
        .lines()
        .map(|line| line.trim_end().to_owned())
        .collect();
    let _ = writeln!(page, "\n## {name}\n\n```text\n{}\n```", lines.join("\n"));
    let commands = command.get_subcommands();
    for command in commands.filter(|it| it.get_name() != "help") {
        add(command, &format!("{name} {}", command.get_name()), page);
    }
}
