//! All that lives, and the one way to change it: events in, steps out.
//!
//! What happens on an event is in the file of its noun ([`crate::task`], [`crate::host`], …); where tasks go is in
//! [`crate::placement`] and [`crate::pass`]. STOPPED tasks and hosts that are gone leave the state; their rows stay in
//! the store. Memory is ahead of the store until the step is committed, so a step that cannot be committed ends the
//! process.

mod changes;
mod check;
pub(crate) mod hosts;
pub(crate) mod tasks;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use berth_model::access_key::{AccessKey, AccessKeyId};
use berth_model::account_setting::{AccountSetting, SettingKey};
use berth_model::capacity_provider::CapacityProvider;
use berth_model::cluster::Cluster;
use berth_model::host::{Host, HostStatus};
use berth_model::id::{ClusterName, HostId, ProviderName, TaskId};
use berth_model::state_change::Sequence;
use berth_model::task::{Task, TaskStatus};
use berth_model::task_definition::TaskDefinition;
use berth_model::time::Timestamp;
use berth_model::unit::Resources;

use self::hosts::Hosts;
use self::tasks::Tasks;
use crate::event::{Event, Moment, Usage};
use crate::liveness::Brake;
use crate::placement::{Domain, Field};
use crate::pool::{HostPlan, Pool, PoolView};
use crate::queue::Queue;
use crate::setting::Settings;
use crate::step::{Key, Reply, Row, Step};
use crate::task_definition::Definitions;
use crate::timer::Timers;

/// All rows that the state is made of.
#[derive(Debug, Clone, Default)]
pub struct Rows {
    /// All clusters, INACTIVE ones too.
    pub clusters: Vec<Cluster>,
    /// All task definitions, INACTIVE ones too.
    pub task_definitions: Vec<Arc<TaskDefinition>>,
    /// All capacity providers that clients made, INACTIVE ones too.
    pub capacity_providers: Vec<CapacityProvider>,
    /// All account settings.
    pub account_settings: Vec<AccountSetting>,
    /// All hosts that are not gone.
    pub hosts: Vec<Host>,
    /// Hosts that registered by themselves and are gone, as long as they are remembered.
    pub retired: BTreeSet<HostId>,
    /// All tasks that are not STOPPED.
    pub tasks: Vec<Task>,
    /// All access keys.
    pub access_keys: Vec<AccessKey>,
    /// The number of the last change that was told.
    pub last_change: Sequence,
}

/// Why a type of host is not to be had for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unavailable {
    pub(crate) until: Timestamp,
    /// The host that was to be of this type.
    pub(crate) host: HostId,
    pub(crate) reason: String,
}

/// All that lives.
#[derive(Debug)]
pub struct State {
    pub(crate) settings: Settings,
    pub(crate) clusters: BTreeMap<ClusterName, Cluster>,
    pub(crate) account_settings: BTreeMap<SettingKey, String>,
    /// Those that clients made, INACTIVE ones too. Each that is not has its pool in the settings, behind the configured
    /// ones.
    pub(crate) capacity_providers: BTreeMap<ProviderName, CapacityProvider>,
    pub(crate) access_keys: BTreeMap<AccessKeyId, AccessKey>,
    pub(crate) definitions: Definitions,
    pub(crate) tasks: Tasks,
    pub(crate) hosts: Hosts,
    /// Hosts that registered by themselves and are gone: none of them comes back.
    pub(crate) retired: BTreeSet<HostId>,
    pub(crate) queue: Queue,
    pub(crate) timers: Timers,
    /// The number of the last change that was told.
    pub(crate) last_change: Sequence,
    /// Hosts that went, of which nobody is told yet.
    pub(crate) departed: Vec<Host>,
    /// Types that a recent launch failed to get.
    pub(crate) unavailable: BTreeMap<(ProviderName, String), Unavailable>,
    /// How many times in a row machines of a type were of no use.
    pub(crate) fruitless: BTreeMap<(ProviderName, String), u32>,
    /// How many hosts were declared lost of late.
    pub(crate) brakes: BTreeMap<Domain, Brake>,
    pub(crate) is_started: bool,
    pub(crate) is_closing: bool,
    /// True if a plan could have something to say.
    pub(crate) needs_plan: bool,
    /// When a plan wants to be asked again.
    pub(crate) look_again_at: Option<Timestamp>,
}

impl State {
    /// Makes the state from what is stored; a fresh installation has no rows. [`Event::Started`] comes next.
    pub fn restore(settings: Settings, rows: Rows) -> Self {
        let mut state = Self {
            settings,
            clusters: rows.clusters.into_iter().map(|cluster| (cluster.name.clone(), cluster)).collect(),
            account_settings: rows.account_settings.into_iter().map(|row| (row.key, row.value)).collect(),
            capacity_providers: BTreeMap::new(),
            access_keys: rows.access_keys.into_iter().map(|key| (key.id.clone(), key)).collect(),
            definitions: Definitions::default(),
            tasks: Tasks::default(),
            hosts: Hosts::default(),
            retired: rows.retired,
            queue: Queue::default(),
            timers: Timers::default(),
            last_change: rows.last_change,
            departed: Vec::new(),
            unavailable: BTreeMap::new(),
            fruitless: BTreeMap::new(),
            brakes: BTreeMap::new(),
            is_started: false,
            is_closing: false,
            needs_plan: true,
            look_again_at: None,
        };
        rows.capacity_providers.into_iter().for_each(|provider| state.restore_provider(provider));
        for definition in rows.task_definitions {
            state.set_definition_timer(&definition);
            state.definitions.insert(definition);
        }
        let mut placed: BTreeMap<HostId, Vec<Task>> = BTreeMap::new();
        for task in rows.tasks.into_iter().filter(|task| task.last_status != TaskStatus::Stopped) {
            if let Some(host) = task.host {
                placed.entry(host).or_default().push(task.clone());
            } else {
                state.wait(&task);
            }
            state.tasks.insert(task, false);
        }
        for host in rows.hosts.into_iter().filter(|host| host.status != HostStatus::Gone) {
            let id = host.id;
            state.hosts.insert(host, false);
            state.hosts.settle(id, placed.remove(&id).unwrap_or_default().iter());
            state.set_host_timer(id);
        }
        state
    }

    /// Lets an event happen. `step` gets what follows; several events may share one step.
    pub fn apply(&mut self, moment: Moment, event: Event, step: &mut Step) -> Reply {
        let now = moment.now;
        let reply = match event {
            Event::Started => self.start(now, step),
            Event::Tick => self.tick(now, step),
            Event::Closing => self.close(now, step),
            Event::Delivered { sink, sequence } => {
                step.writes.insert(Key::Delivered(sink), Row::Delivered(sequence));
                Reply::Done
            }
            Event::CreateCluster { name, tags, options, by } => {
                self.create_cluster(name, tags, *options, by, now, step)
            }
            Event::UpdateCluster { name, options } => self.update_cluster(&name, *options, step),
            Event::CreateCapacityProvider(request) => self.create_capacity_provider(*request, now, step),
            Event::UpdateCapacityProvider { name, cluster, change } => {
                self.update_capacity_provider(&name, cluster.as_ref(), *change, step)
            }
            Event::DeleteCapacityProvider { name, cluster } => {
                self.delete_capacity_provider(&name, cluster.as_ref(), step)
            }
            Event::DeleteCluster { name } => self.delete_cluster(&name, now, step),
            Event::RegisterTaskDefinition { family, request, by } => {
                self.register_task_definition(family, *request, by, now, step)
            }
            Event::DeleteTaskDefinitions { definitions } => self.delete_task_definitions(definitions, now, step),
            Event::DeregisterTaskDefinition { definition } => self.deregister_task_definition(&definition, now, step),
            Event::RunTask(request) => self.run_task(moment, *request, step),
            Event::StartTask(request) => self.start_task(moment, &request, step),
            Event::ChangeTags { resource, change } => self.change_tags(&resource, &change, step),
            Event::PutAccountSetting { key, value } => self.put_account_setting(key, value, step),
            Event::DeleteAccountSetting { key } => self.delete_account_setting(&key, step),
            Event::ContainerReport { task, change, by } => self.report_container(task, &change, by),
            Event::StopTask { cluster, task, reason } => self.stop_task(&cluster, task, reason, now, step),
            Event::PutAccessKey(new) => self.put_access_key(*new, now, step),
            Event::DeleteAccessKey { id, user } => self.delete_access_key(&id, user.as_ref(), step),
            Event::RegisterHost(request) => self.register_host(moment, *request, step),
            Event::SessionOpened { host, session, version_info } => {
                self.open_session(host, session, version_info, now, step)
            }
            Event::SessionClosed { host, session } => self.close_session(host, session, now, step),
            Event::TaskAcknowledged { host, task } => self.acknowledge(host, task),
            Event::TaskUnpreparable { host, task, reason } => self.unpreparable(host, task, &reason, now, step),
            Event::StopCandidates { host, session, message_id, tasks } => {
                self.verify_stop(host, session, message_id, &tasks, step)
            }
            Event::TaskReport(report) => self.report(&report, now, step),
            Event::HealthReport { host, tasks } => self.report_health(host, tasks),
            Event::RuntimeReport { host, status, reason } => {
                self.report_runtime(host, status, reason.as_deref(), now, step)
            }
            Event::UsageReport { host, used } => self.report_usage(host, used),
            Event::SetDraining { cluster, hosts, is_draining } => {
                self.set_draining(&cluster, &hosts, is_draining, step)
            }
            Event::DeregisterHost { cluster, host, is_forced } => {
                self.deregister_host(&cluster, host, is_forced, now, step)
            }
            Event::ChangeAttributes { cluster, change } => self.change_attributes(&cluster, &change),
            Event::LaunchSucceeded { host } => self.launch_succeeded(host, now, step),
            Event::LaunchFailed { host, reason, retry_at } => self.launch_failed(host, reason, retry_at, step),
            Event::MachineGone { host } => self.machine_gone(host, now, step),
            Event::MachinesListed { provider, hosts, as_of } => {
                self.machines_listed(&provider, &hosts, as_of, now, step)
            }
        };
        self.flush(now, step);
        reply
    }

    /// One placement pass over the waiting classes that something changed for, within the bounds of the settings.
    pub fn place(&mut self, moment: Moment, step: &mut Step) {
        if !self.is_closing {
            self.pass(moment, step);
        }
        self.flush(moment.now, step);
    }

    /// Each pool, and what a plan sees of it.
    pub fn pools(&self) -> impl Iterator<Item = (&Pool, PoolView)> {
        self.settings.pools.iter().map(|pool| (pool, self.view(pool)))
    }

    /// The `n`th pool, and what a plan sees of it.
    pub fn pool(&self, n: usize) -> Option<(&Pool, PoolView)> {
        self.settings.pools.get(n).map(|pool| (pool, self.view(pool)))
    }

    /// The pools that have a backend of their own.
    pub fn backends(&self) -> impl Iterator<Item = &ProviderName> {
        let pools = self.settings.pools.iter().map(|pool| &pool.provider);
        pools.filter(|provider| !self.is_derived(provider))
    }

    /// Takes a pool's plan into the step: rows first, so that no machine is asked for that nobody remembers.
    pub fn apply_plan(&mut self, moment: Moment, plan: HostPlan, step: &mut Step) {
        self.carry_out(moment, plan, step);
        self.flush(moment.now, step);
    }

    /// Adds everything that is due again: orders without an answer, machines to launch and to end. To be called after a
    /// start and about once a minute, since any effect may get lost.
    pub fn owed(&mut self, now: Timestamp, step: &mut Step) {
        self.owe_orders(now, step);
        self.owe_machines(step);
        self.flush(now, step);
    }

    /// The earliest moment at which [`Event::Tick`] would change something.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let look_again = self.look_again_at.filter(|_| !self.is_closing);
        [self.timers.next(), look_again].into_iter().flatten().min()
    }

    /// True if a bounded pass has left classes unvisited: another turn should follow at once.
    pub fn has_work_left(&self) -> bool {
        !self.is_closing && self.queue.has_work()
    }

    /// True if something has happened since the last plan that a plan could answer to.
    pub fn needs_plan(&self) -> bool {
        self.needs_plan && !self.is_closing
    }

    /// Compares everything that is kept twice for speed, and every rule that must always hold. Costs a look at
    /// everything; for tests and simulations.
    ///
    /// # Errors
    /// What does not agree.
    pub fn check(&self) -> Result<(), String> {
        self.check_all()
    }

    /// The rows that [`State::restore`] would make this state from.
    pub fn rows(&self) -> Rows {
        let account_settings = self.account_settings.iter();
        let account_settings =
            account_settings.map(|(key, value)| AccountSetting { key: key.clone(), value: value.clone() });
        Rows {
            clusters: self.clusters.values().cloned().collect(),
            task_definitions: self.definitions.iter().cloned().collect(),
            capacity_providers: self.capacity_providers.values().cloned().collect(),
            account_settings: account_settings.collect(),
            hosts: self.hosts.iter().map(|entry| entry.row.clone()).collect(),
            retired: self.retired.clone(),
            tasks: self.tasks.iter().map(|task| Task::clone(task)).collect(),
            access_keys: self.access_keys.values().cloned().collect(),
            last_change: self.last_change,
        }
    }

    /// The number of the last change that was told.
    pub fn last_change(&self) -> Sequence {
        self.last_change
    }

    /// A task that is not STOPPED.
    pub fn task(&self, task: TaskId) -> Option<&Arc<Task>> {
        self.tasks.get(task)
    }

    /// A host that is not gone.
    pub fn host(&self, host: HostId) -> Option<&Host> {
        Some(&self.hosts.get(host)?.row)
    }

    /// How many tasks and hosts there are, for metrics.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts { tasks: self.tasks.index().by_status.clone(), ..Default::default() };
        for entry in self.hosts.iter() {
            let provider = entry.row.provider().cloned();
            *counts.hosts.entry((entry.row.status, provider.clone())).or_default() += 1;
            if entry.row.impairment().is_some() {
                *counts.impaired.entry(provider.clone()).or_default() += 1;
            }
            let share = counts.resources.entry(provider).or_default();
            if let Some(room) = self.hosts.room(entry.row.id) {
                share.allocated += room.used();
                share.total += room.capacity();
                let Usage { cpu, memory } = entry.used.unwrap_or_default();
                share.used += Resources { cpu, memory, ..Resources::ZERO };
            }
        }
        counts
    }

    /// The hosts of a domain, for a search.
    pub(crate) fn field(&self, domain: &Domain) -> Field<'_> {
        Field { fleet: self.hosts.fleet(domain), keeps: self.queue.keeps(), known: &self.hosts }
    }

    /// Writes every row that changed, and tells of what clients can see.
    fn flush(&mut self, now: Timestamp, step: &mut Step) {
        let (mut hosts, mut tasks) = (Vec::new(), Vec::new());
        for (host, is_told) in self.hosts.take_changed() {
            step.writes.insert(Key::Host(host.id), Row::Host(Box::new(host.clone())));
            hosts.extend(is_told.then_some(host.id));
        }
        for (task, is_told) in self.tasks.take_changed() {
            let class = self.queue.class_of(task.id).map(|class| class.id.clone());
            step.writes.insert(Key::Task(task.id), Row::Task(Box::new(Task::clone(task)), class));
            tasks.extend(is_told.then(|| Arc::clone(task)));
        }
        for host in hosts {
            self.tell_host(host, now, step);
        }
        for host in std::mem::take(&mut self.departed) {
            self.tell_host_gone(host, now, step);
        }
        for task in tasks {
            self.tell_task(task, now, step);
        }
    }
}

/// How many there are of what, for metrics.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    /// Tasks that are not STOPPED, by status. A status without tasks is left out.
    pub tasks: BTreeMap<TaskStatus, usize>,
    /// Hosts that are not gone, by status and pool (`None`: static hosts).
    pub hosts: BTreeMap<(HostStatus, Option<ProviderName>), usize>,
    /// What registered hosts have, by pool (`None`: static hosts).
    pub resources: BTreeMap<Option<ProviderName>, Share>,
    /// Hosts that cannot run containers, by pool (`None`: static hosts).
    pub impaired: BTreeMap<Option<ProviderName>, usize>,
}

/// How much of something is in use.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Share {
    /// Taken by tasks.
    pub allocated: Resources,
    /// Really used by tasks, as far as agents tell it.
    pub used: Resources,
    /// All there is.
    pub total: Resources,
}
