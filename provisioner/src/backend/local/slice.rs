//! The sizes in which the machine is handed out, and their prices.

use berth_model::host::InstanceType;
use berth_model::unit::{MicroDollarsPerHour, Resources};

use super::machine::Machine;

/// The type that is all of the machine, whatever its shape.
const WHOLE: &str = "local.machine";

/// CPU of the slices, in units: the sizes of Fargate tasks and some beyond.
const CPU_UNITS: [u64; 9] = [256, 512, 1024, 2048, 4096, 8192, 16384, 32768, 65536];

/// GiB of memory per vCPU of the families: Fargate's smallest and largest ratio, and the one between.
const GIB_PER_VCPU: [u64; 3] = [2, 4, 8];

// Nobody pays these; they only say what is worth more. They are in the proportion of what clouds take, so that a task
// with much memory and little CPU gets a host of its kind rather than twice the processors.
const MICRO_DOLLARS_PER_VCPU_HOUR: u64 = 40_000;
const MICRO_DOLLARS_PER_GIB_HOUR: u64 = 4_400;

/// What an agent takes of the machine, whatever its host's size. It makes one host for four tasks better than four hosts
/// for one each, and is small enough that no host is taken larger than its tasks.
const MICRO_DOLLARS_PER_HOST_HOUR: u64 = 250;

/// The slices that fit the machine, and all of it. `local.1x2` has 1 vCPU and 2 GiB.
pub(super) fn catalogue(machine: &Machine) -> Vec<InstanceType> {
    let sizes =
        CPU_UNITS.iter().flat_map(|&cpu| GIB_PER_VCPU.iter().map(move |&ratio| Resources::new(cpu, cpu * ratio)));
    let slices = sizes.filter(|size| size.fits_in(machine.capacity) && *size != machine.capacity);
    let slices = slices.map(|size| instance_type(slice_name(size), size, machine));
    slices.chain([instance_type(WHOLE.to_owned(), machine.capacity, machine)]).collect()
}

fn instance_type(name: String, capacity: Resources, machine: &Machine) -> InstanceType {
    let cpu = capacity.cpu.0 * MICRO_DOLLARS_PER_VCPU_HOUR / 1024;
    let memory = capacity.memory.0 * MICRO_DOLLARS_PER_GIB_HOUR / 1024;
    let price = MicroDollarsPerHour(cpu + memory + MICRO_DOLLARS_PER_HOST_HOUR);
    InstanceType { name, capacity, architecture: machine.architecture, price }
}

fn slice_name(size: Resources) -> String {
    let in_1024ths = |amount: u64| match (amount / 1024, amount % 1024) {
        (whole, 0) => whole.to_string(),
        (whole, 256) => format!("{whole}.25"),
        (whole, 512) => format!("{whole}.5"),
        (whole, part) => format!("{whole}.{:03}", part * 1000 / 1024),
    };
    format!("local.{}x{}", in_1024ths(size.cpu.0), in_1024ths(size.memory.0))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::needless_raw_string_hashes, reason = "snapshots are written by their library")]

    use std::collections::BTreeSet;
    use std::fmt::Write as _;
    use std::time::Duration;

    use berth_model::task::{Architecture, Demand};
    use berth_model::time::Timestamp;
    use berth_scheduler::pool::{Elsewhere, Pool, PoolView, WaitingClass};
    use berth_scheduler::step::ClassId;
    use expect_test::{Expect, expect};

    use super::*;
    use crate::plan::plan;

    fn machine(cpu: u64, memory_mib: u64) -> Machine {
        Machine { capacity: Resources::new(cpu, memory_mib), architecture: Architecture::X86_64 }
    }

    #[test]
    fn slices_fit_the_machine() {
        for machine in [machine(2048, 7_348), machine(65536, 262_144), machine(1024, 512), machine(4096, 16_384)] {
            let catalogue = catalogue(&machine);
            assert!(catalogue.iter().all(|kind| kind.capacity.fits_in(machine.capacity)));
            let names: BTreeSet<&str> = catalogue.iter().map(|kind| kind.name.as_str()).collect();
            let sizes: BTreeSet<Resources> = catalogue.iter().map(|kind| kind.capacity).collect();
            assert_eq!((names.len(), sizes.len()), (catalogue.len(), catalogue.len()));
        }
    }

    #[test]
    fn a_small_machine_has_these() {
        let mut text = String::new();
        for kind in catalogue(&machine(2048, 7_348)) {
            writeln!(text, "{}: {} at {}", kind.name, kind.capacity, kind.price).unwrap();
        }
        expect![[r#"
            local.0.25x0.5: 256 CPU units, 512 MiB at 12450 micro-dollars/h
            local.0.25x1: 256 CPU units, 1024 MiB at 14650 micro-dollars/h
            local.0.25x2: 256 CPU units, 2048 MiB at 19050 micro-dollars/h
            local.0.5x1: 512 CPU units, 1024 MiB at 24650 micro-dollars/h
            local.0.5x2: 512 CPU units, 2048 MiB at 29050 micro-dollars/h
            local.0.5x4: 512 CPU units, 4096 MiB at 37850 micro-dollars/h
            local.1x2: 1024 CPU units, 2048 MiB at 49050 micro-dollars/h
            local.1x4: 1024 CPU units, 4096 MiB at 57850 micro-dollars/h
            local.2x4: 2048 CPU units, 4096 MiB at 97850 micro-dollars/h
            local.machine: 2048 CPU units, 7348 MiB at 111823 micro-dollars/h
        "#]]
        .assert_eq(&text);
    }

    /// What is launched for that many tasks of that size on a machine of 8 vCPU and 30 GiB.
    #[expect(clippy::needless_pass_by_value, reason = "a snapshot is written at the call")]
    fn check(tasks: usize, cpu: u64, memory_mib: u64, snapshot: Expect) {
        let machine = machine(8192, 30_720);
        let pool = Pool {
            provider: "FARGATE".parse().unwrap(),
            aliases: Vec::new(),
            catalogue: catalogue(&machine),
            hosts_max: 16,
            quota: Some(machine.capacity),
            scale_in_after: Duration::from_mins(1),
            shares_machine: true,
        };
        let waiting = WaitingClass {
            class: ClassId("a".to_owned()),
            demand: Demand { resources: Resources::new(cpu, memory_mib), ..Demand::default() },
            count: tasks,
            oldest: Timestamp(0),
            reach: None,
        };
        let view = PoolView {
            waiting: vec![waiting],
            hosts: Vec::new(),
            unavailable: Vec::new(),
            elsewhere: Elsewhere::default(),
        };
        let launch = plan(&pool, &view, Timestamp(0)).launch;
        let names: Vec<&str> = launch.iter().map(|host| host.instance_type.as_str()).collect();
        snapshot.assert_eq(&names.join(" "));
    }

    #[test]
    fn tasks_get_hosts_of_their_size() {
        check(1, 256, 512, expect!["local.0.25x0.5"]);
        check(1, 256, 2048, expect!["local.0.25x2"]);
        check(1, 512, 3072, expect!["local.0.5x4"]);
        check(1, 1024, 2048, expect!["local.1x2"]);
        check(1, 1024, 8192, expect!["local.1x8"]);
        check(1, 2048, 5120, expect!["local.2x8"]);
        check(1, 8192, 16384, expect!["local.8x16"]);
        check(1, 128, 128, expect!["local.0.25x0.5"]);
        check(1, 128, 30_000, expect!["local.machine"]);
        check(3, 256, 512, expect!["local.0.25x0.5 local.0.5x1"]);
        check(10, 256, 512, expect!["local.0.5x1 local.2x4"]);
        check(100, 256, 512, expect!["local.8x16"]);
    }
}
