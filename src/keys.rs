//! Access keys in files: the master key of a server, the credentials that `berth up` makes, and those of whoever calls.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use aws_credential_types::Credentials;
use berth_api::auth::MASTER_KEY_BYTES;

/// The name of the file with the master key, in the data directory.
pub(crate) const MASTER_KEY_FILE: &str = "master.key";

/// The name of the file with the key that `berth up` makes, in the data directory.
pub(crate) const CREDENTIALS_FILE: &str = "credentials";

/// Whose the first key is.
pub(crate) const FIRST_USER: &str = "admin";

/// What signs where there are no credentials: a server that is open to its machine takes any key.
const ANY_KEY: &str = "berth";

/// Where credentials come from, as the SDKs want to be told.
const PROVIDER: &str = "berth";

/// Only its owner may read it.
const PRIVATE: u32 = 0o600;

/// What nobody else may do with it.
const OF_OTHERS: u32 = 0o077;

/// Reads the master key of a server; makes it if it is not there.
///
/// # Errors
/// If the file cannot be read or made, is no master key, or others may read it.
pub(crate) fn master_key(path: &Path) -> Result<[u8; MASTER_KEY_BYTES]> {
    let cannot = || format!("cannot use the master key {}", path.display());
    let mut file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let mut key = [0; MASTER_KEY_BYTES];
            aws_lc_rs::rand::fill(&mut key).map_err(|_opaque| anyhow::anyhow!("there are no random bits"))?;
            write_private(path, &key).with_context(cannot)?;
            return Ok(key);
        }
        opened => opened.with_context(cannot)?,
    };
    let mode = file.metadata().with_context(cannot)?.mode();
    ensure!(mode & OF_OTHERS == 0, "{}: others may read it; say `chmod 600 {}`", cannot(), path.display());
    let mut key = Vec::new();
    file.read_to_end(&mut key).with_context(cannot)?;
    let key = key.try_into();
    key.map_err(|_other_length| anyhow::anyhow!("{}: it does not have {MASTER_KEY_BYTES} bytes", cannot()))
}

/// Writes an access key in the form that AWS clients read.
///
/// # Errors
/// If the file cannot be written.
pub(crate) fn write_credentials(path: &Path, id: &str, secret: &str) -> Result<()> {
    let text = format!("[default]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n");
    write_private(path, text.as_bytes()).with_context(|| format!("cannot write {}", path.display()))
}

/// Writes a file that only its owner may read, so that after a power cut it is there whole or not at all.
fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let draft = path.with_extension("new");
    // One that an earlier process left half written could have another mode.
    match fs::remove_file(&draft) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(PRIVATE).open(&draft)?;
    file.write_all(content)?;
    file.sync_all()?;
    fs::rename(&draft, path)?;
    match path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        Some(parent) => File::open(parent)?.sync_all(),
        None => Ok(()),
    }
}

/// The access key to call with, from where AWS clients look first: the environment, then the shared credentials file. Any
/// key if there is none.
///
/// # Errors
/// If a file or a profile was named that is not there, or the file cannot be read.
pub(crate) fn find_credentials() -> Result<Credentials> {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    if let (Some(id), Some(secret)) = (variable("AWS_ACCESS_KEY_ID"), variable("AWS_SECRET_ACCESS_KEY")) {
        return Ok(Credentials::new(id, secret, variable("AWS_SESSION_TOKEN"), None, PROVIDER));
    }
    let named = variable("AWS_SHARED_CREDENTIALS_FILE").map(PathBuf::from);
    let profile = variable("AWS_PROFILE");
    let default = || variable("HOME").map(|home| PathBuf::from(home).join(".aws/credentials"));
    let is_asked_for = named.is_some() || profile.is_some();
    let any = || Credentials::new(ANY_KEY, ANY_KEY, None, None, PROVIDER);
    let Some(path) = named.or_else(default) else { return Ok(any()) };
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound && !is_asked_for => return Ok(any()),
        read => read.with_context(|| format!("cannot read the credentials in {}", path.display()))?,
    };
    let profile = profile.as_deref().unwrap_or("default");
    match parse(&text, profile) {
        Some(credentials) => Ok(credentials),
        None if is_asked_for => anyhow::bail!("{} has no access key in the profile {profile}", path.display()),
        None => Ok(any()),
    }
}

/// The access key of the profile `default` in a file of profiles.
pub(crate) fn default_profile(text: &str) -> Option<Credentials> {
    parse(text, "default")
}

/// The access key of a profile in a file of profiles.
fn parse(text: &str, profile: &str) -> Option<Credentials> {
    let (mut id, mut secret, mut token) = (None, None, None);
    let mut is_here = false;
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            is_here = name.trim() == profile;
        } else if let (true, Some((name, value))) = (is_here, line.split_once('=')) {
            let place = match name.trim() {
                "aws_access_key_id" => &mut id,
                "aws_secret_access_key" => &mut secret,
                "aws_session_token" => &mut token,
                _ => continue,
            };
            *place = Some(value.trim().to_owned());
        }
    }
    Some(Credentials::new(id?, secret?, token, None, PROVIDER))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_master_key_is_made_once_and_is_private() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("master.key");
        let key = master_key(&path).unwrap();
        assert_ne!(key, [0; MASTER_KEY_BYTES]);
        assert_eq!(master_key(&path).unwrap(), key);
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, PRIVATE);
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
        assert!(master_key(&path).unwrap_err().to_string().contains("chmod"));
        fs::remove_file(&path).unwrap();
        write_private(&path, b"short").unwrap();
        assert!(master_key(&path).unwrap_err().to_string().contains("32 bytes"));
    }

    #[test]
    fn profiles_are_read() {
        let text = "# mine\n[default]\naws_access_key_id=A\naws_secret_access_key = b=c\n\n[ other ]\nregion = x\n\
                    aws_access_key_id = C\naws_secret_access_key = d\naws_session_token = t\n[half]\naws_access_key_id = E\n";
        let check = |profile, expected: Option<(&str, &str)>| {
            let found = parse(text, profile);
            let found = found.as_ref().map(|found| (found.access_key_id(), found.secret_access_key()));
            assert_eq!(found, expected, "{profile}");
        };
        check("default", Some(("A", "b=c")));
        check("other", Some(("C", "d")));
        check("half", None);
        check("none", None);
    }

    #[test]
    fn written_credentials_can_be_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("credentials");
        write_credentials(&path, "A", "b").unwrap();
        let found = parse(&fs::read_to_string(&path).unwrap(), "default").unwrap();
        assert_eq!((found.access_key_id(), found.secret_access_key()), ("A", "b"));
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, PRIVATE);
    }
}
