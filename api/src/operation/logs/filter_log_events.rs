//! FilterLogEvents: events of several streams, in the order of their moments, as a pattern wants them.

use berth_engine::filter::Pattern;
use berth_engine::store::log::{Cursor, FilterQuery, Found, Place, Streams};
use berth_model::hash::fnv1a;
use berth_model::logs::{ErrorShape, FilterLogEventsRequest, FilterLogEventsResponse, FilteredLogEvent};
use berth_model::time::Timestamp;

use super::{events_limit, group, page, refused};
use crate::ecs::error::Fault;
use crate::ecs::page::Page;
use crate::edge::Edge;
use crate::operation::{Call, Operate};

impl Operate for FilterLogEventsRequest {
    type Answer = FilterLogEventsResponse;

    const NAME: &'static str = "FilterLogEvents";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<FilterLogEventsResponse, Fault> {
        let invalid = |text: String| Fault::logs(ErrorShape::InvalidParameterException, text);
        let group = group(edge, self.log_group_name.as_deref(), self.log_group_identifier.as_deref())?;
        let names = self.log_stream_names.filter(|names| !names.is_empty());
        let streams = match (names, self.log_stream_name_prefix.filter(|prefix| !prefix.is_empty())) {
            (None, None) => Streams::All,
            (Some(names), None) => Streams::Named(names),
            (None, Some(prefix)) => Streams::Prefix(prefix),
            (Some(_), Some(_)) => {
                return Err(invalid("Only one of logStreamNames and logStreamNamePrefix can be set.".to_owned()));
            }
        };
        let text = self.filter_pattern.unwrap_or_default();
        let pattern: Result<Pattern, _> = text.parse();
        let pattern = pattern.map_err(|error| invalid(format!("Invalid filter pattern, {error}.")))?;
        if self.start_time.zip(self.end_time).is_some_and(|(start, end)| start > end) {
            return Err(invalid("startTime must not be behind endTime.".to_owned()));
        }
        let arguments = format!("{streams:?} {:?} {:?} {text}", self.start_time, self.end_time);
        let page = page(&[Self::NAME, &group, &arguments], self.next_token.as_deref(), None)?;
        let query = FilterQuery {
            streams,
            start: self.start_time.map(Timestamp),
            end: self.end_time.map(Timestamp),
            pattern: Some(pattern),
            cursor: page.after.as_deref().map(read_cursor).transpose()?,
            limit: events_limit(self.limit)?,
        };
        let found = edge.handle.logs().filter(&group, query, edge.clock.now()).await.map_err(refused)?;
        let next_token = found.next.map(|next| page.token(&key(&next)));
        Ok(FilterLogEventsResponse {
            events: Some(found.events.into_iter().map(event).collect()),
            // As at AWS, where it has been empty since 2019.
            searched_log_streams: Some(Vec::new()),
            next_token,
        })
    }
}

/// Where to go on as text.
fn key(cursor: &Cursor) -> String {
    serde_json::to_string(cursor).expect("it has names and numbers")
}

fn read_cursor(key: &str) -> Result<Cursor, Fault> {
    serde_json::from_str(key).or(Err(Page::invalid_token()))
}

fn event(found: Found) -> FilteredLogEvent {
    FilteredLogEvent {
        event_id: Some(event_id(&found.place)),
        log_stream_name: Some(found.place.stream),
        timestamp: Some(found.event.timestamp.0),
        message: Some(found.event.message),
        ingestion_time: Some(found.event.ingested_at.0),
    }
}

/// Digits, as at AWS: always the same for the same event, and no other's of its group. In the order of moments.
fn event_id(place: &Place) -> String {
    let hash = fnv1a(place.stream.bytes());
    format!("{:014}{hash:039}{:020}", place.at.0, place.position)
}
