//! Attributes of container instances, as PutAttributes and DeleteAttributes take them and all three answer them.

use berth_model::arn::ArnScope;
use berth_model::ecs::Attribute;
use berth_model::host::is_reserved;
use berth_model::id::{ClusterName, HostId};

use super::named_host::named_host;
use crate::ecs::error::Fault;
use crate::edge::Edge;

/// Most attributes of one request, as at ECS.
const ATTRIBUTES_MAX: usize = 10;

/// Most characters of a name and of a value, as at ECS.
const CHARACTERS_MAX: usize = 128;

/// Checks the attributes of a request, and says which hosts they are for.
pub(super) fn targeted(
    edge: &Edge,
    cluster: &ClusterName,
    attributes: Vec<Attribute>,
) -> Result<Vec<(HostId, Attribute)>, Fault> {
    if !(1..=ATTRIBUTES_MAX).contains(&attributes.len()) {
        return Err(Fault::invalid(format!("attributes must have 1 to {ATTRIBUTES_MAX} entries.")));
    }
    attributes.into_iter().enumerate().map(|(index, attribute)| one(edge, cluster, index, attribute)).collect()
}

fn one(edge: &Edge, cluster: &ClusterName, index: usize, attribute: Attribute) -> Result<(HostId, Attribute), Fault> {
    let at = |member: &str| format!("attributes[{index}].{member}");
    let Some(target) = attribute.target_id.as_deref().filter(|target| !target.is_empty()) else {
        return Err(Fault::invalid(format!("{} is required.", at("targetId"))));
    };
    let name = attribute.name.unwrap_or_default();
    if !is_text(&name, "-_./\\") {
        return Err(Fault::invalid(format!(
            "{} must have 1 to {CHARACTERS_MAX} letters, digits, hyphens, underscores, periods and slashes.",
            at("name")
        )));
    }
    if is_reserved(&name) {
        let text = format!("{} must not begin with 'ecs.', 'com.amazonaws.' or 'berth.'.", at("name"));
        return Err(Fault::invalid(text));
    }
    if attribute.value.as_deref().is_some_and(|value| !is_text(value, "-_.@:/\\ ") || value.trim() != value) {
        return Err(Fault::invalid(format!(
            "{} must have 1 to {CHARACTERS_MAX} letters, digits, hyphens, underscores, periods, at signs, slashes, \
             colons and spaces, without a space at either end.",
            at("value")
        )));
    }
    let named = named_host(edge, cluster, &at("targetId"), target)?;
    if !named.is_here {
        return Err(Fault::target_not_found(&named.arn));
    }
    Ok((named.id, Attribute { name: Some(name), value: attribute.value, target_type: None, target_id: None }))
}

fn is_text(text: &str, others: &str) -> bool {
    let length = text.chars().count();
    (1..=CHARACTERS_MAX).contains(&length) && text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
}

/// An attribute as it is answered.
pub(super) fn shown(scope: &ArnScope, cluster: &ClusterName, host: HostId, attribute: Attribute) -> Attribute {
    Attribute { target_id: Some(scope.container_instance(cluster, host)), target_type: None, ..attribute }
}
