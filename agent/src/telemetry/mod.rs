//! The TCS websocket, our end: tells the server what containers use, how they are, and whether this host can run any.
//!
//! It only looks, and nothing waits for it: whatever happens here disturbs no task. [`frame`] makes the messages,
//! [`check`] looks after the engine and the disk.

mod check;
mod frame;

use std::sync::Arc;
use std::time::Duration;

use berth_model::tcs::ToServer;
use futures_util::{SinkExt, StreamExt};
use tokio::sync::{Notify, mpsc, oneshot, watch};
use tokio::time::{Instant, MissedTickBehavior};
use tokio_tungstenite::tungstenite::Message;

pub(crate) use self::check::Checked;
use self::check::Checker;
use self::frame::{Before, Teller};
use crate::client::Clients;
use crate::clock::wall;
use crate::config::Config;
use crate::error::chain;
use crate::record::Identity;
use crate::runtime::{Machine, Runtime};
use crate::session::RunningTask;
use crate::socket::{self, Socket};

/// First wait before connecting again; doubles each time up to the other. The ECS agent's.
const RETRY_MIN: Duration = Duration::from_secs(1);
const RETRY_MAX: Duration = Duration::from_mins(1);
/// A connection that lasted this long lets the waits start from the first again.
const RETRY_RESET: Duration = Duration::from_mins(1);
/// A connection is given up after a silence of this length to twice this length: servers send a heartbeat well within
/// it, and hosts that lost their server together must not come back together.
const SILENCE_MAX: Duration = Duration::from_mins(1);
/// Asking where to connect, and connecting, together.
const CONNECT_WITHIN: Duration = Duration::from_secs(30);
/// A frame that cannot be sent in this time means that the connection is dead.
const SEND_WITHIN: Duration = Duration::from_secs(30);
/// Measuring all containers takes milliseconds; an engine that hangs must not hold up what is told of it.
const MEASURE_WITHIN: Duration = Duration::from_secs(5);
/// How long a change of health waits for others to go with it.
const GATHER: Duration = Duration::from_millis(50);

/// Asks the driver what runs.
pub(crate) type Question = oneshot::Sender<Vec<RunningTask>>;

/// How the driver gives a sign.
#[derive(Debug, Clone, Default)]
pub(crate) struct Signs {
    /// The health of a container has changed.
    pub(crate) health: Arc<Notify>,
    /// The server wants to know whether this host can run containers.
    pub(crate) check: Arc<Notify>,
    /// The server is there again.
    pub(crate) server: Arc<Notify>,
}

/// What it takes to tell.
#[derive(Debug)]
pub(crate) struct Telemetry {
    clients: Clients,
    identity: Identity,
    engine_version: String,
    runtime: Arc<dyn Runtime>,
    teller: Teller,
    metrics_every: Duration,
    questions: mpsc::Sender<Question>,
    signs: Signs,
    /// What each container had used when that was told last.
    before: Before,
}

impl Telemetry {
    /// Goes on until it is dropped.
    pub(crate) async fn run(
        config: Config,
        identity: Identity,
        machine: Machine,
        runtime: Arc<dyn Runtime>,
        clients: Clients,
        questions: mpsc::Sender<Question>,
        signs: Signs,
    ) {
        let (found, checked) = watch::channel(None);
        let checker = Checker {
            runtime: Arc::clone(&runtime),
            settings: config.check.clone(),
            directories: machine.storage.iter().chain(&config.data).cloned().collect(),
        };
        let telemetry = Self {
            teller: Teller {
                cluster: identity.cluster.clone(),
                container_instance: identity.container_instance_arn.clone().unwrap_or_default(),
                cpu: config.cpu.unwrap_or(machine.cpu),
            },
            clients,
            identity,
            engine_version: machine.version,
            runtime,
            metrics_every: config.metrics_every,
            questions,
            signs: signs.clone(),
            before: Before::default(),
        };
        tokio::join!(checker.run(signs.check, found), telemetry.keep_telling(checked));
    }

    async fn keep_telling(mut self, checked: watch::Receiver<Option<Checked>>) {
        let mut wait = RETRY_MIN;
        loop {
            let began = Instant::now();
            match tokio::time::timeout(CONNECT_WITHIN, self.open()).await {
                Ok(Ok(mut socket)) => self.carry(&mut socket, checked.clone()).await,
                Ok(Err(error)) => tracing::debug!(error, "no telemetry session"),
                Err(_) => tracing::debug!("no telemetry session in time"),
            }
            if began.elapsed() >= RETRY_RESET {
                wait = RETRY_MIN;
            }
            drop(tokio::time::timeout(spread(wait, 0.2), self.signs.server.notified()).await);
            wait = (wait * 2).min(RETRY_MAX);
        }
    }

    async fn open(&self) -> Result<Socket, String> {
        let container_instance = self.identity.container_instance_arn.as_deref().unwrap_or_default();
        let call = self.clients.ecs.discover_poll_endpoint().cluster(&self.identity.cluster);
        let answer = call.container_instance(container_instance).send().await;
        let answer = answer.map_err(|error| aws_sdk_ecs::error::DisplayErrorContext(error).to_string())?;
        let endpoint = answer.telemetry_endpoint.ok_or("the server has no endpoint for telemetry")?;
        let docker_version = format!("DockerVersion: {}", self.engine_version);
        let query = [
            ("agentHash", env!("CARGO_PKG_NAME")),
            ("agentVersion", env!("CARGO_PKG_VERSION")),
            ("cluster", &self.identity.cluster),
            ("containerInstance", container_instance),
            ("dockerVersion", &docker_version),
        ];
        let signer = (&self.clients.credentials, self.clients.region.as_str());
        socket::open(&endpoint, "ws", &query, signer, None).await.map_err(|error| chain(&error))
    }

    /// Tells until the connection ends.
    async fn carry(&mut self, socket: &mut Socket, mut checked: watch::Receiver<Option<Checked>>) {
        let mut metrics = tokio::time::interval(self.metrics_every);
        metrics.set_missed_tick_behavior(MissedTickBehavior::Delay);
        checked.mark_changed();
        let signs = self.signs.clone();
        let mut silent_at = Instant::now() + spread(SILENCE_MAX, 1.0);
        loop {
            let frames = tokio::select! {
                message = socket.next() => match message {
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return,
                    Some(Ok(_)) => {
                        silent_at = Instant::now() + spread(SILENCE_MAX, 1.0);
                        continue;
                    }
                },
                _ = metrics.tick() => self.measure().await,
                () = signs.health.notified() => {
                    tokio::time::sleep(GATHER).await;
                    self.health().await
                }
                Ok(()) = checked.changed() => {
                    let checked = checked.borrow_and_update().clone();
                    checked.iter().map(|checked| self.teller.status(&message_id(), checked, wall())).collect()
                }
                () = tokio::time::sleep_until(silent_at) => return,
            };
            for frame in frames {
                if !send(socket, &frame).await {
                    return;
                }
            }
        }
    }

    /// What containers use, and how they are.
    async fn measure(&mut self) -> Vec<ToServer> {
        let tasks = self.running().await;
        let containers = tasks.iter().flat_map(|task| &task.containers);
        let runtime_ids: Vec<String> = containers.map(|container| container.runtime_id.clone()).collect();
        let usage = self.runtime.usage(&runtime_ids);
        let mut frames = match tokio::time::timeout(MEASURE_WITHIN, usage).await {
            Ok(used) => self.teller.metrics(&message_id(), &tasks, &used, &mut self.before, wall()),
            Err(_) => Vec::new(),
        };
        frames.extend(self.teller.health(&message_id(), &tasks, wall()));
        frames
    }

    async fn health(&self) -> Vec<ToServer> {
        self.teller.health(&message_id(), &self.running().await, wall())
    }

    /// What runs. Nothing once the driver is ending.
    async fn running(&self) -> Vec<RunningTask> {
        let (question, answer) = oneshot::channel();
        drop(self.questions.send(question).await);
        answer.await.unwrap_or_default()
    }
}

async fn send(socket: &mut Socket, frame: &ToServer) -> bool {
    let text = serde_json::to_string(frame).expect("a frame is always JSON");
    matches!(tokio::time::timeout(SEND_WITHIN, socket.send(Message::text(text))).await, Ok(Ok(())))
}

fn message_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// `base` plus up to `share` of it.
fn spread(base: Duration, share: f64) -> Duration {
    let random = uuid::Uuid::new_v4().as_u128() & u128::from(u32::MAX);
    let unit = f64::from(u32::try_from(random).unwrap_or(0)) / f64::from(u32::MAX);
    base.mul_f64(1.0 + share * unit)
}
