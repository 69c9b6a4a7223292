//! A statement of reasons, in the shape of the EU's transparency database (Digital Services Act,
//! Articles 17 and 24(5)).

use super::json::Json;
use crate::limits::{
    STATEMENT_EXPLANATION_CHARS_MAX, STATEMENT_FACTS_CHARS_MAX, STATEMENT_GROUND_CHARS_MAX,
    STATEMENT_PUID_CHARS_MAX,
};
use crate::policy::{DSA_CATEGORIES, DSA_KEYWORDS};

/// What may be done about the visibility of content.
pub static VISIBILITIES: &[&str] = &[
    "DECISION_VISIBILITY_CONTENT_AGE_RESTRICTED",
    "DECISION_VISIBILITY_CONTENT_DEMOTED",
    "DECISION_VISIBILITY_CONTENT_DISABLED",
    "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED",
    "DECISION_VISIBILITY_CONTENT_LABELLED",
    "DECISION_VISIBILITY_CONTENT_REMOVED",
];

/// What may be done about an account.
pub static ACCOUNTS: &[&str] = &["DECISION_ACCOUNT_SUSPENDED", "DECISION_ACCOUNT_TERMINATED"];

/// What may be done about a service.
pub static PROVISIONS: &[&str] = &[
    "DECISION_PROVISION_PARTIAL_SUSPENSION",
    "DECISION_PROVISION_PARTIAL_TERMINATION",
    "DECISION_PROVISION_TOTAL_SUSPENSION",
    "DECISION_PROVISION_TOTAL_TERMINATION",
];

/// Who told the platform.
pub static SOURCES: &[&str] = &[
    "SOURCE_ARTICLE_16",
    "SOURCE_TRUSTED_FLAGGER",
    "SOURCE_TYPE_OTHER_NOTIFICATION",
    "SOURCE_VOLUNTARY",
];

/// How far machines decided.
pub static AUTOMATED_DECISIONS: &[&str] = &[
    "AUTOMATED_DECISION_FULLY",
    "AUTOMATED_DECISION_NOT_AUTOMATED",
    "AUTOMATED_DECISION_PARTIALLY",
];

/// Countries of the European Economic Area.
pub static TERRITORIES: &[&str] = &[
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IS",
    "IT", "LI", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK",
];

/// A statement of reasons.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    /// What was done, of each kind.
    pub measures: Measures,
    /// The last day of the measure; none: without end.
    pub until: Option<String>,
    /// What happened, without a word that names anybody.
    pub facts: String,
    /// Why it may not stay.
    pub ground: Ground,
    /// `STATEMENT_CATEGORY_…`
    pub category: String,
    /// `KEYWORD_…`
    pub keywords: Vec<String>,
    /// Where it holds; none: not told.
    pub territory: Vec<String>,
    /// The day the content was published.
    pub content_date: String,
    /// The day the measure was taken.
    pub application_date: String,
    /// `SOURCE_…`
    pub source: String,
    /// `AUTOMATED_DECISION_…`
    pub automated_decision: String,
    /// The platform's unique name of the statement.
    pub puid: String,
}

/// What was done. At least one of these.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Measures {
    /// `DECISION_VISIBILITY_…`
    pub visibility: Option<String>,
    /// `DECISION_ACCOUNT_…`
    pub account: Option<String>,
    /// `DECISION_PROVISION_…`
    pub provision: Option<String>,
}

impl Measures {
    /// Whether nothing was done.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.visibility.is_none() && self.account.is_none() && self.provision.is_none()
    }
}

/// Why content may not stay: what it is measured by, and why it falls short.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ground {
    /// Whether it is the law; else the terms of the platform.
    pub is_law: bool,
    /// The law or the clause of the terms.
    pub reference: String,
    /// Why.
    pub explanation: String,
}

/// A field of a statement that the database would refuse, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The field, as the database names it.
    pub field: &'static str,
    /// What is wrong with it. Holds no word of it.
    pub why: String,
}

impl Statement {
    /// All that the database would refuse.
    #[must_use]
    pub fn refused(&self) -> Vec<Refused> {
        let mut refused = Vec::new();
        let mut refuse = |field, why: Option<String>| {
            refused.extend(why.map(|why| Refused { field, why }));
        };
        let measures = &self.measures;
        if measures.is_none() {
            let why = "no measure is told: of visibility, account or provision, one must be";
            refuse("decision_visibility", Some(why.to_owned()));
        }
        refuse(
            "decision_visibility",
            listed(&measures.visibility, VISIBILITIES),
        );
        refuse("decision_account", listed(&measures.account, ACCOUNTS));
        refuse(
            "decision_provision",
            listed(&measures.provision, PROVISIONS),
        );
        refuse(
            "decision_facts",
            length(&self.facts, STATEMENT_FACTS_CHARS_MAX),
        );
        let (reference, explanation) = self.ground.fields();
        refuse(
            reference,
            length(&self.ground.reference, STATEMENT_GROUND_CHARS_MAX),
        );
        refuse(
            explanation,
            length(&self.ground.explanation, STATEMENT_EXPLANATION_CHARS_MAX),
        );
        refuse("category", listed([&self.category], DSA_CATEGORIES));
        refuse(
            "category_specification",
            listed(&self.keywords, DSA_KEYWORDS),
        );
        refuse("territorial_scope", listed(&self.territory, TERRITORIES));
        refuse("content_date", day(&self.content_date));
        refuse("application_date", day(&self.application_date));
        if self.application_date < self.content_date {
            let why = "it lies before the day the content was published";
            refuse("application_date", Some(why.to_owned()));
        }
        if let Some(until) = &self.until {
            let early = *until < self.application_date;
            let early = early.then(|| "it lies before the day the measure was taken".to_owned());
            for field in self.ends() {
                refuse(field, day(until).or_else(|| early.clone()));
            }
        }
        refuse("source_type", listed([&self.source], SOURCES));
        refuse(
            "automated_decision",
            listed([&self.automated_decision], AUTOMATED_DECISIONS),
        );
        refuse(
            "puid",
            length(&self.puid, STATEMENT_PUID_CHARS_MAX).or_else(|| plain(&self.puid)),
        );
        refused
    }

    /// The fields that tell when each measure ends.
    fn ends(&self) -> impl Iterator<Item = &'static str> {
        let measures = &self.measures;
        let ends = [
            ("end_date_visibility_restriction", &measures.visibility),
            ("end_date_account_restriction", &measures.account),
            ("end_date_service_restriction", &measures.provision),
        ];
        ends.into_iter()
            .filter(|(_, measure)| measure.is_some())
            .map(|(field, _)| field)
    }
}

impl Ground {
    /// The names of its two fields.
    fn fields(&self) -> (&'static str, &'static str) {
        match self.is_law {
            true => (
                "illegal_content_legal_ground",
                "illegal_content_explanation",
            ),
            false => (
                "incompatible_content_ground",
                "incompatible_content_explanation",
            ),
        }
    }
}

fn listed<'s>(values: impl IntoIterator<Item = &'s String>, list: &[&str]) -> Option<String> {
    let is_listed = |value: &&String| list.contains(&value.as_str());
    match values.into_iter().all(|value| is_listed(&value)) {
        true => None,
        false => Some(format!("it is none of: {}", list.join(", "))),
    }
}

fn length(text: &str, chars_max: usize) -> Option<String> {
    match text.chars().count() {
        _ if text.trim().is_empty() => Some("it is empty".to_owned()),
        chars if chars > chars_max => Some(format!(
            "it has {chars} characters; {chars_max} are allowed"
        )),
        _ => None,
    }
}

fn day(written: &str) -> Option<String> {
    let read: Result<jiff::civil::Date, _> = written.parse();
    let is_plain = read.is_ok_and(|date| date.to_string() == written);
    (!is_plain).then(|| "it is no day of the form 2026-03-31".to_owned())
}

fn plain(puid: &str) -> Option<String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!puid.chars().all(is_plain))
        .then(|| "it holds more than letters, digits, `-` and `_`".to_owned())
}

/// Writes the statement as the database takes it, on one line.
pub fn write_statement(statement: &Statement, out: &mut Vec<u8>) {
    let mut json = Json(out);
    json.raw("{");
    let measures = &statement.measures;
    if let Some(visibility) = &measures.visibility {
        json.raw(r#""decision_visibility":["#)
            .text(visibility)
            .raw("],");
    }
    let singles = [
        ("decision_account", &measures.account),
        ("decision_provision", &measures.provision),
    ];
    for (field, measure) in singles {
        if let Some(measure) = measure {
            json.text(field).raw(":").text(measure).raw(",");
        }
    }
    if let Some(until) = &statement.until {
        for field in statement.ends() {
            json.text(field).raw(":").text(until).raw(",");
        }
    }
    let ground = &statement.ground;
    let (reference, explanation) = ground.fields();
    json.raw(r#""decision_facts":"#).text(&statement.facts);
    json.raw(r#","decision_ground":"#)
        .text(match ground.is_law {
            true => "DECISION_GROUND_ILLEGAL_CONTENT",
            false => "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        });
    json.raw(",")
        .text(reference)
        .raw(":")
        .text(&ground.reference);
    json.raw(",")
        .text(explanation)
        .raw(":")
        .text(&ground.explanation);
    json.raw(r#","content_type":["CONTENT_TYPE_TEXT"],"category":"#)
        .text(&statement.category);
    list(&mut json, "category_specification", &statement.keywords);
    list(&mut json, "territorial_scope", &statement.territory);
    json.raw(r#","content_date":"#)
        .text(&statement.content_date);
    json.raw(r#","application_date":"#)
        .text(&statement.application_date);
    json.raw(r#","source_type":"#).text(&statement.source);
    json.raw(r#","automated_detection":"Yes","automated_decision":"#)
        .text(&statement.automated_decision);
    json.raw(r#","puid":"#).text(&statement.puid).raw("}");
}

fn list(json: &mut Json<'_>, field: &str, values: &[String]) {
    if !values.is_empty() {
        json.raw(",").text(field).raw(":[");
        json.each(values, |json, value| {
            json.text(value);
        });
        json.raw("]");
    }
}
