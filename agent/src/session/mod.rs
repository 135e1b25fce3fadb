//! The agent's side of everything it shares with the server: the ACS session, the tasks it was given, and the reports
//! on them. Sans-IO: no clock, no randomness, no disk, no socket, no runtime. The driver ([`crate::run()`]) and the
//! simulation feed it [`Input`]s and carry out its [`Output`]s, in order.
//!
//! What holds at every moment, whatever is killed when:
//! - An order is acknowledged only once the record of its task is on disk.
//! - A container is started only once it is on disk that it was created. After a restart, a container that may have been
//!   started and is no longer there has ended; one that surely was not is created then.
//! - STOPPED is reported only once the end is on disk, so a task that was reported STOPPED never runs again. It waits a
//!   short time for the containers' output to be shipped: after it, the host may go at any moment.
//! - A container is removed only once its exit code is on disk and its output shipped.
//! - A container with a restart policy is started again only once it is on disk that it is to be, and after which run: a
//!   crash in between neither loses the restart nor makes it two.
//! - What the server orders after it has dropped tasks of this host waits until those have ended.
//! - A record goes only once STOPPED was acknowledged, its containers are gone and the clean-up wait has passed.
//!
//! A crash is a new [`Session`] from the records on disk. Its first input is [`Input::Inventory`], the containers that
//! the runtime has; it connects after that.

mod link;
mod report;
mod stranger;
mod task;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use berth_model::acs::{Ack, ExecOrder, RoleCredentials, ToAgent, ToServer};
use berth_model::task::HealthStatus;
use berth_model::time::Timestamp;

use crate::record::{Binding, Record};
use link::Link;
pub use link::{Closed, Refusal};
pub use report::{ContainerReport, Outcome, Report};
use stranger::Strangers;
use task::TaskState;

/// The session's settings: each time-out with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// How long the record of a stopped task is kept, counted from its end, or from when its report was taken if that was
    /// later. An order to run the same task again is only acknowledged as long as the record is there, so this must be
    /// well above the time a server sends an order again. Default 3 h, as the ECS agent's.
    pub clean_up_wait: Duration,
    /// How long a container has between SIGTERM and SIGKILL if its definition does not say. Default 30 s.
    pub stop_timeout: Duration,
    /// The session is given up after a silence of this length to twice this length. Servers send a heartbeat well
    /// within it. Default 60 s.
    pub silence_max: Duration,
    /// First wait before connecting again; grows by half each time. Default 250 ms.
    pub reconnect_min: Duration,
    /// Longest wait before connecting again. Default 2 min.
    pub reconnect_max: Duration,
    /// A session that lasted this long lets the waits start from the first again. Default 60 s.
    pub reconnect_reset: Duration,
    /// Wait before connecting again after the server said that this host is no longer wanted. Default 1 h.
    pub inactive_wait: Duration,
    /// How long STOPPED may wait for the containers' output after the end of the task is on disk: a server may take the
    /// host away as soon as it has the report. Much longer than shipping takes, and short enough that a server that
    /// does not take output holds up nothing. Default 2 s.
    pub stopped_report_wait: Duration,
    /// Longest wait before sending a report again. Default 5 min; a new session makes all of them due at once.
    pub report_retry_max: Duration,
    /// Reports under way at a time. Default 10.
    pub reports_in_flight_max: usize,
    /// Wait before asking the runtime again for something that failed. Default 1 s.
    pub runtime_retry: Duration,
    /// How long the removal of containers without a record may hold up the first connection. Default 30 s.
    pub orphan_wait: Duration,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            clean_up_wait: Duration::from_hours(3),
            stop_timeout: Duration::from_secs(30),
            silence_max: Duration::from_mins(1),
            reconnect_min: Duration::from_millis(250),
            reconnect_max: Duration::from_mins(2),
            reconnect_reset: Duration::from_mins(1),
            inactive_wait: Duration::from_hours(1),
            stopped_report_wait: Duration::from_secs(2),
            report_retry_max: Duration::from_mins(5),
            reports_in_flight_max: 10,
            runtime_retry: Duration::from_secs(1),
            orphan_wait: Duration::from_secs(30),
        }
    }
}

/// Everything that can happen to a session.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// All containers that the runtime has of this installation and host. The first input; may come again at any time,
    /// and then only removes what has no record.
    Inventory(Vec<Found>),
    /// The connection asked for is open.
    Connected {
        /// As in [`Output::Connect`].
        connection: u64,
    },
    /// The connection could not be opened.
    ConnectFailed {
        /// As in [`Output::Connect`].
        connection: u64,
        /// Why.
        refusal: Refusal,
    },
    /// The connection is closed. Ignored if it is not the newest.
    Disconnected {
        /// As in [`Output::Connect`].
        connection: u64,
        /// How.
        closed: Closed,
    },
    /// The server sent something. Ignored if it did not come over the newest connection.
    Frame {
        /// As in [`Output::Connect`].
        connection: u64,
        /// What.
        frame: ToAgent,
    },
    /// A record is on disk.
    Saved {
        /// The task's ARN.
        arn: String,
        /// The record's version.
        version: u64,
    },
    /// The highest timeline is on disk.
    SequenceSaved {
        /// The timeline.
        sequence: i64,
    },
    /// A report was answered, or not.
    Submitted {
        /// The task's ARN.
        arn: String,
        /// How.
        outcome: Outcome,
    },
    /// Something happened to a container.
    Observed {
        /// The task's ARN.
        arn: String,
        /// The container's name.
        container: String,
        /// What.
        observation: Observation,
    },
    /// The ids of the tasks of which the runtime has something beside containers, as [`crate::record::task_id`] gives
    /// them. May come at any time, and only removes what is no known task's.
    Leftovers(BTreeSet<String>),
    /// An answer to [`Output::RemoveOrphan`].
    OrphanRemoved {
        /// The runtime's id.
        runtime_id: String,
        /// False if it is still there.
        is_gone: bool,
    },
    /// Time has passed: [`Session::next_deadline`] was reached.
    Tick,
}

/// Everything a session wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// Open a connection, after dropping any other. Answered with `Connected` or `ConnectFailed`.
    Connect {
        /// Names the connection.
        connection: u64,
        /// True for the first one of this process.
        is_first: bool,
    },
    /// Send this.
    Send {
        /// Over this connection.
        connection: u64,
        /// What.
        frame: ToServer,
    },
    /// Drop the connection. Not answered.
    Close {
        /// Which.
        connection: u64,
    },
    /// Store this record, in place of an older one. Answered with `Saved`; a newer one may overtake it.
    Save(Box<Record>),
    /// Forget this record. Not answered.
    Forget {
        /// The task's ARN.
        arn: String,
    },
    /// Store the highest timeline. Answered with `SequenceSaved`.
    SaveSequence {
        /// The timeline.
        sequence: i64,
    },
    /// Report a task's state. Answered with `Submitted`; one at a time for each task.
    Submit(Box<Report>),
    /// Do this for a container. Answered with the observations that [`Action`] names.
    Act {
        /// The task's ARN.
        arn: String,
        /// The container's name.
        container: String,
        /// What.
        action: Action,
    },
    /// Run a command in a container, over a connection of its own. Not answered: it changes nothing about the task.
    Exec {
        /// What.
        order: ExecOrder,
        /// The runtime's id of the container, or why there is none to run it in.
        container: Result<String, String>,
    },
    /// Remove what a task has beside containers, which are gone. Not answered; what is left is found again by
    /// [`Input::Leftovers`].
    Clear {
        /// The task's ARN, or its id alone.
        task: String,
        /// False if it has no volumes of its own.
        has_volumes: bool,
    },
    /// Keep these credentials for the containers of a task, in memory alone. Not answered.
    Credentials {
        /// The task's ARN.
        arn: String,
        /// The newest that it has.
        credentials: Box<RoleCredentials>,
    },
    /// Remove a container without a record. Answered with `OrphanRemoved`.
    RemoveOrphan {
        /// The runtime's id.
        runtime_id: String,
    },
}

/// What a runtime is to do for a container.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// Pull the image if need be and create the container. Gives `PullStarted` and `PullStopped` (if it pulls), then
    /// `Created` or `CreateFailed`. A container of the same task and name that was created and not started counts.
    Create {
        /// The order it is part of.
        task: Box<berth_model::acs::PayloadTask>,
        /// Its place in the order's containers.
        at: usize,
    },
    /// Stop pulling for a `Create` in flight, which is answered with `CreateFailed` unless it is done already.
    Cancel,
    /// Start it. Gives `Started` or `StartFailed`.
    Start {
        /// The runtime's id.
        runtime_id: String,
        /// The order it is part of.
        task: Box<berth_model::acs::PayloadTask>,
        /// Its place in the order's containers.
        at: usize,
    },
    /// Wait for its end. Gives `Ended`.
    Watch {
        /// The runtime's id.
        runtime_id: String,
        /// True if the moments of the run must come with its end.
        is_exact: bool,
    },
    /// Follow what its health check finds, until its end. Gives `Health`, any number of times.
    Probe {
        /// The runtime's id.
        runtime_id: String,
    },
    /// Ship its output from where it was left. Gives `OutputShipped` once it has ended and all is shipped or given up.
    Follow {
        /// The runtime's id.
        runtime_id: String,
        /// The order it is part of, which says where it goes.
        task: Box<berth_model::acs::PayloadTask>,
        /// Its place in the order's containers.
        at: usize,
        /// True if some of it may have been shipped before.
        is_resumed: bool,
    },
    /// SIGTERM, then SIGKILL after the time-out. Its end is observed as any other; gives `StopFailed` if the runtime
    /// could not do it.
    Stop {
        /// The runtime's id.
        runtime_id: String,
        /// Between the two signals.
        timeout: Duration,
    },
    /// Remove it. Gives `Removed` (also if it was not there) or `RemoveFailed`.
    Remove {
        /// The runtime's id.
        runtime_id: String,
    },
}

/// What happened to a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observation {
    /// Its image is being pulled.
    PullStarted,
    /// Its image is there.
    PullStopped,
    /// It exists, not started unless it is a holder.
    Created {
        /// The runtime's id.
        runtime_id: String,
        /// The digest under which a registry knows its image.
        image_digest: Option<String>,
    },
    /// It could not be created; nothing of it is there.
    CreateFailed {
        /// Worded as the ECS agent words it.
        reason: String,
    },
    /// It runs.
    Started {
        /// Where its ports are published.
        bindings: Vec<Binding>,
    },
    /// It could not be started, and never ran.
    StartFailed {
        /// Worded as the ECS agent words it.
        reason: String,
    },
    /// It ran and has ended.
    Ended {
        /// `None` if nobody knows.
        exit_code: Option<i32>,
        /// Worded as the ECS agent words it, if there is something to say.
        reason: Option<String>,
        /// When, if the runtime knows; else now.
        at: Option<Timestamp>,
        /// When that run began, if the runtime knows.
        began: Option<Timestamp>,
    },
    /// Its health check has found this.
    Health(HealthStatus),
    /// The runtime could not stop it; to be tried again.
    StopFailed,
    /// Its output is at the server, or was given up.
    OutputShipped,
    /// It is gone.
    Removed,
    /// It could not be removed; to be tried again.
    RemoveFailed,
}

/// A container that a runtime has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The runtime's id.
    pub runtime_id: String,
    /// Of its labels, or of a holder's name. Of no task if it was made for none yet.
    pub arn: String,
    /// As `arn`.
    pub container: String,
    /// What it does.
    pub state: FoundState,
}

/// What a found container does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FoundState {
    /// Created, never started.
    Created,
    /// Running.
    Running {
        /// Where its ports are published.
        bindings: Vec<Binding>,
    },
    /// Ran and ended.
    Ended {
        /// Its exit code.
        exit_code: i32,
        /// Worded as the ECS agent words it, if there is something to say.
        reason: Option<String>,
        /// When.
        at: Option<Timestamp>,
        /// When that run began.
        began: Option<Timestamp>,
    },
}

/// A task of which something runs, for those who look after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningTask {
    /// Its ARN.
    pub arn: String,
    /// The family of what it runs.
    pub family: String,
    /// The revision, as text.
    pub revision: String,
    /// Its containers that run.
    pub containers: Vec<RunningContainer>,
}

/// What a health check has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Health {
    /// What.
    pub status: HealthStatus,
    /// Since when it is so, as far as this process knows; `None` before the first word of it.
    pub since: Option<Timestamp>,
}

/// A container that runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunningContainer {
    /// Its name.
    pub name: String,
    /// The runtime's id.
    pub runtime_id: String,
    /// What its health check has found; `None` if it has none.
    pub health: Option<Health>,
    /// How often it was started again; `None` without a restart policy.
    pub restarts: Option<u32>,
}

/// The agent's side of a session, with all its tasks.
#[derive(Debug)]
pub struct Session {
    settings: Settings,
    tasks: BTreeMap<String, TaskState>,
    /// When to look at a task again although nothing has happened.
    timers: BTreeSet<(Timestamp, String)>,
    reports: report::Queue,
    link: Link,
    /// The highest sequence number and timeline seen.
    sequence: i64,
    /// The highest of them that is on disk.
    saved_sequence: i64,
    /// Acknowledgements that wait for records.
    acks: Vec<PendingAck>,
    /// Manifests that wait for their timeline to be stored.
    manifests: Vec<link::PendingManifest>,
    /// The manifest whose stop verification may be confirmed, once.
    verification: Option<String>,
    strangers: Strangers,
    /// Containers without a record that are being removed, and when to try again.
    orphans: BTreeMap<String, Option<Timestamp>>,
    has_inventory: bool,
}

#[derive(Debug)]
struct PendingAck {
    connection: u64,
    ack: Ack,
    waits_for: BTreeMap<String, u64>,
}

impl Session {
    /// A session from what is on disk: the highest timeline (-1 if none) and all records. `seed` is for jitter only.
    pub fn new(settings: Settings, seed: u64, sequence: i64, records: Vec<Record>) -> Self {
        let highest = records.iter().map(|record| record.sequence).fold(sequence, i64::max);
        let tasks = records.into_iter().map(|record| (record.arn.clone(), TaskState::restored(record))).collect();
        Self {
            reports: report::Queue::new(settings.reports_in_flight_max),
            settings,
            tasks,
            timers: BTreeSet::new(),
            link: Link::new(seed),
            sequence: highest,
            saved_sequence: sequence,
            acks: Vec::new(),
            manifests: Vec::new(),
            verification: None,
            strangers: Strangers::default(),
            orphans: BTreeMap::new(),
            has_inventory: false,
        }
    }

    /// Takes one input; appends what is to be done, in order. `now` never runs backwards.
    pub fn handle(&mut self, now: Timestamp, input: Input, outputs: &mut Vec<Output>) {
        match input {
            Input::Inventory(found) => self.on_inventory(now, found, outputs),
            Input::Connected { connection } => self.on_connected(now, connection),
            Input::ConnectFailed { connection, refusal } => self.on_connect_failed(now, connection, refusal),
            Input::Disconnected { connection, closed } => {
                self.on_disconnected(now, connection, closed);
            }
            Input::Frame { connection, frame } => self.on_frame(now, connection, frame, outputs),
            Input::Saved { arn, version } => self.on_saved(now, &arn, version, outputs),
            Input::SequenceSaved { sequence } => self.on_sequence_saved(now, sequence, outputs),
            Input::Submitted { arn, outcome } => self.on_submitted(now, &arn, outcome, outputs),
            Input::Observed { arn, container, observation } => {
                self.on_observed(now, &arn, &container, observation, outputs);
            }
            Input::Leftovers(tasks) => self.on_leftovers(tasks, outputs),
            Input::OrphanRemoved { runtime_id, is_gone } => self.on_orphan_removed(now, &runtime_id, is_gone),
            Input::Tick => {}
        }
        self.run_timers(now, outputs);
        self.release_held(now, outputs);
        self.send_reports(now, outputs);
        self.drive_link(now, outputs);
    }

    /// The moment at which [`Input::Tick`] is due if nothing happens before.
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let task = self.timers.first().map(|(at, _)| *at);
        let orphan = self.orphans.values().filter_map(|at| *at).min();
        let others = [self.reports.next_deadline(), self.link_deadline(), self.strangers.deadline()];
        [task, orphan].into_iter().chain(others).flatten().min()
    }

    /// All records, for looking at.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.tasks.values().map(|task| &task.record)
    }

    /// What runs at present.
    pub fn running(&self) -> Vec<RunningTask> {
        self.tasks.values().filter_map(TaskState::running).collect()
    }

    /// What runs of a task at present, if anything does.
    pub fn running_of(&self, arn: &str) -> Option<RunningTask> {
        self.tasks.get(arn)?.running()
    }

    /// The record of a task.
    pub fn record(&self, arn: &str) -> Option<&Record> {
        self.tasks.get(arn).map(|task| &task.record)
    }

    /// True if a container has ended, or is not known.
    pub fn has_ended(&self, arn: &str, container: &str) -> bool {
        let record = self.tasks.get(arn).map(|task| &task.record);
        let container = record.and_then(|record| record.containers.iter().find(|record| record.name == container));
        container.is_none_or(|container| container.phase == crate::record::Phase::Ended)
    }

    /// True while a connection is open.
    pub fn is_connected(&self) -> bool {
        self.link.connection().is_some()
    }

    fn on_sequence_saved(&mut self, now: Timestamp, sequence: i64, outputs: &mut Vec<Output>) {
        self.saved_sequence = self.saved_sequence.max(sequence);
        self.answer_manifests(now, outputs);
    }
}

#[cfg(test)]
mod tests;
