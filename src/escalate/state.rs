//! All subjects, and the posts that speak of them.

mod forgetting;
mod keeping;

use super::case::{Changed, case_of, changes_of};
use super::climb::{Path, Route, paths};
use super::event::{Event, Posted};
use super::hit::{Hit, Id};
use super::track::Track;
use crate::limits::SUBJECTS_MAX;
use crate::model::{Case, Outcome, Span, Subject, SubjectKind, Timestamp};
use crate::policy::{Escalation, HitOf, KindId, Kinds, LadderId};
use rustc_hash::{FxHashMap, FxHashSet};
use std::convert::Infallible;
use std::sync::Arc;

/// How much is remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// How late a happening may be told and still lead to the same cases.
    pub lateness: Span,
    /// Subjects that are followed at once. Beyond, those go first that stand on no rung and were
    /// quiet longest. As many posts are remembered; beyond, the oldest go, and what they led to stays.
    pub subjects: usize,
}

impl Default for Bounds {
    fn default() -> Self {
        Self {
            lateness: Span::hours(72),
            subjects: SUBJECTS_MAX,
        }
    }
}

/// Cases, as a fold over what happened, in event time. The same happenings lead to the same cases in
/// whatever order they are told, once or three times.
#[derive(Debug)]
pub struct State {
    escalation: Arc<Escalation>,
    routes: Vec<(SubjectKind, Vec<Route>)>,
    bounds: Bounds,
    /// What ids are hashed with.
    seed: u64,
    /// How far back anything looks.
    horizon: Span,
    tracks: Tracks,
    posts: FxHashMap<Id, Known>,
    /// The latest instant that was told.
    now: Timestamp,
    /// Happenings since it was looked for what to forget.
    since: usize,
    /// After how many it is worth looking.
    crowded: usize,
    /// At how many subjects there is no more room.
    full: usize,
    /// Subjects that were forgotten for want of room.
    dropped: u64,
    /// Posts likewise, since state was begun or loaded.
    dropped_posts: u64,
}

/// What is known of a post.
#[derive(Debug, Default)]
struct Known {
    /// What it was when it was posted or edited last.
    posted: Option<Told>,
    is_deleted: bool,
    /// When the platform first said that it acted.
    answered: Option<Timestamp>,
    /// What it said last.
    outcome: Option<(Timestamp, Outcome)>,
    /// The hit that counts.
    hit: Option<Arc<Hit>>,
    /// When anything was last told of it.
    last: Timestamp,
}

/// A post as it was told last, whether or not it counts.
#[derive(Debug)]
struct Told {
    revision: u64,
    hit: Option<Arc<Hit>>,
}

impl State {
    /// No cases yet. `seed`: any number; where ids come from strangers, one they can't know.
    #[must_use]
    pub fn new(escalation: Arc<Escalation>, bounds: Bounds, seed: u64) -> Self {
        let of = |kind| {
            let ladders = escalation.ladders.iter().enumerate();
            let fit = ladders.filter(|(_, ladder)| ladder.subject == kind);
            let routes = fit.map(|(at, _)| Route::new(&escalation, LadderId(at)));
            (kind, routes.collect())
        };
        let routes = SubjectKind::ALL.into_iter().map(of).collect();
        let reach = escalation.measures.iter().map(|measure| measure.by.reach());
        let quiet = escalation
            .ladders
            .iter()
            .flat_map(|ladder| &ladder.rungs)
            .filter_map(|rung| rung.leave.quiet);
        let threads = escalation.kinds.iter().filter_map(|kind| kind.from_thread);
        let horizon = reach.chain(quiet).chain(threads).max().unwrap_or_default();
        Self {
            routes,
            escalation,
            bounds,
            seed,
            horizon: horizon.and(bounds.lateness),
            tracks: FxHashMap::default(),
            posts: FxHashMap::default(),
            now: Timestamp::FIRST,
            since: 0,
            crowded: forgetting::CROWDED_MIN,
            full: bounds.subjects,
            dropped: 0,
            dropped_posts: 0,
        }
    }

    /// Takes in something that happened. Answers where the subjects of a post stand now.
    pub fn apply(&mut self, event: Event<'_>) -> Vec<Changed> {
        let subjects = match event {
            Event::Posted(posted) => self.posted(posted),
            Event::Deleted { post, at } => {
                let known = self.known(post, at);
                known.is_deleted = true;
                self.review(post);
                Vec::new()
            }
            Event::Answered { post, outcome, at } => {
                self.answered(post, outcome, at);
                Vec::new()
            }
            Event::Closed { kind, id, at } => {
                self.closed(kind, id, at);
                Vec::new()
            }
        };
        self.forget_when_crowded();
        subjects
    }

    /// Time passes until an instant, for everybody.
    pub fn advance(&mut self, to: Timestamp) {
        self.now = self.now.max(to);
    }

    /// Every case, open or left, by kind, id and ladder, as of now.
    pub fn cases(&mut self) -> Vec<Case> {
        let mut cases: Vec<Case> = Vec::new();
        let _ = self.each_case(|case| {
            cases.push(case);
            Ok::<(), Infallible>(())
        });
        cases
    }

    /// Calls `see` with every case, in the same order, one at a time: they are many.
    ///
    /// # Errors
    /// The first that `see` answers.
    pub fn each_case<E>(&mut self, mut see: impl FnMut(Case) -> Result<(), E>) -> Result<(), E> {
        let tracks = self
            .tracks
            .iter()
            .filter(|(_, track)| track.may_have_history());
        let mut order: Vec<(Subject, Id)> = tracks
            .map(|(key, track)| (track.subject.clone(), *key))
            .collect();
        order.sort_unstable();
        for (subject, key) in order {
            let paths = paths(&self.escalation, &self.routes, subject.kind);
            let Some(track) = self.tracks.get_mut(&key) else {
                continue;
            };
            let mut cases = cases_of(track, &paths, self.now);
            cases.sort_by(|a, b| a.ladder.cmp(&b.ladder));
            cases.into_iter().try_for_each(&mut see)?;
        }
        Ok(())
    }

    /// The cases of one subject, as of now.
    pub fn cases_of(&mut self, kind: SubjectKind, id: &str) -> Vec<Case> {
        let key = Id::of_subject(self.seed, kind, id);
        let Some(track) = self.tracks.get_mut(&key) else {
            return Vec::new();
        };
        let paths = paths(&self.escalation, &self.routes, kind);
        cases_of(track, &paths, self.now)
    }

    /// The latest instant that was told.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// How many subjects are followed.
    #[must_use]
    pub fn subjects(&self) -> usize {
        self.tracks.len()
    }

    /// How many subjects were forgotten for want of room.
    #[must_use]
    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// How many posts were forgotten for want of room since state was begun or loaded.
    #[must_use]
    pub fn dropped_posts(&self) -> u64 {
        self.dropped_posts
    }

    fn known(&mut self, post: &str, at: Timestamp) -> &mut Known {
        self.now = self.now.max(at);
        self.since += 1;
        let known = self.posts.entry(Id::of_post(self.seed, post)).or_default();
        known.last = known.last.max(at);
        known
    }

    fn posted(&mut self, posted: Posted<'_>) -> Vec<Changed> {
        self.now = self.now.max(posted.at);
        let key = Id::of_post(self.seed, posted.post);
        // A post that isn't numbered is told for the first time, like one that is numbered so.
        let revision = posted.revision.max(1);
        let is_plain = posted.kinds.is_empty() && revision == 1;
        if is_plain && !self.posts.contains_key(&key) {
            return Vec::new();
        }
        let told = Told {
            revision,
            hit: self.hit(posted),
        };
        let known = self.known(posted.post, posted.at);
        if known
            .posted
            .as_ref()
            .is_none_or(|last| last.rank() < told.rank())
        {
            known.posted = Some(told);
            return self.review(posted.post);
        }
        Vec::new()
    }

    fn answered(&mut self, post: &str, outcome: Outcome, at: Timestamp) {
        let known = self.known(post, at);
        if outcome != Outcome::Appealed {
            known.answered = known.answered.map_or(Some(at), |first| Some(first.min(at)));
            known.outcome = known.outcome.max(Some((at, outcome)));
        }
        self.review(post);
    }

    fn closed(&mut self, kind: SubjectKind, id: &str, at: Timestamp) {
        self.now = self.now.max(at);
        let key = self.track(kind, id);
        if let Some(track) = self.tracks.get_mut(&key) {
            let paths = paths(&self.escalation, &self.routes, kind);
            track.close(at, &paths);
            track.settle(&paths);
        }
        self.tell_rungs(key);
    }

    /// When a subject last had a hit that is remembered.
    #[must_use]
    pub fn last_hit(&self, kind: SubjectKind, id: &str) -> Option<Timestamp> {
        let track = self.tracks.get(&Id::of_subject(self.seed, kind, id))?;
        track.last()
    }

    /// The hit that a post is, its subjects being known from now on.
    fn hit(&mut self, posted: Posted<'_>) -> Option<Arc<Hit>> {
        if posted.kinds.is_empty() {
            return None;
        }
        let mut follow = |kind, id: Option<&str>| id.map(|id| self.track(kind, id));
        let author = follow(SubjectKind::Author, posted.author);
        let thread = follow(SubjectKind::Thread, posted.thread);
        let community = follow(SubjectKind::Community, posted.community);
        let targets = posted.targets.iter();
        let targets = targets.map(|target| self.track(SubjectKind::Target, target));
        Some(Arc::new(Hit {
            targets: targets.collect(),
            from_thread: false,
            at: posted.at,
            post: posted.post.into(),
            reached: None,
            kinds: posted.kinds,
            author: author.unwrap_or(Id::NOBODY),
            thread,
            community,
            answered: None,
        }))
    }

    fn track(&mut self, kind: SubjectKind, id: &str) -> Id {
        let key = Id::of_subject(self.seed, kind, id);
        self.tracks.entry(key).or_insert_with(|| {
            let id = id.into();
            Box::new(Track::new(Subject { kind, id }))
        });
        key
    }

    /// Lets a post count for what is known of it by now, and what was posted behind it in its thread
    /// and names nobody for whom the thread is about now.
    fn review(&mut self, post: &str) -> Vec<Changed> {
        let (changed, moved) = self.recount(Id::of_post(self.seed, post));
        for hit in moved.into_iter().flatten() {
            let thread = hit.thread.and_then(|thread| self.tracks.get(&thread));
            // INVARIANT: these tell nobody whom a thread is about, so nothing follows of them.
            for post in thread.map_or_else(Vec::new, |thread| thread.aimless(hit.at)) {
                self.recount(Id::of_post(self.seed, &post));
            }
        }
        changed
    }

    /// Lets a post count for what is known of it by now. Answers where its subjects stand, and the hit
    /// that it was and the one it is, when they differ.
    fn recount(&mut self, key: Id) -> (Vec<Changed>, [Option<Arc<Hit>>; 2]) {
        const SAME: [Option<Arc<Hit>>; 2] = [None, None];
        let new = self.counts(key);
        let Some(known) = self.posts.get_mut(&key) else {
            return (Vec::new(), SAME);
        };
        let old = std::mem::replace(&mut known.hit, new.clone());
        match (old, new) {
            (None, None) => (Vec::new(), SAME),
            (Some(old), Some(new)) if old == new && old.is_alike(&new) => {
                if old.answered != new.answered {
                    self.each_subject(&new, |track, paths| track.answer(&old, &new, paths));
                }
                (Vec::new(), SAME)
            }
            (old, new) => {
                if let Some(old) = &old {
                    self.each_subject(old, |track, _| track.withdraw(old));
                }
                let changed = new.as_ref().map_or_else(Vec::new, |new| {
                    self.each_subject(new, |track, paths| track.insert(new, paths))
                });
                (changed, [old, new])
            }
        }
    }

    /// The hit that a post counts as, for all that is known of it.
    fn counts(&self, key: Id) -> Option<Arc<Hit>> {
        let known = self.posts.get(&key)?;
        let is_void = known.outcome.is_some_and(|(_, outcome)| outcome.voids());
        let stands = known
            .posted
            .as_ref()
            .filter(|_| !is_void && !known.is_deleted);
        let hit = stands?.hit.as_ref()?;
        let hit = hit.answered_at(known.answered);
        Some(match self.is_aimed_at(&hit) {
            Some(target) => Arc::new(hit.aimed_at(target)),
            None => hit,
        })
    }

    /// Whom a hit is aimed at that names nobody: whom its thread is about, never its own author.
    fn is_aimed_at(&self, hit: &Hit) -> Option<Id> {
        let kinds = self.escalation.kinds.iter().enumerate();
        let of = kinds.filter(|(at, _)| hit.kinds.has(KindId(*at)));
        let back = of.filter_map(|(_, kind)| kind.from_thread).max();
        let back = back.filter(|_| hit.targets.is_empty())?;
        let thread = self.tracks.get(&hit.thread?)?;
        let target = thread.is_about(hit, hit.at.before(back))?;
        let author = self.tracks.get(&hit.author);
        let author = author.map(|author| &author.subject.id);
        let own = |id| Id::of_subject(self.seed, SubjectKind::Target, id);
        author.is_none_or(|id| own(id) != target).then_some(target)
    }

    /// Lets the subjects of a hit take it in: targets first, then who and where, and those last where
    /// it is told which rungs the targets reached. Answers where all of them stand.
    fn each_subject(
        &mut self,
        hit: &Hit,
        mut take: impl FnMut(&mut Track, &[Path<'_>]),
    ) -> Vec<Changed> {
        let mut changed = Vec::new();
        let subjects: Vec<Id> = hit.subjects().collect();
        for key in &subjects {
            let Some(track) = self.tracks.get_mut(key) else {
                continue;
            };
            let paths = paths(&self.escalation, &self.routes, track.subject.kind);
            let before = track.rungs();
            take(track, &paths);
            track.settle(&paths);
            changed.push((*key, before));
            self.tell_rungs(*key);
        }
        let mut answer = Vec::new();
        for (key, before) in changed {
            let Some(track) = self.tracks.get_mut(&key) else {
                continue;
            };
            let paths = paths(&self.escalation, &self.routes, track.subject.kind);
            track.settle(&paths);
            answer.extend(changes_of(&track.subject, &track.climbs(), &before, &paths));
        }
        answer
    }

    /// Tells the places where a target is hunted which rungs it reached, and takes back what no longer
    /// holds.
    fn tell_rungs(&mut self, key: Id) {
        let Some(track) = self.tracks.get(&key) else {
            return;
        };
        let is_told = track.has_history() || !track.told.is_empty();
        if track.subject.kind != SubjectKind::Target || !is_told {
            return;
        }
        let new = self.rungs_reached(key, track);
        let Some(track) = self.tracks.get_mut(&key) else {
            return;
        };
        let old = std::mem::replace(&mut track.told, new.clone());
        for hit in old.iter().filter(|hit| !new.contains(hit)) {
            self.tell(hit, |track, _| track.withdraw(hit));
        }
        for hit in &new {
            match old.iter().find(|old| *old == hit) {
                None => self.tell(hit, |track, paths| track.insert(hit, paths)),
                Some(old) if old.answered != hit.answered => {
                    self.tell(hit, |track, paths| track.answer(old, hit, paths));
                }
                Some(_) => {}
            }
        }
    }

    fn tell(&mut self, hit: &Hit, take: impl Fn(&mut Track, &[Path<'_>])) {
        for key in hit.thread.into_iter().chain(hit.community) {
            if let Some(track) = self.tracks.get_mut(&key) {
                let paths = paths(&self.escalation, &self.routes, track.subject.kind);
                take(track, &paths);
            }
        }
    }

    /// The rungs that a target reached and that some kind of hits remembers: one for each place where
    /// its evidence stands.
    fn rungs_reached(&self, key: Id, track: &Track) -> Vec<Arc<Hit>> {
        let routes = paths(&self.escalation, &self.routes, SubjectKind::Target);
        let mut told = Vec::new();
        for (climb, path) in track.climbs().iter().zip(&routes) {
            for step in climb.steps.iter() {
                let Some((rung, evidence)) = step.reached() else {
                    continue;
                };
                let ladder = path.route.ladder;
                let kinds = self.kinds_of_rung(ladder, rung);
                let Some(last) = evidence.last().filter(|_| !kinds.is_empty()) else {
                    continue;
                };
                let mut seen = FxHashSet::default();
                let places = evidence.iter().filter(|hit| seen.insert(hit.community));
                told.extend(places.map(|place| {
                    Arc::new(Hit {
                        at: step.at,
                        post: Arc::clone(&last.post),
                        reached: Some((ladder.0, rung)),
                        kinds,
                        author: last.author,
                        targets: [key].into(),
                        from_thread: false,
                        thread: place.thread,
                        community: place.community,
                        answered: self.answered_there(evidence, place.community, step.at),
                    })
                }));
            }
        }
        told
    }

    /// When a place had acted upon all that it contributed to a rung: then it did what it could.
    fn answered_there(
        &self,
        evidence: &[Arc<Hit>],
        community: Option<Id>,
        reached: Timestamp,
    ) -> Option<Timestamp> {
        let there = evidence.iter().filter(|hit| hit.community == community);
        let answers = there.map(|hit| {
            let known = self.posts.get(&Id::of_post(self.seed, &hit.post));
            known.and_then(|known| known.answered)
        });
        let all: Option<Vec<Timestamp>> = answers.collect();
        all?.into_iter().max().map(|last| last.max(reached))
    }

    fn kinds_of_rung(&self, ladder: LadderId, rung: usize) -> Kinds {
        let kinds = self.escalation.kinds.iter().enumerate();
        let fit = kinds.filter(|(_, kind)| match &kind.of {
            HitOf::Rung {
                ladder: of,
                rung: at,
            } => *of == ladder && *at == rung,
            HitOf::Decision { .. } => false,
        });
        fit.map(|(at, _)| KindId(at)).collect()
    }
}

/// All that a hit is made of.
type Rank<'h> = ((Kinds, Timestamp, Id, Option<Id>, Option<Id>), &'h [Id]);

/// Boxed, for a table has up to twice as much room as it needs.
type Tracks = FxHashMap<Id, Box<Track>>;

impl Told {
    /// Of two tellings of a post the higher counts: edits before what they replaced; of the same edit,
    /// the one that says more, so that their order makes no difference.
    fn rank(&self) -> (u64, Option<Rank<'_>>) {
        let hit = self.hit.as_ref();
        let rank = |hit: &'_ Arc<Hit>| (hit.kinds, hit.at, hit.author, hit.thread, hit.community);
        (self.revision, hit.map(|hit| (rank(hit), &*hit.targets)))
    }
}

/// The cases of a subject at an instant, ladder by ladder.
fn cases_of(track: &mut Track, paths: &[Path<'_>], now: Timestamp) -> Vec<Case> {
    track.settle(paths);
    let climbs = track.climbs();
    let climbs = climbs.iter().zip(paths);
    climbs
        .filter_map(|(climb, path)| case_of(&track.subject, &climb.as_of(*path, now), *path))
        .collect()
}
