//! The slowest hundredth at half of the highest rate that the sidecar sustains, against the echo's
//! at that rate.

use super::{Field, drive_well};
use crate::drive::Pace;
use crate::process::Server;
use crate::report::{Finding, Wanted, median};

pub async fn measure(field: &Field<'_>) -> Result<Vec<Finding>, String> {
    let (echo, sidecar) = (field.echo().await?, field.sidecar().await?);
    let connections = field.options.connections;
    let half = highest_rate(field, &sidecar, connections).await? / 2.0;
    let (mut echoed, mut judged, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=field.options.rounds {
        let of_echo = p99_at(field, &echo, (connections, half)).await?;
        let of_sidecar = p99_at(field, &sidecar, (connections, half)).await?;
        if round > 0 {
            echoed.push(of_echo);
            judged.push(of_sidecar);
            ratios.push(of_sidecar / of_echo);
        }
    }
    Ok(vec![Finding {
        what: "99th percentile at half of the highest rate, to the echo's",
        measured: median(ratios),
        unit: "x",
        wanted: Wanted::AtMost(2.0),
        told: format!(
            "{:.0} us, {:.0} us of the echo, both at {half:.0} a second",
            median(judged),
            median(echoed)
        ),
    }])
}

/// Requests a second that are answered when each follows the one before.
pub async fn highest_rate(
    field: &Field<'_>,
    server: &Server,
    connections: u32,
) -> Result<f64, String> {
    let mut rates = Vec::new();
    for _ in 0..field.options.rounds {
        let mut load = field.load(server, &field.posts.single, Pace::Closed);
        load.connections = connections;
        rates.push(drive_well(&load).await?.rate());
    }
    Ok(median(rates))
}

/// In microseconds, over so many connections at a rate.
pub async fn p99_at(
    field: &Field<'_>,
    server: &Server,
    (connections, rate): (u32, f64),
) -> Result<f64, String> {
    let mut load = field.load(server, &field.posts.single, Pace::Rate(rate));
    load.connections = connections;
    Ok(drive_well(&load).await?.p99())
}
