"""Tasks on real Docker: everything a task definition can say is looked for where it takes effect, in the container."""

from __future__ import annotations

import contextlib
import socket
import time
import urllib.request
from typing import Any

import pytest

from harness import docker
from harness.plane import ControlPlane, shell
from harness.wait import until

# Ends at once when it is told to, which a shell as process 1 does not do by itself.
FOREVER = "trap 'exit 0' TERM; while true; do sleep 0.1; done"
SERVE = {"command": ["httpd", "-f", "-p", "8080", "-h", "/var/www"], "stopTimeout": 2}


def run_to_end(plane: ControlPlane, family: str, *containers: dict[str, Any], **members: Any) -> dict[str, Any]:
    definition = plane.register(family, *containers, **members)
    return plane.wait_for(plane.run(definition), "STOPPED")


def exit_codes(task: dict[str, Any]) -> dict[str, int | None]:
    return {one["name"]: one.get("exitCode") for one in task["containers"]}


@pytest.mark.parametrize("code", [0, 1, 42, 255])
def test_exit_codes(plane: ControlPlane, name: str, code: int) -> None:
    task = run_to_end(plane, name, shell(f"exit {code}"))
    assert exit_codes(task) == {"main": code}
    assert task["stopCode"] == "EssentialContainerExited"


def test_a_program_that_is_not_there(plane: ControlPlane, name: str) -> None:
    task = run_to_end(plane, name, {"name": "main", "image": docker.IMAGE, "command": ["/no/such/program"]})
    assert task["stopCode"] == "TaskFailedToStart", task
    reason = task["containers"][0]["reason"]
    assert reason.startswith("CannotStartContainerError:") and "/no/such/program" in reason
    assert "startedAt" not in task


def test_command_entry_point_and_environment(plane: ControlPlane, name: str) -> None:
    container = {
        "name": "main",
        "image": docker.IMAGE,
        "entryPoint": ["sh", "-c", 'echo "$0|$1|$A|$B|$C|$AWS_REGION"'],
        "command": ["zero", "one two"],
        "environment": [{"name": "A", "value": "a=b c"}, {"name": "B", "value": ""}, {"name": "C", "value": "ü"}],
    }
    definition = plane.register(name, container)
    arn = plane.run(definition)
    plane.wait_for(arn, "STOPPED")
    plane.wait_for_output(arn, ["zero|one two|a=b c||ü|us-east-1"])

    over = {"name": "main", "command": ["0", "1"], "environment": [{"name": "B", "value": "over"}]}
    arn = plane.run(definition, overrides={"containerOverrides": [over]})
    task = plane.wait_for(arn, "STOPPED")
    assert task["overrides"]["containerOverrides"] == [over]
    plane.wait_for_output(arn, ["0|1|a=b c|over|ü|us-east-1"])


def test_settings_take_effect_in_the_container(plane: ControlPlane, name: str) -> None:
    look = {
        "id -u; id -g": ["7", "8"],
        "pwd": ["/tmp"],
        "hostname": ["box"],
        "ulimit -n": ["77"],
        "cat /proc/sys/net/core/somaxconn": ["99"],
        "grep -c 10.9.8.7 /etc/hosts": ["1"],
        "grep -c 'search one.example' /etc/resolv.conf": ["1"],
        "touch /x 2>/dev/null || echo read-only": ["read-only"],
        "df -k /scratch | tail -1 | awk '{print $2}'": ["8192"],
        "df -k /dev/shm | tail -1 | awk '{print $2}'": ["32768"],
        "grep NoNewPrivs /proc/self/status | awk '{print $2}'": ["1"],
        "grep CapBnd /proc/self/status | grep -c 3fb$ && echo || echo dropped": ["0", "dropped"],
        "ps -o comm= -p 1 2>/dev/null || cat /proc/1/comm": None,
    }
    container = shell(
        "; ".join(look),
        user="7:8", workingDirectory="/tmp", hostname="box", readonlyRootFilesystem=True, dockerLabels={"own": "1"},
        ulimits=[{"name": "nofile", "softLimit": 77, "hardLimit": 78}],
        systemControls=[{"namespace": "net.core.somaxconn", "value": "99"}],
        extraHosts=[{"hostname": "db", "ipAddress": "10.9.8.7"}], dnsSearchDomains=["one.example"],
        linuxParameters={
            "initProcessEnabled": False, "sharedMemorySize": 32, "capabilities": {"drop": ["NET_BIND_SERVICE"]},
            "tmpfs": [{"containerPath": "/scratch", "size": 8}],
        },
    )
    arn = plane.run(plane.register(name, container))
    plane.wait_for(arn, "STOPPED")
    expected = [line for lines in look.values() for line in lines or []]
    until("all lines are there", lambda: len(plane.output(arn)) > len(expected))
    assert plane.output(arn)[: len(expected)] == expected


def waits(other: str, condition: str) -> dict[str, Any]:
    return {"dependsOn": [{"containerName": other, "condition": condition}]}


def test_containers_start_and_stop_in_the_order_that_they_ask_for(plane: ControlPlane, name: str) -> None:
    """Each writes when it starts and when it ends: the migration is over before the server starts, which outlives the proxy."""
    # In hundredths of a second, which is as fine as the image can say it.
    says = "trap 'echo end $(cut -d\" \" -f1 /proc/uptime); exit 0' TERM; echo start $(cut -d' ' -f1 /proc/uptime); "
    says += "while true; do sleep 0.05; done"
    containers = [
        shell(says, "proxy", **waits("server", "START")),
        shell(says, "server", **waits("migration", "SUCCESS")),
        shell("sleep 0.5; echo end $(cut -d' ' -f1 /proc/uptime)", "migration", essential=False),
    ]
    arn = plane.run(plane.register(name, *containers))
    plane.wait_for(arn, "RUNNING")
    for container in ("proxy", "server"):
        until("it has started", lambda: plane.output(arn, container))
    plane.stop(arn)
    said: dict[str, dict[str, float]] = {}
    for container, lines in (("proxy", 2), ("server", 2), ("migration", 1)):
        until("its output is there", lambda: len(plane.output(arn, container)) == lines)
        said[container] = {word: float(at) for word, at in (line.split() for line in plane.output(arn, container))}
    assert said["migration"]["end"] <= said["server"]["start"] <= said["proxy"]["start"]
    assert said["proxy"]["end"] <= said["server"]["end"]


def test_what_waits_in_vain_does_not_start(plane: ControlPlane, name: str) -> None:
    task = run_to_end(
        plane, name, shell("echo never", **waits("migration", "SUCCESS")), shell("exit 3", "migration", essential=False)
    )
    assert exit_codes(task) == {"main": None, "migration": 3}
    main = next(one for one in task["containers"] if one["name"] == "main")
    assert "'migration'" in main["reason"] and "SUCCESS" in main["reason"], task
    # It takes longer than it may.
    slow = shell("sleep 60", "migration", essential=False, startTimeout=1, stopTimeout=2)
    task = run_to_end(plane, name, shell("echo never", **waits("migration", "COMPLETE")), slow)
    assert exit_codes(task)["main"] is None and task["stopCode"] == "TaskFailedToStart", task


def test_a_terminal_makes_one_stream_of_both(plane: ControlPlane, name: str) -> None:
    container = shell("echo out; test -t 1 && echo terminal >&2", pseudoTerminal=True, interactive=True)
    arn = plane.run(plane.register(name, container))
    plane.wait_for(arn, "STOPPED")
    plane.wait_for_output(arn, ["out", "terminal"])


def test_what_would_reach_beyond_the_container_is_not_for_fargate(plane: ControlPlane, name: str) -> None:
    """Its hosts are shared by all clusters, whether the request says FARGATE or it goes there by default."""
    plane.register(name, shell("true", privileged=True), cpu="256", memory="512")
    for members in ({}, {"capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT"}]}):
        with pytest.raises(plane.ecs.exceptions.InvalidParameterException, match="'privileged' is not supported on Fargate"):
            plane.ecs.run_task(taskDefinition=name, **members)


def test_output_of_both_streams_whole_and_in_order(plane: ControlPlane, name: str) -> None:
    script = "i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done; echo err >&2; printf 'no end'"
    arn = plane.run(plane.register(name, shell(script)))
    plane.wait_for(arn, "STOPPED")
    # The two streams come from Docker on their own ways, so only each one's order is sure.
    until("all lines are there", lambda: len(plane.output(arn)) == 502)
    lines = plane.output(arn)
    assert "err" in lines
    lines.remove("err")
    assert lines == [*(f"line {at}" for at in range(500)), "no end"]


def get(address: str, port: int) -> str:
    """What a web server answers; empty while it does not yet."""
    try:
        with urllib.request.urlopen(f"http://{address}:{port}/", timeout=5) as answer:
            return answer.read().decode().strip()
    except OSError:
        return ""


def test_dynamic_ports(plane: ControlPlane, name: str) -> None:
    web = {"name": "web", "image": docker.IMAGE, "portMappings": [{"containerPort": 8080}], **SERVE}
    definition = plane.register(name, web)
    arns = [plane.run(definition), plane.run(definition)]
    seen = set()
    for arn in arns:
        [container] = plane.wait_for(arn, "RUNNING")["containers"]
        [binding] = container["networkBindings"]
        assert (binding["containerPort"], binding["protocol"]) == (8080, "tcp")
        assert binding["bindIP"].startswith("127.0.0."), "only programs on this machine reach it"
        assert binding["hostPort"] > 1023
        seen.add((binding["bindIP"], binding["hostPort"]))
        body = until("the server answers", lambda: get(binding["bindIP"], binding["hostPort"]))
        assert body == "hello from berth-test"
    assert len(seen) == 2
    for arn in arns:
        plane.stop(arn)
    for address, port in seen:
        assert get(address, port) == "", "nothing is published any more"


def free_port() -> int:
    """A port that is free on every address just now."""
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("0.0.0.0", 0))
        return probe.getsockname()[1]


def test_a_fixed_port_stands_once_on_a_host(plane: ControlPlane, name: str) -> None:
    port = free_port()
    mapping = {"containerPort": 8080, "hostPort": port, "protocol": "tcp"}
    definition = plane.register(name, {"name": "web", "image": docker.IMAGE, "portMappings": [mapping], **SERVE})
    arns = [plane.run(definition), plane.run(definition)]
    addresses = []
    for arn in arns:
        [container] = plane.wait_for(arn, "RUNNING")["containers"]
        [binding] = container["networkBindings"]
        assert (binding["containerPort"], binding["hostPort"]) == (8080, port)
        addresses.append(binding["bindIP"])
        assert until("the server answers", lambda: get(binding["bindIP"], port)) == "hello from berth-test"
    assert len(set(addresses)) == 2, f"the second task waits for a host of its own: {addresses}"
    for arn in arns:
        plane.stop(arn)


def test_udp_ports(plane: ControlPlane, name: str) -> None:
    mapping = {"containerPort": 5353, "protocol": "udp"}
    arn = plane.run(plane.register(name, shell(FOREVER, portMappings=[mapping], stopTimeout=2)))
    [container] = plane.wait_for(arn, "RUNNING")["containers"]
    [binding] = container["networkBindings"]
    assert (binding["containerPort"], binding["protocol"]) == (5353, "udp")
    [real] = docker.of_task(plane.installation, arn).values()
    [published] = real["NetworkSettings"]["Ports"]["5353/udp"]
    assert published == {"HostIp": binding["bindIP"], "HostPort": str(binding["hostPort"])}
    plane.stop(arn)


def test_limits_are_those_of_the_definition(plane: ControlPlane, name: str) -> None:
    limits = "cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory.max 2>/dev/null"
    own = shell(limits, "own", memory=32, memoryReservation=16, cpu=64, essential=False)
    rest = shell(FOREVER, "rest", stopTimeout=2)
    arn = plane.run(plane.register(name, own, rest, cpu="512", memory="128"))
    plane.wait_for(arn, "RUNNING")
    plane.wait_for_output(arn, [str(32 << 20)], "own")
    host_config = docker.of_task(plane.installation, arn)["rest"]["HostConfig"]
    # The task's own limits are its control group's (test_resources.py).
    assert (host_config["CpuQuota"], host_config["Memory"]) == (0, 0)
    assert host_config["CpuShares"] == 512 - 64
    task = plane.stop(arn)
    assert (task["cpu"], task["memory"]) == ("512", "128")
    shown = {one["name"]: (one["cpu"], one.get("memory"), one.get("memoryReservation")) for one in task["containers"]}
    assert shown == {"own": ("64", "32", "16"), "rest": ("0", None, None)}


def test_who_takes_too_much_memory_is_killed(plane: ControlPlane, name: str) -> None:
    task = run_to_end(plane, name, shell("tail /dev/zero", memory=16))
    assert exit_codes(task) == {"main": 137}
    reason = task["containers"][0]["reason"]
    assert reason == "OutOfMemoryError: Container killed due to memory usage"
    assert task["stopCode"] == "EssentialContainerExited"


def test_overrides_of_sizes(plane: ControlPlane, name: str) -> None:
    definition = plane.register(name, shell(FOREVER, memory=32, stopTimeout=2))
    overrides = {"cpu": "128", "memory": "192", "containerOverrides": [{"name": "main", "memory": 48, "cpu": 32}]}
    arn = plane.run(definition, overrides=overrides)
    task = plane.wait_for(arn, "RUNNING")
    assert (task["cpu"], task["memory"]) == ("128", "192")
    [container] = docker.of_task(plane.installation, arn).values()
    assert container["HostConfig"]["Memory"] == 48 << 20
    assert container["HostConfig"]["CpuShares"] == 32
    plane.stop(arn)


def test_the_end_of_an_essential_container_ends_the_task(plane: ControlPlane, name: str) -> None:
    task = run_to_end(
        plane, name,
        # Told to end only once it listens.
        shell("trap 'exit 9' TERM; touch /dev/shm/up; while true; do sleep 0.1; done", "side", essential=True),
        shell("until [ -e /dev/shm/up ]; do sleep 0.1; done; exit 3", "main", essential=True),
        ipcMode="task",
    )
    assert exit_codes(task) == {"main": 3, "side": 9}
    assert (task["stopCode"], task["stoppedReason"]) == (
        "EssentialContainerExited", "Essential container in task exited",
    )


def test_the_end_of_another_container_does_not(plane: ControlPlane, name: str) -> None:
    main = shell("trap 'exit 0' TERM; echo up; while true; do sleep 0.1; done", essential=True)
    containers = [shell("exit 5", "side", essential=False), main]
    arn = plane.run(plane.register(name, *containers))

    def side() -> Any:
        found = {one["name"]: one for one in plane.task(arn)["containers"]}
        return found["side"] if found["side"]["lastStatus"] == "STOPPED" else None

    assert until("the side container has ended", side)["exitCode"] == 5
    task = plane.wait_for(arn, "RUNNING")
    assert {one["name"]: one["lastStatus"] for one in task["containers"]} == {"side": "STOPPED", "main": "RUNNING"}
    plane.wait_for_output(arn, ["up"])
    task = plane.stop(arn)
    assert exit_codes(task) == {"side": 5, "main": 0}


def test_stopping_asks_first(plane: ControlPlane, name: str) -> None:
    definition = plane.register(name, shell("trap 'echo asked; exit 12' TERM; echo up; while true; do sleep 0.1; done"))
    arn = plane.run(definition)
    plane.wait_for_output(arn, ["up"])
    task = plane.stop(arn)
    assert exit_codes(task) == {"main": 12}
    assert (task["stopCode"], task["stoppedReason"]) == ("UserInitiated", "Task stopped by user")
    plane.wait_for_output(arn, ["up", "asked"])


def test_stopping_kills_who_does_not_listen(plane: ControlPlane, name: str) -> None:
    definition = plane.register(name, shell("trap '' TERM; echo up; while true; do sleep 0.1; done", stopTimeout=2))
    arn = plane.run(definition)
    plane.wait_for_output(arn, ["up"])
    began = time.monotonic()
    task = plane.stop(arn)
    assert exit_codes(task) == {"main": 137}
    assert 1.9 < time.monotonic() - began < 28, "not the usual 30 s"
    assert task["stopCode"] == "UserInitiated"


def test_stopping_a_task_that_has_just_been_asked_for(plane: ControlPlane, name: str) -> None:
    # It may be asked to end before it listens.
    definition = plane.register(name, shell(FOREVER, stopTimeout=2))
    for _ in range(3):
        task = plane.stop(plane.run(definition))
        assert task["stopCode"] == "UserInitiated"
        until("no container is left", lambda: not plane.containers(task["taskArn"]))


def interfaces(plane: ControlPlane, arn: str) -> set[str]:
    until("the container has said its interfaces", lambda: "end" in plane.output(arn))
    return set(plane.output(arn)) - {"end"}


@pytest.mark.parametrize("mode", ["bridge", "host", "none"])
def test_network_modes(plane: ControlPlane, name: str, mode: str) -> None:
    definition = plane.register(name, shell(f"ls /sys/class/net; echo end; {FOREVER}", stopTimeout=2), networkMode=mode)
    arn = plane.run(definition)
    plane.wait_for(arn, "RUNNING")
    [container] = docker.of_task(plane.installation, arn).values()
    assert container["HostConfig"]["NetworkMode"] == mode
    seen = interfaces(plane, arn)
    match mode:
        case "none":
            assert seen == {"lo"}
        case "bridge":
            # A third comes a moment later, and leads to the metadata endpoint.
            assert seen - {"ecs-eth0"} == {"lo", "eth0"}
        case "host":
            assert "docker0" in seen, seen
    plane.stop(arn)


def test_the_machines_own_network_is_for_one_task_at_a_time(plane: ControlPlane, name: str) -> None:
    definition = plane.register(name, shell(FOREVER, stopTimeout=2), networkMode="host")
    first = plane.run(definition)
    plane.wait_for(first, "RUNNING")
    second = plane.run(definition)
    reason = until("the second says why it waits", lambda: plane.waiting(second))
    assert "network" in reason, reason
    assert plane.task(second)["lastStatus"] == "PROVISIONING"
    plane.stop(first)
    plane.wait_for(second, "RUNNING")
    plane.stop(second)


def test_an_image_that_cannot_be_pulled(plane: ControlPlane, name: str) -> None:
    with contextlib.closing(socket.socket()) as held:
        # Bound and not listening: whoever asks there for an image is refused at once, and nobody else can be there.
        held.bind(("127.0.0.1", 0))
        image = f"127.0.0.1:{held.getsockname()[1]}/missing:1"
        task = run_to_end(plane, name, {"name": "main", "image": image})
    assert task["stopCode"] == "TaskFailedToStart"
    assert task["stoppedReason"].startswith("CannotPullContainerError"), task["stoppedReason"]
    [container] = task["containers"]
    assert container["reason"].startswith("CannotPullContainerError")
    assert "exitCode" not in container and "startedAt" not in task


def test_stopping_while_an_image_is_pulled(plane: ControlPlane, name: str) -> None:
    with contextlib.closing(socket.socket()) as registry:
        # Takes connections and never answers.
        registry.bind(("127.0.0.1", 0))
        registry.listen()
        image = f"127.0.0.1:{registry.getsockname()[1]}/slow:1"
        arn = plane.run(plane.register(name, {"name": "main", "image": image}))
        plane.wait_for(arn, "PENDING")
        task = plane.stop(arn, within=15)
    assert (task["stopCode"], task["stoppedReason"]) == ("UserInitiated", "Task stopped by user")
    assert "startedAt" not in task and "exitCode" not in task["containers"][0]


def test_containers_of_ended_tasks_go(plane: ControlPlane, name: str) -> None:
    task = run_to_end(plane, name, shell("echo done"))
    until("the container is removed", lambda: not plane.containers(task["taskArn"]))


def test_two_control_planes_on_one_docker(plane: ControlPlane, name: str, new_plane: Any) -> None:
    """Each sees, stops and clears away its own, and nothing else."""
    other = new_plane("--scale-in-after", "2").start()
    assert other.installation != plane.installation
    mine = plane.run(plane.register(name, shell(FOREVER, stopTimeout=2)))
    theirs = other.run(other.register(name, shell(FOREVER, stopTimeout=2)))
    plane.wait_for(mine, "RUNNING")
    other.wait_for(theirs, "RUNNING")
    before = docker.identities(plane.installation)
    assert mine in before and theirs not in before
    # The other one is killed, clears away what it left, and is gone.
    other.kill()
    other.down()
    other.check_nothing_left()
    assert docker.identities(plane.installation) == before, "nothing of the first was touched"
    assert plane.task(mine)["lastStatus"] == "RUNNING"
    plane.stop(mine)
