//! What an agent has to be told. Read from the command line by the binary.

use std::path::PathBuf;
use std::time::Duration;

use aws_credential_types::Credentials;
use berth_model::id::{ClusterName, HostId, InstallationId};
use berth_model::unit::{CpuUnits, MemoryMib};

use crate::client::Clients;
use crate::cloudwatch::CloudWatch;
use crate::session;

/// What signs where nothing was said: a server that is open to its machine takes any key.
const ANY_KEY: &str = "berth-agent";

/// Everything about one agent.
#[derive(Debug, Clone)]
pub struct Config {
    /// The server, such as `http://127.0.0.1:8080`. May differ from one start to the next.
    pub backend: String,
    /// For signing, and as `AWS_REGION` in containers. Default `us-east-1`.
    pub region: String,
    /// The cluster to register in. Cannot be changed once registered.
    pub cluster: ClusterName,
    /// Where it keeps its records. `None` keeps them in memory: only for simulated hosts, which are gone with their
    /// process anyway.
    pub data: Option<PathBuf>,
    /// What runs the containers.
    pub runtime: RuntimeKind,
    /// CPU to offer; all of the machine's if `None`.
    pub cpu: Option<CpuUnits>,
    /// Memory to offer; all of the machine's if `None`.
    pub memory: Option<MemoryMib>,
    /// The id under which Berth launched this host, sent at registration. An agent without one makes its own for the
    /// labels on its containers.
    pub host_id: Option<HostId>,
    /// The installation its containers belong to; one of its own if `None`.
    pub installation: Option<InstallationId>,
    /// The address on which containers' ports are published, such as `127.0.0.5`; all of the machine's if `None`.
    pub publish_address: Option<String>,
    /// Names the machine of which this host is a slice.
    pub machine: Option<String>,
    /// When to pull images. Default `default`, as the ECS agent's.
    pub image_pull_behavior: ImagePullBehavior,
    /// Most images pulled at a time, from 1. More bring a busy host's images sooner, and slow each other and what runs
    /// there. Default 8.
    pub image_pulls_max: usize,
    /// When images go again that this agent has pulled; they stay if `None`, the default.
    pub image_clean_up: Option<ImageCleanUp>,
    /// Where it is written down which images those are; in the data directory if `None`. Agents that share a Docker and come
    /// and go share the file, so that what one has pulled is removed by those after it.
    pub pulled_images: Option<PathBuf>,
    /// The runtime of Docker's that runs containers, such as `runsc`; Docker's default if `None`.
    pub docker_runtime: Option<String>,
    /// The GPUs that tasks may have, by id; those that this machine's driver names if `None`.
    pub gpus: Option<Vec<String>>,
    /// How long a container's output may take to reach the server after the container has ended. Until then the
    /// container is kept; then the rest is dropped, and an event in its place says so. What counts is the time in which the
    /// server is there. Default 10 min.
    pub output_wait: Duration,
    /// How long it may take with the time in which the server is away, when no new tasks come that need the room.
    /// Default 7 days: older output the server would not show, unless the retention of its group says so.
    pub output_wait_longest: Duration,
    /// How often the server is told what containers use. Default 20 s, as the ECS agent's.
    pub metrics_every: Duration,
    /// How the host looks after itself.
    pub check: CheckSettings,
    /// Where the output goes of containers whose log configuration says `awslogs`; to the server if `None`.
    pub cloudwatch: Option<CloudWatch>,
    /// Time-outs of the session.
    pub session: session::Settings,
    /// The access key to sign with.
    pub credentials: Credentials,
    /// The connections to the server, to be shared by many agents of one process; its own if `None`.
    pub clients: Option<Clients>,
}

impl Config {
    /// Defaults for all that need not be said.
    pub fn new(backend: impl Into<String>, cluster: ClusterName, data: Option<PathBuf>) -> Self {
        Self {
            backend: backend.into(),
            region: "us-east-1".to_owned(),
            cluster,
            data,
            runtime: RuntimeKind::Docker,
            cpu: None,
            memory: None,
            host_id: None,
            installation: None,
            publish_address: None,
            machine: None,
            image_pull_behavior: ImagePullBehavior::Default,
            image_pulls_max: 8,
            image_clean_up: None,
            pulled_images: None,
            docker_runtime: None,
            gpus: None,
            output_wait: Duration::from_mins(10),
            output_wait_longest: Duration::from_hours(7 * 24),
            metrics_every: Duration::from_secs(20),
            check: CheckSettings::default(),
            cloudwatch: None,
            session: session::Settings::default(),
            credentials: Credentials::new(ANY_KEY, ANY_KEY, None, None, ANY_KEY),
            clients: None,
        }
    }
}

/// How a host looks after itself: what it finds decides whether it gets new tasks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckSettings {
    /// How often it looks; more often when the server asks. Default 30 s.
    pub every: Duration,
    /// How long Docker may take to answer. It answers within milliseconds; shorter takes a machine that is busy for one
    /// that is broken, longer gives tasks to one that is. Default 10 s.
    pub within: Duration,
    /// With less room than this on the disk of Docker or of the agent, nothing can be pulled or recorded any more.
    /// Default 256 MiB.
    pub disk_floor_mib: u64,
}

/// What runs the containers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RuntimeKind {
    /// The machine's Docker Engine (`DOCKER_HOST`, or its socket).
    #[default]
    Docker,
    /// Nothing: tasks only pass their time (see [`crate::runtime::simulated`]).
    Simulated,
}

/// When images go that no container uses any more. Only those that the agent itself has brought to the machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImageCleanUp {
    /// How often to look. Default 30 min, as the ECS agent's.
    pub every: Duration,
    /// No image goes sooner after its last use. Default 1 h, as the ECS agent's.
    pub minimum_age: Duration,
    /// Without need an image goes only after this time without use. Default 7 days: what runs once a day stays.
    pub unused_for: Duration,
    /// How full Docker's disk is when images go after `minimum_age` already, in percent. Default 80: there is room left
    /// for the images of the tasks to come.
    pub disk_used_percent: u8,
    /// Most images that go at a time: removing them takes the disk from what runs. Default 5, as the ECS agent's.
    pub deleted_max: usize,
}

impl Default for ImageCleanUp {
    fn default() -> Self {
        Self {
            every: Duration::from_mins(30),
            minimum_age: Duration::from_hours(1),
            unused_for: Duration::from_hours(7 * 24),
            disk_used_percent: 80,
            deleted_max: 5,
        }
    }
}

/// When to pull an image, with the ECS agent's four values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ImagePullBehavior {
    /// Always; if that fails, the image that is there will do.
    #[default]
    Default,
    /// Always; if that fails, so does the task.
    Always,
    /// Unless this agent has pulled it since it was started.
    Once,
    /// Only if it is not there.
    PreferCached,
}

impl std::str::FromStr for ImagePullBehavior {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "default" => Ok(Self::Default),
            "always" => Ok(Self::Always),
            "once" => Ok(Self::Once),
            "prefer-cached" => Ok(Self::PreferCached),
            _ => Err(format!("'{text}' is none of default, always, once, prefer-cached")),
        }
    }
}
