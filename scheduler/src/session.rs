//! An agent's session: it begins with everything the agent should know.

use berth_model::ecs;
use berth_model::host::HostStatus;
use berth_model::id::{HostId, SessionId, TaskId};
use berth_model::task::DesiredStatus;
use berth_model::time::Timestamp;

use crate::placement::Domain;
use crate::state::State;
use crate::step::{Effect, Fact, Order, Rejection, Reply, Step};

impl State {
    /// A newer session takes the place of an older one; a host that may not have one is told to close it.
    pub(crate) fn open_session(
        &mut self,
        host: HostId,
        session: SessionId,
        version_info: ecs::VersionInfo,
        now: Timestamp,
        step: &mut Step,
    ) -> Reply {
        let close = |session| Effect::Order { host, session, order: Order::Close };
        let is_registered = |status| matches!(status, HostStatus::Active | HostStatus::Draining);
        let Some(entry) = self.hosts.get(host).filter(|entry| is_registered(entry.row.status)) else {
            step.effects.push(close(session));
            return Reply::Rejected(Rejection::Client(format!("There is no container instance {host}.")));
        };
        match entry.session {
            Some(current) if current == session => return Reply::Done,
            Some(current) if current > session => {
                step.effects.push(close(session));
                return Reply::Done;
            }
            Some(older) => step.effects.push(close(older)),
            None => self.connect(host, now, step),
        }
        self.hosts.set_session(host, Some(session), now);
        self.set_host_timer(host);
        self.hosts.change(host, |row| row.version_info = Some(version_info));
        self.look_at_type_of(host);
        // What the agent says of itself may be what a placement constraint asks for.
        if let Some(Domain::Pool(provider)) = self.hosts.get(host).map(|entry| &entry.domain) {
            self.queue.changed(provider);
        }
        self.end_forgotten_tasks(host, now, step);
        self.begin_session(host, session, now, step);
        Reply::Done
    }

    fn connect(&mut self, host: HostId, now: Timestamp, step: &mut Step) {
        // One that was away for a moment only has been connected all the time, to clients.
        if self.hosts.get(host).is_some_and(|entry| !entry.row.is_connected) {
            self.hosts.change(host, |row| {
                row.is_connected = true;
                row.connectivity_changed_at = now;
            });
        }
        step.facts.push(Fact::HostConnected { host, is_connected: true });
        self.needs_plan = true;
    }

    /// The manifest, then what the agent may not have heard of. However old an order is: an agent forgets a task only after
    /// its end was taken, and the server may have been away for long. What runs is not to be ended for that.
    fn begin_session(&mut self, host: HostId, session: SessionId, now: Timestamp, step: &mut Step) {
        let Some(entry) = self.hosts.get(host) else { return };
        let (mut manifest, mut run, mut stop) = (Vec::new(), Vec::new(), Vec::<TaskId>::new());
        for task in entry.tasks.iter().filter_map(|id| self.tasks.get(*id)) {
            match task.desired_status {
                DesiredStatus::Running => {
                    manifest.push((task.cluster.clone(), task.id));
                    if !task.delivery.acknowledged {
                        run.push(task.id);
                    }
                }
                DesiredStatus::Stopped => stop.push(task.id),
            }
        }
        let timeline = self.hosts.next_sequence(host, now);
        step.effects.push(Effect::Order { host, session, order: Order::Manifest { timeline, tasks: manifest } });
        for task in run {
            self.order_run(task, now, step);
        }
        for task in stop {
            self.order_stop(task, now, step);
        }
    }

    /// The end of a session; of an older one than the host has now it is no news.
    pub(crate) fn close_session(&mut self, host: HostId, session: SessionId, now: Timestamp, step: &mut Step) -> Reply {
        if self.hosts.get(host).is_some_and(|entry| entry.session == Some(session)) {
            self.hosts.set_session(host, None, now);
            self.hosts.set_used(host, None);
            self.show_away(host, now);
            self.let_host_go(host);
            self.set_host_timer(host);
            step.facts.push(Fact::HostConnected { host, is_connected: false });
            self.needs_plan = true;
        }
        Reply::Done
    }
}

#[cfg(test)]
mod tests;
