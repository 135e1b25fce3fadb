"""A control plane of the suite's own, and what its cases do with it again and again."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from harness.client import Answer, is_operation, operation_model
from harness.plane import ControlPlane, cluster_of, shell
from harness.wait import until

REGION, ACCOUNT = "us-east-1", "123456789012"

# What a simulated task takes by itself to end.
INSTANT = [{"name": "SIMULATED_SECONDS", "value": "0"}]
LONG = [{"name": "SIMULATED_SECONDS", "value": "600"}]

# An agent's machine, as it registers.
RESOURCES = [
    {"name": "CPU", "type": "INTEGER", "integerValue": 2048},
    {"name": "MEMORY", "type": "INTEGER", "integerValue": 4096},
    {"name": "PORTS", "type": "STRINGSET", "stringSetValue": ["22"]},
    {"name": "PORTS_UDP", "type": "STRINGSET", "stringSetValue": []},
]


def managed(**requirements: Any) -> dict[str, Any]:
    """The pool that a capacity provider describes."""
    return {
        "infrastructureRoleArn": "arn:aws:iam::123456789012:role/ecs",
        "instanceLaunchTemplate": {
            "ec2InstanceProfileArn": "arn:aws:iam::123456789012:instance-profile/ecs",
            "networkConfiguration": {"subnets": ["subnet-1"]},
            "instanceRequirements": {"vCpuCount": {"min": 1}, "memoryMiB": {"min": 64}, **requirements},
        },
    }


def service_of(operation: str) -> str:
    """The service whose model has the operation."""
    return "ecs" if is_operation(operation, "ecs") else "logs"


def model_of(operation: str) -> Any:
    return operation_model(operation, service_of(operation))


def arn(rest: str, region: str = REGION, account: str = ACCOUNT) -> str:
    return f"arn:aws:ecs:{region}:{account}:{rest}"


def offered(plane: ControlPlane) -> set[str]:
    """What the server itself says that it offers: each offered operation is counted from zero on."""
    metrics = plane.http.send("GET", "/metrics").text
    found = re.findall(r'^berth_api_requests_total\{code="OK",operation="(\w+)"\}', metrics, re.MULTILINE)
    others = {"unknown", "StreamEvents", "Poll", "StartTelemetrySession", "ExecuteCommand", "OpenDataChannel"}
    return set(found) - others


def calm_plane(directory: Path) -> ControlPlane:
    """A simulated one from which no host leaves for want of work: that would change, at any time, what is seen of the
    tasks that ran there."""
    return ControlPlane(directory, "--scale-in-after", "86400", simulate=True)


class World:
    """What cases need. Every answer has been held against the service model before it is given back."""

    def __init__(self, plane: ControlPlane):
        self.plane = plane
        # The operations that were answered 200, each with how often.
        self.passed: dict[str, int] = {}
        self._names = itertools.count(1)

    def name(self, stem: str = "conformance") -> str:
        return f"{stem}-{next(self._names)}"

    def call(self, operation: str, body: Any = None) -> Answer:
        answer = self.plane.http.post(operation, {} if body is None else body, service_of(operation))
        if answer.status == 200:
            self.passed[operation] = self.passed.get(operation, 0) + 1
        return answer

    def ok(self, operation: str, **body: Any) -> dict[str, Any]:
        answer = self.call(operation, body)
        assert answer.status == 200, f"{operation} {json.dumps(body)[:500]}: {answer.text[:1000]}"
        return answer.json

    def refused(self, operation: str, body: Any, code: str, named: str = "") -> None:
        answer = self.call(operation, body)
        shown = str(body)[:300]
        assert (answer.status, answer.code) == (400, code), f"{operation} {shown}: {answer.text[:1000]}"
        assert named in answer.message, f"{operation} {shown}: {answer.message}"

    # ---- what is there

    def cluster(self) -> str:
        return self.ok("CreateCluster", clusterName=self.name("cluster"))["cluster"]["clusterName"]

    def definition(self, environment: list[dict[str, str]] | None = None, **members: Any) -> str:
        """A task definition whose tasks run until they are stopped, or as `environment` says."""
        family = self.name("family")
        container = shell("true", environment=LONG if environment is None else environment)
        request = {"family": family, "cpu": "256", "memory": "512", "networkMode": "bridge", **members}
        revision = self.ok("RegisterTaskDefinition", containerDefinitions=[container], **request)
        return f"{family}:{revision['taskDefinition']['revision']}"

    def task(self, definition: str | None = None, **members: Any) -> str:
        answer = self.ok("RunTask", taskDefinition=definition or self.definition(), **members)
        assert answer["failures"] == [], answer
        return answer["tasks"][0]["taskArn"]

    @contextmanager
    def running(self, **members: Any) -> Iterator[str]:
        """A task that runs, and is stopped afterwards."""
        task = self.task(**members)
        self.plane.wait_for(task, "RUNNING")
        try:
            yield task
        finally:
            self.end(task)

    def end(self, task: str) -> None:
        self.ok("StopTask", cluster=cluster_of(task), task=task)
        self.plane.wait_for(task, "STOPPED")

    def instance(self, cluster: str, **members: Any) -> str:
        """A host that has registered by itself; its agent never comes."""
        request = {"totalResources": RESOURCES, **members}
        answer = self.ok("RegisterContainerInstance", cluster=cluster, **request)
        return answer["containerInstance"]["containerInstanceArn"]

    # ---- what can be seen

    def settled(self) -> Any:
        """A snapshot, once nothing moves any more: a task on its way may stand still for a while on a busy machine."""
        seen: list[Any] = [None]

        def look() -> Any:
            seen.append(self.snapshot())
            lists = [one for one in seen[-1].values() if isinstance(one, list)]
            statuses = {one.get("lastStatus") for entries in lists for one in entries}
            return seen[-1] if seen[-1] == seen[-2] and statuses <= {None, "RUNNING", "STOPPED"} else None

        return until("nothing moves", look, every=0.3)

    def snapshot(self) -> Any:
        """All that can be asked for without saying what, and each cluster's tasks and hosts: whatever is offered."""
        seen = {}
        for operation in sorted(offered(self.plane)):
            model = model_of(operation)
            is_read = operation.startswith(("List", "Describe", "Get"))
            if is_read and not model.input_shape.required_members and service_of(operation) == "ecs":
                seen[operation] = self.plane.http.post(operation, {}).json
        for cluster in self.ok("ListClusters")["clusterArns"]:
            for status in ("RUNNING", "STOPPED"):
                tasks = self.ok("ListTasks", cluster=cluster, desiredStatus=status)["taskArns"]
                seen[cluster, status] = self.ok("DescribeTasks", cluster=cluster, tasks=tasks)["tasks"] if tasks else []
            hosts = self.ok("ListContainerInstances", cluster=cluster)["containerInstanceArns"]
            if hosts:
                described = self.ok("DescribeContainerInstances", cluster=cluster, containerInstances=hosts)
                seen[cluster, "hosts"] = described["containerInstances"]
        return json.loads(json.dumps({str(key): value for key, value in seen.items()}))
