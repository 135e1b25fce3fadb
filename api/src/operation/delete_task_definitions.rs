//! DeleteTaskDefinitions: INACTIVE revisions become DELETE_IN_PROGRESS, and are gone once nothing runs them.

use berth_model::arn::DefinitionRef;
use berth_model::ecs::{DeleteTaskDefinitionsRequest, DeleteTaskDefinitionsResponse, Failure};
use berth_model::id::DefinitionId;
use berth_scheduler::event::Event;
use berth_scheduler::step::Reply;

use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, invalid_id, unexpected};

/// Most revisions of one request, as at ECS.
const DEFINITIONS_MAX: usize = 10;

impl Operate for DeleteTaskDefinitionsRequest {
    type Answer = DeleteTaskDefinitionsResponse;

    const NAME: &'static str = "DeleteTaskDefinitions";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DeleteTaskDefinitionsResponse, Fault> {
        let definitions = definitions(edge, &self.task_definitions.unwrap_or_default())?;
        match edge.submit(Event::DeleteTaskDefinitions { definitions }).await? {
            Reply::TaskDefinitions { deleting, failures } => {
                let failure = |(id, reason): (DefinitionId, &str)| Failure {
                    arn: Some(edge.scope().task_definition(&id)),
                    reason: Some(reason.to_owned()),
                    detail: None,
                };
                Ok(DeleteTaskDefinitionsResponse {
                    task_definitions: Some(deleting.iter().map(|definition| definition.document.clone()).collect()),
                    failures: Some(failures.into_iter().map(failure).collect()),
                })
            }
            other => Err(unexpected(&other)),
        }
    }
}

/// The revisions, each once.
fn definitions(edge: &Edge, texts: &[String]) -> Result<Vec<DefinitionId>, Fault> {
    if !(1..=DEFINITIONS_MAX).contains(&texts.len()) {
        return Err(Fault::invalid(format!("taskDefinitions must have 1 to {DEFINITIONS_MAX} entries.")));
    }
    let mut ids = Vec::with_capacity(texts.len());
    for text in texts {
        match edge.scope().parse_task_definition(text).map_err(|error| invalid_id("taskDefinitions", &error))? {
            DefinitionRef::Exact(id) if ids.contains(&id) => {}
            DefinitionRef::Exact(id) => ids.push(id),
            DefinitionRef::Latest(family) => {
                return Err(Fault::invalid(format!(
                    "taskDefinitions: '{family}' must name a revision, as in family:1."
                )));
            }
        }
    }
    Ok(ids)
}
