//! The server's outbox as the run loop has it, on the queue instead of tasks: orders to the queues of sessions, calls to
//! the backend with their retries, one at a time about the same thing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use berth_model::id::{HostId, ProviderName, SessionId};
use berth_model::time::Timestamp;
use berth_provisioner::backend::BackendError;
use berth_scheduler::event::Event;

use crate::queue::SocketId;

/// How often a call is tried before it is given up.
pub(crate) const TRIES: u32 = 4;

/// A call to a backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Call {
    Launch { provider: ProviderName, host: HostId, instance_type: String },
    Terminate { provider: ProviderName, host: HostId },
    List { provider: ProviderName, as_of: Timestamp },
}

/// What a call has come to: the machines there are for a listing, nothing for the others.
pub(crate) type CallResult = Result<BTreeSet<HostId>, BackendError>;

/// What a call is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Host(HostId),
    Listing(ProviderName),
}

impl Call {
    fn subject(&self) -> Subject {
        match self {
            Self::Launch { host, .. } | Self::Terminate { host, .. } => Subject::Host(*host),
            Self::List { provider, .. } => Subject::Listing(provider.clone()),
        }
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Outbox {
    pub(crate) sessions: BTreeMap<HostId, (SessionId, SocketId)>,
    under_way: BTreeMap<Subject, Option<Call>>,
    launching: BTreeSet<Subject>,
}

impl Outbox {
    /// Begins a call, or puts it behind another one about the same thing. True if it begins now.
    pub(crate) fn begin(&mut self, call: &Call) -> bool {
        let subject = call.subject();
        if let Some(next) = self.under_way.get_mut(&subject) {
            // A termination waits for the launch, or it would find nothing to end.
            if matches!(call, Call::Terminate { .. }) && self.launching.contains(&subject) {
                *next = Some(call.clone());
            }
            return false;
        }
        if matches!(call, Call::Launch { .. }) {
            self.launching.insert(subject.clone());
        }
        self.under_way.insert(subject, None);
        true
    }

    /// A call has ended. Gives the one that waited for it.
    pub(crate) fn end(&mut self, call: &Call) -> Option<Call> {
        let subject = call.subject();
        self.launching.remove(&subject);
        self.under_way.remove(&subject).flatten()
    }

    /// A session is over.
    pub(crate) fn close(&mut self, host: HostId, session: SessionId) {
        if self.sessions.get(&host).is_some_and(|(current, _)| *current == session) {
            self.sessions.remove(&host);
        }
    }
}

/// How long to wait before the same call is tried again; `None` to give it up.
pub(crate) fn wait(result: &CallResult, tries: u32) -> Option<Duration> {
    let pause = Duration::from_secs(1) * 2u32.pow(tries - 1);
    let wait = match result {
        Err(BackendError::Transient { .. }) => pause,
        Err(BackendError::Throttled { retry_after, .. }) => pause.max(*retry_after),
        _ => return None,
    };
    (tries < TRIES && wait <= Duration::from_secs(30)).then_some(wait)
}

/// What follows from the end of a call.
pub(crate) fn event(call: Call, result: CallResult, now: Timestamp) -> Option<Event> {
    match (call, result) {
        (Call::Launch { host, .. }, Ok(_)) => Some(Event::LaunchSucceeded { host }),
        (Call::Launch { host, .. }, Err(error)) => {
            let pause = match &error {
                BackendError::NoCapacity { .. } => Duration::from_mins(3),
                BackendError::Misconfigured { .. } => Duration::from_mins(5),
                BackendError::Throttled { retry_after, .. } => Duration::from_secs(30).max(*retry_after),
                BackendError::Transient { .. } => Duration::from_secs(30),
                BackendError::Gone { .. } => Duration::ZERO,
            };
            Some(Event::LaunchFailed { host, reason: error.to_string(), retry_at: now + pause })
        }
        (Call::Terminate { host, .. }, Ok(_) | Err(BackendError::Gone { .. })) => Some(Event::MachineGone { host }),
        (Call::Terminate { .. } | Call::List { .. }, Err(_)) => None,
        (Call::List { provider, as_of }, Ok(hosts)) => Some(Event::MachinesListed { provider, hosts, as_of }),
    }
}
