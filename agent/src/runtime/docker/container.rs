//! From an order to what Docker is told: name, labels, environment, limits, ports.
//!
//! A container's own memory is a hard limit. The task's own limits hold for its control group, with all containers in
//! it. Where tasks have none they are laid on each container that does not set its own: exact for a task of one
//! container; in a task of several each may then use up to the whole task's.

use std::collections::{BTreeMap, HashMap};

use berth_model::acs::{GPU_ASSOCIATION, PayloadAssociation, PayloadPortMapping, PayloadTask};
use berth_model::ecs::LaunchType;
use berth_model::hash::fnv1a;
use bollard::models::{ContainerCreateBody, ContainerInspectResponse};
use serde_json::{Map, Value, json};

use super::{Order, Settings, holder, volume};
use crate::holder::is_holder;
use crate::record::Binding;

pub(super) const TASK_ARN: &str = "com.amazonaws.ecs.task-arn";
pub(super) const CONTAINER_NAME: &str = "com.amazonaws.ecs.container-name";
const FAMILY: &str = "com.amazonaws.ecs.task-definition-family";
const REVISION: &str = "com.amazonaws.ecs.task-definition-version";
const CLUSTER: &str = "com.amazonaws.ecs.cluster";
pub(super) const INSTALLATION: &str = "berth.installation";
const HOST_ID: &str = "berth.host-id";

/// Docker refuses less.
pub(super) const MEMORY_MIB_MIN: i64 = 6;
/// The kernel's least weight.
pub(super) const CPU_SHARES_MIN: i64 = 2;
/// The period of the processor quota, in microseconds. The kernel's usual one.
pub(super) const CPU_PERIOD: i64 = 100_000;
/// Files that a process on Fargate may have open, soft and hard (ECS API reference, `ulimits`).
const OPEN_FILES: i64 = 65_535;
/// Docker's least quota in a period, in microseconds.
pub(super) const CPU_QUOTA_MIN: i64 = 1_000;

/// The labels of whatever is this host's.
pub(super) fn owner(settings: &Settings) -> [(String, String); 2] {
    [(INSTALLATION, settings.installation.to_string()), (HOST_ID, settings.host_id.to_string())]
        .map(|(key, value)| (key.to_owned(), value))
}

/// The filter for what is this host's.
pub(super) fn owner_labels(settings: &Settings) -> Vec<String> {
    owner(settings).map(|(key, value)| format!("{key}={value}")).into()
}

pub(super) fn labels(settings: &Settings, order: Order<'_>) -> HashMap<String, String> {
    [
        (TASK_ARN, order.task.arn.clone()),
        (CONTAINER_NAME, order.container.name.clone()),
        (FAMILY, order.task.family.clone()),
        (REVISION, order.task.version.clone()),
        (CLUSTER, settings.cluster.clone()),
        (INSTALLATION, settings.installation.to_string()),
        (HOST_ID, settings.host_id.to_string()),
    ]
    .map(|(key, value)| (key.to_owned(), value))
    .into()
}

/// `ecs-FAMILY-REVISION-CONTAINER-HEX`, or what holders are called; always the same for the same container of the same
/// task: Docker then refuses to create it twice.
pub(super) fn name(settings: &Settings, order: Order<'_>) -> String {
    let (task, container) = (order.task, order.container.name.as_str());
    if is_holder(container) {
        return holder::name(settings, &task.arn);
    }
    let (installation, host_id) = (settings.installation.to_string(), settings.host_id.to_string());
    let identity = [task.arn.as_str(), container, installation.as_str(), host_id.as_str()];
    let hash = fnv1a(identity.iter().flat_map(|text| text.bytes().chain([0])));
    let hex = format!("{hash:032x}");
    format!("ecs-{}-{}-{container}-{}", task.family, task.version, &hex[..20])
}

/// Refuses an order that needs a newer engine.
pub(super) fn check_api_version(order: Order<'_>, engine: bollard::ClientVersion) -> Result<(), String> {
    let Some(wanted) = &order.container.docker_config.version else {
        return Ok(());
    };
    let numbers = wanted.split_once('.').and_then(|(major, minor)| Some((major.parse().ok()?, minor.parse().ok()?)));
    let wanted_version: (usize, usize) = numbers.ok_or_else(|| format!("'{wanted}' is no Docker API version"))?;
    if wanted_version <= (engine.major_version, engine.minor_version) {
        Ok(())
    } else {
        Err(format!("it needs version {wanted} of the Docker API, and this engine has {engine}"))
    }
}

/// What a machine offers to its containers beyond Docker itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Offer {
    /// The control group of the task, if it has one.
    pub(super) group: Option<String>,
    /// True if Docker can bound what a container writes.
    pub(super) has_sizes: bool,
    /// True if Docker may give a process higher limits than it has itself.
    pub(super) may_raise_limits: bool,
}

/// What Docker is told to create.
pub(super) fn body(settings: &Settings, order: Order<'_>, offer: &Offer) -> Result<ContainerCreateBody, String> {
    let container = order.container;
    let mut config = json!({
        "Image": container.image,
        "Env": environment(settings, order),
    });
    for (member, words) in [("Cmd", &container.command), ("Entrypoint", &container.entry_point)] {
        // Docker takes an empty list in the place of what the image says.
        if let Some(words) = words.as_ref().filter(|words| !words.is_empty()) {
            config[member] = json!(words);
        }
    }
    let mut host_config = limits(order, offer.group.is_some());
    volume::lay(settings, order, &mut host_config)?;
    let gpus = gpus(order);
    if !gpus.is_empty() {
        host_config["DeviceRequests"] = json!([{ "Driver": "nvidia", "DeviceIDs": gpus, "Capabilities": [["gpu"]] }]);
    }
    let size = order.task.ephemeral_storage.as_ref().and_then(|storage| storage.size_in_gib);
    if let Some(gib) = size.filter(|_| offer.has_sizes) {
        host_config["StorageOpt"] = json!({ "size": format!("{gib}G") });
    }
    let network_mode = network_mode(order);
    host_config["NetworkMode"] = json!(network_mode);
    let ports = published_ports(order);
    if !ports.is_empty() {
        let address = settings.publish_address.as_deref().unwrap_or_default();
        let key = |port: &PayloadPortMapping| format!("{}/{}", port.container_port, protocol(port));
        let mut bindings: Map<String, Value> = Map::new();
        for port in ports {
            let host_port = if port.host_port == 0 { String::new() } else { port.host_port.to_string() };
            let binding = json!({ "HostIp": address, "HostPort": host_port });
            match bindings.entry(key(port)).or_insert_with(|| json!([])) {
                Value::Array(list) => list.push(binding),
                other => *other = json!([binding]),
            }
        }
        config["ExposedPorts"] = bindings.keys().map(|key| (key.clone(), json!({}))).collect();
        host_config["PortBindings"] = Value::Object(bindings);
    }
    overlay(&mut config, container.docker_config.config.as_deref())?;
    overlay(&mut host_config, container.docker_config.host_config.as_deref())?;
    if is_fargate(order.task) && offer.may_raise_limits {
        bound_open_files(&mut host_config);
    }
    holder::join(settings, order.task, &mut config, &mut host_config);
    host_config["LogConfig"] = crate::log::docker_config(container);
    // Not for a task definition to change either.
    bound(offer, &mut host_config);
    if let Some(runtime) = &settings.runtime {
        host_config["Runtime"] = json!(runtime);
    }
    config["HostConfig"] = host_config;
    let mut body: ContainerCreateBody =
        serde_json::from_value(config).map_err(|error| format!("Docker's settings cannot be read: {error}"))?;
    // What marks the container as ours is not for a task definition to change.
    body.labels.get_or_insert_default().extend(labels(settings, order));
    Ok(body)
}

fn is_fargate(task: &PayloadTask) -> bool {
    task.launch_type == LaunchType::Fargate.as_str()
}

/// Lets a process open as many files as on Fargate, unless its definition says how many.
fn bound_open_files(host_config: &mut Value) {
    let said = host_config["Ulimits"].as_array().into_iter().flatten();
    if said.into_iter().any(|limit| limit["Name"] == "nofile") {
        return;
    }
    let bound = json!({ "Name": "nofile", "Soft": OPEN_FILES, "Hard": OPEN_FILES });
    match &mut host_config["Ulimits"] {
        Value::Array(limits) => limits.push(bound),
        none => *none = json!([bound]),
    }
}

/// What bounds the task as a whole.
pub(super) fn bound(offer: &Offer, host_config: &mut Value) {
    if let Some(group) = &offer.group {
        host_config["CgroupParent"] = json!(group);
    }
}

/// Lays the members of a JSON object over those that were computed.
fn overlay(computed: &mut Value, json: Option<&str>) -> Result<(), String> {
    let Some(json) = json else { return Ok(()) };
    let members: Map<String, Value> = serde_json::from_str(json).map_err(|error| error.to_string())?;
    for (name, value) in members {
        computed[name] = value;
    }
    Ok(())
}

fn environment(settings: &Settings, order: Order<'_>) -> Vec<String> {
    let said = order.container.environment.expose();
    let region = ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().filter(|name| !said.contains_key(*name));
    let region = region.map(|name| format!("{name}={}", settings.region));
    let endpoints = settings.endpoints.as_ref().map(|address| address.variables(order.task, order.container));
    let endpoints = endpoints.into_iter().flatten().filter(|(name, _)| !said.contains_key(*name));
    let endpoints = endpoints.map(|(name, value)| format!("{name}={value}"));
    said.iter().map(|(name, value)| format!("{name}={value}")).chain(region).chain(endpoints).collect()
}

/// The ids of the container's GPUs.
fn gpus(order: Order<'_>) -> Vec<&str> {
    let is_own = |association: &&PayloadAssociation| {
        association.r#type == GPU_ASSOCIATION && association.containers.contains(&order.container.name)
    };
    order.task.associations.iter().filter(is_own).map(|association| association.name.as_str()).collect()
}

/// A container's own limits; with `is_grouped` the task's hold for its group.
fn limits(order: Order<'_>, is_grouped: bool) -> Value {
    let (task, container) = (order.task, order.container);
    let mut limits = json!({ "CpuShares": cpu_shares(order) });
    // Docker takes a bound of swap only together with one of memory.
    let has_swap = || host_member(order, "MemorySwap").is_some();
    let of_task = || task.memory.filter(|mib| *mib > 0 && (!is_grouped || has_swap()));
    let memory_mib = if container.memory > 0 { Some(container.memory) } else { of_task() };
    if let Some(mib) = memory_mib {
        limits["Memory"] = json!(mib.max(MEMORY_MIB_MIN) << 20);
        // Of memory and swap together: Fargate has no swap, and Docker would allow as much of it again.
        if !is_grouped && is_fargate(task) {
            limits["MemorySwap"] = limits["Memory"].clone();
        }
    }
    if let Some(vcpu) = task.cpu.filter(|vcpu| *vcpu > 0.0 && !is_grouped) {
        limits["CpuPeriod"] = json!(CPU_PERIOD);
        limits["CpuQuota"] = json!(whole(vcpu * 100_000.0).max(CPU_QUOTA_MIN));
    }
    limits
}

/// A container's weight: its own, or an equal part of what the others leave of the task's.
fn cpu_shares(order: Order<'_>) -> i64 {
    let (task, container) = (order.task, order.container);
    if container.cpu > 0 {
        return container.cpu.max(CPU_SHARES_MIN);
    }
    let Some(vcpu) = task.cpu else {
        return CPU_SHARES_MIN;
    };
    let taken: i64 = task.containers.iter().map(|container| container.cpu).sum();
    let own = task.containers.iter().filter(|container| !is_holder(&container.name));
    let sharers = own.filter(|container| container.cpu <= 0).count();
    let left = whole(vcpu * 1024.0).saturating_sub(taken);
    (left / i64::try_from(sharers).unwrap_or(1).max(1)).max(CPU_SHARES_MIN)
}

#[expect(clippy::cast_possible_truncation, reason = "a number of processors is far from the bounds; `as` saturates")]
pub(super) fn whole(number: f64) -> i64 {
    number.round() as i64
}

/// A member of Docker's `HostConfig` as the order has it.
fn host_member(order: Order<'_>, name: &str) -> Option<Value> {
    let host_config = order.container.docker_config.host_config.as_deref()?;
    serde_json::from_str::<Map<String, Value>>(host_config).ok()?.remove(name)
}

/// The network mode that Docker is told.
fn network_mode(order: Order<'_>) -> String {
    let own = host_member(order, "NetworkMode").and_then(|mode| mode.as_str().map(str::to_owned));
    let of_task = order.task.network_mode.clone();
    own.filter(|mode| !mode.is_empty()).unwrap_or(if of_task.is_empty() { "bridge".to_owned() } else { of_task })
}

/// The ports that Docker publishes; in other modes than `bridge` there is nothing to publish.
pub(super) fn published_ports(order: Order<'_>) -> &[PayloadPortMapping] {
    if matches!(network_mode(order).as_str(), "awsvpc" | "host" | "none") {
        &[]
    } else {
        &order.container.port_mappings
    }
}

fn protocol(port: &PayloadPortMapping) -> &str {
    if port.protocol.is_empty() { "tcp" } else { &port.protocol }
}

/// Where the ports of a running container are published.
pub(super) fn bindings(container: ContainerInspectResponse) -> Vec<Binding> {
    let ports = container.network_settings.and_then(|settings| settings.ports).unwrap_or_default();
    let mut bindings = Vec::new();
    for (key, published) in BTreeMap::from_iter(ports) {
        let Some((port, protocol)) = key.split_once('/') else {
            continue;
        };
        for binding in published.unwrap_or_default() {
            let host_port = binding.host_port.and_then(|port| port.parse().ok());
            let (Ok(container_port), Some(host_port)) = (port.parse(), host_port) else {
                continue;
            };
            let address = binding.host_ip.unwrap_or_default();
            bindings.push(Binding { address, container_port, host_port, protocol: protocol.to_owned() });
        }
    }
    bindings
        .sort_by(|a, b| (a.container_port, &a.protocol, &a.address).cmp(&(b.container_port, &b.protocol, &b.address)));
    bindings
}

#[cfg(test)]
pub(super) mod tests {
    use berth_model::acs::{DockerConfig, PayloadContainer, PayloadTask};
    use berth_model::id::{HostId, InstallationId};

    use super::*;
    use crate::config::ImagePullBehavior;

    pub(in crate::runtime::docker) fn settings() -> Settings {
        Settings {
            installation: InstallationId(1),
            host_id: HostId(2),
            cluster: "demo".to_owned(),
            region: "us-east-1".to_owned(),
            publish_address: Some("127.0.0.9".to_owned()),
            image_pull_behavior: ImagePullBehavior::Default,
            image_pulls_max: 1,
            image_clean_up: None,
            pulled_images: None,
            runtime: None,
            endpoints: None,
        }
    }

    fn task(containers: Vec<PayloadContainer>) -> PayloadTask {
        PayloadTask {
            arn: "arn:task/demo/1".to_owned(),
            family: "web".to_owned(),
            version: "3".to_owned(),
            containers,
            ..PayloadTask::default()
        }
    }

    fn container(name: &str) -> PayloadContainer {
        PayloadContainer { name: name.to_owned(), image: "i".to_owned(), ..PayloadContainer::default() }
    }

    fn body_of(task: &PayloadTask, at: usize) -> Value {
        body_with(task, at, &settings(), &Offer::default())
    }

    fn body_with(task: &PayloadTask, at: usize, settings: &Settings, offer: &Offer) -> Value {
        let order = Order { task, container: &task.containers[at] };
        serde_json::to_value(body(settings, order, offer).unwrap()).unwrap()
    }

    #[test]
    fn in_a_group_of_the_task_containers_keep_their_own_limits_only() {
        let swap = Some(r#"{"MemorySwap":100663296,"CgroupParent":"/elsewhere"}"#.to_owned());
        let docker_config = DockerConfig { host_config: swap, ..DockerConfig::default() };
        let mut task = task(vec![
            container("a"),
            PayloadContainer { memory: 32, ..container("b") },
            PayloadContainer { docker_config, ..container("c") },
        ]);
        (task.cpu, task.memory) = (Some(0.25), Some(64));
        let offer = Offer { group: Some("/berth/1/2/t".to_owned()), ..Offer::default() };
        let of = |at| body_with(&task, at, &settings(), &offer)["HostConfig"].clone();
        for (at, memory) in [(0, Value::Null), (1, json!(32 << 20)), (2, json!(64 << 20))] {
            let host_config = of(at);
            assert_eq!(host_config["CgroupParent"], "/berth/1/2/t");
            assert_eq!(host_config["Memory"], memory, "{at}");
            assert_eq!(host_config.get("CpuQuota"), None);
        }
    }

    #[test]
    fn on_fargate_limits_are_fargates_and_there_is_no_swap() {
        let nofile = r#"{"Ulimits":[{"Name":"nofile","Soft":9,"Hard":9}]}"#;
        let limited = DockerConfig { host_config: Some(nofile.to_owned()), ..DockerConfig::default() };
        let limited = PayloadContainer { docker_config: limited, ..container("b") };
        let on_ec2 = PayloadTask { memory: Some(64), ..task(vec![container("a"), limited]) };
        let fargate = PayloadTask { launch_type: "FARGATE".to_owned(), ..on_ec2.clone() };
        let (offer, none) = (Offer { may_raise_limits: true, ..Offer::default() }, Offer::default());
        let told = |task, at, offer| body_with(task, at, &settings(), offer)["HostConfig"].clone();
        let limit = |count: i64| json!([{ "Name": "nofile", "Soft": count, "Hard": count }]);
        assert_eq!(told(&fargate, 0, &offer)["Ulimits"], limit(65_535));
        assert_eq!(told(&fargate, 1, &offer)["Ulimits"], limit(9));
        assert_eq!(told(&fargate, 0, &none).get("Ulimits"), None);
        assert_eq!(told(&on_ec2, 0, &offer).get("Ulimits"), None);
        assert_eq!(told(&fargate, 0, &offer)["MemorySwap"], json!(64 << 20));
        assert_eq!(told(&on_ec2, 0, &offer).get("MemorySwap"), None);
    }

    #[test]
    fn gpus_sizes_and_the_runtime_are_told_in_dockers_words() {
        let mut task = task(vec![container("a"), container("b")]);
        let gpu = |id: &str, containers: &[&str]| PayloadAssociation {
            containers: containers.iter().map(|name| (*name).to_owned()).collect(),
            name: id.to_owned(),
            r#type: GPU_ASSOCIATION.to_owned(),
            ..PayloadAssociation::default()
        };
        task.associations = vec![gpu("GPU-1", &["b"]), gpu("GPU-2", &["a"]), gpu("GPU-3", &["b"])];
        task.ephemeral_storage = Some(berth_model::ecs::EphemeralStorage { size_in_gib: Some(21) });
        let settings = Settings { runtime: Some("runsc".to_owned()), ..settings() };
        let offer = Offer { has_sizes: true, ..Offer::default() };
        let host_config = &body_with(&task, 1, &settings, &offer)["HostConfig"];
        let request = json!({ "Driver": "nvidia", "DeviceIDs": ["GPU-1", "GPU-3"], "Capabilities": [["gpu"]] });
        assert_eq!(host_config["DeviceRequests"], json!([request]));
        assert_eq!(host_config["StorageOpt"], json!({ "size": "21G" }));
        assert_eq!(host_config["Runtime"], "runsc");
        assert_eq!(body_of(&task, 1)["HostConfig"].get("StorageOpt"), None, "Docker would refuse it");
        assert_eq!(body_of(&task, 1)["HostConfig"].get("Runtime"), None);
    }

    #[test]
    fn a_single_container_gets_the_tasks_limits() {
        let mut task = task(vec![container("a")]);
        (task.cpu, task.memory) = (Some(0.25), Some(64));
        let host_config = &body_of(&task, 0)["HostConfig"];
        assert_eq!(host_config["Memory"], 64 << 20);
        assert_eq!(host_config["CpuQuota"], 25_000);
        assert_eq!(host_config["CpuPeriod"], 100_000);
        assert_eq!(host_config["CpuShares"], 256);
    }

    #[test]
    fn own_limits_come_first_and_the_others_share_the_rest() {
        let mut task =
            task(vec![PayloadContainer { cpu: 512, memory: 1, ..container("a") }, container("b"), container("c")]);
        task.cpu = Some(1.0);
        assert_eq!(body_of(&task, 0)["HostConfig"]["CpuShares"], 512);
        assert_eq!(body_of(&task, 0)["HostConfig"]["Memory"], 6 << 20);
        assert_eq!(body_of(&task, 1)["HostConfig"]["CpuShares"], 256);
        assert_eq!(body_of(&task, 1)["HostConfig"].get("Memory"), None);
    }

    #[test]
    fn ports_are_published_unless_the_network_is_the_hosts() {
        let port =
            |container_port, host_port| PayloadPortMapping { container_port, host_port, protocol: "tcp".to_owned() };
        let mut task =
            task(vec![PayloadContainer { port_mappings: vec![port(80, 0), port(81, 8081)], ..container("a") }]);
        let body = body_of(&task, 0);
        assert_eq!(body["HostConfig"]["PortBindings"]["80/tcp"], json!([{ "HostIp": "127.0.0.9", "HostPort": "" }]));
        assert_eq!(
            body["HostConfig"]["PortBindings"]["81/tcp"],
            json!([{ "HostIp": "127.0.0.9", "HostPort": "8081" }])
        );
        assert_eq!(body["ExposedPorts"], json!({ "80/tcp": {}, "81/tcp": {} }));
        let host_config = Some(r#"{"NetworkMode":"host","Privileged":true}"#.to_owned());
        task.containers[0].docker_config = DockerConfig { host_config, ..DockerConfig::default() };
        let body = body_of(&task, 0);
        assert_eq!(body["HostConfig"].get("PortBindings"), None);
        assert_eq!(body["HostConfig"]["NetworkMode"], "host");
        assert_eq!(body["HostConfig"]["Privileged"], true);
    }

    #[test]
    fn a_task_definition_cannot_disown_its_container() {
        let config = r#"{"Labels":{"berth.host-id":"x","own":"y"},"User":"nobody"}"#.to_owned();
        let docker_config = DockerConfig { config: Some(config), ..DockerConfig::default() };
        let task = task(vec![PayloadContainer { docker_config, ..container("a") }]);
        let body = body_of(&task, 0);
        assert_eq!(body["Labels"]["berth.host-id"], HostId(2).to_string());
        assert_eq!(body["Labels"]["own"], "y");
        assert_eq!(body["Labels"][TASK_ARN], "arn:task/demo/1");
        assert_eq!(body["User"], "nobody");
    }

    #[test]
    fn names_follow_from_the_task() {
        let task = task(vec![container("a"), container("b")]);
        let order = |at: usize| Order { task: &task, container: &task.containers[at] };
        assert_eq!(name(&settings(), order(0)), name(&settings(), order(0)));
        assert!(name(&settings(), order(0)).starts_with("ecs-web-3-a-"));
        assert_ne!(name(&settings(), order(0)), name(&Settings { host_id: HostId(3), ..settings() }, order(0)));
    }

    #[test]
    fn newer_engines_can_be_asked_for() {
        let version = |text: &str| {
            let docker_config = DockerConfig { version: Some(text.to_owned()), ..DockerConfig::default() };
            let task = task(vec![PayloadContainer { docker_config, ..container("a") }]);
            let engine = bollard::ClientVersion { major_version: 1, minor_version: 41 };
            check_api_version(Order { task: &task, container: &task.containers[0] }, engine).is_ok()
        };
        assert!(version("1.18") && version("1.41"));
        assert!(!version("1.42") && !version("x"));
    }
}
