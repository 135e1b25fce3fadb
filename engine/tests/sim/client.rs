//! The clients: they run and stop tasks, ask again with the same token when no answer comes, and hold the server to what
//! it said.

use std::collections::BTreeMap;

use berth_model::arn::DefinitionRef;
use berth_model::ecs::{
    CapacityProviderStrategyItem, ContainerCondition, ContainerDefinition, ContainerDependency,
    InfrastructureOptimization, ManagedInstancesProvider, NetworkMode, PlacementConstraint, PlacementConstraintType,
    PlacementStrategy, PlacementStrategyType, PortMapping, RegisterTaskDefinitionRequest, Secret,
};
use berth_model::host::FARGATE_CLUSTER;
use berth_model::id::{ClusterName, DefinitionId, Family, HostId, TaskId};
use berth_model::task::TaskRequest;
use berth_model::task_definition::DefinitionStatus;
use berth_scheduler::event::{
    ClientToken, ClusterOptions, CreateCapacityProvider, Event, LaunchTarget, LaunchType, RunTask,
};
use berth_scheduler::placement::wish::Wishes;
use berth_scheduler::step::{Rejection, Reply};

use crate::dice::Dice;
use crate::queue::{Answer, Happening, Request};
use crate::request::Caller;
use crate::truth::Invariant;
use crate::world::{SECOND_POOL, World};

/// How often a request is sent before its client gives up.
const TRIES: u32 = 10;

/// The families that clients run.
pub(crate) const FAMILIES: [&str; 8] = ["small", "large", "pair", "port", "host", "own", "sized", "secret"];

/// The cluster that comes and goes.
const OTHER: &str = "other";

/// The capacity provider that comes and goes.
const OWN_POOL: &str = "own";

/// One client, which does one thing at a time.
#[derive(Debug, Default)]
pub(crate) struct Client {
    /// How many RunTask it still is to send.
    runs_left: usize,
    current: Option<Attempt>,
    /// Its requests, by what they say in `startedBy`.
    requests: BTreeMap<String, RunTask>,
    /// The tasks it knows of.
    tasks: Vec<TaskId>,
    /// The task definitions it registered.
    definitions: Vec<DefinitionId>,
}

#[derive(Debug)]
struct Attempt {
    event: Event,
    tries: u32,
}

impl Client {
    pub(crate) fn new(runs_left: usize) -> Self {
        Self { runs_left, ..Self::default() }
    }

    fn send(&mut self, request: RunTask) -> Event {
        let started_by = request.request.started_by.clone().unwrap_or_default();
        self.requests.insert(started_by, request.clone());
        Event::RunTask(Box::new(request))
    }

    pub(crate) fn is_done(&self) -> bool {
        self.runs_left == 0 && self.current.is_none()
    }

    /// How many tasks a request of this client asked for.
    pub(crate) fn wanted(&self, started_by: &str) -> Option<usize> {
        Some(self.requests.get(started_by)?.count as usize)
    }
}

impl World {
    /// A client does the next thing.
    pub(crate) fn client_acts(&mut self, number: usize) {
        if self.clients[number].current.is_none() && !self.choose(number) {
            return;
        }
        let Some(attempt) = &self.clients[number].current else { return };
        let event = attempt.event.clone();
        if let Event::StopTask { task, .. } = &event {
            self.truth.asked_to_stop.insert(*task);
        }
        // What is safe to send twice may arrive twice.
        let may_double = matches!(&event, Event::RunTask(_) | Event::StopTask { .. });
        let request = Request { event, machine: None, is_client: true };
        self.send_request(Caller::Client(number), request, may_double);
    }

    /// Chooses what to do next; false if all is done.
    fn choose(&mut self, number: usize) -> bool {
        let is_calm = !self.sim.is_faulty();
        let Self { sim, clients, machines, .. } = self;
        let client = &mut clients[number];
        let hosts: Vec<HostId> = machines.values().filter_map(|machine| machine.host).collect();
        let (is_gentle, dice) = (sim.weather.is_gentle, &mut sim.dice);
        if client.runs_left == 0 || is_calm {
            client.runs_left = 0;
            return false;
        }
        let event = match dice.below(20) {
            0..12 => {
                client.runs_left -= 1;
                let request = run(dice, &format!("token-{number}-{}", client.runs_left));
                client.send(request)
            }
            12..16 => match dice.pick(&client.tasks) {
                Some(task) => Event::StopTask { cluster: default(), task, reason: None },
                None => Event::CreateCluster {
                    name: default(),
                    tags: Vec::new(),
                    options: Box::default(),
                    by: String::new(),
                },
            },
            16 => match client.requests.values().next_back().cloned() {
                Some(request) => client.send(reuse(request)),
                None => Event::CreateCluster {
                    name: default(),
                    tags: Vec::new(),
                    options: Box::default(),
                    by: String::new(),
                },
            },
            17 if dice.one_in(3) => change_provider(dice),
            17 if dice.one_in(2) && !hosts.is_empty() => change_host(dice, &hosts, is_gentle),
            17 => Event::CreateCluster { name: other(), tags: Vec::new(), options: Box::default(), by: String::new() },
            18 => Event::DeleteCluster { name: other() },
            19 if dice.one_in(2) => match client.definitions.pop() {
                Some(definition) => Event::DeregisterTaskDefinition { definition },
                None => define(FAMILIES[dice.below(FAMILIES.len())]),
            },
            _ => define(FAMILIES[dice.below(FAMILIES.len())]),
        };
        client.current = Some(Attempt { event, tries: 0 });
        true
    }

    /// An answer has come, or none.
    pub(crate) fn client_hears(&mut self, number: usize, answer: Answer) {
        let Some(attempt) = &mut self.clients[number].current else { return };
        attempt.tries += 1;
        let wait = match answer {
            Answer::Reply(reply) => {
                let event = attempt.event.clone();
                self.clients[number].current = None;
                self.take_reply(number, &event, reply);
                self.sim.dice.between(10, 25_000)
            }
            Answer::Unavailable | Answer::Lost if attempt.tries >= TRIES => {
                self.clients[number].current = None;
                1_000
            }
            Answer::Unavailable | Answer::Lost => self.sim.dice.between(50, 3_000),
        };
        self.sim.after(wait, Happening::ClientActs(number));
    }

    fn take_reply(&mut self, number: usize, event: &Event, reply: Reply) {
        let request = if let Event::RunTask(request) = event { Some(request) } else { None };
        let token = request.and_then(|request| request.token.as_ref());
        let is_reuse = token.is_some_and(|token| token.fingerprint.ends_with('!'));
        match reply {
            Reply::Tasks { tasks, failures } => {
                let count = request.map_or(0, |request| request.count as usize);
                if tasks.len() + failures.len() != count {
                    let text = format!("{count} tasks were asked for: {tasks:?} {failures:?}");
                    self.sim.violate(Invariant::TokenIsOneRequest, text);
                }
                let tasks: Vec<TaskId> = tasks.iter().map(|task| task.id).collect();
                self.take_tasks(number, token, is_reuse, &tasks);
            }
            Reply::TaskDefinition(definition) if definition.status == DefinitionStatus::Active => {
                self.clients[number].definitions.push(definition.id.clone());
            }
            Reply::Repeated { tasks, .. } => self.take_tasks(number, token, is_reuse, &tasks),
            Reply::Rejected(Rejection::TokenConflict { .. }) if !is_reuse => {
                self.sim.violate(Invariant::TokenIsOneRequest, format!("a repeat was taken for another: {event:?}"));
            }
            _ => {}
        }
    }

    fn take_tasks(&mut self, number: usize, token: Option<&ClientToken>, is_reuse: bool, tasks: &[TaskId]) {
        // The first request may have found no place at all, and then its token is free for another.
        let name = token.filter(|_| !is_reuse).map(|token| token.token.as_str());
        self.truth.acknowledge(&mut self.sim, &self.store, name, tasks);
        self.clients[number].tasks.extend(tasks);
    }
}

/// Makes a provider, lets the cluster have it or not, or deletes it.
fn change_provider(dice: &mut Dice) -> Event {
    let provider = || OWN_POOL.parse().expect("a provider");
    match dice.below(7) {
        // The cluster that it is made for has it at once.
        kind @ 0..=3 => Event::CreateCapacityProvider(Box::new(CreateCapacityProvider {
            name: provider(),
            cluster: (kind > 0).then(default),
            managed_instances: ManagedInstancesProvider {
                infrastructure_optimization: Some(InfrastructureOptimization { scale_in_after: Some(20) }),
                ..ManagedInstancesProvider::default()
            },
            tags: Vec::new(),
        })),
        4 => Event::DeleteCapacityProvider { name: provider(), cluster: None },
        kind => {
            // Refused as a whole where there is no second pool.
            let configured = [Some("FARGATE"), Some("FARGATE_SPOT"), dice.one_in(2).then_some(SECOND_POOL)];
            let configured = configured.into_iter().flatten().map(|name| name.parse().expect("a provider"));
            let own = (kind == 5).then(provider);
            let capacity_providers = Some(configured.chain(own).collect());
            let options = ClusterOptions { capacity_providers, ..ClusterOptions::default() };
            Event::UpdateCluster { name: default(), options: Box::new(options) }
        }
    }
}

fn default() -> ClusterName {
    "default".parse().expect("a cluster's name")
}

fn other() -> ClusterName {
    OTHER.parse().expect("a cluster's name")
}

/// An operator has a host drain, take tasks again, or leave.
fn change_host(dice: &mut Dice, hosts: &[HostId], is_gentle: bool) -> Event {
    let cluster: ClusterName = FARGATE_CLUSTER.parse().expect("a constant");
    let host = hosts[dice.below(hosts.len())];
    match dice.below(4) {
        // Whatever runs there comes to its end.
        0 if !is_gentle => Event::DeregisterHost { cluster, host, is_forced: true },
        0 => Event::DeregisterHost { cluster, host, is_forced: false },
        1 => Event::SetDraining { cluster, hosts: vec![host], is_draining: false },
        _ => Event::SetDraining { cluster, hosts: vec![host], is_draining: true },
    }
}

fn run(dice: &mut Dice, token: &str) -> RunTask {
    let family: Family = FAMILIES[dice.below(FAMILIES.len())].parse().expect("a family");
    let target = match dice.below(9) {
        0 | 1 => LaunchTarget::LaunchType(LaunchType::Ec2),
        2 => LaunchTarget::Provider("FARGATE_SPOT".parse().expect("a provider")),
        3 if dice.below(4) > 0 => LaunchTarget::Provider(OWN_POOL.parse().expect("a provider")),
        3 => LaunchTarget::Provider(SECOND_POOL.parse().expect("a provider")),
        4 => shared(dice),
        _ => LaunchTarget::ClusterDefault,
    };
    let cluster = if dice.one_in(10) { other() } else { default() };
    // FARGATE itself takes neither constraints nor strategies.
    let is_fargate = match &target {
        LaunchTarget::Provider(provider) => provider.as_str() == "FARGATE_SPOT",
        LaunchTarget::Strategy(items) => items.iter().any(|item| item.capacity_provider.as_deref() == Some("FARGATE")),
        LaunchTarget::ClusterDefault | LaunchTarget::LaunchType(_) => false,
    };
    let (group, wishes) = if !is_fargate && dice.one_in(4) { wishes(dice) } else { ("", Wishes::default()) };
    RunTask {
        cluster,
        definition: DefinitionRef::Latest(family),
        count: [1, 1, 2, 3, 10][dice.below(5)],
        target,
        request: TaskRequest { group: group.to_owned(), started_by: Some(token.to_owned()), ..TaskRequest::default() },
        wishes,
        propagate_tags: false,
        has_managed_tags: false,
        token: Some(ClientToken { token: token.to_owned(), fingerprint: token.to_owned(), hit: None }),
    }
}

/// Tasks shared out between two providers.
fn shared(dice: &mut Dice) -> LaunchTarget {
    let [first, second] = if dice.one_in(2) { ["FARGATE", "FARGATE_SPOT"] } else { [OWN_POOL, SECOND_POOL] };
    let item = |provider: &str, weight, base| CapacityProviderStrategyItem {
        capacity_provider: Some(provider.to_owned()),
        weight: Some(weight),
        base: Some(base),
    };
    LaunchTarget::Strategy(vec![item(first, 1, i32::from(dice.one_in(2))), item(second, 2, 0)])
}

/// A group, and what its tasks ask of hosts. All of it is to be had on some host at some time.
fn wishes(dice: &mut Dice) -> (&'static str, Wishes) {
    let member_of = |expression: &str| PlacementConstraint {
        r#type: Some(PlacementConstraintType::MemberOf),
        expression: Some(expression.to_owned()),
    };
    let strategy = |kind, field: &str| PlacementStrategy {
        r#type: Some(kind),
        field: Some(field.to_owned()).filter(|field| !field.is_empty()),
    };
    let distinct = PlacementConstraint { r#type: Some(PlacementConstraintType::DistinctInstance), expression: None };
    let constrained = |constraint| Wishes { constraints: vec![constraint], strategies: Vec::new() };
    let ordered = |strategies| Wishes { constraints: Vec::new(), strategies };
    match dice.below(5) {
        0 => ("apart", constrained(distinct)),
        1 => ("", constrained(member_of("agentConnected == true and !(attribute:none exists)"))),
        2 => ("shy", constrained(member_of("not(task:group == apart) && runningTasksCount < 20"))),
        3 => ("", ordered(vec![strategy(PlacementStrategyType::Spread, "instanceId")])),
        _ => (
            "",
            ordered(vec![
                strategy(PlacementStrategyType::Random, ""),
                strategy(PlacementStrategyType::Binpack, "memory"),
            ]),
        ),
    }
}

/// Another request with the same token.
fn reuse(mut request: RunTask) -> RunTask {
    request.count = 11 - request.count;
    if let Some(started_by) = &mut request.request.started_by {
        started_by.push('!');
    }
    if let Some(token) = &mut request.token {
        token.fingerprint.push('!');
    }
    request
}

/// A task definition of a family.
pub(crate) fn define(family: &str) -> Event {
    let container = |name: &str, cpu: i32, memory: i32| ContainerDefinition {
        name: Some(name.to_owned()),
        image: Some("busybox".to_owned()),
        cpu: Some(cpu),
        memory: Some(memory),
        ..ContainerDefinition::default()
    };
    let containers = match family {
        "large" => vec![container("main", 1024, 2048)],
        "pair" => {
            let helper = ContainerDefinition { essential: Some(false), ..container("helper", 128, 128) };
            let wait = ContainerDependency {
                container_name: Some("helper".to_owned()),
                condition: Some(ContainerCondition::Start),
            };
            let side = ContainerDefinition { depends_on: Some(vec![wait]), ..container("side", 128, 256) };
            vec![side, helper, container("main", 256, 512)]
        }
        "port" => {
            let port = PortMapping { container_port: Some(80), host_port: Some(8080), ..PortMapping::default() };
            vec![ContainerDefinition { port_mappings: Some(vec![port]), ..container("main", 128, 256) }]
        }
        "secret" => {
            let secret = Secret { name: Some("TOKEN".to_owned()), value_from: Some("token".to_owned()) };
            vec![ContainerDefinition { secrets: Some(vec![secret]), ..container("main", 256, 512) }]
        }
        "own" => {
            let port = PortMapping { container_port: Some(80), ..PortMapping::default() };
            let main = ContainerDefinition { port_mappings: Some(vec![port]), ..container("main", 128, 256) };
            vec![main, ContainerDefinition { essential: Some(false), ..container("side", 128, 256) }]
        }
        _ => vec![container("main", 256, 512)],
    };
    let network_mode = match family {
        "host" => Some(NetworkMode::Host),
        "own" => Some(NetworkMode::Awsvpc),
        _ => None,
    };
    let is_sized = family == "sized";
    Event::RegisterTaskDefinition {
        family: family.parse().expect("a family"),
        request: Box::new(RegisterTaskDefinitionRequest {
            family: Some(family.to_owned()),
            container_definitions: Some(containers),
            network_mode,
            cpu: is_sized.then(|| "512".to_owned()),
            memory: is_sized.then(|| "1024".to_owned()),
            ..RegisterTaskDefinitionRequest::default()
        }),
        by: String::new(),
    }
}
