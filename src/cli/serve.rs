//! `vigie serve`
#![expect(
    clippy::disallowed_methods,
    reason = "reads the environment and a configuration file: the shell may"
)]

use super::terminal::{count, say};
use super::{Ending, Failure, key};
use crate::diagnostics::Severity;
use crate::serve::config::{ConfigError, Effective, Given, Layer, SETTINGS};
use crate::serve::error::Refusal;
use crate::serve::keys::Role;
use crate::serve::{StartError, keys, run};
use clap::{Arg, ArgAction, ArgMatches, Args, Command, FromArgMatches, Subcommand};
use std::env;
use std::fs;
use std::io::Write;
use std::path::PathBuf;

/// Run the sidecar: posts in by HTTP, decisions out; hits, cases and a decision log kept
///
/// Without any setting it listens on this machine only, keeps its state in `vigie-state`, and judges
/// by the shipped policies. Each setting is also a variable (`VIGIE_LISTEN`) and a key of a YAML file
/// (`listen`); flags go before variables before the file.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Example:\n  vigie serve &\n  curl -d '{\"id\":\"p1\",\"text\":\"She lives at 27 bis rue \
                  des Lilas\"}' http://127.0.0.1:8080/v1/decisions"
)]
pub(super) struct Serve {
    #[command(subcommand)]
    command: Option<ServeCommand>,
    #[command(flatten)]
    settings: Settings,
    /// Read settings from this YAML file [default: the variable VIGIE_CONFIG]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Print the settings that hold, with where each comes from, and end
    #[arg(long)]
    print_config: bool,
}

#[derive(Debug, Subcommand)]
enum ServeCommand {
    Key(Keys),
}

/// Make and remove the keys of callers
#[derive(Debug, Args)]
struct Keys {
    #[command(subcommand)]
    command: KeysCommand,
}

#[derive(Debug, Subcommand)]
enum KeysCommand {
    /// Make a key and print it, once; the file keeps only its digest
    Add(NewKey),
    /// Print the names and roles of all keys
    List(KeyFile),
    /// Remove a key; a sidecar that watches the file refuses it from then on
    Remove(OneKey),
}

#[derive(Debug, Args)]
struct KeyFile {
    /// The file of keys
    #[arg(long, value_name = "FILE", env = "VIGIE_API_KEYS")]
    api_keys: PathBuf,
}

#[derive(Debug, Args)]
struct OneKey {
    #[command(flatten)]
    file: KeyFile,
    /// Whose key it is: it stands beside what this caller signs and closes
    #[arg(long, value_name = "NAME")]
    name: String,
}

#[derive(Debug, Args)]
struct NewKey {
    #[command(flatten)]
    one: OneKey,
    /// What it opens: `forum` (posts, outcomes), `moderator` (cases), `admin` (reload); several may be
    /// given [default: all]
    #[arg(long, value_name = "ROLE", value_parser = role)]
    role: Vec<Role>,
}

fn role(name: &str) -> Result<Role, String> {
    let known = || format!("roles are: {}", Role::ALL.map(Role::name).join(", "));
    Role::named(name).ok_or_else(known)
}

/// The flags, one for each setting.
#[derive(Debug, Default)]
struct Settings(Layer);

impl Args for Settings {
    fn augment_args(command: Command) -> Command {
        let flags = SETTINGS.iter().map(|setting| {
            let default = match setting.default {
                "" => String::new(),
                default => format!(" [default: {default}]"),
            };
            Arg::new(setting.name)
                .long(setting.flag())
                .value_name(setting.value)
                .help(format!("{}{default}", setting.help))
                .action(match setting.is_list {
                    true => ArgAction::Append,
                    false => ArgAction::Set,
                })
        });
        command.args(flags)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for Settings {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let given = SETTINGS.iter().filter_map(|setting| {
            let values = matches.get_many::<String>(setting.name)?;
            let given = Given {
                values: values.cloned().collect(),
                place: format!("--{}", setting.flag()),
            };
            Some((setting.name, given))
        });
        Ok(Self(given.collect()))
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

impl Serve {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        if let Some(ServeCommand::Key(keys)) = &self.command {
            return keys.run(out);
        }
        let effective = self.effective()?;
        if self.print_config {
            out.write_all(effective.print().as_bytes())?;
            return Ok(Ending::Fine);
        }
        let config = &effective.config;
        let key = key::read(config.key_file.as_deref())?;
        run(config, key).map_err(failure)?;
        Ok(Ending::Fine)
    }

    fn effective(&self) -> Result<Effective, Failure> {
        let named = self.config.clone();
        let named = named.or_else(|| env::var_os("VIGIE_CONFIG").map(PathBuf::from));
        let file = match &named {
            Some(path) => {
                let text = fs::read_to_string(path).map_err(|source| Failure::File {
                    what: "read",
                    path: path.clone(),
                    source,
                })?;
                Some((path.display().to_string(), text))
            }
            None => None,
        };
        let file = file
            .as_ref()
            .map(|(name, text)| (name.as_str(), text.as_str()));
        let variable = |name: &str| env::var(name).ok();
        let effective = Effective::of(self.settings.0.clone(), variable, file);
        effective.map_err(|error: ConfigError| Failure::Usage(error.to_string()))
    }
}

fn failure(error: StartError) -> Failure {
    if let StartError::Policies(refusal) = &error {
        tell(refusal);
        return Failure::Policies(format!("{}, so no port was opened", refusal.message));
    }
    Failure::Serve(Box::new(error))
}

/// The mistakes of the policies, as `vigie check` would name them.
fn tell(refusal: &Refusal) {
    let told = refusal.json(Default::default());
    let mistakes = told
        .pointer("/error/diagnostics")
        .and_then(|it| it.as_array());
    for mistake in mistakes.into_iter().flatten() {
        let text = |key: &str| {
            mistake
                .get(key)
                .and_then(|it| it.as_str())
                .unwrap_or_default()
        };
        let number = |key: &str| {
            mistake
                .get(key)
                .and_then(|it| it.as_u64())
                .unwrap_or_default()
        };
        let (line, column) = (number("line"), number("column"));
        let severity = Severity::Error.name();
        let (file, code, message) = (text("file"), text("code"), text("message"));
        say(&format!(
            "{severity}[{code}] {file}:{line}:{column}: {message}"
        ));
    }
}

impl Keys {
    fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        let failed = |error| Failure::Serve(Box::new(StartError::Keys(error)));
        match &self.command {
            KeysCommand::Add(NewKey { one, role }) => {
                let key = keys::add(&one.file.api_keys, &one.name, role).map_err(failed)?;
                writeln!(out, "{key}")?;
                say("this is the only time the key is shown; the file keeps its digest");
            }
            KeysCommand::List(file) => {
                let keys = keys::Keys::read(&file.api_keys).map_err(failed)?;
                for key in keys.each() {
                    let roles: Vec<&str> = key.roles().collect();
                    writeln!(out, "{}: {}", key.name, roles.join(", "))?;
                }
                say(&count(keys.each().count(), "key"));
            }
            KeysCommand::Remove(one) => {
                keys::remove(&one.file.api_keys, &one.name).map_err(failed)?;
            }
        }
        Ok(Ending::Fine)
    }
}
