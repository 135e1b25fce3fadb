//! RegisterTaskDefinition: the next revision of a family.

use berth_model::ecs::{RegisterTaskDefinitionRequest, RegisterTaskDefinitionResponse};
use berth_model::id::Family;
use berth_scheduler::event::Event;
use berth_scheduler::step::Reply;

use super::limit::{check_tags, json_bytes};
use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::edge::{Edge, unexpected};

/// Most containers of a task definition. ECS's own bound.
const CONTAINERS_MAX: usize = 10;

/// Largest task definition, in bytes of its JSON. ECS's own bound.
const BYTES_MAX: usize = 64 * 1024;

impl Operate for RegisterTaskDefinitionRequest {
    type Answer = RegisterTaskDefinitionResponse;

    const NAME: &'static str = "RegisterTaskDefinition";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<RegisterTaskDefinitionResponse, Fault> {
        let family = family(&self)?;
        check(&self)?;
        let event = Event::RegisterTaskDefinition {
            family,
            request: Box::new(self),
        };
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
    family
        .parse()
        .map_err(|error| Fault::client(format!("family: {error}.")))
}

fn check(request: &RegisterTaskDefinitionRequest) -> Result<(), Fault> {
    let containers = request.container_definitions.as_deref().unwrap_or_default();
    if !(1..=CONTAINERS_MAX).contains(&containers.len()) {
        return Err(Fault::client(format!(
            "containerDefinitions must have 1 to {CONTAINERS_MAX} entries, not {}.",
            containers.len()
        )));
    }
    check_tags(request.tags.as_deref().unwrap_or_default())?;
    let bytes = json_bytes(request);
    if bytes > BYTES_MAX {
        return Err(Fault::client(format!(
            "The task definition has {bytes} bytes; it may have {BYTES_MAX}."
        )));
    }
    Ok(())
}
