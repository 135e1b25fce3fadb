"""How containers, tasks and hosts are: health checks, what waits for them, restart policies, and what is really used."""

from __future__ import annotations

import json
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from harness import docker
from harness.agent import Agent
from harness.plane import ControlPlane, shell
from harness.wait import until

FOREVER = "trap 'exit 0' TERM; while true; do sleep 0.1; done"
# The shortest that ECS allows: Docker looks for the first time after one interval.
QUICK = {"interval": 5, "timeout": 2, "retries": 1}
# For a check that is to pass: one look that takes long on a busy machine is no illness.
PATIENT = {"timeout": 30, "retries": 3}


def check(script: str, **members: int) -> dict[str, Any]:
    return {"healthCheck": {"command": ["CMD-SHELL", script], **QUICK, **members}}


def healths(task: dict[str, Any]) -> dict[str, str]:
    return {"": task["healthStatus"], **{one["name"]: one["healthStatus"] for one in task["containers"]}}


def wait_for_health(plane: ControlPlane, arn: str, **expected: str) -> None:
    def look() -> bool:
        found = healths(plane.task(arn))
        return {name: found[name] for name in expected} == expected

    until(f"the containers are {expected}", look)


def test_the_health_of_containers_and_of_their_task(plane: ControlPlane, name: str) -> None:
    """Well, then not any more, then well again, which ends nothing; an event tells of each."""
    # In its time to start nothing is known of it before the first look that it passes, however long that takes.
    containers = [
        shell(FOREVER, **check("test -e /tmp/well", startPeriod=300, **PATIENT)),
        shell(FOREVER, "side", essential=False, **check("exit 1")),
        shell(FOREVER, "plain"),
    ]
    arn = plane.run(plane.register(name, *containers))
    task = plane.wait_for(arn, "RUNNING")
    assert {one: health for one, health in healths(task).items() if one != "side"} == dict.fromkeys(
        ("", "main", "plain"), "UNKNOWN"
    )
    [main] = [one["runtimeId"] for one in task["containers"] if one["name"] == "main"]
    docker.docker("exec", main, "touch", "/tmp/well")
    wait_for_health(plane, arn, main="HEALTHY", side="UNHEALTHY", plain="UNKNOWN")
    assert plane.task(arn)["healthStatus"] == "HEALTHY", "only essential containers with a check count"
    version = plane.task(arn)["version"]
    docker.docker("exec", main, "rm", "/tmp/well")
    wait_for_health(plane, arn, main="UNHEALTHY")
    task = plane.task(arn)
    assert (task["healthStatus"], task["lastStatus"], task["version"]) == ("UNHEALTHY", "RUNNING", version + 1)
    line = next(line for line in plane.berth("ps").stdout.splitlines() if arn.rpartition("/")[2] in line)
    assert "UNHEALTHY" in line, line
    docker.docker("exec", main, "touch", "/tmp/well")
    wait_for_health(plane, arn, main="HEALTHY")
    plane.stop(arn)


def waits(other: str) -> dict[str, Any]:
    return {"dependsOn": [{"containerName": other, "condition": "HEALTHY"}]}


def test_what_waits_for_health_starts_once_that_is_found(plane: ControlPlane, name: str) -> None:
    server = shell(f"sleep 1; touch /tmp/up; {FOREVER}", "server", **check("test -e /tmp/up", **PATIENT))
    arn = plane.run(plane.register(name, shell(FOREVER, **waits("server")), server))
    until("the server runs", lambda: "server" in docker.of_task(plane.installation, arn))
    plane.wait_for(arn, "RUNNING")
    found = docker.of_task(plane.installation, arn)
    log, started = found["server"]["State"]["Health"]["Log"], datetime.fromisoformat(found["main"]["State"]["StartedAt"])
    # Docker keeps the last five of them.
    assert any(one["ExitCode"] == 0 and datetime.fromisoformat(one["End"]) <= started for one in log), (log, started)
    plane.stop(arn)


def test_what_waits_for_health_that_does_not_come_does_not_start(plane: ControlPlane, name: str) -> None:
    slow = shell(FOREVER, "slow", essential=False, stopTimeout=2, startTimeout=2, **check("exit 1", interval=300))
    arn = plane.run(plane.register(name, shell("true", **waits("slow")), slow))
    task = plane.wait_for(arn, "STOPPED")
    main = next(one for one in task["containers"] if one["name"] == "main")
    assert "'slow'" in main["reason"] and "HEALTHY" in main["reason"] and "exitCode" not in main, task
    assert task["stopCode"] == "TaskFailedToStart", task


def test_what_is_ill_while_others_wait_for_it_is_shown_and_may_become_well(plane: ControlPlane, name: str) -> None:
    ill = shell(FOREVER, "ill", **check("test -e /tmp/well", timeout=30))
    arn = plane.run(plane.register(name, shell(FOREVER, **waits("ill")), ill))
    wait_for_health(plane, arn, ill="UNHEALTHY")

    def statuses() -> dict[str, str]:
        return {one["name"]: one["lastStatus"] for one in plane.task(arn)["containers"]}

    until("it is told how far the task is", lambda: statuses() == {"main": "PENDING", "ill": "RUNNING"})
    assert plane.task(arn)["lastStatus"] == "PENDING"
    [runtime_id] = [one["runtimeId"] for one in plane.task(arn)["containers"] if one["name"] == "ill"]
    docker.docker("exec", runtime_id, "touch", "/tmp/well")
    plane.wait_for(arn, "RUNNING")
    plane.stop(arn)


def test_a_restart_policy_survives_the_death_of_the_agent(plane: ControlPlane, name: str, agent: Agent) -> None:
    """The container counts its own runs in a file. Its agent is killed all around the moment of the restart."""
    script = "echo run >> /runs; n=$(grep -c run /runs); echo $n; [ $n -ge 2 ] && exit 4; sleep 61; exit 3"
    policy = {"enabled": True, "ignoredExitCodes": [4], "restartAttemptPeriod": 60}
    short = shell("echo once; exit 3", "short", essential=False, restartPolicy=policy)
    agent.instance()
    plane.register(name, shell(script, restartPolicy=policy), short, cpu="256", memory="128")
    arn = plane.run(name, cluster=name, launchType="EC2")
    task = plane.wait_for(arn, "RUNNING")
    [main] = [one["runtimeId"] for one in task["containers"] if one["name"] == "main"]
    began = time.monotonic()
    until("it has ended for the first time", lambda: time.monotonic() - began > 60, within=70, every=0.5)
    for pause in (0.3, 0.7, 0.05, 0.2, 0.4):
        agent.end(signal.SIGKILL)
        time.sleep(pause)
        agent.start()
        agent.instance()
    task = plane.wait_for(arn, "STOPPED")
    codes = {one["name"]: one.get("exitCode") for one in task["containers"]}
    assert codes == {"main": 4, "short": 3}, "an ignored code ends it, and one that ran too short a time ended at once"
    assert {one["runtimeId"] for one in task["containers"] if one["name"] == "main"} == {main}, "it is the same one"
    plane.wait_for_output(arn, ["1", "2"])
    plane.wait_for_output(arn, ["once"], "short")
    until("its containers go", lambda: not agent.containers())
    agent.end(signal.SIGTERM)


@contextmanager
def joined(plane: ControlPlane, cluster: str, data: Path) -> Iterator[Agent]:
    """A host that tells each second what its containers use."""
    plane.ecs.create_cluster(clusterName=cluster)
    agent = Agent(plane, cluster, data, "--metrics-every", "1", "--check-every", "1")
    try:
        yield agent
    finally:
        agent.guard()


@pytest.fixture
def agent(plane: ControlPlane, name: str, tmp_path: Path) -> Iterator[Agent]:
    with joined(plane, name, tmp_path / "agent") as started:
        yield started


def metric(plane: ControlPlane, metric: str, **labels: str) -> float:
    text = plane.http.send("GET", "/metrics").text
    wanted = {**labels, "capacity_provider": "none"}
    for line in text.splitlines():
        found = re.fullmatch(rf"{metric}{{(.*)}} (\S+)", line)
        if found and dict(re.findall(r'(\w+)="([^"]*)"', found[1])) == wanted:
            return float(found[2])
    raise AssertionError(f"{metric} {labels} is not in\n{text}")


def test_what_containers_really_use_is_shown(
    new_plane: Callable[..., ControlPlane], name: str, tmp_path: Path
) -> None:
    # Of its own: its hosts are the only ones.
    plane = new_plane().start()
    with joined(plane, name, tmp_path / "agent") as agent:
        check_use(plane, name, agent)


def check_use(plane: ControlPlane, name: str, agent: Agent) -> None:
    agent.instance()
    busy = shell("dd if=/dev/zero of=/dev/shm/fill bs=1M count=20 2>/dev/null; while :; do :; done", stopTimeout=2)
    plane.register(name, busy, cpu="256", memory="128")
    arn = plane.run(name, cluster=name, launchType="EC2")
    plane.wait_for(arn, "RUNNING")

    def used(attributes: list[dict[str, str]]) -> tuple[int, int] | None:
        found = {one["name"]: one.get("value") for one in attributes}
        values = [found.get(f"berth.{what}-used") for what in ("cpu", "memory")]
        return (int(values[0]), int(values[1])) if all(values) else None

    def is_busy(attributes: list[dict[str, str]]) -> bool:
        figures = used(attributes)
        # Held to a quarter of a processor; a busy machine may give less.
        return figures is not None and 30 <= figures[0] <= 400 and 19 <= figures[1] <= 128

    until("the task is busy", lambda: is_busy(plane.task(arn)["attributes"]))
    until("so is its host", lambda: is_busy((agent.described() or {})["attributes"]))
    until("metrics say so", lambda: 0.05 <= metric(plane, "berth_host_cpu_used_ratio") <= 0.8)
    assert metric(plane, "berth_host_cpu_allocated_ratio") == 0.5
    assert metric(plane, "berth_host_memory_allocated_ratio") == 0.25
    assert 0.03 <= metric(plane, "berth_host_memory_used_ratio") <= 0.25

    [listed] = [one for one in json.loads(plane.berth("ps", "--cluster", name, "--output", "json").stdout)]
    assert listed["usedCpu"] >= 30 and listed["usedMemory"] >= 19, listed
    [host] = json.loads(plane.berth("hosts", "--cluster", name, "--output", "json").stdout)
    assert host["usedCpu"] >= 30 and not host["isImpaired"], host
    # Nothing of it is written: the task is as it was when it began to run.
    version = plane.task(arn)["version"]
    until("it was told again", lambda: used(plane.task(arn)["attributes"]) is not None)
    assert plane.task(arn)["version"] == version

    # What goes through its network is counted.
    before = metric(plane, "berth_host_network_bytes_total", direction="received")
    [found] = docker.inspect(agent.containers())
    docker.docker("exec", found["Id"], "sh", "-c", "ping -c 5 -i 0.1 -s 1400 $(ip route | awk '/default/ {print $3}') || true")
    until(
        "the bytes are counted",
        lambda: metric(plane, "berth_host_network_bytes_total", direction="received") >= before + 5_000,
    )
    plane.stop(arn)
    agent.end(signal.SIGTERM)
    until("nobody tells any more", lambda: metric(plane, "berth_host_cpu_used_ratio") == 0)
