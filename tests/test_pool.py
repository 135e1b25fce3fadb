"""The pool of hosts behind FARGATE: empty at first, as large as the tasks need, and empty again."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

from harness.plane import ControlPlane, shell
from harness.wait import until

FOREVER = "trap 'exit 0' TERM; while true; do sleep 0.1; done"
POOL = "berth-fargate"


def hosts(plane: ControlPlane, **members: Any) -> list[dict[str, Any]]:
    arns = plane.ecs.list_container_instances(cluster=POOL, **members)["containerInstanceArns"]
    if not arns:
        return []
    return plane.ecs.describe_container_instances(cluster=POOL, containerInstances=arns)["containerInstances"]


def amount(host: dict[str, Any], resources: str, kind: str) -> int:
    return next(one["integerValue"] for one in host[resources] if one["name"] == kind)


def test_a_pool_grows_and_shrinks(new_plane: Callable[..., ControlPlane]) -> None:
    plane = new_plane("--scale-in-after", "1").start()
    assert hosts(plane) == [] and plane.agents() == [], "it starts empty"

    plane.register("small", shell(FOREVER, stopTimeout=2))
    arns = [task["taskArn"] for task in plane.ecs.run_task(taskDefinition="small", count=6)["tasks"]]
    for arn in arns:
        plane.wait_for(arn, "RUNNING")
    there = hosts(plane)
    assert there, "it has grown"
    for host in there:
        assert host["status"] == "ACTIVE" and host["agentConnected"] and host["capacityProviderName"] == "FARGATE"
        for kind in ("CPU", "MEMORY"):
            assert 0 <= amount(host, "remainingResources", kind) <= amount(host, "registeredResources", kind)
    used = sum(
        amount(host, "registeredResources", "CPU") - amount(host, "remainingResources", "CPU") for host in there
    )
    assert used == 6 * 256, "every task stands in the books of its host"
    assert len(plane.agents()) == len(there), "one agent for each host"

    # They are nobody's in particular: no cluster of a user shows them.
    assert plane.ecs.list_container_instances()["containerInstanceArns"] == []
    assert not any(POOL in arn for arn in plane.ecs.list_clusters()["clusterArns"])

    for arn in arns:
        plane.ecs.stop_task(task=arn)
    until("all hosts have left", lambda: not hosts(plane) and not plane.agents())
    until("the directories of the hosts are gone", lambda: not plane.host_directories())
    assert plane.containers() == []
    # And again, from nothing.
    arn = plane.run("small")
    plane.wait_for(arn, "RUNNING")
    plane.stop(arn)


def test_slices_never_sum_to_more_than_the_machine(new_plane: Callable[..., ControlPlane]) -> None:
    plane = new_plane().start()
    processors = os.cpu_count() or 1
    plane.register("quarter", shell(FOREVER, stopTimeout=2), cpu="512", memory="64")
    arns = [plane.run("quarter") for _ in range(2 * processors + 2)]
    for arn in arns[: 2 * processors]:
        plane.wait_for(arn, "RUNNING")
    there = hosts(plane)
    assert sum(amount(host, "registeredResources", "CPU") for host in there) <= processors * 1024
    for arn in arns[2 * processors :]:
        assert plane.task(arn)["lastStatus"] == "PROVISIONING"
        assert until("it says why it waits", lambda: plane.waiting(arn))
    plane.stop(arns[0])
    plane.wait_for(arns[2 * processors], "RUNNING")


def test_all_clusters_share_the_pool(new_plane: Callable[..., ControlPlane]) -> None:
    plane = new_plane("--max-hosts", "1", simulate=True).start()
    container = shell("true", environment=[{"name": "SIMULATED_SECONDS", "value": "600"}])
    plane.register("t", container, cpu="128", memory="64")
    for cluster in ("a", "b"):
        plane.ecs.create_cluster(clusterName=cluster)
        plane.wait_for(plane.run("t", cluster=cluster), "RUNNING")
    [host] = hosts(plane)
    assert host["runningTasksCount"] == 2


def test_a_simulated_pool(new_plane: Callable[..., ControlPlane]) -> None:
    plane = new_plane("--scale-in-after", "0", simulate=True).start()
    environment = [{"name": "SIMULATED_SECONDS", "value": "0.2"}, {"name": "SIMULATED_EXIT_CODE", "value": "17"}]
    plane.register("t", shell("true", environment=environment))
    arns = [task["taskArn"] for _ in range(5) for task in plane.ecs.run_task(taskDefinition="t", count=10)["tasks"]]
    for arn in arns:
        task = plane.wait_for(arn, "STOPPED")
        assert [one["exitCode"] for one in task["containers"]] == [17]
        assert (task["stoppedAt"] - task["createdAt"]).total_seconds() >= 0.2
    until("all hosts have left", lambda: not hosts(plane))
    assert plane.agents() == [], "no processes"
