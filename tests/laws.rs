//! Laws of the house: what a review would otherwise have to argue about.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Modules from the ground up. Each may use those above it in this list, never those below; those
/// of one line do not use each other.
const FLOORS: &[&[&str]] = &[
    &["limits", "model"],
    &["diagnostics", "text"],
    &["detectors"],
    &["policy", "registry"],
    &["ruleset"],
    &["escalate", "evaluate"],
    &["engine"],
    &["wire"],
    &["ingest", "metrics", "report", "store"],
    &["audit", "authoring", "serve"],
    &["cli"],
    &["main"],
];

/// Lines of a source file. Tables of data are named here.
const FILE_LINES_MAX: usize = 600;
const TABLES: &[&str] = &[];

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(rust_files(&path)),
            false if path.extension().is_some_and(|e| e == "rs") => files.push(path),
            false => {}
        }
    }
    files.sort();
    files
}

fn source() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// `src/policy/check/mod.rs` is part of `policy`.
fn module(path: &Path) -> String {
    let below = path.strip_prefix(source()).unwrap();
    let first = below
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

#[test]
fn imports_run_one_way() {
    let floor: BTreeMap<&str, usize> = FLOORS
        .iter()
        .enumerate()
        .flat_map(|(at, modules)| modules.iter().map(move |module| (*module, at)))
        .collect();
    let mut wrong = Vec::new();
    for path in rust_files(&source()) {
        let name = module(&path);
        if name == "lib" {
            continue;
        }
        let Some(own) = floor.get(name.as_str()) else {
            wrong.push(format!("{name} has no floor: add it to FLOORS"));
            continue;
        };
        for line in fs::read_to_string(&path).unwrap().lines() {
            let code = line.split("//").next().unwrap_or_default();
            for used in code
                .split("crate::")
                .skip(1)
                .chain(code.split("vigie::").skip(1))
            {
                let used: String = used
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let Some(other) = floor.get(used.as_str()) else {
                    continue;
                };
                if other > own || (other == own && used != name) {
                    wrong.push(format!("{} uses {used}", path.display()));
                }
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "imports against the order of floors:\n{}",
        wrong.join("\n")
    );
}

#[test]
fn files_can_be_read_in_one_sitting() {
    for path in rust_files(&source()) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let lines = fs::read_to_string(&path).unwrap().lines().count();
        let is_table = TABLES.contains(&name.as_str());
        assert!(
            lines <= FILE_LINES_MAX || is_table,
            "{} has {lines} lines",
            path.display()
        );
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for path in rust_files(&source()) {
        let text = fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with("//! "),
            "{} begins with no sentence",
            path.display()
        );
    }
}

#[test]
fn every_dependency_says_what_for() {
    let manifest = fs::read_to_string(source().with_file_name("Cargo.toml")).unwrap();
    let mut in_dependencies = false;
    for line in manifest.lines() {
        if line.starts_with('[') {
            in_dependencies = line.ends_with("dependencies]");
        } else if in_dependencies && line.contains('=') {
            assert!(
                line.contains(" # "),
                "a dependency without a reason: {line}"
            );
        }
    }
}

#[test]
fn the_words_of_the_house_are_kept() {
    let banned = [
        "util", "utils", "helper", "helpers", "manager", "common", "misc",
    ];
    for path in rust_files(&source()) {
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        assert!(
            !banned.contains(&stem.as_str()),
            "{} has a name that says nothing",
            path.display()
        );
    }
}
