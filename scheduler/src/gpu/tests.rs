use std::collections::BTreeSet;

use berth_model::ecs::{ContainerDefinition, ContainerOverride, ResourceRequirement, ResourceType, TaskOverride};
use berth_model::id::HostId;
use berth_model::task::Task;
use berth_model::unit::{GpuCount, Resources};

use crate::event::{Event, RegisterHost, ReportedStatus, RunTask};
use crate::fixture::{World, container, ec2, registration, report, request, run_request, settings};
use crate::step::Reply;

fn with_gpus(name: &str, count: &str) -> ContainerDefinition {
    let (value, r#type) = (Some(count.to_owned()), Some(ResourceType::Gpu));
    let requirement = ResourceRequirement { value, r#type, sharing_strategy: None };
    ContainerDefinition { resource_requirements: Some(vec![requirement]), ..container(name) }
}

fn registered(gpus: &[&str]) -> RegisterHost {
    let count = u64::try_from(gpus.len()).unwrap();
    RegisterHost {
        capacity: Resources { gpus: GpuCount(count), ..Resources::new(4096, 8192) },
        gpus: gpus.iter().map(|id| (*id).to_owned()).collect(),
        ..registration("default", Resources::ZERO)
    }
}

fn host(world: &mut World, gpus: &[&str]) -> HostId {
    let host = world.register(registered(gpus));
    world.connect(host);
    host
}

fn run(world: &mut World, run: RunTask) -> Result<Task, String> {
    match world.apply(Event::RunTask(Box::new(run))) {
        Reply::Tasks { mut tasks, failures } => tasks.pop().ok_or_else(|| failures[0].reason.clone()),
        other => panic!("{other:?}"),
    }
}

fn ids(task: &Task) -> Vec<Vec<&str>> {
    task.containers.iter().map(|container| container.gpu_ids.iter().map(String::as_str).collect()).collect()
}

#[test]
fn each_container_has_gpus_of_its_own_and_none_is_given_twice() {
    let mut world = World::new(settings());
    let host = host(&mut world, &["g1", "g2", "g3", "g4"]);
    let containers = vec![container("a"), with_gpus("b", "1"), with_gpus("c", "2")];
    let definition = world.define(request(containers));
    let first = run(&mut world, run_request(&definition, 1, ec2())).unwrap();
    assert_eq!(ids(&first), [vec![], vec!["g1"], vec!["g2", "g3"]]);
    assert_eq!(run(&mut world, run_request(&definition, 1, ec2())), Err("RESOURCE:GPU".to_owned()));
    // One is enough if the run itself says so.
    let override_of = |name: &str| ContainerOverride {
        name: Some(name.to_owned()),
        resource_requirements: Some(Vec::new()),
        ..ContainerOverride::default()
    };
    let mut smaller = run_request(&definition, 1, ec2());
    smaller.request.overrides =
        TaskOverride { container_overrides: Some(vec![override_of("c")]), ..TaskOverride::default() };
    let second = run(&mut world, smaller).unwrap();
    assert_eq!(ids(&second), [vec![], vec!["g4"], vec![]]);
    let holders = |world: &World| world.host(host).gpus.values().copied().collect::<Vec<_>>();
    let (one, two) = (Some(first.id), Some(second.id));
    assert_eq!(holders(&world), [one, one, one, two]);
    // An agent that registers again finds them where they were.
    let again = RegisterHost { known_as: Some(host), ..registered(&["g1", "g2", "g3", "g4", "g5"]) };
    world.register(again);
    assert_eq!(holders(&world), [one, one, one, two, None]);
    world.apply(report(first.id, ReportedStatus::Stopped, None, Vec::new()));
    assert_eq!(holders(&world), [None, None, None, two, None]);
    let third = run(&mut world, run_request(&definition, 1, ec2())).unwrap();
    let given: BTreeSet<&str> = ids(&third).into_iter().flatten().collect();
    assert_eq!((given.len(), given.contains("g4")), (3, false));
}

#[test]
fn a_host_without_gpus_has_none_to_give() {
    let mut world = World::new(settings());
    host(&mut world, &[]);
    let definition = world.define(request(vec![with_gpus("a", "1")]));
    assert_eq!(run(&mut world, run_request(&definition, 1, ec2())), Err("RESOURCE:GPU".to_owned()));
}
