//! What each detector finds beyond its own examples: how people write things, how they hide them,
//! and what merely looks like them.

use vigie::detectors::{Arguments, Input, detector};
use vigie::text::fold;

/// A post, what is found in it, and why that is worth a case.
type Case = (&'static str, &'static [&'static str], &'static str);

fn check(name: &str, cases: &[Case]) {
    let finder = (detector(name).unwrap().build)(&Arguments::default());
    let mut wrong = Vec::new();
    for (post, expected, why) in cases {
        let plain = fold(post);
        let mut found = Vec::new();
        finder.find(
            Input {
                post,
                plain: &plain,
            },
            &mut found,
        );
        let found: Vec<&str> = found.into_iter().map(|s| &post[plain.in_post(s)]).collect();
        if found != *expected {
            wrong.push(format!(
                "{why}: {post:?}\n  expected {expected:?}\n  found    {found:?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{name}\n{}", wrong.join("\n"));
}

#[test]
fn french_phone_numbers() {
    check(
        "phone_number",
        &[
            ("06-39-98-12-34", &["06-39-98-12-34"], "French, hyphens"),
            ("06/39/98/12/34", &["06/39/98/12/34"], "French, slashes"),
            ("06_39_98_12_34", &["06_39_98_12_34"], "French, underscores"),
            (
                "06 . 39 . 98 . 12 . 34",
                &["06 . 39 . 98 . 12 . 34"],
                "French, drawn out",
            ),
            ("06 3998 1234", &["06 3998 1234"], "French, other groups"),
            (
                "0639 98 12 34",
                &["0639 98 12 34"],
                "French, operator first",
            ),
            (
                "(06) 39 98 12 34",
                &["(06) 39 98 12 34"],
                "French, prefix in brackets",
            ),
            (
                "+33639981234",
                &["+33639981234"],
                "international, in one piece",
            ),
            ("+33 6 39 98 12 34", &["+33 6 39 98 12 34"], "international"),
            (
                "(+33)6 39 98 12 34",
                &["(+33)6 39 98 12 34"],
                "code in brackets",
            ),
            ("+33(0)639981234", &["+33(0)639981234"], "needless zero"),
            (
                "33 6 39 98 12 34",
                &["33 6 39 98 12 34"],
                "code without its plus",
            ),
            ("00 33 6 39 98 12 34", &["00 33 6 39 98 12 34"], "00 apart"),
            ("tel:+33639981234", &["+33639981234"], "tel link"),
            ("appelle-la au 0639981234svp", &[], "glued to letters"),
            (
                "06 39 98 12 34 / 06 39 98 12 35",
                &["06 39 98 12 34", "06 39 98 12 35"],
                "two",
            ),
            (
                "06 39 98 12 34 06 39 98 12 35",
                &["06 39 98 12 34", "06 39 98 12 35"],
                "two in a row",
            ),
            (
                "12 rue des Lilas 75011 Paris 06 39 98 12 34",
                &["06 39 98 12 34"],
                "after an address",
            ),
            (
                "son numéro : 06.39.98.12.34🙂",
                &["06.39.98.12.34"],
                "before an emoji",
            ),
            ("06.39.98.12.34.", &["06.39.98.12.34"], "end of sentence"),
        ],
    );
}

#[test]
fn other_phone_numbers() {
    check(
        "phone_number",
        &[
            ("514-555-0199", &["514-555-0199"], "North America"),
            ("514.555.0199", &["514.555.0199"], "dots"),
            ("1-514-555-0199", &["1-514-555-0199"], "with 1"),
            ("+1 (514) 555-0199", &["+1 (514) 555-0199"], "with +1"),
            ("(514)555-0199", &["(514)555-0199"], "no space"),
            ("5145550199", &["5145550199"], "in one piece"),
            (
                "514-555-0199 poste 204",
                &["514-555-0199 poste 204"],
                "French extension",
            ),
            ("514-555-0199x204", &["514-555-0199x204"], "glued extension"),
            ("0161 496 0123", &["0161 496 0123"], "British fiction"),
            ("+44 7700 900123", &["+44 7700 900123"], "British mobile"),
            ("0470 12 34 56", &["0470 12 34 56"], "Belgian mobile"),
            ("02 512 34 56", &["02 512 34 56"], "Brussels"),
            ("079 123 45 67", &["079 123 45 67"], "Swiss mobile"),
            (
                "+41 79 123 45 67",
                &["+41 79 123 45 67"],
                "Swiss, international",
            ),
        ],
    );
}

#[test]
fn what_is_no_phone_number() {
    check(
        "phone_number",
        &[
            ("le 12.05.1998 à 14h30", &[], "date"),
            ("01/02/2024 12:30", &[], "date and time"),
            ("2024-01-15 10:20:30", &[], "timestamp"),
            ("2019-2024", &[], "years"),
            ("10 000 000 €", &[], "price"),
            ("1 234 567 habitants", &[], "thousands"),
            ("978-2-07-036822-8", &[], "ISBN"),
            ("FR76 3000 6000 0112 3456 7890 189", &[], "IBAN"),
            ("123-45-6789", &[], "social security"),
            ("192.168.100.200", &[], "IP address"),
            ("3.14159265358", &[], "decimals"),
            ("https://example.org/p/0639981234", &[], "in a path"),
            ("id=0639981234", &[], "value of a key"),
            ("01 02 03 04 05 06 07", &[], "a list of numbers"),
            ("1 2 3 4 5 6 7 8 9 10 11 12", &[], "counting"),
            ("SIRET 732 829 320 00074", &[], "company"),
            ("#0639981234", &[], "hash tag"),
            ("0123456789", &[], "all the digits"),
            ("-2147483648", &[], "a negative number"),
            ("score 21-15 21-18", &[], "scores"),
        ],
    );
}

#[test]
fn email_address() {
    check(
        "email_address",
        &[
            (
                "a.b+c@example.co.uk",
                &["a.b+c@example.co.uk"],
                "two-part ending",
            ),
            (
                "<jdoe@example.org>",
                &["jdoe@example.org"],
                "in angle brackets",
            ),
            (
                "mailto:jdoe@example.org?subject=x",
                &["jdoe@example.org"],
                "mailto",
            ),
            (
                "jdoe@example.org.Then",
                &["jdoe@example.org"],
                "next sentence glued on",
            ),
            (
                "jdoe@example[.]org",
                &["jdoe@example[.]org"],
                "bracketed dot",
            ),
            (
                "jdoe (at) example.org",
                &["jdoe (at) example.org"],
                "spaced brackets",
            ),
            (
                "jdoe [AT] example [DOT] org",
                &["jdoe [AT] example [DOT] org"],
                "capitals",
            ),
            (
                "jdoe@exemple.fr,jeanne@exemple.fr",
                &["jdoe@exemple.fr", "jeanne@exemple.fr"],
                "list",
            ),
            (
                "jdoe arobase exemple.fr",
                &["jdoe arobase exemple.fr"],
                "French word",
            ),
            ("we met at noon dot com bubble", &[], "prose with dot com"),
            ("at some point it will", &[], "point is a word"),
            (
                "she left at one point lol",
                &[],
                "point is a word before an ending, too",
            ),
            (
                "au point de départ, at this point in time",
                &[],
                "French point",
            ),
            ("user@localhost", &[], "no dot"),
            ("@jdoe@social.example", &[], "federated handle"),
            ("3 apples @ 1.50", &[], "price"),
        ],
    );
}

#[test]
fn url() {
    check(
        "url",
        &[
            (
                "HTTPS://EXAMPLE.ORG/A",
                &["HTTPS://EXAMPLE.ORG/A"],
                "capitals",
            ),
            (
                "(https://example.org/a)",
                &["https://example.org/a"],
                "in brackets",
            ),
            (
                "<https://example.org/a>",
                &["https://example.org/a"],
                "in angle brackets",
            ),
            (
                "[x](https://example.org/a)",
                &["https://example.org/a"],
                "Markdown",
            ),
            (
                "https://example.org:8443/x?y=é#z",
                &["https://example.org:8443/x?y=é#z"],
                "everything",
            ),
            (
                "https://jd:pw@example.org/x",
                &["https://jd:pw@example.org/x"],
                "credentials",
            ),
            ("example(dot)org", &["example(dot)org"], "spelled dot"),
            (
                "https://élodie.example/",
                &["https://élodie.example/"],
                "accent in the host",
            ),
            ("EXAMPLE.ORG", &["EXAMPLE.ORG"], "bare, capitals"),
            ("🙂example.org", &["example.org"], "after a picture"),
            ("jdoe(at)example.org", &[], "mail"),
            ("e.g. this, i.e. that, p.m., U.S. law", &[], "abbreviations"),
            ("fin.Le jour", &[], "next sentence glued on"),
            ("setup.py main.rs notes.md lib.so", &[], "files"),
            ("1.2.3 and 3.14", &[], "numbers"),
            ("http://exemple", &[], "no dot"),
        ],
    );
}

#[test]
fn ip_address() {
    check(
        "ip_address",
        &[
            ("http://192.0.2.44:8080/x", &["192.0.2.44"], "in a link"),
            ("192.0.2.1-192.0.2.9", &["192.0.2.1", "192.0.2.9"], "range"),
            ("192.0.2.1,192.0.2.9", &["192.0.2.1", "192.0.2.9"], "list"),
            ("192(.)0(.)2(.)44", &["192(.)0(.)2(.)44"], "round brackets"),
            ("fe80::1%eth0", &["fe80::1"], "zone"),
            ("ip:192.0.2.44", &["192.0.2.44"], "after a colon"),
            (
                "2001:DB8:0:0:0:0:0:7",
                &["2001:DB8:0:0:0:0:0:7"],
                "not shortened",
            ),
            ("12:30:05, 1:2:3:4, 10::20", &[], "times and ratios"),
            (
                "192.0.2.256, 192.0.2, 192.0.2.1.7",
                &[],
                "out of range, too short, too long",
            ),
            ("linux-6.1.12.4, foo/1.20.30.40", &[], "versions"),
            ("dead::beef, Foo::bar", &[], "words"),
        ],
    );
}

#[test]
fn numbers_with_check_digits() {
    check(
        "payment_card",
        &[
            ("4111-1111-1111-1111", &["4111-1111-1111-1111"], "hyphens"),
            (
                "2223003122003222",
                &["2223003122003222"],
                "new Mastercard range",
            ),
            ("30569309025904", &["30569309025904"], "Diners Club"),
            ("3530111333300000", &["3530111333300000"], "JCB"),
            (
                "4111111111111111, 5105105105105100",
                &["4111111111111111", "5105105105105100"],
                "two",
            ),
            ("x4111111111111111", &[], "glued"),
            ("4111 11111111 1111", &[], "groups no card prints"),
            ("1 85 05 78 006 084 91", &[], "French NIR"),
            ("9999999999999999", &[], "no network"),
        ],
    );
    check(
        "iban",
        &[
            (
                "NL91ABNA0417164300",
                &["NL91ABNA0417164300"],
                "letters in the account",
            ),
            (
                "fr 76 3000 6000 0112 3456 7890 189",
                &["fr 76 3000 6000 0112 3456 7890 189"],
                "spaced",
            ),
            ("XFR7630006000011234567890189", &[], "glued before"),
            ("FR7630006000011234567890189X", &[], "glued after"),
            ("US7630006000011234567890189", &[], "no such country"),
        ],
    );
    check(
        "government_id",
        &[
            ("185057800608491", &["185057800608491"], "NIR in one piece"),
            (
                "NIR 1850578006084",
                &["1850578006084"],
                "NIR without its key, named",
            ),
            ("1850578006084", &[], "NIR without its key"),
            ("social security: 123 45 6789", &["123 45 6789"], "spaces"),
            ("7569217076985", &["7569217076985"], "AVS in one piece"),
            ("AB 12 34 56 C", &["AB 12 34 56 C"], "British, in pairs"),
            ("ST320413A", &[], "part number"),
            ("tel 123-456-7890", &[], "phone"),
            ("123-45-67890", &[], "too long"),
        ],
    );
}

#[test]
fn geo_coordinates() {
    check(
        "geo_coordinates",
        &[
            ("-33.856784,151.215297", &["-33.856784,151.215297"], "south"),
            ("(48.8566, 2.3522)", &["48.8566, 2.3522"], "in brackets"),
            ("geo:48.85,2.35", &["48.85,2.35"], "URI"),
            (
                "https://maps.example/?q=48.856,2.352",
                &["48.856,2.352"],
                "query",
            ),
            (
                "https://maps.example/#map=15/48.856/2.352",
                &["48.856/2.352"],
                "OpenStreetMap",
            ),
            (
                "latitude 48.8566, longitude 2.3522",
                &["48.8566, longitude 2.3522"],
                "labels",
            ),
            (
                "48° 51' 24\" N, 2° 21' 07\" E",
                &["48° 51' 24\" N, 2° 21' 07\" E"],
                "spaced degrees",
            ),
            ("N 48.8566", &[], "one coordinate"),
            ("10.1234 and 20.5678", &[], "two numbers"),
            ("$48.8566, 2.3522", &[], "price"),
            ("91.1234, 2.1234", &[], "no such latitude"),
        ],
    );
}

#[test]
fn handle_and_license_plate() {
    check(
        "handle",
        &[
            (
                "@jdoe: @jdoe, (@jdoe) \"@jdoe\"",
                &["@jdoe", "@jdoe", "@jdoe", "@jdoe"],
                "punctuation",
            ),
            ("hey @jo_doe-42!", &["@jo_doe-42"], "signs inside"),
            ("@ジョー", &["@ジョー"], "another script"),
            ("a@b @ @@ @. @-", &[], "nothing there"),
            ("@7", &[], "number"),
        ],
    );
    check(
        "license_plate",
        &[
            ("ab-123-cd", &["ab-123-cd"], "hyphens, small letters"),
            ("AB 123 CD", &["AB 123 CD"], "capitals, spaces"),
            ("BD62 XYZ", &["BD62 XYZ"], "British"),
            ("VD 123456", &["VD 123456"], "Swiss"),
            ("plaque AB123CD", &["AB123CD"], "named"),
            ("reg AB12CDE", &["AB12CDE"], "named, British"),
            ("California plate 7ABC123", &["7ABC123"], "named, American"),
            ("plaque québécoise A12 BCD", &["A12 BCD"], "named, Canadian"),
            ("a plate of 250 grams", &[], "food"),
            ("a plate for 100 people", &[], "food again"),
            ("WD 500GB, GT701-WG, RTX 4090", &[], "hardware"),
            ("Paragould, AR 72450", &[], "state and postal code"),
            ("Paris 75011, BE 2023", &[], "places and years"),
        ],
    );
}
