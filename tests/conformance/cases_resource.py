"""Tags, account settings, task protection, capacity providers, the deletion of task definitions, and reports of agents."""

from __future__ import annotations

from typing import Any

from conformance.case import CLIENT, ID, INVALID, NO_CLUSTER, Case, Listing, Refusal
from conformance.world import World, arn, managed

NOWHERE = {"cluster": "nowhere"}
ROOT = "arn:aws:iam::123456789012:root"
USER = "arn:aws:iam::123456789012:user/team/ada"
DEFAULT = arn("cluster/default")
TAGS = [{"key": "a", "value": "b"}]
MISSING = "ResourceNotFoundException"
UNSUPPORTED = "UnsupportedFeatureException"


# ---- tags


def tag_resource(world: World) -> None:
    cluster = arn(f"cluster/{world.cluster()}")
    definition = arn(f"task-definition/{world.definition()}")
    for resource in (cluster, definition, world.instance("default"), arn(f"capacity-provider/{provider(world)}")):
        assert world.ok("TagResource", resourceArn=resource, tags=TAGS) == {}
        world.ok("TagResource", resourceArn=resource, tags=[{"key": "a", "value": "c"}, {"key": "d"}])
        listed = world.ok("ListTagsForResource", resourceArn=resource)["tags"]
        assert listed == [{"key": "a", "value": "c"}, {"key": "d"}], resource


def untag_resource(world: World) -> None:
    cluster = arn(f"cluster/{world.cluster()}")
    world.ok("TagResource", resourceArn=cluster, tags=TAGS)
    assert world.ok("UntagResource", resourceArn=cluster, tagKeys=["a", "never"]) == {}
    assert world.ok("ListTagsForResource", resourceArn=cluster)["tags"] == []


def list_tags(world: World) -> None:
    with world.running(tags=TAGS) as task:
        assert world.ok("ListTagsForResource", resourceArn=task) == {"tags": TAGS}


def full_of_tags(world: World) -> dict[str, Any]:
    cluster = arn(f"cluster/{world.cluster()}")
    world.ok("TagResource", resourceArn=cluster, tags=[{"key": f"k{at}"} for at in range(50)])
    return {"resourceArn": cluster, "tags": [{"key": "one more"}]}


# ---- account settings


def put_account_setting(world: World) -> None:
    request = {"name": "containerInsights", "value": "enhanced", "principalArn": USER}
    answer = world.ok("PutAccountSetting", **request)["setting"]
    assert {name: answer[name] for name in request} == request
    world.ok("DeleteAccountSetting", name="containerInsights", principalArn=USER)


def put_account_setting_default(world: World) -> None:
    answer = world.ok("PutAccountSettingDefault", name="containerInsights", value="disabled")["setting"]
    assert (answer["value"], answer["principalArn"]) == ("disabled", ROOT)


def delete_account_setting(world: World) -> None:
    world.ok("PutAccountSetting", name="containerInsights", value="enabled", principalArn=USER)
    assert world.ok("DeleteAccountSetting", name="containerInsights", principalArn=USER)["setting"]
    assert world.ok("ListAccountSettings", principalArn=USER)["settings"] == []


def list_account_settings(world: World) -> None:
    shown = world.ok("ListAccountSettings", name="taskLongArnFormat", effectiveSettings=True)["settings"]
    assert [(one["name"], one["value"]) for one in shown] == [("taskLongArnFormat", "enabled")]
    assert len(world.ok("ListAccountSettings", effectiveSettings=True)["settings"]) > 5


# ---- task protection, and reports of agents


def update_task_protection(world: World) -> None:
    # Only tasks of services can be protected.
    with world.running() as task:
        request = {"cluster": "default", "tasks": [task, ID], "protectionEnabled": True, "expiresInMinutes": 2880}
        answer = world.ok("UpdateTaskProtection", **request)
        assert answer["protectedTasks"] == []
        assert [one["reason"] for one in answer["failures"]] == ["TASK_NOT_VALID", "MISSING"]


def get_task_protection(world: World) -> None:
    with world.running() as task:
        answer = world.ok("GetTaskProtection", cluster="default", tasks=[task, ID])
        assert answer["protectedTasks"] == []
        assert [one["reason"] for one in answer["failures"]] == ["TASK_NOT_VALID", "MISSING"]


def submit_container_state_change(world: World) -> None:
    # Of a task that is not there: agents repeat themselves, and are told that it is heard.
    request = {"task": arn(f"task/default/{ID}"), "containerName": "main", "status": "RUNNING"}
    assert world.ok("SubmitContainerStateChange", cluster="default", **request)["acknowledgment"]


def submit_attachment_state_changes(world: World) -> None:
    attachments = [{"attachmentArn": arn(f"attachment/{ID}"), "status": "ATTACHED"}]
    assert world.ok("SubmitAttachmentStateChanges", cluster="default", attachments=attachments)["acknowledgment"]


# ---- capacity providers


def provider(world: World) -> str:
    name = world.name("provider")
    world.ok("CreateCapacityProvider", name=name, managedInstancesProvider=managed(), tags=TAGS)
    return name


def create_capacity_provider(world: World) -> None:
    name = world.name("provider")
    made = world.ok("CreateCapacityProvider", name=name, managedInstancesProvider=managed(), tags=TAGS)
    made = made["capacityProvider"]
    assert (made["name"], made["status"], made["updateStatus"]) == (name, "ACTIVE", "CREATE_COMPLETE")
    assert made["capacityProviderArn"] == arn(f"capacity-provider/{name}") and made["tags"] == TAGS
    assert made["managedInstancesProvider"] == managed()


def update_capacity_provider(world: World) -> None:
    cluster = world.cluster()
    name = world.name("provider")
    world.ok("CreateCapacityProvider", name=name, cluster=cluster, managedInstancesProvider=managed())
    change = {
        "infrastructureRoleArn": "role",
        "instanceLaunchTemplate": {"networkConfiguration": {"subnets": ["subnet-2"]}},
        "infrastructureOptimization": {"scaleInAfter": 5},
    }
    changed = world.ok("UpdateCapacityProvider", name=name, cluster=cluster, managedInstancesProvider=change)
    changed = changed["capacityProvider"]
    assert changed["updateStatus"] == "UPDATE_COMPLETE"
    template = changed["managedInstancesProvider"]["instanceLaunchTemplate"]
    assert template["networkConfiguration"]["subnets"] == ["subnet-2"]


def delete_capacity_provider(world: World) -> None:
    gone = world.ok("DeleteCapacityProvider", capacityProvider=provider(world))["capacityProvider"]
    assert gone["updateStatus"] in ("DELETE_IN_PROGRESS", "DELETE_COMPLETE")


def describe_capacity_providers(world: World) -> None:
    name = provider(world)
    asked = ["FARGATE", arn(f"capacity-provider/{name}"), "nowhere"]
    answer = world.ok("DescribeCapacityProviders", capacityProviders=asked, include=["TAGS"])
    assert [one["name"] for one in answer["capacityProviders"]] == ["FARGATE", name]
    assert answer["capacityProviders"][1]["tags"] == TAGS
    assert answer["failures"] == [{"arn": arn("capacity-provider/nowhere"), "reason": "MISSING"}]


def three_providers(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    name = provider(world)
    cluster = world.cluster()
    providers = ["FARGATE", "FARGATE_SPOT", name]
    request = {"cluster": cluster, "capacityProviders": providers, "defaultCapacityProviderStrategy": []}
    world.ok("PutClusterCapacityProviders", **request)
    return {"cluster": cluster}, {}


# ---- task definitions


def delete_task_definitions(world: World) -> None:
    gone, active = world.definition(), world.definition()
    with world.running(definition=gone):
        world.ok("DeregisterTaskDefinition", taskDefinition=gone)
        answer = world.ok("DeleteTaskDefinitions", taskDefinitions=[gone, active])
        assert [one["status"] for one in answer["taskDefinitions"]] == ["DELETE_IN_PROGRESS"]
        assert [one["arn"] for one in answer["failures"]] == [arn(f"task-definition/{active}")]


CASES = {
    "TagResource": Case(
        tag_resource,
        [
            Refusal({}, INVALID, "resourceArn"),
            Refusal({"resourceArn": DEFAULT, "tags": [{"key": "aws:x"}]}, INVALID, "aws:"),
            Refusal({"resourceArn": "default", "tags": TAGS}, INVALID, "resourceArn"),
            Refusal({"resourceArn": arn("cluster/default", account="999999999999"), "tags": TAGS}, INVALID),
            Refusal({"resourceArn": arn("cluster/nowhere"), "tags": TAGS}, NO_CLUSTER),
            Refusal({"resourceArn": arn(f"task/default/{ID}"), "tags": TAGS}, MISSING),
            Refusal(full_of_tags, "LimitExceededException"),
        ],
    ),
    "UntagResource": Case(
        untag_resource,
        [
            Refusal({"resourceArn": DEFAULT, "tagKeys": ["aws:x"]}, INVALID),
            Refusal({"resourceArn": arn("cluster/nowhere"), "tagKeys": ["a"]}, NO_CLUSTER),
            Refusal({"resourceArn": arn(f"task/default/{ID}"), "tagKeys": ["a"]}, MISSING),
        ],
    ),
    "ListTagsForResource": Case(
        list_tags,
        [Refusal({}, INVALID, "resourceArn"), Refusal({"resourceArn": arn("cluster/nowhere")}, NO_CLUSTER)],
    ),
    "PutAccountSetting": Case(
        put_account_setting,
        [
            Refusal({"name": "nowhere", "value": "on"}, INVALID, "name"),
            Refusal({"name": "containerInsights", "value": "on"}, INVALID),
            Refusal({"name": "containerInsights", "value": "enabled", "principalArn": "ada"}, INVALID),
        ],
    ),
    "PutAccountSettingDefault": Case(
        put_account_setting_default,
        [Refusal({"value": "enabled"}, INVALID, "name"), Refusal({"name": "taskLongArnFormat", "value": "off"}, INVALID)],
    ),
    "DeleteAccountSetting": Case(delete_account_setting, [Refusal({}, INVALID, "name")]),
    "ListAccountSettings": Case(
        list_account_settings,
        [Refusal({"value": "enabled"}, INVALID), Refusal({"nextToken": "x"}, INVALID, "nextToken")],
        listing=Listing("settings", lambda _: ({"effectiveSettings": True}, {})),
    ),
    "GetTaskProtection": Case(
        get_task_protection,
        [Refusal({"tasks": [ID]}, INVALID, "cluster"), Refusal({"tasks": [ID], **NOWHERE}, NO_CLUSTER)],
        never={MISSING: "a task that is not there is a failure in the answer"},
    ),
    "UpdateTaskProtection": Case(
        update_task_protection,
        [
            Refusal({"cluster": "default", "tasks": [ID]}, INVALID, "protectionEnabled"),
            Refusal({"cluster": "default", "tasks": [ID] * 11, "protectionEnabled": True}, INVALID, "10"),
            Refusal(
                {"cluster": "default", "tasks": [ID], "protectionEnabled": True, "expiresInMinutes": 2881}, INVALID
            ),
            Refusal({"tasks": [ID], "protectionEnabled": True, **NOWHERE}, NO_CLUSTER),
        ],
        never={MISSING: "a task that is not there is a failure in the answer"},
    ),
    "SubmitContainerStateChange": Case(
        submit_container_state_change,
        [Refusal({"task": "no id", "containerName": "main", "status": "RUNNING"}, INVALID, "task")],
        never={NO_CLUSTER: "a task is found by its own ARN, whatever the cluster"},
    ),
    "SubmitAttachmentStateChanges": Case(
        submit_attachment_state_changes,
        [Refusal({}, INVALID, "attachments")],
        never={NO_CLUSTER: "an attachment is found by its own ARN, whatever the cluster"},
    ),
    "CreateCapacityProvider": Case(
        create_capacity_provider,
        [
            Refusal({"name": "x"}, INVALID),
            Refusal({"name": "fargate-x", "managedInstancesProvider": managed()}, INVALID),
            Refusal({"name": "x", "managedInstancesProvider": managed(acceleratorTypes=["gpu"])}, UNSUPPORTED),
            Refusal({"name": "x", "managedInstancesProvider": managed(), **NOWHERE}, NO_CLUSTER),
        ],
        never={"LimitExceededException": "a hundred are not made here: scheduler/src/capacity_provider/tests.rs does"},
    ),
    "UpdateCapacityProvider": Case(
        update_capacity_provider,
        [
            Refusal({"name": "FARGATE"}, INVALID),
            Refusal({"name": "x", "managedInstancesProvider": managed(), **NOWHERE}, CLIENT),
        ],
        never={NO_CLUSTER: "no provider is in a cluster that is not there: it is the provider that is not found"},
    ),
    "DeleteCapacityProvider": Case(
        delete_capacity_provider,
        [
            Refusal({"capacityProvider": "FARGATE_SPOT"}, INVALID),
            Refusal({"capacityProvider": "nowhere"}, CLIENT),
            Refusal({"capacityProvider": "nowhere", **NOWHERE}, CLIENT),
        ],
        never={NO_CLUSTER: "no provider is in a cluster that is not there: it is the provider that is not found"},
    ),
    "DescribeCapacityProviders": Case(
        describe_capacity_providers,
        [
            Refusal(NOWHERE, NO_CLUSTER),
            Refusal({"capacityProviders": ["a b"]}, INVALID),
            Refusal({"maxResults": 0}, INVALID, "maxResults"),
        ],
        listing=Listing("capacityProviders", three_providers),
    ),
    "DeleteTaskDefinitions": Case(
        delete_task_definitions,
        [
            Refusal({}, INVALID, "taskDefinitions"),
            Refusal({"taskDefinitions": []}, INVALID, "taskDefinitions"),
            Refusal({"taskDefinitions": [f"f:{at}" for at in range(1, 12)]}, INVALID, "taskDefinitions"),
            Refusal({"taskDefinitions": ["family"]}, INVALID, "taskDefinitions"),
        ],
    ),
}
