//! The dumps of an audit, in an order and with names that don't depend on how they were given.

use super::error::{At, Error};
use super::resume::DumpTerms;
use crate::ingest::{Source, open};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

/// A dump that is audited.
#[derive(Clone, Debug)]
pub(super) struct Dump {
    /// Its file's name, with as many folders as tell it from the others.
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) bytes: u64,
    modified: u64,
}

impl Dump {
    pub(super) fn open(&self) -> Result<Source, Error> {
        open(&self.path).at("read", &self.path)
    }

    pub(super) fn terms(&self) -> DumpTerms {
        DumpTerms {
            name: self.name.clone(),
            bytes: self.bytes,
            modified: self.modified,
        }
    }
}

/// Looks at the dumps, and sorts them by name. All are looked at first: a name misspelt at the end
/// must not cost the work before it.
pub(super) fn dumps(paths: &[PathBuf]) -> Result<Vec<Dump>, Error> {
    let mut dumps = Vec::new();
    let mut seen = BTreeMap::new();
    for path in paths {
        if path.as_os_str() == "-" {
            let said = "an audit reads files: it must be able to begin again".to_owned();
            return Err(Error::Dumps(said));
        }
        let real = fs::canonicalize(path).at("read", path)?;
        let facts = fs::metadata(path).at("read", path)?;
        if !facts.is_file() {
            let said = format!("`{}` is no file", path.display());
            return Err(Error::Dumps(said));
        }
        if seen.insert(real.clone(), path).is_some() {
            let said = format!("the dump `{}` is given twice", path.display());
            return Err(Error::Dumps(said));
        }
        let modified = facts.modified().ok();
        let modified = modified.and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let modified = modified.map_or(0, |since| since.as_nanos());
        dumps.push(Dump {
            name: String::new(),
            path: real,
            bytes: facts.len(),
            modified: u64::try_from(modified).unwrap_or(u64::MAX),
        });
    }
    name(&mut dumps);
    dumps.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(dumps)
}

/// Names each by its file, and by one folder more as long as others have the same name.
fn name(dumps: &mut [Dump]) {
    let mut parts = 1;
    loop {
        for dump in &mut *dumps {
            if dump.name.is_empty() {
                dump.name = last_parts(&dump.path, parts);
            }
        }
        let mut number: BTreeMap<String, u32> = BTreeMap::new();
        for dump in &*dumps {
            *number.entry(dump.name.clone()).or_default() += 1;
        }
        let is_shared = |name: &str| number.get(name).is_some_and(|number| *number > 1);
        let longest = dumps.iter().map(|it| it.path.components().count()).max();
        if parts > longest.unwrap_or(0) || !dumps.iter().any(|dump| is_shared(&dump.name)) {
            return;
        }
        for dump in &mut *dumps {
            if is_shared(&dump.name) {
                dump.name.clear();
            }
        }
        parts += 1;
    }
}

fn last_parts(path: &Path, number: usize) -> String {
    let parts: Vec<_> = path.iter().rev().take(number).collect();
    let parts: Vec<_> = parts
        .iter()
        .rev()
        .map(|part| part.to_string_lossy())
        .collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::{Dump, name};

    #[test]
    fn names_are_as_short_as_they_can_be() {
        let cases = [
            (vec!["/a/x.csv", "/a/y.csv"], vec!["x.csv", "y.csv"]),
            (
                vec!["/a/01/x.csv", "/a/02/x.csv", "/b/02/y.csv"],
                vec!["01/x.csv", "02/x.csv", "y.csv"],
            ),
            (vec!["/a/01/x", "/b/01/x"], vec!["a/01/x", "b/01/x"]),
        ];
        for (paths, names) in cases {
            let dump = |path: &&str| Dump {
                name: String::new(),
                path: path.into(),
                bytes: 0,
                modified: 0,
            };
            let mut dumps: Vec<Dump> = paths.iter().map(dump).collect();
            name(&mut dumps);
            let named: Vec<&str> = dumps.iter().map(|dump| dump.name.as_str()).collect();
            assert_eq!(named, names);
        }
    }
}
