//! What is to be done next for a task: its record (what should be) against what is going on (what was observed).
//!
//! Pure: the same task gives the same decisions. It is asked again after each change, so each call only says what can
//! be done now; whatever has to wait for something is decided when that has happened.

use std::time::Duration;

use berth_model::acs::{DOCKER_HEALTH_CHECK, PayloadContainer, PayloadRestartPolicy, RESTART_ATTEMPT_SECONDS};
use berth_model::task::HealthStatus;
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
    /// True once its health is being followed.
    pub is_probed: bool,
    /// What its health check has found, as far as this process knows.
    pub health: HealthStatus,
    /// When this process first heard of that; `None` if of nothing yet.
    pub health_since: Option<Timestamp>,
    /// When this process first saw it run.
    pub started_at: Option<Timestamp>,
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
    /// The same, and it was started again since: what it has written then is still to be read.
    Outdated,
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
    /// Follow its health.
    Probe,
    /// Ship its output.
    Follow,
    /// Stop it.
    Stop,
    /// Remove it.
    Remove,
    /// It never ran and never will: it has ended.
    Settle,
    /// The same, since what it waits for cannot happen any more.
    Abandon,
}

/// Whether what a container waits for has happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Wait {
    Over,
    Open,
    /// It never will.
    Vain,
}

/// Says what can be done now, for each container by its place in the record.
///
/// `work` has one entry for each container; `saved_version` is the newest version of the record that is on disk.
pub fn reconcile(record: &Record, work: &[Work], saved_version: u64, now: Timestamp) -> Vec<(usize, Decision)> {
    let is_stopping = record.is_stopping();
    let mut decisions = Vec::new();
    // What a holder holds is named when the others are created, and there when they are started.
    let (mut is_held, mut may_start) = (true, true);
    for (at, (container, own)) in record.containers.iter().zip(work).enumerate() {
        let is_saved = saved_version >= own.phase_version;
        let is_free = own.in_flight.is_none() && own.retry_at.is_none_or(|retry_at| retry_at <= now);
        if container.is_holder() {
            decisions.extend(holder(record, container, own, is_free, is_saved).map(|decision| (at, decision)));
            is_held = container.phase >= Phase::Created;
            may_start = container.phase == Phase::Running;
            continue;
        }
        // What it waited for has happened when it was first started.
        let is_restarting = container.is_restarting();
        let wait = if is_restarting { Wait::Over } else { wait(record, work, container, now) };
        match container.phase {
            Phase::New | Phase::Created if is_stopping => {
                if own.in_flight.is_none() {
                    decisions.push((at, Decision::Settle));
                } else if container.phase == Phase::New && !own.is_cancelled {
                    decisions.push((at, Decision::Cancel));
                }
            }
            Phase::New | Phase::Created
                if own.in_flight.is_none() && (wait == Wait::Vain || lacks_source(record, container)) =>
            {
                decisions.push((at, Decision::Abandon));
            }
            // Not before it may start: Docker fills an empty volume from the image of a container that is created with it.
            Phase::New if is_free && is_held && wait == Wait::Over && has_sources(record, &container.name) => {
                decisions.push((at, Decision::Create));
            }
            Phase::Created if is_free && is_saved && (may_start || is_restarting) && wait == Wait::Over => {
                decisions.push((at, Decision::Start));
            }
            Phase::New | Phase::Created => {}
            Phase::Running => {
                let may_stop = is_stopping && is_free && !is_needed(record, work, &container.name);
                let order = record.task.as_ref().and_then(|task| task.containers.get(at));
                running(at, own, order.is_some_and(has_probe), may_stop, &mut decisions);
            }
            Phase::Ended => {
                let may_remove = is_free && is_saved && (is_stopping || !is_source(record, &container.name));
                ended(at, container, own, may_remove, &mut decisions);
            }
        }
        // Containers start in the order of their definition, each after the one before runs, but for those that wait.
        may_start &= container.phase >= Phase::Running || is_restarting || wait != Wait::Over;
    }
    decisions
}

/// What can be done for a holder: it comes before all others and goes after them. It has nothing to say and nothing to
/// lose, so it is not stopped but removed.
fn holder(
    record: &Record,
    container: &ContainerRecord,
    work: &Work,
    is_free: bool,
    is_saved: bool,
) -> Option<Decision> {
    let is_stopping = record.is_stopping();
    let is_last = record.own().all(|other| other.is_removed);
    match container.phase {
        Phase::New if is_stopping => work.in_flight.is_none().then_some(Decision::Settle),
        Phase::New => is_free.then_some(Decision::Create),
        Phase::Running if !work.is_watched && !is_last => Some(Decision::Watch),
        Phase::Created if !is_stopping => (is_free && is_saved).then_some(Decision::Start),
        Phase::Created | Phase::Running | Phase::Ended => {
            (is_free && is_last && !container.is_removed).then_some(Decision::Remove)
        }
    }
}

/// When something that is still waited for will have taken longer than its time-out allows, if it has one.
pub fn give_up_at(record: &Record, work: &[Work], now: Timestamp) -> Option<Timestamp> {
    let waits = record.containers.iter().filter(|one| one.phase < Phase::Running && !one.is_restarting());
    let names = waits.flat_map(|container| dependencies(record, &container.name)).map(|(name, _)| name);
    names.filter_map(|name| time_out(record, work, name)).filter(|at| *at > now).min()
}

/// The first thing that a container waits for in vain: a name and a condition.
pub fn waited_in_vain<'a>(record: &'a Record, work: &[Work], at: usize, now: Timestamp) -> Option<(&'a str, &'a str)> {
    let own = &record.containers.get(at)?.name;
    waits(record, work, own, now).find(|(_, wait)| *wait == Wait::Vain).map(|(dependency, _)| dependency)
}

/// Whether a container may start.
fn wait(record: &Record, work: &[Work], container: &ContainerRecord, now: Timestamp) -> Wait {
    waits(record, work, &container.name, now).map(|(_, wait)| wait).max().unwrap_or(Wait::Over)
}

/// What a container waits for, and whether it has happened.
fn waits<'a>(
    record: &'a Record,
    work: &[Work],
    name: &str,
    now: Timestamp,
) -> impl Iterator<Item = ((&'a str, &'a str), Wait)> {
    let one = move |(name, condition): (&str, &str)| {
        let mut containers = record.containers.iter().zip(work);
        let Some((other, its)) = containers.find(|(other, _)| other.name == name) else { return Wait::Vain };
        let is_over = match condition {
            "START" => other.has_run,
            "COMPLETE" => other.has_run && other.phase == Phase::Ended,
            "SUCCESS" => other.phase == Phase::Ended && other.exit_code == Some(0),
            // One that is found UNHEALTHY may still come to be well.
            "HEALTHY" => other.phase == Phase::Running && its.health == HealthStatus::Healthy,
            _ => return Wait::Vain,
        };
        let is_late = || time_out(record, work, name).is_some_and(|at| at <= now);
        match is_over {
            true => Wait::Over,
            false if other.phase == Phase::Ended || is_late() => Wait::Vain,
            false => Wait::Open,
        }
    };
    dependencies(record, name).map(move |dependency| (dependency, one(dependency)))
}

/// What a container waits for: names and conditions.
fn dependencies<'a>(record: &'a Record, name: &str) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
    let containers = record.task.as_ref().map(|task| task.containers.as_slice()).unwrap_or_default();
    let own = containers.iter().find(|container| container.name == name);
    let all = own.map(|container| container.depends_on.as_slice()).unwrap_or_default();
    // A container can only be linked to one that runs.
    let linked = own.into_iter().flat_map(links).map(|name| (name, "START"));
    all.iter().map(|one| (one.container_name.as_str(), one.condition.as_str())).chain(linked)
}

/// The containers that one is linked to.
fn links(container: &PayloadContainer) -> impl Iterator<Item = &str> {
    container.links.iter().map(|link| link.split_once(':').map_or(link.as_str(), |(name, _)| name))
}

/// The containers that must be there before one can be created: those whose mounts it has, and that it is linked to.
fn sources<'a>(record: &'a Record, name: &str) -> impl Iterator<Item = &'a ContainerRecord> + use<'a> {
    let containers = record.task.as_ref().map(|task| task.containers.as_slice()).unwrap_or_default();
    let own = containers.iter().find(|container| container.name == name);
    let mounts = own.into_iter().flat_map(|own| &own.volumes_from).filter_map(|from| from.source_container.as_deref());
    let names = mounts.chain(own.into_iter().flat_map(links));
    names.filter_map(|name| record.containers.iter().find(|other| other.name == name))
}

/// True if what it needs to be created is there.
fn has_sources(record: &Record, name: &str) -> bool {
    sources(record, name).all(|source| source.phase >= Phase::Created && !source.is_removed)
}

/// True if what it needs to be created never will be there.
fn lacks_source(record: &Record, container: &ContainerRecord) -> bool {
    container.phase == Phase::New && sources(record, &container.name).any(|source| source.is_removed)
}

/// True while another container has yet to be created that needs this one for it.
fn is_source(record: &Record, name: &str) -> bool {
    let mut waiting = record.containers.iter().filter(|other| other.phase == Phase::New);
    waiting.any(|other| sources(record, &other.name).any(|source| source.name == name))
}

/// When the time of a container that was started is over to come to what others wait for. An agent that starts anew
/// counts anew.
fn time_out(record: &Record, work: &[Work], name: &str) -> Option<Timestamp> {
    let at = record.containers.iter().position(|container| container.name == name)?;
    let container = record.task.as_ref()?.containers.get(at)?;
    let seconds = u64::try_from(container.start_timeout?).ok()?;
    Some(work.get(at)?.started_at? + Duration::from_secs(seconds))
}

/// True while a container runs, or is just being started, that waited for this one or has its mounts: it stops first.
fn is_needed(record: &Record, work: &[Work], name: &str) -> bool {
    let runs =
        |other: &ContainerRecord, its: &Work| other.phase == Phase::Running || its.in_flight == Some(Operation::Start);
    let mut others = record.containers.iter().zip(work).filter(|(other, its)| runs(other, its));
    others.any(|(other, _)| {
        let awaited = dependencies(record, &other.name).map(|(needed, _)| needed);
        awaited.chain(sources(record, &other.name).map(|source| source.name.as_str())).any(|needed| needed == name)
    })
}

/// True if somebody wants to know what the container's health check finds.
pub fn has_probe(container: &PayloadContainer) -> bool {
    container.health_check_type == DOCKER_HEALTH_CHECK
}

/// The container's restart policy, if it has one that is not switched off.
pub fn restart_policy(container: &PayloadContainer) -> Option<&PayloadRestartPolicy> {
    container.restart_policy.as_ref().filter(|policy| policy.enabled)
}

/// True if a container whose run has ended is to be started again: by its policy, unless its exit code is ignored, it ran
/// too short a time, or the task is to end. One whose exit code nobody knows is not there any more.
pub fn restarts(record: &Record, at: usize, exit_code: Option<i32>, ran_for: Duration) -> bool {
    let order = record.task.as_ref().and_then(|task| task.containers.get(at));
    let Some(policy) = order.and_then(restart_policy) else { return false };
    let seconds = policy.restart_attempt_period.filter(|seconds| *seconds >= 0).unwrap_or(RESTART_ATTEMPT_SECONDS);
    let period = Duration::from_secs(seconds.unsigned_abs());
    let is_ignored = |code: i32| policy.ignored_exit_codes.contains(&code);
    let has_ended = record.containers.get(at).is_none_or(|container| container.phase == Phase::Ended);
    !has_ended && !record.is_stopping() && exit_code.is_some_and(|code| !is_ignored(code)) && ran_for >= period
}

fn running(at: usize, work: &Work, has_probe: bool, may_stop: bool, decisions: &mut Vec<(usize, Decision)>) {
    if !work.is_watched {
        decisions.push((at, Decision::Watch));
    }
    if has_probe && !work.is_probed {
        decisions.push((at, Decision::Probe));
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
    use berth_model::acs::{PayloadContainer, PayloadDependency, PayloadTask};
    use berth_model::ecs::VolumeFrom;
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

    fn waits(record: &mut Record, at: usize, name: &str, condition: &str) {
        let task = record.task.as_mut().unwrap();
        for (container, own) in task.containers.iter_mut().zip(&mut record.containers) {
            container.name.clone_from(&own.name);
        }
        let (container_name, condition) = (name.to_owned(), condition.to_owned());
        task.containers[at].depends_on.push(PayloadDependency { container_name, condition });
    }

    fn named(phases: &[Phase]) -> Record {
        let mut record = record(phases);
        for (container, name) in record.containers.iter_mut().zip(["a", "b", "c"]) {
            container.name = name.to_owned();
            container.is_essential = false;
        }
        record
    }

    #[test]
    fn a_container_starts_once_what_it_waits_for_has_happened_and_others_do_not_wait_for_it() {
        let work = [Work::default(), Work::default(), Work::default()];
        let watched = Work { is_watched: true, output: Output::Followed, ..Work::default() };
        let mut task = named(&[Phase::Created, Phase::Created, Phase::Created]);
        waits(&mut task, 0, "b", "SUCCESS");
        check(&task, &work, 1, &[(1, Decision::Start)]);
        task.containers[1].phase = Phase::Running;
        task.containers[1].has_run = true;
        let running = [Work::default(), watched.clone(), Work::default()];
        check(&task, &running, 1, &[(2, Decision::Start)]);
        task.containers[1].phase = Phase::Ended;
        task.containers[1].is_removed = true;
        task.containers[2].phase = Phase::Running;
        let ended = [Work::default(), watched.clone(), watched];
        task.containers[1].exit_code = Some(1);
        check(&task, &ended, 1, &[(0, Decision::Abandon)]);
        task.containers[1].exit_code = Some(0);
        check(&task, &ended, 1, &[(0, Decision::Start)]);
    }

    /// Has one container link to another, and a third mount what that one mounts.
    fn need(record: &mut Record) {
        let task = record.task.as_mut().unwrap();
        for (container, own) in task.containers.iter_mut().zip(&record.containers) {
            container.name.clone_from(&own.name);
        }
        task.containers[0].links = vec!["b:db".to_owned()];
        let source_container = Some("b".to_owned());
        task.containers[2].volumes_from = vec![VolumeFrom { source_container, read_only: None }];
    }

    #[test]
    fn a_container_is_created_after_those_it_needs_and_started_after_those_it_is_linked_to() {
        let work = [Work::default(), Work::default(), Work::default()];
        let mut task = named(&[Phase::New, Phase::New, Phase::New]);
        need(&mut task);
        check(&task, &work, 1, &[(1, Decision::Create)]);
        task.containers[1].phase = Phase::Created;
        check(&task, &work, 1, &[(1, Decision::Start), (2, Decision::Create)]);
        task.containers[2].phase = Phase::Created;
        let starting = Work { in_flight: Some(Operation::Start), ..Work::default() };
        check(&task, &[Work::default(), starting, Work::default()], 1, &[]);
        task.containers[1].phase = Phase::Running;
        task.containers[1].has_run = true;
        let watched = Work { is_watched: true, output: Output::Followed, ..Work::default() };
        let work = [Work::default(), watched, Work::default()];
        check(&task, &work, 1, &[(0, Decision::Create)]);
        task.containers[0].phase = Phase::Created;
        check(&task, &work, 1, &[(0, Decision::Start)]);
    }

    #[test]
    fn what_others_need_stays_until_they_are_created_and_without_it_they_never_are() {
        let shipped = Work { output: Output::Shipped, ..Work::default() };
        let work = [Work { in_flight: Some(Operation::Create), ..Work::default() }, shipped, Work::default()];
        let mut task = named(&[Phase::New, Phase::Ended, Phase::Created]);
        need(&mut task);
        task.containers[1].has_run = true;
        check(&task, &work, 1, &[]);
        task.containers[0].phase = Phase::Created;
        let [_, shipped, last] = work;
        check(&task, &[Work::default(), shipped, last], 1, &[(0, Decision::Start), (1, Decision::Remove)]);
        let mut task = named(&[Phase::New, Phase::Ended, Phase::New]);
        need(&mut task);
        task.containers[1].is_removed = true;
        let work = [Work::default(), Work::default(), Work::default()];
        check(&task, &work, 1, &[(0, Decision::Abandon), (2, Decision::Abandon)]);
    }

    #[test]
    fn what_is_to_be_healthy_is_waited_for_until_it_is_or_has_ended() {
        let mut task = named(&[Phase::Created, Phase::Running]);
        waits(&mut task, 0, "b", "HEALTHY");
        let watched = Work { is_watched: true, output: Output::Followed, ..Work::default() };
        let found = |health| [Work::default(), Work { health, ..watched.clone() }];
        check(&task, &found(HealthStatus::Unknown), 1, &[]);
        check(&task, &found(HealthStatus::Healthy), 1, &[(0, Decision::Start)]);
        check(&task, &found(HealthStatus::Unhealthy), 1, &[]);
        task.containers[1].phase = Phase::Ended;
        task.containers[1].is_removed = true;
        check(&task, &found(HealthStatus::Healthy), 1, &[(0, Decision::Abandon)]);
        // It has run before: what it waited for then is no matter any more.
        task.containers[0].restarted_after = Some(Timestamp(1));
        check(&task, &found(HealthStatus::Unhealthy), 1, &[(0, Decision::Start)]);
    }

    #[test]
    fn what_takes_longer_than_its_time_out_is_waited_for_in_vain() {
        let mut task = named(&[Phase::Created, Phase::Running]);
        waits(&mut task, 0, "b", "COMPLETE");
        task.task.as_mut().unwrap().containers[1].start_timeout = Some(5);
        let watched =
            Work { is_watched: true, output: Output::Followed, started_at: Some(Timestamp(1_000)), ..Work::default() };
        let work = [Work::default(), watched];
        assert_eq!(reconcile(&task, &work, 1, Timestamp(5_999)), []);
        assert_eq!(give_up_at(&task, &work, Timestamp(5_999)), Some(Timestamp(6_000)));
        assert_eq!(reconcile(&task, &work, 1, Timestamp(6_000)), [(0, Decision::Abandon)]);
        assert_eq!(give_up_at(&task, &work, Timestamp(6_000)), None);
    }

    #[test]
    fn containers_stop_in_the_reverse_order() {
        let watched = Work { is_watched: true, output: Output::Followed, ..Work::default() };
        let mut task = named(&[Phase::Running, Phase::Running]);
        waits(&mut task, 0, "b", "START");
        task.desired = DesiredStatus::Stopped;
        let work = [watched.clone(), watched.clone()];
        check(&task, &work, 1, &[(0, Decision::Stop)]);
        // One that is just being started will have to be stopped, too.
        task.containers[0].phase = Phase::Created;
        let starting = Work { in_flight: Some(Operation::Start), ..Work::default() };
        check(&task, &[starting, watched], 1, &[]);
        task.containers[0].phase = Phase::Ended;
        task.containers[0].is_removed = true;
        check(&task, &work, 1, &[(1, Decision::Stop)]);
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

    /// A task of a holder and another container.
    fn held(holder: Phase, other: Phase) -> Record {
        let mut record = record(&[holder, other]);
        record.containers[0].name = crate::holder::NAME.to_owned();
        record.containers[0].is_essential = true;
        record
    }

    #[test]
    fn a_holder_comes_first_and_goes_last() {
        use Phase::{Created, Ended, New, Running};
        let watched = Work { is_watched: true, output: Output::Followed, ..Work::default() };
        let work = [Work::default(), Work::default()];
        check(&held(New, New), &work, 1, &[(0, Decision::Create)]);
        check(&held(Created, New), &work, 1, &[(0, Decision::Start), (1, Decision::Create)]);
        let unsaved = [Work { phase_version: 2, ..Work::default() }, Work::default()];
        check(&held(Created, Created), &unsaved, 1, &[]);
        check(&held(Running, Created), &work, 1, &[(0, Decision::Watch), (1, Decision::Start)]);
        let shipped = Work { output: Output::Shipped, ..Work::default() };
        let mut task = held(Running, Ended);
        check(&task, &[watched.clone(), shipped.clone()], 1, &[(1, Decision::Remove)]);
        task.containers[1].is_removed = true;
        check(&task, &[watched.clone(), shipped.clone()], 1, &[(0, Decision::Remove)]);
        let removing = Work { in_flight: Some(Operation::Remove), ..watched.clone() };
        check(&task, &[removing, shipped], 1, &[]);
    }

    #[test]
    fn a_holder_that_ends_takes_its_task_with_it() {
        use Phase::{Created, Ended, New, Running};
        let watched = Work { is_watched: true, output: Output::Followed, ..Work::default() };
        check(&held(Ended, Running), &[watched.clone(), watched], 1, &[(1, Decision::Stop)]);
        check(&held(Ended, Created), &[Work::default(), Work::default()], 1, &[(1, Decision::Settle)]);
        // One that is told to stop before it has begun leaves nothing.
        let mut task = held(New, New);
        task.desired = DesiredStatus::Stopped;
        let busy = Work { in_flight: Some(Operation::Create), ..Work::default() };
        check(&task, &[busy, Work::default()], 1, &[(1, Decision::Settle)]);
        task.containers[0].phase = Created;
        (task.containers[1].phase, task.containers[1].is_removed) = (Ended, true);
        check(&task, &[Work::default(), Work::default()], 1, &[(0, Decision::Remove)]);
    }

    #[test]
    fn a_stop_waits_for_a_start_in_flight() {
        let mut task = record(&[Phase::Created]);
        task.desired = DesiredStatus::Stopped;
        check(&task, &[Work { in_flight: Some(Operation::Start), ..Work::default() }], 1, &[]);
        check(&task, &[Work::default()], 1, &[(0, Decision::Settle)]);
    }
}
