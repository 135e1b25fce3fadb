//! Which hosts a pool should launch and which should leave: pure, and the same answer for the same question.
//!
//! Waiting tasks are first given, only in thought, to the hosts that are there or coming (`room`); what is left is
//! bought the cheapest hosts that hold it together (`grow`), within the pool's limits. Hosts that stay idle leave. Asked
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
use berth_scheduler::pool::{HostPlan, HostView, PlannedHost, Pool, PoolView, Presence, Taken, WaitingClass};

use self::grow::Growth;
use self::price::Prices;
use self::room::{Assignment, Room, Tier};

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

/// Most idle hosts of other pools that one plan has ended to make room: each costs a plan of its own to find out.
const DISPLACED_MAX: usize = 16;

/// Decides what `pool` should do at `now`, seeing `view` of it.
pub fn plan(pool: &Pool, view: &PoolView, now: Timestamp) -> HostPlan {
    let mut plan = plan_within(pool, view, now);
    if plan.launch.is_empty() && !view.waiting.is_empty() {
        plan.terminate.extend(in_the_way(pool, view, now));
    }
    plan
}

/// Hosts of other pools that have to go for this one to launch any: as few as will do, and none as long as others are on
/// their way out that will do as well.
fn in_the_way(pool: &Pool, view: &PoolView, now: Timestamp) -> Vec<HostId> {
    let idle = &view.elsewhere.idle;
    if idle.is_empty() {
        return Vec::new();
    }
    let mut roomier = view.clone();
    roomier.elsewhere.taken = view.elsewhere.taken.without(view.elsewhere.leaving);
    for count in 0..=idle.len().min(DISPLACED_MAX) {
        if let Some((_, capacity)) = count.checked_sub(1).and_then(|last| idle.get(last)) {
            let gone = Taken { hosts: 1, resources: *capacity };
            roomier.elsewhere.taken = roomier.elsewhere.taken.without(gone);
        }
        if !plan_within(pool, &roomier, now).launch.is_empty() {
            return idle.iter().take(count).map(|(host, _)| *host).collect();
        }
    }
    Vec::new()
}

fn plan_within(pool: &Pool, view: &PoolView, now: Timestamp) -> HostPlan {
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
    /// What hosts that are there leave, and which tasks they are for. Nothing that is launched changes that.
    there: Vec<Room<'a>>,
    settled: Assignment,
    /// What hosts that are coming leave.
    coming: Vec<Room<'a>>,
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
    /// The types of which an empty host holds such a task and that could be launched were there no others, the cheapest
    /// first.
    kinds: Vec<usize>,
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
            hosts: live().count() + view.elsewhere.taken.hosts,
            hosts_max: pool.hosts_max,
            resources: live().map(|host| host.capacity).sum::<Resources>() + view.elsewhere.taken.resources,
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
        let rooms =
            view.hosts.iter().filter_map(|host| Some(Room::of_host(pool, &prices, host, Self::tier(host, now)?)));
        let (coming, mut there): (Vec<Room<'a>>, Vec<Room<'a>>) = rooms.partition(|room| room.tier == Tier::Coming);
        room::sort(&mut there);
        let empty: Vec<Room<'_>> =
            types.iter().enumerate().map(|(number, kind)| Room::of_type(pool, &prices, number, kind)).collect();
        let classes = classes(pool, view, &empty, &prices);
        let wanted: Vec<usize> = classes.iter().map(|class| class.wanted).collect();
        Self {
            settled: room::assign(&classes, &wanted, &there, &prices),
            pool,
            view,
            now,
            classes,
            types,
            there,
            coming,
            leaving: BTreeSet::new(),
            prices,
            limits: Limits::of(pool, view),
        }
    }

    /// An empty host of the type with this number.
    fn empty(&self, number: usize) -> Room<'a> {
        Room::of_type(self.pool, &self.prices, number, self.types[number])
    }

    /// True if an empty host of this type, which may be one that cannot be had just now, holds such a task.
    fn could_hold(&self, kind: &InstanceType, class: &WaitingClass) -> bool {
        let empty = Room::of_type(self.pool, &self.prices, 0, kind);
        is_allowed(self.pool, &empty) && empty.fits(class, 1) > 0
    }

    /// True if a host could be launched for a task of the class, were there no others.
    fn is_servable(&self, class: usize) -> bool {
        !self.classes[class].kinds.is_empty()
    }

    /// When a waiting task can be on the host: now, later, or (`None`) it is not counted on.
    fn tier(host: &HostView, now: Timestamp) -> Option<Tier> {
        match host.status {
            HostStatus::Requested | HostStatus::Launching => Some(Tier::Coming),
            // Those it is kept for do not fit yet, and nobody else is let in.
            HostStatus::Active if host.is_kept => None,
            HostStatus::Active if host.impaired_since.is_some() => None,
            HostStatus::Active => match host.presence {
                Presence::Here => Some(Tier::Ready),
                Presence::Awaited => Some(Tier::Coming),
                Presence::AwaySince(at) => (now < at + RETURN_GRACE).then_some(Tier::Away),
            },
            HostStatus::Draining | HostStatus::Terminating | HostStatus::Gone => None,
        }
    }

    fn planned_host(&self, number: usize) -> PlannedHost {
        PlannedHost { provider: self.pool.provider.clone(), instance_type: self.types[number].name.clone() }
    }

    /// Lets those hosts go whose time is up and that nothing that waits is for. True if there were any.
    fn dismiss_idle(&mut self, growth: &Growth<'_>) -> bool {
        let needed = self.needed_hosts(growth);
        let idle = self.view.hosts.iter().filter(|host| due(self.pool, host).is_some_and(|due| due <= self.now));
        let leaving: BTreeSet<HostId> = idle.map(|host| host.host).filter(|host| !needed.contains(host)).collect();
        let more = !leaving.is_subset(&self.leaving);
        self.leaving.extend(leaving);
        more
    }

    /// The hosts, there or coming, that waiting tasks are for.
    fn needed_hosts(&self, growth: &Growth<'_>) -> BTreeSet<HostId> {
        self.settled.hosts(&self.there).chain(growth.assignment.hosts(&growth.rooms)).collect()
    }

    /// When the next idle host's time is up.
    fn next_idle(&self, growth: &Growth<'_>) -> Option<Timestamp> {
        let staying = self.view.hosts.iter().filter(|host| !growth.make_room.contains(&host.host));
        staying.filter_map(|host| due(self.pool, host)).filter(|due| *due > self.now).min()
    }

    /// When the next host that is away is counted on no more; of interest only while something waits.
    fn next_return(&self) -> Option<Timestamp> {
        let away = self.view.hosts.iter().filter(|host| Self::tier(host, self.now) == Some(Tier::Away));
        let until = away.filter_map(|host| match host.presence {
            Presence::AwaySince(at) => Some(at + RETURN_GRACE),
            Presence::Here | Presence::Awaited => None,
        });
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
fn classes<'a>(pool: &Pool, view: &'a PoolView, empty: &[Room<'_>], prices: &Prices) -> Vec<Class<'a>> {
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
        let kinds = (0..empty.len()).filter(|&kind| is_allowed(pool, &empty[kind]) && empty[kind].fits(waiting, 1) > 0);
        Class { waiting, demand, wanted, value, kinds: kinds.collect() }
    };
    // Those that no host can help now wait long and would else take the places of all others.
    let (mut helped, mut others) = (0, 0);
    let is_looked_at = |class: &Class<'_>| {
        let count = if class.wanted > 0 && !class.kinds.is_empty() { &mut helped } else { &mut others };
        *count += 1;
        *count <= CLASSES_MAX
    };
    view.waiting.iter().map(class).filter(is_looked_at).collect()
}

/// True if the pool may have an empty host like this at all.
fn is_allowed(pool: &Pool, empty: &Room<'_>) -> bool {
    pool.hosts_max > 0 && pool.quota.is_none_or(|quota| empty.capacity().fits_in(quota))
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
