//! What the sidecar knows survives whatever interrupts it, and is what an audit says.

use crate::audit::{audit, dump, line};
use crate::escalate::{
    Answer, Closed, Deleted, LEAK, LEAKED_THEN_THREATENED, Post, THREAT, Told, cases, drawn,
    escalation, happening, hour, kinds,
};
use proptest::prelude::*;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::{Arc, LazyLock};
use tempfile::TempDir;
use vigie::engine::Engine;
use vigie::escalate::{Bounds, hits_of};
use vigie::model::{Case, Post as Written, Span, Subject, SubjectKind, Timestamp};
use vigie::policy::{Escalation, check, shipped};
use vigie::ruleset::Levels;
use vigie::store::{
    Happening, Judged, LiveOptions, LiveState, Recovered, Refusal, StoreError, Taken, verify_log,
};
use vigie::wire::{Event, event_from_json, post_from_json, write_case, write_decision};

/// Small files and frequent snapshots: everything happens often.
pub(crate) const SMALL: LiveOptions = LiveOptions {
    bounds: Bounds {
        lateness: Span::hours(72),
        subjects: 1_000,
    },
    segment_bytes: 4_000,
    snapshot_posts: 10,
    retention: None,
};

pub(crate) fn opened(
    dir: &Path,
    options: LiveOptions,
) -> Result<(LiveState, Recovered), StoreError> {
    LiveState::open(dir, &escalation(), "sha256:p1", options)
}

pub(crate) fn open(dir: &Path) -> LiveState {
    opened(dir, SMALL).unwrap().0
}

pub(crate) fn told(told: &Told) -> Happening {
    let by = Some("key-1".to_owned());
    match told {
        Post(at, post, revision, of, author, target) => {
            let targets = Some(*target).filter(|id| !id.is_empty());
            let targets: Vec<String> = targets.map(str::to_owned).into_iter().collect();
            let decision = serde_json::json!({"post": post, "action": "hold", "targets": targets,
                "evidence": [{"signal": "street", "kind": "address", "span": [1, 2], "digest": "k1:9f"}]});
            Happening::Judged(Judged {
                post: (*post).to_owned(),
                revision: *revision,
                at: hour(*at),
                author: Some((*author).to_owned()),
                thread: Some("thread".to_owned()),
                community: Some("forum".to_owned()),
                targets,
                kinds: kinds(of),
                escalation: escalation(),
                decision: decision.to_string().into_bytes(),
            })
        }
        Answer(at, post, outcome) => Happening::Answered {
            post: (*post).to_owned(),
            outcome: *outcome,
            at: hour(*at),
            by,
        },
        Deleted(at, post) => Happening::Deleted {
            post: (*post).to_owned(),
            at: hour(*at),
        },
        Closed(at, id) => Happening::Closed {
            kind: SubjectKind::Target,
            id: (*id).to_owned(),
            at: hour(*at),
            by,
        },
    }
}

pub(crate) fn all_told(story: &[Told]) -> Vec<Happening> {
    story.iter().map(told).collect()
}

pub(crate) fn cases_of(live: &mut LiveState) -> Vec<Case> {
    let mut cases = Vec::new();
    live.each_case(|case, _| cases.push(case.clone()));
    cases
}

/// The latest instant of a story: cases are as of then.
pub(crate) fn until(story: &[Told]) -> u32 {
    let at = |told: &Told| match told {
        Post(at, ..) | Answer(at, ..) | Deleted(at, _) | Closed(at, _) => *at,
    };
    story.iter().map(at).max().unwrap_or(0)
}

pub(crate) fn copied(from: &Path) -> TempDir {
    let to = TempDir::new().unwrap();
    copy(from, to.path());
    to
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &to),
            false => {
                fs::copy(&path, to).unwrap();
            }
        }
    }
}

pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

/// The files of the log.
pub(crate) fn segments(dir: &Path) -> Vec<PathBuf> {
    let mut files = files(&dir.join("log"));
    files.retain(|path| path.extension().is_some_and(|it| it == "ndjson"));
    files
}

pub(crate) fn prove(dir: &Path) -> vigie::store::Proof {
    let proof = verify_log(dir).unwrap();
    assert_eq!(proof.broken, None);
    proof
}

/// Of two tellings of one edit that differ in nothing but the time, the first counts: who tries again
/// without a time is given another one. An audit takes the later.
fn without_contradictions(mut story: Vec<Told>) -> Vec<Told> {
    let mut seen = std::collections::BTreeSet::new();
    story.retain(|told| match told {
        Post(_, post, revision, of, ..) => seen.insert((*post, (*revision).max(1), kinds(of))),
        Answer(..) | Deleted(..) | Closed(..) => true,
    });
    story
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn state_after_restarts_is_state_without_them(
        story in prop::collection::vec(happening(), 1..40).prop_map(without_contradictions),
        cuts in prop::collection::vec((1..6_usize, any::<bool>(), 0..3_u8), 40),
    ) {
        let dir = TempDir::new().unwrap();
        let mut live = open(dir.path());
        let mut rest = all_told(&story);
        for (many, reopen, lost) in cuts {
            let batch: Vec<Happening> = rest.drain(..many.min(rest.len())).collect();
            live.commit(&batch).unwrap();
            if reopen {
                drop(live);
                // Without snapshots the log alone must do; without the newest, the one before.
                let snapshots = files(&dir.path().join("snapshots"));
                let gone = match lost { 0 => 0, 1 => 1, _ => snapshots.len() };
                snapshots.iter().rev().take(gone).for_each(|it| fs::write(it, "x").unwrap());
                let (again, recovered) = opened(dir.path(), SMALL).unwrap();
                prop_assert_eq!((recovered.torn_bytes, recovered.differing), (0, 0));
                live = again;
            }
        }
        prop_assert_eq!(cases_of(&mut live), cases(&story, until(&story)));
        prove(dir.path());
    }
}

#[test]
fn killed_at_every_byte_of_the_last_write_nothing_acknowledged_is_lost() {
    let dir = TempDir::new().unwrap();
    let story = all_told(LEAKED_THEN_THREATENED);
    let options = LiveOptions {
        segment_bytes: 1 << 20,
        ..SMALL
    };
    let mut live = opened(dir.path(), options).unwrap().0;
    live.commit(&story[..2]).unwrap();
    let before = copied(dir.path());
    let file = segments(dir.path()).pop().unwrap();
    let settled = fs::metadata(&file).unwrap().len() as usize;
    live.commit(&story[2..]).unwrap();
    let (whole, after) = (fs::read(&file).unwrap(), cases_of(&mut live));
    assert!(whole.len() > settled + 500);
    for end in settled..=whole.len() {
        // Cut off, and with a page in it that never reached the disk.
        let mut holed = whole.clone();
        holed[settled + (end - settled) / 2..end].fill(0);
        for (bytes, is_cut) in [(&whole[..end], true), (&holed[..], false)] {
            let dir = copied(before.path());
            let file = dir.path().join("log").join(file.file_name().unwrap());
            fs::write(&file, bytes).unwrap();
            let (mut live, recovered) = opened(dir.path(), SMALL).unwrap();
            let read = memchr::memrchr(b'\n', &whole[..end]).unwrap() + 1;
            if is_cut {
                assert_eq!(recovered.torn_bytes as usize, end - read, "at {end}");
            }
            live.commit(&story[2..]).unwrap();
            assert_eq!(cases_of(&mut live), after, "at {end}");
            drop(live);
            prove(dir.path());
        }
    }
}

#[test]
fn damage_to_what_was_acknowledged_is_no_torn_tail() {
    let dir = TempDir::new().unwrap();
    let mut live = open(dir.path());
    for happening in all_told(LEAKED_THEN_THREATENED) {
        live.commit(&[happening]).unwrap();
    }
    drop(live);
    let file = segments(dir.path()).pop().unwrap();
    let whole = fs::read(&file).unwrap();
    let header = memchr::memchr(b'\n', &whole).unwrap() + 1;
    for at in (header..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        fs::write(&file, &bytes).unwrap();
        let line = whole[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
        let said = opened(dir.path(), SMALL).unwrap_err().to_string();
        assert!(said.contains(&format!("line {line}:")), "at {at}: {said}");
        assert!(said.contains("put a sound copy"), "{said}");
        let broken = verify_log(dir.path()).unwrap().broken.unwrap();
        assert_eq!((broken.line, &broken.file), (line, &file), "at {at}");
    }
    // Without a head, the last batch may be a torn one; what was begun before may not.
    fs::remove_file(dir.path().join("log/head.json")).unwrap();
    let mut bytes = whole.clone();
    bytes[header + 100] ^= 1;
    fs::write(&file, &bytes).unwrap();
    assert!(opened(dir.path(), SMALL).is_err());
    bytes[header + 100] ^= 1;
    let last = bytes.len() - 5;
    bytes[last] ^= 1;
    fs::write(&file, &bytes).unwrap();
    let (_, recovered) = opened(dir.path(), SMALL).unwrap();
    assert!(recovered.torn_bytes > 0);
}

#[test]
fn a_damaged_head_or_snapshot_is_said_and_made_anew_from_the_log() {
    let dir = TempDir::new().unwrap();
    let mut live = open(dir.path());
    live.commit(&all_told(LEAKED_THEN_THREATENED)).unwrap();
    live.snapshot().unwrap();
    let cases = cases_of(&mut live);
    drop(live);
    let head = dir.path().join("log/head.json");
    let folder = fs::read_dir(dir.path().join("snapshots")).unwrap();
    let snapshot = folder.map(|it| it.unwrap().path()).max().unwrap();
    let sound = [&head, &snapshot].map(|path| fs::read(path).unwrap());
    let damages = [
        |whole: &[u8]| whole[..whole.len() / 2].to_vec(),
        |whole: &[u8]| whole.iter().map(|byte| byte ^ 0x80).collect(),
        |_: &[u8]| Vec::new(),
        |whole: &[u8]| vec![0; whole.len()],
    ];
    for damage in damages {
        for (path, whole) in [&head, &snapshot].into_iter().zip(&sound) {
            fs::write(path, damage(whole)).unwrap();
            let (mut live, recovered) = opened(dir.path(), SMALL).unwrap();
            let is_head = *path == head;
            assert_eq!(recovered.bad_head, is_head);
            assert_eq!(recovered.bad_snapshots, u64::from(!is_head));
            assert_eq!(cases_of(&mut live), cases);
            drop(live);
            match is_head {
                true => assert_eq!(fs::read(&head).unwrap(), *whole, "it was made anew"),
                false => fs::write(path, whole).unwrap(),
            }
            prove(dir.path());
        }
    }
}

#[test]
fn a_snapshot_that_cannot_be_written_is_counted_at_once_and_nothing_is_lost() {
    let dir = TempDir::new().unwrap();
    let mut live = open(dir.path());
    fs::remove_dir_all(dir.path().join("snapshots")).unwrap();
    for at in 0..20 {
        let edit = told(&Post(at, "p1", u64::from(at), &[THREAT], "ann", "mara"));
        live.commit(&[edit]).unwrap();
    }
    // It is written beside the log, and fails there.
    while live.sizes().failed_snapshots == 0 {
        std::thread::yield_now();
    }
    let cases = cases_of(&mut live);
    drop(live);
    assert_eq!(cases_of(&mut open(dir.path())), cases);
    prove(dir.path());
}

#[test]
fn lines_that_were_acknowledged_must_be_there() {
    let dir = TempDir::new().unwrap();
    let mut live = open(dir.path());
    live.commit(&all_told(LEAKED_THEN_THREATENED)).unwrap();
    live.snapshot().unwrap();
    drop(live);
    let file = segments(dir.path()).pop().unwrap();
    let bytes = fs::read(&file).unwrap();
    let lines = memchr::memrchr(b'\n', &bytes[..bytes.len() - 1]).unwrap() + 1;
    fs::write(&file, &bytes[..lines]).unwrap();
    for head in [true, false] {
        if !head {
            fs::remove_file(dir.path().join("log/head.json")).unwrap();
        }
        let said = opened(dir.path(), SMALL).unwrap_err().to_string();
        assert!(said.contains("line 5 was acknowledged"), "{said}");
    }
    fs::remove_file(&file).unwrap();
    assert!(opened(dir.path(), SMALL).is_err(), "no log at all");
}

#[test]
fn state_that_is_in_doubt_is_made_anew() {
    let dir = TempDir::new().unwrap();
    let (before, after) = LEAKED_THEN_THREATENED.split_at(2);
    let mut live = open(dir.path());
    live.commit(&all_told(before)).unwrap();
    live.doubt();
    live.commit(&all_told(after)).unwrap();
    let whole = TempDir::new().unwrap();
    let mut other = open(whole.path());
    other.commit(&all_told(LEAKED_THEN_THREATENED)).unwrap();
    assert_eq!(cases_of(&mut live), cases_of(&mut other));
    drop(live);
    prove(dir.path());
}

#[test]
fn one_process_at_a_time() {
    let dir = TempDir::new().unwrap();
    let live = open(dir.path());
    let said = opened(dir.path(), SMALL).unwrap_err().to_string();
    assert!(said.contains("another process holds"), "{said}");
    drop(live);
    open(dir.path());
}

#[test]
fn told_again_it_counts_once_and_stands_once_in_the_log() {
    let dir = TempDir::new().unwrap();
    let mut live = open(dir.path());
    let story = all_told(LEAKED_THEN_THREATENED);
    let first = live.commit(&story).unwrap();
    assert!(matches!(&first[0], Taken::Judged { repeated: false, changed } if !changed.is_empty()));
    let lines = live.sizes().lines;
    for round in 0..3 {
        if round == 1 {
            drop(live);
            live = open(dir.path());
        }
        let again = live.commit(&story).unwrap();
        assert!(
            again
                .iter()
                .all(|it| matches!(it, Taken::Judged { repeated: true, .. }))
        );
        assert_eq!(live.sizes().lines, lines);
    }
    // What says something else is another telling.
    let more = told(&Post(0, "p1", 0, &[LEAK, THREAT], "ann", "mara"));
    let taken = live.commit(&[more]).unwrap();
    assert!(matches!(
        taken[0],
        Taken::Judged {
            repeated: false,
            ..
        }
    ));
}

fn signed(by: &str, ladder: &str, target: &str) -> Happening {
    Happening::Signed {
        subject: Subject {
            kind: SubjectKind::Target,
            id: target.into(),
        },
        ladder: ladder.to_owned(),
        by: by.to_owned(),
        at: hour(60),
    }
}

/// Targets in danger need two signatures.
fn two_must_sign() -> Arc<Escalation> {
    let mut escalation = Arc::into_inner(escalation()).unwrap();
    let rungs = escalation
        .ladders
        .first_mut()
        .map(|ladder| &mut ladder.rungs);
    rungs.unwrap().get_mut(1).unwrap().signed_by = 2;
    Arc::new(escalation)
}

#[test]
fn two_keys_sign_and_a_case_that_left_needs_new_ones() {
    let dir = TempDir::new().unwrap();
    let again = || {
        LiveState::open(dir.path(), &two_must_sign(), "sha256:p2", SMALL)
            .unwrap()
            .0
    };
    let mut live = again();
    live.commit(&all_told(LEAKED_THEN_THREATENED)).unwrap();
    let sign = |live: &mut LiveState, by, expected: usize| {
        let taken = live.commit(&[signed(by, "target", "mara")]).unwrap();
        let [Taken::Signed { by, needs: 2 }] = taken.as_slice() else {
            panic!("{taken:?}")
        };
        assert_eq!(by.len(), expected);
    };
    sign(&mut live, "key-1", 1);
    sign(&mut live, "key-1", 1);
    drop(live);
    let mut live = again();
    sign(&mut live, "key-2", 2);
    let signatures = |live: &mut LiveState| live.cases_of(SubjectKind::Target, "mara").remove(0).1;
    assert_eq!(signatures(&mut live)[1].by, "key-2");
    let refused = [
        (signed("key-1", "target", "lou"), Refusal::NoCase),
        (signed("key-1", "nothing", "mara"), Refusal::NoCase),
        (
            signed(&"k".repeat(5_000), "target", "mara"),
            Refusal::LongId,
        ),
    ];
    for (happening, why) in refused {
        assert_eq!(live.commit(&[happening]).unwrap(), [Taken::Refused(why)]);
    }
    // A person closes the case; it comes back on new evidence.
    let back = [
        Closed(70, "mara"),
        Post(80, "q1", 0, &[LEAK], "ann", "mara"),
        Post(81, "q2", 0, &[THREAT], "bob", "mara"),
        Post(82, "q3", 0, &[THREAT], "cid", "mara"),
    ];
    live.commit(&all_told(&back)).unwrap();
    assert_eq!(signatures(&mut live), []);
    sign(&mut live, "key-2", 1);
    drop(live);
    assert_eq!(signatures(&mut again()).len(), 1);
    prove(dir.path());
}

#[test]
fn other_policies_count_again_what_is_remembered() {
    let dir = TempDir::new().unwrap();
    let mut live = open(dir.path());
    live.commit(&all_told(LEAKED_THEN_THREATENED)).unwrap();
    // The ladders change places, `watch` goes, danger begins with one who threatens.
    let mut changed = Arc::into_inner(escalation()).unwrap();
    changed.kinds.swap(0, 1);
    let of = |kind: &str| {
        let mut kinds = changed.kinds.iter();
        vigie::policy::KindId(kinds.position(|it| &*it.name == kind).unwrap())
    };
    let (leak, threat, both) = (
        kinds(&[of("leak")]),
        kinds(&[of("threat")]),
        kinds(&[of("leak"), of("threat")]),
    );
    for measure in &mut changed.measures {
        use vigie::policy::MeasureBy::{Count, Sequence, Trend, Unanswered};
        match &mut measure.by {
            Sequence {
                first,
                then,
                authors,
                ..
            } => (*first, *then, *authors) = (leak, threat, 1),
            Trend { of, .. } => *of = threat,
            Count { of, .. } if measure.name.contains("danger") => {}
            Count { of, .. } | Unanswered { of, .. } => *of = both,
        }
    }
    changed.ladders[0].rungs.remove(0);
    changed.kinds[2].of = vigie::policy::HitOf::Rung {
        ladder: vigie::policy::LadderId(0),
        rung: 0,
    };
    let changed = Arc::new(changed);
    live.adopt(&changed, "sha256:p2").unwrap();
    let expected = [
        "target/mara: +danger 4h",
        "community/forum: +concern 4h, +failing 50h",
    ];
    assert_eq!(drawn(&cases_of(&mut live)), expected);
    // Judged by the old policies, while it waited.
    let late = told(&Post(51, "p9", 0, &[LEAK], "eve", "lou"));
    live.commit(&[late]).unwrap();
    live.commit(&[told(&Deleted(52, "p9"))]).unwrap();
    assert_eq!(drawn(&cases_of(&mut live)), expected);
    drop(live);
    let (mut live, recovered) = LiveState::open(dir.path(), &changed, "sha256:p2", SMALL).unwrap();
    assert_eq!(recovered.differing, 0);
    assert_eq!(drawn(&cases_of(&mut live)), expected);
    drop(live);
    prove(dir.path());
}

#[test]
fn a_dismissal_after_other_policies_still_takes_a_hit_away() {
    let dir = TempDir::new().unwrap();
    let mut live = open(dir.path());
    live.commit(&all_told(LEAKED_THEN_THREATENED)).unwrap();
    live.adopt(&two_must_sign(), "sha256:p2").unwrap();
    let dismissed = Answer(55, "p1", vigie::model::Outcome::Dismissed);
    live.commit(&[told(&dismissed)]).unwrap();
    let case = &drawn(&cases_of(&mut live))[0];
    assert_eq!(case, "target/mara: +watch 4h");
}

/// Posts one hour apart, each about somebody else.
fn many(from: u32, to: u32) -> Vec<Happening> {
    let post = |n: u32| {
        let Happening::Judged(judged) = told(&Post(n, "p", 0, &[THREAT], "ann", "mara")) else {
            panic!("a post is a post")
        };
        Happening::Judged(Judged {
            post: format!("m{n}"),
            author: Some(format!("a{}", n % 7)),
            targets: vec![format!("t{n}")],
            ..judged
        })
    };
    (from..to).map(post).collect()
}

#[test]
fn what_is_older_than_the_log_is_kept_goes_file_by_file() {
    let dir = TempDir::new().unwrap();
    let options = LiveOptions {
        retention: Some(Span::hours(100)),
        ..SMALL
    };
    let mut live = opened(dir.path(), options).unwrap().0;
    for hour in (0..400).step_by(4) {
        live.commit(&many(hour, hour + 4)).unwrap();
    }
    let cases = cases_of(&mut live);
    let proof = prove(dir.path());
    assert!(proof.pruned > 200 && proof.replayed > 0, "{proof:?}");
    drop(live);
    let old = segments(dir.path());
    let text: String = old
        .iter()
        .map(|it| fs::read_to_string(it).unwrap())
        .collect();
    assert!(!text.contains("\"m100\"") && text.contains("\"m399\""));
    let (mut live, recovered) = opened(dir.path(), options).unwrap();
    assert_eq!(recovered.differing, 0);
    assert_eq!(cases_of(&mut live), cases);
    drop(live);
    // What somebody else removed is missing.
    fs::remove_file(&old[0]).unwrap();
    let broken = verify_log(dir.path()).unwrap().broken.unwrap();
    assert!(broken.what.contains("are missing"), "{broken:?}");
}

#[test]
#[ignore = "run by a_full_disk_loses_nothing_acknowledged, with files that can't grow"]
fn until_the_disk_is_full() {
    let dir = PathBuf::from(std::env::var_os("VIGIE_TEST_FOLDER").unwrap());
    let options = LiveOptions {
        segment_bytes: u64::MAX,
        snapshot_posts: u64::MAX,
        ..SMALL
    };
    let mut live = opened(&dir, options).unwrap().0;
    let mut acknowledged = 0;
    let failure = loop {
        match live.commit(&many(acknowledged, acknowledged + 3)) {
            Ok(_) => acknowledged += 3,
            Err(failure) => break failure,
        }
    };
    assert!(failure.is_full(), "{failure}");
    assert_eq!(
        live.sizes().lines,
        u64::from(acknowledged) + 1,
        "nothing of the batch counts"
    );
    assert!(
        live.commit(&many(acknowledged, acknowledged + 1))
            .unwrap_err()
            .is_full()
    );
    fs::write(dir.join("acknowledged"), acknowledged.to_string()).unwrap();
}

#[test]
fn a_full_disk_loses_nothing_acknowledged() {
    let dir = TempDir::new().unwrap();
    // What no file may exceed, and no signal when one does: writes fail halfway, as on a full disk.
    let script =
        r#"ulimit -f 60; trap "" XFSZ; exec "$0" --exact store::until_the_disk_is_full --ignored"#;
    let output = Command::new("sh")
        .args(["-c", script])
        .arg(std::env::current_exe().unwrap())
        .env("VIGIE_TEST_FOLDER", dir.path())
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stdout)
    );
    let acknowledged = fs::read_to_string(dir.path().join("acknowledged")).unwrap();
    let acknowledged: u32 = acknowledged.parse().unwrap();
    assert!(acknowledged > 9);
    let (mut live, recovered) = opened(dir.path(), SMALL).unwrap();
    assert_eq!(recovered.torn_bytes, 0, "it was cut off at once");
    let again = live.commit(&many(0, acknowledged)).unwrap();
    assert!(
        again
            .iter()
            .all(|it| matches!(it, Taken::Judged { repeated: true, .. }))
    );
    let more = live.commit(&many(acknowledged, acknowledged + 9)).unwrap();
    assert!(more.iter().all(|it| matches!(
        it,
        Taken::Judged {
            repeated: false,
            ..
        }
    )));
    drop(live);
    prove(dir.path());
}

#[test]
#[ignore = "run by killed_while_it_writes_nothing_acknowledged_is_lost"]
fn until_it_is_killed() {
    let dir = PathBuf::from(std::env::var_os("VIGIE_TEST_FOLDER").unwrap());
    let mut live = open(&dir);
    let mut acknowledged: u32 = std::env::var("VIGIE_TEST_FROM").unwrap().parse().unwrap();
    loop {
        live.commit(&many(acknowledged, acknowledged + 3)).unwrap();
        acknowledged += 3;
        writeln!(std::io::stdout(), "acknowledged {acknowledged}").unwrap();
    }
}

#[test]
fn killed_while_it_writes_nothing_acknowledged_is_lost() {
    let dir = TempDir::new().unwrap();
    let mut acknowledged = 0;
    for round in 1..=8 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "--exact",
                "store::until_it_is_killed",
                "--ignored",
                "--nocapture",
            ])
            .env("VIGIE_TEST_FOLDER", dir.path())
            .env("VIGIE_TEST_FROM", acknowledged.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let said = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut answers = 0;
        for line in said.map_while(Result::ok) {
            let Some((_, number)) = line.split_once("acknowledged ") else {
                continue;
            };
            acknowledged = number.parse().unwrap();
            answers += 1;
            if answers == round * 5 {
                // It goes on writing meanwhile; what it says until then is read too.
                child.kill().unwrap();
            }
        }
        child.wait().unwrap();
        assert!(answers >= round * 5);
        let (mut live, _) = opened(dir.path(), SMALL).unwrap();
        let again = live.commit(&many(0, acknowledged)).unwrap();
        assert!(
            again
                .iter()
                .all(|it| matches!(it, Taken::Judged { repeated: true, .. })),
            "round {round}"
        );
        drop(live);
        prove(dir.path());
    }
}

static ENGINE: LazyLock<Engine> = LazyLock::new(|| {
    let pack = check(shipped()).pack.unwrap();
    Engine::new(pack, Levels::default())
});

/// A line of a dump, as the sidecar is told it.
fn told_live(line: &str, name: &str) -> Vec<Happening> {
    let Ok(mut post) = post_from_json(line) else {
        let at = |at: Option<std::borrow::Cow<'_, str>>| Timestamp::parse(&at.unwrap()).unwrap();
        return match event_from_json(line) {
            Ok(Some(Event::Answered {
                post,
                outcome,
                at: when,
            })) => vec![Happening::Answered {
                post: post.into_owned(),
                outcome,
                at: at(when),
                by: None,
            }],
            Ok(Some(Event::Deleted { post, at: when })) => vec![Happening::Deleted {
                post: post.into_owned(),
                at: at(when),
            }],
            Ok(Some(Event::Closed { kind, id, at: when })) => vec![Happening::Closed {
                kind,
                id: id.into_owned(),
                at: at(when),
                by: None,
            }],
            _ => Vec::new(),
        };
    };
    if post.id.is_empty() {
        post.id = name.to_owned().into();
    }
    let Some(at) = post.at.as_deref().and_then(Timestamp::parse) else {
        return Vec::new();
    };
    vec![Happening::Judged(judged(&post, at))]
}

fn judged(post: &Written<'_>, at: Timestamp) -> Judged {
    let decision = ENGINE.decide(post);
    let mut written = Vec::new();
    write_decision(&decision, &mut written);
    let escalation = Arc::clone(&ENGINE.ruleset().pack().escalation);
    let id = |id: &Option<std::borrow::Cow<'_, str>>| id.as_deref().map(str::to_owned);
    Judged {
        post: post.id.to_string(),
        revision: post.revision.unwrap_or(0),
        at,
        author: id(&post.author),
        thread: id(&post.thread),
        community: id(&post.community),
        targets: decision.targets.clone(),
        kinds: hits_of(&escalation, &decision),
        escalation,
        decision: written,
    }
}

#[test]
fn live_and_audit_say_the_same() {
    let dir = TempDir::new().unwrap();
    let posts = dump(dir.path().join("posts.ndjson"), 0..2_000);
    let out = dir.path().join("out");
    audit(&[posts], &out, &[]);
    let expected = fs::read_to_string(out.join("cases.ndjson")).unwrap();
    assert!(expected.lines().count() > 5);
    let state = dir.path().join("state");
    let escalation = &ENGINE.ruleset().pack().escalation;
    let again = || {
        LiveState::open(&state, escalation, "sha256:p", SMALL)
            .unwrap()
            .0
    };
    let mut live = again();
    let lines: Vec<u32> = (0..2_000).collect();
    for (round, batch) in lines.chunks(37).enumerate() {
        if round % 10 == 5 {
            drop(live);
            live = again();
        }
        let told = batch
            .iter()
            .flat_map(|n| told_live(&line(*n), &format!("posts.ndjson:{}", n + 1)));
        live.commit(&told.collect::<Vec<_>>()).unwrap();
    }
    let mut written = Vec::new();
    live.each_case(|case, _| {
        write_case(case, &mut written);
        written.push(b'\n');
    });
    let written = String::from_utf8(written).unwrap();
    for (live, audited) in written.lines().zip(expected.lines()) {
        assert_eq!(live, audited);
    }
    assert_eq!(written.lines().count(), expected.lines().count());
    drop(live);
    prove(&state);
}
