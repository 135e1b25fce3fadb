use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::*;
use crate::fargate;

/// A task definition of two containers, the first with these members.
fn document(members: Value, container: Value) -> TaskDefinition {
    let mut document = members;
    let mut container = container;
    container["name"] = json!("main");
    document["containerDefinitions"] = json!([container, { "name": "side" }]);
    serde_json::from_value(document).unwrap()
}

fn refused(members: Value, container: Value, expected: &Expect) {
    expected.assert_eq(&check(&document(members, container)).unwrap_err());
}

#[test]
fn volumes_are_what_docker_can_make() {
    let volume = |volume: Value| json!({ "volumes": [volume] });
    refused(
        volume(json!({ "name": "a/b" })),
        json!({}),
        &expect![
            "Invalid setting for volume 'a/b'. Its 'name' must have 1 to 255 letters, numbers, hyphens and underscores."
        ],
    );
    refused(
        volume(json!({ "name": "v", "host": { "sourcePath": "data" } })),
        json!({}),
        &expect!["Invalid setting for volume 'v'. 'host.sourcePath' must be an absolute path without colons."],
    );
    refused(
        volume(json!({ "name": "v", "host": {}, "dockerVolumeConfiguration": {} })),
        json!({}),
        &expect!["Invalid setting for volume 'v'. 'host' and 'dockerVolumeConfiguration' exclude each other."],
    );
    refused(
        volume(json!({ "name": "v", "dockerVolumeConfiguration": { "scope": "task", "autoprovision": true } })),
        json!({}),
        &expect![
            "Invalid setting for volume 'v'. 'dockerVolumeConfiguration.autoprovision' is for the scope 'shared' only."
        ],
    );
    refused(
        volume(json!({ "name": "v", "dockerVolumeConfiguration": { "scope": "world" } })),
        json!({}),
        &expect!["Invalid setting for volume 'v'. 'dockerVolumeConfiguration.scope' world is not supported."],
    );
    refused(
        json!({ "volumes": [{ "name": "v" }, { "name": "v" }] }),
        json!({}),
        &expect!["Volume.name 'v' is used more than once."],
    );
    for size in [20, 201] {
        refused(
            json!({ "ephemeralStorage": { "sizeInGiB": size } }),
            json!({}),
            &expect!["'ephemeralStorage.sizeInGiB' must be between 21 and 200."],
        );
    }
}

#[test]
fn mounts_and_links_lead_to_what_is_there() {
    let volumes = || json!({ "volumes": [{ "name": "v" }, { "name": "w", "host": { "sourcePath": "/w" } }] });
    let good = json!({
        "mountPoints": [{ "sourceVolume": "v", "containerPath": "/v" }, { "sourceVolume": "w", "containerPath": "/w" }],
        "volumesFrom": [{ "sourceContainer": "side", "readOnly": true }],
        "links": ["side", "side:other"],
    });
    assert_eq!(check(&document(volumes(), good)), Ok(()));
    for (container, expected) in [
        (
            json!({ "mountPoints": [{ "sourceVolume": "x", "containerPath": "/v" }] }),
            expect!["Invalid setting for container 'main'. 'mountPoints[0].sourceVolume' names no volume: 'x'."],
        ),
        (
            json!({ "mountPoints": [{ "sourceVolume": "v", "containerPath": "v" }] }),
            expect![
                "Invalid setting for container 'main'. 'mountPoints[0].containerPath' must be an absolute path without colons."
            ],
        ),
        (
            json!({ "mountPoints": [{ "sourceVolume": "v", "containerPath": "/v" }, { "sourceVolume": "w", "containerPath": "/v" }] }),
            expect!["Invalid setting for container 'main'. 'mountPoints[1].containerPath' is used more than once."],
        ),
        (
            json!({ "volumesFrom": [{ "sourceContainer": "main" }] }),
            expect![
                "Invalid setting for container 'main'. 'volumesFrom[0].sourceContainer' must name another container, not 'main'."
            ],
        ),
        (
            json!({ "links": ["db:alias"] }),
            expect!["Invalid setting for container 'main'. 'links[0]' must name another container, not 'db'."],
        ),
        (
            json!({ "links": ["side:a:b"] }),
            expect!["Invalid setting for container 'main'. 'links[0]' must be the name of a container, or NAME:ALIAS."],
        ),
    ] {
        refused(volumes(), container, &expected);
    }
    refused(
        json!({ "networkMode": "host" }),
        json!({ "links": ["side"] }),
        &expect!["Invalid setting for container 'main'. 'links' are possible with networkMode bridge only."],
    );
}

#[test]
fn nothing_needs_itself() {
    let two = |first: Value, second: Value| {
        let (mut first, mut second) = (first, second);
        (first["name"], second["name"]) = (json!("a"), json!("b"));
        let containers = json!([first, second]);
        crate::container::check(&serde_json::from_value(json!({ "containerDefinitions": containers })).unwrap())
    };
    let mounts = |source: &str| json!({ "volumesFrom": [{ "sourceContainer": source }] });
    let waits = |other: &str| json!({ "dependsOn": [{ "containerName": other, "condition": "START" }] });
    let links = |other: &str| json!({ "links": [other] });
    for (first, second) in [
        (mounts("b"), mounts("a")),
        (links("b"), links("a")),
        (links("b"), mounts("a")),
        (links("b"), waits("a")),
        (mounts("b"), waits("a")),
    ] {
        let error = two(first.clone(), second.clone()).unwrap_err();
        assert!(error.contains("must not lead back to itself"), "{first} {second}: {error}");
    }
    assert_eq!(two(mounts("b"), json!({})), Ok(()));
}

#[test]
fn on_fargate_volumes_are_the_tasks_own() {
    for (volume, member) in [
        (json!({ "name": "v", "host": { "sourcePath": "/etc" } }), Some("host.sourcePath")),
        (json!({ "name": "v", "dockerVolumeConfiguration": { "scope": "task" } }), Some("dockerVolumeConfiguration")),
        (json!({ "name": "v", "host": {} }), None),
        (json!({ "name": "v" }), None),
    ] {
        let document = document(json!({ "volumes": [volume] }), json!({}));
        assert_eq!(check(&document), Ok(()));
        let expect =
            member.map(|member| format!("Invalid setting for volume 'v'. '{member}' is not supported on Fargate."));
        assert_eq!(fargate::check_isolation(&document).err(), expect);
    }
}
