//! Hostile and unlucky times, over real sockets: disks that are full, callers who are slow, break off,
//! or come all at once.

use super::program::{Program, post, read};
use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::Duration;

fn threat(id: &str) -> String {
    format!(r#"{{"id":"{id}","text":"I will kill you tonight","targets":["u9"]}}"#)
}

fn connect(program: &Program) -> TcpStream {
    let stream = TcpStream::connect(&program.listen).unwrap();
    let patience = Some(Duration::from_secs(60));
    stream.set_read_timeout(patience).unwrap();
    stream
}

fn verified(folder: &std::path::Path) -> String {
    let verified = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .args(["log", "verify"])
        .arg(folder.join("state"))
        .output()
        .unwrap();
    assert!(verified.status.success(), "{verified:?}");
    String::from_utf8(verified.stdout).unwrap()
}

#[test]
fn a_full_disk_is_said_and_what_was_acknowledged_stays() {
    // No file may grow beyond some 30 kB; writes fail halfway then, as on a full disk.
    let program = Program::start_after(
        r#"ulimit -S -f 60; trap "" XFSZ"#,
        &["--listen", "127.0.0.1:0"],
    );
    let mut acknowledged = Vec::new();
    let refused = loop {
        let id = format!("p{}", acknowledged.len());
        let answer = program.send(&post(&threat(&id)));
        if !answer.starts_with("HTTP/1.1 200") {
            break answer;
        }
        acknowledged.push(id);
    };
    assert!(refused.starts_with("HTTP/1.1 503"), "{refused}");
    assert!(refused.contains("\"storage\""), "{refused}");
    assert!(refused.contains("retry-after: "), "{refused}");
    assert!(acknowledged.len() > 3);
    let ready = program.admin("GET", "/ready");
    assert!(ready.starts_with("HTTP/1.1 503"), "{ready}");
    assert!(
        ready.contains("the decision log can't be written"),
        "{ready}"
    );
    assert!(program.admin("GET", "/live").starts_with("HTTP/1.1 200"));
    let metrics = program.admin("GET", "/metrics");
    assert!(metrics.contains("vigie_log_writable 0"), "{metrics}");
    // There is room again: it goes on by itself.
    let room = Command::new("prlimit")
        .args(["--fsize=unlimited", "--pid", &program.id()])
        .status();
    assert!(room.unwrap().success());
    assert!(program.admin("GET", "/ready").starts_with("HTTP/1.1 200"));
    let last = program.send(&post(&threat("last")));
    assert!(last.starts_with("HTTP/1.1 200"), "{last}");
    acknowledged.push("last".to_owned());
    program.signal("-KILL");
    let (_, log, folder) = program.end();
    assert!(log.contains("the decision log can't be written: nothing is taken in"));
    verified(folder.path());
    let again = Program::start_in(folder, &["--listen", "127.0.0.1:0"]);
    for id in &acknowledged {
        // Told again it counts once: that says it is known.
        let answer = again.send(&post(&threat(id)));
        assert!(answer.contains(r#""ladders":[]"#), "{id}: {answer}");
    }
    let other = again.send(&post(&threat("never told")));
    assert!(!other.contains(r#""ladders":[]"#), "{other}");
}

#[test]
fn a_folder_that_cannot_be_written_is_told_before_a_port_opens() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("state"), "a file").unwrap();
    let ended = Command::new(env!("CARGO_BIN_EXE_vigie"))
        .args(["serve", "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0"])
        .arg("--state")
        .arg(folder.path().join("state"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(
        said.contains("cannot create") && !said.contains("listening"),
        "{said}"
    );
}

/// A threat is answered with a decision.
fn assert_taken(program: &Program, id: &str) {
    let answer = program.send(&post(&threat(id)));
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

/// Rights bind root to nothing: there, the program runs as somebody else.
const AS_SOMEBODY: &str = r#"[ "$(id -u)" != 0 ] || { chown -R 65534:65534 "$7" && \
    exec setpriv --reuid=65534 --regid=65534 --clear-groups "$0" "$@"; }"#;

#[test]
fn a_folder_that_becomes_read_only_is_said_and_what_was_acknowledged_stays() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let rights = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    rights(folder.path(), 0o755);
    let state = folder.path().join("state");
    std::fs::create_dir(&state).unwrap();
    let settings = ["--listen", "127.0.0.1:0"];
    let program = Program::start_in_after(AS_SOMEBODY, folder, &settings);
    assert_taken(&program, "before");
    for part in ["log", "snapshots", ""] {
        rights(&state.join(part), 0o555);
    }
    // The file of the log is open; only new ones can't be made.
    assert_taken(&program, "after");
    program.signal("-TERM");
    let (code, log, folder) = program.end();
    assert_eq!(code, Some(2), "{log}");
    assert!(
        log.contains("snapshots"),
        "it says what it couldn't write: {log}"
    );
    let proof = verified(folder.path());
    let lost_nothing = proof.contains("lines: 3 whole");
    assert!(lost_nothing, "policies and two posts: {proof}");
    let shell = format!(r#"{AS_SOMEBODY}; exec "$0" "$@""#);
    let ended = Command::new("sh")
        .args([
            "-c",
            &shell,
            env!("CARGO_BIN_EXE_vigie"),
            "serve",
            "--admin",
            "127.0.0.1:0",
        ])
        .args(["--log-format", "json", "--state"])
        .arg(&state)
        .args(settings)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert_eq!(ended.status.code(), Some(2), "{said}");
    assert!(
        said.contains("cannot make a file in") && !said.contains("listening"),
        "{said}"
    );
}

/// A batch that no connection brings in one piece.
fn crowd(caller: &str) -> String {
    let posts: Vec<String> = (0..500)
        .map(|at| threat(&format!("{caller}-{at}")))
        .collect();
    format!(r#"{{"posts":[{}]}}"#, posts.join(","))
}

#[test]
fn whoever_comes_all_at_once_is_answered_or_refused_at_once() {
    let program = Program::start(&["--listen", "127.0.0.1:0", "--queue-max", "1"]);
    let answers: Vec<String> = thread::scope(|scope| {
        let ask = |caller: usize| {
            let program = &program;
            move || {
                let each = (0..20).map(|at| {
                    let name = format!("{caller}-{at}");
                    let body = if at % 4 == 0 {
                        crowd(&name)
                    } else {
                        threat(&name)
                    };
                    program.send(&post(&body))
                });
                each.collect::<Vec<_>>()
            }
        };
        let callers: Vec<_> = (0..16).map(|caller| scope.spawn(ask(caller))).collect();
        callers
            .into_iter()
            .flat_map(|it| it.join().unwrap())
            .collect()
    });
    let mut statuses = BTreeSet::new();
    for answer in &answers {
        let status = answer.get(9..12).unwrap_or(answer);
        statuses.insert(status);
        if status != "200" {
            assert!(answer.contains("\"overloaded\""), "{answer}");
            assert!(answer.contains("retry-after: 1"), "{answer}");
        }
    }
    assert!(
        statuses.contains("200") && statuses.len() <= 2,
        "{statuses:?}"
    );
    assert_taken(&program, "after");
}

#[test]
fn whoever_is_slow_is_let_go_and_holds_nobody_up() {
    let program = Program::start(&["--listen", "127.0.0.1:0"]);
    let silent = connect(&program);
    let mut slow_head = connect(&program);
    slow_head
        .write_all(b"POST /v1/decisions HTTP/1.1\r\nhost: ")
        .unwrap();
    let mut slow_body = connect(&program);
    let whole = post(&threat("slow"));
    let (most, _) = whole.split_at(whole.len() - 3);
    slow_body.write_all(most).unwrap();
    assert_taken(&program, "quick");
    thread::scope(|scope| {
        scope.spawn(|| assert_eq!(read(silent), "", "nothing was asked"));
        scope.spawn(|| assert!(!read(slow_head).contains("200 OK")));
        let answer = read(slow_body);
        assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
        assert!(answer.contains("\"slow_body\""), "{answer}");
    });
}

/// The head of a stream of lines.
const STREAM: &str = "POST /v1/decisions HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\
                      content-type: application/x-ndjson\r\ntransfer-encoding: chunked\r\n\r\n";

fn chunk(text: &str) -> Vec<u8> {
    format!("{:x}\r\n{text}\r\n", text.len()).into_bytes()
}

/// The lines of an answer in chunks.
fn lines(answer: &str) -> Vec<serde_json::Value> {
    let lines = answer.lines().filter(|line| line.starts_with('{'));
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn streams_that_are_told_by_turns_are_answered_each_in_its_order() {
    let program = Program::start(&["--listen", "127.0.0.1:0"]);
    let mut streams = [connect(&program), connect(&program)];
    for stream in &mut streams {
        stream.write_all(STREAM.as_bytes()).unwrap();
    }
    for at in 0..20 {
        for (of, stream) in streams.iter_mut().enumerate() {
            let line = format!("{}\n", threat(&format!("{of}-{at}")));
            // Cut within a line: the other stream goes on between the halves.
            let (first, second) = line.split_at(7 + at);
            stream.write_all(&chunk(first)).unwrap();
            stream.write_all(&chunk(second)).unwrap();
        }
    }
    for (of, mut stream) in streams.into_iter().enumerate() {
        stream.write_all(b"0\r\n\r\n").unwrap();
        let told = lines(&read(stream));
        let ids: Vec<&str> = told
            .iter()
            .map(|line| line["post"].as_str().unwrap())
            .collect();
        let expected: Vec<String> = (0..20).map(|at| format!("{of}-{at}")).collect();
        assert_eq!(ids, expected);
    }
}

#[test]
fn a_stream_that_is_cut_off_loses_only_what_was_never_whole() {
    let program = Program::start(&["--listen", "127.0.0.1:0"]);
    // The stream ends in the middle of a line, in good order.
    let mut ended = connect(&program);
    ended.write_all(STREAM.as_bytes()).unwrap();
    let half = threat("half");
    let (half, _) = half.split_at(30);
    ended
        .write_all(&chunk(&format!("{}\n{half}", threat("whole"))))
        .unwrap();
    ended.write_all(b"0\r\n\r\n").unwrap();
    let told = lines(&read(ended));
    assert_eq!(told[0]["post"], "whole");
    assert_eq!(told[1]["error"]["code"], "bad_json");
    assert_eq!(told[1]["error"]["line"], 2);
    // The caller is gone in the middle of one: what was answered counts, the rest doesn't.
    let mut gone = connect(&program);
    gone.write_all(STREAM.as_bytes()).unwrap();
    gone.write_all(&chunk(&format!("{}\n{half}", threat("answered"))))
        .unwrap();
    let mut answer = BufReader::new(gone.try_clone().unwrap());
    let mut line = String::new();
    while !line.starts_with('{') {
        line.clear();
        assert_ne!(answer.read_line(&mut line).unwrap(), 0);
    }
    assert!(line.contains(r#""post":"answered""#), "{line}");
    drop((gone, answer));
    let again = program.send(&post(&threat("answered")));
    assert!(again.contains(r#""ladders":[]"#), "{again}");
    // Chunks that are none.
    let mut broken = connect(&program);
    broken.write_all(STREAM.as_bytes()).unwrap();
    broken.write_all(b"zz\r\n").unwrap();
    let _ = broken.read(&mut [0; 512]);
    assert_taken(&program, "after");
    program.signal("-TERM");
    let (code, log, folder) = program.end();
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("kill you"), "{log}");
    verified(folder.path());
}
