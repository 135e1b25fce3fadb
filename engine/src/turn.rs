//! One turn of the engine, pure: a batch of events goes in, everything that follows from it comes out as one step.

use berth_provisioner::plan::plan;
use berth_scheduler::event::{Event, Moment};
use berth_scheduler::state::State;
use berth_scheduler::step::{Reply, Step};

/// Lets a batch of events happen, places what waits, and plans the pools. Gives one reply for each event, in order.
///
/// `pass` is the moment of the placement and of the plan: not before those of the events. The step must be stored
/// before any reply leaves and any effect starts.
pub fn turn(state: &mut State, batch: Vec<(Moment, Event)>, pass: Moment) -> (Vec<Reply>, Step) {
    let mut step = Step::default();
    let replies = batch.into_iter().map(|(moment, event)| state.apply(moment, event, &mut step)).collect();
    state.place(pass, &mut step);
    if state.needs_plan() {
        let plans: Vec<_> = state.pools().map(|(pool, view)| plan(pool, &view, pass.now)).collect();
        for (n, plan) in (0..).zip(plans) {
            // Plans make ids, so each needs randomness that no other has.
            let moment = Moment { now: pass.now, entropy: pass.entropy.rotate_left(n) };
            state.apply_plan(moment, plan, &mut step);
        }
    }
    (replies, step)
}
