//! Holders made ahead, so that a task with a network of its own need not wait for its network.
//!
//! Most of what it costs to start such a task is the network that its holder is given. A spare has all that already, and
//! is given to a task with its name. A process only gives away what it has made itself: what a dead one has asked Docker
//! for may still come to pass, and Docker renames a container that has been renamed meanwhile. Spares that this process
//! does not know of are containers without a record, and removed as such.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bollard::query_parameters::{CreateContainerOptionsBuilder, RenameContainerOptionsBuilder, StartContainerOptions};
use uuid::Uuid;

use super::{Needs, repository};
use crate::runtime::docker::{Docker, Order, container, is_live, text};

/// How many a host has, once it has run a task with a holder. They cost the machine a process and some megabytes each,
/// and about as much time as a task of one container.
const SPARES: usize = 2;

/// Where a machine says which servers know names. Docker writes the first that counts into a container's network as it is
/// at that moment.
const RESOLVERS: [&str; 2] = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"];

/// What needs no particular holder: a task that shares a network, and says nothing of how names are found there.
fn needs() -> Needs {
    Needs { network: true, ..Needs::default() }
}

/// The spares of this process.
#[derive(Debug, Default)]
pub(in crate::runtime::docker) struct Spares {
    known: Mutex<Known>,
    /// Held while some are made.
    making: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Known {
    /// The names of all that are being made, ready, or being taken.
    names: BTreeSet<String>,
    /// Those that run, the oldest first.
    ready: VecDeque<Spare>,
}

#[derive(Debug)]
struct Spare {
    name: String,
    /// What the machine said of its servers of names when it was made.
    resolvers: Resolvers,
}

type Resolvers = [Option<String>; RESOLVERS.len()];

fn resolvers() -> Resolvers {
    RESOLVERS.map(|path| std::fs::read_to_string(path).ok())
}

impl Spares {
    /// True for the name of one that is no task's yet, and may be one's soon.
    pub(in crate::runtime::docker) fn has(&self, name: &str) -> bool {
        self.known().names.contains(name)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The oldest that is still good for something.
    fn take(&self) -> Option<String> {
        let (mut known, now) = (self.known(), resolvers());
        while let Some(spare) = known.ready.pop_front() {
            if spare.resolvers == now {
                return Some(spare.name);
            }
            known.names.remove(&spare.name);
        }
        None
    }

    fn forget(&self, name: &str) {
        self.known().names.remove(name);
    }
}

impl Docker {
    /// Makes a spare the holder of a task, if there is one that does for it. Gives Docker's id of it.
    pub(in crate::runtime::docker) async fn take_spare(&self, order: Order<'_>) -> Option<String> {
        if Needs::of(order.task) != needs() {
            return None;
        }
        let spare = self.spares.take()?;
        let holder = super::name(&self.settings, &order.task.arn);
        let options = RenameContainerOptionsBuilder::default().name(&holder).build();
        let renamed = self.engine.rename_container(&spare, options).await;
        self.spares.forget(&spare);
        if let Err(error) = renamed {
            tracing::debug!(spare, %error, "holder made ahead not taken");
            return None;
        }
        let found = self.inspect(&holder).await.ok().flatten()?;
        // Docker may have been started again since.
        found.id.filter(|_| found.state.is_some_and(|state| is_live(&state)))
    }

    /// Makes the spares that are missing, if this host has the image, and so has run a task with a holder.
    pub(in crate::runtime::docker) async fn make_spares(&self) {
        let Ok(_alone) = self.spares.making.try_lock() else { return };
        if self.engine.inspect_image(&repository(&self.settings)).await.is_err() {
            return;
        }
        while self.spares.known().ready.len() < SPARES {
            let name = format!("berth-spare-{}-{}", self.settings.host_id, Uuid::new_v4().simple());
            let resolvers = resolvers();
            self.spares.known().names.insert(name.clone());
            if let Err(reason) = self.make_spare(&name).await {
                self.spares.forget(&name);
                return tracing::warn!(reason, "no holder made ahead");
            }
            self.spares.known().ready.push_back(Spare { name, resolvers });
        }
    }

    async fn make_spare(&self, name: &str) -> Result<(), String> {
        let labels = container::owner(&self.settings).into();
        let body = needs().body(&self.settings, &labels, &container::Offer::default())?;
        let options = CreateContainerOptionsBuilder::default().name(name).build();
        self.engine.create_container(Some(options), body).await.map_err(|error| text(&error))?;
        self.engine.start_container(name, None::<StartContainerOptions>).await.map_err(|error| text(&error))
    }
}
