//! A server as a process of its own: started, watched, killed.

use crate::http::{Address, Request, ask_once};
use rustix::process::{Pid, Signal, kill_process};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use std::fs;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;
use tokio::time::{Instant, sleep};

/// The server's processor; the load has the others.
const PROCESSOR: usize = 0;
/// How long a server may take until it answers: a policy of 100,000 rules, and a log to replay.
const READY_SECONDS: u64 = 60;

/// Leaves the server's processor to the server. Otherwise the system wakes the load right there, where the answer
/// was written, and the server waits for it.
pub fn keep_off() -> Result<(), String> {
    let wrong = |error: rustix::io::Errno| format!("choosing a processor: {error}");
    let mut others: CpuSet = sched_getaffinity(None).map_err(wrong)?;
    others.unset(PROCESSOR);
    match others.count() {
        0 => Err("the load needs a processor besides the server's".to_owned()),
        _ => sched_setaffinity(None, &others).map_err(wrong),
    }
}

/// A server that runs, until this is dropped.
pub struct Server {
    child: Child,
    pub address: Address,
}

impl Server {
    /// Starts a program on the server's processor, and waits until `asks` is answered with 200.
    pub async fn start(
        program: &Path,
        arguments: &[String],
        address: &Address,
        asks: (&Address, &str),
    ) -> Result<Self, String> {
        if let Address::Unix(path) = address {
            // A server that was killed leaves it.
            let _ = fs::remove_file(path);
        }
        let child = Command::new("taskset")
            .args(["--cpu-list", &PROCESSOR.to_string()])
            .arg(program)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn();
        let child = child.map_err(|error| format!("taskset {}: {error}", program.display()))?;
        let mut server = Self {
            child,
            address: address.clone(),
        };
        server.wait_until_ready(asks).await?;
        Ok(server)
    }

    async fn wait_until_ready(&mut self, (address, path): (&Address, &str)) -> Result<(), String> {
        let asked = Request::new("GET", path, b"");
        let patience = Instant::now() + Duration::from_secs(READY_SECONDS);
        loop {
            if let Ok((200..=299 | 405, _)) = ask_once(address, &asked).await {
                return Ok(());
            }
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(format!("the server ended before it was ready: {status}"));
            }
            if Instant::now() > patience {
                return Err(format!("nothing answers on {address}"));
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Processor time that all of its threads took so far, in nanoseconds.
    pub fn processor_ns(&self) -> Result<u64, String> {
        let folder = format!("/proc/{}/task", self.child.id());
        let tasks = fs::read_dir(&folder).map_err(|error| format!("{folder}: {error}"))?;
        let mut total = 0;
        for task in tasks.flatten() {
            let told = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            let spent = told.split(' ').next().and_then(|it| it.parse::<u64>().ok());
            total += spent.unwrap_or_default();
        }
        Ok(total)
    }

    /// Memory that it holds now, in bytes.
    pub fn memory(&self) -> Result<u64, String> {
        let path = format!("/proc/{}/status", self.child.id());
        let told = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        let line = told.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
        Ok(1024 * kilobytes.ok_or("no VmRSS")?)
    }

    /// Ends it without warning.
    pub fn kill(mut self) -> Result<(), String> {
        self.child.kill().map_err(|error| error.to_string())?;
        self.child.wait().map_err(|error| error.to_string())?;
        Ok(())
    }

    /// Asks it to end, and waits.
    pub fn stop(mut self) -> Result<ExitStatus, String> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        let pid = pid.ok_or("no process")?;
        kill_process(pid, Signal::TERM).map_err(|error| error.to_string())?;
        self.child.wait().map_err(|error| error.to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
