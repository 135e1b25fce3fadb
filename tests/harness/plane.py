"""One control plane as a process of its own, on its own address and data directory, with what a test asks of it."""

from __future__ import annotations

import configparser
import functools
import itertools
import json
import os
import re
import signal
import subprocess
import threading
import time
from pathlib import Path
from typing import Any

import requests

from harness import cgroup, client, docker, process
from harness.wait import WITHIN_SECONDS, until

# How long `up` and `server` may take to be ready, and to end. Far more than they need, on a machine that is busy.
READY_WITHIN_SECONDS = 60
END_WITHIN_SECONDS = 60

_planes = itertools.count(1)


def binary() -> Path:
    """The program under test: `BERTH_BIN`, or what `cargo build` last made."""
    root = Path(__file__).resolve().parents[2]
    target = Path(os.environ.get("CARGO_TARGET_DIR", root / "target"))
    path = Path(os.environ.get("BERTH_BIN", target / "debug" / "berth"))
    assert path.is_file(), f"{path} is not there: build it with `cargo build --bin berth`, or set BERTH_BIN"
    return path.resolve()


class ControlPlane:
    """`berth up` or `berth server`. Keeps address and data directory from one start to the next."""

    def __init__(self, directory: Path, *options: str, simulate: bool = False, server: dict[str, Any] | None = None):
        self.directory = directory
        self.data = directory / "data"
        self.home = directory / "home"
        self.scratch = directory / "scratch"
        for path in (self.home, self.scratch):
            path.mkdir(parents=True, exist_ok=True)
        self.options = list(options)
        self.simulate = simulate
        self.server = server
        self.process: subprocess.Popen[str] | None = None
        # A loopback address of its own: after a restart its port cannot have been taken by another test.
        pid = os.getpid()
        self.address = f"127.{64 + (pid >> 8) % 128}.{pid % 256}.{1 + next(_planes) % 250}"
        self.port = 0
        self.announcement = ""
        self.log_path = directory / "log"
        # What its process finds in its environment beside the usual.
        self.environment: dict[str, str] = {}
        self._installations: set[str] = set()

    # ---- the process

    def start(self) -> "ControlPlane":
        """Starts it, and waits until it is ready."""
        self.announcement = self.spawn().first(READY_WITHIN_SECONDS)
        found = re.search(r"http://([0-9.]+|\[[0-9a-f:]+\]):(\d+)", self.announcement)
        assert found, f"the first line does not say where it listens: {self.announcement!r}\n{self.log_tail()}"
        self.address, self.port = found[1], int(found[2])
        until("/readyz answers 200", self._is_ready, READY_WITHIN_SECONDS, every=0.01)
        self._installations.add(self.installation)
        return self

    def spawn(self) -> "_Lines":
        """Starts it, and waits for nothing."""
        assert self.process is None, "it runs"
        with self.log_path.open("a") as log:
            self.process = subprocess.Popen(
                self._command(), env=self._environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                text=True, start_new_session=True,
            )
        return _Lines(self.process)

    def _command(self) -> list[str]:
        if self.server is None:
            simulate = ["--simulate"] if self.simulate else []
            listen = ["--listen", f"{self.address}:{self.port}", "--data", str(self.data)]
            return [str(binary()), "up", *listen, *simulate, *self.options]
        path = self.directory / "berth.toml"
        path.write_text(toml({"data_dir": str(self.data), "listen": f"{self.address}:{self.port}", **self.server}))
        return [str(binary()), "server", "--config", str(path)]

    def _environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "DOCKER_HOST", "RUST_BACKTRACE") if name in os.environ}
        log = os.environ.get("BERTH_LOG", "info")
        own = {"HOME": str(self.home), "TMPDIR": str(self.scratch), "BERTH_LOG": log}
        return {**kept, **own, **self.environment}

    def _is_ready(self) -> bool:
        assert self.process and self.process.poll() is None, f"it has ended:\n{self.log_tail()}"
        try:
            return self.http.send("GET", "/readyz").status == 200
        except requests.ConnectionError:
            return False

    @property
    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def kill(self) -> None:
        """`kill -9`, of this process alone."""
        assert self.process, "it does not run"
        self.process.kill()
        self.process.wait()
        self._forget()

    def end(self, number: signal.Signals = signal.SIGINT, within: float = END_WITHIN_SECONDS) -> float:
        """Asks it to end, and expects that it does so in order. Gives the seconds it took."""
        assert self.process, "it does not run"
        began = time.monotonic()
        self.process.send_signal(number)
        try:
            code = self.process.wait(within)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still there {within:g} s after {number.name}:\n{self.log_tail()}") from None
        self._forget()
        assert code == 0, f"ended with {code} after {number.name}:\n{self.log_tail()}"
        return time.monotonic() - began

    def _forget(self) -> None:
        self.process = None
        for name in ("http", "ecs", "logs"):
            self.__dict__.pop(name, None)

    def log_tail(self, lines: int = 60) -> str:
        """The end of its log."""
        text = self.log_path.read_text(errors="replace") if self.log_path.exists() else ""
        return "\n".join(text.splitlines()[-lines:])

    def log_bytes(self) -> int:
        """How long its log is by now."""
        return self.log_path.stat().st_size

    def connected(self, since: int) -> set[str]:
        """The hosts whose agents have connected, by the log after so many bytes. Who has died counts as CONNECTED for some
        seconds more, so that says nothing of who is back."""
        text = self.log_path.read_bytes()[since:].decode(errors="replace")
        return set(re.findall(r"session opened\W+host_id\W+(\w+)", text))

    # ---- what it has started

    @property
    def installation(self) -> str:
        return (self.data / "installation").read_text().strip()

    def agents(self) -> list[process.Process]:
        """The agents of its local hosts."""
        found = process.of_installation(self.installation, self.data)
        return [one for one in found if one.is_agent]

    def containers(self, task: str | None = None) -> list[str]:
        """The ids of the containers of a task, or of all tasks."""
        found = docker.of_tasks(self.installation)
        return [one["Id"] for one in found if task is None or docker.task_and_name(one)[0] == task]

    def left(self) -> list[str]:
        """What is there of it beside its data directory, once it has ended."""
        found = []
        for installation in self._known():
            for one in process.of_installation(installation, self.data):
                found.append(f"process {one.pid}: {' '.join(one.arguments)}")
            for one in docker.inspect(docker.container_ids(installation)):
                found.append(f"container {one['Name']} ({one['State']['Status']}) {one['Config']['Labels']}")
            found += [f"volume {name}" for name in docker.volumes(installation)]
            for top in cgroup.left(installation):
                found += [f"control group {one}" for one in (top, *top.rglob("*/"))]
            found += [f"image {one}" for one in docker.image_ids(installation)]
        found += [f"file {path}" for base in (self.home, self.scratch) for path in base.rglob("*")]
        return found + [f"directory of a host {path}" for path in self.host_directories()]

    def host_directories(self) -> list[Path]:
        hosts = self.data / "hosts"
        return list(hosts.iterdir()) if hosts.is_dir() else []

    def check_nothing_left(self) -> None:
        left = self.left()
        assert not left, f"left behind: {left}\n{self.log_tail()}"

    def finish(self) -> None:
        """Ends it as its user would, and checks that nothing is left."""
        if self.is_running:
            self.end(signal.SIGINT if self.server is None else signal.SIGTERM)
        if self.server is not None:
            self.down()
        self.check_nothing_left()

    def down(self) -> None:
        """`berth down`"""
        done = self.berth("down", "--data", str(self.data))
        assert done.returncode == 0, f"berth down ended with {done.returncode}: {done.stderr}"

    def guard(self) -> None:
        """Whatever happened: nothing of it outlives the test."""
        if self.process:
            self.process.kill()
            self.process.wait()
            self._forget()
        # An agent that is supervised by another may be started again while it is looked for.
        for installation in self._known():
            for _ in range(3):
                for one in process.of_installation(installation, self.data):
                    one.signal(signal.SIGKILL)
            ids = docker.container_ids(installation)
            if ids:
                docker.docker("rm", "--force", "--volumes", *ids, check=False)
            volumes = docker.volumes(installation)
            if volumes:
                docker.docker("volume", "rm", "--force", *volumes, check=False)
            cgroup.remove(installation)
            images = docker.image_ids(installation)
            if images:
                docker.docker("rmi", "--force", *images, check=False)

    def _known(self) -> set[str]:
        path = self.data / "installation"
        return self._installations | ({path.read_text().strip()} if path.exists() else set())

    # ---- its clients

    @property
    def url(self) -> str:
        return f"http://{self.address}:{self.port}"

    @functools.cached_property
    def http(self) -> client.Http:
        return client.Http(self.url)

    @functools.cached_property
    def ecs(self) -> Any:
        return client.boto("ecs", self.url)

    @functools.cached_property
    def logs(self) -> Any:
        return client.boto("logs", self.url)

    def aws(self, *arguments: str, check: bool = True, key: client.Key = client.ANY) -> Any:
        """The aws CLI."""
        return client.aws(self.url, *arguments, home=self.home.parent / "aws-home", check=check, key=key)

    def first_key(self) -> client.Key:
        """The administrator's key that `berth up` has made."""
        path = self.data / "credentials"
        assert path.stat().st_mode & 0o777 == 0o600
        parser = configparser.ConfigParser()
        parser.read(path)
        profile = parser["default"]
        return client.Key(profile["aws_access_key_id"], profile["aws_secret_access_key"])

    def berth(
        self, *arguments: str, within: float = 60, key: client.Key | None = None
    ) -> subprocess.CompletedProcess[str]:
        """The command `berth`, to its end."""
        done = self.berth_process(*arguments, key=key)
        try:
            out, errors = done.communicate(timeout=within)
        except subprocess.TimeoutExpired:
            done.kill()
            out, errors = done.communicate()
            raise AssertionError(f"berth {' '.join(arguments)} runs for {within:g} s: {out!r} {errors!r}") from None
        return subprocess.CompletedProcess(done.args, done.returncode, out, errors)

    def berth_process(self, *arguments: str, key: client.Key | None = None) -> subprocess.Popen[str]:
        """The command `berth`, running."""
        signs = key.environment if key else {}
        environment = {**self._environment(), **signs, "BERTH_ENDPOINT": self.url}
        environment.pop("BERTH_LOG")
        return subprocess.Popen(
            [str(binary()), *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.PIPE, text=True, start_new_session=True,
        )

    # ---- what tests do with it again and again

    def register(self, family: str, *containers: dict[str, Any], **members: Any) -> str:
        """Registers a task definition of these containers and gives `family:revision`."""
        request = {"family": family, "cpu": "256", "memory": "256", "networkMode": "bridge", **members}
        request = {name: value for name, value in request.items() if value is not None}
        answer = self.ecs.register_task_definition(containerDefinitions=list(containers), **request)
        return f"{family}:{answer['taskDefinition']['revision']}"

    def run(self, definition: str, **members: Any) -> str:
        """Runs one task and gives its ARN."""
        answer = self.ecs.run_task(taskDefinition=definition, **members)
        assert answer["failures"] == [], f"the task found no place: {answer['failures']}"
        assert len(answer["tasks"]) == 1, answer["tasks"]
        return answer["tasks"][0]["taskArn"]

    def task(self, arn: str) -> dict[str, Any]:
        answer = self.ecs.describe_tasks(cluster=cluster_of(arn), tasks=[arn])
        assert answer["failures"] == [], f"{arn} cannot be described: {answer['failures']}"
        return answer["tasks"][0]

    def wait_for(self, arn: str, status: str, within: float = WITHIN_SECONDS) -> dict[str, Any]:
        """Waits until the task has the status; one that stops meanwhile is a failure at once."""

        def look() -> dict[str, Any] | None:
            task = self.task(arn)
            if task["lastStatus"] == status:
                return task
            assert task["lastStatus"] != "STOPPED", f"stopped before it was {status}: {brief(task)}\n{self.log_tail()}"
            return None

        try:
            return until(f"{arn} is {status}", look, within)
        except AssertionError as error:
            raise AssertionError(f"{error}\nit is: {brief(self.task(arn))}\n{self.log_tail()}") from None

    def stop(self, arn: str, within: float = WITHIN_SECONDS) -> dict[str, Any]:
        """Stops a task and waits for its end. One that has not set its trap yet is deaf, and is killed after its time to
        stop, which is 30 s if it does not say."""
        self.ecs.stop_task(cluster=cluster_of(arn), task=arn)
        return self.wait_for(arn, "STOPPED", within)

    def output(self, arn: str, container: str = "main") -> list[str]:
        """What a container has printed so far, line by line."""
        task = self.task(arn)
        family = task["taskDefinitionArn"].rpartition("/")[2].rpartition(":")[0]
        stream = f"{family}/{container}/{arn.rpartition('/')[2]}"
        lines: list[str] = []
        token: dict[str, str] = {}
        while True:
            try:
                page = self.logs.get_log_events(
                    logGroupName="berth", logStreamName=stream, startFromHead=True, **token
                )
            except self.logs.exceptions.ResourceNotFoundException:
                return lines
            lines += [event["message"] for event in page["events"]]
            if token.get("nextToken") == page["nextForwardToken"]:
                return lines
            token = {"nextToken": page["nextForwardToken"]}

    def wait_for_output(
        self, arn: str, expected: list[str], container: str = "main", within: float = WITHIN_SECONDS
    ) -> None:
        """Waits until a container's output is exactly this."""
        try:
            until("the output is there", lambda: self.output(arn, container) == expected, within)
        except AssertionError:
            assert self.output(arn, container) == expected

    def waiting(self, arn: str) -> str | None:
        """Why the task waits, if it does."""
        attributes = {one["name"]: one.get("value") for one in self.task(arn)["attributes"]}
        return attributes.get("berth.waiting")


class _Lines:
    """Reads a process's standard output to its end, so that it never blocks, and hands out the first line."""

    def __init__(self, started: subprocess.Popen[str]):
        self._first = ""
        self._is_there = threading.Event()
        threading.Thread(target=self._read, args=(started.stdout,), daemon=True).start()

    def _read(self, stream: Any) -> None:
        with stream:
            self._first = stream.readline()
            self._is_there.set()
            for _ in stream:
                pass

    def first(self, within: float) -> str:
        assert self._is_there.wait(within), f"nothing on standard output for {within:g} s"
        return self._first


def shell(script: str, name: str = "main", **members: Any) -> dict[str, Any]:
    """A container definition that runs a script of busybox's shell."""
    return {"name": name, "image": docker.IMAGE, "command": ["sh", "-c", script], **members}


def cluster_of(arn: str) -> str:
    """The cluster in a task's ARN."""
    return arn.split("/")[1]


def brief(task: dict[str, Any]) -> str:
    """A task in one line, for failures."""
    members = ("lastStatus", "desiredStatus", "stopCode", "stoppedReason", "attributes")
    shown = {name: task.get(name) for name in members}
    shown["containers"] = [
        {name: one.get(name) for name in ("name", "lastStatus", "exitCode", "reason")} for one in task["containers"]
    ]
    return json.dumps(shown, default=str)


def toml(document: dict[str, Any]) -> str:
    """The part of TOML that a configuration needs: JSON's scalars are TOML's, and tables come last."""
    scalars = {name: value for name, value in document.items() if not isinstance(value, dict)}
    tables = {name: value for name, value in document.items() if isinstance(value, dict)}
    lines = [f"{name} = {json.dumps(value)}" for name, value in scalars.items()]
    for name, table in tables.items():
        lines += [f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"
