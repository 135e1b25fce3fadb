//! Making the host known to the server.

use std::time::Duration;

use aws_sdk_ecs::error::{DisplayErrorContext, ProvideErrorMetadata, SdkError};
use aws_sdk_ecs::types::{Attribute, PlatformDevice, PlatformDeviceType, Resource};
use berth_model::exec::EXEC_ATTRIBUTE;
use berth_model::host::{HOST_ID_ATTRIBUTE, MACHINE_ATTRIBUTE};
use berth_model::log_options::AWSLOGS;
use berth_model::task::Capability;

use crate::client::{Clients, is_passing, refusal};
use crate::config::Config;
use crate::error::Error;
use crate::gpu;
use crate::record::Identity;
use crate::runtime::Machine;

/// First wait after a failure; doubles each time up to the other.
const RETRY_MIN: Duration = Duration::from_millis(250);
const RETRY_MAX: Duration = Duration::from_secs(30);
/// Ports of a whole machine that tasks must not have: those of SSH and Docker.
const RESERVED_PORTS: [&str; 3] = ["22", "2375", "2376"];
/// The oldest minor version of Docker's API that has a capability of its own.
const API_MINOR_MIN: u32 = 17;
/// Capabilities that need nothing more than an engine: commands in containers, understanding manifests.
const CAPABILITIES: [&str; 3] =
    [EXEC_ATTRIBUTE, "com.amazonaws.ecs.capability.privileged-container", "ecs.capability.full-sync"];
/// Those of a machine on which a task has a control group.
const TASK_LIMITS: [&str; 2] = ["ecs.capability.task-cpu-mem-limit", "ecs.capability.increased-task-cpu-limit"];

/// Registers until the server has answered; gives the container instance's ARN.
pub(crate) async fn register(
    clients: &Clients,
    config: &Config,
    identity: &Identity,
    machine: &Machine,
) -> Result<String, Error> {
    let mut wait = RETRY_MIN;
    let gpus = config.gpus.clone().unwrap_or_else(gpu::find);
    let gpus: Vec<PlatformDevice> = gpus.iter().map(|id| platform_device(id)).collect();
    loop {
        let call = clients
            .ecs
            .register_container_instance()
            .cluster(&identity.cluster)
            .set_container_instance_arn(identity.container_instance_arn.clone())
            .set_total_resources(Some(resources(config, machine)))
            .set_platform_devices(Some(gpus.clone()))
            .set_attributes(Some(attributes(config, machine)));
        let error = match call.send().await {
            Ok(answer) => match answer.container_instance.and_then(|instance| instance.container_instance_arn) {
                Some(arn) => return Ok(arn),
                None => {
                    return Err(Error::Refused("it gave no container instance ARN".to_owned()));
                }
            },
            Err(error) => error,
        };
        let is_final = match refusal(&error) {
            Some(code) if is_passing(code) => false,
            Some(_) => crate::client::status(&error).is_some_and(|status| (400..500).contains(&status)),
            None => false,
        };
        let text = explain(&error, &identity.cluster);
        if is_final {
            return Err(Error::Refused(text));
        }
        tracing::warn!(error = text, "host not registered yet");
        tokio::time::sleep(wait).await;
        wait = (wait * 2).min(RETRY_MAX);
    }
}

/// Says in one line why the host was not registered, and what to do about it if that is known.
fn explain<E>(error: &SdkError<E>, cluster: &str) -> String
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let Some(refused) = error.as_service_error() else {
        return DisplayErrorContext(error).to_string();
    };
    let code = refused.code().unwrap_or("error without a code");
    let text = refused.message().map_or_else(|| code.to_owned(), |message| format!("{message} ({code})"));
    match code {
        "ClusterNotFoundException" => {
            format!("{text}; create the cluster with `aws ecs create-cluster --cluster-name {cluster}`")
        }
        _ => text,
    }
}

fn resources(config: &Config, machine: &Machine) -> Vec<Resource> {
    let number = |name: &str, value: u64| {
        let value = i32::try_from(value).unwrap_or(i32::MAX);
        Resource::builder().name(name).r#type("INTEGER").integer_value(value).build()
    };
    // Where ports are published on an address of the host's own, nothing else is there.
    let reserved = if config.publish_address.is_some() { &[][..] } else { &RESERVED_PORTS[..] };
    let ports = |name: &str| {
        let ports = reserved.iter().map(|port| (*port).to_owned()).collect();
        Resource::builder().name(name).r#type("STRINGSET").set_string_set_value(Some(ports)).build()
    };
    vec![
        number("CPU", config.cpu.unwrap_or(machine.cpu).0),
        number("MEMORY", config.memory.unwrap_or(machine.memory).0),
        ports("PORTS"),
        ports("PORTS_UDP"),
    ]
}

fn platform_device(gpu: &str) -> PlatformDevice {
    let device = PlatformDevice::builder().id(gpu).r#type(PlatformDeviceType::Gpu).build();
    device.expect("a device with an id and a type is complete")
}

fn attributes(config: &Config, machine: &Machine) -> Vec<Attribute> {
    let attribute = |name: String, value: Option<String>| {
        Attribute::builder().name(name).set_value(value).build().expect("an attribute with a name is complete")
    };
    let api = |minor: u32| format!("com.amazonaws.ecs.capability.docker-remote-api.1.{minor}");
    let log_driver = |driver: &String| format!("com.amazonaws.ecs.capability.logging-driver.{driver}");
    let task_limits = TASK_LIMITS.into_iter().filter(|_| machine.has_task_limits);
    let capabilities = CAPABILITIES.into_iter().chain(task_limits).map(str::to_owned);
    let capabilities = capabilities.chain((API_MINOR_MIN..=machine.api_minor).map(api));
    // The agent itself ships what `awslogs` would, whether Docker has it or not.
    let others = machine.log_drivers.iter().filter(|driver| *driver != AWSLOGS).map(log_driver);
    let capabilities = capabilities.chain(others).chain([log_driver(&AWSLOGS.to_owned())]);
    let capabilities = capabilities.chain(Capability::ALL.map(|one| one.attribute().to_owned()));
    let mut attributes: Vec<_> = capabilities.map(|name| attribute(name, None)).collect();
    let mut say = |name: &str, value: String| attributes.push(attribute(name.to_owned(), Some(value)));
    say("ecs.os-type", "linux".to_owned());
    say("ecs.cpu-architecture", machine.architecture.to_owned());
    if let Some(host_id) = config.host_id {
        say(HOST_ID_ATTRIBUTE, host_id.to_string());
    }
    if let Some(machine) = &config.machine {
        say(MACHINE_ATTRIBUTE, machine.clone());
    }
    attributes
}
