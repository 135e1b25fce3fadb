//! Clocks: when a server begins and ends, and which hosts are lost meanwhile.

use std::time::Duration;

use berth_model::host::HostStatus;
use berth_model::id::{HostId, TaskId};
use berth_model::task::DesiredStatus;
use berth_model::time::Timestamp;

use crate::cluster::DEFAULT_CLUSTER;
use crate::placement::Domain;
use crate::state::State;
use crate::state::hosts::Entry;
use crate::step::{Effect, Key, Order, Reply, Row, Step};
use crate::task::{closing, host_gone};
use crate::timer::Timer;

/// Most timers that one tick serves; what is left is due at once again. Bounds the work of a turn: a host that is lost
/// ends all its tasks.
const TIMERS_PER_TICK_MAX: usize = 64;

/// The window in which lost hosts are counted.
const BRAKE_WINDOW: Duration = Duration::from_mins(1);

/// How many hosts of one domain were declared lost in the current window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Brake {
    since: Timestamp,
    lost: u64,
    /// How many may be.
    allowed: u64,
}

impl State {
    /// This server begins to lead.
    pub(crate) fn start(&mut self, now: Timestamp, step: &mut Step) -> Reply {
        self.is_started = true;
        self.is_closing = false;
        self.needs_plan = true;
        self.look_again_at = None;
        self.brakes.clear();
        if let Ok(name) = DEFAULT_CLUSTER.parse()
            && !self.clusters.contains_key(&name)
        {
            self.put_cluster(self.new_cluster(name, None, now), step);
        }
        let hosts: Vec<HostId> = self.hosts.iter().map(|entry| entry.row.id).collect();
        for host in hosts {
            self.let_host_go(host);
            self.hosts.forget_session(host, now);
            self.hosts.change(host, |row| {
                if row.status < HostStatus::Active {
                    row.connectivity_changed_at = now;
                }
                row.idle_since = row.idle_since.map(|_| now);
            });
            self.show_away(host, now);
            self.set_host_timer(host);
        }
        // A task and its host are always written together; should rows have been lost all the same, nothing waits for
        // a host that is not there.
        let is_orphan = |host: Option<HostId>| host.filter(|host| self.hosts.get(*host).is_none());
        let orphans: Vec<(TaskId, HostId)> =
            self.tasks.iter().filter_map(|task| Some((task.id, is_orphan(task.host)?))).collect();
        for (task, host) in orphans {
            self.finish(task, host_gone(host), now, step);
        }
        Reply::Done
    }

    /// This server is to end everything it runs.
    pub(crate) fn close(&mut self, now: Timestamp, step: &mut Step) -> Reply {
        self.is_closing = true;
        let placed = |id: TaskId| {
            let task = self.tasks.get(id).filter(|task| task.desired_status == DesiredStatus::Running)?;
            Some((id, closing(&self.hosts.get(task.host?)?.row)))
        };
        let running: Vec<_> = self.tasks.iter().filter_map(|task| placed(task.id)).collect();
        for (task, stop) in running {
            self.begin_stop(task, stop, now, step);
        }
        let hosts: Vec<HostId> = self.hosts.iter().map(|entry| entry.row.id).collect();
        for host in hosts {
            self.end_pool_host(host, step);
        }
        Reply::Done
    }

    /// Time has passed.
    pub(crate) fn tick(&mut self, now: Timestamp, step: &mut Step) -> Reply {
        for _ in 0..TIMERS_PER_TICK_MAX {
            match self.timers.pop(now) {
                None => break,
                Some(Timer::Host(host)) => self.host_overdue(host, now, step),
                Some(Timer::Starving(class)) => self.queue.look_at(class),
                Some(Timer::Definition(definition)) => self.definition_due(&definition, now, step),
                Some(Timer::Retry(provider, instance_type)) => {
                    self.queue.changed(&provider);
                    self.unavailable.remove(&(provider, instance_type));
                    self.needs_plan = true;
                }
            }
        }
        if self.look_again_at.is_some_and(|at| at <= now) {
            self.look_again_at = None;
            self.needs_plan = true;
        }
        Reply::Done
    }

    /// Notes when the host should have registered or be back.
    pub(crate) fn set_host_timer(&mut self, host: HostId) {
        let due = self.hosts.get(host).and_then(|entry| self.due(entry));
        match due {
            Some(at) => self.timers.set(Timer::Host(host), at),
            None => self.timers.clear(&Timer::Host(host)),
        }
    }

    /// When something becomes of a host that stays as it is: it was to register or to connect, it is shown as
    /// disconnected, it counts as lost, or it is replaced since it cannot run anything.
    pub(crate) fn due(&self, entry: &Entry) -> Option<Timestamp> {
        match entry.row.status {
            HostStatus::Requested | HostStatus::Launching => {
                Some(entry.row.connectivity_changed_at + self.settings.registration_within)
            }
            HostStatus::Active | HostStatus::Draining => {
                let shown_away_at = self.shown_away_at(entry);
                let others = [self.lost_at(entry), self.replaced_at(entry), self.awaited_until(entry)];
                others.into_iter().chain([shown_away_at]).flatten().min()
            }
            HostStatus::Terminating | HostStatus::Gone => None,
        }
    }

    /// When clients are to see that it is away, if they do not yet. Not later than it is lost.
    fn shown_away_at(&self, entry: &Entry) -> Option<Timestamp> {
        let after = self.settings.host_disconnected_after.min(self.settings.host_lost_after);
        Some(entry.away_since.filter(|_| entry.row.is_connected)? + after)
    }

    /// When it counts as lost. A static one without tasks has nothing to lose, one that has never been there neither.
    fn lost_at(&self, entry: &Entry) -> Option<Timestamp> {
        let is_missed = (entry.row.provider().is_some() && !is_awaited(entry)) || !entry.tasks.is_empty();
        Some(entry.away_since.filter(|_| is_missed)? + self.settings.host_lost_after)
    }

    /// Until when an agent that has registered may take to connect.
    fn awaited_until(&self, entry: &Entry) -> Option<Timestamp> {
        Some(entry.away_since.filter(|_| is_awaited(entry))? + self.settings.registration_within)
    }

    /// When a pool's host that is there, has no task and cannot run any is given up.
    fn replaced_at(&self, entry: &Entry) -> Option<Timestamp> {
        let is_of_pool = entry.session.is_some() && entry.row.provider().is_some();
        let impaired_at = entry.row.impairment().filter(|_| is_of_pool)?.changed_at;
        Some(impaired_at.max(entry.row.idle_since?) + self.settings.impaired_host_replaced_after)
    }

    /// Lets clients see that a host is away, if it is time.
    pub(crate) fn show_away(&mut self, host: HostId, now: Timestamp) {
        let shown_away_at = self.hosts.get(host).and_then(|entry| self.shown_away_at(entry));
        if shown_away_at.is_some_and(|at| at <= now) {
            self.hosts.change(host, |row| {
                row.is_connected = false;
                row.connectivity_changed_at = now;
            });
        }
    }

    fn host_overdue(&mut self, host: HostId, now: Timestamp, step: &mut Step) {
        let Some(entry) = self.hosts.get(host) else { return };
        if entry.row.status < HostStatus::Active {
            self.registration_overdue(host, now, step);
            return;
        }
        self.show_away(host, now);
        let Some(entry) = self.hosts.get(host) else { return };
        let is_due = |at: Option<Timestamp>| at.is_some_and(|at| at <= now);
        if is_due(self.awaited_until(entry)) {
            self.registration_overdue(host, now, step);
            return;
        }
        if is_due(self.replaced_at(entry)) {
            self.end_pool_host(host, step);
            return;
        }
        if !is_due(self.lost_at(entry)) {
            self.set_host_timer(host);
            return;
        }
        let domain = entry.domain.clone();
        match self.brake(&domain, now) {
            None => self.lose_host(host, now, step),
            Some(until) => self.timers.set(Timer::Host(host), until),
        }
    }

    /// Counts a lost host of the domain; or, if too many were lost of late, says when to try again.
    fn brake(&mut self, domain: &Domain, now: Timestamp) -> Option<Timestamp> {
        let is_over = |brake: &Brake| now.since(brake.since) >= BRAKE_WINDOW;
        if self.brakes.get(domain).is_none_or(is_over) {
            let hosts = self.hosts.fleet(domain).len() as u64;
            let allowed = (hosts * u64::from(self.settings.hosts_lost_percent_per_minute) / 100).max(1);
            self.brakes.insert(domain.clone(), Brake { since: now, lost: 0, allowed });
        }
        let brake = self.brakes.get_mut(domain)?;
        if brake.lost >= brake.allowed {
            return Some(brake.since + BRAKE_WINDOW);
        }
        brake.lost += 1;
        None
    }

    /// Whatever ran on the host counts as ended. A machine of a pool is ended too; a static host is its owner's, who may
    /// bring it back: its agent is then told that none of those tasks is to run any more.
    fn lose_host(&mut self, host: HostId, now: Timestamp, step: &mut Step) {
        self.end_tasks_of(host, now, step);
        self.end_pool_host(host, step);
    }

    /// Ends what is placed on a host that is no more.
    pub(crate) fn end_tasks_of(&mut self, host: HostId, now: Timestamp, step: &mut Step) {
        let tasks = self.hosts.get(host).map(|entry| entry.tasks.clone()).unwrap_or_default();
        for task in tasks {
            self.finish(task, host_gone(host), now, step);
        }
    }

    /// Has the machine of a pool's host ended, if no task is placed on it.
    pub(crate) fn end_pool_host(&mut self, host: HostId, step: &mut Step) {
        let Some(entry) = self.hosts.get(host) else { return };
        let (from, provider) = (entry.row.status, entry.row.provider().cloned());
        let Some(provider) = provider.filter(|_| from < HostStatus::Terminating && entry.tasks.is_empty()) else {
            return;
        };
        self.let_host_go(host);
        self.hosts.change(host, |row| row.status = HostStatus::Terminating);
        self.timers.clear(&Timer::Host(host));
        self.tell_host_status(host, Some(from), step);
        step.effects.push(Effect::Terminate { host, provider: self.backend_of(&provider).clone() });
        self.needs_plan = true;
    }

    /// Takes out a host that is gone; its row stays in the store. No task may be placed on it.
    pub(crate) fn forget_host(&mut self, host: HostId, step: &mut Step) {
        self.let_host_go(host);
        self.timers.clear(&Timer::Host(host));
        let Some(session) = self.hosts.get(host).map(|entry| entry.session) else { return };
        if let Some(session) = session {
            step.effects.push(Effect::Order { host, session, order: Order::Close });
        }
        let from = self.hosts.get(host).map(|entry| entry.row.status);
        self.hosts.change(host, |row| {
            row.status = HostStatus::Gone;
            row.is_connected = false;
        });
        self.tell_host_status(host, from, step);
        if let Some(row) = self.hosts.remove(host) {
            let provider = row.provider().cloned();
            if provider.is_none() {
                self.retired.insert(host);
            }
            step.writes.insert(Key::Host(host), Row::Host(Box::new(row.clone())));
            self.departed.push(row);
            if let Some(provider) = provider {
                self.retire_provider(&provider, step);
            }
        }
        self.needs_plan = true;
    }
}

/// True if the agent of a pool's new host has registered, and is yet to connect for the first time.
pub(crate) fn is_awaited(entry: &Entry) -> bool {
    let row = &entry.row;
    // What its agent says of itself comes with its first session, and stays.
    let is_new = row.version_info.is_none();
    is_new && row.status == HostStatus::Active && row.provider().is_some() && entry.session.is_none()
}

#[cfg(test)]
mod tests;
