//! Running a command in a container that runs.
//!
//! The output of a command at a terminal comes as it is, without Docker's frames. bollard looks for frames all the same and
//! gathers whatever follows what it takes for one; so the connection that carries input and output is opened here.
//!
//! Docker has no way to end a command. Its processes are found by their ids on this machine, which needs an engine of this
//! machine and the right to signal them; a mark in their environment tells them from those that others run in the container.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::time::Duration;

use berth_model::id::HostId;
use bollard::errors::Error as DockerError;
use bollard::models::{ExecConfig, ExecInspectResponse};
use bollard::query_parameters::ResizeExecOptionsBuilder;
use bytes::{Buf as _, Bytes, BytesMut};
use futures_util::future::join_all;
use futures_util::stream::{self, BoxStream, StreamExt as _};
use http_body_util::{BodyExt as _, Full};
use hyper::header::{CONNECTION, CONTENT_TYPE, HOST, UPGRADE};
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use rustix::process::{Pid, Signal, getpgid, kill_process_group, test_kill_process_group};
use serde_json::json;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::net::{TcpStream, UnixStream};
use uuid::Uuid;

use super::{Docker, status, text};
use crate::runtime::{Command, Error, Piece, Process};

/// The variable in a command's environment that says that an agent of Berth runs it: which one, and which of its
/// processes, as `<host id>.<process>`.
const VARIABLE: &str = "BERTH_EXEC";

/// Where Docker listens if nothing else is said.
const SOCKET: &str = "/var/run/docker.sock";

/// What is read at a time.
const READ_BYTES: usize = 16 * 1024;

/// The head of a frame of Docker's: which stream, and how many bytes follow.
const FRAME_HEAD_BYTES: usize = 8;

/// How long a command may take from its begin until its process can be known.
const PROCESS_WITHIN: Duration = Duration::from_secs(5);

/// How long a command gets to end after its terminal was hung up, or after SIGTERM.
const HANG_UP_WITHIN: Duration = Duration::from_secs(2);

/// How often to look whether it has.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// The process of a command is there a moment after Docker has said so. So often a new size is tried, that far apart.
const RESIZE_TRIES: u32 = 20;

/// How long Docker may take to note the exit code after the output has ended.
const CODE_WITHIN: Duration = Duration::from_secs(5);

/// Marks the commands of one process of an agent.
#[derive(Debug)]
pub(super) struct Mark {
    host: String,
    process: Uuid,
}

impl Mark {
    /// Of this process.
    pub(super) fn new(host: HostId) -> Self {
        Self { host: host.to_string(), process: Uuid::new_v4() }
    }

    fn variable(&self) -> String {
        format!("{VARIABLE}={}.{}", self.host, self.process.simple())
    }

    /// Whether a process is a command of this agent, from its environment.
    fn is_of_host(&self, environment: &[u8]) -> bool {
        let begin = format!("{VARIABLE}={}.", self.host);
        environment.split(|byte| *byte == 0).any(|variable| variable.starts_with(begin.as_bytes()))
    }

    /// Whether it is one of an earlier process of this agent.
    fn is_left(&self, environment: &[u8]) -> bool {
        let own = self.variable();
        self.is_of_host(environment) && !environment.split(|byte| *byte == 0).any(|variable| variable == own.as_bytes())
    }
}

/// A process's environment; empty if there is none to be read.
fn environment(pid: Pid) -> Vec<u8> {
    std::fs::read(format!("/proc/{}/environ", pid.as_raw_nonzero())).unwrap_or_default()
}

impl Docker {
    pub(super) async fn exec_in(&self, runtime_id: &str, command: Command<'_>) -> Result<Process, String> {
        let config = ExecConfig {
            attach_stdin: Some(command.has_input),
            attach_stdout: Some(true),
            attach_stderr: Some(true),
            tty: Some(command.has_terminal),
            cmd: Some(command.arguments.to_vec()),
            env: Some(vec![self.mark.variable()]),
            // As at ECS, whoever the container runs as: who looks for a fault may need more than that.
            user: Some("0".to_owned()),
            ..ExecConfig::default()
        };
        let id = self.engine.create_exec(runtime_id, config).await.map_err(|error| text(&error))?.id;
        let (output, input) = self.start_exec(&id, command.has_terminal).await?;
        Ok(Process { id, output, input })
    }

    /// Starts it, and gives its output and its input.
    async fn start_exec(&self, id: &str, has_terminal: bool) -> Result<(Output, Input), String> {
        let failed = |error: &dyn std::error::Error| format!("Docker does not run it: {}", crate::error::chain(error));
        let (stream, host) = dial().await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(|error| failed(&error))?;
        tokio::spawn(connection.with_upgrades());
        let version = self.engine.client_version();
        let body = json!({ "Detach": false, "Tty": has_terminal }).to_string();
        let request = Request::post(format!("/v{version}/exec/{id}/start"))
            .header(HOST, host)
            .header(CONTENT_TYPE, "application/json")
            .header(CONNECTION, "Upgrade")
            .header(UPGRADE, "tcp")
            .body(Full::new(Bytes::from(body)));
        let request = request.map_err(|error| failed(&error))?;
        let answer = sender.send_request(request).await.map_err(|error| failed(&error))?;
        if answer.status() != StatusCode::SWITCHING_PROTOCOLS {
            let status_code = answer.status().as_u16();
            let body = answer.into_body().collect().await.map_err(|error| failed(&error))?.to_bytes();
            let message = serde_json::from_slice::<BTreeMap<String, String>>(&body).ok();
            let message = message.and_then(|mut members| members.remove("message")).unwrap_or_default();
            return Err(text(&DockerError::DockerResponseServerError { status_code, message }));
        }
        let upgraded = hyper::upgrade::on(answer).await.map_err(|error| failed(&error))?;
        let (read, write) = tokio::io::split(TokioIo::new(upgraded));
        Ok((output(read, has_terminal), Box::pin(write)))
    }

    pub(super) async fn resize(&self, id: &str, rows: u16, columns: u16) -> Result<(), Error> {
        let options = ResizeExecOptionsBuilder::default().h(rows.into()).w(columns.into()).build();
        let mut tries = 1;
        loop {
            match self.engine.resize_exec(id, options.clone()).await {
                Err(error) if status(&error).is_none() || tries == RESIZE_TRIES => return Err(error.into()),
                Err(_) => tokio::time::sleep(LOOK_EVERY).await,
                Ok(()) => return Ok(()),
            }
            tries += 1;
        }
    }

    /// The exit code of a command whose output has ended; `None` if nobody knows.
    pub(super) async fn code_of(&self, id: &str) -> Option<i32> {
        let deadline = tokio::time::Instant::now() + CODE_WITHIN;
        loop {
            match self.engine.inspect_exec(id).await {
                Ok(found) if found.running == Some(false) => {
                    return found.exit_code.and_then(|code| i32::try_from(code).ok());
                }
                Ok(_) => {}
                Err(error) => tracing::debug!(id, %error, "command cannot be inspected"),
            }
            if tokio::time::Instant::now() > deadline {
                return None;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Ends a command that nobody listens to any more, with what it has begun: as a terminal does that goes away, and then
    /// for good.
    pub(super) async fn end_exec(&self, id: &str) {
        let group = match self.look_for(id, |environment| self.mark.is_of_host(environment)).await {
            Sought::Over => return,
            // Docker has a command lead a group of its own.
            Sought::Running(pid) => Some(pid).filter(|pid| getpgid(Some(*pid)).ok() == Some(*pid)),
            // An engine elsewhere has processes of its own.
            Sought::Unknown => None,
        };
        let Some(group) = group.filter(|group| kill_process_group(*group, Signal::HUP).is_ok()) else {
            tracing::warn!(id, "a command in a container goes on, since its processes cannot be signalled");
            return;
        };
        // As long as one of them is there, no others can have the group's number.
        let deadline = tokio::time::Instant::now() + HANG_UP_WITHIN;
        while test_kill_process_group(group).is_ok() {
            if tokio::time::Instant::now() > deadline {
                if let Err(error) = kill_process_group(group, Signal::KILL) {
                    tracing::debug!(id, %error, "the last of a command's processes has just ended");
                }
                return;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Looks for the process of a command, by its environment. Docker knows it only some moments after the command has
    /// begun, and some later it becomes the command's program and has its environment.
    async fn look_for(&self, id: &str, is_it: impl Fn(&[u8]) -> bool) -> Sought {
        let deadline = tokio::time::Instant::now() + PROCESS_WITHIN;
        loop {
            let Ok(ExecInspectResponse { running: Some(true), pid, .. }) = self.engine.inspect_exec(id).await else {
                return Sought::Over;
            };
            let pid = pid.and_then(|pid| i32::try_from(pid).ok()).filter(|pid| *pid > 1).and_then(Pid::from_raw);
            if let Some(pid) = pid.filter(|pid| is_it(&environment(*pid))) {
                return Sought::Running(pid);
            }
            if tokio::time::Instant::now() > deadline {
                return Sought::Unknown;
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Ends the commands that an earlier process of this agent ran in a container.
    pub(super) async fn end_execs_left(&self, runtime_id: &str) {
        let Ok(Some(found)) = self.inspect(runtime_id).await else { return };
        let ended = found.exec_ids.iter().flatten().map(async |id| {
            let sought = self.look_for(id, |environment| self.mark.is_left(environment)).await;
            if matches!(sought, Sought::Running(_)) {
                tracing::info!(id, "ending a command that an earlier process of this agent ran");
                self.end_exec(id).await;
            }
        });
        // Those that others run are looked at until it is sure that they are not to become one of the agent's.
        join_all(ended).await;
    }
}

/// What has become of a command's process.
enum Sought {
    Running(Pid),
    /// It has ended.
    Over,
    /// The command runs, and no process here is it.
    Unknown,
}

type Output = BoxStream<'static, Result<Piece, Error>>;
type Input = Pin<Box<dyn AsyncWrite + Send>>;

/// A connection to the engine, whatever it goes over.
trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

/// Connects to the engine of `DOCKER_HOST`, or of this machine; gives the name for the Host header, too.
async fn dial() -> Result<(Box<dyn Stream>, String), String> {
    let address = std::env::var("DOCKER_HOST").unwrap_or_else(|_| format!("unix://{SOCKET}"));
    let failed = |error: std::io::Error| format!("Docker cannot be reached: {error}");
    match address.split_once("://") {
        Some(("unix", path)) => {
            let stream = UnixStream::connect(path).await.map_err(failed)?;
            Ok((Box::new(stream), "docker".to_owned()))
        }
        Some(("tcp" | "http", host)) => {
            let stream = TcpStream::connect(host.trim_end_matches('/')).await.map_err(failed)?;
            Ok((Box::new(stream), host.to_owned()))
        }
        _ => Err(format!("commands cannot be run over DOCKER_HOST={address}: only unix:// and tcp:// work")),
    }
}

/// The pieces of a command's output, as they come.
fn output(read: impl AsyncRead + Send + Unpin + 'static, has_terminal: bool) -> Output {
    let reader = Reader { read, buffer: BytesMut::new(), rest: None, has_terminal };
    let pieces = stream::unfold(reader, |mut reader| async move {
        match reader.next().await {
            Ok(piece) => piece.map(|piece| (Ok(piece), reader)),
            Err(error) => Some((Err(Error::Broken(error)), reader)),
        }
    });
    pieces.boxed()
}

/// Reads without gathering: memory is bounded by one reading.
struct Reader<R> {
    read: R,
    buffer: BytesMut,
    /// What is left of the frame that was begun: whether it is of the standard error stream, and its bytes.
    rest: Option<(bool, usize)>,
    has_terminal: bool,
}

impl<R: AsyncRead + Send + Unpin> Reader<R> {
    async fn next(&mut self) -> std::io::Result<Option<Piece>> {
        loop {
            if let Some(piece) = self.piece() {
                return Ok(Some(piece));
            }
            self.buffer.reserve(READ_BYTES);
            if self.read.read_buf(&mut self.buffer).await? == 0 {
                return Ok(None);
            }
        }
    }

    fn piece(&mut self) -> Option<Piece> {
        if self.has_terminal {
            let bytes = self.buffer.split().freeze();
            return (!bytes.is_empty()).then_some(Piece { is_error: false, bytes });
        }
        loop {
            match self.rest {
                None if self.buffer.len() < FRAME_HEAD_BYTES => return None,
                None => {
                    let is_error = self.buffer.get_u32() >> 24 == 2;
                    let bytes = usize::try_from(self.buffer.get_u32()).unwrap_or(usize::MAX);
                    self.rest = (bytes > 0).then_some((is_error, bytes));
                }
                Some(_) if self.buffer.is_empty() => return None,
                Some((is_error, left)) => {
                    let bytes = self.buffer.split_to(left.min(self.buffer.len())).freeze();
                    self.rest = (left > bytes.len()).then(|| (is_error, left - bytes.len()));
                    return Some(Piece { is_error, bytes });
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn read(bytes: &'static [u8], has_terminal: bool) -> Vec<(bool, Vec<u8>)> {
        let pieces = output(bytes, has_terminal).map(|piece| piece.unwrap());
        let mut joined: Vec<(bool, Vec<u8>)> = Vec::new();
        for piece in pieces.collect::<Vec<_>>().await {
            match joined.last_mut() {
                Some((is_error, bytes)) if *is_error == piece.is_error => bytes.extend_from_slice(&piece.bytes),
                _ => joined.push((piece.is_error, piece.bytes.to_vec())),
            }
        }
        joined
    }

    #[tokio::test]
    async fn frames_are_told_apart() {
        let frames = b"\x01\0\0\0\0\0\0\x02ab\x01\0\0\0\0\0\0\0\x02\0\0\0\0\0\0\x01!\x01\0\0\0\0\0\0\x01c";
        let expected = vec![(false, b"ab".to_vec()), (true, b"!".to_vec()), (false, b"c".to_vec())];
        assert_eq!(read(frames, false).await, expected);
    }

    #[tokio::test]
    async fn what_looks_like_a_frame_at_a_terminal_is_none() {
        let text = b"\x01\0\0\0\xff\xff\xff\xffhello";
        assert_eq!(read(text, true).await, vec![(false, text.to_vec())]);
    }

    #[tokio::test]
    async fn a_long_frame_is_passed_on_before_all_of_it_is_there() {
        let (mut engine, agent) = tokio::io::duplex(64);
        let mut pieces = output(agent, false);
        tokio::io::AsyncWriteExt::write_all(&mut engine, b"\x01\0\0\0\xff\xff\xff\xffbegin").await.unwrap();
        assert_eq!(&*pieces.next().await.unwrap().unwrap().bytes, b"begin");
    }

    #[test]
    fn a_mark_tells_the_agent_and_its_process() {
        let (own, earlier, other) = (Mark::new(HostId(1)), Mark::new(HostId(1)), Mark::new(HostId(2)));
        let environment = |mark: &Mark| format!("A=1\0{}\0", mark.variable()).into_bytes();
        assert!(own.is_of_host(&environment(&own)) && !own.is_left(&environment(&own)));
        assert!(own.is_of_host(&environment(&earlier)) && own.is_left(&environment(&earlier)));
        assert!(!own.is_of_host(&environment(&other)) && !own.is_left(&environment(&other)));
        assert!(!own.is_of_host(format!("X{}\0", own.variable()).as_bytes()), "another variable");
        assert!(!own.is_of_host(b""));
    }
}
