//! What the plan decides, case by case; `property` has what holds for all of them.

#![expect(clippy::needless_raw_string_hashes, reason = "snapshots are written by their library")]

mod property;

use std::fmt::Write as _;
use std::time::Duration;

use berth_model::host::{HostStatus, InstanceType};
use berth_model::id::HostId;
use berth_model::task::{Architecture, Demand, HostPort, Protocol};
use berth_model::time::Timestamp;
use berth_model::unit::{MicroDollarsPerHour, Resources};
use berth_scheduler::pool::{Elsewhere, HostPlan, HostView, Pool, PoolView, Presence, Reach, Taken, WaitingClass};
use berth_scheduler::step::ClassId;
use expect_test::{Expect, expect};

use super::{CLASSES_MAX, plan};

const NOW: Timestamp = Timestamp(1_000_000);

fn kind(name: &str, cpu: u64, memory_mib: u64, price: u64) -> InstanceType {
    InstanceType {
        name: name.to_owned(),
        capacity: Resources::new(cpu, memory_mib),
        architecture: Architecture::X86_64,
        price: MicroDollarsPerHour(price),
    }
}

/// Types of 2 and 8 GiB per vCPU. Twice the size costs a little less than twice.
fn pool() -> Pool {
    Pool {
        provider: "FARGATE".parse().unwrap(),
        aliases: Vec::new(),
        catalogue: vec![
            kind("c.1", 1024, 2048, 50_000),
            kind("c.2", 2048, 4096, 99_000),
            kind("c.4", 4096, 8192, 197_000),
            kind("r.1", 1024, 8192, 76_000),
            kind("r.2", 2048, 16384, 151_000),
        ],
        hosts_max: 10,
        quota: None,
        scale_in_after: Duration::from_mins(1),
        shares_machine: true,
    }
}

fn demand(cpu: u64, memory_mib: u64) -> Demand {
    Demand { resources: Resources::new(cpu, memory_mib), ..Demand::default() }
}

fn waiting(class: &str, count: usize, demand: Demand) -> WaitingClass {
    WaitingClass { class: ClassId(class.to_owned()), demand, count, oldest: NOW, reach: None }
}

/// A host with nothing on it that is ready and became idle just now.
fn host(id: u128, instance_type: &str) -> HostView {
    let kinds = pool().catalogue;
    let kind = kinds.iter().find(|kind| kind.name == instance_type).unwrap();
    HostView {
        host: HostId(id),
        status: HostStatus::Active,
        presence: Presence::Here,
        impaired_since: None,
        instance_type: instance_type.to_owned(),
        capacity: kind.capacity,
        free: kind.capacity,
        architecture: Some(kind.architecture),
        capabilities: berth_model::task::Capability::ALL.into(),
        ports: std::collections::BTreeSet::new(),
        has_host_network: false,
        is_kept: false,
        tasks: 0,
        idle_since: Some(NOW),
    }
}

fn with_status(status: HostStatus, host: HostView) -> HostView {
    let presence = if status == HostStatus::Active { Presence::Here } else { Presence::AwaySince(NOW) };
    let idle_since = if status >= HostStatus::Active { host.idle_since } else { None };
    HostView { status, presence, idle_since, ..host }
}

/// The host with one task that takes all of it.
fn full(host: HostView) -> HostView {
    HostView { free: Resources::ZERO, tasks: 1, idle_since: None, ..host }
}

fn view(waiting: Vec<WaitingClass>, hosts: Vec<HostView>) -> PoolView {
    PoolView { waiting, hosts, unavailable: Vec::new(), elsewhere: Elsewhere::default() }
}

fn render(plan: &HostPlan) -> String {
    let mut text = String::new();
    for launch in &plan.launch {
        writeln!(text, "launch {}", launch.instance_type).unwrap();
    }
    for host in &plan.terminate {
        writeln!(text, "terminate {:x}", host.0).unwrap();
    }
    for (class, outlook) in &plan.outlook {
        writeln!(text, "{}: {outlook}", class.0).unwrap();
    }
    if let Some(at) = plan.look_again_at {
        writeln!(text, "look again in {} ms", at.0 - NOW.0).unwrap();
    }
    text
}

#[expect(clippy::needless_pass_by_value, reason = "a snapshot is written at the call")]
fn check(pool: &Pool, view: &PoolView, snapshot: Expect) {
    snapshot.assert_eq(&render(&plan(pool, view, NOW)));
}

#[test]
fn nothing_waits_and_nothing_is_there() {
    check(&pool(), &view(vec![], vec![]), expect![[""]]);
}

#[test]
fn one_task_gets_the_cheapest_host_that_holds_it() {
    check(
        &pool(),
        &view(vec![waiting("a", 1, demand(256, 512))], vec![]),
        expect![[r#"
        launch c.1
        a: 1 host of type c.1 is being launched
    "#]],
    );
    check(
        &pool(),
        &view(vec![waiting("a", 1, demand(1024, 4096))], vec![]),
        expect![[r#"
        launch r.1
        a: 1 host of type r.1 is being launched
    "#]],
    );
}

#[test]
fn tasks_share_hosts() {
    check(
        &pool(),
        &view(vec![waiting("a", 16, demand(256, 512))], vec![]),
        expect![[r#"
        launch c.4
        a: 1 host of type c.4 is being launched
    "#]],
    );
    check(
        &pool(),
        &view(vec![waiting("a", 5, demand(1024, 2048)), waiting("b", 2, demand(512, 6144))], vec![]),
        expect![[r#"
            launch r.2
            launch c.4
            a: 1 host of type c.4 and 1 host of type r.2 are being launched
            b: 1 host of type r.2 is being launched
        "#]],
    );
}

#[test]
fn hosts_that_are_coming_are_counted_on() {
    let tasks = || vec![waiting("a", 2, demand(1024, 2048)), waiting("b", 1, demand(1024, 1024))];
    check(
        &pool(),
        &view(tasks(), vec![with_status(HostStatus::Requested, host(1, "c.4"))]),
        expect![[r#"
        a: 1 host of type c.4 is being launched
        b: 1 host of type c.4 is being launched
    "#]],
    );
    check(
        &pool(),
        &view(tasks(), vec![with_status(HostStatus::Launching, host(1, "c.4"))]),
        expect![[r#"
        a: 1 host of type c.4 is being launched
        b: 1 host of type c.4 is being launched
    "#]],
    );
    check(
        &pool(),
        &view(tasks(), vec![host(1, "c.4")]),
        expect![[r#"
        a: 1 host of type c.4 is there with room
        b: 1 host of type c.4 is there with room
        look again in 60000 ms
    "#]],
    );
    check(
        &pool(),
        &view(tasks(), vec![with_status(HostStatus::Terminating, host(1, "c.4"))]),
        expect![[r#"
        launch c.1
        launch c.2
        a: 1 host of type c.1 and 1 host of type c.2 are being launched
        b: 1 host of type c.2 is being launched
    "#]],
    );
}

#[test]
fn room_that_is_kept_for_others_is_none() {
    let kept =
        HostView { is_kept: true, tasks: 1, idle_since: None, free: Resources::new(1024, 2048), ..host(1, "c.4") };
    check(
        &pool(),
        &view(vec![waiting("large", 1, demand(4096, 8192)), waiting("small", 1, demand(256, 512))], vec![kept]),
        expect![[r#"
            launch c.1
            launch c.4
            large: 1 host of type c.4 is being launched
            small: 1 host of type c.1 is being launched
        "#]],
    );
}

#[test]
fn an_agent_that_is_away_is_waited_for_a_little() {
    let away = |ago_ms: i64| HostView { presence: Presence::AwaySince(Timestamp(NOW.0 - ago_ms)), ..host(1, "c.2") };
    check(
        &pool(),
        &view(vec![waiting("a", 1, demand(1024, 2048))], vec![away(29_000)]),
        expect![[r#"
        a: 1 host of type c.2 is expected back
        look again in 1000 ms
    "#]],
    );
    check(
        &pool(),
        &view(vec![waiting("a", 1, demand(1024, 2048))], vec![away(30_000)]),
        expect![[r#"
        launch c.1
        a: 1 host of type c.1 is being launched
        look again in 60000 ms
    "#]],
    );
}

#[test]
fn an_agent_that_has_registered_is_waited_for_like_one_that_is_coming() {
    check(
        &pool(),
        &view(
            vec![waiting("a", 1, demand(1024, 2048))],
            vec![HostView { presence: Presence::Awaited, ..host(1, "c.2") }],
        ),
        expect![[r#"
            a: 1 host of type c.2 is being launched
            look again in 60000 ms
        "#]],
    );
}

#[test]
fn classes_that_no_host_can_help_take_no_places_of_others() {
    let hopeless = (0..2 * CLASSES_MAX).map(|n| {
        let demand = Demand { architecture: Some(Architecture::Arm64), ..demand(1024, 2048) };
        waiting(&format!("arm {n}"), 1, demand)
    });
    let classes = hopeless.chain([waiting("a", 1, demand(1024, 2048))]).collect();
    assert_eq!(plan(&pool(), &view(classes, vec![]), NOW).launch.len(), 1);
}

#[test]
fn the_limit_of_hosts_is_kept_with_larger_hosts() {
    let pool = Pool { hosts_max: 1, ..pool() };
    check(
        &pool,
        &view(vec![waiting("a", 1, demand(1024, 8192)), waiting("b", 3, demand(256, 512))], vec![]),
        expect![[r#"
        launch r.2
        a: 1 host of type r.2 is being launched
        b: 1 host of type r.2 is being launched
    "#]],
    );
    check(
        &pool,
        &view(vec![waiting("a", 1, demand(1024, 2048))], vec![full(host(1, "c.1"))]),
        expect![[r#"
        a: the pool is at its limit of 1 host
    "#]],
    );
}

#[test]
fn the_quota_is_kept_until_hosts_are_gone() {
    let pool = Pool { quota: Some(Resources::new(2048, 8192)), ..pool() };
    check(
        &pool,
        &view(vec![waiting("a", 3, demand(1024, 2048))], vec![]),
        expect![[r#"
        launch c.2
        a: 1 host of type c.2 is being launched; for the rest: all 2048 CPU units of this machine are taken
    "#]],
    );
    check(
        &pool,
        &view(vec![waiting("a", 1, demand(1024, 2048))], vec![full(host(1, "c.2"))]),
        expect![[r#"
        a: all 2048 CPU units of this machine are taken
    "#]],
    );
    check(
        &pool,
        &view(vec![waiting("a", 1, demand(2048, 2048))], vec![full(host(1, "c.1"))]),
        expect![[r#"
        a: 1024 of the 2048 CPU units of this machine are taken
    "#]],
    );
    let leaving = with_status(HostStatus::Terminating, host(1, "c.2"));
    check(
        &pool,
        &view(vec![waiting("a", 1, demand(1024, 2048))], vec![leaving]),
        expect![[r#"
        a: all 2048 CPU units of this machine are taken; hosts that are leaving make room
    "#]],
    );
}

#[test]
fn idle_hosts_of_the_wrong_size_make_room() {
    let pool = Pool { quota: Some(Resources::new(2048, 8192)), ..pool() };
    let idle = || vec![host(1, "c.1"), host(2, "c.1")];
    check(
        &pool,
        &view(vec![waiting("a", 1, demand(2048, 4096))], idle()),
        expect![[r#"
            terminate 1
            terminate 2
            a: all 2048 CPU units of this machine are taken; hosts that are leaving make room
        "#]],
    );
    // Not for a task that one of them could hold,
    let busy = || vec![full(host(1, "c.1")), host(2, "r.1")];
    let smaller = Pool { quota: Some(Resources::new(2048, 10240)), ..pool };
    check(
        &smaller,
        &view(vec![waiting("a", 2, demand(1024, 2048))], busy()),
        expect![[r#"
        a: 1 host of type r.1 is there with room; for the rest: all 2048 CPU units of this machine are taken
        look again in 60000 ms
    "#]],
    );
    // not if it would not be enough,
    check(
        &smaller,
        &view(vec![waiting("a", 1, demand(2048, 4096))], busy()),
        expect![[r#"
        a: all 2048 CPU units of this machine are taken
        look again in 60000 ms
    "#]],
    );
    // and not again while they are leaving; meanwhile the room is not given away.
    let leaving = idle().into_iter().map(|host| with_status(HostStatus::Terminating, host)).collect();
    let tasks = vec![waiting("a", 1, demand(2048, 4096)), waiting("b", 1, demand(1024, 2048))];
    check(
        &smaller,
        &view(tasks, leaving),
        expect![[r#"
        a: all 2048 CPU units of this machine are taken; hosts that are leaving make room
        b: all 2048 CPU units of this machine are taken
    "#]],
    );
}

#[test]
fn the_oldest_comes_first_when_not_all_can_be_served() {
    let pool = Pool { quota: Some(Resources::new(2048, 4096)), ..pool() };
    check(
        &pool,
        &view(vec![waiting("large", 1, demand(2048, 4096)), waiting("small", 3, demand(1024, 2048))], vec![]),
        expect![[r#"
            launch c.2
            large: 1 host of type c.2 is being launched
            small: all 2048 CPU units of this machine are taken
        "#]],
    );
}

#[test]
fn idle_hosts_leave_when_their_time_is_up() {
    let idle_for =
        |id, seconds: i64, kind| HostView { idle_since: Some(Timestamp(NOW.0 - seconds * 1000)), ..host(id, kind) };
    let hosts = || vec![idle_for(1, 61, "c.1"), idle_for(2, 60, "c.2"), idle_for(3, 20, "c.1"), full(host(4, "c.1"))];
    check(
        &pool(),
        &view(vec![], hosts()),
        expect![[r#"
        terminate 1
        terminate 2
        look again in 40000 ms
    "#]],
    );
    // One that a waiting task fits on stays.
    check(
        &pool(),
        &view(vec![waiting("a", 1, demand(2048, 256))], hosts()),
        expect![[r#"
        terminate 1
        a: 1 host of type c.2 is there with room
        look again in 40000 ms
    "#]],
    );
    let draining = vec![with_status(HostStatus::Draining, host(1, "c.1"))];
    check(
        &pool(),
        &view(vec![], draining),
        expect![[r#"
        terminate 1
    "#]],
    );
}

#[test]
fn types_that_could_not_be_had_are_left_alone_for_a_while() {
    let mut view = view(vec![waiting("a", 1, demand(1024, 2048))], vec![]);
    view.unavailable = vec![("c.1".to_owned(), Timestamp(NOW.0 + 5_000)), ("r.1".to_owned(), NOW)];
    check(
        &pool(),
        &view,
        expect![[r#"
        launch r.1
        a: 1 host of type r.1 is being launched
    "#]],
    );
    let only = Pool { catalogue: vec![kind("c.1", 1024, 2048, 50_000)], ..pool() };
    check(
        &only,
        &view,
        expect![[r#"
        a: no host of type c.1 could be launched; it will be tried again
        look again in 5000 ms
    "#]],
    );
    let every = ["c.1", "c.2", "c.4", "r.1", "r.2"];
    view.unavailable = every.iter().map(|name| ((*name).to_owned(), Timestamp(NOW.0 + 5_000))).collect();
    check(
        &pool(),
        &view,
        expect![[r#"
        a: no host of any of the 5 types that are large enough could be launched; they will be tried again
        look again in 5000 ms
    "#]],
    );
}

#[test]
fn fixed_ports_keep_tasks_apart() {
    let web = |port| Demand { ports: [HostPort { protocol: Protocol::Tcp, port }].into(), ..demand(128, 128) };
    check(
        &pool(),
        &view(vec![waiting("a", 2, web(80)), waiting("b", 1, web(81))], vec![]),
        expect![[r#"
        launch c.1
        launch c.1
        a: 2 hosts of type c.1 are being launched
        b: 1 host of type c.1 is being launched
    "#]],
    );
    let taken = HostView { ports: web(80).ports, ..host(1, "c.1") };
    check(
        &pool(),
        &view(vec![waiting("a", 1, web(80)), waiting("b", 1, web(81))], vec![taken]),
        expect![[r#"
        launch c.1
        a: 1 host of type c.1 is being launched
        b: 1 host of type c.1 is there with room
        look again in 60000 ms
    "#]],
    );
}

#[test]
fn one_machine_has_one_host_network() {
    let task = || Demand { host_network: true, ..demand(1024, 1024) };
    check(
        &pool(),
        &view(
            vec![waiting("a", 2, task()), waiting("b", 1, Demand { host_network: true, ..demand(128, 128) })],
            vec![],
        ),
        expect![[r#"
        launch c.1
        a: 1 host of type c.1 is being launched; for the rest: tasks in host network mode run one at a time on this machine
        b: tasks in host network mode run one at a time on this machine
    "#]],
    );
    let user = HostView { has_host_network: true, ..full(host(1, "c.1")) };
    check(
        &pool(),
        &view(vec![waiting("a", 1, task())], vec![user.clone()]),
        expect![[r#"
        a: tasks in host network mode run one at a time on this machine
    "#]],
    );
    let apart = Pool { shares_machine: false, ..pool() };
    check(
        &apart,
        &view(vec![waiting("a", 1, task())], vec![user]),
        expect![[r#"
        launch c.1
        a: 1 host of type c.1 is being launched
    "#]],
    );
}

#[test]
fn what_no_type_can_hold_is_said() {
    check(
        &pool(),
        &view(vec![waiting("a", 1, demand(8192, 1024))], vec![]),
        expect![[r#"
        a: no host type of the pool can hold it; the largest, c.4, has 4096 CPU units, 8192 MiB
    "#]],
    );
    let arm = Demand { architecture: Some(Architecture::Arm64), ..demand(128, 128) };
    check(
        &pool(),
        &view(vec![waiting("a", 1, arm)], vec![]),
        expect![[r#"
        a: no host type of the pool has the architecture ARM64
    "#]],
    );
}

#[test]
fn many_tasks_are_one_plan_s_work() {
    let pool = Pool { hosts_max: 1_000, ..pool() };
    let plan = plan(&pool, &view(vec![waiting("a", 100_000, demand(256, 512))], vec![]), NOW);
    assert_eq!(plan.launch.len(), super::LAUNCHES_MAX);
    let classes = (0..1_000).map(|n| waiting(&n.to_string(), 3, demand(64 + n, 128 + n))).collect();
    let plan = super::plan(&pool, &view(classes, vec![]), NOW);
    assert_eq!(plan.outlook.len(), 1_000);
    assert!(plan.launch.len() <= super::LAUNCHES_MAX);
}

#[test]
fn idle_hosts_of_other_pools_make_room_and_no_more_than_are_needed() {
    let pool = Pool { quota: Some(Resources::new(4096, 16384)), ..pool() };
    let small = Resources::new(1024, 2048);
    let taken = |hosts: u64| Taken {
        hosts: usize::try_from(hosts).unwrap(),
        resources: Resources::new(1024 * hosts, 2048 * hosts),
    };
    let ended = |cpu: u64, leaving: u64| {
        let idle = (1..=3).map(|id| (HostId(id), small)).collect();
        let elsewhere = Elsewhere { taken: taken(4), leaving: taken(leaving), idle };
        let view = PoolView { elsewhere, ..view(vec![waiting("a", 1, demand(cpu, 4096))], vec![]) };
        let plan = plan(&pool, &view, NOW);
        assert_eq!(plan.launch, [], "there is no room yet");
        plan.terminate.iter().map(|host| host.0).collect::<Vec<_>>()
    };
    assert_eq!(ended(2048, 0), [1, 2]);
    assert_eq!(ended(2048, 1), [1]);
    assert_eq!(ended(2048, 2), [0; 0], "those that leave are enough");
    assert_eq!(ended(4096, 0), [0; 0], "all of them would not be enough");
}

#[test]
fn a_pool_of_which_no_type_is_left_launches_nothing() {
    let pool = Pool { catalogue: Vec::new(), ..pool() };
    let plan = plan(&pool, &view(vec![waiting("a", 1, demand(1024, 2048))], vec![host(1, "c.1")]), NOW);
    assert_eq!((plan.launch.len(), plan.outlook.len()), (0, 1), "{plan:?}");
}

fn reaching(types: &[&str], hosts: &[u128], is_distinct: bool, class: WaitingClass) -> WaitingClass {
    let reach = Reach {
        hosts: hosts.iter().copied().map(HostId).collect(),
        types: types.iter().map(|name| (*name).to_owned()).collect(),
        is_distinct,
    };
    WaitingClass { reach: Some(reach), ..class }
}

#[test]
fn constrained_tasks_are_given_hosts_that_help_them() {
    let small = || waiting("a", 2, demand(128, 128));
    check(
        &pool(),
        &view(vec![reaching(&["r.2"], &[], false, small())], vec![host(1, "c.1")]),
        expect![[r#"
            launch r.2
            a: 1 host of type r.2 is being launched
            look again in 60000 ms
        "#]],
    );
    check(
        &pool(),
        &view(vec![reaching(&[], &[], false, small())], vec![host(1, "c.1")]),
        expect![[r#"
            a: no new host of the pool would match the placement constraints
            look again in 60000 ms
        "#]],
    );
    check(
        &pool(),
        &view(
            vec![reaching(&["c.1"], &[2], true, waiting("a", 3, demand(128, 128)))],
            vec![host(1, "c.1"), host(2, "c.1")],
        ),
        expect![[r#"
            launch c.1
            launch c.1
            a: 1 host of type c.1 is there with room, 2 hosts of type c.1 are being launched
            look again in 60000 ms
        "#]],
    );
}
