//! Where output goes. Colour is written always and taken away where it is not wanted.

use crate::model::Action;
use anstream::ColorChoice;
use anstyle::{AnsiColor, Style};
use std::io::{self, BufWriter, Write};

/// Errors.
pub(super) const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
/// Warnings.
pub(super) const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// What went well.
pub(super) const GOOD: Style = AnsiColor::Green.on_default();
/// What matters in a line.
pub(super) const STRONG: Style = Style::new().bold();
/// What stands aside.
pub(super) const ASIDE: Style = Style::new().dimmed();

/// What the evidence speaks of.
pub(super) const MARKED: Style = AnsiColor::BrightYellow.on_default().bold().underline();

/// The colour of an action.
pub(super) fn action_style(action: Action) -> Style {
    let color = match action {
        Action::Allow => AnsiColor::Green,
        Action::Note => AnsiColor::Cyan,
        Action::Review => AnsiColor::Yellow,
        Action::Hold => AnsiColor::Magenta,
        Action::Remove => AnsiColor::Red,
    };
    color.on_default().bold()
}

/// Whether colours will be seen, for what has to be told in another way when they aren't.
pub(super) fn is_coloured() -> bool {
    match anstream::AutoStream::choice(&io::stdout()) {
        ColorChoice::Always | ColorChoice::AlwaysAnsi => true,
        ColorChoice::Auto | ColorChoice::Never => false,
    }
}

/// The data. Whoever writes flushes at the end, to learn whether it arrived.
pub(super) fn out() -> impl Write {
    BufWriter::new(anstream::stdout().lock())
}

/// Words about the data. Nothing can be done when they don't arrive.
pub(super) fn say(words: &str) {
    let _ = writeln!(anstream::stderr().lock(), "{words}");
}

/// Words about what stopped the program.
pub(super) fn error(words: &str) {
    say(&format!("{ERROR}error:{ERROR:#} {words}"));
}

/// `1 error`, `2 errors`, `1,000 errors`.
pub(super) fn count(number: usize, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{} {one}s", grouped(number)),
    }
}

/// `1,234,567`.
pub(super) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}
