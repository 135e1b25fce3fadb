//! One ACS websocket: asks where to connect, connects, and carries frames until either side ends it.

use std::time::Duration;

use aws_sdk_ecs::error::DisplayErrorContext;
use berth_model::acs::{ToAgent, ToServer};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_util::sync::CancellationToken;

use crate::client::Clients;
use crate::error::chain;
use crate::record::Identity;
use crate::session::{Closed, Input, Refusal};
use crate::socket::{self, Socket};

/// Frames that wait to be sent. A server that does not take so many has gone.
pub(crate) const SEND_QUEUE: usize = 256;
/// Asking and connecting, together.
const CONNECT_WITHIN: Duration = Duration::from_secs(30);
/// A frame that cannot be sent in this time means that the connection is dead.
const SEND_WITHIN: Duration = Duration::from_secs(30);
/// What a server gets to take its leave.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// One connection and what it needs.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) id: u64,
    pub(crate) is_first: bool,
    pub(crate) clients: Clients,
    pub(crate) identity: Identity,
    pub(crate) engine_version: String,
    pub(crate) frames: mpsc::Receiver<ToServer>,
    pub(crate) closed: CancellationToken,
    pub(crate) news: mpsc::Sender<Input>,
}

impl Connection {
    /// Connects and carries frames until the end; tells the session of all.
    pub(crate) async fn run(mut self) {
        let connection = self.id;
        let opened = tokio::select! {
            () = self.closed.cancelled() => return,
            opened = tokio::time::timeout(CONNECT_WITHIN, self.open()) => opened.unwrap_or(Err(Refusal::Unavailable)),
        };
        let input = match opened {
            Err(refusal) => Input::ConnectFailed { connection, refusal },
            Ok(mut socket) => {
                if self.news.send(Input::Connected { connection }).await.is_err() {
                    return;
                }
                let closed = self.carry(&mut socket).await;
                // Who does not take leave in time has left already.
                drop(tokio::time::timeout(CLOSE_WITHIN, socket.close(None)).await);
                Input::Disconnected { connection, closed }
            }
        };
        // If nobody listens any more, the agent is ending.
        drop(self.news.send(input).await);
    }

    async fn open(&self) -> Result<Socket, Refusal> {
        let call = self.clients.ecs.discover_poll_endpoint().cluster(&self.identity.cluster);
        let answer = call.set_container_instance(self.identity.container_instance_arn.clone()).send().await;
        let endpoint = match answer {
            Ok(answer) => answer.endpoint.ok_or(Refusal::Unavailable)?,
            Err(error) => {
                tracing::debug!(error = %DisplayErrorContext(&error), "no endpoint");
                return Err(Refusal::Unavailable);
            }
        };
        let query = self.query();
        let query = query.each_ref().map(|(name, value)| (*name, value.as_str()));
        let signer = (&self.clients.credentials, self.clients.region.as_str());
        let error = match socket::open(&endpoint, "ws", &query, signer, None).await {
            Ok(socket) => return Ok(socket),
            Err(error) => error,
        };
        tracing::warn!(url = endpoint, error = %chain(&error), "no session");
        match error.answer() {
            Some(body) if contains(body, b"InactiveInstanceException") => Err(Refusal::Inactive),
            Some(_) | None => Err(Refusal::Unavailable),
        }
    }

    fn query(&self) -> [(&'static str, String); 8] {
        [
            ("agentHash", env!("CARGO_PKG_NAME").to_owned()),
            ("agentVersion", env!("CARGO_PKG_VERSION").to_owned()),
            ("clusterArn", self.identity.cluster.clone()),
            ("containerInstanceArn", self.identity.container_instance_arn.clone().unwrap_or_default()),
            ("dockerVersion", format!("DockerVersion: {}", self.engine_version)),
            ("protocolVersion", "2".to_owned()),
            ("sendCredentials", self.is_first.to_string()),
            ("seqNum", "1".to_owned()),
        ]
    }

    async fn carry(&mut self, socket: &mut Socket) -> Closed {
        loop {
            tokio::select! {
                () = self.closed.cancelled() => return Closed::Code(1000),
                frame = self.frames.recv() => {
                    let Some(frame) = frame else { return Closed::Code(1000) };
                    let text = serde_json::to_string(&frame).expect("a frame is always JSON");
                    let sent = tokio::time::timeout(SEND_WITHIN, socket.send(Message::text(text))).await;
                    if !matches!(sent, Ok(Ok(()))) {
                        return Closed::Broken;
                    }
                }
                message = socket.next() => match message {
                    Some(Ok(Message::Text(text))) => {
                        if !self.hear(&text).await {
                            return Closed::Code(1000);
                        }
                    }
                    Some(Ok(Message::Close(frame))) => {
                        return frame.map_or(Closed::Broken, |frame| Closed::Code(frame.code.into()));
                    }
                    Some(Ok(_)) => {}
                    Some(Err(error)) => {
                        tracing::debug!(%error, "session broken");
                        return Closed::Broken;
                    }
                    None => return Closed::Broken,
                },
            }
        }
    }

    /// Takes in a frame; false if nobody listens any more.
    async fn hear(&self, text: &str) -> bool {
        match serde_json::from_str::<ToAgent>(text) {
            Ok(frame) => self.news.send(Input::Frame { connection: self.id, frame }).await.is_ok(),
            Err(error) => {
                // Its own words may quote the frame, which may hold a secret.
                tracing::warn!(kind = ?error.classify(), column = error.column(), "frame not understood");
                true
            }
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}
