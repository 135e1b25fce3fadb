//! How operators take hosts out of service: UpdateContainerInstancesState and DeregisterContainerInstance.

use berth_model::host::{FARGATE_CLUSTER, Host, HostStatus};
use berth_model::id::{ClusterName, HostId};
use berth_model::time::Timestamp;

use crate::placement::Domain;
use crate::state::State;
use crate::state::hosts::Entry;
use crate::step::{HostFailure, Rejection, Reply, Step};
use crate::task::host_gone;

impl State {
    /// UpdateContainerInstancesState: a host that drains keeps its tasks and gets no new ones.
    pub(crate) fn set_draining(
        &mut self,
        cluster: &ClusterName,
        hosts: &[HostId],
        is_draining: bool,
        step: &mut Step,
    ) -> Reply {
        if let Err(rejection) = self.check_host_cluster(cluster) {
            return Reply::Rejected(rejection);
        }
        let (mut done, mut failures) = (Vec::new(), Vec::new());
        for host in hosts.iter().copied() {
            match self.in_service(cluster, host) {
                Ok(_) => {
                    self.drain(host, is_draining, step);
                    done.push(host);
                }
                Err(failure) => failures.push((host, failure)),
            }
        }
        Reply::Hosts { done, failures }
    }

    fn drain(&mut self, host: HostId, is_draining: bool, step: &mut Step) {
        let to = if is_draining { HostStatus::Draining } else { HostStatus::Active };
        let Some(entry) = self.hosts.get(host).filter(|entry| entry.row.status != to) else { return };
        let (from, domain) = (entry.row.status, entry.domain.clone());
        self.let_host_go(host);
        self.hosts.change(host, |row| row.status = to);
        self.tell_host_status(host, Some(from), step);
        if let Domain::Pool(provider) = domain {
            self.queue.changed(&provider);
        }
        self.needs_plan = true;
    }

    /// DeregisterContainerInstance. The machine of a pool is ended as well; any other is its owner's.
    ///
    /// Unlike at ECS, the tasks of a host that is taken out by force do not run on with nobody to look after them: its
    /// agent is told to stop them, if it is there to be told.
    pub(crate) fn deregister_host(
        &mut self,
        cluster: &ClusterName,
        host: HostId,
        is_forced: bool,
        now: Timestamp,
        step: &mut Step,
    ) -> Reply {
        match self.try_deregister(cluster, host, is_forced, now, step) {
            Ok(row) => Reply::Host(Box::new(row)),
            Err(rejection) => Reply::Rejected(rejection),
        }
    }

    fn try_deregister(
        &mut self,
        cluster: &ClusterName,
        host: HostId,
        is_forced: bool,
        now: Timestamp,
        step: &mut Step,
    ) -> Result<Host, Rejection> {
        self.check_host_cluster(cluster)?;
        let entry = self.hosts.get(host).filter(|entry| entry.row.cluster == *cluster);
        let entry = entry.ok_or(Rejection::HostNotFound(host))?;
        if !is_forced && !entry.tasks.is_empty() {
            return Err(Rejection::InvalidParameter("Found running tasks on the instance.".to_owned()));
        }
        let is_pool = entry.row.provider().is_some();
        for task in entry.tasks.clone() {
            self.begin_stop(task, host_gone(host), now, step);
            self.finish(task, host_gone(host), now, step);
        }
        if is_pool {
            self.end_pool_host(host, step);
        } else {
            self.hosts.change(host, |row| row.connectivity_changed_at = now);
            self.forget_host(host, step);
        }
        let row = self.host(host).or_else(|| self.departed.iter().find(|row| row.id == host));
        row.cloned().ok_or(Rejection::HostNotFound(host))
    }

    /// A host that has registered in this cluster and is not on its way out.
    pub(crate) fn in_service(&self, cluster: &ClusterName, host: HostId) -> Result<&Entry, HostFailure> {
        let entry = self.hosts.get(host).filter(|entry| entry.row.cluster == *cluster);
        let entry = entry.ok_or(HostFailure::Missing)?;
        match entry.row.status {
            HostStatus::Active | HostStatus::Draining => Ok(entry),
            HostStatus::Requested | HostStatus::Launching | HostStatus::Terminating | HostStatus::Gone => {
                Err(HostFailure::Inactive)
            }
        }
    }

    /// The cluster must be there; that of the pools' hosts always is.
    pub(crate) fn check_host_cluster(&self, cluster: &ClusterName) -> Result<(), Rejection> {
        if cluster.as_str() == FARGATE_CLUSTER { Ok(()) } else { self.active_cluster(cluster).map(|_| ()) }
    }
}

#[cfg(test)]
mod tests;
