"""The check that all answers go through finds what it should: a check that passes everything would prove nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.client import operation_model
from harness.shape import answer_violations

MOMENT = 1_800_000_000.25


def wrong(operation: str, status: int, body: Any) -> list[str]:
    text = body if isinstance(body, bytes) else json.dumps(body).encode()
    return answer_violations(operation_model(operation), status, text)


def test_right_answers_pass() -> None:
    task = {"taskArn": "a", "createdAt": MOMENT, "containers": [{"exitCode": 1}], "stopCode": "UserInitiated"}
    assert wrong("DescribeTasks", 200, {"tasks": [task], "failures": []}) == []
    assert wrong("RunTask", 400, {"__type": "ConflictException", "message": "m", "resourceIds": ["a"]}) == []
    assert wrong("RunTask", 500, {"__type": "ServerException", "message": "m"}) == []


@pytest.mark.parametrize(
    "task",
    [
        {"taskArn": 1},
        {"taskarn": "a"},
        {"createdAt": "2026-01-01T00:00:00Z"},
        {"createdAt": MOMENT * 1000},
        {"containers": [{"exitCode": True}]},
        {"containers": [{"exitCode": "1"}]},
        {"containers": None},
        {"tags": {}},
        {"stopCode": "Bored"},
        {"version": 1.5},
        [],
    ],
)
def test_wrong_answers_are_found(task: Any) -> None:
    assert wrong("DescribeTasks", 200, {"tasks": [task], "failures": []})


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (400, {"__type": "ConflictException", "message": "m"}),
        (400, {"__type": "NoSuchException", "message": "m"}),
        (500, {"__type": "ClientException", "message": "m"}),
        (400, {"__type": "ServerException", "message": "m"}),
        (400, {"__type": "ClientException"}),
        (400, {"message": "m"}),
        (400, b"<html>"),
    ],
)
def test_wrong_errors_are_found(status: int, body: Any) -> None:
    assert wrong("DescribeTasks", status, body)
