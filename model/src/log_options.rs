//! The options of the log driver `awslogs`, as task definitions write them: where a container's output goes.

use std::collections::BTreeMap;

use crate::multiline::FirstLine;

/// The driver.
pub const AWSLOGS: &str = "awslogs";

/// The option that names the log group.
pub const GROUP: &str = "awslogs-group";
/// The option that names the region.
pub const REGION: &str = "awslogs-region";
/// The option with which the stream's name begins.
pub const STREAM_PREFIX: &str = "awslogs-stream-prefix";
/// Docker's option that names the stream, which takes the prefix's place when a task is ordered.
pub const STREAM: &str = "awslogs-stream";
/// The option that makes the group if it is not there.
pub const CREATE_GROUP: &str = "awslogs-create-group";
/// The option with the format of the moment that begins an event.
pub const DATETIME_FORMAT: &str = "awslogs-datetime-format";
/// The option with the expression that begins an event.
pub const MULTILINE_PATTERN: &str = "awslogs-multiline-pattern";
/// The option that says what happens if output comes faster than it is taken.
pub const MODE: &str = "mode";
/// The mode in which output that is not taken holds up nobody: ECS's default.
pub const NON_BLOCKING: &str = "non-blocking";
/// The option that says how much waits before something is dropped.
pub const BUFFER_SIZE: &str = "max-buffer-size";

/// All options that are honoured.
pub const ALL: [&str; 8] =
    [GROUP, REGION, STREAM_PREFIX, CREATE_GROUP, DATETIME_FORMAT, MULTILINE_PATTERN, MODE, BUFFER_SIZE];

/// Longest name of a group or a stream, in characters. CloudWatch Logs' own bound.
const NAME_CHARACTERS_MAX: usize = 512;

/// Longest prefix of a stream's name, in characters: the container's name and the task's id follow.
const PREFIX_CHARACTERS_MAX: usize = 200;

/// What the options say.
#[derive(Debug, Clone)]
pub struct AwsLogs {
    /// The log group.
    pub group: String,
    /// The region, which only counts where output goes to Amazon.
    pub region: String,
    /// What the stream's name begins with, before the container's name and the task's id; the stream is named by Docker's
    /// id of the container if there is none.
    pub stream_prefix: Option<String>,
    /// True if the group is made if it is not there.
    pub creates_group: bool,
    /// Which lines begin an event; each does if `None`.
    pub first_line: Option<FirstLine>,
    /// How much may wait, in bytes, if the options say so.
    pub buffer_bytes: Option<usize>,
}

impl AwsLogs {
    /// Reads the options.
    ///
    /// # Errors
    /// A text that names the option that is missing or not good.
    pub fn read(options: &BTreeMap<String, String>) -> Result<Self, String> {
        let get = |name: &str| options.get(name).map(String::as_str).filter(|text| !text.is_empty());
        if let Some(name) = options.keys().find(|name| !ALL.contains(&name.as_str())) {
            return Err(format!("'{name}' is not supported with {AWSLOGS}"));
        }
        let missing: Vec<&str> = [GROUP, REGION].into_iter().filter(|name| get(name).is_none()).collect();
        let (Some(group), Some(region)) = (get(GROUP), get(REGION)) else {
            return Err(format!("Log driver {AWSLOGS} requires options: {}", missing.join(", ")));
        };
        let named = |name: &str, error: String| format!("'{name}' {error}");
        check_name(group, "._/#-").map_err(|error| named(GROUP, error))?;
        let stream_prefix = get(STREAM_PREFIX);
        if stream_prefix
            .is_some_and(|prefix| prefix.contains([':', '*']) || prefix.chars().count() > PREFIX_CHARACTERS_MAX)
        {
            return Err(format!(
                "'{STREAM_PREFIX}' must have at most {PREFIX_CHARACTERS_MAX} characters, none of them ':' or '*'"
            ));
        }
        let creates_group = match get(CREATE_GROUP) {
            None => false,
            Some(text) => text.parse().ok().ok_or_else(|| format!("'{CREATE_GROUP}' must be true or false"))?,
        };
        let first_line = match (get(DATETIME_FORMAT), get(MULTILINE_PATTERN)) {
            (Some(_), Some(_)) => {
                return Err(format!("'{DATETIME_FORMAT}' and '{MULTILINE_PATTERN}' exclude each other"));
            }
            (Some(format), None) => Some(FirstLine::dated(format).map_err(|error| named(DATETIME_FORMAT, error))?),
            (None, Some(text)) => Some(FirstLine::matching(text).map_err(|error| named(MULTILINE_PATTERN, error))?),
            (None, None) => None,
        };
        let is_buffered = match get(MODE) {
            Some("blocking") => false,
            None | Some(NON_BLOCKING) => true,
            Some(_) => return Err(format!("'{MODE}' must be blocking or non-blocking")),
        };
        let buffer_bytes = match get(BUFFER_SIZE) {
            None => None,
            Some(_) if !is_buffered => return Err(format!("'{BUFFER_SIZE}' needs the 'mode' non-blocking")),
            Some(text) => Some(size(text).ok_or_else(|| format!("'{BUFFER_SIZE}' must be a size such as 4m"))?),
        };
        Ok(Self {
            group: group.to_owned(),
            region: region.to_owned(),
            stream_prefix: stream_prefix.map(str::to_owned),
            creates_group,
            first_line,
            buffer_bytes,
        })
    }
}

fn check_name(name: &str, marks: &str) -> Result<(), String> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || marks.contains(c);
    if name.chars().count() <= NAME_CHARACTERS_MAX && name.chars().all(is_plain) {
        return Ok(());
    }
    Err(format!("must have at most {NAME_CHARACTERS_MAX} letters, digits and characters of '{marks}'"))
}

/// Reads a size as Docker does: a number with `b`, `k`, `m` or `g` behind it, or none.
fn size(text: &str) -> Option<usize> {
    let text = text.to_ascii_lowercase();
    let text = text.strip_suffix('b').filter(|rest| !rest.is_empty()).unwrap_or(&text);
    let shift = match text.chars().last()? {
        'k' => 10,
        'm' => 20,
        'g' => 30,
        _ => 0,
    };
    let number: usize = text.trim_end_matches(['k', 'm', 'g']).parse().ok()?;
    number.checked_mul(1 << shift).filter(|bytes| *bytes > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(more: &[(&str, &str)]) -> Result<AwsLogs, String> {
        let least = [(GROUP, "/ecs/web"), (REGION, "us-east-1")];
        let all = least.iter().chain(more).map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        AwsLogs::read(&all.collect())
    }

    #[test]
    fn options_say_where_output_goes() {
        let options =
            read(&[(STREAM_PREFIX, "p"), (CREATE_GROUP, "true"), (MODE, "non-blocking"), (BUFFER_SIZE, "4m")]);
        let options = options.unwrap();
        assert_eq!((options.group.as_str(), options.creates_group), ("/ecs/web", true));
        assert_eq!(options.buffer_bytes, Some(4 << 20));
        assert_eq!(options.stream_prefix.as_deref(), Some("p"));
    }

    #[test]
    fn what_is_not_good_is_named() {
        for (options, expected) in [
            (read(&[(GROUP, "")]), "Log driver awslogs requires options: awslogs-group"),
            (read(&[(REGION, "")]), "requires options: awslogs-region"),
            (read(&[(GROUP, "a b")]), GROUP),
            (read(&[(STREAM_PREFIX, "a:b")]), STREAM_PREFIX),
            (read(&[(CREATE_GROUP, "maybe")]), CREATE_GROUP),
            (read(&[(MULTILINE_PATTERN, "(")]), MULTILINE_PATTERN),
            (read(&[(MULTILINE_PATTERN, "a"), (DATETIME_FORMAT, "%Y")]), "exclude"),
            (read(&[(DATETIME_FORMAT, "%Q")]), DATETIME_FORMAT),
            (read(&[(MODE, "fast")]), MODE),
            (read(&[(MODE, "blocking"), (BUFFER_SIZE, "4m")]), BUFFER_SIZE),
            (read(&[(MODE, "non-blocking"), (BUFFER_SIZE, "much")]), BUFFER_SIZE),
            (read(&[("awslogs-endpoint", "http://x")]), "'awslogs-endpoint' is not supported"),
        ] {
            let text = options.unwrap_err();
            assert!(text.contains(expected), "{text}");
        }
    }

    #[test]
    fn sizes_are_dockers() {
        for (text, expected) in [
            ("1", Some(1)),
            ("2b", Some(2)),
            ("3k", Some(3072)),
            ("4MB", Some(4 << 20)),
            ("0", None),
            ("m", None),
            ("1t", None),
        ] {
            assert_eq!(size(text), expected, "{text}");
        }
    }
}
