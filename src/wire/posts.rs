//! What a forum sends to be judged: one post, or several together.

use super::post::{Fill, PostError, explain};
use crate::model::Post;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// What was sent.
#[derive(Clone, Debug, PartialEq)]
pub enum Submission<'a> {
    /// `{"text":…}`
    One(Box<Post<'a>>),
    /// `{"posts":[…]}`
    Many(Vec<Post<'a>>),
}

/// Why it can't be judged. Holds no word of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SubmissionError {
    /// It is not JSON.
    NotJson(PostError),
    /// A post is none. Of several: which, from 0.
    NoPost(Option<usize>, PostError),
    /// There are more posts than allowed.
    TooMany,
}

/// Reads one post, or up to `most` of them under `posts`.
///
/// # Errors
/// It is no JSON, a post is none, or there are too many.
pub fn submission_from_json(text: &str, most: usize) -> Result<Submission<'_>, SubmissionError> {
    let mut read = Reading {
        posts: Vec::new(),
        most,
        has_list: false,
        is_full: false,
    };
    let result = match starts_with_posts(text) {
        true => batch(text, &mut read),
        false => match one(text) {
            Ok(post) => return Ok(Submission::One(post)),
            Err(error) => {
                // `{"note":…,"posts":[…]}` is a batch too.
                let is_batch = error.is_data() && batch(text, &mut read).is_ok() && read.has_list;
                if is_batch { Ok(()) } else { Err(error) }
            }
        },
    };
    match result {
        Ok(()) => Ok(Submission::Many(read.posts)),
        Err(_) if read.is_full => Err(SubmissionError::TooMany),
        Err(error) if error.is_data() => {
            let index = read.has_list.then_some(read.posts.len());
            Err(SubmissionError::NoPost(index, explain(text, &error)))
        }
        Err(error) => Err(SubmissionError::NotJson(explain(text, &error))),
    }
}

fn one(text: &str) -> serde_json::Result<Box<Post<'_>>> {
    let mut post = Box::<Post<'_>>::default();
    let mut json = serde_json::Deserializer::from_str(text);
    json.deserialize_map(Fill(&mut post))?;
    json.end()?;
    Ok(post)
}

fn batch<'a>(text: &'a str, read: &mut Reading<'a>) -> serde_json::Result<()> {
    let mut json = serde_json::Deserializer::from_str(text);
    json.deserialize_map(Batch(read))?;
    json.end()
}

/// Whether the first key is `posts`: then nothing is read twice.
fn starts_with_posts(text: &str) -> bool {
    let inside = text.trim_start().strip_prefix('{');
    inside.is_some_and(|inside| inside.trim_start().starts_with(r#""posts""#))
}

struct Reading<'a> {
    posts: Vec<Post<'a>>,
    most: usize,
    has_list: bool,
    is_full: bool,
}

struct Batch<'r, 'a>(&'r mut Reading<'a>);

impl<'de: 'a, 'a> Visitor<'de> for Batch<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("posts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<std::borrow::Cow<'de, str>>()? {
            match &*key {
                "posts" if self.0.has_list => {
                    return Err(A::Error::duplicate_field("posts"));
                }
                "posts" => {
                    self.0.has_list = true;
                    map.next_value_seed(List(self.0))?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        match self.0.has_list {
            true => Ok(()),
            false => Err(A::Error::missing_field("text")),
        }
    }
}

struct List<'r, 'a>(&'r mut Reading<'a>);

impl<'de: 'a, 'a> DeserializeSeed<'de> for List<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de: 'a, 'a> Visitor<'de> for List<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of posts")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        loop {
            let mut post = Post::default();
            if list.next_element_seed(Item(&mut post))?.is_none() {
                return Ok(());
            }
            if self.0.posts.len() == self.0.most {
                self.0.is_full = true;
                return Err(A::Error::custom("too many"));
            }
            self.0.posts.push(post);
        }
    }
}

struct Item<'p, 'a>(&'p mut Post<'a>);

impl<'de: 'a, 'a> DeserializeSeed<'de> for Item<'_, 'a> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(Fill(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::{Submission, SubmissionError, submission_from_json};

    #[test]
    fn one_post_or_several_or_why_not() {
        let cases = [
            (r#"{"text":"a"}"#, "one"),
            (r#"{"posts":[]}"#, "0 posts"),
            (
                r#" { "posts" : [{"text":"a"},{"id":7,"text":"b"}] }"#,
                "2 posts",
            ),
            (
                r#"{"from":"import","posts":[{"text":"a"}],"x":[1]}"#,
                "1 posts",
            ),
            // A post may have a field of that name, which we don't know.
            (r#"{"text":"a","posts":[1]}"#, "one"),
            (
                r#"{"posts":[{"text":"a"},{"id":1}]}"#,
                "no post at 1: a post needs a `text`",
            ),
            (
                r#"{"posts":[{"text":"a"},7]}"#,
                "no post at 1: a field is not of the type that the contract says",
            ),
            (
                r#"{"posts":7}"#,
                "no post at 0: a field is not of the type that the contract says",
            ),
            (
                r#"{"posts":[],"posts":[]}"#,
                "no post at 0: a field stands twice",
            ),
            (
                r#"{"posts":[{"text":"a"},{"text":"a"},{"text":"a"},{"text":"a"}]}"#,
                "too many",
            ),
            (r#"{"id":1}"#, "no post: a post needs a `text`"),
            (
                r#"{"text":"\ud800"}"#,
                "not JSON: a `\\u` escape stands for no character (half of a surrogate pair?)",
            ),
            (
                r#"{"posts":[{"text":"a"}"#,
                "not JSON: the JSON ends in the middle",
            ),
            (r#"[{"text":"a"}]"#, "no post: a post is a JSON object"),
            (r#"{"text":"a"} {"#, "not JSON: this is not JSON"),
            ("", "not JSON: an empty line is no post"),
        ];
        for (text, expected) in cases {
            let read = match submission_from_json(text, 3) {
                Ok(Submission::One(_)) => "one".to_owned(),
                Ok(Submission::Many(posts)) => format!("{} posts", posts.len()),
                Err(SubmissionError::NotJson(wrong)) => format!("not JSON: {}", wrong.what),
                Err(SubmissionError::NoPost(None, wrong)) => format!("no post: {}", wrong.what),
                Err(SubmissionError::NoPost(Some(at), wrong)) => {
                    format!("no post at {at}: {}", wrong.what)
                }
                Err(SubmissionError::TooMany) => "too many".to_owned(),
            };
            assert_eq!(read, expected, "{text}");
        }
    }
}
