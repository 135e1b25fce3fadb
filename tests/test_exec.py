"""`berth exec`: commands in the containers of running tasks, over a connection that the agent opens."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from harness import client, docker
from harness.agent import Agent
from harness.plane import ControlPlane, binary, shell
from harness.sign import presigned
from harness.wait import WITHIN_SECONDS, until

FOREVER = "trap 'exit 0' TERM; while true; do sleep 0.1; done"

# What the command ends with if the program never ran.
NEVER_RAN = 125


@pytest.fixture
def arn(plane: ControlPlane, name: str) -> Iterator[str]:
    """A task in which commands may be run."""
    plane.register(name, shell(FOREVER, stopTimeout=2), memory="64")
    arn = plane.run(name, enableExecuteCommand=True)
    plane.wait_for(arn, "RUNNING")
    yield arn
    plane.stop(arn)


def start(plane: ControlPlane, *arguments: str, stdin: int = subprocess.PIPE) -> subprocess.Popen[bytes]:
    environment = {**plane._environment(), "BERTH_ENDPOINT": plane.url}
    environment.pop("BERTH_LOG")
    return subprocess.Popen(
        [str(binary()), "exec", *arguments], env=environment, stdin=stdin, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, start_new_session=True,
    )


def run(plane: ControlPlane, *arguments: str, given: bytes = b"", within: float = WITHIN_SECONDS) -> tuple[int, bytes, bytes]:
    process = start(plane, *arguments)
    try:
        out, errors = process.communicate(given, timeout=within)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError(f"exec {arguments} does not end: {process.communicate()}") from None
    return process.returncode, out, errors


def processes(plane: ControlPlane, arn: str) -> list[str]:
    """The command lines of all processes in a task's only container."""
    [container] = plane.containers(arn)
    lines = docker.docker("top", container, "-eo", "pid,args").splitlines()[1:]
    return [line.split(maxsplit=1)[1].strip() for line in lines]


def until_gone(plane: ControlPlane, arn: str, command: str) -> None:
    until(f"{command!r} is gone", lambda: command not in processes(plane, arn))


def test_output_and_exit_code_are_the_commands_own(plane: ControlPlane, arn: str) -> None:
    assert run(plane, arn, "sh", "-c", "echo out; echo bad >&2; exit 7") == (7, b"out\n", b"bad\n")
    assert run(plane, arn.rpartition("/")[2], "--container", "main", "echo", "-n", "a  b") == (0, b"a  b", b"")
    code, out, errors = run(plane, arn, "no-such-program")
    assert code in (126, 127) and b"no-such-program" in out + errors


def test_a_container_is_named_where_there_are_several(plane: ControlPlane, name: str) -> None:
    containers = [shell(FOREVER, "one", stopTimeout=2), shell(FOREVER, "two", stopTimeout=2, user="1000:1000")]
    plane.register(name, *containers, memory="64")
    arn = plane.run(name, enableExecuteCommand=True)
    plane.wait_for(arn, "RUNNING")
    code, _, errors = run(plane, arn, "true")
    assert code == NEVER_RAN and b"one, two" in errors
    code, _, errors = run(plane, "--container", "three", arn, "true")
    assert code == NEVER_RAN and b"three" in errors
    names = {container: docker.of_task(plane.installation, arn)[container]["Config"]["Hostname"] for container in ("one", "two")}
    for container, hostname in names.items():
        assert run(plane, "--container", container, arn, "hostname") == (0, f"{hostname}\n".encode(), b"")
    assert run(plane, "--container", "two", arn, "id", "-u") == (0, b"0\n", b""), "root, as at ECS"
    plane.stop(arn)


def test_input_goes_in_whole_and_its_end_is_the_end(plane: ControlPlane, arn: str) -> None:
    given = os.urandom(3_000_000)
    assert run(plane, "-i", arn, "cat", given=given) == (0, given, b"")
    # Without -i there is none to read.
    assert run(plane, arn, "cat", given=b"lost") == (0, b"", b"")
    # A command that reads nothing does not wait for the rest.
    assert run(plane, "-i", arn, "true", given=given)[0] == 0
    assert run(plane, "-i", arn, "sh", "-c", "read line; echo got $line; exec sleep 0.1", given=b"one\n" + given)[:2] == (
        0, b"got one\n",
    )


def test_a_reader_that_stops_holds_up_the_command_and_fills_no_memory(plane: ControlPlane, arn: str) -> None:
    process = start(plane, arn, "sh", "-c", "i=0; while true; do echo 0123456789012345678901234567890123456789; done")
    assert process.stdout
    try:
        assert process.stdout.read(100)
        agents = [agent.pid for agent in plane.agents()]
        assert plane.process
        pids = [plane.process.pid, process.pid, *agents]
        before = {pid: resident_kib(pid) for pid in pids}
        # Nobody reads for a while; unbounded, it would be some 100 MB.
        time.sleep(3)
        for pid, kib in before.items():
            assert resident_kib(pid) - kib < 8 * 1024, "nothing piles up"
        assert process.poll() is None
    finally:
        process.kill()
        process.communicate()
    until_gone(plane, arn, "sh -c i=0; while true; do echo 0123456789012345678901234567890123456789; done")


def resident_kib(pid: int) -> int:
    with open(f"/proc/{pid}/status") as status:
        return int(next(line.split()[1] for line in status if line.startswith("VmRSS:")))


@contextmanager
def at_terminal(plane: ControlPlane, *arguments: str, rows: int = 33, columns: int = 99) -> Iterator[Terminal]:
    terminal = Terminal(plane, arguments, rows, columns)
    try:
        yield terminal
    finally:
        terminal.close()


class Terminal:
    """`berth exec` at a terminal of its own."""

    def __init__(self, plane: ControlPlane, arguments: tuple[str, ...], rows: int, columns: int):
        self.master, slave = pty.openpty()
        self.resize(rows, columns)
        self.before = termios.tcgetattr(slave)
        environment = {**plane._environment(), "BERTH_ENDPOINT": plane.url}
        self.process = subprocess.Popen(
            [str(binary()), "exec", *arguments], env=environment, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        self.slave = slave
        self.seen = b""

    def resize(self, rows: int, columns: int) -> None:
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, text: bytes) -> None:
        os.write(self.master, text)

    def expect(self, pattern: bytes, within: float = WITHIN_SECONDS) -> None:
        """Waits for this on the screen, and forgets what was before."""
        deadline = time.monotonic() + within
        while not (found := re.search(pattern, self.seen)):
            left = deadline - time.monotonic()
            assert left > 0, f"no {pattern!r} in {self.seen!r}"
            if select.select([self.master], [], [], left)[0]:
                self.seen += os.read(self.master, 4096)
        self.seen = self.seen[found.end() :]

    def end(self) -> int:
        code = self.process.wait(WITHIN_SECONDS)
        assert termios.tcgetattr(self.slave) == self.before, "the terminal is as it was"
        return code

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for fd in (self.master, self.slave):
            os.close(fd)


def test_a_terminal_is_one(plane: ControlPlane, arn: str) -> None:
    with at_terminal(plane, "-it", arn, "sh") as terminal:
        terminal.expect(rb"[#$] ")
        terminal.type(b"tty; stty size\r")
        terminal.expect(rb"/dev/pts/\d+\r\n33 99\r\n")
        terminal.resize(20, 70)
        # The size comes on its own way: typed text may overtake it.
        terminal.type(b"until [ \"$(stty size)\" = '20 70' ]; do sleep 0.05; done; echo si''zed\r")
        terminal.expect(rb"sized\r\n")
        # Ctrl-C is for what runs there.
        terminal.type(b"sleep 1000\r")
        until("it runs", lambda: "sleep 1000" in processes(plane, arn))
        terminal.type(b"\x03")
        terminal.expect(rb"[#$] ")
        assert terminal.process.poll() is None
        # Bytes that look like Docker's frames come through.
        terminal.type(b"printf '\\001\\377\\377\\377\\377\\377\\377\\377'; echo ok\r")
        terminal.expect(b"\x01\xff{7}ok\r\n")
        terminal.type(b"exit 5\r")
        assert terminal.end() == 5
    with at_terminal(plane, "-it", arn, "cat") as terminal:
        terminal.type(b"line\r")
        terminal.expect(rb"line\r\nline\r\n")
        terminal.type(b"\x04")
        assert terminal.end() == 0
    code, _, errors = run(plane, "-it", arn, "sh")
    assert code == NEVER_RAN and b"terminal" in errors


def test_a_terminal_that_goes_away_ends_the_command(plane: ControlPlane, arn: str) -> None:
    with at_terminal(plane, "-it", arn, "sh", "-c", "echo here; sleep 1001") as terminal:
        terminal.expect(rb"here")
        terminal.process.send_signal(signal.SIGHUP)
        assert terminal.end() == 129
    until_gone(plane, arn, "sleep 1001")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_client_that_ends_ends_the_command(plane: ControlPlane, arn: str, number: signal.Signals) -> None:
    # One that does not care for hang-ups is killed.
    command = "trap '' HUP; echo here; while true; do sleep 1002; done"
    process = start(plane, "-i", arn, "sh", "-c", command)
    assert process.stdout and process.stdout.readline() == b"here\n"
    process.send_signal(number)
    process.communicate()
    assert process.returncode == (-number if number == signal.SIGKILL else 128 + number)
    until_gone(plane, arn, f"sh -c {command}")
    # The container is as it was.
    assert plane.task(arn)["lastStatus"] == "RUNNING"


def test_the_end_of_the_task_ends_the_command(plane: ControlPlane, name: str) -> None:
    plane.register(name, shell(FOREVER, stopTimeout=2), memory="64")
    arn = plane.run(name, enableExecuteCommand=True)
    plane.wait_for(arn, "RUNNING")
    process = start(plane, arn, "sh", "-c", "echo here; sleep 1000")
    assert process.stdout and process.stdout.readline() == b"here\n"
    plane.stop(arn)
    process.communicate(timeout=WITHIN_SECONDS)
    assert process.returncode == 137
    code, _, errors = run(plane, arn, "true")
    assert code == NEVER_RAN and b"STOPPED" in errors


def test_only_tasks_that_allow_it_are_entered(plane: ControlPlane, arn: str, name: str) -> None:
    plane.register(name, shell(FOREVER, stopTimeout=2), memory="64")
    closed = plane.run(name)
    plane.wait_for(closed, "RUNNING")
    assert plane.task(closed)["enableExecuteCommand"] is False
    assert plane.task(arn)["enableExecuteCommand"] is True
    code, _, errors = run(plane, closed, "true")
    assert code == NEVER_RAN and b"execute command was not enabled" in errors
    plane.stop(closed)
    for arguments, text in [
        (("0" * 32,), b"The referenced task was not found."),
        (("x y",), b"task:"),
        (("--cluster", "nowhere", arn.rpartition("/")[2]), b"ClusterNotFoundException"),
    ]:
        code, _, errors = run(plane, *arguments, "true")
        assert code == NEVER_RAN and text in errors, errors


def test_berth_run_allows_it(plane: ControlPlane) -> None:
    done = plane.berth("run", "-d", docker.IMAGE, "sh", "-c", FOREVER)
    arn = done.stdout.strip()
    plane.wait_for(arn, "RUNNING")
    assert run(plane, arn, "echo", "in") == (0, b"in\n", b"")
    plane.stop(arn)


def test_execute_command_says_what_to_do_instead(plane: ControlPlane, arn: str) -> None:
    # The CLI asks for a plugin before it asks the server.
    with pytest.raises(ClientError) as refused:
        plane.ecs.execute_command(task=arn, command="sh", interactive=True)
    error = refused.value.response["Error"]
    assert error["Code"] == "UnsupportedFeatureException" and "berth exec" in error["Message"]


def test_the_query_is_checked(plane: ControlPlane, arn: str) -> None:
    for query, text in [
        ("", "command is required"),
        ("?command=sh", "task is required"),
        (f"?task={arn}&command=", "command is required"),
        (f"?task={arn}&task={arn}&command=a", "twice"),
        (f"?task={arn}&command=a&x=y", "no parameter 'x'"),
        (f"?task={arn}&command=a&input=maybe", "true or false"),
        (f"?task={arn}&command=a%00b", "NUL"),
        (f"?task={arn}&command={'a' * 17_000}", "at most"),
        (f"?task={arn}&cluster=a%20b&command=a", "cluster"),
    ]:
        headers = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"}
        headers["Sec-WebSocket-Key"] = "AAAAAAAAAAAAAAAAAAAAAA=="
        answer = requests.get(f"{plane.url}/v1/exec{query}", headers=headers, timeout=10)
        assert answer.status_code == 400, query
        assert answer.json()["__type"] == "InvalidParameterException" and text in answer.json()["message"], answer.text
    # And what is no websocket is none.
    assert 400 <= requests.get(f"{plane.url}/v1/exec?task={arn}&command=a", timeout=10).status_code < 500


def test_what_ends_on_the_way_ends_the_command(new_plane: Any) -> None:
    plane = new_plane().start()
    plane.register("t", shell(FOREVER, stopTimeout=2), memory="64")
    arn = plane.run("t", enableExecuteCommand=True)
    plane.wait_for(arn, "RUNNING")
    command = "trap '' HUP; echo here; while true; do sleep 1003; done"

    def begin() -> subprocess.Popen[bytes]:
        process = start(plane, "-i", arn, "sh", "-c", command)
        assert process.stdout and process.stdout.readline() == b"here\n"
        return process

    # The agent, killed: the next one ends what it left in the container.
    process, since = begin(), plane.log_bytes()
    for agent in plane.agents():
        agent.signal(signal.SIGKILL)
    _, errors = process.communicate(timeout=WITHIN_SECONDS)
    assert process.returncode == NEVER_RAN and b"host" in errors
    until_gone(plane, arn, f"sh -c {command}")
    until("the agent is back", lambda: plane.connected(since))
    assert plane.task(arn)["connectivity"] == "CONNECTED"
    assert run(plane, arn, "echo", "again")[:2] == (0, b"again\n")

    # The server, killed.
    process = begin()
    plane.kill()
    process.communicate(timeout=WITHIN_SECONDS)
    assert process.returncode == NEVER_RAN
    plane.start()
    until_gone(plane, arn, f"sh -c {command}")

    # What others run in the container is theirs.
    [container] = plane.containers(arn)
    docker.docker("exec", "--detach", container, "sleep", "1004")
    for agent in plane.agents():
        agent.signal(signal.SIGKILL)
    until("a command runs again", lambda: run(plane, arn, "true")[0] == 0)
    assert "sleep 1004" in processes(plane, arn)

    # The server, asked to end: its hosts go with it, and so does the command.
    process = begin()
    plane.end()
    _, errors = process.communicate(timeout=WITHIN_SECONDS)
    assert process.returncode in (NEVER_RAN, 137), errors


def test_who_may_run_commands(new_plane: Any) -> None:
    plane = new_plane("--open", "false").start()
    admin = plane.first_key()
    ecs = client.boto("ecs", plane.url, admin)
    ecs.create_cluster(clusterName="mine")
    ecs.create_cluster(clusterName="theirs")
    container = shell(FOREVER)
    ecs.register_task_definition(family="t", cpu="256", memory="256", networkMode="bridge", containerDefinitions=[container])
    arns = {
        cluster: ecs.run_task(cluster=cluster, taskDefinition="t", enableExecuteCommand=True)["tasks"][0]["taskArn"]
        for cluster in ("mine", "theirs")
    }
    for cluster, arn in arns.items():
        until("it runs", lambda a=arn, c=cluster: ecs.describe_tasks(cluster=c, tasks=[a])["tasks"][0]["lastStatus"] == "RUNNING")
    made: dict[str, client.Key] = {}
    for user, *options in (("u", "--role", "user", "--cluster", "mine"), ("r", "--role", "reader"), ("a", "--role", "agent")):
        done = plane.berth("keys", "create", user, *options, "--output", "json", key=admin)
        key = json.loads(done.stdout)
        made[user] = client.Key(key["AccessKeyId"], key["SecretAccessKey"])
    secret = "verysecret"
    for key, cluster, is_allowed in [
        (admin, "theirs", True), (made["u"], "mine", True), (made["u"], "theirs", False), (made["r"], "mine", False),
        (made["a"], "mine", False),
    ]:
        done = plane.berth("exec", arns[cluster], "echo", secret, key=key)
        assert (done.returncode == 0) == is_allowed, done
        if not is_allowed:
            assert "AccessDeniedException" in done.stderr, done.stderr
    unsigned = plane.berth("exec", arns["mine"], "true", key=client.Key("AKIAIOSFODNN7EXAMPLE", "x"))
    assert unsigned.returncode == NEVER_RAN and "UnrecognizedClientException" in unsigned.stderr
    # The audit trail has the program, and the log none of its arguments.
    log = plane.log_path.read_text()
    lines = [line for line in log.splitlines() if 'operation="ExecuteCommand"' in line]
    assert any("program=echo" in line and arns["theirs"] in line for line in lines), lines[-5:]
    assert secret not in log
    # Nobody but the host may open an agent's end.
    path = presigned(made["u"], f"{plane.address}:{plane.port}", "/exec/ws", {"id": "0" * 32, "containerInstance": "x"})
    answer = requests.get(f"{plane.url}{path}", timeout=10)
    assert answer.json()["__type"] == "AccessDeniedException"
    # A key that is revoked ends what it began.
    process = plane.berth_process("exec", arns["mine"], "sh", "-c", "echo here; sleep 1000", key=made["u"])
    assert process.stdout and process.stdout.readline() == "here\n"
    assert plane.berth("keys", "revoke", made["u"].id, key=admin).returncode == 0
    _, errors = process.communicate(timeout=WITHIN_SECONDS)
    assert process.returncode == NEVER_RAN and "revoked" in errors


def test_a_revoked_key_of_a_host_ends_what_runs_through_it(new_plane: Any, name: str, tmp_path: Path) -> None:
    plane = new_plane("--open", "false").start()
    admin = plane.first_key()
    made = json.loads(plane.berth("keys", "create", "host", "--role", "agent", "--output", "json", key=admin).stdout)
    key = client.Key(made["AccessKeyId"], made["SecretAccessKey"])
    ecs = client.boto("ecs", plane.url, admin)
    ecs.create_cluster(clusterName=name)
    agent = Agent(plane, name, tmp_path / "agent", environment=key.environment)
    try:
        until("the host is there", lambda: ecs.list_container_instances(cluster=name)["containerInstanceArns"])
        ecs.register_task_definition(family="t", containerDefinitions=[shell(FOREVER, memory=64)])

        def started() -> Any:
            return ecs.run_task(cluster=name, taskDefinition="t", launchType="EC2", enableExecuteCommand=True)["tasks"]

        [task] = until("the host takes a task", started)
        arn = task["taskArn"]
        until("it runs", lambda: ecs.describe_tasks(cluster=name, tasks=[arn])["tasks"][0]["lastStatus"] == "RUNNING")
        process = plane.berth_process("exec", arn, "sh", "-c", "echo here; sleep 1005", key=admin)
        assert process.stdout and process.stdout.readline() == "here\n"
        assert plane.berth("keys", "revoke", key.id, key=admin).returncode == 0
        _, errors = process.communicate(timeout=WITHIN_SECONDS)
        assert process.returncode == NEVER_RAN and "The connection to the task's host is lost." in errors
        again = plane.berth("exec", arn, "true", key=admin)
        assert again.returncode == NEVER_RAN and "TargetNotConnectedException" in again.stderr
        # What runs on the host runs on, but for the command, to which nobody listens any more.
        [container] = agent.containers()
        until("the command has ended", lambda: "sleep 1005" not in docker.docker("top", container))
        assert docker.inspect([container])[0]["State"]["Running"]
    finally:
        agent.guard()
