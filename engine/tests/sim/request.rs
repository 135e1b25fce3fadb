//! Requests over HTTP: lost, late, doubled, or left without an answer.

use berth_model::id::TaskId;
use berth_scheduler::event::{Event, ReportedStatus};
use berth_scheduler::step::Reply;

use crate::faults::{Bug, Fault};
use crate::queue::{Answer, CallId, Happening, Life, MachineId, Request};
use crate::server::{Arrival, Lane, Waiter};
use crate::world::World;

/// How long an answer is waited for.
const CALL_TIMEOUT: i64 = 30_000;

/// Who waits for an answer.
#[derive(Debug)]
pub(crate) enum Caller {
    Client(usize),
    Register { machine: MachineId, life: Life },
    Report { machine: MachineId, life: Life, arn: String, task: TaskId, is_stop: bool },
}

impl World {
    /// Sends a request. `may_double`: it is one that its sender may send again before the first is over.
    pub(crate) fn send_request(&mut self, caller: Caller, request: Request, may_double: bool) {
        let call = CallId(self.sim.fresh());
        self.calls.insert(call, caller);
        self.sim.after(CALL_TIMEOUT, Happening::AnswerArrives { call, answer: Answer::Lost });
        if may_double && self.sim.strikes(Fault::RequestDoubled) {
            let late = self.sim.dice.between(1, 90_000);
            self.sim.after(late, Happening::RequestArrives { call: None, request: Box::new(request.clone()) });
        }
        if self.sim.strikes(Fault::RequestLost) {
            return;
        }
        // A registration of an agent without records ends what its host had, and one that outlives its process would end
        // what the next process has: nothing in the agents' protocol tells the two apart.
        let may_be_late = !matches!(request.event, Event::RegisterHost(_));
        let takes = if may_be_late && self.sim.strikes(Fault::RequestLate) {
            self.sim.dice.between(500, CALL_TIMEOUT)
        } else {
            self.sim.dice.latency(10)
        };
        self.sim.after(takes, Happening::RequestArrives { call: Some(call), request: Box::new(request) });
    }

    pub(crate) fn request_arrives(&mut self, call: Option<CallId>, request: Request) {
        if request.machine.is_some_and(|machine| self.is_isolated(machine)) {
            return;
        }
        let lane = if request.is_client { Lane::Client } else { Lane::Agent };
        let Some(process) = &mut self.server.process else {
            if let Some(call) = call {
                self.send_answer(call, Answer::Lost);
            }
            return;
        };
        let waiter = call.map_or(Waiter::None, |call| Waiter::Call(call, lane));
        match lane {
            Lane::Client => {
                process.clients.push_back((request.event, waiter));
                self.poke_server();
            }
            Lane::Agent => {
                if self.sim.has(Bug::StoppedReportsDropped) && is_stopped_report(&request.event) {
                    return call.into_iter().for_each(|call| self.send_answer(call, Answer::Reply(Reply::Done)));
                }
                if self.sim.has(Bug::RoomGivenBackTwice) {
                    self.give_room_twice(&request.event);
                }
                self.report_to_server(Arrival::Event(request.event, waiter));
            }
        }
    }

    pub(crate) fn send_answer(&mut self, call: CallId, answer: Answer) {
        let machine = match self.calls.get(&call) {
            None => return,
            Some(Caller::Client(_)) => None,
            Some(Caller::Register { machine, .. } | Caller::Report { machine, .. }) => Some(*machine),
        };
        if machine.is_some_and(|machine| self.is_isolated(machine)) || self.sim.strikes(Fault::AnswerLost) {
            return;
        }
        let takes = self.sim.dice.latency(10);
        self.sim.after(takes, Happening::AnswerArrives { call, answer });
    }

    /// The first thing that comes counts.
    pub(crate) fn answer_arrives(&mut self, call: CallId, answer: Answer) {
        match self.calls.remove(&call) {
            None => {}
            Some(Caller::Client(client)) => self.client_hears(client, answer),
            Some(Caller::Register { machine, life }) => self.registered(machine, life, answer),
            Some(Caller::Report { machine, life, arn, task, is_stop }) => {
                self.report_answered(machine, life, arn, task, is_stop, &answer);
            }
        }
    }
}

fn is_stopped_report(event: &Event) -> bool {
    matches!(event, Event::TaskReport(report) if report.status == ReportedStatus::Stopped)
}
