//! ListTasks: the ARNs of a cluster's tasks.

use berth_engine::store::{self, TaskFilter};
use berth_model::ecs::{DesiredStatus as WireDesiredStatus, ErrorShape, ListTasksRequest, ListTasksResponse};
use berth_model::id::ClusterName;
use berth_model::task::DesiredStatus;

use super::limit::{STARTED_BY_CHARACTERS_MAX, check_characters};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::ecs::page::Page;
use crate::edge::{Edge, failed, invalid_id};

impl Operate for ListTasksRequest {
    type Answer = ListTasksResponse;

    const NAME: &'static str = "ListTasks";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<ListTasksResponse, Fault> {
        let page = page(&self)?;
        let cluster = edge.cluster_name(self.cluster.as_deref())?;
        let filter = filter(edge, &self, cluster.clone())?;
        if self.service_name.is_some_and(|name| !name.is_empty()) {
            edge.check_cluster(&cluster).await?;
            return Err(Fault::ecs(ErrorShape::ServiceNotFoundException, "Service not found."));
        }
        let found = if self.desired_status == Some(WireDesiredStatus::Pending) {
            // As in ECS: no task is ever meant to be PENDING.
            Vec::new()
        } else {
            let asked = store::Page { after: page.key()?, limit: page.limit + 1 };
            edge.reader().list_tasks(filter, asked).await.map_err(|error| failed(&error))?
        };
        if found.is_empty() {
            edge.check_cluster(&cluster).await?;
        }
        let (found, next_token) = page.cut(found, ToString::to_string);
        let arns = found.into_iter().map(|task| edge.scope().task(&cluster, task)).collect();
        Ok(ListTasksResponse { task_arns: Some(arns), next_token })
    }
}

fn page(request: &ListTasksRequest) -> Result<Page, Fault> {
    let arguments = [
        Some(ListTasksRequest::NAME),
        request.cluster.as_deref(),
        request.container_instance.as_deref(),
        request.family.as_deref(),
        request.started_by.as_deref(),
        request.desired_status.as_ref().map(WireDesiredStatus::as_str),
        request.launch_type.as_ref().map(berth_model::ecs::LaunchType::as_str),
    ];
    let arguments = arguments.map(Option::unwrap_or_default);
    Page::read(&arguments, request.next_token.as_deref(), request.max_results)
}

fn filter(edge: &Edge, request: &ListTasksRequest, cluster: ClusterName) -> Result<TaskFilter, Fault> {
    check_characters("startedBy", request.started_by.as_deref(), STARTED_BY_CHARACTERS_MAX)?;
    let family = request.family.as_deref().filter(|text| !text.is_empty());
    let family = family.map(str::parse).transpose().map_err(|error| invalid_id("family", &error))?;
    let host = request.container_instance.as_deref().filter(|text| !text.is_empty());
    let host = host.map(|text| edge.scope().parse_container_instance(text)).transpose();
    let host = host.map_err(|error| invalid_id("containerInstance", &error))?.map(|named| named.id);
    Ok(TaskFilter {
        cluster: Some(cluster),
        desired_status: match request.desired_status {
            Some(WireDesiredStatus::Stopped) => DesiredStatus::Stopped,
            _ => DesiredStatus::Running,
        },
        family,
        started_by: request.started_by.clone().filter(|text| !text.is_empty()),
        host,
        launch_type: request.launch_type.clone(),
    })
}
