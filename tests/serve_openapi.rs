//! The OpenAPI document and the sidecar say the same.

use super::sidecar::Sidecar;
use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use vigie::serve::error::Code;
use vigie::serve::openapi;

fn document() -> Value {
    serde_json::from_str(openapi()).unwrap()
}

/// The schema at a place of the document, as a document of its own.
fn schema(document: &Value, schema: &Value) -> Value {
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "components": document["components"],
        "allOf": [schema],
    })
}

fn mistakes(document: &Value, of: &Value, example: &Value) -> Vec<String> {
    let validator = jsonschema::validator_for(&schema(document, of)).unwrap();
    validator
        .iter_errors(example)
        .map(|error| error.to_string())
        .collect()
}

/// Calls `see` with each path, method and operation.
fn each_operation(document: &Value, mut see: impl FnMut(&str, &str, &Value)) {
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            see(path, method, operation);
        }
    }
}

#[test]
fn the_document_is_served_and_its_examples_are_what_it_says() {
    let sidecar = Sidecar::with(&[]);
    let document = sidecar.get("/openapi.json").json();
    assert_eq!(document, self::document());
    assert_eq!(document["openapi"], "3.1.0");
    let mut seen = 0;
    each_operation(&document, |path, method, operation| {
        let requests = operation.pointer("/requestBody/content/application~1json");
        let responses = operation["responses"].as_object().unwrap().values();
        let responses = responses.filter_map(|it| it.pointer("/content/application~1json"));
        for content in requests.into_iter().chain(responses) {
            if let Some(example) = content.get("example") {
                let wrong = mistakes(&document, &content["schema"], example);
                assert!(wrong.is_empty(), "{method} {path}: {wrong:?}\n{example}");
                seen += 1;
            }
        }
    });
    assert!(seen > 20, "{seen} examples");
}

#[test]
fn every_route_is_documented_and_every_documented_route_is_there() {
    let sidecar = Sidecar::with(&[]);
    let document = document();
    each_operation(&document, |path, method, operation| {
        let path = path.replace("{kind}", "target").replace("{id}", "u9");
        let method = method.to_uppercase();
        let is_admin = operation["tags"] == json!(["admin"]);
        let answer = match is_admin {
            true => sidecar.admin(&method, &path),
            false => {
                let request = Request::builder().method(&*method).uri(&path);
                sidecar.ask(request.body(Body::empty()).unwrap())
            }
        };
        let is_nowhere = answer.text().contains("there is no such path");
        assert!(
            !is_nowhere && answer.status != 405,
            "{method} {path}: {}",
            answer.text()
        );
        let statuses = operation["responses"].as_object().unwrap();
        assert!(
            statuses.contains_key(&answer.status.to_string()),
            "{method} {path} {}",
            answer.status
        );
    });
    let documented: BTreeSet<&str> = document["paths"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let routed: BTreeSet<&str> = vigie::serve::paths().collect();
    assert_eq!(documented, routed);
}

#[test]
fn codes_of_errors_are_the_documented_ones() {
    let document = document();
    let told = document.pointer("/components/schemas/Error/properties/error/properties/code/enum");
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    assert_eq!(told, Some(&json!(codes)));
    let page = include_str!("../docs/sidecar.md");
    for code in Code::ALL {
        let row = format!(
            "| {} | `{}` | {} |",
            code.status().as_u16(),
            code.id(),
            code.help().trim()
        );
        assert!(page.contains(&row), "docs/sidecar.md lacks\n{row}");
    }
}

#[test]
fn what_is_answered_is_what_the_document_says() {
    let sidecar = Sidecar::with(&[]);
    let document = document();
    let leak = "She lives at 27 bis rue des Lilas, go and pay her a visit";
    let post =
        json!({"id": "p1", "text": leak, "author": "u1", "targets": ["u9"], "community": "c"});
    let comment = json!({"comment": {"text": leak}, "requestedAttributes": {"TOXICITY": {}}, "spanAnnotations": true});
    let asked = [
        ("/v1/decisions", post.clone()),
        ("/v1/decisions", json!({ "posts": [post] })),
        ("/v1/decisions", json!({"id": 1})),
        ("/v1/outcomes", json!({"post": "p1", "outcome": "enforced"})),
        ("/v1/outcomes", json!(7)),
        ("/v1alpha1/comments:analyze", comment),
        ("/v1alpha1/comments:analyze", json!({})),
        (
            "/v1alpha1/comments:suggestscore",
            json!({"attributeScores": {"TOXICITY": {"summaryScore": {"value": 1}}}}),
        ),
        ("/v1/moderations", json!({"input": leak})),
        ("/v1/moderations", json!({})),
    ];
    for (path, body) in asked {
        let answer = sidecar.post(path, body.to_string());
        let content = document["paths"][path]["post"]["responses"][answer.status.to_string()]["content"]
            ["application/json"]["schema"]
            .clone();
        let wrong = mistakes(&document, &content, &answer.json());
        assert!(
            wrong.is_empty(),
            "{path} {}: {wrong:?}\n{}",
            answer.status,
            answer.text()
        );
    }
    for path in ["/v1/cases", "/v1/cases/target/u9"] {
        let answer = sidecar.get(path);
        let of = document["paths"]["/v1/cases"]["get"]["responses"]["200"]["content"]["application/json"]["schema"].clone();
        let of = match path {
            "/v1/cases" => of,
            _ => json!({"$ref": "#/components/schemas/Cases"}),
        };
        let wrong = mistakes(&document, &of, &answer.json());
        assert!(wrong.is_empty(), "{path}: {wrong:?}\n{}", answer.text());
    }
}
