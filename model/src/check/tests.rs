use serde::de::DeserializeOwned;
use serde_json::json;

use super::*;
use crate::{ecs, logs};

fn read<T: DeserializeOwned>(value: serde_json::Value) -> T {
    serde_json::from_value(value).expect("the shape reads it")
}

/// The messages for a request, one a line.
fn messages<T: DeserializeOwned + Validate>(value: serde_json::Value) -> String {
    match check(&read::<T>(value)) {
        Ok(()) => String::new(),
        Err(found) => found.as_slice().iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"),
    }
}

#[test]
fn required_members_are_asked_for_at_every_depth() {
    assert_eq!(
        messages::<ecs::RunTaskRequest>(json!({
            "capacityProviderStrategy": [{"capacityProvider": "a"}, {"weight": 1}],
            "networkConfiguration": {"awsvpcConfiguration": {}},
        })),
        "capacityProviderStrategy[1].capacityProvider is required\n\
         networkConfiguration.awsvpcConfiguration.subnets is required\n\
         taskDefinition is required"
    );
}

#[test]
fn enumerations_name_what_is_allowed() {
    let run = |launch_type| messages::<ecs::RunTaskRequest>(json!({"taskDefinition": "a", "launchType": launch_type}));
    assert_eq!(run("EC3"), "launchType: 'EC3' is not one of EC2, FARGATE, EXTERNAL, MANAGED_INSTANCES");
    assert_eq!(run("EXTERNAL"), "");
    let long = "é".repeat(VALUE_SHOWN_CHARACTERS_MAX + 1);
    let shown = "é".repeat(VALUE_SHOWN_CHARACTERS_MAX);
    assert!(run(&long).starts_with(&format!("launchType: '{shown}…' is not")));
    assert_eq!(
        messages::<ecs::DescribeTasksRequest>(json!({"tasks": ["a"], "include": ["TAGS", "ALL"]})),
        "include[1]: 'ALL' is not one of TAGS"
    );
}

#[test]
fn numbers_stay_in_their_range() {
    let strategy = |base, weight| {
        messages::<ecs::RunTaskRequest>(json!({
            "taskDefinition": "a",
            "capacityProviderStrategy": [{"capacityProvider": "p", "base": base, "weight": weight}],
        }))
    };
    assert_eq!(strategy(0, 0), "");
    assert_eq!(strategy(100_000, 1000), "");
    assert_eq!(
        strategy(-1, 1001),
        "capacityProviderStrategy[0].weight: 1001 is out of range, it must be between 0 and 1000\n\
         capacityProviderStrategy[0].base: -1 is out of range, it must be between 0 and 100000"
    );
}

#[test]
fn lengths_are_counted_in_characters_and_items() {
    let tag = |key: &str| messages::<ecs::TagResourceRequest>(json!({"resourceArn": "a", "tags": [{"key": key}]}));
    assert_eq!(tag(&"ü".repeat(128)), "");
    assert_eq!(tag(&"ü".repeat(129)), "tags[0].key: the number of characters must be between 1 and 128, not 129");
    assert_eq!(tag(""), "tags[0].key: the number of characters must be between 1 and 128, not 0");
    let tags = vec![json!({"key": "a"}); 51];
    assert_eq!(
        messages::<ecs::TagResourceRequest>(json!({"resourceArn": "a", "tags": tags})),
        "tags: the number of items must be at most 50, not 51"
    );
}

#[test]
fn patterns_hold_for_the_whole_value() {
    let tag = |key: &str| messages::<ecs::TagResourceRequest>(json!({"resourceArn": "a", "tags": [{"key": key}]}));
    for key in ["team:Blue_1", "größe", "名前", "a b", "a@b.c/d=e+f-g", "Ⅷ½٣"] {
        assert_eq!(tag(key), "", "{key}");
    }
    for key in ["a!", "a\n", "\ta", "a,b", "😀", "a\\b"] {
        assert!(tag(key).starts_with("tags[0].key: '"), "{key}");
    }
    let stream = |name: &str| {
        messages::<logs::CreateLogStreamRequest>(json!({"logGroupName": "/ecs/a-b.c#1", "logStreamName": name}))
    };
    assert_eq!(stream("prefix/web/0123"), "");
    assert_eq!(stream("a:b"), "logStreamName: 'a:b' has a character that is not allowed, it must match [^:*]*");
}

#[test]
fn maps_are_checked_by_key() {
    let group =
        |tags: serde_json::Value| messages::<logs::CreateLogGroupRequest>(json!({"logGroupName": "g", "tags": tags}));
    assert_eq!(group(json!({"team": "blue"})), "");
    assert_eq!(group(json!({})), "tags: the number of items must be between 1 and 50, not 0");
    assert_eq!(
        group(json!({"team": "b".repeat(257)})),
        "tags[\"team\"]: the number of characters must be at most 256, not 257"
    );
}

#[test]
fn a_union_has_exactly_one_member() {
    let register = |strategy: serde_json::Value| {
        messages::<ecs::RegisterTaskDefinitionRequest>(json!({
            "family": "f",
            "containerDefinitions": [{"resourceRequirements": [{"type": "GPU", "value": "1", "sharingStrategy": strategy}]}],
        }))
    };
    assert_eq!(register(json!({"nvidiaMps": {"memory": 1}})), "");
    assert_eq!(
        register(json!({})),
        "containerDefinitions[0].resourceRequirements[0].sharingStrategy: \
         exactly one of nvidiaMps must be set, not 0"
    );
}

#[test]
fn sensitive_values_are_checked_and_not_repeated() {
    let found = messages::<ecs::RegisterTaskDefinitionRequest>(json!({
        "family": "f",
        "containerDefinitions": [{"repositoryCredentials": {}}],
    }));
    assert_eq!(found, "containerDefinitions[0].repositoryCredentials.credentialsParameter is required");
    let mut violations = Violations::default();
    let path = Path { parent: None, segment: Segment::Member("secret") };
    let mut at = Checker { path, hidden: false, found: &mut violations };
    at.sensitive(&Sensitive::new(7), |value, at| {
        at.range(value, None, Some(5));
    });
    assert_eq!(violations.to_string(), "secret: *** is out of range, it must be at most 5");
}

#[test]
fn no_more_violations_are_collected_than_anyone_reads() {
    let run = |count| {
        let strategy = vec![json!({}); count];
        check(&read::<ecs::RunTaskRequest>(json!({"taskDefinition": "a", "capacityProviderStrategy": strategy})))
            .expect_err("members are missing")
    };
    let all = run(VIOLATIONS_MAX);
    assert_eq!((all.as_slice().len(), all.is_cut()), (VIOLATIONS_MAX, false));
    let cut = run(VIOLATIONS_MAX + 1);
    assert_eq!((cut.as_slice().len(), cut.is_cut()), (VIOLATIONS_MAX, true));
    assert!(cut.to_string().ends_with("is required; and more"));
}
