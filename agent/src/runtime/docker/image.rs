//! Getting images, with the four behaviours of the ECS agent.

use std::sync::PoisonError;
use std::time::Duration;

use bollard::errors::Error as DockerError;
use bollard::query_parameters::CreateImageOptionsBuilder;
use futures_util::StreamExt;

use super::{Docker, Pull, text};
use crate::config::ImagePullBehavior;

/// A pull without any progress for this long is given up.
const STALLED_AFTER: Duration = Duration::from_mins(3);

impl Docker {
    /// True if an image is to be pulled before it is known whether it is there.
    pub(super) fn pulls_first(&self, image: &str) -> bool {
        match self.settings.image_pull_behavior {
            ImagePullBehavior::Default | ImagePullBehavior::Always => true,
            ImagePullBehavior::Once => !self.pulled.lock().unwrap_or_else(PoisonError::into_inner).contains(image),
            ImagePullBehavior::PreferCached => false,
        }
    }

    /// Pulls an image. A failure counts unless the image that may be there will do.
    pub(super) async fn pull(&self, image: &str, pull: Pull<'_>) -> Result<(), String> {
        (pull.progress)(true);
        let result = tokio::select! {
            () = pull.cancel.cancelled() => return Err("CannotPullContainerError: the task was stopped".to_owned()),
            result = self.pull_now(image) => result,
        };
        match result {
            Ok(()) => {
                self.pulled.lock().unwrap_or_else(PoisonError::into_inner).insert(image.to_owned());
            }
            Err(error) if self.settings.image_pull_behavior == ImagePullBehavior::Default && self.has(image).await => {
                tracing::warn!(image, error, "image cannot be pulled; the one that is there is used");
            }
            Err(error) => return Err(format!("CannotPullContainerError: {error}")),
        }
        (pull.progress)(false);
        Ok(())
    }

    async fn has(&self, image: &str) -> bool {
        self.engine.inspect_image(image).await.is_ok()
    }

    async fn pull_now(&self, image: &str) -> Result<(), String> {
        let options = CreateImageOptionsBuilder::default().from_image(&with_tag(image)).build();
        let mut progress = self.engine.create_image(Some(options), None, None);
        loop {
            match tokio::time::timeout(STALLED_AFTER, progress.next()).await {
                Ok(None) => return Ok(()),
                Ok(Some(Ok(_))) => {}
                Ok(Some(Err(error))) => return Err(text(&error)),
                Err(_) => return Err(text(&DockerError::RequestTimeoutError)),
            }
        }
    }
}

/// Without a tag Docker would pull all of them.
fn with_tag(image: &str) -> String {
    let name = image.rsplit('/').next().unwrap_or(image);
    if name.contains([':', '@']) { image.to_owned() } else { format!("{image}:latest") }
}

#[cfg(test)]
mod tests {
    use super::with_tag;

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
}
