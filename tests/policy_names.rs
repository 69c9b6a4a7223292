//! What is said to have been meant by a misspelt name.

use vigie::diagnostics::did_you_mean;

const KEYS: &[&str] = &["id", "level", "when", "points", "boost", "because"];
const SECTIONS: &[&str] = &["policy", "signals", "rules", "decide", "tests"];
const CONDITIONS: &[&str] = &["all", "any", "none", "attrs", "count", "lang", "length"];
const ACTIONS: &[&str] = &["note", "review", "hold", "remove"];
const DETECTORS: &[&str] = &[
    "ip_address",
    "phone_number",
    "postal_code",
    "street_address",
];
const SIGNALS: &[&str] = &[
    "calls_to_go",
    "locates_other",
    "public_place",
    "street",
    "target",
];
const RULES: &[&str] = &["dox.address", "dox.phone", "threats.direct"];

#[test]
fn typical_slips_are_understood() {
    let table: &[(&str, &[&str], &str)] = &[
        ("point", KEYS, "points"),
        ("Points", KEYS, "points"),
        ("ponits", KEYS, "points"),
        ("becuase", KEYS, "because"),
        ("becaus", KEYS, "because"),
        ("boosts", KEYS, "boost"),
        ("wehn", KEYS, "when"),
        ("signal", SECTIONS, "signals"),
        ("singals", SECTIONS, "signals"),
        ("polcy", SECTIONS, "policy"),
        ("policies", SECTIONS, "policy"),
        ("test", SECTIONS, "tests"),
        ("any_of", CONDITIONS, "any"),
        ("anyof", CONDITIONS, "any"),
        ("al", CONDITIONS, "all"),
        ("attributes", CONDITIONS, "attrs"),
        ("language", CONDITIONS, "lang"),
        ("lenght", CONDITIONS, "length"),
        ("reveiw", ACTIONS, "review"),
        ("REMOVE", ACTIONS, "remove"),
        ("removed", ACTIONS, "remove"),
        ("ip_adress", DETECTORS, "ip_address"),
        ("street-address", DETECTORS, "street_address"),
        ("streetAddress", DETECTORS, "street_address"),
        ("phone", DETECTORS, "phone_number"),
        ("phone_numbers", DETECTORS, "phone_number"),
        ("postcode", DETECTORS, "postal_code"),
        ("call_to_go", SIGNALS, "calls_to_go"),
        ("locates_others", SIGNALS, "locates_other"),
        ("publicplace", SIGNALS, "public_place"),
        ("targets", SIGNALS, "target"),
        ("dox-address", RULES, "dox.address"),
        ("dox.adress", RULES, "dox.address"),
        ("threat.direct", RULES, "threats.direct"),
        ("directe", &["direct", "indirect"], "direct"),
        ("adresse_privee", &["adresse_privée"], "adresse_privée"),
    ];
    let mut wrong = Vec::new();
    for (written, known, meant) in table {
        let found = did_you_mean(written, known.iter().copied());
        if found != Some(*meant) {
            wrong.push(format!("{written}: expected {meant}, found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn nothing_is_made_up() {
    let table: &[(&str, &[&str])] = &[
        ("severity", KEYS),
        ("x", KEYS),
        ("priority", KEYS),
        ("delete", ACTIONS),
        ("ban", ACTIONS),
        ("email_address_of_somebody", DETECTORS),
        ("weather", SIGNALS),
        ("", SIGNALS),
        ("insults.mild", RULES),
    ];
    for (written, known) in table {
        let found = did_you_mean(written, known.iter().copied());
        assert_eq!(found, None, "{written}");
    }
    let long = "a".repeat(1 << 20);
    assert_eq!(
        did_you_mean(&long, [long.as_str()]),
        None,
        "too long to compare"
    );
}
