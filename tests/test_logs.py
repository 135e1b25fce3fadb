"""Where the output of containers goes: groups and streams that task definitions name, drivers of Docker, and what happens
if there is more of it than anybody takes."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from harness import client, docker, sign
from harness.plane import ControlPlane, shell
from harness.wait import WITHIN_SECONDS, until

FOREVER = "trap 'exit 0' TERM; while true; do sleep 0.1; done"


def awslogs(group: str, **options: str) -> dict[str, Any]:
    """A log configuration; underscores in names of options stand for hyphens."""
    named = {"awslogs-group": group, "awslogs-region": "us-east-1", "awslogs-stream-prefix": "p"}
    named |= {name.replace("_", "-"): value for name, value in options.items()}
    return {"logDriver": "awslogs", "options": {name: value for name, value in named.items() if value}}


def stream(arn: str, container: str = "main", prefix: str = "p") -> str:
    return f"{prefix}/{container}/{arn.rpartition('/')[2]}"


def read(plane: ControlPlane, group: str, name: str) -> list[str]:
    """All messages of a stream."""
    messages: list[str] = []
    token: dict[str, str] = {}
    while True:
        try:
            page = plane.logs.get_log_events(logGroupName=group, logStreamName=name, startFromHead=True, **token)
        except plane.logs.exceptions.ResourceNotFoundException:
            return messages
        messages += [event["message"] for event in page["events"]]
        if token.get("nextToken") == page["nextForwardToken"]:
            return messages
        token = {"nextToken": page["nextForwardToken"]}


def wait_for_messages(plane: ControlPlane, group: str, name: str, expected: list[str]) -> None:
    try:
        until("the output is there", lambda: read(plane, group, name) == expected)
    except AssertionError:
        assert read(plane, group, name) == expected


def test_output_goes_to_the_group_and_stream_that_are_named(plane: ControlPlane, name: str) -> None:
    plane.logs.create_log_group(logGroupName=f"/ecs/{name}")
    container = shell(f"echo one; echo two >&2; {FOREVER}", logConfiguration=awslogs(f"/ecs/{name}"))
    definition = plane.register(name, container, shell("echo side", name="side", essential=False))
    arn = plane.run(definition)
    plane.wait_for(arn, "RUNNING")
    until("both lines are there", lambda: sorted(read(plane, f"/ecs/{name}", stream(arn))) == ["one", "two"])
    plane.wait_for_output(arn, ["side"], container="side")
    found = plane.aws("logs", "filter-log-events", "--log-group-name", f"/ecs/{name}", "--filter-pattern", "two")
    assert [event["message"] for event in found["events"]] == ["two"]
    shown = plane.berth("logs", arn)
    assert shown.returncode == 0, shown.stderr
    assert sorted(shown.stdout.splitlines()) == ["main | one", "main | two", "side | side"]
    plane.stop(arn)
    # After the end, too.
    assert sorted(plane.berth("logs", "-f", arn).stdout.splitlines()) == ["main | one", "main | two", "side | side"]


def test_output_is_shown_after_its_task_is_forgotten(new_plane: Any) -> None:
    plane = new_plane(server={"open": True, "stopped_task_retention_seconds": 1}).start()
    arn = plane.run(plane.register("brief", shell("echo there")))
    plane.wait_for(arn, "STOPPED")
    plane.wait_for_output(arn, ["there"])
    time.sleep(1)
    # A server looks for what is old when it starts.
    plane.end()
    plane.start()
    until("the task is forgotten", lambda: not plane.ecs.describe_tasks(tasks=[arn])["tasks"])
    shown = plane.berth("logs", arn)
    assert (shown.returncode, shown.stdout) == (0, "there\n"), shown.stderr
    shown = plane.berth("logs", "0" * 32)
    assert shown.returncode != 0 and "there is no task" in shown.stderr, shown.stderr


def test_a_group_that_is_not_there_is_made_only_if_that_is_said(plane: ControlPlane, name: str) -> None:
    definition = plane.register(name, shell("echo x", logConfiguration=awslogs(f"none-{name}")))
    arn = plane.run(definition)
    task = plane.wait_for(arn, "STOPPED")
    assert task["stopCode"] == "TaskFailedToStart", task
    expected = "ResourceNotFoundException: The specified log group does not exist."
    reason = task["containers"][0]["reason"]
    assert reason.startswith("CannotStartContainerError:") and "failed to initialize logging driver" in reason, reason
    assert reason.endswith(expected), reason
    assert task["stoppedReason"] == reason
    assert "startedAt" not in task

    group = f"made-{name}"
    arn = plane.run(plane.register(name, shell("echo x", logConfiguration=awslogs(group, awslogs_create_group="true"))))
    plane.wait_for(arn, "STOPPED")
    wait_for_messages(plane, group, stream(arn), ["x"])


def test_events_of_several_lines(plane: ControlPlane, name: str) -> None:
    plane.logs.create_log_group(logGroupName=name)
    script = "printf 'ERROR a\\n  at b\\n  at c\\nINFO d\\n'; echo 'ERROR e'; printf '  last'"
    options = awslogs(name, awslogs_multiline_pattern="^[A-Z]+ ")
    arn = plane.run(plane.register(name, shell(script, logConfiguration=options)))
    plane.wait_for(arn, "STOPPED")
    wait_for_messages(plane, name, stream(arn), ["ERROR a\n  at b\n  at c", "INFO d", "ERROR e\n  last"])
    script = "printf '[Nov 27, 2026 06:12:36] a\\nb\\n[Nov 27, 2026 06:12:37] c\\n'"
    options = awslogs(name, awslogs_datetime_format="[%b %d, %Y %H:%M:%S]")
    arn = plane.run(plane.register(name, shell(script, logConfiguration=options)))
    plane.wait_for(arn, "STOPPED")
    wait_for_messages(plane, name, stream(arn), ["[Nov 27, 2026 06:12:36] a\nb", "[Nov 27, 2026 06:12:37] c"])


def test_bad_options_are_refused_at_once(plane: ControlPlane) -> None:
    for configuration, expected in [
        (awslogs(""), "Log driver awslogs requires options: awslogs-group"),
        (awslogs("g", awslogs_multiline_pattern="("), "awslogs-multiline-pattern"),
        (awslogs("g", awslogs_datetime_format="%Q"), "awslogs-datetime-format"),
        (awslogs("g", mode="fast"), "'mode'"),
        (awslogs("g", awslogs_endpoint="http://x"), "'awslogs-endpoint' is not supported"),
        ({"logDriver": "awsfirelens"}, "awsfirelens"),
    ]:
        with pytest.raises(ClientError) as caught:
            plane.register("bad", shell("true", logConfiguration=configuration))
        assert caught.value.response["Error"]["Code"] == "ClientException"
        assert expected in caught.value.response["Error"]["Message"], caught.value
    with pytest.raises(ClientError) as caught:
        plane.register("bad", shell("true", logConfiguration=awslogs("g", awslogs_stream_prefix="")),
                       requiresCompatibilities=["FARGATE"], memory="512")
    assert "awslogs-stream-prefix" in caught.value.response["Error"]["Message"]


def test_other_drivers_are_dockers(new_plane: Any) -> None:
    plane = new_plane().start()
    plane.ecs.put_cluster_capacity_providers(
        cluster="default", capacityProviders=["FARGATE"],
        defaultCapacityProviderStrategy=[{"capacityProvider": "FARGATE", "weight": 1}],
    )
    with udp() as receiver:
        options = {"syslog-address": f"udp://127.0.0.1:{receiver.getsockname()[1]}", "tag": "tagged", "syslog-format": "rfc3164"}
        container = shell("echo over there; sleep 1", logConfiguration={"logDriver": "syslog", "options": options})
        arn = plane.run(plane.register("syslog", container))
        receiver.settimeout(WITHIN_SECONDS)
        assert b"over there" in receiver.recv(4096)
        plane.wait_for(arn, "STOPPED")
    assert plane.output(arn) == []
    shown = plane.berth("logs", arn)
    assert shown.returncode == 0 and shown.stdout == ""
    assert "syslog" in shown.stderr and "main" in shown.stderr
    # One of a driver that is read keeps to its bounds on the host's disk.
    arn = plane.run(plane.register("plain", shell(FOREVER)))
    plane.wait_for(arn, "RUNNING")
    config = docker.of_task(plane.installation, arn)["main"]["HostConfig"]["LogConfig"]
    assert config == {"Type": "json-file", "Config": {"max-size": "16m", "max-file": "4"}}
    plane.stop(arn)


def udp() -> socket.socket:
    receiver = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    receiver.bind(("127.0.0.1", 0))
    return receiver


def test_hosts_without_the_driver_get_no_task(new_plane: Any) -> None:
    plane = new_plane(simulate=True).start()
    resources = [
        {"name": "CPU", "type": "INTEGER", "integerValue": 1024}, {"name": "MEMORY", "type": "INTEGER", "integerValue": 1024},
    ]
    capability = "com.amazonaws.ecs.capability.logging-driver."
    register = plane.ecs.register_container_instance
    host = register(cluster="default", totalResources=resources, attributes=[{"name": f"{capability}awslogs"}])
    with session(plane, host["containerInstance"]["containerInstanceArn"]):
        configuration = {"logDriver": "gelf", "options": {"gelf-address": "udp://127.0.0.1:1"}}
        definition = plane.register("gelf", shell("true", logConfiguration=configuration))
        answer = plane.ecs.run_task(taskDefinition=definition, launchType="EC2")
        assert answer["tasks"] == [] and len(answer["failures"]) == 1, answer
        definition = plane.register("awslogs", shell("true", logConfiguration=awslogs("g")))
        answer = plane.ecs.run_task(taskDefinition=definition, launchType="EC2")
        assert answer["failures"] == [] and len(answer["tasks"]) == 1, answer


@contextlib.contextmanager
def session(plane: ControlPlane, host: str, key: client.Key | None = None) -> Iterator[None]:
    """An agent's session, of one that does nothing: its host counts as connected."""
    address, named = f"{plane.address}:{plane.port}", {"containerInstanceArn": host}
    path = sign.presigned(key, address, "/acs/ws", named) if key else "/acs/ws?" + urllib.parse.urlencode(named)
    with socket.create_connection((plane.address, plane.port), timeout=10) as connection:
        head = [
            f"GET {path} HTTP/1.1", f"Host: {address}", "Connection: Upgrade", "Upgrade: websocket",
            "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "", "",
        ]
        connection.sendall("\r\n".join(head).encode())
        assert b" 101 " in connection.recv(4096)
        yield


def test_an_agent_writes_to_streams_of_its_own_containers(new_plane: Any) -> None:
    """Streams without a prefix are named by Docker's ids, which say nothing of whose they are."""
    plane = new_plane("--open=false", simulate=True).start()
    admin = plane.first_key()
    made = plane.berth("keys", "create", "host", "--role", "agent", "--output", "json", key=admin)
    key = client.Key(*(json.loads(made.stdout)[name] for name in ("AccessKeyId", "SecretAccessKey")))
    agent, logs, ecs = (client.boto(*who) for who in (("ecs", plane.url, key), ("logs", plane.url, key), ("ecs", plane.url, admin)))
    resources = [{"name": name, "type": "INTEGER", "integerValue": 1024} for name in ("CPU", "MEMORY")]
    attributes = [{"name": "com.amazonaws.ecs.capability.logging-driver.awslogs"}]
    host = agent.register_container_instance(cluster="default", totalResources=resources, attributes=attributes)
    container = shell("true", memory=64, logConfiguration=awslogs("g", awslogs_stream_prefix=""))
    ecs.register_task_definition(family="plain", containerDefinitions=[container])
    with session(plane, host["containerInstance"]["containerInstanceArn"], key):
        [task] = ecs.run_task(taskDefinition="plain", launchType="EC2")["tasks"]
        logs.create_log_group(logGroupName="g")
        own, other = "a" * 64, "b" * 64

        def write(name: str) -> str:
            try:
                logs.create_log_stream(logGroupName="g", logStreamName=name)
            except ClientError as error:
                return error.response["Error"]["Code"]
            return "OK"

        assert write(own) == "AccessDeniedException", "nobody has heard of it"
        report = {"containerName": "main", "status": "RUNNING", "runtimeId": own}
        agent.submit_task_state_change(cluster="default", task=task["taskArn"], status="RUNNING", containers=[report])
        assert write(own) == "OK"
        assert [write(name) for name in (other, own[:63], "x")] == ["AccessDeniedException"] * 3
        agent.submit_task_state_change(cluster="default", task=task["taskArn"], status="STOPPED", containers=[])
        event = {"timestamp": int(time.time() * 1000), "message": "late"}
        logs.put_log_events(logGroupName="g", logStreamName=own, logEvents=[event])


def test_output_without_a_prefix_comes_from_a_host_of_a_pool(plane: ControlPlane, name: str) -> None:
    """Its host is of no cluster, and has tasks of all."""
    plane.logs.create_log_group(logGroupName=name)
    container = shell("echo plain; sleep 2", logConfiguration=awslogs(name, awslogs_stream_prefix=""))
    arn = plane.run(plane.register(name, container))
    # Begun before the container has an id.
    shown = plane.berth("logs", "-f", arn)
    assert (shown.returncode, shown.stdout) == (0, "plain\n"), shown.stderr
    [ended] = plane.wait_for(arn, "STOPPED")["containers"]
    wait_for_messages(plane, name, ended["runtimeId"], ["plain"])


LINE = "x" * 92
LINES = 600_000  # of 100 bytes each, which Docker writes as 170: more than it keeps, and than the agent may take
MEMORY_MIB_MAX = 100
# Docker keeps four files of 16 MiB for a container; what is being written, and what else it has there, comes on top.
DISK_MIB_MAX = 80


# Docker reads 64 MiB of lines more than once for it; on a machine that is busy that takes minutes.
@pytest.mark.timeout(480)
def test_a_flood_while_the_server_is_stopped_is_bounded_and_counted(new_plane: Any, record_property: Any) -> None:
    plane = new_plane().start()
    script = f"until [ -e /tmp/go ]; do sleep 0.1; done; awk 'BEGIN {{ for (i = 0; i < {LINES}; i++) printf(\"%07d {LINE[:91]}\\n\", i) }}'; echo end; {FOREVER}"
    definition = plane.register("flood", shell(script), cpu="1024", memory="512")
    arn = plane.run(definition)
    plane.wait_for(arn, "RUNNING")
    [agent] = plane.agents()
    [container] = plane.containers(arn)
    assert plane.process
    plane.process.send_signal(signal.SIGSTOP)
    try:
        docker.docker("exec", container, "touch", "/tmp/go")
        peak = 0
        began = time.monotonic()
        # The container is through with it although nobody takes anything.
        while "end" not in docker.docker("logs", "--tail", "1", container):
            assert time.monotonic() - began < 240, "the container is held up"
            peak = max(peak, resident_mib(agent.pid))
            time.sleep(0.5)
        took = time.monotonic() - began
        disk = sum(path.stat().st_size for path in Path(docker.inspect([container])[0]["LogPath"]).parent.glob("*log*"))
    finally:
        plane.process.send_signal(signal.SIGCONT)
    assert peak < MEMORY_MIB_MAX, f"the agent has grown to {peak} MiB"
    assert disk < DISK_MIB_MAX << 20, f"{disk} bytes on the disk"
    name = f"flood/main/{arn.rpartition('/')[2]}"
    until("the end is there", lambda: last(plane, name) == "end", 200)
    messages = read(plane, "berth", name)
    numbers = [int(message[:7]) for message in messages if re.match(r"\d{7} x", message)]
    assert numbers == sorted(set(numbers)), "nothing is doubled or out of order"
    gaps = [message for message in messages if message.startswith("[berth] events dropped: ")]
    counts = [int(found[1]) for gap in gaps if (found := re.fullmatch(r"\[berth\] events dropped: (\d+)", gap))]
    missing = LINES - len(numbers)
    assert missing > 0
    assert len(counts) == len(gaps) and sum(counts) == missing, f"{missing} are missing, and the stream says {gaps}"
    assert metric_value(plane, "berth_log_dropped_events_total") == missing
    figure = f"{LINES} lines in {took:.0f} s with the server stopped: agent {peak} MiB, disk {disk >> 20} MiB, {len(gaps)} gaps"
    record_property("figure", figure)
    plane.stop(arn)


def test_output_in_files_that_cannot_be_read_comes_from_docker(new_plane: Any) -> None:
    # Docker packs the files that are full.
    options = {"max-size": "16m", "max-file": "3", "compress": "true"}
    plane = new_plane().start()
    # The two streams come on their own ways, so what is to come in this order is apart.
    script = "for i in 1 2 3; do echo line $i; sleep 0.3; done; echo late >&2; sleep 0.5; printf end"
    container = shell(script, logConfiguration={"logDriver": "json-file", "options": options})
    arn = plane.run(plane.register("packed", container))
    plane.wait_for(arn, "STOPPED")
    plane.wait_for_output(arn, ["line 1", "line 2", "line 3", "late", "end"])


def test_a_killed_agent_loses_and_doubles_nothing(new_plane: Any) -> None:
    plane = new_plane().start()
    script = f"i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); [ $((i % 100)) = 0 ] && sleep 0.1; done; {FOREVER}"
    arn = plane.run(plane.register("steady", shell(script)))
    plane.wait_for(arn, "RUNNING")
    for _ in range(3):
        time.sleep(0.7)
        [agent] = plane.agents()
        agent.signal(signal.SIGKILL)
        until("there is another agent", lambda: [one for one in plane.agents() if one.pid != agent.pid])
    plane.wait_for_output(arn, [f"line {number}" for number in range(3000)])
    plane.stop(arn)


def last(plane: ControlPlane, name: str) -> str | None:
    try:
        page = plane.logs.get_log_events(logGroupName="berth", logStreamName=name, startFromHead=False, limit=1)
    except plane.logs.exceptions.ResourceNotFoundException:
        return None
    return page["events"][-1]["message"] if page["events"] else None


def resident_mib(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) >> 10 if found else 0


def metric_value(plane: ControlPlane, name: str) -> float:
    with urllib.request.urlopen(f"{plane.url}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    found = re.search(rf"^{name} (\S+)$", text, re.MULTILINE)
    assert found, f"there is no {name}"
    return float(found[1])


def test_output_goes_to_cloudwatch_if_that_is_configured(new_plane: Any, tmp_path: Path) -> None:
    # Another control plane stands in for Amazon's service.
    cloud = new_plane(simulate=True).start()
    credentials = tmp_path / "cloudwatch"
    credentials.write_text("[default]\naws_access_key_id = any\naws_secret_access_key = any\n")
    settings = {"credentials_file": str(credentials), "region": "eu-west-1", "endpoint": cloud.url}
    server = {"open": True, "cloudwatch": settings, "pool": {"image_pull_behavior": "prefer-cached"}}
    plane = new_plane(server=server).start()
    cloud.logs.create_log_group(logGroupName="cloud")
    container = shell("echo there", logConfiguration=awslogs("cloud"))
    arn = plane.run(plane.register("cloud", container, shell("echo here", name="side", essential=False)))
    plane.wait_for(arn, "STOPPED")
    wait_for_messages(cloud, "cloud", stream(arn), ["there"])
    plane.wait_for_output(arn, ["here"], container="side")
    assert read(plane, "cloud", stream(arn)) == []
    for options in ([], ["-f"]):
        shown = plane.berth("logs", *options, arn)
        assert (shown.returncode, shown.stdout) == (0, "side | here\n"), shown.stderr
        assert shown.stderr.startswith("main: there is no log stream") and len(shown.stderr.splitlines()) == 1, shown.stderr
    arn = plane.run(plane.register("cloud", shell("true", logConfiguration=awslogs("none"))))
    task = plane.wait_for(arn, "STOPPED")
    assert task["stoppedReason"].endswith("ResourceNotFoundException: The specified log group does not exist.")
    cloud.logs.delete_log_group(logGroupName="cloud")
