//! The messages of the ACS websocket, by which a host's agent gets its orders.
//!
//! Text frames, one JSON object each: `{"type": NAME, "message": {…}}`. The rules of the exchange are those observed
//! with the stock ECS agent; what is modelled here is what Berth sends and what any agent answers. Unknown members and
//! unknown message types are ignored on both sides, as the stock agent does.

mod storage;

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

pub use storage::{AssociationContent, DOCKER_VOLUME, GPU_ASSOCIATION, HOST_VOLUME, PayloadAssociation, PayloadVolume};

use crate::ecs;
use crate::sensitive::Sensitive;

/// What a server sends to an agent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "message")]
pub enum ToAgent {
    /// Shows that the server is there; at least every 60 s.
    HeartbeatMessage(Heartbeat),
    /// Tasks to run or to stop.
    PayloadMessage(Payload),
    /// All tasks the host should be running.
    TaskManifestMessage(TaskManifest),
    /// The answer to a [`TaskStopVerification`]: these really are to stop.
    TaskStopVerificationAck(TaskStopVerificationAck),
    /// A command to run in a container of a running task. Berth's own: a stock agent passes it over.
    BerthExecMessage(ExecOrder),
    /// New credentials for a task that has some.
    IAMRoleCredentialsMessage(RoleCredentialsMessage),
}

/// What an agent sends to the server.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", content = "message")]
pub enum ToServer {
    /// Answers a [`Heartbeat`].
    HeartbeatAckRequest(HeartbeatAck),
    /// Answers a [`Payload`] or a [`TaskManifest`]: its content is in the agent's records.
    AckRequest(Ack),
    /// The payload could not be taken.
    NackRequest(Nack),
    /// The manifest does not name these tasks, which run here: are they to stop?
    TaskStopVerificationMessage(TaskStopVerification),
    /// Credentials of a payload or of a [`RoleCredentialsMessage`] are there.
    IAMRoleCredentialsAckRequest(RoleCredentialsAck),
}

/// See [`ToAgent::HeartbeatMessage`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Heartbeat {
    /// Comes back in the answer.
    pub message_id: String,
    /// Always true.
    pub healthy: bool,
}

/// See [`ToServer::HeartbeatAckRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HeartbeatAck {
    /// The heartbeat's.
    pub message_id: String,
}

/// See [`ToServer::AckRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ack {
    /// The cluster's ARN, copied.
    pub cluster: String,
    /// The container instance's ARN, copied.
    pub container_instance: String,
    /// The acknowledged message's.
    pub message_id: String,
}

/// See [`ToServer::NackRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Nack {
    /// The cluster's ARN, copied.
    pub cluster: String,
    /// The container instance's ARN, copied.
    pub container_instance: String,
    /// The refused message's.
    pub message_id: String,
    /// Why.
    pub reason: String,
}

/// See [`ToAgent::PayloadMessage`]. Berth puts one task in each, since an invalid task leaves its whole message
/// unacknowledged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Payload {
    /// Comes back in the answer.
    pub message_id: String,
    /// Not empty.
    pub cluster_arn: String,
    /// Not empty.
    pub container_instance_arn: String,
    /// What to run or to stop.
    pub tasks: Vec<PayloadTask>,
    /// Rises strictly for one host, manifests included.
    pub seq_num: i64,
    /// Milliseconds since the epoch.
    pub generated_at: i64,
}

/// A task to run or to stop. An agent tells tasks apart by `arn` alone.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayloadTask {
    /// Its ARN.
    pub arn: String,
    /// The ARN of its cluster; another than the host's for a FARGATE task.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub task_cluster_arn: String,
    /// The task definition's family.
    pub family: String,
    /// The task definition's revision, as text.
    pub version: String,
    /// `RUNNING` or `STOPPED`.
    pub desired_status: String,
    /// Its containers.
    pub containers: Vec<PayloadContainer>,
    /// `awsvpc`, `bridge`, `host` or `none`.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub network_mode: String,
    /// `host` or `task`; absent if each container has processes of its own.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub pid_mode: String,
    /// `host`, `none` or `task`; absent if each container has memory of its own to share.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub ipc_mode: String,
    /// What its containers may use of its role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role_credentials: Option<RoleCredentials>,
    /// The task's own limit, in vCPU; absent if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<f64>,
    /// The task's own limit, in MiB; absent if it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory: Option<i64>,
    /// `EC2`, `EXTERNAL` or `FARGATE`; the last makes a stock agent leave the accounting to the server.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub launch_type: String,
    /// The task's group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub group: String,
    /// What its containers mount.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<PayloadVolume>,
    /// The GPUs of its containers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub associations: Vec<PayloadAssociation>,
    /// What each of its containers may write, where Docker's storage driver can bound that. Berth's own member: a stock
    /// agent ignores it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ephemeral_storage: Option<ecs::EphemeralStorage>,
}

/// One container of a [`PayloadTask`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayloadContainer {
    /// Its name in the task definition.
    pub name: String,
    /// Its ARN.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub container_arn: String,
    /// Its image.
    pub image: String,
    /// If it ends, the task ends.
    pub essential: bool,
    /// Replaces the image's command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<Vec<String>>,
    /// Replaces the image's entry point.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry_point: Option<Vec<String>>,
    /// Overrides already merged in, and secrets and environment files already looked up.
    #[serde(default, skip_serializing_if = "is_empty")]
    pub environment: Sensitive<BTreeMap<String, String>>,
    /// With what to pull the image; absent for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub registry_authentication: Option<RegistryAuthentication>,
    /// CPU shares.
    #[serde(default)]
    pub cpu: i64,
    /// Hard limit in MiB; 0 for none.
    #[serde(default)]
    pub memory: i64,
    /// What to publish.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub port_mappings: Vec<PayloadPortMapping>,
    /// Volumes of the task, and where they are in the container.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub mount_points: Vec<ecs::MountPoint>,
    /// Containers of the task whose mounts it has as well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub volumes_from: Vec<ecs::VolumeFrom>,
    /// Containers of the task that it reaches by name: `NAME` or `NAME:ALIAS`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// Seconds between SIGTERM and SIGKILL; absent for the agent's default (30).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stop_timeout: Option<i64>,
    /// What must have become of others of the task before it starts; they stop after it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<PayloadDependency>,
    /// Seconds that it may take from its start to what others wait for; absent for any time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_timeout: Option<i64>,
    /// `docker` if its configuration has a health check that was asked for; else nobody looks at its health.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub health_check_type: String,
    /// When it is started again after its end; absent for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart_policy: Option<PayloadRestartPolicy>,
    /// Docker's own configuration, laid over the rest.
    pub docker_config: DockerConfig,
}

/// [`PayloadContainer::health_check_type`] of a container whose health is looked at.
pub const DOCKER_HEALTH_CHECK: &str = "docker";

/// How long a container must have run to be started again if its policy does not say, as ECS documents it.
pub const RESTART_ATTEMPT_SECONDS: i64 = 300;

/// When a container is started again after its end.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayloadRestartPolicy {
    /// False for never.
    pub enabled: bool,
    /// Exit codes after which it stays ended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored_exit_codes: Vec<i32>,
    /// Seconds that it must have run, each time anew; absent for the agent's default: [`RESTART_ATTEMPT_SECONDS`] if it is
    /// Berth's, none if it is the Amazon ECS agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub restart_attempt_period: Option<i64>,
}

fn is_empty(environment: &Sensitive<BTreeMap<String, String>>) -> bool {
    environment.expose().is_empty()
}

/// How an image is pulled from a registry that asks who pulls. The member and its `type` are the stock agent's, the type
/// `basic` is ours: a stock agent knows `ecr` and `asm`, asks AWS for both, and takes an unknown type for none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum RegistryAuthentication {
    /// A user's name and password.
    #[serde(rename_all = "camelCase")]
    Basic {
        /// Both.
        basic_auth_data: BasicAuthData,
    },
    /// One that this version does not know.
    #[serde(other)]
    Unknown,
}

/// See [`RegistryAuthentication::Basic`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BasicAuthData {
    /// The user's name.
    pub username: String,
    /// The password, or a token in its place.
    pub password: Sensitive<String>,
}

/// Credentials of a role, for a time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleCredentials {
    /// Where a task's containers ask for them. The same for all that the task ever has; nobody can guess it.
    pub credentials_id: String,
    /// The role.
    #[serde(default)]
    pub role_arn: String,
    /// The public half of the access key.
    #[serde(default)]
    pub access_key_id: String,
    /// Its secret half.
    #[serde(default)]
    pub secret_access_key: Sensitive<String>,
    /// The token that goes with it.
    #[serde(default)]
    pub session_token: Sensitive<String>,
    /// Until when they are good, in RFC 3339.
    #[serde(default)]
    pub expiration: String,
}

impl RoleCredentials {
    /// Takes them, and leaves only where they are asked for.
    #[must_use]
    pub fn take(&mut self) -> Self {
        let (credentials_id, role_arn) = (self.credentials_id.clone(), self.role_arn.clone());
        std::mem::replace(self, Self { credentials_id, role_arn, ..Self::default() })
    }
}

/// Whose the credentials are: those of the task's own role, which its containers may use.
pub const TASK_APPLICATION: &str = "TaskApplication";

/// See [`ToAgent::IAMRoleCredentialsMessage`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleCredentialsMessage {
    /// Comes back in the answer.
    pub message_id: String,
    /// The task.
    pub task_arn: String,
    /// `TaskApplication`, or `TaskExecution` for what only the agent uses.
    pub role_type: String,
    /// The credentials.
    pub role_credentials: RoleCredentials,
}

/// See [`ToServer::IAMRoleCredentialsAckRequest`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoleCredentialsAck {
    /// The message's.
    pub message_id: String,
    /// That of the credentials.
    pub expiration: String,
    /// Theirs.
    pub credentials_id: String,
}

/// What a container waits for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayloadDependency {
    /// The other container.
    pub container_name: String,
    /// `START`, `COMPLETE`, `SUCCESS` or `HEALTHY`: that it was started, has ended, has ended with exit code 0, or that
    /// its health check has found it well.
    pub condition: String,
}

/// Container settings in the words of the Docker Engine API, as JSON inside strings.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DockerConfig {
    /// Docker's `Config` object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub config: Option<String>,
    /// Docker's `HostConfig` object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_config: Option<String>,
    /// The least Docker API version that knows them, such as `1.18`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
}

/// Without the settings: options of a log driver may hold a secret.
impl fmt::Debug for DockerConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DockerConfig").field("version", &self.version).finish_non_exhaustive()
    }
}

/// A port to publish.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PayloadPortMapping {
    /// Inside the container.
    pub container_port: u16,
    /// On the host; 0 for one of Docker's choice.
    #[serde(default)]
    pub host_port: u16,
    /// `tcp` or `udp`.
    pub protocol: String,
}

/// See [`ToAgent::TaskManifestMessage`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskManifest {
    /// Comes back in the answer.
    pub message_id: String,
    /// Not empty.
    pub cluster_arn: String,
    /// Not empty.
    pub container_instance_arn: String,
    /// All tasks that should run on the host.
    pub tasks: Vec<ManifestTask>,
    /// Above every earlier `seq_num` and `timeline`, else the agent drops the manifest in silence.
    pub timeline: i64,
    /// Milliseconds since the epoch.
    pub generated_at: i64,
}

/// One task of a manifest or of a stop verification.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ManifestTask {
    /// The task.
    pub task_arn: String,
    /// Its cluster.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub task_cluster_arn: String,
    /// `RUNNING` in a manifest, `STOPPED` in a stop verification.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub desired_status: String,
}

/// See [`ToServer::TaskStopVerificationMessage`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskStopVerification {
    /// The manifest's.
    pub message_id: String,
    /// What the agent would stop.
    pub stop_candidates: Vec<ManifestTask>,
}

/// See [`ToAgent::TaskStopVerificationAck`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskStopVerificationAck {
    /// The manifest's; an agent ignores any other.
    pub message_id: String,
    /// What to stop.
    pub stop_tasks: Vec<ManifestTask>,
    /// Milliseconds since the epoch.
    pub generated_at: i64,
}

/// See [`ToAgent::BerthExecMessage`]. The agent answers by a connection that it opens for this command alone, whose frames
/// are those of [`crate::exec`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ExecOrder {
    /// Names the connection that the agent is to open. Good once, and for a short time.
    pub exec_id: String,
    /// The task.
    pub task_arn: String,
    /// Its container.
    pub container_name: String,
    /// The program and its arguments.
    pub command: Sensitive<Vec<String>>,
    /// True if it is to have an input.
    #[serde(default)]
    pub has_input: bool,
    /// True if it is to run at a terminal.
    #[serde(default)]
    pub has_terminal: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_have_the_form_agents_expect() {
        let frame = ToAgent::HeartbeatMessage(Heartbeat { message_id: "m1".to_owned(), healthy: true });
        let text = serde_json::to_string(&frame).unwrap();
        assert_eq!(text, r#"{"type":"HeartbeatMessage","message":{"messageId":"m1","healthy":true}}"#);
        assert_eq!(serde_json::from_str::<ToAgent>(&text).unwrap(), frame);
    }

    #[test]
    fn what_is_secret_is_on_the_wire_and_not_in_debug_output() {
        let container = PayloadContainer {
            environment: Sensitive::new([("A".to_owned(), "s3cret".to_owned())].into()),
            registry_authentication: Some(RegistryAuthentication::Basic {
                basic_auth_data: BasicAuthData {
                    username: "jane".to_owned(),
                    password: Sensitive::new("s3cret".to_owned()),
                },
            }),
            docker_config: DockerConfig { host_config: Some("s3cret".to_owned()), ..DockerConfig::default() },
            ..PayloadContainer::default()
        };
        assert!(!format!("{container:?}").contains("s3cret"));
        let text = serde_json::to_string(&container).unwrap();
        let expected =
            r#""registryAuthentication":{"type":"basic","basicAuthData":{"username":"jane","password":"s3cret"}}"#;
        assert!(text.contains(expected), "{text}");
        assert_eq!(serde_json::from_str::<PayloadContainer>(&text).unwrap(), container);
        let other = r#"{"type":"asm","asmAuthData":{"region":"x"}}"#;
        assert_eq!(serde_json::from_str::<RegistryAuthentication>(other).unwrap(), RegistryAuthentication::Unknown);
    }

    #[test]
    fn unknown_members_are_ignored() {
        let text = r#"{"type":"AckRequest","message":{"cluster":"c","containerInstance":"i","messageId":"m","x":1}}"#;
        assert!(matches!(serde_json::from_str::<ToServer>(text).unwrap(), ToServer::AckRequest(_)));
    }
}
