//! What follows from a turn once it is stored: orders to sessions and calls to the backend, now and then twice; and the
//! bugs that are planted there.

use berth_model::task::TaskStatus;
use berth_scheduler::event::{Event, RegisterHost, ReportedStatus};
use berth_scheduler::step::{Effect, Order, Step};

use crate::faults::{Bug, Fault};
use crate::outbox::{self, Call, CallResult};
use crate::queue::{Happening, Life};
use crate::server::{Arrival, Waiter};
use crate::world::World;

impl World {
    /// The bugs that start effects before their turn is stored take them out of it.
    pub(crate) fn plant_early_effects(&mut self, step: &mut Step) {
        let sessions = self.server.process.as_ref().map(|process| &process.outbox.sessions);
        let is_early = |effect: &Effect| match (self.sim.bug, effect) {
            (Some(Bug::LaunchBeforeRow), Effect::Launch { .. }) => true,
            (Some(Bug::OrdersBeforeCommit), Effect::Order { host, session, order: Order::Run { .. } }) => {
                let current = sessions.and_then(|sessions| sessions.get(host));
                current.is_some_and(|(current, _)| current == session)
            }
            _ => false,
        };
        let early: Vec<Effect> = step.effects.extract_if(.., |effect| is_early(effect)).collect();
        for effect in early {
            self.dispatch(effect);
        }
    }

    /// Carries an effect out; now and then twice.
    pub(crate) fn dispatch(&mut self, effect: Effect) {
        self.truth.dispatched(&mut self.sim, &self.store, &effect);
        if self.sim.has(Bug::NothingSentAgain) && self.truth.was_sent(&effect) {
            return;
        }
        if self.sim.strikes(Fault::EffectDoubled) {
            self.dispatch_once(effect.clone());
        }
        if let Effect::Order { order: Order::Run { .. }, .. } = &effect
            && self.sim.has(Bug::RunsAgainAfterStopped)
        {
            let after = self.sim.dice.between(1, 9) * 60_000;
            self.sim.after(after, Happening::BugStrikes(Box::new(effect.clone())));
        }
        self.dispatch_once(effect);
    }

    pub(crate) fn dispatch_once(&mut self, effect: Effect) {
        let orders_max = self.server.orders_max;
        let Some(process) = &mut self.server.process else { return };
        match effect {
            Effect::Order { host, session, order } => {
                let Some((current, socket)) = process.outbox.sessions.get(&host).copied() else { return };
                if current != session {
                    return;
                }
                let Some(open) = process.sockets.get_mut(&socket) else { return };
                if open.orders.len() >= orders_max || self.sim.strikes(Fault::OrdersFull) {
                    open.has_all_orders = true;
                    process.outbox.sessions.remove(&host);
                    process.own.push_back(Event::SessionClosed { host, session });
                } else {
                    open.orders.push_back(order);
                }
                self.pump(socket);
            }
            Effect::Launch { host, provider, instance_type } => {
                self.call_backend(Call::Launch { provider, host, instance_type });
            }
            Effect::Terminate { host, provider } => self.call_backend(Call::Terminate { provider, host }),
        }
    }

    /// The bug that gives a task's room back twice: its host has that much more from now on.
    pub(crate) fn give_room_twice(&mut self, event: &Event) {
        let Event::TaskReport(report) = event else { return };
        let Some(task) = self.store.task(report.task) else { return };
        let Some(host) = task.host.and_then(|host| self.store.host(host)) else { return };
        if report.status != ReportedStatus::Stopped || task.last_status == TaskStatus::Stopped {
            return;
        }
        let again = RegisterHost {
            cluster: host.cluster.clone(),
            known_as: Some(host.id),
            host_id: None,
            is_external: false,
            capacity: host.capacity + task.demand.resources,
            gpus: std::collections::BTreeSet::new(),
            reserved_ports: std::collections::BTreeSet::new(),
            architecture: host.architecture,
            machine: None,
            ec2_instance_id: None,
            attributes: Vec::new(),
            tags: Vec::new(),
            token: None,
            key: None,
        };
        self.report_to_server(Arrival::Event(Event::RegisterHost(Box::new(again)), Waiter::None));
    }

    /// The bug that sends an order to run a task once more, over whatever session its host has then.
    pub(crate) fn send_again(&mut self, effect: Effect) {
        let Effect::Order { host, order, .. } = effect else { return };
        let sessions = self.server.process.as_ref().map(|process| &process.outbox.sessions);
        if let Some((session, _)) = sessions.and_then(|sessions| sessions.get(&host)).copied() {
            self.dispatch_once(Effect::Order { host, session, order });
        }
    }

    pub(crate) fn call_backend(&mut self, call: Call) {
        let Some(process) = &mut self.server.process else { return };
        if process.outbox.begin(&call) {
            let life = process.life;
            if self.sim.strikes(Fault::CallDoubled) {
                let late = self.sim.dice.between(10, 120_000);
                self.sim.after(late, Happening::BackendCall { life: None, call: call.clone(), tries: 1 });
            }
            let takes = self.sim.dice.latency(50);
            self.sim.after(takes, Happening::BackendCall { life: Some(life), call, tries: 1 });
        }
    }

    /// A backend's answer reaches the server.
    pub(crate) fn backend_answers(&mut self, life: Life, call: Call, tries: u32, result: CallResult) {
        if !self.server.is(life) {
            return;
        }
        if let Some(wait) = outbox::wait(&result, tries) {
            let wait = i64::try_from(wait.as_millis()).unwrap_or(i64::MAX);
            return self.sim.after(wait, Happening::BackendCall { life: Some(life), call, tries: tries + 1 });
        }
        self.report_to_server(Arrival::Called(call, result));
    }
}
