//! SIGKILL at random instants under load. Whatever was acknowledged is there after the restart, the
//! log's chain holds, and the cases are those that an audit of the same posts finds.

use super::Field;
use crate::drive::{Load, Pace, drive};
use crate::http::{Address, Request, UNNUMBERED, ask_once};
use crate::posts::Story;
use crate::process::Server;
use crate::report::{Finding, Wanted};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde_json::Value;
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::Path;
use std::process::Command;
use std::rc::Rc;
use std::time::Duration;

/// Posts a second: enough that each instant finds some half done, few enough to check them all.
const RATE: f64 = 2_000.0;
/// How long a sidecar lives, in milliseconds after it is ready.
const LIVES_MS: std::ops::Range<u64> = 50..1_000;

pub async fn measure(field: &Field<'_>) -> Result<Vec<Finding>, String> {
    let story = Story::tell(field.options.seed);
    let acknowledged: Rc<RefCell<BTreeSet<u64>>> = Rc::default();
    let numbers: Rc<Cell<u64>> = Rc::default();
    let mut random = ChaCha8Rng::seed_from_u64(field.options.seed);
    let mut broken = 0;
    for _ in 0..field.options.kills {
        let sidecar = start(field).await?;
        let lives = Duration::from_millis(random.random_range(LIVES_MS));
        let load = Load {
            address: sidecar.address.clone(),
            requests: Rc::clone(&story.requests),
            numbers: Rc::clone(&numbers),
            connections: field.options.connections,
            lasts: lives + Duration::from_secs(1),
            pace: Pace::Rate(RATE),
        };
        press_and_kill(&load, sidecar, lives, &acknowledged).await?;
        broken += u32::from(!verifies(field)?);
    }
    let sidecar = start(field).await?;
    let logged = logged(&field.path("state"))?;
    let lost = acknowledged
        .borrow()
        .iter()
        .filter(|it| !logged.contains_key(&id(**it)))
        .count();
    let live = cases_of_sidecar(&sidecar.address).await?;
    sidecar.stop()?;
    let audited = cases_of_audit(field, &story, &logged)?;
    let differ = live.iter().filter(|it| !audited.contains(*it)).count()
        + audited.iter().filter(|it| !live.contains(*it)).count();
    let told = format!(
        "{} kills, {} posts acknowledged, {} in the log, {} cases",
        field.options.kills,
        acknowledged.borrow().len(),
        logged.len(),
        live.len()
    );
    let none = |what, number: usize| Finding {
        what,
        measured: number as f64,
        unit: "",
        wanted: Wanted::AtMost(0.0),
        told: told.clone(),
    };
    Ok(vec![
        none("acknowledged posts that are not in the log", lost),
        none(
            "restarts after which the log does not verify",
            broken as usize,
        ),
        none(
            "cases that differ from an audit's of the same posts",
            differ,
        ),
    ])
}

async fn start(field: &Field<'_>) -> Result<Server, String> {
    field
        .sidecar_at(Address::Tcp(super::SIDECAR.to_owned()), None, &[])
        .await
}

async fn press_and_kill(
    load: &Load,
    sidecar: Server,
    lives: Duration,
    acknowledged: &Rc<RefCell<BTreeSet<u64>>>,
) -> Result<(), String> {
    let acknowledged = Rc::clone(acknowledged);
    let see = Rc::new(move |number: u64, _: &[u8]| {
        acknowledged.borrow_mut().insert(number);
    });
    let kill = async {
        tokio::time::sleep(lives).await;
        sidecar.kill()
    };
    // Connections break when it dies: that is no wrong answer here.
    let (driven, killed) = tokio::join!(drive(load, Some(see)), kill);
    driven.and(killed)
}

fn id(number: u64) -> String {
    format!("p{number:0width$}", width = UNNUMBERED.len() - 1)
}

fn verifies(field: &Field<'_>) -> Result<bool, String> {
    let mut command = Command::new(&field.options.vigie);
    let verified = command
        .args(["log", "verify"])
        .arg(field.path("state"))
        .output();
    Ok(verified
        .map_err(|error| error.to_string())?
        .status
        .success())
}

/// The posts in the log, by id, with their times.
fn logged(state: &Path) -> Result<BTreeMap<String, String>, String> {
    let mut found = BTreeMap::new();
    let mut folders = vec![state.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries =
            fs::read_dir(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|it| it == "ndjson") {
                read_log(&path, &mut found)?;
            }
        }
    }
    Ok(found)
}

fn read_log(path: &Path, found: &mut BTreeMap<String, String>) -> Result<(), String> {
    let told = |error: &dyn std::fmt::Display| format!("{}: {error}", path.display());
    let file = fs::File::open(path).map_err(|error| told(&error))?;
    for line in BufReader::new(file).lines() {
        let line = line.map_err(|error| told(&error))?;
        let line: Value = serde_json::from_str(&line).map_err(|error| told(&error))?;
        let judged = &line["payload"]["judged"];
        if let (Some(post), Some(at)) = (judged["post"].as_str(), judged["at"].as_str()) {
            found.insert(post.to_owned(), at.to_owned());
        }
    }
    Ok(())
}

async fn cases_of_sidecar(address: &Address) -> Result<Vec<Value>, String> {
    let mut cases = Vec::new();
    let mut path = "/v1/cases?limit=100".to_owned();
    loop {
        let (status, body) = ask_once(address, &Request::new("GET", &path, b"")).await?;
        let mut page: Value = serde_json::from_slice(&body).map_err(|error| error.to_string())?;
        if status != 200 {
            return Err(format!("/v1/cases: {status}: {page}"));
        }
        if let Value::Array(found) = page["cases"].take() {
            cases.extend(found.into_iter().map(comparable));
        }
        let Some(next) = page["next"].as_str() else {
            return Ok(cases);
        };
        path = format!("/v1/cases?limit=100&cursor={}", percent_encoded(next));
    }
}

fn percent_encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02x}")).collect()
}

/// An audit knows of no signatures.
fn comparable(mut case: Value) -> Value {
    if let Value::Object(fields) = &mut case {
        fields.remove("signatures");
    }
    case
}

fn cases_of_audit(
    field: &Field<'_>,
    story: &Story,
    logged: &BTreeMap<String, String>,
) -> Result<Vec<Value>, String> {
    let (dump, out) = (field.path("posts.ndjson"), field.path("audit"));
    let told = |error: std::io::Error| format!("{}: {error}", dump.display());
    let mut file = BufWriter::new(fs::File::create(&dump).map_err(told)?);
    for (id, at) in logged {
        if let Some(post) = story.post(id, at) {
            writeln!(file, "{post}").map_err(told)?;
        }
    }
    file.flush().map_err(told)?;
    let mut command = Command::new(&field.options.vigie);
    let audited = command
        .arg("audit")
        .arg(&dump)
        .arg("--out")
        .arg(&out)
        .output();
    let audited = audited.map_err(|error| error.to_string())?;
    if !audited.status.success() {
        return Err(format!(
            "audit: {}",
            String::from_utf8_lossy(&audited.stderr)
        ));
    }
    let cases = fs::read_to_string(out.join("cases.ndjson")).map_err(|error| error.to_string())?;
    let cases = cases.lines().map(serde_json::from_str::<Value>);
    let cases: Result<Vec<Value>, _> = cases.collect();
    let cases = cases.map_err(|error| error.to_string())?;
    Ok(cases.into_iter().map(comparable).collect())
}
