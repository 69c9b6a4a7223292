//! Which rules have a prospect in a post, given which signals may stand in it, and what those rules
//! ask for: nothing else need be found.
//!
//! A post may hold a watched word and nothing that belongs to it. So before anything is found
//! exactly, each rule is asked once more with what can be had for next to nothing: a signal of terms
//! may stand where one of its words does, a detector where its trigger does.

use super::extent::Extent;
use super::watch::RuleId;
use crate::policy::{Condition, Except, Pack, Place, SignalId, SignalKind, View};

/// The rules of a pack and what each asks for.
#[derive(Debug, Default)]
pub(super) struct Prospects {
    rules: Vec<Prospect>,
    /// Rules by the signals, not made of others, of which one must stand.
    by_signal: Lists,
    /// Rules that may fire whatever stands, and ask for signals.
    always: Vec<u32>,
    /// What each signal is.
    made: Vec<Made>,
    /// From which extent on each signal is looked for.
    extents: Vec<Extent>,
}

#[derive(Debug)]
struct Prospect {
    when: Condition,
    /// Signals, not made of others, that its condition asks for.
    needs: Box<[SignalId]>,
    /// Others that count once it holds: those of its boosts, and of all exceptions.
    then: Box<[SignalId]>,
}

#[derive(Debug)]
enum Made {
    Alone(Kind),
    AnyOf(Box<[SignalId]>),
    AllOf(Box<[SignalId]>),
}

/// How a signal is found that is not made of others, from the cheapest to the dearest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// Words, verified in place.
    Terms,
    /// An expression, run where it may match.
    Expression,
    /// A detector.
    Form,
}

impl Kind {
    /// All of them, the cheapest first.
    pub(super) const ALL: [Self; 3] = [Self::Terms, Self::Expression, Self::Form];
}

/// Lists of numbers, one for each of a row of places.
#[derive(Debug, Default)]
struct Lists {
    ends: Vec<u32>,
    all: Vec<u32>,
}

impl Lists {
    /// From pairs of a place and what belongs there.
    fn new(places: usize, mut pairs: Vec<(u32, u32)>) -> Self {
        pairs.sort_unstable();
        pairs.dedup();
        let end = |place: usize| pairs.partition_point(|(at, _)| *at as usize <= place) as u32;
        Self {
            ends: (0..places).map(end).collect(),
            all: pairs.iter().map(|(_, belongs)| *belongs).collect(),
        }
    }

    fn of(&self, place: usize) -> &[u32] {
        let end = |place: usize| self.ends.get(place).copied().unwrap_or(0) as usize;
        let start = place.checked_sub(1).map_or(0, end);
        self.all.get(start..end(place)).unwrap_or_default()
    }
}

/// How deep conditions, and signals made of others, are followed; beyond, everything may hold.
const DEPTH_MAX: usize = 64;

/// Signals of a post: those that may stand in it, and those that are worth finding. One for each
/// thread; stamps instead of clearing.
#[derive(Debug, Default)]
pub(super) struct Marks {
    now: u32,
    /// The stamp with which the post at hand began.
    post: u32,
    /// Of each signal the stamp of when that was last known, twice, and 1 if it may stand.
    known: Vec<u32>,
    wanted: Vec<u32>,
    /// Those that were found, or not, in this post.
    sought: Vec<u32>,
    /// Those not made of others that may stand, in the order they were seen.
    standing: Vec<SignalId>,
    /// Those that are worth finding, some of them twice.
    asked: Vec<SignalId>,
    tried: Vec<u32>,
}

impl Marks {
    /// Forgets what may stand and what is worth finding, in a pack of so many signals and rules.
    fn begin(&mut self, signals: usize, rules: usize) {
        self.now += 1;
        if self.now > u32::MAX / 2 || self.known.len() != signals || self.tried.len() != rules {
            self.now = 1;
            self.post = 1;
            for (marks, count) in [
                (&mut self.known, signals),
                (&mut self.wanted, signals),
                (&mut self.sought, signals),
                (&mut self.tried, rules),
            ] {
                marks.clear();
                marks.resize(count, 0);
            }
        }
        self.standing.clear();
        self.asked.clear();
    }

    /// Notes that a signal, not made of others, may stand in the post.
    pub(super) fn stands(&mut self, signal: SignalId) {
        if self.known(signal).is_none() {
            self.know(signal, true);
            self.standing.push(signal);
        }
    }

    /// Whether a signal may stand, as far as is known.
    fn known(&self, signal: SignalId) -> Option<bool> {
        let known = self.known.get(signal.0)?;
        (known / 2 == self.now).then_some(known % 2 == 1)
    }

    fn know(&mut self, signal: SignalId, may_stand: bool) {
        if let Some(known) = self.known.get_mut(signal.0) {
            *known = 2 * self.now + u32::from(may_stand);
        }
    }

    /// Whether a signal is worth finding, and wasn't sought in this post.
    pub(super) fn is_wanted(&self, signal: SignalId) -> bool {
        let sought = self.sought.get(signal.0).copied().unwrap_or(0);
        self.wanted.get(signal.0) == Some(&self.now) && sought < self.post
    }

    fn want(&mut self, signals: &[SignalId]) {
        for signal in signals {
            if let Some(wanted) = self.wanted.get_mut(signal.0) {
                *wanted = self.now;
                self.asked.push(*signal);
            }
        }
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
        let made = pack.signals.iter().map(|signal| match &signal.kind {
            SignalKind::AnyOf(of) => Made::AnyOf(of.as_slice().into()),
            SignalKind::Near(near) => Made::AllOf(near.of.as_slice().into()),
            SignalKind::Terms(_) => Made::Alone(Kind::Terms),
            SignalKind::Regex(_) => Made::Alone(Kind::Expression),
            SignalKind::Detect(..) => Made::Alone(Kind::Form),
        });
        Self {
            made: made.collect(),
            extents: vec![Extent::All; pack.signals.len()],
            ..Self::default()
        }
    }

    /// With rules, and the signals, not made of others, of which one must stand for each to fire;
    /// none: it may fire whatever stands.
    pub(super) fn with_rules(
        mut self,
        pack: &Pack,
        rules: &[(RuleId, Option<Vec<SignalId>>)],
    ) -> Self {
        let mut pairs = Vec::new();
        for (rule, one_of) in rules {
            let policy = pack.policies.get(rule.policy as usize);
            let Some(rule) = policy.and_then(|policy| policy.rules.get(rule.rule as usize)) else {
                continue;
            };
            let at = self.rules.len() as u32;
            match one_of {
                Some(signals) => pairs.extend(signals.iter().map(|signal| (signal.0 as u32, at))),
                None => self.always.push(at),
            }
            self.look_for(one_of.as_deref().unwrap_or_default(), Extent::Gate);
            let mut named = Vec::new();
            rule.when.signals(&mut |id| named.push(id));
            let needs = parts(pack, named.clone(), Extent::Needs);
            self.look_for(&needs, Extent::Needs);
            for boost in &rule.boosts {
                boost.condition.signals(&mut |id| named.push(id));
            }
            let mut then = parts(pack, named, Extent::All);
            then.retain(|signal| needs.binary_search(signal).is_err());
            self.rules.push(Prospect {
                when: rule.when.clone(),
                needs: needs.into(),
                then: then.into(),
            });
        }
        self.by_signal = Lists::new(self.made.len(), pairs);
        self
    }

    /// Looks for signals from an extent on, or earlier.
    fn look_for(&mut self, signals: &[SignalId], from: Extent) {
        for signal in signals {
            if let Some(extent) = self.extents.get_mut(signal.0) {
                *extent = from.min(*extent);
            }
        }
    }

    /// From which extent on a signal is looked for.
    pub(super) fn extent(&self, signal: SignalId) -> Extent {
        self.extents.get(signal.0).copied().unwrap_or_default()
    }

    /// Begins another post.
    pub(super) fn begin(&self, marks: &mut Marks) {
        self.again(marks);
        marks.post = marks.now;
    }

    /// Begins to mark once more what may stand in a post.
    pub(super) fn again(&self, marks: &mut Marks) {
        marks.begin(self.made.len(), self.rules.len());
    }

    /// Makes everything worth finding, in another post.
    pub(super) fn want_all(&self, marks: &mut Marks) {
        self.begin(marks);
        marks.wanted.fill(marks.now);
    }

    /// Whether signals of a kind are worth finding.
    pub(super) fn asks_for(&self, kind: Kind, marks: &Marks) -> bool {
        let mut asked = marks.asked.iter();
        asked.any(|signal| self.is(*signal, kind) && marks.is_wanted(*signal))
    }

    /// Notes that all signals of a kind were sought which were worth finding.
    pub(super) fn seek(&self, kind: Kind, marks: &mut Marks) {
        for signal in &marks.asked {
            let sought = marks.sought.get_mut(signal.0);
            if let Some(sought) = sought.filter(|_| self.is(*signal, kind)) {
                *sought = marks.now;
            }
        }
    }

    fn is(&self, signal: SignalId, kind: Kind) -> bool {
        matches!(self.made.get(signal.0), Some(Made::Alone(of)) if *of == kind)
    }

    /// Whether a rule may fire where these signals may stand. Marks what such rules ask for.
    pub(super) fn ask(&self, extent: Extent, marks: &mut Marks) -> bool {
        let mut any = false;
        for at in 0..marks.standing.len() {
            let signal = marks.standing.get(at);
            for rule in signal.map_or(&[][..], |signal| self.by_signal.of(signal.0)) {
                any |= self.ask_one(*rule, extent, marks);
            }
        }
        for rule in &self.always {
            any |= self.ask_one(*rule, extent, marks);
        }
        any
    }

    fn ask_one(&self, rule: u32, extent: Extent, marks: &mut Marks) -> bool {
        let now = marks.now;
        let tried = marks.tried.get_mut(rule as usize);
        let (Some(prospect), Some(tried)) = (self.rules.get(rule as usize), tried) else {
            return false;
        };
        if std::mem::replace(tried, now) == now || !self.may_hold(&prospect.when, marks, DEPTH_MAX)
        {
            return false;
        }
        marks.want(&prospect.needs);
        if extent == Extent::All {
            marks.want(&prospect.then);
        }
        true
    }

    /// Whether a condition may hold where these signals may stand.
    fn may_hold(&self, when: &Condition, marks: &mut Marks, depth: usize) -> bool {
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

    /// Whether a signal may stand. PERF: signals made of others are asked when a rule asks for them,
    /// each once: most of what stands in a post no rule in question asks for.
    fn may_stand(&self, signal: SignalId, marks: &mut Marks, depth: usize) -> bool {
        if let Some(known) = marks.known(signal) {
            return known;
        }
        let Some(depth) = depth.checked_sub(1) else {
            return true;
        };
        let may_stand = match self.made.get(signal.0) {
            Some(Made::AnyOf(of)) => of.iter().any(|part| self.may_stand(*part, marks, depth)),
            Some(Made::AllOf(of)) => of.iter().all(|part| self.may_stand(*part, marks, depth)),
            Some(Made::Alone(_)) | None => return false,
        };
        marks.know(signal, may_stand);
        may_stand
    }
}

/// The signals, not made of others, behind those that are named: their parts, and where all is
/// asked for, what their exceptions look for.
fn parts(pack: &Pack, named: Vec<SignalId>, extent: Extent) -> Vec<SignalId> {
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
        let exceptions = signal.except.iter().filter(|_| extent == Extent::All);
        for Except { place, unless, .. } in exceptions {
            let (Place::Near { signal, .. } | Place::Inside(signal)) = place;
            left.push(*signal);
            left.extend(unless);
        }
    }
    seen.sort_unstable();
    seen
}
