//! The agent process of a host: how it is started, and kept running.

use std::convert::Infallible;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::{Child, Command};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout};

use super::process::{HOST_VARIABLE, INSTALLATION_VARIABLE, Identity, Process};
use super::record::{HostDir, Record};
use super::{Config, blocking};
use crate::backend::BackendError;

/// What all hosts of this machine say of themselves, so that they share its network in the scheduler's eyes.
const MACHINE_NAME: &str = "local";

/// The variables in which every AWS client looks for its access key.
const KEY_ID_VARIABLE: &str = "AWS_ACCESS_KEY_ID";
const SECRET_VARIABLE: &str = "AWS_SECRET_ACCESS_KEY";

/// An agent's log that is larger is put aside, in place of the one put aside before.
const LOG_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// How often to look whether it is.
const LOG_LOOK_EVERY: Duration = Duration::from_mins(1);

/// How long after its end an agent is first started again: at once for a person, and yet no busy loop.
const RESTART_PAUSE_MIN: Duration = Duration::from_millis(100);

/// The pause doubles with each end that follows soon, up to this: an agent that cannot work is tried often enough to be
/// back soon after what ails it has been mended.
const RESTART_PAUSE_MAX: Duration = Duration::from_secs(30);

/// An agent that has run for this long was well: its next end is the first again.
const WELL_AFTER: Duration = Duration::from_mins(1);

/// A running agent.
#[derive(Debug)]
pub(super) enum Agent {
    /// This process started it.
    Child(Box<Child>),
    /// An earlier one did.
    Adopted(Process),
}

impl Agent {
    /// Starts the host's agent. The record, which is written before with no process and after with this one, is on the
    /// disk when it returns.
    ///
    /// # Errors
    /// [`BackendError::Misconfigured`] if the program cannot be run at all, else [`BackendError::Transient`].
    pub(super) async fn start(config: &Config, record: &mut Record) -> Result<Self, BackendError> {
        record.process = None;
        save(config, record).await?;
        let mut command = command(config, record)?;
        let mut child = command.spawn().map_err(|error| {
            let text = format!("{} cannot be run", config.program.display());
            match error.kind() {
                io::ErrorKind::NotFound | io::ErrorKind::PermissionDenied => BackendError::misconfigured(text, error),
                _ => BackendError::transient(text, error),
            }
        })?;
        if let Err(error) = note(config, record, &child).await {
            // An agent that no record names would hold its data directory against the next one.
            drop(child.kill().await);
            return Err(error);
        }
        tracing::info!(host_id = %record.host, pid = child.id(), address = %record.address, "agent started");
        Ok(Self::Child(Box::new(child)))
    }

    /// Returns when it has ended, with how if that can be known.
    async fn ended(&mut self) -> io::Result<Option<ExitStatus>> {
        match self {
            Self::Child(child) => child.wait().await.map(Some),
            Self::Adopted(process) => process.ended().await.map(|()| None),
        }
    }
}

/// Puts the process that was started into the host's record.
async fn note(config: &Config, record: &mut Record, child: &Child) -> Result<(), BackendError> {
    // It is not waited for yet, so its number is its own even if it has ended already.
    if let Some(pid) = child.id().and_then(|pid| i32::try_from(pid).ok()) {
        let identity = blocking(move || Identity::of(pid)).await;
        record.process = Some(identity.map_err(|error| BackendError::transient("the agent cannot be seen", error))?);
        save(config, record).await?;
    }
    Ok(())
}

async fn save(config: &Config, record: &Record) -> Result<(), BackendError> {
    let (record, path) = (record.clone(), config.host_dir(record.host).record());
    let written = blocking(move || record.write(&path)).await;
    written.map_err(|error| BackendError::transient("the host's record cannot be written", error))
}

fn command(config: &Config, record: &Record) -> Result<Command, BackendError> {
    let directory = config.host_dir(record.host);
    let log = open_log(&directory).and_then(|log| Ok((log.try_clone()?, log)));
    let (stdout, stderr) = log.map_err(|error| BackendError::transient("the agent's log cannot be opened", error))?;
    let mut command = Command::new(&config.program);
    command
        .args(arguments(config, record))
        .env(INSTALLATION_VARIABLE, record.installation.to_string())
        .env(HOST_VARIABLE, record.host.to_string())
        .stdin(Stdio::null())
        .stdout(stdout)
        .stderr(stderr)
        // Of its own, so that what a terminal sends to the server's group (Ctrl-C) does not reach it.
        .process_group(0);
    if let Some(keys) = &config.keys {
        // In the environment, which only this user can read; arguments are there for everybody.
        let (id, secret) = keys.0(record.host);
        command.env(KEY_ID_VARIABLE, id).env(SECRET_VARIABLE, secret);
    }
    Ok(command)
}

fn arguments(config: &Config, record: &Record) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec!["agent".into()];
    let options: [(&str, OsString); 15] = [
        ("--backend", record.server.clone().into()),
        ("--region", config.region.clone().into()),
        ("--cluster", config.cluster.clone().into()),
        ("--data", config.host_dir(record.host).agent_data().into()),
        ("--cpu", record.capacity.cpu.0.to_string().into()),
        ("--memory", record.capacity.memory.0.to_string().into()),
        ("--host-id", record.host.to_string().into()),
        ("--installation", record.installation.to_string().into()),
        ("--publish-address", record.address.to_string().into()),
        ("--machine", MACHINE_NAME.into()),
        ("--image-pull-behavior", config.image_pull_behavior.clone().into()),
        ("--image-pulls-max", config.image_pulls_max.to_string().into()),
        ("--image-clean-up", config.has_image_clean_up.to_string().into()),
        // Hosts come and go, and the machine's images stay.
        ("--pulled-images", config.data_dir.join("images.json").into()),
        // Slices of one machine cannot all have its GPUs.
        ("--gpus", OsString::new()),
    ];
    for (option, value) in options {
        arguments.extend([option.into(), value]);
    }
    if let Some(runtime) = &config.docker_runtime {
        arguments.extend(["--docker-runtime".into(), runtime.into()]);
    }
    arguments.extend(config.agent_options.iter().map(OsString::from));
    arguments
}

/// Opens the log to append to it, after putting one aside that has grown large.
fn open_log(directory: &HostDir) -> io::Result<File> {
    let path = directory.log();
    if is_large(&path) {
        fs::rename(&path, aside(&path))?;
    }
    File::options().create(true).append(true).open(path)
}

fn is_large(log: &Path) -> bool {
    fs::metadata(log).is_ok_and(|found| found.len() > LOG_BYTES_MAX)
}

fn aside(log: &Path) -> PathBuf {
    log.with_extension("log.1")
}

/// Copies the log of a running agent, if it has grown large, and empties it: the agent has it open to append to it, and
/// goes on at its begin. What it writes in the moment between is lost; so is all of it where there is no room for the copy.
fn empty_log(path: &Path) -> io::Result<()> {
    if !is_large(path) {
        return Ok(());
    }
    let mut log = File::options().read(true).write(true).open(path)?;
    let copied = File::create(aside(path)).and_then(|mut aside| io::copy(&mut log, &mut aside));
    log.set_len(0)?;
    copied.map(drop)
}

/// Keeps the log of a running agent from growing without end.
async fn bound_log(directory: HostDir) -> Infallible {
    loop {
        sleep(LOG_LOOK_EVERY).await;
        let log = directory.log();
        if let Err(error) = blocking(move || empty_log(&log)).await {
            tracing::warn!(log = %directory.log().display(), %error, "the log of an agent cannot be put aside");
        }
    }
}

/// Removes what the host's tasks left on the machine's Docker, with an agent that does only that. Its agent must not run.
///
/// # Errors
/// [`BackendError::Transient`] if it did not succeed in time.
pub(super) async fn retire(config: &Config, record: &Record) -> Result<(), BackendError> {
    let log = config.host_dir(record.host).log();
    let failed = |what: &str| BackendError::Transient {
        text: format!("the containers of host {} were not removed: {what} (see {})", record.host, log.display()),
        cause: None,
    };
    let mut command = command(config, record)?;
    let mut child = command.arg("--retire").kill_on_drop(true).spawn().map_err(|error| failed(&error.to_string()))?;
    let Ok(status) = timeout(config.retire_within, child.wait()).await else {
        child.kill().await.map_err(|error| failed(&error.to_string()))?;
        return Err(failed(&format!("it took longer than {} s", config.retire_within.as_secs())));
    };
    let status = status.map_err(|error| failed(&error.to_string()))?;
    if status.success() { Ok(()) } else { Err(failed(&status.to_string())) }
}

/// Keeps a host's agent running. Dropping it ends that, not the agent.
#[derive(Debug)]
pub(super) struct Supervisor {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Supervisor {
    /// Keeps the agent of this host running from now on: `agent`, or one that is yet to be started.
    pub(super) fn new(config: Config, record: Record, agent: Option<Agent>) -> Self {
        let (stop, stopped) = oneshot::channel();
        let task = tokio::spawn(async move { supervise(&config, record, agent, stopped).await });
        Self { stop, task }
    }

    /// Returns once no agent will be started any more. One that runs goes on.
    pub(super) async fn stop(self) {
        drop(self.stop);
        if let Err(error) = self.task.await {
            tracing::error!(error = %error, "the supervisor of an agent panicked");
        }
    }
}

/// Goes on until `stopped` is ready: told to, or dropped. Starting an agent is not cut short, as its record would then be
/// written behind the back of whoever comes next.
async fn supervise(config: &Config, mut record: Record, mut agent: Option<Agent>, mut stopped: oneshot::Receiver<()>) {
    let mut pause = RESTART_PAUSE_MIN;
    loop {
        if let Some(mut agent) = agent.take() {
            let began = Instant::now();
            let status = tokio::select! {
                status = agent.ended() => status,
                never = bound_log(config.host_dir(record.host)) => match never {},
                _ = &mut stopped => return,
            };
            pause = if began.elapsed() < WELL_AFTER { pause } else { RESTART_PAUSE_MIN };
            tracing::warn!(host_id = %record.host, ?status, "agent ended, to be started again");
        }
        tokio::select! {
            () = sleep(pause) => {}
            _ = &mut stopped => return,
        }
        pause = (pause * 2).min(RESTART_PAUSE_MAX);
        agent = match Agent::start(config, &mut record).await {
            Ok(agent) => Some(agent),
            Err(error) => {
                let error = &error as &dyn std::error::Error;
                tracing::error!(host_id = %record.host, error, "agent not started, to be tried again");
                None
            }
        };
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn a_log_that_has_grown_large_is_put_aside_while_the_agent_writes_it() {
        let directory = tempfile::tempdir().unwrap();
        let host = HostDir(directory.path().to_owned());
        let mut log = open_log(&host).unwrap();
        log.set_len(LOG_BYTES_MAX).unwrap();
        empty_log(&host.log()).unwrap();
        assert_eq!(fs::metadata(host.log()).unwrap().len(), LOG_BYTES_MAX, "not large yet");
        log.write_all(b"!").unwrap();
        empty_log(&host.log()).unwrap();
        log.write_all(b"next").unwrap();
        assert_eq!(fs::read(host.log()).unwrap(), b"next");
        let before = fs::read(aside(&host.log())).unwrap();
        assert_eq!((before.len() as u64, before.last()), (LOG_BYTES_MAX + 1, Some(&b'!')));
        // Without a place for the copy it is emptied all the same.
        fs::remove_file(aside(&host.log())).unwrap();
        fs::create_dir(aside(&host.log())).unwrap();
        log.set_len(LOG_BYTES_MAX + 1).unwrap();
        assert!(empty_log(&host.log()).is_err());
        assert_eq!(fs::metadata(host.log()).unwrap().len(), 0);
    }
}
