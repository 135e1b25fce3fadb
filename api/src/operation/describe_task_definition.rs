//! DescribeTaskDefinition: one revision, or the newest ACTIVE one of a family.

use berth_model::ecs::{DescribeTaskDefinitionRequest, DescribeTaskDefinitionResponse, TaskDefinitionField};

use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, failed, invalid_id};

/// What ECS answers for a task definition that is not there.
const NOT_FOUND: &str = "Unable to describe task definition.";

impl Operate for DescribeTaskDefinitionRequest {
    type Answer = DescribeTaskDefinitionResponse;

    const NAME: &'static str = "DescribeTaskDefinition";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DescribeTaskDefinitionResponse, Fault> {
        let text = self.task_definition.unwrap_or_default();
        let wanted = edge.scope().parse_task_definition(&text).map_err(|error| invalid_id("taskDefinition", &error))?;
        let found = edge.reader().task_definition(wanted).await.map_err(|error| failed(&error))?;
        let definition = found.ok_or_else(|| Fault::client(NOT_FOUND))?;
        let has_tags = self.include.is_some_and(|include| include.contains(&TaskDefinitionField::Tags));
        Ok(DescribeTaskDefinitionResponse {
            task_definition: Some(definition.document),
            tags: Some(if has_tags { definition.tags } else { Vec::new() }),
        })
    }
}
