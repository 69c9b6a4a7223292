//! `vigie serve` as a process of its own, for tests over real sockets.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A running `vigie serve`; killed when it is dropped.
pub(crate) struct Program {
    child: Child,
    /// What it logs.
    log: BufReader<std::process::ChildStderr>,
    pub(crate) listen: String,
    pub(crate) admin: String,
    pub(crate) folder: tempfile::TempDir,
}

impl Program {
    pub(crate) fn start(settings: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self::start_in(folder, settings)
    }

    pub(crate) fn start_in(folder: tempfile::TempDir, settings: &[&str]) -> Self {
        Self::start_by(Command::new(env!("CARGO_BIN_EXE_vigie")), folder, settings)
    }

    /// Under what a line of shell makes of the process, such as a limit.
    pub(crate) fn start_after(line: &str, settings: &[&str]) -> Self {
        Self::start_in_after(line, tempfile::tempdir().unwrap(), settings)
    }

    /// Both.
    pub(crate) fn start_in_after(line: &str, folder: tempfile::TempDir, settings: &[&str]) -> Self {
        let mut shell = Command::new("sh");
        shell.args(["-c", &format!(r#"{line}; exec "$0" "$@""#)]);
        shell.arg(env!("CARGO_BIN_EXE_vigie"));
        Self::start_by(shell, folder, settings)
    }

    fn start_by(mut program: Command, folder: tempfile::TempDir, settings: &[&str]) -> Self {
        let mut child = program
            .args([
                "serve",
                "--admin",
                "127.0.0.1:0",
                "--log-format",
                "json",
                "--state",
            ])
            .arg(folder.path().join("state"))
            .args(
                settings
                    .iter()
                    .map(|it| it.replace("{}", folder.path().to_str().unwrap())),
            )
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap());
        let mut addresses = Vec::new();
        let mut line = String::new();
        while addresses.len() < 2 || !line.contains("\"ready\"") {
            line.clear();
            assert_ne!(log.read_line(&mut line).unwrap(), 0, "it ended early");
            let told: serde_json::Value = serde_json::from_str(&line).unwrap();
            let address = told.get("address").and_then(|it| it.as_str());
            addresses.extend(address.map(str::to_owned));
        }
        Self {
            child,
            log,
            admin: addresses.pop().unwrap(),
            listen: addresses.pop().unwrap(),
            folder,
        }
    }

    pub(crate) fn send(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(&self.listen).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        let _ = stream.write_all(request);
        read(stream)
    }

    /// Asks the admin port.
    pub(crate) fn admin(&self, method: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(&self.admin).unwrap();
        let request = format!("{method} {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        read(stream)
    }

    /// The process.
    pub(crate) fn id(&self) -> String {
        self.child.id().to_string()
    }

    pub(crate) fn signal(&self, name: &str) {
        let done = Command::new("kill").args([name, &self.id()]).status();
        assert!(done.unwrap().success());
    }

    /// Waits for its end, and gives its code and the rest of its log.
    pub(crate) fn end(mut self) -> (Option<i32>, String, tempfile::TempDir) {
        let mut rest = String::new();
        self.log.read_to_string(&mut rest).unwrap();
        let code = self.child.wait().unwrap().code();
        let folder = std::mem::replace(&mut self.folder, tempfile::tempdir().unwrap());
        (code, rest, folder)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub(crate) fn read(mut stream: impl Read) -> String {
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

pub(crate) fn post(body: &str) -> Vec<u8> {
    format!(
        "POST /v1/decisions HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}
