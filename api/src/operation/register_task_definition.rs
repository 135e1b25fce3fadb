//! RegisterTaskDefinition: the next revision of a family.

use berth_model::ecs::{RegisterTaskDefinitionRequest, RegisterTaskDefinitionResponse};
use berth_model::id::Family;
use berth_scheduler::event::Event;
use berth_scheduler::step::Reply;

use super::limit::check_tags;
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, unexpected};

impl Operate for RegisterTaskDefinitionRequest {
    type Answer = RegisterTaskDefinitionResponse;

    const NAME: &'static str = "RegisterTaskDefinition";

    async fn operate(self, edge: &Edge, call: &Call) -> Result<RegisterTaskDefinitionResponse, Fault> {
        let family = family(&self)?;
        check_tags(self.tags.as_deref().unwrap_or_default())?;
        let event =
            Event::RegisterTaskDefinition { family, request: Box::new(self), by: call.caller.arn(edge.scope()) };
        match edge.submit(event).await? {
            Reply::TaskDefinition(definition) => Ok(RegisterTaskDefinitionResponse {
                task_definition: Some(definition.document.clone()),
                tags: Some(definition.tags.clone()),
            }),
            other => Err(unexpected(&other)),
        }
    }

    fn cannot_honour(text: String) -> Fault {
        Fault::client(text)
    }
}

fn family(request: &RegisterTaskDefinitionRequest) -> Result<Family, Fault> {
    let family = request.family.as_deref().unwrap_or_default();
    family.parse().map_err(|error| Fault::client(format!("family: {error}.")))
}
