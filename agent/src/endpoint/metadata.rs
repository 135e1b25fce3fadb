//! What a container is told about itself and its task: the task metadata endpoint of ECS, version 4 (and 3, whose
//! members are among them).

use std::collections::BTreeMap;

use berth_model::acs::{PayloadContainer, PayloadTask};
use berth_model::log_options::{self, AWSLOGS};
use berth_model::time::Timestamp;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::Value;

use super::Known;
use crate::log::{LogConfig, log_config};
use crate::reconcile::restart_policy;
use crate::record::{ContainerRecord, Phase, Record};
use crate::runtime::Described;
use crate::session::Health;

/// What the runtime says of a task's containers, by name.
pub(super) type Seen = BTreeMap<String, Described>;

/// A task, with the names of ECS.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AboutTask<'a> {
    cluster: &'a str,
    #[serde(rename = "TaskARN")]
    task_arn: &'a str,
    family: &'a str,
    revision: &'a str,
    desired_status: &'a str,
    known_status: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    limits: Option<TaskLimits>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pull_started_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pull_stopped_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    execution_stopped_at: Option<String>,
    launch_type: &'a str,
    containers: Vec<AboutContainer<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct TaskLimits {
    #[serde(rename = "CPU", skip_serializing_if = "Option::is_none")]
    cpu: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    memory: Option<i64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct AboutContainer<'a> {
    docker_id: &'a str,
    name: &'a str,
    docker_name: &'a str,
    image: &'a str,
    #[serde(rename = "ImageID")]
    image_id: &'a str,
    labels: &'a BTreeMap<String, String>,
    desired_status: &'static str,
    known_status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    restart_count: Option<u32>,
    limits: ContainerLimits,
    #[serde(skip_serializing_if = "str::is_empty")]
    created_at: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    started_at: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    finished_at: &'a str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    health: Option<AboutHealth<'a>>,
    #[serde(skip_serializing_if = "String::is_empty")]
    log_driver: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    log_options: BTreeMap<String, String>,
    #[serde(rename = "ContainerARN", skip_serializing_if = "str::is_empty")]
    container_arn: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    ports: Vec<Published>,
    networks: Vec<Joined>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ContainerLimits {
    #[serde(rename = "CPU")]
    cpu: i64,
    memory: i64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Published {
    container_port: u16,
    protocol: String,
    host_port: u16,
    #[serde(skip_serializing_if = "String::is_empty")]
    host_ip: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Joined {
    network_mode: String,
    #[serde(rename = "IPv4Addresses", skip_serializing_if = "Vec::is_empty")]
    ipv4_addresses: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attachment_index: Option<u32>,
    #[serde(rename = "MACAddress", skip_serializing_if = "Option::is_none")]
    mac_address: Option<String>,
    #[serde(rename = "IPv4SubnetCIDRBlock", skip_serializing_if = "Option::is_none")]
    ipv4_subnet_cidr_block: Option<String>,
    #[serde(rename = "SubnetGatewayIpv4Address", skip_serializing_if = "Option::is_none")]
    subnet_gateway_ipv4_address: Option<String>,
}

/// What a health check has found, with how its last run ended.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct AboutHealth<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_since: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exit_code: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<&'a str>,
}

/// The whole task.
pub(super) fn task(known: &Known, seen: &Seen) -> Option<Value> {
    let record = &known.record;
    let order = record.task.as_deref()?;
    let has_limits = order.cpu.is_some() || order.memory.is_some();
    let task = AboutTask {
        cluster: &order.task_cluster_arn,
        task_arn: &order.arn,
        family: &order.family,
        revision: &order.version,
        desired_status: if record.is_stopping() { "STOPPED" } else { "RUNNING" },
        known_status: known_status(record),
        limits: has_limits.then_some(TaskLimits { cpu: order.cpu, memory: order.memory }),
        pull_started_at: record.pull_started_at.map(text),
        pull_stopped_at: record.pull_stopped_at.map(text),
        execution_stopped_at: record.ended_at.map(text),
        launch_type: if order.launch_type.is_empty() { "EC2" } else { &order.launch_type },
        containers: both(record, order).map(|(record, one)| container(order, one, record, known, seen)).collect(),
    };
    serde_json::to_value(task).ok()
}

/// One of its containers.
pub(super) fn one(known: &Known, name: &str, seen: &Seen) -> Option<Value> {
    let order = known.record.task.as_deref()?;
    let (record, found) = both(&known.record, order).find(|(record, _)| record.name == name)?;
    serde_json::to_value(container(order, found, record, known, seen)).ok()
}

/// The containers of the task definition, each with its record.
fn both<'a>(
    record: &'a Record,
    order: &'a PayloadTask,
) -> impl Iterator<Item = (&'a ContainerRecord, &'a PayloadContainer)> {
    record.containers.iter().zip(&order.containers).filter(|(record, _)| !record.is_holder())
}

fn known_status(record: &Record) -> &'static str {
    if record.is_over() {
        "STOPPED"
    } else if record.has_run() {
        "RUNNING"
    } else {
        "PENDING"
    }
}

fn container<'a>(
    task: &PayloadTask,
    container: &'a PayloadContainer,
    record: &'a ContainerRecord,
    known: &Known,
    all: &'a Seen,
) -> AboutContainer<'a> {
    static NONE: Described = Described::NONE;
    let seen = all.get(&record.name).unwrap_or(&NONE);
    // In a shared network the holder has what there is to tell of it.
    let network_of = all.get(crate::holder::NAME).filter(|_| task.network_mode == "awsvpc").unwrap_or(seen);
    let bound = record.bindings.iter().map(|binding| Published {
        container_port: binding.container_port,
        protocol: binding.protocol.clone(),
        host_port: binding.host_port,
        host_ip: binding.address.clone(),
    });
    let logs = logs(container);
    let has_restarts = restart_policy(container).is_some();
    AboutContainer {
        docker_id: record.runtime_id.as_deref().unwrap_or_default(),
        name: &record.name,
        docker_name: &seen.name,
        image: &container.image,
        image_id: &seen.image_id,
        labels: &seen.labels,
        desired_status: if record.phase == Phase::Ended { "STOPPED" } else { "RUNNING" },
        known_status: match record.phase {
            Phase::New => "NONE",
            Phase::Created => "CREATED",
            Phase::Running => "RUNNING",
            Phase::Ended => "STOPPED",
        },
        exit_code: record.exit_code.filter(|_| record.phase == Phase::Ended),
        restart_count: has_restarts.then_some(record.restarts),
        limits: ContainerLimits { cpu: container.cpu, memory: container.memory },
        created_at: &seen.created_at,
        started_at: &seen.started_at,
        finished_at: &seen.finished_at,
        r#type: "NORMAL",
        health: health(known, &record.name, seen),
        // Docker's own takes what the agent ships to where the order says.
        log_driver: if logs.r#type.is_empty() { seen.log_driver.clone() } else { logs.r#type },
        log_options: logs.config,
        container_arn: &container.container_arn,
        ports: bound.collect(),
        networks: vec![network(task, network_of)],
    }
}

/// What the health check of a container that runs has found, if the order asks for one: one that only the image has is not
/// looked at, as at ECS.
fn health<'a>(known: &Known, name: &str, seen: &'a Described) -> Option<AboutHealth<'a>> {
    let running = known.running.iter().flat_map(|task| &task.containers);
    let Health { status, since } = running.into_iter().find(|container| container.name == name)?.health?;
    let check = seen.check.as_ref();
    Some(AboutHealth {
        status: status.as_str(),
        status_since: since.map(text),
        exit_code: check.map(|check| check.exit_code),
        output: check.map(|check| check.output.as_str()),
    })
}

/// The log driver that the order names, with those of its options that are no secret. Where they may be, it is not known
/// which are: they come with the others.
fn logs(container: &PayloadContainer) -> LogConfig {
    let mut logs = log_config(container);
    let is_open = |name: &str| log_options::ALL.contains(&name) || name == log_options::STREAM;
    logs.config.retain(|name, _| logs.r#type == AWSLOGS && is_open(name));
    logs
}

fn network(task: &PayloadTask, seen: &Described) -> Joined {
    let mode = if task.network_mode.is_empty() { "bridge" } else { &task.network_mode };
    let is_own = mode == "awsvpc";
    let with_prefix = |address: &String| Some(format!("{address}/{}", seen.prefix?));
    Joined {
        network_mode: mode.to_owned(),
        ipv4_addresses: seen.address.clone().into_iter().collect(),
        attachment_index: is_own.then_some(0),
        mac_address: seen.mac_address.clone().filter(|_| is_own),
        ipv4_subnet_cidr_block: seen.subnet().filter(|_| is_own),
        subnet_gateway_ipv4_address: seen.gateway.as_ref().and_then(with_prefix).filter(|_| is_own),
    }
}

/// A moment as ECS writes it here.
fn text(at: Timestamp) -> String {
    DateTime::<Utc>::from_timestamp_millis(at.0).unwrap_or_default().to_rfc3339_opts(SecondsFormat::Millis, true)
}

#[cfg(test)]
mod tests {
    use berth_model::acs::{DockerConfig, PayloadRestartPolicy};
    use berth_model::task::HealthStatus;
    use serde_json::json;

    use super::*;
    use crate::runtime::Check;
    use crate::session::{RunningContainer, RunningTask};

    /// What the container of a task is told whose order has these log settings.
    fn told(logs: &Value, seen: &Seen) -> Value {
        let host_config = Some(json!({ "NetworkMode": "bridge", "LogConfig": logs }).to_string());
        let docker_config = DockerConfig { host_config, ..DockerConfig::default() };
        let container = PayloadContainer { name: "main".to_owned(), docker_config, ..PayloadContainer::default() };
        one(&known(container), "main", seen).unwrap()
    }

    /// A task of one container.
    fn known(container: PayloadContainer) -> Known {
        let task = PayloadTask { containers: vec![container], ..PayloadTask::default() };
        Known { record: Record::accepted(task, 0), running: None }
    }

    fn seen() -> Seen {
        let json_file = Described { log_driver: "json-file".to_owned(), ..Described::NONE };
        [("main".to_owned(), json_file)].into()
    }

    #[test]
    fn the_log_driver_is_the_one_that_was_ordered() {
        let options = json!({
            "awslogs-group": "/ecs/web", "awslogs-region": "us-east-1", "awslogs-stream": "web/main/0123",
        });
        let one = told(&json!({ "Type": "awslogs", "Config": options }), &seen());
        assert_eq!((&one["LogDriver"], &one["LogOptions"]), (&json!("awslogs"), &options));
        let one = told(&json!({}), &seen());
        assert_eq!((&one["LogDriver"], one.get("LogOptions")), (&json!("json-file"), None), "none was ordered");
    }

    #[test]
    fn options_that_may_be_secret_are_not_told() {
        let splunk = json!({ "Type": "splunk", "Config": { "splunk-url": "https://s", "splunk-token": "hush" } });
        let one = told(&splunk, &seen());
        assert_eq!((&one["LogDriver"], one.get("LogOptions")), (&json!("splunk"), None));
        let strange = json!({ "Type": "awslogs", "Config": { "awslogs-group": "g", "splunk-token": "hush" } });
        assert_eq!(told(&strange, &seen())["LogOptions"], json!({ "awslogs-group": "g" }));
    }

    #[test]
    fn a_container_that_runs_again_has_no_exit_code_and_says_how_often() {
        let policy = PayloadRestartPolicy { enabled: true, ..PayloadRestartPolicy::default() };
        let container =
            |restart_policy| PayloadContainer { name: "main".to_owned(), restart_policy, ..Default::default() };
        let about = |restart_policy, phase| {
            let mut known = known(container(restart_policy));
            let own = &mut known.record.containers[0];
            (own.phase, own.exit_code, own.restarts) = (phase, Some(3), 2);
            let told = one(&known, "main", &seen()).unwrap();
            (told.get("ExitCode").cloned(), told.get("RestartCount").cloned())
        };
        assert_eq!(about(Some(policy.clone()), Phase::Running), (None, Some(json!(2))));
        assert_eq!(about(Some(policy), Phase::Ended), (Some(json!(3)), Some(json!(2))));
        assert_eq!(about(None, Phase::Ended), (Some(json!(3)), None));
    }

    #[test]
    fn health_is_told_of_containers_that_are_looked_at() {
        let mut known = known(PayloadContainer { name: "main".to_owned(), ..PayloadContainer::default() });
        let check = Some(Check { exit_code: 1, output: "refused".to_owned() });
        let seen = [("main".to_owned(), Described { check, ..Described::NONE })].into();
        let mut told = |health| {
            let container =
                RunningContainer { name: "main".to_owned(), runtime_id: String::new(), health, restarts: None };
            let (arn, family, revision) = <(String, String, String)>::default();
            known.running = Some(RunningTask { arn, family, revision, containers: vec![container] });
            one(&known, "main", &seen).unwrap().get("Health").cloned()
        };
        assert_eq!(told(None), None);
        let unhealthy = Health { status: HealthStatus::Unhealthy, since: Some(Timestamp(1_500)) };
        let expected = json!({
            "status": "UNHEALTHY", "statusSince": "1970-01-01T00:00:01.500Z", "exitCode": 1, "output": "refused",
        });
        assert_eq!(told(Some(unhealthy)), Some(expected));
    }
}
