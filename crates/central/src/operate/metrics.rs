//! What whoever runs the endpoint watches, in the words of Prometheus. Nothing in it is about a person.

use std::fmt;

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

/// The figures.
pub(crate) struct Metrics {
    registry: Registry,
    statements: Family<Outcome, Counter>,
    photos: Counter,
    turned_away: Counter,
    busy: Counter,
    push: Histogram,
    waiting_for_log: Gauge,
    waiting_for_count: Gauge,
    log_size: Gauge,
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Metrics")
    }
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("saksi");
        let this = Self {
            statements: Family::default(),
            photos: Counter::default(),
            turned_away: Counter::default(),
            busy: Counter::default(),
            push: Histogram::new(exponential_buckets(0.001, 2.0, 15)),
            waiting_for_log: Gauge::default(),
            waiting_for_count: Gauge::default(),
            log_size: Gauge::default(),
            registry: Registry::default(),
        };
        registry.register(
            "statements",
            "Statements that were pushed, by what became of them",
            this.statements.clone(),
        );
        registry.register("photos", "Photos that are whole", this.photos.clone());
        registry.register(
            "turned_away",
            "Requests beyond a rate, answered with 429",
            this.turned_away.clone(),
        );
        registry.register("busy", "Requests beyond what can be done, answered with 503", this.busy.clone());
        registry.register_with_unit(
            "push",
            "How long a push took, durable",
            Unit::Seconds,
            this.push.clone(),
        );
        registry.register(
            "waiting_for_log",
            "Statements that wait for their place in the log",
            this.waiting_for_log.clone(),
        );
        registry.register(
            "waiting_for_count",
            "Changes that wait to be counted",
            this.waiting_for_count.clone(),
        );
        registry.register("log_size", "Statements in the log", this.log_size.clone());
        Self { registry, ..this }
    }
}

impl Metrics {
    pub(crate) fn pushed(&self, new: usize, known: usize, refused: usize, took: std::time::Duration) {
        for (outcome, count) in [("new", new), ("known", known), ("refused", refused)] {
            self.statements.get_or_create(&Outcome { outcome }).inc_by(count as u64);
        }
        self.push.observe(took.as_secs_f64());
    }

    pub(crate) fn photo_arrived(&self) {
        self.photos.inc();
    }

    pub(crate) fn turned_away(&self) {
        self.turned_away.inc();
    }

    pub(crate) fn busy(&self) {
        self.busy.inc();
    }

    /// All of it as text, with what waits in the store.
    pub(crate) fn text(&self, waiting_for_log: u64, waiting_for_count: u64, log_size: u64) -> Option<String> {
        let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        self.waiting_for_log.set(number(waiting_for_log));
        self.waiting_for_count.set(number(waiting_for_count));
        self.log_size.set(number(log_size));
        let mut text = String::new();
        encode(&mut text, &self.registry).ok()?;
        Some(text)
    }
}
