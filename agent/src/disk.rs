//! Records on disk: one JSON file for each task, sealed since an order holds secrets, and one for the agent itself. Each is written to a new file, synced,
//! renamed and its directory synced, so that a crash leaves the old content or the new.

use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc};
use tokio::time::Instant;

use crate::endpoint;
use crate::record::{Identity, Record};
use crate::seal::Seal;
use crate::session::Input;

/// Wait before writing again after the disk refused (full, for example). Nothing is acknowledged meanwhile.
const WRITE_RETRY: Duration = Duration::from_secs(1);

/// How often to look whether the directory is free.
const LOCK_RETRY: Duration = Duration::from_millis(50);

/// The key that seals the records, in the data directory.
const KEY_FILE: &str = "record.key";

/// The records in a data directory, for looking at: its agent may be at work there. They hold secrets.
///
/// # Errors
/// If there is no such directory, or it cannot be read.
pub fn records_in(directory: &Path) -> io::Result<Vec<Record>> {
    let seal = Seal::load(&directory.join(KEY_FILE))?;
    let mut records = Vec::new();
    for entry in fs::read_dir(directory.join("tasks"))? {
        let path = entry?.path();
        if path.extension().is_none_or(|extension| extension != "json") {
            continue; // On its way there.
        }
        match fs::read(&path) {
            Ok(bytes) => records.push(open(&seal, bytes, &path)?),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {} // Forgotten meanwhile.
            Err(error) => return Err(error),
        }
    }
    Ok(records)
}

/// The data directory, held by this process alone.
#[derive(Debug)]
pub(crate) struct Disk {
    directory: PathBuf,
    seal: Seal,
    /// Held for as long as the agent runs; the system gives it up with the process.
    _lock: File,
}

impl Disk {
    /// Opens the data directory, making it if need be.
    ///
    /// # Errors
    /// If it cannot be used, or another process holds it for longer than `wait`.
    pub(crate) async fn open(directory: &Path, wait: Duration) -> io::Result<Self> {
        let deadline = Instant::now() + wait;
        loop {
            match Self::try_open(directory) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock && Instant::now() < deadline => {
                    tokio::time::sleep(LOCK_RETRY).await;
                }
                opened => return opened,
            }
        }
    }

    fn try_open(directory: &Path) -> io::Result<Self> {
        fs::create_dir_all(directory.join("tasks"))?;
        let lock = File::create(directory.join("agent.lock"))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { directory: directory.to_owned(), seal: seal_of(directory)?, _lock: lock }),
            Err(TryLockError::Error(error)) => Err(error),
            Err(TryLockError::WouldBlock) => {
                let text = format!("{} is in use by another agent", directory.display());
                Err(io::Error::new(io::ErrorKind::WouldBlock, text))
            }
        }
    }

    /// What the agent remembers of itself, if it has run here before.
    pub(crate) fn identity(&self) -> io::Result<Option<Identity>> {
        match fs::read(self.identity_path()) {
            Ok(bytes) => parse(&bytes, &self.identity_path()).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// All records. One that cannot be read is an error: without it its task could run twice.
    pub(crate) fn records(&self) -> io::Result<Vec<Record>> {
        let mut records = Vec::new();
        for entry in fs::read_dir(self.directory.join("tasks"))? {
            let path = entry?.path();
            if path.extension().is_some_and(|extension| extension == "json") {
                records.push(open(&self.seal, fs::read(&path)?, &path)?);
            } else {
                fs::remove_file(&path)?; // Left by a crash before its rename.
            }
        }
        Ok(records)
    }

    pub(crate) fn write_identity(&self, identity: &Identity) -> io::Result<()> {
        write(&self.identity_path(), &serde_json::to_vec_pretty(identity)?)?;
        sync_directory(&self.directory)
    }

    /// Where the agent's endpoints are, if it has had any.
    pub(crate) fn endpoints(&self) -> io::Result<Option<endpoint::Address>> {
        match fs::read(self.endpoints_path()) {
            Ok(bytes) => parse(&bytes, &self.endpoints_path()).map(Some),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Stores where the agent's endpoints are. Who can read it can ask for what containers ask for.
    pub(crate) fn write_endpoints(&self, address: &endpoint::Address) -> io::Result<()> {
        write_with_mode(&self.endpoints_path(), &serde_json::to_vec_pretty(address)?, 0o600)?;
        sync_directory(&self.directory)
    }

    fn endpoints_path(&self) -> PathBuf {
        self.directory.join("endpoints.json")
    }

    fn identity_path(&self) -> PathBuf {
        self.directory.join("agent.json")
    }

    fn record_path(&self, arn: &str) -> PathBuf {
        // An ARN's last part is the task's id; whatever else it holds must not lead elsewhere.
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' }
        };
        let name: String = arn.rsplit(':').next().unwrap_or_default().chars().map(plain).collect();
        self.directory.join("tasks").join(format!("{name}.json"))
    }

    /// Writes the newest state of each record; directories are synced once for all.
    fn write_records(&self, changes: &BTreeMap<String, Option<Box<Record>>>) -> io::Result<()> {
        for (arn, change) in changes {
            let path = self.record_path(arn);
            match change {
                Some(record) => write(&path, &self.seal.seal(&file_name(&path), serde_json::to_vec(record)?)?)?,
                None => match fs::remove_file(&path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                    Ok(()) | Err(_) => {}
                },
            }
        }
        sync_directory(&self.directory.join("tasks"))
    }
}

/// The key in a data directory. It is made only where nothing was sealed with an earlier one, which may yet be found.
fn seal_of(directory: &Path) -> io::Result<Seal> {
    let path = directory.join(KEY_FILE);
    match Seal::load(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        loaded => return loaded,
    }
    for entry in fs::read_dir(directory.join("tasks"))? {
        if Seal::is_sealed(&fs::read(entry?.path())?) {
            let text = format!("{} is missing, and without it the tasks' records cannot be read", path.display());
            return Err(io::Error::new(io::ErrorKind::NotFound, text));
        }
    }
    Seal::make(&path)
}

fn open(seal: &Seal, bytes: Vec<u8>, path: &Path) -> io::Result<Record> {
    parse(&seal.open(&file_name(path), bytes)?, path)
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8], path: &Path) -> io::Result<T> {
    serde_json::from_slice(bytes).map_err(|error| {
        io::Error::new(io::ErrorKind::InvalidData, format!("{} cannot be read: {error}", path.display()))
    })
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_with_mode(path, bytes, 0o666)
}

/// Writes a file that has these rights, less what the process's mask takes away.
fn write_with_mode(path: &Path, bytes: &[u8], mode: u32) -> io::Result<()> {
    let new = path.with_extension("new");
    let mut file = File::options().write(true).create(true).truncate(true).mode(mode).open(&new)?;
    file.write_all(bytes)?;
    file.sync_data()?;
    fs::rename(new, path)
}

fn sync_directory(directory: &Path) -> io::Result<()> {
    File::open(directory)?.sync_all()
}

/// What waits to be written: the newest of each, so that it is bounded by the number of tasks.
#[derive(Debug, Default)]
struct Pending {
    records: BTreeMap<String, Option<Box<Record>>>,
    identity: Option<Identity>,
}

/// Writes in the background, all that has come up together, and says when it is done.
#[derive(Debug, Clone, Default)]
pub(crate) struct Writer {
    pending: Arc<Mutex<Pending>>,
    wake: Arc<Notify>,
}

impl Writer {
    pub(crate) fn save(&self, record: Box<Record>) {
        self.change(|pending| pending.records.insert(record.arn.clone(), Some(record)));
    }

    pub(crate) fn forget(&self, arn: String) {
        self.change(|pending| pending.records.insert(arn, None));
    }

    pub(crate) fn save_identity(&self, identity: Identity) {
        self.change(|pending| pending.identity.replace(identity));
    }

    fn change<T>(&self, change: impl FnOnce(&mut Pending) -> T) {
        change(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner));
        self.wake.notify_one();
    }

    fn take(&self) -> Pending {
        std::mem::take(&mut self.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Writes until the receiver of its news is gone. Without a disk all counts as written.
    pub(crate) async fn run(self, disk: Option<Arc<Disk>>, news: mpsc::Sender<Input>) {
        loop {
            let pending = self.take();
            if pending.records.is_empty() && pending.identity.is_none() {
                self.wake.notified().await;
                continue;
            }
            let pending = match &disk {
                Some(disk) => match write_all(Arc::clone(disk), pending).await {
                    Ok(pending) => pending,
                    Err(()) => return,
                },
                None => pending,
            };
            let saved = pending.records.into_values().flatten();
            let saved = saved.map(|record| Input::Saved { arn: record.arn, version: record.version });
            let sequence = pending.identity.map(|identity| Input::SequenceSaved { sequence: identity.sequence });
            for input in saved.chain(sequence) {
                if news.send(input).await.is_err() {
                    return;
                }
            }
        }
    }
}

/// Writes until it has worked. Fails only if the process is ending.
async fn write_all(disk: Arc<Disk>, mut pending: Pending) -> Result<Pending, ()> {
    loop {
        let disk = Arc::clone(&disk);
        let work = tokio::task::spawn_blocking(move || {
            let identity = pending.identity.as_ref().map_or(Ok(()), |identity| disk.write_identity(identity));
            let result = identity.and_then(|()| disk.write_records(&pending.records));
            (pending, result)
        });
        let Ok((back, result)) = work.await else {
            return Err(());
        };
        match result {
            Ok(()) => return Ok(back),
            Err(error) => tracing::error!(%error, "records cannot be written"),
        }
        pending = back;
        tokio::time::sleep(WRITE_RETRY).await;
    }
}

#[cfg(test)]
mod tests {
    use berth_model::acs::PayloadTask;
    use berth_model::id::{HostId, InstallationId};

    use super::*;

    fn record(id: &str) -> Box<Record> {
        let arn = format!("arn:aws:ecs:us-east-1:123456789012:task/demo/{id}");
        Box::new(Record::accepted(PayloadTask { arn, ..PayloadTask::default() }, 7))
    }

    #[tokio::test]
    async fn what_is_written_is_read_again_and_what_is_forgotten_is_not() {
        let directory = tempfile::tempdir().unwrap();
        let disk = Arc::new(Disk::open(directory.path(), Duration::ZERO).await.unwrap());
        assert_eq!(disk.identity().unwrap(), None);
        let writer = Writer::default();
        let (news, mut received) = mpsc::channel(8);
        let identity = Identity {
            cluster: "demo".to_owned(),
            installation: InstallationId(1),
            host_id: HostId(2),
            container_instance_arn: None,
            sequence: 5,
        };
        writer.save(record("a"));
        writer.save(record("b"));
        writer.save_identity(identity.clone());
        let running = tokio::spawn(writer.clone().run(Some(Arc::clone(&disk)), news));
        for _ in 0..3 {
            received.recv().await.unwrap();
        }
        writer.forget(record("a").arn);
        writer.save(record("b"));
        received.recv().await.unwrap();
        assert_eq!(disk.records().unwrap(), vec![*record("b")]);
        let written = fs::read(disk.record_path(&record("b").arn)).unwrap();
        assert!(!written.windows(9).any(|part| part == b"task/demo"), "records are sealed");
        assert_eq!(records_in(directory.path()).unwrap(), vec![*record("b")]);
        assert_eq!(disk.identity().unwrap(), Some(identity));
        running.abort();
    }

    #[tokio::test]
    async fn a_key_that_is_missing_is_said_and_not_made_anew() {
        let directory = tempfile::tempdir().unwrap();
        let disk = Disk::open(directory.path(), Duration::ZERO).await.unwrap();
        disk.write_records(&[("a".to_owned(), Some(record("a")))].into()).unwrap();
        drop(disk);
        let key = directory.path().join(KEY_FILE);
        let kept = directory.path().join("kept.key");
        fs::rename(&key, &kept).unwrap();
        let error = Disk::open(directory.path(), Duration::ZERO).await.unwrap_err().to_string();
        assert!(error.contains("record.key is missing"), "{error}");
        let error = records_in(directory.path()).unwrap_err().to_string();
        assert!(error.contains("record.key"), "{error}");
        assert!(!key.exists());
        fs::rename(&kept, &key).unwrap();
        let disk = Disk::open(directory.path(), Duration::ZERO).await.unwrap();
        assert_eq!(disk.records().unwrap(), vec![*record("a")]);
    }

    #[tokio::test]
    async fn a_directory_serves_one_agent_at_a_time_and_left_overs_of_a_crash_do_no_harm() {
        let directory = tempfile::tempdir().unwrap();
        let disk = Disk::open(directory.path(), Duration::ZERO).await.unwrap();
        assert_eq!(Disk::open(directory.path(), Duration::ZERO).await.unwrap_err().kind(), io::ErrorKind::WouldBlock);
        fs::write(directory.path().join("tasks/x.new"), b"{").unwrap();
        assert_eq!(disk.records().unwrap(), vec![]);
        fs::write(directory.path().join("tasks/y.json"), b"{").unwrap();
        assert!(disk.records().is_err());
    }
}
