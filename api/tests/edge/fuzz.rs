//! Whatever a client sends, the answer is one it can read, and never a failure of the server.

use axum::body::Body;
use axum::http::Request;
use berth_api::member::TABLES;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Map, Value, json};

use crate::harness::{Server, definition, registration};

/// Requests per operation. Each goes through the real engine and store; more only take longer.
const REQUESTS: u32 = 24;

/// Values that clients could send for anything.
fn value() -> impl Strategy<Value = Value> {
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        prop_oneof![Just(0_i64), Just(1), Just(-1), Just(i64::MAX), any::<i32>().prop_map(i64::from)]
            .prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    plain.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(name(), inner, 0..4)
                .prop_map(|entries| Value::Object(entries.into_iter().collect())),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "default",
        "web",
        "web:1",
        "web:99999999999",
        "STOPPED",
        "RUNNING",
        "FARGATE",
        "EC2",
        "TAGS",
        "berth-fargate",
        "aws:x",
        "a/b",
        "",
        "arn:aws:ecs:us-east-1:123456789012:cluster/default",
        "berth.host-id",
        "CPU",
        "MEMORY",
        "\u{0}",
        "00000000000000000000000000000000",
        "256",
        "512",
    ];
    prop_oneof![3 => prop::sample::select(KNOWN).prop_map(str::to_owned), 1 => ".{0,40}"]
}

/// Names of members, so that what is sent gets past the decoder.
fn name() -> impl Strategy<Value = String> {
    let mut names: Vec<&str> =
        vec!["key", "value", "type", "name", "integerValue", "stringSetValue", "status", "exitCode"];
    for (_, members) in TABLES {
        names.extend(members.iter().flat_map(|(path, _)| path.split('.')).map(|part| part.trim_end_matches("[]")));
    }
    prop::sample::select(names).prop_map(str::to_owned)
}

/// A request of the operation with some of its members set to anything.
fn request(operation: &'static str, members: &[&'static str]) -> impl Strategy<Value = Value> + use<> {
    let good = good(operation);
    let change = (prop::sample::select(members.to_vec()), value());
    prop::collection::vec(change, 0..4).prop_map(move |changes| {
        let mut request = good.clone();
        for (member, value) in changes {
            request.insert(member.to_owned(), value);
        }
        Value::Object(request)
    })
}

/// A request that means something, to start from.
fn good(operation: &str) -> Map<String, Value> {
    let task = "0".repeat(32);
    let request = match operation {
        "RegisterTaskDefinition" => definition("web"),
        "RunTask" => json!({"taskDefinition": "web"}),
        "RegisterContainerInstance" => registration("default", json!([])),
        "SubmitTaskStateChange" => json!({"task": task, "status": "RUNNING", "containers": [{"containerName": "app"}]}),
        "DescribeTasks" => json!({"tasks": [task]}),
        "DescribeContainerInstances" => json!({"containerInstances": [task]}),
        "StopTask" => json!({"task": task}),
        "DescribeTaskDefinition" | "DeregisterTaskDefinition" => json!({"taskDefinition": "web:1"}),
        "CreateLogGroup" => json!({"logGroupName": "g"}),
        "CreateLogStream" | "GetLogEvents" => json!({"logGroupName": "g", "logStreamName": "s"}),
        "PutLogEvents" => {
            json!({"logGroupName": "g", "logStreamName": "s", "logEvents": [{"timestamp": 1, "message": "m"}]})
        }
        _ => json!({}),
    };
    let Value::Object(request) = request else { unreachable!("each is an object") };
    request
}

#[test]
fn no_request_makes_the_server_fail() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let server = runtime.block_on(async {
        let server = Server::start().await;
        server.ok("RegisterTaskDefinition", definition("web")).await;
        server.ok("CreateLogGroup", json!({"logGroupName": "g"})).await;
        server.ok("CreateLogStream", json!({"logGroupName": "g", "logStreamName": "s"})).await;
        server
    });
    for (operation, members) in TABLES {
        let mut names: Vec<&str> =
            members.iter().map(|(path, _)| path.split(['.', '[']).next().unwrap_or_default()).collect();
        names.dedup();
        let mut runner = TestRunner::new(Config { cases: REQUESTS, failure_persistence: None, ..Config::default() });
        let outcome = runner.run(&request(operation, &names), |body| {
            let answer = runtime.block_on(server.call(operation, body));
            prop_assert!(answer.status < 500, "{}: {}", answer.status, answer.text);
            prop_assert!(answer.body.is_object(), "{}", answer.text);
            Ok(())
        });
        if let Err(failure) = outcome {
            panic!("{operation}: {failure}");
        }
    }
    let still = runtime.block_on(server.call("DescribeClusters", json!({})));
    assert_eq!(still.status, 200, "the engine lives");
}

/// Bodies that are JSON no more, or never were: the request of an operation with some of its bytes changed.
fn damaged(operation: &'static str) -> impl Strategy<Value = Vec<u8>> {
    let whole = Value::Object(good(operation)).to_string().into_bytes();
    let change =
        (any::<prop::sample::Index>(), prop_oneof![any::<u8>(), prop::sample::select(&b"{}[]\",:\\0e-\0\xff"[..])]);
    let changes = prop::collection::vec(change, 1..4);
    let changed = (changes, any::<prop::sample::Index>(), any::<bool>()).prop_map(move |(changes, end, is_cut)| {
        let mut body = whole.clone();
        for (at, byte) in changes {
            let at = at.index(body.len());
            body[at] = byte;
        }
        if is_cut {
            body.truncate(end.index(body.len()));
        }
        body
    });
    let nested = (1_usize..4000, prop::sample::select(vec!["[", "{\"a\":", "[{\"tags\":"]));
    prop_oneof![
        8 => changed,
        1 => nested.prop_map(|(depth, open)| open.repeat(depth).into_bytes()),
        1 => prop::collection::vec(any::<u8>(), 0..64),
    ]
}

#[test]
fn no_body_makes_the_decoder_fail() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let server = runtime.block_on(Server::start());
    for (operation, _) in TABLES {
        let mut runner =
            TestRunner::new(Config { cases: 4 * REQUESTS, failure_persistence: None, ..Config::default() });
        let outcome = runner.run(&damaged(operation), |body| {
            let request = Request::post(format!("/v1/{operation}")).header("host", "localhost:8080");
            let answer = runtime.block_on(server.send(request.body(Body::from(body)).unwrap()));
            prop_assert!(answer.status < 500, "{}: {}", answer.status, answer.text);
            prop_assert!(answer.body.is_object() && answer.text.len() < 100_000, "{}", answer.text);
            Ok(())
        });
        if let Err(failure) = outcome {
            panic!("{operation}: {failure}");
        }
    }
}
