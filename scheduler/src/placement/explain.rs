//! Why no host was taken, in words for people and in the words of ECS.

use std::collections::BTreeMap;

use berth_model::id::HostId;
use berth_model::task::Demand;

use super::Refusal;
use crate::step::PlacementFailure;

/// How many hosts each rule turned away.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    counts: BTreeMap<Refusal, usize>,
    /// The host that came furthest through the checks.
    closest: Option<(Refusal, HostId)>,
}

impl Tally {
    pub(crate) fn add(&mut self, host: HostId, refusal: Refusal) {
        *self.counts.entry(refusal).or_default() += 1;
        if self.closest.is_none_or(|(best, _)| refusal > best) {
            self.closest = Some((refusal, host));
        }
    }

    /// One sentence: `no room on 3 hosts: 2 lack CPU (needs 2048 CPU units), 1 has port 80/tcp taken`.
    pub(crate) fn explain(&self, demand: &Demand) -> String {
        let hosts: usize = self.counts.values().sum();
        if hosts == 0 {
            return "no host is there yet".to_owned();
        }
        let parts: Vec<String> = self.counts.iter().map(|(refusal, count)| refusal.explain(*count, demand)).collect();
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
                reason: "No Container Instances were found in your cluster.".to_owned(),
                detail: self.explain(demand),
            },
        }
    }
}

impl Refusal {
    fn explain(self, count: usize, demand: &Demand) -> String {
        let is = if count == 1 { "is" } else { "are" };
        match self {
            Self::Draining => format!("{count} {} no new tasks", if count == 1 { "takes" } else { "take" }),
            Self::Disconnected => format!("{count} {is} not connected"),
            Self::Lacks(rule) => rule.explain(count, demand),
            Self::Kept => format!("{count} {is} kept for a task that has waited longer"),
        }
    }

    fn reason(self) -> &'static str {
        match self {
            Self::Draining | Self::Disconnected => "AGENT",
            Self::Lacks(rule) => rule.reason(),
            // Only tasks in pools have hosts kept for them, and those wait instead of failing.
            Self::Kept => "RESOURCE:CPU",
        }
    }
}
