//! Just enough of a server: it takes registrations, reports and output, and sends what the test orders.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Json;
use axum::Router;
use axum::extract::State;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use berth_model::acs::{Ack, Payload, PayloadTask, ToAgent, ToServer};
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

pub(crate) const CONTAINER_INSTANCE: &str = "arn:aws:ecs:us-east-1:123456789012:container-instance/demo/1";

#[derive(Default)]
struct Known {
    registrations: Vec<String>,
    refuses: Option<&'static str>,
    reports: Vec<Value>,
    /// Those that are not acknowledged, by their message.
    orders: BTreeMap<String, Payload>,
    acknowledged: Vec<String>,
    streams: BTreeMap<String, Vec<(i64, String)>>,
    session: Option<mpsc::Sender<ToAgent>>,
    sequence: i64,
    output_takes: Duration,
}

#[derive(Clone)]
struct Shared {
    url: String,
    known: Arc<Mutex<Known>>,
    changed: watch::Sender<()>,
}

pub(crate) struct Server {
    pub(crate) url: String,
    shared: Shared,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Known {
    fn acknowledge(&mut self, message_id: &str) {
        let tasks = self.orders.remove(message_id).into_iter().flat_map(|order| order.tasks);
        self.acknowledged.extend(tasks.map(|task| task.arn));
    }
}

impl Server {
    pub(crate) async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let shared = Shared { url: url.clone(), known: Arc::default(), changed: watch::Sender::new(()) };
        let app = Router::new().route("/", post(call)).route("/acs/ws", get(open)).with_state(shared.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { url, shared, serving }
    }

    /// Waits until `look` finds something.
    async fn until<T>(&self, what: &str, look: impl Fn(&Known) -> Option<T>) -> T {
        let mut changed = self.shared.changed.subscribe();
        let found = async {
            loop {
                if let Some(found) = look(&self.shared.known.lock().unwrap()) {
                    return found;
                }
                changed.changed().await.unwrap();
            }
        };
        match tokio::time::timeout(super::PATIENCE, found).await.ok() {
            Some(found) => found,
            None => panic!("no {what}; reports: {:#?}", self.shared.known.lock().unwrap().reports),
        }
    }

    /// Sends an order over the session, once there is one, and over each later one until it is acknowledged: one that was
    /// just being cut off may have lost it.
    pub(crate) async fn order(&self, task: &PayloadTask) {
        let session = self.until("session", |known| known.session.clone()).await;
        let mut payload = Payload {
            message_id: String::new(),
            cluster_arn: "arn:aws:ecs:us-east-1:123456789012:cluster/demo".to_owned(),
            container_instance_arn: CONTAINER_INSTANCE.to_owned(),
            tasks: vec![task.clone()],
            seq_num: 0,
            generated_at: 0,
        };
        {
            let mut known = self.shared.known.lock().unwrap();
            known.sequence += 1;
            payload.seq_num = known.sequence;
            payload.message_id = format!("order {}", known.sequence);
            known.orders.insert(payload.message_id.clone(), payload.clone());
        }
        drop(session.send(ToAgent::PayloadMessage(payload)).await);
    }

    pub(crate) async fn acknowledged(&self, arn: &str) {
        self.until("acknowledgement", |known| known.acknowledged.iter().any(|known| known == arn).then_some(())).await;
    }

    /// The first report of this status.
    pub(crate) async fn report(&self, arn: &str, status: &str) -> Value {
        let is_it = |report: &&Value| report["task"] == arn && report["status"] == status;
        self.until(status, |known| known.reports.iter().find(is_it).cloned()).await
    }

    pub(crate) fn has_report(&self, arn: &str, status: &str) -> bool {
        let known = self.shared.known.lock().unwrap();
        known.reports.iter().any(|report| report["task"] == arn && report["status"] == status)
    }

    pub(crate) fn output(&self, stream: &str) -> Vec<String> {
        let known = self.shared.known.lock().unwrap();
        known.streams.get(stream).into_iter().flatten().map(|(_, message)| message.clone()).collect()
    }

    pub(crate) async fn output_of(&self, stream: &str, lines: usize) {
        self.until("output", |known| known.streams.get(stream).filter(|events| events.len() >= lines).map(drop)).await;
    }

    /// Takes that long for each call with output.
    pub(crate) fn slow_down_output(&self, takes: Duration) {
        self.shared.known.lock().unwrap().output_takes = takes;
    }

    pub(crate) fn registrations(&self) -> Vec<String> {
        self.shared.known.lock().unwrap().registrations.clone()
    }

    pub(crate) fn refuse_registration(&self, code: &'static str) {
        self.shared.known.lock().unwrap().refuses = Some(code);
    }
}

async fn call(State(shared): State<Shared>, headers: HeaderMap, body: String) -> Response {
    let target = headers["x-amz-target"].to_str().unwrap();
    let (_, operation) = target.split_once('.').unwrap();
    let request: Value = serde_json::from_str(&body).unwrap();
    if operation == "PutLogEvents" {
        let takes = shared.known.lock().unwrap().output_takes;
        tokio::time::sleep(takes).await;
    }
    let answer = shared.answer(operation, request);
    shared.changed.send_replace(());
    match answer {
        Ok(answer) => Json(answer).into_response(),
        Err(error) => (StatusCode::BAD_REQUEST, Json(json!({ "__type": error, "message": "no" }))).into_response(),
    }
}

impl Shared {
    fn answer(&self, operation: &str, request: Value) -> Result<Value, &'static str> {
        let mut known = self.known.lock().unwrap();
        let stream = request["logStreamName"].as_str().unwrap_or_default().to_owned();
        match operation {
            "RegisterContainerInstance" => {
                if let Some(code) = known.refuses {
                    return Err(code);
                }
                known.registrations.push(request["containerInstanceArn"].as_str().unwrap_or_default().to_owned());
                Ok(json!({ "containerInstance": { "containerInstanceArn": CONTAINER_INSTANCE } }))
            }
            "DiscoverPollEndpoint" => Ok(json!({ "endpoint": format!("{}/acs/", self.url) })),
            "SubmitTaskStateChange" => {
                known.reports.push(request);
                Ok(json!({ "acknowledgment": "yes" }))
            }
            "CreateLogGroup" => Ok(json!({})),
            "CreateLogStream" => {
                known.streams.entry(stream).or_default();
                Ok(json!({}))
            }
            "PutLogEvents" => {
                let events = known.streams.get_mut(&stream).ok_or("ResourceNotFoundException")?;
                for event in request["logEvents"].as_array().unwrap() {
                    let at = event["timestamp"].as_i64().unwrap();
                    events.push((at, event["message"].as_str().unwrap().to_owned()));
                }
                Ok(json!({}))
            }
            "GetLogEvents" => {
                let events = known.streams.get(&stream).ok_or("ResourceNotFoundException")?;
                let event = |(at, message): &(i64, String)| json!({ "timestamp": at, "message": message });
                let events: Vec<_> = events.iter().map(event).collect();
                Ok(json!({ "events": events }))
            }
            other => panic!("unexpected call {other}"),
        }
    }
}

async fn open(State(shared): State<Shared>, upgrade: WebSocketUpgrade) -> Response {
    upgrade.on_upgrade(move |socket| hold(shared, socket))
}

async fn hold(shared: Shared, mut socket: WebSocket) {
    let (session, mut orders) = mpsc::channel(16);
    let owed = {
        let mut known = shared.known.lock().unwrap();
        known.session = Some(session.clone());
        known.orders.values().cloned().collect::<Vec<_>>()
    };
    shared.changed.send_replace(());
    for order in owed {
        let text = serde_json::to_string(&ToAgent::PayloadMessage(order)).unwrap();
        drop(socket.send(Message::text(text)).await);
    }
    loop {
        tokio::select! {
            Some(order) = orders.recv() => {
                let text = serde_json::to_string(&order).unwrap();
                if socket.send(Message::text(text)).await.is_err() {
                    break;
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Text(text))) => {
                    if let ToServer::AckRequest(Ack { message_id, .. }) = serde_json::from_str(&text).unwrap() {
                        shared.known.lock().unwrap().acknowledge(&message_id);
                        shared.changed.send_replace(());
                    }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => break,
                Some(Ok(_)) => {}
            },
        }
    }
    let mut known = shared.known.lock().unwrap();
    if known.session.as_ref().is_some_and(|held| held.same_channel(&session)) {
        known.session = None;
    }
}
