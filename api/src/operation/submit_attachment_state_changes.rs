//! SubmitAttachmentStateChanges: an agent reports what has become of network interfaces and volumes. Berth attaches
//! none, so there is nothing that a report could change; it is taken, since an agent would send it again.

use berth_model::ecs::{SubmitAttachmentStateChangesRequest, SubmitAttachmentStateChangesResponse};

use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::Edge;

impl Operate for SubmitAttachmentStateChangesRequest {
    type Answer = SubmitAttachmentStateChangesResponse;

    const NAME: &'static str = "SubmitAttachmentStateChanges";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<SubmitAttachmentStateChangesResponse, Fault> {
        let cluster = edge.cluster_name(self.cluster.as_deref())?;
        tracing::debug!(%cluster, attachments = self.attachments.map_or(0, |list| list.len()), "attachments reported");
        Ok(SubmitAttachmentStateChangesResponse { acknowledgment: Some("ACCEPT".to_owned()) })
    }
}
