//! What judges posts, and how it is replaced while it is used.

use super::clock::since_1970;
use super::config::Config;
use super::error::{Code, Refusal};
use super::neighbours::Neighbours;
use super::writer::{Trouble, Writer};
use crate::diagnostics::{Severity, to_json};
use crate::engine::Engine;
use crate::ingest::read_policies;
use crate::limits::DIAGNOSTICS_TOLD_MAX;
use crate::metrics::{Metrics, PackMetrics};
use crate::model::EvidenceKey;
use crate::policy::{Checked, Escalation, Pack, check_with, shipped};
use crate::registry::RegistryKey;
use crate::store::{LiveState, StoreError, read_registry};
use arc_swap::ArcSwap;
use serde_json::Value;
use std::sync::Arc;

/// Policies ready to judge, with everything that follows from them. Replaced as a whole: whoever
/// judges holds one of them from beginning to end.
#[derive(Debug)]
pub(super) struct Judge {
    pub(super) engine: Engine,
    pub(super) metrics: PackMetrics,
    pub(super) neighbours: Neighbours,
}

impl Judge {
    pub(super) fn pack(&self) -> &Pack {
        self.engine.ruleset().pack()
    }

    pub(super) fn digest(&self) -> &Arc<str> {
        self.engine.ruleset().digest()
    }

    pub(super) fn escalation(&self) -> &Arc<Escalation> {
        &self.pack().escalation
    }
}

/// How judges are made: from files that are read anew each time.
#[derive(Debug)]
pub(super) struct Court {
    config: Config,
    key: Option<EvidenceKey>,
    metrics: Arc<Metrics>,
}

impl Court {
    pub(super) fn new(config: &Config, key: Option<EvidenceKey>, metrics: &Arc<Metrics>) -> Self {
        Self {
            config: config.clone(),
            key,
            metrics: Arc::clone(metrics),
        }
    }

    /// Reads, checks and compiles the policies.
    pub(super) fn judge(&self) -> Result<Judge, Refusal> {
        let mut engine = Engine::new(self.pack()?, self.config.levels);
        if let Some(path) = &self.config.registry {
            let wrong = |what: String| Refusal::new(Code::BadPolicies, what);
            let key = self.key.as_ref().ok_or_else(|| {
                wrong("a registry needs its key: give `key_file` or VIGIE_KEY".to_owned())
            })?;
            let key = RegistryKey::new(key).map_err(|error| wrong(error.to_string()))?;
            let registry = read_registry(path, &key).map_err(|error| wrong(error.to_string()))?;
            engine = engine.with_registry(registry);
        }
        if let Some(key) = &self.key {
            engine = engine.with_key(key.clone());
        }
        let pack = engine.ruleset().pack();
        Ok(Judge {
            metrics: self.metrics.pack(pack),
            neighbours: Neighbours::of(pack),
            engine,
        })
    }

    fn pack(&self) -> Result<Pack, Refusal> {
        let checked = match self.config.policies.as_slice() {
            [] => check_with(shipped(), Vec::new()),
            paths => {
                let read = read_policies(paths).map_err(|(path, error)| {
                    let what = format!("cannot read `{}`: {error}", path.display());
                    Refusal::new(Code::BadPolicies, what)
                })?;
                check_with(read.files, read.unreadable)
            }
        };
        let refusal = mistakes(&checked);
        checked.pack.ok_or(refusal)
    }
}

fn mistakes(checked: &Checked) -> Refusal {
    let errors = checked.diagnostics.iter();
    let errors = errors.filter(|it| it.code.severity() == Severity::Error);
    let told: Vec<Value> = errors.take(DIAGNOSTICS_TOLD_MAX).map(to_json).collect();
    let number = checked.count(Severity::Error);
    let message = match number {
        1 => "the policies have 1 error".to_owned(),
        _ => format!("the policies have {number} errors"),
    };
    Refusal::new(Code::BadPolicies, message).with("diagnostics", told)
}

/// The judge of the moment, and how another one takes its place.
#[derive(Debug)]
pub(super) struct Bench {
    judge: Arc<ArcSwap<Judge>>,
    court: Arc<Court>,
    metrics: Arc<Metrics>,
    /// One reload at a time.
    turn: tokio::sync::Mutex<()>,
}

/// What a reload did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reloaded {
    pub(super) policy: Arc<str>,
    pub(super) changed: bool,
}

impl Bench {
    pub(super) fn new(judge: Judge, court: Court, metrics: &Arc<Metrics>) -> Self {
        metrics.reloaded(Some(since_1970()));
        Self {
            judge: Arc::new(ArcSwap::from_pointee(judge)),
            court: Arc::new(court),
            metrics: Arc::clone(metrics),
            turn: tokio::sync::Mutex::new(()),
        }
    }

    /// The judge of the moment.
    pub(super) fn judge(&self) -> Arc<Judge> {
        self.judge.load_full()
    }

    /// Reads the policies again. State adopts their ladders first; then they judge. Bad ones change
    /// nothing.
    pub(super) async fn reload(&self, writer: &Writer) -> Result<Reloaded, Refusal> {
        let _turn = self.turn.lock().await;
        let done = self.replace(writer).await;
        match &done {
            Ok(reloaded) => {
                self.metrics.reloaded(Some(since_1970()));
                tracing::info!(policy = %reloaded.policy, changed = reloaded.changed, "policies taken in");
            }
            Err(refusal) => {
                self.metrics.reloaded(None);
                tracing::warn!(
                    code = refusal.code.id(),
                    why = %refusal.message,
                    "policies refused; the former ones go on judging"
                );
            }
        }
        done
    }

    async fn replace(&self, writer: &Writer) -> Result<Reloaded, Refusal> {
        let court = Arc::clone(&self.court);
        let made = tokio::task::spawn_blocking(move || court.judge());
        let mistake = |_| Refusal::new(Code::Internal, "the policies could not be compiled");
        let judge = Arc::new(made.await.map_err(mistake)??);
        let policy = Arc::clone(judge.digest());
        let changed = policy != *self.judge().digest();
        let place = Arc::clone(&self.judge);
        let adopt = move |live: &mut LiveState| -> Result<(), StoreError> {
            live.adopt(judge.escalation(), judge.digest())?;
            place.store(judge);
            Ok(())
        };
        match writer.ask(adopt).await {
            Ok(Ok(())) => Ok(Reloaded { policy, changed }),
            Ok(Err(error)) => {
                tracing::error!(%error, "state can't adopt the policies");
                Err(Refusal::new(
                    Code::Storage,
                    "state can't adopt the policies; see the log",
                ))
            }
            Err(trouble) => Err(refusal_of(trouble)),
        }
    }
}

/// What a caller is told of it.
pub(super) fn refusal_of(trouble: Trouble) -> Refusal {
    match trouble {
        Trouble::Full => Refusal::new(Code::Overloaded, "too many requests wait to be durable"),
        Trouble::Storage => Refusal::new(
            Code::Storage,
            "the decision log can't be written, so nothing was taken in",
        ),
        Trouble::Gone => Refusal::new(Code::Storage, "what writes the decision log has stopped"),
    }
}
