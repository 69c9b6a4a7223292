//! The names by which exports know the fields of a post. Tables and JSON share them.

use super::times;
use crate::model::Post;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::sync::LazyLock;

/// A field of a post that a column may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Id,
    Text,
    Author,
    Thread,
    Community,
    Targets,
    ReplyTo,
    ReplyToAuthor,
    Lang,
    At,
    Revision,
}

/// The names of each field, best first: in a table that has several, the first one is taken. Written
/// without capitals, `_`, `-` and blanks, as they are compared.
const NAMES: [(Field, &str); 11] = [
    (Field::Id, "id postid messageid commentid"),
    (
        Field::Text,
        "text body content message comment post raw selftext posttext messagetext commenttext \
         messagebody texte contenu commentaire",
    ),
    (
        Field::Author,
        "author username user authorname screenname nickname nick poster sender from auteur pseudo \
         authorid userid posterid",
    ),
    (
        Field::Thread,
        "thread threadid topic topicid discussion discussionid conversation conversationid linkid \
         sujet fil",
    ),
    (
        Field::Community,
        "community forum board subreddit category channel group server forumid categoryid \
         channelid guildid catégorie",
    ),
    (Field::Targets, "targets mentions"),
    (
        Field::ReplyTo,
        "replyto replytoid inreplyto inreplytoid inreplytostatusid parentid parent",
    ),
    (
        Field::ReplyToAuthor,
        "replytoauthor replytouser replytousername inreplytouser inreplytoscreenname",
    ),
    (Field::Lang, "lang language locale langue"),
    (
        Field::At,
        "at createdat created createdutc date timestamp datetime time postedat publishedat published \
         posttime",
    ),
    (Field::Revision, "revision version"),
];

/// The longest name, in bytes.
const NAME_BYTES_MAX: usize = 24;

static FIELDS: LazyLock<FxHashMap<&'static [u8], (Field, u8)>> = LazyLock::new(|| {
    let names = NAMES.iter().flat_map(|(field, names)| {
        let ranked = (0..).zip(names.split_whitespace());
        ranked.map(|(rank, name)| (name.as_bytes(), (*field, rank)))
    });
    names.collect()
});

/// The field of this name, and how good a name it is: 0 is the best.
pub(super) fn field(name: &str) -> Option<(Field, u8)> {
    let mut plain = [0; NAME_BYTES_MAX];
    let mut length = 0;
    for byte in name.trim().bytes() {
        if !matches!(byte, b'_' | b'-' | b' ') {
            *plain.get_mut(length)? = byte.to_ascii_lowercase();
            length += 1;
        }
    }
    FIELDS.get(plain.get(..length)?).copied()
}

/// Which columns of a table hold which fields.
#[derive(Debug)]
pub(super) struct Columns {
    /// For each column the field that it holds.
    pub(super) fields: Vec<Option<Field>>,
    told: String,
}

impl Columns {
    /// The columns under these names. None when none of them holds a text.
    pub(super) fn named<'n>(names: impl Iterator<Item = &'n str> + Clone) -> Option<Self> {
        let known: Vec<Option<(Field, u8)>> = names.clone().map(field).collect();
        let is_best = |(wanted, rank): (Field, u8), at: usize| {
            let others = known.iter().enumerate();
            let mut same = others.filter_map(|(other, it)| match it {
                Some((field, rank)) if *field == wanted => Some((*rank, other)),
                _ => None,
            });
            same.all(|other| (rank, at) <= other)
        };
        let taken = known
            .iter()
            .enumerate()
            .map(|(at, it)| it.filter(|it| is_best(*it, at)).map(|(field, _)| field));
        let fields: Vec<Option<Field>> = taken.collect();
        fields.contains(&Some(Field::Text)).then(|| Self {
            told: told(&fields, names),
            fields,
        })
    }

    /// Which columns were taken. Only names that we know ourselves are repeated: in a table without
    /// a header, the first row is a post.
    pub(super) fn told(&self) -> String {
        self.told.clone()
    }
}

fn told<'n>(fields: &[Option<Field>], names: impl Iterator<Item = &'n str>) -> String {
    let mut taken: Vec<(Field, &str)> = fields
        .iter()
        .zip(names)
        .filter_map(|(field, name)| field.map(|field| (field, name.trim())))
        .collect();
    taken.sort_unstable();
    let left = fields.len() - taken.len();
    let taken = taken.iter().map(|(field, name)| match field.name() {
        plain if plain == *name => plain.to_owned(),
        plain => format!("{plain} from {name}"),
    });
    let taken: Vec<String> = taken.collect();
    let left = match left {
        0 => String::new(),
        1 => "; 1 column is not used".to_owned(),
        left => format!("; {left} columns are not used"),
    };
    format!("columns: {}{left}", taken.join(", "))
}

impl Field {
    /// As the JSON contract calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Text => "text",
            Self::Author => "author",
            Self::Thread => "thread",
            Self::Community => "community",
            Self::Targets => "targets",
            Self::ReplyTo => "reply_to",
            Self::ReplyToAuthor => "reply_to_author",
            Self::Lang => "lang",
            Self::At => "at",
            Self::Revision => "revision",
        }
    }

    /// Lays a value into a post.
    pub(super) fn fill<'a>(self, post: &mut Post<'a>, value: Cow<'a, str>) {
        if value.is_empty() {
            return;
        }
        match self {
            Self::Id => post.id = value,
            Self::Text => post.text = value,
            Self::Author => post.author = author(value),
            Self::Thread => post.thread = Some(value),
            Self::Community => post.community = Some(value),
            Self::Targets => post.targets = targets(&value),
            Self::ReplyTo => post.reply_to = Some(value),
            Self::ReplyToAuthor => post.reply_to_author = author(value),
            Self::Lang => post.lang = Some(value),
            Self::At => post.at = Some(times::of_text(value)),
            Self::Revision => post.revision = value.trim().parse().ok(),
        }
    }
}

/// Names in one cell, with or without `@`.
fn targets<'a>(value: &str) -> Vec<Cow<'a, str>> {
    let names = value.split([',', ';', ' ', '|']);
    let names = names.map(|name| name.trim().trim_start_matches('@'));
    let names = names.filter(|name| !name.is_empty());
    names.map(|name| Cow::Owned(name.to_owned())).collect()
}

/// An author, unless it only says that there is none any more.
pub(super) fn author(name: Cow<'_, str>) -> Option<Cow<'_, str>> {
    (!name.is_empty() && !is_gone(&name)).then_some(name)
}

/// A post, unless no words are left of it.
pub(super) fn with_words(post: Post<'_>) -> Option<Post<'_>> {
    (!is_gone(&post.text)).then_some(post)
}

/// Whether a text is empty, or stands where one was.
pub(super) fn is_gone(text: &str) -> bool {
    matches!(
        text.trim(),
        "" | "[deleted]" | "[removed]" | "[deleted by user]" | "[ Removed by Reddit ]"
    )
}

#[cfg(test)]
mod tests {
    use super::{Columns, FIELDS, Field, NAME_BYTES_MAX, NAMES, field};

    #[test]
    fn names_stand_once_and_as_they_are_compared() {
        let written = NAMES.iter().flat_map(|(_, names)| names.split_whitespace());
        assert_eq!(written.clone().count(), FIELDS.len());
        for name in written {
            assert!(name.len() <= NAME_BYTES_MAX, "{name}");
            assert!(field(name).is_some(), "{name}");
        }
    }

    #[test]
    fn spellings_do_not_matter() {
        for name in ["created_at", "createdAt", "Created At", " CREATED-AT "] {
            assert_eq!(field(name).map(|it| it.0), Some(Field::At), "{name}");
        }
        assert_eq!(field(&"x".repeat(999)), None);
    }

    #[test]
    fn the_best_column_is_taken() {
        let names = ["Body", "user", "text", "username", "x", "user"];
        let columns = Columns::named(names.into_iter()).unwrap();
        let (text, author) = (Some(Field::Text), Some(Field::Author));
        assert_eq!(columns.fields, [None, None, text, author, None, None]);
        let told = "columns: text, author from username; 4 columns are not used";
        assert_eq!(columns.told(), told);
        assert!(Columns::named(["a", "author"].into_iter()).is_none());
    }
}
