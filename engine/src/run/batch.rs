//! A batch: the events of one turn, each with the one who waits for its answer.

use std::collections::BTreeSet;

use berth_model::ecs::VersionInfo;
use berth_model::id::{HostId, SessionId};
use berth_scheduler::event::Event;
use berth_scheduler::step::{Order, Reply, TokenKey};
use tokio::sync::{mpsc, oneshot};

use crate::handle::{OpenError, OpenSession, SubmitError};

/// Most rows a batch is expected to write, before what follows from placement. Larger batches make each commit cheaper
/// per row and each answer later; at 1024 rows a commit takes some tens of milliseconds.
pub(super) const BATCH_ROWS_MAX: usize = 1024;

/// The operation whose client tokens are rows.
const RUN_TASK: &str = "RunTask";

/// Who gets the answer.
#[derive(Debug)]
pub(super) enum Waiter {
    /// Nobody.
    None,
    /// Whoever brought the event.
    Request(oneshot::Sender<Result<Reply, SubmitError>>),
    /// An agent that wants its session.
    Session(Box<NewSession>),
}

/// A session that is being opened.
#[derive(Debug)]
pub(super) struct NewSession {
    pub(super) id: SessionId,
    pub(super) host: HostId,
    pub(super) version_info: VersionInfo,
    pub(super) orders: mpsc::Sender<Order>,
    pub(super) opened: OpenSession,
    pub(super) answer: oneshot::Sender<Result<OpenSession, OpenError>>,
}

impl Waiter {
    /// Tells that the event was not taken.
    pub(super) fn refuse(self, error: SubmitError) {
        // Whoever waited may have gone; then nobody is to be told.
        match self {
            Self::None => {}
            Self::Request(answer) => drop(answer.send(Err(error))),
            Self::Session(session) => drop(session.answer.send(Err(OpenError::Submit(error)))),
        }
    }
}

/// See the module.
#[derive(Debug, Default)]
pub(super) struct Batch {
    pub(super) events: Vec<Event>,
    pub(super) waiters: Vec<Waiter>,
    rows: usize,
    tokens: BTreeSet<TokenKey>,
}

impl Batch {
    /// True if no more should go in.
    pub(super) fn is_full(&self) -> bool {
        self.rows >= BATCH_ROWS_MAX
    }

    /// How large it is, in rows.
    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    pub(super) fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    pub(super) fn push(&mut self, event: Event, waiter: Waiter) {
        self.rows += rows(&event);
        self.tokens.extend(token(&event));
        self.events.push(event);
        self.waiters.push(waiter);
    }

    /// The client tokens of its events.
    pub(super) fn tokens(&self) -> &BTreeSet<TokenKey> {
        &self.tokens
    }

    /// Tells everybody that nothing was taken.
    pub(super) fn refuse(self, error: SubmitError) {
        self.waiters.into_iter().for_each(|waiter| waiter.refuse(error));
    }
}

/// How many rows an event writes, roughly.
fn rows(event: &Event) -> usize {
    match event {
        Event::RunTask(request) => usize::try_from(request.count).unwrap_or(1).max(1),
        _ => 1,
    }
}

/// The client token of an event, if it has one.
pub(super) fn token(event: &Event) -> Option<TokenKey> {
    let Event::RunTask(request) = event else {
        return None;
    };
    let token = request.token.as_ref()?.token.clone();
    Some(TokenKey { operation: RUN_TASK, token })
}
