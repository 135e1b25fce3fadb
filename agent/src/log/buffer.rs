//! Output between a container and the server: so much of it and no more. What does not fit is dropped, the oldest first,
//! and counted.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use berth_model::time::Timestamp;
use tokio::sync::Notify;

use super::line::Event;

/// How much of one container's output waits if its options do not say. Shipping is far behind then, and the container
/// prints more in a second than anybody reads.
pub(crate) const BYTES_DEFAULT: usize = 8 << 20;
/// Less than this makes no batches.
const BYTES_MIN: usize = 64 << 10;
/// Most that options may ask for.
const BYTES_MAX: usize = 64 << 20;
/// Most that waits on the whole host. Above it each container keeps only [`SHARE_BYTES_MIN`].
const ALL_BYTES_MAX: usize = 128 << 20;
const SHARE_BYTES_MIN: usize = 256 << 10;
/// What an event takes beside its text.
const EVENT_BYTES: usize = 64;

/// What waits on the whole host, in bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Room(Arc<AtomicUsize>);

/// See the module.
#[derive(Debug)]
pub(super) struct Buffer {
    state: Mutex<State>,
    room: Room,
    bytes_max: usize,
    /// Something has come, or has gone, or nothing more will come.
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    queue: VecDeque<Event>,
    bytes: usize,
    /// What was dropped before the first in the queue and is not told of yet.
    dropped: Dropped,
    /// All events up to this moment are told of as dropped.
    told_until: Option<i64>,
    is_closed: bool,
}

/// What is missing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Dropped {
    /// How many events.
    pub(super) count: u64,
    /// True if there were more that nobody could count.
    pub(super) is_more: bool,
    /// The moment of the last of them, in milliseconds since the epoch.
    pub(super) until: i64,
}

impl Dropped {
    pub(super) fn is_nothing(self) -> bool {
        self.count == 0 && !self.is_more
    }
}

impl Buffer {
    pub(super) fn new(bytes_max: Option<usize>, room: Room) -> Self {
        let bytes_max = bytes_max.unwrap_or(BYTES_DEFAULT).clamp(BYTES_MIN, BYTES_MAX);
        Self { state: Mutex::default(), room, bytes_max, changed: Notify::new() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes an event, and drops older ones if there is no room for it.
    pub(super) fn push(&self, mut event: Event) {
        let mut state = self.state();
        let pending = (!state.dropped.is_nothing()).then_some(state.dropped.until);
        match (state.queue.back(), state.told_until.max(pending)) {
            // After one that came late.
            (Some(last), _) => event.at = event.at.max(last.at),
            // All that comes has this moment for a long time.
            (None, Some(until)) if event.at <= until && event.is_late => event.at = until + 1,
            // What shares a moment with what was dropped goes with it, so that a moment says what is missing.
            (None, Some(until)) if event.at <= until => return state.dropped.add(&event),
            (None, _) => {}
        }
        self.room.0.fetch_add(bytes(&event), Ordering::Relaxed);
        state.bytes += bytes(&event);
        state.queue.push_back(event);
        while state.bytes > self.limit() && state.queue.len() > 1 {
            self.drop_first(&mut state);
        }
        drop(state);
        self.changed.notify_waiters();
    }

    /// Takes an event once there is room for it.
    pub(super) async fn push_waiting(&self, event: Event) {
        loop {
            let changed = self.changed.notified();
            let has_room = {
                let state = self.state();
                state.bytes + bytes(&event) <= self.limit() || state.queue.is_empty()
            };
            if has_room {
                return self.push(event);
            }
            changed.await;
        }
    }

    fn limit(&self) -> usize {
        let is_full = self.room.0.load(Ordering::Relaxed) > ALL_BYTES_MAX;
        if is_full { self.bytes_max.min(SHARE_BYTES_MIN) } else { self.bytes_max }
    }

    /// Drops the oldest event, and all others of its moment.
    fn drop_first(&self, state: &mut State) {
        let Some(at) = state.queue.front().map(|event| event.at) else { return };
        while state.queue.front().is_some_and(|event| event.at <= at) {
            if let Some(event) = self.pop(state) {
                state.dropped.add(&event);
            }
        }
    }

    fn pop(&self, state: &mut State) -> Option<Event> {
        let event = state.queue.pop_front()?;
        state.bytes -= bytes(&event);
        self.room.0.fetch_sub(bytes(&event), Ordering::Relaxed);
        Some(event)
    }

    /// Nothing more will come.
    pub(super) fn close(&self) {
        self.state().is_closed = true;
        self.changed.notify_waiters();
    }

    /// Waits until there is something. False if there is nothing and nothing will come.
    pub(super) async fn wait(&self) -> bool {
        loop {
            let changed = self.changed.notified();
            {
                let state = self.state();
                if !state.queue.is_empty() || !state.dropped.is_nothing() {
                    return true;
                }
                if state.is_closed {
                    return false;
                }
            }
            changed.await;
        }
    }

    /// Waits until the buffer has so many bytes, or nothing more will come.
    pub(super) async fn wait_for(&self, bytes: usize) {
        loop {
            let changed = self.changed.notified();
            {
                let state = self.state();
                if state.is_closed || state.bytes >= bytes.min(self.bytes_max / 2) {
                    return;
                }
            }
            changed.await;
        }
    }

    /// Takes events out, the oldest first, as long as they fit; what is missing before them first of all.
    pub(super) fn take(&self, mut fits: impl FnMut(&Event) -> bool) -> Vec<Event> {
        let mut state = self.state();
        let mut taken = Vec::new();
        if !state.dropped.is_nothing() {
            let dropped = std::mem::take(&mut state.dropped);
            state.told_until = Some(dropped.until);
            let gap = Event::gap(dropped);
            fits(&gap);
            taken.push(gap);
        }
        while state.queue.front().is_some_and(&mut fits) {
            taken.extend(self.pop(&mut state));
        }
        drop(state);
        self.changed.notify_waiters();
        taken
    }

    /// What is missing if nobody takes anything out any more. Unless nothing more was to come that is more than is here, up to
    /// now.
    pub(super) fn missing(&self, now: Timestamp) -> Dropped {
        let state = self.state();
        let mut missing = state.dropped;
        state.queue.iter().for_each(|event| missing.add(event));
        if !state.is_closed {
            missing.is_more = true;
            missing.until = missing.until.max(now.0);
        }
        missing
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let bytes = self.state().bytes;
        self.room.0.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Dropped {
    fn add(&mut self, event: &Event) {
        let own = event.gap.unwrap_or(Dropped { count: 1, is_more: false, until: event.at });
        self.count += own.count;
        self.is_more |= own.is_more;
        self.until = self.until.max(own.until);
    }
}

fn bytes(event: &Event) -> usize {
    event.message.len() + EVENT_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(at: i64) -> Event {
        Event { at, message: "x".repeat(1000), gap: None, is_late: false }
    }

    fn buffer() -> Buffer {
        Buffer::new(Some(BYTES_MIN), Room::default())
    }

    fn moments(events: &[Event]) -> Vec<i64> {
        events.iter().map(|event| event.at).collect()
    }

    #[test]
    fn the_oldest_goes_first_and_is_told_of_before_what_is_left() {
        let buffer = buffer();
        (0..100).for_each(|at| buffer.push(event(at / 2)));
        let taken = buffer.take(|_| true);
        let Some(dropped) = taken[0].gap else { panic!("something is missing") };
        assert_eq!(usize::try_from(dropped.count).unwrap() + taken.len() - 1, 100);
        assert_eq!(dropped.count % 2, 0, "moments are dropped whole");
        assert_eq!((taken[0].at, taken[1].at), (dropped.until, dropped.until + 1));
        assert_eq!(buffer.room.0.load(Ordering::Relaxed), 0);
        // What comes late for a moment that was told of as missing is missing, too.
        buffer.push(event(dropped.until));
        assert_eq!(buffer.take(|_| true)[0].gap.map(|gap| gap.count), Some(1));
    }

    #[test]
    fn what_comes_after_the_clock_was_set_back_is_not_dropped_for_its_moment() {
        let buffer = buffer();
        let late = || Event { is_late: true, ..event(50) };
        (0..100).for_each(|_| buffer.push(late()));
        let taken = buffer.take(|_| true);
        let Some(dropped) = taken[0].gap else { panic!("something is missing") };
        assert_eq!(dropped.until, 50);
        assert_eq!(usize::try_from(dropped.count).unwrap() + taken.len() - 1, 100);
        buffer.push(late());
        buffer.push(event(50));
        buffer.push(event(60));
        assert_eq!(moments(&buffer.take(|_| true)), [51, 51, 60]);
    }

    #[test]
    fn gaps_that_are_dropped_add_up() {
        let buffer = buffer();
        buffer.push(Event::gap(Dropped { count: 5, is_more: true, until: 1 }));
        (2..100).for_each(|at| buffer.push(event(at)));
        let taken = buffer.take(|_| true);
        let dropped = taken[0].gap.unwrap();
        assert!(dropped.is_more);
        assert_eq!(usize::try_from(dropped.count).unwrap() - 5 + taken.len() - 1, 98);
    }

    #[test]
    fn a_full_host_leaves_each_its_share() {
        let room = Room::default();
        room.0.store(ALL_BYTES_MAX + 1, Ordering::Relaxed);
        let buffer = Buffer::new(None, room.clone());
        (0..2000).for_each(|at| buffer.push(event(at)));
        assert!(buffer.state().bytes <= SHARE_BYTES_MIN);
        drop(buffer);
        assert_eq!(room.0.load(Ordering::Relaxed), ALL_BYTES_MAX + 1);
    }

    #[tokio::test]
    async fn who_may_wait_waits_for_room() {
        let buffer = buffer();
        let fill = async {
            for at in 0..100 {
                buffer.push_waiting(event(at)).await;
            }
            buffer.close();
        };
        let drain = async {
            let mut all = Vec::new();
            while buffer.wait().await {
                all.extend(moments(&buffer.take(|_| true)));
            }
            all
        };
        let ((), all) = tokio::join!(fill, drain);
        assert_eq!(all, (0..100).collect::<Vec<_>>());
        assert!(buffer.missing(Timestamp(1)).is_nothing());
    }

    #[test]
    fn what_is_given_up_is_what_is_here_and_what_was_to_come() {
        let buffer = buffer();
        buffer.push(event(1));
        buffer.push(Event::gap(Dropped { count: 5, is_more: false, until: 2 }));
        assert_eq!(buffer.missing(Timestamp(9)), Dropped { count: 6, is_more: true, until: 9 });
        buffer.close();
        assert_eq!(buffer.missing(Timestamp(9)), Dropped { count: 6, is_more: false, until: 2 });
    }
}
