//! A host: one machine, or a slice of one, that runs tasks. "Container instance" on the wire.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::access_key::UserName;
use crate::ecs;
use crate::id::{ClusterName, HostId, ProviderName, TaskId};
use crate::task::{Architecture, HostPort, StaticLaunchType};
use crate::time::Timestamp;
use crate::unit::{MicroDollarsPerHour, Resources};

/// The reserved cluster in which hosts of the FARGATE pool register. It is never listed and no user's task is in it.
pub const FARGATE_CLUSTER: &str = "berth-fargate";

/// The registration attribute by which a host that was launched by Berth says which host row it completes.
pub const HOST_ID_ATTRIBUTE: &str = "berth.host-id";

/// The registration attribute by which hosts that are slices of one machine say so. Hosts with the same value run one
/// task in `host` network mode at a time between them.
pub const MACHINE_ATTRIBUTE: &str = "berth.machine";

/// The registration attribute of the stock agent in external mode; such hosts serve launch type EXTERNAL.
pub const EXTERNAL_ATTRIBUTE: &str = "ecs.capability.external";

/// The attribute in which agents name their processor.
pub const ARCHITECTURE_ATTRIBUTE: &str = "ecs.cpu-architecture";

/// The attribute that names the type a machine was bought as.
pub const INSTANCE_TYPE_ATTRIBUTE: &str = "ecs.instance-type";

/// The attribute in which agents name their operating system.
pub const OS_ATTRIBUTE: &str = "ecs.os-type";

/// The operating system of every host of a pool.
const POOL_OS: &str = "linux";

/// A host with all that is known of it. This is also the row of the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// Its id.
    pub id: HostId,
    /// The cluster it registered in, or will.
    pub cluster: ClusterName,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it is in its life. Only moves forward, but that an operator may have it drain and then take tasks again.
    pub status: HostStatus,
    /// All it has; expected (from the catalogue) until it registers, then what it said.
    pub capacity: Resources,
    /// Its GPUs by id, each with the task that has it.
    #[serde(default)]
    pub gpus: BTreeMap<String, Option<TaskId>>,
    /// Ports that no task may have.
    pub reserved_ports: BTreeSet<HostPort>,
    /// Its processor; `None` if its agent did not say.
    pub architecture: Option<Architecture>,
    /// Whose access key its agent registered with; `None` if it needed none. Only keys of this user speak for it.
    pub user: Option<UserName>,
    /// Hosts with the same value share one machine's network; `None` for a host that is a machine of its own.
    pub machine: Option<String>,
    /// The attributes it registered with, given back exactly: an agent that misses one of them exits.
    pub attributes: Vec<ecs::Attribute>,
    /// Its EC2 instance id, as its agent's identity document has it; nobody has checked that document.
    pub ec2_instance_id: Option<String>,
    /// The tags it registered with.
    pub tags: Vec<ecs::Tag>,
    /// Agent and Docker versions, known once its session is open.
    pub version_info: Option<ecs::VersionInfo>,
    /// True from when its agent has registered without its records until it opens a session: by then it has removed
    /// the containers that it found, unless the engine that runs them does not do it, which then starts no others either.
    #[serde(default)]
    pub has_lost_records: bool,
    /// True while its agent holds a session.
    pub is_connected: bool,
    /// When that last changed, or when this server took over: liveness counts from here.
    pub connectivity_changed_at: Timestamp,
    /// The highest sequence number sent to its agent. The next is max(this + 1, now in ms), so that it never goes back,
    /// not even on another server's clock.
    pub sequence: i64,
    /// When its row was made.
    pub created_at: Timestamp,
    /// When its agent first registered.
    pub registered_at: Option<Timestamp>,
    /// Whether it can run containers, as its agent said last; `None` before it has said so.
    #[serde(default)]
    pub runtime: Option<RuntimeHealth>,
    /// Since when it has had no task; `None` while it has one. An idle pool host leaves after the pool's `scaleInAfter`.
    pub idle_since: Option<Timestamp>,
    /// Grows by one with each change a client can see.
    pub version: u64,
}

/// True for the name of an attribute that is the service's or the agent's own, and not for operators to set.
pub fn is_reserved(attribute: &str) -> bool {
    ["ecs.", "com.amazonaws.", "berth."].iter().any(|prefix| attribute.starts_with(prefix))
}

/// Whether a host can run containers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuntimeHealth {
    /// What its agent has found.
    pub status: RuntimeStatus,
    /// Why, if the agent says it.
    pub reason: Option<String>,
    /// When the status last changed.
    pub changed_at: Timestamp,
}

/// What an agent has found about the engine that runs containers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RuntimeStatus {
    /// It works.
    Ok,
    /// It does not: the host takes no new tasks.
    Impaired,
    /// Nobody knows.
    InsufficientData,
    /// It comes up.
    Initializing,
}

impl RuntimeStatus {
    /// The name on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "OK",
            Self::Impaired => "IMPAIRED",
            Self::InsufficientData => "INSUFFICIENT_DATA",
            Self::Initializing => "INITIALIZING",
        }
    }
}

impl std::str::FromStr for RuntimeStatus {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let all = [Self::Ok, Self::Impaired, Self::InsufficientData, Self::Initializing];
        all.into_iter().find(|one| one.as_str() == text).ok_or(())
    }
}

/// Where a host comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Origin {
    /// Bought by Berth for a pool.
    Pool {
        /// The pool.
        provider: ProviderName,
        /// The type it was bought as.
        instance_type: String,
        /// What it costs.
        price: MicroDollarsPerHour,
    },
    /// Registered by itself.
    Static(StaticLaunchType),
}

impl Host {
    /// Since when it cannot run containers, and why as far as its agent says; `None` as long as it is not known to be so.
    pub fn impairment(&self) -> Option<&RuntimeHealth> {
        self.runtime.as_ref().filter(|runtime| runtime.status == RuntimeStatus::Impaired)
    }

    /// The pool it belongs to, if it was bought.
    pub fn provider(&self) -> Option<&ProviderName> {
        match &self.origin {
            Origin::Pool { provider, .. } => Some(provider),
            Origin::Static(_) => None,
        }
    }

    /// The type it was bought as, if it was.
    pub fn instance_type(&self) -> Option<&String> {
        match &self.origin {
            Origin::Pool { instance_type, .. } => Some(instance_type),
            Origin::Static(_) => None,
        }
    }

    /// The value of an attribute: what its agent or an operator said, else what Berth knows by itself. Empty for one
    /// without a value, `None` for one that the host does not have.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        let said = self.attributes.iter().find(|attribute| attribute.name.as_deref() == Some(name));
        match said {
            Some(attribute) => Some(attribute.value.as_deref().unwrap_or_default()),
            None => self.implied().find(|(implied, _)| *implied == name).map(|(_, value)| value),
        }
    }

    /// The attributes that a host of a pool has whether its agent says them or not, without those it has said.
    pub fn implied_attributes(&self) -> Vec<ecs::Attribute> {
        let is_said = |name: &str| self.attributes.iter().any(|attribute| attribute.name.as_deref() == Some(name));
        let attribute = |(name, value): (&str, &str)| ecs::Attribute {
            name: Some(name.to_owned()),
            value: Some(value.to_owned()),
            ..ecs::Attribute::default()
        };
        self.implied().filter(|(name, _)| !is_said(name)).map(attribute).collect()
    }

    fn implied(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let of_pool = match &self.origin {
            Origin::Pool { instance_type, .. } => {
                Some([(INSTANCE_TYPE_ATTRIBUTE, instance_type.as_str()), (OS_ATTRIBUTE, POOL_OS)])
            }
            Origin::Static(_) => None,
        };
        let architecture = self.architecture.map(|one| (ARCHITECTURE_ATTRIBUTE, one.attribute()));
        of_pool.into_iter().flatten().chain(architecture)
    }
}

/// Where a host is in its life, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HostStatus {
    /// Its row is there; the backend has yet to be asked, or to answer.
    Requested,
    /// The backend has a machine for it, whose agent has yet to register.
    Launching,
    /// Registered: takes tasks while connected.
    Active,
    /// Takes no new tasks.
    Draining,
    /// The backend is to end it. Whatever ran on it is over.
    Terminating,
    /// Over.
    Gone,
}

impl HostStatus {
    /// All of them, in order.
    pub const ALL: [Self; 6] =
        [Self::Requested, Self::Launching, Self::Active, Self::Draining, Self::Terminating, Self::Gone];

    /// True if a host that was at `before` may be here now.
    pub fn may_follow(self, before: Self) -> bool {
        self >= before || (self, before) == (Self::Active, Self::Draining)
    }

    /// The name in logs and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Launching => "launching",
            Self::Active => "active",
            Self::Draining => "draining",
            Self::Terminating => "terminating",
            Self::Gone => "gone",
        }
    }
}

/// A type of host that a backend can provide.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct InstanceType {
    /// Unique in its catalogue.
    pub name: String,
    /// What tasks can use of it.
    pub capacity: Resources,
    /// Its processor.
    pub architecture: Architecture,
    /// What it costs.
    pub price: MicroDollarsPerHour,
}
