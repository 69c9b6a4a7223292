//! The lexical side of SQL as `mysqldump` writes it: what is a comment, a text, a statement, a value.

use memchr::{memchr, memchr2, memmem};
use std::borrow::Cow;

/// What a byte belongs to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Lexical {
    /// Keywords, names, numbers, signs.
    #[default]
    Code,
    /// A quoted text or name, with its quote; `true`: behind a backslash.
    Quoted(u8, bool),
    /// A comment up to the end of the line.
    LineComment,
    /// A comment up to `*/`; `true`: behind a `*`.
    Comment(bool),
    /// Behind a `-` or a `/` that may begin a comment.
    MayBegin(u8),
}

impl Lexical {
    /// Takes one byte. `true`: it is code, or belongs to a quoted name or text.
    pub(super) fn byte(&mut self, byte: u8) -> bool {
        let (next, counts) = match (*self, byte) {
            (Self::Code | Self::MayBegin(_), b'\'' | b'"' | b'`') => {
                (Self::Quoted(byte, false), true)
            }
            (Self::MayBegin(b'-'), b'-') | (Self::Code | Self::MayBegin(_), b'#') => {
                (Self::LineComment, false)
            }
            (Self::MayBegin(b'/'), b'*') => (Self::Comment(false), false),
            (Self::Code | Self::MayBegin(_), b'-' | b'/') => (Self::MayBegin(byte), true),
            (Self::Code | Self::MayBegin(_), _) => (Self::Code, true),
            (Self::Quoted(quote, true), _) => (Self::Quoted(quote, false), true),
            // Names in backticks know no backslash.
            (Self::Quoted(quote, false), b'\\') => (Self::Quoted(quote, quote != b'`'), true),
            // A doubled quote closes and opens again.
            (Self::Quoted(quote, false), _) if byte == quote => (Self::Code, true),
            (Self::LineComment, b'\n') => (Self::Code, false),
            (Self::Comment(true), b'/') => (Self::Code, false),
            (Self::Comment(_), _) => (Self::Comment(byte == b'*'), false),
            (it @ Self::Quoted(..), _) => (it, true),
            (it @ Self::LineComment, _) => (it, false),
        };
        *self = next;
        counts
    }

    /// Whether one stands outside of quotes and comments.
    pub(super) fn is_code(self) -> bool {
        matches!(self, Self::Code | Self::MayBegin(_))
    }

    /// Bytes at the beginning of `rest` that change nothing.
    pub(super) fn skip(self, rest: &[u8]) -> usize {
        let found = match self {
            Self::Quoted(quote, false) => memchr2(quote, b'\\', rest),
            Self::LineComment => memchr(b'\n', rest),
            Self::Comment(false) => memchr(b'*', rest),
            Self::Code | Self::Quoted(_, true) | Self::Comment(true) | Self::MayBegin(_) => Some(0),
        };
        found.unwrap_or(rest.len())
    }
}

/// The values of a row, given without its parentheses, as they are written.
pub(super) fn values(row: &str) -> impl Iterator<Item = &str> {
    let (mut rest, mut is_over) = (row, false);
    std::iter::from_fn(move || {
        if is_over {
            return None;
        }
        let end = end_of_value(rest.as_bytes());
        let (value, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        is_over = behind.is_empty();
        rest = behind.get(1..).unwrap_or_default();
        Some(value.trim())
    })
}

fn end_of_value(row: &[u8]) -> usize {
    let (mut lexical, mut at, mut depth) = (Lexical::default(), 0, 0_usize);
    while let Some(rest) = row.get(at..).filter(|rest| !rest.is_empty()) {
        at += lexical.skip(rest);
        let Some(byte) = row.get(at).copied() else {
            break;
        };
        if lexical.is_code() {
            match byte {
                b',' if depth == 0 => return at,
                b'(' => depth += 1,
                b')' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
        lexical.byte(byte);
        at += 1;
    }
    row.len()
}

/// What a value means: None is `NULL`.
pub(super) fn decode(value: &str) -> Option<Cow<'_, str>> {
    if value.eq_ignore_ascii_case("null") || value.is_empty() {
        return None;
    }
    // `_utf8mb4'…'` tells its character set.
    let quoted = match value.strip_prefix('_').and_then(|it| it.find('\'')) {
        Some(at) => value.get(at + 1..).unwrap_or_default(),
        None => value,
    };
    for quote in ['\'', '"'] {
        if let Some(inner) = quoted.strip_prefix(quote) {
            let inner = inner.strip_suffix(quote).unwrap_or(inner);
            return Some(unescape(inner, quote));
        }
    }
    Some(value.into())
}

fn unescape(text: &str, quote: char) -> Cow<'_, str> {
    if !text.contains(['\\', quote]) {
        return text.into();
    }
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let next = match character {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('0') => '\0',
                Some('b') => '\u{8}',
                Some('Z') => '\u{1a}',
                Some(other) => other,
                None => break,
            },
            it if it == quote => {
                characters.next();
                quote
            }
            it => it,
        };
        plain.push(next);
    }
    plain.into()
}

/// The table that a statement speaks of, and the columns that it names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<String>,
}

impl Table {
    /// The table of `INSERT INTO name (columns) VALUES`.
    pub(super) fn of_insert(statement: &str) -> Option<Self> {
        let words = ["insert", "replace"].into_iter();
        let rest = words
            .filter_map(|word| strip_word(statement, word))
            .next()?;
        let rest = ["ignore", "delayed", "low_priority", "high_priority"]
            .into_iter()
            .fold(rest, |rest, word| strip_word(rest, word).unwrap_or(rest));
        let (name, rest) = name(strip_word(rest, "into")?)?;
        let list = rest.trim_start().strip_prefix('(');
        let list = list.and_then(|list| list.split_once(')'));
        let columns = list.map(|(list, _)| list.split(',')).into_iter().flatten();
        let columns = columns.filter_map(|column| Some(self::name(column)?.0));
        Some(Self {
            name,
            columns: columns.collect(),
        })
    }

    /// The table of `CREATE TABLE name (column type …, KEY …)`.
    pub(super) fn of_create(statement: &str) -> Option<Self> {
        let rest = strip_word(strip_word(statement, "create")?, "table")?;
        let rest = ["if", "not", "exists"]
            .into_iter()
            .fold(rest, |rest, word| strip_word(rest, word).unwrap_or(rest));
        let (table, rest) = name(rest)?;
        let list = rest.trim_start().strip_prefix('(')?;
        const NO_COLUMNS: [&str; 9] = [
            "primary",
            "key",
            "unique",
            "index",
            "fulltext",
            "spatial",
            "constraint",
            "foreign",
            "check",
        ];
        let is_column = |part: &&str| {
            !NO_COLUMNS
                .iter()
                .any(|word| strip_word(part, word).is_some())
        };
        let columns = values(list).filter(is_column);
        let columns = columns.filter_map(|column| Some(name(column)?.0));
        Some(Self {
            name: table,
            columns: columns.collect(),
        })
    }
}

/// What stands behind a keyword.
fn strip_word<'s>(statement: &'s str, word: &str) -> Option<&'s str> {
    let statement = statement.trim_start();
    let (begin, rest) = statement.split_at_checked(word.len())?;
    let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    (begin.eq_ignore_ascii_case(word) && ends).then_some(rest)
}

/// A name, quoted or not, and what stands behind it. Of `base.table`, the table.
fn name(statement: &str) -> Option<(String, &str)> {
    let statement = statement.trim_start();
    let quote = statement.chars().next().filter(|c| matches!(c, '`' | '"'));
    let (name, rest) = match quote {
        Some(quote) => statement.get(1..)?.split_once(quote)?,
        None => {
            let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$');
            let end = statement.find(|c| !is_name(c)).unwrap_or(statement.len());
            statement.split_at_checked(end)?
        }
    };
    match rest.strip_prefix('.') {
        Some(rest) => self::name(rest),
        None if name.is_empty() => None,
        None => Some((name.to_lowercase(), rest)),
    }
}

/// Whether a dump begins as SQL does.
pub(super) fn begins_as_sql(head: &[u8]) -> bool {
    let head = head.trim_ascii_start();
    let begins = |word: &str| {
        let begin = head.get(..word.len()).unwrap_or(head);
        !begin.is_empty() && begin.eq_ignore_ascii_case(word.as_bytes())
    };
    [
        "-- ",
        "--\n",
        "/*",
        "# ",
        "insert into",
        "create table",
        "drop table",
        "set ",
        "lock tables",
    ]
    .into_iter()
    .any(begins)
}

/// Whether the beginning of a dump shows an SQL statement.
pub(super) fn shows_sql(head: &[u8]) -> bool {
    [
        "INSERT INTO",
        "CREATE TABLE",
        "DROP TABLE",
        "MySQL dump",
        "MariaDB dump",
        "phpBB Backup",
    ]
    .into_iter()
    .any(|words| memmem::find(head, words.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::{Table, decode, values};

    #[test]
    fn rows_are_split_and_read() {
        let row = r"1, 'l''été, \'né\'\n\\', NULL,-2.5,_utf8mb4'x',(1,2),''";
        let read: Vec<_> = values(row).map(decode).collect();
        let text = "l'été, 'né'\n\\";
        let expected = [
            Some("1"),
            Some(text),
            None,
            Some("-2.5"),
            Some("x"),
            Some("(1,2)"),
            Some(""),
        ];
        assert!(read.iter().map(Option::as_deref).eq(expected), "{read:?}");
        for broken in ["'", "'\\", "_'", "''' ", ")(", "\"é"] {
            let _ = values(broken).map(decode).count();
        }
    }

    #[test]
    fn tables_are_known_by_their_statements() {
        for (statement, name, columns) in [
            ("INSERT INTO `a_posts` VALUES ", "a_posts", vec![]),
            (
                "insert ignore into db.Posts (`Id`, text) values",
                "posts",
                vec!["id", "text"],
            ),
            ("REPLACE INTO x(a)VALUES", "x", vec!["a"]),
        ] {
            let table = Table::of_insert(statement).unwrap();
            assert_eq!(
                (table.name.as_str(), table.columns),
                (name, columns.iter().map(|it| (*it).to_owned()).collect())
            );
        }
        let create = "CREATE TABLE IF NOT EXISTS `p` (\n `id` int(10, 2) DEFAULT '1, 2',\n `key` text \
                      COMMENT 'it''s (a) comment',\n PRIMARY KEY (`id`), KEY x (a,b)\n) ENGINE=x";
        let table = Table::of_create(create).unwrap();
        assert_eq!(
            (table.name.as_str(), table.columns),
            ("p", vec!["id".to_owned(), "key".to_owned()])
        );
        for broken in [
            "INSERT",
            "INSERT INTO",
            "INSERT INTO `x",
            "CREATE TABLE",
            "é",
            "",
        ] {
            assert_eq!(Table::of_insert(broken), None, "{broken}");
            assert_eq!(Table::of_create(broken), None, "{broken}");
        }
    }
}
