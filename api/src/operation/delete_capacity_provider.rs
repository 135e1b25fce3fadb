//! DeleteCapacityProvider: the hosts of a provider that nothing needs any more are ended, and it with them.

use berth_model::ecs::{DeleteCapacityProviderRequest, DeleteCapacityProviderResponse};
use berth_scheduler::event::Event;
use berth_scheduler::step::Reply;

use super::{Call, Operate};
use crate::ecs::capacity_provider::shown;
use crate::ecs::error::Fault;
use crate::edge::{Edge, invalid_id, unexpected};

impl Operate for DeleteCapacityProviderRequest {
    type Answer = DeleteCapacityProviderResponse;

    const NAME: &'static str = "DeleteCapacityProvider";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DeleteCapacityProviderResponse, Fault> {
        let text = self.capacity_provider.as_deref().unwrap_or_default();
        let name =
            edge.scope().parse_capacity_provider(text).map_err(|error| invalid_id("capacityProvider", &error))?;
        let cluster = self.cluster.as_deref().filter(|text| !text.is_empty());
        let cluster = cluster.map(|text| edge.cluster_name(Some(text))).transpose()?;
        match edge.submit(Event::DeleteCapacityProvider { name, cluster }).await? {
            Reply::CapacityProvider(provider) => {
                Ok(DeleteCapacityProviderResponse { capacity_provider: Some(shown(edge.scope(), &provider)) })
            }
            other => Err(unexpected(&other)),
        }
    }
}
