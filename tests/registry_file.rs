//! The registry on disk: written whole, read whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};
use vigie::model::EvidenceKey;
use vigie::registry::{Alias, AliasKind, RegistryKey};
use vigie::store::{RegistryFile, RegistryUpdate, StoreError, read_registry};

fn key(name: &str, secret: u8) -> RegistryKey {
    let key = EvidenceKey {
        name: name.to_owned(),
        secret: vec![secret; 16],
    };
    RegistryKey::new(&key).unwrap()
}

fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("registry")
        .join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

/// A registry of two people.
fn written(folder: &Path) -> PathBuf {
    let path = folder.join("people.registry");
    let key = key("k1", 7);
    let mut update = RegistryUpdate::begin(&path, &key).unwrap();
    for (target, kind, written) in [
        ("u9", AliasKind::Name, "Zoé Imaginaire"),
        ("u9", AliasKind::Phone, "06 39 98 12 34"),
        ("u4", AliasKind::Address, "27 bis, rue des Lilas"),
    ] {
        let alias = Alias {
            kind,
            written,
            country: None,
        };
        let entry = key.entry(target, &alias).unwrap();
        assert!(update.registry.add(entry.clone()));
        assert!(!update.registry.add(entry), "once is enough");
    }
    update.commit(&key).unwrap();
    path
}

#[test]
fn what_was_written_is_read() {
    let path = written(&folder("whole"));
    let key = key("k1", 7);
    let registry = read_registry(&path, &key).unwrap();
    assert_eq!(registry.len(), 2);
    assert_eq!(
        registry.named("zoe imaginaire, 27B r. des Lilas"),
        ["u9", "u4"]
    );
    let content = fs::read_to_string(&path).unwrap().to_lowercase();
    for secret in ["imaginaire", "zo", "lilas", "39 98", "3998", "07070707"] {
        assert!(!content.contains(secret), "{secret}");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn what_is_forgotten_is_gone() {
    let path = written(&folder("forgotten"));
    let key = key("k1", 7);
    let mut update = RegistryUpdate::begin(&path, &key).unwrap();
    assert_eq!(update.registry.remove("u9", Some(AliasKind::Phone)), 1);
    assert_eq!(update.registry.remove("u4", None), 1);
    assert_eq!(update.registry.remove("u4", None), 0);
    update.commit(&key).unwrap();
    let registry = read_registry(&path, &key).unwrap();
    assert_eq!(registry.named("Zoé Imaginaire"), ["u9"]);
    assert!(
        registry
            .named("0639981234, 27 bis rue des Lilas")
            .is_empty()
    );
}

#[test]
fn a_wrong_key_is_told_at_once() {
    let path = written(&folder("key"));
    let said = |key: &RegistryKey| RegistryFile::read(&path, key).unwrap_err().to_string();
    assert_eq!(
        said(&key("k2", 7)),
        "the registry was made with the key `k1`; this is `k2`"
    );
    assert!(said(&key("k1", 8)).contains("another secret"));
}

#[test]
fn a_damaged_registry_is_not_read() {
    let path = written(&folder("damaged"));
    let key = key("k1", 7);
    let whole = fs::read_to_string(&path).unwrap();
    let lines: Vec<&str> = whole.lines().collect();
    let without = |at: usize| {
        let kept = lines.iter().enumerate().filter(|(n, _)| *n != at);
        kept.map(|(_, line)| format!("{line}\n"))
            .collect::<String>()
    };
    // (content, what is said)
    let cases = [
        (String::new(), "line 1"),
        ("{}\n".to_owned(), "line 1"),
        ("secret words\n".to_owned(), "line 1"),
        (without(0), "line 1"),
        (without(2), "changed by something else"),
        (without(3), "changed by something else"),
        (
            whole.replace("\"u4\"", "\"u5\""),
            "changed by something else",
        ),
        (whole.replace("\"phone\"", "\"secret\""), "line 3"),
        (
            whole.replacen("\"forms\":[\"", "\"forms\":[\"zz", 1),
            "line 2",
        ),
        (whole.get(..whole.len() - 9).unwrap().to_owned(), "line 4"),
        (
            whole.replace("\"vigie_registry\":1", "\"vigie_registry\":2"),
            "reads words otherwise",
        ),
        (format!("{whole}{{\"target\":\"secret\"}}\n"), "line 5"),
    ];
    for (content, said) in cases {
        fs::write(&path, &content).unwrap();
        let error = RegistryFile::read(&path, &key).unwrap_err().to_string();
        assert!(error.contains(said), "{said}: {error}");
        assert!(!error.contains("secret"), "{error}");
        let update = RegistryUpdate::begin(&path, &key);
        assert!(update.is_err(), "what can't be read is not written over");
    }
}

#[test]
fn two_programs_never_write_at_once() {
    let path = written(&folder("busy"));
    let key = key("k1", 7);
    let first = RegistryUpdate::begin(&path, &key).unwrap();
    let second = RegistryUpdate::begin(&path, &key);
    assert!(matches!(second, Err(StoreError::Busy(_))));
    drop(first);
    assert!(RegistryUpdate::begin(&path, &key).is_ok());
    assert_eq!(read_registry(&path, &key).unwrap().len(), 2);
}
