//! What containers write.

use serde_json::json;

use crate::harness::{Server, now_ms};

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
