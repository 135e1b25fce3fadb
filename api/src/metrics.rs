//! What the edge counts.

use std::time::Duration;

use prometheus::{Histogram, HistogramOpts, IntCounter, IntCounterVec, Opts, Registry};

use crate::member::TABLES;

/// The label of requests that name no operation Berth knows: what a client makes up must not become a label.
pub(crate) const UNKNOWN: &str = "unknown";

/// The code of an answer that is no error.
pub(crate) const OK: &str = "OK";

/// From half a millisecond to a minute: a read takes one or two, a write waits for a commit.
const DURATION_BUCKETS: [f64; 14] =
    [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

/// The edge's metrics.
#[derive(Debug, Clone)]
pub(crate) struct Metrics {
    requests: IntCounterVec,
    duration: Histogram,
    dropped_log_events: IntCounter,
}

impl Metrics {
    /// Registers them, each operation at 0.
    ///
    /// # Errors
    /// If the registry has metrics of these names already.
    pub(crate) fn register(registry: &Registry) -> prometheus::Result<Self> {
        let requests = IntCounterVec::new(
            Opts::new("berth_api_requests_total", "API requests answered, by operation and outcome"),
            &["operation", "code"],
        )?;
        let duration = Histogram::with_opts(
            HistogramOpts::new("berth_api_request_duration_seconds", "Time from a request's head to its answer")
                .buckets(DURATION_BUCKETS.to_vec()),
        )?;
        let dropped_log_events = IntCounter::new(
            "berth_log_dropped_events_total",
            "Events of containers' output that hosts dropped, since they came faster than they were taken",
        )?;
        registry.register(Box::new(dropped_log_events.clone()))?;
        registry.register(Box::new(requests.clone()))?;
        registry.register(Box::new(duration.clone()))?;
        for (operation, _) in TABLES {
            requests.with_label_values(&[*operation, OK]);
        }
        Ok(Self { requests, duration, dropped_log_events })
    }

    /// Counts one answer. Both names come from closed sets.
    pub(crate) fn answered(&self, operation: &str, code: &str, after: Duration) {
        self.requests.with_label_values(&[operation, code]).inc();
        self.duration.observe(after.as_secs_f64());
    }

    /// Counts events of containers' output that a host says it has dropped.
    pub(crate) fn log_events_dropped(&self, count: u64) {
        self.dropped_log_events.inc_by(count);
    }
}
