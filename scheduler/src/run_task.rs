//! RunTask: from the request to new tasks.

use std::sync::Arc;
use std::time::Duration;

use berth_model::cluster::Cluster;
use berth_model::ecs;
use berth_model::host::InstanceType;
use berth_model::id::{InvalidId, ProviderName, TaskId};
use berth_model::network::NetworkInterface;
use berth_model::task::{
    Constraint, Container, ContainerStatus, Delivery, Demand, DesiredStatus, Group, Health, HealthStatus, Launch,
    Placement, StaticLaunchType, Strategy, Task, TaskRequest, TaskStatus, Times,
};
use berth_model::task_definition::TaskDefinition;
use berth_model::unit::GpuCount;

use crate::cluster;
use crate::container::has_health_check;
use crate::demand::{Sizes, demand};
use crate::event::{ClientToken, LaunchTarget, LaunchType, Moment, RunTask};
use crate::fargate;
use crate::log_configuration;
use crate::placement::wish::{self, Wishes};
use crate::placement::{Ask, Fleet, Room, Rule, Search};
use crate::pool::Pool;
use crate::secret;
use crate::state::State;
use crate::step::{Key, PlacementFailure, Rejection, Reply, Row, Step, TokenHit, TokenKey};
use crate::tag;
use crate::task::moved;
use crate::volume;

/// How long a client token stands for its first request, as at ECS.
const TOKEN_LIFE: Duration = Duration::from_hours(24);

/// Most tasks of one request, as at ECS.
const COUNT_MAX: u32 = 10;

/// The tag by which ECS says which cluster a task is in, for those who ask for it.
const CLUSTER_NAME_TAG: &str = "aws:ecs:clusterName";

/// What is answered to a task for the hosts of a cluster that has none, as ECS words it.
const NO_HOSTS: &str = "No Container Instances were found in your cluster.";

/// What is answered if a task definition cannot run on Fargate, as ECS words it.
const NOT_FOR_FARGATE: &str = "Task definition does not support launch_type FARGATE.";

/// The operation in the token's key.
pub(crate) const RUN_TASK: &str = "RunTask";

impl State {
    /// RunTask: nothing happens, or everything that the answer says.
    pub(crate) fn run_task(&mut self, moment: Moment, request: RunTask, step: &mut Step) -> Reply {
        if let Some(token) = &request.token
            && let Some(reply) = repeated(token, moment, step)
        {
            return reply;
        }
        let blanks = match self.blanks(moment, &request) {
            Ok(blanks) => blanks,
            Err(rejection) => return Reply::Rejected(rejection),
        };
        let mut new_ids = Ids { moment, next: 0 };
        let (mut ids, mut failures) = (Vec::new(), Vec::new());
        for (blank, count) in &blanks {
            match blank.launch {
                Launch::Provider { .. } => ids.extend((0..*count).map(|_| self.add(&mut new_ids, blank, step))),
                Launch::Static(_) => self.add_placed(&mut new_ids, blank, *count, (&mut ids, &mut failures), step),
            }
        }
        if let Some(token) = request.token {
            let key = TokenKey { operation: RUN_TASK, token: token.token };
            let hit = TokenHit {
                fingerprint: token.fingerprint,
                tasks: ids.clone(),
                failures: failures.clone(),
                cluster: request.cluster,
                created_at: moment.now,
            };
            step.writes.insert(Key::Token(key), Row::Token(hit));
        }
        let tasks = ids.iter().filter_map(|id| Some(Task::clone(self.tasks.get(*id)?))).collect();
        Reply::Tasks { tasks, failures }
    }

    /// Checks the request and makes the tasks that its tasks are copies of: one for each provider that gets any.
    fn blanks(&self, moment: Moment, request: &RunTask) -> Result<Vec<(Task, u32)>, Rejection> {
        let cluster = self.active_cluster(&request.cluster)?;
        if !(1..=COUNT_MAX).contains(&request.count) {
            return Err(Rejection::InvalidParameter(format!("count must be between 1 and {COUNT_MAX}.")));
        }
        let (strategy, is_named) = match &request.target {
            LaunchTarget::Strategy(strategy) => {
                cluster::check_items(cluster, strategy).map_err(Rejection::InvalidParameter)?;
                (strategy.as_slice(), true)
            }
            LaunchTarget::ClusterDefault => (cluster.default_strategy.as_slice(), false),
            LaunchTarget::Provider(_) | LaunchTarget::LaunchType(_) => (&[][..], true),
        };
        if strategy.is_empty() {
            let (launch, is_fargate) = self.launch(&request.target, cluster)?;
            let blank = self.blank(moment, request, cluster, launch, is_fargate)?;
            if matches!(blank.launch, Launch::Static(_)) && self.fleet_of(&blank).is_empty() {
                return Err(Rejection::InvalidParameter(NO_HOSTS.to_owned()));
            }
            return Ok(vec![(blank, request.count)]);
        }
        let mut blanks = Vec::new();
        for (item, share) in strategy.iter().zip(shares(strategy, request.count, moment.entropy)) {
            let (launch, is_fargate) = self.launch(&LaunchTarget::Provider(named(item)?), cluster)?;
            if share > 0 {
                // What the cluster sends to FARGATE did not ask for Fargate's sizes.
                blanks.push((self.blank(moment, request, cluster, launch, is_fargate && is_named)?, share));
            }
        }
        Ok(blanks)
    }

    /// Checks the request for the hosts that it is for, and makes the task that its tasks there are copies of.
    pub(crate) fn blank(
        &self,
        moment: Moment,
        request: &RunTask,
        cluster: &Cluster,
        launch: Launch,
        is_fargate: bool,
    ) -> Result<Task, Rejection> {
        let definition = self.definitions.find(&request.definition)?;
        let overrides = &request.request.overrides;
        let mut demand = demand(&definition.document, overrides).map_err(Rejection::InvalidParameter)?;
        volume::check_ephemeral_storage(overrides.ephemeral_storage.as_ref()).map_err(Rejection::InvalidParameter)?;
        secret::check_overrides(&definition.document, overrides).map_err(Rejection::InvalidParameter)?;
        let completed = complete(request, definition);
        // Those that the task definition adds count as well.
        tag::check_count(&completed.tags).map_err(Rejection::InvalidParameter)?;
        let group = Group { cluster: cluster.name.clone(), name: completed.group.clone() };
        demand.placement =
            placement(&definition.document, &request.wishes, group, is_fargate).map_err(Rejection::InvalidParameter)?;
        if matches!(launch, Launch::Static(_)) {
            demand.placement = required(demand.placement, log_configuration::constraints(&definition.document));
        }
        let is_pool = matches!(launch, Launch::Provider { .. });
        if is_fargate || (is_pool && fargate::is_required_by(&definition.document)) {
            let sizes = Sizes::of(&definition.document, overrides).map_err(Rejection::InvalidParameter)?;
            fargate::check(&sizes, self.settings.fargate_any_size).map_err(Rejection::InvalidParameter)?;
            fargate::check_timeouts(&definition.document).map_err(Rejection::InvalidParameter)?;
            fargate::check_offered(&definition.document).map_err(Rejection::InvalidParameter)?;
            if demand.resources.gpus > GpuCount::ZERO {
                let text = "'resourceRequirements' are not supported on Fargate.".to_owned();
                return Err(Rejection::InvalidParameter(text));
            }
        }
        if matches!(&launch, Launch::Provider { provider, .. } if fargate::is_fargate(provider.as_str())) {
            fargate::check_isolation(&definition.document).map_err(Rejection::InvalidParameter)?;
        }
        // Overrides do not make it another one.
        if is_fargate && !fargate::is_good_for(&definition.document) {
            return Err(Rejection::InvalidParameter(NOT_FOR_FARGATE.to_owned()));
        }
        match &launch {
            Launch::Provider { provider, .. } => check_possible(self.settings.pool(provider), provider, &demand)?,
            Launch::Static(_) if self.is_closing => return Err(Rejection::Client("Berth is closing.".to_owned())),
            Launch::Static(_) => {}
        }
        Ok(Task {
            id: TaskId(0),
            cluster: cluster.name.clone(),
            definition: definition.id.clone(),
            launch,
            demand,
            request: completed,
            last_status: TaskStatus::Provisioning,
            desired_status: DesiredStatus::Running,
            stop: None,
            host: None,
            containers: containers(definition),
            interface: interface(definition),
            delivery: Delivery::default(),
            version: 1,
            times: Times { created_at: moment.now, ..Times::default() },
        })
    }

    /// Which hosts a target stands for, and whether Fargate's sizes hold for it whatever the task definition says.
    fn launch(&self, target: &LaunchTarget, cluster: &Cluster) -> Result<(Launch, bool), Rejection> {
        let fargate = || fargate::FARGATE.parse::<ProviderName>().expect("FARGATE has letters only");
        Ok(match target {
            LaunchTarget::Provider(provider) => {
                if !self.is_open(provider, &cluster.name) {
                    let text = format!("The specified capacity provider {provider} was not found.");
                    return Err(Rejection::InvalidParameter(text));
                }
                cluster::check_associated(cluster, provider.as_str()).map_err(Rejection::InvalidParameter)?;
                let is_fargate = fargate::is_fargate(provider.as_str());
                (Launch::Provider { provider: provider.clone(), by_launch_type: false }, is_fargate)
            }
            LaunchTarget::LaunchType(LaunchType::Fargate) => {
                (Launch::Provider { provider: fargate(), by_launch_type: true }, true)
            }
            // Without a strategy, given or the cluster's own, the hosts that are there.
            LaunchTarget::ClusterDefault | LaunchTarget::Strategy(_) | LaunchTarget::LaunchType(LaunchType::Ec2) => {
                (Launch::Static(StaticLaunchType::Ec2), false)
            }
            LaunchTarget::LaunchType(LaunchType::External) => (Launch::Static(StaticLaunchType::External), false),
        })
    }

    /// The registered hosts that a task could be placed on.
    fn fleet_of(&self, task: &Task) -> &Fleet {
        self.hosts.fleet(&self.domain(&task.launch, &task.cluster))
    }

    /// Static hosts take a task now or not at all.
    fn add_placed(
        &mut self,
        ids: &mut Ids,
        blank: &Task,
        count: u32,
        (placed, failures): (&mut Vec<TaskId>, &mut Vec<PlacementFailure>),
        step: &mut Step,
    ) {
        let moment = ids.moment;
        let domain = self.domain(&blank.launch, &blank.cluster);
        let mut search = Search::new(Ask::new(&blank.demand), self.field(&domain), moment.now, moment.entropy);
        for done in 0..count {
            let Some(host) = search.best(self.field(&domain), moment.now) else {
                let tally = search.into_tally(self.field(&domain), moment.now);
                let missing = (count - done) as usize;
                failures.extend(std::iter::repeat_n(tally.failure(&blank.demand), missing));
                return;
            };
            let id = self.add(ids, blank, step);
            self.assign(id, host, moment.now, step);
            placed.push(id);
        }
    }

    pub(crate) fn add(&mut self, ids: &mut Ids, blank: &Task, step: &mut Step) -> TaskId {
        let mut task = blank.clone();
        task.id = TaskId(ids.next(|id| self.tasks.get(TaskId(id)).is_none()));
        for container in &mut task.containers {
            container.id = ids.next(|_| true);
        }
        if let Some(interface) = &mut task.interface {
            interface.id = ids.next(|_| true);
        }
        step.facts.push(moved(&task, None));
        let id = task.id;
        if task.host.is_none() {
            self.wait(&task);
        }
        self.tasks.insert(task, true);
        id
    }
}

/// The provider that an item of a strategy names.
fn named(item: &ecs::CapacityProviderStrategyItem) -> Result<ProviderName, Rejection> {
    let name = item.capacity_provider.as_deref().unwrap_or_default();
    name.parse().map_err(|error: InvalidId| Rejection::InvalidParameter(format!("capacityProviderStrategy: {error}.")))
}

/// How many of `count` tasks each item of a strategy gets: its base first, then its part of the rest by weight. Where
/// parts are no whole numbers the entropy decides, so that many small requests come out as one large one would.
fn shares(strategy: &[ecs::CapacityProviderStrategyItem], count: u32, entropy: u128) -> Vec<u32> {
    let number = |number: Option<i32>| u32::try_from(number.unwrap_or(0)).unwrap_or(0);
    // Only one of them has a base.
    let mut shares: Vec<u32> = strategy.iter().map(|item| number(item.base).min(count)).collect();
    let rest = count.saturating_sub(shares.iter().sum());
    let weights: u64 = strategy.iter().map(|item| u64::from(number(item.weight))).sum();
    if weights == 0 {
        // A strategy of one item needs no weight.
        shares.iter_mut().take(1).for_each(|share| *share += rest);
        return shares;
    }
    let offset = u64::try_from(entropy % u128::from(weights)).unwrap_or(0);
    let up_to = |weight: u64| u32::try_from((u64::from(rest) * weight + offset) / weights).unwrap_or(u32::MAX);
    let mut before = 0;
    for (share, item) in shares.iter_mut().zip(strategy) {
        let after = before + u64::from(number(item.weight));
        *share += up_to(after) - up_to(before);
        before = after;
    }
    shares
}

/// Fresh ids of one event.
#[derive(Debug)]
pub(crate) struct Ids {
    pub(crate) moment: Moment,
    pub(crate) next: u32,
}

impl Ids {
    /// The next id that is free. Two taken ones in a row would need the same 128 random bits twice.
    pub(crate) fn next(&mut self, is_free: impl Fn(u128) -> bool) -> u128 {
        loop {
            let id = self.moment.id(self.next);
            self.next += 1;
            if is_free(id) {
                return id;
            }
        }
    }
}

/// The answer to a request whose token is known: from the store, or from this very step.
fn repeated(token: &ClientToken, moment: Moment, step: &Step) -> Option<Reply> {
    let key = Key::Token(TokenKey { operation: RUN_TASK, token: token.token.clone() });
    let uncommitted = step.writes.get(&key).and_then(|row| if let Row::Token(hit) = row { Some(hit) } else { None });
    let hit = uncommitted.or(token.hit.as_ref())?;
    if moment.now.since(hit.created_at) >= TOKEN_LIFE {
        return None;
    }
    let TokenHit { cluster, tasks, failures, .. } = hit.clone();
    if hit.fingerprint == token.fingerprint {
        return Some(Reply::Repeated { cluster, tasks, failures });
    }
    Some(Reply::Rejected(Rejection::TokenConflict { cluster, tasks }))
}

/// Refuses what no host of the pool could ever run, instead of letting it wait for ever.
fn check_possible(pool: Option<&Pool>, provider: &ProviderName, demand: &Demand) -> Result<(), Rejection> {
    let refuse = |text: String| Err(Rejection::InvalidParameter(text));
    let Some(pool) = pool else {
        return refuse(format!("The capacity provider {provider} has no hosts here."));
    };
    let is_allowed =
        |kind: &&InstanceType| pool.hosts_max > 0 && pool.quota.is_none_or(|quota| kind.capacity.fits_in(quota));
    let allowed = || pool.catalogue.iter().filter(is_allowed);
    let refusal = |kind: &InstanceType| Room::of_type(kind, pool.shares_machine).refusal(demand);
    if allowed().any(|kind| refusal(kind).is_none()) {
        return Ok(());
    }
    // Of the types of the right processor the largest is the most telling.
    let is_alike = |kind: &InstanceType| demand.architecture.is_none_or(|wanted| wanted == kind.architecture);
    let Some(largest) = allowed().max_by_key(|kind| (is_alike(kind), kind.capacity, &kind.name)) else {
        return refuse(format!("The capacity provider {provider} may have no host of any type."));
    };
    let needs = match refusal(largest) {
        Some(Rule::Ports) => "a host port that is reserved on every host".to_owned(),
        Some(Rule::Architecture) => {
            let wanted = demand.architecture.map_or("", berth_model::task::Architecture::as_str);
            format!("a host with processor architecture {wanted}")
        }
        Some(Rule::Cpu | Rule::Memory | Rule::Gpu | Rule::Capabilities | Rule::HostNetwork) | None => {
            demand.resources.to_string()
        }
    };
    refuse(format!(
        "No host of capacity provider {provider} can run this task: it needs {needs}; the largest host type is {} with {} ({}).",
        largest.name,
        largest.capacity,
        largest.architecture.as_str()
    ))
}

/// What the task definition and the request ask of hosts, for a task of this group.
fn placement(
    document: &ecs::TaskDefinition,
    wishes: &Wishes,
    group: Group,
    is_fargate: bool,
) -> Result<Option<Arc<Placement>>, String> {
    let of_definition = document.placement_constraints.as_deref().unwrap_or_default();
    if of_definition.is_empty() && wishes.is_empty() {
        return Ok(None);
    }
    let constraints = wish::constraints(of_definition, &wishes.constraints)?;
    let strategies = wish::strategies(&wishes.strategies)?;
    if is_fargate {
        let what = if constraints.is_empty() { "strategies" } else { "constraints" };
        return Err(format!("Placement {what} are not supported with FARGATE launch type."));
    }
    let counts = strategies.iter().any(|one| matches!(one, Strategy::SpreadHosts | Strategy::SpreadAttribute(_)));
    let has_group = counts || constraints.contains(&Constraint::DistinctInstance);
    Ok(Some(Arc::new(Placement { constraints, strategies, group: has_group.then_some(group) })))
}

/// What clients wish of the hosts, with what the task definition cannot do without.
fn required(wished: Option<Arc<Placement>>, constraints: Vec<Constraint>) -> Option<Arc<Placement>> {
    if constraints.is_empty() {
        return wished;
    }
    let mut placement = wished.map(Arc::unwrap_or_clone).unwrap_or_default();
    placement.constraints.extend(constraints);
    Some(Arc::new(placement))
}

/// The request with what ECS adds to it.
fn complete(asked: &RunTask, definition: &TaskDefinition) -> TaskRequest {
    let mut request = asked.request.clone();
    if request.group.is_empty() {
        request.group = format!("family:{}", definition.id.family);
    }
    if asked.propagate_tags {
        // The request's own tags win.
        for tag in &definition.tags {
            if !request.tags.iter().any(|own| own.key == tag.key) {
                request.tags.push(tag.clone());
            }
        }
    }
    if asked.has_managed_tags {
        let (key, value) = (CLUSTER_NAME_TAG.to_owned(), asked.cluster.to_string());
        request.tags.push(ecs::Tag { key: Some(key), value: Some(value) });
    }
    request
}

fn containers(definition: &TaskDefinition) -> Vec<Container> {
    let defined = definition.document.container_definitions.as_deref().unwrap_or_default();
    let container = |container: &berth_model::ecs::ContainerDefinition| Container {
        id: 0,
        name: container.name.clone().unwrap_or_default(),
        image: container.image.clone().unwrap_or_default(),
        last_status: ContainerStatus::Pending,
        exit_code: None,
        reason: None,
        runtime_id: None,
        image_digest: None,
        network_bindings: Vec::new(),
        gpu_ids: Vec::new(),
        health: health(container),
    };
    defined.iter().map(container).collect()
}

fn health(container: &ecs::ContainerDefinition) -> Option<Health> {
    let is_essential = container.essential != Some(false);
    has_health_check(container).then_some(Health { status: HealthStatus::Unknown, is_essential })
}

/// The network interface of a task in `awsvpc` mode, still without an id.
fn interface(definition: &TaskDefinition) -> Option<NetworkInterface> {
    let is_own = definition.document.network_mode == Some(ecs::NetworkMode::Awsvpc);
    is_own.then_some(NetworkInterface { id: 0, address: None })
}

#[cfg(test)]
mod tests;
