use berth_model::arn::DefinitionRef;
use berth_model::ecs;
use berth_model::host::FARGATE_CLUSTER;
use berth_model::id::DefinitionId;
use expect_test::{Expect, expect};

use super::*;
use crate::event::Event;
use crate::fixture::{World, container, ec2, name, port, request, run_request, run_task, settings, sized, token};

fn world() -> (World, DefinitionId) {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    (world, definition)
}

fn refusal(world: &mut World, request: RunTask, expected: &Expect) {
    expected.assert_eq(&format!("{:?}", world.refused(Event::RunTask(Box::new(request)))));
}

fn default_run(definition: &DefinitionId) -> RunTask {
    run_request(definition, 1, LaunchTarget::ClusterDefault)
}

#[test]
fn new_tasks_wait_with_everything_a_client_wants_to_see() {
    let (mut world, _) = world();
    let tagged = ecs::RegisterTaskDefinitionRequest {
        tags: serde_json::from_str(r#"[{"key":"a","value":"definition"},{"key":"b","value":"definition"}]"#).unwrap(),
        cpu: Some("512".to_owned()),
        memory: Some("1024".to_owned()),
        ..request(vec![container("main"), container("side")])
    };
    let definition = world.define(tagged);
    let mut request = run_request(&definition, 2, LaunchTarget::LaunchType(LaunchType::Fargate));
    request.request.tags = serde_json::from_str(r#"[{"key":"a","value":"request"}]"#).unwrap();
    request.request.overrides = serde_json::from_str(r#"{"cpu":"512","memory":"1024"}"#).unwrap();
    request.propagate_tags = true;
    let Reply::Tasks { tasks, failures } = world.apply(Event::RunTask(Box::new(request))) else { panic!("refused") };
    assert_eq!((tasks.len(), failures.len()), (2, 0));
    assert_ne!(tasks[0].id, tasks[1].id);
    let task = &tasks[0];
    assert_eq!((task.last_status, task.version, task.times.created_at), (TaskStatus::Provisioning, 1, world.now));
    assert_eq!(task.launch, Launch::Provider { provider: name("FARGATE"), by_launch_type: true });
    assert_eq!(task.request.group, "family:web");
    assert_eq!(
        serde_json::to_string(&task.request.tags).unwrap(),
        r#"[{"key":"a","value":"request"},{"key":"b","value":"definition"}]"#
    );
    let names: Vec<_> = task.containers.iter().map(|c| (c.name.as_str(), c.image.as_str(), c.last_status)).collect();
    assert_eq!(names, [("main", "busybox", ContainerStatus::Pending), ("side", "busybox", ContainerStatus::Pending)]);
    assert_ne!(task.containers[0].id, task.containers[1].id);
    expect!["512 CPU units, 1024 MiB"].assert_eq(&task.demand.resources.to_string());
    assert_eq!(world.step.writes.len(), 4, "each task, and that it is there");
}

#[test]
fn wrong_references_and_values_are_refused() {
    let (mut world, definition) = world();
    let run = || default_run(&definition);
    for cluster in ["nowhere", FARGATE_CLUSTER] {
        let request = RunTask { cluster: name(cluster), ..run() };
        assert!(matches!(world.refused(Event::RunTask(Box::new(request))), Rejection::ClusterNotFound(_)));
    }
    let latest = |family: &str| DefinitionRef::Latest(name(family));
    refusal(
        &mut world,
        RunTask { definition: latest("other"), ..run() },
        &expect![[r#"Client("Unable to describe task definition.")"#]],
    );
    let missing = DefinitionRef::Exact(DefinitionId { revision: 7, ..definition.clone() });
    refusal(&mut world, RunTask { definition: missing, ..run() }, &expect![[r#"Client("TaskDefinition not found.")"#]]);
    for count in [0, 11] {
        refusal(
            &mut world,
            RunTask { count, ..run() },
            &expect![[r#"InvalidParameter("count must be between 1 and 10.")"#]],
        );
    }
    let mut request = run();
    request.request.overrides = serde_json::from_str(r#"{"containerOverrides":[{"name":"other"}]}"#).unwrap();
    refusal(
        &mut world,
        request,
        &expect![[
            r#"InvalidParameter("Override for container named other is not a container in the TaskDefinition.")"#
        ]],
    );
    refusal(
        &mut world,
        RunTask { target: LaunchTarget::Provider(name("other")), ..run() },
        &expect![[r#"InvalidParameter("The specified capacity provider other was not found.")"#]],
    );
    world.apply(Event::DeregisterTaskDefinition { definition: definition.clone() });
    refusal(&mut world, run(), &expect![[r#"Client("TaskDefinition is inactive")"#]]);
    refusal(
        &mut world,
        RunTask { definition: latest("web"), ..run() },
        &expect![[r#"Client("Unable to describe task definition.")"#]],
    );
}

#[test]
fn fargates_sizes_hold_only_where_fargate_is_named() {
    let (mut world, definition) = world();
    assert_eq!(world.run(&definition, 1).len(), 1);
    let sized = world.define(ecs::RegisterTaskDefinitionRequest {
        cpu: Some("512".to_owned()),
        memory: Some("1024".to_owned()),
        ..request(vec![container("main")])
    });
    for target in [
        LaunchTarget::LaunchType(LaunchType::Fargate),
        LaunchTarget::Provider(name("FARGATE")),
        LaunchTarget::Provider(name("FARGATE_SPOT")),
    ] {
        refusal(
            &mut world,
            run_request(&definition, 1, target.clone()),
            &expect![[r#"InvalidParameter("Fargate requires that 'cpu' be defined at the task level.")"#]],
        );
        let mut request = run_request(&sized, 1, target);
        request.request.overrides = serde_json::from_str(r#"{"cpu":"256","memory":"512"}"#).unwrap();
        assert!(matches!(world.apply(Event::RunTask(Box::new(request))), Reply::Tasks { .. }));
    }
    // Both providers have the same hosts, so equal tasks wait together.
    world.place();
    assert_eq!(world.reasons().len(), 1);
}

#[test]
fn overridden_sizes_keep_within_the_bounds_of_registered_ones() {
    let mut world = World::new(settings());
    // Without sizes of its own, nothing else could stand against the override.
    let definition = world.define(request(vec![sized(0, 4)]));
    let mut refused = |overrides: &str, expected: &Expect| {
        let mut request = default_run(&definition);
        request.request.overrides = serde_json::from_str(overrides).unwrap();
        refusal(&mut world, request, expected);
    };
    refused(
        r#"{"cpu":"0"}"#,
        &expect![[r#"InvalidParameter("Invalid 'cpu' setting for task: 0 is not between 128 and 196608.")"#]],
    );
    refused(
        r#"{"cpu":"193 vCPU"}"#,
        &expect![[r#"InvalidParameter("Invalid 'cpu' setting for task: 197632 is not between 128 and 196608.")"#]],
    );
    refused(
        r#"{"memory":"0"}"#,
        &expect![[r#"InvalidParameter("Invalid 'memory' setting for task: it must not be 0.")"#]],
    );
}

#[test]
fn fargates_sizes_hold_for_overrides_where_the_task_definition_names_fargate() {
    let (mut world, _) = world();
    let definition = world.define(ecs::RegisterTaskDefinitionRequest {
        cpu: Some("256".to_owned()),
        memory: Some("512".to_owned()),
        requires_compatibilities: serde_json::from_str(r#"["EC2","FARGATE"]"#).unwrap(),
        ..request(vec![container("main")])
    });
    let mut request = default_run(&definition);
    request.request.overrides = serde_json::from_str(r#"{"cpu":"300"}"#).unwrap();
    refusal(
        &mut world,
        request.clone(),
        &expect![[r#"InvalidParameter("No Fargate configuration exists for given values: 300 CPU, 512 memory.")"#]],
    );
    // It may run elsewhere too, and there any size is good.
    world.static_host(4096, 4096);
    let elsewhere = RunTask { target: ec2(), ..request };
    assert!(matches!(world.apply(Event::RunTask(Box::new(elsewhere))), Reply::Tasks { .. }));
}

#[test]
fn overrides_do_not_make_a_task_definition_one_for_fargate() {
    let (mut world, _) = world();
    let fargate = || LaunchTarget::LaunchType(LaunchType::Fargate);
    let provider = || LaunchTarget::Provider("FARGATE".parse().unwrap());
    for (cpu, memory) in [(None, None), (Some("256"), Some("600"))] {
        let definition = world.define(ecs::RegisterTaskDefinitionRequest {
            cpu: cpu.map(str::to_owned),
            memory: memory.map(str::to_owned),
            ..request(vec![container("main")])
        });
        for target in [fargate(), provider()] {
            let mut request = run_request(&definition, 1, target);
            request.request.overrides = serde_json::from_str(r#"{"cpu":"256","memory":"512"}"#).unwrap();
            let expected = expect![[r#"InvalidParameter("Task definition does not support launch_type FARGATE.")"#]];
            refusal(&mut world, request, &expected);
        }
        // The cluster's default asks for no sizes.
        assert_eq!(world.run(&definition, 1).len(), 1);
    }
}

#[test]
fn fargates_time_to_stop_holds_where_the_request_names_fargate() {
    let (mut world, _) = world();
    let slow = ecs::ContainerDefinition { stop_timeout: Some(121), ..container("main") };
    let definition = world.define(ecs::RegisterTaskDefinitionRequest {
        cpu: Some("256".to_owned()),
        memory: Some("512".to_owned()),
        ..request(vec![slow])
    });
    refusal(
        &mut world,
        run_request(&definition, 1, LaunchTarget::LaunchType(LaunchType::Fargate)),
        &expect![[
            r#"InvalidParameter("Invalid setting for container 'main'. 'stopTimeout' can be at most 120 seconds on Fargate.")"#
        ]],
    );
    assert_eq!(world.run(&definition, 1).len(), 1);
}

#[test]
fn what_fits_no_host_type_is_refused() {
    let mut settings = settings();
    settings.pools[0].quota = Some(berth_model::unit::Resources::new(2048, 9000));
    let mut world = World::new(settings);
    let large = world.define(request(vec![sized(1025, 512)]));
    refusal(
        &mut world,
        default_run(&large),
        &expect![[
            r#"InvalidParameter("No host of capacity provider FARGATE can run this task: it needs 1025 CPU units, 512 MiB; the largest host type is small with 1024 CPU units, 2048 MiB (X86_64).")"#
        ]],
    );
    let arm = world.define(ecs::RegisterTaskDefinitionRequest {
        runtime_platform: serde_json::from_str(r#"{"cpuArchitecture":"ARM64"}"#).unwrap(),
        ..request(vec![container("main")])
    });
    refusal(
        &mut world,
        default_run(&arm),
        &expect![[
            r#"InvalidParameter("No host of capacity provider FARGATE can run this task: it needs a host with processor architecture ARM64; the largest host type is small with 1024 CPU units, 2048 MiB (X86_64).")"#
        ]],
    );
    let ssh = ecs::ContainerDefinition { port_mappings: Some(vec![port(22, 22)]), ..container("main") };
    let ssh = world.define(request(vec![ssh]));
    refusal(
        &mut world,
        default_run(&ssh),
        &expect![[
            r#"InvalidParameter("No host of capacity provider FARGATE can run this task: it needs a host port that is reserved on every host; the largest host type is small with 1024 CPU units, 2048 MiB (X86_64).")"#
        ]],
    );
    world.state.settings.pools[0].hosts_max = 0;
    refusal(
        &mut world,
        default_run(&arm),
        &expect![[r#"InvalidParameter("The capacity provider FARGATE may have no host of any type.")"#]],
    );
    world.state.settings.pools.clear();
    refusal(
        &mut world,
        default_run(&arm),
        &expect![[r#"InvalidParameter("The specified capacity provider FARGATE was not found.")"#]],
    );
    let sized = world.define(ecs::RegisterTaskDefinitionRequest {
        cpu: Some("256".to_owned()),
        memory: Some("512".to_owned()),
        ..request(vec![container("main")])
    });
    refusal(
        &mut world,
        run_request(&sized, 1, LaunchTarget::LaunchType(LaunchType::Fargate)),
        &expect![[r#"InvalidParameter("The capacity provider FARGATE has no hosts here.")"#]],
    );
}

#[test]
fn hosts_that_are_there_take_a_task_now_or_not_at_all() {
    let (mut world, definition) = world();
    let nobody = expect![[r#"InvalidParameter("No Container Instances were found in your cluster.")"#]];
    refusal(&mut world, run_request(&definition, 2, ec2()), &nobody);
    let host = world.static_host(600, 2048);
    let (tasks, failures) = world.run_on(&definition, 3, ec2());
    assert_eq!((tasks.len(), failures.len()), (2, 1));
    assert_eq!((failures[0].host, failures[0].reason.as_str()), (Some(host), "RESOURCE:CPU"));
    assert_eq!(world.task(tasks[0]).last_status, TaskStatus::Pending);
    assert_eq!(world.effects(), vec!["run on session 1"; 2]);
    world.apply(Event::Started);
    assert_eq!(world.run_on(&definition, 1, ec2()).1[0].reason, "AGENT");
    world.apply(Event::Closing);
    refusal(&mut world, run_request(&definition, 1, ec2()), &expect![[r#"Client("Berth is closing.")"#]]);
}

#[test]
fn a_token_stands_for_tasks_that_could_not_be_made_too() {
    let (mut world, definition) = world();
    world.static_host(100, 100);
    let large = world.define(request(vec![sized(1024, 512)]));
    let with = |definition: &DefinitionId, fingerprint: &str| {
        let run = run_request(definition, 1, ec2());
        Event::RunTask(Box::new(RunTask { token: Some(token("t", fingerprint)), ..run }))
    };
    let Reply::Tasks { failures, .. } = world.apply(with(&large, "f")) else { panic!("refused") };
    assert_eq!(failures.len(), 1);
    let key = Key::Token(TokenKey { operation: RUN_TASK, token: "t".to_owned() });
    let Some(Row::Token(hit)) = world.stored.get(&key).cloned() else { panic!("not stored") };
    let known = |event: Event| match event {
        Event::RunTask(run) => {
            let token = run.token.map(|token| ClientToken { hit: Some(hit.clone()), ..token });
            Event::RunTask(Box::new(RunTask { token, ..*run }))
        }
        other => other,
    };
    let again = world.apply(known(with(&large, "f")));
    assert!(matches!(again, Reply::Repeated { tasks, failures: told, .. } if tasks.is_empty() && told == failures));
    assert!(matches!(world.refused(known(with(&definition, "g"))), Rejection::TokenConflict { .. }));
}

#[test]
fn a_token_stands_for_its_first_request() {
    let (mut world, definition) = world();
    let with = |text: &str, fingerprint: &str| {
        Event::RunTask(Box::new(RunTask { token: Some(token(text, fingerprint)), ..default_run(&definition) }))
    };
    // Twice in one batch: the second sees the first before it is stored.
    let (first, second) = (world.moment(), world.moment());
    let mut step = Step::default();
    let Reply::Tasks { tasks, .. } = world.state.apply(first, with("t", "f"), &mut step) else { panic!("refused") };
    let ids: Vec<TaskId> = tasks.iter().map(|task| task.id).collect();
    let again = world.state.apply(second, with("t", "f"), &mut step);
    assert!(matches!(again, Reply::Repeated { tasks, .. } if tasks == ids));
    let other = world.state.apply(second, with("t", "g"), &mut step);
    assert!(matches!(other, Reply::Rejected(Rejection::TokenConflict { tasks, .. }) if tasks == ids));
    assert_eq!(step.writes.len(), 3, "the task, that it is there, and the token");
    world.commit(step);

    // Later the store knows it, for a day.
    let key = Key::Token(TokenKey { operation: RUN_TASK, token: "t".to_owned() });
    let Some(Row::Token(hit)) = world.step.writes.get(&key).cloned() else { panic!("no token") };
    let known = |hit: &TokenHit| {
        let token = ClientToken { hit: Some(hit.clone()), ..token("t", "f") };
        Event::RunTask(Box::new(RunTask { token: Some(token), ..default_run(&definition) }))
    };
    assert!(matches!(world.apply(known(&hit)), Reply::Repeated { tasks, .. } if tasks == ids));
    world.after(TOKEN_LIFE);
    assert!(matches!(world.apply(known(&hit)), Reply::Tasks { .. }));

    // A request that made nothing leaves no token behind.
    let nothing = RunTask { token: Some(token("u", "f")), ..run_request(&definition, 1, ec2()) };
    world.apply(Event::RunTask(Box::new(nothing)));
    assert!(world.step.writes.is_empty());
}

#[test]
fn the_same_entropy_twice_makes_no_task_twice() {
    let (mut world, definition) = world();
    let moment = world.moment();
    let mut step = Step::default();
    for _ in 0..2 {
        let event = run_task(&definition, 10, LaunchTarget::ClusterDefault);
        drop(world.state.apply(moment, event, &mut step));
    }
    assert_eq!(world.state.rows().tasks.len(), 20);
    assert_eq!(world.state.check(), Ok(()));
}

fn item(provider: &str, weight: i32, base: i32) -> ecs::CapacityProviderStrategyItem {
    let capacity_provider = Some(provider.to_owned());
    ecs::CapacityProviderStrategyItem { capacity_provider, weight: Some(weight), base: Some(base) }
}

#[test]
fn a_strategy_shares_tasks_out_by_base_and_weight() {
    let shares = |items: &[(i32, i32)], count, entropy| {
        let strategy: Vec<_> = items.iter().map(|(weight, base)| item("x", *weight, *base)).collect();
        super::shares(&strategy, count, entropy)
    };
    assert_eq!(shares(&[(1, 0), (4, 0)], 10, 0), [2, 8]);
    assert_eq!(shares(&[(0, 3), (1, 0)], 10, 7), [3, 7]);
    assert_eq!(shares(&[(0, 5), (1, 0)], 2, 7), [2, 0]);
    assert_eq!(shares(&[(0, 0)], 4, 7), [4]);
    // One by one it comes out the same in the long run.
    let ones: u32 = (0..5).map(|entropy| shares(&[(1, 0), (4, 0)], 1, entropy)[0]).sum();
    assert_eq!(ones, 1);
    for entropy in 0..100 {
        let given = shares(&[(3, 1), (5, 0), (0, 0), (7, 0)], 10, entropy);
        assert_eq!((given.iter().sum::<u32>(), given[2]), (10, 0), "{given:?}");
        assert!(
            (2..=3).contains(&(given[0])) && (3..=3).contains(&given[1]) && (4..=5).contains(&given[3]),
            "{given:?}"
        );
    }
}

#[test]
fn tasks_of_one_request_go_to_several_providers() {
    let mut world = World::new(settings());
    let sized = ecs::RegisterTaskDefinitionRequest {
        cpu: Some("256".to_owned()),
        memory: Some("512".to_owned()),
        ..request(vec![container("main")])
    };
    let definition = world.define(sized);
    let run = |strategy| RunTask { target: LaunchTarget::Strategy(strategy), ..run_request(&definition, 10, ec2()) };
    let both = run(vec![item("FARGATE", 0, 2), item("FARGATE_SPOT", 1, 0)]);
    let Reply::Tasks { tasks, .. } = world.apply(Event::RunTask(Box::new(both))) else { panic!("refused") };
    let on = |name: &str| {
        let is_on =
            |task: &&Task| matches!(&task.launch, Launch::Provider { provider, .. } if provider.as_str() == name);
        tasks.iter().filter(is_on).count()
    };
    assert_eq!((tasks.len(), on("FARGATE"), on("FARGATE_SPOT")), (10, 2, 8));
    for bad in [
        vec![item("FARGATE", 0, 0), item("FARGATE_SPOT", 0, 0)],
        vec![item("FARGATE", 1, 1), item("FARGATE_SPOT", 1, 1)],
        vec![item("FARGATE", 1, 0), item("FARGATE", 1, 0)],
        vec![item("FARGATE", 1, 0), item("nobody", 1, 0)],
        vec![item("FARGATE", 1, 0); 21],
    ] {
        let refused = world.refused(Event::RunTask(Box::new(run(bad))));
        assert!(matches!(refused, Rejection::InvalidParameter(_)), "{refused:?}");
    }
}
