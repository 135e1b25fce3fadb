//! A task: one run of a task definition, from the request to the last container's exit code.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::ecs;
use crate::id::{ClusterName, DefinitionId, HostId, ProviderName, TaskId};
use crate::network::NetworkInterface;
use crate::time::Timestamp;
use crate::unit::Resources;

/// A task with all that is known of it. This is also the row of the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its id.
    pub id: TaskId,
    /// The cluster it belongs to.
    pub cluster: ClusterName,
    /// What it runs.
    pub definition: DefinitionId,
    /// Which hosts may run it.
    pub launch: Launch,
    /// What it takes of a host, as the ECS agent accounts it.
    pub demand: Demand,
    /// What the client said, kept for Describe and for the containers.
    pub request: TaskRequest,
    /// Where it is in its life. Only moves forward.
    pub last_status: TaskStatus,
    /// Where it should be. Only moves from RUNNING to STOPPED.
    pub desired_status: DesiredStatus,
    /// Why it stops or stopped; set with the first cause and never changed.
    pub stop: Option<Stop>,
    /// The host it was placed on, once and for ever.
    pub host: Option<HostId>,
    /// Its containers, in the order of the task definition.
    pub containers: Vec<Container>,
    /// Its own network interface, in `awsvpc` mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interface: Option<NetworkInterface>,
    /// How far the order to run it has come.
    pub delivery: Delivery,
    /// Grows by one with each change.
    pub version: u64,
    /// The moments of its life.
    pub times: Times,
}

/// What RunTask said about a task, apart from what to run and where.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct TaskRequest {
    /// `group`; `family:NAME` if the client named none.
    pub group: String,
    /// `startedBy`.
    pub started_by: Option<String>,
    /// `overrides`, as given.
    pub overrides: ecs::TaskOverride,
    /// Tags of the request, and those of the task definition if asked to propagate them.
    pub tags: Vec<ecs::Tag>,
    /// `networkConfiguration`: kept and given back, without effect on Berth's hosts.
    pub network_configuration: Option<ecs::NetworkConfiguration>,
    /// `platformVersion`, given back for FARGATE.
    pub platform_version: Option<String>,
    /// `enableExecuteCommand`: commands may be run in its containers. Absent in rows of earlier versions.
    #[serde(default)]
    pub allows_exec: bool,
}

/// Which hosts may run a task.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Launch {
    /// Hosts of a capacity provider's pool, which grows for tasks that wait.
    Provider {
        /// The provider the task was given to.
        provider: ProviderName,
        /// True if the client said `launchType` rather than a strategy: then no `capacityProviderName` is shown.
        by_launch_type: bool,
    },
    /// Hosts that are there already, of the task's own cluster and of no capacity provider.
    Static(StaticLaunchType),
}

impl Task {
    /// How it is: as badly as the worst of its essential containers that have a health check. UNKNOWN without any.
    pub fn health(&self) -> HealthStatus {
        let essential = self.containers.iter().filter_map(|container| container.health).filter(|one| one.is_essential);
        essential.map(|one| one.status).max().unwrap_or_default()
    }

    /// The tasks it belongs to.
    pub fn group(&self) -> Group {
        Group { cluster: self.cluster.clone(), name: self.request.group.clone() }
    }
}

/// The launch types of hosts that Berth does not buy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StaticLaunchType {
    /// Registered without the attribute `ecs.capability.external`.
    Ec2,
    /// Registered with it.
    External,
}

/// What a task takes of a host, and asks of it. Tasks of equal demand and launch wait together (a demand class).
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Demand {
    /// CPU, memory and GPUs: the task's own if it names them, else the sum over its containers.
    pub resources: Resources,
    /// Fixed host ports; a dynamic port (0) is chosen by Docker and takes no place here.
    pub ports: BTreeSet<HostPort>,
    /// True if a container uses the host's own network: then hosts that share one machine run one such task at a time.
    pub host_network: bool,
    /// The processor architecture the task asks for (`X86_64`, `ARM64`); `None` if it does not care.
    pub architecture: Option<Architecture>,
    /// What its host's agent must be able to do for it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub capabilities: BTreeSet<Capability>,
    /// Its placement constraints and strategies; `None`, as nearly always, if it has neither.
    pub placement: Option<Arc<Placement>>,
}

/// Something that not every agent can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Capability {
    /// To give a task a network of its own without an interface from outside, for `awsvpc`. Berth's own agent can.
    TaskNetwork,
    /// To have the containers of a task share processes or memory, for `pidMode` and `ipcMode` `task`.
    SharedNamespaces,
}

impl Capability {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::TaskNetwork, Self::SharedNamespaces];

    /// The attribute by which an agent says that it can.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::TaskNetwork => "berth.capability.awsvpc",
            Self::SharedNamespaces => "ecs.capability.pid-ipc-namespace-sharing",
        }
    }
}

/// Which hosts a task may be placed on, and which of them are best.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Placement {
    /// All of them must hold for a host.
    pub constraints: Vec<Constraint>,
    /// Which of the hosts with room is best: the first strategy decides, among equals the next. Without any, the
    /// tightest fit.
    pub strategies: Vec<Strategy>,
    /// The tasks that `distinctInstance` and `spread` count; `None` if neither is there.
    pub group: Option<Group>,
}

/// Tasks that belong together: those of a cluster with the same `group`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Group {
    /// Their cluster.
    pub cluster: ClusterName,
    /// Their `group`.
    pub name: String,
}

/// A placement constraint.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Constraint {
    /// No other task of its group is on the host.
    DistinctInstance,
    /// The host is one that this expression of the cluster query language chooses.
    MemberOf(String),
}

/// A placement strategy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Strategy {
    /// The host that has least CPU left.
    BinpackCpu,
    /// The host that has least memory left.
    BinpackMemory,
    /// The host with the fewest tasks of the group.
    SpreadHosts,
    /// A host whose value of this attribute has the fewest tasks of the group, over all hosts with that value.
    SpreadAttribute(String),
    /// Any host.
    Random,
}

/// A port of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct HostPort {
    /// TCP or UDP.
    pub protocol: Protocol,
    /// 1 to 65535.
    pub port: u16,
}

/// A transport protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = match self.protocol {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
        };
        write!(f, "{}/{protocol}", self.port)
    }
}

/// A processor architecture, by the names of `runtimePlatform.cpuArchitecture`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Architecture {
    /// 64-bit x86.
    #[serde(rename = "X86_64")]
    X86_64,
    /// 64-bit ARM.
    #[serde(rename = "ARM64")]
    Arm64,
}

impl Architecture {
    /// The name in `runtimePlatform.cpuArchitecture`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::X86_64 => "X86_64",
            Self::Arm64 => "ARM64",
        }
    }

    /// The value of the host attribute `ecs.cpu-architecture`, as agents send it.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::X86_64 => "x86_64",
            Self::Arm64 => "arm64",
        }
    }
}

/// Where a task is in its life, in order. ECS's task life cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TaskStatus {
    /// Waits for a host.
    Provisioning,
    /// Has a host, whose agent has yet to start it.
    Pending,
    /// Running, but not yet reachable (load balancer, discovery).
    Activating,
    /// All its containers run.
    Running,
    /// Being taken out of what makes it reachable.
    Deactivating,
    /// Told to stop.
    Stopping,
    /// Stopped; what it held is being given back.
    Deprovisioning,
    /// Over.
    Stopped,
}

impl TaskStatus {
    /// All of them, in order.
    pub const ALL: [Self; 8] = [
        Self::Provisioning,
        Self::Pending,
        Self::Activating,
        Self::Running,
        Self::Deactivating,
        Self::Stopping,
        Self::Deprovisioning,
        Self::Stopped,
    ];

    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Provisioning => "PROVISIONING",
            Self::Pending => "PENDING",
            Self::Activating => "ACTIVATING",
            Self::Running => "RUNNING",
            Self::Deactivating => "DEACTIVATING",
            Self::Stopping => "STOPPING",
            Self::Deprovisioning => "DEPROVISIONING",
            Self::Stopped => "STOPPED",
        }
    }
}

/// Where a task should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DesiredStatus {
    /// Run until it ends by itself.
    Running,
    /// End.
    Stopped,
}

impl DesiredStatus {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Running => "RUNNING",
            Self::Stopped => "STOPPED",
        }
    }
}

/// Why a task stops.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stop {
    /// The kind.
    pub code: StopCode,
    /// The text callers show and sometimes match, worded as ECS words it.
    pub reason: String,
}

/// The kinds of reason for a stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum StopCode {
    /// It never ran.
    TaskFailedToStart,
    /// A container whose end ends the task has ended.
    EssentialContainerExited,
    /// StopTask.
    UserInitiated,
    /// Its host went away.
    TerminationNotice,
}

impl StopCode {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TaskFailedToStart => "TaskFailedToStart",
            Self::EssentialContainerExited => "EssentialContainerExited",
            Self::UserInitiated => "UserInitiated",
            Self::TerminationNotice => "TerminationNotice",
        }
    }
}

/// One container of a task, as its agent reported it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Container {
    /// The uuid in its ARN.
    pub id: u128,
    /// Its name in the task definition.
    pub name: String,
    /// Its image in the task definition.
    pub image: String,
    /// PENDING, RUNNING or STOPPED.
    pub last_status: ContainerStatus,
    /// Absent if it never ran.
    pub exit_code: Option<i32>,
    /// Free text of the agent, such as `CannotPullContainerError: …`; at most 1024 characters.
    pub reason: Option<String>,
    /// Docker's id.
    pub runtime_id: Option<String>,
    /// The digest of the image that ran.
    pub image_digest: Option<String>,
    /// Where its published ports ended up.
    pub network_bindings: Vec<ecs::NetworkBinding>,
    /// The GPUs of its host that are its own, given to it with the host.
    #[serde(default)]
    pub gpu_ids: Vec<String>,
    /// What its health check has found; `None` if it has none.
    #[serde(default)]
    pub health: Option<Health>,
}

/// What a container's health check has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The newest that is known.
    pub status: HealthStatus,
    /// True if the container is essential: only those count for the task.
    pub is_essential: bool,
}

/// How a container or a task is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HealthStatus {
    /// Well.
    Healthy,
    /// Not found out yet, or there is no health check.
    #[default]
    Unknown,
    /// Not well.
    Unhealthy,
}

impl HealthStatus {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Healthy => "HEALTHY",
            Self::Unknown => "UNKNOWN",
            Self::Unhealthy => "UNHEALTHY",
        }
    }
}

impl std::str::FromStr for HealthStatus {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Healthy, Self::Unknown, Self::Unhealthy].into_iter().find(|one| one.as_str() == text).ok_or(())
    }
}

/// Where a container is in its life, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContainerStatus {
    /// Not started yet.
    Pending,
    /// Runs.
    Running,
    /// Has ended, or never started and never will.
    Stopped,
}

impl ContainerStatus {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Running => "RUNNING",
            Self::Stopped => "STOPPED",
        }
    }
}

/// How far the order to run a task has come on its way to the agent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// True once the agent holds the task in its own records (it acknowledged the payload or reported on the task).
    pub acknowledged: bool,
    /// When the order to run it was first sent. From here runs the time in which it may be sent again.
    pub first_sent_at: Option<Timestamp>,
}

/// The moments of a task's life.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// RunTask was accepted.
    pub created_at: Timestamp,
    /// It was given its host.
    pub placed_at: Option<Timestamp>,
    /// The agent began to pull images.
    pub pull_started_at: Option<Timestamp>,
    /// The agent had all images.
    pub pull_stopped_at: Option<Timestamp>,
    /// PENDING became RUNNING.
    pub started_at: Option<Timestamp>,
    /// It was told to stop, or began to.
    pub stopping_at: Option<Timestamp>,
    /// The agent noticed that its containers had ended.
    pub execution_stopped_at: Option<Timestamp>,
    /// It became STOPPED.
    pub stopped_at: Option<Timestamp>,
}
