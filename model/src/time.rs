//! Moments in time. Inside Berth a moment is whole milliseconds; the wire form is [`crate::epoch::EpochSeconds`].

use std::fmt;
use std::ops::{Add, Sub};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

use crate::epoch::EpochSeconds;

/// A moment: milliseconds since 1970-01-01T00:00:00Z. Stored as that integer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

impl Timestamp {
    /// How long ago `earlier` was, seen from here; zero if it is not in the past.
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0.saturating_sub(earlier.0)).unwrap_or(0))
    }
}

/// What the machine's clock shows; a moment before 1970 is the first.
impl From<SystemTime> for Timestamp {
    fn from(time: SystemTime) -> Self {
        Self::default() + time.duration_since(UNIX_EPOCH).unwrap_or_default()
    }
}

/// Makes moments that never go back out of a wall clock, which may be set, and a monotonic one, which never is. When the
/// wall clock was set back, time goes on at half its speed until the wall clock has caught up: it must not stand still,
/// or nothing would ever be overdue.
#[derive(Debug, Clone, Copy)]
pub struct SteadyClock {
    last: Timestamp,
    last_at: Duration,
}

impl SteadyClock {
    /// Begins with what the wall clock shows; `at` is what the monotonic one does, counted from any fixed moment.
    pub fn new(wall: Timestamp, at: Duration) -> Self {
        Self { last: wall, last_at: at }
    }

    /// The present moment, from what both clocks show.
    pub fn now(&mut self, wall: Timestamp, at: Duration) -> Timestamp {
        let slow = self.last + at.saturating_sub(self.last_at) / 2;
        if wall >= slow {
            *self = Self { last: wall, last_at: at };
            return wall;
        }
        // The part of a millisecond that is left counts for the next call, or it would be lost each time.
        *self = Self { last: slow, last_at: self.last_at + slow.since(self.last) * 2 };
        slow
    }
}

impl Add<Duration> for Timestamp {
    type Output = Self;
    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl Sub<Duration> for Timestamp {
    type Output = Self;
    fn sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.0)
    }
}

impl From<Timestamp> for EpochSeconds {
    fn from(at: Timestamp) -> Self {
        EpochSeconds::from_millis(at.0)
    }
}

impl From<EpochSeconds> for Timestamp {
    fn from(at: EpochSeconds) -> Self {
        Self(at.millis())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steady_time_never_goes_back_and_never_stands_still() {
        let at = Duration::from_secs;
        let mut clock = SteadyClock::new(Timestamp(100_000), at(5));
        assert_eq!(clock.now(Timestamp(100_000), at(5)), Timestamp(100_000));
        assert_eq!(clock.now(Timestamp(40_000), at(5)), Timestamp(100_000));
        assert_eq!(clock.now(Timestamp(60_000), at(25)), Timestamp(110_000));
        assert_eq!(clock.now(Timestamp(200_000), at(26)), Timestamp(200_000));
    }

    #[test]
    fn steady_time_asked_for_often_does_not_lose_the_remainders() {
        let mut clock = SteadyClock::new(Timestamp(1_000), Duration::ZERO);
        for microseconds in (0..100_000).step_by(300) {
            clock.now(Timestamp(0), Duration::from_micros(microseconds));
        }
        assert_eq!(clock.now(Timestamp(0), Duration::from_millis(100)), Timestamp(1_050));
    }
}
