//! The page of every mistake, for `docs/` and for the terminal.

use super::Code;
use std::fmt::Write as _;

/// One code's page: what it means and what to do.
#[must_use]
pub fn explanation(code: Code) -> String {
    format!(
        "{} {} ({})\n\n{}\n",
        code.id(),
        code.name(),
        code.severity().name(),
        code.page()
    )
}

/// All pages, in Markdown.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Diagnostics\n\n\
         Every mistake that `vigie check` knows. Ids are stable and never reused. An error refuses \
         the whole pack; a warning asks somebody to look. This page is generated from the code.\n",
    );
    for code in Code::ALL {
        let _ = write!(
            page,
            "\n## {} `{}`\n\n*{}* — {}\n",
            code.id(),
            code.name(),
            code.severity().name(),
            code.page()
        );
    }
    page
}
