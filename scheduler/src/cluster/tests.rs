use berth_model::task::Launch;

use super::*;
use crate::event::{Event, LaunchTarget};
use crate::fixture::{World, container, name, registration, request, run_task, settings};

fn create(name: &str) -> Event {
    Event::CreateCluster {
        name: crate::fixture::name(name),
        tags: Vec::new(),
        options: Box::default(),
        by: String::new(),
    }
}

fn delete(name: &str) -> Event {
    Event::DeleteCluster { name: crate::fixture::name(name) }
}

#[test]
fn a_cluster_is_made_once_and_can_come_back() {
    let mut world = World::new(settings());
    let Reply::Cluster(made) = world.apply(create("demo")) else { panic!("refused") };
    world.after(std::time::Duration::from_secs(1));
    assert!(matches!(world.apply(create("demo")), Reply::Cluster(again) if again == made));
    assert!(world.step.writes.is_empty());
    assert!(matches!(world.apply(delete("demo")), Reply::Cluster(cluster) if !cluster.is_active));
    assert_eq!(world.refused(delete("demo")), Rejection::ClusterNotFound(name("demo")));
    assert!(matches!(world.apply(create("demo")), Reply::Cluster(again) if again.created_at > made.created_at));
    assert!(matches!(world.refused(create(FARGATE_CLUSTER)), Rejection::InvalidParameter(_)));
    assert!(matches!(world.refused(delete(FARGATE_CLUSTER)), Rejection::ClusterNotFound(_)));
}

#[test]
fn the_order_of_tags_says_nothing() {
    let mut world = World::new(settings());
    let create = |keys: &[&str]| {
        let tag = |key: &&str| ecs::Tag { key: Some((*key).to_owned()), value: Some("v".to_owned()) };
        let tags = keys.iter().map(tag).collect();
        Event::CreateCluster { name: name("demo"), tags, options: Box::default(), by: String::new() }
    };
    let Reply::Cluster(made) = world.apply(create(&["b", "a"])) else { panic!("refused") };
    for same in [&["b", "a"][..], &["a", "b"], &[]] {
        assert!(matches!(world.apply(create(same)), Reply::Cluster(again) if again == made), "{same:?}");
    }
    for other in [&["a"][..], &["a", "c"], &["a", "b", "c"]] {
        assert_eq!(world.refused(create(other)), Rejection::InvalidParameter(INCONSISTENT.to_owned()), "{other:?}");
    }
}

#[test]
fn only_an_empty_cluster_goes() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let task = world.run(&definition, 1)[0];
    assert_eq!(world.refused(delete("default")), Rejection::ClusterContainsTasks);
    world.stop(task);
    let host = world.register(registration("default", berth_model::unit::Resources::new(1, 1)));
    assert_eq!(world.refused(delete("default")), Rejection::ClusterContainsContainerInstances);
    world.after(world.settings().host_lost_after);
    world.tick();
    assert_eq!(world.host(host).status, berth_model::host::HostStatus::Active);
    assert!(matches!(world.apply(delete("default")), Reply::Cluster(_)));
    assert_eq!(world.state.host(host), None);
    assert_eq!(world.host(host).status, berth_model::host::HostStatus::Gone);
}

fn update(options: ClusterOptions) -> Event {
    Event::UpdateCluster { name: name("default"), options: Box::new(options) }
}

fn item(provider: &str, weight: Option<i32>, base: Option<i32>) -> ecs::CapacityProviderStrategyItem {
    ecs::CapacityProviderStrategyItem { capacity_provider: Some(provider.to_owned()), weight, base }
}

fn put(providers: &[&str], strategy: Vec<ecs::CapacityProviderStrategyItem>) -> Event {
    update(ClusterOptions {
        capacity_providers: Some(providers.iter().map(|provider| name(provider)).collect()),
        default_strategy: Some(strategy),
        ..ClusterOptions::default()
    })
}

fn insights(value: &str) -> Vec<ecs::ClusterSetting> {
    let name = Some(ecs::ClusterSettingName::ContainerInsights);
    vec![ecs::ClusterSetting { name, value: Some(value.to_owned()) }]
}

#[test]
fn the_default_strategy_says_where_tasks_go() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let task = world.run(&definition, 1)[0];
    let launch = |provider: &str| Launch::Provider { provider: name(provider), by_launch_type: false };
    assert_eq!(world.task(task).launch, launch("FARGATE"));
    world.stop(task);
    world.apply(put(
        &["FARGATE", "FARGATE_SPOT"],
        vec![item("FARGATE", None, None), item("FARGATE_SPOT", Some(2), None)],
    ));
    let task = world.run(&definition, 1)[0];
    assert_eq!(world.task(task).launch, launch("FARGATE_SPOT"));
    let refusal = world.refused(put(&["FARGATE"], vec![item("FARGATE", None, None)]));
    assert!(matches!(refusal, Rejection::InUse(_)), "{refusal:?}");
    world.stop(task);
    let Reply::Cluster(cluster) = world.apply(put(&["FARGATE"], vec![item("FARGATE", None, None)])) else {
        panic!("refused")
    };
    assert_eq!(cluster.default_strategy, [item("FARGATE", Some(0), Some(0))]);
    assert_eq!(world.state.rows().clusters, [*cluster], "the row is the cluster");
    // A cluster without a strategy runs its tasks on hosts that have joined it, as at ECS.
    world.apply(put(&[], Vec::new()));
    let refusal = world.refused(run_task(&definition, 1, LaunchTarget::Provider(name("FARGATE"))));
    assert!(matches!(&refusal, Rejection::InvalidParameter(text) if text.contains("not associated")), "{refusal:?}");
    let refusal = world.refused(run_task(&definition, 1, LaunchTarget::ClusterDefault));
    assert!(matches!(&refusal, Rejection::InvalidParameter(text) if text.starts_with("No Container Instances")));
    world.static_host(4096, 4096);
    assert_eq!(world.run_on(&definition, 1, LaunchTarget::ClusterDefault).0.len(), 1);
}

#[test]
fn a_strategy_that_makes_no_sense_changes_nothing() {
    let mut world = World::new(settings());
    let before = world.state.rows().clusters;
    let many = (0..21).map(|_| item("FARGATE", Some(1), None)).collect();
    let both = |first, second| vec![item("FARGATE", first, Some(1)), item("FARGATE_SPOT", second, Some(1))];
    for (providers, strategy) in [
        (vec!["FARGATE"], vec![item("FARGATE_SPOT", Some(1), None)]),
        (vec!["nope"], Vec::new()),
        (vec!["FARGATE", "FARGATE"], Vec::new()),
        (vec!["FARGATE"], vec![item("FARGATE", Some(1), None), item("FARGATE", Some(1), None)]),
        (vec!["FARGATE", "FARGATE_SPOT"], both(Some(1), Some(1))),
        (vec!["FARGATE", "FARGATE_SPOT"], vec![item("FARGATE", Some(0), None), item("FARGATE_SPOT", None, None)]),
        (vec!["FARGATE"], many),
    ] {
        let refusal = world.refused(put(&providers, strategy));
        assert!(matches!(refusal, Rejection::InvalidParameter(_)), "{refusal:?}");
    }
    assert_eq!(world.state.rows().clusters, before);
}

#[test]
fn settings_change_by_name_and_a_repeat_has_to_agree() {
    let mut world = World::new(settings());
    let made = |settings: &[ecs::ClusterSetting], world: &mut World| {
        let options = ClusterOptions { settings: Some(settings.to_vec()), ..ClusterOptions::default() };
        let event = Event::CreateCluster {
            name: name("demo"),
            tags: Vec::new(),
            options: Box::new(options),
            by: String::new(),
        };
        world.apply(event)
    };
    assert!(
        matches!(made(&insights("enhanced"), &mut world), Reply::Cluster(it) if it.settings == insights("enhanced"))
    );
    assert!(matches!(made(&insights("enhanced"), &mut world), Reply::Cluster(_)));
    assert!(matches!(made(&insights("enabled"), &mut world), Reply::Rejected(Rejection::InvalidParameter(_))));
    assert!(matches!(world.apply(create("demo")), Reply::Cluster(it) if it.settings == insights("enhanced")));
    let options = ClusterOptions { settings: Some(insights("disabled")), ..ClusterOptions::default() };
    let configuration = ecs::ClusterConfiguration::default();
    let more = ClusterOptions { configuration: Some(configuration.clone()), ..ClusterOptions::default() };
    world.apply(update(more));
    let Reply::Cluster(cluster) = world.apply(update(options)) else { panic!("refused") };
    assert_eq!((cluster.settings.clone(), cluster.configuration.clone()), (insights("disabled"), Some(configuration)));
    let unknown = Event::UpdateCluster { name: name("nope"), options: Box::default() };
    assert_eq!(world.refused(unknown), Rejection::ClusterNotFound(name("nope")));
}
