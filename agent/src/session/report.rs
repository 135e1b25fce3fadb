//! Reports of a task's state to the server: one at a time for each task, in order, several tasks at once, until they
//! are taken.

use std::collections::BTreeSet;
use std::time::Duration;

use berth_model::task::{ContainerStatus, TaskStatus};
use berth_model::time::Timestamp;

use super::{Output, Session, task::TaskState};
use crate::record::{Binding, ContainerRecord, Phase, Record};

/// What SubmitTaskStateChange says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The task's ARN.
    pub arn: String,
    /// PENDING, RUNNING or STOPPED.
    pub status: TaskStatus,
    /// The agent's text for the whole task.
    pub reason: Option<String>,
    /// All its containers, and its holder if that has an address.
    pub containers: Vec<ContainerReport>,
    /// When the first image was asked for.
    pub pull_started_at: Option<Timestamp>,
    /// When all images were there.
    pub pull_stopped_at: Option<Timestamp>,
    /// When the last container had ended.
    pub execution_stopped_at: Option<Timestamp>,
}

/// One container of a [`Report`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerReport {
    /// Its name.
    pub name: String,
    /// PENDING, RUNNING or STOPPED.
    pub status: ContainerStatus,
    /// Its exit code, if it ran and ended.
    pub exit_code: Option<i32>,
    /// What went wrong.
    pub reason: Option<String>,
    /// The runtime's id.
    pub runtime_id: Option<String>,
    /// Where its ports are published.
    pub bindings: Vec<Binding>,
    /// The digest under which a registry knows its image.
    pub image_digest: Option<String>,
}

/// How a report was answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The server has it.
    Accepted,
    /// The server will never take it (`InvalidParameterException`). It counts as taken.
    Discarded,
    /// The server did not take it (another client error).
    Rejected,
    /// The server could not be reached, was busy or failed.
    Unavailable,
}

/// How long a task that starts in part may take to start as a whole before its containers are told of. Most need less,
/// and the report that they run says it all.
const PART_WAIT: Duration = Duration::from_secs(1);
/// First wait after a failure of the server; doubles each time.
const UNAVAILABLE_WAIT: Duration = Duration::from_millis(50);
/// First wait after a refusal; doubles each time up to [`REJECTED_WAIT_MAX`].
const REJECTED_WAIT: Duration = Duration::from_secs(1);
const REJECTED_WAIT_MAX: Duration = Duration::from_secs(30);

/// Which tasks have something to report, and when.
#[derive(Debug)]
pub(super) struct Queue {
    due: BTreeSet<(Timestamp, u64, String)>,
    /// Keeps the order of arrival among those due at the same time.
    arrivals: u64,
    in_flight: usize,
    in_flight_max: usize,
}

impl Queue {
    pub(super) fn new(in_flight_max: usize) -> Self {
        Self { due: BTreeSet::new(), arrivals: 0, in_flight: 0, in_flight_max }
    }

    pub(super) fn next_deadline(&self) -> Option<Timestamp> {
        let first = self.due.first().map(|(at, ..)| *at);
        first.filter(|_| self.in_flight < self.in_flight_max)
    }

    fn push(&mut self, at: Timestamp, arn: String) {
        self.arrivals += 1;
        self.due.insert((at, self.arrivals, arn));
    }

    fn pop(&mut self, now: Timestamp) -> Option<String> {
        let is_due = self.in_flight < self.in_flight_max && self.due.first().is_some_and(|(at, ..)| *at <= now);
        if is_due { self.due.pop_first().map(|(_, _, arn)| arn) } else { None }
    }

    /// Makes everything due that waits for its next try.
    pub(super) fn hurry(&mut self, now: Timestamp) {
        let due = std::mem::take(&mut self.due);
        self.due = due.into_iter().map(|(at, arrival, arn)| (at.min(now), arrival, arn)).collect();
    }
}

/// How far a task's reports are.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// The newest report that the server has.
    taken: Option<Report>,
    /// When it took it.
    pub(super) taken_at: Option<Timestamp>,
    /// The report under way.
    under_way: Option<Report>,
    /// True while it is in the queue.
    is_queued: bool,
    /// Failures in a row.
    failures: u32,
    /// True if the server had STOPPED before, so that RUNNING has nothing to say any more.
    is_repeat: bool,
    /// When to report how far a task is that has started in part, as far as the server does not know.
    pub(super) part_at: Option<Timestamp>,
}

impl Progress {
    /// STOPPED is to be reported once more.
    pub(super) fn repeat() -> Self {
        Self { is_repeat: true, ..Self::default() }
    }
}

/// What is to be reported next for a task, if anything: RUNNING before STOPPED, and RUNNING again when a container has
/// changed. Before, PENDING says how far its containers are, if the task takes its time to start. STOPPED only once the end
/// is on disk and the output had its time to get to the server.
fn next_report(task: &TaskState, now: Timestamp) -> Option<Report> {
    let record = &task.record;
    if record.is_stop_acknowledged {
        return None;
    }
    let progress = &task.progress;
    let taken = progress.taken.as_ref();
    let has_told_running = taken.is_some_and(|taken| taken.status == TaskStatus::Running);
    let is_running_due = record.has_run() && !progress.is_repeat && (!has_told_running || !record.is_over());
    let report = if is_running_due {
        report(record, TaskStatus::Running)
    } else if task.is_end_reportable(now) {
        report(record, TaskStatus::Stopped)
    } else if progress.part_at.is_some_and(|at| at <= now) {
        report(record, TaskStatus::Pending)
    } else {
        return None;
    };
    (taken != Some(&report)).then_some(report)
}

fn report(record: &Record, status: TaskStatus) -> Report {
    let container = |container: &ContainerRecord| ContainerReport {
        name: container.name.clone(),
        status: match container.phase {
            // To everybody else, one that is started again has never ended.
            Phase::Created if container.is_restarting() => ContainerStatus::Running,
            Phase::New | Phase::Created => ContainerStatus::Pending,
            Phase::Running => ContainerStatus::Running,
            Phase::Ended => ContainerStatus::Stopped,
        },
        exit_code: container.exit_code.filter(|_| container.phase == Phase::Ended),
        reason: container.reason.clone().filter(|_| container.phase == Phase::Ended),
        runtime_id: container.runtime_id.clone(),
        bindings: container.bindings.clone(),
        image_digest: container.image_digest.clone(),
    };
    // A holder is only told of for the address that it has.
    let is_told = |container: &&ContainerRecord| !container.is_holder() || !container.bindings.is_empty();
    Report {
        arn: record.arn.clone(),
        status,
        reason: record.reason.clone(),
        containers: record.containers.iter().filter(is_told).map(container).collect(),
        pull_started_at: record.pull_started_at,
        // More may be to pull.
        pull_stopped_at: record.pull_stopped_at.filter(|_| status != TaskStatus::Pending),
        execution_stopped_at: if status == TaskStatus::Stopped { record.ended_at } else { None },
    }
}

/// True if a task that has started in part, or waits for an image, is further than the server knows.
fn has_part(task: &TaskState) -> bool {
    let record = &task.record;
    // What is not created yet may have to be pulled.
    let is_pulling = record.pull_started_at.is_some() && record.own().any(|container| container.phase == Phase::New);
    let is_part = is_pulling || record.own().any(|container| container.has_run);
    is_part
        && !(record.has_run() || record.is_over() || task.progress.is_repeat)
        && task.progress.taken != Some(report(record, TaskStatus::Pending))
}

/// Sets when to report how far a task is.
pub(super) fn schedule_part(task: &mut TaskState, now: Timestamp) {
    task.progress.part_at = has_part(task).then(|| task.progress.part_at.unwrap_or(now + PART_WAIT));
}

impl Session {
    /// Queues the task's next report if there is one.
    pub(super) fn queue_report(&mut self, now: Timestamp, arn: &str) {
        let Some(task) = self.tasks.get_mut(arn) else {
            return;
        };
        let is_idle = task.progress.under_way.is_none() && !task.progress.is_queued;
        if is_idle && next_report(task, now).is_some() {
            task.progress.is_queued = true;
            self.reports.push(now, arn.to_owned());
        }
    }

    /// Sends what is due, as far as there is room.
    pub(super) fn send_reports(&mut self, now: Timestamp, outputs: &mut Vec<Output>) {
        while let Some(arn) = self.reports.pop(now) {
            let Some(task) = self.tasks.get_mut(&arn) else {
                continue;
            };
            task.progress.is_queued = false;
            if let Some(report) = next_report(task, now) {
                task.progress.under_way = Some(report.clone());
                self.reports.in_flight += 1;
                outputs.push(Output::Submit(Box::new(report)));
            }
        }
    }

    pub(super) fn on_submitted(&mut self, now: Timestamp, arn: &str, outcome: Outcome, outputs: &mut Vec<Output>) {
        let Some(task) = self.tasks.get_mut(arn) else {
            return;
        };
        let Some(report) = task.progress.under_way.take() else {
            return;
        };
        self.reports.in_flight = self.reports.in_flight.saturating_sub(1);
        let (first, longest) = match outcome {
            Outcome::Accepted | Outcome::Discarded => {
                task.progress.failures = 0;
                task.record.is_stop_acknowledged |= report.status == TaskStatus::Stopped;
                task.progress.taken = Some(report);
                task.progress.taken_at = Some(now);
                task.progress.part_at = None;
                self.advance(now, arn, outputs);
                return;
            }
            Outcome::Rejected => (REJECTED_WAIT, REJECTED_WAIT_MAX),
            Outcome::Unavailable => (UNAVAILABLE_WAIT, self.settings.report_retry_max),
        };
        let wait = first.saturating_mul(1 << task.progress.failures.min(20)).min(longest);
        task.progress.failures += 1;
        if report.status == TaskStatus::Pending {
            // Nothing that is more than this waits for it.
            task.progress.part_at = Some(now + wait);
            self.advance(now, arn, outputs);
            return;
        }
        task.progress.is_queued = true;
        self.reports.push(now + wait, arn.to_owned());
    }
}
