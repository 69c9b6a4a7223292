//! What was found, for people or for programs.

use serde_json::json;

/// One figure, with what is wanted of it.
pub struct Finding {
    pub what: &'static str,
    pub measured: f64,
    pub unit: &'static str,
    pub wanted: Wanted,
    /// What it was made of.
    pub told: String,
}

pub enum Wanted {
    AtMost(f64),
    AtLeast(f64),
}

impl Finding {
    pub fn holds(&self) -> bool {
        match self.wanted {
            Wanted::AtMost(bar) => self.measured <= bar,
            Wanted::AtLeast(bar) => self.measured >= bar,
        }
    }
}

/// Prints one.
pub fn show(finding: &Finding, as_json: bool) {
    let (sign, bar) = match finding.wanted {
        Wanted::AtMost(bar) => ("at most", bar),
        Wanted::AtLeast(bar) => ("at least", bar),
    };
    let holds = finding.holds();
    if as_json {
        let line = json!({
            "what": finding.what, "measured": finding.measured, "unit": finding.unit,
            "wanted": format!("{sign} {bar}"), "holds": holds, "told": finding.told,
        });
        println!("{line}");
        return;
    }
    let mark = if holds { "  " } else { "! " };
    println!(
        "{mark}{:<58} {:>8.2} {} ({sign} {bar})",
        finding.what, finding.measured, finding.unit
    );
    println!("     {}", finding.told);
}

/// The middle of several measurements.
pub fn median(mut of: Vec<f64>) -> f64 {
    of.sort_by(f64::total_cmp);
    match of.len() {
        0 => f64::NAN,
        n if n % 2 == 1 => of[n / 2],
        n => f64::midpoint(of[n / 2 - 1], of[n / 2]),
    }
}
