//! Where a task definition sends the output of its containers.

use berth_model::ecs::{ContainerDefinition, LogConfiguration, LogDriver, TaskDefinition};
use berth_model::log_options::{self, AwsLogs};
use berth_model::task::Constraint;

use crate::secret;

/// How the attribute of a host begins that has a log driver.
const CAPABILITY: &str = "com.amazonaws.ecs.capability.logging-driver.";

/// Checks a container's log configuration.
///
/// # Errors
/// A text for the client that names the member.
pub(crate) fn check(container: &ContainerDefinition) -> Result<(), String> {
    if container.firelens_configuration.is_some() {
        return Err("'firelensConfiguration' is not supported.".to_owned());
    }
    let Some(configuration) = &container.log_configuration else { return Ok(()) };
    let secrets = configuration.secret_options.as_deref().unwrap_or_default();
    for (at, option) in secrets.iter().enumerate() {
        secret::reference(&format!("logConfiguration.secretOptions[{at}]"), option)?;
    }
    match driver(configuration)? {
        LogDriver::Awslogs if !secrets.is_empty() => {
            Err("'logConfiguration.secretOptions' is not supported with awslogs, none of whose options is secret."
                .to_owned())
        }
        LogDriver::Awslogs => {
            let options = configuration.options.clone().unwrap_or_default();
            AwsLogs::read(&options).map(drop).map_err(|text| format!("'logConfiguration.options': {text}."))
        }
        LogDriver::Awsfirelens => Err("'logConfiguration.logDriver' awsfirelens is not supported.".to_owned()),
        LogDriver::Unknown(name) => Err(format!("'logConfiguration.logDriver' {name} is not supported.")),
        LogDriver::JsonFile
        | LogDriver::Syslog
        | LogDriver::Journald
        | LogDriver::Gelf
        | LogDriver::Fluentd
        | LogDriver::Splunk => Ok(()),
    }
}

/// Checks what Fargate asks of it: few drivers, and streams with names that say whose they are.
///
/// # Errors
/// A text for the client that names the container.
pub(crate) fn check_fargate(document: &TaskDefinition) -> Result<(), String> {
    for container in document.container_definitions.iter().flatten() {
        let Some(configuration) = &container.log_configuration else { continue };
        let name = container.name.as_deref().unwrap_or_default();
        let invalid = |text: String| Err(format!("Invalid setting for container '{name}'. {text}"));
        match driver(configuration)? {
            LogDriver::Awslogs => {
                let options = configuration.options.as_ref();
                let prefix = options.and_then(|options| options.get(log_options::STREAM_PREFIX));
                if prefix.is_none_or(String::is_empty) {
                    return invalid(format!(
                        "'logConfiguration.options': Log driver awslogs requires options: {} on Fargate.",
                        log_options::STREAM_PREFIX
                    ));
                }
            }
            LogDriver::Splunk | LogDriver::Awsfirelens => {}
            other @ (LogDriver::JsonFile
            | LogDriver::Syslog
            | LogDriver::Journald
            | LogDriver::Gelf
            | LogDriver::Fluentd
            | LogDriver::Unknown(_)) => {
                return invalid(format!("'logConfiguration.logDriver' {other} is not supported on Fargate."));
            }
        }
    }
    Ok(())
}

/// What hosts that register by themselves must have for it, as ECS sees to it.
pub(crate) fn constraints(document: &TaskDefinition) -> Vec<Constraint> {
    let containers = document.container_definitions.iter().flatten();
    let drivers = containers.filter_map(|container| container.log_configuration.as_ref()?.log_driver.as_ref());
    let mut names: Vec<&str> = drivers.map(LogDriver::as_str).collect();
    names.sort_unstable();
    names.dedup();
    names.iter().map(|name| Constraint::MemberOf(format!("attribute:{CAPABILITY}{name} exists"))).collect()
}

fn driver(configuration: &LogConfiguration) -> Result<&LogDriver, String> {
    configuration.log_driver.as_ref().ok_or_else(|| "'logConfiguration.logDriver' is required.".to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn document(logs: &Value) -> TaskDefinition {
        serde_json::from_value(json!({ "containerDefinitions": [{ "name": "main", "logConfiguration": logs }] }))
            .unwrap()
    }

    fn checked(logs: &Value) -> Result<(), String> {
        check(&document(logs).container_definitions.unwrap()[0])
    }

    fn awslogs(more: &[(&str, &str)]) -> Value {
        let mut options = json!({ "awslogs-group": "g", "awslogs-region": "us-east-1" });
        for (name, value) in more {
            options[*name] = json!(value);
        }
        json!({ "logDriver": "awslogs", "options": options })
    }

    #[test]
    fn drivers_of_ecs_are_taken_and_their_options_checked() {
        assert_eq!(checked(&awslogs(&[])), Ok(()));
        assert_eq!(checked(&json!({ "logDriver": "syslog", "options": { "syslog-address": "udp://x" } })), Ok(()));
        let secret = json!([{ "name": "splunk-token", "valueFrom": "token" }]);
        assert_eq!(checked(&json!({ "logDriver": "splunk", "secretOptions": secret })), Ok(()));
        for (logs, expected) in [
            (json!({ "options": {} }), "logDriver' is required"),
            (json!({ "logDriver": "awsfirelens" }), "awsfirelens is not supported"),
            (json!({ "logDriver": "none" }), "none is not supported"),
            (json!({ "logDriver": "awslogs" }), "requires options: awslogs-group, awslogs-region"),
            (awslogs(&[("awslogs-multiline-pattern", "(")]), "'awslogs-multiline-pattern'"),
            (
                json!({ "logDriver": "splunk", "secretOptions": [{ "name": "a", "valueFrom": "b c" }] }),
                "secretOptions[0].valueFrom",
            ),
        ] {
            let text = checked(&logs).unwrap_err();
            assert!(text.contains(expected), "{text}");
        }
    }

    #[test]
    fn fargate_has_few_drivers_and_wants_a_prefix() {
        assert_eq!(check_fargate(&document(&awslogs(&[("awslogs-stream-prefix", "p")]))), Ok(()));
        assert_eq!(check_fargate(&document(&json!({ "logDriver": "splunk" }))), Ok(()));
        assert!(check_fargate(&document(&awslogs(&[]))).unwrap_err().contains("awslogs-stream-prefix"));
        assert!(check_fargate(&document(&json!({ "logDriver": "json-file" }))).unwrap_err().contains("json-file"));
    }

    #[test]
    fn a_host_must_have_the_driver() {
        let expected = "attribute:com.amazonaws.ecs.capability.logging-driver.syslog exists".to_owned();
        assert_eq!(constraints(&document(&json!({ "logDriver": "syslog" }))), [Constraint::MemberOf(expected)]);
        assert_eq!(constraints(&TaskDefinition::default()), []);
    }
}
