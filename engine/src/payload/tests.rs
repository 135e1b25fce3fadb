use berth_model::ecs;
use berth_model::id::DefinitionId;
use berth_model::task::Launch;
use berth_model::task_definition::DefinitionStatus;
use berth_model::unit::{CpuUnits, MemoryMib};

use super::*;
use crate::sample;

fn definition(document: serde_json::Value) -> TaskDefinition {
    let id = DefinitionId { family: "web".parse().unwrap(), revision: 3 };
    TaskDefinition {
        id,
        status: DefinitionStatus::Active,
        document: serde_json::from_value(document).unwrap(),
        tags: Vec::new(),
    }
}

fn payload(task: &Task, document: serde_json::Value) -> serde_json::Value {
    let payload = payload_task(&ArnScope::default(), task, &definition(document), DesiredStatus::Running);
    serde_json::to_value(payload).unwrap()
}

fn task_with(overrides: serde_json::Value) -> Task {
    let mut task = sample::task(0xabc, "demo", "web");
    task.request.overrides = serde_json::from_value(overrides).unwrap();
    task
}

#[test]
fn a_plain_task_has_what_the_agent_needs_and_nothing_else() {
    let task = task_with(serde_json::json!({}));
    let document = serde_json::json!({
        "containerDefinitions": [{ "name": "main", "image": "busybox", "essential": true, "command": ["true"] }],
    });
    let expect = serde_json::json!({
        "arn": "arn:aws:ecs:us-east-1:123456789012:task/demo/00000000000000000000000000000abc",
        "taskClusterArn": "arn:aws:ecs:us-east-1:123456789012:cluster/demo",
        "family": "web",
        "version": "3",
        "desiredStatus": "RUNNING",
        "networkMode": "bridge",
        "launchType": "FARGATE",
        "group": "family:web",
        "containers": [{
            "name": "main",
            "containerArn": "arn:aws:ecs:us-east-1:123456789012:container/demo/\
                             00000000000000000000000000000abc/00000000-0000-0000-0000-0000000abc00",
            "image": "busybox",
            "essential": true,
            "command": ["true"],
            "cpu": 0,
            "memory": 0,
            "dockerConfig": { "config": "{}", "hostConfig": "{\"NetworkMode\":\"bridge\"}", "version": "1.18" },
        }],
    });
    assert_eq!(payload(&task, document), expect);
}

#[test]
fn overrides_are_laid_over_the_definition() {
    let mut task = task_with(serde_json::json!({
        "cpu": "512",
        "containerOverrides": [{
            "name": "main",
            "command": ["b"],
            "cpu": 20,
            "memory": 200,
            "memoryReservation": 100,
            "environment": [{ "name": "B", "value": "new" }, { "name": "C", "value": "3" }],
        }],
    }));
    task.launch = Launch::Static(berth_model::task::StaticLaunchType::External);
    task.demand.resources.cpu = CpuUnits(512);
    task.demand.resources.memory = MemoryMib(1024);
    let document = serde_json::json!({
        "cpu": "256",
        "memory": "1024",
        "networkMode": "host",
        "containerDefinitions": [
            {
                "name": "main", "image": "a", "cpu": 10, "memory": 128, "memoryReservation": 64,
                "entryPoint": ["/e"], "command": ["a"], "stopTimeout": 5,
                "environment": [{ "name": "A", "value": "1" }, { "name": "B", "value": "2" }],
                "portMappings": [
                    { "containerPort": 80, "hostPort": 8080, "protocol": "tcp" },
                    { "containerPort": 53, "protocol": "udp" },
                ],
            },
            { "name": "side", "image": "b", "essential": false, "memoryReservation": 32 },
        ],
    });
    let payload = payload(&task, document);
    assert_eq!((&payload["cpu"], &payload["memory"]), (&serde_json::json!(0.5), &serde_json::json!(1024)));
    assert_eq!((&payload["networkMode"], &payload["launchType"]), (&"host".into(), &"EXTERNAL".into()));
    let mut container = payload["containers"][0].clone();
    container["containerArn"] = serde_json::Value::Null;
    let expect = serde_json::json!({
        "name": "main", "containerArn": null, "image": "a", "essential": true,
        "entryPoint": ["/e"], "command": ["b"], "stopTimeout": 5,
        "environment": { "A": "1", "B": "new", "C": "3" },
        "cpu": 20, "memory": 200,
        "portMappings": [
            { "containerPort": 80, "hostPort": 8080, "protocol": "tcp" },
            { "containerPort": 53, "hostPort": 0, "protocol": "udp" },
        ],
        "dockerConfig": {
            "config": "{}",
            "hostConfig": "{\"MemoryReservation\":104857600,\"NetworkMode\":\"host\"}",
            "version": "1.18",
        },
    });
    assert_eq!(container, expect);
    let side = &payload["containers"][1];
    assert_eq!((&side["essential"], &side["command"]), (&false.into(), &serde_json::Value::Null));
    assert_eq!(side["dockerConfig"]["hostConfig"], "{\"MemoryReservation\":33554432,\"NetworkMode\":\"host\"}");
}

#[test]
fn a_stop_lists_the_containers_too() {
    let task = sample::task(1, "c", "web");
    let containers = vec![ecs::ContainerDefinition { name: Some("main".to_owned()), ..Default::default() }];
    let mut definition = definition(serde_json::json!({}));
    definition.document.container_definitions = Some(containers);
    let payload = payload_task(&ArnScope::default(), &task, &definition, DesiredStatus::Stopped);
    assert_eq!((payload.desired_status.as_str(), payload.containers.len()), ("STOPPED", 1));
}
