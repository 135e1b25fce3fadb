use std::time::Duration;

use expect_test::expect;

use super::*;
use crate::event::Event;
use crate::fixture::{World, container, name, request, settings};

fn world() -> (World, berth_model::id::DefinitionId) {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    (world, definition)
}

#[test]
fn a_task_lives_from_the_request_to_its_exit() {
    let (mut world, definition) = world();
    let task = world.run(&definition, 1)[0];
    world.place();
    assert_eq!(world.outcome(task), "PROVISIONING");
    let host = world.pool_host("small");
    world.after(Duration::from_secs(3));
    world.place();
    assert_eq!(world.effects(), ["run on session 1"]);
    let placed = world.task(task).clone();
    assert_eq!((placed.host, placed.times.placed_at), (Some(host), Some(world.now)));
    assert_eq!(placed.delivery.first_sent_at, Some(world.now));
    assert!(world.facts().contains(&Fact::Placed { task, host, waited_ms: 3000 }));
    assert_eq!(world.host(host).idle_since, None);
    world.apply(Event::TaskAcknowledged { host, task });
    assert!(world.task(task).delivery.acknowledged);
    world.apply(Event::TaskAcknowledged { host, task });
    assert!(world.step.writes.is_empty());
    world.after(Duration::from_secs(2));
    world.running(task);
    assert!(world.facts().contains(&Fact::TaskStarted { task, after_ms: 5000 }));
    world.exited(task, 0);
    assert_eq!(world.host(host).idle_since, Some(world.now));
    assert_eq!(world.state.task(task), None);
    let course: Vec<u64> = vec![placed.version, world.task(task).version];
    assert_eq!(course, [2, 5]);
    assert!(world.state.needs_plan());
}

#[test]
fn a_waiting_task_stops_at_once_and_a_placed_one_when_its_agent_says_so() {
    let (mut world, definition) = world();
    let tasks = world.run(&definition, 2);
    world.place();
    assert!(matches!(world.stop(tasks[0]), Reply::Task(task) if task.last_status == TaskStatus::Stopped));
    expect!["STOPPED UserInitiated: Task stopped by user"].assert_eq(&world.outcome(tasks[0]));
    assert_eq!(world.reasons().len(), 1, "another one still waits");
    world.pool_host("small");
    world.place();
    assert!(world.reasons().is_empty());
    let reason = Some("no longer needed".to_owned());
    world.apply(Event::StopTask { cluster: name("default"), task: tasks[1], reason });
    assert_eq!(world.effects(), ["stop on session 1"]);
    expect!["STOPPING UserInitiated: no longer needed"].assert_eq(&world.outcome(tasks[1]));
    assert!(matches!(world.stop(tasks[1]), Reply::Task(task) if task.last_status == TaskStatus::Stopping));
    assert!(world.effects().is_empty() && world.step.writes.is_empty());
}

#[test]
fn the_reason_of_a_class_that_empties_right_after_a_restart_is_forgotten() {
    let (mut world, definition) = world();
    let task = world.run(&definition, 1)[0];
    world.place();
    assert_eq!(world.reasons().len(), 1);
    world.restart();
    world.stop(task);
    assert!(world.reasons().is_empty());
}

#[test]
fn a_task_of_another_cluster_is_not_found() {
    let (mut world, definition) = world();
    let task = world.run(&definition, 1)[0];
    world.apply(Event::CreateCluster { name: name("other"), tags: vec![], options: Box::default(), by: String::new() });
    let stop = |cluster: &str, task| Event::StopTask { cluster: name(cluster), task, reason: None };
    assert_eq!(world.refused(stop("other", task)), Rejection::TaskNotFound);
    assert_eq!(world.refused(stop("default", TaskId(3))), Rejection::TaskNotFound);
    assert_eq!(world.refused(stop("nowhere", task)), Rejection::ClusterNotFound(name("nowhere")));
    world.stop(task);
    assert_eq!(world.refused(stop("default", task)), Rejection::TaskNotFound);
}

#[test]
fn another_hosts_acknowledgement_is_ignored() {
    let (mut world, definition) = world();
    let (host, other) = (world.pool_host("small"), world.pool_host("small"));
    let task = world.run(&definition, 1)[0];
    world.place();
    let stranger = if world.task(task).host == Some(host) { other } else { host };
    for (host, task) in [(stranger, task), (HostId(1), task), (host, TaskId(1))] {
        world.apply(Event::TaskAcknowledged { host, task });
        assert!(world.step.writes.is_empty());
    }
}

#[test]
fn a_task_that_cannot_be_prepared_is_stopped_once_unless_its_agent_holds_it() {
    let (mut world, definition) = world();
    let host = world.pool_host("small");
    let tasks = world.run(&definition, 2);
    world.place();
    let event = |task, reason: &str| Event::TaskUnpreparable { host, task, reason: reason.to_owned() };
    world.apply(event(tasks[0], "ResourceInitializationError: first"));
    let stop = world.task(tasks[0]).stop.clone();
    let expected = Stop { code: StopCode::TaskFailedToStart, reason: "ResourceInitializationError: first".to_owned() };
    assert_eq!(stop, Some(expected.clone()));
    assert_eq!(world.task(tasks[0]).desired_status, DesiredStatus::Stopped);
    assert_eq!(world.effects().len(), 1, "an order that went out before may have arrived");
    world.apply(event(tasks[0], "second"));
    assert!(world.step.writes.is_empty() && world.effects().is_empty());
    assert_eq!(world.task(tasks[0]).stop, Some(expected));
    // One that was sent before and has arrived goes on; an unknown one is nobody's.
    world.apply(Event::TaskAcknowledged { host, task: tasks[1] });
    world.apply(event(tasks[1], "too late"));
    assert!(world.step.writes.is_empty());
    world.apply(event(TaskId(1), "unknown"));
    assert!(world.step.writes.is_empty());
}
