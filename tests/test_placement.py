"""Where tasks go: sizes, what cannot fit, why tasks wait, and hosts that joined by themselves."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from harness import docker
from harness.agent import Agent
from harness.plane import ControlPlane, shell
from harness.wait import until

LONG = [{"name": "SIMULATED_SECONDS", "value": "600"}]


def refusal(call: Callable[..., Any], **request: Any) -> tuple[str, str]:
    with pytest.raises(ClientError) as error:
        call(**request)
    return error.value.response["Error"]["Code"], error.value.response["Error"]["Message"]


@pytest.mark.parametrize(
    ("cpu", "memory", "is_offered"),
    [
        ("256", "512", True),
        ("256", "1024", True),
        (".25 vCPU", "0.5 GB", True),
        ("0.5 vCPU", "1 GB", True),
        ("256", "1536", False),
        ("300", "512", False),
        ("512", "512", False),
        (None, "512", False),
        ("256", None, False),
    ],
)
def test_fargate_has_sizes_of_its_own(
    simulated: ControlPlane, name: str, cpu: str | None, memory: str | None, is_offered: bool
) -> None:
    container = shell("true", memory=128, environment=LONG)
    request = {"family": name, "containerDefinitions": [container], "networkMode": "bridge"}
    request |= {key: value for key, value in (("cpu", cpu), ("memory", memory)) if value}
    plain = simulated.ecs.register_task_definition(**request)["taskDefinition"]["taskDefinitionArn"]
    if is_offered:
        arn = simulated.run(plain, launchType="FARGATE")
        assert simulated.task(arn)["launchType"] == "FARGATE"
        simulated.stop(arn)
        simulated.ecs.register_task_definition(**request, requiresCompatibilities=["FARGATE"])
        return
    code, message = refusal(simulated.ecs.run_task, taskDefinition=plain, launchType="FARGATE")
    assert code in ("ClientException", "InvalidParameterException") and "argate" in message, message
    strategy = [{"capacityProvider": "FARGATE"}]
    code, message = refusal(simulated.ecs.run_task, taskDefinition=plain, capacityProviderStrategy=strategy)
    assert code in ("ClientException", "InvalidParameterException") and "argate" in message, message
    code, message = refusal(simulated.ecs.register_task_definition, **request, requiresCompatibilities=["FARGATE"])
    assert code == "ClientException" and "argate" in message, message
    # Nothing was said of FARGATE: any size will do.
    arn = simulated.run(plain)
    assert simulated.task(arn)["launchType"] == "FARGATE"
    simulated.stop(arn)


def test_fargates_longest_stop_timeout(simulated: ControlPlane, name: str) -> None:
    request = {"family": name, "cpu": "256", "memory": "512", "networkMode": "bridge"}
    containers = [shell("true", stopTimeout=121)]
    code, message = refusal(
        simulated.ecs.register_task_definition,
        **request, containerDefinitions=containers, requiresCompatibilities=["FARGATE"],
    )
    assert code == "ClientException" and "stopTimeout" in message, message
    simulated.ecs.register_task_definition(**request, containerDefinitions=containers)


@pytest.mark.parametrize(("cpu", "memory"), [("196608", "512"), ("256", "64000000")])
def test_what_can_never_fit_is_refused(plane: ControlPlane, name: str, cpu: str, memory: str) -> None:
    plane.register(name, shell("true"), cpu=cpu, memory=memory)
    code, message = refusal(plane.ecs.run_task, taskDefinition=name)
    assert code == "InvalidParameterException"
    assert "largest" in message and re.search(r"\d", message), message
    assert plane.ecs.list_tasks(family=name)["taskArns"] == []


def test_a_task_that_waits_says_why(new_plane: Callable[..., ControlPlane]) -> None:
    plane = new_plane("--max-hosts", "1", simulate=True).start()
    plane.register("fill", shell("true", environment=LONG), cpu="1024", memory="1024")
    arns = [plane.run("fill") for _ in range(40)]

    def by_status(status: str) -> list[str]:
        tasks = plane.ecs.describe_tasks(tasks=arns)["tasks"]
        return [task["taskArn"] for task in tasks if task["lastStatus"] == status]

    runs = until("some run", lambda: by_status("RUNNING"))[0]
    left = by_status("PROVISIONING")
    assert left, "forty do not fit on one host"
    reason = until("the reason is shown", lambda: plane.waiting(left[0]))
    assert "CPU" in reason or "memory" in reason, reason
    assert re.search(r"\b1 host\b", reason), f"it should say how many hosts were looked at: {reason}"
    assert plane.waiting(runs) is None, "one that runs does not wait"
    # Stopping one that waits needs no host.
    stopped = plane.ecs.stop_task(task=left[-1])["task"]
    assert (stopped["lastStatus"], stopped["stopCode"]) == ("STOPPED", "UserInitiated")
    # Room goes to the one that has waited longest.
    plane.ecs.stop_task(task=runs)
    plane.wait_for(left[0], "RUNNING")
    assert plane.task(left[1])["lastStatus"] == "PROVISIONING"


@pytest.mark.parametrize("launch_type", ["EC2", "EXTERNAL"])
def test_no_hosts_of_ones_own(simulated: ControlPlane, name: str, launch_type: str) -> None:
    simulated.register(name, shell("true"))
    ecs = simulated.ecs
    with pytest.raises(ecs.exceptions.InvalidParameterException, match="No Container Instances were found in your cluster"):
        ecs.run_task(taskDefinition=name, launchType=launch_type, count=2)
    assert simulated.ecs.list_tasks(family=name)["taskArns"] == []


@pytest.fixture
def agent(plane: ControlPlane, name: str, tmp_path: Path) -> Iterator[Agent]:
    """A host that joins a cluster of its own by `berth agent`, with a slice of this machine."""
    plane.ecs.create_cluster(clusterName=name)
    started = Agent(plane, name, tmp_path / "agent")
    try:
        yield started
    finally:
        started.guard()


def amounts(resources: list[dict[str, Any]]) -> dict[str, Any]:
    member = {"INTEGER": "integerValue", "STRINGSET": "stringSetValue"}
    return {one["name"]: one[member[one["type"]]] for one in resources}


def test_a_host_that_joins_by_itself(plane: ControlPlane, name: str, agent: Agent) -> None:
    instance = agent.instance()
    assert instance["status"] == "ACTIVE" and "capacityProviderName" not in instance
    registered = amounts(instance["registeredResources"])
    assert (registered["CPU"], registered["MEMORY"]) == (512, 512)
    attributes = {one["name"]: one.get("value") for one in instance["attributes"]}
    assert attributes["ecs.os-type"] == "linux" and attributes["ecs.cpu-architecture"]
    assert "com.amazonaws.ecs.capability.docker-remote-api.1.18" in attributes
    assert instance["versionInfo"]["agentVersion"] and instance["versionInfo"]["dockerVersion"]

    mapping = {"containerPort": 8080, "protocol": "tcp"}
    serve = {"command": ["httpd", "-f", "-p", "8080", "-h", "/var/www"], "stopTimeout": 2}
    web = {"name": "web", "image": docker.IMAGE, "portMappings": [mapping], **serve}
    plane.register(name, web, cpu="256", memory="128")
    arn = plane.run(name, cluster=name, launchType="EC2")
    task = plane.wait_for(arn, "RUNNING")
    assert (task["launchType"], task["containerInstanceArn"]) == ("EC2", instance["containerInstanceArn"])
    assert "capacityProviderName" not in task
    assert plane.ecs.list_tasks(cluster=name, containerInstance=instance["containerInstanceArn"])["taskArns"] == [arn]

    instance = agent.instance()
    remaining = amounts(instance["remainingResources"])
    assert (remaining["CPU"], remaining["MEMORY"]) == (512 - 256, 512 - 128)
    assert (instance["runningTasksCount"], instance["pendingTasksCount"]) == (1, 0)

    # What does not fit beside it fails at once, with the reason and the host.
    plane.register(f"{name}-large", shell("true"), cpu="512", memory="128")
    answer = plane.ecs.run_task(cluster=name, taskDefinition=f"{name}-large", launchType="EC2")
    assert answer["tasks"] == []
    [failure] = answer["failures"]
    assert (failure["reason"], failure["arn"]) == ("RESOURCE:CPU", instance["containerInstanceArn"])
    plane.register(f"{name}-fat", shell("true"), cpu="128", memory="512")
    [failure] = plane.ecs.run_task(cluster=name, taskDefinition=f"{name}-fat", launchType="EC2")["failures"]
    assert failure["reason"] == "RESOURCE:MEMORY"
    # It belongs to no capacity provider, so tasks of FARGATE do not go there.
    other = plane.run(name, cluster=name)
    assert "containerInstanceArn" not in plane.wait_for(other, "RUNNING")
    plane.stop(other)

    stopped = plane.stop(arn)
    assert stopped["stopCode"] == "UserInitiated"
    until("its containers go", lambda: not agent.containers())
    # The agent ends in order, and the host is shown as not connected.
    assert agent.end(signal.SIGTERM) == 0, agent.log_path.read_text()
    arns = [instance["containerInstanceArn"]]

    def is_away() -> bool:
        answer = plane.ecs.describe_container_instances(cluster=name, containerInstances=arns)
        return not answer["containerInstances"][0]["agentConnected"]

    until("the host is away", is_away)
    [failure] = plane.ecs.run_task(cluster=name, taskDefinition=name, launchType="EC2")["failures"]
    assert failure["reason"] == "AGENT"


def test_a_host_is_used_by_name_then_drained_then_deregistered(
    plane: ControlPlane, name: str, agent: Agent
) -> None:
    ecs, arn = plane.ecs, agent.instance()["containerInstanceArn"]
    # What is told to end before it has set its trap is killed in the end.
    sleeper = shell("trap 'exit 0' TERM; while true; do sleep 0.1; done", stopTimeout=2)
    plane.register(name, sleeper, cpu="128", memory="64")
    answer = ecs.start_task(
        cluster=name, taskDefinition=name, containerInstances=[arn], startedBy="me", enableECSManagedTags=True
    )
    assert answer["failures"] == []
    first = answer["tasks"][0]["taskArn"]
    task = plane.wait_for(first, "RUNNING")
    assert (task["containerInstanceArn"], task["launchType"], task["startedBy"]) == (arn, "EC2", "me")
    tags = ecs.list_tags_for_resource(resourceArn=first)["tags"]
    assert tags == [{"key": "aws:ecs:clusterName", "value": name}]

    ecs.put_attributes(cluster=name, attributes=[{"name": "stack", "value": "a", "targetId": arn}])
    for value, expected in (("a", 1), ("b", 0)):
        wish = [{"type": "memberOf", "expression": f"attribute:stack == {value}"}]
        answer = ecs.run_task(cluster=name, taskDefinition=name, launchType="EC2", placementConstraints=wish)
        assert len(answer["tasks"]) == expected, answer
    chosen = {"attribute:stack == a and agentConnected == true": [arn], "runningTasksCount == 0": []}
    plane.wait_for(ecs.list_tasks(cluster=name)["taskArns"][0], "RUNNING")
    for text, expected in chosen.items():
        assert ecs.list_container_instances(cluster=name, filter=text)["containerInstanceArns"] == expected
    assert ecs.list_container_instances(cluster=name, filter=f"task:group == family:{name}")["containerInstanceArns"]

    ecs.update_container_instances_state(cluster=name, containerInstances=[arn], status="DRAINING")
    [failure] = ecs.run_task(cluster=name, taskDefinition=name, launchType="EC2")["failures"]
    assert failure["reason"] == "AGENT" and "no new tasks" in failure["detail"]
    assert plane.task(first)["lastStatus"] == "RUNNING"
    ecs.update_container_instances_state(cluster=name, containerInstances=[arn], status="ACTIVE")
    assert ecs.run_task(cluster=name, taskDefinition=name, launchType="EC2")["failures"] == []

    with pytest.raises(ecs.exceptions.InvalidParameterException, match="Found running tasks on the instance"):
        ecs.deregister_container_instance(cluster=name, containerInstance=arn)
    gone = ecs.deregister_container_instance(cluster=name, containerInstance=arn, force=True)["containerInstance"]
    assert (gone["status"], gone["agentConnected"], gone["runningTasksCount"]) == ("INACTIVE", False, 0)
    task = plane.task(first)
    assert (task["lastStatus"], task["stopCode"]) == ("STOPPED", "TerminationNotice")
    # Its agent was told to stop what ran there before it was turned away.
    until("its containers go", lambda: not agent.containers())


def test_a_host_comes_back_as_itself(plane: ControlPlane, name: str, agent: Agent) -> None:
    """Killed with a task on it and started again on its data directory: the same host, the same container."""
    first = agent.instance()
    plane.register(name, shell("trap 'exit 6' TERM; while true; do sleep 0.1; done"))
    arn = plane.run(name, cluster=name, launchType="EC2")
    plane.wait_for(arn, "RUNNING")
    [before] = docker.inspect(agent.containers())
    agent.end(signal.SIGKILL)
    until("it is seen to be away", lambda: plane.task(arn)["connectivity"] == "DISCONNECTED")
    assert plane.task(arn)["lastStatus"] == "RUNNING"
    agent.start()
    assert agent.instance()["containerInstanceArn"] == first["containerInstanceArn"]
    [after] = docker.inspect(agent.containers())
    assert (after["Id"], after["State"]["StartedAt"]) == (before["Id"], before["State"]["StartedAt"])
    task = plane.stop(arn)
    assert [one["exitCode"] for one in task["containers"]] == [6]
    until("its containers go", lambda: not agent.containers())
    agent.end(signal.SIGTERM)
