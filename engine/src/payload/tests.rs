use berth_model::ecs;
use berth_model::id::DefinitionId;
use berth_model::task::Launch;
use berth_model::task_definition::DefinitionStatus;
use berth_model::unit::{CpuUnits, MemoryMib};

use super::*;
use crate::sample;

fn definition(document: serde_json::Value) -> TaskDefinition {
    let id = DefinitionId { family: "web".parse().unwrap(), revision: 3 };
    TaskDefinition {
        id,
        status: DefinitionStatus::Active,
        document: serde_json::from_value(document).unwrap(),
        tags: Vec::new(),
    }
}

fn payload(task: &Task, document: serde_json::Value) -> serde_json::Value {
    let payload = payload_task(&ArnScope::default(), task, &definition(document), DesiredStatus::Running);
    serde_json::to_value(payload).unwrap()
}

fn task_with(overrides: serde_json::Value) -> Task {
    let mut task = sample::task(0xabc, "demo", "web");
    task.request.overrides = serde_json::from_value(overrides).unwrap();
    task
}

#[test]
fn a_plain_task_has_what_the_agent_needs_and_nothing_else() {
    let task = task_with(serde_json::json!({}));
    let document = serde_json::json!({
        "containerDefinitions": [{ "name": "main", "image": "busybox", "essential": true, "command": ["true"] }],
    });
    let expect = serde_json::json!({
        "arn": "arn:aws:ecs:us-east-1:123456789012:task/demo/00000000000000000000000000000abc",
        "taskClusterArn": "arn:aws:ecs:us-east-1:123456789012:cluster/demo",
        "family": "web",
        "version": "3",
        "desiredStatus": "RUNNING",
        "networkMode": "bridge",
        "launchType": "FARGATE",
        "ephemeralStorage": { "sizeInGiB": 20 },
        "group": "family:web",
        "containers": [{
            "name": "main",
            "containerArn": "arn:aws:ecs:us-east-1:123456789012:container/demo/\
                             00000000000000000000000000000abc/00000000-0000-0000-0000-0000000abc00",
            "image": "busybox",
            "essential": true,
            "command": ["true"],
            "cpu": 0,
            "memory": 0,
            "dockerConfig": { "config": "{}", "hostConfig": "{\"NetworkMode\":\"bridge\",\"SecurityOpt\":[\"no-new-privileges\"]}",
                "version": "1.18", },
        }],
    });
    assert_eq!(payload(&task, document), expect);
}

#[test]
fn overrides_are_laid_over_the_definition() {
    let mut task = task_with(serde_json::json!({
        "cpu": "512",
        "containerOverrides": [{
            "name": "main",
            "command": ["b"],
            "cpu": 20,
            "memory": 200,
            "memoryReservation": 100,
            "environment": [{ "name": "B", "value": "new" }, { "name": "C", "value": "3" }],
        }],
    }));
    task.launch = Launch::Static(berth_model::task::StaticLaunchType::External);
    task.demand.resources.cpu = CpuUnits(512);
    task.demand.resources.memory = MemoryMib(1024);
    let document = serde_json::json!({
        "cpu": "256",
        "memory": "1024",
        "networkMode": "host",
        "containerDefinitions": [
            {
                "name": "main", "image": "a", "cpu": 10, "memory": 128, "memoryReservation": 64,
                "entryPoint": ["/e"], "command": ["a"], "stopTimeout": 5,
                "environment": [{ "name": "A", "value": "1" }, { "name": "B", "value": "2" }],
                "portMappings": [
                    { "containerPort": 80, "hostPort": 8080, "protocol": "tcp" },
                    { "containerPort": 53, "protocol": "udp" },
                ],
            },
            { "name": "side", "image": "b", "essential": false, "memoryReservation": 32 },
        ],
    });
    let payload = payload(&task, document);
    assert_eq!((&payload["cpu"], &payload["memory"]), (&serde_json::json!(0.5), &serde_json::json!(1024)));
    assert_eq!((&payload["networkMode"], &payload["launchType"]), (&"host".into(), &"EXTERNAL".into()));
    let mut container = payload["containers"][0].clone();
    container["containerArn"] = serde_json::Value::Null;
    let expect = serde_json::json!({
        "name": "main", "containerArn": null, "image": "a", "essential": true,
        "entryPoint": ["/e"], "command": ["b"], "stopTimeout": 5,
        "environment": { "A": "1", "B": "new", "C": "3" },
        "cpu": 20, "memory": 200,
        "portMappings": [
            { "containerPort": 80, "hostPort": 8080, "protocol": "tcp" },
            { "containerPort": 53, "hostPort": 0, "protocol": "udp" },
        ],
        "dockerConfig": {
            "config": "{}",
            "hostConfig": "{\"MemoryReservation\":104857600,\"NetworkMode\":\"host\"}",
            "version": "1.18",
        },
    });
    assert_eq!(container, expect);
    let side = &payload["containers"][1];
    assert_eq!((&side["essential"], &side["command"]), (&false.into(), &serde_json::Value::Null));
    assert_eq!(side["dockerConfig"]["hostConfig"], "{\"MemoryReservation\":33554432,\"NetworkMode\":\"host\"}");
}

#[test]
fn a_stop_lists_the_containers_too() {
    let task = sample::task(1, "c", "web");
    let containers = vec![ecs::ContainerDefinition { name: Some("main".to_owned()), ..Default::default() }];
    let mut definition = definition(serde_json::json!({}));
    definition.document.container_definitions = Some(containers);
    let payload = payload_task(&ArnScope::default(), &task, &definition, DesiredStatus::Stopped);
    assert_eq!((payload.desired_status.as_str(), payload.containers.len()), ("STOPPED", 1));
}

#[test]
fn settings_are_told_in_dockers_words() {
    let mut task = task_with(serde_json::json!({}));
    task.launch = Launch::Static(berth_model::task::StaticLaunchType::Ec2);
    let document = serde_json::json!({
        "pidMode": "host", "ipcMode": "none",
        "containerDefinitions": [{
            "name": "main", "image": "i", "memory": 64, "user": "1:2", "workingDirectory": "/w", "hostname": "h",
            "interactive": true, "pseudoTerminal": true, "disableNetworking": false, "dockerLabels": { "own": "1" },
            "privileged": true, "readonlyRootFilesystem": true, "dnsServers": ["1.1.1.1"], "dnsSearchDomains": ["a.b"],
            "extraHosts": [{ "hostname": "db", "ipAddress": "10.0.0.1" }], "dockerSecurityOptions": ["label:disable"],
            "ulimits": [{ "name": "nofile", "softLimit": 10, "hardLimit": 20 }],
            "systemControls": [{ "namespace": "net.core.somaxconn", "value": "9" }],
            "linuxParameters": {
                "capabilities": { "add": ["NET_ADMIN"], "drop": ["CHOWN"] },
                "devices": [{ "hostPath": "/dev/null", "permissions": ["read"] }, { "hostPath": "/dev/zero", "containerPath": "/z" }],
                "initProcessEnabled": true, "sharedMemorySize": 32, "maxSwap": 16, "swappiness": 5,
                "tmpfs": [{ "containerPath": "/t", "size": 8, "mountOptions": ["noexec", "ro"] }],
            },
        }],
    });
    let docker = &payload(&task, document)["containers"][0]["dockerConfig"];
    let parsed = |name: &str| -> serde_json::Value { serde_json::from_str(docker[name].as_str().unwrap()).unwrap() };
    let config = serde_json::json!({
        "User": "1:2", "WorkingDir": "/w", "Hostname": "h", "OpenStdin": true, "Tty": true, "Labels": { "own": "1" },
    });
    assert_eq!(parsed("config"), config);
    let host_config = serde_json::json!({
        "NetworkMode": "bridge", "PidMode": "host", "IpcMode": "none", "Privileged": true, "ReadonlyRootfs": true,
        "Dns": ["1.1.1.1"], "DnsSearch": ["a.b"], "ExtraHosts": ["db:10.0.0.1"], "SecurityOpt": ["label:disable"],
        "Ulimits": [{ "Name": "nofile", "Soft": 10, "Hard": 20 }], "Sysctls": { "net.core.somaxconn": "9" },
        "CapAdd": ["NET_ADMIN"], "CapDrop": ["CHOWN"], "Init": true, "ShmSize": 32 << 20,
        "Devices": [
            { "PathOnHost": "/dev/null", "PathInContainer": "/dev/null", "CgroupPermissions": "r" },
            { "PathOnHost": "/dev/zero", "PathInContainer": "/z", "CgroupPermissions": "rwm" },
        ],
        "Tmpfs": { "/t": "size=8m,noexec,ro" }, "MemorySwap": 80 << 20, "MemorySwappiness": 5,
    });
    assert_eq!(parsed("hostConfig"), host_config);
    assert_eq!(docker["version"], "1.32", "the least that knows all of them");
}

#[test]
fn nothing_in_a_task_of_fargate_gains_rights() {
    let document = serde_json::json!({ "containerDefinitions": [{ "name": "main", "image": "i" }] });
    let payload = payload(&task_with(serde_json::json!({})), document);
    let host_config = payload["containers"][0]["dockerConfig"]["hostConfig"].as_str().unwrap().to_owned();
    assert_eq!(host_config, r#"{"NetworkMode":"bridge","SecurityOpt":["no-new-privileges"]}"#);
}

#[test]
fn swappiness_says_nothing_without_swap() {
    let linux = serde_json::json!({ "swappiness": 5 });
    let container = serde_json::json!({ "name": "main", "image": "i", "memory": 64, "linuxParameters": linux });
    let payload =
        payload(&task_with(serde_json::json!({})), serde_json::json!({ "containerDefinitions": [container] }));
    let host_config = payload["containers"][0]["dockerConfig"]["hostConfig"].as_str().unwrap();
    assert!(!host_config.contains("Swap"), "{host_config}");
}

#[test]
fn a_log_driver_is_told_in_dockers_words() {
    let logs = |driver: &str, options: serde_json::Value| {
        let logs = serde_json::json!({ "logDriver": driver, "options": options });
        let document = serde_json::json!({
            "containerDefinitions": [{ "name": "main", "image": "i", "logConfiguration": logs }],
        });
        let payload = payload(&task_with(serde_json::json!({})), document);
        let host_config = payload["containers"][0]["dockerConfig"]["hostConfig"].as_str().unwrap().to_owned();
        serde_json::from_str::<serde_json::Value>(&host_config).unwrap()["LogConfig"].clone()
    };
    let options = serde_json::json!({ "awslogs-group": "g", "awslogs-stream-prefix": "p" });
    let config = serde_json::json!({
        "awslogs-group": "g", "awslogs-stream": "p/main/00000000000000000000000000000abc", "mode": "non-blocking",
    });
    assert_eq!(logs("awslogs", options), serde_json::json!({ "Type": "awslogs", "Config": config }));
    // Docker's default is to hold up the container, and ECS's is not.
    let config = serde_json::json!({ "tag": "t", "mode": "non-blocking", "max-buffer-size": "10m" });
    let syslog = logs("syslog", serde_json::json!({ "tag": "t" }));
    assert_eq!(syslog, serde_json::json!({ "Type": "syslog", "Config": config }));
    for (driver, options) in [
        ("splunk", serde_json::json!({ "mode": "blocking" })),
        ("gelf", serde_json::json!({ "mode": "non-blocking", "max-buffer-size": "1m" })),
        ("json-file", serde_json::json!({ "max-size": "1m" })),
    ] {
        assert_eq!(logs(driver, options.clone())["Config"], options, "{driver}");
    }
}

#[test]
fn volumes_links_and_gpus_are_told_in_the_agents_words() {
    let mut task = task_with(serde_json::json!({ "ephemeralStorage": { "sizeInGiB": 50 } }));
    task.containers[0].gpu_ids = vec!["GPU-1".to_owned(), "GPU-2".to_owned()];
    let document = serde_json::json!({
        "ephemeralStorage": { "sizeInGiB": 30 },
        "volumes": [
            { "name": "own" },
            { "name": "path", "host": { "sourcePath": "/srv" } },
            { "name": "named", "dockerVolumeConfiguration": { "scope": "shared", "autoprovision": true } },
            { "name": "driven", "dockerVolumeConfiguration": { "driver": "local" } },
        ],
        "containerDefinitions": [
            {
                "name": "main", "image": "i", "links": ["side:db"], "volumesFrom": [{ "sourceContainer": "side" }],
                "mountPoints": [{ "sourceVolume": "own", "containerPath": "/o", "readOnly": true }],
                "restartPolicy": { "enabled": true },
            },
            { "name": "side", "image": "i" },
        ],
    });
    let payload = payload(&task, document);
    let volumes = serde_json::json!([
        { "name": "own", "type": "host", "host": {} },
        { "name": "path", "type": "host", "host": { "sourcePath": "/srv" } },
        { "name": "named", "type": "docker", "dockerVolumeConfiguration": { "scope": "shared", "autoprovision": true } },
        { "name": "driven", "type": "docker", "dockerVolumeConfiguration": { "scope": "task", "driver": "local" } },
    ]);
    assert_eq!(payload["volumes"], volumes);
    let gpu = |id: &str| {
        let content = serde_json::json!({ "encoding": "base64", "value": "" });
        serde_json::json!({ "containers": ["main"], "content": content, "name": id, "type": "gpu" })
    };
    assert_eq!(payload["associations"], serde_json::json!([gpu("GPU-1"), gpu("GPU-2")]));
    assert_eq!(payload["ephemeralStorage"], serde_json::json!({ "sizeInGiB": 50 }), "the run's own");
    let main = &payload["containers"][0];
    assert_eq!(main["restartPolicy"], serde_json::json!({ "enabled": true, "restartAttemptPeriod": 300 }));
    let mount = serde_json::json!({ "sourceVolume": "own", "containerPath": "/o", "readOnly": true });
    assert_eq!(main["mountPoints"], serde_json::json!([mount]));
    assert_eq!(main["volumesFrom"], serde_json::json!([{ "sourceContainer": "side" }]));
    assert_eq!(main["links"], serde_json::json!(["side:db"]));
    assert_eq!(payload["containers"][1].get("mountPoints"), None);
}
