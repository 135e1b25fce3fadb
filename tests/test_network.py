"""Networks of tasks on real Docker: a network of a task's own, namespaces that its containers share, and what they can
ask about themselves."""

from __future__ import annotations

import contextlib
import ipaddress
import json
import re
import signal
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import requests

from harness import docker
from harness.disk import contents
from harness.plane import ControlPlane, shell
from harness.wait import until
from test_docker_task import FOREVER, SERVE, get

NewPlane = Callable[..., ControlPlane]

WEB = {"name": "web", "image": docker.IMAGE, "portMappings": [{"containerPort": 8080}], **SERVE}
OWN_NETWORK = {"networkMode": "awsvpc"}
SUBNET = {"awsvpcConfiguration": {"subnets": ["subnet-0a"], "securityGroups": ["sg-1"], "assignPublicIp": "ENABLED"}}


def attachment(task: dict[str, Any]) -> dict[str, str]:
    """The details of a task's one attachment, which has exactly the form of ECS."""
    [found] = task["attachments"]
    assert found.keys() == {"id", "type", "status", "details"}
    assert found["type"] == "ElasticNetworkInterface"
    assert str(uuid.UUID(found["id"])) == found["id"]
    assert all(detail.keys() == {"name", "value"} for detail in found["details"])
    details = {detail["name"]: detail["value"] for detail in found["details"]}
    assert re.fullmatch("eni-[0-9a-f]{17}", details["networkInterfaceId"])
    return {"status": found["status"], "id": found["id"], **details}


def address_of(task: dict[str, Any]) -> str:
    return attachment(task)["privateIPv4Address"]


def test_a_task_has_an_address_of_its_own(plane: ControlPlane, name: str) -> None:
    # Its page is its own: another test's server may get the address once it is free.
    script = f"echo {name} >/tmp/index.html; exec httpd -f -p 8080 -h /tmp"
    web = shell(script, "web", portMappings=[{"containerPort": 8080}], stopTimeout=2)
    definition = plane.register(name, web, shell(FOREVER, "side", stopTimeout=2), **OWN_NETWORK)
    [made] = plane.ecs.run_task(taskDefinition=definition, networkConfiguration=SUBNET)["tasks"]
    arn = made["taskArn"]
    first = attachment(made)
    assert first["status"] in {"PRECREATED", "ATTACHING"} and first["subnetId"] == "subnet-0a"
    task = plane.wait_for(arn, "RUNNING")
    details = attachment(task)
    assert details["status"] == "ATTACHED"
    assert {name: details[name] for name in first if name != "status"} == {
        name: value for name, value in first.items() if name != "status"
    }, "only its address came later"
    address = details["privateIPv4Address"]
    assert ipaddress.ip_address(address).is_private
    for container in task["containers"]:
        assert container["networkBindings"] == []
        assert container["networkInterfaces"] == [
            {"attachmentId": details["id"], "privateIpv4Address": address}
        ]
    assert {one["name"] for one in task["containers"]} == {"web", "side"}, "the holder is nobody's business"
    assert until("the server answers", lambda: get(address, 8080)) == name
    found = docker.of_task(plane.installation, arn)
    assert found.keys() == {"web", "side", docker.HOLDER}
    assert found[docker.HOLDER]["NetworkSettings"]["Networks"]["bridge"]["IPAddress"] == address
    assert not any(one["HostConfig"]["PortBindings"] for one in found.values()), "nothing is published"
    document = plane.ecs.describe_task_definition(taskDefinition=definition)["taskDefinition"]
    assert document["containerDefinitions"][0]["portMappings"][0]["hostPort"] == 8080
    assert {"name": "ecs.capability.task-eni"} in document["requiresAttributes"]
    task = plane.stop(arn)
    assert attachment(task)["status"] == "DELETED"
    until("nothing of it is left", lambda: not plane.containers(arn))
    assert get(address, 8080) != name


def test_containers_of_a_task_meet_at_localhost_and_tasks_do_not(plane: ControlPlane, name: str) -> None:
    script = "until wget -q -O - http://localhost:8080/; do sleep 0.1; done"
    definition = plane.register(name, WEB, shell(f"{script}; {FOREVER}", "main"), **OWN_NETWORK)
    arns = [plane.run(definition) for _ in range(2)]
    addresses = {address_of(plane.wait_for(arn, "RUNNING")) for arn in arns}
    assert len(addresses) == 2, "each has the port for itself"
    for arn in arns:
        plane.wait_for_output(arn, ["hello from berth-test"])
    for address in addresses:
        assert until("the server answers", lambda: get(address, 8080)) == "hello from berth-test"
    for arn in arns:
        plane.stop(arn)


def test_a_network_has_one_name_and_one_way_to_find_names(plane: ControlPlane, name: str) -> None:
    hosts = [{"hostname": "db", "ipAddress": "10.9.8.7"}]
    main = shell(
        "hostname; grep -c 10.9.8.7 /etc/hosts; grep -c 'search one.example' /etc/resolv.conf; cat /proc/sys/net/core/somaxconn",
        systemControls=[{"namespace": "net.core.somaxconn", "value": "99"}],
    )
    side = shell("sleep 1", "side", essential=False, hostname="box", extraHosts=hosts, dnsSearchDomains=["one.example"])
    arn = plane.run(plane.register(name, main, side, **OWN_NETWORK))
    plane.wait_for(arn, "STOPPED")
    plane.wait_for_output(arn, ["box", "1", "1", "99"])


def test_what_a_shared_network_cannot_have_is_refused(plane: ControlPlane, name: str) -> None:
    refused = plane.ecs.exceptions.ClientException
    with pytest.raises(refused, match="the host ports and container ports in port mappings must match"):
        plane.register(name, shell("true", portMappings=[{"containerPort": 80, "hostPort": 8080}]), **OWN_NETWORK)
    with pytest.raises(refused, match="80/tcp is mapped more than once"):
        ports = {"portMappings": [{"containerPort": 80}]}
        plane.register(name, shell("true", **ports), shell("true", "side", **ports), **OWN_NETWORK)
    with pytest.raises(refused, match="'hostname' is 'b'"):
        plane.register(name, shell("true", hostname="a"), shell("true", "side", hostname="b"), **OWN_NETWORK)
    with pytest.raises(refused, match="disableNetworking"):
        plane.register(name, shell("true", disableNetworking=True), **OWN_NETWORK)


def test_a_holder_that_dies_ends_its_task(plane: ControlPlane, name: str) -> None:
    arn = plane.run(plane.register(name, shell(FOREVER, stopTimeout=2), **OWN_NETWORK))
    plane.wait_for(arn, "RUNNING")
    docker.docker("kill", docker.of_task(plane.installation, arn)[docker.HOLDER]["Id"])
    task = plane.wait_for(arn, "STOPPED")
    assert task["stopCode"] == "EssentialContainerExited"
    assert "namespaces that the containers of the task share are gone" in task["stoppedReason"]
    until("nothing of it is left", lambda: not plane.containers(arn))


@pytest.mark.parametrize("mode", ["bridge", "awsvpc"])
def test_containers_share_processes_and_memory(plane: ControlPlane, name: str, mode: str) -> None:
    """Each sees what the other runs and what it puts into shared memory, and whoever is left over is buried."""
    write = "echo written >/dev/shm/new; mv /dev/shm/new /dev/shm/note"
    writer = shell(f"{write}; (sleep 0.1 &); {FOREVER}", "writer", stopTimeout=2)
    # Who has just ended may be seen before it is buried, so it is looked for some three seconds.
    script = (
        "until [ -e /dev/shm/note ]; do sleep 0.1; done; cat /dev/shm/note; "
        "sleep 0.5; ps -o args | grep -c '[n]ote; (sleep'; "
        "for at in $(seq 30); do z=$(ps -o stat | grep -c Z); [ $z = 0 ] && break; sleep 0.1; done; echo $z; "
        "cat /proc/1/comm"
    )
    definition = plane.register(name, shell(script), writer, networkMode=mode, pidMode="task", ipcMode="task")
    arn = plane.run(definition)
    plane.wait_for(arn, "STOPPED")
    # grep counts the reader's own shell as well, whose text has the pattern in it.
    until("it has said all", lambda: len(plane.output(arn)) == 4)
    note, processes, zombies, first = plane.output(arn)
    assert (note, zombies, first) == ("written", "0", "hold")
    assert int(processes) >= 1
    until("nothing of it is left", lambda: not plane.containers(arn))


def test_an_agent_killed_finds_its_holders_again(new_plane: NewPlane, name: str) -> None:
    plane = new_plane().start()
    definition = plane.register(name, WEB, **OWN_NETWORK)
    arns = [plane.run(definition) for _ in range(2)]
    before = {arn: address_of(plane.wait_for(arn, "RUNNING")) for arn in arns}
    containers = set(plane.containers())
    assert len(containers) == 4
    killed, since = {agent.pid for agent in plane.agents()}, plane.log_bytes()
    for agent in plane.agents():
        agent.signal(signal.SIGKILL)
    until("the agents are back", lambda: len(plane.connected(since)) == len(killed))
    assert not {agent.pid for agent in plane.agents()} & killed
    assert plane.task(arns[0])["connectivity"] == "CONNECTED"
    assert {arn: address_of(plane.task(arn)) for arn in arns} == before
    assert set(plane.containers()) == containers
    for address in before.values():
        assert until("the server answers", lambda: get(address, 8080)) == "hello from berth-test"
    task = plane.stop(arns[0])
    assert task["stopCode"] == "UserInitiated"
    until("its containers are gone", lambda: not plane.containers(arns[0]))
    assert len(plane.containers(arns[1])) == 2


def test_agents_killed_while_tasks_with_holders_come_and_go(new_plane: NewPlane, name: str) -> None:
    """Whenever it dies, no holder is left over and none is missing."""
    plane = new_plane().start()
    plane.register(name, shell("sleep 0.3; exit 7"), memory="64", cpu="128", **OWN_NETWORK)
    arns: list[str] = []
    kills = 0
    for pause in (0.2, 0.5, 0.8, 1.1, 1.4):
        arns += [plane.run(name) for _ in range(3)]
        until("there is an agent", plane.agents)
        time.sleep(pause)
        for agent in plane.agents():
            agent.signal(signal.SIGKILL)
            kills += 1
    assert kills >= 3
    for arn in arns:
        task = plane.wait_for(arn, "STOPPED", within=120)
        assert [one.get("exitCode") for one in task["containers"]] == [7], task
    until("nothing is left of them", lambda: not plane.containers())


def test_simulated_tasks_have_addresses_too(simulated: ControlPlane, name: str) -> None:
    definition = simulated.register(name, shell("true"), **OWN_NETWORK)
    arns = [simulated.run(definition) for _ in range(2)]
    addresses = {address_of(simulated.wait_for(arn, "RUNNING")) for arn in arns}
    assert len(addresses) == 2
    for arn in arns:
        simulated.stop(arn)


# What containers can ask about themselves.

# Its time-out crashes in the image.
ASK = "wget -q -O -"
ASK_TASK = f"{ASK} $ECS_CONTAINER_METADATA_URI_V4/task"


def said(plane: ControlPlane, arn: str, container: str = "main") -> Any:
    """What a container has printed, which is JSON."""
    [line] = until("it has said something", lambda: plane.output(arn, container))
    return json.loads(line)


@pytest.mark.parametrize("mode", ["awsvpc", "bridge", "host"])
def test_a_container_learns_what_it_is(plane: ControlPlane, name: str, mode: str) -> None:
    # In bridge mode a container may be faster than its endpoint.
    main = shell(f"until out=$({ASK_TASK} 2>/dev/null); do sleep 0.1; done; echo $out; {FOREVER}", cpu=64, memory=64, dockerLabels={"own": "1"})
    ask = f"{ASK} $ECS_CONTAINER_METADATA_URI_V4 2>/dev/null"
    side = shell(f"until out=$({ask}); do sleep 0.1; done; echo $out; {FOREVER}", "side", essential=False)
    definition = plane.register(name, main, side, networkMode=mode)
    arn = plane.run(definition)
    shown = plane.wait_for(arn, "RUNNING")
    task = said(plane, arn)
    family, revision = definition.split(":")
    assert (task["TaskARN"], task["Family"], task["Revision"]) == (arn, family, revision)
    assert task["Cluster"] == shown["clusterArn"] and task["LaunchType"] == "FARGATE"
    assert task["DesiredStatus"] == "RUNNING" and task["KnownStatus"] in {"PENDING", "RUNNING"}
    assert task["Limits"] == {"CPU": 0.25, "Memory": 256}
    assert [one["Name"] for one in task["Containers"]] == ["main", "side"]
    one = task["Containers"][0]
    real = docker.of_task(plane.installation, arn)
    [told] = [found for found in shown["containers"] if found["name"] == "main"]
    assert one["DockerId"] == real["main"]["Id"] == told["runtimeId"]
    assert "/" + one["DockerName"] == real["main"]["Name"]
    assert (one["Image"], one["ImageID"]) == (docker.IMAGE, real["main"]["Image"])
    assert one["Labels"]["own"] == "1" and one["Labels"]["com.amazonaws.ecs.task-arn"] == arn
    assert one["ContainerARN"] == told["containerArn"]
    assert one["Limits"] == {"CPU": 64, "Memory": 64}
    assert (one["Type"], one["DesiredStatus"]) == ("NORMAL", "RUNNING")
    assert one["CreatedAt"] == real["main"]["Created"] and one["StartedAt"] == real["main"]["State"]["StartedAt"]
    [network] = one["Networks"]
    assert network["NetworkMode"] == mode
    match mode:
        case "awsvpc":
            assert network["IPv4Addresses"] == [address_of(shown)]
            assert network["MACAddress"] == real[docker.HOLDER]["NetworkSettings"]["Networks"]["bridge"]["MacAddress"]
            assert ipaddress.ip_address(address_of(shown)) in ipaddress.ip_network(network["IPv4SubnetCIDRBlock"])
        case "bridge":
            assert network["IPv4Addresses"] == [real["main"]["NetworkSettings"]["IPAddress"]]
        case "host":
            assert "IPv4Addresses" not in network
    other = said(plane, arn, "side")
    assert (other["Name"], other["DockerId"]) == ("side", real["side"]["Id"])
    plane.stop(arn)


def test_a_container_learns_how_it_is(plane: ControlPlane, name: str) -> None:
    ask = f"{ASK} $ECS_CONTAINER_METADATA_URI_V4"
    health = {"command": ["CMD-SHELL", "echo fine"], "interval": 5, "retries": 1}
    main = shell(f"until {ask} | grep -q HEALTHY; do sleep 0.2; done; echo $({ask}); {FOREVER}", healthCheck=health)
    arn = plane.run(plane.register(name, main, **OWN_NETWORK))
    found = said(plane, arn)["Health"]
    since = datetime.fromisoformat(found.pop("statusSince"))
    assert found == {"status": "HEALTHY", "exitCode": 0, "output": "fine\n"}
    assert plane.task(arn)["createdAt"] < since < datetime.now(UTC)
    plane.stop(arn)


def test_a_container_learns_what_it_uses(plane: ControlPlane, name: str) -> None:
    script = f"echo $({ASK} $ECS_CONTAINER_METADATA_URI_V4/stats); echo $({ASK} $ECS_CONTAINER_METADATA_URI_V4/task/stats)"
    arn = plane.run(plane.register(name, shell(script), **OWN_NETWORK))
    plane.wait_for(arn, "STOPPED")
    lines = until("it has said both", lambda: plane.output(arn) if len(plane.output(arn)) == 2 else None)
    own, all_of_task = (json.loads(line) for line in lines)
    assert own["memory_stats"]["usage"] > 0 and own["cpu_stats"]["cpu_usage"]["total_usage"] > 0
    assert list(all_of_task) == [plane.task(arn)["containers"][0]["runtimeId"]]


def test_strangers_learn_nothing(plane: ControlPlane, name: str) -> None:
    """An id is needed, and one's own network: neither the machine nor another task reaches the address."""
    script = (
        'echo "$ECS_CONTAINER_METADATA_URI_V4"; '
        "wget -O - http://169.254.170.2/v4/0123456789abcdef0123456789abcdef 2>&1 | grep -o 'HTTP/1.1 404'; "
        "wget -O - http://169.254.170.2/ 2>&1 | grep -o 'HTTP/1.1 404'; "
        f"{FOREVER}"
    )
    definition = plane.register(name, shell(script), **OWN_NETWORK)
    arns = [plane.run(definition) for _ in range(2)]
    for arn in arns:
        plane.wait_for(arn, "RUNNING")
        until("it has asked", lambda: len(plane.output(arn)) == 3)
        assert plane.output(arn)[1:] == ["HTTP/1.1 404"] * 2
    [one, other] = [plane.output(arn)[0] for arn in arns]
    assert re.fullmatch(r"http://169\.254\.170\.2/v4/[0-9a-f]{32}", one) and one != other
    found = docker.of_task(plane.installation, arns[0])["main"]["Id"]
    asked = docker.docker("exec", found, "wget", "-q", "-O", "-", other, check=False)
    assert asked == "", "another task's id says nothing here"
    assert json.loads(docker.docker("exec", found, "wget", "-q", "-O", "-", one))["Name"] == "main"
    # Something else may be there, or nothing.
    with contextlib.suppress(requests.RequestException):
        assert "DockerId" not in requests.get(one, timeout=2).text
    for arn in arns:
        plane.stop(arn)


def test_the_endpoint_takes_no_port_of_the_task(plane: ControlPlane, name: str) -> None:
    """A server at port 80 of all addresses and the endpoint at port 80 of its own live side by side."""
    serve = "httpd -p 0.0.0.0:80 -h /var/www && until wget -q -O - http://127.0.0.1/; do sleep 0.1; done"
    ask = f"{ASK} $ECS_CONTAINER_METADATA_URI_V4 | grep -c DockerId"
    arn = plane.run(plane.register(name, shell(f"{serve}; {ask}"), **OWN_NETWORK))
    plane.wait_for(arn, "STOPPED")
    plane.wait_for_output(arn, ["hello from berth-test", "1"])


def test_no_network_no_endpoint(plane: ControlPlane, name: str) -> None:
    arn = plane.run(plane.register(name, shell('echo "[$ECS_CONTAINER_METADATA_URI_V4]"'), networkMode="none"))
    plane.wait_for(arn, "STOPPED")
    plane.wait_for_output(arn, ["[]"])


@pytest.mark.parametrize("mode", ["awsvpc", "bridge", "host"])
def test_endpoints_outlive_their_agent(new_plane: NewPlane, name: str, mode: str) -> None:
    plane = new_plane().start()
    arn = plane.run(plane.register(name, shell(FOREVER), networkMode=mode))
    plane.wait_for(arn, "RUNNING")
    main = docker.of_task(plane.installation, arn)["main"]["Id"]

    def ask() -> str:
        return docker.docker("exec", main, "sh", "-c", ASK_TASK, check=False)

    assert json.loads(ask())["TaskARN"] == arn
    for agent in plane.agents():
        agent.signal(signal.SIGKILL)
    answer = until("it is answered again", ask)
    assert json.loads(answer)["TaskARN"] == arn
    assert json.loads(answer)["KnownStatus"] == "RUNNING"


# Credentials of roles.

ROLE = "arn:aws:iam::123456789012:role/team/web"


def write_role(plane: ControlPlane, secret: str, role: str = "web") -> None:
    """Puts credentials where the server looks for them, all at once."""
    document = {"AccessKeyId": "AKIAWEB", "SecretAccessKey": secret, "Token": "tok", "Expiration": "2030-01-01T00:00:00Z"}
    roles = plane.directory / "roles"
    roles.mkdir(exist_ok=True)
    (roles / f"{role}.new").write_text(json.dumps(document))
    (roles / f"{role}.new").rename(roles / f"{role}.json")


@pytest.fixture
def with_roles(new_plane: NewPlane) -> ControlPlane:
    plane = new_plane(server={"open": True})
    plane.server["credentials"] = {"directory": str(plane.directory / "roles")}
    write_role(plane, "first-secret")
    return plane.start()


@pytest.mark.parametrize("mode", ["awsvpc", "bridge", "host"])
def test_a_task_gets_the_credentials_of_its_role(with_roles: ControlPlane, name: str, mode: str) -> None:
    plane = with_roles
    variable = "AWS_CONTAINER_CREDENTIALS_" + ("FULL" if mode == "host" else "RELATIVE") + "_URI"
    base = "" if mode == "host" else "http://169.254.170.2"
    definition = plane.register(name, shell(FOREVER), networkMode=mode, taskRoleArn=ROLE)
    arn = plane.run(definition)
    plane.wait_for(arn, "RUNNING")
    main = docker.of_task(plane.installation, arn)["main"]["Id"]

    def ask() -> dict[str, str]:
        answer = docker.docker("exec", main, "sh", "-c", f"{ASK} {base}${variable}", check=False)
        return json.loads(answer) if answer else {}

    expected = {
        "RoleArn": ROLE, "AccessKeyId": "AKIAWEB", "SecretAccessKey": "first-secret", "Token": "tok",
        "Expiration": "2030-01-01T00:00:00Z",
    }
    assert ask() == expected
    write_role(plane, "second-secret")
    until("they are renewed", lambda: ask() == {**expected, "SecretAccessKey": "second-secret"})
    for agent in plane.agents():
        agent.signal(signal.SIGKILL)
    until("a new agent has them again", lambda: ask() == {**expected, "SecretAccessKey": "second-secret"})
    plane.stop(arn)
    assert_no_secret(plane, "first-secret", "second-secret")


def assert_no_secret(plane: ControlPlane, *secrets: str) -> None:
    """Nowhere on disk, neither the server's nor an agent's, and in no log."""
    files = list(contents(plane.data))
    assert files
    for path, content in [*files, (plane.log_path, plane.log_path.read_bytes())]:
        for secret in secrets:
            assert secret.encode() not in content, f"{path} has a secret"


def test_a_role_without_credentials_is_a_name(with_roles: ControlPlane, name: str) -> None:
    plane = with_roles
    script = 'echo "[$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI]"'
    arn = plane.run(plane.register(name, shell(script), taskRoleArn="other", **OWN_NETWORK))
    plane.wait_for(arn, "STOPPED")
    plane.wait_for_output(arn, ["[]"])
    # An override names one that has some.
    arn = plane.run(name, overrides={"taskRoleArn": ROLE})
    plane.wait_for(arn, "STOPPED")
    [line] = until("it has said something", lambda: plane.output(arn))
    assert re.fullmatch(r"\[/v2/credentials/[0-9a-f-]{36}\]", line)
