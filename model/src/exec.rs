//! The frames of a command that runs in a container: between the client, the server that passes them on, and the agent.
//!
//! A binary frame is a piece of the command's input or output, after one byte that says of which ([`Channel`]). A text
//! frame is a [`Control`]. Who sends pieces may have [`WINDOW_BYTES`] of them on their way; whoever takes them says so once
//! they are where they should go. So a terminal that does not read holds up the command and nothing else: no queue grows,
//! and pings get through all the time.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// The attribute with which agents register that take [`crate::acs::ToAgent::BerthExecMessage`].
pub const EXEC_ATTRIBUTE: &str = "berth.capability.exec";

/// Most bytes that may be on their way in one direction without being confirmed. It fits into the buffers of sockets, so
/// that sending one frame never waits for the other end to read; more would not, less slows down what is far away.
pub const WINDOW_BYTES: usize = 64 * 1024;

/// Most bytes of one piece. Several fit into a window.
pub const PIECE_BYTES_MAX: usize = 16 * 1024;

/// Most bytes of one frame. Far more than a piece or a control takes.
pub const FRAME_BYTES_MAX: usize = 64 * 1024;

/// Most bytes of a command, all its arguments together: what fits into a URL that servers and proxies take.
pub const COMMAND_BYTES_MAX: usize = 16 * 1024;

/// How often client and agent say that they are there.
pub const PING_EVERY: Duration = Duration::from_secs(10);

/// An end that is not heard of for so long is gone: three pings.
pub const SILENCE_MAX: Duration = Duration::from_secs(35);

/// Of what a piece is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Standard input.
    Input,
    /// Standard output; all output if there is a terminal.
    Output,
    /// Standard error.
    Error,
}

impl Channel {
    const fn byte(self) -> u8 {
        match self {
            Self::Input => 0,
            Self::Output => 1,
            Self::Error => 2,
        }
    }

    /// A frame with a piece of it.
    pub fn frame(self, piece: &[u8]) -> Vec<u8> {
        let mut frame = Vec::with_capacity(piece.len() + 1);
        frame.push(self.byte());
        frame.extend_from_slice(piece);
        frame
    }

    /// Reads a frame; `None` for what is none.
    pub fn read(frame: &[u8]) -> Option<(Self, &[u8])> {
        let (of, piece) = frame.split_first()?;
        let channel = [Self::Input, Self::Output, Self::Error].into_iter().find(|channel| channel.byte() == *of)?;
        Some((channel, piece))
    }
}

/// Everything that is no piece.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum Control {
    /// From the client: the size of its terminal, at the begin and with each change.
    Resize {
        /// Lines.
        rows: u16,
        /// Characters a line.
        columns: u16,
    },
    /// From the client: its input has ended.
    EndOfInput,
    /// So many bytes of pieces are where they should go.
    Taken {
        /// Since the last time.
        bytes: usize,
    },
    /// From the agent: the command has ended, and all of its output was sent. The last frame.
    Exited {
        /// Its exit code.
        code: i32,
    },
    /// From the agent or the server: the command did not run, or nobody knows how it ended. The last frame.
    Failed {
        /// For people.
        message: String,
    },
}

impl Control {
    /// The text of its frame.
    ///
    /// # Panics
    /// Never: it is plain data.
    pub fn text(&self) -> String {
        serde_json::to_string(self).expect("a control is plain data")
    }
}

/// How much may still be sent.
#[derive(Debug, Default)]
pub struct Window {
    on_the_way: usize,
}

impl Window {
    /// The most bytes that the next piece may have; 0 if it has to wait.
    pub fn room(&self) -> usize {
        WINDOW_BYTES.saturating_sub(self.on_the_way).min(PIECE_BYTES_MAX)
    }

    /// So many were sent.
    pub fn send(&mut self, bytes: usize) {
        self.on_the_way += bytes;
    }

    /// So many have arrived.
    pub fn confirm(&mut self, bytes: usize) {
        self.on_the_way = self.on_the_way.saturating_sub(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_say_of_what_they_are() {
        for channel in [Channel::Input, Channel::Output, Channel::Error] {
            let frame = channel.frame(b"a\0b");
            assert_eq!(Channel::read(&frame), Some((channel, &b"a\0b"[..])));
        }
        assert_eq!(Channel::read(b""), None);
        assert_eq!(Channel::read(b"\x03x"), None);
    }

    #[test]
    fn controls_have_the_documented_form() {
        for (control, text) in [
            (Control::Resize { rows: 24, columns: 80 }, r#"{"type":"resize","rows":24,"columns":80}"#),
            (Control::EndOfInput, r#"{"type":"endOfInput"}"#),
            (Control::Taken { bytes: 7 }, r#"{"type":"taken","bytes":7}"#),
            (Control::Exited { code: 3 }, r#"{"type":"exited","code":3}"#),
            (Control::Failed { message: "no".to_owned() }, r#"{"type":"failed","message":"no"}"#),
        ] {
            assert_eq!(control.text(), text);
            assert_eq!(serde_json::from_str::<Control>(text).unwrap(), control);
        }
    }

    #[test]
    fn a_window_is_full_until_something_is_confirmed() {
        let mut window = Window::default();
        let mut sent = 0;
        while window.room() > 0 {
            sent += window.room();
            window.send(window.room());
        }
        assert_eq!(sent, WINDOW_BYTES);
        window.confirm(5);
        assert_eq!(window.room(), 5);
        window.confirm(usize::MAX);
        assert_eq!(window.room(), PIECE_BYTES_MAX);
    }
}
