//! Handles: names of accounts on forums and networks.

use super::around::{byte_at, char_before};
use super::domain::{Dots, host};
use super::{Arguments, Detector, Example, Finder, Input, Trigger};
use memchr::memchr_iter;
use rustc_hash::FxHashSet;
use std::ops::Range;

pub(super) static DETECTOR: Detector = Detector {
    name: "handle",
    summary: "Account names: @name, @name@instance",
    docs: "\
Finds `@name` as forums and networks write it, and `@name@instance.example` of federated networks
(WebFinger, RFC 7565) as one span. A name has 2 to 64 letters, digits, `_`, `-` and inner dots, with at
least one letter.

Not found:

- e-mail addresses, and `@` with a space after it (`meet @ noon`);
- times and prices (`@5pm`, `@18h30`, `@3.50`);
- what calls a room rather than a person: `@all`, `@channel`, `@everyone`, `@here`, `@room`, `@tous`;
- code: a name with `(` or `::` right after it, or one of the everyday annotations and at-rules
  (`@Override`, `@param`, `@media` …), wherever it stands.

Limits: `@home` and `@work` look like names and are found. `u/name` is not.

Sources: RFC 7565; the posting rules of Mastodon, Discourse and phpBB.",
    parameters: &[],
    examples: &[
        Example { text: "ask @Jo_Doe, she knows", finds: &["@Jo_Doe"], with: "" },
        Example { text: "(@jeanne.d) et @Élodie!", finds: &["@jeanne.d", "@Élodie"], with: "" },
        Example { text: "follow @jdoe@social.example.", finds: &["@jdoe@social.example"], with: "" },
        Example { text: "@one @two", finds: &["@one", "@two"], with: "" },
        Example { text: "jdoe@example.org, meet @ noon, @5pm, @18h30, 3@2.50", finds: &[], with: "" },
        Example { text: "@everyone @Override @media (print) @Test(1)", finds: &[], with: "" },
        Example { text: "à tous : @tous @ici", finds: &[], with: "" },
    ],
    trigger: Trigger::Byte(b'@'),
    build: |_: &Arguments| Box::new(Handles::new()),
};

/// Bytes of one name. Networks allow 15 to 60.
const NAME_BYTES_MAX: usize = 64;

/// Names that call everybody, annotations and at-rules.
const NOBODY: &[&str] = &[
    "all",
    "apply",
    "autowired",
    "bean",
    "channel",
    "charset",
    "deprecated",
    "entity",
    "everyone",
    "extend",
    "font-face",
    "here",
    "ici",
    "import",
    "include",
    "inject",
    "keyframes",
    "media",
    "mixin",
    "notnull",
    "nullable",
    "override",
    "param",
    "property",
    "return",
    "returns",
    "room",
    "safevarargs",
    "see",
    "since",
    "staticmethod",
    "supports",
    "suppresswarnings",
    "test",
    "throws",
    "todos",
    "tous",
    "toutes",
    "transactional",
];

#[derive(Debug)]
struct Handles {
    /// [`NOBODY`]. PERF: networks' posts hold several handles each.
    nobody: FxHashSet<&'static str>,
}

impl Handles {
    fn new() -> Self {
        Self {
            nobody: NOBODY.iter().copied().collect(),
        }
    }
}

impl Finder for Handles {
    fn find(&self, input: Input<'_>, found: &mut Vec<Range<usize>>) {
        let text = input.plain.text();
        let mut free_from = 0;
        for at in memchr_iter(b'@', text.as_bytes()) {
            if at < free_from {
                continue;
            }
            let named = handle(text, at);
            let somebody = |end: &usize| {
                let name = text.get(at + 1..*end);
                name.is_some_and(|name| !self.nobody.contains(name))
            };
            if let Some(end) = named.filter(somebody) {
                found.push(at..end);
                free_from = end;
            }
        }
    }
}

/// The end of the handle whose `@` is at `at`.
fn handle(text: &str, at: usize) -> Option<usize> {
    let glued = |c: char| {
        c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | '+' | '%' | '@' | '/' | '=' | '*')
    };
    if char_before(text, at).is_some_and(glued) {
        return None;
    }
    let end = name_end(text, at + 1);
    let name = text.get(at + 1..end)?;
    if byte_at(text, end) == b'@' {
        return host(text, end + 1, Dots::Bracketed)
            .0
            .filter(|_| !name.is_empty())
            .map(|h| h.end);
    }
    let code = byte_at(text, end) == b'(' || text.get(end..)?.starts_with("::");
    let named = name.len() >= 2 && name.chars().any(char::is_alphabetic);
    (named && !code && !is_measure(name)).then_some(end)
}

/// Where the name that starts at `at` ends.
fn name_end(text: &str, at: usize) -> usize {
    let rest = text.get(at..).unwrap_or("");
    if rest.starts_with(['.', '-']) {
        return at;
    }
    let in_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    // PERF: nearly all names are ASCII.
    let ascii = rest.bytes().take(NAME_BYTES_MAX);
    let ascii = ascii.take_while(|byte| byte.is_ascii() && in_name(char::from(*byte)));
    let mut length = ascii.count();
    if !byte_at(rest, length).is_ascii() {
        let characters = rest.char_indices();
        let named = characters.take_while(|(i, c)| in_name(*c) && *i < NAME_BYTES_MAX);
        length = named.map(|(i, c)| i + c.len_utf8()).last().unwrap_or(0);
    }
    let name = rest.get(..length).unwrap_or("");
    // PERF: hardly any name holds a dot, and looking for two of them is dear.
    let name = match name.contains('.') {
        true => name.split("..").next().unwrap_or(""),
        false => name,
    };
    at + name.trim_end_matches(['.', '-']).len()
}

/// A number with a unit: `5pm`, `18h30`, `500mhz`.
fn is_measure(name: &str) -> bool {
    let rest = name.trim_start_matches(|c: char| c.is_ascii_digit());
    let unit = rest.trim_end_matches(|c: char| c.is_ascii_digit());
    rest.len() < name.len() && unit.len() <= 3
}
