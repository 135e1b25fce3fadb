//! What a host has for tasks, and what they have taken of it.

use std::collections::BTreeSet;

use berth_model::host::{Host, InstanceType};
use berth_model::task::{Architecture, Capability, Demand, HostPort, Protocol};
use berth_model::unit::Resources;

use super::filter::{Filter, Rule};
use crate::pool::HostView;

/// Ports that an ECS agent reserves on its host by default (ssh, Docker and the agent's own). No task gets them from a
/// pool, so one that asks for them is refused rather than left waiting for a host that never comes.
const AGENT_PORTS: [u16; 5] = [22, 2375, 2376, 51678, 51679];

/// What a host has for tasks, and what they have taken of it.
///
/// Placement itself works on these, and whoever plans hosts can ask the same questions of hosts that are not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Room {
    capacity: Resources,
    used: Resources,
    /// Taken or reserved.
    ports: BTreeSet<HostPort>,
    architecture: Option<Architecture>,
    /// What its agent can do.
    capabilities: BTreeSet<Capability>,
    shares_machine: bool,
    is_host_network_taken: bool,
}

impl Room {
    /// An empty host of this type, with Berth's own agent; `shares_machine` as in the type's pool.
    pub fn of_type(instance_type: &InstanceType, shares_machine: bool) -> Self {
        let tcp = |port| HostPort { protocol: Protocol::Tcp, port };
        Self {
            capacity: instance_type.capacity,
            used: Resources::ZERO,
            ports: AGENT_PORTS.into_iter().map(tcp).collect(),
            architecture: Some(instance_type.architecture),
            capabilities: Capability::ALL.into(),
            shares_machine,
            is_host_network_taken: false,
        }
    }

    /// A host as a plan sees it; `shares_machine` as in its pool.
    pub fn of_view(view: &HostView, shares_machine: bool) -> Self {
        Self {
            capacity: view.capacity,
            used: view.capacity.saturating_sub(view.free),
            ports: view.ports.clone(),
            architecture: view.architecture,
            capabilities: view.capabilities.clone(),
            shares_machine,
            is_host_network_taken: shares_machine && view.has_host_network,
        }
    }

    /// The host without any task.
    pub(crate) fn of_host(host: &Host) -> Self {
        Self {
            capacity: host.capacity,
            used: Resources::ZERO,
            ports: host.reserved_ports.clone(),
            architecture: host.architecture,
            capabilities: capabilities(host),
            shares_machine: host.machine.is_some(),
            is_host_network_taken: false,
        }
    }

    /// All it has.
    pub fn capacity(&self) -> Resources {
        self.capacity
    }

    /// What tasks have taken. More than the capacity only if the host came back smaller than it was.
    pub fn used(&self) -> Resources {
        self.used
    }

    /// What is left.
    pub fn free(&self) -> Resources {
        self.capacity.saturating_sub(self.used)
    }

    /// Ports that are taken or reserved.
    pub fn ports(&self) -> &BTreeSet<HostPort> {
        &self.ports
    }

    /// Its processor, if it is known.
    pub fn architecture(&self) -> Option<Architecture> {
        self.architecture
    }

    /// What its agent can do.
    pub fn capabilities(&self) -> &BTreeSet<Capability> {
        &self.capabilities
    }

    /// True if a task in `host` network mode runs on its machine, and other hosts share that machine.
    pub fn is_host_network_taken(&self) -> bool {
        self.is_host_network_taken
    }

    /// The first rule that turns the demand away, or `None` if there is room for it.
    pub fn refusal(&self, demand: &Demand) -> Option<Rule> {
        Filter::new(demand).refusal(self)
    }

    /// How many tasks of this demand fit beside each other, at most `wanted`.
    pub fn count(&self, demand: &Demand, wanted: usize) -> usize {
        if self.refusal(demand).is_some() {
            return 0;
        }
        let is_exclusive = !demand.ports.is_empty() || (demand.host_network && self.shares_machine);
        let wanted = if is_exclusive { wanted.min(1) } else { wanted };
        let (free, each) = (self.free(), demand.resources);
        let times = [
            free.cpu.0.checked_div(each.cpu.0),
            free.memory.0.checked_div(each.memory.0),
            free.gpus.0.checked_div(each.gpus.0),
        ];
        let times = times.into_iter().flatten().min().unwrap_or(u64::MAX);
        wanted.min(usize::try_from(times).unwrap_or(usize::MAX))
    }

    /// Takes what a task of this demand needs.
    pub fn take(&mut self, demand: &Demand) {
        self.used += demand.resources;
        self.ports.extend(&demand.ports);
        if demand.host_network && self.shares_machine {
            self.is_host_network_taken = true;
        }
    }

    /// Gives back what a task had taken. `reserved` ports stay taken; the machine's network is for
    /// [`Room::set_host_network_taken`].
    pub(crate) fn give_back(&mut self, demand: &Demand, reserved: &BTreeSet<HostPort>) {
        self.used = self.used.saturating_sub(demand.resources);
        for port in &demand.ports {
            if !reserved.contains(port) {
                self.ports.remove(port);
            }
        }
    }

    pub(crate) fn set_host_network_taken(&mut self, is_taken: bool) {
        self.is_host_network_taken = is_taken;
    }
}

/// What a host's agent says that it can do.
fn capabilities(host: &Host) -> BTreeSet<Capability> {
    Capability::ALL.into_iter().filter(|one| host.attribute(one.attribute()).is_some()).collect()
}
