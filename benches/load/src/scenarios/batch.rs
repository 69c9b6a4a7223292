//! Posts a second in batches, against the echo's requests a second with one post each.

use super::{Field, drive_well};
use crate::drive::Pace;
use crate::posts::BATCH;
use crate::report::{Finding, Wanted, median};

pub async fn measure(field: &Field<'_>) -> Result<Vec<Finding>, String> {
    let (echo, sidecar) = (field.echo().await?, field.sidecar().await?);
    let (mut echoed, mut judged, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=field.options.rounds {
        let single = field.load(&echo, &field.posts.single, Pace::Closed);
        let of_echo = drive_well(&single).await?.rate();
        let batches = field.load(&sidecar, &field.posts.batch, Pace::Closed);
        let of_sidecar = drive_well(&batches).await?.rate() * BATCH as f64;
        if round > 0 {
            echoed.push(of_echo);
            judged.push(of_sidecar);
            ratios.push(of_sidecar / of_echo);
        }
    }
    Ok(vec![Finding {
        what: "posts a second in batches of 64, to echo requests a second",
        measured: median(ratios),
        unit: "x",
        wanted: Wanted::AtLeast(3.0),
        told: format!(
            "{:.0} posts a second, {:.0} echo requests a second",
            median(judged),
            median(echoed)
        ),
    }])
}
