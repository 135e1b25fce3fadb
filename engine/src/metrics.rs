//! The engine's metrics, and the lines it logs: each fact is counted and told once.
//!
//! Names and labels follow the Prometheus conventions; every label set that is known beforehand starts at zero. The
//! names are public by nature: dashboards are built on them.

use std::collections::BTreeSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use berth_model::host::HostStatus;
use berth_model::id::ProviderName;
use berth_model::task::{StopCode, TaskStatus};
use berth_scheduler::state::{Counts, Share};
use berth_scheduler::step::Fact;
use prometheus::core::Collector;
use prometheus::{GaugeVec, Histogram, HistogramOpts, IntCounter, IntCounterVec, IntGaugeVec, Opts, Registry};

use crate::outbox::OUTCOMES;
use crate::telemetry::Counted;

/// The label for hosts and tasks of no capacity provider.
const NO_PROVIDER: &str = "none";

/// How long a task waits or takes to start, in seconds: from a warm host to a machine that has to be bought.
const TASK_SECONDS: &[f64] =
    &[0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0];
/// How long a turn or a commit takes, in seconds.
const TURN_SECONDS: &[f64] = &[0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0];
/// Events in a batch.
const BATCH_EVENTS: &[f64] = &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 128.0, 256.0, 512.0, 1024.0];

const LANES: [&str; 2] = ["clients", "internal"];
const STOP_CODES: [StopCode; 4] = [
    StopCode::TaskFailedToStart,
    StopCode::EssentialContainerExited,
    StopCode::UserInitiated,
    StopCode::TerminationNotice,
];

#[derive(Debug)]
pub(crate) struct Metrics {
    tasks: IntGaugeVec,
    tasks_stopped: IntCounterVec,
    placement: Histogram,
    start: Histogram,
    hosts: IntGaugeVec,
    launches: IntCounterVec,
    hosts_impaired: IntGaugeVec,
    cpu_allocated: GaugeVec,
    cpu_used: GaugeVec,
    memory_allocated: GaugeVec,
    memory_used: GaugeVec,
    traffic: Traffic,
    batch_events: Histogram,
    turn: Histogram,
    queue_events: IntGaugeVec,
    commit: Histogram,
    refusals: IntCounter,
    /// Those that are configured.
    providers: Vec<ProviderName>,
    /// Those that clients made and that have hosts. Their gauges go with their last host.
    made: Mutex<BTreeSet<ProviderName>>,
}

impl Metrics {
    /// Registers everything with `registry`.
    ///
    /// # Errors
    /// If the registry has one of the names already.
    pub(crate) fn new(registry: &Registry, providers: Vec<ProviderName>) -> prometheus::Result<Self> {
        let metrics = Self {
            tasks: gauges("berth_tasks", "Tasks that are not STOPPED.", &["status"])?,
            tasks_stopped: counters("berth_tasks_stopped_total", "Tasks that have stopped.", &["code"])?,
            placement: histogram(
                "berth_task_placement_duration_seconds",
                "From RunTask to the host the task was given.",
                TASK_SECONDS,
            )?,
            start: histogram("berth_task_start_duration_seconds", "From RunTask to RUNNING.", TASK_SECONDS)?,
            hosts: gauges("berth_hosts", "Hosts that are not gone.", &["status", "capacity_provider"])?,
            launches: counters(
                "berth_host_launches_total",
                "Machines asked for, by how that came out.",
                &["capacity_provider", "outcome"],
            )?,
            hosts_impaired: gauges(
                "berth_hosts_impaired",
                "Hosts that cannot run containers at present.",
                &["capacity_provider"],
            )?,
            cpu_allocated: ratios(
                "berth_host_cpu_allocated_ratio",
                "Share of the registered hosts' CPU that tasks have.",
            )?,
            cpu_used: ratios("berth_host_cpu_used_ratio", "Share of the registered hosts' CPU that tasks use.")?,
            memory_allocated: ratios(
                "berth_host_memory_allocated_ratio",
                "Share of the registered hosts' memory that tasks have.",
            )?,
            memory_used: ratios(
                "berth_host_memory_used_ratio",
                "Share of the registered hosts' memory that tasks use.",
            )?,
            traffic: Traffic::new()?,
            batch_events: histogram("berth_engine_batch_events", "Events of one turn.", BATCH_EVENTS)?,
            turn: histogram("berth_engine_turn_duration_seconds", "Deciding one turn.", TURN_SECONDS)?,
            queue_events: gauges("berth_engine_queue_events", "Events that wait for a turn.", &["lane"])?,
            commit: histogram("berth_store_commit_duration_seconds", "Storing one turn.", TURN_SECONDS)?,
            refusals: IntCounter::new(
                "berth_store_refused_commits_total",
                "Turns that were refused since the store took no writes.",
            )?,
            providers,
            made: Mutex::default(),
        };
        metrics.register(registry)?;
        metrics.begin_at_zero();
        Ok(metrics)
    }

    fn register(&self, registry: &Registry) -> prometheus::Result<()> {
        self.traffic.register(registry)?;
        let collectors: [Box<dyn Collector>; 16] = [
            Box::new(self.tasks.clone()),
            Box::new(self.tasks_stopped.clone()),
            Box::new(self.placement.clone()),
            Box::new(self.start.clone()),
            Box::new(self.hosts.clone()),
            Box::new(self.launches.clone()),
            Box::new(self.hosts_impaired.clone()),
            Box::new(self.cpu_allocated.clone()),
            Box::new(self.cpu_used.clone()),
            Box::new(self.memory_allocated.clone()),
            Box::new(self.memory_used.clone()),
            Box::new(self.batch_events.clone()),
            Box::new(self.turn.clone()),
            Box::new(self.queue_events.clone()),
            Box::new(self.commit.clone()),
            Box::new(self.refusals.clone()),
        ];
        collectors.into_iter().try_for_each(|collector| registry.register(collector))
    }

    fn begin_at_zero(&self) {
        self.set_counts(&Counts::default());
        for code in STOP_CODES {
            self.tasks_stopped.with_label_values(&[code.as_str()]);
        }
        for provider in &self.providers {
            for outcome in OUTCOMES {
                self.launches.with_label_values(&[provider.as_str(), outcome]);
            }
        }
        self.set_queues(0, 0);
        self.traffic.begin_at_zero(self.providers.iter().map(Some).chain([None]));
    }

    /// What goes through containers.
    pub(crate) fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    /// How many there are of what.
    pub(crate) fn set_counts(&self, counts: &Counts) {
        for status in TaskStatus::ALL.into_iter().filter(|status| *status != TaskStatus::Stopped) {
            let tasks = counts.tasks.get(&status).copied().unwrap_or(0);
            self.tasks.with_label_values(&[status.as_str()]).set(gauge(tasks));
        }
        let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
        let there = counts.hosts.keys().filter_map(|(_, provider)| provider.clone());
        let there: BTreeSet<_> = there.filter(|provider| !self.providers.contains(provider)).collect();
        made.difference(&there).for_each(|gone| self.forget(gone));
        *made = there;
        for provider in self.providers.iter().chain(&*made).cloned().map(Some).chain([None]) {
            let label = provider.as_ref().map_or(NO_PROVIDER, ProviderName::as_str);
            for status in HostStatus::ALL.into_iter().filter(|status| *status != HostStatus::Gone) {
                let hosts = counts.hosts.get(&(status, provider.clone())).copied().unwrap_or(0);
                self.hosts.with_label_values(&[status.as_str(), label]).set(gauge(hosts));
            }
            let share = counts.resources.get(&provider).copied().unwrap_or_default();
            let impaired = counts.impaired.get(&provider).copied().unwrap_or(0);
            self.hosts_impaired.with_label_values(&[label]).set(gauge(impaired));
            let Share { allocated, used, total } = share;
            for (gauge, part, whole) in [
                (&self.cpu_allocated, allocated.cpu.0, total.cpu.0),
                (&self.cpu_used, used.cpu.0, total.cpu.0),
                (&self.memory_allocated, allocated.memory.0, total.memory.0),
                (&self.memory_used, used.memory.0, total.memory.0),
            ] {
                gauge.with_label_values(&[label]).set(ratio(part, whole));
            }
        }
    }

    /// Takes away the gauges of a provider that has no hosts any more.
    fn forget(&self, provider: &ProviderName) {
        for status in HostStatus::ALL {
            // Some were never set.
            drop(self.hosts.remove_label_values(&[status.as_str(), provider.as_str()]));
        }
        drop(self.hosts_impaired.remove_label_values(&[provider.as_str()]));
        for gauge in [&self.cpu_allocated, &self.cpu_used, &self.memory_allocated, &self.memory_used] {
            drop(gauge.remove_label_values(&[provider.as_str()]));
        }
        self.traffic.forget(provider);
    }

    /// How many events wait in each lane.
    pub(crate) fn set_queues(&self, clients: usize, internal: usize) {
        for (lane, events) in LANES.into_iter().zip([clients, internal]) {
            self.queue_events.with_label_values(&[lane]).set(gauge(events));
        }
    }

    /// A turn was decided.
    pub(crate) fn turned(&self, events: usize, took: Duration) {
        self.batch_events.observe(f64::from(u32::try_from(events).unwrap_or(u32::MAX)));
        self.turn.observe(took.as_secs_f64());
    }

    /// A turn was stored.
    pub(crate) fn committed(&self, took: Duration) {
        self.commit.observe(took.as_secs_f64());
    }

    /// A turn was refused.
    pub(crate) fn refused(&self) {
        self.refusals.inc();
    }

    /// A launch has come out.
    pub(crate) fn launched(&self, provider: &ProviderName, outcome: &'static str) {
        self.launches.with_label_values(&[provider.as_str(), outcome]).inc();
    }

    /// Counts and logs what has happened and is stored.
    pub(crate) fn tell(&self, facts: Vec<Fact>) {
        for fact in facts {
            match fact {
                Fact::TaskStatus { task, cluster, from, to, stop } => {
                    if let Some(code) = stop.filter(|_| to == TaskStatus::Stopped) {
                        self.tasks_stopped.with_label_values(&[code.as_str()]).inc();
                    }
                    let from = from.map(TaskStatus::as_str);
                    let stop_code = stop.map(StopCode::as_str);
                    tracing::info!(task_id = %task, %cluster, from, to = to.as_str(), stop_code, "task status");
                }
                Fact::Placed { task, host, waited_ms } => {
                    self.placement.observe(seconds(waited_ms));
                    tracing::info!(task_id = %task, host_id = %host, waited_ms, "task placed");
                }
                Fact::TaskStarted { task, after_ms } => {
                    self.start.observe(seconds(after_ms));
                    tracing::debug!(task_id = %task, after_ms, "task started");
                }
                Fact::HostStatus { host, provider, from, to } => {
                    let from = from.map(HostStatus::as_str);
                    let capacity_provider = provider.as_ref().map(ProviderName::as_str);
                    tracing::info!(host_id = %host, capacity_provider, from, to = to.as_str(), "host status");
                }
                Fact::HostConnected { host, is_connected } => {
                    tracing::info!(host_id = %host, is_connected, "host connectivity");
                }
                Fact::HostImpaired { host, is_impaired: true, reason } => {
                    tracing::warn!(host_id = %host, error = reason, "host impaired");
                }
                Fact::HostImpaired { host, is_impaired: false, .. } => {
                    tracing::info!(host_id = %host, "host well again");
                }
                Fact::LaunchFailed { host, provider, reason } => {
                    tracing::warn!(host_id = %host, capacity_provider = %provider, error = reason, "host launch failed");
                }
                Fact::TaskDefinitionRegistered { family, revision } => {
                    tracing::info!(%family, revision, "task definition registered");
                }
            }
        }
    }
}

/// What goes through the containers of all hosts of a pool, as far as agents tell it.
#[derive(Debug, Clone)]
pub(crate) struct Traffic {
    network: IntCounterVec,
    disk: IntCounterVec,
}

const NETWORK: [&str; 2] = ["received", "sent"];
const DISK: [&str; 2] = ["read", "written"];

impl Traffic {
    /// # Errors
    /// Never, as long as the names are well-formed.
    pub(crate) fn new() -> prometheus::Result<Self> {
        let labels = &["capacity_provider", "direction"];
        Ok(Self {
            network: counters("berth_host_network_bytes_total", "Bytes through the networks of containers.", labels)?,
            disk: counters("berth_host_disk_bytes_total", "Bytes between containers and block devices.", labels)?,
        })
    }

    /// # Errors
    /// If the registry has one of the names already.
    pub(crate) fn register(&self, registry: &Registry) -> prometheus::Result<()> {
        registry.register(Box::new(self.network.clone()))?;
        registry.register(Box::new(self.disk.clone()))
    }

    fn begin_at_zero<'a>(&self, providers: impl Iterator<Item = Option<&'a ProviderName>>) {
        providers.for_each(|provider| self.add(provider, Counted::default()));
    }

    /// Counts what has gone through a container of a host of this provider.
    pub(crate) fn add(&self, provider: Option<&ProviderName>, counted: Counted) {
        let provider = provider.map_or(NO_PROVIDER, ProviderName::as_str);
        let network = NETWORK.into_iter().zip([counted.received, counted.sent]).map(|pair| (&self.network, pair));
        let disk = DISK.into_iter().zip([counted.read, counted.written]).map(|pair| (&self.disk, pair));
        for (counter, (direction, bytes)) in network.chain(disk) {
            counter.with_label_values(&[provider, direction]).inc_by(bytes);
        }
    }

    fn forget(&self, provider: &ProviderName) {
        for (counter, directions) in [(&self.network, NETWORK), (&self.disk, DISK)] {
            for direction in directions {
                drop(counter.remove_label_values(&[provider.as_str(), direction]));
            }
        }
    }
}

fn ratios(name: &str, help: &str) -> prometheus::Result<GaugeVec> {
    GaugeVec::new(Opts::new(name, help), &["capacity_provider"])
}

fn gauges(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<IntGaugeVec> {
    IntGaugeVec::new(Opts::new(name, help), labels)
}

fn counters(name: &str, help: &str, labels: &[&str]) -> prometheus::Result<IntCounterVec> {
    IntCounterVec::new(Opts::new(name, help), labels)
}

fn histogram(name: &str, help: &str, buckets: &[f64]) -> prometheus::Result<Histogram> {
    // A vector without labels would show nothing until the first observation; this one begins at zero.
    Histogram::with_opts(HistogramOpts::new(name, help).buckets(buckets.to_vec()))
}

fn gauge(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn seconds(ms: u64) -> f64 {
    Duration::from_millis(ms).as_secs_f64()
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no last digit")]
fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_label_sets_are_there_from_the_start() {
        let registry = Registry::new();
        let metrics = Metrics::new(&registry, vec!["FARGATE".parse().unwrap()]).unwrap();
        metrics.launched(&"FARGATE".parse().unwrap(), "succeeded");
        let text = prometheus::TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
        for line in [
            r#"berth_tasks{status="PROVISIONING"} 0"#,
            r#"berth_tasks_stopped_total{code="UserInitiated"} 0"#,
            r#"berth_hosts{capacity_provider="FARGATE",status="active"} 0"#,
            r#"berth_host_launches_total{capacity_provider="FARGATE",outcome="no_capacity"} 0"#,
            r#"berth_host_launches_total{capacity_provider="FARGATE",outcome="succeeded"} 1"#,
            r#"berth_host_cpu_allocated_ratio{capacity_provider="none"} 0"#,
            r#"berth_host_memory_used_ratio{capacity_provider="FARGATE"} 0"#,
            r#"berth_host_disk_bytes_total{capacity_provider="none",direction="written"} 0"#,
            r#"berth_hosts_impaired{capacity_provider="none"} 0"#,
            r#"berth_engine_queue_events{lane="clients"} 0"#,
            "berth_task_start_duration_seconds_count 0",
            "berth_store_commit_duration_seconds_count 0",
        ] {
            assert!(text.lines().any(|found| found == line), "{line} is not in\n{text}");
        }
    }

    #[test]
    fn gauges_of_providers_that_clients_made_come_and_go_with_their_hosts() {
        let registry = Registry::new();
        let metrics = Metrics::new(&registry, vec!["FARGATE".parse().unwrap()]).unwrap();
        let text = || prometheus::TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
        let mut counts = Counts::default();
        counts.hosts.insert((HostStatus::Active, Some("mine".parse().unwrap())), 2);
        metrics.set_counts(&counts);
        assert!(text().contains(r#"berth_hosts{capacity_provider="mine",status="active"} 2"#), "{}", text());
        metrics.set_counts(&Counts::default());
        assert!(!text().contains("mine"), "{}", text());
        assert!(text().contains(r#"berth_hosts{capacity_provider="FARGATE",status="active"} 0"#));
    }
}
