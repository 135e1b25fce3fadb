//! PutAccountSettingDefault: what holds for everybody who has chosen nothing.

use berth_model::ecs::{PutAccountSettingDefaultRequest, PutAccountSettingDefaultResponse};
use berth_scheduler::event::Event;

use super::account_setting::{Principal, check};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::Edge;

impl Operate for PutAccountSettingDefaultRequest {
    type Answer = PutAccountSettingDefaultResponse;

    const NAME: &'static str = "PutAccountSettingDefault";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<PutAccountSettingDefaultResponse, Fault> {
        let (Some(name), Some(value)) = (self.name, self.value) else {
            return Err(Fault::invalid("name and value are required."));
        };
        check(&name, &value)?;
        let principal = Principal::root(edge);
        edge.submit(Event::PutAccountSetting { key: principal.key(name.clone()), value: value.clone() }).await?;
        Ok(PutAccountSettingDefaultResponse { setting: Some(principal.shown(name, value)) })
    }
}
