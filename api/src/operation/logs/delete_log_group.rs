//! DeleteLogGroup

use berth_model::logs::{DeleteLogGroupRequest, DeleteLogGroupResponse};

use super::refused;
use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::operation::{Call, Operate};

impl Operate for DeleteLogGroupRequest {
    type Answer = DeleteLogGroupResponse;

    const NAME: &'static str = "DeleteLogGroup";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DeleteLogGroupResponse, Fault> {
        let group = self.log_group_name.unwrap_or_default();
        edge.handle.logs().delete_group(&group).await.map_err(refused)?;
        Ok(DeleteLogGroupResponse {})
    }
}
