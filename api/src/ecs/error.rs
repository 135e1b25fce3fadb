//! The one table of what a refusal looks like on the wire: exception name, HTTP status, public message.
//!
//! Internals never get into a message; they go to the log where they are met.

use axum::http::StatusCode;
use berth_model::arn::ArnScope;
use berth_model::ecs::ErrorShape;
use berth_model::logs;
use berth_scheduler::step::Rejection;
use serde::Serialize;

use crate::auth::Denial;
use crate::auth::sigv4::Refusal;

/// An error answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The exception's name.
    pub(crate) code: &'static str,
    /// 400 where the client is at fault, 500 or 503 where the server is, 403 for what the edge turns away.
    pub(crate) status: StatusCode,
    /// What the client reads.
    pub(crate) message: String,
    /// `resourceIds` of ConflictException; empty elsewhere.
    pub(crate) resource_ids: Vec<String>,
}

/// How an error looks in a body.
#[derive(Serialize)]
struct Body<'a> {
    #[serde(rename = "__type")]
    code: &'a str,
    message: &'a str,
    #[serde(rename = "resourceIds", skip_serializing_if = "<[String]>::is_empty")]
    resource_ids: &'a [String],
}

/// What RunTask, StopTask and ListTasks answer for a cluster that is not there. The stock agent looks for this text.
pub(crate) const CLUSTER_NOT_FOUND: &str = "Cluster not found.";

/// What is answered for a task that is not there. Airflow's executor looks for this text.
pub(crate) const TASK_NOT_FOUND: &str = "The referenced task was not found.";

impl Fault {
    fn new(code: &'static str, status: StatusCode, message: impl Into<String>) -> Self {
        Self { code, status, message: message.into(), resource_ids: Vec::new() }
    }

    /// An error of the ECS service model.
    pub(crate) fn ecs(shape: ErrorShape, message: impl Into<String>) -> Self {
        Self::new(shape.name(), status(shape.is_fault()), message)
    }

    /// An error of the CloudWatch Logs service model.
    pub(crate) fn logs(shape: logs::ErrorShape, message: impl Into<String>) -> Self {
        Self::new(shape.name(), status(shape.is_fault()), message)
    }

    /// A value that is malformed or out of range.
    pub(crate) fn invalid(message: impl Into<String>) -> Self {
        Self::ecs(ErrorShape::InvalidParameterException, message)
    }

    /// Right shape, wrong state or reference.
    pub(crate) fn client(message: impl Into<String>) -> Self {
        Self::ecs(ErrorShape::ClientException, message)
    }

    /// No such cluster.
    pub(crate) fn cluster_not_found() -> Self {
        Self::ecs(ErrorShape::ClusterNotFoundException, CLUSTER_NOT_FOUND)
    }

    /// Nothing has this ARN.
    pub(crate) fn resource_not_found() -> Self {
        Self::ecs(ErrorShape::ResourceNotFoundException, "The specified resource was not found.")
    }

    /// No container instance that could have attributes.
    pub(crate) fn target_not_found(target: &str) -> Self {
        let message = format!("The specified target was not found: {target}.");
        Self::ecs(ErrorShape::TargetNotFoundException, message)
    }

    /// No such task in this cluster.
    pub(crate) fn task_not_found() -> Self {
        Self::invalid(TASK_NOT_FOUND)
    }

    /// An operation that no service has.
    pub(crate) fn unknown_operation(name: &str) -> Self {
        let name: String = name.chars().take(255).collect();
        let message = format!("There is no operation '{name}'.");
        Self::new("UnknownOperationException", StatusCode::BAD_REQUEST, message)
    }

    /// A path that nothing is at.
    pub(crate) fn unknown_path() -> Self {
        let message = "There is nothing here: operations are at / and /v1/<Operation>.";
        Self::new("UnknownOperationException", StatusCode::NOT_FOUND, message)
    }

    /// A path that is there, for another method.
    pub(crate) fn other_method() -> Self {
        let message = "Operations are called with POST, everything else with GET.";
        Self::new("UnknownOperationException", StatusCode::METHOD_NOT_ALLOWED, message)
    }

    /// An operation of ECS that Berth does not offer.
    pub(crate) fn unsupported_operation(name: &str) -> Self {
        let instead = match name {
            // Its answer would be a session of AWS Systems Manager, which its clients' plugin goes on with.
            "ExecuteCommand" => " Run `berth exec TASK COMMAND` instead.",
            _ => "",
        };
        let message = format!("Berth does not offer {name} in this version.{instead}");
        Self::ecs(ErrorShape::UnsupportedFeatureException, message)
    }

    /// What was there and has been removed.
    pub(crate) fn gone(message: impl Into<String>) -> Self {
        Self::new(ErrorShape::ResourceNotFoundException.name(), StatusCode::GONE, message)
    }

    /// The edge turns the caller away.
    pub(crate) fn access_denied(message: impl Into<String>) -> Self {
        Self::new("AccessDeniedException", StatusCode::FORBIDDEN, message)
    }

    /// The caller is known, and may not do this.
    pub(crate) fn not_authorized(message: impl Into<String>) -> Self {
        Self::new(ErrorShape::AccessDeniedException.name(), StatusCode::BAD_REQUEST, message)
    }

    /// The caller is not let in.
    pub(crate) fn denied(denial: Denial) -> Self {
        let refused = |code, message: String| Self::new(code, StatusCode::BAD_REQUEST, message);
        match denial {
            Denial::Unsigned => refused(
                "MissingAuthenticationTokenException",
                "The request must be signed with an access key (Signature Version 4).".to_owned(),
            ),
            Denial::UnknownKey => {
                refused("UnrecognizedClientException", "The access key included in the request is invalid.".to_owned())
            }
            Denial::Signature(Refusal::Incomplete(text)) => refused("IncompleteSignatureException", text),
            Denial::Signature(Refusal::Scope(text)) => refused("InvalidSignatureException", text),
            Denial::Signature(Refusal::Mismatch) => refused(
                "InvalidSignatureException",
                "The signature does not match the request: is the secret access key the right one, and did nothing \
                 between client and server change the request?"
                    .to_owned(),
            ),
        }
    }

    /// The clients' lane is full; every SDK tries again.
    pub(crate) fn throttled() -> Self {
        Self::new("ThrottlingException", StatusCode::BAD_REQUEST, "Rate exceeded")
    }

    /// The server is ending or cannot store anything; every SDK tries again.
    pub(crate) fn unavailable(message: &str) -> Self {
        Self::new(ErrorShape::ServerException.name(), StatusCode::SERVICE_UNAVAILABLE, message)
    }

    /// Something of ours failed. What it was goes to the log.
    pub(crate) fn server() -> Self {
        Self::ecs(ErrorShape::ServerException, "The server failed to handle the request.")
    }

    /// The body of the answer.
    pub(crate) fn body(&self) -> Vec<u8> {
        let body = Body { code: self.code, message: &self.message, resource_ids: &self.resource_ids };
        serde_json::to_vec(&body).expect("strings always serialize")
    }

    /// What the scheduler's refusal is on the wire.
    pub(crate) fn from_rejection(rejection: Rejection, scope: &ArnScope) -> Self {
        match rejection {
            Rejection::ClusterNotFound(_) => Self::cluster_not_found(),
            Rejection::ClusterContainsTasks => Self::ecs(
                ErrorShape::ClusterContainsTasksException,
                "The Cluster cannot be deleted while Tasks are active.",
            ),
            Rejection::ClusterContainsContainerInstances => Self::ecs(
                ErrorShape::ClusterContainsContainerInstancesException,
                "The Cluster cannot be deleted while Container Instances are active or draining.",
            ),
            Rejection::ClusterContainsCapacityProvider => Self::ecs(
                ErrorShape::ClusterContainsCapacityProviderException,
                "The Cluster cannot be deleted while Cluster Scoped Capacity Providers are attached to the cluster.",
            ),
            Rejection::ResourceNotFound => Self::resource_not_found(),
            Rejection::InUse(message) => Self::ecs(ErrorShape::ResourceInUseException, message),
            Rejection::InvalidParameter(message) => Self::invalid(message),
            Rejection::Client(message) => Self::client(message),
            Rejection::TaskNotFound => Self::task_not_found(),
            Rejection::TokenConflict { cluster, tasks } => Self {
                resource_ids: tasks.into_iter().map(|task| scope.task(&cluster, task)).collect(),
                ..Self::ecs(
                    ErrorShape::ConflictException,
                    "The clientToken was used before with other parameters; resourceIds names the tasks it made.",
                )
            },
            Rejection::HostNotFound(host) => Self::invalid(format!("Referenced container instance {host} not found.")),
            Rejection::TargetNotFound(host) => Self::target_not_found(&host.to_string()),
            Rejection::AttributeLimitExceeded(message) => {
                Self::ecs(ErrorShape::AttributeLimitExceededException, message)
            }
            Rejection::LimitExceeded(message) => Self::ecs(ErrorShape::LimitExceededException, message),
            Rejection::AccessKeyNotFound => Self::new(
                "NoSuchEntity",
                StatusCode::NOT_FOUND,
                "There is no such access key, or it is another user's.",
            ),
            Rejection::AccessDenied(message) => Self::not_authorized(message),
        }
    }
}

/// True for the name of an error that is because of who calls, not because of what is asked.
pub(crate) fn is_about_caller(code: &str) -> bool {
    matches!(
        code,
        "AccessDeniedException"
            | "MissingAuthenticationTokenException"
            | "UnrecognizedClientException"
            | "IncompleteSignatureException"
            | "InvalidSignatureException"
    )
}

fn status(is_fault: bool) -> StatusCode {
    if is_fault { StatusCode::INTERNAL_SERVER_ERROR } else { StatusCode::BAD_REQUEST }
}

#[cfg(test)]
mod tests {
    use berth_model::id::{HostId, TaskId};

    use super::*;

    #[test]
    fn every_rejection_has_its_exception() {
        let cluster: berth_model::id::ClusterName = "demo".parse().unwrap();
        let conflict = Rejection::TokenConflict { cluster: cluster.clone(), tasks: vec![TaskId(1)] };
        for (rejection, code) in [
            (Rejection::ClusterNotFound(cluster), "ClusterNotFoundException"),
            (Rejection::ClusterContainsTasks, "ClusterContainsTasksException"),
            (Rejection::ClusterContainsContainerInstances, "ClusterContainsContainerInstancesException"),
            (Rejection::ClusterContainsCapacityProvider, "ClusterContainsCapacityProviderException"),
            (Rejection::ResourceNotFound, "ResourceNotFoundException"),
            (Rejection::HostNotFound(HostId(1)), "InvalidParameterException"),
            (Rejection::TargetNotFound(HostId(1)), "TargetNotFoundException"),
            (Rejection::AttributeLimitExceeded("x".into()), "AttributeLimitExceededException"),
            (Rejection::InUse("x".into()), "ResourceInUseException"),
            (Rejection::InvalidParameter("x".into()), "InvalidParameterException"),
            (Rejection::Client("x".into()), "ClientException"),
            (Rejection::TaskNotFound, "InvalidParameterException"),
            (conflict, "ConflictException"),
            (Rejection::LimitExceeded("x".into()), "LimitExceededException"),
            (Rejection::AccessDenied("x".into()), "AccessDeniedException"),
        ] {
            let fault = Fault::from_rejection(rejection, &ArnScope::default());
            assert_eq!((fault.code, fault.status), (code, StatusCode::BAD_REQUEST));
        }
    }

    #[test]
    fn a_conflict_names_the_tasks() {
        let rejection = Rejection::TokenConflict { cluster: "demo".parse().unwrap(), tasks: vec![TaskId(1)] };
        let body = Fault::from_rejection(rejection, &ArnScope::default()).body();
        let body: serde_json::Value = serde_json::from_slice(&body).unwrap();
        assert_eq!(body["__type"], "ConflictException");
        let task = "arn:aws:ecs:us-east-1:123456789012:task/demo/00000000000000000000000000000001";
        assert_eq!(body["resourceIds"], serde_json::json!([task]));
    }

    #[test]
    fn only_faults_of_the_server_have_5xx() {
        for (fault, status) in [
            (Fault::throttled(), 400),
            (Fault::unavailable("x"), 503),
            (Fault::server(), 500),
            (Fault::unknown_operation("x"), 400),
            (Fault::access_denied("x"), 403),
        ] {
            assert_eq!(fault.status.as_u16(), status, "{}", fault.code);
        }
    }
}
