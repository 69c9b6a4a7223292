//! The service log: text or JSON on stderr. No text of a post, no id, no query, no key.

use super::config::{Config, LogFormat, LogLevel};
use std::io;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;

/// The log that a configuration asks for, written to `writer`.
pub fn subscriber<W>(config: &Config, writer: W) -> Box<dyn tracing::Subscriber + Send + Sync>
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let level = match config.log_level {
        LogLevel::Error => tracing::Level::ERROR,
        LogLevel::Warn => tracing::Level::WARN,
        LogLevel::Info => tracing::Level::INFO,
        LogLevel::Debug => tracing::Level::DEBUG,
    };
    // Only what we say ourselves: crates below tell of frames and headers.
    let ours = Targets::new().with_target(env!("CARGO_CRATE_NAME"), level);
    let log = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_target(false)
        .with_timer(Clock)
        .with_writer(writer);
    match config.log_format {
        LogFormat::Text => Box::new(registry().with(log.with_filter(ours))),
        LogFormat::Json => {
            Box::new(registry().with(log.json().flatten_event(true).with_filter(ours)))
        }
    }
}

/// Begins to write the log to stderr. What a panic says may hold words of a post, so only its place
/// is told.
pub(super) fn begin(config: &Config) {
    // A second log of the same process goes where the first one does.
    let _ = tracing::subscriber::set_global_default(subscriber(config, io::stderr));
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(%place, "a mistake of ours; please report it with this place");
    }));
}

struct Clock;

impl FormatTime for Clock {
    fn format_time(&self, writer: &mut Writer<'_>) -> std::fmt::Result {
        write!(writer, "{}", super::clock::wall())
    }
}
