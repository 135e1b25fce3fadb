//! Tells readers that files in a directory have changed. The kernel allows a user few watchers, so there is one for all.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures_util::StreamExt;
use inotify::{EventMask, Inotify, WatchDescriptor, WatchMask, Watches};
use tokio::sync::watch;
use tokio_util::task::AbortOnDropHandle;

/// Room for many events at a time.
const EVENT_BYTES: usize = 4096;

/// Those who wait, by the kernel's number for what they wait for.
type Waiting = Mutex<BTreeMap<i32, watch::Sender<()>>>;

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// See the module.
#[derive(Debug)]
pub(in super::super) struct Watcher {
    watches: Watches,
    waiting: Arc<Waiting>,
    _pump: AbortOnDropHandle<()>,
}

/// A directory that is watched until this is dropped.
#[derive(Debug)]
pub(super) struct Watch {
    watches: Watches,
    waiting: Arc<Waiting>,
    descriptor: WatchDescriptor,
    changed: watch::Receiver<()>,
}

impl Watcher {
    /// # Errors
    /// If the kernel allows no more.
    pub(in super::super) fn open() -> io::Result<Self> {
        let inotify = Inotify::init()?;
        let watches = inotify.watches();
        let mut events = inotify.into_event_stream([0; EVENT_BYTES])?;
        let waiting = Arc::new(Waiting::default());
        let told = Arc::clone(&waiting);
        let pump = tokio::spawn(async move {
            while let Some(event) = events.next().await {
                let event = match event {
                    Ok(event) => event,
                    Err(error) => return tracing::warn!(%error, "output is looked for once a second from now on"),
                };
                let waiting = lock(&told);
                // If events were lost, everybody looks.
                let is_all = event.mask.contains(EventMask::Q_OVERFLOW);
                let descriptor = event.wd.get_watch_descriptor_id();
                let concerned = waiting.iter().filter(|(own, _)| is_all || **own == descriptor);
                concerned.for_each(|(_, changed)| changed.send_replace(()));
            }
        });
        Ok(Self { watches, waiting, _pump: AbortOnDropHandle::new(pump) })
    }

    /// Watches a directory.
    pub(super) fn watch(&self, directory: &Path) -> io::Result<Watch> {
        let mut watches = self.watches.clone();
        // Nothing is told of it before it is among those who wait.
        let mut waiting = lock(&self.waiting);
        let descriptor = watches.add(directory, WatchMask::MODIFY | WatchMask::MOVED_TO)?;
        let number = descriptor.get_watch_descriptor_id();
        let changed = waiting.entry(number).or_insert_with(|| watch::channel(()).0).subscribe();
        drop(waiting);
        Ok(Watch { watches, waiting: Arc::clone(&self.waiting), descriptor, changed })
    }
}

impl Watch {
    /// What changes from now on counts.
    pub(super) fn begin(&mut self) {
        self.changed.mark_unchanged();
    }

    /// Waits for a change.
    pub(super) async fn changed(&mut self) {
        if self.changed.changed().await.is_err() {
            // Nobody tells any more.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let mut waiting = lock(&self.waiting);
        // Under the lock, so that the last of several knows that it is.
        self.changed = watch::channel(()).1;
        let number = self.descriptor.get_watch_descriptor_id();
        if waiting.get(&number).is_some_and(|changed| changed.receiver_count() == 0) {
            waiting.remove(&number);
            // A directory that is gone is not watched any more.
            drop(self.watches.remove(self.descriptor.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_watches_hears_of_changes_until_the_last_one_leaves() {
        let watcher = Watcher::open().unwrap();
        let directory = tempfile::tempdir().unwrap();
        let (mut one, mut other) = (watcher.watch(directory.path()).unwrap(), watcher.watch(directory.path()).unwrap());
        std::fs::write(directory.path().join("a"), "a").unwrap();
        one.changed().await;
        drop(one);
        other.begin();
        std::fs::write(directory.path().join("a"), "b").unwrap();
        other.changed().await;
        drop(other);
        assert!(lock(&watcher.waiting).is_empty());
    }
}
