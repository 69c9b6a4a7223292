//! What `deploy/` speaks of exists: metrics, ladders, codes, settings, ports, versions.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use vigie::metrics::FAMILIES;
use vigie::policy::{check, shipped};
use vigie::serve::config::SETTINGS;
use vigie::serve::error::Code;
use vigie::serve::paths;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap()
}

/// All files below `deploy/`, with their texts.
fn files() -> Vec<(PathBuf, String)> {
    let mut folders = vec![root().join("deploy")];
    let mut files = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => files.push((path.clone(), fs::read_to_string(path).unwrap())),
            }
        }
    }
    files
}

/// Every name in `deploy/` that begins so, with what follows `of` characters.
fn names(beginning: &str, of: fn(char) -> bool) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (_, text) in files() {
        for (at, _) in text.match_indices(beginning) {
            let is_inside = text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_');
            let name: String = text[at..].chars().take_while(|c| of(*c)).collect();
            if !is_inside {
                names.insert(name);
            }
        }
    }
    names
}

/// The values of a label in queries: `route="decisions"`, `rung=~"failing|deplatform"`.
fn labels(label: &str) -> BTreeSet<String> {
    let mut values = BTreeSet::new();
    for (_, text) in files() {
        let text = text.replace("\\\"", "\"");
        for operator in ["=\"", "=~\""] {
            for (at, found) in text.match_indices(&format!("{label}{operator}")) {
                let value = text[at + found.len()..].split('"').next().unwrap();
                values.extend(value.split('|').map(str::to_owned));
            }
        }
    }
    values
}

fn is_name(c: char) -> bool {
    c.is_ascii_lowercase() || c == '_'
}

#[test]
fn metrics_exist() {
    let found = names("vigie_", is_name);
    let known: BTreeSet<&str> = FAMILIES.iter().map(|family| family.name).collect();
    assert!(found.len() > 20, "{found:?}");
    for name in found {
        let ends = ["_bucket", "_sum", "_count"];
        let base = ends
            .iter()
            .find_map(|end| name.strip_suffix(end))
            .unwrap_or(&name);
        assert!(known.contains(base), "there is no metric {name}");
    }
}

#[test]
fn ladders_and_rungs_exist() {
    let pack = check(shipped()).pack.unwrap();
    let ladders = &pack.escalation.ladders;
    for name in labels("ladder") {
        assert!(
            ladders.iter().any(|ladder| *ladder.name == *name),
            "no ladder {name}"
        );
    }
    let mut rungs = ladders.iter().flat_map(|ladder| &ladder.rungs);
    for name in labels("rung") {
        assert!(
            rungs.clone().any(|rung| *rung.name == *name),
            "no rung {name}"
        );
    }
    assert!(rungs.any(|rung| &*rung.name == "danger"));
}

#[test]
fn codes_and_routes_exist() {
    // One of a test that must not alert besides.
    for code in labels("code") {
        assert!(Code::ALL.iter().any(|it| it.id() == code), "no code {code}");
    }
    let page = read("docs/metrics.md");
    assert!(page.contains("vigie_request_seconds"));
    for path in ["/live", "/ready", "/metrics", "/reload"] {
        assert!(paths().any(|it| it == path), "no path {path}");
    }
}

#[test]
fn settings_exist() {
    let found = names("VIGIE_", |c| c.is_ascii_uppercase() || c == '_');
    assert!(found.contains("VIGIE_LISTEN"), "{found:?}");
    for name in found {
        let is_known = SETTINGS.iter().any(|setting| setting.variable() == name);
        assert!(is_known, "there is no setting {name}");
    }
}

#[test]
fn ports_are_those_that_the_sidecar_takes() {
    let default = |name: &str| {
        let setting = SETTINGS.iter().find(|setting| setting.name == name);
        setting.unwrap().default.rsplit(':').next().unwrap()
    };
    let (posts, admin) = (default("listen"), default("admin"));
    assert!(read("deploy/Dockerfile").contains(&format!("EXPOSE {posts} {admin}\n")));
    let set = read("deploy/kubernetes/standalone/stateful-set.yaml");
    assert!(set.contains(&format!("name: http, containerPort: {posts}")));
    assert!(set.contains(&format!("name: admin, containerPort: {admin}")));
    let scrape = read("deploy/prometheus/scrape.yaml");
    assert!(scrape.contains(&format!("127.0.0.1:{admin}")));
}

#[test]
fn images_are_of_this_version() {
    let wanted = format!("vigie:{}", env!("CARGO_PKG_VERSION"));
    for name in ["sidecar/container.yaml", "standalone/stateful-set.yaml"] {
        let text = read(&format!("deploy/kubernetes/{name}"));
        let image = text
            .lines()
            .find_map(|line| line.trim().strip_prefix("image: "));
        assert_eq!(image, Some(&*wanted), "{name}");
    }
}
