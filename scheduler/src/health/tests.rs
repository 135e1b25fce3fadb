use berth_model::ecs;
use berth_model::host::HostStatus;
use berth_model::unit::{CpuUnits, MemoryMib};

use super::*;
use crate::event::Event;
use crate::fixture::{World, container, request, settings};

fn checked(name: &str, is_essential: bool) -> ecs::ContainerDefinition {
    let command = Some(vec!["CMD".to_owned(), "true".to_owned()]);
    ecs::ContainerDefinition {
        essential: Some(is_essential),
        health_check: Some(ecs::HealthCheck { command, ..Default::default() }),
        ..container(name)
    }
}

/// A task of these containers that runs on a host.
fn world(containers: Vec<ecs::ContainerDefinition>) -> (World, HostId, TaskId) {
    let mut world = World::new(settings());
    let definition = world.define(request(containers));
    let host = world.pool_host("large");
    let task = world.run(&definition, 1)[0];
    world.place();
    world.running(task);
    (world, host, task)
}

fn told(world: &mut World, host: HostId, task: TaskId, found: &[(&str, HealthStatus)]) {
    let containers = found.iter().map(|(name, status)| ((*name).to_owned(), *status)).collect();
    world.apply(Event::HealthReport { host, tasks: vec![(task, containers)] });
}

#[test]
fn a_task_is_as_its_essential_containers_with_a_health_check_are() {
    use HealthStatus::{Healthy, Unhealthy, Unknown};
    let (mut world, host, task) =
        world(vec![checked("a", true), checked("b", true), checked("side", false), container("plain")]);
    assert_eq!(world.task(task).health(), Unknown);
    for (found, expected) in [
        (&[("a", Healthy)][..], Unknown),
        (&[("b", Healthy), ("side", Unhealthy)], Healthy),
        (&[("plain", Unhealthy), ("nobody", Unhealthy)], Healthy),
        (&[("b", Unhealthy)], Unhealthy),
        (&[("a", Unknown)], Unhealthy),
    ] {
        told(&mut world, host, task, found);
        assert_eq!(world.task(task).health(), expected, "{found:?}");
    }
    assert_eq!(world.task(task).containers[3].health, None);
    assert_eq!(world.task(task).last_status, berth_model::task::TaskStatus::Running, "it runs on all the same");
}

#[test]
fn what_is_no_news_or_none_of_a_hosts_business_is_not_written() {
    let (mut world, host, task) = world(vec![checked("a", true)]);
    told(&mut world, host, task, &[("a", HealthStatus::Healthy)]);
    let (version, changes) = (world.task(task).version, world.told.len());
    told(&mut world, host, task, &[("a", HealthStatus::Healthy)]);
    told(&mut world, HostId(9), task, &[("a", HealthStatus::Unhealthy)]);
    assert!(world.step.writes.is_empty());
    assert_eq!((world.task(task).version, world.told.len()), (version, changes));
    told(&mut world, host, task, &[("a", HealthStatus::Unhealthy)]);
    assert_eq!((world.task(task).version, world.told.len()), (version + 1, changes + 1));
}

#[test]
fn an_impaired_host_takes_no_tasks_until_it_is_well() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let host = world.pool_host("large");
    let report = |world: &mut World, status, reason: Option<&str>| {
        world.apply(Event::RuntimeReport { host, status, reason: reason.map(str::to_owned) });
    };
    report(&mut world, RuntimeStatus::Impaired, Some("Docker does not answer"));
    let since = world.now;
    let task = world.run(&definition, 1)[0];
    world.place();
    let told = world.told.len();
    assert_eq!(world.task(task).host, None);
    assert!(world.reason(task).contains("1 is impaired"), "{}", world.reason(task));
    // Told again, with another reason: still impaired since then.
    world.after(std::time::Duration::from_secs(1));
    report(&mut world, RuntimeStatus::Impaired, Some("Docker does not answer"));
    assert!(world.step.writes.is_empty());
    report(&mut world, RuntimeStatus::Impaired, Some("the disk is full"));
    assert_eq!(world.host(host).impairment().map(|it| it.changed_at), Some(since));
    assert_eq!(world.told.len(), told + 1);
    report(&mut world, RuntimeStatus::Ok, None);
    world.place();
    assert_eq!(world.task(task).host, Some(host));
    assert_eq!(world.host(host).status, HostStatus::Active);
}

#[test]
fn use_is_counted_and_never_written() {
    let (mut world, host, _) = world(vec![container("main")]);
    let used = Usage { cpu: CpuUnits(100), memory: MemoryMib(30) };
    world.apply(Event::UsageReport { host, used: Some(used) });
    assert!(world.step.writes.is_empty());
    let share = world.state.counts().resources[&Some(crate::fixture::fargate())];
    assert_eq!((share.used.cpu, share.used.memory), (used.cpu, used.memory));
    assert!(share.allocated.cpu > share.used.cpu);
    world.apply(Event::UsageReport { host, used: None });
    world.apply(Event::UsageReport { host: HostId(9), used: Some(used) });
    assert_eq!(world.state.counts().resources[&Some(crate::fixture::fargate())].used.cpu, CpuUnits(0));
}
