//! Where values come from: flags before the environment before the file before what is built in.

use super::settings::SETTINGS;
use crate::diagnostics::{Diagnostic, Severity, Source, did_you_mean};
use crate::limits::CONFIG_BYTES_MAX;
use crate::policy::{Content, Node, parse_yaml};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use thiserror::Error;

/// A value as it was given, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// Each value.
    pub values: Vec<String>,
    /// Where it was given, for people: `--listen`, `VIGIE_LISTEN`, `vigie.yaml:3:9`.
    pub place: String,
}

/// What one layer says: values by the names of their settings.
pub type Layer = BTreeMap<&'static str, Given>;

/// Why there is no configuration: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{place}: {what}")]
pub struct ConfigError {
    /// Where: a flag, a variable, or a file with line and column.
    pub place: String,
    /// What is wrong, and what to do about it.
    pub what: String,
}

impl ConfigError {
    pub(super) fn at(place: impl Into<String>, what: impl Into<String>) -> Self {
        Self {
            place: place.into(),
            what: what.into(),
        }
    }
}

/// What the environment says. Variables that belong to no setting are passed over: Kubernetes adds
/// some for every service, whatever its name.
pub(super) fn of_environment(variable: impl Fn(&str) -> Option<String>) -> Layer {
    let given = SETTINGS.iter().filter_map(|setting| {
        let place = setting.variable();
        let written = variable(&place).filter(|written| !written.is_empty())?;
        let values = match setting.is_list {
            true => written.split(':').map(str::to_owned).collect(),
            false => vec![written],
        };
        Some((setting.name, Given { values, place }))
    });
    given.collect()
}

/// What a file says: YAML, one key for each setting.
///
/// # Errors
/// It is no YAML, or holds a key that no setting has, one twice, or a value that is none.
pub(super) fn of_file(name: &str, text: &str) -> Result<Layer, ConfigError> {
    if text.len() > CONFIG_BYTES_MAX {
        let what = format!("is larger than {CONFIG_BYTES_MAX} bytes; is it a configuration?");
        return Err(ConfigError::at(name, what));
    }
    let source = Arc::new(Source {
        name: name.to_owned(),
        text: text.to_owned(),
    });
    let mut problems = Vec::new();
    let tree = parse_yaml(&source, &mut problems);
    let is_error = |problem: &&Diagnostic| problem.code.severity() == Severity::Error;
    if let Some(problem) = problems.iter().find(is_error) {
        return Err(told(problem));
    }
    let read = File { source };
    match tree.map(|tree| (tree.value, tree.span)) {
        None | Some((Content::Null, _)) => Ok(Layer::new()),
        Some((Content::Map(entries), _)) => read.entries(entries),
        Some((_, span)) => Err(read.wrong(&span, "a configuration is a map, such as `listen: …`")),
    }
}

fn told(problem: &Diagnostic) -> ConfigError {
    let (line, column) = problem.position();
    let help = problem.help.as_ref().map(|help| format!(" ({help})"));
    ConfigError {
        place: format!("{}:{line}:{column}", problem.source.name),
        what: format!("{}{}", problem.message, help.unwrap_or_default()),
    }
}

/// A file that is being read.
struct File {
    source: Arc<Source>,
}

impl File {
    fn entries(&self, entries: Vec<(Node, Node)>) -> Result<Layer, ConfigError> {
        let mut layer = Layer::new();
        for (key, value) in entries {
            let Content::Scalar { text: name, .. } = &key.value else {
                return Err(self.wrong(&key.span, "a key is the name of a setting"));
            };
            let Some(setting) = SETTINGS.iter().find(|setting| setting.name == name) else {
                return Err(self.wrong(&key.span, &no_setting(name)));
            };
            let values = match (value.value, setting.is_list) {
                // Written, but empty: as if it were not.
                (Content::Null, _) => continue,
                (Content::Scalar { text, .. }, _) => vec![text],
                (Content::List(items), true) => self.texts(items)?,
                (Content::List(_) | Content::Map(_), _) => {
                    let what = format!("`{name}` takes a single value: {}", setting.value);
                    return Err(self.wrong(&value.span, &what));
                }
            };
            let place = self.place(&value.span);
            if layer
                .insert(setting.name, Given { values, place })
                .is_some()
            {
                return Err(self.wrong(&key.span, &format!("`{name}` stands here twice")));
            }
        }
        Ok(layer)
    }

    fn texts(&self, items: Vec<Node>) -> Result<Vec<String>, ConfigError> {
        let text = |item: Node| match item.value {
            Content::Scalar { text, .. } => Ok(text),
            Content::Null | Content::List(_) | Content::Map(_) => {
                Err(self.wrong(&item.span, "a text is wanted here"))
            }
        };
        items.into_iter().map(text).collect()
    }

    fn place(&self, span: &Range<usize>) -> String {
        let before = self.source.text.get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|c| *c != '\n').count() + 1;
        format!("{}:{line}:{column}", self.source.name)
    }

    fn wrong(&self, span: &Range<usize>, what: &str) -> ConfigError {
        ConfigError::at(self.place(span), what)
    }
}

fn no_setting(name: &str) -> String {
    let names = || SETTINGS.iter().map(|setting| setting.name);
    match did_you_mean(name, names()) {
        Some(meant) => format!("there is no setting of this name; did you mean `{meant}`?"),
        None => {
            let names: Vec<&str> = names().collect();
            format!(
                "there is no setting of this name; there are: {}",
                names.join(", ")
            )
        }
    }
}
