//! RunTask: the way in for tasks. Answers once they are stored; nothing here waits for a host or for Docker.

use berth_model::ecs::{
    self, ErrorShape, Failure, LaunchType as WireLaunchType, NetworkConfiguration, PropagateTags, RunTaskRequest,
    RunTaskResponse, Tag, TaskOverride,
};
use berth_model::hash::fnv1a;
use berth_model::id::{ClusterName, TaskId};
use berth_model::task::{DesiredStatus, TaskRequest, TaskStatus};
use berth_scheduler::event::{ClientToken, Event, LaunchTarget, LaunchType, RunTask};
use berth_scheduler::placement::wish::Wishes;
use berth_scheduler::step::{PlacementFailure, Reply};
use serde::Serialize;

use super::cluster_options::strategy;
use super::limit::{
    STARTED_BY_CHARACTERS_MAX, check_characters, check_client_token, check_group, check_tags, json_characters,
};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::ecs::task::{fresh, views};
use crate::edge::{Edge, failed, invalid_id, unexpected};

/// Largest `overrides`, in characters of its JSON. ECS's own bound.
const OVERRIDES_CHARACTERS_MAX: usize = 8192;

/// The platform versions of Fargate for Linux.
const PLATFORMS: [&str; 6] = ["LATEST", "1.4.0", "1.3.0", "1.2.0", "1.1.0", "1.0.0"];

impl Operate for RunTaskRequest {
    type Answer = RunTaskResponse;

    const NAME: &'static str = "RunTask";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<RunTaskResponse, Fault> {
        let event = event(edge, self)?;
        let cluster = event.cluster.clone();
        match edge.submit(Event::RunTask(Box::new(event))).await? {
            Reply::Tasks { tasks, failures } => {
                let failures = failures.into_iter().map(|failure| shown(edge, &cluster, failure)).collect();
                Ok(RunTaskResponse { tasks: Some(fresh(edge, &tasks).await?), failures: Some(failures) })
            }
            Reply::Repeated { cluster, tasks, failures } => {
                let mut found = edge.reader().tasks(tasks.clone()).await.map_err(|error| failed(&error))?;
                // The store gives them by id; a repeat is answered as the first request was.
                found.sort_by_key(|view| tasks.iter().position(|task| *task == view.task.id));
                let mut shown = views(edge, &found, true).await?;
                let is_forgotten = |task: &&TaskId| found.iter().all(|view| view.task.id != **task);
                shown.extend(tasks.iter().filter(is_forgotten).map(|task| forgotten(edge, &cluster, *task)));
                let failures = failures.into_iter().map(|failure| self::shown(edge, &cluster, failure)).collect();
                Ok(RunTaskResponse { tasks: Some(shown), failures: Some(failures) })
            }
            other => Err(unexpected(&other)),
        }
    }
}

/// A task whose token is still known but which stopped so long ago that its row is not. The caller still learns that
/// its request was carried out, and which task it was.
fn forgotten(edge: &Edge, cluster: &ClusterName, task: TaskId) -> ecs::Task {
    ecs::Task {
        task_arn: Some(edge.scope().task(cluster, task)),
        cluster_arn: Some(edge.scope().cluster(cluster)),
        last_status: Some(TaskStatus::Stopped.as_str().to_owned()),
        desired_status: Some(DesiredStatus::Stopped.as_str().to_owned()),
        ..ecs::Task::default()
    }
}

fn event(edge: &Edge, request: RunTaskRequest) -> Result<RunTask, Fault> {
    let cluster = edge.cluster_name(request.cluster.as_deref())?;
    check_client_token(request.client_token.as_deref())?;
    let target = target(edge, &request)?;
    check_platform(&request, &target)?;
    // The scheduler knows the range; below it is below it.
    let count = u32::try_from(request.count.unwrap_or(1)).unwrap_or(0);
    let token = token(&cluster, &request);
    let wishes = Wishes {
        constraints: request.placement_constraints.unwrap_or_default(),
        strategies: request.placement_strategy.unwrap_or_default(),
    };
    let members = TaskMembers {
        task_definition: request.task_definition,
        group: request.group,
        started_by: request.started_by,
        overrides: request.overrides,
        tags: request.tags,
        propagate_tags: request.propagate_tags,
        has_managed_tags: request.enable_ecs_managed_tags,
        network_configuration: request.network_configuration,
        platform_version: request.platform_version,
        allows_exec: request.enable_execute_command,
    };
    Ok(RunTask { count, target, token, wishes, ..members.event(edge, cluster)? })
}

/// What RunTask and StartTask say alike of the tasks they make.
pub(super) struct TaskMembers {
    pub(super) task_definition: Option<String>,
    pub(super) group: Option<String>,
    pub(super) started_by: Option<String>,
    pub(super) overrides: Option<TaskOverride>,
    pub(super) tags: Option<Vec<Tag>>,
    pub(super) propagate_tags: Option<PropagateTags>,
    pub(super) has_managed_tags: Option<bool>,
    pub(super) network_configuration: Option<NetworkConfiguration>,
    pub(super) platform_version: Option<String>,
    pub(super) allows_exec: Option<bool>,
}

impl TaskMembers {
    /// The request of one task wherever the cluster's tasks go, without a token or wishes.
    ///
    /// # Errors
    /// `InvalidParameterException` that names the member which is out of range.
    pub(super) fn event(self, edge: &Edge, cluster: ClusterName) -> Result<RunTask, Fault> {
        check_characters("startedBy", self.started_by.as_deref(), STARTED_BY_CHARACTERS_MAX)?;
        check_group(self.group.as_deref())?;
        check_tags(self.tags.as_deref().unwrap_or_default())?;
        if self.overrides.as_ref().is_some_and(|overrides| json_characters(overrides) > OVERRIDES_CHARACTERS_MAX) {
            let text = format!("overrides must have at most {OVERRIDES_CHARACTERS_MAX} characters of JSON.");
            return Err(Fault::invalid(text));
        }
        let text = self.task_definition.as_deref().unwrap_or_default();
        let definition = edge.scope().parse_task_definition(text);
        Ok(RunTask {
            cluster,
            definition: definition.map_err(|error| invalid_id("taskDefinition", &error))?,
            count: 1,
            target: LaunchTarget::ClusterDefault,
            token: None,
            wishes: Wishes::default(),
            propagate_tags: self.propagate_tags == Some(PropagateTags::TaskDefinition),
            has_managed_tags: self.has_managed_tags == Some(true),
            request: TaskRequest {
                group: self.group.unwrap_or_default(),
                started_by: self.started_by,
                overrides: self.overrides.unwrap_or_default(),
                tags: self.tags.unwrap_or_default(),
                network_configuration: self.network_configuration,
                platform_version: self.platform_version,
                allows_exec: self.allows_exec == Some(true),
            },
        })
    }
}

/// Which hosts the client asks for. No launch type and no strategy: the cluster's default.
fn target(edge: &Edge, request: &RunTaskRequest) -> Result<LaunchTarget, Fault> {
    let items = request.capacity_provider_strategy.clone().unwrap_or_default();
    let items = strategy(edge, "capacityProviderStrategy", items)?;
    match (&request.launch_type, &items[..]) {
        (None, []) => Ok(LaunchTarget::ClusterDefault),
        (None, [one]) => {
            let provider = one.capacity_provider.as_deref().unwrap_or_default().parse();
            provider.map(LaunchTarget::Provider).map_err(|error| invalid_id("capacityProviderStrategy", &error))
        }
        (None, _) => Ok(LaunchTarget::Strategy(items)),
        (Some(launch_type), []) => match launch_type {
            WireLaunchType::Ec2 => Ok(LaunchTarget::LaunchType(LaunchType::Ec2)),
            WireLaunchType::External => Ok(LaunchTarget::LaunchType(LaunchType::External)),
            WireLaunchType::Fargate => Ok(LaunchTarget::LaunchType(LaunchType::Fargate)),
            WireLaunchType::ManagedInstances | WireLaunchType::Unknown(_) => {
                Err(Fault::invalid(format!("launchType {launch_type} is not supported; use FARGATE, EC2 or EXTERNAL.")))
            }
        },
        (Some(_), _) => Err(Fault::invalid(
            "Specifying both a launch type and capacity provider strategy is not supported. Remove one and try again.",
        )),
    }
}

fn check_platform(request: &RunTaskRequest, target: &LaunchTarget) -> Result<(), Fault> {
    let Some(version) = request.platform_version.as_deref().filter(|version| !version.is_empty()) else {
        return Ok(());
    };
    match target {
        LaunchTarget::LaunchType(LaunchType::Ec2 | LaunchType::External) => {
            Err(Fault::invalid("platformVersion is only for FARGATE."))
        }
        LaunchTarget::ClusterDefault
        | LaunchTarget::Provider(_)
        | LaunchTarget::Strategy(_)
        | LaunchTarget::LaunchType(LaunchType::Fargate)
            if !PLATFORMS.contains(&version) =>
        {
            let known = PLATFORMS.join(", ");
            Err(Fault::ecs(ErrorShape::PlatformUnknownException, format!("platformVersion must be one of {known}.")))
        }
        _ => Ok(()),
    }
}

/// A task that found no place. Only hosts of the request's own cluster come close.
pub(super) fn shown(edge: &Edge, cluster: &ClusterName, failure: PlacementFailure) -> Failure {
    Failure {
        arn: failure.host.map(|host| edge.scope().container_instance(cluster, host)),
        reason: Some(failure.reason),
        detail: Some(failure.detail).filter(|detail| !detail.is_empty()),
    }
}

/// The client's token, with what stands for everything else it asked for.
fn token(cluster: &ClusterName, request: &RunTaskRequest) -> Option<ClientToken> {
    let token = request.client_token.clone().filter(|token| !token.is_empty())?;
    Some(ClientToken { token: format!("{cluster} {token}"), fingerprint: fingerprint(request), hit: None })
}

/// A hash of a request: equal for equal requests, also in other builds, since it outlives the process. It tells a repeat
/// from a mistake; nobody gains anything by a collision with a request of his own.
fn fingerprint(request: &impl Serialize) -> String {
    let json = serde_json::to_vec(request).expect("a wire shape is JSON");
    format!("{:032x}", fnv1a(json))
}
