//! Mails of a mailing list, one behind the other, as Unix mailboxes and list archives keep them.

use super::columns::with_words;
use super::cut::{Cutting, Scan, Step};
use super::sniff::{Fit, Head};
use super::{BadRecord, Format, MaybePost, Numbers, Reader};
use crate::model::Post;
use mail_parser::{HeaderValue, Message, MessageParser};
use memchr::memchr;
use memchr::memmem;
use std::borrow::Cow;
use std::sync::Arc;

pub(super) static FORMAT: Format = Format {
    name: "mbox",
    summary: "a mailbox or an archive of a mailing list",
    endings: &["mbox", "mbx"],
    numbers: Numbers::Records,
    sniff,
    records: |input| Ok(Box::new(Cutting::of(input, Mails::default())?)),
};

fn sniff(head: &Head<'_>) -> Fit {
    let text = head.text();
    match memchr(b'\n', text) {
        Some(end) if is_separator(text.get(..end).unwrap_or_default()) => Fit::Yes,
        None if !head.is_whole() && BEGINNING.starts_with(text.get(..5).unwrap_or(text)) => {
            Fit::NeedsMore
        }
        _ => Fit::No,
    }
}

const BEGINNING: &[u8] = b"From ";

/// Bytes of a line that tell whether it separates mails: addresses in front of its time are short.
const SEPARATOR_BYTES_MAX: usize = 512;

/// `From lena@example.org Sun Mar  1 12:00:00 2026`: a sentence that begins with "From" tells no
/// time.
fn is_separator(line: &[u8]) -> bool {
    let is_time = |at: &[u8]| {
        matches!(at, [a, b, b':', c, d]
            if [a, b, c, d].iter().all(|digit| digit.is_ascii_digit()))
    };
    line.starts_with(BEGINNING) && line.windows(5).any(is_time)
}

/// Finds mails. A mail begins with a separator that stands at the beginning or behind an empty line.
struct Mails {
    reader: Arc<dyn Reader>,
    number: u64,
    is_after_empty_line: bool,
    /// The beginning of the line that is arriving.
    line: Vec<u8>,
    /// How much of that line has arrived.
    line_bytes: usize,
    /// Where a mail begins that was not told yet.
    begins: Option<usize>,
    /// Whether the line that is arriving is the first of its mail.
    is_first_line: bool,
}

impl Default for Mails {
    fn default() -> Self {
        Self {
            reader: Arc::new(Mbox),
            number: 0,
            is_after_empty_line: true,
            line: Vec::new(),
            line_bytes: 0,
            begins: Some(0),
            is_first_line: true,
        }
    }
}

impl Mails {
    /// Some of a line arrives.
    fn arrives(&mut self, bytes: &[u8]) {
        let room = SEPARATOR_BYTES_MAX.saturating_sub(self.line.len());
        let kept = bytes.get(..room.min(bytes.len())).unwrap_or_default();
        self.line.extend_from_slice(kept);
        self.line_bytes += bytes.len();
    }

    /// A line has ended: whether a mail begins with it.
    fn line_ends(&mut self) -> bool {
        let line = self.line.trim_ascii_end();
        let separates = self.is_after_empty_line && !self.is_first_line && is_separator(line);
        self.is_after_empty_line = line.is_empty();
        self.is_first_line = false;
        self.line.clear();
        separates
    }
}

impl Scan for Mails {
    fn step(&mut self, bytes: &[u8], mut at: usize) -> Step {
        while let Some(rest) = bytes.get(at..).filter(|rest| !rest.is_empty()) {
            if let Some(begins) = self.begins.take() {
                self.number += 1;
                return Step::Begin {
                    number: self.number,
                    at: begins,
                    next: at,
                };
            }
            let end = memchr(b'\n', rest);
            let arrived = rest.get(..end.map_or(rest.len(), |end| end + 1));
            self.arrives(arrived.unwrap_or_default());
            at += arrived.unwrap_or_default().len();
            if end.is_none() {
                return Step::More;
            }
            let begin = at.saturating_sub(std::mem::take(&mut self.line_bytes));
            if self.line_ends() {
                self.begins = Some(begin);
                return Step::End {
                    end: begin,
                    next: at,
                };
            }
        }
        match self.begins.take_if(|begins| *begins < at) {
            // The separator is the last that has arrived: it must not be forgotten.
            Some(begins) => {
                self.number += 1;
                Step::Begin {
                    number: self.number,
                    at: begins,
                    next: at,
                }
            }
            None => Step::More,
        }
    }

    fn reader(&self) -> Arc<dyn Reader> {
        Arc::clone(&self.reader)
    }
}

#[derive(Debug)]
struct Mbox;

impl Reader for Mbox {
    fn post<'a>(&self, record: &'a str) -> MaybePost<'a> {
        self.post_of_bytes(record.as_bytes())
    }

    /// Mails tell their own character sets.
    fn post_of_bytes<'a>(&self, record: &'a [u8]) -> MaybePost<'a> {
        let mail = without_separator(record);
        if mail.trim_ascii().is_empty() {
            return Ok(None);
        }
        let mail = unstuffed(mail);
        let parsed = MessageParser::default().parse(&*mail);
        let Some(mail) = parsed.filter(|mail| mail.from().is_some() || mail.date().is_some())
        else {
            return Err(BadRecord::Malformed(
                "neither `From:` nor `Date:`: not a mail",
            ));
        };
        Ok(with_words(post(&mail)))
    }
}

/// A record without the line that separates it from the one before.
fn without_separator(record: &[u8]) -> &[u8] {
    match memchr(b'\n', record) {
        Some(end) if record.starts_with(BEGINNING) => record.get(end + 1..).unwrap_or_default(),
        _ => record,
    }
}

/// Lines that would separate mails are written with a `>` before them; it is no part of the mail.
fn unstuffed(mail: &[u8]) -> Cow<'_, [u8]> {
    const STUFFED: &[u8] = b"\n>From ";
    let mut stuffed = memmem::find_iter(mail, STUFFED).peekable();
    if stuffed.peek().is_none() {
        return Cow::Borrowed(mail);
    }
    let (mut plain, mut from) = (Vec::with_capacity(mail.len()), 0);
    for at in stuffed {
        plain.extend_from_slice(mail.get(from..=at).unwrap_or_default());
        from = at + 2;
    }
    plain.extend_from_slice(mail.get(from..).unwrap_or_default());
    Cow::Owned(plain)
}

fn post(mail: &Message<'_>) -> Post<'static> {
    let author = mail.from().and_then(|from| from.first());
    let author = author.and_then(|it| it.address().or_else(|| it.name()));
    let reply_to = ids(mail.in_reply_to()).next().map(str::to_owned);
    let id = mail.message_id().unwrap_or_default().to_owned();
    // A thread is known by its first mail.
    let first = ids(mail.references()).next().map(str::to_owned);
    let thread = first
        .or_else(|| reply_to.clone())
        .unwrap_or_else(|| id.clone());
    let bodies = (0..mail.text_body_count()).filter_map(|at| mail.body_text(at));
    let bodies: Vec<Cow<'_, str>> = bodies.collect();
    let mut text = bodies.join("\n");
    // Answers only repeat the subject.
    if let (Some(subject), None) = (mail.subject(), &reply_to) {
        text = format!("{subject}\n\n{text}");
    }
    let text = text.replace("\r\n", "\n");
    Post {
        id: id.into(),
        text: text.trim_end().to_owned().into(),
        author: author.map(|author| Cow::Owned(author.to_lowercase())),
        thread: (!thread.is_empty()).then_some(thread.into()),
        community: list(mail).map(Cow::Owned),
        reply_to: reply_to.map(Cow::Owned),
        at: mail
            .date()
            .and_then(|date| super::times::of_unix(date.to_timestamp()))
            .map(Cow::Owned),
        ..Post::default()
    }
}

/// The ids that a header names.
fn ids<'m>(header: &'m HeaderValue<'_>) -> impl Iterator<Item = &'m str> {
    let (one, many) = match header {
        HeaderValue::Text(id) => (Some(&**id), None),
        HeaderValue::TextList(ids) => (None, Some(ids)),
        HeaderValue::Address(_)
        | HeaderValue::DateTime(_)
        | HeaderValue::ContentType(_)
        | HeaderValue::Received(_)
        | HeaderValue::Empty => (None, None),
    };
    let many = many.into_iter().flatten().map(|id| &**id);
    one.into_iter().chain(many)
}

/// `Gardeners of Lyon <garden.example.org>`: what stands between the brackets.
fn list(mail: &Message<'_>) -> Option<String> {
    let written = mail.header_raw("List-Id")?.trim();
    let id = written
        .rsplit_once('<')
        .and_then(|(_, id)| id.split_once('>'));
    let id = id.map_or(written, |(id, _)| id);
    (!id.is_empty()).then(|| id.to_owned())
}
