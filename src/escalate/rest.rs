//! Climbs of a subject that nothing is counted of any more, small: most of those that are remembered
//! rest, and what was told of them is only read again when they wake or when people ask.

use super::climb::Climb;
use super::keep::{Change, Keep, Keeper, Kept};

/// The climbs of one subject, as bytes: a tenth of what they take awake.
#[derive(Clone, Debug)]
pub(super) struct Rested(Box<[u8]>);

impl Rested {
    /// Puts climbs to rest. None of them stands on a rung, or counts anything.
    pub(super) fn new(climbs: &[Climb]) -> Self {
        let (mut keeper, mut bytes) = (Keeper::default(), Vec::new());
        climbs.to_vec().keep(&mut keeper);
        keeper.finish(&mut bytes);
        Self(bytes.into_boxed_slice())
    }

    /// As they were.
    pub(super) fn climbs(&self) -> Vec<Climb> {
        // INVARIANT: the bytes are those of `new`.
        let same = Change::default();
        let kept = Kept::begin(&self.0, &same);
        kept.and_then(|mut from| Vec::take(&mut from))
            .unwrap_or_default()
    }
}

/// Kept awake: ids and names may be others when it is taken back.
impl Keep for Rested {
    fn keep(&self, to: &mut Keeper) {
        self.climbs().keep(to);
    }

    fn take(from: &mut Kept<'_>) -> Option<Self> {
        let climbs: Vec<Climb> = Vec::take(from)?;
        Some(Self::new(&climbs))
    }
}
