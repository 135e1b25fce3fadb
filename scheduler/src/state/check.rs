//! The rules that must hold after every event, and the caches compared with what they are made from.

use berth_model::host::{HostStatus, Origin};
use berth_model::id::HostId;
use berth_model::task::{DesiredStatus, Task, TaskStatus};
use berth_model::task_definition::DefinitionStatus;
use berth_model::unit::Resources;

use super::State;
use super::hosts::Entry;
use crate::placement::{Ask, Domain, Slot};
use crate::timer::Timer;

impl State {
    pub(super) fn check_all(&self) -> Result<(), String> {
        self.tasks.check()?;
        self.hosts.check(self.tasks.iter().map(AsRef::as_ref))?;
        self.queue.check()?;
        self.tasks.iter().try_for_each(|task| self.check_task(task))?;
        let waiting: usize = self.queue.classes().map(|(_, class)| class.waiting.len()).sum();
        if waiting != self.tasks.iter().filter(|task| task.host.is_none()).count() {
            return Err(format!("{waiting} tasks wait in classes, more or less than have no host"));
        }
        self.check_hosts()?;
        self.check_quotas()?;
        self.check_keeps()?;
        self.check_placement()?;
        self.check_timers()
    }

    fn check_task(&self, task: &Task) -> Result<(), String> {
        let wrong = |what: &str| Err(format!("task {} {what}: {task:?}", task.id));
        if (task.last_status == TaskStatus::Provisioning) != task.host.is_none() {
            return wrong("waits on a host, or runs on none");
        }
        if (task.desired_status == DesiredStatus::Stopped) != task.stop.is_some() {
            return wrong("stops without a cause, or does not although it has one");
        }
        if (task.desired_status == DesiredStatus::Stopped) != (task.last_status == TaskStatus::Stopping) {
            return wrong("is not where it should be");
        }
        if task.host.is_none() && self.queue.class_of(task.id).is_none() {
            return wrong("waits in no class");
        }
        if self.definitions.get(&task.definition).is_none() {
            return wrong("runs something unknown");
        }
        Ok(())
    }

    fn check_hosts(&self) -> Result<(), String> {
        for entry in self.hosts.iter() {
            let row = &entry.row;
            let takes_tasks = matches!(row.status, HostStatus::Active | HostStatus::Draining);
            if !takes_tasks && !entry.tasks.is_empty() {
                return Err(format!("host {} is {:?} and has tasks", row.id, row.status));
            }
            if self.is_started && entry.session.is_some() && !row.is_connected {
                return Err(format!("host {} has a session and seems disconnected", row.id));
            }
            if self.is_started && takes_tasks && entry.session.is_some() == entry.away_since.is_some() {
                return Err(format!("host {} is there and away", row.id));
            }
            if takes_tasks != row.registered_at.is_some() && row.status < HostStatus::Terminating {
                return Err(format!("host {} is {:?}, registered at {:?}", row.id, row.status, row.registered_at));
            }
        }
        Ok(())
    }

    /// The hosts of all pools of a backend together keep to its quota, by what their types promise.
    fn check_quotas(&self) -> Result<(), String> {
        for backend in self.backends() {
            let Some(pool) = self.settings.pool(backend) else { continue };
            let Some(quota) = pool.quota else { continue };
            let promised = |entry: &Entry| match &entry.row.origin {
                Origin::Pool { instance_type, .. } => {
                    pool.catalogue.iter().find(|kind| kind.name == *instance_type).map(|kind| kind.capacity)
                }
                Origin::Static(_) => None,
            };
            let total: Resources = self.hosts_on(backend).filter_map(promised).sum();
            if !total.fits_in(quota) {
                return Err(format!("the hosts on {backend} have {total}, more than {quota}"));
            }
        }
        Ok(())
    }

    fn check_keeps(&self) -> Result<(), String> {
        for (key, class) in self.queue.classes() {
            let Some(host) = class.kept else { continue };
            let slot = self.hosts.fleet(&Domain::Pool(class.provider.clone())).get(&host);
            if slot.and_then(|slot| slot.kept) != Some(key) {
                return Err(format!("host {host} is kept for {:?}, but does not know", class.id));
            }
        }
        for entry in self.hosts.iter() {
            let kept = self.hosts.fleet(&entry.domain).get(&entry.row.id).and_then(|slot| slot.kept);
            let Some(key) = kept else { continue };
            if self.queue.class(key).and_then(|class| class.kept) != Some(entry.row.id) {
                return Err(format!("host {} is kept for nobody", entry.row.id));
            }
        }
        Ok(())
    }

    /// Whatever no pass is due for has no room: nothing waits beside a host that could take it.
    fn check_placement(&self) -> Result<(), String> {
        for (key, class) in self.queue.classes() {
            let Some((head, _)) = class.waiting.first() else { continue };
            if self.queue.has_work_in(&class.provider) {
                continue;
            }
            let ask = Ask::of_class(&class.demand, class.constraints.clone(), key);
            let field = self.field(&Domain::Pool(class.provider.clone()));
            let takes = |(host, slot): &(&HostId, &Slot)| ask.verdict(**host, slot, field, *head).is_ok();
            if let Some((host, _)) = field.fleet.iter().find(takes) {
                return Err(format!("{:?} waits although host {host} has room", class.id));
            }
        }
        Ok(())
    }

    fn check_timers(&self) -> Result<(), String> {
        for entry in self.hosts.iter() {
            let (due, set) = (self.due(entry), self.timers.at(&Timer::Host(entry.row.id)));
            // The brake puts a host's moment off.
            if due.is_some() != set.is_some() || set < due {
                return Err(format!("host {} is due at {due:?}, its timer is set to {set:?}", entry.row.id));
            }
        }
        for definition in self.definitions.iter().filter(|one| one.status == DefinitionStatus::DeleteInProgress) {
            if self.timers.at(&Timer::Definition(definition.id.clone())).is_none() {
                return Err(format!("{} is being deleted, but never will be", definition.id));
            }
        }
        let is_stray = |timer: &&Timer| match timer {
            Timer::Host(host) => self.hosts.get(*host).is_none(),
            Timer::Starving(key) => self.queue.class(*key).is_none(),
            Timer::Definition(id) => {
                self.definitions.get(id).is_none_or(|one| one.status != DefinitionStatus::DeleteInProgress)
            }
            Timer::Retry(provider, name) => !self.unavailable.contains_key(&(provider.clone(), name.clone())),
        };
        match self.timers.iter().find(is_stray) {
            Some(timer) => Err(format!("a timer for nothing: {timer:?}")),
            None => Ok(()),
        }
    }
}
