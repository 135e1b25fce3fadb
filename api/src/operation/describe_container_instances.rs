//! DescribeContainerInstances: hosts with what is free on them.

use std::collections::BTreeMap;

use berth_engine::store::HostView;
use berth_model::ecs::{ContainerInstanceField, DescribeContainerInstancesRequest, DescribeContainerInstancesResponse};
use berth_model::host::FARGATE_CLUSTER;
use berth_model::id::HostId;

use super::limit::{check_ids, missing};
use super::named_host::named_hosts;
use super::{Call, Operate};
use crate::ecs::container_instance::{described, health};
use crate::ecs::error::Fault;
use crate::ecs::task::used_attributes;
use crate::edge::{Edge, failed};

impl Operate for DescribeContainerInstancesRequest {
    type Answer = DescribeContainerInstancesResponse;

    const NAME: &'static str = "DescribeContainerInstances";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DescribeContainerInstancesResponse, Fault> {
        let cluster = edge.cluster_name(self.cluster.as_deref())?;
        let texts = self.container_instances.unwrap_or_default();
        check_ids("containerInstances", &texts)?;
        let asked = named_hosts(edge, &cluster, "containerInstances", &texts)?;
        let ids: Vec<HostId> = asked.iter().map(|named| named.id).collect();
        let found = edge.reader().hosts(ids).await.map_err(|error| failed(&error))?;
        let here = found.into_iter().filter(|view| view.host.cluster == cluster);
        let here: BTreeMap<HostId, HostView> = here.map(|view| (view.host.id, view)).collect();
        if here.is_empty() && cluster.as_str() != FARGATE_CLUSTER {
            edge.check_cluster(&cluster).await?;
        }
        let include = self.include.unwrap_or_default();
        let has_tags = include.contains(&ContainerInstanceField::Tags);
        let has_health = include.contains(&ContainerInstanceField::ContainerInstanceHealth);
        let (mut container_instances, mut failures) = (Vec::with_capacity(here.len()), Vec::new());
        for named in asked {
            match here.get(&named.id).filter(|_| named.is_here) {
                Some(view) => {
                    let telemetry = edge.handle.telemetry();
                    let mut shown = described(edge.scope(), view, has_tags);
                    let used = telemetry.host(named.id).into_iter().flat_map(used_attributes);
                    shown.attributes.get_or_insert_default().extend(used);
                    shown.health_status = has_health.then(|| health(&view.host, telemetry.checked_at(named.id)));
                    container_instances.push(shown);
                }
                None => failures.push(missing(named.arn)),
            }
        }
        Ok(DescribeContainerInstancesResponse {
            container_instances: Some(container_instances),
            failures: Some(failures),
        })
    }
}
