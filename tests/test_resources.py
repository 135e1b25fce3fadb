"""What tasks may use of a host, on real Docker: the control group of a task, limits of containers, devices, GPUs, and the
runtime that runs them. What is looked for in the kernel's files is there for the version of control groups that this
machine has; the other one is covered by the agent's unit tests alone."""

from __future__ import annotations

import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from harness import cgroup, docker
from harness.agent import Agent
from harness.plane import ControlPlane, shell
from harness.wait import until

# Ends at once when it is told to, which a shell as process 1 does not do by itself.
FOREVER = "trap 'exit 0' TERM; while true; do sleep 0.1; done"
BUSY = "trap 'exit 0' TERM; while true; do :; done"

NewAgent = Callable[..., Agent]


def parent_of(plane: ControlPlane, arn: str) -> str:
    """The control group that the containers of a task are in."""
    containers = docker.of_task(plane.installation, arn).values()
    [parent] = {container["HostConfig"]["CgroupParent"] for container in containers}
    return parent


def memory_used(parent: str) -> int:
    return int(cgroup.read(cgroup.group(parent, "memory"), "memory.usage_in_bytes", "memory.current"))


def cpu_seconds(parent: str) -> float:
    """What a group has used of the processors."""
    if cgroup.version() == 1:
        return int(cgroup.read(cgroup.group(parent, "cpuacct"), "cpuacct.usage")) / 1e9
    lines = cgroup.read(cgroup.group(parent, "cpu"), "cpu.stat").splitlines()
    return int(dict(line.split() for line in lines)["usage_usec"]) / 1e6


def reasons(task: dict[str, Any]) -> dict[str, str | None]:
    return {one["name"]: one.get("reason") for one in task["containers"]}


@pytest.mark.parametrize("version", [1, 2])
def test_what_the_containers_of_a_task_use_together_is_bounded(plane: ControlPlane, name: str, version: int) -> None:
    """One holds half of the task's memory; the other may then take only what is left, and says so when it is killed."""
    if cgroup.version() != version:
        pytest.skip(f"not run: Docker has no control groups of version {version} here, which unit tests alone cover")
    hold = f"dd if=/dev/zero of=/dev/shm/held bs=1M count=32 2>/dev/null; echo held; {FOREVER}"
    # The fill grows without end once it is told that the other holds what it holds.
    fill = "until [ -e /dev/shm/go ]; do sleep 0.05; done; exec tail /dev/zero"
    go = "trap 'touch /dev/shm/go' USR1; "
    containers = [
        shell(hold, "holder", essential=False, linuxParameters={"sharedMemorySize": 64}),
        shell(f"{go}echo ready; {fill}", "filler", linuxParameters={"sharedMemorySize": 8}),
    ]
    arn = plane.run(plane.register(name, *containers, cpu="256", memory="64"))
    plane.wait_for(arn, "RUNNING")
    plane.wait_for_output(arn, ["held"], "holder")
    plane.wait_for_output(arn, ["ready"], "filler")
    parent = parent_of(plane, arn)
    assert arn.rpartition("/")[2] in parent and plane.installation in parent
    memory = cgroup.group(parent, "memory")
    assert cgroup.read(memory, "memory.limit_in_bytes", "memory.max") == str(64 << 20)
    for file, bound in [("memory.memsw.limit_in_bytes", str(64 << 20)), ("memory.swap.max", "0")]:
        if (memory / file).exists():
            assert cgroup.read(memory, file) == bound, "as Fargate, no swap"
    assert (32 << 20) <= memory_used(parent) < (64 << 20)
    found = docker.of_task(plane.installation, arn)
    assert {one["HostConfig"]["Memory"] for one in found.values()} == {0}, "none has a limit of its own"
    docker.docker("kill", "--signal", "USR1", found["filler"]["Id"])
    task = plane.wait_for(arn, "STOPPED")
    assert {one["name"]: one.get("exitCode") for one in task["containers"]} == {"holder": 0, "filler": 137}
    # The engine says it of both.
    assert reasons(task) == {"filler": "OutOfMemoryError: Container killed due to memory usage", "holder": None}
    until("the group is gone", lambda: not cgroup.all_of(parent))


def test_the_processors_of_a_task_are_for_all_its_containers_together(plane: ControlPlane, name: str) -> None:
    arn = plane.run(plane.register(name, shell(BUSY, "a"), shell(BUSY, "b"), cpu="256", memory="64"))
    plane.wait_for(arn, "RUNNING")
    parent = parent_of(plane, arn)
    group = cgroup.group(parent, "cpu")
    if cgroup.version() == 1:
        assert cgroup.read(group, "cpu.cfs_period_us") == "100000"
        assert cgroup.read(group, "cpu.cfs_quota_us") == "25000"
        assert cgroup.read(group, "cpu.shares") == "256"
    else:
        assert cgroup.read(group, "cpu.max") == "25000 100000"
    # A quarter of a processor is not there sooner. On a busy machine it takes longer.
    used, began = cpu_seconds(parent), time.monotonic()
    until("it has used half a second", lambda: cpu_seconds(parent) - used >= 0.5)
    assert time.monotonic() - began > 1.5
    plane.stop(arn)
    until("the group is gone", lambda: not cgroup.all_of(parent))


def test_a_task_without_a_size_of_its_own_has_its_containers_weight(plane: ControlPlane, name: str, new_agent: NewAgent) -> None:
    agent = new_agent()
    containers = [shell(FOREVER, "a", cpu=100, memory=32), shell(FOREVER, "b", cpu=28, memory=32)]
    definition = plane.register(name, *containers, cpu=None, memory=None)
    arn = agent.run(definition)
    plane.wait_for(arn, "RUNNING")
    found = docker.inspect(agent.containers())
    [parent] = {container["HostConfig"]["CgroupParent"] for container in found}
    assert {container["HostConfig"]["Memory"] for container in found} == {32 << 20}
    if cgroup.version() == 1:
        assert cgroup.read(cgroup.group(parent, "cpu"), "cpu.shares") == "128"
        assert cgroup.read(cgroup.group(parent, "cpu"), "cpu.cfs_quota_us") == "-1"
    plane.stop(arn)


def test_what_a_killed_agent_left_goes_and_nothing_else(new_plane: Any, name: str) -> None:
    """A control group and a volume of a task that nobody knows any more, and those of somebody else."""
    plane = new_plane("--scale-in-after", "600").start()
    arn = plane.run(plane.register(name, shell(FOREVER)))
    plane.wait_for(arn, "RUNNING")
    parent = parent_of(plane, arn)
    host = Path(parent).parent
    forgotten, strange = f"{host}/{'0' * 31}f", f"/{cgroup.TOP}/{'f' * 32}/{'e' * 32}/{'0' * 31}f"
    trees = [mount for mount, _ in cgroup.trees()]
    labels = {"berth.installation": plane.installation, "berth.host-id": host.name}
    marks = [part for label in labels.items() for part in ("--label", "=".join(label))]
    task = ["--label", f"{docker.TASK_LABEL}=arn:aws:ecs:us-east-1:123456789012:task/default/{'0' * 31}e"]
    own, others = f"{name}-own", f"{name}-others"
    try:
        for path in (forgotten, strange):
            for mount in trees:
                (mount / path.lstrip("/")).mkdir(parents=True, exist_ok=True)
        docker.docker("volume", "create", *marks, *task, own)
        docker.docker("volume", "create", *marks[:2], *task, others)
        [agent] = plane.agents()
        agent.signal(signal.SIGKILL)
        until("the forgotten group is gone", lambda: not cgroup.all_of(forgotten))
        until("the forgotten volume is gone", lambda: own not in docker.volumes(plane.installation))
        assert cgroup.all_of(strange) and others in docker.volumes(plane.installation)
        assert cgroup.all_of(parent), "the task goes on"
        assert plane.task(arn)["lastStatus"] == "RUNNING"
    finally:
        docker.docker("volume", "rm", "--force", own, others, check=False)
        for path in cgroup.all_of(strange):
            for one in (path, path.parent, path.parent.parent):
                one.rmdir()
    plane.stop(arn)
    until("the group is gone", lambda: not cgroup.all_of(parent))


def test_what_only_a_host_of_ones_own_allows(plane: ControlPlane, name: str, new_agent: NewAgent) -> None:
    """Each setting is looked for in the container, from inside."""
    agent = new_agent()
    look = {
        "grep NoNewPrivs /proc/self/status | awk '{print $2}'": ["1"],
        "[ -c /dev/nothing ] && echo device": ["device"],
        # NET_ADMIN is bit 12 of the bounding set.
        "echo $(( (0x$(grep CapBnd /proc/self/status | awk '{print $2}') >> 12) & 1 ))": ["1"],
        "tr '\\0' ' ' </proc/1/cmdline | cut -d' ' -f1": ["/sbin/docker-init"],
    }
    linux = {
        "initProcessEnabled": True, "capabilities": {"add": ["NET_ADMIN"]}, "maxSwap": 16, "swappiness": 30,
        "devices": [{"hostPath": "/dev/null", "containerPath": "/dev/nothing", "permissions": ["read"]}],
    }
    container = shell(
        f"{'; '.join(look)}; {FOREVER}", dockerSecurityOptions=["no-new-privileges"], linuxParameters=linux,
        memory=64, memoryReservation=32,
    )
    arn = agent.run(plane.register(name, container, cpu="128", memory="96"))
    plane.wait_for(arn, "RUNNING")
    plane.wait_for_output(arn, [line for lines in look.values() for line in lines])
    [found] = docker.inspect(agent.containers())
    own = found["HostConfig"]["CgroupParent"] + "/" + found["Id"]
    if cgroup.version() == 1:
        memory = cgroup.group(own, "memory")
        assert cgroup.read(memory, "memory.limit_in_bytes") == str(64 << 20)
        assert cgroup.read(memory, "memory.soft_limit_in_bytes") == str(32 << 20)
        assert cgroup.read(memory, "memory.swappiness") == "30"
        if (memory / "memory.memsw.limit_in_bytes").exists():
            assert cgroup.read(memory, "memory.memsw.limit_in_bytes") == str(80 << 20)
    plane.stop(arn)


def test_gpus_are_given_by_id(plane: ControlPlane, name: str, new_agent: NewAgent) -> None:
    """There is none on this machine: what Docker is told, and what it says to that, is all there is to see."""
    agent = new_agent("--gpus", "GPU-b,GPU-a")
    instance = agent.instance()
    gpus = {one["name"]: one.get("stringSetValue") for one in instance["registeredResources"]}.get("GPU")
    assert gpus == ["GPU-a", "GPU-b"]
    wants = {"resourceRequirements": [{"type": "GPU", "value": "1"}]}
    definition = plane.register(name, shell("true", **wants), shell("true", "plain", essential=False), cpu="128", memory="64")
    task = plane.wait_for(agent.run(definition), "STOPPED")
    containers = {one["name"]: one for one in task["containers"]}
    assert containers["main"]["gpuIds"] == ["GPU-a"] and "gpuIds" not in containers["plain"]
    assert task["stopCode"] == "TaskFailedToStart"
    assert "could not select device driver" in containers["main"]["reason"], containers["main"]["reason"]
    remaining = {one["name"]: one.get("stringSetValue") for one in agent.instance()["remainingResources"]}
    assert remaining["GPU"] == ["GPU-a", "GPU-b"], "it has them back"

    over = {"name": "main", "resourceRequirements": [{"type": "GPU", "value": "3"}]}
    answer = plane.ecs.run_task(
        cluster=name, launchType="EC2", taskDefinition=definition, overrides={"containerOverrides": [over]}
    )
    assert (answer["tasks"], answer["failures"][0]["reason"]) == ([], "RESOURCE:GPU")
    for members in ({"launchType": "FARGATE"}, {"capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]}):
        with pytest.raises(plane.ecs.exceptions.ClientError, match="resourceRequirements.*not supported on Fargate|No Fargate"):
            plane.ecs.run_task(taskDefinition=definition, **members)


@pytest.mark.parametrize("runtime", ["runc", "no-such-runtime"])
def test_the_runtime_of_a_pool(new_plane: Any, name: str, runtime: str) -> None:
    pool = {"backend": "local", "image_pull_behavior": "prefer-cached", "docker_runtime": runtime}
    plane = new_plane(server={"open": True, "pool": pool}).start()
    arn = plane.run(plane.register(name, shell(FOREVER)))
    if runtime == "runc":
        plane.wait_for(arn, "RUNNING")
        [container] = docker.of_task(plane.installation, arn).values()
        assert container["HostConfig"]["Runtime"] == "runc"
        plane.stop(arn)
        return
    task = plane.wait_for(arn, "STOPPED")
    assert task["stopCode"] == "TaskFailedToStart"
    assert "nknown" in task["stoppedReason"] and runtime in task["stoppedReason"], task["stoppedReason"]


def test_the_runtime_of_a_host(plane: ControlPlane, name: str, new_agent: NewAgent) -> None:
    agent = new_agent("--docker-runtime", "runc")
    arn = agent.run(plane.register(name, shell(FOREVER), cpu="128", memory="64"))
    plane.wait_for(arn, "RUNNING")
    [container] = docker.inspect(agent.containers())
    assert container["HostConfig"]["Runtime"] == "runc"
    plane.stop(arn)


CAPABILITY = "ecs.capability.task-cpu-mem-limit"


def test_a_host_that_cannot_bound_tasks_says_so_and_bounds_containers(
    plane: ControlPlane, name: str, new_agent: NewAgent
) -> None:
    """In a namespace of its own the agent does not see the control groups that Docker sees."""
    by = ("unshare", "--cgroup")
    if subprocess.run([*by, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this user may not make namespaces")
    agent = new_agent(by=by)
    assert CAPABILITY not in {one["name"] for one in agent.instance()["attributes"]}
    containers = [shell(FOREVER, "own", memory=32), shell(FOREVER, "rest")]
    arn = agent.run(plane.register(name, *containers, cpu="256", memory="64"))
    plane.wait_for(arn, "RUNNING")
    found = {one["Config"]["Labels"][docker.NAME_LABEL]: one["HostConfig"] for one in docker.inspect(agent.containers())}
    assert {one: limits["Memory"] >> 20 for one, limits in found.items()} == {"own": 32, "rest": 64}
    assert {(limits["CgroupParent"], limits["CpuQuota"]) for limits in found.values()} == {("", 25_000)}
    plane.stop(arn)
    assert agent.log_path.read_text().count("tasks have no control groups here") == 1


def test_a_host_says_that_it_bounds_tasks(new_agent: NewAgent) -> None:
    assert CAPABILITY in {one["name"] for one in new_agent().instance()["attributes"]}
