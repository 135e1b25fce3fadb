//! The holder of a task's shared namespaces: one more container, which only waits.
//!
//! It is put in front of the containers of an order whose task has a network of its own, or processes or memory that its
//! containers share. It is created and started before them and removed after them, so that they find the namespaces at
//! any time; if it ends before, so does the task. The server never sees it but for the address that it has.

use berth_model::acs::{PayloadContainer, PayloadTask};
pub use berth_model::network::HOLDER as NAME;

/// What the containers of a task share through their holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shared {
    /// The network, with an address of its own.
    pub network: bool,
    /// The processes.
    pub processes: bool,
    /// System V IPC, message queues and `/dev/shm`.
    pub memory: bool,
}

/// What the containers of a task share.
pub fn shared(task: &PayloadTask) -> Shared {
    Shared {
        network: task.network_mode == "awsvpc",
        processes: task.pid_mode == "task",
        memory: task.ipc_mode == "task",
    }
}

/// The order as it is carried out: with a holder if its containers share anything.
pub(crate) fn with_holder(mut task: PayloadTask) -> PayloadTask {
    let Shared { network, processes, memory } = shared(&task);
    if network || processes || memory {
        let holder = PayloadContainer { name: NAME.to_owned(), essential: true, ..PayloadContainer::default() };
        task.containers.insert(0, holder);
    }
    task
}

/// True for the name of a holder.
pub fn is_holder(container: &str) -> bool {
    container == NAME
}

/// Said of a task whose holder has ended, or never came to run.
pub(crate) fn lost(has_run: bool, reason: Option<&str>) -> String {
    let what = if has_run { "are gone, since what held them has ended" } else { "could not be made" };
    let why = reason.map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("ResourceInitializationError: the namespaces that the containers of the task share {what}{why}")
}
