//! What an agent is told about a task: its definition and its overrides, merged into the shape of the agent protocol.
//!
//! Pure. Only members that Berth honours are here; a definition with any other was refused when it was registered.

mod docker;
pub mod secret;
mod storage;

use std::collections::BTreeMap;

use berth_model::acs::{
    DOCKER_HEALTH_CHECK, PayloadContainer, PayloadDependency, PayloadPortMapping, PayloadRestartPolicy, PayloadTask,
    RESTART_ATTEMPT_SECONDS,
};
use berth_model::arn::ArnScope;
use berth_model::ecs::{
    self, ContainerDefinition, ContainerDependency, ContainerOverride, ContainerRestartPolicy, KeyValuePair,
    LaunchType, NetworkMode, PortMapping,
};
use berth_model::sensitive::Sensitive;
use berth_model::task::{DesiredStatus, Task};
use berth_model::task_definition::TaskDefinition;

pub use self::storage::ephemeral_storage;
use crate::store::launch_type;

const CPU_UNITS_PER_VCPU: f64 = 1024.0;

/// A task as its agent is to see it, to be run or to be stopped.
pub fn payload_task(
    scope: &ArnScope,
    task: &Task,
    definition: &TaskDefinition,
    desired_status: DesiredStatus,
) -> PayloadTask {
    let document = &definition.document;
    let overrides = &task.request.overrides;
    let has_cpu = document.cpu.is_some() || overrides.cpu.is_some();
    let has_memory = document.memory.is_some() || overrides.memory.is_some();
    let definitions = document.container_definitions.as_deref().unwrap_or_default();
    PayloadTask {
        arn: scope.task(&task.cluster, task.id),
        task_cluster_arn: scope.cluster(&task.cluster),
        family: task.definition.family.to_string(),
        version: task.definition.revision.to_string(),
        desired_status: desired_status.as_str().to_owned(),
        containers: definitions.iter().map(|container| payload_container(scope, task, document, container)).collect(),
        network_mode: network_mode(document).to_owned(),
        pid_mode: document.pid_mode.as_ref().map_or_else(String::new, |mode| mode.as_str().to_owned()),
        ipc_mode: document.ipc_mode.as_ref().map_or_else(String::new, |mode| mode.as_str().to_owned()),
        // Whoever sends it knows them.
        role_credentials: None,
        cpu: has_cpu.then(|| vcpus(task)),
        memory: has_memory.then(|| i64::try_from(task.demand.resources.memory.0).unwrap_or(i64::MAX)),
        launch_type: launch_type(&task.launch).as_str().to_owned(),
        group: task.request.group.clone(),
        volumes: storage::volumes(document),
        associations: storage::associations(task),
        ephemeral_storage: ephemeral_storage(task, document),
    }
}

/// Tells containers on what they run, as ECS documents it for these two launch types. What the task definition says, or a
/// secret or file of its, comes before that.
pub fn tell_execution(task: &mut PayloadTask) {
    let execution = match task.launch_type.as_str() {
        "FARGATE" => "AWS_ECS_FARGATE",
        "EC2" => "AWS_ECS_EC2",
        _ => return,
    };
    for container in &mut task.containers {
        let variables = container.environment.expose_mut();
        variables.entry("AWS_EXECUTION_ENV".to_owned()).or_insert_with(|| execution.to_owned());
    }
}

fn network_mode(document: &ecs::TaskDefinition) -> &str {
    document.network_mode.as_ref().unwrap_or(&NetworkMode::Bridge).as_str()
}

/// The task's own CPU limit. The demand is that limit if the task has one.
#[expect(clippy::cast_precision_loss, reason = "exact below 2^53 units")]
fn vcpus(task: &Task) -> f64 {
    task.demand.resources.cpu.0 as f64 / CPU_UNITS_PER_VCPU
}

fn payload_container(
    scope: &ArnScope,
    task: &Task,
    document: &ecs::TaskDefinition,
    definition: &ContainerDefinition,
) -> PayloadContainer {
    let name = definition.name.clone().unwrap_or_default();
    let over = container_override(task, &name);
    let id = task.containers.iter().find(|container| container.name == name).map(|container| container.id);
    let memory = over.and_then(|over| over.memory).or(definition.memory).map(i64::from);
    let has_task_memory = document.memory.is_some() || task.request.overrides.memory.is_some();
    let task_memory = || i64::try_from(task.demand.resources.memory.0).ok().filter(|_| has_task_memory);
    let task_id = task.id.to_string();
    let place = docker::Place {
        task_id: &task_id,
        network_mode: network_mode(document),
        reservation: over.and_then(|over| over.memory_reservation).or(definition.memory_reservation),
        memory: memory.or_else(task_memory),
        is_fargate: launch_type(&task.launch) == LaunchType::Fargate,
    };
    PayloadContainer {
        container_arn: id.map(|id| scope.container(&task.cluster, task.id, id)).unwrap_or_default(),
        image: definition.image.clone().unwrap_or_default(),
        essential: definition.essential.unwrap_or(true),
        command: over
            .and_then(|over| over.command.clone().filter(|words| !words.is_empty()))
            .or_else(|| definition.command.clone()),
        entry_point: definition.entry_point.clone(),
        environment: Sensitive::new(environment(definition, over)),
        registry_authentication: None,
        cpu: over.and_then(|over| over.cpu).or(definition.cpu).unwrap_or(0).into(),
        memory: memory.unwrap_or(0),
        port_mappings: definition.port_mappings.iter().flatten().filter_map(port_mapping).collect(),
        mount_points: definition.mount_points.clone().unwrap_or_default(),
        volumes_from: definition.volumes_from.clone().unwrap_or_default(),
        links: definition.links.clone().unwrap_or_default(),
        stop_timeout: definition.stop_timeout.map(i64::from),
        depends_on: definition.depends_on.iter().flatten().filter_map(dependency).collect(),
        start_timeout: definition.start_timeout.map(i64::from),
        health_check_type: health_check_type(task, &name),
        restart_policy: definition.restart_policy.as_ref().map(restart_policy),
        docker_config: docker::settings(document, definition, place),
        name,
    }
}

fn container_override<'a>(task: &'a Task, name: &str) -> Option<&'a ContainerOverride> {
    let overrides = task.request.overrides.container_overrides.as_deref().unwrap_or_default();
    overrides.iter().find(|over| over.name.as_deref() == Some(name))
}

/// The definition's variables with the override's laid over them, name by name.
fn environment(definition: &ContainerDefinition, over: Option<&ContainerOverride>) -> BTreeMap<String, String> {
    let defined = definition.environment.as_ref().map(Sensitive::expose).into_iter().flatten();
    let overridden = over.and_then(|over| over.environment.as_ref()).map(Sensitive::expose).into_iter().flatten();
    defined.chain(overridden).filter_map(name_and_value).collect()
}

fn name_and_value(pair: &KeyValuePair) -> Option<(String, String)> {
    Some((pair.name.clone()?, pair.value.clone().unwrap_or_default()))
}

/// The container's row says whether something looks at its health.
fn health_check_type(task: &Task, name: &str) -> String {
    let is_checked = task.containers.iter().any(|container| container.name == name && container.health.is_some());
    if is_checked { DOCKER_HEALTH_CHECK.to_owned() } else { String::new() }
}

fn restart_policy(policy: &ContainerRestartPolicy) -> PayloadRestartPolicy {
    PayloadRestartPolicy {
        enabled: policy.enabled.unwrap_or(false),
        ignored_exit_codes: policy.ignored_exit_codes.clone().unwrap_or_default(),
        // Always said: the Amazon ECS agent takes it for none if it is not.
        restart_attempt_period: Some(policy.restart_attempt_period.map_or(RESTART_ATTEMPT_SECONDS, i64::from)),
    }
}

fn dependency(dependency: &ContainerDependency) -> Option<PayloadDependency> {
    Some(PayloadDependency {
        container_name: dependency.container_name.clone()?,
        condition: dependency.condition.as_ref()?.as_str().to_owned(),
    })
}

fn port_mapping(mapping: &PortMapping) -> Option<PayloadPortMapping> {
    let protocol = mapping.protocol.as_ref().map_or("tcp", |protocol| protocol.as_str());
    Some(PayloadPortMapping {
        container_port: mapping.container_port?.try_into().ok()?,
        host_port: mapping.host_port.unwrap_or(0).try_into().ok()?,
        protocol: protocol.to_owned(),
    })
}

#[cfg(test)]
mod tests;
