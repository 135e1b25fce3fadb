"""Thousands of bodies from everywhere, for every operation that is offered: never a failure of ours, never a hang, and
what is refused changes nothing."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conformance.case import INVALID
from conformance.test_operations import CASES
from conformance.world import INSTANT, World, calm_plane, model_of, offered
from harness.client import Answer
from harness.fuzz import Break, breaks, oversteps, random_value
from harness.plane import ControlPlane, shell

# Of each kind. Each takes a millisecond or two; a hang is found by the time-out of each request.
REQUESTS = 3_000


def quiet_world(new_plane: Callable[..., ControlPlane]) -> World:
    """One definition, one task that has ended, one host that nobody is on."""
    world = World(new_plane(simulate=True).start())
    world.plane.register("known", shell("true", environment=INSTANT))
    world.plane.wait_for(world.plane.run("known"), "STOPPED")
    world.instance("default")
    return world


def check_lives(world: World) -> None:
    assert world.plane.is_running and world.plane.http.send("GET", "/readyz").status == 200
    log = world.plane.log_path.read_text()
    assert "panicked" not in log, world.plane.log_tail()


def test_random_bodies_never_break_anything(new_plane: Callable[..., ControlPlane]) -> None:
    """Values of the right kind and of any other: refused or done."""
    world = quiet_world(new_plane)
    seed = random.randrange(2**32)
    dice = random.Random(seed)
    operations = sorted(offered(world.plane))
    outcomes: dict[str, set[int]] = {operation: set() for operation in operations}
    for at in range(REQUESTS):
        operation = operations[at % len(operations)]
        text = json.dumps(random_value(dice, model_of(operation).input_shape, 0))
        if dice.random() < 0.1:
            cut = dice.randrange(len(text) + 1)
            text = text[:cut] + dice.choice(["", "\0", "}", "é", "1e999", '"', "\\u", "[[["]) + text[cut + 1 :]
        # call() holds the answer against the model, too.
        answer = world.call(operation, text)
        assert answer.status in (200, 400), f"seed {seed}, request {at}: {operation} {text} -> {answer}"
        outcomes[operation].add(answer.status)
    # One whose members are all strings that may be left out may by chance have refused nothing so far.
    for operation in (one for one, statuses in outcomes.items() if 400 not in statuses):
        outcomes[operation].add(world.call(operation, "[").status)
    never_refused = {operation for operation, statuses in outcomes.items() if 400 not in statuses}
    assert not never_refused, f"seed {seed}: nothing was refused by {never_refused}"
    check_lives(world)


class Breaking(World):
    """Calls an operation only after it has called it with all that can be wrong with one value of the body, its type or a
    limit that the model states: at that time nothing but the one value stands between the body and its acceptance."""

    def __init__(self, plane: ControlPlane):
        super().__init__(plane)
        self.operation = ""
        self.seed = random.randrange(2**32)
        self.tried = 0

    def call(self, operation: str, body: Any = None) -> Answer:
        if operation != self.operation or not body:
            return super().call(operation, body)
        # What is called to see whether anything has changed is not meant.
        self.operation = ""
        before = self.settled()
        shape = model_of(operation).input_shape
        for broken in breaks(random.Random(self.seed), shape, body):
            # Of its type, not of its content: a decoder that took it would have let it through to that.
            self.try_broken(operation, broken, ": invalid (type|value): ")
        for broken in oversteps(shape, "", body):
            self.try_broken(operation, broken, "(: | is required)")
        assert self.settled() == before, "a refusal changes nothing"
        answer = super().call(operation, body)
        assert answer.status == 200, f"{operation} {body}: this was to be a good one: {answer}"
        self.operation = operation
        return answer

    def try_broken(self, operation: str, broken: Break, text: str) -> None:
        answer = super().call(operation, broken.body)
        shown = f"seed {self.seed}: {operation} {json.dumps(broken.body)}, broken at {broken.path} -> {answer}"
        assert (answer.status, answer.code) == (400, INVALID), shown
        assert re.match(re.escape(broken.path) + text, answer.message), shown
        assert len(answer.text) < 2_000, shown
        self.tried += 1


@pytest.fixture(scope="module")
def breaking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Breaking]:
    plane = calm_plane(tmp_path_factory.mktemp("breaking"))
    try:
        world = Breaking(plane.start())
        plane.register("known", shell("true", environment=INSTANT))
        yield world
        check_lives(world)
        plane.finish()
    finally:
        plane.guard()


@pytest.mark.parametrize("operation", [one for one in CASES if model_of(one).input_shape.members])
def test_bodies_with_one_thing_wrong_change_nothing(breaking: Breaking, operation: str) -> None:
    """Bodies that are accepted but for one value, somewhere, that is of a wrong type or beyond a limit: refused by its name,
    and all is as it was."""
    breaking.operation, breaking.tried = operation, 0
    try:
        CASES[operation].good(breaking)
    finally:
        breaking.operation = ""
    assert breaking.tried > 0, "nothing was broken"
