//! Units of measure: every number the scheduler works with says what it counts.

use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Sub, SubAssign};

use serde::{Deserialize, Serialize};

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, $symbol:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub u64);

        impl $name {
            /// None of it.
            pub const ZERO: Self = Self(0);

            /// What is left after taking `other` away, or `None` if there is not that much.
            pub fn checked_sub(self, other: Self) -> Option<Self> {
                self.0.checked_sub(other.0).map(Self)
            }

            /// What is left after taking `other` away, never below zero.
            #[must_use]
            pub fn saturating_sub(self, other: Self) -> Self {
                Self(self.0.saturating_sub(other.0))
            }
        }

        impl Add for $name {
            type Output = Self;
            fn add(self, other: Self) -> Self {
                Self(self.0 + other.0)
            }
        }
        impl AddAssign for $name {
            fn add_assign(&mut self, other: Self) {
                self.0 += other.0;
            }
        }
        impl Sub for $name {
            type Output = Self;
            fn sub(self, other: Self) -> Self {
                Self(self.0 - other.0)
            }
        }
        impl SubAssign for $name {
            fn sub_assign(&mut self, other: Self) {
                self.0 -= other.0;
            }
        }
        impl Sum for $name {
            fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
                Self(items.map(|item| item.0).sum())
            }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{} ", $symbol), self.0)
            }
        }
    };
}

unit!(
    /// Processor share: 1024 units are one vCPU.
    CpuUnits,
    "CPU units"
);
unit!(
    /// Memory in mebibytes (2^20 bytes).
    MemoryMib,
    "MiB"
);
unit!(
    /// Whole GPUs.
    GpuCount,
    "GPUs"
);
unit!(
    /// A price in millionths of a US dollar per hour.
    MicroDollarsPerHour,
    "micro-dollars/h"
);

/// What a host has or a task takes, apart from ports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Resources {
    /// Processor share.
    pub cpu: CpuUnits,
    /// Memory.
    pub memory: MemoryMib,
    /// Whole GPUs.
    #[serde(default)]
    pub gpus: GpuCount,
}

impl Resources {
    /// Nothing at all.
    pub const ZERO: Self = Self { cpu: CpuUnits::ZERO, memory: MemoryMib::ZERO, gpus: GpuCount::ZERO };

    /// CPU units and MiB, without GPUs.
    pub const fn new(cpu: u64, memory_mib: u64) -> Self {
        Self { cpu: CpuUnits(cpu), memory: MemoryMib(memory_mib), gpus: GpuCount::ZERO }
    }

    /// True if `self` fits into `room` in every dimension.
    pub fn fits_in(self, room: Self) -> bool {
        self.cpu <= room.cpu && self.memory <= room.memory && self.gpus <= room.gpus
    }

    /// What is left after taking `other` away, or `None` if it does not fit.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        Some(Self {
            cpu: self.cpu.checked_sub(other.cpu)?,
            memory: self.memory.checked_sub(other.memory)?,
            gpus: self.gpus.checked_sub(other.gpus)?,
        })
    }

    /// What is left after taking `other` away, never below zero in any dimension.
    #[must_use]
    pub fn saturating_sub(self, other: Self) -> Self {
        Self {
            cpu: self.cpu.saturating_sub(other.cpu),
            memory: self.memory.saturating_sub(other.memory),
            gpus: self.gpus.saturating_sub(other.gpus),
        }
    }
}

impl Add for Resources {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { cpu: self.cpu + other.cpu, memory: self.memory + other.memory, gpus: self.gpus + other.gpus }
    }
}

impl AddAssign for Resources {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Resources {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Resources {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, {}", self.cpu, self.memory)?;
        if self.gpus > GpuCount::ZERO { write!(f, ", {}", self.gpus) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn resources_fit_only_in_every_dimension() {
        let room = Resources::new(1024, 2048);
        assert!(Resources::new(1024, 2048).fits_in(room));
        assert!(!Resources::new(1025, 1).fits_in(room));
        assert!(!Resources::new(1, 2049).fits_in(room));
        assert_eq!(room.checked_sub(Resources::new(24, 48)), Some(Resources::new(1000, 2000)));
        assert_eq!(room.checked_sub(Resources::new(2000, 0)), None);
    }
}
