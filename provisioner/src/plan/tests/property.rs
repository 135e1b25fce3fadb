//! What holds for every plan.

use std::collections::BTreeSet;
use std::time::Duration;

use berth_model::host::{HostStatus, InstanceType};
use berth_model::id::HostId;
use berth_model::task::{Demand, HostPort, Protocol};
use berth_model::time::Timestamp;
use berth_model::unit::Resources;
use berth_scheduler::pool::{Elsewhere, HostPlan, HostView, Pool, PoolView, Presence, WaitingClass};
use berth_scheduler::step::ClassId;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::plan;
use super::{NOW, kind};

fn any_pool() -> impl Strategy<Value = Pool> {
    let types = vec((1..=8_u64, select(vec![1_u64, 2, 4, 8]), 80..=120_u64), 1..8);
    let quota = proptest::option::of((1..=16_u64, 1..=64_u64));
    (types, 0..12_usize, quota, any::<bool>()).prop_map(|(types, hosts_max, quota, shares_machine)| Pool {
        provider: "FARGATE".parse().unwrap(),
        aliases: Vec::new(),
        catalogue: types.iter().enumerate().map(|(n, &(vcpu, gib, percent))| any_kind(n, vcpu, gib, percent)).collect(),
        hosts_max,
        quota: quota.map(|(vcpu, gib)| Resources::new(vcpu * 1024, gib * 1024)),
        scale_in_after: Duration::from_mins(1),
        shares_machine,
    })
}

/// A type with a price near the sum of what its parts would cost.
fn any_kind(number: usize, vcpu: u64, gib_per_vcpu: u64, percent: u64) -> InstanceType {
    let price = (vcpu * 40_000 + vcpu * gib_per_vcpu * 4_400) * percent / 100;
    kind(&format!("type.{number}"), vcpu * 1024, vcpu * gib_per_vcpu * 1024, price)
}

fn any_demand() -> impl Strategy<Value = Demand> {
    let ports = proptest::option::weighted(0.2, 80..82_u16);
    (1..=20_u64, 1..=40_u64, ports, proptest::bool::weighted(0.1)).prop_map(|(cpu, memory, port, host_network)| {
        Demand {
            resources: Resources::new(cpu * 128, memory * 256),
            ports: port.map(|port| HostPort { protocol: Protocol::Tcp, port }).into_iter().collect(),
            host_network,
            architecture: None,
            capabilities: std::collections::BTreeSet::new(),
            placement: None,
        }
    })
}

fn any_waiting() -> impl Strategy<Value = Vec<WaitingClass>> {
    let classes = vec((any_demand(), 1..6_usize), 0..8);
    classes.prop_map(|classes| {
        let class = |(n, (demand, count)): (usize, (Demand, usize))| WaitingClass {
            class: ClassId(n.to_string()),
            demand,
            count,
            oldest: NOW,
            reach: None,
        };
        classes.into_iter().enumerate().map(class).collect()
    })
}

#[derive(Debug, Clone)]
struct AnyHost {
    kind: usize,
    status: HostStatus,
    is_connected: bool,
    changed_seconds_ago: i64,
    used_percent: u64,
    idle_seconds: i64,
}

fn any_host() -> impl Strategy<Value = AnyHost> {
    let status = select(vec![
        HostStatus::Requested,
        HostStatus::Launching,
        HostStatus::Active,
        HostStatus::Active,
        HostStatus::Active,
        HostStatus::Draining,
        HostStatus::Terminating,
    ]);
    (0..8_usize, status, any::<bool>(), 0..60_i64, select(vec![0, 0, 30, 60, 100_u64]), 0..120_i64).prop_map(
        |(kind, status, is_connected, changed_seconds_ago, used_percent, idle_seconds)| AnyHost {
            kind,
            status,
            is_connected,
            changed_seconds_ago,
            used_percent,
            idle_seconds,
        },
    )
}

fn host_view(pool: &Pool, id: u128, host: &AnyHost) -> HostView {
    let kind = &pool.catalogue[host.kind % pool.catalogue.len()];
    let used_percent =
        if host.status == HostStatus::Active || host.status == HostStatus::Draining { host.used_percent } else { 0 };
    let used = Resources::new(kind.capacity.cpu.0 * used_percent / 100, kind.capacity.memory.0 * used_percent / 100);
    HostView {
        host: HostId(id),
        status: host.status,
        presence: match (host.is_connected, host.changed_seconds_ago) {
            (true, _) if host.status == HostStatus::Active => Presence::Here,
            (_, 0..10) => Presence::Awaited,
            (_, ago) => Presence::AwaySince(Timestamp(NOW.0 - ago * 1000)),
        },
        impaired_since: None,
        instance_type: kind.name.clone(),
        capacity: kind.capacity,
        free: kind.capacity.saturating_sub(used),
        architecture: None,
        capabilities: berth_model::task::Capability::ALL.into(),
        ports: BTreeSet::new(),
        has_host_network: false,
        is_kept: false,
        tasks: usize::from(used_percent > 0),
        idle_since: (used_percent == 0 && host.status >= HostStatus::Active)
            .then_some(Timestamp(NOW.0 - host.idle_seconds * 1000)),
    }
}

/// A pool, and hosts and tasks in it that may be beyond its limits (a setting may have changed).
fn any_case() -> impl Strategy<Value = (Pool, PoolView)> {
    (any_pool(), any_waiting(), vec(any_host(), 0..8), vec((0..8_usize, -10..10_i64), 0..3)).prop_map(
        |(pool, waiting, hosts, unavailable)| {
            let hosts = (1..).zip(&hosts).map(|(id, host)| host_view(&pool, id * 7919 % 101, host)).collect();
            let unavailable = unavailable.iter().map(|(kind, seconds)| {
                (pool.catalogue[kind % pool.catalogue.len()].name.clone(), Timestamp(NOW.0 + seconds * 1000))
            });
            let unavailable = unavailable.collect();
            (pool, PoolView { waiting, hosts, unavailable, elsewhere: Elsewhere::default() })
        },
    )
}

/// The view once the plan's rows are there.
fn applied(pool: &Pool, view: &PoolView, plan: &HostPlan) -> PoolView {
    let mut view = view.clone();
    for host in view.hosts.iter_mut().filter(|host| plan.terminate.contains(&host.host)) {
        host.status = HostStatus::Terminating;
        host.presence = Presence::AwaySince(NOW);
    }
    for (n, launch) in (0..).zip(&plan.launch) {
        let kind = pool.catalogue.iter().position(|kind| kind.name == launch.instance_type).unwrap();
        let host = AnyHost {
            kind,
            status: HostStatus::Requested,
            is_connected: false,
            changed_seconds_ago: 0,
            used_percent: 0,
            idle_seconds: 0,
        };
        // Ids that sort before, between and after the others'.
        view.hosts.push(host_view(pool, (n * 7907 + 13) % 1009 + 1000 * (n % 2), &host));
    }
    view.hosts.sort_by_key(|host| host.host);
    view
}

fn price(pool: &Pool, name: &str) -> u64 {
    pool.catalogue.iter().find(|kind| kind.name == name).unwrap().price.0
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn limits_are_kept((pool, view) in any_case()) {
        let plan = plan(&pool, &view, NOW);
        let after = applied(&pool, &view, &plan);
        if !plan.launch.is_empty() {
            prop_assert!(after.hosts.len() <= pool.hosts_max);
            let sum: Resources = after.hosts.iter().map(|host| host.capacity).sum();
            prop_assert!(pool.quota.is_none_or(|quota| sum.fits_in(quota)));
        }
        for launch in &plan.launch {
            let is_unavailable = view.unavailable.iter().any(|(name, until)| *name == launch.instance_type && *until > NOW);
            prop_assert!(!is_unavailable);
        }
        prop_assert_eq!(plan.outlook.len(), view.waiting.len());
    }

    #[test]
    fn only_idle_hosts_leave((pool, view) in any_case()) {
        for id in plan(&pool, &view, NOW).terminate {
            let host = view.hosts.iter().find(|host| host.host == id).unwrap();
            prop_assert_eq!(host.tasks, 0);
            prop_assert!(matches!(host.status, HostStatus::Active | HostStatus::Draining));
        }
    }

    #[test]
    fn every_planned_host_is_of_use((pool, view) in any_case()) {
        let plan = plan(&pool, &view, NOW);
        for launch in &plan.launch {
            let kind = pool.catalogue.iter().find(|kind| kind.name == launch.instance_type).unwrap();
            prop_assert!(view.waiting.iter().any(|class| class.demand.resources.fits_in(kind.capacity)));
        }
        let tasks: usize = view.waiting.iter().map(|class| class.count).sum();
        prop_assert!(plan.launch.len() <= tasks);
    }

    #[test]
    fn a_plan_carried_out_asks_for_nothing_more((pool, view) in any_case()) {
        let first = plan(&pool, &view, NOW);
        let second = plan(&pool, &applied(&pool, &view, &first), NOW);
        prop_assert_eq!(&second.launch, &vec![]);
        prop_assert_eq!(&second.terminate, &vec![]);
        if first.terminate.is_empty() {
            prop_assert_eq!(&second.outlook, &first.outlook);
        }
    }

    #[test]
    fn when_nothing_waits_hosts_only_leave((pool, mut view) in any_case()) {
        view.waiting.clear();
        let plan = plan(&pool, &view, NOW);
        prop_assert!(plan.launch.is_empty());
        for host in view.hosts.iter().filter(|host| plan.terminate.contains(&host.host)) {
            let is_due = host.idle_since.is_some_and(|since| since + pool.scale_in_after <= NOW);
            prop_assert!(is_due || host.status == HostStatus::Draining);
        }
    }

    #[test]
    fn it_costs_no_more_than_a_host_for_each_task((mut pool, mut view) in any_case()) {
        pool.hosts_max = 1_000;
        pool.quota = None;
        pool.shares_machine = false;
        view.unavailable.clear();
        view.hosts.clear();
        let cheapest = |demand: &Demand| {
            let holds = pool.catalogue.iter().filter(|kind| demand.resources.fits_in(kind.capacity));
            holds.map(|kind| kind.price.0).min()
        };
        let each: u64 = view.waiting.iter().filter_map(|class| Some(cheapest(&class.demand)? * class.count as u64)).sum();
        let together: u64 = plan(&pool, &view, NOW).launch.iter().map(|launch| price(&pool, &launch.instance_type)).sum();
        prop_assert!(together <= each, "{} > {}", together, each);
    }

    #[test]
    fn without_limits_every_task_that_a_type_can_hold_is_served((mut pool, mut view) in any_case()) {
        pool.hosts_max = 1_000;
        pool.quota = None;
        pool.shares_machine = false;
        view.unavailable.clear();
        let plan = plan(&pool, &view, NOW);
        for (class, (_, outlook)) in view.waiting.iter().zip(&plan.outlook) {
            let is_held = pool.catalogue.iter().any(|kind| class.demand.resources.fits_in(kind.capacity));
            prop_assert_eq!(is_held && !outlook.contains("for the rest"), is_held, "{}", outlook);
            prop_assert!(!outlook.contains("limit") && !outlook.contains("taken"), "{}", outlook);
        }
    }

    #[test]
    fn ids_and_their_order_do_not_matter((pool, view) in any_case()) {
        let mut other = view.clone();
        for host in &mut other.hosts {
            host.host = HostId(host.host.0 ^ 0xFF);
        }
        other.hosts.sort_by_key(|host| host.host);
        let (one, other) = (plan(&pool, &view, NOW), plan(&pool, &other, NOW));
        prop_assert_eq!(one.launch, other.launch);
        prop_assert_eq!(one.outlook, other.outlook);
        prop_assert_eq!(one.terminate.len(), other.terminate.len());
    }
}
