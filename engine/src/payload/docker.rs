//! The settings of a container in the words of the Docker Engine API, which the agent lays over its own.

use berth_model::acs::DockerConfig;
use berth_model::ecs::{
    ContainerDefinition, HealthCheck, IpcMode, LinuxParameters, LogConfiguration, LogDriver, PidMode, TaskDefinition,
};
use berth_model::log_options::{BUFFER_SIZE, MODE, NON_BLOCKING, STREAM, STREAM_PREFIX};
use serde_json::{Map, Value, json};

const BYTES_PER_MIB: i64 = 1 << 20;
const NANOS_PER_SECOND: i64 = 1_000_000_000;

/// What a container is on its host, apart from what its definition says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// `awsvpc`, `bridge`, `host` or `none`.
    pub(super) network_mode: &'a str,
    /// Its own `memoryReservation` as it holds for this run, in MiB.
    pub(super) reservation: Option<i32>,
    /// Its hard limit as it holds for this run, its own or the task's, in MiB.
    pub(super) memory: Option<i64>,
    /// The task's id, as it ends its ARN.
    pub(super) task_id: &'a str,
    /// True on Fargate, where nothing in a container may gain rights.
    pub(super) is_fargate: bool,
}

/// What waits of a container's output if its log driver takes none and nothing else is said, as ECS documents it.
const LOG_BUFFER: &str = "10m";

/// The members of two of Docker's objects, and the least version of its API that knows them all.
#[derive(Debug)]
struct Settings {
    config: Map<String, Value>,
    host_config: Map<String, Value>,
    /// The minor number; the major one is 1.
    version: u32,
}

impl Settings {
    fn config(&mut self, name: &str, value: Value, since: u32) {
        self.config.insert(name.to_owned(), value);
        self.version = self.version.max(since);
    }

    fn host(&mut self, name: &str, value: Value, since: u32) {
        self.host_config.insert(name.to_owned(), value);
        self.version = self.version.max(since);
    }
}

/// The settings of one container.
pub(super) fn settings(document: &TaskDefinition, container: &ContainerDefinition, place: Place<'_>) -> DockerConfig {
    let mut settings = Settings { config: Map::new(), host_config: Map::new(), version: 18 };
    settings.host("NetworkMode", json!(place.network_mode), 18);
    if let Some(mib) = place.reservation {
        settings.host("MemoryReservation", json!(i64::from(mib) * BYTES_PER_MIB), 18);
    }
    identity(container, &mut settings);
    network(container, &mut settings);
    security(document, container, place, &mut settings);
    if let Some(parameters) = &container.linux_parameters {
        linux(parameters, place, &mut settings);
    }
    if let Some(logs) = &container.log_configuration {
        log(logs, container, place, &mut settings);
    }
    if let Some(check) = &container.health_check {
        settings.config("Healthcheck", health(check), 29);
    }
    let json = |members: Map<String, Value>| Some(Value::Object(members).to_string());
    DockerConfig {
        config: json(settings.config),
        host_config: json(settings.host_config),
        version: Some(format!("1.{}", settings.version)),
    }
}

fn identity(container: &ContainerDefinition, settings: &mut Settings) {
    let texts =
        [("User", &container.user), ("WorkingDir", &container.working_directory), ("Hostname", &container.hostname)];
    for (name, text) in texts {
        if let Some(text) = text.as_deref().filter(|text| !text.is_empty()) {
            settings.config(name, json!(text), 18);
        }
    }
    let switches = [
        ("OpenStdin", container.interactive),
        ("Tty", container.pseudo_terminal),
        ("NetworkDisabled", container.disable_networking),
    ];
    for (name, switch) in switches {
        if switch == Some(true) {
            settings.config(name, json!(true), 18);
        }
    }
    if let Some(labels) = container.docker_labels.as_ref().filter(|labels| !labels.is_empty()) {
        settings.config("Labels", json!(labels), 18);
    }
}

fn network(container: &ContainerDefinition, settings: &mut Settings) {
    let lists = [("Dns", &container.dns_servers), ("DnsSearch", &container.dns_search_domains)];
    for (name, list) in lists {
        if let Some(list) = list.as_deref().filter(|list| !list.is_empty()) {
            settings.host(name, json!(list), 18);
        }
    }
    let host =
        |host: &berth_model::ecs::HostEntry| Some(format!("{}:{}", host.hostname.as_ref()?, host.ip_address.as_ref()?));
    let hosts: Vec<String> = container.extra_hosts.iter().flatten().filter_map(host).collect();
    if !hosts.is_empty() {
        settings.host("ExtraHosts", json!(hosts), 18);
    }
    let control = |one: &berth_model::ecs::SystemControl| Some((one.namespace.clone()?, json!(one.value.clone()?)));
    let controls: Map<String, Value> = container.system_controls.iter().flatten().filter_map(control).collect();
    if !controls.is_empty() {
        settings.host("Sysctls", Value::Object(controls), 24);
    }
}

fn security(document: &TaskDefinition, container: &ContainerDefinition, place: Place<'_>, settings: &mut Settings) {
    for (name, switch) in [("Privileged", container.privileged), ("ReadonlyRootfs", container.readonly_root_filesystem)]
    {
        if switch == Some(true) {
            settings.host(name, json!(true), 18);
        }
    }
    let mut options: Vec<String> = container.docker_security_options.clone().unwrap_or_default();
    options.extend(place.is_fargate.then(|| "no-new-privileges".to_owned()));
    if !options.is_empty() {
        settings.host("SecurityOpt", json!(options), 18);
    }
    let limit = |one: &berth_model::ecs::Ulimit| {
        Some(json!({ "Name": one.name.as_ref()?.as_str(), "Soft": one.soft_limit?, "Hard": one.hard_limit? }))
    };
    let limits: Vec<Value> = container.ulimits.iter().flatten().filter_map(limit).collect();
    if !limits.is_empty() {
        settings.host("Ulimits", json!(limits), 18);
    }
    if document.pid_mode == Some(PidMode::Host) {
        settings.host("PidMode", json!("host"), 18);
    }
    if let Some(mode @ (IpcMode::Host | IpcMode::None)) = &document.ipc_mode {
        settings.host("IpcMode", json!(mode.as_str()), 32);
    }
}

fn linux(parameters: &LinuxParameters, place: Place<'_>, settings: &mut Settings) {
    if let Some(capabilities) = &parameters.capabilities {
        for (name, list) in [("CapAdd", &capabilities.add), ("CapDrop", &capabilities.drop)] {
            if let Some(list) = list.as_deref().filter(|list| !list.is_empty()) {
                settings.host(name, json!(list), 18);
            }
        }
    }
    let devices: Vec<Value> = parameters.devices.iter().flatten().filter_map(device).collect();
    if !devices.is_empty() {
        settings.host("Devices", json!(devices), 18);
    }
    if parameters.init_process_enabled == Some(true) {
        settings.host("Init", json!(true), 25);
    }
    if let Some(mib) = parameters.shared_memory_size {
        settings.host("ShmSize", json!(i64::from(mib) * BYTES_PER_MIB), 22);
    }
    let tmpfs = |one: &berth_model::ecs::Tmpfs| {
        let size = format!("size={}m", one.size?);
        let options = [size].into_iter().chain(one.mount_options.iter().flatten().cloned());
        Some((one.container_path.clone()?, json!(options.collect::<Vec<_>>().join(","))))
    };
    let tmpfs: Map<String, Value> = parameters.tmpfs.iter().flatten().filter_map(tmpfs).collect();
    if !tmpfs.is_empty() {
        settings.host("Tmpfs", Value::Object(tmpfs), 22);
    }
    // Docker counts swap and memory together.
    if let (Some(swap), Some(memory)) = (parameters.max_swap, place.memory) {
        settings.host("MemorySwap", json!((memory + i64::from(swap)) * BYTES_PER_MIB), 18);
    }
    // Without the other it says nothing, as at ECS.
    if let (Some(_), Some(swappiness)) = (parameters.max_swap, parameters.swappiness) {
        settings.host("MemorySwappiness", json!(swappiness), 20);
    }
}

fn device(device: &berth_model::ecs::Device) -> Option<Value> {
    let on_host = device.host_path.as_deref()?;
    let permissions = device.permissions.as_deref().filter(|list| !list.is_empty());
    let letters = permissions.map_or_else(|| "rwm".to_owned(), |list| list.iter().filter_map(letter).collect());
    let in_container = device.container_path.as_deref().unwrap_or(on_host);
    Some(json!({ "PathOnHost": on_host, "PathInContainer": in_container, "CgroupPermissions": letters }))
}

fn letter(permission: &berth_model::ecs::DeviceCgroupPermission) -> Option<char> {
    use berth_model::ecs::DeviceCgroupPermission::{Mknod, Read, Unknown, Write};
    match permission {
        Read => Some('r'),
        Write => Some('w'),
        Mknod => Some('m'),
        Unknown(_) => None,
    }
}

/// The log driver. Options that are secret come in when they have been looked up.
fn log(logs: &LogConfiguration, container: &ContainerDefinition, place: Place<'_>, settings: &mut Settings) {
    let Some(driver) = &logs.log_driver else { return };
    let mut options = logs.options.clone().unwrap_or_default();
    // The prefix is ECS's, and the stream Docker's.
    if let Some(prefix) = options.remove(STREAM_PREFIX) {
        let name = container.name.as_deref().unwrap_or_default();
        options.insert(STREAM.to_owned(), format!("{prefix}/{name}/{}", place.task_id));
    }
    // Docker's own default holds up a container whose output is not taken. What `json-file` writes is always taken.
    if *driver != LogDriver::JsonFile {
        let mode = options.entry(MODE.to_owned()).or_insert_with(|| NON_BLOCKING.to_owned());
        if mode == NON_BLOCKING && *driver != LogDriver::Awslogs {
            options.entry(BUFFER_SIZE.to_owned()).or_insert_with(|| LOG_BUFFER.to_owned());
        }
    }
    settings.host("LogConfig", json!({ "Type": driver.as_str(), "Config": options }), 18);
}

/// ECS's defaults: every 30 s, 5 s each, three failures in a row.
fn health(check: &HealthCheck) -> Value {
    let nanos = |seconds: Option<i32>, default: i64| seconds.map_or(default, i64::from) * NANOS_PER_SECOND;
    json!({
        "Test": check.command,
        "Interval": nanos(check.interval, 30),
        "Timeout": nanos(check.timeout, 5),
        "Retries": check.retries.unwrap_or(3),
        "StartPeriod": nanos(check.start_period, 0),
    })
}
