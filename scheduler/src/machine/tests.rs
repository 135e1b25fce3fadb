use std::time::Duration;

use berth_model::unit::Resources;
use expect_test::expect;

use super::*;
use crate::event::Event;
use crate::fixture::{World, container, fargate, request, settings, sized};
use crate::step::ClassId;

fn plan(kinds: &[&str]) -> HostPlan {
    let planned = |kind: &&str| PlannedHost { provider: fargate(), instance_type: (*kind).to_owned() };
    HostPlan { launch: kinds.iter().map(planned).collect(), ..HostPlan::default() }
}

#[test]
fn a_row_comes_before_its_machine_and_within_the_limits() {
    let mut settings = settings();
    settings.pools[0].quota = Some(Resources::new(6000, 12000));
    let mut world = World::new(settings);
    world.plan(plan(&["small", "unknown", "large", "small", "small"]));
    assert_eq!(world.effects(), ["launch small", "launch large"]);
    assert_eq!(world.step.writes.len(), 2);
    let view = world.state.pools().next().unwrap().1;
    assert_eq!(view.hosts.iter().map(|host| host.free.cpu.0).sum::<u64>(), 5120);
}

#[test]
fn a_failed_launch_is_remembered_until_its_type_may_be_tried_again() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let task = world.run(&definition, 1)[0];
    world.place();
    expect!["no host is there yet"].assert_eq(&world.reason(task));
    let host = world.launch("small");
    let retry_at = world.now + Duration::from_secs(30);
    world.apply(Event::LaunchFailed { host, reason: "out of stock".to_owned(), retry_at });
    assert_eq!(world.host(host).status, HostStatus::Gone);
    assert!(world.state.needs_plan());
    let view = world.state.pools().next().unwrap().1;
    assert_eq!(view.unavailable, [("small".to_owned(), retry_at)]);
    world.place();
    expect!["no host is there yet; launching small failed: out of stock"].assert_eq(&world.reason(task));
    world.plan(HostPlan::default());
    assert_eq!(world.state.next_deadline(), Some(retry_at));
    world.after(Duration::from_secs(30));
    world.tick();
    assert!(world.state.needs_plan());
    world.place();
    expect!["no host is there yet"].assert_eq(&world.reason(task));
}

#[test]
fn the_plan_sees_what_waits_and_says_what_is_done_for_it() {
    let mut world = World::new(settings());
    let (small, large) = (world.define(request(vec![sized(256, 512)])), world.define(request(vec![sized(2048, 512)])));
    world.run(&large, 2);
    world.after(Duration::from_secs(1));
    let task = world.run(&small, 3)[0];
    assert!(world.state.pools().next().unwrap().1.waiting.is_empty(), "no pass has looked at them yet");
    world.place();
    assert!(world.state.needs_plan());
    let view = world.state.pools().next().unwrap().1;
    let seen: Vec<String> = view.waiting.iter().map(|class| format!("{} x {}", class.count, class.class.0)).collect();
    assert_eq!(seen, ["2 x FARGATE/cpu=2048/memory=512", "3 x FARGATE/cpu=256/memory=512"]);
    let outlook = vec![
        (view.waiting[1].class.clone(), "1 host of type small is being launched".to_owned()),
        (ClassId("nobody".to_owned()), "never mind".to_owned()),
    ];
    let look_again_at = Some(world.now + Duration::from_secs(5));
    world.plan(HostPlan { outlook, look_again_at, ..plan(&["small"]) });
    assert!(!world.state.needs_plan());
    expect!["no host is there yet; 1 host of type small is being launched"].assert_eq(&world.reason(task));
    assert_eq!(world.state.next_deadline(), look_again_at);
    world.after(Duration::from_secs(5));
    world.tick();
    assert!(world.state.needs_plan());
}

#[test]
fn only_idle_hosts_are_ended() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![sized(1024, 512)]));
    let (busy, idle) = (world.pool_host("small"), world.pool_host("large"));
    let task = world.run(&definition, 1)[0];
    world.place();
    assert_eq!(world.task(task).host, Some(busy));
    let ended = HostPlan { terminate: vec![busy, idle, HostId(5)], ..HostPlan::default() };
    world.plan(ended.clone());
    assert_eq!(world.effects(), ["terminate"]);
    assert_eq!((world.host(busy).status, world.host(idle).status), (HostStatus::Active, HostStatus::Terminating));
    world.plan(ended);
    assert!(world.effects().is_empty());
    world.run(&definition, 1);
    world.place();
    assert!(world.effects().is_empty(), "a host that is to be ended takes no task");
}

#[test]
fn a_gone_machine_ends_its_tasks_once() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let host = world.pool_host("small");
    let fixed = world.static_host(100, 100);
    let task = world.run(&definition, 1)[0];
    world.place();
    for host in [host, host, fixed, HostId(3)] {
        world.apply(Event::MachineGone { host });
    }
    let outcome = world.outcome(task).replace(&host.to_string(), "HOST");
    expect!["STOPPED TerminationNotice: Host EC2 (instance HOST) terminated."].assert_eq(&outcome);
    assert_eq!((world.host(host).status, world.host(fixed).status), (HostStatus::Gone, HostStatus::Active));
}

#[test]
fn a_listing_finds_what_is_too_much_and_what_is_missing() {
    let mut world = World::new(settings());
    let connected = world.pool_host("small");
    let away = world.launch("small");
    world.register_launched(away);
    let launching = world.launch("small");
    world.apply(Event::LaunchSucceeded { host: launching });
    let ending = world.launch("small");
    world.plan(HostPlan { terminate: vec![ending], ..HostPlan::default() });
    world.after(Duration::from_secs(1));
    let requested = world.launch("small");
    let stranger = HostId(4711);
    let listed = |hosts: &[HostId], as_of| Event::MachinesListed {
        provider: fargate(),
        hosts: hosts.iter().copied().collect(),
        as_of,
    };
    // A listing from before says nothing of any of them.
    let before = world.now - Duration::from_secs(1);
    world.apply(listed(&[stranger], before));
    assert_eq!(world.effects(), ["terminate"]);
    assert_eq!(world.state.counts().hosts.values().sum::<usize>(), 5);
    world.apply(listed(&[ending, away], world.now));
    assert_eq!(world.effects(), ["terminate"]);
    let status = |host| world.host(host).status;
    assert_eq!(
        [connected, away, launching, ending, requested].map(status),
        [HostStatus::Active, HostStatus::Active, HostStatus::Gone, HostStatus::Terminating, HostStatus::Requested]
    );
    world.apply(listed(&[], world.now));
    assert_eq!((world.host(away).status, world.host(ending).status), (HostStatus::Gone, HostStatus::Gone));
}
