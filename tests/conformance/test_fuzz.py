"""Thousands of bodies from everywhere, for every operation that is offered: never a failure of ours, never a hang, and
what is refused changes nothing."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any

from conformance.world import INSTANT, World, model_of, offered
from harness.fuzz import broken, random_value, right_value
from harness.plane import ControlPlane, shell

# Of each kind. Each takes a millisecond or two; a hang is found by the time-out of each request.
REQUESTS = 3_000

# Refused by their content, not by their form: a broken body would never get so far.
REFUSED = {"InvalidParameterException", "ClientException"}


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
    never_refused = {operation for operation, statuses in outcomes.items() if 400 not in statuses}
    assert not never_refused, f"seed {seed}: nothing was refused by {never_refused}"
    check_lives(world)


def test_bodies_with_one_thing_wrong_change_nothing(new_plane: Callable[..., ControlPlane]) -> None:
    """A body of the right form with one value of a wrong type, somewhere: refused by name, and all is as it was."""
    world = quiet_world(new_plane)
    seed = random.randrange(2**32)
    dice = random.Random(seed)
    operations = [one for one in sorted(offered(world.plane)) if model_of(one).input_shape.members]
    before = world.snapshot()
    for at in range(REQUESTS):
        operation = operations[at % len(operations)]
        shape = model_of(operation).input_shape
        body: Any = broken(dice, shape, right_value(dice, shape))
        answer = world.call(operation, body)
        shown = f"seed {seed}, request {at}: {operation} {json.dumps(body)}"
        assert answer.status == 400 and answer.code in REFUSED, f"{shown} -> {answer}"
        assert answer.message and len(answer.text) < 2_000, f"{shown} -> {answer}"
        if at % 500 == 499:
            assert world.snapshot() == before, f"{shown}: or one of the 500 before it"
    assert world.snapshot() == before
    check_lives(world)
