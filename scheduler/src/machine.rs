//! The machines of pools: what a plan sees and asks for, and what becomes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use berth_model::host::{
    FARGATE_CLUSTER, HOST_ID_ATTRIBUTE, Host, HostStatus, InstanceType, Origin, RuntimeStatus, is_reserved,
};
use berth_model::id::{ClusterName, HostId, ProviderName};
use berth_model::task::Capability;
use berth_model::time::Timestamp;

use crate::event::Moment;
use crate::host::new_row;
use crate::liveness::is_awaited;
use crate::placement::{Constraints, Facts};
use crate::pool::{Elsewhere, HostPlan, HostView, PlannedHost, Pool, PoolView, Presence, Reach, Taken, WaitingClass};
use crate::run_task::Ids;
use crate::state::hosts::Entry;
use crate::state::{State, Unavailable};
use crate::step::{Effect, Fact, Reply, Step};
use crate::timer::Timer;

/// How long a type rests after a machine of it was of no use, the first time: enough for a fault that passes.
const REST_MIN: Duration = Duration::from_mins(1);

/// How long it rests at most. Longer saves a few useless machines, shorter gets a repaired type back sooner.
const REST_MAX: Duration = Duration::from_mins(30);

impl State {
    /// What a plan sees of a pool. A class that no pass has looked at yet may fit on what is there, and is left out.
    pub(crate) fn view(&self, pool: &Pool) -> PoolView {
        let left = self.queue.of_pool(&pool.provider).filter(|(_, class)| class.is_left);
        let waiting = left.filter_map(|(_, class)| {
            let (oldest, _) = *class.waiting.first()?;
            let demand = class.demand.as_ref().clone();
            let reach = class.constraints.as_deref().map(|constraints| self.reach(pool, constraints));
            Some(WaitingClass { class: class.id.clone(), demand, count: class.waiting.len(), oldest, reach })
        });
        let unavailable = self.unavailable.iter().filter(|((provider, _), _)| *provider == pool.provider);
        PoolView {
            waiting: waiting.collect(),
            hosts: self.hosts_of(&pool.provider).map(|entry| self.host_view(entry)).collect(),
            unavailable: unavailable.map(|((_, name), why)| (name.clone(), why.until)).collect(),
            elsewhere: self.elsewhere(&pool.provider),
        }
    }

    /// What the hosts on a backend take together.
    fn taken(&self, backend: &ProviderName) -> Taken {
        let mut taken = Taken::default();
        self.hosts_on(backend).for_each(|entry| taken.add(entry.row.capacity));
        taken
    }

    fn elsewhere(&self, pool: &ProviderName) -> Elsewhere {
        let mut elsewhere = Elsewhere::default();
        // One pool on one backend is the rule: then nobody shares anything.
        if self.capacity_providers.is_empty() {
            return elsewhere;
        }
        let mut idle = Vec::new();
        for entry in self.hosts_on(self.backend_of(pool)) {
            let row = &entry.row;
            let Some(provider) = row.provider().filter(|provider| *provider != pool) else { continue };
            elsewhere.taken.add(row.capacity);
            match (row.status, row.idle_since) {
                (HostStatus::Terminating, _) => elsewhere.leaving.add(row.capacity),
                (HostStatus::Active, Some(since)) if self.queue.of_pool(provider).next().is_none() => {
                    idle.push((since, row.id, row.capacity));
                }
                _ => {}
            }
        }
        idle.sort_unstable();
        elsewhere.idle = idle.into_iter().map(|(_, host, capacity)| (host, capacity)).collect();
        elsewhere
    }

    /// The hosts of all pools of a backend that are not gone.
    pub(crate) fn hosts_on<'a>(&'a self, backend: &'a ProviderName) -> impl Iterator<Item = &'a Entry> {
        let is_on_it = move |entry: &&Entry| entry.row.provider().is_some_and(|own| self.backend_of(own) == backend);
        self.hosts.iter().filter(is_on_it)
    }

    /// Where constraints allow a task: on hosts that are there or coming, and on new ones.
    fn reach(&self, pool: &Pool, constraints: &Constraints) -> Reach {
        let nobody = BTreeMap::new();
        let admits = |facts: Facts<'_>| constraints.refusal(Some(facts)).is_none();
        let is_reached = |kind: &&InstanceType| {
            let host = self.expected(pool, kind);
            admits(Facts { host: &host, groups: &nobody, tasks: 0, is_coming: true })
        };
        let hosts = self.hosts_of(&pool.provider).filter(|entry| {
            // A host that is coming will be like others of its type.
            let kind = pool.catalogue.iter().find(|kind| entry.row.instance_type() == Some(&kind.name));
            match kind.filter(|_| entry.row.status < HostStatus::Active) {
                Some(kind) => is_reached(&kind),
                None => admits(entry.facts()),
            }
        });
        Reach {
            hosts: hosts.map(|entry| entry.row.id).collect(),
            types: pool.catalogue.iter().filter(is_reached).map(|kind| kind.name.clone()).collect(),
            is_distinct: constraints.is_distinct(),
        }
    }

    /// A new host of a type, as far as one can know: what its agent says of itself is taken from one that is there.
    fn expected(&self, pool: &Pool, kind: &InstanceType) -> Host {
        let Ok(cluster) = FARGATE_CLUSTER.parse::<ClusterName>() else { unreachable!("the name is a constant") };
        let mut host = requested(HostId(0), cluster, &pool.provider, kind.clone(), Timestamp::default());
        let is_alike =
            |entry: &&Entry| entry.row.status >= HostStatus::Active && entry.row.instance_type() == Some(&kind.name);
        if let Some(entry) = self.hosts_of(&pool.provider).find(is_alike) {
            let of_agent = entry.row.attributes.iter().filter(|attribute| {
                attribute.name.as_deref().is_some_and(|name| is_reserved(name) && name != HOST_ID_ATTRIBUTE)
            });
            host.attributes = of_agent.cloned().collect();
            host.version_info.clone_from(&entry.row.version_info);
        }
        host
    }

    fn host_view(&self, entry: &Entry) -> HostView {
        let row = &entry.row;
        let room = self.hosts.room(row.id);
        HostView {
            host: row.id,
            status: row.status,
            presence: match entry.session {
                Some(_) => Presence::Here,
                None if is_awaited(entry) => Presence::Awaited,
                None => Presence::AwaySince(entry.away_since.unwrap_or(row.connectivity_changed_at)),
            },
            impaired_since: row.impairment().map(|runtime| runtime.changed_at),
            instance_type: match &row.origin {
                Origin::Pool { instance_type, .. } => instance_type.clone(),
                Origin::Static(_) => String::new(),
            },
            capacity: row.capacity,
            free: room.map_or(row.capacity, crate::placement::Room::free),
            architecture: row.architecture,
            capabilities: room.map_or_else(|| Capability::ALL.into(), |room| room.capabilities().clone()),
            ports: room.map_or_else(|| row.reserved_ports.clone(), |room| room.ports().clone()),
            has_host_network: entry.host_network_tasks > 0,
            is_kept: self.hosts.fleet(&entry.domain).get(&row.id).is_some_and(|slot| slot.kept.is_some()),
            tasks: entry.tasks.len(),
            idle_since: row.idle_since,
        }
    }

    /// The hosts of a pool that are not gone.
    pub(crate) fn hosts_of<'a>(&'a self, provider: &'a ProviderName) -> impl Iterator<Item = &'a Entry> {
        self.hosts.iter().filter(move |entry| entry.row.provider() == Some(provider))
    }

    /// Turns a plan into rows and effects, as far as it still holds: limits are checked again, and a host that has got
    /// a task meanwhile stays.
    pub(crate) fn carry_out(&mut self, moment: Moment, plan: HostPlan, step: &mut Step) {
        self.needs_plan = false;
        let future = self.look_again_at.filter(|at| *at > moment.now);
        self.look_again_at = [future, plan.look_again_at].into_iter().flatten().min();
        if self.is_closing {
            return;
        }
        for host in plan.terminate {
            self.end_pool_host(host, step);
        }
        let mut ids = Ids { moment, next: 0 };
        let mut taken = BTreeMap::new();
        for planned in plan.launch {
            self.launch_host(&mut ids, &planned, &mut taken, step);
        }
        for (class, outlook) in plan.outlook {
            if let Some(key) = self.queue.key(&class) {
                if let Some(class) = self.queue.class_mut(key) {
                    class.outlook = outlook;
                }
                self.write_reason(key, step);
            }
        }
        // What the plan itself has changed needs no further plan.
        self.needs_plan = false;
    }

    fn launch_host(
        &mut self,
        ids: &mut Ids,
        planned: &PlannedHost,
        taken: &mut BTreeMap<ProviderName, Taken>,
        step: &mut Step,
    ) {
        let PlannedHost { provider, instance_type } = planned;
        let Some(pool) = self.settings.pools.iter().find(|pool| pool.provider == *provider) else { return };
        let Some(kind) = pool.catalogue.iter().find(|kind| kind.name == *instance_type).cloned() else { return };
        let backend = self.backend_of(provider).clone();
        let taken = taken.entry(backend.clone()).or_insert_with(|| self.taken(&backend));
        let is_within_quota = pool.quota.is_none_or(|quota| (taken.resources + kind.capacity).fits_in(quota));
        if taken.hosts >= pool.hosts_max || !is_within_quota {
            return;
        }
        taken.add(kind.capacity);
        let Ok(cluster) = FARGATE_CLUSTER.parse::<ClusterName>() else { return };
        let host = HostId(ids.next(|id| self.hosts.get(HostId(id)).is_none()));
        self.hosts.insert(requested(host, cluster, provider, kind, ids.moment.now), true);
        self.set_host_timer(host);
        self.tell_host_status(host, None, step);
        step.effects.push(Effect::Launch { host, provider: backend, instance_type: instance_type.clone() });
    }

    /// The backend has a machine.
    pub(crate) fn launch_succeeded(&mut self, host: HostId, now: Timestamp, step: &mut Step) -> Reply {
        if self.hosts.get(host).is_some_and(|entry| entry.row.status == HostStatus::Requested) {
            self.hosts.change(host, |row| {
                row.status = HostStatus::Launching;
                row.connectivity_changed_at = now;
            });
            self.set_host_timer(host);
            self.tell_host_status(host, Some(HostStatus::Requested), step);
            self.needs_plan = true;
        }
        Reply::Done
    }

    /// The backend has none. Should a host have registered all the same, it has.
    pub(crate) fn launch_failed(
        &mut self,
        host: HostId,
        reason: String,
        retry_at: Timestamp,
        step: &mut Step,
    ) -> Reply {
        let Some(Origin::Pool { provider, instance_type, .. }) = self.pool_origin(host) else { return Reply::Done };
        let is_pending = |status| match status {
            HostStatus::Requested | HostStatus::Launching | HostStatus::Terminating => true,
            HostStatus::Active | HostStatus::Draining | HostStatus::Gone => false,
        };
        if !self.hosts.get(host).is_some_and(|entry| is_pending(entry.row.status) && entry.tasks.is_empty()) {
            return Reply::Done;
        }
        self.set_unavailable(host, (provider, instance_type), reason, retry_at, step);
        self.forget_host(host, step);
        Reply::Done
    }

    /// A machine that has not registered, or not connected then, in time is ended.
    pub(crate) fn registration_overdue(&mut self, host: HostId, now: Timestamp, step: &mut Step) {
        let is_registered = self.hosts.get(host).is_some_and(|entry| entry.row.status == HostStatus::Active);
        let what = if is_registered { "connect" } else { "register" };
        let what = format!("did not {what} within {}", shown(self.settings.registration_within));
        self.rest_type_of(host, &what, now, step);
        self.end_pool_host(host, step);
    }

    /// A new machine is of no use. The next of its type gets its chance after a pause, twice as long each time: whatever
    /// keeps one from its work (an image, a network, an agent) may keep them all.
    pub(crate) fn rest_type_of(&mut self, host: HostId, what: &str, now: Timestamp, step: &mut Step) {
        if let Some(Origin::Pool { provider, instance_type, .. }) = self.pool_origin(host) {
            let reason = format!("a host of type {instance_type} {what}");
            let key = (provider, instance_type);
            let rounds = self.fruitless.entry(key.clone()).or_default();
            // Machines that were launched together are one failure.
            if self.unavailable.get(&key).is_none_or(|known| known.until <= now) {
                *rounds = rounds.saturating_add(1);
            }
            let pause = REST_MIN * 2_u32.saturating_pow(rounds.saturating_sub(1));
            self.set_unavailable(host, key, reason, now + pause.min(REST_MAX), step);
        }
    }

    /// If this host works, machines of its type do; and if it was for this one that the type rests, it need not any more.
    pub(crate) fn look_at_type_of(&mut self, host: HostId) {
        let Some(entry) = self.hosts.get(host) else { return };
        let can_run = entry.row.runtime.as_ref().is_some_and(|runtime| runtime.status == RuntimeStatus::Ok);
        let Some(Origin::Pool { provider, instance_type, .. }) =
            self.pool_origin(host).filter(|_| can_run && entry.session.is_some())
        else {
            return;
        };
        let key = (provider, instance_type);
        self.fruitless.remove(&key);
        if self.unavailable.get(&key).is_some_and(|known| known.host == host) {
            self.unavailable.remove(&key);
            self.queue.changed(&key.0);
            self.timers.clear(&Timer::Retry(key.0, key.1));
            self.needs_plan = true;
        }
    }

    fn set_unavailable(
        &mut self,
        host: HostId,
        key: (ProviderName, String),
        reason: String,
        retry_at: Timestamp,
        step: &mut Step,
    ) {
        let (provider, instance_type) = key.clone();
        let until = self.unavailable.get(&key).map_or(retry_at, |known| known.until.max(retry_at));
        self.unavailable.insert(key, Unavailable { until, host, reason: reason.clone() });
        self.timers.set(Timer::Retry(provider.clone(), instance_type), until);
        self.queue.changed(&provider);
        step.facts.push(Fact::LaunchFailed { host, provider, reason });
    }

    /// The machine is no more, and with it whatever ran there.
    pub(crate) fn machine_gone(&mut self, host: HostId, now: Timestamp, step: &mut Step) -> Reply {
        if self.pool_origin(host).is_some() {
            self.end_tasks_of(host, now, step);
            self.forget_host(host, step);
        }
        Reply::Done
    }

    /// Compares the backend's machines with the hosts of its pools.
    pub(crate) fn machines_listed(
        &mut self,
        provider: &ProviderName,
        machines: &BTreeSet<HostId>,
        as_of: Timestamp,
        now: Timestamp,
        step: &mut Step,
    ) -> Reply {
        let is_on_it = |entry: &Entry| entry.row.provider().is_some_and(|own| self.backend_of(own) == provider);
        let is_known = |host: &HostId| {
            let entry = self.hosts.get(*host);
            entry.is_some_and(|entry| is_on_it(entry) && entry.row.status != HostStatus::Terminating)
        };
        for host in machines.iter().filter(|host| !is_known(host)) {
            step.effects.push(Effect::Terminate { host: *host, provider: provider.clone() });
        }
        let missing = self.hosts_on(provider).filter(|entry| !machines.contains(&entry.row.id));
        let gone: Vec<HostId> =
            missing.filter(|entry| should_be_listed(entry, as_of)).map(|entry| entry.row.id).collect();
        for host in gone {
            self.machine_gone(host, now, step);
        }
        Reply::Done
    }

    /// Machines to ask for and machines to end, as their rows say.
    pub(crate) fn owe_machines(&self, step: &mut Step) {
        for entry in self.hosts.iter() {
            let host = entry.row.id;
            let Origin::Pool { provider, instance_type, .. } = &entry.row.origin else { continue };
            let (provider, instance_type) = (self.backend_of(provider).clone(), instance_type.clone());
            match entry.row.status {
                HostStatus::Requested => step.effects.push(Effect::Launch { host, provider, instance_type }),
                HostStatus::Terminating => step.effects.push(Effect::Terminate { host, provider }),
                HostStatus::Launching | HostStatus::Active | HostStatus::Draining | HostStatus::Gone => {}
            }
        }
    }

    fn pool_origin(&self, host: HostId) -> Option<Origin> {
        let origin = &self.hosts.get(host)?.row.origin;
        matches!(origin, Origin::Pool { .. }).then(|| origin.clone())
    }
}

/// The row of a host that is to be launched, with what its type promises.
fn requested(host: HostId, cluster: ClusterName, provider: &ProviderName, kind: InstanceType, now: Timestamp) -> Host {
    let origin = Origin::Pool { provider: provider.clone(), instance_type: kind.name, price: kind.price };
    Host {
        capacity: kind.capacity,
        architecture: Some(kind.architecture),
        ..new_row(host, cluster, origin, HostStatus::Requested, now)
    }
}

/// Whole minutes as `5 min`, anything else in seconds.
fn shown(duration: Duration) -> String {
    match duration.as_secs() {
        seconds if seconds > 0 && seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        seconds => format!("{seconds} s"),
    }
}

/// True if a listing that began at `as_of` would hold the host's machine, were it still there.
///
/// A connected agent is better proof of its machine than a listing: some backends list new machines late.
fn should_be_listed(entry: &Entry, as_of: Timestamp) -> bool {
    let host = &entry.row;
    match host.status {
        HostStatus::Requested => false,
        HostStatus::Launching => host.connectivity_changed_at < as_of,
        HostStatus::Active | HostStatus::Draining => {
            entry.session.is_none() && host.registered_at.is_some_and(|at| at < as_of)
        }
        HostStatus::Terminating => host.created_at < as_of,
        HostStatus::Gone => true,
    }
}

#[cfg(test)]
mod tests;
