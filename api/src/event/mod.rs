//! State change events, in the format that Amazon EventBridge publishes for ECS.
//!
//! What happened is in the store, numbered without gaps; here it is given its form. [`stream`] sends it to whoever
//! listens, [`webhook`] delivers it to one address.

pub(crate) mod stream;
pub(crate) mod webhook;

use std::collections::BTreeSet;

use berth_engine::handle::Handle;
use berth_engine::store::{HostView, StoreError};
use berth_model::state_change::{HostImage, Sequence, StateChange, Subject, TaskImage};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

use crate::ecs::container_instance::described;
use crate::ecs::task::{Surroundings, task};
use crate::edge::Definitions;

/// An event as EventBridge hands it to a target.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Envelope<'a> {
    version: &'a str,
    id: String,
    detail_type: &'a str,
    source: &'a str,
    account: &'a str,
    time: String,
    region: &'a str,
    resources: [&'a str; 1],
    detail: Value,
}

/// Gives changes their form.
#[derive(Debug)]
pub(crate) struct Renderer {
    handle: Handle,
    definitions: Definitions,
}

impl Renderer {
    pub(crate) fn new(handle: Handle) -> Self {
        Self { handle, definitions: Definitions::default() }
    }

    /// One event as JSON.
    ///
    /// # Errors
    /// If the store fails.
    pub(crate) async fn render(&self, sequence: Sequence, change: &StateChange) -> Result<String, StoreError> {
        let (detail, arn) = match &change.subject {
            Subject::Task(image) => self.task(image).await?,
            Subject::Host(image) => self.host(image),
        };
        let scope = self.handle.scope();
        let envelope = Envelope {
            version: "0",
            id: id(self.handle.installation().0, sequence).to_string(),
            detail_type: change.kind().as_str(),
            source: "aws.ecs",
            account: &scope.account,
            time: time(change.at.0, SecondsFormat::Secs),
            region: &scope.region,
            resources: [&arn],
            detail: detail_of(detail, &[("updatedAt", time(change.at.0, SecondsFormat::Millis))]),
        };
        Ok(serde_json::to_string(&envelope).expect("an envelope is plain data with text keys"))
    }

    async fn task(&self, image: &TaskImage) -> Result<(Value, String), StoreError> {
        let definition = self.definitions.get(self.handle.store().as_ref(), &image.task.definition).await?;
        let surroundings = Surroundings {
            definition: definition.as_deref(),
            architecture: image.host.and_then(|host| host.architecture),
            connectivity: image.host.map(|host| berth_engine::store::Connectivity {
                is_connected: host.is_connected,
                changed_at: host.connectivity_changed_at,
            }),
            ..Surroundings::default()
        };
        let mut shown = task(self.handle.scope(), &image.task, &surroundings);
        // As at ECS, an event has no place for tags.
        shown.tags = None;
        Ok((json(&shown), shown.task_arn.unwrap_or_default()))
    }

    fn host(&self, image: &HostImage) -> (Value, String) {
        let HostImage { host, running_tasks, pending_tasks, used, ports } = image.clone();
        let cluster = self.handle.scope().cluster(&host.cluster);
        let view = HostView { host, running_tasks, pending_tasks, used, ports, groups: BTreeSet::new() };
        let shown = described(self.handle.scope(), &view, false);
        let mut detail = json(&shown);
        if let Value::Object(members) = &mut detail {
            // An event has no other place for it, and shows no tags.
            members.insert("clusterArn".to_owned(), cluster.into());
            members.remove("tags");
        }
        (detail, shown.container_instance_arn.unwrap_or_default())
    }
}

fn json(shape: &impl Serialize) -> Value {
    serde_json::to_value(shape).expect("shapes are plain data with text keys")
}

/// The same for the same change, however often it is sent, and another for every other change of any installation.
fn id(installation: u128, sequence: Sequence) -> Uuid {
    // The lowest 56 bits are free: version and variant stand above them.
    let mixed = installation ^ u128::from(sequence.0 & ((1 << 56) - 1));
    uuid::Builder::from_random_bytes(mixed.to_be_bytes()).into_uuid()
}

fn time(millis: i64, precision: SecondsFormat) -> String {
    DateTime::<Utc>::from_timestamp_millis(millis).unwrap_or_default().to_rfc3339_opts(precision, true)
}

/// What Describe shows, as an event shows it: moments as text. All that have one are members named so, of the outermost
/// object.
fn detail_of(mut shown: Value, extra: &[(&str, String)]) -> Value {
    if let Value::Object(members) = &mut shown {
        for (name, value) in members.iter_mut() {
            if name.ends_with("At")
                && let Some(seconds) = value.as_f64()
            {
                #[expect(clippy::cast_possible_truncation, reason = "a moment in milliseconds, rounded")]
                let millis = (seconds * 1000.0).round() as i64;
                *value = time(millis, SecondsFormat::Millis).into();
            }
        }
        members.extend(extra.iter().map(|(name, value)| ((*name).to_owned(), value.as_str().into())));
    }
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_keeps_its_id_and_shares_it_with_no_other() {
        let installation = 0x1234_5678_9abc_def0_1234_5678_9abc_def0;
        assert_eq!(id(installation, Sequence(7)), id(installation, Sequence(7)));
        let ids: std::collections::BTreeSet<_> = (0..1000).map(|n| id(installation, Sequence(n))).collect();
        assert_eq!(ids.len(), 1000);
        assert!(!ids.contains(&id(installation + (1 << 100), Sequence(7))));
        assert!(ids.iter().all(|id| id.get_version_num() == 4));
    }

    #[test]
    fn moments_are_text() {
        let shown = json!({"createdAt": 1_700_000_000.125, "version": 3, "startedAt": 1_700_000_001});
        let expected = json!({
            "createdAt": "2023-11-14T22:13:20.125Z",
            "version": 3,
            "startedAt": "2023-11-14T22:13:21.000Z",
            "updatedAt": "now",
        });
        assert_eq!(detail_of(shown, &[("updatedAt", "now".to_owned())]), expected);
    }
}
