//! What holds for any state folder: its log is whole, or it is said where it breaks.

use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;
use vigie::model::Timestamp;
use vigie::policy::{Escalation, KindId, check, shipped};
use vigie::store::{Happening, Judged, LiveOptions, LiveState, verify_log};

static ESCALATION: LazyLock<Arc<Escalation>> = LazyLock::new(|| {
    let pack = check(shipped()).pack.expect("the shipped pack is sound");
    Arc::clone(&pack.escalation)
});

/// A log of a few posts, as it was written.
static WRITTEN: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = folder();
    let mut live = open(folder.path()).expect("an empty folder can be opened");
    for at in 0..4 {
        let told = [judged(at)];
        live.commit(&told).expect("a folder can be written");
    }
    drop(live);
    let log = folder.path().join("log/00000000000000000001.ndjson");
    fs::read(log).expect("the log is there")
});

fn judged(at: u32) -> Happening {
    Happening::Judged(Judged {
        post: format!("post-{at}"),
        revision: 1,
        at: Timestamp::from_millis(1_770_000_000_000 + i64::from(at)).expect("it is an instant"),
        author: Some("author".to_owned()),
        thread: Some("thread".to_owned()),
        community: None,
        targets: vec!["target".to_owned()],
        kinds: [KindId(0)].into_iter().collect(),
        escalation: Arc::clone(&ESCALATION),
        decision: br#"{"post":"p","action":"hold"}"#.to_vec(),
    })
}

fn folder() -> TempDir {
    tempfile::tempdir().expect("a temporary folder can be made")
}

fn open(folder: &Path) -> Option<LiveState> {
    let opened = LiveState::open(folder, &ESCALATION, "sha256:f", LiveOptions::default());
    opened.ok().map(|(live, _)| live)
}

/// The first byte says whether the rest is a log, or edits of a sound one (three bytes each: a place, and
/// what is turned over there; at the end of the log it is cut off).
pub(crate) fn log(bytes: &[u8]) {
    let Some((how, bytes)) = bytes.split_first() else {
        return;
    };
    let log = match how % 2 {
        0 => bytes.to_vec(),
        _ => edited(bytes),
    };
    let folder = folder();
    let path = folder.path().join("log");
    fs::create_dir(&path).expect("a folder can be made");
    fs::write(path.join("00000000000000000001.ndjson"), log).expect("a file can be written");
    let _ = verify_log(folder.path());
    let Some(mut live) = open(folder.path()) else {
        return;
    };
    // What could be opened goes on, and is whole from then on.
    live.commit(&[judged(9)]).expect("it goes on");
    let lines = live.sizes().lines;
    drop(live);
    let proof = verify_log(folder.path()).expect("it can be read");
    assert!(
        proof.broken.is_none(),
        "what was opened is whole: {proof:?}"
    );
    let mut again = open(folder.path()).expect("it can be opened again");
    assert_eq!(again.sizes().lines, lines);
}

fn edited(edits: &[u8]) -> Vec<u8> {
    let mut log = WRITTEN.clone();
    for edit in edits.chunks_exact(3) {
        let &[high, low, turn] = edit else { continue };
        let place = usize::from(u16::from_be_bytes([high, low]));
        match log.get_mut(place) {
            Some(byte) => *byte ^= turn,
            None => log.truncate(log.len() - usize::from(turn).min(log.len())),
        }
    }
    log
}
