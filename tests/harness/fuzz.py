"""Values for requests: mostly right, sometimes anything, or right but for one thing."""

from __future__ import annotations

import random
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


def broken(dice: random.Random, shape: Any, value: Any) -> Any:
    """The same value with one part of a type that it must not have, somewhere in it."""
    # Now and then a part that holds others is broken itself.
    match shape.type_name:
        case "structure" if value and dice.random() < 0.9:
            name = dice.choice(sorted(value))
            return {**value, name: broken(dice, shape.members[name], value[name])}
        case "list" if value and dice.random() < 0.8:
            return [broken(dice, shape.member, value[0]), *value[1:]]
        case "map" if value and dice.random() < 0.8:
            return {"k": broken(dice, shape.value, value["k"])}
    wrong: dict[str, list[Any]] = {
        "structure": ["text", 1, True, [1, 2]],
        "list": ["text", 1, True, {"a": 1}],
        "map": ["text", 1, True, [1, 2]],
        "string": [1, True, ["a"], {"a": "b"}],
        "blob": [1, True, ["a"], {"a": "b"}],
        "boolean": ["true", 1, ["a"], {"a": "b"}],
        "timestamp": ["now", True, ["a"], {"a": "b"}],
        "double": ["1.5", True, ["a"], {"a": "b"}],
        "float": ["1.5", True, ["a"], {"a": "b"}],
    }
    return dice.choice(wrong.get(shape.type_name, ["1", 1.5, True, ["a"], {"a": "b"}, 2**70]))
