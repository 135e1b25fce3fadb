//! With what an image is pulled from a registry that asks who pulls.

use berth_model::acs::{BasicAuthData, PayloadContainer, RegistryAuthentication};
use bollard::auth::DockerCredentials;

/// The registry of images that name none, as Docker knows its credentials.
const DOCKER_HUB: &str = "https://index.docker.io/v1/";

/// What the container's order holds for its image's registry.
pub(super) fn credentials(container: &PayloadContainer) -> Option<DockerCredentials> {
    let Some(RegistryAuthentication::Basic { basic_auth_data }) = &container.registry_authentication else {
        return None;
    };
    let BasicAuthData { username, password } = basic_auth_data;
    Some(DockerCredentials {
        username: Some(username.clone()),
        password: Some(password.expose().clone()),
        serveraddress: Some(registry(&container.image).to_owned()),
        ..DockerCredentials::default()
    })
}

/// The registry in an image's name: what is before the first slash if it looks like a machine's name.
fn registry(image: &str) -> &str {
    match image.split_once('/') {
        Some((first, _)) if first.contains(['.', ':']) || first == "localhost" => first,
        _ => DOCKER_HUB,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_registry_stands_first_in_the_name() {
        for (image, expected) in [
            ("busybox", DOCKER_HUB),
            ("library/busybox:1", DOCKER_HUB),
            ("localhost/a", "localhost"),
            ("127.0.0.1:5000/a/b:1", "127.0.0.1:5000"),
            ("registry.example.com/a@sha256:00", "registry.example.com"),
        ] {
            assert_eq!(registry(image), expected);
        }
    }
}
