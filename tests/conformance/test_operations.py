"""Every operation that the server offers: its good path, its limits, its errors, its pages; and the clients' waiters.

What is offered is asked of the server. An operation without a case fails here, and so does a case without its
operation: write it into the `cases_*.py` that fits.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import botocore.session
import pytest
from botocore.exceptions import WaiterError

from conformance import cases_cluster, cases_core, cases_host, cases_resource
from conformance.case import INVALID, NEVER, Case
from conformance.world import INSTANT, World, calm_plane, model_of, offered, service_of
from harness.client import is_operation

CASES: dict[str, Case] = {**cases_core.CASES, **cases_cluster.CASES, **cases_host.CASES, **cases_resource.CASES}

OFTEN = {"Delay": 1, "MaxAttempts": 60}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    plane = calm_plane(tmp_path_factory.mktemp("conformance"))
    try:
        made = World(plane.start())
        made.plane.register("known", {"name": "main", "image": "none", "environment": INSTANT})
        yield made
        plane.finish()
    finally:
        plane.guard()


def test_every_offered_operation_has_a_case(world: World) -> None:
    assert offered(world.plane) == set(CASES)


@pytest.mark.parametrize("operation", CASES)
def test_good_path(world: World, operation: str) -> None:
    before = world.passed.get(operation, 0)
    CASES[operation].good(world)
    assert world.passed.get(operation, 0) > before, "the case does not call its operation"


@pytest.mark.parametrize(
    ("operation", "at"), [(operation, at) for operation, case in CASES.items() for at in range(len(case.refused))]
)
def test_refusals(world: World, operation: str, at: int) -> None:
    refusal = CASES[operation].refused[at]
    body = refusal.body(world) if callable(refusal.body) else refusal.body
    before = world.settled() if callable(refusal.body) else world.snapshot()
    world.refused(operation, body, refusal.code, refusal.named)
    assert world.snapshot() == before, "a refusal changes nothing"


@pytest.mark.parametrize("operation", CASES)
def test_every_modelled_error_is_met_or_cannot_be(operation: str) -> None:
    case = CASES[operation]
    modelled = {shape.name for shape in model_of(operation).error_shapes}
    met = {refusal.code for refusal in case.refused}
    assert met, "nothing is refused"
    left = modelled - met - set(NEVER) - set(case.never)
    assert not left, f"{operation} has a case for none of {left}"
    assert not met & set(case.never), "it can happen after all"
    assert set(case.never) <= modelled, "the model does not have it"


def test_every_list_comes_in_pages(world: World) -> None:
    """What botocore pages has a listing here."""
    paginators = botocore.session.get_session().get_paginator_model("ecs")._paginator_config
    assert {one for one in offered(world.plane) if one in paginators} == {
        operation for operation, case in CASES.items() if case.listing and operation in paginators
    }


@pytest.mark.parametrize("operation", [operation for operation, case in CASES.items() if case.listing])
def test_pages(world: World, operation: str) -> None:
    listing = CASES[operation].listing
    assert listing
    request, other = listing.prepare(world)
    whole = entries(world, operation, listing.member, request, 100)
    assert len(whole) >= 3
    for size in (1, 2):
        assert entries(world, operation, listing.member, request, size) == whole, "each once, in one order"
    first = world.ok(operation, **request, maxResults=1)
    token = first["nextToken"]
    # A token is good again and again, and only for what it was given for.
    assert world.ok(operation, **request, nextToken=token) == world.ok(operation, **request, nextToken=token)
    if other is not None:
        world.refused(operation, {**other, "nextToken": token}, INVALID, "nextToken")
    elsewhere = next(one for one, case in CASES.items() if case.listing and one != operation)
    world.refused(elsewhere, {"nextToken": token}, INVALID, "nextToken")
    for forged in (token[:-1], token + "0", token[::-1], "é", "x" * 5000, " "):
        answer = world.call(operation, {**request, "nextToken": forged})
        assert answer.status in (200, 400), answer
        assert answer.status == 400 or forged not in (token[:-1], "é", "x" * 5000, " "), forged
    for size in (0, -1, 101, 2**31 - 1):
        world.refused(operation, {**request, "maxResults": size}, INVALID, "maxResults")
    # The same through botocore's own paginator.
    client = world.plane.ecs
    if client.can_paginate(snake(operation)):
        pages = client.get_paginator(snake(operation)).paginate(**request, PaginationConfig={"PageSize": 2})
        assert [entry for page in pages for entry in page[listing.member]] == whole


def entries(world: World, operation: str, member: str, request: dict[str, Any], size: int) -> list[Any]:
    found: list[Any] = []
    token: dict[str, str] = {}
    while True:
        page = world.ok(operation, **request, **token, maxResults=size)
        assert len(page[member]) <= size
        found += page[member]
        if "nextToken" not in page:
            return found
        token = {"nextToken": page["nextToken"]}


def snake(operation: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in operation).lstrip("_")


def tasks_running(world: World) -> None:
    with world.running() as task:
        world.plane.ecs.get_waiter("tasks_running").wait(tasks=[task], WaiterConfig=OFTEN)
    with pytest.raises(WaiterError, match="STOPPED"):
        world.plane.ecs.get_waiter("tasks_running").wait(tasks=[task], WaiterConfig=OFTEN)
    with pytest.raises(WaiterError, match="MISSING"):
        world.plane.ecs.get_waiter("tasks_running").wait(tasks=["0" * 32], WaiterConfig=OFTEN)


def tasks_stopped(world: World) -> None:
    task = world.task(world.definition(environment=INSTANT))
    world.plane.ecs.get_waiter("tasks_stopped").wait(tasks=[task], WaiterConfig=OFTEN)


WAITERS = {"TasksRunning": tasks_running, "TasksStopped": tasks_stopped}


def test_every_waiter_has_a_case(world: World) -> None:
    model = botocore.session.get_session().get_waiter_model("ecs")
    known = {name for name in model.waiter_names if model.get_waiter(name).operation in offered(world.plane)}
    assert known == set(WAITERS)


@pytest.mark.parametrize("waiter", WAITERS)
def test_waiters(world: World, waiter: str) -> None:
    WAITERS[waiter](world)


def test_operations_that_are_not_offered_say_so(world: World) -> None:
    model = botocore.session.get_session().get_service_model("ecs")
    others = set(model.operation_names) - offered(world.plane)
    assert others
    before = world.snapshot()
    for operation in sorted(others):
        world.refused(operation, {}, "UnsupportedFeatureException", operation)
    assert world.snapshot() == before


def test_services_are_told_apart() -> None:
    assert {service_of(operation) for operation in CASES} == {"ecs", "logs"}
    assert all(is_operation(operation, service_of(operation)) for operation in CASES)
