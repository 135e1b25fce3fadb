//! The groups and streams there are: how they are named on disk, made, listed and removed.
//!
//! What is to be known of a group or a stream beside its events stands in a file of its own in its directory. A directory
//! appears under its name with that file in it, and vanishes from its name whole: whatever a process that dies leaves
//! half done has another name, which no group or stream can have, and is removed at the next start.

use std::fmt::Write as _;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use berth_model::id::{ClusterName, HostId};
use berth_model::time::Timestamp;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{LogError, stream};

/// Longest file name made of an escaped name; beyond it a digest stands in. File systems allow 255 bytes.
const ESCAPED_BYTES_MAX: usize = 200;

/// What is to be known of a group or a stream. No group or stream has a file name that begins with a dot.
const ABOUT: &str = ".about";

/// Half made, half removed. What follows is a number.
const REMAINS: &str = ".remains-";

/// Sets apart what is half made or half removed at the same time.
static NEXT_REMAINS: AtomicU64 = AtomicU64::new(0);

/// A group in its file.
#[derive(Debug, Serialize, Deserialize)]
struct AboutGroup {
    name: String,
    created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    retention_days: Option<u32>,
}

/// A stream in its file.
#[derive(Debug, Serialize, Deserialize)]
struct AboutStream {
    name: String,
    created_at: Timestamp,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    owner: Option<Owner>,
}

/// Whose task writes to a stream. It is kept with the stream because output outlives the rows of its task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owner {
    /// The task's cluster.
    pub cluster: ClusterName,
    /// The task's host, if it has one.
    pub host: Option<HostId>,
}

/// Which groups to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GroupQuery {
    /// Only those whose names begin so.
    pub prefix: Option<String>,
    /// Only those whose names have this somewhere, in capital or small letters.
    pub pattern: Option<String>,
    /// Only these.
    pub names: Option<Vec<String>>,
    /// Only those behind this name.
    pub after: Option<String>,
    /// Most groups.
    pub limit: usize,
}

/// One group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupView {
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// How many days its events are kept, if that was said.
    pub retention_days: Option<u32>,
    /// What its streams take, in bytes. Counted anew now and then, and only about right in between.
    pub stored_bytes: u64,
}

/// Which streams to list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StreamQuery {
    /// Only those whose names begin so.
    pub prefix: Option<String>,
    /// In which order.
    pub order: StreamOrder,
    /// The other way round.
    pub descending: bool,
    /// Only those behind this one.
    pub after: Option<(Timestamp, String)>,
    /// Most streams.
    pub limit: usize,
}

/// The order of streams.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum StreamOrder {
    /// By name.
    #[default]
    Name,
    /// By the moment of the last event, then by name. Every stream has to be looked into for that.
    LastEvent,
}

/// One stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StreamView {
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// The moment of the oldest event that is there.
    pub first_event: Option<Timestamp>,
    /// The moment of the newest event.
    pub last_event: Option<Timestamp>,
    /// When that came here.
    pub last_ingested: Option<Timestamp>,
}

impl StreamView {
    /// Its place in a list by [`StreamOrder::LastEvent`], or behind which a list by name goes on.
    pub fn place(&self) -> (Timestamp, String) {
        (self.last_event.unwrap_or_default(), self.name.clone())
    }
}

pub(super) fn create_group(root: &Path, name: &str, now: Timestamp) -> Result<(), LogError> {
    let about = AboutGroup { name: name.to_owned(), created_at: now, retention_days: None };
    create(root, &root.join(file_name(name)), &about, "group")
}

pub(super) fn create_stream(
    root: &Path,
    group: &str,
    name: &str,
    owner: Option<Owner>,
    now: Timestamp,
) -> Result<(), LogError> {
    let group = root.join(file_name(group));
    if !group.is_dir() {
        return Err(LogError::NotFound("group"));
    }
    let about = AboutStream { name: name.to_owned(), created_at: now, owner };
    create(root, &group.join(file_name(name)), &about, "stream")
}

fn create(root: &Path, path: &Path, about: &impl Serialize, kind: &'static str) -> Result<(), LogError> {
    if path.is_dir() {
        return Err(LogError::AlreadyExists(kind));
    }
    let half = remains(root);
    std::fs::create_dir(&half)?;
    std::fs::write(half.join(ABOUT), serde_json::to_vec(about).map_err(io::Error::from)?)?;
    // A directory takes another's name only if that is empty, which none is.
    std::fs::rename(&half, path).or_else(|error| {
        std::fs::remove_dir_all(&half)?;
        match error.kind() {
            ErrorKind::NotFound => Err(LogError::NotFound("group")),
            ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty => Err(LogError::AlreadyExists(kind)),
            _ => Err(error.into()),
        }
    })
}

/// Whose task writes to a stream, if that was known when it was made. `None` also if there is no such stream.
pub(super) fn owner(stream: &Path) -> Result<Option<Owner>, LogError> {
    match about::<AboutStream>(stream) {
        Ok(about) => Ok(about.owner),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn delete_group(root: &Path, name: &str) -> Result<(), LogError> {
    match remove(root, &root.join(file_name(name))) {
        Err(error) if error.kind() == ErrorKind::NotFound => Err(LogError::NotFound("group")),
        done => Ok(done?),
    }
}

/// Removes a directory: from its name at once, from the disk after.
pub(super) fn remove(root: &Path, path: &Path) -> io::Result<()> {
    let half = remains(root);
    std::fs::rename(path, &half)?;
    std::fs::remove_dir_all(half)
}

fn remains(root: &Path) -> PathBuf {
    root.join(format!("{REMAINS}{}", NEXT_REMAINS.fetch_add(1, Ordering::Relaxed)))
}

/// Removes what an earlier process left half done. Nobody else may work below `root` yet.
pub(super) fn remove_remains(root: &Path) -> io::Result<()> {
    for entry in std::fs::read_dir(root)? {
        let entry = entry?;
        if entry.file_name().as_encoded_bytes().starts_with(REMAINS.as_bytes()) {
            std::fs::remove_dir_all(entry.path())?;
        }
    }
    Ok(())
}

/// How many days the events of a group are kept, if that was said.
pub(super) fn retention(group: &Path) -> Result<Option<u32>, LogError> {
    Ok(about_group(group)?.retention_days)
}

/// The caller keeps two of these apart.
pub(super) fn set_retention(group: &Path, days: Option<u32>) -> Result<(), LogError> {
    let about = AboutGroup { retention_days: days, ..about_group(group)? };
    let new = group.join(format!("{ABOUT}-new"));
    std::fs::write(&new, serde_json::to_vec(&about).map_err(io::Error::from)?)?;
    Ok(std::fs::rename(new, group.join(ABOUT))?)
}

fn about_group(group: &Path) -> Result<AboutGroup, LogError> {
    match about(group) {
        Err(error) if error.kind() == ErrorKind::NotFound => Err(LogError::NotFound("group")),
        read => Ok(read?),
    }
}

fn about<T: DeserializeOwned>(path: &Path) -> io::Result<T> {
    Ok(serde_json::from_slice(&std::fs::read(path.join(ABOUT))?)?)
}

/// The directories of groups below the root, or of streams below a group.
pub(super) fn directories(path: &Path) -> io::Result<impl Iterator<Item = io::Result<PathBuf>>> {
    let entries = std::fs::read_dir(path)?;
    Ok(entries.filter_map(|entry| match entry {
        Ok(entry) if entry.file_name().as_encoded_bytes().starts_with(b".") => None,
        entry => Some(entry.map(|entry| entry.path())),
    }))
}

pub(super) fn groups(root: &Path, query: &GroupQuery) -> Result<Vec<GroupView>, LogError> {
    let pattern = query.pattern.as_ref().map(|pattern| pattern.to_lowercase());
    let is_asked_for = |name: &str| {
        query.prefix.as_ref().is_none_or(|prefix| name.starts_with(prefix.as_str()))
            && pattern.as_ref().is_none_or(|pattern| name.to_lowercase().contains(pattern.as_str()))
            && query.names.as_ref().is_none_or(|names| names.iter().any(|asked| asked == name))
            && query.after.as_ref().is_none_or(|after| name > after.as_str())
    };
    let mut found = Vec::new();
    for path in directories(root)? {
        match about::<AboutGroup>(&path?) {
            Ok(about) if is_asked_for(&about.name) => found.push(about),
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err(error.into()),
        }
    }
    found.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let view = |about: AboutGroup| {
        let AboutGroup { name, created_at, retention_days } = about;
        GroupView { name, created_at, retention_days, stored_bytes: 0 }
    };
    Ok(found.into_iter().take(query.limit).map(view).collect())
}

/// The names of a group's streams that begin with `prefix`, in order, each with its directory.
pub(super) fn stream_names(group: &Path, prefix: Option<&str>) -> Result<Vec<(String, PathBuf)>, LogError> {
    let mut names = Vec::new();
    let entries = match directories(group) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Err(LogError::NotFound("group")),
        entries => entries?,
    };
    for path in entries {
        let path = path?;
        let Some(name) = name_of(&path)? else { continue };
        if prefix.is_none_or(|prefix| name.starts_with(prefix)) {
            names.push((name, path));
        }
    }
    names.sort_unstable();
    Ok(names)
}

pub(super) fn streams(group: &Path, query: &StreamQuery) -> Result<Vec<StreamView>, LogError> {
    let mut names = stream_names(group, query.prefix.as_deref())?;
    let views = |names: &mut dyn Iterator<Item = (String, PathBuf)>| -> Result<Vec<StreamView>, LogError> {
        let mut views = Vec::new();
        for (name, path) in names {
            views.extend(view(name, &path)?);
        }
        Ok(views)
    };
    if query.order == StreamOrder::Name {
        if query.descending {
            names.reverse();
        }
        let is_behind = |(name, _): &(String, PathBuf)| match &query.after {
            None => true,
            Some((_, after)) if query.descending => name < after,
            Some((_, after)) => name > after,
        };
        return views(&mut names.into_iter().filter(is_behind).take(query.limit));
    }
    let mut found = views(&mut names.into_iter())?;
    found.sort_by_cached_key(StreamView::place);
    if query.descending {
        found.reverse();
    }
    let is_behind = |view: &StreamView| match &query.after {
        None => true,
        Some(after) if query.descending => view.place() < *after,
        Some(after) => view.place() > *after,
    };
    found.retain(is_behind);
    found.truncate(query.limit);
    Ok(found)
}

/// What a stream's directory says; `None` if it is gone meanwhile.
fn view(name: String, path: &Path) -> io::Result<Option<StreamView>> {
    let read = || -> io::Result<_> {
        let about: AboutStream = about(path)?;
        let (first, last) = stream::ends(path)?;
        Ok((about.created_at, first, last))
    };
    match read() {
        Ok((created_at, first, last)) => Ok(Some(StreamView {
            name,
            created_at,
            first_event: first.map(|(at, _)| at),
            last_event: last.map(|(at, _)| at),
            last_ingested: last.map(|(_, ingested_at)| ingested_at),
        })),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// A file name for a group or a stream: the same for the same name, another for another, and never a path. Letters,
/// digits, `-`, `_` and inner dots stand for themselves, other bytes as `%XX`; a name that gets too long is `~` and its
/// digest, which no escaped name begins with.
pub(super) fn file_name(name: &str) -> String {
    let mut escaped = String::with_capacity(name.len());
    for (at, byte) in name.bytes().enumerate() {
        match byte {
            b'-' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => escaped.push(char::from(byte)),
            b'.' if at > 0 => escaped.push('.'),
            _ => write!(escaped, "%{byte:02X}").expect("a String takes everything"),
        }
    }
    if (1..=ESCAPED_BYTES_MAX).contains(&escaped.len()) {
        return escaped;
    }
    let digest = Sha256::digest(name.as_bytes());
    digest.iter().fold("~".to_owned(), |name, byte| format!("{name}{byte:02x}"))
}

/// The name of the stream in a directory: read back from the directory's where it stands there. `None` if it is gone.
fn name_of(path: &Path) -> io::Result<Option<String>> {
    let file = path.file_name().and_then(|file| file.to_str()).unwrap_or_default();
    if let Some(name) = unescaped(file) {
        return Ok(Some(name));
    }
    match about::<AboutStream>(path) {
        Ok(about) => Ok(Some(about.name)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// The other way round; `None` for a digest.
fn unescaped(file: &str) -> Option<String> {
    if file.starts_with('~') {
        return None;
    }
    let mut name = Vec::with_capacity(file.len());
    let mut rest = file.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        if *first == b'%' {
            let (digits, behind) = behind.split_at_checked(2)?;
            name.push(u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()?);
            rest = behind;
        } else {
            name.push(*first);
            rest = behind;
        }
    }
    String::from_utf8(name).ok()
}
