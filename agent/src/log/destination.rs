//! Where a container's output goes, as its order says it in Docker's words.

use std::collections::BTreeMap;

use berth_model::acs::{PayloadContainer, PayloadTask};
use berth_model::log_options::{AWSLOGS, AwsLogs, STREAM};
use berth_model::multiline::FirstLine;
use serde::Deserialize;
use serde_json::{Value, json};

/// The log group of the output of containers without a log configuration.
pub const GROUP: &str = "berth";

/// The driver whose output is read.
const JSON_FILE: &str = "json-file";
/// The size of one of its files, and how many there are: what one container takes on the host's disk. A reader that is
/// behind by less than a file misses nothing.
const FILE_SIZE: &str = "16m";
const FILES: &str = "4";

/// A container's log driver.
#[derive(Debug)]
pub(crate) enum Driver {
    /// Its output is read from Docker and shipped.
    Shipped(Destination),
    /// Docker gives it to a driver of its own.
    Docker,
    /// The settings cannot be read.
    Broken(String),
}

/// Where output is shipped to.
#[derive(Debug)]
pub(crate) struct Destination {
    /// The log group.
    pub(crate) group: String,
    /// The log stream.
    pub(crate) stream: String,
    /// True if the group is made if it is not there.
    pub(crate) creates_group: bool,
    /// Which lines begin an event; each does if `None`.
    pub(crate) first_line: Option<FirstLine>,
    /// How much may wait, in bytes, if that was said.
    pub(crate) buffer_bytes: Option<usize>,
    /// The region, if a task definition names group and stream.
    pub(crate) region: Option<String>,
}

/// Docker's `LogConfig`, as an order has it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct LogConfig {
    /// The driver; empty if the order names none.
    pub(crate) r#type: String,
    /// Its options, with what was looked up for those that are secrets.
    pub(crate) config: BTreeMap<String, String>,
}

/// What the order says of a container's output.
pub(crate) fn driver(task: &PayloadTask, container: &PayloadContainer, runtime_id: &str) -> Driver {
    let task_id = task.arn.rsplit('/').next().unwrap_or_default();
    let mut config = log_config(container);
    match config.r#type.as_str() {
        AWSLOGS => match (config.config.remove(STREAM), AwsLogs::read(&config.config)) {
            (stream, Ok(options)) => Driver::Shipped(Destination {
                stream: stream.unwrap_or_else(|| runtime_id.to_owned()),
                group: options.group,
                creates_group: options.creates_group,
                first_line: options.first_line,
                buffer_bytes: options.buffer_bytes,
                region: Some(options.region),
            }),
            (_, Err(text)) => Driver::Broken(text),
        },
        "" | JSON_FILE => Driver::Shipped(Destination {
            group: GROUP.to_owned(),
            stream: format!("{}/{}/{task_id}", task.family, container.name),
            creates_group: true,
            first_line: None,
            buffer_bytes: None,
            region: None,
        }),
        _ => Driver::Docker,
    }
}

/// What Docker is told in the place of what the order says: output that is read lies in files of a bounded size.
pub(crate) fn docker_config(container: &PayloadContainer) -> Value {
    let LogConfig { r#type, config } = log_config(container);
    let bounds =
        BTreeMap::from([("max-size".to_owned(), FILE_SIZE.to_owned()), ("max-file".to_owned(), FILES.to_owned())]);
    match r#type.as_str() {
        "" | AWSLOGS => json!({ "Type": JSON_FILE, "Config": bounds }),
        // A number of files without a size is no bound, and Docker refuses it.
        JSON_FILE if !config.contains_key("max-size") => {
            json!({ "Type": JSON_FILE, "Config": bounds.into_iter().chain(config).collect::<BTreeMap<_, _>>() })
        }
        _ => json!({ "Type": r#type, "Config": config }),
    }
}

/// The log settings in an order.
pub(crate) fn log_config(container: &PayloadContainer) -> LogConfig {
    #[derive(Default, Deserialize)]
    #[serde(rename_all = "PascalCase", default)]
    struct HostConfig {
        log_config: LogConfig,
    }
    let settings = container.docker_config.host_config.as_deref().unwrap_or("{}");
    serde_json::from_str::<HostConfig>(settings).unwrap_or_default().log_config
}

#[cfg(test)]
mod tests {
    use berth_model::acs::DockerConfig;

    use super::*;

    fn container(log_config: &Value) -> PayloadContainer {
        let host_config = Some(json!({ "NetworkMode": "bridge", "LogConfig": log_config }).to_string());
        let docker_config = DockerConfig { host_config, ..DockerConfig::default() };
        PayloadContainer { name: "main".to_owned(), docker_config, ..PayloadContainer::default() }
    }

    fn shipped(log_config: &Value) -> Option<(String, String)> {
        let arn = "arn:aws:ecs:us-east-1:123456789012:task/demo/0123".to_owned();
        let task = PayloadTask { arn, family: "web".to_owned(), ..PayloadTask::default() };
        match driver(&task, &container(log_config), "abc") {
            Driver::Shipped(it) => Some((it.group, it.stream)),
            Driver::Docker | Driver::Broken(_) => None,
        }
    }

    #[test]
    fn output_goes_where_the_order_says() {
        let names = |group: &str, stream: &str| Some((group.to_owned(), stream.to_owned()));
        let awslogs = |more: &[(&str, &str)]| {
            let mut config = json!({ "awslogs-group": "/ecs/web", "awslogs-region": "us-east-1" });
            for (name, value) in more {
                config[*name] = json!(value);
            }
            json!({ "Type": "awslogs", "Config": config })
        };
        assert_eq!(shipped(&json!({})), names("berth", "web/main/0123"));
        assert_eq!(shipped(&json!({ "Type": "json-file" })), names("berth", "web/main/0123"));
        assert_eq!(shipped(&awslogs(&[("awslogs-stream", "p/main/0123")])), names("/ecs/web", "p/main/0123"));
        assert_eq!(shipped(&awslogs(&[])), names("/ecs/web", "abc"));
        assert_eq!(shipped(&json!({ "Type": "syslog" })), None);
        assert_eq!(shipped(&json!({ "Type": "awslogs" })), None);
    }

    #[test]
    fn what_is_read_lies_in_files_of_a_bounded_size() {
        let bounded = json!({ "Type": "json-file", "Config": { "max-size": "16m", "max-file": "4" } });
        for config in [
            json!({}),
            json!({ "Type": "awslogs", "Config": { "awslogs-group": "g" } }),
            json!({ "Type": "json-file" }),
        ] {
            assert_eq!(docker_config(&container(&config)), bounded);
        }
        let own = json!({ "Type": "json-file", "Config": { "max-size": "1m" } });
        assert_eq!(docker_config(&container(&own)), own);
        let other = json!({ "Type": "syslog", "Config": { "tag": "t" } });
        assert_eq!(docker_config(&container(&other)), other);
        let labels = docker_config(&container(&json!({ "Type": "json-file", "Config": { "labels": "a" } })));
        assert_eq!(labels["Config"], json!({ "labels": "a", "max-size": "16m", "max-file": "4" }));
    }
}
