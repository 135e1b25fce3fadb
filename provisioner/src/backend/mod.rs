//! Where machines come from: the trait each provider of machines implements.
//!
//! A backend keeps no list of its own that matters: what it has is asked with [`HostBackend::list`], what it should have
//! stands in the host rows. Every call may be made again, by another process too, and does no harm then.

#[cfg(test)]
mod contract;
pub mod fake;
pub mod local;

use std::collections::BTreeSet;
use std::fmt;
use std::pin::Pin;
use std::time::Duration;

use berth_model::host::InstanceType;
use berth_model::id::HostId;
use berth_model::unit::Resources;

/// A future that can be stored and sent, so that backends can stand behind `dyn`.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A provider of machines. Each machine is for one host, carries its id, and runs an agent that registers with it.
pub trait HostBackend: fmt::Debug + Send + Sync {
    /// The types it can provide. Never changes while the process runs, asks nobody, and is never empty.
    fn catalogue(&self) -> Vec<InstanceType>;

    /// Makes a machine. Asking again for the same host is no second machine, and Ok if the first is there or on its way.
    fn launch(&self, order: LaunchOrder) -> BoxFuture<'_, Result<(), BackendError>>;

    /// Ends the machine of this host and everything that runs on it; Ok once nothing of it is left, also if it was never
    /// there.
    fn terminate(&self, host: HostId) -> BoxFuture<'_, Result<(), BackendError>>;

    /// The hosts for which this installation has a machine, or remains of one that are still to be ended. It never
    /// leaves out one whose launch was answered with Ok before the listing began and that lives.
    fn list(&self) -> BoxFuture<'_, Result<BTreeSet<HostId>, BackendError>>;
}

/// A machine to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LaunchOrder {
    /// The host it is for; also what makes repeats harmless.
    pub host: HostId,
    /// The type, of the backend's catalogue.
    pub instance_type: String,
    /// What the host is to offer to tasks.
    pub capacity: Resources,
}

/// What lies beneath a failure.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why a backend did not do it, named by what the caller does next.
#[derive(Debug, thiserror::Error)]
pub enum BackendError {
    /// There is no machine of this type just now: try another type, and this one later.
    #[error("no capacity: {text}")]
    NoCapacity {
        /// For those who wait.
        text: String,
    },
    /// Asked too often: wait, then ask the same again.
    #[error("throttled: {text}")]
    Throttled {
        /// How long to wait at least.
        retry_after: Duration,
        /// For the log.
        text: String,
    },
    /// What was asked about is over: forget it.
    #[error("gone: {text}")]
    Gone {
        /// For the log.
        text: String,
    },
    /// It cannot work before a person changes something: say so, and try seldom.
    #[error("misconfigured: {text}")]
    Misconfigured {
        /// For the person, with what to change.
        text: String,
        /// What lies beneath, if there is something.
        #[source]
        cause: Option<Cause>,
    },
    /// It went wrong this time: ask the same again soon.
    #[error("{text}")]
    Transient {
        /// For the log, and for those who wait.
        text: String,
        /// What lies beneath, if there is something.
        #[source]
        cause: Option<Cause>,
    },
}

impl BackendError {
    /// [`Self::Transient`] for something that failed beneath.
    pub fn transient(text: impl Into<String>, cause: impl Into<Cause>) -> Self {
        Self::Transient { text: text.into(), cause: Some(cause.into()) }
    }

    /// [`Self::Misconfigured`] for something that failed beneath.
    pub fn misconfigured(text: impl Into<String>, cause: impl Into<Cause>) -> Self {
        Self::Misconfigured { text: text.into(), cause: Some(cause.into()) }
    }
}
