//! Tasks before any host is there: accepted, waiting, stopped, described, listed.

use serde_json::{Value, json};

use crate::harness::{Server, definition};

async fn server() -> Server {
    let server = Server::start().await;
    server.ok("RegisterTaskDefinition", definition("web")).await;
    server
}

#[tokio::test]
async fn a_task_is_accepted_at_once_and_says_why_it_waits() {
    let server = server().await;
    let request = json!({
        "taskDefinition": "web", "count": 2, "startedBy": "me", "group": "g", "launchType": "FARGATE",
        "tags": [{"key": "a", "value": "b"}],
        "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-1"]}},
        "overrides": {"containerOverrides": [{"name": "app", "command": ["false"], "memoryReservation": 32}], "cpu": "512", "memory": "1024"},
    });
    let reply = server.ok("RunTask", request).await;
    assert_eq!(reply["failures"], json!([]));
    assert_eq!(reply["tasks"].as_array().unwrap().len(), 2);
    let task = &reply["tasks"][0];
    for (member, expected) in [
        ("lastStatus", json!("PROVISIONING")),
        ("desiredStatus", json!("RUNNING")),
        ("launchType", json!("FARGATE")),
        ("capacityProviderName", Value::Null),
        ("platformVersion", json!("1.4.0")),
        ("platformFamily", json!("Linux")),
        ("clusterArn", json!(server.arn("cluster/default"))),
        ("taskDefinitionArn", json!(server.arn("task-definition/web:1"))),
        ("containerInstanceArn", Value::Null),
        ("cpu", json!("512")),
        ("memory", json!("1024")),
        ("group", json!("g")),
        ("startedBy", json!("me")),
        ("tags", json!([{"key": "a", "value": "b"}])),
        ("version", json!(1)),
        ("enableExecuteCommand", json!(false)),
        ("startedAt", Value::Null),
    ] {
        assert_eq!(task[member], expected, "{member}");
    }
    assert!(task["createdAt"].as_f64().unwrap() > 1.7e9, "{}", task["createdAt"]);
    let container = &task["containers"][0];
    assert_eq!((&container["name"], &container["lastStatus"]), (&json!("app"), &json!("PENDING")));
    assert_eq!((&container["cpu"], &container["memoryReservation"]), (&json!("0"), &json!("32")));
    assert_eq!(container["networkBindings"], json!([]));
    assert_eq!(task["overrides"]["containerOverrides"][0]["command"], json!(["false"]));

    let shown = server.task(&task["taskArn"]).await;
    assert_eq!(shown["tags"], json!([]));
    let attributes = shown["attributes"].as_array().unwrap();
    let waiting = attributes.iter().find(|attribute| attribute["name"] == "berth.waiting").expect("a reason");
    assert!(!waiting["value"].as_str().unwrap().is_empty());
}

#[tokio::test]
async fn the_default_is_the_capacity_provider_fargate() {
    let server = server().await;
    for (request, provider) in [
        (json!({"taskDefinition": "web"}), json!("FARGATE")),
        (json!({"taskDefinition": "web:1", "capacityProviderStrategy": []}), json!("FARGATE")),
        (
            json!({"taskDefinition": "web", "capacityProviderStrategy": [{"capacityProvider": "FARGATE_SPOT", "weight": 1, "base": 2}]}),
            json!("FARGATE_SPOT"),
        ),
    ] {
        let task = server.ok("RunTask", request.clone()).await["tasks"][0].clone();
        assert_eq!(task["capacityProviderName"], provider, "{request}");
        assert_eq!(task["launchType"], "FARGATE");
        assert_eq!(task["group"], "family:web");
        assert_eq!(
            task["overrides"],
            json!({"containerOverrides": [{"name": "app"}], "inferenceAcceleratorOverrides": []})
        );
    }
}

#[tokio::test]
async fn a_token_makes_a_repeat_harmless_and_a_reuse_a_conflict() {
    let server = server().await;
    let request = json!({"taskDefinition": "web", "count": 2, "clientToken": "once"});
    let first = server.ok("RunTask", request.clone()).await;
    let server = server.restarted().await;
    let second = server.ok("RunTask", request).await;
    let arns = |reply: &Value| -> Vec<Value> {
        let mut arns: Vec<_> = reply["tasks"].as_array().unwrap().iter().map(|task| task["taskArn"].clone()).collect();
        arns.sort_by_key(ToString::to_string);
        arns
    };
    assert_eq!(arns(&first), arns(&second));
    let other = json!({"taskDefinition": "web", "count": 3, "clientToken": "once"});
    let answer = server.call("RunTask", other).await;
    assert_eq!((answer.status, answer.code()), (400, "ConflictException"));
    assert_eq!(answer.body["resourceIds"].as_array().unwrap().len(), 2);
    assert_eq!(server.ok("ListTasks", json!({})).await["taskArns"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn stopping_is_repeatable_and_lasts() {
    let server = server().await;
    let task = server.ok("RunTask", json!({"taskDefinition": "web"})).await["tasks"][0]["taskArn"].clone();
    let stopped = server.ok("StopTask", json!({"task": task, "reason": "enough"})).await["task"].clone();
    for (member, expected) in [
        ("lastStatus", "STOPPED"),
        ("desiredStatus", "STOPPED"),
        ("stopCode", "UserInitiated"),
        ("stoppedReason", "enough"),
    ] {
        assert_eq!(stopped[member], expected, "{member}");
    }
    let again = server.ok("StopTask", json!({"task": task, "reason": "other"})).await["task"].clone();
    assert_eq!(again, stopped);
    let id = task.as_str().unwrap().rsplit('/').next().unwrap();
    let short = server.ok("StopTask", json!({"task": id})).await["task"].clone();
    assert_eq!(short, stopped);

    assert_eq!(server.ok("ListTasks", json!({})).await["taskArns"], json!([]));
    let listed = server.ok("ListTasks", json!({"desiredStatus": "STOPPED"})).await;
    assert_eq!(listed["taskArns"], json!([task]));
}

#[tokio::test]
async fn describe_finds_only_tasks_of_the_cluster() {
    let server = server().await;
    server.ok("CreateCluster", json!({"clusterName": "other"})).await;
    let request =
        json!({"taskDefinition": "web", "tags": [{"key": "a", "value": "b"}], "propagateTags": "TASK_DEFINITION"});
    let here = server.ok("RunTask", request).await["tasks"][0]["taskArn"].clone();
    let there =
        server.ok("RunTask", json!({"taskDefinition": "web", "cluster": "other"})).await["tasks"][0]["taskArn"].clone();
    let id = there.as_str().unwrap().rsplit('/').next().unwrap();
    let nobody = "a".repeat(32);
    let request = json!({"tasks": [nobody, there, here, here], "include": ["TAGS"]});
    let found = server.ok("DescribeTasks", request).await;
    assert_eq!(found["tasks"].as_array().unwrap().len(), 1);
    assert_eq!(found["tasks"][0]["taskArn"], here);
    assert_eq!(found["tasks"][0]["tags"], json!([{"key": "a", "value": "b"}]));
    let missing = server.arn(&format!("task/default/{nobody}"));
    assert_eq!(found["failures"], json!([{"arn": missing, "reason": "MISSING"}, {"arn": there, "reason": "MISSING"}]));
    let by_id = server.ok("DescribeTasks", json!({"cluster": "other", "tasks": [id]})).await;
    assert_eq!(by_id["tasks"][0]["taskArn"], there);
    let statistics = json!({"clusters": ["other"], "include": ["STATISTICS"]});
    let cluster = server.ok("DescribeClusters", statistics).await["clusters"][0].clone();
    assert_eq!(cluster["pendingTasksCount"], 1);
    let counted = json!({"name": "pendingFargateTasksCount", "value": "1"});
    assert!(cluster["statistics"].as_array().unwrap().contains(&counted), "{cluster}");
    server.refused("DeleteCluster", json!({"cluster": "other"}), "ClusterContainsTasksException").await;
}

#[tokio::test]
async fn lists_are_filtered_and_paged() {
    let server = server().await;
    server.ok("RegisterTaskDefinition", definition("job")).await;
    server.ok("RunTask", json!({"taskDefinition": "web", "count": 3, "startedBy": "me"})).await;
    server.ok("RunTask", json!({"taskDefinition": "job", "count": 2})).await;
    for (request, expected) in [
        (json!({}), 5),
        (json!({"desiredStatus": "RUNNING"}), 5),
        (json!({"desiredStatus": "PENDING"}), 0),
        (json!({"desiredStatus": "STOPPED"}), 0),
        (json!({"family": "job"}), 2),
        (json!({"startedBy": "me"}), 3),
        (json!({"startedBy": "me", "family": "job"}), 0),
        (json!({"launchType": "FARGATE"}), 5),
        (json!({"launchType": "EC2"}), 0),
        (json!({"containerInstance": "a".repeat(32)}), 0),
        (json!({"maxResults": 2}), 2),
    ] {
        let found = server.ok("ListTasks", request.clone()).await;
        assert_eq!(found["taskArns"].as_array().unwrap().len(), expected, "{request}");
    }
    let first = server.ok("ListTasks", json!({"family": "web", "maxResults": 2})).await;
    let second = json!({"family": "web", "nextToken": first["nextToken"]});
    let second = server.ok("ListTasks", second).await;
    assert_eq!(second["taskArns"].as_array().unwrap().len(), 1);
    assert_eq!(second["nextToken"], Value::Null);
    let other = json!({"family": "job", "nextToken": first["nextToken"]});
    server.refused("ListTasks", other, "InvalidParameterException").await;
}

#[tokio::test]
async fn without_hosts_of_its_own_a_launch_type_finds_no_place() {
    let server = server().await;
    for launch_type in ["EC2", "EXTERNAL"] {
        let body = json!({"taskDefinition": "web", "count": 2, "launchType": launch_type});
        let answer = server.call("RunTask", body).await;
        assert_eq!((answer.status, answer.code()), (400, "InvalidParameterException"), "{launch_type}");
        assert_eq!(answer.message(), "No Container Instances were found in your cluster.");
    }
}

#[tokio::test]
async fn refusals() {
    let server = server().await;
    server.ok("RegisterTaskDefinition", definition("old")).await;
    server.ok("DeregisterTaskDefinition", json!({"taskDefinition": "old:1"})).await;
    let invalid = "InvalidParameterException";
    let fargate = json!([{"capacityProvider": "FARGATE"}]);
    let long = json!([{"name": "app", "command": ["x".repeat(8200)]}]);
    for (body, code) in [
        (json!({"taskDefinition": "nope"}), "ClientException"),
        (json!({"taskDefinition": "old:1"}), "ClientException"),
        (json!({"taskDefinition": "a b"}), invalid),
        (json!({"taskDefinition": "web", "cluster": "nope"}), "ClusterNotFoundException"),
        (json!({"taskDefinition": "web", "cluster": "berth-fargate"}), "ClusterNotFoundException"),
        (json!({"taskDefinition": "web", "cluster": "a b"}), invalid),
        (json!({"taskDefinition": "web", "count": 0}), invalid),
        (json!({"taskDefinition": "web", "count": 11}), invalid),
        (json!({"taskDefinition": "web", "count": -1}), invalid),
        (json!({"taskDefinition": "web", "launchType": "EC2", "capacityProviderStrategy": fargate}), invalid),
        (json!({"taskDefinition": "web", "launchType": "MANAGED_INSTANCES"}), invalid),
        (json!({"taskDefinition": "web", "capacityProviderStrategy": [{"capacityProvider": "mine"}]}), invalid),
        (
            json!({"taskDefinition": "web", "capacityProviderStrategy": [{"capacityProvider": "FARGATE"}, {"capacityProvider": "FARGATE_SPOT"}]}),
            invalid,
        ),
        (json!({"taskDefinition": "web", "capacityProviderStrategy": [{"weight": 1}]}), invalid),
        (json!({"taskDefinition": "web", "startedBy": "x".repeat(129)}), invalid),
        (json!({"taskDefinition": "web", "clientToken": "x".repeat(65)}), invalid),
        (json!({"taskDefinition": "web", "clientToken": "a b"}), invalid),
        (json!({"taskDefinition": "web", "tags": [{"key": "aws:a"}]}), invalid),
        (json!({"taskDefinition": "web", "overrides": {"containerOverrides": long}}), invalid),
        (json!({"taskDefinition": "web", "overrides": {"containerOverrides": [{"name": "nope"}]}}), invalid),
        (json!({"taskDefinition": "web", "platformVersion": "9.9.9"}), "PlatformUnknownException"),
        (json!({"taskDefinition": "web", "platformVersion": "LATEST", "launchType": "EC2"}), invalid),
        (json!({"taskDefinition": "web", "propagateTags": "SERVICE"}), invalid),
        (json!({"taskDefinition": "web", "overrides": {"cpu": "16384", "memory": "122880"}}), invalid),
        (json!({"taskDefinition": "web", "launchType": "FARGATE", "overrides": {"cpu": "300"}}), invalid),
        (json!({"taskDefinition": "web", "placementStrategy": [{"type": "spread", "field": "zone"}]}), invalid),
    ] {
        server.refused("RunTask", body, code).await;
    }
    let ids = vec!["a".repeat(32); 101];
    for (operation, body, code) in [
        ("StopTask", json!({"task": "a".repeat(32)}), invalid),
        ("StopTask", json!({"task": "x"}), invalid),
        ("StopTask", json!({"task": "a".repeat(32), "cluster": "nope"}), "ClusterNotFoundException"),
        ("StopTask", json!({"task": server.arn(&format!("task/other/{}", "a".repeat(32)))}), invalid),
        ("StopTask", json!({"task": "a".repeat(32), "reason": "x".repeat(256)}), invalid),
        ("DescribeTasks", json!({"tasks": []}), invalid),
        ("DescribeTasks", json!({"tasks": ids}), invalid),
        ("DescribeTasks", json!({"tasks": ["x"]}), invalid),
        ("DescribeTasks", json!({"tasks": ["a".repeat(32)], "cluster": "nope"}), "ClusterNotFoundException"),
        ("ListTasks", json!({"cluster": "nope"}), "ClusterNotFoundException"),
        ("ListTasks", json!({"serviceName": "x"}), "ServiceNotFoundException"),
        ("ListTasks", json!({"containerInstance": "x"}), invalid),
        ("ListTasks", json!({"family": "a b"}), invalid),
        ("ListTasks", json!({"maxResults": 101}), invalid),
    ] {
        server.refused(operation, body, code).await;
    }
    let answer = server.call("StopTask", json!({"task": "a".repeat(32)})).await;
    assert_eq!(answer.message(), "The referenced task was not found.");
    assert_eq!(server.ok("ListTasks", json!({})).await["taskArns"], json!([]), "what is refused changes nothing");
}
