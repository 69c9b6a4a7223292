//! What the journal keeps of a record, as bytes whose own order is the order of what happened.
//!
//! ```text
//! when ─ what ─ length of the id ─ id ─ revision │ action ─ points │ body ─ line
//! └───────────── who it is ─────────────────────┘ └ which counts ┘
//! ```
//!
//! Sorting entries as bytes puts them in event time, those without a time last, and the tellings of
//! one post beside each other, the one that counts behind the others.

use crate::model::{Action, Outcome, SubjectKind, Timestamp};
use serde::{Deserialize, Serialize};

/// What a record tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// A post was deleted.
    Deleted,
    /// The platform did something about a post.
    Answered(Outcome),
    /// A person closed the cases of a subject.
    Closed(SubjectKind),
    /// A post.
    Posted,
}

/// What the journal keeps of a record.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Entry<'a> {
    /// When; none: nobody knows.
    pub(super) at: Option<Timestamp>,
    pub(super) what: What,
    /// Of the post; or of the subject whose cases were closed.
    pub(super) id: &'a str,
    /// Which edit of the post; 0 unless told.
    pub(super) revision: u64,
    pub(super) action: Action,
    /// Of all categories together.
    pub(super) points: u32,
    pub(super) body: Body<'a>,
    /// The finished decision; empty when it is not wanted.
    pub(super) line: &'a [u8],
}

/// What is kept of a post besides.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Body<'a> {
    /// The kinds of hits, as bits.
    pub(super) kinds: u64,
    pub(super) author: Option<&'a str>,
    pub(super) thread: Option<&'a str>,
    pub(super) community: Option<&'a str>,
    #[serde(borrow)]
    pub(super) categories: Vec<&'a str>,
    /// Rules in shadow that fired.
    #[serde(borrow)]
    pub(super) shadow: Vec<&'a str>,
    pub(super) targets: Vec<String>,
    /// Whether it was too long to be judged whole.
    pub(super) is_cut: bool,
    /// Its words, where a person asked for them.
    pub(super) words: Option<&'a str>,
}

const WHEN_BYTES: usize = 8;
const LENGTH_BYTES: usize = 4;

impl What {
    /// At one instant things happen in this order.
    const fn order(self) -> u8 {
        match self {
            Self::Deleted => 0,
            Self::Answered(_) => 1,
            Self::Closed(_) => 2,
            Self::Posted => POSTED,
        }
    }

    /// Which of its kind it is.
    fn which(self) -> u8 {
        let place = match self {
            Self::Deleted | Self::Posted => None,
            Self::Answered(outcome) => Outcome::ALL.iter().position(|other| *other == outcome),
            Self::Closed(kind) => SubjectKind::ALL.iter().position(|other| *other == kind),
        };
        place.and_then(|at| u8::try_from(at).ok()).unwrap_or(0)
    }

    fn read(order: u8, which: u8) -> Option<Self> {
        let which = usize::from(which);
        match order {
            0 => Some(Self::Deleted),
            1 => Outcome::ALL.get(which).copied().map(Self::Answered),
            2 => SubjectKind::ALL.get(which).copied().map(Self::Closed),
            POSTED => Some(Self::Posted),
            _ => None,
        }
    }
}

const POSTED: u8 = 3;

impl<'a> Entry<'a> {
    /// An entry that is no post.
    pub(super) fn event(what: What, id: &'a str, at: Option<Timestamp>) -> Self {
        Self {
            at,
            what,
            id,
            revision: 0,
            action: Action::Allow,
            points: 0,
            body: Body::default(),
            line: &[],
        }
    }

    /// Puts its bytes behind those that are there.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        // Flipping the sign makes the order of bytes that of numbers.
        let when = self.at.map_or(u64::MAX, |at| {
            at.millis().cast_unsigned() ^ (1 << (u64::BITS - 1))
        });
        out.extend_from_slice(&when.to_be_bytes());
        out.push(self.what.order());
        let length = u32::try_from(self.id.len()).unwrap_or(u32::MAX);
        out.extend_from_slice(&length.to_be_bytes());
        out.extend_from_slice(self.id.as_bytes());
        out.extend_from_slice(&self.revision.to_be_bytes());
        out.push(place(self.action));
        out.extend_from_slice(&self.points.to_be_bytes());
        out.push(self.what.which());
        if self.what == What::Posted {
            // Writing to memory can't fail.
            if let Ok(body) = postcard::to_allocvec(&self.body) {
                out.extend_from_slice(&body);
            }
            out.extend_from_slice(self.line);
        }
    }

    /// Reads it back; none when the bytes are no entry.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (when, rest) = bytes.split_first_chunk::<WHEN_BYTES>()?;
        let (order, rest) = rest.split_first()?;
        let (length, rest) = rest.split_first_chunk::<LENGTH_BYTES>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (id, rest) = rest.split_at_checked(length)?;
        let (revision, rest) = rest.split_first_chunk::<8>()?;
        let (action, rest) = rest.split_first()?;
        let (points, rest) = rest.split_first_chunk::<4>()?;
        let (which, rest) = rest.split_first()?;
        let what = What::read(*order, *which)?;
        let (body, line) = match what {
            What::Posted => postcard::take_from_bytes(rest).ok()?,
            What::Deleted | What::Answered(_) | What::Closed(_) => (Body::default(), rest),
        };
        let millis = u64::from_be_bytes(*when);
        let at = (millis != u64::MAX).then_some(millis ^ (1 << (u64::BITS - 1)));
        Some(Self {
            at: at.and_then(|millis| Timestamp::from_millis(millis.cast_signed())),
            what,
            id: std::str::from_utf8(id).ok()?,
            revision: u64::from_be_bytes(*revision),
            action: Action::ALL.get(usize::from(*action)).copied()?,
            points: u32::from_be_bytes(*points),
            body,
            line,
        })
    }
}

/// How severe an action is.
pub(super) fn place(action: Action) -> u8 {
    let place = Action::ALL.iter().position(|other| *other == action);
    place.and_then(|at| u8::try_from(at).ok()).unwrap_or(0)
}

/// The bytes that two tellings of one edit of a post, at one instant, share. Other happenings are
/// told again only when all their bytes are the same.
pub(super) fn identity(bytes: &[u8]) -> &[u8] {
    let is_post = bytes.get(WHEN_BYTES) == Some(&POSTED);
    let length = bytes
        .get(WHEN_BYTES + 1..)
        .and_then(|rest| rest.first_chunk::<LENGTH_BYTES>())
        .and_then(|length| usize::try_from(u32::from_be_bytes(*length)).ok());
    let end = length.map(|length| WHEN_BYTES + 1 + LENGTH_BYTES + length + 8);
    end.filter(|_| is_post)
        .and_then(|end| bytes.get(..end))
        .unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::{Body, Entry, What, identity};
    use crate::model::{Action, Outcome, SubjectKind, Timestamp};

    fn post<'a>(at: Option<&str>, id: &'a str, revision: u64, points: u32) -> Entry<'a> {
        Entry {
            at: at.and_then(Timestamp::parse),
            what: What::Posted,
            id,
            revision,
            action: Action::Review,
            points,
            body: Body {
                kinds: 5,
                author: Some("u1"),
                thread: None,
                community: Some("é"),
                categories: vec!["harassment.doxxing"],
                shadow: vec!["dox.new"],
                targets: vec!["u9".to_owned()],
                is_cut: false,
                words: None,
            },
            line: br#"{"post":"p1"}"#,
        }
    }

    fn bytes(entry: &Entry<'_>) -> Vec<u8> {
        let mut bytes = Vec::new();
        entry.write(&mut bytes);
        bytes
    }

    #[test]
    fn what_is_written_is_read() {
        let at = Timestamp::parse("1969-07-20T20:17:40Z");
        let entries = [
            post(Some("2026-03-01T12:00:00Z"), "p1", 0, 65),
            post(None, "", u64::MAX, 0),
            Entry::event(What::Deleted, "p1", at),
            Entry::event(What::Answered(Outcome::Overturned), "p1", at),
            Entry::event(What::Closed(SubjectKind::Community), "board", None),
        ];
        for entry in entries {
            assert_eq!(Entry::read(&bytes(&entry)).as_ref(), Some(&entry));
        }
        assert_eq!(Entry::read(b"short"), None);
    }

    #[test]
    fn bytes_stand_in_the_order_of_what_happened() {
        let at = Some("2026-03-01T12:00:00Z");
        let ordered = [
            post(Some("1969-07-20T20:17:40Z"), "p2", 0, 65),
            Entry::event(
                What::Deleted,
                "p7",
                Timestamp::parse("2026-03-01T12:00:00Z"),
            ),
            post(at, "p1", 0, 65),
            post(at, "p1", 0, 70),
            post(at, "p1", 1, 10),
            post(at, "p9", 0, 65),
            post(at, "p10", 0, 65),
            post(Some("2026-03-01T12:00:00.001Z"), "p0", 0, 0),
            post(None, "a:2", 0, 0),
            post(None, "a:10", 0, 0),
        ];
        let ordered: Vec<Vec<u8>> = ordered.iter().map(bytes).collect();
        assert!(ordered.is_sorted());
        let same: Vec<bool> = ordered
            .windows(2)
            .map(|pair| identity(&pair[0]) == identity(&pair[1]))
            .collect();
        let same: Vec<usize> = (0..same.len()).filter(|at| same[*at]).collect();
        assert_eq!(same, [2]);
    }
}
