//! Protected people: what is registered, a post, and whether it names them. Everybody is invented,
//! and the numbers are of ranges kept for fiction.

use crate::evaluation::{engine, policy};
use proptest::prelude::*;
use std::sync::LazyLock;
use vigie::engine::Engine;
use vigie::model::{EvidenceKey, Post};
use vigie::registry::{Alias, AliasError, AliasKind, Registry, RegistryEntry, RegistryKey};
use vigie::ruleset::Levels;
use vigie::wire::post_from_json;

fn key(secret: u8) -> RegistryKey {
    let key = EvidenceKey {
        name: "k1".to_owned(),
        secret: vec![secret; 16],
    };
    RegistryKey::new(&key).unwrap()
}

fn alias(kind: &str, written: &'static str) -> Alias<'static> {
    Alias {
        kind: AliasKind::named(kind).unwrap(),
        written,
        country: None,
    }
}

/// A registry of one person, `u9`.
fn registry(kind: &str, written: &'static str) -> Registry {
    let key = key(7);
    let entry = key.entry("u9", &alias(kind, written));
    Registry::new(&key, &[entry.unwrap_or_else(|it| panic!("{written} {it}"))])
}

/// What is registered, posts that name the person, posts that don't.
struct Case {
    kind: &'static str,
    written: &'static str,
    names: &'static [(&'static str, &'static str)],
    spares: &'static [(&'static str, &'static str)],
}

/// Each post with what it shows.
const CASES: &[Case] = &[
    Case {
        kind: "name",
        written: "Zoé Imaginaire",
        names: &[
            ("Zoé Imaginaire habite ici", "as registered"),
            ("zoe imaginaire", "without accents"),
            ("ZOÉ IMAGINAIRE, ON ARRIVE", "in capitals"),
            ("on a vu Imaginaire Zoé hier", "the family name first"),
            ("IMAGINAIRE, Zoé", "as in a register"),
            ("Zoe Imaginaire's flat", "possessive"),
            ("Zoe Imaginaire’s flat", "possessive, typographic"),
            ("la copine de \"Zoé  Imaginaire\"", "two spaces, quoted"),
            ("Ｚｏé Іmaginаire", "full width, and look-alikes"),
            (
                "Zo\u{200b}é Imagi\u{ad}naire",
                "characters that draw nothing",
            ),
            ("#ZoeImaginaire", "in one word"),
            ("imaginairezoe l'a bien cherché", "in one word, turned"),
            ("Z0é Im4ginaire", "digits for letters"),
            ("Zoé Im@gin@ire", "signs for letters"),
            ("Zoé\nImaginaire", "on two lines"),
            ("zoé-imaginaire", "hyphened"),
            ("Zoé%20Imaginaire &amp; co", "escaped"),
        ],
        spares: &[
            ("Zoé arrive", "the first name alone"),
            ("M. Imaginaire", "the family name alone"),
            ("un ami imaginaire de Zoé", "another word between"),
            ("Zoé Imaginaires", "another word"),
            ("Léa Imaginaire et Zoé", "another person of the family"),
            ("Zoé ————————— Imaginaire", "far apart"),
            ("", "nothing"),
        ],
    },
    Case {
        kind: "former_name",
        written: "Jean-Pierre Fictif",
        names: &[
            ("Jean-Pierre Fictif", "as registered"),
            ("jean pierre fictif", "without its hyphen"),
            ("FICTIF Jean-Pierre", "the family name first"),
            (
                "pizza for Jean‑Pierre Fictif please",
                "a hyphen that doesn't break",
            ),
            ("JeanPierreFictif", "in one word"),
        ],
        spares: &[
            ("Jean Fictif", "half a first name"),
            ("Pierre Fictif", "the other half"),
            ("Jean-Pierre", "no family name"),
        ],
    },
    Case {
        kind: "name",
        written: "Jordan O'Fable",
        names: &[
            ("Jordan O'Fable", "as registered"),
            ("Jordan O’Fable's dog", "typographic, possessive"),
            ("JORDAN O FABLE", "without its apostrophe"),
            ("jordanofable", "in one word"),
        ],
        spares: &[
            ("Jordan Fable", "another name"),
            ("Fable of Jordan", "another word between"),
        ],
    },
    Case {
        kind: "phone",
        written: "06 39 98 12 34",
        names: &[
            ("appelle le 06 39 98 12 34", "in pairs"),
            ("0639981234", "in one piece"),
            ("06.39.98.12.34 !!", "with dots"),
            ("+33 6 39 98 12 34", "from abroad"),
            ("+33 (0)6 39 98 12 34", "with the needless zero"),
            ("0033639981234", "with what leaves a country"),
            ("33639981234", "without its sign"),
            ("0 6 3 9 9 8 1 2 3 4", "digit by digit"),
            ("(06) 39-98-12-34", "with a bracket"),
            ("12 rue X 06/39/98/12/34", "behind a house number"),
            ("75020 0639981234", "behind a postal code"),
            ("０６ ３９ ９８ １２ ３４", "digits of full width"),
        ],
        spares: &[
            ("06 39 98 12 35", "another number"),
            ("07 39 98 12 34", "another range"),
            ("+44 6 39 98 12 34", "another country"),
            ("39 98 12 34", "its end alone"),
            ("206399812341", "inside a longer number"),
            ("06 39 98, 12 34", "a list"),
        ],
    },
    Case {
        kind: "phone",
        written: "(514) 555-0199",
        names: &[
            ("call 514 555 0199", "with spaces"),
            ("514-555-0199 ext 4", "with an extension"),
            ("+1 514.555.0199", "from abroad"),
            ("1-514-555-0199", "with its country"),
            ("5145550199", "in one piece"),
        ],
        spares: &[
            ("555-0199", "without its area"),
            ("613 555 0199", "another area"),
        ],
    },
    Case {
        kind: "address",
        written: "27 bis, rue des Lilas",
        names: &[
            ("elle est au 27 bis, rue des Lilas", "as registered"),
            ("27bis rue des lilas", "in one piece"),
            (
                "27 BIS RUE DES LILAS 75020 PARIS",
                "in capitals, with its town",
            ),
            ("27 bis r. des Lilas", "shortened"),
            ("27B rue des Lilas", "as postal services write it"),
            ("27 b rue Lilas appt 4", "without the little words"),
            ("(27 bis\nrue des Lilas)", "on two lines"),
            ("rue des Lilas 27 bis, Paris", "the number behind"),
            (
                "allez rue des Lilas, n° 27 bis",
                "the number behind, and said so",
            ),
            ("27 bis rue des L1las", "in disguise"),
        ],
        spares: &[
            ("27 rue des Lilas", "another house"),
            ("27 ter rue des Lilas", "another house"),
            ("28 bis rue des Lilas", "another house"),
            ("127 bis rue des Lilas", "another house"),
            ("27 bis avenue des Lilas", "another street"),
            ("27 bis rue des Roses", "another street"),
            ("rue des Lilas", "no house"),
            ("27 lilas", "a count"),
            ("rue des Lilas 127 bis", "another house, behind"),
            ("rue des Roses 27 bis", "another street, the number behind"),
            ("27 ter rue des L1las", "another house, in disguise"),
        ],
    },
    Case {
        kind: "address",
        written: "4418 Maple Grove Road, apt 12",
        names: &[
            ("she's at 4418 Maple Grove Road", "as registered"),
            ("4418 maple grove rd #12", "shortened"),
            ("4418, Maple Grove Rd., Springfield", "with its town"),
            ("Apt 12, 4418 MAPLE GROVE ROAD", "in capitals"),
        ],
        spares: &[
            ("4419 Maple Grove Road", "another house"),
            ("4418 Maple Road", "another street"),
            ("4418 Maple Grove Lane", "another street"),
            ("4418 maples", "a count"),
        ],
    },
];

#[test]
fn people_are_named_or_not() {
    let mut wrong = String::new();
    for case in CASES {
        let registry = registry(case.kind, case.written);
        let sides = [(case.names, true), (case.spares, false)];
        for (posts, named) in sides {
            for (post, why) in posts {
                if registry.named(post).contains(&"u9") != named {
                    wrong += &format!("{} / {post}: {why}\n", case.written);
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_would_be_found_everywhere_or_never_is_refused() {
    let cases = [
        ("name", "Camille", AliasError::TooCommon),
        ("name", "The", AliasError::TooShort),
        ("former_name", "problème", AliasError::TooCommon),
        ("name", "…", AliasError::Empty),
        ("handle", "@", AliasError::Empty),
        ("address", "rue des Lilas", AliasError::NoHouseNumber),
        ("address", "27 rue", AliasError::NoStreet),
    ];
    for (kind, written, wrong) in cases {
        let entry = key(7).entry("u9", &alias(kind, written));
        assert_eq!(entry, Err(wrong), "{kind} {written}");
        assert!(written.len() < 4 || !wrong.to_string().contains(written));
    }
    let handle = key(7).entry("u9", &alias("handle", "Camille"));
    assert!(handle.is_ok(), "an account may be called anything");
}

#[test]
fn entries_of_another_key_are_never_found() {
    let (one, other) = (key(7), key(8));
    let entry = one.entry("u9", &alias("name", "Zoé Imaginaire")).unwrap();
    let again = other.entry("u9", &alias("name", "Zoé Imaginaire")).unwrap();
    assert!(entry.forms.iter().all(|form| !again.forms.contains(form)));
    let found = |key: &RegistryKey| {
        let registry = Registry::new(key, std::slice::from_ref(&entry));
        !registry.named("Zoé Imaginaire").is_empty()
    };
    assert!(found(&one));
    assert!(!found(&other));
}

#[test]
fn the_same_alias_gives_the_same_entry() {
    let entry = |written| key(7).entry("u9", &alias("address", written)).unwrap();
    assert_eq!(
        entry("27 bis, rue des Lilas"),
        entry("27B r. des LILAS, Paris")
    );
}

#[test]
fn nothing_shows_what_is_registered() {
    let alias = alias("name", "Zoé Imaginaire");
    let entry = key(7).entry("u9", &alias).unwrap();
    let registry = Registry::new(&key(7), std::slice::from_ref(&entry));
    let shown = format!("{alias:?} {entry:?} {registry:?} {:?}", key(7)).to_lowercase();
    for secret in ["imaginaire", "zo", "070707", "7, 7, 7"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}

/// A pack with one rule, that holds where a post has a target.
fn judge(entries: &[(&str, &str, &'static str)]) -> Engine {
    let rules = "- {id: r, when: {all: [stone, target]}, points: 75, because: {en: e, fr: f}}";
    let pack = policy("stone: {terms: {any: [stone]}}", rules);
    let key = key(7);
    let entry = |(target, kind, written): &(&str, &str, &'static str)| -> RegistryEntry {
        key.entry(target, &alias(kind, written)).unwrap()
    };
    let entries: Vec<_> = entries.iter().map(entry).collect();
    engine(&[&pack], Levels::default()).with_registry(Registry::new(&key, &entries))
}

#[test]
fn a_post_that_names_somebody_is_about_them() {
    let engine = judge(&[
        ("u9", "name", "Zoé Imaginaire"),
        ("u9", "handle", "@zoe_i"),
        ("u9", "handle", "old.zoe"),
        ("u9", "phone", "06 39 98 12 34"),
        ("case 4", "name", "Jordan O'Fable"),
    ]);
    // (post, targets)
    let cases: &[(&str, &[&str])] = &[
        (r#"{"text":"a stone for zoe imaginaire"}"#, &["u9"]),
        (
            r#"{"text":"a stone for Zoe Imaginaire, 0639981234, and Jordan O'Fable"}"#,
            &["u9", "case 4"],
        ),
        (r#"{"text":"a stone, @Zoe_I and @bob"}"#, &["u9", "bob"]),
        (
            r#"{"text":"a stone","reply_to_author":"old.zoe","targets":["u9","zoe_i"]}"#,
            &["u9"],
        ),
        (
            r#"{"text":"a stone from Zoé Imaginaire","author":"zoe_i"}"#,
            &[],
        ),
        (
            r#"{"text":"a stone from Zoé Imaginaire","author":"u9"}"#,
            &[],
        ),
        (r#"{"text":"a stone, @old.zoe","author":"zoe_i"}"#, &[]),
        (
            r#"{"text":"a stone for Jordan O'Fable from me, Zoé Imaginaire","author":"u9"}"#,
            &["case 4"],
        ),
        (r#"{"text":"a stone for old.zoe and zoe_i"}"#, &[]),
        (r#"{"text":"a stone","targets":["u8"]}"#, &["u8"]),
        (r#"{"text":"a stone"}"#, &[]),
    ];
    for (post, targets) in cases {
        let decision = engine.decide(&post_from_json(post).unwrap());
        assert_eq!(decision.targets, *targets, "{post}");
        let fired = !decision.categories.is_empty();
        assert_eq!(fired, !targets.is_empty(), "the condition `target`: {post}");
    }
}

#[test]
fn a_post_that_mentions_everybody_does_not_hide_whom_it_names() {
    let engine = judge(&[("u9", "name", "Zoé Imaginaire")]);
    let crowd: String = (0..40).map(|n| format!("@someone{n} ")).collect();
    let decision = engine.decide(&Post::of_text(format!("{crowd} Zoé Imaginaire")));
    assert_eq!(decision.targets.len(), 32);
    assert!(decision.targets.contains(&"u9".to_owned()));
}

static MANY: LazyLock<Registry> = LazyLock::new(|| {
    let key = key(7);
    let known = CASES.iter().map(|case| (case.written, case));
    let entry = |(target, case): (&str, &Case)| key.entry(target, &alias(case.kind, case.written));
    let entries: Vec<_> = known.filter_map(|it| entry(it).ok()).collect();
    Registry::new(&key, &entries)
});

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever words stand around it.
    #[test]
    fn what_is_registered_is_found_inside_any_text(
        case in prop::sample::select(CASES.iter().map(|case| case.written).collect::<Vec<_>>()),
        before in "([a-zé]{1,9}[ ,.!\n]{1,3}){0,12}",
        after in "([ ,.!\n]{1,3}[b-ré]{4,9}){0,12}",
    ) {
        let post = format!("{before}{case}{after}");
        prop_assert!(MANY.named(&post).contains(&case), "{}", post);
    }

    #[test]
    fn any_name_is_found_as_registered(name in "\\p{L}{5,9}( \\p{L}{2,9}){1,3}", around in "[ .,;a-z]{0,20}") {
        let key = key(7);
        let alias = Alias { kind: AliasKind::Name, written: &name, country: None };
        if let Ok(entry) = key.entry("u9", &alias) {
            let registry = Registry::new(&key, &[entry]);
            let post = format!("{around} {name} {around}");
            prop_assert_eq!(registry.named(&post), ["u9"]);
        }
    }

    #[test]
    fn any_post_is_read(post in any::<String>(), glue in "[0-9 .+@|a-z'-]{0,60}") {
        let _ = MANY.named(&post);
        let _ = MANY.named(&format!("{glue}{post}{glue}"));
        let _ = MANY.account(&post);
    }

    #[test]
    fn any_alias_is_registered_or_refused(written in any::<String>(), number in "[0-9 +().a-z,-]{0,30}") {
        for kind in AliasKind::ALL {
            for written in [&written, &number] {
                let _ = key(7).entry("u9", &Alias { kind, written, country: None });
            }
        }
    }
}
