"""The command `berth` as a person or a script uses it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import threading
import time
from typing import Any

import pytest

from harness import docker
from harness.docker import IMAGE
from harness.plane import ControlPlane, binary, shell
from harness.registry import Registry
from harness.wait import WITHIN_SECONDS, until

ARN = re.compile(r"^arn:aws:ecs:us-east-1:123456789012:task/[\w-]+/[0-9a-f]{32}$")
STATUSES = ("PROVISIONING", "PENDING", "ACTIVATING", "RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING", "STOPPED")


def one_line_of_trouble(done: subprocess.CompletedProcess[str]) -> str:
    """A failure is one helpful line on standard error, nothing on standard output, and a code that is not 0."""
    assert done.returncode != 0, done
    assert done.stdout == "", done
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1 and lines[0].startswith("berth: "), done.stderr
    return lines[0]


def test_run_passes_output_and_exit_code_on(plane: ControlPlane) -> None:
    done = plane.berth("run", "--env", "A=b c", IMAGE, "sh", "-c", 'echo "out $A"; echo second; exit 3')
    assert done.returncode == 3, done
    assert done.stdout == "out b c\nsecond\n", "standard output is the container's alone"
    states = [line.split(":")[0] for line in done.stderr.splitlines()]
    assert states and states[-1] == "STOPPED" and set(states) <= set(STATUSES), done.stderr
    order = [STATUSES.index(state) for state in states]
    assert order == sorted(order), done.stderr
    assert plane.berth("run", IMAGE, "true").returncode == 0


def test_run_says_what_keeps_a_container_from_running(plane: ControlPlane) -> None:
    done = plane.berth("run", IMAGE, "/no/such/program")
    assert done.returncode == 125, done
    assert done.stdout == ""
    assert "/no/such/program" in done.stderr, done.stderr


def test_run_in_sizes_and_clusters(plane: ControlPlane, name: str) -> None:
    plane.ecs.create_cluster(clusterName=name)
    sizes = ["--cpu", "512", "--memory", "64"]
    done = plane.berth("run", "--cluster", name, *sizes, "--output", "json", IMAGE, "echo", "x")
    assert done.returncode == 0, done
    printed, shown = (json.loads(line) for line in done.stdout.splitlines())
    assert (printed["container"], printed["message"]) == ("main", "x")
    assert shown["containers"][0]["exitCode"] == 0 and shown["lastStatus"] == "STOPPED"
    task = plane.task(shown["taskArn"])
    assert (task["cpu"], task["memory"]) == ("512", "64") and task["clusterArn"].endswith(f"/{name}")


def test_a_task_in_the_background(plane: ControlPlane) -> None:
    script = "trap 'echo asked; exit 4' TERM; echo up; while true; do sleep 0.1; done"
    done = plane.berth("run", "--detach", IMAGE, "sh", "-c", script)
    arn = done.stdout.strip()
    assert done.returncode == 0 and ARN.match(arn), done
    task = arn.rpartition("/")[2]
    plane.wait_for_output(arn, ["up"])

    # By its id as by its ARN.
    assert plane.berth("logs", task).stdout == "up\n"
    table = plane.berth("ps").stdout
    [row] = [line for line in table.splitlines() if line.strip().startswith(task)]
    assert "RUNNING" in row and "run-busybox:" in row, table
    [listed] = [one for one in json.loads(plane.berth("ps", "--output", "json").stdout) if one["taskArn"] == arn]
    assert (listed["lastStatus"], listed["startedBy"]) == ("RUNNING", "berth run")

    hosts = plane.berth("hosts").stdout.splitlines()
    assert len(hosts) >= 2 and "connected" in hosts[1], hosts
    listed = json.loads(plane.berth("hosts", "--output", "json").stdout)
    assert any(one["runningTasksCount"] >= 1 and one["agentConnected"] for one in listed), listed
    assert all(one["remainingCpu"] <= one["registeredCpu"] and one["instanceType"] for one in listed), listed

    following = plane.berth_process("logs", "--follow", arn)
    assert following.stdout and following.stdout.readline() == "up\n"
    assert following.poll() is None, "it follows as long as the task runs"
    done = plane.berth("stop", "--reason", "enough now", task)
    assert done.returncode == 0, done
    rest, errors = following.communicate(timeout=WITHIN_SECONDS)
    assert (following.returncode, rest, errors) == (0, "asked\n", "")
    stopped = plane.wait_for(arn, "STOPPED")
    assert stopped["stoppedReason"] == "enough now" and stopped["containers"][0]["exitCode"] == 4
    assert task not in plane.berth("ps").stdout
    table = plane.berth("ps", "--all").stdout
    assert any(task in line and "STOPPED" in line and "enough now" in line for line in table.splitlines()), table


def test_ctrl_c_on_run_stops_the_task(plane: ControlPlane) -> None:
    script = "trap 'exit 5' TERM; echo up; while true; do sleep 0.1; done"
    running = plane.berth_process("run", IMAGE, "sh", "-c", script)
    assert running.stdout and running.stdout.readline() == "up\n"
    running.send_signal(signal.SIGINT)
    _, errors = running.communicate(timeout=WITHIN_SECONDS)
    assert running.returncode == 5, errors
    assert "Ctrl-C" in errors, errors


def test_errors_are_one_line(plane: ControlPlane, name: str) -> None:
    for arguments, named in [
        (["logs", "0" * 32], "0" * 32),
        (["stop", "0" * 32], "not found"),
        (["stop", "nonsense"], "nonsense"),
        (["ps", "--cluster", name], "Cluster not found"),
        (["run", "--cluster", name, IMAGE], "Cluster not found"),
        (["run", "--memory", "999999999", IMAGE], "largest"),
        (["ps", "--endpoint", "http://127.0.0.1:1"], "http://127.0.0.1:1"),
        (["down", "--data", f"/nonexistent/{name}"], name),
        (["server", "--config", f"/nonexistent/{name}"], name),
    ]:
        line = one_line_of_trouble(plane.berth(*arguments))
        assert named in line, line


def test_wrong_options_are_refused(plane: ControlPlane) -> None:
    for text in ["run", "nonsense", f"run --env x {IMAGE}", "up --max-hosts 0", "ps --output x", "down --data"]:
        done = plane.berth(*text.split())
        assert done.returncode == 2 and done.stdout == "" and "--help" in done.stderr, done


def test_up_listens_on_loopback_only(plane: ControlPlane, tmp_path: Any) -> None:
    for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:0"):
        options = ["--listen", address, "--data", str(tmp_path / "data"), "--simulate"]
        line = one_line_of_trouble(plane.berth("up", *options))
        assert "loopback" in line, line


def test_up_says_at_once_that_docker_lacks(new_plane: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    plane = new_plane()
    monkeypatch.setenv("DOCKER_HOST", f"unix://{plane.scratch}/nothing.sock")
    line = one_line_of_trouble(plane.berth("up", "--listen", "127.0.0.1:0", "--data", str(plane.data)))
    assert "Docker" in line and "--simulate" in line, line
    plane.simulate = True
    plane.start()


def test_one_control_plane_for_one_directory(simulated: ControlPlane) -> None:
    """A second one on the same directory would be a second writer."""
    data = str(simulated.data)
    line = one_line_of_trouble(simulated.berth("up", "--listen", "127.0.0.1:0", "--data", data, "--simulate"))
    assert data in line or "running" in line, line
    line = one_line_of_trouble(simulated.berth("down", "--data", data))
    assert data in line or "running" in line, line
    assert simulated.http.send("GET", "/readyz").status == 200


def test_a_port_that_is_taken(simulated: ControlPlane, tmp_path: Any) -> None:
    taken = f"{simulated.address}:{simulated.port}"
    line = one_line_of_trouble(simulated.berth("up", "--listen", taken, "--data", str(tmp_path / "data"), "--simulate"))
    assert taken in line, line


def test_down_on_a_directory_where_nothing_ever_ran(plane: ControlPlane, tmp_path: Any) -> None:
    done = plane.berth("down", "--data", str(tmp_path))
    assert not any(tmp_path.iterdir()), "it makes nothing"
    assert done.returncode in (0, 1) and len(done.stderr.splitlines()) <= 1, done


def test_version_and_completions() -> None:
    for arguments, expected in [(["--version"], "berth "), (["completions", "bash"], "_berth")]:
        done = subprocess.run([str(binary()), *arguments], capture_output=True, text=True, timeout=10, check=True)
        assert expected in done.stdout


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "data_dir"),
        ("data_dir = 'x'\ncolour = 'red'", "colour"),
        ("data_dir = 'x'\nlisten = '0.0.0.0:80'", "listen"),
        ("data_dir = 'x'\n[pool]\nhosts_max = 0", "hosts_max"),
        ("data_dir = ", ""),
    ],
)
def test_mistakes_in_a_configuration_are_named(plane: ControlPlane, tmp_path: Any, text: str, named: str) -> None:
    path = tmp_path / "berth.toml"
    path.write_text(text)
    done = plane.berth("server", "--config", str(path))
    assert done.returncode != 0 and done.stdout == ""
    assert done.stderr.startswith("berth: ") and str(path) in done.stderr and named in done.stderr, done.stderr


def test_the_first_line_says_where(new_plane: Any) -> None:
    plane = new_plane(simulate=True)
    plane.address = "127.0.0.1"
    plane.start()
    assert plane.url.startswith("http://127.0.0.1:") and plane.port > 0
    until("it answers", lambda: plane.http.send("GET", "/healthz").status == 200)


class Reading:
    """A process whose output is read as it comes, line by line, both kinds."""

    def __init__(self, process: subprocess.Popen[str]):
        self.process = process
        self.out: list[str] = []
        self.errors: list[str] = []
        pairs = [(process.stdout, self.out), (process.stderr, self.errors)]
        self.threads = [threading.Thread(target=self._read, args=pair, daemon=True) for pair in pairs]
        for thread in self.threads:
            thread.start()

    @staticmethod
    def _read(stream: Any, lines: list[str]) -> None:
        with stream:
            for line in stream:
                lines.append(line.rstrip("\n"))

    def said(self, text: str) -> int:
        """How often standard error says it."""
        return sum(text in line for line in self.errors)

    def end(self, within: float = WITHIN_SECONDS) -> int:
        """Waits for its end, and gives the code."""
        try:
            code = self.process.wait(within)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise AssertionError(f"it runs for {within:g} s: {self.out} {self.errors}") from None
        for thread in self.threads:
            thread.join(within)
        return code


def test_what_is_pulled_is_said_while_it_is(plane: ControlPlane) -> None:
    with Registry() as registry:
        image = registry.publish().reference
        with registry.held():
            run = Reading(plane.berth_process("run", image, "true"))
            until("it says so", lambda: run.said(f"PENDING: pulling {image}") == 1)
            assert f"pulling {image}" in plane.berth("ps").stdout
        assert run.end() == 0, run.errors


AWAY = "the server does not answer; waiting for it"


def test_following_outlives_the_server(new_plane: Any) -> None:
    """`kill -9` while the container prints, and again until after it has ended: each line comes once, then the code."""
    plane = new_plane().start()
    script = "n=0; while [ ! -e /tmp/end ]; do echo $n; n=$((n + 1)); sleep 0.05; done; echo last; exit 3"
    run = Reading(plane.berth_process("run", IMAGE, "sh", "-c", script))
    until("it says which task it is", lambda: run.errors)
    status, _, arn = run.errors[0].partition(": ")
    assert status in STATUSES and ARN.match(arn), run.errors
    until("it prints", lambda: len(run.out) > 3)
    logs = Reading(plane.berth_process("logs", "-f", arn))
    until("it prints, too", lambda: len(logs.out) > 3)
    [container] = docker.inspect(plane.containers(arn))

    plane.kill()
    until("both wait", lambda: run.said(AWAY) == 1 and logs.said(AWAY) == 1)
    printed = len(run.out)
    plane.start()
    until("both go on", lambda: len(run.out) > printed + 20 and len(logs.out) > printed + 20)

    plane.kill()
    until("both wait again", lambda: run.said(AWAY) == 2 and logs.said(AWAY) == 2)
    docker.docker("exec", container["Id"], "touch", "/tmp/end")
    until("the container has ended", lambda: docker.inspect([container["Id"]])[0]["State"]["Status"] == "exited")
    # Longer than an agent waits with its report for the output to be taken.
    time.sleep(3)
    plane.start()
    assert (run.end(), logs.end()) == (3, 0), (run.errors, logs.errors)
    assert len(run.out) > 30 and run.out == [*map(str, range(len(run.out) - 1)), "last"], run.out
    assert logs.out == run.out
    assert [run.said(AWAY), logs.errors] == [2, [AWAY, AWAY]], "once each time"


def test_ctrl_c_while_the_server_is_away(new_plane: Any) -> None:
    plane = new_plane().start()
    script = "trap 'exit 0' TERM; echo up; while :; do sleep 0.1; done"
    run = Reading(plane.berth_process("run", IMAGE, "sh", "-c", script))
    until("it prints", lambda: run.out == ["up"])
    arn = run.errors[0].partition(": ")[2]
    plane.kill()
    until("it waits", lambda: run.said(AWAY))
    assert run.process.poll() is None
    run.process.send_signal(signal.SIGINT)
    assert run.end() == 125, run.errors
    assert run.errors[-1].startswith(f"berth: left the task {arn}"), run.errors
    plane.start()
    assert plane.task(arn)["desiredStatus"] == "RUNNING"
    plane.stop(arn)


def test_exit_codes_tell_the_command_from_the_container(plane: ControlPlane, name: str) -> None:
    assert plane.berth("run", IMAGE, "sh", "-c", "exit 1").returncode == 1
    nowhere = ["--endpoint", "http://127.0.0.1:1"]
    for arguments, code in [
        (["run", "--cluster", name, IMAGE], 125),
        (["run", "--memory", "999999999", IMAGE], 125),
        (["run", *nowhere, IMAGE], 125),
        (["run", "--detach", *nowhere, IMAGE], 125),
        (["exec", *nowhere, "0" * 32, "true"], 125),
        (["logs", *nowhere, "0" * 32], 1),
        (["logs", "-f", *nowhere, "0" * 32], 1),
        (["logs", "-f", "0" * 32], 1),
        (["ps", *nowhere], 1),
        (["stop", *nowhere, "0" * 32], 1),
    ]:
        done = plane.berth(*arguments)
        one_line_of_trouble(done)
        assert done.returncode == code, done
    assert "125" in plane.berth("run", "--help").stdout


def closed_pipe() -> int:
    """A pipe that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    return writer


def test_a_closed_output_is_a_quiet_end(plane: ControlPlane) -> None:
    """As `| head` makes it."""
    chatter = "while :; do echo chatter; sleep 0.1; done"
    arn = plane.berth("run", "--detach", IMAGE, "sh", "-c", chatter).stdout.strip()
    until("it prints", lambda: plane.output(arn))
    environment = {**plane._environment(), "BERTH_ENDPOINT": plane.url}
    for arguments in [
        ["ps"],
        ["ps", "--all", "--output", "json"],
        ["hosts"],
        ["hosts", "--output", "json"],
        ["logs", arn],
        ["logs", "-f", arn],
        ["logs", "-f", "--output", "json", arn],
        ["exec", arn, "sh", "-c", chatter],
        ["keys", "list"],
        ["completions", "bash"],
        ["run", "--detach", IMAGE, "true"],
        ["run", IMAGE, "echo", "x"],
        ["stop", arn],
    ]:
        writer = closed_pipe()
        try:
            done = subprocess.run(
                [str(binary()), *arguments], env=environment, stdin=subprocess.DEVNULL, stdout=writer,
                stderr=subprocess.PIPE, text=True, timeout=WITHIN_SECONDS, check=False,
            )
        finally:
            os.close(writer)
        assert done.returncode == 0, (arguments, done)
        errors = [line for line in done.stderr.splitlines() if line.split(":")[0] not in STATUSES]
        assert errors == [], (arguments, errors)
    plane.wait_for(arn, "STOPPED")


def test_up_goes_on_when_nobody_reads_its_greeting(new_plane: Any) -> None:
    plane = new_plane(simulate=True).start()
    plane.end()
    writer = closed_pipe()
    try:
        plane.process = subprocess.Popen(
            plane._command(), env=plane._environment(), stdin=subprocess.DEVNULL, stdout=writer,
            stderr=subprocess.DEVNULL, text=True, start_new_session=True,
        )
    finally:
        os.close(writer)
    until("it is ready", plane._is_ready)
    plane.end()


def test_ps_costs_what_runs(new_plane: Any) -> None:
    """What has ended is not read, however much of it there is, unless it is asked for."""
    plane = new_plane(simulate=True).start()
    plane.register("t", {"name": "main", "image": IMAGE, "environment": [{"name": "SIMULATED_SECONDS", "value": "0"}]})
    for _ in range(13):
        plane.ecs.run_task(taskDefinition="t", count=10)
    until("all have ended", lambda: not plane.ecs.list_tasks()["taskArns"])
    seconds = {"name": "main", "environment": [{"name": "SIMULATED_SECONDS", "value": "600"}]}
    arn = plane.run("t", overrides={"containerOverrides": [seconds]})

    def calls() -> dict[str, float]:
        text = plane.http.send("GET", "/metrics").text
        found = re.findall(r'^berth_api_requests_total\{[^}]*operation="(\w+)"[^}]*\} (\S+)$', text, re.MULTILINE)
        totals = {"ListTasks": 0.0, "DescribeTasks": 0.0}
        for operation, count in found:
            if operation in totals:
                totals[operation] += float(count)
        return totals

    before = calls()
    listed = json.loads(plane.berth("ps", "--output", "json").stdout)
    assert [one["taskArn"] for one in listed] == [arn]
    after = calls()
    assert all(after[operation] - before[operation] == 1 for operation in after), (before, after)
    listed = json.loads(plane.berth("ps", "--all", "--output", "json").stdout)
    assert len(listed) == 131 and sum(one["desiredStatus"] == "STOPPED" for one in listed) == 130
    plane.stop(arn)


def test_a_second_ctrl_c_while_a_host_is_being_ended(new_plane: Any) -> None:
    """What ends one host must not keep the agent of another running, which would be left behind."""
    plane = new_plane().start()
    plane.register("short", shell("sleep 1"))
    plane.register("deaf", shell("trap '' TERM; echo up; while true; do sleep 0.1; done", stopTimeout=100))
    short = plane.run("short")
    plane.wait_for(short, "RUNNING")
    first = plane.agents()
    deaf = plane.run("deaf", overrides={"cpu": "512"})
    plane.wait_for_output(deaf, ["up"])
    assert len(first) == 1 and len(plane.agents()) == 2, "each has a host of its own"
    plane.wait_for(short, "STOPPED")
    # It does not hear SIGTERM, and so it takes a while to be ended.
    first[0].signal(signal.SIGSTOP)
    assert plane.process
    plane.process.send_signal(signal.SIGINT)
    until("it says that it is ending", lambda: "again to end" in plane.log_tail())
    plane.end(signal.SIGINT)
    plane.check_nothing_left()
