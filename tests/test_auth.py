"""Who may call, and what each role may do: signatures made by boto3, by the aws CLI and by hand."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import ssl
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests
from botocore.config import Config
from botocore.exceptions import ClientError

from conformance.world import RESOURCES
from harness import client, docker, sign
from harness.certificate import certificate
from harness.client import ACCOUNT, Answer, Key
from harness.disk import contents
from harness.docker import IMAGE
from harness.plane import ControlPlane, binary, shell, toml
from harness.wait import until

NewPlane = Callable[..., ControlPlane]
LIST_TASKS = "AmazonEC2ContainerServiceV20141113.ListTasks"
JSON = "application/x-amz-json-1.1"
STRANGER = Key("AKIAAAAAAAAAAAAAAAAA", "secret")


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A control plane that wants a key from everybody."""
    plane = ControlPlane(tmp_path_factory.mktemp("closed"), "--open", "false", simulate=True)
    try:
        yield plane.start()
        plane.finish()
    finally:
        plane.guard()


@pytest.fixture(scope="module")
def admin(closed: ControlPlane) -> Key:
    return closed.first_key()


def iam(plane: ControlPlane, key: Key) -> Any:
    return client.boto("iam", plane.url, key)


def made(plane: ControlPlane, by: Key, user: str, *options: str) -> Key:
    """A key made with `berth keys create`."""
    done = plane.berth("keys", "create", user, *options, "--output", "json", key=by)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert re.fullmatch(r"AKIA[A-Z2-7]{16}", shown["AccessKeyId"]) and len(shown["SecretAccessKey"]) == 40
    return Key(shown["AccessKeyId"], shown["SecretAccessKey"])


def refusal(call: Callable[..., Any], **members: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call(**members)
    return refused.value.response["Error"]["Code"]


def send(plane: ControlPlane, headers: dict[str, str], body: str = "{}", method: str = "POST", path: str = "/") -> Answer:
    answer = plane.http.session.request(method, plane.url + path, data=body, headers=headers, timeout=30)
    return Answer(answer.status_code, answer.headers, answer.text)


def signed(plane: ControlPlane, key: Key, body: str = "{}", **how: Any) -> dict[str, str]:
    given = {"X-Amz-Target": LIST_TASKS, "Content-Type": JSON}
    return sign.headers(key, f"{plane.address}:{plane.port}", body, given, **how)


def test_the_first_start_makes_an_administrators_key(new_plane: NewPlane) -> None:
    plane = new_plane("--open", "false", simulate=True).start()
    key = plane.first_key()
    assert client.boto("ecs", plane.url, key).list_clusters()["clusterArns"]
    assert (plane.data / "master.key").stat().st_mode & 0o777 == 0o600
    secret = key.secret.encode()
    holders = {path.name for path, content in contents(plane.data) if secret in content}
    assert holders == {"credentials"}, "it stands nowhere else"
    assert secret not in plane.log_path.read_bytes()
    plane.kill()
    plane.start()
    assert plane.first_key() == key
    assert client.boto("ecs", plane.url, key).list_clusters()["clusterArns"]


def test_strangers_are_turned_away(closed: ControlPlane, admin: Key) -> None:
    answer = closed.http.post("ListTasks")
    assert (answer.status, answer.code) == (400, "MissingAuthenticationTokenException")
    assert answer.headers["Connection"] == "close", "the body was not read"
    for key, code in [
        (STRANGER, "UnrecognizedClientException"),
        (client.ANY, "UnrecognizedClientException"),
        (Key(admin.id, "x" * 40), "InvalidSignatureException"),
        (Key("BERTH" + "0" * 32, "x"), "InvalidSignatureException"),
    ]:
        assert refusal(client.boto("ecs", closed.url, key).list_tasks) == code, key
        assert refusal(client.boto("logs", closed.url, key).get_log_events, logGroupName="a", logStreamName="b") == code
    for path, status in [("/healthz", 200), ("/readyz", 200), ("/metrics", 200), ("/v1/openapi.json", 200), ("/x", 400)]:
        assert closed.http.send("GET", path).status == status, path
    for path in ("/acs/ws", "/tcs/ws"):
        answer = closed.http.send("GET", path, Upgrade="websocket", Connection="upgrade")
        assert (answer.status, answer.code) == (400, "MissingAuthenticationTokenException"), path
    form = closed.http.send("POST", "/", "Action=GetCallerIdentity&Version=2011-06-15", Content_Type="text/plain")
    assert form.status == 403


def test_what_is_signed_right_is_accepted(closed: ControlPlane, admin: Key) -> None:
    assert send(closed, signed(closed, admin)).status == 200
    ecs = client.boto("ecs", closed.url, admin)
    assert ecs.list_clusters()["clusterArns"]
    assert closed.aws("ecs", "list-clusters", key=admin)["clusterArns"]
    assert closed.berth("ps", key=admin).returncode == 0
    done = closed.berth("ps")
    assert done.returncode == 1 and "UnrecognizedClientException" in done.stderr, done.stderr


@pytest.mark.parametrize("skew", [-310, 310])
def test_clocks_may_not_be_apart(closed: ControlPlane, admin: Key, skew: int) -> None:
    answer = send(closed, signed(closed, admin, skew=skew))
    assert (answer.status, answer.code) == (400, "InvalidSignatureException")
    assert "clock" in answer.message
    assert send(closed, signed(closed, admin, skew=skew - 20 if skew > 0 else skew + 20)).status == 200


def test_a_signature_is_of_one_request(closed: ControlPlane, admin: Key) -> None:
    good = signed(closed, admin)
    assert send(closed, good).status == 200
    authorization = good["Authorization"]
    flipped = authorization[:-1] + ("0" if authorization[-1] != "0" else "1")
    changes: list[tuple[dict[str, str], str, str]] = [
        ({}, '{"family":"x"}', "/"),
        ({}, "{}", "/v1/ListTasks"),
        ({"X-Amz-Target": LIST_TASKS.replace("ListTasks", "ListClusters")}, "{}", "/"),
        ({"Content-Type": "application/json"}, "{}", "/"),
        ({"X-Amz-Date": sign._amz_date(1)}, "{}", "/"),
        ({"Host": "localhost"}, "{}", "/"),
        ({"Authorization": flipped}, "{}", "/"),
        ({"Authorization": authorization.replace("us-east-1", "us-east-2")}, "{}", "/"),
        ({"X-Amz-Other": "1"}, "{}", "/"),
        ({"X-Amz-Content-Sha256": "UNSIGNED-PAYLOAD"}, "{}", "/"),
        ({"Authorization": "Bearer x"}, "{}", "/"),
    ]
    for headers, body, path in changes:
        answer = send(closed, {**good, **headers}, body, path=path)
        expected = ("InvalidSignatureException", "IncompleteSignatureException")
        assert answer.status == 400 and answer.code in expected, (headers, body, path, answer)
    for how, part in [({"service": "iam"}, "service: 'ecs'"), ({"region": "eu-west-1"}, "region: 'us-east-1'")]:
        answer = send(closed, signed(closed, admin, **how))
        assert (answer.code, part in answer.message) == ("InvalidSignatureException", True), answer


def test_websockets_are_signed_in_header_or_query(closed: ControlPlane, admin: Key) -> None:
    host = f"{closed.address}:{closed.port}"
    arn = f"arn:aws:ecs:us-east-1:{ACCOUNT}:container-instance/default/{'0' * 32}"
    upgrade = {
        "Upgrade": "websocket", "Connection": "upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    def ask(**how: Any) -> str:
        path = sign.presigned(admin, host, "/acs/ws", {"containerInstanceArn": arn}, **how)
        return send(closed, upgrade, "", "GET", path).text
    assert "InvalidInstanceException" in ask(), "it is let in, and there is no such host"
    assert "InvalidSignatureException" in ask(skew=-120)
    assert "InvalidSignatureException" in ask(skew=400)
    assert "IncompleteSignatureException" in ask(expires=86_400)
    path = sign.presigned(admin, host, "/v1/ListTasks", {})
    answer = send(closed, {}, "{}", "POST", path)
    assert answer.code == "IncompleteSignatureException", "a page could make a browser send that"


READS = [("list_clusters", {}), ("list_tasks", {"cluster": "mine"}), ("describe_clusters", {"clusters": ["mine"]})]
CHANGES = [("stop_task", {"cluster": "mine", "task": "0" * 32}), ("create_cluster", {"clusterName": "mine"})]
ELSEWHERE = [
    ("list_tasks", {}),
    ("list_tasks", {"cluster": "other"}),
    ("describe_clusters", {}),
    ("describe_clusters", {"clusters": ["mine", "other"]}),
    ("run_task", {"taskDefinition": "x"}),
    ("create_cluster", {"clusterName": "other"}),
    ("delete_cluster", {"cluster": f"arn:aws:ecs:us-east-1:{ACCOUNT}:cluster/other"}),
]
AGENTS = [("discover_poll_endpoint", {}), ("submit_task_state_change", {"task": "0" * 32, "status": "RUNNING"})]


@pytest.mark.parametrize(
    ("role", "allowed", "denied"),
    [
        (["--role", "admin"], READS + CHANGES + AGENTS, []),
        (["--role", "reader"], READS + ELSEWHERE[:4], CHANGES + AGENTS + ELSEWHERE[4:]),
        (["--role", "user", "--cluster", "mine"], READS + CHANGES, ELSEWHERE + AGENTS),
        (["--role", "agent"], [], READS + CHANGES + ELSEWHERE + AGENTS),
    ],
    ids=lambda value: value[1] if value and isinstance(value[0], str) else None,
)
def test_roles(closed: ControlPlane, admin: Key, name: str, role: list[str], allowed: Any, denied: Any) -> None:
    key = made(closed, admin, name, *role)
    client.boto("ecs", closed.url, admin).create_cluster(clusterName="mine")
    ecs = client.boto("ecs", closed.url, key)
    for operation, members in allowed:
        try:
            getattr(ecs, operation)(**members)
        except ClientError as error:
            assert error.response["Error"]["Code"] != "AccessDeniedException", (operation, members)
    for operation, members in denied:
        assert refusal(getattr(ecs, operation), **members) == "AccessDeniedException", (operation, members)
    if role[1] != "admin":
        assert refusal(iam(closed, key).create_access_key, UserName="x") == "AccessDenied"
    assert client.boto("sts", closed.url, key).get_caller_identity()["Arn"].endswith(f":user/{name}")


def test_a_user_changes_its_own_task_definitions_alone(closed: ControlPlane, admin: Key, name: str) -> None:
    theirs = client.boto("ecs", closed.url, admin)
    theirs.create_cluster(clusterName=name)
    ours = client.boto("ecs", closed.url, made(closed, admin, name, "--role", "user", "--cluster", name))
    container = {"name": "main", "image": "i", "memory": 64}
    for ecs, family in ((theirs, f"{name}-theirs"), (ours, f"{name}-ours")):
        ecs.register_task_definition(family=family, containerDefinitions=[container])
    arns = {end: ours.describe_task_definition(taskDefinition=f"{name}-{end}")["taskDefinition"]["taskDefinitionArn"]
            for end in ("theirs", "ours")}
    theirs.deregister_task_definition(taskDefinition=theirs.register_task_definition(
        family=f"{name}-old", containerDefinitions=[container])["taskDefinition"]["taskDefinitionArn"])
    old = arns["theirs"].replace("-theirs:", "-old:")
    for operation, members in [
        ("register_task_definition", {"family": f"{name}-theirs", "containerDefinitions": [container]}),
        ("deregister_task_definition", {"taskDefinition": arns["theirs"]}),
        ("deregister_task_definition", {"taskDefinition": f"{name}-theirs:1"}),
        ("delete_task_definitions", {"taskDefinitions": [arns["ours"], old]}),
        ("tag_resource", {"resourceArn": arns["theirs"], "tags": [{"key": "a", "value": "b"}]}),
        ("untag_resource", {"resourceArn": arns["theirs"], "tagKeys": ["a"]}),
    ]:
        assert refusal(getattr(ours, operation), **members) == "AccessDeniedException", (operation, members)
    ours.register_task_definition(family=f"{name}-ours", containerDefinitions=[container])
    ours.tag_resource(resourceArn=arns["ours"], tags=[{"key": "a", "value": "b"}])
    ours.deregister_task_definition(taskDefinition=arns["ours"])
    assert ours.delete_task_definitions(taskDefinitions=[arns["ours"]])["failures"] == []
    assert theirs.list_tags_for_resource(resourceArn=arns["theirs"])["tags"] == []


def test_a_token_is_of_its_cluster(closed: ControlPlane, admin: Key, name: str) -> None:
    """What another's token stands for in another cluster is not told."""
    root = client.boto("ecs", closed.url, admin)
    root.register_task_definition(family=name, containerDefinitions=[{"name": "main", "image": "i", "memory": 64}])
    arns = set()
    for cluster in (f"{name}-a", f"{name}-b"):
        root.create_cluster(clusterName=cluster)
        ecs = client.boto("ecs", closed.url, made(closed, admin, cluster, "--role", "user", "--cluster", cluster))
        for _ in range(2):
            arns.add(ecs.run_task(cluster=cluster, taskDefinition=name, clientToken="same")["tasks"][0]["taskArn"])
        with pytest.raises(ecs.exceptions.ConflictException):
            ecs.run_task(cluster=cluster, taskDefinition=name, clientToken="same", count=2)
    assert len(arns) == 2
    for arn in arns:
        root.stop_task(cluster=arn.split("/")[1], task=arn)


def test_a_user_hears_of_its_own_clusters(closed: ControlPlane, admin: Key, name: str) -> None:
    client.boto("ecs", closed.url, admin).create_cluster(clusterName=name)
    key = made(closed, admin, name, "--role", "user", "--cluster", name)
    address = closed.url.removeprefix("http://")
    for query, status in (({"cluster": name}, 200), ({"cluster": "default"}, 400), ({}, 400)):
        with requests.get(f"{closed.url}{sign.presigned(key, address, '/v1/events', query)}", stream=True, timeout=20) as answer:
            assert answer.status_code == status, query
            assert status == 200 or answer.json()["__type"] == "AccessDeniedException"


def test_an_agent_has_its_own_host_drain(closed: ControlPlane, admin: Key, name: str) -> None:
    client.boto("ecs", closed.url, admin).create_cluster(clusterName=name)
    resources = [{"name": "CPU", "type": "INTEGER", "integerValue": 1024}, {"name": "MEMORY", "type": "INTEGER", "integerValue": 1024}]
    hosts = []
    for user in (f"{name}-a", f"{name}-b"):
        key = made(closed, admin, user, "--role", "agent")
        ecs = client.boto("ecs", closed.url, key)
        host = ecs.register_container_instance(cluster=name, totalResources=resources)["containerInstance"]
        hosts.append((ecs, host["containerInstanceArn"]))
    (ours, own), (_, other) = hosts
    drain = {"cluster": name, "status": "DRAINING"}
    assert ours.update_container_instances_state(containerInstances=[own], **drain)["failures"] == []
    assert ours.list_tags_for_resource(resourceArn=own)["tags"] == []
    for arns in ([other], [own, other]):
        assert refusal(ours.update_container_instances_state, containerInstances=arns, **drain) == "AccessDeniedException"
    assert refusal(ours.list_tags_for_resource, resourceArn=other) == "AccessDeniedException"
    # Nor does it become another's host by saying so.
    taken = {"cluster": name, "totalResources": resources, "containerInstanceArn": other}
    third = client.boto("ecs", closed.url, made(closed, admin, f"{name}-c", "--role", "agent"))
    for ecs in (ours, third):
        assert refusal(ecs.register_container_instance, **taken) == "AccessDeniedException"


def test_a_user_reads_the_output_of_its_clusters(closed: ControlPlane, admin: Key, name: str) -> None:
    ecs = client.boto("ecs", closed.url, admin)
    ecs.create_cluster(clusterName=name)
    key = made(closed, admin, name, "--role", "user", "--cluster", name)
    ecs.register_task_definition(family=name, containerDefinitions=[{"name": "main", "image": "x", "memory": 8}])
    for cluster, code in [(name, "ResourceNotFoundException"), ("default", "AccessDeniedException")]:
        [task] = ecs.run_task(cluster=cluster, taskDefinition=name)["tasks"]
        stream = f"{name}/main/{task['taskArn'].rpartition('/')[2]}"
        call = client.boto("logs", closed.url, key).get_log_events
        assert refusal(call, logGroupName="berth", logStreamName=stream) == code
        ecs.stop_task(cluster=cluster, task=task["taskArn"])
        search = client.boto("logs", closed.url, key).filter_log_events
        assert refusal(search, logGroupName="berth", logStreamNames=[stream]) == code
    logs = client.boto("logs", closed.url, key)
    assert refusal(logs.filter_log_events, logGroupName="berth") == "AccessDeniedException"
    assert refusal(logs.filter_log_events, logGroupName="berth", logStreamNamePrefix=name) == "AccessDeniedException"
    assert refusal(logs.describe_log_groups) == "AccessDeniedException"
    assert refusal(logs.describe_log_streams, logGroupName="berth") == "AccessDeniedException"
    assert refusal(logs.delete_log_stream, logGroupName="berth", logStreamName=stream) == "AccessDeniedException"


def test_a_stream_of_ones_own_in_a_member_that_is_not_read_opens_no_others(
    closed: ControlPlane, admin: Key, name: str
) -> None:
    ecs = client.boto("ecs", closed.url, admin)
    ecs.create_cluster(clusterName=name)
    key = made(closed, admin, name, "--role", "user", "--cluster", name)
    ecs.register_task_definition(family=name, containerDefinitions=[{"name": "main", "image": "x", "memory": 8}])
    [task] = ecs.run_task(cluster=name, taskDefinition=name)["tasks"]
    own = f"{name}/main/{task['taskArn'].rpartition('/')[2]}"
    host = f"{closed.address}:{closed.port}"
    for operation, member in [
        ("FilterLogEvents", "logStreamName"),
        ("DescribeLogStreams", "logStreamName"),
        ("DescribeLogGroups", "logStreamNames"),
        ("GetLogEvents", "logStreamNames"),
    ]:
        body = json.dumps({"logGroupName": "berth", member: own if member == "logStreamName" else [own]})
        path = f"/v1/{operation}"
        headers = sign.headers(key, host, body, {"Content-Type": JSON}, path=path, service="logs")
        answer = send(closed, headers, body, path=path)
        assert (answer.status, answer.code) == (400, "AccessDeniedException"), (operation, answer)
    ecs.stop_task(cluster=name, task=task["taskArn"])


def test_iam_makes_lists_and_revokes_keys(closed: ControlPlane, admin: Key, name: str) -> None:
    # Parameters that boto3 does not know are those of `berth keys`.
    first = made(closed, admin, name, "--role", "reader")
    keys = iam(closed, admin)
    second = keys.create_access_key(UserName=name)["AccessKey"]
    assert (second["UserName"], second["Status"]) == (name, "Active")
    other = Key(second["AccessKeyId"], second["SecretAccessKey"])
    assert refusal(keys.create_access_key, UserName=name) == "LimitExceeded"
    assert refusal(keys.create_access_key, UserName=f"{name}-new") == "ValidationError", "its role must be said"
    listed = keys.list_access_keys(UserName=name)["AccessKeyMetadata"]
    assert {one["AccessKeyId"] for one in listed} == {first.id, other.id}
    pages = keys.get_paginator("list_access_keys").paginate(UserName=name, PaginationConfig={"PageSize": 1})
    assert [len(page["AccessKeyMetadata"]) for page in pages] == [1, 1]
    own = keys.list_access_keys()["AccessKeyMetadata"]
    assert [one["AccessKeyId"] for one in own] == [admin.id], "whoever changes its key must not find those of others"

    ecs = client.boto("ecs", closed.url, other)
    assert refusal(ecs.create_cluster, clusterName="x") == "AccessDeniedException", "the role of the user's other key"
    assert ecs.list_tasks()["taskArns"] is not None
    assert refusal(keys.delete_access_key, UserName="joe", AccessKeyId=other.id) == "NoSuchEntity"
    keys.delete_access_key(UserName=name, AccessKeyId=other.id)
    assert refusal(ecs.list_tasks) == "UnrecognizedClientException", "at once"
    assert refusal(keys.delete_access_key, UserName=name, AccessKeyId=other.id) == "NoSuchEntity"

    table = closed.berth("keys", "list", key=admin).stdout
    [row] = [line for line in table.splitlines() if first.id in line]
    assert name in row and "reader" in row and first.secret not in table
    assert admin.id in table
    assert admin.id not in closed.berth("keys", "list", "--user", name, key=admin).stdout
    assert closed.berth("keys", "revoke", first.id, key=admin).returncode == 0
    assert refusal(client.boto("ecs", closed.url, first).list_tasks) == "UnrecognizedClientException"
    done = closed.berth("keys", "create", name, "--role", "user", key=admin)
    assert done.returncode == 1 and "Clusters" in done.stderr


def test_a_user_sees_its_clusters_alone(closed: ControlPlane, admin: Key, name: str) -> None:
    ecs = client.boto("ecs", closed.url, admin)
    arns = [ecs.create_cluster(clusterName=f"{name}-{n}")["cluster"]["clusterArn"] for n in range(4)]
    ecs.delete_cluster(cluster=arns[3])
    limits = [part for n in (0, 2, 3, 9) for part in ("--cluster", f"{name}-{n}")]
    limited = client.boto("ecs", closed.url, made(closed, admin, name, "--role", "user", *limits))
    assert limited.list_clusters()["clusterArns"] == [arns[0], arns[2]]
    pages = limited.get_paginator("list_clusters").paginate(PaginationConfig={"PageSize": 1})
    assert [page["clusterArns"] for page in pages] == [[arns[0]], [arns[2]]]
    assert set(arns[:3]) <= set(ecs.list_clusters()["clusterArns"])


def test_a_user_gets_nowhere_else_by_strange_bodies(closed: ControlPlane, admin: Key, name: str) -> None:
    """What looks at a body to see which cluster it is about reads the same as what does what it says."""
    ecs = client.boto("ecs", closed.url, admin)
    ecs.create_cluster(clusterName=name)
    ecs.register_task_definition(family=name, containerDefinitions=[{"name": "main", "image": "x", "memory": 8}])
    key = made(closed, admin, name, "--role", "user", "--cluster", "default")
    [task] = ecs.run_task(cluster=name, taskDefinition=name)["tasks"]
    deep = "[" * 200 + "]" * 200
    bodies = [f'{{"cluster":"{name}","x":{unknown}}}' for unknown in (deep, "1e999", r'"\ud800"', "1", "{}")]
    bodies += [f'{{"cluster":"{name}"}}\x0c', f'{{"cluster":"default","cluster":"{name}"}}', f'[{{"cluster":"{name}"}}]']
    bodies += [f'{{"cluster":"{name}","cluster":"default"}}', f'{{"\\u0063luster":"{name}"}}', f'["{name}"]']
    for body in bodies:
        answer = send(closed, signed(closed, key, body), body)
        assert answer.status in (400, 403), (body, answer)
        assert answer.code in ("AccessDeniedException", "InvalidParameterException"), (body, answer)
    limited = client.boto("ecs", closed.url, key)
    arn = task["taskArn"]
    # A task of another cluster, named whole or by its id.
    for named in (arn, arn.rpartition("/")[2]):
        assert refusal(limited.stop_task, cluster="default", task=named) == "InvalidParameterException"
        assert limited.describe_tasks(cluster="default", tasks=[named])["tasks"] == []
        assert refusal(limited.stop_task, cluster=name, task=named) == "AccessDeniedException"
        shown = limited.get_task_protection(cluster="default", tasks=[named])
        assert [one["reason"] for one in shown["failures"]] == ["MISSING"]
    # And a host.
    resources = [{"name": kind, "type": "INTEGER", "integerValue": 1024} for kind in ("CPU", "MEMORY")]
    host = ecs.register_container_instance(cluster=name, totalResources=resources)["containerInstance"]
    for named in (host["containerInstanceArn"], host["containerInstanceArn"].rpartition("/")[2]):
        shown = limited.describe_container_instances(cluster="default", containerInstances=[named])
        assert shown["containerInstances"] == [] and [one["reason"] for one in shown["failures"]] == ["MISSING"]
        assert limited.list_tasks(cluster="default", containerInstance=named)["taskArns"] == []
    for resource in (arn, host["containerInstanceArn"], arn.replace("task/", "service/"), arn.split(":task/")[0] + ":task/x"):
        assert refusal(limited.list_tags_for_resource, resourceArn=resource) == "AccessDeniedException", resource
        tags = [{"key": "a", "value": "b"}]
        assert refusal(limited.tag_resource, resourceArn=resource, tags=tags) == "AccessDeniedException", resource
    assert ecs.describe_tasks(cluster=name, tasks=[arn])["tasks"][0]["desiredStatus"] == "RUNNING"
    ecs.stop_task(cluster=name, task=arn)


UPGRADE = {
    "Upgrade": "websocket", "Connection": "upgrade", "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
}


def opened(plane: ControlPlane, path: str) -> socket.socket:
    """A websocket that the server has taken; what it sends comes next."""
    connection = socket.create_connection((plane.address, plane.port), 20)
    head = "".join(f"{name}: {value}\r\n" for name, value in UPGRADE.items())
    connection.sendall(f"GET {path} HTTP/1.1\r\nHost: {plane.address}:{plane.port}\r\n{head}\r\n".encode())
    answer = b""
    while not answer.endswith(b"\r\n\r\n"):
        byte = connection.recv(1)
        assert byte, answer
        answer += byte
    assert answer.startswith(b"HTTP/1.1 101 "), answer
    return connection


def closing_code(connection: socket.socket) -> int:
    """Reads to the end: the code with which the server closes."""
    with connection.makefile("rb") as frames:
        while True:
            head = frames.read(2)
            assert len(head) == 2, "it ended without a close frame"
            length = head[1] & 0x7F
            if length >= 126:
                length = int.from_bytes(frames.read(2 if length == 126 else 8), "big")
            payload = frames.read(length)
            if head[0] & 0x0F == 8:
                return int.from_bytes(payload[:2], "big")


def test_a_revoked_key_closes_what_it_opened(closed: ControlPlane, admin: Key, name: str) -> None:
    agent, reader = made(closed, admin, name, "--role", "agent"), made(closed, admin, f"{name}-r", "--role", "reader")
    resources = [{"name": name, "type": "INTEGER", "integerValue": 1024} for name in ("CPU", "MEMORY")]
    answer = client.boto("ecs", closed.url, agent).register_container_instance(totalResources=resources)
    host = answer["containerInstance"]["containerInstanceArn"]
    address = f"{closed.address}:{closed.port}"

    def dial(key: Key) -> list[socket.socket]:
        paths = [("/acs/ws", {"containerInstanceArn": host}), ("/tcs/ws", {"containerInstance": host})]
        return [opened(closed, sign.presigned(key, address, path, query)) for path, query in paths]

    def is_connected() -> bool:
        shown = client.boto("ecs", closed.url, admin).describe_container_instances(containerInstances=[host])
        return shown["containerInstances"][0]["agentConnected"]

    sockets = dial(agent)
    until("it is connected", is_connected)
    url = f"{closed.url}{sign.presigned(reader, address, '/v1/events', {})}"
    with requests.get(url, stream=True, timeout=20) as events:
        assert events.status_code == 200
        keys = iam(closed, admin)
        keys.delete_access_key(AccessKeyId=agent.id)
        assert [closing_code(one) for one in sockets] == [1008, 1008], "agents pause before they come back"
        until("its host is away", lambda: not is_connected())
        for one in sockets:
            one.close()
        keys.delete_access_key(AccessKeyId=reader.id)
        assert events.content is not None, "it ends"
    # The key of somebody else is as good as before.
    [acs, tcs] = dial(admin)
    until("it is connected", is_connected)
    acs.close()
    tcs.close()


def test_query_errors_are_those_of_iam_and_sts(closed: ControlPlane, admin: Key) -> None:
    for service, operation in [("sts", "get_caller_identity"), ("iam", "list_access_keys")]:
        for key, code in [(STRANGER, "InvalidClientTokenId"), (Key(admin.id, "x"), "SignatureDoesNotMatch")]:
            assert refusal(getattr(client.boto(service, closed.url, key), operation)) == code
    identity = client.boto("sts", closed.url, admin).get_caller_identity()
    assert (identity["Account"], identity["UserId"]) == (ACCOUNT, admin.id)
    assert identity["Arn"] == f"arn:aws:iam::{ACCOUNT}:user/admin"
    assert refusal(iam(closed, admin).list_users) == "InvalidAction"


def test_an_agents_key_speaks_for_one_host(closed: ControlPlane, admin: Key, name: str) -> None:
    resources = [
        {"name": "CPU", "type": "INTEGER", "integerValue": 1024},
        {"name": "MEMORY", "type": "INTEGER", "integerValue": 1024},
    ]
    own, other = (made(closed, admin, f"{name}-{n}", "--role", "agent") for n in (1, 2))

    def register(key: Key, **members: Any) -> str:
        ecs = client.boto("ecs", closed.url, key)
        answer = ecs.register_container_instance(cluster="default", totalResources=resources, **members)
        return answer["containerInstance"]["containerInstanceArn"]

    host = register(own)
    assert register(own) == host, "an answer that was lost does not make two hosts"
    elsewhere = register(other)
    assert elsewhere != host
    with pytest.raises(ClientError, match="AccessDeniedException"):
        register(own, containerInstanceArn=elsewhere)
    with pytest.raises(ClientError, match="AccessDeniedException"):
        register(own, attributes=[{"name": "berth.host-id", "value": "0" * 32}])
    assert client.boto("ecs", closed.url, own).discover_poll_endpoint(containerInstance=host)["endpoint"]
    address = f"{closed.address}:{closed.port}"
    path = sign.presigned(own, address, "/acs/ws", {"containerInstanceArn": elsewhere})
    assert "AccessDeniedException" in send(closed, UPGRADE, "", "GET", path).text
    # A task of somebody else's host.
    ecs = client.boto("ecs", closed.url, admin)
    ecs.register_task_definition(family=name, containerDefinitions=[{"name": "main", "image": "x", "memory": 8}])
    [task] = ecs.run_task(taskDefinition=name)["tasks"]
    until("it runs", lambda: ecs.describe_tasks(tasks=[task["taskArn"]])["tasks"][0]["lastStatus"] == "RUNNING")
    submit = client.boto("ecs", closed.url, own).submit_task_state_change
    assert refusal(submit, cluster="default", task=task["taskArn"], status="STOPPED") == "AccessDeniedException"
    stream = {"logGroupName": "berth", "logStreamName": f"{name}/main/{task['taskArn'].rpartition('/')[2]}"}
    logs = client.boto("logs", closed.url, own)
    assert refusal(logs.create_log_stream, **stream) == "AccessDeniedException"
    # What is of all hosts.
    assert refusal(logs.describe_log_groups) == "AccessDeniedException"
    assert refusal(logs.describe_log_streams, logGroupName="berth") == "AccessDeniedException"
    assert refusal(logs.filter_log_events, logGroupName="berth") == "AccessDeniedException"
    assert refusal(logs.delete_log_group, logGroupName="berth") == "AccessDeniedException"
    assert refusal(logs.put_retention_policy, logGroupName="berth", retentionInDays=1) == "AccessDeniedException"
    ecs.stop_task(task=task["taskArn"])


def test_open_to_its_machine(new_plane: NewPlane) -> None:
    plane = new_plane(simulate=True).start()
    key = plane.first_key()
    for anybody in (client.ANY, STRANGER, key):
        assert client.boto("ecs", plane.url, anybody).list_clusters()["clusterArns"]
        assert client.boto("sts", plane.url, anybody).get_caller_identity()["Account"] == ACCOUNT
    assert plane.http.post("ListClusters").status == 200
    # Who has a key is held to it.
    assert refusal(client.boto("ecs", plane.url, Key(key.id, "x")).list_clusters) == "InvalidSignatureException"
    reader = made(plane, key, "reader", "--role", "reader")
    assert refusal(client.boto("ecs", plane.url, reader).create_cluster, clusterName="x") == "AccessDeniedException"


def test_the_first_key_of_a_server_is_made_without_it(new_plane: NewPlane) -> None:
    plane = new_plane(server={"pool": {"backend": "simulated"}})
    plane.start()
    until("it says so", lambda: "there is no access key yet" in plane.log_path.read_text())
    assert plane.http.post("ListClusters").code == "MissingAuthenticationTokenException"
    create = ["keys", "create", "jane", "--output", "json"]
    done = plane.berth(*create, "--data", str(plane.data))
    assert done.returncode == 1 and "must not run" in done.stderr, done.stderr
    plane.end(signal.SIGTERM)
    done = plane.berth(*create, "--data", str(plane.data))
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    key = Key(shown["AccessKeyId"], shown["SecretAccessKey"])
    assert plane.berth(*create, "--data", str(plane.data)).returncode == 1
    plane.start()
    assert client.boto("ecs", plane.url, key).list_clusters()["clusterArns"]
    assert client.boto("sts", plane.url, key).get_caller_identity()["Arn"].endswith("user/jane")
    assert key.secret not in plane.log_path.read_text()


def test_strangers_need_keys_beyond_this_machine(tmp_path: Path) -> None:
    for settings, part in [
        ({"listen": "0.0.0.0:0"}, "listen"),
        ({"listen": "0.0.0.0:0", "open": True, "allow_plaintext": True}, "open"),
    ]:
        config = tmp_path / "berth.toml"
        config.write_text(toml({"data_dir": str(tmp_path / "data"), **settings, "pool": {"backend": "simulated"}}))
        command = [str(binary()), "server", "--config", str(config)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
        assert done.returncode == 1 and f"{part}: 0.0.0.0:0" in done.stderr, done
        assert not (tmp_path / "data").exists(), "it makes nothing"


def test_hosts_sign_with_keys_of_their_own(new_plane: NewPlane) -> None:
    """On real Docker: registration, session, reports and output all need the host's key."""
    plane = new_plane("--open", "false").start()
    key = plane.first_key()
    done = plane.berth("run", IMAGE, "echo", "hello", key=key)
    assert (done.returncode, done.stdout) == (0, "hello\n"), done
    assert plane.agents()
    for agent in plane.agents():
        assert not any(key.secret in argument or "SECRET" in argument for argument in agent.arguments)


def shown(address: str, port: int, ca: Path) -> bytes:
    """The certificate that a server shows."""
    context = ssl.create_default_context(cafile=str(ca))
    with socket.create_connection((address, port), 10) as plain:
        with context.wrap_socket(plain, server_hostname=address) as secure:
            found = secure.getpeercert(binary_form=True)
            assert found
            return found


def test_tls(tmp_path: Path, new_plane: NewPlane) -> None:
    """Clients, a host that joins, and hosts of the server's own machine; the certificate is renewed meanwhile."""
    ca = certificate(tmp_path / "ca")
    plane = new_plane()
    pem, private = certificate(tmp_path / "first", ca, plane.address)
    pool = {"backend": "local", "image_pull_behavior": "prefer-cached", "scale_in_after_seconds": 1}
    plane.server = {"tls": {"certificate": str(pem), "key": str(private)}, "pool": pool}
    create = [str(binary()), "keys", "create", "jane", "--data", str(plane.data), "--output", "json"]
    made_key = json.loads(subprocess.run(create, check=True, capture_output=True, text=True).stdout)
    key = Key(made_key["AccessKeyId"], made_key["SecretAccessKey"])
    url = re.search(r"https://\S+", plane.spawn().first(30))
    assert url, plane.log_tail()
    port = int(url[0].rpartition(":")[2])
    ecs = boto3.client(
        "ecs", endpoint_url=url[0], verify=str(ca[0]), region_name=client.REGION, aws_access_key_id=key.id,
        aws_secret_access_key=key.secret,
    )
    assert ecs.list_clusters()["clusterArns"]
    silent = socket.create_connection((plane.address, port), 30)
    trust = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "SSL_CERT_FILE": str(ca[0]), **key.environment}

    def berth(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(binary()), *arguments, "--endpoint", url[0]]
        return subprocess.run(command, env=trust, capture_output=True, text=True, timeout=60, check=False)

    done = subprocess.run(
        [str(binary()), "run", "--endpoint", url[0], IMAGE, "echo", "hello"], env=trust, capture_output=True, text=True,
        timeout=60, check=False,
    )
    assert (done.returncode, done.stdout) == (0, "hello\n"), done
    assert "jane" in berth("keys", "list").stdout

    endpoint = ecs.discover_poll_endpoint()["endpoint"]
    assert endpoint == f"{url[0]}/acs/"
    before = shown(plane.address, port, ca[0])
    joins = [str(binary()), "agent", "--backend", url[0], "--cluster", "default", "--data", str(tmp_path / "agent")]
    agent = subprocess.Popen(joins, env=trust, stderr=subprocess.PIPE)
    try:
        def connected() -> bool:
            arns = ecs.list_container_instances()["containerInstanceArns"]
            hosts = ecs.describe_container_instances(containerInstances=arns)["containerInstances"] if arns else []
            return [host["agentConnected"] for host in hosts] == [True]

        until("the host that joined is connected", connected)
        # A command in a container: both ends of it come over TLS.
        definition = [shell("trap 'exit 0' TERM; while true; do sleep 0.1; done", memory=64)]
        ecs.register_task_definition(family="entered", containerDefinitions=definition)
        [task] = ecs.run_task(taskDefinition="entered", launchType="EC2", enableExecuteCommand=True)["tasks"]

        def status() -> str:
            return ecs.describe_tasks(tasks=[task["taskArn"]])["tasks"][0]["lastStatus"]

        until("it runs", lambda: status() == "RUNNING")
        done = subprocess.run(
            [str(binary()), "exec", "--endpoint", url[0], "-i", task["taskArn"], "cat"], env=trust, capture_output=True,
            input="there and back", text=True, timeout=60, check=False,
        )
        assert (done.returncode, done.stdout) == (0, "there and back"), done
        ecs.stop_task(task=task["taskArn"])
        until("it has stopped", lambda: status() == "STOPPED")
        # Files that are no certificate leave the old one in use.
        pem.write_text("not yet")
        until("it says so", lambda: "new certificate not taken" in plane.log_path.read_text())
        assert shown(plane.address, port, ca[0]) == before
        renewed, its_key = certificate(tmp_path / "second", ca, plane.address)
        its_key.replace(private)
        renewed.replace(pem)
        until("the new one is shown", lambda: shown(plane.address, port, ca[0]) != before)
        assert connected() and ecs.list_clusters()["clusterArns"], "connections that were there go on"
    finally:
        agent.terminate()
        agent.communicate()
        subprocess.run([*joins, "--retire"], env=trust, check=False, capture_output=True, timeout=60)
    with silent:
        assert silent.recv(1) == b"", "who does not say its first word of TLS has its connection closed"


def test_hosts_come_back_to_a_server_with_tls(tmp_path: Path, new_plane: NewPlane) -> None:
    """The hosts of its own machine have a door without TLS, elsewhere after each start: their agents are started again with
    the new address, and what runs runs on."""
    ca = certificate(tmp_path / "ca")
    plane = new_plane()
    pem, private = certificate(tmp_path / "own", ca, plane.address)
    pool = {"backend": "local", "image_pull_behavior": "prefer-cached", "scale_in_after_seconds": 60}
    plane.server = {"open": True, "tls": {"certificate": str(pem), "key": str(private)}, "pool": pool}

    def start() -> Any:
        url = re.search(r"https://\S+", plane.spawn().first(30))
        assert url, plane.log_tail()
        plane.port = int(url[0].rpartition(":")[2])
        return boto3.client(
            "ecs", endpoint_url=url[0], verify=str(ca[0]), region_name=client.REGION, aws_access_key_id="any",
            aws_secret_access_key="any",
        )

    def doors() -> set[str]:
        return {agent.arguments[agent.arguments.index("--backend") + 1] for agent in plane.agents()}

    ecs = start()
    script = "trap 'exit 8' TERM; while true; do sleep 0.1; done"
    ecs.register_task_definition(family="t", containerDefinitions=[shell(script, memory=64)])
    [task] = ecs.run_task(taskDefinition="t")["tasks"]

    def look() -> dict[str, Any]:
        return ecs.describe_tasks(tasks=[task["taskArn"]])["tasks"][0]

    until("it runs", lambda: look()["lastStatus"] == "RUNNING")
    containers, seen = docker.identities(plane.installation), set[str]()
    for _ in range(2):
        [door] = doors()
        assert door.startswith("http://127.0.0.1:") and door not in seen
        seen.add(door)
        plane.kill()
        ecs = start()
        until("its agent has the new address", lambda door=door: len(doors()) == 1 and doors() != {door})
        until("it is connected", lambda: look()["connectivity"] == "CONNECTED")
        assert look()["lastStatus"] == "RUNNING"
        assert docker.identities(plane.installation) == containers
    ecs.stop_task(task=task["taskArn"])
    until("it has stopped", lambda: look()["lastStatus"] == "STOPPED")


def test_each_call_is_a_line_of_the_audit_trail(new_plane: NewPlane) -> None:
    plane = new_plane(server={"open": True, "pool": {"backend": "simulated"}}).start()
    good = plane.http.post("CreateCluster", {"clusterName": "seen", "tags": [{"key": "a", "value": "hush-hush"}]})
    bad = plane.http.post("DescribeTasks", {"cluster": "seen"})
    page = plane.http.send("POST", "/v1/ListTasks", "{}", Origin="http://evil.example")
    assert (good.status, bad.status, page.status) == (200, 400, 403)

    def lines() -> dict[str, dict[str, Any]]:
        records = [json.loads(line) for line in plane.log_path.read_text().splitlines() if line.startswith("{")]
        return {one["request_id"]: one for one in records if one["target"] == "berth::audit"}

    wanted = [answer.headers["x-amzn-requestid"] for answer in (good, bad, page)]
    until("all are there", lambda: set(wanted) <= set(lines()))
    created, described, refused = (lines()[one] for one in wanted)
    assert (created["operation"], created["clusters"], created["code"]) == ("CreateCluster", "seen", "OK")
    assert (created["level"], created["name"], created["key"]) == ("INFO", "local", "")
    assert created["peer"].startswith("127.") and created["ms"] > 0
    assert (described["operation"], described["code"]) == ("DescribeTasks", "InvalidParameterException")
    assert (refused["level"], refused["code"]) == ("WARN", "AccessDeniedException")
    # What agents and forms are about can be told, too.
    key = made(plane, client.ANY, "host-9", "--role", "agent")
    agent = client.boto("ecs", plane.url, key)
    registered = agent.register_container_instance(cluster="seen", totalResources=RESOURCES)
    host = registered["containerInstance"]["containerInstanceArn"].rpartition("/")[2]
    task = "0" * 31 + "7"
    reported = agent.submit_task_state_change(cluster="seen", task=task, status="STOPPED")
    deleted = iam(plane, client.ANY).delete_access_key(UserName="host-9", AccessKeyId=key.id)
    wanted = [answer["ResponseMetadata"]["RequestId"] for answer in (registered, reported, deleted)]
    until("all are there", lambda: set(wanted) <= set(lines()))
    first, second, third = (lines()[one] for one in wanted)
    assert (first["operation"], first["key"], first["about"]) == ("RegisterContainerInstance", key.id, "cluster=seen")
    assert (second["operation"], second["host"]) == ("SubmitTaskStateChange", host)
    assert second["about"] == f"cluster=seen,task={task}"
    assert (third["operation"], third["about"]) == ("DeleteAccessKey", f"UserName=host-9,AccessKeyId={key.id}")
    [created] = [one for one in lines().values() if one["operation"] == "CreateAccessKey"]
    assert created["about"] == "UserName=host-9,Role=agent"
    # So can what is no call of an operation: streams, and the sessions of agents. Here nobody may speak for that host.
    other = made(plane, client.ANY, "host-10", "--role", "agent")
    client.boto("ecs", plane.url, other).register_container_instance(cluster="seen", totalResources=RESOURCES)
    address = f"{plane.address}:{plane.port}"
    upgrade = {
        "Upgrade": "websocket", "Connection": "upgrade", "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    }
    poll = sign.presigned(other, address, "/acs/ws", {"containerInstanceArn": host})
    tell = sign.presigned(other, address, "/tcs/ws", {"containerInstance": host})
    polled, told = (send(plane, upgrade, "", "GET", path) for path in (poll, tell))
    assert polled.status == told.status == 400
    with plane.http.session.get(f"{plane.url}/v1/events", stream=True, timeout=30) as stream:
        wanted = [one.headers["x-amzn-requestid"] for one in (polled, told, stream)]
    until("all are there", lambda: set(wanted) <= set(lines()))
    for one, operation in zip(wanted[:2], ("Poll", "StartTelemetrySession"), strict=True):
        line = lines()[one]
        assert (line["level"], line["operation"], line["code"]) == ("WARN", operation, "AccessDeniedException")
        assert (line["key"], line["about"]) == (other.id, f"containerInstance={host}")
    assert (lines()[wanted[2]]["operation"], lines()[wanted[2]]["code"]) == ("StreamEvents", "OK")
    # The sessions of the pool's own hosts stand there, too.
    plane.register("work", shell("true"))
    plane.run("work")
    until("a host is there", lambda: [one for one in lines().values() if (one["operation"], one["code"]) == ("Poll", "OK")])
    assert "hush-hush" not in plane.log_path.read_text() and key.secret not in plane.log_path.read_text()


def test_no_secret_is_logged_whatever_is_asked_for(new_plane: NewPlane) -> None:
    """The log with all that there is in it: environment of containers, keys and signatures are not."""
    plane = new_plane(server={"open": False, "pool": {"backend": "simulated"}})
    plane.environment["BERTH_LOG"] = "trace"
    done = plane.berth("keys", "create", "admin", "--data", str(plane.data), "--output", "json")
    shown = json.loads(done.stdout)
    admin = Key(shown["AccessKeyId"], shown["SecretAccessKey"])
    plane.start()
    hush = [{"name": "PASSWORD", "value": "hush-hush"}, {"name": "SIMULATED_SECONDS", "value": "0"}]
    ecs = client.boto("ecs", plane.url, admin)
    container = shell("true", memory=64, environment=hush)
    ecs.register_task_definition(family="work", containerDefinitions=[container])
    overrides = {"containerOverrides": [{"name": "main", "environment": hush}]}
    for members in ({}, {"overrides": overrides}):
        [task] = ecs.run_task(taskDefinition="work", **members)["tasks"]
        ecs.get_waiter("tasks_stopped").wait(tasks=[task["taskArn"]], WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    # Refused for something else, and for the secret itself.
    for wrong in ({"memory": 1}, {"environment": "hush-hush"}, {"environment": [{"name": 1, "value": "hush-hush"}]}):
        body = json.dumps({"family": "work", "containerDefinitions": [{**container, **wrong}]})
        target = {"X-Amz-Target": LIST_TASKS.replace("ListTasks", "RegisterTaskDefinition"), "Content-Type": JSON}
        headers = sign.headers(admin, f"{plane.address}:{plane.port}", body, target)
        assert send(plane, headers, body).status == 400
    other = made(plane, admin, "ada", "--role", "reader")
    signature = headers["Authorization"].rpartition("Signature=")[2]
    log = plane.log_path.read_text()
    assert '"level":"DEBUG"' in log and '"operation":"RunTask"' in log
    for secret in ("hush-hush", admin.secret, other.secret, signature, "Signature="):
        assert secret not in log, f"{secret} is in the log"
    plane.finish()


def test_who_calls_too_often_is_throttled(new_plane: NewPlane) -> None:
    throttle = {"reads_per_second": 1, "changes_per_second": 1, "burst_seconds": 3}
    plane = new_plane(server={"open": True, "throttle": throttle, "pool": {"backend": "simulated"}}).start()
    # An SDK's client takes seconds to make on a busy machine, in which the bucket would fill again.
    session = boto3.Session(aws_access_key_id="any", aws_secret_access_key="any", region_name=client.REGION)
    ecs = session.client("ecs", endpoint_url=plane.url, config=Config(retries={"total_max_attempts": 12}))
    answers = [plane.http.post("ListTasks") for _ in range(8)]
    assert [answer.status for answer in answers[:3]] == [200] * 3
    refused = {(answer.status, answer.code, answer.message) for answer in answers if answer.status != 200}
    assert refused == {(400, "ThrottlingException", "Rate exceeded")}
    assert plane.http.post("CreateCluster", {"clusterName": "x"}).status == 200, "changes have a bucket of their own"
    # An SDK waits and tries again, and its user sees nothing of it. It waits for a random time from nothing up, so the
    # two retries that it has unless told may both come before the next token.
    answers = [ecs.list_tasks()["ResponseMetadata"] for _ in range(6)]
    assert sum(answer["RetryAttempts"] for answer in answers) > 0
