"""Clients that do not keep to the protocol, or mean harm: slow ones, large ones, deep ones, many at once. They get an answer
of theirs or no connection, soon; never an error of the server's, and everybody else goes on as before."""

from __future__ import annotations

import ipaddress
import json
import re
import resource
import select
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness import docker, sign
from harness.client import Answer, Http
from harness.plane import ControlPlane
from harness.wait import until

NewPlane = Callable[..., ControlPlane]
INVALID = "InvalidParameterException"

# The limits of a server (api/src/serve.rs and api/src/ecs/mod.rs).
HEAD_WITHIN_SECONDS = 60
BODY_WITHIN_SECONDS = 30
TAKEN_WITHIN_SECONDS = 60
BODY_BYTES_MAX = 1 << 20
LOG_BODY_BYTES_MAX = 8 << 20
LARGE_BODIES_BYTES_MAX = 128 << 20
CONNECTIONS_OF_A_PEER = 2_048

# What is soon, on a machine that has much to do.
SOON_SECONDS = 10


@pytest.fixture(scope="module")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    plane = ControlPlane(tmp_path_factory.mktemp("hostile"), simulate=True)
    try:
        yield plane.start()
        assert "panicked" not in plane.log_path.read_text()
        plane.finish()
    finally:
        plane.guard()


def connect(plane: ControlPlane, within: float = SOON_SECONDS) -> socket.socket:
    return socket.create_connection((plane.address, plane.port), timeout=within)


def head(plane: ControlPlane, *lines: str, operation: str = "ListClusters") -> bytes:
    """The head of a request, to its end."""
    first = [f"POST /v1/{operation} HTTP/1.1", f"Host: {plane.address}:{plane.port}"]
    return "\r\n".join([*first, *lines, "", ""]).encode()


def everything(connection: socket.socket) -> bytes:
    """All that comes until the other side closes; a reset is a close."""
    received = b""
    try:
        while part := connection.recv(1 << 16):
            received += part
    except ConnectionError:
        pass
    return received


def is_over(connection: socket.socket) -> bool:
    """Whether the other side has closed or reset, however much of what it sent is still to be read."""
    poller = select.poll()
    poller.register(connection, select.POLLRDHUP)
    return bool(poller.poll(0))


def status(answer: bytes) -> int:
    found = re.match(rb"HTTP/1\.1 (\d{3}) ", answer)
    assert found, answer
    return int(found[1])


def code(answer: bytes) -> str:
    return json.loads(answer.partition(b"\r\n\r\n")[2])["__type"]


def is_served(plane: ControlPlane) -> None:
    """Others get their answers, and soon."""
    began = time.monotonic()
    assert plane.http.post("ListClusters").status == 200
    assert time.monotonic() - began < SOON_SECONDS


def test_the_slow_hold_up_nobody(plane: ControlPlane) -> None:
    """Heads and bodies that come byte by byte, connections that say nothing, and who asks and never reads."""
    began = time.monotonic()
    ask = f"GET /v1/openapi.json HTTP/1.1\r\nHost: {plane.address}:{plane.port}\r\n\r\n".encode()
    deaf = [connect(plane, TAKEN_WITHIN_SECONDS + SOON_SECONDS) for _ in range(3)]
    for connection in deaf:
        # More answers than all buffers between the two can hold.
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
        connection.sendall(ask * 200)
    body = head(plane, "Content-Length: 100000")
    chunks = head(plane, "Transfer-Encoding: chunked")
    kinds = {
        "silent": (b"", b""),
        "head": (b"POST /v1/ListClusters HTTP/1.1\r\n", b"X: y\r\n"),
        "body": (body, b" "),
        "chunks": (chunks, b"1\r\n \r\n"),
        "stalled body": (body + b"{", b""),
    }
    ends: dict[str, list[tuple[bytes, float]]] = {kind: [] for kind in kinds}
    opened: list[tuple[str, socket.socket, bytes]] = []
    for kind, (first, drop) in kinds.items():
        for _ in range(10):
            connection = connect(plane, HEAD_WITHIN_SECONDS + SOON_SECONDS)
            connection.sendall(first)
            opened.append((kind, connection, drop))

    def read(kind: str, connection: socket.socket) -> None:
        answer = everything(connection)
        ends[kind].append((answer, time.monotonic() - began))

    readers = [threading.Thread(target=read, args=(kind, connection)) for kind, connection, _ in opened]
    for reader in readers:
        reader.start()
    # A byte now and then, for as long as the server takes them.
    while any(reader.is_alive() for reader in readers):
        assert time.monotonic() - began < HEAD_WITHIN_SECONDS + 2 * SOON_SECONDS, {kind: len(ends[kind]) for kind in ends}
        for _, connection, drop in opened:
            try:
                connection.sendall(drop)
            except OSError:
                pass  # This one is over.
        is_served(plane)
        readers[0].join(1)
    for _, connection, _ in opened:
        connection.close()
    for connection in deaf:
        until("the server has given it up", lambda connection=connection: is_over(connection))
        assert everything(connection).count(b"HTTP/1.1 200") < 200, "the server waited for it"
        connection.close()
    for kind in ("body", "chunks", "stalled body"):
        for answer, after in ends[kind]:
            assert (status(answer), code(answer)) == (400, INVALID), (kind, answer)
            assert f"{BODY_WITHIN_SECONDS} s".encode() in answer and b"connection: close" in answer.lower()
            assert BODY_WITHIN_SECONDS - 1 < after < BODY_WITHIN_SECONDS + SOON_SECONDS, (kind, after)
    for kind in ("silent", "head"):
        for answer, after in ends[kind]:
            assert answer == b"" or status(answer) == 408, (kind, answer)
            assert HEAD_WITHIN_SECONDS - 1 < after < HEAD_WITHIN_SECONDS + SOON_SECONDS, (kind, after)


def test_heads_that_are_too_large(plane: ControlPlane) -> None:
    long = "y" * 300_000
    for lines in [
        [f"X-Long: {long}"],
        [f"X-{long}: y"],
        [f"X-{n}: y" for n in range(150)],
        [f"X-{n}: {'y' * 4_000}" for n in range(90)],
        [f"Authorization: AWS4-HMAC-SHA256 {long}"],
    ]:
        with connect(plane) as connection:
            try:
                connection.sendall(head(plane, *lines, "Content-Length: 2") + b"{}")
            except ConnectionError:
                pass  # It need not read all of that.
            answer = everything(connection)
            assert answer == b"" or status(answer) == 431, (lines[0][:40], answer)
    with connect(plane) as connection:
        connection.sendall(f"GET /healthz?{long} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        answer = everything(connection)
        assert answer == b"" or status(answer) in (414, 431), answer
    is_served(plane)


def test_bodies_that_are_too_large(plane: ControlPlane) -> None:
    blank = b" " * (1 << 16)
    # Their length stands in the head: nobody waits for them.
    for length in (BODY_BYTES_MAX + 1, 1 << 40, (1 << 63) - 1):
        began = time.monotonic()
        with connect(plane) as connection:
            connection.sendall(head(plane, f"Content-Length: {length}"))
            answer = everything(connection)
        assert (status(answer), code(answer)) == (400, INVALID), (length, answer)
        assert str(BODY_BYTES_MAX).encode() in answer and b"connection: close" in answer.lower()
        assert time.monotonic() - began < SOON_SECONDS, length
    # In parts, without end.
    with connect(plane) as connection:
        connection.sendall(head(plane, "Transfer-Encoding: chunked"))
        sent = 0
        try:
            while sent < 64 * BODY_BYTES_MAX:
                connection.sendall(b"10000\r\n" + blank + b"\r\n")
                sent += len(blank)
        except ConnectionError:
            pass
        assert sent < 64 * BODY_BYTES_MAX, "it takes all that comes"
    # The largest that it takes, and one byte more, as an ordinary client sends them.
    for extra, expected in ((0, 200), (1, 400)):
        answer = plane.http.post("ListClusters", b"{}" + b" " * (BODY_BYTES_MAX - 2 + extra))
        assert answer.status == expected, (extra, answer)
    # What cannot be a length.
    for lines in (["Content-Length: 99999999999999999999999"], ["Content-Length: 2", "Content-Length: 3"]):
        with connect(plane) as connection:
            connection.sendall(head(plane, *lines) + b"{}")
            answer = everything(connection)
            assert answer == b"" or status(answer) == 400, (lines, answer)
    is_served(plane)


def test_many_large_bodies_at_once_wait_outside(new_plane: NewPlane) -> None:
    """What those who name a key say that they will send is bounded before any of it has come: only a whole body shows
    whether they have its secret."""
    plane = new_plane("--open", "false", simulate=True).start()
    key = plane.first_key()
    host = f"{plane.address}:{plane.port}"

    def signed(body: str, operation: str) -> dict[str, str]:
        given = {"Content-Type": "application/x-amz-json-1.1"}
        service = "logs" if operation == "PutLogEvents" else "ecs"
        return sign.headers(key, host, body, given, path=f"/v1/{operation}", service=service)

    def asked(body: str) -> Answer:
        answer = plane.http.session.post(f"{plane.url}/v1/ListClusters", body, headers=signed(body, "ListClusters"))
        return Answer(answer.status_code, answer.headers, answer.text)

    fit, more = LARGE_BODIES_BYTES_MAX // LOG_BODY_BYTES_MAX, 4
    lines = [f"{name}: {value}" for name, value in signed("never sent", "PutLogEvents").items()]
    lines.append(f"Content-Length: {LOG_BODY_BYTES_MAX}")
    opened = [connect(plane, BODY_WITHIN_SECONDS + SOON_SECONDS) for _ in range(fit + more)]
    small, large = "{}", "{}" + " " * (1 << 17)
    try:
        for connection in opened:
            connection.sendall(head(plane, *lines, operation="PutLogEvents"))
        waiting = set(opened)
        while len(waiting) > fit:
            answered, _, _ = select.select(waiting, [], [], SOON_SECONDS)
            assert answered, f"{len(waiting)} wait, and only {fit} may"
            for connection in answered:
                answer = everything(connection)
                assert (status(answer), code(answer)) == (400, "ThrottlingException"), answer
                assert b"connection: close" in answer.lower()
                waiting.remove(connection)
        assert asked(small).status == 200
        assert asked(large).code == "ThrottlingException"
        # Nobody else was refused: the others are waited for.
        assert select.select(waiting, [], [], 0)[0] == [] and len(waiting) == fit
    finally:
        for connection in opened:
            connection.close()
    until("there is room again", lambda: asked(large).status == 200, SOON_SECONDS)


def nested(depth: int, opening: str, closing: str, inner: str = "1") -> str:
    return opening * depth + inner + closing * depth


@pytest.mark.parametrize("depth", [129, 10_000, 170_000])
def test_json_that_is_too_deep(plane: ControlPlane, depth: int) -> None:
    lists, objects = nested(depth, "[", "]"), nested(depth, '{"":', "}")
    known = [f'{{"tags":{lists}}}', f'{{"clusterName":{objects}}}', f'{{"tags":[{{"key":{lists}}}]}}', lists]
    # Without their ends, as well.
    known += ["[" * depth, '{"tags":' * depth, objects + "}"]
    for body in known:
        answer = plane.http.post("CreateCluster", body)
        assert (answer.status, answer.code) == (400, INVALID), (body[:40], answer)
    # What nobody reads, as well.
    for deep in (lists, objects):
        assert plane.http.post("ListClusters", f'{{"unknown":{deep}}}').code == INVALID
    # Members that are objects of any form.
    options = f'{{"containerDefinitions":[{{"name":"m","image":"i","dockerLabels":{objects}}}],"family":"f"}}'
    assert plane.http.post("RegisterTaskDefinition", options).code == INVALID
    for body in (f'{{"logGroupName":{lists}}}', f'{{"logEvents":[{objects}]}}'):
        assert plane.http.post("PutLogEvents", body, service="logs").code == INVALID
    is_served(plane)


def test_forms_are_bounded(plane: ControlPlane) -> None:
    form = {"Content_Type": "application/x-www-form-urlencoded"}
    for body in ("&".join(f"a{n}=1" for n in range(2_000)), "Action=" + "a" * 100_000, "%" * 1_000, "a=1&" * 100_000):
        answer = plane.http.send("POST", "/", body, Authorization="AWS4-HMAC-SHA256 x", **form)
        assert 400 <= answer.status < 500, (body[:40], answer)
    is_served(plane)


def test_one_address_does_not_take_all_connections(new_plane: NewPlane) -> None:
    [network] = json.loads(docker.docker("network", "inspect", "bridge"))
    config = network["IPAM"]["Config"][0]
    # An engine that has made its bridge itself, and not found it there, does not name the address: it is the first.
    gateway = config.get("Gateway") or str(ipaddress.ip_network(config["Subnet"])[1])
    needed = CONNECTIONS_OF_A_PEER + 200
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard == resource.RLIM_INFINITY or hard > needed, f"open files are limited to {hard}"
    if soft != resource.RLIM_INFINITY and soft < needed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (needed, hard))
    plane = new_plane(server={"pool": {"backend": "simulated"}, "allow_plaintext": True})
    plane.address = gateway
    plane.start()
    held: list[socket.socket] = []

    def healthy(connection: socket.socket) -> bool:
        """Whether it is served; one too many is closed at once."""
        try:
            connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: berth\r\n\r\n")
            return connection.recv(1 << 12).startswith(b"HTTP/1.1 200")
        except ConnectionError:
            return False

    def one_more() -> bool:
        connection = connect(plane)
        held.append(connection)
        return healthy(connection)

    try:
        # Those of the client's that waits for the start may be there as well.
        until("so many are taken", lambda: len(held) > CONNECTIONS_OF_A_PEER + 8 or not one_more(), 60, every=0)
        assert CONNECTIONS_OF_A_PEER - 8 < len(held) <= CONNECTIONS_OF_A_PEER + 1
        assert not one_more()
        assert healthy(held[0]), "those that are there are served"
        other = socket.create_connection((plane.address, plane.port), SOON_SECONDS, source_address=("127.0.0.1", 0))
        held.append(other)
        assert healthy(other), "others are served"
        held.pop(0).close()
        until("there is room again", one_more)
    finally:
        for connection in held:
            connection.close()
    assert Http(plane.url).send("GET", "/readyz").status == 200
    plane.end()
