"""Values for requests: mostly right, sometimes anything, or right but for one thing."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from harness.docker import IMAGE

ID = "0" * 32


def random_value(dice: random.Random, shape: Any, depth: int) -> Any:
    """A value that mostly fits the shape, and sometimes does not."""
    roll = dice.random()
    if roll < 0.03:
        return dice.choice([None, True, -1, 2**63, 1.5, "", "é" * 40, "x" * 3000, [], {}, [[]], {"a": {"b": None}}])
    match shape.type_name:
        case "structure":
            chance = 1.0 if depth == 0 else 0.25
            return {
                name: random_value(dice, member, depth + 1)
                for name, member in shape.members.items()
                if name in shape.required_members or dice.random() < 0.4 * chance
            }
        case "list":
            return [random_value(dice, shape.member, depth + 1) for _ in range(dice.choice([0, 1, 1, 2]))]
        case "map":
            return {f"k{at}": random_value(dice, shape.value, depth + 1) for at in range(dice.choice([0, 1, 2]))}
        case "string":
            if shape.enum:
                return dice.choice(shape.enum)
            words = ["known", "known:1", "default", "main", IMAGE, ID, "256", "512", "a-b", "", "\u0000", "x/y:z"]
            return dice.choice(words)
        case "boolean":
            return dice.random() < 0.5
        case "timestamp":
            return dice.choice([0, 1.7e9, 1.7e9 + 0.123, -5, 1e300])
        case "double" | "float":
            return dice.choice([0, 0.5, -1e308, 1e308])
        case _:
            return dice.choice([0, 1, 2, 10, 80, 64, -1, 2**31 - 1, -(2**31)])


def right_value(dice: random.Random, shape: Any, depth: int = 0) -> Any:
    """A value of the shape's type, with every member down to a depth."""
    match shape.type_name:
        case "structure":
            if depth > 4:
                return {}
            return {name: right_value(dice, member, depth + 1) for name, member in shape.members.items()}
        case "list":
            return [right_value(dice, shape.member, depth + 1)]
        case "map":
            return {"k": right_value(dice, shape.value, depth + 1)}
        case "string" | "blob":
            return dice.choice(shape.enum) if getattr(shape, "enum", None) else "a"
        case "boolean":
            return True
        case "double" | "float" | "timestamp":
            return 1.5
        case _:
            return 1


@dataclass(frozen=True)
class Break:
    """A body with one value of a type that its member cannot have, and where that stands, as in `tags[0].key`."""

    path: str
    body: Any


# What no client means where the shape is this; integers have the last line. A list of a structure's values in the order
# of its members is none, either, though many a decoder would read it.
WRONG: dict[str, list[Any]] = {
    "structure": ["text", 1, True, []],
    "list": ["text", 1, True, {"a": 1}],
    "map": ["text", 1, True, [], [["k", "v"]]],
    "string": [1, True, ["a"], {"a": "b"}],
    "blob": [1, True, ["a"], {"a": "b"}],
    "boolean": ["true", 1, ["a"], {"a": "b"}],
    "timestamp": ["now", True, ["a"], {"a": "b"}],
    "double": ["1.5", True, ["a"], {"a": "b"}],
    "float": ["1.5", True, ["a"], {"a": "b"}],
}
WRONG_INTEGERS = ["1", 1.5, True, ["a"], {"a": "b"}, 2**70]


def breaks(dice: random.Random, shape: Any, body: dict[str, Any]) -> Iterator[Break]:
    """The body with each of its values broken in each way, and with each member that it leaves out, broken in one."""
    for name, value in body.items():
        for broken in _breaks(shape.members[name], name, value):
            yield Break(broken.path, {**body, name: broken.body})
    for path, value, put in _left_out(dice, shape, "", body):
        yield dice.choice([Break(broken.path, put(broken.body)) for broken in _breaks(value[0], path, value[1])])


def oversteps(shape: Any, path: str, value: Any) -> Iterator[Break]:
    """The value with one thing beyond a limit that the service model states: without a member that it needs, no value of
    its enumeration, too small, too large, too short or too long."""
    least, most = shape.metadata.get("min"), shape.metadata.get("max")
    match shape.type_name:
        case "structure":
            for name, inner in value.items():
                there = f"{path}.{name}" if path else name
                if name in shape.required_members:
                    yield Break(there, {other: one for other, one in value.items() if other != name})
                for broken in oversteps(shape.members[name], there, inner):
                    yield Break(broken.path, {**value, name: broken.body})
        case "list":
            if most is not None and value:
                yield Break(path, (value * (most + 1))[: most + 1])
            for at, inner in enumerate(value):
                for broken in oversteps(shape.member, f"{path}[{at}]", inner):
                    yield Break(broken.path, [*value[:at], broken.body, *value[at + 1 :]])
        case "map":
            for name, inner in value.items():
                for broken in oversteps(shape.value, f"{path}.{name}", inner):
                    yield Break(broken.path, {**value, name: broken.body})
        case "string":
            if shape.enum:
                yield Break(path, "MOON")
            if most is not None:
                yield Break(path, "x" * (most + 1))
            if least:
                yield Break(path, "x" * (least - 1))
        case "integer" | "long" | "double" | "float":
            if least is not None:
                yield Break(path, least - 1)
            if most is not None:
                yield Break(path, most + 1)


def _breaks(shape: Any, path: str, value: Any) -> Iterator[Break]:
    yield from (Break(path, wrong) for wrong in WRONG.get(shape.type_name, WRONG_INTEGERS))
    match shape.type_name:
        case "structure":
            yield Break(path, list(value.values()))
            for name, inner in value.items():
                for broken in _breaks(shape.members[name], f"{path}.{name}", inner):
                    yield Break(broken.path, {**value, name: broken.body})
        case "list":
            for at, inner in enumerate(value):
                for broken in _breaks(shape.member, f"{path}[{at}]", inner):
                    yield Break(broken.path, [*value[:at], broken.body, *value[at + 1 :]])
        case "map":
            for name, inner in value.items():
                for broken in _breaks(shape.value, f"{path}.{name}", inner):
                    yield Break(broken.path, {**value, name: broken.body})


def _left_out(dice: random.Random, shape: Any, path: str, value: Any) -> Iterator[tuple[str, Any, Callable[[Any], Any]]]:
    """Each member that is not there, at each depth: its path, its shape with a value of the right form, and what puts it
    into the body."""
    match shape.type_name:
        case "structure":
            for name, member in shape.members.items():
                inner = f"{path}.{name}" if path else name
                if name in value:
                    for found, right, put in _left_out(dice, member, inner, value[name]):
                        yield found, right, lambda part, put=put, name=name: {**value, name: put(part)}
                else:
                    right = right_value(dice, member, 1)
                    yield inner, (member, right), lambda part, name=name: {**value, name: part}
        case "list":
            for at, one in enumerate(value):
                for found, right, put in _left_out(dice, shape.member, f"{path}[{at}]", one):
                    yield found, right, lambda part, put=put, at=at: [*value[:at], put(part), *value[at + 1 :]]
