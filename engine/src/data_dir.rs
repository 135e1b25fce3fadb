//! The data directory: everything a server keeps on this machine, and the lock that gives it to one server at a time.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use berth_model::id::InstallationId;

/// A data directory that belongs to this process until this value is dropped, or the process ends in any way.
#[derive(Debug)]
pub struct DataDir {
    path: PathBuf,
    installation: InstallationId,
    _lock: File,
}

/// Why a data directory cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    /// Another process has it.
    #[error("another server uses the data directory {0}")]
    Taken(PathBuf),
    /// The file with the installation id holds something else.
    #[error("{0} holds no installation id")]
    Damaged(PathBuf),
    /// The file system failed.
    #[error("cannot use {path}")]
    Io {
        /// Which file or directory.
        path: PathBuf,
        /// What happened.
        #[source]
        cause: io::Error,
    },
}

impl DataDir {
    /// Takes the directory for this process; makes it, and the id of a new installation, if it is not there.
    ///
    /// # Errors
    /// [`DataDirError`]
    pub fn open(path: impl Into<PathBuf>) -> Result<Self, DataDirError> {
        let path = path.into();
        fs::create_dir_all(&path).map_err(failed(&path))?;
        let lock_path = path.join("lock");
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&lock_path);
        let lock = lock.map_err(failed(&lock_path))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(DataDirError::Taken(path)),
            Err(TryLockError::Error(cause)) => return Err(failed(&lock_path)(cause)),
        }
        let installation = installation(&path)?;
        Ok(Self { path, installation, _lock: lock })
    }

    /// The directory.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The installation whose directory it is.
    pub fn installation(&self) -> InstallationId {
        self.installation
    }

    /// Where the store is kept.
    pub fn store_file(&self) -> PathBuf {
        self.path.join("berth.db")
    }

    /// Where the logs of containers are kept.
    pub fn log_directory(&self) -> PathBuf {
        self.path.join("logs")
    }
}

fn installation(directory: &Path) -> Result<InstallationId, DataDirError> {
    let path = directory.join("installation");
    match fs::read_to_string(&path) {
        Ok(text) => text.trim().parse().or(Err(DataDirError::Damaged(path))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let id = InstallationId(crate::entropy());
            write_durably(directory, &path, &format!("{id}\n")).map_err(failed(&path))?;
            Ok(id)
        }
        Err(error) => Err(failed(&path)(error)),
    }
}

/// Writes a small file so that after a power cut it is there whole or not at all.
fn write_durably(directory: &Path, path: &Path, content: &str) -> io::Result<()> {
    let draft = path.with_extension("new");
    let mut file = File::create(&draft)?;
    file.write_all(content.as_bytes())?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    File::open(directory)?.sync_all()
}

fn failed(path: &Path) -> impl FnOnce(io::Error) -> DataDirError {
    let path = path.to_owned();
    |cause| DataDirError::Io { path, cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_server_has_it_and_the_installation_stays_the_same() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("data");
        let first = DataDir::open(&path).unwrap();
        assert!(matches!(DataDir::open(&path), Err(DataDirError::Taken(_))));
        let installation = first.installation();
        drop(first);
        assert_eq!(DataDir::open(&path).unwrap().installation(), installation);
        fs::write(path.join("installation"), "x").unwrap();
        assert!(matches!(DataDir::open(&path), Err(DataDirError::Damaged(_))));
    }

    #[test]
    fn two_directories_are_two_installations() {
        let directory = tempfile::tempdir().unwrap();
        let [a, b] = ["a", "b"].map(|name| DataDir::open(directory.path().join(name)).unwrap().installation());
        assert_ne!(a, b);
    }
}
