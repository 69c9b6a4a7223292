//! What is offered to those who write policies: disguises, the schema, the reference pages.

use serde_json::Value;
use std::path::Path;
use std::{env, fs};
use vigie::authoring::{EVASIONS, Reach, reference, schema, visible, visible_line};
use vigie::policy::{RawFile, check};

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

/// A good policy. JSON is YAML, so the reader of policies takes it too.
const GOOD: &str = r#"{
  "policy": {"id": "pies", "version": "1.0.0", "category": "harassment.pies",
             "title": {"en": "Pies", "fr": "Tartes à la crème"}, "maps_to": {"openai": "harassment"}},
  "signals": {
    "pie": {"terms": {"en": ["throw pies"], "fr": ["lance des tartes"]}},
    "soon": {"regex": "\\btonight\\b", "view": "plain"},
    "kitchen": {"terms": {"any": ["recipe", "recette"]}},
    "near_soon": {"near": {"of": ["pie", "soon"], "within": 3, "same": "sentence"}},
    "mean": {"any_of": ["pie"], "except": [{"near": "kitchen", "within": 3, "keep": "20%"}]}
  },
  "rules": [{
    "id": "pies.throw", "level": 2, "points": 60,
    "when": {"all": ["mean", {"none": [{"attrs": {"author_age": "> 2d", "trusted": true}}]}]},
    "boost": [{"if": "near_soon", "points": 20}, {"if": {"count": {"pie": ">= 3"}}, "points": 5}],
    "because": {"en": "Pies are announced.", "fr": "Des tartes sont annoncées."}
  }],
  "decide": [{"at": 80, "do": "hold"}, {"at": 50, "do": "review"}],
  "hits": {"pie": {"category": ["harassment.pies"], "points": 50, "action": "review"},
           "thrown": {"rule": "pies.throw"}},
  "counters": {"throwers": {"of": ["pie", "thrown"], "count": "authors", "within": "3d",
                            "say": {"en": "people", "fr": "personnes"}},
               "waiting": {"of": "pie", "unanswered": "24h", "within": "3d",
                           "say": {"en": "waiting", "fr": "en attente"}}},
  "trends": {"more": {"of": "pie", "count": "hits", "within": "2d", "against": "14d", "factor": 2.5,
                      "floor": 5, "holds": "3d", "say": {"en": "more", "fr": "plus"}}},
  "sequences": {"revenge": {"first": "pie", "then": "thrown", "within": "1d", "authors": 2,
                            "say": {"en": "revenge", "fr": "revanche"}}},
  "ladders": {"crowd": {"subject": "thread", "title": {"en": "Crowds", "fr": "Foules"},
    "answered_within": "24h", "rungs": [
    {"id": "watch", "enter": {"any": [{"throwers": ">= 2"}, "more", {"none": ["waiting"], "all": ["revenge"]}]},
     "findings": [{"id": "many", "when": "throwers", "say": {"en": "Many.", "fr": "Beaucoup."}}],
     "leave": {"quiet": "3d", "by": "person"}, "do": "watch", "signed_by": 1,
     "say": {"en": "Watch.", "fr": "Surveillez."}}]}},
  "tests": [
    {"timeline": "two throw", "thread": "x", "events": [
      {"at": "0h", "repeat": 2, "every": "1h", "hit": ["pie", "thrown"], "author": "a{n}", "target": "t1"},
      {"at": "3h", "text": "a pie", "author": "a3", "post": "p3"},
      {"at": "4h", "outcome": "dismissed", "post": "p3"}, {"at": "5h", "closed": "thread/x"}],
     "expect": [{"on": "crowd", "id": "x", "rung": "watch", "at": "2h", "findings": ["many"]},
                {"on": "crowd", "id": "y", "rung": "none", "ever": true}]},
    {"hit": "pies.throw", "examples": {
      "en": [{"text": "we throw pies tonight", "attrs": {"author_age": 3600}, "evade": false}],
      "fr": ["on lance des tartes"]}},
    {"miss": "*", "examples": {"en": ["a pie"], "fr": ["une tarte"]}},
    {"below": "hold", "examples": ["throw pies"]}
  ]
}"#;

/// A piece of the good policy, what it becomes, and why that is wrong.
const MISTAKES: &[(&str, &str, &str)] = &[
    ("\"any_of\"", "\"any_off\"", "an unknown key"),
    ("[\"pie\"]", "[]", "an empty list"),
    (
        "\"any_of\":",
        "\"regex\": \"x\", \"any_of\":",
        "two kinds of signal",
    ),
    (
        "\"any_of\": [\"pie\"]",
        "\"detect\": \"no_such\"",
        "no detector",
    ),
    ("\"points\": 60", "\"points\": 101", "too many points"),
    ("\"points\": 60", "\"points\": \"many\"", "no number"),
    ("\"do\": \"hold\"", "\"do\": \"ban\"", "no action"),
    ("\"fr\": \"Des", "\"de\": \"Des", "one language is missing"),
    ("\"hit\":", "\"hits\":", "no expectation"),
    ("\"version\": \"1.0.0\",", "", "a required key is missing"),
    ("\"evade\": false", "\"evade\": \"never\"", "no flag"),
    ("\"within\": 3,", "\"within\": 51,", "out of range"),
    (
        "\"count\": \"authors\"",
        "\"count\": \"people\"",
        "nothing to count",
    ),
    ("\"count\": \"authors\", ", "", "a counter of nothing"),
    ("\"rule\": \"pies", "\"points\": \"pies", "a hit of nothing"),
    ("\"factor\": 2.5", "\"factor\": \"much\"", "no number"),
    (
        "\"subject\": \"thread\"",
        "\"subject\": \"board\"",
        "no kind of subject",
    ),
    ("\"by\": \"person\"", "\"by\": \"vote\"", "no way out"),
    (
        "\"text\": \"a pie\", \"author",
        "\"hit\": \"pie\", \"text\": \"a pie\", \"author",
        "told twice",
    ),
    ("\"expect\":", "\"expects\":", "an unknown key of a story"),
];

/// The schema and the reader of policies agree.
#[test]
fn the_schema_tells_good_from_bad() {
    let schema = schema();
    let agree = |text: &str, is_good: bool, why: &str| {
        let policy = serde_json::from_str(text).expect(why);
        assert_eq!(
            fits(&policy, &schema, &schema),
            is_good,
            "the schema: {why}"
        );
        let file = RawFile {
            name: "pies.yaml".to_owned(),
            bytes: text.as_bytes().to_vec(),
        };
        let checked = check(vec![file]);
        let said = &checked.diagnostics;
        assert_eq!(checked.pack.is_some(), is_good, "check: {why}: {said:?}");
    };
    agree(GOOD, true, "good");
    for (good, bad, why) in MISTAKES {
        assert!(GOOD.contains(good), "{good}");
        agree(&GOOD.replacen(good, bad, 1), false, why);
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
