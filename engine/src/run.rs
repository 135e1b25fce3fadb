//! The loop: receive, decide, commit, answer, act, and sleep until something is due.
//!
//! It owns the state; nothing else reads or writes it. A batch is what has arrived when the loop comes round: it never
//! waits to fill one, and while one is being committed the next fills by itself. A commit whose outcome is unknown ends
//! the loop, since memory is then no longer known to be the store's; a commit that certainly changed nothing (the disk
//! is full) is refused, and the state is made anew from the store.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use berth_model::id::{InstallationId, ProviderName};
use berth_model::state_change::Sequence;
use berth_provisioner::backend::HostBackend;
use berth_scheduler::setting::Settings;
use prometheus::Registry;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use self::core::{Core, Published};
use crate::clock::WallClock;
use crate::handle::{Handle, Shared};
use crate::metrics::Metrics;
use crate::outbox::Outbox;
use crate::session::HEARTBEAT_EVERY;
use crate::store::log::LogStore;
use crate::store::{Store, StoreError};
use crate::telemetry::Telemetry;

mod batch;
mod core;
mod intake;

/// Client requests that wait for a turn. At a few thousand a second this is about a second's worth: a client that would
/// wait longer is better told to come again.
pub const CLIENT_LANE_EVENTS_MAX: usize = 4096;

/// Reports and facts that wait for a turn. Those who bring more wait for room, so this only bounds memory.
pub const INTERNAL_LANE_EVENTS_MAX: usize = 16_384;

/// What an engine needs to know.
#[derive(Debug)]
pub struct Config {
    /// The scheduler's settings; one pool for each backend.
    pub settings: Settings,
    /// This installation.
    pub installation: InstallationId,
    /// Where containers' output is kept.
    pub logs: LogStore,
    /// How long a stopped task can be described, and a host that is gone. Default 1 h.
    pub stopped_task_retention: Duration,
    /// How long a change can be read as an event. Default 24 h.
    pub change_retention: Duration,
    /// Most changes that are kept, however young. Default 100,000: at some 2 KiB each, about 200 MiB.
    pub changes_max: u64,
    /// How often agents hear of the server; one that does not answer three times is gone. Default 25 s.
    pub heartbeat_every: Duration,
    /// Where metrics are registered.
    pub registry: Registry,
    /// Ends the engine: the batch at hand is finished, everything else is refused.
    pub shutdown: CancellationToken,
    /// The wall clock.
    pub clock: WallClock,
}

impl Config {
    /// Defaults for everything that has one.
    pub fn new(settings: Settings, installation: InstallationId, logs: LogStore) -> Self {
        Self {
            settings,
            installation,
            logs,
            stopped_task_retention: Duration::from_hours(1),
            change_retention: Duration::from_hours(24),
            changes_max: 100_000,
            heartbeat_every: HEARTBEAT_EVERY,
            registry: Registry::new(),
            shutdown: CancellationToken::new(),
            clock: WallClock::default(),
        }
    }
}

/// The engine. See [`Engine::start`].
#[derive(Debug)]
pub struct Engine;

/// The running loop, to be waited for.
#[must_use = "an engine that ends over a failure has to end the process"]
#[derive(Debug)]
pub struct EngineTask {
    join: JoinHandle<Result<(), Fatal>>,
}

/// Why the engine cannot go on. The process must end; the next one finds everything in the store.
#[derive(Debug, thiserror::Error)]
pub enum Fatal {
    /// Nobody knows whether a turn was stored.
    #[error("the outcome of a commit is unknown")]
    Commit(#[source] StoreError),
    /// The store cannot be read.
    #[error("the store cannot be read")]
    Read(#[source] StoreError),
    /// The metrics cannot be registered.
    #[error("the metrics cannot be registered")]
    Metrics(#[from] prometheus::Error),
    /// A rule that must always hold did not.
    #[error("the engine panicked")]
    Panicked(#[source] tokio::task::JoinError),
}

impl Engine {
    /// Restores the state from the store, takes the lead, and begins to take events. `backends` has one for each pool
    /// of the settings, by its provider.
    ///
    /// # Errors
    /// [`Fatal::Read`], [`Fatal::Commit`] or [`Fatal::Metrics`]
    pub async fn start(
        config: Config,
        store: Arc<dyn Store>,
        backends: Vec<(ProviderName, Arc<dyn HostBackend>)>,
    ) -> Result<(Handle, EngineTask), Fatal> {
        let (clients, clients_out) = mpsc::channel(CLIENT_LANE_EVENTS_MAX);
        let (internal, internal_out) = mpsc::channel(INTERNAL_LANE_EVENTS_MAX);
        let is_ready = Arc::new(AtomicBool::new(false));
        let (access_keys, access_keys_out) = watch::channel(Arc::default());
        let (newest_change, newest_change_out) = watch::channel(Sequence::NONE);
        let providers = config.settings.pools.iter().map(|pool| pool.provider.clone()).collect();
        let metrics = Metrics::new(&config.registry, providers)?;
        let handle = Handle::new(Shared {
            clients,
            internal: internal.clone(),
            reader: Arc::clone(&store).reader(),
            logs: config.logs.clone(),
            telemetry: Telemetry::new(metrics.traffic().clone()),
            scope: config.settings.scope.clone(),
            installation: config.installation,
            heartbeat_every: config.heartbeat_every,
            is_ready: Arc::clone(&is_ready),
            access_keys: access_keys_out,
            newest_change: newest_change_out,
        });
        for collector in config.logs.collectors() {
            config.registry.register(collector)?;
        }
        let outbox = Outbox::new(backends, internal.clone());
        let intake = intake::Intake::new(clients_out, internal_out, internal);
        let published = Published { is_ready, access_keys, newest_change };
        let mut engine = Core::restore(config, store, outbox, metrics, intake, published).await?;
        engine.lead().await?;
        let join = tokio::spawn(engine.run());
        Ok((handle, EngineTask { join }))
    }
}

impl EngineTask {
    /// Waits until the engine has ended: by its shutdown signal, or over a failure.
    ///
    /// # Errors
    /// [`Fatal`]
    ///
    /// # Panics
    /// If it is called again after it has answered.
    pub async fn ended(&mut self) -> Result<(), Fatal> {
        (&mut self.join).await.map_err(Fatal::Panicked)?
    }
}

#[cfg(test)]
mod tests;
