//! What a container is told about itself and its task: the task metadata endpoint of ECS, version 4 (and 3, whose
//! members are among them).

use std::collections::BTreeMap;

use berth_model::acs::{PayloadContainer, PayloadTask};
use berth_model::time::Timestamp;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::Value;

use crate::record::{ContainerRecord, Phase, Record};
use crate::runtime::Described;

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
    limits: ContainerLimits,
    #[serde(skip_serializing_if = "str::is_empty")]
    created_at: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    started_at: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    finished_at: &'a str,
    r#type: &'static str,
    #[serde(skip_serializing_if = "str::is_empty")]
    log_driver: &'a str,
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

/// The whole task. `described` has what the runtime says of each of its containers, by name.
pub(super) fn task(record: &Record, described: &BTreeMap<String, Described>) -> Option<Value> {
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
        containers: both(record, order).map(|(record, one)| container(order, one, record, described)).collect(),
    };
    serde_json::to_value(task).ok()
}

/// One of its containers.
pub(super) fn one(record: &Record, name: &str, described: &BTreeMap<String, Described>) -> Option<Value> {
    let order = record.task.as_deref()?;
    let (record, found) = both(record, order).find(|(record, _)| record.name == name)?;
    serde_json::to_value(container(order, found, record, described)).ok()
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
    described: &'a BTreeMap<String, Described>,
) -> AboutContainer<'a> {
    static NONE: Described = Described::NONE;
    let seen = described.get(&record.name).unwrap_or(&NONE);
    // In a shared network the holder has what there is to tell of it.
    let network_of = described.get(crate::holder::NAME).filter(|_| task.network_mode == "awsvpc").unwrap_or(seen);
    let bound = record.bindings.iter().map(|binding| Published {
        container_port: binding.container_port,
        protocol: binding.protocol.clone(),
        host_port: binding.host_port,
        host_ip: binding.address.clone(),
    });
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
        exit_code: record.exit_code,
        limits: ContainerLimits { cpu: container.cpu, memory: container.memory },
        created_at: &seen.created_at,
        started_at: &seen.started_at,
        finished_at: &seen.finished_at,
        r#type: "NORMAL",
        log_driver: &seen.log_driver,
        container_arn: &container.container_arn,
        ports: bound.collect(),
        networks: vec![network(task, network_of)],
    }
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
