use berth_model::acs::{HOST_VOLUME, PayloadContainer};

use super::super::container::tests::settings;
use super::*;

fn task(volumes: Value, container: Value) -> PayloadTask {
    let mut first: PayloadContainer = serde_json::from_value(container).unwrap();
    first.name = "a".to_owned();
    let second = PayloadContainer { name: "b".to_owned(), ..PayloadContainer::default() };
    PayloadTask {
        arn: "arn:task/demo/1".to_owned(),
        family: "web".to_owned(),
        version: "3".to_owned(),
        volumes: serde_json::from_value(volumes).unwrap(),
        containers: vec![first, second],
        ..PayloadTask::default()
    }
}

/// A container with these members, which are the only ones that matter here.
fn container(mut members: Value) -> Value {
    for (name, value) in [("name", json!("a")), ("image", json!("i")), ("essential", json!(true))] {
        members[name] = value;
    }
    members["dockerConfig"] = json!({});
    members
}

fn laid(task: &PayloadTask) -> Result<Value, String> {
    let mut host_config = json!({});
    lay(&settings(), Order { task, container: &task.containers[0] }, &mut host_config).map(|()| host_config)
}

#[test]
fn mounts_are_told_in_dockers_words() {
    let volumes = json!([
        { "name": "path", "type": HOST_VOLUME, "host": { "sourcePath": "/srv/data" } },
        { "name": "own", "type": HOST_VOLUME, "host": {} },
        { "name": "named", "type": DOCKER_VOLUME, "dockerVolumeConfiguration": { "scope": "shared" } },
    ]);
    let mounts = json!([
        { "sourceVolume": "path", "containerPath": "/p", "readOnly": true },
        { "sourceVolume": "own", "containerPath": "/o" },
        { "sourceVolume": "named", "containerPath": "/n", "readOnly": false },
    ]);
    let task = task(
        volumes,
        container(json!({
            "mountPoints": mounts, "volumesFrom": [{ "sourceContainer": "b", "readOnly": true }], "links": ["b:db", "b"],
        })),
    );
    let own = own_name(&settings(), &task, "own");
    assert!(own.starts_with("ecs-web-3-own-"), "{own}");
    let other = container::name(&settings(), Order { task: &task, container: &task.containers[1] });
    let expect = json!({
        "Binds": ["/srv/data:/p:ro", format!("{own}:/o"), "named:/n"],
        "VolumesFrom": [format!("{other}:ro")],
        "Links": [format!("{other}:db"), format!("{other}:b")],
    });
    assert_eq!(laid(&task).unwrap(), expect);
}

#[test]
fn what_is_not_there_cannot_be_mounted() {
    for (members, wanted) in [
        (json!({ "mountPoints": [{ "sourceVolume": "x", "containerPath": "/x" }] }), "no volume 'x'"),
        (json!({ "volumesFrom": [{ "sourceContainer": "x" }] }), "no container 'x'"),
        (json!({ "links": ["x:y"] }), "no container 'x'"),
    ] {
        let error = laid(&task(json!([]), container(members))).unwrap_err();
        assert!(error.contains(wanted), "{error}");
    }
    assert_eq!(laid(&task(json!([]), container(json!({})))).unwrap(), json!({}));
}

#[test]
fn what_is_the_tasks_own_is_marked_and_what_is_shared_stays() {
    let docker = |configuration: Value| {
        let volume = json!({ "name": "v", "type": DOCKER_VOLUME, "dockerVolumeConfiguration": configuration });
        let task = task(json!([volume]), container(json!({})));
        request(&settings(), &task, &task.volumes[0])
    };
    let own = docker(json!({
        "scope": "task", "driver": "nfs", "driverOpts": { "o": "1" }, "labels": { "a": "b", "berth.host-id": "x" },
    }))
    .unwrap();
    let labels = own.labels.unwrap();
    assert_eq!((own.driver.as_deref(), &labels["a"]), (Some("nfs"), &"b".to_owned()));
    assert_eq!(own.driver_opts.unwrap()["o"], "1");
    for (label, value) in container::owner(&settings()) {
        assert_eq!(labels[&label], value, "not for a task definition to change");
    }
    assert_eq!(labels[TASK_ARN], "arn:task/demo/1");
    let shared = docker(json!({ "scope": "shared", "autoprovision": true })).unwrap();
    assert_eq!((shared.name.as_deref(), shared.driver.as_deref()), (Some("v"), Some("local")));
    assert!(!shared.labels.unwrap().contains_key("berth.host-id"), "nobody's sweep finds it");
    assert_eq!(docker(json!({ "scope": "shared" })), None, "it must be there");
}

#[test]
fn sizes_need_a_storage_driver_that_counts() {
    let mounts = |options: &str, kind: &str| format!("/dev/a / ext4 rw 0 0\n/dev/b /var/lib {kind} rw,{options} 0 0\n");
    for (driver, options, kind, expect) in [
        ("overlay2", "prjquota", "xfs", true),
        ("overlay2", "pquota,noatime", "xfs", true),
        ("overlay2", "noquota", "xfs", false),
        ("overlay2", "prjquota", "ext4", false),
        ("btrfs", "x", "btrfs", true),
        ("zfs", "x", "zfs", true),
        ("vfs", "prjquota", "xfs", false),
        ("fuse-overlayfs", "x", "ext4", false),
    ] {
        let found = has_sizes(driver, "/var/lib/docker", &mounts(options, kind));
        assert_eq!(found, expect, "{driver} {options} {kind}");
    }
    assert!(!has_sizes("overlay2", "/srv/docker", &mounts("prjquota", "xfs")), "on another file system");
}
