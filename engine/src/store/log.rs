//! What containers write: log groups and streams with the semantics of CloudWatch Logs, in plain files.
//!
//! A group is a directory of streams, a stream one of segments. A segment is a file of JSON lines, one event each, named
//! by the position of its first byte in the stream, and by when it was begun; positions only grow, so a token (a position)
//! stays good when old segments are dropped. No event is kept in memory and no file stays open, so a process that dies
//! leaves nothing but perhaps a last line without an end, which readers pass over and the next writer cuts off. Lines are
//! not synced: a power cut may cost the last seconds of output, never a task's state.
//!
//! Three things bound what is kept: the size of each stream, the size of all of them, and the time that a group's events
//! are kept. What goes first is always the oldest, and what goes for want of room is counted.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use berth_model::time::Timestamp;
use prometheus::core::Collector;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

mod catalogue;
mod room;
mod search;
mod stream;
#[cfg(test)]
mod tests;

use catalogue::file_name;
pub use catalogue::{GroupQuery, GroupView, Owner, StreamOrder, StreamQuery, StreamView};
use room::Room;
pub use search::{Cursor, FilterPage, FilterQuery, Found, Place, Streams};

/// Most events in one batch, and in one answer. CloudWatch Logs' own bound.
pub const BATCH_EVENTS_MAX: usize = 10_000;

/// Most bytes in one batch, and in one answer: messages and [`EVENT_OVERHEAD_BYTES`] each. CloudWatch Logs' own bound.
pub const BATCH_BYTES_MAX: usize = 1 << 20;

/// What an event counts beside its message. CloudWatch Logs' own number.
pub const EVENT_OVERHEAD_BYTES: usize = 26;

/// The time one batch may span. CloudWatch Logs' own bound.
const BATCH_SPAN_MAX: Duration = Duration::from_hours(24);
/// Events older than this are turned away. CloudWatch Logs' own bound.
const AGE_MAX: Duration = Duration::from_hours(14 * 24);
/// Events further in the future than this are turned away. CloudWatch Logs' own bound.
const AHEAD_MAX: Duration = Duration::from_hours(2);

/// Most calls that touch files at a time, and so, times three, the most open files. The disk is no faster with more.
const CALLS_MAX: usize = 16;

/// Most searches at a time: they read much, and must not keep writers from the disk.
const SEARCHES_MAX: usize = 2;

/// Streams share this many locks. Few enough to hold them all, many enough that streams seldom meet.
const LOCKS: usize = 64;

/// One event on its way in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogEvent {
    /// When it happened, as the writer says.
    pub timestamp: Timestamp,
    /// What was written.
    pub message: String,
}

/// One event on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEvent {
    /// When it happened, as the writer said.
    pub timestamp: Timestamp,
    /// What was written.
    pub message: String,
    /// When it came here.
    pub ingested_at: Timestamp,
}

/// Which events of a batch were turned away, as PutLogEvents tells it. The indices are those of the batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RejectedEvents {
    /// Events before this index are too old.
    pub too_old_end: Option<usize>,
    /// Events before this index are older than their group keeps them.
    pub expired_end: Option<usize>,
    /// Events from this index on are too far in the future.
    pub too_new_start: Option<usize>,
}

/// What to read of a stream.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// Only events from this moment on.
    pub start: Option<Timestamp>,
    /// Only events before this moment.
    pub end: Option<Timestamp>,
    /// Where to go on: a token of an earlier answer. Its kind says in which direction.
    pub token: Option<String>,
    /// Most events, 1 to [`BATCH_EVENTS_MAX`]; `None` for as many as fit in an answer.
    pub limit: Option<usize>,
    /// Without a token: true for the first events, false for the last.
    pub from_head: bool,
}

/// What a stream holds, in the order in which it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogPage {
    /// The events.
    pub events: Vec<StoredEvent>,
    /// Goes on behind the last event. The same as the token asked with if there was nothing more.
    pub next_forward_token: String,
    /// Goes on before the first event. The same as the token asked with if there was nothing more.
    pub next_backward_token: String,
}

/// Why a call was turned away or failed.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The group or the stream is there already.
    #[error("The specified log {0} already exists")]
    AlreadyExists(&'static str),
    /// There is no such group or stream.
    #[error("The specified log {0} does not exist.")]
    NotFound(&'static str),
    /// The request cannot be honoured.
    #[error("{0}")]
    Invalid(&'static str),
    /// The file system failed.
    #[error("the log store failed")]
    Io(#[from] std::io::Error),
}

/// How much is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LogBounds {
    /// Of one stream, in bytes of its files; a sixteenth and a batch more may be there. More lets one container's
    /// chatter push out what others wrote, less loses the beginning of long builds.
    pub stream_bytes_max: u64,
    /// Of all streams, in bytes of their files.
    pub bytes_max: u64,
    /// For how long, in groups that do not say it.
    pub retention: Duration,
}

impl Default for LogBounds {
    fn default() -> Self {
        Self { stream_bytes_max: 64 << 20, bytes_max: 4 << 30, retention: Duration::from_hours(7 * 24) }
    }
}

/// The log groups and streams below one directory. Cheap to clone.
#[derive(Debug, Clone)]
pub struct LogStore {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    bounds: LogBounds,
    locks: Vec<Mutex<()>>,
    room: Room,
    calls: Arc<Semaphore>,
    searches: Arc<Semaphore>,
}

impl LogStore {
    /// The logs below `root`, which is made if it is not there.
    ///
    /// # Errors
    /// If the directory cannot be made.
    pub fn open(root: PathBuf, bounds: LogBounds) -> std::io::Result<Self> {
        std::fs::create_dir_all(&root)?;
        catalogue::remove_remains(&root)?;
        let locks = std::iter::repeat_with(|| Mutex::new(())).take(LOCKS).collect();
        let [calls, searches] = [CALLS_MAX, SEARCHES_MAX].map(|most| Arc::new(Semaphore::new(most)));
        Ok(Self { inner: Arc::new(Inner { root, bounds, locks, room: Room::default(), calls, searches }) })
    }

    /// What is measured here, for a registry of metrics.
    pub(crate) fn collectors(&self) -> Vec<Box<dyn Collector>> {
        self.inner.room.collectors()
    }

    /// Makes a group.
    ///
    /// # Errors
    /// [`LogError::AlreadyExists`] if it is there, [`LogError::Io`] if the file system fails.
    pub async fn create_group(&self, group: &str, now: Timestamp) -> Result<(), LogError> {
        let group = group.to_owned();
        self.call(move |inner| catalogue::create_group(&inner.root, &group, now)).await
    }

    /// Makes a stream, and keeps with it whose task writes to it, if anybody knows.
    ///
    /// # Errors
    /// [`LogError::NotFound`] if there is no such group, [`LogError::AlreadyExists`] if the stream is there,
    /// [`LogError::Io`] if the file system fails.
    pub async fn create_stream(
        &self,
        group: &str,
        stream: &str,
        owner: Option<Owner>,
        now: Timestamp,
    ) -> Result<(), LogError> {
        let (group, stream) = (group.to_owned(), stream.to_owned());
        self.call(move |inner| {
            catalogue::create_stream(&inner.root, &group, &stream, owner, now)?;
            inner.room.add(&file_name(&group), room::STREAM_BYTES);
            Ok(())
        })
        .await
    }

    /// Whose task writes to a stream. `None` if nobody knew when it was made, and if there is no such stream.
    ///
    /// # Errors
    /// [`LogError::Io`] if the file system fails.
    pub async fn owner(&self, group: &str, stream: &str) -> Result<Option<Owner>, LogError> {
        let path = self.stream_path(group, stream);
        self.call(move |_| catalogue::owner(&path)).await
    }

    /// Removes a group with all that is in it.
    ///
    /// # Errors
    /// [`LogError::NotFound`] if there is no such group, [`LogError::Io`] if the file system fails.
    pub async fn delete_group(&self, group: &str) -> Result<(), LogError> {
        let group = group.to_owned();
        self.call(move |inner| {
            catalogue::delete_group(&inner.root, &group)?;
            inner.room.forget(&file_name(&group));
            Ok(())
        })
        .await
    }

    /// Removes a stream with all that is in it.
    ///
    /// # Errors
    /// [`LogError::NotFound`] if there is no such group or stream, [`LogError::Io`] if the file system fails.
    pub async fn delete_stream(&self, group: &str, stream: &str) -> Result<(), LogError> {
        let path = self.stream_path(group, stream);
        let group = file_name(group);
        self.call(move |inner| {
            stream::check_exists(&path)?;
            let _lock = inner.lock(&path);
            let bytes = stream::size(&path)?;
            catalogue::remove(&inner.root, &path)?;
            inner.room.take(&group, bytes + room::STREAM_BYTES);
            Ok(())
        })
        .await
    }

    /// Says how many days the events of a group are kept; `None` for as long as those of groups that do not say.
    ///
    /// # Errors
    /// [`LogError::NotFound`] if there is no such group, [`LogError::Io`] if the file system fails.
    pub async fn set_retention(&self, group: &str, days: Option<u32>) -> Result<(), LogError> {
        let path = self.inner.root.join(file_name(group));
        self.call(move |inner| {
            let _lock = inner.lock(&path);
            catalogue::set_retention(&path, days)
        })
        .await
    }

    /// Groups in the order of their names.
    ///
    /// # Errors
    /// [`LogError::Io`] if the file system fails.
    pub async fn groups(&self, query: GroupQuery) -> Result<Vec<GroupView>, LogError> {
        self.call(move |inner| {
            let mut groups = catalogue::groups(&inner.root, &query)?;
            for group in &mut groups {
                group.stored_bytes = inner.room.of(&file_name(&group.name));
            }
            Ok(groups)
        })
        .await
    }

    /// Streams of a group, in the order asked for.
    ///
    /// # Errors
    /// [`LogError::NotFound`] if there is no such group, [`LogError::Io`] if the file system fails.
    pub async fn streams(&self, group: &str, query: StreamQuery) -> Result<Vec<StreamView>, LogError> {
        let path = self.inner.root.join(file_name(group));
        self.call(move |_| catalogue::streams(&path, &query)).await
    }

    /// Adds a batch, ordered by time, to a stream.
    ///
    /// # Errors
    /// [`LogError::NotFound`] if there is no such group or stream; [`LogError::Invalid`] if the batch is too large, out
    /// of order or spans too long; [`LogError::Io`] if the file system fails, and then nothing was added.
    pub async fn put(
        &self,
        group: &str,
        stream: &str,
        events: Vec<LogEvent>,
        now: Timestamp,
    ) -> Result<RejectedEvents, LogError> {
        check_batch(&events)?;
        let path = self.stream_path(group, stream);
        let group = file_name(group);
        self.call(move |inner| {
            stream::check_exists(&path)?;
            let retention = inner.retention(&inner.root.join(&group))?;
            let (rejected, accepted) = sort_out(&events, now - retention, now);
            let written = {
                let _lock = inner.lock(&path);
                // A stream that is deleted meanwhile is simply not there.
                let appended = stream::append(&path, &events[accepted], now, inner.bounds.stream_bytes_max, retention);
                appended.or_else(|error| stream::check_exists(&path).and(Err(error.into())))?
            };
            inner.room.wrote(&group, written);
            inner.make_room()?;
            Ok(rejected)
        })
        .await
    }

    /// Reads a part of a stream.
    ///
    /// # Errors
    /// [`LogError::NotFound`] if there is no such group or stream, [`LogError::Invalid`] if the token is none of ours,
    /// [`LogError::Io`] if the file system fails.
    pub async fn get(
        &self,
        group: &str,
        stream: &str,
        mut query: LogQuery,
        now: Timestamp,
    ) -> Result<LogPage, LogError> {
        let path = self.stream_path(group, stream);
        let group = file_name(group);
        self.call(move |inner| {
            stream::check_exists(&path)?;
            query.start = query.start.max(Some(now - inner.retention(&inner.root.join(&group))?));
            let _lock = inner.lock(&path);
            stream::read(&path, &query)
        })
        .await
    }

    /// Searches the streams of a group. A search that nobody waits for any more ends soon.
    ///
    /// # Errors
    /// [`LogError::NotFound`] if there is no such group, or no stream of a name asked for; [`LogError::Io`] if the file
    /// system fails.
    pub async fn filter(&self, group: &str, mut query: FilterQuery, now: Timestamp) -> Result<FilterPage, LogError> {
        let permit = Arc::clone(&self.inner.searches).acquire_owned().await.map_err(std::io::Error::other)?;
        let group = file_name(group);
        let cancelled = CancellationToken::new();
        let _cancels = cancelled.clone().drop_guard();
        self.call(move |inner| {
            let _permit = permit;
            let group = inner.root.join(group);
            query.start = query.start.max(Some(now - inner.retention(&group)?));
            search::search(&group, &query, search::PAGE_READ_MAX, &cancelled)
        })
        .await
    }

    /// Removes what is older than its group keeps it, and streams of which nothing is left; then makes room if there is too
    /// much still. Says how many streams were removed. Groups stay.
    ///
    /// # Errors
    /// [`LogError::Io`] if the file system fails.
    pub async fn prune(&self, now: Timestamp) -> Result<u64, LogError> {
        self.call(move |inner| {
            let removed = inner.remove_expired(now)?;
            inner.count()?;
            inner.make_room()?;
            Ok(removed)
        })
        .await
    }

    fn stream_path(&self, group: &str, stream: &str) -> PathBuf {
        self.inner.root.join(file_name(group)).join(file_name(stream))
    }

    /// Runs file work where it may block, a bounded number at a time: work counts until it ends, whether or not anybody
    /// still waits for it.
    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        let permit = Arc::clone(&self.inner.calls).acquire_owned().await.map_err(std::io::Error::other)?;
        let inner = Arc::clone(&self.inner);
        let work = move || {
            let _permit = permit;
            work(&inner)
        };
        tokio::task::spawn_blocking(work).await.map_err(std::io::Error::other)?
    }
}

impl Inner {
    /// Keeps two calls from working on one stream. The lock guards no data, so a panic under it spoils nothing.
    fn lock(&self, path: &Path) -> std::sync::MutexGuard<'_, ()> {
        let sum: usize = path.as_os_str().as_encoded_bytes().iter().map(|byte| usize::from(*byte)).sum();
        self.locks[sum % LOCKS].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long the events of a group are kept. Those that are older are not shown, even if they are still there.
    fn retention(&self, group: &Path) -> Result<Duration, LogError> {
        let days = catalogue::retention(group)?;
        Ok(days.map_or(self.bounds.retention, |days| Duration::from_hours(24 * u64::from(days))))
    }
}

fn check_batch(events: &[LogEvent]) -> Result<(), LogError> {
    if events.len() > BATCH_EVENTS_MAX {
        return Err(LogError::Invalid("The batch of log events holds more than 10000 events."));
    }
    let bytes: usize = events.iter().map(|event| event.message.len() + EVENT_OVERHEAD_BYTES).sum();
    if bytes > BATCH_BYTES_MAX {
        return Err(LogError::Invalid("The batch of log events is larger than 1048576 bytes."));
    }
    if !events.is_sorted_by_key(|event| event.timestamp) {
        return Err(LogError::Invalid("Log events in a single PutLogEvents request must be in chronological order."));
    }
    let (Some(first), Some(last)) = (events.first(), events.last()) else {
        return Ok(());
    };
    if last.timestamp.since(first.timestamp) > BATCH_SPAN_MAX {
        return Err(LogError::Invalid("The batch of log events spans more than 24 hours."));
    }
    Ok(())
}

/// Which events of a batch, which is in order, are too old, not kept or too new, and the range of the others.
fn sort_out(
    events: &[LogEvent],
    expired_before: Timestamp,
    now: Timestamp,
) -> (RejectedEvents, std::ops::Range<usize>) {
    let old = events.partition_point(|event| event.timestamp < now - AGE_MAX);
    let expired = events.partition_point(|event| event.timestamp < expired_before);
    let end = events.partition_point(|event| event.timestamp <= now + AHEAD_MAX);
    let rejected = RejectedEvents {
        too_old_end: (old > 0).then_some(old),
        expired_end: (expired > old).then_some(expired),
        too_new_start: (end < events.len()).then_some(end),
    };
    (rejected, old.max(expired)..end)
}
