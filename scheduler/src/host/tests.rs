use berth_model::host::HOST_ID_ATTRIBUTE;
use berth_model::task::Architecture;
use berth_model::unit::Resources;
use expect_test::expect;

use super::*;
use crate::event::Event;
use crate::fixture::{LARGE, World, container, ec2, registration, request, settings};

fn attribute(name: &str, value: &str) -> ecs::Attribute {
    ecs::Attribute { name: Some(name.to_owned()), value: Some(value.to_owned()), ..Default::default() }
}

fn refusal(world: &mut World, request: RegisterHost) -> String {
    format!("{:?}", world.refused(Event::RegisterHost(Box::new(request))))
}

#[test]
fn a_launched_host_completes_its_row_also_twice_and_before_the_backend_has_answered() {
    let mut world = World::new(settings());
    let host = world.launch("small");
    assert_eq!(world.host(host).status, HostStatus::Requested);
    let mut sent = registration(FARGATE_CLUSTER, Resources::new(1000, 2000));
    sent.host_id = Some(host);
    sent.architecture = None;
    sent.attributes = vec![attribute(HOST_ID_ATTRIBUTE, &host.to_string()), attribute("custom", "1")];
    assert_eq!(world.register(sent.clone()), host);
    let row = world.host(host).clone();
    assert_eq!((row.status, row.capacity), (HostStatus::Active, Resources::new(1000, 2000)));
    assert_eq!((row.architecture, row.attributes.len()), (Some(Architecture::X86_64), 2));
    assert_eq!(world.register(sent), host);
    world.apply(Event::LaunchSucceeded { host });
    assert_eq!(world.host(host).status, HostStatus::Active);
    assert_eq!(world.state.counts().hosts.len(), 1);
}

#[test]
fn strangers_may_not_register() {
    let mut world = World::new(settings());
    let host = world.launch("small");
    let size = Resources::new(1024, 2048);
    let pool = || registration(FARGATE_CLUSTER, size);
    let unknown = HostId(7);
    let refusals = [
        refusal(&mut world, pool()),
        refusal(&mut world, RegisterHost { host_id: Some(unknown), ..pool() }),
        refusal(&mut world, RegisterHost { known_as: Some(unknown), ..pool() }),
        refusal(&mut world, RegisterHost { known_as: Some(unknown), host_id: Some(host), ..pool() }),
        refusal(&mut world, RegisterHost { host_id: Some(host), ..registration("default", size) }),
        refusal(&mut world, registration("nowhere", size)),
    ];
    expect![[r#"
        Client("Only hosts that Berth launched register in the cluster berth-fargate.")
        Client("There is no container instance 00000000000000000000000000000007 that may register.")
        Client("There is no container instance 00000000000000000000000000000007 that may register.")
        Client("The container instance 00000000000000000000000000000007 is not the host HOST.")
        Client("The container instance HOST belongs to the cluster berth-fargate.")
        ClusterNotFound("nowhere")"#]]
    .assert_eq(&refusals.join("\n").replace(&host.to_string(), "HOST"));
    world.apply(Event::MachineGone { host });
    assert!(refusal(&mut world, RegisterHost { host_id: Some(host), ..pool() }).contains("may register"));
}

#[test]
fn a_static_host_serves_its_cluster_and_kind() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let host = world.static_host(1024, 2048);
    let external = RegisterHost { is_external: true, ..registration("default", Resources::new(8192, 8192)) };
    let other = world.register(external);
    world.connect(other);
    let (tasks, failures) = world.run_on(&definition, 5, ec2());
    assert_eq!(tasks.len(), 4);
    assert!(tasks.iter().all(|task| world.task(*task).host == Some(host)));
    expect!["RESOURCE:CPU: no room on 1 host: 1 lacks CPU (needs 256 CPU units)"]
        .assert_eq(&format!("{}: {}", failures[0].reason, failures[0].detail));
}

#[test]
fn a_token_makes_a_repeated_registration_the_same_host() {
    let mut world = World::new(settings());
    let sent =
        |token: &str| RegisterHost { token: Some(token.to_owned()), ..registration("default", Resources::new(1, 1)) };
    let host = world.register(sent("a"));
    assert_eq!(world.register(sent("a")), host);
    world.restart();
    assert_eq!(world.register(sent("a")), host);
    assert_ne!(world.register(sent("b")), host);
}

#[test]
fn a_known_host_keeps_its_tasks_and_custom_attributes() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let sent = RegisterHost {
        attributes: vec![attribute("custom", "1"), attribute("version", "1")],
        machine: Some("m".to_owned()),
        ..registration("default", Resources::new(1024, 2048))
    };
    let host = world.register(sent.clone());
    world.connect(host);
    let tasks = world.run_on(&definition, 2, ec2()).0;
    let again = RegisterHost {
        known_as: Some(host),
        attributes: vec![attribute("version", "2")],
        machine: None,
        capacity: Resources::new(256, 256),
        ..sent
    };
    assert_eq!(world.register(again), host);
    let row = world.host(host);
    assert_eq!(row.attributes, [attribute("version", "2"), attribute("custom", "1")]);
    assert_eq!((row.machine.as_deref(), row.capacity), (Some("m"), Resources::new(256, 256)));
    // It is smaller now than what its tasks take: they stay, no other comes.
    assert_eq!(world.run_on(&definition, 1, ec2()).1.len(), 1);
    world.exited(tasks[0], 0);
    world.exited(tasks[1], 0);
    assert_eq!(world.run_on(&definition, 1, ec2()).1[0].reason, "RESOURCE:MEMORY");
}

#[test]
fn an_agent_without_records_ends_what_it_had_acknowledged() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let host = world.pool_host("large");
    let tasks = world.run(&definition, 3);
    world.place();
    world.apply(Event::TaskAcknowledged { host, task: tasks[0] });
    world.running(tasks[1]);
    world.register_launched(host);
    // Their containers may still run: the agent has yet to remove what it finds.
    expect!["RUNNING"].assert_eq(&world.outcome(tasks[1]));
    world.connect(host);
    expect!["STOPPED TerminationNotice: agent lost its records"].assert_eq(&world.outcome(tasks[0]));
    expect!["STOPPED TerminationNotice: agent lost its records"].assert_eq(&world.outcome(tasks[1]));
    // The order never arrived, so it is sent again.
    expect!["PENDING"].assert_eq(&world.outcome(tasks[2]));
    assert_eq!(world.effects(), ["close on session 1", "manifest of 1 on session 2", "run on session 2"]);
    // With its next session it has lost nothing more.
    world.running(tasks[2]);
    world.connect(host);
    expect!["RUNNING"].assert_eq(&world.outcome(tasks[2]));
}

#[test]
fn a_machines_network_is_taken_until_an_agent_that_lost_its_records_is_back() {
    let mut world = World::new(settings());
    let host_mode = ecs::RegisterTaskDefinitionRequest {
        network_mode: Some(ecs::NetworkMode::Host),
        ..request(vec![container("main")])
    };
    let definition = world.define(host_mode);
    let slices = [world.launch(LARGE), world.launch(LARGE)];
    let slice = |host| RegisterHost {
        host_id: Some(host),
        machine: Some("m".to_owned()),
        ..registration(FARGATE_CLUSTER, Resources::new(4096, 8192))
    };
    for host in slices {
        world.register(slice(host));
        world.connect(host);
    }
    let runs = world.run(&definition, 1)[0];
    world.place();
    world.running(runs);
    let first = world.task(runs).host.expect("there is room");
    let waits = world.run(&definition, 1)[0];
    // Also if the server starts anew before the agent is there.
    world.register(slice(first));
    world.restart();
    let second = slices.into_iter().find(|host| *host != first).expect("there are two");
    world.connect(second);
    world.place();
    assert_eq!(world.task(waits).host, None);
    world.connect(first);
    expect!["STOPPED TerminationNotice: agent lost its records"].assert_eq(&world.outcome(runs));
    world.place();
    assert!(world.task(waits).host.is_some());
}

#[test]
fn one_task_in_host_network_mode_runs_per_machine() {
    let mut world = World::new(settings());
    let host_mode = ecs::RegisterTaskDefinitionRequest {
        network_mode: Some(ecs::NetworkMode::Host),
        ..request(vec![container("main")])
    };
    let definition = world.define(host_mode);
    for _ in 0..2 {
        let slice =
            RegisterHost { machine: Some("m".to_owned()), ..registration("default", Resources::new(1024, 2048)) };
        let host = world.register(slice);
        world.connect(host);
    }
    let (tasks, failures) = world.run_on(&definition, 2, ec2());
    assert_eq!((tasks.len(), failures.len()), (1, 1));
    assert_eq!(failures[0].reason, "RESOURCE:PORTS");
    world.exited(tasks[0], 0);
    assert_eq!(world.run_on(&definition, 2, ec2()).0.len(), 1);
    // A machine of its own is bound by ports only.
    let host = world.static_host(1024, 2048);
    let tasks = world.run_on(&definition, 2, ec2()).0;
    assert_eq!(tasks.len(), 2);
    assert!(tasks.iter().all(|task| world.task(*task).host == Some(host)));
}
