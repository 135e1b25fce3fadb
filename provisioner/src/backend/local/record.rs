//! What is written down of a host, and where: `DATA/hosts/<host id>/`.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};

use berth_model::id::{HostId, InstallationId};
use berth_model::unit::Resources;
use serde::{Deserialize, Serialize};

use super::process::Identity;

/// Where a host keeps its things.
#[derive(Debug, Clone)]
pub(super) struct HostDir(pub(super) PathBuf);

impl HostDir {
    /// The host's record.
    pub(super) fn record(&self) -> PathBuf {
        self.0.join("host.json")
    }

    /// Its agent's own data.
    pub(super) fn agent_data(&self) -> PathBuf {
        self.0.join("agent")
    }

    /// What its agent writes to its standard output and error.
    pub(super) fn log(&self) -> PathBuf {
        self.0.join("agent.log")
    }
}

/// A host, as it is written down before its agent is started.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Record {
    pub(super) installation: InstallationId,
    pub(super) host: HostId,
    pub(super) instance_type: String,
    pub(super) capacity: Resources,
    /// The loopback address on which its containers publish their ports; its own for as long as this record is there.
    pub(super) address: Ipv4Addr,
    /// What its agent was last told to connect to.
    pub(super) server: String,
    pub(super) phase: Phase,
    /// Its agent; `None` while one is being started.
    pub(super) process: Option<Identity>,
}

/// What is to become of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Phase {
    /// Its agent is to run.
    Running,
    /// It is to go, and its agent must not be started again.
    Ending,
}

impl Record {
    /// Reads a record; `None` if there is none.
    pub(super) fn read(path: &Path) -> io::Result<Option<Self>> {
        let text = match fs::read(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            text => text?,
        };
        let invalid = |error| io::Error::new(io::ErrorKind::InvalidData, error);
        serde_json::from_slice(&text).map(Some).map_err(invalid)
    }

    /// Writes the record so that a crash leaves the old one or the new one. Blocks until it is on the disk.
    pub(super) fn write(&self, path: &Path) -> io::Result<()> {
        let next = path.with_extension("json.next");
        let mut file = File::create(&next)?;
        serde_json::to_writer(&mut file, self)?;
        file.write_all(b"\n")?;
        file.sync_all()?;
        fs::rename(&next, path)?;
        match path.parent() {
            Some(directory) => File::open(directory)?.sync_all(),
            None => Ok(()),
        }
    }
}
