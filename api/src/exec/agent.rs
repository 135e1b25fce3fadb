//! `GET /exec/ws?id=…`: the connection that an agent opens for one command that it was told to run.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::ws::WebSocketUpgrade;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::{Extension, Query, State};
use axum::http::request::Parts;
use axum::response::Response;
use serde::Deserialize;
use tokio::sync::oneshot;

use super::desk::Opened;
use super::limited;
use crate::auth::Caller;
use crate::edge::Edge;
use crate::session::{Refusal, answered, host, record};

/// What an agent says in the URL.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Parameters {
    id: String,
    container_instance: String,
}

/// What it is called in the audit trail and in the metrics: IAM's name for it.
const OPERATION: &str = "OpenDataChannel";

/// See the module.
pub(crate) async fn connect(
    State(edge): State<Arc<Edge>>,
    Extension(caller): Extension<Caller>,
    parts: Parts,
    parameters: Result<Query<Parameters>, QueryRejection>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Response {
    let instance = parameters.as_ref().map_or("", |Query(parameters)| &parameters.container_instance);
    let record = record(&parts, OPERATION, &caller, instance);
    let outcome = match (upgrade, parameters) {
        (Err(rejection), _) => Err(Refusal::no_upgrade(&rejection)),
        (Ok(_), Err(rejection)) => Err(Refusal::bad_request(rejection.body_text())),
        (Ok(upgrade), Ok(Query(parameters))) => take(&edge, &caller, &parameters).await.map(|client| {
            // If the client has gone meanwhile, the socket is dropped and so closed.
            let caller = caller.clone();
            limited(upgrade).on_upgrade(move |socket| async move { drop(client.send(Opened { socket, caller })) })
        }),
    };
    answered(&edge, &record, outcome)
}

/// Who waits for this connection.
async fn take(edge: &Edge, caller: &Caller, parameters: &Parameters) -> Result<oneshot::Sender<Opened>, Refusal> {
    let host = host(edge, caller, &parameters.container_instance).await?;
    let client = edge.desk.take(&parameters.id, host.id);
    client.ok_or_else(|| Refusal::bad_request("No command of this id waits for this container instance."))
}
