//! The program as people run it. The tables under `tests/cli/` say what is run and what comes out:
//!
//! ```text
//! $ vigie …      the arguments; 'one argument'; {dir} is the test's folder
//! < line         stdin
//! = NAME=value   the environment
//! ? 1            the exit code, unless 0
//! > fragment     on stdout; fragments stand in this order; -nothing-: stdout is empty
//! ! fragment     on stderr, likewise
//! ~ fragment     stands nowhere
//! ```

use std::fmt::Write as _;
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// One run of a table.
#[derive(Default)]
struct Case {
    arguments: Vec<String>,
    stdin: String,
    environment: Vec<(String, String)>,
    code: i32,
    stdout: Vec<String>,
    stderr: Vec<String>,
    never: Vec<String>,
}

/// What a run gave.
struct Run {
    code: i32,
    stdout: String,
    stderr: String,
}

fn cases(table: &str, folder: &Path) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let table = table.replace("{dir}", text(folder));
    for line in table.lines().filter(|line| !line.is_empty()) {
        let (sign, rest) = line.split_once(' ').unwrap_or((line, ""));
        if sign == "$" {
            cases.push(Case {
                arguments: arguments(rest),
                ..Case::default()
            });
            continue;
        }
        let case = cases.last_mut();
        match (sign, case) {
            ("#", _) => {}
            ("<", Some(case)) => case.stdin += &format!("{rest}\n"),
            ("?", Some(case)) => case.code = rest.parse().unwrap(),
            (">", Some(case)) => case.stdout.push(rest.to_owned()),
            ("!", Some(case)) => case.stderr.push(rest.to_owned()),
            ("~", Some(case)) => case.never.push(rest.to_owned()),
            ("=", Some(case)) => {
                let (name, value) = rest.split_once('=').unwrap();
                case.environment.push((name.to_owned(), value.to_owned()));
            }
            _ => panic!("what is {line:?}?"),
        }
    }
    cases
}

/// Splits at blanks, but not between `'`, and leaves the program's name out.
fn arguments(line: &str) -> Vec<String> {
    let quoted = line.split('\'').enumerate();
    let pieces = quoted.flat_map(|(at, piece)| match at % 2 {
        0 => piece.split_whitespace().collect::<Vec<_>>(),
        _ => vec![piece],
    });
    pieces.skip(1).map(str::to_owned).collect()
}

fn run_table(table: &str, folder: &Path) {
    let mut wrong = String::new();
    for case in cases(table, folder) {
        let arguments: Vec<&str> = case.arguments.iter().map(String::as_str).collect();
        let run = run(&arguments, case.stdin.as_bytes(), &case.environment);
        let mut complaints = Vec::new();
        if run.code != case.code {
            complaints.push(format!("the exit code is not {}", case.code));
        }
        for (name, said, fragments) in [
            ("stdout", &run.stdout, &case.stdout),
            ("stderr", &run.stderr, &case.stderr),
        ] {
            let absent = missing(said, fragments);
            complaints.extend(absent.map(|it| format!("{name} lacks {it:?}")));
            let never = case.never.iter().filter(|it| said.contains(it.as_str()));
            complaints.extend(never.map(|it| format!("{name} holds {it:?}")));
            if said.contains('\u{1b}') {
                complaints.push(format!("{name} holds an escape"));
            }
        }
        if !complaints.is_empty() {
            let _ = writeln!(
                wrong,
                "{arguments:?}: {}\ncode: {}\nstdout: {}\nstderr: {}",
                complaints.join("; "),
                run.code,
                run.stdout,
                run.stderr
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// What is missing of the fragments, in order.
fn missing<'f>(said: &str, fragments: &'f [String]) -> Option<&'f str> {
    let mut rest = said;
    for fragment in fragments {
        match fragment.as_str() {
            "-nothing-" if said.is_empty() => {}
            "-nothing-" => return Some(fragment),
            part => match rest.find(part) {
                Some(at) => rest = &rest[at + part.len()..],
                None => return Some(fragment),
            },
        }
    }
    None
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_vigie"));
    command.args(arguments);
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE", "VIGIE_KEY"] {
        command.env_remove(variable);
    }
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn run(arguments: &[&str], stdin: &[u8], environment: &[(String, String)]) -> Run {
    let environment = environment.iter().map(|(name, value)| (name, value));
    let mut child = program(arguments).envs(environment).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // A program that doesn't want its stdin hangs up: that's its right.
        scope.spawn(move || input.write_all(stdin));
        child.wait_with_output().unwrap()
    });
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// A folder of its own for each test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("cli")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a folder with a plain name")
}

fn write(path: PathBuf, content: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

const PIES: &str = include_str!("cli/pies.yaml");

const LENT: &str = "policy: {id: lent, version: 1.0.0, title: {en: Lent, fr: Prêté}}
signals: {cake: {terms: {en: [cake], fr: [gâteau]}}}
";

#[test]
fn usage() {
    run_table(include_str!("cli/usage.txt"), &folder("usage"));
    for command in [
        "audit",
        "check",
        "completions",
        "diff",
        "explain",
        "forget",
        "log",
        "scan",
        "schema",
        "statement",
        "target",
        "test",
    ] {
        let help = run(&[command, "--help"], b"", &[]).stdout;
        let example = help.split("Example:\n").nth(1).unwrap_or_default();
        assert!(
            example.contains(&format!("vigie {command}")),
            "{command}: {help}"
        );
    }
}

#[test]
fn check() {
    let folder = folder("check");
    let misspelt = PIES.replace("all: [mean]", "all: [maen]");
    write(folder.join("good/pies.yaml"), PIES);
    write(folder.join("good/deep/er/lent.YML"), LENT);
    write(folder.join("good/.hidden/x.yaml"), "not: a policy");
    write(folder.join("good/notes.txt"), "not: a policy");
    write(folder.join("bad/é.yaml"), misspelt);
    write(folder.join("bad/binary.yaml"), b"\xff\xfe\x00");
    fs::create_dir_all(folder.join("empty")).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink(folder.join("good"), folder.join("good/deep/round")).unwrap();
        symlink("/nowhere/at/all", folder.join("bad/gone.yaml")).unwrap();
    }
    run_table(include_str!("cli/check.txt"), &folder);
}

#[test]
fn test() {
    let folder = folder("test");
    write(folder.join("pies.yaml"), PIES);
    let wrong = PIES.replace("the pie recipe", "\"a \\e[1m throw pies\"");
    write(folder.join("wrong.yaml"), wrong);
    let bold = PIES.replace(", evade: false", "");
    write(folder.join("bold.yaml"), bold);
    let tarts = PIES
        .replace("pies", "tarts")
        .replace("throw tarts", "throw pies")
        .replace("any_of: [pie]", "any_of: [pies/pie]");
    write(folder.join("tarts.yaml"), tarts);
    write(folder.join("climb.yaml"), format!("{PIES}{CLIMB}"));
    let pair =
        "en: {text: throw pies, evade: false}, fr: {text: lance des tartes ce soir, evade: false}";
    let paired = format!("{PIES}  - {{hit: pies.throw, pairs: [{{{pair}}}]}}\n");
    write(folder.join("paired.yaml"), paired);
    run_table(include_str!("cli/test.txt"), &folder);
}

/// A ladder beside the pies, and stories of which one is wrong.
const CLIMB: &str = r#"
  - timeline: one who throws
    events: [{at: 1h, repeat: 2, every: 1h, text: let's throw pies, author: a1}]
    expect: [{on: bakery, id: a1, rung: watch}, {on: bakery, id: a2, rung: none}]
  - timeline: "one who \e[1m speaks of recipes"
    events: [{at: 0h, text: the pie recipe, author: a1}]
    expect: [{on: bakery, id: a1, rung: watch, ever: true}]
hits: {pie: {rule: pies.throw}}
counters: {pies: {of: pie, count: posts, within: 3d, say: {en: pies, fr: tartes}}}
ladders:
  bakery:
    subject: author
    title: {en: Bakers, fr: Boulangers}
    rungs:
      - {id: watch, enter: {pies: ">= 2"}, leave: {quiet: 3d}, do: watch, say: {en: Watch., fr: Surveillez.}}
"#;

#[test]
fn explain() {
    let folder = folder("explain");
    write(folder.join("pies.yaml"), PIES);
    write(folder.join("post.txt"), "Ça y est, on lance des tartes\r\n");
    write(folder.join("binary"), b"\xff");
    let command = "\u{1b}]0;x\u{7} throw pies\u{200b}";
    write(folder.join("command.txt"), command);
    run_table(include_str!("cli/explain.txt"), &folder);
}

#[test]
fn scan() {
    let folder = folder("scan");
    write(folder.join("pies.yaml"), PIES);
    let posts = "\u{feff}{\"id\":1,\"text\":\"throw pies tonight\"}\r\n\
                 {\"id\":\"é\",\"text\":\"né\"}\r\n\n{\"text\":\"throw pies\"}";
    write(folder.join("posts.ndjson"), posts);
    write(folder.join("posts.gz"), gzipped(posts));
    let board = "id,body,username,likes\n1,throw pies tonight,ana,3\n2,,ana,0\nsecret\n";
    write(folder.join("board.csv"), board);
    let zst = zstd::encode_all(posts.as_bytes(), 1).unwrap();
    write(folder.join("posts"), zst);
    let noise = |n: u64| n.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let noise: String = (0..9_000)
        .map(|n| format!("{{\"text\":\"{}\"}}\n", noise(n)))
        .collect();
    let whole = gzipped(&noise);
    write(folder.join("cut.gz"), whole.get(..whole.len() / 2).unwrap());
    write(folder.join("key"), "k7:00112233445566778899aabbccddeeff\n");
    run_table(include_str!("cli/scan.txt"), &folder);
}

#[test]
fn statement() {
    let folder = folder("statement");
    let decision = include_str!("cli/statement/decision.json");
    write(folder.join("decision.json"), decision);
    write(
        folder.join("cases.ndjson"),
        include_str!("cli/statement/cases.ndjson"),
    );
    run_table(include_str!("cli/statement.txt"), &folder);
}

/// What a case and a decision give, in both languages and both forms.
#[test]
fn statements_are_as_they_were() {
    let folder = Path::new("tests/cli/statement");
    let occasions = [
        ("decision", "decision.json", ""),
        (
            "case",
            "cases.ndjson",
            "--case author/angry_heron --category STATEMENT_CATEGORY_CYBER_VIOLENCE",
        ),
    ];
    for (name, file, more) in occasions {
        for (language, format) in [
            ("en", "json"),
            ("fr", "json"),
            ("en", "text"),
            ("fr", "text"),
        ] {
            let command = format!(
                "vigie statement {}/{file} --lang {language} --format {format} --source voluntary \
                 --terms 4.2 --contact complaints@host.example {more}",
                text(folder)
            );
            let arguments = arguments(&command);
            let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
            let run = run(&arguments, b"", &[]);
            assert_eq!(run.code, 0, "{}", run.stderr);
            for id in ["angry_heron", "rowan_k", "p7"] {
                assert!(!run.stdout.contains(id), "{id}: {}", run.stdout);
            }
            let golden = folder.join(format!("{name}.{language}.{format}"));
            assert_eq!(super::golden::differs(&golden, &run.stdout), None);
        }
    }
}

#[test]
fn target() {
    let folder = folder("target");
    write(folder.join("key"), "k7:00112233445566778899aabbccddeeff\n");
    run_table(include_str!("cli/target.txt"), &folder);
}

#[test]
fn log_and_forget() {
    use crate::escalate::LEAKED_THEN_THREATENED;
    use crate::store::{SMALL, all_told, opened};
    let folder = folder("log");
    let (mut live, _) = opened(&folder.join("state"), SMALL).unwrap();
    live.commit(&all_told(LEAKED_THEN_THREATENED)).unwrap();
    run_table(
        "$ vigie forget target mara --state {dir}/state\n? 2\n! another process holds",
        &folder,
    );
    drop(live);
    run_table(include_str!("cli/log.txt"), &folder);
    let file = crate::store::segments(&folder.join("state")).remove(0);
    let log = fs::read_to_string(&file).unwrap();
    write(
        file,
        log.replacen(r#""action":"hold""#, r#""action":"note""#, 1),
    );
    run_table(include_str!("cli/log_broken.txt"), &folder);
}

#[test]
fn diff() {
    let folder = folder("diff");
    write(folder.join("old.yaml"), PIES);
    let milder = PIES.replace("at: 80", "at: 90");
    assert_ne!(milder, PIES);
    write(folder.join("new.yaml"), milder);
    let posts = "{\"id\":\"p1\",\"text\":\"throw pies tonight\"}\n{\"text\":\"a secret\"}\n";
    write(folder.join("posts.ndjson"), posts);
    run_table(include_str!("cli/diff.txt"), &folder);
}

#[test]
fn eval() {
    let folder = folder("eval");
    write(folder.join("pies.yaml"), PIES);
    let posts = [
        r#"{"id":"p1","text":"throw pies tonight","labels":["harassment.pies"]}"#,
        r#"{"id":"p2","text":"they throw pies","labels":["harassment.pies"]}"#,
        r#"{"id":"p3","text":"secret bread","labels":["harassment.pies"]}"#,
        r#"{"id":"p4","text":"we throw pies","labels":"clean"}"#,
        r#"{"id":"p5","text":"nothing"}"#,
    ];
    write(folder.join("posts.ndjson"), posts.join("\n"));
    let own = r#"{"id":"p1","text":"throw pies tonight","tags":["mean"]}"#;
    write(folder.join("own.ndjson"), own);
    let labels = "field: tags\nexpect: {mean: [harassment, tarts]}\n";
    write(folder.join("labels.yaml"), labels);
    run_table(include_str!("cli/eval.txt"), &folder);
    let page = fs::read_to_string(folder.join("page.html")).unwrap();
    assert!(page.starts_with("<!doctype html>") && !page.contains("secret"));
}

fn gzipped(posts: &str) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(posts.as_bytes()).unwrap();
    packer.finish().unwrap()
}

#[test]
fn colour_where_it_is_wanted() {
    // (variable, choice, whether a pipe is coloured)
    let cases = [
        ("", "auto", false),
        ("", "always", true),
        ("CLICOLOR_FORCE", "auto", true),
        ("CLICOLOR_FORCE", "never", false),
        ("NO_COLOR", "auto", false),
        ("NO_COLOR", "always", true),
    ];
    for (variable, choice, coloured) in cases {
        let environment = (variable.to_owned(), "1".to_owned());
        let environment = match variable {
            "" => vec![],
            _ => vec![environment],
        };
        let run = run(&["explain", "x", "--color", choice], b"", &environment);
        let is_coloured = run.stdout.contains('\u{1b}');
        assert_eq!(is_coloured, coloured, "{variable} {choice}");
    }
}

/// Each line between two posts: what is said of it, or nothing when it is a post.
#[test]
fn lines_that_are_no_posts_are_told_without_their_words() {
    let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
    let deep = format!("{{\"text\":\"x\",\"secret\":{}}}", nested(9_999));
    let deep_attrs = format!(
        "{{\"text\":\"x\",\"attrs\":{{\"secret\":{}}}}}",
        nested(9_999)
    );
    let cases: &[(&[u8], Option<&str>)] = &[
        (b"secret", Some("this is not JSON at column 1")),
        (b"[\"secret\"]", Some("a post is a JSON object")),
        (b"\"secret\"", Some("a post is a JSON object")),
        (b"{\"text\":\"secret\"", Some("ends in the middle")),
        (b"{\"body\":\"secret\"}", Some("a post needs a `text`")),
        (b"{\"text\":null,\"x\":\"secret\"}", Some("not of the type")),
        (
            b"{\"text\":\"a\",\"text\":\"secret\"}",
            Some("stands twice"),
        ),
        (b"{\"text\":\"secret \\ud800\"}", Some("surrogate pair")),
        (b"{\"text\":\"\\udc00 secret\"}", Some("surrogate pair")),
        (
            b"{\"text\":\"secret \xff\"}",
            Some("not UTF-8 text at byte 17"),
        ),
        (
            b"{\"text\":\"x\",\"at\":{\"secret\":1}}",
            Some("not of the type"),
        ),
        (b"{\"text\":\"x\"} secret", Some("this is not JSON")),
        (
            b"{\"text\":\"secret\",\"attrs\":{\"n\":1e999}}",
            Some("out of range"),
        ),
        (b"{\"text\":\"nul \x00\"}", Some("this is not JSON")),
        (b"{\"text\":\"nul \\u0000, \\ud83d\\ude00\"}", None),
        (b"{\"text\":\"\"}", None),
        (deep.as_bytes(), None),
        (deep_attrs.as_bytes(), Some("nests too deep")),
    ];
    for (line, said) in cases {
        let posts = [b"{\"text\":\"x\"}\n", *line, b"\n{\"text\":\"x\"}\n"].concat();
        let run = run(&["scan"], &posts, &[]);
        let shown = String::from_utf8_lossy(line);
        let (code, posts) = if said.is_some() { (1, 2) } else { (0, 3) };
        assert_eq!(run.code, code, "{shown:.99}: {}", run.stderr);
        assert_eq!(run.stdout.lines().count(), posts, "{shown:.99}");
        assert!(!run.stderr.contains("secret"), "{}", run.stderr);
        if let Some(said) = said {
            let told = ["skipped stdin:2: ", said, "1 record skipped"].map(str::to_owned);
            assert_eq!(missing(&run.stderr, &told), None, "{}", run.stderr);
        }
    }
}

#[test]
fn the_wrong_file_is_not_told_line_by_line() {
    let run = run(&["scan"], "secret\n".repeat(5_000).as_bytes(), &[]);
    assert_eq!(run.code, 1);
    assert!(run.stderr.lines().count() < 110);
    let told = ["stdin:100:", "4900 more", "5,000 records skipped"].map(str::to_owned);
    assert_eq!(missing(&run.stderr, &told), None, "{}", run.stderr);
}

#[test]
fn huge_posts_are_judged_and_huge_lines_skipped() {
    let folder = folder("huge");
    write(folder.join("pies.yaml"), PIES);
    let post = |text: &str| format!("{{\"text\":\"{text}\"}}\n");
    let marks = format!("né{} throw pies", "\u{301}".repeat(100_000));
    let too_long = post(&"x".repeat(17 << 20));
    let posts = [
        post(&"a".repeat(1_000_000)),
        post(&marks),
        too_long.clone(),
        post("throw pies"),
        too_long.trim_end().to_owned(),
    ];
    let policies = folder.join("pies.yaml");
    let arguments = ["scan", "--policies", text(&policies)];
    let run = run(&arguments, posts.concat().as_bytes(), &[]);
    assert_eq!((run.code, run.stdout.lines().count()), (1, 3));
    let last = run.stdout.lines().last().unwrap();
    assert!(last.contains("review"), "{last}");
    let told = [
        "stdin:3: longer than 16 MiB",
        "stdin:5: longer",
        "3 posts",
        "2 records skipped",
    ];
    let told = told.map(str::to_owned);
    assert_eq!(missing(&run.stderr, &told), None, "{}", run.stderr);
}

/// A reader that stops reading, as `head` does, is no trouble.
#[test]
fn a_broken_pipe_is_quiet() {
    let posts = "{\"text\":\"né\"}\n".repeat(20_000);
    let commands: [&[&str]; 4] = [
        &["scan"],
        &["schema"],
        &["completions", "zsh"],
        &["explain", "né"],
    ];
    for arguments in commands {
        let mut child = program(arguments).spawn().unwrap();
        drop(child.stdout.take());
        let mut input = child.stdin.take().unwrap();
        let _ = input.write_all(posts.as_bytes());
        drop(input);
        let mut said = String::new();
        let mut stderr = child.stderr.take().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}");
        assert_eq!(said, "", "{arguments:?}");
    }
}

/// A pipe that is written slowly is answered line by line.
#[test]
fn answers_come_as_posts_come() {
    let mut child = program(&["scan"]).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let mut output = child.stdout.take().unwrap();
    for _ in 0..3 {
        input.write_all(b"{\"text\":\"x\"}\n").unwrap();
        let mut byte = [0];
        while byte != *b"\n" {
            output.read_exact(&mut byte).unwrap();
        }
    }
    drop(input);
    assert!(child.wait().unwrap().success());
}

#[test]
fn order_is_kept_over_many_chunks() {
    let padding = "né ".repeat(50);
    let posts: String = (0..20_000)
        .map(|n| format!("{{\"id\":{n},\"text\":\"{padding}\"}}\n"))
        .collect();
    let run = run(&["scan", "--threads", "4"], posts.as_bytes(), &[]);
    let ids = run
        .stdout
        .lines()
        .map(|line| line.split('"').nth(3).unwrap());
    assert!(ids.eq((0..20_000).map(|n| n.to_string())));
}
