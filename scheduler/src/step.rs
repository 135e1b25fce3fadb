//! Everything the scheduler can decide: its only outputs.
//!
//! A [`Step`] is committed as a whole before any reply leaves and any effect starts.

use std::collections::BTreeMap;
use std::sync::Arc;

use berth_model::access_key::{AccessKey, AccessKeyId};
use berth_model::account_setting::{AccountSetting, SettingKey};
use berth_model::capacity_provider::CapacityProvider;
use berth_model::cluster::Cluster;
use berth_model::ecs::Attribute;
use berth_model::host::{Host, HostStatus};
use berth_model::id::{ClusterName, DefinitionId, Family, HostId, ProviderName, SessionId, TaskId};
use berth_model::state_change::{Sequence, Sink, StateChange};
use berth_model::task::{StopCode, Task, TaskStatus};
use berth_model::task_definition::TaskDefinition;
use berth_model::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What one turn decided.
#[must_use = "a step that is not committed is lost, and memory is already ahead of the store"]
#[derive(Debug, Default)]
pub struct Step {
    /// Rows to store, the last image of each.
    pub writes: BTreeMap<Key, Row>,
    /// What to do once they are stored, in order.
    pub effects: Vec<Effect>,
    /// What happened, for logs and metrics.
    pub facts: Vec<Fact>,
}

/// Names one row of the store.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A cluster.
    Cluster(ClusterName),
    /// A task definition.
    TaskDefinition(DefinitionId),
    /// A host.
    Host(HostId),
    /// A task.
    Task(TaskId),
    /// What keeps a demand class waiting.
    Waiting(ClassId),
    /// A client token of an operation.
    Token(TokenKey),
    /// An account setting.
    AccountSetting(SettingKey),
    /// A capacity provider that a client made.
    CapacityProvider(ProviderName),
    /// An access key.
    AccessKey(AccessKeyId),
    /// A change that is told as an event.
    Change(Sequence),
    /// How far changes were delivered.
    Delivered(Sink),
}

/// One row's new content.
#[derive(Debug, Clone)]
pub enum Row {
    /// A cluster.
    Cluster(Box<Cluster>),
    /// A task definition.
    TaskDefinition(Arc<TaskDefinition>),
    /// A host. A pool host that is gone is stored as gone, then forgotten after the retention time.
    Host(Box<Host>),
    /// A task, and the class it waits in if it does.
    Task(Box<Task>, Option<ClassId>),
    /// Why the class waits; `None` once nothing waits in it.
    Waiting(Option<String>),
    /// What a client token stands for.
    Token(TokenHit),
    /// An account setting; `None` once it is no more.
    AccountSetting(Option<AccountSetting>),
    /// A capacity provider that a client made.
    CapacityProvider(Box<CapacityProvider>),
    /// An access key; `None` once it is revoked.
    AccessKey(Option<Box<AccessKey>>),
    /// A change that is told as an event.
    Change(StateChange),
    /// The last change that was delivered.
    Delivered(Sequence),
}

/// Names a demand class: all waiting tasks of equal launch and demand.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ClassId(pub String);

/// Names a client token of a cluster.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TokenKey {
    /// The operation it came with.
    pub operation: &'static str,
    /// The cluster's name, a space and the token: what others' tokens stand for in their clusters is nobody's business.
    pub token: String,
}

/// What a client token stands for, for 24 hours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenHit {
    /// See [`crate::event::ClientToken::fingerprint`].
    pub fingerprint: String,
    /// The tasks the first request made.
    pub tasks: Vec<TaskId>,
    /// The tasks that it could not make.
    pub failures: Vec<PlacementFailure>,
    /// The cluster they are in.
    pub cluster: ClusterName,
    /// When; tokens are forgotten 24 hours later.
    pub created_at: Timestamp,
}

/// What is answered to the one who brought the event. Each event gets one.
#[derive(Debug, Clone)]
pub enum Reply {
    /// Nothing to say: facts and repeats.
    Done,
    /// The cluster.
    Cluster(Box<Cluster>),
    /// The capacity provider.
    CapacityProvider(Box<CapacityProvider>),
    /// The task definition.
    TaskDefinition(Arc<TaskDefinition>),
    /// DeleteTaskDefinitions: those that are being deleted, and those that are not, with the reason.
    TaskDefinitions {
        /// Being deleted.
        deleting: Vec<Arc<TaskDefinition>>,
        /// Not.
        failures: Vec<(DefinitionId, &'static str)>,
    },
    /// RunTask: what was made, and what was not.
    Tasks {
        /// The new tasks.
        tasks: Vec<Task>,
        /// One for each task that found no place on hosts that are there already.
        failures: Vec<PlacementFailure>,
    },
    /// RunTask repeated with a known token: the tasks it made, to be read from the store.
    Repeated {
        /// Their cluster.
        cluster: ClusterName,
        /// The tasks.
        tasks: Vec<TaskId>,
        /// The tasks that it could not make.
        failures: Vec<PlacementFailure>,
    },
    /// The task.
    Task(Box<Task>),
    /// The host.
    Host(Box<Host>),
    /// UpdateContainerInstancesState: those that are as asked now, and those that are not.
    Hosts {
        /// As asked.
        done: Vec<HostId>,
        /// Not, and why.
        failures: Vec<(HostId, HostFailure)>,
    },
    /// PutAttributes and DeleteAttributes: the attributes, in the order of the request.
    Attributes(Vec<(HostId, Attribute)>),
    /// The access key, its secret sealed.
    AccessKey(Box<AccessKey>),
    /// Refused; nothing has changed.
    Rejected(Rejection),
}

/// Why a named host cannot be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HostFailure {
    /// There is none in this cluster.
    Missing,
    /// It has not registered yet, or is on its way out.
    Inactive,
}

impl HostFailure {
    /// ECS's word for it in `failures`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Missing => "MISSING",
            Self::Inactive => "INACTIVE",
        }
    }
}

/// Why a task found no place on hosts that are there already.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacementFailure {
    /// The host that came closest, if there was one.
    pub host: Option<HostId>,
    /// In ECS's words: `RESOURCE:CPU`, `RESOURCE:MEMORY`, `RESOURCE:GPU`, `RESOURCE:PORTS`, `ATTRIBUTE` or
    /// `AGENT`.
    pub reason: String,
    /// How many hosts each rule turned away.
    pub detail: String,
}

/// A refusal. A value, not a failure: the api turns it into the modelled ECS error.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// No such cluster, or it is INACTIVE.
    ClusterNotFound(ClusterName),
    /// The cluster still has tasks that are not STOPPED.
    ClusterContainsTasks,
    /// The cluster still has container instances.
    ClusterContainsContainerInstances,
    /// The cluster still has capacity providers that are for it alone.
    ClusterContainsCapacityProvider,
    /// Something is still in use, with a text for the client.
    InUse(String),
    /// There is nothing that has this ARN, or nothing any more that can change.
    ResourceNotFound,
    /// A value that cannot be honoured, with a text for the client that names the member.
    InvalidParameter(String),
    /// Right shape, wrong state or reference, with a text for the client.
    Client(String),
    /// No such task in this cluster among those not STOPPED.
    TaskNotFound,
    /// No such host in this cluster.
    HostNotFound(HostId),
    /// No host in this cluster that could have attributes has this id.
    TargetNotFound(HostId),
    /// A host would have too many attributes, with a text for the client.
    AttributeLimitExceeded(String),
    /// The client token was used for another request; these are its tasks.
    TokenConflict {
        /// Their cluster.
        cluster: ClusterName,
        /// The tasks.
        tasks: Vec<TaskId>,
    },
    /// Something has reached a limit, with a text for the client.
    LimitExceeded(String),
    /// No such access key.
    AccessKeyNotFound,
    /// The caller may not do this, with a text for the client.
    AccessDenied(String),
}

/// What to do after the commit. Repeatable: doing it twice does no harm, and what was lost on the way is owed again.
#[derive(Debug, Clone)]
pub enum Effect {
    /// An order for a host's session. Dropped if the session is over: the next one begins with what is owed.
    Order {
        /// The host.
        host: HostId,
        /// The session it is meant for.
        session: SessionId,
        /// The order.
        order: Order,
    },
    /// Ask the backend for a machine.
    Launch {
        /// The host it is for; also the backend's idempotency token.
        host: HostId,
        /// The pool that has the backend.
        provider: ProviderName,
        /// The type, of the pool's catalogue.
        instance_type: String,
    },
    /// Ask the backend to end a machine and whatever runs on it.
    Terminate {
        /// The host.
        host: HostId,
        /// The pool that has the backend.
        provider: ProviderName,
    },
}

/// What a host's session is to send.
#[derive(Debug, Clone)]
pub enum Order {
    /// All tasks the host should have. The first order of each session.
    Manifest {
        /// Above every sequence number before.
        timeline: i64,
        /// The tasks, each with its cluster.
        tasks: Vec<(ClusterName, TaskId)>,
    },
    /// Run a task.
    Run {
        /// Above every sequence number before.
        sequence: i64,
        /// The task.
        task: Arc<Task>,
        /// What it runs.
        definition: Arc<TaskDefinition>,
    },
    /// Stop a task; one that the agent does not know is reported STOPPED at once.
    Stop {
        /// Above every sequence number before.
        sequence: i64,
        /// The task.
        task: Arc<Task>,
        /// What it runs.
        definition: Arc<TaskDefinition>,
    },
    /// These candidates really are to stop.
    VerifyStop {
        /// The manifest's.
        message_id: String,
        /// The tasks, each with its cluster if it is known.
        tasks: Vec<TaskId>,
    },
    /// End the session.
    Close,
}

/// What happened, for logs and metrics. The scheduler itself neither logs nor counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fact {
    /// A task was accepted (`from` is `None`) or moved on.
    TaskStatus {
        /// The task.
        task: TaskId,
        /// Its cluster.
        cluster: ClusterName,
        /// Its status before.
        from: Option<TaskStatus>,
        /// Its status now.
        to: TaskStatus,
        /// Set when it stopped.
        stop: Option<StopCode>,
    },
    /// A task found its host.
    Placed {
        /// The task.
        task: TaskId,
        /// The host.
        host: HostId,
        /// Milliseconds from RunTask to here.
        waited_ms: u64,
    },
    /// A task began to run.
    TaskStarted {
        /// The task.
        task: TaskId,
        /// Milliseconds from RunTask to here.
        after_ms: u64,
    },
    /// A host was added (`from` is `None`) or moved on.
    HostStatus {
        /// The host.
        host: HostId,
        /// Its pool, if any.
        provider: Option<ProviderName>,
        /// Its status before.
        from: Option<HostStatus>,
        /// Its status now.
        to: HostStatus,
    },
    /// A host's agent came or went.
    HostConnected {
        /// The host.
        host: HostId,
        /// Which.
        is_connected: bool,
    },
    /// A host cannot run containers, or can again.
    HostImpaired {
        /// The host.
        host: HostId,
        /// Which.
        is_impaired: bool,
        /// What its agent says of it.
        reason: Option<String>,
    },
    /// A machine could not be had.
    LaunchFailed {
        /// The host.
        host: HostId,
        /// The pool.
        provider: ProviderName,
        /// Why.
        reason: String,
    },
    /// A task definition was registered.
    TaskDefinitionRegistered {
        /// Its family.
        family: Family,
        /// Its revision.
        revision: u32,
    },
}
