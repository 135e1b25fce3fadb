//! A capacity provider as clients see it.

use berth_model::arn::ArnScope;
use berth_model::capacity_provider::CapacityProvider;
use berth_model::ecs::{self, CapacityProviderStatus, CapacityProviderType};
use berth_scheduler::fargate::{FARGATE, FARGATE_SPOT};

/// The providers that are there without anybody having made them.
pub(crate) fn built_in(scope: &ArnScope) -> [ecs::CapacityProvider; 2] {
    [(FARGATE, CapacityProviderType::Fargate), (FARGATE_SPOT, CapacityProviderType::FargateSpot)].map(|(name, kind)| {
        ecs::CapacityProvider {
            capacity_provider_arn: name.parse().ok().map(|name| scope.capacity_provider(&name)),
            name: Some(name.to_owned()),
            status: Some(CapacityProviderStatus::Active),
            tags: Some(Vec::new()),
            r#type: Some(kind),
            ..ecs::CapacityProvider::default()
        }
    })
}

/// One that a client made, with its tags.
pub(crate) fn shown(scope: &ArnScope, provider: &CapacityProvider) -> ecs::CapacityProvider {
    ecs::CapacityProvider {
        capacity_provider_arn: Some(scope.capacity_provider(&provider.name)),
        name: Some(provider.name.to_string()),
        cluster: provider.cluster.as_ref().map(ToString::to_string),
        status: Some(provider.status.clone()),
        managed_instances_provider: Some(provider.managed_instances.clone()),
        update_status: Some(provider.update_status.clone()),
        tags: Some(provider.tags.clone()),
        r#type: Some(CapacityProviderType::ManagedInstances),
        ..ecs::CapacityProvider::default()
    }
}
