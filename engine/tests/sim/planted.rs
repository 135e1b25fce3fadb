//! Bugs planted on purpose: the simulation must find each, and by a rule that has to do with it.

use crate::faults::Bug;
use crate::seeds::run;
use crate::truth::Invariant;

/// Most runs until a planted bug must be found.
const SEEDS_MAX: u64 = 200;

#[expect(clippy::print_stdout, reason = "which seed and which rule found it is what a reader of the run wants to see")]
fn check(bug: Bug, expected: &[Invariant]) {
    let found = (0..SEEDS_MAX).find_map(|seed| Some((seed, run(seed, Some(bug), None).violation?)));
    let Some((seed, violation)) = found else { panic!("{bug:?} was not found in {SEEDS_MAX} seeds") };
    println!("{bug:?} is found by seed {seed}: {:?}", violation.invariant);
    assert!(expected.contains(&violation.invariant), "seed {seed}: {violation:?}");
}

#[test]
fn answers_before_the_commit_are_found() {
    check(Bug::AnswersBeforeCommit, &[Invariant::AcknowledgedIsStored]);
}

#[test]
fn reports_taken_before_the_commit_are_found() {
    check(Bug::ReportsTakenBeforeCommit, &[Invariant::ReportIsStored]);
}

#[test]
fn orders_before_the_commit_are_found() {
    check(
        Bug::OrdersBeforeCommit,
        &[Invariant::RunsOnce, Invariant::ReportIsStored, Invariant::NothingAfterStopped, Invariant::SequenceRises],
    );
}

#[test]
fn a_machine_before_its_row_is_found() {
    check(Bug::LaunchBeforeRow, &[Invariant::RowBeforeMachine]);
}

#[test]
fn acknowledgements_before_the_record_is_saved_are_found() {
    check(
        Bug::RecordsCountAsSaved,
        &[Invariant::Settles, Invariant::ExitCodeIsReal, Invariant::NothingAfterStopped, Invariant::RunsOnce],
    );
}

#[test]
fn a_task_ordered_to_run_again_after_its_end_is_found() {
    check(Bug::RunsAgainAfterStopped, &[Invariant::RunsOnce, Invariant::NothingAfterStopped]);
}

#[test]
fn room_given_back_twice_is_found() {
    check(Bug::RoomGivenBackTwice, &[Invariant::FitsOnMachine]);
}

#[test]
fn room_never_given_back_is_found() {
    check(Bug::StoppedReportsDropped, &[Invariant::ReportIsStored]);
}

#[test]
fn orders_that_are_never_sent_again_are_found() {
    check(Bug::NothingSentAgain, &[Invariant::Settles]);
}

#[test]
fn tokens_that_are_not_looked_up_are_found() {
    check(Bug::TokensNotLookedUp, &[Invariant::TokenIsOneRequest]);
}

#[test]
fn machines_that_nobody_looks_for_are_found() {
    check(Bug::StraysNotListed, &[Invariant::Settles]);
}

#[test]
fn containers_that_are_not_looked_for_are_found() {
    check(
        Bug::InventoryEmpty,
        // What runs on unseen takes room that is given to others.
        &[Invariant::RunsOnce, Invariant::ExitCodeIsReal, Invariant::DoesItsWork, Invariant::FitsOnMachine],
    );
}
