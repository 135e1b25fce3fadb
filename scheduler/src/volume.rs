//! What a task definition may say of volumes, of whose volumes a container has, and of whom it is linked to.

use std::collections::BTreeSet;

use berth_model::ecs::{ContainerDefinition, NetworkMode, Scope, TaskDefinition, Volume};

/// What may be asked for as `ephemeralStorage`, in GiB, as on Fargate.
const EPHEMERAL_STORAGE_GIB: std::ops::RangeInclusive<i32> = 21..=200;

/// Longest name of a volume, in characters, as at ECS.
const NAME_CHARACTERS_MAX: usize = 255;

/// Checks volumes, mounts and links of all containers.
///
/// # Errors
/// A text for the client that names the container or the volume, and the member.
pub(crate) fn check(document: &TaskDefinition) -> Result<(), String> {
    let mut names = BTreeSet::new();
    for volume in document.volumes.iter().flatten() {
        let name = volume.name.as_deref().unwrap_or_default();
        check_volume(volume).map_err(|text| format!("Invalid setting for volume '{}'. {text}", shown(name)))?;
        if !names.insert(name) {
            return Err(format!("Volume.name '{name}' is used more than once."));
        }
    }
    check_ephemeral_storage(document.ephemeral_storage.as_ref())?;
    let containers = document.container_definitions.as_deref().unwrap_or_default();
    let others: BTreeSet<&str> = containers.iter().filter_map(|container| container.name.as_deref()).collect();
    for container in containers {
        let name = container.name.as_deref().unwrap_or_default();
        let invalid = |text: String| format!("Invalid setting for container '{name}'. {text}");
        check_mounts(container, &names).map_err(invalid)?;
        check_sources(container, &others).map_err(invalid)?;
        check_links(container, &others, document.network_mode.as_ref()).map_err(invalid)?;
    }
    Ok(())
}

/// Checks the size of a task's own storage.
///
/// # Errors
/// A text for the client.
pub(crate) fn check_ephemeral_storage(storage: Option<&berth_model::ecs::EphemeralStorage>) -> Result<(), String> {
    let Some(storage) = storage else { return Ok(()) };
    match storage.size_in_gib {
        Some(size) if EPHEMERAL_STORAGE_GIB.contains(&size) => Ok(()),
        Some(_) | None => {
            let (least, most) = (EPHEMERAL_STORAGE_GIB.start(), EPHEMERAL_STORAGE_GIB.end());
            Err(format!("'ephemeralStorage.sizeInGiB' must be between {least} and {most}."))
        }
    }
}

fn check_volume(volume: &Volume) -> Result<(), String> {
    let name = volume.name.as_deref().unwrap_or_default();
    let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    if name.is_empty() || !is_plain || name.len() > NAME_CHARACTERS_MAX {
        return Err("Its 'name' must have 1 to 255 letters, numbers, hyphens and underscores.".to_owned());
    }
    let source = volume.host.as_ref().and_then(|host| host.source_path.as_deref());
    if let Some(path) = source.filter(|path| !path.is_empty()) {
        check_path("host.sourcePath", path)?;
    }
    let Some(docker) = &volume.docker_volume_configuration else { return Ok(()) };
    if volume.host.is_some() {
        return Err("'host' and 'dockerVolumeConfiguration' exclude each other.".to_owned());
    }
    match &docker.scope {
        Some(Scope::Unknown(scope)) => Err(format!("'dockerVolumeConfiguration.scope' {scope} is not supported.")),
        Some(Scope::Task) | None if docker.autoprovision.is_some() => {
            Err("'dockerVolumeConfiguration.autoprovision' is for the scope 'shared' only.".to_owned())
        }
        Some(Scope::Task | Scope::Shared) | None => Ok(()),
    }
}

fn check_mounts(container: &ContainerDefinition, volumes: &BTreeSet<&str>) -> Result<(), String> {
    let mut paths = BTreeSet::new();
    for (at, mount) in container.mount_points.iter().flatten().enumerate() {
        let volume = mount.source_volume.as_deref().unwrap_or_default();
        if !volumes.contains(volume) {
            return Err(format!("'mountPoints[{at}].sourceVolume' names no volume: '{}'.", shown(volume)));
        }
        let path = mount.container_path.as_deref().unwrap_or_default();
        check_path(&format!("mountPoints[{at}].containerPath"), path)?;
        if !paths.insert(path) {
            return Err(format!("'mountPoints[{at}].containerPath' is used more than once."));
        }
    }
    Ok(())
}

/// A path of a mount. Docker takes a colon for the end of it.
fn check_path(member: &str, path: &str) -> Result<(), String> {
    if path.starts_with('/') && !path.contains([':', '\0']) {
        return Ok(());
    }
    Err(format!("'{member}' must be an absolute path without colons."))
}

fn check_sources(container: &ContainerDefinition, others: &BTreeSet<&str>) -> Result<(), String> {
    for (at, from) in container.volumes_from.iter().flatten().enumerate() {
        let source = from.source_container.as_deref().unwrap_or_default();
        if !others.contains(source) || container.name.as_deref() == Some(source) {
            let member = format!("volumesFrom[{at}].sourceContainer");
            return Err(format!("'{member}' must name another container, not '{}'.", shown(source)));
        }
    }
    Ok(())
}

fn check_links(
    container: &ContainerDefinition,
    others: &BTreeSet<&str>,
    mode: Option<&NetworkMode>,
) -> Result<(), String> {
    for (at, link) in container.links.iter().flatten().enumerate() {
        if !matches!(mode, Some(NetworkMode::Bridge) | None) {
            return Err("'links' are possible with networkMode bridge only.".to_owned());
        }
        let (other, alias) = link.split_once(':').unwrap_or((link, link));
        if !others.contains(other) || container.name.as_deref() == Some(other) {
            return Err(format!("'links[{at}]' must name another container, not '{}'.", shown(other)));
        }
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        if alias.is_empty() || !alias.bytes().all(is_plain) {
            return Err(format!("'links[{at}]' must be the name of a container, or NAME:ALIAS."));
        }
    }
    Ok(())
}

/// What must be there before a container can be created.
pub(crate) fn sources(container: &ContainerDefinition) -> impl Iterator<Item = &str> {
    let mounts = container.volumes_from.iter().flatten().filter_map(|from| from.source_container.as_deref());
    mounts.chain(linked(container))
}

/// What a container is linked to.
fn linked(container: &ContainerDefinition) -> impl Iterator<Item = &str> {
    container.links.iter().flatten().map(|link| link.split_once(':').map_or(link.as_str(), |(name, _)| name))
}

/// A hostile text must not come back whole in a message.
fn shown(text: &str) -> String {
    text.chars().take(64).collect()
}

#[cfg(test)]
mod tests;
