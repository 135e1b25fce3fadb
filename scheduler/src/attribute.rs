//! The attributes that operators give to hosts: PutAttributes and DeleteAttributes.

use berth_model::ecs::Attribute;
use berth_model::host::is_reserved;
use berth_model::id::{ClusterName, HostId};

use crate::event::AttributeChange;
use crate::placement::Domain;
use crate::state::State;
use crate::step::{Rejection, Reply};

/// Most custom attributes of one host, as at ECS. Those that agents and the service set do not count.
const CUSTOM_MAX: usize = 10;

/// Something of each of some hosts, in the order of a request.
type OfHosts<T> = Vec<(HostId, T)>;

impl State {
    /// PutAttributes and DeleteAttributes: all of the change or nothing. Tasks that run already are left where they are.
    pub(crate) fn change_attributes(&mut self, cluster: &ClusterName, change: &AttributeChange) -> Reply {
        match self.attributes_after(cluster, change) {
            Ok((changed, answer)) => {
                for (host, attributes) in changed {
                    self.set_attributes(host, attributes);
                }
                Reply::Attributes(answer)
            }
            Err(rejection) => Reply::Rejected(rejection),
        }
    }

    /// What each host has afterwards, and which attributes were put or deleted.
    fn attributes_after(
        &self,
        cluster: &ClusterName,
        change: &AttributeChange,
    ) -> Result<(OfHosts<Vec<Attribute>>, OfHosts<Attribute>), Rejection> {
        self.check_host_cluster(cluster)?;
        let mut changed: OfHosts<Vec<Attribute>> = Vec::new();
        let mut answer = Vec::new();
        let (AttributeChange::Put(asked) | AttributeChange::Delete(asked)) = change;
        for (host, attribute) in asked {
            let entry = self.in_service(cluster, *host).map_err(|_gone| Rejection::TargetNotFound(*host))?;
            let place = changed.iter().position(|(known, _)| known == host).unwrap_or_else(|| {
                changed.push((*host, entry.row.attributes.clone()));
                changed.len() - 1
            });
            let attributes = &mut changed[place].1;
            let known = attributes.iter().position(|known| known.name == attribute.name);
            match (change, known) {
                (AttributeChange::Put(_), Some(known)) => attributes[known].value.clone_from(&attribute.value),
                (AttributeChange::Put(_), None) => attributes.push(attribute.clone()),
                (AttributeChange::Delete(_), Some(known)) => drop(attributes.remove(known)),
                // It is not there, which is all that was asked for.
                (AttributeChange::Delete(_), None) => {}
            }
            answer.push((*host, attribute.clone()));
        }
        if matches!(change, AttributeChange::Put(_)) {
            let is_custom = |one: &&Attribute| one.name.as_deref().is_some_and(|name| !is_reserved(name));
            let over = changed.iter().find(|(_, all)| all.iter().filter(is_custom).count() > CUSTOM_MAX);
            if let Some((host, _)) = over {
                let text = format!("A container instance can have at most {CUSTOM_MAX} custom attributes: {host}.");
                return Err(Rejection::AttributeLimitExceeded(text));
            }
        }
        Ok((changed, answer))
    }

    fn set_attributes(&mut self, host: HostId, attributes: Vec<Attribute>) {
        let Some(entry) = self.hosts.get(host).filter(|entry| entry.row.attributes != attributes) else { return };
        let domain = entry.domain.clone();
        self.hosts.change(host, |row| row.attributes = attributes);
        // Constraints may ask for them.
        if let Domain::Pool(provider) = domain {
            self.queue.changed(&provider);
        }
        self.needs_plan = true;
    }
}

#[cfg(test)]
mod tests;
