//! Where clients and agents find each other, and what bounds their number.
//!
//! The one place of the edge with a map behind a lock: the two ends of a command come in over different connections, and what
//! they need to know of each other is gone with them. Every entry belongs to a guard that takes it out when it is dropped.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::ws::WebSocket;
use berth_model::acs::ExecOrder;
use berth_model::id::{HostId, SessionId};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use crate::auth::Caller;

/// Most commands at a time, on all hosts. Each holds two connections.
const COMMANDS_MAX: usize = 512;

/// Most commands at a time on one host. Its agent has the same bound.
const COMMANDS_OF_HOST_MAX: usize = 32;

/// Orders that wait for one session: more than can be under way.
const ORDERS: usize = COMMANDS_OF_HOST_MAX;

/// The connection that an agent has opened for a command.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) socket: WebSocket,
    /// Whose key it was opened with.
    pub(super) caller: Caller,
}

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Desk(Mutex<Entries>);

#[derive(Debug, Default)]
struct Entries {
    /// How the newest session of each host is told what to run.
    sessions: BTreeMap<HostId, (SessionId, mpsc::Sender<ExecOrder>)>,
    /// Commands whose agent has yet to connect.
    awaited: BTreeMap<String, (HostId, oneshot::Sender<Opened>)>,
    /// Commands under way, by host.
    counts: BTreeMap<HostId, usize>,
}

/// Why a command cannot be run just now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// Its host has no session.
    NotConnected,
    /// There are too many.
    TooMany,
}

impl Desk {
    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes the orders for a session of a host, until what it gives back is dropped.
    pub(crate) fn attend(self: &Arc<Self>, host: HostId, session: SessionId) -> Attendance {
        let (sender, orders) = mpsc::channel(ORDERS);
        let mut entries = self.entries();
        if entries.sessions.get(&host).is_none_or(|(newest, _)| *newest < session) {
            entries.sessions.insert(host, (session, sender));
        }
        Attendance { desk: Arc::clone(self), host, session, orders }
    }

    /// Hands an order to the session of a host. `order` makes it from the id of the connection that its agent is to open.
    ///
    /// # Errors
    /// [`Trouble`]
    pub(super) fn order(
        self: &Arc<Self>,
        host: HostId,
        order: impl FnOnce(String) -> ExecOrder,
    ) -> Result<(Place, oneshot::Receiver<Opened>), Trouble> {
        let mut entries = self.entries();
        let (_, orders) = entries.sessions.get(&host).ok_or(Trouble::NotConnected)?;
        let all: usize = entries.counts.values().sum();
        let own = entries.counts.get(&host).copied().unwrap_or_default();
        if all >= COMMANDS_MAX || own >= COMMANDS_OF_HOST_MAX {
            return Err(Trouble::TooMany);
        }
        let id = Uuid::new_v4().simple().to_string();
        orders.try_send(order(id.clone())).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Trouble::TooMany,
            mpsc::error::TrySendError::Closed(_) => Trouble::NotConnected,
        })?;
        let (sender, socket) = oneshot::channel();
        entries.awaited.insert(id.clone(), (host, sender));
        *entries.counts.entry(host).or_default() += 1;
        Ok((Place { desk: Arc::clone(self), host, id }, socket))
    }

    /// Takes what waits for a connection of this id, once, if it is to come from this host.
    pub(super) fn take(&self, id: &str, host: HostId) -> Option<oneshot::Sender<Opened>> {
        let mut entries = self.entries();
        if entries.awaited.get(id).is_none_or(|(wanted, _)| *wanted != host) {
            return None;
        }
        entries.awaited.remove(id).map(|(_, sender)| sender)
    }
}

/// A session that takes orders.
#[derive(Debug)]
pub(crate) struct Attendance {
    desk: Arc<Desk>,
    host: HostId,
    session: SessionId,
    /// What its agent is to run.
    pub(crate) orders: mpsc::Receiver<ExecOrder>,
}

impl Drop for Attendance {
    fn drop(&mut self) {
        let mut entries = self.desk.entries();
        if entries.sessions.get(&self.host).is_some_and(|(session, _)| *session == self.session) {
            entries.sessions.remove(&self.host);
        }
    }
}

/// A command that is counted.
#[derive(Debug)]
pub(super) struct Place {
    desk: Arc<Desk>,
    host: HostId,
    /// Names it, for the log.
    pub(super) id: String,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut entries = self.desk.entries();
        entries.awaited.remove(&self.id);
        if let Some(count) = entries.counts.get_mut(&self.host) {
            *count -= 1;
            if *count == 0 {
                entries.counts.remove(&self.host);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(exec_id: String) -> ExecOrder {
        ExecOrder {
            exec_id,
            task_arn: "t".to_owned(),
            container_name: "c".to_owned(),
            command: vec!["true".to_owned()].into(),
            has_input: false,
            has_terminal: false,
        }
    }

    #[test]
    fn orders_go_to_the_newest_session_and_nowhere_once_it_is_over() {
        let desk = Arc::new(Desk::default());
        let host = HostId(1);
        assert_eq!(desk.order(host, order).unwrap_err(), Trouble::NotConnected);
        let mut newer = desk.attend(host, SessionId(2));
        let mut older = desk.attend(host, SessionId(1));
        let (place, _socket) = desk.order(host, order).unwrap();
        assert_eq!(newer.orders.try_recv().unwrap().exec_id, place.id);
        assert!(older.orders.try_recv().is_err());
        drop(older);
        drop(desk.order(host, order).unwrap());
        drop(newer);
        assert_eq!(desk.order(host, order).unwrap_err(), Trouble::NotConnected);
    }

    #[test]
    fn a_connection_is_taken_once_and_from_the_host_alone_that_was_asked() {
        let desk = Arc::new(Desk::default());
        let _session = desk.attend(HostId(1), SessionId(1));
        let (place, _socket) = desk.order(HostId(1), order).unwrap();
        assert!(desk.take(&place.id, HostId(2)).is_none());
        assert!(desk.take("x", HostId(1)).is_none());
        assert!(desk.take(&place.id, HostId(1)).is_some());
        assert!(desk.take(&place.id, HostId(1)).is_none());
        let (given_up, _socket) = desk.order(HostId(1), order).unwrap();
        let id = given_up.id.clone();
        drop(given_up);
        assert!(desk.take(&id, HostId(1)).is_none());
    }

    #[test]
    fn commands_are_bounded_on_each_host_and_in_all() {
        let desk = Arc::new(Desk::default());
        let hosts: Vec<_> = (0..40).map(HostId).collect();
        let mut sessions: Vec<_> = hosts.iter().map(|host| desk.attend(*host, SessionId(1))).collect();
        let mut places = Vec::new();
        for (host, session) in hosts.iter().zip(&mut sessions) {
            while let Ok(ordered) = desk.order(*host, order) {
                session.orders.try_recv().unwrap();
                places.push(ordered);
            }
            assert!(places.len() % COMMANDS_OF_HOST_MAX == 0);
        }
        assert_eq!(places.len(), COMMANDS_MAX);
        places.pop();
        assert!(desk.order(HostId(39), order).is_ok());
        places.clear();
        assert!(desk.entries().counts.is_empty() && desk.entries().awaited.is_empty(), "nothing is kept");
    }
}
