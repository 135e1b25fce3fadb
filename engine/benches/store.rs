//! How many task rows a second the SQLite store makes durable, by the size of the batch.
//!
//! `cargo bench -p berth-engine --bench store`. Each size gets a fresh file in the directory `BENCH_DIR` (default: the
//! system's for temporary files, which had better be a disk), is filled with new tasks, and then updates them as a
//! placement does. `BENCH_SECONDS` (default 3) is how long each half runs.

#![expect(clippy::print_stdout, reason = "a benchmark reports on its standard output")]
#![expect(clippy::cast_precision_loss, reason = "rates need no last digit")]

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use berth_engine::sample;
use berth_engine::store::Store as _;
use berth_engine::store::sqlite::SqliteStore;
use berth_model::id::{HostId, TaskId};
use berth_model::task::{Task, TaskStatus};
use berth_scheduler::step::{Key, Row};

/// Rows per commit.
const BATCHES: [usize; 4] = [1, 64, 256, 1024];

fn main() {
    let seconds = std::env::var("BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(3);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    println!("{:>6} {:>14} {:>14} {:>12} {:>12}", "batch", "new rows/s", "updates/s", "median ms", "p99 ms");
    for batch in BATCHES {
        runtime.block_on(measure(batch, Duration::from_secs(seconds)));
    }
}

async fn measure(batch: usize, each: Duration) {
    let directory = match std::env::var_os("BENCH_DIR") {
        Some(parent) => tempfile::tempdir_in(parent),
        None => tempfile::tempdir(),
    };
    let directory = directory.expect("a directory");
    let store = SqliteStore::open(&directory.path().join("bench.db")).await.expect("a store");
    let mut commits = Vec::new();
    let mut made = 0;
    let began = Instant::now();
    while began.elapsed() < each {
        let tasks = (made..made + batch).map(new_task);
        commits.push(commit(&store, tasks).await);
        made += batch;
    }
    let new_rate = made as f64 / began.elapsed().as_secs_f64();
    let mut updated = 0;
    let began = Instant::now();
    while began.elapsed() < each {
        let tasks = (updated..updated + batch).map(|n| placed(new_task(n % made)));
        commits.push(commit(&store, tasks).await);
        updated += batch;
    }
    let update_rate = updated as f64 / began.elapsed().as_secs_f64();
    commits.sort_unstable();
    let at = |share: f64| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index below the length")]
        let index = ((commits.len() - 1) as f64 * share) as usize;
        commits[index].as_secs_f64() * 1000.0
    };
    println!("{batch:>6} {new_rate:>14.0} {update_rate:>14.0} {:>12.2} {:>12.2}", at(0.5), at(0.99));
}

async fn commit(store: &SqliteStore, tasks: impl Iterator<Item = Task>) -> Duration {
    let writes: BTreeMap<Key, Row> = tasks.map(|task| (Key::Task(task.id), Row::Task(Box::new(task), None))).collect();
    let began = Instant::now();
    store.commit(&writes).await.expect("a commit");
    began.elapsed()
}

/// The `n`th task: its id begins with a time, as those the engine makes, and is random behind it.
fn new_task(n: usize) -> Task {
    const ODD: u128 = 0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835;
    const TASKS_PER_MS: u128 = 10;
    let n = n as u128;
    let random = (n + 1).wrapping_mul(ODD).rotate_left(64).wrapping_mul(ODD) >> 48;
    let id = ((n / TASKS_PER_MS) << 80) | random;
    Task { id: TaskId(id), ..sample::task(n, "default", "web") }
}

fn placed(task: Task) -> Task {
    Task { host: Some(HostId(task.id.0 % 1000)), last_status: TaskStatus::Pending, version: 2, ..task }
}
