//! The reading half. Each function is one look at one moment: a single statement, or one read transaction.

use std::collections::{BTreeMap, BTreeSet};

use berth_model::account_setting::AccountSetting;
use berth_model::arn::DefinitionRef;
use berth_model::capacity_provider::CapacityProvider;
use berth_model::ecs::LaunchType;
use berth_model::id::{ClusterName, DefinitionId, Family, HostId, TaskId};
use berth_model::state_change::{ChangeKind, Sequence, Sink};
use berth_model::task::{Demand, HostPort};
use berth_model::task_definition::TaskDefinition;
use berth_model::time::Timestamp;
use berth_model::unit::Resources;
use sqlx::sqlite::SqliteRow;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqlitePool};

use super::{json, sequence};
use crate::store::row::{parse, parse_id};
use crate::store::{
    ChangeFilter, ChangePage, ClusterView, Connectivity, DefinitionFilter, FamilyFilter, FamilyStatus, HostFilter,
    HostView, Page, Result, TaskCount, TaskFilter, TaskView,
};

pub(super) async fn clusters(readers: &SqlitePool, names: Vec<ClusterName>) -> Result<Vec<ClusterView>> {
    const SQL: &str = "SELECT document,
        (SELECT count(*) FROM task
         WHERE cluster = name AND stopped_at IS NULL AND last_status = 'RUNNING'),
        (SELECT count(*) FROM task
         WHERE cluster = name AND stopped_at IS NULL AND last_status IN ('PROVISIONING', 'PENDING', 'ACTIVATING')),
        (SELECT count(*) FROM host WHERE cluster = name AND status IN ('active', 'draining'))
        FROM cluster WHERE name IN (SELECT value FROM json_each(?)) ORDER BY name";
    let rows = sqlx::query(SQL).bind(json(&names)).fetch_all(readers).await?;
    let view = |row: SqliteRow| {
        Ok(ClusterView {
            cluster: parse("cluster", row.get(0))?,
            running_tasks: count(&row, 1),
            pending_tasks: count(&row, 2),
            registered_hosts: count(&row, 3),
        })
    };
    rows.into_iter().map(view).collect()
}

pub(super) async fn count_tasks(readers: &SqlitePool, clusters: Vec<ClusterName>) -> Result<Vec<TaskCount>> {
    const SQL: &str = "SELECT cluster, launch_type, sum(last_status = 'RUNNING'), sum(last_status != 'RUNNING')
        FROM task WHERE cluster IN (SELECT value FROM json_each(?)) AND stopped_at IS NULL
        AND last_status IN ('PROVISIONING', 'PENDING', 'ACTIVATING', 'RUNNING')
        GROUP BY cluster, launch_type ORDER BY cluster, launch_type";
    let rows = sqlx::query(SQL).bind(json(&clusters)).fetch_all(readers).await?;
    let tally = |row: SqliteRow| {
        Ok(TaskCount {
            cluster: parse_id("task", row.get(0))?,
            launch_type: LaunchType::from(row.get::<&str, _>(1)),
            running: count(&row, 2),
            pending: count(&row, 3),
        })
    };
    rows.into_iter().map(tally).collect()
}

pub(super) async fn list_clusters(readers: &SqlitePool, page: Page<ClusterName>) -> Result<Vec<ClusterName>> {
    const SQL: &str = "SELECT name FROM cluster WHERE is_active AND name > ? ORDER BY name LIMIT ?";
    let after = page.after.as_ref().map_or("", ClusterName::as_str);
    let rows = sqlx::query(SQL).bind(after).bind(limit(page.limit)).fetch_all(readers).await?;
    rows.into_iter().map(|row| parse_id("cluster", row.get(0))).collect()
}

pub(super) async fn task_definition(readers: &SqlitePool, definition: DefinitionRef) -> Result<Option<TaskDefinition>> {
    const LATEST: &str = "SELECT document FROM task_definition
        WHERE family = ? AND status = 'ACTIVE' ORDER BY revision DESC LIMIT 1";
    const EXACT: &str = "SELECT document FROM task_definition
        WHERE family = ? AND revision = ? AND status <> 'DELETED'";
    let query = match &definition {
        DefinitionRef::Latest(family) => sqlx::query(LATEST).bind(family.as_str()),
        DefinitionRef::Exact(id) => sqlx::query(EXACT).bind(id.family.as_str()).bind(id.revision),
    };
    let row = query.fetch_optional(readers).await?;
    row.map(|row| parse("task_definition", row.get(0))).transpose()
}

pub(super) async fn list_task_definitions(
    readers: &SqlitePool,
    filter: DefinitionFilter,
    page: Page<DefinitionId>,
) -> Result<Vec<DefinitionId>> {
    let (beyond, order) = if filter.descending { ("<", "DESC") } else { (">", "ASC") };
    let mut query = QueryBuilder::new("SELECT family, revision FROM task_definition WHERE status = ");
    query.push_bind(filter.status.as_str());
    if let Some(family) = filter.family {
        query.push(" AND family = ").push_bind(family.to_string());
    }
    if let Some(after) = page.after {
        query.push(format_args!(" AND (family, revision) {beyond} ("));
        query.push_bind(after.family.to_string()).push(", ").push_bind(after.revision).push(")");
    }
    query.push(format_args!(" ORDER BY family {order}, revision {order} LIMIT ")).push_bind(limit(page.limit));
    let rows = query.build().fetch_all(readers).await?;
    let id =
        |row: SqliteRow| Ok(DefinitionId { family: parse_id("task_definition", row.get(0))?, revision: row.get(1) });
    rows.into_iter().map(id).collect()
}

pub(super) async fn list_families(
    readers: &SqlitePool,
    filter: FamilyFilter,
    page: Page<Family>,
) -> Result<Vec<Family>> {
    const SQL: &str = "SELECT family FROM task_definition
        WHERE family >= ?1 AND substr(family, 1, length(?1)) = ?1 AND family > ?2 AND status <> 'DELETED'
        GROUP BY family HAVING max(status = 'ACTIVE') IN (?3, ?4) ORDER BY family LIMIT ?5";
    let (low, high) = match filter.status {
        FamilyStatus::Active => (1, 1),
        FamilyStatus::Inactive => (0, 0),
        FamilyStatus::All => (0, 1),
    };
    let after = page.after.as_ref().map_or("", Family::as_str);
    let query = sqlx::query(SQL).bind(filter.prefix).bind(after).bind(low).bind(high).bind(limit(page.limit));
    let rows = query.fetch_all(readers).await?;
    rows.into_iter().map(|row| parse_id("task_definition", row.get(0))).collect()
}

pub(super) async fn capacity_providers(readers: &SqlitePool) -> Result<Vec<CapacityProvider>> {
    let rows = sqlx::query("SELECT document FROM capacity_provider ORDER BY name").fetch_all(readers).await?;
    rows.into_iter().map(|row| parse("capacity_provider", row.get(0))).collect()
}

pub(super) async fn account_settings(readers: &SqlitePool, principal: String) -> Result<Vec<AccountSetting>> {
    const SQL: &str = "SELECT document FROM account_setting WHERE principal IN ('', ?) ORDER BY principal, name";
    let rows = sqlx::query(SQL).bind(principal).fetch_all(readers).await?;
    rows.into_iter().map(|row| parse("account_setting", row.get(0))).collect()
}

pub(super) async fn tasks(readers: &SqlitePool, tasks: Vec<TaskId>) -> Result<Vec<TaskView>> {
    const SQL: &str = "SELECT task.document, waiting.reason, host.is_connected, host.connectivity_changed_at,
        host.document -> '$.architecture'
        FROM task LEFT JOIN waiting ON waiting.class = task.class LEFT JOIN host ON host.id = task.host
        WHERE task.id IN (SELECT value FROM json_each(?)) ORDER BY task.id";
    let rows = sqlx::query(SQL).bind(json(&tasks)).fetch_all(readers).await?;
    let view = |row: SqliteRow| {
        let is_connected: Option<bool> = row.get(2);
        let connectivity =
            is_connected.map(|is_connected| Connectivity { is_connected, changed_at: Timestamp(row.get(3)) });
        let architecture: Option<&str> = row.get(4);
        let architecture = architecture.map(|text| parse("host", text)).transpose()?.flatten();
        Ok(TaskView { task: parse("task", row.get(0))?, waiting: row.get(1), connectivity, architecture })
    };
    rows.into_iter().map(view).collect()
}

pub(super) async fn list_tasks(readers: &SqlitePool, filter: TaskFilter, page: Page<TaskId>) -> Result<Vec<TaskId>> {
    // Which filter leaves the fewest is known here and not to SQLite, which keeps no statistics of a table that changes
    // so fast.
    let index = if filter.host.is_some() {
        "INDEXED BY task_by_host"
    } else if filter.cluster.is_none() {
        // All others begin with the cluster.
        ""
    } else if filter.started_by.is_some() {
        "INDEXED BY task_by_starter"
    } else if filter.family.is_some() {
        "INDEXED BY task_by_family"
    } else {
        "INDEXED BY task_by_cluster"
    };
    let mut query: QueryBuilder<Sqlite> =
        QueryBuilder::new(format!("SELECT id FROM task {index} WHERE desired_status = "));
    query.push_bind(filter.desired_status.as_str());
    if let Some(cluster) = filter.cluster {
        query.push(" AND cluster = ").push_bind(cluster.to_string());
    }
    if let Some(host) = filter.host {
        query.push(" AND host = ").push_bind(host.to_string());
    }
    if let Some(started_by) = filter.started_by {
        query.push(" AND started_by = ").push_bind(started_by);
    }
    if let Some(family) = filter.family {
        query.push(" AND family = ").push_bind(family.to_string());
    }
    if let Some(launch_type) = filter.launch_type {
        query.push(" AND launch_type = ").push_bind(launch_type.to_string());
    }
    if let Some(after) = page.after {
        query.push(" AND id > ").push_bind(after.to_string());
    }
    query.push(" ORDER BY id LIMIT ").push_bind(limit(page.limit));
    let rows = query.build().fetch_all(readers).await?;
    rows.into_iter().map(|row| parse_id("task", row.get(0))).collect()
}

pub(super) async fn hosts(readers: &SqlitePool, hosts: Vec<HostId>) -> Result<Vec<HostView>> {
    const HOSTS: &str = "SELECT document FROM host WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id";
    const TASKS: &str = "SELECT host, last_status, document -> '$.demand', document ->> '$.request.group' FROM task
        WHERE host IN (SELECT value FROM json_each(?)) AND stopped_at IS NULL";
    let asked = json(&hosts);
    let mut snapshot = readers.begin().await?;
    let host_rows = sqlx::query(HOSTS).bind(&asked).fetch_all(&mut *snapshot).await?;
    let task_rows = sqlx::query(TASKS).bind(&asked).fetch_all(&mut *snapshot).await?;
    drop(snapshot);
    let mut loads: BTreeMap<HostId, Load> = BTreeMap::new();
    for row in task_rows {
        let load = loads.entry(parse_id("task", row.get(0))?).or_default();
        load.add(row.get(1), parse("task", row.get(2))?, row.get(3));
    }
    let view = |row: SqliteRow| {
        let host: berth_model::host::Host = parse("host", row.get(0))?;
        let load = loads.remove(&host.id).unwrap_or_default();
        Ok(load.into_view(host))
    };
    host_rows.into_iter().map(view).collect()
}

/// What a host's tasks come to.
#[derive(Default)]
struct Load {
    running: u64,
    pending: u64,
    used: Resources,
    ports: BTreeSet<HostPort>,
    groups: BTreeSet<String>,
}

impl Load {
    fn add(&mut self, last_status: &str, demand: Demand, group: String) {
        match last_status {
            "RUNNING" => self.running += 1,
            "PROVISIONING" | "PENDING" | "ACTIVATING" => self.pending += 1,
            _ => {}
        }
        self.used += demand.resources;
        self.ports.extend(demand.ports);
        self.groups.insert(group);
    }

    fn into_view(self, host: berth_model::host::Host) -> HostView {
        let Self { running, pending, used, ports, groups } = self;
        HostView { host, running_tasks: running, pending_tasks: pending, used, ports, groups }
    }
}

pub(super) async fn list_hosts(readers: &SqlitePool, filter: HostFilter, page: Page<HostId>) -> Result<Vec<HostId>> {
    const SQL: &str = "SELECT id FROM host WHERE cluster = ? AND id > ?
        AND status IN (SELECT value FROM json_each(?)) ORDER BY id LIMIT ?";
    let statuses: Vec<_> = filter.statuses.iter().map(|status| status.as_str()).collect();
    let after = page.after.map(|after| after.to_string()).unwrap_or_default();
    let query = sqlx::query(SQL).bind(filter.cluster.as_str()).bind(after);
    let rows = query.bind(json(&statuses)).bind(limit(page.limit)).fetch_all(readers).await?;
    rows.into_iter().map(|row| parse_id("host", row.get(0))).collect()
}

pub(super) async fn changes(
    readers: &SqlitePool,
    after: Sequence,
    filter: ChangeFilter,
    limit: usize,
) -> Result<ChangePage> {
    // Numbers have no gaps, so a range of them is a bounded piece of the table, however few of it pass.
    const BOUNDS: &str = "SELECT min(sequence), max(sequence) FROM change";
    const CHANGES: &str = "SELECT sequence, document FROM change WHERE sequence > ?1 AND sequence <= ?2
        AND (?3 IS NULL OR cluster = ?3) AND (?4 IS NULL OR kind = ?4) ORDER BY sequence";
    let mut snapshot = readers.begin().await?;
    let bounds = sqlx::query(BOUNDS).fetch_one(&mut *snapshot).await?;
    let [oldest, newest] = [0, 1].map(|column| bounds.get::<Option<i64>, _>(column).map(sequence));
    let (oldest, newest) = (oldest.unwrap_or(Sequence::NONE.next()), newest.unwrap_or(Sequence::NONE));
    let seen = Sequence(after.0.saturating_add(limit as u64)).min(newest).max(after);
    let query = sqlx::query(CHANGES).bind(number(after)).bind(number(seen));
    let query = query.bind(filter.cluster.map(|cluster| cluster.to_string())).bind(filter.kind.map(ChangeKind::as_str));
    let rows = query.fetch_all(&mut *snapshot).await?;
    drop(snapshot);
    let change = |row: SqliteRow| Ok((sequence(row.get(0)), parse("change", row.get(1))?));
    let changes = rows.into_iter().map(change).collect::<Result<_>>()?;
    Ok(ChangePage { changes, seen, oldest, newest })
}

pub(super) async fn delivered(readers: &SqlitePool, sink: Sink) -> Result<Option<Sequence>> {
    let query = sqlx::query("SELECT sequence FROM delivered WHERE sink = ?").bind(sink.as_str());
    let row = query.fetch_optional(readers).await?;
    Ok(row.map(|row| sequence(row.get(0))))
}

fn number(sequence: Sequence) -> i64 {
    i64::try_from(sequence.0).unwrap_or(i64::MAX)
}

fn count(row: &SqliteRow, column: usize) -> u64 {
    u64::try_from(row.get::<i64, _>(column)).expect("a count is not negative")
}

fn limit(entries: usize) -> i64 {
    i64::try_from(entries).unwrap_or(i64::MAX)
}
