//! A task as clients see it.

use std::collections::BTreeMap;

use berth_engine::payload::ephemeral_storage;
use berth_engine::store::{Connectivity, TaskView, launch_type};
use berth_model::arn::{ArnScope, uuid};
use berth_model::ecs;
use berth_model::host::ARCHITECTURE_ATTRIBUTE;
use berth_model::network::NetworkInterface;
use berth_model::task::{Architecture, Container, Launch, Task};
use berth_model::task_definition::TaskDefinition;
use berth_model::time::Timestamp;
use berth_scheduler::event::Usage;

use crate::ecs::error::Fault;
use crate::edge::Edge;

/// The attribute in which a waiting task says why it waits.
const WAITING_ATTRIBUTE: &str = "berth.waiting";

/// The attributes in which a task or a host says what it uses at present: CPU units, and MiB of memory.
const USED_ATTRIBUTES: [&str; 2] = ["berth.cpu-used", "berth.memory-used"];

/// The platform version that `LATEST` means.
const PLATFORM_LATEST: &str = "1.4.0";

/// What is known of a task beyond its own row.
#[derive(Debug, Default)]
pub(crate) struct Surroundings<'a> {
    /// What it runs; without it neither the containers' own limits nor the size of its storage are shown.
    pub(crate) definition: Option<&'a TaskDefinition>,
    /// Why it waits.
    pub(crate) waiting: Option<&'a str>,
    /// Its host's processor.
    pub(crate) architecture: Option<Architecture>,
    /// Its host's connectivity.
    pub(crate) connectivity: Option<Connectivity>,
    /// What it uses.
    pub(crate) used: Option<Usage>,
    /// Whether its tags are shown.
    pub(crate) has_tags: bool,
}

/// The tasks as the store shows them.
///
/// # Errors
/// `ServerException` if the store fails.
pub(crate) async fn views(edge: &Edge, views: &[TaskView], has_tags: bool) -> Result<Vec<ecs::Task>, Fault> {
    let mut shown = Vec::with_capacity(views.len());
    for view in views {
        let definition = edge.definition(&view.task.definition).await?;
        let surroundings = Surroundings {
            definition: definition.as_deref(),
            waiting: view.waiting.as_deref(),
            architecture: view.architecture,
            connectivity: view.connectivity,
            used: view.task.host.and_then(|host| edge.handle.telemetry().task(host, view.task.id)),
            has_tags,
        };
        shown.push(task(edge.scope(), &view.task, &surroundings));
    }
    Ok(shown)
}

/// Tasks that the engine has just given back, tags included.
///
/// # Errors
/// `ServerException` if the store fails.
pub(crate) async fn fresh(edge: &Edge, tasks: &[Task]) -> Result<Vec<ecs::Task>, Fault> {
    let mut shown = Vec::with_capacity(tasks.len());
    for one in tasks {
        let definition = edge.definition(&one.definition).await?;
        let surroundings =
            Surroundings { definition: definition.as_deref(), has_tags: true, ..Surroundings::default() };
        shown.push(task(edge.scope(), one, &surroundings));
    }
    Ok(shown)
}

/// One task.
pub(crate) fn task(scope: &ArnScope, task: &Task, surroundings: &Surroundings<'_>) -> ecs::Task {
    let (provider, host, is_fargate) = match &task.launch {
        Launch::Provider { provider, by_launch_type: false } => (Some(provider.to_string()), None, true),
        Launch::Provider { by_launch_type: true, .. } => (None, None, true),
        Launch::Static(_) => (None, task.host, false),
    };
    let platform = task.request.platform_version.as_deref().filter(|version| *version != "LATEST");
    let connectivity = surroundings.connectivity;
    let limits = limits(task, surroundings.definition);
    ecs::Task {
        attachments: Some(task.interface.map(|interface| attachment(task, interface)).into_iter().collect()),
        attributes: Some(attributes(task, surroundings)),
        capacity_provider_name: provider,
        cluster_arn: Some(scope.cluster(&task.cluster)),
        connectivity: connectivity.map(|host| connectivity_of(host.is_connected)),
        connectivity_at: connectivity.map(|host| host.changed_at.into()),
        container_instance_arn: host.map(|host| scope.container_instance(&task.cluster, host)),
        containers: Some(task.containers.iter().map(|one| container(scope, task, one, &limits)).collect()),
        cpu: Some(task.demand.resources.cpu.0.to_string()),
        created_at: Some(task.times.created_at.into()),
        desired_status: Some(task.desired_status.as_str().to_owned()),
        enable_execute_command: Some(task.request.allows_exec),
        ephemeral_storage: surroundings.definition.and_then(|definition| ephemeral_storage(task, &definition.document)),
        execution_stopped_at: at(task.times.execution_stopped_at),
        group: Some(task.request.group.clone()),
        health_status: Some(ecs::HealthStatus::from(task.health().as_str())),
        inference_accelerators: Some(Vec::new()),
        last_status: Some(task.last_status.as_str().to_owned()),
        launch_type: Some(launch_type(&task.launch)),
        memory: Some(task.demand.resources.memory.0.to_string()),
        overrides: Some(overrides(task)),
        platform_version: is_fargate.then(|| platform.unwrap_or(PLATFORM_LATEST).to_owned()),
        platform_family: is_fargate.then(|| "Linux".to_owned()),
        pull_started_at: at(task.times.pull_started_at),
        pull_stopped_at: at(task.times.pull_stopped_at),
        started_at: at(task.times.started_at),
        started_by: task.request.started_by.clone(),
        stop_code: task.stop.as_ref().map(|stop| ecs::TaskStopCode::from(stop.code.as_str())),
        stopped_at: at(task.times.stopped_at),
        stopped_reason: task.stop.as_ref().map(|stop| stop.reason.clone()),
        stopping_at: at(task.times.stopping_at),
        tags: Some(if surroundings.has_tags { task.request.tags.clone() } else { Vec::new() }),
        task_arn: Some(scope.task(&task.cluster, task.id)),
        task_definition_arn: Some(scope.task_definition(&task.definition)),
        version: Some(i64::try_from(task.version).unwrap_or(i64::MAX)),
        ..ecs::Task::default()
    }
}

fn at(time: Option<Timestamp>) -> Option<berth_model::epoch::EpochSeconds> {
    time.map(Into::into)
}

/// A task's network interface, as far as it is known.
fn attachment(task: &Task, interface: NetworkInterface) -> ecs::Attachment {
    let asked = task.request.network_configuration.as_ref().and_then(|asked| asked.awsvpc_configuration.as_ref());
    // Hosts need no subnets; what the client named is given back.
    let subnet = asked.and_then(|asked| asked.subnets.as_ref()?.first().cloned());
    let details = [
        ("subnetId", subnet),
        ("networkInterfaceId", Some(interface.interface_id())),
        ("privateIPv4Address", interface.address.map(|address| address.to_string())),
    ];
    let detail = |(name, value): (&str, Option<String>)| {
        value.map(|value| ecs::KeyValuePair { name: Some(name.to_owned()), value: Some(value) })
    };
    ecs::Attachment {
        id: Some(uuid(interface.id)),
        r#type: Some("ElasticNetworkInterface".to_owned()),
        status: Some(interface.status(task.last_status).to_owned()),
        details: Some(details.into_iter().filter_map(detail).collect()),
    }
}

/// The same, as each container shows it.
fn shared_interface(interface: NetworkInterface) -> ecs::NetworkInterface {
    ecs::NetworkInterface {
        attachment_id: Some(uuid(interface.id)),
        private_ipv4_address: interface.address.map(|address| address.to_string()),
        ipv6_address: None,
    }
}

/// CONNECTED or DISCONNECTED.
fn connectivity_of(is_connected: bool) -> ecs::Connectivity {
    if is_connected { ecs::Connectivity::Connected } else { ecs::Connectivity::Disconnected }
}

fn attributes(task: &Task, surroundings: &Surroundings<'_>) -> Vec<ecs::Attribute> {
    // What it runs on, or has asked for.
    let architecture = surroundings
        .architecture
        .or(task.demand.architecture)
        .map(|architecture| (ARCHITECTURE_ATTRIBUTE, architecture.attribute()));
    let waiting = surroundings.waiting.map(|reason| (WAITING_ATTRIBUTE, reason));
    let attribute = |(name, value): (&str, &str)| ecs::Attribute {
        name: Some(name.to_owned()),
        value: Some(value.to_owned()),
        ..ecs::Attribute::default()
    };
    let known = architecture.into_iter().chain(waiting).map(attribute);
    known.chain(surroundings.used.into_iter().flat_map(used_attributes)).collect()
}

/// What something uses, as attributes.
pub(crate) fn used_attributes(used: Usage) -> impl Iterator<Item = ecs::Attribute> {
    let values = [used.cpu.0, used.memory.0];
    USED_ATTRIBUTES.into_iter().zip(values).map(|(name, value)| ecs::Attribute {
        name: Some(name.to_owned()),
        value: Some(value.to_string()),
        ..ecs::Attribute::default()
    })
}

/// What the client overrode; as in ECS, containers it did not mention stand there by name alone.
fn overrides(task: &Task) -> ecs::TaskOverride {
    let mut overrides = task.request.overrides.clone();
    let given = overrides.container_overrides.get_or_insert_default();
    for container in &task.containers {
        if !given.iter().any(|one| one.name.as_ref() == Some(&container.name)) {
            given.push(ecs::ContainerOverride {
                name: Some(container.name.clone()),
                ..ecs::ContainerOverride::default()
            });
        }
    }
    overrides.inference_accelerator_overrides.get_or_insert_default();
    overrides
}

/// What one container may take: its definition's numbers, or those of the request's overrides.
#[derive(Debug, Clone, Copy, Default)]
struct Limits {
    cpu: Option<i32>,
    memory: Option<i32>,
    memory_reservation: Option<i32>,
}

fn limits<'a>(task: &'a Task, definition: Option<&'a TaskDefinition>) -> BTreeMap<&'a str, Limits> {
    let defined = definition.and_then(|definition| definition.document.container_definitions.as_deref());
    let mut limits: BTreeMap<&str, Limits> = BTreeMap::new();
    for container in defined.unwrap_or_default() {
        let (cpu, memory, memory_reservation) = (container.cpu, container.memory, container.memory_reservation);
        limits.insert(container.name.as_deref().unwrap_or_default(), Limits { cpu, memory, memory_reservation });
    }
    for given in task.request.overrides.container_overrides.iter().flatten() {
        let limit = limits.entry(given.name.as_deref().unwrap_or_default()).or_default();
        limit.cpu = given.cpu.or(limit.cpu);
        limit.memory = given.memory.or(limit.memory);
        limit.memory_reservation = given.memory_reservation.or(limit.memory_reservation);
    }
    limits
}

fn container(scope: &ArnScope, task: &Task, container: &Container, limits: &BTreeMap<&str, Limits>) -> ecs::Container {
    let limits = limits.get(container.name.as_str()).copied().unwrap_or_default();
    let text = |number: Option<i32>| number.map(|number| number.to_string());
    ecs::Container {
        container_arn: Some(scope.container(&task.cluster, task.id, container.id)),
        task_arn: Some(scope.task(&task.cluster, task.id)),
        name: Some(container.name.clone()),
        image: Some(container.image.clone()),
        image_digest: container.image_digest.clone(),
        runtime_id: container.runtime_id.clone(),
        gpu_ids: Some(container.gpu_ids.clone()).filter(|ids| !ids.is_empty()),
        last_status: Some(container.last_status.as_str().to_owned()),
        exit_code: container.exit_code,
        reason: container.reason.clone(),
        network_bindings: Some(container.network_bindings.clone()),
        network_interfaces: Some(task.interface.map(shared_interface).into_iter().collect()),
        health_status: Some(ecs::HealthStatus::from(
            container.health.map_or_else(Default::default, |it| it.status).as_str(),
        )),
        cpu: Some(text(limits.cpu).unwrap_or_else(|| "0".to_owned())),
        memory: text(limits.memory),
        memory_reservation: text(limits.memory_reservation),
        ..ecs::Container::default()
    }
}
