"""The control groups of tasks, as the kernel shows them."""

from __future__ import annotations

import contextlib
from pathlib import Path

from harness.docker import docker

TOP = "berth"


def version() -> int:
    """The version of control groups that Docker uses."""
    return int(docker("info", "--format", "{{.CgroupVersion}}"))


def trees() -> list[tuple[Path, set[str]]]:
    """Where control groups are mounted, with the options of each mount."""
    lines = [line.split() for line in Path("/proc/mounts").read_text().splitlines()]
    return [(Path(line[1]), set(line[3].split(","))) for line in lines if line[2] in ("cgroup", "cgroup2")]


def group(parent: str, controller: str) -> Path:
    """The directory of a container's parent group in the tree of a controller."""
    for mount, options in trees():
        if version() == 2 or controller in options:
            return mount / parent.lstrip("/")
    raise AssertionError(f"the controller {controller} is not mounted")


def read(directory: Path, *names: str) -> str:
    """The first of these files that is there: one for each version."""
    for name in names:
        if (directory / name).exists():
            return (directory / name).read_text().strip()
    raise AssertionError(f"none of {names} in {directory}")


def all_of(parent: str) -> list[Path]:
    """The directories of a group that are there, over all trees."""
    found = [mount / parent.lstrip("/") for mount, _ in trees()]
    return [path for path in found if path.is_dir()]


def left(installation: str) -> list[Path]:
    """What is there of an installation's groups, in any tree."""
    return all_of(f"{TOP}/{installation}") + all_of(f"{TOP}.slice/{TOP}-{installation}.slice")


def remove(installation: str) -> None:
    """Removes an installation's groups, as far as nothing is in them."""
    for top in left(installation):
        below = [path for path in top.rglob("*") if path.is_dir()]
        for path in [*sorted(below, reverse=True), top]:
            with contextlib.suppress(OSError):
                path.rmdir()
