//! The container instances that a request is about: named by id or by ARN, or all of a list.

use std::collections::BTreeSet;

use berth_engine::store::{HostFilter, HostView, Page};
use berth_model::ecs::{self, Failure};
use berth_model::id::{ClusterName, HostId};
use berth_scheduler::step::HostFailure;

use crate::ecs::container_instance::described;
use crate::ecs::error::Fault;
use crate::edge::{Edge, failed, invalid_id};

/// How many hosts are looked at at once.
const HOSTS_AT_ONCE: usize = 100;

/// One container instance as a request names it.
#[derive(Debug)]
pub(super) struct NamedHost {
    /// Its id.
    pub(super) id: HostId,
    /// Its ARN; as the request has it, if that is one of another cluster.
    pub(super) arn: String,
    /// False if the request has an ARN of another cluster than its own.
    pub(super) is_here: bool,
}

/// The container instances that `texts`, the value of `member`, names: each once.
pub(super) fn named_hosts(
    edge: &Edge,
    cluster: &ClusterName,
    member: &str,
    texts: &[String],
) -> Result<Vec<NamedHost>, Fault> {
    let mut ids = BTreeSet::new();
    let mut named = Vec::with_capacity(texts.len());
    for text in texts {
        let host = named_host(edge, cluster, member, text)?;
        if ids.insert(host.id) {
            named.push(host);
        }
    }
    Ok(named)
}

/// The container instance that `text`, the value of `member`, names.
pub(super) fn named_host(edge: &Edge, cluster: &ClusterName, member: &str, text: &str) -> Result<NamedHost, Fault> {
    let named = edge.scope().parse_container_instance(text).map_err(|error| invalid_id(member, &error))?;
    let is_here = named.cluster.is_none_or(|named| named == *cluster);
    let arn = if is_here { edge.scope().container_instance(cluster, named.id) } else { text.to_owned() };
    Ok(NamedHost { id: named.id, arn, is_here })
}

/// What is answered in `failures` for a container instance that cannot be had.
pub(super) fn host_failure(arn: String, failure: HostFailure) -> Failure {
    Failure { arn: Some(arn), reason: Some(failure.as_str().to_owned()), detail: None }
}

/// The next hosts of a list behind `after`, which moves on, with what is on them; `None` at the end.
pub(super) async fn next_hosts(
    edge: &Edge,
    filter: &HostFilter,
    after: &mut Option<HostId>,
) -> Result<Option<Vec<HostView>>, Fault> {
    let page = Page { after: *after, limit: HOSTS_AT_ONCE };
    let hosts = edge.reader().list_hosts(filter.clone(), page).await.map_err(|error| failed(&error))?;
    let Some(last) = hosts.last().copied() else { return Ok(None) };
    *after = Some(last);
    edge.reader().hosts(hosts).await.map(Some).map_err(|error| failed(&error))
}

/// These hosts as the store has them now, in this order.
pub(super) async fn described_hosts(edge: &Edge, hosts: &[HostId]) -> Result<Vec<ecs::ContainerInstance>, Fault> {
    let mut found: Vec<HostView> = edge.reader().hosts(hosts.to_vec()).await.map_err(|error| failed(&error))?;
    found.sort_by_key(|view| hosts.iter().position(|host| *host == view.host.id));
    Ok(found.iter().map(|view| described(edge.scope(), view, true)).collect())
}
