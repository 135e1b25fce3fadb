//! The tasks that wait for a host, by demand class: who is next, and which classes are worth a look.
//!
//! A class that was looked at and did not fit is not looked at again until something has changed for its pool. When
//! something has, all classes of the pool are due in a sweep, the one whose head waits longest first; changes during a
//! sweep are for the next one, so that every class has its turn even when a pass cannot visit all of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use berth_model::id::{HostId, ProviderName, TaskId};
use berth_model::task::{Demand, Placement};
use berth_model::time::Timestamp;

use crate::placement::{Constraints, Keeps};
use crate::step::ClassId;

/// A class, as long as tasks wait in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ClassKey(u64);

impl ClassKey {
    /// Randomness of the class's own, from that of its pass.
    pub(crate) fn mix(self, entropy: u128) -> u128 {
        entropy ^ u128::from(self.0).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835)
    }
}

/// Tasks of equal demand that wait for the same pool.
#[derive(Debug)]
pub(crate) struct Class {
    pub(crate) id: ClassId,
    pub(crate) provider: ProviderName,
    pub(crate) demand: Arc<Demand>,
    pub(crate) constraints: Option<Arc<Constraints>>,
    /// First come, first served.
    pub(crate) waiting: BTreeSet<(Timestamp, TaskId)>,
    /// True once a pass has looked at it and left tasks waiting: only then more hosts could help.
    pub(crate) is_left: bool,
    pub(crate) kept: Option<HostId>,
    pub(crate) explanation: String,
    pub(crate) outlook: String,
    /// The text that is stored.
    pub(crate) written: Option<String>,
}

/// The classes of one pool.
#[derive(Debug, Default)]
struct Lane {
    /// All, by the age of their heads.
    by_age: BTreeSet<(Timestamp, ClassKey)>,
    /// Those to be looked at in this sweep.
    stale: BTreeSet<(Timestamp, ClassKey)>,
    /// True while they are what is left of a sweep.
    is_swept: bool,
    /// True if another sweep is due after this one.
    is_all_stale: bool,
    /// How many of the classes may be let in by a task that is placed, since their constraints ask for company.
    watching: usize,
}

/// What an addition or a removal did to a class.
#[derive(Debug)]
pub(crate) enum Head {
    /// The same task is the first as before.
    Same,
    /// Another task is the first now, and waits since then.
    Moved(ClassKey, Timestamp),
    /// Nothing waits in it any more.
    Emptied(ClassKey, Box<Class>),
}

/// Everything that waits.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    classes: BTreeMap<ClassKey, Class>,
    keys: BTreeMap<ClassId, ClassKey>,
    class_of: BTreeMap<TaskId, ClassKey>,
    lanes: BTreeMap<ProviderName, Lane>,
    keeps: Keeps,
    next_key: u64,
    /// The pool visited last; the next visit goes to the one after it.
    last: Option<ProviderName>,
}

impl Queue {
    /// Lets a task wait.
    pub(crate) fn add(&mut self, provider: &ProviderName, demand: &Demand, since: Timestamp, task: TaskId) -> Head {
        let id = class_id(provider, demand);
        let key = self.keys.get(&id).copied().unwrap_or_else(|| self.open(id, provider, demand));
        self.class_of.insert(task, key);
        self.change(key, |waiting| _ = waiting.insert((since, task)))
    }

    /// Takes a task out; `None` if it does not wait.
    pub(crate) fn remove(&mut self, since: Timestamp, task: TaskId) -> Option<Head> {
        let key = self.class_of.remove(&task)?;
        Some(self.change(key, |waiting| _ = waiting.remove(&(since, task))))
    }

    fn open(&mut self, id: ClassId, provider: &ProviderName, demand: &Demand) -> ClassKey {
        let key = ClassKey(self.next_key);
        self.next_key += 1;
        self.keys.insert(id.clone(), key);
        let constraints = Constraints::of(demand).map(Arc::new);
        if watches(constraints.as_deref()) {
            self.lanes.entry(provider.clone()).or_default().watching += 1;
        }
        let class = Class {
            id,
            provider: provider.clone(),
            demand: Arc::new(demand.clone()),
            constraints,
            waiting: BTreeSet::new(),
            is_left: false,
            kept: None,
            explanation: String::new(),
            outlook: String::new(),
            written: None,
        };
        self.classes.insert(key, class);
        key
    }

    fn change(&mut self, key: ClassKey, f: impl FnOnce(&mut BTreeSet<(Timestamp, TaskId)>)) -> Head {
        let class = self.classes.get_mut(&key).expect("keys are removed together with their class");
        let lane = self.lanes.entry(class.provider.clone()).or_default();
        let before = class.waiting.first().map(|(at, _)| *at);
        f(&mut class.waiting);
        let after = class.waiting.first().map(|(at, _)| *at);
        let mut is_stale = before.is_none();
        if let Some(before) = before {
            lane.by_age.remove(&(before, key));
            is_stale = lane.stale.remove(&(before, key));
        }
        let Some(after) = after else {
            lane.is_swept &= !lane.stale.is_empty();
            self.keeps.remove(&key);
            let class = self.classes.remove(&key).expect("it was there a moment ago");
            lane.watching -= usize::from(watches(class.constraints.as_deref()));
            self.keys.remove(&class.id);
            return Head::Emptied(key, Box::new(class));
        };
        lane.by_age.insert((after, key));
        if is_stale {
            lane.stale.insert((after, key));
        }
        if let Some(since) = self.keeps.get_mut(&key)
            && *since != after
        {
            *since = after;
            // The kept host is closed to fewer tasks now, and to none at all if the new head does not starve.
            lane.stale.insert((after, key));
            lane.is_all_stale = true;
        }
        if before == Some(after) { Head::Same } else { Head::Moved(key, after) }
    }

    /// Something has changed that may help any class of the pool.
    pub(crate) fn changed(&mut self, provider: &ProviderName) {
        if let Some(lane) = self.lanes.get_mut(provider) {
            lane.is_all_stale = true;
        }
    }

    /// A task has been placed on a host of the pool.
    pub(crate) fn placed(&mut self, provider: &ProviderName) {
        if let Some(lane) = self.lanes.get_mut(provider) {
            lane.is_all_stale |= lane.watching > 0;
        }
    }

    /// This class is to be looked at again.
    pub(crate) fn look_at(&mut self, key: ClassKey) {
        if let Some(class) = self.classes.get(&key)
            && let Some((head, _)) = class.waiting.first()
            && let Some(lane) = self.lanes.get_mut(&class.provider)
        {
            lane.stale.insert((*head, key));
        }
    }

    /// The class has been looked at and waits on.
    pub(crate) fn looked_at(&mut self, key: ClassKey) {
        if let Some(class) = self.classes.get_mut(&key)
            && let Some((head, _)) = class.waiting.first()
            && let Some(lane) = self.lanes.get_mut(&class.provider)
        {
            lane.stale.remove(&(*head, key));
            lane.is_swept &= !lane.stale.is_empty();
            class.is_left = true;
        }
    }

    /// The class to look at next: of each pool in turn the one whose head waits longest.
    pub(crate) fn next(&mut self) -> Option<ClassKey> {
        let due = |(_, lane): &(&ProviderName, &Lane)| lane.has_work();
        let after = self.lanes.iter().filter(due).find(|(provider, _)| Some(*provider) > self.last.as_ref());
        let (provider, _) = after.or_else(|| self.lanes.iter().find(due))?;
        let provider = provider.clone();
        let lane = self.lanes.get_mut(&provider)?;
        // Classes that are due by themselves, new ones above all, wait for their turn in the sweep: theirs is not before
        // that of the classes that have waited longer.
        if lane.is_all_stale && !lane.is_swept {
            lane.stale.clone_from(&lane.by_age);
            (lane.is_swept, lane.is_all_stale) = (true, false);
        }
        let key = lane.stale.first().map(|(_, key)| *key);
        self.last = Some(provider);
        key
    }

    /// True if a class is worth a look.
    pub(crate) fn has_work(&self) -> bool {
        self.lanes.values().any(Lane::has_work)
    }

    pub(crate) fn class(&self, key: ClassKey) -> Option<&Class> {
        self.classes.get(&key)
    }

    pub(crate) fn class_mut(&mut self, key: ClassKey) -> Option<&mut Class> {
        self.classes.get_mut(&key)
    }

    pub(crate) fn key(&self, id: &ClassId) -> Option<ClassKey> {
        self.keys.get(id).copied()
    }

    pub(crate) fn class_of(&self, task: TaskId) -> Option<&Class> {
        self.classes.get(self.class_of.get(&task)?)
    }

    /// True if a class of this pool is worth a look.
    pub(crate) fn has_work_in(&self, provider: &ProviderName) -> bool {
        self.lanes.get(provider).is_some_and(Lane::has_work)
    }

    /// The classes of a pool, the one whose head waits longest first.
    pub(crate) fn of_pool<'a>(
        &'a self,
        provider: &ProviderName,
    ) -> impl Iterator<Item = (ClassKey, &'a Class)> + use<'a> {
        let keys = self.lanes.get(provider).into_iter().flat_map(|lane| lane.by_age.iter());
        keys.filter_map(|(_, key)| Some((*key, self.classes.get(key)?)))
    }

    pub(crate) fn classes(&self) -> impl Iterator<Item = (ClassKey, &Class)> {
        self.classes.iter().map(|(key, class)| (*key, class))
    }

    pub(crate) fn keeps(&self) -> &Keeps {
        &self.keeps
    }

    /// Notes that a host is kept for the class.
    pub(crate) fn keep(&mut self, key: ClassKey, host: HostId) {
        if let Some(class) = self.classes.get_mut(&key)
            && let Some((head, _)) = class.waiting.first()
        {
            class.kept = Some(host);
            self.keeps.insert(key, *head);
        }
    }

    /// Notes that no host is kept for the class any more, and says which one was.
    pub(crate) fn let_go(&mut self, key: ClassKey) -> Option<HostId> {
        self.keeps.remove(&key);
        self.classes.get_mut(&key)?.kept.take()
    }

    /// Compares the indexes with the classes.
    pub(crate) fn check(&self) -> Result<(), String> {
        let waiting: usize = self.classes.values().map(|class| class.waiting.len()).sum();
        if waiting != self.class_of.len() || self.keys.len() != self.classes.len() {
            return Err(format!("{waiting} tasks in classes, {} known to wait", self.class_of.len()));
        }
        for (key, class) in &self.classes {
            let Some((head, _)) = class.waiting.first() else {
                return Err(format!("class {:?} is empty", class.id));
            };
            if class_id(&class.provider, &class.demand) != class.id {
                return Err(format!("class {:?} has another demand", class.id));
            }
            let in_order = self.lanes.get(&class.provider).is_some_and(|lane| lane.by_age.contains(&(*head, *key)));
            let is_kept = self.keeps.get(key) == class.kept.and(Some(head));
            if self.keys.get(&class.id) != Some(key) || !in_order || !is_kept {
                return Err(format!("class {:?} is not where it belongs", class.id));
            }
            if let Some((_, task)) = class.waiting.iter().find(|(_, task)| self.class_of.get(task) != Some(key)) {
                return Err(format!("task {task} is not known to wait in {:?}", class.id));
            }
        }
        let watching = self.classes.values().filter(|class| watches(class.constraints.as_deref())).count();
        if self.lanes.values().map(|lane| lane.watching).sum::<usize>() != watching {
            return Err(format!("{watching} classes watch for tasks that are placed, more or less than are known"));
        }
        let in_lanes: usize = self.lanes.values().map(|lane| lane.by_age.len()).sum();
        let is_stale_known = self.lanes.values().all(|lane| lane.stale.is_subset(&lane.by_age));
        if in_lanes == self.classes.len() && is_stale_known { Ok(()) } else { Err("a class waits twice".to_owned()) }
    }
}

impl Lane {
    fn has_work(&self) -> bool {
        !self.stale.is_empty() || (self.is_all_stale && !self.by_age.is_empty())
    }
}

fn watches(constraints: Option<&Constraints>) -> bool {
    constraints.is_some_and(Constraints::depends_on_tasks)
}

/// The class's name: the same for the same pool and demand, now and after a restart.
pub(crate) fn class_id(provider: &ProviderName, demand: &Demand) -> ClassId {
    use std::fmt::Write as _;
    let Demand { resources, ports, host_network, architecture, capabilities, placement } = demand;
    let mut name = format!("{provider}/cpu={}/memory={}", resources.cpu.0, resources.memory.0);
    let mut push = |part: std::fmt::Arguments<'_>| name.write_fmt(part).expect("a string takes any text");
    if resources.gpus.0 > 0 {
        push(format_args!("/gpus={}", resources.gpus.0));
    }
    if let Some(architecture) = architecture {
        push(format_args!("/architecture={}", architecture.as_str()));
    }
    if *host_network {
        push(format_args!("/network=host"));
    }
    for capability in capabilities {
        push(format_args!("/capability={}", capability.attribute()));
    }
    for port in ports {
        push(format_args!("/port={port}"));
    }
    if let Some(placement) = placement {
        let Placement { constraints, strategies, group } = placement.as_ref();
        for constraint in constraints {
            push(format_args!("/constraint={constraint:?}"));
        }
        for strategy in strategies {
            push(format_args!("/strategy={strategy:?}"));
        }
        if let Some(group) = group {
            push(format_args!("/group={}/{:?}", group.cluster, group.name));
        }
    }
    ClassId(name)
}

#[cfg(test)]
mod tests;
