//! Every metric of the sidecar: its name, its labels, what it says. Labels come from closed sets
//! (actions, categories, rules, ladders, rungs, routes, codes), never from a post.

use crate::limits::RULE_LABELS_MAX;
use crate::model::{Action, Decision, Outcome};
use crate::policy::Pack;
use prometheus::core::Collector;
use prometheus::{
    Encoder, Gauge, Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge,
    IntGaugeVec, Opts, Registry, TextEncoder,
};
use rustc_hash::FxHashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

/// What a metric counts, and how it grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Only grows.
    Counter,
    /// Goes up and down.
    Gauge,
    /// Counts by size.
    Histogram,
}

/// One metric.
#[derive(Clone, Copy, Debug)]
pub struct Family {
    /// Its name.
    pub name: &'static str,
    /// How it grows.
    pub kind: Kind,
    /// Its labels.
    pub labels: &'static [&'static str],
    /// What it says.
    pub help: &'static str,
}

macro_rules! families {
    ($($id:ident $kind:ident $name:literal [$($label:literal),*] $help:literal)*) => {
        $(const $id: Family = Family {
            name: $name,
            kind: Kind::$kind,
            labels: &[$($label),*],
            help: $help,
        };)*
        /// All metrics, sorted by name.
        pub static FAMILIES: &[Family] = &[$($id),*];
    };
}

families! {
    BUILD Gauge "vigie_build_info" ["version"] "1, with the version that runs"
    CATEGORIES Counter "vigie_category_decisions_total" ["category", "action"]
        "Decisions with points in a category, by what was advised for the post"
    COMMIT_SIZE Histogram "vigie_commit_happenings" []
        "Happenings that were made durable together"
    COMMIT_SECONDS Histogram "vigie_commit_seconds" []
        "Making happenings durable: state, decision log, one fsync"
    CONNECTIONS Gauge "vigie_connections" [] "Connections that are open"
    CONNECTIONS_MAX Gauge "vigie_connections_max" [] "Connections that may be open"
    DECISIONS Counter "vigie_decisions_total" ["action"] "Posts judged, by what was advised"
    EVALUATION Histogram "vigie_evaluation_seconds" [] "Judging one post"
    LADDERS Gauge "vigie_ladder_subjects" ["ladder", "rung"] "Subjects that stand on a rung"
    TRANSITIONS Counter "vigie_ladder_transitions_total" ["ladder", "rung"]
        "Rungs that subjects came to stand on; `none`: they left the ladder"
    LOG_BYTES Gauge "vigie_log_bytes" [] "Bytes of the decision log"
    LOG_LAG Gauge "vigie_log_lag_posts" []
        "Happenings in the log since the last snapshot: what a restart replays"
    LOG_SEGMENTS Gauge "vigie_log_segments" [] "Files of the decision log"
    LOG_TROUBLE Gauge "vigie_log_writable" [] "1 while the decision log can be written, else 0"
    FEEDBACK Counter "vigie_outcomes_total" ["outcome", "tied"]
        "Outcomes that were told, and whether they name the post that they speak of"
    PANICS Counter "vigie_panics_total" [] "Requests that ended in a mistake of ours"
    RELOAD_AT Gauge "vigie_policy_last_reload_success_timestamp_seconds" []
        "When the policies that judge were taken in"
    RELOAD_OK Gauge "vigie_policy_last_reload_successful" []
        "1 when the last policies were taken in, 0 when they were refused"
    RELOADS Counter "vigie_policy_reloads_total" ["result"]
        "Policies that were taken in or refused"
    PLACES Gauge "vigie_queue_places" []
        "Posts that are let in to wait right now; fewer than `queue_max` while a turn of a thread takes too long"
    QUEUE Gauge "vigie_queue_requests" [] "Requests that wait to be durable"
    QUEUE_MAX Gauge "vigie_queue_requests_max" [] "Requests that may wait to be durable"
    READY Gauge "vigie_ready" [] "1 while /ready says yes, else 0"
    REFUSALS Counter "vigie_refusals_total" ["code"] "Requests answered with an error, by its code"
    REQUEST_SECONDS Histogram "vigie_request_seconds" ["route"]
        "Answering a request, from its head to its answer"
    IN_FLIGHT Gauge "vigie_requests_in_flight" [] "Requests that are worked on"
    IN_FLIGHT_MAX Gauge "vigie_requests_in_flight_max" [] "Requests that may be worked on"
    REQUESTS Counter "vigie_requests_total" ["route", "status"]
        "Requests answered, by route and class of status"
    RULES Counter "vigie_rule_hits_total" ["rule"]
        "Times a rule fired; rules beyond the first thousand of a pack count as `other`"
    SNAPSHOTS_FAILED Gauge "vigie_snapshots_failed" []
        "Snapshots that could not be written since the sidecar began: a restart replays more, nothing is lost"
    STATE_DROPPED Gauge "vigie_state_dropped" ["what"]
        "Subjects (those that stand on no rung) and posts (the oldest) that were forgotten for want of room"
    STATE_POSTS Gauge "vigie_state_posts" [] "Posts that state remembers"
    STATE_SUBJECTS Gauge "vigie_state_subjects" [] "Subjects that state follows"
}

/// Seconds from ten microseconds to ten: judging a post takes the first, a full disk the last.
const SECONDS: &[f64] = &[
    0.000_01, 0.000_025, 0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025,
    0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Happenings of one group commit.
const SIZES: &[f64] = &[
    1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1_024.0,
];

/// Classes of statuses.
const STATUSES: [&str; 4] = ["2xx", "3xx", "4xx", "5xx"];

/// The label of rules that have none of their own.
const OTHER: &str = "other";

/// The label of no rung.
const NO_RUNG: &str = "none";

/// All metrics of one sidecar, ready to be counted up.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    /// Judging one post.
    pub evaluation: Histogram,
    /// Group commits, by time.
    pub commit_seconds: Histogram,
    /// Group commits, by size.
    pub commit_size: Histogram,
    /// Connections that are open.
    pub connections: IntGauge,
    /// Requests that are worked on.
    pub in_flight: IntGauge,
    /// Posts that are let in to wait.
    pub places: IntGauge,
    /// Requests that wait to be durable.
    pub queue: IntGauge,
    /// Whether the log can be written.
    pub log_writable: IntGauge,
    /// Mistakes of ours.
    pub panics: IntCounter,
    /// Whether `/ready` says yes.
    pub ready: IntGauge,
    /// Bytes of the decision log.
    pub log_bytes: IntGauge,
    /// Happenings since the last snapshot.
    pub log_lag: IntGauge,
    /// Files of the decision log.
    pub log_segments: IntGauge,
    /// Snapshots that could not be written.
    pub snapshots_failed: IntGauge,
    /// Subjects that are followed.
    pub state_subjects: IntGauge,
    /// Posts that are remembered.
    pub state_posts: IntGauge,
    dropped: IntGaugeVec,
    actions: [IntCounter; Action::ALL.len()],
    categories: IntCounterVec,
    rules: IntCounterVec,
    ladders: IntGaugeVec,
    transitions: IntCounterVec,
    feedback: IntCounterVec,
    refusals: IntCounterVec,
    reloads: IntCounterVec,
    reload_ok: IntGauge,
    reload_at: Gauge,
    requests: IntCounterVec,
    request_seconds: HistogramVec,
}

/// How much there may be at once, for the gauges that say so.
#[derive(Clone, Copy, Debug)]
pub struct Most {
    /// Connections.
    pub connections: usize,
    /// Requests that are worked on.
    pub in_flight: usize,
    /// Requests that wait.
    pub queue: usize,
}

impl Metrics {
    /// Metrics of a sidecar that begins. `routes` and `codes` are the closed sets of their labels.
    ///
    /// # Errors
    /// Two metrics have one name, or a name is none: only when this file is wrong.
    pub fn new(most: Most, routes: &[&str], codes: &[&str]) -> prometheus::Result<Self> {
        let registry = Registry::new();
        let made = Make(&registry);
        let decisions = made.counters(DECISIONS)?;
        let metrics = Self {
            evaluation: made.histogram(EVALUATION, SECONDS)?,
            commit_seconds: made.histogram(COMMIT_SECONDS, SECONDS)?,
            commit_size: made.histogram(COMMIT_SIZE, SIZES)?,
            connections: made.gauge(CONNECTIONS)?,
            in_flight: made.gauge(IN_FLIGHT)?,
            places: made.gauge(PLACES)?,
            queue: made.gauge(QUEUE)?,
            log_writable: made.gauge(LOG_TROUBLE)?,
            panics: made.kept(IntCounter::with_opts(PANICS.opts())?)?,
            ready: made.gauge(READY)?,
            log_bytes: made.gauge(LOG_BYTES)?,
            log_lag: made.gauge(LOG_LAG)?,
            log_segments: made.gauge(LOG_SEGMENTS)?,
            state_subjects: made.gauge(STATE_SUBJECTS)?,
            state_posts: made.gauge(STATE_POSTS)?,
            snapshots_failed: made.gauge(SNAPSHOTS_FAILED)?,
            dropped: made.kept(IntGaugeVec::new(
                STATE_DROPPED.opts(),
                STATE_DROPPED.labels,
            )?)?,
            actions: Action::ALL.map(|action| decisions.with_label_values(&[action.name()])),
            categories: made.counters(CATEGORIES)?,
            rules: made.counters(RULES)?,
            ladders: made.kept(IntGaugeVec::new(LADDERS.opts(), LADDERS.labels)?)?,
            transitions: made.counters(TRANSITIONS)?,
            feedback: made.counters(FEEDBACK)?,
            refusals: made.counters(REFUSALS)?,
            reloads: made.counters(RELOADS)?,
            reload_ok: made.gauge(RELOAD_OK)?,
            reload_at: made.kept(Gauge::with_opts(RELOAD_AT.opts())?)?,
            requests: made.counters(REQUESTS)?,
            request_seconds: made.kept(HistogramVec::new(
                REQUEST_SECONDS.buckets(SECONDS),
                REQUEST_SECONDS.labels,
            )?)?,
            registry: registry.clone(),
        };
        let build = made.kept(IntGaugeVec::new(BUILD.opts(), BUILD.labels)?)?;
        build.with_label_values(&[env!("CARGO_PKG_VERSION")]).set(1);
        made.gauge(CONNECTIONS_MAX)?.set(whole(most.connections));
        made.gauge(IN_FLIGHT_MAX)?.set(whole(most.in_flight));
        made.gauge(QUEUE_MAX)?.set(whole(most.queue));
        metrics.begin(routes, codes);
        Ok(metrics)
    }

    /// What never happened stands there as 0: alerts on rates need that.
    fn begin(&self, routes: &[&str], codes: &[&str]) {
        for code in codes {
            self.refusals.with_label_values(&[*code]);
        }
        for route in routes {
            let _ = self.route(route);
        }
        for outcome in Outcome::ALL {
            for tied in ["true", "false"] {
                self.feedback.with_label_values(&[outcome.name(), tied]);
            }
        }
        self.dropped(0, 0);
        for result in ["success", "failure"] {
            self.reloads.with_label_values(&[result]);
        }
    }

    /// The metrics of a route, found once.
    #[must_use]
    pub fn route(&self, route: &str) -> RouteMetrics {
        RouteMetrics {
            seconds: self.request_seconds.with_label_values(&[route]),
            statuses: STATUSES.map(|status| self.requests.with_label_values(&[route, status])),
        }
    }

    /// The metrics of a pack's rules, categories and rungs, found once.
    #[must_use]
    pub fn pack(&self, pack: &Pack) -> PackMetrics {
        let rules = pack.policies.iter().flat_map(|policy| &policy.rules);
        let rules = rules.take(RULE_LABELS_MAX);
        let categories = pack.policies.iter().filter_map(|it| it.category.as_ref());
        let by_action = |category: &Arc<str>| {
            Action::ALL.map(|it| self.categories.with_label_values(&[category, it.name()]))
        };
        let rungs = pack.escalation.ladders.iter().flat_map(|ladder| {
            let rungs = ladder.rungs.iter().map(|rung| &*rung.name).chain([NO_RUNG]);
            rungs.map(|rung| (Arc::clone(&ladder.name), Box::from(rung)))
        });
        PackMetrics {
            rules: rules
                .map(|rule| {
                    (
                        Arc::clone(&rule.id),
                        self.rules.with_label_values(&[&*rule.id]),
                    )
                })
                .collect(),
            other: self.rules.with_label_values(&[OTHER]),
            categories: categories
                .map(|it| (Arc::clone(it), by_action(it)))
                .collect(),
            rungs: rungs
                .map(|key: (Arc<str>, Box<str>)| {
                    let counter = self.transitions.with_label_values(&[&*key.0, &*key.1]);
                    (key, counter)
                })
                .collect(),
        }
    }

    /// Counts a decision.
    pub fn decided(&self, decision: &Decision, pack: &PackMetrics) {
        let at = decision.action as usize;
        if let Some(counter) = self.actions.get(at) {
            counter.inc();
        }
        for category in decision.categories.keys() {
            let counters = pack.categories.get(category);
            if let Some(counter) = counters.and_then(|counters| counters.get(at)) {
                counter.inc();
            }
        }
        for reason in &decision.reasons {
            pack.rules.get(&reason.rule).unwrap_or(&pack.other).inc();
        }
    }

    /// How many subjects stand on each rung, all of them anew.
    pub fn stand(&self, pack: &Pack, number: impl Fn(&str, &str) -> usize) {
        self.ladders.reset();
        for ladder in &pack.escalation.ladders {
            for rung in &ladder.rungs {
                let gauge = self
                    .ladders
                    .with_label_values(&[&*ladder.name, &*rung.name]);
                gauge.set(whole(number(&ladder.name, &rung.name)));
            }
        }
    }

    /// An error was answered. `code` is of the closed list.
    pub fn refused(&self, code: &str) {
        self.refusals(code).inc();
    }

    /// How many subjects and posts were forgotten for want of room.
    pub fn dropped(&self, subjects: u64, posts: u64) {
        for (what, number) in [("subjects", subjects), ("posts", posts)] {
            let number = i64::try_from(number).unwrap_or(i64::MAX);
            self.dropped.with_label_values(&[what]).set(number);
        }
    }

    /// What counts errors of a code of the closed list, found once.
    #[must_use]
    pub fn refusals(&self, code: &str) -> IntCounter {
        self.refusals.with_label_values(&[code])
    }

    /// An outcome was told; whether it names its post.
    pub fn told(&self, outcome: Outcome, is_tied: bool) {
        let tied = if is_tied { "true" } else { "false" };
        self.feedback
            .with_label_values(&[outcome.name(), tied])
            .inc();
    }

    /// Policies were taken in at an instant, seconds since 1970; or refused.
    pub fn reloaded(&self, taken_in: Option<Duration>) {
        let result = if taken_in.is_some() {
            "success"
        } else {
            "failure"
        };
        self.reloads.with_label_values(&[result]).inc();
        self.reload_ok.set(i64::from(taken_in.is_some()));
        if let Some(at) = taken_in {
            self.reload_at.set(at.as_secs_f64());
        }
    }

    /// What Prometheus reads.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = Vec::new();
        // Writing to memory can't fail, and every family was made here.
        let _ = TextEncoder::new().encode(&self.registry.gather(), &mut text);
        String::from_utf8(text).unwrap_or_default()
    }
}

/// The metrics of one route.
#[derive(Clone, Debug)]
pub struct RouteMetrics {
    seconds: Histogram,
    statuses: [IntCounter; STATUSES.len()],
}

impl RouteMetrics {
    /// A request was answered.
    pub fn answered(&self, status: u16, took: Duration) {
        self.seconds.observe(took.as_secs_f64());
        let class = usize::from(status / 100).saturating_sub(2);
        if let Some(counter) = self.statuses.get(class) {
            counter.inc();
        }
    }
}

/// The metrics of one pack.
#[derive(Debug)]
pub struct PackMetrics {
    rules: FxHashMap<Arc<str>, IntCounter>,
    other: IntCounter,
    categories: FxHashMap<Arc<str>, [IntCounter; Action::ALL.len()]>,
    rungs: FxHashMap<(Arc<str>, Box<str>), IntCounter>,
}

impl PackMetrics {
    /// A subject came to stand on a rung, or left its ladder.
    pub fn stepped(&self, ladder: &Arc<str>, rung: Option<&str>) {
        let key = (Arc::clone(ladder), rung.unwrap_or(NO_RUNG).into());
        if let Some(counter) = self.rungs.get(&key) {
            counter.inc();
        }
    }
}

/// Makes metrics and keeps them in a registry.
struct Make<'r>(&'r Registry);

impl Make<'_> {
    fn kept<C: Collector + Clone + 'static>(&self, collector: C) -> prometheus::Result<C> {
        self.0.register(Box::new(collector.clone()))?;
        Ok(collector)
    }

    fn gauge(&self, family: Family) -> prometheus::Result<IntGauge> {
        self.kept(IntGauge::with_opts(family.opts())?)
    }

    fn counters(&self, family: Family) -> prometheus::Result<IntCounterVec> {
        self.kept(IntCounterVec::new(family.opts(), family.labels)?)
    }

    fn histogram(&self, family: Family, bounds: &[f64]) -> prometheus::Result<Histogram> {
        self.kept(Histogram::with_opts(family.buckets(bounds))?)
    }
}

impl Family {
    fn opts(&self) -> Opts {
        Opts::new(self.name, self.help)
    }

    fn buckets(&self, bounds: &[f64]) -> HistogramOpts {
        HistogramOpts::new(self.name, self.help).buckets(bounds.to_vec())
    }
}

/// Gauges are signed; no number of ours comes near their end.
fn whole(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// The reference page of metrics.
#[must_use]
pub fn reference() -> String {
    let mut page = String::from(
        "# Metrics\n\n\
         `/metrics` on the admin port, in Prometheus' text format. Labels come from closed sets \
         (actions, categories, rules, ladders, rungs, routes, codes), never from a post: no author, \
         target, thread or word stands here.\n\n\
         | metric | type | labels | what it says |\n|---|---|---|---|\n",
    );
    for family in FAMILIES {
        let kind = match family.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        let labels: Vec<String> = family.labels.iter().map(|it| format!("`{it}`")).collect();
        let (name, help) = (family.name, family.help);
        let _ = writeln!(
            page,
            "| `{name}` | {kind} | {} | {help} |",
            labels.join(" ")
        );
    }
    page.push_str(
        "\nTimes are histograms in seconds, from 10 µs to 10 s. What never happened stands as 0.\n",
    );
    page
}
