"""The calls that Terraform's AWS provider makes for clusters, task definitions and capacity providers, in its order, and
what it looks for in the answers: what it gets back it compares with what it sent, and plans a change if they differ."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError

from conformance.world import managed
from harness import client
from harness.docker import IMAGE
from harness.plane import ControlPlane

TAGS = [{"key": "team", "value": "a"}]
# What the provider asks for of each cluster.
CLUSTER = ["TAGS", "CONFIGURATIONS", "SETTINGS"]


def cluster(plane: ControlPlane, arn: str) -> dict[str, Any]:
    answer = plane.ecs.describe_clusters(clusters=[arn], include=CLUSTER)
    assert len(answer["clusters"]) == 1, answer
    return answer["clusters"][0]


def test_the_provider_learns_who_it_is(simulated: ControlPlane) -> None:
    identity = client.boto("sts", simulated.url).get_caller_identity()
    assert (identity["Account"], identity["Arn"].split(":")[4]) == ("123456789012", "123456789012")


def test_a_cluster_with_its_capacity_providers(simulated: ControlPlane, name: str) -> None:
    ecs = simulated.ecs
    configuration = {"executeCommandConfiguration": {"logging": "OVERRIDE", "logConfiguration": {"s3BucketName": "b"}}}
    settings = [{"name": "containerInsights", "value": "enabled"}]
    made = ecs.create_cluster(clusterName=name, tags=TAGS, configuration=configuration, settings=settings)["cluster"]
    arn = made["clusterArn"]
    # It polls until the cluster is ACTIVE, and takes over what it sees then.
    shown = cluster(simulated, arn)
    assert (shown["status"], shown["clusterName"], shown["tags"]) == ("ACTIVE", name, TAGS)
    assert (shown["settings"], shown["configuration"]) == (settings, configuration)

    # aws_ecs_cluster_capacity_providers, made, changed and destroyed.
    for providers, strategy in [
        (["FARGATE", "FARGATE_SPOT"], [{"capacityProvider": "FARGATE_SPOT", "weight": 100, "base": 1}]),
        (["FARGATE"], [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}]),
        ([], []),
    ]:
        ecs.put_cluster_capacity_providers(
            cluster=name, capacityProviders=providers, defaultCapacityProviderStrategy=strategy
        )
        shown = cluster(simulated, name)
        assert shown["status"] == "ACTIVE"
        assert (shown["capacityProviders"], shown["defaultCapacityProviderStrategy"]) == (providers, strategy)

    settings = [{"name": "containerInsights", "value": "disabled"}]
    ecs.update_cluster(cluster=arn, settings=settings, configuration=configuration)
    assert (cluster(simulated, arn)["settings"], cluster(simulated, arn)["status"]) == (settings, "ACTIVE")
    ecs.tag_resource(resourceArn=arn, tags=[{"key": "new", "value": ""}])
    ecs.untag_resource(resourceArn=arn, tagKeys=["team"])
    assert cluster(simulated, arn)["tags"] == ecs.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "new", "value": ""}]

    # On destroy INACTIVE is gone.
    assert ecs.delete_cluster(cluster=arn)["cluster"]["status"] == "INACTIVE"
    assert cluster(simulated, arn)["status"] == "INACTIVE"
    with pytest.raises(ClientError) as refused:
        ecs.delete_cluster(cluster=arn)
    assert refused.value.response["Error"]["Code"] == "ClusterNotFoundException"


def reduced(container: dict[str, Any]) -> dict[str, Any]:
    """A container definition without what AWS adds to it and the provider knows of."""
    mappings = []
    for mapping in container.get("portMappings", []):
        mapping = {"protocol": "tcp", **mapping}
        mappings.append({name: value for name, value in mapping.items() if (name, value) != ("hostPort", 0)})
    known = {"cpu": 0, "essential": True, **container, "portMappings": mappings}
    return {name: value for name, value in known.items() if value != []}


def test_a_task_definition_comes_back_without_a_difference(simulated: ControlPlane, name: str) -> None:
    ecs = simulated.ecs
    containers = [
        {"name": "bare", "image": IMAGE, "memory": 64},
        {
            "name": "full", "image": IMAGE, "memory": 128, "memoryReservation": 64, "essential": False, "user": "1000:1000",
            "command": ["sleep", "1"], "entryPoint": ["sh"], "workingDirectory": "/tmp", "stopTimeout": 5,
            "environment": [{"name": "B", "value": "2"}, {"name": "A", "value": ""}], "dockerLabels": {"x": "y"},
            "portMappings": [{"containerPort": 80}, {"containerPort": 53, "hostPort": 0, "protocol": "udp"}],
            "ulimits": [{"name": "nofile", "softLimit": 1, "hardLimit": 2}], "readonlyRootFilesystem": True,
            "linuxParameters": {"initProcessEnabled": True, "capabilities": {"drop": ["ALL"]}}, "interactive": False,
        },
    ]
    request: dict[str, Any] = {
        "family": name, "networkMode": "bridge", "cpu": "256", "memory": "512", "containerDefinitions": containers,
        "executionRoleArn": "arn:aws:iam::123456789012:role/execution", "requiresCompatibilities": ["EC2"],
        "placementConstraints": [{"type": "memberOf", "expression": "attribute:stack == prod"}],
        "runtimePlatform": {"operatingSystemFamily": "LINUX", "cpuArchitecture": "X86_64"},
    }
    made = ecs.register_task_definition(**request, tags=TAGS)["taskDefinition"]
    for named in (made["taskDefinitionArn"], name):
        answer = ecs.describe_task_definition(taskDefinition=named, include=["TAGS"])
        shown = answer["taskDefinition"]
        assert answer["tags"] == TAGS
        assert [reduced(one) for one in shown["containerDefinitions"]] == [reduced(one) for one in containers]
        members = request.keys() - {"containerDefinitions"}
        assert {member: shown[member] for member in members} == {member: request[member] for member in members}
        assert (shown["revision"], shown["status"], shown["volumes"]) == (1, "ACTIVE", [])
    # A change is a new revision, and the old one is destroyed.
    again = ecs.register_task_definition(**{**request, "cpu": "512"})["taskDefinition"]
    assert again["revision"] == 2
    ecs.deregister_task_definition(taskDefinition=made["taskDefinitionArn"])
    shown = ecs.describe_task_definition(taskDefinition=made["taskDefinitionArn"], include=["TAGS"])["taskDefinition"]
    assert shown["status"] == "INACTIVE", "which the provider takes for gone"


def test_a_capacity_provider_for_managed_instances(simulated: ControlPlane, name: str) -> None:
    ecs = simulated.ecs
    home = ecs.create_cluster(clusterName=name)["cluster"]["clusterName"]
    # What the provider sends for a block of its own: all that is empty, false or 0 with it.
    wanted = managed(requireHibernateSupport=False, acceleratorTypes=[])
    made = ecs.create_capacity_provider(name=name, cluster=home, managedInstancesProvider=wanted, tags=TAGS)
    arn = made["capacityProvider"]["capacityProviderArn"]

    def shown() -> dict[str, Any]:
        answer = ecs.describe_capacity_providers(capacityProviders=[arn], include=["TAGS"])
        return answer["capacityProviders"][0]

    assert (shown()["name"], shown()["cluster"], shown()["status"], shown()["tags"]) == (name, home, "ACTIVE", TAGS)
    assert shown()["managedInstancesProvider"] == wanted
    change = {
        **wanted, "infrastructureOptimization": {"scaleInAfter": 60},
        "instanceLaunchTemplate": {**wanted["instanceLaunchTemplate"], "monitoring": "BASIC"},
    }
    ecs.update_capacity_provider(name=name, cluster=home, managedInstancesProvider=change)
    # It polls for UPDATE_COMPLETE, and on destroy until it is INACTIVE.
    assert (shown()["updateStatus"], shown()["managedInstancesProvider"]) == ("UPDATE_COMPLETE", change)
    gone = ecs.delete_capacity_provider(capacityProvider=arn)["capacityProvider"]
    assert gone["status"] in ("DEPROVISIONING", "INACTIVE")
    assert (shown()["status"], shown()["updateStatus"]) == ("INACTIVE", "DELETE_COMPLETE")
    with pytest.raises(ClientError) as refused:
        ecs.delete_capacity_provider(capacityProvider=arn)
    error = refused.value.response["Error"]
    assert error["Code"] == "ClientException" and "capacity provider does not exist" in error["Message"]
    ecs.delete_cluster(cluster=home)
