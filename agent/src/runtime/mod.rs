//! What runs containers: Docker, or nothing at all in a simulation.

pub mod docker;
pub mod simulated;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::pin::Pin;
use std::time::Duration;

use berth_model::acs::{PayloadContainer, PayloadTask};
use berth_model::task::HealthStatus;
use berth_model::time::Timestamp;
use berth_model::unit::{CpuUnits, MemoryMib};
use bytes::Bytes;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use tokio::io::AsyncWrite;
use tokio_util::sync::CancellationToken;

use crate::record::Binding;
use crate::session::Found;

/// Runs containers of one installation and host, and sees no others.
pub trait Runtime: Send + Sync + fmt::Debug {
    /// What the machine has.
    fn machine(&self) -> BoxFuture<'_, Result<Machine, Error>>;

    /// All its containers, whatever they do.
    fn list(&self) -> BoxFuture<'_, Result<Vec<Found>, Error>>;

    /// Pulls the image if need be and creates the container, or finds it if it was created and never started; a holder may
    /// run already. Else says what went wrong as the ECS agent words it; then nothing of it is there.
    fn create<'a>(&'a self, order: Order<'a>, pull: Pull<'a>) -> BoxFuture<'a, Result<Created, String>>;

    /// Starts it, if it does not run yet. Gives where its ports are published, or what went wrong.
    fn start<'a>(&'a self, runtime_id: &'a str, order: Order<'a>) -> BoxFuture<'a, Result<Vec<Binding>, String>>;

    /// Waits until it has ended, through any failure of the runtime's. `is_exact` asks for the moments of the run, too,
    /// even if they have to be looked for.
    fn wait<'a>(&'a self, runtime_id: &'a str, is_exact: bool) -> BoxFuture<'a, Ended>;

    /// Ends it: SIGTERM, and SIGKILL after `timeout`. One that has ended or is gone is fine.
    fn stop<'a>(&'a self, runtime_id: &'a str, timeout: Duration) -> BoxFuture<'a, Result<(), Error>>;

    /// Removes it, running or not, with its anonymous volumes. One that is gone is fine.
    fn remove<'a>(&'a self, runtime_id: &'a str) -> BoxFuture<'a, Result<(), Error>>;

    /// The ids of the tasks of which something is there beside containers.
    fn leftovers(&self) -> BoxFuture<'_, Result<BTreeSet<String>, Error>> {
        Box::pin(async { Ok(BTreeSet::new()) })
    }

    /// Removes what a task, named by its ARN or its id, has beside containers, which must be gone. What is not there is
    /// fine. Volumes are only looked for with `has_volumes`.
    fn clear<'a>(&'a self, _task: &'a str, _has_volumes: bool) -> BoxFuture<'a, Result<(), Error>> {
        Box::pin(async { Ok(()) })
    }

    /// Makes ahead what the next tasks are likely to need. For a moment in which nothing begins.
    fn make_ready(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }

    /// Removes images that this agent has pulled and nobody uses any more, as far as it was told to.
    fn clean_images_up(&self) -> BoxFuture<'_, Result<(), Error>> {
        Box::pin(async { Ok(()) })
    }

    /// What it is, for whoever asks; `None` if it is gone.
    fn describe<'a>(&'a self, runtime_id: &'a str) -> BoxFuture<'a, Result<Option<Described>, Error>>;

    /// What it uses of its machine at present, in the words of the Docker Engine API; `None` if it is gone. May take a
    /// second or two: what it uses of the processor is seen only over a time.
    fn statistics<'a>(&'a self, runtime_id: &'a str) -> BoxFuture<'a, Result<Option<serde_json::Value>, Error>>;

    /// Its output, old and new, until it has `ended`. What was written before `since` may be left out.
    fn output<'a>(
        &'a self,
        runtime_id: &'a str,
        since: Option<Timestamp>,
        ended: CancellationToken,
    ) -> BoxFuture<'a, Output>;

    /// What its health check finds: the present, then each change. Goes on until it is dropped.
    fn health(&self, runtime_id: &str) -> BoxStream<'static, HealthStatus>;

    /// What each of these containers uses; those that cannot be measured are left out.
    fn usage<'a>(&'a self, runtime_ids: &'a [String]) -> BoxFuture<'a, BTreeMap<String, Used>>;

    /// Whether it answers, to a question whose answer needs more than that something listens.
    fn check(&self) -> BoxFuture<'_, Result<(), Error>>;

    /// The last piece of its output, if it has any. For one that has ended.
    fn end_of_output<'a>(&'a self, runtime_id: &'a str) -> BoxFuture<'a, Result<Option<Chunk>, Error>>;

    /// Runs a command in it. Or says, for people, why it does not.
    fn exec<'a>(&'a self, runtime_id: &'a str, command: Command<'a>) -> BoxFuture<'a, Result<Process, String>>;

    /// Tells a command's terminal its size.
    fn resize_exec<'a>(&'a self, id: &'a str, rows: u16, columns: u16) -> BoxFuture<'a, Result<(), Error>>;

    /// The exit code of a command whose output has ended; `None` if nobody knows.
    fn exec_code<'a>(&'a self, id: &'a str) -> BoxFuture<'a, Option<i32>>;

    /// Ends a command that nobody listens to any more, as far as it can be reached.
    fn hang_up<'a>(&'a self, id: &'a str) -> BoxFuture<'a, ()>;

    /// Ends the commands that an earlier process of this agent ran in a container.
    fn hang_up_left<'a>(&'a self, runtime_id: &'a str) -> BoxFuture<'a, ()>;
}

/// A command for a container that runs.
#[derive(Clone, Copy)]
pub struct Command<'a> {
    /// The program and its arguments.
    pub arguments: &'a [String],
    /// True if it has an input.
    pub has_input: bool,
    /// True if it runs at a terminal.
    pub has_terminal: bool,
}

impl fmt::Debug for Command<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Arguments may be secrets.
        f.debug_struct("Command").finish_non_exhaustive()
    }
}

/// A command that runs in a container.
pub struct Process {
    /// The runtime's id for it.
    pub id: String,
    /// What it writes. Ends with it.
    pub output: BoxStream<'static, Result<Piece, Error>>,
    /// What it reads. Its end is the end of its input.
    pub input: Pin<Box<dyn AsyncWrite + Send>>,
}

impl fmt::Debug for Process {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Process").field("id", &self.id).finish_non_exhaustive()
    }
}

/// A piece of what a command writes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// True for the standard error stream.
    pub is_error: bool,
    /// Not empty.
    pub bytes: Bytes,
}

/// A container that was created.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// The runtime's id for it.
    pub runtime_id: String,
    /// The digest under which a registry knows its image; `None` if none does, or the container was there already.
    pub image_digest: Option<String>,
}

/// A container to be created or started.
#[derive(Debug, Clone, Copy)]
pub struct Order<'a> {
    /// The task it is part of.
    pub task: &'a PayloadTask,
    /// The container.
    pub container: &'a PayloadContainer,
}

/// Follows the pull of an image.
#[derive(Clone, Copy)]
pub struct Pull<'a> {
    /// Ends it.
    pub cancel: &'a CancellationToken,
    /// Told `true` when it begins and `false` when the image is there.
    pub progress: &'a (dyn Fn(bool) + Send + Sync),
}

impl fmt::Debug for Pull<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pull").finish_non_exhaustive()
    }
}

/// What a machine has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// All its processors.
    pub cpu: CpuUnits,
    /// All its memory.
    pub memory: MemoryMib,
    /// The value of the attribute `ecs.cpu-architecture`.
    pub architecture: &'static str,
    /// The engine's version, such as `20.10.24`.
    pub version: String,
    /// The minor number of the newest version 1.x of Docker's API that it speaks.
    pub api_minor: u32,
    /// Its log drivers.
    pub log_drivers: Vec<String>,
    /// True if a task's own limits hold for all its containers together.
    pub has_task_limits: bool,
    /// Where it keeps images and containers, if that is on this machine.
    pub storage: Option<PathBuf>,
}

/// A container as its runtime describes it. What is not known is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Described {
    /// Its name there.
    pub name: String,
    /// The digest of its image.
    pub image_id: String,
    /// All its labels.
    pub labels: BTreeMap<String, String>,
    /// When it was created, started and ended, in RFC 3339.
    pub created_at: String,
    /// See `created_at`.
    pub started_at: String,
    /// See `created_at`.
    pub finished_at: String,
    /// What takes its output.
    pub log_driver: String,
    /// How its health was checked last, if it was.
    pub check: Option<Check>,
    /// Its first process, while it runs.
    pub pid: Option<i32>,
    /// Its IPv4 address in a network of its own.
    pub address: Option<String>,
    /// How many bits of it name the network.
    pub prefix: Option<u8>,
    /// Where its network leads elsewhere.
    pub gateway: Option<String>,
    /// Its MAC address.
    pub mac_address: Option<String>,
}

/// One run of a health check's command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its exit code.
    pub exit_code: i64,
    /// What it wrote, or the first part of it.
    pub output: String,
}

impl Described {
    /// Nothing is known.
    pub(crate) const NONE: Self = Self {
        name: String::new(),
        image_id: String::new(),
        labels: BTreeMap::new(),
        created_at: String::new(),
        started_at: String::new(),
        finished_at: String::new(),
        log_driver: String::new(),
        check: None,
        pid: None,
        address: None,
        prefix: None,
        gateway: None,
        mac_address: None,
    };

    /// Its network, such as `172.17.0.0/16`.
    pub fn subnet(&self) -> Option<String> {
        let prefix = self.prefix.filter(|prefix| *prefix <= 32)?;
        let address: Ipv4Addr = self.address.as_ref()?.parse().ok()?;
        let mask = u32::MAX.checked_shl(u32::from(32 - prefix)).unwrap_or(0);
        Some(format!("{}/{prefix}", Ipv4Addr::from(u32::from(address) & mask)))
    }
}

/// How a container ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ended {
    /// `None` if nobody knows.
    pub exit_code: Option<i32>,
    /// What went wrong, as the ECS agent words it.
    pub reason: Option<String>,
    /// When, if it is known.
    pub at: Option<Timestamp>,
    /// When that run began, if it is known.
    pub began: Option<Timestamp>,
}

/// What a container has used so far.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Time of processors since it was started.
    pub cpu: Duration,
    /// Memory at present, without what the kernel could take back at any time.
    pub memory_bytes: u64,
    /// What went through its network; `None` if it has none of its own.
    pub network: Option<Traffic>,
    /// Bytes read from and written to block devices since it was started, if they are counted.
    pub storage: Option<(u64, u64)>,
}

/// What went through a network since it came up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Bytes in.
    pub received: u64,
    /// Packets in.
    pub received_packets: u64,
    /// Bytes out.
    pub sent: u64,
    /// Packets out.
    pub sent_packets: u64,
    /// Names the network: containers that share one have the same. Empty if it is not known.
    pub namespace: String,
}

/// A container's output as it is read.
pub struct Output {
    /// Its pieces.
    pub chunks: BoxStream<'static, Result<Chunk, Error>>,
    /// True if nothing is passed over without an error, and its end is the end of what the container wrote.
    pub is_exact: bool,
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Output").field("is_exact", &self.is_exact).finish_non_exhaustive()
    }
}

/// A piece of a container's output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chunk {
    /// True for the standard error stream.
    pub is_error: bool,
    /// When it was written.
    pub at: Timestamp,
    /// A line with its line end, or a part of a long one without.
    pub text: Bytes,
    /// What is missing before it, since more came than could be read.
    pub missing: Option<Missing>,
}

/// Output that was not read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Missing {
    /// How many lines.
    pub lines: u64,
    /// When the last of them was written.
    pub until: Timestamp,
}

/// The runtime did not do what it was asked; it may the next time.
#[derive(Debug, thiserror::Error)]
#[expect(clippy::error_impl_error, reason = "told from others by its module, as everywhere in Berth")]
pub enum Error {
    /// Docker refused, or did not answer.
    #[error("Docker does not do this")]
    Docker(#[from] bollard::errors::Error),
    /// The control groups of tasks cannot be changed.
    #[error("the control group of a task")]
    Groups(#[source] std::io::Error),
    /// Docker's answer makes no sense.
    #[error("Docker's answer has no {0}")]
    Incomplete(&'static str),
    /// A connection to Docker, or a file of its, cannot be read from any more.
    #[error("what Docker gives out cannot be read any more")]
    Broken(#[source] std::io::Error),
    /// Output was gone before it was read. What is left can be read anew.
    #[error("output was gone before it was read")]
    Overtaken,
}

/// The value of the attribute `ecs.cpu-architecture` for the machine this runs on.
pub(crate) const ARCHITECTURE: &str = if cfg!(target_arch = "aarch64") { "arm64" } else { "x86_64" };
