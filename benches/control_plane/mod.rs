//! A control plane of the benchmark's own: the real binary, on a port and a directory of its own, ended when dropped.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper::body::Bytes;
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde_json::Value;
use tokio::net::TcpStream;

/// A running `berth up`.
pub(crate) struct ControlPlane {
    process: Child,
    /// `127.0.0.1:PORT`
    pub address: String,
}

impl ControlPlane {
    /// Starts `berth up` on `data` with further arguments, and waits until it says where it listens.
    pub(crate) fn start(data: &Path, arguments: &[&str]) -> Result<Self> {
        let mut process = Command::new(env!("CARGO_BIN_EXE_berth"))
            .args(["up", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .args(arguments)
            .env("BERTH_LOG", "warn")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .context("cannot start berth")?;
        let mut lines = BufReader::new(process.stdout.take().context("no standard output")?).lines();
        let first = lines.next().context("berth ended before it listened")??;
        // The rest of what it prints is for people; it must not meet a closed pipe.
        std::thread::spawn(move || lines.for_each(drop));
        let address = first.split_once("http://").context("the first line names no address")?.1;
        let address = address.split(|c: char| c.is_whitespace() || c == '/').next().unwrap_or_default().to_owned();
        Ok(Self { process, address })
    }

    /// One connection to it.
    pub(crate) async fn connect(&self) -> Result<Connection> {
        let stream = TcpStream::connect(&self.address).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Connection { sender, host: self.address.clone() })
    }

    /// The resident memory of the server process in KiB.
    pub(crate) fn memory_kib(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("no VmRSS")?;
        line.split_whitespace().nth(1).context("no number")?.parse().context("no number")
    }
}

impl Drop for ControlPlane {
    fn drop(&mut self) {
        // As Ctrl-C does it: tasks and hosts are ended, nothing is left.
        let pid = i32::try_from(self.process.id()).expect("the kernel's process ids are i32");
        kill(Pid::from_raw(pid), Signal::SIGINT).expect("our own child can be signalled");
        self.process.wait().expect("our own child can be waited for");
    }
}

/// One HTTP connection, one request at a time.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    host: String,
}

impl Connection {
    /// Calls an operation; fails on any answer but 200.
    pub(crate) async fn call(&mut self, operation: &str, body: &Value) -> Result<Value> {
        let answer = self.send(operation, Bytes::from(serde_json::to_vec(body)?)).await?;
        serde_json::from_slice(&answer).context("the answer is not JSON")
    }

    /// The same with the body as it stands, for loops that should not measure JSON.
    pub(crate) async fn send(&mut self, operation: &str, body: Bytes) -> Result<Bytes> {
        let request = Request::post(format!("/v1/{operation}"))
            .header("host", &self.host)
            .header("content-type", "application/x-amz-json-1.1")
            .body(Full::new(body))?;
        self.sender.ready().await?;
        let answer = self.sender.send_request(request).await?;
        let status = answer.status();
        let body = answer.into_body().collect().await?.to_bytes();
        ensure!(status.is_success(), "{operation}: {status}: {}", String::from_utf8_lossy(&body));
        Ok(body)
    }
}

/// The value below which `share` (0 to 1) of the sorted values lie.
pub(crate) fn percentile(sorted: &[Duration], share: f64) -> Duration {
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "small")]
    let index = ((sorted.len().saturating_sub(1)) as f64 * share).round() as usize;
    sorted.get(index).copied().unwrap_or_default()
}
