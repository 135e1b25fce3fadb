//! What the command prints: results on standard output, everything else on standard error.

use std::io::{self, Write as _};
use std::process::ExitCode;

use anyhow::Result;
use aws_sdk_ecs::primitives::DateTime;
use aws_sdk_ecs::types::{Attribute, HealthStatus};
use comfy_table::{ContentArrangement, Table, presets};
use serde_json::{Value, json};

/// What `berth run` and `berth exec` end with if the program never ran, nobody knows how it ended, or they failed
/// themselves; the same number as `docker run` uses.
pub(crate) const NEVER_RAN: u8 = 125;

/// Standard output is closed: who read it has enough, as `head` has after ten lines. The command has nothing left to do,
/// and that is no failure.
#[derive(Debug)]
pub(crate) struct Closed;

impl std::fmt::Display for Closed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("standard output is closed")
    }
}

impl std::error::Error for Closed {}

/// What this program ends with. Says what went wrong, if anything has; then it ends with `failed`.
pub(crate) fn exit_code(result: Result<ExitCode>, failed: u8) -> ExitCode {
    match result {
        Ok(code) => code,
        Err(error) if error.is::<Closed>() => ExitCode::SUCCESS,
        Err(error) => {
            note(&format!("berth: {error:#}"));
            ExitCode::from(failed)
        }
    }
}

/// How writing to standard output came out.
///
/// # Errors
/// [`Closed`], or why else it cannot be written.
pub(crate) fn printed(written: io::Result<()>) -> Result<()> {
    written.map_err(|error| match error.kind() {
        io::ErrorKind::BrokenPipe => Closed.into(),
        _ => anyhow::Error::new(error).context("standard output cannot be written"),
    })
}

/// For who goes on whether somebody reads standard output or not.
///
/// # Errors
/// What has failed for another reason.
pub(crate) fn unless_closed(result: Result<()>) -> Result<()> {
    match result {
        Err(error) if error.is::<Closed>() => Ok(()),
        result => result,
    }
}

/// Prints a table, without borders so that it can be cut and grepped.
///
/// # Errors
/// If standard output is closed.
pub(crate) fn table(header: &[&str], rows: Vec<Vec<String>>) -> Result<()> {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).set_header(header);
    table.add_rows(rows);
    table.column_iter_mut().for_each(|column| _ = column.set_padding((0, 2)));
    line(&table.trim_fmt())
}

/// Prints one line.
///
/// # Errors
/// If standard output is closed.
pub(crate) fn line(text: &str) -> Result<()> {
    printed(writeln!(io::stdout().lock(), "{text}"))
}

/// Says something on standard error, for people. Lost if that is closed: it is no result.
pub(crate) fn note(text: &str) {
    drop(writeln!(io::stderr().lock(), "{text}"));
}

/// Prints one JSON document.
///
/// # Errors
/// If standard output is closed.
pub(crate) fn json(value: &Value) -> Result<()> {
    line(&serde_json::to_string_pretty(value)?)
}

/// A task, for programs. Names are those of the ECS API; moments are epoch seconds.
pub(crate) fn task_json(task: &aws_sdk_ecs::types::Task) -> Value {
    let containers: Vec<_> = task
        .containers()
        .iter()
        .map(|container| {
            json!({
                "name": container.name(),
                "image": container.image(),
                "lastStatus": container.last_status(),
                "healthStatus": container.health_status().map(HealthStatus::as_str),
                "exitCode": container.exit_code(),
                "reason": container.reason(),
            })
        })
        .collect();
    let [used_cpu, used_memory] = used(task.attributes());
    json!({
        "taskArn": task.task_arn(),
        "taskDefinitionArn": task.task_definition_arn(),
        "group": task.group(),
        "startedBy": task.started_by(),
        "lastStatus": task.last_status(),
        "desiredStatus": task.desired_status(),
        "healthStatus": task.health_status().map(HealthStatus::as_str),
        "usedCpu": used_cpu,
        "usedMemory": used_memory,
        "waiting": waiting(task),
        "stopCode": task.stop_code().map(|code| code.as_str().to_owned()),
        "stoppedReason": task.stopped_reason(),
        "createdAt": task.created_at().map(DateTime::as_secs_f64),
        "startedAt": task.started_at().map(DateTime::as_secs_f64),
        "stoppedAt": task.stopped_at().map(DateTime::as_secs_f64),
        "containers": containers,
    })
}

/// Why the task waits, if it does.
pub(crate) fn waiting(task: &aws_sdk_ecs::types::Task) -> Option<&str> {
    attribute(task.attributes(), "berth.waiting")
}

/// Why the task is where it is, if there is more to say: what it waits for, or why it has stopped.
pub(crate) fn why(task: &aws_sdk_ecs::types::Task) -> Option<String> {
    let said = waiting(task).or(task.stopped_reason()).map(str::to_owned);
    said.or_else(|| pulling(task).map(|images| format!("pulling {images}")))
}

/// The images that are still to come, of a task that has begun to pull.
fn pulling(task: &aws_sdk_ecs::types::Task) -> Option<String> {
    if task.last_status() != Some("PENDING") || task.pull_started_at().is_none() {
        return None;
    }
    let missing = task.containers().iter().filter(|container| container.runtime_id().is_none());
    let images: Vec<&str> = missing.filter_map(|container| container.image()).collect();
    (!images.is_empty()).then(|| images.join(", "))
}

/// What a task or a host uses at present, in CPU units and MiB, if that is known.
pub(crate) fn used(attributes: &[Attribute]) -> [Option<u64>; 2] {
    ["berth.cpu-used", "berth.memory-used"].map(|name| attribute(attributes, name)?.parse().ok())
}

/// The value of an attribute.
pub(crate) fn attribute<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    attributes.iter().find(|attribute| attribute.name() == name)?.value()
}

/// A number that may not be known.
pub(crate) fn number(number: Option<u64>) -> String {
    number.map_or_else(|| "-".to_owned(), |number| number.to_string())
}

/// The last part of an ARN: what people call the thing.
pub(crate) fn short(arn: Option<&str>) -> &str {
    arn.and_then(|arn| arn.rsplit('/').next()).unwrap_or("-")
}

/// How long ago a moment was, in the largest unit that says enough: `5s`, `12m`, `3h`, `9d`.
pub(crate) fn age(at: Option<&DateTime>) -> String {
    let Some(at) = at else { return "-".to_owned() };
    let seconds = (chrono::Utc::now().timestamp() - at.secs()).max(0);
    match seconds {
        0..120 => format!("{seconds}s"),
        120..7_200 => format!("{}m", seconds / 60),
        7_200..172_800 => format!("{}h", seconds / 3_600),
        _ => format!("{}d", seconds / 86_400),
    }
}
