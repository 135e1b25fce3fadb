//! What agents measure, as they told it last: what tasks use, and when their host was last looked at.
//!
//! It is kept in memory alone and beside the loop, so that it never waits for a commit and is never written: whoever
//! wants to know reads it here, and the scheduler hears of each host's sum by an event. What a server does not know
//! after its start it is told within seconds. Everything is bounded by what an agent may say of one host.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use berth_model::arn::ArnScope;
use berth_model::id::{HostId, ProviderName, TaskId};
use berth_model::tcs::{ContainerMetric, CounterStatsSet, PublishMetrics, TaskMetric};
use berth_model::time::Timestamp;
use berth_model::unit::{CpuUnits, MemoryMib};
use berth_scheduler::event::Usage;

use crate::metrics::Traffic;

/// Most tasks of one host that are taken in; more than a host can hold.
const TASKS_MAX: usize = 1024;

/// Most containers of one task that are taken in: as many as a task definition may have.
const CONTAINERS_MAX: usize = 10;

/// What is known of all hosts. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Telemetry {
    hosts: Arc<Mutex<BTreeMap<HostId, Known>>>,
    traffic: Traffic,
    sessions: Arc<AtomicU64>,
}

/// What is known of one host.
#[derive(Debug, Default)]
struct Known {
    /// The newest session; an older one has no say any more.
    session: u64,
    used: Option<Usage>,
    tasks: BTreeMap<TaskId, Usage>,
    checked_at: Option<Timestamp>,
}

impl Telemetry {
    pub(crate) fn new(traffic: Traffic) -> Self {
        Self { hosts: Arc::default(), traffic, sessions: Arc::default() }
    }

    /// Begins a session of a host's agent. What it tells is forgotten when it is dropped.
    pub fn open(&self, host: HostId, provider: Option<&ProviderName>, cpu: CpuUnits) -> TelemetrySession {
        let session = self.sessions.fetch_add(1, Ordering::Relaxed) + 1;
        self.hosts().entry(host).or_default().session = session;
        TelemetrySession {
            telemetry: self.clone(),
            host,
            session,
            provider: provider.cloned(),
            cpu,
            publication: Publication::default(),
            counters: None,
        }
    }

    /// What the tasks of a host use.
    pub fn host(&self, host: HostId) -> Option<Usage> {
        self.hosts().get(&host)?.used
    }

    /// What a task on this host uses.
    pub fn task(&self, host: HostId, task: TaskId) -> Option<Usage> {
        self.hosts().get(&host)?.tasks.get(&task).copied()
    }

    /// When the agent of a host last looked whether it can run containers.
    pub fn checked_at(&self, host: HostId) -> Option<Timestamp> {
        self.hosts().get(&host)?.checked_at
    }

    fn hosts(&self) -> MutexGuard<'_, BTreeMap<HostId, Known>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The measurements of one host's agent, frame by frame.
#[derive(Debug)]
pub struct TelemetrySession {
    telemetry: Telemetry,
    host: HostId,
    session: u64,
    provider: Option<ProviderName>,
    /// What the host has registered: agents tell shares of it.
    cpu: CpuUnits,
    publication: Publication,
    /// Where the counters of the containers stood at the last publication; `None` before the first.
    counters: Option<Counters>,
}

type Counters = BTreeMap<(TaskId, String), Standing>;

/// Where the counters of a container stand, as far as they were told: bytes in and out of its network, and read and
/// written.
#[derive(Debug, Clone, Copy, Default)]
struct Standing {
    network: Option<[u64; 2]>,
    storage: Option<[u64; 2]>,
}

/// Bytes that have gone through a container.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counted {
    pub(crate) received: u64,
    pub(crate) sent: u64,
    pub(crate) read: u64,
    pub(crate) written: u64,
}

/// More than any host has of anything. What an agent tells beyond it is no measurement, and sums of it stay numbers.
const USED_MAX: f64 = 4_294_967_296.0;

/// The frames of a publication that have come so far.
#[derive(Debug, Default)]
struct Publication {
    message_id: String,
    tasks: BTreeMap<TaskId, Usage>,
    counters: Counters,
}

impl TelemetrySession {
    /// Takes in a frame of measurements. With the last one of a publication, gives what all tasks of the host use.
    pub fn publish(&mut self, scope: &ArnScope, frame: PublishMetrics) -> Option<Usage> {
        if self.publication.message_id != frame.metadata.message_id {
            // The rest of the publication before was lost: it says nothing.
            self.publication = Publication { message_id: frame.metadata.message_id, ..Publication::default() };
        }
        for task in frame.task_metrics {
            let Ok(named) = scope.parse_task(&task.task_arn) else { continue };
            // Each is told of once, in one frame.
            if self.publication.tasks.len() < TASKS_MAX && !self.publication.tasks.contains_key(&named.id) {
                self.take_in(named.id, task);
            }
        }
        frame.metadata.fin.then(|| self.conclude())
    }

    /// The agent has looked whether its host can run containers.
    pub fn checked(&self, now: Timestamp) {
        self.change(|known| known.checked_at = Some(now));
    }

    fn take_in(&mut self, id: TaskId, task: TaskMetric) {
        let (mut percent, mut memory) = (0.0, 0.0);
        for container in task.container_metrics.into_iter().take(CONTAINERS_MAX) {
            percent += container.cpu_stats_set.mean().unwrap_or(0.0);
            memory += container.memory_stats_set.mean().unwrap_or(0.0);
            let counters = counters(&container);
            self.publication.counters.insert((id, container.container_name), counters);
        }
        let used = Usage { cpu: CpuUnits(share(self.cpu.0, percent)), memory: MemoryMib(whole(memory)) };
        self.publication.tasks.insert(id, used);
    }

    fn conclude(&mut self) -> Usage {
        let Publication { tasks, counters, .. } = std::mem::take(&mut self.publication);
        let add = |sum: Usage, one: &Usage| Usage { cpu: sum.cpu + one.cpu, memory: sum.memory + one.memory };
        let used = tasks.values().fold(Usage::default(), add);
        let mut counters = counters;
        if let Some(before) = &self.counters {
            for (container, now) in &mut counters {
                let (is_new, before) = (!before.contains_key(container), before.get(container).copied());
                let before = before.unwrap_or_default();
                let [received, sent] = grown(is_new, before.network, &mut now.network);
                let [read, written] = grown(is_new, before.storage, &mut now.storage);
                self.telemetry.traffic.add(self.provider.as_ref(), Counted { received, sent, read, written });
            }
        }
        self.counters = Some(counters);
        self.change(|known| {
            known.used = Some(used);
            known.tasks = tasks;
        });
        used
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        if let Some(known) = self.telemetry.hosts().get_mut(&self.host)
            && known.session == self.session
        {
            change(known);
        }
    }

    /// True while the host has no newer session.
    pub fn is_newest(&self) -> bool {
        self.telemetry.hosts().get(&self.host).is_some_and(|known| known.session == self.session)
    }
}

impl Drop for TelemetrySession {
    fn drop(&mut self) {
        if self.is_newest() {
            self.telemetry.hosts().remove(&self.host);
        }
    }
}

fn counters(container: &ContainerMetric) -> Standing {
    let network = container.network_stats_set.map(|set| [set.rx_bytes, set.tx_bytes]);
    let storage = container.storage_stats_set.map(|set| [set.read_size_bytes, set.write_size_bytes]);
    let newest = |sets: [CounterStatsSet; 2]| sets.map(|set| set.newest());
    Standing { network: network.map(newest), storage: storage.map(newest) }
}

/// By how much the counters of a container have grown since the last publication, at which one that `is_new` was not
/// there. What is not told stands where it stood.
fn grown(is_new: bool, before: Option<[u64; 2]>, now: &mut Option<[u64; 2]>) -> [u64; 2] {
    match (before, *now) {
        (None, now) if is_new => now.unwrap_or_default(),
        // Where they began is not known.
        (None, _) => [0, 0],
        (Some(_), None) => {
            *now = before;
            [0, 0]
        }
        // A counter that goes back has begun anew.
        (Some(before), Some(now)) => [0, 1].map(|at| now[at].checked_sub(before[at]).unwrap_or(now[at])),
    }
}

/// A share, in percent, of a number of units.
#[expect(clippy::cast_precision_loss, reason = "exact below 2^53 units")]
fn share(units: u64, percent: f64) -> u64 {
    whole(units as f64 * percent / 100.0)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "never below zero; `as` saturates")]
fn whole(number: f64) -> u64 {
    number.round().min(USED_MAX) as u64
}

#[cfg(test)]
mod tests {
    use berth_model::tcs::{Metadata, NetworkStatsSet, StatsSet};
    use prometheus::Registry;

    use super::*;

    fn frame(message_id: &str, fin: bool, tasks: &[(u128, f64, u64)]) -> PublishMetrics {
        let task = |&(id, percent, received): &(u128, f64, u64)| TaskMetric {
            task_arn: ArnScope::default().task(&"c".parse().unwrap(), TaskId(id)),
            container_metrics: vec![ContainerMetric {
                container_name: "main".to_owned(),
                cpu_stats_set: StatsSet::one(percent),
                memory_stats_set: StatsSet::one(20.4),
                network_stats_set: Some(NetworkStatsSet {
                    rx_bytes: CounterStatsSet::one(received),
                    ..NetworkStatsSet::default()
                }),
                ..ContainerMetric::default()
            }],
            ..TaskMetric::default()
        };
        PublishMetrics {
            metadata: Metadata { message_id: message_id.to_owned(), fin, ..Metadata::default() },
            task_metrics: tasks.iter().map(task).collect(),
            timestamp: 0.0,
        }
    }

    fn used(cpu: u64, memory: u64) -> Usage {
        Usage { cpu: CpuUnits(cpu), memory: MemoryMib(memory) }
    }

    #[test]
    fn a_publication_counts_once_it_is_whole() {
        let telemetry = Telemetry::new(Traffic::new().unwrap());
        let scope = ArnScope::default();
        let mut session = telemetry.open(HostId(1), None, CpuUnits(2048));
        assert_eq!(session.publish(&scope, frame("a", false, &[(1, 50.0, 0)])), None);
        assert_eq!(telemetry.task(HostId(1), TaskId(1)), None);
        assert_eq!(session.publish(&scope, frame("a", true, &[(2, 25.0, 0)])), Some(used(1536, 40)));
        assert_eq!(telemetry.task(HostId(1), TaskId(1)), Some(used(1024, 20)));
        assert_eq!(telemetry.host(HostId(1)), Some(used(1536, 40)));
        // What is not named any more is gone; the rest of a publication that was cut says nothing.
        session.publish(&scope, frame("b", false, &[(3, 100.0, 0)]));
        assert_eq!(session.publish(&scope, frame("c", true, &[(2, 0.0, 0)])), Some(used(0, 20)));
        assert_eq!(telemetry.task(HostId(1), TaskId(1)), None);
        drop(session);
        assert_eq!(telemetry.host(HostId(1)), None);
    }

    #[test]
    fn the_newest_session_holds() {
        let telemetry = Telemetry::new(Traffic::new().unwrap());
        let scope = ArnScope::default();
        let mut old = telemetry.open(HostId(1), None, CpuUnits(1024));
        let mut new = telemetry.open(HostId(1), None, CpuUnits(1024));
        new.publish(&scope, frame("a", true, &[(1, 50.0, 0)]));
        old.publish(&scope, frame("b", true, &[(1, 10.0, 0)]));
        drop(old);
        assert_eq!(telemetry.task(HostId(1), TaskId(1)), Some(used(512, 20)));
    }

    #[test]
    fn what_was_not_told_for_a_while_has_not_begun_anew() {
        let (mut set, mut unset) = (Some([100, 10]), None);
        assert_eq!(grown(false, Some([90, 4]), &mut set), [10, 6]);
        assert_eq!(grown(false, set, &mut unset), [0, 0]);
        assert_eq!(unset, Some([100, 10]), "it stands where it stood");
        assert_eq!(grown(false, None, &mut set), [0, 0], "where it began is not known");
        assert_eq!(grown(true, None, &mut set), [100, 10], "it has begun since");
        assert_eq!(grown(false, Some([200, 4]), &mut set), [100, 6], "one has begun anew");
    }

    #[test]
    fn traffic_is_what_has_come_since_the_first_publication() {
        let traffic = Traffic::new().unwrap();
        let registry = Registry::new();
        traffic.register(&registry).unwrap();
        let telemetry = Telemetry::new(traffic);
        let scope = ArnScope::default();
        let provider = "FARGATE".parse().unwrap();
        let mut session = telemetry.open(HostId(1), Some(&provider), CpuUnits(1024));
        for (message, tasks) in [
            ("a", &[(1, 0.0, 1_000_000)][..]),
            ("b", &[(1, 0.0, 1_000_100), (2, 0.0, 30)]),
            // The first has begun anew.
            ("c", &[(1, 0.0, 5), (2, 0.0, 30)]),
        ] {
            session.publish(&scope, frame(message, true, tasks));
        }
        let text = prometheus::TextEncoder::new().encode_to_string(&registry.gather()).unwrap();
        let line = r#"berth_host_network_bytes_total{capacity_provider="FARGATE",direction="received"} 135"#;
        assert!(text.contains(line), "{text}");
    }
}
