//! Buying hosts for the tasks that no host is there or coming for.
//!
//! Greedy by value per dollar: of each type that the limits allow, how much would the waiting tasks fill? The type that
//! carries the most value for its price is bought, and so on. If the limits leave tasks without a host, it is done again
//! with the oldest first, so that large tasks are not passed over for ever by small ones that fill a host as well.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use berth_model::host::{HostStatus, InstanceType};
use berth_model::id::HostId;
use berth_scheduler::placement;
use berth_scheduler::pool::HostView;

use super::room::{Assignment, Room, assign, largest_first};
use super::{Class, LAUNCHES_MAX, Limits, Question};

/// Most rounds of buying for what the rounds before left. Each round buys at least one host that something fills, so
/// this only cuts off a long tail; the next plan goes on.
const ROUNDS_MAX: usize = 16;

/// How the pool is to grow.
#[derive(Debug, Clone)]
pub(super) struct Growth<'a> {
    /// The types to launch, by their number in the question; one for each host.
    pub(super) planned: Vec<usize>,
    /// The hosts that are there or coming, and the planned ones.
    pub(super) rooms: Vec<Room<'a>>,
    /// Which tasks they are for.
    pub(super) assignment: Assignment,
    /// Idle hosts that leave at once because a task needs their room.
    pub(super) make_room: BTreeSet<HostId>,
    /// For each class, whether room is being made for one of its tasks.
    pub(super) is_room_kept: Vec<bool>,
    /// The limits with the planned hosts.
    pub(super) limits: Limits,
}

/// Finds the cheapest hosts that hold together what no host is there or coming for.
pub(super) fn grow<'a>(question: &Question<'a>) -> Growth<'a> {
    let start = Growth::with_planned(question, &[], &BTreeSet::new());
    if !start.lacks_hosts(question) {
        return start;
    }
    let joint = Buyer::new(question, First::Any, Rank::ValuePerDollar).run();
    if !joint.lacks_hosts(question) {
        return match one_each(question, &start) {
            Some(single) if single.cost(question) < joint.cost(question) => single,
            _ => joint,
        };
    }
    let aged = Buyer::new(question, First::Oldest, Rank::ValuePerDollar).run();
    if !aged.limits.is_hosts_max_reached() && aged.planned.len() < LAUNCHES_MAX {
        return aged;
    }
    // Hosts, not dollars, are what is short: fewer and larger ones may hold more.
    let wide = Buyer::new(question, First::Oldest, Rank::Value).run();
    if wide.assignment.left_value < aged.assignment.left_value { wide } else { aged }
}

/// The growth with one host of the cheapest type for each task that is left, if the limits allow it and it helps all.
/// The greedy choice is meant to cost no more; this makes sure.
fn one_each<'a>(question: &Question<'a>, start: &Growth<'a>) -> Option<Growth<'a>> {
    let mut planned = Vec::new();
    for (class, &left) in
        start.assignment.left.iter().enumerate().filter(|(class, _)| question.classes[*class].is_servable)
    {
        let kind = question.types.iter().position(|kind| question.can_hold(kind, question.classes[class].demand))?;
        if planned.len() + left > LAUNCHES_MAX {
            return None;
        }
        planned.resize(planned.len() + left, kind);
    }
    question.limits.with_all(question, &planned)?;
    let growth = Growth::with_planned(question, &planned, &BTreeSet::new());
    if growth.lacks_hosts(question) { None } else { Some(growth) }
}

impl<'a> Growth<'a> {
    /// The growth by those of these hosts that turn out to be of use, without the hosts that make room.
    fn with_planned(question: &Question<'a>, planned: &[usize], make_room: &BTreeSet<HostId>) -> Self {
        let mut planned = planned.to_vec();
        loop {
            let rooms = Self::rooms(question, &planned, make_room);
            let assignment = assign(&question.classes, &rooms, &question.prices);
            let used: BTreeSet<usize> = assignment.loads.iter().map(|load| load.room).collect();
            let of_use: Vec<usize> = used.iter().filter_map(|&room| rooms[room].planned()).collect();
            if of_use.len() < planned.len() {
                planned = of_use;
                continue;
            }
            planned.sort_unstable();
            let limits = question.limits.with_all(question, &planned).unwrap_or(question.limits);
            let is_room_kept = vec![false; question.classes.len()];
            return Self { planned, rooms, assignment, make_room: make_room.clone(), is_room_kept, limits };
        }
    }

    fn rooms(question: &Question<'a>, planned: &[usize], make_room: &BTreeSet<HostId>) -> Vec<Room<'a>> {
        let stays = |room: &&Room<'a>| room.host().is_none_or(|host| !make_room.contains(&host));
        let mut rooms: Vec<Room<'a>> = question.rooms.iter().filter(stays).cloned().collect();
        rooms.extend(planned.iter().map(|&kind| question.empty(kind)));
        // The same order as when these are rows; stable, so of two that are alike the one that is there comes first.
        rooms.sort_by(|a, b| a.order().cmp(&b.order()));
        rooms
    }

    /// True if a task has no host that could have one.
    fn lacks_hosts(&self, question: &Question<'_>) -> bool {
        self.assignment.left.iter().enumerate().any(|(class, left)| *left > 0 && question.classes[class].is_servable)
    }

    fn cost(&self, question: &Question<'_>) -> u64 {
        self.planned.iter().map(|&kind| question.types[kind].price.0).sum()
    }

    /// The hosts, there or coming, that waiting tasks are for.
    pub(super) fn used_hosts(&self) -> impl Iterator<Item = HostId> {
        self.assignment.loads.iter().filter_map(|load| self.rooms[load.room].host())
    }
}

impl Limits {
    fn with_all(self, question: &Question<'_>, planned: &[usize]) -> Option<Self> {
        planned.iter().try_fold(self, |limits, &kind| limits.with(question.types[kind].capacity))
    }
}

/// Which task the next host is bought for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum First {
    /// Whichever makes the best purchase.
    Any,
    /// The one that has waited longest.
    Oldest,
}

/// What makes one purchase better than another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rank {
    ValuePerDollar,
    Value,
}

/// A host of a type, and the tasks that it would hold.
#[derive(Debug)]
struct Pack {
    kind: usize,
    /// Class and number of tasks.
    loads: Vec<(usize, usize)>,
    value: u128,
}

/// Buys hosts until nothing is left or the limits are reached.
#[derive(Debug)]
struct Buyer<'q, 'a> {
    question: &'q Question<'a>,
    first: First,
    rank: Rank,
    by_value: Vec<usize>,
    /// Of each class, how many have no host yet.
    left: Vec<usize>,
    bought: Vec<usize>,
    make_room: BTreeSet<HostId>,
    is_room_kept: Vec<bool>,
    /// What may be bought now.
    limits: Limits,
    /// What may be bought once the hosts that are being ended are gone.
    limits_later: Limits,
}

impl<'q, 'a> Buyer<'q, 'a> {
    fn new(question: &'q Question<'a>, first: First, rank: Rank) -> Self {
        Self {
            question,
            first,
            rank,
            by_value: largest_first(&question.classes),
            left: Vec::new(),
            bought: Vec::new(),
            make_room: BTreeSet::new(),
            is_room_kept: Vec::new(),
            limits: question.limits,
            limits_later: question.limits,
        }
    }

    /// Buys, gives the tasks to what has been bought the way any later plan will, and buys for what is left then: so the
    /// next plan finds nothing to add.
    fn run(mut self) -> Growth<'a> {
        let mut growth = Growth::with_planned(self.question, &[], &self.make_room);
        for _ in 0..ROUNDS_MAX {
            self.begin_round(&growth);
            match self.first {
                First::Any => self.buy_best(),
                First::Oldest => self.buy_for_oldest(&growth),
            }
            let is_done = self.bought == growth.planned && self.make_room == growth.make_room;
            growth = Growth::with_planned(self.question, &self.bought, &self.make_room);
            if is_done || !growth.lacks_hosts(self.question) {
                break;
            }
        }
        growth.is_room_kept = self.is_room_kept;
        growth
    }

    fn begin_round(&mut self, growth: &Growth<'a>) {
        self.left.clone_from(&growth.assignment.left);
        for (class, left) in self.left.iter_mut().enumerate() {
            *left = if self.question.classes[class].is_servable { *left } else { 0 };
        }
        self.bought.clone_from(&growth.planned);
        self.is_room_kept = vec![false; self.left.len()];
        self.limits = growth.limits;
        let is_leaving = |host: &&HostView| host.status == HostStatus::Terminating || self.is_dismissed(host);
        let leaving = self.question.view.hosts.iter().filter(is_leaving);
        self.limits_later = leaving.fold(growth.limits, |limits, host| limits.without(host.capacity));
    }

    fn buy_best(&mut self) {
        while let Some(pack) = self.best_pack() {
            if !self.buy(&pack) {
                break;
            }
        }
    }

    fn buy_for_oldest(&mut self, growth: &Growth<'a>) {
        for class in 0..self.left.len() {
            while self.left[class] > 0 {
                let is_bought = self.best_pack_for(class).is_some_and(|pack| self.buy(&pack));
                if !is_bought {
                    if self.left[class] > 0 && self.bought.len() < LAUNCHES_MAX {
                        self.keep_room(class, growth);
                    }
                    break;
                }
            }
        }
    }

    /// Buys the pack as often as there are tasks to fill it the same way. False if the plan may not grow further.
    fn buy(&mut self, pack: &Pack) -> bool {
        let capacity = self.question.types[pack.kind].capacity;
        let repeats = pack.loads.iter().map(|&(class, count)| self.left[class] / count).min().unwrap_or(0);
        for _ in 0..repeats.min(LAUNCHES_MAX - self.bought.len().min(LAUNCHES_MAX)) {
            let Some(limits) = self.limits.with(capacity) else {
                break;
            };
            self.limits = limits;
            self.limits_later = self.limits_later.with(capacity).unwrap_or(limits);
            self.bought.push(pack.kind);
            for &(class, count) in &pack.loads {
                self.left[class] -= count;
            }
        }
        self.bought.len() < LAUNCHES_MAX
    }

    /// The best purchase of all.
    fn best_pack(&self) -> Option<Pack> {
        let types = self.allowed_types();
        let mut best = self.best_of(types.iter().filter_map(|&kind| self.pack(kind, None)))?;
        // Filling a type with the largest tasks first may miss that one task alone would make better use of it.
        for &kind in &types {
            for class in 0..self.left.len() {
                if self.is_better(self.question.classes[class].value, kind, &best)
                    && let Some(pack) = self.pack(kind, Some(class))
                {
                    best = pack;
                }
            }
        }
        Some(best)
    }

    /// The best purchase that serves this class.
    fn best_pack_for(&self, class: usize) -> Option<Pack> {
        self.best_of(self.allowed_types().into_iter().filter_map(|kind| self.pack(kind, Some(class))))
    }

    /// The best of these; the first of equals.
    fn best_of(&self, packs: impl Iterator<Item = Pack>) -> Option<Pack> {
        packs.reduce(|best, pack| if self.is_better(pack.value, pack.kind, &best) { pack } else { best })
    }

    /// True if carrying tasks of this value on a host of this type is better than `other`.
    fn is_better(&self, value: u128, kind: usize, other: &Pack) -> bool {
        match self.rank {
            Rank::Value => value > other.value,
            Rank::ValuePerDollar => value * self.price(other.kind) > other.value * self.price(kind),
        }
    }

    fn price(&self, kind: usize) -> u128 {
        u128::from(self.question.types[kind].price.0.max(1))
    }

    /// The types of which the limits allow one more, the cheapest first and then by name.
    fn allowed_types(&self) -> Vec<usize> {
        let is_allowed = |kind: &usize| self.limits.with(self.question.types[*kind].capacity).is_some();
        (0..self.question.types.len()).filter(is_allowed).collect()
    }

    /// Fills a host of this type with waiting tasks: one of `first`, which must fit, then the largest first.
    fn pack(&self, kind: usize, first: Option<usize>) -> Option<Pack> {
        let mut room = self.question.empty(kind);
        let mut pack = Pack { kind, loads: Vec::new(), value: 0 };
        let mut take = |class: usize, wanted: usize| {
            let Class { demand, value, .. } = self.question.classes[class];
            let count = room.fits(demand, wanted);
            if count > 0 {
                room.take(demand, count);
                pack.add(class, count, value);
            }
            count
        };
        if let Some(first) = first
            && take(first, self.left[first].min(1)) == 0
        {
            return None;
        }
        for &class in &self.by_value {
            let taken = usize::from(first == Some(class));
            take(class, self.left[class].saturating_sub(taken));
        }
        if pack.loads.is_empty() { None } else { Some(pack) }
    }

    /// Keeps room for a host that a task of this class needs and that the limits do not allow yet: the room of hosts
    /// that are being ended, and, if no host of the pool could ever hold the task, of hosts that idle.
    fn keep_room(&mut self, class: usize, growth: &Growth<'a>) {
        let question = self.question;
        let kinds: Vec<&InstanceType> = question
            .types
            .iter()
            .copied()
            .filter(|kind| question.can_hold(kind, question.classes[class].demand))
            .collect();
        let mut found = kinds.iter().find_map(|kind| Some((*kind, Vec::new(), self.limits_later.with(kind.capacity)?)));
        if found.is_none() && !self.could_ever_be_held(class) {
            let idle = self.idle_hosts(growth);
            found = kinds.iter().find_map(|kind| {
                let (leaving, limits_later) = leave_for(kind, &idle, self.limits_later)?;
                Some((*kind, leaving, limits_later))
            });
        }
        if let Some((kind, leaving, limits_later)) = found {
            self.make_room.extend(leaving);
            self.limits_later = limits_later;
            self.limits = self.limits.keeping(kind.capacity);
            self.is_room_kept[class] = true;
        }
    }

    /// True if a host that is counted on is large enough for the class, whatever runs on it now.
    fn could_ever_be_held(&self, class: usize) -> bool {
        let Question { pool, view, now, .. } = *self.question;
        let demand = self.question.classes[class].demand;
        view.hosts.iter().filter(|host| !self.is_dismissed(host)).any(|host| {
            let empty =
                HostView { free: host.capacity, ports: BTreeSet::new(), has_host_network: false, ..host.clone() };
            let is_counted_on = host.is_kept || Question::tier(host, now).is_some();
            is_counted_on && placement::Room::of_view(&empty, pool.shares_machine).refusal(demand).is_none()
        })
    }

    /// True if this plan ends the host.
    fn is_dismissed(&self, host: &HostView) -> bool {
        self.question.leaving.contains(&host.host) || self.make_room.contains(&host.host)
    }

    /// The hosts that idle and that no waiting task is for, the one that has idled longest first.
    fn idle_hosts(&self, growth: &Growth<'a>) -> Vec<&'a HostView> {
        let needed: BTreeSet<HostId> = growth.used_hosts().collect();
        let is_free = |host: &&HostView| {
            host.status == HostStatus::Active
                && host.tasks == 0
                && !needed.contains(&host.host)
                && !self.is_dismissed(host)
        };
        let mut idle: Vec<&HostView> = self.question.view.hosts.iter().filter(is_free).collect();
        idle.sort_by_key(|host| (host.idle_since, host.host));
        idle
    }
}

impl Pack {
    fn add(&mut self, class: usize, count: usize, value: u128) {
        self.value += value * count as u128;
        match self.loads.iter_mut().find(|(of, _)| *of == class) {
            Some((_, already)) => *already += count,
            None => self.loads.push((class, count)),
        }
    }
}

/// Which of the idle hosts must leave so that the limits allow a host of this type, and the limits with it; `None` if
/// all of them are not enough.
fn leave_for(kind: &InstanceType, idle: &[&HostView], limits: Limits) -> Option<(Vec<HostId>, Limits)> {
    let mut leaving: Vec<&HostView> = Vec::new();
    let mut later = limits;
    for host in idle {
        if later.with(kind.capacity).is_some() {
            break;
        }
        later = later.without(host.capacity);
        leaving.push(host);
    }
    later.with(kind.capacity)?;
    // The last ones made it enough; some of the earlier ones may not have been needed for it, the largest above all.
    let mut spared = leaving.clone();
    spared.sort_by_key(|host| (Reverse(host.capacity), host.host));
    for host in spared {
        let without = limits_without(limits, leaving.iter().copied().filter(|other| other.host != host.host));
        if without.with(kind.capacity).is_some() {
            leaving.retain(|other| other.host != host.host);
            later = without;
        }
    }
    Some((leaving.iter().map(|host| host.host).collect(), later.with(kind.capacity)?))
}

fn limits_without<'h>(limits: Limits, gone: impl Iterator<Item = &'h HostView>) -> Limits {
    gone.fold(limits, |limits, host| limits.without(host.capacity))
}
