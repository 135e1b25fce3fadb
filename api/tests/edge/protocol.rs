//! What holds for every operation: targets, headers, bodies, and who is turned away.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::harness::Server;

const ECS: &str = "AmazonEC2ContainerServiceV20141113";

fn post(path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::post(path).header("host", "localhost");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

#[tokio::test]
async fn both_ways_in_lead_to_the_same_operation() {
    let server = Server::start().await;
    let json = ("content-type", "application/x-amz-json-1.1");
    let list = format!("{ECS}.ListClusters");
    for request in [
        post("/", &[("x-amz-target", &list), json], "{}"),
        post("/", &[("x-amz-target", &list)], ""),
        post("/v1/ListClusters", &[json], "{}"),
        post("/v1/ListClusters", &[], " {\"unknownMember\": {\"a\": [1]}, \"nextToken\": null} "),
    ] {
        let answer = server.send(request).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        assert_eq!(answer.headers["content-type"], "application/x-amz-json-1.1");
        assert_eq!(answer.headers["x-amzn-requestid"].len(), 36);
        assert_eq!(answer.body, json!({"clusterArns": [server.arn("cluster/default")]}));
    }
}

#[tokio::test]
async fn operations_that_are_not_offered_say_so() {
    let server = Server::start().await;
    for (path, target, code) in [
        ("/", Some(format!("{ECS}.CreateService")), "UnsupportedFeatureException"),
        ("/v1/ExecuteCommand", None, "UnsupportedFeatureException"),
        ("/", Some(format!("{ECS}.MakeCoffee")), "UnknownOperationException"),
        ("/", Some(format!("{ECS}.CreateLogGroup")), "UnknownOperationException"),
        ("/", Some("Logs_20140328.RunTask".to_owned()), "UnknownOperationException"),
        ("/", Some("RunTask".to_owned()), "UnknownOperationException"),
        ("/", None, "UnknownOperationException"),
        ("/v1/MakeCoffee", None, "UnknownOperationException"),
        ("/v1/runtask", None, "UnknownOperationException"),
    ] {
        let target = target.as_deref().map(|target| ("x-amz-target", target));
        let answer = server.send(post(path, target.as_slice(), "{}")).await;
        assert_eq!((answer.status, answer.code()), (400, code), "{path} {target:?}");
        assert_eq!(answer.headers["x-amzn-errortype"], code);
        assert_eq!(answer.headers["x-amzn-requestid"].len(), 36);
    }
    let answer = server.send(post("/elsewhere", &[], "{}")).await;
    assert_eq!((answer.status, answer.code()), (404, "UnknownOperationException"));
}

#[tokio::test]
async fn bodies_that_cannot_be_read_name_what_is_wrong() {
    let server = Server::start().await;
    let deep = format!("{{\"overrides\": {}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    // What nobody knows is passed over, unless it is too deep.
    let unknown = |depth: usize| format!("{{\"what\": {}1{}}}", "[".repeat(depth), "]".repeat(depth));
    let large = format!("{{\"reason\": \"{}\"}}", "x".repeat(1024 * 1024));
    for (operation, body, part) in [
        ("RunTask", "{", "not valid JSON"),
        ("RunTask", "{\"cluster\": \"a\", }", "not valid JSON"),
        ("RunTask", "\u{feff}{}", "must be a JSON object"),
        ("RunTask", "[]", "must be a JSON object"),
        ("RunTask", "null", "must be a JSON object"),
        ("RunTask", "{} {}", "not valid JSON"),
        ("RunTask", "{\"count\": \"3\"}", "count: invalid type"),
        ("RunTask", "{\"count\": 3000000000}", "count: invalid value"),
        (
            "RunTask",
            "{\"overrides\": {\"containerOverrides\": [{\"command\": [\"a\", 1]}]}}",
            "overrides.containerOverrides[0].command[1]: ",
        ),
        ("RunTask", &deep, "in each other"),
        ("RunTask", &unknown(126), "taskDefinition is required"),
        ("RunTask", &unknown(127), "in each other"),
        ("RunTask", "{}", "taskDefinition is required"),
        ("RunTask", "{\"taskDefinition\": \"x\", \"launchType\": \"MOON\"}", "launchType: 'MOON' is not one of"),
        ("StopTask", &large, "could not be read whole"),
        ("DescribeTasks", "{\"tasks\": {}}", "tasks: invalid type"),
        // A structure is not the list of its values.
        ("CreateCluster", "{\"clusterName\": \"a\", \"tags\": [[\"k\", \"v\"]]}", "tags[0]: invalid type: sequence"),
        ("CreateCluster", "{\"tags\": [{\"key\": \"a\"}, []]}", "tags[1]: invalid type: sequence"),
        ("RunTask", "{\"taskDefinition\": \"a\", \"overrides\": [null, []]}", "overrides: invalid type: sequence"),
        (
            "RunTask",
            "{\"overrides\": {\"containerOverrides\": [{\"environment\": [[\"A\", \"b\"]]}]}}",
            "overrides.containerOverrides[0].environment[0]: invalid type: sequence",
        ),
        ("RegisterContainerInstance", "{\"totalResources\": [[\"CPU\"]]}", "totalResources[0]: invalid type: sequence"),
        ("RegisterContainerInstance", "{\"clientToken\": 1}", "clientToken: invalid type"),
        ("PutLogEvents", "{\"logEvents\": [[1, \"m\"]]}", "logEvents[0]: invalid type: sequence"),
    ] {
        let answer = server.send(post(&format!("/v1/{operation}"), &[], body)).await;
        let shown = &body[..body.len().min(80)];
        assert_eq!((answer.status, answer.code()), (400, "InvalidParameterException"), "{shown}");
        assert!(answer.message().contains(part), "{shown}: {}", answer.message());
        assert!(answer.message().len() < 1000, "{shown}");
    }
}

#[tokio::test]
async fn members_that_cannot_be_honoured_are_refused_by_name() {
    let server = Server::start().await;
    for (operation, body, code, part) in [
        (
            "RegisterTaskDefinition",
            json!({"family": "a", "containerDefinitions": [{"name": "a", "image": "b", "credentialSpecs": ["c"]}]}),
            "ClientException",
            "containerDefinitions[0].credentialSpecs",
        ),
        ("RunTask", json!({"taskDefinition": "a", "referenceId": "b"}), "InvalidParameterException", "referenceId"),
        (
            "CreateCluster",
            json!({"serviceConnectDefaults": {"namespace": "web"}}),
            "InvalidParameterException",
            "serviceConnectDefaults",
        ),
        ("ListContainerInstances", json!({"filter": "x"}), "InvalidParameterException", "filter"),
        ("CreateLogGroup", json!({"logGroupName": "a", "kmsKeyId": "k"}), "InvalidParameterException", "kmsKeyId"),
    ] {
        let answer = server.call(operation, body).await;
        assert_eq!((answer.status, answer.code()), (400, code), "{operation}");
        assert!(answer.message().contains(part), "{operation}: {}", answer.message());
    }
}

#[tokio::test]
async fn web_pages_and_foreign_names_are_turned_away_everywhere() {
    let server = Server::start().await;
    let get = |path: &str, host: &str| Request::get(path).header("host", host).body(Body::empty()).unwrap();
    for path in ["/healthz", "/metrics", "/acs/ws", "/tcs/ws", "/elsewhere"] {
        let answer = server.send(get(path, "evil.example")).await;
        assert_eq!((answer.status, answer.code()), (403, "AccessDeniedException"), "{path}");
    }
    let form = post("/v1/ListClusters", &[("content-type", "text/plain")], "{}");
    assert_eq!(server.send(form).await.status, 403);
    let page = post("/v1/ListClusters", &[("origin", "http://evil.example")], "{}");
    assert_eq!(server.send(page).await.status, 403);
}

#[tokio::test]
async fn health_readiness_and_metrics_are_there() {
    let server = Server::start().await;
    server.call("ListClusters", json!({})).await;
    server.call("StopTask", json!({})).await;
    for (path, part) in [
        ("/healthz", "ok"),
        ("/readyz", "ready"),
        ("/metrics", "berth_api_requests_total{code=\"OK\",operation=\"ListClusters\"} 1"),
        ("/metrics", "berth_api_requests_total{code=\"InvalidParameterException\",operation=\"StopTask\"} 1"),
        ("/metrics", "berth_api_requests_total{code=\"OK\",operation=\"RunTask\"} 0"),
        ("/metrics", "berth_api_request_duration_seconds_count 2"),
    ] {
        let answer = server.send(Request::get(path).header("host", "localhost").body(Body::empty()).unwrap()).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.text.contains(part), "{path}: {}", answer.text);
    }
}

#[tokio::test]
async fn a_closed_engine_is_a_fault_of_the_server() {
    let mut server = Server::start().await;
    server.stop_engine().await;
    let answer = server.call("CreateCluster", json!({"clusterName": "late"})).await;
    assert_eq!((answer.status, answer.code()), (503, "ServerException"));
    let ready = Request::get("/readyz").header("host", "localhost").body(Body::empty()).unwrap();
    assert_eq!(server.send(ready).await.status, 503);
}
