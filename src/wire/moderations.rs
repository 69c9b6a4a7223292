//! OpenAI's shape: `POST /v1/moderations`.

use super::json::Json;
use super::perspective::NO_PROBABILITY;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What is to be moderated.
#[derive(Debug, Deserialize)]
pub struct ModerationRequest {
    /// The texts.
    pub input: ModerationInput,
    /// Which model; given back.
    #[serde(default)]
    pub model: Option<String>,
}

/// The texts: one, several, or the parts of one.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub enum ModerationInput {
    /// One.
    One(String),
    /// Several: one result each.
    Many(Vec<String>),
    /// The parts of one: one result.
    Parts(Vec<ModerationPart>),
}

/// One part.
#[derive(Debug, Deserialize)]
pub struct ModerationPart {
    /// `text` or `image_url`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The text, of a part that is one.
    #[serde(default)]
    pub text: Option<String>,
}

/// The result of one text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ModerationResult {
    /// Whether somebody should look at it.
    pub flagged: bool,
    /// Categories of that API that are flagged.
    pub over: Vec<&'static str>,
    /// Points by category of that API.
    pub points: BTreeMap<&'static str, u32>,
    /// What is advised.
    pub action: &'static str,
    /// Points by category of ours.
    pub own: BTreeMap<Arc<str>, u32>,
}

/// Writes the answer. All categories stand in every result; those that no policy maps to are told
/// under `vigie.unscored`: their 0 says nothing.
pub fn write_moderation(
    id: &str,
    model: &str,
    results: &[ModerationResult],
    (categories, scored): (&[&'static str], &[&'static str]),
    out: &mut Vec<u8>,
) {
    let mut json = Json(out);
    json.raw(r#"{"id":"#)
        .text(id)
        .raw(r#","model":"#)
        .text(model);
    json.raw(r#","results":["#)
        .each(results, |json, result| one(json, result, categories));
    json.raw(r#"],"vigie":{"note":"#).text(NO_PROBABILITY);
    let unscored = categories.iter().filter(|it| !scored.contains(it));
    json.raw(r#","unscored":["#)
        .each(unscored, |json, category| {
            json.text(category);
        })
        .raw("]}}");
}

fn one(json: &mut Json<'_>, result: &ModerationResult, categories: &[&'static str]) {
    json.raw(r#"{"flagged":"#).number(result.flagged);
    json.raw(r#","categories":{"#)
        .each(categories, |json, category| {
            json.text(category)
                .raw(":")
                .number(result.over.contains(category));
        });
    json.raw(r#"},"category_scores":{"#)
        .each(categories, |json, category| {
            let points = result.points.get(category).copied().unwrap_or_default();
            json.text(category)
                .raw(":")
                .number(f64::from(points) / 100.0);
        });
    json.raw(r#"},"category_applied_input_types":{"#)
        .each(categories, |json, category| {
            json.text(category).raw(r#":["text"]"#);
        });
    json.raw(r#"},"vigie":{"action":"#).text(result.action);
    json.raw(r#","categories":{"#)
        .each(&result.own, |json, (category, points)| {
            json.text(category).raw(":").number(points);
        })
        .raw("}}}");
}
