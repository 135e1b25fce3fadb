//! Commands in running containers: `berth exec`.
//!
//! A client asks with `GET /v1/exec` ([`client`]). The host's agent is told over its session, and opens a connection for this
//! command alone ([`agent`]); [`desk`] brings the two together and bounds how many there are; [`relay`] passes frames between
//! them until either is over. Nothing of this is state: a command ends with the server that carries it.

pub(crate) mod agent;
pub(crate) mod client;
mod desk;
mod relay;

use std::time::Duration;

use axum::extract::ws::WebSocketUpgrade;
use berth_model::exec::FRAME_BYTES_MAX;

pub(crate) use desk::Desk;

/// Where clients ask for a command to be run.
pub(crate) const CLIENT_PATH: &str = "/v1/exec";

/// Where agents open the connection for it.
pub(crate) const AGENT_PATH: &str = "/exec/ws";

/// How long an agent may take to open the connection: it asks Docker for nothing before.
const AGENT_WITHIN: Duration = Duration::from_secs(10);

/// The upgrade with the limits of these connections.
fn limited(upgrade: WebSocketUpgrade) -> WebSocketUpgrade {
    // Frames are passed on one by one: none waits for others.
    upgrade.max_message_size(FRAME_BYTES_MAX).max_frame_size(FRAME_BYTES_MAX).write_buffer_size(0)
}
