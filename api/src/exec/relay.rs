//! Passes frames between a client and an agent.
//!
//! One frame of each direction is held at a time, and each direction goes at its own pace. The ends bound what is under way
//! between them, so that sending one frame does not wait for an end that is only slow.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use berth_engine::session::CLOSE_GOING_AWAY;
use berth_model::exec::{Control, SILENCE_MAX};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::sync::watch;
use tokio::time::Instant;

use super::desk::Opened;
use crate::auth::Caller;
use crate::edge::Edge;

/// A command without input and output for this long is ended: 20 min, as at ECS.
const IDLE_MAX: Duration = Duration::from_mins(20);

/// How long a frame may take to leave. Both ends read all the time, so one that does not is gone.
const SEND_WITHIN: Duration = Duration::from_secs(20);

/// How long an end may take to agree to the end of its connection, so that it has read the last frame.
const CLOSE_WITHIN: Duration = Duration::from_secs(5);

/// A normal end.
const CLOSE_NORMAL: u16 = 1000;

type Sender = SplitSink<WebSocket, Message>;
type Receiver = SplitStream<WebSocket>;

/// How a relay came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// The client left.
    Client,
    /// The agent left: after the command's end, or with its host.
    Agent,
    Idle,
    Revoked,
    Server,
}

impl End {
    /// For the log.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Agent => "agent",
            Self::Idle => "idle",
            Self::Revoked => "revoked",
            Self::Server => "server",
        }
    }

    /// What the client is told that has not had a last frame.
    fn text(self) -> &'static str {
        match self {
            Self::Client | Self::Agent => "The connection to the task's host is lost.",
            Self::Idle => "The command was ended since nothing was said for 20 minutes.",
            Self::Revoked => "The access key is revoked.",
            Self::Server => "The server is ending.",
        }
    }
}

/// Passes frames on until the end, and closes both.
pub(super) async fn relay(edge: &Edge, caller: &Caller, client: WebSocket, agent: Opened) -> End {
    let (mut to_client, mut from_client) = client.split();
    let Opened { socket, caller: host } = agent;
    let (mut to_agent, mut from_agent) = socket.split();
    let active = Arc::new(watch::Sender::new(Instant::now()));
    let (mut has_last, mut nothing_is_last) = (false, false);
    let end = tokio::select! {
        gone = forward(&mut from_client, &mut to_agent, &active, &mut nothing_is_last) => match gone {
            Gone::Source => End::Client,
            Gone::Target => End::Agent,
        },
        gone = forward(&mut from_agent, &mut to_client, &active, &mut has_last) => match gone {
            Gone::Source => End::Agent,
            Gone::Target => End::Client,
        },
        () = idle(active.subscribe()) => End::Idle,
        () = caller.revoked(&edge.handle) => End::Revoked,
        () = host.revoked(&edge.handle) => End::Agent,
        () = edge.ending.cancelled() => End::Server,
    };
    if !has_last && end != End::Client {
        let failed = Control::Failed { message: end.text().to_owned() };
        send(&mut to_client, Message::Text(failed.text().into())).await;
    }
    let code = if end == End::Server { CLOSE_GOING_AWAY } else { CLOSE_NORMAL };
    tokio::join!(close(&mut to_client, &mut from_client, code), close(&mut to_agent, &mut from_agent, code));
    end
}

/// Which end of a direction is gone.
enum Gone {
    Source,
    Target,
}

/// One direction, until either end is gone. `has_last` becomes true with a frame after which none comes.
async fn forward(from: &mut Receiver, to: &mut Sender, active: &watch::Sender<Instant>, has_last: &mut bool) -> Gone {
    while let Ok(Some(Ok(message))) = tokio::time::timeout(SILENCE_MAX, from.next()).await {
        match &message {
            Message::Binary(_) => drop(active.send_replace(Instant::now())),
            Message::Text(text) => *has_last |= is_last(text),
            // Both ends have their pings answered here.
            Message::Ping(_) | Message::Pong(_) => continue,
            Message::Close(_) => break,
        }
        if !send(to, message).await {
            return Gone::Target;
        }
    }
    Gone::Source
}

fn is_last(text: &Utf8Bytes) -> bool {
    matches!(serde_json::from_str(text), Ok(Control::Exited { .. } | Control::Failed { .. }))
}

/// Returns once nothing was said for too long.
async fn idle(mut active: watch::Receiver<Instant>) {
    loop {
        let until = *active.borrow_and_update() + IDLE_MAX;
        tokio::select! {
            () = tokio::time::sleep_until(until) => return,
            changed = active.changed() => if changed.is_err() { return },
        }
    }
}

/// Sends one message; false if that failed or took too long.
async fn send(to: &mut Sender, message: Message) -> bool {
    matches!(tokio::time::timeout(SEND_WITHIN, to.send(message)).await, Ok(Ok(())))
}

async fn close(to: &mut Sender, from: &mut Receiver, code: u16) {
    let agreed = async {
        if send(to, Message::Close(Some(CloseFrame { code, reason: Utf8Bytes::default() }))).await {
            while let Some(Ok(_)) = from.next().await {}
        }
    };
    if tokio::time::timeout(CLOSE_WITHIN, agreed).await.is_err() {
        tracing::debug!("connection of a command was closed without the other end's consent");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_command_is_ended_after_twenty_minutes_of_silence_and_no_sooner() {
        const MINUTES: Duration = Duration::from_mins(20);
        let active = watch::Sender::new(Instant::now());
        let mut idle = std::pin::pin!(idle(active.subscribe()));
        tokio::select! {
            biased;
            () = &mut idle => panic!("too early"),
            () = tokio::time::sleep(MINUTES / 2) => {}
        }
        let said_at = Instant::now();
        active.send_replace(said_at);
        idle.await;
        // Timers are exact to the millisecond.
        let waited = said_at.elapsed();
        assert!(waited >= MINUTES && waited < MINUTES + Duration::from_secs(1), "{waited:?}");
        assert!(End::Idle.text().contains("20 minutes"));
    }
}
