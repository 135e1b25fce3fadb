//! ListClusters: the ARNs of the ACTIVE clusters, by name.

use berth_engine::store;
use berth_model::ecs::{ListClustersRequest, ListClustersResponse};

use super::{Call, Operate};
use crate::ecs::error::Fault;
use crate::ecs::page::Page;
use crate::edge::{Edge, failed};

impl Operate for ListClustersRequest {
    type Answer = ListClustersResponse;

    const NAME: &'static str = "ListClusters";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<ListClustersResponse, Fault> {
        let page = Page::read(&[Self::NAME], self.next_token.as_deref(), self.max_results)?;
        let asked = store::Page { after: page.key()?, limit: page.limit + 1 };
        let names = edge.reader().list_clusters(asked).await.map_err(|error| failed(&error))?;
        let (names, next_token) = page.cut(names, ToString::to_string);
        let arns = names.iter().map(|name| edge.scope().cluster(name)).collect();
        Ok(ListClustersResponse { cluster_arns: Some(arns), next_token })
    }
}
