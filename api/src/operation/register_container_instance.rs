//! RegisterContainerInstance: a host's agent says what it has.
//!
//! The answer gives every attribute back as it came: the stock agent ends for good if one is missing.

use std::collections::BTreeSet;

use berth_model::access_key::Role;
use berth_model::check::{Checker, Validate};
use berth_model::ecs::{
    Attribute, ErrorShape, PlatformDevice, PlatformDeviceType, RegisterContainerInstanceRequest,
    RegisterContainerInstanceResponse, Resource, Tag, VersionInfo,
};
use berth_model::host::{ARCHITECTURE_ATTRIBUTE, EXTERNAL_ATTRIBUTE, HOST_ID_ATTRIBUTE, MACHINE_ATTRIBUTE};
use berth_model::id::HostId;
use berth_model::task::{Architecture, HostPort, Protocol};
use berth_model::unit::{CpuUnits, GpuCount, MemoryMib, Resources};
use berth_scheduler::event::{Event, RegisterHost};
use berth_scheduler::step::Reply;
use serde::{Deserialize, Serialize};

use super::limit::{check_characters, check_client_token, check_tags};
use super::{Call, Operate};
use crate::auth::Caller;
use crate::ecs::container_instance::registered;
use crate::ecs::error::Fault;
use crate::edge::{Edge, invalid_id, unexpected};

/// Most attributes of a host. The stock agent sends about 50, an operator adds a few; all are kept in the host's row.
const ATTRIBUTES_MAX: usize = 200;

/// Most characters of an attribute's name or value. ECS states 128; the stock agent's own come close to that.
const ATTRIBUTE_CHARACTERS_MAX: usize = 256;

/// Most GPUs of a host; far above any machine. All are kept in the host's row.
const GPUS_MAX: usize = 64;

/// The request with the member that agents send and the published service model does not have.
#[derive(Debug, Deserialize, Serialize)]
#[serde(from = "Sent")]
pub(crate) struct Registration {
    #[serde(flatten)]
    request: RegisterContainerInstanceRequest,
    #[serde(rename = "clientToken", skip_serializing_if = "Option::is_none")]
    client_token: Option<String>,
}

/// The same as it is read. What is flattened would be read as whatever it may be, and a message could not say where it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Sent {
    cluster: Option<String>,
    instance_identity_document: Option<String>,
    instance_identity_document_signature: Option<String>,
    total_resources: Option<Vec<Resource>>,
    version_info: Option<VersionInfo>,
    container_instance_arn: Option<String>,
    attributes: Option<Vec<Attribute>>,
    platform_devices: Option<Vec<PlatformDevice>>,
    tags: Option<Vec<Tag>>,
    client_token: Option<String>,
}

impl From<Sent> for Registration {
    fn from(sent: Sent) -> Self {
        let request = RegisterContainerInstanceRequest {
            cluster: sent.cluster,
            instance_identity_document: sent.instance_identity_document,
            instance_identity_document_signature: sent.instance_identity_document_signature,
            total_resources: sent.total_resources,
            version_info: sent.version_info,
            container_instance_arn: sent.container_instance_arn,
            attributes: sent.attributes,
            platform_devices: sent.platform_devices,
            tags: sent.tags,
        };
        Self { request, client_token: sent.client_token }
    }
}

impl Validate for Registration {
    fn validate(&self, at: &mut Checker<'_>) {
        self.request.validate(at);
    }
}

impl Operate for Registration {
    type Answer = RegisterContainerInstanceResponse;

    const NAME: &'static str = "RegisterContainerInstance";

    async fn operate(self, edge: &Edge, call: &Call) -> Result<RegisterContainerInstanceResponse, Fault> {
        let mut event = event(edge, self)?;
        match &call.caller {
            Caller { role: Role::Agent, key: None, host, .. } => check_own_key(*host, &event)?,
            Caller { role: Role::Agent, key, .. } => event.key.clone_from(key),
            Caller { .. } => {}
        }
        match edge.report(Event::RegisterHost(Box::new(event))).await? {
            Reply::Host(host) => {
                Ok(RegisterContainerInstanceResponse { container_instance: Some(registered(edge.scope(), &host)) })
            }
            other => Err(unexpected(&other)),
        }
    }
}

/// A host that Berth launched registers itself and no other.
fn check_own_key(own: Option<HostId>, event: &RegisterHost) -> Result<(), Fault> {
    let named = [event.known_as, event.host_id];
    if named.iter().any(Option::is_some) && named.into_iter().flatten().all(|host| Some(host) == own) {
        return Ok(());
    }
    Err(Fault::not_authorized("The access key speaks for another container instance."))
}

fn event(edge: &Edge, registration: Registration) -> Result<RegisterHost, Fault> {
    let Registration { request, client_token } = registration;
    let cluster = edge.cluster_name(request.cluster.as_deref())?;
    check_client_token(client_token.as_deref())?;
    let attributes = request.attributes.unwrap_or_default();
    check_attributes(&attributes)?;
    let tags = request.tags.unwrap_or_default();
    check_tags(&tags)?;
    let resources = request.total_resources.unwrap_or_default();
    let gpus = gpus(request.platform_devices.unwrap_or_default())?;
    let mut reserved_ports = ports(&resources, "PORTS", Protocol::Tcp)?;
    reserved_ports.extend(ports(&resources, "PORTS_UDP", Protocol::Udp)?);
    Ok(RegisterHost {
        known_as: known_as(edge, request.container_instance_arn.as_deref())?,
        host_id: host_id(&attributes)?,
        is_external: has(&attributes, EXTERNAL_ATTRIBUTE),
        capacity: Resources {
            cpu: CpuUnits(amount(&resources, "CPU")?),
            memory: MemoryMib(amount(&resources, "MEMORY")?),
            gpus: GpuCount(u64::try_from(gpus.len()).unwrap_or(u64::MAX)),
        },
        gpus,
        reserved_ports,
        architecture: value(&attributes, ARCHITECTURE_ATTRIBUTE).and_then(architecture),
        machine: value(&attributes, MACHINE_ATTRIBUTE).map(str::to_owned),
        ec2_instance_id: request.instance_identity_document.as_deref().and_then(instance_id),
        cluster,
        attributes,
        tags,
        token: client_token.filter(|token| !token.is_empty()),
        key: None,
    })
}

/// The host that an agent registers again from its own records.
fn known_as(edge: &Edge, arn: Option<&str>) -> Result<Option<HostId>, Fault> {
    let Some(arn) = arn.filter(|arn| !arn.is_empty()) else {
        return Ok(None);
    };
    let named = edge.scope().parse_container_instance(arn);
    let named = named.map_err(|error| invalid_id("containerInstanceArn", &error))?;
    Ok(Some(named.id))
}

fn check_attributes(attributes: &[Attribute]) -> Result<(), Fault> {
    if attributes.len() > ATTRIBUTES_MAX {
        let text = format!("attributes must have at most {ATTRIBUTES_MAX} entries, not {}.", attributes.len());
        return Err(Fault::ecs(ErrorShape::LimitExceededException, text));
    }
    for attribute in attributes {
        check_characters("attributes[].name", attribute.name.as_deref(), ATTRIBUTE_CHARACTERS_MAX)?;
        check_characters("attributes[].value", attribute.value.as_deref(), ATTRIBUTE_CHARACTERS_MAX)?;
    }
    Ok(())
}

/// The ids of the GPUs among a host's devices. Two of one id would be one that is given twice.
fn gpus(devices: Vec<PlatformDevice>) -> Result<BTreeSet<String>, Fault> {
    let mut ids = BTreeSet::new();
    for device in devices.into_iter().filter(|device| device.r#type == Some(PlatformDeviceType::Gpu)) {
        let id = device.id.filter(|id| !id.is_empty());
        let id = id.ok_or_else(|| Fault::invalid("platformDevices: a GPU must have an id."))?;
        check_characters("platformDevices[].id", Some(&id), ATTRIBUTE_CHARACTERS_MAX)?;
        if !ids.insert(id) {
            return Err(Fault::invalid("platformDevices: each GPU must have an id of its own."));
        }
    }
    if ids.len() > GPUS_MAX {
        return Err(Fault::invalid(format!("platformDevices must have at most {GPUS_MAX} GPUs, not {}.", ids.len())));
    }
    Ok(ids)
}

fn has(attributes: &[Attribute], name: &str) -> bool {
    attributes.iter().any(|attribute| attribute.name.as_deref() == Some(name))
}

fn value<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    let found = attributes.iter().find(|attribute| attribute.name.as_deref() == Some(name));
    found.and_then(|attribute| attribute.value.as_deref()).filter(|value| !value.is_empty())
}

/// The machine's name on EC2 (`i-…`) or in Systems Manager (`mi-…`), if its agent has an identity document.
fn instance_id(document: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Identity {
        #[serde(rename = "instanceId")]
        instance_id: String,
    }
    // The stock agent sends an empty document where there is none.
    let Identity { instance_id } = serde_json::from_str(document).ok()?;
    let digits = instance_id.strip_prefix("i-").or_else(|| instance_id.strip_prefix("mi-"))?;
    let is_id = (1..=32).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_id.then_some(instance_id)
}

fn host_id(attributes: &[Attribute]) -> Result<Option<HostId>, Fault> {
    let id = value(attributes, HOST_ID_ATTRIBUTE).map(str::parse).transpose();
    id.map_err(|error| invalid_id(HOST_ID_ATTRIBUTE, &error))
}

/// A processor that tasks can ask for; no other is of use to anyone.
fn architecture(value: &str) -> Option<Architecture> {
    [Architecture::X86_64, Architecture::Arm64].into_iter().find(|one| one.attribute() == value)
}

fn find<'a>(resources: &'a [Resource], name: &str) -> Option<&'a Resource> {
    resources.iter().find(|resource| resource.name.as_deref() == Some(name))
}

fn amount(resources: &[Resource], name: &str) -> Result<u64, Fault> {
    let found = find(resources, name).and_then(|resource| resource.integer_value);
    let found =
        found.ok_or_else(|| Fault::invalid(format!("totalResources must have {name} with an integerValue.")))?;
    u64::try_from(found).or(Err(Fault::invalid(format!("totalResources: {name} must not be negative."))))
}

/// The ports that the host keeps for itself.
fn ports(resources: &[Resource], name: &str, protocol: Protocol) -> Result<BTreeSet<HostPort>, Fault> {
    let texts = find(resources, name).and_then(|resource| resource.string_set_value.as_deref()).unwrap_or_default();
    let port = |text: &String| match text.parse() {
        Ok(port) => Ok(HostPort { protocol, port }),
        Err(_) => Err(Fault::invalid(format!("totalResources: {name} must have numbers of ports only."))),
    };
    texts.iter().map(port).collect()
}
