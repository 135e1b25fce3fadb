//! Credentials of tasks' roles: where they come from, and how they get to the agents that have the tasks.
//!
//! They go along with the order to run a task, again with each new session (an agent keeps them in memory alone), and again
//! when they have changed. They are in no row, and in nothing that is logged.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use berth_engine::payload::secret::Unavailable;
use berth_engine::session::Session;
use berth_model::acs::RoleCredentials;
use berth_model::id::{ClusterName, TaskId};
use berth_model::sensitive::Sensitive;
use berth_model::task::{Task, TaskStatus};
use berth_model::task_definition::TaskDefinition;
use berth_scheduler::step::Order;
use futures_util::future::join_all;
use serde::Deserialize;
use tokio::time::Instant;

use crate::edge::Edge;
use crate::secret::SecretFiles;

/// How often files are looked at again. Credentials are renewed minutes before the old ones expire, so this is often enough;
/// more often only costs reads.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// Until when credentials are good that do not say it. Programs want to read a moment.
const FOR_EVER: &str = "9999-12-31T23:59:59Z";

/// Largest file of credentials; real ones have about 1 KiB.
const FILE_BYTES_MAX: u64 = 64 * 1024;

/// How long what a file said counts for all tasks of its role, so that reads are by roles and not by tasks; and how long one
/// that cannot be read, which may take seconds to find out, is not tried again.
const FRESH_FOR: Duration = Duration::from_secs(2);

/// Of so many tasks a session may know without asking the store which of them have ended.
const SENT_MAX: usize = 256;

/// A directory with a file for each role: `NAME.json`, with the members that the metadata service of EC2 gives.
#[derive(Debug, Clone)]
pub struct CredentialSource {
    files: Arc<SecretFiles>,
    /// What the files said last, by role.
    known: Arc<Mutex<BTreeMap<String, (Instant, Read)>>>,
}

/// What a role's file says, or why it cannot be read; still without an id. `None` if there is no file for it.
type Read = Result<Option<RoleCredentials>, String>;

/// What a file says.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Said {
    access_key_id: String,
    secret_access_key: Sensitive<String>,
    #[serde(default)]
    token: Sensitive<String>,
    expiration: Option<String>,
}

impl CredentialSource {
    /// Files of this directory.
    pub fn new(directory: PathBuf) -> Self {
        Self { files: Arc::new(SecretFiles::new(directory)), known: Arc::default() }
    }

    /// The credentials of a role. A file that is not there is looked for each time: it may just have been made.
    async fn of(&self, role: &str) -> Read {
        let is_fresh = |(at, _): &&(Instant, Read)| at.elapsed() < FRESH_FOR;
        if let Some((_, read)) = self.known().get(role).filter(is_fresh) {
            return read.clone();
        }
        let read = self.read(role).await;
        let mut known = self.known();
        known.retain(|_, (at, _)| at.elapsed() < FRESH_FOR);
        if !matches!(read, Ok(None)) {
            known.insert(role.to_owned(), (Instant::now(), read.clone()));
        }
        read
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<String, (Instant, Read)>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn read(&self, role: &str) -> Read {
        let Some(name) = role_name(role) else { return Ok(None) };
        let text = match self.files.read(vec![format!("{name}.json")], FILE_BYTES_MAX).await {
            Ok(text) => text,
            Err(Unavailable::Missing) => return Ok(None),
            Err(Unavailable::Unusable(text)) => return Err(text),
        };
        // The parser's own text may quote what it has read.
        let said: Said = serde_json::from_str(text.expose()).map_err(|error| {
            let (line, column) = (error.line(), error.column());
            format!("no credentials in JSON (line {line}, column {column})")
        })?;
        Ok(Some(RoleCredentials {
            credentials_id: String::new(),
            role_arn: role.to_owned(),
            access_key_id: said.access_key_id,
            secret_access_key: said.secret_access_key,
            session_token: said.token,
            expiration: said.expiration.unwrap_or_else(|| FOR_EVER.to_owned()),
        }))
    }
}

/// The name of a role that is given by its name or its ARN. `None` for what is no role's name, and so no file's.
fn role_name(role: &str) -> Option<&str> {
    let name = role.rsplit('/').next()?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c);
    let is_name = (1..=64).contains(&name.len()) && name.chars().all(is_plain) && !name.starts_with('.');
    is_name.then_some(name)
}

/// The role whose credentials a task's containers may use.
fn role_of(task: &Task, definition: &TaskDefinition) -> Option<String> {
    let over = task.request.overrides.task_role_arn.clone();
    over.or_else(|| definition.document.task_role_arn.clone()).filter(|role| !role.is_empty())
}

/// The roles of the tasks of one session.
#[derive(Debug)]
pub(super) struct Roles {
    edge: Arc<Edge>,
    /// What each task has got last.
    sent: BTreeMap<TaskId, (ClusterName, RoleCredentials)>,
    look_at: Instant,
}

impl Roles {
    pub(super) fn new(edge: &Arc<Edge>) -> Self {
        Self { edge: Arc::clone(edge), sent: BTreeMap::new(), look_at: Instant::now() + LOOK_EVERY }
    }

    /// Adds what goes along with an order.
    pub(super) async fn before(&mut self, order: &Order, session: &mut Session) {
        match order {
            Order::Run { task, definition, .. } => {
                if let Some(credentials) = self.credentials(task, definition).await {
                    self.sent.insert(task.id, (task.cluster.clone(), credentials.clone()));
                    session.on_credentials(task.id, credentials);
                }
            }
            Order::Stop { task, .. } => drop(self.sent.remove(&task.id)),
            Order::Manifest { .. } | Order::VerifyStop { .. } | Order::Close => {}
        }
    }

    /// The tasks that the agent has, of which it may have forgotten the credentials: those of a manifest, with which a
    /// session begins.
    pub(super) fn tasks_of(&self, order: &Order) -> Vec<TaskId> {
        match order {
            Order::Manifest { tasks, .. } if self.edge.credentials.is_some() => {
                tasks.iter().map(|(_, id)| *id).collect()
            }
            Order::Manifest { .. }
            | Order::Run { .. }
            | Order::Stop { .. }
            | Order::VerifyStop { .. }
            | Order::Close => Vec::new(),
        }
    }

    /// Sends the credentials of these tasks, as far as they have any.
    pub(super) async fn renew(&mut self, tasks: Vec<TaskId>, session: &mut Session) {
        for task in self.live(tasks).await.unwrap_or_default() {
            let definition = self.edge.definition(&task.definition).await.ok().flatten();
            let Some(definition) = definition else { continue };
            if let Some(credentials) = self.credentials(&task, &definition).await {
                session.send_credentials(&task.cluster, task.id, credentials.clone());
                self.sent.insert(task.id, (task.cluster, credentials));
            }
        }
    }

    /// Ready when files are to be looked at again.
    pub(super) async fn due(&self) {
        if self.sent.is_empty() {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep_until(self.look_at).await;
    }

    /// Sends what has changed to those tasks that still run.
    pub(super) async fn look_again(&mut self, session: &mut Session) {
        self.look_at = Instant::now() + LOOK_EVERY;
        // All at once: a file that cannot be read takes its time.
        let roles: BTreeSet<&str> = self.sent.values().map(|(_, sent)| sent.role_arn.as_str()).collect();
        let found = join_all(roles.into_iter().map(async |role| Some((role, self.read(role).await?)))).await;
        let found: BTreeMap<&str, RoleCredentials> = found.into_iter().flatten().collect();
        let mut changed = BTreeMap::new();
        for (id, (_, before)) in &self.sent {
            let now = found.get(before.role_arn.as_str()).map(|found| self.for_task(*id, found.clone()));
            changed.extend(now.filter(|now| now != before).map(|now| (*id, now)));
        }
        if changed.is_empty() && self.sent.len() <= SENT_MAX {
            return;
        }
        let Some(live) = self.live(self.sent.keys().copied().collect()).await else { return };
        let live: BTreeSet<TaskId> = live.iter().map(|task| task.id).collect();
        self.sent.retain(|id, _| live.contains(id));
        for (id, now) in changed {
            let Some((cluster, sent)) = self.sent.get_mut(&id) else { continue };
            tracing::info!(task_id = %id, role = now.role_arn, "credentials of a task renewed");
            session.send_credentials(cluster, id, now.clone());
            *sent = now;
        }
    }

    /// Those of these tasks that have not ended. `None` if the store fails.
    async fn live(&self, tasks: Vec<TaskId>) -> Option<Vec<Task>> {
        if tasks.is_empty() {
            return Some(Vec::new());
        }
        match self.edge.reader().tasks(tasks).await {
            Ok(views) => {
                let tasks = views.into_iter().map(|view| view.task);
                Some(tasks.filter(|task| task.last_status != TaskStatus::Stopped).collect())
            }
            Err(error) => {
                tracing::warn!(%error, "tasks could not be read");
                None
            }
        }
    }

    async fn credentials(&self, task: &Task, definition: &TaskDefinition) -> Option<RoleCredentials> {
        self.of_role(task.id, &role_of(task, definition)?).await
    }

    async fn of_role(&self, task: TaskId, role: &str) -> Option<RoleCredentials> {
        Some(self.for_task(task, self.read(role).await?))
    }

    fn for_task(&self, task: TaskId, found: RoleCredentials) -> RoleCredentials {
        RoleCredentials { credentials_id: self.edge.gate.keyring.credentials_id(task), ..found }
    }

    async fn read(&self, role: &str) -> Option<RoleCredentials> {
        self.edge.credentials.as_ref()?.of(role).await.unwrap_or_else(|error| {
            tracing::warn!(role, %error, "the credentials of a role cannot be read");
            None
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_by_itself_or_by_its_arn_and_leads_to_no_other_directory() {
        for (role, expected) in [
            ("web", Some("web")),
            ("arn:aws:iam::123456789012:role/web", Some("web")),
            ("arn:aws:iam::123456789012:role/team/path/web-1", Some("web-1")),
            ("..", None),
            (".hidden", None),
            ("a b", None),
            ("role/", None),
            ("", None),
        ] {
            assert_eq!(role_name(role), expected, "{role}");
        }
    }

    #[tokio::test]
    async fn a_file_is_a_roles_credentials() {
        let directory = tempfile::tempdir().unwrap();
        let source = CredentialSource::new(directory.path().to_owned());
        let write = |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
        assert_eq!(source.of("web").await.unwrap(), None);
        write(
            "web.json",
            r#"{"AccessKeyId": "A", "SecretAccessKey": "hush", "Token": "t", "Expiration": "2030-01-01T00:00:00Z"}"#,
        );
        let found = source.of("arn:aws:iam::1:role/web").await.unwrap().unwrap();
        assert_eq!((found.access_key_id.as_str(), found.secret_access_key.expose().as_str()), ("A", "hush"));
        assert_eq!(found.expiration, "2030-01-01T00:00:00Z");
        assert!(!format!("{found:?}").contains("hush"));
        write("static.json", r#"{"AccessKeyId": "A", "SecretAccessKey": "hush"}"#);
        assert_eq!(source.of("static").await.unwrap().unwrap().expiration, FOR_EVER);
        write("bad.json", r#"{"AccessKeyId": "A", "SecretAccessKey": ["hush"]}"#);
        let error = source.of("bad").await.unwrap_err();
        assert!(!error.contains("hush"), "{error}");
        // For a moment the file counts as it was, good or bad.
        write("bad.json", r#"{"AccessKeyId": "A", "SecretAccessKey": "hush"}"#);
        assert_eq!(source.of("bad").await.unwrap_err(), error);
    }
}
