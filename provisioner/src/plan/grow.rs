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

use super::room::{Assignment, Room, assign, largest_first, sort};
use super::{Class, LAUNCHES_MAX, Limits, Question};

/// Most rounds of buying for what the rounds before left. Each round buys at least one host that something fills, so
/// this only cuts off a long tail; the next plan goes on.
const ROUNDS_MAX: usize = 16;

/// Most classes that a plan buys for, those that wait longest first; the next plan goes on. The work of a purchase grows
/// with classes times types, and a host is as well filled with tasks of 64 kinds as with more.
const CLASSES_BOUGHT_FOR_MAX: usize = 64;

/// How the pool is to grow.
#[derive(Debug, Clone)]
pub(super) struct Growth<'a> {
    /// The types to launch, by their number in the question; one for each host.
    pub(super) planned: Vec<usize>,
    /// The hosts that are coming, and the planned ones.
    pub(super) rooms: Vec<Room<'a>>,
    /// Which tasks they are for, of those that no host that is there is for.
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
    let classes = classes(question, &start);
    if !start.lacks_hosts(&classes) {
        return start;
    }
    let joint = Buyer::new(question, &classes, First::Any, Rank::ValuePerDollar).run();
    if !joint.lacks_hosts(&classes) {
        return match one_each(question, &classes, &start) {
            Some(single) if single.cost(question) < joint.cost(question) => single,
            _ => joint,
        };
    }
    let aged = Buyer::new(question, &classes, First::Oldest, Rank::ValuePerDollar).run();
    if !aged.limits.is_hosts_max_reached() && aged.planned.len() < LAUNCHES_MAX {
        return aged;
    }
    // Hosts, not dollars, are what is short: fewer and larger ones may hold more.
    let wide = Buyer::new(question, &classes, First::Oldest, Rank::Value).run();
    if wide.assignment.left_value < aged.assignment.left_value { wide } else { aged }
}

/// The classes to see to: those to buy for, and those that must not lose their places over that.
fn classes(question: &Question<'_>, start: &Growth<'_>) -> Vec<usize> {
    let mut more = CLASSES_BOUGHT_FOR_MAX;
    let mut is_seen_to = |class: &usize| {
        let is_lacking = start.assignment.left[*class] > 0;
        let is_seen_to = question.is_servable(*class) && !(is_lacking && more == 0);
        more -= usize::from(is_seen_to && is_lacking);
        is_seen_to
    };
    (0..question.classes.len()).filter(|class| is_seen_to(class)).collect()
}

/// The growth with one host of the cheapest type for each task that is left, if the limits allow it and it helps all.
/// The greedy choice is meant to cost no more; this makes sure.
fn one_each<'a>(question: &Question<'a>, classes: &[usize], start: &Growth<'a>) -> Option<Growth<'a>> {
    let mut planned = Vec::new();
    for &class in classes {
        let kind = *question.classes[class].kinds.first()?;
        let count = planned.len() + start.assignment.left[class];
        if count > LAUNCHES_MAX {
            return None;
        }
        planned.resize(count, kind);
    }
    question.limits.with_all(question, &planned)?;
    let growth = Growth::with_planned(question, &planned, &BTreeSet::new());
    if growth.lacks_hosts(classes) { None } else { Some(growth) }
}

impl<'a> Growth<'a> {
    /// The growth by those of these hosts that turn out to be of use, without the hosts that make room.
    fn with_planned(question: &Question<'a>, planned: &[usize], make_room: &BTreeSet<HostId>) -> Self {
        let mut planned = planned.to_vec();
        loop {
            let rooms = Self::rooms(question, &planned);
            let assignment = assign(&question.classes, &question.settled.left, &rooms, &question.prices);
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

    fn rooms(question: &Question<'a>, planned: &[usize]) -> Vec<Room<'a>> {
        let planned = planned.iter().map(|&kind| question.empty(kind));
        let mut rooms: Vec<Room<'a>> = question.coming.iter().cloned().chain(planned).collect();
        // As they will be when the planned ones are rows. Of two that are alike the one that is coming stays first.
        sort(&mut rooms);
        rooms
    }

    /// True if one of these classes has a task without a host.
    fn lacks_hosts(&self, classes: &[usize]) -> bool {
        classes.iter().any(|&class| self.assignment.left[class] > 0)
    }

    fn cost(&self, question: &Question<'_>) -> u64 {
        self.planned.iter().map(|&kind| question.types[kind].price.0).sum()
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
    /// The classes to see to.
    classes: &'q [usize],
    /// Those of them that each type holds a task of, what is worth most first.
    held: Vec<Vec<usize>>,
    first: First,
    rank: Rank,
    /// Of each class, how many have no host yet.
    left: Vec<usize>,
    bought: Vec<usize>,
    /// Hosts that idle and that no waiting task is for.
    idle: Vec<&'a HostView>,
    make_room: BTreeSet<HostId>,
    is_room_kept: Vec<bool>,
    /// What may be bought now.
    limits: Limits,
    /// What may be bought once the hosts that are being ended are gone.
    limits_later: Limits,
}

impl<'q, 'a> Buyer<'q, 'a> {
    fn new(question: &'q Question<'a>, classes: &'q [usize], first: First, rank: Rank) -> Self {
        let mut held = vec![Vec::new(); question.types.len()];
        for class in largest_first(&question.classes).into_iter().filter(|class| classes.contains(class)) {
            for &kind in &question.classes[class].kinds {
                held[kind].push(class);
            }
        }
        Self {
            question,
            classes,
            held,
            first,
            rank,
            left: vec![0; question.classes.len()],
            bought: Vec::new(),
            idle: Vec::new(),
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
                First::Oldest => self.buy_for_oldest(),
            }
            let is_done = self.bought == growth.planned && self.make_room == growth.make_room;
            growth = Growth::with_planned(self.question, &self.bought, &self.make_room);
            if is_done || !growth.lacks_hosts(self.classes) {
                break;
            }
        }
        growth.is_room_kept = self.is_room_kept;
        growth
    }

    fn begin_round(&mut self, growth: &Growth<'a>) {
        self.left.fill(0);
        for &class in self.classes {
            self.left[class] = growth.assignment.left[class];
        }
        self.bought.clone_from(&growth.planned);
        self.is_room_kept = vec![false; self.left.len()];
        self.idle = idle_hosts(self.question, growth);
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

    fn buy_for_oldest(&mut self) {
        for &class in self.classes {
            while self.left[class] > 0 {
                let is_bought = self.best_pack_for(class).is_some_and(|pack| self.buy(&pack));
                if !is_bought {
                    if self.left[class] > 0 && self.bought.len() < LAUNCHES_MAX {
                        self.keep_room(class);
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
        let types = (0..self.question.types.len()).filter(|&kind| self.is_allowed(kind));
        let mut best = self.best_of(types.filter_map(|kind| self.pack(kind, None)))?;
        // Filling a type with the largest tasks first may miss that one task alone would make better use of it.
        for class in self.classes.iter().copied().filter(|&class| self.left[class] > 0) {
            let Class { value, kinds, .. } = &self.question.classes[class];
            let Some(&kind) = kinds.iter().find(|&&kind| self.is_allowed(kind)) else { continue };
            if self.is_better(*value, kind, &best)
                && let Some(pack) = self.pack(kind, Some(class))
            {
                best = pack;
            }
        }
        Some(best)
    }

    /// The best purchase that serves this class.
    fn best_pack_for(&self, class: usize) -> Option<Pack> {
        let kinds = self.question.classes[class].kinds.iter().filter(|&&kind| self.is_allowed(kind));
        self.best_of(kinds.filter_map(|&kind| self.pack(kind, Some(class))))
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

    /// True if the limits allow one more host of this type.
    fn is_allowed(&self, kind: usize) -> bool {
        self.limits.with(self.question.types[kind].capacity).is_some()
    }

    /// Fills a host of this type with waiting tasks: one of `first`, which must fit, then the largest first.
    fn pack(&self, kind: usize, first: Option<usize>) -> Option<Pack> {
        let mut room = self.question.empty(kind);
        let mut pack = Pack { kind, loads: Vec::new(), value: 0 };
        let mut take = |class: usize, wanted: usize| {
            if wanted == 0 {
                return 0;
            }
            let &Class { waiting, demand, value, .. } = &self.question.classes[class];
            let is_taken = waiting.reach.as_ref().is_some_and(|reach| reach.is_distinct) && pack.has(class);
            let count = if is_taken { 0 } else { room.fits(waiting, wanted) };
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
        for &class in &self.held[kind] {
            let taken = usize::from(first == Some(class));
            take(class, self.left[class].saturating_sub(taken));
        }
        if pack.loads.is_empty() { None } else { Some(pack) }
    }

    /// Keeps room for a host that a task of this class needs and that the limits do not allow yet: the room of hosts
    /// that are being ended, and, if no host of the pool could ever hold the task, of hosts that idle.
    fn keep_room(&mut self, class: usize) {
        let question = self.question;
        let kinds = || question.classes[class].kinds.iter().map(|&kind| question.types[kind]);
        let mut found = kinds().find_map(|kind| Some((kind, Vec::new(), self.limits_later.with(kind.capacity)?)));
        if found.is_none() && !self.could_ever_be_held(class) {
            let idle: Vec<&HostView> = self.idle.iter().copied().filter(|host| !self.is_dismissed(host)).collect();
            found = kinds().find_map(|kind| {
                let (leaving, limits_later) = leave_for(kind, &idle, self.limits_later)?;
                Some((kind, leaving, limits_later))
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
        let Class { waiting, demand, .. } = self.question.classes[class];
        let is_reached = |host: &HostId| waiting.reach.as_ref().is_none_or(|reach| reach.hosts.contains(host));
        let is_candidate = |host: &&HostView| {
            is_reached(&host.host)
                && demand.resources.fits_in(host.capacity)
                && (host.is_kept || Question::tier(host, now).is_some())
                && !self.is_dismissed(host)
        };
        view.hosts.iter().filter(is_candidate).any(|host| {
            let empty =
                HostView { free: host.capacity, ports: BTreeSet::new(), has_host_network: false, ..host.clone() };
            placement::Room::of_view(&empty, pool.shares_machine).refusal(demand).is_none()
        })
    }

    /// True if this plan ends the host.
    fn is_dismissed(&self, host: &HostView) -> bool {
        self.question.leaving.contains(&host.host) || self.make_room.contains(&host.host)
    }
}

/// The hosts that idle and that no waiting task is for, the one that has idled longest first.
fn idle_hosts<'a>(question: &Question<'a>, growth: &Growth<'a>) -> Vec<&'a HostView> {
    let needed = question.needed_hosts(growth);
    let is_idle =
        |host: &&HostView| host.status == HostStatus::Active && host.tasks == 0 && !needed.contains(&host.host);
    let mut idle: Vec<&HostView> = question.view.hosts.iter().filter(is_idle).collect();
    idle.sort_by_key(|host| (host.idle_since, host.host));
    idle
}

impl Pack {
    fn has(&self, class: usize) -> bool {
        self.loads.iter().any(|(of, _)| *of == class)
    }

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
