//! The messages of the TCS websocket, by which a host's agent tells how its containers and its engine are.
//!
//! Text frames like those of [`crate::acs`]. A stock agent puts the headers of a signed request and an empty line before
//! the JSON of each; Berth's own sends the JSON alone. Every member has a default: what an agent leaves out is not known.

use serde::{Deserialize, Serialize};

/// Most tasks in one frame.
pub const FRAME_TASKS_MAX: usize = 10;

/// Most bytes of one frame.
pub const FRAME_BYTES_MAX: usize = 1024 * 1024;

/// The type of status that speaks of the engine that runs containers.
pub const CONTAINER_RUNTIME: &str = "ContainerRuntime";

/// What an agent sends to the server. Each is answered with a message of the type that [`ToServer::acknowledgement`]
/// names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "message")]
pub enum ToServer {
    /// What the containers use.
    PublishMetricsRequest(PublishMetrics),
    /// What the containers' health checks have found.
    PublishHealthRequest(PublishHealth),
    /// Whether the host can run containers.
    PublishInstanceStatusRequest(PublishInstanceStatus),
}

impl ToServer {
    /// The JSON of a frame, without the headers that a stock agent puts before it.
    pub fn json(frame: &str) -> &str {
        frame.split_once("\r\n\r\n").map_or(frame, |(_, json)| json)
    }

    /// The type of the answer to a message of this type.
    pub fn acknowledgement(kind: &str) -> Option<&'static str> {
        match kind {
            "PublishMetricsRequest" => Some("AckPublishMetric"),
            "PublishHealthRequest" => Some("AckPublishHealth"),
            "PublishInstanceStatusRequest" => Some("AckPublishInstanceStatus"),
            _ => None,
        }
    }
}

/// What each message begins with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Metadata {
    /// The cluster, as the agent was configured.
    pub cluster: String,
    /// The container instance's ARN.
    pub container_instance: String,
    /// The same for all frames of one publication.
    pub message_id: String,
    /// True if nothing runs.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub idle: bool,
    /// True in the last frame of a publication.
    pub fin: bool,
}

/// See [`ToServer::PublishMetricsRequest`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PublishMetrics {
    /// What it belongs to.
    pub metadata: Metadata,
    /// The tasks that run.
    pub task_metrics: Vec<TaskMetric>,
    /// Seconds since the epoch. Nobody reads it: what counts is when the message comes.
    #[serde(skip_deserializing)]
    pub timestamp: f64,
}

/// What a task uses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TaskMetric {
    /// The task's ARN.
    pub task_arn: String,
    /// The family of what it runs.
    pub task_definition_family: String,
    /// The revision, as text.
    pub task_definition_version: String,
    /// Its containers that run.
    pub container_metrics: Vec<ContainerMetric>,
}

/// What a container uses.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerMetric {
    /// Its name in the task definition.
    pub container_name: String,
    /// Percent of all the CPU that the host has registered.
    pub cpu_stats_set: StatsSet,
    /// MiB.
    pub memory_stats_set: StatsSet,
    /// Through its network interfaces; absent if it has none of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_stats_set: Option<NetworkStatsSet>,
    /// From and to block devices; absent if the engine does not count it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub storage_stats_set: Option<StorageStatsSet>,
    /// Absent without a restart policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restart_stats_set: Option<RestartStatsSet>,
}

/// Samples of something, summed up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StatsSet {
    /// The least.
    pub min: f64,
    /// The largest.
    pub max: f64,
    /// All together.
    pub sum: f64,
    /// How many.
    pub sample_count: i64,
}

impl StatsSet {
    /// One sample.
    pub fn one(value: f64) -> Self {
        Self { min: value, max: value, sum: value, sample_count: 1 }
    }

    /// The mean; `None` without samples.
    pub fn mean(&self) -> Option<f64> {
        let count = u32::try_from(self.sample_count).ok().filter(|count| *count > 0)?;
        Some(self.sum / f64::from(count)).filter(|mean| mean.is_finite() && *mean >= 0.0)
    }
}

/// Samples of a counter that only grows. What goes beyond 63 bits stands in the twin of each number.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct CounterStatsSet {
    /// The least.
    pub min: i64,
    /// The largest.
    pub max: i64,
    /// All together.
    pub sum: i64,
    /// How many.
    pub sample_count: i64,
    /// What goes beyond `max`.
    #[serde(skip_serializing_if = "is_zero")]
    pub overflow_max: i64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde wants it so")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

impl CounterStatsSet {
    /// One sample.
    pub fn one(value: u64) -> Self {
        let value = i64::try_from(value).unwrap_or(i64::MAX);
        Self { min: value, max: value, sum: value, sample_count: 1, overflow_max: 0 }
    }

    /// Where the counter stands.
    pub fn newest(&self) -> u64 {
        let part = |number: i64| u64::try_from(number).unwrap_or(0);
        part(self.max).saturating_add(part(self.overflow_max))
    }
}

/// Bytes and packets since the container's network came up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NetworkStatsSet {
    /// Bytes in.
    pub rx_bytes: CounterStatsSet,
    /// Packets in.
    pub rx_packets: CounterStatsSet,
    /// Bytes out.
    pub tx_bytes: CounterStatsSet,
    /// Packets out.
    pub tx_packets: CounterStatsSet,
}

/// Bytes since the container was started.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct StorageStatsSet {
    /// Read.
    pub read_size_bytes: CounterStatsSet,
    /// Written.
    pub write_size_bytes: CounterStatsSet,
}

/// What its restart policy has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RestartStatsSet {
    /// How often it was started again.
    pub restart_count: i64,
}

/// See [`ToServer::PublishHealthRequest`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PublishHealth {
    /// What it belongs to.
    pub metadata: Metadata,
    /// The tasks that have containers with a health check.
    pub tasks: Vec<TaskHealth>,
    /// Seconds since the epoch. Nobody reads it: what counts is when the message comes.
    #[serde(skip_deserializing)]
    pub timestamp: f64,
}

/// How the containers of a task are.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TaskHealth {
    /// The task's ARN.
    pub task_arn: String,
    /// The family of what it runs.
    pub task_definition_family: String,
    /// The revision, as text.
    pub task_definition_version: String,
    /// Its containers that have a health check.
    pub containers: Vec<ContainerHealth>,
}

/// How a container is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerHealth {
    /// Its name in the task definition.
    pub container_name: String,
    /// `HEALTHY`, `UNHEALTHY` or `UNKNOWN`.
    pub health_status: String,
    /// Since when, in seconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none", skip_deserializing)]
    pub status_since: Option<f64>,
}

/// See [`ToServer::PublishInstanceStatusRequest`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PublishInstanceStatus {
    /// What it belongs to.
    pub metadata: Metadata,
    /// One for each part of the host that is looked after.
    pub statuses: Vec<InstanceStatus>,
    /// Seconds since the epoch. Nobody reads it: what counts is when the message comes.
    #[serde(skip_deserializing)]
    pub timestamp: f64,
}

/// How a part of a host is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct InstanceStatus {
    /// Which part: [`CONTAINER_RUNTIME`].
    pub r#type: String,
    /// `OK`, `IMPAIRED`, `INSUFFICIENT_DATA` or `INITIALIZING`.
    pub status: String,
    /// When it was looked at, in seconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none", skip_deserializing)]
    pub last_updated: Option<f64>,
    /// When the status last changed, in seconds since the epoch.
    #[serde(skip_serializing_if = "Option::is_none", skip_deserializing)]
    pub last_status_change: Option<f64>,
    /// Why it is so. Berth's own: a stock agent does not say it, and a stock server ignores it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stock_agent_sends_is_understood() {
        let text = concat!(
            "Authorization: AWS4-HMAC-SHA256 x\r\nHost: y\r\nX-Amz-Date: z\r\n\r\n",
            r#"{"type":"PublishMetricsRequest","message":{"metadata":{"cluster":"c","containerInstance":"i","fin":true,"#,
            r#""idle":false,"messageId":"m"},"taskMetrics":[{"taskArn":"t","taskDefinitionFamily":"f","#,
            r#""taskDefinitionVersion":"1","containerMetrics":[{"containerName":"main","#,
            r#""cpuStatsSet":{"max":60.5,"min":20,"sampleCount":2,"sum":80.5},"#,
            r#""memoryStatsSet":{"max":3,"min":1,"sampleCount":2,"sum":4},"#,
            r#""networkStatsSet":{"rxBytes":{"max":5,"min":5,"overflowMax":7,"sampleCount":1,"sum":5},"rxDropped":{}}}]}],"#,
            r#""timestamp":1764223200}}"#
        );
        let ToServer::PublishMetricsRequest(metrics) = serde_json::from_str(ToServer::json(text)).unwrap() else {
            panic!("no metrics")
        };
        let container = &metrics.task_metrics[0].container_metrics[0];
        assert_eq!((container.cpu_stats_set.mean(), container.memory_stats_set.mean()), (Some(40.25), Some(2.0)));
        assert_eq!(container.network_stats_set.unwrap().rx_bytes.newest(), 12);
        assert_eq!(container.storage_stats_set, None);
    }

    #[test]
    fn means_of_nothing_and_of_nonsense_are_none() {
        assert_eq!(StatsSet::default().mean(), None);
        assert_eq!(StatsSet { sum: -3.0, sample_count: 1, ..StatsSet::default() }.mean(), None);
        assert_eq!(StatsSet { sum: f64::MAX, sample_count: -1, ..StatsSet::default() }.mean(), None);
        assert_eq!(StatsSet::one(3.0).mean(), Some(3.0));
    }
}
