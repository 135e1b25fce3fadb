//! PutAccountSetting: what one principal has chosen.

use berth_model::ecs::{PutAccountSettingRequest, PutAccountSettingResponse};
use berth_scheduler::event::Event;

use super::account_setting::{Principal, check};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::Edge;

impl Operate for PutAccountSettingRequest {
    type Answer = PutAccountSettingResponse;

    const NAME: &'static str = "PutAccountSetting";

    async fn operate(self, edge: &Edge, call: &Call) -> Result<PutAccountSettingResponse, Fault> {
        let (Some(name), Some(value)) = (self.name, self.value) else {
            return Err(Fault::invalid("name and value are required."));
        };
        check(&name, &value)?;
        let principal = Principal::read(edge, call, self.principal_arn.as_deref())?;
        edge.submit(Event::PutAccountSetting { key: principal.key(name.clone()), value: value.clone() }).await?;
        Ok(PutAccountSettingResponse { setting: Some(principal.shown(name, value)) })
    }
}
