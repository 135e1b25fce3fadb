//! What is kept of a task while its containers can ask: how often they have, and what was seen of them a moment ago.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::time::Instant;

use super::Known;
use super::metadata::Seen;
use crate::record::ContainerRecord;
use crate::session::RunningTask;

/// How often the containers of a task may ask, together, in the long run and at once after a pause: as at ECS. Programs ask
/// when they start and for their credentials; one that asks without end takes no more of the agent and of Docker.
const ASKED_PER_SECOND: NonZeroU32 = NonZeroU32::new(40).expect("it is not 0");
const ASKED_AT_ONCE: NonZeroU32 = NonZeroU32::new(60).expect("it is not 0");

/// How long what the runtime says of a task's containers is told again, unless they have changed. With less Docker is asked
/// more often; with more, a change of health is told later.
const SEEN_FOR: Duration = Duration::from_secs(1);

/// See the module.
#[derive(Debug)]
pub(super) struct Kept {
    asked: DefaultDirectRateLimiter,
    /// Held while the runtime is asked, so that it is asked once.
    sight: tokio::sync::Mutex<Option<Sight>>,
}

/// What was seen.
#[derive(Debug)]
struct Sight {
    at: Instant,
    /// The containers as they were then, and what ran of them.
    of: (Vec<ContainerRecord>, Option<RunningTask>),
    seen: Arc<Seen>,
}

impl Kept {
    pub(super) fn new() -> Self {
        let quota = Quota::per_second(ASKED_PER_SECOND).allow_burst(ASKED_AT_ONCE);
        Self { asked: RateLimiter::direct(quota), sight: tokio::sync::Mutex::default() }
    }

    /// Counts a question. False if it comes too soon after others.
    pub(super) fn admits(&self) -> bool {
        self.asked.check().is_ok()
    }

    /// What the runtime says of a task's containers, if it answers: what was seen a moment ago, or what is seen now.
    pub(super) async fn seen(&self, known: &Known, look: impl Future<Output = Option<Seen>>) -> Option<Arc<Seen>> {
        let mut sight = self.sight.lock().await;
        if let Some(Sight { at, of, seen }) = &*sight
            && at.elapsed() < SEEN_FOR
            && (&of.0, &of.1) == (&known.record.containers, &known.running)
        {
            return Some(Arc::clone(seen));
        }
        let at = Instant::now();
        let seen = Arc::new(look.await?);
        *sight =
            Some(Sight { at, of: (known.record.containers.clone(), known.running.clone()), seen: Arc::clone(&seen) });
        Some(seen)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use berth_model::acs::{PayloadContainer, PayloadTask};

    use super::*;
    use crate::record::{Phase, Record};

    #[tokio::test(start_paused = true)]
    async fn the_runtime_is_asked_again_after_a_second_or_a_change() {
        let containers = vec![PayloadContainer::default()];
        let record = Record::accepted(PayloadTask { containers, ..PayloadTask::default() }, 0);
        let mut known = Known { record, running: None };
        let kept = Kept::new();
        let looks = Cell::new(0);
        let look = || async {
            looks.set(looks.get() + 1);
            Some(Seen::default())
        };
        assert!(kept.seen(&known, async { None }).await.is_none(), "the runtime does not answer");
        for _ in 0..3 {
            assert!(kept.seen(&known, look()).await.is_some());
        }
        assert_eq!(looks.get(), 1);
        known.record.containers[0].phase = Phase::Running;
        assert!(kept.seen(&known, look()).await.is_some());
        assert_eq!(looks.get(), 2, "a container has changed");
        tokio::time::advance(SEEN_FOR).await;
        assert!(kept.seen(&known, look()).await.is_some());
        assert_eq!(looks.get(), 3);
    }
}
