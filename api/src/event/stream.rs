//! `GET /v1/events`: state change events as server-sent events.
//!
//! The `id` of each is its number. A client that comes back with `Last-Event-ID` (browsers do so by themselves) or
//! `?after=` goes on behind it; without either it gets what happens from now on. `?cluster=` and `?detail-type=` leave
//! out everything else. A stream reads a few changes at a time, and the next ones only once its client has taken those:
//! a slow client costs no memory, and if what it wants has been removed meanwhile it is told so.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Query, Request, State};
use axum::http::HeaderName;
use axum::http::request::Parts;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use berth_engine::store::{ChangeFilter, ChangePage};
use berth_model::access_key::Role;
use berth_model::state_change::{ChangeKind, Sequence};
use futures_util::stream::{self, Stream};
use tokio::sync::{OwnedSemaphorePermit, watch};

use crate::audit::Record;
use crate::auth::Caller;
use crate::ecs::error::Fault;
use crate::edge::{Edge, failed};

/// Most streams at a time. Each holds a connection and some [`CHANGES_PER_READ`] changes.
pub(crate) const STREAMS_MAX: usize = 256;

/// Changes that one read of the store looks at: at some 2 KiB each, what a stream holds in memory.
const CHANGES_PER_READ: usize = 64;

/// How often a stream on which nothing happens says that it is there. Proxies cut connections that are silent for a
/// minute.
const HEARTBEAT_EVERY: Duration = Duration::from_secs(15);

/// What a stream is called in the audit trail and in the metrics.
const OPERATION: &str = "StreamEvents";

const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// What a client asked for.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    /// The last event it has; `None` if it wants what happens from now on.
    after: Option<Sequence>,
    filter: ChangeFilter,
}

/// One stream.
#[derive(Debug)]
struct Source {
    edge: Arc<Edge>,
    filter: ChangeFilter,
    /// The last change that was looked at.
    after: Sequence,
    newest: watch::Receiver<Sequence>,
    /// What has been read and not been sent.
    ready: VecDeque<Event>,
    is_over: bool,
    /// One of [`STREAMS_MAX`].
    _room: OwnedSemaphorePermit,
}

/// `GET /v1/events`
pub(crate) async fn connect(State(edge): State<Arc<Edge>>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    let mut record = Record::new(&parts, OPERATION);
    if let Some(caller) = parts.extensions.get::<Caller>() {
        record.set_caller(caller);
    }
    let wanted = read(&edge, &parts).and_then(|wanted| check_role(parts.extensions.get(), wanted));
    let opened = match wanted {
        Ok(wanted) => open(&edge, wanted).await,
        Err(fault) => Err(fault),
    };
    match opened {
        Ok(source) => {
            record.close(&edge, Ok(()));
            let events = events(source, parts.extensions.get::<Caller>().cloned());
            let keep_alive = KeepAlive::new().interval(HEARTBEAT_EVERY).text("still here");
            crate::ecs::with_id(Sse::new(events).keep_alive(keep_alive).into_response(), record.request_id)
        }
        Err(fault) => crate::ecs::turned_away(&edge, &fault, &record),
    }
}

/// Lets a user that is limited to clusters hear of one of those.
fn check_role(caller: Option<&Caller>, wanted: Wanted) -> Result<Wanted, Fault> {
    let Some(Caller { name, role: Role::User { clusters }, .. }) = caller else { return Ok(wanted) };
    match &wanted.filter.cluster {
        Some(cluster) if clusters.contains(cluster) => Ok(wanted),
        Some(_) | None => {
            let text = format!("{name} has the role user and hears of its own clusters only: name one with ?cluster=.");
            Err(Fault::not_authorized(text))
        }
    }
}

async fn open(edge: &Arc<Edge>, wanted: Wanted) -> Result<Source, Fault> {
    let Wanted { after, filter } = wanted;
    let room = Arc::clone(&edge.streams).try_acquire_owned().or(Err(Fault::throttled()))?;
    let mut newest = edge.handle.newest_change();
    let now = *newest.borrow_and_update();
    let after = after.unwrap_or(now);
    let page = edge.reader().changes(after, filter.clone(), 0).await.map_err(|error| failed(&error))?;
    if after > page.newest {
        return Err(Fault::invalid(format!("There is no event {after} yet: the newest is {}.", page.newest)));
    }
    check_kept(after, &page).map_err(Fault::gone)?;
    Ok(Source { edge: Arc::clone(edge), filter, after, newest, ready: VecDeque::new(), is_over: false, _room: room })
}

/// Reads the query and the header.
fn read(edge: &Edge, parts: &Parts) -> Result<Wanted, Fault> {
    let query = Query::<BTreeMap<String, String>>::try_from_uri(&parts.uri);
    let Query(mut query) = query.map_err(|error| Fault::invalid(format!("The query cannot be read: {error}.")))?;
    let cluster = query.remove("cluster").map(|text| edge.cluster_name(Some(&text))).transpose()?;
    let kind = query.remove("detail-type").map(|text| kind(&text)).transpose()?;
    let header = parts.headers.get(LAST_EVENT_ID).map(|value| value.to_str().unwrap_or_default().to_owned());
    // A browser that comes back repeats its first query: the header is newer.
    let after = query.remove("after");
    let after = header.or(after).map(|text| number(&text)).transpose()?;
    // A signature may stand in the query, too; it was looked at before.
    if let Some(name) = query.keys().find(|name| !name.starts_with("X-Amz-")) {
        let name: String = name.chars().take(255).collect();
        return Err(Fault::invalid(format!("There is no parameter '{name}': after, cluster and detail-type are.")));
    }
    Ok(Wanted { after, filter: ChangeFilter { cluster, kind } })
}

fn number(text: &str) -> Result<Sequence, Fault> {
    let invalid = Fault::invalid("after and Last-Event-ID take the id of an event: a whole number from 0.");
    text.parse().map(Sequence).or(Err(invalid))
}

fn kind(text: &str) -> Result<ChangeKind, Fault> {
    let known = ChangeKind::ALL.into_iter().find(|kind| kind.as_str() == text);
    let names = ChangeKind::ALL.map(ChangeKind::as_str).join("' and '");
    known.ok_or_else(|| Fault::invalid(format!("detail-type takes '{names}'.")))
}

/// Makes sure that what follows `after` is still there.
///
/// # Errors
/// What to tell the client.
fn check_kept(after: Sequence, page: &ChangePage) -> Result<(), String> {
    if after.next() >= page.oldest {
        return Ok(());
    }
    let before = page.oldest.previous();
    Err(format!(
        "Events up to {before} have been removed: what follows {after} is not whole. Go on with after={before}."
    ))
}

fn events(source: Source, caller: Option<Caller>) -> impl Stream<Item = Result<Event, std::convert::Infallible>> {
    let edge = Arc::clone(&source.edge);
    let events = stream::unfold(source, |mut source| async move {
        let event = source.next().await?;
        Some((Ok(event), source))
    });
    // A stream has no end of its own: neither the server's end nor the caller's can wait for it.
    let over = async move {
        let revoked = async {
            match &caller {
                Some(caller) => caller.revoked(&edge.handle).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = edge.ending.cancelled() => {}
            () = revoked => {}
        }
    };
    futures_util::StreamExt::take_until(events, over)
}

impl Source {
    /// The next event; `None` once the stream is over.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            if self.is_over {
                return None;
            }
            let newest = *self.newest.borrow_and_update();
            if self.after < newest {
                self.fill().await;
            } else if self.newest.changed().await.is_err() {
                // The engine has ended.
                return None;
            }
        }
    }

    /// Reads what follows. Whatever goes wrong is told as an event and ends the stream.
    async fn fill(&mut self) {
        if let Err(text) = self.read().await {
            self.is_over = true;
            self.ready.push_back(Event::default().event("error").data(text));
        }
    }

    async fn read(&mut self) -> Result<(), String> {
        let unreadable = |error| failed(&error).message;
        let page = self.edge.reader().changes(self.after, self.filter.clone(), CHANGES_PER_READ).await;
        let page = page.map_err(unreadable)?;
        check_kept(self.after, &page)?;
        for (sequence, change) in &page.changes {
            let json = self.edge.renderer.render(*sequence, change).await.map_err(unreadable)?;
            self.ready.push_back(Event::default().id(sequence.to_string()).data(json));
        }
        self.after = page.seen;
        Ok(())
    }
}
