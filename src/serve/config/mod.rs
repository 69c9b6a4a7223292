//! How the sidecar is set up: read whole and checked whole before any port opens.

mod address;
mod layers;
mod settings;

pub use address::Address;
pub use layers::{ConfigError, Given, Layer};
pub use settings::{SETTINGS, Setting};

use crate::model::Span;
use crate::ruleset::Levels;
use std::fmt::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::time::Duration;

/// How the sidecar is set up; what each part means stands in [`SETTINGS`].
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "each part is told in the list of settings")]
pub struct Config {
    pub listen: Address,
    pub admin: Address,
    pub state: PathBuf,
    pub policies: Vec<PathBuf>,
    pub levels: Levels,
    pub key_file: Option<PathBuf>,
    pub registry: Option<PathBuf>,
    pub api_keys: Option<PathBuf>,
    pub tls_cert: Option<PathBuf>,
    pub tls_key: Option<PathBuf>,
    pub coral_secrets: Option<PathBuf>,
    pub discourse_secrets: Option<PathBuf>,
    pub log_format: LogFormat,
    pub log_level: LogLevel,
    pub connections_max: usize,
    pub in_flight_max: usize,
    pub queue_max: usize,
    pub body_bytes_max: usize,
    pub deadline: Duration,
    pub drain: Duration,
    pub watch: bool,
    pub retention: Option<Span>,
    pub subjects_max: usize,
    pub threads: Option<usize>,
}

/// How the service log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs, one object a line.
    Json,
}

impl LogFormat {
    fn parse(written: &str) -> Result<Self, String> {
        match written {
            "text" => Ok(Self::Text),
            "json" => Ok(Self::Json),
            _ => Err("is neither text nor json".to_owned()),
        }
    }
}

/// From which weight on the service log is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LogLevel {
    /// What keeps the sidecar from its work.
    Error,
    /// What somebody should look at.
    Warn,
    /// What happened to the sidecar itself.
    Info,
    /// Every request.
    Debug,
}

impl LogLevel {
    fn parse(written: &str) -> Result<Self, String> {
        match written {
            "error" => Ok(Self::Error),
            "warn" => Ok(Self::Warn),
            "info" => Ok(Self::Info),
            "debug" => Ok(Self::Debug),
            _ => Err("is none of: error, warn, info, debug".to_owned()),
        }
    }
}

/// A configuration, and where each part of it comes from.
#[derive(Clone, Debug)]
pub struct Effective {
    /// What holds.
    pub config: Config,
    /// What was given, by setting.
    given: Layer,
}

impl Effective {
    /// Puts the layers together. `file` is its name and its text.
    ///
    /// # Errors
    /// A value is none, or the values don't go together.
    pub fn of(
        flags: Layer,
        variable: impl Fn(&str) -> Option<String>,
        file: Option<(&str, &str)>,
    ) -> Result<Self, ConfigError> {
        let mut given = match file {
            Some((name, text)) => layers::of_file(name, text)?,
            None => Layer::new(),
        };
        given.extend(layers::of_environment(variable));
        given.extend(flags);
        let mut config = Config::built_in()?;
        for setting in SETTINGS {
            let Some(it) = given.get(setting.name) else {
                continue;
            };
            for value in &it.values {
                (setting.take)(&mut config, value)
                    .map_err(|what| ConfigError::at(&it.place, format!("`{value}` {what}")))?;
            }
        }
        // Observing less than is enforced means nothing.
        config.levels.observe = config.levels.observe.max(config.levels.enforce);
        let effective = Self { config, given };
        effective.check()?;
        Ok(effective)
    }

    /// What of the values only together is wrong.
    fn check(&self) -> Result<(), ConfigError> {
        let config = &self.config;
        if !config.listen.is_local() && config.api_keys.is_none() {
            let what = "other machines reach this address, so callers need keys: make one with \
                        `vigie serve key add --name forum --api-keys FILE`, and give `api_keys`";
            return Err(ConfigError::at(self.place("listen"), what));
        }
        match (&config.tls_cert, &config.tls_key) {
            (Some(_), None) => Err(ConfigError::at(
                self.place("tls_cert"),
                "needs `tls_key` too",
            )),
            (None, Some(_)) => Err(ConfigError::at(
                self.place("tls_key"),
                "needs `tls_cert` too",
            )),
            _ if config.listen == config.admin && !self.is_any_port() => {
                let what = "is the same as `listen`; /metrics and /reload have a port of their own";
                Err(ConfigError::at(self.place("admin"), what))
            }
            _ => Ok(()),
        }
    }

    /// Port 0: the system chooses, another one each time.
    fn is_any_port(&self) -> bool {
        matches!(&self.config.listen, Address::Tcp(address) if address.port() == 0)
    }

    fn place(&self, name: &str) -> String {
        match self.given.get(name) {
            Some(given) => given.place.clone(),
            None => format!("`{name}`, as it is built in"),
        }
    }

    /// The configuration as a file would say it, with where each value comes from. Secrets stand in
    /// files that are only named here.
    #[must_use]
    pub fn print(&self) -> String {
        let mut page = String::new();
        for setting in SETTINGS {
            let (values, place) = match self.given.get(setting.name) {
                Some(given) => (given.values.clone(), given.place.as_str()),
                None if setting.default.is_empty() => {
                    let _ = writeln!(page, "# {}:", setting.name);
                    continue;
                }
                None => (vec![setting.default.to_owned()], "built in"),
            };
            // JSON is YAML: whatever stands in a value, it is read back.
            let quoted: Vec<String> = values
                .iter()
                .map(|v| serde_json::json!(v).to_string())
                .collect();
            let value = match setting.is_list {
                true => format!("[{}]", quoted.join(", ")),
                false => quoted.concat(),
            };
            let _ = writeln!(page, "{}: {value} # {place}", setting.name);
        }
        page
    }
}

impl Config {
    /// What holds when nobody says anything: the defaults of [`SETTINGS`].
    fn built_in() -> Result<Self, ConfigError> {
        let local = |port| Address::Tcp(SocketAddr::from((Ipv4Addr::LOCALHOST, port)));
        let mut config = Self {
            listen: local(0),
            admin: local(0),
            state: PathBuf::new(),
            policies: Vec::new(),
            levels: Levels {
                enforce: 0,
                observe: 0,
            },
            key_file: None,
            registry: None,
            api_keys: None,
            tls_cert: None,
            tls_key: None,
            coral_secrets: None,
            discourse_secrets: None,
            log_format: LogFormat::Text,
            log_level: LogLevel::Info,
            connections_max: 0,
            in_flight_max: 0,
            queue_max: 0,
            body_bytes_max: 0,
            deadline: Duration::ZERO,
            drain: Duration::ZERO,
            watch: true,
            retention: None,
            subjects_max: 0,
            threads: None,
        };
        for setting in SETTINGS
            .iter()
            .filter(|setting| !setting.default.is_empty())
        {
            (setting.take)(&mut config, setting.default)
                .map_err(|what| ConfigError::at(setting.name, what))?;
        }
        Ok(config)
    }
}
