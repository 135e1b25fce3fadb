//! Account settings, and the protection of tasks that nothing would end.

use serde_json::{Value, json};

use crate::harness::{Server, definition};

const ROOT: &str = "arn:aws:iam::123456789012:root";
const USER: &str = "arn:aws:iam::123456789012:user/team/ada";

#[tokio::test]
async fn what_holds_is_ones_own_choice_then_the_accounts_then_what_berth_does() {
    let server = Server::start().await;
    let effective = json!({"name": "taskLongArnFormat", "effectiveSettings": true});
    let one = server.ok("ListAccountSettings", effective).await;
    let setting = json!({"name": "taskLongArnFormat", "value": "enabled", "principalArn": ROOT, "type": "user"});
    assert_eq!(one["settings"], json!([setting]));
    assert_eq!(server.ok("ListAccountSettings", json!({})).await["settings"], json!([]));
    let all = server.ok("ListAccountSettings", json!({"effectiveSettings": true})).await;
    assert_eq!(all["settings"].as_array().unwrap().len(), 11);

    let put = json!({"name": "containerInsights", "value": "enabled"});
    let answer = server.ok("PutAccountSettingDefault", put).await;
    assert_eq!(answer["setting"]["principalArn"], ROOT);
    let own = json!({"name": "containerInsights", "value": "enhanced", "principalArn": USER});
    server.ok("PutAccountSetting", own).await;
    let server = server.restarted().await;
    let of =
        |principal: &str| json!({"name": "containerInsights", "principalArn": principal, "effectiveSettings": true});
    for (principal, value) in [(ROOT, "enabled"), (USER, "enhanced"), ("arn:aws:iam::123456789012:role/r", "enabled")] {
        let shown = server.ok("ListAccountSettings", of(principal)).await;
        assert_eq!(shown["settings"][0]["value"], value, "{principal}");
    }
    let made = server.ok("CreateCluster", json!({"clusterName": "demo"})).await;
    assert_eq!(made["cluster"]["settings"], json!([{"name": "containerInsights", "value": "enabled"}]));
    let gone = server.ok("DeleteAccountSetting", json!({"name": "containerInsights", "principalArn": USER})).await;
    assert_eq!(gone["setting"]["value"], "enabled");
    let left = server.ok("ListAccountSettings", json!({"principalArn": USER})).await;
    assert_eq!(left["settings"], json!([]));
    let filtered = json!({"name": "containerInsights", "value": "disabled", "effectiveSettings": true});
    assert_eq!(server.ok("ListAccountSettings", filtered).await["settings"], json!([]));
}

#[tokio::test]
async fn settings_come_in_pages() {
    let server = Server::start().await;
    let (mut seen, mut token) = (Vec::new(), Value::Null);
    loop {
        let page = json!({"effectiveSettings": true, "maxResults": 4, "nextToken": token});
        let page = server.ok("ListAccountSettings", page).await;
        seen.extend(page["settings"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()));
        token = page["nextToken"].clone();
        if token.is_null() {
            break;
        }
        let other = json!({"maxResults": 4, "nextToken": token});
        server.refused("ListAccountSettings", other, "InvalidParameterException").await;
    }
    assert!(seen.len() == 11 && seen.is_sorted(), "{seen:?}");
}

#[tokio::test]
async fn refusals() {
    let server = Server::start().await;
    let put = |name: &str, value: &str| ("PutAccountSetting", json!({"name": name, "value": value}));
    let foreign = "arn:aws:iam::999999999999:user/ada";
    for (operation, body) in [
        put("taskLongArnFormat", "disabled"),
        put("containerInsights", "on"),
        put("fargateTaskRetirementWaitPeriod", "8"),
        put("guardDutyActivate", "on"),
        put("nope", "on"),
        ("PutAccountSetting", json!({"name": "awsvpcTrunking"})),
        ("PutAccountSettingDefault", json!({"value": "enabled"})),
        ("PutAccountSetting", json!({"name": "awsvpcTrunking", "value": "enabled", "principalArn": foreign})),
        ("PutAccountSetting", json!({"name": "awsvpcTrunking", "value": "enabled", "principalArn": "ada"})),
        ("DeleteAccountSetting", json!({})),
        ("ListAccountSettings", json!({"value": "enabled"})),
        ("ListAccountSettings", json!({"nextToken": "x"})),
    ] {
        server.refused(operation, body, "InvalidParameterException").await;
    }
}

#[tokio::test]
async fn only_tasks_of_services_can_be_protected() {
    let server = Server::start().await;
    server.ok("RegisterTaskDefinition", definition("web")).await;
    let task = server.ok("RunTask", json!({"taskDefinition": "web"})).await["tasks"][0]["taskArn"].clone();
    let unknown = server.arn("task/default/00000000000000000000000000000001");
    let request = json!({"cluster": "default", "tasks": [task, unknown], "protectionEnabled": true});
    let update = server.ok("UpdateTaskProtection", request).await;
    let get = server.ok("GetTaskProtection", json!({"cluster": "default", "tasks": [task, unknown]})).await;
    for answer in [update, get] {
        assert_eq!(answer["protectedTasks"], json!([]));
        let reasons: Vec<_> = answer["failures"].as_array().unwrap().iter().map(|one| one["reason"].clone()).collect();
        assert_eq!(reasons, ["TASK_NOT_VALID", "MISSING"]);
        assert_eq!(answer["failures"][0]["arn"], task);
    }
    let eleven = vec![&task; 11];
    for (body, code) in [
        (json!({"tasks": [task], "protectionEnabled": true}), "InvalidParameterException"),
        (json!({"cluster": "default", "tasks": [task]}), "InvalidParameterException"),
        (json!({"cluster": "default", "tasks": [], "protectionEnabled": true}), "InvalidParameterException"),
        (json!({"cluster": "default", "tasks": eleven, "protectionEnabled": true}), "InvalidParameterException"),
        (
            json!({"cluster": "default", "tasks": [task], "protectionEnabled": true, "expiresInMinutes": 2881}),
            "InvalidParameterException",
        ),
        (json!({"cluster": "nope", "tasks": [task], "protectionEnabled": true}), "ClusterNotFoundException"),
    ] {
        server.refused("UpdateTaskProtection", body, code).await;
    }
}
