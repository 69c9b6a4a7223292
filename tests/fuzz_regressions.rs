//! What fuzzing once found, and what it began with: `fuzz/regressions/TARGET/*`, one input a file.

#[path = "../fuzz/targets/hostile.rs"]
mod hostile;

#[cfg(feature = "serve")]
#[path = "../fuzz/targets/asked.rs"]
mod asked;
#[path = "../fuzz/targets/kept.rs"]
mod kept;

use std::fs;
use std::panic::catch_unwind;
use std::path::Path;

fn each(target: &str, hold: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/regressions");
    let mut inputs = 0;
    for input in fs::read_dir(folder.join(target)).unwrap() {
        let path = input.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        let held = catch_unwind(|| hold(&bytes));
        assert!(held.is_ok(), "{}", path.display());
        inputs += 1;
    }
    assert!(inputs > 0, "{target} has no inputs");
}

#[test]
fn decision() {
    each("decision", hostile::decision);
}

#[test]
fn dump() {
    each("dump", hostile::dump);
}

#[test]
fn log() {
    each("log", kept::log);
}

#[test]
fn policies() {
    each("policies", hostile::policies);
}

#[test]
fn post() {
    each("post", hostile::post);
}

#[cfg(feature = "serve")]
#[test]
fn request() {
    each("request", asked::request);
}
