//! The time the engine lives by: the wall clock, but never backwards.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use berth_model::time::{SteadyClock, Timestamp};
use tokio::time::Instant;

/// Where the wall clock's time comes from.
#[derive(Clone)]
pub struct WallClock(Arc<dyn Fn() -> Timestamp + Send + Sync>);

impl WallClock {
    /// A clock of one's own, for tests.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self(Arc::new(now))
    }

    /// What the clock shows.
    pub fn now(&self) -> Timestamp {
        (self.0)()
    }
}

impl Default for WallClock {
    /// The system's clock.
    fn default() -> Self {
        Self::new(|| SystemTime::now().into())
    }
}

impl fmt::Debug for WallClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WallClock")
    }
}

/// The wall clock made steady.
#[derive(Debug)]
pub(crate) struct EngineClock {
    wall: WallClock,
    began: Instant,
    steady: SteadyClock,
}

impl EngineClock {
    pub(crate) fn new(wall: WallClock) -> Self {
        Self { steady: SteadyClock::new(wall.now(), Duration::ZERO), began: Instant::now(), wall }
    }

    pub(crate) fn now(&mut self) -> Timestamp {
        self.steady.now(self.wall.now(), self.began.elapsed())
    }
}
