//! The tasks: taking orders, following what happens to their containers, and asking for what comes next.

use std::collections::BTreeSet;
use std::time::Duration;

use berth_model::acs::PayloadTask;
use berth_model::task::{DesiredStatus, HealthStatus};
use berth_model::time::Timestamp;

use super::report::{Progress, schedule_part};
use super::{Action, Found, FoundState, Health, Observation, Output as Effect, RunningContainer, RunningTask, Session};
use crate::holder;
use crate::reconcile::{
    Decision, Operation, Output, Work, give_up_at, has_probe, reconcile, restart_policy, restarts, waited_in_vain,
};
use crate::record::{ContainerRecord, Phase, Record, task_id};

/// Said of a container that was there and is not any more.
const VANISHED: &str = "The container is no longer there, and its exit code is unknown";

/// Said of a container that cannot be created any more.
const NO_SOURCE: &str =
    "CannotCreateContainerError: a container that it is linked to, or whose volumes it has, is not there";

/// How a reason begins that speaks of memory.
const OUT_OF_MEMORY: &str = "OutOfMemoryError";

/// The exit code of a process that SIGKILL has ended.
const KILLED: i32 = 137;

/// How a run of a container has ended.
#[derive(Debug)]
struct Run {
    exit_code: Option<i32>,
    reason: Option<String>,
    began: Option<Timestamp>,
    ended: Option<Timestamp>,
}

#[derive(Debug)]
pub(super) struct TaskState {
    pub(super) record: Record,
    pub(super) saved_version: u64,
    /// The newest version that is on disk or on its way there.
    stored: Option<Record>,
    /// True if an earlier process may have worked on it.
    is_restored: bool,
    work: Vec<Work>,
    pub(super) progress: Progress,
    /// When to report STOPPED whatever became of the output. Set once the end is on disk.
    report_by: Option<Timestamp>,
    timer: Option<Timestamp>,
}

impl TaskState {
    fn new(record: Record) -> Self {
        let work = record.containers.iter().map(|_| Work { phase_version: 1, ..Work::default() }).collect();
        Self {
            record,
            saved_version: 0,
            stored: None,
            is_restored: false,
            work,
            progress: Progress::default(),
            report_by: None,
            timer: None,
        }
    }

    /// From disk: nothing is under way, and nobody knows yet what the runtime has.
    pub(super) fn restored(record: Record) -> Self {
        let work = record.containers.iter().map(|_| Work::default()).collect();
        let saved_version = record.version;
        let stored = Some(record.clone());
        Self {
            record,
            saved_version,
            stored,
            is_restored: true,
            work,
            progress: Progress::default(),
            report_by: None,
            timer: None,
        }
    }

    /// True if it is on disk that the task is over.
    pub(super) fn is_end_saved(&self) -> bool {
        self.saved_version > 0
            && self.record.ended_at.is_some()
            && self.own().all(|(_, work)| work.phase_version <= self.saved_version)
            && !self.is_holder_coming()
    }

    /// True while a holder is being made: it must not begin to run after the end was told.
    fn is_holder_coming(&self) -> bool {
        let mut all = self.record.containers.iter().zip(&self.work);
        let is_coming = |work: &Work| matches!(work.in_flight, Some(Operation::Create | Operation::Start));
        all.any(|(container, work)| container.is_holder() && is_coming(work))
    }

    /// The containers of the task definition with what is going on with them.
    fn own(&self) -> impl Iterator<Item = (&ContainerRecord, &Work)> {
        self.record.containers.iter().zip(&self.work).filter(|(container, _)| !container.is_holder())
    }

    /// True if STOPPED may be reported: the end is on disk, and the output at the server or its time over.
    pub(super) fn is_end_reportable(&self, now: Timestamp) -> bool {
        self.is_end_saved() && (self.is_shipped() || self.report_by.is_some_and(|at| at <= now))
    }

    /// True if no container has output that may still be shipped.
    fn is_shipped(&self) -> bool {
        let is_shipped = |(container, work): (&ContainerRecord, &Work)| {
            !container.has_run || container.is_removed || work.output == Output::Shipped
        };
        self.own().all(is_shipped)
    }

    /// True if all that is worth storing is on disk.
    fn is_saved(&self) -> bool {
        self.saved_version == self.record.version
    }

    fn position(&self, container: &str) -> Option<usize> {
        self.record.containers.iter().position(|record| record.name == container)
    }

    /// Moves a container on. What depends on it being on disk waits for the record's next version.
    fn enter(&mut self, at: usize, phase: Phase) {
        if self.record.containers[at].phase < phase {
            self.record.containers[at].phase = phase;
            self.work[at].phase_version = self.record.version + 1;
        }
    }

    fn end(&mut self, at: usize, exit_code: Option<i32>, reason: Option<String>) {
        if self.record.containers[at].phase < Phase::Ended {
            let reason = reason.filter(|reason| self.is_believable(exit_code, reason));
            let container = &self.record.containers[at];
            if container.is_holder() && !self.record.is_stopping() {
                self.record.reason = Some(holder::lost(container.has_run, reason.as_deref()));
            }
            self.enter(at, Phase::Ended);
            // A holder ends because it is being removed.
            self.work[at].in_flight.take_if(|operation| *operation != Operation::Remove);
            self.work[at].retry_at = None;
            let container = &mut self.record.containers[at];
            container.exit_code = exit_code;
            container.reason = reason;
            // Nothing of it is there if it was not even created.
            container.is_removed |= container.runtime_id.is_none();
        }
    }

    /// When a task's containers run out of memory together, an engine on control groups of version 1 says so of all of
    /// them. The kernel has killed one; another that goes on, or is stopped with the task, has not ended for that.
    fn is_believable(&self, exit_code: Option<i32>, reason: &str) -> bool {
        let is_alone = self.record.containers.iter().filter(|container| !container.is_holder()).count() == 1;
        is_alone || !reason.starts_with(OUT_OF_MEMORY) || (exit_code == Some(KILLED) && !self.record.is_stopping())
    }

    /// Takes in the end of a run: the container has ended with it, unless its restart policy has it started again.
    fn end_run(&mut self, at: usize, run: Run, now: Timestamp) {
        let Run { exit_code, reason, began, ended } = run;
        let container = &self.record.containers[at];
        if ended.is_some() && container.restarted_after == ended && container.phase < Phase::Ended {
            // The same end once more: it was not started again yet.
            self.record.containers[at].phase = Phase::Created;
            self.work[at].is_watched = false;
            return;
        }
        self.record.containers[at].has_run = true;
        let ended_at = ended.unwrap_or(now);
        let began = began.or(self.work[at].started_at).unwrap_or(ended_at);
        if restarts(&self.record, at, exit_code, ended_at.since(began)) {
            self.restart(at, exit_code, reason, ended_at);
        } else {
            self.end(at, exit_code, reason);
            self.note_end(ended);
        }
    }

    /// Has a container started again, once that is on disk. How its last run ended stays with it until the next has.
    fn restart(&mut self, at: usize, exit_code: Option<i32>, reason: Option<String>, ended_at: Timestamp) {
        let container = &mut self.record.containers[at];
        container.phase = Phase::Created;
        container.restarts = container.restarts.saturating_add(1);
        container.restarted_after = Some(ended_at);
        (container.exit_code, container.reason) = (exit_code, reason);
        let work = &mut self.work[at];
        work.phase_version = self.record.version + 1;
        work.in_flight = None;
        (work.is_watched, work.is_probed) = (false, false);
        (work.health, work.health_since) = (HealthStatus::Unknown, None);
        work.started_at = None;
        work.output = match work.output {
            Output::Unread | Output::Shipped => Output::Unread,
            Output::Followed | Output::Outdated => Output::Outdated,
        };
    }

    /// What of it runs.
    pub(super) fn running(&self) -> Option<RunningTask> {
        let order = self.record.task.as_ref()?;
        let all = self.record.containers.iter().zip(&self.work).zip(&order.containers);
        let containers = all.filter(|((container, _), _)| container.phase == Phase::Running && !container.is_holder());
        let running = containers.map(|((container, work), order)| RunningContainer {
            name: container.name.clone(),
            runtime_id: container.runtime_id.clone().unwrap_or_default(),
            health: has_probe(order).then_some(Health { status: work.health, since: work.health_since }),
            restarts: restart_policy(order).map(|_| container.restarts),
        });
        let containers: Vec<_> = running.collect();
        let (arn, family, revision) = (self.record.arn.clone(), order.family.clone(), order.version.clone());
        (!containers.is_empty()).then_some(RunningTask { arn, family, revision, containers })
    }

    /// Takes in that a container was found running, or started.
    fn run(&mut self, at: usize, bindings: Vec<crate::record::Binding>, now: Timestamp) {
        self.enter(at, Phase::Running);
        self.work[at].started_at.get_or_insert(now);
        self.record.containers[at].has_run = true;
        self.record.containers[at].bindings = bindings;
    }

    fn adopt(&mut self, at: usize, runtime_id: String, state: FoundState, now: Timestamp) {
        if self.record.containers[at].phase == Phase::Ended {
            return; // Known to have ended; it only is to be removed.
        }
        self.record.containers[at].runtime_id = Some(runtime_id);
        self.enter(at, Phase::Created);
        match state {
            FoundState::Created => {}
            FoundState::Running { bindings } => self.run(at, bindings, now),
            FoundState::Ended { exit_code, reason, at: ended, began } => {
                self.end_run(at, Run { exit_code: Some(exit_code), reason, began, ended }, now);
            }
        }
    }

    /// The task ended when its last container did, as far as that is known.
    fn note_end(&mut self, at: Option<Timestamp>) {
        if self.record.is_over() && self.record.ended_at.is_none() {
            self.record.ended_at = at;
        }
    }
}

impl Session {
    pub(super) fn on_inventory(&mut self, now: Timestamp, found: Vec<Found>, outputs: &mut Vec<Effect>) {
        let is_first = !self.has_inventory;
        self.has_inventory = true;
        let mut seen = BTreeSet::new();
        for container in found {
            // It was removed while others were listed.
            if !is_first && self.has_removed(&container) {
                continue;
            }
            let known = self.tasks.get_mut(&container.arn).and_then(|task| {
                let at = task.position(&container.container)?;
                let record = &task.record.containers[at];
                let is_same = record.runtime_id.as_ref().is_none_or(|id| *id == container.runtime_id);
                (is_same && !record.is_removed).then_some((task, at))
            });
            match known {
                Some((task, at)) if is_first => {
                    seen.insert((container.arn, container.container));
                    task.adopt(at, container.runtime_id, container.state, now);
                }
                Some(_) => {}
                None if self.orphans.contains_key(&container.runtime_id) => {}
                None => {
                    self.orphans.insert(container.runtime_id.clone(), None);
                    outputs.push(Effect::RemoveOrphan { runtime_id: container.runtime_id });
                }
            }
        }
        if is_first {
            self.link.hold_until(now + self.settings.orphan_wait);
            self.settle_missing(&seen);
            if self.records().any(|record| record.has_begun() && !record.is_over()) {
                self.strangers.restarted(now);
            }
            let arns: Vec<String> = self.tasks.keys().cloned().collect();
            for arn in arns {
                self.advance(now, &arn, outputs);
            }
        }
    }

    fn has_removed(&self, found: &Found) -> bool {
        let records = self.tasks.get(&found.arn).map(|task| &task.record.containers);
        records
            .into_iter()
            .flatten()
            .any(|record| record.is_removed && record.runtime_id.as_ref() == Some(&found.runtime_id))
    }

    /// Containers that a record names and the runtime does not have: what was started has ended, what has ended is gone.
    fn settle_missing(&mut self, seen: &BTreeSet<(String, String)>) {
        for (arn, task) in &mut self.tasks {
            for at in 0..task.record.containers.len() {
                let container = &mut task.record.containers[at];
                if seen.contains(&(arn.clone(), container.name.clone())) || container.phase == Phase::New {
                    continue;
                }
                container.is_removed = true;
                task.end(at, None, Some(VANISHED.to_owned()));
            }
        }
    }

    pub(super) fn on_leftovers(&self, tasks: BTreeSet<String>, outputs: &mut Vec<Effect>) {
        let known: BTreeSet<String> =
            self.records().filter(|record| record.task.is_some()).map(|record| task_id(&record.arn)).collect();
        let left = tasks.into_iter().filter(|task| !known.contains(task));
        outputs.extend(left.map(|task| Effect::Clear { task, has_volumes: true }));
    }

    pub(super) fn on_orphan_removed(&mut self, now: Timestamp, runtime_id: &str, is_gone: bool) {
        if is_gone {
            self.orphans.remove(runtime_id);
        } else if let Some(retry_at) = self.orphans.get_mut(runtime_id) {
            *retry_at = Some(now + self.settings.runtime_retry);
        }
    }

    /// Takes an order. Returns the record's version that its acknowledgement waits for, if there is a record.
    pub(super) fn on_order(
        &mut self,
        now: Timestamp,
        task: PayloadTask,
        sequence: i64,
        outputs: &mut Vec<Effect>,
    ) -> Option<u64> {
        let arn = task.arn.clone();
        let is_stop = task.desired_status == DesiredStatus::Stopped.as_str();
        if !self.tasks.contains_key(&arn) {
            let record = match check(&task) {
                _ if is_stop => Record::refused(&task, sequence, None, now),
                Err(reason) => Record::refused(&task, sequence, Some(reason), now),
                Ok(()) => Record::accepted(holder::with_holder(task), sequence),
            };
            self.tasks.insert(arn.clone(), TaskState::new(record));
            self.advance(now, &arn, outputs);
        } else if is_stop {
            self.stop_known(now, &arn, Some(sequence), outputs);
        }
        self.tasks.get(&arn).map(|task| task.record.version)
    }

    pub(super) fn stop_known(&mut self, now: Timestamp, arn: &str, sequence: Option<i64>, outputs: &mut Vec<Effect>) {
        let Some(task) = self.tasks.get_mut(arn) else {
            return;
        };
        // A repeat says nothing new, and is not worth storing.
        if task.record.desired == DesiredStatus::Running {
            task.record.desired = DesiredStatus::Stopped;
            task.record.sequence = task.record.sequence.max(sequence.unwrap_or(0));
        }
        if task.record.is_stop_acknowledged {
            // The server asks again for what it was told: it has lost the report.
            task.record.is_stop_acknowledged = false;
            task.progress = Progress::repeat();
        }
        self.advance(now, arn, outputs);
    }

    /// The runtime's id of a container that runs.
    ///
    /// # Errors
    /// What to tell who wants to run something in it.
    pub(super) fn container_of(&self, arn: &str, container: &str) -> Result<String, String> {
        let task = self.tasks.get(arn).ok_or("The task is not on this host.")?;
        let at = task.position(container).ok_or("The task has no such container.")?;
        let record = &task.record.containers[at];
        let running = record.runtime_id.clone().filter(|_| record.phase == Phase::Running);
        running.ok_or_else(|| "The container does not run.".to_owned())
    }

    pub(super) fn on_saved(&mut self, now: Timestamp, arn: &str, version: u64, outputs: &mut Vec<Effect>) {
        if let Some(task) = self.tasks.get_mut(arn) {
            task.saved_version = task.saved_version.max(version);
            self.advance(now, arn, outputs);
        }
        self.send_acks(outputs);
    }

    pub(super) fn on_observed(
        &mut self,
        now: Timestamp,
        arn: &str,
        container: &str,
        observation: Observation,
        outputs: &mut Vec<Effect>,
    ) {
        let Some(task) = self.tasks.get_mut(arn) else {
            return;
        };
        let Some(at) = task.position(container) else {
            return;
        };
        let retry_at = Some(now + self.settings.runtime_retry);
        let work = &mut task.work[at];
        match observation {
            Observation::PullStarted => {
                task.record.pull_started_at.get_or_insert(now);
            }
            Observation::PullStopped => task.record.pull_stopped_at = Some(now),
            Observation::Created { runtime_id, image_digest } => {
                work.in_flight = None;
                task.record.containers[at].runtime_id = Some(runtime_id);
                task.record.containers[at].image_digest = image_digest;
                task.enter(at, Phase::Created);
            }
            Observation::CreateFailed { reason } => {
                // A container that was told to give up has not failed.
                let reason = Some(reason).filter(|_| !work.is_cancelled);
                task.end(at, None, reason);
            }
            Observation::Started { bindings } => {
                work.in_flight = None;
                task.run(at, bindings, now);
            }
            Observation::StartFailed { reason } => {
                // One that could not be started again has the exit code of its last run.
                let exit_code = task.record.containers[at].exit_code;
                task.end(at, exit_code, Some(reason));
            }
            Observation::Ended { exit_code, reason, at: ended, began } => {
                task.end_run(at, Run { exit_code, reason, began, ended }, now);
            }
            Observation::Health(status) => {
                if work.health_since.is_none() || work.health != status {
                    (work.health, work.health_since) = (status, Some(now));
                }
            }
            Observation::StopFailed | Observation::RemoveFailed => {
                work.in_flight = None;
                work.retry_at = retry_at;
            }
            Observation::OutputShipped => {
                let has_more = work.output == Output::Outdated;
                work.output = if has_more { Output::Unread } else { Output::Shipped };
            }
            Observation::Removed => {
                work.in_flight = None;
                task.record.containers[at].is_removed = true;
                task.end(at, None, None);
            }
        }
        self.advance(now, arn, outputs);
    }

    /// Does what can be done now for a task, after whatever happened to it.
    pub(super) fn advance(&mut self, now: Timestamp, arn: &str, outputs: &mut Vec<Effect>) {
        let Some(task) = self.tasks.get_mut(arn) else {
            return;
        };
        let is_held = self.strangers.hold_up(task.record.sequence) && !task.record.has_begun();
        if self.has_inventory {
            let mut decisions = reconcile(&task.record, &task.work, task.saved_version, now);
            // What settles may change what is to be done for the others.
            let is_end = |decision: Decision| matches!(decision, Decision::Settle | Decision::Abandon);
            while decisions.iter().any(|(_, decision)| is_end(*decision)) {
                for (at, decision) in decisions.iter().filter(|(_, decision)| is_end(*decision)) {
                    let vain = waited_in_vain(&task.record, &task.work, *at, now);
                    let why = || vain.map_or_else(|| NO_SOURCE.to_owned(), abandoned);
                    let reason = (*decision == Decision::Abandon).then(why);
                    // One that was to be started again has ended as its last run has.
                    let last = task.record.containers[*at].clone();
                    task.end(*at, last.exit_code, reason.or(last.reason));
                }
                decisions = reconcile(&task.record, &task.work, task.saved_version, now);
            }
            task.note_end(Some(now));
            outputs.extend(shrink(&mut task.record));
            save_if_changed(task, outputs);
            // What begins waits for strangers; what goes on or ends does not.
            let is_begin = |decision: Decision| matches!(decision, Decision::Create | Decision::Start);
            decisions.retain(|(_, decision)| !(is_held && is_begin(*decision)));
            for (at, decision) in decisions {
                act(task, at, decision, self.settings.stop_timeout, outputs);
            }
        }
        if task.report_by.is_none() && task.is_end_saved() {
            task.report_by = Some(now + self.settings.stopped_report_wait);
        }
        schedule_part(task, now);
        self.schedule(now, arn, outputs);
        self.queue_report(now, arn);
    }

    /// Sets when to look at the task again; forgets it if its time is over.
    fn schedule(&mut self, now: Timestamp, arn: &str, outputs: &mut Vec<Effect>) {
        let Some(task) = self.tasks.get_mut(arn) else {
            return;
        };
        let retry_at = task.work.iter().filter_map(|work| work.retry_at);
        let is_report_held = !task.record.is_stop_acknowledged && !task.is_shipped();
        let look_at = retry_at.chain(task.report_by.filter(|_| is_report_held)).filter(|at| *at > now);
        let part_at = task.progress.part_at.filter(|at| *at > now);
        let look_at = look_at.chain(part_at).chain(give_up_at(&task.record, &task.work, now)).min();
        let is_done = task.record.is_stop_acknowledged
            && task.is_saved()
            && task.record.containers.iter().all(|container| container.is_removed);
        // An order to run the task that was sent before its report STOPPED was taken may still be on its way. It comes
        // over this process's connection or not at all, so the moment of the report need not be on disk.
        let over_at = task.record.ended_at.max(task.progress.taken_at);
        let forget_at = over_at.filter(|_| is_done).map(|at| at + self.settings.clean_up_wait);
        if let Some(old) = task.timer.take() {
            self.timers.remove(&(old, arn.to_owned()));
        }
        if forget_at.is_some_and(|at| at <= now) {
            if task.record.sequence > self.saved_sequence {
                outputs.push(Effect::SaveSequence { sequence: self.sequence });
            }
            outputs.push(Effect::Forget { arn: arn.to_owned() });
            self.tasks.remove(arn);
        } else if let Some(at) = look_at.into_iter().chain(forget_at).min() {
            task.timer = Some(at);
            self.timers.insert((at, arn.to_owned()));
        }
    }

    pub(super) fn run_timers(&mut self, now: Timestamp, outputs: &mut Vec<Effect>) {
        while let Some((at, arn)) = self.timers.first().cloned() {
            if at > now {
                break;
            }
            self.timers.pop_first();
            self.advance(now, &arn, outputs);
        }
        for (runtime_id, retry_at) in &mut self.orphans {
            if retry_at.is_some_and(|at| at <= now) {
                *retry_at = None;
                outputs.push(Effect::RemoveOrphan { runtime_id: runtime_id.clone() });
            }
        }
    }
}

/// Once all is over and gone, the order itself is of no use any more, nor what the task has beside its containers.
fn shrink(record: &mut Record) -> Option<Effect> {
    if !record.is_over() || !record.containers.iter().all(|container| container.is_removed) {
        return None;
    }
    let has_volumes = !record.task.take()?.volumes.is_empty();
    Some(Effect::Clear { task: record.arn.clone(), has_volumes })
}

/// Stores the record if it says something new. That a container runs can be seen from the container itself, and is
/// stored along with the next thing that cannot.
fn save_if_changed(task: &mut TaskState, outputs: &mut Vec<Effect>) {
    if task.stored.as_ref().is_none_or(|stored| is_worth_storing(stored, &task.record)) {
        task.record.version += 1;
        task.stored = Some(task.record.clone());
        outputs.push(Effect::Save(Box::new(task.record.clone())));
    }
}

fn is_worth_storing(stored: &Record, record: &Record) -> bool {
    let phase = |container: &ContainerRecord| {
        if container.phase == Phase::Running { Phase::Created } else { container.phase }
    };
    let is_same = |(stored, container): (&ContainerRecord, &ContainerRecord)| {
        phase(stored) == phase(container)
            && stored.runtime_id == container.runtime_id
            && (container.phase < Phase::Ended || stored.has_run == container.has_run)
            && stored.exit_code == container.exit_code
            && stored.reason == container.reason
            && stored.restarts == container.restarts
    };
    stored.desired != record.desired
        || stored.sequence != record.sequence
        || stored.ended_at != record.ended_at
        || stored.is_stop_acknowledged != record.is_stop_acknowledged
        || stored.task.is_some() != record.task.is_some()
        || !stored.containers.iter().zip(&record.containers).all(is_same)
}

/// Asks for what was decided, and remembers that it was asked for.
fn act(task: &mut TaskState, at: usize, decision: Decision, stop_timeout: Duration, outputs: &mut Vec<Effect>) {
    let container = &task.record.containers[at];
    let work = &mut task.work[at];
    let order = task.record.task.as_deref();
    let runtime_id = container.runtime_id.clone().unwrap_or_default();
    let action = match decision {
        Decision::Settle | Decision::Abandon => return,
        Decision::Create => {
            let Some(order) = order else { return };
            work.in_flight = Some(Operation::Create);
            Action::Create { task: Box::new(order.clone()), at }
        }
        Decision::Cancel => {
            work.is_cancelled = true;
            Action::Cancel
        }
        Decision::Start => {
            let Some(order) = order else { return };
            work.in_flight = Some(Operation::Start);
            Action::Start { runtime_id, task: Box::new(order.clone()), at }
        }
        Decision::Watch => {
            work.is_watched = true;
            let own = order.and_then(|order| order.containers.get(at));
            Action::Watch { runtime_id, is_exact: own.is_some_and(|own| restart_policy(own).is_some()) }
        }
        Decision::Probe => {
            work.is_probed = true;
            Action::Probe { runtime_id }
        }
        Decision::Follow => {
            let Some(order) = order else { return };
            work.output = Output::Followed;
            let is_resumed = task.is_restored || container.restarts > 0;
            Action::Follow { runtime_id, task: Box::new(order.clone()), at, is_resumed }
        }
        Decision::Stop => {
            work.in_flight = Some(Operation::Stop);
            let own = order.and_then(|order| order.containers.get(at)).and_then(|container| container.stop_timeout);
            // As with the ECS agent, none at all is the default, too.
            let own = own.and_then(|seconds| u64::try_from(seconds).ok()).filter(|seconds| *seconds > 0);
            let timeout = own.map_or(stop_timeout, Duration::from_secs);
            Action::Stop { runtime_id, timeout }
        }
        Decision::Remove => {
            work.in_flight = Some(Operation::Remove);
            Action::Remove { runtime_id }
        }
    };
    let container = container.name.clone();
    outputs.push(Effect::Act { arn: task.record.arn.clone(), container, action });
}

/// Said of a container that cannot be started any more, of which `dependency` is what it waited for.
fn abandoned((name, condition): (&str, &str)) -> String {
    format!("CannotStartContainerError: container '{name}', on which it depends, did not come to {condition}")
}

/// Says what is wrong with an order that cannot be carried out.
fn check(task: &PayloadTask) -> Result<(), String> {
    let invalid = |text: String| Err(format!("UnrecognizedTaskError: {text}"));
    if task.family.is_empty() || task.version.is_empty() {
        return invalid("it has no task definition".to_owned());
    }
    if task.desired_status != DesiredStatus::Running.as_str() {
        return invalid(format!("its desired status is '{}'", task.desired_status));
    }
    let modes = [
        ("network", &task.network_mode, &["", "awsvpc", "bridge", "host", "none"][..]),
        ("process", &task.pid_mode, &["", "host", "task"]),
        ("IPC", &task.ipc_mode, &["", "host", "none", "task"]),
    ];
    for (name, mode, known) in modes {
        if !known.contains(&mode.as_str()) {
            return invalid(format!("{name} mode '{mode}' is not available on this host"));
        }
    }
    if task.containers.is_empty() {
        return invalid("it has no containers".to_owned());
    }
    let mut names = BTreeSet::new();
    for container in &task.containers {
        let is_good = !container.name.is_empty() && !holder::is_holder(&container.name);
        if !is_good || container.image.is_empty() || !names.insert(&container.name) {
            return invalid("each container needs a name of its own and an image".to_owned());
        }
        let docker = &container.docker_config;
        for json in [&docker.config, &docker.host_config].into_iter().flatten() {
            if let Err(error) = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(json) {
                return invalid(format!(
                    "the Docker settings of container '{}' cannot be read: {error}",
                    container.name
                ));
            }
        }
    }
    Ok(())
}
