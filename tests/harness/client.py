"""The clients the tests use: boto3, the aws CLI, and plain HTTP. Whatever a server answers to any of the first and the
last is held against the published service model."""

from __future__ import annotations

import functools
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import botocore.session
import requests
from botocore.config import Config
from botocore.model import OperationModel

from harness import shape

REGION = "us-east-1"
ACCOUNT = "123456789012"

# No retries: a test wants to see the first answer.
_CONFIG = Config(retries={"total_max_attempts": 1}, connect_timeout=5, read_timeout=30, max_pool_connections=32)

_PREFIXES = {"ecs": "AmazonEC2ContainerServiceV20141113", "logs": "Logs_20140328"}


@dataclass(frozen=True)
class Key:
    """An access key."""

    id: str
    secret: str

    @property
    def environment(self) -> dict[str, str]:
        return {"AWS_ACCESS_KEY_ID": self.id, "AWS_SECRET_ACCESS_KEY": self.secret}


# What a control plane takes that is open to its machine.
ANY = Key("any", "any")


@functools.cache
def _session(key: Key) -> boto3.Session:
    return boto3.Session(aws_access_key_id=key.id, aws_secret_access_key=key.secret, region_name=REGION)


@functools.cache
def _model(service: str) -> Any:
    return botocore.session.get_session().get_service_model(service)


def operation_model(operation: str, service: str = "ecs") -> OperationModel:
    return _model(service).operation_model(operation)


def is_operation(operation: str, service: str = "ecs") -> bool:
    return operation in _model(service).operation_names


def boto(service: str, url: str, key: Key = ANY) -> Any:
    """An unmodified boto3 client; every answer in JSON that it gets is checked."""
    client = _session(key).client(service, endpoint_url=url, config=_CONFIG)
    if service in _PREFIXES:
        client.meta.events.register(f"after-call.{service}", _check_answer)
    return client


def _check_answer(http_response: Any, model: OperationModel, **_: Any) -> None:
    wrong = shape.answer_violations(model, http_response.status_code, http_response.content)
    assert not wrong, f"{model.name} answered what its model does not allow: {wrong}"


@dataclass(frozen=True)
class Answer:
    """What came back to a plain request."""

    status: int
    headers: Any
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)

    @property
    def code(self) -> str | None:
        """The exception's name, if it is an error."""
        return None if self.status == 200 else self.json["__type"]

    @property
    def message(self) -> str:
        return self.json.get("message", "")


class Http:
    """Plain requests, as from curl or a browser's page."""

    def __init__(self, url: str):
        self.url = url
        self.session = requests.Session()
        # Nothing of this machine's settings (proxies, netrc) is to come between.
        self.session.trust_env = False

    def send(self, method: str, path: str, body: bytes | str | None = None, **headers: str) -> Answer:
        """Sends exactly this. `content_type="…"` is the header Content-Type."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        data = body.encode() if isinstance(body, str) else body
        answer = self.session.request(method, f"{self.url}{path}", data=data, headers=named, timeout=30)
        return Answer(answer.status_code, answer.headers, answer.text)

    def post(self, operation: str, body: Any = None, service: str = "ecs", **headers: str) -> Answer:
        """`POST /v1/Operation`. What is not text or bytes goes as JSON."""
        if not isinstance(body, (bytes, str)):
            body = json.dumps({} if body is None else body)
        answer = self.send("POST", f"/v1/{operation}", body, **headers)
        if is_operation(operation, service):
            model = operation_model(operation, service)
            wrong = shape.answer_violations(model, answer.status, answer.text.encode())
            assert not wrong, f"{operation} answered what its model does not allow: {wrong}"
        return answer

    def post_target(self, operation: str, body: Any = None, service: str = "ecs") -> Answer:
        """`POST /` with the target header, as SDKs send it."""
        target = f"{_PREFIXES[service]}.{operation}"
        headers = {"X_Amz_Target": target, "Content_Type": "application/x-amz-json-1.1"}
        return self.send("POST", "/", json.dumps({} if body is None else body), **headers)


def aws(url: str, *arguments: str, home: Path, check: bool = True, key: Key = ANY) -> Any:
    """Runs the unmodified aws CLI and gives its JSON, its text if it is none, or its standard error if it failed."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        **key.environment,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    program = Path(sys.executable).parent / "aws"
    command = [str(program), "--endpoint-url", url, "--output", "json", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=100, check=False)
    if not check:
        return done
    assert done.returncode == 0, f"aws {' '.join(arguments)} ended with {done.returncode}: {done.stderr.strip()}"
    try:
        return json.loads(done.stdout)
    except ValueError:
        return done.stdout
