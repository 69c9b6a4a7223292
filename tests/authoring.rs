//! What is offered to those who write policies: disguises, the schema, the reference pages.

use serde_json::Value;
use std::path::Path;
use std::{env, fs};
use vigie::authoring::{EVASIONS, Reach, reference, schema, visible, visible_line};

/// Name, text, disguised.
const DISGUISES: &[(&str, &str, &str)] = &[
    ("accents-added", "Je te tue", "Jé té tùé"),
    ("accents-dropped", "Ça brûlera, cœur", "Ca brulera, coeur"),
    ("capitals", "l'été, ß", "L'ÉTÉ, SS"),
    ("cyrillic", "pay, 3 tues", "рау, 3 tuеѕ"),
    ("full-width", "tu, 06", "ｔｕ， ０６"),
    ("greek", "vous, AN", "νουs, ΑΝ"),
    ("html-entities", "né 6", "&#110;é 6"),
    ("mathematical", "aZ9é", "𝐚𝐙𝟗é"),
    ("percent-escapes", "né 6", "%6Eé 6"),
    ("soft-hyphens", "tu es né", "t\u{ad}u e\u{ad}s n\u{ad}é"),
    ("struck-through", "né!", "n\u{336}é\u{336}!"),
    ("zero-width", "né, 06", "n\u{200b}é, 06"),
    ("dotted", "brûle", "b.r.û.l.e"),
    ("hyphenated", "brûle", "b-r-û-l-e"),
    ("leet", "sister", "s1s7er"),
    ("leet", "tôt", "tôt"),
    ("spaced", "brûle", "b r û l e"),
    ("starred", "brûler", "brûl*r"),
    ("starred", "né", "né"),
    ("stretched", "tuer", "tuuuuuer"),
    ("stretched", "été", "été"),
    ("underscored", "brûle", "b_r_û_l_e"),
];

#[test]
fn disguises() {
    for (name, text, disguised) in DISGUISES {
        let evasion = EVASIONS.iter().find(|it| it.name == *name).expect(name);
        assert_eq!((evasion.disguise)(text), *disguised, "{name}");
    }
    for evasion in EVASIONS {
        assert!(
            DISGUISES.iter().any(|(name, ..)| *name == evasion.name),
            "{} is not shown",
            evasion.name
        );
        assert_eq!((evasion.disguise)(""), "", "{}", evasion.name);
    }
    let key = |name: &str, reach| (reach == Reach::Words, name.to_owned());
    assert!(EVASIONS.is_sorted_by_key(|it| key(it.name, it.reach)));
}

#[test]
fn nothing_hides_on_a_screen() {
    assert_eq!(visible("né\n\u{1b}[1m\u{202e}"), "né\n⟨U+001B⟩[1m⟨U+202E⟩");
    assert_eq!(visible_line("a\nb\tc\u{9b}"), "a⏎b c⟨U+009B⟩");
}

/// Whether a value is as a schema says: the part of JSON Schema that ours uses, patterns aside.
fn fits(value: &Value, schema: &Value, root: &Value) -> bool {
    if let Some(Value::String(reference)) = schema.get("$ref") {
        let place = reference.strip_prefix('#').unwrap();
        return fits(value, root.pointer(place).unwrap(), root);
    }
    let known = |name: &str| schema.get(name);
    let alternatives = |name| known(name).and_then(Value::as_array);
    let how_many = |list: &Vec<Value>| list.iter().filter(|it| fits(value, it, root)).count();
    let number = |name| known(name).and_then(Value::as_u64);
    known("type").is_none_or(|types| has_type(value, types))
        && alternatives("enum").is_none_or(|words| words.contains(value))
        && known("const").is_none_or(|word| word == value)
        && alternatives("anyOf").is_none_or(|list| how_many(list) > 0)
        && alternatives("oneOf").is_none_or(|list| how_many(list) == 1)
        && number("minimum").is_none_or(|least| value.as_u64().is_none_or(|it| it >= least))
        && number("maximum").is_none_or(|most| value.as_u64().is_none_or(|it| it <= most))
        && value.as_array().is_none_or(|items| {
            number("minItems").is_none_or(|least| items.len() as u64 >= least)
                && known("items").is_none_or(|it| items.iter().all(|item| fits(item, it, root)))
        })
        && value.as_object().is_none_or(|fields| {
            let has = |name: &Value| fields.contains_key(name.as_str().unwrap());
            let fits_key = |(name, value): (&String, &Value)| {
                let schema = known("properties").and_then(|keys| keys.get(name));
                match schema.or(known("additionalProperties")) {
                    None => true,
                    Some(schema) if schema.is_boolean() => *schema == Value::Bool(true),
                    Some(schema) => fits(value, schema, root),
                }
            };
            alternatives("required").is_none_or(|names| names.iter().all(has))
                && number("minProperties").is_none_or(|it| fields.len() as u64 >= it)
                && number("maxProperties").is_none_or(|it| fields.len() as u64 <= it)
                && fields.iter().all(fits_key)
        })
}

fn has_type(value: &Value, types: &Value) -> bool {
    let is = |name: &Value| match name.as_str().unwrap() {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_u64(),
        other => panic!("what is a {other}?"),
    };
    match types.as_array() {
        Some(names) => names.iter().any(is),
        None => is(types),
    }
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap()
}

const PIES: &str = include_str!("cli/pies.yaml");

#[test]
fn the_schema_knows_good_policies() {
    let schema = schema();
    for file in vigie::policy::shipped() {
        let policy = yaml(&String::from_utf8(file.bytes).unwrap());
        assert!(fits(&policy, &schema, &schema), "{}", file.name);
    }
    assert!(fits(&yaml(PIES), &schema, &schema));
}

/// A piece of a good policy, what it becomes, and why that is wrong.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("any_of: [pie]", "any_off: [pie]", "an unknown key"),
    ("any_of: [pie]", "any_of: []", "an empty list"),
    (
        "any_of: [pie]",
        "any_of: [pie]\n    regex: x",
        "two kinds of signal",
    ),
    ("any_of: [pie]", "detect: no_such_detector", "no detector"),
    ("points: 60", "points: 101", "too many points"),
    ("points: 60", "points: many", "no number"),
    ("do: hold", "do: ban", "no action"),
    (
        "fr: \"On parle de tartes.\"",
        "de: x",
        "one language is missing",
    ),
    ("  - hit: pies.any", "  - hits: pies.any", "no expectation"),
    ("version: 1.0.0", "", "a required key is missing"),
    ("evade: false", "evade: never", "no flag"),
    ("within: 3", "within: 51", "out of range"),
];

#[test]
fn the_schema_refuses_mistakes() {
    let schema = schema();
    for (good, bad, why) in MISTAKES {
        assert!(PIES.contains(good), "{good}");
        let policy = yaml(&PIES.replace(good, bad));
        assert!(!fits(&policy, &schema, &schema), "{why}");
    }
}

/// The pages are written by the program. `BLESS=1 cargo test` writes them again.
#[test]
fn reference_pages_are_fresh() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference");
    let pages = [
        ("cli.md", vigie::cli::reference()),
        ("detectors.md", reference::detectors()),
        ("policy-language-keys.md", reference::policy_language_keys()),
    ];
    for (name, page) in pages {
        let path = folder.join(name);
        if env::var_os("BLESS").is_some() {
            fs::create_dir_all(&folder).unwrap();
            fs::write(&path, &page).unwrap();
        }
        let written = fs::read_to_string(&path).unwrap_or_default();
        assert!(written == page, "{name} is stale: BLESS=1 cargo test");
    }
}
