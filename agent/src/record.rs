//! What an agent remembers of a task, in memory and on disk: enough to go on after `kill -9` at any moment, never to
//! lose the task and never to run it twice.
//!
//! A record is stored before its task is acknowledged, before its container is started, before its end is reported and
//! before its containers are removed (see [`crate::session`]). Reading and writing it is left to the driver.

use berth_model::acs::PayloadTask;
use berth_model::task::DesiredStatus;
use berth_model::time::Timestamp;
use serde::{Deserialize, Serialize};

use crate::holder;

/// One task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The task's ARN.
    pub arn: String,
    /// Grows by one each time the record is to be stored.
    pub version: u64,
    /// The highest sequence number of the orders that named the task.
    pub sequence: i64,
    /// Where the task should be. Only moves from RUNNING to STOPPED.
    pub desired: DesiredStatus,
    /// The order to run it; dropped once the task is over and its containers are removed, so that the record stays small
    /// for the rest of its time. `None` for a task that this agent was only ever told to stop.
    pub task: Option<Box<PayloadTask>>,
    /// Why the whole task could not be taken, if it could not.
    pub reason: Option<String>,
    /// Its containers, in the order of the task definition.
    pub containers: Vec<ContainerRecord>,
    /// When the first image was asked for.
    pub pull_started_at: Option<Timestamp>,
    /// When all images were there.
    pub pull_stopped_at: Option<Timestamp>,
    /// When the last container was seen to have ended.
    pub ended_at: Option<Timestamp>,
    /// True once the server has acknowledged the report STOPPED.
    pub is_stop_acknowledged: bool,
}

/// One container of a [`Record`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerRecord {
    /// Its name in the task definition.
    pub name: String,
    /// If it ends, the task ends.
    pub is_essential: bool,
    /// Where it is in its life.
    pub phase: Phase,
    /// True once it was seen to run, or to have run.
    pub has_run: bool,
    /// The runtime's id for it, once it is created.
    pub runtime_id: Option<String>,
    /// Its exit code, if it ran and ended.
    pub exit_code: Option<i32>,
    /// What went wrong, worded as the ECS agent words it.
    pub reason: Option<String>,
    /// Where its ports are published.
    pub bindings: Vec<Binding>,
    /// The digest under which a registry knows its image.
    #[serde(default)]
    pub image_digest: Option<String>,
    /// True once nothing of it is left in the runtime.
    pub is_removed: bool,
    /// How often its restart policy had it started again, one that is due included.
    #[serde(default)]
    pub restarts: u32,
    /// The end of the run after which it was last started again, or is to be. As long as the runtime has it as ended at
    /// this very moment, that restart is due.
    #[serde(default)]
    pub restarted_after: Option<Timestamp>,
}

impl ContainerRecord {
    /// True for the one that holds the namespaces of the others.
    pub fn is_holder(&self) -> bool {
        holder::is_holder(&self.name)
    }

    /// True if it has run and is to be started again.
    pub fn is_restarting(&self) -> bool {
        self.phase == Phase::Created && self.restarted_after.is_some()
    }
}

/// Where a container is in its life. Only moves forward, but that one that was running may be started again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Phase {
    /// Nothing of it was ever started. If the runtime does not have it, it may be created.
    #[default]
    New,
    /// It exists, and may have been started. Stored before it is started: if the runtime does not have it any more, it
    /// must not be created again.
    Created,
    /// It runs.
    Running,
    /// It has ended, or never ran and never will.
    Ended,
}

/// Where one port of a container is published; or, of a task with a network of its own, where all of them are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Binding {
    /// The host's address.
    pub address: String,
    /// The container's port; 0 for all of them.
    pub container_port: u16,
    /// The host's port; 0 for the container's.
    pub host_port: u16,
    /// `tcp` or `udp`; empty for both.
    pub protocol: String,
}

impl Binding {
    /// All ports of an address of the task's own.
    pub fn all(address: impl Into<String>) -> Self {
        Self { address: address.into(), container_port: 0, host_port: 0, protocol: String::new() }
    }
}

impl Record {
    /// The record of a task that is to run.
    pub fn accepted(task: PayloadTask, sequence: i64) -> Self {
        let containers = task
            .containers
            .iter()
            .map(|container| ContainerRecord {
                name: container.name.clone(),
                is_essential: container.essential,
                ..ContainerRecord::default()
            })
            .collect();
        Self {
            arn: task.arn.clone(),
            version: 0,
            sequence,
            desired: DesiredStatus::Running,
            task: Some(Box::new(task)),
            reason: None,
            containers,
            pull_started_at: None,
            pull_stopped_at: None,
            ended_at: None,
            is_stop_acknowledged: false,
        }
    }

    /// The record of a task that never ran here and never will: it was to be stopped, or could not be taken.
    pub fn refused(task: &PayloadTask, sequence: i64, reason: Option<String>, now: Timestamp) -> Self {
        let mut record = Self::accepted(task.clone(), sequence);
        record.desired = DesiredStatus::Stopped;
        record.task = None;
        record.reason = reason;
        record.ended_at = Some(now);
        for container in &mut record.containers {
            container.phase = Phase::Ended;
            container.is_removed = true;
        }
        record
    }

    /// The containers of the task definition: all but the holder.
    pub fn own(&self) -> impl Iterator<Item = &ContainerRecord> {
        self.containers.iter().filter(|container| !container.is_holder())
    }

    /// True once all its containers have ended.
    pub fn is_over(&self) -> bool {
        self.own().all(|container| container.phase == Phase::Ended)
    }

    /// True once anything of it may have been started.
    pub fn has_begun(&self) -> bool {
        self.containers.iter().any(|container| container.phase != Phase::New)
    }

    /// True if its containers are to end: it was told to stop, or one that is essential has ended.
    pub fn is_stopping(&self) -> bool {
        self.desired == DesiredStatus::Stopped
            || self.containers.iter().any(|container| container.is_essential && container.phase == Phase::Ended)
    }

    /// True once all its containers ran at the same time, or would have but for those that end quickly or that the task
    /// does not need. Only then is it reported RUNNING.
    pub fn has_run(&self) -> bool {
        let ran = |container: &ContainerRecord| {
            container.has_run || (container.phase == Phase::Ended && !container.is_essential)
        };
        self.own().any(|container| container.has_run) && self.containers.iter().all(ran)
    }
}

/// The id of a task: what its ARN ends in, as far as it may stand in the name of whatever the machine has of the task.
pub fn task_id(arn: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    arn.rsplit('/').next().unwrap_or_default().chars().map(plain).collect()
}

/// What an agent remembers of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The cluster it registered in. It cannot be changed afterwards.
    pub cluster: String,
    /// Marks its containers, together with `host_id`.
    pub installation: berth_model::id::InstallationId,
    /// Marks its containers, together with `installation`. Berth's own id for hosts that it launched.
    pub host_id: berth_model::id::HostId,
    /// Its name at the server, once it has registered.
    pub container_instance_arn: Option<String>,
    /// The highest timeline of a manifest; manifests at or below it are dropped. -1 before the first.
    pub sequence: i64,
}
