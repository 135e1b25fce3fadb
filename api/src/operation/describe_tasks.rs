//! DescribeTasks: tasks as they are now, those that ended lately included.

use std::collections::{BTreeMap, BTreeSet};

use berth_engine::store::TaskView;
use berth_model::ecs::{DescribeTasksRequest, DescribeTasksResponse, TaskField};
use berth_model::id::TaskId;

use super::limit::{check_ids, missing};
use super::named_task::named_tasks;
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::ecs::task::views;
use crate::edge::{Edge, failed};

impl Operate for DescribeTasksRequest {
    type Answer = DescribeTasksResponse;

    const NAME: &'static str = "DescribeTasks";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DescribeTasksResponse, Fault> {
        let cluster = edge.cluster_name(self.cluster.as_deref())?;
        let texts = self.tasks.unwrap_or_default();
        check_ids("tasks", &texts)?;
        let asked = named_tasks(edge, &cluster, texts)?;
        let ids: BTreeSet<TaskId> = asked.iter().map(|named| named.id).collect();
        let found = edge.reader().tasks(ids.into_iter().collect()).await.map_err(|error| failed(&error))?;
        let here = found.into_iter().filter(|view| view.task.cluster == cluster);
        let mut here: BTreeMap<TaskId, TaskView> = here.map(|view| (view.task.id, view)).collect();
        if here.is_empty() {
            edge.check_cluster(&cluster).await?;
        }
        let (mut ordered, mut failures) = (Vec::with_capacity(here.len()), Vec::new());
        for named in asked {
            let view = if named.is_here { here.remove(&named.id) } else { None };
            match view {
                Some(view) => ordered.push(view),
                None => failures.push(missing(named.arn)),
            }
        }
        let has_tags = self.include.is_some_and(|include| include.contains(&TaskField::Tags));
        let tasks = views(edge, &ordered, has_tags).await?;
        Ok(DescribeTasksResponse { tasks: Some(tasks), failures: Some(failures) })
    }
}
