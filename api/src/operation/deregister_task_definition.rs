//! DeregisterTaskDefinition: a revision becomes INACTIVE; what runs it goes on.

use berth_model::arn::DefinitionRef;
use berth_model::ecs::{DeregisterTaskDefinitionRequest, DeregisterTaskDefinitionResponse};
use berth_scheduler::event::Event;
use berth_scheduler::step::Reply;

use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, invalid_id, unexpected};

impl Operate for DeregisterTaskDefinitionRequest {
    type Answer = DeregisterTaskDefinitionResponse;

    const NAME: &'static str = "DeregisterTaskDefinition";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DeregisterTaskDefinitionResponse, Fault> {
        let text = self.task_definition.unwrap_or_default();
        let wanted = edge.scope().parse_task_definition(&text).map_err(|error| invalid_id("taskDefinition", &error))?;
        let DefinitionRef::Exact(definition) = wanted else {
            return Err(Fault::invalid("taskDefinition must name a revision, as in family:1."));
        };
        match edge.submit(Event::DeregisterTaskDefinition { definition }).await? {
            Reply::TaskDefinition(definition) => {
                Ok(DeregisterTaskDefinitionResponse { task_definition: Some(definition.document.clone()) })
            }
            other => Err(unexpected(&other)),
        }
    }
}
