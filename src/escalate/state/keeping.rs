//! State between runs: as bytes and back, under other policies, without a subject's id.

use super::{Known, State, Told, paths};
use crate::escalate::hit::Id;
use crate::escalate::keep::{Change, Keep, Keeper, Kept, fields};
use crate::escalate::names::Names;
use crate::escalate::state::Bounds;
use crate::model::{Subject, SubjectKind};
use crate::policy::Escalation;
use std::sync::Arc;

fields!(Known {
    posted,
    is_deleted,
    answered,
    outcome,
    hit,
    last
});
fields!(Told { revision, hit });

impl State {
    /// Puts all there is behind what `out` holds, as bytes that [`State::load`] reads.
    pub fn save(&self, out: &mut Vec<u8>) {
        let mut to = Keeper::default();
        self.seed.keep(&mut to);
        self.now.keep(&mut to);
        self.crowded.keep(&mut to);
        self.full.keep(&mut to);
        self.dropped.keep(&mut to);
        self.tracks.keep(&mut to);
        self.posts.keep(&mut to);
        to.finish(out);
    }

    /// State as it was saved, with the policies it was saved under. None: these bytes were never
    /// saved.
    #[must_use]
    pub fn load(bytes: &[u8], escalation: Arc<Escalation>, bounds: Bounds) -> Option<Self> {
        Self::load_changed(bytes, escalation, bounds, &Change::default())
    }

    fn load_changed(
        bytes: &[u8],
        escalation: Arc<Escalation>,
        bounds: Bounds,
        change: &Change,
    ) -> Option<Self> {
        let mut from = Kept::begin(bytes, change)?;
        let mut state = Self::new(escalation, bounds, u64::take(&mut from)?);
        state.now = Keep::take(&mut from)?;
        state.crowded = Keep::take(&mut from)?;
        state.full = usize::take(&mut from)?.max(bounds.subjects);
        state.dropped = Keep::take(&mut from)?;
        state.tracks = Keep::take(&mut from)?;
        state.posts = Keep::take(&mut from)?;
        from.is_done().then_some(state)
    }

    fn changed(
        &self,
        escalation: &Arc<Escalation>,
        bounds: Bounds,
        change: &Change,
    ) -> Option<Self> {
        let mut bytes = Vec::new();
        self.save(&mut bytes);
        Self::load_changed(&bytes, Arc::clone(escalation), bounds, change)
    }

    /// Goes on under other policies. What is remembered of hits is counted again by them, under the
    /// names that both know; what was counted for good stays, by the names of ladders and rungs.
    pub fn adopt(&mut self, escalation: &Arc<Escalation>, bounds: Bounds) {
        let is_same = *self.escalation == **escalation;
        if is_same && self.bounds == bounds {
            self.escalation = Arc::clone(escalation);
            return;
        }
        let change = Change {
            renamed: None,
            names: (!is_same).then(|| Names::new(&self.escalation, escalation)),
        };
        // What was just saved can be read.
        let Some(mut state) = self.changed(escalation, bounds, &change) else {
            return;
        };
        let names = change.names.iter();
        names.for_each(|names| {
            state
                .tracks
                .values_mut()
                .for_each(|track| track.carry(names))
        });
        state.count_again();
        *self = state;
    }

    /// Counts all subjects, and tells the places of targets which rungs these reached.
    fn count_again(&mut self) {
        let tracks = self.tracks.iter();
        let targets = tracks.filter(|(_, track)| track.subject.kind == SubjectKind::Target);
        let targets: Vec<Id> = targets.map(|(key, _)| *key).collect();
        for key in targets {
            if let Some(track) = self.tracks.get_mut(&key) {
                let paths = paths(&self.escalation, &self.routes, SubjectKind::Target);
                track.settle(&paths);
            }
            self.tell_rungs(key);
        }
        for track in self.tracks.values_mut() {
            let paths = paths(&self.escalation, &self.routes, track.subject.kind);
            track.settle(&paths);
        }
    }

    /// A subject is called otherwise from now on: nothing remembers its id. Whether it was known.
    pub fn rename(&mut self, kind: SubjectKind, id: &str, instead: &str) -> bool {
        let old = Id::of_subject(self.seed, kind, id);
        let new = Id::of_subject(self.seed, kind, instead);
        let change = Change {
            renamed: Some((old, new)),
            names: None,
        };
        let Some(mut state) = self.changed(&self.escalation, self.bounds, &change) else {
            return false;
        };
        let track = state.tracks.get_mut(&new);
        let is_known = track.is_some();
        if let Some(track) = track {
            let id = instead.into();
            track.subject = Subject { kind, id };
        }
        *self = state;
        is_known
    }

    /// How many posts are known.
    #[must_use]
    pub fn posts(&self) -> usize {
        self.posts.len()
    }

    /// What ids are hashed with.
    #[must_use]
    pub fn seed(&self) -> u64 {
        self.seed
    }
}
