//! DescribeClusters: clusters with what is in them.

use std::collections::{BTreeMap, BTreeSet};

use berth_model::ecs::{ClusterField, DescribeClustersRequest, DescribeClustersResponse};
use berth_model::id::ClusterName;

use super::limit::{check_ids, missing};
use super::{Call, Operate};
use crate::ecs::cluster::described;
use crate::ecs::error::Fault;
use crate::edge::{Edge, failed};

impl Operate for DescribeClustersRequest {
    type Answer = DescribeClustersResponse;

    const NAME: &'static str = "DescribeClusters";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DescribeClustersResponse, Fault> {
        let names = names(edge, self.clusters.as_deref().unwrap_or_default())?;
        let include: BTreeSet<ClusterField> = self.include.into_iter().flatten().collect();
        let views = edge.reader().clusters(names.clone()).await.map_err(|error| failed(&error))?;
        let found: BTreeMap<&ClusterName, _> = views.iter().map(|view| (&view.cluster.name, view)).collect();
        let counts = if include.contains(&ClusterField::Statistics) {
            edge.reader().count_tasks(names.clone()).await.map_err(|error| failed(&error))?
        } else {
            Vec::new()
        };
        let (mut clusters, mut failures) = (Vec::new(), Vec::new());
        for name in &names {
            match found.get(name) {
                Some(view) => {
                    let counts: Vec<_> = counts.iter().filter(|count| count.cluster == *name).collect();
                    clusters.push(described(edge.scope(), view, &include, &counts));
                }
                None => failures.push(missing(edge.scope().cluster(name))),
            }
        }
        Ok(DescribeClustersResponse { clusters: Some(clusters), failures: Some(failures) })
    }
}

/// The clusters asked for, each once, in the order of the request; `default` if none is named.
fn names(edge: &Edge, given: &[String]) -> Result<Vec<ClusterName>, Fault> {
    if given.is_empty() {
        return Ok(vec![edge.cluster_name(None)?]);
    }
    check_ids("clusters", given)?;
    let mut names: Vec<ClusterName> = Vec::with_capacity(given.len());
    for text in given {
        let name = edge.cluster_name(Some(text))?;
        if !names.contains(&name) {
            names.push(name);
        }
    }
    Ok(names)
}
