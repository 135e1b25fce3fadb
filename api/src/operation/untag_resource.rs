//! UntagResource: takes tags away; those that are not there are none to take.

use berth_model::ecs::{UntagResourceRequest, UntagResourceResponse};
use berth_scheduler::event::TagChange;

use super::limit::check_tag_keys;
use super::tag_resource::change;
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::Edge;

impl Operate for UntagResourceRequest {
    type Answer = UntagResourceResponse;

    const NAME: &'static str = "UntagResource";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<UntagResourceResponse, Fault> {
        let keys = self.tag_keys.unwrap_or_default();
        check_tag_keys(&keys)?;
        change(edge, self.resource_arn.as_deref(), TagChange::Remove(keys)).await?;
        Ok(UntagResourceResponse {})
    }
}
