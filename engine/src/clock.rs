//! The time the engine lives by: the wall clock, but never backwards.

use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use berth_model::time::Timestamp;
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
        Self::new(|| Timestamp::default() + SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default())
    }
}

impl fmt::Debug for WallClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WallClock")
    }
}

/// Gives moments that never go back. When the wall clock was set back, time goes on at half its speed until the wall
/// clock has caught up: it must not stand still, or nothing would ever be overdue.
#[derive(Debug)]
pub(crate) struct SteadyClock {
    wall: WallClock,
    last: Timestamp,
    last_at: Instant,
}

impl SteadyClock {
    pub(crate) fn new(wall: WallClock) -> Self {
        Self { last: wall.now(), last_at: Instant::now(), wall }
    }

    pub(crate) fn now(&mut self) -> Timestamp {
        let wall = self.wall.now();
        let at = Instant::now();
        let slow = self.last + (at - self.last_at) / 2;
        // Half a millisecond is none: the remainder has to wait for the next call, or it would be lost each time.
        let now = wall.max(slow);
        if now > self.last {
            self.last = now;
            self.last_at = at;
        }
        now
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, Ordering};
    use std::time::Duration;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn time_never_goes_back_and_never_stands_still() {
        let shown = Arc::new(AtomicI64::new(100_000));
        let source = Arc::clone(&shown);
        let mut clock = SteadyClock::new(WallClock::new(move || Timestamp(source.load(Ordering::Relaxed))));
        assert_eq!(clock.now(), Timestamp(100_000));
        shown.store(40_000, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp(100_000));
        tokio::time::advance(Duration::from_secs(20)).await;
        shown.store(60_000, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp(110_000));
        shown.store(200_000, Ordering::Relaxed);
        assert_eq!(clock.now(), Timestamp(200_000));
    }
}
