//! The registry of protected people: names, former names, accounts, telephones and addresses of
//! people who are hunted, so that a post which names them without an account is a post about them.
//!
//! ```text
//! alias ─ reduce ─► phrases ─ digest, with the secret ─► entries, kept
//! entries ─ open the hints, with the secret ─► Registry (immutable, shared)
//! post, folded ─ hints of its words ─► hardly any ─ digest ─► targets
//! ```
//!
//! # What is kept
//!
//! Of each way of writing an alias: the first 16 bytes of its HMAC-SHA-256 under a key derived from
//! the secret, and a hint. In clear: the operator's id of the target, the kind of the alias, and how
//! many ways there are. Without the secret, a guess can't be tested: a stolen file tells how many
//! people are in it and what kind of things are known of them, nothing else.
//!
//! # Why it is quick
//!
//! A post has a hundred words, and an HMAC takes as long as a tenth of judging it. So with each
//! digest a *hint* is kept: 24 bits that the first word gives, 24 bits that all words give, and how
//! many they are. On disk it is sealed: combined with a pad that the secret gives for this digest
//! and for no other, so that who lacks the secret sees noise, even who knows what some of the
//! entries are. (A quick keyed hash, kept as it is, would not do: quick ones can be solved by
//! somebody who registered a few names themselves.) In memory, where the secret is too, hints are
//! open: one bit of a small filter decides about each word of a post in about a nanosecond. Only
//! where a first word and then a whole phrase pass their hints is anything digested.
//!
//! Who has both the file and the secret can test guesses, and tests them sooner by the hints; that
//! is what the secret is for.

mod addresses;
mod alias;
mod key;
mod names;
mod phones;
mod phrase;
mod search;
mod table;
mod undisguised;

pub use alias::{Alias, AliasError, AliasKind, RegistryEntry};
pub use key::{DIGEST_BYTES, Form, HINT_BYTES, RegistryKey, WeakKey};

use crate::detectors::{Input, detector};
use crate::text::{Key, Outline, fold, fold_term};
use key::Spread;
use phrase::Class;
use search::Search;
use std::collections::BTreeMap;
use std::fmt;
use table::Table;

/// Protected people, ready to be found in posts. Immutable, shared by all threads.
pub struct Registry {
    key: RegistryKey,
    spread: Spread,
    targets: Vec<String>,
    names: Table,
    handles: Table,
    phones: Table,
    addresses: Table,
}

impl fmt::Debug for Registry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Registry")
            .field("targets", &self.targets.len())
            .field("forms", &self.forms())
            .finish_non_exhaustive()
    }
}

impl Registry {
    /// Makes a registry ready. The entries must have been made with this key; those of another are
    /// never found.
    #[must_use]
    pub fn new(key: &RegistryKey, entries: &[RegistryEntry]) -> Self {
        let mut targets: Vec<String> = Vec::new();
        let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
        let mut forms: [Vec<_>; 4] = Default::default();
        for entry in entries {
            let target = *numbers.entry(&entry.target).or_insert_with(|| {
                targets.push(entry.target.clone());
                targets.len() as u32 - 1
            });
            let [names, handles, phones, addresses] = &mut forms;
            let of_class = match entry.kind.class() {
                Class::Name => names,
                Class::Handle => handles,
                Class::Phone => phones,
                Class::Address => addresses,
            };
            let opened = entry.forms.iter().map(|it| (*it, key.hint(it), target));
            of_class.extend(opened);
        }
        let [names, handles, phones, addresses] = forms.map(|forms| Table::new(&forms));
        Self {
            key: key.clone(),
            spread: key.spread(),
            targets,
            names,
            handles,
            phones,
            addresses,
        }
    }

    /// Whether nobody is in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.forms() == 0
    }

    /// How many people are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.targets.len()
    }

    fn forms(&self) -> usize {
        let tables = [&self.names, &self.handles, &self.phones, &self.addresses];
        tables.into_iter().map(Table::len).sum()
    }

    /// Whose names, telephones and addresses stand in a folded text: their ids, each once, at most
    /// [`TARGETS_MAX`](crate::limits::TARGETS_MAX) of them.
    #[must_use]
    pub fn find(&self, folded: &str, outline: &Outline) -> Vec<&str> {
        let found = Search::new(self).text(folded, outline);
        let target = |number: u32| self.targets.get(number as usize);
        found
            .into_iter()
            .filter_map(target)
            .map(String::as_str)
            .collect()
    }

    /// Whose account this is: its handle, with or without `@`, or its id.
    #[must_use]
    pub fn account(&self, account: &str) -> Option<&str> {
        if self.handles.is_empty() {
            return None;
        }
        let known = |key: Key| self.handles.candidates(self.spread.bits(key.hash()));
        // PERF: nearly every account is nobody's, and that takes no memory to know.
        if names::plain_account(account).is_some_and(|key| known(key).is_empty()) {
            return None;
        }
        let account = names::account_name(account);
        let mut candidates = known(Key::of(&account)).iter();
        let mut digest = None;
        let theirs = candidates.find(|it| {
            let digest = digest.get_or_insert_with(|| self.key.digest(Class::Handle, &account));
            *digest == it.digest
        })?;
        self.targets.get(theirs.target as usize).map(String::as_str)
    }

    /// Whom a text names, by name, telephone or address, or by a handle with `@`.
    #[must_use]
    pub fn named(&self, text: &str) -> Vec<&str> {
        let plain = fold(text);
        let mut named = self.find(plain.text(), &Outline::of(plain.text()));
        let mut spans = Vec::new();
        if let Some(handles) = detector("handle") {
            let input = Input {
                post: text,
                plain: &plain,
            };
            (handles.build)(&Default::default()).find(input, &mut spans);
        }
        let mentions = spans.into_iter().filter_map(|span| plain.text().get(span));
        for target in mentions.filter_map(|handle| self.account(handle)) {
            if !named.contains(&target) {
                named.push(target);
            }
        }
        named
    }
}

/// Names how this program reads words. A file made by a program that reads them otherwise would
/// silently find nobody.
#[must_use]
pub fn reading() -> String {
    let probes = ["Éloïse Ümläut-O’Brien", "ΜΑΡΙΑ вор", "①② ﬁancée"];
    let hash = probes.iter().fold(0_u64, |hash, probe| {
        let folded = fold_term(probe);
        let outline = Outline::of(&folded);
        let keys = outline.keys().iter().copied();
        hash.rotate_left(7) ^ phrase::whole(keys).map_or(0, Key::hash)
    });
    format!("{hash:016x}")
}
