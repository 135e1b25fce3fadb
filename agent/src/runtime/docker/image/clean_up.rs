//! Images that nobody uses any more. Only those go that this agent has brought to the machine, the longest unused first:
//! an image that was there before, or that somebody else's container uses, stays.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use bollard::errors::Error as DockerError;
use bollard::models::ImageInspect;
use bollard::query_parameters::{ListContainersOptionsBuilder, RemoveImageOptions};
use serde::{Deserialize, Serialize};

use super::super::{Docker, status, text};
use crate::config::ImageCleanUp;
use crate::runtime::Error;

/// Wait until another try for the list that another agent has. It has it for some milliseconds, unless it is stopped.
const LOCK_RETRY: Duration = Duration::from_millis(50);

/// How the ids of images begin. No name that can be pulled does.
const ID: &str = "sha256:";

/// The images that this agent has pulled, with when each was last used. On disk, so that it is known after a restart which
/// are its own; one that is not there is left alone for ever. Agents that share a Docker may share the file, too. Cloning
/// shares it.
#[derive(Debug, Clone, Default)]
pub(in crate::runtime::docker) struct Ledger {
    path: Option<PathBuf>,
    /// Never held while a file is waited for: whoever creates a container needs it.
    images: Arc<Mutex<Images>>,
    /// Whose turn it is to change the file: no more than one tries for it.
    turn: Arc<tokio::sync::Mutex<()>>,
}

/// By the name under which an image was pulled; or by its id, once another image has the name.
type Images = BTreeMap<String, Entry>;

/// One image.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    used_at: SystemTime,
    /// The id of what was pulled under the name. `None` if that is not known, and of what goes by its id itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    id: Option<String>,
}

impl Ledger {
    /// Reads what an earlier process wrote. What cannot be read counts as nobody's.
    pub(in crate::runtime::docker) fn open(path: Option<PathBuf>) -> Self {
        let images = path.as_deref().map(read).unwrap_or_default();
        Self { path, images: Arc::new(Mutex::new(images)), turn: Arc::default() }
    }

    /// Notes an image that was pulled. With `was_there` the name stood for an image before, and unless that was noted, too,
    /// it is the user's, whatever it stands for afterwards.
    pub(super) async fn add(&self, name: String, id: Option<String>, was_there: bool) {
        self.change(move |images| {
            if !was_there || images.contains_key(&name) {
                add(images, name, id, SystemTime::now());
            }
        })
        .await;
    }

    /// Notes that a container is made of an image.
    pub(in crate::runtime::docker) fn touch(&self, image: &str) {
        // Not worth a write each time: the next look at the containers writes it.
        if let Some(entry) = lock(&self.images).get_mut(&super::with_tag(image)) {
            entry.used_at = SystemTime::now();
        }
    }

    /// Changes the list, once no other agent does. One that is stopped while it has the file holds up nobody but who waits
    /// for this.
    async fn change<T: Default + Send + 'static>(&self, change: impl FnOnce(&mut Images) -> T + Send + 'static) -> T {
        let Some(path) = self.path.clone() else { return change(&mut lock(&self.images)) };
        let images = Arc::clone(&self.images);
        let _turn = self.turn.lock().await;
        let work = async {
            let held = hold(&path).await?;
            blocking(move || {
                let done = change_file(&path, &images, change);
                drop(held);
                done
            })
            .await
        };
        work.await.unwrap_or_else(|error| {
            // At worst an image stays that could have gone.
            tracing::warn!(%error, "the list of pulled images cannot be written");
            T::default()
        })
    }
}

fn lock(images: &Mutex<Images>) -> MutexGuard<'_, Images> {
    images.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An image is there under this name. The one that was there before has lost it, and is to go by its id.
fn add(images: &mut Images, name: String, id: Option<String>, now: SystemTime) {
    let before = images.remove(&name).filter(|before| before.id != id);
    images.insert(name, Entry { used_at: now, id });
    if let Some(before) = before {
        leave(images, before);
    }
}

/// What was pulled under a name that it no longer has goes by its id.
fn leave(images: &mut Images, entry: Entry) {
    if let Entry { used_at, id: Some(id) } = entry {
        let known = images.entry(id).or_insert(Entry { used_at, id: None });
        known.used_at = known.used_at.max(used_at);
    }
}

/// Works with files where no other task waits for it.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

/// The right to change the file of a list, until it is dropped. Waited for without a thread, which the end of the agent
/// would wait for.
async fn hold(path: &Path) -> io::Result<File> {
    loop {
        let path = path.with_extension("lock");
        let tried = blocking(move || {
            let lock = File::options().create(true).append(true).open(path)?;
            match lock.try_lock() {
                Ok(()) => Ok(Some(lock)),
                Err(TryLockError::WouldBlock) => Ok(None),
                Err(TryLockError::Error(error)) => Err(error),
            }
        });
        match tried.await? {
            Some(held) => return Ok(held),
            None => tokio::time::sleep(LOCK_RETRY).await,
        }
    }
}

fn read(path: &Path) -> Images {
    std::fs::read(path).ok().and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

/// Changes what the file says, as others have left it, with what is known here of later uses.
fn change_file<T>(path: &Path, images: &Mutex<Images>, change: impl FnOnce(&mut Images) -> T) -> io::Result<T> {
    let mut all = read(path);
    let (done, text) = {
        let mut images = lock(images);
        for (name, entry) in &mut all {
            entry.used_at = images.get(name).map_or(entry.used_at, |known| known.used_at.max(entry.used_at));
        }
        let done = change(&mut all);
        *images = all;
        (done, serde_json::to_vec(&*images)?)
    };
    let new = path.with_extension("new");
    std::fs::write(&new, text)?;
    std::fs::rename(&new, path)?;
    Ok(done)
}

/// Which images are to go now: those unused for long, or for some time if the disk fills up; not too many at once.
fn plan(
    images: &Images,
    in_use: &BTreeSet<String>,
    now: SystemTime,
    disk_used_percent: u8,
    settings: &ImageCleanUp,
) -> Vec<(String, Entry)> {
    let is_full = disk_used_percent >= settings.disk_used_percent;
    let unused_min = if is_full { settings.minimum_age } else { settings.unused_for };
    let age = |entry: &Entry| now.duration_since(entry.used_at).unwrap_or(Duration::ZERO);
    let is_old = |(name, entry): &(&String, &Entry)| !in_use.contains(*name) && age(entry) >= unused_min;
    let mut old: Vec<(&String, &Entry)> = images.iter().filter(is_old).collect();
    old.sort_by_key(|(name, entry)| (entry.used_at, *name));
    old.into_iter().take(settings.deleted_max).map(|(name, entry)| (name.clone(), entry.clone())).collect()
}

/// By what Docker is to remove an image, of which the list has this and Docker says that. Nothing if it is not the agent's
/// any more.
fn references(name: &str, entry: &Entry, found: ImageInspect) -> Vec<String> {
    if !name.starts_with(ID) {
        // Somebody may have given the name to an image of their own.
        let is_ours = entry.id.is_none() || entry.id == found.id;
        return is_ours.then(|| name.to_owned()).into_iter().collect();
    }
    // By its id Docker would also remove it with the one name that somebody has given it since.
    if found.repo_tags.is_some_and(|names| !names.is_empty()) {
        return Vec::new();
    }
    // Docker refuses the id of one that came from several registries.
    let digests = found.repo_digests.unwrap_or_default();
    if digests.len() > 1 { digests } else { vec![name.to_owned()] }
}

impl Docker {
    /// Removes what is to go.
    pub(in crate::runtime::docker) async fn clean_images_up(&self, settings: &ImageCleanUp) -> Result<(), Error> {
        let options = ListContainersOptionsBuilder::default().all(true).build();
        let containers = self.engine.list_containers(Some(options)).await?;
        let names = containers.iter().filter_map(|container| container.image.as_deref()).map(super::with_tag);
        let ids = containers.iter().filter_map(|container| container.image_id.clone());
        let in_use: BTreeSet<String> = names.chain(ids).collect();
        let root = self.engine.info().await?.docker_root_dir.unwrap_or_default();
        let now = SystemTime::now();
        let chosen = settings.clone();
        let choose = move |images: &mut Images| {
            for (name, entry) in images.iter_mut() {
                if in_use.contains(name) {
                    entry.used_at = now;
                }
            }
            plan(images, &in_use, now, disk_used_percent(&root), &chosen)
        };
        for (image, entry) in self.ledger.change(choose).await {
            let is_removed = match self.remove_image(&image, &entry).await {
                Ok(is_removed) => is_removed,
                Err(error) if status(&error) == Some(404) => false,
                Err(error) => {
                    tracing::warn!(image, error = text(&error), "image not removed");
                    continue;
                }
            };
            if is_removed {
                tracing::info!(image, "image removed, as nothing has used it for long");
            }
            let forget = move |images: &mut Images| {
                // It may have been pulled anew meanwhile.
                if images.get(&image) != Some(&entry) {
                    return;
                }
                images.remove(&image);
                if !is_removed {
                    // What was pulled may still be there without the name.
                    leave(images, entry);
                }
            };
            self.ledger.change(forget).await;
        }
        Ok(())
    }

    /// Removes an image. False if that is not for the agent to do any more.
    async fn remove_image(&self, name: &str, entry: &Entry) -> Result<bool, DockerError> {
        let found = self.engine.inspect_image(name).await?;
        let references = references(name, entry, found);
        for reference in &references {
            // Without force Docker keeps what a container uses, and what has another name keeps that.
            self.engine.remove_image(reference, None::<RemoveImageOptions>, None).await?;
        }
        Ok(!references.is_empty())
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

    fn entry(hours: u32, id: Option<&str>) -> Entry {
        Entry { used_at: SystemTime::UNIX_EPOCH + hours * HOUR, id: id.map(str::to_owned) }
    }

    fn planned(disk_used_percent: u8, in_use: &[&str], hours: &[(&str, u32)]) -> Vec<String> {
        let now = SystemTime::UNIX_EPOCH + 1000 * HOUR;
        let images = hours.iter().map(|(name, age)| ((*name).to_owned(), entry(1000 - age, None))).collect();
        let in_use = in_use.iter().map(|name| (*name).to_owned()).collect();
        let planned = plan(&images, &in_use, now, disk_used_percent, &settings());
        planned.into_iter().map(|(name, _)| name).collect()
    }

    fn names(ledger: &Ledger) -> Vec<String> {
        lock(&ledger.images).keys().cloned().collect()
    }

    async fn add_new(ledger: &Ledger, name: &str, id: &str) {
        ledger.add(name.to_owned(), Some(id.to_owned()), false).await;
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
    fn an_image_that_lost_its_name_goes_by_its_id() {
        let mut images = Images::new();
        let at = |hours| SystemTime::UNIX_EPOCH + hours * HOUR;
        add(&mut images, "app:latest".to_owned(), Some("sha256:01".to_owned()), at(1));
        add(&mut images, "app:latest".to_owned(), Some("sha256:01".to_owned()), at(2));
        assert_eq!(images.len(), 1, "the same again");
        add(&mut images, "app:latest".to_owned(), Some("sha256:02".to_owned()), at(3));
        let expected = [("app:latest", entry(3, Some("sha256:02"))), ("sha256:01", entry(2, None))];
        assert_eq!(images, expected.map(|(name, entry)| (name.to_owned(), entry)).into());
        // Its last use counts, as of all others; and while a container is made of it, it stays.
        assert_eq!(planned(0, &[], &[("app:latest", 1), ("sha256:01", 30)]), ["sha256:01"]);
        assert_eq!(planned(0, &["sha256:01"], &[("app:latest", 1), ("sha256:01", 30)]), Vec::<String>::new());
    }

    #[tokio::test]
    async fn what_had_the_name_before_the_agent_is_the_users() {
        let ledger = Ledger::default();
        ledger.add("app:latest".to_owned(), Some("sha256:02".to_owned()), true).await;
        assert!(names(&ledger).is_empty(), "neither the one before nor the new one");
    }

    #[test]
    fn what_is_not_the_agents_any_more_is_not_removed() {
        let image = |id: &str, tags: &[&str], digests: &[&str]| {
            let texts = |texts: &[&str]| Some(texts.iter().map(|text| (*text).to_owned()).collect());
            ImageInspect {
                id: Some(id.to_owned()),
                repo_tags: texts(tags),
                repo_digests: texts(digests),
                ..ImageInspect::default()
            }
        };
        for (name, id, found, expected) in [
            ("app:1", Some("sha256:01"), image("sha256:01", &["app:1", "mine:1"], &[]), vec!["app:1"]),
            ("app:1", None, image("sha256:01", &["app:1"], &[]), vec!["app:1"]),
            // Somebody has built another one under this name.
            ("app:1", Some("sha256:01"), image("sha256:02", &["app:1"], &[]), vec![]),
            ("sha256:01", None, image("sha256:01", &[], &["app@sha256:0a"]), vec!["sha256:01"]),
            ("sha256:01", None, image("sha256:01", &[], &[]), vec!["sha256:01"]),
            (
                "sha256:01",
                None,
                image("sha256:01", &[], &["a@sha256:0a", "b@sha256:0a"]),
                vec!["a@sha256:0a", "b@sha256:0a"],
            ),
            // Somebody has given it another name, or a pull has given it its name back.
            ("sha256:01", None, image("sha256:01", &["mine:1"], &["app@sha256:0a"]), vec![]),
        ] {
            assert_eq!(references(name, &entry(0, id), found), expected, "{name}");
        }
    }

    #[tokio::test]
    async fn it_is_known_after_a_restart_which_are_the_agents_own() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("images.json");
        let ledger = Ledger::open(Some(path.clone()));
        ledger.touch("never-pulled:1");
        add_new(&ledger, "a:1", "sha256:01").await;
        let again = Ledger::open(Some(path.clone()));
        assert_eq!(*lock(&again.images), *lock(&ledger.images));
        assert_eq!(names(&again), ["a:1"]);
        let old = r#"{"a:1":{"used_at":{"secs_since_epoch":3600,"nanos_since_epoch":0}}}"#;
        std::fs::write(&path, old).unwrap();
        let older = Ledger::open(Some(path.clone()));
        assert_eq!(lock(&older.images).get("a:1"), Some(&entry(1, None)), "a file from before ids were kept");
        std::fs::write(&path, "{").unwrap();
        assert!(names(&Ledger::open(Some(path))).is_empty());
    }

    #[tokio::test]
    async fn agents_that_share_the_list_add_to_it_and_take_from_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("images.json");
        let [one, other] = [(); 2].map(|()| Ledger::open(Some(path.clone())));
        add_new(&one, "a:1", "sha256:01").await;
        add_new(&other, "b:1", "sha256:02").await;
        add_new(&one, "c:1", "sha256:03").await;
        other.change(|images| drop(images.remove("a:1"))).await;
        one.touch("a:1");
        // One moves a name that the other has pulled.
        one.add("b:1".to_owned(), Some("sha256:04".to_owned()), true).await;
        assert_eq!(names(&one), ["b:1", "c:1", "sha256:02"]);
        assert_eq!(names(&Ledger::open(Some(path))), names(&one));
    }

    #[tokio::test]
    async fn an_agent_that_is_stopped_with_the_list_holds_up_no_thread() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("images.json");
        let ledger = Ledger::open(Some(path.clone()));
        add_new(&ledger, "a:1", "sha256:01").await;
        let stopped = hold(&path).await.unwrap();
        let waiting: Vec<_> = ["b:1", "c:1"]
            .map(|name| {
                let ledger = ledger.clone();
                tokio::spawn(async move { add_new(&ledger, name, "sha256:02").await })
            })
            .into();
        // There is one thread here, and everything else goes on.
        tokio::time::sleep(2 * LOCK_RETRY).await;
        ledger.touch("a:1");
        assert_eq!(names(&ledger), ["a:1"]);
        assert!(waiting.iter().all(|one| !one.is_finished()));
        drop(stopped);
        for one in waiting {
            one.await.unwrap();
        }
        assert_eq!(names(&ledger), ["a:1", "b:1", "c:1"]);
    }
}
