//! Placement constraints, ready to be asked of hosts.

use std::collections::BTreeMap;
use std::fmt;

use berth_model::host::Host;
use berth_model::id::HostId;
use berth_model::task::{Constraint, Demand, Group};
use berth_model::time::Timestamp;

use super::Refusal;
use super::query::{Query, Subjects};

/// What is known of a host beyond its room.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) host: &'a Host,
    /// How many of its tasks are of which group: all that are placed on it and not STOPPED.
    pub(crate) groups: &'a BTreeMap<Group, usize>,
    /// How many tasks that is.
    pub(crate) tasks: usize,
    /// True for a host that has yet to register or to connect: taken for what it will be then.
    pub(crate) is_coming: bool,
}

/// Where more is known of hosts than a fleet says.
pub(crate) trait Known: fmt::Debug {
    fn facts(&self, host: HostId) -> Option<Facts<'_>>;
}

impl Facts<'_> {
    /// How many of its tasks are of this group.
    pub(crate) fn count(&self, group: &Group) -> usize {
        self.groups.get(group).copied().unwrap_or(0)
    }
}

impl Subjects for Facts<'_> {
    fn attribute(&self, name: &str) -> Option<&str> {
        self.host.attribute(name)
    }

    fn is_connected(&self) -> bool {
        self.host.is_connected || self.is_coming
    }

    fn agent_version(&self) -> Option<&str> {
        self.host.version_info.as_ref()?.agent_version.as_deref()
    }

    fn ec2_instance_id(&self) -> Option<&str> {
        self.host.ec2_instance_id.as_deref()
    }

    fn registered_at(&self) -> Option<Timestamp> {
        // Later than whatever an expression compares it with.
        self.host.registered_at.or(self.is_coming.then_some(Timestamp(i64::MAX)))
    }

    fn running_tasks(&self) -> u64 {
        // One that is about to run counts: it will when the next one gets here.
        u64::try_from(self.tasks).unwrap_or(u64::MAX)
    }

    fn has_group(&self, passes: &dyn Fn(&str) -> bool) -> bool {
        self.groups.keys().any(|group| passes(&group.name))
    }
}

/// The constraints of a demand.
#[derive(Debug, Default)]
pub(crate) struct Constraints {
    /// `None` for an expression that an earlier version took and this one cannot read: it chooses nothing.
    queries: Vec<Option<Query>>,
    /// The group of which a host must have no task.
    distinct: Option<Group>,
}

impl Constraints {
    /// The constraints of a demand; `None` if it has none.
    pub(crate) fn of(demand: &Demand) -> Option<Self> {
        let placement = demand.placement.as_ref().filter(|placement| !placement.constraints.is_empty())?;
        let mut constraints = Self::default();
        for constraint in &placement.constraints {
            match constraint {
                Constraint::DistinctInstance => constraints.distinct.clone_from(&placement.group),
                Constraint::MemberOf(expression) => constraints.queries.push(Query::parse(expression).ok()),
            }
        }
        Some(constraints)
    }

    /// The first constraint that turns the host away; nothing known of a host is no reason to take it.
    pub(crate) fn refusal(&self, facts: Option<Facts<'_>>) -> Option<Refusal> {
        let Some(facts) = facts else { return Some(Refusal::MemberOf) };
        let is_chosen = |query: &Option<Query>| query.as_ref().is_some_and(|query| query.matches(&facts));
        if !self.queries.iter().all(is_chosen) {
            return Some(Refusal::MemberOf);
        }
        let is_taken = self.distinct.as_ref().is_some_and(|group| facts.count(group) > 0);
        is_taken.then_some(Refusal::DistinctInstance)
    }

    /// True if each task needs a host of its own.
    pub(crate) fn is_distinct(&self) -> bool {
        self.distinct.is_some()
    }

    /// True if a task that is placed can open a host to another: only an expression can ask for company.
    pub(crate) fn depends_on_tasks(&self) -> bool {
        self.queries.iter().flatten().any(Query::depends_on_tasks)
    }
}
