//! Detectors of a pack, each distinct one run once.

use super::extent::Extent;
use super::prospects::Looking;
use super::spans::Reading;
use crate::detectors::{Arguments, DETECTORS, Detector, Finder, Input};
use crate::policy::{SignalId, View};
use std::ops::Range;

/// The detectors that a pack uses.
#[derive(Debug, Default)]
pub(super) struct Finders {
    all: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    detector: &'static Detector,
    arguments: Arguments,
    finder: Box<dyn Finder>,
    signals: Vec<SignalId>,
    /// From which extent on one of them is looked for.
    extent: Extent,
}

impl Finders {
    pub(super) fn add(
        &mut self,
        signal: SignalId,
        extent: Extent,
        detector: &'static Detector,
        arguments: &Arguments,
    ) {
        let same = |entry: &&mut Entry| {
            entry.detector.name == detector.name && entry.arguments == *arguments
        };
        match self.all.iter_mut().find(same) {
            Some(entry) => {
                entry.signals.push(signal);
                entry.extent = extent.min(entry.extent);
            }
            None => self.all.push(Entry {
                detector,
                arguments: arguments.clone(),
                finder: (detector.build)(arguments),
                signals: vec![signal],
                extent,
            }),
        }
    }

    pub(super) fn find(
        &self,
        reading: &Reading<'_>,
        looking: Looking<'_>,
        spans: &mut Vec<Range<usize>>,
        found: &mut impl FnMut(SignalId, Range<usize>),
    ) {
        for entry in &self.all {
            let sought = |signal: &SignalId| looking.is_for(*signal, View::Plain);
            if !entry.signals.iter().any(sought) {
                continue;
            }
            spans.clear();
            run(entry.detector, &*entry.finder, reading, spans);
            for span in spans.iter() {
                entry
                    .signals
                    .iter()
                    .for_each(|signal| found(*signal, span.clone()));
            }
        }
    }
}

impl Finders {
    /// Tells the signals of detectors whose trigger stands in the post.
    pub(super) fn triggered(&self, reading: &Reading<'_>, tell: &mut impl FnMut(SignalId)) {
        let (text, numbers) = (reading.plain.text(), reading.outline.numbers());
        let triggered = |entry: &&Entry| entry.detector.trigger.holds(text, numbers);
        for entry in self.all.iter().filter(triggered) {
            entry.signals.iter().for_each(|signal| tell(*signal));
        }
    }

    /// Whether something stands in the post that may make a rule fire.
    pub(super) fn opens_gate(&self, reading: &Reading<'_>, spans: &mut Vec<Range<usize>>) -> bool {
        spans.clear();
        self.all
            .iter()
            .filter(|entry| entry.extent == Extent::Gate)
            .any(|entry| {
                run(entry.detector, &*entry.finder, reading, spans);
                !spans.is_empty()
            })
    }
}

/// Runs a finder where its trigger stands.
fn run(
    detector: &Detector,
    finder: &dyn Finder,
    reading: &Reading<'_>,
    spans: &mut Vec<Range<usize>>,
) {
    if detector
        .trigger
        .holds(reading.plain.text(), reading.outline.numbers())
    {
        finder.find(
            Input {
                post: reading.post,
                plain: reading.plain,
            },
            spans,
        );
    }
}

/// Every detector with its default parameters: what is seen whether or not a rule uses it.
#[derive(Debug)]
pub struct AllDetectors {
    all: Vec<(&'static Detector, Box<dyn Finder>)>,
}

impl AllDetectors {
    pub(super) fn new() -> Self {
        let built =
            |detector: &&'static Detector| (*detector, (detector.build)(&Arguments::default()));
        Self {
            all: DETECTORS.iter().map(built).collect(),
        }
    }

    /// What each detector sees, by place in the post.
    #[must_use]
    pub fn see(&self, reading: &Reading<'_>) -> Vec<(&'static str, Range<usize>)> {
        let mut seen = Vec::new();
        let mut spans = Vec::new();
        for (detector, finder) in &self.all {
            run(detector, &**finder, reading, &mut spans);
            let in_post = spans.drain(..).map(|span| reading.plain.in_post(span));
            seen.extend(in_post.map(|span| (detector.name, span)));
        }
        seen.sort_by_key(|(_, span)| (span.start, span.end));
        seen
    }

    /// What the detector of this name sees, in spans of the post.
    #[must_use]
    pub fn see_only(&self, name: &str, reading: &Reading<'_>) -> Vec<Range<usize>> {
        let mut spans = Vec::new();
        if let Some((detector, finder)) = self.all.iter().find(|(d, _)| d.name == name) {
            run(detector, &**finder, reading, &mut spans);
        }
        spans
            .into_iter()
            .map(|span| reading.plain.in_post(span))
            .collect()
    }
}
