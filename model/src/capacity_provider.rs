//! A capacity provider that a client made: a pool of hosts with requirements of its own, on the configured backend.

use serde::{Deserialize, Serialize};

use crate::ecs;
use crate::id::{ClusterName, ProviderName};
use crate::time::Timestamp;

/// A capacity provider. This is also the row of the store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CapacityProvider {
    /// Its name.
    pub name: ProviderName,
    /// The only cluster whose tasks may name it; `None` if any may that lists it.
    pub cluster: Option<ClusterName>,
    /// ACTIVE; DEPROVISIONING while its hosts are being ended; INACTIVE once it is deleted.
    pub status: ecs::CapacityProviderStatus,
    /// How the last change of it came out.
    pub update_status: ecs::CapacityProviderUpdateStatus,
    /// What its hosts are to be, as the client said it.
    pub managed_instances: ecs::ManagedInstancesProvider,
    /// Its tags.
    pub tags: Vec<ecs::Tag>,
    /// When it was made.
    pub created_at: Timestamp,
}

impl CapacityProvider {
    /// True if new tasks may go to it.
    pub fn is_active(&self) -> bool {
        self.status == ecs::CapacityProviderStatus::Active
    }
}
