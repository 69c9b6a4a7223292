//! The load itself: as fast as answers come, or at a rate.

use crate::http::{Address, Connection, Request};
use hdrhistogram::Histogram;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;
use tokio::task::LocalSet;
use tokio::time::Instant;

/// What to send, and for how long.
#[derive(Clone)]
pub struct Load {
    pub address: Address,
    /// Requests that connections take turns with.
    pub requests: Rc<Vec<Request>>,
    /// The number of the next post, over all loads.
    pub numbers: Rc<Cell<u64>>,
    pub connections: u32,
    pub lasts: Duration,
    pub pace: Pace,
}

impl Load {
    /// The place of the request that is sent with this number: the number says it, so that whoever
    /// finds a post in a log knows its text.
    fn place(&self, first: u64) -> usize {
        let posts = self.requests.first().map_or(1, Request::posts).max(1);
        (first / posts) as usize % self.requests.len()
    }
}

/// When the next request goes out.
#[derive(Clone, Copy)]
pub enum Pace {
    /// When the one before was answered.
    Closed,
    /// So many a second, all connections together. Times count from when a request was due, so that
    /// a slow answer is not excused by the ones that waited behind it.
    Rate(f64),
    /// The same; but what is late is left out, and times count from when it was sent.
    Pressing(f64),
}

/// What came back.
pub struct Driven {
    pub seconds: f64,
    /// Accepted: 200.
    pub accepted: u64,
    /// Refused at once: 503 that says when to come again.
    pub refused: u64,
    /// Anything else.
    pub wrong: u64,
    /// What the first wrong answer was.
    pub first_wrong: Option<String>,
    /// Of accepted requests, in microseconds.
    pub micros: Histogram<u64>,
}

impl Driven {
    pub fn rate(&self) -> f64 {
        self.accepted as f64 / self.seconds
    }

    pub fn p99(&self) -> f64 {
        self.micros.value_at_quantile(0.99) as f64
    }

    fn wrong(&mut self, what: String) {
        self.wrong += 1;
        self.first_wrong.get_or_insert(what);
    }
}

/// A minute and a half, in microseconds: no answer takes longer.
const MICROS_MAX: u64 = 90_000_000;

/// Is called with each accepted answer: the number of the request's first post, and the body.
pub type See = Rc<dyn Fn(u64, &[u8])>;

/// Loads a server.
pub async fn drive(load: &Load, see: Option<See>) -> Result<Driven, String> {
    let micros = Histogram::new_with_max(MICROS_MAX, 3).map_err(|error| error.to_string())?;
    let driven = Rc::new(RefCell::new(Driven {
        seconds: 0.0,
        accepted: 0,
        refused: 0,
        wrong: 0,
        first_wrong: None,
        micros,
    }));
    let begun = Instant::now();
    let local = LocalSet::new();
    for at in 0..load.connections {
        let worker = Worker {
            load: load.clone(),
            at,
            begun,
            driven: Rc::clone(&driven),
            see: see.clone(),
        };
        local.spawn_local(worker.work());
    }
    local.await;
    let mut driven = Rc::into_inner(driven)
        .ok_or("a connection is still at work")?
        .into_inner();
    driven.seconds = begun.elapsed().as_secs_f64();
    Ok(driven)
}

struct Worker {
    load: Load,
    at: u32,
    begun: Instant,
    driven: Rc<RefCell<Driven>>,
    see: Option<See>,
}

impl Worker {
    async fn work(self) {
        let ends = self.begun + self.load.lasts;
        let opened = Connection::open(&self.load.address).await;
        let mut connection = match opened {
            Ok(connection) => connection,
            Err(error) => return self.driven.borrow_mut().wrong(error.to_string()),
        };
        let requests = Rc::clone(&self.load.requests);
        let mut due = self.begun + self.step().mul_f64(f64::from(self.at) / self.share());
        while Instant::now() < ends {
            let sent = self.wait(&mut due).await;
            let first = self.load.numbers.get();
            let request = &requests[self.load.place(first)];
            self.load.numbers.set(first + request.posts());
            match connection.ask(request, first).await {
                Ok(answer) => {
                    let micros = sent.elapsed().as_micros() as u64;
                    let mut driven = self.driven.borrow_mut();
                    match answer.status {
                        200 => {
                            driven.accepted += 1;
                            driven.micros.saturating_record(micros.max(1));
                            drop(driven);
                            if let Some(see) = &self.see {
                                see(first, answer.body);
                            }
                        }
                        503 if answer.says_when => driven.refused += 1,
                        other => driven
                            .wrong(format!("{other}: {}", String::from_utf8_lossy(answer.body))),
                    }
                }
                Err(error) => return self.driven.borrow_mut().wrong(error),
            }
        }
    }

    fn share(&self) -> f64 {
        f64::from(self.load.connections)
    }

    /// From one request of a connection to its next.
    fn step(&self) -> Duration {
        match self.load.pace {
            Pace::Closed => Duration::ZERO,
            Pace::Rate(rate) | Pace::Pressing(rate) => Duration::from_secs_f64(self.share() / rate),
        }
    }

    /// Waits until the next request is due; from when its time counts.
    async fn wait(&self, due: &mut Instant) -> Instant {
        let now = Instant::now();
        match self.load.pace {
            Pace::Closed => now,
            Pace::Rate(_) => {
                let counts = *due;
                tokio::time::sleep_until(counts).await;
                *due += self.step();
                counts
            }
            Pace::Pressing(_) => {
                tokio::time::sleep_until(*due).await;
                *due = (*due + self.step()).max(now);
                Instant::now()
            }
        }
    }
}
