//! A cluster: a name under which tasks and hosts are kept apart.

use serde::{Deserialize, Serialize};

use crate::ecs;
use crate::id::{ClusterName, ProviderName};
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
    /// Its settings, each name once: kept and given back, without effect on Berth's hosts.
    pub settings: Vec<ecs::ClusterSetting>,
    /// Its configuration: kept and given back, without effect on Berth's hosts.
    pub configuration: Option<ecs::ClusterConfiguration>,
    /// The capacity providers that its tasks may name, each once, in the order in which they were given.
    pub capacity_providers: Vec<ProviderName>,
    /// Where tasks go whose request says nothing: all items are of `capacity_providers`. Empty: hosts that have joined the
    /// cluster (launch type EC2).
    pub default_strategy: Vec<ecs::CapacityProviderStrategyItem>,
    /// When it was made.
    pub created_at: Timestamp,
}
