//! Where output goes. Colour is written always and taken away where it is not wanted.

use anstyle::{AnsiColor, Style};
use std::io::{BufWriter, Write};

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

/// `1 error`, `2 errors`.
pub(super) fn count(number: usize, one: &str) -> String {
    match number {
        1 => format!("1 {one}"),
        _ => format!("{number} {one}s"),
    }
}
