//! What agents tell of the health of containers and of the engine that runs them.
//!
//! It is told again and again, and written only when it is news. That a task is not well ends nothing: as at ECS, only
//! services replace tasks for that.

use berth_model::host::{RuntimeHealth, RuntimeStatus};
use berth_model::id::{HostId, TaskId};
use berth_model::task::{Container, ContainerStatus, HealthStatus, Task};
use berth_model::time::Timestamp;

use crate::event::Usage;
use crate::placement::Domain;
use crate::state::State;
use crate::step::{Fact, Reply, Step};

/// Longest reason that is kept, in characters.
const REASON_CHARACTERS_MAX: usize = 1024;

/// What the health check of each container of a task has found, by the container's name.
pub type ContainersHealth = Vec<(String, HealthStatus)>;

impl State {
    /// Takes over what is news of tasks on this host; a host has nothing to say of others.
    pub(crate) fn report_health(&mut self, host: HostId, tasks: Vec<(TaskId, ContainersHealth)>) -> Reply {
        for (id, containers) in tasks {
            let Some(task) = self.tasks.get(id).filter(|task| task.host == Some(host)) else { continue };
            if is_news(task, &containers) {
                self.tasks.change(id, |task| take_over(task, &containers));
            }
        }
        Reply::Done
    }

    /// Takes over whether a host can run containers. One that cannot is passed over by the placement.
    pub(crate) fn report_runtime(
        &mut self,
        host: HostId,
        status: RuntimeStatus,
        reason: Option<&str>,
        now: Timestamp,
        step: &mut Step,
    ) -> Reply {
        let Some(entry) = self.hosts.get(host) else { return Reply::Done };
        let reason: Option<String> = reason.map(|reason| reason.chars().take(REASON_CHARACTERS_MAX).collect());
        let known = entry.row.runtime.as_ref();
        if known.is_some_and(|known| known.status == status && known.reason == reason) {
            return Reply::Done;
        }
        let is_same = known.is_some_and(|known| known.status == status);
        let is_first = known.is_none_or(|known| !matches!(known.status, RuntimeStatus::Ok | RuntimeStatus::Impaired));
        let was_impaired = entry.row.impairment().is_some();
        let changed_at = known.filter(|_| is_same).map_or(now, |known| known.changed_at);
        self.hosts.change(host, |row| row.runtime = Some(RuntimeHealth { status, reason, changed_at }));
        let is_impaired = status == RuntimeStatus::Impaired;
        if is_impaired && is_first {
            self.rest_type_of(host, "cannot run containers", now, step);
        }
        self.look_at_type_of(host);
        if is_impaired != was_impaired {
            let reason = self.hosts.get(host).and_then(|entry| entry.row.runtime.as_ref()?.reason.clone());
            step.facts.push(Fact::HostImpaired { host, is_impaired, reason });
            self.let_host_go(host);
            self.set_host_timer(host);
            if let Some(Domain::Pool(provider)) = self.hosts.get(host).map(|entry| &entry.domain) {
                self.queue.changed(provider);
            }
            self.needs_plan = true;
        }
        Reply::Done
    }

    /// Takes over what the tasks of a host use. Never written: it is told anew within seconds.
    pub(crate) fn report_usage(&mut self, host: HostId, used: Option<Usage>) -> Reply {
        self.hosts.set_used(host, used);
        Reply::Done
    }
}

/// Whether laying what was found over what is known would change it.
fn is_news(task: &Task, found: &[(String, HealthStatus)]) -> bool {
    let is_known = |one: &Container, (name, status): &(String, HealthStatus)| {
        !is_followed(one, name) || one.health.as_ref().is_none_or(|health| health.status == *status)
    };
    found.iter().any(|found| !task.containers.iter().all(|one| is_known(one, found)))
}

/// Lays what was found over what is known. Containers without a health check of their definition's are none of it.
fn take_over(task: &mut Task, found: &[(String, HealthStatus)]) {
    for (name, status) in found {
        let known = task.containers.iter_mut().find(|one| is_followed(one, name));
        if let Some(health) = known.and_then(|container| container.health.as_mut()) {
            health.status = *status;
        }
    }
}

/// Whether this is the container of the name. What has ended stays as it was last.
fn is_followed(container: &Container, name: &str) -> bool {
    container.name == name && container.last_status != ContainerStatus::Stopped
}

#[cfg(test)]
mod tests;
