use std::time::Duration;

use crate::fixture::{World, request, settings, sized};

#[test]
fn a_keep_that_passes_to_a_younger_head_lets_older_tasks_in() {
    let mut world = World::new(settings());
    let small = world.define(request(vec![sized(512, 512)]));
    let (large, middle) =
        (world.define(request(vec![sized(1024, 1024)])), world.define(request(vec![sized(500, 512)])));
    world.pool_host("small");
    let running = world.run(&small, 2);
    world.place();
    let oldest = world.run(&large, 1)[0];
    world.after(Duration::from_secs(10));
    let between = world.run(&middle, 1)[0];
    world.after(Duration::from_secs(40));
    let youngest = world.run(&large, 1)[0];
    world.place();
    world.after(Duration::from_secs(10));
    world.tick();
    world.place();
    world.exited(running[0], 0);
    world.place();
    assert_eq!(world.state.queue.keeps().len(), 1);
    assert_eq!(world.task(between).host, None);
    world.stop(oldest);
    world.place();
    assert!(world.task(between).host.is_some() && world.task(youngest).host.is_none());
    assert!(world.state.queue.keeps().is_empty(), "the new head has waited ten seconds");
}

#[test]
fn a_class_born_together_with_a_change_is_not_served_before_those_that_wait() {
    for is_born_first in [true, false] {
        let mut world = World::new(settings());
        let [runner, older, newborn] = [1024, 1023, 1022].map(|cpu| world.define(request(vec![sized(cpu, 512)])));
        world.pool_host("small");
        let running = world.run(&runner, 1)[0];
        world.place();
        let older = world.run(&older, 1)[0];
        world.place();
        world.after(Duration::from_secs(1));
        if !is_born_first {
            world.exited(running, 0);
        }
        let newborn = world.run(&newborn, 1)[0];
        if is_born_first {
            world.exited(running, 0);
        }
        world.place();
        assert!(world.task(older).host.is_some() && world.task(newborn).host.is_none(), "{is_born_first}");
    }
}
