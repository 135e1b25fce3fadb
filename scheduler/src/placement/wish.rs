//! Placement constraints and strategies as clients write them.

use berth_model::ecs;
use berth_model::task::{Constraint, Strategy};

use super::query::Query;

/// Most constraints of a task, those of its task definition and those of the request together, as at ECS.
const CONSTRAINTS_MAX: usize = 10;

/// Most strategies of a task, as at ECS.
const STRATEGIES_MAX: usize = 5;

/// Most characters of an attribute's name in a strategy, as at ECS.
const FIELD_CHARACTERS_MAX: usize = 255;

/// What a client asks of the hosts of its tasks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Wishes {
    /// `placementConstraints` of the request.
    pub constraints: Vec<ecs::PlacementConstraint>,
    /// `placementStrategy` of the request.
    pub strategies: Vec<ecs::PlacementStrategy>,
}

impl Wishes {
    /// True if nothing is asked.
    pub fn is_empty(&self) -> bool {
        self.constraints.is_empty() && self.strategies.is_empty()
    }
}

/// Reads the constraints of a task definition.
///
/// # Errors
/// A text for the client.
pub fn definition_constraints(given: &[ecs::TaskDefinitionPlacementConstraint]) -> Result<Vec<Constraint>, String> {
    let constraint = |(index, one): (usize, &ecs::TaskDefinitionPlacementConstraint)| match &one.r#type {
        Some(ecs::TaskDefinitionPlacementConstraintType::MemberOf) => member_of(index, one.expression.as_deref()),
        Some(ecs::TaskDefinitionPlacementConstraintType::Unknown(_)) | None => {
            Err(format!("placementConstraints[{index}].type must be memberOf."))
        }
    };
    check_count(given.len())?;
    given.iter().enumerate().map(constraint).collect()
}

/// Reads the constraints of a request, and adds them to those of its task definition.
///
/// # Errors
/// A text for the client.
pub(crate) fn constraints(
    definition: &[ecs::TaskDefinitionPlacementConstraint],
    request: &[ecs::PlacementConstraint],
) -> Result<Vec<Constraint>, String> {
    let constraint = |(index, one): (usize, &ecs::PlacementConstraint)| match &one.r#type {
        Some(ecs::PlacementConstraintType::MemberOf) => member_of(index, one.expression.as_deref()),
        Some(ecs::PlacementConstraintType::DistinctInstance) => match one.expression.as_deref() {
            None | Some("") => Ok(Constraint::DistinctInstance),
            Some(_) => Err(format!("placementConstraints[{index}]: distinctInstance takes no expression.")),
        },
        Some(ecs::PlacementConstraintType::Unknown(_)) | None => {
            Err(format!("placementConstraints[{index}].type must be distinctInstance or memberOf."))
        }
    };
    check_count(definition.len() + request.len())?;
    let mut all = definition_constraints(definition)?;
    for one in request.iter().enumerate().map(constraint) {
        all.push(one?);
    }
    Ok(all)
}

/// Reads the strategies of a request.
///
/// # Errors
/// A text for the client.
pub(crate) fn strategies(given: &[ecs::PlacementStrategy]) -> Result<Vec<Strategy>, String> {
    if given.len() > STRATEGIES_MAX {
        return Err(format!("placementStrategy must have at most {STRATEGIES_MAX} entries, not {}.", given.len()));
    }
    let strategy = |(index, one): (usize, &ecs::PlacementStrategy)| {
        let field = one.field.as_deref().unwrap_or_default();
        let invalid = |text: &str| Err(format!("placementStrategy[{index}].field must be {text}."));
        match &one.r#type {
            // ECS gives fields back in capitals, and takes them so.
            Some(ecs::PlacementStrategyType::Binpack) => match field.to_ascii_lowercase().as_str() {
                "cpu" => Ok(Strategy::BinpackCpu),
                "memory" => Ok(Strategy::BinpackMemory),
                _ => invalid("cpu or memory for binpack"),
            },
            Some(ecs::PlacementStrategyType::Spread) => match (field, field.strip_prefix("attribute:")) {
                ("instanceId" | "host", _) => Ok(Strategy::SpreadHosts),
                (_, Some(name)) if !name.is_empty() && name.chars().count() <= FIELD_CHARACTERS_MAX => {
                    Ok(Strategy::SpreadAttribute(name.to_owned()))
                }
                _ => invalid("instanceId, host or attribute:NAME for spread"),
            },
            Some(ecs::PlacementStrategyType::Random) if field.is_empty() => Ok(Strategy::Random),
            Some(ecs::PlacementStrategyType::Random) => invalid("left out for random"),
            Some(ecs::PlacementStrategyType::Unknown(_)) | None => {
                Err(format!("placementStrategy[{index}].type must be random, spread or binpack."))
            }
        }
    };
    given.iter().enumerate().map(strategy).collect()
}

fn check_count(count: usize) -> Result<(), String> {
    if count <= CONSTRAINTS_MAX {
        return Ok(());
    }
    Err(format!(
        "A task can have at most {CONSTRAINTS_MAX} placement constraints, its task definition's included, not {count}."
    ))
}

fn member_of(index: usize, expression: Option<&str>) -> Result<Constraint, String> {
    let Some(expression) = expression.filter(|expression| !expression.is_empty()) else {
        return Err(format!("placementConstraints[{index}]: memberOf must have an expression."));
    };
    match Query::parse(expression) {
        Ok(_) => Ok(Constraint::MemberOf(expression.to_owned())),
        Err(error) => Err(format!("Invalid expression in placementConstraints[{index}]: {error}.")),
    }
}
