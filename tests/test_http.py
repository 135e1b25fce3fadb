"""Plain HTTP: what curl sends, what a hostile web page would send, and what nobody should send. Each gets its modelled
error, and nothing changes."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import pytest

from harness.plane import ControlPlane, shell
from harness.wait import until

ID = "0" * 32
HUGE = "x" * (1 << 20)


def snapshot(plane: ControlPlane) -> Any:
    """All that clients can see of the state, apart from what time itself changes."""
    post = lambda operation, **body: plane.http.post(operation, body).json  # noqa: E731
    clusters = post("ListClusters")["clusterArns"]
    definitions = post("ListTaskDefinitions")["taskDefinitionArns"]
    tasks = {
        (cluster, status): sorted(post("ListTasks", cluster=cluster, desiredStatus=status)["taskArns"])
        for cluster in clusters
        for status in ("RUNNING", "STOPPED")
    }
    return sorted(clusters), sorted(definitions), tasks, post("ListContainerInstances")["containerInstanceArns"]


@pytest.fixture(scope="module")
def quiet(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A control plane in which nothing moves: one definition, one task that has ended."""
    plane = ControlPlane(tmp_path_factory.mktemp("quiet"), simulate=True)
    try:
        plane.start()
        plane.register("known", shell("true", environment=[{"name": "SIMULATED_SECONDS", "value": "0"}]))
        plane.wait_for(plane.run("known"), "STOPPED")
        yield plane
        plane.finish()
    finally:
        plane.guard()


def test_operations_need_no_header(plane: ControlPlane, name: str) -> None:
    answer = plane.http.post(
        "RegisterTaskDefinition", {"family": name, "containerDefinitions": [shell("exit 4", memory=64)]}
    )
    assert answer.status == 200, answer.text
    answer = plane.http.post("RunTask", {"taskDefinition": name})
    assert answer.status == 200, answer.text
    assert answer.headers["content-type"] == "application/x-amz-json-1.1"
    assert len(answer.headers["x-amzn-requestid"]) == 36
    arn = answer.json["tasks"][0]["taskArn"]
    task = plane.wait_for(arn, "STOPPED")
    assert task["containers"][0]["exitCode"] == 4
    # The same with the header, as SDKs do.
    described = plane.http.post_target("DescribeTasks", {"tasks": [arn]}).json
    assert described["tasks"][0]["taskArn"] == arn


RESOURCES = [{"name": name, "type": "INTEGER", "integerValue": 1024} for name in ("CPU", "MEMORY")]

INVALID, CLIENT, NO_CLUSTER = "InvalidParameterException", "ClientException", "ClusterNotFoundException"
UNSUPPORTED = "UnsupportedFeatureException"

# Operation, body, expected error, and what its message has to name.
REFUSED: list[tuple[str, Any, str, str]] = [
    # Not JSON, or not an object.
    ("RunTask", '{"taskDefinition":', INVALID, "JSON"),
    ("RunTask", "\x00\x01\x02", INVALID, ""),
    ("RunTask", b"\xff\xfe{}", INVALID, ""),
    ("RunTask", '{"taskDefinition":"\xff"}'.encode("latin-1"), INVALID, ""),
    ("RunTask", "[]", INVALID, "object"),
    ("RunTask", "null", INVALID, "object"),
    ("RunTask", '"known"', INVALID, "object"),
    ("RunTask", '{"taskDefinition":"known"} {}', INVALID, ""),
    ("RunTask", "[" * 100_000, INVALID, ""),
    ("RunTask", '{"overrides":' * 5_000, INVALID, ""),
    # Wrong types, missing members, values out of range.
    ("RunTask", {}, INVALID, "taskDefinition"),
    ("RunTask", {"taskDefinition": 1}, INVALID, "taskDefinition"),
    ("RunTask", {"taskDefinition": "known", "count": "1"}, INVALID, "count"),
    ("RunTask", {"taskDefinition": "known", "count": 1.5}, INVALID, "count"),
    ("RunTask", {"taskDefinition": "known", "count": 0}, INVALID, "count"),
    ("RunTask", {"taskDefinition": "known", "count": 11}, INVALID, "count"),
    ("RunTask", {"taskDefinition": "known", "count": -(2**31)}, INVALID, "count"),
    ("RunTask", {"taskDefinition": "known", "count": 2**40}, INVALID, "count"),
    ("RunTask", {"taskDefinition": "known", "launchType": "MOON"}, INVALID, "launchType"),
    ("RunTask", {"taskDefinition": "known", "tags": {"a": "b"}}, INVALID, "tags"),
    ("RunTask", {"taskDefinition": "known", "tags": [{"key": "aws:x", "value": ""}]}, INVALID, "aws:"),
    ("RunTask", {"taskDefinition": "known", "startedBy": "x" * 129}, INVALID, "startedBy"),
    ("RunTask", {"taskDefinition": "known", "clientToken": "x" * 65}, INVALID, "clientToken"),
    ("RunTask", {"taskDefinition": "known", "clientToken": "a b"}, INVALID, "clientToken"),
    ("RunTask", {"taskDefinition": "known", "overrides": {"containerOverrides": [{"name": "x1"}]}}, INVALID, "x1"),
    ("RunTask", {"taskDefinition": "known", "overrides": {"memory": "lots"}}, INVALID, "memory"),
    ("RunTask", {"taskDefinition": "known", "platformVersion": "9"}, "PlatformUnknownException", "platformVersion"),
    (
        "RunTask",
        {"taskDefinition": "known", "launchType": "EC2", "capacityProviderStrategy": [{"capacityProvider": "FARGATE"}]},
        INVALID,
        "launch type",
    ),
    ("RunTask", {"taskDefinition": "known", "capacityProviderStrategy": [{"capacityProvider": "x1"}]}, INVALID, "x1"),
    # Unknown things.
    ("RunTask", {"taskDefinition": "unknown"}, CLIENT, ""),
    ("RunTask", {"taskDefinition": "known:99"}, CLIENT, ""),
    ("RunTask", {"taskDefinition": "known", "cluster": "unknown"}, NO_CLUSTER, "Cluster not found."),
    ("RunTask", {"taskDefinition": "known", "cluster": "berth-fargate"}, NO_CLUSTER, "not found"),
    ("RunTask", {"taskDefinition": "known", "cluster": "a b"}, INVALID, "cluster"),
    ("StopTask", {"task": ID}, INVALID, "The referenced task was not found."),
    ("StopTask", {"task": "no id"}, INVALID, ""),
    ("StopTask", {"task": ID, "cluster": "unknown"}, NO_CLUSTER, "Cluster not found."),
    ("StopTask", {"task": f"arn:aws:ecs:us-east-1:123456789012:task/other/{ID}"}, INVALID, "not found"),
    ("StopTask", {}, INVALID, "task"),
    ("DescribeTasks", {"tasks": [ID], "cluster": "unknown"}, NO_CLUSTER, "Cluster not found."),
    ("DescribeTasks", {}, INVALID, "tasks"),
    ("DescribeTasks", {"tasks": []}, INVALID, "tasks"),
    ("DescribeTasks", {"tasks": [ID] * 101}, INVALID, "100"),
    ("DescribeTasks", {"tasks": ID}, INVALID, "tasks"),
    ("DescribeTasks", {"tasks": [None]}, INVALID, "tasks"),
    ("ListTasks", {"cluster": "unknown"}, NO_CLUSTER, "Cluster not found."),
    ("ListTasks", {"maxResults": 0}, INVALID, "maxResults"),
    ("ListTasks", {"maxResults": 101}, INVALID, "maxResults"),
    ("ListTasks", {"nextToken": "x"}, INVALID, "nextToken"),
    ("ListTasks", {"desiredStatus": "ASLEEP"}, INVALID, "desiredStatus"),
    ("ListTasks", {"serviceName": "web"}, "ServiceNotFoundException", ""),
    ("DescribeTaskDefinition", {"taskDefinition": "unknown"}, CLIENT, "Unable to describe task definition."),
    ("DeregisterTaskDefinition", {"taskDefinition": "known:99"}, CLIENT, ""),
    ("DeregisterTaskDefinition", {"taskDefinition": "known"}, INVALID, "revision"),
    ("DeleteCluster", {"cluster": "unknown"}, NO_CLUSTER, "Cluster not found."),
    ("DeleteCluster", {"cluster": "berth-fargate"}, NO_CLUSTER, "not found"),
    ("CreateCluster", {"clusterName": "berth-fargate"}, INVALID, "reserved"),
    ("CreateCluster", {"clusterName": "a" * 256}, INVALID, "cluster"),
    ("CreateCluster", {"clusterName": "a/b"}, INVALID, "cluster"),
    ("DescribeContainerInstances", {"containerInstances": [ID], "cluster": "unknown"}, NO_CLUSTER, "not found"),
    ("RegisterContainerInstance", {"cluster": "unknown", "totalResources": RESOURCES}, NO_CLUSTER, "not found"),
    ("RegisterContainerInstance", {"totalResources": RESOURCES[:1]}, INVALID, "MEMORY"),
    ("RegisterContainerInstance", {}, INVALID, "totalResources"),
    ("SubmitTaskStateChange", {"task": "no id", "status": "STOPPED"}, INVALID, "task"),
    ("SubmitTaskStateChange", {"task": ID, "status": "ASLEEP"}, INVALID, "status"),
    # Too large.
    ("RunTask", {"taskDefinition": HUGE}, INVALID, "bytes"),
    ("RegisterTaskDefinition", {"family": "big", "containerDefinitions": [], "x": HUGE}, INVALID, "bytes"),
    # Task definitions that are none.
    ("RegisterTaskDefinition", {"family": "f"}, INVALID, "containerDefinitions"),
    ("RegisterTaskDefinition", {"family": "f", "containerDefinitions": []}, CLIENT, "Container"),
    ("RegisterTaskDefinition", {"containerDefinitions": [shell("true", memory=64)]}, INVALID, "family"),
    ("RegisterTaskDefinition", {"family": "a b", "containerDefinitions": [shell("true", memory=64)]}, CLIENT, "amily"),
    ("RegisterTaskDefinition", {"family": "f", "containerDefinitions": [shell("true")]}, CLIENT, "memory"),
    ("RegisterTaskDefinition", {"family": "f", "containerDefinitions": [{"name": "a", "memory": 64}]}, CLIENT, "image"),
    (
        "RegisterTaskDefinition",
        {"family": "f", "containerDefinitions": [shell("true", memory=64), shell("true", memory=64)]},
        CLIENT,
        "main",
    ),
    (
        "RegisterTaskDefinition",
        {"family": "f", "containerDefinitions": [shell("true", memory=64, essential=False)]},
        CLIENT,
        "essential",
    ),
    ("RegisterTaskDefinition", {"family": "f", "containerDefinitions": [shell("true", memory=-5)]}, CLIENT, "memory"),
    (
        "RegisterTaskDefinition",
        {"family": "f", "containerDefinitions": [shell("true", memory=64, portMappings=[{"containerPort": 70000}])]},
        CLIENT,
        "ort",
    ),
    # Members that Berth cannot honour are refused by name.
    (
        "RegisterTaskDefinition",
        {
            "family": "f",
            "volumes": [{"name": "v", "efsVolumeConfiguration": {"fileSystemId": "fs-1"}}],
            "containerDefinitions": [shell("true", memory=64)],
        },
        CLIENT,
        "volumes[0].efsVolumeConfiguration",
    ),
    (
        "RegisterTaskDefinition",
        {
            "family": "f",
            "containerDefinitions": [
                shell("true", memory=64),
                shell("true", "b", memory=64, dependsOn=[{"containerName": "main", "condition": "HEALTHY"}]),
            ],
        },
        CLIENT,
        "container 'b'. 'dependsOn[0]' waits for the health of 'main'",
    ),
    (
        "RegisterTaskDefinition",
        {
            "family": "f",
            "containerDefinitions": [
                shell("true", memory=64, restartPolicy={"enabled": True, "restartAttemptPeriod": 59})
            ],
        },
        CLIENT,
        "restartPolicy.restartAttemptPeriod",
    ),
    (
        "RegisterTaskDefinition",
        {"family": "f", "containerDefinitions": [shell("true", memory=64, credentialSpecs=["a"])]},
        CLIENT,
        "containerDefinitions[0].credentialSpecs",
    ),
    ("RunTask", {"taskDefinition": "known", "placementStrategy": [{"type": "spread", "field": "zone"}]}, INVALID, "placementStrategy[0].field"),
    ("RunTask", {"taskDefinition": "known", "referenceId": "x"}, INVALID, "referenceId"),
    # What ECS has and Berth has not yet.
    ("CreateService", {"serviceName": "web"}, UNSUPPORTED, "CreateService"),
    ("UpdateContainerAgent", {"containerInstance": ID}, UNSUPPORTED, "UpdateContainerAgent"),
    ("CreateService", "{", UNSUPPORTED, "CreateService"),
]


@pytest.mark.parametrize(
    ("operation", "body", "code", "named"),
    REFUSED,
    ids=[f"{at}-{case[0]}-{str(case[1])[:40]}" for at, case in enumerate(REFUSED)],
)
def test_bad_input(quiet: ControlPlane, operation: str, body: Any, code: str, named: str) -> None:
    before = snapshot(quiet)
    answer = quiet.http.post(operation, body)
    assert (answer.status, answer.code) == (400, code), answer.text[:500]
    assert named in answer.message, answer.message
    assert answer.headers["x-amzn-errortype"] == code
    assert len(answer.text) < 2000, "a refusal does not repeat what was sent"
    assert snapshot(quiet) == before
    # By header the answer is the same.
    if isinstance(body, dict):
        by_target = quiet.http.post_target(operation, body)
        assert (by_target.status, by_target.code, by_target.message) == (400, code, answer.message)


def test_members_of_tomorrow_are_passed_over_and_named(quiet: ControlPlane) -> None:
    body = {"cluster": "default", "maxResults": 1, "inventedMember": {"deep": [1]}, "nextToken": None}
    assert quiet.http.post("ListTasks", body).status == 200

    def named() -> bool:
        log = quiet.log_path.read_text()
        return 'operation="ListTasks" members="inventedMember"' in log

    until("the log names it", named)


def test_operations_that_nobody_has(quiet: ControlPlane) -> None:
    before = snapshot(quiet)
    unknown = "UnknownOperationException"
    prefix = "AmazonEC2ContainerServiceV20141113"
    for method, path, headers, status in [
        ("POST", "/v1/Nonsense", {}, 400),
        ("POST", "/v1/runtask", {}, 400),
        ("POST", "/v1/", {}, 404),
        ("POST", "/v1/RunTask/x", {}, 404),
        ("POST", "/", {}, 400),
        ("POST", "/", {"X_Amz_Target": "RunTask"}, 400),
        ("POST", "/", {"X_Amz_Target": f"{prefix}.Nonsense"}, 400),
        ("POST", "/", {"X_Amz_Target": f"{prefix}.RunTask.x"}, 400),
        ("POST", "/", {"X_Amz_Target": "Logs_20140328.RunTask"}, 400),
        ("POST", "/", {"X_Amz_Target": "é".encode().decode("latin-1")}, 400),
        ("POST", "/etc/passwd", {}, 404),
        ("GET", "/v2", {}, 404),
    ]:
        answer = quiet.http.send(method, path, "{}", **headers)
        assert (answer.status, answer.code) == (status, unknown), (method, path, headers, answer)
        assert answer.headers["x-amzn-errortype"] == unknown
    # Anything but POST on an operation does nothing.
    for method in ("GET", "PUT", "DELETE", "PATCH"):
        for path in ("/", "/v1/CreateCluster"):
            answer = quiet.http.send(method, path, '{"clusterName":"x"}')
            assert (answer.status, answer.code) == (405, unknown), (method, path, answer)
    assert snapshot(quiet) == before


def test_strangers_are_turned_away(quiet: ControlPlane) -> None:
    before = snapshot(quiet)
    body = json.dumps({"clusterName": "stranger"})
    own = f"{quiet.address}:{quiet.port}"
    for headers in [
        {"Host": "evil.example"},
        {"Host": f"evil.example:{quiet.port}"},
        {"Host": "169.254.169.254"},
        {"Host": ""},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Content_Type": "application/x-www-form-urlencoded"},
        {"Content_Type": "multipart/form-data; boundary=x"},
        {"Content_Type": "text/plain;charset=UTF-8"},
    ]:
        answer = quiet.http.send("POST", "/v1/CreateCluster", body, **headers)
        assert 400 <= answer.status < 500, (headers, answer)
        if headers == {"Host": ""}:
            continue
        assert (answer.status, answer.code) == (403, "AccessDeniedException"), (headers, answer)
        # Their body is not read, and so nothing more over the same connection.
        assert answer.headers["connection"] == "close", (headers, answer)
    # Nothing else is open to them either.
    for path in ("/metrics", "/healthz", "/readyz"):
        assert quiet.http.send("GET", path, Host="evil.example").status == 403, path
    assert snapshot(quiet) == before
    # The page that the server itself would show may ask.
    answer = quiet.http.send("POST", "/v1/ListClusters", "{}", Origin=f"http://{own}", Content_Type="application/json")
    assert answer.status == 200, answer


def test_what_is_no_http_is_survived(quiet: ControlPlane) -> None:
    before = snapshot(quiet)
    for sent in [
        b"\x16\x03\x01\x00\xa5\x01\x00\x00",
        b"GET\r\n\r\n",
        b"POST /v1/CreateCluster HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99\r\n\r\n{",
        b"POST /v1/CreateCluster HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/CreateCluster HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST /v1/CreateCluster HTTP/1.1\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
        b"POST /v1/CreateCluster HTTP/1.1\r\n" + b"X: y\r\n" * 2_000 + b"\r\n",
    ]:
        with socket.create_connection((quiet.address, quiet.port), timeout=5) as connection:
            try:
                connection.sendall(sent)
                connection.shutdown(socket.SHUT_WR)
                connection.recv(1 << 16)
            except OSError:
                pass
    assert snapshot(quiet) == before


def test_health_and_metrics(quiet: ControlPlane) -> None:
    for path in ("/healthz", "/readyz"):
        assert quiet.http.send("GET", path).status == 200, path
    metrics = quiet.http.send("GET", "/metrics")
    assert metrics.status == 200 and metrics.headers["content-type"].startswith("text/plain")
    given = {tuple(line.split()[2:4]) for line in metrics.text.splitlines() if line.startswith("# TYPE")}
    document = Path(__file__).parent.parent / "docs/metrics.md"
    rows = [line.split("|") for line in document.read_text().splitlines() if line.startswith("| `berth_")]
    assert given == {(name.strip(" `"), kind.strip()) for _, name, kind, *_ in rows}
    assert 'berth_tasks{status="RUNNING"} 0' in metrics.text.splitlines(), metrics.text
