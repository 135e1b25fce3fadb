//! What happens to the tags of things that are there.

use berth_model::arn::Resource;
use berth_model::capacity_provider::CapacityProvider;
use berth_model::cluster::Cluster;
use berth_model::ecs::Tag;
use berth_model::task_definition::TaskDefinition;

use crate::event::TagChange;
use crate::state::State;
use crate::step::{Rejection, Reply, Step};

/// Most tags of one resource, as at ECS. The service's own, which begin with `aws:`, do not count.
const TAGS_MAX: usize = 50;

/// What a tag of the service's own begins with.
const RESERVED_PREFIX: &str = "aws:";

impl State {
    /// TagResource and UntagResource: all of the change or nothing.
    pub(crate) fn change_tags(&mut self, resource: &Resource, change: &TagChange, step: &mut Step) -> Reply {
        match self.try_change_tags(resource, change, step) {
            Ok(()) => Reply::Done,
            Err(rejection) => Reply::Rejected(rejection),
        }
    }

    fn try_change_tags(&mut self, resource: &Resource, change: &TagChange, step: &mut Step) -> Result<(), Rejection> {
        match resource {
            Resource::Cluster(name) => {
                let known = self.clusters.get(name).ok_or_else(|| Rejection::ClusterNotFound(name.clone()))?;
                if !known.is_active {
                    return Err(Rejection::InvalidParameter(INACTIVE.to_owned()));
                }
                let changed = Cluster { tags: changed(&known.tags, change)?, ..known.clone() };
                self.put_cluster(changed, step);
            }
            Resource::TaskDefinition(id) => {
                let known = self.definitions.known(id).ok_or_else(not_found)?;
                let changed = TaskDefinition { tags: changed(&known.tags, change)?, ..TaskDefinition::clone(known) };
                self.put_definition(changed, step);
            }
            Resource::Task(named) => {
                let is_there = |cluster| named.cluster.as_ref().is_none_or(|named| named == cluster);
                let task = self.tasks.get(named.id).filter(|task| is_there(&task.cluster)).ok_or_else(not_found)?;
                let tags = changed(&task.request.tags, change)?;
                self.tasks.change(named.id, |task| task.request.tags = tags);
            }
            Resource::ContainerInstance(named) => {
                let is_there = |cluster| named.cluster.as_ref().is_none_or(|named| named == cluster);
                let host = self.hosts.get(named.id).filter(|entry| is_there(&entry.row.cluster));
                let tags = changed(&host.ok_or_else(not_found)?.row.tags, change)?;
                self.hosts.change(named.id, |row| row.tags = tags);
            }
            Resource::CapacityProvider(name) => {
                let known =
                    self.capacity_providers.get(name).filter(|known| known.is_active()).ok_or_else(not_found)?;
                let changed = CapacityProvider { tags: changed(&known.tags, change)?, ..known.clone() };
                self.put_provider(changed, step);
            }
            Resource::NotOffered => return Err(not_found()),
        }
        Ok(())
    }
}

/// What is answered for a cluster that is deleted, as ECS words it.
const INACTIVE: &str = "The specified cluster is inactive. Specify an active cluster and try again.";

fn not_found() -> Rejection {
    Rejection::ResourceNotFound
}

/// The tags after the change: a key that was there has its new value in its old place.
fn changed(known: &[Tag], change: &TagChange) -> Result<Vec<Tag>, Rejection> {
    let mut tags = known.to_vec();
    match change {
        TagChange::Remove(keys) => tags.retain(|tag| tag.key.as_ref().is_none_or(|key| !keys.contains(key))),
        TagChange::Set(new) => {
            for tag in new {
                match tags.iter_mut().find(|known| known.key == tag.key) {
                    Some(known) => *known = tag.clone(),
                    None => tags.push(tag.clone()),
                }
            }
        }
    }
    check_count(&tags).map_err(Rejection::LimitExceeded)?;
    Ok(tags)
}

/// Checks that a resource may have so many tags.
pub(crate) fn check_count(tags: &[Tag]) -> Result<(), String> {
    let is_own = |tag: &&Tag| tag.key.as_deref().is_none_or(|key| !key.starts_with(RESERVED_PREFIX));
    let count = tags.iter().filter(is_own).count();
    if count <= TAGS_MAX { Ok(()) } else { Err(format!("A resource can have at most {TAGS_MAX} tags, not {count}.")) }
}

#[cfg(test)]
mod tests {
    use berth_model::arn::Scoped;
    use berth_model::id::{HostId, TaskId};
    use berth_model::unit::Resources;

    use super::*;
    use crate::event::Event;
    use crate::fixture::{World, container, name, registration, request, settings};

    fn tag(key: &str, value: &str) -> Tag {
        Tag { key: Some(key.to_owned()), value: Some(value.to_owned()) }
    }

    fn set(resource: &Resource, tags: Vec<Tag>) -> Event {
        Event::ChangeTags { resource: resource.clone(), change: TagChange::Set(tags) }
    }

    fn remove(resource: &Resource, keys: &[&str]) -> Event {
        let keys = keys.iter().map(|key| (*key).to_owned()).collect();
        Event::ChangeTags { resource: resource.clone(), change: TagChange::Remove(keys) }
    }

    #[test]
    fn tags_are_merged_by_key_on_everything_that_has_them() {
        let mut world = World::new(settings());
        let definition = world.define(request(vec![container("main")]));
        let task = world.run(&definition, 1)[0];
        let host = world.register(registration("default", Resources::new(1024, 1024)));
        let cluster = Some(name("default"));
        for resource in [
            Resource::Cluster(name("default")),
            Resource::TaskDefinition(definition.clone()),
            Resource::Task(Scoped { cluster: cluster.clone(), id: task }),
            Resource::ContainerInstance(Scoped { cluster: None, id: host }),
        ] {
            world.apply(set(&resource, vec![tag("a", "1"), tag("b", "1")]));
            world.apply(set(&resource, vec![tag("c", "1"), tag("a", "2")]));
            world.apply(remove(&resource, &["b", "nothing"]));
            let rows = world.state.rows();
            let tags = match &resource {
                Resource::Cluster(_) => rows.clusters[0].tags.clone(),
                Resource::TaskDefinition(_) => rows.task_definitions[0].tags.clone(),
                Resource::Task(_) => world.task(task).request.tags.clone(),
                _ => world.host(host).tags.clone(),
            };
            assert_eq!(tags, [tag("a", "2"), tag("c", "1")], "{resource:?}");
        }
        let step_rows = world.rows();
        assert_eq!(step_rows.clusters, world.state.rows().clusters, "what is in memory is stored");
        assert_eq!(step_rows.task_definitions, world.state.rows().task_definitions);
    }

    #[test]
    fn too_many_tags_and_what_is_not_there_are_refused() {
        let mut world = World::new(settings());
        let cluster = Resource::Cluster(name("default"));
        let many = (0..50).map(|n| tag(&format!("k{n}"), "")).collect();
        assert!(matches!(world.apply(set(&cluster, many)), Reply::Done));
        assert!(matches!(world.apply(set(&cluster, vec![tag("k7", "new")])), Reply::Done));
        assert!(matches!(world.refused(set(&cluster, vec![tag("one more", "")])), Rejection::LimitExceeded(_)));
        let (none, elsewhere) = (None, Some(name("other")));
        for resource in [
            Resource::TaskDefinition(berth_model::id::DefinitionId { family: name("web"), revision: 1 }),
            Resource::Task(Scoped { cluster: none.clone(), id: TaskId(1) }),
            Resource::ContainerInstance(Scoped { cluster: none, id: HostId(1) }),
            Resource::NotOffered,
        ] {
            assert_eq!(world.refused(set(&resource, Vec::new())), Rejection::ResourceNotFound, "{resource:?}");
        }
        let definition = world.define(request(vec![container("main")]));
        let task = world.run(&definition, 1)[0];
        let strange = Resource::Task(Scoped { cluster: elsewhere, id: task });
        assert_eq!(world.refused(remove(&strange, &["a"])), Rejection::ResourceNotFound);
        let unknown = Resource::Cluster(name("nope"));
        assert_eq!(world.refused(remove(&unknown, &["a"])), Rejection::ClusterNotFound(name("nope")));
        world.stop(task);
        world.apply(Event::DeleteCluster { name: name("default") });
        assert!(matches!(world.refused(remove(&cluster, &["a"])), Rejection::InvalidParameter(_)));
    }
}
