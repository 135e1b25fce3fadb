//! An agent that does what it is told, over a real socket: from RunTask to a task that has ended.

use std::net::SocketAddr;

use berth_api::Limits;
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_tungstenite::tungstenite::{self, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::harness::{PATIENCE, Server, definition};

/// The server behind a listener, until it is dropped or told to end.
struct Listening {
    address: SocketAddr,
    shutdown: Option<oneshot::Sender<()>>,
    task: tokio::task::JoinHandle<()>,
}

impl Listening {
    async fn start(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (shutdown, asked) = oneshot::channel::<()>();
        let router = server.router.clone();
        let task = tokio::spawn(berth_api::serve(listener, None, Limits::DEFAULT, router, async { drop(asked.await) }));
        Self { address, shutdown: Some(shutdown), task }
    }

    async fn connect(&self, path: &str) -> Result<Agent, tungstenite::Error> {
        let (socket, _) = connect_async(format!("ws://{}{path}", self.address)).await?;
        Ok(Agent(socket))
    }

    /// The name and the text of the refusal to connect.
    async fn refusal(&self, path: &str) -> (u16, Value) {
        match self.connect(path).await {
            Err(tungstenite::Error::Http(response)) => {
                let body = response.body().as_deref().unwrap_or_default();
                (response.status().as_u16(), serde_json::from_slice(body).unwrap_or_default())
            }
            Err(other) => panic!("{path}: {other}"),
            Ok(_) => panic!("{path} was accepted"),
        }
    }

    async fn end(mut self) {
        drop(self.shutdown.take());
        tokio::time::timeout(PATIENCE, self.task).await.expect("an end in time").unwrap();
    }
}

struct Agent(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Agent {
    /// The next message of this type; others are passed over.
    async fn expect(&mut self, kind: &str) -> Value {
        let reading = async {
            loop {
                let frame = self.0.next().await.expect("the socket is open").unwrap();
                let Message::Text(text) = frame else { continue };
                let message: Value = serde_json::from_str(&text).unwrap();
                if message["type"] == kind {
                    return message["message"].clone();
                }
            }
        };
        tokio::time::timeout(PATIENCE, reading).await.unwrap_or_else(|_| panic!("no {kind} in time"))
    }

    async fn send(&mut self, kind: &str, message: Value) {
        let text = json!({"type": kind, "message": message}).to_string();
        self.0.send(Message::text(text)).await.unwrap();
    }

    async fn acknowledge(&mut self, message: &Value) {
        let ack = json!({
            "cluster": message["clusterArn"], "containerInstance": message["containerInstanceArn"],
            "messageId": message["messageId"],
        });
        self.send("AckRequest", ack).await;
    }

    /// The code with which the server closes the socket.
    async fn closed(&mut self) -> u16 {
        let reading = async {
            loop {
                let frame = self.0.next().await.expect("a close frame").unwrap();
                if let Message::Close(Some(frame)) = frame {
                    return u16::from(frame.code);
                }
            }
        };
        tokio::time::timeout(PATIENCE, reading).await.expect("a close in time")
    }
}

fn acs(host: &str) -> String {
    let host = host.replace(':', "%3A").replace('/', "%2F");
    format!(
        "/acs/ws?agentHash=abc&agentVersion=1.2.3&clusterArn=berth-fargate&containerInstanceArn={host}\
         &dockerVersion=DockerVersion%3A%2020.10.24&protocolVersion=2&sendCredentials=true&seqNum=1"
    )
}

/// A server with one task, and its only host registered.
async fn with_host() -> (Server, Value, String) {
    let mut server = Server::start().await;
    server.ok("RegisterTaskDefinition", definition("web")).await;
    let task = server.ok("RunTask", json!({"taskDefinition": "web"})).await["tasks"][0]["taskArn"].clone();
    let host = server.launched().await;
    let attributes = json!([
        {"name": "berth.host-id", "value": host.to_string()},
        {"name": "ecs.cpu-architecture", "value": "x86_64"},
    ]);
    let arn = server.register("berth-fargate", attributes).await;
    (server, task, arn)
}

#[tokio::test]
async fn a_task_goes_to_its_host_and_comes_to_its_end() {
    let (server, task, host) = with_host().await;
    let listening = Listening::start(&server).await;
    let mut agent = listening.connect(&acs(&host)).await.unwrap();
    let manifest = agent.expect("TaskManifestMessage").await;
    agent.acknowledge(&manifest).await;
    let payload = agent.expect("PayloadMessage").await;
    assert_eq!(payload["tasks"][0]["arn"], task);
    assert_eq!(payload["tasks"][0]["containers"][0]["command"], json!(["true"]));
    let pending = server.task_in(&task, "PENDING").await;
    assert_eq!((&pending["connectivity"], &pending["containerInstanceArn"]), (&json!("CONNECTED"), &Value::Null));
    let architecture = json!({"name": "ecs.cpu-architecture", "value": "x86_64"});
    assert_eq!(pending["attributes"], json!([architecture]));
    agent.acknowledge(&payload).await;

    let report = |status: &str, container: Value| {
        json!({
            "cluster": "berth-fargate", "task": task, "status": status, "containers": [container],
            "pullStartedAt": 1_700_000_000.25, "pullStoppedAt": 1_700_000_001,
        })
    };
    let running = json!({"containerName": "app", "status": "RUNNING", "runtimeId": "r1"});
    server.ok("SubmitTaskStateChange", report("RUNNING", running)).await;
    let running = server.task(&task).await;
    assert_eq!((&running["lastStatus"], &running["pullStartedAt"]), (&json!("RUNNING"), &json!(1_700_000_000.25)));
    assert_eq!(running["containers"][0]["runtimeId"], "r1");

    let exited = json!({"containerName": "app", "status": "STOPPED", "exitCode": 3, "reason": "x".repeat(3000)});
    server.ok("SubmitTaskStateChange", report("STOPPED", exited)).await;
    let stopped = server.task(&task).await;
    assert_eq!(stopped["lastStatus"], "STOPPED");
    assert_eq!(stopped["stopCode"], "EssentialContainerExited");
    assert_eq!(stopped["stoppedReason"], "Essential container in task exited");
    assert_eq!(stopped["containers"][0]["exitCode"], 3);
    assert_eq!(stopped["containers"][0]["reason"].as_str().unwrap().len(), 1024);

    let request = json!({"cluster": "berth-fargate", "containerInstances": [host]});
    let shown = server.ok("DescribeContainerInstances", request).await["containerInstances"][0].clone();
    assert_eq!(shown["agentConnected"], true);
    assert_eq!(
        shown["versionInfo"],
        json!({"agentVersion": "1.2.3", "agentHash": "abc", "dockerVersion": "DockerVersion: 20.10.24"})
    );
    drop(agent);
    listening.end().await;
}

#[tokio::test]
async fn a_host_of_ones_own_takes_tasks_of_its_launch_type() {
    let server = Server::start().await;
    server.ok("RegisterTaskDefinition", definition("web")).await;
    let host = server.register("default", json!([])).await;
    let listening = Listening::start(&server).await;
    let path = acs(&host).replace("clusterArn=berth-fargate", "clusterArn=default");
    let mut agent = listening.connect(&path).await.unwrap();
    let manifest = agent.expect("TaskManifestMessage").await;
    agent.acknowledge(&manifest).await;
    // Each takes 256 CPU units of 2048.
    let request = json!({"taskDefinition": "web", "launchType": "EC2", "count": 10});
    let reply = server.ok("RunTask", request).await;
    assert_eq!(reply["tasks"].as_array().unwrap().len(), 8);
    assert_eq!(reply["failures"].as_array().unwrap().len(), 2);
    let failure = &reply["failures"][0];
    assert_eq!((&failure["reason"], &failure["arn"]), (&json!("RESOURCE:CPU"), &json!(host)));
    let task = &reply["tasks"][0];
    for (member, expected) in [
        ("lastStatus", json!("PENDING")),
        ("launchType", json!("EC2")),
        ("containerInstanceArn", json!(host)),
        ("capacityProviderName", Value::Null),
        ("platformVersion", Value::Null),
    ] {
        assert_eq!(task[member], expected, "{member}");
    }
    let on_host = server.ok("ListTasks", json!({"containerInstance": host})).await;
    assert_eq!(on_host["taskArns"].as_array().unwrap().len(), 8);
    let request = json!({"containerInstances": [host]});
    let shown = server.ok("DescribeContainerInstances", request).await["containerInstances"][0].clone();
    assert_eq!((&shown["pendingTasksCount"], &shown["runningTasksCount"]), (&json!(8), &json!(0)));

    server.ok("StopTask", json!({"task": task["taskArn"]})).await;
    let stopping = server.task(&task["taskArn"]).await;
    assert_eq!((&stopping["desiredStatus"], &stopping["stopCode"]), (&json!("STOPPED"), &json!("UserInitiated")));
    assert_eq!(stopping["containerInstanceArn"], json!(host));
}

#[tokio::test]
async fn the_newest_session_of_a_host_is_the_one() {
    let (server, _, host) = with_host().await;
    let listening = Listening::start(&server).await;
    let mut first = listening.connect(&acs(&host)).await.unwrap();
    let manifest = first.expect("TaskManifestMessage").await;
    first.acknowledge(&manifest).await;
    let mut second = listening.connect(&acs(&host)).await.unwrap();
    second.expect("TaskManifestMessage").await;
    assert_eq!(first.closed().await, 1008, "so that the older one pauses before it comes back");
}

#[tokio::test]
async fn agents_that_may_not_connect_are_told_why() {
    let (server, _, host) = with_host().await;
    let listening = Listening::start(&server).await;
    let nobody = server.arn(&format!("container-instance/berth-fargate/{}", "a".repeat(32)));
    let elsewhere = host.replace("berth-fargate", "default");
    for (path, name) in [
        (acs(&nobody), "InvalidInstanceException"),
        (acs(&elsewhere), "InvalidInstanceException"),
        (acs("x"), "InvalidInstanceException"),
        (acs(&host).replace("clusterArn=berth-fargate", "clusterArn=default"), "InvalidClusterException"),
        ("/acs/ws?x=1".to_owned(), "BadRequestException"),
        ("/tcs/ws".to_owned(), "BadRequestException"),
        (format!("/tcs/ws?containerInstance={nobody}&cluster=x"), "InvalidInstanceException"),
    ] {
        let (status, body) = listening.refusal(&path).await;
        assert_eq!(status, 400, "{path}");
        assert!(body[name].is_string(), "{path}: {body}");
    }
}

#[tokio::test]
async fn measurements_are_acknowledged() {
    let (server, _, host) = with_host().await;
    let listening = Listening::start(&server).await;
    let path = format!("/tcs/ws?agentVersion=1&cluster=berth-fargate&containerInstance={host}");
    let mut agent = listening.connect(&path).await.unwrap();
    assert_eq!(agent.expect("HeartbeatMessage").await["healthy"], true);
    let metrics = json!({"type": "PublishMetricsRequest", "message": {"metadata": {"idle": true}}});
    let frame = format!("Authorization: x\r\nHost: y\r\nX-Amz-Date: z\r\n\r\n{metrics}");
    agent.0.send(Message::text(frame)).await.unwrap();
    assert_eq!(agent.expect("AckPublishMetric").await["message"], "OK");
}

/// As a stock agent sends it: with the headers of a signed request before the JSON.
async fn publish(agent: &mut Agent, kind: &str, message: Value) {
    let json = json!({"type": kind, "message": message});
    let frame = format!("Authorization: AWS4-HMAC-SHA256 x\r\nHost: y\r\nX-Amz-Date: z\r\n\r\n{json}");
    agent.0.send(Message::text(frame)).await.unwrap();
}

#[tokio::test]
async fn what_a_stock_agent_tells_of_its_host_is_shown() {
    let (server, _, host) = with_host().await;
    let mut checked = definition("checked");
    checked["containerDefinitions"][0]["healthCheck"] = json!({"command": ["CMD", "true"]});
    server.ok("RegisterTaskDefinition", checked).await;
    let listening = Listening::start(&server).await;
    let mut orders = listening.connect(&acs(&host)).await.unwrap();
    let manifest = orders.expect("TaskManifestMessage").await;
    orders.acknowledge(&manifest).await;
    let task = server.ok("RunTask", json!({"taskDefinition": "checked"})).await["tasks"][0]["taskArn"].clone();
    let report =
        json!({"task": task, "status": "RUNNING", "containers": [{"containerName": "app", "status": "RUNNING"}]});
    server.task_in(&task, "PENDING").await;
    server.ok("SubmitTaskStateChange", report).await;

    let path = format!("/tcs/ws?agentVersion=1&cluster=berth-fargate&containerInstance={host}");
    let mut agent = listening.connect(&path).await.unwrap();
    let metadata = json!({"cluster": "berth-fargate", "containerInstance": host, "messageId": "m1", "fin": true});
    let containers = json!([{"containerName": "app", "healthStatus": "UNHEALTHY", "statusSince": 1_700_000_000.5}]);
    let of_task = json!({"taskArn": task, "taskDefinitionFamily": "checked", "taskDefinitionVersion": "1"});
    let mut health = of_task.clone();
    health["containers"] = containers;
    let message = json!({"metadata": metadata, "tasks": [health], "timestamp": 1_700_000_001});
    publish(&mut agent, "PublishHealthRequest", message).await;
    agent.expect("AckPublishHealth").await;
    let shown = server.task(&task).await;
    assert_eq!((&shown["healthStatus"], &shown["lastStatus"]), (&json!("UNHEALTHY"), &json!("RUNNING")));
    assert_eq!(shown["containers"][0]["healthStatus"], "UNHEALTHY");

    let stats = |value: f64| json!({"max": value, "min": value, "sampleCount": 2, "sum": 2.0 * value});
    let mut metrics = of_task;
    metrics["containerMetrics"] =
        json!([{"containerName": "app", "cpuStatsSet": stats(12.5), "memoryStatsSet": stats(40.0)}]);
    let message = json!({"metadata": metadata, "taskMetrics": [metrics], "timestamp": 1_700_000_001});
    publish(&mut agent, "PublishMetricsRequest", message).await;
    agent.expect("AckPublishMetric").await;
    let used = json!([
        {"name": "ecs.cpu-architecture", "value": "x86_64"},
        {"name": "berth.cpu-used", "value": "256"}, {"name": "berth.memory-used", "value": "40"},
    ]);
    assert_eq!(server.task(&task).await["attributes"], used, "an eighth of 2048 units");

    let status = json!({"type": "ContainerRuntime", "status": "IMPAIRED", "lastUpdated": 1, "lastStatusChange": 1});
    publish(&mut agent, "PublishInstanceStatusRequest", json!({"metadata": metadata, "statuses": [status]})).await;
    agent.expect("AckPublishInstanceStatus").await;
    let request = json!({
        "cluster": "berth-fargate", "containerInstances": [host], "include": ["CONTAINER_INSTANCE_HEALTH"],
    });
    let shown = server.ok("DescribeContainerInstances", request).await["containerInstances"][0].clone();
    let health = &shown["healthStatus"];
    assert_eq!(
        (&health["overallStatus"], &health["details"][0]["type"]),
        (&json!("IMPAIRED"), &json!("CONTAINER_RUNTIME"))
    );
    assert!(health["details"][0]["lastUpdated"].as_f64().unwrap() > 1_700_000_000.0, "by our clock: {health}");
    assert!(shown["attributes"].as_array().unwrap().iter().any(|one| one["name"] == "berth.impaired"));

    // What is no more told is no more shown; the health of containers stays as it was last.
    drop(agent);
    let shown = server.task_without(&task, "berth.cpu-used").await;
    assert_eq!(shown["healthStatus"], "UNHEALTHY");
}

#[tokio::test]
async fn sessions_end_with_the_engine() {
    let (mut server, _, host) = with_host().await;
    let listening = Listening::start(&server).await;
    let mut agent = listening.connect(&acs(&host)).await.unwrap();
    let manifest = agent.expect("TaskManifestMessage").await;
    agent.acknowledge(&manifest).await;
    server.stop_engine().await;
    agent.closed().await;
    listening.end().await;
}
