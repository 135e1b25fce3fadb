//! The HTTP edge: the ECS API, the logs beside it, agents' sessions, health and metrics.
//!
//! [`router`] is everything as one service, [`serve()`] puts it behind a listener. A request goes `guard` → `ecs`
//! (protocol) → `operation` (one file each) → engine or store, and never back. Nothing is decided here: what changes
//! state is an event for the engine, whose answer comes after its commit, and what only reads asks the store. The edge
//! touches neither the store's writer nor a host backend.

mod ecs;
mod edge;
mod guard;
mod health;
pub mod member;
mod metrics;
mod openapi;
mod operation;
mod serve;
mod session;

use std::sync::Arc;
use std::time::Instant;

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use axum::routing::{get, post};
use berth_engine::handle::Handle;
use prometheus::Registry;
use tower_http::catch_panic::CatchPanicLayer;

use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::metrics::Metrics;

pub use guard::is_loopback;
pub use serve::serve;

/// What the edge needs to be told.
#[derive(Debug, Clone, Default)]
pub struct Config {
    /// Where the edge registers its metrics, and what `/metrics` shows: the same registry as the engine's.
    pub registry: Registry,
}

/// Everything that is served, as one service.
///
/// # Panics
/// If the registry has the edge's metrics already: there is one edge to a registry.
pub fn router(handle: Handle, config: Config) -> Router {
    let Config { registry } = config;
    let metrics = Metrics::register(&registry).expect("one edge registers its metrics once");
    let edge = Arc::new(Edge::new(handle, metrics));
    Router::new()
        .route("/", post(ecs::by_target))
        .route("/v1/{operation}", post(ecs::by_path))
        .route("/v1/openapi.json", get(openapi::openapi))
        .route("/acs/ws", get(session::acs::connect))
        .route("/tcs/ws", get(session::tcs::connect))
        .route("/healthz", get(health::healthz))
        .route("/readyz", get(health::readyz))
        .route("/metrics", get(move || async move { health::metrics(&registry) }))
        .fallback(nothing_here)
        .method_not_allowed_fallback(other_method)
        .layer(CatchPanicLayer::custom(ecs::panicked))
        .layer(from_fn_with_state(Arc::clone(&edge), guarded))
        .with_state(edge)
}

async fn guarded(State(edge): State<Arc<Edge>>, request: Request, next: Next) -> Response {
    let since = Instant::now();
    match guard::admit(&request) {
        Ok(()) => next.run(request).await,
        Err(fault) => ecs::turned_away(&edge, &fault, since),
    }
}

async fn other_method(State(edge): State<Arc<Edge>>) -> Response {
    ecs::turned_away(&edge, &Fault::other_method(), Instant::now())
}

async fn nothing_here(State(edge): State<Arc<Edge>>) -> Response {
    ecs::turned_away(&edge, &Fault::unknown_path(), Instant::now())
}
