//! Detectors of a pack, each distinct one run once.

use super::matcher::Reading;
use crate::detectors::{Arguments, Detector, Finder, Input, Trigger};
use crate::policy::SignalId;
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
}

impl Finders {
    pub(super) fn add(
        &mut self,
        signal: SignalId,
        detector: &'static Detector,
        arguments: &Arguments,
    ) {
        let same = |entry: &&mut Entry| {
            entry.detector.name == detector.name && entry.arguments == *arguments
        };
        match self.all.iter_mut().find(same) {
            Some(entry) => entry.signals.push(signal),
            None => self.all.push(Entry {
                detector,
                arguments: arguments.clone(),
                finder: (detector.build)(arguments),
                signals: vec![signal],
            }),
        }
    }

    pub(super) fn find(
        &self,
        reading: &Reading<'_>,
        found: &mut impl FnMut(SignalId, Range<usize>),
    ) {
        let text = reading.plain.text();
        let digits = text.bytes().any(|byte| byte.is_ascii_digit());
        let mut spans = Vec::new();
        for entry in &self.all {
            let worth_it = match entry.detector.trigger {
                Trigger::Digit => digits,
                Trigger::Always => true,
                Trigger::Byte(byte) => text.as_bytes().contains(&byte),
            };
            if !worth_it {
                continue;
            }
            spans.clear();
            entry.finder.find(
                Input {
                    post: reading.post,
                    plain: &reading.plain,
                },
                &mut spans,
            );
            for span in &spans {
                entry
                    .signals
                    .iter()
                    .for_each(|signal| found(*signal, span.clone()));
            }
        }
    }
}
