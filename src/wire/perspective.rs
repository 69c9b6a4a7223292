//! Perspective's shape (`commentanalyzer` v1alpha1): `comments:analyze`, `comments:suggestscore`, and
//! the document by which Google's clients find both.

use super::json::Json;
use serde::Deserialize;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

/// A comment that is to be analyzed, or that was looked at.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PerspectiveRequest<'a> {
    /// The comment.
    #[serde(borrow)]
    pub comment: Option<Comment<'a>>,
    /// What is asked for, by name.
    #[serde(default)]
    pub requested_attributes: BTreeMap<String, Option<Requested>>,
    /// What a person says of it, by name: only of `comments:suggestscore`.
    #[serde(default)]
    pub attribute_scores: BTreeMap<String, Option<Suggested>>,
    /// Its languages, as far as the caller knows.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Whether nothing of it may be kept.
    #[serde(default)]
    pub do_not_store: bool,
    /// Whether places are wanted too.
    #[serde(default)]
    pub span_annotations: bool,
    /// Given back as it is.
    #[serde(borrow)]
    pub client_token: Option<Cow<'a, str>>,
    /// The community.
    #[serde(borrow)]
    pub community_id: Option<Cow<'a, str>>,
    /// What the comment answers.
    #[serde(borrow)]
    pub context: Option<Context<'a>>,
}

/// The words of a comment.
#[derive(Debug, Deserialize)]
pub struct Comment<'a> {
    /// The text.
    #[serde(borrow)]
    pub text: Option<Cow<'a, str>>,
    /// `PLAIN_TEXT` or `HTML`.
    #[serde(borrow, rename = "type", default)]
    pub kind: Option<Cow<'a, str>>,
}

impl Comment<'_> {
    /// Whether the text is HTML.
    #[must_use]
    pub fn is_html(&self) -> bool {
        self.kind.as_deref() == Some("HTML")
    }
}

/// What stands around a comment.
#[derive(Debug, Deserialize)]
pub struct Context<'a> {
    /// Its parts.
    #[serde(borrow, default)]
    pub entries: Vec<Comment<'a>>,
}

/// How an attribute is asked for.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Requested {
    /// Lower scores are left out.
    pub score_threshold: Option<f64>,
}

/// A score that a person suggests.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Suggested {
    /// Of the whole comment.
    pub summary_score: Option<SuggestedValue>,
}

/// Its value.
#[derive(Clone, Copy, Debug, Deserialize)]
pub struct SuggestedValue {
    /// 0–1.
    pub value: f64,
}

impl PerspectiveRequest<'_> {
    /// Reads a request.
    ///
    /// # Errors
    /// It is no JSON, or a field is of another type: which column, never which words.
    pub fn read(text: &str) -> Result<PerspectiveRequest<'_>, usize> {
        serde_json::from_str(text).map_err(|error| error.column())
    }
}

/// The score of one attribute.
#[derive(Clone, Debug, PartialEq)]
pub struct AttributeScore<'s> {
    /// Its name.
    pub name: &'s str,
    /// Points, 0–100.
    pub points: u32,
    /// Where its evidence stands, as bytes of the text.
    pub spans: Vec<Range<usize>>,
}

/// Writes the answer to `comments:analyze`. Attributes that were all left out leave no key.
pub fn write_scores(
    scores: &[AttributeScore<'_>],
    text: &str,
    request: &PerspectiveRequest<'_>,
    detected: &str,
    out: &mut Vec<u8>,
) {
    let mut json = Json(out);
    json.raw("{");
    if !scores.is_empty() {
        json.raw(r#""attributeScores":{"#)
            .each(scores, |json, score| {
                json.text(score.name).raw(":{");
                if request.span_annotations {
                    json.raw(r#""spanScores":["#)
                        .each(utf16(text, &score.spans), |json, span| {
                            json.raw(r#"{"begin":"#).number(span.start);
                            json.raw(r#","end":"#).number(span.end).raw(r#","score":"#);
                            value(json, score.points);
                            json.raw("}");
                        })
                        .raw("],");
                }
                json.raw(r#""summaryScore":"#);
                value(json, score.points);
                json.raw("}");
            })
            .raw("},");
    }
    let languages = || request.languages.iter().map(String::as_str);
    json.raw(r#""languages":["#);
    match request.languages.is_empty() {
        true => json.text(detected),
        false => json.each(languages(), |json, language| {
            json.text(language);
        }),
    };
    json.raw(r#"],"detectedLanguages":["#)
        .text(detected)
        .raw("]");
    if let Some(token) = &request.client_token {
        json.raw(r#","clientToken":"#).text(token);
    }
    json.raw(r#","vigie":{"note":"#)
        .text(NO_PROBABILITY)
        .raw("}}");
}

/// What every answer in another shape says of its numbers.
pub const NO_PROBABILITY: &str =
    "scores are points of rules divided by 100: weights that people chose, not probabilities";

fn value(json: &mut Json<'_>, points: u32) {
    let score = f64::from(points) / 100.0;
    json.raw(r#"{"value":"#)
        .number(score)
        .raw(r#","type":"PROBABILITY"}"#);
}

/// Bytes of a text as UTF-16 code units, which that API counts in. One walk through the text; spans
/// that begin earlier first.
#[must_use]
pub fn utf16(text: &str, spans: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut bounds: Vec<usize> = spans
        .iter()
        .flat_map(|span| [span.start, span.end])
        .collect();
    bounds.sort_unstable();
    bounds.dedup();
    let mut units = BTreeMap::new();
    let (mut at, mut count) = (0, 0);
    for bound in bounds {
        count += text
            .get(at..bound)
            .map_or(0, |part| part.encode_utf16().count());
        at = bound;
        units.insert(bound, count);
    }
    let unit = |byte: &usize| units.get(byte).copied().unwrap_or_default();
    let mut counted: Vec<Range<usize>> = spans
        .iter()
        .map(|span| unit(&span.start)..unit(&span.end))
        .collect();
    counted.sort_unstable_by_key(|span| (span.start, span.end));
    counted.dedup();
    counted
}

/// Why a comment can't be analyzed, in that API's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PerspectiveError {
    /// There is no text.
    Empty,
    /// It is longer than allowed.
    TooLong,
    /// Nothing is asked for.
    NoAttributes,
    /// No policy gives points for the attribute.
    Unknown(String),
    /// It is no request.
    Invalid {
        /// What is wrong.
        what: String,
    },
}

impl PerspectiveError {
    /// As JSON; its status is 400.
    #[must_use]
    pub fn json(&self) -> Value {
        let (kind, message) = match self {
            Self::Empty => ("COMMENT_EMPTY", "Comment must be non-empty.".to_owned()),
            Self::TooLong => ("COMMENT_TOO_LONG", "Comment text too long.".to_owned()),
            Self::NoAttributes => (
                "NO_REQUESTED_ATTRIBUTES",
                "No requested attributes.".to_owned(),
            ),
            Self::Unknown(name) => (
                "INVALID_REQUEST",
                format!("Unknown requested attribute: {name}"),
            ),
            Self::Invalid { what } => ("INVALID_REQUEST", what.clone()),
        };
        json!({"error": {
            "code": 400, "message": message, "status": "INVALID_ARGUMENT",
            "details": [{
                "@type": "type.googleapis.com/google.commentanalyzer.v1alpha1.Error",
                "errorType": kind,
            }],
        }})
    }
}

/// The document by which Google's clients find the methods, for a root such as
/// `http://127.0.0.1:8080/`.
#[must_use]
pub fn discovery(root: &str) -> Value {
    let method = |id: &str, request: &str, response: &str| {
        json!({
            "id": format!("commentanalyzer.comments.{id}"),
            "path": format!("v1alpha1/comments:{id}"),
            "flatPath": format!("v1alpha1/comments:{id}"),
            "httpMethod": "POST", "parameterOrder": [], "parameters": {},
            "request": {"$ref": request}, "response": {"$ref": response},
        })
    };
    json!({
        "kind": "discovery#restDescription", "discoveryVersion": "v1",
        "id": "commentanalyzer:v1alpha1", "name": "commentanalyzer", "version": "v1alpha1",
        "revision": "20190414", "title": "Perspective Comment Analyzer API, answered by Vigie",
        "description": NO_PROBABILITY, "protocol": "rest",
        "rootUrl": root, "servicePath": "", "baseUrl": root, "batchPath": "batch",
        "parameters": {
            "alt": {"type": "string", "location": "query", "default": "json"},
            "fields": {"type": "string", "location": "query"},
            "key": {"type": "string", "location": "query"},
            "prettyPrint": {"type": "boolean", "location": "query", "default": "true"},
        },
        "resources": {"comments": {"methods": {
            "analyze": method("analyze", "AnalyzeCommentRequest", "AnalyzeCommentResponse"),
            "suggestscore":
                method("suggestscore", "SuggestCommentScoreRequest", "SuggestCommentScoreResponse"),
        }}},
        "schemas": schemas(),
    })
}

/// What the methods take and give.
fn schemas() -> Value {
    let text = |what: &str| json!({"type": "string", "description": what});
    let object =
        |id: &str, properties: Value| json!({"id": id, "type": "object", "properties": properties});
    let map = |of: &str| json!({"type": "object", "additionalProperties": {"$ref": of}});
    let list = |of: Value| json!({"type": "array", "items": of});
    let comment = json!({"$ref": "TextEntry"});
    json!({
        "TextEntry": object("TextEntry", json!({"text": text("UTF-8 text."), "type": text("PLAIN_TEXT or HTML.")})),
        "Context": object("Context", json!({"entries": list(comment.clone())})),
        "AttributeParameters": object("AttributeParameters", json!({
            "scoreType": text("PROBABILITY."),
            "scoreThreshold": {"type": "number", "format": "float"},
        })),
        "Score": object("Score", json!({
            "value": {"type": "number", "format": "float"}, "type": text("PROBABILITY."),
        })),
        "SpanScore": object("SpanScore", json!({
            "begin": {"type": "integer", "format": "int32"},
            "end": {"type": "integer", "format": "int32"}, "score": {"$ref": "Score"},
        })),
        "AttributeScores": object("AttributeScores", json!({
            "summaryScore": {"$ref": "Score"}, "spanScores": list(json!({"$ref": "SpanScore"})),
        })),
        "AnalyzeCommentRequest": object("AnalyzeCommentRequest", json!({
            "comment": comment.clone(), "context": {"$ref": "Context"},
            "requestedAttributes": map("AttributeParameters"),
            "languages": list(json!({"type": "string"})), "doNotStore": {"type": "boolean"},
            "spanAnnotations": {"type": "boolean"}, "clientToken": text("Given back."),
            "sessionId": text("Session."), "communityId": text("Community."),
        })),
        "AnalyzeCommentResponse": object("AnalyzeCommentResponse", json!({
            "attributeScores": map("AttributeScores"),
            "languages": list(json!({"type": "string"})),
            "detectedLanguages": list(json!({"type": "string"})),
            "clientToken": text("Given back."),
        })),
        "SuggestCommentScoreRequest": object("SuggestCommentScoreRequest", json!({
            "comment": comment, "context": {"$ref": "Context"},
            "attributeScores": map("AttributeScores"),
            "languages": list(json!({"type": "string"})), "clientToken": text("Given back."),
            "sessionId": text("Session."), "communityId": text("Community."),
        })),
        "SuggestCommentScoreResponse": object("SuggestCommentScoreResponse", json!({
            "requestedLanguages": list(json!({"type": "string"})),
            "detectedLanguages": list(json!({"type": "string"})),
            "clientToken": text("Given back."),
        })),
    })
}

#[cfg(test)]
mod tests {
    use super::utf16;

    #[test]
    fn spans_are_counted_in_utf16() {
        // An emoji is four bytes and two units, an accent two bytes and one.
        let text = "é😀 abc";
        let spans = [7..10, 0..2, 2..6, 0..2];
        assert_eq!(utf16(text, &spans), [0..1, 1..3, 4..7]);
        assert!(utf16(text, &[]).is_empty());
    }
}
