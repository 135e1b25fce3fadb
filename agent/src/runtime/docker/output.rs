//! Reading a container's output with the moments at which it was written: from Docker's files, or, where those are not
//! to be had, from Docker.

mod file;
mod watch;

use std::path::{Path, PathBuf};
use std::time::Duration;

use berth_model::time::Timestamp;
use bollard::container::LogOutput;
use bollard::models::ContainerInspectResponse;
use bollard::query_parameters::LogsOptionsBuilder;
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};
use tokio_util::sync::CancellationToken;

use self::file::Reader;
use self::watch::Watch;
pub(super) use self::watch::Watcher;
use super::Docker;
use crate::runtime::{Chunk, Error, Output};

/// The driver whose files can be read.
const JSON_FILE: &str = "json-file";
/// Files are looked at this often if nobody says that they have changed.
const LOOK_EVERY: Duration = Duration::from_secs(1);

impl Docker {
    /// See [`crate::runtime::Runtime::output`].
    pub(super) async fn read_output(
        &self,
        runtime_id: &str,
        since: Option<Timestamp>,
        ended: CancellationToken,
    ) -> Output {
        let container = self.inspect(runtime_id).await.ok().flatten();
        let Some((path, is_terminal)) = container.and_then(|container| files(&container)) else {
            return Output { chunks: follow(&self.engine, runtime_id, since), is_exact: false };
        };
        let watch = path.parent().and_then(|directory| self.watch(directory));
        match tokio::task::spawn_blocking(move || Reader::open(&path, is_terminal, since)).await {
            Ok(Ok(reader)) => Output { chunks: read(reader, watch, ended), is_exact: true },
            // They are on another machine, or in a place that only Docker sees.
            Ok(Err(error)) => {
                tracing::info!(runtime_id, %error, "output is read through Docker: its files cannot be read");
                Output { chunks: follow(&self.engine, runtime_id, since), is_exact: false }
            }
            Err(_) => Output { chunks: follow(&self.engine, runtime_id, since), is_exact: false },
        }
    }

    fn watch(&self, directory: &Path) -> Option<Watch> {
        let watcher = self.watcher.get_or_init(|| {
            Watcher::open().inspect_err(|error| tracing::warn!(%error, "output is looked for once a second")).ok()
        });
        watcher.as_ref()?.watch(directory).ok()
    }
}

/// Where a container's output is, if it is in files that can be read, and whether it is a terminal's.
fn files(container: &ContainerInspectResponse) -> Option<(PathBuf, bool)> {
    let log = container.host_config.as_ref()?.log_config.as_ref()?;
    let option = |name: &str| log.config.as_ref()?.get(name);
    let is_compressed = option("compress").is_some_and(|it| it != "false");
    // A single file is emptied when it is full, whoever reads it.
    let count = option("max-file").map_or(Some(1), |count| count.parse::<u32>().ok());
    let is_emptied = option("max-size").is_some() && count.is_none_or(|count| count < 2);
    let path = container.log_path.as_ref().filter(|path| !path.is_empty())?;
    let is_terminal = container.config.as_ref().and_then(|config| config.tty) == Some(true);
    (log.typ.as_deref() == Some(JSON_FILE) && !is_compressed && !is_emptied).then(|| (PathBuf::from(path), is_terminal))
}

/// Reads from files until all is read that a container wrote that has `ended`.
fn read(reader: Reader, watch: Option<Watch>, ended: CancellationToken) -> BoxStream<'static, Result<Chunk, Error>> {
    let blocks = stream::try_unfold((reader, watch), move |(mut reader, mut watch)| {
        let ended = ended.clone();
        async move {
            loop {
                let is_over = ended.is_cancelled();
                if let Some(watch) = &mut watch {
                    watch.begin();
                }
                let step = tokio::task::spawn_blocking(move || {
                    if is_over {
                        reader.end_here();
                    }
                    (reader.step(), reader)
                });
                let (pieces, same) = step.await.map_err(|error| Error::Broken(std::io::Error::other(error)))?;
                reader = same;
                let pieces: Vec<Chunk> = pieces?;
                if !pieces.is_empty() {
                    let pieces = stream::iter(pieces.into_iter().map(Ok::<_, Error>));
                    return Ok::<_, Error>(Some((pieces, (reader, watch))));
                }
                if is_over {
                    return Ok(None);
                }
                let change = async {
                    match &mut watch {
                        Some(watch) => watch.changed().await,
                        None => std::future::pending().await,
                    }
                };
                tokio::select! {
                    () = change => {}
                    () = ended.cancelled() => {}
                    () = tokio::time::sleep(LOOK_EVERY) => {}
                }
            }
        }
    });
    blocks.try_flatten().boxed()
}

/// Has Docker give out a container's output until it ends. `since` is rounded down: Docker counts in seconds.
fn follow(
    engine: &bollard::Docker,
    runtime_id: &str,
    since: Option<Timestamp>,
) -> BoxStream<'static, Result<Chunk, Error>> {
    let seconds = since.map_or(0, |at| i32::try_from(at.0 / 1000).unwrap_or(i32::MAX));
    let options =
        LogsOptionsBuilder::default().follow(true).stdout(true).stderr(true).timestamps(true).since(seconds).build();
    let frames = engine.logs(runtime_id, Some(options));
    frames.map(|frame| frame.map(chunk).map_err(Error::from)).boxed()
}

/// Reads the last piece of an output, without all that was before it.
pub(super) async fn end(engine: &bollard::Docker, runtime_id: &str) -> Result<Option<Chunk>, Error> {
    let options = LogsOptionsBuilder::default().stdout(true).stderr(true).timestamps(true).tail("1").build();
    let mut frames = engine.logs(runtime_id, Some(options));
    let mut last = None;
    while let Some(frame) = frames.next().await {
        last = Some(chunk(frame?));
    }
    Ok(last)
}

fn chunk(frame: LogOutput) -> Chunk {
    let is_error = matches!(frame, LogOutput::StdErr { .. });
    let is_terminal = matches!(frame, LogOutput::Console { .. });
    let text = frame.into_bytes();
    // A terminal ends lines with both, and only one of them is the program's.
    let text = match text.strip_suffix(b"\r\n") {
        Some(line) if is_terminal => [line, b"\n"].concat().into(),
        Some(_) | None => text,
    };
    let space = text.iter().position(|byte| *byte == b' ').unwrap_or(text.len());
    let at = std::str::from_utf8(&text[..space]).ok().and_then(moment);
    match at {
        Some(at) => Chunk { is_error, at, text: text.slice((space + 1).min(text.len())..), missing: None },
        None => Chunk { is_error, at: Timestamp(0), text, missing: None },
    }
}

/// Reads a moment as Docker writes it, such as `2026-11-23T20:16:34.123456789Z`.
pub(super) fn moment(text: &str) -> Option<Timestamp> {
    let (date, time) = text.split_once('T')?;
    let time = time.strip_suffix('Z')?;
    let mut date = date.splitn(3, '-').map(|part| part.parse::<i64>().ok());
    let (year, month, day) = (date.next()??, date.next()??, date.next()??);
    let (clock, fraction) = time.split_once('.').unwrap_or((time, ""));
    let mut clock = clock.splitn(3, ':').map(|part| part.parse::<i64>().ok());
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let millis: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
    // Days since 1970-01-01 in the Gregorian calendar, with years that begin in March.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    let days = era * 146_097 + day_of_era - 719_468;
    Some(Timestamp((((days * 24 + hour) * 60 + minute) * 60 + second) * 1000 + millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_read_that_are_not_changed_once_they_are_full() {
        let container = |driver: &str, options: &[(&str, &str)], path: &str| -> ContainerInspectResponse {
            let config: std::collections::BTreeMap<_, _> = options.iter().copied().collect();
            let log = serde_json::json!({ "Type": driver, "Config": config });
            let json =
                serde_json::json!({ "LogPath": path, "HostConfig": { "LogConfig": log }, "Config": { "Tty": true } });
            serde_json::from_value(json).unwrap()
        };
        let path = "/var/lib/docker/containers/a/a-json.log";
        let there = Some((PathBuf::from(path), true));
        for (options, is_read) in [
            (&[][..], true),
            (&[("max-size", "16m"), ("max-file", "4")], true),
            (&[("max-size", "16m"), ("max-file", "4"), ("compress", "false")], true),
            (&[("max-size", "16m"), ("max-file", "4"), ("compress", "true")], false),
            (&[("max-size", "16m")], false),
            (&[("max-size", "16m"), ("max-file", "1")], false),
        ] {
            let found = files(&container(JSON_FILE, options, path));
            assert_eq!(found, there.clone().filter(|_| is_read), "{options:?}");
        }
        assert_eq!(files(&container("local", &[], path)), None);
        assert_eq!(files(&container(JSON_FILE, &[], "")), None);
    }

    #[test]
    fn moments_are_read_as_docker_writes_them() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", Some(0)),
            ("2000-02-29T12:00:00.5Z", Some(951_825_600_500)),
            ("2026-11-23T20:16:34.123456789Z", Some(1_795_464_994_123)),
            ("0001-01-01T00:00:00Z", Some(-62_135_596_800_000)),
            ("yesterday", None),
            ("2026-11-23T20:16Z", None),
        ] {
            assert_eq!(moment(text), expected.map(Timestamp), "{text}");
        }
    }

    #[test]
    fn the_moment_is_cut_off_the_text() {
        let frame = LogOutput::StdErr { message: "1970-01-01T00:00:01.002Z a b\n".into() };
        assert_eq!(chunk(frame), Chunk { is_error: true, at: Timestamp(1002), text: "a b\n".into(), missing: None });
    }
}
