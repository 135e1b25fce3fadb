//! What several operations say of a cluster, in the same members.

use std::collections::BTreeSet;

use berth_model::cluster::Cluster;
use berth_model::ecs::{self, CapacityProviderStrategyItem, ClusterSetting};
use berth_model::id::ProviderName;

use crate::ecs::cluster::{bare, counted};
use crate::ecs::error::Fault;
use crate::edge::{Edge, failed, invalid_id};

/// A cluster that was just changed, with what is in it.
///
/// # Errors
/// `ServerException` if the store fails.
pub(super) async fn current(edge: &Edge, cluster: &Cluster) -> Result<ecs::Cluster, Fault> {
    let views = edge.reader().clusters(vec![cluster.name.clone()]).await.map_err(|error| failed(&error))?;
    Ok(views.first().map_or_else(|| bare(edge.scope(), cluster), |view| counted(edge.scope(), view)))
}

/// The strategy of a cluster, as a member of requests.
pub(super) const DEFAULT_STRATEGY: &str = "defaultCapacityProviderStrategy";

/// The values of `containerInsights`.
const INSIGHTS: [&str; 3] = ["enhanced", "enabled", "disabled"];

/// Checks `settings`: each is whole, has a value that ECS knows, and stands once.
pub(super) fn settings(settings: Vec<ClusterSetting>) -> Result<Vec<ClusterSetting>, Fault> {
    let mut seen = BTreeSet::new();
    for (index, ClusterSetting { name, value }) in settings.iter().enumerate() {
        let Some(name) = name else { return Err(Fault::invalid(format!("settings[{index}].name is required."))) };
        if !seen.insert(name) {
            return Err(Fault::invalid(format!("settings[{index}].name {name} stands twice.")));
        }
        if !value.as_deref().is_some_and(|value| INSIGHTS.contains(&value)) {
            let known = INSIGHTS.join(", ");
            return Err(Fault::invalid(format!("settings[{index}].value must be one of {known}.")));
        }
    }
    Ok(settings)
}

/// Reads `capacityProviders`.
pub(super) fn providers(edge: &Edge, texts: &[String]) -> Result<Vec<ProviderName>, Fault> {
    let parse = |text: &String| edge.scope().parse_capacity_provider(text);
    texts.iter().map(parse).collect::<Result<_, _>>().map_err(|error| invalid_id("capacityProviders", &error))
}

/// Reads a strategy, the value of `member`; each item comes back with its provider's name, however it was named.
pub(super) fn strategy(
    edge: &Edge,
    member: &str,
    items: Vec<CapacityProviderStrategyItem>,
) -> Result<Vec<CapacityProviderStrategyItem>, Fault> {
    let read = |item: CapacityProviderStrategyItem| {
        let text = item.capacity_provider.as_deref().unwrap_or_default();
        let name = edge.scope().parse_capacity_provider(text).map(|name| name.to_string());
        name.map(|name| CapacityProviderStrategyItem { capacity_provider: Some(name), ..item })
    };
    let read = items.into_iter().map(read).collect::<Result<_, _>>();
    read.map_err(|error| invalid_id(member, &error))
}
