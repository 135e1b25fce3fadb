//! Looks whether this host can run containers: on each heartbeat of the server, and by itself now and then.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use berth_model::time::Timestamp;
use tokio::sync::{Notify, watch};

use crate::clock::wall;
use crate::config::CheckSettings;
use crate::runtime::Runtime;

/// What the last look has found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Checked {
    /// Why no container can be run; `None` if they can.
    pub(crate) impairment: Option<String>,
    /// When it was looked.
    pub(crate) at: Timestamp,
    /// When that was last found for the first time, or found to be over.
    pub(crate) changed_at: Timestamp,
}

/// What a look needs.
#[derive(Debug)]
pub(super) struct Checker {
    pub(super) runtime: Arc<dyn Runtime>,
    pub(super) settings: CheckSettings,
    /// Directories that need room: the engine's own, and the agent's.
    pub(super) directories: Vec<PathBuf>,
}

impl Checker {
    /// Looks again and again. `wanted` asks for a look at once; one that is under way will do.
    pub(super) async fn run(self, wanted: Arc<Notify>, found: watch::Sender<Option<Checked>>) {
        loop {
            let impairment = self.look().await;
            let at = wall();
            found.send_modify(|known| {
                let is_same = |known: &&Checked| known.impairment.is_some() == impairment.is_some();
                let changed_at = known.as_ref().filter(is_same).map_or(at, |known| known.changed_at);
                if known.as_ref().is_none_or(|known| known.impairment != impairment) {
                    let reason = impairment.as_deref();
                    tracing::info!(reason, can_run_containers = reason.is_none(), "this host was looked at");
                }
                *known = Some(Checked { impairment, at, changed_at });
            });
            // Too late is no news of the engine: look soon. A host that is well is looked at at leisure.
            drop(tokio::time::timeout(self.settings.every, wanted.notified()).await);
        }
    }

    /// Why no container can be run.
    async fn look(&self) -> Option<String> {
        let within = self.settings.within;
        match tokio::time::timeout(within, self.runtime.check()).await {
            Err(_) => return Some(format!("Docker does not answer within {} s", within.as_secs())),
            Ok(Err(error)) => return Some(format!("Docker does not work: {}", crate::error::chain(&error))),
            Ok(Ok(())) => {}
        }
        let (directories, floor) = (self.directories.clone(), self.settings.disk_floor_mib);
        let look = move || directories.iter().find_map(|directory| full(directory, floor));
        tokio::task::spawn_blocking(look).await.unwrap_or_default()
    }
}

/// Says so if a directory has less room than it should.
fn full(directory: &Path, floor_mib: u64) -> Option<String> {
    let found = rustix::fs::statvfs(directory).ok()?;
    let free_mib = (found.f_bavail * found.f_frsize) >> 20;
    // How much is left is not said: it changes with each look, and what is told is stored.
    (free_mib < floor_mib)
        .then(|| format!("the disk is full: {} has less than {floor_mib} MiB left", directory.display()))
}

/// How often and how long to look if nobody says otherwise.
impl Default for CheckSettings {
    fn default() -> Self {
        Self { every: Duration::from_secs(30), within: Duration::from_secs(10), disk_floor_mib: 256 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::simulated::Simulated;

    #[tokio::test]
    async fn a_disk_below_its_floor_impairs_the_host_and_a_directory_that_is_not_there_does_not() {
        let directory = tempfile::tempdir().unwrap();
        let checker = |floor, directory: &Path| Checker {
            runtime: Arc::new(Simulated::default()),
            settings: CheckSettings { disk_floor_mib: floor, ..CheckSettings::default() },
            directories: vec![directory.to_owned()],
        };
        assert_eq!(checker(0, directory.path()).look().await, None);
        let reason = checker(u64::MAX, directory.path()).look().await.unwrap();
        assert!(reason.starts_with("the disk is full: ") && reason.contains(" MiB left"), "{reason}");
        assert_eq!(checker(u64::MAX, &directory.path().join("none")).look().await, None);
    }

    #[tokio::test]
    async fn what_is_found_keeps_the_moment_when_it_changed() {
        let wanted = Arc::new(Notify::new());
        let (found, mut seen) = watch::channel(None);
        let checker = Checker {
            runtime: Arc::new(Simulated::default()),
            settings: CheckSettings::default(),
            directories: Vec::new(),
        };
        let running = tokio::spawn(checker.run(Arc::clone(&wanted), found));
        seen.changed().await.unwrap();
        let first = seen.borrow_and_update().clone().unwrap();
        while wall() <= first.at {
            std::hint::spin_loop();
        }
        wanted.notify_one();
        seen.changed().await.unwrap();
        let second = seen.borrow_and_update().clone().unwrap();
        assert!(second.at > first.at);
        assert_eq!((second.changed_at, second.impairment.is_none()), (first.changed_at, true));
        running.abort();
    }
}
