//! Processes of this machine that belong to an installation: found by what stands in their environment, and held by
//! descriptors that cannot come to mean another process.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::PathBuf;
use std::time::Duration;
use std::{fs, io};

use berth_model::id::{HostId, InstallationId};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, pidfd_open, pidfd_send_signal};
use serde::{Deserialize, Serialize};
use tokio::io::unix::AsyncFd;
use tokio::task::JoinSet;

use crate::backend::BackendError;

/// Stands in the environment of each process of an installation, with the installation's id.
pub(super) const INSTALLATION_VARIABLE: &str = "BERTH_INSTALLATION";

/// Stands beside it, with the id of the host the process belongs to.
pub(super) const HOST_VARIABLE: &str = "BERTH_HOST_ID";

/// How long the kernel may take to end a process after SIGKILL. Much more than it needs, unless the process hangs in the
/// kernel (a dead disk); waiting longer would not help that.
const KILL_WITHIN: Duration = Duration::from_secs(5);

/// Names one process for ever: its number alone is given to others later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Identity {
    /// Its number.
    pub(super) pid: i32,
    /// When it started, in clock ticks since the machine started.
    pub(super) start_time: u64,
    /// The start of the machine that this counts from.
    pub(super) boot_id: String,
}

impl Identity {
    /// The identity of a process that is there, be it as one that has ended and was not waited for.
    pub(super) fn of(pid: i32) -> io::Result<Self> {
        let Stat { start_time, .. } = Stat::read(pid)?;
        let boot_id = fs::read_to_string("/proc/sys/kernel/random/boot_id")?.trim().to_owned();
        Ok(Self { pid, start_time, boot_id })
    }
}

/// A process of an installation, held so that its number cannot become another's unnoticed.
#[derive(Debug)]
pub(super) struct Process {
    pub(super) host: HostId,
    pub(super) identity: Identity,
    /// The number of its process group, which is the number of the agent that founded it.
    pub(super) group: i32,
    descriptor: OwnedFd,
}

/// Finds the processes of an installation, by host. Blocks while it reads `/proc`.
///
/// A process of another user is not seen: its environment cannot be read, and it is not ours.
pub(super) fn find(installation: InstallationId) -> io::Result<BTreeMap<HostId, Vec<Process>>> {
    let mut found: BTreeMap<HostId, Vec<Process>> = BTreeMap::new();
    for entry in fs::read_dir("/proc")? {
        let name = entry?.file_name();
        let Some(pid) = name.to_str().and_then(|name| name.parse().ok()) else { continue };
        // Processes come and go while we look; one that cannot be read is none of ours any more.
        if let Ok(Some(process)) = Process::open(pid, installation) {
            found.entry(process.host).or_default().push(process);
        }
    }
    Ok(found)
}

impl Process {
    /// The process with this number, if it is the installation's.
    fn open(pid: i32, installation: InstallationId) -> io::Result<Option<Self>> {
        if u32::try_from(pid).is_ok_and(|pid| pid == std::process::id()) {
            return Ok(None);
        }
        // Most processes end here; what follows is only for those that may be ours.
        if host_of(pid, installation)?.is_none() {
            return Ok(None);
        }
        let number = Pid::from_raw(pid).ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        let descriptor = pidfd_open(number, PidfdFlags::empty())?;
        // All that is read between opening and the look whether it still lives is about the process that was opened.
        let host = host_of(pid, installation)?;
        let identity = Identity::of(pid)?;
        let Stat { group, .. } = Stat::read(pid)?;
        Ok(match host {
            Some(host) if !has_ended(&descriptor)? => Some(Self { host, identity, group, descriptor }),
            _ => None,
        })
    }

    pub(super) fn signal(&self, signal: Signal) -> io::Result<()> {
        match pidfd_send_signal(&self.descriptor, signal) {
            Err(error) if error != rustix::io::Errno::SRCH => Err(error.into()),
            _ => Ok(()),
        }
    }

    /// Ready once the process has ended, waited for or not.
    pub(super) async fn ended(&self) -> io::Result<()> {
        #[expect(deprecated, reason = "unsound only for types that can change their descriptor; this one cannot")]
        let descriptor = AsyncFd::new(self.descriptor.try_clone()?)?;
        descriptor.readable().await?.retain_ready();
        Ok(())
    }
}

/// Ends these processes: SIGTERM, and SIGKILL for those that are still there after `stop_within`.
pub(super) async fn end(processes: Vec<Process>, stop_within: Duration) -> Result<(), BackendError> {
    let mut ends = JoinSet::new();
    for process in processes {
        ends.spawn(end_one(process, stop_within));
    }
    while let Some(end) = ends.join_next().await {
        end.map_err(|panic| BackendError::transient("ending a process panicked", panic))??;
    }
    Ok(())
}

async fn end_one(process: Process, stop_within: Duration) -> Result<(), BackendError> {
    let failed = |error: io::Error| {
        BackendError::transient(format!("process {} could not be ended", process.identity.pid), error)
    };
    for (signal, within) in [(Signal::TERM, stop_within), (Signal::KILL, KILL_WITHIN)] {
        process.signal(signal).map_err(failed)?;
        if let Ok(ended) = tokio::time::timeout(within, process.ended()).await {
            return ended.map_err(failed);
        }
    }
    Err(failed(io::Error::from(io::ErrorKind::TimedOut)))
}

fn has_ended(descriptor: &OwnedFd) -> io::Result<bool> {
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    Ok(poll(&mut [PollFd::new(descriptor, PollFlags::IN)], Some(&at_once))? > 0)
}

/// The host the process belongs to, if it is the installation's.
fn host_of(pid: i32, installation: InstallationId) -> io::Result<Option<HostId>> {
    let environment = fs::read(PathBuf::from(format!("/proc/{pid}/environ")))?;
    let value = |name: &str| {
        let has_name =
            |variable: &&[u8]| variable.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b"="));
        let variable = environment.split(|byte| *byte == 0).find(has_name)?;
        OsStr::from_bytes(&variable[name.len() + 1..]).to_str()
    };
    let is_ours = value(INSTALLATION_VARIABLE).and_then(|id| id.parse().ok()) == Some(installation);
    Ok(value(HOST_VARIABLE).filter(|_| is_ours).and_then(|id| id.parse().ok()))
}

/// What `/proc/PID/stat` says of a process.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    group: i32,
    start_time: u64,
}

impl Stat {
    fn read(pid: i32) -> io::Result<Self> {
        let text = fs::read_to_string(format!("/proc/{pid}/stat"))?;
        Self::parse(&text)
            .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, format!("/proc/{pid}/stat: {text}")))
    }

    /// The second field, the name in parentheses, may hold anything; the fields after it are plain.
    fn parse(text: &str) -> Option<Self> {
        let mut fields = text.get(text.rfind(')')? + 1..)?.split_whitespace();
        let group = fields.nth(2)?.parse().ok()?;
        let start_time = fields.nth(16)?.parse().ok()?;
        Some(Self { group, start_time })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_hold_anything() {
        let text = "12 (a ) b (c) S 1 77 3 0 -1 4194304 117 0 0 0 0 0 0 0 20 0 1 0 389393 3133440 382";
        assert_eq!(Stat::parse(text), Some(Stat { group: 77, start_time: 389_393 }));
        for bad in ["", "12 (a", "12 (a)", "12 (a) S 1 x 3", "12 (a) S 1 77 3 0 -1"] {
            assert_eq!(Stat::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn this_process_has_an_identity_and_is_never_found() {
        let pid = i32::try_from(std::process::id()).unwrap();
        assert_eq!(Identity::of(pid).unwrap(), Identity::of(pid).unwrap());
        assert!(Process::open(pid, InstallationId(1)).unwrap().is_none());
    }
}
