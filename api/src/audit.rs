//! The audit trail: one line for each call, with who, what and how it came out; never a body, never a secret.
//!
//! It is written to the log under the target `berth::audit`, so that it can be sent elsewhere or left out. Calls that are
//! refused because of who calls are warnings.

use std::time::Instant;

use axum::http::request::Parts;
use serde::Deserialize;
use uuid::Uuid;

use crate::auth::{Caller, Peer};
use crate::ecs::error::{Fault, is_about_caller};
use crate::edge::Edge;
use crate::metrics::OK;

/// Where the lines go.
const TARGET: &str = "berth::audit";

/// Most characters of what a call is about: a caller chooses them. Enough for several ARNs.
const ABOUT_CHARACTERS_MAX: usize = 1_024;

/// What is known of a call so far.
#[derive(Debug)]
pub(crate) struct Record {
    /// Also in the answer.
    pub(crate) request_id: Uuid,
    pub(crate) operation: &'static str,
    pub(crate) clusters: String,
    /// What else it is about, as the caller names it: `MEMBER=VALUE`, several with commas between them.
    pub(crate) about: String,
    since: Instant,
    peer: Option<Peer>,
    key: String,
    name: String,
    /// The host for which an agent speaks.
    host: String,
}

impl Record {
    /// Of a call that has just come in.
    pub(crate) fn new(parts: &Parts, operation: &'static str) -> Self {
        Self {
            request_id: Uuid::new_v4(),
            operation,
            clusters: String::new(),
            about: String::new(),
            since: Instant::now(),
            peer: parts.extensions.get().copied(),
            key: String::new(),
            name: String::new(),
            host: String::new(),
        }
    }

    /// True if anybody reads the lines of calls that succeed.
    pub(crate) fn is_wanted() -> bool {
        tracing::enabled!(target: TARGET, tracing::Level::INFO)
    }

    /// Who it is from, or claims to be from: the outcome says whether that was true.
    pub(crate) fn set_caller(&mut self, caller: &Caller) {
        self.key = caller.key.as_ref().map(ToString::to_string).unwrap_or_default();
        self.name.clone_from(&caller.name);
        self.host = caller.host.as_ref().map(ToString::to_string).unwrap_or_default();
    }

    /// Counts the call, and writes its line.
    pub(crate) fn close(&self, edge: &Edge, outcome: Result<(), &Fault>) {
        self.close_as(edge, outcome.err().map_or(OK, |fault| fault.code));
    }

    /// The same for an outcome that is [`OK`] or the name of an error.
    pub(crate) fn close_as(&self, edge: &Edge, code: &'static str) {
        let Self { request_id, operation, clusters, about, since, peer, key, name, host } = self;
        let after = since.elapsed();
        edge.metrics.answered(operation, code, after);
        let peer = peer.map(|peer| peer.address.to_string()).unwrap_or_default();
        let ms = after.as_secs_f64() * 1e3;
        if is_about_caller(code) {
            tracing::warn!(
                target: TARGET, %request_id, key, name, host, operation, clusters, about, code, ms, peer, "call refused"
            );
        } else {
            tracing::info!(
                target: TARGET, %request_id, key, name, host, operation, clusters, about, code, ms, peer, "call"
            );
        }
    }
}

/// The members that say what a call is about, as far as they are names or ids. All others are passed over: this costs
/// little even for a large body, and nothing else of it can get into the log.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct About {
    cluster: Option<String>,
    resource_arn: Option<String>,
    task: Option<String>,
    tasks: Option<Vec<String>>,
    task_definition: Option<String>,
    task_definitions: Option<Vec<String>>,
    family: Option<String>,
    container_instance: Option<String>,
    container_instances: Option<Vec<String>>,
    container_instance_arn: Option<String>,
    attachments: Option<Vec<Attachment>>,
    capacity_provider: Option<String>,
    name: Option<String>,
    principal_arn: Option<String>,
    log_group_name: Option<String>,
    log_stream_name: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Attachment {
    attachment_arn: Option<String>,
}

/// What the body of a call is about; nothing if it cannot be read, since then nothing is done.
pub(crate) fn about(body: &[u8]) -> String {
    let About {
        cluster,
        resource_arn,
        task,
        tasks,
        task_definition,
        task_definitions,
        family,
        container_instance,
        container_instances,
        container_instance_arn,
        attachments,
        capacity_provider,
        name,
        principal_arn,
        log_group_name,
        log_stream_name,
    } = serde_json::from_slice(body).unwrap_or_default();
    let attachments = attachments.into_iter().flatten().filter_map(|one| one.attachment_arn).collect();
    listed([
        ("cluster", one(cluster)),
        ("resourceArn", one(resource_arn)),
        ("task", one(task)),
        ("tasks", tasks.unwrap_or_default()),
        ("taskDefinition", one(task_definition)),
        ("taskDefinitions", task_definitions.unwrap_or_default()),
        ("family", one(family)),
        ("containerInstance", one(container_instance)),
        ("containerInstances", container_instances.unwrap_or_default()),
        ("containerInstanceArn", one(container_instance_arn)),
        ("attachments", attachments),
        ("capacityProvider", one(capacity_provider)),
        ("name", one(name)),
        ("principalArn", one(principal_arn)),
        ("logGroupName", one(log_group_name)),
        ("logStreamName", one(log_stream_name)),
    ])
}

fn one(value: Option<String>) -> Vec<String> {
    value.into_iter().collect()
}

/// `MEMBER=VALUE` of each value, with commas between them, cut to [`ABOUT_CHARACTERS_MAX`].
pub(crate) fn listed<'a>(members: impl IntoIterator<Item = (&'a str, Vec<String>)>) -> String {
    let pairs = members.into_iter().flat_map(|(member, values)| {
        values.into_iter().filter(|value| !value.is_empty()).map(move |value| format!("{member}={value}"))
    });
    let text = pairs.collect::<Vec<_>>().join(",");
    text.chars().take(ABOUT_CHARACTERS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_say_what_they_are_about() {
        for (body, expected) in [
            (r#"{"cluster": "c", "task": "t", "status": "STOPPED", "x": [{"task": 1}]}"#, "cluster=c,task=t"),
            (r#"{"tasks": ["a", "b"], "reason": "secret"}"#, "tasks=a,tasks=b"),
            (r#"{"attachments": [{"attachmentArn": "a"}, {"status": "s"}]}"#, "attachments=a"),
            (r#"{"logGroupName": "g", "logStreamName": "s", "logEvents": [{}]}"#, "logGroupName=g,logStreamName=s"),
            (r#"{"task": null, "cluster": ""}"#, ""),
            (r#"{"task": 1}"#, ""),
            ("", ""),
        ] {
            assert_eq!(about(body.as_bytes()), expected, "{body}");
        }
        let long = format!(r#"{{"task": "{}"}}"#, "é".repeat(10_000));
        assert_eq!(about(long.as_bytes()).chars().count(), ABOUT_CHARACTERS_MAX);
    }
}
