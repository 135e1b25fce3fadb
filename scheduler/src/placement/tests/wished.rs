//! Placement constraints and strategies, from the request to the host.

use std::collections::BTreeMap;

use berth_model::ecs;
use berth_model::host::FARGATE_CLUSTER;
use berth_model::id::{DefinitionId, HostId, TaskId};
use berth_model::unit::Resources;
use berth_scheduler::event::{Event, LaunchTarget, LaunchType, RegisterHost, RunTask};
use berth_scheduler::placement::wish::Wishes;
use berth_scheduler::step::{PlacementFailure, Rejection, Reply};
use expect_test::{Expect, expect};
use proptest::prelude::*;

use crate::fixture::{LARGE, SMALL, World, ec2, name, registration, request, run_request, settings, sized};

fn member_of(expression: &str) -> ecs::PlacementConstraint {
    ecs::PlacementConstraint {
        r#type: Some(ecs::PlacementConstraintType::MemberOf),
        expression: Some(expression.to_owned()),
    }
}

fn distinct() -> ecs::PlacementConstraint {
    ecs::PlacementConstraint { r#type: Some(ecs::PlacementConstraintType::DistinctInstance), expression: None }
}

fn strategy(kind: &str, field: &str) -> ecs::PlacementStrategy {
    ecs::PlacementStrategy {
        r#type: Some(kind.into()),
        field: Some(field.to_owned()).filter(|field| !field.is_empty()),
    }
}

fn constrained(constraints: &[ecs::PlacementConstraint]) -> Wishes {
    Wishes { constraints: constraints.to_vec(), strategies: Vec::new() }
}

fn ordered(strategies: &[ecs::PlacementStrategy]) -> Wishes {
    Wishes { constraints: Vec::new(), strategies: strategies.to_vec() }
}

fn wished(definition: &DefinitionId, count: u32, target: LaunchTarget, wishes: Wishes) -> Event {
    Event::RunTask(Box::new(RunTask { wishes, ..run_request(definition, count, target) }))
}

fn run(
    world: &mut World,
    definition: &DefinitionId,
    count: u32,
    target: LaunchTarget,
    wishes: Wishes,
) -> (Vec<TaskId>, Vec<PlacementFailure>) {
    match world.apply(wished(definition, count, target, wishes)) {
        Reply::Tasks { tasks, failures } => (tasks.iter().map(|task| task.id).collect(), failures),
        other => panic!("{other:?}"),
    }
}

/// A connected static host with attributes.
fn host_with(world: &mut World, cpu: u64, attributes: &[(&str, &str)]) -> HostId {
    let attribute = |(name, value): &(&str, &str)| ecs::Attribute {
        name: Some((*name).to_owned()),
        value: Some((*value).to_owned()),
        ..ecs::Attribute::default()
    };
    let attributes = attributes.iter().map(attribute).collect();
    let host = world.register(RegisterHost { attributes, ..registration("default", Resources::new(cpu, 16384)) });
    world.connect(host);
    host
}

/// How many of the tasks are on which host.
fn spread(world: &World, tasks: &[TaskId]) -> BTreeMap<HostId, usize> {
    let mut counts = BTreeMap::new();
    for task in tasks {
        *counts.entry(world.task(*task).host.expect("placed")).or_default() += 1;
    }
    counts
}

fn setup() -> (World, DefinitionId) {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![sized(128, 128)]));
    (world, definition)
}

#[test]
fn member_of_chooses_static_hosts_and_its_failure_is_worded_as_at_ecs() {
    let (mut world, definition) = setup();
    let small = host_with(&mut world, 1024, &[("stack", "prod")]);
    host_with(&mut world, 1024, &[("stack", "test")]);
    let wishes = constrained(&[member_of("attribute:stack == prod")]);
    let (tasks, failures) = run(&mut world, &definition, 10, ec2(), wishes.clone());
    assert_eq!((tasks.len(), failures.len()), (8, 2));
    assert_eq!(spread(&world, &tasks), BTreeMap::from([(small, 8)]));
    assert_eq!((failures[0].host, failures[0].reason.as_str()), (Some(small), "RESOURCE:CPU"));
    expect!["no room on 2 hosts: 1 does not match the placement constraints, 1 lacks CPU (needs 128 CPU units)"]
        .assert_eq(&failures[0].detail);
    let nowhere = constrained(&[member_of("attribute:stack == prod"), member_of("attribute:none exists")]);
    let (_, failures) = run(&mut world, &definition, 1, ec2(), nowhere);
    assert_eq!(failures[0].reason, "MemberOf placement constraint unsatisfied.");
}

#[test]
fn distinct_tasks_share_no_host_with_their_group() {
    let (mut world, definition) = setup();
    let hosts: Vec<HostId> = (0..3).map(|_| world.static_host(4096, 8192)).collect();
    let (alone, _) = run(&mut world, &definition, 1, ec2(), Wishes::default());
    let (tasks, failures) = run(&mut world, &definition, 3, ec2(), constrained(&[distinct()]));
    assert_eq!((tasks.len(), failures.len()), (2, 1));
    assert_eq!(failures[0].reason, "DistinctInstance placement constraint unsatisfied.");
    expect!["no room on 3 hosts: 3 have a task of group family:web"].assert_eq(&failures[0].detail);
    let placed = spread(&world, &[tasks, alone.clone()].concat());
    assert_eq!(placed.keys().copied().collect::<Vec<_>>().len(), hosts.len());
    // Another group is none of its business, and a task that has ended makes room.
    world.exited(alone[0], 0);
    let again = run(&mut world, &definition, 1, ec2(), constrained(&[distinct()])).0;
    assert_eq!(again.len(), 1);
    let other = RunTask { wishes: constrained(&[distinct()]), ..run_request(&definition, 3, ec2()) };
    let other = RunTask { request: berth_model::task::TaskRequest { group: "g".into(), ..other.request }, ..other };
    assert!(matches!(world.apply(Event::RunTask(Box::new(other))), Reply::Tasks { tasks, .. } if tasks.len() == 3));
}

#[test]
fn a_pool_says_why_constrained_tasks_wait_and_plans_see_where_they_may_go() {
    let (mut world, definition) = setup();
    let host = world.pool_host(SMALL);
    let default = || LaunchTarget::ClusterDefault;
    let large = constrained(&[member_of("attribute:ecs.instance-type == large && attribute:ecs.os-type == linux")]);
    let (waiting, _) = run(&mut world, &definition, 2, default(), large);
    let other = world.define_as("other", request(vec![sized(128, 128)]));
    let (apart, _) = run(&mut world, &other, 2, default(), constrained(&[distinct()]));
    let never = constrained(&[member_of("attribute:moon == full")]);
    let (never, _) = run(&mut world, &definition, 1, default(), never);
    let (fit, _) = run(
        &mut world,
        &definition,
        1,
        default(),
        constrained(&[member_of("attribute:ecs.cpu-architecture == x86_64")]),
    );
    world.place();
    assert_eq!(world.task(fit[0]).host, Some(host));
    expect!["no room on 1 host: 1 does not match the placement constraints"].assert_eq(&world.reason(waiting[0]));
    let view = world.state.pools().map(|(_, view)| view).next().expect("a pool");
    let reach = |task: TaskId| {
        let Some(berth_scheduler::step::Row::Task(_, Some(class))) =
            world.stored.get(&berth_scheduler::step::Key::Task(task))
        else {
            panic!("{task} does not wait")
        };
        view.waiting.iter().find(|waiting| waiting.class == *class).and_then(|waiting| waiting.reach.clone())
    };
    let reached = reach(waiting[0]).expect("constrained");
    assert_eq!((reached.hosts.len(), reached.types.into_iter().collect::<Vec<_>>()), (0, vec![LARGE.to_owned()]));
    assert!(reach(never[0]).expect("constrained").types.is_empty());
    let left = apart.iter().find(|task| world.task(**task).host.is_none()).expect("one had to wait");
    let reached = reach(*left).expect("constrained");
    assert!(reached.is_distinct && reached.hosts.is_empty() && reached.types.len() == 2);
    let large = world.pool_host(LARGE);
    world.place();
    assert_eq!(spread(&world, &waiting), BTreeMap::from([(large, 2)]));
    assert_eq!(spread(&world, &apart).len(), 2);
}

#[test]
fn a_host_that_has_yet_to_connect_is_of_use_to_who_asks_for_connected_ones() {
    let (mut world, definition) = setup();
    let connected = constrained(&[member_of("agentConnected == true")]);
    run(&mut world, &definition, 1, LaunchTarget::ClusterDefault, connected);
    let host = world.launch(SMALL);
    for is_registered in [false, true] {
        if is_registered {
            world.register_launched(host);
        }
        world.place();
        let view = world.state.pools().map(|(_, view)| view).next().expect("a pool");
        let reached = view.waiting[0].reach.as_ref().expect("constrained");
        assert!(reached.hosts.contains(&host), "registered: {is_registered}");
    }
}

#[test]
fn a_task_that_is_placed_lets_in_those_that_ask_for_its_company() {
    let (mut world, definition) = setup();
    let first = world.pool_host(LARGE);
    let follow = constrained(&[member_of("task:group == family:web")]);
    let other = world.define_as("other", request(vec![sized(128, 128)]));
    let (tasks, _) = run(&mut world, &other, 2, LaunchTarget::ClusterDefault, follow);
    world.place();
    assert!(tasks.iter().all(|task| world.task(*task).host.is_none()));
    world.run(&definition, 1);
    world.place();
    assert_eq!(spread(&world, &tasks), BTreeMap::from([(first, 2)]));
}

#[test]
fn classes_differ_by_what_they_ask_for() {
    let (mut world, definition) = setup();
    let default = || LaunchTarget::ClusterDefault;
    for wishes in [
        Wishes::default(),
        constrained(&[distinct()]),
        constrained(&[member_of("attribute:a exists")]),
        constrained(&[member_of("attribute:b exists")]),
        ordered(&[strategy("random", "")]),
        ordered(&[strategy("spread", "host")]),
        ordered(&[strategy("spread", "attribute:zone")]),
    ] {
        run(&mut world, &definition, 1, default(), wishes.clone());
        run(&mut world, &definition, 1, default(), wishes);
    }
    world.place();
    assert_eq!(world.reasons().len(), 7);
}

#[test]
fn binpack_fills_the_host_with_least_left_and_spread_the_value_with_fewest() {
    let (mut world, definition) = setup();
    let wide = host_with(&mut world, 4096, &[("zone", "a")]);
    let narrow = host_with(&mut world, 2048, &[("zone", "b")]);
    let third = host_with(&mut world, 3072, &[("zone", "b")]);
    let (tasks, _) = run(&mut world, &definition, 10, ec2(), ordered(&[strategy("binpack", "CPU")]));
    assert_eq!(spread(&world, &tasks), BTreeMap::from([(narrow, 10)]));
    let by_zone = ordered(&[strategy("spread", "attribute:zone"), strategy("spread", "instanceId")]);
    let (tasks, _) = run(&mut world, &definition, 10, ec2(), by_zone);
    // Zone b has ten of the group already.
    assert_eq!(spread(&world, &tasks), BTreeMap::from([(wide, 10)]));
    let (tasks, _) = run(&mut world, &definition, 4, ec2(), ordered(&[strategy("spread", "host")]));
    assert_eq!(spread(&world, &tasks), BTreeMap::from([(third, 4)]));
}

fn refused(wishes: Wishes, target: LaunchTarget, expected: &Expect) {
    let (mut world, definition) = setup();
    match world.refused(wished(&definition, 1, target, wishes)) {
        Rejection::InvalidParameter(text) => expected.assert_eq(&text),
        other => panic!("{other:?}"),
    }
}

#[test]
fn wishes_that_make_no_sense_are_refused_by_name() {
    let many = vec![distinct(); 11];
    refused(
        constrained(&many),
        ec2(),
        &expect!["A task can have at most 10 placement constraints, its task definition's included, not 11."],
    );
    refused(
        constrained(&[member_of("attribute:a =")]),
        ec2(),
        &expect![
            "Invalid expression in placementConstraints[0]: at character 13: expected an operator: ==, !=, >, >=, <, <=, in, !in, =~, !~, exists or !exists, found '='."
        ],
    );
    refused(
        constrained(&[member_of("")]),
        ec2(),
        &expect!["placementConstraints[0]: memberOf must have an expression."],
    );
    let both = ecs::PlacementConstraint { expression: Some("agentConnected == true".into()), ..distinct() };
    refused(
        constrained(&[distinct(), both]),
        ec2(),
        &expect!["placementConstraints[1]: distinctInstance takes no expression."],
    );
    refused(
        constrained(&[ecs::PlacementConstraint::default()]),
        ec2(),
        &expect!["placementConstraints[0].type must be distinctInstance or memberOf."],
    );
    refused(
        ordered(&vec![strategy("random", ""); 6]),
        ec2(),
        &expect!["placementStrategy must have at most 5 entries, not 6."],
    );
    refused(
        ordered(&[strategy("binpack", "gpu")]),
        ec2(),
        &expect!["placementStrategy[0].field must be cpu or memory for binpack."],
    );
    refused(
        ordered(&[strategy("spread", "zone")]),
        ec2(),
        &expect!["placementStrategy[0].field must be instanceId, host or attribute:NAME for spread."],
    );
    refused(
        ordered(&[strategy("random", "cpu")]),
        ec2(),
        &expect!["placementStrategy[0].field must be left out for random."],
    );
    let fargate = || LaunchTarget::Provider(name("FARGATE_SPOT"));
    refused(
        ordered(&[strategy("random", "")]),
        fargate(),
        &expect!["Placement strategies are not supported with FARGATE launch type."],
    );
    let by_type = LaunchTarget::LaunchType(LaunchType::Fargate);
    refused(
        constrained(&[distinct()]),
        by_type,
        &expect!["Placement constraints are not supported with FARGATE launch type."],
    );
}

#[test]
fn the_constraints_of_a_task_definition_count_too() {
    let (mut world, _) = setup();
    let constraint = |expression: &str| ecs::TaskDefinitionPlacementConstraint {
        r#type: Some(ecs::TaskDefinitionPlacementConstraintType::MemberOf),
        expression: Some(expression.to_owned()),
    };
    let with = |constraints| ecs::RegisterTaskDefinitionRequest {
        placement_constraints: Some(constraints),
        ..request(vec![sized(128, 128)])
    };
    let definition = world.define(with(vec![constraint("attribute:stack == prod")]));
    host_with(&mut world, 4096, &[("stack", "test")]);
    let (_, failures) = run(&mut world, &definition, 1, ec2(), Wishes::default());
    assert_eq!(failures[0].reason, "MemberOf placement constraint unsatisfied.");
    let event = |request| Event::RegisterTaskDefinition {
        family: name("web"),
        by: "me".to_owned(),
        request: Box::new(request),
    };
    for bad in [vec![constraint("x")], vec![constraint("agentConnected == true"); 11]] {
        assert!(matches!(world.refused(event(with(bad))), Rejection::Client(_)));
    }
}

#[test]
fn a_host_says_what_it_is_itself_or_berth_does() {
    let (mut world, definition) = setup();
    let host = world.launch(SMALL);
    let attributes = vec![ecs::Attribute {
        name: Some("ecs.instance-type".into()),
        value: Some("m5.large".into()),
        ..ecs::Attribute::default()
    }];
    let capacity = Resources::new(1024, 2048);
    let request = RegisterHost { host_id: Some(host), attributes, ..registration(FARGATE_CLUSTER, capacity) };
    world.register(request);
    world.connect(host);
    let wishes =
        constrained(&[member_of("attribute:ecs.instance-type == m5.large and attribute:ecs.os-type == linux")]);
    let (tasks, _) = run(&mut world, &definition, 1, LaunchTarget::ClusterDefault, wishes);
    world.place();
    assert_eq!(world.task(tasks[0]).host, Some(host));
}

fn any_wishes() -> impl Strategy<Value = Wishes> {
    let constraint = prop::sample::select(vec![
        distinct(),
        member_of("attribute:zone in [a, b]"),
        member_of("runningTasksCount < 3"),
        member_of("not(task:group == family:web) or attribute:zone == a"),
    ]);
    let order = prop::sample::select(vec![
        strategy("random", ""),
        strategy("binpack", "cpu"),
        strategy("binpack", "memory"),
        strategy("spread", "host"),
        strategy("spread", "attribute:zone"),
        strategy("spread", "attribute:none"),
    ]);
    (prop::collection::vec(constraint, 0..3), prop::collection::vec(order, 0..4))
        .prop_map(|(constraints, strategies)| Wishes { constraints, strategies })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// Never more on a host than it has, distinct tasks on distinct hosts, and the same again for the same seed.
    #[test]
    fn wishes_never_break_the_rules(
        hosts in prop::collection::vec((256..2048_u64, 0..4_usize), 1..12),
        runs in prop::collection::vec((1..=10_u32, any_wishes()), 1..8),
    ) {
        let go = || {
            let (mut world, definition) = setup();
            let zones = ["a", "b", "c", "a"];
            for (cpu, zone) in &hosts {
                host_with(&mut world, *cpu, &[("zone", zones[*zone])]);
            }
            let mut told = Vec::new();
            for (count, wishes) in &runs {
                let (tasks, failures) = run(&mut world, &definition, *count, ec2(), wishes.clone());
                assert_eq!(tasks.len() + failures.len(), *count as usize);
                let placed = spread(&world, &tasks);
                if wishes.constraints.contains(&distinct()) {
                    assert!(placed.values().all(|count| *count == 1), "{placed:?}");
                }
                told.push(placed);
            }
            told
        };
        // The world checks capacity after each event.
        prop_assert_eq!(go(), go());
    }

    #[test]
    fn spread_is_even_on_equal_hosts(
        hosts in 1..9_usize,
        counts in prop::collection::vec(1..=10_u32, 1..4),
        second in prop::option::of(prop::sample::select(vec![strategy("random", ""), strategy("binpack", "cpu")])),
        is_by_zone in any::<bool>(),
    ) {
        let (mut world, definition) = setup();
        let names = ["a", "b", "c"];
        let zones: BTreeMap<HostId, &str> = (0..hosts)
            .map(|n| (host_with(&mut world, 16384, &[("zone", names[n % 3])]), names[n % 3]))
            .collect();
        let field = if is_by_zone { "attribute:zone" } else { "instanceId" };
        let wishes = ordered(&[Some(strategy("spread", field)), second].into_iter().flatten().collect::<Vec<_>>());
        let mut shares: BTreeMap<String, usize> = BTreeMap::new();
        for (host, zone) in &zones {
            shares.insert(if is_by_zone { (*zone).to_owned() } else { host.to_string() }, 0);
        }
        for count in counts {
            let (tasks, failures) = run(&mut world, &definition, count, ec2(), wishes.clone());
            prop_assert!(failures.is_empty());
            for (host, count) in spread(&world, &tasks) {
                let key = if is_by_zone { zones[&host].to_owned() } else { host.to_string() };
                *shares.entry(key).or_default() += count;
            }
            let (least, most) = (shares.values().min().expect("a host"), shares.values().max().expect("a host"));
            prop_assert!(most - least <= 1, "{:?}", shares);
        }
    }
}

/// Each of four hosts gets about its quarter.
#[test]
fn random_is_fair() {
    let (mut world, definition) = setup();
    let hosts: Vec<HostId> = (0..4).map(|_| world.static_host(1 << 20, 1 << 20)).collect();
    let mut counts = BTreeMap::new();
    for _ in 0..100 {
        let (tasks, _) = run(&mut world, &definition, 10, ec2(), ordered(&[strategy("random", "")]));
        for (host, count) in spread(&world, &tasks) {
            *counts.entry(host).or_insert(0) += count;
        }
    }
    // Four standard deviations are 55.
    assert!(hosts.iter().all(|host| (195..=305).contains(&counts[host])), "{counts:?}");
}
