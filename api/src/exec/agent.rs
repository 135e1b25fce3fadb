//! `GET /exec/ws?id=…`: the connection that an agent opens for one command that it was told to run.

use axum::response::Response;
use serde::Deserialize;
use tokio::sync::oneshot;

use super::desk::Opened;
use super::limited;
use crate::auth::Caller;
use crate::edge::Edge;
use crate::session::{Handshake, Refusal, host};

/// What an agent says in the URL.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Parameters {
    id: String,
    container_instance: String,
}

/// What it is called in the audit trail and in the metrics: IAM's name for it.
const OPERATION: &str = "OpenDataChannel";

impl crate::session::Parameters for Parameters {
    fn container_instance(&self) -> &str {
        &self.container_instance
    }
}

/// See the module.
pub(crate) async fn connect(handshake: Handshake<Parameters>) -> Response {
    let answered = handshake.answer(OPERATION, async |edge, caller, parameters, upgrade| {
        let client = take(&edge, &caller, &parameters).await?;
        // If the client has gone meanwhile, the socket is dropped and so closed.
        Ok(limited(upgrade).on_upgrade(move |socket| async move { drop(client.send(Opened { socket, caller })) }))
    });
    answered.await
}

/// Who waits for this connection.
async fn take(edge: &Edge, caller: &Caller, parameters: &Parameters) -> Result<oneshot::Sender<Opened>, Refusal> {
    let host = host(edge, caller, &parameters.container_instance).await?;
    let client = edge.desk.take(&parameters.id, host.id);
    client.ok_or_else(|| Refusal::bad_request("No command of this id waits for this container instance."))
}
