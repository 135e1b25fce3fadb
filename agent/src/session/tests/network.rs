//! Tasks whose containers share namespaces, and tasks with credentials.

use berth_model::acs::{RoleCredentials, RoleCredentialsMessage, TASK_APPLICATION};
use berth_model::sensitive::Sensitive;

use super::*;
use crate::holder;

const ARN: &str = "t";

impl Link {
    /// Something happens to the holder.
    fn observe_holder(&mut self, observation: Observation) -> Vec<Output> {
        self.take(Input::Observed { arn: ARN.to_owned(), container: holder::NAME.to_owned(), observation })
    }

    /// What is asked of a container, and of which.
    fn asked(outputs: &[Output]) -> Vec<(&str, &'static str)> {
        let asked = outputs.iter().filter_map(|output| match output {
            Output::Act { container, action, .. } => Some((
                container.as_str(),
                match action {
                    Action::Create { .. } => "create",
                    Action::Cancel => "cancel",
                    Action::Start { .. } => "start",
                    Action::Watch { .. } => "watch",
                    Action::Probe { .. } => "probe",
                    Action::Follow { .. } => "follow",
                    Action::Stop { .. } => "stop",
                    Action::Remove { .. } => "remove",
                },
            )),
            _ => None,
        });
        asked.collect()
    }
}

/// The order to run a task of the container `a`, with these changes.
fn order(change: impl FnOnce(&mut PayloadTask)) -> ToAgent {
    let ToAgent::PayloadMessage(mut payload) = order_to_run(ARN) else { panic!("an order is a payload") };
    change(&mut payload.tasks[0]);
    ToAgent::PayloadMessage(payload)
}

/// A task with a network of its own that runs.
fn running() -> Link {
    let mut link = Link::open();
    let outputs = link.hear(1, order(|task| task.network_mode = "awsvpc".to_owned()));
    assert_eq!(Link::asked(&outputs), [(holder::NAME, "create")]);
    link.save(ARN);
    let outputs = link.observe_holder(Observation::Created { runtime_id: "h".to_owned(), image_digest: None });
    assert_eq!(Link::asked(&outputs), [("a", "create")]);
    let outputs = link.save(ARN);
    assert_eq!(Link::asked(&outputs), [(holder::NAME, "start")]);
    link.observe("t", Observation::Created { runtime_id: "id".to_owned(), image_digest: None });
    let outputs = link.save(ARN);
    assert_eq!(Link::asked(&outputs), [], "it waits for its network");
    let outputs = link.observe_holder(Observation::Started { bindings: vec![Binding::all("10.0.0.7")] });
    assert_eq!(Link::asked(&outputs), [(holder::NAME, "watch"), ("a", "start")]);
    let outputs = link.observe("t", Observation::Started { bindings: Vec::new() });
    let reported = outputs.iter().find_map(|output| match output {
        Output::Submit(report) => Some(report.as_ref()),
        _ => None,
    });
    let reported = reported.expect("a report");
    assert_eq!(reported.status, TaskStatus::Running);
    let told: Vec<_> = reported.containers.iter().map(|one| (one.name.as_str(), one.bindings.clone())).collect();
    assert_eq!(told, [(holder::NAME, vec![Binding::all("10.0.0.7")]), ("a", Vec::new())]);
    link.take(Input::Submitted { arn: ARN.to_owned(), outcome: Outcome::Accepted });
    link
}

#[test]
fn a_holder_is_there_before_the_others_and_goes_after_them() {
    let mut link = running();
    link.observe("t", Observation::Ended { exit_code: Some(3), reason: None, at: None, began: None });
    link.save(ARN);
    let outputs = link.observe("t", Observation::OutputShipped);
    assert!(outputs.iter().any(is_report(TaskStatus::Stopped)), "the end does not wait for the holder: {outputs:?}");
    assert_eq!(Link::asked(&outputs), [("a", "remove")]);
    let outputs = link.observe("t", Observation::Removed);
    assert_eq!(Link::asked(&outputs), [(holder::NAME, "remove")]);
    // Its end comes before the answer to its removal, or after.
    let outputs = link.observe_holder(Observation::Ended { exit_code: Some(137), reason: None, at: None, began: None });
    assert_eq!(Link::asked(&outputs), []);
    link.observe_holder(Observation::Removed);
    let record = link.session.record(ARN).unwrap();
    assert!(record.containers.iter().all(|container| container.is_removed));
    assert_eq!(record.reason, None);
}

#[test]
fn a_holder_that_ends_stops_the_task_and_says_why() {
    let mut link = running();
    let outputs = link.observe_holder(Observation::Ended { exit_code: Some(137), reason: None, at: None, began: None });
    assert_eq!(Link::asked(&outputs), [("a", "stop")]);
    let reason = link.session.record(ARN).unwrap().reason.clone().unwrap();
    assert!(reason.starts_with("ResourceInitializationError: the namespaces"), "{reason}");
}

#[test]
fn a_new_process_removes_a_holder_that_is_left() {
    let mut link = running();
    link.observe("t", Observation::Ended { exit_code: Some(0), reason: None, at: None, began: None });
    link.observe("t", Observation::OutputShipped);
    link.save(ARN);
    link.observe("t", Observation::Removed);
    let record = link.session.record(ARN).unwrap().clone();
    let mut link = Link { session: Session::new(settings(), 1, -1, vec![record]), now: Timestamp(0) };
    let holder = Found {
        runtime_id: "h".to_owned(),
        arn: ARN.to_owned(),
        container: holder::NAME.to_owned(),
        state: FoundState::Running { bindings: vec![Binding::all("10.0.0.7")] },
    };
    let outputs = link.take(Input::Inventory(vec![holder]));
    assert_eq!(Link::asked(&outputs), [(holder::NAME, "remove")]);
}

#[test]
fn a_new_process_takes_over_a_holder_that_runs_before_its_record_knows_of_it() {
    let mut link = Link::open();
    link.hear(1, order(|task| task.network_mode = "awsvpc".to_owned()));
    link.save(ARN);
    let record = link.session.record(ARN).unwrap().clone();
    let mut link = Link { session: Session::new(settings(), 1, -1, vec![record]), now: Timestamp(0) };
    let holder = Found {
        runtime_id: "h".to_owned(),
        arn: ARN.to_owned(),
        container: holder::NAME.to_owned(),
        state: FoundState::Running { bindings: vec![Binding::all("10.0.0.7")] },
    };
    let outputs = link.take(Input::Inventory(vec![holder]));
    assert_eq!(Link::asked(&outputs), [(holder::NAME, "watch"), ("a", "create")]);
}

fn credentials(secret: &str) -> RoleCredentials {
    RoleCredentials {
        credentials_id: "id-1".to_owned(),
        role_arn: "role".to_owned(),
        access_key_id: "AKIA".to_owned(),
        secret_access_key: Sensitive::new(secret.to_owned()),
        session_token: Sensitive::new(secret.to_owned()),
        expiration: "2030-01-01T00:00:00Z".to_owned(),
    }
}

/// What is kept of credentials, if something is, and whether that was acknowledged.
fn kept(outputs: &[Output]) -> (Option<&str>, bool) {
    let secret = outputs.iter().find_map(|output| match output {
        Output::Credentials { credentials, .. } => Some(credentials.secret_access_key.expose().as_str()),
        _ => None,
    });
    let is_ack = |output: &Output| {
        matches!(output, Output::Send { frame: ToServer::IAMRoleCredentialsAckRequest(ack), .. }
            if ack.credentials_id == "id-1" && ack.expiration == "2030-01-01T00:00:00Z")
    };
    (secret, outputs.iter().any(is_ack))
}

#[test]
fn credentials_are_kept_and_never_stored_or_shown() {
    let mut link = Link::open();
    let outputs = link.hear(1, order(|task| task.role_credentials = Some(credentials("hush"))));
    assert_eq!(kept(&outputs), (Some("hush"), true));
    let record = link.session.record(ARN).unwrap();
    assert!(!serde_json::to_string(record).unwrap().contains("hush"));
    let order = record.task.as_ref().unwrap();
    assert_eq!(order.role_credentials.as_ref().unwrap().credentials_id, "id-1", "a container's environment needs it");
    assert!(!format!("{outputs:?}").contains("hush"));
    let message = |role_type: &str| {
        ToAgent::IAMRoleCredentialsMessage(RoleCredentialsMessage {
            message_id: "m".to_owned(),
            task_arn: ARN.to_owned(),
            role_type: role_type.to_owned(),
            role_credentials: credentials("new"),
        })
    };
    assert_eq!(kept(&link.hear(1, message(TASK_APPLICATION))), (Some("new"), true));
    assert_eq!(kept(&link.hear(1, message("TaskExecution"))), (None, false));
}
