//! Street addresses and postal codes in running text: tables of both sides, and what holds for any
//! text. Every address is invented.

use proptest::prelude::*;
use vigie::detectors::{Arguments, Input, detector};
use vigie::text::fold;

/// What a detector finds, as written in the post.
fn found<'a>(name: &str, post: &'a str) -> Vec<&'a str> {
    let plain = fold(post);
    let mut spans = Vec::new();
    let finder = (detector(name).unwrap().build)(&Arguments::default());
    finder.find(
        Input {
            post,
            plain: &plain,
        },
        &mut spans,
    );
    assert!(spans.iter().all(|span| span.start < span.end));
    assert!(spans.is_sorted_by(|a, b| a.end <= b.start), "{post:?}");
    spans
        .into_iter()
        .map(|span| &post[plain.in_post(span)])
        .collect()
}

/// Posts that are found whole: the forms of each country.
const WHOLE: &[&str] = &[
    // United States
    "221b Example Street",
    "5521 NW 23rd",
    "260 Broadway",
    "1221 Avenue of the Americas",
    "W156N9762 Example Rd",
    "618 1/2 Church Street, Evanston, 60201",
    "500 us highway 19, clearwater fl",
    "1200 business 190 ste 13, Covington, LA 70433",
    "3054 Hidden Example, Seguin, TX 78155",
    "11 Willow Trl Unit F4\nSpringfield, IL 62704-1234",
    "12 main st, boston ma",
    "One Example Parkway Suite 2500",
    "PSC 3117, Box 609\nAPO AA 34002",
    "RR 2 Box 10",
    // Canada
    "55 rue des Pins app. 4, Gatineau",
    "112 rang Saint-Exemple, Mirabel",
    "4700 Example Street, Toronto, Ontario",
    // France
    "122 B boulevard Exemple 59510 Hem",
    "bâtiment B, 14 allée des Cerisiers",
    "15 Grand'Rue",
    "8 rue du Fbg St Exemple",
    "10 rue des 4 Vents",
    "22 hameau du Lac",
    "13 rue d'en bas",
    "8 le Ruel 35890",
    "12, rue des Lilas - 69003 Lyon",
    "lieu-dit Les Granges, 24000 Périgueux",
    "450 1re Avenue, Québec",
    "10 5e Rue, Rimouski",
    "CS 12345\n35000 Rennes Cedex 7",
    // Britain
    "14 Beech Close",
    "9 Chapel Hill, Truro",
    "7 Station Parade, Ealing",
    "The Old Rectory, Church Lane, Great Foxham NR21 0HP",
    "Unit 5, 14 Foundry Lane, Bristol BS1 6QF",
    // Belgium, Switzerland, neighbours
    "Chaussée de Waterloo 123 bte 4",
    "Oude Baan 45, 3000 Leuven",
    "Rue du Rhône 14, 1204 Genève",
    "Marktgasse 5, 3011 Bern",
    "Grand-Rue 5, 1204 Genève",
    "Calle Principal 20",
];

/// (post, what is found): addresses in the middle of talk.
const WITHIN: &[(&str, &[&str])] = &[
    (
        "elle crèche au 27bis rue des lilas viens on y va",
        &["27bis rue des lilas"],
    ),
    (
        "son ex habite 5 quai exemple, elle 12 av. du général exemple !!",
        &["5 quai exemple", "12 av. du général exemple"],
    ),
    (
        "i know you live at 88 Oak Hill Dr, unit 7 😈",
        &["88 Oak Hill Dr, unit 7"],
    ),
    ("77 example ave springfield", &["77 example ave"]),
    ("go to 12 elm street tonight", &["12 elm street"]),
    (
        "C'est au 4, impasse des Acacias, Bâtiment C, appt 12, 3e porte",
        &["4, impasse des Acacias, Bâtiment C, appt 12"],
    ),
    (
        "il habite rue du marché 12, 1204 Genève depuis mai",
        &["rue du marché 12, 1204 Genève"],
    ),
    ("he stays at 3/12 Smith St", &["3/12 Smith St"]),
    ("she lives at 42 Exampleton, go", &["42 Exampleton"]),
];

/// Posts with numbers and street words, and no address.
const CLEAN: &[&str] = &[
    "400 St",
    "level 5 boss way",
    "top 10 wall street firms, the 2008 street art boom",
    "season 2 episode 5 park scene",
    "3 lane highway, 60 mile road trip, 45 minute drive",
    "Chapter 3, The Long Road",
    "Windows 7 drive C, my 500 gb drive",
    "in 1999 park rangers saw 3 St Bernard dogs",
    "Section 230 court ruling",
    "500 North Korean troops and 5 South African players",
    "12 Angry Men",
    "Fallout 4",
    "Arsenal 2, Chelsea 1",
    "resolution from 800 X 600 to 1024 X 768",
    "il y a 1 rue barrée, il reste 1 place libre",
    "je vends 2 place pour le concert",
    "manif samedi 12 octobre 2021 place de la Nation",
    "rdv à 20h place de la République, ou 14h30 rue de Rivoli",
    "le 12/10 place de la République",
    "ligne 13 place de Clichy",
    "20 000 lieues avenue",
    "avenue Foch 3 blessés, rue Victor Hugo 2 morts",
    "Avenue Q 2",
    "Il fut dédié en 493 av. J.-C. par Rome",
    "une pièce de 100 square ft",
    "cs 16 players, BP 120 over 80, box 5 contains",
    "&#39;s Blog",
    "20 blessés avenue Foch",
    "le 06 39 98 12 34 rue barrée",
    "chambre 12 résidence étudiante",
    "mile 45 Interstate 80",
    "3 square root of 9",
];

/// (post, codes found)
const CODES: &[(&str, &[&str])] = &[
    ("elle est sur Springfield, Illinois 62704", &["62704"]),
    ("postcode sw1a 2aa ok ?", &["sw1a 2aa"]),
    ("F-75001 Paris", &["F-75001"]),
    ("NPA 1204", &["1204"]),
    ("12 rue Exemple\n75001 Paris", &["75001"]),
    ("62704", &[]),
    ("ma 6600GT et mon M661FX", &[]),
    ("1406 BCE, act of 1970", &[]),
    ("16000 Bitcoins volés", &[]),
];

#[test]
fn addresses_are_found_whole() {
    let wrong: Vec<_> = WHOLE
        .iter()
        .filter(|post| found("street_address", post) != [**post])
        .map(|post| (post, found("street_address", post)))
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn addresses_are_found_within_talk() {
    for (post, expected) in WITHIN {
        assert_eq!(found("street_address", post), *expected, "{post:?}");
    }
}

#[test]
fn numbers_and_street_words_are_not_addresses() {
    let wrong: Vec<_> = CLEAN
        .iter()
        .map(|post| (post, found("street_address", post)))
        .filter(|(_, found)| !found.is_empty())
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn postal_codes_need_their_neighbourhood() {
    for (post, expected) in CODES {
        assert_eq!(found("postal_code", post), *expected, "{post:?}");
    }
}

/// A hundred thousand words that all look promising: re-reading them would take minutes.
#[test]
fn hostile_repetitions_are_read_once() {
    for piece in [
        "1 ",
        "12 rue de la ",
        "1 N ",
        "rue de ",
        "5 A St, ",
        "1-",
        "1,\n",
        "Lane, ",
        "zip 1 ",
        "Aa ",
        "A-",
        "75001 ",
    ] {
        let post = piece.repeat(100_000);
        found("street_address", &post);
        found("postal_code", &post);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Any mixture of words of addresses, marks and other characters: spans in order, on character
    /// boundaries, never a panic.
    #[test]
    fn any_text_is_read_without_harm(
        pieces in prop::collection::vec(
            prop_oneof![
                "[0-9]{1,6}[a-zA-Z]?",
                "(rue|place|St|Road|Drive|de|la|du|l'|bis|N|West|Apt|#|PO|Box|cedex|IL|zip|strasse)",
                "[ ,.\n'/&()-]{1,3}",
                "\\PC{1,4}",
            ],
            0..40,
        ),
        glue in "[ ]?",
    ) {
        let post = pieces.join(&glue);
        found("street_address", &post);
        found("postal_code", &post);
    }
}
