//! Audits: whatever interrupts them, in whatever order and however often things are told, the same
//! bytes come out.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::thread::sleep;
use std::time::Instant;

const RESULTS: [&str; 5] = [
    "decisions.ndjson",
    "cases.ndjson",
    "summary.json",
    "report.html",
    "bad.ndjson",
];

/// A folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("audit")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn command(dumps: &[PathBuf], out: &Path, options: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.env_remove("VIGIE_KEY").arg("audit").args(dumps);
    command.arg("--out").arg(out).args(options);
    command.stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

pub(crate) fn audit(dumps: &[PathBuf], out: &Path, options: &[&str]) -> Output {
    command(dumps, out, options).output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap_or(-1)
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn results(out: &Path) -> Vec<(&'static str, String)> {
    let read = |name| (name, fs::read_to_string(out.join(name)).unwrap());
    RESULTS.into_iter().map(read).collect()
}

/// Says which file differs instead of printing all of them.
fn assert_same(one: &Path, other: &Path, what: &str) {
    for ((name, one), (_, other)) in results(one).iter().zip(&results(other)) {
        assert!(one == other, "{name} differs: {what}");
    }
}

pub(crate) fn line(n: u32) -> String {
    let hour = n / 12;
    let at = format!(
        "2026-03-{:02}T{:02}:{:02}:00Z",
        1 + hour / 24 % 28,
        hour % 24,
        n % 12 * 5
    );
    let from = format!(
        r#""author":"u{}","thread":"t{}","community":"c{}""#,
        n % 11,
        n % 7,
        n % 2
    );
    let target = n / 5 % 6;
    let text = match n % 5 {
        0 => "I will find you and I will kill you.",
        1 => "She lives at 4418 Maple Grove Road, apt 12.",
        2 => "Tu es une merde, tout le monde te déteste.",
        _ => "Does anybody know whether the update works by now?",
    };
    match n {
        n if n % 97 == 0 => format!("secret number {n}"),
        n if n % 89 == 0 => format!(
            r#"{{"post":"p{}","outcome":"enforced","at":"{at}"}}"#,
            n - 4
        ),
        n if n % 83 == 0 => format!(r#"{{"post":"p{}","deleted":true,"at":"{at}"}}"#, n - 3),
        n if n % 79 == 0 => format!(
            r#"{{"subject":{{"kind":"target","id":"u{target}"}},"closed":true,"at":"{at}"}}"#
        ),
        n if n % 73 == 0 => format!(r#"{{"id":"p{n}","text":"{text}",{from}}}"#),
        n if n % 71 == 0 => format!(r#"{{"text":"{text}","at":"{at}",{from}}}"#),
        n if n % 67 == 0 => format!(
            r#"{{"id":"p{}","text":"A calm word.","revision":2,"at":"{at}",{from}}}"#,
            n - 2
        ),
        _ => {
            format!(r#"{{"id":"p{n}","text":"{text}","at":"{at}","targets":["u{target}"],{from}}}"#)
        }
    }
}

pub(crate) fn dump(path: PathBuf, numbers: impl Iterator<Item = u32>) -> PathBuf {
    let lines: Vec<String> = numbers.map(line).collect();
    fs::write(&path, lines.join("\n")).unwrap();
    path
}

#[test]
fn killed_at_any_instant_it_goes_on_to_the_same_bytes() {
    let folder = folder("killed");
    let dumps = [
        dump(folder.join("a.ndjson"), 0..2_000),
        dump(folder.join("b.ndjson"), 2_000..4_000),
    ];
    let options = ["--checkpoint", "20"];
    let begin = Instant::now();
    let whole = folder.join("whole");
    let output = audit(&dumps, &whole, &options);
    assert_eq!(code(&output), 1, "{}", said(&output));
    let took = begin.elapsed();
    for round in 0..2 {
        let out = folder.join(format!("killed-{round}"));
        for part in 1..=6 {
            let mut child: Child = command(&dumps, &out, &options).spawn().unwrap();
            sleep(took * (part * 3 + round) / 20);
            child.kill().unwrap();
            child.wait().unwrap();
        }
        let output = audit(&dumps, &out, &["--checkpoint", "20", "--resume"]);
        assert!([0, 1].contains(&code(&output)), "{}", said(&output));
        assert_same(&whole, &out, "it was killed");
        let again = audit(&dumps, &out, &options);
        assert_eq!(code(&again), 0, "{}", said(&again));
        assert!(said(&again).contains("finished"), "{}", said(&again));
        assert_same(&whole, &out, "it was run again");
    }
}

#[test]
fn neither_threads_nor_the_order_of_files_matter() {
    let folder = folder("order");
    let [a, b, c] = [("x/a", 0), ("y/a", 1), ("b", 2)].map(|(name, part)| {
        let path = folder.join(format!("{name}.ndjson"));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        dump(path, (0..1_500).filter(move |n| n % 3 == part))
    });
    let first = folder.join("first");
    audit(
        &[a.clone(), b.clone(), c.clone()],
        &first,
        &["--threads", "1"],
    );
    for (at, dumps) in [[&a, &b, &c], [&c, &a, &b], [&b, &c, &a]]
        .iter()
        .enumerate()
    {
        let out = folder.join(at.to_string());
        let dumps: Vec<PathBuf> = dumps.iter().map(|dump| (*dump).clone()).collect();
        let threads = (at + 1).to_string();
        let output = audit(&dumps, &out, &["--threads", &threads]);
        assert_eq!(code(&output), 1, "{}", said(&output));
        assert_same(&first, &out, &format!("{dumps:?}"));
    }
}

#[test]
fn told_three_times_is_told_once() {
    let folder = folder("thrice");
    let named = |n: &u32| !n.is_multiple_of(71);
    let once = dump(folder.join("once.ndjson"), (0..1_000).filter(named));
    let backwards = dump(folder.join("late.ndjson"), (0..1_000).rev().filter(named));
    let twice = dump(
        folder.join("more.ndjson"),
        (300..1_000).chain(0..1_000).filter(named),
    );
    let (one, three) = (folder.join("one"), folder.join("three"));
    audit(std::slice::from_ref(&once), &one, &[]);
    let output = audit(&[once, backwards, twice], &three, &[]);
    assert!(said(&output).contains("told again"), "{}", said(&output));
    let (one, three) = (results(&one), results(&three));
    assert!(one[1].1.lines().count() > 5, "{}", one[1].1);
    for at in [0, 1] {
        assert!(one[at] == three[at], "{} differs", one[at].0);
    }
}

#[test]
fn results_say_what_is_asked_and_hold_no_words() {
    let folder = folder("results");
    let dumps = [dump(folder.join("posts.ndjson"), 0..1_000)];
    let out = folder.join("out");
    let output = audit(&dumps, &out, &["--lang", "fr"]);
    let files = results(&out);
    for (name, content) in &files {
        for word in ["secret", "Maple", "kill you", "merde"] {
            assert!(!content.contains(word), "{name} holds {word}");
        }
    }
    assert!(!said(&output).contains("secret"), "{}", said(&output));
    let [decisions, cases, summary, report, bad] = files.map_contents();
    assert!(
        decisions.contains(r#""ladders":[{"subject":{"kind":"#),
        "{decisions:.999}"
    );
    assert!(decisions.contains("posts.ndjson:72"), "posts without an id");
    let times: Vec<&str> = decisions
        .lines()
        .filter_map(|line| line.split(r#""at":""#).nth(1)?.split('"').next())
        .collect();
    assert!(times.is_sorted());
    assert!(cases.contains(r#""kind":"target""#), "{cases:.999}");
    assert!(summary.contains(r#""untimed": 13"#), "{summary}");
    assert!(report.contains("lang=\"fr\""));
    assert!(
        bad.contains(r#"{"dump":"posts.ndjson","record":98,"why":"this is not JSON"#),
        "{bad}"
    );

    let all = folder.join("all");
    audit(&dumps, &all, &["--all", "--with-excerpts"]);
    let [every, _, _, report, _] = results(&all).map_contents();
    assert!(every.lines().count() > decisions.lines().count());
    assert!(report.contains("Maple"), "excerpts were asked for");
}

trait Contents {
    fn map_contents(self) -> [String; 5];
}

impl Contents for Vec<(&'static str, String)> {
    fn map_contents(self) -> [String; 5] {
        let contents: Vec<String> = self.into_iter().map(|(_, content)| content).collect();
        contents.try_into().unwrap()
    }
}

/// Finds every post of the dump, in shadow.
const SHADOW: &str = r#"
policy: {id: tried, version: 1.0.0, category: violence.threats, title: {en: t, fr: f}}
signals: {word: {terms: {en: [know, kill, lives, calm], fr: [tout]}}}
rules: [{id: tried.words, mode: shadow, when: {all: [word]}, points: 100, because: {en: e, fr: f}}]
tests: [{hit: tried.words, examples: [kill]}, {miss: tried.words, examples: [bread]}]
decide: [{at: 1, do: remove}]
"#;

#[test]
fn rules_in_shadow_are_counted_and_change_no_case() {
    let folder = folder("shadow");
    let dumps = [dump(folder.join("a.ndjson"), 0..600)];
    let (plain, tried) = (folder.join("plain"), folder.join("tried"));
    let shadow = folder.join("tried.yaml");
    fs::write(&shadow, SHADOW).unwrap();
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");
    let shadow = shadow.to_str().unwrap();
    audit(&dumps, &plain, &["--policies", rules]);
    audit(&dumps, &tried, &["--policies", rules, "--policies", shadow]);
    let (plain, tried) = (results(&plain), results(&tried));
    let [(_, decisions), (_, cases), (_, summary), (_, report), _] = &tried[..] else {
        panic!("five results");
    };
    assert_eq!(&plain[1].1, cases);
    // What is told in shadow, and what judged, stand aside: the rest is the same.
    let aside = |lines: &str| -> Vec<serde_json::Value> {
        let lines = lines.lines().map(|line| {
            let mut line: serde_json::Value = serde_json::from_str(line).unwrap();
            let fields = line.as_object_mut().unwrap();
            fields.remove("shadow");
            fields.remove("policy");
            line
        });
        lines.collect()
    };
    assert_eq!(aside(&plain[0].1), aside(decisions));
    let summary: serde_json::Value = serde_json::from_str(summary).unwrap();
    let posts = &summary["shadow"]["tried.words"];
    assert!(posts["allow"].as_u64().unwrap() > 100 && posts["remove"].is_u64());
    assert!(!plain[2].1.contains("shadow"));
    assert!(report.contains("tried.words") && !plain[3].1.contains("in shadow"));
    let mut diff = Command::new(env!("CARGO_BIN_EXE_vigie"));
    let diff = diff
        .args(["diff", shadow, shadow, "--on"])
        .args(&dumps)
        .output()
        .unwrap();
    let told = String::from_utf8(diff.stdout).unwrap();
    assert!(
        told.contains("nothing changes") && told.contains("tried.words"),
        "{told}"
    );
}

#[test]
fn one_record_dated_years_ahead_ends_nothing() {
    let folder = folder("ahead");
    let dumps = [dump(folder.join("posts.ndjson"), 0..1_000)];
    let out = folder.join("out");
    audit(&dumps, &out, &[]);
    let [_, cases, ..] = results(&out).map_contents();

    let text = "I will find you and I will kill you.";
    let ahead = format!(
        r#"{{"id":"late","text":"{text}","author":"u1","targets":["u2"],"at":"2099-01-01T00:00:00Z"}}"#
    );
    let lines = fs::read_to_string(&dumps[0]).unwrap() + "\n" + &ahead;
    let with = [folder.join("ahead.ndjson")];
    fs::write(&with[0], lines).unwrap();
    let out = folder.join("with");
    let output = audit(&with, &out, &[]);
    let [decisions, same, summary, report, _] = results(&out).map_contents();
    assert_eq!(same.replace("ahead.ndjson", "posts.ndjson"), cases);
    assert!(
        decisions.contains(r#""post":"late","action":"hold""#),
        "it is judged"
    );
    assert!(summary.contains(r#""misdated": 1"#), "{summary}");
    assert!(!summary.contains("2099"), "{summary}");
    assert!(report.contains("dated far after all others"));
    assert!(
        said(&output).contains("no ladder counts it"),
        "{}",
        said(&output)
    );

    // Who says when the dump was made has the same bound for all.
    let out = folder.join("now");
    audit(&with, &out, &["--now", "2026-03-01T00:00:00Z"]);
    let [_, _, summary, ..] = results(&out).map_contents();
    assert!(!summary.contains(r#""misdated": 1,"#), "{summary}");
}

#[test]
fn other_commands_are_refused() {
    let folder = folder("refused");
    let a = dump(folder.join("a.ndjson"), 1..20);
    let b = dump(folder.join("b.ndjson"), 20..40);
    let out = folder.join("out");
    let first = audit(std::slice::from_ref(&a), &out, &[]);
    assert_eq!(code(&first), 0, "{}", said(&first));
    let one = std::slice::from_ref(&a);
    let cases: [(&[PathBuf], &[&str], &str); 8] = [
        (std::slice::from_ref(&b), &[], "other dumps"),
        (&[a.clone(), b.clone()], &[], "other dumps"),
        (one, &["--all"], "`--all`"),
        (one, &["--lang", "fr"], "`--lang`"),
        (one, &["--with-excerpts"], "`--with-excerpts`"),
        (one, &["--enforce-level", "3"], "policies or levels"),
        (&[a.clone(), a.clone()], &[], "given twice"),
        (&["-".into()], &[], "reads files"),
    ];
    for (dumps, options, told) in cases {
        let output = audit(dumps, &out, options);
        assert_eq!(code(&output), 2, "{options:?}");
        assert!(said(&output).contains(told), "{}", said(&output));
    }
    dump(a.clone(), 1..21);
    let changed = audit(one, &out, &[]);
    assert_eq!(code(&changed), 2);
    assert!(
        said(&changed).contains("a.ndjson has changed"),
        "{}",
        said(&changed)
    );
}
