//! Volumes and devices of a task, as they stand in a payload.

use serde::{Deserialize, Serialize};

use crate::ecs;

/// The `type` of a volume that Docker makes, as its configuration says.
pub const DOCKER_VOLUME: &str = "docker";

/// The `type` of a volume that is a path of the host, or of the task alone if it names none.
pub const HOST_VOLUME: &str = "host";

/// The `type` of an association that gives a container a GPU.
pub const GPU_ASSOCIATION: &str = "gpu";

/// A volume that containers of a task mount.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayloadVolume {
    /// Its name in the task definition.
    pub name: String,
    /// [`HOST_VOLUME`] or [`DOCKER_VOLUME`].
    #[serde(default)]
    pub r#type: String,
    /// Of a host volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<ecs::HostVolumeProperties>,
    /// Of a Docker volume.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub docker_volume_configuration: Option<ecs::DockerVolumeConfiguration>,
}

/// Something of the host that some containers of a task have for themselves.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayloadAssociation {
    /// The containers, by name.
    pub containers: Vec<String>,
    /// Nothing, for a GPU.
    #[serde(default)]
    pub content: AssociationContent,
    /// The id of the GPU.
    pub name: String,
    /// [`GPU_ASSOCIATION`].
    pub r#type: String,
}

/// A text that goes along with an association.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssociationContent {
    /// `base64`.
    #[serde(default)]
    pub encoding: String,
    /// The text in that encoding.
    #[serde(default)]
    pub value: String,
}
