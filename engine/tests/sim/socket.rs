//! The websockets between agents and the server: the real session behind the server's end, and a wire that carries
//! frames in order until it breaks, which either end may fail to notice.

use std::collections::VecDeque;

use berth_agent::session::{Closed, Input, Refusal};
use berth_engine::payload::secret::Want;
use berth_engine::session::{Identity, LookUp, Output, Session};
use berth_model::acs::{ToAgent, ToServer};
use berth_model::host::HostStatus;
use berth_model::id::{HostId, SessionId, TaskId};
use berth_model::sensitive::Sensitive;
use berth_model::time::Timestamp;
use berth_scheduler::step::Order;

use crate::faults::Fault;
use crate::queue::{Happening, Life, MachineId, Secrets, Sim, SocketId};
use crate::server::{Arrival, Opening, Waiter};
use crate::world::World;

/// How a task is told of that could not be prepared.
const MISSING: &str = "ResourceInitializationError";

/// The value of every secret.
pub(crate) const SECRET: &str = "s3cret";

/// The server's end.
#[derive(Debug)]
pub(crate) struct Socket {
    session: Session,
    host: HostId,
    number: SessionId,
    pub(crate) orders: VecDeque<Order>,
    /// The engine will send no more.
    pub(crate) has_all_orders: bool,
    /// It waits for the engine to take a report.
    pub(crate) is_busy: bool,
    inbox: VecDeque<String>,
    /// What the wall clock showed when it was opened; from there its time only moves forwards and never by leaps.
    begin: Timestamp,
    opened_at: i64,
    pub(crate) time_at: Option<i64>,
}

impl Socket {
    fn now(&self, sim: &Sim) -> Timestamp {
        Timestamp(self.begin.0 + sim.now - self.opened_at)
    }
}

/// What lies between the two ends.
#[derive(Debug)]
pub(crate) struct Wire {
    pub(crate) machine: MachineId,
    pub(crate) life: Life,
    pub(crate) connection: u64,
    is_cut: bool,
    /// When the last frame that is under way arrives at each end.
    agent_free_at: i64,
    server_free_at: i64,
}

impl World {
    /// An agent's wish for a session reaches the server.
    pub(crate) fn connect_arrives(&mut self, machine: MachineId, life: Life, connection: u64, host: HostId) {
        if self.is_isolated(machine) {
            return; // Its attempt runs out.
        }
        if self.server.process.is_none() || self.sim.strikes(Fault::ConnectFailed) {
            return self.refuse_connection(machine, life, connection, false);
        }
        match self.store.host(host).map(|host| host.status) {
            Some(HostStatus::Active | HostStatus::Draining) => {
                self.report_to_server(Arrival::Open { host, machine, life, connection });
            }
            Some(HostStatus::Requested | HostStatus::Launching) | None => {
                self.refuse_connection(machine, life, connection, false);
            }
            Some(HostStatus::Terminating | HostStatus::Gone) => {
                self.refuse_connection(machine, life, connection, true);
            }
        }
    }

    pub(crate) fn refuse_connection(&mut self, machine: MachineId, life: Life, connection: u64, is_inactive: bool) {
        let takes = self.sim.dice.latency(20);
        self.sim.after(takes, Happening::ConnectRefused { machine, life, connection, is_inactive });
    }

    pub(crate) fn connect_refused(&mut self, id: MachineId, life: Life, connection: u64, is_inactive: bool) {
        let Some(agent) = self.agent_mut(id, life) else { return };
        if agent.opening == Some(connection) {
            agent.opening = None;
            let refusal = if is_inactive { Refusal::Inactive } else { Refusal::Unavailable };
            self.tell_agent(id, life, Input::ConnectFailed { connection, refusal });
        }
    }

    /// The engine has taken a session: its socket is there, and the agent will hear of it.
    pub(crate) fn open_socket(&mut self, opening: &Opening, number: SessionId) -> SocketId {
        let id = SocketId(self.sim.fresh());
        let begin = Timestamp(self.sim.wall().0 + self.server.clock_offset);
        let cluster = self.store.host(opening.host).map(|host| host.cluster.clone());
        let identity = Identity {
            scope: self.server.settings.scope.clone(),
            cluster: cluster.expect("only a host that is stored has a session"),
            host: opening.host,
            session: number,
        };
        let socket = Socket {
            session: Session::new(identity, berth_engine::session::HEARTBEAT_EVERY, begin),
            host: opening.host,
            number,
            orders: VecDeque::new(),
            has_all_orders: false,
            is_busy: false,
            inbox: VecDeque::new(),
            begin,
            opened_at: self.sim.now,
            time_at: None,
        };
        if let Some(process) = &mut self.server.process {
            process.sockets.insert(id, socket);
        }
        let Opening { machine, life, connection, .. } = *opening;
        let opens_at = self.sim.now + self.sim.dice.latency(20);
        let wire =
            Wire { machine, life, connection, is_cut: false, agent_free_at: opens_at, server_free_at: self.sim.now };
        self.wires.insert(id, wire);
        self.sim.after(opens_at - self.sim.now, Happening::ConnectOpens(id));
        self.pump(id);
        id
    }

    pub(crate) fn connect_opens(&mut self, id: SocketId) {
        let Some(wire) = self.wires.get(&id) else { return };
        let (machine, life, connection) = (wire.machine, wire.life, wire.connection);
        let agent = self.machines.get_mut(&machine).and_then(|machine| machine.agent.as_mut());
        match agent.filter(|agent| agent.life == life && agent.opening == Some(connection)) {
            Some(agent) => {
                agent.opening = None;
                agent.open = Some((connection, id));
                self.tell_agent(machine, life, Input::Connected { connection });
                self.agent_checks(machine);
            }
            None => self.hang_up(id),
        }
    }

    /// The agent's end is no more: the server's end notices, if the wire is whole.
    pub(crate) fn hang_up(&mut self, id: SocketId) {
        if let Some(wire) = self.wires.remove(&id)
            && !wire.is_cut
        {
            let takes = self.sim.dice.latency(50);
            self.sim.after(takes, Happening::ServerLoses(id));
        }
    }

    /// A machine is gone or cut off: none of its connections carries anything any more.
    pub(crate) fn cut_all(&mut self, machine: MachineId, are_both_told: bool) {
        let of_machine = self.wires.iter().filter(|(_, wire)| wire.machine == machine);
        let sockets: Vec<SocketId> = of_machine.map(|(id, _)| *id).collect();
        for socket in sockets {
            self.cut(socket, are_both_told, are_both_told);
        }
    }

    fn cut(&mut self, id: SocketId, is_agent_told: bool, is_server_told: bool) {
        let Some(wire) = self.wires.get_mut(&id) else { return };
        wire.is_cut = true;
        if is_agent_told {
            let takes = self.sim.dice.latency(200);
            self.sim.after(takes, Happening::AgentLoses { socket: id, closed: Closed::Broken });
        }
        if is_server_told {
            let takes = self.sim.dice.latency(200);
            self.sim.after(takes, Happening::ServerLoses(id));
        }
    }

    /// What may happen to a wire whenever a frame is sent over it.
    fn strain(&mut self, id: SocketId) {
        if self.sim.strikes(Fault::SessionCut) {
            self.cut(id, true, true);
        } else if self.sim.strikes(Fault::SessionHalfOpen) {
            let is_agent_told = self.sim.dice.one_in(3);
            let is_server_told = !is_agent_told && self.sim.dice.one_in(2);
            self.cut(id, is_agent_told, is_server_told);
        }
    }

    /// When a frame that is sent now arrives.
    fn frame_takes(&mut self) -> i64 {
        if self.sim.strikes(Fault::FrameLate) { self.sim.dice.between(500, 8_000) } else { self.sim.dice.latency(10) }
    }

    fn send_to_agent(&mut self, id: SocketId, text: String) {
        self.strain(id);
        let takes = self.frame_takes();
        let Some(wire) = self.wires.get_mut(&id) else { return };
        wire.agent_free_at = wire.agent_free_at.max(self.sim.now + takes);
        let takes = wire.agent_free_at - self.sim.now;
        self.sim.after(takes, Happening::FrameToAgent { socket: id, text });
    }

    pub(crate) fn send_to_server(&mut self, id: SocketId, frame: &ToServer) {
        self.strain(id);
        let takes = self.frame_takes();
        let Some(wire) = self.wires.get_mut(&id) else { return };
        wire.server_free_at = wire.server_free_at.max(self.sim.now + takes);
        let takes = wire.server_free_at - self.sim.now;
        let text = serde_json::to_string(frame).expect("a frame is always JSON");
        self.sim.after(takes, Happening::FrameToServer { socket: id, text });
    }

    /// A wire that carries frames; `None` if it is cut.
    fn whole(&mut self, id: SocketId) -> Option<&Wire> {
        let machine = self.wires.get(&id)?.machine;
        let is_isolated = self.is_isolated(machine);
        let wire = self.wires.get_mut(&id)?;
        wire.is_cut |= is_isolated;
        (!wire.is_cut).then_some(&*wire)
    }

    pub(crate) fn frame_to_agent(&mut self, id: SocketId, text: &str) {
        let Some(&Wire { machine, life, connection, .. }) = self.whole(id) else { return };
        let frame: ToAgent = serde_json::from_str(text).expect("an agent understands what the server sends");
        self.tell_agent(machine, life, Input::Frame { connection, frame });
    }

    pub(crate) fn frame_to_server(&mut self, id: SocketId, text: String) {
        if self.whole(id).is_none() {
            return;
        }
        if let Some(socket) = self.socket_mut(id) {
            socket.inbox.push_back(text);
            self.pump(id);
        }
    }

    fn socket_mut(&mut self, id: SocketId) -> Option<&mut Socket> {
        self.server.process.as_mut()?.sockets.get_mut(&id)
    }

    /// The driver of the server's end: frames, orders and time go in, and what the session wants is done.
    pub(crate) fn pump(&mut self, id: SocketId) {
        loop {
            let are_orders_first = self.sim.dice.one_in(2);
            let Some(socket) = self.server.process.as_mut().and_then(|process| process.sockets.get_mut(&id)) else {
                return;
            };
            if socket.is_busy {
                return;
            }
            let now = socket.now(&self.sim);
            match socket.session.poll() {
                Some(Output::Send(text)) => {
                    self.send_to_agent(id, text.into_inner());
                    continue;
                }
                Some(Output::LookUp(LookUp { task, sequence, wants })) => {
                    self.look_up(id, task, sequence, &wants);
                    continue;
                }
                Some(Output::Report(event)) => {
                    socket.is_busy = true;
                    return self.report_to_server(Arrival::Event(event, Waiter::Socket(id)));
                }
                Some(Output::Close(code, _)) => return self.close_socket(id, code),
                None => {}
            }
            let may_order = socket.session.takes_orders();
            if (!are_orders_first || !may_order || socket.orders.is_empty())
                && let Some(frame) = socket.inbox.pop_front()
            {
                socket.session.on_frame(&frame, now);
            } else if may_order && let Some(order) = socket.orders.pop_front() {
                socket.session.on_order(order, now);
            } else if may_order && socket.has_all_orders {
                socket.session.on_orders_ended();
            } else {
                break;
            }
        }
        self.set_session_time(id);
    }

    /// Secrets are looked up beside the session, and now and then for long; one that is not there fails its task.
    fn look_up(&mut self, socket: SocketId, task: TaskId, sequence: i64, wants: &[Want]) {
        let found = if self.sim.strikes(Fault::SecretMissing) {
            self.truth.unpreparable.insert(task);
            Err(format!("{MISSING}: a test"))
        } else {
            Ok(wants.iter().map(|_| Sensitive::new(SECRET.into())).collect())
        };
        let takes = if self.sim.strikes(Fault::SecretSlow) {
            self.sim.dice.between(500, 20_000)
        } else {
            self.sim.dice.latency(10)
        };
        self.sim.after(takes, Happening::SecretFound { socket, task, sequence, found });
    }

    pub(crate) fn secret_found(&mut self, id: SocketId, task: TaskId, sequence: i64, found: Result<Secrets, String>) {
        if let Some(socket) = self.socket_mut(id) {
            socket.session.on_found(task, sequence, found);
            self.pump(id);
        }
    }

    fn set_session_time(&mut self, id: SocketId) {
        let Some(socket) = self.server.process.as_mut().and_then(|process| process.sockets.get_mut(&id)) else {
            return;
        };
        let wait = socket.session.next_deadline().0 - socket.now(&self.sim).0;
        let at = self.sim.now + wait.max(0);
        if socket.time_at != Some(at) {
            socket.time_at = Some(at);
            self.sim.after(wait, Happening::SessionTime(id));
        }
    }

    pub(crate) fn session_time(&mut self, id: SocketId) {
        let Some(socket) = self.server.process.as_mut().and_then(|process| process.sockets.get_mut(&id)) else {
            return;
        };
        socket.time_at = None;
        if !socket.is_busy {
            let now = socket.now(&self.sim);
            socket.session.on_time(now);
            self.pump(id);
        }
    }

    /// The server ends a session.
    pub(crate) fn close_socket(&mut self, id: SocketId, code: u16) {
        if let Some(wire) = self.wires.get(&id) {
            let takes = (wire.agent_free_at - self.sim.now).max(self.sim.dice.latency(20));
            self.sim.after(takes, Happening::AgentLoses { socket: id, closed: Closed::Code(code) });
        }
        self.server_loses(id);
    }

    /// The server's end is over.
    pub(crate) fn server_loses(&mut self, id: SocketId) {
        let socket = self.server.process.as_mut().and_then(|process| process.sockets.remove(&id));
        if let Some(Socket { host, number, .. }) = socket {
            self.report_to_server(Arrival::Closed { host, session: number });
        }
    }

    /// The agent's end is over.
    pub(crate) fn agent_loses(&mut self, id: SocketId, closed: Closed) {
        let is_broken = closed == Closed::Broken;
        // A parting word does not come over a wire that is cut.
        if !is_broken && self.whole(id).is_none() {
            return;
        }
        let Some(Wire { machine, life, connection, .. }) = self.wires.remove(&id) else { return };
        let Some(agent) = self.agent_mut(machine, life) else { return };
        if agent.open == Some((connection, id)) {
            agent.open = None;
            self.tell_agent(machine, life, Input::Disconnected { connection, closed });
        } else if agent.opening == Some(connection) {
            agent.opening = None;
            self.tell_agent(machine, life, Input::ConnectFailed { connection, refusal: Refusal::Unavailable });
        }
    }

    /// The server's process is no more, and with it its ends of all connections.
    pub(crate) fn lose_from_server(&mut self, id: SocketId) {
        let is_noticed = !self.sim.strikes(Fault::SessionHalfOpen);
        self.cut(id, is_noticed, false);
    }
}
