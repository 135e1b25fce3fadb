//! The HTTP side of the endpoints: a few paths, answered to programs that are not trusted with more than their own task.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::Full;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;

use super::{Endpoints, Key, lock, metadata};
use crate::record::Record;
use crate::runtime::Described;

/// How many containers of the host Docker is asked at a time what they use: that takes a hundred times the processor of an
/// ordinary question, and is not to be one task's.
pub(super) const STATISTICS_MAX: usize = 10;
/// Connections of one listener at a time: more than programs have use for.
const CONNECTIONS_MAX: usize = 64;
/// How long a connection may last that says nothing. Programs ask and go.
const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// How long a connection may last at all.
const CONNECTION_WITHIN: Duration = Duration::from_mins(1);
/// Wait after a failure to take a connection, as when the agent has no more files to open.
const PAUSE: Duration = Duration::from_millis(100);

/// Which containers are told of on a listener.
#[derive(Debug, Clone)]
pub(super) enum Scope {
    /// These, by their ids.
    Only(Arc<BTreeMap<String, Key>>),
    /// Those that have the machine's own network.
    Machine,
}

/// Answers whoever connects, until it is closed.
pub(super) async fn accept(listener: TcpListener, endpoints: Endpoints, scope: Scope, closed: CancellationToken) {
    let permits = Arc::new(Semaphore::new(CONNECTIONS_MAX));
    loop {
        let Ok(permit) = Arc::clone(&permits).acquire_owned().await else { return };
        let accepted = tokio::select! {
            () = closed.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        let Ok((stream, _)) = accepted else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let (endpoints, scope, closed) = (endpoints.clone(), scope.clone(), closed.clone());
        tokio::spawn(async move {
            tokio::select! {
                () = closed.cancelled() => {}
                _ = tokio::time::timeout(CONNECTION_WITHIN, talk(stream, endpoints, scope)) => {}
            }
            drop(permit);
        });
    }
}

async fn talk(stream: TcpStream, endpoints: Endpoints, scope: Scope) {
    let service = service_fn(move |request: Request<hyper::body::Incoming>| {
        let (endpoints, scope) = (endpoints.clone(), scope.clone());
        async move {
            let answer = if request.method() == Method::GET {
                answer(&endpoints, &scope, request.uri().path()).await
            } else {
                Err((StatusCode::METHOD_NOT_ALLOWED, "only GET is offered"))
            };
            Ok::<_, Infallible>(response(answer))
        }
    });
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEADERS_WITHIN);
    if let Err(error) = http.serve_connection(TokioIo::new(stream), service).await {
        tracing::debug!(%error, "a container's connection broke");
    }
}

/// A document, or what is said instead.
type Answer = Result<Value, (StatusCode, &'static str)>;

fn response(answer: Answer) -> Response<Full<Bytes>> {
    let (status, body) = match answer {
        Ok(body) => (StatusCode::OK, body),
        Err((status, text)) => (status, json!({ "message": text })),
    };
    let mut response = Response::new(Full::new(Bytes::from(body.to_string())));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// What is found at a path.
async fn answer(endpoints: &Endpoints, scope: &Scope, path: &str) -> Answer {
    const NOT_FOUND: (StatusCode, &str) = (StatusCode::NOT_FOUND, "there is nothing here");
    const AWAY: (StatusCode, &str) = (StatusCode::SERVICE_UNAVAILABLE, "the container runtime does not answer");
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if let ["v2", "credentials", id] = parts.as_slice() {
        return endpoints.credentials(scope, id).ok_or(NOT_FOUND);
    }
    let ["v3" | "v4", id, rest @ ..] = parts.as_slice() else { return Err(NOT_FOUND) };
    let (arn, name) = endpoints.named(scope, id).ok_or(NOT_FOUND)?;
    let record = endpoints.record(&arn).await.ok_or(NOT_FOUND)?;
    let document = match rest {
        [] => metadata::one(&record, &name, &endpoints.described(&record).await.ok_or(AWAY)?),
        ["task"] => metadata::task(&record, &endpoints.described(&record).await.ok_or(AWAY)?),
        ["stats"] => Some(endpoints.statistics(&record, Some(&name)).await.into_values().next().unwrap_or_default()),
        ["task", "stats"] => Some(endpoints.statistics(&record, None).await.into_iter().collect()),
        _ => None,
    };
    document.ok_or(NOT_FOUND)
}

impl Endpoints {
    /// The container that an id stands for, if it is told of here.
    fn named(&self, scope: &Scope, id: &str) -> Option<Key> {
        match scope {
            Scope::Only(ids) => ids.get(id).cloned(),
            Scope::Machine => lock(&self.0.on_machine).get(id).cloned(),
        }
    }

    /// The credentials that an id stands for, if they are those of a task that is told of here.
    fn credentials(&self, scope: &Scope, id: &str) -> Option<Value> {
        let all = lock(&self.0.credentials);
        let (arn, credentials) = all.iter().find(|(_, credentials)| credentials.credentials_id == id)?;
        let is_here = match scope {
            Scope::Only(ids) => ids.values().any(|(task, _)| task == arn),
            Scope::Machine => lock(&self.0.on_machine).values().any(|(task, _)| task == arn),
        };
        is_here.then(|| {
            json!({
                "RoleArn": credentials.role_arn,
                "AccessKeyId": credentials.access_key_id,
                "SecretAccessKey": credentials.secret_access_key.expose(),
                "Token": credentials.session_token.expose(),
                "Expiration": credentials.expiration,
            })
        })
    }

    /// What the runtime says of each container of a task that it has, by name. `None` if it does not answer.
    async fn described(&self, record: &Record) -> Option<BTreeMap<String, Described>> {
        let mut described = BTreeMap::new();
        for container in record.containers.iter().filter(|container| !container.is_removed) {
            let Some(runtime_id) = &container.runtime_id else { continue };
            if let Some(found) = self.0.runtime.describe(runtime_id).await.ok()? {
                described.insert(container.name.clone(), found);
            }
        }
        Some(described)
    }

    /// What containers of a task use, by the runtime's ids: of one of them or of all. Nothing of one that does not run.
    async fn statistics(&self, record: &Record, name: Option<&str>) -> BTreeMap<String, Value> {
        let asked = record.own().filter(|container| name.is_none_or(|name| container.name == name));
        // Each takes a second or two, so they are asked for together.
        let each = asked.filter_map(|container| container.runtime_id.clone()).map(|runtime_id| async move {
            let _room = self.0.statistics.acquire().await;
            let usage = self.0.runtime.statistics(&runtime_id).await.ok().flatten();
            (runtime_id, usage.unwrap_or_default())
        });
        futures_util::future::join_all(each).await.into_iter().collect()
    }
}
