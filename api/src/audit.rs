//! The audit trail: one line for each call, with who, what and how it came out; never a body, never a secret.
//!
//! It is written to the log under the target `berth::audit`, so that it can be sent elsewhere or left out. Calls that are
//! refused because of who calls are warnings.

use std::time::Instant;

use axum::http::request::Parts;
use uuid::Uuid;

use crate::auth::{Caller, Peer};
use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::metrics::OK;

/// Where the lines go.
const TARGET: &str = "berth::audit";

/// What is known of a call so far.
#[derive(Debug)]
pub(crate) struct Record {
    /// Also in the answer.
    pub(crate) request_id: Uuid,
    pub(crate) operation: &'static str,
    pub(crate) clusters: String,
    since: Instant,
    peer: Option<Peer>,
    key: String,
    name: String,
}

impl Record {
    /// Of a call that has just come in.
    pub(crate) fn new(parts: &Parts, operation: &'static str) -> Self {
        Self {
            request_id: Uuid::new_v4(),
            operation,
            clusters: String::new(),
            since: Instant::now(),
            peer: parts.extensions.get().copied(),
            key: String::new(),
            name: String::new(),
        }
    }

    /// True if anybody reads the lines of calls that succeed.
    pub(crate) fn is_wanted() -> bool {
        tracing::enabled!(target: TARGET, tracing::Level::INFO)
    }

    /// Who it is from, or claims to be from: the outcome says whether that was true.
    pub(crate) fn set_caller(&mut self, caller: &Caller) {
        self.key = caller.key.as_ref().map(ToString::to_string).unwrap_or_default();
        self.name.clone_from(&caller.name);
    }

    /// Counts the call, and writes its line.
    pub(crate) fn close(&self, edge: &Edge, outcome: Result<(), &Fault>) {
        let Self { request_id, operation, clusters, since, peer, key, name } = self;
        let after = since.elapsed();
        let code = outcome.err().map_or(OK, |fault| fault.code);
        edge.metrics.answered(operation, code, after);
        let peer = peer.map(|peer| peer.address.to_string()).unwrap_or_default();
        let ms = after.as_secs_f64() * 1e3;
        if outcome.err().is_some_and(Fault::is_about_caller) {
            tracing::warn!(target: TARGET, %request_id, key, name, operation, clusters, code, ms, peer, "call refused");
        } else {
            tracing::info!(target: TARGET, %request_id, key, name, operation, clusters, code, ms, peer, "call");
        }
    }
}
