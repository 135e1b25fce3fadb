"""Clusters, capacity providers, tags and account settings through boto3; every answer is held against the service model."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from harness.plane import ControlPlane, shell
from harness.wait import until

NOTHING_LEFT = {"capacityProviders": [], "defaultCapacityProviderStrategy": []}


def code(error: pytest.ExceptionInfo[ClientError]) -> str:
    return error.value.response["Error"]["Code"]


def configuration(least_cpus: int) -> dict[str, Any]:
    return {
        "infrastructureRoleArn": "arn:aws:iam::123456789012:role/ecs",
        "instanceLaunchTemplate": {
            "ec2InstanceProfileArn": "arn:aws:iam::123456789012:instance-profile/ecs",
            "networkConfiguration": {"subnets": ["subnet-1"]},
            "instanceRequirements": {"vCpuCount": {"min": least_cpus}, "memoryMiB": {"min": 512}},
        },
        "infrastructureOptimization": {"scaleInAfter": 0},
    }


def provider(plane: ControlPlane, name: str) -> dict[str, Any]:
    [found] = plane.ecs.describe_capacity_providers(capacityProviders=[name], include=["TAGS"])["capacityProviders"]
    return found


def test_tasks_of_a_provider_run_on_hosts_of_its_own(plane: ControlPlane, name: str) -> None:
    """As Terraform does it: the provider is the cluster's, then it is its default, and at the end all goes again."""
    plane.ecs.create_cluster(clusterName=name, settings=[{"name": "containerInsights", "value": "enhanced"}])
    made = plane.ecs.create_capacity_provider(
        name=f"p-{name}", cluster=name, managedInstancesProvider=configuration(1), tags=[{"key": "a", "value": "b"}]
    )["capacityProvider"]
    assert (made["status"], made["updateStatus"]) == ("ACTIVE", "CREATE_COMPLETE")
    strategy = [{"capacityProvider": made["name"], "weight": 1, "base": 0}]
    plane.ecs.put_cluster_capacity_providers(
        cluster=name, capacityProviders=[made["name"]], defaultCapacityProviderStrategy=strategy
    )
    [cluster] = plane.ecs.describe_clusters(clusters=[name], include=["SETTINGS"])["clusters"]
    assert cluster["capacityProviders"] == [made["name"]]
    assert cluster["defaultCapacityProviderStrategy"] == strategy
    assert cluster["settings"] == [{"name": "containerInsights", "value": "enhanced"}]

    plane.register(name, shell("exit 7"))
    [task] = plane.ecs.run_task(cluster=name, taskDefinition=name)["tasks"]
    assert (task["capacityProviderName"], task["launchType"]) == (made["name"], "MANAGED_INSTANCES")
    plane.ecs.get_waiter("tasks_stopped").wait(
        cluster=name, tasks=[task["taskArn"]], WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )
    [task] = plane.ecs.describe_tasks(cluster=name, tasks=[task["taskArn"]])["tasks"]
    assert task["containers"][0]["exitCode"] == 7, task

    with pytest.raises(ClientError) as refused:
        plane.ecs.delete_cluster(cluster=name)
    assert code(refused) == "ClusterContainsCapacityProviderException"
    with pytest.raises(ClientError) as refused:
        plane.ecs.delete_capacity_provider(capacityProvider=made["name"])
    assert code(refused) == "ClientException"
    plane.ecs.put_cluster_capacity_providers(cluster=name, **NOTHING_LEFT)
    plane.ecs.delete_capacity_provider(capacityProvider=made["capacityProviderArn"])
    until("the provider gone", lambda: provider(plane, made["name"])["updateStatus"] == "DELETE_COMPLETE")
    assert provider(plane, made["name"])["status"] == "INACTIVE"
    assert plane.ecs.delete_cluster(cluster=name)["cluster"]["status"] == "INACTIVE"


def test_an_idle_host_of_another_pool_makes_room(new_plane: Callable[..., ControlPlane], name: str) -> None:
    """All pools share this machine: FARGATE's idle host would stay for an hour, but the other pool needs the processors."""
    plane = new_plane("--scale-in-after", "3600").start()
    processors = os.cpu_count() or 1
    plane.register("whole", shell("true"), cpu=str(1024 * processors))
    plane.wait_for(plane.run("whole"), "STOPPED")
    assert len(plane.agents()) == 1, "its host is idle now"
    plane.ecs.create_capacity_provider(
        name=f"p-{name}", cluster="default", managedInstancesProvider=configuration(processors)
    )
    strategy = [{"capacityProvider": f"p-{name}"}]
    arn = plane.run("whole", capacityProviderStrategy=strategy)
    task = plane.wait_for(arn, "STOPPED")
    assert task["capacityProviderName"] == f"p-{name}" and task["containers"][0]["exitCode"] == 0, task


def test_providers_that_cannot_be_are_refused(simulated: ControlPlane, name: str) -> None:
    group = "arn:aws:autoscaling:us-east-1:123456789012:autoScalingGroup:x:autoScalingGroupName/y"
    spot = configuration(1)
    spot["instanceLaunchTemplate"]["capacityOptionType"] = "SPOT"
    for request, expected in [
        ({"autoScalingGroupProvider": {"autoScalingGroupArn": group}}, "UnsupportedFeatureException"),
        ({"managedInstancesProvider": spot}, "UnsupportedFeatureException"),
        ({"managedInstancesProvider": configuration(100_000)}, "InvalidParameterException"),
        ({"managedInstancesProvider": configuration(1), "cluster": "nope"}, "ClusterNotFoundException"),
    ]:
        with pytest.raises(ClientError) as refused:
            simulated.ecs.create_capacity_provider(name=name, **request)
        assert code(refused) == expected, request
    answer = simulated.ecs.describe_capacity_providers(capacityProviders=[name, "FARGATE"])
    assert [failure["reason"] for failure in answer["failures"]] == ["MISSING"]
    [fargate] = answer["capacityProviders"]
    assert (fargate["type"], fargate["status"]) == ("FARGATE", "ACTIVE")


def test_tags_and_settings_outlive_the_server(simulated: ControlPlane, name: str) -> None:
    ecs = simulated.ecs
    arn = ecs.create_cluster(clusterName=name, tags=[{"key": "a", "value": "1"}])["cluster"]["clusterArn"]
    ecs.tag_resource(resourceArn=arn, tags=[{"key": "b", "value": "2"}, {"key": "a", "value": "3"}])
    ecs.untag_resource(resourceArn=arn, tagKeys=["b"])
    assert ecs.list_tags_for_resource(resourceArn=arn)["tags"] == [{"key": "a", "value": "3"}]
    user = "arn:aws:iam::123456789012:user/" + name
    ecs.put_account_setting(name="containerInsights", value="enabled", principalArn=user)
    listed = ecs.list_account_settings(principalArn=user)["settings"]
    assert [(setting["name"], setting["value"]) for setting in listed] == [("containerInsights", "enabled")]
    pages = ecs.get_paginator("list_account_settings").paginate(
        principalArn=user, effectiveSettings=True, PaginationConfig={"PageSize": 3}
    )
    assert sum(len(page["settings"]) for page in pages) == 11
    ecs.delete_account_setting(name="containerInsights", principalArn=user)
    assert ecs.list_account_settings(principalArn=user)["settings"] == []
    # As dask-cloudprovider asks, which unpacks exactly one.
    [setting] = ecs.list_account_settings(name="taskLongArnFormat", effectiveSettings=True)["settings"]
    assert setting["value"] == "enabled"


def test_revisions_are_deleted_after_they_were_deregistered(simulated: ControlPlane, name: str) -> None:
    arn = simulated.register(name, shell("true"))
    [failure] = simulated.ecs.delete_task_definitions(taskDefinitions=[f"{name}:1"])["failures"]
    assert "ACTIVE" in failure["reason"], arn
    simulated.ecs.deregister_task_definition(taskDefinition=f"{name}:1")
    [deleted] = simulated.ecs.delete_task_definitions(taskDefinitions=[f"{name}:1"])["taskDefinitions"]
    assert deleted["status"] == "DELETE_IN_PROGRESS" and deleted["deleteRequestedAt"]
    families = simulated.ecs.list_task_definition_families(familyPrefix=name, status="ACTIVE")["families"]
    assert families == []


def test_only_tasks_of_services_can_be_protected(simulated: ControlPlane, name: str) -> None:
    simulated.register(name, shell("true"))
    arn = simulated.run(name)
    answer = simulated.ecs.update_task_protection(cluster="default", tasks=[arn], protectionEnabled=True)
    assert [(one["arn"], one["reason"]) for one in answer["failures"]] == [(arn, "TASK_NOT_VALID")]
    assert simulated.ecs.get_task_protection(cluster="default", tasks=[arn])["protectedTasks"] == []
