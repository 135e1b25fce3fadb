"""Agents killed with `kill -9` at random points over a run of tasks of all kinds: no container is lost or runs twice, every
exit code is right, nothing is left over.

`make kills` kills them a thousand times; `BERTH_KILLS` says how often."""

from __future__ import annotations

import os
import random
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from harness import docker
from harness.load import Watch
from harness.plane import ControlPlane, binary, brief, shell
from harness.wait import until

# So many in `make test`.
KILLS = 40

# A task's life under kills, beside what it runs for.
END_WITHIN_SECONDS = 120

# Longest that an agent lives after it was started again, most of the time: tasks take about as long. One in so many lives
# longer, so that whatever takes longer comes to its end, too.
LIFE_SECONDS = 0.8
LONG_LIFE_SECONDS = 3.0
LONG_LIFE_EVERY = 12

# How many tasks are there at a time.
OUTSTANDING = 6

STOPPED_BY_US = "trap 'exit 8' TERM; echo up; while true; do sleep 0.05; done"


@dataclass
class Run:
    """A task and what must come of it."""

    arn: str
    kind: str
    # By container: its exit code, and what it prints.
    codes: dict[str, int]
    output: dict[str, list[str]]


@dataclass
class Runner:
    """Submits tasks of all kinds without pause, so many at a time, and follows each to its end."""

    plane: ControlPlane
    dice: random.Random
    runs: list[Run] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self) -> list[threading.Thread]:
        threads = [
            threading.Thread(target=self.submit, args=(random.Random(self.dice.random()),), daemon=True)
            for _ in range(OUTSTANDING)
        ]
        for thread in threads:
            thread.start()
        return threads

    def submit(self, dice: random.Random) -> None:
        try:
            while not self.is_over.is_set():
                run = self.begin(dice)
                with self.lock:
                    self.runs.append(run)
                if run.kind == "stopped":
                    until("it is up", lambda: self.plane.output(run.arn) == ["up"], END_WITHIN_SECONDS, every=0.2)
                    self.plane.ecs.stop_task(task=run.arn)
                until("it has ended", lambda: self.status(run) == "STOPPED", END_WITHIN_SECONDS, every=0.2)
        except Exception as error:  # noqa: BLE001: told by the test itself
            self.troubles.append(repr(error))

    def status(self, run: Run) -> str:
        return self.plane.task(run.arn)["lastStatus"]

    def begin(self, dice: random.Random) -> Run:
        kind = dice.choice(["one", "one", "two", "network", "stopped"])
        codes, output, overrides = {}, {}, []
        for container in ["first", "main"] if kind == "two" else ["main"]:
            code = 0 if container == "first" else dice.randrange(100)
            word = f"{container}-{dice.randrange(10**9)}"
            script = f"echo {word}; sleep {dice.uniform(0, 1.5):.2f}; exit {code}"
            codes[container], output[container] = code, [word]
            overrides.append({"name": container, "command": ["sh", "-c", script]})
        if kind == "stopped":
            codes, output, overrides = {"main": 8}, {"main": ["up"]}, []
        arn = until("it finds a place", lambda: self.place(kind, overrides), END_WITHIN_SECONDS, every=0.02)
        return Run(arn, kind, codes, output)

    def place(self, kind: str, overrides: list[dict[str, Any]]) -> str | None:
        """Runs a task, unless its host is away just now."""
        answer = self.plane.ecs.run_task(
            taskDefinition=kind, launchType="EC2", overrides={"containerOverrides": overrides}
        )
        assert all(failure["reason"] == "AGENT" for failure in answer["failures"]), answer["failures"]
        return answer["tasks"][0]["taskArn"] if answer["tasks"] else None


class Agent:
    """A host of the test's own, whose agent it starts again as soon as it has died: a supervisor would wait longer each
    time."""

    def __init__(self, plane: ControlPlane):
        self.plane = plane
        self.data = plane.directory / "agent"
        self.log = plane.directory / "agent.log"
        self.process: subprocess.Popen[bytes] | None = None

    def command(self, *more: str) -> list[str]:
        options = ["--backend", self.plane.url, "--cluster", "default", "--data", str(self.data)]
        options += ["--installation", self.plane.installation, "--image-pull-behavior", "prefer-cached"]
        return [str(binary()), "agent", *options, *more]

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), env=self.plane._environment(), stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def kill(self) -> None:
        assert self.process
        assert self.process.poll() is None, f"it has ended by itself: {self.process.returncode}\n{self.tail()}"
        self.process.kill()
        self.process.wait()

    def end(self) -> None:
        """Ends it as its supervisor would, and gives the host up."""
        assert self.process
        self.process.terminate()
        assert self.process.wait(20) == 0, self.tail()
        done = subprocess.run(self.command("--retire"), env=self.plane._environment(), capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr

    def tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-40:])


@pytest.fixture
def new_agent() -> Iterator[Callable[[ControlPlane], Agent]]:
    made: list[Agent] = []

    def make(plane: ControlPlane) -> Agent:
        made.append(Agent(plane))
        made[-1].start()
        return made[-1]

    yield make
    for agent in made:
        if agent.process and agent.process.poll() is None:
            agent.process.kill()
            agent.process.wait()


@pytest.mark.timeout(7200)
def test_agents_killed_at_random_points(
    new_plane: Callable[..., ControlPlane],
    new_agent: Callable[[ControlPlane], Agent],
    starts: Callable[[ControlPlane], docker.Starts],
    record_property: Callable[[str, Any], None],
) -> None:
    kills = int(os.environ.get("BERTH_KILLS", KILLS))
    seed = int(os.environ.get("BERTH_KILLS_SEED", random.randrange(2**32)))
    print(f"seed {seed}")
    dice = random.Random(seed)
    plane = new_plane().start()
    counted = starts(plane)
    plane.register("one", shell("true"), cpu="128", memory="64")
    plane.register("network", shell("true"), cpu="128", memory="64", networkMode="awsvpc")
    plane.register("stopped", shell(STOPPED_BY_US), cpu="128", memory="64")
    first = shell("true", "first", essential=False)
    second = shell("true", dependsOn=[{"containerName": "first", "condition": "SUCCESS"}])
    plane.register("two", first, second, cpu="128", memory="64")
    runner = Runner(plane, dice)
    agent = new_agent(plane)
    until("it is connected", lambda: connected(plane))
    began = time.monotonic()
    threads = runner.start()
    done = 0
    while done < kills and not runner.troubles:
        life = LONG_LIFE_SECONDS if dice.randrange(LONG_LIFE_EVERY) == 0 else LIFE_SECONDS
        # Where it is in its life when it dies is what this is about.
        time.sleep(dice.uniform(0, life))
        agent.kill()
        agent.start()
        done += 1
    runner.is_over.set()
    for thread in threads:
        thread.join(2 * END_WITHIN_SECONDS)
        assert not thread.is_alive(), "a task never came to its end"
    seconds = time.monotonic() - began
    assert not runner.troubles, f"{runner.troubles}\n{agent.tail()}"

    check(plane, runner.runs, counted)
    until("all containers are removed", lambda: not plane.containers(), within=60)
    agent.end()
    figure = f"{done} kills, {len(runner.runs)} tasks, {len(counted.counts())} containers in {seconds:.0f} s"
    record_property("figure", f"{figure}: none lost, none doubled, every exit code right (seed {seed})")


def connected(plane: ControlPlane) -> bool:
    hosts = plane.ecs.list_container_instances()["containerInstanceArns"]
    shown = plane.ecs.describe_container_instances(containerInstances=hosts)["containerInstances"] if hosts else []
    return any(host["agentConnected"] for host in shown)


def check(plane: ControlPlane, runs: list[Run], counted: docker.Starts) -> None:
    """Each container was started once, ended as it should, and its output says so too; and there are no others."""
    tasks = Watch(plane).look([run.arn for run in runs])
    for run in runs:
        task = tasks[run.arn]
        codes = {one["name"]: one.get("exitCode") for one in task["containers"]}
        assert codes == run.codes, f"{run.kind}: {brief(task)}"
        stop_code = "UserInitiated" if run.kind == "stopped" else "EssentialContainerExited"
        assert task["stopCode"] == stop_code, brief(task)
        for container, lines in run.output.items():
            plane.wait_for_output(run.arn, lines, container)
    expected = {f"{run.arn} {container}" for run in runs for container in run.codes}
    until("Docker has told of all starts", lambda: len(counted.counts()) >= len(expected), within=30)
    assert counted.counts() == dict.fromkeys(expected, 1), "each was started exactly once, and no other"
