//! UpdateClusterSettings: changes the settings of a cluster; those not named stay.

use berth_model::ecs::{UpdateClusterSettingsRequest, UpdateClusterSettingsResponse};
use berth_scheduler::event::{ClusterOptions, Event};
use berth_scheduler::step::Reply;

use super::cluster_options::{current, settings};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, unexpected};

impl Operate for UpdateClusterSettingsRequest {
    type Answer = UpdateClusterSettingsResponse;

    const NAME: &'static str = "UpdateClusterSettings";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<UpdateClusterSettingsResponse, Fault> {
        let name = edge.cluster_name(self.cluster.as_deref())?;
        let options = ClusterOptions {
            settings: Some(settings(self.settings.unwrap_or_default())?),
            ..ClusterOptions::default()
        };
        match edge.submit(Event::UpdateCluster { name, options: Box::new(options) }).await? {
            Reply::Cluster(cluster) => {
                let shown = current(edge, &cluster).await?;
                Ok(UpdateClusterSettingsResponse { cluster: Some(shown) })
            }
            other => Err(unexpected(&other)),
        }
    }
}
