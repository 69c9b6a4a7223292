//! The pack that comes with the program.

use super::check::RawFile;

/// Path below `rules/` and text of each file.
static PACK: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/pack.rs"));

/// The files of the shipped pack, embedded when the program was built.
#[must_use]
pub fn shipped() -> Vec<RawFile> {
    PACK.iter()
        .map(|(name, text)| RawFile {
            name: format!("rules/{name}"),
            bytes: text.as_bytes().to_vec(),
        })
        .collect()
}
