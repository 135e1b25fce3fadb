//! Everything that can happen to the scheduler: its only inputs.
//!
//! Events are facts or requests, never orders. Unknown ids and repeats are no-ops or rejections, never panics.

use std::collections::BTreeSet;

use berth_model::access_key::{AccessKeyId, Role, SealedSecret, UserName};
use berth_model::account_setting::SettingKey;
use berth_model::arn::{DefinitionRef, Resource};
use berth_model::ecs;
use berth_model::host::RuntimeStatus;
use berth_model::id::{ClusterName, DefinitionId, Family, HostId, ProviderName, SessionId, TaskId};
use berth_model::state_change::{Sequence, Sink};
use berth_model::task::{Architecture, HostPort, TaskRequest};
use berth_model::time::Timestamp;
use berth_model::unit::{CpuUnits, MemoryMib, Resources};

pub use crate::health::ContainersHealth;
use crate::placement::wish::Wishes;
use crate::step::TokenHit;

/// When an event happens, and the randomness it may use. The scheduler has no clock and no dice of its own, so the
/// same events with the same moments give the same run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment {
    /// Never before the moment of an earlier event.
    pub now: Timestamp,
    /// 128 random bits, for the ids this event makes (see [`Moment::id`]).
    pub entropy: u128,
}

impl Moment {
    /// The `n`th id of this event: 48 bits of time in milliseconds, then 80 bits as random as `entropy`; distinct for
    /// distinct `n`. Ids that rise with time let the rows of one moment share the pages of the store's indexes: random
    /// ones would cost a page each, which halves what it can write.
    pub fn id(self, n: u32) -> u128 {
        // An odd multiplier permutes the 80-bit numbers, so no two n share an id; the xor spreads small n over all bits.
        const ODD: u128 = 0x7F4A_7C15_F39C_C060_5CED;
        const RANDOM_BITS: u32 = 80;
        let mixed = self.entropy ^ u128::from(n).wrapping_mul(ODD);
        let random = mixed & ((1 << RANDOM_BITS) - 1);
        (u128::try_from(self.now.0).unwrap_or(0) << RANDOM_BITS) | random
    }
}

/// Everything that can happen.
#[derive(Debug, Clone)]
pub enum Event {
    /// This server begins to lead: liveness, launch and idle clocks start anew; no host is connected yet; the cluster
    /// `default` is made if there has never been one. Always the first event of a process.
    Started,
    /// Time has passed.
    Tick,
    /// This server is to end everything it runs (Ctrl-C on `berth up`): placed tasks are stopped, pool hosts are ended
    /// once they are empty, waiting tasks stay for the next start, nothing new is placed or launched. Until the next
    /// [`Event::Started`].
    Closing,
    /// Everything up to this change was delivered.
    Delivered {
        /// Where to.
        sink: Sink,
        /// The last change.
        sequence: Sequence,
    },

    // From clients.
    /// CreateCluster; naming a cluster that exists gives it back, if it is as the request says.
    CreateCluster {
        /// Its name.
        name: ClusterName,
        /// Its tags.
        tags: Vec<ecs::Tag>,
        /// What else the request says.
        options: Box<ClusterOptions>,
        /// The ARN of whoever asks.
        by: String,
    },
    /// UpdateCluster, UpdateClusterSettings and PutClusterCapacityProviders.
    UpdateCluster {
        /// Its name.
        name: ClusterName,
        /// What changes.
        options: Box<ClusterOptions>,
    },
    /// DeleteCluster.
    DeleteCluster {
        /// Its name.
        name: ClusterName,
    },
    /// CreateCapacityProvider.
    CreateCapacityProvider(Box<CreateCapacityProvider>),
    /// UpdateCapacityProvider. Hosts that are there stay as they are.
    UpdateCapacityProvider {
        /// Its name.
        name: ProviderName,
        /// Its cluster, if the request says one.
        cluster: Option<ClusterName>,
        /// What changes; what is `None` in it, and in its launch template, stays.
        change: Box<ecs::UpdateManagedInstancesProviderConfiguration>,
    },
    /// DeleteCapacityProvider: its hosts are ended, then it is INACTIVE.
    DeleteCapacityProvider {
        /// Its name.
        name: ProviderName,
        /// Its cluster, if the request says one.
        cluster: Option<ClusterName>,
    },
    /// RegisterTaskDefinition: the next revision of the family.
    RegisterTaskDefinition {
        /// The family.
        family: Family,
        /// The checked request, not yet normalised.
        request: Box<ecs::RegisterTaskDefinitionRequest>,
        /// The ARN of whoever asks.
        by: String,
    },
    /// DeregisterTaskDefinition.
    DeregisterTaskDefinition {
        /// The revision.
        definition: DefinitionId,
    },
    /// DeleteTaskDefinitions.
    DeleteTaskDefinitions {
        /// The revisions, each once.
        definitions: Vec<DefinitionId>,
    },
    /// RunTask.
    RunTask(Box<RunTask>),
    /// StartTask.
    StartTask(Box<StartTask>),
    /// TagResource and UntagResource.
    ChangeTags {
        /// What has the tags.
        resource: Resource,
        /// What becomes of them.
        change: TagChange,
    },
    /// PutAccountSetting and PutAccountSettingDefault.
    PutAccountSetting {
        /// Which.
        key: SettingKey,
        /// Its new value.
        value: String,
    },
    /// DeleteAccountSetting. Nothing happens if there is none.
    DeleteAccountSetting {
        /// Which.
        key: SettingKey,
    },
    /// StopTask on a task that is not STOPPED yet.
    StopTask {
        /// The cluster the client named; a task of another one is not found.
        cluster: ClusterName,
        /// The task.
        task: TaskId,
        /// The client's reason.
        reason: Option<String>,
    },
    /// A new access key.
    PutAccessKey(Box<NewAccessKey>),
    /// An access key is revoked.
    DeleteAccessKey {
        /// The key.
        id: AccessKeyId,
        /// Whose it must be.
        user: Option<UserName>,
    },

    // From agents.
    /// RegisterContainerInstance.
    RegisterHost(Box<RegisterHost>),
    /// An agent opened its ACS session; an older one of the same host is over.
    SessionOpened {
        /// The host.
        host: HostId,
        /// The session.
        session: SessionId,
        /// What the agent said of itself.
        version_info: ecs::VersionInfo,
    },
    /// A session ended. Ignored if the host has a newer one.
    SessionClosed {
        /// The host.
        host: HostId,
        /// The session.
        session: SessionId,
    },
    /// The agent holds the order to run this task in its own records.
    TaskAcknowledged {
        /// The host.
        host: HostId,
        /// The task.
        task: TaskId,
    },
    /// What this task's order needs (a secret, a file) is not to be had, so the order did not go out. An earlier one may
    /// have gone.
    TaskUnpreparable {
        /// The host it was for.
        host: HostId,
        /// The task.
        task: TaskId,
        /// Why, in ECS's words; names what is missing and holds nothing of it.
        reason: String,
    },
    /// The agent asks which of these tasks, that its manifest did not name, are to stop.
    StopCandidates {
        /// The host.
        host: HostId,
        /// The session that asked, to which the answer goes.
        session: SessionId,
        /// The manifest's message id, for the answer.
        message_id: String,
        /// The tasks.
        tasks: Vec<TaskId>,
    },
    /// SubmitContainerStateChange: what has become of one container. At least once and late is fine.
    ContainerReport {
        /// The task.
        task: TaskId,
        /// The container, and what has become of it.
        change: Box<ecs::ContainerStateChange>,
        /// The host for which the reporter speaks; `None` for one that may report for all.
        by: Option<HostId>,
    },
    /// SubmitTaskStateChange. At least once and late is fine; nothing follows STOPPED.
    TaskReport(Box<TaskReport>),
    /// What the health checks of containers on a host have found. Told again and again.
    HealthReport {
        /// The host.
        host: HostId,
        /// Its tasks.
        tasks: Vec<(TaskId, ContainersHealth)>,
    },
    /// Whether the engine that runs a host's containers works. Told again and again.
    RuntimeReport {
        /// The host.
        host: HostId,
        /// What its agent has found.
        status: RuntimeStatus,
        /// Why.
        reason: Option<String>,
    },
    /// What the tasks of a host use at present; `None` once nobody tells it any more. Nothing is ever written for it.
    UsageReport {
        /// The host.
        host: HostId,
        /// All its tasks together.
        used: Option<Usage>,
    },

    // From whoever runs the hosts.
    /// UpdateContainerInstancesState.
    SetDraining {
        /// The cluster the client named; a host of another one is not found.
        cluster: ClusterName,
        /// The hosts, each once.
        hosts: Vec<HostId>,
        /// True for DRAINING, false for ACTIVE.
        is_draining: bool,
    },
    /// DeregisterContainerInstance.
    DeregisterHost {
        /// The cluster the client named; a host of another one is not found.
        cluster: ClusterName,
        /// The host.
        host: HostId,
        /// True to end the tasks that are on it.
        is_forced: bool,
    },
    /// PutAttributes and DeleteAttributes.
    ChangeAttributes {
        /// The cluster the client named; a host of another one is not found.
        cluster: ClusterName,
        /// What changes.
        change: AttributeChange,
    },

    // From the host backend.
    /// The backend has a machine for this host.
    LaunchSucceeded {
        /// The host.
        host: HostId,
    },
    /// The backend has none.
    LaunchFailed {
        /// The host.
        host: HostId,
        /// Shown to those who wait.
        reason: String,
        /// Earliest moment for the next try of the same type; set by what kind of failure it was.
        retry_at: Timestamp,
    },
    /// The machine is no more: ended as asked, or by itself. Whatever ran on it has ended with it.
    MachineGone {
        /// The host.
        host: HostId,
    },
    /// All machines of this installation that the backend of a pool has. Machines without a live row are ended; hosts
    /// that should have one and have none are gone.
    MachinesListed {
        /// The pool that has the backend.
        provider: ProviderName,
        /// The machines, by the host each is for.
        hosts: BTreeSet<HostId>,
        /// When the listing began: it says nothing of launches after that.
        as_of: Timestamp,
    },
}

/// What a request says of a cluster. What it does not say stays as it is, or as every new cluster is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ClusterOptions {
    /// Settings by name; those not named stay.
    pub settings: Option<Vec<ecs::ClusterSetting>>,
    /// In place of the configuration there was.
    pub configuration: Option<ecs::ClusterConfiguration>,
    /// In place of the providers there were.
    pub capacity_providers: Option<Vec<ProviderName>>,
    /// In place of the strategy there was. A new cluster whose request names providers and no strategy has none.
    pub default_strategy: Option<Vec<ecs::CapacityProviderStrategyItem>>,
}

/// See [`Event::CreateCapacityProvider`].
#[derive(Debug, Clone)]
pub struct CreateCapacityProvider {
    /// Its name.
    pub name: ProviderName,
    /// The only cluster that is to have it.
    pub cluster: Option<ClusterName>,
    /// What its hosts are to be.
    pub managed_instances: ecs::ManagedInstancesProvider,
    /// Its tags.
    pub tags: Vec<ecs::Tag>,
}

/// What becomes of the tags of a resource.
#[derive(Debug, Clone, PartialEq)]
pub enum TagChange {
    /// These are added, or get a new value.
    Set(Vec<ecs::Tag>),
    /// Those with these keys go.
    Remove(Vec<String>),
}

/// What becomes of the attributes of hosts. Checked: names are well-formed and not the service's own.
#[derive(Debug, Clone, PartialEq)]
pub enum AttributeChange {
    /// These are added, or get a new value.
    Put(Vec<(HostId, ecs::Attribute)>),
    /// Those with these names go.
    Delete(Vec<(HostId, ecs::Attribute)>),
}

/// See [`Event::RunTask`].
#[derive(Debug, Clone)]
pub struct RunTask {
    /// The cluster.
    pub cluster: ClusterName,
    /// What to run.
    pub definition: DefinitionRef,
    /// How many: 1 to 10.
    pub count: u32,
    /// Which hosts the client asked for.
    pub target: LaunchTarget,
    /// The rest of what it said; `group` empty for the default, `tags` without the definition's.
    pub request: TaskRequest,
    /// `placementConstraints` and `placementStrategy`.
    pub wishes: Wishes,
    /// True to add the task definition's tags.
    pub propagate_tags: bool,
    /// True to add the tag with the cluster's name that ECS adds (`enableECSManagedTags`).
    pub has_managed_tags: bool,
    /// The client's idempotency token.
    pub token: Option<ClientToken>,
}

/// See [`Event::StartTask`].
#[derive(Debug, Clone)]
pub struct StartTask {
    /// What to run on each host; `count`, `target`, `wishes` and `token` say nothing here.
    pub run: RunTask,
    /// The hosts, each once.
    pub hosts: Vec<HostId>,
}

/// The hosts a client asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum LaunchTarget {
    /// Nothing said: the cluster's default capacity provider strategy (FARGATE). Fargate's size rules do not apply.
    ClusterDefault,
    /// A strategy naming this provider. Fargate's size rules apply for FARGATE and `FARGATE_SPOT`.
    Provider(ProviderName),
    /// A strategy of several items, each with its base and weight.
    Strategy(Vec<ecs::CapacityProviderStrategyItem>),
    /// `launchType`.
    LaunchType(LaunchType),
}

/// The launch types of RunTask that Berth offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LaunchType {
    /// Hosts of the cluster that registered by themselves.
    Ec2,
    /// The same, with the stock agent in external mode.
    External,
    /// The pool FARGATE, with Fargate's size rules.
    Fargate,
}

/// A client's idempotency token. A repeat within 24 hours gets the first answer again, and ConflictException if it
/// asks for something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientToken {
    /// The token as [`crate::step::TokenKey::token`] has it; unique per operation.
    pub token: String,
    /// What stands for the whole request, for telling a repeat from a reuse.
    pub fingerprint: String,
    /// What the store holds for this token. Looked up by the engine before the turn.
    pub hit: Option<TokenHit>,
}

/// See [`Event::RegisterHost`].
#[derive(Debug, Clone)]
pub struct RegisterHost {
    /// The cluster the agent named.
    pub cluster: ClusterName,
    /// `containerInstanceArn`: set when an agent registers again from its own records.
    pub known_as: Option<HostId>,
    /// The attribute `berth.host-id`: set on hosts that Berth launched.
    pub host_id: Option<HostId>,
    /// True if the attribute `ecs.capability.external` is there.
    pub is_external: bool,
    /// All it has.
    pub capacity: Resources,
    /// The ids of its GPUs, as many as `capacity` has.
    pub gpus: BTreeSet<String>,
    /// Ports that no task may have.
    pub reserved_ports: BTreeSet<HostPort>,
    /// From the attribute `ecs.cpu-architecture`.
    pub architecture: Option<Architecture>,
    /// From the attribute `berth.machine`.
    pub machine: Option<String>,
    /// The EC2 instance id of its identity document.
    pub ec2_instance_id: Option<String>,
    /// All attributes, for the answer.
    pub attributes: Vec<ecs::Attribute>,
    /// Tags, for Describe.
    pub tags: Vec<ecs::Tag>,
    /// The registration's idempotency token: a repeat whose first answer was lost gets the same host.
    pub token: Option<String>,
    /// The access key that signed it, which then speaks for this host and no other; `None` for callers that need none.
    pub key: Option<AccessKeyId>,
}

/// See [`Event::PutAccessKey`].
#[derive(Debug, Clone)]
pub struct NewAccessKey {
    /// The id.
    pub id: AccessKeyId,
    /// Whose it is to be.
    pub user: UserName,
    /// In which role; that of the user's other keys if `None`.
    pub role: Option<Role>,
    /// The secret, sealed.
    pub sealed: SealedSecret,
}

/// See [`Event::TaskReport`].
#[derive(Debug, Clone)]
pub struct TaskReport {
    /// The task.
    pub task: TaskId,
    /// The host for which the reporter speaks; `None` for one that may report for all.
    pub by: Option<HostId>,
    /// What the whole task has come to.
    pub status: ReportedStatus,
    /// The agent's text for the whole task.
    pub reason: Option<String>,
    /// Changes of containers, to be applied in order; a container may occur more than once.
    pub containers: Vec<ecs::ContainerStateChange>,
    /// When the agent began to pull.
    pub pull_started_at: Option<Timestamp>,
    /// When it had all images.
    pub pull_stopped_at: Option<Timestamp>,
    /// When it noticed that the containers had ended.
    pub execution_stopped_at: Option<Timestamp>,
}

/// What is really used of what was given away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Usage {
    /// Time of processors, as units that were busy all the time.
    pub cpu: CpuUnits,
    /// Memory.
    pub memory: MemoryMib,
}

/// What a stock agent reports; everything else is the control plane's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReportedStatus {
    /// Not there yet.
    Pending,
    /// All containers run.
    Running,
    /// All containers have ended.
    Stopped,
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_rise_with_time_and_never_repeat() {
        let id = |now, n| Moment { now: Timestamp(now), entropy: u128::MAX / 3 }.id(n);
        let of_one_event: BTreeSet<_> = (0..10_000).map(|n| id(5, n)).collect();
        assert_eq!(of_one_event.len(), 10_000);
        assert!(of_one_event.iter().all(|earlier| *earlier < id(6, 0)));
    }
}
