use std::time::Duration;

use berth_model::id::{SessionId, TaskId};
use berth_model::unit::Resources;
use expect_test::expect;

use super::*;
use crate::event::{Event, RegisterHost};
use crate::fixture::{World, container, ec2, fargate, name, registration, request, settings};

fn set(world: &mut World, cluster: &str, hosts: &[HostId], is_draining: bool) -> Reply {
    world.apply(Event::SetDraining { cluster: name(cluster), hosts: hosts.to_vec(), is_draining })
}

fn deregister(world: &mut World, cluster: &str, host: HostId, is_forced: bool) -> Reply {
    world.apply(Event::DeregisterHost { cluster: name(cluster), host, is_forced })
}

fn run_one(world: &mut World) -> Option<TaskId> {
    let definition = world.define(request(vec![container("main")]));
    world.run_on(&definition, 1, ec2()).0.first().copied()
}

#[test]
fn a_draining_host_keeps_its_tasks_and_gets_none_until_it_is_active_again() {
    let mut world = World::new(settings());
    let host = world.static_host(4096, 4096);
    let task = run_one(&mut world).expect("placed");
    world.running(task);
    let Reply::Hosts { done, failures } = set(&mut world, "default", &[host, HostId(9)], true) else { panic!() };
    assert_eq!((done, failures), (vec![host], vec![(HostId(9), HostFailure::Missing)]));
    assert_eq!(world.host(host).status, HostStatus::Draining);
    assert_eq!(world.task(task).desired_status, berth_model::task::DesiredStatus::Running);
    assert_eq!(run_one(&mut world), None);
    world.restart();
    world.connect(host);
    assert_eq!(run_one(&mut world), None, "a restart forgets nothing");
    set(&mut world, "default", &[host], false);
    assert!(run_one(&mut world).is_some());
}

#[test]
fn a_draining_host_of_a_pool_gets_none_of_what_waits_and_its_tasks_wait_for_another() {
    let mut world = World::new(settings());
    let host = world.pool_host("small");
    assert!(matches!(set(&mut world, FARGATE_CLUSTER, &[host], true), Reply::Hosts { done, .. } if done == [host]));
    let definition = world.define(request(vec![container("main")]));
    let task = world.run(&definition, 1)[0];
    world.place();
    expect!["no room on 1 host: 1 takes no new tasks"].assert_eq(&world.reason(task));
    set(&mut world, FARGATE_CLUSTER, &[host], false);
    world.place();
    assert_eq!(world.task(task).host, Some(host));
}

#[test]
fn hosts_that_are_not_in_service_are_failures() {
    let mut world = World::new(settings());
    let (launched, elsewhere) = (world.launch("small"), world.static_host(100, 100));
    let Reply::Hosts { done, failures } = set(&mut world, FARGATE_CLUSTER, &[launched, elsewhere], true) else {
        panic!()
    };
    assert!(done.is_empty());
    assert_eq!(failures, [(launched, HostFailure::Inactive), (elsewhere, HostFailure::Missing)]);
    let refused = world.refused(Event::SetDraining { cluster: name("nowhere"), hosts: vec![], is_draining: true });
    assert_eq!(refused, Rejection::ClusterNotFound(name("nowhere")));
}

#[test]
fn a_host_with_tasks_leaves_by_force_only_and_its_agent_is_told_to_stop_them() {
    let mut world = World::new(settings());
    let host = world.static_host(4096, 4096);
    let task = run_one(&mut world).expect("placed");
    world.running(task);
    let refused = world.refused(Event::DeregisterHost { cluster: name("default"), host, is_forced: false });
    assert_eq!(refused, Rejection::InvalidParameter("Found running tasks on the instance.".to_owned()));
    world.after(Duration::from_secs(5));
    let Reply::Host(row) = deregister(&mut world, "default", host, true) else { panic!() };
    assert_eq!((row.status, row.is_connected, row.connectivity_changed_at), (HostStatus::Gone, false, world.now));
    assert_eq!(world.effects(), ["stop on session 1", "close on session 1"]);
    expect!["STOPPED TerminationNotice: Host EC2 (instance HOST) terminated."]
        .assert_eq(&world.outcome(task).replace(&host.to_string(), "HOST"));
    let refused = world.refused(Event::DeregisterHost { cluster: name("default"), host, is_forced: true });
    assert_eq!(refused, Rejection::HostNotFound(host));
    let late =
        Event::SessionOpened { host, session: SessionId(99), version_info: berth_model::ecs::VersionInfo::default() };
    assert!(matches!(world.refused(late), Rejection::Client(_)));
}

#[test]
fn the_machine_of_a_pools_host_that_is_deregistered_is_ended() {
    let mut world = World::new(settings());
    let host = world.pool_host("small");
    let definition = world.define(request(vec![container("main")]));
    let task = world.run(&definition, 1)[0];
    world.place();
    assert_eq!(world.task(task).host, Some(host));
    let Reply::Host(row) = deregister(&mut world, FARGATE_CLUSTER, host, true) else { panic!() };
    assert_eq!((row.status, row.provider()), (HostStatus::Terminating, Some(&fargate())));
    assert_eq!(world.effects(), ["stop on session 1", "terminate"]);
    world.apply(Event::MachineGone { host });
    assert!(world.state.host(host).is_none());
}

#[test]
fn a_deregistered_host_does_not_come_back() {
    let mut world = World::new(settings());
    let of_token = |token: &str| RegisterHost {
        token: Some(token.to_owned()),
        ..registration("default", Resources::new(100, 100))
    };
    let host = world.register(of_token("t"));
    assert_eq!(world.register(of_token("t")), host, "the answer was lost");
    deregister(&mut world, "default", host, false);
    let again = RegisterHost { known_as: Some(host), ..of_token("u") };
    assert!(matches!(world.refused(Event::RegisterHost(Box::new(again))), Rejection::Client(_)));
    world.restart();
    let next = world.register(of_token("t"));
    assert_ne!(next, host);
    assert_eq!(world.register(of_token("t")), next);
}
