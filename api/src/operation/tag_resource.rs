//! TagResource: adds tags to something that is there, or changes their values.

use berth_model::arn::Resource;
use berth_model::ecs::{TagResourceRequest, TagResourceResponse};
use berth_scheduler::event::{Event, TagChange};
use berth_scheduler::step::{Rejection, Reply};

use super::limit::check_tags;
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, failed, invalid_id, unexpected};

/// What is answered for a task that has ended, as ECS words it.
const STOPPED: &str = "The specified task is stopped. Specify a running task and try again.";

impl Operate for TagResourceRequest {
    type Answer = TagResourceResponse;

    const NAME: &'static str = "TagResource";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<TagResourceResponse, Fault> {
        let tags = self.tags.unwrap_or_default();
        check_tags(&tags)?;
        change(edge, self.resource_arn.as_deref(), TagChange::Set(tags)).await?;
        Ok(TagResourceResponse {})
    }
}

/// Changes the tags of what an ARN names.
pub(super) async fn change(edge: &Edge, arn: Option<&str>, change: TagChange) -> Result<(), Fault> {
    let resource = parse(edge, arn)?;
    match edge.ask(Event::ChangeTags { resource: resource.clone(), change }).await? {
        Reply::Done => Ok(()),
        Reply::Rejected(Rejection::ResourceNotFound) => Err(missing(edge, &resource).await?),
        Reply::Rejected(other) => Err(Fault::from_rejection(other, edge.scope())),
        other => Err(unexpected(&other)),
    }
}

/// Reads `resourceArn`.
pub(super) fn parse(edge: &Edge, arn: Option<&str>) -> Result<Resource, Fault> {
    edge.scope().parse_resource(arn.unwrap_or_default()).map_err(|error| invalid_id("resourceArn", &error))
}

/// What is answered for something whose tags cannot change: a task that has ended is still there to be seen.
async fn missing(edge: &Edge, resource: &Resource) -> Result<Fault, Fault> {
    if let Resource::Task(named) = resource {
        let found = edge.reader().tasks(vec![named.id]).await.map_err(|error| failed(&error))?;
        if found.iter().any(|view| named.cluster.as_ref().is_none_or(|cluster| *cluster == view.task.cluster)) {
            return Ok(Fault::invalid(STOPPED));
        }
    }
    Ok(Fault::resource_not_found())
}
