//! One log stream: its segments on disk, how they are written and read. The caller keeps calls apart.

use std::borrow::Cow;
use std::fs::{File, OpenOptions};
use std::io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use berth_model::time::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    BATCH_BYTES_MAX, BATCH_EVENTS_MAX, EVENT_OVERHEAD_BYTES, LogError, LogEvent, LogPage, LogQuery, StoredEvent,
};

/// A full stream has this many full segments, of which the oldest goes when the next one begins.
const SEGMENTS: u64 = 16;

/// A segment takes events for this part of the time that they are kept. Less often, more stays on the disk than is shown,
/// as a segment goes whole; more often, there are more files.
const PARTS_OF_RETENTION: u32 = 8;

/// One event in its file.
#[derive(Serialize, Deserialize)]
pub(super) struct Line<'a> {
    #[serde(rename = "t")]
    pub(super) timestamp: Timestamp,
    #[serde(rename = "i")]
    pub(super) ingested_at: Timestamp,
    #[serde(rename = "m", borrow)]
    pub(super) message: Cow<'a, str>,
}

/// One file of a stream.
#[derive(Debug)]
pub(super) struct Segment {
    /// The position of its first byte in the stream.
    pub(super) base: u64,
    /// When it was begun. One of an older version does not say it, and counts as the oldest.
    pub(super) begun_at: Timestamp,
    pub(super) path: PathBuf,
}

impl Segment {
    /// When it was last written to.
    pub(super) fn written_at(&self) -> io::Result<Timestamp> {
        modified(&self.path)
    }

    /// When it was last written to, and its size in bytes.
    pub(super) fn measured(&self) -> io::Result<(Timestamp, u64)> {
        let metadata = std::fs::metadata(&self.path)?;
        Ok((moment(&metadata)?, metadata.len()))
    }
}

/// What a batch did to its stream, in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub(super) bytes: u64,
    /// Went to make room in the stream.
    pub(super) dropped: u64,
}

/// Fails if the stream or its group is not there.
pub(super) fn check_exists(path: &Path) -> Result<(), LogError> {
    if path.is_dir() {
        return Ok(());
    }
    let has_group = path.parent().is_some_and(Path::is_dir);
    Err(LogError::NotFound(if has_group { "stream" } else { "group" }))
}

/// When the stream was last written to, or made.
pub(super) fn last_written(path: &Path) -> io::Result<Timestamp> {
    let mut last = None;
    for segment in segments(path)? {
        last = last.max(Some(segment.written_at()?));
    }
    // The directory of a stream that has segments changes when the old ones go.
    last.map_or_else(|| modified(path), Ok)
}

fn modified(path: &Path) -> io::Result<Timestamp> {
    moment(&std::fs::metadata(path)?)
}

fn moment(metadata: &std::fs::Metadata) -> io::Result<Timestamp> {
    let since = metadata.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Ok(Timestamp::default() + since)
}

/// What the stream's events take, in bytes.
pub(super) fn size(path: &Path) -> io::Result<u64> {
    segments(path)?.iter().map(|segment| Ok(segment.measured()?.1)).sum()
}

/// When the first and the last event happened, and when they came here.
type Ends = (Option<(Timestamp, Timestamp)>, Option<(Timestamp, Timestamp)>);

/// The stream's first and last event.
pub(super) fn ends(path: &Path) -> io::Result<Ends> {
    let moments = |line: &[u8]| {
        let line = serde_json::from_slice::<Line<'_>>(line).ok()?;
        Some((line.timestamp, line.ingested_at))
    };
    let segments = segments(path)?;
    let mut line = Vec::new();
    let mut first = None;
    for segment in &segments {
        line.clear();
        BufReader::new(File::open(&segment.path)?).read_until(b'\n', &mut line)?;
        first = moments(&line);
        if first.is_some() {
            break;
        }
    }
    let mut last = None;
    for segment in segments.iter().rev() {
        let mut file = File::open(&segment.path)?;
        let end = whole_length(&mut file)?;
        let start = end_of_line_before(&mut file, end.saturating_sub(1))?;
        file.seek(SeekFrom::Start(start))?;
        line.clear();
        file.take(end - start).read_to_end(&mut line)?;
        last = moments(&line);
        if last.is_some() {
            break;
        }
    }
    Ok((first, last))
}

/// Adds events at the end: all of them, or none and an error. The stream is kept below `bytes_max`, and what is added;
/// events are kept for `retention`.
pub(super) fn append(
    path: &Path,
    events: &[LogEvent],
    now: Timestamp,
    bytes_max: u64,
    retention: Duration,
) -> io::Result<Written> {
    if events.is_empty() {
        return Ok(Written::default());
    }
    let (mut file, length, dropped) = open_end(path, now, bytes_max, retention / PARTS_OF_RETENTION)?;
    let mut lines = Vec::new();
    for event in events {
        let line = Line { timestamp: event.timestamp, ingested_at: now, message: Cow::Borrowed(&event.message) };
        serde_json::to_writer(&mut lines, &line)?;
        lines.push(b'\n');
    }
    file.write_all(&lines).or_else(|error| {
        file.set_len(length)?;
        Err(error)
    })?;
    Ok(Written { bytes: lines.len() as u64, dropped })
}

/// The file to append to and its length; begins a new segment when the last is full or as old as `age_max`, and drops the
/// oldest of too many. How many bytes that were comes with it.
fn open_end(path: &Path, now: Timestamp, bytes_max: u64, age_max: Duration) -> io::Result<(File, u64, u64)> {
    let segments = segments(path)?;
    let Some(last) = segments.last() else {
        return Ok((new_segment(path, 0, now)?, 0, 0));
    };
    let mut file = OpenOptions::new().read(true).append(true).open(&last.path)?;
    let length = whole_length(&mut file)?;
    // What is behind the last whole line was cut short by the end of a process, and must not run into the next. A file that
    // is left as it is stays as old as it is.
    if file.metadata()?.len() > length {
        file.set_len(length)?;
    }
    let is_old = now.since(last.begun_at) >= age_max;
    if length == 0 || (length < bytes_max / SEGMENTS && !is_old) {
        return Ok((file, length, 0));
    }
    let end = last.base + length;
    let file = new_segment(path, end, now)?;
    let mut dropped = 0;
    for (old, next) in segments.iter().zip(segments.iter().skip(1)) {
        if end - old.base <= bytes_max {
            break;
        }
        std::fs::remove_file(&old.path)?;
        dropped += next.base - old.base;
    }
    Ok((file, 0, dropped))
}

fn new_segment(path: &Path, base: u64, now: Timestamp) -> io::Result<File> {
    OpenOptions::new().append(true).create_new(true).open(path.join(format!("{base:020}-{}.log", now.0)))
}

/// The stream's segments, oldest first.
pub(super) fn segments(path: &Path) -> io::Result<Vec<Segment>> {
    let mut segments = Vec::new();
    for entry in std::fs::read_dir(path)? {
        let path = entry?.path();
        let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        let (base, begun_at) = stem.split_once('-').unwrap_or((stem, "0"));
        if let (Ok(base), Ok(begun_at)) = (base.parse(), begun_at.parse()) {
            segments.push(Segment { base, begun_at: Timestamp(begun_at), path });
        }
    }
    segments.sort_unstable_by_key(|segment| segment.base);
    Ok(segments)
}

/// The length of the file up to the end of its last whole line.
fn whole_length(file: &mut File) -> io::Result<u64> {
    let end = file.seek(SeekFrom::End(0))?;
    end_of_line_before(file, end)
}

/// Where the last line that ends at or before `end` ends; 0 if there is none.
fn end_of_line_before(file: &mut File, mut end: u64) -> io::Result<u64> {
    const CHUNK: u64 = 64 << 10;
    let mut chunk = Vec::new();
    while end > 0 {
        let start = end.saturating_sub(CHUNK);
        file.seek(SeekFrom::Start(start))?;
        chunk.clear();
        (&*file).take(end - start).read_to_end(&mut chunk)?;
        if let Some(at) = chunk.iter().rposition(|byte| *byte == b'\n') {
            return Ok(start + at as u64 + 1);
        }
        end = start;
    }
    Ok(0)
}

/// Gives the lines of a segment that are whole and are events, each with its position in the stream.
pub(super) fn lines(segment: &Segment, mut take: impl FnMut(u64, &Line<'_>)) -> io::Result<()> {
    let mut reader = BufReader::with_capacity(64 << 10, File::open(&segment.path)?);
    let mut position = segment.base;
    let mut line = Vec::new();
    loop {
        line.clear();
        let length = reader.read_until(b'\n', &mut line)?;
        if length == 0 || !line.ends_with(b"\n") {
            return Ok(());
        }
        if let Ok(line) = serde_json::from_slice(&line) {
            take(position, &line);
        }
        position += length as u64;
    }
}

/// Reads a part.
pub(super) fn read(path: &Path, query: &LogQuery) -> Result<LogPage, LogError> {
    let segments = segments(path)?;
    let start = segments.first().map_or(0, |segment| segment.base);
    let end = match segments.last() {
        Some(last) => last.base + whole_length(&mut File::open(&last.path)?)?,
        None => 0,
    };
    let from = match &query.token {
        Some(token) => Cursor::parse(token)?,
        None if query.from_head => Cursor::Forward(start),
        None => Cursor::Backward(end),
    };
    let mut answer = Answer::new(query);
    let (first, last) = match from {
        Cursor::Forward(from) => {
            let from = from.clamp(start, end);
            (from, read_forward(&segments, from, end, &mut answer)?)
        }
        Cursor::Backward(from) => {
            let from = from.clamp(start, end);
            let first = read_backward(&segments, from, &mut answer)?;
            answer.events.reverse();
            (first, from)
        }
    };
    Ok(LogPage {
        events: answer.events,
        next_forward_token: Cursor::Forward(last).to_string(),
        next_backward_token: Cursor::Backward(first).to_string(),
    })
}

/// Takes events from `from` on; gives the position behind the last line looked at.
fn read_forward(segments: &[Segment], from: u64, end: u64, answer: &mut Answer<'_>) -> io::Result<u64> {
    let mut position = from;
    let mut line = Vec::new();
    for (at, segment) in segments.iter().enumerate() {
        let segment_end = segments.get(at + 1).map_or(end, |next| next.base);
        if segment_end <= position {
            continue;
        }
        let mut file = File::open(&segment.path)?;
        file.seek(SeekFrom::Start(position.saturating_sub(segment.base)))?;
        let mut reader = BufReader::new(file.take(segment_end - position));
        loop {
            line.clear();
            let length = reader.read_until(b'\n', &mut line)?;
            if length == 0 {
                break;
            }
            if !answer.take(&line) {
                return Ok(position);
            }
            position += length as u64;
        }
        // Whatever could not be read of a full segment is passed over, so that a reader never hangs before it.
        position = segment_end;
    }
    Ok(position)
}

/// Takes events before `from`, last first; gives the position of the first line looked at.
fn read_backward(segments: &[Segment], from: u64, answer: &mut Answer<'_>) -> io::Result<u64> {
    let mut position = from;
    for segment in segments.iter().rev().filter(|segment| segment.base < from) {
        let mut content = Vec::new();
        File::open(&segment.path)?.take(position - segment.base).read_to_end(&mut content)?;
        position = segment.base + content.len() as u64;
        for line in content.split_inclusive(|byte| *byte == b'\n').rev() {
            if !answer.take(line) {
                return Ok(position);
            }
            position -= line.len() as u64;
        }
    }
    Ok(position)
}

/// The events of an answer, and how many more it may take.
struct Answer<'a> {
    query: &'a LogQuery,
    events: Vec<StoredEvent>,
    events_left: usize,
    bytes_left: usize,
}

impl<'a> Answer<'a> {
    fn new(query: &'a LogQuery) -> Self {
        let events_left = query.limit.unwrap_or(BATCH_EVENTS_MAX).min(BATCH_EVENTS_MAX);
        Self { query, events: Vec::new(), events_left, bytes_left: BATCH_BYTES_MAX }
    }

    /// Takes the event of a line, if it is asked for; false if it is and there is no more room.
    fn take(&mut self, line: &[u8]) -> bool {
        // A line that is none was cut off when a disk was full, or stands before a token that is not ours.
        let Ok(line) = serde_json::from_slice::<Line<'_>>(line) else {
            return true;
        };
        let is_before = self.query.start.is_some_and(|start| line.timestamp < start);
        let is_behind = self.query.end.is_some_and(|end| line.timestamp >= end);
        if is_before || is_behind {
            return true;
        }
        let bytes = line.message.len() + EVENT_OVERHEAD_BYTES;
        if self.events_left == 0 || bytes > self.bytes_left {
            return false;
        }
        self.events_left -= 1;
        self.bytes_left -= bytes;
        self.events.push(StoredEvent {
            timestamp: line.timestamp,
            message: line.message.into_owned(),
            ingested_at: line.ingested_at,
        });
        true
    }
}

/// A place in a stream and the direction to go on from it; as text, a token.
#[derive(Debug, Clone, Copy)]
enum Cursor {
    Forward(u64),
    Backward(u64),
}

impl Cursor {
    fn parse(token: &str) -> Result<Self, LogError> {
        let cursor = match token.split_once('/') {
            Some(("f", position)) => position.parse().map(Self::Forward).ok(),
            Some(("b", position)) => position.parse().map(Self::Backward).ok(),
            _ => None,
        };
        cursor.ok_or(LogError::Invalid("The specified nextToken is invalid."))
    }
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Forward(position) => write!(f, "f/{position:020}"),
            Self::Backward(position) => write!(f, "b/{position:020}"),
        }
    }
}
