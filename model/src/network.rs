//! The network interface that a task in `awsvpc` mode has for itself.

use core::net::Ipv4Addr;

use serde::{Deserialize, Serialize};

use crate::task::TaskStatus;

/// The name by which an agent reports on what holds a task's namespaces. No container of a task definition has it.
pub const HOLDER: &str = "~internal~ecs~pause";

/// A network interface with an address of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct NetworkInterface {
    /// The uuid of its attachment to the task. The interface's own id follows from it.
    pub id: u128,
    /// Its address, once the task's agent has told it.
    pub address: Option<Ipv4Addr>,
}

impl NetworkInterface {
    /// Its id, as Amazon EC2 forms them: `eni-` and 17 hexadecimal digits.
    pub fn interface_id(self) -> String {
        format!("eni-{:017x}", self.id & ((1 << 68) - 1))
    }

    /// Where its attachment is in its life, in the words of ECS. It follows from the task, and only moves forward.
    pub fn status(self, task: TaskStatus) -> &'static str {
        match task {
            TaskStatus::Provisioning => "PRECREATED",
            TaskStatus::Stopped => "DELETED",
            TaskStatus::Pending | TaskStatus::Stopping | TaskStatus::Deprovisioning if self.address.is_none() => {
                "ATTACHING"
            }
            TaskStatus::Pending
            | TaskStatus::Activating
            | TaskStatus::Running
            | TaskStatus::Deactivating
            | TaskStatus::Stopping
            | TaskStatus::Deprovisioning => "ATTACHED",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_id_follows_from_its_attachment() {
        let interface = NetworkInterface { id: 0x1234_5678_9abc_def0_1234_5678_9abc_def0, address: None };
        assert_eq!(interface.interface_id(), "eni-0123456789abcdef0");
    }

    #[test]
    fn an_attachment_only_moves_forward() {
        let order = ["PRECREATED", "ATTACHING", "ATTACHED", "DELETED"];
        let place = |status: &str| order.iter().position(|one| *one == status);
        let interface = NetworkInterface { id: 1, address: None };
        let known = NetworkInterface { address: Some(Ipv4Addr::LOCALHOST), ..interface };
        for known_from in [TaskStatus::Pending, TaskStatus::Running, TaskStatus::Stopping] {
            let at = |status: TaskStatus| if status < known_from { interface } else { known }.status(status);
            let places = TaskStatus::ALL.map(|status| place(at(status)).unwrap());
            assert!(places.is_sorted(), "{places:?}");
        }
    }
}
