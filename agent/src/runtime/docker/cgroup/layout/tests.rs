use berth_model::acs::PayloadContainer;

use super::*;

const OWNER: Owner = Owner { installation: InstallationId(0xa), host: HostId(0xb) };
const A: &str = "0000000000000000000000000000000a";
const B: &str = "0000000000000000000000000000000b";

/// As on Debian with version 1 of each controller, and one tree of version 2 without any.
const MOUNTS_ONE: &str = "\
proc /proc proc rw 0 0
tmpfs /sys/fs/cgroup tmpfs ro,mode=755 0 0
cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nosuid 0 0
cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,nosuid,cpu,cpuacct 0 0
cgroup /sys/fs/cgroup/memory cgroup rw,nosuid,memory 0 0
cgroup /sys/fs/cgroup/systemd cgroup rw,nosuid,name=systemd 0 0
";

const MOUNTS_TWO: &str = "\
proc /proc proc rw 0 0
cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nsdelegate 0 0
";

fn limits(cpu: Option<f64>, memory: Option<i64>, containers: &[i64]) -> Limits {
    let container = |cpu: &i64| PayloadContainer { cpu: *cpu, ..PayloadContainer::default() };
    let containers = containers.iter().map(container).collect();
    Limits::of(&PayloadTask { cpu, memory, containers, ..PayloadTask::default() })
}

fn texts(steps: &[Step]) -> Vec<String> {
    let text = |step: &Step| match step {
        Step::Make(path) => format!("mkdir {}", path.display()),
        Step::Write(path, value) => format!("{} = {value}", path.display()),
        Step::WriteIfThere(path, value) => format!("{} ?= {value}", path.display()),
        Step::Run { command, .. } => command[4..].join(" "),
        Step::Remove(path) => format!("rm {}", path.display()),
        Step::RemoveIfEmpty(path) => format!("rmdir {}", path.display()),
    };
    let short = |step: &Step| text(step).replace("/sys/fs/cgroup", "").replace(A, "A").replace(B, "B");
    steps.iter().map(short).collect()
}

#[test]
fn limits_are_those_of_the_ecs_agent() {
    let told = |limits: Limits| (limits.shares, limits.quota, limits.memory);
    assert_eq!(told(limits(Some(0.25), Some(64), &[])), (256, Some(25_000), Some(64 << 20)));
    assert_eq!(told(limits(Some(16.0), None, &[7])), (16_384, Some(1_600_000), None));
    assert_eq!(told(limits(None, None, &[100, 0, 28])), (128, None, None));
    assert_eq!(told(limits(None, Some(1), &[])), (2, None, Some(6 << 20)), "the least");
    assert_eq!(limits(Some(0.001), None, &[]).quota, Some(1_000), "the least");
}

#[test]
fn a_task_on_fargate_does_not_swap() {
    let steps = |mounts, version, is_systemd, limits: &Limits| {
        texts(&Layout::read(mounts, version, is_systemd).unwrap().task_steps(&OWNER, "t", limits))
    };
    let fargate = PayloadTask { launch_type: "FARGATE".to_owned(), memory: Some(512), ..PayloadTask::default() };
    let limits = Limits::of(&fargate);
    let bounds: Vec<String> = steps(MOUNTS_ONE, Version::One, false, &limits);
    let bounds: Vec<&str> = bounds.iter().map(String::as_str).filter(|step| step.contains("/memory.")).collect();
    let (memory, both) = ("memory.limit_in_bytes = 536870912", "memory.memsw.limit_in_bytes ?= 536870912");
    assert_eq!(
        bounds,
        [memory, both].map(|bound| format!("/memory/berth/A/B/t/{bound}")),
        "the kernel wants this order"
    );
    let bounds = steps(MOUNTS_TWO, Version::Two, false, &limits);
    assert_eq!(bounds.last().unwrap(), "/berth/A/B/t/memory.swap.max ?= 0");
    let [slice, both] = &steps(MOUNTS_ONE, Version::One, true, &limits)[..] else { panic!("a slice and a bound") };
    assert!(slice.contains("MemoryMax t 536870912 MemorySwapMax t 0"), "{slice}");
    let group = "/memory/berth.slice/berth-A.slice/berth-A-B.slice/berth-A-B-t.slice";
    assert_eq!(both, &format!("{group}/memory.memsw.limit_in_bytes ?= 536870912"));
    let elsewhere = Limits::of(&PayloadTask { launch_type: "EC2".to_owned(), ..fargate });
    for (mounts, version, is_systemd) in
        [(MOUNTS_ONE, Version::One, false), (MOUNTS_TWO, Version::Two, false), (MOUNTS_TWO, Version::Two, true)]
    {
        let steps = steps(mounts, version, is_systemd, &elsewhere);
        assert!(!steps.iter().any(|step| step.contains("wap")), "{steps:?}");
    }
}

#[test]
fn version_one_has_a_group_in_each_tree() {
    let layout = Layout::read(MOUNTS_ONE, Version::One, false).unwrap();
    assert_eq!(layout.parent(&OWNER, "t"), format!("/berth/{A}/{B}/t"));
    let expect = [
        "mkdir /unified/berth/A/B",
        "mkdir /cpu,cpuacct/berth/A/B",
        "mkdir /memory/berth/A/B",
        "/memory/berth/memory.use_hierarchy = 1",
        "mkdir /systemd/berth/A/B",
    ];
    assert_eq!(texts(&layout.host_steps(&OWNER)), expect);
    let expect = [
        "mkdir /unified/berth/A/B/t",
        "mkdir /cpu,cpuacct/berth/A/B/t",
        "/cpu,cpuacct/berth/A/B/t/cpu.shares = 256",
        "/cpu,cpuacct/berth/A/B/t/cpu.cfs_period_us = 100000",
        "/cpu,cpuacct/berth/A/B/t/cpu.cfs_quota_us = 25000",
        "mkdir /memory/berth/A/B/t",
        "/memory/berth/A/B/t/memory.limit_in_bytes = 67108864",
        "mkdir /systemd/berth/A/B/t",
    ];
    assert_eq!(texts(&layout.task_steps(&OWNER, "t", &limits(Some(0.25), Some(64), &[]))), expect);
    let expect =
        ["rm /unified/berth/A/B/t", "rm /cpu,cpuacct/berth/A/B/t", "rm /memory/berth/A/B/t", "rm /systemd/berth/A/B/t"];
    assert_eq!(texts(&layout.removal(&OWNER, "t")), expect);
    let expect = ["rmdir /unified/berth/A/B", "rmdir /unified/berth/A", "rmdir /unified/berth"];
    assert_eq!(texts(&layout.host_removal(&OWNER))[..3], expect);
    assert_eq!(layout.task_of(&OWNER, "t"), Some("t".to_owned()));
}

#[test]
fn version_two_hands_the_controllers_down() {
    let layout = Layout::read(MOUNTS_TWO, Version::Two, false).unwrap();
    let expect = [
        "mkdir /berth/A/B",
        "/cgroup.subtree_control = +cpu +memory",
        "/berth/cgroup.subtree_control = +cpu +memory",
        "/berth/A/cgroup.subtree_control = +cpu +memory",
        "/berth/A/B/cgroup.subtree_control = +cpu +memory",
    ];
    assert_eq!(texts(&layout.host_steps(&OWNER)), expect);
    let expect = [
        "mkdir /berth/A/B/t",
        "/berth/A/B/t/cpu.weight = 39",
        "/berth/A/B/t/cpu.max = 100000 100000",
        "/berth/A/B/t/memory.max = 536870912",
    ];
    assert_eq!(texts(&layout.task_steps(&OWNER, "t", &limits(Some(1.0), Some(512), &[]))), expect);
    assert_eq!(texts(&layout.removal(&OWNER, "t")), ["rm /berth/A/B/t"]);
    assert_eq!(texts(&layout.host_removal(&OWNER)), ["rmdir /berth/A/B", "rmdir /berth/A", "rmdir /berth"]);
    let heaviest = Limits { shares: CPU_SHARES_MAX, quota: None, memory: None, has_swap: true };
    assert_eq!(texts(&layout.task_steps(&OWNER, "t", &heaviest))[1], "/berth/A/B/t/cpu.weight = 10000");
    let lightest = limits(None, None, &[]);
    assert_eq!(
        texts(&layout.task_steps(&OWNER, "t", &lightest)),
        ["mkdir /berth/A/B/t", "/berth/A/B/t/cpu.weight = 1"]
    );
}

#[test]
fn systemd_is_asked_for_slices() {
    let layout = Layout::read(MOUNTS_TWO, Version::Two, true).unwrap();
    assert_eq!(layout.parent(&OWNER, "t"), format!("berth-{A}-{B}-t.slice"));
    assert_eq!(layout.host_steps(&OWNER), []);
    let [Step::Run { command, otherwise: Some(otherwise) }] =
        &layout.task_steps(&OWNER, "t", &limits(Some(0.25), Some(64), &[]))[..]
    else {
        panic!("one command, and another if the slice is there")
    };
    let properties = "3 CPUWeight t 10 CPUQuotaPerSecUSec t 250000 MemoryMax t 67108864";
    assert_eq!(
        command[7..].join(" "),
        format!("StartTransientUnit ssa(sv)a(sa(sv)) berth-{A}-{B}-t.slice replace {properties} 0")
    );
    assert_eq!(otherwise[7..].join(" "), format!("SetUnitProperties sba(sv) berth-{A}-{B}-t.slice true {properties}"));
    let [Step::Run { command, otherwise: None }] = &layout.removal(&OWNER, "t")[..] else { panic!("one command") };
    assert_eq!(command[7..].join(" "), format!("StopUnit ss berth-{A}-{B}-t.slice replace"));
    let directory = format!("/sys/fs/cgroup/berth.slice/berth-{A}.slice/berth-{A}-{B}.slice");
    assert_eq!(layout.host_directories(&OWNER), [PathBuf::from(directory)]);
    assert_eq!(layout.task_of(&OWNER, &format!("berth-{A}-{B}-t.slice")), Some("t".to_owned()));
    for strange in ["memory.max", "berth-x-y-t.slice", &format!("berth-{A}-{B}-t.scope")] {
        assert_eq!(layout.task_of(&OWNER, strange), None, "{strange}");
    }
}

#[test]
fn a_machine_without_the_controllers_has_no_groups() {
    for (mounts, version) in [
        ("", Version::One),
        ("", Version::Two),
        (MOUNTS_TWO, Version::One),
        ("cgroup /c/cpu cgroup rw,cpu 0 0", Version::One),
        ("cgroup2 /sys/fs/cgroup cgroup2 ro,nosuid 0 0", Version::Two),
    ] {
        assert!(Layout::read(mounts, version, false).is_err(), "{mounts}");
    }
}
