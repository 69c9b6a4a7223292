//! From what was written to what holds: all files together, all mistakes at once.

mod examples;
mod ladders;
mod lints;
mod named;
mod names;
mod order;
mod points;
mod rules;
mod signals;
mod terms;

use super::digest::sha256_name;
use super::pack::{Pack, Policy};
use super::reader::Reader;
use super::written::{File, Header};
use super::{syntax, yaml};
use crate::diagnostics::{Code, Diagnostic, Severity, Source};
use crate::limits::{DIAGNOSTICS_PER_FILE_MAX, POLICY_BYTES_MAX};
use names::Names;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

/// A file as the shell read it.
#[derive(Clone, Debug)]
pub struct RawFile {
    /// How people know it: a path.
    pub name: String,
    /// Its bytes; of a file over [`POLICY_BYTES_MAX`], at least one byte more than that.
    pub bytes: Vec<u8>,
}

/// What checking gave.
#[derive(Debug)]
pub struct Checked {
    /// The pack, when there was no error.
    pub pack: Option<Pack>,
    /// Every mistake, by file and place.
    pub diagnostics: Vec<Diagnostic>,
    /// How many more there are, beyond [`DIAGNOSTICS_PER_FILE_MAX`].
    pub hidden: usize,
}

impl Checked {
    /// How many diagnostics are of this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics
            .iter()
            .filter(|d| d.code.severity() == severity)
            .count()
    }
}

/// Checks the files of one pack. Order doesn't matter.
#[must_use]
pub fn check(files: Vec<RawFile>) -> Checked {
    check_with(files, Vec::new())
}

/// The same, beside files that could not even be read, each told by a diagnostic: what they would
/// have declared is not reported as unknown.
#[must_use]
pub fn check_with(mut files: Vec<RawFile>, unreadable: Vec<Diagnostic>) -> Checked {
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let digest = digest(&files);
    let mut complete = unreadable.is_empty();
    let mut problems = unreadable;
    if files.is_empty() && problems.is_empty() {
        let source = Arc::new(Source {
            name: ".".to_owned(),
            text: String::new(),
        });
        let message = "no policies here: a pack is a folder of `.yaml` files";
        problems.push(Diagnostic::new(Code::NoPolicies, &source, 0..0, message));
    }
    let count = files.len();
    let mut documents = Vec::new();
    for (document, mut of_file) in read_all(files) {
        problems.append(&mut of_file);
        documents.extend(document);
    }
    complete &= documents.len() == count;
    let checker = Checker {
        documents: &documents,
        problems,
    };
    let (pack, problems) = checker.run(digest, complete);
    let clean = problems
        .iter()
        .all(|d| d.code.severity() != Severity::Error);
    let (diagnostics, hidden) = in_order(problems);
    Checked {
        pack: pack.filter(|_| clean),
        diagnostics,
        hidden,
    }
}

/// One file that could be read.
#[derive(Debug)]
struct Document {
    source: Arc<Source>,
    file: File,
    /// Its policy's id, or a stand-in that no name can mean.
    id: String,
}

/// `sha256:…` over names' order and contents; line endings make no difference.
fn digest(files: &[RawFile]) -> Arc<str> {
    let mut hash = Sha256::new();
    let mut contents: Vec<Vec<u8>> = files
        .iter()
        .map(|file| {
            file.bytes
                .iter()
                .copied()
                .filter(|byte| *byte != b'\r')
                .collect()
        })
        .collect();
    contents.sort();
    for content in contents {
        hash.update((content.len() as u64).to_le_bytes());
        hash.update(&content);
    }
    sha256_name(hash)
}

/// What reading a file gives, and its mistakes.
type Read = (Option<Document>, Vec<Diagnostic>);

/// Threads that read files.
const READERS: usize = 4;

/// Bytes of files that are worth more threads than one.
const WORTH_THREADS: usize = 64 << 10;

/// Reads files, several at a time; what that gives is in their order.
fn read_all(files: Vec<RawFile>) -> Vec<Read> {
    let read_one = |file: RawFile| {
        let mut problems = Vec::new();
        let document = read(file, &mut problems);
        (document, problems)
    };
    let bytes: usize = files.iter().map(|file| file.bytes.len()).sum();
    if files.len() < 2 || bytes < WORTH_THREADS {
        return files.into_iter().map(read_one).collect();
    }
    let count = files.len();
    let left = Mutex::new(files.into_iter().enumerate());
    let work = || {
        let mut read = Vec::new();
        while let Some((at, file)) = next(&left) {
            read.push((at, read_one(file)));
        }
        read
    };
    let mut all = std::thread::scope(|scope| {
        let readers: Vec<_> = (1..READERS.min(count)).map(|_| scope.spawn(work)).collect();
        let mut all = work();
        for reader in readers {
            match reader.join() {
                Ok(read) => all.extend(read),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        all
    });
    all.sort_by_key(|(at, _)| *at);
    all.into_iter().map(|(_, read)| read).collect()
}

/// The next one that nobody has taken.
fn next<T>(left: &Mutex<impl Iterator<Item = T>>) -> Option<T> {
    // Who panicked with it has left it whole.
    let mut left = left.lock().unwrap_or_else(PoisonError::into_inner);
    left.next()
}

fn read(file: RawFile, problems: &mut Vec<Diagnostic>) -> Option<Document> {
    let source = source(file, problems)?;
    let node = yaml::parse(&source, problems)?;
    if node.value == yaml::Content::Null {
        let message = "this file holds no policy";
        problems.push(
            Diagnostic::new(Code::EmptyFile, &source, 0..0, message)
                .help("a policy begins with `policy:`; see the examples for a minimal one"),
        );
        return None;
    }
    let mut reader = Reader::new(&source);
    let file = syntax::file(&mut reader, &node);
    problems.append(&mut reader.problems);
    let file = file?;
    let id = match &file.header.id {
        Some(id) => id.value.clone(),
        None => format!("/{}", source.name),
    };
    Some(Document { source, file, id })
}

/// The text of a file, unless it is none.
pub(super) fn source(file: RawFile, problems: &mut Vec<Diagnostic>) -> Option<Arc<Source>> {
    let name = file.name;
    if file.bytes.len() > POLICY_BYTES_MAX {
        let source = Arc::new(Source {
            name,
            text: String::new(),
        });
        let message = format!("the file is larger than {} MiB", POLICY_BYTES_MAX >> 20);
        problems.push(
            Diagnostic::new(Code::FileTooBig, &source, 0..0, message)
                .help("is it a policy? if so, split it: signals can be named across files"),
        );
        return None;
    }
    match String::from_utf8(file.bytes) {
        Ok(text) => {
            let text = text
                .strip_prefix('\u{feff}')
                .map(str::to_owned)
                .unwrap_or(text);
            Some(Arc::new(Source { name, text }))
        }
        Err(error) => {
            let valid = error.utf8_error().valid_up_to();
            let utf16 = matches!(error.as_bytes(), [0xff, 0xfe, ..] | [0xfe, 0xff, ..]);
            let text = match utf16 {
                true => String::new(),
                false => String::from_utf8_lossy(error.as_bytes()).into_owned(),
            };
            let source = Arc::new(Source { name, text });
            let message = match utf16 {
                true => "this is UTF-16 text, and policies are UTF-8",
                false => "from here on, the file is not UTF-8 text",
            };
            // What can't be read stands as `U+FFFD` in the text that is shown.
            let end = if utf16 {
                valid
            } else {
                valid + '\u{fffd}'.len_utf8()
            };
            let span = valid..end;
            problems.push(
                Diagnostic::new(Code::NotUtf8, &source, span, message)
                    .help("save the file as UTF-8"),
            );
            None
        }
    }
}

/// By file and place, each once, and no more of one file than can be read: errors before warnings.
/// Also how many were left out.
fn in_order(mut problems: Vec<Diagnostic>) -> (Vec<Diagnostic>, usize) {
    let key = |d: &Diagnostic| {
        (
            d.source.name.clone(),
            d.span.start,
            d.code,
            d.message.clone(),
        )
    };
    problems.sort_by_cached_key(key);
    problems.dedup_by(|a, b| key(a) == key(b));
    let mut errors: BTreeMap<String, usize> = BTreeMap::new();
    for problem in &problems {
        let count = errors.entry(problem.source.name.clone()).or_default();
        *count += usize::from(problem.code.severity() == Severity::Error);
    }
    let all = problems.len();
    let mut shown: BTreeMap<(String, Severity), usize> = BTreeMap::new();
    problems.retain(|problem| {
        let name = &problem.source.name;
        let severity = problem.code.severity();
        let room = match severity {
            Severity::Error => DIAGNOSTICS_PER_FILE_MAX,
            Severity::Warning => {
                let errors = errors.get(name).copied().unwrap_or_default();
                DIAGNOSTICS_PER_FILE_MAX.saturating_sub(errors)
            }
        };
        let shown = shown.entry((name.clone(), severity)).or_default();
        *shown += 1;
        *shown <= room
    });
    let hidden = all - problems.len();
    (problems, hidden)
}

/// The checks that look across files.
struct Checker<'d> {
    documents: &'d [Document],
    problems: Vec<Diagnostic>,
}

impl Checker<'_> {
    fn run(mut self, digest: Arc<str>, complete: bool) -> (Option<Pack>, Vec<Diagnostic>) {
        let names = Names::collect(self.documents, complete, &mut self.problems);
        let signals = signals::resolve(self.documents, &names, &mut self.problems);
        let mut policies = Vec::new();
        for document in self.documents {
            policies.push(self.policy(document, &names));
        }
        points::check(self.documents, &policies, &mut self.problems);
        let whole = |d: &Document| d.file.rules.whole;
        if names.all_found() && self.documents.iter().all(whole) {
            lints::unused_signals(self.documents, &names, &mut self.problems);
        }
        let (escalation, stories) =
            ladders::resolve(self.documents, &policies, complete, &mut self.problems);
        for (policy, timelines) in policies.iter_mut().zip(stories) {
            policy.timelines = timelines;
        }
        policies.sort_by(|a, b| a.id.cmp(&b.id));
        let Some(mut signals) = signals else {
            return (None, self.problems);
        };
        let arranged = order::arrange(&mut signals, &mut policies);
        (
            arranged.then_some(Pack {
                policies,
                signals,
                escalation: Arc::new(escalation),
                digest,
            }),
            self.problems,
        )
    }

    fn policy(&mut self, document: &Document, names: &Names<'_>) -> Policy {
        let file = &document.file;
        let header = &file.header;
        let Header { id, category, .. } = header;
        if let (Some(id), false) = (id, file.rule_ids.is_empty()) {
            if category.is_none() && header.whole {
                let message = "this policy has rules but no category";
                self.report(document, Code::NoCategory, &id.span, message)
                    .help = Some("add `category: harassment.doxxing` or the like".to_owned());
            }
            if file.decide.items.is_empty() && file.decide.whole {
                let message = "this policy has rules but no `decide`";
                self.report(document, Code::NoThresholds, &id.span, message)
                    .help = Some("add for instance `decide: [{at: 55, do: review}]`".to_owned());
            }
        }
        let rules = rules::resolve(document, names, &mut self.problems);
        let decide = points::thresholds(document, &mut self.problems);
        let tests = examples::resolve(document, &mut self.problems);
        Policy {
            id: document.id.as_str().into(),
            version: header.version.clone(),
            category: header
                .category
                .as_ref()
                .map(|name| name.value.as_str().into()),
            title: header.title.clone(),
            maps_to: header.maps_to.clone(),
            rules,
            decide,
            tests,
            timelines: Vec::new(),
            source: Arc::clone(&document.source),
        }
    }

    fn report(
        &mut self,
        document: &Document,
        code: Code,
        span: &Range<usize>,
        message: &str,
    ) -> &mut Diagnostic {
        report(&mut self.problems, document, code, span, message)
    }
}

/// Notes a mistake of a document, for the caller to add help to.
fn report<'p>(
    problems: &'p mut Vec<Diagnostic>,
    document: &Document,
    code: Code,
    span: &Range<usize>,
    message: impl Into<String>,
) -> &'p mut Diagnostic {
    problems.push(Diagnostic::new(
        code,
        &document.source,
        span.clone(),
        message,
    ));
    let last = problems.len() - 1;
    #[expect(clippy::indexing_slicing, reason = "pushed on the line above")]
    &mut problems[last]
}
