//! DeleteAttributes: takes attributes from container instances.

use berth_model::ecs::{DeleteAttributesRequest, DeleteAttributesResponse};
use berth_scheduler::event::{AttributeChange, Event};
use berth_scheduler::step::Reply;

use super::attribute::{shown, targeted};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, unexpected};

impl Operate for DeleteAttributesRequest {
    type Answer = DeleteAttributesResponse;

    const NAME: &'static str = "DeleteAttributes";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DeleteAttributesResponse, Fault> {
        let cluster = edge.cluster_name(self.cluster.as_deref())?;
        let attributes = targeted(edge, &cluster, self.attributes.unwrap_or_default())?;
        let change = AttributeChange::Delete(attributes);
        match edge.submit(Event::ChangeAttributes { cluster: cluster.clone(), change }).await? {
            Reply::Attributes(changed) => {
                let changed = changed.into_iter().map(|(host, one)| shown(edge.scope(), &cluster, host, one));
                Ok(DeleteAttributesResponse { attributes: Some(changed.collect()) })
            }
            other => Err(unexpected(&other)),
        }
    }
}
