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

use super::kept::Kept;
use super::metadata::{self, Seen};
use super::{Endpoints, Key, lock};
use crate::record::Record;

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
    const TOO_OFTEN: (StatusCode, &str) = (StatusCode::TOO_MANY_REQUESTS, "the task asks too often");
    const AWAY: (StatusCode, &str) = (StatusCode::SERVICE_UNAVAILABLE, "the container runtime does not answer");
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    if let ["v2", "credentials", id] = parts.as_slice() {
        let (arn, credentials) = endpoints.credentials(scope, id).ok_or(NOT_FOUND)?;
        let kept = endpoints.kept(&arn).ok_or(NOT_FOUND)?;
        return if kept.admits() { Ok(credentials) } else { Err(TOO_OFTEN) };
    }
    let ["v3" | "v4", id, rest @ ..] = parts.as_slice() else { return Err(NOT_FOUND) };
    let (arn, name) = endpoints.named(scope, id).ok_or(NOT_FOUND)?;
    let kept = endpoints.kept(&arn).ok_or(NOT_FOUND)?;
    if !kept.admits() {
        return Err(TOO_OFTEN);
    }
    let known = endpoints.known(&arn).await.ok_or(NOT_FOUND)?;
    let record = &known.record;
    let seen = async || kept.seen(&known, endpoints.look(record)).await.ok_or(AWAY);
    let document = match rest {
        [] => metadata::one(&known, &name, &*seen().await?),
        ["task"] => metadata::task(&known, &*seen().await?),
        ["stats"] => Some(endpoints.statistics(record, Some(&name)).await.into_values().next().unwrap_or_default()),
        ["task", "stats"] => Some(endpoints.statistics(record, None).await.into_iter().collect()),
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

    /// What is kept of a task whose containers can ask.
    fn kept(&self, arn: &str) -> Option<Arc<Kept>> {
        lock(&self.0.tasks).get(arn).cloned()
    }

    /// The credentials that an id stands for, with the task's ARN, if it is one that is told of here.
    fn credentials(&self, scope: &Scope, id: &str) -> Option<(String, Value)> {
        let all = lock(&self.0.credentials);
        let (arn, credentials) = all.iter().find(|(_, credentials)| credentials.credentials_id == id)?;
        let is_here = match scope {
            Scope::Only(ids) => ids.values().any(|(task, _)| task == arn),
            Scope::Machine => lock(&self.0.on_machine).values().any(|(task, _)| task == arn),
        };
        is_here.then(|| {
            let document = json!({
                "RoleArn": credentials.role_arn,
                "AccessKeyId": credentials.access_key_id,
                "SecretAccessKey": credentials.secret_access_key.expose(),
                "Token": credentials.session_token.expose(),
                "Expiration": credentials.expiration,
            });
            (arn.clone(), document)
        })
    }

    /// What the runtime says of each container of a task that it has, by name. `None` if it does not answer.
    async fn look(&self, record: &Record) -> Option<Seen> {
        let mut seen = Seen::new();
        for container in record.containers.iter().filter(|container| !container.is_removed) {
            let Some(runtime_id) = &container.runtime_id else { continue };
            if let Some(found) = self.0.runtime.describe(runtime_id).await.ok()? {
                seen.insert(container.name.clone(), found);
            }
        }
        Some(seen)
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

#[cfg(test)]
mod tests {
    use berth_model::acs::{PayloadContainer, PayloadTask, RoleCredentials};
    use tokio::sync::mpsc;

    use super::super::{Address, Known, Question};
    use super::*;
    use crate::runtime::simulated::Simulated;

    /// A task in the machine's own network, whose endpoints are there.
    fn admitted(endpoints: &Endpoints, arn: &str) -> PayloadTask {
        let container = PayloadContainer { name: "main".to_owned(), ..PayloadContainer::default() };
        let network_mode = "host".to_owned();
        let task =
            PayloadTask { arn: arn.to_owned(), network_mode, containers: vec![container], ..PayloadTask::default() };
        endpoints.admit(&task, &task.containers[0]);
        task
    }

    async fn asked(endpoints: &Endpoints, path: &str) -> StatusCode {
        answer(endpoints, &Scope::Machine, path).await.map_or_else(|(status, _)| status, |_| StatusCode::OK)
    }

    #[tokio::test]
    async fn who_asks_too_often_is_told_so_and_takes_nothing_from_others() {
        let (questions, mut asks) = mpsc::channel(1);
        let endpoints = Endpoints::new(Address::new(80), Arc::new(Simulated::default()), None, questions);
        let tasks = ["arn:1", "arn:2"].map(|arn| admitted(&endpoints, arn));
        let paths = tasks.each_ref().map(|task| format!("/v4/{}/task", endpoints.0.address.id(&task.arn, "main")));
        let driver = tokio::spawn(async move {
            let mut count = 0;
            while let Some(Question { arn, answer }) = asks.recv().await {
                let task = tasks.iter().find(|task| task.arn == arn).cloned();
                let record = task.map(|task| Record::accepted(task, 0));
                drop(answer.send(record.map(|record| Known { record, running: None })));
                count += 1;
            }
            count
        });
        let mut answered = 0;
        while asked(&endpoints, &paths[0]).await == StatusCode::OK {
            answered += 1;
            assert!(answered < 1000, "there is no bound");
        }
        assert!(answered >= 60, "{answered}");
        assert_eq!(asked(&endpoints, &paths[1]).await, StatusCode::OK);
        // Its credentials are no way around it, and what is not there stays so.
        let credentials = RoleCredentials { credentials_id: "c".to_owned(), ..RoleCredentials::default() };
        endpoints.keep("arn:1".to_owned(), credentials);
        let mut given = 0;
        while asked(&endpoints, "/v2/credentials/c").await == StatusCode::OK {
            given += 1;
            assert!(given < 60, "the bound is one of its own");
        }
        // After a moment there is room again.
        while asked(&endpoints, "/v2/credentials/c").await == StatusCode::TOO_MANY_REQUESTS {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(asked(&endpoints, "/v4/unknown/task").await, StatusCode::NOT_FOUND);
        endpoints.close("arn:1", "main");
        endpoints.forget("arn:1");
        assert_eq!(asked(&endpoints, &paths[0]).await, StatusCode::NOT_FOUND);
        assert!(!lock(&endpoints.0.tasks).contains_key("arn:1"));
        drop(endpoints);
        assert_eq!(driver.await.unwrap(), answered + 1, "who is refused does not come as far as the driver");
    }
}
