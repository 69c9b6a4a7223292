//! The decision log is proven, and what was done to it is found.

use crate::escalate::{LEAKED_THEN_THREATENED, cases};
use crate::store::{SMALL, all_told, copied, open, opened, prove, segments, until};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use vigie::store::{LiveOptions, verify_log};

/// A log of several files.
fn log() -> TempDir {
    let dir = TempDir::new().unwrap();
    let options = LiveOptions {
        segment_bytes: 1_200,
        snapshot_posts: 1_000,
        ..SMALL
    };
    let (mut live, _) = opened(dir.path(), options).unwrap();
    for happening in all_told(LEAKED_THEN_THREATENED) {
        live.commit(&[happening]).unwrap();
    }
    dir
}

fn lines(file: &Path) -> Vec<String> {
    let text = fs::read_to_string(file).unwrap();
    text.lines().map(str::to_owned).collect()
}

/// The first line after the head.
fn second(lines: &mut [String]) -> &mut String {
    lines.get_mut(1).unwrap()
}

fn write(file: &Path, lines: &[String]) {
    fs::write(file, lines.join("\n") + "\n").unwrap();
}

/// How a log is tampered with, and what is said of it.
type Tampering = (&'static str, fn(&Path), &'static str);

static TAMPERED: &[Tampering] = &[
    (
        "a word is another one",
        |dir| {
            edit(dir, |lines| {
                *second(lines) = second(lines).replace("\"hold\"", "\"note\"")
            })
        },
        "line 2: the line is not as it was written",
    ),
    (
        "two lines are swapped",
        |dir| edit(dir, |lines| lines.swap(1, 2)),
        "line 2: the line is not the one that follows",
    ),
    (
        "a line is missing",
        |dir| {
            edit(dir, |lines| {
                lines.remove(1);
            });
        },
        "line 2: the line is not the one that follows",
    ),
    (
        "a line is told twice",
        |dir| {
            edit(dir, |lines| {
                let again = second(lines).clone();
                lines.insert(1, again);
            });
        },
        "line 3: the line is not the one that follows",
    ),
    (
        "a line was made up at the end",
        |dir| {
            let file = segments(dir).pop().unwrap();
            let mut all = lines(&file);
            all.push(all.last().unwrap().clone());
            write(&file, &all);
        },
        "the line is not the one that follows",
    ),
    (
        "the end is missing",
        |dir| {
            let file = segments(dir).pop().unwrap();
            let mut all = lines(&file);
            all.pop();
            write(&file, &all);
        },
        "was acknowledged",
    ),
    (
        "a file in the middle is missing",
        |dir| fs::remove_file(segments(dir).remove(1)).unwrap(),
        "line 1: the file does not follow",
    ),
    (
        "the first file is missing",
        |dir| fs::remove_file(segments(dir).remove(0)).unwrap(),
        "are missing, and no line says that they were pruned",
    ),
    (
        "a payload is erased behind the log's back",
        |dir| {
            edit(dir, |lines| {
                let line = second(lines);
                let (head, payload) = line.split_once(r#","payload":"#).unwrap();
                let (head, salt) = head.split_once(r#","salt":""#).unwrap();
                let payload = &payload[..payload.len() - 1];
                let digest = sha256(&format!("{}{payload}", salt.trim_end_matches('"')));
                *line = format!(r#"{head},"digest":"{digest}","payload":{payload}}}"#);
            });
        },
        "line 2: what is erased here is not what the erasures told in the log have erased",
    ),
];

fn sha256(text: &str) -> String {
    let hash = Sha256::digest(text.as_bytes());
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Changes the second file.
fn edit(dir: &Path, change: impl FnOnce(&mut Vec<String>)) {
    let file = segments(dir).remove(1);
    let mut all = lines(&file);
    assert!(all.len() > 2, "{all:?}");
    change(&mut all);
    write(&file, &all);
}

#[test]
fn what_was_done_to_a_log_is_found() {
    let dir = log();
    assert!(segments(dir.path()).len() > 2);
    assert_eq!(prove(dir.path()).whole, 5);
    for (what, tamper, said) in TAMPERED {
        let dir = copied(dir.path());
        tamper(dir.path());
        let broken = verify_log(dir.path())
            .unwrap()
            .broken
            .unwrap_or_else(|| panic!("{what}"));
        let told = format!("line {}: {}", broken.line, broken.what);
        assert!(told.contains(said), "{what}: {told}");
    }
}

#[test]
fn ladders_that_were_not_reached_are_found_even_by_a_chain_made_anew() {
    let dir = log();
    let mut after: Option<String> = None;
    for file in segments(dir.path()) {
        let mut all = lines(&file);
        let mut chain = after.clone().unwrap_or_else(|| "0".repeat(64));
        let header = all[0].split(r#""after":""#).nth(1).unwrap()[..64].to_owned();
        all[0] = all[0].replace(&header, &chain);
        for line in all.iter_mut().skip(1) {
            let (head, payload) = line.split_once(r#","payload":"#).unwrap();
            let payload =
                payload[..payload.len() - 1].replace(r#""rung":"danger""#, r#""rung":"watch""#);
            let (start, rest) = head.split_once(r#""chain":""#).unwrap();
            let n: u64 = start[5..].split(',').next().unwrap().parse().unwrap();
            let salt = rest[64..].split('"').nth(4).unwrap();
            let digest = sha256(&format!("{salt}{payload}"));
            chain = sha256(&format!("{chain}:{n}:{digest}"));
            *line = format!(r#"{start}"chain":"{chain}","salt":"{salt}","payload":{payload}}}"#);
        }
        after = Some(chain);
        write(&file, &all);
    }
    fs::remove_file(dir.path().join("log/head.json")).unwrap();
    let broken = verify_log(dir.path()).unwrap().broken.unwrap();
    assert!(broken.what.contains("told again"), "{broken:?}");
}

#[test]
fn each_file_can_be_proven_alone() {
    let dir = log();
    for file in segments(dir.path()) {
        let proof = verify_log(&file).unwrap();
        assert_eq!((proof.broken, proof.acknowledged), (None, None));
        assert!(proof.last > proof.pruned);
    }
    assert!(verify_log(&dir.path().join("snapshots")).is_err());
}

#[test]
fn lines_hold_no_more_than_they_should() {
    let dir = log();
    let file = &segments(dir.path())[0];
    let all = lines(file);
    assert!(
        all[0].starts_with(r#"{"vigie_log":1,"first":1,"after":"0000"#),
        "{}",
        all[0]
    );
    assert!(
        all[1].starts_with(r#"{"n":1,"begins":true,"chain":""#),
        "{}",
        all[1]
    );
    assert!(all[1].contains(r#""payload":{"policies":{"digest":"sha256:p1","vigie":""#));
    // One batch, one mark.
    let dir = TempDir::new().unwrap();
    let mut live = open(dir.path());
    live.commit(&all_told(LEAKED_THEN_THREATENED)).unwrap();
    let story = cases(LEAKED_THEN_THREATENED, until(LEAKED_THEN_THREATENED));
    assert_eq!(crate::store::cases_of(&mut live), story);
    let all = lines(&segments(dir.path())[0]);
    let begins: Vec<bool> = all
        .iter()
        .skip(1)
        .map(|it| it.contains("\"begins\""))
        .collect();
    assert_eq!(begins, [true, true, false, false, false]);
    assert!(all[2].contains(r#""judged":{"post":"p1","revision":1,"at":"2026-03-01T00:00:00Z","author":"ann","thread":"thread","community":"forum","targets":["mara"],"hits":["p/leak"],"decision":{"#), "{}", all[2]);
    assert!(all[2].contains(r#","ladders":[{"subject":{"kind":"target","id":"mara"},"ladder":"target","rung":"watch","changed":true}]}}}"#), "{}", all[2]);
}
