//! A machine with its disk, its Docker and its agent: the real session and reconciliation, driven step by step, so that
//! the process can be killed between any two.

use std::collections::BTreeMap;
use std::time::Duration;

use berth_agent::record::{Binding, Identity, Record};
use berth_agent::session::{Found, Input, Outcome, Output, Report, Session, Settings};
use berth_model::ecs::{Attribute, ContainerStateChange, NetworkBinding};
use berth_model::host::{FARGATE_CLUSTER, HostStatus, RuntimeStatus};
use berth_model::id::{HostId, InstallationId, ProviderName, TaskId};
use berth_model::task::{Capability, TaskStatus};
use berth_model::time::{SteadyClock, Timestamp};
use berth_model::unit::Resources;
use berth_scheduler::event::{Event, RegisterHost, ReportedStatus, TaskReport};
use berth_scheduler::step::{Rejection, Reply};

use crate::docker::{Docker, task_of};
use crate::faults::{Bug, Fault};
use crate::queue::{Answer, Happening, Life, MachineId, Operation, Request, SocketId, Work};
use crate::request::Caller;
use crate::server::{Arrival, Waiter};
use crate::truth::Invariant;
use crate::world::World;

/// How often to look for containers without a record; the first look comes early.
const SWEEP_FIRST: i64 = 10_000;
const SWEEP_EVERY: i64 = 300_000;

/// How often to say how Docker is.
const CHECK_EVERY: i64 = 30_000;

/// How long opening a connection may take.
const CONNECT_WITHIN: i64 = 30_000;

/// How long it takes a person to notice that an agent will not run again as it is, and to set its machine up anew.
const SET_UP_ANEW: i64 = 120_000;

/// A machine, bought or not.
#[derive(Debug)]
pub(crate) struct Machine {
    /// The host it was bought for.
    pub(crate) host: Option<HostId>,
    /// The pool it was bought for.
    pub(crate) provider: Option<ProviderName>,
    pub(crate) capacity: Resources,
    pub(crate) docker: Docker,
    pub(crate) disk: Disk,
    pub(crate) agent: Option<Agent>,
    /// What its clock shows, less what a right one does, in milliseconds.
    pub(crate) clock_offset: i64,
    /// Until when it cannot reach the server.
    pub(crate) isolated_until: i64,
    /// Until when its Docker runs no containers, as far as its agent can tell.
    pub(crate) impaired_until: i64,
    /// Its agent will not be started again as it is.
    is_given_up: bool,
}

/// What lasts of an agent.
#[derive(Debug, Default)]
pub(crate) struct Disk {
    identity: Option<Identity>,
    records: BTreeMap<String, Record>,
}

/// One agent process.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) life: Life,
    identity: Identity,
    records: Vec<Record>,
    found: Vec<Found>,
    session: Option<Session>,
    clock: SteadyClock,
    /// When all that it was told before will have been taken in.
    news_until: i64,
    pub(crate) tick_at: Option<i64>,
    /// What waits to be written, and what is being written.
    pending: Writes,
    writing: Option<Writes>,
    pub(crate) opening: Option<u64>,
    pub(crate) open: Option<(u64, SocketId)>,
    register_wait: i64,
}

#[derive(Debug, Default)]
struct Writes {
    records: BTreeMap<String, Option<Box<Record>>>,
    identity: Option<Identity>,
}

impl Machine {
    pub(crate) fn new(host: Option<(HostId, ProviderName)>, capacity: Resources) -> Self {
        let (host, provider) = host.unzip();
        Self {
            host,
            provider,
            capacity,
            docker: Docker::default(),
            disk: Disk::default(),
            agent: None,
            clock_offset: 0,
            isolated_until: 0,
            impaired_until: 0,
            is_given_up: false,
        }
    }

    /// The process that lives.
    pub(crate) fn life(&self) -> Option<Life> {
        Some(self.agent.as_ref()?.life)
    }

    /// True if nothing of a task is left on it.
    pub(crate) fn is_clean(&self) -> bool {
        let mut records = self.disk.records.values();
        self.docker.containers.is_empty()
            && self.docker.groups.is_empty()
            && records.all(|record| record.is_stop_acknowledged)
    }
}

fn host_of(identity: &Identity) -> Option<HostId> {
    identity.container_instance_arn.as_ref()?.rsplit('/').next()?.parse().ok()
}

impl World {
    pub(crate) fn agent_mut(&mut self, id: MachineId, life: Life) -> Option<&mut Agent> {
        self.machines.get_mut(&id)?.agent.as_mut().filter(|agent| agent.life == life)
    }

    pub(crate) fn is_isolated(&self, id: MachineId) -> bool {
        self.machines.get(&id).is_some_and(|machine| self.sim.now < machine.isolated_until)
    }

    /// The agent says how its Docker is, as long as that is news to the server.
    pub(crate) fn agent_checks(&mut self, id: MachineId) {
        let Some(machine) = self.machines.get(&id) else { return };
        let is_impaired = self.sim.now < machine.impaired_until;
        let host = machine.agent.as_ref().and_then(|agent| host_of(&agent.identity));
        let known = host.and_then(|host| self.store.host(host)).filter(|host| host.status != HostStatus::Gone);
        let is_news = known.is_some_and(|host| match &host.runtime {
            Some(known) => is_impaired || known.status == RuntimeStatus::Impaired,
            None => true,
        });
        if let Some(host) = host.filter(|_| is_news && !self.is_isolated(id)) {
            let status = if is_impaired { RuntimeStatus::Impaired } else { RuntimeStatus::Ok };
            let event = Event::RuntimeReport { host, status, reason: None };
            self.report_to_server(Arrival::Event(event, Waiter::None));
        }
        if is_news {
            self.sim.after(CHECK_EVERY, Happening::AgentChecks(id));
        }
    }

    /// A process begins: it reads its disk.
    pub(crate) fn agent_starts(&mut self, id: MachineId) {
        let life = Life(self.sim.fresh());
        let installation = InstallationId(1);
        let own = HostId(self.sim.dice.entropy());
        let Some(machine) = self.machines.get_mut(&id).filter(|machine| machine.agent.is_none()) else { return };
        if machine.is_given_up {
            return;
        }
        let wall = self.sim.wall().0 + machine.clock_offset;
        let monotonic = self.sim.monotonic();
        let cluster = if machine.host.is_some() { FARGATE_CLUSTER } else { "default" };
        let identity = machine.disk.identity.get_or_insert_with(|| Identity {
            cluster: cluster.to_owned(),
            installation,
            host_id: machine.host.unwrap_or(own),
            container_instance_arn: None,
            sequence: -1,
        });
        machine.agent = Some(Agent {
            life,
            identity: identity.clone(),
            records: machine.disk.records.values().cloned().collect(),
            found: Vec::new(),
            session: None,
            clock: SteadyClock::new(Timestamp(wall), monotonic),
            news_until: 0,
            tick_at: None,
            pending: Writes::default(),
            writing: None,
            opening: None,
            open: None,
            register_wait: 250,
        });
        let takes = self.sim.dice.latency(50);
        self.sim.after(takes, Happening::AgentLists(id, life));
    }

    /// It looks for its containers.
    pub(crate) fn agent_lists(&mut self, id: MachineId, life: Life) {
        if self.agent_mut(id, life).is_none() {
            return;
        }
        if self.sim.strikes(Fault::AgentCrashAtStart) {
            return self.agent_crashes(id);
        }
        self.finish_starts(id);
        let is_blind = self.sim.has(Bug::InventoryEmpty);
        let Some(machine) = self.machines.get_mut(&id) else { return };
        let found = if is_blind { Vec::new() } else { machine.docker.list() };
        if let Some(agent) = &mut machine.agent {
            agent.found = found;
        }
        let takes = self.sim.dice.latency(20);
        self.sim.after(takes, Happening::AgentRegisters(id, life));
    }

    pub(crate) fn agent_registers(&mut self, id: MachineId, life: Life) {
        let Some(machine) = self.machines.get(&id) else { return };
        let (capacity, host) = (machine.capacity, machine.host);
        let pool = machine.provider.as_ref().and_then(|provider| self.server.settings.pool(provider));
        let shared = pool.filter(|pool| pool.shares_machine).map(|pool| pool.provider.to_string());
        let Some(agent) = machine.agent.as_ref().filter(|agent| agent.life == life) else { return };
        let event = RegisterHost {
            cluster: agent.identity.cluster.parse().expect("a cluster's name"),
            known_as: host_of(&agent.identity),
            host_id: host,
            is_external: false,
            capacity,
            gpus: std::collections::BTreeSet::new(),
            reserved_ports: std::collections::BTreeSet::new(),
            architecture: Some(berth_model::task::Architecture::X86_64),
            machine: shared,
            ec2_instance_id: None,
            attributes: Capability::ALL.map(attribute).into(),
            tags: Vec::new(),
            token: None,
            key: None,
        };
        let request = Request { event: Event::RegisterHost(Box::new(event)), machine: Some(id), is_client: false };
        self.send_request(Caller::Register { machine: id, life }, request, false);
    }

    /// The server has answered the registration, or not.
    pub(crate) fn registered(&mut self, id: MachineId, life: Life, answer: Answer) {
        let scope = self.server.settings.scope.clone();
        let Some(agent) = self.agent_mut(id, life) else { return };
        let host = match answer {
            Answer::Reply(Reply::Host(host)) => host,
            Answer::Reply(Reply::Rejected(Rejection::Client(_) | Rejection::ClusterNotFound(_))) => {
                return self.agent_gives_up(id);
            }
            Answer::Reply(other) => panic!("a registration was answered with {other:?}"),
            Answer::Unavailable | Answer::Lost => {
                let wait = agent.register_wait;
                agent.register_wait = (wait * 2).min(30_000);
                return self.sim.after(wait, Happening::AgentRegisters(id, life));
            }
        };
        agent.identity.container_instance_arn = Some(scope.container_instance(&host.cluster, host.id));
        let identity = agent.identity.clone();
        let (records, found) = (std::mem::take(&mut agent.records), std::mem::take(&mut agent.found));
        let seed = self.sim.dice.number();
        let settings = self.agent_settings.clone();
        if let Some(machine) = self.machines.get_mut(&id) {
            machine.disk.identity = Some(identity.clone());
        }
        if self.sim.strikes(Fault::AgentCrashAtStart) {
            return self.agent_crashes(id);
        }
        if let Some(agent) = self.agent_mut(id, life) {
            agent.session = Some(Session::new(settings, seed, identity.sequence, records));
        }
        self.tell_agent(id, life, Input::Inventory(found));
        self.sim.after(SWEEP_FIRST, Happening::AgentSweeps(id, life));
    }

    /// The server will not have it: it must not be started again as it is.
    fn agent_gives_up(&mut self, id: MachineId) {
        self.agent_ends(id);
        let Some(machine) = self.machines.get_mut(&id) else { return };
        machine.is_given_up = true;
        if machine.host.is_none() {
            // Somebody has to see to it: what is left is removed, and the machine is set up anew.
            self.sim.after(SET_UP_ANEW, Happening::AgentStarts(id));
            let left: Vec<String> = machine.docker.containers.keys().cloned().collect();
            machine.disk = Disk::default();
            machine.is_given_up = false;
            machine.docker.operations.clear();
            machine.docker.groups.clear();
            for runtime_id in &left {
                self.remove(id, runtime_id);
            }
        }
    }

    /// Something reaches the agent; it takes things in one after the other.
    pub(crate) fn tell_agent(&mut self, machine: MachineId, life: Life, input: Input) {
        let takes = self.sim.dice.latency(3);
        let now = self.sim.now;
        let Some(agent) = self.agent_mut(machine, life) else { return };
        agent.news_until = agent.news_until.max(now + takes);
        let takes = agent.news_until - now;
        self.sim.after(takes, Happening::AgentHears { machine, life, input: Box::new(input) });
    }

    pub(crate) fn agent_ticks(&mut self, id: MachineId, life: Life) {
        if let Some(agent) = self.agent_mut(id, life) {
            agent.tick_at = None;
        }
        self.agent_hears(id, life, Input::Tick);
    }

    pub(crate) fn agent_sweeps(&mut self, id: MachineId, life: Life) {
        if self.agent_mut(id, life).is_none() {
            return;
        }
        let docker = self.machines.get(&id).map(|machine| &machine.docker);
        let (found, groups) = docker.map(|docker| (docker.list(), docker.groups.clone())).unwrap_or_default();
        self.tell_agent(id, life, Input::Inventory(found));
        self.tell_agent(id, life, Input::Leftovers(groups));
        self.sim.after(SWEEP_EVERY, Happening::AgentSweeps(id, life));
    }

    /// The agent takes something in, and does what follows.
    pub(crate) fn agent_hears(&mut self, id: MachineId, life: Life, input: Input) {
        let Some(machine) = self.machines.get_mut(&id) else { return };
        let Some(agent) = machine.agent.as_mut().filter(|agent| agent.life == life) else { return };
        let Some(session) = &mut agent.session else { return };
        let now = self.sim.steady(&mut agent.clock, machine.clock_offset);
        let mut outputs = Vec::new();
        session.handle(now, input, &mut outputs);
        for output in outputs {
            if self.sim.strikes(Fault::AgentCrashAmongOutputs) {
                return self.agent_crashes(id);
            }
            self.sim.say(|| format!("  agent {life:?}: {}", shown(&output)));
            self.carry_out(id, life, output);
        }
        self.set_tick(id, life);
    }

    fn set_tick(&mut self, id: MachineId, life: Life) {
        let now = self.sim.now;
        let Some(machine) = self.machines.get_mut(&id) else { return };
        let Some(agent) = machine.agent.as_mut().filter(|agent| agent.life == life) else { return };
        let Some(deadline) = agent.session.as_ref().and_then(Session::next_deadline) else { return };
        let wait = (deadline.0 - self.sim.steady(&mut agent.clock, machine.clock_offset).0).max(0);
        if agent.tick_at != Some(now + wait) {
            agent.tick_at = Some(now + wait);
            self.sim.after(wait, Happening::AgentTicks(id, life));
        }
    }

    fn carry_out(&mut self, id: MachineId, life: Life, output: Output) {
        match output {
            Output::Connect { connection, .. } => self.connect(id, life, connection),
            Output::Send { connection, frame } => {
                let open = self.agent_mut(id, life).and_then(|agent| agent.open);
                if let Some((current, socket)) = open
                    && current == connection
                {
                    self.send_to_server(socket, &frame);
                }
            }
            Output::Close { connection } => {
                let open = self.agent_mut(id, life).and_then(|agent| agent.open.take_if(|open| open.0 == connection));
                if let Some((_, socket)) = open {
                    self.hang_up(socket);
                }
            }
            Output::Save(record) => {
                if self.sim.has(Bug::RecordsCountAsSaved) {
                    let (arn, version) = (record.arn.clone(), record.version);
                    self.tell_agent(id, life, Input::Saved { arn, version });
                }
                self.write(id, life, |writes| drop(writes.records.insert(record.arn.clone(), Some(record))));
            }
            Output::Forget { arn } => self.write(id, life, |writes| drop(writes.records.insert(arn, None))),
            Output::SaveSequence { sequence } => {
                let Some(agent) = self.agent_mut(id, life) else { return };
                agent.identity.sequence = sequence;
                let identity = agent.identity.clone();
                self.write(id, life, |writes| writes.identity = Some(identity));
            }
            Output::Submit(report) => self.submit(id, life, *report),
            Output::Act { arn, container, action } => {
                let work = Work::Act(action);
                self.ask_docker(id, Operation { life, arn, container, work, is_cancelled: false, is_late: false });
            }
            Output::Exec { .. } => unreachable!("nobody runs commands here"),
            Output::Clear { task, .. } => self.clear(id, &task),
            Output::Credentials { .. } => unreachable!("no task has credentials here"),
            Output::RemoveOrphan { runtime_id } => {
                let work = Work::RemoveOrphan(runtime_id);
                let nobody = String::new();
                let (arn, container) = (nobody.clone(), nobody);
                let operation = Operation { life, arn, container, work, is_cancelled: false, is_late: false };
                self.ask_docker(id, operation);
            }
        }
    }

    fn connect(&mut self, id: MachineId, life: Life, connection: u64) {
        let Some(agent) = self.agent_mut(id, life) else { return };
        let before = agent.open.take();
        agent.opening = Some(connection);
        let host = host_of(&agent.identity).expect("it has registered");
        if let Some((_, socket)) = before {
            self.hang_up(socket);
        }
        let takes = self.sim.dice.latency(30);
        self.sim.after(takes, Happening::ConnectArrives { machine: id, life, connection, host });
        let happening = Happening::ConnectRefused { machine: id, life, connection, is_inactive: false };
        self.sim.after(CONNECT_WITHIN, happening);
    }

    fn submit(&mut self, id: MachineId, life: Life, report: Report) {
        let arn = report.arn.clone();
        let task = task_of(&arn);
        let is_stop = report.status == TaskStatus::Stopped;
        let request = Request { event: task_report(report, task), machine: Some(id), is_client: false };
        self.send_request(Caller::Report { machine: id, life, arn, task, is_stop }, request, true);
    }

    pub(crate) fn report_answered(
        &mut self,
        id: MachineId,
        life: Life,
        arn: String,
        task: TaskId,
        is_stop: bool,
        answer: &Answer,
    ) {
        let outcome = match answer {
            Answer::Reply(Reply::Done) => Outcome::Accepted,
            Answer::Reply(other) => panic!("a report was answered with {other:?}"),
            Answer::Unavailable | Answer::Lost => Outcome::Unavailable,
        };
        if outcome == Outcome::Accepted && is_stop {
            self.truth.stop_taken.insert(task);
            let row = self.store.task(task);
            if row.is_some_and(|row| row.last_status != TaskStatus::Stopped) {
                let text = format!("the end of task {task} was acknowledged and is not stored");
                self.sim.violate(Invariant::ReportIsStored, text);
            }
        }
        self.tell_agent(id, life, Input::Submitted { arn, outcome });
    }

    // The disk: it writes all that has come up together, then says so.

    fn write(&mut self, id: MachineId, life: Life, change: impl FnOnce(&mut Writes)) {
        let Some(agent) = self.agent_mut(id, life) else { return };
        change(&mut agent.pending);
        self.begin_write(id, life);
    }

    fn begin_write(&mut self, id: MachineId, life: Life) {
        let Some(agent) = self.agent_mut(id, life) else { return };
        let is_empty = agent.pending.records.is_empty() && agent.pending.identity.is_none();
        if agent.writing.is_none() && !is_empty {
            agent.writing = Some(std::mem::take(&mut agent.pending));
            let takes = self.sim.dice.latency(15);
            self.sim.after(takes, Happening::DiskWrites(id, life));
        }
    }

    pub(crate) fn disk_writes(&mut self, id: MachineId, life: Life) {
        let Some(machine) = self.machines.get_mut(&id) else { return };
        let Some(agent) = machine.agent.as_mut().filter(|agent| agent.life == life) else { return };
        let Some(writes) = agent.writing.take() else { return };
        if self.sim.strikes(Fault::AgentCrashBeforeSave) {
            return self.agent_crashes(id);
        }
        let mut news = Vec::new();
        if let Some(identity) = writes.identity {
            news.push(Input::SequenceSaved { sequence: identity.sequence });
            machine.disk.identity = Some(identity);
        }
        for (arn, record) in writes.records {
            if self.sim.strikes(Fault::AgentCrashAmidSave) {
                return self.agent_crashes(id);
            }
            match record {
                Some(record) => {
                    news.push(Input::Saved { arn: arn.clone(), version: record.version });
                    machine.disk.records.insert(arn, *record);
                }
                None => drop(machine.disk.records.remove(&arn)),
            }
        }
        if self.sim.strikes(Fault::AgentCrashAfterSave) {
            return self.agent_crashes(id);
        }
        for input in news {
            self.tell_agent(id, life, input);
        }
        self.begin_write(id, life);
    }

    /// `kill -9`; its supervisor starts it again.
    pub(crate) fn agent_crashes(&mut self, id: MachineId) {
        if self.machines.get(&id).is_some_and(|machine| machine.agent.is_some()) {
            self.sim.crashes += 1;
            self.sim.say(|| format!("  the agent of {id:?} is killed"));
            self.agent_ends(id);
            let away = self.sim.dice.between(20, 5_000);
            self.sim.after(away, Happening::AgentStarts(id));
        }
    }

    /// The process is no more; its machine tells whoever it was connected to.
    pub(crate) fn agent_ends(&mut self, id: MachineId) {
        let Some(agent) = self.machines.get_mut(&id).and_then(|machine| machine.agent.take()) else { return };
        if let Some((_, socket)) = agent.open {
            self.hang_up(socket);
        }
        self.leave_operations(id, agent.life);
    }
}

/// What an agent says that it can do.
fn attribute(capability: Capability) -> Attribute {
    Attribute { name: Some(capability.attribute().to_owned()), ..Attribute::default() }
}

/// The report as the edge hands it to the engine.
fn task_report(report: Report, task: TaskId) -> Event {
    let binding = |binding: Binding| NetworkBinding { bind_ip: Some(binding.address), ..NetworkBinding::default() };
    let change = |container: berth_agent::session::ContainerReport| ContainerStateChange {
        container_name: Some(container.name),
        status: Some(container.status.as_str().to_owned()),
        exit_code: container.exit_code,
        reason: container.reason,
        runtime_id: container.runtime_id,
        network_bindings: Some(container.bindings.into_iter().map(binding).collect()),
        ..ContainerStateChange::default()
    };
    Event::TaskReport(Box::new(TaskReport {
        task,
        by: None,
        status: match report.status {
            TaskStatus::Running => ReportedStatus::Running,
            TaskStatus::Stopped => ReportedStatus::Stopped,
            _ => ReportedStatus::Pending,
        },
        reason: report.reason,
        containers: report.containers.into_iter().map(change).collect(),
        pull_started_at: report.pull_started_at,
        pull_stopped_at: report.pull_stopped_at,
        execution_stopped_at: report.execution_stopped_at,
    }))
}

/// The agents' settings of a run whose server sends an order again for up to `resend_within`.
pub(crate) fn settings(resend_within: Duration) -> Settings {
    Settings { clean_up_wait: resend_within * 2, ..Settings::default() }
}

fn shown(output: &Output) -> String {
    match output {
        Output::Save(record) => format!("save {} version {}", record.arn, record.version),
        Output::Act { arn, container, action } => {
            let action = format!("{action:?}");
            let action = action.split(['{', ' ']).next().unwrap_or_default().to_owned();
            format!("{action} {container} of {arn}")
        }
        Output::Submit(report) => format!("report {} {}", report.status.as_str(), report.arn),
        other => format!("{other:?}"),
    }
}
