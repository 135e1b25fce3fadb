use std::time::Duration;

use expect_test::expect;

use super::*;
use crate::event::Event;
use crate::fixture::{World, container, request, settings};

fn world() -> (World, HostId, Vec<TaskId>) {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let host = world.pool_host("large");
    let tasks = world.run(&definition, 3);
    world.place();
    assert_eq!(world.effects(), vec!["run on session 1"; 3]);
    (world, host, tasks)
}

#[test]
fn a_session_begins_with_what_the_agent_may_not_know() {
    let (mut world, host, tasks) = world();
    world.apply(Event::TaskAcknowledged { host, task: tasks[0] });
    world.stop(tasks[1]);
    assert_eq!(world.effects(), ["stop on session 1"]);
    world.disconnect(host, SessionId(1));
    assert!(!world.host(host).is_connected);
    world.connect(host);
    // Two should run, one of them is not acknowledged, the third is to stop.
    assert_eq!(world.effects(), ["manifest of 2 on session 2", "run on session 2", "stop on session 2"]);
}

#[test]
fn an_unacknowledged_order_is_given_up_in_time() {
    let (mut world, host, tasks) = world();
    world.after(Duration::from_mins(29));
    world.connect(host);
    assert_eq!(world.effects().len(), 5);
    world.after(Duration::from_mins(1));
    world.owed();
    assert_eq!(world.effects(), vec!["stop on session 2"; 3]);
    expect!["STOPPING TaskFailedToStart: Task failed to start: its host did not answer in time"]
        .assert_eq(&world.outcome(tasks[0]));
    // It was running all the time, and its agent has not said so; it stops now.
    world.running(tasks[0]);
    world.exited(tasks[0], 137);
    expect!["STOPPED TaskFailedToStart: Task failed to start: its host did not answer in time"]
        .assert_eq(&world.outcome(tasks[0]));
    world.connect(host);
    assert_eq!(
        world.effects(),
        ["close on session 2", "manifest of 0 on session 3", "stop on session 3", "stop on session 3"]
    );
}

#[test]
fn a_server_that_was_away_for_long_ends_nothing_that_runs() {
    let (mut world, host, tasks) = world();
    world.disconnect(host, SessionId(1));
    world.after(Duration::from_mins(45));
    world.connect(host);
    assert_eq!(
        world.effects(),
        ["manifest of 3 on session 2", "run on session 2", "run on session 2", "run on session 2"]
    );
    world.owed();
    assert!(world.effects().is_empty(), "its agent has only just come back");
    world.apply(Event::TaskAcknowledged { host, task: tasks[0] });
    world.running(tasks[1]);
    world.after(Duration::from_secs(10));
    world.owed();
    assert_eq!(world.effects(), ["stop on session 2"], "one was not answered for");
    assert_eq!(world.outcome(tasks[0]), "PENDING");
    assert_eq!(world.outcome(tasks[1]), "RUNNING");
}

#[test]
fn what_is_owed_is_what_has_no_answer() {
    let (mut world, host, tasks) = world();
    world.owed();
    assert!(world.effects().is_empty(), "the orders have only just left");
    world.after(Duration::from_secs(10));
    world.apply(Event::TaskAcknowledged { host, task: tasks[0] });
    world.stop(tasks[1]);
    world.owed();
    assert_eq!(world.effects(), ["run on session 1", "stop on session 1"]);
    world.disconnect(host, SessionId(1));
    world.owed();
    assert!(world.effects().is_empty());
}

#[test]
fn the_newest_session_holds() {
    let (mut world, host, _) = world();
    let opened =
        |session| Event::SessionOpened { host, session: SessionId(session), version_info: ecs::VersionInfo::default() };
    world.apply(opened(5));
    assert_eq!(world.effects()[..2], ["close on session 1", "manifest of 3 on session 5"]);
    let changed_at = world.host(host).connectivity_changed_at;
    world.after(Duration::from_secs(1));
    world.apply(opened(5));
    assert!(world.effects().is_empty() && world.step.writes.is_empty());
    world.apply(opened(3));
    assert_eq!(world.effects(), ["close on session 3"]);
    world.disconnect(host, SessionId(3));
    world.disconnect(host, SessionId(1));
    assert!(world.host(host).is_connected);
    assert_eq!(world.host(host).connectivity_changed_at, changed_at);
    world.disconnect(host, SessionId(5));
    assert_eq!(world.host(host).connectivity_changed_at, world.now);
}

#[test]
fn who_is_not_registered_has_no_session() {
    let (mut world, host, _) = world();
    let launched = world.launch("small");
    for host in [launched, HostId(9)] {
        world.connect(host);
        assert!(world.effects().last().is_some_and(|effect| effect.starts_with("close")), "{:?}", world.effects());
    }
    world.apply(Event::MachineGone { host });
    assert_eq!(world.effects(), ["close on session 1"]);
}

#[test]
fn stop_candidates_are_judged_by_the_state_of_the_moment() {
    let (mut world, host, tasks) = world();
    world.stop(tasks[1]);
    let ask = |session| Event::StopCandidates {
        host,
        session: SessionId(session),
        message_id: "m".to_owned(),
        tasks: vec![tasks[0], tasks[1], TaskId(9)],
    };
    world.apply(ask(1));
    let [Effect::Order { order: Order::VerifyStop { message_id, tasks: stop }, .. }] = &world.step.effects[..] else {
        panic!("{:?}", world.step.effects)
    };
    assert_eq!((message_id.as_str(), stop), ("m", &vec![tasks[1], TaskId(9)]));
    world.apply(ask(7));
    assert!(world.effects().is_empty());
}

#[test]
fn sequence_numbers_rise_on_any_clock() {
    let (mut world, host, _) = world();
    let before = world.host(host).sequence;
    assert!(before >= world.now.0);
    world.restart();
    world.connect(host);
    assert!(world.host(host).sequence > before);
}
