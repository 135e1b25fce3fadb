//! Rows and columns: how each noun is laid out in a table. The same for every SQL database.
//!
//! A table's first columns are its key; its last is the whole noun as JSON. The columns between are copies of members
//! that queries ask for.

use std::collections::BTreeMap;

use berth_model::access_key::AccessKey;
use berth_model::account_setting::{AccountSetting, SettingKey};
use berth_model::cluster::Cluster;
use berth_model::host::Host;
use berth_model::state_change::{Sequence, Sink, StateChange};
use berth_model::task::{Task, TaskStatus};
use berth_model::task_definition::TaskDefinition;
use berth_scheduler::step::{ClassId, Key, Row, TokenHit, TokenKey};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{Result, StoreError, launch_type};

/// A table that rows are written to.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    /// The columns of its key.
    pub(crate) key: &'static [&'static str],
    /// Columns that never change once the row is there, so that an update need not touch their indexes.
    pub(crate) fixed: &'static [&'static str],
    /// The other columns.
    pub(crate) changing: &'static [&'static str],
}

impl Table {
    /// All columns, in the order in which a [`Cells`] has them.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &'static str> {
        [self.key, self.fixed, self.changing].into_iter().flatten().copied()
    }
}

pub(crate) const CLUSTER: Table =
    Table { name: "cluster", key: &["name"], fixed: &[], changing: &["is_active", "document"] };

pub(crate) const TASK_DEFINITION: Table =
    Table { name: "task_definition", key: &["family", "revision"], fixed: &[], changing: &["status", "document"] };

pub(crate) const HOST: Table = Table {
    name: "host",
    key: &["id"],
    fixed: &["cluster"],
    changing: &["status", "is_connected", "connectivity_changed_at", "document"],
};

pub(crate) const TASK: Table = Table {
    name: "task",
    key: &["id"],
    fixed: &["cluster", "family", "started_by", "launch_type"],
    changing: &["host", "desired_status", "last_status", "class", "stopped_at", "document"],
};

pub(crate) const WAITING: Table = Table { name: "waiting", key: &["class"], fixed: &[], changing: &["reason"] };

pub(crate) const TOKEN: Table =
    Table { name: "token", key: &["operation", "token"], fixed: &[], changing: &["created_at", "document"] };

pub(crate) const ACCOUNT_SETTING: Table =
    Table { name: "account_setting", key: &["principal", "name"], fixed: &[], changing: &["document"] };

pub(crate) const CAPACITY_PROVIDER: Table =
    Table { name: "capacity_provider", key: &["name"], fixed: &[], changing: &["document"] };

pub(crate) const ACCESS_KEY: Table = Table { name: "access_key", key: &["id"], fixed: &[], changing: &["document"] };

pub(crate) const CHANGE: Table =
    Table { name: "change", key: &["sequence"], fixed: &["at", "cluster", "kind", "document"], changing: &[] };

pub(crate) const DELIVERED: Table = Table { name: "delivered", key: &["sink"], fixed: &[], changing: &["sequence"] };

/// The content of one column of one row.
#[derive(Debug, Clone)]
pub(crate) enum Cell {
    Null,
    Number(i64),
    Word(&'static str),
    Text(String),
}

/// The columns of one row, in the order of [`Table::columns`].
pub(crate) type Cells = Vec<Cell>;

/// The rows of a step, by table.
#[derive(Debug, Default)]
pub(crate) struct Batch {
    pub(crate) clusters: Vec<Cells>,
    pub(crate) task_definitions: Vec<Cells>,
    pub(crate) hosts: Vec<Cells>,
    pub(crate) tasks: Vec<Cells>,
    pub(crate) waiting: Vec<Cells>,
    /// Classes in which nothing waits any more.
    pub(crate) waiting_over: Vec<String>,
    pub(crate) tokens: Vec<Cells>,
    pub(crate) capacity_providers: Vec<Cells>,
    pub(crate) account_settings: Vec<Cells>,
    /// Account settings that are no more: principal and name.
    pub(crate) account_settings_over: Vec<(String, String)>,
    pub(crate) access_keys: Vec<Cells>,
    /// Access keys that are revoked.
    pub(crate) access_keys_over: Vec<String>,
    pub(crate) changes: Vec<Cells>,
    pub(crate) delivered: Vec<Cells>,
}

impl Batch {
    /// Lays out the rows of a step.
    pub(crate) fn new(writes: &BTreeMap<Key, Row>) -> Self {
        let mut batch = Self::default();
        for (key, row) in writes {
            match (key, row) {
                (_, Row::Cluster(cluster)) => batch.clusters.push(cluster_cells(cluster)),
                (_, Row::TaskDefinition(definition)) => batch.task_definitions.push(definition_cells(definition)),
                (_, Row::Host(host)) => batch.hosts.push(host_cells(host)),
                (_, Row::Task(task, class)) => batch.tasks.push(task_cells(task, class.as_ref())),
                (Key::Waiting(class), Row::Waiting(Some(reason))) => {
                    batch.waiting.push(vec![Cell::Text(class.0.clone()), Cell::Text(reason.clone())]);
                }
                (Key::Waiting(class), Row::Waiting(None)) => batch.waiting_over.push(class.0.clone()),
                (Key::Token(key), Row::Token(hit)) => batch.tokens.push(token_cells(key, hit)),
                (_, Row::CapacityProvider(row)) => {
                    batch.capacity_providers.push(vec![text(&row.name), document(row)]);
                }
                (_, Row::AccountSetting(Some(row))) => batch.account_settings.push(setting_cells(row)),
                (Key::AccountSetting(key), Row::AccountSetting(None)) => {
                    batch.account_settings_over.push((setting_principal(key), key.name.to_string()));
                }
                (_, Row::AccessKey(Some(key))) => batch.access_keys.push(access_key_cells(key)),
                (Key::AccessKey(id), Row::AccessKey(None)) => batch.access_keys_over.push(id.to_string()),
                (Key::Change(sequence), Row::Change(change)) => batch.changes.push(change_cells(*sequence, change)),
                (Key::Delivered(sink), Row::Delivered(sequence)) => {
                    batch.delivered.push(delivered_cells(*sink, *sequence));
                }
                (
                    key,
                    Row::Waiting(_)
                    | Row::Token(_)
                    | Row::AccountSetting(None)
                    | Row::AccessKey(None)
                    | Row::Change(_)
                    | Row::Delivered(_),
                ) => {
                    unreachable!("a step names each row by its own kind: {key:?}")
                }
            }
        }
        batch
    }
}

fn cluster_cells(cluster: &Cluster) -> Cells {
    vec![text(&cluster.name), Cell::Number(cluster.is_active.into()), document(cluster)]
}

fn definition_cells(definition: &TaskDefinition) -> Cells {
    vec![
        text(&definition.id.family),
        Cell::Number(definition.id.revision.into()),
        Cell::Word(definition.status.as_str()),
        document(definition),
    ]
}

fn host_cells(host: &Host) -> Cells {
    vec![
        text(&host.id),
        text(&host.cluster),
        Cell::Word(host.status.as_str()),
        Cell::Number(host.is_connected.into()),
        Cell::Number(host.connectivity_changed_at.0),
        document(host),
    ]
}

fn task_cells(task: &Task, class: Option<&ClassId>) -> Cells {
    let is_stopped = task.last_status == TaskStatus::Stopped;
    let stopped_at = is_stopped.then(|| task.times.stopped_at.unwrap_or(task.times.created_at));
    vec![
        text(&task.id),
        text(&task.cluster),
        text(&task.definition.family),
        task.request.started_by.as_ref().map_or(Cell::Null, text),
        text(launch_type(&task.launch).as_str()),
        task.host.as_ref().map_or(Cell::Null, text),
        Cell::Word(task.desired_status.as_str()),
        Cell::Word(task.last_status.as_str()),
        class.map_or(Cell::Null, |class| text(&class.0)),
        stopped_at.map_or(Cell::Null, |at| Cell::Number(at.0)),
        document(task),
    ]
}

fn token_cells(key: &TokenKey, hit: &TokenHit) -> Cells {
    vec![Cell::Word(key.operation), text(&key.token), Cell::Number(hit.created_at.0), document(hit)]
}

fn setting_cells(setting: &AccountSetting) -> Cells {
    vec![Cell::Text(setting_principal(&setting.key)), text(&setting.key.name), document(setting)]
}

/// The principal in its column: empty for everybody.
pub(crate) fn setting_principal(key: &SettingKey) -> String {
    key.principal.clone().unwrap_or_default()
}

fn access_key_cells(key: &AccessKey) -> Cells {
    vec![text(&key.id), document(key)]
}

fn change_cells(sequence: Sequence, change: &StateChange) -> Cells {
    vec![
        number(sequence),
        Cell::Number(change.at.0),
        text(change.cluster()),
        Cell::Word(change.kind().as_str()),
        document(change),
    ]
}

fn delivered_cells(sink: Sink, sequence: Sequence) -> Cells {
    vec![Cell::Word(sink.as_str()), number(sequence)]
}

/// A sequence number as SQL has numbers. No installation gets near the end of either.
pub(crate) fn number(sequence: Sequence) -> Cell {
    Cell::Number(i64::try_from(sequence.0).unwrap_or(i64::MAX))
}

fn text(value: &(impl ToString + ?Sized)) -> Cell {
    Cell::Text(value.to_string())
}

fn document(noun: &impl Serialize) -> Cell {
    Cell::Text(serde_json::to_string(noun).expect("nouns are plain data with text keys"))
}

/// Reads a document back.
///
/// # Errors
/// [`StoreError::Unreadable`]
pub(crate) fn parse<T: DeserializeOwned>(table: &'static str, document: &str) -> Result<T> {
    serde_json::from_str(document).map_err(|error| StoreError::Unreadable { table, cause: error.into() })
}

/// Reads an id or a name back.
///
/// # Errors
/// [`StoreError::Unreadable`]
pub(crate) fn parse_id<T: std::str::FromStr<Err = berth_model::id::InvalidId>>(
    table: &'static str,
    id: &str,
) -> Result<T> {
    id.parse().map_err(|error: T::Err| StoreError::Unreadable { table, cause: error.into() })
}
