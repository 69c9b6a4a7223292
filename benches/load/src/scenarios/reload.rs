//! New policies each second, under load: no request fails, and each decision names one pack.

use super::Field;
use crate::drive::{Pace, drive};
use crate::http::{Request, ask_once};
use crate::report::{Finding, Wanted};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;
use tokio::time::{Instant, sleep_until};

const RELOADS: u64 = 10;
/// Something is different each time: the pack's digest with it.
const ABOUT: &str = "policy: {id: turn, version: 1.0.0, title: {en: \"Turn N\", fr: \"Tour N\"}}\n";

pub async fn measure(field: &Field<'_>) -> Result<Vec<Finding>, String> {
    let sidecar = field.sidecar().await?;
    let seen: Rc<RefCell<BTreeMap<String, u64>>> = Rc::default();
    let see = {
        let seen = Rc::clone(&seen);
        Rc::new(move |_, body: &[u8]| count(&mut seen.borrow_mut(), body))
    };
    let mut load = field.load(&sidecar, &field.posts.single, Pace::Closed);
    load.lasts = Duration::from_secs(RELOADS + 1);
    let (driven, digests) = tokio::join!(drive(&load, Some(see)), reload(field));
    let (driven, digests) = (driven?, digests?);
    let seen = seen.borrow();
    let torn = seen.iter().filter(|(name, _)| !digests.contains(name));
    let torn: u64 = torn.map(|(_, posts)| posts).sum();
    Ok(vec![Finding {
        what: "requests that failed, or name no pack that was loaded",
        measured: (driven.wrong + driven.refused + torn) as f64,
        unit: "",
        wanted: Wanted::AtMost(0.0),
        told: format!(
            "{} answered during {RELOADS} reloads of {} rules; {} packs named, {} loaded{}",
            driven.accepted,
            field.options.rules,
            seen.len(),
            digests.len(),
            driven
                .first_wrong
                .map(|it| format!("; {it}"))
                .unwrap_or_default()
        ),
    }])
}

fn count(seen: &mut BTreeMap<String, u64>, body: &[u8]) {
    let decision: Option<Value> = serde_json::from_slice(body).ok();
    let policy = decision.and_then(|it| Some(it.get("policy")?.as_str()?.to_owned()));
    *seen.entry(policy.unwrap_or_default()).or_default() += 1;
}

/// The digests that were in force, the first one included.
async fn reload(field: &Field<'_>) -> Result<Vec<String>, String> {
    let turn = field.path("policies").join("turn.yaml");
    let asked = Request::new("POST", "/reload", b"");
    let mut digests = vec![loaded(field, &asked).await?];
    let begun = Instant::now();
    for number in 1..=RELOADS {
        sleep_until(begun + Duration::from_secs(number)).await;
        let text = ABOUT.replace('N', &number.to_string());
        std::fs::write(&turn, text).map_err(|error| format!("{}: {error}", turn.display()))?;
        digests.push(loaded(field, &asked).await?);
    }
    Ok(digests)
}

async fn loaded(field: &Field<'_>, asked: &Request) -> Result<String, String> {
    let (status, body) = ask_once(&field.admin(), asked).await?;
    let told: Value = serde_json::from_slice(&body).unwrap_or_default();
    match told.get("policy").and_then(Value::as_str) {
        Some(digest) if status == 200 => Ok(digest.to_owned()),
        _ => Err(format!(
            "/reload: {status}: {}",
            String::from_utf8_lossy(&body)
        )),
    }
}
