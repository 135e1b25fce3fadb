use std::collections::BTreeMap;

use super::*;
use crate::sample;
use crate::store::contract;

async fn open(directory: &tempfile::TempDir) -> SqliteStore {
    SqliteStore::open(&directory.path().join("berth.db")).await.unwrap()
}

fn writes(ids: std::ops::Range<u128>) -> BTreeMap<Key, Row> {
    let tasks = ids.map(|id| sample::task(id, "c", "web"));
    tasks.map(|task| (Key::Task(task.id), Row::Task(Box::new(task), None))).collect()
}

#[tokio::test]
async fn passes_the_contract() {
    let directory = tempfile::tempdir().unwrap();
    let count = std::sync::atomic::AtomicU32::new(0);
    contract::check(|| async {
        let n = count.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let path = directory.path().join(format!("{n}.db"));
        Arc::new(SqliteStore::open(&path).await.unwrap()) as Arc<dyn Store>
    })
    .await;
}

#[tokio::test]
async fn what_is_committed_survives_and_the_schema_is_made_once() {
    let directory = tempfile::tempdir().unwrap();
    open(&directory).await.commit(&writes(0..3)).await.unwrap();
    let again = open(&directory).await;
    assert_eq!(again.load().await.unwrap().tasks.len(), 3);
}

#[tokio::test]
async fn a_full_disk_refuses_the_whole_commit_and_recovers() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory).await;
    store.commit(&writes(0..3)).await.unwrap();
    let limit = async |pages: &'static str| {
        let mut writer = store.writer.lock().await;
        sqlx::query(pages).execute(&mut *writer).await.unwrap();
    };
    limit("PRAGMA max_page_count = 40").await;
    let refused = store.commit(&writes(3..1000)).await;
    assert!(matches!(refused, Err(StoreError::Unwritable(_))), "{refused:?}");
    assert_eq!(store.load().await.unwrap().tasks.len(), 3, "nothing of it is there, and reads go on");
    limit("PRAGMA max_page_count = 4294967294").await;
    store.commit(&writes(3..1000)).await.unwrap();
    assert_eq!(store.load().await.unwrap().tasks.len(), 1000);
}

#[tokio::test]
async fn a_file_that_another_writes_to_refuses_the_commit() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory).await;
    let mut other = SqliteConnectOptions::new().filename(directory.path().join("berth.db")).connect().await.unwrap();
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    sqlx::query("PRAGMA busy_timeout = 0").execute(&mut *store.writer.lock().await).await.unwrap();
    assert!(matches!(store.commit(&writes(0..1)).await, Err(StoreError::Unwritable(_))));
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    store.commit(&writes(0..1)).await.unwrap();
}

#[tokio::test]
async fn a_row_of_another_program_is_named_and_not_skipped() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory).await;
    store.commit(&writes(0..1)).await.unwrap();
    sqlx::query("UPDATE task SET document = '{}'").execute(&mut *store.writer.lock().await).await.unwrap();
    assert!(matches!(store.load().await, Err(StoreError::Unreadable { table: "task", .. })));
}

#[tokio::test]
async fn no_query_looks_at_every_task() {
    let directory = tempfile::tempdir().unwrap();
    let store = open(&directory).await;
    for sql in [
        "SELECT id FROM task INDEXED BY task_by_starter WHERE cluster = 'c' AND desired_status = 'RUNNING'
            AND started_by = 'x' AND id > 'y' ORDER BY id LIMIT 1",
        "SELECT id FROM task INDEXED BY task_by_host WHERE cluster = 'c' AND desired_status = 'RUNNING'
            AND host = 'x' ORDER BY id LIMIT 1",
        "SELECT count(*) FROM task WHERE cluster = 'c' AND stopped_at IS NULL AND last_status = 'RUNNING'",
        "SELECT document FROM task WHERE stopped_at IS NULL",
        "SELECT rowid FROM task WHERE stopped_at < 5 ORDER BY stopped_at LIMIT 1",
        "SELECT document FROM task WHERE host IN (SELECT value FROM json_each('[]')) AND stopped_at IS NULL",
        "SELECT document FROM task WHERE id IN (SELECT value FROM json_each('[]')) ORDER BY id",
    ] {
        let explain = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
        let plan = sqlx::query(explain).fetch_all(&store.readers).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|row| row.get("detail")).collect();
        let scans_all = |step: &String| step.starts_with("SCAN task") && !step.contains("USING");
        assert!(!plan.iter().any(scans_all), "{sql}: {plan:?}");
    }
}
