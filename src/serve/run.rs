//! From a configuration to open ports, and back in good order.

use super::admin::Counted;
use super::config::{Address, Config};
use super::entrance::Entrance;
use super::error::{Code, Refusal};
use super::judge::{Bench, Court};
use super::keys::{Keys, KeysError};
use super::listen::{Port, Service};
use super::logs;
use super::routes::{admin_app, app, names};
use super::secrets::Secrets;
use super::sidecar::Sidecar;
use super::tls::Tls;
use super::watch::Changes;
use super::writer::Writer;
use crate::escalate::Bounds;
use crate::metrics::{Metrics, Most};
use crate::model::EvidenceKey;
use crate::store::{LiveOptions, LiveState, Recovered, StoreError};
use arc_swap::ArcSwapOption;
use std::hash::RandomState;
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize};
use std::thread::JoinHandle;
use thiserror::Error;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::time::timeout;

/// Why the sidecar doesn't run.
#[derive(Debug, Error)]
pub enum StartError {
    /// The policies have mistakes; they are told in the refusal.
    #[error("{}", .0.message)]
    Policies(Refusal),
    /// State can't be opened.
    #[error(transparent)]
    State(#[from] StoreError),
    /// The keys can't be read.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The system says no.
    #[error("cannot {what}: {source}")]
    System {
        /// What was tried.
        what: String,
        /// What the system says.
        source: io::Error,
    },
    /// Files can't be watched.
    #[error("cannot watch the policies: {0}; `watch: false` does without")]
    Watch(#[from] notify::Error),
    /// A mistake of ours.
    #[error("the metrics are wrong: {0}")]
    Metrics(#[from] prometheus::Error),
}

fn system(what: impl Into<String>) -> impl FnOnce(io::Error) -> StartError {
    let what = what.into();
    move |source| StartError::System { what, source }
}

/// A sidecar with its state open, and no port yet.
#[derive(Debug)]
pub struct Running {
    /// What its requests share.
    pub sidecar: Arc<Sidecar>,
    writer: JoinHandle<Result<(), StoreError>>,
}

/// Compiles the policies, opens state, and begins to write.
///
/// # Errors
/// The policies have mistakes, or something can't be read or opened.
pub fn start(config: &Config, key: Option<EvidenceKey>) -> Result<Running, StartError> {
    let codes: Vec<&str> = Code::ALL.iter().map(|code| code.id()).collect();
    let most = Most {
        connections: config.connections_max,
        in_flight: config.in_flight_max,
        queue: config.queue_max,
    };
    let metrics = Arc::new(Metrics::new(most, &names(), &codes)?);
    let court = Court::new(config, key, &metrics);
    let judge = court.judge().map_err(StartError::Policies)?;
    let keys = config.api_keys.as_deref().map(Keys::read).transpose()?;
    let secrets = |path: &Option<std::path::PathBuf>| {
        Secrets::read(path.as_deref()).map_err(system("read the secrets of a hook"))
    };
    let (coral, discourse) = (
        secrets(&config.coral_secrets)?,
        secrets(&config.discourse_secrets)?,
    );
    let tls = match (&config.tls_cert, &config.tls_key) {
        (Some(cert), Some(key)) => Some(Tls::read(cert, key).map_err(system("use TLS"))?),
        _ => None,
    };
    let options = LiveOptions {
        retention: config.retention,
        bounds: Bounds {
            subjects: config.subjects_max,
            ..Bounds::default()
        },
        ..LiveOptions::default()
    };
    let (escalation, policy) = (judge.escalation(), judge.digest());
    let (live, recovered) = LiveState::open(&config.state, escalation, policy, options)?;
    let state = config.state.display();
    tracing::info!(%state, ?recovered, policy = %judge.digest(), "state is open");
    tell_repairs(&recovered);
    let bench = Bench::new(judge, court, &metrics);
    let (writer, thread) = Writer::start(live, config.queue_max, Arc::clone(&metrics))
        .map_err(system("start the thread that writes"))?;
    let sidecar = Sidecar {
        config: config.clone(),
        bench,
        writer,
        metrics,
        keys: ArcSwapOption::from_pointee(keys),
        coral,
        discourse,
        tls,
        in_flight: AtomicUsize::new(0),
        stopping: watch::Sender::new(false),
        is_draining: AtomicBool::new(false),
        counted: Counted::default(),
        names: RandomState::new(),
    };
    Ok(Running {
        sidecar: Arc::new(sidecar),
        writer: thread,
    })
}

/// Nothing acknowledged is missing, but an operator should know what the disk does.
fn tell_repairs(recovered: &Recovered) {
    let Recovered {
        bad_snapshots,
        torn_bytes,
        ..
    } = recovered;
    if *bad_snapshots > 0 {
        tracing::warn!(
            bad_snapshots,
            "snapshots are damaged; the log was told again"
        );
    }
    if recovered.bad_head {
        tracing::warn!("the head of the log was missing or damaged; it was made anew from the log");
    }
    if *torn_bytes > 0 {
        tracing::warn!(
            torn_bytes,
            "the log ended in lines that were never acknowledged; they were cut off"
        );
    }
}

impl Running {
    /// Ends the writer after a last snapshot, once nobody holds the sidecar any more.
    ///
    /// # Errors
    /// The snapshot can't be written. Nothing is lost: the log has everything.
    pub fn end(self) -> Result<(), StoreError> {
        drop(self.sidecar);
        // A panic of the thread was told by itself.
        self.writer.join().unwrap_or(Ok(()))
    }
}

/// Runs the sidecar until SIGTERM or SIGINT, and then in good order: what was taken is answered, a
/// snapshot is kept.
///
/// # Errors
/// It can't begin, or its last snapshot can't be written.
pub fn run(config: &Config, key: Option<EvidenceKey>) -> Result<(), StartError> {
    logs::begin(config);
    let running = start(config, key)?;
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    if let Some(threads) = config.threads {
        runtime.worker_threads(threads);
    }
    let runtime = runtime
        // Who comes from outside, or found no room in a thread's own line, has its turn as often as who stands
        // there: seldom, as it is by default, would mean that those who came first wait longest when there are many.
        .global_queue_interval(2)
        .enable_all()
        .build()
        .map_err(system("start the runtime"))?;
    runtime.block_on(serve(config, Arc::clone(&running.sidecar)))?;
    // Requests that outlasted the drain are dropped with the runtime, so that the writer may end.
    drop(runtime);
    running.end()?;
    tracing::info!("the sidecar has ended");
    Ok(())
}

async fn serve(config: &Config, sidecar: Arc<Sidecar>) -> Result<(), StartError> {
    let listen = open(&config.listen).await?;
    let admin = open(&config.admin).await?;
    let changes = Changes::watch(config)?;
    let signals = Signals::listen().map_err(system("listen to signals"))?;
    let ends = watch::Sender::new(false);
    let service = |routes, tls, ends: &watch::Sender<bool>| Service {
        sidecar: Arc::clone(&sidecar),
        entrance: Entrance::new(&sidecar, routes),
        tls,
        ends: ends.subscribe(),
    };
    let tls = sidecar.tls.clone();
    let posts = tokio::spawn(service(app(&sidecar), tls, &ends).run(listen));
    // Operators may ask until the very end.
    let admin_ends = watch::Sender::new(false);
    let operators = tokio::spawn(service(admin_app(&sidecar), None, &admin_ends).run(admin));
    notify_ready(&sidecar, config);
    until_stopped(&sidecar, changes, signals).await;
    tracing::info!("draining: what was taken is answered, nothing more is taken");
    sidecar.drain();
    let _ = ends.send(true);
    if timeout(config.drain, posts).await.is_err() {
        tracing::warn!("some requests outlasted `drain`, and are dropped");
    }
    let _ = admin_ends.send(true);
    let _ = timeout(std::time::Duration::from_millis(200), operators).await;
    Ok(())
}

async fn open(address: &Address) -> Result<Port, StartError> {
    let port = Port::open(address).await;
    let port = port.map_err(system(format!("listen on {address}")))?;
    let place = port.address().map_err(system("ask for the port"))?;
    tracing::info!(address = %place, "listening");
    Ok(port)
}

fn notify_ready(sidecar: &Sidecar, config: &Config) {
    let _ = sidecar.unready();
    let keys = match sidecar.wants_keys() {
        true => "callers need a key",
        false => "no key is needed: only this machine gets here",
    };
    let policies = config
        .policies
        .first()
        .map(|it: &std::path::PathBuf| Path::display(it).to_string());
    let policies = policies.unwrap_or_else(|| "the shipped pack".to_owned());
    tracing::info!(%policies, keys, "ready");
}

/// What the system tells.
struct Signals {
    terminate: tokio::signal::unix::Signal,
    interrupt: tokio::signal::unix::Signal,
    hang_up: tokio::signal::unix::Signal,
}

impl Signals {
    fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hang_up: signal(SignalKind::hangup())?,
        })
    }
}

/// Takes in what changes, until the system says to stop.
async fn until_stopped(sidecar: &Sidecar, mut changes: Option<Changes>, mut signals: Signals) {
    loop {
        let changed = async {
            match &mut changes {
                Some(changes) => changes.next().await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            _ = signals.terminate.recv() => return,
            _ = signals.interrupt.recv() => return,
            _ = signals.hang_up.recv() => {}
            told = changed => {
                if told.is_none() {
                    changes = None;
                    continue;
                }
            }
        }
        // Both tell of their trouble themselves.
        let _ = sidecar.reload_secrets();
        let _ = sidecar.bench.reload(&sidecar.writer).await;
    }
}
