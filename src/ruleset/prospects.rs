//! Which rules have a prospect in a post, given which signals may stand in it, and what those rules
//! ask for: nothing else need be found.
//!
//! A post may hold a watched word and nothing that belongs to it. So before anything is found
//! exactly, each rule is asked once more with what can be had for next to nothing: a signal of terms
//! may stand where one of its words does, a detector where its trigger does.

use super::watch::RuleId;
use crate::policy::{Condition, Except, Pack, Place, SignalId, SignalKind, View};
use rustc_hash::FxHashMap;

/// The rules of a pack and what each asks for.
#[derive(Debug, Default)]
pub(super) struct Prospects {
    rules: Vec<Prospect>,
    /// Rules by the signals, not made of others, of which one must stand.
    by_signal: FxHashMap<SignalId, Vec<u32>>,
    /// Rules that may fire whatever stands, and ask for signals.
    always: Vec<u32>,
    /// What each signal is made of.
    made: Vec<Made>,
}

#[derive(Debug)]
struct Prospect {
    when: Condition,
    /// Signals, not made of others, that its condition, its boosts and their exceptions ask for.
    asks: Box<[SignalId]>,
}

#[derive(Debug)]
enum Made {
    Alone,
    AnyOf(Box<[SignalId]>),
    AllOf(Box<[SignalId]>),
}

/// How deep conditions and signals made of others are followed; beyond, everything may stand.
const DEPTH_MAX: usize = 64;

/// Signals of a post: those that may stand in it, and those that are worth finding. One for each
/// thread; stamps instead of clearing.
#[derive(Debug, Default)]
pub(super) struct Marks {
    now: u32,
    stands: Vec<u32>,
    wanted: Vec<u32>,
    /// Those that may stand, in the order they were seen.
    standing: Vec<SignalId>,
    tried: Vec<u32>,
}

impl Marks {
    /// Begins another post of a pack of so many signals and rules.
    fn begin(&mut self, signals: usize, rules: usize) {
        self.now = self.now.wrapping_add(1);
        if self.now == 0 || self.stands.len() != signals || self.tried.len() != rules {
            self.now = 1;
            for (marks, count) in [
                (&mut self.stands, signals),
                (&mut self.wanted, signals),
                (&mut self.tried, rules),
            ] {
                marks.clear();
                marks.resize(count, 0);
            }
        }
        self.standing.clear();
    }

    /// Notes that a signal may stand in the post.
    pub(super) fn stands(&mut self, signal: SignalId) {
        if let Some(mark) = self.stands.get_mut(signal.0)
            && *mark != self.now
        {
            *mark = self.now;
            self.standing.push(signal);
        }
    }

    fn may_stand(&self, signal: SignalId) -> bool {
        self.stands.get(signal.0) == Some(&self.now)
    }

    /// Whether a signal is worth finding.
    pub(super) fn is_wanted(&self, signal: SignalId) -> bool {
        self.wanted.get(signal.0) == Some(&self.now)
    }
}

/// What is looked for in a text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Looking<'m> {
    /// Which view the text is.
    pub(super) view: View,
    /// The signals worth finding; none: all.
    pub(super) wanted: Option<&'m Marks>,
}

impl Looking<'_> {
    /// Everything that the plain view holds.
    pub(super) const GATE: Self = Self {
        view: View::Plain,
        wanted: None,
    };

    /// Whether it is for a signal that reads `view`. Those of `Spelled` also read `Plain`.
    pub(super) fn is_for(self, signal: SignalId, view: View) -> bool {
        let reads = self.view != View::Spelled || view == View::Spelled;
        reads && self.wanted.is_none_or(|marks| marks.is_wanted(signal))
    }
}

impl Prospects {
    /// Prospects of no rules yet.
    pub(super) fn of_signals(pack: &Pack) -> Self {
        let made = |kind: &SignalKind| match kind {
            SignalKind::AnyOf(of) => Made::AnyOf(of.as_slice().into()),
            SignalKind::Near(near) => Made::AllOf(near.of.as_slice().into()),
            SignalKind::Terms(_) | SignalKind::Regex(_) | SignalKind::Detect(..) => Made::Alone,
        };
        Self {
            made: pack
                .signals
                .iter()
                .map(|signal| made(&signal.kind))
                .collect(),
            ..Self::default()
        }
    }

    /// Adds a rule, and the signals, not made of others, of which one must stand for it to fire;
    /// none: it may fire whatever stands.
    pub(super) fn add(&mut self, pack: &Pack, rule: RuleId, one_of: Option<&[SignalId]>) {
        let policy = pack.policies.get(rule.policy as usize);
        let Some(rule) = policy.and_then(|policy| policy.rules.get(rule.rule as usize)) else {
            return;
        };
        let at = self.rules.len() as u32;
        for signal in one_of.unwrap_or_default() {
            self.by_signal.entry(*signal).or_default().push(at);
        }
        if one_of.is_none() {
            self.always.push(at);
        }
        let mut named = Vec::new();
        rule.when.signals(&mut |id| named.push(id));
        for boost in &rule.boosts {
            boost.condition.signals(&mut |id| named.push(id));
        }
        self.rules.push(Prospect {
            when: rule.when.clone(),
            asks: asks(pack, named),
        });
    }

    /// Begins another post.
    pub(super) fn begin(&self, marks: &mut Marks) {
        marks.begin(self.made.len(), self.rules.len());
    }

    /// Makes everything worth finding, in another post.
    pub(super) fn want_all(&self, marks: &mut Marks) {
        self.begin(marks);
        marks.wanted.fill(marks.now);
    }

    /// Whether a rule may fire where these signals may stand. Marks what such rules ask for.
    pub(super) fn ask(&self, marks: &mut Marks) -> bool {
        let mut any = false;
        for at in 0..marks.standing.len() {
            let signal = marks.standing.get(at);
            let rules = signal.and_then(|signal| self.by_signal.get(signal));
            for rule in rules.map(Vec::as_slice).unwrap_or_default() {
                any |= self.ask_one(*rule, marks);
            }
        }
        for rule in &self.always {
            any |= self.ask_one(*rule, marks);
        }
        any
    }

    fn ask_one(&self, rule: u32, marks: &mut Marks) -> bool {
        let now = marks.now;
        let tried = marks.tried.get_mut(rule as usize);
        let (Some(prospect), Some(tried)) = (self.rules.get(rule as usize), tried) else {
            return false;
        };
        if std::mem::replace(tried, now) == now || !self.may_hold(&prospect.when, marks, DEPTH_MAX)
        {
            return false;
        }
        for signal in &prospect.asks {
            if let Some(wanted) = marks.wanted.get_mut(signal.0) {
                *wanted = now;
            }
        }
        true
    }

    fn may_hold(&self, when: &Condition, marks: &Marks, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return true;
        };
        match when {
            Condition::All(parts) => parts.iter().all(|part| self.may_hold(part, marks, depth)),
            Condition::Any(parts) => parts.iter().any(|part| self.may_hold(part, marks, depth)),
            Condition::Signal(id) => self.may_stand(*id, marks, depth),
            Condition::Count(id, comparison) => {
                comparison.holds_for_count(0) || self.may_stand(*id, marks, depth)
            }
            Condition::None(_)
            | Condition::Target
            | Condition::Attribute(..)
            | Condition::Language(_)
            | Condition::Length(_) => true,
        }
    }

    fn may_stand(&self, id: SignalId, marks: &Marks, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else {
            return true;
        };
        let stands = |id: &SignalId| self.may_stand(*id, marks, depth);
        match self.made.get(id.0) {
            Some(Made::AnyOf(of)) => of.iter().any(stands),
            Some(Made::AllOf(of)) => of.iter().all(stands),
            Some(Made::Alone) => marks.may_stand(id),
            None => true,
        }
    }
}

/// The signals, not made of others, behind those that are named: their parts, and what their
/// exceptions look for.
fn asks(pack: &Pack, named: Vec<SignalId>) -> Box<[SignalId]> {
    let mut seen: Vec<SignalId> = Vec::new();
    let mut left = named;
    let mut known = rustc_hash::FxHashSet::default();
    while let Some(id) = left.pop() {
        let Some(signal) = pack.signals.get(id.0).filter(|_| known.insert(id)) else {
            continue;
        };
        match &signal.kind {
            SignalKind::AnyOf(of) => left.extend(of),
            SignalKind::Near(near) => left.extend(&near.of),
            SignalKind::Terms(_) | SignalKind::Regex(_) | SignalKind::Detect(..) => seen.push(id),
        }
        for Except { place, unless, .. } in &signal.except {
            let (Place::Near { signal, .. } | Place::Inside(signal)) = place;
            left.push(*signal);
            left.extend(unless);
        }
    }
    seen.sort_unstable();
    seen.into()
}
