//! UpdateCapacityProvider: other requirements for the hosts to come.

use berth_model::ecs::{ErrorShape, UpdateCapacityProviderRequest, UpdateCapacityProviderResponse};
use berth_scheduler::event::Event;
use berth_scheduler::step::Reply;

use super::create_capacity_provider::check_optimization;
use super::{Call, Operate};
use crate::ecs::capacity_provider::shown;
use crate::ecs::error::Fault;
use crate::edge::{Edge, invalid_id, unexpected};

impl Operate for UpdateCapacityProviderRequest {
    type Answer = UpdateCapacityProviderResponse;

    const NAME: &'static str = "UpdateCapacityProvider";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<UpdateCapacityProviderResponse, Fault> {
        let text = self.name.as_deref().unwrap_or_default();
        let name = edge.scope().parse_capacity_provider(text).map_err(|error| invalid_id("name", &error))?;
        let cluster = self.cluster.as_deref().filter(|text| !text.is_empty());
        let cluster = cluster.map(|text| edge.cluster_name(Some(text))).transpose()?;
        let Some(change) = self.managed_instances_provider else {
            return Err(Fault::invalid("managedInstancesProvider is required."));
        };
        check_optimization(change.infrastructure_optimization.as_ref())?;
        let event = Event::UpdateCapacityProvider { name, cluster, change: Box::new(change) };
        match edge.submit(event).await? {
            Reply::CapacityProvider(provider) => {
                Ok(UpdateCapacityProviderResponse { capacity_provider: Some(shown(edge.scope(), &provider)) })
            }
            other => Err(unexpected(&other)),
        }
    }

    fn cannot_honour(text: String) -> Fault {
        Fault::ecs(ErrorShape::UnsupportedFeatureException, text)
    }
}
