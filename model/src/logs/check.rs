// Written by model/codegen/generate.py from the logs 2014-03-28 model of botocore 1.44.5.
// Do not edit: change the generator and run it again.

use std::collections::BTreeMap;

use super::enumeration;
use super::shape;
use crate::check::{Checker, Validate};

impl Validate for shape::CreateLogGroupRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("logGroupName", self.log_group_name.is_some());
        at.member("logGroupName", self.log_group_name.as_ref(), log_group_name);
        at.member("kmsKeyId", self.kms_key_id.as_ref(), kms_key_id);
        at.member("tags", self.tags.as_ref(), tags);
        at.member("logGroupClass", self.log_group_class.as_ref(), enumeration::LogGroupClass::validate);
    }
}

impl Validate for shape::CreateLogStreamRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("logGroupName", self.log_group_name.is_some());
        at.member("logGroupName", self.log_group_name.as_ref(), log_group_name);
        at.required("logStreamName", self.log_stream_name.is_some());
        at.member("logStreamName", self.log_stream_name.as_ref(), log_stream_name);
    }
}

impl Validate for shape::DeleteLogGroupRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("logGroupName", self.log_group_name.is_some());
        at.member("logGroupName", self.log_group_name.as_ref(), log_group_name);
    }
}

impl Validate for shape::DeleteLogStreamRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("logGroupName", self.log_group_name.is_some());
        at.member("logGroupName", self.log_group_name.as_ref(), log_group_name);
        at.required("logStreamName", self.log_stream_name.is_some());
        at.member("logStreamName", self.log_stream_name.as_ref(), log_stream_name);
    }
}

impl Validate for shape::DeleteRetentionPolicyRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("logGroupName", self.log_group_name.is_some());
        at.member("logGroupName", self.log_group_name.as_ref(), log_group_name);
    }
}

impl Validate for shape::DescribeLogGroupsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("accountIdentifiers", self.account_identifiers.as_ref(), account_ids);
        at.member("logGroupNamePrefix", self.log_group_name_prefix.as_ref(), log_group_name);
        at.member("logGroupNamePattern", self.log_group_name_pattern.as_ref(), log_group_name_pattern);
        at.member("nextToken", self.next_token.as_ref(), next_token);
        at.member("limit", self.limit.as_ref(), describe_limit);
        at.member("logGroupClass", self.log_group_class.as_ref(), enumeration::LogGroupClass::validate);
        at.member(
            "logGroupIdentifiers",
            self.log_group_identifiers.as_ref(),
            describe_log_groups_log_group_identifiers,
        );
    }
}

impl Validate for shape::DescribeLogStreamsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("logGroupName", self.log_group_name.as_ref(), log_group_name);
        at.member("logGroupIdentifier", self.log_group_identifier.as_ref(), log_group_identifier);
        at.member("logStreamNamePrefix", self.log_stream_name_prefix.as_ref(), log_stream_name);
        at.member("orderBy", self.order_by.as_ref(), enumeration::OrderBy::validate);
        at.member("nextToken", self.next_token.as_ref(), next_token);
        at.member("limit", self.limit.as_ref(), describe_limit);
    }
}

impl Validate for shape::Entity {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("keyAttributes", self.key_attributes.as_ref(), entity_key_attributes);
        at.member("attributes", self.attributes.as_ref(), entity_attributes);
    }
}

impl Validate for shape::FilterLogEventsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("logGroupName", self.log_group_name.as_ref(), log_group_name);
        at.member("logGroupIdentifier", self.log_group_identifier.as_ref(), log_group_identifier);
        at.member("logStreamNames", self.log_stream_names.as_ref(), input_log_stream_names);
        at.member("logStreamNamePrefix", self.log_stream_name_prefix.as_ref(), log_stream_name);
        at.member("startTime", self.start_time.as_ref(), timestamp);
        at.member("endTime", self.end_time.as_ref(), timestamp);
        at.member("filterPattern", self.filter_pattern.as_ref(), filter_pattern);
        at.member("nextToken", self.next_token.as_ref(), next_token);
        at.member("limit", self.limit.as_ref(), events_limit);
    }
}

impl Validate for shape::GetLogEventsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.member("logGroupName", self.log_group_name.as_ref(), log_group_name);
        at.member("logGroupIdentifier", self.log_group_identifier.as_ref(), log_group_identifier);
        at.required("logStreamName", self.log_stream_name.is_some());
        at.member("logStreamName", self.log_stream_name.as_ref(), log_stream_name);
        at.member("startTime", self.start_time.as_ref(), timestamp);
        at.member("endTime", self.end_time.as_ref(), timestamp);
        at.member("nextToken", self.next_token.as_ref(), next_token);
        at.member("limit", self.limit.as_ref(), events_limit);
    }
}

impl Validate for shape::InputLogEvent {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("timestamp", self.timestamp.is_some());
        at.member("timestamp", self.timestamp.as_ref(), timestamp);
        at.required("message", self.message.is_some());
        at.member("message", self.message.as_ref(), event_message);
    }
}

impl Validate for shape::PutLogEventsRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("logGroupName", self.log_group_name.is_some());
        at.member("logGroupName", self.log_group_name.as_ref(), log_group_name);
        at.required("logStreamName", self.log_stream_name.is_some());
        at.member("logStreamName", self.log_stream_name.as_ref(), log_stream_name);
        at.required("logEvents", self.log_events.is_some());
        at.member("logEvents", self.log_events.as_ref(), input_log_events);
        at.member("sequenceToken", self.sequence_token.as_ref(), sequence_token);
        at.member("entity", self.entity.as_ref(), shape::Entity::validate);
    }
}

impl Validate for shape::PutRetentionPolicyRequest {
    fn validate(&self, at: &mut Checker<'_>) {
        at.required("logGroupName", self.log_group_name.is_some());
        at.member("logGroupName", self.log_group_name.as_ref(), log_group_name);
        at.required("retentionInDays", self.retention_in_days.is_some());
    }
}

fn account_id(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(12), Some(12));
    at.pattern(value, r"^\d{12}$", |c| c.is_ascii_digit());
}

fn account_ids(value: &Vec<String>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(20));
    at.each(value, account_id);
}

fn describe_limit(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(1), Some(50));
}

fn describe_log_groups_log_group_identifiers(value: &Vec<String>, at: &mut Checker<'_>) {
    at.items(value.len(), Some(1), Some(50));
    at.each(value, log_group_identifier);
}

fn entity_attributes(value: &BTreeMap<String, String>, at: &mut Checker<'_>) {
    at.items(value.len(), None, Some(10));
    at.entries(value, entity_attributes_key, entity_attributes_value);
}

fn entity_attributes_key(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), Some(256));
}

fn entity_attributes_value(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), Some(512));
}

fn entity_key_attributes(value: &BTreeMap<String, String>, at: &mut Checker<'_>) {
    at.items(value.len(), Some(2), Some(4));
    at.entries(value, entity_key_attributes_key, entity_key_attributes_value);
}

fn entity_key_attributes_key(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), Some(32));
}

fn entity_key_attributes_value(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), Some(512));
}

fn event_message(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), None);
}

fn events_limit(value: &i32, at: &mut Checker<'_>) {
    at.range(value, Some(1), Some(10_000));
}

fn filter_pattern(value: &String, at: &mut Checker<'_>) {
    at.characters(value, None, Some(1_024));
}

fn input_log_events(value: &Vec<shape::InputLogEvent>, at: &mut Checker<'_>) {
    at.items(value.len(), Some(1), Some(10_000));
    at.each(value, shape::InputLogEvent::validate);
}

fn input_log_stream_names(value: &Vec<String>, at: &mut Checker<'_>) {
    at.items(value.len(), Some(1), Some(100));
    at.each(value, log_stream_name);
}

fn kms_key_id(value: &String, at: &mut Checker<'_>) {
    at.characters(value, None, Some(256));
}

fn log_group_identifier(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), Some(2_048));
    at.pattern(value, r"[\w#+=/:,.@-]*", |c| {
        matches!(c, 'A'..='Z' | 'a'..='z' | '0'..='9' | '_')
            || matches!(c, '#' | '+' | '=' | '/' | ':' | ',' | '.' | '@' | '-')
    });
}

fn log_group_name(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), Some(512));
    at.pattern(
        value,
        r"[\.\-_/#A-Za-z0-9]+",
        |c| matches!(c, '.' | '-' | '_' | '/' | '#' | 'A'..='Z' | 'a'..='z' | '0'..='9'),
    );
}

fn log_group_name_pattern(value: &String, at: &mut Checker<'_>) {
    at.characters(value, None, Some(512));
    at.pattern(
        value,
        r"[\.\-_/#A-Za-z0-9]*",
        |c| matches!(c, '.' | '-' | '_' | '/' | '#' | 'A'..='Z' | 'a'..='z' | '0'..='9'),
    );
}

fn log_stream_name(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), Some(512));
    at.pattern(value, r"[^:*]*", |c| !(matches!(c, ':' | '*')));
}

fn next_token(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), None);
}

fn sequence_token(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), None);
}

fn tag_key(value: &String, at: &mut Checker<'_>) {
    at.characters(value, Some(1), Some(128));
    at.pattern(value, r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]+)$", |c| {
        c.is_alphabetic()
            || (c.is_whitespace() && !c.is_control())
            || c.is_numeric()
            || matches!(c, '_' | '.' | ':' | '/' | '=' | '+' | '-' | '@')
    });
}

fn tag_value(value: &String, at: &mut Checker<'_>) {
    at.characters(value, None, Some(256));
    at.pattern(value, r"^([\p{L}\p{Z}\p{N}_.:/=+\-@]*)$", |c| {
        c.is_alphabetic()
            || (c.is_whitespace() && !c.is_control())
            || c.is_numeric()
            || matches!(c, '_' | '.' | ':' | '/' | '=' | '+' | '-' | '@')
    });
}

fn tags(value: &BTreeMap<String, String>, at: &mut Checker<'_>) {
    at.items(value.len(), Some(1), Some(50));
    at.entries(value, tag_key, tag_value);
}

fn timestamp(value: &i64, at: &mut Checker<'_>) {
    at.range(value, Some(0), None);
}
