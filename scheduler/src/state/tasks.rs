//! The tasks that are not STOPPED, and what is counted of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use berth_model::id::{ClusterName, ProviderName, TaskId};
use berth_model::task::{ContainerStatus, DesiredStatus, Health, Launch, Task, TaskStatus};

/// All tasks that are not STOPPED.
#[derive(Debug, Default)]
pub(crate) struct Tasks {
    live: BTreeMap<TaskId, Arc<Task>>,
    /// Those that are not as they were last written, and whether clients are told.
    changed: BTreeMap<TaskId, bool>,
    index: Index,
    /// How many there are whose strategy named a provider, by cluster. Neither ever changes in a task.
    by_provider: ByProvider,
}

type ByProvider = BTreeMap<ProviderName, BTreeMap<ClusterName, usize>>;

/// What can be derived from the tasks, kept for speed.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Index {
    pub(crate) by_status: BTreeMap<TaskStatus, usize>,
    pub(crate) in_cluster: BTreeMap<ClusterName, usize>,
    /// Placed and desired RUNNING, but the agent has not said that it holds the order.
    pub(crate) unacknowledged: BTreeSet<TaskId>,
    /// Placed, desired STOPPED, and not there yet.
    pub(crate) stopping: BTreeSet<TaskId>,
}

impl Tasks {
    pub(crate) fn get(&self, task: TaskId) -> Option<&Arc<Task>> {
        self.live.get(&task)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<Task>> {
        self.live.values()
    }

    /// How many tasks a strategy has given to this provider, by cluster.
    pub(crate) fn of_provider(&self, provider: &ProviderName) -> &BTreeMap<ClusterName, usize> {
        const NONE: &BTreeMap<ClusterName, usize> = &BTreeMap::new();
        self.by_provider.get(provider).unwrap_or(NONE)
    }

    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    /// Adds a task, written already or (`is_new`) to be written.
    pub(crate) fn insert(&mut self, task: Task, is_new: bool) {
        self.index.add(&task);
        count_provider(&mut self.by_provider, &task);
        if is_new {
            self.changed.insert(task.id, true);
        }
        self.live.insert(task.id, Arc::new(task));
    }

    /// Changes a task. Its version grows once for all changes of one step.
    pub(crate) fn change(&mut self, task: TaskId, f: impl FnOnce(&mut Task)) -> Option<&Arc<Task>> {
        let shared = self.live.get_mut(&task)?;
        self.index.remove(shared);
        let row = Arc::make_mut(shared);
        let is_told = self.changed.entry(task).or_insert_with(|| {
            row.version += 1;
            false
        });
        let before = told(row);
        f(row);
        *is_told |= told(row) != before;
        self.index.add(row);
        Some(shared)
    }

    /// Takes a task out, with its version grown.
    pub(crate) fn remove(&mut self, task: TaskId) -> Option<Task> {
        let shared = self.live.remove(&task)?;
        self.index.remove(&shared);
        discount_provider(&mut self.by_provider, &shared);
        let mut row = Arc::unwrap_or_clone(shared);
        if self.changed.remove(&task).is_none() {
            row.version += 1;
        }
        Some(row)
    }

    /// The tasks that changed since the last time, and whether clients are told.
    pub(crate) fn take_changed(&mut self) -> impl Iterator<Item = (&Arc<Task>, bool)> {
        let changed = std::mem::take(&mut self.changed);
        changed.into_iter().filter_map(|(task, is_told)| Some((self.live.get(&task)?, is_told)))
    }

    /// Compares the index with the tasks.
    pub(crate) fn check(&self) -> Result<(), String> {
        let mut index = Index::default();
        self.live.values().for_each(|task| index.add(task));
        if index != self.index {
            return Err(format!("the index of tasks is {:?}, not {index:?}", self.index));
        }
        let mut by_provider = ByProvider::new();
        self.live.values().for_each(|task| count_provider(&mut by_provider, task));
        if by_provider != self.by_provider {
            return Err(format!("the tasks of providers are {:?}, not {by_provider:?}", self.by_provider));
        }
        if self.changed.is_empty() { Ok(()) } else { Err(format!("not written: {:?}", self.changed)) }
    }
}

/// What clients are told of when it changes.
#[derive(PartialEq)]
struct Told {
    last_status: TaskStatus,
    desired_status: DesiredStatus,
    /// Status, exit code, number of network bindings and health of each container.
    containers: Vec<(ContainerStatus, Option<i32>, usize, Option<Health>)>,
}

fn told(task: &Task) -> Told {
    let containers = task.containers.iter();
    let containers = containers.map(|one| (one.last_status, one.exit_code, one.network_bindings.len(), one.health));
    let containers = containers.collect();
    Told { last_status: task.last_status, desired_status: task.desired_status, containers }
}

impl Index {
    fn add(&mut self, task: &Task) {
        *self.by_status.entry(task.last_status).or_default() += 1;
        match self.in_cluster.get_mut(&task.cluster) {
            Some(count) => *count += 1,
            None => _ = self.in_cluster.insert(task.cluster.clone(), 1),
        }
        if is_unacknowledged(task) {
            self.unacknowledged.insert(task.id);
        }
        if is_stopping(task) {
            self.stopping.insert(task.id);
        }
    }

    fn remove(&mut self, task: &Task) {
        if let Some(count) = self.by_status.get_mut(&task.last_status) {
            *count -= 1;
            if *count == 0 {
                self.by_status.remove(&task.last_status);
            }
        }
        if let Some(count) = self.in_cluster.get_mut(&task.cluster) {
            *count -= 1;
            if *count == 0 {
                self.in_cluster.remove(&task.cluster);
            }
        }
        self.unacknowledged.remove(&task.id);
        self.stopping.remove(&task.id);
    }
}

/// The provider that a strategy gave the task to.
fn provider(task: &Task) -> Option<&ProviderName> {
    match &task.launch {
        Launch::Provider { provider, by_launch_type: false } => Some(provider),
        Launch::Provider { by_launch_type: true, .. } | Launch::Static(_) => None,
    }
}

fn count_provider(by_provider: &mut ByProvider, task: &Task) {
    let Some(provider) = provider(task) else { return };
    if !by_provider.contains_key(provider) {
        by_provider.insert(provider.clone(), BTreeMap::new());
    }
    let Some(clusters) = by_provider.get_mut(provider) else { return };
    match clusters.get_mut(&task.cluster) {
        Some(count) => *count += 1,
        None => _ = clusters.insert(task.cluster.clone(), 1),
    }
}

fn discount_provider(by_provider: &mut ByProvider, task: &Task) {
    let Some(provider) = provider(task) else { return };
    let Some(clusters) = by_provider.get_mut(provider) else { return };
    if let Some(count) = clusters.get_mut(&task.cluster) {
        *count -= 1;
        if *count == 0 {
            clusters.remove(&task.cluster);
        }
    }
    if clusters.is_empty() {
        by_provider.remove(provider);
    }
}

fn is_unacknowledged(task: &Task) -> bool {
    task.host.is_some() && task.desired_status == DesiredStatus::Running && !task.delivery.acknowledged
}

fn is_stopping(task: &Task) -> bool {
    task.host.is_some() && task.desired_status == DesiredStatus::Stopped
}
