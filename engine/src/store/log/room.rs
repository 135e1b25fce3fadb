//! How much there is, and what goes when that is too much or too old.

use std::collections::{BTreeMap, BinaryHeap};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use berth_model::time::Timestamp;
use prometheus::core::Collector;
use prometheus::{IntCounterVec, IntGauge, Opts};

use super::stream::{self, Segment, Written};
use super::{Inner, LogError, catalogue};

/// What a stream takes beside its events: a directory and a small file. Else empty streams would cost nothing.
pub(super) const STREAM_BYTES: u64 = 8 << 10;

/// How many of the oldest segments are sought at a time. More is more memory, fewer is more searches.
const OLDEST_MAX: usize = 4096;

/// Room is made down to this share of the bound, in percent, so that it is not made at every call.
const KEEP_PERCENT: u64 = 90;

/// Labels: for what events were dropped before their time.
const STREAM_FULL: &str = "stream_full";
const STORE_FULL: &str = "store_full";

/// How much there is in each group, and what was dropped.
#[derive(Debug)]
pub(super) struct Room {
    used: Mutex<BTreeMap<String, u64>>,
    /// Held by whoever makes room. It guards no data.
    making: Mutex<()>,
    stored: IntGauge,
    dropped: IntCounterVec,
}

impl Default for Room {
    fn default() -> Self {
        let stored = Opts::new("berth_log_stored_bytes", "What log streams take on the disk.");
        let dropped = Opts::new("berth_log_dropped_bytes_total", "Output dropped before its time, for want of room.");
        let dropped = IntCounterVec::new(dropped, &["reason"]).expect("the name is valid");
        for reason in [STREAM_FULL, STORE_FULL] {
            dropped.with_label_values(&[reason]);
        }
        Self {
            used: Mutex::default(),
            making: Mutex::default(),
            stored: IntGauge::with_opts(stored).expect("the name is valid"),
            dropped,
        }
    }
}

impl Room {
    pub(super) fn collectors(&self) -> Vec<Box<dyn Collector>> {
        vec![Box::new(self.stored.clone()), Box::new(self.dropped.clone())]
    }

    /// What a group's streams take.
    pub(super) fn of(&self, group: &str) -> u64 {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).get(group).copied().unwrap_or(0)
    }

    pub(super) fn wrote(&self, group: &str, written: Written) {
        self.add(group, written.bytes);
        self.drop_full(STREAM_FULL, group, written.dropped);
    }

    pub(super) fn add(&self, group: &str, bytes: u64) {
        self.change(|used| *used.entry(group.to_owned()).or_default() += bytes);
    }

    pub(super) fn take(&self, group: &str, bytes: u64) {
        self.change(|used| {
            if let Some(used) = used.get_mut(group) {
                *used = used.saturating_sub(bytes);
            }
        });
    }

    pub(super) fn forget(&self, group: &str) {
        self.change(|used| used.retain(|other, _| other != group));
    }

    fn drop_full(&self, reason: &str, group: &str, bytes: u64) {
        if bytes > 0 {
            self.dropped.with_label_values(&[reason]).inc_by(bytes);
            self.take(group, bytes);
        }
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, u64>)) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut used);
        self.stored.set(used.values().sum::<u64>().try_into().unwrap_or(i64::MAX));
    }

    fn total(&self) -> u64 {
        self.used.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }
}

/// What can go: a segment, or a stream that has none. The greatest in a heap is the youngest.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Candidate {
    written_at: Timestamp,
    group: String,
    stream: PathBuf,
    segment: Option<PathBuf>,
    bytes: u64,
}

impl Inner {
    /// Removes segments older than their groups keep them, and streams of which nothing is left.
    pub(super) fn remove_expired(&self, now: Timestamp) -> Result<u64, LogError> {
        let mut removed = 0;
        for group in catalogue::directories(&self.root)? {
            let group = group?;
            let retention = match self.retention(&group) {
                Ok(retention) => retention,
                Err(LogError::NotFound(_)) => continue,
                Err(error) => return Err(error),
            };
            for path in if_there(catalogue::directories(&group))?.into_iter().flatten() {
                let path = path?;
                let _lock = self.lock(&path);
                removed += u64::from(if_there(self.remove_old(&path, now - retention))?.unwrap_or_default());
            }
        }
        Ok(removed)
    }

    /// True if the whole stream went.
    fn remove_old(&self, path: &Path, before: Timestamp) -> io::Result<bool> {
        let segments = stream::segments(path)?;
        for segment in &segments {
            if segment.written_at()? >= before {
                return Ok(false);
            }
            // The last one says where the stream ends; it goes with the stream.
            if segments.last().is_some_and(|last| last.path != segment.path) {
                std::fs::remove_file(&segment.path)?;
            }
        }
        let is_old = stream::last_written(path)? < before;
        if is_old {
            catalogue::remove(&self.root, path)?;
        }
        Ok(is_old)
    }

    /// Counts anew what there is.
    pub(super) fn count(&self) -> Result<(), LogError> {
        let mut counted = BTreeMap::new();
        self.walk(|group, _, segments| {
            let bytes: u64 = segments.iter().map(|(_, _, bytes)| bytes).sum();
            *counted.entry(group.to_owned()).or_default() += bytes + STREAM_BYTES;
        })?;
        self.room.change(|used| *used = counted);
        Ok(())
    }

    /// Drops what is oldest until there is room again.
    pub(super) fn make_room(&self) -> Result<(), LogError> {
        if self.room.total() <= self.bounds.bytes_max {
            return Ok(());
        }
        // One is enough, and the others go on.
        let Ok(_making) = self.room.making.try_lock() else { return Ok(()) };
        let enough = self.bounds.bytes_max / 100 * KEEP_PERCENT;
        self.count()?;
        while self.room.total() > enough {
            let oldest = self.oldest()?;
            if oldest.is_empty() {
                break;
            }
            for candidate in oldest {
                if self.room.total() <= enough {
                    break;
                }
                let _lock = self.lock(&candidate.stream);
                if_there(self.drop_oldest(&candidate))?;
            }
        }
        Ok(())
    }

    fn drop_oldest(&self, candidate: &Candidate) -> io::Result<()> {
        let Candidate { group, stream, segment, bytes, .. } = candidate;
        let segments = stream::segments(stream)?;
        let is_alone = segments.iter().all(|one| Some(&one.path) == segment.as_ref());
        match segment {
            Some(segment) if !is_alone => {
                std::fs::remove_file(segment)?;
                self.room.drop_full(STORE_FULL, group, *bytes);
            }
            _ if is_alone => {
                let bytes = stream::size(stream)?;
                catalogue::remove(&self.root, stream)?;
                self.room.drop_full(STORE_FULL, group, bytes);
                self.room.take(group, STREAM_BYTES);
            }
            // A stream that had nothing and has something by now.
            _ => {}
        }
        Ok(())
    }

    /// Some of the oldest segments, oldest first.
    fn oldest(&self) -> Result<Vec<Candidate>, LogError> {
        let mut heap = BinaryHeap::with_capacity(OLDEST_MAX + 1);
        let mut offer = |candidate| {
            heap.push(candidate);
            if heap.len() > OLDEST_MAX {
                heap.pop();
            }
        };
        self.walk(|group, path, segments| {
            let candidate = |written_at, segment, bytes| {
                let (group, stream) = (group.to_owned(), path.to_owned());
                Candidate { written_at, group, stream, segment, bytes }
            };
            if segments.is_empty() {
                offer(candidate(stream::last_written(path).unwrap_or_default(), None, 0));
            }
            for (segment, written_at, bytes) in segments {
                offer(candidate(written_at, Some(segment.path), bytes));
            }
        })?;
        Ok(heap.into_sorted_vec())
    }

    /// Visits each stream with its segments, when they were written and their sizes. What goes meanwhile is left out.
    fn walk(&self, mut visit: impl FnMut(&str, &Path, Vec<(Segment, Timestamp, u64)>)) -> Result<(), LogError> {
        for group in catalogue::directories(&self.root)? {
            let group = group?;
            let name = group.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
            for path in if_there(catalogue::directories(&group))?.into_iter().flatten() {
                let path = path?;
                let measured = |path: &Path| -> io::Result<Vec<_>> {
                    let segments = stream::segments(path)?;
                    segments.into_iter().map(|one| one.measured().map(|(at, bytes)| (one, at, bytes))).collect()
                };
                if let Some(segments) = if_there(measured(&path))? {
                    visit(&name, &path, segments);
                }
            }
        }
        Ok(())
    }
}

/// Nothing if what was to be looked at is gone meanwhile.
pub(super) fn if_there<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
