"""An agent that speaks as the unmodified Amazon ECS agent was observed to speak, and no better: registration, endpoint,
both websockets, acknowledgements, state reports. It runs nothing; tests say what becomes of its tasks."""

from __future__ import annotations

import json
import time
import urllib.parse
import uuid
from typing import Any

import websocket

from harness import sign
from harness.client import Answer, Key, operation_model
from harness.plane import ControlPlane
from harness.shape import answer_violations

# What comes within this time comes at all.
PATIENCE_SECONDS = 20

_CAPABILITIES = [
    *(f"com.amazonaws.ecs.capability.docker-remote-api.1.{minor}" for minor in range(17, 33)),
    *(f"com.amazonaws.ecs.capability.logging-driver.{driver}" for driver in ("json-file", "syslog", "awslogs", "none")),
    "com.amazonaws.ecs.capability.privileged-container",
    "com.amazonaws.ecs.capability.ecr-auth",
    "com.amazonaws.ecs.capability.task-iam-role",
    "ecs.capability.full-sync",
    "ecs.capability.container-ordering",
    "ecs.capability.container-health-check",
    "ecs.capability.container-restart-policy",
    "ecs.capability.secrets.asm.environment-variables",
    "ecs.capability.secrets.ssm.environment-variables",
    "ecs.capability.env-files.s3",
    "ecs.capability.ecr-endpoint",
    "ecs.capability.docker-plugin.local",
    "ecs.capability.firelens.fluentd",
    "ecs.capability.firelens.fluentbit",
    "ecs.capability.efs",
    "ecs.capability.storage.s3-files",
    "ecs.capability.network.container-port-range",
    "ecs.capability.external",
    "ecs.capability.execution-role-ecr-pull",
    "ecs.capability.task-cpu-mem-limit",
    "ecs.capability.increased-task-cpu-limit",
]
_VALUES = {
    "ecs.os-type": "linux",
    "ecs.os-family": "LINUX",
    "ecs.os-type-detailed": "debian_12",
    "ecs.cpu-architecture": "x86_64",
    "rack": "b",
}


class Socket:
    """One of its websockets."""

    def __init__(self, connection: websocket.WebSocket):
        self.connection = connection

    def send(self, kind: str, message: dict[str, Any], head: str = "") -> None:
        self.connection.send(head + json.dumps({"type": kind, "message": message}))

    def next(self, within: float = PATIENCE_SECONDS) -> dict[str, Any] | None:
        """The next message; `None` if there is none in time."""
        self.connection.settimeout(within)
        try:
            text = self.connection.recv()
        except websocket.WebSocketTimeoutException:
            return None
        assert text, "the server has closed the connection"
        return json.loads(text)

    def expect(self, kind: str, within: float = PATIENCE_SECONDS) -> dict[str, Any]:
        """The next message, which must be of this kind. Heartbeats are answered on the way, as the agent does."""
        deadline = time.monotonic() + within
        while True:
            received = self.next(max(0.01, deadline - time.monotonic()))
            assert received, f"no {kind} within {within:g} s"
            if received["type"] == "HeartbeatMessage":
                # For measurements it only listens.
                if "messageId" in received["message"]:
                    self.send("HeartbeatAckRequest", {"messageId": received["message"]["messageId"]})
                if kind != "HeartbeatMessage":
                    continue
            assert received["type"] == kind, received
            return received["message"]

    def quiet(self, within: float = 0.7) -> None:
        """Nothing comes but heartbeats."""
        received = self.next(within)
        assert received is None or received["type"] == "HeartbeatMessage", received

    def closed(self) -> int:
        """Waits for the server to close it, and gives the code."""
        self.connection.settimeout(PATIENCE_SECONDS)
        while True:
            operation, data = self.connection.recv_data()
            if operation == websocket.ABNF.OPCODE_CLOSE:
                return int.from_bytes(data[:2], "big")

    def cut(self) -> None:
        """Goes without a word."""
        self.connection.sock.close()


class Refused(Exception):
    """The server does not take a websocket; `body` is what it says."""

    def __init__(self, status: int, body: Any):
        super().__init__(f"{status}: {body}")
        self.status, self.body = status, body


class StockAgent:
    """See the module."""

    def __init__(self, plane: ControlPlane, key: Key, cluster: str):
        self.plane, self.key, self.cluster = plane, key, cluster
        self.arn = ""
        self.client_token = str(uuid.uuid4())
        self.attributes = [{"name": name} for name in _CAPABILITIES]
        self.attributes += [{"name": name, "value": value} for name, value in _VALUES.items()]
        self.endpoints: dict[str, str] = {}
        self.has_connected = False
        # The highest sequence number and timeline: manifests at or below it are dropped.
        self.sequence = -1

    # ---- calls

    def call(self, operation: str, body: dict[str, Any]) -> Answer:
        """One try of a call, signed in headers."""
        target = f"AmazonEC2ContainerServiceV20141113.{operation}"
        text = json.dumps(body)
        given = {"X-Amz-Target": target, "Content-Type": "application/x-amz-json-1.1"}
        headers = sign.headers(self.key, f"{self.plane.address}:{self.plane.port}", text, given)
        got = self.plane.http.session.post(self.plane.url, data=text, headers=headers, timeout=30)
        wrong = answer_violations(operation_model(operation), got.status_code, got.content)
        assert not wrong, f"{operation} answered what its model does not allow: {wrong}"
        return Answer(got.status_code, got.headers, got.text)

    def ok(self, operation: str, body: dict[str, Any]) -> Any:
        answer = self.call(operation, body)
        assert answer.status == 200, answer
        return answer.json

    def register(self) -> Answer:
        body: dict[str, Any] = {
            "cluster": self.cluster,
            "clientToken": self.client_token,
            "attributes": self.attributes,
            "totalResources": [
                {"name": "CPU", "type": "INTEGER", "integerValue": 2048},
                {"name": "MEMORY", "type": "INTEGER", "integerValue": 3901},
                {"name": "PORTS", "type": "STRINGSET", "stringSetValue": ["22", "2375", "2376", "51678", "51679"]},
                {"name": "PORTS_UDP", "type": "STRINGSET", "stringSetValue": []},
            ],
            "instanceIdentityDocument": "",
            "instanceIdentityDocumentSignature": "",
            "platformDevices": [],
            "tags": [],
        }
        if self.arn:
            body["containerInstanceArn"] = self.arn
        return self.call("RegisterContainerInstance", body)

    def join(self) -> None:
        """Registers, as the agent does: it ends for good if an attribute does not come back."""
        answer = self.register()
        assert answer.status == 200, answer
        instance = answer.json["containerInstance"]
        back = {one["name"]: one.get("value") for one in instance["attributes"]}
        lost = [one for one in self.attributes if back.get(one["name"], "lost") != one.get("value")]
        assert not lost, f"the agent would exit: {lost}"
        self.arn = instance["containerInstanceArn"]

    def submit(self, task: str, status: str, *containers: dict[str, Any], **members: Any) -> Answer:
        """A report of a task's state, tried once."""
        body = {"cluster": self.cluster, "task": task, "status": status, "containers": list(containers), **members}
        return self.call("SubmitTaskStateChange", body)

    def report(self, task: str, status: str, *containers: dict[str, Any], **members: Any) -> None:
        answer = self.submit(task, status, *containers, **members)
        assert answer.status == 200 and answer.json["acknowledgment"], answer

    # ---- websockets

    def _dial(self, endpoint: str, query: dict[str, str]) -> Socket:
        if not self.endpoints:
            # Asked once: the agent keeps the answer for hours.
            found = self.ok("DiscoverPollEndpoint", {"containerInstance": self.arn, "cluster": self.cluster, "zoneId": ""})
            self.endpoints = {"acs": found["endpoint"], "tcs": found["telemetryEndpoint"]}
        base = self.endpoints[endpoint].rstrip("/")
        path = urllib.parse.urlsplit(base).path + "/ws"
        host = urllib.parse.urlsplit(base).netloc
        headers = sign.headers(self.key, host, "", {}, method="GET", path=path, query=query)
        # In no order, and encoded as Go does it: a space is a plus.
        url = f"{base.replace('http', 'ws', 1)}/ws?{urllib.parse.urlencode(query)}"
        try:
            connection = websocket.create_connection(url, header=headers, timeout=PATIENCE_SECONDS)
        except websocket.WebSocketBadStatusException as error:
            raise Refused(error.status_code, json.loads(error.resp_body or b"null")) from None
        return Socket(connection)

    def acs(self) -> Socket:
        """Connects for orders."""
        query = {
            "agentHash": "1f2e3d4c", "agentVersion": "1.105.1", "clusterArn": self.cluster,
            "containerInstanceArn": self.arn, "dockerVersion": "DockerVersion: 20.10.24", "protocolVersion": "2",
            "sendCredentials": "false" if self.has_connected else "true", "seqNum": "1",
        }
        socket = self._dial("acs", query)
        self.has_connected = True
        return socket

    def tcs(self) -> Socket:
        """Connects for measurements."""
        query = {
            "agentHash": "1f2e3d4c", "agentVersion": "1.105.1", "cluster": self.cluster, "containerInstance": self.arn,
            "dockerVersion": "DockerVersion: 20.10.24",
        }
        return self._dial("tcs", query)

    def publish(self, tcs: Socket, kind: str, message: dict[str, Any]) -> None:
        """Sends a frame with its own signature before it."""
        head = "Authorization: AWS4-HMAC-SHA256 Credential=x, SignedHeaders=host;x-amz-date, Signature=y\r\n"
        head += f"Host: {self.plane.address}\r\nX-Amz-Date: 20261127T060000Z\r\n\r\n"
        tcs.send(kind, message, head)

    def manifest(self, acs: Socket) -> list[str]:
        """Takes the manifest with which a session begins; gives the tasks that it lists."""
        message = acs.expect("TaskManifestMessage")
        assert message["timeline"] > self.sequence, "the agent would drop it in silence"
        self.sequence = message["timeline"]
        self.acknowledge(acs, message)
        assert all(task["desiredStatus"] == "RUNNING" and task["taskClusterArn"] for task in message["tasks"])
        return [task["taskArn"] for task in message["tasks"]]

    def acknowledge(self, acs: Socket, message: dict[str, Any]) -> None:
        """With copies of the ARNs; what lacks one of the three is never answered."""
        assert message["messageId"] and message["clusterArn"] and message["containerInstanceArn"] == self.arn
        acs.send(
            "AckRequest",
            {
                "cluster": message["clusterArn"], "containerInstance": message["containerInstanceArn"],
                "messageId": message["messageId"],
            },
        )

    def payload(self, acs: Socket, status: str, acknowledge: bool = True) -> dict[str, Any]:
        """Takes the next payload: one task, to be RUNNING or STOPPED."""
        message = acs.expect("PayloadMessage")
        assert message["seqNum"] > self.sequence, "they rise strictly"
        self.sequence = message["seqNum"]
        [task] = message["tasks"]
        assert task["desiredStatus"] == status, task
        assert task["arn"] and task["family"] and task["version"] == str(int(task["version"]))
        if acknowledge:
            self.acknowledge(acs, message)
        return task
