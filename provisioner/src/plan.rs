//! Which hosts a pool should launch and which should leave: pure, and the same answer for the same question.
//!
//! Waiting tasks are first given, only in thought, to the hosts that are there or coming ([`room`]); what is left is
//! bought the cheapest hosts that hold it together ([`grow`]), within the pool's limits. Hosts that stay idle leave. Asked
//! again after its answer was carried out, the plan asks for nothing more; in a steady state nothing moves.
//!
//! It must not decide where a task really goes (the scheduler does) nor when to ask (the engine does).

mod grow;
mod outlook;
mod price;
mod room;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;
use std::time::Duration;

use berth_model::host::{HostStatus, InstanceType};
use berth_model::id::HostId;
use berth_model::task::Demand;
use berth_model::time::Timestamp;
use berth_model::unit::Resources;
use berth_scheduler::pool::{HostPlan, HostView, PlannedHost, Pool, PoolView, WaitingClass};

use self::grow::Growth;
use self::price::Prices;
use self::room::Room;

/// Most demand classes a plan looks at, those that wait longest first. Its work grows with classes times hosts; more
/// would cost milliseconds that every turn pays, fewer would leave more kinds of task out of a joint purchase.
const CLASSES_MAX: usize = 256;

/// Most hosts one plan launches. Bounds the turn's commit and the burst at the backend; the next plan goes on.
const LAUNCHES_MAX: usize = 64;

/// How long a host whose agent is away is still counted on. An agent that restarts is back in a few seconds, and a host
/// bought in that time would stand idle; much longer would make tasks wait for a host that is lost.
const RETURN_GRACE: Duration = Duration::from_secs(30);

/// Most rounds of letting idle hosts go and planning again without them. More than two are rare: hosts that nothing
/// needs are seldom missed.
const DISMISSALS_MAX: usize = 4;

/// Decides what `pool` should do at `now`, seeing `view` of it.
pub fn plan(pool: &Pool, view: &PoolView, now: Timestamp) -> HostPlan {
    let mut question = Question::new(pool, view, now);
    let mut growth = grow::grow(&question);
    for _ in 0..DISMISSALS_MAX {
        if !question.dismiss_idle(&growth) {
            break;
        }
        growth = grow::grow(&question);
    }
    let next = [question.next_idle(&growth), question.next_return(), question.next_retry(&growth)];
    HostPlan {
        launch: growth.planned.iter().map(|&kind| question.planned_host(kind)).collect(),
        terminate: question.leaving.union(&growth.make_room).copied().collect(),
        outlook: outlook::outlook(&question, &growth),
        look_again_at: next.into_iter().flatten().min(),
    }
}

/// What the plan is made from.
#[derive(Debug)]
struct Question<'a> {
    pool: &'a Pool,
    view: &'a PoolView,
    now: Timestamp,
    /// The classes looked at, in the order they wait.
    classes: Vec<Class<'a>>,
    /// The types that may be launched now, by price and name.
    types: Vec<&'a InstanceType>,
    /// What hosts that are there or coming leave, in an order that does not depend on their ids.
    rooms: Vec<Room<'a>>,
    /// Hosts that have been idle for long enough and that no waiting task is for.
    leaving: BTreeSet<HostId>,
    prices: Prices,
    limits: Limits,
}

/// A waiting class, and how many of its tasks more hosts could help.
#[derive(Debug)]
struct Class<'a> {
    waiting: &'a WaitingClass,
    demand: &'a Demand,
    wanted: usize,
    /// What one task is worth; not 0.
    value: u128,
    /// True if a host could be launched for it, were there no others.
    is_servable: bool,
}

/// What the pool has, and what it may have at most. It can have more already: a setting may have been lowered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Limits {
    hosts: usize,
    hosts_max: usize,
    resources: Resources,
    quota: Option<Resources>,
}

impl Limits {
    /// Every host counts until it is gone, also one that is being ended.
    fn of(pool: &Pool, view: &PoolView) -> Self {
        let live = || view.hosts.iter().filter(|host| host.status != HostStatus::Gone);
        Self {
            hosts: live().count(),
            hosts_max: pool.hosts_max,
            resources: live().map(|host| host.capacity).sum(),
            quota: pool.quota,
        }
    }

    /// The limits with one more host of this capacity, or `None` if they do not allow it.
    fn with(self, capacity: Resources) -> Option<Self> {
        let more = self.keeping(capacity);
        let is_allowed = more.hosts <= more.hosts_max && more.quota.is_none_or(|quota| more.resources.fits_in(quota));
        is_allowed.then_some(more)
    }

    /// The limits for all others while room is kept for a host of this capacity.
    fn keeping(self, capacity: Resources) -> Self {
        Self { hosts: self.hosts + 1, resources: self.resources + capacity, ..self }
    }

    /// The limits once a host of this capacity is gone.
    fn without(self, capacity: Resources) -> Self {
        Self { hosts: self.hosts.saturating_sub(1), resources: self.resources.saturating_sub(capacity), ..self }
    }

    /// True if not even the smallest host may be added.
    fn is_hosts_max_reached(self) -> bool {
        self.hosts >= self.hosts_max
    }
}

impl<'a> Question<'a> {
    fn new(pool: &'a Pool, view: &'a PoolView, now: Timestamp) -> Self {
        let prices = Prices::of(&pool.catalogue);
        let is_unavailable =
            |kind: &InstanceType| view.unavailable.iter().any(|(name, until)| *name == kind.name && *until > now);
        let mut types: Vec<&InstanceType> = pool.catalogue.iter().filter(|kind| !is_unavailable(kind)).collect();
        types.sort_by(|a, b| (a.price, &a.name).cmp(&(b.price, &b.name)));
        let mut rooms: Vec<Room<'a>> = view
            .hosts
            .iter()
            .filter_map(|host| Some(Room::of_host(pool, &prices, host, Self::tier(host, now)?)))
            .collect();
        rooms.sort_by(|a, b| a.order().cmp(&b.order()));
        Self {
            pool,
            view,
            now,
            classes: classes(pool, view, &types, &prices),
            types,
            rooms,
            leaving: BTreeSet::new(),
            prices,
            limits: Limits::of(pool, view),
        }
    }

    /// An empty host of the type with this number.
    fn empty(&self, number: usize) -> Room<'a> {
        Room::of_type(self.pool, &self.prices, number, self.types[number])
    }

    fn can_hold(&self, kind: &InstanceType, demand: &Demand) -> bool {
        can_hold(self.pool, &self.prices, kind, demand)
    }

    /// When a waiting task can be on the host: now, later, or (`None`) it is not counted on.
    fn tier(host: &HostView, now: Timestamp) -> Option<room::Tier> {
        match host.status {
            HostStatus::Requested | HostStatus::Launching => Some(room::Tier::Coming),
            // Those it is kept for do not fit yet, and nobody else is let in.
            HostStatus::Active if host.is_kept => None,
            HostStatus::Active if host.is_connected => Some(room::Tier::Ready),
            HostStatus::Active if now < host.connectivity_changed_at + RETURN_GRACE => Some(room::Tier::Away),
            HostStatus::Active | HostStatus::Draining | HostStatus::Terminating | HostStatus::Gone => None,
        }
    }

    fn planned_host(&self, number: usize) -> PlannedHost {
        PlannedHost { provider: self.pool.provider.clone(), instance_type: self.types[number].name.clone() }
    }

    /// Lets those hosts go whose time is up and that nothing that waits is for. True if there were any.
    fn dismiss_idle(&mut self, growth: &Growth<'_>) -> bool {
        let needed: BTreeSet<HostId> = growth.used_hosts().collect();
        let idle = self.view.hosts.iter().filter(|host| due(self.pool, host).is_some_and(|due| due <= self.now));
        let leaving: BTreeSet<HostId> = idle.map(|host| host.host).filter(|host| !needed.contains(host)).collect();
        let more = !leaving.is_subset(&self.leaving);
        self.leaving.extend(leaving);
        let Self { rooms, leaving, .. } = self;
        rooms.retain(|room| room.host().is_none_or(|host| !leaving.contains(&host)));
        more
    }

    /// When the next idle host's time is up.
    fn next_idle(&self, growth: &Growth<'_>) -> Option<Timestamp> {
        let staying = self.view.hosts.iter().filter(|host| !growth.make_room.contains(&host.host));
        staying.filter_map(|host| due(self.pool, host)).filter(|due| *due > self.now).min()
    }

    /// When the next host that is away is counted on no more; of interest only while something waits.
    fn next_return(&self) -> Option<Timestamp> {
        let away = self.view.hosts.iter().filter(|host| Self::tier(host, self.now) == Some(room::Tier::Away));
        let until = away.map(|host| host.connectivity_changed_at + RETURN_GRACE);
        if self.classes.is_empty() { None } else { until.min() }
    }

    /// When the next type may be tried again, if something is left that has found no host.
    fn next_retry(&self, growth: &Growth<'_>) -> Option<Timestamp> {
        let retries = self.view.unavailable.iter().map(|(_, until)| *until).filter(|until| *until > self.now);
        if growth.assignment.left.iter().any(|left| *left > 0) { retries.min() } else { None }
    }
}

/// The classes to look at. Where all hosts share one machine's network, one task in `host` network mode can run, and it
/// can only be the one that has waited longest.
fn classes<'a>(pool: &Pool, view: &'a PoolView, types: &[&InstanceType], prices: &Prices) -> Vec<Class<'a>> {
    let mut is_network_free = !view.hosts.iter().any(|host| host.has_host_network);
    let class = |waiting: &'a WaitingClass| {
        let wanted = match (pool.shares_machine && waiting.demand.host_network, is_network_free) {
            (false, _) => waiting.count,
            (true, true) => {
                is_network_free = waiting.count == 0;
                waiting.count.min(1)
            }
            (true, false) => 0,
        };
        let demand = &waiting.demand;
        let value = prices.value(demand.resources).max(1);
        let is_servable = types.iter().any(|kind| can_hold(pool, prices, kind, demand));
        Class { waiting, demand, wanted, value, is_servable }
    };
    view.waiting.iter().take(CLASSES_MAX).map(class).collect()
}

/// True if an empty host of this type holds such a task, and the pool may have such a host at all.
fn can_hold(pool: &Pool, prices: &Prices, kind: &InstanceType, demand: &Demand) -> bool {
    let is_allowed = pool.hosts_max > 0 && pool.quota.is_none_or(|quota| kind.capacity.fits_in(quota));
    is_allowed && Room::of_type(pool, prices, 0, kind).fits(demand, 1) > 0
}

/// When an idle host is to leave if nothing needs it; `None` for one that is not idle.
fn due(pool: &Pool, host: &HostView) -> Option<Timestamp> {
    match (host.status, host.tasks, host.idle_since) {
        (HostStatus::Active, 0, Some(since)) => Some(since + pool.scale_in_after),
        // It takes no tasks any more, so there is nothing to wait for.
        (HostStatus::Draining, 0, since) => Some(since.unwrap_or_default()),
        _ => None,
    }
}
