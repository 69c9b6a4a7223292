//! Climbs of a subject that nothing is counted of any more, small: most of those that are remembered
//! rest, and what was told of them is only read again when they wake or when people ask.

use super::climb::{Climb, RawFinding, RawStep};
use crate::model::Timestamp;
use serde::{Deserialize, Serialize};

/// The climbs of one subject, as bytes: a tenth of what they take awake.
#[derive(Clone, Debug)]
pub(super) struct Rested(Box<[u8]>);

/// What stays of a climb that stands on no rung and counts nothing.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Remains {
    pub(super) active: Option<Timestamp>,
    pub(super) steps: Vec<RawStep>,
    pub(super) forgotten: usize,
    pub(super) findings: Vec<RawFinding>,
    pub(super) are_past: bool,
}

impl Rested {
    /// Puts climbs to rest. None of them stands on a rung.
    pub(super) fn new(climbs: Vec<Climb>) -> Self {
        let remains: Vec<Remains> = climbs.into_iter().map(Climb::remains).collect();
        // Writing to memory can't fail.
        let bytes = postcard::to_allocvec(&remains).unwrap_or_default();
        Self(bytes.into_boxed_slice())
    }

    /// As they were.
    pub(super) fn climbs(&self) -> Vec<Climb> {
        // INVARIANT: the bytes are those of `new`.
        let remains: Vec<Remains> = postcard::from_bytes(&self.0).unwrap_or_default();
        remains.into_iter().map(Climb::of_remains).collect()
    }
}

/// Shared hits, each written where it is used.
pub(super) mod hits {
    use crate::escalate::hit::Hit;
    use serde::{Deserialize, Deserializer, Serializer};
    use std::sync::Arc;

    pub(in crate::escalate) fn serialize<S: Serializer>(
        hits: &[Arc<Hit>],
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.collect_seq(hits.iter().map(AsRef::as_ref))
    }

    pub(in crate::escalate) fn deserialize<'d, D: Deserializer<'d>>(
        from: D,
    ) -> Result<Vec<Arc<Hit>>, D::Error> {
        let hits: Vec<Hit> = Vec::deserialize(from)?;
        Ok(hits.into_iter().map(Arc::new).collect())
    }
}

/// Shared texts, likewise.
pub(super) mod text {
    use serde::{Deserialize, Deserializer, Serializer};
    use std::sync::Arc;

    pub(in crate::escalate) fn serialize<S: Serializer>(
        text: &str,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        to.serialize_str(text)
    }

    pub(in crate::escalate) fn deserialize<'d, D: Deserializer<'d>>(
        from: D,
    ) -> Result<Arc<str>, D::Error> {
        Ok(String::deserialize(from)?.into())
    }
}
