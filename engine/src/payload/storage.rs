//! The volumes and GPUs of a task, as its agent is to see them.

use berth_model::acs::{
    AssociationContent, DOCKER_VOLUME, GPU_ASSOCIATION, HOST_VOLUME, PayloadAssociation, PayloadVolume,
};
use berth_model::ecs;
use berth_model::task::Task;

use crate::store::launch_type;

/// What a task on Fargate has if nothing is said, as ECS documents it.
const FARGATE_STORAGE_GIB: i32 = 20;

/// The volumes of a task definition. One that says nothing of where it is, or whose it is, belongs to the task alone; the
/// Amazon ECS agent wants to be told.
pub(super) fn volumes(document: &ecs::TaskDefinition) -> Vec<PayloadVolume> {
    let volume = |volume: &ecs::Volume| {
        let mut docker_volume_configuration = volume.docker_volume_configuration.clone();
        if let Some(configuration) = &mut docker_volume_configuration {
            configuration.scope.get_or_insert(ecs::Scope::Task);
        }
        let is_docker = docker_volume_configuration.is_some();
        PayloadVolume {
            name: volume.name.clone().unwrap_or_default(),
            r#type: if is_docker { DOCKER_VOLUME } else { HOST_VOLUME }.to_owned(),
            host: (!is_docker).then(|| volume.host.clone().unwrap_or_default()),
            docker_volume_configuration,
        }
    };
    document.volumes.iter().flatten().map(volume).collect()
}

/// The GPUs that the task was given with its host.
pub(super) fn associations(task: &Task) -> Vec<PayloadAssociation> {
    let of_container = |container: &berth_model::task::Container| {
        let name = container.name.clone();
        let association = move |id: &String| PayloadAssociation {
            containers: vec![name.clone()],
            content: AssociationContent { encoding: "base64".to_owned(), value: String::new() },
            name: id.clone(),
            r#type: GPU_ASSOCIATION.to_owned(),
        };
        container.gpu_ids.iter().map(association).collect::<Vec<_>>()
    };
    task.containers.iter().flat_map(of_container).collect()
}

/// What the task may write: the run's own size, the task definition's, or what Fargate gives.
pub fn ephemeral_storage(task: &Task, document: &ecs::TaskDefinition) -> Option<ecs::EphemeralStorage> {
    let defined = || document.ephemeral_storage.clone();
    let is_fargate = launch_type(&task.launch) == ecs::LaunchType::Fargate;
    let of_fargate = || is_fargate.then_some(ecs::EphemeralStorage { size_in_gib: Some(FARGATE_STORAGE_GIB) });
    task.request.overrides.ephemeral_storage.clone().or_else(defined).or_else(of_fargate)
}
