//! Seeded posts: sentences of common words and content words, with what posts hold beside words.

use super::vocabulary::Vocabulary;
use super::{Language, Rule};
use rand::seq::IndexedRandom;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Mean bytes of a post; most are shorter, some much longer.
const MEAN_BYTES: f64 = 430.0;
const BYTES_MIN: f64 = 24.0;
const BYTES_MAX: f64 = 4_000.0;

/// The share of posts in which the example of a rule is put.
const PLANTED: f64 = 0.03;

/// A post and its language.
#[derive(Clone, Debug)]
pub struct Written {
    pub text: String,
    pub language: Language,
}

/// Posts, English and French in turn. For the same vocabulary and seed they are the same but for
/// the examples of rules that are put into some of them.
pub fn posts(vocabulary: &Vocabulary, rules: &[Rule], count: usize, seed: u64) -> Vec<Written> {
    let mut planting = ChaCha8Rng::seed_from_u64(seed ^ 0x706c_616e);
    let writers = Language::BOTH.map(|language| Writer::new(vocabulary, language));
    (0..count)
        .map(|at| {
            let language = Language::BOTH[at % 2];
            let planted = rules
                .choose(&mut planting)
                .map(|rule| rule.example.as_str());
            let planted = planted.filter(|_| planting.random_bool(PLANTED));
            // Each post has a stream of its own, which what is put into others can't disturb.
            let stream = seed
                .wrapping_mul(0x9e37_79b9_7f4a_7c15)
                .wrapping_add(at as u64);
            let mut random = ChaCha8Rng::seed_from_u64(stream);
            let text = writers[language.index()].write(&mut random, planted);
            Written { text, language }
        })
        .collect()
}

/// Writes posts of one language.
struct Writer<'v> {
    language: Language,
    common: &'v [String],
    /// The chance that a word is one of the first `n + 1` of its list.
    common_up_to: Vec<f64>,
    content: Vec<&'v str>,
    content_up_to: Vec<f64>,
}

impl<'v> Writer<'v> {
    fn new(vocabulary: &'v Vocabulary, language: Language) -> Self {
        let at = language.index();
        let common = &vocabulary.common[at];
        let content: Vec<&str> = vocabulary.content[at]
            .iter()
            .map(|content| content.word.as_str())
            .collect();
        Self {
            language,
            common,
            common_up_to: zipf(common.len()),
            content_up_to: zipf(content.len()),
            content,
        }
    }

    fn write(&self, random: &mut ChaCha8Rng, planted: Option<&str>) -> String {
        let along: f64 = random.random();
        let bytes = (BYTES_MIN - MEAN_BYTES * (1.0 - along).ln()).min(BYTES_MAX) as usize;
        let mut text = String::with_capacity(bytes + 40);
        let mut planted = planted;
        let mut begins = true;
        let mut words_left = random.random_range(4..18);
        while text.len() < bytes {
            if !text.is_empty() && !text.ends_with(['\n', '\'', '’']) {
                text.push(' ');
            }
            if text.len() >= bytes / 2
                && let Some(planted) = planted.take()
            {
                text.push_str(planted);
                continue;
            }
            let word = self.word(random);
            match begins && random.random_bool(0.8) {
                true => text.extend(capitalised(&word)),
                false => text.push_str(&word),
            }
            begins = false;
            words_left -= 1;
            if words_left == 0 {
                let end = [".", ".", ".", "!", "?", "...", ",", "\n", ".\n"].choose(random);
                text.push_str(end.unwrap_or(&"."));
                begins = true;
                words_left = random.random_range(4..18);
            } else if random.random_bool(0.05) {
                text.push(',');
            }
        }
        if let Some(planted) = planted {
            text.push(' ');
            text.push_str(planted);
        }
        text
    }

    fn word(&self, random: &mut ChaCha8Rng) -> String {
        let dice: f64 = random.random();
        match dice {
            d if d < 0.004 => number(random, self.language),
            d if d < 0.006 => (*["😀", "🔥", "😂", "🙏", "…", "—", "❤️"]
                .choose(random)
                .unwrap_or(&"…"))
            .into(),
            d if d < 0.007 => format!("https://example.org/{}", self.content(random)),
            d if d < 0.008 => format!("@{}{}", self.content(random), random.random_range(1..99)),
            d if d < 0.010 => self.content(random).to_uppercase(),
            d if d < 0.013 => format!("\"{}\"", self.content(random)),
            d if d < 0.030 && self.language == Language::French => {
                format!(
                    "{}{}",
                    ["l'", "d'", "qu'", "l’", "j’"]
                        .choose(random)
                        .unwrap_or(&"l'"),
                    self.content(random)
                )
            }
            d if d < 0.022 => (*["don't", "it's", "I'm", "can't", "isn’t"]
                .choose(random)
                .unwrap_or(&"it's"))
            .into(),
            d if d < 0.58 => draw(random, &self.common_up_to, self.common).into(),
            _ => self.content(random).to_owned(),
        }
    }

    fn content(&self, random: &mut ChaCha8Rng) -> &str {
        draw(random, &self.content_up_to, &self.content)
    }
}

fn capitalised(word: &str) -> impl Iterator<Item = char> {
    let mut rest = word.chars();
    let first = rest.next().into_iter().flat_map(char::to_uppercase);
    first.chain(rest)
}

/// Chances after Zipf's law, summed up.
fn zipf(count: usize) -> Vec<f64> {
    let mut sum = 0.0;
    let mut up_to: Vec<f64> = (1..=count)
        .map(|rank| {
            sum += 1.0 / rank as f64;
            sum
        })
        .collect();
    up_to.iter_mut().for_each(|chance| *chance /= sum);
    up_to
}

fn draw<'w, W: AsRef<str>>(random: &mut ChaCha8Rng, up_to: &[f64], words: &'w [W]) -> &'w str {
    let along: f64 = random.random();
    let at = up_to.partition_point(|chance| *chance < along);
    words.get(at).or(words.last()).map_or("", AsRef::as_ref)
}

/// A year, an hour, a price, a telephone number, a date, a count.
fn number(random: &mut ChaCha8Rng, language: Language) -> String {
    let (a, b, c) = (
        random.random_range(0..24),
        random.random_range(10..60),
        random.random_range(10..100),
    );
    match (random.random_range(0..7), language) {
        (0, _) => format!("{}", 1950 + c),
        (1, Language::English) => format!("{a}:{b}"),
        (1, Language::French) => format!("{a}h{b}"),
        (2, Language::English) => format!("${a}.{c}"),
        (2, Language::French) => format!("{a},{c} euros"),
        (3, Language::English) => format!("555-01{c}"),
        (3, Language::French) => format!("06 {b} {c} {b} {c}"),
        (4, _) => format!("{:02}/{:02}/20{b}", 1 + a % 12, 1 + a),
        _ => format!("{}", a * 7 + c),
    }
}
