//! GetTaskProtection: whether tasks are kept from being ended when a service shrinks.

use std::collections::BTreeSet;

use berth_model::ecs::{Failure, GetTaskProtectionRequest, GetTaskProtectionResponse};
use berth_model::id::TaskId;

use super::limit::{check_ids, missing};
use super::named_task::{NamedTask, named_tasks};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, failed};

/// The reason of a failure entry for a task that is of no service: nothing but its service would end it.
const NOT_VALID: &str = "TASK_NOT_VALID";

impl Operate for GetTaskProtectionRequest {
    type Answer = GetTaskProtectionResponse;

    const NAME: &'static str = "GetTaskProtection";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<GetTaskProtectionResponse, Fault> {
        let texts = self.tasks.unwrap_or_default();
        check_ids("tasks", &texts)?;
        let failures = unprotectable(edge, self.cluster.as_deref(), texts).await?;
        Ok(GetTaskProtectionResponse { protected_tasks: Some(Vec::new()), failures: Some(failures) })
    }
}

/// An entry for each of these tasks: none is of a service, as long as there are none.
pub(super) async fn unprotectable(
    edge: &Edge,
    cluster: Option<&str>,
    texts: Vec<String>,
) -> Result<Vec<Failure>, Fault> {
    let cluster = edge.cluster_name(cluster)?;
    edge.check_cluster(&cluster).await?;
    let asked = named_tasks(edge, &cluster, texts)?;
    let ids: BTreeSet<TaskId> = asked.iter().map(|named| named.id).collect();
    let found = edge.reader().tasks(ids.into_iter().collect()).await.map_err(|error| failed(&error))?;
    let here: BTreeSet<TaskId> =
        found.into_iter().filter(|view| view.task.cluster == cluster).map(|view| view.task.id).collect();
    let entry = |named: NamedTask| {
        if !named.is_here || !here.contains(&named.id) {
            return missing(named.arn);
        }
        let detail = "The specified task is not part of an Amazon ECS service.".to_owned();
        Failure { arn: Some(named.arn), reason: Some(NOT_VALID.to_owned()), detail: Some(detail) }
    };
    Ok(asked.into_iter().map(entry).collect())
}
