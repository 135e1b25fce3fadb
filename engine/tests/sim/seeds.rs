//! The runs: many seeds at once, and one seed with its last events.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::rc::Rc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::faults::{Bug, Fault};
use crate::queue::Trace;
use crate::truth::{Invariant, Violation};
use crate::world::{EVENTS_MIN, Outcome, World};

/// How many seeds a plain run has. `BERTH_SIM_SEEDS` says otherwise.
const SEEDS: u64 = 1_000;

/// How many of the last events a failure shows.
const EVENTS_SHOWN: usize = 60;

fn number(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(text.parse().unwrap_or_else(|_| panic!("{variable} must be a number, not '{text}'")))
}

/// One run. A panic of a real part is a broken rule like any other.
pub(crate) fn run(seed: u64, bug: Option<Bug>, trace: Option<Trace>) -> Outcome {
    let outcome = catch_unwind(AssertUnwindSafe(|| World::new(seed, bug, trace).run()));
    outcome.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
        let violation = Violation { invariant: Invariant::NoPanic, text: text.unwrap_or_default() };
        Outcome { violation: Some(violation), tally: BTreeMap::new(), events: 0, crashes: 0, tasks: 0 }
    })
}

/// The report of a run that broke a rule: it is run once more, and its last events are shown.
fn explain(seed: u64, violation: &Violation) -> String {
    let trace = Trace::default();
    let again = run(seed, None, Some(Rc::clone(&trace)));
    let is_same = again.violation.is_some_and(|again| again.invariant == violation.invariant);
    let trace = trace.take();
    let Violation { invariant, text } = violation;
    let about = ids(text);
    let concerned: Vec<&String> = trace.iter().filter(|line| about.iter().any(|id| line.contains(id))).collect();
    let note = if is_same { "" } else { "\nIt did not come out the same the second time!" };
    format!(
        "What happened to what the broken rule names:\n{}\n\nThe last events:\n{}\n\n\
         seed {seed} breaks {invariant:?}: {text}{note}\n\nmake sim SEED={seed}",
        last(&concerned),
        last(&trace.iter().collect::<Vec<_>>()),
    )
}

fn last(lines: &[&String]) -> String {
    let from = lines.len().saturating_sub(EVENTS_SHOWN);
    lines[from..].iter().map(|line| line.as_str()).collect::<Vec<_>>().join("\n")
}

/// The first ids of tasks and hosts in a text.
fn ids(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| !c.is_ascii_hexdigit());
    words.filter(|word| word.len() == 32).take(2).collect()
}

/// What many runs came to.
#[derive(Debug, Default)]
struct Total {
    seeds: u64,
    events: u64,
    crashes: u64,
    tasks: usize,
    tally: BTreeMap<Fault, u64>,
    broken: Vec<(u64, Violation)>,
}

impl Total {
    fn add(&mut self, seed: u64, outcome: Outcome) {
        self.seeds += 1;
        self.events += outcome.events;
        self.crashes += outcome.crashes;
        self.tasks += outcome.tasks;
        for (fault, count) in outcome.tally {
            *self.tally.entry(fault).or_default() += count;
        }
        let too_little = outcome.violation.is_none() && (outcome.events < EVENTS_MIN || outcome.crashes == 0);
        let text = format!("only {} events and {} crashes", outcome.events, outcome.crashes);
        let little = too_little.then_some(Violation { invariant: Invariant::Settles, text });
        self.broken.extend(outcome.violation.or(little).map(|violation| (seed, violation)));
    }

    fn merge(&mut self, other: Self) {
        self.seeds += other.seeds;
        self.events += other.events;
        self.crashes += other.crashes;
        self.tasks += other.tasks;
        for (fault, count) in other.tally {
            *self.tally.entry(fault).or_default() += count;
        }
        self.broken.extend(other.broken);
    }
}

/// Runs the seeds below `seeds` on all processors. Stops early once one is broken.
fn run_all(seeds: u64) -> Total {
    let next = AtomicU64::new(0);
    let work = || {
        let mut total = Total::default();
        while total.broken.is_empty() {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= seeds {
                break;
            }
            total.add(seed, run(seed, None, None));
        }
        total
    };
    let workers = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        let mut total = Total::default();
        for worker in workers {
            total.merge(worker.join().expect("a run catches its panics"));
        }
        total
    })
}

#[expect(clippy::cast_precision_loss, reason = "a rate for people")]
fn per_second(count: u64, seconds: f64) -> f64 {
    count as f64 / seconds
}

#[test]
fn the_rules_hold_whatever_goes_wrong() {
    if let Some(seed) = number("BERTH_SIM_SEED") {
        let outcome = run(seed, None, None);
        println!("seed {seed}: {} events, {} crashes, {} tasks", outcome.events, outcome.crashes, outcome.tasks);
        if let Some(violation) = &outcome.violation {
            panic!("{}", explain(seed, violation));
        }
        return;
    }
    let seeds = number("BERTH_SIM_SEEDS").unwrap_or(SEEDS);
    let began = std::time::Instant::now();
    let mut total = run_all(seeds);
    let seconds = began.elapsed().as_secs_f64();
    total.broken.sort_by_key(|(seed, _)| *seed);
    println!(
        "{} seeds, {} events, {} crashes, {} tasks in {seconds:.1} s: {:.0} events/s",
        total.seeds,
        total.events,
        total.crashes,
        total.tasks,
        per_second(total.events, seconds)
    );
    for fault in Fault::ALL {
        println!("  {:26} {:8}", format!("{fault:?}"), total.tally.get(fault).copied().unwrap_or_default());
    }
    if let Some((seed, violation)) = total.broken.first() {
        panic!("{}", explain(*seed, violation));
    }
    if seeds >= SEEDS {
        let never = Fault::ALL.iter().find(|fault| !total.tally.contains_key(fault));
        assert_eq!(never, None, "this never happened");
    }
}

#[test]
fn a_seed_gives_the_same_run_twice() {
    let traced = |seed| {
        let trace = Trace::default();
        let outcome = run(seed, None, Some(Rc::clone(&trace)));
        (outcome.events, outcome.crashes, outcome.tally, trace.take())
    };
    for seed in [3, 77, 191] {
        assert_eq!(traced(seed), traced(seed));
    }
}
