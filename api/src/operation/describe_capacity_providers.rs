//! DescribeCapacityProviders: those that are built in, and those that clients made.

use std::collections::BTreeMap;

use berth_model::ecs::{
    CapacityProvider, CapacityProviderField, CapacityProviderStatus, DescribeCapacityProvidersRequest,
    DescribeCapacityProvidersResponse,
};
use berth_model::id::ProviderName;

use super::limit::{check_ids, missing};
use super::{Call, Operate};
use crate::ecs::capacity_provider::{built_in, shown};
use crate::ecs::error::Fault;
use crate::ecs::page::Page;
use crate::edge::{Edge, failed, invalid_id};

impl Operate for DescribeCapacityProvidersRequest {
    type Answer = DescribeCapacityProvidersResponse;

    const NAME: &'static str = "DescribeCapacityProviders";

    async fn operate(self, edge: &Edge, _: &Call) -> Result<DescribeCapacityProvidersResponse, Fault> {
        let cluster = self.cluster.filter(|text| !text.is_empty());
        let texts = self.capacity_providers.unwrap_or_default();
        let listed = texts.join(",");
        let arguments = [Self::NAME, cluster.as_deref().unwrap_or_default(), &listed];
        let page = Page::read(&arguments, self.next_token.as_deref(), self.max_results)?;
        let mut known = known(edge).await?;
        if let Some(text) = cluster {
            let here = of_cluster(edge, &text).await?;
            known.retain(|name, _| here.contains(name));
        }
        let (mut found, mut failures) = (Vec::new(), Vec::new());
        if texts.is_empty() {
            known.retain(|_, one| one.status != Some(CapacityProviderStatus::Inactive));
            found.extend(known);
        } else {
            check_ids("capacityProviders", &texts)?;
            for text in &texts {
                let name = edge.scope().parse_capacity_provider(text);
                let name = name.map_err(|error| invalid_id("capacityProviders", &error))?;
                match known.remove_entry(&name) {
                    Some(entry) => found.push(entry),
                    None if found.iter().any(|(one, _)| *one == name) => {}
                    None => failures.push(missing(edge.scope().capacity_provider(&name))),
                }
            }
            found.sort_by(|(a, _), (b, _)| a.cmp(b));
        }
        let behind =
            found.into_iter().filter(|(name, _)| page.after.as_deref().is_none_or(|after| name.as_str() > after));
        let (found, next_token) = page.cut(behind.take(page.limit + 1).collect(), |(name, _)| name.to_string());
        let has_tags = self.include.is_some_and(|include| include.contains(&CapacityProviderField::Tags));
        let show = |(_, mut one): (_, CapacityProvider)| {
            if !has_tags {
                one.tags = Some(Vec::new());
            }
            one
        };
        Ok(DescribeCapacityProvidersResponse {
            capacity_providers: Some(found.into_iter().map(show).collect()),
            failures: Some(failures),
            next_token,
        })
    }
}

/// All that there are, by name.
async fn known(edge: &Edge) -> Result<BTreeMap<ProviderName, CapacityProvider>, Fault> {
    let made = edge.reader().capacity_providers().await.map_err(|error| failed(&error))?;
    let made = made.iter().map(|provider| shown(edge.scope(), provider));
    let all = built_in(edge.scope()).into_iter().chain(made);
    Ok(all.filter_map(|one| Some((one.name.as_deref()?.parse().ok()?, one))).collect())
}

/// Those that a cluster has.
async fn of_cluster(edge: &Edge, text: &str) -> Result<Vec<ProviderName>, Fault> {
    let name = edge.cluster_name(Some(text))?;
    let views = edge.reader().clusters(vec![name]).await.map_err(|error| failed(&error))?;
    let view = views.into_iter().find(|view| view.cluster.is_active).ok_or_else(Fault::cluster_not_found)?;
    Ok(view.cluster.capacity_providers)
}
