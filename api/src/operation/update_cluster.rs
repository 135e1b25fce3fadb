//! UpdateCluster: changes what is kept of a cluster.

use berth_model::ecs::{UpdateClusterRequest, UpdateClusterResponse};
use berth_scheduler::event::{ClusterOptions, Event};
use berth_scheduler::step::Reply;

use super::cluster_options::{current, settings};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, unexpected};

impl Operate for UpdateClusterRequest {
    type Answer = UpdateClusterResponse;

    const NAME: &'static str = "UpdateCluster";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<UpdateClusterResponse, Fault> {
        let name = edge.cluster_name(self.cluster.as_deref())?;
        let options = ClusterOptions {
            settings: self.settings.map(settings).transpose()?,
            configuration: self.configuration,
            ..ClusterOptions::default()
        };
        match edge.submit(Event::UpdateCluster { name, options: Box::new(options) }).await? {
            Reply::Cluster(cluster) => {
                let shown = current(edge, &cluster).await?;
                Ok(UpdateClusterResponse { cluster: Some(shown) })
            }
            other => Err(unexpected(&other)),
        }
    }
}
