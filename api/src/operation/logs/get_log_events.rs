//! GetLogEvents: a part of a stream, forwards or backwards.

use berth_engine::store::log::{BATCH_EVENTS_MAX, LogQuery, StoredEvent};
use berth_model::logs::{ErrorShape, GetLogEventsRequest, GetLogEventsResponse, OutputLogEvent};
use berth_model::time::Timestamp;

use super::refused;
use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::operation::{Call, Operate};

impl Operate for GetLogEventsRequest {
    type Answer = GetLogEventsResponse;

    const NAME: &'static str = "GetLogEvents";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<GetLogEventsResponse, Fault> {
        let group = group(&self)?;
        let stream = self.log_stream_name.unwrap_or_default();
        let query = LogQuery {
            start: self.start_time.map(Timestamp),
            end: self.end_time.map(Timestamp),
            token: self.next_token.filter(|token| !token.is_empty()),
            limit: limit(self.limit)?,
            from_head: self.start_from_head.unwrap_or_default(),
        };
        let page = edge.handle.logs().get(&group, &stream, query).await.map_err(refused)?;
        Ok(GetLogEventsResponse {
            events: Some(page.events.into_iter().map(event).collect()),
            next_forward_token: Some(page.next_forward_token),
            next_backward_token: Some(page.next_backward_token),
        })
    }
}

/// The group by its name, or by its ARN in `logGroupIdentifier`.
fn group(request: &GetLogEventsRequest) -> Result<String, Fault> {
    let name = request.log_group_name.as_deref().filter(|name| !name.is_empty());
    let identifier = request.log_group_identifier.as_deref().filter(|identifier| !identifier.is_empty());
    match (name, identifier) {
        (Some(name), None) => Ok(name.to_owned()),
        (None, Some(identifier)) => {
            let group = identifier.split_once(":log-group:").map_or(identifier, |(_, group)| group);
            Ok(group.strip_suffix(":*").unwrap_or(group).to_owned())
        }
        (None, None) | (Some(_), Some(_)) => Err(Fault::logs(
            ErrorShape::InvalidParameterException,
            "Exactly one of logGroupName and logGroupIdentifier must be set.",
        )),
    }
}

fn limit(limit: Option<i32>) -> Result<Option<usize>, Fault> {
    let Some(limit) = limit else { return Ok(None) };
    let in_range = usize::try_from(limit).ok().filter(|limit| (1..=BATCH_EVENTS_MAX).contains(limit));
    let text = || format!("limit must be between 1 and {BATCH_EVENTS_MAX}.");
    in_range.map(Some).ok_or_else(|| Fault::logs(ErrorShape::InvalidParameterException, text()))
}

fn event(event: StoredEvent) -> OutputLogEvent {
    OutputLogEvent {
        timestamp: Some(event.timestamp.0),
        message: Some(event.message),
        ingestion_time: Some(event.ingested_at.0),
    }
}
