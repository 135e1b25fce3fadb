//! The server's side of one agent's ACS session, without its socket.
//!
//! Frames, orders and time go in; frames to send, events for the engine and the wish to close come out of
//! [`Session::poll`]. The same code runs behind the real websocket and in the simulation.
//!
//! The driver's part: feed [`Session::on_order`] only while [`Session::takes_orders`]; call [`Session::on_time`] at
//! [`Session::next_deadline`]; after each call, [`Session::poll`] until it is empty. The queue before `on_order` is the
//! only queue: an agent that does not keep up fills it, and then the engine ends the session.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use berth_model::acs::{
    ExecOrder, Heartbeat, ManifestTask, Payload, RoleCredentials, RoleCredentialsMessage, TASK_APPLICATION,
    TaskManifest, TaskStopVerification, TaskStopVerificationAck, ToAgent, ToServer,
};
use berth_model::arn::ArnScope;
use berth_model::id::{ClusterName, HostId, SessionId, TaskId};
use berth_model::sensitive::Sensitive;
use berth_model::task::{DesiredStatus, Task};
use berth_model::task_definition::TaskDefinition;
use berth_model::time::Timestamp;
use berth_scheduler::event::Event;
use berth_scheduler::step::Order;

use crate::payload::secret::{self, Want, fill, wants};
use crate::payload::{payload_task, tell_execution};

/// How often a heartbeat is sent unless it was set otherwise. Agents give up after 60 s without any message; a shorter
/// time costs frames, and finds out sooner that a host is gone.
pub const HEARTBEAT_EVERY: Duration = Duration::from_secs(25);

/// How long an agent may not be heard of before it is gone: a little more than three heartbeats without an answer (80 s
/// at 25 s). Shorter punishes a busy host, longer sends orders into the void.
pub fn silence_max(heartbeat_every: Duration) -> Duration {
    heartbeat_every * 16 / 5
}

/// How long orders wait for the manifest to be acknowledged. An agent that knows no manifests never does, so longer
/// delays its tasks; shorter lets orders overtake the reconciliation of a slow agent.
pub const MANIFEST_ACK_WITHIN: Duration = Duration::from_secs(5);

/// Most tasks an agent may ask about at once; far more than a host can hold.
const STOP_CANDIDATES_MAX: usize = 10_000;

/// The WebSocket close code with which an agent connects again after a pause (any but 1000, 1001, 1006 and 1011).
pub const CLOSE_WITH_PAUSE: u16 = 1008;

/// The WebSocket close code with which an agent connects again at once: going away.
pub const CLOSE_GOING_AWAY: u16 = 1001;

/// Whose session it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// Region and account of the installation.
    pub scope: ArnScope,
    /// The cluster the host is registered in.
    pub cluster: ClusterName,
    /// The host.
    pub host: HostId,
    /// The session's number.
    pub session: SessionId,
}

/// What the driver is to do.
#[derive(Debug, Clone)]
pub enum Output {
    /// Send this text frame. It may hold what was looked up.
    Send(Sensitive<String>),
    /// Look this up for a task's order, without letting anything else wait, and tell [`Session::on_found`].
    LookUp(LookUp),
    /// Report this to the engine.
    Report(Event),
    /// Close the socket with this code and reason. Nothing follows.
    Close(u16, &'static str),
}

/// What has to be looked up before a task's order can go out.
#[derive(Debug, Clone)]
pub struct LookUp {
    /// The task.
    pub task: TaskId,
    /// The order's sequence number.
    pub sequence: i64,
    /// What.
    pub wants: Vec<Want>,
}

/// One session, from the moment its socket is open.
#[derive(Debug)]
pub struct Session {
    identity: Identity,
    outputs: VecDeque<Output>,
    /// Set while a manifest waits for its ack.
    manifest: Option<AwaitedManifest>,
    /// What goes along with the orders to run these tasks.
    credentials: BTreeMap<TaskId, RoleCredentials>,
    /// What the agent would stop, in its own words, to be echoed in the answer.
    stop_candidates: BTreeMap<TaskId, ManifestTask>,
    /// Orders to run a task that wait for what they need. Nothing secret is in them yet.
    waiting: BTreeMap<TaskId, (Payload, Vec<Want>)>,
    heard_at: Timestamp,
    heartbeat_every: Duration,
    heartbeat_at: Timestamp,
    messages: u64,
    has_had_manifest: bool,
    /// The engine will send no more orders.
    is_ending: bool,
    is_closed: bool,
}

#[derive(Debug)]
struct AwaitedManifest {
    message_id: String,
    until: Timestamp,
}

impl Session {
    /// A session whose socket has just been opened.
    pub fn new(identity: Identity, heartbeat_every: Duration, now: Timestamp) -> Self {
        Self {
            identity,
            outputs: VecDeque::new(),
            manifest: None,
            credentials: BTreeMap::new(),
            stop_candidates: BTreeMap::new(),
            waiting: BTreeMap::new(),
            heard_at: now,
            heartbeat_every,
            heartbeat_at: now + heartbeat_every,
            messages: 0,
            has_had_manifest: false,
            is_ending: false,
            is_closed: false,
        }
    }

    /// False while orders have to wait, since the agent has yet to acknowledge the manifest.
    pub fn takes_orders(&self) -> bool {
        self.manifest.is_none() && !self.is_closed && !self.is_ending
    }

    /// When [`Session::on_time`] is to be called next, if nothing comes before.
    pub fn next_deadline(&self) -> Timestamp {
        let silence = self.heard_at + silence_max(self.heartbeat_every);
        let manifest = self.manifest.as_ref().map_or(silence, |manifest| manifest.until);
        self.heartbeat_at.min(silence).min(manifest)
    }

    /// The next thing to do, if there is one.
    pub fn poll(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// The order to run a task, which comes next, is to bring it these credentials.
    pub fn on_credentials(&mut self, task: TaskId, credentials: RoleCredentials) {
        self.credentials.insert(task, credentials);
    }

    /// A task that its agent has is to get new credentials.
    pub fn send_credentials(&mut self, cluster: &ClusterName, task: TaskId, role_credentials: RoleCredentials) {
        if self.is_closed {
            return;
        }
        let message = RoleCredentialsMessage {
            message_id: self.message_id("credentials"),
            task_arn: self.identity.scope.task(cluster, task),
            role_type: TASK_APPLICATION.to_owned(),
            role_credentials,
        };
        self.send(&ToAgent::IAMRoleCredentialsMessage(message));
    }

    /// The engine wants something sent.
    pub fn on_order(&mut self, order: Order, now: Timestamp) {
        if self.is_closed {
            return;
        }
        match order {
            Order::Manifest { timeline, tasks } => self.send_manifest(timeline, &tasks, now),
            Order::Run { sequence, task, definition } => {
                self.send_payload(sequence, &task, &definition, DesiredStatus::Running, now);
            }
            Order::Stop { sequence, task, definition } => {
                self.send_payload(sequence, &task, &definition, DesiredStatus::Stopped, now);
            }
            Order::VerifyStop { message_id, tasks } => self.send_stop_verification(message_id, &tasks, now),
            Order::Close => self.close(CLOSE_WITH_PAUSE, "closed by the server"),
        }
    }

    /// The agent is to run a command. Only for agents that have said that they take it.
    pub fn on_exec(&mut self, order: ExecOrder) {
        if !self.is_closed {
            self.send(&ToAgent::BerthExecMessage(order));
        }
    }

    /// The engine will send no more: the host has a newer session, or this one did not keep up.
    pub fn on_orders_ended(&mut self) {
        self.is_ending = true;
        self.close_at_end();
    }

    /// What was ordered before the end is sent before the end, or a host that is always behind would never get it.
    fn close_at_end(&mut self) {
        if self.is_ending && self.waiting.is_empty() {
            self.close(CLOSE_WITH_PAUSE, "superseded");
        }
    }

    /// A text frame came in.
    pub fn on_frame(&mut self, text: &str, now: Timestamp) {
        if self.is_closed {
            return;
        }
        self.heard_at = self.heard_at.max(now);
        // A message that we do not know shows that the agent lives, and is else ignored, as the protocol wants it.
        let Ok(message) = serde_json::from_str::<ToServer>(text) else {
            return;
        };
        match message {
            ToServer::AckRequest(ack) => self.on_ack(&ack.message_id),
            ToServer::TaskStopVerificationMessage(question) => self.on_stop_candidates(question),
            // A payload that is not taken stays owed: it is sent again, and in the end probed with STOPPED.
            ToServer::HeartbeatAckRequest(_) | ToServer::NackRequest(_) | ToServer::IAMRoleCredentialsAckRequest(_) => {
            }
        }
    }

    /// Time has passed.
    pub fn on_time(&mut self, now: Timestamp) {
        if self.is_closed {
            return;
        }
        if now >= self.heard_at + silence_max(self.heartbeat_every) {
            return self.close(CLOSE_GOING_AWAY, "no heartbeat");
        }
        if self.manifest.as_ref().is_some_and(|manifest| now >= manifest.until) {
            self.manifest = None;
        }
        if now >= self.heartbeat_at {
            self.heartbeat_at = now + self.heartbeat_every;
            let message_id = self.message_id("heartbeat");
            self.send(&ToAgent::HeartbeatMessage(Heartbeat { message_id, healthy: true }));
        }
    }

    fn on_ack(&mut self, message_id: &str) {
        if self.manifest.as_ref().is_some_and(|manifest| manifest.message_id == message_id) {
            self.manifest = None;
        }
        let task = message_id.strip_prefix(RUN_PREFIX).and_then(|rest| rest.split('-').next());
        if let Some(task) = task.and_then(|task| task.parse().ok()) {
            self.outputs.push_back(Output::Report(Event::TaskAcknowledged { host: self.identity.host, task }));
        }
    }

    fn on_stop_candidates(&mut self, question: TaskStopVerification) {
        let scope = &self.identity.scope;
        let candidates = question.stop_candidates.into_iter().take(STOP_CANDIDATES_MAX);
        self.stop_candidates = candidates
            .filter_map(|candidate| Some((scope.parse_task(&candidate.task_arn).ok()?.id, candidate)))
            .collect();
        self.outputs.push_back(Output::Report(Event::StopCandidates {
            host: self.identity.host,
            session: self.identity.session,
            message_id: question.message_id,
            tasks: self.stop_candidates.keys().copied().collect(),
        }));
    }

    fn send_manifest(&mut self, timeline: i64, tasks: &[(ClusterName, TaskId)], now: Timestamp) {
        let message_id = self.message_id("manifest");
        let scope = &self.identity.scope;
        let running = |(cluster, task): &(ClusterName, TaskId)| ManifestTask {
            task_arn: scope.task(cluster, *task),
            task_cluster_arn: scope.cluster(cluster),
            desired_status: DesiredStatus::Running.as_str().to_owned(),
        };
        let manifest = TaskManifest {
            message_id: message_id.clone(),
            cluster_arn: self.cluster_arn(),
            container_instance_arn: self.host_arn(),
            tasks: tasks.iter().map(running).collect(),
            timeline,
            generated_at: now.0,
        };
        self.has_had_manifest = true;
        self.manifest = Some(AwaitedManifest { message_id, until: now + MANIFEST_ACK_WITHIN });
        self.send(&ToAgent::TaskManifestMessage(manifest));
    }

    fn send_payload(
        &mut self,
        sequence: i64,
        task: &Task,
        definition: &TaskDefinition,
        desired_status: DesiredStatus,
        now: Timestamp,
    ) {
        debug_assert!(self.has_had_manifest, "the manifest is the first order of each session");
        let message_id = match desired_status {
            // The ack brings the message id back, and with it the task: nothing needs to be remembered.
            DesiredStatus::Running => format!("{RUN_PREFIX}{}-{sequence}", task.id),
            DesiredStatus::Stopped => format!("stop-{}-{sequence}", task.id),
        };
        let mut payload_task = payload_task(&self.identity.scope, task, definition, desired_status);
        payload_task.role_credentials = self.credentials.remove(&task.id);
        let payload = Payload {
            message_id,
            cluster_arn: self.cluster_arn(),
            container_instance_arn: self.host_arn(),
            tasks: vec![payload_task],
            seq_num: sequence,
            generated_at: now.0,
        };
        let wants = match desired_status {
            DesiredStatus::Running => wants(task, definition),
            // What is looked up for an order to run must not follow the order to stop.
            DesiredStatus::Stopped => {
                self.waiting.remove(&task.id);
                Vec::new()
            }
        };
        if wants.is_empty() {
            return self.send_order(payload);
        }
        // The same order again waits for the same: it need not be looked up twice at a time.
        if let Entry::Vacant(waiting) = self.waiting.entry(task.id) {
            waiting.insert((payload, wants.clone()));
            self.outputs.push_back(Output::LookUp(LookUp { task: task.id, sequence, wants }));
        }
    }

    /// What an order needs was found, or why it was not, in ECS's words.
    pub fn on_found(&mut self, task: TaskId, sequence: i64, found: Result<Vec<secret::Value>, String>) {
        if self.is_closed || self.waiting.get(&task).is_none_or(|(payload, _)| payload.seq_num != sequence) {
            return;
        }
        let Some((mut payload, wants)) = self.waiting.remove(&task) else { return };
        let filled = found.and_then(|found| match payload.tasks.first_mut() {
            Some(task) => fill(task, &wants, &found),
            None => Ok(()),
        });
        match filled {
            Ok(()) => self.send_order(payload),
            Err(reason) => {
                let event = Event::TaskUnpreparable { host: self.identity.host, task, reason };
                self.outputs.push_back(Output::Report(event));
            }
        }
        self.close_at_end();
    }

    fn send_stop_verification(&mut self, message_id: String, tasks: &[TaskId], now: Timestamp) {
        let stopped = |task: &TaskId| {
            let candidate = self.stop_candidates.get(task)?;
            Some(ManifestTask { desired_status: DesiredStatus::Stopped.as_str().to_owned(), ..candidate.clone() })
        };
        let stop_tasks = tasks.iter().filter_map(stopped).collect();
        let ack = TaskStopVerificationAck { message_id, stop_tasks, generated_at: now.0 };
        self.send(&ToAgent::TaskStopVerificationAck(ack));
    }

    fn close(&mut self, code: u16, reason: &'static str) {
        if !self.is_closed {
            self.is_closed = true;
            self.outputs.push_back(Output::Close(code, reason));
        }
    }

    /// Sends an order that has all it needs.
    fn send_order(&mut self, mut payload: Payload) {
        payload.tasks.iter_mut().for_each(tell_execution);
        self.send(&ToAgent::PayloadMessage(payload));
    }

    fn send(&mut self, message: &ToAgent) {
        let text = serde_json::to_string(message).expect("messages are plain data with text keys");
        self.outputs.push_back(Output::Send(Sensitive::new(text)));
    }

    /// Unique in this session, which is as far as ids are compared.
    fn message_id(&mut self, kind: &str) -> String {
        self.messages += 1;
        format!("{kind}-{}-{}", self.identity.session.0, self.messages)
    }

    fn cluster_arn(&self) -> String {
        self.identity.scope.cluster(&self.identity.cluster)
    }

    fn host_arn(&self) -> String {
        self.identity.scope.container_instance(&self.identity.cluster, self.identity.host)
    }
}

/// How the ids of messages that run a task begin.
const RUN_PREFIX: &str = "run-";

#[cfg(test)]
mod tests;
