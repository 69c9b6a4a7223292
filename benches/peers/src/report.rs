//! What was measured, as tables for people and as lines of JSON for programs.

use crate::adversarial::Slow;
use crate::measure::{Hits, Row};
use serde_json::{Value, json};

/// One line for one engine at one size.
pub fn row_json(row: &Row, hits: Hits) -> Value {
    if let Some(why) = &row.skipped {
        return json!({"engine": row.engine, "rules": row.rules, "skipped": why});
    }
    json!({
        "engine": row.engine,
        "rules": row.rules,
        "ns_per_post": rounded(row.ns_per_post),
        "compile_s": row.compile_s,
        "bytes": row.bytes,
        "bytes_from": row.bytes_from,
        "heap_after_first_pass": row.heap_after_first_pass,
        "ns_per_post_min": rounded(row.ns_per_post_min),
        "ns_per_byte": rounded(row.ns_per_byte),
        "posts": row.posts,
        "first_pass_ns_per_post": rounded(row.first_pass_ns_per_post),
        "first3000_ns_per_post": row.first3000_ns_per_post.map(rounded),
        "steady3000_ns_per_post": row.steady3000_ns_per_post.map(rounded),
        "english_ns_per_byte": row.english_ns_per_byte.map(rounded),
        "french_ns_per_byte": row.french_ns_per_byte.map(rounded),
        "compared": row.agreement.compared,
        "differ_ascii": row.agreement.differ_ascii,
        "differ_other": row.agreement.differ_other,
        "trouble": row.trouble,
        "hit_share": rounded(hits.share_of_posts),
    })
}

/// One line for one adversarial post.
pub fn slow_json(slow: &Slow) -> Value {
    json!({
        "adversarial": slow.name,
        "engine": slow.engine,
        "bytes": slow.bytes,
        "ns_per_byte": rounded(slow.ns_per_byte),
        "ratio": rounded(slow.ratio),
    })
}

fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

/// The table of one size.
pub fn table(rules: usize, rows: &[Row], hits: Hits) -> String {
    let mut text = format!(
        "\n{rules} rules; {:.1} % of the posts hit, {:.2} rules each\n\
         {:<15} {:>10} {:>8} {:>8} {:>10} {:>10} {:>7} {:>8} {:>15}\n",
        100.0 * hits.share_of_posts,
        hits.per_hit_post,
        "engine",
        "ns/post",
        "ns/byte",
        "MB/s",
        "compile s",
        "MB",
        "posts",
        "compared",
        "differ (ascii)",
    );
    for row in rows {
        if let Some(why) = &row.skipped {
            text.push_str(&format!("{:<15} left out: {why}\n", row.engine));
            continue;
        }
        let agreement = &row.agreement;
        let differ = agreement.differ_ascii + agreement.differ_other;
        let note = match (row.is_wrong(), agreement.counts) {
            (true, _) => "  WRONG",
            (false, false) => "  by design",
            (false, true) => "",
        };
        text.push_str(&format!(
            "{:<15} {:>10.0} {:>8.2} {:>8.0} {:>10.3} {:>10.1} {:>7} {:>8} {:>15}{note}\n",
            row.engine,
            row.ns_per_post,
            row.ns_per_byte,
            1_000.0 / row.ns_per_byte,
            row.compile_s,
            row.bytes as f64 / 1e6,
            row.posts,
            agreement.compared,
            format!("{differ} ({})", agreement.differ_ascii),
        ));
        if let Some(trouble) = &row.trouble {
            text.push_str(&format!("{:<15} {trouble}\n", ""));
        }
    }
    text
}

/// The table of adversarial posts, the slowest first.
pub fn slow_table(slow: &[Slow]) -> String {
    let mut sorted: Vec<&Slow> = slow.iter().collect();
    sorted.sort_by(|a, b| a.engine.cmp(b.engine).then(b.ratio.total_cmp(&a.ratio)));
    let mut text = format!(
        "\nadversarial posts\n{:<15} {:<30} {:>8} {:>9} {:>12}\n",
        "engine", "post", "bytes", "ns/byte", "to ordinary"
    );
    for slow in sorted {
        text.push_str(&format!(
            "{:<15} {:<30} {:>8} {:>9.2} {:>11.2}x\n",
            slow.engine, slow.name, slow.bytes, slow.ns_per_byte, slow.ratio
        ));
    }
    text
}

/// What the figures come to.
pub fn ratios(rows: &[Row], slow: &[Slow]) -> String {
    let ratios = Ratios { rows };
    let mut text = String::from("\nratios\n");
    let mut line = |name: String, ratio: Option<f64>| {
        if let Some(ratio) = ratio {
            text.push_str(&format!("{name:<62} {ratio:>8.2}\n"));
        }
    };
    let peers = [
        ("hyperscan", &[100, 1_000, 10_000, 100_000][..]),
        ("hyperscan-text", &[100, 1_000, 10_000, 100_000]),
        ("ac-dfa", &[100, 1_000, 10_000, 100_000]),
        ("re2-set-cold", &[100, 1_000, 10_000, 100_000]),
        ("re2-set", &[100, 1_000, 10_000, 100_000]),
        ("yara-x", &[1_000, 10_000]),
        ("regexset", &[100, 1_000]),
        ("regex", &[100, 1_000]),
    ];
    for (peer, sizes) in peers {
        for rules in sizes {
            let faster = ratios.of((peer, *rules), ("vigie", *rules), |row| row.ns_per_post);
            line(
                format!("vigie is faster than {peer}, {rules} rules: times"),
                faster,
            );
        }
    }
    for (many, few) in [(10_000, 100), (100_000, 10_000)] {
        let slower = ratios.of(("vigie", many), ("vigie", few), |row| row.ns_per_post);
        line(
            format!("vigie, time per post of {many} rules to {few}"),
            slower,
        );
    }
    for rules in ratios.sizes() {
        let spelled = ratios.of(("vigie-spelled", rules), ("vigie", rules), |row| {
            row.ns_per_post
        });
        line(
            format!("vigie, disguises undone to plain, {rules} rules"),
            spelled,
        );
        let vigie = ratios.row("vigie", rules);
        let first =
            vigie.and_then(|row| Some(row.first3000_ns_per_post? / row.steady3000_ns_per_post?));
        line(
            format!("vigie, the first 3,000 posts to the same later, {rules} rules"),
            first,
        );
        let french = vigie.and_then(|row| Some(row.french_ns_per_byte? / row.english_ns_per_byte?));
        line(
            format!("vigie, a byte of French to a byte of English, {rules} rules"),
            french,
        );
        let compile = ratios.of(("vigie", rules), ("hyperscan", rules), |row| row.compile_s);
        line(
            format!("compiling: vigie's time to hyperscan's, {rules} rules"),
            compile,
        );
        let memory = ratios.of(("vigie", rules), ("hyperscan", rules), |row| {
            row.bytes as f64
        });
        line(
            format!("memory: vigie's bytes to hyperscan's, {rules} rules"),
            memory,
        );
        let each = vigie.map(|row| row.bytes as f64 / rules as f64);
        line(format!("memory: vigie's bytes a rule, {rules} rules"), each);
    }
    for engine in ["vigie", "vigie-spelled"] {
        let of_engine = slow.iter().filter(|slow| slow.engine == engine);
        if let Some(worst) = of_engine.max_by(|a, b| a.ratio.total_cmp(&b.ratio)) {
            let name = format!("{engine}, the worst adversarial byte to an ordinary one");
            line(name, Some(worst.ratio));
        }
    }
    text
}

/// Rows by name.
struct Ratios<'r> {
    rows: &'r [Row],
}

impl Ratios<'_> {
    fn row(&self, engine: &str, rules: usize) -> Option<&Row> {
        let is_it = |row: &&Row| row.engine == engine && row.rules == rules;
        self.rows
            .iter()
            .find(is_it)
            .filter(|row| row.skipped.is_none())
    }

    fn of(&self, a: (&str, usize), b: (&str, usize), value: fn(&Row) -> f64) -> Option<f64> {
        let ratio = value(self.row(a.0, a.1)?) / value(self.row(b.0, b.1)?);
        Some(ratio).filter(|ratio| ratio.is_finite())
    }

    fn sizes(&self) -> Vec<usize> {
        let mut sizes: Vec<usize> = self.rows.iter().map(|row| row.rules).collect();
        sizes.dedup();
        sizes
    }
}
