//! Moments at which something is due, each at most once per subject.

use std::collections::{BTreeMap, BTreeSet};

use berth_model::id::{DefinitionId, HostId, ProviderName};
use berth_model::time::Timestamp;

use crate::queue::ClassKey;

/// What is due.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Timer {
    /// A host should have registered or be connected by now.
    Host(HostId),
    /// The head of a demand class has waited long.
    Starving(ClassKey),
    /// A task definition that is being deleted may be gone.
    Definition(DefinitionId),
    /// A type of host may be tried again.
    Retry(ProviderName, String),
}

/// All that is due some time.
#[derive(Debug, Default)]
pub(crate) struct Timers {
    due: BTreeMap<Timer, Timestamp>,
    order: BTreeSet<(Timestamp, Timer)>,
}

impl Timers {
    /// Sets the moment, in place of an earlier one.
    pub(crate) fn set(&mut self, timer: Timer, at: Timestamp) {
        if let Some(before) = self.due.insert(timer.clone(), at) {
            self.order.remove(&(before, timer.clone()));
        }
        self.order.insert((at, timer));
    }

    /// Forgets the moment if there is one.
    pub(crate) fn clear(&mut self, timer: &Timer) {
        if let Some(before) = self.due.remove(timer) {
            self.order.remove(&(before, timer.clone()));
        }
    }

    /// The earliest moment.
    pub(crate) fn next(&self) -> Option<Timestamp> {
        self.order.first().map(|(at, _)| *at)
    }

    /// Takes out the earliest that is due by now.
    pub(crate) fn pop(&mut self, now: Timestamp) -> Option<Timer> {
        if self.next()? > now {
            return None;
        }
        let (_, timer) = self.order.pop_first()?;
        self.due.remove(&timer);
        Some(timer)
    }

    pub(crate) fn at(&self, timer: &Timer) -> Option<Timestamp> {
        self.due.get(timer).copied()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Timer> {
        self.due.keys()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_timer_is_due_once_and_at_its_last_moment() {
        let mut timers = Timers::default();
        timers.set(Timer::Host(HostId(1)), Timestamp(10));
        timers.set(Timer::Host(HostId(2)), Timestamp(20));
        timers.set(Timer::Host(HostId(1)), Timestamp(30));
        assert_eq!(timers.next(), Some(Timestamp(20)));
        assert_eq!(timers.pop(Timestamp(19)), None);
        assert_eq!(timers.pop(Timestamp(20)), Some(Timer::Host(HostId(2))));
        timers.clear(&Timer::Host(HostId(1)));
        assert_eq!(timers.next(), None);
    }
}
