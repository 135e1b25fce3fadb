//! The control group of a task: what all its containers may use together.
//!
//! Each task has a group of its own, `/berth/INSTALLATION/HOST/TASK`, or with Docker's systemd driver a slice of that
//! name; Docker puts the containers' groups below it. The names say whose a group is, so that it is found again after
//! a crash, and nobody else's is touched.
//!
//! What is written where is computed in [`layout`], for control groups of version 1 and 2; here it is carried out.

mod layout;

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use berth_model::acs::PayloadTask;
use bollard::models::{SystemInfo, SystemInfoCgroupDriverEnum, SystemInfoCgroupVersionEnum};
use rustix::io::Errno;

use self::layout::{Layout, Limits, Owner, Step, Version};
use super::Settings;
use crate::record::task_id;

/// The number of the machine's own namespace of control groups, the same on every machine. In another one the paths that
/// this process sees are not those that Docker sees.
const INITIAL_NAMESPACE: &str = "cgroup:[4026531835]";

/// How often groups are made again that another agent's clearing up got in the way of. Each time takes a moment in which
/// another task would have to end.
const MAKE_TRIES: u32 = 10;

/// The control groups of one agent's tasks. All functions block, for moments.
#[derive(Debug, Clone)]
pub(super) struct Groups {
    layout: Layout,
    owner: Owner,
}

impl Groups {
    /// Finds out how this machine's groups are managed, and whether this process may make any.
    ///
    /// # Errors
    /// Why tasks cannot have groups of their own here.
    pub(super) fn open(settings: &Settings, info: &SystemInfo) -> Result<Self, String> {
        check_is_here()?;
        let version = match info.cgroup_version {
            Some(SystemInfoCgroupVersionEnum::_1) => Version::One,
            Some(SystemInfoCgroupVersionEnum::_2) => Version::Two,
            Some(SystemInfoCgroupVersionEnum::EMPTY) | None => return Err("Docker does not say their version".into()),
        };
        let is_systemd = match info.cgroup_driver {
            Some(SystemInfoCgroupDriverEnum::CGROUPFS) => false,
            Some(SystemInfoCgroupDriverEnum::SYSTEMD) => true,
            Some(SystemInfoCgroupDriverEnum::NONE | SystemInfoCgroupDriverEnum::EMPTY) | None => {
                return Err("Docker does not manage any".to_owned());
            }
        };
        let mounts = fs::read_to_string("/proc/mounts").map_err(|error| error.to_string())?;
        let layout = Layout::read(&mounts, version, is_systemd)?;
        let owner = Owner { installation: settings.installation, host: settings.host_id };
        let groups = Self { layout, owner };
        let tried = until_stable(|| carry_out(&groups.layout.host_steps(&groups.owner)));
        tried.and_then(|()| groups.leave()).map_err(|error| error.to_string())?;
        Ok(groups)
    }

    /// What Docker is told as the parent of a container's group.
    pub(super) fn parent(&self, task: &PayloadTask) -> String {
        self.layout.parent(&self.owner, &task_id(&task.arn))
    }

    /// Makes a task's group with its limits, or gives one that is there these limits.
    pub(super) fn make(&self, task: &PayloadTask) -> io::Result<()> {
        let (id, limits) = (task_id(&task.arn), Limits::of(task));
        until_stable(|| {
            carry_out(&self.layout.host_steps(&self.owner))?;
            carry_out(&self.layout.task_steps(&self.owner, &id, &limits))
        })
    }

    /// The ids of the tasks that have a group.
    pub(super) fn list(&self) -> io::Result<BTreeSet<String>> {
        let mut tasks = BTreeSet::new();
        for directory in self.layout.host_directories(&self.owner) {
            let entries = match fs::read_dir(&directory) {
                Err(error) if error.kind() == ErrorKind::NotFound => continue,
                entries => entries?,
            };
            for entry in entries {
                let entry = entry?;
                let name = entry.file_name();
                let task = name.to_str().and_then(|name| self.layout.task_of(&self.owner, name));
                if let Some(task) = task.filter(|_| entry.path().is_dir()) {
                    tasks.insert(task);
                }
            }
        }
        Ok(tasks)
    }

    /// Removes a task's group. Its containers must be gone; one that is not there is fine.
    pub(super) fn remove(&self, task: &str) -> io::Result<()> {
        carry_out(&self.layout.removal(&self.owner, task))?;
        self.leave()
    }

    /// Removes the groups above those of tasks that no task is in any more.
    fn leave(&self) -> io::Result<()> {
        carry_out(&self.layout.host_removal(&self.owner))
    }
}

/// Fails unless this process and Docker see the same groups.
fn check_is_here() -> Result<(), String> {
    if std::env::var("DOCKER_HOST").is_ok_and(|host| !host.is_empty() && !host.starts_with("unix://")) {
        return Err("Docker is on another machine".to_owned());
    }
    match fs::read_link("/proc/self/ns/cgroup") {
        Ok(name) if name == Path::new(INITIAL_NAMESPACE) => Ok(()),
        Ok(_) => Err("the agent has a cgroup namespace of its own".to_owned()),
        Err(error) => Err(format!("the agent's cgroup namespace is unknown: {error}")),
    }
}

fn carry_out(steps: &[Step]) -> io::Result<()> {
    steps.iter().try_for_each(|step| {
        let done = match step {
            Step::Make(path) => fs::create_dir_all(path),
            Step::Write(path, text) => fs::write(path, text),
            Step::WriteIfThere(path, text) => write_if_there(path, text),
            Step::Run { command, otherwise } => run(command).or_else(|error| match otherwise {
                Some(command) => run(command),
                None => Err(error),
            }),
            Step::Remove(path) => remove(path),
            Step::RemoveIfEmpty(path) => remove_if_empty(path),
        };
        done.map_err(|error| io::Error::new(kind(&error), format!("{step}: {error}")))
    })
}

/// A bound that is not there, or that is exceeded already, is no reason to fail: other bounds are.
fn write_if_there(path: &Path, text: &str) -> io::Result<()> {
    match fs::OpenOptions::new().write(true).open(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        file => match file?.write_all(text.as_bytes()) {
            Err(error) if error.kind() == ErrorKind::ResourceBusy => Ok(()),
            done => done,
        },
    }
}

/// What kind of error it is. In a group that is just being removed the kernel has no such device.
fn kind(error: &io::Error) -> ErrorKind {
    let is_leaving = error.raw_os_error() == Some(Errno::NODEV.raw_os_error());
    if is_leaving { ErrorKind::NotFound } else { error.kind() }
}

/// Makes groups, again if another agent has removed one as empty that they were to be in, or that was just found to be
/// there. Once they are there, those above them are no longer empty.
fn until_stable(make: impl Fn() -> io::Result<()>) -> io::Result<()> {
    let has_gone = |error: &io::Error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::AlreadyExists);
    let mut tries = 1;
    loop {
        match make() {
            Err(error) if has_gone(&error) && tries < MAKE_TRIES => tries += 1,
            done => return done,
        }
    }
}

fn run(command: &[String]) -> io::Result<()> {
    let Some((program, arguments)) = command.split_first() else { return Ok(()) };
    let done = Command::new(program).args(arguments).output()?;
    if done.status.success() {
        return Ok(());
    }
    Err(io::Error::other(String::from_utf8_lossy(&done.stderr).trim().to_owned()))
}

/// Removes a group with those below it. The files in a group's directory go with it.
fn remove(path: &Path) -> io::Result<()> {
    let entries = match fs::read_dir(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    let below: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_dir()).collect();
    below.iter().try_for_each(|path| remove(path))?;
    match fs::remove_dir(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

fn remove_if_empty(path: &Path) -> io::Result<()> {
    match fs::remove_dir(path) {
        Err(error)
            if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ResourceBusy | ErrorKind::DirectoryNotEmpty) =>
        {
            Ok(())
        }
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_made_again_if_others_remove_them_meanwhile() {
        let tries = std::cell::Cell::new(0);
        let made = until_stable(|| {
            tries.set(tries.get() + 1);
            match tries.get() {
                1 => Err(ErrorKind::NotFound.into()),
                // What the standard library says of a directory that was there and is not any more.
                2 => Err(ErrorKind::AlreadyExists.into()),
                _ => Ok(()),
            }
        });
        assert_eq!((made.unwrap(), tries.get()), ((), 3));
        assert!(until_stable(|| Err(ErrorKind::PermissionDenied.into())).is_err());
    }

    #[test]
    fn a_group_that_is_being_removed_counts_as_gone() {
        assert_eq!(kind(&io::Error::from(Errno::NODEV)), ErrorKind::NotFound);
        assert_eq!(kind(&io::Error::from(Errno::ACCESS)), ErrorKind::PermissionDenied);
    }
}
