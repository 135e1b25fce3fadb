"""Clients that submit tasks without pause, whatever becomes of the server, as programs with an SDK's retries do."""

from __future__ import annotations

import random
import threading
import uuid
from typing import Any

import requests

from harness.client import Http
from harness.plane import ControlPlane

# In order. A task's status only ever moves to the right.
STATUSES = ("PROVISIONING", "PENDING", "ACTIVATING", "RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED")

DESCRIBE_MAX = 100


class Load:
    """Each client sends RunTask with a token of its own until it is answered, then the next."""

    def __init__(self, plane: ControlPlane, definition: str, clients: int, pause_seconds: float, seed: int):
        self.plane, self.definition, self.pause_seconds = plane, definition, pause_seconds
        self._acknowledged: dict[str, tuple[str, ...]] = {}
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._troubles: list[str] = []
        self._threads = [
            threading.Thread(target=self._submit, args=(random.Random(f"{seed} {at}"),), daemon=True)
            for at in range(clients)
        ]
        for thread in self._threads:
            thread.start()

    def _submit(self, dice: random.Random) -> None:
        http, url = None, None
        while not self._is_over.is_set():
            token = str(uuid.UUID(int=dice.getrandbits(128)))
            request = {"taskDefinition": self.definition, "count": dice.choice([1, 1, 1, 2]), "clientToken": token}
            # Also when it is over: a request that was sent is followed to its answer.
            while True:
                if http is None or url != self.plane.url:
                    url = self.plane.url
                    http = Http(url)
                try:
                    answer = http.post("RunTask", request)
                except requests.RequestException:
                    # It has just been killed, or is not up again.
                    self._is_over.wait(0.02) or threading.Event().wait(0.02)
                    continue
                except AssertionError as error:
                    # Not what the model allows.
                    self._troubles.append(str(error))
                    return
                if answer.status == 200:
                    self._note(token, request["count"], answer.json)
                    break
                if answer.status < 500 and answer.code != "ThrottlingException":
                    self._troubles.append(f"RunTask was refused: {answer}")
                    return
            self._is_over.wait(self.pause_seconds * dice.uniform(0.5, 1.5))

    def _note(self, token: str, count: int, answer: Any) -> None:
        arns = tuple(task["taskArn"] for task in answer["tasks"])
        if answer["failures"] or len(set(arns)) != count:
            self._troubles.append(f"asked for {count} tasks, got {arns} and {answer['failures']}")
        with self._lock:
            self._acknowledged[token] = arns

    def acknowledged(self) -> list[str]:
        """The tasks that clients were told of so far."""
        with self._lock:
            arns = [arn for arns in self._acknowledged.values() for arn in arns]
        assert len(set(arns)) == len(arns), "two requests were answered with the same task"
        return arns

    def end(self) -> list[str]:
        """Ends, once every request has its answer, and gives all tasks."""
        self._is_over.set()
        for thread in self._threads:
            thread.join(60)
            assert not thread.is_alive(), "a request never got its answer"
        assert not self._troubles, self._troubles
        return self.acknowledged()


class Watch:
    """Sees that tasks never vanish and never go back."""

    def __init__(self, plane: ControlPlane):
        self.plane = plane
        self._seen: dict[str, tuple[int, int]] = {}

    def look(self, arns: list[str]) -> dict[str, dict[str, Any]]:
        """Describes the tasks; all must be there, none behind what was seen of it before."""
        found: dict[str, dict[str, Any]] = {}
        for at in range(0, len(arns), DESCRIBE_MAX):
            answer = self.plane.ecs.describe_tasks(tasks=arns[at : at + DESCRIBE_MAX])
            assert answer["failures"] == [], f"acknowledged tasks are gone: {answer['failures']}"
            found |= {task["taskArn"]: task for task in answer["tasks"]}
        assert found.keys() == set(arns)
        for arn, task in found.items():
            now = (task["version"], STATUSES.index(task["lastStatus"]))
            before = self._seen.get(arn, (0, 0))
            assert now[0] >= before[0] and now[1] >= before[1], f"{arn} went back from {before} to {now}"
            self._seen[arn] = now
        return found

    def all_of(self, family: str) -> set[str]:
        """Every task of the family that there is."""
        pages = self.plane.ecs.get_paginator("list_tasks")
        return {
            arn
            for status in ("RUNNING", "STOPPED")
            for page in pages.paginate(family=family, desiredStatus=status)
            for arn in page["taskArns"]
        }
