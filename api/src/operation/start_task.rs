//! StartTask: tasks on container instances that the client names. Answers once they are stored.

use berth_model::ecs::{StartTaskRequest, StartTaskResponse};
use berth_scheduler::event::{Event, LaunchTarget, LaunchType, RunTask, StartTask};
use berth_scheduler::step::{HostFailure, Reply};

use super::limit::check_characters;
use super::named_host::{host_failure, named_hosts};
use super::run_task::{TaskMembers, shown};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::ecs::task::fresh;
use crate::edge::{Edge, unexpected};

/// Most container instances of one request, as at ECS.
const HOSTS_MAX: usize = 10;

/// Most characters of `startedBy`, fewer than in RunTask, as at ECS.
const STARTED_BY_CHARACTERS_MAX: usize = 36;

impl Operate for StartTaskRequest {
    type Answer = StartTaskResponse;

    const NAME: &'static str = "StartTask";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<StartTaskResponse, Fault> {
        let cluster = edge.cluster_name(self.cluster.as_deref())?;
        let texts = self.container_instances.unwrap_or_default();
        if !(1..=HOSTS_MAX).contains(&texts.len()) {
            return Err(Fault::invalid(format!("containerInstances must have 1 to {HOSTS_MAX} entries.")));
        }
        check_characters("startedBy", self.started_by.as_deref(), STARTED_BY_CHARACTERS_MAX)?;
        let members = TaskMembers {
            task_definition: self.task_definition,
            group: self.group,
            started_by: self.started_by,
            overrides: self.overrides,
            tags: self.tags,
            propagate_tags: self.propagate_tags,
            has_managed_tags: self.enable_ecs_managed_tags,
            network_configuration: self.network_configuration,
            platform_version: None,
            allows_exec: self.enable_execute_command,
        };
        let (named, strangers): (Vec<_>, Vec<_>) =
            named_hosts(edge, &cluster, "containerInstances", &texts)?.into_iter().partition(|named| named.is_here);
        let run = RunTask {
            count: 1,
            target: LaunchTarget::LaunchType(LaunchType::Ec2),
            ..members.event(edge, cluster.clone())?
        };
        let hosts = named.iter().map(|named| named.id).collect();
        match edge.submit(Event::StartTask(Box::new(StartTask { run, hosts }))).await? {
            Reply::Tasks { tasks, failures } => {
                let failures = failures.into_iter().map(|failure| shown(edge, &cluster, failure));
                let strangers = strangers.into_iter().map(|named| host_failure(named.arn, HostFailure::Missing));
                Ok(StartTaskResponse {
                    tasks: Some(fresh(edge, &tasks).await?),
                    failures: Some(failures.chain(strangers).collect()),
                })
            }
            other => Err(unexpected(&other)),
        }
    }
}
