//! One ACS websocket: asks where to connect, connects, and carries frames until either side ends it.

use std::time::{Duration, SystemTime};

use aws_sdk_ecs::error::DisplayErrorContext;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use berth_model::acs::{ToAgent, ToServer};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_util::sync::CancellationToken;

use crate::client::Clients;
use crate::record::Identity;
use crate::session::{Closed, Input, Refusal};

/// Frames that wait to be sent. A server that does not take so many has gone.
pub(crate) const SEND_QUEUE: usize = 256;
/// Asking and connecting, together.
const CONNECT_WITHIN: Duration = Duration::from_secs(30);
/// A frame that cannot be sent in this time means that the connection is dead.
const SEND_WITHIN: Duration = Duration::from_secs(30);
/// What a server gets to take its leave.
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

/// The service for which sessions are signed.
const SIGNING_NAME: &str = "ecs";

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

type Socket = tokio_tungstenite::WebSocketStream<tokio_tungstenite::MaybeTlsStream<tokio::net::TcpStream>>;

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
        let url = self.url(&endpoint);
        let request = match self.signed(&url) {
            Ok(request) => request,
            Err(error) => {
                tracing::error!(url = endpoint, error, "session not signed");
                return Err(Refusal::Unavailable);
            }
        };
        let error = match tokio_tungstenite::connect_async_with_config(request, None, true).await {
            Ok((socket, _)) => return Ok(socket),
            Err(error) => error,
        };
        tracing::warn!(url = endpoint, %error, "no session");
        match error {
            tungstenite::Error::Http(answer)
                if answer.body().as_deref().is_some_and(|body| contains(body, b"InactiveInstanceException")) =>
            {
                Err(Refusal::Inactive)
            }
            _ => Err(Refusal::Unavailable),
        }
    }

    fn url(&self, endpoint: &str) -> String {
        let base = match endpoint.split_once("://") {
            Some(("http", rest)) => format!("ws://{rest}"),
            Some(("https", rest)) => format!("wss://{rest}"),
            _ => endpoint.to_owned(),
        };
        let query = [
            ("agentHash", env!("CARGO_PKG_NAME")),
            ("agentVersion", env!("CARGO_PKG_VERSION")),
            ("clusterArn", &self.identity.cluster),
            ("containerInstanceArn", self.identity.container_instance_arn.as_deref().unwrap_or_default()),
            ("dockerVersion", &format!("DockerVersion: {}", self.engine_version)),
            ("protocolVersion", "2"),
            ("sendCredentials", if self.is_first { "true" } else { "false" }),
            ("seqNum", "1"),
        ];
        let query: Vec<_> = query.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        format!("{}/ws?{}", base.trim_end_matches('/'), query.join("&"))
    }

    /// The request for the websocket, signed as one without a body.
    fn signed(&self, url: &str) -> Result<Request, String> {
        let mut request = url.into_client_request().map_err(|error| error.to_string())?;
        let identity = self.clients.credentials.clone().into();
        let parameters = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.clients.region)
            .name(SIGNING_NAME)
            .time(SystemTime::now())
            .settings(SigningSettings::default())
            .build()
            .map_err(|error| error.to_string())?
            .into();
        // The handshake's own headers are left out: they are for the next hop.
        let host = request.headers().get("host").and_then(|host| host.to_str().ok()).unwrap_or_default().to_owned();
        let headers = std::iter::once(("host", host.as_str()));
        let signable = SignableRequest::new("GET", url, headers, SignableBody::Bytes(b""));
        let signed = signable.and_then(|signable| sign(signable, &parameters)).map_err(|error| error.to_string())?;
        let (instructions, _) = signed.into_parts();
        instructions.apply_to_request_http1x(&mut request);
        Ok(request)
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
                tracing::warn!(%error, "frame not understood");
                true
            }
        }
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// The digit for a number below 16.
fn hex(digit: u8) -> char {
    char::from_digit(digit.into(), 16).unwrap_or_default().to_ascii_uppercase()
}

/// Percent-encodes what stands in a query.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            encoded.extend(['%', hex(byte >> 4), hex(byte & 15)]);
        }
    }
    encoded
}
