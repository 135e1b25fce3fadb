//! SubmitTaskStateChange: an agent reports what has become of a task.
//!
//! Reports come at least once and late; agents send them until they are taken, except that they throw one away for good
//! when it is answered with `InvalidParameterException`. So that is only for what could never be understood.

use berth_model::ecs::{ContainerStateChange, SubmitTaskStateChangeRequest, SubmitTaskStateChangeResponse};
use berth_model::time::Timestamp;
use berth_scheduler::event::{Event, ReportedStatus, TaskReport};

use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, invalid_id};

/// Most characters of a reason that are kept. ECS's own bound for what agents send.
const REASON_CHARACTERS_MAX: usize = 1024;

impl Operate for SubmitTaskStateChangeRequest {
    type Answer = SubmitTaskStateChangeResponse;

    const NAME: &'static str = "SubmitTaskStateChange";

    async fn operate(self, edge: &Edge, call: &Call) -> Result<SubmitTaskStateChangeResponse, Fault> {
        let text = self.task.as_deref().unwrap_or_default();
        let task = edge.scope().parse_task(text).map_err(|error| invalid_id("task", &error))?.id;
        let report = TaskReport {
            task,
            by: call.caller.host,
            status: status(self.status.as_deref())?,
            reason: self.reason.map(shortened),
            containers: self.containers.into_iter().flatten().map(container).collect(),
            pull_started_at: self.pull_started_at.map(Timestamp::from),
            pull_stopped_at: self.pull_stopped_at.map(Timestamp::from),
            execution_stopped_at: self.execution_stopped_at.map(Timestamp::from),
        };
        edge.report(Event::TaskReport(Box::new(report))).await?;
        Ok(SubmitTaskStateChangeResponse { acknowledgment: Some("ACCEPT".to_owned()) })
    }
}

/// Reads the status that an agent reports.
pub(super) fn status(text: Option<&str>) -> Result<ReportedStatus, Fault> {
    match text {
        Some("PENDING") => Ok(ReportedStatus::Pending),
        Some("RUNNING") => Ok(ReportedStatus::Running),
        Some("STOPPED") => Ok(ReportedStatus::Stopped),
        Some(_) | None => Err(Fault::invalid("status must be PENDING, RUNNING or STOPPED.")),
    }
}

/// A change of a container as it is kept.
pub(super) fn container(change: ContainerStateChange) -> ContainerStateChange {
    ContainerStateChange { reason: change.reason.map(shortened), ..change }
}

fn shortened(mut reason: String) -> String {
    if let Some((end, _)) = reason.char_indices().nth(REASON_CHARACTERS_MAX) {
        reason.truncate(end);
    }
    reason
}
