//! Text as written, text as read: folding a post into views, and the way back.
//!
//! `plain` undoes what typography and Unicode allow (case, compatibility forms, accents,
//! look-alikes, invisible characters, escapes) and keeps digits; `spelled` also undoes what people
//! do to hide a word, only where the text looks disguised; `raw` is the post itself.
//! Every span of a view maps back to bytes of the post as received.

mod blocks;
mod escapes;
mod fold;
mod frequency;
mod key;
mod outline;
mod spelled;
mod table;
mod view;
mod words;

pub use blocks::{each_bit, on_this_processor};
pub use fold::{fold, fold_term};
pub use frequency::{is_everyday_word, word_frequency, words_that_begin_frequency};
pub use key::{Filter, Key, Sieve};
pub use outline::Outline;
pub use spelled::{Lexicon, Memory, Spelled, spell};
pub use view::Folded;
pub use words::{Word, ends_between, is_pictograph, is_skin_tone, sentences, words};
