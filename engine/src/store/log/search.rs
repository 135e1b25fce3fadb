//! Searching the streams of a group: events of all of them, in the order of their moments, page by page.
//!
//! A page is found in one pass over what may hold it. At any time only as many events are kept as fit on the page: of
//! more, the latest go. What was written too long before the moments asked for is not read at all.

use std::collections::BinaryHeap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use berth_model::time::Timestamp;

use super::{
    AHEAD_MAX, BATCH_BYTES_MAX, BATCH_EVENTS_MAX, EVENT_OVERHEAD_BYTES, LogError, StoredEvent, catalogue, file_name,
    stream,
};
use crate::filter::Pattern;

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
    /// Only events behind this place.
    pub after: Option<Place>,
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// Its moment.
    pub at: Timestamp,
    /// Its stream.
    pub stream: String,
    /// Its position there.
    pub position: u64,
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
    /// There are more behind the last one.
    pub has_more: bool,
}

pub(super) fn search(group: &Path, query: &FilterQuery) -> Result<FilterPage, LogError> {
    let mut page = Page::new(query);
    for (name, path) in streams(group, &query.streams)? {
        let segments = match stream::segments(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => continue,
            segments => segments?,
        };
        for segment in segments {
            // No event is further ahead of the moment at which it came than that.
            let is_before = segment.written_at().is_ok_and(|at| at + AHEAD_MAX < page.from);
            if is_before {
                continue;
            }
            match stream::lines(&segment, |position, line| page.offer(&name, position, line)) {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                read => read?,
            }
        }
    }
    Ok(FilterPage { events: page.kept.into_sorted_vec(), has_more: page.has_more })
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
    /// Nothing before this is asked for.
    from: Timestamp,
    events_max: usize,
    kept: BinaryHeap<Found>,
    bytes: usize,
    has_more: bool,
}

impl<'a> Page<'a> {
    fn new(query: &'a FilterQuery) -> Self {
        let after = query.after.as_ref().map(|after| after.at);
        Self {
            query,
            from: query.start.max(after).unwrap_or_default(),
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
        if self.query.after.as_ref().is_some_and(|after| place <= *after)
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
