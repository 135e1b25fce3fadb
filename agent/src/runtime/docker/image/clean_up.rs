//! Images that nobody uses any more. Only those go that this agent has brought to the machine, the longest unused first:
//! an image that was there before, or that somebody else's container uses, stays.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use bollard::query_parameters::{ListContainersOptionsBuilder, RemoveImageOptions};
use serde::{Deserialize, Serialize};

use super::super::{Docker, status, text};
use crate::config::ImageCleanUp;
use crate::runtime::Error;

/// The images that this agent has pulled, with when each was last used. On disk, so that it is known after a restart which
/// are its own; one that is not there is left alone for ever. Agents that share a Docker may share the file, too.
#[derive(Debug, Default)]
pub(in crate::runtime::docker) struct Ledger {
    path: Option<PathBuf>,
    images: Mutex<BTreeMap<String, Entry>>,
}

/// One image, by the name it was pulled under.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    used_at: SystemTime,
}

impl Ledger {
    /// Reads what an earlier process wrote. What cannot be read counts as nobody's.
    pub(in crate::runtime::docker) fn open(path: Option<PathBuf>) -> Self {
        let images = path.as_deref().map(read).unwrap_or_default();
        Self { path, images: Mutex::new(images) }
    }

    /// Notes an image that was pulled.
    pub(super) fn add(&self, image: &str) {
        self.change(|images| {
            images.insert(image.to_owned(), Entry { used_at: SystemTime::now() });
        });
    }

    /// Notes that a container is made of an image.
    pub(in crate::runtime::docker) fn touch(&self, image: &str) {
        let mut images = self.images.lock().unwrap_or_else(PoisonError::into_inner);
        // Not worth a write each time: the next look at the containers writes it.
        if let Some(entry) = images.get_mut(&super::with_tag(image)) {
            entry.used_at = SystemTime::now();
        }
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, Entry>)) {
        let mut images = self.images.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(path) = &self.path else { return change(&mut images) };
        if let Err(error) = change_file(path, &mut images, change) {
            // At worst an image stays that could have gone.
            tracing::warn!(%error, "the list of pulled images cannot be written");
        }
    }
}

fn read(path: &Path) -> BTreeMap<String, Entry> {
    std::fs::read(path).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

/// Changes what the file says, as others have left it, with what is known here of later uses.
fn change_file(
    path: &Path,
    images: &mut BTreeMap<String, Entry>,
    change: impl FnOnce(&mut BTreeMap<String, Entry>),
) -> std::io::Result<()> {
    // Let go when it is closed.
    let lock = File::options().create(true).append(true).open(path.with_extension("lock"))?;
    lock.lock()?;
    let mut all = read(path);
    for (name, entry) in &mut all {
        entry.used_at = images.get(name).map_or(entry.used_at, |known| known.used_at.max(entry.used_at));
    }
    change(&mut all);
    *images = all;
    let new = path.with_extension("new");
    std::fs::write(&new, serde_json::to_vec(&*images)?)?;
    std::fs::rename(&new, path)
}

/// Which images are to go now: those unused for long, or for some time if the disk fills up; not too many at once.
fn plan(
    images: &BTreeMap<String, Entry>,
    in_use: &BTreeSet<String>,
    now: SystemTime,
    disk_used_percent: u8,
    settings: &ImageCleanUp,
) -> Vec<String> {
    let is_full = disk_used_percent >= settings.disk_used_percent;
    let unused_min = if is_full { settings.minimum_age } else { settings.unused_for };
    let age = |entry: &Entry| now.duration_since(entry.used_at).unwrap_or(Duration::ZERO);
    let is_old = |(name, entry): &(&String, &Entry)| !in_use.contains(*name) && age(entry) >= unused_min;
    let mut old: Vec<(&String, &Entry)> = images.iter().filter(is_old).collect();
    old.sort_by_key(|(name, entry)| (entry.used_at, *name));
    old.into_iter().take(settings.deleted_max).map(|(name, _)| name.clone()).collect()
}

impl Docker {
    /// Removes what is to go.
    pub(in crate::runtime::docker) async fn clean_images_up(&self, settings: &ImageCleanUp) -> Result<(), Error> {
        let options = ListContainersOptionsBuilder::default().all(true).build();
        let containers = self.engine.list_containers(Some(options)).await?;
        let in_use: BTreeSet<String> = containers.into_iter().filter_map(|container| container.image).collect();
        let in_use: BTreeSet<String> = in_use.iter().map(|image| super::with_tag(image)).collect();
        let root = self.engine.info().await?.docker_root_dir.unwrap_or_default();
        let now = SystemTime::now();
        let mut going = Vec::new();
        self.ledger.change(|images| {
            for (name, entry) in images.iter_mut() {
                if in_use.contains(name) {
                    entry.used_at = now;
                }
            }
            going = plan(images, &in_use, now, disk_used_percent(&root), settings);
        });
        for image in going {
            // Without force Docker keeps what a container uses, and what has another name keeps that.
            match self.engine.remove_image(&image, None::<RemoveImageOptions>, None).await {
                Ok(_) => tracing::info!(image, "image removed, as nothing has used it for long"),
                Err(error) if status(&error) == Some(404) => {}
                Err(error) => {
                    tracing::warn!(image, error = text(&error), "image not removed");
                    continue;
                }
            }
            self.ledger.change(|images| {
                images.remove(&image);
            });
        }
        Ok(())
    }
}

/// How full the file system of a directory is; as empty if it cannot be seen, as that of an engine elsewhere.
fn disk_used_percent(directory: &str) -> u8 {
    let Ok(found) = rustix::fs::statvfs(directory) else { return 0 };
    let used = found.f_blocks.saturating_sub(found.f_bfree);
    u8::try_from(used.saturating_mul(100) / found.f_blocks.max(1)).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: Duration = Duration::from_hours(1);

    fn settings() -> ImageCleanUp {
        ImageCleanUp { every: HOUR, minimum_age: HOUR, unused_for: 24 * HOUR, disk_used_percent: 80, deleted_max: 2 }
    }

    fn planned(disk_used_percent: u8, in_use: &[&str], hours: &[(&str, u32)]) -> Vec<String> {
        let now = SystemTime::UNIX_EPOCH + 1000 * HOUR;
        let entry = |(name, age): &(&str, u32)| ((*name).to_owned(), Entry { used_at: now - *age * HOUR });
        let in_use = in_use.iter().map(|name| (*name).to_owned()).collect();
        plan(&hours.iter().map(entry).collect(), &in_use, now, disk_used_percent, &settings())
    }

    #[test]
    fn the_longest_unused_go_first_and_sooner_when_the_disk_fills_up() {
        let images = [("a", 0), ("b", 2), ("c", 30), ("d", 40), ("e", 50)];
        assert_eq!(planned(79, &[], &images), ["e", "d"], "no more than two at once");
        assert_eq!(planned(79, &["e"], &images), ["d", "c"]);
        assert_eq!(planned(80, &["c", "d", "e"], &images), ["b"], "as good as new ones stay");
        assert_eq!(planned(10, &[], &images[..2]), Vec::<String>::new());
    }

    #[test]
    fn it_is_known_after_a_restart_which_are_the_agents_own() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("images.json");
        let ledger = Ledger::open(Some(path.clone()));
        ledger.touch("never-pulled:1");
        ledger.add("a:1");
        let again = Ledger::open(Some(path.clone()));
        assert_eq!(*again.images.lock().unwrap(), *ledger.images.lock().unwrap());
        assert_eq!(again.images.lock().unwrap().keys().collect::<Vec<_>>(), ["a:1"]);
        std::fs::write(&path, "{").unwrap();
        assert!(Ledger::open(Some(path)).images.lock().unwrap().is_empty());
    }

    #[test]
    fn agents_that_share_the_list_add_to_it_and_take_from_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("images.json");
        let [one, other] = [(); 2].map(|()| Ledger::open(Some(path.clone())));
        one.add("a:1");
        other.add("b:1");
        one.add("c:1");
        other.change(|images| _ = images.remove("a:1"));
        one.touch("a:1");
        one.add("d:1");
        let names = |ledger: &Ledger| ledger.images.lock().unwrap().keys().cloned().collect::<Vec<_>>();
        assert_eq!(names(&one), ["b:1", "c:1", "d:1"]);
        assert_eq!(names(&Ledger::open(Some(path))), names(&one));
    }
}
