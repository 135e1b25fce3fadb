"""Hosts that fail: agents that hang, a Docker that hangs, a disk that is full. Clients see it, nothing new is placed there,
and what comes back comes back without strangers."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from harness import docker
from harness.agent import Agent
from harness.plane import ControlPlane, shell
from harness.wait import until

NewPlane = Callable[..., ControlPlane]

FOREVER = "trap 'exit 0' TERM; while true; do sleep 0.1; done"
# The same, and says when it listens.
READY = "trap 'exit 0' TERM; echo ready; while true; do sleep 0.1; done"
# Ends only when it is killed.
DEAF = "trap '' TERM; while true; do sleep 0.1; done"

QUICK = {"open": True, "agent_heartbeat_seconds": 1, "host_disconnected_after_seconds": 1}


@contextmanager
def joined(plane: ControlPlane, cluster: str, data: Path, *options: str, **settings: Any) -> Iterator[Agent]:
    plane.ecs.create_cluster(clusterName=cluster)
    agent = Agent(plane, cluster, data, *options, **settings)
    try:
        yield agent
    finally:
        if agent.process:
            agent.process.send_signal(signal.SIGCONT)
        agent.guard()


@contextmanager
def events_of(
    cluster: str, path: Path, environment: dict[str, str] | None = None
) -> Iterator[Callable[[str, str], list[int]]]:
    """What happens to the containers of a cluster: gives the moments of an action on a task's, in nanoseconds."""
    filters = ["--filter", f"label=com.amazonaws.ecs.cluster={cluster}", "--filter", "type=container"]
    command = ["docker", "events", "--format", "{{json .}}", *filters]
    with path.open("w") as out:
        following = subprocess.Popen(command, env=environment, stdout=out)

    def moments(action: str, task: str) -> list[int]:
        found = [json.loads(line) for line in path.read_text().splitlines(keepends=True) if line.endswith("\n")]
        is_it = [one for one in found if one["Actor"]["Attributes"][docker.TASK_LABEL] == task]
        return [one["timeNano"] for one in is_it if one["Action"] == action]

    try:
        yield moments
    finally:
        following.kill()
        following.wait()


def failure_of(plane: ControlPlane, name: str) -> dict[str, str] | None:
    """Why the only host of the cluster does not take a task just now, if it is for its agent."""
    failures = plane.ecs.run_task(cluster=name, taskDefinition=name, launchType="EC2")["failures"]
    return next((failure for failure in failures if failure["reason"] == "AGENT"), None)


def placed(plane: ControlPlane, cluster: str, definition: str, **members: Any) -> str:
    """Runs a task on the only host of the cluster, once that is connected: with a heartbeat each second, a busy machine is
    late for one now and then."""

    def run() -> str | None:
        answer = plane.ecs.run_task(cluster=cluster, taskDefinition=definition, launchType="EC2", **members)
        assert all(failure["reason"] == "AGENT" for failure in answer["failures"]), answer["failures"]
        return answer["tasks"][0]["taskArn"] if answer["tasks"] else None

    return until("the host takes the task", run)


def test_a_host_that_hangs_is_disconnected_then_lost_and_comes_back_without_strangers(
    new_plane: NewPlane, name: str, tmp_path: Path
) -> None:
    plane = new_plane(server={**QUICK, "host_lost_after_seconds": 8}).start()
    with joined(plane, name, tmp_path / "agent") as agent, events_of(name, tmp_path / "events") as moments:
        agent.instance()
        plane.register(name, shell(DEAF, stopTimeout=3), cpu="256", memory="128")
        old = placed(plane, name, name)
        plane.wait_for(old, "RUNNING")
        assert agent.process
        agent.process.send_signal(signal.SIGSTOP)

        task = until("clients see it", lambda: (task := plane.task(old))["connectivity"] == "DISCONNECTED" and task)
        assert task["lastStatus"] == "RUNNING", "it may still be there"
        described = agent.described()
        assert described and not described["agentConnected"] and described["status"] == "ACTIVE"
        [failure] = plane.ecs.run_task(cluster=name, taskDefinition=name, launchType="EC2")["failures"]
        assert failure["reason"] == "AGENT" and "not connected" in failure["detail"], failure

        task = plane.wait_for(old, "STOPPED")
        assert task["stopCode"] == "TerminationNotice", task
        assert re.fullmatch(r"Host EC2 \(instance .+?\) terminated\.", task["stoppedReason"]), task
        assert agent.containers(), "its container does not know"

        agent.process.send_signal(signal.SIGCONT)
        plane.register(f"{name}-new", shell(FOREVER, stopTimeout=2), cpu="512", memory="512")
        new = placed(plane, name, f"{name}-new")
        plane.wait_for(new, "RUNNING")
        assert agent.instance()["agentConnected"]
        until("Docker has told of it", lambda: moments("start", new))
        [died], [started] = moments("die", old), moments("start", new)
        assert died < started, "the whole host was given to the new one, and is its own"
        assert len(moments("start", old)) == 1
        assert plane.task(old)["stoppedReason"] == task["stoppedReason"]
        plane.stop(new)
        until("its containers go", lambda: not agent.containers())
        agent.end(signal.SIGTERM)


def test_a_blip_is_nothing_to_clients(new_plane: NewPlane, name: str, tmp_path: Path) -> None:
    plane = new_plane(server={**QUICK, "host_disconnected_after_seconds": 20}).start()
    with joined(plane, name, tmp_path / "agent", cpu=1024) as agent:
        agent.instance()
        plane.register(name, shell(FOREVER, stopTimeout=2), cpu="256", memory="128")
        arn = placed(plane, name, name)
        before = plane.wait_for(arn, "RUNNING")
        since = plane.log_bytes()
        agent.end(signal.SIGKILL)
        # Nothing is placed there all the same. What is until then takes some of the room that is needed below.
        until("the server has noticed", lambda: b"session ended" in plane.log_path.read_bytes()[since:])
        until("nothing is placed there", lambda: failure_of(plane, name))
        assert plane.task(arn)["connectivity"] == "CONNECTED"
        agent.start()
        again = placed(plane, name, name)
        task = plane.task(arn)
        assert (task["connectivity"], task["connectivityAt"]) == ("CONNECTED", before["connectivityAt"])
        plane.wait_for(again, "RUNNING")
        for one in plane.ecs.list_tasks(cluster=name)["taskArns"]:
            plane.stop(one)
        until("its containers go", lambda: not agent.containers())
        agent.end(signal.SIGTERM)


def impairment(agent: Agent) -> str | None:
    """Why the host cannot run containers, if it is said everywhere that it cannot."""
    described = agent.described()
    health = described and described.get("healthStatus")
    if not health or health["overallStatus"] != "IMPAIRED":
        return None
    [detail] = health["details"]
    assert (detail["type"], detail["status"]) == ("CONTAINER_RUNTIME", "IMPAIRED"), detail
    assert detail["lastStatusChange"] <= detail["lastUpdated"], detail
    assert agent.attributes()["berth.impaired"] == detail["statusReason"]
    return detail["statusReason"]


def is_well(agent: Agent) -> bool:
    described = agent.described()
    return bool(described) and described.get("healthStatus", {}).get("overallStatus") == "OK"


class Dockerd:
    """A Docker Engine of the test's own, in a network namespace of its own: in the machine's it would take the bridge of the
    machine's Docker for a left-over, and remove it."""

    def __init__(self, directory: Path):
        # A socket's path has few characters.
        self.directory = Path(tempfile.mkdtemp(prefix="berth-dockerd-"))
        self.host = f"unix://{self.directory}/sock"
        self.log_path = directory / "dockerd.log"
        with self.log_path.open("w") as log:
            self.process = subprocess.Popen(
                [
                    "unshare", "--net", "--", "dockerd", "--host", self.host, "--data-root", f"{self.directory}/data",
                    "--exec-root", f"{self.directory}/exec", "--pidfile", f"{self.directory}/pid",
                    "--bridge", "none", "--iptables=false", "--ip6tables=false", "--ip-forward=false", "--ip-masq=false",
                ],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True,
            )
        until("dockerd is ready", self._is_ready, every=0.2)

    def _is_ready(self) -> bool:
        assert self.process.poll() is None, self.log_path.read_text()[-3000:]
        return subprocess.run(["docker", "version"], env=self.environment, capture_output=True, check=False).returncode == 0

    @property
    def environment(self) -> dict[str, str]:
        return {**os.environ, "DOCKER_HOST": self.host}

    def load(self, image: str) -> None:
        saved = subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE)
        subprocess.run(["docker", "load"], env=self.environment, stdin=saved.stdout, check=True, capture_output=True)
        assert saved.wait() == 0

    def close(self) -> None:
        self.process.send_signal(signal.SIGCONT)
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        # What it has mounted goes with it; what it could not unmount is unmounted here.
        for line in reversed(Path("/proc/self/mounts").read_text().splitlines()):
            target = line.split()[1]
            if target.startswith(f"{self.directory}/"):
                subprocess.run(["umount", "--lazy", target], check=False, capture_output=True)
        shutil.rmtree(self.directory, ignore_errors=True)


@pytest.fixture
def dockerd(tmp_path: Path) -> Iterator[Dockerd]:
    if os.geteuid() != 0 or not shutil.which("dockerd") or not shutil.which("unshare"):
        pytest.skip("a Docker Engine of one's own needs dockerd, unshare and root")
    started = Dockerd(tmp_path)
    try:
        yield started
    finally:
        started.close()


def test_a_docker_that_hangs_impairs_its_host_until_it_goes_on(
    new_plane: NewPlane, name: str, tmp_path: Path, dockerd: Dockerd
) -> None:
    plane = new_plane(server=QUICK).start()
    dockerd.load(docker.IMAGE)
    options = ["--check-every", "1", "--check-within", "1", "--image-pull-behavior", "prefer-cached"]
    environment = {"DOCKER_HOST": dockerd.host}
    with joined(plane, name, tmp_path / "agent", *options, environment=environment) as agent:
        agent.instance()
        until("it is well", lambda: is_well(agent))
        plane.register(name, shell(READY), cpu="256", memory="128", networkMode="none")
        arn = placed(plane, name, name)
        plane.wait_for(arn, "RUNNING")

        dockerd.process.send_signal(signal.SIGSTOP)
        reason = until("it is impaired", lambda: impairment(agent))
        assert reason == "Docker does not answer within 1 s"

        def says_so() -> bool:
            failure = failure_of(plane, name)
            assert failure, "nothing is placed there"
            return "1 is impaired" in failure["detail"]

        until("that is said to be why", says_so)
        assert "impaired" in plane.berth("hosts", "--cluster", name).stdout
        instance = agent.instance()
        assert instance["status"] == "ACTIVE" and plane.task(arn)["lastStatus"] == "RUNNING"

        dockerd.process.send_signal(signal.SIGCONT)
        until("it is well again", lambda: is_well(agent))
        assert "berth.impaired" not in agent.attributes()
        second = placed(plane, name, name)
        plane.wait_for(second, "RUNNING")
        for one in (arn, second):
            plane.wait_for_output(one, ["ready"])
            assert plane.stop(one)["containers"][0]["exitCode"] == 0
        agent.end(signal.SIGTERM)


def test_a_command_that_begins_after_it_was_given_up_is_ended(
    new_plane: NewPlane, name: str, tmp_path: Path, dockerd: Dockerd
) -> None:
    plane = new_plane(server=QUICK).start()
    dockerd.load(docker.IMAGE)
    environment = {"DOCKER_HOST": dockerd.host}
    options = ["--image-pull-behavior", "prefer-cached"]
    with (
        joined(plane, name, tmp_path / "agent", *options, environment=environment) as agent,
        events_of(name, tmp_path / "events", dockerd.environment) as moments,
    ):
        agent.instance()
        plane.register(name, shell(FOREVER, stopTimeout=2), cpu="256", memory="128", networkMode="none")
        arn = placed(plane, name, name, enableExecuteCommand=True)
        [container] = plane.wait_for(arn, "RUNNING")["containers"]
        assert agent.containers() == [container["runtimeId"]]
        dockerd.process.send_signal(signal.SIGSTOP)
        given_up = plane.berth("exec", "--cluster", name, arn, "sleep", "4321")
        assert given_up.returncode == 125 and "does not begin" in given_up.stderr, given_up
        dockerd.process.send_signal(signal.SIGCONT)
        # By Docker's own word: it may be ended before it has done anything.
        until("it has begun", lambda: moments("exec_start: sleep 4321", arn))
        until("it is ended", lambda: moments("exec_die", arn))
        shown = docker.docker("exec", container["runtimeId"], "ps", environment=dockerd.environment)
        assert "trap" in shown and "sleep 4321" not in shown, shown
        plane.stop(arn)
        until("its containers go", lambda: not agent.containers())
        agent.end(signal.SIGTERM)


def test_a_full_disk_impairs_its_host(new_plane: NewPlane, name: str, tmp_path: Path) -> None:
    plane = new_plane(server=QUICK).start()
    # No disk has so much room.
    with joined(plane, name, tmp_path / "agent", "--disk-floor", str(10**12)) as agent:
        agent.instance()
        reason = until("it is impaired", lambda: impairment(agent))
        assert reason.startswith("the disk is full: ") and "MiB left" in reason, reason
        plane.register(name, shell("exit 0"), cpu="256", memory="128")
        assert failure_of(plane, name)
        agent.end(signal.SIGTERM)
        agent.options = ()
        agent.start()
        until("it is well", lambda: is_well(agent))
        arn = placed(plane, name, name)
        assert plane.wait_for(arn, "STOPPED")["containers"][0]["exitCode"] == 0
        until("its containers go", lambda: not agent.containers())
        agent.end(signal.SIGTERM)
