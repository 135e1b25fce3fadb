//! ListAttributes: the attributes of a cluster's container instances, by instance and then by name.

use berth_engine::store::HostFilter;
use berth_model::ecs::{Attribute, ListAttributesRequest, ListAttributesResponse};
use berth_model::host::FARGATE_CLUSTER;
use berth_model::id::HostId;

use super::attribute::shown;
use super::named_host::next_hosts;
use super::{Call, Operate};
use crate::ecs::container_instance::{attributes, statuses};
use crate::ecs::error::Fault;
use crate::ecs::page::Page;
use crate::edge::Edge;

impl Operate for ListAttributesRequest {
    type Answer = ListAttributesResponse;

    const NAME: &'static str = "ListAttributes";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<ListAttributesResponse, Fault> {
        let cluster = edge.cluster_name(self.cluster.as_deref())?;
        // An empty text is as good as none, as for other filters of lists.
        let name = self.attribute_name.as_deref().filter(|text| !text.is_empty());
        let value = self.attribute_value.as_deref().filter(|text| !text.is_empty());
        if value.is_some() && name.is_none() {
            return Err(Fault::invalid("attributeValue is only for a request with attributeName."));
        }
        let arguments = [Self::NAME, cluster.as_str(), name.unwrap_or_default(), value.unwrap_or_default()];
        let page = Page::read(&arguments, self.next_token.as_deref(), self.max_results)?;
        let after = page.after.as_deref().map(Key::parse).transpose()?;
        let is_wanted = |attribute: &Attribute| {
            name.is_none_or(|name| attribute.name.as_deref() == Some(name))
                && value.is_none_or(|value| attribute.value.as_deref() == Some(value))
        };
        let mut found: Vec<(Key, Attribute)> = Vec::new();
        // The host at which the last page ended may have more.
        let mut from = after.as_ref().and_then(|key| key.host.0.checked_sub(1)).map(HostId);
        let filter = HostFilter { cluster: cluster.clone(), statuses: statuses(None) };
        let mut is_empty = true;
        while found.len() <= page.limit {
            let Some(views) = next_hosts(edge, &filter, &mut from).await? else { break };
            is_empty = false;
            for view in views {
                let mut all = attributes(&view.host);
                all.sort_by(|a, b| a.name.cmp(&b.name));
                let wanted = all.into_iter().filter(is_wanted).map(|attribute| {
                    let key = Key { host: view.host.id, name: attribute.name.clone().unwrap_or_default() };
                    (key, attribute)
                });
                found.extend(wanted.filter(|(key, _)| after.as_ref().is_none_or(|after| key > after)));
            }
        }
        if is_empty && cluster.as_str() != FARGATE_CLUSTER {
            edge.check_cluster(&cluster).await?;
        }
        let (found, next_token) = page.cut(found, |(key, _)| key.to_string());
        let shown = found.into_iter().map(|(key, attribute)| shown(edge.scope(), &cluster, key.host, attribute));
        Ok(ListAttributesResponse { attributes: Some(shown.collect()), next_token })
    }
}

/// Where an attribute stands in the list.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key {
    host: HostId,
    name: String,
}

impl Key {
    fn parse(text: &str) -> Result<Self, Fault> {
        let (host, name) = text.split_once(' ').ok_or_else(Page::invalid_token)?;
        Ok(Self { host: host.parse().or(Err(Page::invalid_token()))?, name: name.to_owned() })
    }
}

impl std::fmt::Display for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.host, self.name)
    }
}
