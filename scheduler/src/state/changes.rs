//! What is told as events: each change of a task's or a host's state that a client can see, in the step that makes it.

use std::sync::Arc;

use berth_model::host::Host;
use berth_model::id::HostId;
use berth_model::state_change::{HostGlimpse, HostImage, StateChange, Subject, TaskImage};
use berth_model::task::{Task, TaskStatus};
use berth_model::time::Timestamp;

use crate::state::State;
use crate::step::{Key, Row, Step};

impl State {
    /// Tells what has become of a task.
    pub(crate) fn tell_task(&mut self, task: Arc<Task>, now: Timestamp, step: &mut Step) {
        let glimpse = |host: HostId| {
            let row = &self.hosts.get(host)?.row;
            Some(HostGlimpse {
                is_connected: row.is_connected,
                connectivity_changed_at: row.connectivity_changed_at,
                architecture: row.architecture,
            })
        };
        let host = task.host.and_then(glimpse);
        self.tell(Subject::Task(TaskImage { task, host }), now, step);
    }

    /// Tells what has become of a host, with what is on it.
    pub(crate) fn tell_host(&mut self, host: HostId, now: Timestamp, step: &mut Step) {
        let Some(entry) = self.hosts.get(host) else { return };
        let tasks = || entry.tasks.iter().filter_map(|task| self.tasks.get(*task));
        let count = |is: fn(TaskStatus) -> bool| tasks().filter(|task| is(task.last_status)).count() as u64;
        let image = HostImage {
            host: entry.row.clone(),
            running_tasks: count(|status| status == TaskStatus::Running),
            pending_tasks: count(|status| status < TaskStatus::Running),
            used: tasks().map(|task| task.demand.resources).sum(),
            ports: tasks().flat_map(|task| task.demand.ports.iter().copied()).collect(),
        };
        self.tell(Subject::Host(Box::new(image)), now, step);
    }

    /// Tells that a host is gone. One that never registered was no container instance to anybody.
    pub(crate) fn tell_host_gone(&mut self, host: Host, now: Timestamp, step: &mut Step) {
        if host.registered_at.is_some() {
            let image = HostImage {
                host,
                running_tasks: 0,
                pending_tasks: 0,
                used: berth_model::unit::Resources::ZERO,
                ports: [].into(),
            };
            self.tell(Subject::Host(Box::new(image)), now, step);
        }
    }

    fn tell(&mut self, subject: Subject, now: Timestamp, step: &mut Step) {
        self.last_change = self.last_change.next();
        step.writes.insert(Key::Change(self.last_change), Row::Change(StateChange { at: now, subject }));
    }
}

#[cfg(test)]
mod tests;
