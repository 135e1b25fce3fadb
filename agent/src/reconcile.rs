//! What is to be done next for a task: its record (what should be) against what is going on (what was observed).
//!
//! Pure: the same task gives the same decisions. It is asked again after each change, so each call only says what can
//! be done now; whatever has to wait for something is decided when that has happened.

use berth_model::time::Timestamp;

use crate::record::{ContainerRecord, Phase, Record};

/// What is going on with a container, apart from its record. Forgotten when the agent ends.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Work {
    /// What the runtime was asked for and has not answered.
    pub in_flight: Option<Operation>,
    /// True once a creation in flight was told to give up.
    pub is_cancelled: bool,
    /// True once its end is being waited for.
    pub is_watched: bool,
    /// How far its output is.
    pub output: Output,
    /// The record's version when it entered its phase. What must not happen before that is on disk waits for it.
    pub phase_version: u64,
    /// Earliest moment for the next try, after something failed.
    pub retry_at: Option<Timestamp>,
}

/// Something a runtime takes time for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operation {
    /// To pull the image and create the container.
    Create,
    /// To start it.
    Start,
    /// To stop it.
    Stop,
    /// To remove it.
    Remove,
}

/// How far a container's output is on its way to the server.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Output {
    /// Nobody reads it.
    #[default]
    Unread,
    /// It is being shipped.
    Followed,
    /// All of it was shipped, or given up.
    Shipped,
}

/// What to do for a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// Pull its image and create it.
    Create,
    /// Give up pulling its image.
    Cancel,
    /// Start it.
    Start,
    /// Wait for its end.
    Watch,
    /// Ship its output.
    Follow,
    /// Stop it.
    Stop,
    /// Remove it.
    Remove,
    /// It never ran and never will: it has ended.
    Settle,
}

/// Says what can be done now, for each container by its place in the record.
///
/// `work` has one entry for each container; `saved_version` is the newest version of the record that is on disk.
pub fn reconcile(record: &Record, work: &[Work], saved_version: u64, now: Timestamp) -> Vec<(usize, Decision)> {
    let is_stopping = record.is_stopping();
    let mut decisions = Vec::new();
    let mut may_start = true;
    for (at, (container, work)) in record.containers.iter().zip(work).enumerate() {
        let is_saved = saved_version >= work.phase_version;
        let is_free = work.in_flight.is_none() && work.retry_at.is_none_or(|retry_at| retry_at <= now);
        match container.phase {
            Phase::New | Phase::Created if is_stopping => {
                if work.in_flight.is_none() {
                    decisions.push((at, Decision::Settle));
                } else if container.phase == Phase::New && !work.is_cancelled {
                    decisions.push((at, Decision::Cancel));
                }
            }
            Phase::New if is_free => decisions.push((at, Decision::Create)),
            Phase::Created if is_free && is_saved && may_start => {
                decisions.push((at, Decision::Start));
            }
            Phase::New | Phase::Created => {}
            Phase::Running => running(at, work, is_stopping && is_free, &mut decisions),
            Phase::Ended => ended(at, container, work, is_free && is_saved, &mut decisions),
        }
        // Containers start in the order of their definition, each after the one before runs.
        may_start &= container.phase >= Phase::Running;
    }
    decisions
}

fn running(at: usize, work: &Work, may_stop: bool, decisions: &mut Vec<(usize, Decision)>) {
    if !work.is_watched {
        decisions.push((at, Decision::Watch));
    }
    if work.output == Output::Unread {
        decisions.push((at, Decision::Follow));
    }
    if may_stop {
        decisions.push((at, Decision::Stop));
    }
}

/// A container that has ended is removed once its exit code is on disk and its output is at the server.
fn ended(
    at: usize,
    container: &ContainerRecord,
    work: &Work,
    may_remove: bool,
    decisions: &mut Vec<(usize, Decision)>,
) {
    if container.is_removed {
        return;
    }
    if container.has_run && work.output == Output::Unread {
        decisions.push((at, Decision::Follow));
    }
    if may_remove && (!container.has_run || work.output == Output::Shipped) {
        decisions.push((at, Decision::Remove));
    }
}

#[cfg(test)]
mod tests {
    use berth_model::acs::{PayloadContainer, PayloadTask};
    use berth_model::task::DesiredStatus;

    use super::*;

    fn record(phases: &[Phase]) -> Record {
        let containers = phases.iter().map(|_| PayloadContainer { essential: true, ..PayloadContainer::default() });
        let task = PayloadTask { containers: containers.collect(), ..PayloadTask::default() };
        let mut record = Record::accepted(task, 1);
        for (container, phase) in record.containers.iter_mut().zip(phases) {
            container.phase = *phase;
            container.has_run = *phase >= Phase::Running;
        }
        record
    }

    fn check(record: &Record, work: &[Work], saved: u64, expected: &[(usize, Decision)]) {
        assert_eq!(reconcile(record, work, saved, Timestamp(0)), expected);
    }

    #[test]
    fn containers_are_created_together_and_started_one_after_the_other() {
        let work = [Work::default(), Work::default()];
        check(&record(&[Phase::New, Phase::New]), &work, 1, &[(0, Decision::Create), (1, Decision::Create)]);
        check(&record(&[Phase::Created, Phase::Created]), &work, 1, &[(0, Decision::Start)]);
        let expected = [(0, Decision::Watch), (0, Decision::Follow), (1, Decision::Start)];
        check(&record(&[Phase::Running, Phase::Created]), &work, 1, &expected);
    }

    #[test]
    fn nothing_starts_before_its_creation_is_on_disk() {
        let work = [Work { phase_version: 2, ..Work::default() }];
        check(&record(&[Phase::Created]), &work, 1, &[]);
        check(&record(&[Phase::Created]), &work, 2, &[(0, Decision::Start)]);
    }

    #[test]
    fn nothing_is_removed_before_its_exit_code_is_on_disk_and_its_output_shipped() {
        let shipped = |phase_version| [Work { output: Output::Shipped, phase_version, ..Work::default() }];
        check(&record(&[Phase::Ended]), &shipped(3), 2, &[]);
        check(&record(&[Phase::Ended]), &shipped(3), 3, &[(0, Decision::Remove)]);
        check(&record(&[Phase::Ended]), &[Work::default()], 3, &[(0, Decision::Follow)]);
    }

    #[test]
    fn the_end_of_an_essential_container_stops_the_others() {
        let followed = Work { is_watched: true, output: Output::Followed, ..Work::default() };
        let busy = Work { in_flight: Some(Operation::Create), ..Work::default() };
        let work = [followed.clone(), followed, Work::default(), busy];
        let task = record(&[Phase::Ended, Phase::Running, Phase::Created, Phase::New]);
        check(&task, &work, 1, &[(1, Decision::Stop), (2, Decision::Settle), (3, Decision::Cancel)]);
    }

    #[test]
    fn a_stop_waits_for_a_start_in_flight() {
        let mut task = record(&[Phase::Created]);
        task.desired = DesiredStatus::Stopped;
        check(&task, &[Work { in_flight: Some(Operation::Start), ..Work::default() }], 1, &[]);
        check(&task, &[Work::default()], 1, &[(0, Decision::Settle)]);
    }
}
