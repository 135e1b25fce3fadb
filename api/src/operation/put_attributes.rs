//! PutAttributes: gives container instances attributes that placement constraints can ask for.

use berth_model::ecs::{PutAttributesRequest, PutAttributesResponse};
use berth_scheduler::event::{AttributeChange, Event};
use berth_scheduler::step::Reply;

use super::attribute::{shown, targeted};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, unexpected};

impl Operate for PutAttributesRequest {
    type Answer = PutAttributesResponse;

    const NAME: &'static str = "PutAttributes";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<PutAttributesResponse, Fault> {
        let cluster = edge.cluster_name(self.cluster.as_deref())?;
        let attributes = targeted(edge, &cluster, self.attributes.unwrap_or_default())?;
        let change = AttributeChange::Put(attributes);
        match edge.submit(Event::ChangeAttributes { cluster: cluster.clone(), change }).await? {
            Reply::Attributes(changed) => {
                let changed = changed.into_iter().map(|(host, one)| shown(edge.scope(), &cluster, host, one));
                Ok(PutAttributesResponse { attributes: Some(changed.collect()) })
            }
            other => Err(unexpected(&other)),
        }
    }
}
