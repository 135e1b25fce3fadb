//! Hosts as real processes, with a script in the place of the agent.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::net::Ipv4Addr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use berth_model::task::Architecture;
use rustix::process::Signal;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::net::unix::pipe::{OpenOptions, Receiver};
use tokio::time::timeout;

use super::process::{Process, find};
use super::record::{Phase, Record};
use super::*;
use crate::backend::contract;

/// Far more than anything here takes; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_secs(30);

const SERVER: &str = "http://127.0.0.1:1";

/// An installation with its own data directory, and what its agents say.
struct World {
    config: Config,
    events: Lines<BufReader<Receiver>>,
    /// While it is open, agents run.
    _life: File,
    _data: TempDir,
}

/// A started agent.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Started {
    host: HostId,
    pid: i32,
    address: Ipv4Addr,
    server: String,
}

impl World {
    /// A world of its own; those that share `addresses` are on one machine.
    fn new(addresses: &Path) -> Self {
        let data = tempfile::tempdir().unwrap();
        let (events, life) = (data.path().join("events"), data.path().join("life"));
        assert!(Command::new("mkfifo").args([&events, &life]).status().unwrap().success());
        let life = File::options().read(true).write(true).open(life).unwrap();
        // Also open for writing, so that it does not end with the first writer.
        let events = OpenOptions::new().read_write(true).open_receiver(events).unwrap();
        let machine = Machine { capacity: Resources::new(1024, 4096), architecture: Architecture::X86_64 };
        let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/backend/local/stand_in.sh");
        let config = Config {
            address_dir: addresses.to_owned(),
            ..Config::new(program, SERVER, data.path().to_owned(), installation(), machine)
        };
        Self { config, events: BufReader::new(events).lines(), _life: life, _data: data }
    }

    async fn start(&self) -> LocalBackend {
        LocalBackend::start(self.config.clone()).await.unwrap()
    }

    async fn event(&mut self) -> String {
        timeout(PATIENCE, self.events.next_line()).await.expect("an event").unwrap().unwrap()
    }

    async fn started(&mut self) -> Started {
        let event = self.event().await;
        let fields: Vec<&str> = event.split(' ').collect();
        let ["started", host, pid, address, server] = fields[..] else { panic!("{event}") };
        Started {
            host: host.parse().unwrap(),
            pid: pid.parse().unwrap(),
            address: address.parse().unwrap(),
            server: server.to_owned(),
        }
    }

    async fn launch(&mut self, backend: &LocalBackend, host: u128) -> Started {
        backend.launch(order(host)).await.unwrap();
        let started = self.started().await;
        assert_eq!(started.host, HostId(host));
        started
    }

    fn set(&self, name: &str) {
        fs::write(self.config.data_dir.join(name), "").unwrap();
    }

    fn record(&self, host: u128) -> PathBuf {
        self.config.host_dir(HostId(host)).record()
    }

    fn change_record(&self, host: u128, change: impl FnOnce(&mut Record)) {
        let mut record = Record::read(&self.record(host)).unwrap().unwrap();
        change(&mut record);
        record.write(&self.record(host)).unwrap();
    }

    fn processes(&self) -> Vec<Process> {
        find(self.config.installation).unwrap().into_values().flatten().collect()
    }

    /// The numbers of its processes.
    fn pids(&self) -> Vec<i32> {
        self.processes().iter().map(|process| process.identity.pid).collect()
    }

    async fn kill_all(&self) {
        for process in self.processes() {
            process.signal(Signal::KILL).unwrap();
            timeout(PATIENCE, process.ended()).await.unwrap().unwrap();
        }
    }

    /// Nothing is left of any host.
    fn assert_nothing_left(&self) {
        assert_eq!(self.pids(), Vec::<i32>::new());
        let hosts = fs::read_dir(self.config.hosts_dir()).map_or(0, Iterator::count);
        assert_eq!(hosts, 0);
    }
}

impl Drop for World {
    /// A failed test must not leave processes either.
    fn drop(&mut self) {
        for process in self.processes() {
            process.signal(Signal::KILL).unwrap();
        }
    }
}

fn installation() -> InstallationId {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let nanos = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    let own = (u128::from(std::process::id()) << 32) | u128::from(COUNT.fetch_add(1, Ordering::Relaxed));
    InstallationId((own << 64) | (nanos & u128::from(u64::MAX)))
}

fn order(host: u128) -> LaunchOrder {
    LaunchOrder { host: HostId(host), instance_type: "local.0.25x0.5".to_owned(), capacity: Resources::new(256, 512) }
}

fn machine() -> TempDir {
    tempfile::tempdir().unwrap()
}

#[tokio::test]
async fn it_keeps_to_the_contract() {
    let machine = machine();
    let world = World::new(machine.path());
    contract::check(&world.start().await).await;
    world.assert_nothing_left();
    assert_eq!(fs::read_dir(machine.path()).unwrap().count(), 1, "only the lock is left of the addresses");
}

#[tokio::test]
async fn a_host_is_a_process_until_it_is_terminated() {
    let machine = machine();
    let mut world = World::new(machine.path());
    let backend = world.start().await;
    let agent = world.launch(&backend, 7).await;
    assert_eq!(agent.server, SERVER);
    assert_eq!(world.pids(), vec![agent.pid]);
    assert_eq!(world.processes()[0].group, agent.pid, "a group of its own");
    assert!(agent.address.is_loopback() && agent.address != Ipv4Addr::LOCALHOST);

    backend.terminate(HostId(7)).await.unwrap();
    assert_eq!(world.event().await, format!("retired {}", HostId(7)));
    world.assert_nothing_left();
}

#[tokio::test]
async fn an_agent_that_dies_is_started_again() {
    let machine = machine();
    let mut world = World::new(machine.path());
    let backend = world.start().await;
    let first = world.launch(&backend, 1).await;
    for _ in 0..2 {
        world.kill_all().await;
        let again = world.started().await;
        assert_ne!(again.pid, first.pid);
        assert_eq!(Started { pid: first.pid, ..again }, first);
    }
    backend.terminate(HostId(1)).await.unwrap();
    world.assert_nothing_left();
}

#[tokio::test]
async fn agents_outlive_the_backend_and_are_adopted() {
    let machine = machine();
    let mut world = World::new(machine.path());
    let backend = world.start().await;
    let first = world.launch(&backend, 1).await;
    drop(backend);
    assert_eq!(world.pids(), vec![first.pid]);

    let backend = world.start().await;
    assert_eq!(backend.list().await.unwrap(), BTreeSet::from([HostId(1)]));
    backend.launch(order(1)).await.unwrap();
    assert_eq!(world.pids(), vec![first.pid], "neither ended nor doubled");
    world.kill_all().await;
    let again = world.started().await;
    assert_eq!(Started { pid: first.pid, ..again }, first);
    backend.terminate(HostId(1)).await.unwrap();
    world.assert_nothing_left();
}

#[tokio::test]
async fn an_agent_that_died_unseen_is_started_again() {
    let machine = machine();
    let mut world = World::new(machine.path());
    let backend = world.start().await;
    let first = world.launch(&backend, 1).await;
    drop(backend);
    world.kill_all().await;
    let _backend = world.start().await;
    let again = world.started().await;
    assert_eq!(Started { pid: first.pid, ..again }, first);
}

#[tokio::test]
async fn another_server_s_agents_are_started_again_for_this_one() {
    let machine = machine();
    let mut world = World::new(machine.path());
    let backend = world.start().await;
    let first = world.launch(&backend, 1).await;
    drop(backend);
    world.config.server = "http://127.0.0.1:2".to_owned();
    let _backend = world.start().await;
    let again = world.started().await;
    assert_eq!(again, Started { pid: again.pid, server: world.config.server.clone(), ..first });
    assert_eq!(world.pids(), vec![again.pid]);
}

#[tokio::test]
async fn a_crash_while_an_agent_was_being_started_doubles_nothing() {
    let machine = machine();
    let mut world = World::new(machine.path());
    let backend = world.start().await;
    let first = world.launch(&backend, 1).await;
    drop(backend);
    world.change_record(1, |record| record.process = None);
    let backend = world.start().await;
    assert_eq!(world.pids(), vec![first.pid]);
    backend.terminate(HostId(1)).await.unwrap();
    world.assert_nothing_left();
}

#[tokio::test]
async fn a_process_that_is_not_the_one_written_down_is_replaced() {
    let machine = machine();
    let mut world = World::new(machine.path());
    let backend = world.start().await;
    let first = world.launch(&backend, 1).await;
    drop(backend);
    world.change_record(1, |record| record.process.as_mut().unwrap().start_time += 1);
    let _backend = world.start().await;
    let again = world.started().await;
    assert_ne!(again.pid, first.pid);
    assert_eq!(world.pids(), vec![again.pid]);
}

#[tokio::test]
async fn a_host_that_was_being_ended_is_not_started_again() {
    let machine = machine();
    let mut world = World::new(machine.path());
    let backend = world.start().await;
    world.launch(&backend, 1).await;
    drop(backend);
    world.change_record(1, |record| record.phase = Phase::Ending);
    world.kill_all().await;
    let backend = world.start().await;
    assert_eq!(backend.list().await.unwrap(), BTreeSet::from([HostId(1)]));
    assert!(matches!(backend.launch(order(1)).await, Err(BackendError::Gone { .. })));
    backend.terminate(HostId(1)).await.unwrap();
    assert_eq!(world.event().await, format!("retired {}", HostId(1)));
    world.assert_nothing_left();
}

#[tokio::test]
async fn strays_are_listed_and_ended() {
    let machine = machine();
    let mut world = World::new(machine.path());
    let backend = world.start().await;
    world.launch(&backend, 1).await;
    drop(backend);
    // A process without a directory, a directory without a record, and one with a record that is none.
    fs::remove_dir_all(world.config.host_dir(HostId(1)).0).unwrap();
    fs::create_dir_all(world.config.host_dir(HostId(2)).0).unwrap();
    fs::create_dir_all(world.config.host_dir(HostId(3)).0).unwrap();
    fs::write(world.record(3), "{").unwrap();
    let backend = world.start().await;
    assert_eq!(backend.list().await.unwrap(), BTreeSet::from([HostId(1), HostId(2), HostId(3)]));
    for host in [1, 2, 3] {
        backend.terminate(HostId(host)).await.unwrap();
    }
    assert_eq!(backend.list().await.unwrap(), BTreeSet::new());
    world.assert_nothing_left();
}

#[tokio::test]
async fn an_agent_that_ignores_sigterm_is_killed() {
    let machine = machine();
    let mut world = World::new(machine.path());
    world.config.stop_within = Duration::from_millis(50);
    world.set("stubborn");
    let backend = world.start().await;
    world.launch(&backend, 1).await;
    backend.terminate(HostId(1)).await.unwrap();
    world.assert_nothing_left();
}

#[tokio::test]
async fn what_could_not_be_removed_is_tried_again() {
    let machine = machine();
    let mut world = World::new(machine.path());
    let backend = world.start().await;
    world.launch(&backend, 1).await;
    world.set("cannot-retire");
    let error = backend.terminate(HostId(1)).await.unwrap_err();
    assert!(matches!(error, BackendError::Transient { .. }), "{error}");
    assert_eq!(world.pids(), Vec::<i32>::new(), "nobody starts its agent again");
    assert_eq!(backend.list().await.unwrap(), BTreeSet::from([HostId(1)]));
    fs::remove_file(world.config.data_dir.join("cannot-retire")).unwrap();
    backend.terminate(HostId(1)).await.unwrap();
    world.assert_nothing_left();
}

#[tokio::test]
async fn the_machine_is_not_promised_twice() {
    let machine = machine();
    let world = World::new(machine.path());
    let backend = world.start().await;
    let large = |host| LaunchOrder {
        instance_type: "local.0.5x2".to_owned(),
        capacity: Resources::new(512, 2048),
        ..order(host)
    };
    backend.launch(large(1)).await.unwrap();
    backend.launch(large(2)).await.unwrap();
    assert!(matches!(backend.launch(order(3)).await, Err(BackendError::NoCapacity { .. })));
    backend.terminate(HostId(1)).await.unwrap();
    backend.launch(order(3)).await.unwrap();
}

#[tokio::test]
async fn a_program_that_cannot_be_run_leaves_nothing() {
    let machine = machine();
    let mut world = World::new(machine.path());
    world.config.program = world.config.data_dir.join("none-such");
    let backend = world.start().await;
    let error = backend.launch(order(1)).await.unwrap_err();
    assert!(matches!(error, BackendError::Misconfigured { .. }), "{error}");
    assert_eq!(backend.list().await.unwrap(), BTreeSet::new());
    world.assert_nothing_left();
}

#[tokio::test]
async fn two_installations_leave_each_other_alone() {
    let machine = machine();
    let (mut one, mut other) = (World::new(machine.path()), World::new(machine.path()));
    let (first, second) = (one.start().await, other.start().await);
    // The same host id, too: only both ids together name a host.
    let (mine, theirs) = (one.launch(&first, 1).await, other.launch(&second, 1).await);
    assert_ne!(mine.address, theirs.address);
    first.terminate(HostId(1)).await.unwrap();
    one.assert_nothing_left();
    assert_eq!(other.pids(), vec![theirs.pid]);
    assert_eq!(second.list().await.unwrap(), BTreeSet::from([HostId(1)]));
    drop(first);
    down(one.config.clone()).await.unwrap();
    assert_eq!(other.pids(), vec![theirs.pid]);
}

#[tokio::test]
async fn everything_can_be_ended_without_a_server() {
    let machine = machine();
    let mut world = World::new(machine.path());
    let backend = world.start().await;
    for host in 1..=3 {
        world.launch(&backend, host).await;
    }
    drop(backend);
    world.change_record(2, |record| record.phase = Phase::Ending);
    fs::remove_dir_all(world.config.host_dir(HostId(3)).0).unwrap();
    down(world.config.clone()).await.unwrap();
    world.assert_nothing_left();
    let retired = BTreeSet::from([world.event().await, world.event().await]);
    assert_eq!(retired, [1, 2].map(|host| format!("retired {}", HostId(host))).into());
    down(world.config.clone()).await.unwrap();
}
