//! ListTaskDefinitions: the ARNs of revisions, by family and revision.

use berth_engine::store::{self, DefinitionFilter};
use berth_model::arn::DefinitionRef;
use berth_model::ecs::{ListTaskDefinitionsRequest, ListTaskDefinitionsResponse, SortOrder, TaskDefinitionStatus};
use berth_model::id::{DefinitionId, Family};
use berth_model::task_definition::DefinitionStatus;

use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::ecs::page::Page;
use crate::edge::{Edge, failed, invalid_id};

impl Operate for ListTaskDefinitionsRequest {
    type Answer = ListTaskDefinitionsResponse;

    const NAME: &'static str = "ListTaskDefinitions";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<ListTaskDefinitionsResponse, Fault> {
        let family = self.family_prefix.filter(|text| !text.is_empty());
        let status = self.status.unwrap_or(TaskDefinitionStatus::Active);
        let sort = self.sort.unwrap_or(SortOrder::Asc);
        let arguments = [Self::NAME, family.as_deref().unwrap_or_default(), status.as_str(), sort.as_str()];
        let page = Page::read(&arguments, self.next_token.as_deref(), self.max_results)?;
        // Despite its name the member takes a whole family, in ECS as here.
        let family: Option<Family> =
            family.map(|text| text.parse()).transpose().map_err(|error| invalid_id("familyPrefix", &error))?;
        let filter = DefinitionFilter {
            family,
            status: match status {
                TaskDefinitionStatus::Inactive => DefinitionStatus::Inactive,
                TaskDefinitionStatus::DeleteInProgress => DefinitionStatus::DeleteInProgress,
                TaskDefinitionStatus::Active | TaskDefinitionStatus::Unknown(_) => DefinitionStatus::Active,
            },
            descending: sort == SortOrder::Desc,
        };
        let asked = store::Page { after: after(edge, &page)?, limit: page.limit + 1 };
        let found = edge.reader().list_task_definitions(filter, asked).await.map_err(|error| failed(&error))?;
        let (found, next_token) = page.cut(found, ToString::to_string);
        let arns = found.iter().map(|definition| edge.scope().task_definition(definition)).collect();
        Ok(ListTaskDefinitionsResponse { task_definition_arns: Some(arns), next_token })
    }
}

fn after(edge: &Edge, page: &Page) -> Result<Option<DefinitionId>, Fault> {
    let Some(text) = &page.after else {
        return Ok(None);
    };
    match edge.scope().parse_task_definition(text) {
        Ok(DefinitionRef::Exact(definition)) => Ok(Some(definition)),
        Ok(DefinitionRef::Latest(_)) | Err(_) => Err(Page::invalid_token()),
    }
}
