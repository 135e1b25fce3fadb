//! The TCS websocket: agents send measurements and health here and want each message acknowledged.
//!
//! Nothing of it is kept yet: no part of this version shows metrics or container health, and losing this socket never
//! disturbs a task. It is there because a stock agent dials it for ever if it is not.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::rejection::QueryRejection;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Extension, Query, State};
use axum::http::request::Parts;
use axum::response::Response;
use berth_engine::session::{CLOSE_GOING_AWAY, CLOSE_WITH_PAUSE};
use bytes::Bytes;
use serde::Deserialize;
use tokio::time::{Instant, MissedTickBehavior};

use super::{REVOKED, Refusal, answered, close, host, limited, record, send};
use crate::auth::Caller;
use crate::edge::Edge;

/// What a session is called in the audit trail and in the metrics.
const OPERATION: &str = "StartTelemetrySession";

/// How often the agent hears of us. Agents give up after 60 s of silence.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(25);

/// An agent that is not heard of for this long, not even by a pong, is gone.
const SILENCE_MAX: Duration = Duration::from_secs(80);

const HEARTBEAT: &str = r#"{"type":"HeartbeatMessage","message":{"healthy":true}}"#;

/// What an agent says of itself in the URL.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Parameters {
    container_instance: String,
}

/// `GET /tcs/ws`
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
        (Ok(upgrade), Ok(Query(parameters))) => host(&edge, &caller, &parameters.container_instance).await.map(|_| {
            let edge = Arc::clone(&edge);
            limited(upgrade).on_upgrade(move |socket| drive(edge, caller, socket))
        }),
    };
    answered(&edge, &record, outcome)
}

async fn drive(edge: Arc<Edge>, caller: Caller, mut socket: WebSocket) {
    let mut revoked = std::pin::pin!(caller.revoked(&edge.handle));
    let mut heartbeat = tokio::time::interval(HEARTBEAT_EVERY);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard_at = Instant::now();
    loop {
        tokio::select! {
            () = &mut revoked => return close(&mut socket, CLOSE_WITH_PAUSE, REVOKED).await,
            frame = socket.recv() => {
                heard_at = Instant::now();
                if !on_frame(&mut socket, frame).await {
                    return;
                }
            }
            _ = heartbeat.tick() => {
                if heard_at.elapsed() > SILENCE_MAX {
                    return close(&mut socket, CLOSE_GOING_AWAY, "silence").await;
                }
                // Agents do not answer the heartbeat, but their socket answers the ping.
                let is_sent = send(&mut socket, Message::Text(HEARTBEAT.into())).await
                    && send(&mut socket, Message::Ping(Bytes::new())).await;
                if !is_sent {
                    return;
                }
            }
        }
    }
}

/// Answers a frame; false once the socket is over.
async fn on_frame(socket: &mut WebSocket, frame: Option<Result<Message, axum::Error>>) -> bool {
    match frame {
        Some(Ok(Message::Text(text))) => match acknowledgement(&text) {
            Some(ack) => send(socket, Message::Text(ack.into())).await,
            None => true,
        },
        Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_))) => true,
        Some(Ok(Message::Close(_)) | Err(_)) | None => false,
    }
}

/// The answer to a message. A stock agent puts headers and an empty line before the JSON.
fn acknowledgement(text: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Frame<'a> {
        #[serde(borrow)]
        r#type: std::borrow::Cow<'a, str>,
    }
    let json = text.split_once("\r\n\r\n").map_or(text, |(_, json)| json);
    let frame: Frame<'_> = serde_json::from_str(json).ok()?;
    let ack = match &*frame.r#type {
        "PublishMetricsRequest" => "AckPublishMetric",
        "PublishHealthRequest" => "AckPublishHealth",
        "PublishInstanceStatusRequest" => "AckPublishInstanceStatus",
        _ => return None,
    };
    Some(format!(r#"{{"type":"{ack}","message":{{"message":"OK"}}}}"#))
}

#[cfg(test)]
mod tests {
    use super::acknowledgement;

    #[test]
    fn each_publication_is_acknowledged_by_its_name() {
        let metrics = r#"{"type":"PublishMetricsRequest","message":{"metadata":{"idle":true}}}"#;
        let ack = r#"{"type":"AckPublishMetric","message":{"message":"OK"}}"#;
        assert_eq!(acknowledgement(metrics).as_deref(), Some(ack));
        let signed = format!("Authorization: x\r\nHost: y\r\n\r\n{metrics}");
        assert_eq!(acknowledgement(&signed).as_deref(), Some(ack));
        for other in ["", "{}", "x\r\n\r\n", r#"{"type":"HeartbeatMessage"}"#, r#"{"type":1}"#] {
            assert_eq!(acknowledgement(other), None, "{other}");
        }
    }
}
