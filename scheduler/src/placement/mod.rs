//! Where tasks go: a search over the hosts of one fleet, for the tightest fit unless strategies say otherwise.
//!
//! [`Rule`]s turn hosts away, a score picks the tightest fit among the rest, and [`explain`] says why none was left.
//! A search costs one look at each host and then one per task. [`Room`] is open to whoever plans hosts, so that both
//! decide by the same rules. Nothing here changes the state: its caller assigns what the search finds.

mod constraint;
pub(crate) mod explain;
mod filter;
pub mod query;
mod room;
pub(crate) mod score;
mod strategy;
#[cfg(test)]
mod tests;
pub mod wish;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::sync::Arc;

use berth_model::id::{ClusterName, HostId, ProviderName};
use berth_model::task::{Demand, StaticLaunchType};
use berth_model::time::Timestamp;

pub(crate) use self::constraint::{Constraints, Facts, Known};
use self::explain::Tally;
use self::filter::Filter;
pub use self::filter::Rule;
pub use self::room::Room;
use self::score::Score;
use self::strategy::Ranking;
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
    /// It cannot run containers at present.
    Impaired,
    /// It takes no new tasks.
    Draining,
}

/// Why a host was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    Draining,
    Disconnected,
    Impaired,
    MemberOf,
    DistinctInstance,
    Lacks(Rule),
    Kept,
}

/// Since when the heads of those classes wait for which a host is kept.
pub(crate) type Keeps = BTreeMap<ClassKey, Timestamp>;

/// The hosts of a domain, and all that a search asks of them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Field<'a> {
    pub(crate) fleet: &'a Fleet,
    pub(crate) keeps: &'a Keeps,
    pub(crate) known: &'a dyn Known,
}

/// What is asked of each host.
#[derive(Debug)]
pub(crate) struct Ask<'a> {
    filter: Filter<'a>,
    /// What goes beyond room; nearly always nothing.
    constraints: Option<Arc<Constraints>>,
    /// The class that asks; `None` for tasks that do not wait.
    class: Option<ClassKey>,
}

impl<'a> Ask<'a> {
    /// Asks for tasks that do not wait.
    pub(crate) fn new(demand: &'a Demand) -> Self {
        Self { filter: Filter::new(demand), constraints: Constraints::of(demand).map(Arc::new), class: None }
    }

    /// Asks for the tasks of a class.
    pub(crate) fn of_class(demand: &'a Demand, constraints: Option<Arc<Constraints>>, class: ClassKey) -> Self {
        Self { filter: Filter::new(demand), constraints, class: Some(class) }
    }

    pub(crate) fn demand(&self) -> &'a Demand {
        self.filter.demand
    }

    /// How well a task that waits since `created` would fit, or why it would not.
    pub(crate) fn verdict(
        &self,
        host: HostId,
        slot: &Slot,
        field: Field<'_>,
        created: Timestamp,
    ) -> Result<Score, Refusal> {
        match slot.availability {
            Availability::Ready => {}
            Availability::Disconnected => return Err(Refusal::Disconnected),
            Availability::Impaired => return Err(Refusal::Impaired),
            Availability::Draining => return Err(Refusal::Draining),
        }
        if let Some(refusal) = self.constrained(host, field) {
            return Err(refusal);
        }
        if let Some(rule) = self.filter.refusal(&slot.room) {
            return Err(Refusal::Lacks(rule));
        }
        if let Some(keeper) = slot.kept
            && self.class != Some(keeper)
            && field.keeps.get(&keeper).is_some_and(|since| *since <= created)
        {
            return Err(Refusal::Kept);
        }
        Ok(score::score(self.demand(), &slot.room))
    }

    /// The constraint that turns the host away.
    fn constrained(&self, host: HostId, field: Field<'_>) -> Option<Refusal> {
        self.constraints.as_ref()?.refusal(field.known.facts(host))
    }

    /// Counts why each host is not taken.
    pub(crate) fn tally(&self, field: Field<'_>, created: Timestamp) -> Tally {
        let mut tally = Tally::default();
        for (host, slot) in field.fleet {
            if let Err(refusal) = self.verdict(*host, slot, field, created) {
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
    candidates: Candidates,
    /// Why the other hosts are none; out of date once a candidate has been used up.
    tally: Option<Tally>,
}

/// The hosts that a search may give out, the best first.
#[derive(Debug)]
enum Candidates {
    /// By tightest fit.
    Fit(BinaryHeap<Reverse<(Score, HostId)>>),
    /// By the strategies of the demand.
    Ranked(Box<Ranking>),
}

impl<'a> Search<'a> {
    /// `entropy` is for the strategy `random`.
    pub(crate) fn new(ask: Ask<'a>, field: Field<'_>, created: Timestamp, entropy: u128) -> Self {
        let placement = ask.demand().placement.as_ref().filter(|placement| !placement.strategies.is_empty());
        let mut ranking = placement.map(|placement| Box::new(Ranking::new(placement, field, entropy)));
        let (mut fits, mut tally, mut has_any) = (Vec::new(), Tally::default(), false);
        for (host, slot) in field.fleet {
            match (ask.verdict(*host, slot, field, created), &mut ranking) {
                (Ok(score), None) => fits.push(Reverse((score, *host))),
                (Ok(score), Some(ranking)) => ranking.push(*host, score, &slot.room),
                (Err(refusal), _) => {
                    tally.add(*host, refusal);
                    continue;
                }
            }
            has_any = true;
        }
        let candidates = ranking.map_or_else(|| Candidates::Fit(fits.into()), Candidates::Ranked);
        Self { ask, tally: (!has_any).then_some(tally), candidates }
    }

    /// The best host for the next task. Between two calls only the task that the first was for may have been given to
    /// the fleet, on the host that was named.
    pub(crate) fn best(&mut self, field: Field<'_>, created: Timestamp) -> Option<HostId> {
        let candidates = match &mut self.candidates {
            Candidates::Fit(candidates) => candidates,
            Candidates::Ranked(ranking) => return ranking.best(&self.ask, field, created),
        };
        // The best host stays the best until it is full (see `score`), so only the first candidate is ever looked at.
        while let Some(Reverse((_, host))) = candidates.peek() {
            let slot = field.fleet.get(host);
            if slot.is_some_and(|slot| self.ask.verdict(*host, slot, field, created).is_ok()) {
                return Some(*host);
            }
            candidates.pop();
        }
        None
    }

    /// Counts why no host is left for a task that waits since `created`.
    pub(crate) fn into_tally(self, field: Field<'_>, created: Timestamp) -> Tally {
        self.tally.unwrap_or_else(|| self.ask.tally(field, created))
    }
}

/// The host to keep for a demand that starves: the one that lacks least of what it needs, among those that could hold it
/// if they were empty. Only what younger tasks take can be kept from them: a host that has enough left, and refuses for
/// its machine's network, a port or a constraint, is not kept.
pub(crate) fn host_to_keep(ask: &Ask<'_>, field: Field<'_>, empty: impl Fn(HostId) -> Option<Room>) -> Option<HostId> {
    let demand = ask.demand();
    let is_helped = |room: &Room| !demand.resources.fits_in(room.free()) && Rule::HostNetwork.admits(demand, room);
    let is_free = |slot: &Slot| slot.availability == Availability::Ready && slot.kept.is_none();
    let free = field
        .fleet
        .iter()
        .filter(|(host, slot)| is_free(slot) && is_helped(&slot.room) && ask.constrained(**host, field).is_none());
    let mut nearest: Vec<(u64, HostId)> =
        free.map(|(host, slot)| (score::distance(demand, &slot.room), *host)).collect();
    nearest.sort_unstable();
    let could_hold = |host: &HostId| empty(*host).is_some_and(|room| ask.filter.refusal(&room).is_none());
    nearest.into_iter().map(|(_, host)| host).find(could_hold)
}
