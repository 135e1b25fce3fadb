//! The sizes that Fargate offers. They hold where a request or a task definition says FARGATE itself.

use berth_model::ecs;
use berth_model::unit::{CpuUnits, MemoryMib};

use crate::demand::Sizes;
use crate::log_configuration;

/// The capacity provider for tasks that name none.
pub const FARGATE: &str = "FARGATE";

/// Its sibling for interruptible capacity.
pub const FARGATE_SPOT: &str = "FARGATE_SPOT";

/// The only capability that a container may add on Fargate.
const ADDABLE: &str = "SYS_PTRACE";

/// Longest `startTimeout` and `stopTimeout` on Fargate, in seconds.
const TIMEOUT_MAX: i32 = 120;

/// Checks that the task has CPU and memory of its own, and that they are a pair that Fargate has unless any size is good.
///
/// # Errors
/// A text for the client.
pub fn check(sizes: &Sizes, is_any_size: bool) -> Result<(), String> {
    let cpu = sizes.cpu.ok_or("Fargate requires that 'cpu' be defined at the task level.")?;
    let memory = sizes.memory.ok_or("Fargate requires that 'memory' be defined at the task level.")?;
    if is_any_size || has_pair(cpu, memory) {
        return Ok(());
    }
    Err(format!("No Fargate configuration exists for given values: {} CPU, {} memory.", cpu.0, memory.0))
}

/// Checks that no container wants more time to start or to stop than Fargate gives.
///
/// # Errors
/// A text for the client that names the container and the member.
pub fn check_timeouts(document: &ecs::TaskDefinition) -> Result<(), String> {
    for container in document.container_definitions.iter().flatten() {
        for (member, seconds) in [("startTimeout", container.start_timeout), ("stopTimeout", container.stop_timeout)] {
            if seconds > Some(TIMEOUT_MAX) {
                let name = container.name.as_deref().unwrap_or_default();
                return Err(format!(
                    "Invalid setting for container '{name}'. '{member}' can be at most {TIMEOUT_MAX} seconds on Fargate."
                ));
            }
        }
    }
    Ok(())
}

/// Checks that no container asks for rights over its host: hosts of FARGATE are shared by all clusters.
///
/// # Errors
/// A text for the client that names the container and the member.
pub fn check_isolation(document: &ecs::TaskDefinition) -> Result<(), String> {
    let shares = [
        ("pidMode", document.pid_mode == Some(ecs::PidMode::Host)),
        ("ipcMode", document.ipc_mode == Some(ecs::IpcMode::Host)),
    ];
    if let Some((member, _)) = shares.into_iter().find(|(_, is_host)| *is_host) {
        return Err(format!("'{member}' host is not supported on Fargate."));
    }
    check_volumes(document)?;
    check_members(document, |container| {
        let linux = container.linux_parameters.as_ref();
        let added = linux.and_then(|linux| linux.capabilities.as_ref()?.add.as_ref());
        vec![
            ("privileged", container.privileged == Some(true)),
            ("dockerSecurityOptions", container.docker_security_options.as_ref().is_some_and(|all| !all.is_empty())),
            (
                "linuxParameters.devices",
                linux.is_some_and(|linux| linux.devices.as_ref().is_some_and(|all| !all.is_empty())),
            ),
            ("linuxParameters.capabilities.add", added.is_some_and(|added| added.iter().any(|one| one != ADDABLE))),
        ]
    })
}

/// Checks that no volume reaches beyond the task: into the host's files, or into what other tasks have.
fn check_volumes(document: &ecs::TaskDefinition) -> Result<(), String> {
    for volume in document.volumes.iter().flatten() {
        let source = volume.host.as_ref().and_then(|host| host.source_path.as_deref()).unwrap_or_default();
        let members = [
            ("host.sourcePath", !source.is_empty()),
            ("dockerVolumeConfiguration", volume.docker_volume_configuration.is_some()),
        ];
        if let Some((member, _)) = members.into_iter().find(|(_, is_used)| *is_used) {
            let name = volume.name.as_deref().unwrap_or_default();
            return Err(format!("Invalid setting for volume '{name}'. '{member}' is not supported on Fargate."));
        }
    }
    Ok(())
}

/// Checks that no container uses what Fargate does not offer. Berth's hosts do, to whoever does not say FARGATE.
///
/// # Errors
/// A text for the client that names the container and the member.
pub fn check_offered(document: &ecs::TaskDefinition) -> Result<(), String> {
    log_configuration::check_fargate(document)?;
    if document.network_mode == Some(ecs::NetworkMode::Host) {
        return Err("'networkMode' host is not supported on Fargate.".to_owned());
    }
    if document.ipc_mode.is_some() {
        return Err("'ipcMode' is not supported on Fargate.".to_owned());
    }
    check_members(document, |container| {
        let has_gpus = container.resource_requirements.as_ref().is_some_and(|all| !all.is_empty());
        let plain =
            [("disableNetworking", container.disable_networking == Some(true)), ("resourceRequirements", has_gpus)];
        let Some(linux) = &container.linux_parameters else { return plain.to_vec() };
        let of_linux = [
            ("linuxParameters.maxSwap", linux.max_swap.is_some()),
            ("linuxParameters.swappiness", linux.swappiness.is_some()),
            ("linuxParameters.sharedMemorySize", linux.shared_memory_size.is_some()),
        ];
        [&plain[..], &of_linux[..]].concat()
    })
}

/// Refuses the first member that a container uses of those that `used` tells of it.
fn check_members(
    document: &ecs::TaskDefinition,
    used: impl Fn(&ecs::ContainerDefinition) -> Vec<(&'static str, bool)>,
) -> Result<(), String> {
    for container in document.container_definitions.iter().flatten() {
        if let Some((member, _)) = used(container).into_iter().find(|(_, is_used)| *is_used) {
            let name = container.name.as_deref().unwrap_or_default();
            return Err(format!("Invalid setting for container '{name}'. '{member}' is not supported on Fargate."));
        }
    }
    Ok(())
}

/// True if a capacity provider is one of Fargate's.
pub fn is_fargate(provider: &str) -> bool {
    [FARGATE, FARGATE_SPOT].contains(&provider)
}

/// True if the task definition itself says that it is for Fargate.
pub fn is_required_by(document: &ecs::TaskDefinition) -> bool {
    document.requires_compatibilities.as_ref().is_some_and(|list| list.contains(&ecs::Compatibility::Fargate))
}

/// True if the task definition was found good for Fargate when it was registered.
pub fn is_good_for(document: &ecs::TaskDefinition) -> bool {
    document.compatibilities.as_ref().is_some_and(|list| list.contains(&ecs::Compatibility::Fargate))
}

/// True if Fargate offers this much memory with this much CPU.
pub fn has_pair(cpu: CpuUnits, memory: MemoryMib) -> bool {
    const GIB: u64 = 1024;
    let (least, most, step) = match cpu.0 {
        256 => return [512, GIB, 2 * GIB].contains(&memory.0),
        512 => (GIB, 4 * GIB, GIB),
        1024 => (2 * GIB, 8 * GIB, GIB),
        2048 => (4 * GIB, 16 * GIB, GIB),
        4096 => (8 * GIB, 30 * GIB, GIB),
        8192 => (16 * GIB, 60 * GIB, 4 * GIB),
        16384 => (32 * GIB, 120 * GIB, 8 * GIB),
        _ => return false,
    };
    (least..=most).contains(&memory.0) && memory.0.is_multiple_of(step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_those_of_fargate() {
        for (cpu, memory, is_pair) in [
            (256, 512, true),
            (256, 1024, true),
            (256, 1536, false),
            (256, 2048, true),
            (256, 4096, false),
            (512, 512, false),
            (512, 3072, true),
            (1024, 8192, true),
            (1024, 9216, false),
            (2048, 4096, true),
            (4096, 30720, true),
            (8192, 16384, true),
            (8192, 17408, false),
            (8192, 61440, true),
            (16384, 32768, true),
            (16384, 122_880, true),
            (16384, 36864, false),
            (300, 512, false),
            (0, 0, false),
        ] {
            assert_eq!(has_pair(CpuUnits(cpu), MemoryMib(memory)), is_pair, "{cpu} {memory}");
        }
    }
}
