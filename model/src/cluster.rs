//! A cluster: a name under which tasks and hosts are kept apart.

use serde::{Deserialize, Serialize};

use crate::ecs;
use crate::id::ClusterName;
use crate::time::Timestamp;

/// A cluster. This is also the row of the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Cluster {
    /// Its name.
    pub name: ClusterName,
    /// A deleted cluster stays describable as INACTIVE.
    pub is_active: bool,
    /// Its tags.
    pub tags: Vec<ecs::Tag>,
    /// When it was made.
    pub created_at: Timestamp,
}
