"""boto3: waiters, paginators, idempotency, and what Describe gives back. Every answer is also held against the
published service model (harness/client.py), here and in all other tests."""

from __future__ import annotations

import signal
import statistics
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError, WaiterError

from harness.docker import IMAGE
from harness.plane import ControlPlane, shell

# As the waiters are published, but for the time between two looks.
OFTEN = {"Delay": 1, "MaxAttempts": 110}


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def test_waiters_pass(plane: ControlPlane, name: str) -> None:
    plane.register(name, shell("trap 'exit 3' TERM; echo up; while true; do sleep 0.1; done"))
    arns = [task["taskArn"] for task in plane.ecs.run_task(taskDefinition=name, count=3)["tasks"]]
    assert len(set(arns)) == 3
    plane.ecs.get_waiter("tasks_running").wait(tasks=arns, WaiterConfig=OFTEN)
    tasks = plane.ecs.describe_tasks(tasks=arns)["tasks"]
    assert [task["taskArn"] for task in tasks] == arns, "in the order of the request"
    for task in tasks:
        assert task["connectivity"] == "CONNECTED"
        assert task["version"] > 1
        assert task["capacityProviderName"] == "FARGATE" and "containerInstanceArn" not in task
    for arn in arns:
        plane.wait_for_output(arn, ["up"])
        plane.ecs.stop_task(task=arn, reason="seen")
    plane.ecs.get_waiter("tasks_stopped").wait(tasks=arns, WaiterConfig=OFTEN)
    for task in plane.ecs.describe_tasks(tasks=arns)["tasks"]:
        assert (task["stopCode"], task["stoppedReason"]) == ("UserInitiated", "seen")
        assert [one["exitCode"] for one in task["containers"]] == [3]
        assert task["createdAt"] <= task["startedAt"] <= task["stoppingAt"] <= task["stoppedAt"]
        assert datetime.now(UTC) - task["createdAt"] < timedelta(minutes=5)


def test_tasks_running_fails_for_a_task_that_is_missing(simulated: ControlPlane) -> None:
    with pytest.raises(WaiterError, match="MISSING"):
        simulated.ecs.get_waiter("tasks_running").wait(tasks=["0" * 32], WaiterConfig=OFTEN)


def test_describe_tells_what_is_missing(simulated: ControlPlane, name: str) -> None:
    simulated.register(name, shell("true"))
    arn = simulated.run(name)
    other = f"arn:aws:ecs:us-east-1:123456789012:task/default/{'0' * 32}"
    answer = simulated.ecs.describe_tasks(tasks=[other, arn])
    assert [task["taskArn"] for task in answer["tasks"]] == [arn]
    assert answer["failures"] == [{"arn": other, "reason": "MISSING"}]
    answer = simulated.ecs.describe_clusters(clusters=[name])
    assert (answer["clusters"], answer["failures"][0]["reason"]) == ([], "MISSING")
    simulated.stop(arn)


def test_a_client_token_makes_no_second_task(simulated: ControlPlane, name: str) -> None:
    simulated.register(name, shell("true"))
    request: dict[str, Any] = {"taskDefinition": name, "count": 2, "clientToken": str(uuid.uuid4())}
    first = [task["taskArn"] for task in simulated.ecs.run_task(**request)["tasks"]]
    again = [task["taskArn"] for task in simulated.ecs.run_task(**request)["tasks"]]
    assert len(first) == 2 and again == first
    with pytest.raises(ClientError) as error:
        simulated.ecs.run_task(**{**request, "count": 1})
    assert code(error) == "ConflictException"
    assert sorted(error.value.response["resourceIds"]) == sorted(first)
    # Without a token of one's own boto3 makes one for each call.
    other = simulated.run(name)
    assert other not in first
    arns = simulated.ecs.list_tasks(family=name)["taskArns"]
    assert sorted(arns) == sorted([*first, other]), "no other tasks were made"
    # A token is good after the task has ended, too.
    for arn in arns:
        simulated.stop(arn)
    again = simulated.ecs.run_task(**request)["tasks"]
    assert sorted(task["taskArn"] for task in again) == sorted(first)
    assert {task["lastStatus"] for task in again} == {"STOPPED"}


def test_paginators(simulated: ControlPlane, name: str) -> None:
    simulated.ecs.create_cluster(clusterName=name)
    simulated.register(name, shell("true", environment=[{"name": "SIMULATED_SECONDS", "value": "600"}]))
    made = [
        task["taskArn"]
        for _ in range(3)
        for task in simulated.ecs.run_task(cluster=name, taskDefinition=name, count=7)["tasks"]
    ]
    pages = simulated.ecs.get_paginator("list_tasks").paginate(cluster=name, PaginationConfig={"PageSize": 4})
    sizes, seen = [], []
    for page in pages:
        sizes.append(len(page["taskArns"]))
        seen += page["taskArns"]
    assert sizes == [4, 4, 4, 4, 4, 1]
    assert sorted(seen) == sorted(made), "each task once"
    for arn in made:
        simulated.ecs.stop_task(cluster=name, task=arn)
    simulated.ecs.get_waiter("tasks_stopped").wait(cluster=name, tasks=made, WaiterConfig=OFTEN)
    pages = simulated.ecs.get_paginator("list_tasks").paginate(cluster=name, desiredStatus="STOPPED")
    assert sorted(arn for page in pages for arn in page["taskArns"]) == sorted(made)

    for operation, key in [
        ("list_clusters", "clusterArns"),
        ("list_task_definitions", "taskDefinitionArns"),
        ("list_task_definition_families", "families"),
    ]:
        pages = simulated.ecs.get_paginator(operation).paginate(PaginationConfig={"PageSize": 1})
        found = [item for page in pages for item in page[key]]
        assert len(found) == len(set(found)) and any(name in item for item in found), (operation, found)

    token = simulated.ecs.list_tasks(cluster=name, desiredStatus="STOPPED", maxResults=1)["nextToken"]
    for request in ({"cluster": name, "nextToken": token}, {"cluster": name, "nextToken": "x"}):
        with pytest.raises(ClientError) as error:
            simulated.ecs.list_tasks(**request)
        assert code(error) == "InvalidParameterException"


def test_list_tasks_filters(simulated: ControlPlane, name: str) -> None:
    simulated.ecs.create_cluster(clusterName=name)
    for family in (f"{name}-a", f"{name}-b"):
        simulated.register(family, shell("true"))
    a = simulated.run(f"{name}-a", cluster=name, startedBy="x")
    b = simulated.run(f"{name}-b", cluster=name, startedBy="y")
    for filters, expected in [
        ({}, {a, b}),
        ({"family": f"{name}-a"}, {a}),
        ({"startedBy": "y"}, {b}),
        ({"startedBy": "z"}, set()),
        ({"launchType": "FARGATE"}, {a, b}),
        ({"launchType": "EC2"}, set()),
        ({"desiredStatus": "STOPPED"}, set()),
    ]:
        assert set(simulated.ecs.list_tasks(cluster=name, **filters)["taskArns"]) == expected, filters
    [described] = simulated.ecs.describe_clusters(clusters=[name], include=["STATISTICS"])["clusters"]
    assert described["runningTasksCount"] + described["pendingTasksCount"] == 2
    with pytest.raises(ClientError) as error:
        simulated.ecs.delete_cluster(cluster=name)
    assert code(error) == "ClusterContainsTasksException"
    for arn in (a, b):
        simulated.stop(arn)
    simulated.ecs.delete_cluster(cluster=name)
    with pytest.raises(ClientError) as error:
        simulated.ecs.list_tasks(cluster=name)
    assert code(error) == "ClusterNotFoundException"


def test_a_definition_comes_back_as_it_was_registered(simulated: ControlPlane, name: str) -> None:
    container = {
        "name": "main",
        "image": IMAGE,
        "cpu": 64,
        "memory": 128,
        "memoryReservation": 64,
        "essential": True,
        "command": ["sh", "-c", "echo $A"],
        "entryPoint": ["env"],
        "environment": [{"name": "A", "value": "b"}],
        "portMappings": [{"containerPort": 80, "hostPort": 8080, "protocol": "tcp"}],
        "stopTimeout": 5,
    }
    request: dict[str, Any] = {
        "family": name,
        "cpu": "256",
        "memory": "512",
        "networkMode": "bridge",
        "executionRoleArn": "arn:aws:iam::123456789012:role/execution",
        "taskRoleArn": "arn:aws:iam::123456789012:role/task",
        "requiresCompatibilities": ["EC2"],
        "runtimePlatform": {"operatingSystemFamily": "LINUX"},
    }
    tags = [{"key": "team", "value": "a"}]
    answer = simulated.ecs.register_task_definition(containerDefinitions=[container], tags=tags, **request)
    assert answer["tags"] == tags
    shown = simulated.ecs.describe_task_definition(taskDefinition=name, include=["TAGS"])
    assert shown["tags"] == tags
    shown = shown["taskDefinition"]
    assert shown == answer["taskDefinition"]
    for member, value in request.items():
        assert shown[member] == value, member
    # What AWS adds: the empty lists.
    added = {"mountPoints": [], "volumesFrom": [], "systemControls": []}
    assert shown["containerDefinitions"] == [{**container, **added}]
    assert shown["status"] == "ACTIVE" and shown["volumes"] == [] and shown["placementConstraints"] == []


def test_tags_groups_and_definitions_are_told(simulated: ControlPlane, name: str) -> None:
    simulated.register(name, shell("true"), tags=[{"key": "from", "value": "definition"}])
    answer = simulated.ecs.run_task(
        taskDefinition=name, group="g", startedBy="me", propagateTags="TASK_DEFINITION",
        tags=[{"key": "own", "value": "1"}],
    )
    [task] = answer["tasks"]
    expected = [{"key": "from", "value": "definition"}, {"key": "own", "value": "1"}]
    assert sorted(task["tags"], key=lambda tag: tag["key"]) == expected
    assert (task["group"], task["startedBy"]) == ("g", "me")
    [shown] = simulated.ecs.describe_tasks(tasks=[task["taskArn"]], include=["TAGS"])["tasks"]
    assert sorted(shown["tags"], key=lambda tag: tag["key"]) == expected
    [shown] = simulated.ecs.describe_tasks(tasks=[task["taskArn"]])["tasks"]
    assert not shown.get("tags"), "only if asked for"
    simulated.stop(task["taskArn"])


def test_tags_come_back_when_they_are_asked_for(simulated: ControlPlane, name: str) -> None:
    tags = [{"key": "a", "value": "b"}]
    simulated.register(name, shell("true"), tags=tags)
    arn = simulated.run(name, tags=tags)
    for include, expected in ([], []), (["TAGS"], tags):
        # Clients read them without a look whether they are there.
        assert simulated.ecs.describe_tasks(tasks=[arn], include=include)["tasks"][0]["tags"] == expected
        assert simulated.ecs.describe_task_definition(taskDefinition=name, include=include)["tags"] == expected
    simulated.stop(arn)


def test_capacity_providers_are_named_by_name_or_arn(simulated: ControlPlane, name: str) -> None:
    simulated.register(name, shell("true"), memory="512")
    [spot, fargate] = [
        {"capacityProvider": f"arn:aws:ecs:us-east-1:123456789012:capacity-provider/{one}", "weight": 1, "base": base}
        for one, base in (("FARGATE_SPOT", 1), ("FARGATE", 0))
    ]
    for strategy, expected in ([spot], {"FARGATE_SPOT"}), ([spot, fargate], {"FARGATE_SPOT", "FARGATE"}):
        tasks = simulated.ecs.run_task(taskDefinition=name, count=10, capacityProviderStrategy=strategy)["tasks"]
        assert {task["capacityProviderName"] for task in tasks} == expected
        for task in tasks:
            simulated.ecs.stop_task(task=task["taskArn"])


def test_log_events_of_a_stream_of_ones_own(simulated: ControlPlane, name: str) -> None:
    logs = simulated.logs
    logs.create_log_group(logGroupName=name)
    with pytest.raises(logs.exceptions.ResourceAlreadyExistsException):
        logs.create_log_group(logGroupName=name)
    logs.create_log_stream(logGroupName=name, logStreamName="s")
    now = int(time.time() * 1000)
    events = [{"timestamp": now + at, "message": f"line {at}"} for at in range(5)]
    logs.put_log_events(logGroupName=name, logStreamName="s", logEvents=events)
    seen, token = [], {}
    while True:
        page = logs.get_log_events(logGroupName=name, logStreamName="s", startFromHead=True, limit=2, **token)
        if token.get("nextToken") == page["nextForwardToken"]:
            break
        seen += [(event["timestamp"], event["message"]) for event in page["events"]]
        token = {"nextToken": page["nextForwardToken"]}
    assert seen == [(event["timestamp"], event["message"]) for event in events]
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.get_log_events(logGroupName=name, logStreamName="other")


def test_run_task_answers_in_milliseconds(plane: ControlPlane, name: str, record_property: Any) -> None:
    """The figures are printed. Only the fastest has a bound, as other tests may take all the processors meanwhile."""
    plane.register(name, shell("true"))
    arns, seconds = [], []
    for _ in range(10):
        began = time.perf_counter()
        answer = plane.ecs.run_task(taskDefinition=name)
        seconds.append(time.perf_counter() - began)
        [task] = answer["tasks"]
        assert task["lastStatus"] in ("PROVISIONING", "PENDING")
        arns.append(task["taskArn"])
    median = statistics.median(seconds)
    figures = f"median {median * 1000:.1f} ms, most {max(seconds) * 1000:.1f} ms"
    record_property("figure", f"RunTask on Docker by boto3, {len(seconds)} one after another: {figures}")
    assert min(seconds) < 0.1
    plane.ecs.get_waiter("tasks_stopped").wait(tasks=arns, WaiterConfig=OFTEN)


def test_run_task_waits_for_no_host(new_plane: Callable[..., ControlPlane]) -> None:
    """Its only host stands still, and Docker with it as far as the server can tell: RunTask is answered all the same."""
    plane = new_plane().start()
    plane.register("t", shell("true"))
    plane.wait_for(plane.run("t"), "STOPPED")
    agents = plane.agents()
    assert agents
    for agent in agents:
        agent.signal(signal.SIGSTOP)
    try:
        arn = plane.run("t")
        assert plane.task(arn)["lastStatus"] in ("PROVISIONING", "PENDING")
    finally:
        for agent in agents:
            agent.signal(signal.SIGCONT)
    plane.wait_for(arn, "STOPPED")
