//! The receiving end of the lanes: waits for something to do, and takes what has arrived.

use std::collections::VecDeque;

use berth_model::id::SessionId;
use berth_scheduler::event::Event;
use tokio::sync::mpsc;

use super::batch::{BATCH_ROWS_MAX, Batch, NewSession, Waiter};
use crate::handle::{Input, OpenSession, Request, SubmitError};
use crate::outbox::{Call, CallResult, SESSION_ORDERS_MAX};

/// The part of a batch that reports and facts may fill while clients wait: neither lane can keep the other out.
const INTERNAL_ROWS_MAX: usize = BATCH_ROWS_MAX / 4 * 3;

/// Something that came in.
#[derive(Debug)]
pub(super) enum Arrival {
    /// An event for the turn.
    Event(Event, Waiter),
    /// The end of a session.
    Closed(Event),
    /// The end of a backend call.
    Called(Call, CallResult),
}

/// See the module.
#[derive(Debug)]
pub(super) struct Intake {
    clients: mpsc::Receiver<Request>,
    internal: mpsc::Receiver<Input>,
    /// For sessions to say their end.
    door: mpsc::Sender<Input>,
    /// What was taken while waiting, and waits for the next batch itself.
    first: VecDeque<Arrival>,
    sessions: u64,
}

impl Intake {
    pub(super) fn new(
        clients: mpsc::Receiver<Request>,
        internal: mpsc::Receiver<Input>,
        door: mpsc::Sender<Input>,
    ) -> Self {
        Self { clients, internal, door, first: VecDeque::new(), sessions: 0 }
    }

    /// Waits until something has arrived. May be cancelled; nothing is lost.
    pub(super) async fn arrived(&mut self) {
        if !self.first.is_empty() {
            return;
        }
        let arrival = tokio::select! {
            biased;
            Some(input) = self.internal.recv() => self.accept(input),
            Some(request) = self.clients.recv() => from_client(request),
            // Without handles nothing comes in any more; deadlines and backends go on.
            else => std::future::pending().await,
        };
        self.first.push_back(arrival);
    }

    /// Takes what has arrived into the batch, as far as there is room; `on_other` gets what is no event of its own.
    pub(super) fn fill(&mut self, batch: &mut Batch, mut on_other: impl FnMut(&mut Batch, Arrival)) {
        let mut take = |batch: &mut Batch, arrival| match arrival {
            Arrival::Event(event, waiter) => batch.push(event, waiter),
            other => on_other(batch, other),
        };
        while !batch.is_full()
            && let Some(arrival) = self.first.pop_front()
        {
            take(batch, arrival);
        }
        let internal_rows_max = if self.clients.is_empty() { BATCH_ROWS_MAX } else { INTERNAL_ROWS_MAX };
        while batch.rows() < internal_rows_max
            && let Ok(input) = self.internal.try_recv()
        {
            let arrival = self.accept(input);
            take(batch, arrival);
        }
        while !batch.is_full()
            && let Ok(request) = self.clients.try_recv()
        {
            take(batch, from_client(request));
        }
    }

    /// How many events wait: clients', others.
    pub(super) fn waiting(&self) -> (usize, usize) {
        (self.clients.len(), self.internal.len() + self.first.len())
    }

    /// Takes nothing more; tells those who wait.
    pub(super) fn close(&mut self) {
        self.clients.close();
        self.internal.close();
        self.first.drain(..).for_each(|arrival| refuse(arrival, SubmitError::Closed));
        while let Ok(input) = self.internal.try_recv() {
            refuse(self.accept(input), SubmitError::Closed);
        }
        while let Ok(request) = self.clients.try_recv() {
            refuse(from_client(request), SubmitError::Closed);
        }
    }

    fn accept(&mut self, input: Input) -> Arrival {
        match input {
            Input::Request(Request { event, answer }) => Arrival::Event(event, Waiter::Request(answer)),
            Input::CloseSession { host, session } => Arrival::Closed(Event::SessionClosed { host, session }),
            Input::Called { call, result } => Arrival::Called(call, result),
            Input::OpenSession { host, version_info, answer } => {
                self.sessions += 1;
                let id = SessionId(self.sessions);
                let (orders, orders_out) = mpsc::channel(SESSION_ORDERS_MAX);
                let opened = OpenSession { id, host, orders: orders_out, internal: self.door.clone() };
                let event = Event::SessionOpened { host, session: id, version_info: version_info.clone() };
                let session = NewSession { id, host, version_info, orders, opened, answer };
                Arrival::Event(event, Waiter::Session(Box::new(session)))
            }
        }
    }
}

fn from_client(Request { event, answer }: Request) -> Arrival {
    Arrival::Event(event, Waiter::Request(answer))
}

fn refuse(arrival: Arrival, error: SubmitError) {
    if let Arrival::Event(_, waiter) = arrival {
        waiter.refuse(error);
    }
}
