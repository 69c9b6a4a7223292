//! JSON Schema of the policy language, for editors: from the tables that the reader itself uses.

use crate::detectors::{DETECTORS, Detector, Takes as ParameterTakes};
use crate::policy::shape::{FILE, Key, SIGNAL, Shape, Takes};
use serde_json::{Map, Value, json};

/// What a name may be; `"*"` stands for every rule where `miss` names them.
const NAME: &str = r"^(\*|[a-z0-9_./][a-z0-9_./-]*)$";

/// The schema, draft 2020-12. It helps while typing; whether a policy is good, `vigie check` knows.
#[must_use]
pub fn schema() -> Value {
    let mut shapes = Map::new();
    let file = map(&FILE, &mut shapes);
    let mut schema = Map::new();
    schema.insert(
        "$schema".to_owned(),
        json!("https://json-schema.org/draft/2020-12/schema"),
    );
    schema.insert("title".to_owned(), json!("Vigie policy"));
    if let Value::Object(file) = file {
        schema.extend(file.into_iter().filter(|(key, _)| key != "title"));
    }
    schema.insert("$defs".to_owned(), Value::Object(shapes));
    Value::Object(schema)
}

/// The schema of a map with closed keys. Those of the maps below it are added to `shapes`.
fn map(shape: &'static Shape, shapes: &mut Map<String, Value>) -> Value {
    let mut properties = Map::new();
    for key in shape.keys {
        let value = value_of(shape, key, shapes);
        properties.insert(key.name.to_owned(), described(value, key.docs));
    }
    let required: Vec<&str> = shape
        .keys
        .iter()
        .filter(|key| key.required)
        .map(|key| key.name)
        .collect();
    let mut schema = json!({
        "title": shape.name,
        "description": shape.docs,
        "type": "object",
        "properties": properties,
        "required": required,
        "minProperties": 1,
        "additionalProperties": false,
    });
    if let (false, Value::Object(fields)) = (shape.one_of.is_empty(), &mut schema) {
        let one = |name: &&str| json!({"required": [name]});
        fields.insert("oneOf".to_owned(), shape.one_of.iter().map(one).collect());
    }
    schema
}

fn value_of(shape: &'static Shape, key: &'static Key, shapes: &mut Map<String, Value>) -> Value {
    // The grammar says "a name"; an editor should offer the names.
    match std::ptr::eq(shape, &raw const SIGNAL) && key.name == "detect" {
        true => detectors(),
        false => value(&key.takes, shapes),
    }
}

/// The description beside whatever else is said of a value.
fn described(mut schema: Value, docs: &str) -> Value {
    if let Value::Object(fields) = &mut schema {
        fields.insert("description".to_owned(), json!(docs));
    }
    schema
}

fn value(takes: &'static Takes, shapes: &mut Map<String, Value>) -> Value {
    let scalar = || json!({"type": ["string", "number", "boolean"]});
    match takes {
        Takes::Text | Takes::Comparison => scalar(),
        Takes::Name => json!({"type": "string", "pattern": NAME}),
        Takes::Flag => json!({"type": "boolean"}),
        Takes::Integer(low, high) => json!({"type": "integer", "minimum": low, "maximum": high}),
        Takes::Word(words) => json!({"enum": words}),
        Takes::Percentage => json!({"type": "string", "pattern": "^[0-9]{1,2} *%$"}),
        Takes::Decimal(low, high) => json!({"type": "number", "minimum": low, "maximum": high}),
        Takes::Duration => json!({"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? *[smhdw]$"}),
        Takes::Bilingual => json!({
            "type": "object",
            "properties": {"en": scalar(), "fr": scalar()},
            "required": ["en", "fr"],
            "additionalProperties": false,
        }),
        Takes::List(item) => list(&value(item, shapes)),
        Takes::OneOrMore(item) => {
            let item = value(item, shapes);
            let list = list(&item);
            json!({"anyOf": [item, list]})
        }
        Takes::Map(shape) => reference(shape, shapes),
        Takes::Named(item) => json!({
            "type": "object",
            "minProperties": 1,
            "additionalProperties": value(item, shapes),
        }),
        Takes::Either(forms) => {
            let forms: Vec<Value> = forms.iter().map(|form| value(form, shapes)).collect();
            json!({"anyOf": forms})
        }
    }
}

fn list(item: &Value) -> Value {
    json!({"type": "array", "minItems": 1, "items": item})
}

/// A reference to a map, whose schema is added when it is met first: conditions hold conditions.
fn reference(shape: &'static Shape, shapes: &mut Map<String, Value>) -> Value {
    let name = shape.name.replace(' ', "-");
    if !shapes.contains_key(&name) {
        shapes.insert(name.clone(), Value::Null);
        let schema = map(shape, shapes);
        shapes.insert(name.clone(), schema);
    }
    json!({"$ref": format!("#/$defs/{name}")})
}

/// A detector's name, or one detector with parameters.
fn detectors() -> Value {
    let name = |detector: &&Detector| json!({"const": detector.name, "title": detector.summary});
    let names: Vec<Value> = DETECTORS.iter().map(name).collect();
    let with = DETECTORS.iter().filter(|it| !it.parameters.is_empty());
    let parameters: Map<String, Value> = with
        .map(|detector| (detector.name.to_owned(), arguments(detector)))
        .collect();
    json!({"anyOf": [
        {"oneOf": names},
        {
            "type": "object",
            "properties": parameters,
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": false,
        },
    ]})
}

fn arguments(detector: &Detector) -> Value {
    let mut properties = Map::new();
    for parameter in detector.parameters {
        let schema = match parameter.takes {
            ParameterTakes::SomeOf(words) => {
                let word = json!({"enum": words});
                let list = list(&word);
                json!({"anyOf": [word, list]})
            }
            ParameterTakes::Flag(default) => json!({"type": "boolean", "default": default}),
        };
        properties.insert(parameter.name.to_owned(), described(schema, parameter.docs));
    }
    json!({
        "title": detector.summary,
        "type": "object",
        "properties": properties,
        "minProperties": 1,
        "additionalProperties": false,
    })
}
