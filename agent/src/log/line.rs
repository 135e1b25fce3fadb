//! From pieces of output to log events, and which of them the server has.

use std::collections::VecDeque;

use berth_model::time::Timestamp;

use crate::runtime::Chunk;

/// Longest message; a longer line is cut into several.
const MESSAGE_BYTES_MAX: usize = 256 * 1024 - EVENT_OVERHEAD_BYTES;
/// What PutLogEvents counts for each event besides its message.
const EVENT_OVERHEAD_BYTES: usize = 26;

/// One log event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// Milliseconds since the epoch; never before the event before.
    pub(super) at: i64,
    /// Not empty.
    pub(super) message: String,
}

impl Event {
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
            self.count += 1;
        }
    }

    /// How many of the events that follow `before` lie before this position.
    pub(super) fn taken_since(self, before: Self, events: &VecDeque<Event>) -> usize {
        let mut here = before;
        let is_taken = |event: &&Event| {
            here.advance(event.at);
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
    /// The newest piece.
    last: Option<Chunk>,
}

impl Lines {
    pub(super) fn after(position: Position) -> Self {
        Self { begun: [None, None], here: Position::default(), from: position, last: None }
    }

    /// Takes a piece; gives the events that are complete and new.
    pub(super) fn push(&mut self, chunk: &Chunk) -> Vec<Event> {
        self.last = Some(chunk.clone());
        let begun = &mut self.begun[usize::from(chunk.is_error)];
        let (mut at, mut text) = begun.take().unwrap_or((chunk.at, Vec::new()));
        text.extend_from_slice(&chunk.text);
        let is_whole = text.ends_with(b"\n");
        if is_whole {
            text.pop();
        }
        let mut events = Vec::new();
        // What just reaches the bound waits for more: its line end is not to become an event of its own.
        while text.len() > MESSAGE_BYTES_MAX {
            let rest = text.split_off(character_boundary(&text, MESSAGE_BYTES_MAX));
            events.extend(self.events(at, &text));
            (at, text) = (chunk.at, rest);
        }
        if is_whole {
            events.extend(self.events(at, &text));
        } else if !text.is_empty() {
            self.begun[usize::from(chunk.is_error)] = Some((at, text));
        }
        events
    }

    /// True if these are whole lines up to the piece `end`, the last of the whole output.
    pub(super) fn are_whole(&self, end: Option<&Chunk>) -> bool {
        self.begun.iter().all(Option::is_none) && self.last.as_ref() == end
    }

    /// Gives what was begun and will not be completed.
    pub(super) fn finish(&mut self) -> Vec<Event> {
        let rest: Vec<_> = self.begun.iter_mut().filter_map(Option::take).collect();
        rest.into_iter().flat_map(|(at, text)| self.events(at, &text)).collect()
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
            // Docker's moments may run back a little between the streams; events must not.
            let at = if self.here.count == 0 { at.0 } else { at.0.max(self.here.at) };
            self.here.advance(at);
            if self.from.count == 0 || (self.here.at, self.here.count) > (self.from.at, self.from.count) {
                events.push(Event { at, message });
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
        Chunk { is_error, at: Timestamp(at), text: text.to_owned().into() }
    }

    fn event(at: i64, message: &str) -> Event {
        Event { at, message: message.to_owned() }
    }

    #[test]
    fn pieces_become_lines_of_their_own_stream() {
        let mut lines = Lines::after(Position::default());
        assert_eq!(lines.push(&chunk(false, 5, "a")), []);
        assert_eq!(lines.push(&chunk(true, 6, "x\n")), [event(6, "x")]);
        assert_eq!(lines.push(&chunk(false, 7, "b\n")), [event(6, "ab")]);
        assert_eq!(lines.push(&chunk(false, 8, "\n")), [event(8, " ")]);
        assert_eq!(lines.push(&chunk(false, 9, "end")), []);
        assert_eq!(lines.finish(), [event(9, "end")]);
    }

    #[test]
    fn long_lines_are_cut_between_characters() {
        let mut lines = Lines::after(Position::default());
        let text = "ä".repeat(MESSAGE_BYTES_MAX);
        let events = lines.push(&chunk(false, 1, &format!("{text}\n")));
        assert!(events.iter().all(|event| event.message.len() <= MESSAGE_BYTES_MAX));
        assert_eq!(events.iter().map(|event| event.message.as_str()).collect::<String>(), text);
    }

    #[test]
    fn a_long_line_in_pieces_is_cut_between_characters_and_its_late_end_is_no_event() {
        // Three bytes a character, so that the bound falls within one; and one byte, so that the bound is met.
        for (character, count) in [("€", MESSAGE_BYTES_MAX), ("a", MESSAGE_BYTES_MAX), ("a", 2 * MESSAGE_BYTES_MAX)] {
            let text = character.repeat(count);
            let mut lines = Lines::after(Position::default());
            let mut events = Vec::new();
            for piece in text.as_bytes().chunks(16 * 1024) {
                let text = piece.to_vec().into();
                events.extend(lines.push(&Chunk { is_error: false, at: Timestamp(1), text }));
            }
            events.extend(lines.push(&chunk(false, 1, "\n")));
            assert!(events.iter().all(|event| event.message.len() <= MESSAGE_BYTES_MAX));
            assert!(events.iter().map(|event| event.message.as_str()).eq(pieces(&text)), "{character} {count}");
            assert_eq!(lines.finish(), []);
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
        let mut lines = Lines::after(Position::default());
        let (whole, begun) = (chunk(false, 1, "a\n"), chunk(true, 1, "b"));
        assert!(lines.are_whole(None));
        assert!(!lines.are_whole(Some(&whole)));
        lines.push(&whole);
        assert!(lines.are_whole(Some(&whole)));
        assert!(!lines.are_whole(Some(&begun)), "the last line was left out");
        lines.push(&begun);
        assert!(!lines.are_whole(Some(&begun)), "it may go on");
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
            let mut lines = Lines::after(from);
            output.iter().flat_map(|(at, text)| lines.push(&chunk(false, *at, text))).collect()
        };
        let all = read(Position::default());
        for shipped in 0..=all.len() {
            let mut position = Position::default();
            all[..shipped].iter().for_each(|event| position.advance(event.at));
            assert_eq!(read(position), all[shipped..]);
            for before in 0..=shipped {
                let mut earlier = Position::default();
                all[..before].iter().for_each(|event| earlier.advance(event.at));
                let queue = all[before..].to_vec().into();
                assert_eq!(position.taken_since(earlier, &queue), shipped - before);
            }
        }
    }
}
