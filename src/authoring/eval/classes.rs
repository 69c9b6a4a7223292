//! What labels expect, as sets: `violence` covers `violence.threats`, `*` covers everything.

use crate::limits::EVAL_CLASSES_MAX;
use crate::policy::Labels;

/// What can be expected, by name. A set of them is a number, one bit for each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Classes {
    names: Vec<String>,
    /// Whether there are more than fit in a set.
    pub(super) left_out: bool,
}

/// A set of classes.
pub(super) type Set = u64;

impl Classes {
    /// Everything that labels expect.
    pub(super) fn of(labels: &Labels) -> Self {
        let mut names: Vec<String> = labels.expect.values().flatten().cloned().collect();
        names.extend(labels.ignore.keys().cloned());
        names.sort();
        names.dedup();
        let left_out = names.len() > EVAL_CLASSES_MAX;
        names.truncate(EVAL_CLASSES_MAX);
        Self { names, left_out }
    }

    pub(super) fn names(&self) -> &[String] {
        &self.names
    }

    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// The set of these names.
    pub(super) fn named<'n>(&self, names: impl Iterator<Item = &'n String>) -> Set {
        let bit = |name| self.names.binary_search(name).map_or(0, bit);
        names.map(bit).fold(0, |set, bit| set | bit)
    }

    /// Those that a category belongs to.
    pub(super) fn covering(&self, category: &str) -> Set {
        let names = self.names.iter().enumerate();
        names
            .filter(|(_, name)| covers(name, category))
            .fold(0, |set, (at, _)| set | bit(at))
    }

    /// The narrowest that a category belongs to.
    pub(super) fn narrowest(&self, category: &str) -> Option<usize> {
        let names = self.names.iter().enumerate();
        let covering = names.filter(|(_, name)| covers(name, category));
        let by_length = |(_, name): &(usize, &String)| match name.as_str() {
            "*" => 0,
            name => name.len(),
        };
        covering.max_by_key(by_length).map(|(at, _)| at)
    }
}

/// A set of one.
pub(super) const fn bit(at: usize) -> Set {
    1 << at
}

/// Whether a name stands for a category: it is the category, a beginning of it, or `*`.
#[must_use]
pub fn covers(name: &str, category: &str) -> bool {
    let rest = category.strip_prefix(name);
    name == "*" || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn a_beginning_ends_at_a_dot() {
        for (name, category, expected) in [
            ("violence", "violence.threats", true),
            ("violence.threats", "violence.threats", true),
            ("violence.threats", "violence", false),
            ("viol", "violence.threats", false),
            ("*", "anything", true),
        ] {
            assert_eq!(covers(name, category), expected, "{name} {category}");
        }
    }
}
