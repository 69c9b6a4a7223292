//! Quantities of the language of ladders: durations and numbers with a fraction.

use super::Reader;
use crate::diagnostics::Code;
use crate::model::{Span, duration_seconds};
use crate::policy::yaml::{Node, Spanned};

impl Reader<'_> {
    /// A duration of at most so many hours.
    pub(in crate::policy) fn duration(
        &mut self,
        node: &Node,
        hours_max: u32,
    ) -> Option<Spanned<Span>> {
        let text = self.text(node)?;
        let Some(seconds) = duration_seconds(&text.value) else {
            let message = format!("`{}` is not a duration", text.value);
            let help = match text.value.trim().parse::<u32>() {
                Ok(number) => format!("say of what: `{number}h` hours, `{number}d` days"),
                Err(_) => "write for instance `90s`, `5m`, `36h`, `2d` or `1w`".to_owned(),
            };
            self.report(Code::BadDuration, &node.span, message).help = Some(help);
            return None;
        };
        let value = Span::from_seconds(seconds);
        if value > Span::hours(hours_max) {
            let message = format!("`{}` is longer than {} days", text.value, hours_max / 24);
            self.report(Code::OutOfRange, &node.span, message);
            return None;
        }
        let span = node.span.clone();
        Some(Spanned { value, span })
    }

    /// A duration that is not nothing.
    pub(in crate::policy) fn window(
        &mut self,
        node: &Node,
        hours_max: u32,
    ) -> Option<Spanned<Span>> {
        let window = self.duration(node, hours_max)?;
        if window.value == Span::default() {
            let message = "nothing happens within no time";
            self.report(Code::OutOfRange, &node.span, message);
            return None;
        }
        Some(window)
    }

    /// A number in a range, with a fraction or without.
    pub(in crate::policy) fn decimal(&mut self, node: &Node, low: u32, high: u32) -> Option<f64> {
        let text = self.text(node)?;
        let Ok(number) = text.value.parse::<f64>() else {
            let message = format!("expected a number, found `{}`", text.value);
            self.report(Code::WrongType, &node.span, message);
            return None;
        };
        if (f64::from(low)..=f64::from(high)).contains(&number) {
            return Some(number);
        }
        let message = format!("{number} is not between {low} and {high}");
        self.report(Code::OutOfRange, &node.span, message);
        None
    }
}
