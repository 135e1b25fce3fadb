//! Secrets and environment files out of a directory of the server.
//!
//! `DIRECTORY/secretsmanager/NAME`, `DIRECTORY/ssm/NAME` and `DIRECTORY/s3/BUCKET/KEY`. Each is read anew for each order, so
//! what is put in its place is seen by the next task. What is asked for comes from whoever registers task definitions: the
//! kernel itself resolves the path below the directory, so neither a name nor a link leads out of it.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use berth_engine::payload::secret::{Found, SecretSource, Unavailable};
use berth_model::secret::{CURRENT_STAGE, ManagedSecret, ObjectRef, SecretRef};
use berth_model::sensitive::Sensitive;
use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat2};
use rustix::io::Errno;
use tokio::sync::Semaphore;

/// Most bytes of a secret, as at Secrets Manager.
const SECRET_BYTES_MAX: u64 = 64 * 1024;

/// Most bytes of an environment file. An environment of more is refused by the kernel.
const FILE_BYTES_MAX: u64 = 256 * 1024;

/// How long reading one file may take: a task waits for it. A network's file system that hangs takes longer.
const READ_WITHIN: Duration = Duration::from_secs(10);

/// Most files that are read at a time, and so most threads that a file system that hangs can hold.
const READS_MAX: usize = 8;

/// How many characters Secrets Manager appends to a secret's name, with a hyphen before them.
const SUFFIX_CHARACTERS: usize = 6;

/// See the module.
#[derive(Debug)]
pub struct SecretFiles {
    directory: PathBuf,
    reads: Arc<Semaphore>,
}

impl SecretFiles {
    /// The secrets below a directory. It need not be there yet.
    pub fn new(directory: PathBuf) -> Self {
        Self { directory, reads: Arc::new(Semaphore::new(READS_MAX)) }
    }

    /// Reads the first of some files that is there.
    pub(crate) async fn read(&self, candidates: Vec<String>, bytes_max: u64) -> Result<Sensitive<String>, Unavailable> {
        let slow = || Unavailable::Unusable("it could not be read in time".to_owned());
        let reading = async {
            let permit = Arc::clone(&self.reads).acquire_owned().await.ok().ok_or_else(slow)?;
            let directory = self.directory.clone();
            let work = tokio::task::spawn_blocking(move || {
                let _permit = permit;
                read_first(&directory, &candidates, bytes_max)
            });
            work.await.unwrap_or_else(|_| Err(slow()))
        };
        tokio::time::timeout(READ_WITHIN, reading).await.unwrap_or_else(|_| Err(slow()))
    }
}

impl SecretSource for SecretFiles {
    fn secret<'a>(&'a self, wanted: &'a SecretRef) -> Found<'a> {
        let candidates = match wanted {
            SecretRef::Managed(secret) => managed(secret),
            SecretRef::Parameter(parameter) => vec![format!("ssm/{}", parameter.name)],
        };
        Box::pin(async move {
            let value = self.read(candidates, SECRET_BYTES_MAX).await?;
            let text = value.expose();
            // Whoever writes a file with an editor ends its line, and means the line.
            let line = text.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
            Ok(line.map_or_else(|| value.clone(), |line| Sensitive::new(line.to_owned())))
        })
    }

    fn file<'a>(&'a self, wanted: &'a ObjectRef) -> Found<'a> {
        let path = format!("s3/{}/{}", wanted.bucket, wanted.key);
        Box::pin(self.read(vec![path], FILE_BYTES_MAX))
    }
}

/// Where a server looks that was not told where secrets are.
#[derive(Debug)]
pub struct NoSecrets;

impl NoSecrets {
    fn answer<'a>() -> Found<'a> {
        let text = "this server has no secrets: its configuration has no [secrets] directory".to_owned();
        Box::pin(std::future::ready(Err(Unavailable::Unusable(text))))
    }
}

impl SecretSource for NoSecrets {
    fn secret<'a>(&'a self, _: &'a SecretRef) -> Found<'a> {
        Self::answer()
    }

    fn file<'a>(&'a self, _: &'a ObjectRef) -> Found<'a> {
        Self::answer()
    }
}

/// Where a secret may lie: under its whole name, or without the characters that Secrets Manager appended to it. A version
/// that is not the current one has its label or its id behind it.
fn managed(secret: &ManagedSecret) -> Vec<String> {
    let stage = secret.version_stage.as_ref().filter(|stage| *stage != CURRENT_STAGE);
    let version = secret.version_id.as_ref().or(stage).map(|version| format!("@{version}")).unwrap_or_default();
    let short = secret.name.rsplit_once('-').filter(|(_, suffix)| {
        suffix.len() == SUFFIX_CHARACTERS && suffix.bytes().all(|byte| byte.is_ascii_alphanumeric())
    });
    let names = [Some(secret.name.as_str()), short.map(|(name, _)| name)];
    names.into_iter().flatten().map(|name| format!("secretsmanager/{name}{version}")).collect()
}

fn read_first(directory: &Path, candidates: &[String], bytes_max: u64) -> Result<Sensitive<String>, Unavailable> {
    for path in candidates {
        match read(directory, path, bytes_max) {
            Err(Unavailable::Missing) => {}
            other => return other,
        }
    }
    Err(Unavailable::Missing)
}

/// Reads one file below the directory. No error tells of a path or of what is there.
fn read(directory: &Path, path: &str, bytes_max: u64) -> Result<Sensitive<String>, Unavailable> {
    let unusable = |text: &str| Err(Unavailable::Unusable(text.to_owned()));
    let is_plain = |part: &str| !matches!(part, "" | "." | "..") && !part.contains('\0');
    if !path.split('/').all(is_plain) {
        return Err(Unavailable::Missing);
    }
    let flags = OFlags::RDONLY | OFlags::CLOEXEC;
    let root = match openat2(CWD, directory, flags | OFlags::DIRECTORY, Mode::empty(), ResolveFlags::empty()) {
        Ok(root) => root,
        Err(error) => {
            tracing::error!(directory = %directory.display(), %error, "the directory of secrets cannot be opened");
            return unusable("the server's directory of secrets cannot be opened");
        }
    };
    // Not waiting for whoever writes to a pipe.
    let flags = flags | OFlags::NONBLOCK | OFlags::NOCTTY;
    let beneath = ResolveFlags::BENEATH | ResolveFlags::NO_MAGICLINKS;
    let file = match openat2(&root, path, flags, Mode::empty(), beneath) {
        Ok(file) => std::fs::File::from(file),
        Err(Errno::NOENT | Errno::NOTDIR | Errno::NAMETOOLONG) => return Err(Unavailable::Missing),
        Err(Errno::XDEV | Errno::LOOP) => return unusable("a link leads out of the server's directory of secrets"),
        Err(Errno::ACCESS | Errno::PERM) => return unusable("the server may not read it"),
        Err(error) => {
            tracing::error!(path, %error, "a secret cannot be opened");
            return unusable("the server cannot read it");
        }
    };
    if !file.metadata().is_ok_and(|metadata| metadata.is_file()) {
        return unusable("it is no file");
    }
    let mut bytes = Vec::new();
    if let Err(error) = file.take(bytes_max + 1).read_to_end(&mut bytes) {
        tracing::error!(path, %error, "a secret cannot be read");
        return unusable("the server cannot read it");
    }
    if bytes.len() as u64 > bytes_max {
        return unusable(&format!("it has more than {bytes_max} bytes"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Sensitive::new(text)),
        Err(_) => unusable("it is no text in UTF-8"),
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    const ARN: &str = "arn:aws:secretsmanager:us-east-1:123456789012:secret:";

    async fn secret(files: &SecretFiles, reference: &str) -> Result<String, Unavailable> {
        files.secret(&SecretRef::parse(reference).unwrap()).await.map(Sensitive::into_inner)
    }

    #[tokio::test]
    async fn names_are_files_and_versions_stand_behind_them() {
        let directory = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = directory.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write("secretsmanager/prod/db", "short\n");
        write("secretsmanager/prod/db@AWSPREVIOUS", "old\r\n");
        write("secretsmanager/prod/db@1234", "by id");
        write("secretsmanager/exact-AbCdEf", " whole \n\n");
        write("ssm/prod/token", "t");
        write("s3/bucket/a/b.env", "A=1\n");
        let files = SecretFiles::new(directory.path().to_owned());
        for (reference, expected) in [
            (format!("{ARN}prod/db-AbCdEf"), "short"),
            (format!("{ARN}prod/db"), "short"),
            (format!("{ARN}prod/db-AbCdEf:key:AWSCURRENT:"), "short"),
            (format!("{ARN}prod/db-AbCdEf::AWSPREVIOUS:"), "old"),
            (format!("{ARN}prod/db-AbCdEf:::1234"), "by id"),
            (format!("{ARN}exact-AbCdEf"), " whole \n"),
            ("/prod/token".to_owned(), "t"),
            ("arn:aws:ssm:us-east-1:1:parameter/prod/token".to_owned(), "t"),
        ] {
            assert_eq!(secret(&files, &reference).await, Ok(expected.to_owned()), "{reference}");
        }
        assert_eq!(secret(&files, "prod/other").await, Err(Unavailable::Missing));
        let object = ObjectRef::parse("arn:aws:s3:::bucket/a/b.env").unwrap();
        assert_eq!(files.file(&object).await, Ok("A=1\n".to_owned().into()));
        write("ssm/prod/token", "new");
        assert_eq!(secret(&files, "prod/token").await, Ok("new".to_owned()), "nothing is kept");
    }

    #[tokio::test]
    async fn nothing_leads_out_of_the_directory() {
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("s3cret"), "s3cret").unwrap();
        let directory = outside.path().join("secrets");
        fs::create_dir_all(directory.join("ssm/dir")).unwrap();
        fs::create_dir_all(directory.join("s3/bucket")).unwrap();
        fs::write(directory.join("ssm/real"), "real").unwrap();
        symlink("../../s3cret", directory.join("ssm/out")).unwrap();
        symlink(outside.path().join("s3cret"), directory.join("ssm/absolute")).unwrap();
        symlink("real", directory.join("ssm/inside")).unwrap();
        symlink("loop", directory.join("ssm/loop")).unwrap();
        fs::write(directory.join("ssm/large"), vec![b'a'; 65 * 1024]).unwrap();
        fs::write(directory.join("ssm/binary"), [0xff]).unwrap();
        let files = SecretFiles::new(directory.clone());
        assert_eq!(secret(&files, "inside").await, Ok("real".to_owned()), "as mounted secrets have them");
        for name in ["../s3cret", "../../s3cret", "a/../real", "./real", "dir//x", "real/x", &"a".repeat(300)] {
            assert_eq!(secret(&files, name).await, Err(Unavailable::Missing), "{name}");
        }
        let object = ObjectRef::parse("arn:aws:s3:::bucket/../../../s3cret").unwrap();
        assert_eq!(files.file(&object).await, Err(Unavailable::Missing));
        for name in ["out", "absolute", "loop", "dir", "large", "binary"] {
            let refused = secret(&files, name).await;
            assert!(matches!(refused, Err(Unavailable::Unusable(_))), "{name}: {refused:?}");
        }
        let nowhere = SecretFiles::new(outside.path().join("nowhere"));
        assert!(matches!(secret(&nowhere, "real").await, Err(Unavailable::Unusable(_))));
    }
}
