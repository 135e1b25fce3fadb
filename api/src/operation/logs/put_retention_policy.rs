//! PutRetentionPolicy: how many days the events of a group are kept.

use berth_model::logs::{ErrorShape, PutRetentionPolicyRequest, PutRetentionPolicyResponse};

use super::refused;
use crate::ecs::error::Fault;
use crate::edge::Edge;
use crate::operation::{Call, Operate};

/// What may be asked for: CloudWatch Logs' own numbers.
const DAYS: [u32; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

impl Operate for PutRetentionPolicyRequest {
    type Answer = PutRetentionPolicyResponse;

    const NAME: &'static str = "PutRetentionPolicy";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<PutRetentionPolicyResponse, Fault> {
        let group = self.log_group_name.unwrap_or_default();
        let asked = self.retention_in_days.unwrap_or_default();
        let Some(days) = DAYS.into_iter().find(|days| i64::from(*days) == i64::from(asked)) else {
            let text = format!("retentionInDays is {asked}; it must be one of {DAYS:?}.");
            return Err(Fault::logs(ErrorShape::InvalidParameterException, text));
        };
        edge.handle.logs().set_retention(&group, Some(days)).await.map_err(refused)?;
        Ok(PutRetentionPolicyResponse {})
    }
}
