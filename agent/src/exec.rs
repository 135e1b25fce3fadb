//! One command in a container: opens the connection for it and carries its input and output until either end is over.
//!
//! The frames and who may send when are those of [`berth_model::exec`]. Memory is bounded by two windows: what the command
//! does not read and what the client does not take waits at the other end, or in the command.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use berth_model::acs::ExecOrder;
use berth_model::exec::{Channel, Control, FRAME_BYTES_MAX, PING_EVERY, SILENCE_MAX, WINDOW_BYTES, Window};
use bytes::{Bytes, BytesMut};
use futures_util::future::{self, BoxFuture};
use futures_util::stream::BoxStream;
use futures_util::{FutureExt as _, SinkExt as _, StreamExt as _};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::time::{Instant, MissedTickBehavior};
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use crate::client::Clients;
use crate::error::chain;
use crate::runtime::{Command, Error, Piece, Process, Runtime};
use crate::socket::{self, Socket};

/// Commands at a time. Each is a process of the container and two windows of memory.
pub(crate) const COMMANDS_MAX: usize = 32;

/// Where the connection is opened, below the server's address.
const PATH: &str = "exec/ws";

/// Connecting. The server waits no longer than that, either.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// A frame that cannot be sent in this time means that the connection is dead.
const SEND_WITHIN: Duration = Duration::from_secs(20);
/// How long Docker may take to begin a command. Later the server has given it up.
const BEGINS_WITHIN: Duration = Duration::from_secs(20);
/// What the client is told of a command that the agent does not see to its end.
const AGENT_ENDS: &str = "The agent of the task's host is ending.";
/// What the server gets to take its leave, so that it has read the last frame.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// One command and what it needs.
#[derive(Debug)]
pub(crate) struct Exec {
    pub(crate) clients: Clients,
    pub(crate) container_instance_arn: String,
    pub(crate) order: ExecOrder,
    /// The runtime's id of the container, or why there is none.
    pub(crate) container: Result<String, String>,
    pub(crate) runtime: Arc<dyn Runtime>,
    /// The agent ends.
    pub(crate) ending: CancellationToken,
}

impl Exec {
    /// Runs the command and tells the client what comes of it.
    pub(crate) async fn run(self) {
        let exec_id = self.order.exec_id.as_str();
        let mut socket = match tokio::time::timeout(CONNECT_WITHIN, self.connect()).await {
            Ok(Ok(socket)) => socket,
            Ok(Err(error)) => {
                return tracing::warn!(exec_id, error = %chain(&error), "no connection for a command");
            }
            Err(_) => return tracing::warn!(exec_id, "no connection for a command in time"),
        };
        tracing::info!(exec_id, task = self.order.task_arn, container = self.order.container_name, "command begins");
        let mut beginning = self.begin();
        let begun = tokio::select! {
            begun = &mut beginning => Some(begun),
            () = tokio::time::sleep(BEGINS_WITHIN) => None,
            () = self.ending.cancelled() => None,
        };
        let is_late = begun.is_none();
        let last = match begun {
            Some(Ok(process)) => self.carry(&mut socket, process).await,
            Some(Err(message)) => Some(failed(&message)),
            None if self.ending.is_cancelled() => Some(failed(AGENT_ENDS)),
            None => Some(failed("Docker does not begin the command in time.")),
        };
        if let Some(last) = last
            && !send(&mut socket, Message::text(last.text())).await
        {
            tracing::debug!(exec_id, "nobody is left to be told how the command ended");
        }
        let leave = async {
            drop(socket.close(None).await);
            while let Some(Ok(_)) = socket.next().await {}
        };
        drop(tokio::time::timeout(CLOSE_WITHIN, leave).await);
        if is_late {
            self.end_late(beginning).await;
        }
        tracing::info!(exec_id, "command is over");
    }

    /// Has it run in its container; or says why it is not.
    fn begin(&self) -> BoxFuture<'_, Result<Process, String>> {
        let command = Command {
            arguments: self.order.command.expose(),
            has_input: self.order.has_input,
            has_terminal: self.order.has_terminal,
        };
        match &self.container {
            Ok(runtime_id) => self.runtime.exec(runtime_id, command),
            Err(message) => future::ready(Err(message.clone())).boxed(),
        }
    }

    async fn connect(&self) -> Result<Socket, socket::OpenError> {
        let limits =
            WebSocketConfig::default().max_message_size(Some(FRAME_BYTES_MAX)).max_frame_size(Some(FRAME_BYTES_MAX));
        let query = [("id", self.order.exec_id.as_str()), ("containerInstance", self.container_instance_arn.as_str())];
        let signer = (&self.clients.credentials, self.clients.region.as_str());
        socket::open(&self.clients.backend, PATH, &query, signer, Some(limits)).await
    }

    /// Docker may begin a command that was given up: it would run with nobody to listen.
    async fn end_late(&self, beginning: BoxFuture<'_, Result<Process, String>>) {
        let begun = tokio::select! {
            begun = beginning => begun,
            () = self.ending.cancelled() => return,
        };
        if let Ok(Process { id, .. }) = begun {
            self.runtime.hang_up(&id).await;
        }
    }

    /// Carries input and output until either end is over; gives what the client is to be told last, if it is still there.
    async fn carry(&self, socket: &mut Socket, process: Process) -> Option<Control> {
        let Process { id, output, input } = process;
        // Not read from if there is none: its end is then the begin.
        let input = self.order.has_input.then_some(input);
        let mut carrier = Carrier::new(self, &id, socket, input);
        let end = carrier.carry(output).await;
        drop(carrier);
        if matches!(end, End::Output)
            && let Some(code) = self.runtime.exec_code(&id).await
        {
            return Some(Control::Exited { code });
        }
        self.runtime.hang_up(&id).await;
        match end {
            // It may go on without an output: nobody would listen.
            End::Output => Some(failed("The command's output has ended, and Docker does not say how.")),
            End::Broken(message) => Some(failed(&message)),
            End::Agent => Some(failed(AGENT_ENDS)),
            End::Client => None,
        }
    }
}

fn failed(message: &str) -> Control {
    Control::Failed { message: message.to_owned() }
}

/// How the carrying came to its end.
enum End {
    /// The command has ended.
    Output,
    /// Docker or the client does what it should not.
    Broken(String),
    /// The agent ends.
    Agent,
    /// The client is gone, or the server.
    Client,
}

struct Carrier<'a> {
    exec: &'a Exec,
    id: &'a str,
    socket: &'a mut Socket,
    /// How much output may be sent.
    window: Window,
    /// Output that was read and not sent yet.
    unsent: Option<Piece>,
    /// Input that has come and that the command has not taken; the next of it waits for the one before.
    pending: BytesMut,
    input: Option<mpsc::Sender<Bytes>>,
    has_input_ended: bool,
    is_writing: bool,
    written: mpsc::Receiver<io::Result<usize>>,
    /// Ends the writing of input with this.
    _writer: Option<AbortOnDropHandle<()>>,
}

impl<'a> Carrier<'a> {
    fn new(
        exec: &'a Exec,
        id: &'a str,
        socket: &'a mut Socket,
        input: Option<Pin<Box<dyn AsyncWrite + Send>>>,
    ) -> Self {
        let (sender, pieces) = mpsc::channel(1);
        let (confirm, written) = mpsc::channel(1);
        let has_input = input.is_some();
        let writer = input.map(|input| AbortOnDropHandle::new(tokio::spawn(write(input, pieces, confirm))));
        Self {
            exec,
            id,
            socket,
            window: Window::default(),
            unsent: None,
            pending: BytesMut::new(),
            input: has_input.then_some(sender),
            has_input_ended: false,
            is_writing: false,
            written,
            _writer: writer,
        }
    }

    async fn carry(&mut self, mut output: BoxStream<'static, Result<Piece, Error>>) -> End {
        let mut ping = tokio::time::interval(PING_EVERY);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard_at = Instant::now();
        loop {
            self.feed();
            if !self.send_output().await {
                return End::Client;
            }
            tokio::select! {
                () = self.exec.ending.cancelled() => return End::Agent,
                piece = output.next(), if self.unsent.is_none() => match piece {
                    Some(Ok(piece)) => self.unsent = Some(piece),
                    Some(Err(error)) => return End::Broken(chain(&error)),
                    None => return End::Output,
                },
                message = self.socket.next() => {
                    heard_at = Instant::now();
                    match message {
                        Some(Ok(message)) => if let Err(end) = self.hear(message).await {
                            return end;
                        },
                        Some(Err(_)) | None => return End::Client,
                    }
                }
                Some(written) = self.written.recv() => {
                    self.is_writing = false;
                    // A command may close its input and go on.
                    let Ok(bytes) = written else {
                        self.input = None;
                        continue;
                    };
                    if !send(self.socket, Message::text(Control::Taken { bytes }.text())).await {
                        return End::Client;
                    }
                }
                _ = ping.tick() => {
                    if heard_at.elapsed() > SILENCE_MAX || !send(self.socket, Message::Ping(Bytes::new())).await {
                        return End::Client;
                    }
                }
            }
        }
    }

    /// Hands the input that has come to the command, as far as that takes it.
    fn feed(&mut self) {
        if self.input.is_none() {
            // Nobody reads it any more, and nothing is confirmed: the client stops sending by itself.
            self.pending.clear();
        } else if self.is_writing {
            // The next piece goes once this one is where it should be.
        } else if !self.pending.is_empty() {
            let piece = self.pending.split().freeze();
            self.is_writing = self.input.as_ref().is_some_and(|input| input.try_send(piece).is_ok());
        } else if self.has_input_ended {
            self.input = None;
        }
    }

    /// Sends what was read, as far as the client has room; false if it is gone.
    async fn send_output(&mut self) -> bool {
        while let Some(piece) = &mut self.unsent {
            let room = self.window.room().min(piece.bytes.len());
            if room == 0 {
                return true;
            }
            let channel = if piece.is_error { Channel::Error } else { Channel::Output };
            let frame = channel.frame(&piece.bytes.split_to(room));
            if piece.bytes.is_empty() {
                self.unsent = None;
            }
            self.window.send(room);
            if !send(self.socket, Message::binary(frame)).await {
                return false;
            }
        }
        true
    }

    async fn hear(&mut self, message: Message) -> Result<(), End> {
        match message {
            Message::Binary(frame) => match Channel::read(&frame) {
                Some((Channel::Input, piece)) if self.pending.len() + piece.len() <= WINDOW_BYTES => {
                    self.pending.extend_from_slice(piece);
                    Ok(())
                }
                _ => Err(End::Broken("The client does not keep to the protocol.".to_owned())),
            },
            Message::Text(text) => {
                match serde_json::from_str(&text) {
                    Ok(Control::Taken { bytes }) => self.window.confirm(bytes),
                    Ok(Control::EndOfInput) => self.has_input_ended = true,
                    Ok(Control::Resize { rows, columns }) if self.exec.order.has_terminal => {
                        if let Err(error) = self.exec.runtime.resize_exec(self.id, rows, columns).await {
                            tracing::debug!(error = %chain(&error), "terminal keeps its size");
                        }
                    }
                    // Nothing that a client says: a later version may say more.
                    Ok(Control::Resize { .. } | Control::Exited { .. } | Control::Failed { .. }) | Err(_) => {}
                }
                Ok(())
            }
            Message::Ping(_) | Message::Pong(_) | Message::Frame(_) => Ok(()),
            Message::Close(_) => Err(End::Client),
        }
    }
}

/// Writes pieces to a command's input and confirms each; ends the input after the last.
async fn write(
    mut input: Pin<Box<dyn AsyncWrite + Send>>,
    mut pieces: mpsc::Receiver<Bytes>,
    confirm: mpsc::Sender<io::Result<usize>>,
) {
    while let Some(piece) = pieces.recv().await {
        let written = async {
            input.write_all(&piece).await?;
            input.flush().await?;
            Ok(piece.len())
        };
        if confirm.send(written.await).await.is_err() {
            return;
        }
    }
    // A command that does not read its input needs no end of it.
    drop(input.shutdown().await);
}

/// Sends one frame; false if that failed or took too long.
async fn send(socket: &mut Socket, message: Message) -> bool {
    matches!(tokio::time::timeout(SEND_WITHIN, socket.send(message)).await, Ok(Ok(())))
}
