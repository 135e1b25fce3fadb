use std::collections::{BTreeMap, BTreeSet};

use berth_model::{ecs, logs};
use serde_json::{Value, json};

use super::shape::members;
use super::{TABLES, Treatment, refused};

fn shapes() -> BTreeMap<&'static str, BTreeSet<String>> {
    BTreeMap::from([
        ("CreateCluster", members::<ecs::CreateClusterRequest>()),
        ("DescribeClusters", members::<ecs::DescribeClustersRequest>()),
        ("ListClusters", members::<ecs::ListClustersRequest>()),
        ("UpdateCluster", members::<ecs::UpdateClusterRequest>()),
        ("UpdateClusterSettings", members::<ecs::UpdateClusterSettingsRequest>()),
        ("PutClusterCapacityProviders", members::<ecs::PutClusterCapacityProvidersRequest>()),
        ("DeleteCluster", members::<ecs::DeleteClusterRequest>()),
        ("RegisterTaskDefinition", members::<ecs::RegisterTaskDefinitionRequest>()),
        ("DescribeTaskDefinition", members::<ecs::DescribeTaskDefinitionRequest>()),
        ("DeregisterTaskDefinition", members::<ecs::DeregisterTaskDefinitionRequest>()),
        ("DeleteTaskDefinitions", members::<ecs::DeleteTaskDefinitionsRequest>()),
        ("ListTaskDefinitions", members::<ecs::ListTaskDefinitionsRequest>()),
        ("ListTaskDefinitionFamilies", members::<ecs::ListTaskDefinitionFamiliesRequest>()),
        ("RunTask", members::<ecs::RunTaskRequest>()),
        ("StartTask", members::<ecs::StartTaskRequest>()),
        ("StopTask", members::<ecs::StopTaskRequest>()),
        ("DescribeTasks", members::<ecs::DescribeTasksRequest>()),
        ("ListTasks", members::<ecs::ListTasksRequest>()),
        ("RegisterContainerInstance", members::<ecs::RegisterContainerInstanceRequest>()),
        ("DescribeContainerInstances", members::<ecs::DescribeContainerInstancesRequest>()),
        ("ListContainerInstances", members::<ecs::ListContainerInstancesRequest>()),
        ("UpdateContainerInstancesState", members::<ecs::UpdateContainerInstancesStateRequest>()),
        ("DeregisterContainerInstance", members::<ecs::DeregisterContainerInstanceRequest>()),
        ("PutAttributes", members::<ecs::PutAttributesRequest>()),
        ("DeleteAttributes", members::<ecs::DeleteAttributesRequest>()),
        ("ListAttributes", members::<ecs::ListAttributesRequest>()),
        ("DiscoverPollEndpoint", members::<ecs::DiscoverPollEndpointRequest>()),
        ("SubmitTaskStateChange", members::<ecs::SubmitTaskStateChangeRequest>()),
        ("TagResource", members::<ecs::TagResourceRequest>()),
        ("UntagResource", members::<ecs::UntagResourceRequest>()),
        ("ListTagsForResource", members::<ecs::ListTagsForResourceRequest>()),
        ("PutAccountSetting", members::<ecs::PutAccountSettingRequest>()),
        ("PutAccountSettingDefault", members::<ecs::PutAccountSettingDefaultRequest>()),
        ("DeleteAccountSetting", members::<ecs::DeleteAccountSettingRequest>()),
        ("ListAccountSettings", members::<ecs::ListAccountSettingsRequest>()),
        ("GetTaskProtection", members::<ecs::GetTaskProtectionRequest>()),
        ("UpdateTaskProtection", members::<ecs::UpdateTaskProtectionRequest>()),
        ("SubmitContainerStateChange", members::<ecs::SubmitContainerStateChangeRequest>()),
        ("SubmitAttachmentStateChanges", members::<ecs::SubmitAttachmentStateChangesRequest>()),
        ("CreateCapacityProvider", members::<ecs::CreateCapacityProviderRequest>()),
        ("UpdateCapacityProvider", members::<ecs::UpdateCapacityProviderRequest>()),
        ("DeleteCapacityProvider", members::<ecs::DeleteCapacityProviderRequest>()),
        ("DescribeCapacityProviders", members::<ecs::DescribeCapacityProvidersRequest>()),
        ("CreateLogGroup", members::<logs::CreateLogGroupRequest>()),
        ("CreateLogStream", members::<logs::CreateLogStreamRequest>()),
        ("DeleteLogGroup", members::<logs::DeleteLogGroupRequest>()),
        ("DeleteLogStream", members::<logs::DeleteLogStreamRequest>()),
        ("DescribeLogGroups", members::<logs::DescribeLogGroupsRequest>()),
        ("DescribeLogStreams", members::<logs::DescribeLogStreamsRequest>()),
        ("PutRetentionPolicy", members::<logs::PutRetentionPolicyRequest>()),
        ("DeleteRetentionPolicy", members::<logs::DeleteRetentionPolicyRequest>()),
        ("PutLogEvents", members::<logs::PutLogEventsRequest>()),
        ("FilterLogEvents", members::<logs::FilterLogEventsRequest>()),
        ("GetLogEvents", members::<logs::GetLogEventsRequest>()),
    ])
}

/// Whether `path` is `member` itself or something in it.
fn is_in(path: &str, member: &str) -> bool {
    path.strip_prefix(member).is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[test]
fn the_table_names_every_member_of_every_offered_operation_once() {
    let shapes = shapes();
    let tables: BTreeMap<_, _> = TABLES.iter().copied().collect();
    assert_eq!(tables.len(), TABLES.len(), "an operation stands twice");
    assert_eq!(tables.keys().collect::<Vec<_>>(), shapes.keys().collect::<Vec<_>>());
    for (operation, shape) in &shapes {
        let table = tables[operation];
        for path in shape {
            let has_named_members = table.iter().any(|(named, _)| named != path && is_in(named, path));
            let naming = table.iter().filter(|(named, _)| is_in(path, named)).count();
            let expected = usize::from(!has_named_members);
            assert_eq!(naming, expected, "{operation}: {path} must be named, itself or a part it is in, exactly once");
        }
        for (named, _) in table {
            assert!(shape.contains(*named), "{operation} has no member {named}");
        }
    }
}

#[test]
fn every_offered_operation_is_one_of_the_models() {
    for (operation, _) in TABLES {
        let is_known =
            ecs::Operation::from_name(operation).is_some() || logs::Operation::from_name(operation).is_some();
        assert!(is_known, "{operation}");
    }
}

fn run_task(value: Value) -> Option<String> {
    let request: ecs::RunTaskRequest = serde_json::from_value(value).unwrap();
    refused("RunTask", &request)
}

fn register(value: Value) -> Option<String> {
    let request: ecs::RegisterTaskDefinitionRequest = serde_json::from_value(value).unwrap();
    refused("RegisterTaskDefinition", &request)
}

#[test]
fn what_is_not_set_is_not_refused() {
    for value in [
        json!({}),
        json!({"enableExecuteCommand": true, "referenceId": "", "volumeConfigurations": null}),
        json!({"overrides": {"ephemeralStorage": {}, "containerOverrides": [{"environmentFiles": []}]}}),
        json!({"propagateTags": "NONE", "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["a"]}}}),
        json!({"taskDefinition": "x", "tags": [{"key": "a"}], "capacityProviderStrategy": [{"weight": 3}]}),
    ] {
        assert_eq!(run_task(value.clone()), None, "{value}");
    }
    let accepted = json!({"containerDefinitions": [{
        "name": "a", "secrets": [], "environmentFiles": [], "privileged": false, "restartPolicy": {"enabled": false},
        "healthCheck": {"retries": 0}, "dockerLabels": {}, "versionConsistency": "disabled",
    }], "networkMode": "host", "volumes": []});
    assert_eq!(register(accepted), None);
}

#[test]
fn what_cannot_be_honoured_is_refused_by_its_path() {
    for (value, path) in [
        (json!({"volumeConfigurations": [{"name": "data"}]}), "volumeConfigurations is not supported"),
        (json!({"propagateTags": "SERVICE"}), "propagateTags is supported only as TASK_DEFINITION, NONE"),
        (
            json!({"overrides": {"containerOverrides": [{}, {"resourceRequirements": [{"type": "InferenceAccelerator"}]}]}}),
            "overrides.containerOverrides[1].resourceRequirements[0].type is supported only as GPU",
        ),
    ] {
        let text = run_task(value).expect("refused");
        assert!(text.contains(path), "{text}");
    }
    let text = register(json!({"containerDefinitions": [
        {"firelensConfiguration": {"type": "fluentd"}}, {"credentialSpecs": ["a"], "portMappings": [{"containerPort": 1}, {"containerPortRange": "8000-8009"}]}
    ], "volumes": [{"name": "a", "configuredAtLaunch": true}]}));
    assert_eq!(
        text.as_deref(),
        Some(
            "Berth cannot honour this request: containerDefinitions[0].firelensConfiguration is not supported; \
             containerDefinitions[1].portMappings[1].containerPortRange is not supported; \
             containerDefinitions[1].credentialSpecs is not supported; volumes[0].configuredAtLaunch is not supported."
        )
    );
}

#[test]
fn values_of_lists_are_looked_at_one_by_one() {
    let text = register(json!({"containerDefinitions": [
        {"versionConsistency": "disabled"}, {"versionConsistency": "enabled"}, {"firelensConfiguration": {"type": "fluentd"}}
    ]}));
    let text = text.expect("refused");
    for part in ["containerDefinitions[1].versionConsistency", "containerDefinitions[2].firelensConfiguration is not"] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("containerDefinitions[0]"), "{text}");
}

#[test]
fn treatments_that_take_only_some_values_name_them() {
    for (operation, members) in TABLES {
        for (path, treatment) in *members {
            if let Treatment::Only(values) = treatment {
                assert!(!values.is_empty(), "{operation} {path}");
            }
        }
    }
}
