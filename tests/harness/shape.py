"""Compares what a server answers with what the published service model allows, strictly: every member known, every
type right, no nulls, every required member there."""

from __future__ import annotations

import json
import re
from typing import Any

from botocore.model import OperationModel, Shape

# Codes that the JSON protocol or its edge has, and no service model lists.
GENERIC_CODES = {
    "AccessDeniedException",
    "IncompleteSignatureException",
    "InvalidSignatureException",
    "MissingAuthenticationTokenException",
    "ThrottlingException",
    "UnknownOperationException",
    "UnrecognizedClientException",
}


def violations(shape: Shape, value: Any, path: str = "$") -> list[str]:
    """What is wrong with `value` as a `shape`; empty if nothing is."""
    if value is None:
        return [f"{path} is null"]
    check = _CHECKS.get(shape.type_name)
    assert check, f"{path}: no check for the type {shape.type_name}"
    return check(shape, value, path)


def answer_violations(operation: OperationModel, status: int, body: bytes) -> list[str]:
    """What is wrong with an answer to `operation`, be it a result or an error."""
    try:
        value = json.loads(body)
    except ValueError as error:
        return [f"the body is no JSON ({error}): {body[:200]!r}"]
    if status == 200:
        if operation.output_shape is None:
            return [] if value == {} else [f"the body should be {{}}: {value}"]
        return violations(operation.output_shape, value)
    return error_violations(operation, status, value)


def error_violations(operation: OperationModel, status: int, value: Any) -> list[str]:
    """What is wrong with an error answer."""
    if not isinstance(value, dict) or not isinstance(value.get("__type"), str):
        return [f"an error has no __type: {value!r}"]
    code = value["__type"].rpartition("#")[2]
    shapes = {shape.name: shape for shape in operation.error_shapes}
    known = code in shapes or code in GENERIC_CODES or code in _SHARED_CODES
    found = [] if known else [f"{operation.name} does not have the error {code}: {value}"]
    is_fault = code in {"ServerException", "ServiceUnavailableException"}
    if (status >= 500) != is_fault or not 400 <= status < 600:
        found.append(f"{code} came with status {status}")
    message = value.get("message")
    if not isinstance(message, str) or not message.strip():
        found.append(f"{code} has no message: {value}")
    if code in shapes:
        members = {name: member for name, member in value.items() if name not in ("__type", "message")}
        found += violations(shapes[code], members)
    return found


# On nearly all operations, whether their model lists them or not.
_SHARED_CODES = {"ClientException", "InvalidParameterException", "ServerException", "UnsupportedFeatureException"}


def _structure(shape: Shape, value: Any, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path} is no object: {value!r}"]
    found = [f"{path}.{name} is required and not there" for name in shape.required_members if name not in value]
    names = {member.serialization.get("name", name): member for name, member in shape.members.items()}
    for name, member in value.items():
        if name in names:
            found += violations(names[name], member, f"{path}.{name}")
        else:
            found.append(f"{path}.{name} is no member of {shape.name}")
    return found


def _list(shape: Shape, value: Any, path: str) -> list[str]:
    if not isinstance(value, list):
        return [f"{path} is no list: {value!r}"]
    return [text for at, item in enumerate(value) for text in violations(shape.member, item, f"{path}[{at}]")]


def _map(shape: Shape, value: Any, path: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{path} is no map: {value!r}"]
    return [text for key, item in value.items() for text in violations(shape.value, item, f"{path}[{key!r}]")]


def _string(shape: Shape, value: Any, path: str) -> list[str]:
    if not isinstance(value, str):
        return [f"{path} is no string: {value!r}"]
    found = []
    if shape.enum and value not in shape.enum:
        found.append(f"{path} is none of {shape.enum}: {value!r}")
    pattern = shape.metadata.get("pattern", "")
    # Python's expressions lack the classes of Unicode (`\p{L}`); what is checked with them can be any text anyway.
    if pattern and "\\p{" not in pattern and not re.search(pattern, value):
        found.append(f"{path} does not match {pattern}: {value!r}")
    return found


def _integer(shape: Shape, value: Any, path: str) -> list[str]:
    is_whole = isinstance(value, int) and not isinstance(value, bool)
    limit = 2**63 if shape.type_name == "long" else 2**31
    return [] if is_whole and -limit <= value < limit else [f"{path} is no {shape.type_name}: {value!r}"]


def _number(shape: Shape, value: Any, path: str) -> list[str]:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return [] if is_number else [f"{path} is no number: {value!r}"]


def _timestamp(shape: Shape, value: Any, path: str) -> list[str]:
    # Epoch seconds. Anything before 2020 or in milliseconds is a mistake.
    is_moment = isinstance(value, (int, float)) and not isinstance(value, bool) and 1.6e9 < value < 1.0e10
    return [] if is_moment else [f"{path} is no moment in epoch seconds: {value!r}"]


def _boolean(shape: Shape, value: Any, path: str) -> list[str]:
    return [] if isinstance(value, bool) else [f"{path} is no boolean: {value!r}"]


_CHECKS = {
    "structure": _structure,
    "list": _list,
    "map": _map,
    "string": _string,
    "integer": _integer,
    "long": _integer,
    "double": _number,
    "float": _number,
    "timestamp": _timestamp,
    "boolean": _boolean,
}
