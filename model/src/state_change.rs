//! What clients can see change, in the order in which it did: the material of "state change" events.
//!
//! A change holds the image of its task or host from that moment. How it looks on the wire is made when it is read.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::host::Host;
use crate::id::ClusterName;
use crate::task::{Architecture, HostPort, Task};
use crate::time::Timestamp;
use crate::unit::Resources;

/// Numbers the changes of an installation from 1, without gaps.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sequence(pub u64);

impl Sequence {
    /// Before the first change.
    pub const NONE: Self = Self(0);

    /// The one that follows.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }

    /// The one before; before the first comes [`Sequence::NONE`].
    #[must_use]
    pub const fn previous(self) -> Self {
        Self(self.0.saturating_sub(1))
    }
}

impl fmt::Display for Sequence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

/// One change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StateChange {
    /// When.
    pub at: Timestamp,
    /// What it is now.
    pub subject: Subject,
}

/// What changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Subject {
    /// A task.
    Task(TaskImage),
    /// A host.
    Host(Box<HostImage>),
}

/// A task at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskImage {
    /// The task.
    pub task: Arc<Task>,
    /// Its host, if it has one that is not gone.
    pub host: Option<HostGlimpse>,
}

/// What a task shows of its host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct HostGlimpse {
    /// True while its agent holds a session.
    pub is_connected: bool,
    /// When that last changed.
    pub connectivity_changed_at: Timestamp,
    /// Its processor, as far as it is known.
    pub architecture: Option<Architecture>,
}

/// A host at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HostImage {
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
}

/// The kinds of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangeKind {
    /// Of a task.
    Task,
    /// Of a host.
    Host,
}

impl ChangeKind {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Task, Self::Host];

    /// The event's `detail-type`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Task => "ECS Task State Change",
            Self::Host => "ECS Container Instance State Change",
        }
    }
}

impl StateChange {
    /// What kind of change it is.
    pub fn kind(&self) -> ChangeKind {
        match &self.subject {
            Subject::Task(_) => ChangeKind::Task,
            Subject::Host(_) => ChangeKind::Host,
        }
    }

    /// The cluster in which it happened.
    pub fn cluster(&self) -> &ClusterName {
        match &self.subject {
            Subject::Task(image) => &image.task.cluster,
            Subject::Host(image) => &image.host.cluster,
        }
    }
}

/// Where changes are delivered to by the server itself, each with a cursor of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sink {
    /// The configured webhook.
    Webhook,
}

impl Sink {
    /// Its name in the store.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
        }
    }
}
