"""The machine's Docker as its own client shows it: what a control plane said is compared with what is really there."""

from __future__ import annotations

import json
import subprocess
import threading
import urllib.parse
from typing import Any

# Built by tests/image/build.sh: a static busybox and nothing else.
IMAGE = "berth-test/busybox:1"

INSTALLATION_LABEL = "berth.installation"
TASK_LABEL = "com.amazonaws.ecs.task-arn"
NAME_LABEL = "com.amazonaws.ecs.container-name"

# What holds the namespaces of a task, by the name that records have for it. Docker's name for it says whose it is.
HOLDER = "~internal~ecs~pause"
HOLDER_PREFIX = "/berth-holder-"
# One that was made ahead: no task's yet.
SPARE_PREFIX = "/berth-spare-"


def docker(*arguments: str, check: bool = True, environment: dict[str, str] | None = None) -> str:
    """Runs the docker client and gives what it prints. Its environment may name another Docker than the machine's."""
    command = ["docker", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
    if check and done.returncode != 0:
        raise AssertionError(f"docker {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def container_ids(installation: str) -> list[str]:
    """All containers of an installation, whatever they do, also those that are no task's yet."""
    return docker("ps", "--all", "--quiet", "--no-trunc", "--filter", f"label={INSTALLATION_LABEL}={installation}").split()


def of_tasks(installation: str) -> list[dict[str, Any]]:
    """The containers of all tasks of an installation."""
    return [found for found in inspect(container_ids(installation)) if not found["Name"].startswith(SPARE_PREFIX)]


def task_and_name(container: dict[str, Any]) -> tuple[str, str]:
    """The task that a container is part of, and its name there."""
    name = container["Name"]
    if name.startswith(HOLDER_PREFIX):
        _, _, _, task = name.split("-", 3)
        return urllib.parse.unquote(task.replace(".", "%")), HOLDER
    labels = container["Config"]["Labels"]
    return labels[TASK_LABEL], labels[NAME_LABEL]


def volumes(installation: str, task: str | None = None) -> list[str]:
    """The names of all volumes of an installation, or of one of its tasks."""
    filters = ["--filter", f"label={INSTALLATION_LABEL}={installation}"]
    if task:
        filters += ["--filter", f"label={TASK_LABEL}={task}"]
    return docker("volume", "ls", "--quiet", *filters).split()


def image_ids(installation: str) -> list[str]:
    """All images that were made for hosts of an installation."""
    return docker("images", "--quiet", "--filter", f"label={INSTALLATION_LABEL}={installation}").split()


def inspect(ids: list[str]) -> list[dict[str, Any]]:
    """Those of the containers that are there, as Docker describes them."""
    return json.loads(docker("inspect", *ids, check=False) or "[]") if ids else []


def of_task(installation: str, task: str) -> dict[str, dict[str, Any]]:
    """A task's containers by their names in the task definition."""
    found = [(*task_and_name(container), container) for container in of_tasks(installation)]
    return {name: container for its_task, name, container in found if its_task == task}


def identities(installation: str) -> dict[str, tuple[str, str]]:
    """Of each running task its container, with what changes if it is not the same run: id and start."""
    running = [found for found in of_tasks(installation) if found["State"]["Running"]]
    return {task_and_name(found)[0]: (found["Id"], found["State"]["StartedAt"]) for found in running}


class Starts:
    """Counts, from Docker's own events, how often the containers of one installation's task definitions were started."""

    def __init__(self, installation: str):
        self._counts: dict[str, int] = {}
        self._lock = threading.Lock()
        filters = ["--filter", "type=container", "--filter", "event=start"]
        filters += ["--filter", f"label={INSTALLATION_LABEL}={installation}"]
        command = ["docker", "events", "--since", "1h", "--format", "{{json .}}", *filters]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._process.stdout
        for line in self._process.stdout:
            attributes = json.loads(line)["Actor"]["Attributes"]
            if attributes.get(NAME_LABEL, HOLDER) == HOLDER:
                continue
            with self._lock:
                key = f"{attributes[TASK_LABEL]} {attributes[NAME_LABEL]}"
                self._counts[key] = self._counts.get(key, 0) + 1

    def counts(self) -> dict[str, int]:
        """By task ARN and container name."""
        with self._lock:
            return dict(self._counts)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout
        self._process.stdout.close()
