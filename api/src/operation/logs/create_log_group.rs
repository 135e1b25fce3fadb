//! CreateLogGroup

use berth_model::logs::{CreateLogGroupRequest, CreateLogGroupResponse};

use super::refused;
use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::operation::{Call, Operate};

impl Operate for CreateLogGroupRequest {
    type Answer = CreateLogGroupResponse;

    const NAME: &'static str = "CreateLogGroup";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<CreateLogGroupResponse, Fault> {
        let group = self.log_group_name.unwrap_or_default();
        edge.handle.logs().create_group(&group, edge.clock.now()).await.map_err(refused)?;
        Ok(CreateLogGroupResponse {})
    }
}
