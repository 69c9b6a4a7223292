//! What is forgotten: what nothing looks back to any more, what is older than it may be kept, and what there is
//! no room for.

use super::{Known, State, Tracks, paths};
use crate::escalate::hit::Id;
use crate::model::{Span, Subject, Timestamp};

/// After fewer happenings nothing is worth forgetting.
pub(super) const CROWDED_MIN: usize = 16_384;

/// Subjects that are looked at for each happening, over time: some two microseconds.
const SUBJECTS_LOOKED_AT: usize = 32;

impl State {
    /// Forgets what happened before an instant. A case that stands keeps its rung and its steps.
    pub fn forget_before(&mut self, cutoff: Timestamp) {
        for track in self.tracks.values_mut() {
            let paths = paths(&self.escalation, &self.routes, track.subject.kind);
            track.forget_before(cutoff, &paths);
        }
        self.tracks.retain(|_, track| {
            let last = track.last().max(track.last_step());
            track.stands() || last.is_some_and(|last| last >= cutoff)
        });
        self.forget_posts(cutoff);
    }

    /// Forgets posts that are older and that no subject remembers.
    fn forget_posts(&mut self, cutoff: Timestamp) {
        let tracks = &self.tracks;
        self.posts
            .retain(|_, known| known.last >= cutoff || known.is_held(tracks));
    }

    /// Forgets what nothing looks back to any more, each time that enough has happened to be worth it:
    /// what subjects count weighs ten times what stays of those that rest.
    pub(super) fn forget_when_crowded(&mut self) {
        let has_room = self.tracks.len() < self.full && self.posts.len() < self.bounds.subjects;
        if self.since < self.crowded && has_room {
            return;
        }
        self.since = 0;
        let cutoff = self.now.before(self.horizon);
        for track in self.tracks.values_mut() {
            let paths = paths(&self.escalation, &self.routes, track.subject.kind);
            track.pass(self.now.before(self.bounds.lateness), &paths);
            track.forget(cutoff, &paths);
        }
        self.tracks.retain(|_, track| {
            track.has_history() || track.last().is_some_and(|last| last >= cutoff)
        });
        self.forget_posts(cutoff);
        if self.posts.len() >= self.bounds.subjects {
            self.drop_oldest();
        }
        if self.tracks.len() >= self.bounds.subjects {
            self.drop_quietest();
        }
        self.crowded = CROWDED_MIN.max(self.tracks.len() / SUBJECTS_LOOKED_AT);
        // Those that stand on rungs stay: then there is less and less to win by looking.
        self.full = self.bounds.subjects.max(self.tracks.len() / 10 * 11);
    }

    /// Forgets the oldest posts, whoever stands on a rung for them, until a tenth of the room is free.
    fn drop_oldest(&mut self) {
        let (before, subjects) = (self.posts.len(), self.tracks.len());
        let many = before.saturating_sub(self.bounds.subjects / 10 * 9).max(1);
        let mut last: Vec<Timestamp> = self.posts.values().map(|known| known.last).collect();
        let (_, oldest, _) = last.select_nth_unstable(many - 1);
        self.forget_before(oldest.after(Span::of_millis(1)));
        self.dropped_posts += (before - self.posts.len()) as u64;
        self.dropped += (subjects - self.tracks.len()) as u64;
    }

    /// Drops subjects that stand on no rung, those that were quiet longest first, until a tenth of the
    /// room is free.
    fn drop_quietest(&mut self) {
        let mut quiet: Vec<(Option<Timestamp>, Subject, Id)> = self
            .tracks
            .iter()
            .filter(|(_, track)| !track.stands())
            .map(|(key, track)| (track.last(), track.subject.clone(), *key))
            .collect();
        quiet.sort();
        let room = self.bounds.subjects / 10 * 9;
        let many = self.tracks.len().saturating_sub(room);
        for (_, _, key) in quiet.into_iter().take(many) {
            self.tracks.remove(&key);
            self.dropped += 1;
        }
    }
}

impl Known {
    /// Whether a subject still remembers its hit.
    fn is_held(&self, tracks: &Tracks) -> bool {
        self.hit.as_ref().is_some_and(|hit| {
            let mut subjects = hit.subjects();
            subjects.any(|key| tracks.get(&key).is_some_and(|track| track.remembers(hit)))
        })
    }
}
