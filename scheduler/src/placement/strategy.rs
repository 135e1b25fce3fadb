//! The order in which a demand with placement strategies takes hosts.
//!
//! Each strategy gives a host a number, the least is the best; the first strategy decides, among equals the next, and
//! at last the tightest fit. With each task that is placed, numbers of other hosts only grow: so a host whose number was
//! looked up long ago stands too far ahead at worst, and is put back when its turn comes.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};

use berth_model::id::HostId;
use berth_model::task::{Placement, Strategy};
use berth_model::time::Timestamp;

use super::room::Room;
use super::score::Score;
use super::{Ask, Field};

/// The candidates of one search, in the order of their strategies.
#[derive(Debug)]
pub(crate) struct Ranking {
    heap: BinaryHeap<Reverse<(Vec<u64>, Score, HostId)>>,
    /// What stands behind the numbers of each candidate, by strategy.
    terms: BTreeMap<HostId, Vec<Term>>,
    /// How many tasks of the group are at hosts with the same value of a strategy's attribute.
    shares: Vec<u64>,
    /// The host given out last: by now the task is there.
    last: Option<HostId>,
    dice: Dice,
}

/// What a strategy looks at in a host.
#[derive(Debug, Clone, Copy)]
enum Term {
    FreeCpu,
    FreeMemory,
    /// The tasks of the group here.
    Own(u64),
    /// The tasks of the group at all hosts that are alike: a place in [`Ranking::shares`].
    Share(usize),
    /// When a clock strikes that runs down at random; see [`Dice`].
    Clock(u64),
}

impl Ranking {
    /// An empty ranking of the hosts of the field.
    pub(crate) fn new(placement: &Placement, field: Field<'_>, entropy: u128) -> Self {
        let mut ranking = Self {
            heap: BinaryHeap::new(),
            terms: BTreeMap::new(),
            shares: Vec::new(),
            last: None,
            dice: Dice(entropy),
        };
        let mut places: BTreeMap<(usize, Option<&str>), usize> = BTreeMap::new();
        for host in field.fleet.keys() {
            let facts = field.known.facts(*host);
            let count = facts.zip(placement.group.as_ref()).map_or(0, |(facts, group)| facts.count(group) as u64);
            let mut terms = Vec::with_capacity(placement.strategies.len());
            for (number, strategy) in placement.strategies.iter().enumerate() {
                terms.push(match strategy {
                    Strategy::BinpackCpu => Term::FreeCpu,
                    Strategy::BinpackMemory => Term::FreeMemory,
                    Strategy::SpreadHosts => Term::Own(count),
                    Strategy::SpreadAttribute(name) => {
                        let value = facts.and_then(|facts| facts.host.attribute(name));
                        let next = ranking.shares.len();
                        let place = *places.entry((number, value)).or_insert(next);
                        if place == next {
                            ranking.shares.push(0);
                        }
                        ranking.shares[place] += count;
                        Term::Share(place)
                    }
                    Strategy::Random => Term::Clock(ranking.dice.wait()),
                });
            }
            ranking.terms.insert(*host, terms);
        }
        ranking
    }

    /// Adds a host that is a candidate.
    pub(crate) fn push(&mut self, host: HostId, score: Score, room: &Room) {
        let numbers = self.numbers(host, room);
        self.heap.push(Reverse((numbers, score, host)));
    }

    /// The best host for the next task.
    pub(crate) fn best(&mut self, ask: &Ask<'_>, field: Field<'_>, created: Timestamp) -> Option<HostId> {
        let verdict = |host: HostId| {
            let slot = field.fleet.get(&host)?;
            Some((ask.verdict(host, slot, field, created).ok()?, &slot.room))
        };
        if let Some(last) = self.last.take() {
            self.placed(last);
            if let Some((score, room)) = verdict(last) {
                self.push(last, score, room);
            }
        }
        while let Some(Reverse((numbers, _, host))) = self.heap.pop() {
            let Some((score, room)) = verdict(host) else { continue };
            if self.numbers(host, room) == numbers {
                self.last = Some(host);
                return Some(host);
            }
            self.push(host, score, room);
        }
        None
    }

    /// Counts a task on the host.
    fn placed(&mut self, host: HostId) {
        let (shares, dice) = (&mut self.shares, &mut self.dice);
        for term in self.terms.get_mut(&host).into_iter().flatten() {
            match term {
                Term::FreeCpu | Term::FreeMemory => {}
                Term::Own(count) => *count += 1,
                Term::Share(place) => shares[*place] += 1,
                Term::Clock(at) => *at = at.saturating_add(dice.wait()),
            }
        }
    }

    fn numbers(&self, host: HostId, room: &Room) -> Vec<u64> {
        let number = |term: &Term| match term {
            Term::FreeCpu => room.free().cpu.0,
            Term::FreeMemory => room.free().memory.0,
            Term::Own(count) => *count,
            Term::Share(place) => self.shares[*place],
            Term::Clock(at) => *at,
        };
        self.terms.get(&host).into_iter().flatten().map(number).collect()
    }
}

/// Random waits whose length says nothing of how much longer they take (exponential ones). Whoever's wait ends first
/// begins another: then each is as likely as any other to be the next, however often it has been, and no other wait has
/// to be drawn anew.
#[derive(Debug)]
struct Dice(u128);

impl Dice {
    /// A wait, in units of 2^-32 of the time in which half of all end.
    fn wait(&mut self) -> u64 {
        let bits = self.next();
        // Halved as long as a fair coin falls on one side; the rest of the logarithm is close enough to a line.
        let halvings = u64::from(bits.leading_zeros());
        let rest = bits.checked_shl(bits.leading_zeros() + 1).unwrap_or(0) >> 32;
        (halvings << 32) + (u64::from(u32::MAX) - rest)
    }

    /// The next of a sequence that is the same for the same seed (SplitMix64 on both halves).
    fn next(&mut self) -> u64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut mixed = 0;
        let halves = [self.0 & u128::from(u64::MAX), self.0 >> 64];
        let mut stepped = [0_u64; 2];
        for (half, to) in halves.into_iter().zip(&mut stepped) {
            *to = u64::try_from(half).unwrap_or(0).wrapping_add(STEP);
            let mut bits = *to ^ mixed;
            bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            mixed = bits ^ (bits >> 31);
        }
        self.0 = u128::from(stepped[0]) | (u128::from(stepped[1]) << 64);
        mixed
    }
}
