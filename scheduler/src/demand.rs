//! What a task takes of a host, counted exactly as the ECS agent counts it.
//!
//! The task's own `cpu` and `memory` if it names them, else the sum over its containers, where `memoryReservation` goes
//! before `memory`. Overrides replace what the task definition says before anything is summed up.

use std::collections::{BTreeMap, BTreeSet};

use berth_model::ecs;
use berth_model::task::{Architecture, Capability, Demand, HostPort, Protocol};
use berth_model::unit::{CpuUnits, GpuCount, MemoryMib, Resources};

/// The sizes of a task as they hold for one run: the task definition's with the overrides laid over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sizes {
    /// The task's own CPU, if it names any.
    pub cpu: Option<CpuUnits>,
    /// The task's own memory, if it names any.
    pub memory: Option<MemoryMib>,
    /// Its containers, in the order of the task definition.
    pub containers: Vec<ContainerSizes>,
}

/// The sizes of one container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerSizes {
    /// Its name.
    pub name: String,
    /// `cpu`; 0 if it names none.
    pub cpu: CpuUnits,
    /// `memory`, its hard limit.
    pub memory: Option<MemoryMib>,
    /// `memoryReservation`, its soft limit.
    pub memory_reservation: Option<MemoryMib>,
    /// GPUs of its own.
    pub gpus: GpuCount,
}

/// Least memory a container may name, as at ECS; Docker itself would refuse less.
const CONTAINER_MEMORY_MIN: MemoryMib = MemoryMib(4);

/// What a task may name as its own CPU, in units, as at ECS.
const TASK_CPU: std::ops::RangeInclusive<u64> = 128..=196_608;

/// Most GPUs a container may name; far above any machine, far below an overflow of a sum.
const GPUS_MAX: u64 = 1024;

impl Sizes {
    /// Reads them from a task definition and a run's overrides.
    ///
    /// # Errors
    /// A text for the client if a size cannot be read or the overrides name a container that is not there.
    pub fn of(document: &ecs::TaskDefinition, overrides: &ecs::TaskOverride) -> Result<Self, String> {
        let containers = document.container_definitions.as_deref().unwrap_or_default();
        let by_name = overrides_by_name(containers, overrides)?;
        let each = containers.iter().map(|container| {
            let over = container.name.as_deref().and_then(|name| by_name.get(name).copied());
            ContainerSizes::of(container, over)
        });
        Ok(Self {
            cpu: overrides.cpu.as_deref().or(document.cpu.as_deref()).map(parse_cpu).transpose()?,
            memory: overrides.memory.as_deref().or(document.memory.as_deref()).map(parse_memory).transpose()?,
            containers: each.collect::<Result<_, _>>()?,
        })
    }

    /// Checks that the sizes are within ECS's bounds and agree with each other.
    ///
    /// # Errors
    /// A text for the client that names the container and the member.
    pub fn check(&self) -> Result<(), String> {
        if let Some(CpuUnits(cpu)) = self.cpu
            && !TASK_CPU.contains(&cpu)
        {
            let (least, most) = (TASK_CPU.start(), TASK_CPU.end());
            return Err(format!("Invalid 'cpu' setting for task: {cpu} is not between {least} and {most}."));
        }
        if self.memory == Some(MemoryMib(0)) {
            return Err("Invalid 'memory' setting for task: it must not be 0.".to_owned());
        }
        for container in &self.containers {
            container.check(self.memory)?;
        }
        let cpu: CpuUnits = self.containers.iter().map(|container| container.cpu).sum();
        if let Some(limit) = self.cpu
            && cpu > limit
        {
            return Err(format!(
                "Invalid 'cpu' setting for task: the containers ask for {cpu} together, the task has {limit}."
            ));
        }
        let reserved: MemoryMib = self.containers.iter().filter_map(|container| container.memory_reservation).sum();
        if let Some(limit) = self.memory
            && reserved > limit
        {
            return Err(format!(
                "Invalid 'memory' setting for task: the containers reserve {reserved} together, the task has {limit}."
            ));
        }
        Ok(())
    }

    /// What the task takes of a host, apart from ports.
    pub fn resources(&self) -> Resources {
        let containers = || self.containers.iter();
        let memory = |container: &ContainerSizes| container.memory_reservation.or(container.memory).unwrap_or_default();
        Resources {
            cpu: self.cpu.unwrap_or_else(|| containers().map(|container| container.cpu).sum()),
            memory: self.memory.unwrap_or_else(|| containers().map(memory).sum()),
            gpus: containers().map(|container| container.gpus).sum(),
        }
    }
}

impl ContainerSizes {
    fn of(container: &ecs::ContainerDefinition, over: Option<&ecs::ContainerOverride>) -> Result<Self, String> {
        let name = container.name.clone().unwrap_or_default();
        let size = |member: &str, overridden: Option<i32>, defined: Option<i32>| {
            let negative = || format!("Invalid setting for container '{name}'. '{member}' must not be negative.");
            overridden.or(defined).map(|value| u64::try_from(value).ok().ok_or_else(negative)).transpose()
        };
        let cpu = size("cpu", over.and_then(|over| over.cpu), container.cpu)?;
        let memory = size("memory", over.and_then(|over| over.memory), container.memory)?;
        let reservation = over.and_then(|over| over.memory_reservation);
        let memory_reservation = size("memoryReservation", reservation, container.memory_reservation)?;
        let requirements = over.and_then(|over| over.resource_requirements.as_ref());
        let gpus = gpus(&name, requirements.or(container.resource_requirements.as_ref()))?;
        Ok(Self {
            cpu: CpuUnits(cpu.unwrap_or(0)),
            memory: memory.map(MemoryMib),
            memory_reservation: memory_reservation.map(MemoryMib),
            gpus,
            name,
        })
    }

    fn check(&self, task_memory: Option<MemoryMib>) -> Result<(), String> {
        let invalid = |text: String| Err(format!("Invalid setting for container '{}'. {text}", self.name));
        if task_memory.is_none() && self.memory.is_none() && self.memory_reservation.is_none() {
            return invalid("At least one of 'memory' or 'memoryReservation' must be specified.".to_owned());
        }
        for (member, value) in [("memory", self.memory), ("memoryReservation", self.memory_reservation)] {
            let Some(value) = value else { continue };
            if value < CONTAINER_MEMORY_MIN {
                return invalid(format!("'{member}' must be at least {CONTAINER_MEMORY_MIN}."));
            }
            if let Some(limit) = task_memory
                && value > limit
            {
                return invalid(format!("'{member}' is {value}, more than the task's {limit}."));
            }
        }
        if let (Some(memory), Some(reservation)) = (self.memory, self.memory_reservation)
            && reservation > memory
        {
            return invalid(format!("'memoryReservation' is {reservation}, more than its 'memory' of {memory}."));
        }
        Ok(())
    }
}

/// What a run of this task definition takes of a host, apart from what it asks of the host itself.
///
/// # Errors
/// A text for the client: sizes that cannot be read or contradict each other, an override of an unknown container.
pub fn demand(document: &ecs::TaskDefinition, overrides: &ecs::TaskOverride) -> Result<Demand, String> {
    let sizes = Sizes::of(document, overrides)?;
    sizes.check()?;
    let platform = document.runtime_platform.as_ref();
    Ok(Demand {
        resources: sizes.resources(),
        ports: ports(document)?,
        host_network: document.network_mode == Some(ecs::NetworkMode::Host),
        architecture: platform.and_then(|platform| platform.cpu_architecture.as_ref()).and_then(architecture),
        capabilities: capabilities(document),
        placement: None,
    })
}

/// What the agent of its host must be able to do for a task.
fn capabilities(document: &ecs::TaskDefinition) -> BTreeSet<Capability> {
    let shares = document.pid_mode == Some(ecs::PidMode::Task) || document.ipc_mode == Some(ecs::IpcMode::Task);
    let needed = [
        (document.network_mode == Some(ecs::NetworkMode::Awsvpc), Capability::TaskNetwork),
        (shares, Capability::SharedNamespaces),
    ];
    needed.into_iter().filter(|(is_needed, _)| *is_needed).map(|(_, capability)| capability).collect()
}

/// The fixed host ports of a task. In `host` network mode a container's port is the host's port; in `awsvpc` mode the
/// task has all ports for itself and takes none of the host's.
///
/// # Errors
/// A text for the client if a port is no port, or if two containers want the same one.
pub fn ports(document: &ecs::TaskDefinition) -> Result<BTreeSet<HostPort>, String> {
    let is_host_mode = document.network_mode == Some(ecs::NetworkMode::Host);
    let mut ports = BTreeSet::new();
    for container in document.container_definitions.as_deref().unwrap_or_default() {
        for mapping in container.port_mappings.as_deref().unwrap_or_default() {
            let number = if is_host_mode { mapping.container_port } else { mapping.host_port };
            let port = u16::try_from(number.unwrap_or(0)).ok().ok_or_else(|| {
                let name = container.name.as_deref().unwrap_or_default();
                format!("Invalid setting for container '{name}'. {} is not a port.", number.unwrap_or(0))
            })?;
            let port = HostPort { protocol: protocol(mapping.protocol.as_ref()), port };
            if port.port != 0 && !ports.insert(port) {
                return Err(format!("Host port {port} is mapped more than once in the task."));
            }
        }
    }
    if document.network_mode == Some(ecs::NetworkMode::Awsvpc) {
        ports.clear();
    }
    Ok(ports)
}

/// Reads a task's `cpu`: units (`256`) or vCPUs (`.25 vCPU`).
///
/// # Errors
/// A text for the client.
pub fn parse_cpu(text: &str) -> Result<CpuUnits, String> {
    let lower = text.trim().to_ascii_lowercase();
    let units = match lower.strip_suffix("vcpu") {
        Some(number) => decimal(number.trim(), 1024),
        None => lower.parse().ok(),
    };
    units.map(CpuUnits).ok_or_else(|| format!("Invalid 'cpu' setting for task: '{}'.", shown(text)))
}

/// Reads a task's `memory`: MiB (`512`) or GB (`0.5 GB`, which ECS takes as 1024 MiB each).
///
/// # Errors
/// A text for the client.
pub fn parse_memory(text: &str) -> Result<MemoryMib, String> {
    let lower = text.trim().to_ascii_lowercase();
    let mib = match lower.strip_suffix("gb") {
        Some(number) => decimal(number.trim(), 1024),
        None => lower.parse().ok(),
    };
    mib.map(MemoryMib).ok_or_else(|| format!("Invalid 'memory' setting for task: '{}'.", shown(text)))
}

/// `text` as a decimal number, times `unit`, rounded down.
fn decimal(text: &str, unit: u64) -> Option<u64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |part: &str| part.len() <= 9 && part.bytes().all(|byte| byte.is_ascii_digit());
    if !is_number(whole) || !is_number(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let digits = |part: &str| if part.is_empty() { Ok(0) } else { part.parse::<u64>() };
    let scale = 10_u64.pow(u32::try_from(fraction.len()).ok()?);
    Some(digits(whole).ok()? * unit + digits(fraction).ok()? * unit / scale)
}

/// A hostile text must not come back whole in a message.
fn shown(text: &str) -> String {
    text.chars().take(64).collect()
}

fn overrides_by_name<'a>(
    containers: &[ecs::ContainerDefinition],
    overrides: &'a ecs::TaskOverride,
) -> Result<BTreeMap<&'a str, &'a ecs::ContainerOverride>, String> {
    let mut by_name = BTreeMap::new();
    for over in overrides.container_overrides.as_deref().unwrap_or_default() {
        let name = over.name.as_deref().ok_or("A container override must have a name.")?;
        if !containers.iter().any(|container| container.name.as_deref() == Some(name)) {
            return Err(format!("Override for container named {name} is not a container in the TaskDefinition."));
        }
        if by_name.insert(name, over).is_some() {
            return Err(format!("There is more than one override for container named {name}."));
        }
    }
    Ok(by_name)
}

fn gpus(name: &str, requirements: Option<&Vec<ecs::ResourceRequirement>>) -> Result<GpuCount, String> {
    let mut count = 0;
    for requirement in requirements.into_iter().flatten() {
        let invalid = |text: &str| format!("Invalid setting for container '{name}'. {text}");
        if requirement.r#type != Some(ecs::ResourceType::Gpu) {
            return Err(invalid("'resourceRequirements' other than GPU are not supported."));
        }
        let value = requirement.value.as_deref().and_then(|value| value.parse::<u64>().ok());
        let value = value.filter(|value| (1..=GPUS_MAX).contains(value));
        count += value.ok_or_else(|| invalid("The value of a GPU requirement must be a number of GPUs."))?;
    }
    Ok(GpuCount(count))
}

fn protocol(protocol: Option<&ecs::TransportProtocol>) -> Protocol {
    if protocol == Some(&ecs::TransportProtocol::Udp) { Protocol::Udp } else { Protocol::Tcp }
}

fn architecture(architecture: &ecs::CPUArchitecture) -> Option<Architecture> {
    match architecture {
        ecs::CPUArchitecture::X86_64 => Some(Architecture::X86_64),
        ecs::CPUArchitecture::Arm64 => Some(Architecture::Arm64),
        // Refused at registration.
        ecs::CPUArchitecture::Unknown(_) => None,
    }
}

#[cfg(test)]
mod tests;
