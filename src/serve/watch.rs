//! Sees policies, keys and secrets change. Folders are watched, not files: editors and Kubernetes put
//! new files in the place of old ones.

use super::config::Config;
use crate::limits::WATCH_QUIET_MILLIS;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};
use std::collections::BTreeSet;
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
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            let is_change = event.is_ok_and(|event| !matches!(event.kind, EventKind::Access(_)));
            if is_change {
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

fn folders(config: &Config) -> BTreeSet<(PathBuf, RecursiveMode)> {
    let files = [
        &config.api_keys,
        &config.coral_secrets,
        &config.discourse_secrets,
        &config.registry,
    ];
    let files = files.into_iter().flatten().map(|file| around(file));
    let policies = config.policies.iter().map(|path| match path.is_dir() {
        true => (path.clone(), RecursiveMode::Recursive),
        false => around(path),
    });
    files.chain(policies).collect()
}

/// The folder that a file stands in.
fn around(file: &Path) -> (PathBuf, RecursiveMode) {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    let folder = folder.unwrap_or_else(|| Path::new("."));
    (folder.to_owned(), RecursiveMode::NonRecursive)
}
