//! Several outcomes in one document.

use serde::Deserialize;
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct Told<'a> {
    #[serde(borrow)]
    outcomes: Vec<&'a RawValue>,
}

/// The parts of `{"outcomes":[…]}`, each for [`event_from_json`](super::event_from_json). None: it is
/// no such list.
#[must_use]
pub fn outcomes_from_json(text: &str) -> Option<Vec<&str>> {
    let told: Told<'_> = serde_json::from_str(text).ok()?;
    Some(told.outcomes.into_iter().map(RawValue::get).collect())
}
