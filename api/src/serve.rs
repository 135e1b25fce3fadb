//! The listener: takes connections, bounds what each may cost, and lets them end in order.
//!
//! The limits on a connection are here, those on a request in [`crate::ecs`].

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::auth::Peer;

/// Most connections at a time. Each agent holds one or two for ever; beyond it new ones wait in the kernel's queue. A
/// connection at rest costs some 20 KiB, so this many cost a few hundred MiB at most.
const CONNECTIONS_MAX: usize = 16_384;

/// Longest time from one request's end (or the connection's begin) to the end of the next one's head. Shorter makes
/// clients with a pool of connections connect anew more often, longer lets slow or forgotten connections take the room.
const HEAD_WITHIN: Duration = Duration::from_mins(1);

/// Most bytes of a request's head, signature included; also the read buffer of a connection.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// Most headers of a request.
const HEADERS_MAX: usize = 100;

/// How long requests that are being handled may take after the server was told to end. They wait for one commit each.
const DRAIN_WITHIN: Duration = Duration::from_secs(5);

/// After a failed accept (out of file descriptors) the next try waits so long, as it would fail the same way at once.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(50);

/// Serves `router` on `listener` until `shutdown` is ready, then takes no more connections and returns once those being
/// handled have ended or had their time.
///
/// # Errors
/// None today; whatever ends the listener for good will be one.
pub async fn serve(listener: TcpListener, router: Router, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let ending = watch::Sender::new(());
    let room = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            (stream, peer, permit) = accept(&listener, &room) => {
                let service = WithPeer { router: router.clone(), peer: Peer(peer) };
                tokio::spawn(connection(stream, permit, service, ending.subscribe()));
            }
        }
    }
    drop(listener);
    ending.send_replace(());
    // Each connection holds a receiver until it is over.
    if tokio::time::timeout(DRAIN_WITHIN, ending.closed()).await.is_err() {
        tracing::warn!("requests were still being handled when the server ended");
    }
    Ok(())
}

async fn accept(listener: &TcpListener, room: &Arc<Semaphore>) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    let permit = Arc::clone(room).acquire_owned().await.expect("the semaphore is never closed");
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => return (stream, peer, permit),
            Err(error) => {
                tracing::warn!(%error, "connection was not accepted");
                tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
            }
        }
    }
}

/// The router for one connection: puts beside each request where it comes from.
#[derive(Debug, Clone)]
struct WithPeer {
    router: Router,
    peer: Peer,
}

impl tower::Service<Request<Incoming>> for WithPeer {
    type Response = Response;
    type Error = std::convert::Infallible;
    type Future = <Router as tower::Service<Request<Incoming>>>::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        tower::Service::<Request<Incoming>>::poll_ready(&mut self.router, context)
    }

    fn call(&mut self, mut request: Request<Incoming>) -> Self::Future {
        request.extensions_mut().insert(self.peer);
        self.router.call(request)
    }
}

/// Serves one connection until it ends, or becomes a websocket and goes on elsewhere.
async fn connection(
    stream: TcpStream,
    permit: OwnedSemaphorePermit,
    service: WithPeer,
    mut ending: watch::Receiver<()>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "connection keeps Nagle's algorithm");
    }
    let mut connection = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(HEAD_WITHIN)
            .max_buf_size(HEAD_BYTES_MAX)
            .max_headers(HEADERS_MAX)
            .serve_connection(TokioIo::new(stream), TowerToHyperService::new(service))
            .with_upgrades()
    );
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        _ = ending.changed() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "connection ended");
    }
    drop(permit);
}
