//! CreateCapacityProvider: a pool of hosts with requirements of its own.

use berth_model::ecs::{
    CreateCapacityProviderRequest, CreateCapacityProviderResponse, CreateManagedInstancesProviderConfiguration,
    ErrorShape, InfrastructureOptimization, ManagedInstancesProvider,
};
use berth_scheduler::event::{CreateCapacityProvider, Event};
use berth_scheduler::step::Reply;

use super::limit::check_tags;
use super::{Call, Operate};
use crate::ecs::capacity_provider::shown;
use crate::ecs::error::Fault;
use crate::edge::{Edge, invalid_id, unexpected};

/// How long hosts may be said to stay idle, in seconds, as at ECS; -1 for ever.
const SCALE_IN_AFTER: std::ops::RangeInclusive<i32> = -1..=3600;

impl Operate for CreateCapacityProviderRequest {
    type Answer = CreateCapacityProviderResponse;

    const NAME: &'static str = "CreateCapacityProvider";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<CreateCapacityProviderResponse, Fault> {
        // A name only: an ARN would be a provider of another name here.
        let name = self.name.as_deref().unwrap_or_default();
        let name = name.parse().map_err(|error| invalid_id("name", &error))?;
        let cluster = self.cluster.as_deref().filter(|text| !text.is_empty());
        let cluster = cluster.map(|text| edge.cluster_name(Some(text))).transpose()?;
        let Some(configuration) = self.managed_instances_provider else {
            return Err(Fault::invalid("managedInstancesProvider is required."));
        };
        check_optimization(configuration.infrastructure_optimization.as_ref())?;
        let tags = self.tags.unwrap_or_default();
        check_tags(&tags)?;
        let request = CreateCapacityProvider { name, cluster, managed_instances: kept(configuration), tags };
        match edge.submit(Event::CreateCapacityProvider(Box::new(request))).await? {
            Reply::CapacityProvider(provider) => {
                Ok(CreateCapacityProviderResponse { capacity_provider: Some(shown(edge.scope(), &provider)) })
            }
            other => Err(unexpected(&other)),
        }
    }

    fn cannot_honour(text: String) -> Fault {
        Fault::ecs(ErrorShape::UnsupportedFeatureException, text)
    }
}

/// Checks `infrastructureOptimization`.
pub(super) fn check_optimization(optimization: Option<&InfrastructureOptimization>) -> Result<(), Fault> {
    let seconds = optimization.and_then(|optimization| optimization.scale_in_after);
    if seconds.is_some_and(|seconds| !SCALE_IN_AFTER.contains(&seconds)) {
        let (least, most) = (SCALE_IN_AFTER.start(), SCALE_IN_AFTER.end());
        return Err(Fault::invalid(format!(
            "managedInstancesProvider.infrastructureOptimization.scaleInAfter must be between {least} and {most}."
        )));
    }
    Ok(())
}

/// The same members in the shape in which they are given back.
fn kept(configuration: CreateManagedInstancesProviderConfiguration) -> ManagedInstancesProvider {
    let CreateManagedInstancesProviderConfiguration {
        infrastructure_role_arn,
        instance_launch_template,
        propagate_tags,
        infrastructure_optimization,
        auto_repair_configuration,
    } = configuration;
    ManagedInstancesProvider {
        infrastructure_role_arn,
        instance_launch_template,
        propagate_tags,
        infrastructure_optimization,
        auto_repair_configuration,
    }
}
