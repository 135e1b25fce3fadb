//! Which of the hosts with room is best: the one that is left with the least.

use berth_model::task::Demand;
use berth_model::unit::GpuCount;

use super::room::Room;

/// How much a placement leaves unused; the least is the best fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Score {
    /// GPUs are dear: a task that needs none goes elsewhere if it can.
    wastes_gpus: bool,
    /// The share of the tightest dimension that stays free, in units of 2^-20.
    left: u64,
}

/// Scores a task of this demand on a host that has room for it.
///
/// One more task of the same demand on the same host never scores worse: so the best host stays the best until it is full.
pub(crate) fn score(demand: &Demand, room: &Room) -> Score {
    let (free, each, capacity) = (room.free(), demand.resources, room.capacity());
    let left = [
        share(free.cpu.0.saturating_sub(each.cpu.0), capacity.cpu.0),
        share(free.memory.0.saturating_sub(each.memory.0), capacity.memory.0),
        share(free.gpus.0.saturating_sub(each.gpus.0), capacity.gpus.0),
    ];
    let wastes_gpus = each.gpus == GpuCount::ZERO && free.gpus > GpuCount::ZERO;
    Score { wastes_gpus, left: left.into_iter().flatten().min().unwrap_or(0) }
}

/// How far the host is from having room for the demand, in its own terms: the share of the dimension that lacks most.
pub(crate) fn distance(demand: &Demand, room: &Room) -> u64 {
    let (free, each, capacity) = (room.free(), demand.resources, room.capacity());
    let lacks = [
        share(each.cpu.0.saturating_sub(free.cpu.0), capacity.cpu.0),
        share(each.memory.0.saturating_sub(free.memory.0), capacity.memory.0),
        share(each.gpus.0.saturating_sub(free.gpus.0), capacity.gpus.0),
    ];
    lacks.into_iter().flatten().max().unwrap_or(0)
}

fn share(part: u64, whole: u64) -> Option<u64> {
    part.saturating_mul(1 << 20).checked_div(whole)
}
