"""Clusters, task definitions, tasks, container instances, what agents call, and the logs."""

from __future__ import annotations

import time
import uuid
from typing import Any

from conformance.case import CLIENT, ID, INVALID, NO_CLUSTER, Case, Listing, Refusal
from conformance.world import INSTANT, RESOURCES, World, arn, managed
from harness.plane import shell

TOO_MANY_TAGS = [{"key": f"k{at}", "value": "v"} for at in range(51)]
NOWHERE = {"cluster": "nowhere"}
LONG_OVERRIDES = {"containerOverrides": [{"name": "main", "command": ["x" * 8192]}]}


# ---- clusters


def create_cluster(world: World) -> None:
    name = world.name("cluster")
    made = world.ok("CreateCluster", clusterName=name, tags=[{"key": "a", "value": "b"}])["cluster"]
    assert (made["clusterName"], made["status"], made["clusterArn"]) == (name, "ACTIVE", arn(f"cluster/{name}"))
    # Naming one that is there gives it back.
    again = world.ok("CreateCluster", clusterName=name)["cluster"]
    assert again["clusterArn"] == made["clusterArn"]


def describe_clusters(world: World) -> None:
    name = world.ok("CreateCluster", clusterName=world.name(), tags=[{"key": "a", "value": "b"}])["cluster"]["clusterName"]
    include = ["ATTACHMENTS", "CONFIGURATIONS", "SETTINGS", "STATISTICS", "TAGS"]
    answer = world.ok("DescribeClusters", clusters=[name, "nowhere", arn(f"cluster/{name}")], include=include)
    assert [one["clusterName"] for one in answer["clusters"]] == [name]
    assert answer["clusters"][0]["tags"] == [{"key": "a", "value": "b"}]
    assert answer["failures"] == [{"arn": arn("cluster/nowhere"), "reason": "MISSING"}]
    assert world.ok("DescribeClusters")["clusters"][0]["clusterName"] == "default"
    world.ok("DescribeClusters", clusters=[f"c{at}" for at in range(100)])


def list_clusters(world: World) -> None:
    name = world.cluster()
    assert arn(f"cluster/{name}") in world.ok("ListClusters", maxResults=100)["clusterArns"]


def three_clusters(world: World) -> tuple[dict[str, Any], None]:
    for _ in range(3):
        world.cluster()
    return {}, None


def delete_cluster(world: World) -> None:
    name = world.cluster()
    gone = world.ok("DeleteCluster", cluster=name)["cluster"]
    assert (gone["clusterName"], gone["status"]) == (name, "INACTIVE")
    assert arn(f"cluster/{name}") not in world.ok("ListClusters")["clusterArns"]
    described = world.ok("DescribeClusters", clusters=[name])
    assert [one["status"] for one in described["clusters"]] == ["INACTIVE"]


def with_a_task(world: World) -> dict[str, Any]:
    cluster = world.cluster()
    world.task(cluster=cluster)
    return {"cluster": cluster}


def with_a_provider(world: World) -> dict[str, Any]:
    cluster = world.cluster()
    world.ok("CreateCapacityProvider", name=world.name("own"), cluster=cluster, managedInstancesProvider=managed())
    return {"cluster": cluster}


def with_an_instance(world: World) -> dict[str, Any]:
    cluster = world.cluster()
    world.instance(cluster)
    return {"cluster": cluster}


# ---- task definitions


def register_task_definition(world: World) -> None:
    family = world.name("family")
    container = shell("true", memory=64, portMappings=[{"containerPort": 80}], environment=INSTANT)
    request = {
        "family": family, "containerDefinitions": [container], "cpu": "256", "memory": "512", "networkMode": "bridge",
        "taskRoleArn": "arn:aws:iam::123456789012:role/r", "requiresCompatibilities": ["EC2"],
        "runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"},
        "tags": [{"key": "a", "value": "b"}],
    }
    for revision in (1, 2):
        answer = world.ok("RegisterTaskDefinition", **request)
        made = answer["taskDefinition"]
        assert made["taskDefinitionArn"] == arn(f"task-definition/{family}:{revision}")
        assert (made["status"], made["revision"], answer["tags"]) == ("ACTIVE", revision, request["tags"])
        given = {name: made[name] for name in ("family", "cpu", "memory", "networkMode", "taskRoleArn")}
        assert given == {name: request[name] for name in given}
        shown = made["containerDefinitions"][0]
        # What AWS adds to every container.
        assert (shown["cpu"], shown["essential"], shown["mountPoints"], shown["volumesFrom"]) == (0, True, [], [])
        assert shown["environment"] == INSTANT and shown["memory"] == 64


def definition_body(**members: Any) -> dict[str, Any]:
    return {"family": "f", "containerDefinitions": [shell("true", memory=64)], **members}


def describe_task_definition(world: World) -> None:
    definition = world.definition(tags=[{"key": "a", "value": "b"}])
    family = definition.partition(":")[0]
    for named in (definition, family, arn(f"task-definition/{definition}"), arn(f"task-definition/{family}")):
        answer = world.ok("DescribeTaskDefinition", taskDefinition=named, include=["TAGS"])
        assert answer["taskDefinition"]["taskDefinitionArn"] == arn(f"task-definition/{definition}")
        assert answer["tags"] == [{"key": "a", "value": "b"}]


def deregister_task_definition(world: World) -> None:
    definition = world.definition()
    gone = world.ok("DeregisterTaskDefinition", taskDefinition=definition)["taskDefinition"]
    assert gone["status"] == "INACTIVE"
    shown = world.ok("DescribeTaskDefinition", taskDefinition=definition)["taskDefinition"]
    assert shown["status"] == "INACTIVE"


def list_task_definitions(world: World) -> None:
    definition = world.definition()
    family = definition.partition(":")[0]
    listed = world.ok("ListTaskDefinitions", familyPrefix=family, status="ACTIVE", sort="DESC")
    assert listed["taskDefinitionArns"] == [arn(f"task-definition/{definition}")]


def three_revisions(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    family = world.definition().partition(":")[0]
    for _ in range(2):
        world.ok("RegisterTaskDefinition", **definition_body(family=family))
    return {"familyPrefix": family}, {"familyPrefix": family, "sort": "DESC"}


def list_families(world: World) -> None:
    family = world.definition().partition(":")[0]
    assert world.ok("ListTaskDefinitionFamilies", familyPrefix=family, status="ACTIVE")["families"] == [family]


def three_families(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    stem = world.name("stem") + "-"
    for at in range(3):
        world.ok("RegisterTaskDefinition", **definition_body(family=f"{stem}{at}"))
    return {"familyPrefix": stem}, {"familyPrefix": stem, "status": "INACTIVE"}


# ---- tasks


def run_task(world: World) -> None:
    definition = world.definition(environment=INSTANT)
    request = {
        "taskDefinition": definition, "count": 10, "group": "g", "startedBy": "conformance",
        "launchType": "FARGATE", "platformVersion": "LATEST", "tags": [{"key": "a", "value": "b"}],
        "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"], "assignPublicIp": "ENABLED"}},
        "overrides": {"cpu": "512", "memory": "1024", "containerOverrides": [{"name": "main", "environment": INSTANT}]},
        "clientToken": str(uuid.uuid4()),
    }
    answer = world.ok("RunTask", **request)
    assert (len(answer["tasks"]), answer["failures"]) == (10, [])
    for task in answer["tasks"]:
        shown = (task["group"], task["startedBy"], task["launchType"], task["cpu"], task["desiredStatus"])
        assert shown == ("g", "conformance", "FARGATE", "512", "RUNNING")
    again = world.ok("RunTask", **request)
    arns = [task["taskArn"] for task in answer["tasks"]]
    assert sorted(task["taskArn"] for task in again["tasks"]) == sorted(arns)
    for one in arns:
        world.plane.wait_for(one, "STOPPED")


def too_many_tags_together(world: World) -> dict[str, Any]:
    """Each within the limit, of the task definition and of the request."""
    tags = [{"key": f"own{at}", "value": "v"} for at in range(50)]
    definition = world.definition(tags=[{"key": "a", "value": "b"}])
    world.ok("RunTask", taskDefinition=definition, tags=tags)
    world.ok("RunTask", taskDefinition=definition, tags=[*tags[1:]], propagateTags="TASK_DEFINITION", enableECSManagedTags=True)
    return {"taskDefinition": definition, "tags": tags, "propagateTags": "TASK_DEFINITION"}


def other_parameters(world: World) -> dict[str, Any]:
    definition, token = world.definition(environment=INSTANT), str(uuid.uuid4())
    world.ok("RunTask", taskDefinition=definition, clientToken=token)
    return {"taskDefinition": definition, "clientToken": token, "count": 2}


def stop_task(world: World) -> None:
    with world.running() as task:
        stopped = world.ok("StopTask", task=task, reason="because")["task"]
        assert (stopped["desiredStatus"], stopped["stopCode"]) == ("STOPPED", "UserInitiated")
        assert stopped["stoppedReason"] == "because"


def describe_tasks(world: World) -> None:
    with world.running(tags=[{"key": "a", "value": "b"}]) as task:
        missing = arn(f"task/default/{ID}")
        answer = world.ok("DescribeTasks", tasks=[task, missing], include=["TAGS"])
        assert answer["tasks"][0]["tags"] == [{"key": "a", "value": "b"}]
        assert answer["failures"] == [{"arn": missing, "reason": "MISSING"}]
        # By an ARN of another cluster it is not here, and by its id and its own ARN it is one.
        own = task.rpartition("/")[2]
        elsewhere = arn(f"task/elsewhere/{own}")
        answer = world.ok("DescribeTasks", tasks=[elsewhere, own, task, elsewhere])
        assert [one["taskArn"] for one in answer["tasks"]] == [task]
        assert answer["failures"] == [{"arn": elsewhere, "reason": "MISSING"}]
        world.ok("DescribeTasks", tasks=[f"{at:032x}" for at in range(100)])


def list_tasks(world: World) -> None:
    cluster = world.cluster()
    with world.running(cluster=cluster, startedBy="me") as task:
        family = world.ok("DescribeTasks", cluster=cluster, tasks=[task])["tasks"][0]["group"].partition(":")[2]
        for filters in ({}, {"family": family}, {"startedBy": "me"}, {"launchType": "FARGATE"}):
            assert world.ok("ListTasks", cluster=cluster, **filters)["taskArns"] == [task], filters
        for filters in ({"desiredStatus": "STOPPED"}, {"startedBy": "you"}, {"launchType": "EC2"}):
            assert world.ok("ListTasks", cluster=cluster, **filters)["taskArns"] == [], filters
    assert world.ok("ListTasks", cluster=cluster, desiredStatus="STOPPED")["taskArns"] == [task]


def three_tasks(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    cluster = world.cluster()
    world.ok("RunTask", cluster=cluster, taskDefinition=world.definition(), count=3)
    return {"cluster": cluster}, {"cluster": cluster, "desiredStatus": "STOPPED"}


# ---- container instances, and what agents call


def register_container_instance(world: World) -> None:
    cluster = world.cluster()
    attributes = [{"name": "ecs.os-type", "value": "linux"}, {"name": "custom", "value": "1"}]
    answer = world.ok(
        "RegisterContainerInstance", cluster=cluster, totalResources=RESOURCES, attributes=attributes,
        tags=[{"key": "a", "value": "b"}], versionInfo={"agentVersion": "1.2.3"},
    )["containerInstance"]
    assert (answer["status"], answer["agentConnected"]) == ("ACTIVE", False)
    given = {one["name"]: one.get("value") for one in answer["attributes"]}
    assert {"ecs.os-type": "linux", "custom": "1"}.items() <= given.items()
    again = world.ok(
        "RegisterContainerInstance", cluster=cluster, totalResources=RESOURCES, attributes=attributes,
        containerInstanceArn=answer["containerInstanceArn"],
    )["containerInstance"]
    assert again["containerInstanceArn"] == answer["containerInstanceArn"]


def describe_container_instances(world: World) -> None:
    cluster = world.cluster()
    instance = world.instance(cluster)
    missing = arn(f"container-instance/{cluster}/{ID}")
    include = ["TAGS", "CONTAINER_INSTANCE_HEALTH"]
    answer = world.ok(
        "DescribeContainerInstances", cluster=cluster, containerInstances=[instance, missing], include=include
    )
    assert [one["containerInstanceArn"] for one in answer["containerInstances"]] == [instance]
    assert answer["failures"] == [{"arn": missing, "reason": "MISSING"}]


def list_container_instances(world: World) -> None:
    cluster = world.cluster()
    instance = world.instance(cluster)
    for status, expected in ((None, [instance]), ("ACTIVE", [instance]), ("DRAINING", [])):
        filters = {} if status is None else {"status": status}
        assert world.ok("ListContainerInstances", cluster=cluster, **filters)["containerInstanceArns"] == expected


def three_instances(world: World) -> tuple[dict[str, Any], dict[str, Any]]:
    cluster = world.cluster()
    for _ in range(3):
        world.instance(cluster)
    return {"cluster": cluster}, {"cluster": cluster, "status": "DRAINING"}


def discover_poll_endpoint(world: World) -> None:
    answer = world.ok("DiscoverPollEndpoint", cluster="default", containerInstance=ID)
    assert answer["endpoint"].startswith("http") and answer["telemetryEndpoint"].startswith("http")


def submit_task_state_change(world: World) -> None:
    # Of a task that is not there: agents repeat themselves, and are told that it is heard.
    answer = world.ok("SubmitTaskStateChange", cluster="default", task=arn(f"task/default/{ID}"), status="STOPPED")
    assert answer["acknowledgment"]


# ---- logs


def create_log_group(world: World) -> None:
    world.ok("CreateLogGroup", logGroupName=world.name("group"))


def a_group(world: World) -> dict[str, Any]:
    group = world.name("group")
    world.ok("CreateLogGroup", logGroupName=group)
    return {"logGroupName": group}


def create_log_stream(world: World) -> None:
    world.ok("CreateLogStream", **a_group(world), logStreamName="s")


def a_stream(world: World) -> dict[str, Any]:
    stream = {**a_group(world), "logStreamName": "s"}
    world.ok("CreateLogStream", **stream)
    return stream


def delete_log_group(world: World) -> None:
    group = a_group(world)
    world.ok("DeleteLogGroup", **group)
    assert world.ok("DescribeLogGroups", logGroupNamePrefix=group["logGroupName"])["logGroups"] == []


def delete_log_stream(world: World) -> None:
    stream = a_stream(world)
    world.ok("DeleteLogStream", **stream)
    assert world.ok("DescribeLogStreams", logGroupName=stream["logGroupName"])["logStreams"] == []


def describe_log_groups(world: World) -> None:
    group = a_group(world)["logGroupName"]
    other = a_group(world)["logGroupName"]
    (found,) = world.ok("DescribeLogGroups", logGroupNamePrefix=group)["logGroups"]
    assert found["arn"] == f"{found['logGroupArn']}:*" and found["storedBytes"] == 0
    (found,) = world.ok("DescribeLogGroups", logGroupIdentifiers=[found["logGroupArn"]])["logGroups"]
    assert found["logGroupName"] == group
    # All of them, in pages of one.
    names, token = [], {}
    while True:
        answer = world.ok("DescribeLogGroups", limit=1, **token)
        names += [one["logGroupName"] for one in answer["logGroups"]]
        if "nextToken" not in answer:
            break
        token = {"nextToken": answer["nextToken"]}
    assert names == sorted(names) and {group, other} <= set(names)


def describe_log_streams(world: World) -> None:
    group = a_group(world)
    now = int(time.time() * 1000)
    for at, name in enumerate(("b", "a", "c")):
        world.ok("CreateLogStream", **group, logStreamName=name)
        world.ok("PutLogEvents", **group, logStreamName=name, logEvents=[{"timestamp": now + at, "message": "m"}])
    for more, expected in (
        ({}, "abc"),
        ({"descending": True}, "cba"),
        ({"orderBy": "LastEventTime"}, "bac"),
        ({"orderBy": "LastEventTime", "descending": True}, "cab"),
        ({"logStreamNamePrefix": "b"}, "b"),
    ):
        names, token = "", {}
        while True:
            answer = world.ok("DescribeLogStreams", **group, **more, limit=1, **token)
            names += "".join(one["logStreamName"] for one in answer["logStreams"])
            if "nextToken" not in answer:
                break
            token = {"nextToken": answer["nextToken"]}
        assert names == expected, more


def put_retention_policy(world: World) -> None:
    group = a_group(world)
    world.ok("PutRetentionPolicy", **group, retentionInDays=14)
    (found,) = world.ok("DescribeLogGroups", logGroupNamePrefix=group["logGroupName"])["logGroups"]
    assert found["retentionInDays"] == 14


def delete_retention_policy(world: World) -> None:
    group = a_group(world)
    world.ok("PutRetentionPolicy", **group, retentionInDays=14)
    world.ok("DeleteRetentionPolicy", **group)
    (found,) = world.ok("DescribeLogGroups", logGroupNamePrefix=group["logGroupName"])["logGroups"]
    assert "retentionInDays" not in found


def put_log_events(world: World) -> None:
    now = int(time.time() * 1000)
    events = [{"timestamp": now + at, "message": f"line {at}"} for at in range(3)]
    world.ok("PutLogEvents", **a_stream(world), logEvents=events)


def filter_log_events(world: World) -> None:
    group = a_group(world)
    now = int(time.time() * 1000)
    for at, stream in enumerate(("a", "b")):
        world.ok("CreateLogStream", **group, logStreamName=stream)
        events = [{"timestamp": now + 2 * n + at, "message": f"line {n}"} for n in range(3)]
        world.ok("PutLogEvents", **group, logStreamName=stream, logEvents=events)
    found, token = [], {}
    while True:
        answer = world.ok("FilterLogEvents", **group, filterPattern="line -1", limit=1, **token)
        found += [(one["logStreamName"], one["message"]) for one in answer["events"]]
        if "nextToken" not in answer:
            break
        token = {"nextToken": answer["nextToken"]}
    assert found == [("a", "line 0"), ("b", "line 0"), ("a", "line 2"), ("b", "line 2")]


def get_log_events(world: World) -> None:
    stream = a_stream(world)
    now = int(time.time() * 1000)
    events = [{"timestamp": now + at, "message": f"line {at}"} for at in range(3)]
    world.ok("PutLogEvents", **stream, logEvents=events)
    first = world.ok("GetLogEvents", **stream, startFromHead=True, limit=2)
    assert [one["message"] for one in first["events"]] == ["line 0", "line 1"]
    rest = world.ok("GetLogEvents", **stream, startFromHead=True, nextToken=first["nextForwardToken"])
    assert [one["message"] for one in rest["events"]] == ["line 2"]


ABORTED = {"OperationAbortedException": "no two requests are in each other's way"}
NEVER_OF_LOGS = {**ABORTED, "ValidationException": "nothing is protected from deletion"}

CASES = {
    "CreateCluster": Case(
        create_cluster,
        [
            Refusal({"clusterName": "a b"}, INVALID, "clusterName"),
            Refusal({"clusterName": "x" * 256}, INVALID, "clusterName"),
            Refusal({"clusterName": "t", "tags": TOO_MANY_TAGS}, INVALID, "tags"),
            Refusal({"clusterName": "t", "tags": [{"key": "k" * 129, "value": ""}]}, INVALID, "tags"),
            Refusal({"clusterName": "t", "tags": [{"key": "k", "value": "v" * 257}]}, INVALID, "tags"),
        ],
    ),
    "DescribeClusters": Case(
        describe_clusters,
        [
            Refusal({"clusters": ["c"] * 101}, INVALID, "100"),
            Refusal({"include": ["MOON"]}, INVALID, "include"),
        ],
    ),
    "ListClusters": Case(
        list_clusters,
        [Refusal({"maxResults": 101}, INVALID, "maxResults"), Refusal({"nextToken": "x"}, INVALID, "nextToken")],
        listing=Listing("clusterArns", three_clusters),
    ),
    "DeleteCluster": Case(
        delete_cluster,
        [
            Refusal(NOWHERE, NO_CLUSTER, "not found"),
            Refusal({}, INVALID, "cluster"),
            Refusal(with_a_task, "ClusterContainsTasksException"),
            Refusal(with_an_instance, "ClusterContainsContainerInstancesException"),
            Refusal(with_a_provider, "ClusterContainsCapacityProviderException"),
        ],
    ),
    "RegisterTaskDefinition": Case(
        register_task_definition,
        [
            Refusal({"containerDefinitions": [shell("true", memory=64)]}, INVALID, "family"),
            Refusal(definition_body(family="a b"), CLIENT, "amily"),
            Refusal(definition_body(family="x" * 256), CLIENT, "amily"),
            Refusal(definition_body(containerDefinitions=[]), CLIENT, "Container"),
            Refusal(definition_body(containerDefinitions=[shell("true", memory=3)]), CLIENT, "memory"),
            Refusal(definition_body(tags=TOO_MANY_TAGS), INVALID, "tags"),
        ],
        never={"LimitExceededException": "there is no limit to how many there are"},
    ),
    "DescribeTaskDefinition": Case(
        describe_task_definition,
        [
            Refusal({}, INVALID, "taskDefinition"),
            Refusal({"taskDefinition": "nowhere"}, CLIENT),
            Refusal({"taskDefinition": "a:b:c"}, INVALID, "taskDefinition"),
        ],
    ),
    "DeregisterTaskDefinition": Case(
        deregister_task_definition,
        [Refusal({}, INVALID, "taskDefinition"), Refusal({"taskDefinition": "nowhere:1"}, CLIENT)],
    ),
    "ListTaskDefinitions": Case(
        list_task_definitions,
        [Refusal({"status": "MOON"}, INVALID, "status"), Refusal({"maxResults": 0}, INVALID, "maxResults")],
        listing=Listing("taskDefinitionArns", three_revisions),
    ),
    "ListTaskDefinitionFamilies": Case(
        list_families,
        [Refusal({"status": "MOON"}, INVALID, "status"), Refusal({"maxResults": 101}, INVALID, "maxResults")],
        listing=Listing("families", three_families),
    ),
    "RunTask": Case(
        run_task,
        [
            Refusal({}, INVALID, "taskDefinition"),
            Refusal({"taskDefinition": "known", "count": 11}, INVALID, "count"),
            Refusal({"taskDefinition": "known", "count": 0}, INVALID, "count"),
            Refusal({"taskDefinition": "known", "startedBy": "x" * 129}, INVALID, "startedBy"),
            Refusal({"taskDefinition": "known", "clientToken": "x" * 65}, INVALID, "clientToken"),
            Refusal({"taskDefinition": "known", "tags": TOO_MANY_TAGS}, INVALID, "tags"),
            Refusal({"taskDefinition": "known", **NOWHERE}, NO_CLUSTER, "Cluster not found."),
            Refusal({"taskDefinition": "nowhere"}, CLIENT),
            Refusal({"taskDefinition": "known", "platformVersion": "9"}, "PlatformUnknownException", "platformVersion"),
            Refusal(too_many_tags_together, INVALID, "50 tags"),
            Refusal({"taskDefinition": "known", "propagateTags": "SERVICE"}, INVALID, "propagateTags"),
            Refusal({"taskDefinition": "known", "tags": [{"key": "AWS:x", "value": "v"}]}, INVALID, "aws:"),
            Refusal({"taskDefinition": "known", "overrides": LONG_OVERRIDES}, INVALID, "8192"),
            Refusal(other_parameters, "ConflictException"),
        ],
        never={"PlatformTaskDefinitionIncompatibilityException": "every platform version is the same"},
    ),
    "StopTask": Case(
        stop_task,
        [
            Refusal({}, INVALID, "task"),
            Refusal({"task": ID}, INVALID, "The referenced task was not found."),
            Refusal({"task": ID, **NOWHERE}, NO_CLUSTER, "Cluster not found."),
        ],
    ),
    "DescribeTasks": Case(
        describe_tasks,
        [
            Refusal({}, INVALID, "tasks"),
            Refusal({"tasks": [ID] * 101}, INVALID, "100"),
            Refusal({"tasks": [ID], **NOWHERE}, NO_CLUSTER, "Cluster not found."),
        ],
    ),
    "ListTasks": Case(
        list_tasks,
        [
            Refusal(NOWHERE, NO_CLUSTER, "Cluster not found."),
            Refusal({"maxResults": 101}, INVALID, "maxResults"),
            Refusal({"desiredStatus": "MOON"}, INVALID, "desiredStatus"),
        ],
        listing=Listing("taskArns", three_tasks),
    ),
    "RegisterContainerInstance": Case(
        register_container_instance,
        [
            Refusal({}, INVALID, "totalResources"),
            Refusal({"totalResources": RESOURCES, **NOWHERE}, NO_CLUSTER),
            Refusal({"totalResources": RESOURCES, "tags": TOO_MANY_TAGS}, INVALID, "tags"),
        ],
    ),
    "DescribeContainerInstances": Case(
        describe_container_instances,
        [
            Refusal({}, INVALID, "containerInstances"),
            Refusal({"containerInstances": [ID] * 101}, INVALID, "100"),
            Refusal({"containerInstances": [ID], **NOWHERE}, NO_CLUSTER),
        ],
    ),
    "ListContainerInstances": Case(
        list_container_instances,
        [Refusal(NOWHERE, NO_CLUSTER), Refusal({"status": "MOON"}, INVALID, "status")],
        listing=Listing("containerInstanceArns", three_instances),
    ),
    "DiscoverPollEndpoint": Case(discover_poll_endpoint, [Refusal({"cluster": 1}, INVALID, "cluster")]),
    "SubmitTaskStateChange": Case(
        submit_task_state_change,
        [
            Refusal({"task": "no id", "status": "STOPPED"}, INVALID, "task"),
            Refusal({"task": ID, "status": "ASLEEP"}, INVALID, "status"),
        ],
        never={"ClusterNotFoundException": "a task is found by its own ARN, whatever the cluster"},
    ),
    "CreateLogGroup": Case(
        create_log_group,
        [Refusal({}, INVALID, "logGroupName"), Refusal(a_group, "ResourceAlreadyExistsException")],
        never={
            "LimitExceededException": "the number of groups has no limit",
            "OperationAbortedException": "no two requests are in each other's way",
        },
    ),
    "CreateLogStream": Case(
        create_log_stream,
        [
            Refusal({"logGroupName": "g"}, INVALID, "logStreamName"),
            Refusal(a_stream, "ResourceAlreadyExistsException"),
            Refusal({"logGroupName": "nowhere", "logStreamName": "s"}, "ResourceNotFoundException"),
        ],
    ),
    "DeleteLogGroup": Case(
        delete_log_group,
        [Refusal({}, INVALID, "logGroupName"), Refusal({"logGroupName": "nowhere"}, "ResourceNotFoundException")],
        never=NEVER_OF_LOGS,
    ),
    "DeleteLogStream": Case(
        delete_log_stream,
        [
            Refusal({"logGroupName": "g"}, INVALID, "logStreamName"),
            Refusal({"logGroupName": "nowhere", "logStreamName": "s"}, "ResourceNotFoundException"),
        ],
        never=NEVER_OF_LOGS,
    ),
    "DescribeLogGroups": Case(
        describe_log_groups,
        [
            Refusal({"limit": 51}, INVALID, "limit"),
            Refusal({"logGroupNamePrefix": "a", "logGroupNamePattern": "b"}, INVALID, "logGroupNamePattern"),
            Refusal({"nextToken": "x"}, INVALID, "nextToken"),
        ],
    ),
    "DescribeLogStreams": Case(
        describe_log_streams,
        [
            Refusal({}, INVALID, "logGroupName"),
            Refusal({"logGroupName": "g", "limit": 0}, INVALID, "limit"),
            Refusal({"logGroupName": "nowhere"}, "ResourceNotFoundException"),
        ],
    ),
    "PutRetentionPolicy": Case(
        put_retention_policy,
        [
            Refusal({"logGroupName": "g"}, INVALID, "retentionInDays"),
            Refusal({"logGroupName": "g", "retentionInDays": 2}, INVALID, "retentionInDays"),
            Refusal({"logGroupName": "nowhere", "retentionInDays": 1}, "ResourceNotFoundException"),
        ],
        never=ABORTED,
    ),
    "DeleteRetentionPolicy": Case(
        delete_retention_policy,
        [Refusal({}, INVALID, "logGroupName"), Refusal({"logGroupName": "nowhere"}, "ResourceNotFoundException")],
        never=ABORTED,
    ),
    "PutLogEvents": Case(
        put_log_events,
        [
            Refusal({"logGroupName": "g", "logStreamName": "s"}, INVALID, "logEvents"),
            Refusal(
                {"logGroupName": "nowhere", "logStreamName": "s", "logEvents": [{"timestamp": 1, "message": "m"}]},
                "ResourceNotFoundException",
            ),
        ],
        never={
            "InvalidSequenceTokenException": "any number of writers is taken, as at AWS since 2023",
            "DataAlreadyAcceptedException": "any number of writers is taken, as at AWS since 2023",
            "UnrecognizedClientException": "an open server takes every caller",
        },
    ),
    "FilterLogEvents": Case(
        filter_log_events,
        [
            Refusal({"logGroupName": "g", "filterPattern": "[a, ..., ...]"}, INVALID, "at character 10"),
            Refusal({"logGroupName": "g", "logStreamNames": ["s"] * 101}, INVALID, "100"),
            Refusal({"logGroupName": "nowhere"}, "ResourceNotFoundException"),
        ],
    ),
    "GetLogEvents": Case(
        get_log_events,
        [
            Refusal({"logStreamName": "s"}, INVALID),
            Refusal({"logGroupName": "nowhere", "logStreamName": "s"}, "ResourceNotFoundException"),
        ],
    ),
}
