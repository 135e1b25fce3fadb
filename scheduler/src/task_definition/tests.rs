use expect_test::{Expect, expect};

use super::*;
use crate::event::Event;
use crate::fixture::{World, container, name, port, request, settings};

fn refusal(request: ecs::RegisterTaskDefinitionRequest, expected: &Expect) {
    match normalise(request, false) {
        Err(Rejection::Client(text)) => expected.assert_eq(&text),
        other => panic!("{other:?}"),
    }
}

#[test]
fn defaults_are_those_that_ecs_fills_in() {
    let mapped = ecs::ContainerDefinition {
        cpu: None,
        port_mappings: Some(vec![ecs::PortMapping { container_port: Some(80), ..Default::default() }]),
        ..container("main")
    };
    let sizes = ecs::RegisterTaskDefinitionRequest {
        cpu: Some(".25 vCPU".to_owned()),
        memory: Some("1 GB".to_owned()),
        ..request(vec![mapped])
    };
    let mut world = World::new(settings());
    let id = world.define(sizes);
    let definition = world.state.definitions.get(&id).unwrap();
    expect![[r#"
        {
          "taskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1",
          "containerDefinitions": [
            {
              "name": "main",
              "image": "busybox",
              "cpu": 0,
              "memory": 512,
              "portMappings": [
                {
                  "containerPort": 80,
                  "hostPort": 0,
                  "protocol": "tcp"
                }
              ],
              "essential": true,
              "environment": [],
              "mountPoints": [],
              "volumesFrom": [],
              "systemControls": []
            }
          ],
          "family": "web",
          "revision": 1,
          "volumes": [],
          "status": "ACTIVE",
          "placementConstraints": [],
          "compatibilities": [
            "EXTERNAL",
            "EC2",
            "FARGATE"
          ],
          "cpu": "256",
          "memory": "1024",
          "registeredAt": 1700000000,
          "registeredBy": "me"
        }"#]]
    .assert_eq(&serde_json::to_string_pretty(&definition.document).unwrap());
}

#[test]
fn a_port_in_host_mode_is_the_containers_own() {
    let mapped = |host_port| ecs::ContainerDefinition {
        port_mappings: Some(vec![ecs::PortMapping { host_port, ..port(80, 0) }]),
        ..container("main")
    };
    let in_host_mode = |host_port| ecs::RegisterTaskDefinitionRequest {
        network_mode: Some(ecs::NetworkMode::Host),
        ..request(vec![mapped(host_port)])
    };
    for host_port in [None, Some(0), Some(80)] {
        let document = normalise(in_host_mode(host_port), false).unwrap();
        let containers = document.container_definitions.unwrap();
        assert_eq!(containers[0].port_mappings.as_ref().unwrap()[0].host_port, Some(80));
    }
    refusal(
        in_host_mode(Some(81)),
        &expect![
            "Invalid setting for container 'main'. With networkMode host, 'hostPort' must be the same as 'containerPort'."
        ],
    );
}

#[test]
fn what_can_never_run_is_refused_with_its_name() {
    refusal(request(vec![]), &expect!["Container list cannot be empty."]);
    let eleven = (0..11).map(|n| container(&format!("c{n}"))).collect();
    refusal(request(eleven), &expect!["A task definition can have at most 10 containers."]);
    refusal(request(vec![container("")]), &expect!["Container.name should not be null or empty."]);
    refusal(
        request(vec![container("a b")]),
        &expect!["Invalid container name 'a b': up to 255 letters, numbers, hyphens and underscores are allowed."],
    );
    refusal(request(vec![container("a"), container("a")]), &expect!["Container.name 'a' is used more than once."]);
    let main = || container("main");
    refusal(
        request(vec![ecs::ContainerDefinition { image: None, ..main() }]),
        &expect!["Container.image should not be null or empty."],
    );
    refusal(
        request(vec![ecs::ContainerDefinition { essential: Some(false), ..main() }]),
        &expect!["A task definition must have at least one essential container."],
    );
    refusal(
        request(vec![ecs::ContainerDefinition { memory: None, ..main() }]),
        &expect![
            "Invalid setting for container 'main'. At least one of 'memory' or 'memoryReservation' must be specified."
        ],
    );
    refusal(
        request(vec![ecs::ContainerDefinition { memory: Some(3), ..main() }]),
        &expect!["Invalid setting for container 'main'. 'memory' must be at least 4 MiB."],
    );
    refusal(
        request(vec![ecs::ContainerDefinition { stop_timeout: Some(-1), ..main() }]),
        &expect!["Invalid setting for container 'main'. 'stopTimeout' must not be negative."],
    );
    let mapped = |mappings| request(vec![ecs::ContainerDefinition { port_mappings: Some(mappings), ..main() }]);
    refusal(
        mapped(vec![port(80, 80), port(81, 80)]),
        &expect!["Host port 80/tcp is mapped more than once in the task."],
    );
    refusal(
        mapped(vec![port(70000, 0)]),
        &expect!["Invalid setting for container 'main'. 'containerPort' 70000 is not between 1 and 65535."],
    );
    refusal(
        mapped(vec![port(1, -1)]),
        &expect!["Invalid setting for container 'main'. 'hostPort' -1 is not between 0 and 65535."],
    );
    refusal(
        mapped(vec![ecs::PortMapping::default()]),
        &expect!["Invalid setting for container 'main'. A port mapping must have a 'containerPort'."],
    );
    let none =
        ecs::RegisterTaskDefinitionRequest { network_mode: Some(ecs::NetworkMode::None), ..mapped(vec![port(1, 1)]) };
    refusal(
        none,
        &expect!["Invalid setting for container 'main'. 'portMappings' are not possible with networkMode none."],
    );
}

#[test]
fn sizes_and_platforms_that_cannot_be_are_refused() {
    let task = |cpu: Option<&str>, memory: Option<&str>| ecs::RegisterTaskDefinitionRequest {
        cpu: cpu.map(str::to_owned),
        memory: memory.map(str::to_owned),
        ..request(vec![container("main")])
    };
    refusal(task(Some("x"), None), &expect!["Invalid 'cpu' setting for task: 'x'."]);
    refusal(task(Some("64"), None), &expect!["Invalid 'cpu' setting for task: 64 is not between 128 and 196608."]);
    refusal(
        task(Some("128"), None),
        &expect![
            "Invalid 'cpu' setting for task: the containers ask for 256 CPU units together, the task has 128 CPU units."
        ],
    );
    refusal(task(None, Some("0")), &expect!["Invalid 'memory' setting for task: it must not be 0."]);
    let fargate = |cpu, memory| ecs::RegisterTaskDefinitionRequest {
        requires_compatibilities: Some(vec![ecs::Compatibility::Fargate]),
        ..task(cpu, memory)
    };
    refusal(fargate(None, None), &expect!["Fargate requires that 'cpu' be defined at the task level."]);
    refusal(fargate(Some("256"), None), &expect!["Fargate requires that 'memory' be defined at the task level."]);
    refusal(
        fargate(Some("256"), Some("4096")),
        &expect!["No Fargate configuration exists for given values: 256 CPU, 4096 memory."],
    );
    assert!(normalise(fargate(Some("256"), Some("512")), false).is_ok());
    let mode = |mode| ecs::RegisterTaskDefinitionRequest { network_mode: Some(mode), ..task(None, None) };
    let unknown = ecs::NetworkMode::Unknown("overlay".to_owned());
    refusal(mode(unknown), &expect!["networkMode overlay is not supported."]);
    let platform = |os, cpu| ecs::RegisterTaskDefinitionRequest {
        runtime_platform: Some(ecs::RuntimePlatform { operating_system_family: os, cpu_architecture: cpu }),
        ..task(None, None)
    };
    refusal(
        platform(Some(ecs::OSFamily::WindowsServer2022Core), None),
        &expect!["runtimePlatform.operatingSystemFamily WINDOWS_SERVER_2022_CORE is not supported."],
    );
    assert!(normalise(platform(Some(ecs::OSFamily::Linux), Some(ecs::CPUArchitecture::Arm64)), false).is_ok());
    let huge = ecs::ContainerDefinition { command: Some(vec!["x".repeat(70_000)]), ..container("main") };
    assert!(
        matches!(normalise(request(vec![huge]), false), Err(Rejection::Client(text)) if text.contains("more than 65536"))
    );
}

#[test]
fn revisions_are_numbered_and_never_used_twice() {
    let mut world = World::new(settings());
    let plain = || request(vec![container("main")]);
    let ids: Vec<_> = (0..3).map(|_| world.define(plain())).collect();
    assert_eq!(ids.iter().map(|id| id.revision).collect::<Vec<_>>(), [1, 2, 3]);
    let last = Event::DeregisterTaskDefinition { definition: ids[2].clone() };
    for _ in 0..2 {
        // A repeat is harmless.
        let Reply::TaskDefinition(definition) = world.apply(last.clone()) else { panic!("not deregistered") };
        assert_eq!(definition.document.status, Some(ecs::TaskDefinitionStatus::Inactive));
    }
    let latest = DefinitionRef::Latest(name("web"));
    assert_eq!(world.state.definitions.find(&latest).unwrap().id.revision, 2);
    world.restart();
    assert_eq!(world.define(plain()).revision, 4);
    assert_eq!(world.define_as("other", plain()).revision, 1);
    let unknown = Event::DeregisterTaskDefinition { definition: DefinitionId { revision: 9, ..ids[0].clone() } };
    let Rejection::Client(text) = world.refused(unknown) else { panic!("another refusal") };
    expect!["The specified task definition does not exist."].assert_eq(&text);
}

#[test]
fn only_inactive_revisions_are_deleted_and_their_numbers_never_come_back() {
    let mut world = World::new(settings());
    let id = world.define(request(vec![container("main")]));
    let unknown = DefinitionId { family: name("nope"), revision: 1 };
    let delete = |ids: &[&DefinitionId], world: &mut World| {
        let definitions = ids.iter().map(|id| (*id).clone()).collect();
        match world.apply(Event::DeleteTaskDefinitions { definitions }) {
            Reply::TaskDefinitions { deleting, failures } => (deleting, failures),
            other => panic!("{other:?}"),
        }
    };
    let (deleting, failures) = delete(&[&id, &unknown], &mut world);
    assert_eq!((deleting.len(), failures), (0, vec![(id.clone(), STILL_ACTIVE), (unknown, UNKNOWN)]));
    assert!(world.step.writes.is_empty());

    let task = world.run(&id, 1)[0];
    world.apply(Event::DeregisterTaskDefinition { definition: id.clone() });
    let (deleting, failures) = delete(&[&id], &mut world);
    assert_eq!((deleting[0].status, failures.len()), (DefinitionStatus::DeleteInProgress, 0));
    assert_eq!(deleting[0].document.status, Some(ecs::TaskDefinitionStatus::DeleteInProgress));
    assert!(deleting[0].document.delete_requested_at.is_some());
    assert_eq!(delete(&[&id], &mut world).0, deleting, "asking again changes nothing");
    let refusal = world.refused(crate::fixture::run_task(&id, 1, crate::event::LaunchTarget::ClusterDefault));
    assert!(matches!(refusal, Rejection::Client(_)));

    // A task that still runs it keeps it, also over a restart.
    world.restart();
    world.after(DELETED_AFTER);
    world.tick();
    assert_eq!(world.state.definitions.get(&id).unwrap().status, DefinitionStatus::DeleteInProgress);
    world.stop(task);
    world.after(DELETED_AFTER);
    world.tick();
    assert!(world.state.definitions.known(&id).is_none());
    assert_eq!(world.rows().task_definitions, world.state.rows().task_definitions);
    assert_eq!(delete(&[&id], &mut world).1, [(id, UNKNOWN)]);
    world.restart();
    assert_eq!(world.define(request(vec![container("main")])).revision, 2);
}

#[test]
fn what_a_host_must_have_is_derived() {
    let names = |request: ecs::RegisterTaskDefinitionRequest| -> Vec<String> {
        let attributes = normalise(request, false).unwrap().requires_attributes.unwrap_or_default();
        attributes.into_iter().filter_map(|attribute| attribute.name).collect()
    };
    assert!(names(request(vec![container("main")])).is_empty());
    let container = ecs::ContainerDefinition {
        image: Some("1.dkr.ecr.us-east-1.amazonaws.com/a:b".to_owned()),
        memory_reservation: Some(64),
        ..container("main")
    };
    let full = ecs::RegisterTaskDefinitionRequest {
        task_role_arn: Some("role".to_owned()),
        execution_role_arn: Some("role".to_owned()),
        ..request(vec![container])
    };
    assert_eq!(
        names(full),
        [
            "com.amazonaws.ecs.capability.ecr-auth",
            "ecs.capability.execution-role-ecr-pull",
            "com.amazonaws.ecs.capability.docker-remote-api.1.21",
            "com.amazonaws.ecs.capability.task-iam-role",
        ]
    );
}
