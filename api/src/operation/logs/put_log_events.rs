//! PutLogEvents: a batch of lines for a stream.

use berth_engine::store::log::{LogEvent, RejectedEvents};
use berth_model::logs::{InputLogEvent, PutLogEventsRequest, PutLogEventsResponse, RejectedLogEventsInfo};
use berth_model::time::Timestamp;

use super::refused;
use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::operation::{Call, Operate};

impl Operate for PutLogEventsRequest {
    type Answer = PutLogEventsResponse;

    const NAME: &'static str = "PutLogEvents";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<PutLogEventsResponse, Fault> {
        let (group, stream) = (self.log_group_name.unwrap_or_default(), self.log_stream_name.unwrap_or_default());
        let events = self.log_events.into_iter().flatten().map(event).collect();
        let rejected = edge.handle.logs().put(&group, &stream, events, edge.clock.now()).await.map_err(refused)?;
        Ok(PutLogEventsResponse { rejected_log_events_info: info(rejected), ..PutLogEventsResponse::default() })
    }
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
