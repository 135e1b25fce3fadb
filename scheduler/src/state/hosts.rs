//! The hosts that are not gone, and the fleets that placement searches.

use std::collections::{BTreeMap, BTreeSet};

use berth_model::ecs;
use berth_model::host::{Host, HostStatus, Origin, RuntimeHealth};
use berth_model::id::{HostId, SessionId, TaskId};
use berth_model::task::{Group, Task};
use berth_model::time::Timestamp;

use crate::event::Usage;
use crate::gpu;
use crate::placement::{Availability, Domain, Facts, Fleet, Known, Room, Slot};

/// A host and what is known of it only while this process lives.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) row: Host,
    /// Its session, if it has one.
    pub(crate) session: Option<SessionId>,
    /// Since when a registered host has had none, as far as this process knows. Clients see it as disconnected only after
    /// a while.
    pub(crate) away_since: Option<Timestamp>,
    /// Since when it has its session.
    pub(crate) session_since: Timestamp,
    /// What its tasks use, as told last.
    pub(crate) used: Option<Usage>,
    /// The tasks placed on it.
    pub(crate) tasks: BTreeSet<TaskId>,
    /// How many of them are of which group.
    groups: BTreeMap<Group, usize>,
    pub(crate) domain: Domain,
    /// How many of them use the host's own network.
    pub(crate) host_network_tasks: usize,
    /// True if it came back smaller than what its tasks take. Only then may they take more than it has.
    is_shrunk: bool,
}

impl Entry {
    /// What is known of the host beyond its room.
    pub(crate) fn facts(&self) -> Facts<'_> {
        // A host that is away is turned away for that, and else taken for what it will be: one that has registered and not
        // connected yet would seem of no use to whoever asks for connected ones, and be ended over and over again.
        let is_coming = self.row.status < HostStatus::Active || self.session.is_none();
        Facts { host: &self.row, groups: &self.groups, tasks: self.tasks.len(), is_coming }
    }

    fn leave_group(&mut self, task: &Task) {
        let group = task.group();
        if let Some(count) = self.groups.get_mut(&group) {
            *count -= 1;
            if *count == 0 {
                self.groups.remove(&group);
            }
        }
    }
}

impl Known for Hosts {
    fn facts(&self, host: HostId) -> Option<Facts<'_>> {
        self.entries.get(&host).map(Entry::facts)
    }
}

/// Hosts on one machine.
#[derive(Debug, Default, PartialEq, Eq)]
struct Machine {
    hosts: BTreeSet<HostId>,
    /// Tasks that use its network.
    tasks: BTreeSet<TaskId>,
}

/// All hosts that are not gone.
#[derive(Debug, Default)]
pub(crate) struct Hosts {
    entries: BTreeMap<HostId, Entry>,
    fleets: BTreeMap<Domain, Fleet>,
    machines: BTreeMap<String, Machine>,
    /// Those that are not as they were last written, and whether clients are told.
    changed: BTreeMap<HostId, bool>,
    /// What an empty domain answers.
    nobody: Fleet,
}

impl Hosts {
    pub(crate) fn get(&self, host: HostId) -> Option<&Entry> {
        self.entries.get(&host)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.values()
    }

    /// The registered hosts of a domain.
    pub(crate) fn fleet(&self, domain: &Domain) -> &Fleet {
        self.fleets.get(domain).unwrap_or(&self.nobody)
    }

    pub(crate) fn room(&self, host: HostId) -> Option<&Room> {
        let entry = self.entries.get(&host)?;
        Some(&self.fleets.get(&entry.domain)?.get(&host)?.room)
    }

    /// Adds a host without tasks, written already or (`is_new`) to be written.
    pub(crate) fn insert(&mut self, row: Host, is_new: bool) {
        let id = row.id;
        let row_is_told = row.registered_at.is_some();
        let domain = match &row.origin {
            Origin::Pool { provider, .. } => Domain::Pool(provider.clone()),
            Origin::Static(kind) => Domain::Static(row.cluster.clone(), *kind),
        };
        self.entries.insert(
            id,
            Entry {
                row,
                session: None,
                away_since: None,
                session_since: Timestamp::default(),
                used: None,
                tasks: BTreeSet::new(),
                groups: BTreeMap::new(),
                domain,
                host_network_tasks: 0,
                is_shrunk: false,
            },
        );
        if is_new {
            self.changed.insert(id, row_is_told);
        }
        self.settle(id, std::iter::empty());
    }

    /// Changes what a client can see of a host. Its version grows once for all changes of one step.
    pub(crate) fn change(&mut self, host: HostId, f: impl FnOnce(&mut Host)) {
        if let Some(entry) = self.entries.get_mut(&host) {
            let is_told = self.changed.entry(host).or_insert_with(|| {
                entry.row.version += 1;
                false
            });
            let before = told(&entry.row);
            f(&mut entry.row);
            *is_told |= told(&entry.row) != before;
            self.refresh(host);
        }
    }

    /// Gives a host its session, or takes note that it has none since `now` at the latest.
    pub(crate) fn set_session(&mut self, host: HostId, session: Option<SessionId>, now: Timestamp) {
        if let Some(entry) = self.entries.get_mut(&host) {
            entry.session = session;
            entry.session_since = now;
            let is_registered = matches!(entry.row.status, HostStatus::Active | HostStatus::Draining);
            let is_away = session.is_none() && is_registered;
            entry.away_since = is_away.then(|| entry.away_since.unwrap_or(now));
            self.refresh(host);
        }
    }

    /// Begins to count anew how long a host has been away.
    pub(crate) fn forget_session(&mut self, host: HostId, now: Timestamp) {
        if let Some(entry) = self.entries.get_mut(&host) {
            entry.away_since = None;
            self.set_session(host, None, now);
        }
    }

    pub(crate) fn set_used(&mut self, host: HostId, used: Option<Usage>) {
        if let Some(entry) = self.entries.get_mut(&host) {
            entry.used = used;
        }
    }

    /// The next sequence number for the host's agent: above every one before, on whatever server's clock.
    pub(crate) fn next_sequence(&mut self, host: HostId, now: Timestamp) -> i64 {
        let Some(entry) = self.entries.get_mut(&host) else { return now.0 };
        entry.row.sequence = now.0.max(entry.row.sequence.saturating_add(1));
        self.changed.entry(host).or_default();
        entry.row.sequence
    }

    /// Gives a task its place.
    pub(crate) fn take(&mut self, host: HostId, task: &Task) {
        let Some(entry) = self.entries.get_mut(&host) else { return };
        if !entry.tasks.insert(task.id) {
            return;
        }
        self.changed.entry(host).or_insert_with(|| {
            entry.row.version += 1;
            false
        });
        entry.row.idle_since = None;
        gpu::take(&mut entry.row.gpus, task);
        *entry.groups.entry(task.group()).or_default() += 1;
        entry.host_network_tasks += usize::from(task.demand.host_network);
        if let Some(slot) = self.fleets.get_mut(&entry.domain).and_then(|fleet| fleet.get_mut(&host)) {
            slot.room.take(&task.demand);
        }
        if task.demand.host_network
            && let Some(machine) = entry.row.machine.clone()
        {
            self.machines.entry(machine.clone()).or_default().tasks.insert(task.id);
            self.tell_machine(&machine);
        }
    }

    /// Takes a task's place back. Says which domains have more room now.
    pub(crate) fn give_back(&mut self, host: HostId, task: &Task, now: Timestamp) -> BTreeSet<Domain> {
        let Some(entry) = self.entries.get_mut(&host) else { return BTreeSet::new() };
        if !entry.tasks.remove(&task.id) {
            return BTreeSet::new();
        }
        self.changed.entry(host).or_insert_with(|| {
            entry.row.version += 1;
            false
        });
        if entry.tasks.is_empty() {
            entry.row.idle_since = Some(now);
        }
        entry.leave_group(task);
        gpu::give_back(&mut entry.row.gpus, task);
        entry.host_network_tasks -= usize::from(task.demand.host_network);
        if let Some(slot) = self.fleets.get_mut(&entry.domain).and_then(|fleet| fleet.get_mut(&host)) {
            slot.room.give_back(&task.demand, &entry.row.reserved_ports);
            entry.is_shrunk &= !slot.room.used().fits_in(slot.room.capacity());
        }
        let mut freed = BTreeSet::from([entry.domain.clone()]);
        if task.demand.host_network
            && let Some(name) = entry.row.machine.clone()
            && let Some(machine) = self.machines.get_mut(&name)
        {
            machine.tasks.remove(&task.id);
            freed.extend(machine.hosts.iter().filter_map(|host| Some(self.entries.get(host)?.domain.clone())));
            self.tell_machine(&name);
        }
        freed
    }

    /// Takes a host out. Its tasks must be gone before.
    pub(crate) fn remove(&mut self, host: HostId) -> Option<Host> {
        let entry = self.entries.remove(&host)?;
        self.changed.remove(&host);
        if let Some(fleet) = self.fleets.get_mut(&entry.domain) {
            fleet.remove(&host);
            if fleet.is_empty() {
                self.fleets.remove(&entry.domain);
            }
        }
        if let Some(name) = &entry.row.machine {
            self.leave_machine(host, name);
        }
        Some(entry.row)
    }

    /// Makes the host's room anew from its row and its tasks, after either has changed from outside.
    pub(crate) fn settle<'a>(&mut self, host: HostId, tasks: impl Iterator<Item = &'a Task>) {
        let Some(entry) = self.entries.get_mut(&host) else { return };
        let mut room = Room::of_host(&entry.row);
        let machine = entry.row.machine.clone();
        entry.host_network_tasks = 0;
        entry.groups.clear();
        entry.row.gpus.values_mut().for_each(|holder| *holder = None);
        for task in tasks {
            entry.tasks.insert(task.id);
            gpu::take(&mut entry.row.gpus, task);
            *entry.groups.entry(task.group()).or_default() += 1;
            entry.host_network_tasks += usize::from(task.demand.host_network);
            room.take(&task.demand);
            if task.demand.host_network
                && let Some(machine) = &machine
            {
                self.machines.entry(machine.clone()).or_default().tasks.insert(task.id);
            }
        }
        entry.is_shrunk = !room.used().fits_in(room.capacity());
        let fleet = self.fleets.entry(entry.domain.clone()).or_default();
        match fleet.get_mut(&host) {
            Some(slot) => slot.room = room,
            None => drop(fleet.insert(host, Slot { room, availability: Availability::Disconnected, kept: None })),
        }
        if let Some(machine) = machine {
            self.machines.entry(machine.clone()).or_default().hosts.insert(host);
            self.tell_machine(&machine);
        }
        self.refresh(host);
    }

    /// Takes a host and its tasks off the machine it was on.
    pub(crate) fn leave_machine(&mut self, host: HostId, name: &str) {
        let Some(machine) = self.machines.get_mut(name) else { return };
        machine.hosts.remove(&host);
        if machine.hosts.is_empty() {
            self.machines.remove(name);
            return;
        }
        if let Some(entry) = self.entries.get(&host) {
            machine.tasks.retain(|task| !entry.tasks.contains(task));
            self.tell_machine(name);
        }
    }

    /// Keeps a host for a class, or lets it go.
    pub(crate) fn set_kept(&mut self, host: HostId, kept: Option<crate::queue::ClassKey>) {
        if let Some(entry) = self.entries.get(&host)
            && let Some(slot) = self.fleets.get_mut(&entry.domain).and_then(|fleet| fleet.get_mut(&host))
        {
            slot.kept = kept;
        }
    }

    /// The hosts that changed since the last time, and whether clients are told.
    pub(crate) fn take_changed(&mut self) -> impl Iterator<Item = (&Host, bool)> {
        let changed = std::mem::take(&mut self.changed);
        changed.into_iter().filter_map(|(host, is_told)| Some((&self.entries.get(&host)?.row, is_told)))
    }

    /// Brings a host's place in its fleet up to its row: only registered hosts that live have one.
    fn refresh(&mut self, host: HostId) {
        let Some(entry) = self.entries.get(&host) else { return };
        let availability = match entry.row.status {
            HostStatus::Active if entry.session.is_none() => Availability::Disconnected,
            HostStatus::Active if entry.row.impairment().is_some() => Availability::Impaired,
            HostStatus::Active => Availability::Ready,
            HostStatus::Draining => Availability::Draining,
            HostStatus::Requested | HostStatus::Launching | HostStatus::Terminating | HostStatus::Gone => {
                if let Some(fleet) = self.fleets.get_mut(&entry.domain) {
                    fleet.remove(&host);
                    if fleet.is_empty() {
                        self.fleets.remove(&entry.domain);
                    }
                }
                return;
            }
        };
        if let Some(slot) = self.fleets.get_mut(&entry.domain).and_then(|fleet| fleet.get_mut(&host)) {
            slot.availability = availability;
        }
    }

    /// Tells the rooms on a machine whether its network is taken.
    fn tell_machine(&mut self, name: &str) {
        let Some(machine) = self.machines.get(name) else { return };
        for host in &machine.hosts {
            if let Some(entry) = self.entries.get(host)
                && let Some(slot) = self.fleets.get_mut(&entry.domain).and_then(|fleet| fleet.get_mut(host))
            {
                slot.room.set_host_network_taken(!machine.tasks.is_empty());
            }
        }
    }

    /// Compares fleets and machines with the hosts and `tasks`, all that are placed.
    pub(crate) fn check<'a>(&self, tasks: impl Iterator<Item = &'a Task>) -> Result<(), String> {
        let mut fresh = Self::default();
        for entry in self.entries.values() {
            fresh.insert(entry.row.clone(), false);
            fresh.set_session(entry.row.id, entry.session, entry.away_since.unwrap_or_default());
        }
        for task in tasks {
            let Some(host) = task.host else { continue };
            if fresh.get(host).is_none() {
                return Err(format!("task {} is on host {host}, which is gone", task.id));
            }
            fresh.take(host, task);
        }
        for (id, entry) in &self.entries {
            let tasks = &fresh.entries[id].tasks;
            if *tasks != entry.tasks {
                return Err(format!("host {id} has tasks {tasks:?}, not {:?}", entry.tasks));
            }
            let groups = &fresh.entries[id].groups;
            if *groups != entry.groups {
                return Err(format!("host {id} has tasks of {groups:?}, not {:?}", entry.groups));
            }
            let gpus = &fresh.entries[id].row.gpus;
            if *gpus != entry.row.gpus {
                return Err(format!("host {id} has its GPUs at {gpus:?}, not {:?}", entry.row.gpus));
            }
            let is_over = self.room(*id).is_some_and(|room| !room.used().fits_in(room.capacity()));
            if is_over && !entry.is_shrunk {
                return Err(format!("host {id} has given away more than it has"));
            }
            if entry.tasks.is_empty() != entry.row.idle_since.is_some() {
                return Err(format!("host {id} with {} tasks is idle since {:?}", tasks.len(), entry.row.idle_since));
            }
        }
        for fleet in fresh.fleets.values_mut() {
            for (host, slot) in fleet {
                let now = self.entries.get(host).and_then(|entry| self.fleets.get(&entry.domain)?.get(host));
                slot.kept = now.and_then(|slot| slot.kept);
                if Some(&*slot) != now {
                    return Err(format!("host {host} has {slot:?}, not {now:?}"));
                }
            }
        }
        if fresh.fleets.values().map(Fleet::len).sum::<usize>() != self.fleets.values().map(Fleet::len).sum::<usize>() {
            return Err("a host is in a fleet that it does not belong to".to_owned());
        }
        if fresh.machines != self.machines {
            return Err(format!("the machines are {:?}, not {:?}", self.machines, fresh.machines));
        }
        if self.changed.is_empty() { Ok(()) } else { Err(format!("not written: {:?}", self.changed)) }
    }
}

/// What clients are told of when it changes; nothing before the host has registered.
fn told(host: &Host) -> Option<(HostStatus, bool, Option<ecs::VersionInfo>, Option<RuntimeHealth>)> {
    host.registered_at?;
    Some((host.status, host.is_connected, host.version_info.clone(), host.runtime.clone()))
}
