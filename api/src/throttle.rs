//! How much a caller may ask for: a token bucket for each access key and kind of call, and a bound on how many reads are
//! answered at a time.
//!
//! Changes need no such bound: they share one lane into the engine, which refuses what it cannot hold.

use std::collections::BTreeMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use berth_model::access_key::AccessKeyId;
use berth_model::id::HostId;
use governor::{DefaultDirectRateLimiter, Quota, RateLimiter};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::auth::Caller;
use crate::auth::access::Access;
use crate::ecs::error::Fault;

/// Most callers whose buckets are kept. With more, all begin anew: each bucket is full then, which lets a caller that was
/// just throttled go on, and costs nothing else.
const CALLERS_MAX: usize = 4_096;

/// How many reads are answered at a time. The store has fewer connections for them; those that wait for one should not be
/// so many that all of them come too late.
const READS_MAX: usize = 64;

/// How long a read waits for its turn before the client is told to come again.
const READ_WITHIN: Duration = Duration::from_secs(5);

/// How often a caller may call, by the kind of call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Calls that only look.
    pub reads: Rate,
    /// Calls that change something.
    pub changes: Rate,
    /// Calls of hosts' agents.
    pub agents: Rate,
}

/// How often something may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// In the long run.
    pub per_second: NonZeroU32,
    /// At once, after a pause.
    pub burst: NonZeroU32,
}

impl Rates {
    /// Far more than a client needs that works, and less than keeps everybody else from working.
    pub const DEFAULT: Self = {
        let rate = Rate::new(5_000, 10_000);
        Self { reads: rate, changes: rate, agents: rate }
    };
}

impl Rate {
    /// 0 counts as 1.
    pub const fn new(per_second: u32, burst: u32) -> Self {
        const fn at_least_one(number: u32) -> NonZeroU32 {
            match NonZeroU32::new(number) {
                Some(number) => number,
                None => NonZeroU32::MIN,
            }
        }
        Self { per_second: at_least_one(per_second), burst: at_least_one(burst) }
    }

    fn bucket(self) -> DefaultDirectRateLimiter {
        RateLimiter::direct(Quota::per_second(self.per_second).allow_burst(self.burst))
    }
}

/// Names a caller; both `None` for programs that need no key.
type Who = (Option<AccessKeyId>, Option<HostId>);

#[derive(Debug)]
struct Buckets {
    reads: DefaultDirectRateLimiter,
    changes: DefaultDirectRateLimiter,
    agents: DefaultDirectRateLimiter,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Throttle {
    rates: Rates,
    callers: Mutex<BTreeMap<Who, Arc<Buckets>>>,
    reads: Semaphore,
}

impl Throttle {
    pub(crate) fn new(rates: Rates) -> Self {
        Self { rates, callers: Mutex::default(), reads: Semaphore::new(READS_MAX) }
    }

    /// Lets a call through, perhaps after a while. What it gives back is held until the call is answered.
    ///
    /// # Errors
    /// `ThrottlingException`
    pub(crate) async fn admit(&self, caller: &Caller, access: Access) -> Result<Option<SemaphorePermit<'_>>, Fault> {
        let buckets = self.buckets(caller);
        let bucket = match access {
            Access::Read(_) | Access::Output(_) => &buckets.reads,
            Access::Change(_) | Access::Admin => &buckets.changes,
            Access::Agent => &buckets.agents,
        };
        bucket.check().map_err(|_until| Fault::throttled())?;
        if !matches!(access, Access::Read(_) | Access::Output(_)) {
            return Ok(None);
        }
        match tokio::time::timeout(READ_WITHIN, self.reads.acquire()).await {
            Ok(permit) => Ok(Some(permit.expect("the semaphore is never closed"))),
            Err(_) => Err(Fault::throttled()),
        }
    }

    fn buckets(&self, caller: &Caller) -> Arc<Buckets> {
        let who = (caller.key.clone(), caller.host.filter(|_| caller.key.is_none()));
        let mut callers = self.callers.lock().unwrap_or_else(PoisonError::into_inner);
        if callers.len() >= CALLERS_MAX && !callers.contains_key(&who) {
            callers.clear();
        }
        let Rates { reads, changes, agents } = self.rates;
        let new = || Buckets { reads: reads.bucket(), changes: changes.bucket(), agents: agents.bucket() };
        Arc::clone(callers.entry(who).or_insert_with(|| Arc::new(new())))
    }
}

#[cfg(test)]
mod tests {
    use berth_model::access_key::Role;

    use super::*;
    use crate::auth::access::Concerns;

    const READ: Access = Access::Read(Concerns::Nothing);
    const CHANGE: Access = Access::Change(Concerns::Nothing);

    fn caller(n: u128) -> Caller {
        let key = Some(AccessKeyId::from_bits(n));
        Caller { key, name: n.to_string(), role: Role::Admin, host: None }
    }

    fn throttle() -> Throttle {
        // So slow that nothing comes back while the test runs.
        let slow = Rate::new(1, 3);
        Throttle::new(Rates { reads: slow, changes: slow, agents: slow })
    }

    #[tokio::test]
    async fn each_caller_has_a_bucket_for_each_kind_of_call() {
        let throttle = throttle();
        for _ in 0..3 {
            assert!(throttle.admit(&caller(1), CHANGE).await.is_ok());
        }
        assert_eq!(throttle.admit(&caller(1), CHANGE).await.unwrap_err().code, "ThrottlingException");
        assert!(throttle.admit(&caller(1), Access::Admin).await.is_err(), "it shares the bucket of changes");
        assert!(throttle.admit(&caller(1), READ).await.is_ok());
        assert!(throttle.admit(&caller(1), Access::Agent).await.is_ok());
        assert!(throttle.admit(&caller(2), CHANGE).await.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn so_many_reads_are_answered_at_a_time() {
        let throttle = Throttle::new(Rates::DEFAULT);
        let mut held = Vec::new();
        for _ in 0..READS_MAX {
            held.push(throttle.admit(&caller(1), READ).await.unwrap());
        }
        assert!(throttle.admit(&caller(2), READ).await.is_err(), "after a while");
        assert!(throttle.admit(&caller(2), CHANGE).await.is_ok());
        drop(held.pop());
        assert!(throttle.admit(&caller(2), READ).await.is_ok());
    }

    #[test]
    fn the_number_of_buckets_is_bounded() {
        let throttle = throttle();
        for n in 0..2 * CALLERS_MAX as u128 {
            throttle.buckets(&caller(n));
        }
        assert!(throttle.callers.lock().unwrap().len() <= CALLERS_MAX);
    }
}
