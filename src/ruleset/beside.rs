//! What stands beside a word wherever an expression matches around it. Most places where the word
//! stands are passed over for that, and the expression is not run.

use regex_automata::nfa::thompson::{NFA, State, Transition};
use regex_automata::util::primitives::StateID;

/// The bytes that may stand beside a word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Beside {
    /// Right before it.
    left: u64,
    /// Right behind it.
    right: u64,
    /// The first two letters of what comes next, behind whatever parts words.
    next: [u64; 2],
}

/// Any byte may stand there, or none.
const ANY: u64 = u64::MAX;

/// Expressions of more states than these are run.
const STATES_MAX: usize = 2_000;

/// So far the next word is looked for.
const BETWEEN_BYTES_MAX: usize = 16;

/// The bit of a byte, one of 64: letters, digits, the blank and most marks of folded texts have
/// their own.
fn bit(byte: u8) -> u64 {
    let place = match byte {
        0..=31 => 28,
        128.. => 29,
        ascii => ascii & 31 | (!ascii & 64) >> 1,
    };
    1 << place
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

impl Beside {
    const UNKNOWN: Self = Self {
        left: ANY,
        right: ANY,
        next: [ANY; 2],
    };

    /// Whether what stands beside the bytes of a word may stand there in a match.
    pub(super) fn fits(&self, text: &[u8], start: usize, end: usize) -> bool {
        let at = |at: Option<usize>| at.and_then(|at| text.get(at)).copied();
        allows(self.right, at(Some(end)))
            && allows(self.left, at(start.checked_sub(1)))
            && self.fits_next(text.get(end..).unwrap_or_default())
    }

    fn fits_next(&self, behind: &[u8]) -> bool {
        let [first, second] = self.next;
        if first == ANY {
            return true;
        }
        let letter = behind
            .iter()
            .take(BETWEEN_BYTES_MAX)
            .position(|byte| is_letter(*byte));
        match letter {
            Some(at) => {
                allows(first, behind.get(at).copied())
                    && allows(second, behind.get(at + 1).copied())
            }
            None => behind.len() > BETWEEN_BYTES_MAX,
        }
    }
}

fn allows(bits: u64, byte: Option<u8>) -> bool {
    bits == ANY || byte.is_some_and(|byte| bits & bit(byte) != 0)
}

/// The states of an expression: which of them a match goes through, and how it gets there.
#[derive(Debug)]
pub(super) struct States<'n> {
    all: &'n NFA,
    /// Where a match begins.
    start: Vec<StateID>,
    /// All states that read something.
    reading: Vec<StateID>,
    /// The states to which bytes lead, and the bits of those bytes.
    entered: Vec<(u64, Vec<StateID>)>,
}

impl<'n> States<'n> {
    pub(super) fn new(all: &'n NFA) -> Self {
        let mut states = Self {
            all,
            start: Vec::new(),
            reading: Vec::new(),
            entered: Vec::new(),
        };
        if all.states().len() <= STATES_MAX {
            states.start = states.from([all.start_anchored()], None);
            states.reading = states.from(states.start.iter().copied(), Some(|_| true));
            states.entered = states.entered();
        }
        states
    }

    fn entered(&self) -> Vec<(u64, Vec<StateID>)> {
        let mut entered: Vec<(StateID, u64)> = Vec::new();
        for id in &self.reading {
            each_transition(self.all.state(*id), &mut |of| {
                entered.push((of.next, bits(of, |_| true)));
            });
        }
        entered.sort_unstable();
        entered.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            kept.1 |= if same { next.1 } else { 0 };
            same
        });
        let closed = entered.into_iter();
        closed
            .map(|(id, bits)| (bits, self.from([id], None)))
            .collect()
    }

    /// What stands beside a word in the matches; `begins`: they begin with it.
    ///
    /// Follows the states over the word, from the start or from wherever the word may stand, and
    /// reads off what may come next. Assertions are taken to hold: this may say that more can stand
    /// there than does, never less.
    pub(super) fn beside(&self, word: &[u8], begins: bool) -> Beside {
        let from = if begins { &self.start } else { &self.reading };
        let behind = self.behind(from, word);
        if behind.is_empty() || word.is_empty() {
            return Beside::UNKNOWN;
        }
        let holds = |from: &[StateID]| !self.behind(from, word).is_empty();
        let left = match begins || holds(&self.start) {
            true => ANY,
            false => {
                let entered = self.entered.iter().filter(|(_, states)| holds(states));
                entered.fold(0, |all, (bits, _)| all | bits)
            }
        };
        let beyond = self.from(behind.iter().copied(), Some(|byte| !is_letter(byte)));
        let second = self.step(&beyond, is_letter);
        Beside {
            left,
            right: self.bytes(&behind, |_| true),
            next: [
                self.bytes(&beyond, is_letter),
                self.bytes(&second, |_| true),
            ],
        }
    }

    /// The bytes that some states read next, of those asked for; [`ANY`] where a match may end.
    fn bytes(&self, from: &[StateID], asked: fn(u8) -> bool) -> u64 {
        let mut all = 0;
        for id in from {
            let state = self.all.state(*id);
            if matches!(state, State::Match { .. }) {
                return ANY;
            }
            each_transition(state, &mut |of| all |= bits(of, asked));
        }
        all
    }

    /// The states behind a word.
    fn behind(&self, from: &[StateID], word: &[u8]) -> Vec<StateID> {
        let mut letters = word.iter();
        let step = |from: &[StateID], letter: Option<&u8>| {
            let reads = |of: &Transition| letter.is_some_and(|l| (of.start..=of.end).contains(l));
            self.beyond(from, &reads)
        };
        let mut now = step(from, letters.next());
        for letter in letters {
            now = step(&now, Some(letter));
        }
        now
    }

    /// The states behind one byte of those asked for.
    fn step(&self, from: &[StateID], asked: fn(u8) -> bool) -> Vec<StateID> {
        self.beyond(from, &|of| bits(of, asked) != 0)
    }

    fn beyond(&self, from: &[StateID], reads: &dyn Fn(&Transition) -> bool) -> Vec<StateID> {
        let mut next = Vec::new();
        for id in from {
            each_transition(self.all.state(*id), &mut |of| {
                if reads(of) {
                    next.push(of.next);
                }
            });
        }
        match next.is_empty() {
            true => next,
            false => self.from(next, None),
        }
    }

    /// The states that read something, or end a match, to be had from these over the bytes asked
    /// for; none: without reading any.
    fn from(
        &self,
        states: impl IntoIterator<Item = StateID>,
        over: Option<fn(u8) -> bool>,
    ) -> Vec<StateID> {
        let mut left: Vec<StateID> = states.into_iter().collect();
        let mut seen = vec![false; self.all.states().len()];
        let mut reading = Vec::new();
        while let Some(id) = left.pop() {
            if seen
                .get_mut(id.as_usize())
                .is_none_or(|seen| std::mem::replace(seen, true))
            {
                continue;
            }
            match self.all.state(id) {
                State::Look { next, .. } | State::Capture { next, .. } => left.push(*next),
                State::Union { alternates } => left.extend(alternates),
                State::BinaryUnion { alt1, alt2 } => left.extend([alt1, alt2]),
                State::Fail => {}
                state @ (State::ByteRange { .. }
                | State::Sparse(_)
                | State::Dense(_)
                | State::Match { .. }) => {
                    reading.push(id);
                    if let Some(asked) = over {
                        each_transition(state, &mut |of| {
                            if bits(of, asked) != 0 {
                                left.push(of.next);
                            }
                        });
                    }
                }
            }
        }
        reading
    }
}

/// The bits of the bytes, of those asked for, that a state reads to go on.
fn bits(of: &Transition, asked: fn(u8) -> bool) -> u64 {
    let read = (of.start..=of.end).filter(|byte| asked(*byte));
    read.fold(0, |bits, byte| bits | bit(byte))
}

/// Calls `see` with what a state reads.
fn each_transition(state: &State, see: &mut dyn FnMut(&Transition)) {
    match state {
        State::ByteRange { trans } => see(trans),
        State::Sparse(sparse) => sparse.transitions.iter().for_each(see),
        State::Dense(dense) => {
            for (byte, next) in dense.transitions.iter().enumerate() {
                let (byte, next) = (byte as u8, *next);
                see(&Transition {
                    start: byte,
                    end: byte,
                    next,
                });
            }
        }
        State::Look { .. }
        | State::Union { .. }
        | State::BinaryUnion { .. }
        | State::Capture { .. }
        | State::Fail
        | State::Match { .. } => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex_automata::util::syntax;

    /// Whether an expression is run where a word stands in a text.
    fn is_run(expression: &str, word: &str, begins: bool, text: &str) -> bool {
        let bytes = syntax::Config::new().unicode(false).utf8(false);
        let states = NFA::compiler().syntax(bytes).build(expression).unwrap();
        let beside = States::new(&states).beside(word.as_bytes(), begins);
        let start = text.find(word).unwrap();
        beside.fits(text.as_bytes(), start, start + word.len())
    }

    #[test]
    fn what_comes_next_is_looked_at_behind_what_parts_words() {
        let number = r"\bflat\s+\d{1,4}\b";
        assert!(is_run(number, "flat", true, "flat  12"));
        for text in ["flat", "flat earth", "flat, 12", "flat12"] {
            assert!(!is_run(number, "flat", true, text), "{text}");
        }
        let words = r"\bflat\W{1,3}earth\w*";
        assert!(is_run(words, "flat", true, "a flat, earthly thing"));
        assert!(is_run(words, "flat", true, "flat \u{e9}earth"));
        assert!(!is_run(words, "flat", true, "a flat, evil thing"));
    }

    #[test]
    fn what_stands_before_is_looked_at_where_matches_begin_before() {
        let number = r"\b\d{3}-\d{4}-or\b";
        assert!(is_run(number, "or", false, "123-4567-or"));
        assert!(!is_run(number, "or", false, "this or that"));
        let either = r"\b(?:or|\d-or)\b";
        assert!(is_run(either, "or", false, "this or that"));
    }

    #[test]
    fn where_a_match_may_end_anything_may_come() {
        for text in ["kill", "kill 12", "kill you", "killing"] {
            assert!(is_run(r"\bkill(?:\s+you)?", "kill", true, text), "{text}");
        }
    }
}
