//! Why no host was taken, in words for people and in the words of ECS.

use berth_model::id::HostId;
use berth_model::task::Demand;

use super::{Refusal, Rule};
use crate::step::PlacementFailure;

/// How many hosts each rule turned away.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: [usize; Refusal::ALL.len()],
    /// The host that came furthest through the checks.
    closest: Option<(Refusal, HostId)>,
}

impl Tally {
    pub(crate) fn add(&mut self, host: HostId, refusal: Refusal) {
        self.counts[refusal.rank()] += 1;
        if self.closest.is_none_or(|(best, _)| refusal.rank() > best.rank()) {
            self.closest = Some((refusal, host));
        }
    }

    /// One sentence: `no room on 3 hosts: 2 lack CPU (needs 2048 CPU units), 1 has port 80/tcp taken`.
    pub(crate) fn explain(&self, demand: &Demand) -> String {
        let hosts: usize = self.counts.iter().sum();
        if hosts == 0 {
            return "no host is there yet".to_owned();
        }
        let counted = Refusal::ALL.iter().zip(self.counts).filter(|(_, count)| *count > 0);
        let parts: Vec<String> = counted.map(|(refusal, count)| refusal.explain(count, demand)).collect();
        let noun = if hosts == 1 { "host" } else { "hosts" };
        format!("no room on {hosts} {noun}: {}", parts.join(", "))
    }

    /// The failure that RunTask reports for a task that cannot wait.
    pub(crate) fn failure(&self, demand: &Demand) -> PlacementFailure {
        match self.closest {
            Some((refusal, host)) => {
                PlacementFailure { host: Some(host), reason: refusal.reason().to_owned(), detail: self.explain(demand) }
            }
            None => PlacementFailure {
                host: None,
                // There is no CPU where there is no host, and callers tell placement trouble by RESOURCE.
                reason: Refusal::Lacks(Rule::Cpu).reason().to_owned(),
                detail: "No Container Instances were found in your cluster.".to_owned(),
            },
        }
    }
}

impl Refusal {
    /// All of them, in the order of the check.
    const ALL: [Self; 13] = [
        Self::Draining,
        Self::Disconnected,
        Self::Impaired,
        Self::MemberOf,
        Self::DistinctInstance,
        Self::Lacks(Rule::Cpu),
        Self::Lacks(Rule::Memory),
        Self::Lacks(Rule::Gpu),
        Self::Lacks(Rule::Architecture),
        Self::Lacks(Rule::Capabilities),
        Self::Lacks(Rule::HostNetwork),
        Self::Lacks(Rule::Ports),
        Self::Kept,
    ];

    /// Its place in [`Refusal::ALL`].
    fn rank(self) -> usize {
        match self {
            Self::Draining => 0,
            Self::Disconnected => 1,
            Self::Impaired => 2,
            Self::MemberOf => 3,
            Self::DistinctInstance => 4,
            Self::Lacks(rule) => 5 + rule as usize,
            Self::Kept => 12,
        }
    }

    fn explain(self, count: usize, demand: &Demand) -> String {
        let is = if count == 1 { "is" } else { "are" };
        match self {
            Self::Draining => format!("{count} {} no new tasks", if count == 1 { "takes" } else { "take" }),
            Self::Disconnected => format!("{count} {is} not connected"),
            Self::Impaired => format!("{count} {is} impaired"),
            Self::MemberOf => {
                format!("{count} {} not match the placement constraints", if count == 1 { "does" } else { "do" })
            }
            Self::DistinctInstance => {
                let group = demand.placement.as_ref().and_then(|placement| placement.group.as_ref());
                let group = group.map_or("", |group| group.name.as_str());
                format!("{count} {} a task of group {group}", if count == 1 { "has" } else { "have" })
            }
            Self::Lacks(rule) => rule.explain(count, demand),
            Self::Kept => format!("{count} {is} kept for a task that has waited longer"),
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::Draining | Self::Disconnected | Self::Impaired => "AGENT",
            Self::MemberOf => "MemberOf placement constraint unsatisfied.",
            Self::DistinctInstance => "DistinctInstance placement constraint unsatisfied.",
            Self::Lacks(rule) => rule.reason(),
            // Only tasks in pools have hosts kept for them, and those wait instead of failing.
            Self::Kept => "RESOURCE:CPU",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranks_are_places() {
        assert!(Refusal::ALL.into_iter().enumerate().all(|(place, refusal)| refusal.rank() == place));
    }
}
