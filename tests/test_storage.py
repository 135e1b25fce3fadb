"""Volumes, links between containers, and images, on real Docker."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from harness import docker
from harness.agent import Agent
from harness.plane import ControlPlane, shell
from harness.registry import Registry
from harness.wait import until

FOREVER = "trap 'exit 0' TERM; while true; do sleep 0.1; done"

NewAgent = Callable[..., Agent]


@pytest.fixture
def registry() -> Iterator[Registry]:
    with Registry() as registry:
        yield registry


def mount(volume: str, path: str, **members: Any) -> dict[str, Any]:
    return {"mountPoints": [{"sourceVolume": volume, "containerPath": path, **members}]}


def after(other: str, condition: str = "START") -> dict[str, Any]:
    return {"dependsOn": [{"containerName": other, "condition": condition}]}


def exit_codes(task: dict[str, Any]) -> dict[str, int | None]:
    return {one["name"]: one.get("exitCode") for one in task["containers"]}


def test_a_volume_of_the_task_is_shared_and_goes_with_it(plane: ControlPlane, name: str) -> None:
    reader = "cat /in/said; touch /in/x 2>/dev/null || echo read-only"
    containers = [
        shell("echo hello >/out/said", "writer", essential=False, **mount("data", "/out")),
        shell(f"{reader}; {FOREVER}", "reader", **mount("data", "/in", readOnly=True), **after("writer", "SUCCESS")),
        # Has both mounts, and may write to neither.
        shell(
            "cat /in/said; touch /in/x 2>/dev/null || echo read-only; touch /out/x 2>/dev/null || echo read-only; sleep 60",
            "both", essential=False, stopTimeout=2, **after("reader"),
            volumesFrom=[{"sourceContainer": "writer", "readOnly": True}, {"sourceContainer": "reader"}],
        ),
    ]
    definition = plane.register(name, *containers, volumes=[{"name": "data"}])
    [volume] = plane.ecs.describe_task_definition(taskDefinition=definition)["taskDefinition"]["volumes"]
    assert volume == {"name": "data"}
    arns = [plane.run(definition), plane.run(definition)]
    for arn in arns:
        plane.wait_for_output(arn, ["hello", "read-only"], "reader")
        plane.wait_for_output(arn, ["hello", "read-only", "read-only"], "both")
    seen = [docker.volumes(plane.installation, arn) for arn in arns]
    assert [len(volumes) for volumes in seen] == [1, 1] and seen[0] != seen[1], "each task has its own"
    for arn in arns:
        plane.stop(arn)
        until("the volume is gone", lambda: not docker.volumes(plane.installation, arn))


def test_what_a_killed_agent_was_told_of_volumes_is_still_done(new_plane: Any, name: str) -> None:
    plane = new_plane("--scale-in-after", "600").start()
    definition = plane.register(name, shell(FOREVER, **mount("data", "/data")), volumes=[{"name": "data", "host": {}}])
    arn = plane.run(definition)
    plane.wait_for(arn, "RUNNING")
    assert len(docker.volumes(plane.installation, arn)) == 1
    [agent] = plane.agents()
    agent.signal(signal.SIGKILL)
    plane.stop(arn)
    until("the volume is gone", lambda: not docker.volumes(plane.installation, arn))


def test_paths_of_a_host_of_ones_own(plane: ControlPlane, name: str, new_agent: NewAgent, tmp_path: Path) -> None:
    agent = new_agent()
    source = tmp_path / "source"
    source.mkdir()
    (source / "in").write_text("from the host\n")
    volumes = [{"name": "path", "host": {"sourcePath": str(source)}}]
    container = shell("cat /path/in; echo from the task >/path/out", **mount("path", "/path"))
    definition = plane.register(name, container, volumes=volumes, cpu="128", memory="64")
    arn = agent.run(definition)
    plane.wait_for(arn, "STOPPED")
    plane.wait_for_output(arn, ["from the host"])
    assert (source / "out").read_text() == "from the task\n"
    # Hosts of FARGATE are shared by all clusters.
    with pytest.raises(plane.ecs.exceptions.InvalidParameterException, match="host.sourcePath.*not supported on Fargate"):
        plane.ecs.run_task(taskDefinition=definition)
    with pytest.raises(plane.ecs.exceptions.ClientError, match="host.sourcePath.*not supported on Fargate"):
        sizes = {"cpu": "256", "memory": "512", "requiresCompatibilities": ["FARGATE"]}
        plane.register(name, container, volumes=volumes, **sizes)


def test_docker_volumes_of_a_task_and_of_all(plane: ControlPlane, name: str, new_agent: NewAgent) -> None:
    agent = new_agent()
    shared = f"{name}-shared"
    volumes = [
        {"name": "own", "dockerVolumeConfiguration": {"scope": "task", "driver": "local", "labels": {"color": "red"}}},
        {"name": shared, "dockerVolumeConfiguration": {"scope": "shared", "autoprovision": True, "labels": {"a": "b"}}},
    ]
    mounts = [
        {"sourceVolume": "own", "containerPath": "/own"}, {"sourceVolume": shared, "containerPath": "/shared"},
    ]
    script = f"ls /own | wc -l; touch /own/x; ls /shared | wc -l; touch /shared/$HOSTNAME; {FOREVER}"
    definition = plane.register(name, shell(script, mountPoints=mounts), volumes=volumes, cpu="128", memory="64")
    try:
        for found in ("0", "1"):
            arn = agent.run(definition)
            plane.wait_for(arn, "RUNNING")
            plane.wait_for_output(arn, ["0", found])
            [own] = docker.docker("volume", "ls", "--quiet", "--filter", f"label={docker.TASK_LABEL}={arn}").split()
            assert docker.docker("volume", "inspect", "--format", "{{.Labels.color}}", own).strip() == "red"
            plane.stop(arn)
            label = f"label={docker.TASK_LABEL}={arn}"
            until("the task's own is gone", lambda: not docker.docker("volume", "ls", "--quiet", "--filter", label))
            assert docker.docker("volume", "inspect", "--format", "{{.Labels.a}}", shared).strip() == "b", "it stays"
    finally:
        docker.docker("volume", "rm", "--force", shared, check=False)
    # What is not made on the way must be there.
    volumes = [{"name": shared, "dockerVolumeConfiguration": {"scope": "shared"}}]
    definition = plane.register(name, shell("true", **mount(shared, "/s")), volumes=volumes, cpu="128", memory="64")
    task = plane.wait_for(agent.run(definition), "STOPPED")
    assert task["stoppedReason"].startswith("CannotCreateVolumeError") and "no such volume" in task["stoppedReason"]
    with pytest.raises(plane.ecs.exceptions.InvalidParameterException, match="dockerVolumeConfiguration.*not supported on Fargate"):
        plane.ecs.run_task(taskDefinition=definition)


@pytest.mark.parametrize(
    "configuration", ["efsVolumeConfiguration", "fsxWindowsFileServerVolumeConfiguration", "configuredAtLaunch"]
)
def test_volumes_that_no_host_has_are_refused_by_name(plane: ControlPlane, name: str, configuration: str) -> None:
    values: dict[str, Any] = {
        "efsVolumeConfiguration": {"fileSystemId": "fs-1"},
        "fsxWindowsFileServerVolumeConfiguration": {
            "fileSystemId": "fs-1", "rootDirectory": "/", "authorizationConfig": {"credentialsParameter": "p", "domain": "d"},
        },
        "configuredAtLaunch": True,
    }
    with pytest.raises(plane.ecs.exceptions.ClientError, match=configuration):
        plane.register(name, shell("true"), volumes=[{"name": "v", configuration: values[configuration]}])


def test_the_size_of_a_tasks_storage_is_kept(simulated: ControlPlane, name: str) -> None:
    """What it bounds depends on Docker's storage driver, and this machine's bounds nothing."""
    arn = simulated.run(simulated.register(f"{name}-plain", shell("true")))
    assert simulated.task(arn)["ephemeralStorage"] == {"sizeInGiB": 20}, "as on Fargate"
    definition = simulated.register(name, shell("true"), ephemeralStorage={"sizeInGiB": 30})
    arn = simulated.run(definition)
    assert simulated.task(arn)["ephemeralStorage"] == {"sizeInGiB": 30}
    arn = simulated.run(definition, overrides={"ephemeralStorage": {"sizeInGiB": 50}})
    assert simulated.task(arn)["ephemeralStorage"] == {"sizeInGiB": 50}
    with pytest.raises(simulated.ecs.exceptions.InvalidParameterException, match="between 21 and 200"):
        simulated.run(definition, overrides={"ephemeralStorage": {"sizeInGiB": 20}})


def test_links_lead_to_containers_by_name(plane: ControlPlane, name: str) -> None:
    """The one that is linked to starts first, although it is defined last."""
    ask = "until wget -q -O - http://web:8080/ 2>/dev/null; do sleep 0.1; done; "
    ask += "grep -q db /etc/hosts && echo alias; "
    serve = {"command": ["httpd", "-f", "-p", "8080", "-h", "/var/www"], "stopTimeout": 2}
    containers = [
        shell(ask + FOREVER, "main", links=["web", "web:db"]),
        {"name": "web", "image": docker.IMAGE, **serve},
    ]
    arn = plane.run(plane.register(name, *containers))
    plane.wait_for_output(arn, ["hello from berth-test", "alias"])
    plane.stop(arn)


def test_links_that_lead_in_a_circle_are_refused(simulated: ControlPlane, name: str) -> None:
    containers = [shell("true", "a", links=["b"]), shell("true", "b", links=["a"])]
    with pytest.raises(simulated.ecs.exceptions.ClientError, match="must not lead back to itself"):
        simulated.register(name, *containers)
    with pytest.raises(simulated.ecs.exceptions.ClientError, match="networkMode bridge only"):
        simulated.register(name, shell("true", "a", links=["b"]), shell("true", "b"), networkMode="host")


def test_what_others_need_stays_until_they_are_there(plane: ControlPlane, name: str, registry: Registry) -> None:
    """The one whose volumes are wanted ends at once, while the other's image is still being pulled."""
    image = registry.publish()
    with registry.held():
        slow = {"name": "slow", "image": image.reference, "command": ["cat", "/out/said"]}
        slow["volumesFrom"] = [{"sourceContainer": "quick"}]
        quick = shell("echo hello >/out/said", "quick", essential=False, **mount("data", "/out"))
        arn = plane.run(plane.register(name, quick, slow, volumes=[{"name": "data"}]))
        until("the pull has begun", registry.waiting)

        def has_ended() -> bool:
            found = docker.of_task(plane.installation, arn)
            return "quick" in found and found["quick"]["State"]["Status"] == "exited"

        until("the quick one has ended", has_ended)
    task = plane.wait_for(arn, "STOPPED")
    assert exit_codes(task) == {"slow": 0, "quick": 0}
    plane.wait_for_output(arn, ["hello"], "slow")
    until("nothing is left", lambda: not plane.containers(arn) and not docker.volumes(plane.installation, arn))


def test_the_digest_of_an_image_is_told(plane: ControlPlane, name: str, registry: Registry) -> None:
    image = registry.publish()
    definition = plane.register(name, {"name": "main", "image": image.reference, "command": ["true"]}, shell("true", "local"))
    # The second time it is there already.
    for _ in range(2):
        task = plane.wait_for(plane.run(definition), "STOPPED")
        digests = {one["name"]: one.get("imageDigest") for one in task["containers"]}
        assert digests == {"main": image.digest, "local": None}, "an image that was never in a registry has none"
    assert registry.fetched(image) == 1


def test_an_image_that_the_registry_does_not_have(plane: ControlPlane, name: str, registry: Registry) -> None:
    reference = f"{registry.address}/missing:1"
    task = plane.wait_for(plane.run(plane.register(name, {"name": "main", "image": reference})), "STOPPED")
    assert task["stoppedReason"].startswith("CannotPullContainerError: Error response from daemon: "), task
    assert "manifest unknown" in task["stoppedReason"]


def test_pulls_of_one_image_are_shared_and_others_wait_for_room(
    plane: ControlPlane, name: str, new_agent: NewAgent, registry: Registry
) -> None:
    agent = new_agent("--image-pulls-max", "2")
    same, *others = [registry.publish(f"image-{at}") for at in range(3)]
    images = [same, same, same, *others]
    with registry.held():
        arns = []
        for at, image in enumerate(images):
            container = {"name": "main", "image": image.reference, "command": ["true"], "memory": 32}
            arns.append(agent.run(plane.register(f"{name}-{at}", container, cpu=None, memory=None)))
        for arn in arns:
            plane.wait_for(arn, "PENDING")
        until("as many as may are pulled", lambda: registry.waiting() == 2)
        assert sum(registry.fetched(image) for image in (same, *others)) == 2
    for arn in arns:
        assert exit_codes(plane.wait_for(arn, "STOPPED")) == {"main": 0}
    assert registry.waiting() == 0
    # A task that came after the end of a pull has looked again, and there was nothing to fetch.
    assert [registry.fetched(image) for image in (same, *others)] == [1, 1, 1]


def image_ids() -> set[str]:
    return set(docker.docker("image", "ls", "--quiet", "--no-trunc").split())


def starter(plane: ControlPlane, name: str, new_agent: NewAgent) -> Callable[[str, str], str]:
    """Runs an image with a script, and gives the task, on a host that removes what nobody uses at once."""
    agent = new_agent("--image-clean-up-every", "1", "--image-minimum-age", "1", "--image-disk-used", "0")

    def start(image: str, script: str) -> str:
        container = {"name": "main", "image": image, "command": ["sh", "-c", script]}
        return agent.run(plane.register(name, container, cpu="128", memory="64"))

    return start


def test_images_that_nobody_uses_go_again(
    plane: ControlPlane, name: str, new_agent: NewAgent, registry: Registry
) -> None:
    """Not the one that was there before, and not the one that is in use."""
    theirs, used, unused = (registry.publish(one) for one in ("theirs", "used", "unused"))
    docker.docker("pull", "--quiet", theirs.reference)
    start = starter(plane, name, new_agent)
    running = start(used.reference, FOREVER)
    plane.wait_for(running, "RUNNING")
    for image in (theirs, unused):
        plane.wait_for(start(image.reference, "true"), "STOPPED")
    until("the unused image is gone", lambda: unused.id not in image_ids())
    assert {theirs.id, used.id} <= image_ids()
    plane.stop(running)
    until("the one that was used is gone, too", lambda: used.id not in image_ids())
    assert theirs.id in image_ids()


def test_an_image_whose_name_has_moved_on_goes_again(
    plane: ControlPlane, name: str, new_agent: NewAgent, registry: Registry
) -> None:
    """Unless it was there before, or is in use, or somebody has given it a name of their own."""
    theirs = registry.publish("theirs", "latest")
    docker.docker("pull", "--quiet", theirs.reference)
    start = starter(plane, name, new_agent)
    before = [registry.publish(one, "latest") for one in ("kept", "app")]
    running = [start(image.reference, FOREVER) for image in before]
    for arn in running:
        plane.wait_for(arn, "RUNNING")
    kept, used = before
    docker.docker("tag", kept.reference, f"{registry.address}/mine:1")
    names = ("app", "kept", "theirs")
    app, again, also_theirs = moved = [registry.publish(one, "latest") for one in names]
    for image in moved:
        plane.wait_for(start(image.reference, "true"), "STOPPED")
    until("what has the names now is gone again", lambda: not {app.id, again.id} & image_ids())
    assert {theirs.id, also_theirs.id, used.id, kept.id} <= image_ids()
    for arn in running:
        plane.stop(arn)
    until("the one that was used is gone, too", lambda: used.id not in image_ids())
    assert {theirs.id, also_theirs.id, kept.id} <= image_ids()


class Unsteady(Registry):
    """A registry that closes connections instead of naming an image, while it is broken."""

    is_broken = True

    def manifest(self, name: str, reference: str) -> tuple[str, str, bytes] | None:
        if self.is_broken:
            raise ConnectionResetError
        return super().manifest(name, reference)


def test_a_pull_that_breaks_is_tried_again(plane: ControlPlane, name: str, new_agent: NewAgent) -> None:
    agent = new_agent()
    with Unsteady() as registry:
        images = [registry.publish(one) for one in ("one", "other")]
        containers = [{"name": "main", "image": image.reference, "command": ["true"]} for image in images]
        definitions = [plane.register(f"{name}-{at}", one, cpu="128", memory="64") for at, one in enumerate(containers)]
        arns = [agent.run(definition) for definition in definitions]

        def has_failed_once() -> bool:
            said = [line for line in agent.log_path.read_text().splitlines() if "image not pulled yet" in line]
            return all(any(image.reference in line for line in said) for image in images)

        until("both have failed once", has_failed_once)
        # While it waits for the next try.
        task = plane.stop(arns[1], within=15)
        assert task["stoppedReason"] == "Task stopped by user"
        registry.is_broken = False
        assert exit_codes(plane.wait_for(arns[0], "STOPPED")) == {"main": 0}
        # One that stays broken says in the end why.
        registry.is_broken = True
        task = plane.wait_for(agent.run(definitions[1]), "STOPPED")
        assert task["stoppedReason"].startswith("CannotPullContainerError: Error response from daemon: "), task
        assert "EOF" in task["stoppedReason"]
