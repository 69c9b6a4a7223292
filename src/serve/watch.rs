//! Sees policies, keys and secrets change. Folders are watched, not files: editors and Kubernetes put
//! new files in the place of old ones.

use super::config::Config;
use crate::limits::WATCH_QUIET_MILLIS;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::sleep;

/// What tells of changes, as long as it is held.
#[derive(Debug)]
pub(super) struct Changes {
    told: mpsc::Receiver<()>,
    _watcher: RecommendedWatcher,
}

impl Changes {
    /// Watches what a configuration names. None: there is nothing to watch.
    pub(super) fn watch(config: &Config) -> notify::Result<Option<Self>> {
        let folders = folders(config);
        if folders.is_empty() || !config.watch {
            return Ok(None);
        }
        // One that waits is enough: everything is read again.
        let (tell, told) = mpsc::channel(1);
        let names = names(config);
        let mut watcher =
            notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                let matters = event.is_ok_and(|event| {
                    let is_change = !matches!(event.kind, EventKind::Access(_));
                    is_change && event.paths.iter().any(|path| matters(path, &names))
                });
                if matters {
                    let _ = tell.try_send(());
                }
            })?;
        for (folder, mode) in folders {
            watcher.watch(&folder, mode)?;
        }
        Ok(Some(Self {
            told,
            _watcher: watcher,
        }))
    }

    /// Waits for a change, and then until it has been quiet for a moment.
    pub(super) async fn next(&mut self) -> Option<()> {
        self.told.recv().await?;
        loop {
            sleep(Duration::from_millis(WATCH_QUIET_MILLIS)).await;
            if self.told.try_recv().is_err() {
                return Some(());
            }
        }
    }
}

/// The files that are named one by one.
fn names(config: &Config) -> BTreeSet<OsString> {
    let name = |path: &PathBuf| path.file_name().map(OsStr::to_owned);
    named(config)
        .chain(&config.policies)
        .filter_map(name)
        .collect()
}

fn named(config: &Config) -> impl Iterator<Item = &PathBuf> {
    let files = [
        &config.api_keys,
        &config.coral_secrets,
        &config.discourse_secrets,
        &config.registry,
        &config.tls_cert,
        &config.tls_key,
    ];
    files.into_iter().flatten()
}

/// Whether a change of this path can matter: state may be kept, and logs written, in the same folder.
fn matters(path: &Path, names: &BTreeSet<OsString>) -> bool {
    let Some(name) = path.file_name() else {
        return false;
    };
    let extension = path.extension().and_then(OsStr::to_str).unwrap_or_default();
    let is_policy = ["yaml", "yml"]
        .iter()
        .any(|it| extension.eq_ignore_ascii_case(it));
    // Kubernetes swaps a link that is called `..data`.
    let is_swapped = name.as_encoded_bytes().starts_with(b"..");
    is_policy || is_swapped || names.contains(name)
}

fn folders(config: &Config) -> BTreeSet<(PathBuf, RecursiveMode)> {
    let files = named(config).map(|file| around(file));
    let policies = config.policies.iter().map(|path| match path.is_dir() {
        true => (path.clone(), RecursiveMode::Recursive),
        false => around(path),
    });
    files.chain(policies).collect()
}

/// The folder that a file stands in.
fn around(file: &Path) -> (PathBuf, RecursiveMode) {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    (folder.to_owned(), RecursiveMode::NonRecursive)
}

#[cfg(test)]
mod tests {
    use super::matters;
    use std::path::Path;

    #[test]
    fn only_what_is_read_again_matters() {
        let names = ["keys".into()].into();
        for path in [
            "rules/a.yaml",
            "rules/B.YML",
            "etc/keys",
            "rules/..data",
            "..2026_03_01",
        ] {
            assert!(matters(Path::new(path), &names), "{path}");
        }
        for path in [
            "vigie-state/log/0001.ndjson",
            "vigie-state/lock",
            "rules/a.yaml~",
            ".a.swp",
            "/",
        ] {
            assert!(!matters(Path::new(path), &names), "{path}");
        }
    }
}
