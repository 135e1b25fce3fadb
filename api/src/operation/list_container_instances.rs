//! ListContainerInstances: the ARNs of a cluster's hosts. Hosts of FARGATE are in a cluster of their own.

use berth_engine::store::{self, HostFilter};
use berth_model::ecs::{ContainerInstanceStatus, ListContainerInstancesRequest, ListContainerInstancesResponse};
use berth_model::host::FARGATE_CLUSTER;

use super::{Call, Operate};
use crate::ecs::container_instance::statuses;
use crate::ecs::error::Fault;
use crate::ecs::page::Page;
use crate::edge::{Edge, failed};

impl Operate for ListContainerInstancesRequest {
    type Answer = ListContainerInstancesResponse;

    const NAME: &'static str = "ListContainerInstances";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<ListContainerInstancesResponse, Fault> {
        let cluster = edge.cluster_name(self.cluster.as_deref())?;
        let status = self.status.as_ref().map(ContainerInstanceStatus::as_str).unwrap_or_default();
        let arguments = [Self::NAME, cluster.as_str(), status];
        let page = Page::read(&arguments, self.next_token.as_deref(), self.max_results)?;
        let filter = HostFilter { cluster: cluster.clone(), statuses: statuses(self.status.as_ref()) };
        let asked = store::Page { after: page.key()?, limit: page.limit + 1 };
        let found = edge.reader().list_hosts(filter, asked).await.map_err(|error| failed(&error))?;
        if found.is_empty() && cluster.as_str() != FARGATE_CLUSTER {
            edge.check_cluster(&cluster).await?;
        }
        let (found, next_token) = page.cut(found, ToString::to_string);
        let arns = found.into_iter().map(|host| edge.scope().container_instance(&cluster, host)).collect();
        Ok(ListContainerInstancesResponse { container_instance_arns: Some(arns), next_token })
    }
}
