//! Rows as the scheduler makes them, for tests and benchmarks.

use std::str::FromStr;

use berth_model::cluster::Cluster;
use berth_model::ecs;
use berth_model::host::{Host, HostStatus, Origin};
use berth_model::id::{DefinitionId, HostId, InvalidId, TaskId};
use berth_model::task::{
    Container, ContainerStatus, Delivery, Demand, DesiredStatus, Launch, StaticLaunchType, Task, TaskRequest,
    TaskStatus, Times,
};
use berth_model::task_definition::{DefinitionStatus, TaskDefinition};
use berth_model::time::Timestamp;
use berth_model::unit::Resources;

/// An ACTIVE cluster.
///
/// # Panics
/// If `text` is no name.
pub fn cluster(text: &str) -> Cluster {
    Cluster {
        name: parse(text),
        is_active: true,
        tags: Vec::new(),
        settings: Vec::new(),
        configuration: None,
        capacity_providers: Vec::new(),
        default_strategy: Vec::new(),
        created_at: Timestamp(1),
    }
}

/// An ACTIVE task definition with next to nothing in it.
///
/// # Panics
/// If `text` is no name.
pub fn definition(text: &str, revision: u32) -> TaskDefinition {
    TaskDefinition {
        id: DefinitionId { family: parse(text), revision },
        status: DefinitionStatus::Active,
        document: ecs::TaskDefinition { family: Some(text.to_owned()), ..ecs::TaskDefinition::default() },
        tags: Vec::new(),
    }
}

/// An ACTIVE static host that is not connected.
///
/// # Panics
/// If `cluster` is no name.
pub fn host(id: u128, cluster: &str) -> Host {
    Host {
        id: HostId(id),
        cluster: parse(cluster),
        origin: Origin::Static(StaticLaunchType::Ec2),
        status: HostStatus::Active,
        capacity: Resources::new(4096, 8192),
        gpus: [].into(),
        reserved_ports: [].into(),
        architecture: None,
        user: None,
        machine: None,
        attributes: Vec::new(),
        ec2_instance_id: None,
        tags: Vec::new(),
        version_info: None,
        has_lost_records: false,
        is_connected: false,
        connectivity_changed_at: Timestamp(1),
        sequence: 0,
        runtime: None,
        created_at: Timestamp(1),
        registered_at: None,
        idle_since: None,
        version: 1,
    }
}

/// A task as RunTask makes it, with a container. Benchmarks use it too, so it is of the usual size.
///
/// # Panics
/// If `cluster` or `family` is no name.
pub fn task(id: u128, cluster: &str, family: &str) -> Task {
    let definition = DefinitionId { family: parse(family), revision: 3 };
    let container = Container {
        id: id << 8,
        name: "main".to_owned(),
        image: "registry.example.com/web:1.2.3".to_owned(),
        last_status: ContainerStatus::Pending,
        exit_code: None,
        reason: None,
        runtime_id: None,
        image_digest: None,
        network_bindings: Vec::new(),
        gpu_ids: Vec::new(),
        health: None,
    };
    let resources = Resources::new(256, 512);
    Task {
        id: TaskId(id),
        cluster: parse(cluster),
        definition,
        launch: Launch::Provider { provider: parse("FARGATE"), by_launch_type: false },
        demand: Demand { resources, ..Demand::default() },
        request: TaskRequest { group: format!("family:{family}"), ..TaskRequest::default() },
        last_status: TaskStatus::Provisioning,
        desired_status: DesiredStatus::Running,
        stop: None,
        host: None,
        containers: vec![container],
        interface: None,
        delivery: Delivery::default(),
        version: 1,
        times: Times { created_at: Timestamp(1), ..Times::default() },
    }
}

/// A STOPPED task of the cluster `c`.
pub fn stopped_task(id: u128, stopped_at: i64) -> Task {
    let mut task = task(id, "c", "web");
    task.last_status = TaskStatus::Stopped;
    task.desired_status = DesiredStatus::Stopped;
    task.times.stopped_at = Some(Timestamp(stopped_at));
    task
}

fn parse<T: FromStr<Err = InvalidId>>(text: &str) -> T {
    text.parse().expect("a sample is given good names")
}
