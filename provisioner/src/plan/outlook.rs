//! What is being done for each class that waits, or why nothing is: the texts that users see.
//!
//! They name no moment and no task, so that they change only when the matter does; each change is a row.

use std::collections::{BTreeMap, BTreeSet};

use berth_model::host::InstanceType;
use berth_model::unit::Resources;
use berth_scheduler::step::ClassId;

use super::grow::Growth;
use super::room::{Room, Tier};
use super::{Class, Limits, Question};

/// A text for each waiting class.
pub(super) fn outlook(question: &Question<'_>, growth: &Growth<'_>) -> Vec<(ClassId, String)> {
    let helpers = Helpers::of(question, growth);
    let seen = question.classes.iter().enumerate().map(|(number, class)| {
        let help = helpers.text(number);
        let left = growth.assignment.left[number] > 0 || class.wanted < class.waiting.count;
        let text = match (help, left) {
            (Some(help), false) => help,
            (Some(help), true) => format!("{help}; for the rest: {}", obstacle(question, growth, number)),
            (None, _) => obstacle(question, growth, number),
        };
        (class.waiting.class.clone(), text)
    });
    let later = question.view.waiting.iter().skip(question.classes.len());
    let later = later.map(|waiting| (waiting.class.clone(), "tasks that wait longer come first".to_owned()));
    seen.chain(later).collect()
}

/// Which hosts are for which classes.
#[derive(Debug, Default)]
struct Helpers<'a> {
    by_class: BTreeMap<usize, BTreeMap<Tier, BTreeMap<&'a str, usize>>>,
}

impl<'a> Helpers<'a> {
    fn of(question: &Question<'a>, growth: &Growth<'a>) -> Self {
        let mut helpers = Self::default();
        // A class can be in one room only once, so each load is another host.
        for (rooms, assignment) in [(&question.there, &question.settled), (&growth.rooms, &growth.assignment)] {
            for load in &assignment.loads {
                let Room { tier, instance_type, .. } = rooms[load.room];
                let tiers = helpers.by_class.entry(load.class).or_default();
                *tiers.entry(tier).or_default().entry(instance_type).or_default() += 1;
            }
        }
        helpers
    }

    fn text(&self, class: usize) -> Option<String> {
        let tiers = self.by_class.get(&class)?;
        let of_tier = |(tier, types): (&Tier, &BTreeMap<&str, usize>)| {
            let hosts: usize = types.values().sum();
            let be = if hosts == 1 { "is" } else { "are" };
            let hosts: Vec<String> =
                types.iter().map(|(kind, count)| format!("{} of type {kind}", hosts_text(*count))).collect();
            let hosts = hosts.join(" and ");
            match tier {
                Tier::Ready => format!("{hosts} {be} there with room"),
                Tier::Away => format!("{hosts} {be} expected back"),
                Tier::Coming => format!("{hosts} {be} being launched"),
            }
        };
        Some(tiers.iter().map(of_tier).collect::<Vec<_>>().join(", "))
    }
}

fn hosts_text(count: usize) -> String {
    if count == 1 { "1 host".to_owned() } else { format!("{count} hosts") }
}

/// Why no host is there or coming for the class, or for some of its tasks.
fn obstacle(question: &Question<'_>, growth: &Growth<'_>, number: usize) -> String {
    let class = &question.classes[number];
    if class.wanted < class.waiting.count && growth.assignment.left[number] == 0 {
        return "tasks in host network mode run one at a time on this machine".to_owned();
    }
    if class.kinds.is_empty() {
        return unservable(question, class);
    }
    let limit = limit(question, growth.limits, class);
    if growth.is_room_kept[number] { format!("{limit}; hosts that are leaving make room") } else { limit }
}

/// Why no type can be launched for the class, even if there were no other hosts.
fn unservable(question: &Question<'_>, class: &Class<'_>) -> String {
    let pool = question.pool;
    let failed: BTreeSet<&str> = pool
        .catalogue
        .iter()
        .filter(|kind| question.could_hold(kind, class.waiting))
        .map(|kind| kind.name.as_str())
        .collect();
    if let Some(one) = failed.first() {
        return match failed.len() {
            1 => format!("no host of type {one} could be launched; it will be tried again"),
            more => format!(
                "no host of any of the {more} types that are large enough could be launched; they will be tried again"
            ),
        };
    }
    if pool.hosts_max == 0 {
        return limit_of_hosts(pool.hosts_max);
    }
    if class.waiting.reach.as_ref().is_some_and(|reach| reach.types.is_empty()) {
        return "no new host of the pool would match the placement constraints".to_owned();
    }
    let wanted = class.demand.architecture;
    let suits = |kind: &&InstanceType| wanted.is_none_or(|wanted| wanted == kind.architecture);
    let largest =
        pool.catalogue.iter().filter(suits).max_by_key(|kind| (question.prices.value(kind.capacity), &kind.name));
    match (largest, wanted) {
        (Some(kind), _) => {
            format!("no host type of the pool can hold it; the largest, {}, has {}", kind.name, kind.capacity)
        }
        (None, Some(wanted)) => format!("no host type of the pool has the architecture {}", wanted.as_str()),
        (None, None) => "the pool has no host types".to_owned(),
    }
}

/// Which limit keeps the pool from growing for this demand.
fn limit(question: &Question<'_>, limits: Limits, class: &Class<'_>) -> String {
    if limits.is_hosts_max_reached() {
        return limit_of_hosts(limits.hosts_max);
    }
    let mut fitting = class.kinds.iter().map(|&kind| question.types[kind]);
    let is_allowed = fitting.clone().any(|kind| limits.with(kind.capacity).is_some());
    match limits.quota {
        Some(quota) if !is_allowed => {
            let whose = if question.pool.shares_machine { "this machine" } else { "the pool's quota" };
            let left = quota.saturating_sub(limits.resources);
            // The cheapest is the first for which there will be room.
            let short = fitting.next().map_or(Resource::Cpu, |kind| shortage(kind.capacity, left));
            taken(short, quota, left, whose)
        }
        _ => "tasks that wait longer come first".to_owned(),
    }
}

fn limit_of_hosts(hosts_max: usize) -> String {
    format!("the pool is at its limit of {}", hosts_text(hosts_max))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Resource {
    Cpu,
    Memory,
    Gpus,
}

/// Which resource of a host there is too little left of.
fn shortage(capacity: Resources, left: Resources) -> Resource {
    if capacity.gpus > left.gpus {
        Resource::Gpus
    } else if capacity.cpu > left.cpu {
        Resource::Cpu
    } else {
        Resource::Memory
    }
}

fn taken(resource: Resource, quota: Resources, left: Resources, whose: &str) -> String {
    let (all, left, unit) = match resource {
        Resource::Cpu => (quota.cpu.0, left.cpu.0, "CPU units"),
        Resource::Memory => (quota.memory.0, left.memory.0, "MiB of memory"),
        Resource::Gpus => (quota.gpus.0, left.gpus.0, "GPUs"),
    };
    if left == 0 {
        format!("all {all} {unit} of {whose} are taken")
    } else {
        format!("{} of the {all} {unit} of {whose} are taken", all.saturating_sub(left))
    }
}
