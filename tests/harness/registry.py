"""A registry of images on this machine's loopback: enough of the registry's HTTP API for Docker to pull from it, with or
without a password. No registry can be reached from a test, and none could be made to fail, to wait or to count."""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import io
import itertools
import json
import random
import re
import socket
import subprocess
import tarfile
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from harness.docker import IMAGE, docker
from harness.wait import until

_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
_CONFIG = "application/vnd.docker.container.image.v1+json"
_LAYER = "application/vnd.docker.image.rootfs.diff.tar.gzip"

# By what images are found again that have lost their names.
_LABEL = "berth-test.registry"

# Long enough for any test; a pull that is forgotten must not hold a worker for ever.
_HELD_SECONDS_MAX = 60

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Image:
    """An image in a registry."""

    # How a task definition names it: `127.0.0.1:PORT/NAME:TAG`.
    reference: str
    # Of its manifest, as `docker pull` and `imageDigest` say it.
    digest: str
    # Of its configuration, which is its id on a machine.
    id: str


class Registry:
    """Serves images until it is closed, and then removes them from this machine's Docker. Use it as a context manager."""

    def __init__(self, user: str | None = None, password: str = ""):
        self._credentials = f"{user}:{password}" if user is not None else None
        self._blobs: dict[str, tuple[str, bytes]] = {}
        self._tags: dict[str, str] = {}
        self._requests: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._open = threading.Event()
        self._open.set()
        self._waiting: Counter[str] = Counter()
        self._server = _Server(self)
        self.address = f"127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    def __enter__(self) -> "Registry":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def publish(self, name: str = "image", tag: str = "1", size: int = 0) -> Image:
        """Adds an image: the tests' own with a configuration that no other has, and a layer of so many random bytes.

        Docker does not know it, so that a pull of it really fetches something.
        """
        config, layers = _image()
        config = json.loads(json.dumps(config))
        number = f"{self.address}/{next(_numbers)}"
        config["config"]["Labels"] = {_LABEL: self.address, "berth-test.image": number}
        if size:
            layers = [*layers, _random_layer(number, size)]
        config["rootfs"]["diff_ids"] = [_digest(layer) for layer in layers]
        config["history"] = [{"created_by": "test"} for _ in layers]
        packed = [gzip.compress(layer, compresslevel=1, mtime=0) for layer in layers]
        config_blob = self._add(_CONFIG, json.dumps(config).encode())
        manifest = {
            "schemaVersion": 2,
            "mediaType": _MANIFEST,
            "config": config_blob,
            "layers": [self._add(_LAYER, layer) for layer in packed],
        }
        digest = self._add(_MANIFEST, json.dumps(manifest).encode())["digest"]
        with self._lock:
            self._tags[f"{name}:{tag}"] = digest
        return Image(f"{self.address}/{name}:{tag}", digest, config_blob["digest"])

    def _add(self, media_type: str, content: bytes) -> dict[str, Any]:
        digest = _digest(content)
        with self._lock:
            self._blobs[digest] = (media_type, content)
        return {"mediaType": media_type, "size": len(content), "digest": digest}

    def fetched(self, image: Image) -> int:
        """How often this image's configuration was fetched: once for each pull that had something to fetch."""
        with self._lock:
            return self._requests[image.id]

    def waiting(self) -> int:
        """How many different images are being waited for while the registry is held."""
        with self._lock:
            return sum(1 for count in self._waiting.values() if count)

    @contextlib.contextmanager
    def held(self) -> Iterator[None]:
        """Configurations are not handed out meanwhile: pulls begin, and do not end."""
        self._open.clear()
        try:
            yield
        finally:
            self._open.set()

    def close(self) -> None:
        """Ends it, and removes what Docker has of it."""
        self._open.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        # One that a container is made of goes with that at the latest, and a task's containers go a moment after its end.
        until("its images are gone", self._remove_images)

    def _remove_images(self) -> bool:
        found = docker("image", "ls", "--quiet", "--no-trunc", "--filter", f"label={_LABEL}={self.address}").split()
        if found:
            docker("image", "rm", "--force", *set(found), check=False)
        return not found

    # ---- what the server asks

    def is_allowed(self, header: str | None) -> bool:
        if self._credentials is None:
            return True
        return header == f"Basic {base64.b64encode(self._credentials.encode()).decode()}"

    def manifest(self, name: str, reference: str) -> tuple[str, str, bytes] | None:
        with self._lock:
            digest = self._tags.get(f"{name}:{reference}", reference)
            found = self._blobs.get(digest)
        return (digest, *found) if found and found[0] == _MANIFEST else None

    def blob(self, digest: str) -> tuple[str, bytes] | None:
        with self._lock:
            found = self._blobs.get(digest)
            if found and found[0] == _CONFIG:
                self._requests[digest] += 1
                self._waiting[digest] += 1
        if found and found[0] == _CONFIG:
            self._open.wait(_HELD_SECONDS_MAX)
            with self._lock:
                self._waiting[digest] -= 1
        return found


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, registry: Registry):
        self.registry = registry
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A pull that was given up closes its connection: nothing to say."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def handle(self) -> None:
        # Docker tries TLS first. What it says then is no HTTP, and may have no line end to read up to.
        with contextlib.suppress(ConnectionError):
            if self.connection.recv(1, socket.MSG_PEEK) != b"\x16":
                super().handle()

    def do_GET(self) -> None:
        self._answer(has_body=True)

    def do_HEAD(self) -> None:
        self._answer(has_body=False)

    def _answer(self, has_body: bool) -> None:
        registry = self.server.registry
        if not registry.is_allowed(self.headers.get("Authorization")):
            body = b'{"errors":[{"code":"UNAUTHORIZED","message":"authentication required"}]}'
            self._send(401, "application/json", body, has_body, {"WWW-Authenticate": 'Basic realm="berth-test"'})
        elif self.path == "/v2/":
            self._send(200, "application/json", b"{}", has_body)
        elif found := re.fullmatch(r"/v2/(.+)/manifests/(.+)", self.path):
            manifest = registry.manifest(found[1], found[2])
            if manifest:
                digest, media_type, content = manifest
                self._send(200, media_type, content, has_body, {"Docker-Content-Digest": digest})
            else:
                body = b'{"errors":[{"code":"MANIFEST_UNKNOWN","message":"manifest unknown"}]}'
                self._send(404, "application/json", body, has_body)
        elif found := re.fullmatch(r"/v2/(.+)/blobs/(sha256:[0-9a-f]+)", self.path):
            blob = registry.blob(found[2])
            if blob:
                self._send(200, "application/octet-stream", blob[1], has_body, {"Docker-Content-Digest": found[2]})
            else:
                self._send(404, "application/json", b'{"errors":[{"code":"BLOB_UNKNOWN"}]}', has_body)
        else:
            self._send(404, "application/json", b"{}", has_body)

    def _send(
        self, status: int, media_type: str, body: bytes, has_body: bool, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Docker-Distribution-Api-Version", "registry/2.0")
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(body)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        if has_body:
            self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent: a test asks the registry what was fetched."""


_saved: list[tuple[dict[str, Any], list[bytes]]] = []


def _image() -> tuple[dict[str, Any], list[bytes]]:
    """The configuration and the layers of the tests' image, as Docker saves it."""
    if not _saved:
        archive = subprocess.run(["docker", "save", IMAGE], check=True, capture_output=True, timeout=60).stdout
        with tarfile.open(fileobj=io.BytesIO(archive)) as tar:

            def read(name: str) -> bytes:
                member = tar.extractfile(name)
                assert member, name
                return member.read()

            [manifest] = json.loads(read("manifest.json"))
            _saved.append((json.loads(read(manifest["Config"])), [read(layer) for layer in manifest["Layers"]]))
    return _saved[0]


def _random_layer(seed: str, size: int) -> bytes:
    content = random.Random(seed).randbytes(size)
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as tar:
        member = tarfile.TarInfo("ballast")
        member.size = size
        tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def _digest(content: bytes) -> str:
    return f"sha256:{hashlib.sha256(content).hexdigest()}"
