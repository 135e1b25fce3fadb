//! What a container definition may say of how its container runs, beyond sizes and ports.
//!
//! Whatever no Docker Engine would take is refused when it is registered, by the name of the member: a task that can
//! never start helps nobody.

use std::collections::BTreeSet;

use berth_model::ecs::{
    ContainerCondition, ContainerDefinition, ContainerRestartPolicy, HealthCheck, IpcMode, LinuxParameters,
    NetworkMode, SystemControl, TaskDefinition,
};

use crate::{log_configuration, secret, volume};

/// Most exit codes that a restart policy may ignore, as at ECS.
const IGNORED_EXIT_CODES_MAX: usize = 50;

/// Checks the settings of all containers.
///
/// # Errors
/// A text for the client that names the container and the member.
pub(crate) fn check(document: &TaskDefinition) -> Result<(), String> {
    for container in document.container_definitions.iter().flatten() {
        check_one(container, document).map_err(|text| {
            let name = container.name.as_deref().unwrap_or_default();
            format!("Invalid setting for container '{name}'. {text}")
        })?;
    }
    volume::check(document)?;
    check_order(document)
}

/// Checks that containers wait only for what can happen, and not for each other.
fn check_order(document: &TaskDefinition) -> Result<(), String> {
    let containers = document.container_definitions.as_deref().unwrap_or_default();
    let named = |name: &str| containers.iter().find(|container| container.name.as_deref() == Some(name));
    for container in containers {
        let name = container.name.as_deref().unwrap_or_default();
        let invalid = |text: String| Err(format!("Invalid setting for container '{name}'. {text}"));
        for (at, dependency) in container.depends_on.iter().flatten().enumerate() {
            let wanted = dependency.container_name.as_deref().unwrap_or_default();
            let Some(other) = named(wanted).filter(|_| wanted != name) else {
                return invalid(format!(
                    "'dependsOn[{at}].containerName' must name another container, not '{wanted}'."
                ));
            };
            let is_essential = other.essential != Some(false);
            match &dependency.condition {
                Some(ContainerCondition::Complete | ContainerCondition::Success) if is_essential => {
                    return invalid(format!(
                        "'dependsOn[{at}]' waits for the end of '{wanted}', which is essential: the task would end with it."
                    ));
                }
                Some(ContainerCondition::Healthy) if !has_health_check(other) => {
                    return invalid(format!(
                        "'dependsOn[{at}]' waits for the health of '{wanted}', which has no 'healthCheck'."
                    ));
                }
                Some(
                    ContainerCondition::Start
                    | ContainerCondition::Complete
                    | ContainerCondition::Success
                    | ContainerCondition::Healthy,
                ) => {}
                Some(other) => return invalid(format!("'dependsOn[{at}].condition' {other} is not supported.")),
                None => return invalid(format!("'dependsOn[{at}].condition' is required.")),
            }
        }
        if container.start_timeout.is_some_and(|seconds| seconds < 1) {
            return invalid("'startTimeout' must be at least 1.".to_owned());
        }
    }
    // A container is only created once what it waits for has happened, and what it needs is there.
    match in_circle(containers, |container| awaited(container).chain(volume::sources(container))) {
        Some(name) => Err(format!(
            "Invalid setting for container '{name}'. 'dependsOn', 'links' and 'volumesFrom' must not lead back to itself."
        )),
        None => Ok(()),
    }
}

/// The containers that one waits for by `dependsOn`.
fn awaited(container: &ContainerDefinition) -> impl Iterator<Item = &str> {
    container.depends_on.iter().flatten().filter_map(|dependency| dependency.container_name.as_deref())
}

/// The name of a container that needs itself by way of others, if there is one.
fn in_circle<'a, Names: Iterator<Item = &'a str>>(
    containers: &'a [ContainerDefinition],
    needs: impl Fn(&'a ContainerDefinition) -> Names,
) -> Option<&'a str> {
    let mut left: Vec<&ContainerDefinition> = containers.iter().collect();
    // What needs nothing that is left can begin; if that leaves some, they need each other.
    loop {
        let names: BTreeSet<&str> = left.iter().filter_map(|container| container.name.as_deref()).collect();
        let waiting: Vec<_> =
            left.iter().copied().filter(|container| needs(container).any(|name| names.contains(name))).collect();
        if waiting.len() == left.len() {
            return waiting.first()?.name.as_deref();
        }
        left = waiting;
    }
}

fn check_one(container: &ContainerDefinition, document: &TaskDefinition) -> Result<(), String> {
    for (at, limit) in container.ulimits.iter().flatten().enumerate() {
        let member = |name: &str| format!("ulimits[{at}].{name}");
        required(&member("name"), limit.name.as_ref())?;
        let soft = required(&member("softLimit"), limit.soft_limit)?;
        let hard = required(&member("hardLimit"), limit.hard_limit)?;
        if hard >= 0 && (soft > hard || soft < 0) {
            return Err(format!("'{}' must be from 0 to 'hardLimit'.", member("softLimit")));
        }
    }
    for (at, host) in container.extra_hosts.iter().flatten().enumerate() {
        text(&format!("extraHosts[{at}].hostname"), host.hostname.as_deref())?;
        text(&format!("extraHosts[{at}].ipAddress"), host.ip_address.as_deref())?;
    }
    secret::check(container)?;
    log_configuration::check(container)?;
    if let Some(parameters) = &container.linux_parameters {
        check_linux(parameters, container, document)?;
    }
    container
        .system_controls
        .iter()
        .flatten()
        .enumerate()
        .try_for_each(|(at, one)| check_control(at, one, document))?;
    container.health_check.as_ref().map_or(Ok(()), check_health)?;
    container.restart_policy.as_ref().map_or(Ok(()), check_restarts)
}

fn check_linux(
    parameters: &LinuxParameters,
    container: &ContainerDefinition,
    document: &TaskDefinition,
) -> Result<(), String> {
    for (at, device) in parameters.devices.iter().flatten().enumerate() {
        path(&format!("linuxParameters.devices[{at}].hostPath"), device.host_path.as_deref())?;
    }
    for (at, tmpfs) in parameters.tmpfs.iter().flatten().enumerate() {
        path(&format!("linuxParameters.tmpfs[{at}].containerPath"), tmpfs.container_path.as_deref())?;
        at_least_one(&format!("linuxParameters.tmpfs[{at}].size"), tmpfs.size)?;
    }
    if parameters.shared_memory_size.is_some() {
        at_least_one("linuxParameters.sharedMemorySize", parameters.shared_memory_size)?;
    }
    if parameters.swappiness.is_some_and(|swappiness| !(0..=100).contains(&swappiness)) {
        return Err("'linuxParameters.swappiness' must be between 0 and 100.".to_owned());
    }
    match parameters.max_swap {
        Some(..0) => Err("'linuxParameters.maxSwap' must not be negative.".to_owned()),
        Some(_) if container.memory.is_none() && document.memory.is_none() => {
            Err("'linuxParameters.maxSwap' needs a 'memory' of the container or of the task.".to_owned())
        }
        Some(_) | None => Ok(()),
    }
}

/// The settings of the kernel beside `fs.mqueue.*` that each IPC namespace has for itself, as ECS lists them.
const IPC_CONTROLS: [&str; 8] = [
    "kernel.msgmax",
    "kernel.msgmnb",
    "kernel.msgmni",
    "kernel.sem",
    "kernel.shmall",
    "kernel.shmmax",
    "kernel.shmmni",
    "kernel.shm_rmid_forced",
];

fn check_control(at: usize, control: &SystemControl, document: &TaskDefinition) -> Result<(), String> {
    let namespace = text(&format!("systemControls[{at}].namespace"), control.namespace.as_deref())?;
    text(&format!("systemControls[{at}].value"), control.value.as_deref())?;
    let (is_network, is_ipc) =
        (namespace.starts_with("net."), namespace.starts_with("fs.mqueue.") || IPC_CONTROLS.contains(&namespace));
    let impossible = |why: &str| Err(format!("'systemControls[{at}].namespace' {namespace} is not possible{why}."));
    match document {
        _ if !is_network && !is_ipc => impossible(": it is the whole machine's"),
        _ if is_network && document.network_mode == Some(NetworkMode::Host) => impossible(" with networkMode host"),
        _ if is_ipc && document.ipc_mode == Some(IpcMode::Host) => impossible(" with ipcMode host"),
        _ => Ok(()),
    }
}

fn check_health(check: &HealthCheck) -> Result<(), String> {
    let form = check.command.as_deref().unwrap_or_default();
    let is_command = match form.first().map(String::as_str) {
        Some("CMD" | "CMD-SHELL") => form.len() > 1,
        Some("NONE") => form.len() == 1,
        Some(_) | None => false,
    };
    if !is_command {
        return Err("'healthCheck.command' must be CMD or CMD-SHELL and what to run.".to_owned());
    }
    // The ranges that ECS states, in seconds and in tries.
    let ranges = [
        ("interval", check.interval, 5..=300),
        ("timeout", check.timeout, 2..=60),
        ("retries", check.retries, 1..=10),
        ("startPeriod", check.start_period, 0..=300),
    ];
    for (name, value, range) in ranges {
        if value.is_some_and(|value| !range.contains(&value)) {
            let (least, most) = (range.start(), range.end());
            return Err(format!("'healthCheck.{name}' must be between {least} and {most}."));
        }
    }
    Ok(())
}

/// True if something looks at the container's health; Docker's own `NONE` switches that of the image off.
pub(crate) fn has_health_check(container: &ContainerDefinition) -> bool {
    let command = container.health_check.as_ref().and_then(|check| check.command.as_deref()).unwrap_or_default();
    command.first().is_some_and(|first| first != "NONE")
}

/// The limits that ECS states: an exit code is a byte, and a period is in seconds.
fn check_restarts(policy: &ContainerRestartPolicy) -> Result<(), String> {
    required("restartPolicy.enabled", policy.enabled)?;
    let codes = policy.ignored_exit_codes.as_deref().unwrap_or_default();
    if codes.len() > IGNORED_EXIT_CODES_MAX {
        return Err(format!("'restartPolicy.ignoredExitCodes' can have at most {IGNORED_EXIT_CODES_MAX} codes."));
    }
    if codes.iter().any(|code| !(0..=255).contains(code)) {
        return Err("'restartPolicy.ignoredExitCodes' must be between 0 and 255.".to_owned());
    }
    if policy.restart_attempt_period.is_some_and(|seconds| !(60..=1800).contains(&seconds)) {
        return Err("'restartPolicy.restartAttemptPeriod' must be between 60 and 1800.".to_owned());
    }
    Ok(())
}

fn required<T>(member: &str, value: Option<T>) -> Result<T, String> {
    value.ok_or_else(|| format!("'{member}' is required."))
}

fn text<'a>(member: &str, value: Option<&'a str>) -> Result<&'a str, String> {
    required(member, value.filter(|text| !text.is_empty()))
}

fn path(member: &str, value: Option<&str>) -> Result<(), String> {
    if text(member, value)?.starts_with('/') { Ok(()) } else { Err(format!("'{member}' must be an absolute path.")) }
}

fn at_least_one(member: &str, value: Option<i32>) -> Result<(), String> {
    if required(member, value)? > 0 { Ok(()) } else { Err(format!("'{member}' must be at least 1.")) }
}

#[cfg(test)]
mod tests;
