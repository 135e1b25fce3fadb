//! What agents report of their tasks: at least once, late, and in any order; statuses only move forward.

use berth_model::ecs;
use berth_model::id::{HostId, TaskId};
use berth_model::network::HOLDER;
use berth_model::task::{Container, ContainerStatus, DesiredStatus, Stop, StopCode, Task, TaskStatus};
use berth_model::time::Timestamp;

use crate::event::{ReportedStatus, TaskReport};
use crate::state::State;
use crate::step::{Fact, Rejection, Reply, Step};
use crate::task::{millis, moved};

/// Longest reason that is kept, in characters, as at ECS.
const REASON_CHARACTERS_MAX: usize = 1024;

impl State {
    /// SubmitTaskStateChange. A task that is unknown here is STOPPED already, or none of ours: nothing follows.
    pub(crate) fn report(&mut self, report: &TaskReport, now: Timestamp, step: &mut Step) -> Reply {
        let id = report.task;
        let Some(before) = self.tasks.get(id).filter(|task| task.host.is_some()) else { return Reply::Done };
        if let Some(refusal) = strange(before, report.by) {
            return refusal;
        }
        let (from, created) = (before.last_status, before.times.created_at);
        let runs = report.status == ReportedStatus::Running;
        let begins = runs && from < TaskStatus::Running;
        // A task that was told to stop meanwhile has started all the same.
        let starts = runs && before.times.started_at.is_none();
        let ends = report.status == ReportedStatus::Stopped;
        if !starts && !ends && !changes(before, report) {
            return Reply::Done;
        }
        let changed = self.tasks.change(id, |task| {
            absorb(task, report);
            if begins {
                task.last_status = TaskStatus::Running;
            }
            if starts {
                task.times.started_at = Some(now);
            }
        });
        let Some(task) = changed else { return Reply::Done };
        if begins {
            step.facts.push(moved(task, Some(from)));
        }
        if starts {
            step.facts.push(Fact::TaskStarted { task: id, after_ms: millis(now.since(created)) });
        }
        if ends {
            let stop = why(task, report.reason.as_deref());
            self.finish(id, stop, now, step);
        }
        Reply::Done
    }

    /// SubmitContainerStateChange. What it means for the task is for a report on the task to say.
    pub(crate) fn report_container(
        &mut self,
        id: TaskId,
        change: &ecs::ContainerStateChange,
        by: Option<HostId>,
    ) -> Reply {
        let Some(task) = self.tasks.get(id).filter(|task| task.host.is_some()) else { return Reply::Done };
        if let Some(refusal) = strange(task, by) {
            return refusal;
        }
        let mut after = Task::clone(task);
        absorb_change(&mut after, change, false);
        if after != **task {
            self.tasks.change(id, |task| absorb_change(task, change, false));
        }
        Reply::Done
    }
}

/// The refusal of a report on a task that is on another host than the reporter speaks for.
fn strange(task: &Task, by: Option<HostId>) -> Option<Reply> {
    let text = "The task is on a container instance for which the access key does not speak.";
    let is_strange = by.is_some_and(|by| task.host != Some(by));
    is_strange.then(|| Reply::Rejected(Rejection::AccessDenied(text.to_owned())))
}

/// True if the report says anything that is not known yet.
fn changes(task: &Task, report: &TaskReport) -> bool {
    let mut after = task.clone();
    absorb(&mut after, report);
    after != *task
}

/// Takes over everything in a report but the task's own status.
fn absorb(task: &mut Task, report: &TaskReport) {
    acknowledge(task);
    let is_end = report.status == ReportedStatus::Stopped;
    report.containers.iter().for_each(|change| absorb_change(task, change, is_end));
    let times = &mut task.times;
    for (known, reported) in [
        (&mut times.pull_started_at, report.pull_started_at),
        (&mut times.pull_stopped_at, report.pull_stopped_at),
        (&mut times.execution_stopped_at, report.execution_stopped_at),
    ] {
        *known = known.or(reported);
    }
}

/// Whatever a report says, the agent holds the task. A task that is to stop may be one it has never heard of.
fn acknowledge(task: &mut Task) {
    if task.desired_status == DesiredStatus::Running {
        task.delivery.acknowledged = true;
    }
}

/// `is_end` if the whole task has ended.
fn absorb_change(task: &mut Task, change: &ecs::ContainerStateChange, is_end: bool) {
    acknowledge(task);
    let named = |container: &&mut Container| Some(container.name.as_str()) == change.container_name.as_deref();
    if let Some(container) = task.containers.iter_mut().find(named) {
        absorb_container(container, change, is_end);
    } else if change.container_name.as_deref() == Some(HOLDER) {
        absorb_address(task, change);
    }
}

/// What holds the task's network says at which address it is reached; that never changes.
fn absorb_address(task: &mut Task, change: &ecs::ContainerStateChange) {
    let address = change.network_bindings.iter().flatten().find_map(|binding| binding.bind_ip.as_ref()?.parse().ok());
    if let Some(interface) = &mut task.interface {
        interface.address = interface.address.or(address);
    }
}

/// Forward only: what is older than what is known changes nothing, a repeat only adds what was missing.
fn absorb_container(container: &mut Container, change: &ecs::ContainerStateChange, is_end: bool) {
    let status = match change.status.as_deref() {
        Some("STOPPED") => ContainerStatus::Stopped,
        Some("RUNNING") => ContainerStatus::Running,
        // Whatever an agent does before that is PENDING to clients.
        Some(_) => ContainerStatus::Pending,
        None => container.last_status,
    };
    if status < container.last_status {
        return;
    }
    // An agent that has lost its disk may run a task once more, while a word of the first run's end is still on its way.
    let known = container.runtime_id.as_deref().filter(|id| !id.is_empty());
    let is_other =
        known.zip(change.runtime_id.as_deref()).is_some_and(|(known, told)| !told.is_empty() && known != told);
    if is_other && status == ContainerStatus::Stopped && !is_end {
        return;
    }
    let is_news = status > container.last_status;
    container.last_status = status;
    set(&mut container.exit_code, change.exit_code, is_news);
    let reason = change.reason.as_deref().filter(|reason| !reason.is_empty());
    set(&mut container.reason, reason.map(shortened), is_news);
    set(&mut container.runtime_id, change.runtime_id.clone().filter(|id| !id.is_empty()), is_news);
    set(&mut container.image_digest, change.image_digest.clone().filter(|digest| !digest.is_empty()), is_news);
    // A container that its restart policy has started again may have other host ports.
    let is_running = status == ContainerStatus::Running;
    if let Some(bindings) = &change.network_bindings
        && !bindings.is_empty()
        && (is_news || is_running || container.network_bindings.is_empty())
    {
        container.network_bindings.clone_from(bindings);
    }
}

fn set<T>(known: &mut Option<T>, reported: Option<T>, is_news: bool) {
    if reported.is_some() && (is_news || known.is_none()) {
        *known = reported;
    }
}

/// Why a task stopped that was not told to.
fn why(task: &Task, reason: Option<&str>) -> Stop {
    let failed = task.containers.iter().find(|container| failed_to_start(container));
    if task.times.started_at.is_none()
        && let Some(container) = failed.or_else(|| first_if_none_ran(task))
    {
        let own = reason.filter(|reason| !reason.is_empty()).map(shortened);
        let text = own.or_else(|| container.reason.clone());
        return Stop {
            code: StopCode::TaskFailedToStart,
            reason: text.unwrap_or_else(|| "Task failed to start".to_owned()),
        };
    }
    // An agent says it if it was not a container of the task definition.
    let own = reason.filter(|reason| !reason.is_empty()).map(shortened);
    Stop {
        code: StopCode::EssentialContainerExited,
        reason: own.unwrap_or_else(|| "Essential container in task exited".to_owned()),
    }
}

/// True if the agent says that it could not pull, create or start the container. Docker may give such a container an
/// exit code all the same.
fn failed_to_start(container: &Container) -> bool {
    const FAILURES: [&str; 3] = ["Cannot", "DockerTimeout", "ResourceInitializationError"];
    let is_failure = |reason: &str| FAILURES.iter().any(|failure| reason.starts_with(failure));
    container.reason.as_deref().is_some_and(|reason| is_failure(reason) || container.exit_code.is_none())
}

/// The first container if none ever ran. If one did, it is by its exit that the others never came to run.
fn first_if_none_ran(task: &Task) -> Option<&Container> {
    task.containers.first().filter(|_| task.containers.iter().all(|container| container.exit_code.is_none()))
}

/// A reason as long as it is kept.
pub(crate) fn shortened(text: &str) -> String {
    text.chars().take(REASON_CHARACTERS_MAX).collect()
}

#[cfg(test)]
mod tests;
