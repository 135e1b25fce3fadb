//! ListAccountSettings: what a principal has chosen, or what holds for it.

use berth_model::ecs::{ListAccountSettingsRequest, ListAccountSettingsResponse, SettingName};

use super::account_setting::{NAMES, Principal};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::ecs::page::Page;
use crate::edge::Edge;

impl Operate for ListAccountSettingsRequest {
    type Answer = ListAccountSettingsResponse;

    const NAME: &'static str = "ListAccountSettings";

    async fn operate(self, edge: &Edge, call: &Call) -> Result<ListAccountSettingsResponse, Fault> {
        if self.value.is_some() && self.name.is_none() {
            return Err(Fault::invalid("value needs a name: it is looked for among the values of one setting."));
        }
        let principal = Principal::read(edge, call, self.principal_arn.as_deref())?;
        let is_effective = self.effective_settings.unwrap_or(false);
        let wanted = self.name.as_ref().map_or("", SettingName::as_str);
        let value = self.value.as_deref().unwrap_or_default();
        let effective = if is_effective { "effective" } else { "" };
        let arguments = [Self::NAME, wanted, value, &principal.arn, effective];
        let page = Page::read(&arguments, self.next_token.as_deref(), self.max_results)?;
        let stored = principal.stored(edge).await?;
        let settings = NAMES.into_iter().filter(|name| self.name.as_ref().is_none_or(|wanted| wanted == name));
        let shown = settings.filter_map(|name| {
            let is_own = stored.iter().any(|setting| setting.key == principal.key(name.clone()));
            let holds = principal.effective(&stored, &name);
            let is_shown = (is_effective || is_own) && self.value.as_ref().is_none_or(|value| *value == holds);
            is_shown.then(|| principal.shown(name, holds))
        });
        let name =
            |setting: &berth_model::ecs::Setting| setting.name.as_ref().map_or_else(String::new, ToString::to_string);
        let behind = shown.filter(|setting| page.after.as_ref().is_none_or(|after| name(setting) > *after));
        let (settings, next_token) = page.cut(behind.take(page.limit + 1).collect(), name);
        Ok(ListAccountSettingsResponse { settings: Some(settings), next_token })
    }
}
