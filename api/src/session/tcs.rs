//! The TCS websocket: agents tell here how their containers and their engine are, and want each message acknowledged.
//!
//! Health becomes an event, and its message is acknowledged once that is stored. Measurements are kept in memory
//! ([`berth_engine::telemetry`]) and never wait for a commit. Losing this socket disturbs no task.

use std::sync::Arc;

use axum::extract::ws::{Message, WebSocket};
use axum::response::Response;
use berth_engine::handle::SubmitError;
use berth_engine::session::{CLOSE_GOING_AWAY, CLOSE_WITH_PAUSE, silence_max};
use berth_engine::telemetry::TelemetrySession;
use berth_model::arn::ArnScope;
use berth_model::host::Host;
use berth_model::id::{HostId, TaskId};
use berth_model::tcs::{CONTAINER_RUNTIME, PublishHealth, PublishInstanceStatus, TaskHealth, ToServer};
use berth_scheduler::event::{ContainersHealth, Event};
use bytes::Bytes;
use serde::Deserialize;
use tokio::time::{Instant, MissedTickBehavior};

use super::{Handshake, REVOKED, close, host, send};
use crate::auth::Caller;
use crate::edge::Edge;

/// What a session is called in the audit trail and in the metrics.
const OPERATION: &str = "StartTelemetrySession";

const HEARTBEAT: &str = r#"{"type":"HeartbeatMessage","message":{"healthy":true}}"#;

/// Most containers of one task whose health is taken in: as many as a task definition may have.
const CONTAINERS_MAX: usize = 10;

/// What an agent says of itself in the URL.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Parameters {
    container_instance: String,
}

impl super::Parameters for Parameters {
    fn container_instance(&self) -> &str {
        &self.container_instance
    }
}

/// `GET /tcs/ws`
pub(crate) async fn connect(handshake: Handshake<Parameters>) -> Response {
    let answered = handshake.answer(OPERATION, async |edge, caller, parameters, upgrade| {
        let host = host(&edge, &caller, &parameters.container_instance).await?;
        Ok(upgrade.on_upgrade(move |socket| drive(edge, caller, host, socket)))
    });
    answered.await
}

async fn drive(edge: Arc<Edge>, caller: Caller, host: Host, mut socket: WebSocket) {
    let telemetry = edge.handle.telemetry().open(host.id, host.provider(), host.capacity.cpu);
    let mut listener = Listener { edge: &edge, host: host.id, telemetry };
    let mut revoked = std::pin::pin!(caller.revoked(&edge.handle));
    let every = edge.handle.heartbeat_every();
    let mut heartbeat = tokio::time::interval(every);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut heard_at = Instant::now();
    loop {
        tokio::select! {
            () = &mut revoked => return close(&mut socket, CLOSE_WITH_PAUSE, REVOKED).await,
            frame = socket.recv() => {
                heard_at = Instant::now();
                match frame {
                    Some(Ok(Message::Text(text))) => match listener.hear(&text).await {
                        Ok(None) => {}
                        Ok(Some(ack)) => {
                            if !send(&mut socket, Message::Text(ack.into())).await {
                                return;
                            }
                        }
                        Err(_) => return close(&mut socket, CLOSE_GOING_AWAY, "the server takes no reports").await,
                    },
                    Some(Ok(Message::Ping(_) | Message::Pong(_) | Message::Binary(_))) => {}
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                }
            }
            _ = heartbeat.tick() => {
                // Not even by a pong.
                if heard_at.elapsed() > silence_max(every) {
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

/// Takes in what one agent tells.
#[derive(Debug)]
struct Listener<'a> {
    edge: &'a Edge,
    host: HostId,
    telemetry: TelemetrySession,
}

impl Listener<'_> {
    /// Takes in a frame and gives the answer, if it is a message that has one.
    ///
    /// # Errors
    /// If the engine does not take what the frame says.
    async fn hear(&mut self, text: &str) -> Result<Option<String>, SubmitError> {
        let json = ToServer::json(text);
        let Some(ack) = acknowledgement(json) else { return Ok(None) };
        match serde_json::from_str(json) {
            Ok(message) => self.take_in(message).await?,
            // Sent again, it would be understood no better.
            Err(error) => tracing::warn!(host_id = %self.host, %error, "telemetry not understood"),
        }
        Ok(Some(ack))
    }

    async fn take_in(&mut self, message: ToServer) -> Result<(), SubmitError> {
        match message {
            ToServer::PublishMetricsRequest(metrics) => {
                if let Some(used) = self.telemetry.publish(self.edge.scope(), metrics)
                    && self.telemetry.is_newest()
                {
                    self.edge.handle.mention(Event::UsageReport { host: self.host, used: Some(used) });
                }
            }
            ToServer::PublishHealthRequest(health) => {
                let tasks = health_of(self.edge.scope(), health);
                self.edge.handle.report(Event::HealthReport { host: self.host, tasks }).await?;
            }
            ToServer::PublishInstanceStatusRequest(status) => {
                self.telemetry.checked(self.edge.clock.now());
                if let Some(event) = runtime_of(self.host, status) {
                    self.edge.handle.report(event).await?;
                }
            }
        }
        Ok(())
    }
}

impl Drop for Listener<'_> {
    fn drop(&mut self) {
        if self.telemetry.is_newest() {
            self.edge.handle.mention(Event::UsageReport { host: self.host, used: None });
        }
    }
}

fn health_of(scope: &ArnScope, health: PublishHealth) -> Vec<(TaskId, ContainersHealth)> {
    let containers = |task: TaskHealth| -> ContainersHealth {
        let said = task.containers.into_iter().take(CONTAINERS_MAX);
        said.filter_map(|one| Some((one.container_name, one.health_status.parse().ok()?))).collect()
    };
    let tasks = health.tasks.into_iter();
    tasks.filter_map(|task| Some((scope.parse_task(&task.task_arn).ok()?.id, containers(task)))).collect()
}

/// What is said of the engine that runs containers; of other parts of a host nothing is known here.
fn runtime_of(host: HostId, status: PublishInstanceStatus) -> Option<Event> {
    let runtime = status.statuses.into_iter().find(|one| one.r#type == CONTAINER_RUNTIME)?;
    Some(Event::RuntimeReport { host, status: runtime.status.parse().ok()?, reason: runtime.status_reason })
}

/// The answer to a message.
fn acknowledgement(json: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Frame<'a> {
        #[serde(borrow)]
        r#type: std::borrow::Cow<'a, str>,
    }
    let frame: Frame<'_> = serde_json::from_str(json).ok()?;
    let ack = ToServer::acknowledgement(&frame.r#type)?;
    Some(format!(r#"{{"type":"{ack}","message":{{"message":"OK"}}}}"#))
}

#[cfg(test)]
mod tests {
    use berth_model::host::RuntimeStatus;
    use berth_model::task::HealthStatus;

    use super::*;

    #[test]
    fn each_publication_is_acknowledged_by_its_name() {
        let metrics = r#"{"type":"PublishMetricsRequest","message":{"metadata":{"idle":true}}}"#;
        let ack = r#"{"type":"AckPublishMetric","message":{"message":"OK"}}"#;
        assert_eq!(acknowledgement(metrics).as_deref(), Some(ack));
        let signed = format!("Authorization: x\r\nHost: y\r\n\r\n{metrics}");
        assert_eq!(acknowledgement(ToServer::json(&signed)).as_deref(), Some(ack));
        for other in ["", "{}", "x\r\n\r\n", r#"{"type":"HeartbeatMessage"}"#, r#"{"type":1}"#] {
            assert_eq!(acknowledgement(ToServer::json(other)), None, "{other}");
        }
    }

    #[test]
    fn what_cannot_be_read_of_a_message_is_left_out() {
        let text = r#"{"type":"PublishHealthRequest","message":{"metadata":{},"tasks":[
            {"taskArn":"arn:aws:ecs:us-east-1:123456789012:task/c/00000000000000000000000000000007",
             "containers":[{"containerName":"a","healthStatus":"HEALTHY","statusSince":1764223200.5},
                           {"containerName":"b","healthStatus":"well"}]},
            {"taskArn":"x","containers":[]}],"timestamp":1764223200}}"#;
        let Ok(ToServer::PublishHealthRequest(health)) = serde_json::from_str(text) else { panic!("no health") };
        let tasks = health_of(&ArnScope::default(), health);
        assert_eq!(tasks, [(TaskId(7), vec![("a".to_owned(), HealthStatus::Healthy)])]);

        let text = r#"{"type":"PublishInstanceStatusRequest","message":{"statuses":[
            {"type":"Other","status":"OK"},
            {"type":"ContainerRuntime","status":"IMPAIRED","lastUpdated":1764223200,"lastStatusChange":1764223200}]}}"#;
        let Ok(ToServer::PublishInstanceStatusRequest(status)) = serde_json::from_str(text) else {
            panic!("no status")
        };
        let event = runtime_of(HostId(1), status);
        let is_it = |event: &Event| matches!(event, Event::RuntimeReport { status: RuntimeStatus::Impaired, .. });
        assert!(event.as_ref().is_some_and(is_it), "{event:?}");
    }
}
