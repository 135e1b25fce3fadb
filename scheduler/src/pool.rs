//! Pools of hosts that grow and shrink by themselves: their settings, what a plan sees of them, and what it may ask for.
//!
//! The plan itself is the provisioner's; here is only the language the two share.

use std::collections::BTreeSet;
use std::time::Duration;

use berth_model::host::{HostStatus, InstanceType};
use berth_model::id::{HostId, ProviderName};
use berth_model::task::{Architecture, Capability, Demand, HostPort};
use berth_model::time::Timestamp;
use berth_model::unit::Resources;

use crate::step::ClassId;

/// One pool, as configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pool {
    /// Its capacity provider.
    pub provider: ProviderName,
    /// Other capacity providers whose tasks run on the same hosts (`FARGATE_SPOT` where the backend has no spot market).
    pub aliases: Vec<ProviderName>,
    /// What its backend can provide. Empty only if nothing is left that meets the requirements of a provider.
    pub catalogue: Vec<InstanceType>,
    /// Most hosts at a time.
    pub hosts_max: usize,
    /// What all its hosts together may have; `None` for no bound. Slices of one machine never sum to more than it has.
    pub quota: Option<Resources>,
    /// How long a host stays idle before it leaves.
    pub scale_in_after: Duration,
    /// True if all its hosts are slices of one machine and so share its network: one task in `host` network mode runs
    /// at a time in the whole pool, and more hosts do not help it.
    pub shares_machine: bool,
}

/// What a plan sees of one pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PoolView {
    /// Waiting classes, the one whose head has waited longest first.
    pub waiting: Vec<WaitingClass>,
    /// Hosts that are not gone, by id.
    pub hosts: Vec<HostView>,
    /// Types that a recent launch failed to get, and until when not to try them.
    pub unavailable: Vec<(String, Timestamp)>,
    /// The hosts of other pools that share its limits.
    pub elsewhere: Elsewhere,
}

/// The hosts of other pools on the same backend.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Elsewhere {
    /// What they take of the limits.
    pub taken: Taken,
    /// What of it those take that are on their way out.
    pub leaving: Taken,
    /// Those without a task in pools where nothing waits, longest idle first: they may be ended to make room.
    pub idle: Vec<(HostId, Resources)>,
}

/// What hosts take of a pool's limits.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Taken {
    /// How many there are.
    pub hosts: usize,
    /// What they have together.
    pub resources: Resources,
}

impl Taken {
    /// Adds one host.
    pub fn add(&mut self, capacity: Resources) {
        self.hosts += 1;
        self.resources += capacity;
    }

    /// What is left without some.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self {
            hosts: self.hosts.saturating_sub(other.hosts),
            resources: self.resources.saturating_sub(other.resources),
        }
    }
}

/// Tasks of equal demand that wait in a pool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingClass {
    /// Its name.
    pub class: ClassId,
    /// What each task takes.
    pub demand: Demand,
    /// How many wait.
    pub count: usize,
    /// Since when the first of them waits.
    pub oldest: Timestamp,
    /// Where placement constraints allow them; `None` for anywhere.
    pub reach: Option<Reach>,
}

/// What placement constraints leave of a pool.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reach {
    /// The hosts, there or coming, that may take such a task.
    pub hosts: BTreeSet<HostId>,
    /// The types of which a new host may, as far as it is known what a new host is like.
    pub types: BTreeSet<String>,
    /// True if each of the tasks needs a host of its own.
    pub is_distinct: bool,
}

/// Where the agent of a host is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It holds a session.
    Here,
    /// It holds none since this moment.
    AwaySince(Timestamp),
    /// It has registered, and is given the time to connect for the first time.
    Awaited,
}

/// A host as a plan sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostView {
    /// Which.
    pub host: HostId,
    /// Where it is in its life.
    pub status: HostStatus,
    /// Where its agent is.
    pub presence: Presence,
    /// Since when it cannot run containers; `None` as long as it can.
    pub impaired_since: Option<Timestamp>,
    /// The type it was bought as.
    pub instance_type: String,
    /// All it has.
    pub capacity: Resources,
    /// What its tasks leave.
    pub free: Resources,
    /// Its processor, as far as it is known.
    pub architecture: Option<Architecture>,
    /// What its agent can do, as far as it is known.
    pub capabilities: BTreeSet<Capability>,
    /// Ports that its tasks hold, or that no task may have.
    pub ports: BTreeSet<HostPort>,
    /// True if one of its tasks uses the host's own network.
    pub has_host_network: bool,
    /// True while what it has left is kept for a class that has waited too long, and that it cannot hold yet.
    pub is_kept: bool,
    /// How many tasks it has.
    pub tasks: usize,
    /// Since when it has none.
    pub idle_since: Option<Timestamp>,
}

/// What a plan asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HostPlan {
    /// Hosts to launch.
    pub launch: Vec<PlannedHost>,
    /// Idle hosts to end.
    pub terminate: Vec<HostId>,
    /// For each waiting class, what is being done for it, or why nothing is.
    pub outlook: Vec<(ClassId, String)>,
    /// When the plan may come out differently although nothing has happened (an idle host's time is up, a type may be
    /// tried again).
    pub look_again_at: Option<Timestamp>,
}

/// A host to launch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedHost {
    /// The pool.
    pub provider: ProviderName,
    /// The type, of the pool's catalogue.
    pub instance_type: String,
}
