mod wished;

use std::collections::BTreeSet;

use berth_model::task::{Architecture, HostPort, Protocol};
use berth_model::unit::{GpuCount, Resources};
use expect_test::expect;

use super::*;
use crate::fixture::instance_type;

fn demand(cpu: u64, memory: u64) -> Demand {
    Demand { resources: Resources::new(cpu, memory), ..Demand::default() }
}

fn tcp(port: u16) -> HostPort {
    HostPort { protocol: Protocol::Tcp, port }
}

/// An idle host of this size that is ready.
fn slot(cpu: u64, memory: u64) -> Slot {
    let room = Room::of_type(&instance_type("t", cpu, memory, Architecture::X86_64), true);
    Slot { room, availability: Availability::Ready, kept: None }
}

fn with(mut slot: Slot, demand: &Demand) -> Slot {
    slot.room.take(demand);
    slot
}

fn fleet(slots: Vec<Slot>) -> Fleet {
    (1..).map(HostId).zip(slots).collect()
}

/// Nothing is known of hosts beyond their room.
#[derive(Debug)]
struct Nothing;

impl Known for Nothing {
    fn facts(&self, _: HostId) -> Option<Facts<'_>> {
        None
    }
}

fn field<'a>(fleet: &'a Fleet, keeps: &'a Keeps) -> Field<'a> {
    Field { fleet, keeps, known: &Nothing }
}

/// Places up to `count` tasks one by one, and says on which hosts.
fn placed(fleet: &mut Fleet, demand: &Demand, count: usize) -> Vec<u128> {
    let keeps = Keeps::new();
    let mut search = Search::new(Ask::new(demand), field(fleet, &keeps), Timestamp(0), 0);
    let mut hosts = Vec::new();
    while hosts.len() < count {
        let Some(host) = search.best(field(fleet, &keeps), Timestamp(0)) else { break };
        fleet.get_mut(&host).unwrap().room.take(demand);
        hosts.push(host.0);
    }
    hosts
}

fn explained(fleet: &Fleet, demand: &Demand) -> String {
    Ask::new(demand).tally(field(fleet, &Keeps::new()), Timestamp(0)).explain(demand)
}

#[test]
fn the_tightest_fit_is_filled_first() {
    let mut hosts = fleet(vec![
        slot(4096, 8192),
        with(slot(4096, 8192), &demand(3000, 1000)),
        with(slot(4096, 8192), &demand(1000, 1000)),
        slot(1024, 8192),
    ]);
    // What is left counts as a share of the host: of the nearly full one least, of the small one half.
    assert_eq!(placed(&mut hosts, &demand(512, 512), 20), [2, 2, 4, 4, 3, 3, 3, 3, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1]);
}

#[test]
fn the_tightest_dimension_counts() {
    let mut hosts = fleet(vec![with(slot(4096, 8192), &demand(2048, 0)), with(slot(4096, 8192), &demand(0, 6144))]);
    assert_eq!(placed(&mut hosts, &demand(128, 128), 1), [2]);
}

#[test]
fn gpus_are_left_to_those_who_need_them() {
    let mut kind = instance_type("gpu", 1024, 2048, Architecture::X86_64);
    kind.capacity.gpus = GpuCount(2);
    let gpu = Slot { room: Room::of_type(&kind, false), ..slot(0, 0) };
    let mut hosts = fleet(vec![gpu, slot(8192, 8192)]);
    assert_eq!(placed(&mut hosts, &demand(512, 512), 1), [2]);
    let mut needs = demand(256, 256);
    needs.resources.gpus = GpuCount(1);
    assert_eq!(placed(&mut hosts, &needs, 5), [1, 1]);
    expect!["no room on 2 hosts: 2 lack GPUs (needs 1)"].assert_eq(&explained(&hosts, &needs));
}

#[test]
fn a_port_is_taken_once_on_a_host() {
    let web = Demand { ports: BTreeSet::from([tcp(80)]), ..demand(64, 64) };
    let mut hosts = fleet(vec![slot(1024, 1024), slot(1024, 1024)]);
    assert_eq!(placed(&mut hosts, &web, 3), [1, 2]);
    expect!["no room on 2 hosts: 2 have port 80/tcp taken"].assert_eq(&explained(&hosts, &web));
    let ssh = Demand { ports: BTreeSet::from([tcp(22), tcp(80)]), ..demand(64, 64) };
    expect!["no room on 1 host: 1 has one of the ports 22/tcp, 80/tcp taken"]
        .assert_eq(&explained(&fleet(vec![slot(1024, 1024)]), &ssh));
}

#[test]
fn explanations_count_the_hosts_by_rule() {
    let other = Demand { architecture: Some(Architecture::Arm64), ..demand(2048, 512) };
    let away = Slot { availability: Availability::Disconnected, ..slot(4096, 4096) };
    let draining = Slot { availability: Availability::Draining, ..slot(4096, 4096) };
    let mut hosts = vec![slot(1024, 1024), slot(1024, 4096), slot(4096, 256), slot(4096, 4096), away, draining];
    expect!["no room on 6 hosts: 1 takes no new tasks, 1 is not connected, 2 lack CPU (needs 2048 CPU units), 1 lacks memory (needs 512 MiB), 1 is not ARM64"]
        .assert_eq(&explained(&fleet(hosts.clone()), &other));
    expect!["no host is there yet"].assert_eq(&explained(&fleet(vec![]), &other));
    let host_network = Demand { host_network: true, ..demand(512, 300) };
    hosts = vec![with(slot(4096, 4096), &host_network), slot(4096, 256)];
    expect!["no room on 2 hosts: 1 lacks memory (needs 300 MiB), 1 shares its network with another task in host network mode"]
        .assert_eq(&explained(&fleet(hosts), &host_network));
}

#[test]
fn a_failure_names_the_host_that_came_closest() {
    let web = Demand { ports: BTreeSet::from([tcp(80)]), ..demand(512, 512) };
    let hosts = fleet(vec![slot(256, 1024), with(slot(1024, 1024), &web), slot(256, 256)]);
    let failure = Ask::new(&web).tally(field(&hosts, &Keeps::new()), Timestamp(0)).failure(&web);
    assert_eq!((failure.host, failure.reason.as_str()), (Some(HostId(2)), "RESOURCE:PORTS"));
    let failure = Ask::new(&web).tally(field(&fleet(vec![]), &Keeps::new()), Timestamp(0)).failure(&web);
    assert_eq!(failure.detail, "No Container Instances were found in your cluster.");
}

#[test]
fn a_kept_host_is_for_its_class_and_for_older_tasks() {
    let mut queue = crate::queue::Queue::default();
    let Ok(pool) = "FARGATE".parse() else { panic!("a name") };
    let large = demand(1024, 1024);
    let crate::queue::Head::Moved(keeper, _) = queue.add(&pool, &large, Timestamp(50), berth_model::id::TaskId(1))
    else {
        panic!("a new class has a new head")
    };
    queue.keep(keeper, HostId(1));
    let hosts = fleet(vec![Slot { kept: Some(keeper), ..slot(1024, 1024) }]);
    let small = demand(64, 64);
    let verdict = |class: Option<_>, created| {
        let ask = class.map_or_else(|| Ask::new(&small), |class| Ask::of_class(&small, None, class));
        ask.verdict(HostId(1), &hosts[&HostId(1)], field(&hosts, queue.keeps()), Timestamp(created))
    };
    assert!(verdict(None, 49).is_ok());
    assert_eq!(verdict(None, 50), Err(Refusal::Kept));
    assert!(verdict(Some(keeper), 60).is_ok());
}

#[test]
fn room_counts_what_fits_beside_each_other() {
    let room = |shares| Room::of_type(&instance_type("t", 4096, 8192, Architecture::X86_64), shares);
    assert_eq!(room(false).count(&demand(1000, 1000), 10), 4);
    assert_eq!(room(false).count(&demand(1000, 1000), 3), 3);
    assert_eq!(room(false).count(&demand(0, 0), 9), 9);
    assert_eq!(room(false).count(&demand(5000, 0), 9), 0);
    let web = Demand { ports: BTreeSet::from([tcp(80)]), ..demand(1, 1) };
    assert_eq!(room(false).count(&web, 9), 1);
    let host_network = Demand { host_network: true, ..demand(1, 1) };
    assert_eq!(room(false).count(&host_network, 9), 9);
    assert_eq!(room(true).count(&host_network, 9), 1);
    let arm = Demand { architecture: Some(Architecture::Arm64), ..demand(1, 1) };
    assert_eq!(room(false).count(&arm, 9), 0);
}

#[test]
fn no_host_is_kept_for_a_network_or_a_port() {
    let empty = |_: HostId| Some(slot(1024, 1024).room);
    let small = demand(512, 512);
    let on_host = |demand: Demand| Demand { host_network: true, ..demand };
    let on_port = |demand: Demand| Demand { ports: BTreeSet::from([tcp(80)]), ..demand };
    let kept = |wanted: &Demand, taken: &Demand| {
        let (fleet, keeps) = (fleet(vec![with(slot(1024, 1024), taken)]), Keeps::new());
        host_to_keep(&Ask::new(wanted), field(&fleet, &keeps), empty)
    };
    assert_eq!(kept(&on_host(small.clone()), &on_host(small.clone())), None);
    assert_eq!(kept(&on_port(small.clone()), &on_port(small.clone())), None);
    let large = demand(1024, 512);
    assert_eq!(kept(&on_host(large.clone()), &on_host(small.clone())), None);
    assert_eq!(kept(&on_host(large.clone()), &small), Some(HostId(1)));
    assert_eq!(kept(&on_port(large.clone()), &on_port(small.clone())), Some(HostId(1)));
    assert_eq!(kept(&large, &small), Some(HostId(1)));
}
