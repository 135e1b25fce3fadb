//! The store in memory: for tests and for the simulation, with the failures that a disk would have.
//!
//! The calls that matter to a simulation exist without `async` too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use berth_model::access_key::{AccessKey, AccessKeyId};
use berth_model::account_setting::AccountSetting;
use berth_model::arn::DefinitionRef;
use berth_model::capacity_provider::CapacityProvider;
use berth_model::cluster::Cluster;
use berth_model::host::{Host, HostStatus};
use berth_model::id::{ClusterName, DefinitionId, Family, HostId, ProviderName, TaskId};
use berth_model::state_change::{Sequence, Sink, StateChange};
use berth_model::task::{Task, TaskStatus};
use berth_model::task_definition::{DefinitionStatus, TaskDefinition};
use berth_provisioner::backend::BoxFuture;
use berth_scheduler::state::Rows;
use berth_scheduler::step::{ClassId, Key, Row, TokenHit, TokenKey};
use tokio::sync::Semaphore;

use super::row::setting_principal;
use super::{
    ChangeFilter, ChangePage, ClusterView, Connectivity, Cutoff, DefinitionFilter, FamilyFilter, FamilyStatus,
    HostFilter, HostView, Page, Pruned, Reader, Result, Store, StoreError, TaskCount, TaskFilter, TaskView,
    launch_type,
};

/// A store in memory. What was committed is there for every reader, and for the next engine on the same store.
#[derive(Debug)]
pub struct MemoryStore {
    tables: Mutex<Tables>,
    /// Each commit takes a permit.
    gate: Semaphore,
}

#[derive(Debug, Default)]
struct Tables {
    clusters: BTreeMap<ClusterName, Cluster>,
    definitions: BTreeMap<DefinitionId, Arc<TaskDefinition>>,
    hosts: BTreeMap<HostId, Host>,
    tasks: BTreeMap<TaskId, (Task, Option<ClassId>)>,
    waiting: BTreeMap<ClassId, String>,
    tokens: BTreeMap<TokenKey, TokenHit>,
    capacity_providers: BTreeMap<ProviderName, CapacityProvider>,
    account_settings: BTreeMap<(String, String), AccountSetting>,
    access_keys: BTreeMap<AccessKeyId, AccessKey>,
    changes: BTreeMap<Sequence, StateChange>,
    delivered: BTreeMap<Sink, Sequence>,
    commits: u64,
    fault: Option<Fault>,
}

/// What goes wrong at each commit, until something else is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// The disk is full: nothing is written.
    Full,
    /// Nothing is written, and the writer does not learn so.
    LostBefore,
    /// All is written, and the writer does not learn so.
    LostAfter,
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self { tables: Mutex::default(), gate: Semaphore::new(Semaphore::MAX_PERMITS) }
    }
}

impl MemoryStore {
    /// A store whose commits wait, each until [`MemoryStore::let_pass`] lets it through.
    pub fn gated() -> Self {
        Self { gate: Semaphore::new(0), ..Self::default() }
    }

    /// Lets that many commits through a gate.
    pub fn let_pass(&self, commits: usize) {
        self.gate.add_permits(commits);
    }

    /// Sets what goes wrong from now on; `None` for nothing.
    pub fn set_fault(&self, fault: Option<Fault>) {
        self.tables().fault = fault;
    }

    /// How many commits have been written.
    pub fn commits(&self) -> u64 {
        self.tables().commits
    }

    /// See [`Store::load`].
    pub fn rows(&self) -> Rows {
        let tables = self.tables();
        let alive = |(task, _): &&(Task, Option<ClassId>)| task.last_status != TaskStatus::Stopped;
        let is_retired = |host: &&Host| host.status == HostStatus::Gone && host.provider().is_none();
        Rows {
            clusters: tables.clusters.values().cloned().collect(),
            task_definitions: tables.definitions.values().cloned().collect(),
            capacity_providers: tables.capacity_providers.values().cloned().collect(),
            account_settings: tables.account_settings.values().cloned().collect(),
            hosts: tables.hosts.values().filter(|host| host.status != HostStatus::Gone).cloned().collect(),
            retired: tables.hosts.values().filter(is_retired).map(|host| host.id).collect(),
            tasks: tables.tasks.values().filter(alive).map(|(task, _)| task.clone()).collect(),
            access_keys: tables.access_keys.values().cloned().collect(),
            last_change: tables.changes.keys().next_back().copied().unwrap_or_default(),
        }
    }

    /// A task, STOPPED ones too.
    pub fn task(&self, task: TaskId) -> Option<Task> {
        Some(self.tables().tasks.get(&task)?.0.clone())
    }

    /// All tasks, STOPPED ones too.
    pub fn all_tasks(&self) -> Vec<Task> {
        self.tables().tasks.values().map(|(task, _)| task.clone()).collect()
    }

    /// What a token stands for.
    pub fn token(&self, token: &TokenKey) -> Option<TokenHit> {
        self.tables().tokens.get(token).cloned()
    }

    /// See [`Store::commit`].
    ///
    /// # Errors
    /// What [`MemoryStore::set_fault`] has set.
    pub fn write(&self, writes: &BTreeMap<Key, Row>) -> Result<()> {
        let mut tables = self.tables();
        let unknown = || Err(StoreError::Failed("the store was cut off".into()));
        match tables.fault {
            Some(Fault::Full) => return Err(StoreError::Unwritable("the disk is full".into())),
            Some(Fault::LostBefore) => return unknown(),
            Some(Fault::LostAfter) => {
                tables.write(writes);
                return unknown();
            }
            None => {}
        }
        tables.write(writes);
        Ok(())
    }

    fn tables(&self) -> MutexGuard<'_, Tables> {
        self.tables.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read<T: Send + 'static>(&self, read: impl FnOnce(&Tables) -> T) -> BoxFuture<'_, Result<T>> {
        let found = read(&self.tables());
        Box::pin(async { Ok(found) })
    }
}

impl Tables {
    fn write(&mut self, writes: &BTreeMap<Key, Row>) {
        self.commits += 1;
        for (key, row) in writes.clone() {
            match (key, row) {
                (_, Row::Cluster(row)) => drop(self.clusters.insert(row.name.clone(), *row)),
                (_, Row::TaskDefinition(row)) => drop(self.definitions.insert(row.id.clone(), row)),
                (_, Row::Host(row)) => drop(self.hosts.insert(row.id, *row)),
                (_, Row::Task(row, class)) => drop(self.tasks.insert(row.id, (*row, class))),
                (Key::Waiting(class), Row::Waiting(Some(reason))) => drop(self.waiting.insert(class, reason)),
                (Key::Waiting(class), Row::Waiting(None)) => drop(self.waiting.remove(&class)),
                (Key::Token(key), Row::Token(hit)) => drop(self.tokens.insert(key, hit)),
                (_, Row::CapacityProvider(row)) => drop(self.capacity_providers.insert(row.name.clone(), *row)),
                (Key::AccountSetting(key), Row::AccountSetting(row)) => {
                    let key = (setting_principal(&key), key.name.to_string());
                    match row {
                        Some(row) => drop(self.account_settings.insert(key, row)),
                        None => drop(self.account_settings.remove(&key)),
                    }
                }
                (_, Row::AccessKey(Some(key))) => drop(self.access_keys.insert(key.id.clone(), *key)),
                (Key::AccessKey(id), Row::AccessKey(None)) => drop(self.access_keys.remove(&id)),
                (Key::Change(sequence), Row::Change(change)) => {
                    let before = self.changes.insert(sequence, change);
                    assert!(before.is_none(), "change {sequence} was stored before");
                }
                (Key::Delivered(sink), Row::Delivered(sequence)) => drop(self.delivered.insert(sink, sequence)),
                (
                    key,
                    Row::Waiting(_)
                    | Row::Token(_)
                    | Row::AccountSetting(_)
                    | Row::AccessKey(None)
                    | Row::Change(_)
                    | Row::Delivered(_),
                ) => {
                    unreachable!("a step names each row by its own kind: {key:?}")
                }
            }
        }
    }

    fn cluster_view(&self, cluster: &Cluster) -> ClusterView {
        let tasks = || self.tasks.values().map(|(task, _)| task).filter(|task| task.cluster == cluster.name);
        let hosts = self.hosts.values().filter(|host| host.cluster == cluster.name);
        ClusterView {
            cluster: cluster.clone(),
            running_tasks: tasks().filter(|task| task.last_status == TaskStatus::Running).count() as u64,
            pending_tasks: tasks().filter(|task| is_pending(task)).count() as u64,
            registered_hosts: hosts.filter(|host| is_registered(host)).count() as u64,
        }
    }

    /// Tasks that run or have yet to, by cluster and launch type.
    fn task_counts(&self, clusters: &[ClusterName]) -> Vec<TaskCount> {
        let mut counts: BTreeMap<(ClusterName, String), TaskCount> = BTreeMap::new();
        for (task, _) in self.tasks.values().filter(|(task, _)| clusters.contains(&task.cluster)) {
            let (is_running, is_pending) = (task.last_status == TaskStatus::Running, is_pending(task));
            if is_running || is_pending {
                let launch_type = launch_type(&task.launch);
                let (key, cluster) = ((task.cluster.clone(), launch_type.to_string()), task.cluster.clone());
                let blank = TaskCount { cluster, launch_type, running: 0, pending: 0 };
                let count = counts.entry(key).or_insert(blank);
                count.running += u64::from(is_running);
                count.pending += u64::from(is_pending);
            }
        }
        counts.into_values().collect()
    }

    fn task_view(&self, (task, class): &(Task, Option<ClassId>)) -> TaskView {
        let host = task.host.and_then(|host| self.hosts.get(&host));
        TaskView {
            task: task.clone(),
            waiting: class.as_ref().and_then(|class| self.waiting.get(class)).cloned(),
            connectivity: host
                .map(|host| Connectivity { is_connected: host.is_connected, changed_at: host.connectivity_changed_at }),
            architecture: host.and_then(|host| host.architecture),
        }
    }

    fn host_view(&self, host: &Host) -> HostView {
        let tasks: Vec<_> = self.tasks.values().map(|(task, _)| task).filter(|task| is_on(task, host.id)).collect();
        HostView {
            host: host.clone(),
            running_tasks: tasks.iter().filter(|task| task.last_status == TaskStatus::Running).count() as u64,
            pending_tasks: tasks.iter().filter(|task| is_pending(task)).count() as u64,
            used: tasks.iter().map(|task| task.demand.resources).sum(),
            ports: tasks.iter().flat_map(|task| task.demand.ports.iter().copied()).collect(),
            groups: tasks.iter().map(|task| task.request.group.clone()).collect(),
        }
    }

    fn families(&self) -> BTreeMap<&Family, bool> {
        let mut families = BTreeMap::new();
        for definition in self.definitions.values().filter(|definition| definition.status < DefinitionStatus::Deleted) {
            *families.entry(&definition.id.family).or_default() |= definition.status == DefinitionStatus::Active;
        }
        families
    }
}

fn is_pending(task: &Task) -> bool {
    matches!(task.last_status, TaskStatus::Provisioning | TaskStatus::Pending | TaskStatus::Activating)
}

fn is_registered(host: &Host) -> bool {
    matches!(host.status, HostStatus::Active | HostStatus::Draining)
}

fn is_on(task: &Task, host: HostId) -> bool {
    task.host == Some(host) && task.last_status != TaskStatus::Stopped
}

fn passes(filter: &TaskFilter, task: &Task) -> bool {
    filter.cluster.as_ref().is_none_or(|cluster| task.cluster == *cluster)
        && task.desired_status == filter.desired_status
        && filter.family.as_ref().is_none_or(|family| *family == task.definition.family)
        && filter.started_by.as_ref().is_none_or(|by| task.request.started_by.as_ref() == Some(by))
        && filter.host.is_none_or(|host| task.host == Some(host))
        && filter.launch_type.as_ref().is_none_or(|launch| *launch == launch_type(&task.launch))
}

/// A page of keys that come in the order of the list.
fn page<K: Clone + Ord>(keys: impl Iterator<Item = K>, page: &Page<K>) -> Vec<K> {
    keys.filter(|key| page.after.as_ref().is_none_or(|after| key > after)).take(page.limit).collect()
}

impl Store for MemoryStore {
    fn load(&self) -> BoxFuture<'_, Result<Rows>> {
        Box::pin(async { Ok(self.rows()) })
    }

    fn tokens(&self, tokens: BTreeSet<TokenKey>) -> BoxFuture<'_, Result<BTreeMap<TokenKey, TokenHit>>> {
        self.read(|tables| {
            let known = |key: TokenKey| Some((key.clone(), tables.tokens.get(&key)?.clone()));
            tokens.into_iter().filter_map(known).collect()
        })
    }

    fn commit<'a>(&'a self, writes: &'a BTreeMap<Key, Row>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async {
            self.gate.acquire().await.map_err(|error| StoreError::Failed(error.into()))?.forget();
            self.write(writes)
        })
    }

    fn prune(&self, cutoff: Cutoff) -> BoxFuture<'_, Result<Pruned>> {
        let mut tables = self.tables();
        let before = (tables.tasks.len(), tables.hosts.len(), tables.tokens.len(), tables.changes.len());
        tables.tasks.retain(|_, (task, _)| task.times.stopped_at.is_none_or(|at| at >= cutoff.stopped_before));
        let named: BTreeSet<_> = tables.tasks.values().filter_map(|(task, _)| task.host).collect();
        tables.hosts.retain(|id, host| {
            let is_old = host.status == HostStatus::Gone && host.connectivity_changed_at < cutoff.stopped_before;
            !is_old || named.contains(id)
        });
        tables.tokens.retain(|_, hit| hit.created_at >= cutoff.tokens_before);
        if let Some(last) = tables.changes.keys().next_back().copied() {
            let kept = Sequence(last.0.saturating_sub(cutoff.changes_max).saturating_add(1));
            let young = tables.changes.iter().find(|(_, change)| change.at >= cutoff.changes_before);
            let before = young.map_or(last, |(sequence, _)| *sequence).max(kept).min(last);
            tables.changes = tables.changes.split_off(&before);
        }
        let pruned = Pruned {
            tasks: (before.0 - tables.tasks.len()) as u64,
            hosts: (before.1 - tables.hosts.len()) as u64,
            tokens: (before.2 - tables.tokens.len()) as u64,
            changes: (before.3 - tables.changes.len()) as u64,
        };
        Box::pin(async move { Ok(pruned) })
    }

    fn reader(self: Arc<Self>) -> Arc<dyn Reader> {
        self
    }
}

impl Reader for MemoryStore {
    fn clusters(&self, names: Vec<ClusterName>) -> BoxFuture<'_, Result<Vec<ClusterView>>> {
        self.read(|tables| {
            let all = tables.clusters.values().filter(|cluster| names.contains(&cluster.name));
            all.map(|cluster| tables.cluster_view(cluster)).collect()
        })
    }

    fn count_tasks(&self, clusters: Vec<ClusterName>) -> BoxFuture<'_, Result<Vec<TaskCount>>> {
        self.read(|tables| tables.task_counts(&clusters))
    }

    fn list_clusters(&self, wanted: Page<ClusterName>) -> BoxFuture<'_, Result<Vec<ClusterName>>> {
        self.read(|tables| {
            let active = tables.clusters.values().filter(|cluster| cluster.is_active);
            page(active.map(|cluster| cluster.name.clone()), &wanted)
        })
    }

    fn task_definition(&self, definition: DefinitionRef) -> BoxFuture<'_, Result<Option<TaskDefinition>>> {
        self.read(|tables| {
            let found = match definition {
                DefinitionRef::Exact(id) => {
                    let found = tables.definitions.get(&id);
                    found.filter(|definition| definition.status < DefinitionStatus::Deleted)
                }
                DefinitionRef::Latest(family) => {
                    let mut newest_first = tables.definitions.values().rev();
                    let is_active = |one: &&Arc<TaskDefinition>| one.status == DefinitionStatus::Active;
                    newest_first.find(|definition| definition.id.family == family && is_active(definition))
                }
            };
            found.map(|definition| TaskDefinition::clone(definition))
        })
    }

    fn list_task_definitions(
        &self,
        filter: DefinitionFilter,
        wanted: Page<DefinitionId>,
    ) -> BoxFuture<'_, Result<Vec<DefinitionId>>> {
        self.read(|tables| {
            let passes = |definition: &&Arc<TaskDefinition>| {
                let is_of_family = filter.family.as_ref().is_none_or(|family| *family == definition.id.family);
                is_of_family && definition.status == filter.status
            };
            let ids = tables.definitions.values().filter(passes).map(|definition| definition.id.clone());
            if !filter.descending {
                return page(ids, &wanted);
            }
            let mut ids: Vec<_> = ids.filter(|id| wanted.after.as_ref().is_none_or(|after| id < after)).collect();
            ids.reverse();
            ids.truncate(wanted.limit);
            ids
        })
    }

    fn list_families(&self, filter: FamilyFilter, wanted: Page<Family>) -> BoxFuture<'_, Result<Vec<Family>>> {
        self.read(|tables| {
            let passes = |(family, is_active): &(&Family, bool)| {
                let has_status = match filter.status {
                    FamilyStatus::Active => *is_active,
                    FamilyStatus::Inactive => !*is_active,
                    FamilyStatus::All => true,
                };
                has_status && family.as_str().starts_with(&filter.prefix)
            };
            page(tables.families().into_iter().filter(passes).map(|(family, _)| family.clone()), &wanted)
        })
    }

    fn capacity_providers(&self) -> BoxFuture<'_, Result<Vec<CapacityProvider>>> {
        self.read(|tables| tables.capacity_providers.values().cloned().collect())
    }

    fn account_settings(&self, principal: String) -> BoxFuture<'_, Result<Vec<AccountSetting>>> {
        self.read(|tables| {
            let rows = tables.account_settings.iter();
            let own = rows.filter(|((whose, _), _)| whose.is_empty() || *whose == principal);
            own.map(|(_, row)| row.clone()).collect()
        })
    }

    fn tasks(&self, tasks: Vec<TaskId>) -> BoxFuture<'_, Result<Vec<TaskView>>> {
        self.read(|tables| {
            let ids: BTreeSet<_> = tasks.into_iter().collect();
            ids.iter().filter_map(|id| tables.tasks.get(id)).map(|row| tables.task_view(row)).collect()
        })
    }

    fn list_tasks(&self, filter: TaskFilter, wanted: Page<TaskId>) -> BoxFuture<'_, Result<Vec<TaskId>>> {
        self.read(|tables| {
            let tasks = tables.tasks.values().map(|(task, _)| task).filter(|task| passes(&filter, task));
            page(tasks.map(|task| task.id), &wanted)
        })
    }

    fn hosts(&self, hosts: Vec<HostId>) -> BoxFuture<'_, Result<Vec<HostView>>> {
        self.read(|tables| {
            let ids: BTreeSet<_> = hosts.into_iter().collect();
            ids.iter().filter_map(|id| tables.hosts.get(id)).map(|host| tables.host_view(host)).collect()
        })
    }

    fn list_hosts(&self, filter: HostFilter, wanted: Page<HostId>) -> BoxFuture<'_, Result<Vec<HostId>>> {
        self.read(|tables| {
            let passes = |host: &&Host| host.cluster == filter.cluster && filter.statuses.contains(&host.status);
            page(tables.hosts.values().filter(passes).map(|host| host.id), &wanted)
        })
    }

    fn changes(&self, after: Sequence, filter: ChangeFilter, limit: usize) -> BoxFuture<'_, Result<ChangePage>> {
        self.read(|tables| {
            let newest = tables.changes.keys().next_back().copied().unwrap_or(Sequence::NONE);
            let oldest = tables.changes.keys().next().copied().unwrap_or(Sequence::NONE.next());
            let seen = Sequence(after.0.saturating_add(limit as u64)).min(newest).max(after);
            let passes = |change: &StateChange| {
                filter.cluster.as_ref().is_none_or(|cluster| cluster == change.cluster())
                    && filter.kind.is_none_or(|kind| kind == change.kind())
            };
            let range = tables.changes.range(after.next()..).take_while(|(sequence, _)| **sequence <= seen);
            let found = range.filter(|(_, change)| passes(change));
            ChangePage { changes: found.map(|(at, change)| (*at, change.clone())).collect(), seen, oldest, newest }
        })
    }

    fn delivered(&self, sink: Sink) -> BoxFuture<'_, Result<Option<Sequence>>> {
        self.read(|tables| tables.delivered.get(&sink).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn passes_the_contract() {
        super::super::contract::check(|| async { Arc::new(MemoryStore::default()) as Arc<dyn Store> }).await;
    }
}
