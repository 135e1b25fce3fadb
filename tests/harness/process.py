"""Processes as /proc shows them: which belong to an installation, and whether they are still there."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Process:
    pid: int
    arguments: tuple[str, ...]

    @property
    def is_agent(self) -> bool:
        return len(self.arguments) > 1 and self.arguments[1] == "agent"

    def signal(self, number: signal.Signals) -> None:
        """Sends a signal; one that has ended is fine."""
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            pass


def of_installation(installation: str | None, data: Path) -> list[Process]:
    """The live processes that carry the installation's id in their environment, or name its data directory."""
    marks = [f"BERTH_INSTALLATION={installation}"] if installation else []
    found = []
    for directory in Path("/proc").iterdir():
        if not directory.name.isdigit() or int(directory.name) == os.getpid():
            continue
        try:
            if _is_zombie(directory):
                continue
            arguments = tuple((directory / "cmdline").read_bytes().decode(errors="replace").split("\0")[:-1])
            environment = (directory / "environ").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            continue
        names_data = any(argument == str(data) or argument.startswith(f"{data}/") for argument in arguments)
        is_marked = any(mark in environment for mark in marks)
        if is_marked or (names_data and "berth" in Path(arguments[0]).name):
            found.append(Process(int(directory.name), arguments))
    return found


def _is_zombie(directory: Path) -> bool:
    # The name in parentheses may hold anything, so what follows the last one counts.
    return (directory / "stat").read_text(errors="replace").rpartition(")")[2].split()[0] == "Z"
