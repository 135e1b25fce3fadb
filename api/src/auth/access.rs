//! What each operation asks of its caller: one table for all of them.
//!
//! An operation that is not in it asks for an administrator, and a test says that it is missing.

use std::collections::BTreeSet;

use berth_engine::store::log::Owner;
use berth_engine::store::{Page, TaskFilter};
use berth_model::access_key::Role;
use berth_model::arn::ArnScope;
use berth_model::id::{ClusterName, TaskId};
use berth_model::task::{DesiredStatus, Task};
use berth_scheduler::cluster::DEFAULT_CLUSTER;
use serde_json::Value;

use super::Caller;
use crate::ecs::error::Fault;
use crate::edge::{Edge, failed, invalid_id};
use crate::operation::logs;

/// What an operation asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// It only looks.
    Read(Concerns),
    /// It changes something.
    Change(Concerns),
    /// Hosts' agents call it.
    Agent,
    /// It reads what containers print, from the streams that this member names.
    Output(&'static str),
    /// It concerns the whole installation.
    Admin,
}

/// Which clusters a request concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Concerns {
    /// None: what all clusters share.
    Nothing,
    /// The one that this member names; `default` if it names none.
    Cluster(&'static str),
    /// All that this member names; `default` if it names none.
    Clusters(&'static str),
    /// The one in which the resource is whose ARN this member has; if that is a task definition, its owner.
    Resource(&'static str),
    /// None, but the owner of the task definition, of each, or of the family that this member names.
    Definitions(&'static str),
    /// All of them, whatever it names: not for a caller that is limited to some.
    All,
}

/// Most streams that a request may name. CloudWatch Logs' own bound.
const STREAMS_MAX: usize = 100;

/// How many hexadecimal digits Docker's ids have.
const CONTAINER_ID_DIGITS: usize = 64;

/// Most tasks of one host that are looked through; more than a host has within the time that stopped ones are kept.
const HOST_TASKS_MAX: usize = 2_000;

use Access::{Admin, Agent, Change, Output, Read};
use Concerns::{All, Cluster, Clusters, Definitions, Nothing, Resource};

/// The table.
const TABLE: &[(Access, &[&str])] = &[
    (Read(Clusters("clusters")), &["DescribeClusters"]),
    (
        Read(Cluster("cluster")),
        &[
            "DescribeTasks",
            "ListTasks",
            "DescribeContainerInstances",
            "ListContainerInstances",
            "ListAttributes",
            "GetTaskProtection",
        ],
    ),
    (Read(Resource("resourceArn")), &["ListTagsForResource"]),
    (
        Read(Nothing),
        &[
            "ListClusters",
            "DescribeTaskDefinition",
            "ListTaskDefinitions",
            "ListTaskDefinitionFamilies",
            "DescribeCapacityProviders",
            "ListAccountSettings",
            "GetCallerIdentity",
        ],
    ),
    (Change(Cluster("clusterName")), &["CreateCluster"]),
    (
        Change(Cluster("cluster")),
        &[
            "DeleteCluster",
            "UpdateCluster",
            "UpdateClusterSettings",
            "PutClusterCapacityProviders",
            "RunTask",
            "StartTask",
            "StopTask",
            "UpdateTaskProtection",
            "UpdateContainerInstancesState",
            "DeregisterContainerInstance",
            "PutAttributes",
            "DeleteAttributes",
        ],
    ),
    (Change(Resource("resourceArn")), &["TagResource", "UntagResource"]),
    (Change(Definitions("family")), &["RegisterTaskDefinition"]),
    (Change(Definitions("taskDefinition")), &["DeregisterTaskDefinition"]),
    (Change(Definitions("taskDefinitions")), &["DeleteTaskDefinitions"]),
    (
        Agent,
        &[
            "RegisterContainerInstance",
            "DiscoverPollEndpoint",
            "SubmitTaskStateChange",
            "SubmitContainerStateChange",
            "SubmitAttachmentStateChanges",
            "CreateLogGroup",
            "CreateLogStream",
            "PutLogEvents",
        ],
    ),
    (Output("logStreamName"), &["GetLogEvents"]),
    (Output("logStreamNames"), &["FilterLogEvents"]),
    (Read(All), &["DescribeLogGroups", "DescribeLogStreams"]),
    (
        Admin,
        &[
            "CreateCapacityProvider",
            "UpdateCapacityProvider",
            "DeleteCapacityProvider",
            "PutAccountSetting",
            "PutAccountSettingDefault",
            "DeleteAccountSetting",
            "DeleteLogGroup",
            "DeleteLogStream",
            "PutRetentionPolicy",
            "DeleteRetentionPolicy",
            "CreateAccessKey",
            "ListAccessKeys",
            "DeleteAccessKey",
        ],
    ),
];

/// What an agent may also do with its own host: a stock agent has it drain when its machine is about to be taken away, and
/// shows its tags to containers. The output of its tasks it may read again.
const OF_ITS_HOST: &[&str] = &["UpdateContainerInstancesState", "ListTagsForResource", "GetLogEvents"];

/// What an operation asks for.
pub(crate) fn access(operation: &str) -> Access {
    TABLE.iter().find(|(_, names)| names.contains(&operation)).map_or(Admin, |(access, _)| *access)
}

/// Lets a caller do what its role allows.
///
/// # Errors
/// `AccessDeniedException` that says what is not allowed, `InvalidParameterException` if the body does not say what it is
/// about, `ServerException` if the store fails.
pub(crate) async fn authorize(edge: &Edge, caller: &Caller, operation: &str, body: &[u8]) -> Result<(), Fault> {
    let access = access(operation);
    let clusters = match (&caller.role, access) {
        (Role::Admin, _) | (Role::Reader, Read(_) | Output(_)) => return Ok(()),
        (Role::User { clusters }, Read(_) | Change(_) | Output(_)) => clusters,
        (Role::Agent, Agent) => return authorize_agent(edge, caller, operation, body).await,
        (Role::Agent, Read(Nothing)) if operation == "GetCallerIdentity" => return Ok(()),
        (Role::Agent, Read(_) | Change(_) | Output(_)) if OF_ITS_HOST.contains(&operation) => {
            return authorize_agent(edge, caller, operation, body).await;
        }
        (Role::User { .. } | Role::Reader | Role::Agent, _) => return Err(denied(caller, operation)),
    };
    match access {
        // Its body need not be JSON.
        Read(Nothing) | Change(Nothing) => Ok(()),
        Read(All) | Change(All) | Agent | Admin => Err(denied(caller, operation)),
        Read(concerns) | Change(concerns) => {
            let body = parsed(body)?;
            if let Change(Definitions(member) | Resource(member)) = access
                && (concerns == Definitions(member) || is_definition(body[member].as_str().unwrap_or_default()))
            {
                return authorize_owner(edge, caller, operation, &body[member]).await;
            }
            let concerned = concerned(edge.scope(), concerns, &body)?;
            match concerned.iter().find(|cluster| !clusters.contains(*cluster)) {
                None => Ok(()),
                Some(cluster) => Err(denied_in(caller, operation, cluster)),
            }
        }
        Output(member) => {
            let owners = stream_owners(edge, caller, &parsed(body)?, member).await?;
            let is_own = |owner: &Option<Owner>| owner.as_ref().is_some_and(|owner| clusters.contains(&owner.cluster));
            let is_allowed = !owners.is_empty() && owners.iter().all(is_own);
            if is_allowed { Ok(()) } else { Err(denied(caller, operation)) }
        }
    }
}

/// All clusters share task definitions, and everybody runs the newest revision of a family: a limited user changes those
/// alone that it has registered, and adds to no family that goes on in another's name.
async fn authorize_owner(edge: &Edge, caller: &Caller, operation: &str, named: &Value) -> Result<(), Fault> {
    let own = caller.arn(edge.scope());
    for text in texts(named) {
        // What names none is refused by the operation itself, with a better text.
        let Ok(wanted) = edge.scope().parse_task_definition(text) else { continue };
        let found = edge.reader().task_definition(wanted).await.map_err(|error| failed(&error))?;
        if let Some(other) = found.filter(|known| known.document.registered_by.as_ref() != Some(&own)) {
            let by = other.document.registered_by.unwrap_or_default();
            let text = format!("{text} was registered by {by}, and {} may not call {operation} for it.", caller.name);
            return Err(Fault::not_authorized(text));
        }
    }
    Ok(())
}

/// The texts of a member that has one or a list of them.
fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
        other => vec![other.as_str().unwrap_or_default()],
    }
}

/// True if a resource is a task definition, by its ARN.
fn is_definition(arn: &str) -> bool {
    arn.splitn(6, ':').nth(5).is_some_and(|resource| resource.starts_with("task-definition/"))
}

/// An agent speaks for its own host, which has to be registered before anything else. Registrations and reports are
/// compared with the key where they are decided.
async fn authorize_agent(edge: &Edge, caller: &Caller, operation: &str, body: &[u8]) -> Result<(), Fault> {
    match operation {
        "RegisterContainerInstance" | "CreateLogGroup" => Ok(()),
        "CreateLogStream" | "PutLogEvents" | "GetLogEvents" => {
            let owners = stream_owners(edge, caller, &parsed(body)?, "logStreamName").await?;
            match owners.as_slice() {
                [Some(owner)] if owner.host.is_some() && owner.host == caller.host => Ok(()),
                _ => Err(denied(caller, operation)),
            }
        }
        operation if OF_ITS_HOST.contains(&operation) => {
            let body = parsed(body)?;
            let member = if operation == "ListTagsForResource" { "resourceArn" } else { "containerInstances" };
            let named = texts(&body[member]);
            let is_own = |text: &&str| {
                edge.scope().parse_container_instance(text).is_ok_and(|named| Some(named.id) == caller.host)
            };
            if named.iter().all(is_own) && caller.host.is_some() { Ok(()) } else { Err(denied(caller, operation)) }
        }
        // Unlike a task's, a container's report is not compared again.
        "SubmitContainerStateChange" => {
            let named = parsed(body)?;
            let named = edge.scope().parse_task(named["task"].as_str().unwrap_or_default());
            let id = named.map_err(|error| invalid_id("task", &error))?.id;
            match task_owner(edge, id).await? {
                Some(owner) if owner.host.is_some() && owner.host == caller.host => Ok(()),
                _ => Err(denied(caller, operation)),
            }
        }
        _ if caller.host.is_some() => Ok(()),
        _ => Err(denied(caller, operation)),
    }
}

/// Whose the log streams are that a member of a body names. Output is kept longer than the rows of its tasks: once these
/// are gone, what is kept with the stream counts.
async fn stream_owners(edge: &Edge, caller: &Caller, body: &Value, member: &str) -> Result<Vec<Option<Owner>>, Fault> {
    let names = texts(&body[member]);
    if names.len() > STREAMS_MAX {
        return Err(Fault::invalid(format!("logStreamNames may have at most {STREAMS_MAX} names.")));
    }
    // What names no group is refused by the operation itself, with a better text.
    let group = logs::group(edge, body["logGroupName"].as_str(), body["logGroupIdentifier"].as_str()).ok();
    let mut owners = Vec::new();
    for name in names {
        let mut owner = owner_by_task(edge, caller, name).await?;
        if let (None, Some(group)) = (&owner, &group) {
            owner = edge.handle.logs().owner(group, name).await.map_err(logs::refused)?;
        }
        owners.push(owner);
    }
    Ok(owners)
}

/// Whose a log stream is by the task that writes to it, as long as that is known here. Agents name streams so that the
/// task's id is last, or as Docker names the container.
pub(crate) async fn owner_by_task(edge: &Edge, caller: &Caller, stream: &str) -> Result<Option<Owner>, Fault> {
    match stream.rsplit('/').next().and_then(|id| id.parse::<TaskId>().ok()) {
        Some(task) => task_owner(edge, task).await,
        None => container_owner(edge, caller, stream).await,
    }
}

/// Whose a log stream is that is named as a container of the caller's host is by Docker: the streams of containers whose
/// log configuration has no prefix are. A container is known here once its task was reported RUNNING.
async fn container_owner(edge: &Edge, caller: &Caller, stream: &str) -> Result<Option<Owner>, Fault> {
    let is_id = stream.len() == CONTAINER_ID_DIGITS && stream.bytes().all(|byte| byte.is_ascii_hexdigit());
    let Some(host) = caller.host.filter(|_| is_id) else { return Ok(None) };
    let reader = edge.reader();
    for desired_status in [DesiredStatus::Running, DesiredStatus::Stopped] {
        let filter = TaskFilter {
            cluster: None,
            desired_status,
            family: None,
            started_by: None,
            host: Some(host),
            launch_type: None,
        };
        let tasks = reader.list_tasks(filter, Page::first(HOST_TASKS_MAX)).await.map_err(|error| failed(&error))?;
        let tasks = reader.tasks(tasks).await.map_err(|error| failed(&error))?;
        let is_own = |task: &Task| task.containers.iter().any(|one| one.runtime_id.as_deref() == Some(stream));
        if let Some(view) = tasks.into_iter().find(|view| is_own(&view.task)) {
            return Ok(Some(Owner { cluster: view.task.cluster, host: Some(host) }));
        }
    }
    Ok(None)
}

/// Where a task is.
async fn task_owner(edge: &Edge, task: TaskId) -> Result<Option<Owner>, Fault> {
    let found = edge.reader().tasks(vec![task]).await.map_err(|error| failed(&error))?;
    Ok(found.into_iter().next().map(|view| Owner { cluster: view.task.cluster, host: view.task.host }))
}

/// What a body says. One that cannot be read whole is refused here and not taken for one that says nothing: the operation
/// does not look at members it does not know, and would read the others.
fn parsed(body: &[u8]) -> Result<Value, Fault> {
    match body.trim_ascii() {
        [] => Ok(Value::Null),
        body => {
            serde_json::from_slice(body).map_err(|error| Fault::invalid(format!("The body is not valid: {error}.")))
        }
    }
}

/// The clusters that a request concerns.
fn concerned(scope: &ArnScope, concerns: Concerns, body: &Value) -> Result<BTreeSet<ClusterName>, Fault> {
    let default = || DEFAULT_CLUSTER.parse().expect("the name is one");
    let cluster = |member: &str, value: &Value| match value.as_str() {
        Some("") => Ok(default()),
        Some(text) => scope.parse_cluster(text).map_err(|error| invalid_id(member, &error)),
        None if value.is_null() => Ok(default()),
        None => Err(Fault::invalid(format!("{member} must be a string."))),
    };
    match concerns {
        Nothing | Definitions(_) | All => Ok(BTreeSet::new()),
        Cluster(member) => Ok([cluster(member, &body[member])?].into()),
        Clusters(member) => match &body[member] {
            Value::Array(list) if !list.is_empty() => list.iter().map(|value| cluster(member, value)).collect(),
            Value::Array(_) | Value::Null => Ok([default()].into()),
            _ => Err(Fault::invalid(format!("{member} must be a list."))),
        },
        Resource(member) => {
            let arn = body[member].as_str().unwrap_or_default();
            if is_definition(arn) {
                return Ok(BTreeSet::new());
            }
            let cluster = cluster_of(arn);
            let text =
                format!("{member} must be the ARN of a task definition, or of something that names its cluster.");
            Ok([cluster.ok_or_else(|| Fault::not_authorized(text))?].into())
        }
    }
}

/// The cluster in which a resource is, by its ARN: `…:cluster/NAME`, `…:task/CLUSTER/ID` and the like.
fn cluster_of(arn: &str) -> Option<ClusterName> {
    let resource = arn.splitn(6, ':').nth(5)?;
    match resource.split('/').collect::<Vec<_>>()[..] {
        ["cluster", name] => name.parse().ok(),
        ["task" | "container-instance" | "service", cluster, _] => cluster.parse().ok(),
        _ => None,
    }
}

/// The clusters of a request, for the log; empty if it names none.
pub(crate) fn clusters_of(edge: &Edge, operation: &str, body: &[u8]) -> String {
    let (Read(concerns) | Change(concerns)) = access(operation) else { return String::new() };
    let named = parsed(body).and_then(|body| concerned(edge.scope(), concerns, &body)).unwrap_or_default();
    named.iter().map(ClusterName::as_str).collect::<Vec<_>>().join(",")
}

fn denied(caller: &Caller, operation: &str) -> Fault {
    let Caller { name, role, .. } = caller;
    Fault::not_authorized(format!("{name} has the role {} and may not call {operation} here.", role.name()))
}

fn denied_in(caller: &Caller, operation: &str, cluster: &ClusterName) -> Fault {
    let Caller { name, role, .. } = caller;
    let text = format!("{name} has the role {} and may not call {operation} in cluster {cluster}.", role.name());
    Fault::not_authorized(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_offered_operation_is_in_the_table_once() {
        for (operation, _) in crate::member::TABLES {
            let entries = TABLE.iter().flat_map(|(_, names)| names.iter()).filter(|name| *name == operation).count();
            assert_eq!(entries, 1, "{operation}: say what it asks of its caller");
        }
        assert_eq!(access("MakeCoffee"), Admin);
    }

    #[test]
    fn what_cannot_be_read_whole_says_nothing_else() {
        assert_eq!(parsed(b" \n"), Ok(Value::Null));
        assert_eq!(parsed(b"{\"cluster\":\"a\"}\x0c"), Ok(json!({"cluster": "a"})));
        let deep = format!("{}{}", "[".repeat(200), "]".repeat(200));
        for unknown in [deep.as_str(), "1e999", r#""\ud800""#] {
            let body = format!(r#"{{"cluster":"a","x":{unknown}}}"#);
            assert!(parsed(body.as_bytes()).is_err(), "{body}");
        }
    }

    #[test]
    fn requests_name_the_clusters_they_concern() {
        let scope = ArnScope::default();
        let check = |concerns, body: Value, expected: &[&str]| {
            let found = concerned(&scope, concerns, &body).map(|found| found.iter().map(ToString::to_string).collect());
            assert_eq!(found, Ok(expected.iter().map(ToString::to_string).collect::<Vec<_>>()), "{body}");
        };
        let arn = |rest: &str| format!("arn:aws:ecs:us-east-1:123456789012:{rest}");
        check(Cluster("cluster"), json!({}), &["default"]);
        check(Cluster("cluster"), json!({"cluster": null}), &["default"]);
        check(Cluster("cluster"), json!({"cluster": ""}), &["default"]);
        check(Cluster("cluster"), json!({"cluster": "a"}), &["a"]);
        check(Cluster("cluster"), json!({"cluster": arn("cluster/a")}), &["a"]);
        check(Clusters("clusters"), json!({"clusters": ["b", arn("cluster/a")]}), &["a", "b"]);
        check(Clusters("clusters"), json!({"clusters": []}), &["default"]);
        check(Resource("resourceArn"), json!({"resourceArn": arn("cluster/a")}), &["a"]);
        check(Resource("resourceArn"), json!({"resourceArn": arn("task/a/0123")}), &["a"]);
        check(Resource("resourceArn"), json!({"resourceArn": arn("task-definition/f:1")}), &[]);
        check(Nothing, json!({"cluster": "a"}), &[]);
        for body in [json!({"cluster": 1}), json!({"cluster": ["a"]}), json!({"cluster": "a b"})] {
            assert!(concerned(&scope, Cluster("cluster"), &body).is_err(), "{body}");
        }
        for unknown in [arn("task/0123"), arn("capacity-provider/a"), "a".to_owned()] {
            assert!(concerned(&scope, Resource("resourceArn"), &json!({"resourceArn": unknown})).is_err());
        }
    }
}
