//! ListContainerInstances: the ARNs of a cluster's hosts. Hosts of FARGATE are in a cluster of their own.

use berth_engine::store::{self, HostFilter, HostView};
use berth_model::ecs::{ContainerInstanceStatus, ListContainerInstancesRequest, ListContainerInstancesResponse};
use berth_model::host::FARGATE_CLUSTER;
use berth_model::id::HostId;
use berth_model::time::Timestamp;
use berth_scheduler::placement::query::{Query, Subjects};

use super::named_host::next_hosts;
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
        let text = self.filter.as_deref().unwrap_or_default();
        let query = (!text.is_empty()).then(|| Query::parse(text)).transpose();
        let query = query.map_err(|error| Fault::invalid(format!("Invalid expression in filter: {error}.")))?;
        let arguments = [Self::NAME, cluster.as_str(), status, text];
        let page = Page::read(&arguments, self.next_token.as_deref(), self.max_results)?;
        let filter = HostFilter { cluster: cluster.clone(), statuses: statuses(self.status.as_ref()) };
        let asked = store::Page { after: page.key()?, limit: page.limit + 1 };
        let found = match query {
            None => edge.reader().list_hosts(filter, asked).await.map_err(|error| failed(&error))?,
            Some(query) => chosen(edge, &filter, asked, &query).await?,
        };
        if found.is_empty() && cluster.as_str() != FARGATE_CLUSTER {
            edge.check_cluster(&cluster).await?;
        }
        let (found, next_token) = page.cut(found, ToString::to_string);
        let arns = found.into_iter().map(|host| edge.scope().container_instance(&cluster, host)).collect();
        Ok(ListContainerInstancesResponse { container_instance_arns: Some(arns), next_token })
    }
}

/// Those of the hosts that pass the filter which the query chooses as well.
async fn chosen(
    edge: &Edge,
    filter: &HostFilter,
    asked: store::Page<HostId>,
    query: &Query,
) -> Result<Vec<HostId>, Fault> {
    let (mut found, mut after) = (Vec::new(), asked.after);
    while found.len() < asked.limit {
        let Some(views) = next_hosts(edge, filter, &mut after).await? else { break };
        found.extend(views.iter().filter(|view| query.matches(&Shown(view))).map(|view| view.host.id));
    }
    found.truncate(asked.limit);
    Ok(found)
}

/// A host as DescribeContainerInstances shows it, to be asked by a query.
struct Shown<'a>(&'a HostView);

impl Subjects for Shown<'_> {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.0.host.attribute(name)
    }

    fn is_connected(&self) -> bool {
        self.0.host.is_connected
    }

    fn agent_version(&self) -> Option<&str> {
        self.0.host.version_info.as_ref()?.agent_version.as_deref()
    }

    fn ec2_instance_id(&self) -> Option<&str> {
        self.0.host.ec2_instance_id.as_deref()
    }

    fn registered_at(&self) -> Option<Timestamp> {
        self.0.host.registered_at
    }

    fn running_tasks(&self) -> u64 {
        self.0.running_tasks
    }

    fn has_group(&self, passes: &dyn Fn(&str) -> bool) -> bool {
        self.0.groups.iter().any(|group| passes(group))
    }
}
