use expect_test::expect;

use super::*;
use crate::event::Event;
use crate::fixture::{World, container, ec2, request, settings};
use crate::setting::Settings;
use crate::step::Fact;
use berth_model::host::RuntimeStatus;
use berth_model::id::SessionId;

const MINUTE: Duration = Duration::from_mins(1);

#[test]
fn a_fresh_installation_has_the_cluster_default_and_a_deleted_one_stays_deleted() {
    let mut world = World::new(settings());
    let default = || crate::fixture::name("default");
    assert!(world.state.clusters[&default()].is_active);
    world.apply(Event::DeleteCluster { name: default() });
    world.restart();
    assert!(!world.state.clusters[&default()].is_active);
}

#[test]
fn a_lost_host_takes_its_tasks_with_it() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let pool = world.pool_host("small");
    let fixed = world.static_host(1024, 2048);
    let waiting = world.run(&definition, 1)[0];
    world.place();
    let placed = world.run_on(&definition, 1, ec2()).0[0];
    world.disconnect(pool, SessionId(1));
    world.disconnect(fixed, SessionId(2));
    world.after(9 * MINUTE);
    world.tick();
    assert_eq!(world.task(placed).last_status, berth_model::task::TaskStatus::Pending);
    world.after(MINUTE);
    assert_eq!(world.state.next_deadline(), Some(world.now));
    world.tick();
    let outcome = world.outcome(placed).replace(&fixed.to_string(), "HOST");
    expect!["STOPPED TerminationNotice: Host EC2 (instance HOST) terminated."].assert_eq(&outcome);
    assert!(world.outcome(waiting).starts_with("STOPPED TerminationNotice"));
    assert_eq!(world.host(pool).status, HostStatus::Terminating);
    assert_eq!(world.host(fixed).status, HostStatus::Active);
    world.owed();
    assert_eq!(world.effects(), ["terminate"]);
}

#[test]
fn a_static_host_that_was_away_too_long_comes_back_without_its_tasks() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let host = world.static_host(1024, 2048);
    let task = world.run_on(&definition, 1, ec2()).0[0];
    world.apply(Event::TaskAcknowledged { host, task });
    world.disconnect(host, SessionId(1));
    world.after(10 * MINUTE);
    world.tick();
    assert!(world.outcome(task).starts_with("STOPPED TerminationNotice"));
    assert_eq!((world.host(host).status, world.host(host).is_connected), (HostStatus::Active, false));
    assert_eq!(world.state.next_deadline(), None);
    assert_eq!(world.run_on(&definition, 1, ec2()).1[0].reason, "AGENT");

    world.after(10 * MINUTE);
    world.connect(host);
    assert_eq!(world.effects(), ["manifest of 0 on session 2"]);
    let tasks = vec![task];
    world.apply(Event::StopCandidates { host, session: SessionId(2), message_id: "m".to_owned(), tasks });
    assert_eq!(world.effects(), ["verify 1 on session 2"]);
    world.running(task);
    assert!(world.step.writes.is_empty());
    assert_eq!(world.run_on(&definition, 1, ec2()).0.len(), 1);
}

#[test]
fn a_static_host_that_loses_its_last_task_while_away_is_not_waited_for() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let host = world.static_host(1024, 2048);
    let task = world.run_on(&definition, 1, ec2()).0[0];
    world.disconnect(host, SessionId(1));
    assert_eq!(world.state.next_deadline(), Some(world.now + 10 * MINUTE));
    world.exited(task, 0);
    assert_eq!(world.state.next_deadline(), None);
}

#[test]
fn a_host_that_comes_back_in_time_is_not_lost() {
    let mut world = World::new(settings());
    let host = world.pool_host("small");
    world.disconnect(host, SessionId(1));
    world.after(9 * MINUTE);
    world.connect(host);
    world.after(5 * MINUTE);
    world.tick();
    assert_eq!(world.host(host).status, HostStatus::Active);
}

#[test]
fn many_hosts_are_not_lost_at_once() {
    let mut settings = Settings { hosts_lost_percent_per_minute: 40, ..settings() };
    settings.pools[0].hosts_max = 5;
    let mut world = World::new(settings);
    let hosts: Vec<HostId> = (0..5).map(|_| world.pool_host("small")).collect();
    // The fixture's own settings have another share.
    world.state.settings.hosts_lost_percent_per_minute = 40;
    world.apply(Event::Started);
    let lost = |world: &World| hosts.iter().filter(|host| world.host(**host).status == HostStatus::Terminating).count();
    world.after(10 * MINUTE);
    let mut course = Vec::new();
    for _ in 0..4 {
        world.tick();
        course.push(lost(&world));
        world.after(MINUTE);
    }
    // Two of five, then one of three (at least one) a minute.
    assert_eq!(course, [2, 3, 4, 5]);
}

#[test]
fn a_machine_that_never_registers_is_ended() {
    let mut world = World::new(settings());
    let host = world.launch("small");
    world.after(4 * MINUTE);
    world.apply(Event::LaunchSucceeded { host });
    world.after(4 * MINUTE);
    world.tick();
    assert_eq!(world.host(host).status, HostStatus::Launching);
    world.after(MINUTE);
    world.tick();
    assert_eq!(world.host(host).status, HostStatus::Terminating);
    assert!(world.state.needs_plan());
    world.register_launched(host);
    assert_eq!(world.host(host).status, HostStatus::Terminating);
    world.apply(Event::MachineGone { host });
    assert_eq!(world.host(host).status, HostStatus::Gone);
    assert_eq!(world.state.next_deadline(), Some(world.now + MINUTE), "when its type may be tried again");
}

#[test]
fn machines_that_never_register_are_tried_again_after_growing_pauses_and_with_a_reason() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let task = world.run(&definition, 1)[0];
    world.place();
    let mut pauses = Vec::new();
    for _ in 0..7 {
        // Two at a time count once.
        let hosts = [world.launch("small"), world.launch("small")];
        world.after(5 * MINUTE);
        world.tick();
        assert!(hosts.iter().all(|host| world.host(*host).status == HostStatus::Terminating));
        world.place();
        expect!["no host is there yet; launching small failed: a host of type small did not register within 5 min"]
            .assert_eq(&world.reason(task));
        let until = world.state.next_deadline().unwrap();
        pauses.push(until.since(world.now).as_secs() / 60);
        for host in hosts {
            world.apply(Event::MachineGone { host });
        }
        world.after(until.since(world.now));
        world.tick();
        assert!(world.state.needs_plan() && world.state.unavailable.is_empty());
    }
    assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30]);
    // One that works clears the type's name.
    let host = world.pool_host("small");
    world.apply(Event::RuntimeReport { host, status: RuntimeStatus::Ok, reason: None });
    world.launch("small");
    world.after(5 * MINUTE);
    world.apply(Event::Tick);
    assert!(world.facts().iter().any(|fact| matches!(fact, Fact::LaunchFailed { .. })));
    assert_eq!(world.state.next_deadline(), Some(world.now + MINUTE));
}

#[test]
fn a_machine_that_registers_and_never_connects_is_ended_and_its_type_rests() {
    // However soon other hosts count as lost.
    let mut world = World::new(Settings { host_lost_after: MINUTE, ..settings() });
    let host = world.launch("small");
    world.register_launched(host);
    world.after(4 * MINUTE);
    // An outage of the server is none of the agent's.
    world.restart();
    world.after(4 * MINUTE);
    world.tick();
    assert_eq!(world.host(host).status, HostStatus::Active);
    world.after(MINUTE);
    world.tick();
    assert_eq!(world.host(host).status, HostStatus::Terminating);
    let why = "a host of type small did not connect within 5 min";
    let is_it = |fact: &Fact| matches!(fact, Fact::LaunchFailed { reason, .. } if reason == why);
    assert!(world.facts().iter().any(is_it), "{:?}", world.facts());
    assert_eq!(world.state.next_deadline(), Some(world.now + MINUTE), "when its type may be tried again");
}

#[test]
fn a_type_whose_machines_cannot_run_containers_rests_longer_each_time() {
    let mut world = World::new(settings());
    let mut pauses = Vec::new();
    for _ in 0..3 {
        let host = world.pool_host("small");
        world.apply(Event::RuntimeReport { host, status: RuntimeStatus::Impaired, reason: None });
        let until = world.state.unavailable.values().next().unwrap().until;
        pauses.push(until.since(world.now).as_secs() / 60);
        world.after(until.since(world.now));
        world.tick();
    }
    assert_eq!(pauses, [1, 2, 4]);
    // Should the very host come to itself, so does the type.
    let host = world.pool_host("small");
    let mut report = |status| {
        world.apply(Event::RuntimeReport { host, status, reason: None });
        world.state.unavailable.len()
    };
    assert_eq!([RuntimeStatus::Impaired, RuntimeStatus::Ok].map(&mut report), [1, 0]);
    // One that has worked before is no sign of its type.
    assert_eq!(report(RuntimeStatus::Impaired), 0);
    let host = world.pool_host("small");
    world.apply(Event::RuntimeReport { host, status: RuntimeStatus::Impaired, reason: None });
    let until = world.state.unavailable.values().next().unwrap().until;
    assert_eq!(until, world.now + MINUTE, "the first failure again");
}

#[test]
fn an_outage_of_the_server_loses_no_host() {
    let mut world = World::new(settings());
    let host = world.pool_host("small");
    let launching = world.launch("small");
    world.after(60 * MINUTE);
    world.restart();
    world.tick();
    assert_eq!(world.host(host).status, HostStatus::Active);
    assert_eq!(world.host(host).idle_since, Some(world.now));
    assert_eq!(world.host(launching).status, HostStatus::Requested);
    world.owed();
    assert_eq!(world.effects(), ["launch small"]);
}

#[test]
fn closing_stops_what_is_placed_and_keeps_what_waits() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let busy = world.pool_host("small");
    let tasks = world.run(&definition, 6);
    world.place();
    let idle = world.launch("small");
    world.apply(Event::Closing);
    assert_eq!(world.host(idle).status, HostStatus::Terminating);
    assert_eq!(world.host(busy).status, HostStatus::Active);
    let placed: Vec<TaskId> = tasks.iter().copied().filter(|task| world.task(*task).host.is_some()).collect();
    assert_eq!(placed.len(), 4);
    let outcome = world.outcome(placed[0]).replace(&busy.to_string(), "HOST");
    expect!["STOPPING TerminationNotice: Host EC2 (instance HOST) terminated. Berth is closing."].assert_eq(&outcome);
    for task in &placed {
        world.exited(*task, 143);
    }
    assert_eq!(world.host(busy).status, HostStatus::Terminating);
    world.place();
    let left: Vec<String> =
        tasks.iter().filter(|task| !placed.contains(task)).map(|task| world.outcome(*task)).collect();
    assert_eq!(left, ["PROVISIONING", "PROVISIONING"]);
    assert!(!world.state.needs_plan() && !world.state.has_work_left());
    world.restart();
    assert!(world.state.has_work_left());
}

#[test]
fn clients_do_not_see_a_host_that_is_away_for_a_moment() {
    let mut world = World::new(settings());
    world.state.settings.host_disconnected_after = Duration::from_secs(10);
    let host = world.pool_host("small");
    let definition = world.define(request(vec![container("main")]));
    let told = world.told.len();
    world.disconnect(host, SessionId(1));
    assert!(world.host(host).is_connected);
    // It gets nothing to do meanwhile.
    let task = world.run(&definition, 1)[0];
    world.place();
    assert!(world.reason(task).contains("1 is not connected"), "{}", world.reason(task));
    world.after(Duration::from_secs(9));
    world.tick();
    world.connect(host);
    world.after(Duration::from_secs(9));
    world.disconnect(host, SessionId(2));
    world.after(Duration::from_secs(9));
    world.tick();
    assert!(world.host(host).is_connected, "each absence counts by itself");
    let is_of_host = |change: &berth_model::state_change::StateChange| {
        matches!(change.subject, berth_model::state_change::Subject::Host(_))
    };
    assert!(!world.told[told..].iter().any(is_of_host));
    world.after(Duration::from_secs(1));
    world.tick();
    assert!(!world.host(host).is_connected);
    assert_eq!(world.host(host).connectivity_changed_at, world.now);
    assert!(world.told[told..].iter().any(is_of_host));
    // It is lost ten minutes after it went, not after it was seen to have.
    world.after(9 * MINUTE + Duration::from_secs(50));
    world.tick();
    assert_eq!(world.host(host).status, HostStatus::Terminating);
}

#[test]
fn a_new_server_does_not_take_connected_hosts_for_disconnected() {
    let mut world = World::new(settings());
    let host = world.pool_host("small");
    world.state.settings.host_disconnected_after = Duration::from_secs(10);
    world.apply(Event::Started);
    world.after(Duration::from_secs(9));
    world.tick();
    assert!(world.host(host).is_connected);
    world.after(Duration::from_secs(1));
    world.tick();
    assert!(!world.host(host).is_connected);
}

#[test]
fn an_impaired_host_of_a_pool_is_replaced_once_its_tasks_are_gone() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let (host, fixed) = (world.pool_host("small"), world.static_host(1024, 2048));
    let task = world.run(&definition, 1)[0];
    world.place();
    world.running(task);
    let report = |world: &mut World, host, status| world.apply(Event::RuntimeReport { host, status, reason: None });
    report(&mut world, host, RuntimeStatus::Ok);
    report(&mut world, host, RuntimeStatus::Impaired);
    report(&mut world, fixed, RuntimeStatus::Impaired);
    assert_eq!(world.state.next_deadline(), None, "a task is on it, and the other one is its owner's");
    world.after(30 * MINUTE);
    world.tick();
    world.exited(task, 0);
    assert_eq!(world.state.next_deadline(), Some(world.now + 5 * MINUTE), "it may mend itself");
    report(&mut world, host, RuntimeStatus::Ok);
    assert_eq!(world.state.next_deadline(), None);
    report(&mut world, host, RuntimeStatus::Impaired);
    world.after(5 * MINUTE);
    world.tick();
    assert_eq!(world.host(host).status, HostStatus::Terminating);
    assert_eq!(world.host(fixed).status, HostStatus::Active);
}
