"""What can be said of a cluster once it is there."""

from __future__ import annotations

from typing import Any

from conformance.case import INVALID, NO_CLUSTER, Case, Refusal
from conformance.world import World

NOWHERE = {"cluster": "nowhere"}
STRATEGY = [{"capacityProvider": "FARGATE_SPOT", "weight": 2, "base": 1}]


def insights(value: str) -> list[dict[str, str]]:
    return [{"name": "containerInsights", "value": value}]


def shown(world: World, cluster: str) -> dict[str, Any]:
    include = ["SETTINGS", "CONFIGURATIONS"]
    return world.ok("DescribeClusters", clusters=[cluster], include=include)["clusters"][0]


def update_cluster(world: World) -> None:
    cluster = world.cluster()
    configuration = {"executeCommandConfiguration": {"logging": "DEFAULT"}}
    request = {"cluster": cluster, "settings": insights("enhanced"), "configuration": configuration}
    for answer in (world.ok("UpdateCluster", **request)["cluster"], shown(world, cluster)):
        assert (answer["settings"], answer["configuration"]) == (insights("enhanced"), configuration)


def update_cluster_settings(world: World) -> None:
    cluster = world.cluster()
    for value in ("enabled", "disabled"):
        answer = world.ok("UpdateClusterSettings", cluster=cluster, settings=insights(value))["cluster"]
        assert answer["settings"] == shown(world, cluster)["settings"] == insights(value)


def put_cluster_capacity_providers(world: World) -> None:
    cluster = world.cluster()
    providers = ["FARGATE", "FARGATE_SPOT"]
    for request in (
        {"capacityProviders": providers, "defaultCapacityProviderStrategy": STRATEGY},
        {"capacityProviders": [], "defaultCapacityProviderStrategy": []},
    ):
        answer = world.ok("PutClusterCapacityProviders", cluster=cluster, **request)["cluster"]
        for one in (answer, shown(world, cluster)):
            assert {name: one[name] for name in request} == request
            assert one["status"] == "ACTIVE"


def with_a_task_on_spot(world: World) -> dict[str, Any]:
    cluster = world.cluster()
    world.task(cluster=cluster, capacityProviderStrategy=[{"capacityProvider": "FARGATE_SPOT"}])
    return {"cluster": cluster, "capacityProviders": ["FARGATE"], "defaultCapacityProviderStrategy": []}


def strategy(**item: Any) -> dict[str, Any]:
    item = {"capacityProvider": "FARGATE", **item}
    return {
        "cluster": "default", "capacityProviders": ["FARGATE"], "defaultCapacityProviderStrategy": [item],
    }


CASES = {
    "UpdateCluster": Case(
        update_cluster,
        [
            Refusal({}, INVALID, "cluster"),
            Refusal(NOWHERE, NO_CLUSTER),
            Refusal({"cluster": "default", "settings": insights("on")}, INVALID, "settings[0].value"),
            Refusal(
                {"cluster": "default", "serviceConnectDefaults": {"namespace": "x"}}, INVALID, "serviceConnectDefaults"
            ),
        ],
    ),
    "UpdateClusterSettings": Case(
        update_cluster_settings,
        [
            Refusal({"cluster": "default"}, INVALID, "settings"),
            Refusal({"settings": insights("enabled"), **NOWHERE}, NO_CLUSTER),
            Refusal({"cluster": "default", "settings": [{}]}, INVALID),
        ],
    ),
    "PutClusterCapacityProviders": Case(
        put_cluster_capacity_providers,
        [
            Refusal({"cluster": "default"}, INVALID, "capacityProviders"),
            Refusal({**strategy(), **NOWHERE}, NO_CLUSTER),
            Refusal(strategy(weight=1001), INVALID, "weight"),
            Refusal(strategy(capacityProvider="nowhere"), INVALID, "nowhere"),
            Refusal(with_a_task_on_spot, "ResourceInUseException", "FARGATE_SPOT"),
        ],
    ),
}
