//! Who is forgotten stands nowhere any more; what happened still counts for the others, and the log
//! is still proven.

use crate::escalate::{LEAK, LEAKED_THEN_THREATENED, Post, THREAT, drawn};
use crate::store::{SMALL, all_told, cases_of, copied, files, open, opened, prove, segments, told};
use std::fs;
use std::path::Path;
use tempfile::TempDir;
use vigie::model::SubjectKind;
use vigie::store::{Happening, LiveOptions, LiveState, verify_log};

fn options() -> LiveOptions {
    LiveOptions {
        segment_bytes: 1_500,
        snapshot_posts: 3,
        ..SMALL
    }
}

/// A state of several files and snapshots.
fn state() -> TempDir {
    let dir = TempDir::new().unwrap();
    let (mut live, _) = opened(dir.path(), options()).unwrap();
    for happening in all_told(LEAKED_THEN_THREATENED) {
        live.commit(&[happening]).unwrap();
    }
    // Somebody of the same name in another role stays.
    live.commit(&[told(&Post(51, "p5", 0, &[THREAT], "mara", "lou"))])
        .unwrap();
    dir
}

/// Whether a word stands in any file of a folder.
fn holds(folder: &Path, word: &str) -> bool {
    files(folder).iter().any(|path| match path.is_dir() {
        true => holds(path, word),
        false => {
            let bytes = fs::read(path).unwrap();
            memchr::memmem::find(&bytes, word.as_bytes()).is_some()
        }
    })
}

fn erased(dir: &Path, kind: SubjectKind, id: &str) -> (LiveState, String) {
    let (mut live, _) = opened(dir, options()).unwrap();
    let erased = live.erase(kind, id).unwrap();
    (live, erased.instead.unwrap())
}

#[test]
fn who_is_forgotten_stands_nowhere_and_the_others_stand_where_they_stood() {
    let cases = |kind: SubjectKind, id: &str| {
        let dir = state();
        let before = drawn(&cases_of(&mut opened(dir.path(), options()).unwrap().0));
        let (mut live, instead) = erased(dir.path(), kind, id);
        let after = drawn(&cases_of(&mut live));
        drop(live);
        let renamed =
            |case: &String| case.replace(&format!("{kind}/{id}:"), &format!("{kind}/{instead}:"));
        let mut expected: Vec<String> = before.iter().map(renamed).collect();
        let (mut sorted, mut found) = (expected.clone(), after.clone());
        sorted.sort();
        found.sort();
        assert_eq!(found, sorted, "{kind} {id}");
        // From the log alone, the same.
        let snapshots = files(&dir.path().join("snapshots"));
        assert_eq!(snapshots.len(), 1);
        fs::remove_file(&snapshots[0]).unwrap();
        let (mut live, recovered) = opened(dir.path(), options()).unwrap();
        assert_eq!((recovered.differing, recovered.snapshot), (0, false));
        expected = drawn(&cases_of(&mut live));
        assert_eq!(expected, after);
        drop(live);
        assert!(prove(dir.path()).erased > 0);
        dir
    };
    for (kind, id) in [
        (SubjectKind::Author, "cid"),
        (SubjectKind::Community, "forum"),
    ] {
        let dir = cases(kind, id);
        assert!(
            !holds(dir.path(), &format!("\"{id}\"")),
            "{id} stands somewhere"
        );
    }
    let dir = cases(SubjectKind::Target, "mara");
    assert!(!holds(dir.path(), r#"["mara"]"#) && !holds(dir.path(), r#""id":"mara""#));
    assert!(
        holds(dir.path(), r#""author":"mara""#),
        "the author is another subject"
    );
    let log: String = segments(dir.path())
        .iter()
        .map(|it| fs::read_to_string(it).unwrap())
        .collect();
    let digests = log.lines().filter(|line| line.contains("k1:9f")).count();
    assert_eq!(digests, 1, "evidence about her has no digest");
}

#[test]
fn stopped_at_any_step_an_erasure_goes_on() {
    let before = state();
    let done = copied(before.path());
    let (mut live, instead) = erased(done.path(), SubjectKind::Target, "mara");
    let expected = drawn(&cases_of(&mut live));
    drop(live);
    let intent = format!(r#"{{"kind":"target","id":"mara","instead":"{instead}"}}"#);
    let many = segments(before.path()).len();
    // Files of the log replaced, one after the other; then the line and the snapshot are there too.
    for replaced in 0..=many + 1 {
        let dir = match replaced > many {
            true => copied(done.path()),
            false => copied(before.path()),
        };
        for file in segments(before.path()).iter().take(replaced) {
            let name = file.file_name().unwrap();
            fs::copy(
                done.path().join("log").join(name),
                dir.path().join("log").join(name),
            )
            .unwrap();
        }
        fs::write(dir.path().join("erasure.json"), &intent).unwrap();
        let (mut live, recovered) = opened(dir.path(), options()).unwrap();
        assert!(recovered.erased);
        assert_eq!(
            drawn(&cases_of(&mut live)),
            expected,
            "after {replaced} files"
        );
        drop(live);
        assert!(
            !holds(dir.path(), r#""id":"mara""#),
            "after {replaced} files"
        );
        assert!(!dir.path().join("erasure.json").exists());
        prove(dir.path());
    }
}

#[test]
fn life_goes_on_after_an_erasure() {
    let dir = state();
    let (mut live, _) = erased(dir.path(), SubjectKind::Target, "mara");
    assert_eq!(
        live.erase(SubjectKind::Target, "nobody").unwrap().instead,
        None
    );
    live.erase(SubjectKind::Author, "ann").unwrap();
    live.commit(&[told(&Post(60, "p6", 0, &[LEAK], "ann", "mara"))])
        .unwrap();
    let mara = live.cases_of(SubjectKind::Target, "mara");
    assert_eq!(drawn(&[mara[0].0.clone()]), ["target/mara: +watch 60h"]);
    // A dismissal still finds the post, whose target nobody knows any more.
    let dismissed = Happening::Answered {
        post: "p1".to_owned(),
        outcome: vigie::model::Outcome::Dismissed,
        at: crate::escalate::hour(61),
        by: None,
    };
    live.commit(&[dismissed]).unwrap();
    let told: Vec<String> = drawn(&cases_of(&mut live));
    assert!(told.iter().all(|case| !case.contains("danger")), "{told:?}");
    drop(live);
    open(dir.path());
    let proof = prove(dir.path());
    assert_eq!(proof.erased, 4, "twice in one line is one line");
}

#[test]
fn what_is_kept_of_erased_lines_can_t_be_changed_either() {
    let dir = state();
    drop(erased(dir.path(), SubjectKind::Target, "mara"));
    let file = &segments(dir.path())[1];
    let text = fs::read_to_string(file).unwrap();
    let changed = text.replacen(r#""author":"bob""#, r#""author":"zoe""#, 1);
    assert_ne!(text, changed);
    fs::write(file, changed).unwrap();
    let broken = verify_log(dir.path()).unwrap().broken.unwrap();
    assert!(
        broken.what.contains("erasures told in the log"),
        "{broken:?}"
    );
}
