//! The websockets that agents open: [`acs`] brings them their orders, [`tcs`] takes their measurements.

pub(crate) mod acs;
pub(crate) mod role;
pub(crate) mod tcs;

use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::rejection::ExtensionRejection;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Extension, FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::response::Response;
use berth_model::access_key::Role;
use berth_model::host::{Host, HostStatus};
use serde::de::DeserializeOwned;

use crate::audit::{Record, listed};
use crate::auth::Caller;
use crate::ecs::with_id;
use crate::edge::Edge;
use crate::metrics::OK;

/// What agents are told to put before `ws` for their orders.
pub(crate) const ACS_PATH: &str = "/acs/";

/// What agents are told to put before `ws` for their measurements.
pub(crate) const TCS_PATH: &str = "/tcs/";

/// Largest message of an agent. A stock agent keeps its own below 1 MiB; its question about 10,000 tasks has 2 MiB.
const MESSAGE_BYTES_MAX: usize = 4 * 1024 * 1024;

/// How long a frame may take to leave. An agent that does not read for so long is gone or stuck; orders are owed again
/// when it comes back.
const SEND_WITHIN: Duration = Duration::from_secs(20);

/// How long an agent may take to agree to the end of a session. Longer keeps the server from ending, shorter resets the
/// sockets of slow ones.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// Why a socket is closed whose access key is no more.
const REVOKED: &str = "the access key is revoked";

/// Why an agent may not connect, in the form that agents read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    name: &'static str,
    status: StatusCode,
    text: String,
}

impl Refusal {
    fn new(name: &'static str, status: StatusCode, text: impl Into<String>) -> Self {
        Self { name, status, text: text.into() }
    }

    pub(crate) fn bad_request(text: impl Into<String>) -> Self {
        Self::new("BadRequestException", StatusCode::BAD_REQUEST, text)
    }

    fn invalid_instance(text: impl Into<String>) -> Self {
        Self::new("InvalidInstanceException", StatusCode::BAD_REQUEST, text)
    }

    fn inactive_instance() -> Self {
        // A stock agent sleeps for an hour when it reads this, so it is only for hosts that are over.
        Self::new("InactiveInstanceException", StatusCode::BAD_REQUEST, "The container instance is not active.")
    }

    fn access_denied(text: impl Into<String>) -> Self {
        Self::new("AccessDeniedException", StatusCode::BAD_REQUEST, text)
    }

    fn server(text: impl Into<String>) -> Self {
        Self::new("ServerException", StatusCode::SERVICE_UNAVAILABLE, text)
    }

    /// What came was no request for a websocket.
    pub(crate) fn no_upgrade(rejection: &WebSocketUpgradeRejection) -> Self {
        Self::new("BadRequestException", rejection.status(), rejection.body_text())
    }

    pub(crate) fn response(self) -> Response {
        tracing::info!(reason = self.name, text = self.text, "agent may not connect");
        let body = serde_json::json!({ self.name: self.text }).to_string();
        let mut response = Response::new(Body::from(body));
        *response.status_mut() = self.status;
        response.headers_mut().insert(CONTENT_TYPE, axum::http::HeaderValue::from_static("application/json"));
        response
    }
}

/// An agent's request for a websocket: who asks, and what its URL says.
#[derive(Debug)]
pub(crate) struct Handshake<P> {
    edge: Arc<Edge>,
    caller: Caller,
    parts: Parts,
    asked: Result<(WebSocketUpgrade, P), Refusal>,
    container_instance: String,
}

/// What an agent says of itself in the URL.
pub(crate) trait Parameters: DeserializeOwned {
    /// The ARN of the host that it says it is.
    fn container_instance(&self) -> &str;
}

impl<P: Parameters> FromRequestParts<Arc<Edge>> for Handshake<P> {
    type Rejection = ExtensionRejection;

    async fn from_request_parts(parts: &mut Parts, edge: &Arc<Edge>) -> Result<Self, Self::Rejection> {
        let Extension(caller) = Extension::from_request_parts(parts, edge).await?;
        let upgrade = WebSocketUpgrade::from_request_parts(parts, edge).await;
        let parameters = Query::<P>::from_request_parts(parts, edge).await;
        let container_instance =
            parameters.as_ref().map_or("", |Query(parameters)| parameters.container_instance()).to_owned();
        let asked = match (upgrade, parameters) {
            (Err(rejection), _) => Err(Refusal::no_upgrade(&rejection)),
            (Ok(_), Err(rejection)) => Err(Refusal::bad_request(rejection.body_text())),
            (Ok(upgrade), Ok(Query(parameters))) => Ok((upgrade, parameters)),
        };
        Ok(Self { edge: Arc::clone(edge), caller, parts: parts.clone(), asked, container_instance })
    }
}

impl<P> Handshake<P> {
    /// Answers it, once `open` has found that the agent may connect and has said what becomes of the socket. `operation`
    /// is what that is called in the audit trail and in the metrics: IAM's name for it. The upgrade has the limits of
    /// sessions, for `open` to change.
    pub(crate) async fn answer(
        self,
        operation: &'static str,
        open: impl AsyncFnOnce(Arc<Edge>, Caller, P, WebSocketUpgrade) -> Result<Response, Refusal>,
    ) -> Response {
        let Self { edge, caller, parts, asked, container_instance } = self;
        let mut record = Record::new(&parts, operation);
        record.set_caller(&caller);
        record.about = listed([("containerInstance", vec![container_instance])]);
        let outcome = match asked {
            Ok((upgrade, parameters)) => open(Arc::clone(&edge), caller, parameters, limited(upgrade)).await,
            Err(refusal) => Err(refusal),
        };
        let (code, response) = match outcome {
            Ok(response) => (OK, response),
            Err(refusal) => (refusal.name, refusal.response()),
        };
        record.close_as(&edge, code);
        with_id(response, record.request_id)
    }
}

/// The host that an agent says it is, and for which its key speaks.
pub(crate) async fn host(edge: &Edge, caller: &Caller, arn: &str) -> Result<Host, Refusal> {
    let named = edge.scope().parse_container_instance(arn);
    let named = named.map_err(|error| Refusal::invalid_instance(error.to_string()))?;
    if caller.role == Role::Agent && caller.host != Some(named.id) {
        return Err(Refusal::access_denied("The access key speaks for another container instance."));
    }
    let found = edge.reader().hosts(vec![named.id]).await.map_err(|error| {
        tracing::error!(%error, "store could not be read");
        Refusal::server("The store cannot be read at present.")
    })?;
    let host = found.into_iter().next().map(|view| view.host);
    let host = host.filter(|host| named.cluster.is_none_or(|cluster| cluster == host.cluster));
    let host = host.ok_or_else(|| Refusal::invalid_instance("The container instance is not registered."))?;
    match host.status {
        HostStatus::Active | HostStatus::Draining => Ok(host),
        HostStatus::Requested | HostStatus::Launching => {
            Err(Refusal::invalid_instance("The container instance has not registered yet."))
        }
        HostStatus::Terminating | HostStatus::Gone => Err(Refusal::inactive_instance()),
    }
}

/// The upgrade with the limits that all agents' sockets have.
fn limited(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    upgrade.max_message_size(MESSAGE_BYTES_MAX).max_frame_size(MESSAGE_BYTES_MAX)
}

/// Sends one message; false if that failed or took too long, and then the socket is of no more use.
async fn send(socket: &mut WebSocket, message: Message) -> bool {
    matches!(tokio::time::timeout(SEND_WITHIN, socket.send(message)).await, Ok(Ok(())))
}

/// Closes the socket with a code and a reason, and waits for the other end to agree. A socket that is dropped while
/// something still comes in is reset, and a reset takes from the other end what it has not read yet: orders among it.
async fn close(socket: &mut WebSocket, code: u16, reason: &'static str) {
    let frame = CloseFrame { code, reason: reason.into() };
    if !send(socket, Message::Close(Some(frame))).await {
        tracing::debug!(reason, "socket was gone before it was closed");
        return;
    }
    let agreed = async { while let Some(Ok(_)) = socket.recv().await {} };
    if tokio::time::timeout(CLOSE_WITHIN, agreed).await.is_err() {
        tracing::debug!(reason, "socket was closed without the other end's consent");
    }
}
