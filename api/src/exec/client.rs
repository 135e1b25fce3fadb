//! `GET /v1/exec`: a client wants a command run in a container.
//!
//! Everything that can be wrong is said before the connection becomes a websocket, as an answer like any other call's. What the
//! request says stands in its URL, which is signed: cluster, task, container, the command's arguments in order, and whether
//! it has an input and a terminal.

use std::sync::Arc;

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{FromRequestParts as _, Query, Request, State};
use axum::http::request::Parts;
use axum::response::Response;
use berth_model::access_key::Role;
use berth_model::acs::ExecOrder;
use berth_model::ecs::ErrorShape;
use berth_model::exec::{COMMAND_BYTES_MAX, EXEC_ATTRIBUTE};
use berth_model::id::{ClusterName, HostId};
use berth_model::sensitive::Sensitive;
use berth_model::task::{ContainerStatus, DesiredStatus, Task};

use super::desk::{Opened, Place, Trouble};
use super::relay::relay;
use super::{AGENT_WITHIN, limited};
use crate::audit::{Record, listed};
use crate::auth::Caller;
use crate::ecs::error::Fault;
use crate::edge::{Edge, failed, invalid_id};

/// What it is called in the audit trail and in the metrics: IAM's name for it.
const OPERATION: &str = "ExecuteCommand";

/// ECS's own text for a task that was not started for this.
const NOT_ENABLED: &str = "The execute command failed because execute command was not enabled when the task was run or the \
                           execute command agent isn't running. Wait and try again or run a new task with execute command \
                           enabled and try again.";

/// What a client asks for.
#[derive(Debug, PartialEq, Eq)]
struct Wanted {
    cluster: ClusterName,
    task: String,
    container: Option<String>,
    command: Sensitive<Vec<String>>,
    has_input: bool,
    has_terminal: bool,
}

/// A command whose agent has connected.
#[derive(Debug)]
struct Begun {
    agent: Opened,
    place: Place,
}

/// See the module.
pub(crate) async fn connect(State(edge): State<Arc<Edge>>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let mut record = Record::new(&parts, OPERATION);
    let Some(caller) = parts.extensions.get::<Caller>().cloned() else {
        return crate::ecs::turned_away(&edge, &Fault::server(), &record);
    };
    record.set_caller(&caller);
    let upgrade = match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
        Ok(upgrade) => limited(upgrade),
        Err(rejection) => {
            let fault = Fault::invalid(format!("This is no request for a websocket: {}.", rejection.body_text()));
            return crate::ecs::turned_away(&edge, &fault, &record);
        }
    };
    let begun = match read(&edge, &parts) {
        Ok(wanted) => {
            record.clusters = wanted.cluster.to_string();
            record.about = about(&wanted);
            begin(&edge, &caller, wanted).await
        }
        Err(fault) => Err(fault),
    };
    match begun {
        Ok(Begun { agent, place }) => {
            record.close(&edge, Ok(()));
            let response = upgrade.on_upgrade(move |client| async move {
                let end = relay(&edge, &caller, client, agent).await;
                tracing::info!(exec_id = place.id, ended_by = end.as_str(), "command is over");
            });
            crate::ecs::with_id(response, record.request_id)
        }
        Err(fault) => crate::ecs::turned_away(&edge, &fault, &record),
    }
}

/// What the audit trail says of it. Of the command its program alone: arguments may be secrets.
fn about(wanted: &Wanted) -> String {
    let program = wanted.command.expose().first().cloned().unwrap_or_default();
    listed([
        ("task", vec![wanted.task.clone()]),
        ("container", wanted.container.clone().into_iter().collect()),
        ("program", vec![program]),
    ])
}

/// Reads the query.
fn read(edge: &Edge, parts: &Parts) -> Result<Wanted, Fault> {
    let query = Query::<Vec<(String, String)>>::try_from_uri(&parts.uri);
    let Query(query) = query.map_err(|error| Fault::invalid(format!("The query cannot be read: {error}.")))?;
    let (mut cluster, mut task, mut container, mut input, mut terminal) = (None, None, None, None, None);
    let mut command = Vec::new();
    for (name, value) in query {
        let place = match name.as_str() {
            "command" => {
                command.push(value);
                continue;
            }
            "cluster" => &mut cluster,
            "task" => &mut task,
            "container" => &mut container,
            "input" => &mut input,
            "terminal" => &mut terminal,
            // A signature may stand in the query, too; it was looked at before.
            _ if name.starts_with("X-Amz-") => continue,
            _ => {
                let name: String = name.chars().take(255).collect();
                return Err(Fault::invalid(format!("There is no parameter '{name}'.")));
            }
        };
        if place.replace(value).is_some() {
            return Err(Fault::invalid(format!("{name} is given twice.")));
        }
    }
    let flag = |name: &str, value: Option<String>| match value.as_deref() {
        None | Some("" | "false") => Ok(false),
        Some("true") => Ok(true),
        Some(_) => Err(Fault::invalid(format!("{name} must be true or false."))),
    };
    if command.first().is_none_or(String::is_empty) {
        return Err(Fault::invalid("command is required: once for the program, and once for each argument."));
    }
    if command.iter().map(String::len).sum::<usize>() > COMMAND_BYTES_MAX {
        return Err(Fault::invalid(format!("command may have at most {COMMAND_BYTES_MAX} bytes.")));
    }
    if command.iter().any(|argument| argument.contains('\0')) {
        return Err(Fault::invalid("command must have no NUL characters."));
    }
    Ok(Wanted {
        cluster: edge.cluster_name(cluster.as_deref())?,
        task: task.filter(|task| !task.is_empty()).ok_or_else(|| Fault::invalid("task is required."))?,
        container: container.filter(|container| !container.is_empty()),
        command: command.into(),
        has_input: flag("input", input)?,
        has_terminal: flag("terminal", terminal)?,
    })
}

/// Has the command begun, if it may be.
async fn begin(edge: &Edge, caller: &Caller, wanted: Wanted) -> Result<Begun, Fault> {
    check_role(caller, &wanted.cluster)?;
    let task = task(edge, &wanted).await?;
    let container = container(&task, wanted.container.as_deref())?.to_owned();
    let host = task.host.ok_or_else(|| Fault::invalid(NOT_ENABLED))?;
    check_agent(edge, host).await?;
    let task_arn = edge.scope().task(&task.cluster, task.id);
    let order = |exec_id| ExecOrder {
        exec_id,
        task_arn,
        container_name: container,
        command: wanted.command,
        has_input: wanted.has_input,
        has_terminal: wanted.has_terminal,
    };
    let (place, agent) = edge.desk.order(host, order).map_err(trouble)?;
    match tokio::time::timeout(AGENT_WITHIN, agent).await {
        Ok(Ok(agent)) => Ok(Begun { agent, place }),
        Ok(Err(_)) | Err(_) => Err(not_connected("The agent of the task's host did not answer in time.")),
    }
}

fn check_role(caller: &Caller, cluster: &ClusterName) -> Result<(), Fault> {
    match &caller.role {
        Role::Admin => Ok(()),
        Role::User { clusters } if clusters.contains(cluster) => Ok(()),
        Role::User { .. } | Role::Reader | Role::Agent => {
            let Caller { name, role, .. } = caller;
            let text = format!("{name} has the role {} and may not run commands in cluster {cluster}.", role.name());
            Err(Fault::not_authorized(text))
        }
    }
}

async fn task(edge: &Edge, wanted: &Wanted) -> Result<Task, Fault> {
    let named = edge.scope().parse_task(&wanted.task).map_err(|error| invalid_id("task", &error))?;
    let found = edge.reader().tasks(vec![named.id]).await.map_err(|error| failed(&error))?;
    let is_here = named.cluster.is_none_or(|named| named == wanted.cluster);
    let found = found.into_iter().map(|view| view.task).find(|task| is_here && task.cluster == wanted.cluster);
    let Some(task) = found else {
        edge.check_cluster(&wanted.cluster).await?;
        return Err(Fault::task_not_found());
    };
    if task.desired_status == DesiredStatus::Stopped {
        return Err(Fault::invalid(format!(
            "The task is stopping or has stopped: it is {}.",
            task.last_status.as_str()
        )));
    }
    if !task.request.allows_exec {
        return Err(Fault::invalid(NOT_ENABLED));
    }
    Ok(task)
}

/// The container that is meant: the one named, or the only one.
fn container<'a>(task: &'a Task, name: Option<&str>) -> Result<&'a str, Fault> {
    let names = || task.containers.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(", ");
    let found = match (name, task.containers.as_slice()) {
        (Some(name), all) => all.iter().find(|one| one.name == name).ok_or_else(|| {
            let name: String = name.chars().take(255).collect();
            Fault::invalid(format!("The task has no container '{name}'; it has {}.", names()))
        })?,
        (None, [only]) => only,
        (None, _) => return Err(Fault::invalid(format!("The task has several containers; name one: {}.", names()))),
    };
    match found.last_status {
        ContainerStatus::Running => Ok(&found.name),
        other @ (ContainerStatus::Pending | ContainerStatus::Stopped) => {
            Err(Fault::invalid(format!("The container '{}' does not run: it is {}.", found.name, other.as_str())))
        }
    }
}

/// Makes sure that the host has an agent of Berth's: any other would not even say that it does not know what to do.
async fn check_agent(edge: &Edge, host: HostId) -> Result<(), Fault> {
    let found = edge.reader().hosts(vec![host]).await.map_err(|error| failed(&error))?;
    let found = found.into_iter().next().map(|view| view.host);
    if found.is_some_and(|host| host.attribute(EXEC_ATTRIBUTE).is_some()) {
        return Ok(());
    }
    Err(not_connected(
        "The task's host runs the Amazon ECS agent, or another that does not take commands: only `berth agent` does.",
    ))
}

fn trouble(trouble: Trouble) -> Fault {
    match trouble {
        Trouble::NotConnected => not_connected("The agent of the task's host is not connected just now."),
        Trouble::TooMany => Fault::throttled(),
    }
}

fn not_connected(text: &str) -> Fault {
    Fault::ecs(ErrorShape::TargetNotConnectedException, text)
}
