//! The AWS JSON 1.1 protocol: from a request's target to its operation and back to an answer.
//!
//! `POST /` with `X-Amz-Target: PREFIX.Operation` is what SDKs send; `POST /v1/Operation` is the same without the
//! header. Both take the same body. Everything about one operation is in its file below [`crate::operation`]; what a
//! refusal looks like is in [`error`], what entities look like in [`capacity_provider`], [`cluster`], [`task`] and [`container_instance`].

pub(crate) mod capacity_provider;
pub(crate) mod cluster;
pub(crate) mod container_instance;
pub(crate) mod decode;
pub(crate) mod error;
pub(crate) mod page;
mod strict;
pub(crate) mod task;

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, HttpBody as _};
use axum::extract::{Path, Request, State};
use axum::http::header::{CONNECTION, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::uri::Authority;
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::response::Response;
use berth_model::ecs::{self, Operation};
use berth_model::logs;
use bytes::Bytes;
use tokio::sync::OwnedSemaphorePermit;
use uuid::Uuid;

use crate::audit::Record;
use crate::auth::access::{access, authorize, clusters_of};
use crate::auth::{self, Admission, Peer};
use crate::edge::Edge;
use crate::guard::is_query_form;
use crate::metrics::UNKNOWN;
use crate::operation::{Call, Operate, Registration};
use error::{Fault, is_about_caller};

const CONTENT: HeaderValue = HeaderValue::from_static("application/x-amz-json-1.1");
const XML: HeaderValue = HeaderValue::from_static("text/xml");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

/// Largest body of a request. The largest that ECS takes is a task definition of 64 KiB.
const BODY_BYTES_MAX: usize = 1024 * 1024;

/// Largest body of PutLogEvents: 1 MiB of events, of which each byte may be six in JSON (`\u001b`), and their frame.
const LOG_BODY_BYTES_MAX: usize = 8 * 1024 * 1024;

/// A body of at most so many bytes is small. Those of SDKs nearly all are.
const SMALL_BODY_BYTES_MAX: usize = 64 * 1024;

/// How many KiB of large bodies may be held at a time: what strangers who name a key can make the server hold. Less would
/// throttle agents that ship much output.
pub(crate) const LARGE_BODIES_KIB_MAX: usize = 128 * 1024;

/// How long a body may take to arrive. Longer lets slow clients hold connections, shorter turns away slow networks.
const BODY_WITHIN: Duration = Duration::from_secs(30);

/// `POST /`
pub(crate) async fn by_target(State(edge): State<Arc<Edge>>, request: Request) -> Response {
    let headers = request.headers();
    let is_form = is_query_form(headers) && !headers.contains_key(TARGET);
    let asked = if is_form { Asked::Form } else { Asked::Json(target(&request)) };
    answer(&edge, asked, request).await
}

/// `POST /v1/Operation`
pub(crate) async fn by_path(
    State(edge): State<Arc<Edge>>,
    Path(operation): Path<String>,
    request: Request,
) -> Response {
    let target = Target::named(&operation).ok_or_else(|| Fault::unknown_operation(&operation));
    answer(&edge, Asked::Json(target), request).await
}

/// The answer to what the edge turns away before it knows the operation.
pub(crate) fn turned_away(edge: &Edge, fault: &Fault, record: &Record) -> Response {
    record.close(edge, Err(fault));
    last(refusal(fault, record.request_id))
}

/// Says that the connection ends with this answer, as it does when the request's body was not read: a client that sent
/// its next request over it would get no answer.
fn last(mut response: Response) -> Response {
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// What is answered if the code of an operation panics.
pub(crate) fn panicked(_: Box<dyn std::any::Any + Send>) -> Response {
    // The text of the panic is printed where it happens; it may hold what a client sent.
    tracing::error!("operation panicked");
    refusal(&Fault::server(), Uuid::new_v4())
}

/// An operation of one of the services that share the endpoint.
#[derive(Debug, Clone, Copy)]
enum Target {
    Ecs(Operation),
    Logs(logs::Operation),
}

impl Target {
    fn named(operation: &str) -> Option<Self> {
        let logs = || logs::Operation::from_name(operation).map(Self::Logs);
        Operation::from_name(operation).map(Self::Ecs).or_else(logs)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Ecs(operation) => operation.name(),
            Self::Logs(operation) => operation.name(),
        }
    }

    /// As in a signature's scope.
    fn service(self) -> &'static str {
        match self {
            Self::Ecs(_) => auth::ECS,
            Self::Logs(_) => "logs",
        }
    }

    fn body_bytes_max(self) -> usize {
        match self {
            Self::Logs(logs::Operation::PutLogEvents) => LOG_BODY_BYTES_MAX,
            Self::Logs(_) | Self::Ecs(_) => BODY_BYTES_MAX,
        }
    }
}

fn target(request: &Request) -> Result<Target, Fault> {
    let header = request.headers().get(TARGET).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let known = match header.split_once('.') {
        Some((ecs::TARGET_PREFIX, operation)) => Operation::from_name(operation).map(Target::Ecs),
        Some((logs::TARGET_PREFIX, operation)) => logs::Operation::from_name(operation).map(Target::Logs),
        _ => None,
    };
    known.ok_or_else(|| Fault::unknown_operation(header))
}

/// What a request asks for, as far as its head says it.
#[derive(Debug)]
enum Asked {
    /// This operation, in JSON.
    Json(Result<Target, Fault>),
    /// What stands in its form (see [`crate::query`]).
    Form,
}

async fn answer(edge: &Arc<Edge>, asked: Asked, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let is_form = matches!(asked, Asked::Form);
    let operation = match &asked {
        Asked::Json(Ok(target)) => target.name(),
        Asked::Json(Err(_)) | Asked::Form => UNKNOWN,
    };
    let mut record = Record::new(&parts, operation);
    let (outcome, is_read) = match received(edge, &asked, parts, body, &mut record).await {
        Ok(received) => (attend(edge, asked, received, &mut record).await, true),
        Err(fault) => (Err(fault), false),
    };
    record.close(edge, outcome.as_ref().map(drop));
    match outcome {
        Ok(body) if is_form => response(StatusCode::OK, XML, record.request_id, body),
        Ok(body) => response(StatusCode::OK, CONTENT, record.request_id, body),
        Err(fault) => {
            let refusal = if is_form { form_refusal } else { refusal };
            let refusal = refusal(&fault, record.request_id);
            if is_read { refusal } else { last(refusal) }
        }
    }
}

/// A request that has arrived whole.
struct Received {
    authority: Option<Authority>,
    is_tls: bool,
    admission: Admission,
    body: Bytes,
    /// Held as long as the body is.
    _room: Option<OwnedSemaphorePermit>,
}

/// Finds out who says that it calls and then reads the body: that of who has no key of ours is not read.
async fn received(
    edge: &Arc<Edge>,
    asked: &Asked,
    parts: Parts,
    body: Body,
    record: &mut Record,
) -> Result<Received, Fault> {
    let authority = crate::guard::host(&parts);
    let is_tls = parts.extensions.get().is_some_and(|peer: &Peer| peer.is_tls);
    let now_seconds = edge.clock.now().0.div_euclid(1_000);
    let admission = edge.gate.admit(&parts, &edge.handle, now_seconds).map_err(Fault::denied)?;
    record.set_caller(admission.caller());
    let bytes_max = match asked {
        Asked::Json(Ok(target)) => target.body_bytes_max(),
        Asked::Json(Err(_)) | Asked::Form => BODY_BYTES_MAX,
    };
    let room = room(edge, &admission, &body, bytes_max)?;
    Ok(Received { authority, is_tls, admission, body: read(body, bytes_max).await?, _room: room })
}

/// Room for a large body of a caller whose signature cannot be looked at before the body is there. Small bodies are bounded
/// by the number of connections.
fn room(
    edge: &Edge,
    admission: &Admission,
    body: &Body,
    bytes_max: usize,
) -> Result<Option<OwnedSemaphorePermit>, Fault> {
    let size = body.size_hint();
    let most = size.exact().and_then(|bytes| usize::try_from(bytes).ok()).unwrap_or(bytes_max).min(bytes_max);
    if most <= SMALL_BODY_BYTES_MAX || matches!(admission, Admission::Granted(_)) {
        return Ok(None);
    }
    let kib = u32::try_from(most.div_ceil(1024)).unwrap_or(u32::MAX);
    Arc::clone(&edge.large_bodies_kib).try_acquire_many_owned(kib).map(Some).or(Err(Fault::throttled()))
}

/// Makes sure of who calls, and does what is asked.
async fn attend(edge: &Arc<Edge>, asked: Asked, received: Received, record: &mut Record) -> Result<Vec<u8>, Fault> {
    let Received { authority, is_tls, admission, body, _room } = received;
    let body = &body[..];
    let verify = |admission: Admission, service| admission.verify(service, body).map_err(Fault::denied);
    let asked = match asked {
        Asked::Json(Ok(target)) => (target, verify(admission, Some(target.service()))?),
        Asked::Json(Err(fault)) => return verify(admission, None).and(Err(fault)),
        Asked::Form => {
            let form = crate::query::parse(body);
            let caller = verify(admission, form.as_ref().ok().map(|(action, _)| action.service()))?;
            let (action, form) = form?;
            record.operation = action.name();
            record.about = form.about();
            let _turn = edge.throttle.admit(&caller, access(action.name())).await?;
            authorize(edge, &caller, action.name(), body).await?;
            return crate::query::perform(edge, &caller, (action, form), record.request_id).await;
        }
    };
    let (target, caller) = asked;
    decode::check_depth(body)?;
    if Record::is_wanted() {
        record.clusters = clusters_of(edge, target.name(), body);
        record.about = crate::audit::about(body);
    }
    let _turn = edge.throttle.admit(&caller, access(target.name())).await?;
    authorize(edge, &caller, target.name(), body).await?;
    perform(edge, target, &Call { authority, is_tls, caller }, body).await
}

async fn perform(edge: &Arc<Edge>, target: Target, call: &Call, body: &[u8]) -> Result<Vec<u8>, Fault> {
    match target {
        Target::Ecs(operation) => perform_ecs(edge, operation, call, body).await,
        Target::Logs(operation) => perform_logs(edge, operation, call, body).await,
    }
}

async fn read(body: Body, bytes_max: usize) -> Result<Bytes, Fault> {
    let too_large = || Fault::invalid(format!("The body could not be read whole: it may have {bytes_max} bytes."));
    // Where the head says it already, nobody waits for what will be refused.
    if usize::try_from(body.size_hint().lower()).map_or(true, |least| least > bytes_max) {
        return Err(too_large());
    }
    let reading = axum::body::to_bytes(body, bytes_max);
    match tokio::time::timeout(BODY_WITHIN, reading).await {
        Ok(read) => read.or(Err(too_large())),
        Err(_) => Err(Fault::invalid(format!("The body did not arrive within {} s.", BODY_WITHIN.as_secs()))),
    }
}

async fn perform_ecs(edge: &Arc<Edge>, operation: Operation, call: &Call, body: &[u8]) -> Result<Vec<u8>, Fault> {
    match operation {
        Operation::CreateCluster => run::<ecs::CreateClusterRequest>(edge, call, body).await,
        Operation::DescribeClusters => run::<ecs::DescribeClustersRequest>(edge, call, body).await,
        Operation::ListClusters => run::<ecs::ListClustersRequest>(edge, call, body).await,
        Operation::UpdateCluster => run::<ecs::UpdateClusterRequest>(edge, call, body).await,
        Operation::UpdateClusterSettings => run::<ecs::UpdateClusterSettingsRequest>(edge, call, body).await,
        Operation::PutClusterCapacityProviders => {
            run::<ecs::PutClusterCapacityProvidersRequest>(edge, call, body).await
        }
        Operation::DeleteCluster => run::<ecs::DeleteClusterRequest>(edge, call, body).await,
        Operation::RegisterTaskDefinition => run::<ecs::RegisterTaskDefinitionRequest>(edge, call, body).await,
        Operation::DescribeTaskDefinition => run::<ecs::DescribeTaskDefinitionRequest>(edge, call, body).await,
        Operation::DeregisterTaskDefinition => run::<ecs::DeregisterTaskDefinitionRequest>(edge, call, body).await,
        Operation::DeleteTaskDefinitions => run::<ecs::DeleteTaskDefinitionsRequest>(edge, call, body).await,
        Operation::ListTaskDefinitions => run::<ecs::ListTaskDefinitionsRequest>(edge, call, body).await,
        Operation::ListTaskDefinitionFamilies => run::<ecs::ListTaskDefinitionFamiliesRequest>(edge, call, body).await,
        Operation::StartTask => run::<ecs::StartTaskRequest>(edge, call, body).await,
        Operation::RunTask => run::<ecs::RunTaskRequest>(edge, call, body).await,
        Operation::StopTask => run::<ecs::StopTaskRequest>(edge, call, body).await,
        Operation::DescribeTasks => run::<ecs::DescribeTasksRequest>(edge, call, body).await,
        Operation::ListTasks => run::<ecs::ListTasksRequest>(edge, call, body).await,
        Operation::RegisterContainerInstance => run::<Registration>(edge, call, body).await,
        Operation::DescribeContainerInstances => run::<ecs::DescribeContainerInstancesRequest>(edge, call, body).await,
        Operation::ListContainerInstances => run::<ecs::ListContainerInstancesRequest>(edge, call, body).await,
        Operation::DiscoverPollEndpoint => run::<ecs::DiscoverPollEndpointRequest>(edge, call, body).await,
        Operation::SubmitTaskStateChange => run::<ecs::SubmitTaskStateChangeRequest>(edge, call, body).await,
        Operation::TagResource => run::<ecs::TagResourceRequest>(edge, call, body).await,
        Operation::UntagResource => run::<ecs::UntagResourceRequest>(edge, call, body).await,
        Operation::ListTagsForResource => run::<ecs::ListTagsForResourceRequest>(edge, call, body).await,
        Operation::PutAccountSetting => run::<ecs::PutAccountSettingRequest>(edge, call, body).await,
        Operation::PutAccountSettingDefault => run::<ecs::PutAccountSettingDefaultRequest>(edge, call, body).await,
        Operation::DeleteAccountSetting => run::<ecs::DeleteAccountSettingRequest>(edge, call, body).await,
        Operation::ListAccountSettings => run::<ecs::ListAccountSettingsRequest>(edge, call, body).await,
        Operation::GetTaskProtection => run::<ecs::GetTaskProtectionRequest>(edge, call, body).await,
        Operation::UpdateContainerInstancesState => {
            run::<ecs::UpdateContainerInstancesStateRequest>(edge, call, body).await
        }
        Operation::DeregisterContainerInstance => {
            run::<ecs::DeregisterContainerInstanceRequest>(edge, call, body).await
        }
        Operation::PutAttributes => run::<ecs::PutAttributesRequest>(edge, call, body).await,
        Operation::DeleteAttributes => run::<ecs::DeleteAttributesRequest>(edge, call, body).await,
        Operation::ListAttributes => run::<ecs::ListAttributesRequest>(edge, call, body).await,
        Operation::UpdateTaskProtection => run::<ecs::UpdateTaskProtectionRequest>(edge, call, body).await,
        Operation::SubmitContainerStateChange => run::<ecs::SubmitContainerStateChangeRequest>(edge, call, body).await,
        Operation::SubmitAttachmentStateChanges => {
            run::<ecs::SubmitAttachmentStateChangesRequest>(edge, call, body).await
        }
        Operation::CreateCapacityProvider => run::<ecs::CreateCapacityProviderRequest>(edge, call, body).await,
        Operation::UpdateCapacityProvider => run::<ecs::UpdateCapacityProviderRequest>(edge, call, body).await,
        Operation::DeleteCapacityProvider => run::<ecs::DeleteCapacityProviderRequest>(edge, call, body).await,
        Operation::DescribeCapacityProviders => run::<ecs::DescribeCapacityProvidersRequest>(edge, call, body).await,
        other => Err(Fault::unsupported_operation(other.name())),
    }
}

async fn perform_logs(
    edge: &Arc<Edge>,
    operation: logs::Operation,
    call: &Call,
    body: &[u8],
) -> Result<Vec<u8>, Fault> {
    match operation {
        logs::Operation::CreateLogGroup => run::<logs::CreateLogGroupRequest>(edge, call, body).await,
        logs::Operation::CreateLogStream => run::<logs::CreateLogStreamRequest>(edge, call, body).await,
        logs::Operation::DeleteLogGroup => run::<logs::DeleteLogGroupRequest>(edge, call, body).await,
        logs::Operation::DeleteLogStream => run::<logs::DeleteLogStreamRequest>(edge, call, body).await,
        logs::Operation::DescribeLogGroups => run::<logs::DescribeLogGroupsRequest>(edge, call, body).await,
        logs::Operation::DescribeLogStreams => run::<logs::DescribeLogStreamsRequest>(edge, call, body).await,
        logs::Operation::PutRetentionPolicy => run::<logs::PutRetentionPolicyRequest>(edge, call, body).await,
        logs::Operation::DeleteRetentionPolicy => run::<logs::DeleteRetentionPolicyRequest>(edge, call, body).await,
        logs::Operation::PutLogEvents => run::<logs::PutLogEventsRequest>(edge, call, body).await,
        logs::Operation::FilterLogEvents => run::<logs::FilterLogEventsRequest>(edge, call, body).await,
        logs::Operation::GetLogEvents => run::<logs::GetLogEventsRequest>(edge, call, body).await,
    }
}

async fn run<T: Operate>(edge: &Arc<Edge>, call: &Call, body: &[u8]) -> Result<Vec<u8>, Fault> {
    let request = decode::decode::<T>(body)?;
    // Boxed, so that the future of a request is as large as its own operation's and not as the largest one's.
    let answer = Box::pin(request.operate(edge, call)).await?;
    serde_json::to_vec(&answer).map_err(|error| {
        tracing::error!(%error, operation = T::NAME, "answer could not be encoded");
        Fault::server()
    })
}

fn refusal(fault: &Fault, request_id: Uuid) -> Response {
    let mut response = response(fault.status, CONTENT, request_id, fault.body());
    response.headers_mut().insert(ERROR_TYPE, HeaderValue::from_static(fault.code));
    response
}

/// The same in the query protocol, whose services answer 403 where it is about who calls.
fn form_refusal(fault: &Fault, request_id: Uuid) -> Response {
    let status = if is_about_caller(fault.code) { StatusCode::FORBIDDEN } else { fault.status };
    response(status, XML, request_id, crate::query::refusal(fault, request_id))
}

fn response(status: StatusCode, content: HeaderValue, request_id: Uuid, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, content);
    with_id(response, request_id)
}

/// The answer with the id under which its request stands in the audit trail.
pub(crate) fn with_id(mut response: Response, request_id: Uuid) -> Response {
    let mut id = Uuid::encode_buffer();
    let id: &str = request_id.hyphenated().encode_lower(&mut id);
    response.headers_mut().insert(REQUEST_ID, HeaderValue::from_str(id).expect("a uuid is a header value"));
    response
}
