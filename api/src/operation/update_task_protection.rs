//! UpdateTaskProtection: keeps tasks from being ended when their service shrinks.

use berth_model::ecs::{UpdateTaskProtectionRequest, UpdateTaskProtectionResponse};

use super::get_task_protection::unprotectable;
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::Edge;

/// Most tasks of one request, as at ECS.
const TASKS_MAX: usize = 10;

/// How long a protection may last, in minutes, as at ECS.
const MINUTES: std::ops::RangeInclusive<i32> = 1..=2880;

impl Operate for UpdateTaskProtectionRequest {
    type Answer = UpdateTaskProtectionResponse;

    const NAME: &'static str = "UpdateTaskProtection";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<UpdateTaskProtectionResponse, Fault> {
        let texts = self.tasks.unwrap_or_default();
        if !(1..=TASKS_MAX).contains(&texts.len()) {
            return Err(Fault::invalid(format!("tasks must have 1 to {TASKS_MAX} entries.")));
        }
        if self.expires_in_minutes.is_some_and(|minutes| !MINUTES.contains(&minutes)) {
            let (least, most) = (MINUTES.start(), MINUTES.end());
            return Err(Fault::invalid(format!("expiresInMinutes must be between {least} and {most}.")));
        }
        if self.expires_in_minutes.is_some() && self.protection_enabled == Some(false) {
            return Err(Fault::invalid("expiresInMinutes is only for protectionEnabled true."));
        }
        let failures = unprotectable(edge, self.cluster.as_deref(), texts).await?;
        Ok(UpdateTaskProtectionResponse { protected_tasks: Some(Vec::new()), failures: Some(failures) })
    }
}
