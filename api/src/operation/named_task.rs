//! The tasks that a request is about, named by id or by ARN.

use std::collections::BTreeSet;

use berth_model::id::{ClusterName, TaskId};

use crate::ecs::error::Fault;
use crate::edge::{Edge, invalid_id};

/// One task as a request names it.
#[derive(Debug)]
pub(super) struct NamedTask {
    /// Its id.
    pub(super) id: TaskId,
    /// Its ARN; as the request has it, if that is one of another cluster.
    pub(super) arn: String,
    /// False if the request has an ARN of another cluster than its own.
    pub(super) is_here: bool,
}

/// The tasks that `texts`, the value of `tasks`, names: each once.
pub(super) fn named_tasks(edge: &Edge, cluster: &ClusterName, texts: Vec<String>) -> Result<Vec<NamedTask>, Fault> {
    let mut seen = BTreeSet::new();
    let mut tasks = Vec::with_capacity(texts.len());
    for text in texts {
        let named = edge.scope().parse_task(&text).map_err(|error| invalid_id("tasks", &error))?;
        let is_here = named.cluster.is_none_or(|named| named == *cluster);
        let arn = if is_here { edge.scope().task(cluster, named.id) } else { text };
        if seen.insert((named.id, is_here)) {
            tasks.push(NamedTask { id: named.id, arn, is_here });
        }
    }
    Ok(tasks)
}
