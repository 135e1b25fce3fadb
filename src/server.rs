//! The wiring of a control plane: store, backend, engine and edge, from the configuration to the open port and back.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use berth_api::auth::{Gate, Keyring};
use berth_api::secret::{NoSecrets, SecretFiles};
use berth_api::tls::Tls;
use berth_api::{CredentialSource, Limits};
use berth_engine::data_dir::DataDir;
use berth_engine::payload::secret::SecretSource;
use berth_engine::store::log::LogStore;
use berth_engine::store::sqlite::SqliteStore;
use berth_engine::store::{HostFilter, Page};
use berth_engine::{Engine, Fatal, Handle};
use berth_model::access_key::Role;
use berth_model::host::{FARGATE_CLUSTER, HostStatus};
use berth_model::unit::Resources;
use berth_provisioner::backend::HostBackend;
use berth_provisioner::backend::local::{LocalBackend, Machine};
use berth_scheduler::event::{Event, NewAccessKey};
use berth_scheduler::pool::Pool;
use berth_scheduler::step::Reply;
use prometheus::Registry;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::config::{Backend, Config};
use crate::{keys, local, simulate};

/// How long running tasks may take to end when everything is ended: the longest `stopTimeout` that Fargate knows (120 s)
/// and some time for hosts to go.
const CLOSE_WITHIN: Duration = Duration::from_secs(150);

/// How often the store is asked whether all has ended.
const CLOSE_LOOK_EVERY: Duration = Duration::from_millis(50);

/// A control plane that listens.
pub(crate) struct Server {
    /// Where.
    pub url: String,
    keyring: Arc<Keyring>,
    handle: Handle,
    engine: JoinHandle<Result<(), Fatal>>,
    edge: JoinHandle<()>,
    webhook: JoinHandle<()>,
    edge_shutdown: CancellationToken,
    engine_shutdown: CancellationToken,
    /// Held for as long as the server lives: no other may use the directory.
    data: DataDir,
    /// The hosts that are slices of this machine.
    hosts: Option<LocalBackend>,
}

/// What a control plane leaves.
pub(crate) struct Stopped {
    /// Where it has kept everything; still locked.
    pub data: DataDir,
    /// Its hosts on this machine, if it had any to have. Their agents run on, and are kept running until this is dropped.
    pub hosts: Option<LocalBackend>,
}

impl Server {
    /// Starts everything. Ready for requests when it returns.
    ///
    /// # Errors
    /// If the data directory is in use or damaged, the port is taken, or the backend cannot work here.
    pub(crate) async fn start(config: &Config) -> Result<Self> {
        let webhook = config.events.webhook()?;
        let data = DataDir::open(&config.data_dir)?;
        let listener = TcpListener::bind(config.listen).await;
        let listener = listener.with_context(|| format!("cannot listen on {}", config.listen))?;
        let address = listener.local_addr()?;
        let tls = config.tls.as_ref().map(|files| Tls::load(files.into())).transpose()?;
        // The hosts of this machine do not go out to come in: the certificate is not for a loopback address.
        let inner = match &tls {
            Some(_) => Some(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.context("cannot listen on loopback")?),
            None => None,
        };
        let hosts_call = match &inner {
            Some(inner) => inner.local_addr()?,
            None => reachable(address),
        };
        let installation = data.installation();
        let keyring = Arc::new(Keyring::new(&keys::master_key(&config.master_key_file())?));

        let (mut quota, mut hosts) = (None, None);
        let backend: Arc<dyn HostBackend> = match config.pool.backend {
            Backend::Local => {
                let machine = Machine::detect()?;
                quota = Some(machine.capacity);
                let backend = local::backend(config, installation, hosts_call, machine, &keyring).await?;
                Arc::new(hosts.insert(backend).clone())
            }
            Backend::Simulated => Arc::new(simulate::backend(config, installation, hosts_call, &keyring)),
        };
        let pool = pool(config, backend.as_ref(), quota)?;
        let provider = pool.provider.clone();
        let mut settings = config.settings();
        settings.pools.push(pool);

        let store = Arc::new(SqliteStore::open(&data.store_file()).await?);
        let logs = LogStore::open(data.log_directory(), config.logs.bounds()).context("cannot open the logs")?;
        let engine_shutdown = CancellationToken::new();
        let registry = Registry::new();
        let engine_config = berth_engine::Config {
            stopped_task_retention: Duration::from_secs(config.stopped_task_retention_seconds),
            change_retention: Duration::from_secs(config.events.retention_seconds),
            changes_max: config.events.kept_max,
            heartbeat_every: Duration::from_secs(config.agent_heartbeat_seconds),
            registry: registry.clone(),
            shutdown: engine_shutdown.clone(),
            ..berth_engine::Config::new(settings, installation, logs)
        };
        let (handle, mut engine) = Engine::start(engine_config, store, vec![(provider, backend)]).await?;
        let engine = tokio::spawn(async move { engine.ended().await });

        let edge_keyring = Arc::clone(&keyring);
        let gate = Gate { keyring, is_open: config.open };
        let edge_shutdown = CancellationToken::new();
        let webhook = berth_api::deliver(handle.clone(), webhook, &registry, edge_shutdown.clone())?;
        let webhook = tokio::spawn(webhook);
        let ending = edge_shutdown.clone();
        let secrets = secret_source(config);
        let credentials = config.credentials.directory.clone().map(CredentialSource::new);
        let api_config = berth_api::Config { registry, gate, rates: config.rates(), secrets, credentials, ending };
        let router = berth_api::router(handle.clone(), api_config);
        let url = format!("{}://{address}", if tls.is_some() { "https" } else { "http" });
        let edge = tokio::spawn(serve(listener, inner, tls, router, edge_shutdown.clone()));
        tracing::info!(url, %installation, data = %config.data_dir.display(), "control plane started");
        let keyring = edge_keyring;
        Ok(Self { url, keyring, handle, engine, edge, webhook, edge_shutdown, engine_shutdown, data, hosts })
    }

    /// Makes the first access key, an administrator's, if there is none yet, and writes it to the data directory. Gives
    /// the file if one was made.
    ///
    /// # Errors
    /// If the file cannot be written, or the store takes no writes.
    pub(crate) async fn make_first_key(&self) -> Result<Option<PathBuf>> {
        if self.has_keys() {
            return Ok(None);
        }
        let (id, secret, sealed) = self.keyring.generate();
        let path = self.data.path().join(keys::CREDENTIALS_FILE);
        // Written first: a key whose secret nobody has would never be made again.
        keys::write_credentials(&path, id.as_str(), secret.expose())?;
        let new = NewAccessKey { id, user: keys::FIRST_USER.parse()?, role: Some(Role::Admin), sealed };
        match self.handle.submit(Event::PutAccessKey(Box::new(new))).await? {
            Reply::AccessKey(_) => Ok(Some(path)),
            other => Err(anyhow::anyhow!("the first access key was not stored: {other:?}")),
        }
    }

    /// True if there is an access key.
    pub(crate) fn has_keys(&self) -> bool {
        !self.handle.access_keys().is_empty()
    }

    /// Stops the running tasks and ends the pool's hosts; waiting tasks stay for the next start. Returns once no host of
    /// the pool is left and nothing runs on the hosts that have joined, or after a limit.
    ///
    /// # Errors
    /// If the engine has ended, or the store cannot be read.
    pub(crate) fn close(&self) -> impl Future<Output = Result<()>> + use<> {
        let handle = self.handle.clone();
        async move {
            handle.report(Event::Closing).await?;
            let closed = async {
                while has_work_left(&handle).await? {
                    tokio::time::sleep(CLOSE_LOOK_EVERY).await;
                }
                Ok(())
            };
            tokio::time::timeout(CLOSE_WITHIN, closed).await.context("some tasks did not end in time")?
        }
    }

    /// Ends the server in order: no new connections, what is being answered is answered, the batch at hand is stored.
    /// Hosts and their containers run on.
    ///
    /// # Errors
    /// If the engine ended over a failure.
    pub(crate) async fn stop(self) -> Result<Stopped> {
        self.edge_shutdown.cancel();
        self.edge.await.context("the edge panicked")?;
        self.webhook.await.context("the webhook panicked")?;
        self.engine_shutdown.cancel();
        self.engine.await.context("the engine panicked")??;
        Ok(Stopped { data: self.data, hosts: self.hosts })
    }

    /// Ready if the engine or the edge has ended by itself: the process has nothing left to do.
    pub(crate) async fn failed(&mut self) -> anyhow::Error {
        tokio::select! {
            ended = &mut self.engine => match ended {
                Ok(Err(fatal)) => anyhow::Error::new(fatal).context("the engine ended"),
                Ok(Ok(())) => anyhow::anyhow!("the engine ended"),
                Err(error) => anyhow::Error::new(error).context("the engine panicked"),
            },
            ended = &mut self.edge => match ended {
                Ok(()) => anyhow::anyhow!("the edge ended"),
                Err(error) => anyhow::Error::new(error).context("the edge panicked"),
            },
        }
    }
}

/// Serves clients, and the hosts of this machine where they have a door of their own.
async fn serve(
    listener: TcpListener,
    inner: Option<TcpListener>,
    tls: Option<Tls>,
    router: Router,
    shutdown: CancellationToken,
) {
    let follow = tls.clone().map(|tls| tokio::spawn(tls.follow()));
    let door = |listener, tls| {
        berth_api::serve(listener, tls, Limits::DEFAULT, router.clone(), shutdown.clone().cancelled_owned())
    };
    match inner {
        Some(inner) => drop(tokio::join!(door(listener, tls), door(inner, None))),
        None => door(listener, tls).await,
    }
    if let Some(follow) = follow {
        follow.abort();
    }
}

/// Where tasks' secrets come from.
fn secret_source(config: &Config) -> Arc<dyn SecretSource> {
    match &config.secrets.directory {
        Some(directory) => Arc::new(SecretFiles::new(directory.clone())),
        None => Arc::new(NoSecrets),
    }
}

/// The address that programs of this machine call for one that is listened on.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::from(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::from(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

/// True while a host of the pool has not gone, or a host that has joined still has a task and can be told to stop it.
async fn has_work_left(handle: &Handle) -> Result<bool> {
    let there = |cluster, from| HostFilter {
        cluster,
        statuses: HostStatus::ALL.into_iter().filter(|status| (from..HostStatus::Gone).contains(status)).collect(),
    };
    let store = handle.store();
    let bought = there(FARGATE_CLUSTER.parse()?, HostStatus::Requested);
    if !store.list_hosts(bought, Page::first(1)).await?.is_empty() {
        return Ok(true);
    }
    for cluster in store.list_clusters(Page::first(usize::MAX)).await? {
        let joined = store.list_hosts(there(cluster, HostStatus::Active), Page::first(usize::MAX)).await?;
        if store.hosts(joined).await?.iter().any(|view| view.host.is_connected && view.used != Resources::ZERO) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The one pool, behind FARGATE; what the backend has no spot market for runs there too. With a quota, its hosts are
/// slices of one machine.
fn pool(config: &Config, backend: &dyn HostBackend, quota: Option<Resources>) -> Result<Pool> {
    Ok(Pool {
        provider: "FARGATE".parse()?,
        aliases: vec!["FARGATE_SPOT".parse()?],
        catalogue: backend.catalogue(),
        hosts_max: config.pool.hosts_max,
        shares_machine: quota.is_some(),
        quota,
        scale_in_after: Duration::from_secs(config.pool.scale_in_after_seconds),
    })
}
