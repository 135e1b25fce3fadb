//! A host: one machine, or a slice of one, that runs tasks. "Container instance" on the wire.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::ecs;
use crate::id::{ClusterName, HostId, ProviderName};
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

/// A host with all that is known of it. This is also the row of the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Host {
    /// Its id.
    pub id: HostId,
    /// The cluster it registered in, or will.
    pub cluster: ClusterName,
    /// Where it comes from.
    pub origin: Origin,
    /// Where it is in its life. Only moves forward.
    pub status: HostStatus,
    /// All it has; expected (from the catalogue) until it registers, then what it said.
    pub capacity: Resources,
    /// Ports that no task may have.
    pub reserved_ports: BTreeSet<HostPort>,
    /// Its processor; `None` if its agent did not say.
    pub architecture: Option<Architecture>,
    /// Hosts with the same value share one machine's network; `None` for a host that is a machine of its own.
    pub machine: Option<String>,
    /// The attributes it registered with, given back exactly: an agent that misses one of them exits.
    pub attributes: Vec<ecs::Attribute>,
    /// The tags it registered with.
    pub tags: Vec<ecs::Tag>,
    /// Agent and Docker versions, known once its session is open.
    pub version_info: Option<ecs::VersionInfo>,
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
    /// Since when it has had no task; `None` while it has one. An idle pool host leaves after the pool's `scaleInAfter`.
    pub idle_since: Option<Timestamp>,
    /// Grows by one with each change a client can see.
    pub version: u64,
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
    /// The pool it belongs to, if it was bought.
    pub fn provider(&self) -> Option<&ProviderName> {
        match &self.origin {
            Origin::Pool { provider, .. } => Some(provider),
            Origin::Static(_) => None,
        }
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
