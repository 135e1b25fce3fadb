//! Task definitions: revisions, listing, what is refused.

use serde_json::{Value, json};

use crate::harness::{Server, definition};

#[tokio::test]
async fn revisions_are_registered_described_and_deregistered() {
    let server = Server::start().await;
    let mut request = definition("web");
    request["tags"] = json!([{"key": "a", "value": "b"}]);
    request["executionRoleArn"] = json!("arn:aws:iam::123456789012:role/x");
    let first = server.ok("RegisterTaskDefinition", request).await;
    assert_eq!(first["taskDefinition"]["taskDefinitionArn"], json!(server.arn("task-definition/web:1")));
    assert_eq!(first["taskDefinition"]["executionRoleArn"], "arn:aws:iam::123456789012:role/x");
    assert_eq!(first["tags"], json!([{"key": "a", "value": "b"}]));
    server.ok("RegisterTaskDefinition", definition("web")).await;

    for (wanted, revision) in [("web", 2), ("web:1", 1), (&server.arn("task-definition/web:2"), 2)] {
        let found = server.ok("DescribeTaskDefinition", json!({"taskDefinition": wanted})).await;
        assert_eq!(found["taskDefinition"]["revision"], json!(revision), "{wanted}");
        assert_eq!(found["tags"], json!([]));
    }
    let tagged = server.ok("DescribeTaskDefinition", json!({"taskDefinition": "web:1", "include": ["TAGS"]})).await;
    assert_eq!(tagged["tags"], json!([{"key": "a", "value": "b"}]));

    let gone = server.ok("DeregisterTaskDefinition", json!({"taskDefinition": "web:2"})).await;
    assert_eq!(gone["taskDefinition"]["status"], "INACTIVE");
    let latest = server.ok("DescribeTaskDefinition", json!({"taskDefinition": "web"})).await;
    assert_eq!(latest["taskDefinition"]["revision"], 1);
    let old = server.ok("DescribeTaskDefinition", json!({"taskDefinition": "web:2"})).await;
    assert_eq!(old["taskDefinition"]["status"], "INACTIVE");
}

#[tokio::test]
async fn lists_are_sorted_filtered_and_paged() {
    let server = Server::start().await;
    for family in ["a", "b", "b", "ba"] {
        server.ok("RegisterTaskDefinition", definition(family)).await;
    }
    server.ok("DeregisterTaskDefinition", json!({"taskDefinition": "a:1"})).await;
    let arns = |names: &[&str]| -> Value {
        names.iter().map(|name| server.arn(&format!("task-definition/{name}"))).collect::<Vec<_>>().into()
    };
    for (request, expected) in [
        (json!({}), arns(&["b:1", "b:2", "ba:1"])),
        (json!({"sort": "DESC"}), arns(&["ba:1", "b:2", "b:1"])),
        (json!({"familyPrefix": "b"}), arns(&["b:1", "b:2"])),
        (json!({"status": "INACTIVE"}), arns(&["a:1"])),
        (json!({"status": "DELETE_IN_PROGRESS"}), arns(&[])),
    ] {
        let found = server.ok("ListTaskDefinitions", request.clone()).await;
        assert_eq!(found["taskDefinitionArns"], expected, "{request}");
    }
    let first = server.ok("ListTaskDefinitions", json!({"maxResults": 2})).await;
    assert_eq!(first["taskDefinitionArns"], arns(&["b:1", "b:2"]));
    let second = server.ok("ListTaskDefinitions", json!({"nextToken": first["nextToken"]})).await;
    assert_eq!(second["taskDefinitionArns"], arns(&["ba:1"]));
    let other = json!({"nextToken": first["nextToken"], "sort": "DESC"});
    server.refused("ListTaskDefinitions", other, "InvalidParameterException").await;

    for (request, expected) in [
        (json!({}), json!(["a", "b", "ba"])),
        (json!({"status": "ACTIVE"}), json!(["b", "ba"])),
        (json!({"status": "INACTIVE"}), json!(["a"])),
        (json!({"familyPrefix": "b", "status": "ALL"}), json!(["b", "ba"])),
    ] {
        let found = server.ok("ListTaskDefinitionFamilies", request.clone()).await;
        assert_eq!(found["families"], expected, "{request}");
    }
}

#[tokio::test]
async fn refusals() {
    let server = Server::start().await;
    let container = json!({"name": "a", "image": "b", "memory": 64});
    let long = json!({"family": "a", "containerDefinitions": [
        {"name": "a", "image": "b", "memory": 64, "command": ["x".repeat(70_000)]}
    ]});
    for (operation, body, code) in [
        ("RegisterTaskDefinition", json!({}), "InvalidParameterException"),
        ("RegisterTaskDefinition", json!({"family": "a b", "containerDefinitions": [container]}), "ClientException"),
        ("RegisterTaskDefinition", json!({"family": "a", "containerDefinitions": []}), "ClientException"),
        (
            "RegisterTaskDefinition",
            json!({"family": "a", "containerDefinitions": vec![container.clone(); 11]}),
            "ClientException",
        ),
        (
            "RegisterTaskDefinition",
            json!({"family": "a", "containerDefinitions": [container], "volumes": [{"name": "v", "configuredAtLaunch": true}]}),
            "ClientException",
        ),
        ("RegisterTaskDefinition", long, "ClientException"),
        ("DescribeTaskDefinition", json!({"taskDefinition": "nope"}), "ClientException"),
        ("DescribeTaskDefinition", json!({"taskDefinition": "nope:1"}), "ClientException"),
        ("DescribeTaskDefinition", json!({"taskDefinition": "a:b:c"}), "InvalidParameterException"),
        ("DescribeTaskDefinition", json!({}), "InvalidParameterException"),
        ("DeregisterTaskDefinition", json!({"taskDefinition": "nope"}), "InvalidParameterException"),
        ("DeregisterTaskDefinition", json!({"taskDefinition": "nope:1"}), "ClientException"),
    ] {
        server.refused(operation, body, code).await;
    }
    let families = server.ok("ListTaskDefinitionFamilies", json!({})).await;
    assert_eq!(families["families"], json!([]), "what is refused changes nothing");
}

#[tokio::test]
async fn deregistered_revisions_can_be_deleted() {
    let server = Server::start().await;
    for _ in 0..2 {
        server.ok("RegisterTaskDefinition", definition("web")).await;
    }
    server.ok("DeregisterTaskDefinition", json!({"taskDefinition": "web:1"})).await;
    let all = json!({"taskDefinitions": ["web:1", server.arn("task-definition/web:1"), "web:2", "nope:7"]});
    let answer = server.ok("DeleteTaskDefinitions", all).await;
    let [deleting] = answer["taskDefinitions"].as_array().unwrap().as_slice() else { panic!("{answer}") };
    assert_eq!(deleting["status"], "DELETE_IN_PROGRESS");
    assert!(deleting["deleteRequestedAt"].is_number() && deleting["deregisteredAt"].is_number(), "{deleting}");
    assert_eq!(deleting["registeredBy"], "arn:aws:iam::123456789012:root");
    let failed: Vec<_> = answer["failures"].as_array().unwrap().iter().map(|one| one["arn"].clone()).collect();
    assert_eq!(failed, ["web:2", "nope:7"].map(|name| json!(server.arn(&format!("task-definition/{name}")))));
    assert!(answer["failures"][0]["reason"].as_str().unwrap().contains("ACTIVE"), "{answer}");
    let listed = server.ok("ListTaskDefinitions", json!({"status": "DELETE_IN_PROGRESS"})).await;
    assert_eq!(listed["taskDefinitionArns"], json!([server.arn("task-definition/web:1")]));
    let shown = server.ok("DescribeTaskDefinition", json!({"taskDefinition": "web:1"})).await;
    assert_eq!(shown["taskDefinition"], *deleting);
    let many: Vec<String> = (1..=11).map(|n| format!("web:{n}")).collect();
    for body in [
        json!({}),
        json!({"taskDefinitions": []}),
        json!({"taskDefinitions": many}),
        json!({"taskDefinitions": ["web"]}),
    ] {
        server.refused("DeleteTaskDefinitions", body, "InvalidParameterException").await;
    }
}
