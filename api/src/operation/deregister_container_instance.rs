//! DeregisterContainerInstance: takes a host out of its cluster for good.

use berth_model::ecs::{DeregisterContainerInstanceRequest, DeregisterContainerInstanceResponse};
use berth_scheduler::event::Event;
use berth_scheduler::step::{Rejection, Reply};

use super::named_host::{described_hosts, named_host};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, unexpected};

impl Operate for DeregisterContainerInstanceRequest {
    type Answer = DeregisterContainerInstanceResponse;

    const NAME: &'static str = "DeregisterContainerInstance";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DeregisterContainerInstanceResponse, Fault> {
        let cluster = edge.cluster_name(self.cluster.as_deref())?;
        let text = self.container_instance.unwrap_or_default();
        let named = named_host(edge, &cluster, "containerInstance", &text)?;
        if !named.is_here {
            return Err(Fault::from_rejection(Rejection::HostNotFound(named.id), edge.scope()));
        }
        let is_forced = self.force.unwrap_or(false);
        match edge.submit(Event::DeregisterHost { cluster, host: named.id, is_forced }).await? {
            Reply::Host(host) => {
                let container_instance = described_hosts(edge, &[host.id]).await?.pop();
                Ok(DeregisterContainerInstanceResponse { container_instance })
            }
            other => Err(unexpected(&other)),
        }
    }
}
