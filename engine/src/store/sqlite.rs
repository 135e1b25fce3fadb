//! The store in one SQLite file, for one server.
//!
//! Write-ahead log with full sync: a commit that is answered survives a power cut, and readers never wait for it. One
//! connection writes; a few others, opened read-only, read. Rows go in many at a time, with one prepared statement per
//! power of four, since the cost of a statement is far above the cost of a row.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use berth_model::account_setting::AccountSetting;
use berth_model::arn::DefinitionRef;
use berth_model::capacity_provider::CapacityProvider;
use berth_model::id::{ClusterName, DefinitionId, Family, HostId, TaskId};
use berth_model::state_change::{Sequence, Sink};
use berth_model::task_definition::TaskDefinition;
use berth_provisioner::backend::BoxFuture;
use berth_scheduler::state::Rows;
use berth_scheduler::step::{Key, Row, TokenHit, TokenKey};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, Row as _, SqlSafeStr as _, SqliteConnection, SqlitePool};
use tokio::sync::Mutex;

use self::write::Statements;
use super::row::{parse, parse_id};
use super::{
    ChangeFilter, ChangePage, ClusterView, Cutoff, DefinitionFilter, FamilyFilter, HostFilter, HostView, Page, Pruned,
    Reader, Result, Store, StoreError, TaskCount, TaskFilter, TaskView,
};

mod read;
mod write;

/// Connections that read. Reads are short and run on a processor each; more only take memory for their caches.
const READERS: u32 = 4;

/// Pages written to the log before they are moved into the file (4 KiB each). Fewer makes commits wait for that more
/// often, and move the same page many times; more makes the log, and the first read after a crash, longer.
const CHECKPOINT_PAGES: u32 = 16_384;

/// Memory for the pages of each connection, in KiB. Less than the indexes need makes each commit read from the file.
const CACHE_KIB: u32 = 65_536;

/// How long a connection waits for another process that holds the file, for example a backup.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

/// The schema, step by step. A step is never changed once it has been released: a new one follows it.
const MIGRATIONS: [(i64, &str, &str); 1] = [(1, "rows", include_str!("../../migrations/0001_rows.sql"))];

/// A store in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    writer: Mutex<SqliteConnection>,
    readers: SqlitePool,
    statements: Statements,
}

impl SqliteStore {
    /// Opens the file, makes it if it is not there, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Failed`] if the file cannot be opened or its schema is of a newer program.
    pub async fn open(path: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(path)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES.to_string())
            .pragma("cache_size", format!("-{CACHE_KIB}"));
        let mut writer = options.clone().create_if_missing(true).connect().await?;
        let steps = MIGRATIONS.map(|(version, description, sql)| {
            Migration::new(version, description.into(), MigrationType::Simple, sql.into_sql_str(), false)
        });
        let migrated = Migrator::with_migrations(steps.into()).run(&mut writer).await;
        migrated.map_err(|error| StoreError::Failed(error.into()))?;
        let readers = SqlitePoolOptions::new().max_connections(READERS).connect_with(options.read_only(true)).await?;
        Ok(Self { writer: Mutex::new(writer), readers, statements: Statements::new() })
    }

    async fn load_rows(&self) -> Result<Rows> {
        const RETIRED: &str = "SELECT id FROM host WHERE status = 'gone' AND document -> '$.origin.Static' IS NOT NULL";
        // The writer's own connection, which no flood of readers can hold up, and one transaction, so that all tables are
        // of the same moment.
        let mut writer = self.writer.lock().await;
        let mut snapshot = writer.begin().await?;
        let mut rows = Rows::default();
        for row in sqlx::query("SELECT document FROM cluster").fetch_all(&mut *snapshot).await? {
            rows.clusters.push(parse("cluster", row.get(0))?);
        }
        for row in sqlx::query("SELECT document FROM task_definition").fetch_all(&mut *snapshot).await? {
            rows.task_definitions.push(Arc::new(parse("task_definition", row.get(0))?));
        }
        for row in sqlx::query("SELECT document FROM capacity_provider").fetch_all(&mut *snapshot).await? {
            rows.capacity_providers.push(parse("capacity_provider", row.get(0))?);
        }
        for row in sqlx::query("SELECT document FROM account_setting").fetch_all(&mut *snapshot).await? {
            rows.account_settings.push(parse("account_setting", row.get(0))?);
        }
        for row in sqlx::query("SELECT document FROM host WHERE status <> 'gone'").fetch_all(&mut *snapshot).await? {
            rows.hosts.push(parse("host", row.get(0))?);
        }
        for row in sqlx::query(RETIRED).fetch_all(&mut *snapshot).await? {
            rows.retired.insert(parse_id("host", row.get(0))?);
        }
        for row in sqlx::query("SELECT document FROM task WHERE stopped_at IS NULL").fetch_all(&mut *snapshot).await? {
            rows.tasks.push(parse("task", row.get(0))?);
        }
        for row in sqlx::query("SELECT document FROM access_key").fetch_all(&mut *snapshot).await? {
            rows.access_keys.push(parse("access_key", row.get(0))?);
        }
        let last = sqlx::query("SELECT max(sequence) FROM change").fetch_one(&mut *snapshot).await?;
        rows.last_change = last.get::<Option<i64>, _>(0).map_or(Sequence::NONE, sequence);
        Ok(rows)
    }

    async fn find_tokens(&self, tokens: BTreeSet<TokenKey>) -> Result<BTreeMap<TokenKey, TokenHit>> {
        const SQL: &str = "SELECT asked.key, token.document FROM json_each(?) AS asked
            JOIN token ON token.operation = asked.value ->> 0 AND token.token = asked.value ->> 1";
        let keys: Vec<TokenKey> = tokens.into_iter().collect();
        let asked: Vec<_> = keys.iter().map(|key| (key.operation, &key.token)).collect();
        // On the writer's own connection: every turn waits for this, and must not stand in line with clients' reads.
        let mut writer = self.writer.lock().await;
        let rows = sqlx::query(SQL).bind(json(&asked)).fetch_all(&mut *writer).await?;
        let mut hits = BTreeMap::new();
        for row in rows {
            let at = usize::try_from(row.get::<i64, _>(0)).expect("the index of an array is not negative");
            hits.insert(keys[at].clone(), parse("token", row.get(1))?);
        }
        Ok(hits)
    }
}

impl Store for SqliteStore {
    fn load(&self) -> BoxFuture<'_, Result<Rows>> {
        Box::pin(self.load_rows())
    }

    fn tokens(&self, tokens: BTreeSet<TokenKey>) -> BoxFuture<'_, Result<BTreeMap<TokenKey, TokenHit>>> {
        Box::pin(self.find_tokens(tokens))
    }

    fn commit<'a>(&'a self, writes: &'a BTreeMap<Key, Row>) -> BoxFuture<'a, Result<()>> {
        Box::pin(async { write::commit(&mut *self.writer.lock().await, &self.statements, writes).await })
    }

    fn prune(&self, cutoff: Cutoff) -> BoxFuture<'_, Result<Pruned>> {
        Box::pin(async move { write::prune(&mut *self.writer.lock().await, cutoff).await })
    }

    fn reader(self: Arc<Self>) -> Arc<dyn Reader> {
        self
    }
}

impl Reader for SqliteStore {
    fn clusters(&self, names: Vec<ClusterName>) -> BoxFuture<'_, Result<Vec<ClusterView>>> {
        Box::pin(read::clusters(&self.readers, names))
    }

    fn count_tasks(&self, clusters: Vec<ClusterName>) -> BoxFuture<'_, Result<Vec<TaskCount>>> {
        Box::pin(read::count_tasks(&self.readers, clusters))
    }

    fn list_clusters(&self, page: Page<ClusterName>) -> BoxFuture<'_, Result<Vec<ClusterName>>> {
        Box::pin(read::list_clusters(&self.readers, page))
    }

    fn task_definition(&self, definition: DefinitionRef) -> BoxFuture<'_, Result<Option<TaskDefinition>>> {
        Box::pin(read::task_definition(&self.readers, definition))
    }

    fn list_task_definitions(
        &self,
        filter: DefinitionFilter,
        page: Page<DefinitionId>,
    ) -> BoxFuture<'_, Result<Vec<DefinitionId>>> {
        Box::pin(read::list_task_definitions(&self.readers, filter, page))
    }

    fn list_families(&self, filter: FamilyFilter, page: Page<Family>) -> BoxFuture<'_, Result<Vec<Family>>> {
        Box::pin(read::list_families(&self.readers, filter, page))
    }

    fn capacity_providers(&self) -> BoxFuture<'_, Result<Vec<CapacityProvider>>> {
        Box::pin(read::capacity_providers(&self.readers))
    }

    fn account_settings(&self, principal: String) -> BoxFuture<'_, Result<Vec<AccountSetting>>> {
        Box::pin(read::account_settings(&self.readers, principal))
    }

    fn tasks(&self, tasks: Vec<TaskId>) -> BoxFuture<'_, Result<Vec<TaskView>>> {
        Box::pin(read::tasks(&self.readers, tasks))
    }

    fn list_tasks(&self, filter: TaskFilter, page: Page<TaskId>) -> BoxFuture<'_, Result<Vec<TaskId>>> {
        Box::pin(read::list_tasks(&self.readers, filter, page))
    }

    fn hosts(&self, hosts: Vec<HostId>) -> BoxFuture<'_, Result<Vec<HostView>>> {
        Box::pin(read::hosts(&self.readers, hosts))
    }

    fn list_hosts(&self, filter: HostFilter, page: Page<HostId>) -> BoxFuture<'_, Result<Vec<HostId>>> {
        Box::pin(read::list_hosts(&self.readers, filter, page))
    }

    fn changes(&self, after: Sequence, filter: ChangeFilter, limit: usize) -> BoxFuture<'_, Result<ChangePage>> {
        Box::pin(read::changes(&self.readers, after, filter, limit))
    }

    fn delivered(&self, sink: Sink) -> BoxFuture<'_, Result<Option<Sequence>>> {
        Box::pin(read::delivered(&self.readers, sink))
    }
}

/// Reads fail so; writes say more precisely how (see [`mod@write`]).
impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Failed(error.into())
    }
}

/// A sequence number as it was stored.
fn sequence(number: i64) -> Sequence {
    Sequence(u64::try_from(number).expect("sequence numbers are positive"))
}

/// A list as one parameter: SQLite unfolds it with `json_each`.
fn json(list: &impl serde::Serialize) -> String {
    serde_json::to_string(list).expect("lists of text")
}

#[cfg(test)]
mod tests;
