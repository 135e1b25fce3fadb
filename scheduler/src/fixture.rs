//! A small world for tests: a state, a clock, and a store that keeps every row as it was written last.
//!
//! Used by the unit tests and, by path, by the tests in `tests/`; so it names the crate from outside. Each event is
//! followed by [`State::check`] and by the rules that can only be seen from outside: statuses move forward, a task
//! keeps its host, nothing follows STOPPED, sequence numbers rise.

#![expect(clippy::panic, reason = "only tests use it")]
#![expect(unreachable_pub, reason = "shared by path with other crates")]

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use berth_model::arn::DefinitionRef;
use berth_model::ecs;
use berth_model::host::{FARGATE_CLUSTER, Host, HostStatus, InstanceType};
use berth_model::id::{ClusterName, DefinitionId, HostId, ProviderName, SessionId, TaskId};
use berth_model::state_change::{Sequence, StateChange};
use berth_model::task::{Architecture, DesiredStatus, Task, TaskRequest, TaskStatus};
use berth_model::time::Timestamp;
use berth_model::unit::{MicroDollarsPerHour, Resources};
use berth_scheduler::event::{
    ClientToken, Event, LaunchTarget, LaunchType, Moment, RegisterHost, ReportedStatus, RunTask, TaskReport,
};
use berth_scheduler::placement::wish::Wishes;
use berth_scheduler::pool::{HostPlan, PlannedHost, Pool};
use berth_scheduler::setting::Settings;
use berth_scheduler::state::{Rows, State};
use berth_scheduler::step::{ClassId, Effect, Fact, Key, Order, PlacementFailure, Rejection, Reply, Row, Step};

pub const SMALL: &str = "small";
pub const LARGE: &str = "large";

pub fn name<T: std::str::FromStr<Err: std::fmt::Debug>>(text: &str) -> T {
    text.parse().expect("a valid name")
}

pub fn fargate() -> ProviderName {
    name("FARGATE")
}

pub fn instance_type(name: &str, cpu: u64, memory: u64, architecture: Architecture) -> InstanceType {
    let capacity = Resources::new(cpu, memory);
    InstanceType { name: name.to_owned(), capacity, architecture, price: MicroDollarsPerHour(cpu * 40) }
}

/// One pool with hosts of 1 and of 4 vCPU.
pub fn settings() -> Settings {
    let pool = Pool {
        provider: fargate(),
        aliases: vec![name("FARGATE_SPOT")],
        catalogue: vec![
            instance_type(SMALL, 1024, 2048, Architecture::X86_64),
            instance_type(LARGE, 4096, 8192, Architecture::X86_64),
        ],
        hosts_max: 8,
        quota: None,
        scale_in_after: Duration::from_mins(1),
        shares_machine: false,
    };
    // What clients see of a host follows at once unless a test says otherwise.
    Settings { pools: vec![pool], host_disconnected_after: Duration::ZERO, ..Settings::default() }
}

/// A container with 256 CPU units and 512 MiB.
pub fn container(name: &str) -> ecs::ContainerDefinition {
    ecs::ContainerDefinition {
        name: Some(name.to_owned()),
        image: Some("busybox".to_owned()),
        cpu: Some(256),
        memory: Some(512),
        ..Default::default()
    }
}

pub fn sized(cpu: i32, memory: i32) -> ecs::ContainerDefinition {
    ecs::ContainerDefinition { cpu: Some(cpu), memory: Some(memory), ..container("main") }
}

pub fn port(container_port: i32, host_port: i32) -> ecs::PortMapping {
    ecs::PortMapping { container_port: Some(container_port), host_port: Some(host_port), ..Default::default() }
}

pub fn request(containers: Vec<ecs::ContainerDefinition>) -> ecs::RegisterTaskDefinitionRequest {
    ecs::RegisterTaskDefinitionRequest {
        family: Some("web".to_owned()),
        container_definitions: Some(containers),
        ..Default::default()
    }
}

pub fn change(name: &str, status: &str, exit_code: Option<i32>, reason: Option<&str>) -> ecs::ContainerStateChange {
    ecs::ContainerStateChange {
        container_name: Some(name.to_owned()),
        status: Some(status.to_owned()),
        exit_code,
        reason: reason.map(str::to_owned),
        ..Default::default()
    }
}

#[derive(Debug)]
pub struct World {
    pub state: State,
    pub now: Timestamp,
    entropy: u128,
    next_session: u64,
    /// Every row as written last.
    pub stored: BTreeMap<Key, Row>,
    /// What the last event gave.
    pub step: Step,
    sequences: BTreeMap<HostId, i64>,
    stopped: BTreeSet<TaskId>,
    last_change: Sequence,
    /// Everything that was told.
    pub told: Vec<StateChange>,
}

impl World {
    /// A fresh installation that has just started.
    pub fn new(settings: Settings) -> Self {
        let mut world = Self {
            state: State::restore(settings, Rows::default()),
            now: Timestamp(1_700_000_000_000),
            entropy: 1,
            next_session: 1,
            stored: BTreeMap::new(),
            step: Step::default(),
            sequences: BTreeMap::new(),
            stopped: BTreeSet::new(),
            last_change: Sequence::NONE,
            told: Vec::new(),
        };
        world.apply(Event::Started);
        world
    }

    pub fn moment(&mut self) -> Moment {
        self.entropy = self.entropy.wrapping_mul(0x2360_ED05_1FC6_5DA4_4385_DF64_9FCC_F645).wrapping_add(12345);
        Moment { now: self.now, entropy: self.entropy }
    }

    pub fn apply(&mut self, event: Event) -> Reply {
        let moment = self.moment();
        let mut step = Step::default();
        let reply = self.state.apply(moment, event, &mut step);
        self.commit(step);
        reply
    }

    /// One placement pass.
    pub fn pass(&mut self) {
        let moment = self.moment();
        let mut step = Step::default();
        self.state.place(moment, &mut step);
        self.commit(step);
    }

    /// Passes until none has work left; the last step has the effects of all.
    pub fn place(&mut self) {
        let mut effects = Vec::new();
        for _ in 0..10_000 {
            self.pass();
            effects.append(&mut self.step.effects);
            if !self.state.has_work_left() {
                self.step.effects = effects;
                return;
            }
        }
        panic!("the passes have no end");
    }

    pub fn plan(&mut self, plan: HostPlan) {
        let moment = self.moment();
        let mut step = Step::default();
        self.state.apply_plan(moment, plan, &mut step);
        self.commit(step);
    }

    pub fn owed(&mut self) {
        let mut step = Step::default();
        self.state.owed(self.now, &mut step);
        self.commit(step);
    }

    pub fn after(&mut self, duration: Duration) {
        self.now = self.now + duration;
    }

    /// Ticks until nothing is due.
    pub fn tick(&mut self) {
        self.apply(Event::Tick);
        for _ in 0..1000 {
            if self.state.next_deadline().is_none_or(|at| at > self.now) {
                return;
            }
            self.apply(Event::Tick);
        }
        panic!("a tick leaves something due");
    }

    /// A new process takes over from the rows alone.
    pub fn restart(&mut self) {
        self.state = State::restore(self.settings(), self.rows());
        self.apply(Event::Started);
    }

    pub fn settings(&self) -> Settings {
        let pools = self.state.pools().map(|(pool, _)| pool.clone()).collect();
        Settings { pools, ..settings() }
    }

    /// What a store would restore.
    pub fn rows(&self) -> Rows {
        let mut rows = Rows { last_change: self.last_change, ..Rows::default() };
        for row in self.stored.values() {
            match row {
                Row::Cluster(cluster) => rows.clusters.push((**cluster).clone()),
                Row::TaskDefinition(definition) => rows.task_definitions.push(definition.clone()),
                Row::Host(host) if host.status != HostStatus::Gone => rows.hosts.push((**host).clone()),
                Row::Host(host) if host.provider().is_none() => drop(rows.retired.insert(host.id)),
                Row::Task(task, _) if task.last_status != TaskStatus::Stopped => rows.tasks.push((**task).clone()),
                Row::CapacityProvider(row) => rows.capacity_providers.push((**row).clone()),
                Row::AccountSetting(Some(row)) => rows.account_settings.push(row.clone()),
                Row::AccessKey(Some(key)) => rows.access_keys.push((**key).clone()),
                Row::Host(_)
                | Row::Task(..)
                | Row::Waiting(_)
                | Row::Token(_)
                | Row::AccountSetting(None)
                | Row::AccessKey(None)
                | Row::Change(_)
                | Row::Delivered(_) => {}
            }
        }
        rows
    }

    /// Stores a step, and checks what must hold of each.
    pub fn commit(&mut self, step: Step) {
        self.state.check().unwrap_or_else(|error| panic!("{error}"));
        self.check_orders(&step.effects);
        for (key, row) in &step.writes {
            if let Row::Task(task, class) = row {
                self.check_task(task);
                assert_eq!(class.is_some(), task.last_status == TaskStatus::Provisioning, "{task:?} {class:?}");
                if task.last_status == TaskStatus::Stopped {
                    self.stopped.insert(task.id);
                }
            }
            if let (Row::Host(host), Some(Row::Host(before))) = (row, self.stored.get(key)) {
                assert!(host.status.may_follow(before.status), "{before:?} then {host:?}");
                assert!(host.sequence >= before.sequence && host.version >= before.version);
            }
            if let (Key::Change(sequence), Row::Change(change)) = (key, row) {
                self.told.push(change.clone());
                assert_eq!(*sequence, self.last_change.next(), "changes are numbered without gaps");
                self.last_change = *sequence;
                continue;
            }
            self.stored.insert(key.clone(), row.clone());
        }
        self.step = step;
    }

    fn check_task(&self, task: &Task) {
        assert!(!self.stopped.contains(&task.id), "{} goes on after STOPPED", task.id);
        let Some(Row::Task(before, _)) = self.stored.get(&Key::Task(task.id)) else { return };
        let is_forward = task.last_status >= before.last_status && task.desired_status >= before.desired_status;
        assert!(is_forward && task.version > before.version, "{before:?} then {task:?}");
        assert!(before.host.is_none() || before.host == task.host, "{before:?} then {task:?}");
        assert!(before.stop.is_none() || before.stop == task.stop, "{before:?} then {task:?}");
        for (container, before) in task.containers.iter().zip(&before.containers) {
            assert!(container.last_status >= before.last_status, "{before:?} then {container:?}");
        }
    }

    fn check_orders(&mut self, effects: &[Effect]) {
        for effect in effects {
            let Effect::Order { host, order, .. } = effect else { continue };
            let sequence = match order {
                Order::Manifest { timeline, .. } => *timeline,
                Order::Run { sequence, task, .. } => {
                    assert_eq!((task.host, task.desired_status), (Some(*host), DesiredStatus::Running));
                    assert!(!self.stopped.contains(&task.id), "run again after STOPPED");
                    *sequence
                }
                Order::Stop { sequence, task, .. } => {
                    assert_eq!((task.host, task.desired_status), (Some(*host), DesiredStatus::Stopped));
                    *sequence
                }
                Order::VerifyStop { .. } | Order::Close => continue,
            };
            let before = self.sequences.insert(*host, sequence);
            assert!(before.is_none_or(|before| before < sequence), "sequence numbers of {host} go back");
        }
    }

    // Requests.

    /// Registers a revision of the family `web`.
    pub fn define(&mut self, request: ecs::RegisterTaskDefinitionRequest) -> DefinitionId {
        self.define_as("web", request)
    }

    pub fn define_as(&mut self, family: &str, request: ecs::RegisterTaskDefinitionRequest) -> DefinitionId {
        let event =
            Event::RegisterTaskDefinition { family: name(family), request: Box::new(request), by: "me".to_owned() };
        match self.apply(event) {
            Reply::TaskDefinition(definition) => definition.id.clone(),
            other => panic!("{other:?}"),
        }
    }

    pub fn run(&mut self, definition: &DefinitionId, count: u32) -> Vec<TaskId> {
        let (tasks, failures) = self.run_on(definition, count, LaunchTarget::ClusterDefault);
        assert_eq!(failures, []);
        tasks
    }

    pub fn run_on(
        &mut self,
        definition: &DefinitionId,
        count: u32,
        target: LaunchTarget,
    ) -> (Vec<TaskId>, Vec<PlacementFailure>) {
        match self.apply(run_task(definition, count, target)) {
            Reply::Tasks { tasks, failures } => (tasks.iter().map(|task| task.id).collect(), failures),
            other => panic!("{other:?}"),
        }
    }

    pub fn refused(&mut self, event: Event) -> Rejection {
        let rows = format!("{:?}", self.state.rows());
        match self.apply(event) {
            Reply::Rejected(rejection) => {
                assert!(self.step.writes.is_empty() && self.step.facts.is_empty(), "{:?}", self.step);
                assert_eq!(rows, format!("{:?}", self.state.rows()));
                rejection
            }
            other => panic!("{other:?}"),
        }
    }

    pub fn stop(&mut self, task: TaskId) -> Reply {
        self.apply(Event::StopTask { cluster: name("default"), task, reason: None })
    }

    // Hosts.

    /// Launches a host of the pool and lets it register, without a session.
    pub fn launch(&mut self, kind: &str) -> HostId {
        let planned = PlannedHost { provider: fargate(), instance_type: kind.to_owned() };
        self.plan(HostPlan { launch: vec![planned], ..HostPlan::default() });
        self.step.effects.iter().find_map(launched).expect("a launch")
    }

    pub fn register_launched(&mut self, host: HostId) -> Reply {
        let capacity = self.state.host(host).map_or(Resources::ZERO, |row| row.capacity);
        let event = RegisterHost { host_id: Some(host), ..registration(FARGATE_CLUSTER, capacity) };
        self.apply(Event::RegisterHost(Box::new(event)))
    }

    pub fn connect(&mut self, host: HostId) -> SessionId {
        let session = SessionId(self.next_session);
        self.next_session += 1;
        self.apply(Event::SessionOpened { host, session, version_info: ecs::VersionInfo::default() });
        session
    }

    pub fn disconnect(&mut self, host: HostId, session: SessionId) {
        self.apply(Event::SessionClosed { host, session });
    }

    /// A connected host of the pool.
    pub fn pool_host(&mut self, kind: &str) -> HostId {
        let host = self.launch(kind);
        self.apply(Event::LaunchSucceeded { host });
        self.register_launched(host);
        self.connect(host);
        host
    }

    /// A connected static host in the cluster `default`.
    pub fn static_host(&mut self, cpu: u64, memory: u64) -> HostId {
        let host = self.register(registration("default", Resources::new(cpu, memory)));
        self.connect(host);
        host
    }

    pub fn register(&mut self, request: RegisterHost) -> HostId {
        match self.apply(Event::RegisterHost(Box::new(request))) {
            Reply::Host(host) => host.id,
            other => panic!("{other:?}"),
        }
    }

    // Agents.

    pub fn report(&mut self, task: TaskId, status: ReportedStatus, containers: Vec<ecs::ContainerStateChange>) {
        self.apply(report(task, status, None, containers));
    }

    pub fn running(&mut self, task: TaskId) {
        self.report(task, ReportedStatus::Running, vec![change("main", "RUNNING", None, None)]);
    }

    pub fn exited(&mut self, task: TaskId, exit_code: i32) {
        self.report(task, ReportedStatus::Stopped, vec![change("main", "STOPPED", Some(exit_code), None)]);
    }

    // Looks.

    /// The task as stored, STOPPED or not.
    pub fn task(&self, task: TaskId) -> &Task {
        match self.stored.get(&Key::Task(task)) {
            Some(Row::Task(task, _)) => task,
            other => panic!("{other:?}"),
        }
    }

    pub fn host(&self, host: HostId) -> &Host {
        match self.stored.get(&Key::Host(host)) {
            Some(Row::Host(host)) => host,
            other => panic!("{other:?}"),
        }
    }

    /// The task's status and stop, for snapshots.
    pub fn outcome(&self, task: TaskId) -> String {
        let task = self.task(task);
        let stop = task.stop.as_ref().map(|stop| format!(" {}: {}", stop.code.as_str(), stop.reason));
        format!("{}{}", task.last_status.as_str(), stop.unwrap_or_default())
    }

    /// Why the class of a waiting task waits.
    pub fn reason(&self, task: TaskId) -> String {
        let Some(Row::Task(_, Some(class))) = self.stored.get(&Key::Task(task)) else {
            return "does not wait".to_owned();
        };
        match self.stored.get(&Key::Waiting(class.clone())) {
            Some(Row::Waiting(Some(reason))) => reason.clone(),
            other => format!("{other:?}"),
        }
    }

    pub fn reasons(&self) -> BTreeMap<&ClassId, &str> {
        let texts = self.stored.iter().filter_map(|(key, row)| match (key, row) {
            (Key::Waiting(class), Row::Waiting(Some(text))) => Some((class, text.as_str())),
            _ => None,
        });
        texts.collect()
    }

    /// What the last step has done after its commit, one line each.
    pub fn effects(&self) -> Vec<String> {
        self.step.effects.iter().map(shown).collect()
    }

    pub fn facts(&self) -> &[Fact] {
        &self.step.facts
    }
}

pub fn launched(effect: &Effect) -> Option<HostId> {
    match effect {
        Effect::Launch { host, .. } => Some(*host),
        Effect::Order { .. } | Effect::Terminate { .. } => None,
    }
}

pub fn shown(effect: &Effect) -> String {
    match effect {
        Effect::Order { session, order, .. } => {
            let order = match order {
                Order::Manifest { tasks, .. } => format!("manifest of {}", tasks.len()),
                Order::Run { .. } => "run".to_owned(),
                Order::Stop { .. } => "stop".to_owned(),
                Order::VerifyStop { tasks, .. } => format!("verify {}", tasks.len()),
                Order::Close => "close".to_owned(),
            };
            format!("{order} on session {}", session.0)
        }
        Effect::Launch { instance_type, .. } => format!("launch {instance_type}"),
        Effect::Terminate { .. } => "terminate".to_owned(),
    }
}

pub fn run_task(definition: &DefinitionId, count: u32, target: LaunchTarget) -> Event {
    Event::RunTask(Box::new(run_request(definition, count, target)))
}

pub fn run_request(definition: &DefinitionId, count: u32, target: LaunchTarget) -> RunTask {
    RunTask {
        cluster: name("default"),
        definition: DefinitionRef::Exact(definition.clone()),
        count,
        target,
        request: TaskRequest::default(),
        wishes: Wishes::default(),
        propagate_tags: false,
        has_managed_tags: false,
        token: None,
    }
}

pub fn ec2() -> LaunchTarget {
    LaunchTarget::LaunchType(LaunchType::Ec2)
}

pub fn token(token: &str, fingerprint: &str) -> ClientToken {
    ClientToken { token: token.to_owned(), fingerprint: fingerprint.to_owned(), hit: None }
}

pub fn registration(cluster: &str, capacity: Resources) -> RegisterHost {
    RegisterHost {
        cluster: name::<ClusterName>(cluster),
        known_as: None,
        host_id: None,
        is_external: false,
        capacity,
        gpus: BTreeSet::new(),
        reserved_ports: BTreeSet::new(),
        architecture: Some(Architecture::X86_64),
        machine: None,
        ec2_instance_id: None,
        attributes: Vec::new(),
        tags: Vec::new(),
        token: None,
        key: None,
    }
}

pub fn report(
    task: TaskId,
    status: ReportedStatus,
    reason: Option<&str>,
    containers: Vec<ecs::ContainerStateChange>,
) -> Event {
    Event::TaskReport(Box::new(TaskReport {
        task,
        by: None,
        status,
        reason: reason.map(str::to_owned),
        containers,
        pull_started_at: None,
        pull_stopped_at: None,
        execution_stopped_at: None,
    }))
}
