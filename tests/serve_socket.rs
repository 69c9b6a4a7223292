//! The program itself, over real sockets: HTTP/1.1 and HTTP/2, TCP and Unix, slow and hostile
//! callers, signals.

use super::program::{Program, post, read};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

const THREAT: &str = r#"{"id":"p1","text":"I will kill you tonight","targets":["u9"]}"#;

#[test]
fn tcp_and_unix_sockets_answer_alike() {
    let tcp = Program::start(&["--listen", "127.0.0.1:0"]);
    let answer = tcp.send(&post(THREAT));
    assert!(answer.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    assert!(answer.contains(r#""post":"p1","action":"#), "{answer}");
    let unix = Program::start(&["--listen", "unix:{}/v.sock"]);
    let path = unix.listen.strip_prefix("unix:").unwrap().to_owned();
    let mut stream = UnixStream::connect(&path).unwrap();
    stream.write_all(&post(THREAT)).unwrap();
    assert!(read(stream).contains(r#""post":"p1","action":"#));
    unix.signal("-TERM");
    let (code, _, folder) = unix.end();
    assert_eq!(code, Some(0));
    assert!(!Path::new(&path).exists(), "the socket's file goes with it");
    // One that a crash left behind is no obstacle.
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let again = Program::start_in(folder, &["--listen", "unix:{}/v.sock"]);
    assert!(UnixStream::connect(again.listen.strip_prefix("unix:").unwrap()).is_ok());
}

#[test]
fn a_unix_socket_is_open_to_owner_and_group_and_is_taken_from_nobody_who_listens() {
    let first = Program::start(&["--listen", "unix:{}/v.sock"]);
    let path = first.listen.strip_prefix("unix:").unwrap().to_owned();
    let rights = std::fs::metadata(&path).unwrap().permissions();
    assert_eq!(rights.mode() & 0o777, 0o660);
    let another = |path: &str| {
        let folder = tempfile::tempdir().unwrap();
        let ended = Command::new(env!("CARGO_BIN_EXE_vigie"))
            .args(["serve", "--admin", "127.0.0.1:0", "--listen"])
            .arg(format!("unix:{path}"))
            .arg("--state")
            .arg(folder.path().join("state"))
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        (ended.status.code(), said)
    };
    let (code, said) = another(&path);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("cannot listen on"), "{said}");
    let mut stream = UnixStream::connect(&path).unwrap();
    stream.write_all(&post(THREAT)).unwrap();
    assert!(read(stream).contains(r#""post":"p1""#), "the first goes on");
    // A file that is no socket belongs to somebody else.
    let file = first.folder.path().join("notes.sock");
    std::fs::write(&file, "notes").unwrap();
    let (code, said) = another(file.to_str().unwrap());
    assert_eq!(code, Some(2), "{said}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "notes");
}

#[test]
fn http_2_is_spoken_without_being_asked() {
    const SETTINGS: u8 = 4;
    let program = Program::start(&["--listen", "127.0.0.1:0"]);
    let mut stream = TcpStream::connect(&program.listen).unwrap();
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0")
        .unwrap();
    let mut frame = [0; 9];
    stream.read_exact(&mut frame).unwrap();
    assert_eq!(frame[3], SETTINGS, "{frame:?}");
}

#[test]
fn hostile_heads_and_bodies_harm_nobody() {
    let program = Program::start(&["--listen", "127.0.0.1:0", "--body-bytes-max", "65536"]);
    let head = |more: &str| format!("POST /v1/decisions HTTP/1.1\r\nhost: x\r\n{more}\r\n");
    let many: String = (0..500).map(|at| format!("x-{at}: y\r\n")).collect();
    let long = format!("x: {}\r\n", "y".repeat(200_000));
    let cases: &[(String, &str)] = &[
        (head(&many), "431"),
        (head(&long), "431"),
        (head("content-length: 99999999\r\n"), "413"),
        (head("content-length: -1\r\n"), "400"),
        (head("content-length: 5\r\ncontent-length: 6\r\n"), "400"),
        ("\0\0\0\0\r\n\r\n".to_owned(), "400"),
        ("GET / HTTP/9\r\n\r\n".to_owned(), "400"),
        (
            format!(
                "{}5\r\n{{\"tex\r\nZZ\r\n",
                head("transfer-encoding: chunked\r\n")
            ),
            "400",
        ),
    ];
    for (request, status) in cases {
        let answer = program.send(request.as_bytes());
        let shown = request.get(..60).unwrap_or(request);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")),
            "{shown}: {answer}"
        );
    }
    assert!(
        program.send(&post(THREAT)).starts_with("HTTP/1.1 200"),
        "others are still answered"
    );
}

#[test]
fn sigterm_lets_what_was_taken_be_answered_and_nothing_is_forgotten() {
    let program = Program::start(&["--listen", "127.0.0.1:0"]);
    assert!(program.send(&post(THREAT)).starts_with("HTTP/1.1 200"));
    // A request whose body is on its way when the signal comes.
    let mut slow = TcpStream::connect(&program.listen).unwrap();
    slow.set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let request = post(&THREAT.replace("p1", "p2"));
    let (first, last) = request.split_at(request.len() - 5);
    slow.write_all(first).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    program.signal("-TERM");
    std::thread::sleep(Duration::from_millis(300));
    slow.write_all(last).unwrap();
    let answer = read(slow);
    assert!(
        answer.starts_with("HTTP/1.1 200") && answer.contains(r#""post":"p2""#),
        "{answer}"
    );
    let (code, log, folder) = program.end();
    assert_eq!(code, Some(0), "{log}");
    let again = Program::start_in(folder, &["--listen", "127.0.0.1:0"]);
    let case =
        again.send(b"GET /v1/cases/target/u9 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(case.contains(r#""evidence":["p1"#), "{case}");
}

#[test]
fn policies_are_taken_in_when_their_files_change() {
    let rule = include_str!("serve/zebra.yaml");
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("rules")).unwrap();
    let file = folder.path().join("rules/a.yaml");
    std::fs::write(&file, rule).unwrap();
    let program = Program::start_in(
        folder,
        &["--listen", "127.0.0.1:0", "--policies", "{}/rules"],
    );
    let zebra = post(r#"{"text":"a zebra"}"#);
    assert!(program.send(&zebra).contains(r#""action":"hold""#));
    std::fs::write(&file, rule.replace("do: hold", "do: review")).unwrap();
    for _ in 0..100 {
        if program.send(&zebra).contains(r#""action":"review""#) {
            let ready = TcpStream::connect(&program.admin).map(|mut stream| {
                stream
                    .write_all(b"GET /ready HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
                    .unwrap();
                read(stream)
            });
            assert!(ready.unwrap().starts_with("HTTP/1.1 200"));
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("the change was not seen");
}

#[test]
fn nothing_opens_when_something_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("bad.yaml"), "policy: {id: a}\n").unwrap();
    let cases: &[(&[&str], &str)] = &[
        (
            &["--listen", "0.0.0.0:0"],
            "--listen: other machines reach this address",
        ),
        (&["--policies", "{}/bad.yaml"], "no port was opened"),
        (&["--config", "{}/none.yaml"], "cannot read"),
        (&["--api-keys", "{}/none"], "cannot read"),
        (
            &["--tls-cert", "{}/bad.yaml", "--tls-key", "{}/bad.yaml"],
            "holds no certificate in PEM",
        ),
    ];
    for (settings, expected) in cases {
        let ended = Command::new(env!("CARGO_BIN_EXE_vigie"))
            .args(["serve", "--admin", "127.0.0.1:0", "--state"])
            .arg(folder.path().join("state"))
            .args(
                settings
                    .iter()
                    .map(|it| it.replace("{}", folder.path().to_str().unwrap())),
            )
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert_eq!(ended.status.code(), Some(2), "{said}");
        assert!(said.contains(expected), "{settings:?}: {said}");
    }
}
