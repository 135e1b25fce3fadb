//! What happens to a task between RunTask and its last container's exit.

use std::sync::Arc;
use std::time::Duration;

use berth_model::host::{Host, Origin};
use berth_model::id::{ClusterName, HostId, ProviderName, SessionId, TaskId};
use berth_model::task::{ContainerStatus, DesiredStatus, Launch, Stop, StopCode, Task, TaskStatus};
use berth_model::time::Timestamp;

use crate::placement::Domain;
use crate::queue::Head;
use crate::report::shortened;
use crate::state::State;
use crate::step::{Effect, Fact, Key, Order, Rejection, Reply, Row, Step};
use crate::timer::Timer;

/// How long an order is given to arrive before it counts as lost on the way. Shorter doubles messages that are only
/// slow; longer delays a task whose order was dropped.
const RESEND_AFTER: Duration = Duration::from_secs(10);

/// ECS's default for StopTask's `reason`.
const STOPPED_BY_USER: &str = "Task stopped by user";

impl State {
    /// StopTask.
    pub(crate) fn stop_task(
        &mut self,
        cluster: &ClusterName,
        id: TaskId,
        reason: Option<String>,
        now: Timestamp,
        step: &mut Step,
    ) -> Reply {
        if let Err(rejection) = self.active_cluster(cluster) {
            return Reply::Rejected(rejection);
        }
        let Some(task) = self.tasks.get(id).filter(|task| task.cluster == *cluster) else {
            return Reply::Rejected(Rejection::TaskNotFound);
        };
        if task.desired_status == DesiredStatus::Stopped {
            return Reply::Task(Box::new(Task::clone(task)));
        }
        let reason = reason.unwrap_or_else(|| STOPPED_BY_USER.to_owned());
        let stop = Stop { code: StopCode::UserInitiated, reason };
        if task.host.is_none() {
            self.finish(id, stop, now, step);
            let Some(Row::Task(task, _)) = step.writes.get(&Key::Task(id)) else { return Reply::Done };
            return Reply::Task(task.clone());
        }
        self.begin_stop(id, stop, now, step);
        self.tasks.get(id).map_or(Reply::Done, |task| Reply::Task(Box::new(Task::clone(task))))
    }

    /// The agent holds the order in its own records.
    pub(crate) fn acknowledge(&mut self, host: HostId, id: TaskId) -> Reply {
        let is_news = |task: &Arc<Task>| task.host == Some(host) && !task.delivery.acknowledged;
        if self.tasks.get(id).is_some_and(is_news) {
            self.tasks.change(id, |task| task.delivery.acknowledged = true);
        }
        Reply::Done
    }

    /// A task's order needs what is not to be had. An order that went out before may have arrived: the agent is told to
    /// stop the task whether it knows it or not, and one that says that it holds it goes on with what it was given.
    pub(crate) fn unpreparable(
        &mut self,
        host: HostId,
        id: TaskId,
        reason: &str,
        now: Timestamp,
        step: &mut Step,
    ) -> Reply {
        let is_waiting = |task: &Arc<Task>| {
            task.host == Some(host) && !task.delivery.acknowledged && task.desired_status == DesiredStatus::Running
        };
        if self.tasks.get(id).is_some_and(is_waiting) {
            let stop = Stop { code: StopCode::TaskFailedToStart, reason: shortened(reason) };
            self.begin_stop(id, stop, now, step);
        }
        Reply::Done
    }

    /// Answers which of an agent's tasks really are to stop, as things stand now.
    pub(crate) fn verify_stop(
        &mut self,
        host: HostId,
        session: SessionId,
        message_id: String,
        candidates: &[TaskId],
        step: &mut Step,
    ) -> Reply {
        if self.hosts.get(host).is_some_and(|entry| entry.session == Some(session)) {
            let should_run = |id: &TaskId| {
                let task = self.tasks.get(*id);
                task.is_some_and(|task| task.host == Some(host) && task.desired_status == DesiredStatus::Running)
            };
            let tasks = candidates.iter().copied().filter(|id| !should_run(id)).collect();
            let order = Order::VerifyStop { message_id, tasks };
            step.effects.push(Effect::Order { host, session, order });
        }
        Reply::Done
    }

    /// Lets a task of a pool wait for its host.
    pub(crate) fn wait(&mut self, task: &Task) {
        if let Domain::Pool(provider) = self.domain(&task.launch, &task.cluster) {
            let head = self.queue.add(&provider, &task.demand, task.times.created_at, task.id);
            if let Head::Moved(key, since) = head {
                self.timers.set(Timer::Starving(key), since + self.settings.starving_after);
            }
            // A class that no pass has looked at yet may need no plan at all.
            self.needs_plan |= self.queue.class_of(task.id).is_some_and(|class| class.is_left);
        }
    }

    /// Which hosts may have it.
    pub(crate) fn domain(&self, launch: &Launch, cluster: &ClusterName) -> Domain {
        match launch {
            Launch::Provider { provider, .. } => Domain::Pool(self.pool_name(provider)),
            Launch::Static(kind) => Domain::Static(cluster.clone(), *kind),
        }
    }

    /// The pool that serves a capacity provider; the provider's own name if nobody does (any more).
    fn pool_name(&self, provider: &ProviderName) -> ProviderName {
        self.settings.pool(provider).map_or(provider, |pool| &pool.provider).clone()
    }

    /// Gives a task its host, once and for ever.
    pub(crate) fn assign(&mut self, id: TaskId, host: HostId, now: Timestamp, step: &mut Step) {
        let Some(task) = self.tasks.get(id) else { return };
        let (created, from) = (task.times.created_at, task.last_status);
        let gpus = self.gpus_for(task, host);
        self.leave_queue(created, id, step);
        let placed = self.tasks.change(id, |task| {
            task.host = Some(host);
            task.last_status = TaskStatus::Pending;
            task.times.placed_at = Some(now);
            for (container, own) in task.containers.iter_mut().zip(gpus) {
                container.gpu_ids = own;
            }
        });
        let Some(task) = placed else { return };
        self.hosts.take(host, task);
        if let Some(Domain::Pool(provider)) = self.hosts.get(host).map(|entry| &entry.domain) {
            self.queue.placed(provider);
        }
        step.facts.push(moved(task, Some(from)));
        step.facts.push(Fact::Placed { task: id, host, waited_ms: millis(now.since(created)) });
        self.order_run(id, now, step);
    }

    /// Takes a task out of the queue, and what was kept for its class if it was the last.
    fn leave_queue(&mut self, since: Timestamp, id: TaskId, step: &mut Step) {
        match self.queue.remove(since, id) {
            None | Some(Head::Same) => {}
            Some(Head::Moved(key, since)) => {
                self.timers.set(Timer::Starving(key), since + self.settings.starving_after);
            }
            Some(Head::Emptied(key, class)) => {
                self.timers.clear(&Timer::Starving(key));
                if let Some(host) = class.kept {
                    self.hosts.set_kept(host, None);
                    self.queue.changed(&class.provider);
                }
                self.needs_plan |= class.is_left;
                // Even if this process wrote no reason: one before it may have.
                step.writes.insert(Key::Waiting(class.id), Row::Waiting(None));
            }
        }
    }

    /// Tells a placed task to stop. The first cause stays.
    pub(crate) fn begin_stop(&mut self, id: TaskId, stop: Stop, now: Timestamp, step: &mut Step) {
        let Some(from) = self.tasks.get(id).map(|task| task.last_status) else { return };
        let stopping = self.tasks.change(id, |task| {
            task.desired_status = DesiredStatus::Stopped;
            task.last_status = task.last_status.max(TaskStatus::Stopping);
            task.stop.get_or_insert(stop);
            task.times.stopping_at.get_or_insert(now);
        });
        if let Some(task) = stopping {
            step.facts.push(moved(task, Some(from)));
        }
        self.order_stop(id, now, step);
    }

    /// Ends a task: its row stays in the store, its place is free. The first cause of its stop stays.
    pub(crate) fn finish(&mut self, id: TaskId, stop: Stop, now: Timestamp, step: &mut Step) {
        let Some(mut task) = self.tasks.remove(id) else { return };
        let from = task.last_status;
        task.last_status = TaskStatus::Stopped;
        task.desired_status = DesiredStatus::Stopped;
        task.stop.get_or_insert(stop);
        task.times.stopping_at.get_or_insert(now);
        task.times.stopped_at = Some(now);
        task.containers.iter_mut().for_each(|container| container.last_status = ContainerStatus::Stopped);
        step.facts.push(moved(&task, Some(from)));
        match task.host {
            Some(host) => self.leave_host(host, &task, now, step),
            None => self.leave_queue(task.times.created_at, id, step),
        }
        step.writes.insert(Key::Task(id), Row::Task(Box::new(task.clone()), None));
        self.tell_task(Arc::new(task), now, step);
    }

    fn leave_host(&mut self, host: HostId, task: &Task, now: Timestamp, step: &mut Step) {
        for domain in self.hosts.give_back(host, task, now) {
            match domain {
                Domain::Pool(provider) => self.queue.changed(&provider),
                Domain::Static(..) => {}
            }
        }
        if self.hosts.get(host).is_some_and(|entry| entry.tasks.is_empty()) {
            self.set_host_timer(host);
            self.needs_plan = true;
            if self.is_closing {
                self.end_pool_host(host, step);
            }
        }
    }

    /// Sends what a placed task needs that is desired RUNNING and was not acknowledged in time: the order to run it, or
    /// after too long the order to stop it. An agent that has just come back gets the time to answer to the former.
    fn deliver(&mut self, id: TaskId, now: Timestamp, step: &mut Step) {
        let Some(task) = self.tasks.get(id) else { return };
        let first = task.delivery.first_sent_at.unwrap_or(now);
        if now.since(first) < self.settings.resend_within {
            self.order_run(id, now, step);
            return;
        }
        let host = task.host.and_then(|host| self.hosts.get(host));
        if host.is_none_or(|host| now.since(host.session_since) < RESEND_AFTER) {
            return;
        }
        let reason = "Task failed to start: its host did not answer in time".to_owned();
        self.begin_stop(id, Stop { code: StopCode::TaskFailedToStart, reason }, now, step);
    }

    /// Sends the order to run a task, if its host is connected.
    pub(crate) fn order_run(&mut self, id: TaskId, now: Timestamp, step: &mut Step) {
        let Some((host, session)) = self.session_of(id) else { return };
        if self.tasks.get(id).is_some_and(|task| task.delivery.first_sent_at.is_none()) {
            self.tasks.change(id, |task| task.delivery.first_sent_at = Some(now));
        }
        let Some(task) = self.tasks.get(id).cloned() else { return };
        let Some(definition) = self.definitions.get(&task.definition).cloned() else { return };
        let sequence = self.hosts.next_sequence(host, now);
        step.effects.push(Effect::Order { host, session, order: Order::Run { sequence, task, definition } });
    }

    /// Sends the order to stop a task, if its host is connected.
    pub(crate) fn order_stop(&mut self, id: TaskId, now: Timestamp, step: &mut Step) {
        let Some((host, session)) = self.session_of(id) else { return };
        let Some(task) = self.tasks.get(id).cloned() else { return };
        let Some(definition) = self.definitions.get(&task.definition).cloned() else { return };
        let sequence = self.hosts.next_sequence(host, now);
        step.effects.push(Effect::Order { host, session, order: Order::Stop { sequence, task, definition } });
    }

    fn session_of(&self, id: TaskId) -> Option<(HostId, SessionId)> {
        let host = self.tasks.get(id)?.host?;
        Some((host, self.hosts.get(host)?.session?))
    }

    /// Every order whose answer is overdue, on hosts that are connected.
    pub(crate) fn owe_orders(&mut self, now: Timestamp, step: &mut Step) {
        let index = self.tasks.index();
        let is_connected = |id: &TaskId| self.session_of(*id).is_some();
        let is_overdue = |id: &TaskId| {
            let sent = self.tasks.get(*id).and_then(|task| task.delivery.first_sent_at);
            sent.is_none_or(|at| now.since(at) >= RESEND_AFTER)
        };
        let unacknowledged = index.unacknowledged.iter().copied().filter(is_connected).filter(is_overdue);
        let (run, stop): (Vec<TaskId>, Vec<TaskId>) =
            (unacknowledged.collect(), index.stopping.iter().copied().filter(is_connected).collect());
        for id in run {
            self.deliver(id, now, step);
        }
        for id in stop {
            self.order_stop(id, now, step);
        }
    }
}

/// The fact that a task is where it is now.
pub(crate) fn moved(task: &Task, from: Option<TaskStatus>) -> Fact {
    Fact::TaskStatus {
        task: task.id,
        cluster: task.cluster.clone(),
        from,
        to: task.last_status,
        stop: match task.last_status {
            TaskStatus::Stopped => task.stop.as_ref().map(|stop| stop.code),
            TaskStatus::Provisioning
            | TaskStatus::Pending
            | TaskStatus::Activating
            | TaskStatus::Running
            | TaskStatus::Deactivating
            | TaskStatus::Stopping
            | TaskStatus::Deprovisioning => None,
        },
    }
}

/// The stop of a task whose host went away. Clients look for this wording to tell it from the task's own failure.
pub(crate) fn host_gone(host: HostId) -> Stop {
    Stop { code: StopCode::TerminationNotice, reason: format!("Host EC2 (instance {host}) terminated.") }
}

/// The stop of a task that ends because the server ends everything it runs.
pub(crate) fn closing(host: &Host) -> Stop {
    let reason = match host.origin {
        Origin::Pool { .. } => format!("Host EC2 (instance {}) terminated. Berth is closing.", host.id),
        Origin::Static(_) => "Berth is closing.".to_owned(),
    };
    Stop { code: StopCode::TerminationNotice, reason }
}

pub(crate) fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests;
