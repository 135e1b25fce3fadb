//! DeleteRetentionPolicy

use berth_model::logs::{DeleteRetentionPolicyRequest, DeleteRetentionPolicyResponse};

use super::refused;
use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::operation::{Call, Operate};

impl Operate for DeleteRetentionPolicyRequest {
    type Answer = DeleteRetentionPolicyResponse;

    const NAME: &'static str = "DeleteRetentionPolicy";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DeleteRetentionPolicyResponse, Fault> {
        let group = self.log_group_name.unwrap_or_default();
        edge.handle.logs().set_retention(&group, None).await.map_err(refused)?;
        Ok(DeleteRetentionPolicyResponse {})
    }
}
