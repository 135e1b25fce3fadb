//! What a task definition refers to and never holds: secrets, environment files, the credentials of registries.
//!
//! Only the references are looked at here. What they stand for is looked up when the task's order goes out.

use std::collections::BTreeSet;

use berth_model::ecs::{
    ContainerDefinition, EnvironmentFile, EnvironmentFileType, Secret, TaskDefinition, TaskOverride,
};
use berth_model::secret::{ObjectRef, SecretRef};
use berth_model::sensitive::Sensitive;

/// Most environment files of one container, as at ECS.
const ENVIRONMENT_FILES_MAX: usize = 10;

/// How the name of an environment file has to end, as at ECS.
const ENVIRONMENT_FILE_SUFFIX: &str = ".env";

/// Checks the references of a container.
///
/// # Errors
/// A text for the client that names the member.
pub(crate) fn check(container: &ContainerDefinition) -> Result<(), String> {
    let variables = container.environment.as_ref().map(Sensitive::expose).into_iter().flatten();
    let mut names: BTreeSet<&str> = variables.filter_map(|pair| pair.name.as_deref()).collect();
    for (at, secret) in container.secrets.iter().flatten().enumerate() {
        let name = reference(&format!("secrets[{at}]"), secret)?;
        if name.contains('=') {
            return Err(format!("'secrets[{at}].name' must not have an equals sign."));
        }
        if !names.insert(name) {
            return Err(format!(
                "The secret name must be unique and not shared with any new or existing environment variables set on the \
                 container, such as '{name}'."
            ));
        }
    }
    if let Some(credentials) = &container.repository_credentials {
        let text = credentials.expose().credentials_parameter.as_deref().unwrap_or_default();
        match SecretRef::parse(text) {
            Ok(SecretRef::Managed(_)) => {}
            Ok(SecretRef::Parameter(_)) => {
                return Err(
                    "'repositoryCredentials.credentialsParameter' must name a secret of Secrets Manager.".to_owned()
                );
            }
            Err(error) => return Err(format!("'repositoryCredentials.credentialsParameter' {error}.")),
        }
    }
    check_files(container.environment_files.as_deref().unwrap_or_default())
}

/// Checks what a run lays over its task definition.
///
/// # Errors
/// A text for the client that names the container and the member.
pub(crate) fn check_overrides(document: &TaskDefinition, overrides: &TaskOverride) -> Result<(), String> {
    for over in overrides.container_overrides.iter().flatten() {
        let name = over.name.as_deref().unwrap_or_default();
        let invalid = |text: String| format!("Invalid setting for container '{name}'. {text}");
        check_files(over.environment_files.as_deref().unwrap_or_default()).map_err(invalid)?;
        let containers = document.container_definitions.iter().flatten();
        let own = containers.into_iter().find(|container| container.name.as_deref() == Some(name));
        let secrets = own.and_then(|container| container.secrets.as_deref()).unwrap_or_default();
        let mut variables = over.environment.as_ref().map(Sensitive::expose).into_iter().flatten();
        let is_secret = |name: &str| secrets.iter().any(|secret| secret.name.as_deref() == Some(name));
        if let Some(name) = variables.find_map(|pair| pair.name.as_deref().filter(|name| is_secret(name))) {
            return Err(invalid(format!("'environment' must not set '{name}', which is a secret.")));
        }
    }
    Ok(())
}

/// Checks a secret's name and reference; gives the name.
pub(crate) fn reference<'a>(member: &str, secret: &'a Secret) -> Result<&'a str, String> {
    let name = secret.name.as_deref().unwrap_or_default();
    if name.is_empty() || name.contains('\0') {
        return Err(format!("'{member}.name' must not be empty."));
    }
    let text = secret.value_from.as_deref().unwrap_or_default();
    SecretRef::parse(text).map_err(|error| format!("'{member}.valueFrom' {error}."))?;
    Ok(name)
}

fn check_files(files: &[EnvironmentFile]) -> Result<(), String> {
    if files.len() > ENVIRONMENT_FILES_MAX {
        return Err(format!(
            "'environmentFiles' must have at most {ENVIRONMENT_FILES_MAX} entries, not {}.",
            files.len()
        ));
    }
    for (at, file) in files.iter().enumerate() {
        if file.r#type != Some(EnvironmentFileType::S3) {
            return Err(format!("'environmentFiles[{at}].type' must be s3."));
        }
        let object = ObjectRef::parse(file.value.as_deref().unwrap_or_default());
        let object = object.map_err(|error| format!("'environmentFiles[{at}].value' {error}."))?;
        if !object.key.ends_with(ENVIRONMENT_FILE_SUFFIX) {
            return Err(format!("'environmentFiles[{at}].value' must end with {ENVIRONMENT_FILE_SUFFIX}."));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn refused(container: Value) -> String {
        check(&serde_json::from_value(container).unwrap()).unwrap_err()
    }

    #[test]
    fn references_are_checked_and_names_are_each_there_once() {
        let secrets = |list: Value| json!({ "environment": [{ "name": "A", "value": "1" }], "secrets": list });
        let good = secrets(json!([{ "name": "B", "valueFrom": "b" }, { "name": "C", "valueFrom": "/c" }]));
        assert_eq!(check(&serde_json::from_value(good).unwrap()), Ok(()));
        for (list, expected) in [
            (json!([{ "name": "", "valueFrom": "b" }]), "'secrets[0].name'"),
            (json!([{ "name": "B=", "valueFrom": "b" }]), "'secrets[0].name'"),
            (json!([{ "name": "B", "valueFrom": "../b c" }]), "'secrets[0].valueFrom' '../b c' is no parameter's name"),
            (json!([{ "name": "A", "valueFrom": "b" }]), "unique"),
            (json!([{ "name": "B", "valueFrom": "b" }, { "name": "B", "valueFrom": "c" }]), "such as 'B'"),
        ] {
            let text = refused(secrets(list));
            assert!(text.contains(expected), "{text}");
        }
        let text = refused(json!({ "repositoryCredentials": { "credentialsParameter": "name" } }));
        assert!(text.contains("credentialsParameter"), "{text}");
    }

    #[test]
    fn environment_files_lie_in_a_bucket_and_end_with_env() {
        let file = |value: &str, kind: &str| json!({ "environmentFiles": [{ "value": value, "type": kind }] });
        for (container, expected) in [
            (file("arn:aws:s3:::b/k.env", "efs"), "type"),
            (file("arn:aws:s3:::b/k.txt", "s3"), "must end with .env"),
            (file("b/k.env", "s3"), "environmentFiles[0].value"),
        ] {
            let text = refused(container);
            assert!(text.contains(expected), "{text}");
        }
    }

    #[test]
    fn an_override_does_not_take_a_secrets_place() {
        let document =
            json!({ "containerDefinitions": [{ "name": "a", "secrets": [{ "name": "S", "valueFrom": "s" }] }] });
        let document: TaskDefinition = serde_json::from_value(document).unwrap();
        let overrides = |name: &str| -> TaskOverride {
            let over = json!({ "name": "a", "environment": [{ "name": name, "value": "x" }] });
            serde_json::from_value(json!({ "containerOverrides": [over] })).unwrap()
        };
        assert_eq!(check_overrides(&document, &overrides("T")), Ok(()));
        let text = check_overrides(&document, &overrides("S")).unwrap_err();
        assert!(text.contains("'S'"), "{text}");
    }
}
