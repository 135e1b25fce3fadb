//! Tags of everything that has them.

use serde_json::{Value, json};

use crate::harness::{Server, definition};

#[tokio::test]
async fn tags_come_and_go_on_everything_that_has_them() {
    let server = Server::start().await;
    server.ok("RegisterTaskDefinition", definition("web")).await;
    let task = server.ok("RunTask", json!({"taskDefinition": "web"})).await["tasks"][0]["taskArn"].clone();
    let host = server.register("default", json!([])).await;
    for arn in
        [json!(server.arn("cluster/default")), json!(server.arn("task-definition/web:1")), task.clone(), json!(host)]
    {
        let tag = |tags: Value| json!({"resourceArn": arn, "tags": tags});
        let first = json!([{"key": "a", "value": "1"}, {"key": "b", "value": "1"}]);
        assert_eq!(server.ok("TagResource", tag(first)).await, json!({}));
        server.ok("TagResource", tag(json!([{"key": "a", "value": "2"}, {"key": "c"}]))).await;
        assert_eq!(server.ok("UntagResource", json!({"resourceArn": arn, "tagKeys": ["b", "x"]})).await, json!({}));
        let listed = server.ok("ListTagsForResource", json!({"resourceArn": arn})).await;
        assert_eq!(listed, json!({"tags": [{"key": "a", "value": "2"}, {"key": "c"}]}), "{arn}");
    }
    let shown = server.ok("DescribeTasks", json!({"tasks": [task], "include": ["TAGS"]})).await;
    assert_eq!(shown["tasks"][0]["tags"], json!([{"key": "a", "value": "2"}, {"key": "c"}]));

    server.ok("StopTask", json!({"task": task})).await;
    let listed = server.ok("ListTagsForResource", json!({"resourceArn": task})).await;
    assert_eq!(listed["tags"][0]["value"], "2", "tags outlive their task");
    let answer = server.call("TagResource", json!({"resourceArn": task, "tags": [{"key": "d"}]})).await;
    assert_eq!(answer.code(), "InvalidParameterException");
    assert!(answer.message().contains("stopped"), "{}", answer.message());
}

#[tokio::test]
async fn refusals() {
    let server = Server::start().await;
    let default = server.arn("cluster/default");
    let none = "00000000000000000000000000000001";
    let many: Vec<Value> = (0..51).map(|n| json!({"key": format!("k{n}")})).collect();
    let (some, key) = (json!([{"key": "a"}]), json!(["a"]));
    let tag = |arn: &str, tags: &Value| ("TagResource", json!({"resourceArn": arn, "tags": tags}));
    let untag = |arn: &str, keys: &Value| ("UntagResource", json!({"resourceArn": arn, "tagKeys": keys}));
    for ((operation, body), code) in [
        (tag(&default, &json!([{"key": "aws:x"}])), "InvalidParameterException"),
        (tag(&default, &json!([{"key": ""}])), "InvalidParameterException"),
        (tag(&default, &json!([{"value": "x"}])), "InvalidParameterException"),
        (tag(&default, &json!([{"key": "a"}, {"key": "a"}])), "InvalidParameterException"),
        (tag(&default, &json!([{"key": "x".repeat(129)}])), "InvalidParameterException"),
        (tag(&default, &json!([{"key": "a", "value": "x".repeat(257)}])), "InvalidParameterException"),
        (tag(&default, &json!([{"key": "*"}])), "InvalidParameterException"),
        (tag(&default, &json!(many)), "InvalidParameterException"),
        (tag("default", &some), "InvalidParameterException"),
        (tag("arn:aws:ecs:eu-west-1:123456789012:cluster/default", &some), "InvalidParameterException"),
        (tag("arn:aws:ecs:us-east-1:999999999999:cluster/default", &some), "InvalidParameterException"),
        (tag(&server.arn("cluster/nope"), &some), "ClusterNotFoundException"),
        (tag(&server.arn("task-definition/web:1"), &some), "ResourceNotFoundException"),
        (tag(&server.arn(&format!("task/default/{none}")), &some), "ResourceNotFoundException"),
        (tag(&server.arn(&format!("container-instance/default/{none}")), &some), "ResourceNotFoundException"),
        (tag(&server.arn("service/default/web"), &some), "ResourceNotFoundException"),
        (untag(&default, &json!(["aws:x"])), "InvalidParameterException"),
        (untag(&default, &json!([""])), "InvalidParameterException"),
        (untag(&server.arn("service/default/web"), &key), "ResourceNotFoundException"),
        (("TagResource", json!({})), "InvalidParameterException"),
        (("ListTagsForResource", json!({"resourceArn": server.arn("cluster/nope")})), "ClusterNotFoundException"),
        (("ListTagsForResource", json!({"resourceArn": server.arn("service/x")})), "ResourceNotFoundException"),
    ] {
        server.refused(operation, body, code).await;
    }
    let fifty: Vec<Value> = many.into_iter().take(50).collect();
    server.ok("TagResource", json!({"resourceArn": default, "tags": fifty})).await;
    let more = json!({"resourceArn": default, "tags": [{"key": "one more"}]});
    server.refused("TagResource", more, "LimitExceededException").await;
    server.ok("UntagResource", json!({"resourceArn": default, "tagKeys": ["k0"]})).await;
    let fargate = server.arn("capacity-provider/FARGATE");
    assert_eq!(server.ok("ListTagsForResource", json!({"resourceArn": fargate})).await, json!({"tags": []}));
    let tag = json!({"resourceArn": fargate, "tags": [{"key": "a"}]});
    server.refused("TagResource", tag, "ResourceNotFoundException").await;
}
