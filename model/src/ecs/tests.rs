use std::collections::BTreeSet;

use serde_json::{json, to_value};

use super::*;
use crate::check::check;
use crate::epoch::EpochSeconds;

fn read<T: DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).expect("the shape reads it")
}

#[test]
fn every_operation_is_found_by_its_name() {
    assert_eq!(Operation::ALL.len(), 88);
    for operation in Operation::ALL {
        assert_eq!(Operation::from_name(operation.name()), Some(*operation));
        assert!(!operation.errors().is_empty(), "{operation:?}");
    }
    assert_eq!(Operation::from_name("runTask"), None);
    assert_eq!(Operation::from_name(""), None);
    assert_eq!(RunTaskRequest::OPERATION, Operation::RunTask);
}

#[test]
fn only_server_exception_is_a_fault() {
    let faults: Vec<_> = ErrorShape::ALL.iter().filter(|error| error.is_fault()).collect();
    assert_eq!(faults, [&ErrorShape::ServerException]);
    assert_eq!(ErrorShape::ServerException.name(), "ServerException");
    assert!(Operation::RunTask.errors().contains(&ErrorShape::ClusterNotFoundException));
    let names: BTreeSet<_> = ErrorShape::ALL.iter().map(|error| error.name()).collect();
    assert_eq!(names.len(), ErrorShape::ALL.len());
}

#[test]
fn a_request_survives_the_way_there_and_back() {
    let wire = json!({
        "taskDefinition": "sleep:1",
        "count": 3,
        "enableECSManagedTags": true,
        "launchType": "FARGATE",
        "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"], "assignPublicIp": "DISABLED"}},
        "overrides": {"containerOverrides": [{"name": "a", "environment": [{"name": "K", "value": "v"}]}]},
        "tags": [{"key": "team", "value": "blue"}],
    });
    let request: RunTaskRequest = read(wire.clone());
    assert_eq!(request.count, Some(3));
    assert_eq!(request.enable_ecs_managed_tags, Some(true));
    assert_eq!(request.launch_type, Some(LaunchType::Fargate));
    assert_eq!(request.cluster, None);
    assert_eq!(check(&request), Ok(()));
    assert_eq!(to_value(&request).expect("a request"), wire);
}

#[test]
fn members_of_every_kind_have_their_wire_names() {
    let definition: ContainerDefinition = read(json!({
        "name": "web",
        "dockerLabels": {"a": "b"},
        "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "g"}},
        "ulimits": [{"name": "nofile", "softLimit": 1, "hardLimit": 2}],
    }));
    assert_eq!(definition.docker_labels.as_ref().expect("labels").get("a").map(String::as_str), Some("b"));
    let volume = Volume { name: Some("data".to_owned()), ..Volume::default() };
    assert_eq!(to_value(volume).expect("a volume"), json!({"name": "data"}));
    let constraint = PlacementConstraint { r#type: Some(PlacementConstraintType::MemberOf), expression: None };
    assert_eq!(to_value(constraint).expect("a constraint"), json!({"type": "memberOf"}));
    let storage = EphemeralStorage { size_in_gib: Some(30) };
    assert_eq!(to_value(storage).expect("a size"), json!({"sizeInGiB": 30}));
}

#[test]
fn timestamps_are_seconds_with_a_fraction() {
    let task =
        Task { created_at: Some(EpochSeconds::from_millis(1_700_000_000_250)), version: Some(1), ..Task::default() };
    let wire = to_value(&task).expect("a task");
    assert_eq!(wire, json!({"createdAt": 1_700_000_000.25, "version": 1}));
    assert_eq!(read::<Task>(wire), task);
}

#[test]
fn null_is_absent_and_unknown_members_are_ignored() {
    let request: RunTaskRequest = read(json!({"taskDefinition": null, "count": null, "fromTheFuture": {"a": [1]}}));
    assert_eq!(request, RunTaskRequest::default());
    assert_eq!(to_value(request).expect("a request"), json!({}));
}

#[test]
fn values_of_the_wrong_type_are_refused() {
    for wire in
        [json!({"count": "3"}), json!({"count": 2_147_483_648_i64}), json!({"tags": {}}), json!({"launchType": 1})]
    {
        assert!(serde_json::from_value::<RunTaskRequest>(wire.clone()).is_err(), "{wire}");
    }
}

#[test]
fn values_outside_an_enumeration_are_kept() {
    let request: RunTaskRequest = read(json!({"taskDefinition": "a", "launchType": "EC3"}));
    assert_eq!(request.launch_type, Some(LaunchType::Unknown("EC3".to_owned())));
    assert_eq!(to_value(request).expect("a request")["launchType"], json!("EC3"));
    assert_eq!(HealthStatus::from("UNKNOWN"), HealthStatus::UnknownValue);
    for value in OSFamily::VALUES {
        let family = OSFamily::from(*value);
        assert!(!matches!(family, OSFamily::Unknown(_)), "{value}");
        assert_eq!(family.to_string(), *value);
    }
}

#[test]
fn environment_and_tokens_are_hidden_from_debug() {
    let container: ContainerDefinition = read(json!({"environment": [{"name": "PASSWORD", "value": "hunter2"}]}));
    let text = format!("{container:?}");
    assert!(text.contains("environment: Some(***)"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
    let session: Session = read(json!({"tokenValue": "hunter2"}));
    assert!(!format!("{session:?}").contains("hunter2"));
    assert_eq!(session.token_value.expect("a token").expose(), "hunter2");
}

#[test]
fn documents_hold_any_json() {
    let hook: DeploymentLifecycleHook = read(json!({"hookDetails": {"a": [1, null, {"b": "c"}]}}));
    assert_eq!(hook.hook_details, Some(json!({"a": [1, null, {"b": "c"}]})));
}

#[test]
fn errors_carry_their_extra_members() {
    let conflict = ConflictException { resource_ids: Some(vec!["a".to_owned()]), message: Some("taken".to_owned()) };
    assert_eq!(to_value(conflict).expect("an error"), json!({"resourceIds": ["a"], "message": "taken"}));
}
