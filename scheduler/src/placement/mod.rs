//! Where tasks go: a best-fit search over the hosts of one fleet.
//!
//! [`Rule`]s turn hosts away, a score picks the tightest fit among the rest, and [`explain`] says why none was left.
//! A search costs one look at each host and then one per task. [`Room`] is open to whoever plans hosts, so that both
//! decide by the same rules. Nothing here changes the state: its caller assigns what the search finds.

pub(crate) mod explain;
mod filter;
pub mod query;
mod room;
pub(crate) mod score;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use berth_model::id::{ClusterName, HostId, ProviderName};
use berth_model::task::{Demand, StaticLaunchType};
use berth_model::time::Timestamp;

use self::explain::Tally;
use self::filter::Filter;
pub use self::filter::Rule;
pub use self::room::Room;
use self::score::Score;
use crate::queue::ClassKey;

/// Hosts that can stand in for each other: the pool of a capacity provider, or what registered in a cluster by itself.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Domain {
    /// A pool.
    Pool(ProviderName),
    /// Static hosts of one cluster and kind.
    Static(ClusterName, StaticLaunchType),
}

/// The registered hosts of one domain.
pub(crate) type Fleet = BTreeMap<HostId, Slot>;

/// A host as placement sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) room: Room,
    pub(crate) availability: Availability,
    /// The starving class it is kept for.
    pub(crate) kept: Option<ClassKey>,
}

/// Whether a host takes tasks at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Availability {
    /// ACTIVE and connected.
    Ready,
    /// Its agent is away.
    Disconnected,
    /// It takes no new tasks.
    Draining,
}

/// Why a host was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Draining,
    Disconnected,
    Lacks(Rule),
    Kept,
}

/// Since when the heads of those classes wait for which a host is kept.
pub(crate) type Keeps = BTreeMap<ClassKey, Timestamp>;

/// What is asked of each host.
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    filter: Filter<'a>,
    /// The class that asks; `None` for tasks that do not wait.
    class: Option<ClassKey>,
}

impl<'a> Ask<'a> {
    pub(crate) fn new(demand: &'a Demand, class: Option<ClassKey>) -> Self {
        Self { filter: Filter::new(demand), class }
    }

    pub(crate) fn demand(&self) -> &'a Demand {
        self.filter.demand
    }

    /// How well a task that waits since `created` would fit, or why it would not.
    pub(crate) fn verdict(&self, slot: &Slot, keeps: &Keeps, created: Timestamp) -> Result<Score, Refusal> {
        match slot.availability {
            Availability::Ready => {}
            Availability::Disconnected => return Err(Refusal::Disconnected),
            Availability::Draining => return Err(Refusal::Draining),
        }
        if let Some(rule) = self.filter.refusal(&slot.room) {
            return Err(Refusal::Lacks(rule));
        }
        if let Some(keeper) = slot.kept
            && self.class != Some(keeper)
            && keeps.get(&keeper).is_some_and(|since| *since <= created)
        {
            return Err(Refusal::Kept);
        }
        Ok(score::score(self.demand(), &slot.room))
    }

    /// Counts why each host is not taken.
    pub(crate) fn tally(&self, fleet: &Fleet, keeps: &Keeps, created: Timestamp) -> Tally {
        let mut tally = Tally::default();
        for (host, slot) in fleet {
            if let Err(refusal) = self.verdict(slot, keeps, created) {
                tally.add(*host, refusal);
            }
        }
        tally
    }
}

/// A search for hosts for tasks of one demand, the one that waits longest first.
#[derive(Debug)]
pub(crate) struct Search<'a> {
    ask: Ask<'a>,
    candidates: BinaryHeap<Reverse<(Score, HostId)>>,
    /// Why the other hosts are none; out of date once a candidate has been used up.
    tally: Option<Tally>,
}

impl<'a> Search<'a> {
    pub(crate) fn new(ask: Ask<'a>, fleet: &Fleet, keeps: &Keeps, created: Timestamp) -> Self {
        let (mut candidates, mut tally) = (Vec::new(), Tally::default());
        for (host, slot) in fleet {
            match ask.verdict(slot, keeps, created) {
                Ok(score) => candidates.push(Reverse((score, *host))),
                Err(refusal) => tally.add(*host, refusal),
            }
        }
        Self { ask, tally: candidates.is_empty().then_some(tally), candidates: candidates.into() }
    }

    /// The best host for the next task. Between two calls only tasks of this demand may have been given to the fleet.
    pub(crate) fn best(&mut self, fleet: &Fleet, keeps: &Keeps, created: Timestamp) -> Option<HostId> {
        // The best host stays the best until it is full (see `score`), so only the first candidate is ever looked at.
        while let Some(Reverse((_, host))) = self.candidates.peek() {
            if fleet.get(host).is_some_and(|slot| self.ask.verdict(slot, keeps, created).is_ok()) {
                return Some(*host);
            }
            self.candidates.pop();
        }
        None
    }

    /// Counts why no host is left for a task that waits since `created`.
    pub(crate) fn into_tally(self, fleet: &Fleet, keeps: &Keeps, created: Timestamp) -> Tally {
        self.tally.unwrap_or_else(|| self.ask.tally(fleet, keeps, created))
    }
}

/// The host to keep for a demand that starves: the one that lacks least of what it needs, among those that could hold it
/// if they were empty. Only what younger tasks take can be kept from them: a host that has enough left, and refuses for
/// its machine's network or a port, is not kept.
pub(crate) fn host_to_keep(demand: &Demand, fleet: &Fleet, empty: impl Fn(HostId) -> Option<Room>) -> Option<HostId> {
    let is_helped = |room: &Room| !demand.resources.fits_in(room.free()) && Rule::HostNetwork.admits(demand, room);
    let is_free = |slot: &Slot| slot.availability == Availability::Ready && slot.kept.is_none();
    let free = fleet.iter().filter(|(_, slot)| is_free(slot) && is_helped(&slot.room));
    let mut nearest: Vec<(u64, HostId)> =
        free.map(|(host, slot)| (score::distance(demand, &slot.room), *host)).collect();
    nearest.sort_unstable();
    let filter = Filter::new(demand);
    let could_hold = |host: &HostId| empty(*host).is_some_and(|room| filter.refusal(&room).is_none());
    nearest.into_iter().map(|(_, host)| host).find(could_hold)
}
