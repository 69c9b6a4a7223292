//! The words that rules and posts are made of: common ones, written down here, and content words,
//! made up or taken from posts, each with the share of posts that hold it.

use super::{Language, unaccented};
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::{HashMap, HashSet};

const COMMON_ENGLISH: &str = "the be to of and a in that have it for not on with he as you do at \
this but his by from they we say her she or an will my one all would there their what so up out if \
about who get which go me when make can like time no just him know take people into year your good \
some could them see other than then now look only come its over think also back after use two how \
our work first well way even new want because any these give day most us is was are were been has \
had did said got made went gone does doing being going coming looking really very much more less \
many little big small old young long short right left last next same different own every each both \
few another such own still never always often sometimes maybe perhaps again too yet already soon \
today tomorrow yesterday night morning week month life world house home family friend man woman \
child children boy girl mother father brother sister name place part case thing things something \
nothing anything everything someone anyone everyone nobody here where why while before under around \
between against without through during within along across behind off down away please thanks sorry \
hello yes okay sure guess mean feel felt keep kept let put tell told ask asked try tried need needs \
should must might may call called leave start started stop stopped talk talking read wrote write \
play run walk turn show shown hear heard help find found hold bring happen happened believe stand \
lose pay meet include continue set learn change lead understand watch follow create speak allow add \
spend grow open win offer remember love consider appear buy wait serve die send expect build stay \
fall cut reach kill remain suggest raise pass sell require report decide pull water food money car \
city street school country door book word line point hand eye head face fact question answer number \
problem reason idea story job game team group company state government power line end side kind";

const COMMON_FRENCH: &str = "le la les un une des de du et est en que qui dans pour pas sur ne se \
ce il elle on nous vous ils elles je tu me te lui leur y au aux avec son sa ses mon ma mes ton ta \
tes notre votre nos vos leurs cette ces cet mais ou où donc or ni car si plus moins très trop bien \
mal tout tous toute toutes rien quelque quelques chaque autre autres même mêmes tel telle aussi \
encore déjà jamais toujours souvent parfois peut être avoir fait faire dit dire va aller vais vas \
allons allez vont vient venir veux veut voulons vouloir peux pouvoir doit dois devoir sait sais \
savoir voit vois voir prend prends prendre mettre mis met trouve trouver donne donner parle parler \
passe passer regarde regarder reste rester laisse laisser pense penser croit crois croire demande \
demander arrive arriver cherche chercher appelle appeler aime aimer suis es sommes êtes sont était \
étais étaient sera serai seront serait avait avais avaient ai as avons avez ont eu été comme quand \
comment pourquoi parce alors après avant pendant depuis sans sous entre vers chez contre jusque \
dessus dessous dehors dedans ici là bas haut loin près hier demain jour jours nuit matin soir \
semaine mois année ans temps heure heures minute fois vie monde maison chez famille ami amie amis \
homme femme hommes femmes enfant enfants garçon fille mère père frère sœur gens personne personnes \
quelqu nom chose choses lieu ville pays rue place école porte livre mot mots ligne point main yeux \
tête visage question réponse numéro problème raison idée histoire travail jeu équipe groupe société \
état pouvoir bout côté genre sorte bon bonne bons mauvais grand grande petit petite vieux vieille \
jeune nouveau nouvelle premier première dernier dernière seul seule vrai vraie faux juste merci \
bonjour salut oui non voilà voici enfin puis ensuite ainsi tant assez beaucoup peu presque vraiment \
juste surtout plutôt peine moment début fin suite manière façon air eau argent voiture route train \
soleil mort perdre gagner payer acheter vendre manger boire dormir courir tomber tenir sortir entrer \
partir revenir rentrer lire écrire entendre comprendre attendre répondre vivre mourir ouvrir fermer";

/// How many made-up content words of one language posts are written with.
const INVENTED_WORDS: usize = 30_000;

/// Content words of a made-up post, about: what their shares are counted with.
const CONTENT_WORDS_IN_POST: f64 = 34.0;

/// A word that says what a post is about, and the share of posts that hold it.
#[derive(Clone, Debug)]
pub struct Content {
    pub word: String,
    pub share: f64,
}

/// The words of both languages: each list is indexed by [`Language::index`].
#[derive(Clone, Debug)]
pub struct Vocabulary {
    /// Words of every second sentence, the most common first.
    pub common: [Vec<String>; 2],
    /// The others, the most frequent first.
    pub content: [Vec<Content>; 2],
    /// Phrases that do stand in posts.
    pub seen: [Vec<Vec<String>>; 2],
}

impl Vocabulary {
    /// Made-up words that can be pronounced, with the frequencies of Zipf's law.
    pub fn invented(seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed ^ 0x0076_6f63_6162);
        let harmonic: f64 = (1..=INVENTED_WORDS).map(|rank| 1.0 / rank as f64).sum();
        let common = common();
        let mut taken: HashSet<String> = common
            .iter()
            .flatten()
            .map(|word| unaccented(word))
            .collect();
        let content = Language::BOTH.map(|language| {
            (1..=INVENTED_WORDS)
                .map(|rank| {
                    let once = 1.0 / (rank as f64 * harmonic);
                    Content {
                        word: new_word(&mut random, language, &mut taken),
                        share: (1.0 - (1.0 - once).powf(CONTENT_WORDS_IN_POST)) / 2.0,
                    }
                })
                .collect()
        });
        Self {
            common,
            content,
            seen: [Vec::new(), Vec::new()],
        }
    }

    /// The words of posts. A word belongs to the language in whose posts it stands more often.
    pub fn of_posts(posts: &[String]) -> Self {
        let common = common();
        let known: HashSet<String> = common.iter().flatten().map(|w| unaccented(w)).collect();
        let mut counts: HashMap<String, (String, [usize; 2])> = HashMap::new();
        let mut seen = [Vec::new(), Vec::new()];
        for (at, post) in posts.iter().enumerate() {
            let language = language_of(post, &common);
            let words: Vec<String> = words_of(post).collect();
            let mut once = HashSet::new();
            for word in &words {
                let folded = unaccented(word);
                let fits = (3..=20).contains(&folded.len()) && !known.contains(&folded);
                if fits && once.insert(folded.clone()) {
                    let entry = counts
                        .entry(folded)
                        .or_insert_with(|| (word.clone(), [0; 2]));
                    entry.1[language.index()] += 1;
                }
            }
            // One phrase of every hundredth post: about so many posts will hold one.
            if at % 100 == 0 && words.len() > 8 {
                let start = words.len() / 2;
                seen[language.index()].push(words[start..start + 3].to_vec());
            }
        }
        let mut content = [Vec::new(), Vec::new()];
        let mut counts: Vec<_> = counts.into_values().collect();
        counts.sort_by(|(a, of_a), (b, of_b)| {
            let total = |of: &[usize; 2]| of[0] + of[1];
            total(of_b).cmp(&total(of_a)).then_with(|| a.cmp(b))
        });
        for (word, [english, french]) in counts {
            let share = (english + french) as f64 / posts.len().max(1) as f64;
            content[usize::from(french > english)].push(Content { word, share });
        }
        Self {
            common,
            content,
            seen,
        }
    }
}

/// The language of a post, by the common words that stand in it.
pub fn language_of(post: &str, common: &[Vec<String>; 2]) -> Language {
    let [english, french] = [0, 1].map(|at| {
        let first: HashSet<&str> = common[at].iter().take(120).map(String::as_str).collect();
        words_of(post)
            .filter(|word| first.contains(word.as_str()))
            .count()
    });
    if french > english {
        Language::French
    } else {
        Language::English
    }
}

/// Runs of letters of a post, in lower case.
fn words_of(post: &str) -> impl Iterator<Item = String> {
    let is_letter = |c: char| c.is_ascii_alphabetic() || ('à'..='ÿ').contains(&c) || c == 'œ';
    let lower = post.to_lowercase();
    let words: Vec<String> = lower
        .split(|c: char| !c.is_alphanumeric() && c != '_')
        .filter(|word| !word.is_empty() && word.chars().all(is_letter))
        .filter(|word| unaccented(word).bytes().all(|b| b.is_ascii_lowercase()))
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

pub fn common() -> [Vec<String>; 2] {
    [COMMON_ENGLISH, COMMON_FRENCH].map(|list| {
        let mut seen = HashSet::new();
        list.split_whitespace()
            .filter(|word| seen.insert(*word))
            .map(str::to_owned)
            .collect()
    })
}

/// A word that stands nowhere yet.
pub fn new_word(random: &mut impl Rng, language: Language, taken: &mut HashSet<String>) -> String {
    loop {
        let word = invent(random, language);
        if taken.insert(unaccented(&word)) {
            return word;
        }
    }
}

fn invent(random: &mut impl Rng, language: Language) -> String {
    const STARTS: [&[&str]; 2] = [
        &[
            "b", "br", "c", "ch", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "j", "k", "l", "m",
            "n", "p", "pl", "qu", "r", "s", "sc", "sh", "sl", "st", "str", "t", "th", "tr", "v",
            "w", "wh", "y",
        ],
        &[
            "b", "br", "c", "ch", "cl", "d", "dr", "f", "fr", "g", "gl", "gn", "j", "l", "m", "n",
            "p", "pl", "pr", "qu", "r", "s", "t", "tr", "v", "vr",
        ],
    ];
    const MIDDLES: [&[&str]; 2] = [
        &["a", "e", "i", "o", "u", "ea", "ee", "oo", "ai", "ou"],
        &[
            "a", "e", "i", "o", "u", "ou", "oi", "ai", "é", "è", "au", "eu", "on", "an", "ê", "î",
        ],
    ];
    const ENDS: [&[&str]; 2] = [
        &[
            "ck", "d", "er", "ing", "l", "ll", "m", "n", "ness", "nt", "r", "rd", "s", "sh", "t",
            "y",
        ],
        &[
            "age", "ant", "ard", "e", "elle", "ette", "eur", "eux", "ien", "ier", "in", "ique",
            "on", "té",
        ],
    ];
    let at = language.index();
    let pick =
        |random: &mut _, list: &[&'static str]| list[RngExt::random_range(random, 0..list.len())];
    let syllables = random.random_range(1..=3);
    let mut word = String::new();
    for _ in 0..syllables {
        word.push_str(pick(random, STARTS[at]));
        word.push_str(pick(random, MIDDLES[at]));
    }
    word.push_str(pick(random, ENDS[at]));
    word
}
