//! What resources are worth, by the prices of a catalogue.

use berth_model::host::InstanceType;
use berth_model::unit::Resources;

/// Bits behind the point of a price per unit: a MiB costs a few micro-dollars per hour, and whole numbers would round a
/// third of it away.
const FRACTION_BITS: u32 = 20;

/// The cheapest price of each resource in a catalogue, each as if the rest of the host came for nothing. In millionths
/// of a dollar per hour, times 2^20.
#[derive(Debug, Clone, Copy)]
pub(super) struct Prices {
    cpu: u128,
    memory: u128,
    gpus: u128,
}

impl Prices {
    pub(super) fn of(catalogue: &[InstanceType]) -> Self {
        let cheapest = |amount: fn(&Resources) -> u64| {
            let per_unit = |kind: &InstanceType| Self::price(kind).checked_div(u128::from(amount(&kind.capacity)));
            catalogue.iter().filter_map(per_unit).min().unwrap_or(0)
        };
        Self {
            cpu: cheapest(|capacity| capacity.cpu.0),
            memory: cheapest(|capacity| capacity.memory.0),
            gpus: cheapest(|capacity| capacity.gpus.0),
        }
    }

    /// What a host of this type costs; not 0. Comparable with values.
    pub(super) fn price(kind: &InstanceType) -> u128 {
        u128::from(kind.price.0.max(1)) << FRACTION_BITS
    }

    /// What these resources are worth. Comparable only with other values of the same prices.
    pub(super) fn value(&self, resources: Resources) -> u128 {
        self.cpu * u128::from(resources.cpu.0)
            + self.memory * u128::from(resources.memory.0)
            + self.gpus * u128::from(resources.gpus.0)
    }
}
