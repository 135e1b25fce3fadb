//! ListClusters: the ARNs of the ACTIVE clusters, by name. Who is limited to some clusters sees no others.

use berth_engine::store::{self, StoreError};
use berth_model::access_key::Role;
use berth_model::ecs::{ListClustersRequest, ListClustersResponse};
use berth_model::id::ClusterName;

use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::ecs::page::Page;
use crate::edge::{Edge, failed};

impl Operate for ListClustersRequest {
    type Answer = ListClustersResponse;

    const NAME: &'static str = "ListClusters";

    async fn operate(self, edge: &Edge, call: &Call) -> Result<ListClustersResponse, Fault> {
        let page = Page::read(&[Self::NAME], self.next_token.as_deref(), self.max_results)?;
        let asked = store::Page { after: page.key()?, limit: page.limit + 1 };
        let names = match &call.caller.role {
            Role::User { clusters } => active(edge, clusters.iter().cloned().collect(), asked).await,
            Role::Admin | Role::Reader | Role::Agent => edge.reader().list_clusters(asked).await,
        };
        let names = names.map_err(|error| failed(&error))?;
        let (names, next_token) = page.cut(names, ToString::to_string);
        let arns = names.iter().map(|name| edge.scope().cluster(name)).collect();
        Ok(ListClustersResponse { cluster_arns: Some(arns), next_token })
    }
}

/// A page of those of these clusters that are ACTIVE.
async fn active(
    edge: &Edge,
    names: Vec<ClusterName>,
    page: store::Page<ClusterName>,
) -> Result<Vec<ClusterName>, StoreError> {
    let views = edge.reader().clusters(names).await?;
    let mut found: Vec<ClusterName> = views
        .into_iter()
        .filter(|view| view.cluster.is_active)
        .map(|view| view.cluster.name)
        .filter(|name| page.after.as_ref().is_none_or(|after| name > after))
        .collect();
    found.sort_unstable();
    found.truncate(page.limit);
    Ok(found)
}
