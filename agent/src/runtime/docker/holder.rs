//! The holder of a task's shared namespaces, on Docker: a container of the agent's own image, which needs no registry.
//!
//! The image holds one program of a few machine instructions. It belongs to its host, whose id is in its name, and is
//! made when the first task needs it.
//!
//! A holder's name says whose it is, and is all that does: one that was made ahead ([`spare`]) has no labels of its task.

pub(super) mod spare;

use std::collections::HashMap;

use berth_model::acs::PayloadTask;
use bollard::models::{ContainerCreateBody, ContainerInspectResponse};
use bollard::query_parameters::{CreateImageOptionsBuilder, RemoveImageOptionsBuilder};
use futures_util::StreamExt;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use serde_json::{Map, Value, json};

use super::{Docker, Order, Settings, container, status, text};
use crate::holder::{Shared, shared};
use crate::record::Binding;
use crate::runtime::Error;

/// The program in the image.
const PROGRAM: &str = "hold";
/// Nobody: it needs no rights.
const USER: &str = "65534:65534";

/// It ignores SIGCHLD, so that processes that are left to it vanish when they end (it may be process 1 of all the
/// task's processes), and then waits for a signal, for ever. SIGTERM does nothing to a process 1 that does not ask for
/// it: it is ended with SIGKILL.
#[cfg(not(target_arch = "aarch64"))]
const CODE: &[u8] = &[
    0xbf, 0x11, 0x00, 0x00, 0x00, //                   mov edi, 17            SIGCHLD
    0x48, 0x8d, 0x35, 0x18, 0x00, 0x00, 0x00, //       lea rsi, [rip+24]      the action below
    0x31, 0xd2, //                                     xor edx, edx           no place for the old one
    0x41, 0xba, 0x08, 0x00, 0x00, 0x00, //             mov r10d, 8            bytes of a signal set
    0xb8, 0x0d, 0x00, 0x00, 0x00, //                   mov eax, 13            rt_sigaction
    0x0f, 0x05, //                                     syscall
    0xb8, 0x22, 0x00, 0x00, 0x00, //             wait: mov eax, 34            pause
    0x0f, 0x05, //                                     syscall
    0xeb, 0xf7, //                                     jmp wait
    1, 0, 0, 0, 0, 0, 0, 0, //                         SIG_IGN
    0, 0, 0, 0, 0, 0, 0, 0, //                         no flags
    0, 0, 0, 0, 0, 0, 0, 0, //                         no restorer
    0, 0, 0, 0, 0, 0, 0, 0, //                         no signals
];
/// The same for this processor, which has no `pause`: it waits for no descriptor at all.
#[cfg(target_arch = "aarch64")]
const CODE: &[u8] = &[
    0x20, 0x02, 0x80, 0xd2, //                         mov x0, #17            SIGCHLD
    0xa1, 0x01, 0x00, 0x10, //                         adr x1, action
    0x02, 0x00, 0x80, 0xd2, //                         mov x2, #0             no place for the old one
    0x03, 0x01, 0x80, 0xd2, //                         mov x3, #8             bytes of a signal set
    0xc8, 0x10, 0x80, 0xd2, //                         mov x8, #134           rt_sigaction
    0x01, 0x00, 0x00, 0xd4, //                         svc #0
    0x00, 0x00, 0x80, 0xd2, //                   wait: mov x0, #0             no descriptors
    0x01, 0x00, 0x80, 0xd2, //                         mov x1, #0
    0x02, 0x00, 0x80, 0xd2, //                         mov x2, #0             no time-out
    0x03, 0x00, 0x80, 0xd2, //                         mov x3, #0             no signals
    0x28, 0x09, 0x80, 0xd2, //                         mov x8, #73            ppoll
    0x01, 0x00, 0x00, 0xd4, //                         svc #0
    0xfa, 0xff, 0xff, 0x17, //                         b wait
    0x1f, 0x20, 0x03, 0xd5, //                         nop
    1, 0, 0, 0, 0, 0, 0, 0, //                 action: SIG_IGN
    0, 0, 0, 0, 0, 0, 0, 0, //                         no flags
    0, 0, 0, 0, 0, 0, 0, 0, //                         no restorer
    0, 0, 0, 0, 0, 0, 0, 0, //                         no signals
];

/// The processor in an ELF file's header: x86-64, or AArch64.
const MACHINE: u16 = if cfg!(target_arch = "aarch64") { 183 } else { 62 };

/// The least ELF file that runs: its header, one segment that is the whole file, and the code.
fn program() -> Vec<u8> {
    const BASE: u64 = 0x40_0000;
    const HEADER: u16 = 64;
    const SEGMENT: u16 = 56;
    let start = u64::from(HEADER + SEGMENT);
    let bytes = start + CODE.len() as u64;
    let mut file = b"\x7fELF".to_vec();
    file.extend([2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]); // 64 bit, little endian, version 1, any system
    file.extend([2_u16, MACHINE].map(u16::to_le_bytes).concat()); // a program for this processor
    file.extend(1_u32.to_le_bytes()); // version
    file.extend([BASE + start, u64::from(HEADER), 0].map(u64::to_le_bytes).concat()); // entry, segments, no sections
    file.extend(0_u32.to_le_bytes()); // flags
    file.extend([HEADER, SEGMENT, 1, 0, 0, 0].map(u16::to_le_bytes).concat()); // sizes and numbers
    file.extend([1_u32, 5].map(u32::to_le_bytes).concat()); // loaded, to be read and run
    file.extend([0, BASE, BASE, bytes, bytes, 0x1000].map(u64::to_le_bytes).concat()); // from, to, bytes, alignment
    file.extend(CODE);
    file
}

/// The program alone in a tar file, as `docker import` takes it.
fn archive() -> Vec<u8> {
    const BLOCK: usize = 512;
    let program = program();
    let mut header = [0; BLOCK];
    let mut put = |at: usize, text: &[u8]| header[at..at + text.len()].copy_from_slice(text);
    put(0, PROGRAM.as_bytes());
    put(100, b"0000555\0"); // mode
    put(108, b"0000000\0"); // user
    put(116, b"0000000\0"); // group
    put(124, format!("{:011o}\0", program.len()).as_bytes());
    put(136, b"00000000000\0"); // time
    put(148, b"        "); // the checksum, while it is computed
    put(156, b"0"); // a file
    put(257, b"ustar\x0000");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    let mut archive = [header.as_slice(), &program].concat();
    // Whole blocks, and two empty ones at the end.
    archive.resize(archive.len().next_multiple_of(BLOCK) + 2 * BLOCK, 0);
    archive
}

/// The name of the host's image, without its tag.
fn repository(settings: &Settings) -> String {
    format!("berth-holder-{}", settings.host_id)
}

/// Docker takes these in a name, but for the percent sign that escapes begin with.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-');

/// The name of a task's holder: `berth-holder-HOST-TASK` with the task's ARN, points for the percent signs of escapes.
pub(super) fn name(settings: &Settings, task: &str) -> String {
    let task = percent_encode(task.as_bytes(), ESCAPED).to_string().replace('%', ".");
    format!("{}-{task}", repository(settings))
}

/// The ARN of the task whose holder has this name.
pub(super) fn task_of(settings: &Settings, name: &str) -> Option<String> {
    let task = name.strip_prefix(&repository(settings))?.strip_prefix('-')?.replace('.', "%");
    percent_decode_str(&task).decode_utf8().ok().map(Into::into)
}

/// What a holder is made with. It serves each task that has the same needs.
#[derive(Debug, Clone, Default, PartialEq)]
struct Needs {
    /// An address.
    network: bool,
    /// Memory that can be shared.
    memory: bool,
    /// What the network is called.
    hostname: Option<Value>,
    /// Members of Docker's `HostConfig` by which names are found, those that are said.
    names: Map<String, Value>,
    /// Bytes of `/dev/shm`, if they are said.
    shm_size: Option<i64>,
}

impl Needs {
    fn of(task: &PayloadTask) -> Self {
        let Shared { network, processes: _, memory } = shared(task);
        let mut needs = Self { network, memory, ..Self::default() };
        if network {
            needs.hostname = of_all(task, Part::Config, "Hostname").into_iter().next();
            let names = NAMES.map(|member| (member.to_owned(), flat(of_all(task, Part::HostConfig, member))));
            let said = names.into_iter().filter(|(_, items)| !items.is_empty());
            needs.names = said.map(|(member, items)| (member, Value::Array(items))).collect();
        }
        if memory {
            needs.shm_size = of_all(task, Part::HostConfig, "ShmSize").iter().filter_map(Value::as_i64).max();
        }
        needs
    }

    /// What Docker is told to create.
    fn body(
        self,
        settings: &Settings,
        labels: &HashMap<String, String>,
        offer: &container::Offer,
    ) -> Result<ContainerCreateBody, String> {
        let mut host_config = self.names;
        host_config.extend([
            ("NetworkMode".to_owned(), json!(if self.network { "bridge" } else { "none" })),
            ("ReadonlyRootfs".to_owned(), json!(true)),
            ("CapDrop".to_owned(), json!(["ALL"])),
            ("SecurityOpt".to_owned(), json!(["no-new-privileges"])),
            ("LogConfig".to_owned(), json!({ "Type": "none" })),
        ]);
        let mut host_config = Value::Object(host_config);
        // It runs no program of anybody's, and a runtime that isolates would keep the network to itself.
        container::bound(offer, &mut host_config);
        if self.memory {
            host_config["IpcMode"] = json!("shareable");
        }
        if let Some(bytes) = self.shm_size {
            host_config["ShmSize"] = json!(bytes);
        }
        let mut config = json!({
            "Image": format!("{}:latest", repository(settings)),
            "Entrypoint": [format!("/{PROGRAM}")],
            "User": USER,
            "Labels": labels,
            "HostConfig": host_config,
        });
        if let Some(hostname) = self.hostname {
            config["Hostname"] = hostname;
        }
        serde_json::from_value(config).map_err(|error| format!("Docker's settings cannot be read: {error}"))
    }
}

/// What Docker is told to create for the holder of an order's task.
pub(super) fn body(
    settings: &Settings,
    order: Order<'_>,
    offer: &container::Offer,
) -> Result<ContainerCreateBody, String> {
    Needs::of(order.task).body(settings, &container::labels(settings, order), offer)
}

/// Members of Docker's `HostConfig` by which names are found: Docker takes them of nobody but whose network it is.
const NAMES: [&str; 4] = ["Dns", "DnsOptions", "DnsSearch", "ExtraHosts"];

/// Lets a container of the task into the namespaces that its holder has.
pub(super) fn join(settings: &Settings, task: &PayloadTask, config: &mut Value, host_config: &mut Value) {
    let Shared { network, processes, memory } = shared(task);
    let holder = format!("container:{}", name(settings, &task.arn));
    let without = |value: &mut Value, members: &[&str]| {
        if let Value::Object(object) = value {
            object.retain(|member, _| !members.contains(&member.as_str()));
        }
    };
    if network {
        host_config["NetworkMode"] = json!(holder);
        without(host_config, &NAMES);
        without(config, &["Hostname"]);
    }
    if processes {
        host_config["PidMode"] = json!(holder);
    }
    if memory {
        host_config["IpcMode"] = json!(holder);
        without(host_config, &["ShmSize"]);
    }
}

/// Which of the objects in which Docker is told of a container.
#[derive(Clone, Copy)]
enum Part {
    Config,
    HostConfig,
}

/// What the containers of a task say of a member, each that says something.
fn of_all(task: &PayloadTask, part: Part, member: &str) -> Vec<Value> {
    let said = task.containers.iter().filter_map(|container| {
        let json = match part {
            Part::Config => container.docker_config.config.as_deref(),
            Part::HostConfig => container.docker_config.host_config.as_deref(),
        };
        serde_json::from_str::<Map<String, Value>>(json?).ok()?.remove(member)
    });
    said.filter(|value| !value.is_null()).collect()
}

/// The items of several lists, each once.
fn flat(lists: Vec<Value>) -> Vec<Value> {
    let mut items = Vec::new();
    for list in lists {
        for item in list.as_array().into_iter().flatten() {
            if !items.contains(item) {
                items.push(item.clone());
            }
        }
    }
    items
}

/// The address of a holder that has a network.
pub(super) fn binding(container: &ContainerInspectResponse) -> Option<Binding> {
    let networks = container.network_settings.as_ref()?.networks.as_ref()?;
    let address = networks.values().find_map(|network| network.ip_address.clone().filter(|text| !text.is_empty()));
    address.map(Binding::all)
}

impl Docker {
    /// Makes the holders' image, unless it is there.
    pub(super) async fn make_holder_image(&self) -> Result<(), String> {
        let _one_at_a_time = self.holder_image.lock().await;
        let name = repository(&self.settings);
        if self.engine.inspect_image(&name).await.is_ok() {
            return Ok(());
        }
        let changes = container::owner_labels(&self.settings).into_iter().map(|label| format!("LABEL {label}"));
        let options = CreateImageOptionsBuilder::default().from_src("-").repo(&name).tag("latest");
        let options = options.changes(changes.collect()).build();
        let mut progress = self.engine.create_image(Some(options), Some(bollard::body_full(archive().into())), None);
        while let Some(step) = progress.next().await {
            step.map_err(|error| text(&error))?;
        }
        tracing::info!(image = name, "image for holders made");
        Ok(())
    }

    /// Removes the holders' image, if it is there.
    pub(super) async fn remove_holder_image(&self) -> Result<(), Error> {
        let options = RemoveImageOptionsBuilder::default().force(true).build();
        match self.engine.remove_image(&repository(&self.settings), Some(options), None).await {
            Err(error) if status(&error) != Some(404) => Err(error.into()),
            Ok(_) | Err(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::docker::container::tests::settings;

    #[test]
    fn a_name_tells_the_task_and_has_only_what_docker_takes() {
        for task in ["arn:aws:ecs:us-east-1:123456789012:task/my_cluster-1/0af3", "a.b%2F~\u{e9}_", ""] {
            let name = name(&settings(), task);
            let is_taken = |letter: char| letter.is_ascii_alphanumeric() || "_.-".contains(letter);
            assert!(name.chars().all(is_taken), "{name}");
            assert_eq!(task_of(&settings(), &name).as_deref(), Some(task));
        }
        let other = Settings { host_id: berth_model::id::HostId(3), ..settings() };
        assert_eq!(task_of(&other, &name(&settings(), "arn")), None);
    }

    #[test]
    fn the_program_is_an_elf_file_of_one_segment() {
        let program = program();
        assert_eq!(&program[..4], b"\x7fELF");
        assert_eq!(program.len(), 64 + 56 + CODE.len());
        let entry = u64::from_le_bytes(*program[24..].first_chunk().unwrap());
        assert_eq!(entry, 0x40_0000 + 120);
        assert_eq!(&program[120..], CODE);
    }

    #[test]
    fn the_archive_has_whole_blocks_and_a_right_checksum() {
        let archive = archive();
        assert_eq!(archive.len() % 512, 0);
        let mut header = archive[..512].to_vec();
        let told = u32::from_str_radix(std::str::from_utf8(&header[148..154]).unwrap(), 8).unwrap();
        header[148..156].fill(b' ');
        assert_eq!(header.iter().map(|byte| u32::from(*byte)).sum::<u32>(), told);
    }

    #[test]
    fn what_asks_for_no_network_of_its_own_or_says_something_of_it_needs_a_holder_of_its_own() {
        let needs = |network: &str, config: &str, host_config: &str, ipc: &str| {
            let docker_config = berth_model::acs::DockerConfig {
                config: Some(config.to_owned()),
                host_config: Some(host_config.to_owned()),
                ..Default::default()
            };
            let container = berth_model::acs::PayloadContainer { docker_config, ..Default::default() };
            Needs::of(&PayloadTask {
                network_mode: network.to_owned(),
                ipc_mode: ipc.to_owned(),
                pid_mode: "task".to_owned(),
                containers: vec![container],
                ..PayloadTask::default()
            })
        };
        let plain = Needs { network: true, ..Needs::default() };
        assert_eq!(needs("awsvpc", r#"{"User":"1"}"#, r#"{"Dns":[],"ShmSize":9}"#, ""), plain);
        for (network, config, host_config, ipc) in [
            ("bridge", "{}", "{}", ""),
            ("awsvpc", r#"{"Hostname":"a"}"#, "{}", ""),
            ("awsvpc", "{}", r#"{"Dns":["10.0.0.1"]}"#, ""),
            ("awsvpc", "{}", r#"{"DnsSearch":["a"]}"#, ""),
            ("awsvpc", "{}", r#"{"ExtraHosts":["a:10.0.0.1"]}"#, ""),
            ("awsvpc", "{}", "{}", "task"),
        ] {
            assert_ne!(needs(network, config, host_config, ipc), plain, "{network} {config} {host_config} {ipc}");
        }
    }
}
