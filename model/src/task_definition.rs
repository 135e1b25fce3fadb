//! A task definition: what a task runs, kept whole as the client said it and AWS would give it back.

use serde::{Deserialize, Serialize};

use crate::ecs;
use crate::id::DefinitionId;

/// One revision. This is also the row of the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TaskDefinition {
    /// Family and revision.
    pub id: DefinitionId,
    /// False once deregistered: no new task runs it, running ones go on.
    pub is_active: bool,
    /// The normalised document, as DescribeTaskDefinition answers it.
    pub document: ecs::TaskDefinition,
    /// Its tags.
    pub tags: Vec<ecs::Tag>,
}
