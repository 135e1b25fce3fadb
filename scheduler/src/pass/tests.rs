use std::time::Duration;

use berth_model::id::TaskId;
use berth_model::task::TaskStatus;
use expect_test::expect;

use super::*;
use crate::fixture::{World, request, settings, sized};
use crate::setting::Settings;

fn world(settings: Settings) -> World {
    World::new(settings)
}

fn placed(world: &World, tasks: &[TaskId]) -> usize {
    tasks.iter().filter(|task| world.task(**task).host.is_some()).count()
}

#[test]
fn the_class_that_waits_longest_is_served_first_and_order_holds_inside_a_class() {
    let mut world = world(settings());
    let (a, b) = (world.define(request(vec![sized(512, 512)])), world.define(request(vec![sized(500, 512)])));
    let mut tasks = Vec::new();
    for definition in [&a, &b, &a, &b] {
        tasks.extend(world.run(definition, 1));
        world.after(Duration::from_millis(1));
    }
    world.pool_host("small");
    world.place();
    // Class a is older: both of its tasks come before the first of class b.
    assert_eq!(
        tasks.iter().map(|task| world.task(*task).host.is_some()).collect::<Vec<_>>(),
        [true, false, true, false]
    );
}

#[test]
fn a_pass_is_bounded_and_says_so() {
    let mut world = world(settings());
    world.state.settings.placements_per_pass_max = 3;
    let definition = world.define(request(vec![sized(64, 64)]));
    let tasks = world.run(&definition, 10);
    world.pool_host("small");
    let mut course = Vec::new();
    while world.state.has_work_left() && course.len() < 10 {
        world.pass();
        course.push(placed(&world, &tasks));
    }
    assert_eq!(course, [3, 6, 9, 10]);

    world.state.settings.classes_per_pass_max = 2;
    let classes: Vec<TaskId> = (0..5)
        .flat_map(|n| {
            let definition = world.define(request(vec![sized(1024, 1024 + n)]));
            world.run(&definition, 1)
        })
        .collect();
    let mut course = Vec::new();
    while world.state.has_work_left() && course.len() < 10 {
        world.pass();
        course.push(world.reasons().len());
    }
    assert_eq!((course, placed(&world, &classes)), (vec![2, 4, 5], 0));
}

#[test]
fn every_class_has_its_turn_although_something_changes_all_the_time() {
    let mut world = world(settings());
    world.state.settings.classes_per_pass_max = 2;
    let host = world.pool_host("small");
    let runner = world.define(request(vec![sized(512, 512)]));
    let mut running = world.run(&runner, 2);
    world.place();
    let stuck: Vec<TaskId> = (0..5)
        .flat_map(|n| {
            let definition = world.define(request(vec![sized(1024, 512 + n)]));
            world.run(&definition, 1)
        })
        .collect();
    let young = world.define(request(vec![sized(500, 500)]));
    let young = world.run(&young, 1)[0];
    // Room for the young one comes and goes; the others never fit.
    for _ in 0..5 {
        world.exited(running.pop().unwrap_or(young), 0);
        world.pass();
        if world.task(young).host == Some(host) {
            assert_eq!(placed(&world, &stuck), 0);
            return;
        }
        running.extend(world.run(&runner, 1));
        world.pass();
    }
    panic!("starved behind classes that do not fit");
}

#[test]
fn a_task_that_joins_a_stuck_class_costs_no_visit() {
    let mut world = world(settings());
    world.pool_host("small");
    let definition = world.define(request(vec![sized(1000, 1000)]));
    world.run(&definition, 2);
    world.place();
    world.plan(crate::pool::HostPlan::default());
    world.run(&definition, 1);
    assert!(!world.state.has_work_left());
    assert!(world.state.needs_plan(), "one more waits");
}

#[test]
fn a_reason_is_written_when_it_changes_and_forgotten_with_its_class() {
    let mut world = world(settings());
    let definition = world.define(request(vec![sized(1000, 1000)]));
    let tasks = world.run(&definition, 3);
    world.place();
    expect!["no host is there yet"].assert_eq(&world.reason(tasks[0]));
    world.pool_host("small");
    world.place();
    let left = tasks.iter().copied().find(|task| world.task(*task).host.is_none()).unwrap();
    expect!["no room on 1 host: 1 lacks CPU (needs 1000 CPU units)"].assert_eq(&world.reason(left));
    let other = world.define(request(vec![sized(8, 8)]));
    let passing = world.run(&other, 1)[0];
    world.place();
    world.exited(passing, 0);
    world.pass();
    assert!(!world.step.writes.keys().any(|key| matches!(key, Key::Waiting(_))), "{:?}", world.step.writes);
    for task in tasks {
        world.stop(task);
    }
    assert!(world.reasons().is_empty());
}

#[test]
fn a_class_that_starves_gets_a_host_kept_for_it() {
    let mut world = world(settings());
    let (small, large) = (world.define(request(vec![sized(256, 512)])), world.define(request(vec![sized(1024, 1024)])));
    let hosts = [world.pool_host("small"), world.pool_host("small")];
    let mut running = world.run(&small, 5);
    world.place();
    world.after(Duration::from_secs(1));
    let starving = world.run(&large, 1)[0];
    world.place();
    expect!["no room on 2 hosts: 2 lack CPU (needs 1024 CPU units)"].assert_eq(&world.reason(starving));
    assert_eq!(world.state.next_deadline(), Some(world.now + Duration::from_mins(1)));
    world.plan(crate::pool::HostPlan::default());
    world.after(Duration::from_mins(1));
    world.tick();
    world.place();
    assert!(world.state.needs_plan(), "a host less for the younger ones");
    // The host with one task lacks less than the one with four.
    let kept = world.state.queue.keeps().len();
    assert_eq!(kept, 1);
    let younger = world.run(&small, 4);
    world.place();
    assert_eq!(placed(&world, &younger), 0);
    expect!["no room on 2 hosts: 1 lacks CPU (needs 256 CPU units), 1 is kept for a task that has waited longer"]
        .assert_eq(&world.reason(younger[0]));
    let is_alone = |world: &World, task: TaskId| {
        let host = world.task(task).host.unwrap();
        world.state.hosts.get(host).unwrap().tasks.len() == 1
    };
    let last = running.iter().copied().find(|task| is_alone(&world, *task)).unwrap();
    running.retain(|task| *task != last);
    world.exited(last, 0);
    world.place();
    assert_eq!(world.task(starving).last_status, TaskStatus::Pending);
    assert!(hosts.contains(&world.task(starving).host.unwrap()));
    assert!(world.state.queue.keeps().is_empty());
    world.exited(running[0], 0);
    world.place();
    assert_eq!(placed(&world, &younger), 1);
}

#[test]
fn a_kept_host_is_let_go_with_the_task_that_starved() {
    let mut world = world(settings());
    let (small, large) = (world.define(request(vec![sized(256, 512)])), world.define(request(vec![sized(1024, 1024)])));
    world.pool_host("small");
    world.run(&small, 1);
    world.place();
    let starving = world.run(&large, 1)[0];
    world.after(Duration::from_mins(1));
    world.tick();
    let behind = world.run(&large, 1)[0];
    world.after(Duration::from_secs(1));
    let younger = world.run(&small, 1)[0];
    world.place();
    expect!["no room on 1 host: 1 is kept for a task that has waited longer"].assert_eq(&world.reason(younger));
    // The next of its class has not waited long.
    world.stop(starving);
    world.place();
    assert_eq!(placed(&world, &[younger, behind]), 1);

    world.after(Duration::from_mins(1));
    world.tick();
    let youngest = world.run(&small, 1)[0];
    world.place();
    assert_eq!(placed(&world, &[youngest]), 0);
    world.stop(behind);
    world.place();
    assert_eq!(placed(&world, &[youngest]), 1);
}

#[test]
fn a_kept_host_that_goes_away_is_replaced_by_another() {
    let mut world = world(settings());
    let (small, large) = (world.define(request(vec![sized(512, 512)])), world.define(request(vec![sized(1024, 1024)])));
    let hosts = [world.pool_host("small"), world.pool_host("small")];
    world.run(&small, 4);
    world.place();
    world.run(&large, 1);
    world.after(Duration::from_mins(1));
    world.tick();
    world.place();
    let kept = |world: &World| {
        hosts.map(|host| world.state.hosts.fleet(&Domain::Pool(crate::fixture::fargate()))[&host].kept.is_some())
    };
    let first = kept(&world);
    assert_eq!(first.iter().filter(|is_kept| **is_kept).count(), 1);
    let session = world.state.hosts.get(hosts[usize::from(first[1])]).unwrap().session.unwrap();
    world.disconnect(hosts[usize::from(first[1])], session);
    world.place();
    assert_eq!(kept(&world), [first[1], first[0]]);
}

#[test]
fn no_host_is_kept_that_could_never_hold_the_task() {
    let mut world = world(settings());
    world.pool_host("small");
    let (small, large) =
        (world.define(request(vec![sized(1024, 512)])), world.define(request(vec![sized(2048, 1024)])));
    world.run(&small, 1);
    world.run(&large, 1);
    world.place();
    world.after(Duration::from_mins(5));
    world.tick();
    world.place();
    assert!(world.state.queue.keeps().is_empty());
    assert_eq!(world.state.next_deadline(), None);
}
