//! Who is called what: policies, signals, rules.

use super::{Document, report};
use crate::diagnostics::{Code, Diagnostic, did_you_mean};
use crate::policy::pack::SignalId;
use crate::policy::written::Name;
use std::collections::BTreeMap;

/// Every signal by its full name, and who declares what.
#[derive(Debug, Default)]
pub(super) struct Names {
    signals: BTreeMap<(String, String), SignalId>,
}

impl Names {
    /// Collects the names of all documents. Signals are numbered as they are written.
    pub(super) fn collect(documents: &[Document], problems: &mut Vec<Diagnostic>) -> Self {
        let mut names = Self::default();
        let mut policies: BTreeMap<&str, &Document> = BTreeMap::new();
        let mut rules: BTreeMap<&str, &Document> = BTreeMap::new();
        let mut next = 0;
        for document in documents {
            let id = &document.file.header.id;
            if let Some(first) = policies.insert(&id.value, document) {
                let message = format!("another file already declares policy `{}`", id.value);
                report(problems, document, Code::DuplicatePolicy, &id.span, message).help =
                    Some(format!("the other one is {}", first.source.name));
            }
            for rule in &document.file.rules {
                if let Some(first) = rules.insert(&rule.id.value, document) {
                    let message = format!("another rule is already called `{}`", rule.id.value);
                    report(
                        problems,
                        document,
                        Code::DuplicateRule,
                        &rule.id.span,
                        message,
                    )
                    .help = Some(format!("the other one is in {}", first.source.name));
                }
            }
            for signal in &document.file.signals {
                let key = (id.value.clone(), signal.name.value.clone());
                names.signals.insert(key, SignalId(next));
                next += 1;
            }
        }
        names
    }

    /// The signal that a name in this document means.
    pub(super) fn signal(
        &self,
        document: &Document,
        name: &Name,
        problems: &mut Vec<Diagnostic>,
    ) -> Option<SignalId> {
        let here = document.file.header.id.value.as_str();
        let (policy, signal) = name.value.split_once('/').unwrap_or((here, &name.value));
        let found = self
            .signals
            .get(&(policy.to_owned(), signal.to_owned()))
            .copied();
        if found.is_none() {
            let message = format!("no signal is called `{}`", name.value);
            report(problems, document, Code::UnknownSignal, &name.span, message).help =
                Some(self.suggestion(policy, signal, policy == here));
        }
        found
    }

    fn suggestion(&self, policy: &str, signal: &str, here: bool) -> String {
        let of_policy = || {
            self.signals
                .keys()
                .filter(|(p, _)| p == policy)
                .map(|(_, s)| s.as_str())
        };
        if let Some(near) = did_you_mean(signal, of_policy()) {
            return match here {
                true => format!("did you mean `{near}`?"),
                false => format!("did you mean `{policy}/{near}`?"),
            };
        }
        if let Some((other, _)) = self
            .signals
            .keys()
            .find(|(p, s)| s == signal && p != policy)
        {
            return format!("policy `{other}` has one: write `{other}/{signal}`");
        }
        if !here && of_policy().next().is_none() {
            return format!("no policy `{policy}` is loaded: check the folder that holds both");
        }
        "signals are declared under `signals:`; those of other policies are `policy/signal`"
            .to_owned()
    }
}
