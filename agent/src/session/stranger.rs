//! Tasks that the server does not want any more, since this host seemed lost to it: nothing that was ordered after it said
//! so begins before they have ended. It counts what they take as free.

use std::collections::BTreeSet;
use std::time::Duration;

use berth_model::time::Timestamp;

use super::{Output, Session};

/// How long the server may take to say which of the tasks that its manifest did not name are to stop. It answers at once,
/// or after the agent has connected again; one that does not must not hold up what it has ordered.
const ANSWER_WITHIN: Duration = Duration::from_secs(30);

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Strangers {
    /// What was ordered above this timeline waits; nothing does without one.
    timeline: Option<i64>,
    /// Until when the server may answer which of the candidates are to stop.
    asked_until: Option<Timestamp>,
    /// Those that are to stop and have not ended.
    stopping: BTreeSet<String>,
}

impl Strangers {
    /// The server was asked about some tasks.
    pub(super) fn asked(&mut self, timeline: i64, now: Timestamp) {
        // What waits already waits for these, too.
        self.timeline.get_or_insert(timeline);
        self.asked_until = Some(now + ANSWER_WITHIN);
    }

    /// This is a new process: an earlier one may have known of strangers. The next manifest tells of them again.
    pub(super) fn restarted(&mut self, now: Timestamp) {
        self.asked(i64::MIN, now);
    }

    /// It has said which are to stop: these.
    pub(super) fn answered(&mut self, arns: impl Iterator<Item = String>) {
        self.asked_until = None;
        self.stopping.extend(arns);
    }

    /// True if a task has to wait that was ordered with this sequence number and of which nothing has begun.
    pub(super) fn hold_up(&self, sequence: i64) -> bool {
        self.timeline.is_some_and(|timeline| sequence > timeline) && !self.is_over()
    }

    /// When waiting for the answer is over.
    pub(super) fn deadline(&self) -> Option<Timestamp> {
        self.asked_until
    }

    fn is_over(&self) -> bool {
        self.asked_until.is_none() && self.stopping.is_empty()
    }
}

impl Session {
    /// Lets go on what has waited for strangers, once there are none any more.
    pub(super) fn release_held(&mut self, now: Timestamp, outputs: &mut Vec<Output>) {
        let Some(timeline) = self.strangers.timeline else {
            return;
        };
        if self.strangers.asked_until.is_some_and(|until| until <= now) {
            self.strangers.asked_until = None;
        }
        let tasks = &self.tasks;
        let is_there = |arn: &String| tasks.get(arn).is_some_and(|task| !task.record.is_over());
        self.strangers.stopping.retain(is_there);
        if !self.strangers.is_over() {
            return;
        }
        self.strangers.timeline = None;
        let held = self.tasks.iter().filter(|(_, task)| task.record.sequence > timeline);
        let held: Vec<String> = held.map(|(arn, _)| arn.clone()).collect();
        for arn in held {
            self.advance(now, &arn, outputs);
        }
    }
}
