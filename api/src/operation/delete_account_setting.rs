//! DeleteAccountSetting: a principal's choice is forgotten; what holds for it from now on is answered.

use berth_model::ecs::{DeleteAccountSettingRequest, DeleteAccountSettingResponse};
use berth_scheduler::event::Event;

use super::account_setting::Principal;
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::Edge;

impl Operate for DeleteAccountSettingRequest {
    type Answer = DeleteAccountSettingResponse;

    const NAME: &'static str = "DeleteAccountSetting";

    async fn operate(self, edge: &Edge, call: &Call) -> Result<DeleteAccountSettingResponse, Fault> {
        let name = self.name.ok_or_else(|| Fault::invalid("name is required."))?;
        let principal = Principal::read(edge, call, self.principal_arn.as_deref())?;
        edge.submit(Event::DeleteAccountSetting { key: principal.key(name.clone()) }).await?;
        let value = principal.effective(&principal.stored(edge).await?, &name);
        Ok(DeleteAccountSettingResponse { setting: Some(principal.shown(name, value)) })
    }
}
