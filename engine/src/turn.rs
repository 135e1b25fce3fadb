//! One turn of the engine, pure: a batch of events goes in, everything that follows from it comes out as one step.

use berth_model::task::DesiredStatus;
use berth_provisioner::plan::plan;
use berth_scheduler::event::{Event, Moment};
use berth_scheduler::state::State;
use berth_scheduler::step::{Effect, Order, Reply, Step};

/// Lets a batch of events happen, places what waits, and plans the pools. Gives one reply for each event, in order.
///
/// `pass` is the moment of the placement and of the plan: not before those of the events. The step must be stored
/// before any reply leaves and any effect starts.
pub fn turn(state: &mut State, batch: Vec<(Moment, Event)>, pass: Moment) -> (Vec<Reply>, Step) {
    let mut step = Step::default();
    let replies = batch.into_iter().map(|(moment, event)| state.apply(moment, event, &mut step)).collect();
    state.place(pass, &mut step);
    if state.needs_plan() {
        // One after the other: pools on one backend share its limits.
        let mut n = 0;
        while let Some((pool, view)) = state.pool(n) {
            let plan = plan(pool, &view, pass.now);
            // Plans make ids, so each needs randomness that no other has.
            let turns = u32::try_from(n % 128).unwrap_or(0);
            let moment = Moment { now: pass.now, entropy: pass.entropy.rotate_left(turns) };
            state.apply_plan(moment, plan, &mut step);
            n += 1;
        }
    }
    step.effects.retain(|effect| still_holds(state, effect));
    (replies, step)
}

/// False for an order to run a task that is to run no more: an event may have ended what an earlier one of its batch
/// had ordered, and nobody may be told to run a task that is STOPPED.
fn still_holds(state: &State, effect: &Effect) -> bool {
    match effect {
        Effect::Order { order: Order::Run { task, .. }, .. } => {
            state.task(task.id).is_some_and(|task| task.desired_status == DesiredStatus::Running)
        }
        Effect::Order { .. } | Effect::Launch { .. } | Effect::Terminate { .. } => true,
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use berth_model::ecs::VersionInfo;
    use berth_model::id::{HostId, SessionId, TaskId};
    use berth_model::task::{Launch, StaticLaunchType, TaskStatus};
    use berth_model::time::Timestamp;
    use berth_scheduler::event::{ReportedStatus, TaskReport};
    use berth_scheduler::setting::Settings;
    use berth_scheduler::state::Rows;

    use super::*;
    use crate::sample;

    /// A state with a task that was placed and not acknowledged, on a host without a session.
    fn state() -> State {
        let mut task = sample::task(7, "c", "web");
        task.launch = Launch::Static(StaticLaunchType::Ec2);
        task.last_status = TaskStatus::Pending;
        task.host = Some(HostId(1));
        let rows = Rows {
            clusters: vec![sample::cluster("c")],
            capacity_providers: Vec::new(),
            account_settings: Vec::new(),
            task_definitions: vec![Arc::new(sample::definition("web", 3))],
            hosts: vec![sample::host(1, "c")],
            tasks: vec![task],
            ..Rows::default()
        };
        State::restore(Settings::default(), rows)
    }

    fn orders_to_run(events: Vec<Event>) -> usize {
        let moment = Moment { now: Timestamp(1_000), entropy: 1 };
        let batch = events.into_iter().map(|event| (moment, event)).collect();
        let (_, step) = turn(&mut state(), batch, moment);
        let is_run = |effect: &&Effect| matches!(effect, Effect::Order { order: Order::Run { .. }, .. });
        step.effects.iter().filter(is_run).count()
    }

    #[test]
    fn a_task_that_ends_in_the_turn_that_orders_it_is_not_ordered_to_run() {
        let opened =
            || Event::SessionOpened { host: HostId(1), session: SessionId(1), version_info: VersionInfo::default() };
        let stopped = Event::TaskReport(Box::new(TaskReport {
            task: TaskId(7),
            by: None,
            status: ReportedStatus::Stopped,
            reason: None,
            containers: Vec::new(),
            pull_started_at: None,
            pull_stopped_at: None,
            execution_stopped_at: None,
        }));
        assert_eq!(orders_to_run(vec![Event::Started, opened()]), 1);
        assert_eq!(orders_to_run(vec![Event::Started, opened(), stopped]), 0);
    }
}
