//! Golden pairs: what an author wrote, and what is said about it. `tests/diagnostics/NAME.yaml`
//! (or a folder `NAME/` of files that are checked together) and `NAME.out`, where NAME begins with
//! the name of the mistake. `BLESS=1 cargo test` rewrites the `.out` files.

use crate::golden;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};
use vigie::diagnostics::{Code, Diagnostic, Source, reference, to_json, to_text};
use vigie::limits::{POLICY_BYTES_MAX, POLICY_NODES_MAX};
use vigie::policy::{RawFile, check, check_with};

/// One golden: its name, and what is checked.
struct Golden {
    name: String,
    diagnostics: Vec<Diagnostic>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

fn raw(path: &Path, name: &str) -> RawFile {
    RawFile {
        name: name.to_owned(),
        bytes: std::fs::read(path).unwrap(),
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap().to_str().unwrap().to_owned()
}

/// The goldens that are files, sorted by name.
fn written() -> Vec<Golden> {
    let mut goldens = Vec::new();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let path = entry.unwrap().path();
        let name = file_name(&path);
        let (name, files) = if path.is_dir() {
            let inside = std::fs::read_dir(&path).unwrap();
            let paths = inside.map(|entry| entry.unwrap().path());
            let file = |path: PathBuf| raw(&path, &format!("{name}/{}", file_name(&path)));
            (name.clone(), paths.map(file).collect())
        } else if let Some(stem) = name.strip_suffix(".yaml") {
            (stem.to_owned(), vec![raw(&path, &name)])
        } else {
            continue;
        };
        let diagnostics = check(files).diagnostics;
        goldens.push(Golden { name, diagnostics });
    }
    goldens.sort_by(|a, b| a.name.cmp(&b.name));
    goldens
}

/// Mistakes that no small file can show.
fn generated() -> Vec<Golden> {
    let file = |name: &str, text: String| {
        let name = name.to_owned();
        let bytes = text.into_bytes();
        vec![RawFile { name, bytes }]
    };
    let of = |name: &str, files: Vec<RawFile>| Golden {
        name: name.to_owned(),
        diagnostics: check(files).diagnostics,
    };
    let unreadable = Arc::new(Source {
        name: "unreadable-file.yaml".to_owned(),
        text: String::new(),
    });
    let unreadable = Diagnostic::new(Code::UnreadableFile, &unreadable, 0..0, "permission denied");
    let names = "- [a, b, c, d, e, f, g, h, i, j]\n".repeat(POLICY_NODES_MAX / 10);
    let deep = (0..60).fold("policy:\n".to_owned(), |text, depth| {
        text + &" ".repeat(depth + 1) + "a:\n"
    });
    vec![
        of("no-policies", Vec::new()),
        of(
            "file-too-big",
            file("file-too-big.yaml", " ".repeat(POLICY_BYTES_MAX + 1)),
        ),
        of(
            "too-many-nodes-list",
            file("too-many-nodes-list.yaml", names),
        ),
        of(
            "too-deep-brackets",
            file("too-deep-brackets.yaml", "[".repeat(100_000)),
        ),
        of("too-deep-block", file("too-deep-block.yaml", deep)),
        Golden {
            name: "unreadable-file".to_owned(),
            diagnostics: vec![unreadable],
        },
    ]
}

static ALL: LazyLock<Vec<Golden>> = LazyLock::new(|| {
    let mut all = written();
    all.extend(generated());
    all
});

/// The code that a golden is named after: the longest name that it begins with.
fn named_after(golden: &str) -> Option<Code> {
    let fits = |code: &Code| {
        let rest = golden.strip_prefix(code.name());
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
    };
    let codes = Code::ALL.iter().copied().filter(fits);
    codes.max_by_key(|code| code.name().len())
}

#[test]
fn every_golden_is_as_written() {
    let mut wrong = Vec::new();
    for golden in ALL.iter() {
        let texts = golden.diagnostics.iter().map(|d| to_text(d, false));
        let mut said: String = texts.collect::<Vec<_>>().join("\n\n");
        said.push('\n');
        let path = folder().join(format!("{}.out", golden.name));
        wrong.extend(golden::differs(&path, &said));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_code_has_a_golden_and_every_golden_its_code() {
    let mut missing: BTreeSet<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    for golden in ALL.iter() {
        for diagnostic in &golden.diagnostics {
            missing.remove(diagnostic.code.name());
        }
        let code = named_after(&golden.name);
        let code = code.unwrap_or_else(|| panic!("{} is named after no code", golden.name));
        assert!(
            golden.diagnostics.iter().any(|d| d.code == code),
            "{} does not show {}",
            golden.name,
            code.name()
        );
    }
    assert!(missing.is_empty(), "no golden shows {missing:?}");
}

#[test]
fn no_output_stands_without_its_golden() {
    let names: BTreeSet<String> = ALL.iter().map(|golden| golden.name.clone()).collect();
    for entry in std::fs::read_dir(folder()).unwrap() {
        let name = file_name(&entry.unwrap().path());
        if let Some(stem) = name.strip_suffix(".out") {
            assert!(names.contains(stem), "{name} is nobody's output");
        }
    }
}

/// Words of the implementation, which no author knows.
const STRANGE: &[&str] = &[
    "Some(", "None", "Vec<", "&str", "String", "usize", "u32", "unwrap",
];

#[test]
fn messages_are_styled_alike() {
    for golden in ALL.iter() {
        for diagnostic in &golden.diagnostics {
            let help = diagnostic.help.as_deref();
            let related = diagnostic.related.as_ref().map(|(_, what)| what.as_str());
            for said in [Some(diagnostic.message.as_str()), help, related]
                .into_iter()
                .flatten()
            {
                let name = &golden.name;
                let first = said.chars().next().unwrap();
                let keeps_capital = said.starts_with("MAJOR") || said.starts_with("U+");
                assert!(!first.is_uppercase() || keeps_capital, "{name}: {said}");
                assert!(
                    !said.ends_with('.') || said.ends_with("..."),
                    "{name}: {said}"
                );
                assert!(!said.contains('\n'), "{name}: {said}");
                let strange = STRANGE.iter().find(|word| said.contains(**word));
                assert!(strange.is_none(), "{name}: {said}");
            }
        }
    }
}

#[test]
fn programs_read_the_same_places_as_people() {
    for golden in ALL.iter() {
        for diagnostic in &golden.diagnostics {
            let json = to_json(diagnostic);
            let (line, column) = diagnostic.position();
            assert_eq!(json["code"], diagnostic.code.id());
            assert_eq!(json["line"], line);
            assert_eq!(json["column"], column);
            assert_eq!(json["severity"], diagnostic.code.severity().name());
            let place = format!("{}:{line}:{column}", diagnostic.source.name);
            let said = to_text(diagnostic, false);
            assert!(
                diagnostic.source.text.is_empty() || said.contains(&place),
                "{place}\n{said}"
            );
        }
    }
}

#[test]
fn what_an_unreadable_file_declares_is_not_unknown() {
    let folder = folder().join("unknown-signal-elsewhere");
    let threats = || vec![raw(&folder.join("threats.yaml"), "threats.yaml")];
    let source = Arc::new(Source {
        name: "places.yaml".to_owned(),
        text: String::new(),
    });
    let unreadable = Diagnostic::new(Code::UnreadableFile, &source, 0..0, "permission denied");
    let unknown = |diagnostics: &[Diagnostic]| {
        let unknown = diagnostics.iter().filter(|d| d.code == Code::UnknownSignal);
        unknown.count()
    };
    assert_eq!(unknown(&check(threats()).diagnostics), 4);
    let beside = check_with(threats(), vec![unreadable]);
    assert_eq!(unknown(&beside.diagnostics), 2, "those of its own policy");
    assert!(beside.pack.is_none());
}

#[test]
fn codes_are_sorted_and_found_by_id() {
    assert!(Code::ALL.is_sorted_by_key(|code| code.id()));
    for code in Code::ALL {
        assert_eq!(Code::from_id(code.id()), Some(*code));
        assert_eq!(Code::from_id(&code.id().to_lowercase()), Some(*code));
        assert_eq!(Code::from_id(code.name()), Some(*code));
    }
    assert_eq!(Code::from_id("P999"), None);
}

#[test]
fn the_reference_page_is_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/diagnostics.md");
    let wrong = golden::differs(&path, &reference());
    assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
}
