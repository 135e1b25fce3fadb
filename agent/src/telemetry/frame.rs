//! From what was measured to the frames that tell it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use berth_model::tcs::{
    CONTAINER_RUNTIME, ContainerHealth, ContainerMetric, CounterStatsSet, FRAME_BYTES_MAX, FRAME_TASKS_MAX,
    InstanceStatus, Metadata, NetworkStatsSet, PublishHealth, PublishInstanceStatus, PublishMetrics, RestartStatsSet,
    StatsSet, StorageStatsSet, TaskHealth, TaskMetric, ToServer,
};
use berth_model::time::Timestamp;
use berth_model::unit::CpuUnits;
use serde::Serialize;

use super::Checked;
use crate::runtime::{Traffic, Used};
use crate::session::{Health, RunningContainer, RunningTask};

/// What is left of a frame for what stands around its tasks.
const ENVELOPE_BYTES: usize = 4 * 1024;

const BYTES_PER_MIB: f64 = 1_048_576.0;

/// Who tells.
#[derive(Debug, Clone)]
pub(super) struct Teller {
    pub(super) cluster: String,
    pub(super) container_instance: String,
    /// What the host has registered.
    pub(super) cpu: CpuUnits,
}

/// What was measured last.
#[derive(Debug, Default)]
pub(super) struct Before {
    /// What each container had used of the processors, by the runtime's id.
    cpu: BTreeMap<String, (Timestamp, Duration)>,
    /// What had gone through each network that containers share, by its name.
    networks: BTreeMap<String, Told>,
}

/// What had gone through a shared network. One of its containers tells it; if that ends, another goes on from there.
#[derive(Debug)]
struct Told {
    /// The container, by the runtime's id.
    by: String,
    /// What others have told.
    others: Traffic,
    /// All of it.
    all: Traffic,
}

impl Before {
    /// What a container tells of its network now: of a shared one what no other has told.
    fn tell(&mut self, runtime_id: &str, now: &Traffic) -> Traffic {
        if now.namespace.is_empty() {
            return now.clone();
        }
        let told = self.networks.entry(now.namespace.clone()).or_insert_with(|| Told {
            by: runtime_id.to_owned(),
            others: Traffic::default(),
            all: Traffic::default(),
        });
        if told.by != runtime_id {
            runtime_id.clone_into(&mut told.by);
            told.others.clone_from(&told.all);
        }
        told.all = now.clone();
        let own = |all: u64, others: u64| all.saturating_sub(others);
        Traffic {
            received: own(now.received, told.others.received),
            received_packets: own(now.received_packets, told.others.received_packets),
            sent: own(now.sent, told.others.sent),
            sent_packets: own(now.sent_packets, told.others.sent_packets),
            namespace: now.namespace.clone(),
        }
    }
}

impl Teller {
    /// The frames of what all tasks use. Of a container that is measured for the first time the CPU is not known yet.
    pub(super) fn metrics(
        &self,
        message_id: &str,
        tasks: &[RunningTask],
        used: &BTreeMap<String, Used>,
        before: &mut Before,
        now: Timestamp,
    ) -> Vec<ToServer> {
        let mut networks = BTreeSet::new();
        let measured = tasks.iter().map(|task| {
            let containers = task.containers.iter().filter_map(|container| {
                let used = used.get(&container.runtime_id)?;
                Some(self.container(container, used, before, &mut networks, now))
            });
            TaskMetric {
                task_arn: task.arn.clone(),
                task_definition_family: task.family.clone(),
                task_definition_version: task.revision.clone(),
                container_metrics: containers.collect(),
            }
        });
        let measured: Vec<TaskMetric> = measured.filter(|task| !task.container_metrics.is_empty()).collect();
        before.cpu = used.iter().map(|(id, used)| (id.clone(), (now, used.cpu))).collect();
        before.networks.retain(|namespace, _| networks.contains(namespace));
        let idle = measured.is_empty();
        let frame = |task_metrics, fin| {
            let metadata = Metadata { idle, ..self.metadata(message_id, fin) };
            ToServer::PublishMetricsRequest(PublishMetrics { metadata, task_metrics, timestamp: seconds(now) })
        };
        frames(measured, frame)
    }

    /// The frames of the health of all containers that have a health check; none if no container has one.
    pub(super) fn health(&self, message_id: &str, tasks: &[RunningTask], now: Timestamp) -> Vec<ToServer> {
        let checked = |container: &RunningContainer| {
            let Health { status, since } = container.health?;
            Some(ContainerHealth {
                container_name: container.name.clone(),
                health_status: status.as_str().to_owned(),
                status_since: since.map(seconds),
            })
        };
        let tasks = tasks.iter().map(|task| TaskHealth {
            task_arn: task.arn.clone(),
            task_definition_family: task.family.clone(),
            task_definition_version: task.revision.clone(),
            containers: task.containers.iter().filter_map(checked).collect(),
        });
        let tasks: Vec<TaskHealth> = tasks.filter(|task| !task.containers.is_empty()).collect();
        if tasks.is_empty() {
            return Vec::new();
        }
        let frame = |tasks, fin| {
            let metadata = self.metadata(message_id, fin);
            ToServer::PublishHealthRequest(PublishHealth { metadata, tasks, timestamp: seconds(now) })
        };
        frames(tasks, frame)
    }

    /// The frame of whether the host can run containers.
    pub(super) fn status(&self, message_id: &str, checked: &Checked, now: Timestamp) -> ToServer {
        let status = InstanceStatus {
            r#type: CONTAINER_RUNTIME.to_owned(),
            status: if checked.impairment.is_some() { "IMPAIRED" } else { "OK" }.to_owned(),
            last_updated: Some(seconds(checked.at)),
            last_status_change: Some(seconds(checked.changed_at)),
            status_reason: checked.impairment.clone(),
        };
        let metadata = self.metadata(message_id, true);
        let statuses = vec![status];
        ToServer::PublishInstanceStatusRequest(PublishInstanceStatus { metadata, statuses, timestamp: seconds(now) })
    }

    fn metadata(&self, message_id: &str, fin: bool) -> Metadata {
        Metadata {
            cluster: self.cluster.clone(),
            container_instance: self.container_instance.clone(),
            message_id: message_id.to_owned(),
            idle: false,
            fin,
        }
    }

    fn container(
        &self,
        container: &RunningContainer,
        used: &Used,
        before: &mut Before,
        networks: &mut BTreeSet<String>,
        now: Timestamp,
    ) -> ContainerMetric {
        // What containers share is counted once.
        let own = used.network.as_ref().filter(|it| it.namespace.is_empty() || networks.insert(it.namespace.clone()));
        let own = own.map(|traffic| before.tell(&container.runtime_id, traffic));
        let network = own.map(|traffic| NetworkStatsSet {
            rx_bytes: CounterStatsSet::one(traffic.received),
            rx_packets: CounterStatsSet::one(traffic.received_packets),
            tx_bytes: CounterStatsSet::one(traffic.sent),
            tx_packets: CounterStatsSet::one(traffic.sent_packets),
        });
        let storage = used.storage.map(|(read, written)| StorageStatsSet {
            read_size_bytes: CounterStatsSet::one(read),
            write_size_bytes: CounterStatsSet::one(written),
        });
        let restarts = container.restarts.map(|count| RestartStatsSet { restart_count: count.into() });
        ContainerMetric {
            container_name: container.name.clone(),
            cpu_stats_set: before
                .cpu
                .get(&container.runtime_id)
                .and_then(|before| self.percent(*before, used, now))
                .map(StatsSet::one)
                .unwrap_or_default(),
            memory_stats_set: StatsSet::one(mib(used.memory_bytes)),
            network_stats_set: network,
            storage_stats_set: storage,
            restart_stats_set: restarts,
        }
    }

    /// The share of the host's CPU that a container has used since. A clock that goes back means that it was started
    /// again: then all of it is new.
    #[expect(clippy::cast_precision_loss, reason = "exact below 2^53 units")]
    fn percent(&self, (since, cpu): (Timestamp, Duration), used: &Used, now: Timestamp) -> Option<f64> {
        let elapsed = now.since(since).as_secs_f64();
        let busy = used.cpu.checked_sub(cpu).unwrap_or(used.cpu).as_secs_f64();
        let registered = self.cpu.0 as f64 / 1024.0;
        (elapsed > 0.0 && registered > 0.0).then(|| busy / elapsed / registered * 100.0)
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share needs no last digit")]
fn mib(bytes: u64) -> f64 {
    bytes as f64 / BYTES_PER_MIB
}

#[expect(clippy::cast_precision_loss, reason = "exact for some thousand years")]
fn seconds(at: Timestamp) -> f64 {
    at.0 as f64 / 1000.0
}

/// Splits tasks into frames of bounded size. There always is one, and the last one says so.
fn frames<T: Serialize>(tasks: Vec<T>, frame: impl Fn(Vec<T>, bool) -> ToServer) -> Vec<ToServer> {
    let mut parts: Vec<Vec<T>> = vec![Vec::new()];
    let mut bytes = ENVELOPE_BYTES;
    for task in tasks {
        let size = serde_json::to_string(&task).map_or(0, |text| text.len() + 1);
        let is_full = parts
            .last()
            .is_some_and(|part| part.len() >= FRAME_TASKS_MAX || (!part.is_empty() && bytes + size > FRAME_BYTES_MAX));
        if is_full {
            parts.push(Vec::new());
            bytes = ENVELOPE_BYTES;
        }
        bytes += size;
        if let Some(part) = parts.last_mut() {
            part.push(task);
        }
    }
    let last = parts.len() - 1;
    parts.into_iter().enumerate().map(|(at, part)| frame(part, at == last)).collect()
}

#[cfg(test)]
mod tests {
    use berth_model::task::HealthStatus;

    use super::*;

    fn teller() -> Teller {
        Teller { cluster: "c".to_owned(), container_instance: "i".to_owned(), cpu: CpuUnits(2048) }
    }

    fn task(n: usize, containers: &[&str]) -> RunningTask {
        let container = |name: &&str| RunningContainer {
            name: (*name).to_owned(),
            runtime_id: format!("{n}-{name}"),
            health: None,
            restarts: None,
        };
        let containers = containers.iter().map(container).collect();
        RunningTask { arn: format!("t{n}"), family: "f".to_owned(), revision: "1".to_owned(), containers }
    }

    fn used(cpu_seconds: u64) -> Used {
        let network = Some(Traffic { received: 7, namespace: "net:[1]".to_owned(), ..Traffic::default() });
        Used { cpu: Duration::from_secs(cpu_seconds), memory_bytes: 3 << 20, network, storage: None }
    }

    fn all(tasks: &[RunningTask], cpu_seconds: u64) -> BTreeMap<String, Used> {
        let containers = tasks.iter().flat_map(|task| &task.containers);
        containers.map(|container| (container.runtime_id.clone(), used(cpu_seconds))).collect()
    }

    fn metrics(frame: &ToServer) -> &PublishMetrics {
        let ToServer::PublishMetricsRequest(metrics) = frame else { panic!("{frame:?}") };
        metrics
    }

    #[test]
    fn shares_are_of_what_the_host_has_registered_and_shared_networks_count_once() {
        let tasks = [task(0, &["a", "b"])];
        let mut before = Before::default();
        let frames = teller().metrics("m", &tasks, &all(&tasks, 10), &mut before, Timestamp(0));
        let containers = &metrics(&frames[0]).task_metrics[0].container_metrics;
        assert_eq!(containers[0].cpu_stats_set.mean(), None, "nobody knows yet");
        assert_eq!(containers[0].memory_stats_set.mean(), Some(3.0));
        assert!(containers[0].network_stats_set.is_some() && containers[1].network_stats_set.is_none());
        let frames = teller().metrics("m", &tasks, &all(&tasks, 15), &mut before, Timestamp(10_000));
        // Half a processor of two.
        assert_eq!(metrics(&frames[0]).task_metrics[0].container_metrics[1].cpu_stats_set.mean(), Some(25.0));
        let frames = teller().metrics("m", &tasks, &all(&tasks, 2), &mut before, Timestamp(20_000));
        assert_eq!(metrics(&frames[0]).task_metrics[0].container_metrics[1].cpu_stats_set.mean(), Some(10.0));
    }

    #[test]
    fn who_goes_on_telling_of_a_shared_network_does_not_tell_what_another_has() {
        let (mut before, mut tasks) = (Before::default(), [task(0, &["a", "b"])]);
        let mut told = |tasks: &[RunningTask], received: u64| {
            let mut used = all(tasks, 1);
            for network in used.values_mut().filter_map(|used| used.network.as_mut()) {
                network.received = received;
            }
            let frames = teller().metrics("m", tasks, &used, &mut before, Timestamp(0));
            let containers = metrics(&frames[0]).task_metrics[0].container_metrics.clone();
            let sets = containers.into_iter().filter_map(|one| Some((one.container_name, one.network_stats_set?)));
            sets.map(|(name, set)| (name, set.rx_bytes.newest())).collect::<Vec<_>>()
        };
        assert_eq!(told(&tasks, 100), [("a".to_owned(), 100)]);
        tasks[0].containers.remove(0);
        assert_eq!(told(&tasks, 130), [("b".to_owned(), 30)]);
        assert_eq!(told(&tasks, 150), [("b".to_owned(), 50)]);
    }

    #[test]
    fn frames_hold_ten_tasks_and_the_last_one_says_so() {
        let tasks: Vec<_> = (0..23).map(|n| task(n, &["a"])).collect();
        let frames = teller().metrics("m", &tasks, &all(&tasks, 0), &mut Before::default(), Timestamp(0));
        let shape: Vec<_> = frames.iter().map(metrics).map(|it| (it.task_metrics.len(), it.metadata.fin)).collect();
        assert_eq!(shape, [(10, false), (10, false), (3, true)]);
        let frames = teller().metrics("m", &[], &BTreeMap::new(), &mut Before::default(), Timestamp(0));
        assert!(metrics(&frames[0]).metadata.idle && metrics(&frames[0]).metadata.fin && frames.len() == 1);
    }

    #[test]
    fn frames_hold_a_mebibyte() {
        let long = "n".repeat(300_000);
        let tasks: Vec<_> = (0..9).map(|n| task(n, &[long.as_str()])).collect();
        let frames = teller().metrics("m", &tasks, &all(&tasks, 0), &mut Before::default(), Timestamp(0));
        assert_eq!(frames.iter().map(|frame| metrics(frame).task_metrics.len()).sum::<usize>(), 9);
        for frame in &frames {
            assert!(serde_json::to_string(frame).unwrap().len() <= FRAME_BYTES_MAX);
        }
    }

    #[test]
    fn health_is_told_of_containers_that_have_a_check() {
        let mut tasks = [task(0, &["a", "b"]), task(1, &["a"])];
        assert_eq!(teller().health("m", &tasks, Timestamp(0)), []);
        tasks[0].containers[1].health = Some(Health { status: HealthStatus::Unhealthy, since: Some(Timestamp(1_500)) });
        let frames = teller().health("m", &tasks, Timestamp(0));
        let [ToServer::PublishHealthRequest(health)] = &frames[..] else { panic!("{frames:?}") };
        assert_eq!((health.tasks.len(), health.tasks[0].containers.len()), (1, 1));
        let ContainerHealth { health_status, status_since, .. } = &health.tasks[0].containers[0];
        assert_eq!((health_status.as_str(), *status_since), ("UNHEALTHY", Some(1.5)));
    }
}
