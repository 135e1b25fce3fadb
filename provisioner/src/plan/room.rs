//! Giving waiting tasks, in thought, to hosts that are there or coming, by the rules of the placement itself.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use berth_model::host::{HostStatus, InstanceType};
use berth_model::id::HostId;
use berth_model::task::{Demand, HostPort};
use berth_model::unit::Resources;
use berth_scheduler::placement;
use berth_scheduler::pool::{HostView, Pool, Reach, WaitingClass};

use super::Class;
use super::price::Prices;

/// When a waiting task can be on a host. Earlier ones are filled first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Tier {
    /// In the next placement pass.
    Ready,
    /// When its agent is back.
    Away,
    /// When it has registered and connected.
    Coming,
}

/// Whose room it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Source<'a> {
    /// A host that is there or coming.
    Host(&'a HostView),
    /// A host that this plan launches, of the type with this number in the question.
    Planned(usize),
}

/// What a host leaves for waiting tasks.
#[derive(Debug, Clone)]
pub(super) struct Room<'a> {
    pub(super) source: Source<'a>,
    /// The type it was or is to be bought as.
    pub(super) instance_type: &'a str,
    pub(super) tier: Tier,
    inside: placement::Room,
    /// What is left inside; asked far more often than it changes.
    free: Resources,
    /// What all of it costs and is worth.
    price: u128,
    worth: u128,
}

impl<'a> Room<'a> {
    pub(super) fn of_host(pool: &'a Pool, prices: &Prices, host: &'a HostView, tier: Tier) -> Self {
        let kind = pool.catalogue.iter().find(|kind| kind.name == host.instance_type);
        let inside = match kind {
            // What it will be is known only from the catalogue.
            Some(kind) if host.status < HostStatus::Active => placement::Room::of_type(kind, pool.shares_machine),
            _ => placement::Room::of_view(host, pool.shares_machine),
        };
        let worth = prices.value(inside.capacity()).max(1);
        Self {
            source: Source::Host(host),
            instance_type: &host.instance_type,
            tier,
            free: inside.free(),
            inside,
            // A type that has left the catalogue has no price any more.
            price: kind.map_or(worth, Prices::price),
            worth,
        }
    }

    /// An empty host of the type with this number in the question.
    pub(super) fn of_type(pool: &Pool, prices: &Prices, number: usize, kind: &'a InstanceType) -> Self {
        Self {
            source: Source::Planned(number),
            instance_type: &kind.name,
            tier: Tier::Coming,
            inside: placement::Room::of_type(kind, pool.shares_machine),
            free: kind.capacity,
            price: Prices::price(kind),
            worth: prices.value(kind.capacity).max(1),
        }
    }

    /// The host that is there or coming.
    pub(super) fn host(&self) -> Option<HostId> {
        match self.source {
            Source::Host(host) => Some(host.host),
            Source::Planned(_) => None,
        }
    }

    /// The type's number in the question if the host is only planned.
    pub(super) fn planned(&self) -> Option<usize> {
        match self.source {
            Source::Host(_) => None,
            Source::Planned(number) => Some(number),
        }
    }

    /// See [`sort`].
    fn order(&self) -> impl Ord + '_ {
        let idle_since = match self.source {
            Source::Host(host) => host.idle_since,
            Source::Planned(_) => None,
        };
        let ports: &BTreeSet<HostPort> = self.inside.ports();
        (self.tier, self.instance_type, self.free, self.inside.architecture(), ports, Reverse(idle_since))
    }

    /// All it has.
    pub(super) fn capacity(&self) -> Resources {
        self.inside.capacity()
    }

    /// How many tasks of this class fit, at most `wanted`. One that none of its tasks is in yet.
    pub(super) fn fits(&self, class: &WaitingClass, wanted: usize) -> usize {
        let demand = &class.demand;
        // Nearly always the answer, and much cheaper than all rules.
        let is_too_small = wanted == 0 || !demand.resources.fits_in(self.free);
        match &class.reach {
            _ if is_too_small => 0,
            None => self.inside.count(demand, wanted),
            Some(reach) if !self.is_in(reach) => 0,
            Some(reach) => self.inside.count(demand, if reach.is_distinct { 1 } else { wanted }),
        }
    }

    /// True if placement constraints allow the host.
    fn is_in(&self, reach: &Reach) -> bool {
        match self.source {
            Source::Host(host) => reach.hosts.contains(&host.host),
            Source::Planned(_) => reach.types.contains(self.instance_type),
        }
    }

    /// Takes the room that `count` tasks of this demand need. They must fit.
    pub(super) fn take(&mut self, demand: &Demand, count: usize) {
        self.inside.take(&Demand { resources: multiple(demand.resources, count), ..demand.clone() });
        self.free = self.inside.free();
    }

    /// What the part of it that is free costs. The cheaper, the better it suits a task that fits; and of the empty hosts
    /// a task then begins the one that would have been bought for it alone.
    fn cost_of_free(&self, prices: &Prices) -> u128 {
        self.price * prices.value(self.free) / self.worth
    }
}

fn multiple(resources: Resources, count: usize) -> Resources {
    let count = u64::try_from(count).unwrap_or(u64::MAX);
    let mut multiple = resources;
    multiple.cpu.0 = multiple.cpu.0.saturating_mul(count);
    multiple.memory.0 = multiple.memory.0.saturating_mul(count);
    multiple.gpus.0 = multiple.gpus.0.saturating_mul(count);
    multiple
}

/// Sorts rooms so that only those that are alike in every respect keep their places to each other, whatever their hosts'
/// ids. Of hosts that are alike but for that, the one that has idled longest comes last: it may then leave.
pub(super) fn sort(rooms: &mut [Room<'_>]) {
    rooms.sort_by(|a, b| a.order().cmp(&b.order()));
}

/// Which rooms the waiting tasks have been given.
#[derive(Debug, Clone, Default)]
pub(super) struct Assignment {
    pub(super) loads: Vec<Load>,
    /// Of each class, how many have found none.
    pub(super) left: Vec<usize>,
    /// What those are worth.
    pub(super) left_value: u128,
}

/// Tasks of one class in one room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Load {
    pub(super) class: usize,
    pub(super) room: usize,
}

impl Assignment {
    /// The hosts, there or coming, that tasks have been given to.
    pub(super) fn hosts<'r>(&'r self, rooms: &'r [Room<'_>]) -> impl Iterator<Item = HostId> + 'r {
        self.loads.iter().filter_map(|load| rooms[load.room].host())
    }
}

/// Gives the classes' tasks to the rooms: in the order they wait, or the largest first if that leaves less. Each
/// goes where the free part of the host is cheapest.
///
/// `wanted` says how many tasks of each class there are.
pub(super) fn assign(classes: &[Class<'_>], wanted: &[usize], rooms: &[Room<'_>], prices: &Prices) -> Assignment {
    let in_order: Vec<usize> = (0..classes.len()).collect();
    let aged = assign_in_order(classes, wanted, rooms, prices, &in_order);
    if aged.left_value == 0 {
        return aged;
    }
    let largest = assign_in_order(classes, wanted, rooms, prices, &largest_first(classes));
    if largest.left_value < aged.left_value { largest } else { aged }
}

/// The classes by what one task is worth, most first.
pub(super) fn largest_first(classes: &[Class<'_>]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..classes.len()).collect();
    order.sort_by_key(|&class| Reverse(classes[class].value));
    order
}

fn assign_in_order(
    classes: &[Class<'_>],
    wanted: &[usize],
    rooms: &[Room<'_>],
    prices: &Prices,
    order: &[usize],
) -> Assignment {
    let mut rooms = rooms.to_vec();
    let mut assignment = Assignment { left: wanted.to_vec(), ..Default::default() };
    for &class in order {
        let &Class { waiting, demand, value, .. } = &classes[class];
        let mut fitting: Vec<(Tier, u128, usize)> = Vec::new();
        for (at, room) in rooms.iter().enumerate() {
            if room.fits(waiting, assignment.left[class]) > 0 {
                fitting.push((room.tier, room.cost_of_free(prices), at));
            }
        }
        fitting.sort_unstable();
        for (_, _, room) in fitting {
            let count = rooms[room].fits(waiting, assignment.left[class]);
            if count > 0 {
                rooms[room].take(demand, count);
                assignment.left[class] -= count;
                assignment.loads.push(Load { class, room });
            }
        }
        assignment.left_value += value * assignment.left[class] as u128;
    }
    assignment
}
