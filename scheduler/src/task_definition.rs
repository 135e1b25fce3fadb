//! What happens to task definitions: normalising what a client registers, and numbering revisions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use berth_model::arn::DefinitionRef;
use berth_model::ecs;
use berth_model::epoch::EpochSeconds;
use berth_model::id::{DefinitionId, Family};
use berth_model::task_definition::{DefinitionStatus, TaskDefinition};
use berth_model::time::Timestamp;

use crate::container;
use crate::demand::{self, Sizes};
use crate::fargate;
use crate::network;
use crate::placement::wish;
use crate::state::State;
use crate::step::{Fact, Key, Rejection, Reply, Row, Step};
use crate::timer::Timer;

/// Most containers of a task definition, as at ECS.
const CONTAINERS_MAX: usize = 10;

/// Longest task definition as JSON, in bytes, as at ECS. Every revision ever registered is kept in memory.
const DOCUMENT_BYTES_MAX: usize = 64 * 1024;

/// How long a revision that nothing runs stays there after it was deleted, and how often it is looked for whether
/// something still does. Tasks that have stopped are described with its help for as long.
const DELETED_AFTER: Duration = Duration::from_hours(1);

/// Why a revision is not deleted, as ECS words it.
const STILL_ACTIVE: &str =
    "The specified task definition is still in ACTIVE status. Please deregister the target and try again.";
const UNKNOWN: &str =
    "The specified task definition does not exist. Specify a valid account, family, revision and try again.";

/// All revisions of all families.
#[derive(Debug, Default)]
pub(crate) struct Definitions(BTreeMap<Family, BTreeMap<u32, Arc<TaskDefinition>>>);

impl Definitions {
    pub(crate) fn insert(&mut self, definition: Arc<TaskDefinition>) {
        let DefinitionId { family, revision } = definition.id.clone();
        self.0.entry(family).or_default().insert(revision, definition);
    }

    pub(crate) fn get(&self, id: &DefinitionId) -> Option<&Arc<TaskDefinition>> {
        self.0.get(&id.family)?.get(&id.revision)
    }

    /// A revision that clients can see.
    pub(crate) fn known(&self, id: &DefinitionId) -> Option<&Arc<TaskDefinition>> {
        self.get(id).filter(|definition| definition.status < DefinitionStatus::Deleted)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<TaskDefinition>> {
        self.0.values().flat_map(BTreeMap::values)
    }

    /// What a client names, if a new task may run it.
    pub(crate) fn find(&self, wanted: &DefinitionRef) -> Result<&Arc<TaskDefinition>, Rejection> {
        let rejection = |text: &str| Rejection::Client(text.to_owned());
        match wanted {
            DefinitionRef::Latest(family) => {
                let revisions = self.0.get(family).into_iter().flat_map(BTreeMap::values);
                let latest = revisions.rev().find(|definition| definition.status == DefinitionStatus::Active);
                latest.ok_or_else(|| rejection("Unable to describe task definition."))
            }
            DefinitionRef::Exact(id) => match self.get(id) {
                Some(definition) if definition.status == DefinitionStatus::Active => Ok(definition),
                Some(definition) if definition.status < DefinitionStatus::Deleted => {
                    Err(rejection("TaskDefinition is inactive"))
                }
                Some(_) | None => Err(rejection("TaskDefinition not found.")),
            },
        }
    }

    fn next_revision(&self, family: &Family) -> u32 {
        let last = self.0.get(family).and_then(|revisions| revisions.last_key_value());
        last.map_or(1, |(revision, _)| revision.saturating_add(1))
    }
}

impl State {
    /// Adds the next revision of a family.
    pub(crate) fn register_task_definition(
        &mut self,
        family: Family,
        request: ecs::RegisterTaskDefinitionRequest,
        by: String,
        now: Timestamp,
        step: &mut Step,
    ) -> Reply {
        let tags = request.tags.clone().unwrap_or_default();
        let mut document = match normalise(request, self.settings.fargate_any_size) {
            Ok(document) => document,
            Err(rejection) => return Reply::Rejected(rejection),
        };
        let revision = self.definitions.next_revision(&family);
        let Ok(number) = i32::try_from(revision) else {
            return Reply::Rejected(Rejection::LimitExceeded(format!("The family {family} has too many revisions.")));
        };
        let id = DefinitionId { family: family.clone(), revision };
        document.task_definition_arn = Some(self.settings.scope.task_definition(&id));
        document.family = Some(family.to_string());
        document.revision = Some(number);
        document.registered_at = Some(EpochSeconds::from(now));
        document.registered_by = Some(by);
        let definition = TaskDefinition { id, status: DefinitionStatus::Active, document, tags };
        step.facts.push(Fact::TaskDefinitionRegistered { family, revision });
        Reply::TaskDefinition(self.put_definition(definition, step))
    }

    /// Makes a revision INACTIVE; one that already is stays so.
    pub(crate) fn deregister_task_definition(&mut self, id: &DefinitionId, now: Timestamp, step: &mut Step) -> Reply {
        let Some(definition) = self.definitions.known(id) else {
            let text = "The specified task definition does not exist.".to_owned();
            return Reply::Rejected(Rejection::Client(text));
        };
        if definition.status != DefinitionStatus::Active {
            return Reply::TaskDefinition(Arc::clone(definition));
        }
        let mut definition = TaskDefinition::clone(definition);
        definition.status = DefinitionStatus::Inactive;
        definition.document.status = Some(ecs::TaskDefinitionStatus::Inactive);
        definition.document.deregistered_at = Some(EpochSeconds::from(now));
        Reply::TaskDefinition(self.put_definition(definition, step))
    }

    /// Begins to delete revisions that are INACTIVE; those that are being deleted already are given back again.
    pub(crate) fn delete_task_definitions(&mut self, ids: Vec<DefinitionId>, now: Timestamp, step: &mut Step) -> Reply {
        let (mut deleting, mut failures) = (Vec::new(), Vec::new());
        for id in ids {
            let Some(definition) = self.definitions.known(&id) else {
                failures.push((id, UNKNOWN));
                continue;
            };
            match definition.status {
                DefinitionStatus::Active => failures.push((id, STILL_ACTIVE)),
                DefinitionStatus::DeleteInProgress | DefinitionStatus::Deleted => deleting.push(Arc::clone(definition)),
                DefinitionStatus::Inactive => {
                    let mut definition = TaskDefinition::clone(definition);
                    definition.status = DefinitionStatus::DeleteInProgress;
                    definition.document.status = Some(ecs::TaskDefinitionStatus::DeleteInProgress);
                    definition.document.delete_requested_at = Some(EpochSeconds::from(now));
                    self.set_definition_timer(&definition);
                    deleting.push(self.put_definition(definition, step));
                }
            }
        }
        Reply::TaskDefinitions { deleting, failures }
    }

    /// Notes when a revision that is being deleted may be gone.
    pub(crate) fn set_definition_timer(&mut self, definition: &TaskDefinition) {
        let requested_at = definition.document.delete_requested_at.map(Timestamp::from);
        if let Some(at) = requested_at.filter(|_| definition.status == DefinitionStatus::DeleteInProgress) {
            self.timers.set(Timer::Definition(definition.id.clone()), at + DELETED_AFTER);
        }
    }

    /// Deletes a revision, unless a task still runs it.
    pub(crate) fn definition_due(&mut self, id: &DefinitionId, now: Timestamp, step: &mut Step) {
        let Some(definition) = self.definitions.get(id) else { return };
        if definition.status != DefinitionStatus::DeleteInProgress {
            return;
        }
        if self.tasks.iter().any(|task| task.definition == *id) {
            self.timers.set(Timer::Definition(id.clone()), now + DELETED_AFTER);
            return;
        }
        let gone = TaskDefinition {
            id: id.clone(),
            status: DefinitionStatus::Deleted,
            document: ecs::TaskDefinition::default(),
            tags: Vec::new(),
        };
        self.put_definition(gone, step);
    }

    /// Stores a revision as it is now.
    pub(crate) fn put_definition(&mut self, definition: TaskDefinition, step: &mut Step) -> Arc<TaskDefinition> {
        let definition = Arc::new(definition);
        self.definitions.insert(Arc::clone(&definition));
        let key = Key::TaskDefinition(definition.id.clone());
        step.writes.insert(key, Row::TaskDefinition(Arc::clone(&definition)));
        definition
    }
}

/// The document as DescribeTaskDefinition gives it back, still without name, revision and times. `is_any_size` as in
/// [`crate::setting::Settings::fargate_any_size`].
///
/// # Errors
/// [`Rejection::Client`] with a text for the client, if the definition can never run.
pub fn normalise(
    request: ecs::RegisterTaskDefinitionRequest,
    is_any_size: bool,
) -> Result<ecs::TaskDefinition, Rejection> {
    let mut document = ecs::TaskDefinition {
        container_definitions: request.container_definitions,
        task_role_arn: request.task_role_arn,
        execution_role_arn: request.execution_role_arn,
        network_mode: request.network_mode,
        volumes: Some(request.volumes.unwrap_or_default()),
        status: Some(ecs::TaskDefinitionStatus::Active),
        placement_constraints: Some(request.placement_constraints.unwrap_or_default()),
        runtime_platform: request.runtime_platform,
        requires_compatibilities: request.requires_compatibilities,
        cpu: request.cpu,
        memory: request.memory,
        inference_accelerators: request.inference_accelerators,
        pid_mode: request.pid_mode,
        ipc_mode: request.ipc_mode,
        proxy_configuration: request.proxy_configuration,
        ephemeral_storage: request.ephemeral_storage,
        enable_fault_injection: request.enable_fault_injection,
        trusted_execution_configuration: request.trusted_execution_configuration,
        ..Default::default()
    };
    check_platform(&document).map_err(Rejection::Client)?;
    check_containers(&document).map_err(Rejection::Client)?;
    // There the container's port is the only one there is.
    let has_one_port = matches!(document.network_mode, Some(ecs::NetworkMode::Host | ecs::NetworkMode::Awsvpc));
    for container in document.container_definitions.iter_mut().flatten() {
        normalise_container(container, has_one_port);
    }
    container::check(&document).map_err(Rejection::Client)?;
    network::check(&document).map_err(Rejection::Client)?;
    check_constraints(&document).map_err(Rejection::Client)?;
    let compatibilities = check_sizes(&mut document, is_any_size).map_err(Rejection::Client)?;
    document.compatibilities = Some(compatibilities);
    document.requires_attributes = Some(required_attributes(&document)).filter(|list| !list.is_empty());
    Ok(document)
}

/// What ECS derives that a host must have to run this.
fn required_attributes(document: &ecs::TaskDefinition) -> Vec<ecs::Attribute> {
    let containers = || document.container_definitions.iter().flatten();
    let is_ecr = |image: &str| image.contains(".dkr.ecr.") && image.contains(".amazonaws.com");
    let is_from_ecr = containers().any(|container| container.image.as_deref().is_some_and(is_ecr));
    let has_reservation = containers().any(|container| container.memory_reservation.is_some());
    let is_privileged = containers().any(|container| container.privileged == Some(true));
    let has_role = document.task_role_arn.is_some();
    let is_host_mode = document.network_mode == Some(ecs::NetworkMode::Host);
    let shares = document.pid_mode.is_some() || document.ipc_mode.is_some();
    let names = [
        (is_privileged, "com.amazonaws.ecs.capability.privileged-container"),
        (is_from_ecr, "com.amazonaws.ecs.capability.ecr-auth"),
        (is_from_ecr && document.execution_role_arn.is_some(), "ecs.capability.execution-role-ecr-pull"),
        (has_reservation, "com.amazonaws.ecs.capability.docker-remote-api.1.21"),
        (document.network_mode == Some(ecs::NetworkMode::Awsvpc), "ecs.capability.task-eni"),
        (shares, "ecs.capability.pid-ipc-namespace-sharing"),
        (has_role && !is_host_mode, "com.amazonaws.ecs.capability.task-iam-role"),
        (has_role && is_host_mode, "com.amazonaws.ecs.capability.task-iam-role-network-host"),
    ];
    let needed = names.into_iter().filter(|(is_needed, _)| *is_needed);
    needed.map(|(_, name)| ecs::Attribute { name: Some(name.to_owned()), ..ecs::Attribute::default() }).collect()
}

/// Fills in what ECS fills in, and nothing else: clients compare what they get back with what they sent.
fn normalise_container(container: &mut ecs::ContainerDefinition, has_one_port: bool) {
    container.cpu.get_or_insert(0);
    container.essential.get_or_insert(true);
    container.environment.get_or_insert_with(Default::default);
    container.mount_points.get_or_insert_default();
    container.volumes_from.get_or_insert_default();
    container.system_controls.get_or_insert_default();
    for mapping in container.port_mappings.get_or_insert_default() {
        mapping.protocol.get_or_insert(ecs::TransportProtocol::Tcp);
        let default = if has_one_port { mapping.container_port.unwrap_or(0) } else { 0 };
        // Then 0 means the container's own port as well.
        if mapping.host_port.is_none_or(|port| port == 0) {
            mapping.host_port = Some(default);
        }
    }
}

fn check_platform(document: &ecs::TaskDefinition) -> Result<(), String> {
    match &document.network_mode {
        Some(ecs::NetworkMode::Unknown(mode)) => return Err(format!("networkMode {mode} is not supported.")),
        Some(ecs::NetworkMode::Awsvpc | ecs::NetworkMode::Bridge | ecs::NetworkMode::Host | ecs::NetworkMode::None)
        | None => {}
    }
    let Some(platform) = &document.runtime_platform else { return Ok(()) };
    if let Some(family) = platform.operating_system_family.as_ref().filter(|os| **os != ecs::OSFamily::Linux) {
        return Err(format!("runtimePlatform.operatingSystemFamily {family} is not supported."));
    }
    if let Some(ecs::CPUArchitecture::Unknown(name)) = &platform.cpu_architecture {
        return Err(format!("runtimePlatform.cpuArchitecture {name} is not supported."));
    }
    Ok(())
}

fn check_containers(document: &ecs::TaskDefinition) -> Result<(), String> {
    let containers = document.container_definitions.as_deref().unwrap_or_default();
    if containers.is_empty() {
        return Err("Container list cannot be empty.".to_owned());
    }
    if containers.len() > CONTAINERS_MAX {
        return Err(format!("A task definition can have at most {CONTAINERS_MAX} containers."));
    }
    let mut names = BTreeSet::new();
    for container in containers {
        let name = container.name.as_deref().unwrap_or_default();
        check_container_name(name)?;
        if !names.insert(name) {
            return Err(format!("Container.name '{name}' is used more than once."));
        }
        if container.image.as_deref().is_none_or(str::is_empty) {
            return Err("Container.image should not be null or empty.".to_owned());
        }
        check_mappings(name, container, document.network_mode.as_ref())?;
        if container.stop_timeout.is_some_and(|seconds| seconds < 0) {
            return Err(format!("Invalid setting for container '{name}'. 'stopTimeout' must not be negative."));
        }
    }
    if !containers.iter().any(|container| container.essential != Some(false)) {
        return Err("A task definition must have at least one essential container.".to_owned());
    }
    Ok(())
}

fn check_container_name(name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("Container.name should not be null or empty.".to_owned());
    }
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if is_plain && name.len() <= 255 {
        return Ok(());
    }
    let shown: String = name.chars().take(64).collect();
    Err(format!("Invalid container name '{shown}': up to 255 letters, numbers, hyphens and underscores are allowed."))
}

fn check_mappings(
    name: &str,
    container: &ecs::ContainerDefinition,
    mode: Option<&ecs::NetworkMode>,
) -> Result<(), String> {
    let mappings = container.port_mappings.as_deref().unwrap_or_default();
    let invalid = |text: String| Err(format!("Invalid setting for container '{name}'. {text}"));
    if !mappings.is_empty() && mode == Some(&ecs::NetworkMode::None) {
        return invalid("'portMappings' are not possible with networkMode none.".to_owned());
    }
    for mapping in mappings {
        let Some(container_port) = mapping.container_port else {
            return invalid("A port mapping must have a 'containerPort'.".to_owned());
        };
        if !(1..=65535).contains(&container_port) {
            return invalid(format!("'containerPort' {container_port} is not between 1 and 65535."));
        }
        let host_port = mapping.host_port.unwrap_or(0);
        if !(0..=65535).contains(&host_port) {
            return invalid(format!("'hostPort' {host_port} is not between 0 and 65535."));
        }
        if mode == Some(&ecs::NetworkMode::Awsvpc) && host_port != 0 && host_port != container_port {
            return Err(
                "When networkMode=awsvpc, the host ports and container ports in port mappings must match.".to_owned()
            );
        }
        if mode == Some(&ecs::NetworkMode::Host) && host_port != 0 && host_port != container_port {
            return invalid("With networkMode host, 'hostPort' must be the same as 'containerPort'.".to_owned());
        }
    }
    Ok(())
}

fn constraints_of(document: &ecs::TaskDefinition) -> &[ecs::TaskDefinitionPlacementConstraint] {
    document.placement_constraints.as_deref().unwrap_or_default()
}

fn check_constraints(document: &ecs::TaskDefinition) -> Result<(), String> {
    let constraints = constraints_of(document);
    wish::definition_constraints(constraints)?;
    if !constraints.is_empty() && fargate::is_required_by(document) {
        return Err("Placement constraints are not supported with requiresCompatibilities FARGATE.".to_owned());
    }
    Ok(())
}

/// Checks all sizes and ports, writes the task's own the way ECS gives them back, and says where it could run.
fn check_sizes(document: &mut ecs::TaskDefinition, is_any_size: bool) -> Result<Vec<ecs::Compatibility>, String> {
    let sizes = Sizes::of(document, &ecs::TaskOverride::default())?;
    sizes.check()?;
    demand::ports(document)?;
    if fargate::is_required_by(document) {
        fargate::check(&sizes, is_any_size)?;
        fargate::check_timeouts(document)?;
        fargate::check_isolation(document)?;
        fargate::check_offered(document)?;
    }
    document.cpu = sizes.cpu.map(|cpu| cpu.0.to_string());
    document.memory = sizes.memory.map(|memory| memory.0.to_string());
    let bytes = serde_json::to_vec(&document).map_or(usize::MAX, |json| json.len());
    if bytes > DOCUMENT_BYTES_MAX {
        return Err(format!("The task definition has {bytes} bytes as JSON, more than {DOCUMENT_BYTES_MAX}."));
    }
    let mut compatibilities = vec![ecs::Compatibility::External, ecs::Compatibility::Ec2];
    let checks = [fargate::check_timeouts, fargate::check_isolation, fargate::check_offered];
    let is_offered = checks.iter().all(|check| check(document).is_ok());
    if fargate::check(&sizes, is_any_size).is_ok() && is_offered && constraints_of(document).is_empty() {
        compatibilities.push(ecs::Compatibility::Fargate);
    }
    Ok(compatibilities)
}

#[cfg(test)]
mod tests;
