use super::*;
use crate::event::Event;
use crate::fixture::{World, container, name, registration, request, settings};

fn create(name: &str) -> Event {
    Event::CreateCluster { name: crate::fixture::name(name), tags: Vec::new() }
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
