//! The ACS websocket: a thin driver around the engine's [`Session`], which knows the protocol.
//!
//! The host must be known before the socket is opened, since agents read a refusal only from the HTTP answer.

use std::sync::Arc;

use axum::extract::ws::{Message, WebSocket};
use axum::response::Response;
use berth_engine::handle::{OpenError, OpenSession, SubmitError};
use berth_engine::payload::secret::{self, look_up};
use berth_engine::session::{CLOSE_GOING_AWAY, CLOSE_WITH_PAUSE, Identity, LookUp, Output, Session};
use berth_model::ecs::VersionInfo;
use berth_model::host::Host;
use berth_model::time::Timestamp;
use berth_scheduler::step::{Rejection, Reply};
use futures_util::future::BoxFuture;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use serde::Deserialize;
use tokio::time::Instant;

use super::role::Roles;
use super::{Handshake, REVOKED, Refusal, close, host, send};
use crate::auth::Caller;
use crate::edge::Edge;

/// What a session is called in the audit trail and in the metrics.
const OPERATION: &str = "Poll";

/// Said to an agent whose reports are not stored: it connects anew, and is told and asked everything again.
const NO_REPORTS: &str = "the server takes no reports";

/// Most characters of each version an agent tells; it is kept in the host's row.
const VERSION_CHARACTERS_MAX: usize = 255;

/// What an agent says of itself in the URL. `seqNum` and `sendCredentials` are there too; nothing depends on them.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Parameters {
    container_instance_arn: String,
    /// The cluster as the agent was configured, by name or by ARN.
    cluster_arn: Option<String>,
    agent_version: Option<String>,
    agent_hash: Option<String>,
    docker_version: Option<String>,
}

impl super::Parameters for Parameters {
    fn container_instance(&self) -> &str {
        &self.container_instance_arn
    }
}

/// `GET /acs/ws`
pub(crate) async fn connect(handshake: Handshake<Parameters>) -> Response {
    let answered = handshake.answer(OPERATION, async |edge, caller, parameters, upgrade| {
        let (host, open) = open(&edge, &caller, parameters).await?;
        Ok(upgrade.on_upgrade(move |socket| drive(edge, caller, host, open, socket)))
    });
    answered.await
}

async fn open(edge: &Edge, caller: &Caller, parameters: Parameters) -> Result<(Host, OpenSession), Refusal> {
    let host = host(edge, caller, &parameters.container_instance_arn).await?;
    check_cluster(edge, &host, parameters.cluster_arn.as_deref())?;
    let version_info = VersionInfo {
        agent_version: parameters.agent_version.map(shortened),
        agent_hash: parameters.agent_hash.map(shortened),
        docker_version: parameters.docker_version.map(shortened),
    };
    match edge.handle.open_session(host.id, version_info).await {
        Ok(open) => Ok((host, open)),
        // Between the look at the store and here the host came to its end, or never was.
        Err(OpenError::Rejected(Rejection::ClusterNotFound(_))) => Err(Refusal::new(
            "InvalidClusterException",
            axum::http::StatusCode::BAD_REQUEST,
            "The cluster is not there.",
        )),
        Err(OpenError::Rejected(_)) => Err(Refusal::inactive_instance()),
        Err(OpenError::Submit(error)) => Err(Refusal::server(error.to_string())),
    }
}

fn check_cluster(edge: &Edge, host: &Host, given: Option<&str>) -> Result<(), Refusal> {
    let Some(given) = given.filter(|given| !given.is_empty()) else {
        return Ok(());
    };
    if edge.scope().parse_cluster(given).is_ok_and(|cluster| cluster == host.cluster) {
        return Ok(());
    }
    let text = "The container instance is registered in another cluster.";
    Err(Refusal::new("InvalidClusterException", axum::http::StatusCode::BAD_REQUEST, text))
}

fn shortened(mut text: String) -> String {
    if let Some((end, _)) = text.char_indices().nth(VERSION_CHARACTERS_MAX) {
        text.truncate(end);
    }
    text
}

/// The session's time: the wall clock at its begin, and from there on only forwards and never by leaps. A wall clock that
/// is set back would else silence the heartbeats.
#[derive(Debug)]
struct SessionClock {
    begin: Timestamp,
    since: Instant,
}

impl SessionClock {
    fn now(&self) -> Timestamp {
        self.begin + self.since.elapsed()
    }
}

async fn drive(edge: Arc<Edge>, caller: Caller, host: Host, mut open: OpenSession, mut socket: WebSocket) {
    let identity = Identity { scope: edge.scope().clone(), cluster: host.cluster, host: host.id, session: open.id };
    let clock = SessionClock { begin: edge.clock.now(), since: Instant::now() };
    let mut session = Session::new(identity, edge.handle.heartbeat_every(), clock.now());
    let mut revoked = std::pin::pin!(caller.revoked(&edge.handle));
    let mut commands = edge.desk.attend(host.id, open.id);
    // What orders need is looked up beside the session: nothing else of it waits.
    let mut look_ups = LookUps::new();
    let mut reports = Reports::new();
    tracing::info!(host_id = %open.host, session = open.id.0, "session opened");
    let mut roles = Roles::new(&edge);
    while perform(&edge, &mut session, &mut socket, &mut look_ups, &mut reports).await {
        let wait = session.next_deadline().since(clock.now());
        tokio::select! {
            order = open.orders.recv(), if session.takes_orders() => match order {
                Some(order) => {
                    roles.before(&order, &mut session).await;
                    let manifest = roles.tasks_of(&order);
                    session.on_order(order, clock.now());
                    roles.renew(manifest, &mut session).await;
                }
                None => session.on_orders_ended(),
            },
            Some(order) = commands.orders.recv(), if session.takes_orders() => session.on_exec(order),
            frame = socket.recv() => match frame {
                Some(Ok(Message::Text(text))) => session.on_frame(&text, clock.now()),
                // Pings are answered below us; agents have nothing binary to say.
                Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_))) => {}
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
            },
            Some((LookUp { task, sequence, .. }, found)) = look_ups.next() => session.on_found(task, sequence, found),
            Some(stored) = reports.next() => if stored.is_err() {
                close(&mut socket, CLOSE_GOING_AWAY, NO_REPORTS).await;
                break;
            },
            () = tokio::time::sleep(wait) => session.on_time(clock.now()),
            () = roles.due() => roles.look_again(&mut session).await,
            () = &mut revoked => {
                close(&mut socket, CLOSE_WITH_PAUSE, REVOKED).await;
                break;
            }
        }
    }
    tracing::info!(host_id = %open.host, session = open.id.0, "session ended");
}

/// Everything that is being looked up for a session, and what was found.
type LookUps = FuturesUnordered<BoxFuture<'static, (LookUp, Result<Vec<secret::Value>, String>)>>;

/// What the agent has told and is being stored: each until the batch that it is in is committed.
type Reports = FuturesUnordered<BoxFuture<'static, Result<Reply, SubmitError>>>;

/// Does what the session wants done; false once it is over.
async fn perform(
    edge: &Edge,
    session: &mut Session,
    socket: &mut WebSocket,
    look_ups: &mut LookUps,
    reports: &mut Reports,
) -> bool {
    while let Some(output) = session.poll() {
        match output {
            Output::Send(text) => {
                if !send(socket, Message::Text(text.into_inner().into())).await {
                    return false;
                }
            }
            Output::LookUp(wanted) => {
                let source = Arc::clone(&edge.secrets);
                look_ups.push(Box::pin(async move {
                    let found = look_up(&*source, &wanted.wants).await;
                    (wanted, found)
                }));
            }
            Output::Report(event) => {
                let Ok(stored) = edge.handle.bring_in(event).await else {
                    close(socket, CLOSE_GOING_AWAY, NO_REPORTS).await;
                    return false;
                };
                reports.push(Box::pin(stored));
            }
            Output::Close(code, reason) => {
                close(socket, code, reason).await;
                return false;
            }
        }
    }
    true
}
