//! What lasts: one row per noun, written by the engine alone and read by everybody.
//!
//! [`Store`] is the writer's side: load everything that lives, commit the rows of one turn in one transaction, forget
//! what is old. [`Reader`] is the readers' side: it sees what is committed and nothing else. [`sqlite`] implements both;
//! another database implements the same two and passes the same cases (`contract`). [`log`] keeps what containers
//! write, beside the database and under looser promises.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use berth_model::account_setting::AccountSetting;
use berth_model::arn::DefinitionRef;
use berth_model::capacity_provider::CapacityProvider;
use berth_model::cluster::Cluster;
use berth_model::ecs::LaunchType;
use berth_model::host::{Host, HostStatus};
use berth_model::id::{ClusterName, DefinitionId, Family, HostId, TaskId};
use berth_model::state_change::{ChangeKind, Sequence, Sink, StateChange};
use berth_model::task::{Architecture, DesiredStatus, HostPort, Launch, StaticLaunchType, Task};
use berth_model::task_definition::{DefinitionStatus, TaskDefinition};
use berth_model::time::Timestamp;
use berth_model::unit::Resources;
use berth_provisioner::backend::BoxFuture;
use berth_scheduler::fargate::{FARGATE, FARGATE_SPOT};
use berth_scheduler::state::Rows;
use berth_scheduler::step::{Key, Row, TokenHit, TokenKey};

#[cfg(any(test, feature = "test-support"))]
#[expect(clippy::unwrap_used, reason = "the whole module is a test")]
pub mod contract;
pub mod log;
#[cfg(any(test, feature = "test-support"))]
pub mod memory;
mod row;
pub mod sqlite;

/// What a read or a write of the store comes to.
pub type Result<T> = std::result::Result<T, StoreError>;

/// The writer's side. One process has it at a time.
pub trait Store: Reader {
    /// Everything that lives: all clusters and task definitions, tasks that are not STOPPED, hosts that are not gone.
    fn load(&self) -> BoxFuture<'_, Result<Rows>>;

    /// What those of these tokens stand for that are known.
    fn tokens(&self, tokens: BTreeSet<TokenKey>) -> BoxFuture<'_, Result<BTreeMap<TokenKey, TokenHit>>>;

    /// Writes all of these rows or none, and answers once they will survive a power cut. After
    /// [`StoreError::Unwritable`] none was written; after any other error nobody knows.
    fn commit<'a>(&'a self, writes: &'a BTreeMap<Key, Row>) -> BoxFuture<'a, Result<()>>;

    /// Forgets what is old.
    fn prune(&self, cutoff: Cutoff) -> BoxFuture<'_, Result<Pruned>>;

    /// The same store, seen from the readers' side.
    fn reader(self: Arc<Self>) -> Arc<dyn Reader>;
}

/// The readers' side. Each call is one consistent look at what is committed.
pub trait Reader: fmt::Debug + Send + Sync {
    /// Those of these clusters that there are, INACTIVE ones too, by name.
    fn clusters(&self, names: Vec<ClusterName>) -> BoxFuture<'_, Result<Vec<ClusterView>>>;

    /// How many tasks each of these clusters has of each launch type, by cluster; launch types without any are left out.
    fn count_tasks(&self, clusters: Vec<ClusterName>) -> BoxFuture<'_, Result<Vec<TaskCount>>>;

    /// The ACTIVE clusters, by name.
    fn list_clusters(&self, page: Page<ClusterName>) -> BoxFuture<'_, Result<Vec<ClusterName>>>;

    /// A task definition: the newest ACTIVE one of a family, or exactly one revision, ACTIVE or not, as long as it is not
    /// deleted.
    fn task_definition(&self, definition: DefinitionRef) -> BoxFuture<'_, Result<Option<TaskDefinition>>>;

    /// Task definitions by family, then by revision; backwards if the filter says so.
    fn list_task_definitions(
        &self,
        filter: DefinitionFilter,
        page: Page<DefinitionId>,
    ) -> BoxFuture<'_, Result<Vec<DefinitionId>>>;

    /// Families by name; those of which everything is deleted are left out.
    fn list_families(&self, filter: FamilyFilter, page: Page<Family>) -> BoxFuture<'_, Result<Vec<Family>>>;

    /// The capacity providers that clients made, INACTIVE ones too, by name.
    fn capacity_providers(&self) -> BoxFuture<'_, Result<Vec<CapacityProvider>>>;

    /// The account settings of a principal, behind those of everybody, each by name.
    fn account_settings(&self, principal: String) -> BoxFuture<'_, Result<Vec<AccountSetting>>>;

    /// Those of these tasks that there are, by id.
    fn tasks(&self, tasks: Vec<TaskId>) -> BoxFuture<'_, Result<Vec<TaskView>>>;

    /// Tasks by id.
    fn list_tasks(&self, filter: TaskFilter, page: Page<TaskId>) -> BoxFuture<'_, Result<Vec<TaskId>>>;

    /// Those of these hosts that there are, gone ones too, by id.
    fn hosts(&self, hosts: Vec<HostId>) -> BoxFuture<'_, Result<Vec<HostView>>>;

    /// Hosts by id.
    fn list_hosts(&self, filter: HostFilter, page: Page<HostId>) -> BoxFuture<'_, Result<Vec<HostId>>>;

    /// What was told after a change, in order: looks at no more than `limit` changes, and gives those that pass.
    fn changes(&self, after: Sequence, filter: ChangeFilter, limit: usize) -> BoxFuture<'_, Result<ChangePage>>;

    /// The last change that was delivered to a sink; `None` if nothing ever was.
    fn delivered(&self, sink: Sink) -> BoxFuture<'_, Result<Option<Sequence>>>;
}

/// A part of a list: what stands behind `after`, in the order of the list, and not more than `limit`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<K> {
    /// The last entry of the page before; `None` for the first page.
    pub after: Option<K>,
    /// Most entries, from 1. Ask for one more than you show to learn whether there is more.
    pub limit: usize,
}

impl<K> Page<K> {
    /// The first `limit` entries.
    pub const fn first(limit: usize) -> Self {
        Self { after: None, limit }
    }
}

/// A cluster as DescribeClusters shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct ClusterView {
    /// The cluster.
    pub cluster: Cluster,
    /// Its tasks that are RUNNING.
    pub running_tasks: u64,
    /// Its tasks that have yet to run (PROVISIONING, PENDING, ACTIVATING).
    pub pending_tasks: u64,
    /// Its hosts that have registered and are not on their way out (active, draining).
    pub registered_hosts: u64,
}

/// See [`Reader::count_tasks`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskCount {
    /// The cluster.
    pub cluster: ClusterName,
    /// The launch type, as [`launch_type`] gives it.
    pub launch_type: LaunchType,
    /// Tasks that are RUNNING.
    pub running: u64,
    /// Tasks that have yet to run (PROVISIONING, PENDING, ACTIVATING).
    pub pending: u64,
}

/// A task as DescribeTasks shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct TaskView {
    /// The task.
    pub task: Task,
    /// Why it waits, if it does and the reason is known.
    pub waiting: Option<String>,
    /// Its host's connectivity, if it has a host that is not forgotten yet.
    pub connectivity: Option<Connectivity>,
    /// Its host's processor, as far as it is known.
    pub architecture: Option<Architecture>,
}

/// Whether a host's agent holds a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Connectivity {
    /// True while it does.
    pub is_connected: bool,
    /// When that last changed.
    pub changed_at: Timestamp,
}

/// A host as DescribeContainerInstances shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct HostView {
    /// The host.
    pub host: Host,
    /// Its tasks that are RUNNING.
    pub running_tasks: u64,
    /// Its tasks that have yet to run.
    pub pending_tasks: u64,
    /// What its tasks that are not STOPPED take.
    pub used: Resources,
    /// The host ports they hold.
    pub ports: BTreeSet<HostPort>,
    /// The groups they are in.
    pub groups: BTreeSet<String>,
}

/// See [`Reader::list_task_definitions`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DefinitionFilter {
    /// Only this family.
    pub family: Option<Family>,
    /// Only those of this status.
    pub status: DefinitionStatus,
    /// Last family and highest revision first.
    pub descending: bool,
}

/// See [`Reader::list_families`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FamilyFilter {
    /// How its name begins; empty for any.
    pub prefix: String,
    /// Which families.
    pub status: FamilyStatus,
}

/// Which families to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FamilyStatus {
    /// Those with an ACTIVE revision.
    Active,
    /// Those without one.
    Inactive,
    /// All.
    All,
}

/// See [`Reader::list_tasks`]. What is `None` leaves nothing out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskFilter {
    /// The cluster. A host of a pool has tasks of all.
    pub cluster: Option<ClusterName>,
    /// Where they should be.
    pub desired_status: DesiredStatus,
    /// The family of what they run.
    pub family: Option<Family>,
    /// What they were started by.
    pub started_by: Option<String>,
    /// The host they are on.
    pub host: Option<HostId>,
    /// Their launch type, as [`launch_type`] gives it.
    pub launch_type: Option<LaunchType>,
}

/// See [`Reader::list_hosts`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostFilter {
    /// The cluster they are registered in.
    pub cluster: ClusterName,
    /// Any of these.
    pub statuses: Vec<HostStatus>,
}

/// See [`Reader::changes`]. What is `None` leaves nothing out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChangeFilter {
    /// The cluster.
    pub cluster: Option<ClusterName>,
    /// The kind.
    pub kind: Option<ChangeKind>,
}

/// A part of what was told.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangePage {
    /// Those that pass the filter, in order.
    pub changes: Vec<(Sequence, StateChange)>,
    /// The last that was looked at, passing or not: where the next page goes on.
    pub seen: Sequence,
    /// The first change that is kept; one above the last if none is.
    pub oldest: Sequence,
    /// The last change.
    pub newest: Sequence,
}

/// The launch type that is shown for a task.
pub fn launch_type(launch: &Launch) -> LaunchType {
    match launch {
        Launch::Provider { provider, .. } if [FARGATE, FARGATE_SPOT].contains(&provider.as_str()) => {
            LaunchType::Fargate
        }
        Launch::Provider { .. } => LaunchType::ManagedInstances,
        Launch::Static(StaticLaunchType::Ec2) => LaunchType::Ec2,
        Launch::Static(StaticLaunchType::External) => LaunchType::External,
    }
}

/// Why the store did not do it, named by what the caller does next.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Certain: nothing of it was written, because there is no room or no permission to write. It may work later.
    #[error("the store takes no writes")]
    Unwritable(#[source] Cause),
    /// A read failed, or a write of which nobody can say whether it has happened.
    #[error("the store failed")]
    Failed(#[source] Cause),
    /// A row is there that this program cannot read: written by a newer one, or damaged.
    #[error("a row of table {table} cannot be read")]
    Unreadable {
        /// Where it stands.
        table: &'static str,
        /// What is wrong with it.
        #[source]
        cause: Cause,
    },
}

/// What lies beneath a failure.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// How old something must be to be forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cutoff {
    /// Tasks that stopped before this, and hosts that went before this and that no task names any more.
    pub stopped_before: Timestamp,
    /// Client tokens from before this.
    pub tokens_before: Timestamp,
    /// Changes from before this.
    pub changes_before: Timestamp,
    /// All but so many of the last changes, however young. The last one always stays, for its number.
    pub changes_max: u64,
}

/// Most rows of a kind that one pruning removes, so that it holds up the next commit only briefly.
pub const PRUNE_ROWS_MAX: u32 = 10_000;

/// How many rows were forgotten.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Tasks.
    pub tasks: u64,
    /// Hosts.
    pub hosts: u64,
    /// Client tokens.
    pub tokens: u64,
    /// Changes.
    pub changes: u64,
}

impl Pruned {
    /// True if there may be more to forget.
    pub fn is_cut(self) -> bool {
        [self.tasks, self.hosts, self.tokens, self.changes].into_iter().any(|rows| rows >= u64::from(PRUNE_ROWS_MAX))
    }
}
