//! The writing half: one transaction per turn.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use berth_scheduler::step::{Key, Row};
use sqlx::{AssertSqlSafe, Row as _, SqliteConnection};

use super::json;
use crate::store::row::{self, Batch, Cell, Cells, Table};
use crate::store::{Cutoff, PRUNE_ROWS_MAX, Pruned, Result, StoreError};

/// How many rows one statement takes. SQLite allows 32,766 values in one; beyond a few hundred rows there is nothing to
/// gain.
const ROWS: [usize; 5] = [256, 64, 16, 4, 1];

/// The statements that write rows.
#[derive(Debug)]
pub(super) struct Statements {
    clusters: Upsert,
    task_definitions: Upsert,
    hosts: Upsert,
    tasks: Upsert,
    waiting: Upsert,
    tokens: Upsert,
    capacity_providers: Upsert,
    account_settings: Upsert,
    access_keys: Upsert,
    changes: Upsert,
    delivered: Upsert,
}

impl Statements {
    pub(super) fn new() -> Self {
        Self {
            clusters: Upsert::new(&row::CLUSTER),
            task_definitions: Upsert::new(&row::TASK_DEFINITION),
            hosts: Upsert::new(&row::HOST),
            tasks: Upsert::new(&row::TASK),
            waiting: Upsert::new(&row::WAITING),
            tokens: Upsert::new(&row::TOKEN),
            capacity_providers: Upsert::new(&row::CAPACITY_PROVIDER),
            account_settings: Upsert::new(&row::ACCOUNT_SETTING),
            access_keys: Upsert::new(&row::ACCESS_KEY),
            changes: Upsert::new(&row::CHANGE),
            delivered: Upsert::new(&row::DELIVERED),
        }
    }
}

/// Writes the rows of one table, new or not.
#[derive(Debug)]
struct Upsert {
    /// For each of [`ROWS`].
    sql: [Arc<str>; ROWS.len()],
}

impl Upsert {
    fn new(table: &Table) -> Self {
        let columns: Vec<_> = table.columns().collect();
        let one = format!("({})", vec!["?"; columns.len()].join(", "));
        let sets: Vec<_> = table.changing.iter().map(|column| format!("{column} = excluded.{column}")).collect();
        let sql = ROWS.map(|rows| {
            let mut sql = format!("INSERT INTO {} ({}) VALUES ", table.name, columns.join(", "));
            let all = vec![one.as_str(); rows].join(", ");
            sql.push_str(&all);
            // A table in which nothing changes only grows: a row that is there already would be a mistake.
            if !sets.is_empty() {
                write!(sql, " ON CONFLICT ({}) DO UPDATE SET {}", table.key.join(", "), sets.join(", "))
                    .expect("a String takes everything");
            }
            sql.into()
        });
        Self { sql }
    }

    async fn run(&self, connection: &mut SqliteConnection, rows: Vec<Cells>) -> sqlx::Result<()> {
        let mut rows = rows.into_iter();
        for (size, sql) in ROWS.iter().zip(&self.sql) {
            while rows.len() >= *size {
                let mut query = sqlx::query(AssertSqlSafe(Arc::clone(sql)));
                for cell in rows.by_ref().take(*size).flatten() {
                    query = match cell {
                        Cell::Null => query.bind(None::<i64>),
                        Cell::Number(number) => query.bind(number),
                        Cell::Word(word) => query.bind(word),
                        Cell::Text(text) => query.bind(text),
                    };
                }
                query.execute(&mut *connection).await?;
            }
        }
        Ok(())
    }
}

/// Writes all rows of a step or none.
pub(super) async fn commit(
    connection: &mut SqliteConnection,
    statements: &Statements,
    writes: &BTreeMap<Key, Row>,
) -> Result<()> {
    let batch = Batch::new(writes);
    sqlx::query("BEGIN IMMEDIATE").execute(&mut *connection).await.map_err(classify)?;
    let mut done = write_batch(connection, statements, batch).await;
    if done.is_ok() {
        done = sqlx::query("COMMIT").execute(&mut *connection).await.map(drop);
    }
    if let Err(error) = done {
        roll_back(connection).await;
        return Err(classify(error));
    }
    Ok(())
}

async fn write_batch(connection: &mut SqliteConnection, statements: &Statements, batch: Batch) -> sqlx::Result<()> {
    statements.clusters.run(connection, batch.clusters).await?;
    statements.task_definitions.run(connection, batch.task_definitions).await?;
    statements.hosts.run(connection, batch.hosts).await?;
    statements.tasks.run(connection, batch.tasks).await?;
    statements.waiting.run(connection, batch.waiting).await?;
    statements.tokens.run(connection, batch.tokens).await?;
    statements.capacity_providers.run(connection, batch.capacity_providers).await?;
    statements.account_settings.run(connection, batch.account_settings).await?;
    statements.changes.run(connection, batch.changes).await?;
    statements.delivered.run(connection, batch.delivered).await?;
    if !batch.waiting_over.is_empty() {
        let over = sqlx::query("DELETE FROM waiting WHERE class IN (SELECT value FROM json_each(?))");
        over.bind(json(&batch.waiting_over)).execute(&mut *connection).await?;
    }
    if !batch.account_settings_over.is_empty() {
        let over = sqlx::query(
            "DELETE FROM account_setting
             WHERE (principal, name) IN (SELECT value ->> 0, value ->> 1 FROM json_each(?))",
        );
        over.bind(json(&batch.account_settings_over)).execute(&mut *connection).await?;
    }
    statements.access_keys.run(connection, batch.access_keys).await?;
    if !batch.access_keys_over.is_empty() {
        let over = sqlx::query("DELETE FROM access_key WHERE id IN (SELECT value FROM json_each(?))");
        over.bind(json(&batch.access_keys_over)).execute(connection).await?;
    }
    Ok(())
}

/// Gives up the transaction, if SQLite has not done so by itself: some failures end it at once, and then this fails.
async fn roll_back(connection: &mut SqliteConnection) {
    if let Err(error) = sqlx::query("ROLLBACK").execute(connection).await {
        tracing::debug!(error = %error, "no transaction to roll back");
    }
}

/// Tells failures after which certainly nothing was written from the others.
///
/// In a write-ahead log a transaction counts once its last frame is whole in the log. SQLITE_FULL says that a frame
/// could not be written whole; SQLITE_BUSY, SQLITE_LOCKED and SQLITE_READONLY come before the first. A sync that fails
/// is another code (SQLITE_IOERR), after which nobody knows.
fn classify(error: sqlx::Error) -> StoreError {
    const BUSY: u32 = 5;
    const LOCKED: u32 = 6;
    const READONLY: u32 = 8;
    const FULL: u32 = 13;
    let code = error.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    // The low byte is the kind, the others are details.
    match code.map(|code| code & 0xff) {
        Some(BUSY | LOCKED | READONLY | FULL) => StoreError::Unwritable(error.into()),
        _ => StoreError::Failed(error.into()),
    }
}

/// Forgets what is old, at most [`PRUNE_ROWS_MAX`] rows of each kind.
pub(super) async fn prune(connection: &mut SqliteConnection, cutoff: Cutoff) -> Result<Pruned> {
    const TASKS: &str = "DELETE FROM task WHERE rowid IN
        (SELECT rowid FROM task WHERE stopped_at < ? ORDER BY stopped_at LIMIT ?)";
    const HOSTS: &str = "DELETE FROM host WHERE id IN
        (SELECT id FROM host WHERE status = 'gone' AND connectivity_changed_at < ?
         AND NOT EXISTS (SELECT 1 FROM task WHERE task.host = host.id) LIMIT ?)";
    const TOKENS: &str = "DELETE FROM token WHERE (operation, token) IN
        (SELECT operation, token FROM token WHERE created_at < ? ORDER BY created_at LIMIT ?)";
    let mut removed = [0; 3];
    let orders = [(TASKS, cutoff.stopped_before), (HOSTS, cutoff.stopped_before), (TOKENS, cutoff.tokens_before)];
    for ((sql, before), removed) in orders.into_iter().zip(&mut removed) {
        let done = sqlx::query(sql).bind(before.0).bind(i64::from(PRUNE_ROWS_MAX)).execute(&mut *connection).await;
        *removed = done.map_err(classify)?.rows_affected();
    }
    let [tasks, hosts, tokens] = removed;
    let changes = prune_changes(connection, cutoff).await?;
    Ok(Pruned { tasks, hosts, tokens, changes })
}

/// Forgets the first changes: those that are too old, and those beyond the number that is kept.
async fn prune_changes(connection: &mut SqliteConnection, cutoff: Cutoff) -> Result<u64> {
    const BOUNDS: &str = "SELECT min(sequence), max(sequence) FROM change";
    // In order, so that it looks at what is to go and one row more.
    const YOUNG: &str = "SELECT sequence FROM change WHERE at >= ? ORDER BY sequence LIMIT 1";
    const PRUNE: &str = "DELETE FROM change WHERE sequence < ?";
    let bounds = sqlx::query(BOUNDS).fetch_one(&mut *connection).await.map_err(classify)?;
    let (Some(first), Some(last)) = (bounds.get::<Option<i64>, _>(0), bounds.get::<Option<i64>, _>(1)) else {
        return Ok(0);
    };
    let young = sqlx::query(YOUNG).bind(cutoff.changes_before.0).fetch_optional(&mut *connection).await;
    let young = young.map_err(classify)?.map_or(last, |row| row.get(0));
    let kept = last.saturating_sub(i64::try_from(cutoff.changes_max).unwrap_or(i64::MAX)).saturating_add(1);
    let before = young.max(kept).min(last).min(first.saturating_add(PRUNE_ROWS_MAX.into()));
    let done = sqlx::query(PRUNE).bind(before).execute(&mut *connection).await;
    Ok(done.map_err(classify)?.rows_affected())
}
