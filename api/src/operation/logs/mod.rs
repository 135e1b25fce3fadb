//! The operations of CloudWatch Logs that carry what containers write, one file each.

mod create_log_group;
mod create_log_stream;
mod delete_log_group;
mod delete_log_stream;
mod delete_retention_policy;
mod describe_log_groups;
mod describe_log_streams;
mod filter_log_events;
mod get_log_events;
mod put_log_events;
mod put_retention_policy;

use berth_engine::store::log::{BATCH_EVENTS_MAX, LogError};
use berth_model::arn::ArnScope;
use berth_model::logs::ErrorShape;

use crate::ecs::error::Fault;
use crate::ecs::page::Page;
use crate::edge::Edge;

/// The most groups or streams of one page, and as many as come if the client does not say: what CloudWatch Logs states.
const PAGE_MAX: usize = 50;

/// The part of a list that `nextToken` and `limit`, which is in its range, ask for. `arguments` is everything else that
/// chooses the list.
fn page(arguments: &[&str], next_token: Option<&str>, limit: Option<i32>) -> Result<Page, Fault> {
    let mut page = Page::read(arguments, next_token, None)?;
    page.limit = limit.and_then(|limit| usize::try_from(limit).ok()).unwrap_or(PAGE_MAX).min(PAGE_MAX);
    Ok(page)
}

/// The group of a request: by its name, or by its name or ARN in `logGroupIdentifier`.
pub(crate) fn group(edge: &Edge, name: Option<&str>, identifier: Option<&str>) -> Result<String, Fault> {
    match (name.filter(|name| !name.is_empty()), identifier.filter(|identifier| !identifier.is_empty())) {
        (Some(name), None) => Ok(name.to_owned()),
        (None, Some(identifier)) => group_named(edge.scope(), identifier),
        (None, None) | (Some(_), Some(_)) => Err(Fault::logs(
            ErrorShape::InvalidParameterException,
            "Exactly one of logGroupName and logGroupIdentifier must be set.",
        )),
    }
}

/// The name of a group in an identifier: a name or an ARN.
fn group_named(scope: &ArnScope, identifier: &str) -> Result<String, Fault> {
    if !identifier.starts_with("arn:") {
        return Ok(identifier.to_owned());
    }
    let name = identifier.strip_prefix(&scope.log_group("")).map(|name| name.strip_suffix(":*").unwrap_or(name));
    name.map(str::to_owned).ok_or_else(|| {
        let text = format!("'{identifier}' is no log group's name or ARN of this region and account.");
        Fault::logs(ErrorShape::InvalidParameterException, text)
    })
}

/// How many events an answer may have.
fn events_limit(limit: Option<i32>) -> Result<Option<usize>, Fault> {
    let Some(limit) = limit else { return Ok(None) };
    let in_range = usize::try_from(limit).ok().filter(|limit| (1..=BATCH_EVENTS_MAX).contains(limit));
    let text = || format!("limit must be between 1 and {BATCH_EVENTS_MAX}.");
    in_range.map(Some).ok_or_else(|| Fault::logs(ErrorShape::InvalidParameterException, text()))
}

/// What the log store's refusal is on the wire.
pub(crate) fn refused(error: LogError) -> Fault {
    match error {
        LogError::AlreadyExists(_) => Fault::logs(ErrorShape::ResourceAlreadyExistsException, error.to_string()),
        LogError::NotFound(_) => Fault::logs(ErrorShape::ResourceNotFoundException, error.to_string()),
        LogError::Invalid(text) => Fault::logs(ErrorShape::InvalidParameterException, text),
        LogError::Io(error) => {
            tracing::error!(%error, "log store failed");
            Fault::logs(ErrorShape::ServiceUnavailableException, "The log store cannot be used at present.")
        }
    }
}
