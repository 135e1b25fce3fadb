//! What happens to clusters.

use std::collections::BTreeSet;

use berth_model::account_setting::SettingKey;
use berth_model::capacity_provider::CapacityProvider;
use berth_model::cluster::Cluster;
use berth_model::ecs;
use berth_model::host::FARGATE_CLUSTER;
use berth_model::id::{ClusterName, HostId, ProviderName};
use berth_model::task::StaticLaunchType;
use berth_model::time::Timestamp;

use crate::event::ClusterOptions;
use crate::fargate;
use crate::placement::Domain;
use crate::pool::Pool;
use crate::state::State;
use crate::step::{Key, Rejection, Reply, Row, Step};

/// The cluster of requests that name none. It is there from the first start on.
pub const DEFAULT_CLUSTER: &str = "default";

/// Most items of a capacity provider strategy, as at ECS.
const STRATEGY_ITEMS_MAX: usize = 20;

/// What is answered to a request to make a cluster that is there and is another, as ECS words it.
const INCONSISTENT: &str =
    "Arguments on this idempotent request are inconsistent with arguments used in previous request(s).";

impl State {
    /// Makes a cluster, or gives back the one that is there.
    pub(crate) fn create_cluster(
        &mut self,
        name: ClusterName,
        tags: Vec<ecs::Tag>,
        options: ClusterOptions,
        by: String,
        now: Timestamp,
        step: &mut Step,
    ) -> Reply {
        if name.as_str() == FARGATE_CLUSTER {
            return Reply::Rejected(Rejection::InvalidParameter(format!("The cluster name {name} is reserved.")));
        }
        if let Some(cluster) = self.clusters.get(&name).filter(|cluster| cluster.is_active) {
            // Agents name their cluster each time they start, and say nothing else of it.
            if says(&tags, &options, cluster) {
                return Reply::Cluster(Box::new(cluster.clone()));
            }
            return Reply::Rejected(Rejection::InvalidParameter(INCONSISTENT.to_owned()));
        }
        let mut cluster = Cluster { tags, ..self.new_cluster(name, Some(by), now) };
        if options.capacity_providers.is_some() {
            cluster.default_strategy.clear();
        }
        match self.changed(cluster, options) {
            Ok(cluster) => self.put_cluster(cluster, step),
            Err(rejection) => Reply::Rejected(rejection),
        }
    }

    /// Changes a cluster. Tasks that are there already stay where they are.
    pub(crate) fn update_cluster(&mut self, name: &ClusterName, options: ClusterOptions, step: &mut Step) -> Reply {
        let changed = self.active_cluster(name).cloned().and_then(|cluster| {
            if let Some(providers) = &options.capacity_providers {
                self.check_removed(&cluster, providers)?;
            }
            self.changed(cluster, options)
        });
        match changed {
            Ok(cluster) => self.put_cluster(cluster, step),
            Err(rejection) => Reply::Rejected(rejection),
        }
    }

    /// A cluster of which nothing was said: every pool is there for it, and its tasks go to the first one.
    pub(crate) fn new_cluster(&self, name: ClusterName, by: Option<String>, now: Timestamp) -> Cluster {
        let is_configured = |pool: &&Pool| !self.is_derived(&pool.provider);
        let pools = self.settings.pools.iter().filter(is_configured);
        let providers = pools.flat_map(|pool| [&pool.provider].into_iter().chain(&pool.aliases));
        let capacity_providers: Vec<ProviderName> = providers.cloned().collect();
        let first = capacity_providers.first().map(|provider| ecs::CapacityProviderStrategyItem {
            capacity_provider: Some(provider.to_string()),
            weight: Some(1),
            base: Some(0),
        });
        let chosen = self.account_setting(SettingKey { principal: by, name: ecs::SettingName::ContainerInsights });
        let insights = ecs::ClusterSetting {
            name: Some(ecs::ClusterSettingName::ContainerInsights),
            value: Some(chosen.map_or("disabled", String::as_str).to_owned()),
        };
        Cluster {
            name,
            is_active: true,
            tags: Vec::new(),
            settings: vec![insights],
            configuration: None,
            default_strategy: first.into_iter().collect(),
            capacity_providers,
            created_at: now,
        }
    }

    /// The cluster as the request wants it.
    fn changed(&self, mut cluster: Cluster, options: ClusterOptions) -> Result<Cluster, Rejection> {
        for setting in options.settings.into_iter().flatten() {
            match cluster.settings.iter_mut().find(|known| known.name == setting.name) {
                Some(known) => *known = setting,
                None => cluster.settings.push(setting),
            }
        }
        cluster.configuration = options.configuration.or(cluster.configuration);
        if let Some(providers) = options.capacity_providers {
            self.check_providers(&cluster.name, &providers)?;
            cluster.capacity_providers = providers;
        }
        if let Some(strategy) = options.default_strategy {
            cluster.default_strategy = strategy.into_iter().map(completed).collect();
        }
        check_strategy(&cluster).map_err(Rejection::InvalidParameter)?;
        Ok(cluster)
    }

    /// Checks that each provider is there, and named once.
    fn check_providers(&self, cluster: &ClusterName, providers: &[ProviderName]) -> Result<(), Rejection> {
        let mut seen = BTreeSet::new();
        for provider in providers {
            if !self.is_open(provider, cluster) {
                let text = format!("The specified capacity provider {provider} was not found.");
                return Err(Rejection::InvalidParameter(text));
            }
            if !seen.insert(provider) {
                let text = format!("The capacity provider {provider} is named more than once.");
                return Err(Rejection::InvalidParameter(text));
            }
        }
        Ok(())
    }

    /// Checks that no provider goes whose tasks are still there.
    fn check_removed(&self, cluster: &Cluster, providers: &[ProviderName]) -> Result<(), Rejection> {
        let removed = cluster.capacity_providers.iter().filter(|provider| !providers.contains(provider));
        for provider in removed {
            if self.tasks.of_provider(provider).contains_key(&cluster.name) {
                let text = format!(
                    "The specified capacity provider is in use and cannot be removed: {provider} still has tasks."
                );
                return Err(Rejection::InUse(text));
            }
        }
        Ok(())
    }

    /// Stores a cluster as it is now.
    pub(crate) fn put_cluster(&mut self, cluster: Cluster, step: &mut Step) -> Reply {
        self.clusters.insert(cluster.name.clone(), cluster.clone());
        step.writes.insert(Key::Cluster(cluster.name.clone()), Row::Cluster(Box::new(cluster.clone())));
        Reply::Cluster(Box::new(cluster))
    }

    /// Makes an empty cluster INACTIVE. Hosts without tasks that have long been away do not count, and go with it: nobody
    /// can deregister them any more.
    pub(crate) fn delete_cluster(&mut self, name: &ClusterName, now: Timestamp, step: &mut Step) -> Reply {
        if let Err(rejection) = self.active_cluster(name) {
            return Reply::Rejected(rejection);
        }
        let domains =
            [StaticLaunchType::Ec2, StaticLaunchType::External].map(|kind| Domain::Static(name.clone(), kind));
        let hosts: Vec<HostId> = domains.iter().flat_map(|domain| self.hosts.fleet(domain).keys().copied()).collect();
        let is_lost = |host: &HostId| {
            let entry = self.hosts.get(*host).filter(|entry| entry.tasks.is_empty());
            let away_since = entry.and_then(|entry| entry.away_since);
            away_since.is_some_and(|since| now.since(since) >= self.settings.host_lost_after)
        };
        let is_of_it = |one: &CapacityProvider| {
            one.cluster.as_ref() == Some(name) && one.status != ecs::CapacityProviderStatus::Inactive
        };
        if self.capacity_providers.values().any(is_of_it) {
            return Reply::Rejected(Rejection::ClusterContainsCapacityProvider);
        }
        if !hosts.iter().all(is_lost) {
            return Reply::Rejected(Rejection::ClusterContainsContainerInstances);
        }
        if self.tasks.index().in_cluster.contains_key(name) {
            return Reply::Rejected(Rejection::ClusterContainsTasks);
        }
        let Some(cluster) = self.clusters.get(name) else {
            return Reply::Rejected(Rejection::ClusterNotFound(name.clone()));
        };
        let cluster = Cluster { is_active: false, ..cluster.clone() };
        for host in hosts {
            self.forget_host(host, step);
        }
        self.put_cluster(cluster, step)
    }

    /// The cluster, if it is there and ACTIVE. The reserved cluster is nobody's.
    pub(crate) fn active_cluster(&self, name: &ClusterName) -> Result<&Cluster, Rejection> {
        let cluster = self.clusters.get(name).filter(|cluster| cluster.is_active);
        cluster.ok_or_else(|| Rejection::ClusterNotFound(name.clone()))
    }
}

/// True if a request to make a cluster says of it only what is so already.
fn says(tags: &[ecs::Tag], options: &ClusterOptions, cluster: &Cluster) -> bool {
    let ClusterOptions { settings, configuration, capacity_providers, default_strategy } = options;
    let strategy = || cluster.default_strategy.iter().cloned();
    (tags.is_empty() || sorted(tags) == sorted(&cluster.tags))
        && settings.iter().flatten().all(|setting| cluster.settings.contains(setting))
        && configuration.as_ref().is_none_or(|known| cluster.configuration.as_ref() == Some(known))
        && capacity_providers.as_ref().is_none_or(|known| *known == cluster.capacity_providers)
        && default_strategy.as_ref().is_none_or(|known| known.iter().cloned().map(completed).eq(strategy()))
}

/// Tags mean the same in any order.
fn sorted(tags: &[ecs::Tag]) -> Vec<(Option<&str>, Option<&str>)> {
    let mut tags: Vec<_> = tags.iter().map(|tag| (tag.key.as_deref(), tag.value.as_deref())).collect();
    tags.sort_unstable();
    tags
}

/// An item with ECS's defaults.
fn completed(item: ecs::CapacityProviderStrategyItem) -> ecs::CapacityProviderStrategyItem {
    ecs::CapacityProviderStrategyItem {
        weight: Some(item.weight.unwrap_or(0)),
        base: Some(item.base.unwrap_or(0)),
        ..item
    }
}

/// Checks a cluster's default strategy: each item is one of its providers, and some task could go somewhere.
fn check_strategy(cluster: &Cluster) -> Result<(), String> {
    check_items(cluster, &cluster.default_strategy)
}

/// Checks a strategy for tasks of a cluster.
pub(crate) fn check_items(cluster: &Cluster, strategy: &[ecs::CapacityProviderStrategyItem]) -> Result<(), String> {
    if strategy.len() > STRATEGY_ITEMS_MAX {
        return Err(format!("A capacity provider strategy can have at most {STRATEGY_ITEMS_MAX} items."));
    }
    let mut seen = BTreeSet::new();
    for item in strategy {
        let provider = item.capacity_provider.as_deref().unwrap_or_default();
        check_associated(cluster, provider)?;
        if !seen.insert(provider) {
            return Err(format!("The capacity provider strategy names {provider} more than once."));
        }
    }
    if let Some(other) = seen.iter().find(|provider| !fargate::is_fargate(provider))
        && let Some(fargate) = seen.iter().find(|provider| fargate::is_fargate(provider))
    {
        return Err(format!(
            "A capacity provider strategy cannot mix FARGATE and FARGATE_SPOT with other capacity providers: it names \
             {fargate} and {other}."
        ));
    }
    if strategy.iter().filter(|item| item.base > Some(0)).count() > 1 {
        return Err("Only one item of a capacity provider strategy can have a base.".to_owned());
    }
    if strategy.len() > 1 && strategy.iter().all(|item| item.weight.unwrap_or(0) == 0) {
        return Err("At least one item of a capacity provider strategy must have a weight greater than 0.".to_owned());
    }
    Ok(())
}

/// Checks that a strategy may name a provider in this cluster.
pub(crate) fn check_associated(cluster: &Cluster, provider: &str) -> Result<(), String> {
    if cluster.capacity_providers.iter().any(|known| known.as_str() == provider) {
        return Ok(());
    }
    Err(format!(
        "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the \
         cluster: '{provider}'. Associate the capacity provider with the cluster and try again."
    ))
}

#[cfg(test)]
mod tests;
