//! What containers can ask about themselves, and the credentials of their roles: the task metadata endpoint and the
//! credentials endpoint of ECS.
//!
//! Programs find both through their environment. In `awsvpc` and `bridge` mode they are at 169.254.170.2, the address
//! that AWS SDKs know, which each task or container has for itself (see [`namespace`]); in `host` mode on a port of the
//! machine's loopback. A task without a network has neither. What is asked for is named by ids that nobody can guess.
//! They follow from a secret of the agent's on disk, so that they are the same after a restart, when all listeners are
//! opened again.

mod kept;
mod metadata;
mod namespace;
mod netlink;
mod serve;

use std::collections::BTreeMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddrV4};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use berth_model::acs::{PayloadContainer, PayloadTask, RoleCredentials};
use berth_model::sensitive::Sensitive;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio_util::sync::CancellationToken;

use self::kept::Kept;
use crate::holder::is_holder;
use crate::record::Record;
use crate::runtime::Runtime;
use crate::session::RunningTask;

/// What the agent's endpoints are found by, kept on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Address {
    /// From which the ids follow.
    secret: Sensitive<String>,
    /// The port on the machine's loopback.
    port: u16,
    /// True while this agent listens there, and not somebody else.
    #[serde(skip)]
    is_on_machine: bool,
}

impl Address {
    /// One with a new secret.
    pub(crate) fn new(port: u16) -> Self {
        let random = || uuid::Uuid::new_v4().simple().to_string();
        Self { secret: Sensitive::new(random() + &random()), port, is_on_machine: true }
    }

    /// The same with or without a listener on the machine's loopback.
    pub(crate) fn on_machine(self, is_on_machine: bool) -> Self {
        Self { is_on_machine, ..self }
    }

    /// The port on the machine's loopback.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// The id of a container: 128 bits that only who knows the secret can tell.
    fn id(&self, arn: &str, container: &str) -> String {
        let parts = [self.secret.expose(), arn, container];
        let text: Vec<u8> = parts.iter().flat_map(|part| part.bytes().chain([0])).collect();
        let bits = Sha256::digest(text).first_chunk().copied().map_or(0, u128::from_be_bytes);
        format!("{bits:032x}")
    }

    /// The variables by which a container finds its endpoints. None if it has none.
    pub(crate) fn variables(&self, task: &PayloadTask, container: &PayloadContainer) -> Vec<(&'static str, String)> {
        let base = match Reach::of(task, container) {
            Reach::Task | Reach::Container => format!("http://{}", namespace::ADDRESS),
            Reach::Machine if self.is_on_machine => format!("http://{}:{}", Ipv4Addr::LOCALHOST, self.port),
            Reach::Machine | Reach::Nobody => return Vec::new(),
        };
        let id = self.id(&task.arn, &container.name);
        let credentials = task.role_credentials.as_ref().map(|credentials| {
            let path = format!("/v2/credentials/{}", credentials.credentials_id);
            // SDKs put the path behind the one address that they know, which is not there in the machine's own network.
            match Reach::of(task, container) {
                Reach::Machine => ("AWS_CONTAINER_CREDENTIALS_FULL_URI", base.clone() + &path),
                Reach::Task | Reach::Container | Reach::Nobody => ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", path),
            }
        });
        let metadata = [
            ("ECS_CONTAINER_METADATA_URI", format!("{base}/v3/{id}")),
            ("ECS_CONTAINER_METADATA_URI_V4", format!("{base}/v4/{id}")),
        ];
        metadata.into_iter().chain(credentials).collect()
    }
}

/// Where a container finds its endpoints.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// In the network that its task has for itself.
    Task,
    /// In the network that it has for itself.
    Container,
    /// On the machine's loopback.
    Machine,
    /// It has no network.
    Nobody,
}

impl Reach {
    fn of(task: &PayloadTask, container: &PayloadContainer) -> Self {
        match task.network_mode.as_str() {
            "awsvpc" => Self::Task,
            "host" => Self::Machine,
            "" | "bridge" if !is_deaf(container) => Self::Container,
            _ => Self::Nobody,
        }
    }
}

/// True for a container that is to have no network.
fn is_deaf(container: &PayloadContainer) -> bool {
    let config = container.docker_config.config.as_deref().unwrap_or_default();
    let config: serde_json::Value = serde_json::from_str(config).unwrap_or_default();
    config["NetworkDisabled"] == true
}

/// A question about a task.
#[derive(Debug)]
pub(crate) struct Question {
    /// The task.
    pub(crate) arn: String,
    /// Answered if the task is known.
    pub(crate) answer: oneshot::Sender<Option<Known>>,
}

/// What the agent knows of a task.
#[derive(Debug)]
pub(crate) struct Known {
    /// Its record.
    pub(crate) record: Record,
    /// What runs of it.
    pub(crate) running: Option<RunningTask>,
}

/// Names a container: its task's ARN and its name.
type Key = (String, String);

/// All endpoints of an agent. Cloning shares them.
#[derive(Debug, Clone)]
pub(crate) struct Endpoints(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    address: Address,
    runtime: Arc<dyn Runtime>,
    questions: mpsc::Sender<Question>,
    /// Ends all that is served.
    ended: CancellationToken,
    /// What is served, by the container for which it was opened.
    open: Mutex<BTreeMap<Key, CancellationToken>>,
    /// The ids that are served on the machine's loopback.
    on_machine: Mutex<BTreeMap<String, Key>>,
    /// The tasks whose containers can ask, by ARN.
    tasks: Mutex<BTreeMap<String, Arc<Kept>>>,
    /// Room for questions about what containers use.
    statistics: Semaphore,
    /// The newest credentials of each task that has some. They are nowhere else.
    credentials: Mutex<BTreeMap<String, RoleCredentials>>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Why no endpoints can be served, if so: it takes the right to make network namespaces.
pub(crate) async fn check() -> io::Result<()> {
    namespace::check().await
}

/// A listener on the machine's loopback, at a port that was used before or any.
pub(crate) async fn listen(port: Option<u16>) -> io::Result<TcpListener> {
    TcpListener::bind(SocketAddrV4::new(Ipv4Addr::LOCALHOST, port.unwrap_or(0))).await
}

impl Endpoints {
    /// Serves on the machine's loopback from now on. Questions that nobody answers are answered with an error.
    pub(crate) fn new(
        address: Address,
        runtime: Arc<dyn Runtime>,
        on_machine: Option<TcpListener>,
        questions: mpsc::Sender<Question>,
    ) -> Self {
        let inner = Inner {
            address,
            runtime,
            questions,
            ended: CancellationToken::new(),
            open: Mutex::default(),
            on_machine: Mutex::default(),
            tasks: Mutex::default(),
            statistics: Semaphore::new(serve::STATISTICS_MAX),
            credentials: Mutex::default(),
        };
        let endpoints = Self(Arc::new(inner));
        if let Some(listener) = on_machine {
            tokio::spawn(serve::accept(listener, endpoints.clone(), serve::Scope::Machine, endpoints.0.ended.clone()));
        }
        endpoints
    }

    /// Makes the endpoints of a container reachable that was started, or found running. If that does not work, its task
    /// goes without.
    pub(crate) async fn open(&self, task: &PayloadTask, container: &PayloadContainer, runtime_id: &str) {
        let key = (task.arn.clone(), container.name.clone());
        let id = |name: &str| (self.0.address.id(&task.arn, name), (task.arn.clone(), name.to_owned()));
        let ids: BTreeMap<String, Key> = match Reach::of(task, container) {
            Reach::Task if is_holder(&container.name) => {
                task.containers.iter().map(|container| id(&container.name)).collect()
            }
            Reach::Container if !is_holder(&container.name) => [id(&container.name)].into(),
            Reach::Machine => return self.admit(task, container),
            Reach::Task | Reach::Container | Reach::Nobody => return,
        };
        let closed = self.0.ended.child_token();
        match lock(&self.0.open).entry(key.clone()) {
            std::collections::btree_map::Entry::Occupied(_) => return,
            std::collections::btree_map::Entry::Vacant(entry) => drop(entry.insert(closed.clone())),
        }
        self.keep_track(&task.arn);
        match self.listen(runtime_id).await {
            Ok(listener) => {
                tokio::spawn(serve::accept(listener, self.clone(), serve::Scope::Only(Arc::new(ids)), closed));
            }
            Err(error) => {
                // A container that has ended meanwhile is no reason to worry.
                tracing::warn!(task = key.0, container = key.1, %error, "no metadata endpoint for a container");
                lock(&self.0.open).remove(&key);
            }
        }
    }

    /// Makes the endpoints of a container reachable that is about to be started, if they are on the machine's loopback.
    /// Those in a network are there once the network is.
    pub(crate) fn admit(&self, task: &PayloadTask, container: &PayloadContainer) {
        if Reach::of(task, container) == Reach::Machine && !is_holder(&container.name) {
            let id = self.0.address.id(&task.arn, &container.name);
            self.keep_track(&task.arn);
            lock(&self.0.on_machine).insert(id, (task.arn.clone(), container.name.clone()));
        }
    }

    /// Has a task's containers ask from now on.
    fn keep_track(&self, arn: &str) {
        lock(&self.0.tasks).entry(arn.to_owned()).or_insert_with(|| Arc::new(Kept::new()));
    }

    async fn listen(&self, runtime_id: &str) -> io::Result<TcpListener> {
        let described = self.0.runtime.describe(runtime_id).await.map_err(io::Error::other)?;
        let pid = described.and_then(|described| described.pid).ok_or(io::ErrorKind::NotFound)?;
        let listener = namespace::listen(pid, runtime_id.to_owned()).await?;
        listener.set_nonblocking(true)?;
        TcpListener::from_std(listener)
    }

    /// Takes the endpoints of a container away that has ended.
    pub(crate) fn close(&self, arn: &str, container: &str) {
        let key = (arn.to_owned(), container.to_owned());
        if let Some(closed) = lock(&self.0.open).remove(&key) {
            closed.cancel();
        }
        lock(&self.0.on_machine).remove(&self.0.address.id(arn, container));
    }

    /// Ends all that is served: the agent ends, and the next one serves it again.
    pub(crate) fn end(&self) {
        self.0.ended.cancel();
    }

    /// Keeps the newest credentials of a task.
    pub(crate) fn keep(&self, arn: String, credentials: RoleCredentials) {
        lock(&self.0.credentials).insert(arn, credentials);
    }

    /// Forgets a task that is over, with its credentials.
    pub(crate) fn forget(&self, arn: &str) {
        lock(&self.0.credentials).remove(arn);
        lock(&self.0.tasks).remove(arn);
    }

    /// What is known of a task at this moment.
    async fn known(&self, arn: &str) -> Option<Known> {
        let (answer, answered) = oneshot::channel();
        self.0.questions.send(Question { arn: arn.to_owned(), answer }).await.ok()?;
        answered.await.ok()?
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(mode: &str) -> PayloadTask {
        let container = PayloadContainer { name: "main".to_owned(), ..PayloadContainer::default() };
        PayloadTask {
            arn: "arn:1".to_owned(),
            network_mode: mode.to_owned(),
            containers: vec![container],
            ..PayloadTask::default()
        }
    }

    #[test]
    fn ids_are_the_same_again_and_never_shared() {
        let address = Address::new(80);
        assert_eq!(address.id("a", "b"), address.id("a", "b"));
        let ids = [address.id("a", "b"), address.id("ab", ""), address.id("a", "c"), Address::new(80).id("a", "b")];
        assert!(ids.iter().all(|id| id.len() == 32));
        assert_eq!(std::collections::BTreeSet::from(ids).len(), 4);
        assert!(!format!("{address:?}").contains(address.secret.expose()));
    }

    #[test]
    fn variables_say_where_a_container_can_reach_its_endpoints() {
        let address = Address::new(4321);
        let uri = |task: &PayloadTask| {
            let variables = address.variables(task, &task.containers[0]);
            let id = address.id("arn:1", "main");
            variables.into_iter().find(|(name, _)| *name == "ECS_CONTAINER_METADATA_URI_V4").map(|(_, uri)| {
                assert!(uri.ends_with(&format!("/v4/{id}")));
                uri.split('/').nth(2).unwrap().to_owned()
            })
        };
        for (mode, expected) in [
            ("", Some("169.254.170.2")),
            ("bridge", Some("169.254.170.2")),
            ("awsvpc", Some("169.254.170.2")),
            ("host", Some("127.0.0.1:4321")),
            ("none", None),
        ] {
            assert_eq!(uri(&task(mode)).as_deref(), expected, "{mode}");
        }
        let without = address.clone().on_machine(false);
        let host = task("host");
        assert_eq!(without.variables(&host, &host.containers[0]), [], "somebody else listens there");
        let mut deaf = task("bridge");
        deaf.containers[0].docker_config.config = Some(r#"{"NetworkDisabled":true}"#.to_owned());
        assert_eq!(uri(&deaf), None);
    }
}
