use std::time::Duration;

use berth_model::ecs;
use berth_model::state_change::{StateChange, Subject};
use berth_model::task::DesiredStatus;

use crate::event::{Event, ReportedStatus};
use crate::fixture::{World, change, container, request, settings};
use crate::step::{Key, Row};

/// What was told since the last time, in short.
fn told(world: &mut World) -> Vec<String> {
    let text = |change: StateChange| match change.subject {
        Subject::Task(image) => {
            let task = &image.task;
            let is_stopping = if task.desired_status == DesiredStatus::Stopped { " to stop" } else { "" };
            let containers: Vec<_> = task.containers.iter().map(|one| one.last_status.as_str()).collect();
            let on = image.host.map_or("", |host| if host.is_connected { " on a host" } else { " on a host away" });
            format!("task {}{is_stopping} {}{on}", task.last_status.as_str(), containers.join(","))
        }
        Subject::Host(image) => {
            let connected = if image.host.is_connected { "connected" } else { "away" };
            let (status, running, used) = (image.host.status.as_str(), image.running_tasks, image.used.cpu.0);
            format!("host {status} {connected}, {running} running, {used} CPU")
        }
    };
    std::mem::take(&mut world.told).into_iter().map(text).collect()
}

#[test]
fn a_task_is_told_of_from_its_request_to_its_end() {
    let mut world = World::new(settings());
    let side = ecs::ContainerDefinition { essential: Some(false), ..container("side") };
    let definition = world.define(request(vec![container("main"), side]));
    world.pool_host("small");
    told(&mut world);
    let task = world.run(&definition, 1)[0];
    assert_eq!(told(&mut world), ["task PROVISIONING PENDING,PENDING"]);
    world.place();
    assert_eq!(told(&mut world), ["task PENDING PENDING,PENDING on a host"]);
    let host = world.task(task).host.unwrap();
    world.apply(Event::TaskAcknowledged { host, task });
    assert_eq!(told(&mut world), [""; 0], "nobody can see that");
    let main = || change("main", "RUNNING", None, None);
    world.report(task, ReportedStatus::Running, vec![main(), change("side", "RUNNING", None, None)]);
    assert_eq!(told(&mut world), ["task RUNNING RUNNING,RUNNING on a host"]);
    world.report(task, ReportedStatus::Running, vec![main()]);
    assert_eq!(told(&mut world), [""; 0], "a repeat is no news");
    world.report(task, ReportedStatus::Running, vec![change("side", "STOPPED", Some(0), None)]);
    assert_eq!(told(&mut world), ["task RUNNING RUNNING,STOPPED on a host"]);
    world.stop(task);
    assert_eq!(told(&mut world), ["task STOPPING to stop RUNNING,STOPPED on a host"]);
    world.report(task, ReportedStatus::Stopped, vec![change("main", "STOPPED", Some(137), None)]);
    assert_eq!(told(&mut world), ["task STOPPED to stop STOPPED,STOPPED on a host"]);
}

#[test]
fn a_task_that_never_had_a_host_is_told_to_stop_once() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let task = world.run(&definition, 1)[0];
    world.stop(task);
    assert_eq!(told(&mut world), ["task PROVISIONING PENDING", "task STOPPED to stop STOPPED"]);
}

#[test]
fn a_host_is_told_of_from_its_registration_to_its_end() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    let host = world.launch("small");
    assert_eq!(told(&mut world), [""; 0], "a machine that was only asked for is no container instance");
    world.register_launched(host);
    assert_eq!(told(&mut world), ["host active away, 0 running, 0 CPU"]);
    let session = world.connect(host);
    assert_eq!(told(&mut world), ["host active connected, 0 running, 0 CPU"]);
    let task = world.run(&definition, 1)[0];
    world.place();
    world.running(task);
    told(&mut world);
    world.disconnect(host, session);
    assert_eq!(told(&mut world), ["host active away, 1 running, 256 CPU"]);
    world.connect(host);
    world.exited(task, 0);
    told(&mut world);
    world.after(Duration::from_mins(2));
    world.apply(Event::MachineGone { host });
    assert_eq!(told(&mut world).last().map(String::as_str), Some("host gone away, 0 running, 0 CPU"));
}

#[test]
fn numbers_go_on_after_a_restart() {
    let mut world = World::new(settings());
    let definition = world.define(request(vec![container("main")]));
    world.run(&definition, 2);
    let before = world.state.last_change();
    world.restart();
    assert_eq!(world.state.last_change(), before, "nothing has changed");
    // The fixture checks that the numbers have no gap.
    world.run(&definition, 1);
    assert_eq!(world.state.last_change(), before.next());
    let row = world.step.writes.get(&Key::Change(before.next()));
    assert!(matches!(row, Some(Row::Change(change)) if change.at == world.now), "{row:?}");
}
