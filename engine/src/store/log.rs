//! What containers write: log groups and streams with the semantics of CloudWatch Logs, in plain files.
//!
//! A stream is a directory with at most two segments. A segment is a file of JSON lines, one event each, named by the
//! position of its first byte in the stream; positions only grow, so a token (a position) stays good when old segments
//! are dropped. Nothing is kept in memory and no file stays open, so a process that dies leaves nothing but perhaps a
//! last line without an end, which readers pass over and the next writer cuts off. Lines are not synced: a power cut
//! may cost the last seconds of output, never a task's state.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use berth_model::time::Timestamp;
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

mod stream;
#[cfg(test)]
mod tests;

/// How much of a stream is kept at least, in bytes of its files; up to twice as much and one batch may be there. More
/// fills disks with chatter, less loses the beginning of ordinary builds.
pub const SEGMENT_BYTES_MAX: u64 = 4 << 20;

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

/// Streams share this many locks. Few enough to hold them all, many enough that streams seldom meet.
const LOCKS: usize = 64;

/// Longest file name made of an escaped name; beyond it a digest stands in. File systems allow 255 bytes.
const ESCAPED_BYTES_MAX: usize = 200;

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

/// The log groups and streams below one directory. Cheap to clone.
#[derive(Debug, Clone)]
pub struct LogStore {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    locks: Vec<Mutex<()>>,
    calls: Semaphore,
}

impl LogStore {
    /// The logs below `root`, which is made if it is not there.
    ///
    /// # Errors
    /// If the directory cannot be made.
    pub fn open(root: PathBuf) -> std::io::Result<Self> {
        std::fs::create_dir_all(&root)?;
        let locks = std::iter::repeat_with(|| Mutex::new(())).take(LOCKS).collect();
        Ok(Self { inner: Arc::new(Inner { root, locks, calls: Semaphore::new(CALLS_MAX) }) })
    }

    /// Makes a group.
    ///
    /// # Errors
    /// [`LogError::AlreadyExists`] if it is there, [`LogError::Io`] if the file system fails.
    pub async fn create_group(&self, group: &str) -> Result<(), LogError> {
        let path = self.inner.root.join(file_name(group));
        self.call(move |_| create(&path, "group")).await
    }

    /// Makes a stream.
    ///
    /// # Errors
    /// [`LogError::NotFound`] if there is no such group, [`LogError::AlreadyExists`] if the stream is there,
    /// [`LogError::Io`] if the file system fails.
    pub async fn create_stream(&self, group: &str, stream: &str) -> Result<(), LogError> {
        let group = self.inner.root.join(file_name(group));
        let stream = group.join(file_name(stream));
        self.call(move |_| {
            if !group.is_dir() {
                return Err(LogError::NotFound("group"));
            }
            create(&stream, "stream")
        })
        .await
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
        let (rejected, accepted) = sort_out(&events, now);
        let path = self.stream_path(group, stream);
        self.call(move |inner| {
            stream::check_exists(&path)?;
            let _lock = inner.lock(&path);
            stream::append(&path, &events[accepted], now)?;
            Ok(rejected)
        })
        .await
    }

    /// Reads a part of a stream.
    ///
    /// # Errors
    /// [`LogError::NotFound`] if there is no such group or stream, [`LogError::Invalid`] if the token is none of ours,
    /// [`LogError::Io`] if the file system fails.
    pub async fn get(&self, group: &str, stream: &str, query: LogQuery) -> Result<LogPage, LogError> {
        let path = self.stream_path(group, stream);
        self.call(move |inner| {
            stream::check_exists(&path)?;
            let _lock = inner.lock(&path);
            stream::read(&path, &query)
        })
        .await
    }

    /// Removes the streams that nothing was written to since `before`; says how many. Their groups stay.
    ///
    /// # Errors
    /// [`LogError::Io`] if the file system fails.
    pub async fn prune(&self, before: Timestamp) -> Result<u64, LogError> {
        self.call(move |inner| {
            let mut removed = 0;
            for group in std::fs::read_dir(&inner.root)? {
                for stream in std::fs::read_dir(group?.path())? {
                    let path = stream?.path();
                    let _lock = inner.lock(&path);
                    if stream::last_written(&path)? < before {
                        std::fs::remove_dir_all(&path)?;
                        removed += 1;
                    }
                }
            }
            Ok(removed)
        })
        .await
    }

    fn stream_path(&self, group: &str, stream: &str) -> PathBuf {
        self.inner.root.join(file_name(group)).join(file_name(stream))
    }

    /// Runs file work where it may block, a bounded number at a time.
    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Inner) -> Result<T, LogError> + Send + 'static,
    ) -> Result<T, LogError> {
        let _permit = self.inner.calls.acquire().await.map_err(std::io::Error::other)?;
        let inner = Arc::clone(&self.inner);
        tokio::task::spawn_blocking(move || work(&inner)).await.map_err(std::io::Error::other)?
    }
}

impl Inner {
    /// Keeps two calls from working on one stream. The lock guards no data, so a panic under it spoils nothing.
    fn lock(&self, path: &Path) -> std::sync::MutexGuard<'_, ()> {
        let sum: usize = path.as_os_str().as_encoded_bytes().iter().map(|byte| usize::from(*byte)).sum();
        self.locks[sum % LOCKS].lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn create(path: &Path, kind: &'static str) -> Result<(), LogError> {
    match std::fs::create_dir(path) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(LogError::AlreadyExists(kind)),
        done => Ok(done?),
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

/// Which events of a batch, which is in order, are too old or too new, and the range of the others.
fn sort_out(events: &[LogEvent], now: Timestamp) -> (RejectedEvents, std::ops::Range<usize>) {
    let start = events.partition_point(|event| event.timestamp < now - AGE_MAX);
    let end = events.partition_point(|event| event.timestamp <= now + AHEAD_MAX);
    let rejected = RejectedEvents {
        too_old_end: (start > 0).then_some(start),
        too_new_start: (end < events.len()).then_some(end),
    };
    (rejected, start..end)
}

/// A file name for a group or a stream: the same for the same name, another for another, and never a path. Letters,
/// digits, `-`, `_` and inner dots stand for themselves, other bytes as `%XX`; a name that gets too long is `~` and its
/// digest, which no escaped name begins with.
fn file_name(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for (at, byte) in name.bytes().enumerate() {
        match byte {
            b'-' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => escaped.push(char::from(byte)),
            b'.' if at > 0 => escaped.push('.'),
            _ => write!(escaped, "%{byte:02X}").expect("a String takes everything"),
        }
    }
    if (1..=ESCAPED_BYTES_MAX).contains(&escaped.len()) {
        return escaped;
    }
    let digest = Sha256::digest(name.as_bytes());
    digest.iter().fold("~".to_owned(), |name, byte| format!("{name}{byte:02x}"))
}
