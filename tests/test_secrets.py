"""Secrets, environment files and registry credentials: they arrive where they belong, and are nowhere else."""

from __future__ import annotations

import json
import os
import uuid
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from harness import docker
from harness.disk import contents
from harness.plane import ControlPlane, shell
from harness.registry import Registry
from harness.wait import until

ARN = "arn:aws:secretsmanager:us-east-1:123456789012:secret:"
FOREVER = "trap 'exit 0' TERM; while true; do sleep 0.1; done"


class Secrets:
    """The directory of a control plane's secrets."""

    def __init__(self, directory: Path):
        self.directory = directory

    def write(self, path: str, text: str) -> None:
        file = self.directory / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


@pytest.fixture
def secrets(tmp_path: Path) -> Secrets:
    directory = tmp_path / "secrets"
    directory.mkdir()
    return Secrets(directory)


@pytest.fixture
def plane(new_plane: Any, secrets: Secrets) -> ControlPlane:
    return new_plane("--secrets", str(secrets.directory)).start()


def secret(name: str, value_from: str) -> dict[str, str]:
    return {"name": name, "valueFrom": value_from}


def failed(plane: ControlPlane, container: dict[str, Any], **members: Any) -> str:
    """Runs a task that cannot start, and gives its reason."""
    arn = plane.run(plane.register("broken", container, **members))
    task = plane.wait_for(arn, "STOPPED")
    assert task["stopCode"] == "TaskFailedToStart", task
    assert "startedAt" not in task
    assert plane.containers(arn) == []
    return task["stoppedReason"]


def test_values_arrive_in_the_environment(plane: ControlPlane, secrets: Secrets) -> None:
    secrets.write("secretsmanager/prod/db", '{"user": "jane", "port": 5432}\n')
    secrets.write("secretsmanager/prod/db@AWSPREVIOUS", "older")
    secrets.write("ssm/prod/token", "t 0'k$en\n")
    container = shell(
        'echo "$ALL|$DB_USER|$DB_PORT|$OLD|$TOKEN|$AGAIN"',
        secrets=[
            secret("ALL", f"{ARN}prod/db-AbCdEf"),
            secret("DB_USER", f"{ARN}prod/db-AbCdEf:user::"),
            secret("DB_PORT", f"{ARN}prod/db-AbCdEf:port"),
            secret("OLD", f"{ARN}prod/db-AbCdEf::AWSPREVIOUS:"),
            secret("TOKEN", "/prod/token"),
            secret("AGAIN", "arn:aws:ssm:us-east-1:123456789012:parameter/prod/token"),
        ],
    )
    definition = plane.register("values", container)
    arn = plane.run(definition)
    plane.wait_for(arn, "STOPPED")
    whole = '{"user": "jane", "port": 5432}'
    plane.wait_for_output(arn, [f"{whole}|jane|5432|older|t 0'k$en|t 0'k$en"])
    described = plane.ecs.describe_task_definition(taskDefinition=definition)["taskDefinition"]
    assert described["containerDefinitions"][0]["secrets"] == container["secrets"]

    # What is put in its place is seen by the next task.
    secrets.write("ssm/prod/token", "new")
    arn = plane.run(definition)
    plane.wait_for(arn, "STOPPED")
    plane.wait_for_output(arn, [f"{whole}|jane|5432|older|new|new"])


def test_environment_files(plane: ControlPlane, secrets: Secrets) -> None:
    secrets.write("s3/bucket/one.env", "# comment\nA=file\nB= \"b\" $A #b\n\nS=file\nC=first\nnothing\nE=\n")
    secrets.write("s3/bucket/two.env", "C=second\nD=d=d\r\n")
    secrets.write("s3/bucket/run.env", "B=run\n")
    secrets.write("ssm/s", "secret")
    files = [{"type": "s3", "value": f"arn:aws:s3:::bucket/{name}.env"} for name in ("one", "two")]
    container = shell(
        'echo "$A|$B|$C|$D|$S"',
        environment=[{"name": "A", "value": "own"}], secrets=[secret("S", "s")], environmentFiles=files,
    )
    definition = plane.register("files", container)
    arn = plane.run(definition)
    plane.wait_for(arn, "STOPPED")
    plane.wait_for_output(arn, ['own| "b" $A #b|first|d=d|secret'])
    over = {"name": "main", "environmentFiles": [{"type": "s3", "value": "arn:aws:s3:::bucket/run.env"}]}
    arn = plane.run(definition, overrides={"containerOverrides": [over]})
    plane.wait_for(arn, "STOPPED")
    plane.wait_for_output(arn, ["own|run|||secret"])


def test_what_is_missing_is_named_and_nothing_starts(plane: ControlPlane, secrets: Secrets) -> None:
    marker = uuid.uuid4().hex
    secrets.write("ssm/text", marker)
    secrets.write("s3/bucket/bad.env", f"A=1\nB={marker}\0\n")
    os.symlink("/etc/passwd", secrets.directory / "ssm/link")
    begin = "ResourceInitializationError: unable to pull secrets or registry auth: "
    for reference, expected in [
        (f"{ARN}none-AbCdEf", f"{ARN}none-AbCdEf from secrets manager: ResourceNotFoundException"),
        ("none", "unable to retrieve secrets from ssm: parameter none: ResourceNotFoundException"),
        ("link", "parameter link: a link leads out of the server's directory of secrets"),
    ]:
        reason = failed(plane, shell("true", secrets=[secret("S", reference)]))
        assert reason.startswith(begin) and expected in reason, reason
    secrets.write("secretsmanager/text", marker)
    reason = failed(plane, shell("true", secrets=[secret("S", f"{ARN}text:key::")]))
    assert "key 'key'" in reason and marker not in reason, reason
    files = [{"type": "s3", "value": "arn:aws:s3:::bucket/bad.env"}]
    reason = failed(plane, shell("true", environmentFiles=files))
    expected = "ResourceInitializationError: failed to download env files: arn:aws:s3:::bucket/bad.env: line 2 has a zero byte"
    assert reason.startswith(expected) and marker not in reason, reason
    # The host is none the worse for it.
    arn = plane.run(plane.register("fine", shell("echo fine")))
    plane.wait_for(arn, "STOPPED")
    plane.wait_for_output(arn, ["fine"])


def test_bad_references_are_refused_at_once(plane: ControlPlane) -> None:
    for container, expected in [
        (shell("true", secrets=[secret("S", "../../etc passwd")]), "secrets[0].valueFrom"),
        (shell("true", secrets=[secret("S", "arn:aws:sqs:us-east-1:1:queue")]), "secrets[0].valueFrom"),
        (shell("true", secrets=[secret("S", "a"), secret("S", "b")]), "'S'"),
        (shell("true", secrets=[secret("S", "a")], environment=[{"name": "S", "value": "b"}]), "'S'"),
        (shell("true", environmentFiles=[{"type": "s3", "value": "arn:aws:s3:::b/k.txt"}]), ".env"),
    ]:
        with pytest.raises(ClientError) as caught:
            plane.register("bad", container)
        assert caught.value.response["Error"]["Code"] == "ClientException"
        assert expected in caught.value.response["Error"]["Message"]


def test_a_server_without_secrets_says_so(new_plane: Any) -> None:
    plane = new_plane().start()
    reason = failed(plane, shell("true", secrets=[secret("S", "token")]))
    assert "[secrets] directory" in reason, reason


def test_a_value_is_in_the_container_and_nowhere_else(plane: ControlPlane, secrets: Secrets) -> None:
    marker = uuid.uuid4().hex
    secrets.write("ssm/token", marker)
    secrets.write("s3/bucket/a.env", f"FILE={marker}\n")
    files = [{"type": "s3", "value": "arn:aws:s3:::bucket/a.env"}]
    definition = plane.register("hidden", shell(FOREVER, secrets=[secret("TOKEN", "token")], environmentFiles=files))
    arn = plane.run(definition)
    plane.wait_for(arn, "RUNNING")
    found = docker.of_task(plane.installation, arn)["main"]["Config"]["Env"]
    assert f"TOKEN={marker}" in found and f"FILE={marker}" in found
    # The agent's record is written by now: the container is there only after it.
    records = list(plane.data.rglob("tasks/*.json"))
    assert records, "there is a record of the task"
    assert places(marker, plane) == []
    for answer in (plane.task(arn), plane.ecs.describe_task_definition(taskDefinition=definition)):
        assert marker not in json.dumps(answer, default=str)
    # It goes on, and is found again, when the agent is killed in the middle.
    [agent] = plane.agents()
    agent.signal(9)
    until("there is another agent", lambda: [one for one in plane.agents() if one.pid != agent.pid])
    plane.stop(arn)
    assert places(marker, plane) == []


def places(marker: str, plane: ControlPlane) -> list[Path]:
    """Files of the control plane and its agents, logs included, that hold the marker."""
    files = [*contents(plane.data), (plane.log_path, plane.log_path.read_bytes())]
    return [path for path, content in files if marker.encode() in content]


def test_a_private_registry_gets_its_credentials(new_plane: Any, secrets: Secrets) -> None:
    server = {"open": True, "pool": {"image_pull_behavior": "always"}, "secrets": {"directory": str(secrets.directory)}}
    plane = new_plane(server=server).start()
    password = uuid.uuid4().hex
    secrets.write("secretsmanager/good", json.dumps({"username": "jane", "password": password}))
    secrets.write("secretsmanager/bad", json.dumps({"username": "jane", "password": "wrong"}))
    with Registry("jane", password) as registry:
        image = registry.publish("private/app")

        def container(name: str | None) -> dict[str, Any]:
            credentials = {"repositoryCredentials": {"credentialsParameter": f"{ARN}{name}"}} if name else {}
            return {**shell("echo pulled"), "image": image.reference, **credentials}

        for name in (None, "bad"):
            task = plane.wait_for(plane.run(plane.register("private", container(name))), "STOPPED")
            reason = task["containers"][0]["reason"]
            assert task["stopCode"] == "TaskFailedToStart" and reason.startswith("CannotPullContainerError:"), reason
            assert password not in reason
        arn = plane.run(plane.register("private", container("good")))
        task = plane.wait_for(arn, "STOPPED")
        assert task["containers"][0]["exitCode"] == 0, task
        plane.wait_for_output(arn, ["pulled"])
        assert places(password, plane) == []
