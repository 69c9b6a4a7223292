//! A test report for build servers: JUnit's XML, one suite a policy, one case an example.

use super::run::{ExampleResult, PolicyResult, Report};
use super::visible::visible_line;
use std::fmt::Write as _;

/// The report as JUnit XML.
#[must_use]
pub fn report_junit(report: &Report) -> String {
    let sum = |of: fn(&PolicyResult) -> usize| report.policies.iter().map(of).sum::<usize>();
    let (tests, failures) = (sum(|policy| policy.examples.len()), sum(failed_cases));
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

fn failed_cases(policy: &PolicyResult) -> usize {
    let failed = |example: &&ExampleResult| !example.failed.is_empty();
    policy.examples.iter().filter(failed).count()
}

fn suite(policy: &PolicyResult, xml: &mut String) {
    let (name, tests, failures) = (
        escaped(&policy.policy),
        policy.examples.len(),
        failed_cases(policy),
    );
    let _ = writeln!(
        xml,
        "  <testsuite name=\"{name}\" tests=\"{tests}\" failures=\"{failures}\">"
    );
    for example in &policy.examples {
        case(policy, example, xml);
    }
    xml.push_str("  </testsuite>\n");
}

fn case(policy: &PolicyResult, example: &ExampleResult, xml: &mut String) {
    let (line, column) = (example.line, example.column);
    let (class, file) = (escaped(&policy.policy), escaped(&policy.file));
    let name = escaped(&format!("{line}:{column} {}", example.expected));
    let _ = write!(
        xml,
        "    <testcase classname=\"{class}\" name=\"{name}\" file=\"{file}\" line=\"{line}\""
    );
    if example.failed.is_empty() {
        xml.push_str("/>\n");
        return;
    }
    xml.push_str(">\n");
    // Several failures in one case confuse build servers: one that holds them all.
    let _ = writeln!(
        xml,
        "      <failure message=\"{}\">",
        escaped(&example.expected)
    );
    for failed in &example.failed {
        let how = failed.evasion.unwrap_or("as written");
        let told = format!("{how}: {}: {}", failed.text, failed.happened);
        let _ = writeln!(xml, "{}", escaped(&told));
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
