//! Chance: numbers that only depend on the seed.

/// A source of numbers (splitmix64).
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed ^ 0x5DEE_CE66_D1CE_4E5B)
    }

    pub(crate) fn number(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn entropy(&mut self) -> u128 {
        u128::from(self.number()) << 64 | u128::from(self.number())
    }

    /// From 0 to below `bound`.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let below = self.number() % (bound.max(1) as u64);
        usize::try_from(below).unwrap_or_default()
    }

    /// From `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u64::try_from(high - low + 1).unwrap_or(1);
        low + i64::try_from(self.number() % span).unwrap_or_default()
    }

    pub(crate) fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    /// True `odds` times in 10,000.
    pub(crate) fn comes_up(&mut self, odds: u32) -> bool {
        odds > 0 && self.number() % 10_000 < u64::from(odds)
    }

    pub(crate) fn pick<T: Clone>(&mut self, items: &[T]) -> Option<T> {
        if items.is_empty() { None } else { Some(items[self.below(items.len())].clone()) }
    }

    /// Milliseconds that something small takes: mostly `typical` or less, now and then ten times that.
    pub(crate) fn latency(&mut self, typical: i64) -> i64 {
        let longest = if self.one_in(16) { typical * 10 } else { typical };
        self.between(0, longest)
    }
}
