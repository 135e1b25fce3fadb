//! `berth exec`: a command in a container, as if it ran here.

use std::collections::VecDeque;
use std::io::{self, IsTerminal as _, Read as _, Write as _};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, bail, ensure};
use berth_agent::socket::{self, OpenError, Socket};
use berth_model::exec::{Channel, Control, FRAME_BYTES_MAX, PIECE_BYTES_MAX, PING_EVERY, SILENCE_MAX, Window};
use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};
use serde::Deserialize;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;

use crate::{cli, keys, output};

/// What a program is thought to end with that a signal ends: this and the signal's number.
const BY_SIGNAL: u8 = 128;

/// A frame that cannot be sent in this time means that the connection is dead.
const SEND_WITHIN: Duration = Duration::from_secs(20);

/// What the server gets to take its leave.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// Runs the command. Its exit code becomes this command's.
pub(crate) async fn run(options: cli::Exec) -> ExitCode {
    output::exit_code(exec(options).await.map(ExitCode::from), output::NEVER_RAN)
}

async fn exec(options: cli::Exec) -> Result<u8> {
    ensure!(
        !options.has_terminal || io::stdin().is_terminal(),
        "standard input is no terminal: leave out -t, or run this at one"
    );
    let signals = Signals::watch()?;
    let socket = connect(&options).await?;
    // Until here Ctrl-C ends this program; from here on it is the other's at a terminal, if that has an input.
    let terminal = if options.has_terminal && options.has_input { Some(Terminal::raw()?) } else { None };
    let mut carrier = Carrier::new(socket, options.has_input, options.has_terminal);
    let end = carrier.carry(signals).await;
    carrier.close().await;
    drop(terminal);
    end
}

/// Opens the connection; the server answers once the task's host is there.
async fn connect(options: &cli::Exec) -> Result<Socket> {
    let credentials = keys::find_credentials()?;
    let (input, terminal) = (options.has_input.to_string(), options.has_terminal.to_string());
    let mut query = vec![("cluster", options.task.cluster()), ("task", options.task.task.as_str())];
    query.extend(options.container.as_deref().map(|container| ("container", container)));
    query.extend([("input", input.as_str()), ("terminal", terminal.as_str())]);
    query.extend(options.command.iter().map(|argument| ("command", argument.as_str())));
    let limits =
        WebSocketConfig::default().max_message_size(Some(FRAME_BYTES_MAX)).max_frame_size(Some(FRAME_BYTES_MAX));
    let signer = (&credentials, options.client.region.as_str());
    let endpoint = options.client.endpoint.as_str();
    let opened = socket::open(endpoint, "v1/exec", &query, signer, Some(limits)).await;
    opened.map_err(|error| explain(error, endpoint))
}

/// Says in one line why there is no connection.
fn explain(error: OpenError, endpoint: &str) -> anyhow::Error {
    #[derive(Deserialize)]
    struct Refused {
        #[serde(rename = "__type")]
        code: String,
        message: String,
    }
    let refused = error.answer().and_then(|body| serde_json::from_slice::<Refused>(body).ok());
    match (refused, &error) {
        (Some(Refused { code, message }), _) => anyhow!("{message} ({code})"),
        (None, OpenError::Refused(cause)) if matches!(**cause, tokio_tungstenite::tungstenite::Error::Io(_)) => {
            anyhow!("no answer from {endpoint}: is `berth up` running, and is --endpoint right?")
        }
        (None, _) => anyhow!(error),
    }
}

/// The terminal of standard input, in raw mode until it is dropped.
struct Terminal {
    before: Termios,
}

impl Terminal {
    fn raw() -> Result<Self> {
        let before = tcgetattr(io::stdin()).context("cannot read the terminal's settings")?;
        let mut raw = before.clone();
        raw.make_raw();
        tcsetattr(io::stdin(), OptionalActions::Drain, &raw).context("cannot change the terminal's settings")?;
        Ok(Self { before })
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        if tcsetattr(io::stdin(), OptionalActions::Drain, &self.before).is_err() {
            output::note("berth: the terminal stays as it is: `reset` puts it right");
        }
    }
}

/// What this program is told by others.
struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
    resize: Signal,
}

impl Signals {
    fn watch() -> Result<Self> {
        let watch = |kind| signal(kind).context("cannot watch for signals");
        Ok(Self {
            interrupt: watch(SignalKind::interrupt())?,
            terminate: watch(SignalKind::terminate())?,
            hang_up: watch(SignalKind::hangup())?,
            resize: watch(SignalKind::window_change())?,
        })
    }

    /// The number of the next signal that ends this program.
    async fn end(interrupt: &mut Signal, terminate: &mut Signal, hang_up: &mut Signal) -> u8 {
        tokio::select! {
            _ = interrupt.recv() => 2,
            _ = terminate.recv() => 15,
            _ = hang_up.recv() => 1,
        }
    }
}

struct Carrier {
    socket: Socket,
    /// Pieces of standard input; `None` at its end.
    input: Option<mpsc::Receiver<io::Result<Option<Bytes>>>>,
    has_terminal: bool,
    /// How much of it may be sent.
    window: Window,
    /// What has come and is not written yet; one window at most.
    pending: VecDeque<(Channel, Bytes)>,
    writer: mpsc::Sender<(Channel, Bytes)>,
    written: mpsc::Receiver<Result<usize>>,
    is_writing: bool,
    /// How the program ended, once that is known.
    code: Option<u8>,
}

impl Carrier {
    /// Reading and writing block, and so they have threads of their own: those of a runtime would keep the program from
    /// ending.
    fn new(socket: Socket, has_input: bool, has_terminal: bool) -> Self {
        let input = has_input.then(|| {
            let (sender, input) = mpsc::channel(1);
            std::thread::spawn(move || read_input(&sender));
            input
        });
        let (writer, pieces) = mpsc::channel(1);
        let (confirm, written) = mpsc::channel(1);
        std::thread::spawn(move || write_output(pieces, &confirm));
        Self {
            socket,
            input,
            has_terminal,
            window: Window::default(),
            pending: VecDeque::new(),
            writer,
            written,
            is_writing: false,
            code: None,
        }
    }

    /// Carries until the program has ended and all of its output is written; gives its exit code.
    async fn carry(&mut self, signals: Signals) -> Result<u8> {
        let Signals { mut interrupt, mut terminate, mut hang_up, mut resize } = signals;
        let mut ping = tokio::time::interval(PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard_at = Instant::now();
        if self.has_terminal {
            self.tell_size().await?;
        }
        loop {
            self.write_next();
            if let Some(code) = self.code.filter(|_| !self.is_writing) {
                return Ok(code);
            }
            let may_read = self.window.room() == PIECE_BYTES_MAX && self.code.is_none();
            tokio::select! {
                number = Signals::end(&mut interrupt, &mut terminate, &mut hang_up) => return Ok(BY_SIGNAL + number),
                _ = resize.recv(), if self.has_terminal => self.tell_size().await?,
                piece = next(&mut self.input), if may_read => self.send_input(piece?).await?,
                message = self.socket.next(), if self.code.is_none() => {
                    heard_at = Instant::now();
                    let message = message.context("the connection is lost")?.context("the connection is lost")?;
                    self.hear(message)?;
                }
                Some(written) = self.written.recv() => {
                    self.is_writing = false;
                    let bytes = written?;
                    if self.code.is_none() {
                        self.send(Message::text(Control::Taken { bytes }.text())).await?;
                    }
                }
                _ = ping.tick(), if self.code.is_none() => {
                    ensure!(heard_at.elapsed() <= SILENCE_MAX, "the server is silent");
                    self.send(Message::Ping(Bytes::new())).await?;
                }
            }
        }
    }

    fn write_next(&mut self) {
        if !self.is_writing
            && let Some(piece) = self.pending.pop_front()
        {
            self.is_writing = self.writer.try_send(piece).is_ok();
        }
    }

    async fn send_input(&mut self, piece: Option<Bytes>) -> Result<()> {
        let Some(piece) = piece else {
            self.input = None;
            return self.send(Message::text(Control::EndOfInput.text())).await;
        };
        self.window.send(piece.len());
        self.send(Message::binary(Channel::Input.frame(&piece))).await
    }

    async fn tell_size(&mut self) -> Result<()> {
        let size = tcgetwinsize(io::stdin()).context("cannot read the terminal's size")?;
        self.send(Message::text(Control::Resize { rows: size.ws_row, columns: size.ws_col }.text())).await
    }

    fn hear(&mut self, message: Message) -> Result<()> {
        match message {
            Message::Binary(frame) => match Channel::read(&frame) {
                Some((channel @ (Channel::Output | Channel::Error), piece)) => {
                    self.pending.push_back((channel, frame.slice_ref(piece)));
                }
                Some((Channel::Input, _)) | None => bail!("the server does not keep to the protocol"),
            },
            Message::Text(text) => match serde_json::from_str(&text) {
                Ok(Control::Taken { bytes }) => self.window.confirm(bytes),
                // A shell sees of the code what it sees of any program's.
                Ok(Control::Exited { code }) => self.code = Some(code.to_le_bytes()[0]),
                Ok(Control::Failed { message }) => bail!(message),
                // Nothing that a server says: a later version may say more.
                Ok(Control::Resize { .. } | Control::EndOfInput) | Err(_) => {}
            },
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => {}
            Message::Close(_) => bail!("the connection was closed before the command's end was known"),
        }
        Ok(())
    }

    async fn send(&mut self, message: Message) -> Result<()> {
        let sent = tokio::time::timeout(SEND_WITHIN, self.socket.send(message)).await;
        sent.context("the server takes nothing")?.context("the connection is lost")
    }

    /// Takes leave, so that the command is ended at once if it still runs.
    async fn close(mut self) {
        let leave = async {
            drop(self.socket.close(None).await);
            while let Some(Ok(_)) = self.socket.next().await {}
        };
        drop(tokio::time::timeout(CLOSE_WITHIN, leave).await);
    }
}

/// The next piece of an input; never if there is none, or no more.
async fn next(input: &mut Option<mpsc::Receiver<io::Result<Option<Bytes>>>>) -> Result<Option<Bytes>> {
    match input {
        Some(input) => input.recv().await.unwrap_or(Ok(None)).context("standard input cannot be read"),
        None => std::future::pending().await,
    }
}

fn read_input(pieces: &mpsc::Sender<io::Result<Option<Bytes>>>) {
    let mut buffer = vec![0; PIECE_BYTES_MAX];
    loop {
        let piece = match io::stdin().read(&mut buffer) {
            Ok(0) => Ok(None),
            Ok(bytes) => Ok(Some(Bytes::copy_from_slice(&buffer[..bytes]))),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => Err(error),
        };
        let is_last = !matches!(piece, Ok(Some(_)));
        if pieces.blocking_send(piece).is_err() || is_last {
            return;
        }
    }
}

fn write_output(mut pieces: mpsc::Receiver<(Channel, Bytes)>, confirm: &mpsc::Sender<Result<usize>>) {
    while let Some((channel, piece)) = pieces.blocking_recv() {
        let written = match channel {
            Channel::Error => io::stderr().write_all(&piece).context("standard error cannot be written"),
            Channel::Input | Channel::Output => {
                let mut out = io::stdout().lock();
                output::printed(out.write_all(&piece).and_then(|()| out.flush()))
            }
        };
        if confirm.blocking_send(written.map(|()| piece.len())).is_err() {
            return;
        }
    }
}
