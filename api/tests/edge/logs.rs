//! What containers write.

use berth_engine::store::log::Owner;
use berth_model::id::HostId;
use berth_model::time::Timestamp;
use serde_json::{Value, json};

use crate::harness::{Server, definition, keyring, now_ms};

#[tokio::test]
async fn lines_are_written_and_read_in_both_directions() {
    let server = Server::start().await;
    let (group, stream) = ("berth", "web/app/1");
    server.ok("CreateLogGroup", json!({"logGroupName": group})).await;
    server.ok("CreateLogStream", json!({"logGroupName": group, "logStreamName": stream})).await;
    let at = now_ms();
    let events: Vec<_> =
        (0..5).map(|n| json!({"timestamp": at + n, "message": format!("line {n} \u{1b}[0m")})).collect();
    let put = json!({"logGroupName": group, "logStreamName": stream, "logEvents": events, "sequenceToken": "any"});
    assert_eq!(server.ok("PutLogEvents", put).await, json!({}));

    let place = json!({"logGroupName": group, "logStreamName": stream, "startFromHead": true, "limit": 3});
    let first = server.ok("GetLogEvents", place.clone()).await;
    assert_eq!(first["events"].as_array().unwrap().len(), 3);
    assert_eq!(first["events"][0]["message"], "line 0 \u{1b}[0m");
    let mut next = place;
    next["nextToken"] = first["nextForwardToken"].clone();
    let second = server.ok("GetLogEvents", next.clone()).await;
    assert_eq!(second["events"][0]["message"], "line 3 \u{1b}[0m");
    next["nextToken"] = second["nextForwardToken"].clone();
    let end = server.ok("GetLogEvents", next).await;
    assert_eq!((&end["events"], &end["nextForwardToken"]), (&json!([]), &second["nextForwardToken"]));
    let tail = json!({"logGroupIdentifier": group, "logStreamName": stream, "limit": 1});
    let tail = server.ok("GetLogEvents", tail).await;
    assert_eq!(tail["events"][0]["message"], "line 4 \u{1b}[0m");
}

#[tokio::test]
async fn events_out_of_time_are_counted_and_left_out() {
    let server = Server::start().await;
    server.ok("CreateLogGroup", json!({"logGroupName": "g"})).await;
    server.ok("CreateLogStream", json!({"logGroupName": "g", "logStreamName": "s"})).await;
    let late = now_ms() + 3 * 3_600_000;
    let events = json!([{"timestamp": now_ms(), "message": "now"}, {"timestamp": late, "message": "late"}]);
    let put = server.ok("PutLogEvents", json!({"logGroupName": "g", "logStreamName": "s", "logEvents": events})).await;
    assert_eq!(put["rejectedLogEventsInfo"], json!({"tooNewLogEventStartIndex": 1}));
}

#[tokio::test]
async fn a_batch_as_large_as_the_service_allows_is_taken() {
    let server = Server::start().await;
    server.ok("CreateLogGroup", json!({"logGroupName": "g"})).await;
    server.ok("CreateLogStream", json!({"logGroupName": "g", "logStreamName": "s"})).await;
    // Each byte of the message becomes six in JSON.
    let events = json!([{"timestamp": now_ms(), "message": "\u{1}".repeat(1024 * 1024 - 26)}]);
    server.ok("PutLogEvents", json!({"logGroupName": "g", "logStreamName": "s", "logEvents": events})).await;
}

#[tokio::test]
async fn output_is_whose_it_was_when_its_task_is_not_known_any_more() {
    let server = Server::start().await;
    server.ok("CreateLogGroup", json!({"logGroupName": "g"})).await;
    server.ok("CreateLogGroup", json!({"logGroupName": "h"})).await;
    let (of_task, of_container) = (|n: u128| format!("f/app/{n:032x}"), |n: u128| format!("{n:064x}"));
    for (n, cluster) in [(1, "a"), (2, "b")] {
        let owner = Owner { cluster: cluster.parse().unwrap(), host: Some(HostId(n)) };
        for stream in [of_task(n), of_container(n)] {
            let logs = server.logs();
            logs.create_stream("g", &stream, Some(owner.clone()), Timestamp(now_ms())).await.unwrap();
        }
    }
    // Nobody knew whose this is.
    server.ok("CreateLogStream", json!({"logGroupName": "g", "logStreamName": of_task(3)})).await;

    let get = |stream: &str| json!({"logGroupName": "g", "logStreamName": stream});
    let put = |stream: &str| {
        let event = json!({"timestamp": now_ms(), "message": "late"});
        json!({"logGroupName": "g", "logStreamName": stream, "logEvents": [event]})
    };
    let search = |streams: &[String]| json!({"logGroupName": "g", "logStreamNames": streams});
    let elsewhere = |members: Value| {
        let mut body = get(&of_task(1));
        body.as_object_mut().unwrap().remove("logGroupName");
        body.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        body
    };
    let (user, agent) = (server.user_of("a").await, keyring().host_key(HostId(1)));
    for (key, operation, body, is_allowed) in [
        (&user, "GetLogEvents", get(&of_task(1)), true),
        (&user, "GetLogEvents", get(&of_container(1)), true),
        (&user, "FilterLogEvents", search(&[of_task(1), of_container(1)]), true),
        (&user, "GetLogEvents", elsewhere(json!({"logGroupIdentifier": "g"})), true),
        (&user, "GetLogEvents", get(&of_task(2)), false),
        (&user, "GetLogEvents", get(&of_container(2)), false),
        (&user, "GetLogEvents", get(&of_task(3)), false),
        (&user, "FilterLogEvents", search(&[of_task(1), of_task(2)]), false),
        (&user, "FilterLogEvents", search(&[]), false),
        (&user, "GetLogEvents", elsewhere(json!({"logGroupName": "h"})), false),
        (&user, "GetLogEvents", elsewhere(json!({"logGroupName": "h", "logGroupIdentifier": "g"})), false),
        (&user, "PutLogEvents", put(&of_task(1)), false),
        (&agent, "PutLogEvents", put(&of_task(1)), true),
        (&agent, "PutLogEvents", put(&of_container(1)), true),
        (&agent, "GetLogEvents", get(&of_task(1)), true),
        (&agent, "PutLogEvents", put(&of_task(2)), false),
        (&agent, "PutLogEvents", put(&of_container(2)), false),
        (&agent, "PutLogEvents", put(&of_task(3)), false),
        (&agent, "GetLogEvents", get(&of_task(2)), false),
        // A stream of a task that nobody knows is not made by its agent either.
        (&agent, "CreateLogStream", get(&of_task(4)), false),
        (&agent, "CreateLogStream", elsewhere(json!({"logGroupName": "h"})), false),
    ] {
        let answer = server.signed(key, operation, &body).await;
        let code = if is_allowed { "" } else { "AccessDeniedException" };
        assert_eq!(answer.code(), code, "{} {operation} {body}: {}", key.id, answer.text);
    }
}

#[tokio::test]
async fn a_stream_keeps_whose_task_it_is_of() {
    let server = Server::start().await;
    server.ok("CreateLogGroup", json!({"logGroupName": "g"})).await;
    server.ok("CreateCluster", json!({"clusterName": "a"})).await;
    server.ok("RegisterTaskDefinition", definition("f")).await;
    let run = server.ok("RunTask", json!({"cluster": "a", "taskDefinition": "f"})).await;
    let task = run["tasks"][0]["taskArn"].as_str().unwrap().rsplit('/').next().unwrap();
    for (stream, cluster) in [(format!("f/app/{task}"), Some("a")), ("f/app".to_owned(), None)] {
        server.ok("CreateLogStream", json!({"logGroupName": "g", "logStreamName": stream})).await;
        let owner = server.logs().owner("g", &stream).await.unwrap();
        assert_eq!(owner.map(|owner| owner.cluster.to_string()).as_deref(), cluster, "{stream}");
    }
}

#[tokio::test]
async fn groups_and_streams_are_listed_in_pages_and_deleted() {
    let server = Server::start().await;
    for group in ["/ecs/a", "/ecs/b", "other"] {
        server.ok("CreateLogGroup", json!({"logGroupName": group})).await;
    }
    let first = server.ok("DescribeLogGroups", json!({"logGroupNamePrefix": "/ecs/", "limit": 1})).await;
    let arn = "arn:aws:logs:us-east-1:123456789012:log-group:/ecs/a";
    assert_eq!(first["logGroups"][0]["logGroupName"], "/ecs/a");
    assert_eq!(first["logGroups"][0]["arn"], format!("{arn}:*"));
    assert_eq!(first["logGroups"][0]["logGroupArn"], arn);
    assert_eq!(first["logGroups"][0]["retentionInDays"], json!(null));
    let next = json!({"logGroupNamePrefix": "/ecs/", "nextToken": first["nextToken"]});
    let rest = server.ok("DescribeLogGroups", next).await;
    assert_eq!(rest["logGroups"][0]["logGroupName"], "/ecs/b");
    assert_eq!(rest["nextToken"], json!(null));
    let foreign = json!({"nextToken": first["nextToken"]});
    server.refused("DescribeLogGroups", foreign, "InvalidParameterException").await;

    server.ok("PutRetentionPolicy", json!({"logGroupName": "/ecs/a", "retentionInDays": 30})).await;
    let named = json!({"logGroupIdentifiers": [arn]});
    assert_eq!(server.ok("DescribeLogGroups", named.clone()).await["logGroups"][0]["retentionInDays"], 30);
    server.ok("DeleteRetentionPolicy", json!({"logGroupName": "/ecs/a"})).await;
    assert_eq!(server.ok("DescribeLogGroups", named).await["logGroups"][0]["retentionInDays"], json!(null));

    let at = now_ms();
    for (stream, age) in [("x/1", 5), ("x/2", 9), ("y", 1)] {
        let place = json!({"logGroupName": "/ecs/a", "logStreamName": stream});
        server.ok("CreateLogStream", place.clone()).await;
        let mut put = place;
        put["logEvents"] = json!([{"timestamp": at - age, "message": "m"}]);
        server.ok("PutLogEvents", put).await;
    }
    let by_name = json!({"logGroupName": "/ecs/a", "logStreamNamePrefix": "x/"});
    let by_name = server.ok("DescribeLogStreams", by_name).await;
    assert_eq!(by_name["logStreams"].as_array().unwrap().len(), 2);
    assert_eq!(by_name["logStreams"][0]["arn"], format!("{arn}:log-stream:x/1"));
    let mut by_time = json!({"logGroupIdentifier": arn, "orderBy": "LastEventTime", "descending": true, "limit": 2});
    let youngest = server.ok("DescribeLogStreams", by_time.clone()).await;
    assert_eq!(youngest["logStreams"][0]["logStreamName"], "y");
    assert_eq!(youngest["logStreams"][0]["lastEventTimestamp"], at - 1);
    assert_eq!(youngest["logStreams"][1]["logStreamName"], "x/1");
    by_time["nextToken"] = youngest["nextToken"].clone();
    let oldest = server.ok("DescribeLogStreams", by_time).await;
    assert_eq!(oldest["logStreams"][0]["logStreamName"], "x/2");

    server.ok("DeleteLogStream", json!({"logGroupName": "/ecs/a", "logStreamName": "y"})).await;
    let gone = json!({"logGroupName": "/ecs/a", "logStreamName": "y"});
    server.refused("GetLogEvents", gone, "ResourceNotFoundException").await;
    server.ok("DeleteLogGroup", json!({"logGroupName": "/ecs/a"})).await;
    server.refused("DescribeLogStreams", json!({"logGroupName": "/ecs/a"}), "ResourceNotFoundException").await;
}

#[tokio::test]
async fn events_of_several_streams_are_filtered_in_pages() {
    let server = Server::start().await;
    server.ok("CreateLogGroup", json!({"logGroupName": "g"})).await;
    let at = now_ms() - 1000;
    for (stream, offset) in [("web/a/1", 0), ("web/b/2", 1), ("x", 2)] {
        let mut put = json!({"logGroupName": "g", "logStreamName": stream});
        server.ok("CreateLogStream", put.clone()).await;
        let level = |n: i64| if n % 2 == 0 { "error" } else { "info" };
        let message = |n: i64| json!({"level": level(n), "n": n}).to_string();
        put["logEvents"] = (0..10).map(|n| json!({"timestamp": at + 10 * n + offset, "message": message(n)})).collect();
        server.ok("PutLogEvents", put).await;
    }
    let pattern = r#"{ $.level = "error" && $.n > 3 }"#;
    let mut request = json!({"logGroupName": "g", "logStreamNamePrefix": "web/", "filterPattern": pattern, "limit": 4});
    let first = server.ok("FilterLogEvents", request.clone()).await;
    let streams = |page: &serde_json::Value| -> Vec<String> {
        let events = page["events"].as_array().unwrap().iter();
        events.map(|event| event["logStreamName"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(streams(&first), ["web/a/1", "web/b/2", "web/a/1", "web/b/2"]);
    assert_eq!(first["events"][0]["timestamp"], at + 40);
    assert_eq!(first["searchedLogStreams"], json!([]));
    request["nextToken"] = first["nextToken"].clone();
    let rest = server.ok("FilterLogEvents", request.clone()).await;
    assert_eq!(streams(&rest), ["web/a/1", "web/b/2"]);
    assert_eq!(rest["nextToken"], json!(null));
    let ids = [&first, &rest].map(|page| page["events"].as_array().unwrap().clone()).concat();
    let ids: std::collections::BTreeSet<_> = ids.iter().map(|event| event["eventId"].to_string()).collect();
    assert_eq!(ids.len(), 6);
    request["filterPattern"] = json!("error");
    server.refused("FilterLogEvents", request, "InvalidParameterException").await;
    let named = json!({
        "logGroupIdentifier": "arn:aws:logs:us-east-1:123456789012:log-group:g",
        "logStreamNames": ["x"], "startTime": at + 22, "endTime": at + 42, "filterPattern": "error",
    });
    let named = server.ok("FilterLogEvents", named).await;
    assert_eq!(streams(&named), ["x", "x"]);
}

#[tokio::test]
async fn refusals() {
    let server = Server::start().await;
    server.ok("CreateLogGroup", json!({"logGroupName": "g"})).await;
    server.ok("CreateLogStream", json!({"logGroupName": "g", "logStreamName": "s"})).await;
    let event = json!({"timestamp": now_ms(), "message": "x"});
    let earlier = json!({"timestamp": now_ms() - 1000, "message": "x"});
    for (operation, body, code) in [
        ("CreateLogGroup", json!({"logGroupName": "g"}), "ResourceAlreadyExistsException"),
        ("CreateLogGroup", json!({"logGroupName": "a b"}), "InvalidParameterException"),
        ("CreateLogGroup", json!({}), "InvalidParameterException"),
        ("CreateLogStream", json!({"logGroupName": "g", "logStreamName": "s"}), "ResourceAlreadyExistsException"),
        ("CreateLogStream", json!({"logGroupName": "nope", "logStreamName": "s"}), "ResourceNotFoundException"),
        ("CreateLogStream", json!({"logGroupName": "g", "logStreamName": "a:b"}), "InvalidParameterException"),
        (
            "PutLogEvents",
            json!({"logGroupName": "g", "logStreamName": "nope", "logEvents": [event]}),
            "ResourceNotFoundException",
        ),
        (
            "PutLogEvents",
            json!({"logGroupName": "g", "logStreamName": "s", "logEvents": [event, earlier]}),
            "InvalidParameterException",
        ),
        (
            "PutLogEvents",
            json!({"logGroupName": "g", "logStreamName": "s", "logEvents": []}),
            "InvalidParameterException",
        ),
        ("FilterLogEvents", json!({"logGroupName": "nope"}), "ResourceNotFoundException"),
        ("FilterLogEvents", json!({"logGroupName": "g", "logStreamNames": ["nope"]}), "ResourceNotFoundException"),
        ("FilterLogEvents", json!({"logGroupName": "g", "filterPattern": "{ $.a"}), "InvalidParameterException"),
        (
            "FilterLogEvents",
            json!({"logGroupName": "g", "logStreamNames": ["s"], "logStreamNamePrefix": "s"}),
            "InvalidParameterException",
        ),
        ("FilterLogEvents", json!({"logGroupName": "g", "startTime": 2, "endTime": 1}), "InvalidParameterException"),
        ("DeleteLogGroup", json!({"logGroupName": "nope"}), "ResourceNotFoundException"),
        ("DeleteLogStream", json!({"logGroupName": "nope", "logStreamName": "s"}), "ResourceNotFoundException"),
        ("DeleteLogStream", json!({"logGroupName": "g", "logStreamName": "nope"}), "ResourceNotFoundException"),
        ("PutRetentionPolicy", json!({"logGroupName": "nope", "retentionInDays": 1}), "ResourceNotFoundException"),
        ("PutRetentionPolicy", json!({"logGroupName": "g", "retentionInDays": 2}), "InvalidParameterException"),
        ("DeleteRetentionPolicy", json!({"logGroupName": "nope"}), "ResourceNotFoundException"),
        ("DescribeLogGroups", json!({"limit": 51}), "InvalidParameterException"),
        (
            "DescribeLogGroups",
            json!({"logGroupNamePrefix": "a", "logGroupNamePattern": "b"}),
            "InvalidParameterException",
        ),
        ("DescribeLogGroups", json!({"logGroupIdentifiers": ["arn:aws:s3:::x"]}), "InvalidParameterException"),
        ("DescribeLogStreams", json!({"logGroupName": "nope"}), "ResourceNotFoundException"),
        ("DescribeLogStreams", json!({}), "InvalidParameterException"),
        (
            "DescribeLogStreams",
            json!({"logGroupName": "g", "logStreamNamePrefix": "a", "orderBy": "LastEventTime"}),
            "InvalidParameterException",
        ),
        ("GetLogEvents", json!({"logGroupName": "g", "logStreamName": "nope"}), "ResourceNotFoundException"),
        ("GetLogEvents", json!({"logStreamName": "s"}), "InvalidParameterException"),
        ("GetLogEvents", json!({"logGroupName": "g", "logStreamName": "s", "limit": 0}), "InvalidParameterException"),
        (
            "GetLogEvents",
            json!({"logGroupName": "g", "logStreamName": "s", "nextToken": "x"}),
            "InvalidParameterException",
        ),
    ] {
        server.refused(operation, body, code).await;
    }
}
