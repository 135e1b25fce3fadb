//! Clusters, from making to deleting.

use serde_json::{Value, json};

use crate::harness::Server;

#[tokio::test]
async fn a_cluster_is_made_described_listed_and_deleted() {
    let server = Server::start().await;
    let made = server.ok("CreateCluster", json!({"clusterName": "demo", "tags": [{"key": "a", "value": "b"}]})).await;
    let cluster = &made["cluster"];
    assert_eq!(cluster["clusterArn"], json!(server.arn("cluster/demo")));
    assert_eq!(cluster["status"], "ACTIVE");
    assert_eq!(cluster["capacityProviders"], json!(["FARGATE", "FARGATE_SPOT"]));
    assert_eq!(cluster["defaultCapacityProviderStrategy"][0]["capacityProvider"], "FARGATE");
    assert_eq!(cluster["tags"], json!([{"key": "a", "value": "b"}]));

    let again = server.ok("CreateCluster", json!({"clusterName": "demo"})).await;
    assert_eq!(again["cluster"]["clusterArn"], cluster["clusterArn"]);

    let listed = server.ok("ListClusters", json!({})).await;
    assert_eq!(listed["clusterArns"], json!([server.arn("cluster/default"), server.arn("cluster/demo")]));

    let deleted = server.ok("DeleteCluster", json!({"cluster": server.arn("cluster/demo")})).await;
    assert_eq!(deleted["cluster"]["status"], "INACTIVE");
    let described = server.ok("DescribeClusters", json!({"clusters": ["demo"]})).await;
    assert_eq!(described["clusters"][0]["status"], "INACTIVE");
    let listed = server.ok("ListClusters", json!({})).await;
    assert_eq!(listed["clusterArns"], json!([server.arn("cluster/default")]));
}

#[tokio::test]
async fn describe_shows_what_is_asked_for_and_what_is_missing() {
    let server = Server::start().await;
    server.ok("CreateCluster", json!({"clusterName": "demo", "tags": [{"key": "a", "value": "b"}]})).await;
    let plain = server.ok("DescribeClusters", json!({"clusters": ["nope", "demo", "demo", "default"]})).await;
    let names: Vec<_> = plain["clusters"].as_array().unwrap().iter().map(|one| one["clusterName"].clone()).collect();
    assert_eq!(names, ["demo", "default"]);
    assert_eq!(plain["failures"], json!([{"arn": server.arn("cluster/nope"), "reason": "MISSING"}]));
    let demo = &plain["clusters"][0];
    for (member, expected) in [
        ("tags", json!([])),
        ("settings", json!([])),
        ("statistics", json!([])),
        ("attachments", Value::Null),
        ("runningTasksCount", json!(0)),
        ("pendingTasksCount", json!(0)),
        ("registeredContainerInstancesCount", json!(0)),
        ("activeServicesCount", json!(0)),
    ] {
        assert_eq!(demo[member], expected, "{member}");
    }
    let include = json!(["TAGS", "SETTINGS", "STATISTICS", "ATTACHMENTS", "CONFIGURATIONS"]);
    let full = server.ok("DescribeClusters", json!({"clusters": ["demo"], "include": include})).await;
    let demo = &full["clusters"][0];
    assert_eq!(demo["tags"], json!([{"key": "a", "value": "b"}]));
    assert_eq!(demo["settings"], json!([{"name": "containerInsights", "value": "disabled"}]));
    assert_eq!(demo["attachments"], json!([]));
    let statistics = demo["statistics"].as_array().unwrap();
    let names: Vec<_> = statistics.iter().map(|one| one["name"].as_str().unwrap()).collect();
    let expected = [
        "runningEC2TasksCount",
        "pendingEC2TasksCount",
        "runningFargateTasksCount",
        "pendingFargateTasksCount",
        "runningExternalTasksCount",
        "pendingExternalTasksCount",
        "runningManagedInstancesTasksCount",
        "pendingManagedInstancesTasksCount",
        "activeEC2ServiceCount",
        "activeFargateServiceCount",
        "activeExternalServiceCount",
        "activeManagedInstancesServiceCount",
        "drainingEC2ServiceCount",
        "drainingFargateServiceCount",
        "drainingExternalServiceCount",
        "drainingManagedInstancesServiceCount",
    ];
    assert_eq!(names, expected);
    assert!(statistics.iter().all(|one| one["value"] == "0"), "{statistics:?}");
    let unnamed = server.ok("DescribeClusters", json!({})).await;
    assert_eq!(unnamed["clusters"][0]["clusterName"], "default");
}

#[tokio::test]
async fn refusals() {
    let server = Server::start().await;
    let many: Vec<String> = (0..101).map(|n| format!("c{n}")).collect();
    for (operation, body, code) in [
        ("CreateCluster", json!({"clusterName": "a b"}), "InvalidParameterException"),
        ("CreateCluster", json!({"clusterName": "x".repeat(256)}), "InvalidParameterException"),
        ("CreateCluster", json!({"clusterName": "berth-fargate"}), "InvalidParameterException"),
        ("CreateCluster", json!({"tags": [{"key": "aws:x"}]}), "InvalidParameterException"),
        ("CreateCluster", json!({"tags": [{"key": "a"}, {"key": "a"}]}), "InvalidParameterException"),
        ("CreateCluster", json!({"tags": [{"key": "é€*"}]}), "InvalidParameterException"),
        (
            "CreateCluster",
            json!({"settings": [{"name": "containerInsights", "value": "on"}]}),
            "InvalidParameterException",
        ),
        ("CreateCluster", json!({"clusterName": "x", "capacityProviders": ["nope"]}), "InvalidParameterException"),
        ("CreateCluster", json!({"serviceConnectDefaults": {"namespace": "x"}}), "InvalidParameterException"),
        ("UpdateCluster", json!({}), "InvalidParameterException"),
        ("UpdateCluster", json!({"cluster": "nope"}), "ClusterNotFoundException"),
        ("UpdateClusterSettings", json!({"cluster": "default"}), "InvalidParameterException"),
        ("UpdateClusterSettings", json!({"cluster": "default", "settings": [{}]}), "InvalidParameterException"),
        ("PutClusterCapacityProviders", json!({"cluster": "default"}), "InvalidParameterException"),
        (
            "PutClusterCapacityProviders",
            json!({"cluster": "default", "capacityProviders": ["FARGATE"],
                "defaultCapacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1001}]}),
            "InvalidParameterException",
        ),
        ("DeleteCluster", json!({}), "InvalidParameterException"),
        ("DeleteCluster", json!({"cluster": "nope"}), "ClusterNotFoundException"),
        ("DeleteCluster", json!({"cluster": "berth-fargate"}), "ClusterNotFoundException"),
        ("DeleteCluster", json!({"cluster": "arn:aws:ecs:eu-west-1:1:cluster/default"}), "InvalidParameterException"),
        ("DescribeClusters", json!({"clusters": many}), "InvalidParameterException"),
        ("DescribeClusters", json!({"include": ["EVERYTHING"]}), "InvalidParameterException"),
        ("ListClusters", json!({"maxResults": 0}), "InvalidParameterException"),
        ("ListClusters", json!({"nextToken": "x"}), "InvalidParameterException"),
    ] {
        server.refused(operation, body, code).await;
    }
}

#[tokio::test]
async fn lists_come_in_pages() {
    let server = Server::start().await;
    for name in ["a", "b", "c", "d"] {
        server.ok("CreateCluster", json!({"clusterName": name})).await;
    }
    let mut seen = Vec::new();
    let mut token = Value::Null;
    loop {
        let page = server.ok("ListClusters", json!({"maxResults": 2, "nextToken": token})).await;
        seen.extend(page["clusterArns"].as_array().unwrap().iter().map(|arn| arn.as_str().unwrap().to_owned()));
        token = page["nextToken"].clone();
        if token.is_null() {
            break;
        }
    }
    assert_eq!(seen, ["a", "b", "c", "d", "default"].map(|name| server.arn(&format!("cluster/{name}"))));
}

#[tokio::test]
async fn what_is_said_of_a_cluster_is_kept_and_given_back() {
    let server = Server::start().await;
    let configuration = json!({"executeCommandConfiguration": {"logging": "DEFAULT"}});
    let strategy = json!([{"capacityProvider": "FARGATE_SPOT", "weight": 2, "base": 1}]);
    let insights = |value: &str| json!([{"name": "containerInsights", "value": value}]);
    let request = json!({
        "clusterName": "demo", "settings": insights("enhanced"), "configuration": configuration,
        "capacityProviders": ["FARGATE_SPOT", server.arn("capacity-provider/FARGATE")],
        "defaultCapacityProviderStrategy": strategy,
    });
    let made = server.ok("CreateCluster", request.clone()).await;
    let expected = [
        ("settings", insights("enhanced")),
        ("configuration", configuration.clone()),
        ("capacityProviders", json!(["FARGATE_SPOT", "FARGATE"])),
        ("defaultCapacityProviderStrategy", strategy.clone()),
    ];
    let include = json!(["SETTINGS", "CONFIGURATIONS"]);
    let described = server.ok("DescribeClusters", json!({"clusters": ["demo"], "include": include})).await;
    let again = server.ok("CreateCluster", request).await;
    for cluster in [&made["cluster"], &described["clusters"][0], &again["cluster"]] {
        for (member, value) in &expected {
            assert_eq!(cluster[*member], *value, "{member}");
        }
    }
    let bare = server.ok("DescribeClusters", json!({"clusters": ["demo"]})).await;
    assert_eq!(bare["clusters"][0]["configuration"], Value::Null);
    let other = json!({"clusterName": "demo", "settings": insights("disabled")});
    server.refused("CreateCluster", other, "InvalidParameterException").await;

    let settings = json!({"cluster": "demo", "settings": insights("disabled")});
    let changed = server.ok("UpdateClusterSettings", settings).await;
    assert_eq!(changed["cluster"]["settings"], insights("disabled"));
    let configuration = json!({"managedStorageConfiguration": {"kmsKeyId": "key"}});
    let changed = server.ok("UpdateCluster", json!({"cluster": "demo", "configuration": configuration})).await;
    assert_eq!(changed["cluster"]["configuration"], configuration);
    assert_eq!(changed["cluster"]["settings"], insights("disabled"));
    let none = json!({"cluster": "demo", "capacityProviders": [], "defaultCapacityProviderStrategy": []});
    let changed = server.ok("PutClusterCapacityProviders", none).await;
    assert_eq!(changed["cluster"]["capacityProviders"], json!([]));
    assert_eq!(changed["cluster"]["defaultCapacityProviderStrategy"], json!([]));
    assert_eq!(changed["cluster"]["status"], "ACTIVE");
}
