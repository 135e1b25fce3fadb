//! DeleteLogStream

use berth_model::logs::{DeleteLogStreamRequest, DeleteLogStreamResponse};

use super::refused;
use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::operation::{Call, Operate};

impl Operate for DeleteLogStreamRequest {
    type Answer = DeleteLogStreamResponse;

    const NAME: &'static str = "DeleteLogStream";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DeleteLogStreamResponse, Fault> {
        let (group, stream) = (self.log_group_name.unwrap_or_default(), self.log_stream_name.unwrap_or_default());
        edge.handle.logs().delete_stream(&group, &stream).await.map_err(refused)?;
        Ok(DeleteLogStreamResponse {})
    }
}
