//! What an operator of the endpoint monitors, in the text format of Prometheus. No figure is about a person.

use std::fmt;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

/// The figures since the program started.
pub(crate) struct Metrics {
    registry: Registry,
    statements: Family<Outcome, Counter>,
    photos: Counter,
    throttled: Counter,
    rejected: Counter,
    push: Histogram,
    log_backlog: Gauge,
    count_backlog: Gauge,
    log_size: Gauge,
}

/// The number of statements of one push, by outcome.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PushOutcomes {
    pub(crate) new: usize,
    pub(crate) known: usize,
    pub(crate) refused: usize,
}

/// Figures of the store at one moment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Backlog {
    /// Statements without an entry in the log.
    pub(crate) log: u64,
    /// Changes that are not counted yet.
    pub(crate) count: u64,
    /// Statements in the log.
    pub(crate) log_size: u64,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut this = Self {
            registry: Registry::with_prefix("saksi"),
            statements: Family::default(),
            photos: Counter::default(),
            throttled: Counter::default(),
            rejected: Counter::default(),
            push: Histogram::new(exponential_buckets(0.001, 2.0, 15)),
            log_backlog: Gauge::default(),
            count_backlog: Gauge::default(),
            log_size: Gauge::default(),
        };
        this.register();
        this
    }
}

impl Metrics {
    /// The names are an interface: dashboards of operators use them.
    fn register(&mut self) {
        let registry = &mut self.registry;
        registry.register("statements", "Statements that were pushed, by outcome", self.statements.clone());
        registry.register("photos", "Photos that arrived completely", self.photos.clone());
        registry.register("throttled", "Requests above a rate, answered with 429", self.throttled.clone());
        registry.register(
            "rejected",
            "Requests above the capacity, answered with 503",
            self.rejected.clone(),
        );
        registry.register_with_unit(
            "push",
            "Duration of a push until it is durable",
            Unit::Seconds,
            self.push.clone(),
        );
        registry.register(
            "waiting_for_log",
            "Statements without an entry in the log",
            self.log_backlog.clone(),
        );
        registry.register(
            "waiting_for_count",
            "Changes that are not counted yet",
            self.count_backlog.clone(),
        );
        registry.register("log_size", "Statements in the log", self.log_size.clone());
    }

    pub(crate) fn count_push(&self, outcomes: PushOutcomes, duration: Duration) {
        let PushOutcomes { new, known, refused } = outcomes;
        for (outcome, count) in [("new", new), ("known", known), ("refused", refused)] {
            self.statements.get_or_create(&Outcome { outcome }).inc_by(count as u64);
        }
        self.push.observe(duration.as_secs_f64());
    }

    pub(crate) fn count_photo(&self) {
        self.photos.inc();
    }

    pub(crate) fn count_throttled(&self) {
        self.throttled.inc();
    }

    pub(crate) fn count_rejected(&self) {
        self.rejected.inc();
    }

    /// All figures in the text format, with those of the store.
    pub(crate) fn text(&self, backlog: Backlog) -> Option<String> {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.log_backlog.set(number(backlog.log));
        self.count_backlog.set(number(backlog.count));
        self.log_size.set(number(backlog.log_size));
        let mut text = String::new();
        encode(&mut text, &self.registry).ok()?;
        Some(text)
    }
}
