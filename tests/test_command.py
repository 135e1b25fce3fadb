"""The command `berth` as a person or a script uses it."""

from __future__ import annotations

import json
import re
import signal
import subprocess
from typing import Any

import pytest

from harness.docker import IMAGE
from harness.plane import ControlPlane, binary
from harness.wait import until

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
    rest, errors = following.communicate(timeout=30)
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
    _, errors = running.communicate(timeout=30)
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
