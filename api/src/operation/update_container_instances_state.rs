//! UpdateContainerInstancesState: has hosts take no new tasks, or take tasks again.

use berth_model::ecs::{
    ContainerInstanceStatus, UpdateContainerInstancesStateRequest, UpdateContainerInstancesStateResponse,
};
use berth_model::id::HostId;
use berth_scheduler::event::Event;
use berth_scheduler::step::{HostFailure, Reply};

use super::named_host::{described_hosts, host_failure, named_hosts};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, unexpected};

/// Most container instances of one request, as at ECS.
const HOSTS_MAX: usize = 10;

impl Operate for UpdateContainerInstancesStateRequest {
    type Answer = UpdateContainerInstancesStateResponse;

    const NAME: &'static str = "UpdateContainerInstancesState";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<UpdateContainerInstancesStateResponse, Fault> {
        let cluster = edge.cluster_name(self.cluster.as_deref())?;
        let texts = self.container_instances.unwrap_or_default();
        if !(1..=HOSTS_MAX).contains(&texts.len()) {
            return Err(Fault::invalid(format!("containerInstances must have 1 to {HOSTS_MAX} entries.")));
        }
        let is_draining = match self.status {
            Some(ContainerInstanceStatus::Active) => false,
            Some(ContainerInstanceStatus::Draining) => true,
            _ => return Err(Fault::invalid("status must be ACTIVE or DRAINING.")),
        };
        let (named, strangers): (Vec<_>, Vec<_>) =
            named_hosts(edge, &cluster, "containerInstances", &texts)?.into_iter().partition(|named| named.is_here);
        let hosts: Vec<HostId> = named.iter().map(|named| named.id).collect();
        match edge.submit(Event::SetDraining { cluster: cluster.clone(), hosts, is_draining }).await? {
            Reply::Hosts { done, failures } => {
                let strangers = strangers.into_iter().map(|named| host_failure(named.arn, HostFailure::Missing));
                let failures = failures
                    .into_iter()
                    .map(|(host, failure)| host_failure(edge.scope().container_instance(&cluster, host), failure));
                Ok(UpdateContainerInstancesStateResponse {
                    container_instances: Some(described_hosts(edge, &done).await?),
                    failures: Some(failures.chain(strangers).collect()),
                })
            }
            other => Err(unexpected(&other)),
        }
    }
}
