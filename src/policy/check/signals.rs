//! Signals: terms fold, expressions compile, detectors exist, references resolve.

use super::names::Names;
use super::order::report_circles;
use super::terms::{inside, report_hidden, terms};
use super::{Document, report};
use crate::detectors::{Arguments, DETECTORS, Detector, Parameter, Takes, detector};
use crate::diagnostics::{Code, Diagnostic, did_you_mean};
use crate::limits::{PHRASES_MAX, REGEX_BYTES_MAX};
use crate::policy::pack::{Except, Near, Place, Side, Signal, SignalId, SignalKind, View};
use crate::policy::pattern::{self, Pattern, PatternMistake, Reach};
use crate::policy::written::{self, Argument, Kind, Name};
use crate::policy::yaml::Spanned;

type Problems = Vec<Diagnostic>;

/// All signals in the order they are numbered; none when one of them can't stand.
pub(super) fn resolve(
    documents: &[Document],
    names: &Names<'_>,
    problems: &mut Problems,
) -> Option<Vec<Signal>> {
    let mut all = Vec::new();
    let mut whole = true;
    let mut room = PHRASES_MAX;
    for document in documents {
        for written in &document.file.signals {
            match signal(document, written, names, &mut room, problems) {
                Some(signal) => all.push(signal),
                None => whole = false,
            }
        }
    }
    let circles = report_circles(documents, names, problems);
    (whole && !circles).then_some(all)
}

fn signal(
    document: &Document,
    written: &written::Signal,
    names: &Names<'_>,
    room: &mut usize,
    problems: &mut Problems,
) -> Option<Signal> {
    let own = names.find(document, &written.name);
    let except = written
        .except
        .iter()
        .filter_map(|except| exception(document, except, own, names, problems))
        .collect();
    let kind = written.kind.as_ref()?;
    let view = view(document, written, kind, problems);
    let kind = match kind {
        Kind::Terms { span, lists } => terms(document, (span, lists), room, problems),
        Kind::Regex(patterns) => regexes(document, patterns, view, problems),
        Kind::Detect { name, arguments } => detect(document, name, arguments, problems),
        Kind::AnyOf(of) => Some(SignalKind::AnyOf(
            of.iter()
                .filter_map(|name| names.signal(document, name, problems))
                .collect(),
        )),
        Kind::Near(near) => near_of(document, near, names, problems),
    };
    let kind = kind?;
    let evidence = match (&written.evidence, &kind) {
        (Some(name), _) => name.as_str(),
        (None, SignalKind::Detect(detector, _)) => detector.name,
        (None, SignalKind::Regex(_)) => "pattern",
        (None, SignalKind::Terms(_) | SignalKind::AnyOf(_) | SignalKind::Near(_)) => "words",
    };
    Some(Signal {
        name: written.name.value.as_str().into(),
        policy: document.id.as_str().into(),
        evidence: evidence.into(),
        view,
        kind,
        except,
    })
}

/// The view a signal reads, which must be one its kind can read.
fn view(
    document: &Document,
    written: &written::Signal,
    kind: &Kind,
    problems: &mut Problems,
) -> View {
    let (default, allowed): (View, &[&str]) = match kind {
        Kind::Terms { .. } => (View::Spelled, &["plain", "spelled"]),
        Kind::Regex(_) => (View::Plain, &["raw", "plain", "spelled"]),
        Kind::Detect { .. } => (View::Plain, &["plain"]),
        Kind::AnyOf(_) | Kind::Near(_) => (View::Plain, &[]),
    };
    let Some(Spanned { value: view, span }) = &written.view else {
        return default;
    };
    if !allowed.contains(view) {
        let name = &written.name;
        let message = format!("signal `{}` can't read the view `{view}`", name.value);
        let help = match allowed {
            [] => "signals made of others read what those read: drop `view`".to_owned(),
            some => format!("it can read: {}", some.join(", ")),
        };
        report(problems, document, Code::ConflictingKeys, span, message).help = Some(help);
    }
    match *view {
        "raw" => View::Raw,
        "spelled" => View::Spelled,
        _ => View::Plain,
    }
}

fn regexes(
    document: &Document,
    names: &[Name],
    view: View,
    problems: &mut Problems,
) -> Option<SignalKind> {
    let mut patterns: Vec<Pattern> = Vec::new();
    for name in names {
        if report_hidden(document, name, problems) {
            continue;
        }
        match pattern::parse(&name.value, view) {
            Ok(parsed) => {
                for edge in pattern::wide_edges(&name.value) {
                    let span = inside(document, name, edge);
                    let message = "this matches whatever stands there";
                    report(problems, document, Code::WideRegex, &span, message).help =
                        Some("drop it: expressions are looked for anywhere in a post".to_owned());
                }
                if parsed.reach == Reach::Anywhere {
                    let message = "no text is required by this expression";
                    report(
                        problems,
                        document,
                        Code::RegexWithoutLiteral,
                        &name.span,
                        message,
                    )
                    .help = Some(
                        "it is tried at every place of every post: add a word that always stands \
                         there, if there is one"
                            .to_owned(),
                    );
                }
                patterns.push(parsed);
            }
            Err(mistake) => pattern_mistake(document, name, mistake, problems),
        }
    }
    (patterns.len() == names.len()).then_some(SignalKind::Regex(patterns))
}

fn pattern_mistake(
    document: &Document,
    name: &Name,
    mistake: PatternMistake,
    problems: &mut Problems,
) {
    match mistake {
        PatternMistake::Malformed { at, why, help } => {
            let span = inside(document, name, at);
            let message = format!("this expression can't be read: {why}");
            report(problems, document, Code::BadRegex, &span, message).help = Some(help.to_owned());
        }
        PatternMistake::MatchesEmpty => {
            let message = "this expression matches the empty text";
            report(
                problems,
                document,
                Code::RegexMatchesEmpty,
                &name.span,
                message,
            )
            .help = Some("it would hit every post: require at least one character".to_owned());
        }
        PatternMistake::TooBig => {
            let message = "this expression is too big";
            report(problems, document, Code::RegexTooBig, &name.span, message).help = Some(
                format!("at most {REGEX_BYTES_MAX} bytes; large counted repetitions also count"),
            );
        }
        PatternMistake::NeverMatches(inner, folded) => {
            let written = name.value.get(inner.clone()).unwrap_or_default();
            let message = format!("`{written}` never stands in the view that is read");
            let span = inside(document, name, inner);
            report(problems, document, Code::RegexNeverMatches, &span, message).help =
                Some(match folded.as_str() {
                    "" => "posts are folded: it is dropped there".to_owned(),
                    _ => format!("posts are folded: write `{folded}`, or add `view: raw`"),
                });
        }
    }
}

fn detect(
    document: &Document,
    name: &Name,
    arguments: &[(Name, Argument)],
    problems: &mut Problems,
) -> Option<SignalKind> {
    let Some(found) = detector(&name.value) else {
        let known = || DETECTORS.iter().map(|detector| detector.name);
        let message = format!("no detector is called `{}`", name.value);
        let help = match did_you_mean(&name.value, known()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("there are: {}", known().collect::<Vec<_>>().join(", ")),
        };
        report(
            problems,
            document,
            Code::UnknownDetector,
            &name.span,
            message,
        )
        .help = Some(help);
        return None;
    };
    let mut checked = Arguments::default();
    for (parameter, argument) in arguments {
        argument_of(
            document,
            found,
            (parameter, argument),
            &mut checked,
            problems,
        );
    }
    Some(SignalKind::Detect(found, checked))
}

fn argument_of(
    document: &Document,
    detector: &'static Detector,
    (name, argument): (&Name, &Argument),
    checked: &mut Arguments,
    problems: &mut Problems,
) {
    let Some(parameter) = detector.parameters.iter().find(|p| p.name == name.value) else {
        let message = format!("`{}` has no parameter `{}`", detector.name, name.value);
        let known: Vec<_> = detector.parameters.iter().map(|p| p.name).collect();
        let help = match known.as_slice() {
            [] => "it has none".to_owned(),
            some => format!("it has: {}", some.join(", ")),
        };
        report(
            problems,
            document,
            Code::UnknownParameter,
            &name.span,
            message,
        )
        .help = Some(help);
        return;
    };
    match parameter.takes {
        Takes::SomeOf(words) => {
            let chosen = chosen_words(document, parameter, words, argument, problems);
            checked.some_of.push((parameter.name, chosen));
        }
        Takes::Flag(_) => {
            let value = argument.words.first().map(|word| word.value.as_str());
            match value.filter(|_| !argument.is_list) {
                Some("true") => checked.flags.push((parameter.name, true)),
                Some("false") => checked.flags.push((parameter.name, false)),
                _ => {
                    let message = format!("`{}` is `true` or `false`", parameter.name);
                    report(problems, document, Code::WrongType, &argument.span, message);
                }
            }
        }
    }
}

fn chosen_words(
    document: &Document,
    parameter: &Parameter,
    words: &'static [&'static str],
    argument: &Argument,
    problems: &mut Problems,
) -> Vec<&'static str> {
    let mut chosen = Vec::new();
    for written in &argument.words {
        match words.iter().find(|word| **word == written.value) {
            Some(word) => chosen.push(*word),
            None => {
                let message = format!("`{}` can't be `{}`", parameter.name, written.value);
                report(
                    problems,
                    document,
                    Code::UnknownWord,
                    &written.span,
                    message,
                )
                .help = Some(format!("it takes some of: {}", words.join(", ")));
            }
        }
    }
    chosen
}

fn near_of(
    document: &Document,
    near: &written::Near,
    names: &Names<'_>,
    problems: &mut Problems,
) -> Option<SignalKind> {
    let of: Vec<_> = near
        .of
        .iter()
        .filter_map(|name| names.signal(document, name, problems))
        .collect();
    if near.of.len() == 1 {
        let message = "`near` looks for several signals, and this is one";
        report(problems, document, Code::NearNeedsTwo, &near.span, message).help =
            Some("name at least two in `of`".to_owned());
    }
    if let Some(covers) = near
        .covers
        .as_ref()
        .filter(|c| (c.value as usize) < near.of.len())
    {
        let message = format!(
            "{} signals never stand within {} words",
            near.of.len(),
            covers.value
        );
        report(problems, document, Code::NarrowSpan, &covers.span, message).help =
            Some("`span` counts all words from first to last".to_owned());
    }
    // Without a cover, the gaps between neighbours bound it, with room for the members themselves.
    let gaps = u32::try_from(near.of.len())
        .unwrap_or(u32::MAX)
        .saturating_mul(near.within + 8);
    let whole = of.len() == near.of.len();
    whole.then_some(SignalKind::Near(Near {
        of,
        within: near.within,
        covers: near.covers.as_ref().map_or(gaps, |covers| covers.value),
        ordered: near.ordered,
        same_sentence: near.same_sentence,
    }))
}

fn exception(
    document: &Document,
    written: &written::Except,
    own: Option<SignalId>,
    names: &Names<'_>,
    problems: &mut Problems,
) -> Option<Except> {
    let (written::Place::Near { signal: name, .. } | written::Place::Inside(name)) = &written.place;
    let signal = names.signal(document, name, problems);
    if signal.is_some() && signal == own {
        let message = format!("`{}` is an exception to itself", name.value);
        report(
            problems,
            document,
            Code::UselessException,
            &name.span,
            message,
        )
        .help = Some("name another signal: what stands beside it where it is harmless".to_owned());
    }
    let mut unless = Vec::new();
    for name in &written.unless {
        let id = names.signal(document, name, problems);
        if id.is_some() && id == own {
            let message = format!("`{}` stands wherever its exception could", name.value);
            report(
                problems,
                document,
                Code::UselessException,
                &name.span,
                message,
            )
            .help =
                Some("`unless` names signals that undo the exception; drop this one".to_owned());
        }
        unless.extend(id);
    }
    let signal = signal?;
    let place = match &written.place {
        written::Place::Near {
            within,
            side,
            apart,
            same_sentence,
            ..
        } => Place::Near {
            signal,
            within: *within,
            side: match *side {
                "before" => Side::Before,
                "after" => Side::After,
                _ => Side::Either,
            },
            apart: *apart,
            same_sentence: *same_sentence,
        },
        written::Place::Inside(_) => Place::Inside(signal),
    };
    Some(Except {
        place,
        unless,
        keep: written.keep,
    })
}
