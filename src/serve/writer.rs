//! The one thread that owns state: it takes in what waits, makes all of it durable at once, and only
//! then lets requests be answered.

use super::clock::ticks;
use super::room::Room;
use crate::limits::COMMIT_MAX;
use crate::metrics::Metrics;
use crate::store::{Happening, LiveState, StoreError, Taken};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Instant;
use tokio::runtime::Handle;
use tokio::sync::{mpsc, oneshot};

/// Why something was not taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// The log can't be written.
    Storage,
    /// Too much waits already.
    Full,
    /// The writer has ended.
    Gone,
}

/// What of a request's happenings came.
pub(super) type Answer = Result<Settled, Trouble>;

/// Happenings that are durable, given back to whom they came from: their memory is let go where it was taken.
#[derive(Debug, Default)]
pub(super) struct Settled {
    pub(super) happenings: Vec<Happening>,
    /// What came of each.
    pub(super) taken: Vec<Taken>,
}

type Errand = Box<dyn FnOnce(&mut LiveState) + Send>;

enum Job {
    Take {
        happenings: Vec<Happening>,
        answer: oneshot::Sender<Answered>,
    },
    Ask(Errand),
}

/// An answer, and when it was there.
type Answered = (Answer, Instant);

/// Answers, and whom they are for.
type News = Vec<(oneshot::Sender<Answered>, Answered)>;

fn spread(news: News) {
    for (whom, what) in news {
        // Whoever asked may have gone.
        let _ = whom.send(what);
    }
}

/// The way to the thread that writes.
#[derive(Debug)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
    call: Call,
    shared: Arc<Shared>,
    room: Room,
}

/// What both sides see.
#[derive(Debug)]
struct Shared {
    /// Whether the last attempt to write went well.
    writable: AtomicBool,
    /// Whether somebody is about to call the thread: all that is handed over until it looks comes along.
    is_called: AtomicBool,
}

/// Calls the thread, and says who takes its news along. One call that waits is enough.
#[derive(Clone, Debug)]
struct Call(mpsc::Sender<oneshot::Sender<News>>);

impl Call {
    /// News of a whole group come to one task, which tells the others: from inside of the runtime, they get
    /// their turn behind what is ready. From outside, each would wake a thread, and come after all the rest.
    fn out(&self) {
        let (herald, news) = oneshot::channel();
        // Full: it was called already. Closed: whoever hands something over is told so elsewhere.
        if self.0.try_send(herald).is_ok()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(async { news.await.map(spread) });
        }
    }
}

/// Calls the thread in the end, even when the request that promised it is dropped.
struct Calls<'w>(&'w Call);

impl Drop for Calls<'_> {
    fn drop(&mut self) {
        self.0.out();
    }
}

impl Writer {
    /// Begins to write. The thread ends, after a snapshot, when every [`Writer`] is gone.
    pub(super) fn start(
        live: LiveState,
        queue_max: usize,
        metrics: Arc<Metrics>,
    ) -> std::io::Result<(Self, JoinHandle<Result<(), StoreError>>)> {
        let (sender, jobs) = mpsc::channel(queue_max);
        let (call, calls) = mpsc::channel(1);
        let shared = Arc::new(Shared {
            writable: AtomicBool::new(true),
            is_called: AtomicBool::new(false),
        });
        metrics.log_writable.set(1);
        let mut thread = Thread {
            live,
            shared: Arc::clone(&shared),
            metrics,
            jobs,
            happenings: 0,
            waiting: Vec::new(),
            news: News::new(),
        };
        let thread = thread::Builder::new()
            .name("vigie-writer".to_owned())
            .spawn(move || thread.run(calls))?;
        let writer = Self {
            jobs: sender,
            call: Call(call),
            shared,
            room: Room::new(queue_max, ticks()),
        };
        Ok((writer, thread))
    }

    /// Whether what is told can be made durable.
    pub(super) fn is_writable(&self) -> bool {
        self.shared.writable.load(Ordering::Relaxed) && !self.jobs.is_closed()
    }

    /// Whether the thread is alive.
    pub(super) fn is_alive(&self) -> bool {
        !self.jobs.is_closed()
    }

    /// How many requests wait.
    pub(super) fn waiting(&self) -> usize {
        self.jobs.max_capacity() - self.jobs.capacity()
    }

    /// Where those wait whose happenings are made durable.
    pub(super) fn room(&self) -> &Room {
        &self.room
    }

    /// Makes happenings durable; at once refused when too many wait.
    pub(super) async fn take(&self, happenings: Vec<Happening>) -> Answer {
        let _place = self.room.enter();
        let (answer, taken) = oneshot::channel();
        let job = Job::Take { happenings, answer };
        self.jobs.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Trouble::Full,
            mpsc::error::TrySendError::Closed(_) => Trouble::Gone,
        })?;
        let (answer, at) = self.answered(taken).await?;
        let now = ticks();
        self.room.turned(now.saturating_duration_since(at), now);
        answer
    }

    /// Calls the thread, unless somebody else is about to. Requests that are ready go first: then one flush
    /// and one change of threads do for all of them.
    async fn call(&self) {
        if !self.shared.is_called.swap(true, Ordering::SeqCst) {
            let _calls = Calls(&self.call);
            tokio::task::yield_now().await;
        }
    }

    /// Hands happenings over, waiting for room: for streams, whose sender waits then too.
    pub(super) async fn take_patiently(&self, happenings: Vec<Happening>) -> Answer {
        let (answer, taken) = oneshot::channel();
        let job = Job::Take { happenings, answer };
        self.jobs.send(job).await.map_err(|_| Trouble::Gone)?;
        self.answered(taken).await?.0
    }

    /// Asks something of state, between two commits, waiting for room.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&mut LiveState) -> T + Send + 'static,
    ) -> Result<T, Trouble> {
        let (sender, answer) = oneshot::channel();
        let errand: Errand = Box::new(move |live| {
            // Whoever asked may have gone.
            let _ = sender.send(question(live));
        });
        let job = self.jobs.send(Job::Ask(errand));
        job.await.map_err(|_| Trouble::Gone)?;
        self.answered(answer).await
    }

    /// What the thread answers to a job that was handed over.
    async fn answered<T>(&self, answer: oneshot::Receiver<T>) -> Result<T, Trouble> {
        self.call().await;
        answer.await.map_err(|_| Trouble::Gone)
    }
}

/// What the thread holds.
struct Thread {
    live: LiveState,
    shared: Arc<Shared>,
    metrics: Arc<Metrics>,
    jobs: mpsc::Receiver<Job>,
    /// What is made durable next, and who waits for it.
    waiting: Vec<(Vec<Happening>, oneshot::Sender<Answered>)>,
    /// How many happenings that is.
    happenings: usize,
    /// What is to be told.
    news: News,
}

impl Thread {
    fn run(&mut self, mut calls: mpsc::Receiver<oneshot::Sender<News>>) -> Result<(), StoreError> {
        while let Some(herald) = calls.blocking_recv() {
            // INVARIANT: before looking. Whoever hands something over later calls again.
            self.shared.is_called.store(false, Ordering::SeqCst);
            self.work();
            // Without a herald they are told from here.
            if let Err(news) = herald.send(std::mem::take(&mut self.news)) {
                spread(news);
            }
        }
        self.work();
        self.tell();
        self.live.snapshot()
    }

    /// Tells what is to be told before something else is done.
    fn tell(&mut self) {
        spread(std::mem::take(&mut self.news));
    }

    /// Does all that waits, at most so much of it with one flush.
    fn work(&mut self) {
        while let Ok(job) = self.jobs.try_recv() {
            self.job(job);
            if self.happenings >= COMMIT_MAX {
                self.commit();
                self.tell();
            }
        }
        self.commit();
        let waiting = i64::try_from(self.jobs.len()).unwrap_or(i64::MAX);
        self.metrics.queue.set(waiting);
    }

    fn job(&mut self, job: Job) {
        match job {
            Job::Take { happenings, answer } => {
                self.happenings += happenings.len();
                self.waiting.push((happenings, answer));
            }
            Job::Ask(errand) => {
                // What was told before is part of the answer.
                self.commit();
                self.tell();
                let live = &mut self.live;
                if catch_unwind(AssertUnwindSafe(|| errand(live))).is_err() {
                    self.doubt();
                }
            }
        }
    }

    fn commit(&mut self) {
        if self.waiting.is_empty() {
            return;
        }
        let (number, begin) = (std::mem::take(&mut self.happenings), ticks());
        let (live, waiting) = (&mut self.live, &self.waiting);
        let batch = waiting.iter().flat_map(|(happenings, _)| happenings);
        let committed = catch_unwind(AssertUnwindSafe(|| live.commit(batch)));
        self.metrics
            .commit_seconds
            .observe(begin.elapsed().as_secs_f64());
        self.metrics.commit_size.observe(number as f64);
        let taken = match committed {
            Ok(Ok(taken)) if taken.len() == number => Some(taken),
            Ok(Ok(_)) => {
                tracing::error!("state gave fewer answers than it was asked for");
                None
            }
            Ok(Err(error)) => {
                tracing::error!(%error, "the decision log can't be written: nothing is taken in");
                None
            }
            Err(_) => {
                self.doubt();
                None
            }
        };
        self.shared
            .writable
            .store(taken.is_some(), Ordering::Relaxed);
        self.metrics.log_writable.set(i64::from(taken.is_some()));
        self.answer(taken);
    }

    /// A mistake of ours: what it left behind must not count.
    fn doubt(&mut self) {
        self.metrics.panics.inc();
        let live = &mut self.live;
        if catch_unwind(AssertUnwindSafe(|| live.doubt())).is_err() {
            tracing::error!("state can't be made anew; it is tried again with the next request");
        }
    }

    fn answer(&mut self, taken: Option<Vec<Taken>>) {
        let now = ticks();
        let Some(mut taken) = taken else {
            let refused = self.waiting.drain(..);
            let refused = refused.map(|(_, whom)| (whom, (Err(Trouble::Storage), now)));
            self.news.extend(refused);
            return;
        };
        // From the end, so that each part is cut off without moving the others.
        for (happenings, whom) in self.waiting.drain(..).rev() {
            let taken = taken.split_off(taken.len().saturating_sub(happenings.len()));
            let settled = Settled { happenings, taken };
            self.news.push((whom, (Ok(settled), now)));
        }
    }
}
