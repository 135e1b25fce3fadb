//! CreateLogStream

use berth_model::logs::{CreateLogStreamRequest, CreateLogStreamResponse};

use super::refused;
use crate::auth::access;
use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::operation::{Call, Operate};

impl Operate for CreateLogStreamRequest {
    type Answer = CreateLogStreamResponse;

    const NAME: &'static str = "CreateLogStream";

    async fn operate(self, edge: &Edge, call: &Call) -> Result<CreateLogStreamResponse, Fault> {
        let (group, stream) = (self.log_group_name.unwrap_or_default(), self.log_stream_name.unwrap_or_default());
        let owner = access::owner_by_task(edge, &call.caller, &stream).await?;
        edge.handle.logs().create_stream(&group, &stream, owner, edge.clock.now()).await.map_err(refused)?;
        Ok(CreateLogStreamResponse {})
    }
}
