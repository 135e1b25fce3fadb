"""Container instances as operators deal with them: draining, deregistering, attributes, and tasks started on them."""

from __future__ import annotations

from typing import Any

from conformance.case import CLIENT, ID, INVALID, NO_CLUSTER, Case, Listing, Refusal
from conformance.world import World, arn

NOWHERE = {"cluster": "nowhere"}
NO_TARGET = "TargetNotFoundException"


def elsewhere(world: World) -> tuple[str, str]:
    """A cluster, and the ARN of an instance of another one."""
    return world.cluster(), world.instance(world.cluster())


# ---- draining and deregistering


def update_container_instances_state(world: World) -> None:
    cluster, stranger = elsewhere(world)
    instance, missing = world.instance(cluster), arn(f"container-instance/{cluster}/{ID}")
    for status in ("DRAINING", "DRAINING", "ACTIVE"):
        asked = [instance, instance.rsplit("/", 1)[1], missing, stranger]
        answer = world.ok("UpdateContainerInstancesState", cluster=cluster, containerInstances=asked, status=status)
        shown = [(one["containerInstanceArn"], one["status"]) for one in answer["containerInstances"]]
        assert shown == [(instance, status)]
        failures = [(one["arn"], one["reason"]) for one in answer["failures"]]
        assert failures == [(missing, "MISSING"), (stranger, "MISSING")]
        listed = world.ok("ListContainerInstances", cluster=cluster, status=status)["containerInstanceArns"]
        assert listed == [instance]


def deregister_container_instance(world: World) -> None:
    cluster = world.cluster()
    instance = world.instance(cluster)
    gone = world.ok("DeregisterContainerInstance", cluster=cluster, containerInstance=instance)["containerInstance"]
    assert (gone["containerInstanceArn"], gone["status"], gone["agentConnected"]) == (instance, "INACTIVE", False)
    assert world.ok("ListContainerInstances", cluster=cluster)["containerInstanceArns"] == []
    described = world.ok("DescribeContainerInstances", cluster=cluster, containerInstances=[instance])
    assert [one["status"] for one in described["containerInstances"]] == ["INACTIVE"]
    again = {"cluster": cluster, "containerInstances": [instance], "status": "ACTIVE"}
    assert world.ok("UpdateContainerInstancesState", **again)["failures"] == [{"arn": instance, "reason": "MISSING"}]
    world.ok("DeleteCluster", cluster=cluster)


def registered_elsewhere(world: World) -> dict[str, Any]:
    cluster, stranger = elsewhere(world)
    return {"cluster": cluster, "containerInstance": stranger}


# ---- attributes


def put(world: World, cluster: str, instance: str, **attributes: str) -> list[dict[str, Any]]:
    asked = [{"name": name, "value": value, "targetId": instance} for name, value in attributes.items()]
    return world.ok("PutAttributes", cluster=cluster, attributes=asked)["attributes"]


def put_attributes(world: World) -> None:
    cluster = world.cluster()
    instance = world.instance(cluster)
    assert put(world, cluster, instance, stack="a b") == [{"name": "stack", "value": "a b", "targetId": instance}]
    by_id = {"name": "stack", "value": "c", "targetType": "container-instance", "targetId": instance.rsplit("/", 1)[1]}
    valueless = {"name": "quiet", "targetId": instance}
    world.ok("PutAttributes", cluster=cluster, attributes=[by_id, valueless])
    shown = world.ok("DescribeContainerInstances", cluster=cluster, containerInstances=[instance])
    own = {one["name"]: one.get("value") for one in shown["containerInstances"][0]["attributes"]}
    assert {"stack": "c", "quiet": None}.items() <= own.items()
    for text, expected in (("attribute:stack == c", [instance]), ("attribute:stack == a", [])):
        found = world.ok("ListContainerInstances", cluster=cluster, filter=text)["containerInstanceArns"]
        assert found == expected, text


def delete_attributes(world: World) -> None:
    cluster = world.cluster()
    instance = world.instance(cluster)
    put(world, cluster, instance, one="1", two="2")
    gone = [{"name": name, "targetId": instance} for name in ("one", "never")]
    assert world.ok("DeleteAttributes", cluster=cluster, attributes=gone)["attributes"] == gone
    left = world.ok("ListAttributes", cluster=cluster, targetType="container-instance")["attributes"]
    assert [one["name"] for one in left if one["name"] in ("one", "two")] == ["two"]


def list_attributes(world: World) -> None:
    cluster = world.cluster()
    first, second = world.instance(cluster), world.instance(cluster)
    put(world, cluster, first, stack="a", zone="1")
    put(world, cluster, second, stack="b")
    wanted = {"cluster": cluster, "targetType": "container-instance", "attributeName": "stack"}
    found = world.ok("ListAttributes", **wanted)["attributes"]
    assert sorted((one["targetId"], one["value"]) for one in found) == sorted([(first, "a"), (second, "b")])
    found = world.ok("ListAttributes", attributeValue="b", **wanted)["attributes"]
    assert found == [{"name": "stack", "value": "b", "targetId": second}]


def four_attributes(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    cluster = world.cluster()
    for _ in range(2):
        put(world, cluster, world.instance(cluster), a="1", b="2")
    asked = {"cluster": cluster, "targetType": "container-instance"}
    return asked, {**asked, "attributeName": "a"}


def full_of_attributes(world: World) -> dict[str, Any]:
    cluster = world.cluster()
    instance = world.instance(cluster)
    put(world, cluster, instance, **{f"n{at}": "1" for at in range(10)})
    return {"cluster": cluster, "attributes": [{"name": "one-more", "targetId": instance}]}


def target_elsewhere(world: World) -> dict[str, Any]:
    cluster, stranger = elsewhere(world)
    return {"cluster": cluster, "attributes": [{"name": "a", "targetId": stranger}]}


def attribute(**members: str) -> dict[str, Any]:
    return {"attributes": [{"name": "a", "value": "b", "targetId": ID, **members}]}


BAD_ATTRIBUTES = [
    Refusal({"attributes": []}, INVALID, "attributes must have 1 to 10 entries"),
    Refusal({"attributes": attribute()["attributes"] * 11}, INVALID, "1 to 10"),
    Refusal({"attributes": [{"name": "a"}]}, INVALID, "targetId"),
    Refusal(attribute(name="a b"), INVALID, "attributes[0].name"),
    Refusal(attribute(name="a" * 129), INVALID, "attributes[0].name"),
    Refusal(attribute(name="ecs.os-type"), INVALID, "ecs."),
    Refusal(attribute(value=" b"), INVALID, "attributes[0].value"),
    Refusal(attribute(targetId="no id"), INVALID, "attributes[0].targetId"),
    Refusal(attribute(targetType="moon"), INVALID, "targetType"),
    Refusal(attribute(), NO_TARGET, ID),
    Refusal(target_elsewhere, NO_TARGET, "container-instance"),
    Refusal({**attribute(), **NOWHERE}, NO_CLUSTER),
]

# ---- tasks on named instances


def start_task(world: World) -> None:
    """Of instances whose agents are away: test_placement.py starts tasks on hosts that have agents."""
    cluster, stranger = elsewhere(world)
    instance, missing = world.instance(cluster), arn(f"container-instance/{cluster}/{ID}")
    answer = world.ok(
        "StartTask", cluster=cluster, taskDefinition=world.definition(), startedBy="me", group="g",
        containerInstances=[instance, missing, stranger, instance],
    )
    assert answer["tasks"] == []
    failures = [(one["arn"], one["reason"]) for one in answer["failures"]]
    assert failures == [(instance, "AGENT"), (missing, "MISSING"), (stranger, "MISSING")]


def start_nothing(**members: Any) -> Any:
    return lambda world: {"taskDefinition": world.definition(), "containerInstances": [ID], **members}


CASES = {
    "StartTask": Case(
        start_task,
        [
            Refusal(start_nothing(containerInstances=[]), INVALID, "1 to 10"),
            Refusal(start_nothing(containerInstances=[ID] * 11), INVALID, "1 to 10"),
            Refusal(start_nothing(containerInstances=["no id"]), INVALID, "containerInstances"),
            Refusal(start_nothing(taskDefinition="never:1"), CLIENT, "TaskDefinition not found."),
            Refusal(start_nothing(startedBy="s" * 37), INVALID, "startedBy"),
            Refusal(start_nothing(overrides={"containerOverrides": [{"name": "never"}]}), INVALID, "never"),
            Refusal(start_nothing(referenceId="x"), INVALID, "referenceId"),
            Refusal({"containerInstances": [ID]}, INVALID, "taskDefinition"),
            Refusal(start_nothing(cluster="nowhere"), NO_CLUSTER),
        ],
    ),
    "UpdateContainerInstancesState": Case(
        update_container_instances_state,
        [
            Refusal({"containerInstances": [], "status": "DRAINING"}, INVALID, "1 to 10"),
            Refusal({"containerInstances": [ID] * 11, "status": "DRAINING"}, INVALID, "1 to 10"),
            Refusal({"containerInstances": [ID], "status": "REGISTERING"}, INVALID, "ACTIVE or DRAINING"),
            Refusal({"containerInstances": [ID]}, INVALID, "status"),
            Refusal({"containerInstances": ["no id"], "status": "ACTIVE"}, INVALID, "containerInstances"),
            Refusal({"containerInstances": [ID], "status": "ACTIVE", **NOWHERE}, NO_CLUSTER),
        ],
    ),
    "DeregisterContainerInstance": Case(
        deregister_container_instance,
        [
            Refusal({}, INVALID, "containerInstance"),
            Refusal({"containerInstance": ID}, INVALID, "not found"),
            Refusal(registered_elsewhere, INVALID, "not found"),
            Refusal({"containerInstance": "no id"}, INVALID, "containerInstance"),
            Refusal({"containerInstance": ID, **NOWHERE}, NO_CLUSTER),
        ],
    ),
    "PutAttributes": Case(
        put_attributes,
        [*BAD_ATTRIBUTES, Refusal(full_of_attributes, "AttributeLimitExceededException", "at most 10")],
    ),
    "DeleteAttributes": Case(delete_attributes, BAD_ATTRIBUTES),
    "ListAttributes": Case(
        list_attributes,
        [
            Refusal({}, INVALID, "targetType"),
            Refusal({"targetType": "moon"}, INVALID, "targetType"),
            Refusal({"targetType": "container-instance", "attributeValue": "b"}, INVALID, "attributeName"),
            Refusal({"targetType": "container-instance", **NOWHERE}, NO_CLUSTER),
        ],
        listing=Listing("attributes", four_attributes),
    ),
}
