//! Random courses of events. After every one `World` checks the state and what can be seen of it from outside; here
//! the courses are made, and what must hold of a whole course is checked.

#[path = "../src/fixture.rs"]
#[expect(dead_code, reason = "shared with the unit tests; no test file uses all of it")]
mod fixture;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::Duration;

use berth_model::ecs;
use berth_model::host::{FARGATE_CLUSTER, HostStatus};
use berth_model::id::{DefinitionId, HostId, SessionId, TaskId};
use berth_model::task::{Task, TaskStatus};
use berth_model::unit::Resources;
use berth_scheduler::event::{Event, LaunchTarget, RegisterHost, ReportedStatus, RunTask};
use berth_scheduler::pool::{HostPlan, PlannedHost};
use berth_scheduler::setting::Settings;
use berth_scheduler::state::State;
use berth_scheduler::step::{Key, Reply, Row, Step};
use proptest::prelude::*;
use proptest::sample::Index;

use fixture::{World, change, container, ec2, fargate, name, port, registration, report, request, run_request, sized};

/// One thing that happens; an [`Index`] picks among what is there.
#[derive(Debug, Clone)]
enum Op {
    Run { definition: Index, count: u32, is_static: bool, token: Option<u8> },
    Stop(Index),
    Launch(Index),
    LaunchSucceeded(Index),
    LaunchFailed(Index),
    RegisterLaunched(Index),
    RegisterStatic { cpu: u64, on_machine: bool },
    RegisterAgain(Index),
    Open(Index),
    Close(Index),
    Acknowledge { task: Index, host: Index },
    Report { task: Index, status: ReportedStatus, exit_code: Option<i32> },
    Candidates { host: Index, task: Index },
    MachineGone(Index),
    Listed { seed: u64, is_old: bool },
    Terminate(Index),
    After(u64),
    Pass,
    Owed,
    Restart,
    Closing,
}

fn op() -> impl Strategy<Value = Op> {
    let index = any::<Index>;
    let status =
        prop_oneof![Just(ReportedStatus::Pending), Just(ReportedStatus::Running), Just(ReportedStatus::Stopped)];
    prop_oneof![
        12 => (index(), 1..=10_u32, prop::bool::weighted(0.2), prop::option::weighted(0.2, 0..3_u8))
            .prop_map(|(definition, count, is_static, token)| Op::Run { definition, count, is_static, token }),
        4 => index().prop_map(Op::Stop),
        5 => index().prop_map(Op::Launch),
        3 => index().prop_map(Op::LaunchSucceeded),
        1 => index().prop_map(Op::LaunchFailed),
        8 => index().prop_map(Op::RegisterLaunched),
        2 => (256..4096_u64, any::<bool>()).prop_map(|(cpu, on_machine)| Op::RegisterStatic { cpu, on_machine }),
        2 => index().prop_map(Op::RegisterAgain),
        10 => index().prop_map(Op::Open),
        2 => index().prop_map(Op::Close),
        6 => (index(), index()).prop_map(|(task, host)| Op::Acknowledge { task, host }),
        20 => (index(), status, prop::option::of(0..3_i32))
            .prop_map(|(task, status, exit_code)| Op::Report { task, status, exit_code }),
        1 => (index(), index()).prop_map(|(host, task)| Op::Candidates { host, task }),
        1 => index().prop_map(Op::MachineGone),
        1 => (any::<u64>(), any::<bool>()).prop_map(|(seed, is_old)| Op::Listed { seed, is_old }),
        2 => index().prop_map(Op::Terminate),
        6 => prop_oneof![3 => 0..90_000_u64, 1 => 90_000..900_000_u64].prop_map(Op::After),
        14 => Just(Op::Pass),
        2 => Just(Op::Owed),
        1 => Just(Op::Restart),
        1 => prop::bool::weighted(0.2).prop_map(|is_closing| if is_closing { Op::Closing } else { Op::Pass }),
    ]
}

/// A world, what tells its course, and everything that was ever in it, so that old ids come up again and again.
struct Course {
    world: World,
    definitions: Vec<DefinitionId>,
    tasks: Vec<TaskId>,
    hosts: Vec<HostId>,
    sessions: Vec<(HostId, SessionId)>,
    /// Every step as text, where two courses are to be compared.
    log: Option<String>,
}

impl Course {
    fn new() -> Self {
        let settings = Settings { classes_per_pass_max: 3, placements_per_pass_max: 7, ..fixture::settings() };
        let mut world = World::new(settings);
        let mapped = ecs::ContainerDefinition { port_mappings: Some(vec![port(80, 80)]), ..container("main") };
        let host_mode = ecs::RegisterTaskDefinitionRequest {
            network_mode: Some(ecs::NetworkMode::Host),
            ..request(vec![ecs::ContainerDefinition { port_mappings: Some(vec![port(90, 90)]), ..container("main") }])
        };
        let requests = [
            request(vec![sized(128, 128)]),
            request(vec![sized(700, 300)]),
            request(vec![sized(100, 1500)]),
            request(vec![sized(1024, 2048)]),
            request(vec![sized(3000, 1000)]),
            request(vec![mapped]),
            host_mode,
        ];
        let definitions = requests.into_iter().map(|request| world.define(request)).collect();
        Self { world, definitions, tasks: vec![TaskId(1)], hosts: vec![HostId(1)], sessions: vec![], log: None }
    }

    fn go(&mut self, op: &Op) {
        match op {
            Op::Run { definition, count, is_static, token } => self.run(*definition, *count, *is_static, *token),
            Op::Stop(task) => drop(self.world.stop(*task.get(&self.tasks))),
            Op::Launch(kind) => self.launch(*kind),
            Op::LaunchSucceeded(host) => self.of_host(*host, |host| Event::LaunchSucceeded { host }),
            Op::LaunchFailed(host) => {
                let retry_at = self.world.now + Duration::from_secs(30);
                self.of_host(*host, |host| Event::LaunchFailed { host, reason: "none".to_owned(), retry_at });
            }
            Op::RegisterLaunched(host) => drop(self.world.register_launched(*host.get(&self.hosts))),
            Op::RegisterStatic { cpu, on_machine } => {
                let machine = on_machine.then(|| "m".to_owned());
                let request = RegisterHost { machine, ..registration("default", Resources::new(*cpu, 4096)) };
                let host = self.world.register(request);
                self.hosts.push(host);
            }
            Op::RegisterAgain(host) => self.register_again(*host.get(&self.hosts)),
            Op::Open(host) => {
                let host = *host.get(&self.hosts);
                let session = self.world.connect(host);
                self.sessions.push((host, session));
            }
            Op::Close(session) if !self.sessions.is_empty() => {
                let (host, session) = *session.get(&self.sessions);
                self.world.disconnect(host, session);
            }
            Op::Acknowledge { task, host } => {
                let (task, any) = (*task.get(&self.tasks), *host.get(&self.hosts));
                let host = self.world.state.task(task).and_then(|task| task.host).unwrap_or(any);
                self.world.apply(Event::TaskAcknowledged { host, task });
            }
            Op::Report { task, status, exit_code } => {
                let text = match status {
                    ReportedStatus::Pending => "PENDING",
                    ReportedStatus::Running => "RUNNING",
                    ReportedStatus::Stopped => "STOPPED",
                };
                let changes = vec![change("main", text, *exit_code, None)];
                self.world.apply(report(*task.get(&self.tasks), *status, None, changes));
            }
            Op::Candidates { host, task } if !self.sessions.is_empty() => {
                let (host, session) = *host.get(&self.sessions);
                let tasks = vec![*task.get(&self.tasks)];
                self.world.apply(Event::StopCandidates { host, session, message_id: "m".to_owned(), tasks });
            }
            Op::Close(_) | Op::Candidates { .. } => {}
            Op::MachineGone(host) => self.of_host(*host, |host| Event::MachineGone { host }),
            Op::Listed { seed, is_old } => self.list(*seed, *is_old),
            Op::Terminate(host) => {
                let terminate = vec![*host.get(&self.hosts)];
                self.world.plan(HostPlan { terminate, ..HostPlan::default() });
            }
            Op::After(millis) => {
                self.world.after(Duration::from_millis(*millis));
                self.world.tick();
            }
            Op::Pass => self.world.pass(),
            Op::Owed => self.world.owed(),
            Op::Restart => self.world.restart(),
            Op::Closing => drop(self.world.apply(Event::Closing)),
        }
        if let Some(log) = &mut self.log {
            writeln!(log, "{op:?}: {:?}", self.world.step).expect("a string takes any text");
        }
        self.check();
    }

    fn of_host(&mut self, host: Index, event: impl FnOnce(HostId) -> Event) {
        self.world.apply(event(*host.get(&self.hosts)));
    }

    fn run(&mut self, definition: Index, count: u32, is_static: bool, token: Option<u8>) {
        let target = if is_static { ec2() } else { LaunchTarget::ClusterDefault };
        let definition = definition.get(&self.definitions);
        let fingerprint = format!("{definition} {count}");
        let token = token.map(|token| fixture::token(&token.to_string(), &fingerprint));
        let token = token.map(|mut token| {
            let key = |key: &Key| matches!(key, Key::Token(known) if known.token == token.token);
            token.hit = self.world.stored.iter().find(|(name, _)| key(name)).and_then(|(_, row)| match row {
                Row::Token(hit) => Some(hit.clone()),
                _ => None,
            });
            token
        });
        let request = RunTask { token, ..run_request(definition, count, target) };
        if let Reply::Tasks { tasks, .. } = self.world.apply(Event::RunTask(Box::new(request))) {
            self.tasks.extend(tasks.iter().map(|task| task.id));
        }
    }

    fn launch(&mut self, kind: Index) {
        let kind = *kind.get(&[fixture::SMALL, fixture::SMALL, fixture::LARGE]);
        let planned = PlannedHost { provider: fargate(), instance_type: kind.to_owned() };
        self.world.plan(HostPlan { launch: vec![planned], ..HostPlan::default() });
        self.hosts.extend(self.world.step.effects.iter().filter_map(fixture::launched));
    }

    fn register_again(&mut self, host: HostId) {
        let Some(row) = self.world.state.host(host) else { return };
        let (cluster, capacity) = (row.cluster.to_string(), row.capacity);
        let request = RegisterHost { known_as: Some(host), ..registration(&cluster, capacity) };
        self.world.apply(Event::RegisterHost(Box::new(request)));
    }

    /// Some of the hosts, and one that nobody knows.
    fn list(&mut self, seed: u64, is_old: bool) {
        let listed = |(n, host): (usize, &HostId)| (seed >> (n % 64) & 1 == 1).then_some(*host);
        let mut hosts: BTreeSet<HostId> = self.hosts.iter().enumerate().filter_map(listed).collect();
        hosts.insert(HostId(99));
        let as_of = if is_old { self.world.now - Duration::from_mins(1) } else { self.world.now };
        self.world.apply(Event::MachinesListed { provider: fargate(), hosts, as_of });
    }

    /// What every step must leave behind, seen from the rows alone.
    fn check(&self) {
        let mut on_host: BTreeMap<HostId, Vec<&Task>> = BTreeMap::new();
        for row in self.world.stored.values() {
            if let Row::Task(task, _) = row
                && task.last_status != TaskStatus::Stopped
                && let Some(host) = task.host
            {
                on_host.entry(host).or_default().push(task);
            }
        }
        let mut host_network: BTreeMap<&str, usize> = BTreeMap::new();
        for (id, tasks) in &on_host {
            let host = self.world.host(*id);
            assert!(matches!(host.status, HostStatus::Active | HostStatus::Draining), "{tasks:?} on {host:?}");
            let used: Resources = tasks.iter().map(|task| task.demand.resources).sum();
            assert!(used.fits_in(host.capacity), "{used} on {}", host.capacity);
            let ports: usize = tasks.iter().map(|task| task.demand.ports.len()).sum();
            let distinct: BTreeSet<_> = tasks.iter().flat_map(|task| &task.demand.ports).collect();
            assert_eq!(ports, distinct.len());
            assert!(tasks.iter().all(|task| host.provider().is_some() || task.cluster == host.cluster));
            if let Some(machine) = &host.machine {
                let count = tasks.iter().filter(|task| task.demand.host_network).count();
                *host_network.entry(machine).or_default() += count;
            }
        }
        assert!(host_network.values().all(|count| *count <= 1), "{host_network:?}");
    }

    /// The state is what its rows say, now and after a restart.
    fn check_restored(&mut self) {
        let restored = State::restore(self.world.settings(), self.world.rows());
        let sorted = |state: &State| {
            let rows = state.rows();
            format!("{:?}\n{:?}\n{:?}\n{:?}", rows.clusters, rows.task_definitions, rows.hosts, rows.tasks)
        };
        assert_eq!(sorted(&restored), sorted(&self.world.state));
        let mut twin = World::new(fixture::settings());
        twin.now = self.world.now;
        twin.stored.clone_from(&self.world.stored);
        twin.restart();
        self.world.apply(Event::Started);
        assert_eq!(sorted(&twin.state), sorted(&self.world.state));
        let seen = |world: &World| {
            let pools: Vec<_> = world.state.pools().map(|(_, view)| (view.hosts, view.unavailable.len())).collect();
            format!("{:?} {:?}", world.state.counts(), pools.iter().map(|(hosts, _)| hosts).collect::<Vec<_>>())
        };
        assert_eq!(seen(&twin), seen(&self.world));
        // Both can go on: with all agents back, both place what fits.
        for world in [&mut twin, &mut self.world] {
            for host in self.hosts.iter().copied().filter(|host| *host != HostId(1)) {
                if world.state.host(host).is_some_and(|row| row.status == HostStatus::Active) {
                    world.connect(host);
                }
            }
            world.place();
        }
    }
}

fn course(ops: &[Op]) -> Course {
    let mut course = Course::new();
    for op in ops {
        course.go(op);
    }
    course
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_course_keeps_the_rules(ops in prop::collection::vec(op(), 1..120)) {
        let mut course = course(&ops);
        course.check_restored();
    }

    #[test]
    fn the_same_course_gives_the_same_steps(ops in prop::collection::vec(op(), 1..60)) {
        let told = || {
            let mut course = Course::new();
            course.log = Some(String::new());
            for op in &ops {
                course.go(op);
            }
            course.log
        };
        prop_assert_eq!(told(), told());
    }

    /// Facts and repeats of requests that are answered already change nothing the second time.
    #[test]
    fn repeats_change_nothing(ops in prop::collection::vec(op(), 1..60)) {
        let mut course = Course::new();
        for op in &ops {
            course.world.step = Step::default();
            course.go(op);
            let is_idempotent = match op {
                Op::Stop(_) | Op::LaunchSucceeded(_) | Op::LaunchFailed(_) | Op::Close(_) | Op::Acknowledge { .. }
                | Op::Report { .. } | Op::MachineGone(_) => true,
                Op::Run { token, .. } => token.is_some() && !course.world.step.writes.is_empty(),
                Op::Launch(_) | Op::RegisterLaunched(_) | Op::RegisterStatic { .. } | Op::RegisterAgain(_)
                | Op::Open(_) | Op::Candidates { .. } | Op::Listed { .. } | Op::Terminate(_) | Op::After(_) | Op::Pass
                | Op::Owed | Op::Restart | Op::Closing => false,
            };
            let is_same_pick = !matches!(op, Op::Run { .. });
            if is_idempotent && is_same_pick {
                course.world.step = Step::default();
                course.go(op);
                prop_assert!(course.world.step.writes.is_empty(), "{:?} twice: {:?}", op, course.world.step);
            } else if is_idempotent {
                let before = course.world.state.rows().tasks.len();
                course.go(op);
                prop_assert_eq!(course.world.state.rows().tasks.len(), before);
            }
        }
    }
}

/// With enough room everything that was ever asked for runs, whatever its size: nothing is forgotten in a queue.
#[test]
fn everything_that_fits_is_placed_in_the_end() {
    let mut course = Course::new();
    let definitions = course.definitions.clone();
    let tasks: Vec<TaskId> = definitions.iter().flat_map(|definition| course.world.run(definition, 3)).collect();
    for _ in 0..8 {
        let host = course.world.launch(fixture::LARGE);
        let capacity = Resources::new(8192, 16384);
        let request = RegisterHost { host_id: Some(host), ..registration(FARGATE_CLUSTER, capacity) };
        assert_eq!(course.world.register(request), host);
        course.world.connect(host);
    }
    course.world.place();
    assert!(tasks.iter().all(|task| course.world.task(*task).host.is_some()));
    assert!(course.world.reasons().is_empty());
    let cluster = name("default");
    assert!(course.world.state.rows().clusters.iter().any(|known| known.name == cluster));
}
