//! Seeded policies and posts: the same seed, the same bytes. Uses `rand` and the standard library
//! only, so that other benchmarks can include this file by its path.

#[path = "policies.rs"]
pub mod policies;
#[path = "shapes.rs"]
mod shapes;
#[path = "vocabulary.rs"]
pub mod vocabulary;
#[path = "writing.rs"]
pub mod writing;

use rand::seq::{IndexedRandom, SliceRandom};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::collections::HashSet;
use vocabulary::{Vocabulary, new_word};

/// A language of rules and posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    French,
}

impl Language {
    pub const BOTH: [Self; 2] = [Self::English, Self::French];

    /// Its place in lists of both.
    pub fn index(self) -> usize {
        self as usize
    }
}

/// What a rule looks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One word.
    Word,
    /// Two to four words.
    Phrase,
    /// An expression with words in it.
    Expression,
    /// An expression that begins at or near a digit.
    Numeric,
}

/// One rule: what a policy says, and what peers are given.
#[derive(Clone, Debug)]
pub struct Rule {
    pub kind: Kind,
    /// As a policy has it: a term, accents and all, or an expression.
    pub written: String,
    /// As peers have it: an expression over folded text.
    pub pattern: String,
    /// Folded texts of which every match holds at least one, as long as they can be; may be empty.
    pub required: Vec<String>,
    /// A text that it matches.
    pub example: String,
}

/// What may stand between two words of a term. `_` belongs to words.
const BETWEEN_WORDS: &str = r#"[\s'"*~`/&+#@^-]+"#;

/// The share of posts that hold a word that is a rule of its own, about.
const SHARE_OF_SINGLE_WORDS: f64 = 0.03;

/// Words of more posts than this make no phrases: an author takes the telling word.
const SHARE_IN_PHRASES_MAX: f64 = 0.01;

/// Rules in a realistic mixture: 85 % terms, half of them single words; 10 % expressions with
/// words; 5 % shapes of numbers. Half of them English, half French; each once.
pub fn rules(vocabulary: &Vocabulary, count: usize, seed: u64) -> Vec<Rule> {
    let mut maker = Maker::new(vocabulary, count, seed);
    let mut rules = Vec::with_capacity(count);
    let mut seen = HashSet::new();
    while rules.len() < count {
        // Two of each kind in a row: one English, one French.
        let language = Language::BOTH[rules.len() % 2];
        let rule = match (rules.len() / 2) % 20 {
            0 => shapes::numeric(&mut maker.random),
            1 | 11 => maker.expression(language),
            at if at % 2 == 0 => maker.word(language),
            _ => maker.phrase(language),
        };
        if seen.insert(rule.pattern.clone()) {
            rules.push(rule);
        }
    }
    rules
}

/// Chooses the words of rules.
pub(crate) struct Maker<'v> {
    pub(crate) random: ChaCha8Rng,
    vocabulary: &'v Vocabulary,
    taken: HashSet<String>,
    /// Where the words that are frequent enough to be looked for in phrases begin.
    telling: [usize; 2],
    /// Words for single-word rules, rare ones; taken from the end.
    rare: [Vec<String>; 2],
    seen: [Vec<Vec<String>>; 2],
}

impl<'v> Maker<'v> {
    fn new(vocabulary: &'v Vocabulary, count: usize, seed: u64) -> Self {
        let mut random = ChaCha8Rng::seed_from_u64(seed ^ 0x7275_6c65);
        let content = &vocabulary.content;
        let common = vocabulary.common.iter().flatten();
        let content_words = content.iter().flatten().map(|content| &content.word);
        let taken = common
            .chain(content_words)
            .map(|word| unaccented(word))
            .collect();
        let telling =
            [0, 1].map(|at| content[at].partition_point(|word| word.share > SHARE_IN_PHRASES_MAX));
        let rare = [0, 1].map(|at| rare_words(vocabulary, at, count * 9 / 40, &mut random));
        let mut seen = vocabulary.seen.clone();
        seen.iter_mut().for_each(|phrases| {
            phrases.shuffle(&mut random);
            // The rest of the phrases stand in no post, as in life.
            phrases.truncate(count / 50);
        });
        Self {
            random,
            vocabulary,
            taken,
            telling,
            rare,
            seen,
        }
    }

    /// A word few posts hold.
    fn rare(&mut self, language: Language) -> String {
        match self.rare[language.index()].pop() {
            Some(word) => word,
            None => new_word(&mut self.random, language, &mut self.taken),
        }
    }

    /// The same, long enough to be told from others by its beginning, folded.
    fn long_and_rare(&mut self, language: Language) -> String {
        loop {
            let word = unaccented(&self.rare(language));
            if word.len() >= 5 {
                return word;
            }
        }
    }

    /// A word that says something: the more frequent, the likelier.
    pub(crate) fn telling(&mut self, language: Language) -> String {
        let words = &self.vocabulary.content[language.index()];
        let first = self.telling[language.index()] as f64 + 1.0;
        let last = words.len() as f64;
        if last <= first {
            return new_word(&mut self.random, language, &mut self.taken);
        }
        let along: f64 = self.random.random();
        let rank = (first * (last / first).powf(along)) as usize;
        words[rank.min(words.len()) - 1].word.clone()
    }

    /// The same, folded, and long enough to be looked for.
    pub(crate) fn telling_folded(&mut self, language: Language) -> String {
        loop {
            let word = unaccented(&self.telling(language));
            if word.len() >= 4 {
                return word;
            }
        }
    }

    fn word(&mut self, language: Language) -> Rule {
        let word = self.rare(language);
        let folded = unaccented(&word);
        Rule {
            kind: Kind::Word,
            pattern: format!(r"\b{folded}\b"),
            required: vec![folded],
            example: word.clone(),
            written: word,
        }
    }

    fn phrase(&mut self, language: Language) -> Rule {
        let words = match self.seen[language.index()].pop() {
            Some(words) => words,
            None => self.words_of_phrase(language),
        };
        let folded: Vec<String> = words.iter().map(|word| unaccented(word)).collect();
        let longest = folded.iter().max_by_key(|word| word.len()).cloned();
        Rule {
            kind: Kind::Phrase,
            pattern: format!(r"\b{}\b", folded.join(BETWEEN_WORDS)),
            required: longest.into_iter().collect(),
            example: words.join(" "),
            written: words.join(" "),
        }
    }

    fn words_of_phrase(&mut self, language: Language) -> Vec<String> {
        let count = *[2, 2, 3, 3, 4].choose(&mut self.random).unwrap_or(&2);
        let mut words = vec![self.telling(language), self.telling(language)];
        for _ in 2..count {
            let common = &self.vocabulary.common[language.index()];
            let word = common.choose(&mut self.random).cloned();
            let at = self.random.random_range(0..=words.len());
            words.insert(at, word.unwrap_or_default());
        }
        words
    }

    fn expression(&mut self, language: Language) -> Rule {
        match self.random.random_range(0..7) {
            0 => {
                let word = self.long_and_rare(language);
                shapes::beginning(&mut self.random, word)
            }
            _ => shapes::expression(self, language),
        }
    }
}

/// Words for single-word rules: all together stand in about a fixed share of the posts, however
/// many they are.
fn rare_words(
    vocabulary: &Vocabulary,
    language: usize,
    count: usize,
    random: &mut ChaCha8Rng,
) -> Vec<String> {
    let mut candidates: Vec<_> = vocabulary.content[language].iter().collect();
    candidates.shuffle(random);
    let mut budget = SHARE_OF_SINGLE_WORDS / 2.0;
    let mut words = Vec::new();
    for candidate in candidates {
        let missing = count.saturating_sub(words.len());
        if missing == 0 {
            break;
        }
        if candidate.share <= 8.0 * budget / missing as f64 && candidate.word.len() >= 4 {
            budget -= candidate.share;
            words.push(candidate.word.clone());
        }
    }
    // Those that stand in posts are spread among those that don't.
    words.shuffle(random);
    words
}

/// What folding makes of the letters that these rules use.
pub fn unaccented(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => folded.push('a'),
            'ç' => folded.push('c'),
            'è' | 'é' | 'ê' | 'ë' => folded.push('e'),
            'ì' | 'í' | 'î' | 'ï' => folded.push('i'),
            'ñ' => folded.push('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' => folded.push('o'),
            'ù' | 'ú' | 'û' | 'ü' => folded.push('u'),
            'ý' | 'ÿ' => folded.push('y'),
            'œ' => folded.push_str("oe"),
            'æ' => folded.push_str("ae"),
            other => folded.push(other),
        }
    }
    folded
}
