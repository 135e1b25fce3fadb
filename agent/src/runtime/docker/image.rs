//! Getting images, with the four behaviours of the ECS agent. However many containers wait for an image, it is pulled
//! once; and only so many images are pulled at a time.

pub(super) mod clean_up;
mod pull;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use bollard::auth::DockerCredentials;
use bollard::models::ImageInspect;
use futures_util::future::{BoxFuture, FutureExt, Shared, WeakShared};
use tokio::sync::Semaphore;

use self::clean_up::Ledger;
use self::pull::Pulled;
use super::{Docker, Pull, status};
use crate::config::ImagePullBehavior;

/// A pull under way.
type Pulling = BoxFuture<'static, Result<Pulled, String>>;

/// The pulls of one agent.
#[derive(Debug)]
pub(super) struct Pulls {
    room: Arc<Semaphore>,
    /// By image.
    under_way: Arc<Mutex<BTreeMap<String, WeakShared<Pulling>>>>,
}

impl Pulls {
    /// At most `max` at a time.
    pub(super) fn new(max: usize) -> Self {
        Self { room: Arc::new(Semaphore::new(max.max(1))), under_way: Arc::default() }
    }

    /// Joins the pull of this image, or begins it. It ends with the last of those who wait for it.
    fn join(&self, image: &str, begin: impl FnOnce() -> Pulling) -> Shared<Pulling> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(pull) = under_way.get(image).and_then(WeakShared::upgrade) {
            return pull;
        }
        let (room, all, key) = (Arc::clone(&self.room), Arc::clone(&self.under_way), image.to_owned());
        let work = begin();
        let pull = async move {
            let permit = room.acquire().await;
            let result = work.await;
            drop(permit);
            // Whoever comes from now on wants what the registry has then.
            all.lock().unwrap_or_else(PoisonError::into_inner).remove(&key);
            result
        };
        let pull = pull.boxed().shared();
        if let Some(weak) = pull.downgrade() {
            under_way.insert(image.to_owned(), weak);
        }
        pull
    }

    /// A pull that nobody joins: who may have the image for being someone does not have it for others.
    fn alone(&self, work: Pulling) -> Pulling {
        let room = Arc::clone(&self.room);
        async move {
            let permit = room.acquire().await;
            let result = work.await;
            drop(permit);
            result
        }
        .boxed()
    }
}

impl Docker {
    /// True if an image is to be pulled before it is known whether it is there.
    pub(super) fn pulls_first(&self, image: &str) -> bool {
        match self.settings.image_pull_behavior {
            ImagePullBehavior::Default | ImagePullBehavior::Always => true,
            ImagePullBehavior::Once => !self.pulled.lock().unwrap_or_else(PoisonError::into_inner).contains(image),
            ImagePullBehavior::PreferCached => false,
        }
    }

    /// Pulls an image, and gives its digest. A failure counts unless the image that may be there will do.
    pub(super) async fn pull(
        &self,
        image: &str,
        credentials: Option<DockerCredentials>,
        pull: Pull<'_>,
    ) -> Result<Option<String>, String> {
        (pull.progress)(true);
        let (engine, wanted) = (self.engine.clone(), with_tag(image));
        let ledger = self.settings.image_clean_up.is_some().then(|| self.ledger.clone());
        let is_shared = credentials.is_none();
        let begin = async move {
            match ledger {
                Some(ledger) => pull_and_note(&engine, wanted, credentials, ledger).await,
                None => pull::pull(&engine, &wanted, credentials).await,
            }
        };
        let waiting =
            if is_shared { self.pulls.join(image, || begin.boxed()).boxed() } else { self.pulls.alone(begin.boxed()) };
        let result = tokio::select! {
            () = pull.cancel.cancelled() => return Err("CannotPullContainerError: the task was stopped".to_owned()),
            result = waiting => result,
        };
        let digest = match result {
            Ok(pulled) => {
                self.pulled.lock().unwrap_or_else(PoisonError::into_inner).insert(image.to_owned());
                pulled.digest
            }
            Err(error) if self.settings.image_pull_behavior == ImagePullBehavior::Default => {
                let Some(there) = self.image(image).await else {
                    return Err(format!("CannotPullContainerError: {error}"));
                };
                tracing::warn!(image, error, "image cannot be pulled; the one that is there is used");
                digest_of(&there, image)
            }
            Err(error) => return Err(format!("CannotPullContainerError: {error}")),
        };
        (pull.progress)(false);
        Ok(digest)
    }

    /// The digest of an image that is there, if it came from a registry.
    pub(super) async fn digest(&self, image: &str) -> Option<String> {
        digest_of(&self.image(image).await?, image)
    }

    async fn image(&self, image: &str) -> Option<ImageInspect> {
        self.engine.inspect_image(image).await.ok()
    }
}

/// Pulls an image, and notes that it is the agent's own if it has brought anything.
async fn pull_and_note(
    engine: &bollard::Docker,
    image: String,
    credentials: Option<DockerCredentials>,
    ledger: Ledger,
) -> Result<Pulled, String> {
    // While Docker does not answer, it may be.
    let is_absent = engine.inspect_image(&image).await.is_err_and(|error| status(&error) == Some(404));
    let pulled = pull::pull(engine, &image, credentials).await?;
    if pulled.is_new {
        let id = engine.inspect_image(&image).await.ok().and_then(|image| image.id);
        // No task waits for the list: another agent may have it.
        tokio::spawn(async move { ledger.add(image, id, !is_absent).await });
    }
    Ok(pulled)
}

/// The digest under which an image was pulled from the repository that its name names.
fn digest_of(image: &ImageInspect, name: &str) -> Option<String> {
    let digests = image.repo_digests.as_deref().unwrap_or_default();
    digests
        .iter()
        .filter_map(|known| known.split_once('@'))
        .find_map(|(repository, digest)| (repository == repository_of(name)).then(|| digest.to_owned()))
}

/// An image's name without tag and digest, as Docker keeps it: Docker Hub's own prefixes are left out.
fn repository_of(image: &str) -> &str {
    let image = image.split_once('@').map_or(image, |(name, _)| name);
    let end = image.rfind('/').map_or(0, |slash| slash + 1);
    let image = image[end..].find(':').map_or(image, |colon| &image[..end + colon]);
    let image = image.strip_prefix("docker.io/").unwrap_or(image);
    image.strip_prefix("library/").unwrap_or(image)
}

/// Without a tag Docker would pull all of them.
fn with_tag(image: &str) -> String {
    let name = image.rsplit('/').next().unwrap_or(image);
    if name.contains([':', '@']) { image.to_owned() } else { format!("{image}:latest") }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn a_missing_tag_is_latest() {
        for (image, expected) in [
            ("busybox", "busybox:latest"),
            ("busybox:1", "busybox:1"),
            ("host:5000/a/b", "host:5000/a/b:latest"),
            ("host:5000/a/b:2", "host:5000/a/b:2"),
            ("a@sha256:00", "a@sha256:00"),
        ] {
            assert_eq!(with_tag(image), expected);
        }
    }

    #[test]
    fn the_digest_is_that_of_the_named_repository() {
        let known = ["busybox@sha256:01", "host:5000/a/b@sha256:02", "own/app@sha256:03"];
        let known = known.map(str::to_owned).to_vec();
        let image = ImageInspect { repo_digests: Some(known), ..ImageInspect::default() };
        for (name, expected) in [
            ("busybox", Some("sha256:01")),
            ("busybox:1", Some("sha256:01")),
            ("docker.io/library/busybox:1", Some("sha256:01")),
            ("host:5000/a/b", Some("sha256:02")),
            ("host:5000/a/b:2@sha256:99", Some("sha256:02")),
            ("docker.io/own/app", Some("sha256:03")),
            ("other", None),
        ] {
            assert_eq!(digest_of(&image, name).as_deref(), expected, "{name}");
        }
    }

    #[tokio::test]
    async fn who_waits_for_the_same_image_shares_its_pull() {
        let pulls = Pulls::new(1);
        let begun = Arc::new(AtomicUsize::new(0));
        let (open, gate) = tokio::sync::watch::channel(false);
        let begin = |begun: &Arc<AtomicUsize>| {
            let (begun, mut gate) = (Arc::clone(begun), gate.clone());
            move || {
                async move {
                    begun.fetch_add(1, Ordering::SeqCst);
                    gate.wait_for(|is_open| *is_open).await.map_err(|error| error.to_string())?;
                    Ok(Pulled::default())
                }
                .boxed()
            }
        };
        let (a, also_a) = (pulls.join("a", begin(&begun)), pulls.join("a", begin(&begun)));
        let b = pulls.join("b", begin(&begun));
        let all = tokio::spawn(async move { tokio::join!(a, also_a, b) });
        tokio::task::yield_now().await;
        assert_eq!(begun.load(Ordering::SeqCst), 1, "the other image waits for room");
        open.send(true).unwrap();
        let (a, also_a, b) = all.await.unwrap();
        assert!(a.is_ok() && also_a.is_ok() && b.is_ok());
        assert_eq!(begun.load(Ordering::SeqCst), 2);
        pulls.join("a", begin(&begun)).await.unwrap();
        assert_eq!(begun.load(Ordering::SeqCst), 3, "a later one looks again");
        drop(pulls.join("c", begin(&begun)));
        assert!(pulls.join("c", begin(&begun)).await.is_ok(), "a pull that all have given up is begun anew");
    }
}
