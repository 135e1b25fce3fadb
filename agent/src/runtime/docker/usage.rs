//! What containers use, read from their control groups: six small files each, a sixth of a millisecond together. Docker's
//! own statistics cost a request each, a second of waiting, and a hundred times the processor in the daemon (measured
//! with 20 containers on Docker 20.10).
//!
//! Works where the agent sees the machine's processes and control groups, of version 1, 2, or both. Elsewhere (a Docker
//! on another machine, an agent in a container) Docker is asked.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bollard::models::ContainerStatsResponse;
use bollard::query_parameters::{InspectContainerOptions, StatsOptionsBuilder};
use futures_util::StreamExt;

use crate::runtime::{Traffic, Used};

/// Where to look for them.
const PROCESSES: &str = "/proc";
const CONTROL_GROUPS: &str = "/sys/fs/cgroup";

/// Most containers that Docker is asked about at a time.
const ASKED_MAX: usize = 16;

/// Where the figures of each container are to be read, as far as that was found out.
#[derive(Debug, Default)]
pub(super) struct Meters {
    known: Arc<Mutex<BTreeMap<String, Meter>>>,
}

#[derive(Debug, Clone)]
enum Meter {
    Files(Files),
    /// Its process cannot be seen from here.
    Docker,
}

impl Meters {
    /// What each of these containers uses; those that cannot be measured, since they have ended for example, are left
    /// out.
    pub(super) async fn read(&self, engine: &bollard::Docker, runtime_ids: &[String]) -> BTreeMap<String, Used> {
        self.lock().retain(|id, _| runtime_ids.contains(id));
        let mut read = self.read_files(runtime_ids).await;
        // Those that have not been read yet, or were started again since.
        let missing: Vec<&String> = runtime_ids.iter().filter(|id| !read.contains_key(*id)).collect();
        let (mut found, mut asked) = (Vec::new(), Vec::new());
        for id in missing {
            let known = self.lock().get(id).cloned();
            let meter = match known {
                Some(Meter::Docker) => Some(Meter::Docker),
                Some(Meter::Files(_)) | None => find(engine, id).await,
            };
            match &meter {
                Some(Meter::Files(_)) => found.push(id.clone()),
                Some(Meter::Docker) => asked.push((id.clone(), engine.clone())),
                None => {}
            }
            self.lock().extend(meter.map(|meter| (id.clone(), meter)));
        }
        // Docker takes a second for each, and the time of a processor.
        let ask_one = |(id, engine): (String, bollard::Docker)| async move {
            let used = ask(&engine, &id).await;
            (id, used)
        };
        let mut answers = futures_util::stream::iter(asked).map(ask_one).buffer_unordered(ASKED_MAX);
        while let Some((id, used)) = answers.next().await {
            read.extend(used.map(|used| (id, used)));
        }
        read.extend(self.read_files(&found).await);
        read
    }

    /// Reads those of which the files are known, all in one go.
    async fn read_files(&self, runtime_ids: &[String]) -> BTreeMap<String, Used> {
        let all: Vec<(String, Files)> = {
            let known = self.lock();
            let files = |id: &String| match known.get(id) {
                Some(Meter::Files(files)) => Some((id.clone(), files.clone())),
                Some(Meter::Docker) | None => None,
            };
            runtime_ids.iter().filter_map(files).collect()
        };
        if all.is_empty() {
            return BTreeMap::new();
        }
        let read =
            move || all.into_iter().filter_map(|(id, files)| files.read(&id).ok().map(|used| (id, used))).collect();
        tokio::task::spawn_blocking(read).await.unwrap_or_default()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Meter>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Finds out how a container is to be measured; `None` if it does not run.
async fn find(engine: &bollard::Docker, id: &str) -> Option<Meter> {
    let answer = engine.inspect_container(id, None::<InspectContainerOptions>).await.ok()?;
    let pid = answer.state?.pid.filter(|pid| *pid > 0)?;
    let process = Path::new(PROCESSES).join(pid.to_string());
    let id = id.to_owned();
    let find = move || Files::find(&process, Path::new(PROCESSES), Path::new(CONTROL_GROUPS), &id);
    Some(tokio::task::spawn_blocking(find).await.ok()?.map_or(Meter::Docker, Meter::Files))
}

/// Asks Docker what a container uses.
async fn ask(engine: &bollard::Docker, id: &str) -> Option<Used> {
    let options = StatsOptionsBuilder::default().stream(false).one_shot(true).build();
    let answer = engine.stats(id, Some(options)).next().await?.ok()?;
    from_docker(&answer)
}

fn from_docker(answer: &ContainerStatsResponse) -> Option<Used> {
    let cpu = answer.cpu_stats.as_ref()?.cpu_usage.as_ref()?.total_usage?;
    let memory = answer.memory_stats.as_ref()?;
    let reclaimable =
        memory.stats.as_ref().and_then(|stats| stats.get("total_inactive_file").or(stats.get("inactive_file")));
    let sum = |count: fn(&bollard::models::ContainerNetworkStats) -> Option<u64>| {
        answer.networks.iter().flat_map(|all| all.values()).filter_map(count).sum()
    };
    let network = answer.networks.as_ref().map(|_| Traffic {
        received: sum(|one| one.rx_bytes),
        received_packets: sum(|one| one.rx_packets),
        sent: sum(|one| one.tx_bytes),
        sent_packets: sum(|one| one.tx_packets),
        namespace: String::new(),
    });
    let entries = answer.blkio_stats.as_ref().and_then(|stats| stats.io_service_bytes_recursive.as_ref());
    let bytes = |op: &str| {
        let is_it = |name: &str| name.eq_ignore_ascii_case(op);
        let of_op = entries?.iter().filter(move |entry| entry.op.as_deref().is_some_and(is_it));
        Some(of_op.filter_map(|entry| entry.value).sum())
    };
    Some(Used {
        cpu: Duration::from_nanos(cpu),
        memory_bytes: memory.usage?.saturating_sub(reclaimable.copied().unwrap_or(0)),
        network,
        storage: bytes("read").zip(bytes("write")),
    })
}

/// The files in which the kernel counts what a container uses.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Files {
    /// Its process, for its network and to see that it still is this container's.
    process: PathBuf,
    cpu: Cpu,
    memory: Memory,
    io: Io,
    /// False if it shares the agent's network, which is the machine's.
    has_network: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Cpu {
    /// `cpuacct.usage`
    V1(PathBuf),
    /// `cpu.stat`
    V2(PathBuf),
}

/// The directory of the control group.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Memory {
    V1(PathBuf),
    V2(PathBuf),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Io {
    /// `blkio.throttle.io_service_bytes`
    V1(PathBuf),
    /// `io.stat`
    V2(PathBuf),
}

impl Files {
    /// Finds the files of a container by one of its processes. `None` if that is none of this container, or its control
    /// groups cannot be seen.
    fn find(process: &Path, processes: &Path, control_groups: &Path, id: &str) -> Option<Self> {
        let text = fs::read_to_string(process.join("cgroup")).ok()?;
        if !text.contains(id) {
            return None;
        }
        let place = |controller: &str| {
            let mut lines = text.lines().filter_map(|line| line.split_once(':')?.1.split_once(':'));
            let (_, path) = lines.find(|(names, _)| names.split(',').any(|name| name == controller))?;
            let root = if controller.is_empty() { control_groups.to_owned() } else { control_groups.join(controller) };
            Some(root.join(path.trim_start_matches('/'))).filter(|place| place.is_dir())
        };
        let v2 = || place("");
        let cpu = place("cpuacct").map(|place| Cpu::V1(place.join("cpuacct.usage")));
        let memory = place("memory").map(Memory::V1);
        let io = place("blkio").map(|place| Io::V1(place.join("blkio.throttle.io_service_bytes")));
        let namespace = |process: &Path| fs::read_link(process.join("ns/net")).ok();
        Some(Self {
            cpu: cpu.or_else(|| Some(Cpu::V2(v2()?.join("cpu.stat"))))?,
            memory: memory.or_else(|| v2().map(Memory::V2))?,
            io: io.or_else(|| Some(Io::V2(v2()?.join("io.stat"))))?,
            has_network: namespace(process).is_some_and(|own| namespace(&processes.join("self")) != Some(own)),
            process: process.to_owned(),
        })
    }

    fn read(&self, id: &str) -> io::Result<Used> {
        // A process number may be another's by now.
        if !fs::read_to_string(self.process.join("cgroup"))?.contains(id) {
            return Err(io::ErrorKind::NotFound.into());
        }
        let cpu = match &self.cpu {
            Cpu::V1(path) => Duration::from_nanos(number(&fs::read_to_string(path)?)?),
            Cpu::V2(path) => Duration::from_micros(named(&fs::read_to_string(path)?, "usage_usec")?),
        };
        let (all, reclaimable) = match &self.memory {
            Memory::V1(place) => ("memory.usage_in_bytes", "total_inactive_file").read(place)?,
            Memory::V2(place) => ("memory.current", "inactive_file").read(place)?,
        };
        // A kernel may not count the input and output of control groups at all.
        let storage = match &self.io {
            Io::V1(path) => fs::read_to_string(path).ok().map(|text| io_v1(&text)),
            Io::V2(path) => fs::read_to_string(path).ok().map(|text| io_v2(&text)),
        };
        let network = if self.has_network {
            let mut traffic = interfaces(&fs::read_to_string(self.process.join("net/dev"))?);
            let namespace = fs::read_link(self.process.join("ns/net"))?;
            traffic.namespace = namespace.to_string_lossy().into_owned();
            Some(traffic)
        } else {
            None
        };
        Ok(Used { cpu, memory_bytes: all.saturating_sub(reclaimable), network, storage })
    }
}

/// The name of a file with a number, and of a number in `memory.stat`.
trait ReadMemory {
    fn read(self, place: &Path) -> io::Result<(u64, u64)>;
}

impl ReadMemory for (&str, &str) {
    fn read(self, place: &Path) -> io::Result<(u64, u64)> {
        let (file, name) = self;
        let all = number(&fs::read_to_string(place.join(file))?)?;
        let stat = fs::read_to_string(place.join("memory.stat"))?;
        Ok((all, named(&stat, name).unwrap_or(0)))
    }
}

fn number(text: &str) -> io::Result<u64> {
    text.trim().parse().map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// The number behind a name, in lines of both.
fn named(text: &str, name: &str) -> io::Result<u64> {
    let mut lines = text.lines().filter_map(|line| line.split_once(' '));
    lines.find(|(found, _)| *found == name).map_or(Err(io::ErrorKind::InvalidData.into()), |(_, value)| number(value))
}

/// Bytes read and written, from lines such as `8:0 Read 4096`.
fn io_v1(text: &str) -> (u64, u64) {
    let of = |op: &str| {
        let lines = text.lines().filter_map(|line| line.split_once(' ')?.1.split_once(' '));
        lines.filter(|(name, _)| *name == op).filter_map(|(_, bytes)| bytes.trim().parse::<u64>().ok()).sum()
    };
    (of("Read"), of("Write"))
}

/// Bytes read and written, from lines such as `8:0 rbytes=4096 wbytes=0 rios=1 …`.
fn io_v2(text: &str) -> (u64, u64) {
    let of = |name: &str| {
        let words = text.split_whitespace().filter_map(|word| word.split_once('='));
        words.filter(|(found, _)| *found == name).filter_map(|(_, bytes)| bytes.parse::<u64>().ok()).sum()
    };
    (of("rbytes"), of("wbytes"))
}

/// The sum over all interfaces but the loopback, from `net/dev`.
fn interfaces(text: &str) -> Traffic {
    let mut sum = Traffic::default();
    for (name, counts) in text.lines().filter_map(|line| line.split_once(':')) {
        let counts: Vec<u64> = counts.split_whitespace().filter_map(|count| count.parse().ok()).collect();
        if name.trim() == "lo" || counts.len() < 10 {
            continue;
        }
        sum.received += counts[0];
        sum.received_packets += counts[1];
        sum.sent += counts[8];
        sum.sent_packets += counts[9];
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "c83a1ad6fdd53fcb6e562d66cd2bba316e16f9b3479a9ba03b14ac179b729bc5";
    const NET_DEV: &str = "\
Inter-|   Receive                                                |  Transmit
 face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
    lo:     700       7    0    0    0     0          0         0      700       7    0    0    0     0       0          0
  eth0:     486       5    0    0    0     0          0         0      90        1    0    0    0     0       0          0
  eth1:      14       1    0    0    0     0          0         0       0        0    0    0    0     0       0          0
";

    /// A machine with one container, whose process is number 42. Gives what its files say.
    struct Machine(tempfile::TempDir);

    impl Machine {
        fn new(cgroup: &str, files: &[(&str, &str)]) -> Self {
            let machine = Self(tempfile::tempdir().unwrap());
            machine.write("proc/42/cgroup", cgroup);
            machine.write("proc/42/net/dev", NET_DEV);
            for (process, namespace) in [("42", "net:[7]"), ("self", "net:[1]")] {
                let directory = machine.0.path().join("proc").join(process).join("ns");
                fs::create_dir_all(&directory).unwrap();
                std::os::unix::fs::symlink(namespace, directory.join("net")).unwrap();
            }
            for (path, text) in files {
                machine.write(&format!("cgroup/{path}"), text);
            }
            machine
        }

        fn write(&self, path: &str, text: &str) {
            let path = self.0.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }

        fn find(&self) -> Option<Files> {
            let processes = self.0.path().join("proc");
            Files::find(&processes.join("42"), &processes, &self.0.path().join("cgroup"), ID)
        }
    }

    fn network() -> Traffic {
        let namespace = "net:[7]".to_owned();
        Traffic { received: 500, received_packets: 6, sent: 90, sent_packets: 1, namespace }
    }

    #[test]
    fn version_1_has_a_hierarchy_for_each_controller() {
        // As recorded on a machine with the cgroupfs driver.
        let cgroup = format!(
            "13:hugetlb:/docker/{ID}\n7:blkio:/docker/{ID}\n4:memory:/docker/{ID}\n2:cpu,cpuacct:/docker/{ID}\n0::/docker/{ID}\n"
        );
        let machine = Machine::new(
            &cgroup,
            &[
                (&format!("cpuacct/docker/{ID}/cpuacct.usage"), "27896772\n"),
                (&format!("memory/docker/{ID}/memory.usage_in_bytes"), "6352896\n"),
                (
                    &format!("memory/docker/{ID}/memory.stat"),
                    "cache 5492736\ninactive_file 1\ntotal_cache 5492736\ntotal_inactive_file 5242880\n",
                ),
                (
                    &format!("blkio/docker/{ID}/blkio.throttle.io_service_bytes"),
                    "8:0 Read 4096\n8:0 Write 100\n8:16 Read 4\n8:16 Write 20\nTotal 4220\n",
                ),
            ],
        );
        let used = Used {
            cpu: Duration::from_nanos(27_896_772),
            memory_bytes: 6_352_896 - 5_242_880,
            network: Some(network()),
            storage: Some((4100, 120)),
        };
        assert_eq!(machine.find().unwrap().read(ID).unwrap(), used);
    }

    #[test]
    fn version_2_has_one_for_all() {
        // As recorded on a machine with the systemd driver.
        let place = format!("system.slice/docker-{ID}.scope");
        let machine = Machine::new(
            &format!("0::/{place}\n"),
            &[
                (&format!("{place}/cpu.stat"), "usage_usec 5012345\nuser_usec 4000000\nsystem_usec 1012345\n"),
                (&format!("{place}/memory.current"), "9000000\n"),
                (&format!("{place}/memory.stat"), "anon 100\nfile 5000000\ninactive_file 4000000\n"),
                (
                    &format!("{place}/io.stat"),
                    "259:0 rbytes=8192 wbytes=512 rios=2 wios=1 dbytes=0 dios=0\n253:0 rbytes=8 wbytes=1 rios=2\n",
                ),
            ],
        );
        let used = Used {
            cpu: Duration::from_micros(5_012_345),
            memory_bytes: 5_000_000,
            network: Some(network()),
            storage: Some((8200, 513)),
        };
        assert_eq!(machine.find().unwrap().read(ID).unwrap(), used);
    }

    #[test]
    fn a_process_of_another_container_says_nothing() {
        let machine = Machine::new("0::/init.scope\n", &[]);
        assert_eq!(machine.find(), None);
        let place = format!("docker-{ID}.scope");
        let files = ["cpu.stat", "memory.current", "memory.stat"].map(|file| format!("{place}/{file}"));
        let texts = ["usage_usec 1\n", "2\n", ""];
        let files: Vec<(&str, &str)> = files.iter().map(String::as_str).zip(texts).collect();
        let machine = Machine::new(&format!("0::/{place}\n"), &files);
        let found = machine.find().unwrap();
        let used = found.read(ID).unwrap();
        assert_eq!((used.memory_bytes, used.storage), (2, None), "without io.stat the rest is read all the same");
        machine.write("proc/42/cgroup", "0::/init.scope\n");
        assert!(found.read(ID).is_err());
    }

    #[test]
    fn the_machines_own_network_is_no_containers() {
        let place = format!("docker-{ID}.scope");
        let files = ["cpu.stat", "memory.current", "memory.stat"].map(|file| format!("{place}/{file}"));
        let files: Vec<(&str, &str)> = files.iter().map(String::as_str).zip(["usage_usec 1\n", "2\n", ""]).collect();
        let machine = Machine::new(&format!("0::/{place}\n"), &files);
        let own = machine.0.path().join("proc/42/ns/net");
        fs::remove_file(&own).unwrap();
        std::os::unix::fs::symlink("net:[1]", own).unwrap();
        assert_eq!(machine.find().unwrap().read(ID).unwrap().network, None);
    }
}
