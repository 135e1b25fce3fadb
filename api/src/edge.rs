//! What every operation has at hand: the engine to ask for changes, the store to read, and the names in between.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use berth_engine::clock::WallClock;
use berth_engine::handle::{Handle, SubmitError};
use berth_engine::payload::secret::SecretSource;
use berth_engine::store::{Reader, StoreError};
use berth_model::arn::{ArnScope, DefinitionRef};
use berth_model::id::{ClusterName, DefinitionId, InvalidId};
use berth_model::task_definition::TaskDefinition;
use berth_scheduler::cluster::DEFAULT_CLUSTER;
use berth_scheduler::event::Event;
use berth_scheduler::step::Reply;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use crate::auth::Gate;
use crate::ecs::LARGE_BODIES_KIB_MAX;
use crate::ecs::error::Fault;
use crate::event::Renderer;
use crate::event::stream::STREAMS_MAX;
use crate::exec::Desk;
use crate::metrics::Metrics;
use crate::session::role::CredentialSource;
use crate::throttle::Throttle;

/// How many task definitions are kept for showing tasks. Each has at most 64 KiB, most have one.
const DEFINITIONS_MAX: usize = 512;

/// What every operation has at hand.
#[derive(Debug)]
pub(crate) struct Edge {
    pub(crate) handle: Handle,
    pub(crate) metrics: Metrics,
    pub(crate) clock: WallClock,
    pub(crate) gate: Gate,
    pub(crate) throttle: Throttle,
    /// Where secrets and environment files of tasks come from.
    pub(crate) secrets: Arc<dyn SecretSource>,
    /// Where tasks' roles have their credentials from.
    pub(crate) credentials: Option<CredentialSource>,
    /// Gives state changes their form as events.
    pub(crate) renderer: Renderer,
    /// Room for large bodies, in KiB.
    pub(crate) large_bodies_kib: Arc<Semaphore>,
    /// Room for streams of events.
    pub(crate) streams: Arc<Semaphore>,
    /// Where clients that want a command run find their agents.
    pub(crate) desk: Arc<Desk>,
    /// Cancelled when the server ends: what has no end of its own ends then.
    pub(crate) ending: CancellationToken,
    definitions: Definitions,
}

/// Task definitions that were read. Documents never change, so what was read once is good for ever; only whether the
/// revision is still ACTIVE changes, which nobody asks here.
#[derive(Debug, Default)]
pub(crate) struct Definitions {
    known: Mutex<BTreeMap<DefinitionId, Arc<TaskDefinition>>>,
}

impl Definitions {
    /// A revision of a task definition, for its document; whether it is ACTIVE may be out of date.
    ///
    /// # Errors
    /// If the store fails.
    pub(crate) async fn get(
        &self,
        reader: &dyn Reader,
        id: &DefinitionId,
    ) -> Result<Option<Arc<TaskDefinition>>, StoreError> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner).get(id).cloned();
        if known.is_some() {
            return Ok(known);
        }
        let Some(definition) = reader.task_definition(DefinitionRef::Exact(id.clone())).await?.map(Arc::new) else {
            return Ok(None);
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // Rarely full, and then what is in use comes back by itself.
        if known.len() >= DEFINITIONS_MAX {
            known.clear();
        }
        known.insert(id.clone(), Arc::clone(&definition));
        Ok(Some(definition))
    }
}

impl Edge {
    pub(crate) fn new(
        handle: Handle,
        metrics: Metrics,
        gate: Gate,
        throttle: Throttle,
        secrets: Arc<dyn SecretSource>,
        credentials: Option<CredentialSource>,
        ending: CancellationToken,
    ) -> Self {
        Self {
            renderer: Renderer::new(handle.clone()),
            handle,
            metrics,
            clock: WallClock::default(),
            gate,
            throttle,
            secrets,
            credentials,
            large_bodies_kib: Arc::new(Semaphore::new(LARGE_BODIES_KIB_MAX)),
            streams: Arc::new(Semaphore::new(STREAMS_MAX)),
            desk: Arc::default(),
            ending,
            definitions: Definitions::default(),
        }
    }

    /// Region and account.
    pub(crate) fn scope(&self) -> &ArnScope {
        self.handle.scope()
    }

    /// What is committed.
    pub(crate) fn reader(&self) -> &dyn Reader {
        self.handle.store().as_ref()
    }

    /// Hands a client's request to the engine.
    ///
    /// # Errors
    /// What the scheduler's refusal is on the wire, `ThrottlingException` if the clients' lane is full,
    /// `ServerException` if the engine has ended.
    pub(crate) async fn submit(&self, event: Event) -> Result<Reply, Fault> {
        let reply = self.ask(event).await?;
        self.accepted(reply)
    }

    /// Like [`Edge::submit`], with the scheduler's refusal as a reply.
    ///
    /// # Errors
    /// `ThrottlingException` if the clients' lane is full, `ServerException` if the engine takes nothing.
    pub(crate) async fn ask(&self, event: Event) -> Result<Reply, Fault> {
        self.handle.submit(event).await.map_err(not_taken)
    }

    /// Hands an agent's report to the engine. It waits where a client's request would be throttled.
    ///
    /// # Errors
    /// What the scheduler's refusal is on the wire, `ServerException` if the engine has ended.
    pub(crate) async fn report(&self, event: Event) -> Result<Reply, Fault> {
        let reply = self.handle.report(event).await.map_err(not_taken)?;
        self.accepted(reply)
    }

    fn accepted(&self, reply: Reply) -> Result<Reply, Fault> {
        match reply {
            Reply::Rejected(rejection) => Err(Fault::from_rejection(rejection, self.scope())),
            reply => Ok(reply),
        }
    }

    /// The cluster a request names, `default` if it names none.
    ///
    /// # Errors
    /// `InvalidParameterException` if the text is neither a name nor an ARN of a cluster.
    pub(crate) fn cluster_name(&self, text: Option<&str>) -> Result<ClusterName, Fault> {
        let text = text.filter(|text| !text.is_empty()).unwrap_or(DEFAULT_CLUSTER);
        self.scope().parse_cluster(text).map_err(|error| invalid_id("cluster", &error))
    }

    /// Makes sure that a cluster is there and ACTIVE. Asked only when nothing was found in it: then "nothing" and "no
    /// such cluster" have to be told apart.
    ///
    /// # Errors
    /// `ClusterNotFoundException` if it is not, `ServerException` if the store fails.
    pub(crate) async fn check_cluster(&self, name: &ClusterName) -> Result<(), Fault> {
        let found = self.reader().clusters(vec![name.clone()]).await.map_err(|error| failed(&error))?;
        if found.iter().any(|view| view.cluster.is_active) { Ok(()) } else { Err(Fault::cluster_not_found()) }
    }

    /// A revision of a task definition, for its document; whether it is ACTIVE may be out of date.
    ///
    /// # Errors
    /// `ServerException` if the store fails.
    pub(crate) async fn definition(&self, id: &DefinitionId) -> Result<Option<Arc<TaskDefinition>>, Fault> {
        self.definitions.get(self.reader(), id).await.map_err(|error| failed(&error))
    }
}

/// What is answered to an event that the engine did not take.
fn not_taken(error: SubmitError) -> Fault {
    match error {
        SubmitError::Throttled => Fault::throttled(),
        SubmitError::Unwritable => Fault::unavailable("The server's store takes no writes at present."),
        SubmitError::Closed => Fault::unavailable("The server is ending."),
    }
}

/// What is answered when the store cannot be read. Why goes to the log.
pub(crate) fn failed(error: &StoreError) -> Fault {
    let cause = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
    tracing::error!(%error, cause, "store could not be read");
    Fault::server()
}

/// What is answered when the engine gives back something else than was asked for: a defect of ours.
pub(crate) fn unexpected(reply: &Reply) -> Fault {
    tracing::error!(?reply, "engine answered something else");
    Fault::server()
}

/// What is answered to a text that is no id of the kind that `member` takes.
pub(crate) fn invalid_id(member: &str, error: &InvalidId) -> Fault {
    Fault::invalid(format!("{member}: {error}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_engine_does_not_take_every_sdk_tries_again() {
        for (error, code, status) in [
            (SubmitError::Throttled, "ThrottlingException", 400),
            (SubmitError::Unwritable, "ServerException", 503),
            (SubmitError::Closed, "ServerException", 503),
        ] {
            let fault = not_taken(error);
            assert_eq!((fault.code, fault.status.as_u16()), (code, status), "{error:?}");
        }
    }
}
