"""A host of a cluster's own: `berth agent` beside a control plane, with a slice of this machine."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

from harness import docker
from harness.plane import ControlPlane, binary
from harness.wait import WITHIN_SECONDS, until


RETIRE_WITHIN_SECONDS = 60


class Agent:
    """`options` go to the command line, `environment` beside what the process finds."""

    def __init__(
        self,
        plane: ControlPlane,
        cluster: str,
        data: Path,
        *options: str,
        cpu: int = 512,
        memory: int = 512,
        environment: dict[str, str] | None = None,
        by: tuple[str, ...] = (),
    ):
        self.plane, self.cluster, self.data = plane, cluster, data
        # A program that runs it in surroundings of its own.
        self.by = list(by)
        self.options = ["--cpu", str(cpu), "--memory", str(memory), *options]
        self.environment = {**os.environ, **(environment or {})}
        self.log_path = data.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None
        self.start()

    def _command(self, *more: str) -> list[str]:
        where = ["--backend", self.plane.url, "--cluster", self.cluster, "--data", str(self.data)]
        return [*self.by, str(binary()), "agent", *where, *self.options, *more]

    def start(self) -> None:
        with self.log_path.open("a") as log:
            self.process = subprocess.Popen(
                self._command(), env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )

    def end(self, number: signal.Signals) -> int:
        assert self.process
        self.process.send_signal(number)
        return self.process.wait(WITHIN_SECONDS)

    def containers(self) -> list[str]:
        """Its own, by the cluster that nobody else is in, of the Docker that it speaks to."""
        label = f"label=com.amazonaws.ecs.cluster={self.cluster}"
        arguments = ["ps", "--all", "--quiet", "--no-trunc", "--filter", label]
        return docker.docker(*arguments, environment=self.environment).split()

    def instance(self) -> dict[str, Any]:
        """The host as it is described, once it is connected."""

        def look() -> Any:
            assert self.process and self.process.poll() is None, f"the agent has ended: {self.log_path.read_text()}"
            instance = self.described()
            return instance if instance and instance["agentConnected"] else None

        return until("the host is connected", look)

    def described(self) -> dict[str, Any] | None:
        """The host as it is described, with what is known of its health."""
        arns = self.plane.ecs.list_container_instances(cluster=self.cluster)["containerInstanceArns"]
        if not arns:
            return None
        answer = self.plane.ecs.describe_container_instances(
            cluster=self.cluster, containerInstances=arns, include=["CONTAINER_INSTANCE_HEALTH"]
        )
        assert answer["failures"] == [] and len(answer["containerInstances"]) == 1
        return answer["containerInstances"][0]

    def attributes(self) -> dict[str, str | None]:
        """What the host says of itself and what is known of it."""
        return {one["name"]: one.get("value") for one in (self.described() or {}).get("attributes", [])}

    def run(self, definition: str, **members: Any) -> str:
        """Runs one task on this host and gives its ARN."""
        return self.plane.run(definition, cluster=self.cluster, launchType="EC2", **members)

    def guard(self) -> None:
        """Ends it whatever it does, and has it remove what is left of its tasks."""
        if self.process and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        retire, environment = self._command("--retire"), self.environment
        subprocess.run(retire, env=environment, capture_output=True, timeout=RETIRE_WITHIN_SECONDS, check=False)
        ids = self.containers()
        if ids:
            docker.docker("rm", "--force", *ids, check=False, environment=self.environment)
