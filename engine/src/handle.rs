//! The engine's door: what the edges hold to bring events in and to read.
//!
//! Two lanes lead in. Clients' requests share a bounded one and are turned away at once when it is full; agents'
//! reports and facts have one of their own, so that no flood of requests keeps them out, and wait for room in it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use berth_model::access_key::{AccessKey, AccessKeyId};
use berth_model::arn::ArnScope;
use berth_model::ecs::VersionInfo;
use berth_model::id::{HostId, InstallationId, SessionId};
use berth_model::state_change::Sequence;
use berth_scheduler::event::Event;
use berth_scheduler::step::{Order, Rejection, Reply};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{mpsc, oneshot, watch};

use crate::store::Reader;
use crate::store::log::LogStore;
use crate::telemetry::Telemetry;

/// How the engine's owner and the edges speak to it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Handle {
    shared: Arc<Shared>,
}

#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) clients: mpsc::Sender<Request>,
    pub(crate) internal: mpsc::Sender<Input>,
    pub(crate) reader: Arc<dyn Reader>,
    pub(crate) logs: LogStore,
    pub(crate) telemetry: Telemetry,
    pub(crate) scope: ArnScope,
    pub(crate) installation: InstallationId,
    pub(crate) heartbeat_every: Duration,
    pub(crate) is_ready: Arc<AtomicBool>,
    pub(crate) access_keys: watch::Receiver<Arc<AccessKeys>>,
    pub(crate) newest_change: watch::Receiver<Sequence>,
}

/// All access keys that are committed.
pub type AccessKeys = BTreeMap<AccessKeyId, AccessKey>;

/// An event and the one who waits for its answer.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) event: Event,
    pub(crate) answer: oneshot::Sender<Result<Reply, SubmitError>>,
}

/// What comes in on the internal lane.
#[derive(Debug)]
pub(crate) enum Input {
    /// From an edge that waits for the answer.
    Request(Request),
    /// An agent wants a session.
    OpenSession { host: HostId, version_info: VersionInfo, answer: oneshot::Sender<Result<OpenSession, OpenError>> },
    /// A session is over.
    CloseSession { host: HostId, session: SessionId },
    /// A call to a backend has come to this.
    Called { call: crate::outbox::Call, result: crate::outbox::CallResult },
}

/// Why an event was not taken. It has changed nothing, unless the answer says [`SubmitError::Closed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SubmitError {
    /// Too many requests wait: come again later.
    #[error("too many requests are waiting")]
    Throttled,
    /// The store takes no writes (disk full): nothing was changed; come again later.
    #[error("the store takes no writes")]
    Unwritable,
    /// The engine has ended. If it ended over a commit whose outcome is unknown, the event may have been stored.
    #[error("the engine has ended")]
    Closed,
}

/// Why a session was not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The host is not one that may connect.
    #[error("the host may not connect: {0:?}")]
    Rejected(Rejection),
    /// The event was not taken.
    #[error(transparent)]
    Submit(#[from] SubmitError),
}

impl Handle {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// Brings in a client's request. The answer comes once it is stored.
    ///
    /// # Errors
    /// [`SubmitError`]
    pub async fn submit(&self, event: Event) -> Result<Reply, SubmitError> {
        let (answer, reply) = oneshot::channel();
        self.shared.clients.try_send(Request { event, answer }).map_err(|error| match error {
            TrySendError::Full(_) => SubmitError::Throttled,
            TrySendError::Closed(_) => SubmitError::Closed,
        })?;
        reply.await.unwrap_or(Err(SubmitError::Closed))
    }

    /// Brings in an agent's report or a fact. Waits for room; the answer comes once it is stored.
    ///
    /// # Errors
    /// [`SubmitError::Unwritable`] or [`SubmitError::Closed`]
    pub async fn report(&self, event: Event) -> Result<Reply, SubmitError> {
        self.bring_in(event).await?.await
    }

    /// The same for who has more to do meanwhile: waits for room alone, and gives what waits until it is stored.
    ///
    /// # Errors
    /// [`SubmitError::Closed`]
    pub async fn bring_in(
        &self,
        event: Event,
    ) -> Result<impl Future<Output = Result<Reply, SubmitError>> + Send + use<>, SubmitError> {
        let (answer, reply) = oneshot::channel();
        self.send(Input::Request(Request { event, answer })).await?;
        Ok(async { reply.await.unwrap_or(Err(SubmitError::Closed)) })
    }

    /// Brings in what is told again soon, and need not be stored: nobody waits for it, and it is dropped if there is no
    /// room.
    pub fn mention(&self, event: Event) {
        let (answer, _) = oneshot::channel();
        drop(self.shared.internal.try_send(Input::Request(Request { event, answer })));
    }

    /// Opens a session for a host's agent, which ends an older one of the same host.
    ///
    /// # Errors
    /// [`OpenError::Rejected`] if the host may not connect, else as for [`Handle::report`].
    pub async fn open_session(&self, host: HostId, version_info: VersionInfo) -> Result<OpenSession, OpenError> {
        let (answer, opened) = oneshot::channel();
        self.send(Input::OpenSession { host, version_info, answer }).await?;
        opened.await.unwrap_or(Err(OpenError::Submit(SubmitError::Closed)))
    }

    /// What is committed, and the only way to read it.
    pub fn store(&self) -> &Arc<dyn Reader> {
        &self.shared.reader
    }

    /// The number of the last change that is committed, to be waited on.
    pub fn newest_change(&self) -> watch::Receiver<Sequence> {
        self.shared.newest_change.clone()
    }

    /// What containers wrote.
    pub fn logs(&self) -> &LogStore {
        &self.shared.logs
    }

    /// What agents measure.
    pub fn telemetry(&self) -> &Telemetry {
        &self.shared.telemetry
    }

    /// Region and account.
    pub fn scope(&self) -> &ArnScope {
        &self.shared.scope
    }

    /// This installation.
    pub fn installation(&self) -> InstallationId {
        self.shared.installation
    }

    /// How often agents are to hear of the server.
    pub fn heartbeat_every(&self) -> Duration {
        self.shared.heartbeat_every
    }

    /// The access keys that are committed. One that was made or revoked is here, or not, before its answer leaves.
    pub fn access_keys(&self) -> Arc<AccessKeys> {
        Arc::clone(&self.shared.access_keys.borrow())
    }

    /// Returns once this access key is revoked: at once if it is not there. Never if the engine ends first.
    pub async fn access_key_revoked(&self, id: &AccessKeyId) {
        let mut keys = self.shared.access_keys.clone();
        if keys.wait_for(|keys| !keys.contains_key(id)).await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// True while the engine takes events and the store takes writes.
    pub fn is_ready(&self) -> bool {
        self.shared.is_ready.load(Ordering::Relaxed) && !self.shared.internal.is_closed()
    }

    async fn send(&self, input: Input) -> Result<(), SubmitError> {
        self.shared.internal.send(input).await.or(Err(SubmitError::Closed))
    }
}

/// An open session: where the engine's orders for the host come out. Dropping it ends the session.
#[derive(Debug)]
pub struct OpenSession {
    /// Its number.
    pub id: SessionId,
    /// The host.
    pub host: HostId,
    /// The orders. Ends when the host has a newer session, when this one did not keep up, or with the engine.
    pub orders: mpsc::Receiver<Order>,
    pub(crate) internal: mpsc::Sender<Input>,
}

impl Drop for OpenSession {
    fn drop(&mut self) {
        let input = Input::CloseSession { host: self.host, session: self.id };
        let Err(TrySendError::Full(input)) = self.internal.try_send(input) else {
            return;
        };
        // The lane is full just now. Dropping cannot wait, so something else has to; without a runtime nobody is left
        // to care.
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let internal = self.internal.clone();
            runtime.spawn(async move { internal.send(input).await });
        }
    }
}
