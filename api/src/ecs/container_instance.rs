//! A host as clients see it: a container instance.

use std::collections::BTreeSet;

use berth_engine::store::HostView;
use berth_model::arn::ArnScope;
use berth_model::ecs::{self, Resource};
use berth_model::host::{Host, HostStatus, RuntimeStatus};
use berth_model::task::{HostPort, Protocol};
use berth_model::time::Timestamp;
use berth_model::unit::Resources;

use crate::ecs::cluster::count;

/// The attribute in which a host that cannot run containers says why.
const IMPAIRED_ATTRIBUTE: &str = "berth.impaired";

/// A host that has just registered, and so has no tasks that anyone could see: what RegisterContainerInstance answers.
pub(crate) fn registered(scope: &ArnScope, host: &Host) -> ecs::ContainerInstance {
    let all = resources(host.capacity, &host.reserved_ports, host.gpus.keys());
    ecs::ContainerInstance {
        container_instance_arn: Some(scope.container_instance(&host.cluster, host.id)),
        ec2_instance_id: host.ec2_instance_id.clone(),
        capacity_provider_name: host.provider().map(ToString::to_string),
        version: Some(i64::try_from(host.version).unwrap_or(i64::MAX)),
        version_info: host.version_info.clone(),
        remaining_resources: Some(all.clone()),
        registered_resources: Some(all),
        status: Some(status(host.status).to_owned()),
        agent_connected: Some(host.is_connected),
        running_tasks_count: Some(0),
        pending_tasks_count: Some(0),
        attributes: Some(host.attributes.clone()),
        registered_at: host.registered_at.map(Into::into),
        attachments: Some(Vec::new()),
        tags: Some(host.tags.clone()),
        ..ecs::ContainerInstance::default()
    }
}

/// A host as DescribeContainerInstances answers it: with the attributes that Berth knows by itself, which are not given
/// back to an agent that registers.
pub(crate) fn described(scope: &ArnScope, view: &HostView, has_tags: bool) -> ecs::ContainerInstance {
    let host = &view.host;
    let taken: BTreeSet<HostPort> = host.reserved_ports.union(&view.ports).copied().collect();
    let mut shown = registered(scope, host);
    let free = host.gpus.iter().filter(|(_, task)| task.is_none()).map(|(id, _)| id);
    shown.remaining_resources = Some(resources(host.capacity.saturating_sub(view.used), &taken, free));
    shown.running_tasks_count = Some(count(view.running_tasks));
    shown.pending_tasks_count = Some(count(view.pending_tasks));
    shown.attributes = Some(attributes(host));
    if !has_tags {
        shown.tags = Some(Vec::new());
    }
    shown
}

/// Whether a host can run containers, as its agent has found it.
pub(crate) fn health(host: &Host, checked_at: Option<Timestamp>) -> ecs::ContainerInstanceHealthStatus {
    let runtime = host.runtime.as_ref();
    let status = runtime.map_or(RuntimeStatus::InsufficientData, |runtime| runtime.status).as_str();
    let detail = runtime.map(|runtime| ecs::InstanceHealthCheckResult {
        r#type: Some(ecs::InstanceHealthCheckType::ContainerRuntime),
        status: Some(ecs::InstanceHealthCheckState::from(status)),
        status_reason: runtime.reason.clone(),
        // What was found is noted before the change is made of it.
        last_updated: Some(checked_at.unwrap_or(runtime.changed_at).max(runtime.changed_at).into()),
        last_status_change: Some(runtime.changed_at.into()),
    });
    ecs::ContainerInstanceHealthStatus {
        overall_status: Some(ecs::InstanceHealthCheckState::from(status)),
        details: Some(detail.into_iter().collect()),
    }
}

/// The attributes that a host has: what its agent and operators said, and what Berth knows by itself.
pub(crate) fn attributes(host: &Host) -> Vec<ecs::Attribute> {
    let impaired = host.impairment().map(|runtime| ecs::Attribute {
        name: Some(IMPAIRED_ATTRIBUTE.to_owned()),
        value: runtime.reason.clone(),
        ..ecs::Attribute::default()
    });
    host.attributes.iter().cloned().chain(host.implied_attributes()).chain(impaired).collect()
}

/// ECS's word for where a host is in its life.
fn status(status: HostStatus) -> &'static str {
    match status {
        HostStatus::Requested | HostStatus::Launching => "REGISTERING",
        HostStatus::Active => "ACTIVE",
        HostStatus::Draining => "DRAINING",
        HostStatus::Terminating => "DEREGISTERING",
        HostStatus::Gone => "INACTIVE",
    }
}

/// Where a host is in its life, from ECS's word for it.
pub(crate) fn statuses(word: Option<&ecs::ContainerInstanceStatus>) -> Vec<HostStatus> {
    let all = HostStatus::ALL.into_iter();
    match word {
        // What ECS lists if it is not told what.
        None => vec![HostStatus::Active, HostStatus::Draining],
        Some(word) => all.filter(|one| status(*one) == word.as_str()).collect(),
    }
}

/// Amounts in ECS's form; ports stand for those that are taken. A host without GPUs does not speak of them.
fn resources<'a>(
    amount: Resources,
    taken: &BTreeSet<HostPort>,
    gpus: impl Iterator<Item = &'a String>,
) -> Vec<Resource> {
    let mut list = vec![
        integer("CPU", amount.cpu.0),
        integer("MEMORY", amount.memory.0),
        ports("PORTS", Protocol::Tcp, taken),
        ports("PORTS_UDP", Protocol::Udp, taken),
    ];
    let gpus: Vec<String> = gpus.cloned().collect();
    if !gpus.is_empty() {
        list.push(string_set("GPU", gpus));
    }
    list
}

fn integer(name: &str, amount: u64) -> Resource {
    Resource {
        name: Some(name.to_owned()),
        r#type: Some("INTEGER".to_owned()),
        double_value: Some(0.0),
        long_value: Some(0),
        integer_value: Some(count(amount)),
        string_set_value: None,
    }
}

fn ports(name: &str, protocol: Protocol, taken: &BTreeSet<HostPort>) -> Resource {
    let ports = taken.iter().filter(|port| port.protocol == protocol).map(|port| port.port.to_string());
    string_set(name, ports.collect())
}

fn string_set(name: &str, values: Vec<String>) -> Resource {
    Resource {
        name: Some(name.to_owned()),
        r#type: Some("STRINGSET".to_owned()),
        double_value: Some(0.0),
        long_value: Some(0),
        integer_value: Some(0),
        string_set_value: Some(values),
    }
}
