//! The connection to the server: opening it again, noticing its silence, and answering what comes over it.

use std::collections::{BTreeMap, BTreeSet};
use std::iter;
use std::time::Duration;

use berth_model::acs::{
    Ack, HeartbeatAck, ManifestTask, Nack, Payload, RoleCredentials, RoleCredentialsAck, RoleCredentialsMessage,
    TASK_APPLICATION, TaskManifest, TaskStopVerification, TaskStopVerificationAck, ToAgent, ToServer,
};
use berth_model::task::DesiredStatus;
use berth_model::time::Timestamp;

use super::{Output, PendingAck, Session};

/// Why a connection could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// The server says that this host is no longer wanted (`InactiveInstanceException`).
    Inactive,
    /// Anything else.
    Unavailable,
}

/// How a connection was closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// The server closed it, with this code.
    Code(u16),
    /// It broke.
    Broken,
}

impl Closed {
    /// An orderly end, a server going away and a cut are no fault of the agent's: it may come back at once.
    fn invites_back(self) -> bool {
        matches!(self, Self::Broken | Self::Code(1000 | 1001 | 1006 | 1011))
    }
}

#[derive(Debug)]
pub(super) struct Link {
    state: State,
    last_connection: u64,
    /// Consecutive waits, for the next one's length.
    waits: i32,
    seed: u64,
    /// Set by the inventory: until then containers without a record may hold up the first connection.
    hold_until: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy)]
enum State {
    Down { retry_at: Option<Timestamp> },
    Opening,
    Open { opened_at: Timestamp, has_heard: bool, silent_at: Timestamp },
}

/// A manifest whose timeline is not on disk yet.
#[derive(Debug)]
pub(super) struct PendingManifest {
    connection: u64,
    manifest: TaskManifest,
}

impl Link {
    pub(super) fn new(seed: u64) -> Self {
        let state = State::Down { retry_at: None };
        Self { state, last_connection: 0, waits: 0, seed, hold_until: None }
    }

    /// The open connection.
    pub(super) fn connection(&self) -> Option<u64> {
        matches!(self.state, State::Open { .. }).then_some(self.last_connection)
    }

    pub(super) fn hold_until(&mut self, at: Timestamp) {
        self.hold_until = Some(at);
    }

    /// `base` plus up to `share` of it: hosts that lost their server together must not come back together.
    fn jittered(&mut self, base: Duration, share: f64) -> Duration {
        // splitmix64; only spreads, never decides.
        self.seed = self.seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.seed;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        let unit = f64::from(u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or(0)) / f64::from(u32::MAX);
        base.mul_f64(1.0 + share * unit)
    }
}

impl Session {
    pub(super) fn link_deadline(&self) -> Option<Timestamp> {
        match self.link.state {
            State::Down { retry_at } if self.orphans.is_empty() => retry_at,
            State::Down { retry_at } => retry_at.max(self.link.hold_until),
            State::Opening => None,
            State::Open { silent_at, .. } => Some(silent_at),
        }
    }

    /// Opens the connection when it is time, and gives up one that is silent.
    pub(super) fn drive_link(&mut self, now: Timestamp, outputs: &mut Vec<Output>) {
        match self.link.state {
            State::Down { retry_at } => {
                let is_held = !self.orphans.is_empty() && self.link.hold_until.is_some_and(|at| now < at);
                if self.has_inventory && !is_held && retry_at.is_none_or(|at| at <= now) {
                    self.link.last_connection += 1;
                    self.link.state = State::Opening;
                    let connection = self.link.last_connection;
                    outputs.push(Output::Connect { connection, is_first: connection == 1 });
                }
            }
            State::Open { silent_at, .. } if silent_at <= now => {
                outputs.push(Output::Close { connection: self.link.last_connection });
                self.lose_link(now, Closed::Broken);
            }
            State::Opening | State::Open { .. } => {}
        }
    }

    pub(super) fn on_connected(&mut self, now: Timestamp, connection: u64) {
        if connection == self.link.last_connection && matches!(self.link.state, State::Opening) {
            let silent_at = now + self.link.jittered(self.settings.silence_max, 1.0);
            self.link.state = State::Open { opened_at: now, has_heard: false, silent_at };
            // The server is there: reports that wait for their next try need not.
            self.reports.hurry(now);
        }
    }

    pub(super) fn on_connect_failed(&mut self, now: Timestamp, connection: u64, refusal: Refusal) {
        if connection == self.link.last_connection && matches!(self.link.state, State::Opening) {
            let retry_at = match refusal {
                Refusal::Inactive => now + self.settings.inactive_wait,
                Refusal::Unavailable => self.next_try(now),
            };
            self.link.state = State::Down { retry_at: Some(retry_at) };
        }
    }

    pub(super) fn on_disconnected(&mut self, now: Timestamp, connection: u64, closed: Closed) {
        if self.link.connection() == Some(connection) {
            self.lose_link(now, closed);
        }
    }

    fn lose_link(&mut self, now: Timestamp, closed: Closed) {
        let State::Open { opened_at, has_heard, .. } = self.link.state else {
            return;
        };
        if now.since(opened_at) >= self.settings.reconnect_reset {
            self.link.waits = 0;
        }
        // A server that closes before it says anything would be hammered.
        let at_once = closed.invites_back() && has_heard;
        let retry_at = if at_once { now } else { self.next_try(now) };
        self.link.state = State::Down { retry_at: Some(retry_at) };
        self.acks.clear();
        self.manifests.clear();
        self.verification = None;
    }

    fn next_try(&mut self, now: Timestamp) -> Timestamp {
        let longest = self.settings.reconnect_max;
        let wait = self.settings.reconnect_min.as_secs_f64() * 1.5_f64.powi(self.link.waits);
        self.link.waits = (self.link.waits + 1).min(32);
        let wait = Duration::from_secs_f64(wait.min(longest.as_secs_f64()));
        now + self.link.jittered(wait, 0.2)
    }

    pub(super) fn on_frame(&mut self, now: Timestamp, connection: u64, frame: ToAgent, outputs: &mut Vec<Output>) {
        if self.link.connection() != Some(connection) {
            return;
        }
        let until_silent = self.link.jittered(self.settings.silence_max, 1.0);
        if let State::Open { has_heard, silent_at, .. } = &mut self.link.state {
            *has_heard = true;
            *silent_at = now + until_silent;
        }
        match frame {
            ToAgent::HeartbeatMessage(heartbeat) => {
                let frame = ToServer::HeartbeatAckRequest(HeartbeatAck { message_id: heartbeat.message_id });
                outputs.push(Output::Send { connection, frame });
            }
            ToAgent::PayloadMessage(payload) => self.on_payload(now, connection, payload, outputs),
            ToAgent::TaskManifestMessage(manifest) => {
                self.on_manifest(connection, manifest, outputs);
            }
            ToAgent::TaskStopVerificationAck(verified) => {
                self.on_stop_verified(now, &verified, outputs);
            }
            ToAgent::BerthExecMessage(order) => {
                let container = self.container_of(&order.task_arn, &order.container_name);
                outputs.push(Output::Exec { order, container });
            }
            ToAgent::IAMRoleCredentialsMessage(message) => self.on_credentials(connection, message, outputs),
        }
    }

    fn on_payload(&mut self, now: Timestamp, connection: u64, payload: Payload, outputs: &mut Vec<Output>) {
        let cluster = payload.cluster_arn;
        let container_instance = payload.container_instance_arn;
        let message_id = payload.message_id;
        if message_id.is_empty() || cluster.is_empty() || container_instance.is_empty() {
            return; // Cannot be answered.
        }
        if payload.tasks.iter().any(|task| task.arn.is_empty()) {
            let reason = "a task has no ARN".to_owned();
            let frame = ToServer::NackRequest(Nack { cluster, container_instance, message_id, reason });
            outputs.push(Output::Send { connection, frame });
            return;
        }
        self.sequence = self.sequence.max(payload.seq_num);
        let mut waits_for = BTreeMap::new();
        for mut task in payload.tasks {
            let arn = task.arn.clone();
            // What is secret of it must not get into the record, which is stored.
            if let Some(credentials) = task.role_credentials.as_mut().map(RoleCredentials::take) {
                self.keep_credentials(connection, &message_id, &arn, credentials, outputs);
            }
            if let Some(version) = self.on_order(now, task, payload.seq_num, outputs) {
                waits_for.insert(arn, version);
            }
        }
        self.acks.push(PendingAck { connection, ack: Ack { cluster, container_instance, message_id }, waits_for });
        self.send_acks(outputs);
    }

    fn on_credentials(&mut self, connection: u64, message: RoleCredentialsMessage, outputs: &mut Vec<Output>) {
        let RoleCredentialsMessage { message_id, task_arn, role_type, role_credentials } = message;
        let is_good = !message_id.is_empty() && !role_credentials.credentials_id.is_empty();
        // Of the others this agent has no use: it calls nobody in the name of a task.
        if is_good && role_type == TASK_APPLICATION {
            self.keep_credentials(connection, &message_id, &task_arn, role_credentials, outputs);
        }
    }

    fn keep_credentials(
        &mut self,
        connection: u64,
        message_id: &str,
        arn: &str,
        credentials: RoleCredentials,
        outputs: &mut Vec<Output>,
    ) {
        let ack = RoleCredentialsAck {
            message_id: message_id.to_owned(),
            expiration: credentials.expiration.clone(),
            credentials_id: credentials.credentials_id.clone(),
        };
        let is_of_use = self.record(arn).is_none_or(|record| !record.is_over());
        if is_of_use {
            outputs.push(Output::Credentials { arn: arn.to_owned(), credentials: Box::new(credentials) });
        }
        outputs.push(Output::Send { connection, frame: ToServer::IAMRoleCredentialsAckRequest(ack) });
    }

    /// Sends the acknowledgements whose records are all on disk.
    pub(super) fn send_acks(&mut self, outputs: &mut Vec<Output>) {
        let tasks = &self.tasks;
        for pending in &mut self.acks {
            pending.waits_for.retain(|arn, version| tasks.get(arn).is_some_and(|task| task.saved_version < *version));
        }
        for pending in self.acks.extract_if(.., |pending| pending.waits_for.is_empty()) {
            outputs.push(Output::Send { connection: pending.connection, frame: ToServer::AckRequest(pending.ack) });
        }
    }

    fn on_manifest(&mut self, connection: u64, manifest: TaskManifest, outputs: &mut Vec<Output>) {
        if manifest.message_id.is_empty() || manifest.timeline <= self.sequence {
            return; // Older than what is known; the server's next one will do.
        }
        self.sequence = manifest.timeline;
        outputs.push(Output::SaveSequence { sequence: manifest.timeline });
        self.manifests.push(PendingManifest { connection, manifest });
    }

    /// Answers the manifests whose timeline is on disk.
    pub(super) fn answer_manifests(&mut self, now: Timestamp, outputs: &mut Vec<Output>) {
        let saved = self.saved_sequence;
        let ready: Vec<_> = self.manifests.extract_if(.., |pending| pending.manifest.timeline <= saved).collect();
        for PendingManifest { connection, manifest } in ready {
            let ack = Ack {
                cluster: manifest.cluster_arn.clone(),
                container_instance: manifest.container_instance_arn.clone(),
                message_id: manifest.message_id.clone(),
            };
            outputs.push(Output::Send { connection, frame: ToServer::AckRequest(ack) });
            let stop_candidates = self.stop_candidates(&manifest);
            if stop_candidates.is_empty() {
                self.strangers.answered(iter::empty());
            } else {
                self.verification = Some(manifest.message_id.clone());
                self.strangers.asked(manifest.timeline, now);
                let message = TaskStopVerification { message_id: manifest.message_id, stop_candidates };
                outputs.push(Output::Send { connection, frame: ToServer::TaskStopVerificationMessage(message) });
            }
        }
    }

    /// Tasks that should run, as far as this agent knows, and that the manifest does not name.
    fn stop_candidates(&self, manifest: &TaskManifest) -> Vec<ManifestTask> {
        let named: BTreeSet<&str> = manifest.tasks.iter().map(|task| task.task_arn.as_str()).collect();
        let is_candidate = |record: &&crate::record::Record| {
            // A task that was ordered after the manifest was made cannot be in it.
            let is_older = record.sequence <= manifest.timeline;
            is_older && record.desired == DesiredStatus::Running && !record.is_over() && !named.contains(&*record.arn)
        };
        let candidate = |record: &crate::record::Record| ManifestTask {
            task_arn: record.arn.clone(),
            task_cluster_arn: record.task.as_ref().map(|task| task.task_cluster_arn.clone()).unwrap_or_default(),
            desired_status: DesiredStatus::Stopped.as_str().to_owned(),
        };
        self.records().filter(is_candidate).map(candidate).collect()
    }

    fn on_stop_verified(&mut self, now: Timestamp, verified: &TaskStopVerificationAck, outputs: &mut Vec<Output>) {
        if self.verification.as_deref() != Some(verified.message_id.as_str()) {
            return;
        }
        self.verification = None;
        self.strangers.answered(verified.stop_tasks.iter().map(|task| task.task_arn.clone()));
        for task in &verified.stop_tasks {
            self.stop_known(now, &task.task_arn, None, outputs);
        }
    }
}
