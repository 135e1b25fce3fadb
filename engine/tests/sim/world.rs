//! The world of one run: everything that is real or fake in it, and the one place where what happens is handed out.

use std::collections::BTreeMap;
use std::time::Duration;

use berth_model::host::{HostStatus, InstanceType};
use berth_model::task::{Architecture, TaskStatus};
use berth_model::unit::{MicroDollarsPerHour, Resources};
use berth_scheduler::pool::Pool;
use berth_scheduler::setting::Settings;

use crate::agent::{self, Machine};
use crate::client::{Client, FAMILIES, define};
use crate::cloud::Cloud;
use crate::dice::Dice;
use crate::faults::{Bug, Fault};
use crate::queue::{CallId, Happening, MachineId, Sim, SocketId, Trace};
use crate::request::Caller;
use crate::server::Server;
use crate::socket::Wire;
use crate::store::Store;
use crate::truth::{Invariant, Truth, Violation};

/// How long after the last fault everything must have come to its end.
const SETTLES_WITHIN: i64 = 3 * 3_600_000;

/// How often to look whether it has.
const LOOK_EVERY: u64 = 16;

/// Fewest events of a run.
pub(crate) const EVENTS_MIN: u64 = 200;

/// More events than any run needs: one that has so many goes round in circles.
const EVENTS_MAX: u64 = 400_000;

/// The pool that some runs have beside FARGATE.
pub(crate) const SECOND_POOL: &str = "spare";

/// See the module.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) sim: Sim,
    pub(crate) store: Store,
    pub(crate) server: Server,
    pub(crate) cloud: Cloud,
    pub(crate) machines: BTreeMap<MachineId, Machine>,
    pub(crate) wires: BTreeMap<SocketId, Wire>,
    pub(crate) calls: BTreeMap<CallId, Caller>,
    pub(crate) clients: Vec<Client>,
    pub(crate) truth: Truth,
    pub(crate) agent_settings: berth_agent::session::Settings,
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) violation: Option<Violation>,
    pub(crate) tally: BTreeMap<Fault, u64>,
    pub(crate) events: u64,
    pub(crate) crashes: u64,
    pub(crate) tasks: usize,
}

impl World {
    pub(crate) fn new(seed: u64, bug: Option<Bug>, trace: Option<Trace>) -> Self {
        let mut sim = Sim::new(seed, bug, trace);
        let settings = settings(&mut sim.dice, sim.weather.is_gentle);
        let agent_settings = agent::settings(settings.resend_within);
        let server = Server::new(settings, &mut sim);
        let clients = (0..sim.dice.between(1, 4)).map(|_| Client::new(1 + sim.dice.below(12))).collect();
        let mut world = Self {
            sim,
            store: Store::default(),
            server,
            cloud: Cloud::default(),
            machines: BTreeMap::new(),
            wires: BTreeMap::new(),
            calls: BTreeMap::new(),
            clients,
            truth: Truth::default(),
            agent_settings,
        };
        world.begin();
        world
    }

    fn begin(&mut self) {
        self.server_starts();
        if let Some(process) = &mut self.server.process {
            let definitions = FAMILIES.map(|family| (define(family), crate::server::Waiter::None));
            process.clients.extend(definitions);
        }
        for client in 0..self.clients.len() {
            let wait = self.sim.dice.between(500, 20_000);
            self.sim.after(wait, Happening::ClientActs(client));
        }
        for _ in 0..self.sim.dice.below(3) {
            let id = MachineId(self.sim.fresh());
            self.machines.insert(id, Machine::new(None, Resources::new(2048, 4096)));
            let wait = self.sim.dice.between(0, 30_000);
            self.sim.after(wait, Happening::AgentStarts(id));
        }
        self.draw_faults();
    }

    /// Draws the moments of those faults that have one.
    fn draw_faults(&mut self) {
        const MOST: [(Fault, usize); 16] = [
            (Fault::ServerCrash, 3),
            (Fault::ServerClockLeap, 1),
            (Fault::ServerCloses, 1),
            (Fault::AgentCrash, 4),
            (Fault::AgentClockLeap, 1),
            (Fault::AgentClockBack, 2),
            (Fault::AgentDiskLost, 2),
            (Fault::MachineDeath, 2),
            (Fault::MachineReboot, 2),
            (Fault::Partition, 2),
            (Fault::DockerImpaired, 3),
            (Fault::FleetRestart, 1),
            (Fault::NoCapacity, 3),
            (Fault::ContainerKilled, 4),
            (Fault::ContainerRemoved, 2),
            (Fault::ServerCrash, 1),
        ];
        for (fault, most) in MOST {
            let count = if self.sim.weather.allows(fault) { self.sim.dice.below(most + 1) } else { 0 };
            for _ in 0..count {
                let at = self.sim.dice.between(1_000, self.sim.faults_until - 1);
                self.sim.after(at, Happening::Strike(fault));
            }
        }
        // No run without a crash.
        let at = self.sim.dice.between(30_000, self.sim.faults_until - 1);
        self.sim.after(at, Happening::Strike(Fault::ServerCrash));
    }

    /// Runs until all has come to its end, or a rule is broken.
    pub(crate) fn run(mut self) -> Outcome {
        while self.sim.violation.is_none() {
            let Some(happening) = self.sim.next() else {
                self.sim.violate(Invariant::Settles, "nothing happens any more".to_owned());
                break;
            };
            if self.is_stale(&happening) {
                continue;
            }
            self.sim.begins(&happening);
            self.handle(happening);
            if self.sim.events.is_multiple_of(LOOK_EVERY) && self.is_over() {
                break;
            }
        }
        Outcome {
            tasks: self.store.tasks().count(),
            violation: self.sim.violation,
            tally: self.sim.tally,
            events: self.sim.events,
            crashes: self.sim.crashes,
        }
    }

    /// True if the run is over: all has come to its end, or it should have.
    fn is_over(&mut self) -> bool {
        if self.sim.is_faulty() || self.sim.events < EVENTS_MIN {
            return false;
        }
        match self.unsettled() {
            None => {
                self.check_end();
                true
            }
            Some(text) if self.sim.now > self.sim.faults_until + SETTLES_WITHIN || self.sim.events > EVENTS_MAX => {
                self.sim.violate(Invariant::Settles, text);
                true
            }
            Some(_) => false,
        }
    }

    /// What has not come to its end yet.
    fn unsettled(&self) -> Option<String> {
        let still = |what: &dyn std::fmt::Debug| Some(format!("{what:?}"));
        if let Some(client) = self.clients.iter().find(|client| !client.is_done()) {
            return still(client);
        }
        if let Some(task) = self.store.tasks().find(|task| task.last_status != TaskStatus::Stopped) {
            return Some(format!("{task:?}\n{:?}", self.store.reasons().collect::<Vec<_>>()));
        }
        let is_live = |host: &&berth_model::host::Host| host.provider().is_some() && host.status != HostStatus::Gone;
        if let Some(host) = self.store.hosts().find(is_live) {
            return still(host);
        }
        let is_left = |machine: &&Machine| machine.host.is_some() || !machine.is_clean();
        if let Some(machine) = self.machines.values().find(is_left) {
            return still(machine);
        }
        let is_report = |caller: &&Caller| matches!(caller, Caller::Report { .. });
        if let Some(caller) = self.calls.values().find(is_report) {
            return still(caller);
        }
        match &self.server.process {
            Some(process) if process.is_idle() => None,
            process => still(&process.is_some()),
        }
    }

    /// True for a time-out or a moment that something else has overtaken.
    fn is_stale(&self, happening: &Happening) -> bool {
        let now = self.sim.now;
        let agent = |machine: &MachineId| self.machines.get(machine).and_then(|machine| machine.agent.as_ref());
        match happening {
            Happening::AnswerArrives { call, .. } => !self.calls.contains_key(call),
            Happening::ServerEnds(life) => !self.server.is(*life),
            Happening::ServerWakes(life) => self.server.process.as_ref().is_none_or(|it| !it.wakes(*life, now)),
            Happening::SessionTime(socket) => {
                let sockets = self.server.process.as_ref().map(|process| &process.sockets);
                sockets.and_then(|sockets| sockets.get(socket)).is_none_or(|socket| socket.time_at != Some(now))
            }
            Happening::AgentTicks(machine, life) => {
                !agent(machine).is_some_and(|agent| agent.life == *life && agent.tick_at == Some(now))
            }
            Happening::ConnectRefused { machine, life, connection, .. } => {
                !agent(machine).is_some_and(|agent| agent.life == *life && agent.opening == Some(*connection))
            }
            Happening::DockerActs { machine, operation } => {
                self.machines.get(machine).is_none_or(|machine| !machine.docker.operations.contains_key(operation))
            }
            Happening::AgentSweeps(machine, life) => agent(machine).is_none_or(|agent| agent.life != *life),
            _ => false,
        }
    }

    fn handle(&mut self, happening: Happening) {
        match happening {
            Happening::Strike(fault) => self.strike_if_due(fault),
            Happening::ServerStarts => self.server_starts(),
            Happening::ServerEnds(_) => self.server_crashes(),
            Happening::ServerWakes(_) => self.server_wakes(),
            Happening::CommitEnds(life) => self.commit_ends(life),
            Happening::BackendCall { life, call, tries } => self.backend_call(life, call, tries),
            Happening::BackendAnswers { life, call, tries, result } => self.backend_answers(life, call, tries, result),
            Happening::RequestArrives { call, request } => self.request_arrives(call, *request),
            Happening::AnswerArrives { call, answer } => self.answer_arrives(call, answer),
            Happening::ConnectArrives { machine, life, connection, host } => {
                self.connect_arrives(machine, life, connection, host);
            }
            Happening::ConnectRefused { machine, life, connection, is_inactive } => {
                self.connect_refused(machine, life, connection, is_inactive);
            }
            Happening::ConnectOpens(socket) => self.connect_opens(socket),
            Happening::FrameToAgent { socket, text } => self.frame_to_agent(socket, &text),
            Happening::FrameToServer { socket, text } => self.frame_to_server(socket, text),
            Happening::AgentLoses { socket, closed } => self.agent_loses(socket, closed),
            Happening::ServerLoses(socket) => self.server_loses(socket),
            Happening::SessionTime(socket) => self.session_time(socket),
            Happening::SecretFound { socket, task, sequence, found } => {
                self.secret_found(socket, task, sequence, found);
            }
            Happening::AgentStarts(machine) => self.agent_starts(machine),
            Happening::AgentLists(machine, life) => self.agent_lists(machine, life),
            Happening::AgentRegisters(machine, life) => self.agent_registers(machine, life),
            Happening::AgentHears { machine, life, input } => self.agent_hears(machine, life, *input),
            Happening::Told { machine, life, input } => self.tell_agent(machine, life, *input),
            Happening::AgentTicks(machine, life) => self.agent_ticks(machine, life),
            Happening::AgentSweeps(machine, life) => self.agent_sweeps(machine, life),
            Happening::AgentChecks(machine) => self.agent_checks(machine),
            Happening::DiskWrites(machine, life) => self.disk_writes(machine, life),
            Happening::DockerActs { machine, operation } => self.docker_acts(machine, operation),
            Happening::ContainerEnds { machine, runtime_id, exit_code } => {
                self.container_ends(machine, &runtime_id, exit_code);
            }
            Happening::ClientActs(client) => self.client_acts(client),
            Happening::BugStrikes(effect) => self.send_again(*effect),
        }
    }

    fn strike_if_due(&mut self, fault: Fault) {
        if self.sim.is_faulty() {
            self.strike(fault);
        }
    }
}

/// The server's settings, some of them tight, so that bounds are reached.
fn settings(dice: &mut Dice, is_gentle: bool) -> Settings {
    let kind = |name: &str, cpu: u64, memory: u64| InstanceType {
        name: name.to_owned(),
        capacity: Resources::new(cpu, memory),
        architecture: Architecture::X86_64,
        price: MicroDollarsPerHour(cpu * 40),
    };
    let mut pools = vec![Pool {
        provider: "FARGATE".parse().expect("a provider"),
        aliases: vec!["FARGATE_SPOT".parse().expect("a provider")],
        catalogue: vec![kind("small", 1024, 2048), kind("medium", 2048, 4096), kind("large", 4096, 8192)],
        hosts_max: 1 + dice.below(6),
        quota: dice.one_in(3).then(|| Resources::new(6144, 12_288)),
        scale_in_after: Duration::from_secs([5, 60, 240][dice.below(3)]),
        shares_machine: dice.one_in(4),
    }];
    if dice.one_in(3) {
        pools.push(Pool {
            provider: SECOND_POOL.parse().expect("a provider"),
            aliases: Vec::new(),
            catalogue: vec![kind("only", 1024, 4096)],
            hosts_max: 2,
            quota: None,
            scale_in_after: Duration::from_secs(30),
            shares_machine: false,
        });
    }
    let patience = dice.below(3);
    let rough = Settings {
        resend_within: Duration::from_mins(2),
        host_lost_after: Duration::from_mins([2, 5, 10][patience]),
        host_disconnected_after: Duration::from_secs([0, 10, 300][patience]),
        registration_within: Duration::from_mins([1, 3, 5][dice.below(3)]),
        hosts_lost_percent_per_minute: [10, 50, 100][dice.below(3)],
        ..Settings::default()
    };
    let gentle = Settings::default();
    Settings {
        pools,
        starving_after: Duration::from_secs([1, 60][dice.below(2)]),
        classes_per_pass_max: [1, 2, 256][dice.below(3)],
        placements_per_pass_max: [1, 3, 1024][dice.below(3)],
        ..if is_gentle { gentle } else { rough }
    }
}
