//! What the sidecar knows, in memory, as a fold over what was told. Told again, the same comes out,
//! byte for byte: that is how the log is proven.

use super::happening::{Happening, Judged, Refusal, Signature, Taken};
use super::line::Link;
use super::payload::{self, Policies, Read, SignedCase};
use super::recent::{KeptRecent, Recent};
use crate::escalate::{Bounds, Event, Posted, State};
use crate::limits::{ID_BYTES_MAX, RECENT_POSTS_MAX};
use crate::model::{Case, Span, Subject, SubjectKind, Timestamp};
use crate::policy::{Escalation, KindId, Kinds};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

/// All that is known.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) state: State,
    pub(super) escalation: Arc<Escalation>,
    /// The digest of the policies.
    pub(super) policy: String,
    pub(super) bounds: Bounds,
    /// The names of the kinds of hits.
    hits: Vec<String>,
    signed: BTreeMap<Subject, Vec<Signed>>,
    recent: Recent,
}

/// Who signed a case, as it stood.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct Signed {
    ladder: String,
    rung: String,
    since: Timestamp,
    by: Vec<(String, Timestamp)>,
}

/// All but the state, as it is kept.
#[derive(Deserialize, Serialize)]
struct Kept {
    next: u64,
    chain: String,
    policy: String,
    /// As JSON, since it may get more fields.
    escalation: String,
    lateness: Span,
    subjects: usize,
    signed: Vec<(Subject, Vec<Signed>)>,
    recent: KeptRecent,
}

impl Memory {
    /// Nothing is known yet, and no policies.
    pub(super) fn new(seed: u64) -> Self {
        let (escalation, bounds) = (Arc::default(), Bounds::default());
        Self {
            state: State::new(Arc::clone(&escalation), bounds, seed),
            escalation,
            policy: String::new(),
            bounds,
            hits: Vec::new(),
            signed: BTreeMap::new(),
            recent: Recent::new(seed, RECENT_POSTS_MAX),
        }
    }

    /// Takes in what happened. Leaves in `payload` what the log must hold of it, if anything.
    pub(super) fn take(&mut self, happening: &Happening, payload: &mut Vec<u8>) -> Taken {
        payload.clear();
        if let Some(refusal) = refusal(happening) {
            return Taken::Refused(refusal);
        }
        let event = match happening {
            Happening::Judged(judged) => return self.judged(judged, payload),
            Happening::Signed {
                subject,
                ladder,
                by,
                at,
            } => return self.signed(subject, ladder, (by, *at), payload),
            Happening::Answered {
                post, outcome, at, ..
            } => Event::Answered {
                post,
                outcome: *outcome,
                at: *at,
            },
            Happening::Deleted { post, at } => Event::Deleted { post, at: *at },
            Happening::Closed { kind, id, at, .. } => Event::Closed {
                kind: *kind,
                id,
                at: *at,
            },
        };
        self.state.apply(event);
        payload::write_told(happening, payload);
        Taken::Noted
    }

    fn judged(&mut self, judged: &Judged, payload: &mut Vec<u8>) -> Taken {
        let kinds = self.kinds(judged);
        let telling = self.recent.telling(judged, kinds);
        if self.recent.has(telling) {
            return Taken::Judged {
                changed: Vec::new(),
                repeated: true,
            };
        }
        let changed = self.state.apply(Event::Posted(Posted {
            post: &judged.post,
            revision: judged.revision,
            at: judged.at,
            kinds,
            author: judged.author.as_deref(),
            thread: judged.thread.as_deref(),
            community: judged.community.as_deref(),
            targets: &judged.targets,
        }));
        self.recent.add(telling);
        payload::write_judged(judged, kinds, &self.hits, &changed, payload);
        Taken::Judged {
            changed,
            repeated: false,
        }
    }

    /// The kinds of hits by the policies of now; those that are no more are left out.
    fn kinds(&self, judged: &Judged) -> Kinds {
        let is_same = judged.kinds.is_empty() || Arc::ptr_eq(&judged.escalation, &self.escalation);
        if is_same {
            return judged.kinds;
        }
        let then = payload::hit_names(&judged.escalation);
        let names = judged.kinds.each().filter_map(|kind| then.get(kind.0));
        let places = names.filter_map(|name| self.hits.iter().position(|hit| hit == name));
        places.map(KindId).collect()
    }

    fn signed(
        &mut self,
        subject: &Subject,
        ladder: &str,
        (by, at): (&str, Timestamp),
        payload: &mut Vec<u8>,
    ) -> Taken {
        let cases = self.state.cases_of(subject.kind, &subject.id);
        let case = cases.iter().find(|case| &*case.ladder == ladder);
        let standing = case.and_then(|case| {
            let rung = case.rung.as_deref()?;
            Some((rung, case.since, case.recommendation.as_ref()?.signed_by))
        });
        let Some((rung, since, needs)) = standing else {
            return Taken::Refused(Refusal::NoCase);
        };
        if needs == 0 {
            return Taken::Refused(Refusal::NeedsNone);
        }
        let of_subject = self.signed.entry(subject.clone()).or_default();
        // What was signed of the case as it stood before is nobody's signature any more.
        of_subject.retain(|it| it.ladder != ladder || (&*it.rung, it.since) == (rung, since));
        let at_ladder = of_subject.iter().position(|it| it.ladder == ladder);
        let place = at_ladder.unwrap_or(of_subject.len());
        if at_ladder.is_none() {
            of_subject.push(Signed {
                ladder: ladder.to_owned(),
                rung: rung.to_owned(),
                since,
                by: Vec::new(),
            });
        }
        let Some(signed) = of_subject.get_mut(place) else {
            return Taken::Refused(Refusal::NoCase);
        };
        if signed.by.iter().all(|(name, _)| name != by) {
            signed.by.push((by.to_owned(), at));
            let signed = SignedCase {
                subject,
                ladder,
                rung,
                since,
                by,
                at,
            };
            payload::write_signed(&signed, payload);
        }
        Taken::Signed {
            by: signatures(&signed.by),
            needs,
        }
    }

    /// Goes on under other policies, if they are others.
    pub(super) fn adopt(&mut self, policies: Policies, payload: &mut Vec<u8>) {
        payload.clear();
        payload::write_own("policies", &policies, payload);
        let bounds = policies.bounds();
        if let Some(seed) = policies.seed {
            *self = Self::new(seed);
        }
        if let Some(escalation) = policies.ladders {
            self.escalation = escalation;
        }
        self.state.adopt(&self.escalation, bounds);
        self.hits = payload::hit_names(&self.escalation);
        self.bounds = bounds;
        self.policy = policies.digest;
    }

    /// What must be told for going on under these policies; none: nothing.
    pub(super) fn differs(
        &self,
        escalation: &Arc<Escalation>,
        policy: &str,
        bounds: Bounds,
    ) -> Option<Policies> {
        let is_same = *self.escalation == **escalation;
        let as_before = is_same && self.policy == policy && self.bounds == bounds;
        (!as_before).then(|| Policies {
            digest: policy.to_owned(),
            vigie: env!("CARGO_PKG_VERSION").to_owned(),
            lateness: bounds.lateness,
            subjects: bounds.subjects,
            seed: self.policy.is_empty().then(|| self.state.seed()),
            ladders: (!is_same).then(|| Arc::clone(escalation)),
        })
    }

    /// Takes in what the log holds. Leaves in `again` what it would hold if it were told now. None:
    /// that is nothing that a log holds.
    pub(super) fn retell(&mut self, payload: &[u8], again: &mut Vec<u8>) -> Option<()> {
        match payload::read(payload, &self.hits, &self.escalation)? {
            Read::Happening(happening) => {
                self.take(&happening, again);
            }
            Read::Policies(policies) => self.adopt(policies, again),
            Read::Erased(_) => payload.clone_into(again),
            Read::Pruned(pruned) => {
                self.forget_before(pruned.before);
                payload.clone_into(again);
            }
        }
        Some(())
    }

    /// Forgets what happened before an instant, where no case stands on it.
    pub(super) fn forget_before(&mut self, cutoff: Timestamp) {
        self.state.forget_before(cutoff);
        let state = &mut self.state;
        self.signed
            .retain(|subject, _| !state.cases_of(subject.kind, &subject.id).is_empty());
    }

    /// A subject is called otherwise from now on. Whether it was known.
    pub(super) fn rename(&mut self, kind: SubjectKind, id: &str, instead: &str) -> bool {
        let named = |id: &str| Subject {
            kind,
            id: id.into(),
        };
        if let Some(signed) = self.signed.remove(&named(id)) {
            self.signed.insert(named(instead), signed);
        }
        self.state.rename(kind, id, instead)
    }

    /// Every case, and who signed it as it stands.
    pub(super) fn each_case(&mut self, mut see: impl FnMut(&Case, &[Signature])) {
        let signed = &self.signed;
        let _ = self.state.each_case(|case| {
            see(&case, &signatures_of(signed, &case));
            Ok::<(), Infallible>(())
        });
    }

    pub(super) fn cases_of(&mut self, kind: SubjectKind, id: &str) -> Vec<(Case, Vec<Signature>)> {
        let cases = self.state.cases_of(kind, id).into_iter();
        let signed = |case: Case| {
            let signatures = signatures_of(&self.signed, &case);
            (case, signatures)
        };
        cases.map(signed).collect()
    }

    /// All there is, and how far the log had come.
    pub(super) fn save(&self, link: &Link) -> Vec<u8> {
        let signed = self.signed.iter();
        let kept = Kept {
            next: link.next,
            chain: String::from_utf8_lossy(&link.chain).into_owned(),
            policy: self.policy.clone(),
            escalation: serde_json::to_string(&self.escalation).unwrap_or_default(),
            lateness: self.bounds.lateness,
            subjects: self.bounds.subjects,
            signed: signed.map(|(of, by)| (of.clone(), by.clone())).collect(),
            recent: self.recent.keep(),
        };
        // Writing to memory can't fail.
        let mut bytes = postcard::to_allocvec(&kept).unwrap_or_default();
        self.state.save(&mut bytes);
        bytes
    }

    /// What [`Memory::save`] gave.
    pub(super) fn load(bytes: &[u8]) -> Option<(Self, Link)> {
        let (kept, state): (Kept, &[u8]) = postcard::take_from_bytes(bytes).ok()?;
        let escalation: Arc<Escalation> = serde_json::from_str(&kept.escalation).ok()?;
        let bounds = Bounds {
            lateness: kept.lateness,
            subjects: kept.subjects,
        };
        let state = State::load(state, Arc::clone(&escalation), bounds)?;
        let link = Link {
            next: kept.next,
            chain: kept.chain.as_bytes().try_into().ok()?,
        };
        let memory = Self {
            recent: Recent::load(state.seed(), RECENT_POSTS_MAX, kept.recent),
            hits: payload::hit_names(&escalation),
            state,
            escalation,
            policy: kept.policy,
            bounds,
            signed: kept.signed.into_iter().collect(),
        };
        Some((memory, link))
    }
}

fn signatures(by: &[(String, Timestamp)]) -> Vec<Signature> {
    let signature = |(by, at): &(String, Timestamp)| Signature {
        by: by.clone(),
        at: *at,
    };
    by.iter().map(signature).collect()
}

/// The signatures under a case as it stands: those of a case that stood otherwise don't count.
fn signatures_of(signed: &BTreeMap<Subject, Vec<Signed>>, case: &Case) -> Vec<Signature> {
    let of_subject = signed.get(&case.subject).map_or(&[][..], Vec::as_slice);
    let stands = |it: &&Signed| {
        let rung = Some(it.rung.as_str());
        it.ladder == *case.ladder && rung == case.rung.as_deref() && it.since == case.since
    };
    let signed = of_subject.iter().find(stands);
    signed.map_or_else(Vec::new, |it| signatures(&it.by))
}

/// What can't be taken in whatever is known.
fn refusal(happening: &Happening) -> Option<Refusal> {
    let is_long = |id: &str| id.len() > ID_BYTES_MAX;
    let any_long = match happening {
        Happening::Judged(judged) => {
            let places = [&judged.author, &judged.thread, &judged.community];
            let mut places = places.into_iter().flatten();
            let decision = judged.decision.as_slice();
            let is_json = decision.starts_with(b"{") && decision.ends_with(b"}");
            if !is_json || memchr::memchr(b'\n', decision).is_some() {
                return Some(Refusal::Decision);
            }
            is_long(&judged.post)
                || places.any(|id| is_long(id))
                || judged.targets.iter().any(|id| is_long(id))
        }
        Happening::Answered { post, by, .. } => is_long(post) || by.as_deref().is_some_and(is_long),
        Happening::Deleted { post, .. } => is_long(post),
        Happening::Closed { id, by, .. } => is_long(id) || by.as_deref().is_some_and(is_long),
        Happening::Signed {
            subject,
            ladder,
            by,
            ..
        } => is_long(&subject.id) || is_long(ladder) || is_long(by),
    };
    any_long.then_some(Refusal::LongId)
}
