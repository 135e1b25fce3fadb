use std::collections::BTreeMap;

use berth_model::id::SessionId;
use berth_model::task::StaticLaunchType;
use berth_model::unit::Resources;

use super::*;
use crate::event::{Event, RegisterHost, RunTask};
use crate::fixture::{World, container, ec2, name, port, registration, request, run_request, settings, sized};

fn start(world: &mut World, run: RunTask, hosts: &[HostId]) -> (Vec<Task>, Vec<PlacementFailure>) {
    match world.apply(Event::StartTask(Box::new(StartTask { run, hosts: hosts.to_vec() }))) {
        Reply::Tasks { tasks, failures } => (tasks, failures),
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_named_host_gets_a_task_or_says_why_not() {
    let mut world = World::new(settings());
    let [first, full] = [4096, 100].map(|cpu| world.static_host(cpu, 4096));
    let external = RegisterHost { is_external: true, ..registration("default", Resources::new(4096, 4096)) };
    let external = world.register(external);
    world.connect(external);
    let silent = world.register(registration("default", Resources::new(4096, 4096)));
    let draining = world.static_host(4096, 4096);
    world.apply(Event::SetDraining { cluster: name("default"), hosts: vec![draining], is_draining: true });
    let pool = world.pool_host("small");
    let definition = world.define(request(vec![sized(1024, 512)]));
    let hosts = [first, full, external, silent, draining, pool, HostId(9)];
    let (tasks, failures) = start(&mut world, run_request(&definition, 1, ec2()), &hosts);
    let placed: BTreeMap<_, _> = tasks.iter().map(|task| (task.host, task.launch.clone())).collect();
    let expected = [(first, StaticLaunchType::Ec2), (external, StaticLaunchType::External)];
    assert_eq!(placed, expected.into_iter().map(|(host, kind)| (Some(host), Launch::Static(kind))).collect());
    let reasons: Vec<_> = failures.iter().map(|failure| (failure.host, failure.reason.as_str())).collect();
    let expected = [(full, "RESOURCE:CPU"), (silent, "AGENT"), (draining, "AGENT"), (pool, "MISSING")];
    assert_eq!(reasons[..4], expected.map(|(host, reason)| (Some(host), reason)));
    assert_eq!(reasons[4..], [(Some(HostId(9)), "MISSING")]);
}

#[test]
fn a_request_that_makes_no_sense_starts_nothing() {
    let mut world = World::new(settings());
    let host = world.static_host(4096, 4096);
    let definition = world.define(request(vec![container("main")]));
    let run = RunTask { cluster: name("nowhere"), ..run_request(&definition, 1, ec2()) };
    let refused = world.refused(Event::StartTask(Box::new(StartTask { run, hosts: vec![host] })));
    assert_eq!(refused, Rejection::ClusterNotFound(name("nowhere")));
    world.apply(Event::DeregisterTaskDefinition { definition: definition.clone() });
    let run = run_request(&definition, 1, ec2());
    assert!(matches!(
        world.refused(Event::StartTask(Box::new(StartTask { run, hosts: vec![host] }))),
        Rejection::Client(_)
    ));
    assert!(world.host(host).idle_since.is_some());
}

#[test]
fn a_host_port_is_given_once() {
    let mut world = World::new(settings());
    let host = world.static_host(4096, 4096);
    let mut web = container("web");
    web.port_mappings = Some(vec![port(80, 80)]);
    let definition = world.define(request(vec![web]));
    let run = || run_request(&definition, 1, ec2());
    assert_eq!(start(&mut world, run(), &[host]).0.len(), 1);
    let (tasks, failures) = start(&mut world, run(), &[host]);
    assert!(tasks.is_empty());
    assert_eq!(failures[0].reason, "RESOURCE:PORTS");
    assert!(failures[0].detail.contains("80/tcp"), "{}", failures[0].detail);
    world.disconnect(host, SessionId(1));
    assert_eq!(start(&mut world, run(), &[host]).1[0].reason, "AGENT");
}

#[test]
fn managed_tags_name_the_cluster() {
    let mut world = World::new(settings());
    let host = world.static_host(4096, 4096);
    let definition = world.define(request(vec![container("main")]));
    let run = RunTask { has_managed_tags: true, ..run_request(&definition, 1, ec2()) };
    let (tasks, _) = start(&mut world, run, &[host]);
    let tags: Vec<_> = tasks[0].request.tags.iter().map(|tag| (tag.key.as_deref(), tag.value.as_deref())).collect();
    assert_eq!(tags, [(Some("aws:ecs:clusterName"), Some("default"))]);
}
