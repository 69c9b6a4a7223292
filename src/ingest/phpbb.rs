//! phpBB: the SQL that `mysqldump` makes of its database. Posts are read; names of accounts too, where
//! their table stands before the posts.

use super::columns::{author, with_words};
use super::cut::{Cutting, Scan, Step};
use super::discourse::deleted;
use super::html::{self, Breaks};
use super::sniff::{Fit, Head};
use super::sql::{Lexical, Table, begins_as_sql, decode, shows_sql, values};
use super::{BadRecord, Format, MaybePost, Numbers, Reader, times};
use crate::limits::{ACCOUNT_NAMES_BYTES_MAX, LINE_BYTES_MAX, STATEMENT_BYTES_MAX};
use crate::model::Post;
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

pub(super) static FORMAT: Format = Format {
    name: "phpbb",
    summary: "phpBB's database as mysqldump writes it (SQL)",
    endings: &["sql"],
    numbers: Numbers::Records,
    sniff,
    records: |input| Ok(Box::new(Cutting::of(input, Statements::default())?)),
};

fn sniff(head: &Head<'_>) -> Fit {
    match begins_as_sql(head.text()) {
        true if shows_sql(head.text()) => Fit::Yes,
        true if !head.is_whole() => Fit::NeedsMore,
        _ => Fit::No,
    }
}

/// What a statement is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// Between statements, or in one that is not yet known.
    Head,
    /// In rows, between two of them; `true`: where a row may begin.
    Rows(Kind, bool),
    /// In a row, so many parentheses deep.
    Row(Kind, usize),
    /// In a statement that is passed over.
    Passed,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Posts,
    Accounts,
}

/// Finds the rows of posts among statements.
struct Statements {
    state: State,
    lexical: Lexical,
    /// A statement up to its rows, or an account's row.
    head: Vec<u8>,
    /// The columns of tables, as they were created.
    columns: BTreeMap<String, Vec<String>>,
    account_columns: [Option<usize>; 2],
    names: Arc<HashMap<String, String>>,
    names_bytes: usize,
    reader: Arc<Phpbb>,
    number: u64,
    found_posts: bool,
}

impl Default for Statements {
    fn default() -> Self {
        Self {
            state: State::Head,
            lexical: Lexical::default(),
            head: Vec::new(),
            columns: BTreeMap::new(),
            account_columns: [None; 2],
            names: Arc::default(),
            names_bytes: 0,
            reader: Arc::default(),
            number: 0,
            found_posts: false,
        }
    }
}

impl Scan for Statements {
    fn step(&mut self, bytes: &[u8], mut at: usize) -> Step {
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            let skipped = rest.get(..self.lexical.skip(rest)).unwrap_or_default();
            if matches!(self.lexical, Lexical::Quoted(..)) {
                self.keep(skipped);
            }
            at += skipped.len();
            let Some(byte) = bytes.get(at).copied() else {
                break;
            };
            let was_code = self.lexical.is_code();
            let counts = self.lexical.byte(byte);
            if !was_code || !self.lexical.is_code() {
                match counts {
                    true => self.keep(&[byte]),
                    // What a comment begins with was taken for code.
                    false if was_code && byte != b'#' => drop(self.head.pop()),
                    false => {}
                }
                at += 1;
                continue;
            }
            if let Some(step) = self.code(byte, at) {
                return step;
            }
            at += 1;
        }
        Step::More
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::<Phpbb>::clone(&self.reader)
    }

    fn end(&self) -> Option<&'static str> {
        let is_between = match self.state {
            State::Head => self.head.trim_ascii().is_empty(),
            State::Rows(_, may_begin) => !may_begin,
            State::Row(..) | State::Passed => false,
        };
        match self.found_posts {
            _ if !is_between || !self.lexical.is_code() && self.lexical != Lexical::LineComment => {
                Some("the dump ends in the middle of an SQL statement")
            }
            false => Some("no table of posts (`post_id`, `post_text`) stands in it"),
            true => None,
        }
    }
}

impl Statements {
    /// Keeps bytes of what must be known later.
    fn keep(&mut self, bytes: &[u8]) {
        let limit = match self.state {
            State::Head => STATEMENT_BYTES_MAX,
            State::Row(Kind::Accounts, _) => LINE_BYTES_MAX,
            State::Row(Kind::Posts, _) | State::Rows(..) | State::Passed => 0,
        };
        if self.head.len() + bytes.len() <= limit {
            self.head.extend_from_slice(bytes);
        } else if self.state == State::Head {
            self.head.clear();
            self.state = State::Passed;
        }
    }

    /// A byte outside of quotes and comments.
    fn code(&mut self, byte: u8, at: usize) -> Option<Step> {
        match (self.state, byte) {
            (State::Head, b';') => self.statement_ends(),
            (State::Head, b'(') if ends_with_values(&self.head) => return self.rows_begin(at),
            (State::Head, byte) if self.head.is_empty() && byte.is_ascii_whitespace() => {}
            (State::Passed | State::Rows(..), b';') => self.state = State::Head,
            (State::Rows(kind, true), b'(') => return self.row_begins(kind, at),
            (State::Rows(kind, _), b',') => self.state = State::Rows(kind, true),
            (State::Rows(..), byte) if byte.is_ascii_whitespace() => {}
            // `ON DUPLICATE KEY UPDATE` and the like.
            (State::Rows(..), _) => self.state = State::Passed,
            (State::Row(kind, 1), b')') => return self.row_ends(kind, at),
            (State::Row(kind, depth), b'(') => {
                self.keep(b"(");
                self.state = State::Row(kind, depth + 1);
            }
            (State::Row(kind, depth), b')') => {
                self.keep(b")");
                self.state = State::Row(kind, depth - 1);
            }
            (State::Head | State::Row(..) | State::Passed, byte) => self.keep(&[byte]),
        }
        None
    }

    /// A statement without rows has ended. What creates a table tells its columns.
    fn statement_ends(&mut self) {
        let statement = std::str::from_utf8(&self.head);
        let table = statement.ok().and_then(Table::of_create);
        if let Some(table) =
            table.filter(|it| is_named(&it.name, "posts") || is_named(&it.name, "users"))
        {
            self.columns.insert(table.name, table.columns);
        }
        self.head.clear();
    }

    /// The first row of a statement begins.
    fn rows_begin(&mut self, at: usize) -> Option<Step> {
        let table = std::str::from_utf8(&self.head)
            .ok()
            .and_then(Table::of_insert);
        self.head.clear();
        self.state = State::Passed;
        let table = table?;
        let columns = match table.columns.is_empty() {
            true => self.columns.get(&table.name).cloned().unwrap_or_default(),
            false => table.columns,
        };
        let place = |name: &str| columns.iter().position(|column| column == name);
        if is_named(&table.name, "users") {
            self.account_columns = [place("user_id"), place("username")];
            if self.account_columns.iter().all(Option::is_some) {
                return self.row_begins(Kind::Accounts, at);
            }
        } else if is_named(&table.name, "posts") {
            self.state = State::Rows(Kind::Posts, true);
            self.found_posts = true;
            if !self.reader.is_of(&columns, &self.names) {
                self.reader = Arc::new(Phpbb::of(columns, Arc::clone(&self.names)));
                // The parenthesis is looked at once more.
                return Some(Step::NewReader { next: at });
            }
            return self.row_begins(Kind::Posts, at);
        }
        None
    }

    fn row_begins(&mut self, kind: Kind, at: usize) -> Option<Step> {
        self.state = State::Row(kind, 1);
        self.head.clear();
        if kind == Kind::Accounts {
            return None;
        }
        self.number += 1;
        Some(Step::Begin {
            number: self.number,
            at: at + 1,
            next: at + 1,
        })
    }

    fn row_ends(&mut self, kind: Kind, at: usize) -> Option<Step> {
        self.state = State::Rows(kind, false);
        if kind == Kind::Posts {
            return Some(Step::End {
                end: at,
                next: at + 1,
            });
        }
        self.account();
        self.head.clear();
        None
    }

    /// Remembers an account's name.
    fn account(&mut self) {
        let Ok(row) = std::str::from_utf8(&self.head) else {
            return;
        };
        let value = |at: Option<usize>| decode(values(row).nth(at?)?);
        let [id, name] = self.account_columns.map(value);
        let (Some(id), Some(name)) = (id, name) else {
            return;
        };
        // An entry takes its texts and some 64 bytes around them.
        self.names_bytes += id.len() + name.len() + 64;
        if self.names_bytes <= ACCOUNT_NAMES_BYTES_MAX {
            let (id, name) = (id.into_owned(), entities(name).into_owned());
            Arc::make_mut(&mut self.names).insert(id, name);
        }
    }
}

/// `phpbb_posts`, whatever stands before it.
fn is_named(table: &str, name: &str) -> bool {
    table
        .strip_suffix(name)
        .is_some_and(|prefix| prefix.is_empty() || prefix.ends_with('_'))
}

/// Whether rows come next: `… VALUES`, `…)VALUES`.
fn ends_with_values(head: &[u8]) -> bool {
    let head = head.trim_ascii_end();
    let is_last = |word: &str| {
        let before = head.len().checked_sub(word.len());
        let (before, last) = before
            .and_then(|at| head.split_at_checked(at))
            .unwrap_or_default();
        let begins = before
            .last()
            .is_none_or(|byte| !byte.is_ascii_alphanumeric());
        begins && last.eq_ignore_ascii_case(word.as_bytes())
    };
    is_last("values") || is_last("value")
}

/// The columns that a post is made of.
const COLUMNS: [&str; 11] = [
    "post_id",
    "post_text",
    "topic_id",
    "forum_id",
    "poster_id",
    "post_time",
    "post_username",
    "post_subject",
    "bbcode_uid",
    "post_visibility",
    "post_edit_count",
];

/// The number of the account of all guests.
const GUEST: &str = "1";
/// What `post_visibility` says of deleted posts.
const IS_DELETED: &str = "2";

#[derive(Debug, Default)]
struct Phpbb {
    /// All columns of the table.
    columns: Vec<String>,
    /// Where the columns of [`COLUMNS`] stand.
    places: [Option<usize>; COLUMNS.len()],
    names: Arc<HashMap<String, String>>,
}

impl Phpbb {
    fn of(columns: Vec<String>, names: Arc<HashMap<String, String>>) -> Self {
        Self {
            places: COLUMNS.map(|name| columns.iter().position(|column| column == name)),
            columns,
            names,
        }
    }

    fn is_of(&self, columns: &[String], names: &Arc<HashMap<String, String>>) -> bool {
        self.columns == columns && Arc::ptr_eq(&self.names, names)
    }

    fn author<'a>(
        &self,
        id: Option<Cow<'a, str>>,
        guest: Option<Cow<'a, str>>,
    ) -> Option<Cow<'a, str>> {
        let guest = guest.filter(|name| !name.is_empty()).map(entities);
        let Some(id) = id else {
            return guest;
        };
        match self.names.get(&*id) {
            _ if id == GUEST => guest,
            Some(name) => Some(Cow::Owned(name.clone())),
            None => Some(id),
        }
    }
}

impl Reader for Phpbb {
    fn post<'a>(&self, record: &'a str) -> MaybePost<'a> {
        if self.columns.is_empty() {
            let wrong = "neither CREATE TABLE nor INSERT names the columns of this table";
            return Err(BadRecord::Malformed(wrong));
        }
        let mut fields = [const { None }; COLUMNS.len()];
        let mut found = 0;
        for (at, value) in values(record).enumerate() {
            found += 1;
            let wanted = self.places.iter().position(|place| *place == Some(at));
            if let Some(field) = wanted.and_then(|wanted| fields.get_mut(wanted)) {
                *field = decode(value);
            }
        }
        if found != self.columns.len() {
            return Err(BadRecord::Malformed(
                "not as many values as the table has columns",
            ));
        }
        let [
            id,
            text,
            thread,
            community,
            poster,
            time,
            guest,
            subject,
            uid,
            visibility,
            edits,
        ] = fields;
        let Some(text) = text else {
            return Ok(None);
        };
        let text = words(&text, uid.as_deref().unwrap_or_default());
        let subject = subject.map(entities).filter(|subject| !is_answer(subject));
        let text = match subject {
            Some(subject) if !text.is_empty() => format!("{subject}\n\n{text}"),
            _ => text,
        };
        Ok(with_words(Post {
            id: id.unwrap_or_default(),
            text: text.into(),
            author: self.author(poster, guest).and_then(author),
            thread,
            community,
            at: time
                .and_then(|time| times::of_unix(time.parse().ok()?))
                .map(Cow::Owned),
            revision: edits
                .and_then(|edits| edits.parse().ok())
                .filter(|edits| *edits > 0),
            attrs: deleted(visibility.as_deref() == Some(IS_DELETED)),
            ..Post::default()
        }))
    }
}

/// Answers repeat the subject that they answer.
fn is_answer(subject: &str) -> bool {
    subject.is_empty() || subject.starts_with("Re:") || subject.starts_with("RE:")
}

/// The words as they were typed: since 3.2 phpBB keeps them as XML, before as HTML in which BBCode is
/// marked with the post's `uid`.
fn words(text: &str, uid: &str) -> String {
    match uid.is_empty() {
        true => html::text(text, Breaks::AsWritten),
        false => html::text(&text.replace(&format!(":{uid}"), ""), Breaks::AsWritten),
    }
}

/// Names and subjects are kept with their entities.
fn entities(text: Cow<'_, str>) -> Cow<'_, str> {
    match text.contains('&') {
        true => Cow::Owned(html::text(&text, Breaks::AsWritten)),
        false => text,
    }
}
