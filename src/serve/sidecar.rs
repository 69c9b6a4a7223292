//! What all requests share.

use super::admin::Counted;
use super::config::Config;
use super::error::{Code, Refusal};
use super::judge::{Bench, refusal_of};
use super::keys::{Keys, KeysError};
use super::secrets::Secrets;
use super::tls::Tls;
use super::writer::{Answer, Settled, Writer};
use crate::metrics::Metrics;
use crate::store::{Happening, LiveState};
use arc_swap::ArcSwapOption;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::sync::watch;
use tokio::time::timeout;

/// What all requests share.
#[derive(Debug)]
pub struct Sidecar {
    pub(super) config: Config,
    pub(super) bench: Bench,
    pub(super) writer: Writer,
    pub(super) metrics: Arc<Metrics>,
    pub(super) keys: ArcSwapOption<Keys>,
    pub(super) coral: Secrets,
    pub(super) discourse: Secrets,
    pub(super) tls: Option<Tls>,
    pub(super) in_flight: AtomicUsize,
    /// Whether the sidecar is being stopped, for those that want to be told.
    pub(super) stopping: watch::Sender<bool>,
    /// The same, quicker to ask.
    pub(super) is_draining: AtomicBool,
    /// When cases were counted last.
    pub(super) counted: Counted,
    /// Names posts that have no id, as long as the sidecar runs.
    pub(super) names: RandomState,
}

impl Sidecar {
    /// Makes happenings durable, within the deadline.
    pub(super) async fn take(&self, happenings: Vec<Happening>) -> Result<Settled, Refusal> {
        match timeout(self.config.deadline, self.writer.take(happenings)).await {
            Ok(answer) => answer.map_err(refusal_of),
            Err(_) => Err(Refusal::new(
                Code::Deadline,
                "it wasn't durable in time; told again with the same id and revision, it counts once",
            )),
        }
    }

    /// Asks something of state, within the deadline.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut LiveState) -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let asked = timeout(self.config.deadline, self.writer.ask(question)).await;
        let late = |_| Refusal::new(Code::Deadline, "state didn't answer in time");
        asked.map_err(late)?.map_err(refusal_of)
    }

    /// Makes happenings durable, however long they wait for others.
    pub(super) async fn take_patiently(&self, happenings: Vec<Happening>) -> Answer {
        self.writer.take_patiently(happenings).await
    }

    /// After trouble with the log: writes nothing, durably, to see whether that goes well again.
    pub(super) async fn try_again(&self) {
        if !self.writer.is_writable() {
            let _ = self.take(Vec::new()).await;
        }
    }

    /// Whether posts would be taken in right now; if not, why.
    pub(super) fn unready(&self) -> Option<&'static str> {
        let why = if self.is_draining.load(Ordering::Relaxed) {
            Some("the sidecar is being stopped")
        } else if !self.writer.is_alive() {
            Some("what writes the decision log has stopped")
        } else if !self.writer.is_writable() {
            Some("the decision log can't be written")
        } else {
            None
        };
        self.metrics.ready.set(i64::from(why.is_none()));
        why
    }

    /// Takes no more requests from now on.
    pub(super) fn drain(&self) {
        self.is_draining.store(true, Ordering::SeqCst);
        // Nobody may be listening.
        let _ = self.stopping.send(true);
        let _ = self.unready();
    }

    /// Whether callers must show a key.
    pub(super) fn wants_keys(&self) -> bool {
        self.config.api_keys.is_some()
    }

    /// Reads keys, secrets and certificate again. A file that is bad changes nothing, and keeps none of
    /// the others from being read.
    pub(super) fn reload_secrets(&self) -> Result<(), Refusal> {
        let keys = self.reload_keys().map_err(|error| error.to_string());
        let tls = self.tls.as_ref().map_or(Ok(()), Tls::reload);
        let secrets = [&self.coral, &self.discourse].map(Secrets::reload);
        let files = secrets.into_iter().chain([tls]);
        let all = files.map(|file| file.map_err(|error| error.to_string()));
        let refused: Vec<String> = [keys]
            .into_iter()
            .chain(all)
            .filter_map(Result::err)
            .collect();
        for why in &refused {
            tracing::warn!(%why, "refused; what was read before stays");
        }
        match refused.is_empty() {
            true => Ok(()),
            false => Err(Refusal::new(Code::BadPolicies, refused.join("; "))),
        }
    }

    fn reload_keys(&self) -> Result<(), KeysError> {
        if let Some(path) = &self.config.api_keys {
            self.keys.store(Some(Arc::new(Keys::read(path)?)));
        }
        Ok(())
    }

    /// A name for a post that has none: the same for the same post, as long as the sidecar runs.
    pub(super) fn name(&self, parts: &[&str]) -> String {
        format!("told-{:016x}", self.names.hash_one(parts))
    }
}
