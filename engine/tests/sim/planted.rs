//! Bugs planted on purpose: the simulation must find each, and by the rules that have to do with it.

use std::collections::BTreeSet;

use crate::faults::Bug;
use crate::seeds::run;
use crate::truth::Invariant;

/// Most runs until a planted bug must be found by each rule.
const SEEDS_MAX: u64 = 200;

/// Each of the rules finds the bug, and no other does.
fn check(bug: Bug, rules: &[Invariant]) {
    check_in(SEEDS_MAX, bug, rules);
}

#[expect(clippy::print_stdout, reason = "which seed and which rule found it is what a reader of the run wants to see")]
fn check_in(seeds_max: u64, bug: Bug, rules: &[Invariant]) {
    let mut left: BTreeSet<Invariant> = rules.iter().copied().collect();
    for seed in 0..seeds_max {
        let Some(violation) = run(seed, Some(bug), None).violation else { continue };
        assert!(rules.contains(&violation.invariant), "seed {seed}: {violation:?}");
        if left.remove(&violation.invariant) {
            println!("{bug:?} is found by seed {seed}: {:?}", violation.invariant);
        }
        if left.is_empty() {
            return;
        }
    }
    panic!("{bug:?} was not found in {seeds_max} seeds by {left:?}");
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
    check(Bug::OrdersBeforeCommit, &[Invariant::SequenceRises]);
}

#[test]
fn a_machine_before_its_row_is_found() {
    check(Bug::LaunchBeforeRow, &[Invariant::RowBeforeMachine]);
}

#[test]
fn acknowledgements_before_the_record_is_saved_are_found() {
    // An order that begins nothing before the next manifest leaves few of its runs doubled.
    check_in(
        500,
        Bug::RecordsCountAsSaved,
        // What is forgotten is run again, or never; or its containers are removed before they are looked at.
        &[Invariant::Settles, Invariant::NothingAfterStopped, Invariant::RunsOnce, Invariant::ExitCodeIsReal],
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
fn impairment_that_is_forgotten_is_found() {
    check(Bug::ImpairmentForgotten, &[Invariant::ImpairedIsPassedOver]);
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
        &[Invariant::ExitCodeIsReal, Invariant::DoesItsWork, Invariant::FitsOnMachine],
    );
}
