//! Reading the files in which Docker's driver `json-file` keeps a container's output.
//!
//! Docker gives output out more slowly than a container can print, and passes over files that are full and gone before it
//! comes to them without a word. These files are read faster than Docker fills them; and should they not be, their lines
//! are counted, which is faster still.
//!
//! A file that is full becomes `….1`, what was `….1` becomes `….2`, and so on; beyond the container's number of files the
//! oldest goes. A file that is open can be read to its end whatever becomes of its name, so each is opened long before it
//! goes. Nothing is passed over unless this process stands still while Docker fills all files, and then that is known.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::ffi::OsString;
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, UNIX_EPOCH};

use berth_model::time::Timestamp;
use memchr::memmem;
use serde::Deserialize;

use super::moment;
use crate::runtime::{Chunk, Error, Missing};

/// How much is read at a time. Whole lines of it are handed on together.
const BLOCK_BYTES: usize = 256 << 10;
/// How many open files may be gone by name. What takes room on the disk beside the files that Docker keeps is one file
/// more, for a moment.
const GONE_MAX: usize = 1;
/// Stands in each line of a file that ends a line of the output, and, but for a text that ends with a backslash and an n
/// of its own, in no other.
const LINE_END: &[u8] = br#"\n","stream":"#;
/// How often to look again at files that are being renamed, and the wait between. Docker takes microseconds.
const LOOKS: u32 = 100;
const LOOK_AGAIN: Duration = Duration::from_millis(1);

/// Reads a container's files from the oldest on. All functions block, for moments.
#[derive(Debug)]
pub(super) struct Reader {
    /// The newest file.
    path: PathBuf,
    /// True if the output is that of a terminal.
    is_terminal: bool,
    file: File,
    /// How much of it was read.
    offset: u64,
    /// The files after it, up to the newest.
    ahead: VecDeque<File>,
    /// True if more comes than can be read.
    is_behind: bool,
    /// What was read of the file and not handed on.
    rest: Vec<u8>,
    /// What was only counted.
    missing: Option<Missing>,
    /// A file, and how much of it is to be read and no more.
    end: Option<(Identity, u64)>,
}

/// One line of a file.
#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow)]
    log: Cow<'a, str>,
    #[serde(borrow)]
    stream: Cow<'a, str>,
    #[serde(borrow)]
    time: Cow<'a, str>,
}

/// Tells a file from all others as long as it is there or open.
type Identity = (u64, u64);

fn identity(metadata: &Metadata) -> Identity {
    (metadata.dev(), metadata.ino())
}

impl Reader {
    /// Begins with the file in which a moment lies, if it can be told.
    ///
    /// # Errors
    /// If the files are not on this machine, or not for this process to read.
    pub(super) fn open(path: &Path, is_terminal: bool, since: Option<Timestamp>) -> io::Result<Self> {
        let since = UNIX_EPOCH + since.unwrap_or_default().since(Timestamp(0));
        for _ in 0..LOOKS {
            let files = files(path)?;
            // What was last written to before that moment has nothing of it.
            let is_wanted = |file: &&Metadata| file.modified().is_ok_and(|at| at >= since);
            let wanted = files.iter().take_while(is_wanted).count();
            // If not even the newest is, the clock was set back, and what is new is older than what is there.
            let number = if wanted == 0 { files.len() } else { wanted }.saturating_sub(1);
            if let Some(file) = open(path, number, &files)? {
                return Ok(Self {
                    path: path.to_owned(),
                    is_terminal,
                    file,
                    offset: 0,
                    ahead: VecDeque::new(),
                    is_behind: false,
                    rest: Vec::new(),
                    missing: None,
                    end: None,
                });
            }
        }
        Err(ErrorKind::NotFound.into())
    }

    /// Reads no further than what is there now, or a little: a container that is started again goes on in the same files.
    pub(super) fn end_here(&mut self) {
        if self.end.is_none() {
            self.end = fs::metadata(&self.path).ok().map(|newest| (identity(&newest), newest.len()));
        }
    }

    fn is_at_end(&self) -> Result<bool, Error> {
        let Some((file, length)) = self.end else { return Ok(false) };
        let own = self.file.metadata().map_err(Error::Broken)?;
        Ok(identity(&own) == file && self.offset >= length)
    }

    /// The next pieces; none if there are no more at present.
    ///
    /// # Errors
    /// [`Error::Overtaken`] if files have gone before they were read.
    pub(super) fn step(&mut self) -> Result<Vec<Chunk>, Error> {
        loop {
            if self.is_at_end()? {
                return Ok(Vec::new());
            }
            let has_more = self.fill()?;
            let looked = self.look_ahead();
            if self.is_behind {
                self.count()?;
            } else if has_more {
                let pieces = self.pieces();
                if !pieces.is_empty() {
                    return Ok(pieces);
                }
                continue;
            } else if looked.map(|()| self.ahead.is_empty())? {
                return Ok(Vec::new());
            } else if self.fill()? {
                // It has had its last line by the time it was renamed, but maybe not by the time its end was read.
                return Ok(self.pieces());
            }
            if let Some(next) = self.ahead.pop_front() {
                (self.file, self.offset) = (next, 0);
                self.rest.clear();
            }
        }
    }

    /// Reads a block. False at the end of the file.
    fn fill(&mut self) -> Result<bool, Error> {
        let block = u64::try_from(BLOCK_BYTES).unwrap_or(u64::MAX);
        let bytes = (&mut self.file).take(block).read_to_end(&mut self.rest).map_err(Error::Broken)?;
        self.offset += u64::try_from(bytes).unwrap_or(u64::MAX);
        Ok(bytes > 0)
    }

    /// Where what was read ends last with a line of the file.
    fn whole(&self) -> usize {
        self.rest.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1)
    }

    /// The whole lines of what was read.
    fn pieces(&mut self) -> Vec<Chunk> {
        let end = self.whole();
        let lines = self.rest[..end].split_inclusive(|byte| *byte == b'\n');
        let mut pieces: Vec<Chunk> = lines.filter_map(|line| piece(line, self.is_terminal)).collect();
        self.rest.drain(..end);
        if let Some(first) = pieces.first_mut() {
            first.missing = self.missing.take();
        }
        pieces
    }

    /// Counts the lines of what is left of the file.
    fn count(&mut self) -> Result<(), Error> {
        loop {
            let end = self.whole();
            let lines = &self.rest[..end];
            let is_escaped = |at: &usize| lines[..*at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
            let count = memmem::find_iter(lines, LINE_END).filter(|at| !is_escaped(at)).count();
            let last = lines.trim_ascii_end().rsplit(|byte| *byte == b'\n').next();
            let until = last.and_then(|line| piece(line, false)).map(|piece| piece.at);
            let missing = self.missing.get_or_insert_default();
            missing.lines += u64::try_from(count).unwrap_or(u64::MAX);
            missing.until = missing.until.max(until.unwrap_or_default());
            self.rest.drain(..end);
            if !self.fill()? {
                return Ok(());
            }
        }
    }

    /// Opens the files after the newest that is open.
    fn look_ahead(&mut self) -> Result<(), Error> {
        self.is_behind = false;
        let newest = self.ahead.back().unwrap_or(&self.file).metadata().map_err(Error::Broken)?;
        if self.ahead.is_empty() && newest.len() < self.offset {
            // The only file of a container that has one: it was emptied, and is begun anew.
            return Err(Error::Overtaken);
        }
        let newest = identity(&newest);
        for _ in 0..LOOKS {
            if fs::metadata(&self.path).is_ok_and(|file| identity(&file) == newest) && self.ahead.is_empty() {
                return Ok(());
            }
            let files = match files(&self.path) {
                Ok(files) => files,
                // The container was removed.
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
                Err(error) => return Err(Error::Broken(error)),
            };
            let number = files.iter().position(|file| identity(file) == newest).ok_or(Error::Overtaken)?;
            let after = (0..number).rev().map(|number| open(&self.path, number, &files));
            let after: Option<Vec<File>> = after.collect::<Result<_, _>>().map_err(Error::Broken)?;
            // Else they were renamed meanwhile.
            if let Some(after) = after {
                self.ahead.extend(after);
                self.is_behind = self.ahead.len() + 1 > files.len() + GONE_MAX;
                return Ok(());
            }
        }
        Ok(())
    }
}

/// All files of a container, the newest first, none of them being renamed.
fn files(path: &Path) -> io::Result<Vec<Metadata>> {
    let look = || -> io::Result<Vec<Metadata>> {
        let mut files = Vec::new();
        loop {
            match fs::metadata(numbered(path, files.len())) {
                Ok(file) => files.push(file),
                // A hole is where they are being renamed.
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    let is_hole = numbered(path, files.len() + 1).exists();
                    return Ok(if is_hole { Vec::new() } else { files });
                }
                Err(error) => return Err(error),
            }
        }
    };
    let identities = |files: &[Metadata]| files.iter().map(identity).collect::<Vec<_>>();
    for _ in 0..LOOKS {
        let (before, files) = (look()?, look()?);
        if !files.is_empty() && identities(&before) == identities(&files) {
            return Ok(files);
        }
        pause();
    }
    Err(ErrorKind::NotFound.into())
}

#[expect(clippy::disallowed_methods, reason = "readers have a thread that may block")]
fn pause() {
    std::thread::sleep(LOOK_AGAIN);
}

/// Opens the file that was found at a number, unless it was renamed since.
fn open(path: &Path, number: usize, files: &[Metadata]) -> io::Result<Option<File>> {
    let file = match File::open(numbered(path, number)) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        file => file?,
    };
    let found = identity(&file.metadata()?);
    Ok(files.get(number).is_some_and(|file| identity(file) == found).then_some(file))
}

fn numbered(path: &Path, number: usize) -> PathBuf {
    if number == 0 {
        return path.to_owned();
    }
    let mut name = OsString::from(path);
    name.push(format!(".{number}"));
    PathBuf::from(name)
}

/// Reads a line. One that was torn by a power cut is passed over.
fn piece(line: &[u8], is_terminal: bool) -> Option<Chunk> {
    let entry: Entry<'_> = serde_json::from_slice(line).ok()?;
    let text = match entry.log.strip_suffix("\r\n") {
        // A terminal ends lines with both, and only one of them is the program's.
        Some(line) if is_terminal => format!("{line}\n"),
        Some(_) | None => entry.log.into_owned(),
    };
    let is_error = entry.stream == "stderr";
    Some(Chunk { is_error, at: moment(&entry.time)?, text: text.into(), missing: None })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    /// What Docker writes.
    struct Docker {
        path: PathBuf,
        files_max: usize,
        file: File,
        at: i64,
        _directory: tempfile::TempDir,
    }

    impl Docker {
        fn new(files_max: usize) -> Self {
            let directory = tempfile::tempdir().unwrap();
            let path = directory.path().join("c-json.log");
            let file = File::create(&path).unwrap();
            Self { path, files_max, file, at: 0, _directory: directory }
        }

        fn write(&mut self, text: &str) {
            self.at += 1;
            let time = format!("1970-01-01T00:00:{:02}.5Z", self.at);
            let stream = if text.starts_with("error") { "stderr" } else { "stdout" };
            let entry = serde_json::json!({ "log": text, "stream": stream, "time": time });
            writeln!(self.file, "{entry}").unwrap();
        }

        fn rotate(&mut self) {
            for number in (1..self.files_max).rev() {
                let from = numbered(&self.path, number - 1);
                if from.exists() {
                    fs::rename(from, numbered(&self.path, number)).unwrap();
                }
            }
            self.file = File::create(&self.path).unwrap();
        }

        fn reader(&self) -> Reader {
            Reader::open(&self.path, false, None).unwrap()
        }
    }

    fn all(reader: &mut Reader) -> Vec<String> {
        let mut texts = Vec::new();
        loop {
            let pieces = reader.step().unwrap();
            if pieces.is_empty() {
                return texts;
            }
            texts.extend(pieces.iter().map(|piece| String::from_utf8_lossy(&piece.text).trim_end().to_owned()));
        }
    }

    #[test]
    fn pieces_have_their_moment_and_their_stream() {
        let mut docker = Docker::new(2);
        docker.write("a\n");
        docker.write("error");
        let chunk = |is_error, at, text: &'static str| {
            let at = Timestamp(at);
            Chunk { is_error, at, text: text.into(), missing: None }
        };
        let mut reader = docker.reader();
        assert_eq!(reader.step().unwrap(), [chunk(false, 1_500, "a\n"), chunk(true, 2_500, "error")]);
        assert_eq!(reader.step().unwrap(), []);
        docker.write("€\r\n");
        assert_eq!(reader.step().unwrap(), [chunk(false, 3_500, "€\r\n")]);
        let mut reader = Reader::open(&docker.path, true, None).unwrap();
        assert_eq!(reader.step().unwrap()[2], chunk(false, 3_500, "€\n"));
    }

    #[test]
    fn a_reading_begins_with_the_file_of_a_moment_and_with_the_oldest_if_the_clock_was_set_back() {
        let mut docker = Docker::new(3);
        for at in [10, 20, 30] {
            docker.write(&format!("{at}\n"));
            docker.file.set_modified(UNIX_EPOCH + Duration::from_secs(at)).unwrap();
            if at < 30 {
                docker.rotate();
            }
        }
        for (since, expected) in [
            (None, &["10", "20", "30"][..]),
            (Some(5), &["10", "20", "30"]),
            (Some(15), &["20", "30"]),
            (Some(30), &["30"]),
            (Some(31), &["10", "20", "30"]),
        ] {
            let since = since.map(|seconds: i64| Timestamp(seconds * 1000));
            assert_eq!(all(&mut Reader::open(&docker.path, false, since).unwrap()), expected, "{since:?}");
        }
    }

    #[test]
    fn every_line_is_read_once_wherever_files_end() {
        // A bit for each line: whether the file ends behind it, and whether the reader looks then.
        const LINES: u32 = 4;
        for (ends, looks) in (0..1 << LINES).flat_map(|ends| (0..1 << LINES).map(move |looks| (ends, looks))) {
            let mut docker = Docker::new(8);
            let (mut reader, mut texts) = (docker.reader(), Vec::new());
            for line in 0..LINES {
                docker.write(&format!("{line}\n"));
                if ends & 1 << line != 0 {
                    docker.rotate();
                }
                if looks & 1 << line != 0 {
                    texts.extend(all(&mut reader));
                }
            }
            texts.extend(all(&mut reader));
            assert_eq!(texts, ["0", "1", "2", "3"], "{ends:b} {looks:b}");
            assert_eq!(all(&mut docker.reader()), texts);
        }
    }

    #[test]
    fn a_reader_that_has_the_oldest_file_open_misses_nothing() {
        let mut docker = Docker::new(2);
        docker.write("a\n");
        let mut reader = docker.reader();
        docker.rotate();
        docker.write("b\n");
        assert_eq!(all(&mut reader), ["a", "b"]);
    }

    #[test]
    fn what_is_gone_before_it_can_be_read_is_counted() {
        let mut docker = Docker::new(2);
        docker.write("0\n");
        let mut reader = docker.reader();
        // It has begun, and then is slower than Docker.
        assert_eq!(all(&mut reader), ["0"]);
        for number in 1..7 {
            docker.write("begun ");
            docker.write("\\n");
            docker.write("ended \\\n");
            docker.rotate();
            reader.look_ahead().unwrap();
            docker.write(&format!("{number}\n"));
        }
        let mut pieces = Vec::new();
        while let Some(piece) = reader.step().unwrap().into_iter().next() {
            pieces.push((piece.text, piece.missing));
        }
        // Five files were open beside the two that are left, and one of them may be.
        let missing = Missing { lines: 2 * 4 - 1, until: Timestamp(16_500) };
        assert_eq!(pieces[0], ("4\n".into(), Some(missing)));
        assert!(pieces[1..].iter().all(|(_, missing)| missing.is_none()));
        assert_eq!(pieces.last().map(|(text, _)| text.as_ref()), Some(b"6\n".as_slice()));
    }

    #[test]
    fn a_reader_that_is_to_end_does_not_go_on_with_what_comes_later() {
        let mut docker = Docker::new(3);
        docker.write("a\n");
        docker.rotate();
        docker.write("b\n");
        let mut reader = docker.reader();
        reader.end_here();
        assert_eq!(reader.step().unwrap().len(), 1, "the first file");
        assert_eq!(reader.step().unwrap().len(), 1, "the second");
        docker.write("c\n");
        docker.rotate();
        docker.write("d\n");
        reader.end_here();
        assert_eq!(all(&mut reader), [""; 0]);
        assert_eq!(all(&mut docker.reader()), ["a", "b", "c", "d"]);
    }

    #[test]
    fn files_that_went_before_they_were_read_are_noticed() {
        let mut docker = Docker::new(2);
        docker.write("a\n");
        let mut reader = docker.reader();
        for text in ["b\n", "c\n", "d\n"] {
            docker.rotate();
            docker.write(text);
        }
        assert_eq!(reader.step().unwrap().len(), 1, "it was open");
        assert!(matches!(reader.step(), Err(Error::Overtaken)));
        assert_eq!(all(&mut docker.reader()), ["c", "d"]);
    }

    #[test]
    fn an_only_file_that_was_emptied_is_noticed() {
        let mut docker = Docker::new(1);
        docker.write("a\n");
        let mut reader = docker.reader();
        assert_eq!(all(&mut reader), ["a"]);
        docker.rotate();
        assert!(matches!(reader.step(), Err(Error::Overtaken)));
    }

    #[test]
    fn lines_that_are_begun_wait_and_torn_ones_are_passed_over() {
        let mut docker = Docker::new(2);
        let mut reader = docker.reader();
        docker.file.write_all(b"{\"log\":\"a\\n\",\"str").unwrap();
        assert_eq!(reader.step().unwrap(), []);
        docker.file.write_all(b"eam\":\"stdout\",\"time\":\"1970-01-01T00:00:01Z\",\"attrs\":{}}\n{\"log\"\n").unwrap();
        docker.write("b\n");
        assert_eq!(all(&mut reader), ["a", "b"]);
    }

    #[test]
    fn a_removed_container_has_no_more() {
        let mut docker = Docker::new(2);
        docker.write("a\n");
        let mut reader = docker.reader();
        fs::remove_file(&docker.path).unwrap();
        assert_eq!(all(&mut reader), ["a"]);
        assert!(Reader::open(&docker.path, false, None).is_err());
    }
}
