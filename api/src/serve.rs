//! The listener: takes connections, bounds what each may cost, and lets them end in order.
//!
//! The limits on a connection are here, those on a request in [`crate::ecs`].

use std::collections::BTreeMap;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Sleep;
use tokio_rustls::TlsAcceptor;

use crate::auth::Peer;
use crate::guard::is_loopback;
use crate::tls::Tls;

/// What connections may cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most connections at a time. Each agent holds one or two for ever; beyond it new ones wait in the kernel's queue. A
    /// connection at rest costs some 20 KiB, so this many cost a few hundred MiB at most.
    pub connections: usize,
    /// Most connections of one address, so that one machine does not take them all; more are closed at once. Programs on
    /// this machine are not counted.
    pub connections_of_a_peer: usize,
    /// Longest time from one request's end (or the connection's begin) to the end of the next one's head. Shorter makes
    /// clients with a pool of connections connect anew more often, longer lets slow or forgotten connections take the
    /// room.
    pub head_within: Duration,
}

impl Limits {
    /// For a server.
    pub const DEFAULT: Self =
        Self { connections: 16_384, connections_of_a_peer: 2_048, head_within: Duration::from_mins(1) };
}

/// How long the handshake of TLS may take.
const HANDSHAKE_WITHIN: Duration = Duration::from_secs(10);

/// How long a client may take none of what is sent to it. Shorter cuts off whoever only pauses, longer lets those who ask and
/// never read hold their connections.
const TAKEN_WITHIN: Duration = Duration::from_mins(1);

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
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    limits: Limits,
    router: Router,
    shutdown: impl Future<Output = ()>,
) {
    let ending = watch::Sender::new(());
    let room = Arc::new(Semaphore::new(limits.connections));
    let peers = Arc::new(Peers { most: limits.connections_of_a_peer, counts: Mutex::default() });
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        tokio::select! {
            biased;
            () = &mut shutdown => break,
            (stream, address, permit) = accept(&listener, &room) => {
                let Some(place) = peers.enter(address) else {
                    tracing::debug!(%address, "too many connections of one address");
                    continue;
                };
                let service = WithPeer { router: router.clone(), peer: Peer { address, is_tls: tls.is_some() } };
                let acceptor = tls.as_ref().map(|tls| tls.acceptor.clone());
                let (ending, head_within) = (ending.subscribe(), limits.head_within);
                tokio::spawn(async move {
                    connection(stream, acceptor, service, head_within, ending).await;
                    drop((permit, place));
                });
            }
        }
    }
    drop(listener);
    ending.send_replace(());
    // Each connection holds a receiver until it is over.
    if tokio::time::timeout(DRAIN_WITHIN, ending.closed()).await.is_err() {
        tracing::warn!("requests were still being handled when the server ended");
    }
}

/// How many connections each address has.
#[derive(Debug)]
struct Peers {
    most: usize,
    counts: Mutex<BTreeMap<IpAddr, usize>>,
}

impl Peers {
    /// Counts a connection, until what it gives back is dropped. `None` if there are too many of its address.
    fn enter(self: &Arc<Self>, address: SocketAddr) -> Option<Place> {
        if is_loopback(&address) {
            return Some(Place(None));
        }
        let ip = address.ip();
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(ip).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        Some(Place(Some((Arc::clone(self), ip))))
    }
}

/// A connection that is counted.
#[derive(Debug)]
struct Place(Option<(Arc<Peers>, IpAddr)>);

impl Drop for Place {
    fn drop(&mut self) {
        let Some((peers, ip)) = self.0.take() else { return };
        let mut counts = peers.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&ip) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&ip);
            }
        }
    }
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
    acceptor: Option<TlsAcceptor>,
    service: WithPeer,
    head_within: Duration,
    mut ending: watch::Receiver<()>,
) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "connection keeps Nagle's algorithm");
    }
    let Some(acceptor) = acceptor else {
        return requests(stream, service, head_within, ending).await;
    };
    let shaken = tokio::select! {
        shaken = tokio::time::timeout(HANDSHAKE_WITHIN, acceptor.accept(stream)) => shaken,
        _ = ending.changed() => return,
    };
    match shaken {
        Ok(Ok(stream)) => requests(stream, service, head_within, ending).await,
        Ok(Err(error)) => tracing::debug!(%error, "no TLS"),
        Err(_) => tracing::debug!("no TLS in time"),
    }
}

async fn requests(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    service: WithPeer,
    head_within: Duration,
    mut ending: watch::Receiver<()>,
) {
    let mut connection = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head_within)
            .max_buf_size(HEAD_BYTES_MAX)
            .max_headers(HEADERS_MAX)
            .serve_connection(TokioIo::new(Impatient::new(stream)), TowerToHyperService::new(service))
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
}

/// A connection that fails once its other end has taken nothing for [`TAKEN_WITHIN`].
#[derive(Debug)]
struct Impatient<S> {
    stream: S,
    /// Runs while the other end takes nothing.
    patience: Option<Pin<Box<Sleep>>>,
}

impl<S> Impatient<S> {
    fn new(stream: S) -> Self {
        Self { stream, patience: None }
    }

    /// What has come of writing, unless it waits for too long.
    fn judge<T>(&mut self, written: Poll<io::Result<T>>, context: &mut Context<'_>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.patience = None;
            return written;
        }
        let patience = self.patience.get_or_insert_with(|| Box::pin(tokio::time::sleep(TAKEN_WITHIN)));
        patience.as_mut().poll(context).map(|()| Err(io::ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Impatient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Impatient<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.judge(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.judge(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        self.judge(flushed, context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let ended = Pin::new(&mut self.stream).poll_shutdown(context);
        self.judge(ended, context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use tokio::time::Instant;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn who_takes_nothing_for_too_long_is_given_up() {
        let (server, mut client) = duplex(16);
        let mut server = Impatient::new(server);
        let begin = Instant::now();
        // Slow, but each time in time.
        let reader = tokio::spawn(async move {
            for _ in 0..4 {
                tokio::time::sleep(TAKEN_WITHIN * 9 / 10).await;
                client.read_exact(&mut [0; 16]).await.unwrap();
            }
            client
        });
        server.write_all(&[1; 5 * 16]).await.unwrap();
        let client = reader.await.unwrap();
        assert!(begin.elapsed() > 3 * TAKEN_WITHIN);
        let begin = Instant::now();
        let refused = server.write_all(&[1]).await.unwrap_err();
        assert_eq!((refused.kind(), begin.elapsed().as_secs()), (io::ErrorKind::TimedOut, TAKEN_WITHIN.as_secs()));
        drop(client);
    }

    #[test]
    fn an_address_has_so_many_connections() {
        let peers = Arc::new(Peers { most: 2, counts: Mutex::default() });
        let enter = |address: &str| peers.enter(address.parse().unwrap());
        let (first, second) = (enter("10.0.0.1:1").unwrap(), enter("10.0.0.1:2").unwrap());
        assert!(enter("10.0.0.1:3").is_none());
        let other = enter("10.0.0.2:1").unwrap();
        let local: Vec<_> = (0..9).map(|_| enter("127.0.0.1:1").unwrap()).collect();
        drop(first);
        let third = enter("10.0.0.1:3").unwrap();
        drop((second, third, other, local));
        assert!(peers.counts.lock().unwrap().is_empty(), "nothing is kept of those that have gone");
    }
}
