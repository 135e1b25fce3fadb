"""State change events: what they look like, that each comes, in order, to who listens and to the webhook, and that no
`kill -9` loses one."""

from __future__ import annotations

import json
import re
import signal
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from harness.certificate import certificate
from harness.client import ACCOUNT, REGION, operation_model
from harness.plane import ControlPlane, binary, cluster_of, shell, toml
from harness.shape import violations
from harness.wait import WITHIN_SECONDS, until

TASK = "ECS Task State Change"
HOST = "ECS Container Instance State Change"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z")
INSTANT = {"environment": [{"name": "SIMULATED_SECONDS", "value": "0"}]}


class Stream:
    """A reader of `/v1/events` in a thread of its own."""

    def __init__(self, plane: ControlPlane, last: int | None = None, **query: Any):
        self.events: list[tuple[int, dict[str, Any]]] = []
        self.errors: list[str] = []
        self.comments = 0
        headers = {} if last is None else {"Last-Event-ID": str(last)}
        session = requests.Session()
        session.trust_env = False
        self.answer = session.get(f"{plane.url}/v1/events", params=query, headers=headers, stream=True, timeout=60)
        self._thread = threading.Thread(target=self._read, daemon=True)
        if self.answer.status_code == 200:
            assert self.answer.headers["content-type"] == "text/event-stream"
            self._thread.start()

    def _read(self) -> None:
        members: dict[str, str] = {}
        try:
            for line in self.answer.iter_lines(chunk_size=1):
                text = line.decode()
                if text.startswith(":"):
                    self.comments += 1
                elif text:
                    name, _, value = text.partition(":")
                    members[name] = value.removeprefix(" ")
                elif members.get("event") == "error":
                    self.errors.append(members["data"])
                elif members:
                    self.events.append((int(members["id"]), json.loads(members["data"])))
                if not text:
                    members = {}
        except (requests.RequestException, OSError, AttributeError):
            pass  # The server was killed, or this reader was closed.

    def close(self) -> None:
        # The reader's thread waits in this socket: closing it from here would wait for the reader.
        connection = getattr(self.answer.raw, "connection", None)
        if connection is not None and connection.sock is not None:
            try:
                connection.sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # The server was faster.
        if self._thread.ident is not None:
            self._thread.join(10)
        self.answer.close()

    @property
    def is_over(self) -> bool:
        return self._thread.ident is None or not self._thread.is_alive()

    def last(self) -> int:
        return self.events[-1][0] if self.events else 0

    def of_task(self, arn: str) -> list[dict[str, Any]]:
        return [event["detail"] for _, event in self.events if event["resources"] == [arn]]

    def wait_for(self, arn: str, status: str = "STOPPED", within: float = WITHIN_SECONDS) -> list[dict[str, Any]]:
        until(f"{status} of {arn} is told", lambda: status in [one["lastStatus"] for one in self.of_task(arn)], within)
        return self.of_task(arn)


@dataclass
class Receiver:
    """A webhook: keeps what it takes."""

    url: str = ""
    batches: list[list[dict[str, Any]]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    # What is answered, from now on; anything else than 2xx does not take the events.
    status: int = 200

    @property
    def ids(self) -> list[str]:
        return [event["id"] for batch in self.batches for event in batch]


@contextmanager
def receiver(status: int = 200, tls: ssl.SSLContext | None = None) -> Iterator[Receiver]:
    kept = Receiver(status=status)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            kept.headers.append({name.lower(): value for name, value in self.headers.items()})
            if kept.status < 300:
                kept.batches.append(json.loads(body))
            self.send_response(kept.status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    kept.url = f"http{'s' if tls else ''}://127.0.0.1:{server.server_port}/hook/secret-path"
    try:
        yield kept
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def simulated_server(**events: Any) -> dict[str, Any]:
    return {"open": True, "pool": {"backend": "simulated"}, "events": events}


def once(ids: list[str]) -> list[str]:
    """Each the first time it came."""
    return list(dict.fromkeys(ids))


def check_form(event: dict[str, Any]) -> None:
    """Holds an event against what EventBridge publishes."""
    assert set(event) == {
        "version", "id", "detail-type", "source", "account", "time", "region", "resources", "detail",
    }, event
    assert (event["version"], event["source"]) == ("0", "aws.ecs")
    assert (event["account"], event["region"]) == (ACCOUNT, REGION)
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", event["id"])
    assert MOMENT.fullmatch(event["time"])
    detail = dict(event["detail"])
    # What Describe shows, but for moments, which are text, and for members that only events have.
    moments = {name: detail.pop(name) for name in [*detail] if name.endswith("At")}
    assert "updatedAt" in moments and all(MOMENT.fullmatch(text) for text in moments.values()), moments
    if event["detail-type"] == TASK:
        shape = operation_model("DescribeTasks").output_shape.members["tasks"].member
        assert event["resources"] == [detail["taskArn"]]
        assert set(moments) - {"updatedAt"} <= set(shape.members)
    else:
        assert event["detail-type"] == HOST
        shape = operation_model("DescribeContainerInstances").output_shape.members["containerInstances"].member
        assert event["resources"] == [detail["containerInstanceArn"]]
        assert detail.pop("clusterArn").startswith("arn:aws:ecs:")
        assert set(moments) - {"updatedAt"} <= set(shape.members)
    assert violations(shape, detail) == []


def test_a_task_on_docker_is_told_of(plane: ControlPlane, name: str) -> None:
    plane.register(name, shell("exit 3", memory=64))
    stream = Stream(plane, **{"detail-type": TASK})
    arn = plane.run(name)
    told = stream.wait_for(arn)
    stream.close()
    for _, event in stream.events:
        check_form(event)
    statuses = once([one["lastStatus"] for one in told])
    assert statuses == [one for one in ("PROVISIONING", "PENDING", "RUNNING", "STOPPED") if one in statuses]
    assert statuses[0] == "PROVISIONING" and statuses[-1] == "STOPPED"
    versions = [one["version"] for one in told]
    assert versions == sorted(set(versions))
    shown = plane.task(arn)
    end = told[-1]
    for member in ("taskArn", "clusterArn", "lastStatus", "stopCode", "stoppedReason", "version", "overrides", "cpu"):
        assert end[member] == shown[member], member
    assert end["containers"][0]["exitCode"] == 3
    moment = shown["stoppedAt"].strftime("%Y-%m-%dT%H:%M:%S")
    assert end["stoppedAt"].startswith(moment)


def test_hosts_are_told_of(new_plane: Callable[..., ControlPlane]) -> None:
    plane = new_plane(simulate=True).start()
    plane.register("work", shell("true", **INSTANT))
    plane.wait_for(plane.run("work"), "STOPPED")
    stream = Stream(plane, after=0, **{"detail-type": HOST})
    until("a host has connected", lambda: any(event["detail"]["agentConnected"] for _, event in stream.events))
    stream.close()
    for _, event in stream.events:
        check_form(event)
    first = stream.events[0][1]["detail"]
    assert (first["status"], first["agentConnected"]) == ("ACTIVE", False)


def test_filters_and_resuming(new_plane: Callable[..., ControlPlane]) -> None:
    plane = new_plane(simulate=True).start()
    plane.ecs.create_cluster(clusterName="other")
    plane.register("work", shell("true", **INSTANT))
    tasks = [plane.run("work"), plane.run("work", cluster="other")]
    for arn in tasks:
        plane.wait_for(arn, "STOPPED")
    everything = Stream(plane, after=0)
    for arn in tasks:
        everything.wait_for(arn)
    everything.close()
    numbers = [number for number, _ in everything.events]
    assert numbers == list(range(1, len(numbers) + 1)), "from the first, without a gap"
    assert len({event["id"] for _, event in everything.events}) == len(numbers)
    # One cluster alone, by its name or its ARN.
    for cluster in ("other", f"arn:aws:ecs:{REGION}:{ACCOUNT}:cluster/other"):
        filtered = Stream(plane, after=0, cluster=cluster, **{"detail-type": TASK})
        filtered.wait_for(tasks[1])
        filtered.close()
        assert {cluster_of(event["resources"][0]) for _, event in filtered.events} == {"other"}
    # From each point on: the same events, the header before the query.
    for at in (0, 1, len(numbers) // 2, len(numbers) - 1):
        for options in ({"last": at, "after": 0}, {"after": at}):
            again = Stream(plane, **options)
            until("the rest came", lambda again=again: again.last() >= numbers[-1])
            again.close()
            assert again.events[: len(numbers) - at] == everything.events[at:]
    # Without either only what comes.
    from_now = Stream(plane)
    third = plane.run("work")
    from_now.wait_for(third)
    from_now.close()
    assert {arn for _, event in from_now.events for arn in event["resources"] if ":task/" in arn} == {third}


@pytest.mark.parametrize(
    ("query", "status", "code", "named"),
    [
        ("after=x", 400, "InvalidParameterException", "after"),
        ("after=-1", 400, "InvalidParameterException", "after"),
        ("after=99999999", 400, "InvalidParameterException", "99999999"),
        ("detail-type=Nonsense", 400, "InvalidParameterException", "detail-type"),
        ("cluster=a%20b", 400, "InvalidParameterException", "cluster"),
        ("colour=red", 400, "InvalidParameterException", "colour"),
        ("after=%FF", 400, "InvalidParameterException", "after"),
    ],
)
def test_bad_queries(simulated: ControlPlane, query: str, status: int, code: str, named: str) -> None:
    answer = simulated.http.send("GET", f"/v1/events?{query}")
    assert (answer.status, answer.code) == (status, code), answer
    assert named in answer.message
    assert simulated.http.send("POST", "/v1/events", "{}").status == 405


def test_what_has_been_removed_is_not_passed_over(new_plane: Callable[..., ControlPlane]) -> None:
    plane = new_plane(server=simulated_server(kept_max=5)).start()
    plane.register("work", shell("true", **INSTANT))
    for arn in [plane.run("work") for _ in range(5)]:
        plane.wait_for(arn, "STOPPED")

    def is_gone() -> bool:
        answer = requests.get(f"{plane.url}/v1/events?after=0", stream=True, timeout=10)
        with answer:
            return answer.status_code == 410

    # Old events are removed when a server starts, and then once a minute.
    plane.end(signal.SIGTERM)
    plane.start()
    until("the first events are removed", is_gone)
    answer = plane.http.send("GET", "/v1/events?after=0")
    assert answer.code == "ResourceNotFoundException"
    after = int(re.search(r"after=(\d+)", answer.message)[1])
    rest = Stream(plane, after=after)
    until("the rest came", lambda: len(rest.events) >= 5)
    rest.close()
    assert rest.events[0][0] == after + 1


def is_taken(plane: ControlPlane) -> bool:
    stream = Stream(plane)
    if stream.answer.status_code == 200:
        stream.close()
    return stream.answer.status_code == 200


def test_streams_end_with_the_server_and_are_bounded(new_plane: Callable[..., ControlPlane]) -> None:
    plane = new_plane(simulate=True).start()
    streams = [Stream(plane) for _ in range(256)]
    assert all(stream.answer.status_code == 200 for stream in streams)
    answer = plane.http.send("GET", "/v1/events")
    assert (answer.status, answer.code) == (400, "ThrottlingException")
    for stream in streams[:128]:
        stream.close()
    until("there is room again", lambda: is_taken(plane))
    assert plane.end() < 5, "streams do not hold up the end"
    until("the readers have ended", lambda: all(stream.is_over for stream in streams))


def test_the_webhook_gets_everything_in_order(new_plane: Callable[..., ControlPlane], tmp_path: Path) -> None:
    token = tmp_path / "token"
    token.write_text("s3cr3t-token\n")
    with receiver(status=503) as hook:
        events = {"webhook": hook.url, "webhook_token_file": str(token)}
        plane = new_plane(server=simulated_server(**events)).start()
        plane.register("work", shell("true", **INSTANT))
        arns = [plane.run("work") for _ in range(3)]
        for arn in arns:
            plane.wait_for(arn, "STOPPED")
        stream = Stream(plane, after=0)
        for arn in arns:
            stream.wait_for(arn)
        # It refuses, and is asked again.
        until("it was asked more than once", lambda: len(hook.headers) >= 2)
        assert hook.batches == []
        hook.status = 204
        until("everything was taken", lambda: len(hook.ids) >= len(stream.events), 60)
        stream.close()
        assert hook.batches and [event for batch in hook.batches for event in batch][: len(stream.events)] == [
            event for _, event in stream.events
        ]
        assert all(headers["authorization"] == "Bearer s3cr3t-token" for headers in hook.headers)
        assert all(headers["content-type"] == "application/json" for headers in hook.headers)
        metrics = plane.http.send("GET", "/metrics").text
        assert re.search(r'berth_webhook_requests_total\{outcome="refused"\} [1-9]', metrics)
        assert re.search(r'berth_webhook_requests_total\{outcome="delivered"\} [1-9]', metrics)
        assert "berth_webhook_lost_events_total 0" in metrics
        log = plane.log_path.read_text()
        assert "events were not delivered" in log
        assert "s3cr3t" not in log and "secret-path" not in log
        plane.finish()


def test_the_webhook_has_to_show_its_certificate(new_plane: Callable[..., ControlPlane], tmp_path: Path) -> None:
    trusted, stranger = certificate(tmp_path / "ca"), certificate(tmp_path / "stranger-ca")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*certificate(tmp_path / "stranger", stranger, "127.0.0.1"))
    with receiver(tls=tls) as hook:
        plane = new_plane(server=simulated_server(webhook=hook.url))
        plane.environment["SSL_CERT_FILE"] = str(trusted[0])
        plane.start()
        plane.register("work", shell("true", **INSTANT))
        arn = plane.run("work")
        plane.wait_for(arn, "STOPPED")

        def requests_that(outcome: str) -> int:
            metrics = plane.http.send("GET", "/metrics").text
            found = re.search(rf'berth_webhook_requests_total\{{outcome="{outcome}"\}} (\d+)', metrics)
            assert found, metrics
            return int(found[1])

        until("it was tried again", lambda: requests_that("failed") >= 2)
        # One that is known, and somebody else's.
        tls.load_cert_chain(*certificate(tmp_path / "elsewhere", trusted, "127.0.0.9"))
        before = requests_that("failed")
        until("it was tried with that", lambda: requests_that("failed") >= before + 2)
        assert hook.headers == [] and requests_that("delivered") == requests_that("refused") == 0
        assert "events were not delivered" in plane.log_path.read_text()
        tls.load_cert_chain(*certificate(tmp_path / "own", trusted, "127.0.0.1"))
        stream = Stream(plane, after=0)
        stream.wait_for(arn)
        until("everything was taken", lambda: len(hook.ids) >= len(stream.events), 60)
        stream.close()
        assert once(hook.ids)[: len(stream.events)] == [event["id"] for _, event in stream.events]
        plane.finish()


def test_no_event_is_lost_when_servers_are_killed(new_plane: Callable[..., ControlPlane]) -> None:
    """Servers are killed while tasks come and go, a listener comes back each time, and the webhook fails now and then."""
    with receiver() as hook:
        plane = new_plane(server=simulated_server(webhook=hook.url)).start()
        plane.register("work", shell("true", **INSTANT))
        heard: list[tuple[int, dict[str, Any]]] = []
        arns: list[str] = []
        for life in range(5):
            stream = Stream(plane, after=heard[-1][0] if heard else 0)
            hook.status = 500 if life % 2 else 200
            running = threading.Event()

            def ask(running: threading.Event = running) -> None:
                while not running.is_set():
                    try:
                        arns.append(plane.run("work"))
                    except Exception:  # noqa: BLE001 - The server is killed in the middle of it.
                        return

            client = threading.Thread(target=ask)
            wanted = len(arns) + 20
            client.start()
            until("tasks were started", lambda wanted=wanted: len(arns) >= wanted, 60)
            plane.kill()
            running.set()
            client.join()
            until("the listener has noticed", lambda stream=stream: stream.is_over)
            heard += stream.events
            plane.start()
        hook.status = 200
        for arn in arns:
            plane.wait_for(arn, "STOPPED", 120)
        stream = Stream(plane, after=heard[-1][0] if heard else 0)

        def has_all() -> bool:
            ends = [event for _, event in [*heard, *stream.events] if event["detail"].get("lastStatus") == "STOPPED"]
            return {arn for event in ends for arn in event["resources"]} >= set(arns)

        until("the end of each task is told", has_all, 60)
        until("the webhook has everything", lambda: len(once(hook.ids)) >= stream.last(), 90)
        stream.close()
        heard += stream.events
        numbers = [number for number, _ in heard]
        assert numbers == list(range(1, len(numbers) + 1))
        # At least once, and the first time each in order.
        ids = [event["id"] for _, event in heard]
        assert once(hook.ids)[: len(ids)] == ids
        # Whatever was told of a task, it ended with what is stored of it, and nothing was skipped.
        by_task: dict[str, list[str]] = {}
        for _, event in heard:
            if event["detail-type"] == TASK:
                by_task.setdefault(event["resources"][0], []).append(event["detail"]["lastStatus"])
        order = ["PROVISIONING", "PENDING", "RUNNING", "STOPPING", "STOPPED"]
        for arn in arns:
            told = by_task[arn]
            assert told[0] == "PROVISIONING" and told[-1] == "STOPPED", (arn, told)
            assert told == sorted(told, key=order.index), (arn, told)
        plane.finish()


def test_a_webhook_that_cannot_be_is_refused(tmp_path: Path) -> None:
    for events, named in [
        ({"webhook": "ftp://example.com"}, "events.webhook"),
        ({"webhook": "http://user:hunter2@example.com"}, "events.webhook"),
        ({"webhook": "http://example.com", "webhook_token_file": "/no/such/file"}, "events.webhook_token_file"),
        ({"webhook_token_file": "/no/such/file"}, "events.webhook_token_file"),
        ({"kept_max": 0}, "events.kept_max"),
    ]:
        file = tmp_path / "berth.toml"
        file.write_text(toml({"data_dir": str(tmp_path / "data"), "listen": "127.0.0.1:0", "events": events}))
        command = [str(binary()), "server", "--config", str(file)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
        assert done.returncode != 0 and named in done.stderr, done
        assert "hunter2" not in done.stderr + done.stdout
