//! Volumes of a task: a path of the host, or a volume of Docker's that is made before the first container that mounts
//! it. What belongs to the task alone carries the labels of its containers and goes with the task; what is shared
//! belongs to the user and stays.

use std::collections::{BTreeSet, HashMap};

use berth_model::acs::{DOCKER_VOLUME, PayloadTask, PayloadVolume};
use berth_model::ecs;
use berth_model::hash::fnv1a;
use bollard::models::VolumeCreateRequest;
use bollard::query_parameters::{ListVolumesOptionsBuilder, RemoveVolumeOptions};
use serde_json::{Value, json};

use super::container::{self, INSTALLATION, TASK_ARN};
use super::{Docker, Order, Settings, status, text};
use crate::record::task_id;
use crate::runtime::Error;

/// Docker's own driver.
const LOCAL_DRIVER: &str = "local";

/// What is behind a volume of a task definition.
#[derive(Debug)]
enum Source<'a> {
    /// A path of the host.
    Path(&'a str),
    /// A Docker volume of the task's own.
    Own(&'a PayloadVolume),
    /// A Docker volume of that very name, which may be there or not.
    Shared(&'a PayloadVolume),
}

fn source(volume: &PayloadVolume) -> Source<'_> {
    let path = volume.host.as_ref().and_then(|host| host.source_path.as_deref()).filter(|path| !path.is_empty());
    let scope = volume.docker_volume_configuration.as_ref().and_then(|docker| docker.scope.as_ref());
    match path {
        Some(path) if volume.r#type != DOCKER_VOLUME => Source::Path(path),
        _ if scope == Some(&ecs::Scope::Shared) => Source::Shared(volume),
        _ => Source::Own(volume),
    }
}

/// Longest part of a name that a user chose.
const NAME_CHARACTERS_MAX: usize = 64;

/// Docker's name for a task's own volume, always the same for the same volume of the same task.
fn own_name(settings: &Settings, task: &PayloadTask, volume: &str) -> String {
    let identity = [&task.arn, volume, &settings.installation.to_string(), &settings.host_id.to_string()];
    let hash = fnv1a(identity.iter().flat_map(|text| text.bytes().chain([0])));
    let hex = format!("{hash:032x}");
    // Docker names a directory like it, of at most 255 bytes. The hash alone tells it from others.
    let short = |name: &str| name.chars().take(NAME_CHARACTERS_MAX).collect::<String>();
    format!("ecs-{}-{}-{}-{}", short(&task.family), task.version, short(volume), &hex[..20])
}

/// What is mounted, links and GPUs, into the `HostConfig` of a container.
///
/// # Errors
/// If the order names a volume or a container that it does not have.
pub(super) fn lay(settings: &Settings, order: Order<'_>, host_config: &mut Value) -> Result<(), String> {
    let binds = order.container.mount_points.iter().map(|mount| bind(settings, order.task, mount));
    let binds = binds.collect::<Result<Vec<_>, _>>()?;
    let name = |container: &str| {
        let found = order.task.containers.iter().find(|other| other.name == container);
        let container = found.ok_or_else(|| format!("the task has no container '{container}'"))?;
        Ok::<_, String>(container::name(settings, Order { container, ..order }))
    };
    let from = order.container.volumes_from.iter().map(|from| {
        let source = name(from.source_container.as_deref().unwrap_or_default())?;
        Ok::<_, String>(if from.read_only == Some(true) { format!("{source}:ro") } else { source })
    });
    let from = from.collect::<Result<Vec<_>, _>>()?;
    let links = order.container.links.iter().map(|link| {
        let (other, alias) = link.split_once(':').unwrap_or((link, link));
        Ok::<_, String>(format!("{}:{alias}", name(other)?))
    });
    let links = links.collect::<Result<Vec<_>, _>>()?;
    for (member, list) in [("Binds", binds), ("VolumesFrom", from), ("Links", links)] {
        if !list.is_empty() {
            host_config[member] = json!(list);
        }
    }
    Ok(())
}

fn bind(settings: &Settings, task: &PayloadTask, mount: &ecs::MountPoint) -> Result<String, String> {
    let wanted = mount.source_volume.as_deref().unwrap_or_default();
    let volume = task.volumes.iter().find(|volume| volume.name == wanted);
    let volume = volume.ok_or_else(|| format!("the task has no volume '{wanted}'"))?;
    let from = match source(volume) {
        Source::Path(path) => path.to_owned(),
        Source::Own(volume) => own_name(settings, task, &volume.name),
        Source::Shared(volume) => volume.name.clone(),
    };
    let to = mount.container_path.as_deref().unwrap_or_default();
    let mode = if mount.read_only == Some(true) { ":ro" } else { "" };
    Ok(format!("{from}:{to}{mode}"))
}

/// The Docker volume to be made for a volume of the task, if one is.
fn request(settings: &Settings, task: &PayloadTask, volume: &PayloadVolume) -> Option<VolumeCreateRequest> {
    let docker = volume.docker_volume_configuration.clone().unwrap_or_default();
    let mut labels: HashMap<String, String> = docker.labels.unwrap_or_default().into_iter().collect();
    let name = match source(volume) {
        Source::Own(volume) => {
            labels.extend(container::owner(settings));
            labels.insert(TASK_ARN.to_owned(), task.arn.clone());
            own_name(settings, task, &volume.name)
        }
        // It outlives tasks and hosts, so it is told whose work it is and no more.
        Source::Shared(_) if docker.autoprovision == Some(true) => {
            labels.insert(INSTALLATION.to_owned(), settings.installation.to_string());
            volume.name.clone()
        }
        Source::Shared(_) | Source::Path(_) => return None,
    };
    Some(VolumeCreateRequest {
        name: Some(name),
        driver: Some(docker.driver.unwrap_or_else(|| LOCAL_DRIVER.to_owned())),
        driver_opts: docker.driver_opts.map(|options| options.into_iter().collect()),
        labels: Some(labels),
        ..VolumeCreateRequest::default()
    })
}

/// The volumes that a container mounts itself.
fn mounted(order: Order<'_>) -> impl Iterator<Item = &PayloadVolume> {
    let is_mounted = move |volume: &&PayloadVolume| {
        order.container.mount_points.iter().any(|mount| mount.source_volume.as_deref() == Some(&volume.name))
    };
    order.task.volumes.iter().filter(is_mounted)
}

impl Docker {
    /// Makes what a container mounts. What is there already stays as it is.
    pub(super) async fn make_volumes(&self, order: Order<'_>) -> Result<(), String> {
        for volume in mounted(order) {
            let made = match (request(&self.settings, order.task, volume), source(volume)) {
                (Some(request), _) => self.engine.create_volume(request).await.map(drop),
                // Docker would make it without a word.
                (None, Source::Shared(volume)) => self.engine.inspect_volume(&volume.name).await.map(drop),
                (None, Source::Path(_) | Source::Own(_)) => Ok(()),
            };
            made.map_err(|error| format!("CannotCreateVolumeError: volume '{}': {}", volume.name, text(&error)))?;
        }
        Ok(())
    }

    /// Docker's names for the volumes of this host's tasks, with the tasks' ids.
    async fn own_volumes(&self) -> Result<Vec<(String, String)>, Error> {
        let filters = [("label".to_owned(), container::owner_labels(&self.settings))].into();
        let options = ListVolumesOptionsBuilder::default().filters(&filters).build();
        let found = self.engine.list_volumes(Some(options)).await?.volumes.unwrap_or_default();
        let own = found.into_iter().filter_map(|volume| Some((volume.name, task_id(volume.labels.get(TASK_ARN)?))));
        Ok(own.collect())
    }

    /// The ids of the tasks that have volumes of their own.
    pub(super) async fn tasks_with_volumes(&self) -> Result<BTreeSet<String>, Error> {
        Ok(self.own_volumes().await?.into_iter().map(|(_, task)| task).collect())
    }

    /// Removes a task's own volumes. Its containers must be gone.
    pub(super) async fn remove_volumes(&self, task: &str) -> Result<(), Error> {
        for (name, _) in self.own_volumes().await?.into_iter().filter(|(_, of)| of == task) {
            match self.engine.remove_volume(&name, None::<RemoveVolumeOptions>).await {
                Err(error) if status(&error) != Some(404) => return Err(error.into()),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }
}

/// True if Docker's storage driver can bound what a container writes.
pub(super) fn has_sizes(driver: &str, root: &str, mounts: &str) -> bool {
    match driver {
        "btrfs" | "zfs" | "devicemapper" => true,
        "overlay2" => is_counted_by_xfs(root, mounts),
        _ => false,
    }
}

/// True if a directory is on xfs that counts what projects use. `mounts` is the text of `/proc/mounts`.
fn is_counted_by_xfs(root: &str, mounts: &str) -> bool {
    let mount = |line: &str| {
        let mut fields = line.split(' ').skip(1);
        let (at, kind, options) = (fields.next()?, fields.next()?, fields.next()?);
        std::path::Path::new(root).starts_with(at).then(|| (at.len(), kind.to_owned(), options.to_owned()))
    };
    let innermost = mounts.lines().filter_map(mount).max_by_key(|(length, ..)| *length);
    innermost.is_some_and(|(_, kind, options)| {
        kind == "xfs" && options.split(',').any(|option| matches!(option, "prjquota" | "pquota"))
    })
}

#[cfg(test)]
mod tests;
