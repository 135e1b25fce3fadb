//! Which GPUs of a host the containers of a task have: each has its own, by id, and none is given twice.

use std::collections::BTreeMap;

use berth_model::id::{HostId, TaskId};
use berth_model::task::Task;
use berth_model::unit::GpuCount;

use crate::demand::Sizes;
use crate::state::State;

/// The GPUs of a host by id, with the task that has each.
type Gpus = BTreeMap<String, Option<TaskId>>;

impl State {
    /// What each container of a task gets of a host's GPUs, in the order of its containers; nothing at all for a task that
    /// asks for none. The host has room, so it has as many as are asked for.
    pub(crate) fn gpus_for(&self, task: &Task, host: HostId) -> Vec<Vec<String>> {
        if task.demand.resources.gpus == GpuCount::ZERO {
            return Vec::new();
        }
        let definition = self.definitions.get(&task.definition);
        let sizes = definition.and_then(|it| Sizes::of(&it.document, &task.request.overrides).ok());
        let Some((sizes, entry)) = sizes.zip(self.hosts.get(host)) else { return Vec::new() };
        let mut free = entry.row.gpus.iter().filter(|(_, task)| task.is_none()).map(|(id, _)| id.clone());
        let mut take = |count: GpuCount| free.by_ref().take(usize::try_from(count.0).unwrap_or(usize::MAX)).collect();
        sizes.containers.iter().map(|container| take(container.gpus)).collect()
    }
}

/// Notes that a task has its GPUs.
pub(crate) fn take(gpus: &mut Gpus, task: &Task) {
    for id in task.containers.iter().flat_map(|container| &container.gpu_ids) {
        if let Some(holder) = gpus.get_mut(id) {
            *holder = Some(task.id);
        }
    }
}

/// Takes a task's GPUs back.
pub(crate) fn give_back(gpus: &mut Gpus, task: &Task) {
    gpus.values_mut().filter(|holder| **holder == Some(task.id)).for_each(|holder| *holder = None);
}

#[cfg(test)]
mod tests;
