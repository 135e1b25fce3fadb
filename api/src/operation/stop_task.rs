//! StopTask: asks a task to end; one that has ended already is given back as it is.

use berth_model::ecs::{StopTaskRequest, StopTaskResponse, Task};
use berth_model::id::{ClusterName, TaskId};
use berth_scheduler::event::Event;
use berth_scheduler::step::{Rejection, Reply};

use super::limit::check_characters;
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::ecs::task::views;
use crate::edge::{Edge, failed, invalid_id, unexpected};

/// Most characters of `reason`. ECS's own bound.
const REASON_CHARACTERS_MAX: usize = 255;

impl Operate for StopTaskRequest {
    type Answer = StopTaskResponse;

    const NAME: &'static str = "StopTask";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<StopTaskResponse, Fault> {
        let cluster = edge.cluster_name(self.cluster.as_deref())?;
        check_characters("reason", self.reason.as_deref(), REASON_CHARACTERS_MAX)?;
        let text = self.task.unwrap_or_default();
        let named = edge.scope().parse_task(&text).map_err(|error| invalid_id("task", &error))?;
        if named.cluster.is_some_and(|named| named != cluster) {
            edge.check_cluster(&cluster).await?;
            return Err(Fault::task_not_found());
        }
        let reason = self.reason.filter(|reason| !reason.is_empty());
        let event = Event::StopTask { cluster: cluster.clone(), task: named.id, reason };
        match edge.ask(event).await? {
            Reply::Rejected(Rejection::TaskNotFound) => stopped(edge, &cluster, named.id).await,
            Reply::Rejected(other) => Err(Fault::from_rejection(other, edge.scope())),
            // What the store has by now is what is in the reply, together with what is not in the task's row.
            Reply::Task(task) => stopped(edge, &cluster, task.id).await,
            other => Err(unexpected(&other)),
        }
        .map(|task| StopTaskResponse { task: Some(task) })
    }
}

/// The task as the store has it: tasks that are STOPPED are nowhere else.
async fn stopped(edge: &Edge, cluster: &ClusterName, task: TaskId) -> Result<Task, Fault> {
    let mut found = edge.reader().tasks(vec![task]).await.map_err(|error| failed(&error))?;
    found.retain(|view| view.task.cluster == *cluster);
    if found.is_empty() {
        edge.check_cluster(cluster).await?;
    }
    views(edge, &found, true).await?.pop().ok_or_else(Fault::task_not_found)
}
