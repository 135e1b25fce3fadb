"""Fixtures: control planes that are one test's own, and one of each kind that the tests of a worker share."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness.agent import Agent
from harness.docker import Starts, docker
from harness.plane import ControlPlane, binary

_names = itertools.count(1)
_PLANES = pytest.StashKey[list[ControlPlane]]()
_HAS_FAILED = pytest.StashKey[bool]()


def pytest_sessionstart(session: pytest.Session) -> None:
    # Once, before any worker: one clear message instead of one from each test.
    if not hasattr(session.config, "workerinput"):
        try:
            binary()
            docker("version", "--format", "{{.Server.Version}}")
        except (AssertionError, OSError) as error:
            pytest.exit(str(error), returncode=3)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[Any]) -> Any:
    report = yield
    if report.failed:
        item.stash[_HAS_FAILED] = True
        shared = [item.funcargs[name] for name in ("plane", "simulated") if name in getattr(item, "funcargs", {})]
        for plane in [*shared, *item.stash.get(_PLANES, [])]:
            report.sections.append((f"log of {plane.url} ({plane.data})", plane.log_tail(120)))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Shows what tests have measured; what they print themselves is lost on the way from a worker."""
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in report.user_properties:
            if name == "figure" and report.when == "call":
                terminalreporter.write_line(f"measured: {value}")


@pytest.fixture
def new_plane(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[..., ControlPlane]]:
    """Makes control planes for this test alone. If the test passes they must end in order and leave nothing."""
    made = request.node.stash.setdefault(_PLANES, [])

    def make(*options: str, **settings: Any) -> ControlPlane:
        plane = ControlPlane(tmp_path / f"plane-{len(made)}", *options, **settings)
        made.append(plane)
        return plane

    try:
        yield make
        if not request.node.stash.get(_HAS_FAILED, False):
            for plane in made:
                plane.finish()
    finally:
        for plane in made:
            plane.guard()


def _shared(factory: pytest.TempPathFactory, name: str, **settings: Any) -> Iterator[ControlPlane]:
    plane = ControlPlane(factory.mktemp(name), **settings)
    try:
        yield plane.start()
        plane.finish()
    finally:
        plane.guard()


@pytest.fixture(scope="session")
def plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A `berth up` on Docker that the tests of one worker share, one after another."""
    yield from _shared(tmp_path_factory, "docker")


@pytest.fixture(scope="session")
def simulated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A `berth up --simulate` that the tests of one worker share, one after another."""
    yield from _shared(tmp_path_factory, "simulated", simulate=True)


@pytest.fixture
def name(request: pytest.FixtureRequest) -> str:
    """A name that no other test has, for families and clusters."""
    base = re.sub(r"[^A-Za-z0-9]+", "-", request.node.originalname)[:40]
    return f"{base}-{os.getpid()}-{next(_names)}"


@pytest.fixture
def new_agent(plane: ControlPlane, name: str, tmp_path: Path) -> Iterator[Callable[..., Agent]]:
    """Makes the host of a cluster of this test's own, by `berth agent` with these options."""
    plane.ecs.create_cluster(clusterName=name)
    made: list[Agent] = []

    def make(*options: str, **surroundings: Any) -> Agent:
        made.append(Agent(plane, name, tmp_path / f"agent-{len(made)}", *options, **surroundings))
        made[-1].instance()
        return made[-1]

    try:
        yield make
    finally:
        for agent in made:
            agent.guard()


@pytest.fixture
def starts() -> Iterator[Callable[[ControlPlane], Starts]]:
    """Counts how often containers are started."""
    made: list[Starts] = []

    def count(plane: ControlPlane) -> Starts:
        made.append(Starts(plane.installation))
        return made[-1]

    yield count
    for one in made:
        one.close()
