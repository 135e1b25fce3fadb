//! Reading a container's output with the moments at which it was written.

use berth_model::time::Timestamp;
use bollard::container::LogOutput;
use bollard::query_parameters::LogsOptionsBuilder;
use futures_util::stream::{BoxStream, StreamExt};

use crate::runtime::{Chunk, Error};

/// Reads a container's output until it ends. `since` is rounded down: Docker counts in seconds.
pub(super) fn read(
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
        Some(at) => Chunk { is_error, at, text: text.slice((space + 1).min(text.len())..) },
        None => Chunk { is_error, at: Timestamp(0), text },
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
        assert_eq!(chunk(frame), Chunk { is_error: true, at: Timestamp(1002), text: "a b\n".into() });
    }
}
