//! The single-post load over a Unix socket, against TCP.

use super::{Field, drive_well};
use crate::drive::Pace;
use crate::http::Address;
use crate::report::{Finding, Wanted, median};

pub async fn measure(field: &Field<'_>) -> Result<Vec<Finding>, String> {
    let (mut over_tcp, mut over_unix, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    let socket = Address::Unix(field.path("vigie.sock"));
    for round in 0..=field.options.rounds {
        let tcp = rate(field, None).await?;
        let unix = rate(field, Some(&socket)).await?;
        if round > 0 {
            over_tcp.push(tcp);
            over_unix.push(unix);
            ratios.push(unix / tcp);
        }
    }
    Ok(vec![Finding {
        what: "posts a second over a Unix socket, to TCP",
        measured: median(ratios),
        unit: "x",
        wanted: Wanted::AtLeast(1.3),
        told: format!(
            "{:.0} a second over the socket, {:.0} over TCP",
            median(over_unix),
            median(over_tcp)
        ),
    }])
}

/// One sidecar holds the state: they take turns.
async fn rate(field: &Field<'_>, socket: Option<&Address>) -> Result<f64, String> {
    let server = match socket {
        Some(socket) => {
            let policies = field.path("policies");
            field
                .sidecar_at(socket.clone(), Some(&policies), &[])
                .await?
        }
        None => field.sidecar().await?,
    };
    let load = field.load(&server, &field.posts.single, Pace::Closed);
    let rate = drive_well(&load).await?.rate();
    server.stop()?;
    Ok(rate)
}
