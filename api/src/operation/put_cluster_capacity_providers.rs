//! PutClusterCapacityProviders: replaces the capacity providers of a cluster and its default strategy.

use berth_model::ecs::{PutClusterCapacityProvidersRequest, PutClusterCapacityProvidersResponse};
use berth_scheduler::event::{ClusterOptions, Event};
use berth_scheduler::step::Reply;

use super::cluster_options::{DEFAULT_STRATEGY, current, providers, strategy};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, unexpected};

impl Operate for PutClusterCapacityProvidersRequest {
    type Answer = PutClusterCapacityProvidersResponse;

    const NAME: &'static str = "PutClusterCapacityProviders";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<PutClusterCapacityProvidersResponse, Fault> {
        let name = edge.cluster_name(self.cluster.as_deref())?;
        let items = self.default_capacity_provider_strategy.unwrap_or_default();
        let options = ClusterOptions {
            capacity_providers: Some(providers(edge, &self.capacity_providers.unwrap_or_default())?),
            default_strategy: Some(strategy(edge, DEFAULT_STRATEGY, items)?),
            ..ClusterOptions::default()
        };
        match edge.submit(Event::UpdateCluster { name, options: Box::new(options) }).await? {
            Reply::Cluster(cluster) => {
                let shown = current(edge, &cluster).await?;
                Ok(PutClusterCapacityProvidersResponse { cluster: Some(shown) })
            }
            other => Err(unexpected(&other)),
        }
    }
}
