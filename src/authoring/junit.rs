//! A test report for build servers: JUnit's XML, one suite a policy, one case an example, a pair or a
//! story.

use super::parity::PairResult;
use super::run::{ExampleResult, PolicyResult, Report};
use super::timelines::StoryResult;
use super::visible::visible_line;
use std::fmt::Write as _;

/// The report as JUnit XML.
#[must_use]
pub fn report_junit(report: &Report) -> String {
    let sum = |of: fn(&PolicyResult) -> usize| report.policies.iter().map(of).sum::<usize>();
    let (tests, failures) = (sum(cases), sum(failed_cases));
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    let _ = writeln!(
        xml,
        "<testsuites name=\"vigie\" tests=\"{tests}\" failures=\"{failures}\">"
    );
    for policy in &report.policies {
        suite(policy, &mut xml);
    }
    xml.push_str("</testsuites>\n");
    xml
}

fn cases(policy: &PolicyResult) -> usize {
    policy.examples.len() + policy.pairs.len() + policy.stories.len()
}

fn failed_cases(policy: &PolicyResult) -> usize {
    let failed = |example: &&ExampleResult| !example.failed.is_empty();
    let went_wrong = |story: &&StoryResult| !story.failed.is_empty();
    let stories = policy.stories.iter().filter(went_wrong).count();
    policy.examples.iter().filter(failed).count() + policy.apart() + stories
}

fn suite(policy: &PolicyResult, xml: &mut String) {
    let (name, tests, failures) = (escaped(&policy.policy), cases(policy), failed_cases(policy));
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\">"
    );
    for example in &policy.examples {
        case(policy, &case_of_example(example), xml);
    }
    for pair in &policy.pairs {
        case(policy, &case_of_pair(pair), xml);
    }
    for story in &policy.stories {
        case(policy, &case_of_story(story), xml);
    }
    xml.push_str("  </testsuite>\n");
}

/// One test case.
struct Case {
    line: usize,
    column: usize,
    name: String,
    /// What went wrong.
    failed: Vec<String>,
}

fn case_of_example(example: &ExampleResult) -> Case {
    let failed = example.failed.iter().map(|failed| {
        let how = failed.evasion.unwrap_or("as written");
        format!("{how}: {}: {}", failed.text, failed.happened)
    });
    Case {
        line: example.line,
        column: example.column,
        name: example.expected.clone(),
        failed: failed.collect(),
    }
}

fn case_of_pair(pair: &PairResult) -> Case {
    let apart = format!("en {}, fr {}", pair.en, pair.fr);
    Case {
        line: pair.line,
        column: pair.column,
        name: "the same action in English and French".to_owned(),
        failed: (!pair.is_alike()).then_some(apart).into_iter().collect(),
    }
}

fn case_of_story(story: &StoryResult) -> Case {
    let failed = story.failed.iter();
    let failed = failed.map(|unmet| format!("{}: {}", unmet.expected, unmet.happened));
    Case {
        line: story.line,
        column: story.column,
        name: story.name.clone(),
        failed: failed.collect(),
    }
}

fn case(policy: &PolicyResult, case: &Case, xml: &mut String) {
    let (line, column) = (case.line, case.column);
    let (class, file) = (escaped(&policy.policy), escaped(&policy.file));
    let name = escaped(&format!("{line}:{column} {}", case.name));
    let _ = write!(
        xml,
        "    <testcase classname=\"{class}\" name=\"{name}\" file=\"{file}\" line=\"{line}\""
    );
    if case.failed.is_empty() {
        xml.push_str("/>\n");
        return;
    }
    xml.push_str(">\n");
    // Several failures in one case confuse build servers: one that holds them all.
    let _ = writeln!(xml, "      <failure message=\"{}\">", escaped(&case.name));
    for told in &case.failed {
        let _ = writeln!(xml, "{}", escaped(told));
    }
    xml.push_str("      </failure>\n    </testcase>\n");
}

/// A text for XML. Controls, which XML can't hold, are written out.
fn escaped(text: &str) -> String {
    visible_line(text)
        .replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}")
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
