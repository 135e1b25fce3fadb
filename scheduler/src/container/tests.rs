use expect_test::{Expect, expect};
use serde_json::{Value, json};

use super::*;
use crate::fargate;

fn document(container: Value) -> TaskDefinition {
    let mut container = container;
    container["name"] = json!("main");
    serde_json::from_value(json!({ "networkMode": "host", "containerDefinitions": [container] })).unwrap()
}

fn refused(container: Value, expected: &Expect) {
    expected.assert_eq(&check(&document(container)).unwrap_err());
}

#[test]
fn what_no_engine_would_take_is_refused_by_name() {
    let limit = |soft, hard| json!({ "ulimits": [{ "name": "nofile", "softLimit": soft, "hardLimit": hard }] });
    refused(
        limit(2, 1),
        &expect!["Invalid setting for container 'main'. 'ulimits[0].softLimit' must be from 0 to 'hardLimit'."],
    );
    assert_eq!(check(&document(limit(1, -1))), Ok(()), "-1 is no limit");
    refused(
        json!({ "extraHosts": [{ "hostname": "a" }] }),
        &expect!["Invalid setting for container 'main'. 'extraHosts[0].ipAddress' is required."],
    );
    let linux = |parameters: Value| json!({ "linuxParameters": parameters });
    refused(
        linux(json!({ "devices": [{ "hostPath": "dev/null" }] })),
        &expect![
            "Invalid setting for container 'main'. 'linuxParameters.devices[0].hostPath' must be an absolute path."
        ],
    );
    refused(
        linux(json!({ "tmpfs": [{ "containerPath": "/a", "size": 0 }] })),
        &expect!["Invalid setting for container 'main'. 'linuxParameters.tmpfs[0].size' must be at least 1."],
    );
    refused(
        linux(json!({ "swappiness": 101 })),
        &expect!["Invalid setting for container 'main'. 'linuxParameters.swappiness' must be between 0 and 100."],
    );
    refused(
        linux(json!({ "maxSwap": 64 })),
        &expect![
            "Invalid setting for container 'main'. 'linuxParameters.maxSwap' needs a 'memory' of the container or of the task."
        ],
    );
    refused(
        json!({ "systemControls": [{ "namespace": "vm.max_map_count", "value": "9" }] }),
        &expect![
            "Invalid setting for container 'main'. 'systemControls[0].namespace' vm.max_map_count is not possible: it is the whole machine's."
        ],
    );
    refused(
        json!({ "systemControls": [{ "namespace": "net.core.somaxconn", "value": "9" }] }),
        &expect![
            "Invalid setting for container 'main'. 'systemControls[0].namespace' net.core.somaxconn is not possible with networkMode host."
        ],
    );
}

#[test]
fn health_checks_are_commands_within_ecss_ranges() {
    let health =
        |command: &[&str], interval: i32| json!({ "healthCheck": { "command": command, "interval": interval } });
    assert_eq!(check(&document(health(&["CMD-SHELL", "true"], 5))), Ok(()));
    for command in [&["true"][..], &["CMD"], &["NONE", "true"], &[]] {
        refused(
            health(command, 5),
            &expect![
                "Invalid setting for container 'main'. 'healthCheck.command' must be CMD or CMD-SHELL and what to run."
            ],
        );
    }
    refused(
        health(&["CMD", "true"], 301),
        &expect!["Invalid setting for container 'main'. 'healthCheck.interval' must be between 5 and 300."],
    );
}

#[test]
fn restart_policies_keep_to_ecss_ranges() {
    let policy = |members: Value| json!({ "restartPolicy": members });
    let whole = json!({ "enabled": true, "ignoredExitCodes": [0, 255], "restartAttemptPeriod": 60 });
    assert_eq!(check(&document(policy(whole))), Ok(()));
    for (members, expected) in [
        (json!({}), "'restartPolicy.enabled' is required."),
        (json!({ "enabled": true, "restartAttemptPeriod": 59 }), "'restartPolicy.restartAttemptPeriod' must be"),
        (json!({ "enabled": true, "restartAttemptPeriod": 1801 }), "'restartPolicy.restartAttemptPeriod' must be"),
        (json!({ "enabled": true, "ignoredExitCodes": [-1] }), "'restartPolicy.ignoredExitCodes' must be"),
        (json!({ "enabled": true, "ignoredExitCodes": vec![1; 51] }), "'restartPolicy.ignoredExitCodes' can have"),
    ] {
        let error = check(&document(policy(members))).unwrap_err();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn fargate_gives_no_rights_over_its_hosts() {
    let member = |container: Value| fargate::check_isolation(&document(container)).err().unwrap_or_default();
    let privileged = member(json!({ "privileged": true }));
    expect!["Invalid setting for container 'main'. 'privileged' is not supported on Fargate."].assert_eq(&privileged);
    let capabilities = |name: &str| json!({ "linuxParameters": { "capabilities": { "add": [name] } } });
    assert!(member(capabilities("SYS_ADMIN")).contains("capabilities.add"));
    assert_eq!(member(capabilities("SYS_PTRACE")), "");
    assert!(member(json!({ "linuxParameters": { "devices": [{ "hostPath": "/dev/null" }] } })).contains("devices"));
    assert!(member(json!({ "dockerSecurityOptions": ["apparmor:unconfined"] })).contains("dockerSecurityOptions"));
    let tmpfs = json!({ "linuxParameters": { "tmpfs": [{ "containerPath": "/a", "size": 1 }] } });
    assert_eq!(member(tmpfs.clone()), "", "it is not offered, and does no harm");
    let offered =
        |mode| fargate::check_offered(&TaskDefinition { network_mode: Some(mode), ..document(tmpfs.clone()) });
    assert_eq!(offered(NetworkMode::Awsvpc), Ok(()), "offered since 2026");
    assert_eq!(offered(NetworkMode::Host).unwrap_err(), "'networkMode' host is not supported on Fargate.");
    let start = |seconds: i32| fargate::check_timeouts(&document(json!({ "startTimeout": seconds })));
    assert_eq!(start(120), Ok(()));
    assert!(start(121).unwrap_err().contains("'startTimeout' can be at most 120 seconds on Fargate"));
}

fn ordered(containers: &Value) -> Result<(), String> {
    check(&serde_json::from_value(json!({ "containerDefinitions": containers })).unwrap())
}

#[test]
fn containers_wait_for_what_can_happen_and_not_for_each_other() {
    let waits = |name: &str, other: &str, condition: &str| json!({ "name": name, "essential": false, "dependsOn": [{ "containerName": other, "condition": condition }] });
    let plain = || json!({ "name": "main" });
    assert_eq!(ordered(&json!([waits("a", "b", "SUCCESS"), waits("b", "main", "START"), plain()])), Ok(()));
    let refused = |containers: Value, expected: &Expect| expected.assert_eq(&ordered(&containers).unwrap_err());
    refused(
        json!([waits("a", "nobody", "START"), plain()]),
        &expect![
            "Invalid setting for container 'a'. 'dependsOn[0].containerName' must name another container, not 'nobody'."
        ],
    );
    refused(
        json!([waits("a", "a", "START"), plain()]),
        &expect![
            "Invalid setting for container 'a'. 'dependsOn[0].containerName' must name another container, not 'a'."
        ],
    );
    refused(
        json!([waits("a", "main", "COMPLETE"), plain()]),
        &expect![
            "Invalid setting for container 'a'. 'dependsOn[0]' waits for the end of 'main', which is essential: the task would end with it."
        ],
    );
    refused(
        json!([waits("a", "main", "HEALTHY"), plain()]),
        &expect![
            "Invalid setting for container 'a'. 'dependsOn[0]' waits for the health of 'main', which has no 'healthCheck'."
        ],
    );
    let checked = json!({ "name": "main", "healthCheck": { "command": ["CMD", "true"] } });
    assert_eq!(ordered(&json!([waits("a", "main", "HEALTHY"), checked])), Ok(()));
    refused(
        json!([waits("a", "b", "START"), waits("b", "c", "SUCCESS"), waits("c", "a", "START"), plain()]),
        &expect![
            "Invalid setting for container 'a'. 'dependsOn', 'links' and 'volumesFrom' must not lead back to itself."
        ],
    );
}
