//! DescribeLogStreams: the streams of a group, by name or by their last events.

use berth_engine::store::log::{StreamOrder, StreamQuery, StreamView};
use berth_model::arn::ArnScope;
use berth_model::logs::{DescribeLogStreamsRequest, DescribeLogStreamsResponse, ErrorShape, LogStream, OrderBy};
use berth_model::time::Timestamp;

use super::{group, page, refused};
use crate::ecs::error::Fault;
use crate::ecs::page::Page;
use crate::edge::Edge;
use crate::operation::{Call, Operate};

impl Operate for DescribeLogStreamsRequest {
    type Answer = DescribeLogStreamsResponse;

    const NAME: &'static str = "DescribeLogStreams";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DescribeLogStreamsResponse, Fault> {
        let group = group(edge, self.log_group_name.as_deref(), self.log_group_identifier.as_deref())?;
        let prefix = self.log_stream_name_prefix.filter(|prefix| !prefix.is_empty());
        let descending = self.descending.unwrap_or_default();
        let order = match self.order_by {
            Some(OrderBy::LastEventTime) => StreamOrder::LastEvent,
            _ => StreamOrder::Name,
        };
        if order == StreamOrder::LastEvent && prefix.is_some() {
            return Err(Fault::logs(
                ErrorShape::InvalidParameterException,
                "Cannot order by LastEventTime with a logStreamNamePrefix.",
            ));
        }
        let text = format!("{prefix:?} {order:?} {descending}");
        let page = page(&[Self::NAME, &group, &text], self.next_token.as_deref(), self.limit)?;
        let after = page.after.as_deref().map(read_key).transpose()?;
        let query = StreamQuery { prefix, order, descending, after, limit: page.limit + 1 };
        let found = edge.handle.logs().streams(&group, query).await.map_err(refused)?;
        let (found, next_token) = page.cut(found, |stream| key(&stream.place()));
        let streams = found.into_iter().map(|stream| rendered(edge.scope(), &group, stream)).collect();
        Ok(DescribeLogStreamsResponse { log_streams: Some(streams), next_token })
    }
}

/// A place in the list as text.
fn key((at, name): &(Timestamp, String)) -> String {
    format!("{}/{name}", at.0)
}

fn read_key(key: &str) -> Result<(Timestamp, String), Fault> {
    let place = key.split_once('/').and_then(|(at, name)| Some((Timestamp(at.parse().ok()?), name.to_owned())));
    place.ok_or_else(Page::invalid_token)
}

fn rendered(scope: &ArnScope, group: &str, stream: StreamView) -> LogStream {
    LogStream {
        arn: Some(format!("{}:log-stream:{}", scope.log_group(group), stream.name)),
        log_stream_name: Some(stream.name),
        creation_time: Some(stream.created_at.0),
        first_event_timestamp: stream.first_event.map(|at| at.0),
        last_event_timestamp: stream.last_event.map(|at| at.0),
        last_ingestion_time: stream.last_ingested.map(|at| at.0),
        // As at AWS, where it has been so since 2019.
        stored_bytes: Some(0),
        ..LogStream::default()
    }
}
