//! PutLogEvents: a batch of lines for a stream.

use berth_engine::store::log::{LogEvent, RejectedEvents};
use berth_model::logs::{Entity, InputLogEvent, PutLogEventsRequest, PutLogEventsResponse, RejectedLogEventsInfo};
use berth_model::time::Timestamp;

use super::refused;
use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::operation::{Call, Operate};

/// The attribute of the entity in which Berth's agents say it.
const DROPPED_ATTRIBUTE: &str = "berth.dropped-events";

/// Most that one call can add to the metric: more than a host can print between two calls, and far from the counter's end.
const DROPPED_MAX: u64 = 1 << 32;

impl Operate for PutLogEventsRequest {
    type Answer = PutLogEventsResponse;

    const NAME: &'static str = "PutLogEvents";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<PutLogEventsResponse, Fault> {
        let dropped = self.entity.as_ref().and_then(dropped);
        let (group, stream) = (self.log_group_name.unwrap_or_default(), self.log_stream_name.unwrap_or_default());
        let events = self.log_events.into_iter().flatten().map(event).collect();
        let rejected = edge.handle.logs().put(&group, &stream, events, edge.clock.now()).await.map_err(refused)?;
        edge.metrics.log_events_dropped(dropped.unwrap_or(0));
        Ok(PutLogEventsResponse { rejected_log_events_info: info(rejected), ..PutLogEventsResponse::default() })
    }
}

/// How many events are missing of which the batch tells, as Berth's agents say it.
fn dropped(entity: &Entity) -> Option<u64> {
    let count: u64 = entity.attributes.as_ref()?.get(DROPPED_ATTRIBUTE)?.parse().ok()?;
    Some(count.min(DROPPED_MAX))
}

fn event(event: InputLogEvent) -> LogEvent {
    LogEvent { timestamp: Timestamp(event.timestamp.unwrap_or_default()), message: event.message.unwrap_or_default() }
}

fn info(rejected: RejectedEvents) -> Option<RejectedLogEventsInfo> {
    let index = |index: Option<usize>| index.and_then(|index| i32::try_from(index).ok());
    (rejected != RejectedEvents::default()).then(|| RejectedLogEventsInfo {
        too_new_log_event_start_index: index(rejected.too_new_start),
        too_old_log_event_end_index: index(rejected.too_old_end),
        expired_log_event_end_index: index(rejected.expired_end),
    })
}
