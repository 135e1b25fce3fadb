//! The HTTP edge: the ECS API, the logs beside it, events, agents' sessions, health and metrics.
//!
//! [`router`] is everything as one service, [`serve()`] puts it behind a listener. A request goes `guard` → `ecs` or
//! `query` (protocols) → `auth` (who calls, and may they?) → `operation` (one file each) → engine or store, and never
//! back. Nothing is decided here: what changes state is an event for the engine, whose answer comes after its commit, and
//! what only reads asks the store. The edge touches neither the store's writer nor a host backend.

mod audit;
pub mod auth;
mod ecs;
mod edge;
mod event;
mod exec;
mod guard;
mod health;
pub mod member;
mod metrics;
mod openapi;
mod operation;
mod query;
pub mod secret;
mod serve;
mod session;
pub mod throttle;
pub mod tls;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::Method;
use axum::http::request::Parts;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use berth_engine::handle::Handle;
use berth_engine::payload::secret::SecretSource;
use berth_model::access_key::Role;
use prometheus::Registry;
use tokio_util::sync::CancellationToken;
use tower_http::catch_panic::CatchPanicLayer;

use crate::audit::Record;
use crate::auth::{Caller, Denial, Gate, Peer};
use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::metrics::{Metrics, UNKNOWN};
use crate::throttle::{Rates, Throttle};

pub use event::webhook::{InvalidWebhook, Webhook, deliver};
pub use guard::is_loopback;
pub use serve::{Limits, serve};
pub use session::role::CredentialSource;

/// What anybody may look at who reaches the server: whether it is up, and how it is spoken to.
const PUBLIC: [&str; 3] = ["/healthz", "/readyz", "/v1/openapi.json"];

/// What agents connect to.
const SESSIONS: [&str; 3] = ["/acs/ws", "/tcs/ws", exec::AGENT_PATH];

/// What Prometheus on this machine may look at without a key: it signs nothing.
const METRICS: &str = "/metrics";

/// Where events are streamed.
const EVENTS: &str = "/v1/events";

/// What the edge needs to be told.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the edge registers its metrics, and what `/metrics` shows: the same registry as the engine's.
    pub registry: Registry,
    /// Who is let in.
    pub gate: Gate,
    /// How often each caller may call.
    pub rates: Rates,
    /// Where secrets and environment files of tasks come from.
    pub secrets: Arc<dyn SecretSource>,
    /// Where tasks' roles have their credentials from, if they have any.
    pub credentials: Option<CredentialSource>,
    /// Cancelled when the server ends: what has no end of its own, as streams of events have none, ends then.
    pub ending: CancellationToken,
}

/// Everything that is served, as one service.
///
/// # Panics
/// If the registry has the edge's metrics already: there is one edge to a registry.
pub fn router(handle: Handle, config: Config) -> Router {
    let Config { registry, gate, rates, secrets, credentials, ending } = config;
    let metrics = Metrics::register(&registry).expect("one edge registers its metrics once");
    let edge = Arc::new(Edge::new(handle, metrics, gate, Throttle::new(rates), secrets, credentials, ending));
    Router::new()
        .route("/", post(ecs::by_target))
        .route("/v1/{operation}", post(ecs::by_path))
        .route("/v1/openapi.json", get(openapi::openapi))
        .route(EVENTS, get(event::stream::connect))
        .route(exec::CLIENT_PATH, get(exec::client::connect))
        .route(exec::AGENT_PATH, get(exec::agent::connect))
        .route("/acs/ws", get(session::acs::connect))
        .route("/tcs/ws", get(session::tcs::connect))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route(METRICS, get(move || async move { health::metrics(&registry) }))
        .fallback(nothing_here)
        .method_not_allowed_fallback(other_method)
        .layer(CatchPanicLayer::custom(ecs::panicked))
        .layer(from_fn_with_state(Arc::clone(&edge), guarded))
        .with_state(edge)
}

async fn guarded(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let mut admitted = guard::admit(&parts, edge.gate.is_open);
    // A POST is a call, whose signature is that of its body, too: it is looked at where that is read.
    if admitted.is_ok() && parts.method != Method::POST && !PUBLIC.contains(&parts.uri.path()) {
        admitted = look(&edge, &parts).map(|caller| {
            caller.map(|caller| parts.extensions.insert(caller));
        });
    }
    match admitted {
        Ok(()) => next.run(Request::from_parts(parts, body)).await,
        Err(fault) => ecs::turned_away(&edge, &fault, &Record::new(&parts, UNKNOWN)),
    }
}

/// Who it is that wants to look at something, or to open a session.
fn look(edge: &Edge, parts: &Parts) -> Result<Option<Caller>, Fault> {
    let path = parts.uri.path();
    let now_seconds = edge.clock.now().0.div_euclid(1_000);
    let admitted = edge.gate.admit(parts, &edge.handle, now_seconds);
    let caller = match admitted.and_then(|admission| admission.verify(Some(auth::ECS), b"")) {
        Ok(caller) => caller,
        Err(Denial::Unsigned) if path == METRICS && parts.extensions.get().is_some_and(Peer::is_loopback) => {
            return Ok(None);
        }
        Err(denial) => return Err(Fault::denied(denial)),
    };
    let is_session = SESSIONS.contains(&path);
    match &caller.role {
        Role::Admin => {}
        Role::Reader if !is_session && path != exec::CLIENT_PATH => {}
        Role::Agent if is_session && caller.host.is_some() => {}
        // Of its own clusters, which is looked at there.
        Role::User { .. } if path == EVENTS || path == exec::CLIENT_PATH => {}
        Role::Reader | Role::Agent | Role::User { .. } => {
            let text = format!("{} has the role {} and may not look here.", caller.name, caller.role.name());
            return Err(Fault::not_authorized(text));
        }
    }
    Ok(Some(caller))
}

async fn other_method(State(edge): State<Arc<Edge>>, parts: Parts) -> Response {
    ecs::turned_away(&edge, &Fault::other_method(), &Record::new(&parts, UNKNOWN))
}

async fn nothing_here(State(edge): State<Arc<Edge>>, parts: Parts) -> Response {
    ecs::turned_away(&edge, &Fault::unknown_path(), &Record::new(&parts, UNKNOWN))
}
