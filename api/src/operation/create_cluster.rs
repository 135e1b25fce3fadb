//! CreateCluster: makes a cluster, or gives back the one that is there.

use berth_model::ecs::{CreateClusterRequest, CreateClusterResponse};
use berth_scheduler::cluster::DEFAULT_CLUSTER;
use berth_scheduler::event::{ClusterOptions, Event};
use berth_scheduler::step::Reply;

use super::cluster_options::{DEFAULT_STRATEGY, providers, settings, strategy};
use super::limit::check_tags;
use super::{Call, Operate};
use crate::ecs::cluster::bare;
use crate::ecs::error::Fault;
use crate::edge::{Edge, invalid_id, unexpected};

impl Operate for CreateClusterRequest {
    type Answer = CreateClusterResponse;

    const NAME: &'static str = "CreateCluster";

    async fn operate(self, edge: &Edge, call: &Call) -> Result<CreateClusterResponse, Fault> {
        // A name only: an ARN that is taken elsewhere would be a cluster of another name here.
        let name = self.cluster_name.as_deref().filter(|name| !name.is_empty()).unwrap_or(DEFAULT_CLUSTER);
        let name = name.parse().map_err(|error| invalid_id("clusterName", &error))?;
        let tags = self.tags.unwrap_or_default();
        check_tags(&tags)?;
        // SDKs send an empty list for what their caller left out.
        let named = self.capacity_providers.filter(|texts| !texts.is_empty());
        let items = self.default_capacity_provider_strategy.filter(|items| !items.is_empty());
        let options = ClusterOptions {
            settings: self.settings.map(settings).transpose()?,
            configuration: self.configuration,
            capacity_providers: named.map(|texts| providers(edge, &texts)).transpose()?,
            default_strategy: items.map(|items| strategy(edge, DEFAULT_STRATEGY, items)).transpose()?,
        };
        let by = call.caller.arn(edge.scope());
        match edge.submit(Event::CreateCluster { name, tags, options: Box::new(options), by }).await? {
            Reply::Cluster(cluster) => Ok(CreateClusterResponse { cluster: Some(bare(edge.scope(), &cluster)) }),
            other => Err(unexpected(&other)),
        }
    }
}
