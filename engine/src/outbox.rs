//! Carries effects out: orders to the queues of sessions, launches and terminations to the backends.
//!
//! Owned by the loop, without locks. Nothing here decides anything, and nothing here is lost for good: an order that
//! finds no session and a call that fails for good are owed, and come again with the next `owed`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use berth_model::ecs::VersionInfo;
use berth_model::id::{HostId, ProviderName, SessionId};
use berth_model::time::Timestamp;
use berth_provisioner::backend::{BackendError, HostBackend, LaunchOrder};
use berth_scheduler::event::Event;
use berth_scheduler::step::{Effect, Order};
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

use crate::error::error_chain;
use crate::handle::Input;

/// Orders that wait for one session. A host that is this far behind is better off with a new session, which begins with
/// everything it is owed; more only takes memory.
pub(crate) const SESSION_ORDERS_MAX: usize = 1024;

/// Calls to one backend at a time. More runs into the limits of providers, less makes a large launch slow.
const CALLS_MAX: usize = 16;

/// How often a call is tried before it is given up; then the host row fails, or `owed` asks again.
const TRIES: u32 = 4;
/// The pause before the second try, doubled each time.
const PAUSE: Duration = Duration::from_secs(1);
/// The longest pause a backend may ask for before the call is given up instead.
const PAUSE_MAX: Duration = Duration::from_secs(30);

/// How long a type that is not to be had is not tried. Shorter asks in vain, longer misses capacity that is back.
const NO_CAPACITY_PAUSE: Duration = Duration::from_mins(3);
/// How long to wait for a person to mend what is wrong.
const MISCONFIGURED_PAUSE: Duration = Duration::from_mins(5);
/// How long to wait after a launch that failed in spite of several tries.
const FAILED_PAUSE: Duration = Duration::from_secs(30);

/// How long calls that are under way may take to end when the engine stops. What is cut off is found by its tag.
const DRAIN_WITHIN: Duration = Duration::from_secs(3);

/// A call to a backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Call {
    /// Make a machine.
    Launch { provider: ProviderName, host: HostId, instance_type: String },
    /// End a machine.
    Terminate { provider: ProviderName, host: HostId },
    /// Name all machines.
    List { provider: ProviderName, as_of: Timestamp },
}

/// What a call has come to: the machines there are for a listing, nothing for the others.
pub(crate) type CallResult = Result<BTreeSet<HostId>, BackendError>;

/// What a call is about: only one about the same thing is under way at a time.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Subject {
    Host(HostId),
    Listing(ProviderName),
}

impl Call {
    fn provider(&self) -> &ProviderName {
        match self {
            Self::Launch { provider, .. } | Self::Terminate { provider, .. } | Self::List { provider, .. } => provider,
        }
    }

    fn subject(&self) -> Subject {
        match self {
            Self::Launch { host, .. } | Self::Terminate { host, .. } => Subject::Host(*host),
            Self::List { provider, .. } => Subject::Listing(provider.clone()),
        }
    }
}

/// How a launch came out, as a label.
pub(crate) fn outcome(result: &CallResult) -> &'static str {
    match result {
        Ok(_) => "succeeded",
        Err(BackendError::NoCapacity { .. }) => "no_capacity",
        Err(BackendError::Throttled { .. }) => "throttled",
        Err(BackendError::Gone { .. }) => "gone",
        Err(BackendError::Misconfigured { .. }) => "misconfigured",
        Err(BackendError::Transient { .. }) => "transient",
    }
}

/// All values of [`outcome`].
pub(crate) const OUTCOMES: [&str; 6] = ["succeeded", "no_capacity", "throttled", "gone", "misconfigured", "transient"];

#[derive(Debug)]
struct LiveSession {
    id: SessionId,
    version_info: VersionInfo,
    orders: mpsc::Sender<Order>,
}

#[derive(Debug, Clone)]
struct Backend {
    backend: Arc<dyn HostBackend>,
    permits: Arc<Semaphore>,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Outbox {
    sessions: BTreeMap<HostId, LiveSession>,
    backends: BTreeMap<ProviderName, Backend>,
    /// Calls under way, and what is to be called about the same thing afterwards.
    under_way: BTreeMap<Subject, (Call, Option<Call>)>,
    calls: JoinSet<()>,
    results: mpsc::Sender<Input>,
}

impl Outbox {
    /// Results of calls go to `results`.
    pub(crate) fn new(backends: Vec<(ProviderName, Arc<dyn HostBackend>)>, results: mpsc::Sender<Input>) -> Self {
        let backend = |backend| Backend { backend, permits: Arc::new(Semaphore::new(CALLS_MAX)) };
        Self {
            sessions: BTreeMap::new(),
            backends: backends.into_iter().map(|(name, it)| (name, backend(it))).collect(),
            under_way: BTreeMap::new(),
            calls: JoinSet::new(),
            results,
        }
    }

    /// A session is open from now on; an older one of the host is over.
    pub(crate) fn open(&mut self, host: HostId, id: SessionId, version_info: VersionInfo, orders: mpsc::Sender<Order>) {
        self.sessions.insert(host, LiveSession { id, version_info, orders });
    }

    /// A session is over.
    pub(crate) fn close(&mut self, host: HostId, id: SessionId) {
        if self.sessions.get(&host).is_some_and(|session| session.id == id) {
            self.sessions.remove(&host);
        }
    }

    /// The sessions that are open, as events: for a state that has to learn of them anew.
    pub(crate) fn sessions(&self) -> impl Iterator<Item = Event> {
        self.sessions.iter().map(|(host, session)| Event::SessionOpened {
            host: *host,
            session: session.id,
            version_info: session.version_info.clone(),
        })
    }

    /// Carries out effects. Gives the events that follow at once.
    pub(crate) fn dispatch(&mut self, effects: Vec<Effect>) -> Vec<Event> {
        let mut events = Vec::new();
        for effect in effects {
            match effect {
                Effect::Order { host, session, order } => events.extend(self.order(host, session, order)),
                Effect::Launch { host, provider, instance_type } => {
                    self.call(Call::Launch { provider, host, instance_type });
                }
                Effect::Terminate { host, provider } => self.call(Call::Terminate { provider, host }),
            }
        }
        events
    }

    /// Asks every backend for its machines.
    pub(crate) fn list(&mut self, now: Timestamp) {
        let providers: Vec<_> = self.backends.keys().cloned().collect();
        for provider in providers {
            self.call(Call::List { provider, as_of: now });
        }
    }

    /// Takes the end of a call. Gives the event that follows.
    pub(crate) fn finish(&mut self, call: Call, result: CallResult, now: Timestamp) -> Option<Event> {
        let next = self.under_way.remove(&call.subject()).and_then(|(_, next)| next);
        if let Some(next) = next {
            self.call(next);
        }
        while self.calls.try_join_next().is_some() {}
        match (call, result) {
            (Call::Launch { host, .. }, Ok(_)) => Some(Event::LaunchSucceeded { host }),
            (Call::Launch { host, .. }, Err(error)) => {
                Some(Event::LaunchFailed { host, reason: error_chain(&error), retry_at: now + pause(&error) })
            }
            (Call::Terminate { host, .. }, Ok(_) | Err(BackendError::Gone { .. })) => Some(Event::MachineGone { host }),
            (Call::Terminate { host, .. }, Err(error)) => {
                tracing::warn!(host_id = %host, error = error_chain(&error), "machine not terminated yet");
                None
            }
            (Call::List { provider, as_of }, Ok(hosts)) => Some(Event::MachinesListed { provider, hosts, as_of }),
            (Call::List { provider, .. }, Err(error)) => {
                tracing::warn!(capacity_provider = %provider, error = error_chain(&error), "machines not listed");
                None
            }
        }
    }

    /// Waits a moment for the calls that are under way, then cuts them off. No session gets any more orders.
    pub(crate) async fn drain(mut self) {
        self.sessions.clear();
        self.under_way.clear();
        let all = async { while self.calls.join_next().await.is_some() {} };
        if tokio::time::timeout(DRAIN_WITHIN, all).await.is_err() {
            tracing::info!(calls = self.calls.len(), "backend calls cut off");
        }
    }

    fn order(&mut self, host: HostId, session: SessionId, order: Order) -> Option<Event> {
        let live = self.sessions.get(&host).filter(|live| live.id == session)?;
        match live.orders.try_send(order) {
            Ok(()) => return None,
            // The agent does not keep up. The next session begins with everything that is owed.
            Err(TrySendError::Full(_)) => {
                tracing::warn!(host_id = %host, "session ended since its orders found no room");
            }
            Err(TrySendError::Closed(_)) => {}
        }
        self.sessions.remove(&host);
        Some(Event::SessionClosed { host, session })
    }

    /// Begins a call, or puts it behind another one about the same host.
    fn call(&mut self, call: Call) {
        if let Some((current, next)) = self.under_way.get_mut(&call.subject()) {
            // The same again is under way already. A termination waits for the launch, or it would find nothing to end.
            if matches!((&*current, &call), (Call::Launch { .. }, Call::Terminate { .. })) {
                *next = Some(call);
            }
            return;
        }
        self.under_way.insert(call.subject(), (call.clone(), None));
        let backend = self.backends.get(call.provider()).cloned();
        let results = self.results.clone();
        self.calls.spawn(async move {
            let result = match backend {
                Some(backend) => backend.run(&call).await,
                None => Err(misconfigured(format!("no pool is configured for {}", call.provider()))),
            };
            // Nobody takes results once the loop has ended.
            drop(results.send(Input::Called { call, result }).await);
        });
    }
}

impl Backend {
    /// Makes a call, a few times if need be. Pauses hold no permit.
    async fn run(&self, call: &Call) -> CallResult {
        let mut pause = PAUSE;
        let mut tries = 1;
        loop {
            let result = self.run_once(call).await;
            let wait = match &result {
                Err(BackendError::Transient { .. }) => pause,
                Err(BackendError::Throttled { retry_after, .. }) => pause.max(*retry_after),
                _ => return result,
            };
            if tries == TRIES || wait > PAUSE_MAX {
                return result;
            }
            tokio::time::sleep(wait).await;
            pause *= 2;
            tries += 1;
        }
    }

    async fn run_once(&self, call: &Call) -> CallResult {
        let _permit = self.permits.acquire().await.expect("the semaphore is never closed");
        match call {
            Call::Launch { host, instance_type, .. } => {
                let order = self.order(*host, instance_type)?;
                self.backend.launch(order).await.map(|()| BTreeSet::new())
            }
            Call::Terminate { host, .. } => self.backend.terminate(*host).await.map(|()| BTreeSet::new()),
            Call::List { .. } => self.backend.list().await,
        }
    }

    fn order(&self, host: HostId, instance_type: &str) -> Result<LaunchOrder, BackendError> {
        let kind = self.backend.catalogue().into_iter().find(|kind| kind.name == instance_type);
        // A row of an earlier configuration may name a type that is there no more.
        let kind = kind.ok_or_else(|| misconfigured(format!("there is no instance type {instance_type}")))?;
        Ok(LaunchOrder { host, instance_type: kind.name, capacity: kind.capacity })
    }
}

fn misconfigured(text: String) -> BackendError {
    BackendError::Misconfigured { text, cause: None }
}

fn pause(error: &BackendError) -> Duration {
    match error {
        BackendError::NoCapacity { .. } => NO_CAPACITY_PAUSE,
        BackendError::Misconfigured { .. } => MISCONFIGURED_PAUSE,
        BackendError::Throttled { retry_after, .. } => FAILED_PAUSE.max(*retry_after),
        BackendError::Transient { .. } => FAILED_PAUSE,
        BackendError::Gone { .. } => Duration::ZERO,
    }
}
