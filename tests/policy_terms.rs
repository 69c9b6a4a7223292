//! What terms stand for: the phrases a policy looks for, and what is no term.

use vigie::policy::{Piece, RawFile, SignalKind, Term, check};

/// The phrases of a signal whose `any` list is this YAML, as `a b`, `kill+` (prefix), `+phobe`,
/// `+nazi+`, `?` (any word) and `..` (a gap), sorted; or the name of its first mistake.
fn read_list(list: &str) -> Result<Vec<String>, &'static str> {
    let text = format!(
        "policy: {{id: a, version: 1.0.0, title: {{en: A, fr: A}}}}\n\
         signals:\n  s:\n    terms:\n      any: {list}\n"
    );
    let bytes = text.into_bytes();
    let name = "a.yaml".to_owned();
    let checked = check(vec![RawFile { name, bytes }]);
    let Some(pack) = checked.pack else {
        return Err(checked.diagnostics.first().unwrap().code.name());
    };
    let SignalKind::Terms(terms) = &pack.signals.first().unwrap().kind else {
        panic!("a signal of terms was written");
    };
    let mut found: Vec<_> = terms.iter().flat_map(|term| phrases(term)).collect();
    found.sort();
    found.dedup();
    Ok(found)
}

/// Every reading of a term.
fn phrases(term: &Term) -> Vec<String> {
    let mut readings = vec![Vec::from_iter(term.opens.then(|| "^".to_owned()))];
    for slot in &term.slots {
        let longer = |reading: &Vec<String>| {
            let reading = reading.clone();
            let options = slot.options.iter();
            options.map(move |option| {
                let pieces = option.iter().map(piece);
                reading.iter().cloned().chain(pieces).collect::<Vec<_>>()
            })
        };
        readings = readings.iter().flat_map(longer).collect();
    }
    readings.iter().map(|reading| reading.join(" ")).collect()
}

/// The same of a single term, quoted.
fn read(term: &str) -> Result<Vec<String>, &'static str> {
    read_list(&format!("['{}']", term.replace('\'', "''")))
}

/// Phrases as they are found: accents are folded by the text module, in terms as in posts.
fn folded(phrases: &[&str]) -> Vec<String> {
    let mut folded: Vec<_> = phrases.iter().map(|p| vigie::text::fold_term(p)).collect();
    folded.sort();
    folded
}

fn piece(piece: &Piece) -> String {
    match piece {
        Piece::Word(text) => text.to_string(),
        Piece::Prefix(text) => format!("{text}+"),
        Piece::Suffix(text) => format!("+{text}"),
        Piece::Infix(text) => format!("+{text}+"),
        Piece::AnyWord => "?".to_owned(),
        Piece::Gap => "..".to_owned(),
    }
}

/// A term, its phrases, and why.
const TERMS: &[(&str, &[&str], &str)] = &[
    ("hurt", &["hurt"], "a word"),
    ("Hurt YOU", &["hurt you"], "case makes no difference"),
    ("  hurt   you ", &["hurt you"], "spaces are one"),
    ("pay a visit", &["pay a visit"], "a phrase"),
    (
        "c'est l'adresse",
        &["c est l adresse"],
        "an elision is two words",
    ),
    ("rendez-vous", &["rendez vous"], "a hyphen separates"),
    ("qu'est-ce que c'est", &["qu est ce que c est"], "both"),
    ("(beat|rough) up", &["beat up", "rough up"], "alternatives"),
    (
        "send (a|some|) pizza",
        &["send a pizza", "send pizza", "send some pizza"],
        "or nothing",
    ),
    (
        "casse(r|z|)",
        &["casse", "casser", "cassez"],
        "alternatives inside a word",
    ),
    (
        "(je|tu) (vais|vas) payer",
        &[
            "je vais payer",
            "je vas payer",
            "tu vais payer",
            "tu vas payer",
        ],
        "they multiply",
    ),
    ("(a|a) b", &["a b"], "the same twice is once"),
    (
        "(l'|)étriper",
        &["l étriper", "étriper"],
        "an elision may be left out",
    ),
    ("kill*", &["kill+"], "any continuation"),
    ("*phobe", &["+phobe"], "any beginning"),
    ("*nazi*", &["+nazi+"], "both"),
    ("smash* your face", &["smash+ your face"], "inside a phrase"),
    ("make * pay", &["make ? pay"], "any one word"),
    ("make * * pay", &["make ? ? pay"], "any two words"),
    ("make ... pay", &["make .. pay"], "a gap"),
    ("make … pay", &["make .. pay"], "a gap as editors write it"),
    ("a ... b ... c", &["a .. b .. c"], "two gaps"),
    ("^shoot him", &["^ shoot him"], "where a phrase begins"),
    (
        "^(just|) shoot",
        &["^ just shoot", "^ shoot"],
        "in every reading",
    ),
    (
        "^(o^o|u_u)",
        &["^ o o", "^ u_u"],
        "a caret elsewhere is a mark",
    ),
    ("1312", &["1312"], "digits are a word"),
    ("4chan 8", &["4chan 8"], "and mix with letters"),
    ("stop!", &["stop"], "a mark at the end says nothing"),
    ("« dégage »", &["dégage"], "nor do quotes around it"),
    ("@somebody", &["somebody"], "nor an at sign"),
    ("#harmless", &["harmless"], "nor a hash"),
    ("rock & roll", &["rock roll"], "soft marks are separators"),
    ("and/or", &["and or"], "a slash too"),
];

#[test]
fn terms_stand_for_phrases() {
    let mut wrong = Vec::new();
    for (term, phrases, reason) in TERMS {
        let (expected, found) = (Ok(folded(phrases)), read(term));
        if found != expected {
            wrong.push(format!(
                "{term:?} ({reason}): expected {expected:?}, found {found:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn terms_are_read_as_they_are_spelled() {
    let table: &[(&str, &[&str], &str)] = &[
        (
            "[no, on, yes, off, n, y]",
            &["n", "no", "off", "on", "y", "yes"],
            "words, not flags",
        ),
        ("[true, False]", &["false", "true"], "flags are words here"),
        (
            "[012, 1312, 0x1F, 1e3]",
            &["012", "0x1f", "1312", "1e3"],
            "numbers keep their spelling",
        ),
        ("[1_000]", &["1_000"], "with their separators"),
        ("[2026-03-01]", &["2026 03 01"], "dates too"),
        (
            "['null', \"~moi\"]",
            &["moi", "null"],
            "what means nothing must be quoted",
        ),
        ("[!!str null]", &["null"], "or said to be a text"),
        (
            "['l''adresse']",
            &["l adresse"],
            "an apostrophe in quotes is doubled",
        ),
        ("[l'adresse]", &["l adresse"], "without quotes it isn't"),
        (r#"["\u00e9t\u00e9"]"#, &["été"], "escapes of double quotes"),
        (
            "\n        - |\n          pay a visit\n",
            &["pay a visit"],
            "a block",
        ),
        (
            "\n        - >\n          pay a\n          visit\n",
            &["pay a visit"],
            "a folded block",
        ),
        (
            "\n        - pay a\n          visit\n",
            &["pay a visit"],
            "over several lines",
        ),
        (
            "&list [a, b]\n  t: {terms: {any: *list}}",
            &["a", "b"],
            "a list used twice",
        ),
        (
            "[&word a, b]\n  t: {terms: {any: [*word]}}",
            &["a", "b"],
            "a word used twice",
        ),
    ];
    for (list, phrases, reason) in table {
        assert_eq!(read_list(list), Ok(folded(phrases)), "{list} ({reason})");
    }
}

#[test]
fn some_texts_are_no_terms() {
    let wide = "(a|b|c|d)".repeat(7);
    let table: &[(&str, &str, &str)] = &[
        ("...", "term-without-words", "nothing but a gap"),
        ("*", "term-without-words", "would match everywhere"),
        ("!?", "term-without-words", "punctuation is for `regex`"),
        ("-", "term-without-words", "a separator"),
        ("()", "term-without-words", "nothing"),
        (
            "(a|) ",
            "term-without-words",
            "one of its readings is nothing",
        ),
        ("(beat|rough up", "bad-term", "an open bracket"),
        ("beat) up", "bad-term", "a bracket that closes nothing"),
        ("((a|b)|c)", "bad-term", "nested brackets"),
        ("beat|rough up", "bad-term", "alternatives without brackets"),
        ("... pay", "bad-term", "a gap at the beginning"),
        ("pay *", "bad-term", "any word at the end"),
        (
            "(a|...) b",
            "bad-term",
            "a gap at the beginning of one reading",
        ),
        ("a ... b ... c ... d", "bad-term", "three gaps"),
        ("k*", "bad-term", "a letter and anything"),
        ("*é", "bad-term", "a letter of two bytes is one letter"),
        ("stop. go", "bad-term", "a full stop ends a phrase"),
        ("oui, toi", "bad-term", "so does a comma"),
        ("a.b", "bad-term", "even without space"),
        (&wide, "too-many-alternatives", "they multiply"),
        ("kill\u{200b}er", "hidden-character", "a space nobody sees"),
        (
            "kill\u{200d}er",
            "hidden-character",
            "what joins emoji joins no letters",
        ),
        ("\u{202e}hurt", "hidden-character", "turns the text around"),
        ("   ", "empty-value", "blank"),
    ];
    let mut wrong = Vec::new();
    for (term, mistake, reason) in table {
        let found = read(term);
        if found != Err(*mistake) {
            wrong.push(format!(
                "{term:?} ({reason}): expected {mistake}, found {found:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
