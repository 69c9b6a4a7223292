//! Embeds the shipped pack: every `rules/**/*.yaml`, so that a new policy costs one file.

#![expect(
    clippy::disallowed_methods,
    reason = "a build script reads files and Cargo's variables"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").unwrap_or_default());
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=rules");
    fs::write(out.join("pack.rs"), pack(&root.join("rules"))?)
}

/// A Rust expression: the pack's files as `(path below rules/, text)`, sorted by path.
fn pack(rules: &Path) -> io::Result<String> {
    let mut files = Vec::new();
    yaml_files(rules, &mut files)?;
    files.sort();
    let mut code = String::from("&[\n");
    for file in files {
        let name = file
            .strip_prefix(rules)
            .unwrap_or(&file)
            .to_string_lossy()
            .replace('\\', "/");
        let path = file.to_string_lossy();
        let _ = writeln!(code, "    ({name:?}, include_str!({path:?})),");
    }
    code.push(']');
    Ok(code)
}

fn yaml_files(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            yaml_files(&path, found)?;
        } else if path.extension().is_some_and(|e| e == "yaml") {
            found.push(path);
        }
    }
    Ok(())
}
