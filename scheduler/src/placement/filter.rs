//! The rules that turn a host away: what each looks at, and how it says so.

use berth_model::task::{Capability, Demand};
use berth_model::unit::GpuCount;

use super::room::Room;

/// Something that a host's room must have for a task. In the order of the check: what is cheap and often refuses first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    /// Enough CPU units.
    Cpu,
    /// Enough memory.
    Memory,
    /// Enough GPUs.
    Gpu,
    /// The processor the task asks for. A host that did not say what it has does not match.
    Architecture,
    /// An agent that can do what the task needs of it.
    Capabilities,
    /// The machine's network, for a task that uses the host's own.
    HostNetwork,
    /// The task's fixed host ports.
    Ports,
}

impl Rule {
    /// All of them, in the order of the check.
    pub const ALL: [Self; 7] =
        [Self::Cpu, Self::Memory, Self::Gpu, Self::Architecture, Self::Capabilities, Self::HostNetwork, Self::Ports];

    /// True if a task of this demand can be turned away by this rule at all. Asked once for all hosts.
    pub fn concerns(self, demand: &Demand) -> bool {
        match self {
            Self::Cpu | Self::Memory => true,
            Self::Gpu => demand.resources.gpus > GpuCount::ZERO,
            Self::Architecture => demand.architecture.is_some(),
            Self::Capabilities => !demand.capabilities.is_empty(),
            Self::HostNetwork => demand.host_network,
            Self::Ports => !demand.ports.is_empty(),
        }
    }

    /// True if this rule lets a task of this demand into the room.
    pub fn admits(self, demand: &Demand, room: &Room) -> bool {
        match self {
            Self::Cpu => demand.resources.cpu <= room.free().cpu,
            Self::Memory => demand.resources.memory <= room.free().memory,
            Self::Gpu => demand.resources.gpus <= room.free().gpus,
            Self::Architecture => demand.architecture.is_none() || demand.architecture == room.architecture(),
            Self::Capabilities => demand.capabilities.is_subset(room.capabilities()),
            Self::HostNetwork => !(demand.host_network && room.is_host_network_taken()),
            Self::Ports => demand.ports.is_disjoint(room.ports()),
        }
    }

    /// How `count` hosts that this rule turned away are told of: `2 lack CPU (needs 2048 CPU units)`.
    pub fn explain(self, count: usize, demand: &Demand) -> String {
        let Demand { resources, ports, architecture, capabilities, .. } = demand;
        let lack = if count == 1 { "lacks" } else { "lack" };
        match self {
            Self::Cpu => format!("{count} {lack} CPU (needs {})", resources.cpu),
            Self::Memory => format!("{count} {lack} memory (needs {})", resources.memory),
            Self::Gpu => format!("{count} {lack} GPUs (needs {})", resources.gpus.0),
            Self::Architecture => {
                let wanted = architecture.map_or("", berth_model::task::Architecture::as_str);
                format!("{count} {} not {wanted}", if count == 1 { "is" } else { "are" })
            }
            Self::Capabilities => {
                let names: Vec<&str> = capabilities.iter().copied().map(Capability::attribute).collect();
                format!("{count} {lack} the attribute {}", names.join(" or "))
            }
            Self::HostNetwork => {
                let share = if count == 1 { "shares its network" } else { "share their network" };
                format!("{count} {share} with another task in host network mode")
            }
            Self::Ports => {
                let mut names: Vec<String> = ports.iter().take(PORTS_SHOWN_MAX).map(ToString::to_string).collect();
                if ports.len() > PORTS_SHOWN_MAX {
                    names.push("…".to_owned());
                }
                let kind = if ports.len() == 1 { "port" } else { "one of the ports" };
                format!("{count} {} {kind} {} taken", if count == 1 { "has" } else { "have" }, names.join(", "))
            }
        }
    }

    /// The word of ECS for it, as in RunTask's `failures`.
    pub fn reason(self) -> &'static str {
        match self {
            Self::Cpu => "RESOURCE:CPU",
            Self::Memory => "RESOURCE:MEMORY",
            Self::Gpu => "RESOURCE:GPU",
            Self::Architecture | Self::Capabilities => "ATTRIBUTE",
            Self::HostNetwork | Self::Ports => "RESOURCE:PORTS",
        }
    }
}

/// Most ports an explanation names. A task may have a hundred; the first few tell which it is.
const PORTS_SHOWN_MAX: usize = 4;

/// The rules that matter for one demand.
#[derive(Debug)]
pub(crate) struct Filter<'a> {
    pub(crate) demand: &'a Demand,
    rules: Vec<Rule>,
}

impl<'a> Filter<'a> {
    pub(crate) fn new(demand: &'a Demand) -> Self {
        Self { demand, rules: Rule::ALL.into_iter().filter(|rule| rule.concerns(demand)).collect() }
    }

    /// The first rule that turns the demand away, or `None` if there is room for it.
    pub(crate) fn refusal(&self, room: &Room) -> Option<Rule> {
        self.rules.iter().copied().find(|rule| !rule.admits(self.demand, room))
    }
}
