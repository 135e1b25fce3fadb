//! The fake store: every row as it was written last. What is not committed is lost with the process.

use std::collections::{BTreeMap, BTreeSet};

use berth_model::host::{Host, HostStatus};
use berth_model::id::{HostId, TaskId};
use berth_model::state_change::{Sequence, Subject};
use berth_model::task::{DesiredStatus, Task, TaskStatus};
use berth_scheduler::state::{Rows, State};
use berth_scheduler::step::{Key, Row, TokenHit, TokenKey};

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Store {
    rows: BTreeMap<Key, Row>,
    last_change: Sequence,
    /// What each task's status was told to be.
    told: BTreeMap<TaskId, (TaskStatus, DesiredStatus)>,
    /// How many tasks were ever made for each client token, as `startedBy` names it.
    pub(crate) made: BTreeMap<String, BTreeSet<TaskId>>,
}

impl Store {
    /// Writes all rows. Gives what a row says that must not follow from what it said before.
    pub(crate) fn commit(&mut self, writes: BTreeMap<Key, Row>) -> Result<(), String> {
        let mut wrong = self.check_told(&writes);
        for (key, row) in writes {
            // Nothing but their numbers and statuses is asked for later.
            if matches!(row, Row::Change(_)) {
                continue;
            }
            wrong = wrong.and(self.check(&key, &row));
            if let Row::Task(task, _) = &row
                && let Some(token) = &task.request.started_by
            {
                self.made.entry(token.clone()).or_default().insert(task.id);
            }
            self.rows.insert(key, row);
        }
        wrong
    }

    /// Changes are numbered without gaps, and what was told last of a task is what its row says.
    fn check_told(&mut self, writes: &BTreeMap<Key, Row>) -> Result<(), String> {
        for (key, row) in writes {
            let (Key::Change(sequence), Row::Change(change)) = (key, row) else { continue };
            if *sequence != self.last_change.next() {
                return Err(format!("change {sequence} follows {}", self.last_change));
            }
            self.last_change = *sequence;
            if let Subject::Task(image) = &change.subject {
                self.told.insert(image.task.id, (image.task.last_status, image.task.desired_status));
            }
        }
        for row in writes.values() {
            let Row::Task(task, _) = row else { continue };
            let (told, is) = (self.told.get(&task.id), (task.last_status, task.desired_status));
            if told != Some(&is) {
                return Err(format!("task {} is {is:?}, and told is {told:?}", task.id));
            }
        }
        Ok(())
    }

    fn check(&self, key: &Key, row: &Row) -> Result<(), String> {
        match (row, self.rows.get(key)) {
            (Row::Task(task, class), before) => {
                if class.is_some() != (task.last_status == TaskStatus::Provisioning) {
                    return Err(format!("it waits in {class:?}: {task:?}"));
                }
                match before {
                    Some(Row::Task(before, _)) => check_task(before, task),
                    _ => Ok(()),
                }
            }
            (Row::Host(host), Some(Row::Host(before))) => {
                let is_forward = host.status.may_follow(before.status)
                    && host.sequence >= before.sequence
                    && host.version >= before.version
                    && before.status != HostStatus::Gone;
                if is_forward { Ok(()) } else { Err(format!("{before:?}\nthen {host:?}")) }
            }
            _ => Ok(()),
        }
    }

    /// What a new process restores its state from.
    pub(crate) fn rows(&self) -> Rows {
        let mut rows = Rows { last_change: self.last_change, ..Rows::default() };
        for row in self.rows.values() {
            match row {
                Row::Cluster(cluster) => rows.clusters.push((**cluster).clone()),
                Row::TaskDefinition(definition) => rows.task_definitions.push(definition.clone()),
                Row::Host(host) if host.status != HostStatus::Gone => rows.hosts.push((**host).clone()),
                Row::Host(host) if host.provider().is_none() => drop(rows.retired.insert(host.id)),
                Row::Task(task, _) if task.last_status != TaskStatus::Stopped => rows.tasks.push((**task).clone()),
                Row::CapacityProvider(row) => rows.capacity_providers.push((**row).clone()),
                Row::AccountSetting(Some(row)) => rows.account_settings.push(row.clone()),
                Row::AccessKey(Some(key)) => rows.access_keys.push((**key).clone()),
                Row::Host(_)
                | Row::Task(..)
                | Row::Waiting(_)
                | Row::Token(_)
                | Row::AccountSetting(None)
                | Row::AccessKey(None)
                | Row::Change(_)
                | Row::Delivered(_) => {}
            }
        }
        rows
    }

    /// Compares what a process has in memory with what another would restore.
    pub(crate) fn compare(&self, state: &State) -> Result<(), String> {
        let (mut memory, mut stored) = (state.rows(), self.rows());
        for rows in [&mut memory, &mut stored] {
            rows.tasks.sort_by_key(|task| task.id);
            rows.hosts.sort_by_key(|host| host.id);
            rows.clusters.sort_by(|a, b| a.name.cmp(&b.name));
            rows.task_definitions.sort_by(|a, b| a.id.cmp(&b.id));
        }
        if memory.last_change != stored.last_change {
            return Err(format!("the last change is {}, stored {}", memory.last_change, stored.last_change));
        }
        if memory.retired != stored.retired {
            return Err(format!("retired are {:?}, stored {:?}", memory.retired, stored.retired));
        }
        compare(&memory.tasks, &stored.tasks)?;
        compare(&memory.hosts, &stored.hosts)?;
        compare(&memory.clusters, &stored.clusters)?;
        compare(&memory.task_definitions, &stored.task_definitions)
    }

    pub(crate) fn task(&self, task: TaskId) -> Option<&Task> {
        match self.rows.get(&Key::Task(task)) {
            Some(Row::Task(task, _)) => Some(task),
            _ => None,
        }
    }

    pub(crate) fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.rows.values().filter_map(|row| match row {
            Row::Task(task, _) => Some(&**task),
            _ => None,
        })
    }

    pub(crate) fn host(&self, host: HostId) -> Option<&Host> {
        match self.rows.get(&Key::Host(host)) {
            Some(Row::Host(host)) => Some(host),
            _ => None,
        }
    }

    pub(crate) fn hosts(&self) -> impl Iterator<Item = &Host> {
        self.rows.values().filter_map(|row| match row {
            Row::Host(host) => Some(&**host),
            _ => None,
        })
    }

    pub(crate) fn token(&self, token: &TokenKey) -> Option<&TokenHit> {
        match self.rows.get(&Key::Token(token.clone())) {
            Some(Row::Token(hit)) => Some(hit),
            _ => None,
        }
    }

    /// The reasons why something waits.
    pub(crate) fn reasons(&self) -> impl Iterator<Item = &str> {
        self.rows.values().filter_map(|row| match row {
            Row::Waiting(reason) => reason.as_deref(),
            _ => None,
        })
    }
}

fn check_task(before: &Task, task: &Task) -> Result<(), String> {
    let is_forward = before.last_status != TaskStatus::Stopped
        && task.last_status >= before.last_status
        && task.desired_status >= before.desired_status
        && task.version > before.version
        && (before.host.is_none() || before.host == task.host)
        && (before.stop.is_none() || before.stop == task.stop)
        && (!before.delivery.acknowledged || task.delivery.acknowledged)
        && before.containers.len() == task.containers.len();
    let are_forward = before.containers.iter().zip(&task.containers).all(|(before, container)| {
        container.last_status >= before.last_status
            && (before.exit_code.is_none() || before.exit_code == container.exit_code)
    });
    if is_forward && are_forward { Ok(()) } else { Err(format!("{before:?}\nthen {task:?}")) }
}

fn compare<T: PartialEq + std::fmt::Debug>(memory: &[T], stored: &[T]) -> Result<(), String> {
    if memory == stored {
        return Ok(());
    }
    let differing = memory.iter().zip(stored).find(|(memory, stored)| memory != stored);
    match differing {
        Some((memory, stored)) => Err(format!("in memory {memory:?}\nstored    {stored:?}")),
        None => Err(format!("{} in memory, {} stored", memory.len(), stored.len())),
    }
}
