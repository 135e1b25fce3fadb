"""Workflow engines as they are, with nothing but the endpoint's URL changed."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from harness.docker import IMAGE
from harness.plane import ControlPlane, shell

ROOT = Path(__file__).parent.parent


def run(plane: ControlPlane, home: Path, script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs a script of `workflow/` among the packages it needs."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "AIRFLOW_HOME": str(home),
        "AWS_ENDPOINT_URL": plane.url,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "any",
        "AWS_SECRET_ACCESS_KEY": "any",
    }
    command = [ROOT / ".venv-workflow/bin/python", ROOT / "tests/workflow" / script, *arguments]
    return subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, timeout=250)


# As DAGs for Fargate have it. It has no effect here, and is taken.
NETWORK = {"awsvpcConfiguration": {"subnets": ["subnet-1"], "securityGroups": ["sg-1"], "assignPublicIp": "ENABLED"}}


@pytest.mark.parametrize("network", [None, NETWORK])
def test_airflow_runs_a_task_and_sees_its_end(
    plane: ControlPlane, name: str, tmp_path: Path, network: dict[str, Any] | None
) -> None:
    definition = plane.register(name, shell("exit $EXIT_CODE"), memory="512")
    given = [json.dumps(network)] if network else []
    done = run(plane, tmp_path, "airflow_task.py", definition, "0", *given)
    assert done.returncode == 0, done.stderr
    arn = done.stdout.split()[-1]
    [task] = plane.ecs.describe_tasks(tasks=[arn], include=["TAGS"])["tasks"]
    assert (task["lastStatus"], task["containers"][0]["exitCode"]) == ("STOPPED", 0)
    assert task["tags"] == [{"key": "team", "value": "data"}]


def test_airflow_sees_that_a_task_has_failed(plane: ControlPlane, name: str, tmp_path: Path) -> None:
    definition = plane.register(name, shell("exit $EXIT_CODE"), memory="512")
    failed = run(plane, tmp_path, "airflow_task.py", definition, "7")
    assert failed.returncode != 0
    # Airflow's own words for the exit code that it found.
    assert "exit code 7" in failed.stderr or "'exitCode': 7" in failed.stderr, failed.stderr


def test_luigi_registers_and_runs_a_task(plane: ControlPlane, name: str, tmp_path: Path) -> None:
    done = run(plane, tmp_path, "luigi_task.py", name, IMAGE)
    assert done.returncode == 0, done.stderr
    [task] = plane.ecs.describe_tasks(tasks=[done.stdout.split()[-1]])["tasks"]
    assert task["lastStatus"] == "STOPPED" and task["taskDefinitionArn"].endswith(f"/{name}:1")
    # The command of the override, not that of the definition.
    assert task["containers"][0]["exitCode"] == 0


@pytest.fixture(autouse=True, scope="module")
def packages() -> None:
    assert (ROOT / ".venv-workflow").is_dir(), "run `make setup-test`"
