//! DeleteCluster: an empty cluster becomes INACTIVE and stays describable.

use berth_model::ecs::{DeleteClusterRequest, DeleteClusterResponse};
use berth_scheduler::event::Event;
use berth_scheduler::step::Reply;

use super::{Call, Operate};
use crate::ecs::cluster::bare;
use crate::ecs::error::Fault;
use crate::edge::{Edge, unexpected};

impl Operate for DeleteClusterRequest {
    type Answer = DeleteClusterResponse;

    const NAME: &'static str = "DeleteCluster";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DeleteClusterResponse, Fault> {
        let name = edge.cluster_name(self.cluster.as_deref())?;
        match edge.submit(Event::DeleteCluster { name }).await? {
            Reply::Cluster(cluster) => Ok(DeleteClusterResponse { cluster: Some(bare(edge.scope(), &cluster)) }),
            other => Err(unexpected(&other)),
        }
    }
}
