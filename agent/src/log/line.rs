//! From pieces of output to log events, and which of them the server has.

use std::time::Duration;

use berth_model::multiline::FirstLine;
use berth_model::time::Timestamp;

use super::buffer::Dropped;
use crate::runtime::{Chunk, Missing};

/// Longest message; a longer line is cut into several.
const MESSAGE_BYTES_MAX: usize = 256 * 1024 - EVENT_OVERHEAD_BYTES;
/// What PutLogEvents counts for each event besides its message.
const EVENT_OVERHEAD_BYTES: usize = 26;

/// How the message begins that stands where events are missing.
const GAP: &str = "[berth] events dropped: ";
/// An event of several lines ends when none has come for so long. `awslogs` has the same.
pub(super) const LINES_APART_MAX: Duration = Duration::from_secs(5);

/// Docker's moments are not quite in order between the two streams. One that is earlier than another before it by more than
/// this is of a clock that was set back.
pub(super) const OUT_OF_ORDER_MAX: Duration = Duration::from_secs(5);

/// One log event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// Milliseconds since the epoch; never before the event before.
    pub(super) at: i64,
    /// Not empty.
    pub(super) message: String,
    /// What is missing here, if the event only tells of that.
    pub(super) gap: Option<Dropped>,
    /// True if it was written after the clock was set back: until that has caught up, all that comes has one moment.
    pub(super) is_late: bool,
}

impl Event {
    /// An event in the place of those that are missing.
    pub(super) fn gap(dropped: Dropped) -> Self {
        let message = match dropped {
            Dropped { count, is_more: false, .. } => format!("{GAP}{count}"),
            Dropped { count: 0, .. } => format!("{GAP}an unknown number"),
            Dropped { count, .. } => format!("{GAP}{count} or more"),
        };
        Self { at: dropped.until, message, gap: Some(dropped), is_late: false }
    }

    /// True if a message that was read back is one of those.
    pub(super) fn is_gap(message: &str) -> bool {
        message.starts_with(GAP)
    }

    /// What PutLogEvents counts for it, in bytes.
    pub(super) fn size(&self) -> usize {
        self.message.len() + EVENT_OVERHEAD_BYTES
    }
}

/// A place in a log stream: behind the `count`th event at the moment `at`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Position {
    /// Milliseconds since the epoch.
    pub(super) at: i64,
    /// 0 only at the very beginning.
    pub(super) count: usize,
}

impl Position {
    /// Steps over one event.
    pub(super) fn advance(&mut self, at: i64) {
        if self.count == 0 || at > self.at {
            *self = Self { at, count: 1 };
        } else {
            self.count = self.count.saturating_add(1);
        }
    }

    /// Steps over one event of a stream. Nothing of its moment is to come after a gap.
    pub(super) fn step(&mut self, event: &Event) {
        match event.gap {
            Some(_) => *self = Self { at: event.at.max(self.at), count: usize::MAX },
            None => self.advance(event.at),
        }
    }

    /// How many of the events that follow `before` lie before this position.
    pub(super) fn taken_since(self, before: Self, events: &[Event]) -> usize {
        let mut here = before;
        let is_taken = |event: &&Event| {
            here.step(event);
            (here.at, here.count) <= (self.at, self.count) && self.count > 0
        };
        events.iter().take_while(is_taken).count()
    }
}

/// Puts pieces together to lines and leaves out those before a position.
#[derive(Debug)]
pub(super) struct Lines {
    /// Begun lines of the two streams.
    begun: [Option<(Timestamp, Vec<u8>)>; 2],
    /// Where the reading is.
    here: Position,
    /// Where new events begin.
    from: Position,
    /// True once nothing can be missing between where new events begin and what is read.
    is_joined: bool,
    /// Tells where an event of several lines begins; each line is one if `None`.
    first_line: Option<FirstLine>,
    /// An event whose next line may come, and the moment of its last one.
    open: Option<(i64, String, i64)>,
    /// The newest piece.
    last: Option<Chunk>,
    /// What was not read, until it is told of.
    missing: Option<Dropped>,
}

impl Lines {
    pub(super) fn after(position: Position, first_line: Option<FirstLine>) -> Self {
        Self {
            begun: [None, None],
            here: Position::default(),
            from: position,
            is_joined: position.count == 0,
            first_line,
            open: None,
            last: None,
            missing: None,
        }
    }

    /// Where the reading is: behind the last event that was given, or passed over.
    pub(super) fn position(&self) -> Position {
        if (self.here.at, self.here.count) > (self.from.at, self.from.count) { self.here } else { self.from }
    }

    /// Takes a piece; gives the events that are complete and new.
    pub(super) fn push(&mut self, chunk: &Chunk) -> Vec<Event> {
        self.last = Some(chunk.clone());
        let mut before = Vec::new();
        if let Some(missing) = chunk.missing {
            // The ends of lines that were begun are among what is missing.
            self.begun = [None, None];
            before.extend(self.end_open());
            before.extend(self.end_missing());
            self.skip(missing);
        }
        let begun = &mut self.begun[usize::from(chunk.is_error)];
        let (mut at, mut text) = begun.take().unwrap_or((chunk.at, Vec::new()));
        text.extend_from_slice(&chunk.text);
        let is_whole = text.ends_with(b"\n");
        if is_whole {
            text.pop();
        }
        let mut events = before;
        events.extend(self.end_open_before(chunk.at));
        // What just reaches the bound waits for more: its line end is not to become an event of its own.
        while text.len() > MESSAGE_BYTES_MAX {
            let rest = text.split_off(character_boundary(&text, MESSAGE_BYTES_MAX));
            events.extend(self.line(at, &text));
            (at, text) = (chunk.at, rest);
        }
        if is_whole {
            events.extend(self.line(at, &text));
        } else if !text.is_empty() {
            self.begun[usize::from(chunk.is_error)] = Some((at, text));
        }
        events
    }

    /// Notes what was not read.
    fn skip(&mut self, missing: Missing) {
        let from = (self.from.at, self.from.count);
        let is_past = self.is_joined && (self.here.at, self.here.count) >= from;
        if !is_past && missing.until.0 < self.from.at {
            return; // All of it was taken before.
        }
        // How many events lines would have been depends on what stood in them; and some may have been taken before.
        let (count, is_more) = if self.first_line.is_none() && is_past { (missing.lines, false) } else { (0, true) };
        let until = missing.until.0.max(self.here.at).max(self.from.at);
        self.missing = Some(Dropped { count, is_more, until });
        self.is_joined = true;
    }

    /// True if these are whole lines up to the piece `end`, the last of the whole output.
    pub(super) fn are_whole(&self, end: Option<&Chunk>) -> bool {
        self.begun.iter().all(Option::is_none) && self.ends_with(end)
    }

    /// True if `end` is the newest piece that was read.
    pub(super) fn ends_with(&self, end: Option<&Chunk>) -> bool {
        self.last.as_ref() == end
    }

    /// Gives what was begun and will not be completed.
    pub(super) fn finish(&mut self) -> Vec<Event> {
        let rest: Vec<_> = self.begun.iter_mut().filter_map(Option::take).collect();
        let mut events: Vec<Event> = rest.into_iter().flat_map(|(at, text)| self.line(at, &text)).collect();
        events.extend(self.end_open());
        events.extend(self.end_missing());
        events
    }

    /// Tells of what was not read, unless that was done.
    pub(super) fn end_missing(&mut self) -> Option<Event> {
        let gap = Event::gap(self.missing.take()?);
        if gap.at >= self.here.at {
            self.here.step(&gap);
        }
        Some(gap)
    }

    /// When the event that is open ends if no line comes.
    pub(super) fn open_until(&self) -> Option<Timestamp> {
        self.open.as_ref().map(|(_, _, last)| Timestamp(*last) + LINES_APART_MAX)
    }

    /// Gives the open event if its time is over. What decides is the moments of the lines, so that reading again gives
    /// the same events.
    pub(super) fn end_open_before(&mut self, at: Timestamp) -> Vec<Event> {
        if self.open_until().is_some_and(|until| until < at) { self.end_open() } else { Vec::new() }
    }

    fn end_open(&mut self) -> Vec<Event> {
        self.open.take().map(|(at, text, _)| self.events(Timestamp(at), text.as_bytes())).unwrap_or_default()
    }

    /// Takes a whole line: an event, or a part of one.
    fn line(&mut self, at: Timestamp, text: &[u8]) -> Vec<Event> {
        let Some(first_line) = &self.first_line else {
            return self.events(at, text);
        };
        let is_first = first_line.is(text);
        let text = String::from_utf8_lossy(text);
        match &mut self.open {
            Some((_, open, last)) if !is_first && open.len() + text.len() < MESSAGE_BYTES_MAX => {
                open.push('\n');
                open.push_str(&text);
                *last = at.0;
                Vec::new()
            }
            _ => {
                let events = self.end_open();
                self.open = Some((at.0, text.into_owned(), at.0));
                events
            }
        }
    }

    fn events(&mut self, at: Timestamp, text: &[u8]) -> Vec<Event> {
        let text = String::from_utf8_lossy(text);
        let mut rest: &str = &text;
        let mut events = Vec::new();
        loop {
            let cut = rest.floor_char_boundary(MESSAGE_BYTES_MAX);
            let (message, left) = rest.split_at(cut);
            // An empty message is not allowed, and an empty line is a line.
            let message = if message.is_empty() { " ".to_owned() } else { message.to_owned() };
            let newest = self.here.at.max(self.missing.map_or(0, |missing| missing.until));
            let is_late = at + OUT_OF_ORDER_MAX < Timestamp(newest);
            // Docker's moments may run back a little between the streams; events must not.
            let at = if self.here.count == 0 { at.0 } else { at.0.max(self.here.at) };
            self.here.advance(at);
            if self.from.count > 0 && (self.here.at, self.here.count) <= (self.from.at, self.from.count) {
                self.is_joined = true;
            } else if let Some(missing) = self.missing.as_mut().filter(|missing| at <= missing.until && !is_late) {
                // A moment says what is missing: what shares it with that goes with it.
                missing.count += 1;
            } else {
                events.extend(self.end_missing());
                if !std::mem::replace(&mut self.is_joined, true) {
                    // Docker has dropped what was between.
                    events.push(Event::gap(Dropped { count: 0, is_more: true, until: self.from.at }));
                }
                events.push(Event { at: at.max(self.here.at), message, gap: None, is_late });
            }
            rest = left;
            if rest.is_empty() {
                return events;
            }
        }
    }
}

/// The last place at or before `at` that is not within a character; `at` itself where there are no characters.
fn character_boundary(text: &[u8], at: usize) -> usize {
    const CONTINUATION: std::ops::RangeInclusive<u8> = 0x80..=0xBF;
    let starts = (at.saturating_sub(3)..=at).rev();
    starts.into_iter().find(|start| text.get(*start).is_none_or(|byte| !CONTINUATION.contains(byte))).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chunk(is_error: bool, at: i64, text: &str) -> Chunk {
        Chunk { is_error, at: Timestamp(at), text: text.to_owned().into(), missing: None }
    }

    fn event(at: i64, message: &str) -> Event {
        Event { at, message: message.to_owned(), gap: None, is_late: false }
    }

    fn lines(position: Position) -> Lines {
        Lines::after(position, None)
    }

    #[test]
    fn pieces_become_lines_of_their_own_stream() {
        let mut it = lines(Position::default());
        assert_eq!(it.push(&chunk(false, 5, "a")), []);
        assert_eq!(it.push(&chunk(true, 6, "x\n")), [event(6, "x")]);
        assert_eq!(it.push(&chunk(false, 7, "b\n")), [event(6, "ab")]);
        assert_eq!(it.push(&chunk(false, 8, "\n")), [event(8, " ")]);
        assert_eq!(it.push(&chunk(false, 9, "end")), []);
        assert_eq!(it.finish(), [event(9, "end")]);
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        let mut it = lines(Position::default());
        let text = "ä".repeat(MESSAGE_BYTES_MAX);
        let events = it.push(&chunk(false, 1, &format!("{text}\n")));
        assert!(events.iter().all(|event| event.message.len() <= MESSAGE_BYTES_MAX));
        assert_eq!(events.iter().map(|event| event.message.as_str()).collect::<String>(), text);
    }

    #[test]
    fn a_long_line_in_pieces_is_cut_between_characters_and_its_late_end_is_no_event() {
        // Three bytes a character, so that the bound falls within one; and one byte, so that the bound is met.
        for (character, count) in [("€", MESSAGE_BYTES_MAX), ("a", MESSAGE_BYTES_MAX), ("a", 2 * MESSAGE_BYTES_MAX)] {
            let text = character.repeat(count);
            let mut it = lines(Position::default());
            let mut events = Vec::new();
            for piece in text.as_bytes().chunks(16 * 1024) {
                let text = piece.to_vec().into();
                events.extend(it.push(&Chunk { is_error: false, at: Timestamp(1), text, missing: None }));
            }
            events.extend(it.push(&chunk(false, 1, "\n")));
            assert!(events.iter().all(|event| event.message.len() <= MESSAGE_BYTES_MAX));
            assert!(events.iter().map(|event| event.message.as_str()).eq(pieces(&text)), "{character} {count}");
            assert_eq!(it.finish(), []);
        }
    }

    /// A text cut at the last character boundary before each bound.
    fn pieces(mut text: &str) -> Vec<&str> {
        let mut pieces = Vec::new();
        while !text.is_empty() {
            let (piece, rest) = text.split_at(text.floor_char_boundary(MESSAGE_BYTES_MAX));
            pieces.push(piece);
            text = rest;
        }
        pieces
    }

    #[test]
    fn only_whole_lines_up_to_the_end_are_whole() {
        let mut it = lines(Position::default());
        let (whole, begun) = (chunk(false, 1, "a\n"), chunk(true, 1, "b"));
        assert!(it.are_whole(None));
        assert!(!it.are_whole(Some(&whole)));
        it.push(&whole);
        assert!(it.are_whole(Some(&whole)));
        assert!(!it.are_whole(Some(&begun)), "the last line was left out");
        it.push(&begun);
        assert!(!it.are_whole(Some(&begun)), "it may go on");
    }

    #[test]
    fn bytes_that_are_no_characters_are_cut_at_the_bound() {
        assert_eq!(character_boundary(&[0x80; 9], 6), 6);
        assert_eq!(character_boundary("aäa".as_bytes(), 2), 1);
        assert_eq!(character_boundary("aäa".as_bytes(), 3), 3);
        assert_eq!(character_boundary(b"a", 1), 1);
    }

    #[test]
    fn reading_again_gives_exactly_what_is_missing() {
        let output = [(1, "a\n"), (3, "b\n"), (2, "c\n"), (3, "d\n"), (3, "e\n"), (4, "f\n")];
        let read = |from: Position| -> Vec<Event> {
            let mut it = lines(from);
            output.iter().flat_map(|(at, text)| it.push(&chunk(false, *at, text))).collect()
        };
        let all = read(Position::default());
        for shipped in 0..=all.len() {
            let mut position = Position::default();
            all[..shipped].iter().for_each(|event| position.advance(event.at));
            assert_eq!(read(position), all[shipped..]);
            for before in 0..=shipped {
                let mut earlier = Position::default();
                all[..before].iter().for_each(|event| earlier.advance(event.at));
                assert_eq!(position.taken_since(earlier, &all[before..]), shipped - before);
            }
        }
    }

    #[test]
    fn what_docker_dropped_is_told_of_where_it_is_missing() {
        let from = Position { at: 5, count: 2 };
        let read = |output: &[(i64, &str)]| -> Vec<Event> {
            let mut it = lines(from);
            output.iter().flat_map(|(at, text)| it.push(&chunk(false, *at, text))).collect()
        };
        assert_eq!(read(&[(5, "a\n"), (5, "b\n"), (6, "c\n")]), [event(6, "c")]);
        assert_eq!(read(&[(4, "x\n"), (6, "c\n")]), [event(6, "c")], "its end is older than what was taken");
        let gap = Event::gap(Dropped { count: 0, is_more: true, until: 5 });
        assert_eq!(read(&[(6, "c\n"), (7, "d\n")]), [gap.clone(), event(6, "c"), event(7, "d")]);
        assert!(Event::is_gap(&gap.message));
        assert_eq!(Event::gap(Dropped { count: 3, is_more: false, until: 5 }).message, "[berth] events dropped: 3");
    }

    #[test]
    fn what_was_not_read_is_told_of_with_all_of_its_last_moment() {
        let mut it = lines(Position::default());
        assert_eq!(it.push(&chunk(false, 1, "begun")), []);
        let missing = Some(Missing { lines: 7, until: Timestamp(5) });
        assert_eq!(it.push(&Chunk { missing, ..chunk(false, 5, "a\n") }), []);
        let gap = Event::gap(Dropped { count: 8, is_more: false, until: 5 });
        assert_eq!(it.push(&chunk(false, 6, "b\n")), [gap, event(6, "b")]);
        assert_eq!(it.push(&Chunk { missing, ..chunk(false, 6, "c\n") }), []);
        assert_eq!(it.finish(), [Event::gap(Dropped { count: 8, is_more: false, until: 6 })]);
        assert_eq!(it.position(), Position { at: 6, count: usize::MAX }, "what is read next begins behind it");
    }

    #[test]
    fn what_comes_after_the_clock_was_set_back_is_taken_once_and_not_for_missing() {
        let late = |at, message: &str| Event { is_late: true, ..event(at, message) };
        let output = [(300_000, "a\n"), (60_000, "b\n"), (61_000, "c\n"), (300_001, "d\n")];
        let read = |from: Position| -> Vec<Event> {
            let mut it = lines(from);
            output.iter().flat_map(|(at, text)| it.push(&chunk(false, *at, text))).collect()
        };
        let all = [event(300_000, "a"), late(300_000, "b"), late(300_000, "c"), event(300_001, "d")];
        assert_eq!(read(Position::default()), all);
        assert_eq!(read(Position { at: 300_000, count: 2 }), all[2..]);
        let mut it = lines(Position::default());
        it.push(&chunk(false, 1, "a\n"));
        let missing = Some(Missing { lines: 7, until: Timestamp(300_000) });
        let gap = Event::gap(Dropped { count: 7, is_more: false, until: 300_000 });
        assert_eq!(it.push(&Chunk { missing, ..chunk(false, 60_000, "b\n") }), [gap, late(300_000, "b")]);
    }

    #[test]
    fn what_was_not_read_around_a_position_is_of_an_unknown_number() {
        let from = Position { at: 5, count: 1 };
        let missing = |until| Some(Missing { lines: 7, until: Timestamp(until) });
        let skipped = |until| Chunk { missing: missing(until), ..chunk(false, 7, "a\n") };
        let unknown = |until| Event::gap(Dropped { count: 0, is_more: true, until });
        assert_eq!(lines(from).push(&skipped(6)), [unknown(6), event(7, "a")]);
        // Nothing of it was new; but whether nothing is missing behind it nobody knows.
        assert_eq!(lines(from).push(&skipped(4)), [unknown(5), event(7, "a")]);
        let mut it = lines(from);
        assert_eq!(it.push(&chunk(false, 5, "taken\n")), []);
        let gap = Event::gap(Dropped { count: 7, is_more: false, until: 6 });
        assert_eq!(it.push(&skipped(6)), [gap, event(7, "a")]);
    }

    #[test]
    fn lines_from_one_first_line_to_the_next_are_one_event() {
        let first = || FirstLine::matching("^[A-Z]").ok();
        let output = [(0, "a\n"), (1, "B\n"), (2, " c\n"), (3, "D\n"), (9_000, " e\n"), (9_001, " f\n")];
        let mut it = Lines::after(Position::default(), first());
        let mut events: Vec<Event> = output.iter().flat_map(|(at, text)| it.push(&chunk(false, *at, text))).collect();
        assert_eq!(events, [event(0, "a"), event(1, "B\n c"), event(3, "D")]);
        assert_eq!(it.open_until(), Some(Timestamp(14_001)));
        assert_eq!(it.end_open_before(Timestamp(14_001)), []);
        events.extend(it.end_open_before(Timestamp(14_002)));
        assert_eq!(events[3], event(9_000, " e\n f"));
        // Reading again gives the same.
        let mut it = Lines::after(Position { at: 1, count: 1 }, first());
        let mut again: Vec<Event> = output.iter().flat_map(|(at, text)| it.push(&chunk(false, *at, text))).collect();
        again.extend(it.finish());
        assert_eq!(again, events[2..]);
    }
}
