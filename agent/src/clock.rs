//! The clocks of an agent.

use std::time::{Duration, Instant, SystemTime};

use berth_model::time::{SteadyClock, Timestamp};

/// What the machine's clock shows, and Docker's moments are of. It may be set, also back.
pub(crate) fn wall() -> Timestamp {
    SystemTime::now().into()
}

/// The machine's clock made steady.
#[derive(Debug)]
pub(crate) struct Clock {
    began: Instant,
    steady: SteadyClock,
}

impl Clock {
    pub(crate) fn new() -> Self {
        Self { began: Instant::now(), steady: SteadyClock::new(wall(), Duration::ZERO) }
    }

    pub(crate) fn now(&mut self) -> Timestamp {
        self.steady.now(wall(), self.began.elapsed())
    }
}
