//! Capacity providers: those that are built in, and those that clients make.

use std::time::Duration;

use serde_json::{Value, json};

use crate::harness::{PATIENCE, Server, definition};

fn configuration(requirements: &Value) -> Value {
    json!({
        "infrastructureRoleArn": "arn:aws:iam::123456789012:role/ecs",
        "instanceLaunchTemplate": {
            "ec2InstanceProfileArn": "arn:aws:iam::123456789012:instance-profile/ecs",
            "networkConfiguration": {"subnets": ["subnet-1"]},
            "instanceRequirements": requirements,
        },
    })
}

fn any_size() -> Value {
    configuration(&json!({"vCpuCount": {"min": 1}, "memoryMiB": {"min": 1024}}))
}

#[tokio::test]
async fn a_provider_is_made_used_and_deleted() {
    let mut server = Server::start().await;
    server.ok("RegisterTaskDefinition", definition("web")).await;
    let tags = json!([{"key": "a", "value": "b"}]);
    let request = json!({"name": "mine", "managedInstancesProvider": any_size(), "tags": tags});
    let made = server.ok("CreateCapacityProvider", request.clone()).await["capacityProvider"].clone();
    let arn = json!(server.arn("capacity-provider/mine"));
    for (member, value) in [
        ("capacityProviderArn", arn.clone()),
        ("name", json!("mine")),
        ("status", json!("ACTIVE")),
        ("updateStatus", json!("CREATE_COMPLETE")),
        ("type", json!("MANAGED_INSTANCES")),
        ("managedInstancesProvider", any_size()),
        ("tags", tags),
    ] {
        assert_eq!(made[member], value, "{member}");
    }
    server.refused("CreateCapacityProvider", request, "ClientException").await;
    let strategy = json!([{"capacityProvider": "mine", "weight": 1, "base": 0}]);
    let run = json!({"taskDefinition": "web", "capacityProviderStrategy": strategy});
    server.refused("RunTask", run.clone(), "InvalidParameterException").await;
    let put = json!({"cluster": "default", "capacityProviders": ["mine"], "defaultCapacityProviderStrategy": strategy});
    server.ok("PutClusterCapacityProviders", put).await;
    // A cluster may have both kinds, a strategy only one of them.
    let mixed = json!([{"capacityProvider": "mine", "weight": 1}, {"capacityProvider": "FARGATE", "weight": 1}]);
    let both = |strategy: &Value| {
        let providers = ["mine", "FARGATE"];
        json!({"cluster": "default", "capacityProviders": providers, "defaultCapacityProviderStrategy": strategy})
    };
    server.refused("PutClusterCapacityProviders", both(&mixed), "InvalidParameterException").await;
    let other = json!({
        "clusterName": "other", "capacityProviders": ["mine", "FARGATE"], "defaultCapacityProviderStrategy": mixed,
    });
    server.refused("CreateCluster", other, "InvalidParameterException").await;
    server.ok("PutClusterCapacityProviders", both(&strategy)).await;
    let run = json!({"taskDefinition": "web", "count": 2, "capacityProviderStrategy": mixed});
    server.refused("RunTask", run, "InvalidParameterException").await;
    let task = server.ok("RunTask", json!({"taskDefinition": "web"})).await["tasks"][0].clone();
    assert_eq!((&task["capacityProviderName"], &task["launchType"]), (&json!("mine"), &json!("MANAGED_INSTANCES")));
    let described = json!({"include": ["STATISTICS"]});
    let cluster = server.ok("DescribeClusters", described).await["clusters"][0].clone();
    let counted = json!({"name": "pendingManagedInstancesTasksCount", "value": "1"});
    assert!(cluster["statistics"].as_array().unwrap().contains(&counted), "{cluster}");
    server.launched().await;

    server.refused("DeleteCapacityProvider", json!({"capacityProvider": "mine"}), "ClientException").await;
    let none = json!({"cluster": "default", "capacityProviders": [], "defaultCapacityProviderStrategy": []});
    server.refused("PutClusterCapacityProviders", none.clone(), "ResourceInUseException").await;
    server.ok("StopTask", json!({"task": task["taskArn"]})).await;
    server.ok("PutClusterCapacityProviders", none).await;
    let server = server.restarted().await;
    let deleted = server.ok("DeleteCapacityProvider", json!({"capacityProvider": arn})).await;
    assert!(
        ["DELETE_IN_PROGRESS", "DELETE_COMPLETE"]
            .map(Value::from)
            .contains(&deleted["capacityProvider"]["updateStatus"])
    );
    let gone = async {
        loop {
            let described = json!({"capacityProviders": ["mine"]});
            let shown = server.ok("DescribeCapacityProviders", described).await["capacityProviders"][0].clone();
            if shown["status"] == "INACTIVE" {
                return shown;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    };
    let gone = tokio::time::timeout(PATIENCE, gone).await.expect("gone in time");
    assert_eq!(gone["updateStatus"], "DELETE_COMPLETE");
    let listed = server.ok("DescribeCapacityProviders", json!({})).await;
    assert_eq!(listed["capacityProviders"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn providers_are_described_by_name_by_cluster_and_in_pages() {
    let server = Server::start().await;
    let tags = json!([{"key": "a"}]);
    let own = json!({"name": "own", "cluster": "default", "managedInstancesProvider": any_size(), "tags": tags});
    assert_eq!(server.ok("CreateCapacityProvider", own).await["capacityProvider"]["cluster"], "default");
    server.ok("CreateCluster", json!({"clusterName": "empty", "capacityProviders": ["FARGATE"]})).await;
    let names = |answer: &Value| -> Vec<String> {
        let all = answer["capacityProviders"].as_array().unwrap();
        all.iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    for (request, expected) in [
        (json!({}), vec!["FARGATE", "FARGATE_SPOT", "own"]),
        (json!({"cluster": "default"}), vec!["FARGATE", "FARGATE_SPOT", "own"]),
        (json!({"cluster": "empty"}), vec!["FARGATE"]),
        (json!({"capacityProviders": ["own", server.arn("capacity-provider/FARGATE"), "own"]}), vec!["FARGATE", "own"]),
    ] {
        let answer = server.ok("DescribeCapacityProviders", request.clone()).await;
        assert_eq!(names(&answer), expected, "{request}");
        assert_eq!(answer["failures"], json!([]));
    }
    let missing = server.ok("DescribeCapacityProviders", json!({"capacityProviders": ["nope"]})).await;
    let failure = json!({"arn": server.arn("capacity-provider/nope"), "reason": "MISSING"});
    assert_eq!(missing, json!({"capacityProviders": [], "failures": [failure]}));
    let tagged = json!({"capacityProviders": ["own"], "include": ["TAGS"]});
    assert_eq!(server.ok("DescribeCapacityProviders", tagged).await["capacityProviders"][0]["tags"], tags);
    let arn = server.arn("capacity-provider/own");
    server.ok("TagResource", json!({"resourceArn": arn, "tags": [{"key": "b"}]})).await;
    let listed = server.ok("ListTagsForResource", json!({"resourceArn": arn})).await;
    assert_eq!(listed["tags"], json!([{"key": "a"}, {"key": "b"}]));
    let first = server.ok("DescribeCapacityProviders", json!({"maxResults": 2})).await;
    assert_eq!(names(&first), ["FARGATE", "FARGATE_SPOT"]);
    let second = server.ok("DescribeCapacityProviders", json!({"nextToken": first["nextToken"]})).await;
    assert_eq!((names(&second), &second["nextToken"]), (vec!["own".to_owned()], &Value::Null));
    let update = json!({
        "name": "own", "cluster": "default",
        "managedInstancesProvider": {
            "infrastructureRoleArn": "role",
            "instanceLaunchTemplate": {"networkConfiguration": {"subnets": ["subnet-2"]}},
            "infrastructureOptimization": {"scaleInAfter": 5},
        },
    });
    let updated = server.ok("UpdateCapacityProvider", update).await["capacityProvider"].clone();
    let provider = &updated["managedInstancesProvider"];
    assert_eq!(provider["instanceLaunchTemplate"]["networkConfiguration"]["subnets"], json!(["subnet-2"]));
    let kept = &provider["instanceLaunchTemplate"]["instanceRequirements"];
    assert_eq!(*kept, any_size()["instanceLaunchTemplate"]["instanceRequirements"]);
    assert_eq!(updated["updateStatus"], "UPDATE_COMPLETE");
    server.refused("DeleteCluster", json!({"cluster": "default"}), "ClusterContainsCapacityProviderException").await;
    server.ok("DeleteCapacityProvider", json!({"capacityProvider": "own", "cluster": "default"})).await;
    server.ok("DeleteCluster", json!({"cluster": "default"})).await;
}

#[tokio::test]
async fn refusals() {
    let server = Server::start().await;
    let mut reserved = any_size();
    reserved["instanceLaunchTemplate"]["capacityOptionType"] = json!("SPOT");
    let gpus = configuration(&json!({"vCpuCount": {"min": 1}, "memoryMiB": {"min": 1}, "acceleratorTypes": ["gpu"]}));
    let mut idle = any_size();
    idle["infrastructureOptimization"] = json!({"scaleInAfter": 3601});
    let group = json!({"autoScalingGroupArn": "arn:aws:autoscaling:us-east-1:1:autoScalingGroup:x:y/z"});
    let huge = configuration(&json!({"vCpuCount": {"min": 512}, "memoryMiB": {"min": 1}}));
    let create = |name: &str, configuration: &Value| {
        ("CreateCapacityProvider", json!({"name": name, "managedInstancesProvider": configuration}))
    };
    for ((operation, body), code) in [
        (create("a b", &any_size()), "InvalidParameterException"),
        (create("fargate-x", &any_size()), "InvalidParameterException"),
        (create("x", &json!({})), "InvalidParameterException"),
        (create("x", &huge), "InvalidParameterException"),
        (create("x", &idle), "InvalidParameterException"),
        (create("x", &gpus), "UnsupportedFeatureException"),
        (create("x", &reserved), "UnsupportedFeatureException"),
        (("CreateCapacityProvider", json!({"name": "x"})), "InvalidParameterException"),
        (
            ("CreateCapacityProvider", json!({"name": "x", "autoScalingGroupProvider": group})),
            "UnsupportedFeatureException",
        ),
        (
            ("CreateCapacityProvider", json!({"name": "x", "cluster": "nope", "managedInstancesProvider": any_size()})),
            "ClusterNotFoundException",
        ),
        (("UpdateCapacityProvider", json!({"name": "FARGATE"})), "InvalidParameterException"),
        (("DeleteCapacityProvider", json!({"capacityProvider": "FARGATE_SPOT"})), "InvalidParameterException"),
        (("DeleteCapacityProvider", json!({"capacityProvider": "nope"})), "ClientException"),
        (("DescribeCapacityProviders", json!({"cluster": "nope"})), "ClusterNotFoundException"),
        (("DescribeCapacityProviders", json!({"capacityProviders": ["a b"]})), "InvalidParameterException"),
    ] {
        server.refused(operation, body, code).await;
    }
}
