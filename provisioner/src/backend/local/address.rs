//! Loopback addresses: each host publishes its containers' ports on one of its own, `127.0.0.2` to `127.0.0.254`.
//!
//! The addresses are the machine's, not an installation's, so who has which is written down in one directory per user
//! that all installations share: a file per address, with the path of the record of the host that has it. It is the
//! host's for as long as that record names it, whether or not an agent runs: its containers outlive agent and server
//! and keep their ports. A file whose record is gone is worth nothing; so a data directory that was simply deleted
//! holds no address for ever. (A lock held by a process would end with the process, and its address go to another
//! while containers are still on it.) Changes are made under a lock on the directory.

use std::fs::{self, DirBuilder, File};
use std::net::Ipv4Addr;
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};
use std::{env, io};

use berth_model::id::InstallationId;
use rustix::process::geteuid;

use super::record::Record;

/// The last bytes of the addresses. `127.0.0.1` is everyone's.
const FIRST: u8 = 2;
const COUNT: u8 = 253;

/// The directory that all installations of this user share. Not below a home: two installations of one user may have
/// different ones.
pub(super) fn default_dir() -> PathBuf {
    let user = geteuid();
    if user.is_root() { PathBuf::from("/run/berth") } else { env::temp_dir().join(format!("berth-{}", user.as_raw())) }
}

/// Takes an address for the host whose record is to be at `record`: `wanted` if it is free or the host's already, else
/// another; `None` if all are taken. `write` is to write the record with it before anyone else can look. Blocks.
pub(super) fn take(
    directory: &Path,
    installation: InstallationId,
    record: &Path,
    wanted: Option<Ipv4Addr>,
    write: impl FnOnce(Ipv4Addr) -> io::Result<()>,
) -> io::Result<Option<Ipv4Addr>> {
    let _lock = lock(directory)?;
    for address in wanted.into_iter().chain(in_order(installation)) {
        let file = directory.join(address.to_string());
        if owner(&file, address)?.is_none_or(|owner| owner == record) {
            fs::write(&file, record.as_os_str().as_encoded_bytes())?;
            write(address)?;
            return Ok(Some(address));
        }
    }
    Ok(None)
}

/// Gives an address back, if it is that host's. Blocks.
pub(super) fn give_back(directory: &Path, record: &Path, address: Ipv4Addr) -> io::Result<()> {
    let _lock = lock(directory)?;
    let file = directory.join(address.to_string());
    if written(&file)?.is_some_and(|owner| owner == record) { fs::remove_file(&file) } else { Ok(()) }
}

/// All addresses. Installations begin at different ones, so that even those that cannot see each other's directory (of
/// different users) seldom meet.
fn in_order(installation: InstallationId) -> impl Iterator<Item = Ipv4Addr> {
    let count = u128::from(COUNT);
    let begin = u8::try_from(installation.0 % count).unwrap_or(0);
    (0..COUNT).map(move |step| {
        let last = (u16::from(begin) + u16::from(step)) % u16::from(COUNT) + u16::from(FIRST);
        Ipv4Addr::new(127, 0, 0, u8::try_from(last).unwrap_or(FIRST))
    })
}

/// The record of the host that has the address.
fn owner(file: &Path, address: Ipv4Addr) -> io::Result<Option<PathBuf>> {
    let Some(record) = written(file)? else { return Ok(None) };
    let has_it = match Record::read(&record) {
        Ok(found) => found.is_some_and(|found| found.address == address),
        // It cannot be read, so it cannot be said that the address is free.
        Err(error) => error.kind() != io::ErrorKind::NotADirectory,
    };
    Ok(has_it.then_some(record))
}

fn written(file: &Path) -> io::Result<Option<PathBuf>> {
    match fs::read_to_string(file) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        text => Ok(Some(PathBuf::from(text?))),
    }
}

/// Waits for the lock on the directory, which is made if need be. It is held until the file is dropped.
fn lock(directory: &Path) -> io::Result<File> {
    DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
    // In a directory that everyone may write to, a stranger could have made it before us.
    let found = fs::symlink_metadata(directory)?;
    if !found.is_dir() || found.uid() != geteuid().as_raw() {
        let text = format!("{} is not a directory of this user", directory.display());
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, text));
    }
    let file = File::options().create(true).write(true).truncate(false).open(directory.join("lock"))?;
    file.lock()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use berth_model::id::HostId;
    use berth_model::unit::Resources;

    use super::super::record::Phase;
    use super::*;

    const ONE: InstallationId = InstallationId(0);
    const OTHER: InstallationId = InstallationId(253);

    fn write(path: &Path, address: Ipv4Addr) -> io::Result<()> {
        let record = Record {
            installation: ONE,
            host: HostId(1),
            instance_type: String::new(),
            capacity: Resources::ZERO,
            address,
            server: String::new(),
            phase: Phase::Running,
            process: None,
        };
        record.write(path)
    }

    #[test]
    fn an_address_is_a_host_s_until_its_record_is_gone() {
        let directory = tempfile::tempdir().unwrap();
        let (addresses, records) = (directory.path().join("addresses"), directory.path());
        let take = |installation, name: &str, wanted| {
            let record = records.join(name);
            super::take(&addresses, installation, &record, wanted, |address| write(&record, address)).unwrap().unwrap()
        };
        let first = take(ONE, "a.json", None);
        assert_eq!(first, Ipv4Addr::new(127, 0, 0, 2));
        assert_eq!(take(ONE, "a.json", Some(first)), first);
        let second = take(OTHER, "b.json", None);
        assert_eq!(second, Ipv4Addr::new(127, 0, 0, 3));
        assert_eq!(take(OTHER, "b.json", Some(first)), second, "the wanted one is another's; its own is the next");
        give_back(&addresses, &records.join("b.json"), first).unwrap();
        assert_eq!(take(OTHER, "c.json", None), Ipv4Addr::new(127, 0, 0, 4), "nobody can give back another's");
        give_back(&addresses, &records.join("a.json"), first).unwrap();
        assert_eq!(take(OTHER, "d.json", None), first);
        fs::remove_file(records.join("b.json")).unwrap();
        assert_eq!(take(ONE, "e.json", None), second, "without a record, nobody's");
    }

    #[test]
    fn there_are_253_and_then_none() {
        let all: BTreeSet<Ipv4Addr> = in_order(InstallationId(200)).collect();
        assert_eq!(all.len(), 253);
        assert_eq!(all.first(), Some(&Ipv4Addr::new(127, 0, 0, 2)));
        assert_eq!(all.last(), Some(&Ipv4Addr::new(127, 0, 0, 254)));
    }
}
