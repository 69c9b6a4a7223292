//! Every setting of the sidecar: its name, what it means, how it is read. Flags, variables, the file,
//! `--print-config` and the reference page follow this list.

use super::{Address, Config, LogFormat, LogLevel};
use crate::limits::{
    BODY_BYTES_CEILING, CONNECTIONS_CEILING, IN_FLIGHT_CEILING, SERVE_SECONDS_MAX, SUBJECTS_MAX,
    SUBJECTS_MIN, THREADS_MAX,
};
use crate::model::{Span, duration_seconds};
use std::path::PathBuf;
use std::time::Duration;

/// One setting.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Its name in the file; `--listen` and `VIGIE_LISTEN` follow from it.
    pub name: &'static str,
    /// What its value is, for people.
    pub value: &'static str,
    /// What holds when nobody says anything; empty: nothing.
    pub default: &'static str,
    /// Whether there may be several values.
    pub is_list: bool,
    /// What it is for.
    pub help: &'static str,
    /// Takes a value in.
    pub(super) take: fn(&mut Config, &str) -> Result<(), String>,
}

impl Setting {
    /// Its flag, without the dashes.
    #[must_use]
    pub fn flag(&self) -> String {
        self.name.replace('_', "-")
    }

    /// Its variable of the environment.
    #[must_use]
    pub fn variable(&self) -> String {
        format!("VIGIE_{}", self.name.to_uppercase())
    }
}

const fn one(
    name: &'static str,
    value: &'static str,
    default: &'static str,
    help: &'static str,
    take: fn(&mut Config, &str) -> Result<(), String>,
) -> Setting {
    Setting {
        name,
        value,
        default,
        is_list: false,
        help,
        take,
    }
}

/// All settings, sorted by name.
pub static SETTINGS: &[Setting] = &[
    one(
        "admin",
        "ADDR|unix:PATH",
        "127.0.0.1:8081",
        "Where /metrics, /live, /ready and /reload are answered",
        |config, written| set(&mut config.admin, Address::parse(written)),
    ),
    one(
        "api_keys",
        "FILE",
        "",
        "Keys that callers must have, as `vigie serve key add` writes them. Demanded as soon as \
         `listen` is reached from other machines",
        |config, written| path(&mut config.api_keys, written),
    ),
    one(
        "body_bytes_max",
        "BYTES",
        "4194304",
        "Bytes of one request's body; more is answered with 413",
        |config, written| {
            let bytes = number(written, 1_024, BODY_BYTES_CEILING);
            set(&mut config.body_bytes_max, bytes)
        },
    ),
    one(
        "connections_max",
        "NUMBER",
        "4096",
        "Connections that are open at once; further ones wait outside",
        |config, written| {
            let connections = number(written, 1, CONNECTIONS_CEILING);
            set(&mut config.connections_max, connections)
        },
    ),
    one(
        "coral_secret_file",
        "FILE",
        "",
        "Signing secrets of Coral's external moderation phase, one a line; opens /hooks/coral",
        |config, written| path(&mut config.coral_secrets, written),
    ),
    one(
        "deadline",
        "TIME",
        "2s",
        "How long a request may wait to be durable, before it is answered with 503",
        |config, written| set(&mut config.deadline, time(written)),
    ),
    one(
        "discourse_secret_file",
        "FILE",
        "",
        "Secrets of Discourse's webhooks, one a line; opens /hooks/discourse",
        |config, written| path(&mut config.discourse_secrets, written),
    ),
    one(
        "drain",
        "TIME",
        "25s",
        "How long requests may go on after SIGTERM",
        |config, written| set(&mut config.drain, time(written)),
    ),
    one(
        "enforce_level",
        "1..4",
        "2",
        "Rules up to this level give points (1: few false alarms … 4: catch everything)",
        |config, written| set(&mut config.levels.enforce, level(written)),
    ),
    one(
        "in_flight_max",
        "NUMBER",
        "1024",
        "Requests that are worked on at once; further ones are answered with 503 at once",
        |config, written| {
            let requests = number(written, 1, IN_FLIGHT_CEILING);
            set(&mut config.in_flight_max, requests)
        },
    ),
    one(
        "key_file",
        "FILE",
        "",
        "Digest evidence with the key in this file, one line `NAME:SECRET` [without it: the \
         variable VIGIE_KEY]",
        |config, written| path(&mut config.key_file, written),
    ),
    one(
        "listen",
        "ADDR|unix:PATH",
        "127.0.0.1:8080",
        "Where posts are taken",
        |config, written| set(&mut config.listen, Address::parse(written)),
    ),
    one(
        "log_format",
        "text|json",
        "text",
        "How the service log on stderr is written",
        |config, written| set(&mut config.log_format, LogFormat::parse(written)),
    ),
    one(
        "log_level",
        "error|warn|info|debug",
        "info",
        "What is written there; `debug` tells of every request",
        |config, written| set(&mut config.log_level, LogLevel::parse(written)),
    ),
    one(
        "observe_level",
        "1..4",
        "",
        "Rules up to this level are reported, without points [without it: the enforce level]",
        |config, written| set(&mut config.levels.observe, level(written)),
    ),
    Setting {
        name: "policies",
        value: "DIR|FILE",
        default: "",
        is_list: true,
        help: "Judge by these policies: a file, or a folder of `.yaml` files [without it: the pack \
               that comes with the program]",
        take: |config, written| {
            config.policies.push(some_path(written)?);
            Ok(())
        },
    },
    one(
        "queue_max",
        "NUMBER",
        "256",
        "Requests that wait to be durable; further ones are answered with 503 at once",
        |config, written| {
            let requests = number(written, 1, IN_FLIGHT_CEILING);
            set(&mut config.queue_max, requests)
        },
    ),
    one(
        "registry",
        "FILE",
        "",
        "Posts that name a person of this registry are about them; see `vigie target`",
        |config, written| path(&mut config.registry, written),
    ),
    one(
        "retention",
        "TIME",
        "",
        "How long lines of the decision log are kept, such as 365d [without it: for ever]",
        |config, written| {
            let seconds = duration_seconds(written).filter(|seconds| *seconds >= 86_400.0);
            let seconds = seconds.ok_or("is no time of a day and more, such as 365d")?;
            config.retention = Some(Span::from_seconds(seconds));
            Ok(())
        },
    ),
    one(
        "state",
        "DIR",
        "vigie-state",
        "Where hits, cases and the decision log are kept. One process holds it at a time",
        |config, written| set(&mut config.state, some_path(written)),
    ),
    one(
        "subjects_max",
        "NUMBER",
        "1000000",
        "Authors, targets, threads and communities that are followed at once, and posts that are remembered; \
         beyond, the quietest and the oldest are forgotten",
        |config, written| {
            let subjects = number(written, SUBJECTS_MIN, SUBJECTS_MAX);
            set(&mut config.subjects_max, subjects)
        },
    ),
    one(
        "threads",
        "NUMBER",
        "",
        "Threads that judge [without it: one for each processor]",
        |config, written| {
            config.threads = Some(number(written, 1, THREADS_MAX)?);
            Ok(())
        },
    ),
    one(
        "tls_cert",
        "FILE",
        "",
        "Certificate chain in PEM: `listen` speaks TLS. Read again on SIGHUP",
        |config, written| path(&mut config.tls_cert, written),
    ),
    one(
        "tls_key",
        "FILE",
        "",
        "Its private key in PEM",
        |config, written| path(&mut config.tls_key, written),
    ),
    one(
        "watch",
        "true|false",
        "true",
        "Take in policies and keys when their files change",
        |config, written| {
            let is_on = written
                .parse()
                .map_err(|_| "is neither true nor false".to_owned());
            set(&mut config.watch, is_on)
        },
    ),
];

fn set<T>(place: &mut T, value: Result<T, String>) -> Result<(), String> {
    *place = value?;
    Ok(())
}

fn path(place: &mut Option<PathBuf>, written: &str) -> Result<(), String> {
    *place = Some(some_path(written)?);
    Ok(())
}

fn some_path(written: &str) -> Result<PathBuf, String> {
    match written.is_empty() {
        true => Err("is empty; a path is wanted".to_owned()),
        false => Ok(written.into()),
    }
}

fn number(written: &str, least: usize, most: usize) -> Result<usize, String> {
    let number: Option<usize> = written.parse().ok();
    number
        .filter(|number| (least..=most).contains(number))
        .ok_or_else(|| format!("is no number between {least} and {most}"))
}

fn level(written: &str) -> Result<u8, String> {
    let level: Option<u8> = written.parse().ok();
    level
        .filter(|level| (1..=4).contains(level))
        .ok_or_else(|| "is no level between 1 and 4".to_owned())
}

/// A time as policies write it; milliseconds besides, for deadlines.
fn time(written: &str) -> Result<Duration, String> {
    let millis = written
        .strip_suffix("ms")
        .and_then(|it| it.trim().parse().ok());
    let seconds = match millis {
        Some(millis) => Some(f64::from(u32::min(millis, u32::MAX)) / 1_000.0),
        None => duration_seconds(written),
    };
    seconds
        .filter(|seconds| *seconds > 0.0 && *seconds <= f64::from(SERVE_SECONDS_MAX))
        .map(Duration::from_secs_f64)
        .ok_or_else(|| {
            format!("is no time such as `500ms` or `2s`, up to {SERVE_SECONDS_MAX} seconds")
        })
}
