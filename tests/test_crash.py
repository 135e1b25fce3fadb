"""What remains true when processes die at any moment: nothing acknowledged is lost, nothing runs twice, nothing that
ran is disturbed, and in the end nothing is left over. Servers are killed more than 60 times here with `kill -9`."""

from __future__ import annotations

import os
import random
import re
import signal
import time
from collections.abc import Callable
from typing import Any

import pytest

from harness import docker
from harness.load import Load, Watch
from harness.plane import ControlPlane, brief, shell
from harness.wait import until

FOREVER = "trap 'exit 0' TERM; echo up; while true; do sleep 0.1; done"
# Runs until it is told to end by `touch /tmp/end`, and then ends with a code that means something.
UNTIL_TOLD = "trap 'exit 8' TERM; echo up; while [ ! -e /tmp/end ]; do sleep 0.1; done; echo told; exit 7"

NewPlane = Callable[..., ControlPlane]


@pytest.fixture
def seed(record_property: Any) -> int:
    """Decides when things are killed. Another one each time; printed if the test fails."""
    seed = random.randrange(2**32)
    record_property("seed", seed)
    print(f"seed {seed}")
    return seed


def simulated_environment(seconds: float) -> list[dict[str, str]]:
    return [{"name": "SIMULATED_SECONDS", "value": str(seconds)}]


@pytest.mark.parametrize("kills", [22, 22])
def test_servers_killed_under_load_without_docker(new_plane: NewPlane, seed: int, kills: int) -> None:
    dice = random.Random(seed)
    plane = new_plane(simulate=True).start()
    plane.register("t", shell("true", environment=simulated_environment(0.3)))
    load = Load(plane, "t", clients=6, pause_seconds=0.05, seed=seed)
    watch = Watch(plane)
    for kill in range(kills):
        if kill % 5 == 4:
            # In the middle of its start.
            plane.kill()
            plane.spawn()
            time.sleep(dice.uniform(0, 0.2))
        else:
            time.sleep(dice.uniform(0.02, 0.4))
        acknowledged = load.acknowledged()
        plane.kill()
        plane.start()
        watch.look(acknowledged)
    arns = load.end()
    assert len(arns) > 2 * kills, "there was load"
    wait_for_the_end_of_all(plane, "t", watch, arns)
    assert watch.all_of("t") == set(arns), "a retried request made no second task, and no task came from nowhere"


def wait_for_the_end_of_all(plane: ControlPlane, family: str, watch: Watch, arns: list[str]) -> None:
    """Waits until no task of the family is meant to run, and then until all are STOPPED."""
    until("nothing is left to run", lambda: not plane.ecs.list_tasks(family=family)["taskArns"], within=120, every=0.2)
    until("all tasks have ended", lambda: all_stopped(watch.look(arns)), every=0.3)


def all_stopped(tasks: dict[str, dict[str, Any]]) -> bool:
    return all(task["lastStatus"] == "STOPPED" for task in tasks.values())


def check_each_ran_once(plane: ControlPlane, tasks: dict[str, dict[str, Any]], counted: docker.Starts) -> None:
    """Every task has ended by itself, well, after one start of its container, and its output says so too."""
    for arn, task in tasks.items():
        codes = [one.get("exitCode") for one in task["containers"]]
        assert (task["stopCode"], codes) == ("EssentialContainerExited", [0]), f"{arn}: {brief(task)}"
    until("Docker has told of all starts", lambda: len(counted.counts()) >= len(tasks))
    counts = {key.split()[0]: count for key, count in counted.counts().items()}
    assert {arn: counts.get(arn) for arn in tasks} == dict.fromkeys(tasks, 1), "each was started exactly once"
    for arn in tasks:
        plane.wait_for_output(arn, ["ran"])


def test_servers_killed_under_load_with_docker(
    new_plane: NewPlane, seed: int, starts: Callable[[ControlPlane], docker.Starts]
) -> None:
    dice = random.Random(seed)
    plane = new_plane().start()
    counted = starts(plane)
    plane.register("short", shell("echo ran"), memory="64")
    plane.register("long", shell(FOREVER), cpu="128", memory="64")
    long = [task["taskArn"] for task in plane.ecs.run_task(taskDefinition="long", count=3)["tasks"]]
    for arn in long:
        plane.wait_for(arn, "RUNNING")
    running = {arn: docker.identities(plane.installation)[arn] for arn in long}

    load = Load(plane, "short", clients=2, pause_seconds=0.9, seed=seed)
    watch = Watch(plane)
    for kill in range(12):
        time.sleep(dice.uniform(0.1, 1.2))
        acknowledged = load.acknowledged()
        plane.kill()
        if kill % 4 == 3:
            # The next one listens elsewhere: the agents have to find it.
            plane.port = 0
        plane.start()
        watch.look(acknowledged + long)
        now = docker.identities(plane.installation)
        assert {arn: now.get(arn) for arn in long} == running, "containers that ran are the same ones still"
    arns = load.end()
    assert len(arns) >= 12, "there was load"
    wait_for_the_end_of_all(plane, "short", watch, arns)
    assert watch.all_of("short") == set(arns), "a retried request made no second task"
    check_each_ran_once(plane, watch.look(arns), counted)
    for arn in long:
        assert plane.task(arn)["lastStatus"] == "RUNNING"
    # Ctrl-C at the end of the test (finish) still knows them all.


def test_agents_killed_under_load(
    new_plane: NewPlane, seed: int, starts: Callable[[ControlPlane], docker.Starts]
) -> None:
    dice = random.Random(seed)
    plane = new_plane().start()
    counted = starts(plane)
    plane.register("short", shell("echo ran"), memory="64")
    load = Load(plane, "short", clients=2, pause_seconds=0.9, seed=seed)
    kills = 0
    for _ in range(8):
        # Each time they are started again a little later.
        until("there are agents", plane.agents)
        time.sleep(dice.uniform(0.1, 1.0))
        for agent in plane.agents():
            agent.signal(signal.SIGKILL)
            kills += 1
    assert kills >= 3
    arns = load.end()
    watch = Watch(plane)
    wait_for_the_end_of_all(plane, "short", watch, arns)
    check_each_ran_once(plane, watch.look(arns), counted)


def test_servers_and_agents_killed_together_under_load(
    new_plane: NewPlane, seed: int, starts: Callable[[ControlPlane], docker.Starts]
) -> None:
    dice = random.Random(seed)
    plane = new_plane().start()
    counted = starts(plane)
    plane.register("short", shell("echo ran"), memory="64")
    load = Load(plane, "short", clients=2, pause_seconds=0.9, seed=seed)
    watch = Watch(plane)
    kills = 0
    for _ in range(6):
        until("there are agents", plane.agents)
        time.sleep(dice.uniform(0.3, 1.5))
        acknowledged = load.acknowledged()
        agents = plane.agents()
        plane.kill()
        for agent in agents:
            agent.signal(signal.SIGKILL)
        kills += len(agents)
        plane.start()
        watch.look(acknowledged)
    assert kills >= 3
    arns = load.end()
    wait_for_the_end_of_all(plane, "short", watch, arns)
    assert watch.all_of("short") == set(arns)
    check_each_ran_once(plane, watch.look(arns), counted)


def test_servers_killed_while_hosts_come_and_go(
    new_plane: NewPlane, seed: int, starts: Callable[[ControlPlane], docker.Starts]
) -> None:
    """No machine is forgotten, whether it was asked for, on its way, or being ended when the server died."""
    dice = random.Random(seed)
    plane = new_plane("--scale-in-after", "0").start()
    counted = starts(plane)
    plane.register("short", shell("echo ran"), memory="64")
    watch = Watch(plane)
    arns: list[str] = []
    for _ in range(8):
        arns += [plane.run("short") for _ in range(dice.choice([1, 2]))]
        time.sleep(dice.uniform(0, 0.8))
        plane.kill()
        plane.start()
        watch.look(arns)
    wait_for_the_end_of_all(plane, "short", watch, arns)
    check_each_ran_once(plane, watch.look(arns), counted)
    until("all hosts have left", lambda: not plane.agents() and not plane.host_directories())
    assert plane.containers() == []


def told(plane: ControlPlane, arn: str) -> None:
    [container] = plane.containers(arn)
    docker.docker("exec", container, "touch", "/tmp/end")


def running_tasks(plane: ControlPlane, script: str, count: int, **members: Any) -> list[str]:
    """Tasks of a script that says `up` once it has set its trap."""
    plane.register("t", shell(script, **members), memory="64")
    arns = [task["taskArn"] for task in plane.ecs.run_task(taskDefinition="t", count=count)["tasks"]]
    for arn in arns:
        plane.wait_for(arn, "RUNNING")
        plane.wait_for_output(arn, ["up"])
    return arns


def kill_agents(plane: ControlPlane) -> set[int]:
    agents = plane.agents()
    assert agents, "there are agents"
    for agent in agents:
        agent.signal(signal.SIGKILL)
    return {agent.pid for agent in agents}


def test_an_agent_killed_leaves_its_containers_alone(new_plane: NewPlane) -> None:
    plane = new_plane().start()
    arns = running_tasks(plane, UNTIL_TOLD, 2)
    before = docker.identities(plane.installation)
    since = plane.log_bytes()
    killed = kill_agents(plane)
    until("the agents are back", lambda: len(plane.connected(since)) == len(killed))
    pids = {agent.pid for agent in plane.agents()}
    assert len(pids) == len(killed) and not pids & killed
    assert {plane.task(arn)["connectivity"] for arn in arns} == {"CONNECTED"}
    assert docker.identities(plane.installation) == before
    told(plane, arns[0])
    task = plane.wait_for(arns[0], "STOPPED")
    assert [one["exitCode"] for one in task["containers"]] == [7]
    plane.wait_for_output(arns[0], ["up", "told"])
    task = plane.stop(arns[1])
    assert [one["exitCode"] for one in task["containers"]] == [8]


def test_what_ends_while_the_agent_is_dead_is_reported(new_plane: NewPlane) -> None:
    plane = new_plane().start()
    [ends, stays] = running_tasks(plane, UNTIL_TOLD, 2)
    before = docker.identities(plane.installation)[stays]
    assert plane.process
    # The server sleeps, so that nobody starts the agent again while the container ends.
    plane.process.send_signal(signal.SIGSTOP)
    try:
        kill_agents(plane)
        told(plane, ends)
        until("the container has ended", lambda: ends not in docker.identities(plane.installation))
        assert plane.agents() == []
    finally:
        plane.process.send_signal(signal.SIGCONT)
    task = plane.wait_for(ends, "STOPPED")
    assert (task["stopCode"], [one["exitCode"] for one in task["containers"]]) == ("EssentialContainerExited", [7])
    plane.wait_for_output(ends, ["up", "told"])
    assert docker.identities(plane.installation)[stays] == before
    assert plane.wait_for(stays, "RUNNING")


def test_a_container_killed(new_plane: NewPlane) -> None:
    plane = new_plane().start()
    [killed, stays] = running_tasks(plane, FOREVER, 2)
    docker.docker("kill", *plane.containers(killed))
    task = plane.wait_for(killed, "STOPPED")
    assert [one["exitCode"] for one in task["containers"]] == [137]
    assert (task["stopCode"], task["desiredStatus"]) == ("EssentialContainerExited", "STOPPED")
    assert plane.task(stays)["lastStatus"] == "RUNNING"


def test_a_container_removed_by_hand(new_plane: NewPlane) -> None:
    plane = new_plane().start()
    [removed] = running_tasks(plane, FOREVER, 1)
    docker.docker("rm", "--force", *plane.containers(removed))
    task = plane.wait_for(removed, "STOPPED")
    assert task["stopCode"] == "EssentialContainerExited", brief(task)


def test_everything_killed_at_once(new_plane: NewPlane) -> None:
    plane = new_plane().start()
    arns = running_tasks(plane, UNTIL_TOLD, 4)
    before = docker.identities(plane.installation)
    killed, ended, stay = arns[0], arns[1], arns[2:]
    assert plane.process
    since = plane.log_bytes()
    plane.process.kill()
    hosts = len(kill_agents(plane))
    docker.docker("kill", *plane.containers(killed))
    plane.kill()
    told(plane, ended)
    until("its container has ended", lambda: ended not in docker.identities(plane.installation))
    plane.start()
    assert exit_codes(plane.wait_for(killed, "STOPPED")) == [137]
    assert exit_codes(plane.wait_for(ended, "STOPPED")) == [7]
    until("all are connected", lambda: len(plane.connected(since)) == hosts)
    assert {plane.task(arn).get("connectivity") for arn in stay} == {"CONNECTED"}
    now = docker.identities(plane.installation)
    assert {arn: now.get(arn) for arn in stay} == {arn: before[arn] for arn in stay}
    for arn in stay:
        assert plane.task(arn)["lastStatus"] == "RUNNING"
        assert exit_codes(plane.stop(arn)) == [8]
    # And it goes on as if nothing had been.
    plane.wait_for(plane.run("t"), "RUNNING")


def exit_codes(task: dict[str, Any]) -> list[int | None]:
    return [one.get("exitCode") for one in task["containers"]]


def test_down_after_a_kill_leaves_nothing(new_plane: NewPlane) -> None:
    plane = new_plane("--max-hosts", "1").start()
    ran = running_tasks(plane, FOREVER, 2)
    # More than one host has room for.
    waits = [plane.run("t", overrides={"cpu": "1024"}) for _ in range(6)]
    waits = [arn for arn in waits if plane.task(arn)["lastStatus"] == "PROVISIONING"]
    assert waits
    plane.kill()
    assert plane.agents() and plane.containers(), "they outlive the server"
    plane.down()
    plane.check_nothing_left()
    # Once more changes nothing.
    plane.down()
    # The tasks that ran are over, and say why; those that waited go on waiting, and run.
    plane.start()
    for arn in ran:
        task = plane.wait_for(arn, "STOPPED")
        assert task["stopCode"] == "TerminationNotice", brief(task)
        assert re.search(r"Host EC2 \(instance .+?\) (stopped|terminated)\.", task["stoppedReason"]), brief(task)
    until("one that waited runs", lambda: any(plane.task(arn)["lastStatus"] == "RUNNING" for arn in waits))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ending_up_stops_what_runs_and_keeps_what_waits(new_plane: NewPlane, number: signal.Signals) -> None:
    plane = new_plane().start()
    plane.register("t", shell("trap 'echo asked; exit 11' TERM; echo up; while true; do sleep 0.1; done"), memory="64")
    plane.register("deaf", shell("trap '' TERM; echo up; while true; do sleep 0.1; done", stopTimeout=2), memory="64")
    ran, deaf = plane.run("t"), plane.run("deaf")
    for arn in (ran, deaf):
        plane.wait_for_output(arn, ["up"])
    # Each takes a processor, and half of one is taken already.
    processors = os.cpu_count() or 1
    more = [plane.run("t", overrides={"cpu": "1024"}) for _ in range(processors + 2)]

    def waiting() -> list[str]:
        statuses = {arn: plane.task(arn)["lastStatus"] for arn in more}
        is_full = list(statuses.values()).count("RUNNING") == processors - 1
        return [arn for arn, status in statuses.items() if status == "PROVISIONING"] if is_full else []

    waits = until("the machine is full", waiting)
    assert len(waits) == 3
    for arn in set(more) - set(waits):
        plane.wait_for_output(arn, ["up"])
    seconds = plane.end(number)
    assert seconds < 20, f"it took {seconds:.1f} s, as if nobody had said in what time to stop"
    plane.check_nothing_left()

    plane.start()
    for arn, code in ((ran, 11), (deaf, 137)):
        task = plane.task(arn)
        assert (task["lastStatus"], exit_codes(task)) == ("STOPPED", [code]), brief(task)
        assert task["stopCode"] and task["stoppedReason"]
    plane.wait_for_output(ran, ["up", "asked"])
    # Now there is room for some, and none was lost.
    until("one that waited runs", lambda: any(plane.task(arn)["lastStatus"] == "RUNNING" for arn in waits))
    assert {plane.task(arn)["desiredStatus"] for arn in waits} == {"RUNNING"}


def test_a_second_ctrl_c_waits_for_nobody(new_plane: NewPlane) -> None:
    plane = new_plane().start()
    plane.register("deaf", shell("trap '' TERM; echo up; while true; do sleep 0.1; done", stopTimeout=100), memory="64")
    arn = plane.run("deaf")
    plane.wait_for_output(arn, ["up"])
    assert plane.process
    plane.process.send_signal(signal.SIGINT)
    until("it says that it is ending", lambda: "again to end" in plane.log_tail())
    assert plane.is_running
    seconds = plane.end(signal.SIGINT)
    assert seconds < 15, f"it took {seconds:.1f} s"
    plane.check_nothing_left()


def test_a_killed_up_comes_back_to_its_hosts(new_plane: NewPlane) -> None:
    """Also at another address, which its agents cannot know."""
    plane = new_plane().start()
    arns = running_tasks(plane, UNTIL_TOLD, 3)
    before = docker.identities(plane.installation)
    hosts = len(plane.agents())
    for port in (plane.port, 0):
        since = plane.log_bytes()
        plane.kill()
        plane.port = port
        plane.start()
        until("all are connected", lambda: len(plane.connected(since)) == hosts)
        assert {plane.task(arn)["connectivity"] for arn in arns} == {"CONNECTED"}
        assert docker.identities(plane.installation) == before
    for arn in arns:
        told(plane, arn)
        assert exit_codes(plane.wait_for(arn, "STOPPED")) == [7]
        plane.wait_for_output(arn, ["up", "told"])


def test_hosts_outlive_a_server(new_plane: NewPlane) -> None:
    """`berth server` ends in order and leaves its hosts alone; the next one finds them as they are."""
    pool = {"backend": "local", "image_pull_behavior": "prefer-cached", "scale_in_after_seconds": 1}
    plane = new_plane(server={"open": True, "pool": pool}).start()
    [ends, stays] = running_tasks(plane, UNTIL_TOLD, 2)
    before = docker.identities(plane.installation)
    agents, since = {agent.pid for agent in plane.agents()}, plane.log_bytes()
    seconds = plane.end(signal.SIGTERM)
    assert seconds < 10, f"it took {seconds:.1f} s"
    assert {agent.pid for agent in plane.agents()} == agents
    assert docker.identities(plane.installation) == before

    told(plane, ends)
    until("its container has ended", lambda: ends not in docker.identities(plane.installation))
    plane.start()
    assert exit_codes(plane.wait_for(ends, "STOPPED")) == [7]
    plane.wait_for_output(ends, ["up", "told"])
    until("all are connected", lambda: len(plane.connected(since)) == len(agents))
    assert plane.task(stays)["connectivity"] == "CONNECTED"
    assert plane.task(stays)["lastStatus"] == "RUNNING"
    assert docker.identities(plane.installation)[stays] == before[stays]
    assert {agent.pid for agent in plane.agents()} <= agents, "the agents are the same processes"
    # Hosts still come and go as they should.
    assert exit_codes(plane.stop(stays)) == [8]
    until("the pool is empty again", lambda: not plane.agents())
    assert plane.containers() == []


def test_a_stop_outlives_the_server_that_took_it(new_plane: NewPlane) -> None:
    plane = new_plane().start()
    arns = running_tasks(plane, UNTIL_TOLD, 3)
    for arn in arns:
        plane.ecs.stop_task(task=arn, reason="before the end")
        plane.kill()
        plane.start()
    for arn in arns:
        task = plane.wait_for(arn, "STOPPED")
        assert (task["stopCode"], task["stoppedReason"]) == ("UserInitiated", "before the end")
        assert exit_codes(task) == [8]


def test_a_task_stopped_while_its_agent_is_dead(new_plane: NewPlane) -> None:
    plane = new_plane().start()
    [arn] = running_tasks(plane, UNTIL_TOLD, 1)
    kill_agents(plane)
    task = plane.ecs.stop_task(task=arn, reason="late")["task"]
    assert task["desiredStatus"] == "STOPPED"
    task = plane.wait_for(arn, "STOPPED")
    assert (task["stopCode"], task["stoppedReason"], exit_codes(task)) == ("UserInitiated", "late", [8])
