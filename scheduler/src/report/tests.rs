use berth_model::id::TaskId;
use expect_test::expect;

use super::*;
use crate::event::Event;
use crate::fixture::{World, change, container, report, request, settings};
use crate::step::Key;

/// A world with a task of the containers `main` and `side` on a connected host.
fn world() -> (World, TaskId) {
    let mut world = World::new(settings());
    let side = ecs::ContainerDefinition { essential: Some(false), ..container("side") };
    let definition = world.define(request(vec![container("main"), side]));
    world.pool_host("small");
    let task = world.run(&definition, 1)[0];
    world.place();
    (world, task)
}

/// What becomes of a task whose agent reports this when it has stopped, after it ran or before.
fn ending(ran: bool, reason: Option<&str>, containers: Vec<ecs::ContainerStateChange>) -> String {
    let (mut world, task) = world();
    if ran {
        world.running(task);
    }
    world.apply(report(task, ReportedStatus::Stopped, reason, containers));
    world.outcome(task)
}

#[test]
fn an_essential_container_that_exits_ends_the_task() {
    let exited = || vec![change("main", "STOPPED", Some(3), None), change("side", "STOPPED", Some(137), None)];
    expect!["STOPPED EssentialContainerExited: Essential container in task exited"].assert_eq(&ending(
        true,
        None,
        exited(),
    ));
    // The agent was away while it ran.
    expect!["STOPPED EssentialContainerExited: Essential container in task exited"].assert_eq(&ending(
        false,
        None,
        exited(),
    ));
    let killed =
        vec![change("main", "STOPPED", Some(137), Some("OutOfMemoryError: Container killed due to memory usage"))];
    expect!["STOPPED EssentialContainerExited: Essential container in task exited"]
        .assert_eq(&ending(true, None, killed));
}

#[test]
fn an_essential_container_that_exits_before_the_others_are_started_ends_the_task() {
    let exited = vec![change("main", "STOPPED", Some(1), None), change("side", "STOPPED", None, None)];
    expect!["STOPPED EssentialContainerExited: Essential container in task exited"]
        .assert_eq(&ending(false, None, exited));
}

#[test]
fn a_task_that_never_ran_has_failed_to_start() {
    let pull = "CannotPullContainerError: no such image";
    let failed = || vec![change("main", "STOPPED", None, Some(pull)), change("side", "STOPPED", Some(137), None)];
    expect!["STOPPED TaskFailedToStart: CannotPullContainerError: no such image"].assert_eq(&ending(
        false,
        None,
        failed(),
    ));
    expect!["STOPPED TaskFailedToStart: the agent's own words"].assert_eq(&ending(
        false,
        Some("the agent's own words"),
        failed(),
    ));
    expect!["STOPPED TaskFailedToStart: Task failed to start"].assert_eq(&ending(false, None, vec![]));
    let start = "CannotStartContainerError: no such command";
    let failed = vec![change("main", "STOPPED", Some(127), Some(start)), change("side", "STOPPED", Some(0), None)];
    expect!["STOPPED TaskFailedToStart: CannotStartContainerError: no such command"]
        .assert_eq(&ending(false, None, failed));
}

#[test]
fn what_the_user_asked_for_stays_the_cause() {
    let (mut world, task) = world();
    world.running(task);
    world.stop(task);
    expect!["STOPPING UserInitiated: Task stopped by user"].assert_eq(&world.outcome(task));
    world.report(task, ReportedStatus::Stopped, vec![change("main", "STOPPED", Some(1), None)]);
    expect!["STOPPED UserInitiated: Task stopped by user"].assert_eq(&world.outcome(task));
    assert_eq!(world.task(task).containers[0].exit_code, Some(1));
}

#[test]
fn containers_move_forward_only_and_repeats_change_nothing() {
    let (mut world, task) = world();
    let both = vec![
        ecs::ContainerStateChange {
            runtime_id: Some("r1".to_owned()),
            network_bindings: Some(vec![ecs::NetworkBinding { host_port: Some(32768), ..Default::default() }]),
            ..change("main", "RUNNING", None, None)
        },
        change("side", "RUNNING", None, None),
        change("side", "STOPPED", Some(0), None),
        change("nobody", "STOPPED", Some(9), None),
    ];
    world.report(task, ReportedStatus::Running, both.clone());
    let after = world.task(task).clone();
    assert_eq!((after.last_status, after.times.started_at), (TaskStatus::Running, Some(world.now)));
    assert!(after.delivery.acknowledged, "a report is an acknowledgement");
    assert_eq!(after.containers[0].network_bindings[0].host_port, Some(32768));
    assert_eq!((after.containers[1].last_status, after.containers[1].exit_code), (ContainerStatus::Stopped, Some(0)));

    world.report(task, ReportedStatus::Running, both);
    assert!(world.step.writes.is_empty(), "{:?}", world.step);
    world.report(task, ReportedStatus::Pending, vec![change("main", "PENDING", Some(7), None)]);
    assert!(world.step.writes.is_empty(), "{:?}", world.step);
    // A repeat may tell what the first did not.
    let late = ecs::ContainerStateChange {
        image_digest: Some("sha256:1".to_owned()),
        ..change("main", "RUNNING", None, None)
    };
    world.report(task, ReportedStatus::Pending, vec![late]);
    assert_eq!(world.task(task).containers[0].image_digest.as_deref(), Some("sha256:1"));
}

#[test]
fn nothing_follows_stopped_and_unknown_tasks_are_ignored() {
    let (mut world, task) = world();
    world.exited(task, 0);
    let after = world.task(task).clone();
    assert!(after.containers.iter().all(|container| container.last_status == ContainerStatus::Stopped));
    assert_eq!(after.times.stopped_at, Some(world.now));
    for status in [ReportedStatus::Running, ReportedStatus::Stopped] {
        world.report(task, status, vec![]);
        world.report(TaskId(77), status, vec![]);
        assert!(world.step.writes.is_empty() && world.step.effects.is_empty(), "{:?}", world.step);
    }
}

#[test]
fn a_late_running_does_not_revive_a_stopping_task_but_says_when_it_started() {
    let (mut world, task) = world();
    world.stop(task);
    world.running(task);
    expect!["STOPPING UserInitiated: Task stopped by user"].assert_eq(&world.outcome(task));
    let started = world.now;
    assert_eq!(world.task(task).times.started_at, Some(started));
    world.after(std::time::Duration::from_secs(1));
    world.running(task);
    assert_eq!(world.task(task).times.started_at, Some(started));
    assert_eq!(world.task(task).containers[0].last_status, ContainerStatus::Running);
}

#[test]
fn reasons_are_kept_short_and_times_as_first_reported() {
    let (mut world, task) = world();
    let mut event = TaskReport {
        task,
        by: None,
        status: ReportedStatus::Pending,
        reason: None,
        containers: vec![change("main", "MANIFEST_PULLED", None, Some(&"é".repeat(2000)))],
        pull_started_at: Some(Timestamp(1)),
        pull_stopped_at: None,
        execution_stopped_at: None,
    };
    world.apply(crate::event::Event::TaskReport(Box::new(event.clone())));
    event.pull_started_at = Some(Timestamp(2));
    event.pull_stopped_at = Some(Timestamp(3));
    world.apply(crate::event::Event::TaskReport(Box::new(event)));
    assert!(world.step.writes.contains_key(&Key::Task(task)));
    let after = world.task(task);
    assert_eq!(after.containers[0].reason.as_ref().map(|reason| reason.chars().count()), Some(1024));
    assert_eq!((after.times.pull_started_at, after.times.pull_stopped_at), (Some(Timestamp(1)), Some(Timestamp(3))));
}

#[test]
fn a_report_on_one_container_changes_that_container() {
    let (mut world, task) = world();
    let report = |status: &str, exit_code| Event::ContainerReport {
        task,
        change: Box::new(change("main", status, exit_code, None)),
        by: None,
    };
    world.apply(report("RUNNING", None));
    assert_eq!(world.task(task).containers[0].last_status, ContainerStatus::Running);
    assert!(world.task(task).delivery.acknowledged, "the agent holds what it reports on");
    world.apply(report("RUNNING", None));
    assert!(world.step.writes.is_empty(), "a repeat changes nothing");
    world.apply(report("STOPPED", Some(3)));
    let container = &world.task(task).containers[0];
    assert_eq!((container.last_status, container.exit_code), (ContainerStatus::Stopped, Some(3)));
    assert_eq!(world.task(task).last_status, TaskStatus::Pending, "what it means is for the task's own report to say");
    world.apply(Event::ContainerReport { task: TaskId(1), change: Box::default(), by: None });
    assert!(world.step.writes.is_empty());
    let stranger = Event::ContainerReport { task, change: Box::default(), by: Some(berth_model::id::HostId(1)) };
    assert!(matches!(world.refused(stranger), crate::step::Rejection::AccessDenied(_)));
}

#[test]
fn an_end_that_is_told_late_of_another_run_is_none() {
    let (mut world, task) = world();
    let told = |status: &str, runtime_id: &str, exit_code: Option<i32>, reason: Option<&str>| {
        vec![ecs::ContainerStateChange {
            runtime_id: Some(runtime_id.to_owned()),
            ..change("main", status, exit_code, reason)
        }]
    };
    world.report(task, ReportedStatus::Running, told("RUNNING", "second", None, None));
    world.report(task, ReportedStatus::Running, told("STOPPED", "first", Some(137), None));
    world.report(task, ReportedStatus::Stopped, told("STOPPED", "second", None, Some("gone")));
    let main = &world.task(task).containers[0];
    let end = (main.runtime_id.as_deref(), main.exit_code, main.reason.as_deref());
    assert_eq!(end, (Some("second"), None, Some("gone")));
}
