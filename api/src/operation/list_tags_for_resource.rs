//! ListTagsForResource: the tags of one thing.

use berth_model::arn::{DefinitionRef, Resource};
use berth_model::ecs::{ListTagsForResourceRequest, ListTagsForResourceResponse, Tag};
use berth_model::id::ClusterName;
use berth_scheduler::fargate;

use super::tag_resource::parse;
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, failed};

impl Operate for ListTagsForResourceRequest {
    type Answer = ListTagsForResourceResponse;

    const NAME: &'static str = "ListTagsForResource";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<ListTagsForResourceResponse, Fault> {
        let tags = tags(edge, parse(edge, self.resource_arn.as_deref())?).await?;
        Ok(ListTagsForResourceResponse { tags: Some(tags) })
    }
}

async fn tags(edge: &Edge, resource: Resource) -> Result<Vec<Tag>, Fault> {
    let reader = edge.reader();
    let found = match resource {
        Resource::Cluster(name) => {
            let views = reader.clusters(vec![name]).await.map_err(|error| failed(&error))?;
            let view = views.into_iter().find(|view| view.cluster.is_active);
            return view.map(|view| view.cluster.tags).ok_or_else(Fault::cluster_not_found);
        }
        Resource::TaskDefinition(id) => {
            let found = reader.task_definition(DefinitionRef::Exact(id)).await.map_err(|error| failed(&error))?;
            found.map(|definition| definition.tags)
        }
        Resource::Task(named) => {
            let views = reader.tasks(vec![named.id]).await.map_err(|error| failed(&error))?;
            let is_there = |cluster: &ClusterName| named.cluster.as_ref().is_none_or(|named| named == cluster);
            views.into_iter().map(|view| view.task).find(|task| is_there(&task.cluster)).map(|task| task.request.tags)
        }
        Resource::ContainerInstance(named) => {
            let views = reader.hosts(vec![named.id]).await.map_err(|error| failed(&error))?;
            let is_there = |cluster: &ClusterName| named.cluster.as_ref().is_none_or(|named| named == cluster);
            views.into_iter().map(|view| view.host).find(|host| is_there(&host.cluster)).map(|host| host.tags)
        }
        Resource::CapacityProvider(name) if fargate::is_fargate(name.as_str()) => Some(Vec::new()),
        Resource::CapacityProvider(name) => {
            let all = reader.capacity_providers().await.map_err(|error| failed(&error))?;
            all.into_iter().find(|one| one.name == name && one.is_active()).map(|one| one.tags)
        }
        Resource::NotOffered => None,
    };
    found.ok_or_else(Fault::resource_not_found)
}
