//! What an audit found, for people: one page that needs nothing else, and the same in numbers.
//!
//! ```text
//! Audit ─ views: texts, dates and lengths of bars, in one language ─ templates ─► report.html
//!       └ numbers ─► summary.json
//! ```
//!
//! Whoever reads the page has no other way in: every word that it uses is explained on it, and so is
//! what nobody knows. The same audit gives the same bytes.

mod cases;
mod days;
mod kept;
mod letter;
mod measured;
mod page;
mod shown;
mod statement;
mod summary;
mod timeline;
mod words;

pub use kept::Cases;
pub use letter::letter;
pub use page::html;
pub use statement::Occasion;
pub use summary::summary_json;

use crate::model::{Action, Bilingual, Timestamp};
use crate::policy::{Escalation, Pack};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What an audit found. Counts are of posts.
#[derive(Clone, Debug)]
pub struct Audit<'a> {
    /// What was read, in order.
    pub dumps: Vec<Dump<'a>>,
    /// Posts that were judged.
    pub posts: u64,
    /// Among them, posts that don't say when they were written: no ladder counts them.
    pub untimed: u64,
    /// Records whose date is not believed, posts among them: no ladder counts them.
    pub misdated: u64,
    /// Among them, posts that were deleted later: what they gave was taken back.
    pub deleted: u64,
    /// Among them, posts that were too long to be judged whole.
    pub cut: u64,
    /// What the platform did about posts, as far as the dumps tell it.
    pub outcomes: u64,
    /// When the first post was written.
    pub first: Option<Timestamp>,
    /// When the last one was.
    pub last: Option<Timestamp>,
    /// Posts of each action, in the order of [`Action::ALL`].
    pub actions: [u64; Action::ALL.len()],
    /// Posts of each day.
    pub posts_per_day: BTreeMap<Day, u64>,
    /// Posts of each day and category, at `note` and above.
    pub found_per_day: BTreeMap<(Day, Arc<str>), u64>,
    /// Posts of each category, in the order of [`Action::ALL`].
    pub categories: BTreeMap<Arc<str>, [u64; Action::ALL.len()]>,
    /// Posts on which each rule in shadow fired, by what is advised without it.
    pub shadow: BTreeMap<Arc<str>, [u64; Action::ALL.len()]>,
    /// The subjects that ever stood on a rung.
    pub cases: &'a Cases,
    /// What is known of the posts that cases rest on, by id. May be empty: the page then shows
    /// neither their times nor their words.
    pub cited: BTreeMap<Arc<str>, Cited>,
    /// The policies that judged.
    pub policies: Vec<JudgedBy>,
    /// Their ladders and measures.
    pub escalation: &'a Escalation,
    /// The digest of the policies.
    pub digest: &'a str,
    /// The engine's version.
    pub engine: &'a str,
}

/// A dump that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dump<'a> {
    /// How people know it.
    pub name: &'a str,
    /// Its format.
    pub format: &'a str,
    /// Its records.
    pub records: u64,
    /// Those of them that could not be read.
    pub bad: u64,
}

/// A post that a case rests on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cited {
    /// When it was written.
    pub at: Option<Timestamp>,
    /// What is advised for it.
    pub action: Action,
    /// Its categories.
    pub categories: Vec<Arc<str>>,
    /// Who wrote it.
    pub author: Option<Arc<str>>,
    /// Whom it names or answers.
    pub targets: Vec<Arc<str>>,
    /// Its words, where a person asked to see them on the page.
    pub words: Option<String>,
}

/// A policy that judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedBy {
    /// Its name.
    pub id: Arc<str>,
    /// Its version.
    pub version: String,
    /// Its category; none when it only lends signals or holds ladders.
    pub category: Option<Arc<str>>,
    /// One line for people.
    pub title: Bilingual,
}

impl JudgedBy {
    /// The policies of a pack, by id.
    #[must_use]
    pub fn all(pack: &Pack) -> Vec<Self> {
        let named = pack.policies.iter().map(|policy| Self {
            id: policy.id.clone(),
            version: policy.version.clone(),
            category: policy.category.clone(),
            title: policy.title.clone(),
        });
        named.collect()
    }
}

/// A day in UTC: days since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(pub i64);

impl Day {
    const MILLIS: i64 = 86_400_000;

    /// The day of an instant.
    #[must_use]
    pub const fn of(at: Timestamp) -> Self {
        Self(at.millis().div_euclid(Self::MILLIS))
    }

    /// When it begins.
    #[must_use]
    pub fn begins(self) -> Timestamp {
        Timestamp::from_millis(self.0.saturating_mul(Self::MILLIS)).unwrap_or_default()
    }
}
