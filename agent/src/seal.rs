//! Seals what lies on the host's disk: an order holds the values of secrets.
//!
//! The key lies beside it, for this user alone. What is sealed is safe from whoever may read the files and not the key:
//! another user, a backup without it, a search through the disk.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use aws_lc_rs::rand;

/// How many random bytes a key has.
const KEY_BYTES: usize = 32;

/// What a sealed file begins with; no JSON does.
const MAGIC: &[u8] = b"berth-sealed-1\n";

/// A key, and what is done with it.
pub(crate) struct Seal(LessSafeKey);

impl fmt::Debug for Seal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Seal")
    }
}

impl Seal {
    /// Makes a key in a file that is not there. To be called by one process at a time.
    ///
    /// # Errors
    /// If it cannot be made.
    pub(crate) fn make(path: &Path) -> io::Result<Self> {
        make(path)?;
        Self::load(path)
    }

    /// The key in a file.
    ///
    /// # Errors
    /// If it cannot be read, if others may read it, or if it is none.
    pub(crate) fn load(path: &Path) -> io::Result<Self> {
        let named = |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", path.display()));
        let bytes = fs::read(path).map_err(named)?;
        let refuse = |text: &str| io::Error::new(io::ErrorKind::InvalidData, format!("{} {text}", path.display()));
        if fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
            return Err(refuse("can be read by others: say `chmod 600`"));
        }
        let key = UnboundKey::new(&AES_256_GCM, &bytes).ok().ok_or_else(|| refuse("is no key"))?;
        Ok(Self(LessSafeKey::new(key)))
    }

    /// Whether this is what a sealed file holds.
    pub(crate) fn is_sealed(bytes: &[u8]) -> bool {
        bytes.starts_with(MAGIC)
    }

    /// Seals what a file is to hold; `name` is the file's, and what is sealed is of no use under another.
    pub(crate) fn seal(&self, name: &str, mut bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let nonce = random::<NONCE_LEN>()?;
        let tag = self.0.seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(name.as_bytes()),
            &mut bytes,
        );
        let tag = tag.ok().ok_or_else(|| io::Error::other("a record cannot be sealed"))?;
        Ok([MAGIC, &nonce, &bytes, tag.as_ref()].concat())
    }

    /// What a file holds. One that was written before records were sealed is what it is.
    pub(crate) fn open(&self, name: &str, bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let Some(sealed) = bytes.strip_prefix(MAGIC) else { return Ok(bytes) };
        let opened = sealed.split_at_checked(NONCE_LEN).and_then(|(nonce, sealed)| {
            let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
            let mut sealed = sealed.to_vec();
            let length = self.0.open_in_place(nonce, Aad::from(name.as_bytes()), &mut sealed).ok()?.len();
            sealed.truncate(length);
            Some(sealed)
        });
        let text = format!("{name} is damaged, or was sealed with another key");
        opened.ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, text))
    }
}

/// Makes a key. It is under its name only once it is whole and on the disk: without it the records are lost.
fn make(path: &Path) -> io::Result<()> {
    let key = random::<KEY_BYTES>()?;
    let new = path.with_extension("new");
    match fs::remove_file(&new) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    file.write_all(&key)?;
    file.sync_all()?;
    fs::rename(&new, path)?;
    File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all()
}

fn random<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).ok().ok_or_else(|| io::Error::other("the operating system gives no random bits"))?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_key_and_under_its_name_only() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("record.key");
        let seal = Seal::make(&path).unwrap();
        let sealed = seal.seal("a.json", b"{\"s3cret\":1}".to_vec()).unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"s3cret"));
        assert_eq!(Seal::load(&path).unwrap().open("a.json", sealed.clone()).unwrap(), b"{\"s3cret\":1}");
        assert!(seal.open("b.json", sealed.clone()).is_err());
        assert!(seal.open("a.json", sealed[..MAGIC.len() + 4].to_vec()).is_err());
        let other = Seal::make(&directory.path().join("other.key")).unwrap();
        assert!(other.open("a.json", sealed).is_err());
        assert_eq!(seal.open("a.json", b"{}".to_vec()).unwrap(), b"{}", "as before records were sealed");
    }

    #[test]
    fn a_key_that_others_may_read_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("record.key");
        Seal::make(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert!(Seal::load(&path).is_err());
        fs::write(directory.path().join("short.key"), b"x").unwrap();
        fs::set_permissions(directory.path().join("short.key"), fs::Permissions::from_mode(0o600)).unwrap();
        assert!(Seal::load(&directory.path().join("short.key")).is_err());
    }
}
