//! Runnable examples of the detector, both sides. Every address is invented.

use crate::detectors::Example;

const fn hit(text: &'static str, finds: &'static [&'static str]) -> Example {
    Example {
        text,
        finds,
        with: "",
    }
}

const fn miss(text: &'static str) -> Example {
    Example {
        text,
        finds: &[],
        with: "",
    }
}

pub(super) static EXAMPLES: &[Example] = &[
    hit(
        "she lives at 4418 maple grove rd, go say hi",
        &["4418 maple grove rd"],
    ),
    hit("1600 N. 5th St Apt 4B", &["1600 N. 5th St Apt 4B"]),
    hit(
        "8128 S Dr Example King Jr Drive",
        &["8128 S Dr Example King Jr Drive"],
    ),
    hit("pizza to 123-45 67th Ave pls", &["123-45 67th Ave"]),
    hit("P.O. Box 123", &["P.O. Box 123"]),
    hit(
        "1 Main Street, Springfield, IL 62704",
        &["1 Main Street, Springfield, IL 62704"],
    ),
    hit("654 n 800 e # 213", &["654 n 800 e # 213"]),
    hit(
        "send it to 12045 State Highway 16 now",
        &["12045 State Highway 16"],
    ),
    hit(
        "204-1290 Main St W, Toronto, ON M4C 1B5",
        &["204-1290 Main St W, Toronto, ON M4C 1B5"],
    ),
    hit(
        "1290, boul. Saint-Exemple Ouest, bureau 300, Laval (Quebec) H7S 1M9",
        &["1290, boul. Saint-Exemple Ouest, bureau 300, Laval (Quebec) H7S 1M9"],
    ),
    hit(
        "il crèche au 27 bis rue des lilas 😀",
        &["27 bis rue des lilas"],
    ),
    hit("41 Rue Max Exemple 91440", &["41 Rue Max Exemple 91440"]),
    hit(
        "12 rue Exemple\n75001 Paris",
        &["12 rue Exemple\n75001 Paris"],
    ),
    hit(
        "entre le 3 place Exemple et le 5 rue du 8 mai 1945",
        &["3 place Exemple", "5 rue du 8 mai 1945"],
    ),
    hit("BP 123, 29200 Brest Cedex", &["BP 123, 29200 Brest Cedex"]),
    hit("Flat 3, 21 Acacia Avenue", &["Flat 3, 21 Acacia Avenue"]),
    hit(
        "10 Example Street, London SW1A 2AA",
        &["10 Example Street, London SW1A 2AA"],
    ),
    hit(
        "Rue de la Loi 16, 1000 Bruxelles",
        &["Rue de la Loi 16, 1000 Bruxelles"],
    ),
    hit("Kerkstraat 12, 9000 Gent", &["Kerkstraat 12, 9000 Gent"]),
    miss("I read 300 pages of Abbey Road last street festival"),
    miss("12 avenues possibles pour ce débat, j'ai 3 rues à traverser"),
    miss("5 court cases, 2 drive bays, 10 square meters, 100 drive letters"),
    miss("in 2009 way before; a 2 way street; a 24 hour drive"),
    miss("1 place de parking, 2 places, 3 cours de maths"),
    miss("le 14 juillet place de la Bastille, ou à 20 h place de la République"),
    miss("rue de la Paix 3 fois"),
    miss("v 2.6 drive, 400 St"),
    Example {
        text: "12 rue Exemple",
        finds: &[],
        with: "countries=us,gb",
    },
    Example {
        text: "12 Example Street",
        finds: &[],
        with: "countries=fr",
    },
];
