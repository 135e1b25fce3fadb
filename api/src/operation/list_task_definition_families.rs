//! ListTaskDefinitionFamilies: families, by name.

use berth_engine::store::{self, FamilyFilter, FamilyStatus};
use berth_model::ecs::{
    ListTaskDefinitionFamiliesRequest, ListTaskDefinitionFamiliesResponse, TaskDefinitionFamilyStatus,
};

use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::ecs::page::Page;
use crate::edge::{Edge, failed};

impl Operate for ListTaskDefinitionFamiliesRequest {
    type Answer = ListTaskDefinitionFamiliesResponse;

    const NAME: &'static str = "ListTaskDefinitionFamilies";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<ListTaskDefinitionFamiliesResponse, Fault> {
        let prefix = self.family_prefix.unwrap_or_default();
        let status = match self.status {
            Some(TaskDefinitionFamilyStatus::Active) => FamilyStatus::Active,
            Some(TaskDefinitionFamilyStatus::Inactive) => FamilyStatus::Inactive,
            Some(TaskDefinitionFamilyStatus::All | TaskDefinitionFamilyStatus::Unknown(_)) | None => FamilyStatus::All,
        };
        let arguments = [Self::NAME, &prefix, &format!("{status:?}")];
        let page = Page::read(&arguments, self.next_token.as_deref(), self.max_results)?;
        let filter = FamilyFilter { prefix, status };
        let asked = store::Page { after: page.key()?, limit: page.limit + 1 };
        let found = edge.reader().list_families(filter, asked).await.map_err(|error| failed(&error))?;
        let (found, next_token) = page.cut(found, ToString::to_string);
        let families = found.iter().map(ToString::to_string).collect();
        Ok(ListTaskDefinitionFamiliesResponse { families: Some(families), next_token })
    }
}
