//! SubmitContainerStateChange: an older agent reports what has become of one container.

use berth_model::ecs::{ContainerStateChange, SubmitContainerStateChangeRequest, SubmitContainerStateChangeResponse};
use berth_scheduler::event::Event;

use super::submit_task_state_change::{container, status};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, invalid_id};

impl Operate for SubmitContainerStateChangeRequest {
    type Answer = SubmitContainerStateChangeResponse;

    const NAME: &'static str = "SubmitContainerStateChange";

    async fn operate(self, edge: &Edge, call: &Call) -> Result<SubmitContainerStateChangeResponse, Fault> {
        let text = self.task.as_deref().unwrap_or_default();
        let task = edge.scope().parse_task(text).map_err(|error| invalid_id("task", &error))?.id;
        status(self.status.as_deref())?;
        let change = container(ContainerStateChange {
            container_name: self.container_name,
            runtime_id: self.runtime_id,
            status: self.status,
            exit_code: self.exit_code,
            reason: self.reason,
            network_bindings: self.network_bindings,
            ..ContainerStateChange::default()
        });
        edge.report(Event::ContainerReport { task, change: Box::new(change), by: call.caller.host }).await?;
        Ok(SubmitContainerStateChangeResponse { acknowledgment: Some("ACCEPT".to_owned()) })
    }
}
