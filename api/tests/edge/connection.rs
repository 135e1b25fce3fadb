//! What a connection may cost: time, bytes and room, with clients that do not keep to the protocol.

use std::time::Duration;

use berth_api::Limits;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::harness::{PATIENCE, Server};

/// Serves with these limits until the test ends.
async fn listening(limits: Limits) -> std::net::SocketAddr {
    let server = Server::start().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        berth_api::serve(listener, None, limits, server.router.clone(), std::future::pending()).await;
        drop(server);
    });
    address
}

/// All that comes until the other side closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let reading = stream.read_to_end(&mut bytes);
    // A connection that is reset is closed, too.
    drop(tokio::time::timeout(PATIENCE, reading).await.expect("an end in time"));
    String::from_utf8_lossy(&bytes).into_owned()
}

#[tokio::test]
async fn a_head_that_does_not_come_ends_the_connection() {
    let address = listening(Limits { head_within: Duration::from_millis(100), ..Limits::DEFAULT }).await;
    for part in ["", "POST / HTTP/1.1\r\nHost: localhost\r\nX-A"] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(part.as_bytes()).await.unwrap();
        let answer = rest(&mut stream).await;
        assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
}

#[tokio::test]
async fn heads_that_are_too_large_are_refused() {
    let address = listening(Limits { head_within: Duration::from_millis(300), ..Limits::DEFAULT }).await;
    let many = "x-many: 1\r\n".repeat(150);
    let long = format!("x-long: {}\r\n", "x".repeat(300_000));
    for headers in [many, long] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!("GET /healthz HTTP/1.1\r\nHost: localhost\r\n{headers}\r\n");
        // It may close before it has read all.
        drop(stream.write_all(head.as_bytes()).await);
        drop(stream.shutdown().await);
        let answer = rest(&mut stream).await;
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
    }
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_room() {
    let address = listening(Limits { connections: 1, ..Limits::DEFAULT }).await;
    let ask = "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    let first = TcpStream::connect(address).await.unwrap();
    let mut second = TcpStream::connect(address).await.unwrap();
    second.write_all(ask.as_bytes()).await.unwrap();
    let mut byte = [0];
    let early = tokio::time::timeout(Duration::from_millis(100), second.read(&mut byte)).await;
    assert!(early.is_err(), "it has to wait");
    drop(first);
    assert!(rest(&mut second).await.starts_with("HTTP/1.1 200"));
}
