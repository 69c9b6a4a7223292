//! Long at twice what the sidecar can take: it refuses at once what it can't, and stays what it was.

use super::latency::{highest_rate, p99_at};
use super::{Field, drive_well};
use crate::drive::{Driven, Pace, drive};
use crate::process::Server;
use crate::report::{Finding, Wanted};
use std::time::Duration;

/// Connections: more than the sidecar lets in at once.
const CONNECTIONS: u32 = 1_024;
/// Connections that get the most out of it: where the disk is slow, few of them wait for it most of the time.
const MANY: u32 = 128;
/// Parts of the time, so that memory is looked at between them.
const PARTS: u64 = 10;
/// Posts that the sidecar may remember: so many that count come in a minute or two here, and in weeks in a forum. What
/// is to be seen is whether memory stands still once they are remembered.
const REMEMBERED: &str = "50000";

pub async fn measure(field: &Field<'_>) -> Result<Vec<Finding>, String> {
    let sidecar = field.sidecar_with(&["--subjects-max", REMEMBERED]).await?;
    let mut highest = 0.0_f64;
    for connections in [field.options.connections, MANY] {
        highest = highest.max(highest_rate(field, &sidecar, connections).await?);
    }
    let normal = p99_at(field, &sidecar, (MANY, highest / 2.0)).await?;
    let mut parts = Vec::new();
    for _ in 0..PARTS {
        let driven = press(field, &sidecar, 2.0 * highest).await?;
        parts.push((driven, sidecar.memory()?));
    }
    drive_well(&field.load(&sidecar, &field.posts.single, Pace::Closed)).await?;
    Ok(findings(normal, &parts))
}

async fn press(field: &Field<'_>, sidecar: &Server, rate: f64) -> Result<Driven, String> {
    let mut load = field.load(sidecar, &field.posts.single, Pace::Pressing(rate));
    load.connections = CONNECTIONS;
    load.lasts = Duration::from_secs(field.options.overload_seconds.div_ceil(PARTS));
    drive(&load, None).await
}

fn findings(normal: f64, parts: &[(Driven, u64)]) -> Vec<Finding> {
    let sum = |of: fn(&Driven) -> u64| parts.iter().map(|(driven, _)| of(driven)).sum::<u64>();
    let (accepted, refused) = (sum(|it| it.accepted), sum(|it| it.refused));
    let wrong = sum(|it| it.wrong);
    let first = parts.iter().find_map(|(it, _)| it.first_wrong.as_deref());
    let mut p99s: Vec<f64> = parts.iter().map(|(driven, _)| driven.p99()).collect();
    p99s.sort_by(f64::total_cmp);
    let p99 = crate::report::median(p99s);
    let memory = |at: usize| parts.get(at).map_or(f64::NAN, |(_, bytes)| *bytes as f64);
    let grown = parts.iter();
    let grown: Vec<String> = grown
        .map(|(_, bytes)| format!("{:.0}", *bytes as f64 / 1e6))
        .collect();
    let (early, late) = (memory(1), memory(parts.len() - 1));
    vec![
        Finding {
            what: "answers that are neither 200 nor a 503 with Retry-After",
            measured: wrong as f64,
            unit: "",
            wanted: Wanted::AtMost(0.0),
            told: format!(
                "{accepted} accepted, {refused} refused{}",
                first
                    .map(|it| format!("; the first wrong: {it}"))
                    .unwrap_or_default()
            ),
        },
        Finding {
            what: "99th percentile of accepted posts, to the normal one",
            measured: p99 / normal,
            unit: "x",
            wanted: Wanted::AtMost(3.0),
            told: format!("{p99:.0} us at twice what it takes, {normal:.0} us at half"),
        },
        Finding {
            what: "memory at the end, to that after a fifth",
            measured: late / early,
            unit: "x",
            wanted: Wanted::AtMost(1.1),
            told: format!("in MB, each after a tenth of the time: {}", grown.join(" ")),
        },
    ]
}
