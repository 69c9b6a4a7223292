//! One submitted item.

use super::Attribute;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One submitted item, as the forum tells it. Only the text is required.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Post<'a> {
    /// The forum's id of it.
    pub id: Cow<'a, str>,
    /// What was written.
    pub text: Cow<'a, str>,
    /// The account that posted it.
    pub author: Option<Cow<'a, str>>,
    /// The thread it stands in.
    pub thread: Option<Cow<'a, str>>,
    /// The board, server or site.
    pub community: Option<Cow<'a, str>>,
    /// Whom it is aimed at, as far as the forum knows.
    pub targets: Vec<Cow<'a, str>>,
    /// The post it answers.
    pub reply_to: Option<Cow<'a, str>>,
    /// Who wrote the post it answers.
    pub reply_to_author: Option<Cow<'a, str>>,
    /// BCP 47 tag of its language, as far as the forum knows.
    pub lang: Option<Cow<'a, str>>,
    /// When it was posted, RFC 3339.
    pub at: Option<Cow<'a, str>>,
    /// Which edit of the post this is.
    pub revision: Option<u64>,
    /// Whether the forum says that it was deleted since.
    pub is_deleted: bool,
    /// Further facts (`author_age`, `first_post`, scores of other classifiers), by dotted path.
    pub attrs: BTreeMap<String, Attribute>,
}

impl<'a> Post<'a> {
    /// A post of which only the text is known.
    #[must_use]
    pub fn of_text(text: impl Into<Cow<'a, str>>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }
}
