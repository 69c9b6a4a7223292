//! `vigie target`
#![expect(clippy::disallowed_methods, reason = "reads a file")]

use super::key::RegistrySecret;
use super::options::Format;
use super::terminal::{ERROR, count, say};
use super::{Ending, Failure};
use crate::limits::{LINE_BYTES_MAX, REGISTRY_BYTES_MAX};
use crate::registry::{Alias, AliasKind, Registry, RegistryKey};
use crate::store::{RegistryFile, RegistryUpdate, read_registry};
use clap::{Args, Subcommand};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};

/// Keep the registry of protected people
///
/// Names, former names, accounts, telephones and addresses of people who are hunted, so that a post
/// which names them without an account is a post about them. What is kept of them are keyed digests:
/// nothing can be read out of the file, and without the key nothing can be tested against it.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie target add --registry people.registry --from -")]
pub(super) struct Target {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Add(Add),
    List(List),
    Remove(Remove),
    Check(Check),
}

impl Target {
    pub(super) fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        match &self.command {
            Command::Add(add) => add.run(),
            Command::List(list) => list.run(out),
            Command::Remove(remove) => remove.run(),
            Command::Check(check) => check.run(out),
        }
    }
}

/// Which registry.
#[derive(Debug, Args)]
struct Place {
    /// The file of the registry
    #[arg(long, value_name = "FILE")]
    registry: PathBuf,
    #[command(flatten)]
    key: RegistrySecret,
}

/// Register what people are known under
///
/// Give it on stdin, with `--from -`: what stands on a command line is seen by everybody on the
/// machine, and kept in the shell's history. One JSON object a line; each field but `target` may be
/// one text or a list:
///
/// {"target":"u9","name":"…","former_name":["…"],"handle":"@…","phone":["06 …"],"address":"27 bis, rue …"}
///
/// Names of two or three words are also found with the family name first, and in one word. A number
/// written without its country's code takes `"country"`: be, ca, ch, fr, gb or us. Addresses need a
/// house number, and a comma before the town. Either all is registered, or nothing.
#[derive(Args)]
#[command(after_help = "Example:\n  \
    vigie target add --registry people.registry --key-file key --from - < people.ndjson")]
struct Add {
    #[command(flatten)]
    place: Place,
    /// Read people from this file, one JSON object a line; `-` is stdin
    #[arg(long, value_name = "FILE")]
    from: Option<PathBuf>,
    /// Your id of the person: an account, or a number that says nothing. It is kept in clear
    #[arg(long, value_name = "ID", required_unless_present = "from")]
    target: Option<String>,
    /// A name; may be repeated, as all of these. Seen by others on this machine: better `--from -`
    #[arg(long, value_name = "NAME", requires = "target")]
    name: Vec<String>,
    /// A name that the person no longer bears
    #[arg(long, value_name = "NAME", requires = "target")]
    former_name: Vec<String>,
    /// An account: its handle or its id. Found where it is mentioned, answered or told as a target
    #[arg(long, value_name = "HANDLE", requires = "target")]
    handle: Vec<String>,
    /// A telephone number
    #[arg(long, value_name = "NUMBER", requires = "target")]
    phone: Vec<String>,
    /// The country of telephone numbers without one
    #[arg(long, value_name = "COUNTRY")]
    country: Option<String>,
    /// A house number and a street
    #[arg(long, value_name = "ADDRESS", requires = "target")]
    address: Vec<String>,
}

impl std::fmt::Debug for Add {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Add").finish_non_exhaustive()
    }
}

/// A person as given. Never shown.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Person {
    target: String,
    name: Several,
    former_name: Several,
    handle: Several,
    phone: Several,
    address: Several,
    country: Option<String>,
}

/// One text, or a list of them.
#[derive(Deserialize)]
#[serde(untagged)]
enum Several {
    One(String),
    Many(Vec<String>),
}

impl Default for Several {
    fn default() -> Self {
        Self::Many(Vec::new())
    }
}

impl Several {
    fn each(&self) -> &[String] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

impl Person {
    /// What the person is known under, of one kind.
    fn known(&self, kind: AliasKind) -> &[String] {
        let several = match kind {
            AliasKind::Name => &self.name,
            AliasKind::FormerName => &self.former_name,
            AliasKind::Handle => &self.handle,
            AliasKind::Phone => &self.phone,
            AliasKind::Address => &self.address,
        };
        several.each()
    }
}

impl Add {
    fn run(&self) -> Result<Ending, Failure> {
        let key = self.place.key.read()?;
        let mut people = match &self.from {
            Some(path) => people(path)?,
            None => Vec::new(),
        };
        people.extend(self.written());
        let mut update = RegistryUpdate::begin(&self.place.registry, &key)?;
        let added = self.register(&people, &key, &mut update.registry)?;
        update.commit(&key)?;
        let people = count(people.len(), "target");
        say(&format!("{} registered for {people}", aliases(added)));
        Ok(Ending::Fine)
    }

    /// The person of the command line.
    fn written(&self) -> Option<Person> {
        Some(Person {
            target: self.target.clone()?,
            name: Several::Many(self.name.clone()),
            former_name: Several::Many(self.former_name.clone()),
            handle: Several::Many(self.handle.clone()),
            phone: Several::Many(self.phone.clone()),
            address: Several::Many(self.address.clone()),
            country: None,
        })
    }

    /// Registers all, or tells what can't be and why. How many aliases are new.
    fn register(
        &self,
        people: &[Person],
        key: &RegistryKey,
        registry: &mut RegistryFile,
    ) -> Result<usize, Failure> {
        let (mut added, mut refused) = (0, 0);
        let mut refuse = |what: &str| {
            refused += 1;
            say(&format!("{ERROR}refused:{ERROR:#} {what}"));
        };
        for person in people {
            let target = person.target.as_str();
            let kinds = AliasKind::ALL.map(|kind| (kind, person.known(kind)));
            if target.is_empty() || kinds.iter().all(|(_, known)| known.is_empty()) {
                refuse("a person needs a `target`, and a name, handle, phone or address");
            }
            for (kind, known) in kinds {
                for (at, written) in known.iter().enumerate() {
                    let country = person.country.as_deref().or(self.country.as_deref());
                    let alias = Alias {
                        kind,
                        written,
                        country,
                    };
                    match key.entry(target, &alias) {
                        Ok(entry) => added += usize::from(registry.add(entry)),
                        Err(wrong) => {
                            let (kind, at) = (kind.name(), at + 1);
                            refuse(&format!("{kind} {at} of `{target}` {wrong}"));
                        }
                    }
                }
            }
        }
        match refused {
            0 => Ok(added),
            _ => Err(Failure::Usage("nothing was registered".to_owned())),
        }
    }
}

/// People, one JSON object a line. What is wrong is told without a word of it.
fn people(path: &Path) -> Result<Vec<Person>, Failure> {
    let written = read(path, REGISTRY_BYTES_MAX)?;
    let lines = written.lines().enumerate();
    let mut people = Vec::new();
    for (at, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let person = serde_json::from_str(line).map_err(|_| {
            let line = at + 1;
            Failure::Usage(format!(
                "line {line} is no person: a JSON object with `target`, and any of `name`, \
                 `former_name`, `handle`, `phone`, `address` and `country`"
            ))
        })?;
        people.push(person);
    }
    Ok(people)
}

/// A file, or stdin.
fn read(path: &Path, bytes_max: usize) -> Result<String, Failure> {
    let failure = |source| Failure::File {
        what: "read",
        path: path.to_owned(),
        source,
    };
    let file: Box<dyn Read> = match path.as_os_str() == "-" {
        true => {
            if io::stdin().is_terminal() {
                say("reading from the terminal; end with Ctrl-D");
            }
            Box::new(io::stdin())
        }
        false => Box::new(File::open(path).map_err(failure)?),
    };
    let mut written = String::new();
    file.take(bytes_max as u64 + 1)
        .read_to_string(&mut written)
        .map_err(failure)?;
    match written.len() > bytes_max {
        true => Err(Failure::Usage(format!(
            "`{}` is longer than {} MiB",
            path.display(),
            bytes_max >> 20
        ))),
        false => Ok(written),
    }
}

/// Show who is in the registry: ids, and how many things of each kind are known of them
///
/// Names, numbers and addresses are not there to be shown.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  vigie target list --registry people.registry --key-file key")]
struct List {
    #[command(flatten)]
    place: Place,
    /// How to print: `json` is one object a line
    #[arg(long, default_value = "text")]
    format: Format,
}

impl List {
    fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        let key = self.place.key.read()?;
        let registry = RegistryFile::read(&self.place.registry, &key)?;
        let mut targets: BTreeMap<&str, BTreeMap<AliasKind, usize>> = BTreeMap::new();
        for entry in &registry.entries {
            let kinds = targets.entry(&entry.target).or_default();
            *kinds.entry(entry.kind).or_default() += 1;
        }
        for (target, kinds) in &targets {
            match self.format {
                Format::Text => {
                    let kind =
                        |(kind, number): (&AliasKind, &usize)| format!("{} {number}", kind.name());
                    let kinds: Vec<String> = kinds.iter().map(kind).collect();
                    writeln!(out, "{target}: {}", kinds.join(", "))?;
                }
                Format::Json => {
                    let kinds: BTreeMap<&str, usize> =
                        kinds.iter().map(|(kind, n)| (kind.name(), *n)).collect();
                    let line = serde_json::json!({"target": target, "known": kinds});
                    writeln!(out, "{line}")?;
                }
            }
        }
        Ok(Ending::Fine)
    }
}

/// Forget a person, or what is known of one kind
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
    vigie target remove --registry people.registry --key-file key --target u9 --kind phone")]
struct Remove {
    #[command(flatten)]
    place: Place,
    /// Your id of the person
    #[arg(long, value_name = "ID")]
    target: String,
    /// Only this kind: name, former_name, handle, phone, address
    #[arg(long, value_name = "KIND", value_parser = kind)]
    kind: Option<AliasKind>,
}

fn kind(written: &str) -> Result<AliasKind, String> {
    let names = AliasKind::ALL.map(AliasKind::name).join(", ");
    AliasKind::named(written).ok_or_else(|| format!("there are: {names}"))
}

impl Remove {
    fn run(&self) -> Result<Ending, Failure> {
        let key = self.place.key.read()?;
        let mut update = RegistryUpdate::begin(&self.place.registry, &key)?;
        let removed = update.registry.remove(&self.target, self.kind);
        if removed == 0 {
            return Err(Failure::Usage(format!(
                "nothing of the kind is known of `{}`",
                self.target
            )));
        }
        update.commit(&key)?;
        say(&format!("{} removed", aliases(removed)));
        Ok(Ending::Fine)
    }
}

/// Show whom a text names: ids, one a line
///
/// By name, telephone or address, or by a handle with `@`.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
    vigie target check --registry people.registry --key-file key < post.txt")]
struct Check {
    #[command(flatten)]
    place: Place,
    /// The file of the text; `-` is stdin
    #[arg(value_name = "FILE", default_value = "-")]
    text: PathBuf,
}

impl Check {
    fn run(&self, out: &mut dyn Write) -> Result<Ending, Failure> {
        let key = self.place.key.read()?;
        let registry: Registry = read_registry(&self.place.registry, &key)?;
        for target in registry.named(&read(&self.text, LINE_BYTES_MAX)?) {
            writeln!(out, "{target}")?;
        }
        Ok(Ending::Fine)
    }
}

fn aliases(number: usize) -> String {
    match number {
        1 => "1 alias".to_owned(),
        _ => format!("{number} aliases"),
    }
}
