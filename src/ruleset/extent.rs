//! How much of what a pack looks for is worth finding while a post is judged.

/// How much is worth finding: the more of it, the fewer posts ask for it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Extent {
    /// What must stand before any rule fires.
    Gate,
    /// That, and all that the conditions of rules need.
    Needs,
    /// That, and all that counts once a condition holds: boosts, and what exceptions ask for.
    #[default]
    All,
}

/// One for each [`Extent`], each holding what those before it hold.
#[derive(Debug, Default)]
pub(super) struct ByExtent<T> {
    gate: T,
    needs: T,
    all: T,
}

impl<T> ByExtent<T> {
    pub(super) fn new(mut make: impl FnMut(Extent) -> T) -> Self {
        Self {
            gate: make(Extent::Gate),
            needs: make(Extent::Needs),
            all: make(Extent::All),
        }
    }

    #[inline(always)]
    pub(super) fn of(&self, extent: Extent) -> &T {
        match extent {
            Extent::Gate => &self.gate,
            Extent::Needs => &self.needs,
            Extent::All => &self.all,
        }
    }
}
