//! A cluster as clients see it.

use std::collections::BTreeSet;

use berth_engine::store::{ClusterView, TaskCount};
use berth_model::arn::ArnScope;
use berth_model::cluster::Cluster;
use berth_model::ecs::{self, ClusterField, KeyValuePair, LaunchType};

/// The launch types that `statistics` tells apart, and their words there.
const LAUNCH_TYPES: [(LaunchType, &str); 4] = [
    (LaunchType::Ec2, "EC2"),
    (LaunchType::Fargate, "Fargate"),
    (LaunchType::External, "External"),
    (LaunchType::ManagedInstances, "ManagedInstances"),
];

/// The statuses of services that `statistics` tells apart. Services are not offered yet.
const SERVICE_STATUSES: [&str; 2] = ["active", "draining"];

/// A cluster with nothing in it, or whose content nobody asked for: what CreateCluster and DeleteCluster answer.
pub(crate) fn bare(scope: &ArnScope, cluster: &Cluster) -> ecs::Cluster {
    ecs::Cluster {
        cluster_arn: Some(scope.cluster(&cluster.name)),
        cluster_name: Some(cluster.name.to_string()),
        status: Some(if cluster.is_active { "ACTIVE" } else { "INACTIVE" }.to_owned()),
        registered_container_instances_count: Some(0),
        running_tasks_count: Some(0),
        pending_tasks_count: Some(0),
        active_services_count: Some(0),
        statistics: Some(Vec::new()),
        tags: Some(cluster.tags.clone()),
        settings: Some(cluster.settings.clone()),
        configuration: cluster.configuration.clone(),
        capacity_providers: Some(cluster.capacity_providers.iter().map(ToString::to_string).collect()),
        default_capacity_provider_strategy: Some(cluster.default_strategy.clone()),
        ..ecs::Cluster::default()
    }
}

/// A cluster with what is in it: what operations that change it answer.
pub(crate) fn counted(scope: &ArnScope, view: &ClusterView) -> ecs::Cluster {
    ecs::Cluster {
        registered_container_instances_count: Some(count(view.registered_hosts)),
        running_tasks_count: Some(count(view.running_tasks)),
        pending_tasks_count: Some(count(view.pending_tasks)),
        ..bare(scope, &view.cluster)
    }
}

/// A cluster as DescribeClusters answers it, with the parts that `include` asks for. `counts` are its tasks by launch
/// type, for the statistics.
pub(crate) fn described(
    scope: &ArnScope,
    view: &ClusterView,
    include: &BTreeSet<ClusterField>,
    counts: &[&TaskCount],
) -> ecs::Cluster {
    let mut shown = counted(scope, view);
    if include.contains(&ClusterField::Statistics) {
        shown.statistics = Some(statistics(counts));
    }
    if !include.contains(&ClusterField::Tags) {
        shown.tags = Some(Vec::new());
    }
    if !include.contains(&ClusterField::Settings) {
        shown.settings = Some(Vec::new());
    }
    if !include.contains(&ClusterField::Configurations) {
        shown.configuration = None;
    }
    if include.contains(&ClusterField::Attachments) {
        shown.attachments = Some(Vec::new());
    }
    shown
}

/// A count on the wire.
pub(crate) fn count(number: u64) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

fn statistics(counts: &[&TaskCount]) -> Vec<KeyValuePair> {
    let of = |launch_type: &LaunchType, part: fn(&TaskCount) -> u64| -> u64 {
        counts.iter().filter(|count| count.launch_type == *launch_type).map(|count| part(count)).sum()
    };
    let tasks = LAUNCH_TYPES.iter().flat_map(|(launch_type, word)| {
        let running = of(launch_type, |count| count.running);
        let pending = of(launch_type, |count| count.pending);
        [(format!("running{word}TasksCount"), running), (format!("pending{word}TasksCount"), pending)]
    });
    let words = SERVICE_STATUSES.iter().flat_map(|status| LAUNCH_TYPES.iter().map(move |(_, word)| (status, word)));
    let services = words.map(|(status, word)| (format!("{status}{word}ServiceCount"), 0));
    tasks.chain(services).map(|(name, number)| pair(name, number)).collect()
}

fn pair(name: String, number: u64) -> KeyValuePair {
    KeyValuePair { name: Some(name), value: Some(number.to_string()) }
}
