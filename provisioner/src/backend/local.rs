//! Hosts that are slices of this machine: each is a child process `berth agent` on this machine's Docker.
//!
//! What a host is stands in its `record`, below `DATA/hosts/<host id>/` beside its agent's own data and its log; the
//! processes themselves carry the installation's and the host's id in their environment (`process`). So every start
//! finds again what an earlier one left: agents that run are adopted, agents that died are started again on the same
//! data, and nothing that does not carry both ids is ever touched. Dropping the backend leaves the agents running.

mod address;
mod agent;
mod host;
mod machine;
mod process;
mod record;
mod slice;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use berth_model::host::{FARGATE_CLUSTER, InstanceType};
use berth_model::id::{HostId, InstallationId};
use berth_model::unit::Resources;
use tokio::task::JoinSet;

pub use self::machine::Machine;

use self::agent::Supervisor;
use self::host::Launched;
use self::record::HostDir;
use super::{BackendError, BoxFuture, HostBackend, LaunchOrder};

/// What gives each host its access key: the public and the secret half.
#[derive(Clone)]
pub struct HostKeys(pub Arc<dyn Fn(HostId) -> (String, String) + Send + Sync>);

impl std::fmt::Debug for HostKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("HostKeys")
    }
}

/// Everything about the hosts of one installation on this machine.
#[derive(Debug, Clone)]
pub struct Config {
    /// The program that is run as `PROGRAM agent …`; the server's own, as a rule.
    pub program: PathBuf,
    /// What agents connect to, such as `http://127.0.0.1:8080`. May differ from one start to the next: agents that were
    /// started with another one are started again.
    pub server: String,
    /// The region in their ARNs and signatures.
    pub region: String,
    /// The cluster they register in. Default `berth-fargate`.
    pub cluster: String,
    /// The installation's data directory; hosts live below `hosts/` in it.
    pub data_dir: PathBuf,
    /// The installation.
    pub installation: InstallationId,
    /// What there is to slice.
    pub machine: Machine,
    /// Gives each host the access key that its agent signs with; agents have what this process has if `None`.
    pub keys: Option<HostKeys>,
    /// When agents pull images: `default`, `always`, `once` or `prefer-cached`.
    pub image_pull_behavior: String,
    /// Most images that an agent pulls at a time. Default 8.
    pub image_pulls_max: usize,
    /// Whether agents remove images again that they have pulled. Default false.
    pub has_image_clean_up: bool,
    /// The runtime of Docker's that runs containers; Docker's default if `None`.
    pub docker_runtime: Option<String>,
    /// What else agents are told, option by option.
    pub agent_options: Vec<String>,
    /// Where all installations of this machine write down which loopback address is whose.
    pub address_dir: PathBuf,
    /// How long an agent may take to end after SIGTERM before it gets SIGKILL. It ships the output of what has
    /// ended then, which takes it 3 s at most, and it survives a SIGKILL at any moment. Default 10 s.
    pub stop_within: Duration,
    /// How long removing a host's containers may take before it counts as failed and is tried again: Docker takes a few
    /// seconds for a container that ignores SIGTERM. Default 2 min.
    pub retire_within: Duration,
}

impl Config {
    /// Defaults for all that need not be said.
    pub fn new(
        program: PathBuf,
        server: impl Into<String>,
        data_dir: PathBuf,
        installation: InstallationId,
        machine: Machine,
    ) -> Self {
        Self {
            program,
            server: server.into(),
            region: "us-east-1".to_owned(),
            cluster: FARGATE_CLUSTER.to_owned(),
            data_dir,
            installation,
            machine,
            keys: None,
            image_pull_behavior: "default".to_owned(),
            image_pulls_max: 8,
            has_image_clean_up: false,
            docker_runtime: None,
            agent_options: Vec::new(),
            address_dir: address::default_dir(),
            stop_within: Duration::from_secs(10),
            retire_within: Duration::from_mins(2),
        }
    }

    fn host_dir(&self, host: HostId) -> HostDir {
        HostDir(self.hosts_dir().join(host.to_string()))
    }

    fn hosts_dir(&self) -> PathBuf {
        self.data_dir.join("hosts")
    }
}

/// The hosts of one installation on this machine.
#[derive(Debug, Clone)]
pub struct LocalBackend {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    config: Config,
    /// The hosts this process knows. What it does not know is still found by its record or its processes.
    hosts: Mutex<BTreeMap<HostId, Entry>>,
}

/// A host this process knows.
#[derive(Debug)]
struct Entry {
    capacity: Resources,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Being launched or ended just now.
    Busy,
    /// Its agent is kept running.
    Running(Supervisor),
    /// To be ended: that has begun and was cut short.
    Ending,
}

impl LocalBackend {
    /// Takes over what earlier processes of this installation left: their agents are adopted or started again.
    ///
    /// # Errors
    /// [`BackendError::Transient`] or [`BackendError::Misconfigured`] if what is there cannot be seen. A single host that
    /// cannot be taken over is logged, and left to be ended.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    pub async fn start(config: Config) -> Result<Self, BackendError> {
        let installation = config.installation;
        let seen = blocking(move || process::find(installation)).await;
        let mut processes = seen.map_err(|error| BackendError::transient("processes cannot be seen", error))?;
        let backend = Self { shared: Arc::new(Shared { config, hosts: Mutex::default() }) };
        let mut adoptions = JoinSet::new();
        for host in host::on_disk(&backend.shared.config).await? {
            let (backend, processes) = (backend.clone(), processes.remove(&host).unwrap_or_default());
            adoptions.spawn(async move { backend.adopt(host, processes).await });
        }
        while let Some(adopted) = adoptions.join_next().await {
            adopted.map_err(|panic| BackendError::transient("adopting a host panicked", panic))?;
        }
        Ok(backend)
    }

    async fn adopt(&self, host: HostId, processes: Vec<process::Process>) {
        match host::adopt(&self.shared.config, host, processes).await {
            Ok(Some(launched)) => self.keep_running(launched),
            Ok(None) => {
                self.hosts().insert(host, Entry { capacity: Resources::ZERO, state: State::Ending });
            }
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(%host, error, "host not adopted");
                self.hosts().insert(host, Entry { capacity: Resources::ZERO, state: State::Ending });
            }
        }
    }

    fn keep_running(&self, launched: Launched) {
        let Launched { record, agent } = launched;
        let (host, capacity) = (record.host, record.capacity);
        let state = State::Running(Supervisor::new(self.shared.config.clone(), record, agent));
        self.hosts().insert(host, Entry { capacity, state });
    }

    async fn launch_host(self, order: LaunchOrder) -> Result<(), BackendError> {
        if !self.begin_launch(&order)? {
            return Ok(());
        }
        match host::launch(&self.shared.config, &order).await {
            Ok(launched) => {
                self.keep_running(launched);
                Ok(())
            }
            Err(error) => {
                self.hosts().remove(&order.host);
                Err(error)
            }
        }
    }

    /// Enters the host as being launched. False if it is there already.
    fn begin_launch(&self, order: &LaunchOrder) -> Result<bool, BackendError> {
        let Config { machine, .. } = &self.shared.config;
        if !slice::catalogue(machine).iter().any(|kind| kind.name == order.instance_type) {
            let text = format!("this machine has no host type {}", order.instance_type);
            return Err(BackendError::Misconfigured { text, cause: None });
        }
        let mut hosts = self.hosts();
        match hosts.get(&order.host).map(|entry| &entry.state) {
            Some(State::Running(_)) => return Ok(false),
            Some(State::Busy) => {
                let text = format!("host {} is just being launched or ended", order.host);
                return Err(BackendError::Transient { text, cause: None });
            }
            Some(State::Ending) => {
                return Err(BackendError::Gone { text: format!("host {} is being ended", order.host) });
            }
            None => {}
        }
        let taken: Resources = hosts.values().map(|entry| entry.capacity).sum();
        if !(taken + order.capacity).fits_in(machine.capacity) {
            let text = format!("{taken} of this machine's {} are taken", machine.capacity);
            return Err(BackendError::NoCapacity { text });
        }
        hosts.insert(order.host, Entry { capacity: order.capacity, state: State::Busy });
        Ok(true)
    }

    async fn end_host(self, host: HostId) -> Result<(), BackendError> {
        if let Some(supervisor) = self.begin_end(host)? {
            supervisor.stop().await;
        }
        let ended = host::end(&self.shared.config, host).await;
        let mut hosts = self.hosts();
        if ended.is_ok() {
            hosts.remove(&host);
        } else if let Some(entry) = hosts.get_mut(&host) {
            entry.state = State::Ending;
        }
        ended
    }

    /// Enters the host as being ended, and gives back what keeps its agent running.
    fn begin_end(&self, host: HostId) -> Result<Option<Supervisor>, BackendError> {
        let mut hosts = self.hosts();
        let entry = hosts.entry(host).or_insert(Entry { capacity: Resources::ZERO, state: State::Ending });
        match std::mem::replace(&mut entry.state, State::Busy) {
            State::Running(supervisor) => Ok(Some(supervisor)),
            State::Ending => Ok(None),
            State::Busy => {
                let text = format!("host {host} is just being launched or ended");
                Err(BackendError::Transient { text, cause: None })
            }
        }
    }

    fn hosts(&self) -> MutexGuard<'_, BTreeMap<HostId, Entry>> {
        // Each change is one insertion or removal, so a panic elsewhere leaves nothing half done.
        self.shared.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HostBackend for LocalBackend {
    fn catalogue(&self) -> Vec<InstanceType> {
        slice::catalogue(&self.shared.config.machine)
    }

    fn launch(&self, order: LaunchOrder) -> BoxFuture<'_, Result<(), BackendError>> {
        to_the_end(self.clone().launch_host(order))
    }

    fn terminate(&self, host: HostId) -> BoxFuture<'_, Result<(), BackendError>> {
        to_the_end(self.clone().end_host(host))
    }

    fn list(&self) -> BoxFuture<'_, Result<BTreeSet<HostId>, BackendError>> {
        Box::pin(host::found(&self.shared.config))
    }
}

/// Ends every host of the installation, whoever started it: their agents, their containers, their data. For when no
/// server of this installation runs; one that does would start its agents again.
///
/// # Errors
/// The first failure, after all others have been tried.
pub async fn down(config: Config) -> Result<(), BackendError> {
    let mut ends = JoinSet::new();
    for host in host::found(&config).await? {
        let config = config.clone();
        ends.spawn(async move { host::end(&config, host).await });
    }
    let mut first = Ok(());
    while let Some(end) = ends.join_next().await {
        first = first.and(end.unwrap_or_else(|panic| Err(BackendError::transient("ending a host panicked", panic))));
    }
    first
}

/// Runs the work to its end also if the caller stops waiting: a host that is half made is nobody's.
fn to_the_end(
    work: impl Future<Output = Result<(), BackendError>> + Send + 'static,
) -> BoxFuture<'static, Result<(), BackendError>> {
    let work = tokio::spawn(work);
    Box::pin(
        async move { work.await.unwrap_or_else(|panic| Err(BackendError::transient("the backend panicked", panic))) },
    )
}

/// Does file and process work where it may block.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.unwrap_or_else(|panic| Err(io::Error::other(panic)))
}
