//! Searching the streams of a group: events of all of them, in the order of their moments, page by page.
//!
//! What there is is searched in parts, so that a page costs no more than one: segments in the order in which they were
//! begun, up to a number of bytes. Events are in order within their part. The pages of a part are each found in one pass
//! over it; at any time only as many events are kept as fit on the page: of more, the latest go. What was written too long
//! before the moments asked for is not read at all.

use std::collections::BinaryHeap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use berth_model::time::Timestamp;
use serde::{Deserialize, Serialize};
use tokio_util::sync::CancellationToken;

use super::room::if_there;
use super::stream::Segment;
use super::{
    AHEAD_MAX, BATCH_BYTES_MAX, BATCH_EVENTS_MAX, EVENT_OVERHEAD_BYTES, LogError, StoredEvent, catalogue, file_name,
    stream,
};
use crate::filter::Pattern;

/// A part of a search ends with the segment that brings it over this many bytes. Fewer tears more events apart that are of
/// the same time, more lets a page take longer.
pub(super) const PAGE_READ_MAX: u64 = 64 << 20;

/// What to search for.
#[derive(Debug, Clone)]
pub struct FilterQuery {
    /// In which streams.
    pub streams: Streams,
    /// Only events from this moment on.
    pub start: Option<Timestamp>,
    /// Only events up to this moment.
    pub end: Option<Timestamp>,
    /// Only events that are so.
    pub pattern: Option<Pattern>,
    /// Where to go on.
    pub cursor: Option<Cursor>,
    /// Most events, 1 to [`BATCH_EVENTS_MAX`]; `None` for as many as fit on a page.
    pub limit: Option<usize>,
}

/// Which streams of a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Streams {
    /// All.
    All,
    /// Those whose names begin so.
    Prefix(String),
    /// These.
    Named(Vec<String>),
}

/// Where an event stands among all of its group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Its moment.
    pub at: Timestamp,
    /// Its stream.
    pub stream: String,
    /// Its position there.
    pub position: u64,
}

/// Where a search goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    /// The first segment of the part to search.
    first: SegmentPlace,
    /// If the part has been begun: its last segment, and the last event that was found. The part must not change with
    /// what is written meanwhile, or events would be found twice.
    begun: Option<(SegmentPlace, Place)>,
}

/// Where a segment stands among all of its group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct SegmentPlace {
    begun_at: Timestamp,
    stream: String,
    base: u64,
}

/// An event that was searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// Where it stands.
    pub place: Place,
    /// What it says.
    pub event: StoredEvent,
}

impl PartialOrd for Found {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Found {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.place.cmp(&other.place)
    }
}

/// A part of what was searched for, in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilterPage {
    /// The events.
    pub events: Vec<Found>,
    /// Where there may be more. There need be no event on a page for that.
    pub next: Option<Cursor>,
}

/// Finds a page in what is next to search, which ends with the segment that brings it over `read_max` bytes.
pub(super) fn search(
    group: &Path,
    query: &FilterQuery,
    read_max: u64,
    cancelled: &CancellationToken,
) -> Result<FilterPage, LogError> {
    let segments = segments(group, query, cancelled)?;
    let begun = query.cursor.as_ref().and_then(|cursor| cursor.begun.as_ref());
    let mut page = Page::new(query, begun.map(|(_, after)| after));
    let mut last = None;
    let mut next = None;
    let mut read = 0;
    for (place, segment) in &segments {
        let is_in_part = begun.map_or(read < read_max, |(last, _)| place <= last);
        if !is_in_part {
            next = Some(Cursor { first: place.clone(), begun: None });
            break;
        }
        check(cancelled)?;
        last = Some(place);
        let Some((written_at, bytes)) = if_there(segment.measured())? else { continue };
        // No event is further ahead of the moment at which it came than that.
        if written_at + AHEAD_MAX < page.from {
            continue;
        }
        read += bytes;
        if_there(stream::lines(segment, |position, line| page.offer(&place.stream, position, line)))?;
    }
    let has_more = page.has_more;
    let events = page.kept.into_sorted_vec();
    if has_more && let (Some((first, _)), Some(last), Some(event)) = (segments.first(), last, events.last()) {
        next = Some(Cursor { first: first.clone(), begun: Some((last.clone(), event.place.clone())) });
    }
    Ok(FilterPage { events, next })
}

fn check(cancelled: &CancellationToken) -> Result<(), LogError> {
    if cancelled.is_cancelled() { Err(LogError::Io(ErrorKind::Interrupted.into())) } else { Ok(()) }
}

/// The segments that are left to search, in order.
fn segments(
    group: &Path,
    query: &FilterQuery,
    cancelled: &CancellationToken,
) -> Result<Vec<(SegmentPlace, Segment)>, LogError> {
    let first = query.cursor.as_ref().map(|cursor| &cursor.first);
    let mut found = Vec::new();
    for (stream, path) in streams(group, &query.streams)? {
        check(cancelled)?;
        for segment in if_there(stream::segments(&path))?.unwrap_or_default() {
            let place = SegmentPlace { begun_at: segment.begun_at, stream: stream.clone(), base: segment.base };
            if first.is_none_or(|first| place >= *first) {
                found.push((place, segment));
            }
        }
    }
    found.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
    Ok(found)
}

fn streams(group: &Path, asked: &Streams) -> Result<Vec<(String, PathBuf)>, LogError> {
    let prefix = match asked {
        Streams::All => None,
        Streams::Prefix(prefix) => Some(prefix.as_str()),
        Streams::Named(names) => {
            let found = names.iter().map(|name| {
                let path = group.join(file_name(name));
                stream::check_exists(&path).map(|()| (name.clone(), path))
            });
            let mut found: Vec<_> = found.collect::<Result<_, _>>()?;
            found.sort_unstable();
            found.dedup();
            return Ok(found);
        }
    };
    catalogue::stream_names(group, prefix)
}

/// The earliest events so far, as many as fit.
struct Page<'a> {
    query: &'a FilterQuery,
    /// Only events behind this place are asked for.
    after: Option<&'a Place>,
    /// Nothing before this is asked for.
    from: Timestamp,
    events_max: usize,
    kept: BinaryHeap<Found>,
    bytes: usize,
    has_more: bool,
}

impl<'a> Page<'a> {
    fn new(query: &'a FilterQuery, after: Option<&'a Place>) -> Self {
        Self {
            query,
            after,
            from: query.start.max(after.map(|after| after.at)).unwrap_or_default(),
            events_max: query.limit.unwrap_or(BATCH_EVENTS_MAX).min(BATCH_EVENTS_MAX),
            kept: BinaryHeap::new(),
            bytes: 0,
            has_more: false,
        }
    }

    fn offer(&mut self, stream: &str, position: u64, line: &stream::Line<'_>) {
        let at = line.timestamp;
        if at < self.from || self.query.end.is_some_and(|end| at > end) {
            return;
        }
        // Once something had to go, only what is before the last one kept can still be on the page.
        if self.has_more && self.kept.peek().is_some_and(|last| at > last.place.at) {
            return;
        }
        let place = Place { at, stream: stream.to_owned(), position };
        if self.after.is_some_and(|after| place <= *after)
            || self.query.pattern.as_ref().is_some_and(|pattern| !pattern.matches(&line.message))
            || (self.has_more && self.kept.peek().is_some_and(|last| place > last.place))
        {
            return;
        }
        let event =
            StoredEvent { timestamp: at, message: line.message.clone().into_owned(), ingested_at: line.ingested_at };
        self.bytes += event.message.len() + EVENT_OVERHEAD_BYTES;
        self.kept.push(Found { place, event });
        while self.kept.len() > self.events_max || (self.bytes > BATCH_BYTES_MAX && self.kept.len() > 1) {
            let last = self.kept.pop().expect("there is more than one");
            self.bytes -= last.event.message.len() + EVENT_OVERHEAD_BYTES;
            self.has_more = true;
        }
    }
}
