//! A case as JSON, and back.

use super::json::Json;
use crate::model::{
    Bilingual, Case, Finding, Number, Recommendation, Step, Subject, SubjectKind, Timestamp,
};
use serde::Deserialize;
use std::sync::Arc;

/// Writes the case as the contract says, on one line. What there is none of is left out, but `rung`:
/// it is null when the ladder was left.
pub fn write_case(case: &Case, out: &mut Vec<u8>) {
    let mut json = Json(out);
    json.raw(r#"{"subject":{"kind":"#)
        .text(case.subject.kind.name());
    json.raw(r#","id":"#).text(&case.subject.id);
    json.raw(r#"},"ladder":"#).text(&case.ladder);
    rung(&mut json, case.rung.as_deref());
    json.raw(r#","height":"#).number(case.height);
    json.raw(r#","since":"#).text(&case.since.to_string());
    json.raw(r#","history":["#).each(&case.history, step);
    json.raw("]");
    if case.forgotten > 0 {
        json.raw(r#","forgotten":"#).number(case.forgotten);
    }
    json.raw(r#","findings":["#).each(&case.findings, finding);
    json.raw("]");
    if let Some(advice) = &case.recommendation {
        json.raw(r#","recommendation":{"do":"#).text(&advice.action);
        bilingual(&mut json, "say", &advice.say);
        json.raw(r#","needs":{"signed_by":"#)
            .number(advice.signed_by)
            .raw("}}");
    }
    if let Some(steps_down) = &case.steps_down {
        bilingual(&mut json, "steps_down", steps_down);
    }
    json.raw("}");
}

fn step(json: &mut Json<'_>, step: &Step) {
    json.raw("{");
    match &step.rung {
        Some(rung) => json.raw(r#""rung":"#).text(rung),
        None => json.raw(r#""rung":null"#),
    };
    json.raw(r#","at":"#).text(&step.at.to_string());
    json.raw(r#","up":"#).number(step.up);
    bilingual(json, "because", &step.because);
    evidence(json, &step.evidence);
    numbers(json, &step.numbers);
    json.raw("}");
}

fn finding(json: &mut Json<'_>, finding: &Finding) {
    json.raw(r#"{"id":"#).text(&finding.id);
    json.raw(r#","met":"#).number(finding.met);
    bilingual(json, "say", &finding.say);
    numbers(json, &finding.numbers);
    evidence(json, &finding.evidence);
    json.raw(r#","at":"#).text(&finding.at.to_string());
    json.raw("}");
}

fn rung(json: &mut Json<'_>, rung: Option<&str>) {
    match rung {
        Some(rung) => json.raw(r#","rung":"#).text(rung),
        None => json.raw(r#","rung":null"#),
    };
}

fn bilingual(json: &mut Json<'_>, key: &str, said: &Bilingual) {
    json.raw(r#",""#).raw(key).raw(r#"":{"en":"#).text(&said.en);
    json.raw(r#","fr":"#).text(&said.fr).raw("}");
}

fn evidence(json: &mut Json<'_>, posts: &[Arc<str>]) {
    json.raw(r#","evidence":["#)
        .each(posts, |json, post| {
            json.text(post);
        })
        .raw("]");
}

fn numbers(json: &mut Json<'_>, numbers: &[Number]) {
    json.raw(r#","numbers":["#)
        .each(numbers, |json, number| {
            json.raw(r#"{"name":"#).text(&number.name);
            json.raw(r#","value":"#).number(number.value);
            json.raw(r#","asked":"#).text(&number.asked);
            json.raw(r#","held":"#).number(number.held).raw("}");
        })
        .raw("]");
}

/// Why a line is no case. Holds no word of it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("{what} at column {column}")]
pub struct CaseError {
    /// What is wrong.
    pub what: &'static str,
    /// Where in the line, from 1, in bytes.
    pub column: usize,
}

/// Reads one case. Fields that are not known are passed over.
///
/// # Errors
/// The line is not JSON, or not a case as the contract says.
pub fn case_from_json(line: &str) -> Result<Case, CaseError> {
    let told: Told = serde_json::from_str(line).map_err(|error| CaseError {
        // The parser's own words quote the line.
        what: match error.is_data() {
            true => "a field of the case is missing or not of the type that the contract says",
            false => "this is not JSON",
        },
        column: error.column(),
    })?;
    told.case().map_err(|what| CaseError { what, column: 1 })
}

/// A case as it is told.
#[derive(Deserialize)]
struct Told {
    subject: ToldSubject,
    ladder: String,
    rung: Option<String>,
    #[serde(default)]
    height: usize,
    since: String,
    history: Vec<ToldStep>,
    #[serde(default)]
    forgotten: usize,
    #[serde(default)]
    findings: Vec<ToldFinding>,
    recommendation: Option<ToldRecommendation>,
    steps_down: Option<ToldBilingual>,
}

#[derive(Deserialize)]
struct ToldSubject {
    kind: String,
    id: String,
}

#[derive(Deserialize)]
struct ToldBilingual {
    en: String,
    fr: String,
}

#[derive(Deserialize)]
struct ToldStep {
    rung: Option<String>,
    at: String,
    #[serde(default)]
    up: bool,
    because: ToldBilingual,
    #[serde(default)]
    evidence: Vec<String>,
    #[serde(default)]
    numbers: Vec<ToldNumber>,
}

#[derive(Deserialize)]
struct ToldNumber {
    name: String,
    value: u64,
    asked: String,
    held: bool,
}

#[derive(Deserialize)]
struct ToldFinding {
    id: String,
    met: bool,
    say: ToldBilingual,
    #[serde(default)]
    numbers: Vec<ToldNumber>,
    #[serde(default)]
    evidence: Vec<String>,
    at: String,
}

#[derive(Deserialize)]
struct ToldRecommendation {
    #[serde(rename = "do")]
    action: String,
    say: ToldBilingual,
    needs: ToldNeeds,
}

#[derive(Deserialize)]
struct ToldNeeds {
    signed_by: u32,
}

impl Told {
    fn case(self) -> Result<Case, &'static str> {
        let kind = SubjectKind::named(&self.subject.kind).ok_or("there is no such subject kind")?;
        let history: Result<_, _> = self.history.into_iter().map(ToldStep::step).collect();
        let findings: Result<_, _> = self
            .findings
            .into_iter()
            .map(ToldFinding::finding)
            .collect();
        Ok(Case {
            subject: Subject {
                kind,
                id: self.subject.id.into(),
            },
            ladder: self.ladder.into(),
            rung: self.rung.map(Into::into),
            height: self.height,
            since: instant(&self.since)?,
            history: history?,
            forgotten: self.forgotten,
            findings: findings?,
            recommendation: self.recommendation.map(|advice| Recommendation {
                action: advice.action.into(),
                say: advice.say.into(),
                signed_by: advice.needs.signed_by,
            }),
            steps_down: self.steps_down.map(Into::into),
        })
    }
}

impl ToldStep {
    fn step(self) -> Result<Step, &'static str> {
        Ok(Step {
            rung: self.rung.map(Into::into),
            at: instant(&self.at)?,
            up: self.up,
            because: self.because.into(),
            numbers: self.numbers.into_iter().map(Into::into).collect(),
            evidence: self.evidence.into_iter().map(Into::into).collect(),
        })
    }
}

impl ToldFinding {
    fn finding(self) -> Result<Finding, &'static str> {
        Ok(Finding {
            id: self.id.into(),
            met: self.met,
            say: self.say.into(),
            numbers: self.numbers.into_iter().map(Into::into).collect(),
            evidence: self.evidence.into_iter().map(Into::into).collect(),
            at: instant(&self.at)?,
        })
    }
}

impl From<ToldNumber> for Number {
    fn from(told: ToldNumber) -> Self {
        Self {
            name: told.name.into(),
            value: told.value,
            asked: told.asked.into(),
            held: told.held,
        }
    }
}

impl From<ToldBilingual> for Bilingual {
    fn from(told: ToldBilingual) -> Self {
        Self {
            en: told.en,
            fr: told.fr,
        }
    }
}

fn instant(written: &str) -> Result<Timestamp, &'static str> {
    Timestamp::parse(written).ok_or("an instant is not RFC 3339")
}
