"""The unmodified aws CLI: what a person types, from the cluster to the container's output."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from harness.docker import IMAGE, docker
from harness.plane import ControlPlane, shell
from harness.wait import until


def test_a_task_from_registration_to_its_output(plane: ControlPlane, name: str) -> None:
    cluster = plane.aws("ecs", "create-cluster", "--cluster-name", name)["cluster"]
    assert (cluster["clusterName"], cluster["status"]) == (name, "ACTIVE")
    assert cluster["clusterArn"] == f"arn:aws:ecs:us-east-1:123456789012:cluster/{name}"

    script = "echo begins; while [ ! -e /tmp/end ]; do sleep 0.1; done; echo ends; exit 7"
    registered = register(plane, name, shell(script, stopTimeout=1))
    assert registered["taskDefinitionArn"] == f"arn:aws:ecs:us-east-1:123456789012:task-definition/{name}:1"
    assert (registered["status"], registered["revision"]) == ("ACTIVE", 1)

    answer = plane.aws("ecs", "run-task", "--cluster", name, "--task-definition", name, "--started-by", "me")
    assert answer["failures"] == []
    [task] = answer["tasks"]
    assert task["lastStatus"] in ("PROVISIONING", "PENDING") and task["desiredStatus"] == "RUNNING"
    arn = task["taskArn"]

    plane.aws("ecs", "wait", "tasks-running", "--cluster", name, "--tasks", arn)
    listed = plane.aws("ecs", "list-tasks", "--cluster", name, "--started-by", "me")
    assert listed["taskArns"] == [arn]
    [container] = plane.containers(arn)
    docker("exec", container, "touch", "/tmp/end")

    plane.aws("ecs", "wait", "tasks-stopped", "--cluster", name, "--tasks", arn)
    described = plane.aws("ecs", "describe-tasks", "--cluster", name, "--tasks", arn)
    assert described["failures"] == []
    [task] = described["tasks"]
    check_ended(task, exit_code=7)
    assert task["startedBy"] == "me" and task["group"] == f"family:{name}"

    stopped = plane.aws("ecs", "list-tasks", "--cluster", name, "--desired-status", "STOPPED")
    assert stopped["taskArns"] == [arn]
    assert plane.aws("ecs", "list-tasks", "--cluster", name)["taskArns"] == []

    stream = f"{name}/main/{arn.rpartition('/')[2]}"

    def lines() -> list[str]:
        events = plane.aws(
            "logs", "get-log-events", "--log-group-name", "berth", "--log-stream-name", stream, "--start-from-head"
        )
        return [event["message"] for event in events["events"]]

    until("the output is there", lambda: lines() == ["begins", "ends"])


def check_ended(task: dict[str, Any], exit_code: int) -> None:
    """A task whose container ended by itself."""
    assert (task["lastStatus"], task["desiredStatus"]) == ("STOPPED", "STOPPED")
    assert task["stopCode"] == "EssentialContainerExited"
    assert task["stoppedReason"] == "Essential container in task exited"
    [container] = task["containers"]
    assert (container["lastStatus"], container["exitCode"]) == ("STOPPED", exit_code)
    assert container["runtimeId"] and container["image"] == IMAGE
    order = [
        "createdAt", "pullStartedAt", "pullStoppedAt", "startedAt", "executionStoppedAt", "stoppingAt", "stoppedAt",
    ]
    assert {"createdAt", "startedAt", "stoppedAt"} <= task.keys(), f"not all moments are there: {sorted(task)}"
    moments = [(one, moment(task[one])) for one in order if one in task]
    assert [at for _, at in moments] == sorted(at for _, at in moments), f"out of order: {moments}"


def moment(shown: Any) -> float:
    """Version 1 of the CLI shows epoch seconds, version 2 the ISO form."""
    return datetime.fromisoformat(shown).timestamp() if isinstance(shown, str) else shown


def register(plane: ControlPlane, family: str, *containers: dict[str, Any]) -> Any:
    answer = plane.aws(
        "ecs", "register-task-definition", "--family", family, "--cpu", "256", "--memory", "512",
        "--network-mode", "bridge", "--container-definitions", json.dumps(containers),
    )
    return answer["taskDefinition"]


def test_stopping_a_task(plane: ControlPlane, name: str) -> None:
    register(plane, name, shell("trap 'exit 0' TERM; echo up; while true; do sleep 0.1; done"))
    [task] = plane.aws("ecs", "run-task", "--task-definition", f"{name}:1", "--launch-type", "FARGATE")["tasks"]
    arn = task["taskArn"]
    assert task["launchType"] == "FARGATE"
    plane.wait_for(arn, "RUNNING")
    plane.wait_for_output(arn, ["up"])
    stopping = plane.aws("ecs", "stop-task", "--task", arn, "--reason", "enough")["task"]
    assert stopping["desiredStatus"] == "STOPPED"
    plane.aws("ecs", "wait", "tasks-stopped", "--tasks", arn)
    [task] = plane.aws("ecs", "describe-tasks", "--tasks", arn.rpartition("/")[2])["tasks"]
    assert (task["stopCode"], task["stoppedReason"]) == ("UserInitiated", "enough")
    assert [one["exitCode"] for one in task["containers"]] == [0]


def test_definitions_and_clusters(plane: ControlPlane, name: str) -> None:
    for memory in (32, 64, 128):
        register(plane, name, {"name": "main", "image": IMAGE, "memory": memory})
    arns = plane.aws("ecs", "list-task-definitions", "--family-prefix", name, "--sort", "DESC")["taskDefinitionArns"]
    assert [arn.rpartition("/")[2] for arn in arns] == [f"{name}:3", f"{name}:2", f"{name}:1"]
    # The CLI pages by itself.
    paged = plane.aws("ecs", "list-task-definitions", "--family-prefix", name, "--page-size", "1")
    assert len(paged["taskDefinitionArns"]) == 3

    latest = plane.aws("ecs", "describe-task-definition", "--task-definition", name)["taskDefinition"]
    assert latest["revision"] == 3 and latest["containerDefinitions"][0]["memory"] == 128
    gone = plane.aws("ecs", "deregister-task-definition", "--task-definition", f"{name}:3")["taskDefinition"]
    assert gone["status"] == "INACTIVE"
    latest = plane.aws("ecs", "describe-task-definition", "--task-definition", name)["taskDefinition"]
    assert latest["revision"] == 2
    families = plane.aws("ecs", "list-task-definition-families", "--family-prefix", name)["families"]
    assert families == [name]

    plane.aws("ecs", "create-cluster", "--cluster-name", name)
    arns = plane.aws("ecs", "list-clusters")["clusterArns"]
    assert {arn.rpartition("/")[2] for arn in arns} >= {"default", name}
    deleted = plane.aws("ecs", "delete-cluster", "--cluster", name)["cluster"]
    assert deleted["status"] == "INACTIVE"
    [shown] = plane.aws("ecs", "describe-clusters", "--clusters", name)["clusters"]
    assert shown["status"] == "INACTIVE"


def test_an_error_is_an_error_of_the_cli(plane: ControlPlane) -> None:
    done = plane.aws("ecs", "run-task", "--task-definition", "nothing", check=False)
    assert done.returncode != 0
    assert "An error occurred (ClientException) when calling the RunTask operation" in done.stderr, done.stderr
