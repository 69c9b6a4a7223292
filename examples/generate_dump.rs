//! Writes a made-up forum as NDJSON, for trying how long an audit takes and how much memory:
//!
//! ```text
//! cargo run --release --example generate_dump -- 10000000 > forum.ndjson
//! ```
//!
//! Arguments: how many posts, and a seed; the same seed writes the same forum. One post in twenty is
//! a threat, an insult or an address, in English or French; the rest is small talk. Ten million posts
//! span a year, and hits reach some 200,000 accounts and people.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::io::{self, BufWriter, Write};

const PEOPLE: u32 = 200_000;
const COMMUNITIES: u32 = 300;
const YEAR_SECONDS: u64 = 365 * 86_400;
/// The first of January 2025, in seconds since 1970.
const BEGINNING: u64 = 1_735_689_600;

const SMALL_TALK: [&str; 16] = [
    "My tomatoes are dying again, what am I doing wrong this time?",
    "The last episode was much better than I had thought it would be.",
    "Does anybody know whether the new update works with older graphics cards?",
    "We went up the hill before breakfast and saw half of the valley in the fog.",
    "Thanks for the recipe, my grandmother made it nearly the same way.",
    "I have read this twice now, and I still don't see what the third step is for.",
    "The train was late, the coffee was cold, and I have never been happier to be home.",
    "If you sand it first and wait for a day, the varnish will hold for years.",
    "Quelqu'un a déjà essayé de faire pousser des figues sur un balcon plein nord ?",
    "Le dernier épisode était bien meilleur que je ne le pensais, à ma grande surprise.",
    "Merci pour la recette, ma grand-mère la faisait presque de la même façon.",
    "On est partis avant l'aube et on a vu toute la vallée dans la brume.",
    "Je l'ai lu deux fois et je ne vois toujours pas à quoi sert la troisième étape.",
    "Le train avait du retard, mais la soirée a été très agréable quand même.",
    "Il faut poncer d'abord, attendre un jour, et le vernis tiendra des années.",
    "Vous savez si la mise à jour fonctionne avec les anciennes cartes graphiques ?",
];

const HARM: [&str; 10] = [
    "I will find you and I will kill you.",
    "You are a worthless piece of trash and everybody hates you.",
    "She lives at {n} Maple Grove Road, apt 12, go and pay her a visit.",
    "Kill yourself, nobody would miss you.",
    "I know where you live, watch your back tonight.",
    "Je vais te retrouver et te tuer.",
    "Tu es une merde, tout le monde te déteste.",
    "Elle habite au {n} rue des Lilas, allez lui rendre visite.",
    "Va te pendre, personne ne te regrettera.",
    "Je sais où tu habites, fais attention à toi ce soir.",
];

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |otherwise: u64| {
        let given = arguments.next().and_then(|it| it.parse().ok());
        given.unwrap_or(otherwise)
    };
    let (posts, seed) = (number(10_000), number(1));
    let mut chance = ChaCha8Rng::seed_from_u64(seed);
    let mut out = BufWriter::with_capacity(1 << 20, io::stdout().lock());
    let mut text = String::new();
    for post in 0..posts {
        text.clear();
        let is_harm = chance.random_range(0..20) == 0;
        write_text(&mut chance, is_harm, &mut text);
        let seconds = BEGINNING + post * YEAR_SECONDS / posts.max(1);
        write_post(&mut chance, (post, seconds), is_harm, &text, &mut out)?;
    }
    out.flush()
}

fn write_text(chance: &mut impl Rng, is_harm: bool, text: &mut String) {
    let sentences = chance.random_range(1..=7);
    let place = chance.random_range(0..sentences);
    for sentence in 0..sentences {
        let from: &[&str] = match is_harm && sentence == place {
            true => &HARM,
            false => &SMALL_TALK,
        };
        let at = chance.random_range(0..from.len());
        let words = from.get(at).copied().unwrap_or_default();
        let number = chance.random_range(1..9_000_u32).to_string();
        text.push_str(&words.replace("{n}", &number));
        text.push(' ');
    }
}

fn write_post(
    chance: &mut impl Rng,
    (post, seconds): (u64, u64),
    is_harm: bool,
    text: &str,
    out: &mut impl Write,
) -> io::Result<()> {
    let at = jiff::Timestamp::from_second(seconds.cast_signed()).unwrap_or_default();
    let author = chance.random_range(0..PEOPLE);
    let community = chance.random_range(0..COMMUNITIES);
    let thread = chance.random_range(0..1_000_u32);
    write!(
        out,
        r#"{{"id":"p{post}","author":"u{author}","thread":"t{community}-{thread}","community":"c{community}","at":"{at}","#
    )?;
    if is_harm || chance.random_range(0..3) == 0 {
        let target = chance.random_range(0..PEOPLE);
        write!(out, r#""reply_to_author":"u{target}","#)?;
    }
    // Nothing in these texts needs an escape.
    writeln!(out, r#""text":"{}"}}"#, text.trim_end())
}
