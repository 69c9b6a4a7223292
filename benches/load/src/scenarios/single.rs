//! Processor time of one post a request, against an echo of the same bodies.

use super::{Field, drive_well};
use crate::drive::Pace;
use crate::process::Server;
use crate::report::{Finding, Wanted, median};

pub async fn measure(field: &Field<'_>) -> Result<Vec<Finding>, String> {
    let (echo, sidecar) = (field.echo().await?, field.sidecar().await?);
    let (mut echoed, mut judged, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    // Once for nothing: pages, branches and connections get warm.
    for round in 0..=field.options.rounds {
        let of_echo = micros_a_request(field, &echo).await?;
        let of_sidecar = micros_a_request(field, &sidecar).await?;
        if round > 0 {
            echoed.push(of_echo);
            judged.push(of_sidecar);
            ratios.push(of_sidecar / of_echo);
        }
    }
    Ok(vec![Finding {
        what: "processor time of a post, one a request, to an echo's",
        measured: median(ratios),
        unit: "x",
        wanted: Wanted::AtMost(1.8),
        told: format!(
            "{:.2} us a post, {:.2} us an echo",
            median(judged),
            median(echoed)
        ),
    }])
}

async fn micros_a_request(field: &Field<'_>, server: &Server) -> Result<f64, String> {
    let load = field.load(server, &field.posts.single, Pace::Closed);
    let before = server.processor_ns()?;
    let driven = drive_well(&load).await?;
    let spent = server.processor_ns()? - before;
    Ok(spent as f64 / 1e3 / driven.accepted as f64)
}
