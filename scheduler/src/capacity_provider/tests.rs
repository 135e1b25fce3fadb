use std::collections::BTreeSet;

use berth_model::host::HostStatus;
use berth_model::task::{Architecture, Launch};
use berth_model::unit::{MicroDollarsPerHour, Resources};

use super::*;
use crate::event::{ClusterOptions, Event, LaunchTarget};
use crate::fixture::{LARGE, SMALL, World, container, name, request, run_task, settings};
use crate::placement::Domain;
use crate::pool::{Elsewhere, HostPlan, PlannedHost, Taken};
use crate::step::Effect;

fn wanting(instance_requirements: ecs::InstanceRequirementsRequest) -> ecs::ManagedInstancesProvider {
    let instance_requirements = Some(instance_requirements);
    let template = ecs::InstanceLaunchTemplate { instance_requirements, ..Default::default() };
    ecs::ManagedInstancesProvider { instance_launch_template: Some(template), ..Default::default() }
}

fn cpus(min: i32, max: Option<i32>) -> ecs::ManagedInstancesProvider {
    let v_cpu_count = Some(ecs::VCpuCountRangeRequest { min: Some(min), max });
    wanting(ecs::InstanceRequirementsRequest { v_cpu_count, ..Default::default() })
}

fn create(provider: &str, cluster: Option<&str>, managed_instances: ecs::ManagedInstancesProvider) -> Event {
    Event::CreateCapacityProvider(Box::new(CreateCapacityProvider {
        name: name(provider),
        cluster: cluster.map(name),
        managed_instances,
        tags: Vec::new(),
    }))
}

fn delete(provider: &str) -> Event {
    Event::DeleteCapacityProvider { name: name(provider), cluster: None }
}

/// Lists these providers in the cluster `default`.
fn list(providers: &[&str], world: &mut World) {
    let options = ClusterOptions {
        capacity_providers: Some(providers.iter().map(|provider| name(provider)).collect()),
        default_strategy: Some(Vec::new()),
        ..ClusterOptions::default()
    };
    let reply = world.apply(Event::UpdateCluster { name: name("default"), options: Box::new(options) });
    assert!(matches!(reply, Reply::Cluster(_)), "{reply:?}");
}

fn status(world: &World, provider: &str) -> ecs::CapacityProviderStatus {
    world.state.capacity_providers[&name::<ProviderName>(provider)].status.clone()
}

/// Launches a host in a provider's pool; `None` if a limit forbids it.
fn launch(world: &mut World, provider: &str, kind: &str) -> Option<HostId> {
    let planned = PlannedHost { provider: name(provider), instance_type: kind.to_owned() };
    world.plan(HostPlan { launch: vec![planned], ..HostPlan::default() });
    world.step.effects.iter().find_map(|effect| match effect {
        Effect::Launch { host, provider, .. } => {
            assert_eq!(provider.as_str(), "FARGATE", "machines come from the configured backend");
            Some(*host)
        }
        _ => None,
    })
}

#[test]
fn a_provider_is_a_pool_of_its_own() {
    let mut world = World::new(settings());
    world.apply(create("big", None, cpus(2, None)));
    list(&["FARGATE", "big"], &mut world);
    let definition = world.define(request(vec![container("main")]));
    let target = LaunchTarget::Provider(name("big"));
    let (tasks, _) = world.run_on(&definition, 1, target);
    let task = world.task(tasks[0]).clone();
    assert_eq!(task.launch, Launch::Provider { provider: name("big"), by_launch_type: false });
    // A host of another pool is none of its.
    world.pool_host(SMALL);
    world.place();
    assert_eq!(world.task(task.id).host, None);
    let sizes: Vec<_> = world.state.pools().map(|(pool, _)| pool.catalogue.len()).collect();
    assert_eq!(sizes, [2, 1], "only the large type has 2 vCPU");
    let host = launch(&mut world, "big", LARGE).expect("a host");
    assert!(launch(&mut world, "big", SMALL).is_none(), "that type is not in its catalogue");
    world.register_launched(host);
    world.connect(host);
    world.place();
    assert_eq!(world.task(task.id).host, Some(host));
    assert_eq!(world.state.hosts.fleet(&Domain::Pool(name("big"))).len(), 1);
    world.restart();
    assert_eq!(world.state.pools().count(), 2);
    assert_eq!(world.rows().capacity_providers, world.state.rows().capacity_providers);
}

#[test]
fn the_pools_of_one_backend_share_its_limits() {
    let mut limited = settings();
    limited.pools[0].quota = Some(Resources::new(5120, 10240));
    let mut world = World::new(limited);
    world.apply(create("mine", None, cpus(0, None)));
    launch(&mut world, "FARGATE", SMALL).expect("a host");
    let (_, view) = world.state.pool(1).expect("a pool");
    let taken = Taken { hosts: 1, resources: Resources::new(1024, 2048) };
    assert_eq!(view.elsewhere, Elsewhere { taken, ..Elsewhere::default() });
    let host = launch(&mut world, "mine", LARGE).expect("a host");
    for provider in ["FARGATE", "mine"] {
        assert!(launch(&mut world, provider, SMALL).is_none(), "the machine is given away");
    }
    // A listing of the backend is about the hosts of all its pools.
    let fargate = world.state.hosts.iter().find(|entry| entry.row.id != host).map(|entry| entry.row.id);
    let hosts = [host].into_iter().chain(fargate).collect();
    let listed = Event::MachinesListed { provider: name("FARGATE"), hosts, as_of: world.now };
    world.apply(listed);
    assert!(world.step.effects.is_empty(), "{:?}", world.effects());
    let listed = Event::MachinesListed { provider: name("mine"), hosts: BTreeSet::new(), as_of: world.now };
    world.apply(listed);
    assert!(world.state.host(host).is_some(), "that is nobody's backend");
    world.apply(Event::MachineGone { host });
    assert!(launch(&mut world, "FARGATE", LARGE).is_some());
}

#[test]
fn a_plan_sees_which_hosts_of_other_pools_could_make_room() {
    let mut world = World::new(settings());
    world.apply(create("mine", None, cpus(0, None)));
    let idle = world.pool_host(SMALL);
    let leaving = launch(&mut world, "FARGATE", SMALL).expect("a host");
    world.plan(HostPlan { terminate: vec![leaving], ..HostPlan::default() });
    let small = Resources::new(1024, 2048);
    let (_, view) = world.state.pool(1).expect("a pool");
    let expected = Elsewhere {
        taken: Taken { hosts: 2, resources: Resources::new(2048, 4096) },
        leaving: Taken { hosts: 1, resources: small },
        idle: vec![(idle, small)],
    };
    assert_eq!(view.elsewhere, expected);
    let definition = world.define(request(vec![container("main")]));
    world.run(&definition, 1);
    let (_, view) = world.state.pool(1).expect("a pool");
    assert!(view.elsewhere.idle.is_empty(), "something waits there itself");
}

#[test]
fn a_provider_goes_when_nothing_needs_it() {
    let mut world = World::new(settings());
    world.apply(create("mine", None, cpus(0, None)));
    list(&["mine"], &mut world);
    let refusal = world.refused(delete("mine"));
    assert!(
        matches!(&refusal, Rejection::Client(text) if text.contains("associated with cluster: default")),
        "{refusal:?}"
    );
    let definition = world.define(request(vec![container("main")]));
    let (tasks, _) = world.run_on(&definition, 1, LaunchTarget::Provider(name("mine")));
    world.stop(tasks[0]);
    list(&["FARGATE"], &mut world);
    let host = launch(&mut world, "mine", SMALL).expect("a host");
    let Reply::CapacityProvider(deleted) = world.apply(delete("mine")) else { panic!("refused") };
    assert_eq!(deleted.status, ecs::CapacityProviderStatus::Deprovisioning);
    assert_eq!(world.host(host).status, HostStatus::Terminating);
    assert!(matches!(world.refused(delete("mine")), Rejection::Client(_)));
    assert!(matches!(world.refused(create("mine", None, cpus(0, None))), Rejection::Client(_)));
    world.restart();
    world.apply(Event::MachineGone { host });
    assert_eq!(status(&world, "mine"), ecs::CapacityProviderStatus::Inactive);
    assert_eq!(world.state.pools().count(), 1);
    world.restart();
    assert_eq!(world.state.pools().count(), 1);
    // One without hosts goes at once, and its name is free again.
    world.apply(create("mine", None, cpus(0, None)));
    world.apply(delete("mine"));
    assert_eq!(status(&world, "mine"), ecs::CapacityProviderStatus::Inactive);
}

#[test]
fn a_clusters_own_provider_is_for_it_alone() {
    let mut world = World::new(settings());
    let made = Event::CreateCluster { name: name("other"), tags: vec![], options: Box::default(), by: String::new() };
    world.apply(made);
    world.apply(create("own", Some("other"), cpus(0, None)));
    let other = |world: &World| world.state.clusters[&name::<ClusterName>("other")].clone();
    assert!(other(&world).capacity_providers.contains(&name("own")));
    let options = ClusterOptions {
        capacity_providers: Some(vec![name("own")]),
        default_strategy: Some(vec![]),
        ..Default::default()
    };
    let taken = Event::UpdateCluster { name: name("default"), options: Box::new(options) };
    assert!(matches!(world.refused(taken), Rejection::InvalidParameter(_)));
    let definition = world.define(request(vec![container("main")]));
    let strange = run_task(&definition, 1, LaunchTarget::Provider(name("own")));
    assert!(matches!(world.refused(strange), Rejection::InvalidParameter(_)));
    let emptied = Event::DeleteCluster { name: name("other") };
    assert_eq!(world.refused(emptied.clone()), Rejection::ClusterContainsCapacityProvider);
    let elsewhere = Event::DeleteCapacityProvider { name: name("own"), cluster: Some(name("default")) };
    assert!(matches!(world.refused(elsewhere), Rejection::Client(_)));
    world.apply(Event::DeleteCapacityProvider { name: name("own"), cluster: Some(name("other")) });
    assert!(!other(&world).capacity_providers.contains(&name("own")));
    assert!(matches!(world.apply(emptied), Reply::Cluster(_)));
}

#[test]
fn what_makes_no_sense_is_refused() {
    let mut world = World::new(settings());
    world.apply(create("mine", None, cpus(0, None)));
    let both = ecs::InstanceRequirementsRequest {
        allowed_instance_types: Some(vec!["*".to_owned()]),
        excluded_instance_types: Some(vec!["x".to_owned()]),
        ..Default::default()
    };
    for event in [
        create("mine", None, cpus(0, None)),
        create("FARGATE", None, cpus(0, None)),
        create("Fargate-x", None, cpus(0, None)),
        create("awsome", None, cpus(0, None)),
        create("ok", Some("nope"), cpus(0, None)),
        create("ok", None, cpus(64, None)),
        create("ok", None, cpus(4, Some(2))),
        create("ok", None, wanting(both)),
        delete("FARGATE"),
        delete("nope"),
        Event::UpdateCapacityProvider { name: name("FARGATE"), cluster: None, change: Box::default() },
    ] {
        world.refused(event);
    }
}

#[test]
fn an_update_holds_for_the_hosts_to_come() {
    let mut world = World::new(settings());
    world.apply(create("mine", None, cpus(0, None)));
    let template = ecs::InstanceLaunchTemplateUpdate {
        instance_requirements: cpus(4, None)
            .instance_launch_template
            .and_then(|template| template.instance_requirements),
        ..Default::default()
    };
    let change = ecs::UpdateManagedInstancesProviderConfiguration {
        instance_launch_template: Some(template),
        infrastructure_optimization: Some(ecs::InfrastructureOptimization { scale_in_after: Some(-1) }),
        ..Default::default()
    };
    let event = Event::UpdateCapacityProvider { name: name("mine"), cluster: None, change: Box::new(change) };
    let Reply::CapacityProvider(provider) = world.apply(event) else { panic!("refused") };
    assert_eq!(provider.update_status, ecs::CapacityProviderUpdateStatus::UpdateComplete);
    let (pool, _) = world.state.pool(1).expect("a pool");
    assert_eq!((pool.catalogue.len(), pool.scale_in_after), (1, NEVER));
}

#[test]
fn types_meet_requirements() {
    let kind = InstanceType {
        name: "local.2x8".to_owned(),
        capacity: Resources::new(2048, 8192),
        architecture: Architecture::X86_64,
        price: MicroDollarsPerHour(1),
    };
    let memory = |min, max| ecs::InstanceRequirementsRequest {
        memory_mib: Some(ecs::MemoryMiBRequest { min, max }),
        ..Default::default()
    };
    let ratio = |min, max| ecs::InstanceRequirementsRequest {
        memory_gib_per_v_cpu: Some(ecs::MemoryGiBPerVCpuRequest { min, max }),
        ..Default::default()
    };
    let named = |allowed: Option<&str>, excluded: Option<&str>| ecs::InstanceRequirementsRequest {
        allowed_instance_types: allowed.map(|pattern| vec!["x".to_owned(), pattern.to_owned()]),
        excluded_instance_types: excluded.map(|pattern| vec![pattern.to_owned()]),
        ..Default::default()
    };
    for (wanted, is_met) in [
        (memory(Some(8192), Some(8192)), true),
        (memory(Some(8193), None), false),
        (memory(None, Some(8191)), false),
        (ratio(Some(4.0), Some(4.0)), true),
        (ratio(Some(4.5), None), false),
        (named(Some("local.*"), None), true),
        (named(Some("local.2x8"), None), true),
        (named(Some("*.2x*"), None), true),
        (named(Some("*"), None), true),
        (named(Some("local"), None), false),
        (named(Some("*.4x*"), None), false),
        (named(Some("local.2x8*8"), None), false),
        (named(None, Some("*2x8")), false),
        (named(None, Some("m5.*")), true),
        (ecs::InstanceRequirementsRequest::default(), true),
    ] {
        assert_eq!(meets(&kind, &wanted), is_met, "{wanted:?}");
    }
}

#[test]
fn there_are_so_many_and_no_more() {
    let mut world = World::new(settings());
    for n in 0..PROVIDERS_MAX {
        world.apply(create(&format!("own-{n}"), None, cpus(1, None)));
    }
    assert!(matches!(world.refused(create("one-more", None, cpus(1, None))), Rejection::LimitExceeded(_)));
    world.apply(delete("own-7"));
    world.apply(create("one-more", None, cpus(1, None)));
    assert_eq!(status(&world, "one-more"), ecs::CapacityProviderStatus::Active);
}
