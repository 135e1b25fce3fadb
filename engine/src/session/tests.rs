use std::sync::Arc;

use berth_model::ecs;
use berth_model::id::DefinitionId;
use berth_model::task_definition::DefinitionStatus;
use serde_json::{Value, json};

use super::*;
use crate::sample;

const T0: Timestamp = Timestamp(1_800_000_000_000);

/// A session and what came out of it.
struct Fixture {
    session: Session,
    frames: Vec<Value>,
    look_ups: Vec<(TaskId, i64)>,
    reports: Vec<Event>,
    close: Option<(u16, &'static str)>,
}

impl Fixture {
    fn new() -> Self {
        let identity = Identity {
            scope: ArnScope::default(),
            cluster: "berth-fargate".parse().unwrap(),
            host: HostId(7),
            session: SessionId(3),
        };
        Self {
            session: Session::new(identity, HEARTBEAT_EVERY, T0),
            frames: Vec::new(),
            look_ups: Vec::new(),
            reports: Vec::new(),
            close: None,
        }
    }

    /// A session whose manifest is acknowledged.
    fn ready() -> Self {
        let mut it = Self::new();
        it.order(manifest(&[]), T0);
        let ack = it.take_frame()["message"]["messageId"].clone();
        it.frame(&json!({ "type": "AckRequest", "message": ack_of(&ack) }), T0);
        it
    }

    fn order(&mut self, order: Order, now: Timestamp) {
        assert!(self.session.takes_orders(), "the driver waits");
        self.session.on_order(order, now);
        self.collect();
    }

    fn frame(&mut self, frame: &Value, now: Timestamp) {
        self.session.on_frame(&frame.to_string(), now);
        self.collect();
    }

    fn time(&mut self, now: Timestamp) {
        self.session.on_time(now);
        self.collect();
    }

    fn collect(&mut self) {
        while let Some(output) = self.session.poll() {
            assert_eq!(self.close, None, "nothing follows a close");
            match output {
                Output::Send(text) => self.frames.push(serde_json::from_str(text.expose()).unwrap()),
                Output::LookUp(look_up) => self.look_ups.push((look_up.task, look_up.sequence)),
                Output::Report(event) => self.reports.push(event),
                Output::Close(code, reason) => self.close = Some((code, reason)),
            }
        }
    }

    fn take_frame(&mut self) -> Value {
        assert_eq!(self.frames.len(), 1, "{:?}", self.frames);
        self.frames.remove(0)
    }
}

fn ack_of(message_id: &Value) -> Value {
    json!({ "cluster": "c", "containerInstance": "i", "messageId": message_id })
}

fn manifest(tasks: &[u128]) -> Order {
    let cluster: ClusterName = "demo".parse().unwrap();
    Order::Manifest { timeline: 5, tasks: tasks.iter().map(|id| (cluster.clone(), TaskId(*id))).collect() }
}

fn task() -> (Arc<Task>, Arc<TaskDefinition>) {
    let id = DefinitionId { family: "web".parse().unwrap(), revision: 3 };
    let document = ecs::TaskDefinition::default();
    (
        Arc::new(sample::task(9, "demo", "web")),
        Arc::new(TaskDefinition { id, status: DefinitionStatus::Active, document, tags: vec![] }),
    )
}

fn run() -> Order {
    let (task, definition) = task();
    Order::Run { sequence: 6, task, definition }
}

#[test]
fn the_manifest_comes_first_and_orders_wait_for_its_ack() {
    let mut it = Fixture::new();
    it.order(manifest(&[1, 2]), T0);
    let frame = it.take_frame();
    let arn = "arn:aws:ecs:us-east-1:123456789012:task/demo/00000000000000000000000000000001";
    assert_eq!(frame["type"], "TaskManifestMessage");
    let message = &frame["message"];
    assert_eq!(message["clusterArn"], "arn:aws:ecs:us-east-1:123456789012:cluster/berth-fargate");
    let host = "arn:aws:ecs:us-east-1:123456789012:container-instance/berth-fargate/00000000000000000000000000000007";
    assert_eq!((&message["containerInstanceArn"], &message["timeline"]), (&host.into(), &5.into()));
    let cluster = "arn:aws:ecs:us-east-1:123456789012:cluster/demo";
    let first = json!({ "taskArn": arn, "taskClusterArn": cluster, "desiredStatus": "RUNNING" });
    assert_eq!(message["tasks"][0], first);
    assert!(!it.session.takes_orders());
    it.frame(&json!({ "type": "AckRequest", "message": ack_of(&"another".into()) }), T0);
    assert!(!it.session.takes_orders());
    it.frame(&json!({ "type": "AckRequest", "message": ack_of(&message["messageId"]) }), T0);
    assert!(it.session.takes_orders());
    assert!(it.reports.is_empty());
}

#[test]
fn an_agent_without_manifests_holds_its_tasks_up_only_for_a_while() {
    let mut it = Fixture::new();
    it.order(manifest(&[]), T0);
    assert_eq!(it.session.next_deadline(), T0 + MANIFEST_ACK_WITHIN);
    it.time(T0 + MANIFEST_ACK_WITHIN);
    assert!(it.session.takes_orders());
    it.frames.clear();
    it.order(run(), T0 + MANIFEST_ACK_WITHIN);
    assert_eq!(it.take_frame()["type"], "PayloadMessage");
}

#[test]
fn the_ack_of_a_run_names_its_task_and_that_of_a_stop_nothing() {
    let mut it = Fixture::ready();
    it.order(run(), T0);
    let frame = it.take_frame();
    assert_eq!((&frame["message"]["seqNum"], &frame["message"]["generatedAt"]), (&6.into(), &T0.0.into()));
    assert_eq!(frame["message"]["tasks"][0]["desiredStatus"], "RUNNING");
    let ack = json!({ "type": "AckRequest", "message": ack_of(&frame["message"]["messageId"]) });
    it.frame(&ack, T0);
    let [Event::TaskAcknowledged { host: HostId(7), task: TaskId(9) }] = it.reports[..] else {
        panic!("{:?}", it.reports)
    };
    it.reports.clear();
    let (task, definition) = task();
    it.order(Order::Stop { sequence: 7, task, definition }, T0);
    let frame = it.take_frame();
    assert_eq!(frame["message"]["tasks"][0]["desiredStatus"], "STOPPED");
    let ack = json!({ "type": "AckRequest", "message": ack_of(&frame["message"]["messageId"]) });
    it.frame(&ack, T0);
    assert!(it.reports.is_empty());
}

#[test]
fn stop_candidates_go_to_the_engine_and_come_back_in_the_agents_words() {
    let mut it = Fixture::ready();
    let arn = |id: u8| format!("arn:aws:ecs:us-east-1:123456789012:task/demo/{id:032x}");
    let candidates = json!([
        { "taskArn": arn(1), "taskClusterArn": "c1", "desiredStatus": "STOPPED" },
        { "taskArn": arn(2), "taskClusterArn": "c2" },
        { "taskArn": "arn:aws:ecs:elsewhere:1:task/x/y" },
    ]);
    let message = json!({ "messageId": "manifest-3-1", "stopCandidates": candidates });
    it.frame(&json!({ "type": "TaskStopVerificationMessage", "message": message }), T0);
    let Event::StopCandidates { host, session, message_id, tasks } = it.reports.remove(0) else {
        panic!("not the event")
    };
    assert_eq!((host, session, message_id.as_str()), (HostId(7), SessionId(3), "manifest-3-1"));
    assert_eq!(tasks, [TaskId(1), TaskId(2)]);
    it.order(Order::VerifyStop { message_id, tasks: vec![TaskId(2), TaskId(99)] }, T0);
    let frame = it.take_frame();
    assert_eq!(
        (&frame["type"], &frame["message"]["messageId"]),
        (&"TaskStopVerificationAck".into(), &"manifest-3-1".into())
    );
    let stop = json!([{ "taskArn": arn(2), "taskClusterArn": "c2", "desiredStatus": "STOPPED" }]);
    assert_eq!(frame["message"]["stopTasks"], stop);
}

#[test]
fn heartbeats_go_out_and_silence_ends_the_session() {
    let mut it = Fixture::ready();
    let mut now = T0;
    for _ in 0..10 {
        now = it.session.next_deadline();
        it.time(now);
        let frame = it.take_frame();
        assert_eq!((&frame["type"], &frame["message"]["healthy"]), (&"HeartbeatMessage".into(), &true.into()));
        let ack = json!({ "messageId": frame["message"]["messageId"] });
        it.frame(&json!({ "type": "HeartbeatAckRequest", "message": ack }), now);
    }
    assert_eq!(now, T0 + HEARTBEAT_EVERY * 10);
    while it.close.is_none() {
        it.time(it.session.next_deadline());
    }
    assert_eq!(it.close, Some((CLOSE_GOING_AWAY, "no heartbeat")));
    assert_eq!(it.frames.len(), 3, "three heartbeats found no answer");
}

#[test]
fn a_closed_session_does_nothing_more() {
    let mut it = Fixture::ready();
    it.order(Order::Close, T0);
    assert_eq!(it.close, Some((CLOSE_WITH_PAUSE, "closed by the server")));
    it.session.on_orders_ended();
    it.session.on_order(run(), T0);
    it.session.on_time(T0 + silence_max(HEARTBEAT_EVERY) * 2);
    it.session.on_frame("{}", T0);
    assert!(it.session.poll().is_none());
    assert!(!it.session.takes_orders());
}

#[test]
fn a_superseded_session_closes_with_a_pause() {
    let mut it = Fixture::ready();
    it.session.on_orders_ended();
    it.collect();
    assert_eq!(it.close, Some((CLOSE_WITH_PAUSE, "superseded")));
}

#[test]
fn a_second_manifest_makes_orders_wait_again() {
    let mut it = Fixture::ready();
    it.order(manifest(&[1]), T0);
    assert!(!it.session.takes_orders());
}

#[test]
fn what_is_no_message_of_ours_is_ignored() {
    let mut it = Fixture::ready();
    for text in ["", "x", "{}", "[]", r#"{"type":"Unknown","message":{}}"#, r#"{"type":"AckRequest"}"#, "\u{0}"] {
        it.session.on_frame(text, T0);
    }
    for id in ["run-", "run-x-1", "run-00000000000000000000000000000009", "stop-9-1", "heartbeat-3-1"] {
        it.frame(&json!({ "type": "AckRequest", "message": ack_of(&id.into()) }), T0);
    }
    it.frame(
        &json!({ "type": "NackRequest", "message": { "cluster": "c", "containerInstance": "i", "messageId": "m",
        "reason": "r" } }),
        T0,
    );
    it.collect();
    assert_eq!((it.frames.len(), it.close), (0, None));
    assert_eq!(it.reports.len(), 1, "an id that parses is a task of ours");
}

/// An order for a task with a secret, and one without.
fn with_secret(sequence: i64, stops: bool) -> Order {
    let (task, _) = task();
    let mut definition = sample::definition("web", 3);
    let container = json!({ "name": "main", "secrets": [{ "name": "S", "valueFrom": "token" }] });
    definition.document.container_definitions = Some(vec![serde_json::from_value(container).unwrap()]);
    let definition = Arc::new(definition);
    if stops { Order::Stop { sequence, task, definition } } else { Order::Run { sequence, task, definition } }
}

impl Fixture {
    fn found(&mut self, sequence: i64, found: Result<&str, &str>) {
        let found = found.map(|value| vec![Sensitive::new(value.into())]).map_err(str::to_owned);
        self.session.on_found(TaskId(9), sequence, found);
        self.collect();
    }
}

#[test]
fn an_order_waits_for_its_secrets_and_others_do_not_wait_for_it() {
    let mut it = Fixture::ready();
    it.order(with_secret(6, false), T0);
    assert_eq!(std::mem::take(&mut it.look_ups), [(TaskId(9), 6)]);
    it.order(with_secret(7, false), T0);
    assert_eq!((it.look_ups.len(), it.frames.len()), (0, 0), "it is being looked up");
    let task = Arc::new(sample::task(8, "demo", "web"));
    let definition = Arc::new(sample::definition("web", 3));
    it.order(Order::Run { sequence: 8, task, definition }, T0);
    assert_eq!(it.take_frame()["message"]["seqNum"], 8);
    it.found(7, Ok("of another look-up"));
    assert!(it.frames.is_empty());
    it.found(6, Ok("s3cret"));
    let frame = it.take_frame();
    assert_eq!(frame["message"]["seqNum"], 6);
    assert_eq!(
        frame["message"]["tasks"][0]["containers"][0]["environment"],
        json!({ "AWS_EXECUTION_ENV": "AWS_ECS_FARGATE", "S": "s3cret" })
    );
    it.found(6, Ok("once more"));
    assert!(it.frames.is_empty());
    // Each time that it is sent again it is looked up again.
    it.order(with_secret(9, false), T0);
    assert_eq!(it.look_ups, [(TaskId(9), 9)]);
}

#[test]
fn what_is_not_found_is_reported() {
    let mut it = Fixture::ready();
    it.order(with_secret(6, false), T0);
    it.found(6, Err("it is not there"));
    let [Event::TaskUnpreparable { host, task, reason }] = &it.reports[..] else { panic!("{:?}", it.reports) };
    assert_eq!((*host, *task, reason.as_str()), (HostId(7), TaskId(9), "it is not there"));
    assert!(it.frames.is_empty());
}

#[test]
fn no_order_to_run_follows_the_order_to_stop() {
    let mut it = Fixture::ready();
    it.order(with_secret(6, false), T0);
    it.order(with_secret(7, true), T0);
    assert_eq!(it.take_frame()["message"]["tasks"][0]["desiredStatus"], "STOPPED");
    it.found(6, Ok("s3cret"));
    assert!(it.frames.is_empty());
}

#[test]
fn what_is_looked_up_is_sent_before_a_session_ends() {
    let mut it = Fixture::ready();
    it.order(with_secret(6, false), T0);
    it.session.on_orders_ended();
    it.collect();
    assert!(it.close.is_none() && !it.session.takes_orders());
    it.found(6, Ok("s3cret"));
    assert_eq!(it.take_frame()["message"]["seqNum"], 6);
    assert_eq!(it.close, Some((CLOSE_WITH_PAUSE, "superseded")));
}

#[test]
fn credentials_go_along_with_their_order_and_are_renewed() {
    let mut it = Fixture::ready();
    let credentials = |secret: &str| RoleCredentials {
        credentials_id: "id".to_owned(),
        secret_access_key: secret.to_owned().into(),
        ..RoleCredentials::default()
    };
    let order = |id: u128| {
        let (_, definition) = task();
        Order::Run { sequence: 9, task: Arc::new(sample::task(id, "demo", "web")), definition }
    };
    it.session.on_credentials(TaskId(1), credentials("first"));
    it.order(order(1), T0);
    let frame = it.take_frame();
    assert_eq!(frame["message"]["tasks"][0]["roleCredentials"]["secretAccessKey"], "first");
    it.order(order(2), T0);
    assert_eq!(it.take_frame()["message"]["tasks"][0].get("roleCredentials"), None);
    it.session.send_credentials(&"demo".parse().unwrap(), TaskId(1), credentials("second"));
    it.collect();
    let frame = it.take_frame();
    assert_eq!(frame["type"], "IAMRoleCredentialsMessage");
    let message = &frame["message"];
    assert_eq!(
        (&message["roleType"], &message["roleCredentials"]["secretAccessKey"]),
        (&json!("TaskApplication"), &json!("second"))
    );
    assert!(message["taskArn"].as_str().is_some_and(|arn| arn.contains(":task/demo/")));
}
