//! Hosts: registering, describing, listing, and running tasks on hosts of one's own.

use serde_json::{Value, json};

use crate::harness::{Server, definition, registration};

#[tokio::test]
async fn a_host_gets_its_attributes_back_exactly() {
    let server = Server::start().await;
    let attributes = json!([
        {"name": "ecs.capability.docker-remote-api.1.17"},
        {"name": "ecs.cpu-architecture", "value": "x86_64"},
        {"name": "custom", "value": "ü"},
    ]);
    let mut request = registration("default", attributes.clone());
    request["clientToken"] = json!("first-try");
    request["tags"] = json!([{"key": "a", "value": "b"}]);
    let reply = server.ok("RegisterContainerInstance", request.clone()).await;
    let host = &reply["containerInstance"];
    assert_eq!(host["attributes"], attributes);
    assert_eq!(host["status"], "ACTIVE");
    assert_eq!(host["tags"], json!([{"key": "a", "value": "b"}]));
    let again = server.ok("RegisterContainerInstance", request.clone()).await;
    assert_eq!(again["containerInstance"]["containerInstanceArn"], host["containerInstanceArn"], "the answer was lost");
    request["containerInstanceArn"] = host["containerInstanceArn"].clone();
    let known = server.ok("RegisterContainerInstance", request).await;
    assert_eq!(known["containerInstance"]["containerInstanceArn"], host["containerInstanceArn"]);

    let listed = server.ok("ListContainerInstances", json!({})).await;
    assert_eq!(listed["containerInstanceArns"], json!([host["containerInstanceArn"]]));
    let nobody = "f".repeat(32);
    let request = json!({"containerInstances": [host["containerInstanceArn"], nobody], "include": ["TAGS"]});
    let found = server.ok("DescribeContainerInstances", request).await;
    let shown = &found["containerInstances"][0];
    assert_eq!(shown["agentConnected"], false);
    assert_eq!(shown["tags"], json!([{"key": "a", "value": "b"}]));
    assert_eq!(amount(shown, "registeredResources", "CPU"), 2048);
    assert_eq!(amount(shown, "remainingResources", "MEMORY"), 4096);
    assert_eq!(resource(shown, "remainingResources", "PORTS")["stringSetValue"], json!(["22", "2375"]));
    let missing = server.arn(&format!("container-instance/default/{nobody}"));
    assert_eq!(found["failures"], json!([{"arn": missing, "reason": "MISSING"}]));
    let cluster = server.ok("DescribeClusters", json!({})).await["clusters"][0].clone();
    assert_eq!(cluster["registeredContainerInstancesCount"], 1);
    server.refused("DeleteCluster", json!({"cluster": "default"}), "ClusterContainsContainerInstancesException").await;
}

fn resource<'a>(host: &'a Value, list: &str, name: &str) -> &'a Value {
    host[list].as_array().unwrap().iter().find(|resource| resource["name"] == name).unwrap()
}

fn amount(host: &Value, list: &str, name: &str) -> i64 {
    resource(host, list, name)["integerValue"].as_i64().unwrap()
}

#[tokio::test]
async fn hosts_of_fargate_are_in_a_cluster_of_their_own() {
    let mut server = Server::start().await;
    server.ok("RegisterTaskDefinition", definition("web")).await;
    server.ok("RunTask", json!({"taskDefinition": "web"})).await;
    let host = server.launched().await;
    let coming =
        server.ok("ListContainerInstances", json!({"cluster": "berth-fargate", "status": "REGISTERING"})).await;
    assert_eq!(coming["containerInstanceArns"].as_array().unwrap().len(), 1);
    let arn = server.register("berth-fargate", json!([{"name": "berth.host-id", "value": host.to_string()}])).await;
    assert_eq!(arn, server.arn(&format!("container-instance/berth-fargate/{host}")));
    let listed = server.ok("ListContainerInstances", json!({"cluster": "berth-fargate"})).await;
    assert_eq!(listed["containerInstanceArns"], json!([arn]));
    let request = json!({"cluster": "berth-fargate", "containerInstances": [arn]});
    let shown = server.ok("DescribeContainerInstances", request).await["containerInstances"][0].clone();
    assert_eq!((&shown["capacityProviderName"], &shown["status"]), (&json!("FARGATE"), &json!("ACTIVE")));

    assert_eq!(server.ok("ListContainerInstances", json!({})).await["containerInstanceArns"], json!([]));
    let clusters = server.ok("ListClusters", json!({})).await;
    assert_eq!(clusters["clusterArns"], json!([server.arn("cluster/default")]));
    let described = server.ok("DescribeClusters", json!({"clusters": ["berth-fargate"]})).await;
    assert_eq!(described["failures"][0]["reason"], "MISSING");
}

#[tokio::test]
async fn refusals() {
    let server = Server::start().await;
    let with = |member: &str, value: Value| {
        let mut request = registration("default", json!([]));
        request[member] = value;
        request
    };
    let unknown = json!([{"name": "berth.host-id", "value": "a".repeat(32)}]);
    let no_memory = json!([{"name": "CPU", "type": "INTEGER", "integerValue": 1}]);
    let negative = json!([
        {"name": "CPU", "type": "INTEGER", "integerValue": -1},
        {"name": "MEMORY", "type": "INTEGER", "integerValue": 1},
    ]);
    let invalid = "InvalidParameterException";
    let endpoint = server.ok("DiscoverPollEndpoint", json!({})).await;
    assert_eq!(endpoint["endpoint"], "http://localhost:8080/acs/");
    assert_eq!(endpoint["telemetryEndpoint"], "http://localhost:8080/tcs/");
    let task = "a".repeat(32);
    for (operation, body, code) in [
        ("RegisterContainerInstance", registration("nope", json!([])), "ClusterNotFoundException"),
        ("RegisterContainerInstance", registration("berth-fargate", json!([])), "ClientException"),
        ("RegisterContainerInstance", registration("berth-fargate", unknown), "ClientException"),
        (
            "RegisterContainerInstance",
            registration("default", json!([{"name": "berth.host-id", "value": "x"}])),
            invalid,
        ),
        ("RegisterContainerInstance", registration("default", json!([{"value": "x"}])), invalid),
        (
            "RegisterContainerInstance",
            registration("default", vec![json!({"name": "a"}); 201].into()),
            "LimitExceededException",
        ),
        ("RegisterContainerInstance", registration("default", json!([{"name": "a".repeat(300)}])), invalid),
        ("RegisterContainerInstance", with("totalResources", json!([])), invalid),
        ("RegisterContainerInstance", with("totalResources", no_memory), invalid),
        ("RegisterContainerInstance", with("totalResources", negative), invalid),
        ("RegisterContainerInstance", with("containerInstanceArn", json!("x")), invalid),
        ("RegisterContainerInstance", with("containerInstanceArn", json!(task)), "ClientException"),
        ("ListContainerInstances", json!({"cluster": "nope"}), "ClusterNotFoundException"),
        ("ListContainerInstances", json!({"status": "SLEEPING"}), invalid),
        ("DescribeContainerInstances", json!({"containerInstances": []}), invalid),
        ("DescribeContainerInstances", json!({"containerInstances": ["x"]}), invalid),
        (
            "DescribeContainerInstances",
            json!({"cluster": "nope", "containerInstances": [task]}),
            "ClusterNotFoundException",
        ),
        ("SubmitTaskStateChange", json!({"task": "x", "status": "RUNNING"}), invalid),
        ("SubmitTaskStateChange", json!({"task": task, "status": "SLEEPING"}), invalid),
        ("SubmitTaskStateChange", json!({"task": task}), invalid),
    ] {
        server.refused(operation, body, code).await;
    }
    let unknown = server.ok("SubmitTaskStateChange", json!({"task": task, "status": "STOPPED"})).await;
    assert!(
        unknown["acknowledgment"].is_string(),
        "a report about a task that is forgotten is taken, or it comes again"
    );
}

#[tokio::test]
async fn constraints_and_strategies_choose_among_hosts() {
    let server = Server::start().await;
    let with_stack = |stack: &str| json!([{"name": "stack", "value": stack}]);
    let registered = server.ok("RegisterContainerInstance", registration("default", with_stack("prod"))).await;
    let host = registered["containerInstance"]["containerInstanceArn"].clone();
    let mut task = definition("web");
    task["placementConstraints"] = json!([{"type": "memberOf", "expression": "attribute:stack =~ p.*"}]);
    let known = server.ok("RegisterTaskDefinition", task.clone()).await;
    assert_eq!(known["taskDefinition"]["placementConstraints"], task["placementConstraints"]);
    let run = json!({
        "taskDefinition": "web", "launchType": "EC2",
        "placementConstraints": [{"type": "distinctInstance"}, {"type": "memberOf", "expression": "attribute:stack == test"}],
        "placementStrategy": [{"type": "spread", "field": "instanceId"}, {"type": "binpack", "field": "MEMORY"}],
    });
    // No agent holds a session, which comes before constraints.
    let reply = server.ok("RunTask", run.clone()).await;
    assert_eq!(reply["failures"][0]["arn"], host);
    assert_eq!(reply["failures"][0]["reason"], "AGENT");
    let mut bad = run.clone();
    bad["placementConstraints"][1]["expression"] = json!("stack == test");
    let text = server.call("RunTask", bad.clone()).await.text;
    assert!(text.contains("placementConstraints[1]"), "{text}");
    server.refused("RunTask", bad, "InvalidParameterException").await;
    let mut fargate = run;
    fargate["launchType"] = json!("FARGATE");
    server.refused("RunTask", fargate, "InvalidParameterException").await;
    task["placementConstraints"][0]["expression"] = json!("attribute:stack");
    server.refused("RegisterTaskDefinition", task, "ClientException").await;
}
