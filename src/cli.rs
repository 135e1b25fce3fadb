//! The command line: what can be said, not what is done.

use std::net::SocketAddr;
use std::path::PathBuf;

use berth_model::access_key::{AccessKeyId, UserName};
use berth_model::id::{ClusterName, HostId, InstallationId};
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};

/// Runs tasks the way Fargate does, on machines you choose.
#[derive(Debug, Parser)]
#[command(name = "berth", version, about, propagate_version = true)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What `berth run` ends with, for its help.
const RUN_CODES: &str = "Ends with the container's exit code; with 125 if it never ran or `berth run` itself failed.";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run everything on this machine: control plane, embedded store, hosts that come and go by themselves
    Up(Up),
    /// Run the control plane as a configuration file says
    Server(Server),
    /// Run the agent of one host
    Agent(Box<Agent>),
    /// Run a container image as a task and follow it to its end
    #[command(after_help = RUN_CODES)]
    Run(Run),
    /// List the tasks that are to run
    Ps(Ps),
    /// List hosts
    Hosts(Hosts),
    /// Show what a task has printed
    Logs(Logs),
    /// Run a command in a container of a running task
    Exec(Exec),
    /// Stop a task
    Stop(Stop),
    /// Make, list and revoke access keys
    Keys(Keys),
    /// End everything that a `berth up` left behind when it was killed
    Down(Down),
    /// Print a completion script for a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// `berth up`
#[derive(Debug, Args)]
pub(crate) struct Up {
    /// Where to listen; beyond this machine only from `berth server`
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Where everything is kept [default: $XDG_DATA_HOME/berth or ~/.local/share/berth]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Whether programs on this machine need no access key
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, default_missing_value = "true", action = ArgAction::Set)]
    pub open: bool,
    /// No Docker: tasks only pretend to run, for their environment's SIMULATED_SECONDS (default 10), and end with SIMULATED_EXIT_CODE (default 0)
    #[arg(long)]
    pub simulate: bool,
    /// Most hosts at a time
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=10_000))]
    pub max_hosts: u16,
    /// Seconds an idle host stays
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub scale_in_after: u32,
    /// The directory with the secrets and environment files of tasks [default: none]
    #[arg(long, value_name = "DIR")]
    pub secrets: Option<PathBuf>,
}

/// `berth server`
#[derive(Debug, Args)]
pub(crate) struct Server {
    /// The configuration (TOML)
    #[arg(long, value_name = "FILE")]
    pub config: PathBuf,
}

/// `berth agent`
#[derive(Debug, Args)]
pub(crate) struct Agent {
    /// The control plane
    #[arg(long, value_name = "URL")]
    pub backend: String,
    /// The cluster to register in
    #[arg(long, value_name = "NAME")]
    pub cluster: ClusterName,
    /// Where the agent keeps its records
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// What tasks may have of this machine's processors, 1024 units each [default: all]
    #[arg(long, value_name = "UNITS")]
    pub cpu: Option<u64>,
    /// What tasks may have of this machine's memory [default: all]
    #[arg(long, value_name = "MIB")]
    pub memory: Option<u64>,
    /// The region in ARNs and signatures
    #[arg(long, env = "AWS_REGION", default_value_t = default_region())]
    pub region: String,
    /// Which host row this agent completes; set by whoever launches hosts
    #[arg(long, value_name = "HEX")]
    pub host_id: Option<HostId>,
    /// The installation this host belongs to [default: one of its own, kept with its records]
    #[arg(long, value_name = "HEX")]
    pub installation: Option<InstallationId>,
    /// The address on which containers publish their ports [default: all]
    #[arg(long, value_name = "IP")]
    pub publish_address: Option<std::net::IpAddr>,
    /// Hosts that are slices of one machine name it here
    #[arg(long, value_name = "NAME")]
    pub machine: Option<String>,
    /// When to pull images: default (each time, the cached one if that fails), always, once, prefer-cached
    #[arg(long, value_name = "WHEN", default_value = "default")]
    pub image_pull_behavior: String,
    /// Most images pulled at a time
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub image_pulls_max: u16,
    /// Whether images go again that this agent has pulled and no container uses
    #[arg(long, value_name = "BOOL", default_value_t = true, num_args = 0..=1, default_missing_value = "true", action = ArgAction::Set)]
    pub image_clean_up: bool,
    /// Seconds between two looks at which images can go
    #[arg(long, value_name = "SECONDS", default_value_t = 1800, value_parser = clap::value_parser!(u32).range(1..))]
    pub image_clean_up_every: u32,
    /// Seconds that an image stays after its last use at least
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    pub image_minimum_age: u32,
    /// Seconds after its last use when an image goes although there is room
    #[arg(long, value_name = "SECONDS", default_value_t = 604_800)]
    pub image_unused_for: u32,
    /// How full Docker's disk is when images go after the minimum age, in percent
    #[arg(long, value_name = "PERCENT", default_value_t = 80, value_parser = clap::value_parser!(u8).range(0..=100))]
    pub image_disk_used: u8,
    /// Most images that go at a time
    #[arg(long, value_name = "N", default_value_t = 5)]
    pub images_deleted_max: u16,
    /// Where it is written down which images were pulled; agents of one Docker may share it [default: in the data directory]
    #[arg(long, value_name = "FILE")]
    pub pulled_images: Option<PathBuf>,
    /// The runtime of Docker's that runs containers, such as runsc [default: Docker's own]
    #[arg(long, value_name = "NAME")]
    pub docker_runtime: Option<String>,
    /// The GPUs that tasks may have, by id; an empty text for none [default: those that NVIDIA's driver names]
    #[arg(long, value_name = "ID,ID")]
    pub gpus: Option<String>,
    /// Seconds from one report of what containers use to the next
    #[arg(long, value_name = "SECONDS", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=20))]
    pub metrics_every: u64,
    /// Seconds from one look at Docker and the disk to the next
    #[arg(long, value_name = "SECONDS", default_value_t = 30, value_parser = clap::value_parser!(u64).range(1..=300))]
    pub check_every: u64,
    /// Seconds that Docker may take to answer before the host takes no new tasks
    #[arg(long, value_name = "SECONDS", default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub check_within: u64,
    /// Room on the disk below which the host takes no new tasks
    #[arg(long, value_name = "MIB", default_value_t = 256)]
    pub disk_floor: u64,
    /// Send what task definitions say awslogs of to Amazon CloudWatch Logs, signed with the profile `default` of this file
    #[arg(long, value_name = "FILE")]
    pub cloudwatch_credentials: Option<PathBuf>,
    /// The region of --cloudwatch-endpoint [default: the one of --region]
    #[arg(long, value_name = "REGION", requires = "cloudwatch_endpoint")]
    pub cloudwatch_region: Option<String>,
    /// Another endpoint than AWS's own of the region that a task definition names
    #[arg(long, value_name = "URL", requires = "cloudwatch_credentials")]
    pub cloudwatch_endpoint: Option<String>,
    /// Remove this host's containers and end
    #[arg(long)]
    pub retire: bool,
}

/// How to reach the control plane, and how to answer.
#[derive(Debug, Args)]
pub(crate) struct Client {
    /// The control plane
    #[arg(long, env = "BERTH_ENDPOINT", value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub endpoint: String,
    /// The region
    #[arg(long, env = "AWS_REGION", value_name = "REGION", default_value_t = default_region())]
    pub region: String,
    /// For people, or JSON for programs
    #[arg(long, value_enum, default_value_t = Output::Table)]
    pub output: Output,
}

/// Which task of which cluster.
#[derive(Debug, Args)]
pub(crate) struct Task {
    /// The cluster [default: the one in the task's ARN, else default]
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,
    /// The task's id or ARN
    pub task: String,
}

impl Task {
    /// The cluster that was named, or that the task's ARN names.
    pub(crate) fn cluster(&self) -> &str {
        let in_arn = || match self.task.split('/').collect::<Vec<_>>()[..] {
            [kind, cluster, _] if kind.starts_with("arn:") => Some(cluster),
            _ => None,
        };
        self.cluster.as_deref().or_else(in_arn).unwrap_or("default")
    }
}

/// How to answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Output {
    /// For people
    Table,
    /// For programs: a JSON document on standard output; what containers print comes as one object a line, before it
    Json,
}

/// `berth run`
#[derive(Debug, Args)]
pub(crate) struct Run {
    /// The cluster
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub cluster: String,
    /// Processor share in CPU units; 1024 are one vCPU
    #[arg(long, value_name = "UNITS", default_value_t = 256)]
    pub cpu: u32,
    /// Memory in MiB
    #[arg(long, value_name = "MIB", default_value_t = 512)]
    pub memory: u32,
    /// An environment variable; may be given again
    #[arg(long = "env", short = 'e', value_name = "K=V", value_parser = parse_variable)]
    pub env: Vec<(String, String)>,
    /// Print the task's ARN and end instead of following it
    #[arg(long, short = 'd')]
    pub detach: bool,
    #[command(flatten)]
    /// How to reach the control plane
    pub client: Client,
    /// The container image
    pub image: String,
    /// What to run in it [default: the image's own command]
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    pub command: Vec<String>,
}

/// `berth ps`
#[derive(Debug, Args)]
pub(crate) struct Ps {
    /// The cluster
    #[arg(long, value_name = "NAME", default_value = "default")]
    pub cluster: String,
    /// Also those that are told to stop or have ended, as long as the server keeps them
    #[arg(long, short = 'a')]
    pub all: bool,
    #[command(flatten)]
    /// How to reach the control plane
    pub client: Client,
}

/// `berth hosts`
#[derive(Debug, Args)]
pub(crate) struct Hosts {
    /// Hosts that registered in this cluster by themselves [default: the shared pool]
    #[arg(long, value_name = "NAME")]
    pub cluster: Option<String>,
    #[command(flatten)]
    /// How to reach the control plane
    pub client: Client,
}

/// `berth logs`
#[derive(Debug, Args)]
pub(crate) struct Logs {
    #[command(flatten)]
    /// Which task
    pub task: Task,
    /// Go on until the task has stopped
    #[arg(long, short = 'f')]
    pub follow: bool,
    #[command(flatten)]
    /// How to reach the control plane
    pub client: Client,
}

/// `berth exec`
#[derive(Debug, Args)]
pub(crate) struct Exec {
    /// Give it standard input
    #[arg(long = "interactive", short = 'i')]
    pub has_input: bool,
    /// Give it a terminal
    #[arg(long = "tty", short = 't')]
    pub has_terminal: bool,
    /// The container [default: the only one]
    #[arg(long, value_name = "NAME")]
    pub container: Option<String>,
    #[command(flatten)]
    /// Which task
    pub task: Task,
    #[command(flatten)]
    /// How to reach the control plane
    pub client: Client,
    /// The program and its arguments
    #[arg(required = true, trailing_var_arg = true)]
    pub command: Vec<String>,
}

/// `berth stop`
#[derive(Debug, Args)]
pub(crate) struct Stop {
    #[command(flatten)]
    /// Which task
    pub task: Task,
    /// Shown as the reason it stopped
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    #[command(flatten)]
    /// How to reach the control plane
    pub client: Client,
}

/// `berth keys`
#[derive(Debug, Args)]
pub(crate) struct Keys {
    /// What to do with them.
    #[command(subcommand)]
    pub command: KeysCommand,
}

/// The subcommands of `berth keys`.
#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Make an access key; its secret is shown this once
    Create {
        /// Whose it is to be
        user: UserName,
        /// What it may do [default: what the user's other key may; admin with --data]
        #[arg(long, value_enum)]
        role: Option<RoleName>,
        /// A cluster that the role user is limited to; may be given again
        #[arg(long = "cluster", value_name = "NAME")]
        clusters: Vec<ClusterName>,
        /// The data directory of a server that does not run: this is how the first key is made
        #[arg(long, value_name = "DIR")]
        data: Option<PathBuf>,
        /// The file with the server's master key [default: the one in its data directory]
        #[arg(long, value_name = "FILE", requires = "data")]
        master_key_file: Option<PathBuf>,
        #[command(flatten)]
        /// How to reach the control plane
        client: Client,
    },
    /// List access keys
    List {
        /// Only this user's
        #[arg(long, value_name = "NAME")]
        user: Option<UserName>,
        #[command(flatten)]
        /// How to reach the control plane
        client: Client,
    },
    /// Revoke an access key
    Revoke {
        /// The key's id
        key: AccessKeyId,
        #[command(flatten)]
        /// How to reach the control plane
        client: Client,
    },
}

/// What an access key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum RoleName {
    /// Everything
    Admin,
    /// Everything in the clusters that are named
    User,
    /// Look, and change nothing
    Reader,
    /// Register one host and speak for it
    Agent,
}

/// `berth down`
#[derive(Debug, Args)]
pub(crate) struct Down {
    /// The data directory of the `berth up` that was killed [default: as of `berth up`]
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
}

/// The region if neither an option nor `AWS_REGION` says it: as every AWS client finds it, or else Berth's own default.
fn default_region() -> String {
    let said = std::env::var("AWS_DEFAULT_REGION").ok().filter(|region| !region.is_empty());
    said.unwrap_or_else(|| "us-east-1".to_owned())
}

fn parse_variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn an_arn_names_its_cluster() {
        for (arguments, expected) in [
            (&["x"][..], "default"),
            (&["arn:aws:ecs:us-east-1:1:task/demo/0123"], "demo"),
            (&["arn:aws:ecs:us-east-1:1:task/0123"], "default"),
            (&["--cluster", "other", "arn:aws:ecs:us-east-1:1:task/demo/0123"], "other"),
        ] {
            let cli = Cli::parse_from(["berth", "logs"].iter().chain(arguments));
            let Command::Logs(logs) = cli.command else { panic!("not logs") };
            assert_eq!(logs.task.cluster(), expected, "{arguments:?}");
        }
    }

    #[test]
    fn options_may_stand_before_and_after_the_task_and_end_with_the_command() {
        let cli = Cli::parse_from(["berth", "exec", "-it", "x", "--container", "app", "ls", "-l", "--container", "y"]);
        let Command::Exec(exec) = cli.command else { panic!("not exec") };
        assert!(exec.has_input && exec.has_terminal);
        assert_eq!((exec.task.task.as_str(), exec.container.as_deref()), ("x", Some("app")));
        assert_eq!(exec.command, ["ls", "-l", "--container", "y"]);
    }

    #[test]
    fn a_command_may_have_options_of_its_own() {
        let cli = Cli::parse_from(["berth", "run", "--env", "A=b=c", "busybox", "sh", "-c", "exit 3"]);
        let Command::Run(run) = cli.command else { panic!("not run") };
        assert_eq!(run.env, [("A".to_owned(), "b=c".to_owned())]);
        assert_eq!(run.command, ["sh", "-c", "exit 3"]);
    }
}
