//! GetLogEvents: a part of a stream, forwards or backwards.

use berth_engine::store::log::{LogQuery, StoredEvent};
use berth_model::logs::{GetLogEventsRequest, GetLogEventsResponse, OutputLogEvent};
use berth_model::time::Timestamp;

use super::{events_limit, group, refused};
use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::operation::{Call, Operate};

impl Operate for GetLogEventsRequest {
    type Answer = GetLogEventsResponse;

    const NAME: &'static str = "GetLogEvents";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<GetLogEventsResponse, Fault> {
        let group = group(edge, self.log_group_name.as_deref(), self.log_group_identifier.as_deref())?;
        let stream = self.log_stream_name.unwrap_or_default();
        let query = LogQuery {
            start: self.start_time.map(Timestamp),
            end: self.end_time.map(Timestamp),
            token: self.next_token.filter(|token| !token.is_empty()),
            limit: events_limit(self.limit)?,
            from_head: self.start_from_head.unwrap_or_default(),
        };
        let page = edge.handle.logs().get(&group, &stream, query, edge.clock.now()).await.map_err(refused)?;
        Ok(GetLogEventsResponse {
            events: Some(page.events.into_iter().map(event).collect()),
            next_forward_token: Some(page.next_forward_token),
            next_backward_token: Some(page.next_backward_token),
        })
    }
}

fn event(event: StoredEvent) -> OutputLogEvent {
    OutputLogEvent {
        timestamp: Some(event.timestamp.0),
        message: Some(event.message),
        ingestion_time: Some(event.ingested_at.0),
    }
}
