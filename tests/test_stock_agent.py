"""The unmodified Amazon ECS agent can be a host: what it was seen to say is said here again, and what it would not survive
is looked for. `harness/stock.py` is the agent."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from harness import client
from harness.client import Key
from harness.plane import ControlPlane, brief, shell
from harness.stock import Refused, Socket, StockAgent
from harness.wait import until

# Close codes after which the agent comes back at once.
AT_ONCE = (1000, 1001, 1006, 1011)

INVALID = "InvalidParameterException"


@pytest.fixture(scope="module")
def closed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A control plane that wants a key from everybody. Its own pool has nothing to do here."""
    plane = ControlPlane(tmp_path_factory.mktemp("stock"), "--open", "false", simulate=True)
    try:
        yield plane.start()
        plane.finish()
    finally:
        plane.guard()


class Host:
    """A cluster with one host, whose agent is the stock one."""

    def __init__(self, plane: ControlPlane, name: str):
        self.plane, self.name = plane, name
        self.admin = plane.first_key()
        self.ecs.create_cluster(clusterName=name)
        self.key = self.make_key(f"{name}-host")
        self.agent = StockAgent(plane, self.key, name)
        self.agent.join()

    @property
    def ecs(self) -> Any:
        # After a restart it is elsewhere.
        return client.boto("ecs", self.plane.url, self.admin)

    def make_key(self, user: str) -> Key:
        answer = self.plane.berth("keys", "create", user, "--role", "agent", "--output", "json", key=self.admin)
        made = json.loads(answer.stdout)
        return Key(made["AccessKeyId"], made["SecretAccessKey"])

    def connect(self, expected: list[str] | None = None) -> Socket:
        """A session, its manifest taken."""
        acs = self.agent.acs()
        assert sorted(self.agent.manifest(acs)) == sorted(expected or [])
        return acs

    def register(self, *containers: dict[str, Any], **members: Any) -> str:
        request = {"family": self.name, "cpu": "256", "memory": "128", "networkMode": "bridge", **members}
        self.ecs.register_task_definition(containerDefinitions=list(containers or [shell("true")]), **request)
        return self.name

    def run(self, count: int = 1) -> list[str]:
        answer = self.ecs.run_task(cluster=self.name, taskDefinition=self.name, launchType="EXTERNAL", count=count)
        assert answer["failures"] == [], answer
        return [task["taskArn"] for task in answer["tasks"]]

    def task(self, arn: str) -> dict[str, Any]:
        [task] = self.ecs.describe_tasks(cluster=self.name, tasks=[arn])["tasks"]
        return task

    def instance(self) -> dict[str, Any]:
        found = self.ecs.describe_container_instances(cluster=self.name, containerInstances=[self.agent.arn])
        return found["containerInstances"][0]

    def take(self, acs: Socket, count: int) -> list[str]:
        """Tasks that are given to the agent and acknowledged."""
        arns = self.run(count)
        assert {self.agent.payload(acs, "RUNNING")["arn"] for _ in arns} == set(arns)
        # What the agent sends is taken in order: this answer comes after the acknowledgements.
        self.settle(acs)
        return arns

    def end(self) -> None:
        """Whatever it still has comes to its end, or the server would wait for it."""
        for desired in ("RUNNING", "STOPPED"):
            for arn in self.ecs.list_tasks(cluster=self.name, desiredStatus=desired)["taskArns"]:
                if self.task(arn)["lastStatus"] != "STOPPED":
                    self.agent.report(arn, "STOPPED")

    def settle(self, acs: Socket) -> None:
        """Returns once the server has taken in what was sent before over the session."""
        acs.send("TaskStopVerificationMessage", {"messageId": "settle", "stopCandidates": []})
        assert acs.expect("TaskStopVerificationAck")["stopTasks"] == []


@pytest.fixture
def new_host(closed: ControlPlane, name: str) -> Iterator[Callable[[], Host]]:
    """Makes hosts of one test, each in a cluster of its own. Their tasks end with the test."""
    made: list[Host] = []

    def make() -> Host:
        made.append(Host(closed, f"{name}-{len(made)}"))
        return made[-1]

    yield make
    for host in made:
        host.end()


@pytest.fixture
def host(new_host: Callable[[], Host]) -> Host:
    return new_host()


def container(status: str, name: str = "main", **members: Any) -> dict[str, Any]:
    return {"containerName": name, "status": status, "runtimeId": f"id-of-{name}", "networkBindings": [], **members}


def test_the_whole_life_of_a_task(host: Host) -> None:
    agent = host.agent
    assert host.instance()["agentConnected"] is False
    tcs, acs = agent.tcs(), host.connect()
    assert tcs.expect("HeartbeatMessage")["healthy"] is True
    until("it is connected", lambda: host.instance()["agentConnected"])
    versions = {"agentVersion": "1.105.1", "agentHash": "1f2e3d4c", "dockerVersion": "DockerVersion: 20.10.24"}
    assert host.instance()["versionInfo"] == versions
    ports = [{"containerPort": 80, "hostPort": 0, "protocol": "tcp"}]
    host.register(shell("echo", environment=[{"name": "A", "value": "b"}], portMappings=ports, user="7"))
    [arn] = host.run()

    task = agent.payload(acs, "RUNNING")
    assert (task["arn"], task["cpu"], task["memory"], task["launchType"]) == (arn, 0.25, 128, "EXTERNAL")
    [main] = task["containers"]
    assert main["environment"] == {"A": "b"} and main["essential"] is True
    assert main["portMappings"] == [{"containerPort": 80, "hostPort": 0, "protocol": "tcp"}]
    docker = main["dockerConfig"]
    assert all(isinstance(value, str) for value in docker.values()), "JSON in strings"
    assert json.loads(docker["hostConfig"])["NetworkMode"] == task["networkMode"] == "bridge"
    assert json.loads(docker["config"])["User"] == "7"
    agent.report(arn, "PENDING", container("PENDING", imageDigest="sha256:aa"), pullStartedAt=1_700_000_000.25)
    shown = host.task(arn)
    assert (shown["lastStatus"], shown["containers"][0]["imageDigest"]) == ("PENDING", "sha256:aa")
    assert shown["pullStartedAt"].timestamp() == 1_700_000_000.25
    binding = {"bindIP": "0.0.0.0", "containerPort": 80, "hostPort": 49_153, "protocol": "tcp"}
    running = container("RUNNING", networkBindings=[binding])
    agent.report(arn, "RUNNING", running, pullStoppedAt=1_700_000_001)
    shown = host.task(arn)
    assert (shown["lastStatus"], shown["connectivity"]) == ("RUNNING", "CONNECTED")
    assert shown["containers"][0]["networkBindings"] == [binding]
    assert shown["containers"][0]["runtimeId"] == "id-of-main"

    host.ecs.stop_task(cluster=host.name, task=arn, reason="enough")
    stop = agent.payload(acs, "STOPPED")
    assert stop["arn"] == arn and [one["name"] for one in stop["containers"]] == ["main"]
    assert host.task(arn)["lastStatus"] == "STOPPING"
    agent.report(arn, "STOPPED", container("STOPPED", exitCode=143), executionStoppedAt=1_700_000_100.5)
    shown = host.task(arn)
    assert (shown["lastStatus"], shown["stopCode"], shown["stoppedReason"]) == ("STOPPED", "UserInitiated", "enough")
    assert shown["containers"][0]["exitCode"] == 143
    assert shown["executionStoppedAt"].timestamp() == 1_700_000_100.5
    acs.quiet()


def test_short_tasks_and_tasks_that_do_not_start(host: Host) -> None:
    agent, acs = host.agent, host.connect()
    host.register()
    [short, unpulled, killed, invalid] = host.take(acs, 3) + host.run()
    # Its end is there before its start is told.
    agent.report(short, "RUNNING", container("STOPPED", exitCode=3))
    assert host.task(short)["lastStatus"] == "RUNNING"
    agent.report(short, "STOPPED", container("STOPPED", exitCode=3))
    shown = host.task(short)
    assert (shown["stopCode"], shown["containers"][0]["exitCode"]) == ("EssentialContainerExited", 3)
    # Straight to the end.
    why = "CannotPullImageManifestError: Error response from daemon: not found"
    agent.report(unpulled, "STOPPED", {"containerName": "main", "status": "STOPPED", "reason": why})
    shown = host.task(unpulled)
    assert (shown["stopCode"], shown["stoppedReason"]) == ("TaskFailedToStart", why)
    assert "exitCode" not in shown["containers"][0] and "startedAt" not in shown
    agent.report(killed, "RUNNING", container("RUNNING"))
    memory = "OutOfMemoryError: Container killed due to memory usage"
    agent.report(killed, "STOPPED", container("STOPPED", exitCode=137, reason=memory))
    shown = host.task(killed)
    assert (shown["stopCode"], shown["containers"][0]["reason"]) == ("EssentialContainerExited", memory)
    # One that it cannot read is never acknowledged, but told as STOPPED: an acknowledgement, too.
    agent.payload(acs, "RUNNING", acknowledge=False)
    agent.report(invalid, "STOPPED", reason="UnrecogniedTaskError: invalid")
    shown = host.task(invalid)
    assert (shown["stopCode"], shown["stoppedReason"]) == ("TaskFailedToStart", "UnrecogniedTaskError: invalid")
    # None of them is sent again, neither now nor to the next session.
    acs.quiet()
    acs.cut()
    host.connect().quiet()


def test_reports_come_late_twice_and_in_heaps(host: Host) -> None:
    agent, acs = host.agent, host.connect()
    host.register(shell("true", "init", essential=False), shell("true"))
    [arn] = host.take(acs, 1)
    # An init container's life comes along with the task's next change: all in one list, in order.
    heap = [container("RUNNING", "init"), container("STOPPED", "init", exitCode=0), container("RUNNING")]
    for _ in range(3):
        agent.report(arn, "RUNNING", *heap)
    shown = {one["name"]: one for one in host.task(arn)["containers"]}
    assert (shown["init"]["lastStatus"], shown["init"]["exitCode"]) == ("STOPPED", 0)
    assert (shown["main"]["lastStatus"], "exitCode" in shown["main"]) == ("RUNNING", False)
    version = host.task(arn)["version"]
    agent.report(arn, "PENDING", container("PENDING", "init"))
    assert host.task(arn)["version"] == version, "what is older than what is known changes nothing"
    agent.report(arn, "STOPPED", container("STOPPED", exitCode=1))
    ended = host.task(arn)
    # After the end nothing changes, and everything is taken.
    for status, code in [("STOPPED", 1), ("STOPPED", 9), ("RUNNING", None), ("PENDING", None)]:
        more = {} if code is None else {"exitCode": code}
        agent.report(arn, status, container(status, **more))
    assert host.task(arn) == ended, brief(host.task(arn))
    acs.quiet()


def test_no_report_is_refused_for_good_that_may_come_again(host: Host, new_host: Callable[[], Host]) -> None:
    """InvalidParameterException makes the agent throw a report away."""
    agent, acs = host.agent, host.connect()
    host.register()
    [arn] = host.take(acs, 1)
    unknown = arn.rpartition("/")[0] + "/" + "e" * 32
    for task, members in [
        (unknown, {}),
        # What it was told to stop and does not know comes back with the containers of the payload.
        (unknown, {"containers": [{"containerName": "main", "status": "STOPPED"}]}),
        (arn, {"containers": [container("RUNNING", "stranger")]}),
        (arn, {"containers": [container("MANIFEST_PULLED", reason="x" * 5000)]}),
        (arn, {"containers": [container("RUNNING", networkBindings=[{"bindIP": "::", "containerPortRange": "1-2"}])]}),
        (arn, {"containers": [{}], "reason": "y" * 5000}),
        (arn, {"containers": []}),
        (arn, {"managedAgents": [{"containerName": "main", "managedAgentName": "ExecuteCommandAgent", "status": "RUNNING"}]}),
        (arn, {"attachments": [{"attachmentArn": f"{arn}-a", "status": "ATTACHED"}]}),
        (arn, {"unheardOf": {"x": [1]}}),
    ]:
        answer = agent.call("SubmitTaskStateChange", {"cluster": host.name, "task": task, "status": "RUNNING", **members})
        assert answer.status == 200, (members, answer)
    # Of another's task it is told so, in a way that makes it try again and not give up for good.
    answer = new_host().agent.submit(arn, "STOPPED", container("STOPPED", exitCode=0))
    assert answer.code not in (None, INVALID), answer
    assert host.task(arn)["lastStatus"] == "RUNNING"
    answer = agent.call("SubmitAttachmentStateChanges", {"cluster": host.name, "attachments": [{"attachmentArn": "a", "status": "x"}]})
    assert answer.status == 200
    change = {"cluster": host.name, "task": arn, "containerName": "main", "status": "RUNNING"}
    assert agent.call("SubmitContainerStateChange", change).status == 200


def test_a_new_session_begins_with_what_is_owed(host: Host) -> None:
    agent, acs = host.agent, host.connect()
    host.register()
    [known, stopping] = host.take(acs, 2)
    agent.report(stopping, "RUNNING", container("RUNNING"))
    # Lost on its way: the connection breaks before it is acknowledged.
    [lost] = host.run()
    assert agent.payload(acs, "RUNNING", acknowledge=False)["arn"] == lost
    acs.cut()
    until("that is noticed", lambda: not host.instance()["agentConnected"])
    host.ecs.stop_task(cluster=host.name, task=stopping)
    acs = host.connect([known, lost])
    again = {agent.payload(acs, status)["arn"]: status for status in ("RUNNING", "STOPPED")}
    assert again == {lost: "RUNNING", stopping: "STOPPED"}
    acs.quiet()
    # What it would stop since the manifest does not name it: only what really is over is confirmed, and once.
    agent.report(known, "RUNNING", container("RUNNING"))
    agent.report(stopping, "STOPPED", container("STOPPED", exitCode=143))
    acs.cut()
    until("that is noticed", lambda: not host.instance()["agentConnected"])
    acs = agent.acs()
    manifest = acs.expect("TaskManifestMessage")
    agent.sequence = manifest["timeline"]
    agent.acknowledge(acs, manifest)
    stranger = known.rpartition("/")[0] + "/" + "d" * 32
    candidates = [{"taskArn": arn, "taskClusterArn": manifest["clusterArn"]} for arn in (known, stopping, stranger)]
    acs.send("TaskStopVerificationMessage", {"messageId": manifest["messageId"], "stopCandidates": candidates})
    confirmed = acs.expect("TaskStopVerificationAck")
    assert confirmed["messageId"] == manifest["messageId"]
    assert {task["taskArn"] for task in confirmed["stopTasks"]} == {stopping, stranger}
    assert all(task["desiredStatus"] == "STOPPED" for task in confirmed["stopTasks"])
    assert host.task(known)["lastStatus"] == "RUNNING"


def test_the_newest_of_two_agents_is_the_one(host: Host) -> None:
    """A cloned disk: both connect with one ARN."""
    first = host.connect()
    second = host.connect()
    assert first.closed() not in AT_ONCE, "the older one pauses, and does not fight for its place"
    host.register()
    [arn] = host.run()
    assert host.agent.payload(second, "RUNNING")["arn"] == arn


def test_unknown_and_broken_messages_do_no_harm(host: Host) -> None:
    agent, acs = host.agent, host.connect()
    acs.send("IAMRoleCredentialsAckRequest", {"messageId": "x", "expiration": "", "credentialsId": ""})
    acs.send("NackRequest", {"cluster": "c", "containerInstance": "i", "messageId": "m", "reason": "r"})
    acs.send("AckRequest", {"cluster": "c", "containerInstance": "i", "messageId": "run-unknown"})
    acs.send("TaskStopVerificationMessage", {"messageId": "old", "stopCandidates": []})
    acs.connection.send("{")
    acs.connection.send_binary(b"\0")
    acs.connection.ping()
    host.register()
    [arn] = host.run()
    while (message := acs.next()) and message["type"] == "TaskStopVerificationAck":
        pass
    assert message and message["type"] == "PayloadMessage" and message["message"]["tasks"][0]["arn"] == arn
    agent.acknowledge(acs, message["message"])


def test_measurements_come_behind_a_head_of_their_own(host: Host) -> None:
    agent, tcs = host.agent, host.agent.tcs()
    assert tcs.expect("HeartbeatMessage")["healthy"] is True
    stamp = int(time.time())
    metadata = {"cluster": host.name, "containerInstance": agent.arn, "messageId": "m", "idle": True, "fin": True}
    agent.publish(tcs, "PublishMetricsRequest", {"metadata": metadata, "taskMetrics": [], "timestamp": stamp})
    assert tcs.expect("AckPublishMetric")["message"] == "OK"
    stats = {"min": 1, "max": 2, "sum": 3, "sampleCount": 2}
    wide = {**stats, "overflowMin": 0, "overflowMax": 0, "overflowSum": 0}
    of_container = {
        "containerName": "main", "cpuStatsSet": stats, "memoryStatsSet": stats,
        "networkStatsSet": {"rxBytes": wide, "txBytes": wide}, "storageStatsSet": {"readSizeBytes": wide, "writeSizeBytes": wide},
    }
    task = {"taskArn": f"{agent.arn.replace('container-instance', 'task')}", "taskDefinitionFamily": "f", "taskDefinitionVersion": "1"}
    metrics = [{**task, "containerMetrics": [of_container]}]
    agent.publish(tcs, "PublishMetricsRequest", {"metadata": {**metadata, "idle": False}, "taskMetrics": metrics, "timestamp": stamp})
    assert tcs.expect("AckPublishMetric")["message"] == "OK"
    health = [{"taskArn": task["taskArn"], "containers": [{"containerName": "main", "healthStatus": "HEALTHY", "statusSince": stamp}]}]
    agent.publish(tcs, "PublishHealthRequest", {"metadata": metadata, "tasks": health, "timestamp": stamp})
    assert tcs.expect("AckPublishHealth")["message"] == "OK"
    runtime = {"type": "ContainerRuntime", "status": "OK", "lastUpdated": stamp, "lastStatusChange": stamp}
    agent.publish(tcs, "PublishInstanceStatusRequest", {"metadata": metadata, "statuses": [runtime], "timestamp": stamp})
    assert tcs.expect("AckPublishInstanceStatus")["message"] == "OK"
    # Losing it disturbs nothing.
    tcs.cut()
    agent.tcs()


def test_registering_again_finds_the_same_host(host: Host) -> None:
    agent, arn = host.agent, host.agent.arn
    agent.join()
    assert agent.arn == arn, "with its ARN, from its records"
    agent.arn = ""
    agent.join()
    assert agent.arn == arn, "with its token: the first answer was lost"
    thief = StockAgent(host.plane, host.make_key(f"{host.name}-thief"), host.name)
    thief.arn = arn
    assert thief.register().code in ("AccessDeniedException", "ClientException")
    # Custom attributes are sent the first time only, and stay.
    agent.attributes = [one for one in agent.attributes if one["name"] != "rack"]
    agent.join()
    shown = {one["name"]: one.get("value") for one in host.instance()["attributes"]}
    assert shown["rack"] == "b"
    agent.cluster = "elsewhere"
    assert agent.register().code in ("ClusterNotFoundException", "ClientException")


def test_a_host_that_is_deregistered_is_told_to_stay_away(host: Host) -> None:
    acs, tcs = host.connect(), host.agent.tcs()
    host.ecs.deregister_container_instance(cluster=host.name, containerInstance=host.agent.arn)
    acs.closed()
    for dial in (host.agent.acs, host.agent.tcs):
        with pytest.raises(Refused) as refused:
            dial()
        assert 400 <= refused.value.status < 500 and "InactiveInstanceException" in refused.value.body
    assert host.agent.register().code == "ClientException", "so that it ends for good"
    tcs.cut()


def test_draining_is_not_told_and_brings_nothing_new(host: Host) -> None:
    acs = host.connect()
    host.register()
    # A spot notice: the agent itself asks for it.
    answer = host.agent.call(
        "UpdateContainerInstancesState",
        {"cluster": host.name, "containerInstances": [host.agent.arn], "status": "DRAINING"},
    )
    assert answer.status == 200 and answer.json["failures"] == [], answer
    refused = host.ecs.run_task(cluster=host.name, taskDefinition=host.name, launchType="EXTERNAL")
    assert refused["tasks"] == [] and refused["failures"]
    acs.quiet()


def test_what_only_our_own_agent_can_do_says_so(host: Host) -> None:
    agent, acs = host.agent, host.connect()
    host.register()
    answer = host.ecs.run_task(
        cluster=host.name, taskDefinition=host.name, launchType="EXTERNAL", enableExecuteCommand=True
    )
    arn = answer["tasks"][0]["taskArn"]
    agent.payload(acs, "RUNNING")
    agent.report(arn, "RUNNING", container("RUNNING"))
    done = host.plane.berth("exec", arn, "true", key=host.admin)
    assert done.returncode == 125
    assert "TargetNotConnectedException" in done.stderr and "Amazon ECS agent" in done.stderr
    acs.quiet()


def test_a_heartbeat_comes_before_the_agent_gives_up(host: Host) -> None:
    acs = host.connect()
    # The agent goes after 60 s without a word.
    assert acs.expect("HeartbeatMessage", within=45)["healthy"] is True
    host.register()
    [arn] = host.run()
    assert host.agent.payload(acs, "RUNNING")["arn"] == arn


def test_the_server_dies_in_between(new_plane: Callable[..., ControlPlane]) -> None:
    plane = new_plane("--open", "false", simulate=True).start()
    host = Host(plane, "crash")
    agent, acs = host.agent, host.connect()
    host.register()
    [ends, runs, unknown] = host.take(acs, 3)
    agent.report(runs, "RUNNING", container("RUNNING"))
    agent.report(ends, "RUNNING", container("RUNNING"))
    [lost] = host.run()
    agent.payload(acs, "RUNNING", acknowledge=False)
    before = agent.sequence

    plane.kill()
    with pytest.raises(Exception):
        acs.next()
    plane.start()
    # Its reports were waiting, and come before it is connected.
    agent.report(ends, "STOPPED", container("STOPPED", exitCode=5))
    agent.report(unknown, "RUNNING", container("RUNNING"))
    agent.join()
    acs = host.connect([runs, unknown, lost])
    assert agent.sequence > before
    assert agent.payload(acs, "RUNNING")["arn"] == lost
    acs.quiet()
    assert [one["exitCode"] for one in host.task(ends)["containers"]] == [5]
    assert {host.task(arn)["lastStatus"] for arn in (runs, unknown)} == {"RUNNING"}

    # Told to stop; the server dies before the agent has heard of it.
    host.ecs.stop_task(cluster=host.name, task=runs, reason="before the end")
    plane.kill()
    plane.start()
    acs = host.connect([unknown, lost])
    assert agent.payload(acs, "STOPPED")["arn"] == runs
    agent.report(runs, "STOPPED", container("STOPPED", exitCode=143))
    # The report was taken, but its answer got lost: it comes again, from the next server, too.
    plane.kill()
    plane.start()
    agent.report(runs, "STOPPED", container("STOPPED", exitCode=143))
    shown = host.task(runs)
    assert (shown["stopCode"], shown["stoppedReason"]) == ("UserInitiated", "before the end")
    acs = host.connect([unknown, lost])
    acs.quiet()
    for arn in (unknown, lost):
        agent.report(arn, "STOPPED", container("STOPPED", exitCode=0))
        assert host.task(arn)["lastStatus"] == "STOPPED"
