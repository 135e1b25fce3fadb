//! What happens to capacity providers that clients make: each is a pool of its own, with the types of the first
//! configured pool that meet its requirements, on that pool's backend and within its limits.

use std::time::Duration;

use berth_model::capacity_provider::CapacityProvider;
use berth_model::cluster::Cluster;
use berth_model::ecs;
use berth_model::host::InstanceType;
use berth_model::id::{ClusterName, HostId, ProviderName};
use berth_model::time::Timestamp;

use crate::event::CreateCapacityProvider;
use crate::pool::Pool;
use crate::state::State;
use crate::step::{Key, Rejection, Reply, Row, Step};

/// Most capacity providers that clients may have at a time. Each is a pool that every plan looks at.
const PROVIDERS_MAX: usize = 100;

/// What no name may begin with, in any case of letters, as at ECS.
const RESERVED_PREFIXES: [&str; 3] = ["aws", "ecs", "fargate"];

/// A time that does not come: 100 years.
const NEVER: Duration = Duration::from_hours(100 * 365 * 24);

/// ECS's words for a provider that is not there.
const UNKNOWN: &str = "The specified capacity provider does not exist. Specify a valid name or ARN and try again.";

impl State {
    /// CreateCapacityProvider.
    pub(crate) fn create_capacity_provider(
        &mut self,
        request: CreateCapacityProvider,
        now: Timestamp,
        step: &mut Step,
    ) -> Reply {
        let CreateCapacityProvider { name, cluster, managed_instances, tags } = request;
        let provider = CapacityProvider {
            name,
            cluster,
            status: ecs::CapacityProviderStatus::Active,
            update_status: ecs::CapacityProviderUpdateStatus::CreateComplete,
            managed_instances,
            tags,
            created_at: now,
        };
        let pool = match self.check_new(&provider).and_then(|()| self.derive(&provider)) {
            Ok(pool) => pool,
            Err(rejection) => return Reply::Rejected(rejection),
        };
        self.settings.pools.push(pool);
        if let Some(cluster) = provider.cluster.as_ref().and_then(|name| self.clusters.get(name)) {
            let mut cluster = cluster.clone();
            cluster.capacity_providers.push(provider.name.clone());
            self.put_cluster(cluster, step);
        }
        self.put_provider(provider, step)
    }

    fn check_new(&self, provider: &CapacityProvider) -> Result<(), Rejection> {
        let name = provider.name.as_str();
        let begins = |prefix: &&str| name.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
        if let Some(prefix) = RESERVED_PREFIXES.iter().find(|prefix| begins(prefix)) {
            let text = format!("The name of a capacity provider cannot begin with '{prefix}'.");
            return Err(Rejection::InvalidParameter(text));
        }
        if self.settings.pool(&provider.name).is_some() {
            let text = "The specified capacity provider already exists. To change the configuration of an existing \
                        capacity provider, update the capacity provider.";
            return Err(Rejection::Client(text.to_owned()));
        }
        if let Some(cluster) = &provider.cluster {
            self.active_cluster(cluster)?;
        }
        let live = self.capacity_providers.values().filter(|one| one.status != ecs::CapacityProviderStatus::Inactive);
        if live.count() >= PROVIDERS_MAX {
            let text = format!("There can be at most {PROVIDERS_MAX} capacity providers.");
            return Err(Rejection::LimitExceeded(text));
        }
        Ok(())
    }

    /// UpdateCapacityProvider.
    pub(crate) fn update_capacity_provider(
        &mut self,
        name: &ProviderName,
        cluster: Option<&ClusterName>,
        change: ecs::UpdateManagedInstancesProviderConfiguration,
        step: &mut Step,
    ) -> Reply {
        let changed = self.changeable(name, cluster).cloned().and_then(|mut provider| {
            merge(&mut provider.managed_instances, change);
            provider.update_status = ecs::CapacityProviderUpdateStatus::UpdateComplete;
            Ok((self.derive(&provider)?, provider))
        });
        match changed {
            Ok((pool, provider)) => {
                if let Some(known) = self.settings.pools.iter_mut().find(|known| known.provider == *name) {
                    *known = pool;
                }
                self.queue.changed(name);
                self.needs_plan = true;
                self.put_provider(provider, step)
            }
            Err(rejection) => Reply::Rejected(rejection),
        }
    }

    /// DeleteCapacityProvider: nothing may be left that needs it.
    pub(crate) fn delete_capacity_provider(
        &mut self,
        name: &ProviderName,
        cluster: Option<&ClusterName>,
        step: &mut Step,
    ) -> Reply {
        let checked =
            self.changeable(name, cluster).and_then(|provider| self.check_unused(provider).map(|()| provider));
        let mut provider = match checked {
            Ok(provider) => provider.clone(),
            Err(rejection) => return Reply::Rejected(rejection),
        };
        provider.status = ecs::CapacityProviderStatus::Deprovisioning;
        provider.update_status = ecs::CapacityProviderUpdateStatus::DeleteInProgress;
        self.put_provider(provider, step);
        let clusters: Vec<Cluster> = self.clusters_with(name).cloned().collect();
        for mut cluster in clusters {
            cluster.capacity_providers.retain(|known| known != name);
            self.put_cluster(cluster, step);
        }
        let hosts: Vec<HostId> = self.hosts_of(name).map(|entry| entry.row.id).collect();
        for host in hosts {
            self.end_pool_host(host, step);
        }
        self.retire_provider(name, step);
        self.capacity_providers.get(name).map_or(Reply::Done, |known| Reply::CapacityProvider(Box::new(known.clone())))
    }

    /// The provider, if it is one that clients made, is ACTIVE and is of the cluster that the request names.
    fn changeable(&self, name: &ProviderName, cluster: Option<&ClusterName>) -> Result<&CapacityProvider, Rejection> {
        let Some(provider) = self.capacity_providers.get(name) else {
            if self.settings.pool(name).is_some() {
                let text = format!("The capacity provider {name} is built in: it can be neither changed nor deleted.");
                return Err(Rejection::InvalidParameter(text));
            }
            return Err(Rejection::Client(UNKNOWN.to_owned()));
        };
        if !provider.is_active() || cluster.is_some_and(|cluster| provider.cluster.as_ref() != Some(cluster)) {
            return Err(Rejection::Client(UNKNOWN.to_owned()));
        }
        Ok(provider)
    }

    /// Checks that neither a cluster nor a task needs it. The cluster that it is for alone does not, unless tasks go to
    /// it by default.
    fn check_unused(&self, provider: &CapacityProvider) -> Result<(), Rejection> {
        let name = &provider.name;
        let is_default = |cluster: &Cluster| {
            cluster.default_strategy.iter().any(|item| item.capacity_provider.as_deref() == Some(name.as_str()))
        };
        let is_own = |cluster: &Cluster| provider.cluster.as_ref() == Some(&cluster.name);
        let in_use = self.clusters_with(name).find(|cluster| !is_own(cluster) || is_default(cluster));
        if let Some(cluster) = in_use {
            return Err(Rejection::Client(format!(
                "The capacity provider cannot be deleted because it is associated with cluster: {}. Remove the capacity \
                 provider from the cluster and try again.",
                cluster.name
            )));
        }
        if self.tasks.of_provider(name).is_empty() {
            return Ok(());
        }
        let text = "The capacity provider cannot be deleted because it has tasks that are not STOPPED.";
        Err(Rejection::Client(text.to_owned()))
    }

    fn clusters_with<'a>(&'a self, name: &'a ProviderName) -> impl Iterator<Item = &'a Cluster> {
        self.clusters.values().filter(move |cluster| cluster.is_active && cluster.capacity_providers.contains(name))
    }

    /// Once the last host of a provider that is being deleted is gone, so is the provider.
    pub(crate) fn retire_provider(&mut self, name: &ProviderName, step: &mut Step) {
        let provider = self.capacity_providers.get(name);
        let is_leaving = |one: &&CapacityProvider| one.status == ecs::CapacityProviderStatus::Deprovisioning;
        let Some(provider) = provider.filter(is_leaving) else { return };
        if self.hosts_of(name).next().is_some() {
            return;
        }
        let mut provider = provider.clone();
        provider.status = ecs::CapacityProviderStatus::Inactive;
        provider.update_status = ecs::CapacityProviderUpdateStatus::DeleteComplete;
        self.settings.pools.retain(|pool| pool.provider != *name);
        self.put_provider(provider, step);
    }

    /// Takes in a provider that is stored, with its pool. Should there be a configured pool of its name by now, that one
    /// holds.
    pub(crate) fn restore_provider(&mut self, provider: CapacityProvider) {
        let is_live = provider.status != ecs::CapacityProviderStatus::Inactive;
        if is_live && self.settings.pool(&provider.name).is_none() {
            // The machine may have become too small for any of its types: then the pool is there, and can have no host.
            self.settings.pools.extend(self.pool_of(&provider));
        }
        self.capacity_providers.insert(provider.name.clone(), provider);
    }

    /// Stores a provider as it is now.
    pub(crate) fn put_provider(&mut self, provider: CapacityProvider, step: &mut Step) -> Reply {
        let row = Row::CapacityProvider(Box::new(provider.clone()));
        step.writes.insert(Key::CapacityProvider(provider.name.clone()), row);
        self.capacity_providers.insert(provider.name.clone(), provider.clone());
        Reply::CapacityProvider(Box::new(provider))
    }

    /// True if new tasks of this cluster may go to it.
    pub(crate) fn is_open(&self, name: &ProviderName, cluster: &ClusterName) -> bool {
        let is_open = |provider: &CapacityProvider| {
            provider.is_active() && provider.cluster.as_ref().is_none_or(|own| own == cluster)
        };
        self.settings.pool(name).is_some() && self.capacity_providers.get(name).is_none_or(is_open)
    }

    /// The configured pool on whose backend a pool's hosts are.
    pub(crate) fn backend_of<'a>(&'a self, name: &'a ProviderName) -> &'a ProviderName {
        let base = || self.settings.pools.first().map(|pool| &pool.provider);
        self.is_derived(name).then(base).flatten().unwrap_or(name)
    }

    /// True if a pool is one that a client made.
    pub(crate) fn is_derived(&self, name: &ProviderName) -> bool {
        let provider = self.capacity_providers.get(name);
        provider.is_some_and(|one| one.status != ecs::CapacityProviderStatus::Inactive)
    }

    /// The pool of a provider.
    fn derive(&self, provider: &CapacityProvider) -> Result<Pool, Rejection> {
        check_requirements(requirements(&provider.managed_instances)).map_err(Rejection::InvalidParameter)?;
        let Some(pool) = self.pool_of(provider) else {
            return Err(Rejection::Client("There is no backend that could have hosts for it.".to_owned()));
        };
        if pool.catalogue.is_empty() {
            let text = "No instance type here meets instanceRequirements of managedInstancesProvider.";
            return Err(Rejection::InvalidParameter(text.to_owned()));
        }
        Ok(pool)
    }

    fn pool_of(&self, provider: &CapacityProvider) -> Option<Pool> {
        let base = self.settings.pools.first()?;
        let wanted = requirements(&provider.managed_instances);
        let meets = |kind: &&InstanceType| wanted.is_none_or(|wanted| meets(kind, wanted));
        let optimization = provider.managed_instances.infrastructure_optimization.as_ref();
        let scale_in_after = match optimization.and_then(|it| it.scale_in_after) {
            None => base.scale_in_after,
            Some(seconds) => u64::try_from(seconds).map_or(NEVER, Duration::from_secs),
        };
        Some(Pool {
            provider: provider.name.clone(),
            aliases: Vec::new(),
            catalogue: base.catalogue.iter().filter(meets).cloned().collect(),
            scale_in_after,
            ..base.clone()
        })
    }
}

fn requirements(provider: &ecs::ManagedInstancesProvider) -> Option<&ecs::InstanceRequirementsRequest> {
    provider.instance_launch_template.as_ref()?.instance_requirements.as_ref()
}

/// Checks that ranges are ranges.
fn check_requirements(wanted: Option<&ecs::InstanceRequirementsRequest>) -> Result<(), String> {
    let Some(wanted) = wanted else { return Ok(()) };
    let cpu = wanted.v_cpu_count.as_ref().map(|range| (range.min.map(f64::from), range.max.map(f64::from)));
    let memory = wanted.memory_mib.as_ref().map(|range| (range.min.map(f64::from), range.max.map(f64::from)));
    let ratio = wanted.memory_gib_per_v_cpu.as_ref().map(|range| (range.min, range.max));
    for (member, range) in [("vCpuCount", cpu), ("memoryMiB", memory), ("memoryGiBPerVCpu", ratio)] {
        let (min, max) = range.unwrap_or_default();
        if min.is_some_and(|min| min < 0.0) || max.is_some_and(|max| max < min.unwrap_or(0.0)) {
            return Err(format!("instanceRequirements.{member} must be a range from min to max, from 0 on."));
        }
    }
    if wanted.allowed_instance_types.is_some() && wanted.excluded_instance_types.is_some() {
        return Err("instanceRequirements can have allowedInstanceTypes or excludedInstanceTypes, not both.".to_owned());
    }
    Ok(())
}

/// True if a host of this type is what is wanted.
fn meets(kind: &InstanceType, wanted: &ecs::InstanceRequirementsRequest) -> bool {
    let (units, mib) = (kind.capacity.cpu.0, kind.capacity.memory.0);
    // More than an i32 is more than any machine has.
    let within = |amount: u64, scale: u64, min: Option<i32>, max: Option<i32>| {
        let least = min.map(|min| u64::try_from(min).unwrap_or(0) * scale);
        let most = max.map(|max| u64::try_from(max).unwrap_or(0) * scale);
        least.is_none_or(|least| amount >= least) && most.is_none_or(|most| amount <= most)
    };
    let has_cpu = wanted.v_cpu_count.as_ref().is_none_or(|range| within(units, 1024, range.min, range.max));
    let has_memory = wanted.memory_mib.as_ref().is_none_or(|range| within(mib, 1, range.min, range.max));
    let has_ratio = wanted.memory_gib_per_v_cpu.as_ref().is_none_or(|range| {
        // MiB for each 1024th of a vCPU is GiB for each vCPU.
        let ratio =
            f64::from(u32::try_from(mib).unwrap_or(u32::MAX)) / f64::from(u32::try_from(units).unwrap_or(1).max(1));
        range.min.is_none_or(|min| ratio >= min) && range.max.is_none_or(|max| ratio <= max)
    });
    let is_among = |patterns: &Vec<String>| patterns.iter().any(|pattern| matches(pattern, &kind.name));
    let is_allowed = wanted.allowed_instance_types.as_ref().is_none_or(is_among);
    let is_excluded = wanted.excluded_instance_types.as_ref().is_some_and(is_among);
    has_cpu && has_memory && has_ratio && is_allowed && !is_excluded
}

/// True if `name` is what `pattern` says, in which `*` stands for anything.
fn matches(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(rest) = name.strip_prefix(parts.next().unwrap_or_default()) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    let Some(mut rest) = rest.strip_suffix(last) else { return false };
    for part in parts {
        let Some((_, behind)) = rest.split_once(part) else { return false };
        rest = behind;
    }
    true
}

/// Lays a change over what there is.
fn merge(known: &mut ecs::ManagedInstancesProvider, change: ecs::UpdateManagedInstancesProviderConfiguration) {
    fn put<T>(known: &mut Option<T>, change: Option<T>) {
        if change.is_some() {
            *known = change;
        }
    }
    put(&mut known.infrastructure_role_arn, change.infrastructure_role_arn);
    put(&mut known.propagate_tags, change.propagate_tags);
    put(&mut known.infrastructure_optimization, change.infrastructure_optimization);
    put(&mut known.auto_repair_configuration, change.auto_repair_configuration);
    let Some(template) = change.instance_launch_template else { return };
    let known = known.instance_launch_template.get_or_insert_default();
    put(&mut known.ec2_instance_profile_arn, template.ec2_instance_profile_arn);
    put(&mut known.network_configuration, template.network_configuration);
    put(&mut known.monitoring, template.monitoring);
    put(&mut known.instance_requirements, template.instance_requirements);
}

#[cfg(test)]
mod tests;
