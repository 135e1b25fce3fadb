//! What happens to clusters.

use berth_model::cluster::Cluster;
use berth_model::ecs;
use berth_model::host::FARGATE_CLUSTER;
use berth_model::id::{ClusterName, HostId};
use berth_model::task::StaticLaunchType;
use berth_model::time::Timestamp;

use crate::placement::Domain;
use crate::state::State;
use crate::step::{Key, Rejection, Reply, Row, Step};

/// The cluster of requests that name none. It is there from the first start on.
pub const DEFAULT_CLUSTER: &str = "default";

impl State {
    /// Makes a cluster, or gives back the one that is there.
    pub(crate) fn create_cluster(
        &mut self,
        name: ClusterName,
        tags: Vec<ecs::Tag>,
        now: Timestamp,
        step: &mut Step,
    ) -> Reply {
        if name.as_str() == FARGATE_CLUSTER {
            return Reply::Rejected(Rejection::InvalidParameter(format!("The cluster name {name} is reserved.")));
        }
        if let Some(cluster) = self.clusters.get(&name).filter(|cluster| cluster.is_active) {
            return Reply::Cluster(cluster.clone());
        }
        let cluster = Cluster { name: name.clone(), is_active: true, tags, created_at: now };
        self.clusters.insert(name.clone(), cluster.clone());
        step.writes.insert(Key::Cluster(name), Row::Cluster(cluster.clone()));
        Reply::Cluster(cluster)
    }

    /// Makes an empty cluster INACTIVE. Hosts without tasks that have long been away do not count, and go with it: nobody
    /// can deregister them any more.
    pub(crate) fn delete_cluster(&mut self, name: &ClusterName, now: Timestamp, step: &mut Step) -> Reply {
        if let Err(rejection) = self.active_cluster(name) {
            return Reply::Rejected(rejection);
        }
        let domains =
            [StaticLaunchType::Ec2, StaticLaunchType::External].map(|kind| Domain::Static(name.clone(), kind));
        let hosts: Vec<HostId> = domains.iter().flat_map(|domain| self.hosts.fleet(domain).keys().copied()).collect();
        let is_lost = |host: &HostId| {
            let entry = self.hosts.get(*host).filter(|entry| !entry.row.is_connected && entry.tasks.is_empty());
            entry.is_some_and(|entry| now.since(entry.row.connectivity_changed_at) >= self.settings.host_lost_after)
        };
        if !hosts.iter().all(is_lost) {
            return Reply::Rejected(Rejection::ClusterContainsContainerInstances);
        }
        if self.tasks.index().in_cluster.contains_key(name) {
            return Reply::Rejected(Rejection::ClusterContainsTasks);
        }
        let Some(cluster) = self.clusters.get_mut(name) else {
            return Reply::Rejected(Rejection::ClusterNotFound(name.clone()));
        };
        cluster.is_active = false;
        let cluster = cluster.clone();
        step.writes.insert(Key::Cluster(name.clone()), Row::Cluster(cluster.clone()));
        for host in hosts {
            self.forget_host(host, step);
        }
        Reply::Cluster(cluster)
    }

    /// The cluster, if it is there and ACTIVE. The reserved cluster is nobody's.
    pub(crate) fn active_cluster(&self, name: &ClusterName) -> Result<&Cluster, Rejection> {
        let cluster = self.clusters.get(name).filter(|cluster| cluster.is_active);
        cluster.ok_or_else(|| Rejection::ClusterNotFound(name.clone()))
    }
}

#[cfg(test)]
mod tests;
