//! A task definition: what a task runs, kept whole as the client said it and AWS would give it back.

use serde::{Deserialize, Serialize};

use crate::ecs;
use crate::id::DefinitionId;

/// One revision. This is also the row of the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskDefinition {
    /// Family and revision.
    pub id: DefinitionId,
    /// Where it is in its life. Only moves forward.
    pub status: DefinitionStatus,
    /// The normalised document, as DescribeTaskDefinition answers it; empty once it is deleted.
    pub document: ecs::TaskDefinition,
    /// Its tags.
    pub tags: Vec<ecs::Tag>,
}

/// Where a task definition is in its life, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DefinitionStatus {
    /// New tasks may run it.
    Active,
    /// Deregistered: no new task runs it, running ones go on.
    Inactive,
    /// To be deleted once no task runs it any more.
    DeleteInProgress,
    /// Gone to everybody. The row stays, since a family never counts a revision twice.
    Deleted,
}

impl DefinitionStatus {
    /// The name on the wire, where it has one.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "ACTIVE",
            Self::Inactive => "INACTIVE",
            Self::DeleteInProgress => "DELETE_IN_PROGRESS",
            Self::Deleted => "DELETED",
        }
    }
}
